package catalogue

import (
	"context"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// Verdict is a council's say on a match of one of its intentions: that the other is the same need, or that it is not. It
// is for that council and the operator alone: the other council is not told, and not told who said so.
type Verdict struct {
	Meta
	Council       string           `json:"council"` // who says so
	A             string           `json:"a"`       // the two intention IDs, in order
	B             string           `json:"b"`
	Same          bool             `json:"same"`
	Reason        string           `json:"reason,omitempty"`
	Account       string           `json:"account"`
	Points        float64          `json:"points"` // as they were when it was said
	Evidence      []SuggestedPoint `json:"evidence,omitempty"`
	Weights       string           `json:"weights"`
	Said          time.Time        `json:"said"`
	Demonstration bool             `json:"demonstration,omitempty"`
}

// VerdictSaid is what an officer says of a match, with what was shown of it.
type VerdictSaid struct {
	Intention, Other string // of the officer's council, and of the other
	Same             bool
	Reason           string
	Points           float64
	Evidence         []SuggestedPoint
	Weights          string
}

// Key names the verdict.
func (v *Verdict) Key() Key { return Key{KindVerdict, v.ID} }

// Other is the intention that a verdict is about beside one of the two.
func (v *Verdict) Other(intention string) string {
	if v.A == intention {
		return v.B
	}
	return v.A
}

// verdictID is the same for the same council and pair, so that a form sent twice makes one record.
func verdictID(council, a, b string) string { return digest(council + "\x00" + a + "\x00" + b)[:32] }

func (v *Verdict) owner() string { return v.Council }

func (v *Verdict) sees(a Actor) (Item, bool) {
	if !Own.admits(a, v.Council, nil) {
		return nil, false
	}
	out := *v
	return &out, true
}

func (v *Verdict) index(add func(string, ...string)) {
	add("verdict.intention", v.A)
	add("verdict.intention", v.B)
}

func (v *Verdict) validate(c *validation) {
	c.council("council", v.Council)
	c.that(v.A != "" && v.A < v.B, "intention", "A verdict is about two intentions")
	c.text("reason", v.Reason, 0, maxText)
	c.that(len(v.Evidence) <= maxMembers, "evidence", "Evidence has at most 30 lines")
}

// inOrder puts two IDs in order.
func inOrder(a, b string) (first, second string) { return min(a, b), max(a, b) }

// SayOfMatch stores what the actor's council says of a match of its own intention, instead of what it said before.
func (c *Catalogue) SayOfMatch(ctx context.Context, actor Actor, said VerdictSaid) (*Verdict, error) {
	var out *Verdict
	err := c.write(ctx, actor, JudgeMatch, func(w *writer) error {
		own, err := load[*Intention](c, w.tx, actor, KindIntention, said.Intention)
		if err != nil {
			return err
		}
		other, err := load[*Intention](c, w.tx, actor, KindIntention, said.Other)
		if err != nil {
			return err
		}
		switch {
		case !actor.ForCouncil(own.Council):
			return forbidden("You can judge the matches of your own council’s intentions only")
		case actor.ForCouncil(other.Council):
			return conflict("Both are intentions of your own council: withdraw one of them if they are the same need")
		}
		a, b := inOrder(own.ID, other.ID)
		out = &Verdict{Meta: Meta{ID: verdictID(actor.Org, a, b)}, Council: actor.Org, A: a, B: b, Same: said.Same, Reason: said.Reason,
			Account: actor.Account, Points: said.Points, Evidence: said.Evidence, Weights: said.Weights, Said: w.now, Demonstration: c.demonstration(actor.Org)}
		old, err := readItem(w.tx, out.Key())
		if err != nil {
			return err
		}
		if before, ok := old.(*Verdict); ok {
			if before.Same == out.Same && before.Reason == out.Reason {
				out = before // the form was sent twice
				return nil
			}
			out.Meta = before.Meta
		}
		return w.put(out)
	})
	return out, err
}

// TakeBackVerdict removes what the actor's council said of a match; it is no error where it said nothing.
func (c *Catalogue) TakeBackVerdict(ctx context.Context, actor Actor, intention, other string) error {
	a, b := inOrder(intention, other)
	return c.write(ctx, actor, JudgeMatch, func(w *writer) error {
		old, err := readItem(w.tx, Key{KindVerdict, verdictID(actor.Org, a, b)})
		if err != nil || old == nil {
			return err
		}
		return w.remove(old)
	})
}

// Verdicts lists what the actor's council said of the matches of an intention, the latest first; for the operator, what
// any council said.
func (c *Catalogue) Verdicts(ctx context.Context, actor Actor, intention string) ([]*Verdict, error) {
	var out []*Verdict
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = listed[*Verdict](c, tx, actor, KindVerdict, "verdict.intention", intention)
		return err
	})
	slices.SortStableFunc(out, func(a, b *Verdict) int { return b.Said.Compare(a.Said) })
	return out, err
}
