package catalogue

import (
	"slices"
	"time"
	"unicode"
)

// Position is how much a council needs a line of a group's requirements.
type Position string

// What a member says of a line.
const (
	NotSaid   Position = "" // it has not said
	Must      Position = "must"
	Should    Position = "should"
	Could     Position = "could"
	MustNot   Position = "must not"
	NotNeeded Position = "not needed"
)

// Positions lists what a council can say of a line.
func Positions() []Position { return []Position{Must, Should, Could, MustNot, NotNeeded} }

// MemberPosition is where one council stands on a line.
type MemberPosition struct {
	Council  string    `json:"council"`
	Position Position  `json:"position,omitempty"`
	Comment  string    `json:"comment,omitempty"`
	Listed   bool      `json:"listed,omitempty"` // taken from the council's intention: nobody has said it here yet
	Account  string    `json:"account,omitempty"`
	At       time.Time `json:"at"`
}

// Agreement is that a council agrees a line as it is worded.
type Agreement struct {
	Council string    `json:"council"`
	Account string    `json:"account,omitempty"`
	At      time.Time `json:"at"`
}

// LeftOut is why a line is no longer among what is needed.
type LeftOut struct {
	Council string    `json:"council"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
}

// LineEvent is one thing that a council did to a line.
type LineEvent struct {
	Council string    `json:"council"`
	What    string    `json:"what"`          // in words that follow the council's name: 'changed the text'
	Was     string    `json:"was,omitempty"` // the text before it was changed
	At      time.Time `json:"at"`
}

// Requirement is one line of what a group needs, with where each member stands on it.
type Requirement struct {
	Part
	Line      int              `json:"line"`  // its number within the group, which never changes
	Text      string           `json:"text"`  // a function, not a brand
	First     string           `json:"first"` // the text as it was first written
	Note      string           `json:"note,omitempty"`
	Council   string           `json:"council"` // who added it
	Edition   int              `json:"edition"` // counts the changes of text and note, from 1
	Positions []MemberPosition `json:"positions,omitempty"`
	Agreed    []Agreement      `json:"agreed,omitempty"`
	Worded    time.Time        `json:"worded,omitzero"`    // when text or note were last changed; zero: never
	Cleared   time.Time        `json:"cleared,omitzero"`   // when a change of the text last undid agreements
	LeftOut   *LeftOut         `json:"left_out,omitempty"` // nil: it stands
	History   []LineEvent      `json:"history,omitempty"`  // the latest, oldest first
}

// RequirementState is where the members together stand on a line.
type RequirementState string

// How a line of the matrix stands.
const (
	LineConflict RequirementState = "conflict" // some must have it and some must not
	LineOpen     RequirementState = "open"     // not all members have agreed it
	LineAgreed   RequirementState = "agreed"   // all members have agreed it as it is worded
	LineLeftOut  RequirementState = "left out"
)

// Limits of a line and of a group's lines. A record of 30 councils that all comment stays within a value of the store.
const (
	maxLines      = 200
	maxLineNote   = 2_000
	maxComment    = 1_000
	maxLineEvents = 20
	// linesAtOnce is how many lines one transaction adds or changes: a line writes up to four keys.
	linesAtOnce = 20
)

// Key names the line.
func (r *Requirement) Key() Key { return Key{KindRequirement, r.ID} }

// Position is where a council stands; its Position is NotSaid where it has said nothing.
func (r *Requirement) Position(council string) MemberPosition {
	for _, p := range r.Positions {
		if p.Council == council {
			return p
		}
	}
	return MemberPosition{Council: council}
}

// Sayers lists those of some councils that take a position, in the order given.
func (r *Requirement) Sayers(in []string, position Position) []string {
	var out []string
	for _, code := range in {
		if r.Position(code).Position == position {
			out = append(out, code)
		}
	}
	return out
}

// Comments lists those of some councils that comment on the line.
func (r *Requirement) Comments(in []string) []string {
	return slices.DeleteFunc(slices.Clone(in), func(code string) bool { return r.Position(code).Comment == "" })
}

// Agrees says that a council has agreed the line as it is worded.
func (r *Requirement) Agrees(council string) bool {
	return slices.ContainsFunc(r.Agreed, func(a Agreement) bool { return a.Council == council })
}

// State is where the councils that are in the group stand on the line. Whoever has left no longer counts.
func (r *Requirement) State(in []string) RequirementState {
	switch {
	case r.LeftOut != nil:
		return LineLeftOut
	case len(r.Sayers(in, Must)) > 0 && len(r.Sayers(in, MustNot)) > 0:
		return LineConflict
	case r.Settled(in).IsZero():
		return LineOpen
	}
	return LineAgreed
}

// Settled is when the last of the councils that are in agreed the line; zero where one has not.
func (r *Requirement) Settled(in []string) time.Time {
	var last time.Time
	for _, code := range in {
		i := slices.IndexFunc(r.Agreed, func(a Agreement) bool { return a.Council == code })
		if i < 0 {
			return time.Time{}
		}
		if at := r.Agreed[i].At; at.After(last) {
			last = at
		}
	}
	return last
}

// forPartner is the line as a partner of the group sees it: what is needed as it is worded now. Notes are where members write to each other about it.
func (r *Requirement) forPartner() *Requirement {
	return &Requirement{Part: r.shownPart(), Line: r.Line, Text: r.Text, Edition: r.Edition, Worded: r.Worded}
}

func (r *Requirement) sees(a Actor) (Item, bool) {
	if r.partnered(a) && r.LeftOut == nil {
		return r.forPartner(), true
	}
	if !r.admits(a) {
		return nil, false
	}
	out := *r
	out.Positions, out.Agreed, out.History = slices.Clone(r.Positions), slices.Clone(r.Agreed), slices.Clone(r.History)
	return &out, true
}

func (r *Requirement) index(add func(string, ...string)) { add("requirement.group", r.Group) }

func (r *Requirement) validate(v *validation) {
	v.text("text", r.Text, 1, maxTitle)
	v.text("text", r.First, 0, maxTitle)
	v.text("note", r.Note, 0, maxLineNote)
	v.council("council", r.Council)
	v.that(r.Line >= 1 && r.Line <= maxLines, "text", "A group has at most 200 lines: leave some out of the form, and put what belongs together on one")
	v.that(len(r.Positions) <= maxMembers && len(r.Agreed) <= maxMembers, "position", "A group has at most 30 councils")
	for _, p := range r.Positions {
		v.council("position", p.Council)
		v.that(p.Position == NotSaid || slices.Contains(Positions(), p.Position), "position", "Choose must, should, could, must not or not needed")
		v.text("comment", p.Comment, 0, maxComment)
	}
	if r.LeftOut != nil {
		v.text("reason", r.LeftOut.Reason, 1, maxTitle)
	}
}

// did notes what a council did; only the latest is kept.
func (r *Requirement) did(e LineEvent) {
	r.History = append(r.History, e)
	r.History = slices.Clone(r.History[max(0, len(r.History)-maxLineEvents):])
}

// stand puts a council's position in place of what it said before.
func (r *Requirement) stand(p MemberPosition) {
	r.Positions = slices.DeleteFunc(r.Positions, func(old MemberPosition) bool { return old.Council == p.Council })
	r.Positions = append(r.Positions, p)
}

// unagree takes a council's agreement back.
func (r *Requirement) unagree(council string) {
	r.Agreed = slices.DeleteFunc(r.Agreed, func(a Agreement) bool { return a.Council == council })
}

// Brands lists the products and suppliers that a text names, as it writes them: a requirement says what is to be done,
// not by whose product.
func (c *Catalogue) Brands(text string) []string {
	var out []string
	for _, phrase := range c.dictionary.Understand(text).Phrases {
		named := phrase.Product != "" || phrase.Supplier != ""
		// A name that is a word too ('open', 'one') is written with a capital where it is meant as a name.
		if named && !slices.Contains(out, phrase.Written) && slices.ContainsFunc([]rune(phrase.Written), unicode.IsUpper) {
			out = append(out, phrase.Written)
		}
	}
	return out
}
