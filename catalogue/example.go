package catalogue

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"jointly/catalogue/register"
)

// ExampleKind is what an example tells of.
type ExampleKind string

// The kinds of examples.
const (
	ServiceExample ExampleKind = "service" // a service that residents or officers use
	ComplexExample ExampleKind = "complex" // a complex intervention: families with several needs, health and social care, homelessness
)

// ExampleKinds lists the kinds, in the order in which forms show them.
func ExampleKinds() []ExampleKind { return []ExampleKind{ServiceExample, ComplexExample} }

// Interventions lists what complex interventions are about, as records write it.
func Interventions() []string { return []string{"families", "health-care", "homelessness", "other"} }

// How a figure of an example was come by.
const (
	Measured  = "measured"
	Estimated = "estimated"
)

// Measure is one figure that changed. The figures are as people write them: '31%', '12 days', '4,100 a month'.
type Measure struct {
	What   string `json:"what"`
	Before string `json:"before,omitempty"` // empty: not known
	After  string `json:"after"`
	Method string `json:"method"` // measured or estimated
	By     string `json:"by"`     // a role or an organisation
	When   Date   `json:"when,omitzero"`
}

// Kinds of what can be reused of an example.
const (
	ReusableCode          = "code"
	ReusableSpecification = "specification"
	ReusableContract      = "contract"
	ReusableOther         = "other"
)

// ReusableKinds lists what can be reused, as records write it.
func ReusableKinds() []string {
	return []string{ReusableCode, ReusableSpecification, ReusableContract, ReusableOther}
}

// Reusable is one thing that others can take over.
type Reusable struct {
	Kind    string `json:"kind"`
	What    string `json:"what"`
	Licence string `json:"licence,omitempty"` // of code always
	Address string `json:"address,omitempty"` // where it is; empty: ask the council
}

// ExampleText is what an example says.
type ExampleText struct {
	Title        string      `json:"title"`
	Kind         ExampleKind `json:"kind"`
	Summary      string      `json:"summary"` // in one or two sentences
	ForWhom      string      `json:"for_whom,omitempty"`
	Done         string      `json:"done,omitempty"`         // what was done
	Services     []int       `json:"services,omitempty"`     // LGSL numbers
	Capabilities []string    `json:"capabilities,omitempty"` // IDs
	Platforms    []string    `json:"platforms,omitempty"`    // IDs
	FitsTypes    []string    `json:"fits_types,omitempty"`   // types of council that it fits; none: every type
	FitsNations  []string    `json:"fits_nations,omitempty"` // none: every nation

	People   string `json:"people,omitempty"` // roles, and how much of their time
	Months   int    `json:"months,omitempty"` // from the start until it was live
	Cost     Money  `json:"cost,omitzero"`    // pounds; zero: not stated
	CostNote string `json:"cost_note,omitempty"`

	Changed []Measure  `json:"changed,omitempty"`
	Reuse   []Reusable `json:"reuse,omitempty"`
	Talk    bool       `json:"talk,omitempty"`  // the council is ready to be asked about it
	Wrong   string     `json:"wrong,omitempty"` // what went wrong

	// Of complex interventions alone.
	About      []string `json:"about,omitempty"` // of Interventions
	Partners   []string `json:"partners,omitempty"`
	DataShared string   `json:"data_shared,omitempty"`
	LegalBasis string   `json:"legal_basis,omitempty"`
}

// ExampleReview is one decision of the operator on a draft.
type ExampleReview struct {
	At        time.Time `json:"at"`
	Published bool      `json:"published,omitempty"` // else it was sent back
	Remark    string    `json:"remark,omitempty"`    // for its council alone
	Account   string    `json:"account,omitempty"`
}

// ExampleChange is one change of a published example.
type ExampleChange struct {
	At   time.Time `json:"at"`
	Note string    `json:"note"` // what changed, in a sentence
}

// ExampleEnd is that a council no longer stands by its example.
type ExampleEnd struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// Example is something that a council did and that others can take over. Its council writes a draft; the operator reads it
// before everybody can. A change of it is read again, and until then everybody sees what was published.
type Example struct {
	Meta
	Council       string          `json:"council"`
	Text          ExampleText     `json:"text"`            // as published; zero until then
	Draft         *ExampleText    `json:"draft,omitempty"` // being written; nil: nothing is
	Note          string          `json:"note,omitempty"`  // what the draft changes of what is published
	Asked         time.Time       `json:"asked,omitzero"`  // since when the draft waits for the operator; it stands still meanwhile
	AskedBy       string          `json:"asked_by,omitempty"`
	Reviews       []ExampleReview `json:"reviews,omitempty"` // oldest first
	Published     time.Time       `json:"published,omitzero"`
	Latest        time.Time       `json:"latest,omitzero"`   // when what everybody sees of it last changed
	Changes       []ExampleChange `json:"changes,omitempty"` // oldest first
	End           *ExampleEnd     `json:"end,omitempty"`
	Demonstration bool            `json:"demonstration,omitempty"`
}

// Key names the example.
func (x *Example) Key() Key { return Key{KindExample, x.ID} }

// IsPublic says that everybody sees the example, or that it was withdrawn.
func (x *Example) IsPublic() bool { return !x.Published.IsZero() }

// Stands says that the example is published and its council stands by it.
func (x *Example) Stands() bool { return x.IsPublic() && x.End == nil }

// Waits says that a draft of it waits for the operator.
func (x *Example) Waits() bool { return !x.Asked.IsZero() }

// Title is what the example is called: as published, else in its draft.
func (x *Example) Title() string {
	if !x.IsPublic() && x.Draft != nil {
		return x.Draft.Title
	}
	return x.Text.Title
}

// Fits says that a council is of the types and nations that the example fits.
func (t ExampleText) Fits(c *Council) bool {
	return (len(t.FitsTypes) == 0 || slices.Contains(t.FitsTypes, c.Type)) && (len(t.FitsNations) == 0 || slices.Contains(t.FitsNations, c.Nation))
}

func (x *Example) owner() string { return x.Council }

func (x *Example) waitsSince() time.Time { return x.Asked }

func (x *Example) inherit(from, to string) bool { return renames(from, to, &x.Council) }

// sees: officers of its council see all of it, others what is published. Of one that was withdrawn they see what it was
// called and why it was withdrawn.
func (x *Example) sees(a Actor) (Item, bool) {
	out := *x
	out.Reviews, out.Changes = slices.Clone(x.Reviews), slices.Clone(x.Changes)
	switch {
	case a.IsOperator():
		return &out, true
	case a.ForCouncil(x.Council):
		for i := range out.Reviews {
			out.Reviews[i].Account = ""
		}
		return &out, true
	case !x.IsPublic():
		return nil, false
	}
	out.Ref, out.Was, out.Created, out.Changed = "", nil, x.Published, x.Latest
	out.Draft, out.Note, out.Asked, out.AskedBy, out.Reviews = nil, "", time.Time{}, "", nil
	if x.End != nil {
		out.Text = ExampleText{Title: x.Text.Title, Kind: x.Text.Kind, Services: x.Text.Services, Capabilities: x.Text.Capabilities,
			FitsTypes: x.Text.FitsTypes, FitsNations: x.Text.FitsNations}
	}
	return &out, true
}

func (x *Example) index(add func(string, ...string)) {
	add("example.council", x.Council)
	if x.Waits() {
		add(queueName, string(KindExample))
	}
	if !x.Stands() {
		return
	}
	for _, lgsl := range x.Text.Services {
		add("example.service", strconv.Itoa(lgsl))
	}
	for _, id := range x.Text.Platforms {
		add("example.platform", id)
	}
}

// What an example holds at most: it is one value of the store, with its draft.
const (
	maxExampleName = 120 // characters
	maxGist        = 400
	maxStory       = 6_000
	maxMeasures    = 6
	maxReusables   = 6
	maxOfExample   = 20 // services, capabilities, platforms, partners
	maxReviews     = 60
	maxMonths      = 120
)

// MeasuresMost and ReusablesMost are how many figures and reusable things an example holds.
const (
	MeasuresMost  = maxMeasures
	ReusablesMost = maxReusables
)

func (x *Example) validate(v *validation) {
	v.council("council", x.Council)
	v.that(x.IsPublic() || x.Draft != nil, "title", "Write the example first")
	if x.IsPublic() {
		x.Text.validate(v)
		x.Text.complete(v)
	}
	if x.Draft != nil {
		x.Draft.validate(v)
	}
	if x.Draft != nil && x.Waits() {
		x.Draft.complete(v)
	}
	v.that(x.Draft != nil || !x.Waits(), "title", "There is nothing to review")
	v.text("note", x.Note, 0, maxGist)
	if x.End != nil {
		v.text("reason", x.End.Reason, 0, maxSaid)
		v.that(strings.TrimSpace(x.End.Reason) != "", "reason", "Say why: everybody reads it")
	}
	v.that(len(x.Reviews) <= maxReviews && len(x.Changes) <= maxReviews, "title", "This example has been reviewed 60 times: withdraw it and write a new one")
	for _, r := range x.Reviews {
		v.text("remark", r.Remark, 0, maxSaid)
	}
}

// validate holds a text to its limits: a draft need not be whole.
func (t ExampleText) validate(v *validation) {
	v.text("title", t.Title, 1, maxExampleName)
	v.that(slices.Contains(ExampleKinds(), t.Kind), "kind", "Choose what it is an example of")
	v.text("summary", t.Summary, 0, maxGist)
	v.text("for_whom", t.ForWhom, 0, maxSaid)
	v.text("done", t.Done, 0, maxStory)
	t.validateAbout(v)
	v.text("people", t.People, 0, maxSaid)
	v.that(t.Months >= 0 && t.Months <= maxMonths, "months", "Enter the months from the start until it was live: 1 to 120")
	v.money("cost_from", t.Cost.Min)
	v.money("cost_to", t.Cost.Max)
	v.that(t.Cost.Max == 0 || t.Cost.Min <= t.Cost.Max, "cost_to", "The highest cost must not be below the lowest")
	v.text("cost_note", t.CostNote, 0, maxSaid)
	v.that(len(t.Changed) <= maxMeasures, "measure-1-what", "Give at most 6 figures")
	for i, m := range t.Changed {
		m.validate(v, "measure-"+strconv.Itoa(i+1)+"-")
	}
	v.that(len(t.Reuse) <= maxReusables, "reuse-1-what", "List at most 6 things")
	for i, r := range t.Reuse {
		r.validate(v, "reuse-"+strconv.Itoa(i+1)+"-")
	}
	v.text("wrong", t.Wrong, 0, maxSaid*2)
	for _, id := range t.About {
		v.that(slices.Contains(Interventions(), id), "about", "Choose what it is about from the list")
	}
	v.list("partners", t.Partners, maxOfExample)
	v.text("data_shared", t.DataShared, 0, maxSaid)
	v.text("legal_basis", t.LegalBasis, 0, maxSaid)
}

// validateAbout checks what an example is about and whom it fits.
func (t ExampleText) validateAbout(v *validation) {
	for _, lgsl := range t.Services {
		_, known := v.register.Service(lgsl)
		v.that(known, "services", "No service has the number "+strconv.Itoa(lgsl)+" in the Local Government Service List")
	}
	for _, id := range t.Capabilities {
		v.capability("capabilities", id)
	}
	v.that(len(t.Services) <= maxOfExample, "services", "Name at most 20 services")
	v.that(len(t.Capabilities) <= maxOfExample, "capabilities", "Choose at most 20")
	v.that(len(t.Platforms) <= maxOfExample, "platforms", "Name at most 20 platforms")
	types := CouncilTypes(v.register)
	for _, id := range t.FitsTypes {
		v.that(slices.Contains(types, id), "fits_types", "Choose types of council from the list")
	}
	for _, id := range t.FitsNations {
		v.that(slices.Contains(Nations(), id), "fits_nations", "Choose nations from the list")
	}
}

func (m Measure) validate(v *validation, field string) {
	digit := func(s string) bool { return strings.ContainsAny(s, "0123456789") }
	v.that(strings.TrimSpace(m.What) != "", field+"what", "Say what the figure is of")
	v.text(field+"what", m.What, 0, maxTitle)
	v.text(field+"before", m.Before, 0, maxExampleName)
	v.text(field+"after", m.After, 0, maxExampleName)
	v.that(m.Before == "" || digit(m.Before), field+"before", "Enter a figure, such as 31% or 12 days, or leave it empty where it is not known")
	v.that(digit(m.After), field+"after", "Enter the figure after, such as 68% or 4 days")
	v.that(m.Method == Measured || m.Method == Estimated, field+"method", "Choose whether it was measured or estimated")
	v.that(strings.TrimSpace(m.By) != "", field+"by", "Say who measured or estimated it: a role or an organisation")
	v.text(field+"by", m.By, 0, maxTitle)
	v.date(field+"when", m.When)
	v.that(!m.When.IsZero(), field+"when", "Enter when that was")
}

func (r Reusable) validate(v *validation, field string) {
	v.that(slices.Contains(ReusableKinds(), r.Kind), field+"kind", "Choose what can be reused")
	v.that(strings.TrimSpace(r.What) != "", field+"what", "Say in a few words what it is")
	v.text(field+"what", r.What, 0, maxTitle)
	v.text(field+"licence", r.Licence, 0, maxTitle)
	v.that(r.Kind != ReusableCode || strings.TrimSpace(r.Licence) != "", field+"licence", "Name the licence of the code, such as MIT")
	v.website(field+"address", r.Address)
	v.that(r.Kind != ReusableCode || r.Address != "", field+"address", "Enter the web address where the code is")
}

// complete holds a text to what everybody must be able to read.
func (t ExampleText) complete(v *validation) {
	said := func(field, text, missing string) { v.that(strings.TrimSpace(text) != "", field, missing) }
	said("summary", t.Summary, "Say in one or two sentences what it is")
	said("for_whom", t.ForWhom, "Say for whom it was done")
	said("done", t.Done, "Say what was done")
	v.that(len(t.Capabilities) > 0, "capabilities", "Choose at least one thing that it is for")
	v.that(t.Kind != ServiceExample || len(t.Services) > 0, "services", "Name at least one service that it changed")
	said("people", t.People, "Say who worked on it, by role")
	v.that(t.Months > 0, "months", "Enter the months from the start until it was live")
	v.that(len(t.Changed) > 0, "measure-1-what", "Give at least one figure that changed: an estimate will do")
	v.that(len(t.Reuse) > 0 || t.Talk, "reuse-1-what", "Name something that others can reuse, or say that they can ask you")
	said("wrong", t.Wrong, "Say what went wrong. If nothing did, say what you would do differently")
	if t.Kind != ComplexExample {
		return
	}
	v.that(len(t.About) > 0, "about", "Choose what it is about")
	v.that(len(t.Partners) > 0, "partners", "Name at least one partner")
	said("data_shared", t.DataShared, "Say what data is shared, or that none is")
	said("legal_basis", t.LegalBasis, "Name the legal basis for sharing it, or say that none is needed")
}

// CouncilTypes lists the types of councils of a register, those with the most councils first.
func CouncilTypes(r *register.Register) []string {
	n := map[string]int{}
	for _, c := range r.Councils() {
		n[c.Type]++
	}
	return slices.SortedFunc(maps.Keys(n), func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
}
