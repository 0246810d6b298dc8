package catalogue

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// OfferDirection says which way skills go.
type OfferDirection string

// The directions.
const (
	Offering OfferDirection = "offer" // there are people to give
	Seeking  OfferDirection = "seek"  // somebody is looked for
)

// Opposite is the direction that answers this one.
func (d OfferDirection) Opposite() OfferDirection {
	if d == Offering {
		return Seeking
	}
	return Offering
}

// OfferRole is the work that somebody does. The roles follow those of the government's digital and data profession, with
// what councils ask of each other beside them.
type OfferRole string

// The roles.
const (
	RoleLeadership     OfferRole = "leadership"
	RoleDelivery       OfferRole = "delivery"
	RoleProduct        OfferRole = "product"
	RoleUserResearch   OfferRole = "user-research"
	RoleServiceDesign  OfferRole = "service-design"
	RoleContent        OfferRole = "content"
	RoleBusinessChange OfferRole = "business-change"
	RoleData           OfferRole = "data"
	RoleArchitecture   OfferRole = "architecture"
	RoleDevelopment    OfferRole = "development"
	RoleOperations     OfferRole = "operations"
	RoleSecurity       OfferRole = "security"
	RoleGovernance     OfferRole = "information-governance"
	RoleProcurement    OfferRole = "procurement"
	RoleProgramme      OfferRole = "programme"
	RoleTraining       OfferRole = "training"
)

// OfferRoles lists the roles as forms show them.
func OfferRoles() []OfferRole {
	return []OfferRole{RoleLeadership, RoleDelivery, RoleProduct, RoleUserResearch, RoleServiceDesign, RoleContent, RoleBusinessChange, RoleData, RoleArchitecture,
		RoleDevelopment, RoleOperations, RoleSecurity, RoleGovernance, RoleProcurement, RoleProgramme, RoleTraining}
}

// Words is what a role is called; empty for what is none.
func (r OfferRole) Words() string {
	switch r {
	case RoleLeadership:
		return "Digital leadership"
	case RoleDelivery:
		return "Delivery management"
	case RoleProduct:
		return "Product management"
	case RoleUserResearch:
		return "User research"
	case RoleServiceDesign:
		return "Service design"
	case RoleContent:
		return "Content and interaction design"
	case RoleBusinessChange:
		return "Business analysis and change"
	case RoleData:
		return "Data and analysis"
	case RoleArchitecture:
		return "Technical architecture"
	case RoleDevelopment:
		return "Software development"
	case RoleOperations:
		return "IT operations and support"
	case RoleSecurity:
		return "Cyber security"
	case RoleGovernance:
		return "Information governance"
	case RoleProcurement:
		return "Procurement and commercial"
	case RoleProgramme:
		return "Project and programme management"
	case RoleTraining:
		return "Training and coaching"
	}
	return ""
}

// OfferTerms is on what footing skills are lent.
type OfferTerms string

// The terms.
const (
	TermsFree       OfferTerms = "free"
	TermsCost       OfferTerms = "cost" // what it costs whoever lends, and no more
	TermsSecondment OfferTerms = "secondment"
	TermsOpen       OfferTerms = "open" // to be agreed
)

// AllOfferTerms lists the terms as forms show them.
func AllOfferTerms() []OfferTerms {
	return []OfferTerms{TermsFree, TermsCost, TermsSecondment, TermsOpen}
}

// Words is what terms are called; empty for what is none.
func (t OfferTerms) Words() string {
	switch t {
	case TermsFree:
		return "Free of charge"
	case TermsCost:
		return "At cost"
	case TermsSecondment:
		return "Secondment"
	case TermsOpen:
		return "To be agreed"
	}
	return ""
}

// Units in which the amount of time is stated.
const (
	UnitDays = "days" // a month
	UnitPost = "post" // full-time posts: 0.5 is half of one
)

// OfferEnd is that an offer no longer stands.
type OfferEnd struct {
	At     time.Time `json:"at"`
	Filled bool      `json:"filled,omitempty"` // somebody was found; else it was taken back
	Reason string    `json:"reason,omitempty"` // whoever could see the offer reads it
}

// Offer is skills or leadership that a council offers to others, or seeks of them; or a body of central government or of the
// sector does. It names no person and no address: the two write to each other in a Talk.
type Offer struct {
	Meta
	Council       string         `json:"council,omitempty"` // code of whose it is; empty: a body's
	Body          string         `json:"body,omitempty"`    // ID of the body whose it is; empty: a council's
	Direction     OfferDirection `json:"direction"`
	Title         string         `json:"title"`
	Text          string         `json:"text,omitempty"`
	Role          OfferRole      `json:"role"`
	Capabilities  []string       `json:"capabilities,omitempty"` // what the work is about; none: any
	From          Date           `json:"from,omitzero"`          // zero: at once
	Until         Date           `json:"until,omitzero"`         // zero: no end is stated
	Amount        float64        `json:"amount,omitempty"`       // 0: not stated
	Unit          string         `json:"unit,omitempty"`         // of the amount
	Terms         OfferTerms     `json:"terms"`
	Audience      Audience       `json:"audience"` // public, councils or own
	End           *OfferEnd      `json:"end,omitempty"`
	Confirmed     time.Time      `json:"confirmed,omitzero"`
	Told          []string       `json:"told,omitempty"` // codes and IDs of those that were told of it; for its own council alone
	Demonstration bool           `json:"demonstration,omitempty"`
}

// Key names the offer.
func (o *Offer) Key() Key { return Key{KindOffer, o.ID} }

func (o *Offer) owner() string { return o.Of() }

// Of is the code of the council whose offer it is, or the ID of the body.
func (o *Offer) Of() string { return cmp.Or(o.Council, o.Body) }

// Ended says that the offer was closed, or that its time is over on a day.
func (o *Offer) Ended(on time.Time) bool {
	return o.End != nil || !o.Until.IsZero() && o.Until.Last().Before(on)
}

// sees hides whom an offer fits from all but its own council. From its own body too: some of those that were told share
// what they offer and seek with councils alone.
func (o *Offer) sees(a Actor) (Item, bool) {
	if !o.Audience.admits(a, o.Of(), nil) {
		return nil, false
	}
	out := *o
	if !a.IsOperator() && !a.ForCouncil(o.Council) {
		out.Told = nil
	}
	return &out, true
}

func (o *Offer) index(add func(string, ...string)) {
	add("offer.council", o.Of())
	if o.End == nil && o.Audience != Own {
		add("offer.open", string(o.Role), string(o.Direction))
	}
}

func (o *Offer) inherit(from, to string) bool {
	changed := renames(from, to, &o.Council)
	return inheritEntry(&o.Told, from, to, func(code *string) *string { return code }) || changed
}

// Fits says that one is offered and the other sought by somebody else, one of whom is a council: the same role, something
// in common that it is about, and some time in common. Terms are for the two to settle.
func (o *Offer) Fits(other *Offer) bool {
	return o.Of() != other.Of() && (o.Body == "" || other.Body == "") && o.Direction == other.Direction.Opposite() && o.Role == other.Role && o.Demonstration == other.Demonstration &&
		(len(o.Capabilities) == 0 || len(other.Capabilities) == 0 || slices.ContainsFunc(o.Capabilities, func(id string) bool { return slices.Contains(other.Capabilities, id) })) &&
		begins(o, other) && begins(other, o)
}

// begins says that one begins before the other is over.
func begins(o, other *Offer) bool {
	return o.From.IsZero() || other.Until.IsZero() || !o.From.First().After(other.Until.Last())
}

// What an offer may hold.
const (
	maxOfferText  = 4_000
	maxOfferDays  = 31
	maxOfferPosts = 10
	maxOfferFor   = 10 // capabilities
)

func (o *Offer) validate(v *validation) {
	if o.Body == "" {
		v.council("council", o.Council)
	} else {
		v.that(o.Council == "" && v.bodyOK(o.Body), "body", "Unknown body "+quoted(o.Body))
	}
	v.that(o.Direction == Offering || o.Direction == Seeking, "direction", "Choose whether you offer or seek")
	v.text("title", o.Title, 1, maxTitle/2)
	v.text("text", o.Text, 0, maxOfferText)
	const noAddress = "Take the email address out: others ask to talk here, and you share addresses when you choose"
	v.that(!hasAddress(o.Title), "title", noAddress)
	v.that(!hasAddress(o.Text), "text", noAddress)
	const noNumber = "Take the telephone number out: others ask to talk here, and you share numbers when you choose"
	v.that(!telephone.MatchString(o.Title), "title", noNumber)
	v.that(!telephone.MatchString(o.Text), "text", noNumber)
	v.that(o.Role.Words() != "", "role", "Choose the kind of work")
	v.that(len(o.Capabilities) <= maxOfferFor, "capabilities", "Choose at most 10")
	for _, id := range o.Capabilities {
		v.capability("capabilities", id)
	}
	v.date("from", o.From)
	v.date("until", o.Until)
	v.that(!o.Until.Before(o.From), "until", "The last day must be the same as or after the first")
	known := o.Unit == UnitDays || o.Unit == UnitPost
	v.that(o.Amount == 0 || known, "unit", "Choose what the amount of time counts: days a month, or full-time posts")
	v.that(o.Amount >= 0 && o.Amount == o.Amount && (o.Unit != UnitDays || o.Amount <= maxOfferDays) && (o.Unit != UnitPost || o.Amount <= maxOfferPosts), "amount",
		"Enter up to 31 days a month, or up to 10 posts")
	v.that(o.Amount == math.Round(o.Amount*100)/100, "amount", "Enter the amount with at most 2 decimal places, such as 0.25")
	v.that(o.Terms.Words() != "", "terms", "Choose the terms")
	v.that(o.Audience == Public || o.Audience == Councils || o.Audience == Own, "audience", "Choose who may see it")
	if o.End != nil {
		v.text("reason", o.End.Reason, 0, maxSaid)
	}
}

// telephone is a British telephone number as people write it: 0 or the country's code, then 9 or 10 digits.
var telephone = regexp.MustCompile(`(?:^|[^0-9])(?:(?:\+|00) ?44[-. ]*(?:\(0\)[-. ]*)?|\(?0)[1-9](?:[-. ()]*[0-9]){8,9}(?:[^0-9]|$)`)

// hasAddress finds an e-mail address in a text.
func hasAddress(text string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(text, unicode.IsSpace), func(word string) bool {
		name, host, found := strings.Cut(word, "@")
		return found && name != "" && strings.Contains(strings.Trim(host, ".,;:)>"), ".")
	})
}
