package catalogue

import (
	"context"
	"strings"
)

// SaveIntention stores a new intention of the actor's council, or a new state of one; Version is the one the actor
// read, and Conflict says that somebody else saved in between. The same form sent twice answers with the record that
// the first made. Saving confirms the intention.
func (c *Catalogue) SaveIntention(ctx context.Context, actor Actor, in Intention) (*Intention, error) {
	if in.ID == "" {
		in.ID = NewID()
	}
	if in.Council == "" {
		in.Council = actor.Org
	}
	var already *Intention
	err := c.write(ctx, actor, ListIntention, func(w *writer) error {
		already = nil
		if in.Version == 0 {
			old, err := readItem(w.tx, in.Key())
			if err != nil {
				return err
			}
			if old != nil && actor.ForCouncil(old.owner()) {
				already = old.(*Intention)
				return nil
			}
		}
		in.Confirmed = w.now
		return w.putDerived(&in)
	})
	if err != nil {
		return nil, err
	}
	if already != nil {
		return already, nil
	}
	return &in, nil
}

// WithdrawIntention ends an intention that is no longer wanted, with the reason.
func (c *Catalogue) WithdrawIntention(ctx context.Context, actor Actor, id, reason string) (*Intention, error) {
	var out *Intention
	err := c.write(ctx, actor, ListIntention, func(w *writer) error {
		in, err := load[*Intention](c, w.tx, actor, KindIntention, id)
		if err != nil {
			return err
		}
		if err := allow(actor, ListIntention, in, in); err != nil {
			return err
		}
		if strings.TrimSpace(reason) == "" {
			return invalid("intention", "reason", "Say why it is no longer needed")
		}
		in.Withdrawn, out = reason, in
		return w.put(in)
	})
	return out, err
}

// DraftIntention is what a form holds so far with all that the program reads in it, not stored.
func (c *Catalogue) DraftIntention(in Intention) Intention {
	c.deriveIntention(&in)
	return in
}

// invalid is an Invalid error about one field.
func invalid(what, field, message string) error {
	return &Error{Kind: Invalid, Message: "There is a problem with this " + what, Fields: []FieldError{{field, message}}}
}

// RegisterInterest puts the actor's council on a rung of the ladder for another council's intention, or moves it.
func (c *Catalogue) RegisterInterest(ctx context.Context, actor Actor, intention string, rung Rung, note, approvalRef string) (*Interest, error) {
	var out *Interest
	err := c.write(ctx, actor, RegisterInterest, func(w *writer) error {
		in, err := load[*Intention](c, w.tx, actor, KindIntention, intention)
		if err != nil {
			return err
		}
		if in.Ended(c.Today()) {
			return conflict("This intention has ended")
		}
		if rung == Approved && actor.Role.rank() < RoleLead.rank() {
			return forbidden("Only a lead of your council can register its approval")
		}
		out = &Interest{Meta: Meta{ID: interestID(intention, actor.Org)}}
		if old, err := readItem(w.tx, out.Key()); err != nil {
			return err
		} else if old != nil {
			*out = *old.(*Interest)
		}
		out.Intention, out.IntentionOf, out.Council, out.Account = intention, in.Council, actor.Org, actor.Account
		out.Rung, out.Note, out.ApprovalRef = rung, note, approvalRef
		if err := w.putDerived(out); err != nil {
			return err
		}
		if out.Version != 0 || rung == Watching {
			return nil // a change of mind, or nobody's concern yet
		}
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		return w.tell([]string{in.Council}, RoleContributor, Message{
			Subject: who + " is interested in what you intend to buy",
			Text:    []string{who + " has registered interest in your intention '" + in.Title + "'.", "It stands at: " + string(rung) + "."},
			Link:    "/intentions/" + in.ID, LinkText: "See your intention and its matches",
		})
	})
	return out, err
}

// WithdrawInterest takes the actor's council off the ladder for an intention; it is no error where it was not on it.
func (c *Catalogue) WithdrawInterest(ctx context.Context, actor Actor, intention string) error {
	return c.write(ctx, actor, RegisterInterest, func(w *writer) error {
		old, err := readItem(w.tx, Key{KindInterest, interestID(intention, actor.Org)})
		if err != nil || old == nil {
			return err
		}
		return w.remove(old)
	})
}
