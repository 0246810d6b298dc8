package catalogue

import (
	"context"
	"slices"
	"strings"
)

// SignalOf is what a new signal is for: an intention of the actor's council, or a group that it leads.
type SignalOf struct {
	ID        string // made with the form, so that sending it twice makes one
	Intention string
	Group     string
}

// WriteSignal begins a signal as a draft, which only its council and, of a group, the members see. The members of a group
// are asked whether it may name them.
func (c *Catalogue) WriteSignal(ctx context.Context, actor Actor, of SignalOf, text SignalText) (*Signal, error) {
	if of.ID == "" {
		of.ID = NewID()
	}
	var out *Signal
	err := c.write(ctx, actor, PublishSignal, func(w *writer) error {
		old, err := readItem(w.tx, Key{KindSignal, of.ID})
		if err != nil {
			return err
		}
		if s, ok := old.(*Signal); ok {
			if !s.runs(actor) || s.Intention != of.Intention || s.Group != of.Group {
				return conflict("This form was used already")
			}
			out = s
			return nil
		}
		text = text.trimmed()
		out = &Signal{Meta: Meta{ID: of.ID}, Council: actor.Org, Intention: of.Intention, Group: of.Group, Draft: &text, Demonstration: c.demonstration(actor.Org)}
		if err := w.mayBeSignalled(out); err != nil {
			return err
		}
		if err := w.put(out); err != nil {
			return err
		}
		return w.askToName(out)
	})
	return signalFor(out, actor, err)
}

// mayBeSignalled refuses a signal for what is not the actor's to announce, or is over.
func (w *writer) mayBeSignalled(s *Signal) error {
	if s.Group != "" {
		g, err := load[*BuyingGroup](w.c, w.tx, w.actor, KindGroup, s.Group)
		if err != nil {
			return err
		}
		switch {
		case g.Lead == "" || !w.actor.ForCouncil(g.Lead):
			return forbidden("Only the group's lead authority can publish its signal")
		case !g.GoesOn():
			return conflict("This group has ended")
		}
		s.of(g)
		return nil
	}
	in, err := load[*Intention](w.c, w.tx, w.actor, KindIntention, s.Intention)
	switch {
	case err != nil:
		return err
	case !w.actor.ForCouncil(in.Council):
		return forbidden("You can publish a signal for an intention of your own council only")
	case in.Ended(w.c.Today()):
		return conflict("This intention has ended")
	}
	return nil
}

// askToName asks the other members of a group whether a signal may name them.
func (w *writer) askToName(s *Signal) error {
	if s.Group == "" {
		return nil
	}
	who, err := w.c.label(w.tx, w.actor.Org)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(s.members), w.actor.ForCouncil)
	return w.tell(others, RoleLead, Message{Subject: "May a signal to suppliers name your council? " + s.Draft.Title, Link: "/signals/" + s.ID + "#named", LinkText: "Read the draft and decide",
		Text: []string{who + " is writing a signal to suppliers for your group.", "Your council decides whether it is named in it. Until it agrees, it is not."},
		Why:  "You are told because your council is in the group."})
}

func (t SignalText) trimmed() SignalText {
	for _, s := range []*string{&t.Title, &t.Scope, &t.LotsReason, &t.EngageHow, &t.EngageLink, &t.Respond, &t.Notice.Kind, &t.Notice.Address, &t.Notice.OCID} {
		*s = strings.TrimSpace(*s)
	}
	if t.Lots == LotsUndecided {
		t.LotsReason = ""
	}
	return t
}

// CheckSignal says what is wrong with a text, all of it; nil where it can be stored.
func (c *Catalogue) CheckSignal(text SignalText) error {
	v := &validation{register: c.register, dictionary: c.dictionary}
	text.trimmed().validate(v)
	return v.err(string(KindSignal))
}

// DraftSignal stores what is being written of a signal; what everybody sees stays as it is. version is that of the record
// as it was read: Conflict where somebody else changed it since.
func (c *Catalogue) DraftSignal(ctx context.Context, actor Actor, id string, version uint64, text SignalText) (*Signal, error) {
	return c.changeSignal(ctx, actor, id, func(w *writer, s *Signal) error {
		if version != s.Version {
			return conflict("This was saved somewhere else while you were working on it")
		}
		if s.End != nil {
			return conflict("This signal is closed")
		}
		text = text.trimmed()
		s.Draft = &text
		return w.put(s)
	})
}

// DiscardSignal drops what was being written: the change of a published signal, or the whole of one that never was.
// gone says that it was the whole.
func (c *Catalogue) DiscardSignal(ctx context.Context, actor Actor, id string) (gone bool, err error) {
	_, err = c.changeSignal(ctx, actor, id, func(w *writer, s *Signal) error {
		gone = !s.IsPublic()
		switch {
		case gone:
			return w.remove(s)
		case s.Draft == nil:
			return nil
		}
		s.Draft = nil
		return w.put(s)
	})
	return gone, err
}

// PublishSignal puts the draft before everybody: the first time, or as a change that is dated. read says that the
// officer confirms having read what it may mean in law; that, and what was read, is kept. version is that of the draft
// that the officer saw.
func (c *Catalogue) PublishSignal(ctx context.Context, actor Actor, id string, version uint64, read bool) (*Signal, error) {
	return c.changeSignal(ctx, actor, id, func(w *writer, s *Signal) error {
		switch {
		case s.End != nil:
			return conflict("This signal is closed")
		case s.Draft == nil:
			return nil // sent twice
		case version != s.Version:
			return conflict("The draft was changed since you read it. Read it again before it goes out")
		case !read:
			return invalid("signal", "read", "Confirm that you have read what it may mean in law")
		}
		wrong, err := w.revealed(s, *s.Draft)
		if err != nil {
			return err
		}
		if len(wrong) > 0 {
			return &Error{Kind: Invalid, Message: "The signal says what is private", Fields: wrong}
		}
		law, err := c.signalLaw(w.tx, s)
		if err != nil {
			return err
		}
		was, fresh := s.Text, *s.Draft
		first := !s.IsPublic()
		s.Readings = append(s.Readings, SignalReading{Account: actor.Account, At: w.now, Notes: law.Notes})
		s.Text, s.Draft, s.Latest, s.Council = fresh, nil, w.now, actor.Org
		if first {
			s.Published = w.now
		} else if facts := was.differs(fresh, c.dictionary.Capability); len(facts) > 0 {
			s.Changes = append(s.Changes, SignalChange{At: w.now, Was: facts})
		}
		if s.Group != "" {
			s.answer(actor, true, w.now) // who publishes is named
		}
		if err := w.put(s); err != nil || first {
			return err
		}
		return w.tellSignal(s, Message{Subject: "A signal has changed: " + s.Text.Title, Text: []string{"What it said before stands on its page."}})
	})
}

// EndSignal closes a signal that has run its course, or withdraws one of which nothing comes; everybody reads the reason.
func (c *Catalogue) EndSignal(ctx context.Context, actor Actor, id string, withdrawn bool, reason string) (*Signal, error) {
	return c.changeSignal(ctx, actor, id, func(w *writer, s *Signal) error {
		switch {
		case !s.IsPublic():
			return conflict("This signal is not published: discard the draft instead")
		case s.End != nil:
			return nil
		}
		s.End = &SignalEnd{At: w.now, Withdrawn: withdrawn, Reason: strings.TrimSpace(reason)}
		s.Draft, s.Latest = nil, w.now
		if err := w.put(s); err != nil {
			return err
		}
		word := "closed"
		if withdrawn {
			word = "withdrawn"
		}
		return w.tellSignal(s, Message{Subject: "A signal is " + word + ": " + s.Text.Title, Text: []string{"The reason: " + s.End.Reason}})
	})
}

// NameInSignal is a member's own decision whether a group's signal names it; it can be changed at any time. The council
// that publishes the signal is named as long as it runs it.
func (c *Catalogue) NameInSignal(ctx context.Context, actor Actor, id string, yes bool) (*Signal, error) {
	var out *Signal
	err := c.write(ctx, actor, NameInSignal, func(w *writer) error {
		s, err := w.signal(id)
		if err != nil {
			return err
		}
		out = s
		switch {
		case s.Group == "" || !slices.Contains(s.members, actor.Org):
			return forbidden("Members of the group decide whether they are named")
		case s.runs(actor) && s.IsPublic() && !yes:
			return conflict("Your council runs this signal: suppliers need to know who does. Hand over the lead first, or close the signal")
		case s.names(actor.Org) == yes && slices.ContainsFunc(s.Named, func(n SignalNamed) bool { return n.Council == actor.Org }):
			return nil
		}
		s.answer(actor, yes, w.now)
		if s.IsPublic() {
			s.Latest = w.now
		}
		return w.put(s)
	})
	return signalFor(out, actor, err)
}

// changeSignal runs fn on a whole signal that the actor's council runs; fn puts what it changes.
func (c *Catalogue) changeSignal(ctx context.Context, actor Actor, id string, fn func(*writer, *Signal) error) (*Signal, error) {
	var out *Signal
	err := c.write(ctx, actor, PublishSignal, func(w *writer) (err error) {
		if out, err = w.signal(id); err != nil {
			return err
		}
		if !out.runs(actor) {
			return forbidden("Another council runs this signal")
		}
		return fn(w, out)
	})
	return signalFor(out, actor, err)
}

// signal is a whole signal that the writer's actor may see.
func (w *writer) signal(id string) (*Signal, error) {
	item, err := readItem(w.tx, Key{KindSignal, id})
	if err != nil {
		return nil, err
	}
	s, ok := item.(*Signal)
	if !ok {
		return nil, notFound(string(KindSignal))
	}
	if _, ok := s.sees(w.actor); !ok {
		return nil, notFound(string(KindSignal))
	}
	return s, nil
}

// signalFor is a signal that was written as its actor may see it.
func signalFor(s *Signal, actor Actor, err error) (*Signal, error) {
	if err != nil {
		return nil, err
	}
	seen, ok := s.sees(actor)
	if !ok {
		return nil, notFound(string(KindSignal))
	}
	return seen.(*Signal), nil
}

// tellSignal tells those who hear of a signal of what is now public, all in the same moment: in their inboxes, and by
// mail those who want to hear at once.
func (w *writer) tellSignal(s *Signal, m Message) error {
	if err := w.start(); err != nil {
		return err
	}
	m.Subject = shortened(m.Subject, maxTitle)
	m.Why = "You are told because you follow this signal, or have asked a question about it."
	if m.Link == "" {
		m.Link, m.LinkText = "/signals/"+s.ID, "Read the signal"
	}
	if err := w.put(&News{Meta: Meta{ID: NewsID(w.seq + 1)}, Subject: m.Subject, Text: m.Text, Why: m.Why, Link: m.Link, LinkText: m.LinkText,
		Told: w.now, Signal: s.ID, Least: RoleViewer, About: s.Key(), Demonstration: s.Demonstration}); err != nil {
		return err
	}
	people, err := hearers(w.tx, s.ID)
	if err != nil {
		return err
	}
	var to []string
	for _, a := range people {
		if !a.Disabled && a.Telling() == ToldAtOnce {
			to = append(to, a.Email)
		}
	}
	if len(to) == 0 {
		return nil
	}
	m.Expires = w.now.Add(mailLife)
	return w.postStoppable(m, to...)
}
