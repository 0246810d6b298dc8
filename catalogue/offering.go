package catalogue

import (
	"context"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// SaveOffer stores a new offer of the actor's council or body, or a new state of one that stands; Version is the one the actor
// read, and Conflict says that somebody else saved in between. The same form sent twice answers with the record that the
// first made. Saving confirms it. Those whose open offers fit it and who may see it are told, each once.
func (c *Catalogue) SaveOffer(ctx context.Context, actor Actor, o Offer) (*Offer, error) {
	if o.ID == "" {
		o.ID = NewID()
	}
	o.Title, o.Text = strings.TrimSpace(o.Title), strings.TrimSpace(o.Text)
	var out *Offer
	err := c.write(ctx, actor, KeepOffers, func(w *writer) error {
		next := o // this may run more than once
		item, err := readItem(w.tx, next.Key())
		if err != nil {
			return err
		}
		old, there := item.(*Offer)
		switch {
		case there && !old.mine(actor):
			return notFound(string(KindOffer))
		case there && next.Version == 0:
			out = old
			return nil
		case there && old.End != nil:
			return conflict("This was closed. Open it again before you change it")
		case there:
			next.Council, next.Body, next.Told, next.Direction = old.Council, old.Body, old.Told, old.Direction
		default:
			next.Told, next.End = nil, nil
			next.ownedBy(actor)
		}
		next.Confirmed = w.now
		if next.Demonstration, err = c.isInvented(w.tx, next.Of()); err != nil {
			return err
		}
		if !(there && old.Until == next.Until) && !next.Until.IsZero() && next.Until.Last().Before(c.Today()) {
			return invalid(string(KindOffer), "until", "The last day must be today or later")
		}
		out = &next
		return w.putOffer(out)
	})
	return offerFor(out, actor, err)
}

// offerFor is an offer that was written as its actor may see it.
func offerFor(o *Offer, actor Actor, err error) (*Offer, error) {
	if err != nil {
		return nil, err
	}
	seen, ok := o.sees(actor)
	if !ok {
		return nil, notFound(string(KindOffer))
	}
	return seen.(*Offer), nil
}

// ownedBy makes an offer one of the actor's council or body.
func (o *Offer) ownedBy(actor Actor) {
	o.Council, o.Body = actor.Org, ""
	if actor.OrgKind == OrgBody {
		o.Council, o.Body = "", actor.Org
	}
}

// CheckOffer says all that the rules find wrong with what an offer says, without storing it; nil where it could be saved.
func (c *Catalogue) CheckOffer(ctx context.Context, actor Actor, o Offer) error {
	if err := permit(actor, KeepOffers); err != nil {
		return err
	}
	o.ownedBy(actor)
	return c.view(ctx, func(tx kv.Tx) error { return c.validate(tx, &o) })
}

// mine says that an actor belongs to whoever the offer is of.
func (o *Offer) mine(a Actor) bool { return a.Of(o.Of()) }

// OpenTo says that an actor may change the offer: what pages ask before they offer it.
func (o *Offer) OpenTo(a Actor) bool { return MayDo(a, KeepOffers) && o.mine(a) }

// OpenToTalk says that an actor may ask to talk about the offer while it stands: what pages ask before they offer it. One of
// the two is a council.
func (o *Offer) OpenToTalk(a Actor) bool {
	return MayDo(a, AskToTalk) && !o.mine(a) && (o.Body == "" || a.OrgKind == OrgCouncil)
}

// toldTo says that whoever a fitting offer is of may be told of this one: bodies hear of what is public.
func (o *Offer) toldTo(other *Offer) bool { return other.Body == "" || o.Audience == Public }

// putOffer puts an offer and tells those whom it fits.
func (w *writer) putOffer(o *Offer) error {
	var fits []*Offer
	if o.Audience != Own && !o.Ended(w.c.Today()) {
		var err error
		if fits, err = w.c.fitting(w.tx, AnyCouncil(), o); err != nil {
			return err
		}
	}
	var tell []string
	for _, f := range fits {
		if of := f.Of(); o.toldTo(f) && !slices.Contains(o.Told, of) && !slices.Contains(tell, of) && len(tell) < maxMembers {
			tell = append(tell, of)
		}
	}
	o.Told = append(slices.Clone(o.Told), tell...)
	if err := w.put(o); err != nil || len(tell) == 0 {
		return err
	}
	who, err := w.c.label(w.tx, o.Of())
	if err != nil {
		return err
	}
	m := Message{Subject: who + " offers what you seek: " + o.Title, Text: []string{who + " offers " + lowerWord(o.Role.Words()) + ": '" + o.Title + "'. It fits what you seek."}, LinkText: "See it and ask to talk",
		Link: "/offers/" + o.ID, Why: "You are told once, because you seek the same kind of work in the same months."}
	if o.Direction == Seeking {
		m.Subject = who + " seeks what you offer: " + o.Title
		m.Text = []string{who + " seeks " + lowerWord(o.Role.Words()) + ": '" + o.Title + "'. It fits what you offer."}
		m.Why = "You are told once, because you offer the same kind of work in the same months."
	}
	return w.tell(tell, RoleContributor, m)
}

// lowerWord is a name within a sentence.
func lowerWord(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// fitsMost is how many open offers of one role and direction are looked at: the newest.
const fitsMost = 500

// fitting lists the open offers that fit one, as an actor sees them, the newest first.
func (c *Catalogue) fitting(tx kv.Tx, actor Actor, o *Offer) ([]*Offer, error) {
	ids, err := lookup(tx, "offer.open", string(o.Role), string(o.Direction.Opposite()))
	if err != nil {
		return nil, err
	}
	slices.Reverse(ids)
	today := c.Today()
	var out []*Offer
	for _, id := range ids[:min(len(ids), fitsMost)] {
		item, err := readItem(tx, Key{KindOffer, id})
		if err != nil {
			return nil, err
		}
		other, ok := item.(*Offer)
		if !ok || other.Ended(today) || !o.Fits(other) {
			continue
		}
		if seen, ok := other.sees(actor); ok {
			out = append(out, seen.(*Offer))
		}
	}
	return out, nil
}

// CloseOffer ends an offer: somebody was found, or it is taken back. The reason may be left out. Closing again does
// nothing.
func (c *Catalogue) CloseOffer(ctx context.Context, actor Actor, id string, filled bool, reason string) (*Offer, error) {
	return c.changeOffer(ctx, actor, id, func(w *writer, o *Offer) error {
		if o.End != nil {
			return nil
		}
		o.End = &OfferEnd{At: w.now, Filled: filled, Reason: strings.TrimSpace(reason)}
		return w.put(o)
	})
}

// ReopenOffer makes an offer that was closed stand again, and confirms it. One whose time is over is changed first.
func (c *Catalogue) ReopenOffer(ctx context.Context, actor Actor, id string) (*Offer, error) {
	return c.changeOffer(ctx, actor, id, func(w *writer, o *Offer) error {
		if o.End == nil {
			return nil
		}
		o.End, o.Confirmed = nil, w.now
		return w.putOffer(o)
	})
}

// ConfirmOffers says of offers that all of them still holds.
func (c *Catalogue) ConfirmOffers(ctx context.Context, actor Actor, ids []string) (Bulk, error) {
	today := c.Today()
	return c.inBulk(ctx, actor, KeepOffers, ids, func(w *writer) (func(string) error, error) {
		return func(id string) error {
			o, err := w.ownOffer(id)
			if err != nil {
				return err
			}
			if o.Ended(today) {
				return invalid(string(KindOffer), "until", "It is closed, or its time is over")
			}
			if !confirmedNow(&o.Confirmed, w.now, today) {
				return nil
			}
			return w.put(o)
		}, nil
	})
}

// ownOffer is a whole offer of the actor's own, with what the actor itself does not see of it.
func (w *writer) ownOffer(id string) (*Offer, error) {
	item, err := readItem(w.tx, Key{KindOffer, id})
	if err != nil {
		return nil, err
	}
	o, ok := item.(*Offer)
	if !ok {
		return nil, notFound(string(KindOffer))
	}
	return o, allow(w.actor, KeepOffers, o, o)
}

// changeOffer runs fn on an offer of the actor's own; fn puts what it changes.
func (c *Catalogue) changeOffer(ctx context.Context, actor Actor, id string, fn func(*writer, *Offer) error) (*Offer, error) {
	var out *Offer
	err := c.write(ctx, actor, KeepOffers, func(w *writer) (err error) {
		if out, err = w.ownOffer(id); err != nil {
			return err
		}
		return fn(w, out)
	})
	return offerFor(out, actor, err)
}

// openOffers lists the offers of the actor's council that stand.
func (c *Catalogue) openOffers(tx kv.Tx, actor Actor) ([]*Offer, error) {
	if actor.OrgKind != OrgCouncil || actor.Org == "" {
		return nil, nil
	}
	own, err := listed[*Offer](c, tx, actor, KindOffer, "offer.council", actor.Org)
	today := c.Today()
	return slices.DeleteFunc(own, func(o *Offer) bool { return o.Ended(today) }), err
}

// OffersOf lists the offers of a council or a body that an actor sees, those that stand first, then the latest changed.
func (c *Catalogue) OffersOf(ctx context.Context, actor Actor, org string) ([]*Offer, error) {
	var out []*Offer
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = listed[*Offer](c, tx, actor, KindOffer, "offer.council", org)
		return err
	})
	today := c.Today()
	slices.SortStableFunc(out, func(a, b *Offer) int {
		if a.Ended(today) != b.Ended(today) {
			if b.Ended(today) {
				return -1
			}
			return 1
		}
		return b.Changed.Compare(a.Changed)
	})
	return out, err
}

// OfferRow is an offer with whose it is.
type OfferRow struct {
	Offer *Offer
	Of    Party
}

// OfferView is what an offer's page shows.
type OfferView struct {
	OfferRow
	Fits []OfferRow // open ones that the actor sees and that fit it, the newest first; at most OfferFits
	Talk string     // ID of the open talk of the actor's council or body about it; empty: none

	OtherWorld string // why the actor cannot ask to talk: one of the two is invented, for the demonstration; empty: it can
}

// OfferFits is how many offers that fit one are shown beside it.
const OfferFits = 20

// Offer reads an offer's page.
func (c *Catalogue) Offer(ctx context.Context, actor Actor, id string) (*OfferView, error) {
	var v *OfferView
	err := c.view(ctx, func(tx kv.Tx) error {
		o, err := load[*Offer](c, tx, actor, KindOffer, id)
		if err != nil {
			return err
		}
		v = &OfferView{}
		if v.OfferRow, err = c.offerRow(tx, o); err != nil {
			return err
		}
		if !o.Ended(c.Today()) {
			fits, err := c.fitting(tx, actor, o)
			if err != nil {
				return err
			}
			for _, f := range fits[:min(len(fits), OfferFits)] {
				row, err := c.offerRow(tx, f)
				if err != nil {
					return err
				}
				v.Fits = append(v.Fits, row)
			}
		}
		invented, err := c.isInvented(tx, actor.Org)
		if err != nil {
			return err
		}
		if actor.Org != "" && invented != o.Demonstration {
			v.OtherWorld = otherWorld(invented)
		}
		v.Talk, err = c.talkAbout(tx, actor, &Talk{From: actor.Org, Offer: id})
		return err
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (c *Catalogue) offerRow(tx kv.Tx, o *Offer) (OfferRow, error) {
	of, err := c.party(tx, o.Of())
	return OfferRow{o, of}, err
}
