package catalogue

import (
	"slices"
	"strings"
	"time"
)

// TalkState is how far the two sides of a talk have come.
type TalkState string

// The states of a talk.
const (
	TalkAsked    TalkState = "asked"    // one has written, the other has not yet answered
	TalkAnswered TalkState = "answered" // both have written
	TalkSharing  TalkState = "sharing"  // both let the other see who they are and where to write to
	TalkClosed   TalkState = "closed"
)

// TalkMessage is what one of the two sides wrote.
type TalkMessage struct {
	Council string    `json:"council"` // code of the side that is a council, ID of one that is a body
	Account string    `json:"account,omitempty"`
	At      time.Time `json:"at"`
	Text    string    `json:"text"`
	Form    string    `json:"form,omitempty"` // of the form that sent it, so that sending it twice writes once
}

// TalkConsent is an officer's yes to being named to the other side, with an address.
type TalkConsent struct {
	Council string    `json:"council"` // code or ID, as of messages
	Account string    `json:"account,omitempty"`
	At      time.Time `json:"at"`
}

// Talk is two councils that write to each other about an intention of each, before there is any group, or about an example
// of the one, or what one of them offers or seeks; in a talk about an offer one side may be a body. Who writes is not named
// to the other side until an officer of each has said yes to it.
type Talk struct {
	Meta
	Subject       string        `json:"subject"`
	From          string        `json:"from"`                // code or ID of the side that asked
	To            string        `json:"to"`                  // code or ID of the side that was asked
	Intention     string        `json:"intention,omitempty"` // of the council that asked
	Other         string        `json:"other,omitempty"`     // intention of the council that was asked
	Example       string        `json:"example,omitempty"`   // of the council that was asked, instead of two intentions
	Offer         string        `json:"offer,omitempty"`     // of the side that was asked, instead of the two intentions
	State         TalkState     `json:"state"`
	Turn          string        `json:"turn,omitempty"` // code or ID of the side whose word is waited for; empty: of neither
	Messages      []TalkMessage `json:"messages"`
	Consents      []TalkConsent `json:"consents,omitempty"`
	ClosedBy      string        `json:"closed_by,omitempty"` // code or ID
	Reason        string        `json:"reason,omitempty"`    // why it was closed; may be left out
	Begun         time.Time     `json:"begun"`
	Latest        time.Time     `json:"latest"` // when somebody last wrote, said yes or closed it
	Demonstration bool          `json:"demonstration,omitempty"`
}

// Key names the talk.
func (t *Talk) Key() Key { return Key{KindTalk, t.ID} }

// Partner is the other side of a talk, as one of the two sees it.
func (t *Talk) Partner(org string) string {
	if org == t.From {
		return t.To
	}
	return t.From
}

// Consented says that an officer of a side said yes to being named.
func (t *Talk) Consented(org string) bool {
	return slices.ContainsFunc(t.Consents, func(s TalkConsent) bool { return s.Council == org })
}

// shares says that each side lets the other see who it is.
func (t *Talk) shares() bool { return t.Consented(t.From) && t.Consented(t.To) }

// between says that an actor is an officer of one of the two sides who may write for it.
func (t *Talk) between(a Actor) bool {
	return MayDo(a, AskToTalk) && (a.Of(t.From) || a.Of(t.To))
}

func (t *Talk) owner() string { return t.From }

func (t *Talk) sees(a Actor) (Item, bool) {
	if !a.IsOperator() && !t.between(a) {
		return nil, false
	}
	out := *t
	out.Messages, out.Consents = slices.Clone(t.Messages), slices.Clone(t.Consents)
	if a.IsOperator() {
		return &out, true
	}
	for i := range out.Messages {
		if !a.Of(out.Messages[i].Council) {
			out.Messages[i].Account = ""
		}
	}
	for i := range out.Consents {
		if !a.Of(out.Consents[i].Council) {
			out.Consents[i].Account = ""
		}
	}
	return &out, true
}

// pair is the two intentions in an order that does not depend on who asked; or the example or offer, and who asked about it.
func (t *Talk) pair() []string {
	if about := t.Example + t.Offer; about != "" {
		return []string{about, t.From}
	}
	return []string{min(t.Intention, t.Other), max(t.Intention, t.Other)}
}

func (t *Talk) index(add func(string, ...string)) {
	add("talk.council", t.From)
	add("talk.council", t.To)
	add("talk.asked", t.From, talkDay(t.Begun))
	if t.State == TalkClosed {
		return
	}
	add("talk.pair", t.pair()...)
	if t.Turn != "" {
		add("talk.waits", t.Turn)
	}
}

// talkDay is the day that a council's asking is counted by.
func talkDay(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// How much a talk holds. What was written is never dropped: a talk that is full goes on elsewhere.
const (
	talkMessages = 100
	talkBytes    = 180 << 10 // as stored: a value's limit, less a reason for closing it
	asksPerDay   = 20        // of one council or body
)

// full says that a talk holds more than it can.
func (t *Talk) full() (bool, error) {
	raw, err := encode(t)
	return len(t.Messages) > talkMessages || len(raw) > talkBytes, err
}

func (t *Talk) validate(v *validation) {
	bodies := 0
	for _, side := range []string{t.From, t.To} {
		if t.Offer != "" && v.bodyOK(side) {
			bodies++
			continue
		}
		v.council("council", side)
	}
	v.that(bodies < 2, "with", "This is another body's: bodies talk with councils here")
	v.that(t.From != t.To, "with", "This is your own")
	about := 0
	for _, is := range []bool{t.Example != "", t.Offer != "", t.Intention != "" && t.Other != ""} {
		if is {
			about++
		}
	}
	v.that(about == 1 && (t.Intention == "") == (t.Other == ""), "intention", "A talk is about an intention of each council, about an example, or about an offer")
	v.text("subject", t.Subject, 1, maxTitle)
	v.that(len(t.Messages) > 0, "text", "Enter a message")
	if n := len(t.Messages); n > 0 { // those before it were checked when they were written
		v.that(strings.TrimSpace(t.Messages[n-1].Text) != "", "text", "Enter a message")
		v.text("text", t.Messages[n-1].Text, 0, maxText)
	}
	v.text("reason", t.Reason, 0, maxText)
	v.that(t.Turn == "" || t.Turn == t.From || t.Turn == t.To, "turn", "One of the two sides is next")
	switch t.State {
	case TalkAsked, TalkAnswered, TalkSharing, TalkClosed:
	default:
		v.that(false, "state", "A talk is asked, answered, sharing or closed")
	}
}
