package catalogue

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"jointly/catalogue/kv"
)

// SaveIntention stores a new intention of the actor's council, or a new state of one; Version is the one the actor
// read, and Conflict says that somebody else saved in between. The same form sent twice answers with the record that
// the first made. Saving confirms the intention. A window that is over is refused, unless it stood so before.
func (c *Catalogue) SaveIntention(ctx context.Context, actor Actor, in Intention) (*Intention, error) {
	if in.ID == "" {
		in.ID = NewID()
	}
	if in.Council == "" {
		in.Council = actor.Org
	}
	var out *Intention
	err := c.write(ctx, actor, ListIntention, func(w *writer) (err error) {
		out, err = w.keepIntention(&in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// keepIntention puts an intention and says what is stored then: the one that was made before where a form is sent twice.
func (w *writer) keepIntention(in *Intention) (*Intention, error) {
	old, err := readItem(w.tx, in.Key())
	if err != nil {
		return nil, err
	}
	if in.Version == 0 && old != nil && w.actor.ForCouncil(old.owner()) {
		return old.(*Intention), nil
	}
	in.Confirmed = w.now
	if err := w.putDerived(in); err != nil {
		return nil, err
	}
	if err := w.c.stillToCome(in, old); err != nil {
		return nil, err
	}
	if err := w.c.standsRight(w.actor, in, old); err != nil || old == nil {
		return in, err
	}
	return in, w.followIntention(in)
}

// standing is where an intention's council stands with it.
func (i *Intention) standing() Standing {
	return Standing{Rung: i.Rung, Approval: i.ApprovalRef, Approved: i.Approved, Volume: i.Volume}
}

// stand states where an intention's council stands with it.
func (i *Intention) stand(s Standing) {
	i.Rung, i.ApprovalRef, i.Approved, i.Volume = s.Rung, s.Approval, s.Approved, s.Volume
}

// standsRight refuses a standing that lacks what its rung asks for, and an approval that no lead states, unless it stood
// so before.
func (c *Catalogue) standsRight(actor Actor, in *Intention, old Item) error {
	if was, ok := old.(*Intention); in.Rung == "" || ok && was.standing() == in.standing() {
		return nil
	}
	if err := in.standing().check(DateOf(c.Today())); err != nil {
		return err
	}
	if in.Rung == Approved && actor.Role.rank() < RoleLead.rank() {
		return invalid(string(KindIntention), "rung", "Only a lead of your council can state its approval: choose another, or leave this to a lead")
	}
	return nil
}

// stillToCome refuses a window that is over, where it is not the one that old (nil for a new intention) had. Files of
// what councils planned may hold such windows; who types one has slipped.
func (c *Catalogue) stillToCome(in *Intention, old Item) error {
	if was, ok := old.(*Intention); ok && was.WindowStart == in.WindowStart && was.WindowEnd == in.WindowEnd {
		return nil
	}
	if in.WindowEnd.IsZero() || !in.WindowEnd.Last().Before(c.Today()) {
		return nil
	}
	return invalid(string(KindIntention), "window_end", "The latest date must be today or later")
}

// CheckIntention says all that SaveIntention would find wrong with what an intention says, without storing it; nil
// where it could be saved, as far as no one else saves it first.
func (c *Catalogue) CheckIntention(ctx context.Context, actor Actor, in Intention) error {
	if in.ID == "" {
		in.ID = NewID()
	}
	if in.Council == "" {
		in.Council = actor.Org
	}
	if err := permit(actor, ListIntention); err != nil {
		return err
	}
	return c.view(ctx, func(tx kv.Tx) error {
		old, err := readItem(tx, in.Key())
		if err != nil {
			return err
		}
		if err := allow(actor, ListIntention, &in, old); err != nil {
			return err
		}
		c.deriveIntention(&in)
		var all []FieldError
		for _, wrong := range []error{c.validate(tx, &in), c.stillToCome(&in, old), c.standsRight(actor, &in, old)} {
			if wrong != nil && KindOf(wrong) != Invalid {
				return wrong
			}
			for _, f := range FieldsOf(wrong) {
				if !slices.ContainsFunc(all, func(o FieldError) bool { return o.Field == f.Field }) {
					all = append(all, f)
				}
			}
		}
		if len(all) == 0 {
			return nil
		}
		return &Error{Kind: Invalid, Message: "There is a problem with this " + string(KindIntention), Fields: all}
	})
}

// Repeated lists the open intentions of the actor's council that seem to say what another of its own says: for the same
// capability, and with half of the words of the titles in common.
func (c *Catalogue) Repeated(ctx context.Context, actor Actor, in Intention) ([]*Intention, error) {
	c.deriveIntention(&in)
	capability, _ := in.Capable()
	if capability == "" {
		return nil, nil
	}
	var out []*Intention
	err := c.view(ctx, func(tx kv.Tx) error {
		own, err := c.openIntentions(tx, actor)
		out = slices.DeleteFunc(own, func(o *Intention) bool {
			id, _ := o.Capable()
			return o.ID == in.ID || id != capability || !titlesAlike(o.Title, in.Title)
		})
		return err
	})
	return out, err
}

// titlesAlike says that two titles have half of their words in common.
func titlesAlike(a, b string) bool {
	one, other := titleWords(a), titleWords(b)
	common := 0
	for _, w := range one {
		if slices.Contains(other, w) {
			common++
		}
	}
	return common > 0 && 2*common >= len(one)+len(other)-common
}

// titleWords is the words of a title, each once.
func titleWords(title string) []string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	slices.Sort(words)
	return slices.Compact(words)
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
		if err := w.put(in); err != nil {
			return err
		}
		if err := w.followIntention(in); err != nil {
			return err
		}
		return w.tellWithdrawn(in)
	})
	return out, err
}

// tellWithdrawn tells the councils that registered interest in an intention, at most 30, that it is withdrawn.
func (w *writer) tellWithdrawn(in *Intention) error {
	if in.Visibility == Own { // they may not see it any more
		return nil
	}
	interests, err := listed[*Interest](w.c, w.tx, w.actor, KindInterest, "interest.intention", in.ID)
	if err != nil {
		return err
	}
	var councils []string
	for _, i := range interests[:min(len(interests), maxMembers)] {
		councils = append(councils, i.Council)
	}
	who, err := w.c.label(w.tx, in.Council)
	if err != nil {
		return err
	}
	return w.tell(councils, RoleContributor, Message{Subject: who + " no longer intends to buy: " + in.Title,
		Text: []string{who + " has withdrawn its intention '" + in.Title + "'.", "Its reason: " + in.Withdrawn}, Link: "/intentions/" + in.ID,
		LinkText: "See the intention", Why: "You are told because your council registered interest in the intention '" + in.Title + "'."})
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
func (c *Catalogue) RegisterInterest(ctx context.Context, actor Actor, intention string, s Standing, note string) (*Interest, error) {
	var out *Interest
	err := c.write(ctx, actor, RegisterInterest, func(w *writer) error {
		in, err := load[*Intention](c, w.tx, actor, KindIntention, intention)
		if err != nil {
			return err
		}
		if in.Ended(c.Today()) {
			return conflict("This intention has ended")
		}
		if s.Rung == Approved && actor.Role.rank() < RoleLead.rank() {
			return forbidden("Only a lead of your council can register its approval")
		}
		if err := s.check(DateOf(c.Today())); err != nil {
			return err
		}
		was := Rung("")
		out = &Interest{Meta: Meta{ID: interestID(intention, actor.Org)}}
		if old, err := readItem(w.tx, out.Key()); err != nil {
			return err
		} else if old != nil {
			*out = *old.(*Interest)
			was = out.Rung
		}
		out.Intention, out.IntentionOf, out.Council, out.Account = intention, in.Council, actor.Org, actor.Account
		s = s.only()
		out.Rung, out.Note, out.ApprovalRef, out.Approved, out.Volume = s.Rung, note, s.Approval, s.Approved, s.Volume
		if err := w.putDerived(out); err != nil {
			return err
		}
		if s.Rung.step() <= was.step() || s.Rung == Watching {
			return nil // another reason for the same, or nobody's concern yet
		}
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		m := Message{Subject: who + " is interested in what you intend to buy",
			Text: []string{who + " has registered interest in your intention '" + in.Title + "'.", "It stands at: " + string(s.Rung) + "."}}
		if note != "" {
			m.Text = append(m.Text, "It says: "+note)
		}
		return w.tellInterest(in, m)
	})
	return out, err
}

// tellInterest tells a council of what another thinks of its intention.
func (w *writer) tellInterest(in *Intention, m Message) error {
	m.Link, m.LinkText = "/intentions/"+in.ID, "See your intention and its matches"
	m.Why = "You are told because your council listed the intention '" + in.Title + "'."
	return w.tell([]string{in.Council}, RoleContributor, m)
}

// WithdrawInterest takes the actor's council off the ladder for an intention; it is no error where it was not on it.
func (c *Catalogue) WithdrawInterest(ctx context.Context, actor Actor, intention string) error {
	return c.write(ctx, actor, RegisterInterest, func(w *writer) error {
		old, err := readItem(w.tx, Key{KindInterest, interestID(intention, actor.Org)})
		if err != nil || old == nil {
			return err
		}
		if err := w.remove(old); err != nil {
			return err
		}
		item, err := readItem(w.tx, Key{KindIntention, intention})
		in, ok := item.(*Intention)
		if err != nil || !ok || old.(*Interest).Rung == Watching || in.Ended(c.Today()) {
			return err
		}
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		return w.tellInterest(in, Message{Subject: who + " is no longer interested in what you intend to buy",
			Text: []string{who + " has withdrawn its interest in your intention '" + in.Title + "'."}})
	})
}
