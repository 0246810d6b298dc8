package catalogue

import (
	"slices"
	"strings"
	"time"
)

// AskSupport is a council that asks the same.
type AskSupport struct {
	Council  string    `json:"council"`
	Audience Audience  `json:"audience"` // who may know that it is this council: public, councils or own
	Account  string    `json:"account,omitempty"`
	At       time.Time `json:"at"`
}

// AskState is what a body says of what it was asked.
type AskState string

// What a body says.
const (
	AskLooking AskState = "looking" // it looks into it
	AskPlanned AskState = "planned"
	AskDone    AskState = "done"
	AskNot     AskState = "not" // it will not
)

// AskStates lists what a body can say.
func AskStates() []AskState { return []AskState{AskLooking, AskPlanned, AskDone, AskNot} }

// Words is what the body says, in words; empty for what it cannot say.
func (s AskState) Words() string {
	switch s {
	case AskLooking:
		return "We are looking into it"
	case AskPlanned:
		return "It is planned"
	case AskDone:
		return "It is done"
	case AskNot:
		return "We will not do this"
	}
	return ""
}

// AskAnswer is what the body answered, to all at once.
type AskAnswer struct {
	At      time.Time `json:"at"`
	State   AskState  `json:"state"`
	Text    string    `json:"text"`
	Account string    `json:"account,omitempty"`
}

// Ask is what councils ask of a body together. What it says is public, and so is the answer. Which councils ask is
// shown as each of them chose; how many do is always shown.
type Ask struct {
	Meta
	Body          string       `json:"body"`
	Council       string       `json:"council,omitempty"` // that wrote it; it is among Supports
	Title         string       `json:"title"`
	Why           string       `json:"why"`
	Capability    string       `json:"capability,omitempty"`
	Platform      string       `json:"platform,omitempty"` // of the body, where it is about one
	Supports      []AskSupport `json:"supports"`
	Answers       []AskAnswer  `json:"answers,omitempty"` // oldest first
	Withdrawn     string       `json:"withdrawn,omitempty"`
	Asked         time.Time    `json:"asked"`
	Untold        []string     `json:"untold,omitempty"` // codes of councils that are still to be told of the latest answer
	Demonstration bool         `json:"demonstration,omitempty"`

	Councils int `json:"-"` // how many ask: filled where the record is seen
}

// Key names the ask.
func (a *Ask) Key() Key { return Key{KindAsk, a.ID} }

func (a *Ask) owner() string { return a.Council }

// Answer is the latest answer; nil: none yet.
func (a *Ask) Answer() *AskAnswer {
	if len(a.Answers) == 0 {
		return nil
	}
	return &a.Answers[len(a.Answers)-1]
}

// support is where a council stands among those that ask; -1: it does not.
func (a *Ask) support(council string) int {
	return slices.IndexFunc(a.Supports, func(s AskSupport) bool { return s.Council == council })
}

// audienceOf is who sees that a council asks; its own council alone where it does not ask.
func (a *Ask) audienceOf(council string) Audience {
	if i := a.support(council); i >= 0 {
		return a.Supports[i].Audience
	}
	return Own
}

// Asks says that a council asks this.
func (a *Ask) Asks(council string) bool { return a.support(council) >= 0 }

func (a *Ask) sees(actor Actor) (Item, bool) {
	out := *a
	out.Councils = len(a.Supports)
	out.Supports, out.Answers, out.Untold = slices.Clone(a.Supports), slices.Clone(a.Answers), nil
	if actor.IsOperator() {
		return &out, true
	}
	out.Supports = slices.DeleteFunc(out.Supports, func(s AskSupport) bool { return !s.Audience.admits(actor, s.Council, nil) })
	if out.support(a.Council) < 0 {
		out.Council, out.Was, out.Ref = "", nil, ""
	}
	for i := range out.Supports {
		if !actor.ForCouncil(out.Supports[i].Council) {
			out.Supports[i].Account, out.Supports[i].At = "", time.Time{}
		}
	}
	for i := range out.Answers {
		if !actor.forBody(a.Body) {
			out.Answers[i].Account = ""
		}
	}
	return &out, true
}

// States by which asks of a body are looked up.
const (
	askWaits    = "waits"
	askAnswered = "answered"
	askClosed   = "closed"
)

func (a *Ask) stands() string {
	switch {
	case a.Withdrawn != "":
		return askClosed
	case len(a.Answers) > 0:
		return askAnswered
	}
	return askWaits
}

func (a *Ask) index(add func(string, ...string)) {
	add("ask.body", a.Body, a.stands())
	if len(a.Untold) > 0 {
		add("ask.untold")
	}
}

// What an ask may hold: it is one value of the store.
const (
	maxSupports   = 500
	maxAskAnswers = 20
)

func (a *Ask) validate(v *validation) {
	v.that(v.bodyOK(a.Body), "body", "Choose whom you ask")
	v.text("title", a.Title, 1, maxName)
	v.text("why", a.Why, 0, maxSaid)
	v.that(strings.TrimSpace(a.Why) != "", "why", "Say why: it is what the body answers")
	v.that(!hasAddress(a.Title), "title", "Take the email address out: everybody reads this")
	v.that(!hasAddress(a.Why), "why", "Take the email address out: everybody reads this")
	if a.Capability != "" {
		v.capability("capability", a.Capability)
	}
	v.that(len(a.Supports) > 0 && len(a.Supports) <= maxSupports, "supports", "An ask is of 1 to 500 councils")
	for _, s := range a.Supports {
		v.council("council", s.Council)
		v.that(s.Audience == Public || s.Audience == Councils || s.Audience == Own, "audience", "Choose who may know that your council asks this")
	}
	v.that(len(a.Answers) <= maxAskAnswers, "answer", "This was answered 20 times already")
	for _, n := range a.Answers {
		v.that(n.State.Words() != "", "state", "Choose what you say")
		v.text("answer", n.Text, 0, maxSaid)
		v.that(strings.TrimSpace(n.Text) != "", "answer", "Enter the answer")
	}
	v.text("reason", a.Withdrawn, 0, maxSaid)
}

func (a *Ask) inherit(from, to string) bool {
	changed := renames(from, to, &a.Council)
	changed = inheritEntry(&a.Untold, from, to, func(code *string) *string { return code }) || changed
	return inheritEntry(&a.Supports, from, to, func(s *AskSupport) *string { return &s.Council }) || changed
}
