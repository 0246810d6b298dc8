package catalogue

import "slices"

// Rung is a council's standing on an intention or in a group. Each rung means more than the one before.
type Rung string

// The rungs of the ladder, the lowest first.
const (
	Watching   Rung = "watching"
	Interested Rung = "interested"
	Intends    Rung = "intends"  // an officer's word
	Approved   Rung = "approved" // with the approval's reference and the volume
)

// Rungs lists the ladder from low to high.
func Rungs() []Rung { return []Rung{Watching, Interested, Intends, Approved} }

// step counts the rungs from the lowest, 1; 0 for none.
func (r Rung) step() int { return slices.Index(Rungs(), r) + 1 }

func (r Rung) valid() bool { return r == Watching || r == Interested || r == Intends || r == Approved }

// Interest is a council's standing on another council's intention. Its own council and the intention's see it.
type Interest struct {
	Meta
	Intention     string  `json:"intention"`    // intention ID
	IntentionOf   string  `json:"intention_of"` // code of the council whose intention it is
	Council       string  `json:"council"`      // code of the council that registers
	Account       string  `json:"account"`      // who registered it
	Rung          Rung    `json:"rung"`
	Note          string  `json:"note,omitempty"`
	ApprovalRef   string  `json:"approval_ref,omitempty"`
	Approved      Date    `json:"approved,omitzero"` // when it was given; only on that rung
	Volume        float64 `json:"volume,omitempty"`  // what it would commit, GBP ex VAT over the whole term; only on that rung
	Demonstration bool    `json:"demonstration,omitempty"`
}

// interestID is the same for the same council and intention, so that a form sent twice makes one record.
func interestID(intention, council string) string { return intention + "~" + council }

// Key names the interest.
func (i *Interest) Key() Key { return Key{KindInterest, i.ID} }

func (i *Interest) owner() string { return i.Council }

func (i *Interest) sees(a Actor) (Item, bool) {
	if !Group.admits(a, i.Council, []string{i.IntentionOf}) {
		return nil, false
	}
	out := *i
	return &out, true
}

func (i *Interest) index(add func(string, ...string)) {
	add("interest.intention", i.Intention)
	add("interest.council", i.Council)
}

func (i *Interest) validate(v *validation) {
	v.council("council", i.Council)
	v.that(i.Rung.valid(), "rung", "Choose watching, interested, intends or approved")
	v.that(i.Rung != Approved || i.ApprovalRef != "", "approval_ref", "Enter the reference of the approval")
	v.text("approval_ref", i.ApprovalRef, 0, maxTitle)
	v.date("approved_on", i.Approved)
	v.money("volume", i.Volume)
	v.text("note", i.Note, 0, maxText)
	v.that(i.Council != i.IntentionOf, "council", "This is your own council's intention")
}
