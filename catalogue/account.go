package catalogue

import (
	"cmp"
	"strings"
	"time"
)

// Account is a person who can sign in, for one organisation.
type Account struct {
	Meta
	Email         string       `json:"email"` // lower case
	Name          string       `json:"name,omitempty"`
	OrgKind       OrgKind      `json:"org_kind"`
	Org           string       `json:"org,omitempty"` // council code, supplier ID or body ID
	Role          Role         `json:"role"`
	Disabled      bool         `json:"disabled,omitempty"`
	Ended         time.Time    `json:"ended,omitzero"`          // when it was disabled
	Request       *RoleRequest `json:"request,omitempty"`       // what it asks to do beside; nil: nothing
	Identity      *Identity    `json:"identity,omitempty"`      // who its council's own sign-in says that it is; nil: not known
	Reset         *FactorReset `json:"reset,omitempty"`         // its second factors may be taken away; nil: nobody asks
	Demonstration bool         `json:"demonstration,omitempty"` // a persona: signs in without a code, with --demo only

	Told       Telling       `json:"told,omitempty"`        // how the person hears of news beside the inbox; empty: at once
	Since      uint64        `json:"since,omitempty"`       // the last change before the account came to its organisation: earlier news is not its
	InboxSeen  uint64        `json:"inbox_seen,omitempty"`  // number of the latest news that the person has marked as read
	DigestedTo uint64        `json:"digested_to,omitempty"` // number of the latest news that a daily mail has told of
	Weekly     Weekly        `json:"weekly,omitzero"`       // the mail of the week
	Calendar   *CalendarFeed `json:"calendar,omitempty"`    // nil: none

	Follows []FollowedSignal `json:"follows,omitempty"` // signals of which the person is told, in the order in which it began
}

// Telling is how a person hears of news beside the inbox, which has all of it.
type Telling string

// How soon somebody is told by mail.
const (
	ToldAtOnce Telling = "at-once"
	ToldDaily  Telling = "daily" // one mail a day, in the morning
	ToldNever  Telling = "never"
)

func (t Telling) valid() bool { return t == ToldAtOnce || t == ToldDaily || t == ToldNever }

// Telling is what the person chose; at once where it did not choose.
func (a *Account) Telling() Telling { return cmp.Or(a.Told, ToldAtOnce) }

// Key names the account.
func (a *Account) Key() Key { return Key{KindAccount, a.ID} }

// Actor is what the account acts as; via says how it came.
func (a *Account) Actor(via string) Actor {
	return Actor{Account: a.ID, Role: a.Role, OrgKind: a.OrgKind, Org: a.Org, Via: via, Since: a.Since}
}

func (a *Account) owner() string { return "" }

func (a *Account) sees(actor Actor) (Item, bool) {
	own := actor.Account == a.ID && a.ID != ""
	administers := actor.Role == RoleAdmin && actor.OrgKind == a.OrgKind && actor.Org == a.Org
	if !own && !administers && !actor.IsOperator() {
		return nil, false
	}
	out := *a
	return &out, true
}

func (a *Account) index(add func(string, ...string)) {
	add("account.email", a.Email)
	if a.Org != "" {
		add("account.org", a.Org)
	}
	if !a.waitsSince().IsZero() {
		add(queueName, string(KindAccount))
	}
	if a.Told == ToldDaily && !a.Disabled {
		add("account.told", string(a.Told))
	}
	if a.Identity != nil {
		add("account.identity", a.Identity.Tenant, a.Identity.Object)
	}
	if a.Calendar != nil {
		add("account.calendar", a.Calendar.Hash)
	}
	for _, f := range a.Follows {
		add("account.signal", f.Signal)
	}
}

// waitsSince is when it asked for a role, or a reset was asked for. The operator sees the requests of all councils: those
// with an administrator of their own can be left to it.
func (a *Account) waitsSince() time.Time {
	switch {
	case a.Disabled:
		return time.Time{}
	case a.Request != nil:
		return a.Request.Asked
	case a.Reset != nil:
		return a.Reset.Asked
	}
	return time.Time{}
}

func (a *Account) validate(v *validation) {
	local, domain, ok := strings.Cut(a.Email, "@")
	v.that(ok && local != "" && strings.Contains(domain, ".") && !strings.Contains(domain, "@") && !strings.ContainsAny(a.Email, " \t\r\n<>,;"), "email",
		"Enter an email address in the correct format, like name@example.com")
	v.that(a.Email == strings.ToLower(a.Email), "email", "Enter the email address in lower case")
	v.text("email", a.Email, 3, 254)
	v.text("name", a.Name, 0, maxTitle)
	if a.Request != nil {
		v.text("why", a.Request.Why, 1, maxTitle)
	}
	if a.Reset != nil {
		v.text("why", a.Reset.Why, 1, maxTitle)
	}
	v.that(a.Telling().valid(), "told", "Choose how the person is told: at-once, daily or never")
	v.that(a.Weekly.Choice == "" || a.Weekly.Choice == WeeklyOn || a.Weekly.Choice == WeeklyOff, "weekly", "Choose whether the person gets the Monday mail: on or off")
	known := false
	for _, r := range Roles() {
		known = known || r == a.Role
	}
	v.that(known, "role", "Choose a role: viewer, contributor, lead, administrator or operator")
	v.that(a.Role != RoleOperator || a.OrgKind == OrgService, "role", "An operator belongs to the service itself, not to a council or supplier")
	switch a.OrgKind {
	case OrgCouncil:
		v.council("council", a.Org)
	case OrgSupplier:
		v.that(a.Org != "", "supplier", "Name the supplier")
	case OrgBody:
		v.that(v.bodyOK(a.Org), "body", "Unknown body "+quoted(a.Org)+": add it to the register first")
	case OrgService:
		v.that(a.Role == RoleOperator, "role", "only operators belong to the service itself")
	default:
		v.that(false, "council", "Name a council or a supplier")
	}
}
