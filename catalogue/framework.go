package catalogue

import (
	"slices"
	"strings"
	"time"

	"jointly/catalogue/register"
)

// Framework is a framework agreement or dynamic market through which public bodies buy: a dated record that the operator
// keeps. Frameworks are public. What a source does not state stays empty, and is shown as not known.
type Framework struct {
	Meta
	Name         string            `json:"name"`
	Reference    string            `json:"reference"` // its owner's number, or the notice's: RM6259
	Owner        string            `json:"owner"`     // who set it up
	Scope        string            `json:"scope,omitempty"`
	Lots         []string          `json:"lots,omitempty"`
	Capabilities []string          `json:"capabilities"`       // capability IDs that it covers
	Eligible     string            `json:"eligible,omitempty"` // who may use it, as the record words it
	Start        Date              `json:"start,omitzero"`
	End          Date              `json:"end,omitzero"`       // as it stands, extensions that were taken included
	Latest       Date              `json:"latest,omitzero"`    // the end after every extension that it allows
	CallOff      string            `json:"call_off,omitempty"` // how long a call-off may run at most, in words: it may differ by lot
	Planned      bool              `json:"planned,omitempty"`  // only plans for it were seen, not that it began
	ReplacedBy   string            `json:"replaced_by,omitempty"`
	Source       string            `json:"source"`
	Note         string            `json:"note,omitempty"` // what to know of the record
	Known        register.Known    `json:"known"`
	Checked      Date              `json:"checked"` // when somebody last looked
	Kept         bool              `json:"kept,omitempty"`
	Changes      []FrameworkChange `json:"changes,omitempty"` // the latest last
}

// FrameworkChange is one correction of a framework's record: what it said until then.
type FrameworkChange struct {
	On  time.Time       `json:"on"`
	Why string          `json:"why"`
	Was []FrameworkFact `json:"was"`
}

// FrameworkFact is one thing that a framework's record said, in words; empty: nothing.
type FrameworkFact struct {
	Name string `json:"name"` // as forms call it
	Text string `json:"text,omitempty"`
}

// FrameworkID is the ID that follows from a framework's reference.
func FrameworkID(reference string) string { return slug(reference) }

// maxLots and maxChanges bound what one record holds; lots are short.
const (
	maxLots    = 40
	maxChanges = 200
)

// Key names the framework.
func (f *Framework) Key() Key { return Key{KindFramework, f.ID} }

func (f *Framework) owner() string { return "" }

func (f *Framework) sees(Actor) (Item, bool) { out := *f; return &out, true }

func (f *Framework) index(add func(string, ...string)) {
	for _, id := range f.Capabilities {
		add("framework.capability", id)
	}
	if f.ReplacedBy != "" {
		add("framework.replaced", f.ReplacedBy)
	}
}

func (f *Framework) validate(v *validation) {
	v.text("name", f.Name, 1, maxTitle)
	v.text("reference", f.Reference, 1, maxRef)
	v.that(f.Reference == "" || FrameworkID(f.Reference) != "", "reference", "Give a reference with at least one letter from a to z or a digit: the page's address is made from it")
	v.text("framework_owner", f.Owner, 0, maxTitle)
	v.that(strings.TrimSpace(f.Owner) != "", "framework_owner", "Say who set it up")
	v.text("scope", f.Scope, 0, maxText/10)
	v.list("lots", f.Lots, maxLots)
	v.that(len(f.Capabilities) > 0, "capabilities", "Say at least one thing that can be bought through it")
	v.that(len(f.Capabilities) <= 60, "capabilities", "Choose at most 60")
	for _, id := range f.Capabilities {
		v.capability("capabilities", id)
	}
	v.text("eligible", f.Eligible, 0, maxText/10)
	v.text("call_off", f.CallOff, 0, maxTitle)
	v.date("start", f.Start)
	v.date("end", f.End)
	v.date("latest", f.Latest)
	v.that(f.Start.IsZero() || f.End.IsZero() || !f.End.Last().Before(f.Start.First()), "end", "The end must be after the start")
	v.that(f.Start.IsZero() || f.Latest.IsZero() || !f.Latest.Last().Before(f.Start.First()), "latest", "The longest end must be after the start")
	v.that(f.End.IsZero() || f.Latest.IsZero() || !f.Latest.Last().Before(f.End.First()), "latest", "The longest end must not be before the end")
	v.that(f.ReplacedBy == "" || f.ReplacedBy != f.ID, "replaced_by", "A framework does not replace itself")
	v.text("source", f.Source, 0, maxText/10)
	v.that(strings.TrimSpace(f.Source) != "", "source", "Say where this was read")
	v.text("note", f.Note, 0, maxText/10)
	v.that(slices.Contains(KnownLevels(), f.Known), "known", "Choose how well it is known")
	v.date("checked", f.Checked)
	v.that(f.Checked.Exact(), "checked", "Enter the day on which it was checked")
	v.that(len(f.Changes) <= maxChanges, "why", "This record was changed too often: ask whoever runs this service")
}

// KnownLevels lists how well a fact can be known, the best first.
func KnownLevels() []register.Known {
	return []register.Known{register.KnownVerified, register.KnownExcerpt, register.KnownGeneral}
}

// FrameworkState is how a framework stands on a day, as far as its record tells.
type FrameworkState string

// How a framework stands on a day.
const (
	FrameworkOpen    FrameworkState = "open"
	FrameworkPlanned FrameworkState = "planned"
	FrameworkEnded   FrameworkState = "ended"
	FrameworkUnknown FrameworkState = "unknown" // the record does not tell
)

// FrameworkStates lists the states in the order in which a buyer looks at them.
func FrameworkStates() []FrameworkState {
	return []FrameworkState{FrameworkOpen, FrameworkUnknown, FrameworkPlanned, FrameworkEnded}
}

// State says how a framework stands on a day. Open is only what is surely so: that it began and has not ended, or states
// an end to come and nothing against that it began. A day within a date that is known to the month or the year tells
// nothing, nor does an end that has passed where an extension is allowed.
func (f *Framework) State(on time.Time) FrameworkState {
	past := func(d Date) bool { return !d.IsZero() && d.Last().Before(on) }
	within := func(d Date) bool { return !d.IsZero() && !d.Exact() && !on.Before(d.First()) && !past(d) }
	switch {
	case past(f.Latest), past(f.End) && f.Latest.IsZero():
		return FrameworkEnded
	case f.Start.First().After(on):
		return FrameworkPlanned
	case f.Planned && f.Start.IsZero():
		return FrameworkPlanned
	case f.Planned, past(f.End), f.End.IsZero(), within(f.Start), within(f.End):
		return FrameworkUnknown
	}
	return FrameworkOpen
}

// facts are what the record says, in words and in the order of its form: what a change is told from.
func (f *Framework) facts() []FrameworkFact {
	known := func(yes bool) string {
		if yes {
			return "only plans were seen"
		}
		return ""
	}
	return []FrameworkFact{{"name", f.Name}, {"owner", f.Owner}, {"scope", f.Scope}, {"lots", strings.Join(f.Lots, "; ")},
		{"capabilities", strings.Join(f.Capabilities, " ")}, {"who may use it", f.Eligible}, {"start", f.Start.Words()}, {"end", f.End.Words()},
		{"longest end", f.Latest.Words()}, {"longest call-off", f.CallOff}, {"whether it began", known(f.Planned)}, {"replaced by", f.ReplacedBy},
		{"source", f.Source}, {"note", f.Note}, {"how well it is known", string(f.Known)}, {"checked on", f.Checked.Words()}}
}

// changedFrom adds to a record what it said until now; false where it says the same.
func (f *Framework) changedFrom(old *Framework, on time.Time, why string) bool {
	f.Changes = slices.Clone(old.Changes)
	was, now := old.facts(), f.facts()
	var before []FrameworkFact
	for i := range was {
		if was[i] != now[i] {
			before = append(before, was[i])
		}
	}
	if len(before) == 0 {
		return false
	}
	f.Changes = append(f.Changes, FrameworkChange{On: on, Why: why, Was: before})
	return true
}
