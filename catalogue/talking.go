package catalogue

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// TalkRequest is what a council asks another about.
type TalkRequest struct {
	ID        string // made with the form, so that sending it twice asks once
	Intention string // the asking council's own
	Other     string // the other council's
	Offer     string // the other side's, instead of the two intentions
	Subject   string
	Text      string
}

// AskToTalk writes to another council about an intention of each, or to a council or a body about an offer of it. About the
// same two intentions there is one open talk: asking again, from either side, adds to it; about an offer there is one for
// each that asks. The other side is told.
func (c *Catalogue) AskToTalk(ctx context.Context, actor Actor, r TalkRequest) (*Talk, error) {
	if r.ID == "" {
		r.ID = NewID()
	}
	var out *Talk
	err := c.write(ctx, actor, AskToTalk, func(w *writer) error {
		old, err := readItem(w.tx, Key{KindTalk, r.ID})
		if err != nil {
			return err
		}
		if t, ok := old.(*Talk); ok {
			if t.From != actor.Org || t.Intention != r.Intention || t.Other != r.Other || t.Offer != r.Offer {
				return conflict("This form was used already")
			}
			out = t
			return nil
		}
		t, err := w.newTalk(r)
		if err != nil {
			return err
		}
		out, err = w.beginTalk(t, r.ID, r.Text)
		return err
	})
	return talkFor(out, actor, err)
}

// beginTalk writes the first message of a talk, or one more in the talk that is open about the same.
func (w *writer) beginTalk(t *Talk, form, text string) (*Talk, error) {
	open, err := lookup(w.tx, append([]string{"talk.pair"}, t.pair()...)...)
	if err != nil {
		return nil, err
	}
	if len(open) > 0 {
		if t, err = w.talk(open[0]); err != nil {
			return nil, err
		}
		return t, w.say(t, form, text)
	}
	asked, err := lookup(w.tx, "talk.asked", w.actor.Org, talkDay(w.now))
	if err != nil {
		return nil, err
	}
	if len(asked) >= asksPerDay {
		return nil, invalid("talk", "text", "You and your colleagues have asked 20 times today, which is the most. Ask again tomorrow")
	}
	return t, w.say(t, form, text)
}

// newTalk is a talk as nobody has yet written in it.
func (w *writer) newTalk(r TalkRequest) (*Talk, error) {
	if r.Offer != "" {
		return w.newOfferTalk(r)
	}
	own, err := load[*Intention](w.c, w.tx, w.actor, KindIntention, r.Intention)
	if err != nil {
		return nil, err
	}
	other, err := load[*Intention](w.c, w.tx, w.actor, KindIntention, r.Other)
	if err != nil {
		return nil, err
	}
	today := w.c.Today()
	switch {
	case !w.actor.ForCouncil(own.Council):
		return nil, forbidden("You can talk about an intention of your own council only")
	case w.actor.ForCouncil(other.Council):
		return nil, invalid("talk", "with", "This is your own council's intention")
	case own.Visibility == Own:
		return nil, invalid("talk", "intention", "Only your council sees this intention: let councils see it first")
	case own.Ended(today), other.Ended(today):
		return nil, conflict("One of the two intentions has ended")
	}
	return &Talk{Meta: Meta{ID: r.ID}, Subject: strings.TrimSpace(r.Subject), From: own.Council, To: other.Council, Intention: own.ID, Other: other.ID,
		State: TalkAsked, Begun: w.now, Demonstration: w.c.demonstration(own.Council)}, nil
}

// newOfferTalk is a talk about an offer as nobody has yet written in it.
func (w *writer) newOfferTalk(r TalkRequest) (*Talk, error) {
	o, err := load[*Offer](w.c, w.tx, w.actor, KindOffer, r.Offer)
	switch {
	case err != nil:
		return nil, err
	case o.mine(w.actor):
		return nil, invalid("talk", "with", "This is your own")
	case !o.OpenToTalk(w.actor):
		return nil, forbidden("This is another body's: bodies talk with councils here")
	case o.Ended(w.c.Today()):
		return nil, conflict("This was closed, or its time is over")
	}
	invented, err := w.c.isInvented(w.tx, w.actor.Org)
	if err == nil && invented != o.Demonstration {
		return nil, invalid("talk", "with", otherWorld(invented))
	}
	return &Talk{Meta: Meta{ID: r.ID}, Subject: strings.TrimSpace(r.Subject), From: w.actor.Org, To: o.Of(), Offer: o.ID,
		State: TalkAsked, Begun: w.now, Demonstration: invented}, err
}

// talk is a whole talk that the writer's actor is in.
func (w *writer) talk(id string) (*Talk, error) {
	item, err := readItem(w.tx, Key{KindTalk, id})
	if err != nil {
		return nil, err
	}
	t, ok := item.(*Talk)
	if !ok || !t.between(w.actor) {
		return nil, notFound(string(KindTalk))
	}
	return t, nil
}

// say writes a message of the actor's side and tells the other. One that this form sent already is not sent again.
func (w *writer) say(t *Talk, form, text string) error {
	if slices.ContainsFunc(t.Messages, func(m TalkMessage) bool {
		return form != "" && m.Form == form && m.Council == w.actor.Org
	}) {
		return nil
	}
	if t.State == TalkClosed {
		return conflict("This talk is closed. You can ask to talk again")
	}
	text = strings.TrimSpace(text)
	first := len(t.Messages) == 0
	if t.State == TalkAsked && !first && t.Messages[0].Council != w.actor.Org {
		t.State = TalkAnswered
	}
	t.Messages = append(t.Messages, TalkMessage{Council: w.actor.Org, Account: w.actor.Account, At: w.now, Text: text, Form: form})
	t.Turn, t.Latest = t.Partner(w.actor.Org), w.now
	if full, err := t.full(); err != nil {
		return err
	} else if full {
		return invalid("talk", "text", "This talk is full. Go on by email or telephone: each of you can agree to share addresses")
	}
	if err := w.put(t); err != nil {
		return err
	}
	who, err := w.c.label(w.tx, w.actor.Org)
	if err != nil {
		return err
	}
	yours, err := w.yours(t)
	if err != nil {
		return err
	}
	m := Message{Subject: who + " answers: " + t.Subject, LinkText: "Read and answer", Text: []string{who + " writes to " + yours + ":"}}
	if first {
		m.Subject = who + " asks to talk: " + t.Subject
	}
	m.Text = append(m.Text, strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })...)
	return w.tellTalk(t, m)
}

// yours is what the side that is told calls itself.
func (w *writer) yours(t *Talk) (string, error) {
	other, err := w.c.party(w.tx, t.Partner(w.actor.Org))
	if other.Body != nil {
		return "your organisation", err
	}
	return "your council", err
}

// tellTalk tells the other side of a talk.
func (w *writer) tellTalk(t *Talk, m Message) error {
	who, err := w.c.label(w.tx, w.actor.Org)
	if err != nil {
		return err
	}
	yours, err := w.yours(t)
	if err != nil {
		return err
	}
	m.Link, m.Why = "/talks/"+t.ID, "You are told because "+who+" and "+yours+" talk about '"+t.Subject+"'."
	return w.tell([]string{t.Partner(w.actor.Org)}, RoleContributor, m)
}

// AnswerTalk writes a message in a talk of the actor's council or body. form names the form that sends it: sent twice, it writes
// once.
func (c *Catalogue) AnswerTalk(ctx context.Context, actor Actor, id, form, text string) (*Talk, error) {
	return c.changeTalk(ctx, actor, id, func(w *writer, t *Talk) error { return w.say(t, form, text) })
}

// ShareAddress is the actor's own yes to being named, with its e-mail address, to the other side of a talk: once an
// officer of each has said yes, each sees the other's. It cannot be taken back: what was seen stays seen.
func (c *Catalogue) ShareAddress(ctx context.Context, actor Actor, id string) (*Talk, error) {
	return c.changeTalk(ctx, actor, id, func(w *writer, t *Talk) error {
		if slices.ContainsFunc(t.Consents, func(s TalkConsent) bool { return s.Council == actor.Org && s.Account == actor.Account }) {
			return nil
		}
		if t.State == TalkClosed {
			return conflict("This talk is closed. You can ask to talk again")
		}
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		yours, err := w.yours(t)
		if err != nil {
			return err
		}
		shared := t.shares()
		t.Consents = append(t.Consents, TalkConsent{Council: actor.Org, Account: actor.Account, At: w.now})
		t.Latest = w.now
		m := Message{Subject: who + " would share addresses: " + t.Subject, LinkText: "Answer",
			Text: []string{who + " is ready to tell you the name and the address of the officer to write to. You see them once an officer of " + yours + " agrees to the same."}}
		switch {
		case t.shares():
			t.State, t.Turn = TalkSharing, ""
			m.Subject, m.LinkText = "You can write to each other: "+t.Subject, "See whom to write to"
			m.Text = []string{who + " agrees to share addresses. The talk shows whom to write to, to officers of the two of you alone."}
		case !shared:
			t.Turn = t.Partner(actor.Org)
		}
		if err := w.put(t); err != nil {
			return err
		}
		return w.tellTalk(t, m)
	})
}

// CloseTalk ends a talk for both sides; the reason may be left out. Closing again does nothing.
func (c *Catalogue) CloseTalk(ctx context.Context, actor Actor, id, reason string) (*Talk, error) {
	return c.changeTalk(ctx, actor, id, func(w *writer, t *Talk) error {
		if t.State == TalkClosed {
			return nil
		}
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		t.State, t.Turn, t.ClosedBy, t.Reason, t.Latest = TalkClosed, "", actor.Org, strings.TrimSpace(reason), w.now
		if err := w.put(t); err != nil {
			return err
		}
		m := Message{Subject: who + " closed the talk: " + t.Subject, LinkText: "See the talk", Text: []string{who + " has closed the talk about '" + t.Subject + "'."}}
		if t.Reason != "" {
			m.Text = append(m.Text, "Its reason: "+t.Reason)
		}
		return w.tellTalk(t, m)
	})
}

// changeTalk runs fn on a whole talk that the actor is in; fn puts what it changes.
func (c *Catalogue) changeTalk(ctx context.Context, actor Actor, id string, fn func(*writer, *Talk) error) (*Talk, error) {
	var out *Talk
	err := c.write(ctx, actor, AskToTalk, func(w *writer) (err error) {
		if out, err = w.talk(id); err != nil {
			return err
		}
		return fn(w, out)
	})
	return talkFor(out, actor, err)
}

// talkFor is a talk that was written as its actor may see it.
func talkFor(t *Talk, actor Actor, err error) (*Talk, error) {
	if err != nil {
		return nil, err
	}
	seen, ok := t.sees(actor)
	if !ok {
		return nil, notFound(string(KindTalk))
	}
	return seen.(*Talk), nil
}

// OpenTalk is the ID of the open talk of the actor's council about two intentions; empty where there is none.
func (c *Catalogue) OpenTalk(ctx context.Context, actor Actor, intention, other string) (id string, err error) {
	err = c.view(ctx, func(tx kv.Tx) (err error) {
		id, err = c.talkAbout(tx, actor, &Talk{Intention: intention, Other: other})
		return err
	})
	return id, err
}

// talkAbout is the ID of the open talk that the actor is in about the same as another; empty where there is none.
func (c *Catalogue) talkAbout(tx kv.Tx, actor Actor, same *Talk) (string, error) {
	ids, err := lookup(tx, append([]string{"talk.pair"}, same.pair()...)...)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	if _, err := load[*Talk](c, tx, actor, KindTalk, ids[0]); err != nil {
		if KindOf(err) == NotFound {
			return "", nil
		}
		return "", err
	}
	return ids[0], nil
}

// Contact is an officer whom the other side of a talk may write to.
type Contact struct {
	Council string // code or ID of the officer's side
	Name    string // empty: not stated
	Email   string
}

// TalkView is what a talk's page shows.
type TalkView struct {
	Talk     *Talk
	From, To Party
	About    *Intention // of the council that asked; nil where the actor may not see it any more
	Other    *Intention // of the council that was asked; the same
	Example  *Example   // that it is about, where it is about one; the same
	Offer    *Offer     // that it is about, instead of the two; the same
	Contacts []Contact  // of both, once an officer of each has said yes
	MySelf   bool       // the actor itself has said yes
}

// Talk reads a talk's page.
func (c *Catalogue) Talk(ctx context.Context, actor Actor, id string) (*TalkView, error) {
	v := &TalkView{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*v = TalkView{}
		item, err := readItem(tx, Key{KindTalk, id})
		if err != nil {
			return err
		}
		whole, ok := item.(*Talk)
		if !ok {
			return notFound(string(KindTalk))
		}
		if v.Talk, err = talkFor(whole, actor, nil); err != nil {
			return err
		}
		if v.From, err = c.party(tx, whole.From); err != nil {
			return err
		}
		if v.To, err = c.party(tx, whole.To); err != nil {
			return err
		}
		for _, of := range []struct {
			to *(*Intention)
			id string
		}{{&v.About, whole.Intention}, {&v.Other, whole.Other}} {
			in, err := load[*Intention](c, tx, actor, KindIntention, of.id)
			if err != nil && KindOf(err) != NotFound {
				return err
			}
			*of.to = in
		}
		if v.Example, err = load[*Example](c, tx, actor, KindExample, whole.Example); err != nil && KindOf(err) != NotFound {
			return err
		}
		if v.Offer, err = load[*Offer](c, tx, actor, KindOffer, whole.Offer); err != nil && KindOf(err) != NotFound {
			return err
		}
		err = nil
		for _, s := range whole.Consents {
			v.MySelf = v.MySelf || s.Council == actor.Org && s.Account == actor.Account
		}
		if whole.shares() {
			v.Contacts, err = contacts(tx, whole)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// contacts are those who said yes and are still officers of their side.
func contacts(tx kv.Tx, t *Talk) ([]Contact, error) {
	var out []Contact
	for _, s := range t.Consents {
		item, err := readItem(tx, Key{KindAccount, s.Account})
		if err != nil {
			return nil, err
		}
		if a, ok := item.(*Account); ok && !a.Disabled && a.Actor("").Of(s.Council) {
			out = append(out, Contact{Council: s.Council, Name: a.Name, Email: a.Email})
		}
	}
	return out, nil
}

// TalksMost is how many talks of a council or body are listed: the latest that began.
const TalksMost = 200

// Talks lists the talks of the actor's council or body: those that wait for its word, then the other open ones, then the closed
// ones, each the latest first.
func (c *Catalogue) Talks(ctx context.Context, actor Actor) ([]*Talk, error) {
	if !MayDo(actor, AskToTalk) {
		return nil, nil
	}
	var out []*Talk
	err := c.view(ctx, func(tx kv.Tx) error {
		ids, err := lookup(tx, "talk.council", actor.Org)
		if err != nil {
			return err
		}
		out, err = c.talksBy(tx, actor, ids[max(0, len(ids)-TalksMost):])
		return err
	})
	slices.SortStableFunc(out, func(a, b *Talk) int {
		return cmp.Or(cmp.Compare(a.place(actor.Org), b.place(actor.Org)), b.Latest.Compare(a.Latest))
	})
	return out, err
}

// place is where one of the sides lists a talk: what waits for it first.
func (t *Talk) place(org string) int {
	switch {
	case t.State == TalkClosed:
		return 2
	case t.Turn == org:
		return 0
	}
	return 1
}

// waitingTalks lists the talks that wait for the word of the actor's council or body.
func (c *Catalogue) waitingTalks(tx kv.Tx, actor Actor) ([]string, error) {
	if !MayDo(actor, AskToTalk) {
		return nil, nil
	}
	return lookup(tx, "talk.waits", actor.Org)
}

// talksBy reads talks by ID through an actor's eyes.
func (c *Catalogue) talksBy(tx kv.Tx, actor Actor, ids []string) ([]*Talk, error) {
	out := make([]*Talk, 0, len(ids))
	for _, id := range ids {
		t, err := load[*Talk](c, tx, actor, KindTalk, id)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}
