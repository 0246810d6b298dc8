package catalogue

import (
	"fmt"

	"jointly/catalogue/baseline"
)

// Edition is the baseline of channels as it was frozen on a day: figures over signed returns, by service, period and
// channel. It is made once and never changes.
type Edition struct {
	Meta
	Number   int                 `json:"number"`
	Day      Date                `json:"day"`
	Method   int                 `json:"method"` // version of the rules
	Rounds   []EditionRound      `json:"rounds"` // by service, then period
	Figures  []baseline.Figure   `json:"figures"`
	Withheld []baseline.Withheld `json:"withheld,omitempty"`
	More     int                 `json:"more,omitempty"`  // withheld beyond those listed
	State    string              `json:"state,omitempty"` // names the rows that the figures were taken from

	Demonstration bool `json:"demonstration,omitempty"` // the returns are those of invented councils
}

// EditionRound is one service in one period, of which something was returned.
type EditionRound struct {
	baseline.Round
	End     Date `json:"period_end"` // the latest that a return states
	Signed  int  `json:"signed"`     // returns that were signed off by the day of the edition
	Figures int  `json:"figures"`    // how many are said of it
}

// Address is where the edition stays.
func (e *Edition) Address() string { return fmt.Sprintf("/baseline/editions/%d", e.Number) }

// Cite is how to name the edition.
func (e *Edition) Cite() string {
	return fmt.Sprintf("Jointly baseline of channels, edition %d, %s", e.Number, e.Day.Words())
}

// Key names the edition.
func (e *Edition) Key() Key { return Key{KindEdition, e.ID} }

// editionID keeps editions in order of their numbers.
func editionID(number int) string { return fmt.Sprintf("%08d", number) }

func (e *Edition) owner() string { return "" }

// What was withheld, and why, says how few are behind a gap: for the operator alone.
func (e *Edition) sees(a Actor) (Item, bool) {
	out := *e
	out.State = ""
	if !a.IsOperator() {
		out.Withheld, out.More = nil, 0
	}
	return &out, true
}

func (e *Edition) index(func(string, ...string)) {}

func (e *Edition) validate(v *validation) {
	v.that(e.Number > 0 && e.ID == editionID(e.Number), "number", "An edition has a number")
	v.that(e.Day.Exact(), "day", "An edition has a day")
}

// Latest is the latest period of a service of which the edition says something, else of which something was returned.
func (e *Edition) Latest(lgsl int) (EditionRound, bool) {
	var best EditionRound
	found := false
	for _, r := range e.Rounds { // the later period comes later
		if r.LGSL == lgsl && (!found || r.Figures > 0 || best.Figures == 0) {
			best, found = r, true
		}
	}
	return best, found
}

// Round is a service in the period that starts on a day.
func (e *Edition) Round(lgsl int, start string) (EditionRound, bool) {
	for _, r := range e.Rounds {
		if r.LGSL == lgsl && r.Start == start {
			return r, true
		}
	}
	return EditionRound{}, false
}

// Of is the figures of a service in a period, by measure.
func (e *Edition) Of(r baseline.Round) map[baseline.Measure]baseline.Figure {
	out := map[baseline.Measure]baseline.Figure{}
	for _, f := range e.Figures {
		if f.Round == r {
			out[f.Measure] = f
		}
	}
	return out
}
