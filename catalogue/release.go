package catalogue

import (
	"fmt"

	"jointly/catalogue/demand"
)

// Release is the demand figures of one week, as they were frozen. It is made once and never changes.
type Release struct {
	Meta
	Number   int               `json:"number"`
	Day      Date              `json:"day"`
	Method   int               `json:"method"`            // version of the rules
	Changed  string            `json:"changed,omitempty"` // what changed in the method since the release before
	Figures  []demand.Figure   `json:"figures"`           // wide cells before narrow ones
	Withheld []demand.Withheld `json:"withheld,omitempty"`
	More     int               `json:"more,omitempty"` // cells withheld beyond those listed
}

// Address is where the release stays.
func (r *Release) Address() string { return fmt.Sprintf("/demand/releases/%d", r.Number) }

// Cite is how to name the release.
func (r *Release) Cite() string {
	return fmt.Sprintf("Jointly demand release %d, %s", r.Number, r.Day.Words())
}

// Key names the release.
func (r *Release) Key() Key { return Key{KindRelease, r.ID} }

// releaseID keeps releases in order of their numbers.
func releaseID(number int) string { return fmt.Sprintf("%08d", number) }

func (r *Release) owner() string { return "" }

// What was withheld, and why, is an upper edge: for the operator alone.
func (r *Release) sees(a Actor) (Item, bool) {
	out := *r
	if !a.IsOperator() {
		out.Withheld, out.More = nil, 0
	}
	return &out, true
}

func (r *Release) index(func(string, ...string)) {}

func (r *Release) validate(v *validation) {
	v.that(r.Number > 0 && r.ID == releaseID(r.Number), "number", "A release has a number")
	v.that(r.Day.Exact(), "day", "A release has a day")
	v.text("changed", r.Changed, 0, maxText)
}

// methodChanged says what a version of the method changed.
func methodChanged(method int) string {
	if method == 1 {
		return "The first method: steps from seven councils on, drawn anew once seven have changed, with figures that fall by chance."
	}
	return ""
}
