package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// DecisionResult is what became of a question that members voted on.
type DecisionResult string

// The states of a decision.
const (
	DecisionOpen DecisionResult = ""            // it can be voted on
	Carried      DecisionResult = "carried"     // one option has the votes of more than half of the members
	Rejected     DecisionResult = "rejected"    // that option is 'No'
	NoMajority   DecisionResult = "no majority" // none has
)

// Vote is what one council chose.
type Vote struct {
	Council string    `json:"council"`
	Choice  string    `json:"choice"` // one of the options
	Reason  string    `json:"reason,omitempty"`
	Account string    `json:"account,omitempty"`
	At      time.Time `json:"at"`
}

// Tally is how the members that are in have voted.
type Tally struct {
	Counts []int    `json:"counts"`            // by option
	NotYet []string `json:"not_yet,omitempty"` // councils that have not voted
}

// Outcome is what a decision came to when it was closed, as it stays on record.
type Outcome struct {
	Result   DecisionResult `json:"result"`
	Choice   string         `json:"choice,omitempty"` // the option that has the majority
	Tally    Tally          `json:"tally"`
	Sentence string         `json:"sentence"`
	Council  string         `json:"council"` // who closed it
	Account  string         `json:"account,omitempty"`
	At       time.Time      `json:"at"`
}

// Decision is a question that the members of a group vote on, one vote a council.
type Decision struct {
	Part
	Question string    `json:"question"`
	Detail   string    `json:"detail,omitempty"`
	Options  []string  `json:"options"`
	Due      Date      `json:"due,omitzero"`
	Council  string    `json:"council"` // who asks
	Account  string    `json:"account,omitempty"`
	Asked    time.Time `json:"asked"`
	Votes    []Vote    `json:"votes,omitempty"` // in the order given
	Outcome  *Outcome  `json:"outcome,omitempty"`
}

const (
	maxDecisions  = 200
	maxOptions    = 6
	maxOption     = 100
	maxVoteReason = 1_000
)

// Key names the decision.
func (d *Decision) Key() Key { return Key{KindDecision, d.ID} }

// YesNo says that the question is answered by yes or no: then a majority against rejects it.
func (d *Decision) YesNo() bool { return slices.Equal(d.Options, yesNo()) }

func yesNo() []string { return []string{"Yes", "No"} }

// Closed says that it can no longer be voted on.
func (d *Decision) Closed() bool { return d.Outcome != nil }

// Overdue says that it should have been decided before a day.
func (d *Decision) Overdue(on time.Time) bool {
	return !d.Closed() && !d.Due.IsZero() && d.Due.Last().Before(on)
}

// Vote is what a council voted.
func (d *Decision) Vote(council string) (Vote, bool) {
	i := slices.IndexFunc(d.Votes, func(v Vote) bool { return v.Council == council })
	if i < 0 {
		return Vote{}, false
	}
	return d.Votes[i], true
}

// Tally counts the votes of the councils that are in; once closed it is the count that decided.
func (d *Decision) Tally(in []string) Tally {
	if d.Outcome != nil {
		return d.Outcome.Tally
	}
	t := Tally{Counts: make([]int, len(d.Options))}
	for _, code := range in {
		v, ok := d.Vote(code)
		if i := slices.Index(d.Options, v.Choice); ok && i >= 0 {
			t.Counts[i]++
		} else {
			t.NotYet = append(t.NotYet, code)
		}
	}
	return t
}

// Close records the result among the members of the group that are in: an option needs more than half of them.
func (d *Decision) Close(g *BuyingGroup, council string, at time.Time) {
	out := d.decide(g.accepted())
	out.Council, out.At = council, at
	d.Outcome = &out
}

func (d *Decision) decide(in []string) Outcome {
	out := Outcome{Result: NoMajority, Tally: d.Tally(in)}
	for i, n := range out.Tally.Counts {
		if 2*n <= len(in) {
			continue
		}
		if out.Result, out.Choice = Carried, d.Options[i]; d.YesNo() && i == 1 {
			out.Result = Rejected
		}
	}
	out.Sentence = d.sentence(out, len(in))
	return out
}

// sentence says the result as minutes would.
func (d *Decision) sentence(o Outcome, members int) string {
	var counts []string
	for i, n := range o.Tally.Counts {
		counts = append(counts, fmt.Sprintf("%d for ‘%s’", n, d.Options[i]))
	}
	if n := len(o.Tally.NotYet); n > 0 {
		counts = append(counts, fmt.Sprintf("%d without a vote", n))
	}
	of := fmt.Sprintf("of %d members, %s", members, strings.Join(counts, ", "))
	switch o.Result {
	case Carried:
		if d.YesNo() {
			return "Carried: " + of + "."
		}
		return "Carried: ‘" + o.Choice + "’. Of" + strings.TrimPrefix(of, "of") + "."
	case Rejected:
		return "Rejected: " + of + "."
	}
	return "No majority: " + of + ". It takes more than half of the members."
}

// forPartner is a decision that was made as a partner of the group sees it: the question and what it came to, not who voted
// what or how many.
func (d *Decision) forPartner() *Decision {
	return &Decision{Part: d.shownPart(), Question: d.Question, Detail: d.Detail, Options: slices.Clone(d.Options),
		Outcome: &Outcome{Result: d.Outcome.Result, Choice: d.Outcome.Choice, At: d.Outcome.At}}
}

func (d *Decision) sees(a Actor) (Item, bool) {
	if d.partnered(a) && d.Closed() {
		return d.forPartner(), true
	}
	if !d.admits(a) {
		return nil, false
	}
	out := *d
	out.Options, out.Votes = slices.Clone(d.Options), slices.Clone(d.Votes)
	return &out, true
}

func (d *Decision) index(add func(string, ...string)) { add("decision.group", d.Group) }

func (d *Decision) validate(v *validation) {
	v.text("question", d.Question, 1, maxTitle)
	v.text("detail", d.Detail, 0, maxText)
	v.council("council", d.Council)
	v.date("due", d.Due)
	v.that(len(d.Options) >= 2 && len(d.Options) <= maxOptions, "options", "Enter 2 to 6 options, one a line, or leave it blank for yes or no")
	seen := map[string]bool{}
	for _, option := range d.Options {
		v.text("options", option, 1, maxOption)
		v.that(!seen[nameKey(option)], "options", "Each option stands once")
		seen[nameKey(option)] = true
	}
	v.that(len(d.Votes) <= maxMembers, "choice", "A group has at most 30 councils")
	for _, vote := range d.Votes {
		v.council("choice", vote.Council)
		v.that(slices.Contains(d.Options, vote.Choice), "choice", "Choose one of the options")
		v.text("reason", vote.Reason, 0, maxVoteReason)
	}
}
