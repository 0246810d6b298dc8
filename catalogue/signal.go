package catalogue

import (
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// SignalStage is how far the buying has come that a signal tells of.
type SignalStage string

// The stages of a signal, in order.
const (
	SignalExploring   SignalStage = "exploring"      // whether and how to buy
	SignalEngaging    SignalStage = "engaging"       // suppliers are asked what is possible
	SignalTenderSoon  SignalStage = "tender-soon"    // about to tender
	SignalProcurement SignalStage = "in-procurement" // a tender or call-off is under way
)

// SignalStages lists the stages, in order.
func SignalStages() []SignalStage {
	return []SignalStage{SignalExploring, SignalEngaging, SignalTenderSoon, SignalProcurement}
}

// Lots decision of a signal.
const (
	LotsUndecided = "undecided"
	LotsOne       = "one"  // one contract, with its reason
	LotsMany      = "lots" // divided, with how and why
)

// SignalNotice is the official notice that a signal leads to. The OCID is the one that the official service gave: none
// is ever made here.
type SignalNotice struct {
	Kind    string `json:"kind,omitempty"` // UK2, UK3, UK4 ...
	Address string `json:"address,omitempty"`
	OCID    string `json:"ocid,omitempty"`
}

// SignalText is what a signal says to everybody.
type SignalText struct {
	Title      string       `json:"title"`
	Capability string       `json:"capability"`
	Stage      SignalStage  `json:"stage"`
	Scope      string       `json:"scope"`
	Lots       string       `json:"lots"`
	LotsReason string       `json:"lots_reason,omitempty"`
	Engagement Date         `json:"engagement,omitzero"`       // the next date on which suppliers are met or asked; zero: none is set
	EngageHow  string       `json:"engagement_how,omitempty"`  // what happens on that day
	EngageLink string       `json:"engagement_link,omitempty"` // where to register for it
	Respond    string       `json:"respond"`                   // how everybody can respond equally
	AskBy      Date         `json:"ask_by,omitzero"`           // last day for questions; zero: while the signal is open
	AnswerDays int          `json:"answer_days"`               // within how many days questions are answered
	Notice     SignalNotice `json:"notice,omitzero"`
}

// SignalFact is one thing that a signal said, in words; empty: nothing.
type SignalFact struct {
	Name string `json:"name"`
	Text string `json:"text,omitempty"`
}

// SignalChange is one change of a published signal: what it said until then.
type SignalChange struct {
	At  time.Time    `json:"at"`
	Was []SignalFact `json:"was"`
}

// SignalEnd is that a signal no longer stands.
type SignalEnd struct {
	At        time.Time `json:"at"`
	Withdrawn bool      `json:"withdrawn,omitempty"` // nothing is bought after all; else it has run its course
	Reason    string    `json:"reason"`
}

// SignalNamed is a member's own answer to whether the signal names it.
type SignalNamed struct {
	Council string    `json:"council"`
	Yes     bool      `json:"yes"`
	Account string    `json:"account,omitempty"`
	At      time.Time `json:"at"`
}

// SignalReading is that an officer confirmed having read what a signal may mean in law, with what was read.
type SignalReading struct {
	Account string    `json:"account,omitempty"`
	At      time.Time `json:"at"`
	Notes   []LawNote `json:"notes"`
}

// Signal is what a council, or a group through its lead authority, tells suppliers that it will buy: named, public and
// equal for all. It is written as a draft and stands for itself: it shows nothing of the intention or the group behind it.
type Signal struct {
	Meta
	Council       string          `json:"council,omitempty"`   // who publishes it
	Intention     string          `json:"intention,omitempty"` // of that council; or
	Group         string          `json:"group,omitempty"`     // that it leads
	Text          SignalText      `json:"text"`                // as published; zero until then
	Draft         *SignalText     `json:"draft,omitempty"`     // being written; nil: nothing is
	Named         []SignalNamed   `json:"named,omitempty"`     // of the members of a group
	Published     time.Time       `json:"published,omitzero"`
	Latest        time.Time       `json:"latest,omitzero"` // when what everybody sees of it last changed, answers included
	End           *SignalEnd      `json:"end,omitempty"`
	Changes       []SignalChange  `json:"changes,omitempty"`  // oldest first
	Readings      []SignalReading `json:"readings,omitempty"` // oldest first
	Demonstration bool            `json:"demonstration,omitempty"`

	lead    string   // the group's present lead authority, read with the record
	members []string // councils that have accepted the group, read with the record
}

// Key names the signal.
func (s *Signal) Key() Key { return Key{KindSignal, s.ID} }

// IsPublic says that everybody sees the signal.
func (s *Signal) IsPublic() bool { return !s.Published.IsZero() }

// Stands says that the signal is published and has not ended.
func (s *Signal) Stands() bool { return s.IsPublic() && s.End == nil }

// TakesQuestions says that suppliers can ask on a day.
func (s *Signal) TakesQuestions(on time.Time) bool {
	return s.Stands() && (s.Text.AskBy.IsZero() || !s.Text.AskBy.Last().Before(on))
}

// AnswerBy is when an answer to what was asked at a moment is due.
func (s *Signal) AnswerBy(asked time.Time) Date {
	return DateOf(asked.AddDate(0, 0, s.Text.AnswerDays))
}

// authority is the council whose officers run the signal: of a group, whoever leads it now.
func (s *Signal) authority() string {
	if s.Group != "" && s.lead != "" {
		return s.lead
	}
	return s.Council
}

// runs says that an actor's council runs the signal.
func (s *Signal) runs(a Actor) bool { return a.ForCouncil(s.authority()) }

// inside says that an actor sees the draft: of the council that runs it, or of a member of the group.
func (s *Signal) inside(a Actor) bool {
	return s.runs(a) || slices.ContainsFunc(s.members, a.ForCouncil)
}

// names says that a council agreed to be named and, of a group, is in it still.
func (s *Signal) names(council string) bool {
	return s.Group == "" && council == s.Council || slices.Contains(s.members, council) &&
		slices.ContainsFunc(s.Named, func(n SignalNamed) bool { return n.Council == council && n.Yes })
}

func (s *Signal) owner() string { return s.Council }

func (s *Signal) sees(a Actor) (Item, bool) {
	out := *s
	out.Named, out.Changes, out.Readings = slices.Clone(s.Named), slices.Clone(s.Changes), slices.Clone(s.Readings)
	switch {
	case a.IsOperator():
		return &out, true
	case s.inside(a):
		for i := range out.Named {
			if !a.ForCouncil(out.Named[i].Council) {
				out.Named[i].Account = ""
			}
		}
		for i := range out.Readings {
			if !s.runs(a) {
				out.Readings[i].Account = ""
			}
		}
		return &out, true
	case !s.IsPublic():
		return nil, false
	}
	out.Ref, out.Was, out.Created, out.Changed = "", nil, s.Published, s.Latest
	out.Intention, out.Group, out.Draft, out.Readings, out.members, out.lead = "", "", nil, nil, nil, ""
	if out.Council = s.authority(); !s.names(out.Council) {
		out.Council = ""
	}
	out.Named = slices.DeleteFunc(out.Named, func(n SignalNamed) bool { return !s.names(n.Council) })
	for i := range out.Named {
		out.Named[i].Account, out.Named[i].At = "", time.Time{}
	}
	return &out, true
}

func (s *Signal) index(add func(string, ...string)) {
	if s.Group != "" {
		add("signal.group", s.Group)
	} else {
		add("signal.council", s.Council)
		add("signal.intention", s.Intention)
	}
	if s.IsPublic() {
		add("signal.public")
	}
}

// What a signal holds at most: it is one value of the store.
const (
	maxScope   = 4_000
	maxSaid    = 2_000
	maxSignal  = 40 // changes
	maxReading = 60 // confirmations

	maxCorrections = 20  // of one answer
	maxDays        = 60  // to answer
	usualDays      = 10  // to answer, where nothing else is said
	maxName        = 120 // characters of a signal's title
)

// UsualAnswerDays is what a new signal proposes.
func UsualAnswerDays() int { return usualDays }

func (s *Signal) validate(v *validation) {
	v.council("council", s.Council)
	v.that((s.Intention == "") != (s.Group == ""), "about", "A signal is for an intention or for a group")
	v.that(s.IsPublic() || s.Draft != nil, "title", "Write the signal first")
	if s.IsPublic() {
		s.Text.validate(v)
	}
	if s.Draft != nil {
		s.Draft.validate(v)
	}
	if s.End != nil {
		v.text("reason", s.End.Reason, 0, maxSaid)
		v.that(strings.TrimSpace(s.End.Reason) != "", "reason", "Say why: everybody reads it")
	}
	v.that(len(s.Changes) <= maxSignal, "title", "This signal has been changed 40 times: close it and publish a new one")
	v.that(len(s.Readings) <= maxReading, "read", "This signal has been confirmed 60 times: close it and publish a new one")
	v.that(len(s.Named) <= 2*maxMembers, "named", "A group has at most 30 councils")
	for _, n := range s.Named {
		v.council("named", n.Council)
	}
}

func (t SignalText) validate(v *validation) {
	said := func(field, text, missing string) {
		v.text(field, text, 0, maxSaid)
		v.that(strings.TrimSpace(text) != "", field, missing)
	}
	v.text("title", t.Title, 1, maxName)
	v.capability("capability", t.Capability)
	v.that(slices.Contains(SignalStages(), t.Stage), "stage", "Choose how far the buying has come")
	v.text("scope", t.Scope, 0, maxScope)
	v.that(strings.TrimSpace(t.Scope) != "", "scope", "Say what is to be bought")
	v.that(t.Lots == LotsUndecided || t.Lots == LotsOne || t.Lots == LotsMany, "lots", "Choose whether it is divided into lots")
	v.text("lots_reason", t.LotsReason, 0, maxSaid)
	v.that(t.Lots == LotsUndecided || strings.TrimSpace(t.LotsReason) != "", "lots_reason", "Give the reason for the decision about lots")
	v.date("engagement", t.Engagement)
	v.that(t.Engagement.IsZero() || t.Engagement.Exact(), "engagement", "Enter the day of the next engagement, not a month alone")
	v.text("engagement_how", t.EngageHow, 0, maxSaid)
	v.website("engagement_link", t.EngageLink)
	v.that(!t.Engagement.IsZero() || t.EngageHow == "" && t.EngageLink == "", "engagement", "Enter the day of the engagement that you describe")
	said("respond", t.Respond, "Say how everybody can respond equally")
	v.date("ask_by", t.AskBy)
	v.that(t.AskBy.IsZero() || t.AskBy.Exact(), "ask_by", "Enter the last day for questions, not a month alone")
	v.that(t.AnswerDays >= 1 && t.AnswerDays <= maxDays, "answer_days", "Enter within how many days you answer: 1 to 60")
	v.website("notice_address", t.Notice.Address)
	v.that(t.Notice.Kind == "" || slices.ContainsFunc(v.register.Rules(register.Notice), func(r register.Rule) bool { return r.Code == t.Notice.Kind }), "notice",
		"Choose which notice it is")
	v.that((t.Notice.Kind == "") == (t.Notice.Address == ""), "notice_address", "Give both which notice it is and its web address, or neither")
	v.text("ocid", t.Notice.OCID, 0, maxRef)
	v.that(t.Notice.OCID == "" || isOCID(t.Notice.OCID), "ocid", "Enter the OCID as the notice shows it, like ocds-h6vhtk-06f1b4")
}

// admitSignal fills in who runs a signal of a group and who is in it: membership changes, and is stored once.
func admitSignal(tx kv.Tx, s *Signal) error {
	if s.Group == "" {
		return nil
	}
	item, err := readItem(tx, Key{KindGroup, s.Group})
	if err != nil {
		return err
	}
	if g, ok := item.(*BuyingGroup); ok {
		s.of(g)
	}
	return nil
}

func (s *Signal) of(g *BuyingGroup) {
	s.members, s.lead = g.accepted(), g.Lead
	if s.lead == "" {
		s.lead = g.contact()
	}
}

func (s *Signal) inherit(from, to string) bool {
	changed := renames(from, to, &s.Council)
	return inheritEntry(&s.Named, from, to, func(n *SignalNamed) *string { return &n.Council }) || changed
}
