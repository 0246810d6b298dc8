package catalogue

import (
	"context"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// SaveOffer stores a new offer of the actor's council, or a new state of one that stands; Version is the one the actor
// read, and Conflict says that somebody else saved in between. The same form sent twice answers with the record that the
// first made. Saving confirms it. The councils whose open offers fit it are told, each once.
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
			next.Council, next.Told, next.Direction = old.Council, old.Told, old.Direction
		default:
			next.Council, next.Told, next.End = actor.Org, nil, nil
		}
		next.Confirmed, next.Demonstration = w.now, c.demonstration(next.Council)
		if !(there && old.Until == next.Until) && !next.Until.IsZero() && next.Until.Last().Before(c.Today()) {
			return invalid(string(KindOffer), "until", "The last day must be today or later")
		}
		out = &next
		return w.putOffer(out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// CheckOffer says all that the rules find wrong with what an offer says, without storing it; nil where it could be saved.
func (c *Catalogue) CheckOffer(ctx context.Context, actor Actor, o Offer) error {
	if err := permit(actor, KeepOffers); err != nil {
		return err
	}
	o.Council = actor.Org
	return c.view(ctx, func(tx kv.Tx) error { return c.validate(tx, &o) })
}

// mine says that an actor belongs to whoever the offer is of.
func (o *Offer) mine(a Actor) bool { return a.ForCouncil(o.Council) }

// OpenTo says that an actor may change the offer: what pages ask before they offer it.
func (o *Offer) OpenTo(a Actor) bool { return MayDo(a, KeepOffers) && o.mine(a) }

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
		if !slices.Contains(o.Told, f.Council) && !slices.Contains(tell, f.Council) && len(tell) < maxMembers {
			tell = append(tell, f.Council)
		}
	}
	o.Told = append(slices.Clone(o.Told), tell...)
	if err := w.put(o); err != nil || len(tell) == 0 {
		return err
	}
	who, err := w.c.label(w.tx, o.Council)
	if err != nil {
		return err
	}
	m := Message{Subject: who + " offers what you seek: " + o.Title, Text: []string{who + " offers " + lowerWord(o.Role.Words()) + ": '" + o.Title + "'. It fits what your council seeks."}, LinkText: "See it and ask to talk",
		Link: "/offers/" + o.ID, Why: "You are told once, because your council seeks the same kind of work in the same months."}
	if o.Direction == Seeking {
		m.Subject = who + " seeks what you offer: " + o.Title
		m.Text = []string{who + " seeks " + lowerWord(o.Role.Words()) + ": '" + o.Title + "'. It fits what your council offers."}
		m.Why = "You are told once, because your council offers the same kind of work in the same months."
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
	return changeMany(ctx, c, actor, KeepOffers, KindOffer, ids, func(w *writer, o *Offer) (bool, error) {
		if o.Ended(today) {
			return false, invalid(string(KindOffer), "until", "It is closed, or its time is over")
		}
		return confirmedNow(&o.Confirmed, w.now, today), nil
	})
}

// changeOffer runs fn on an offer of the actor's own; fn puts what it changes.
func (c *Catalogue) changeOffer(ctx context.Context, actor Actor, id string, fn func(*writer, *Offer) error) (*Offer, error) {
	var out *Offer
	err := c.write(ctx, actor, KeepOffers, func(w *writer) (err error) {
		if out, err = load[*Offer](c, w.tx, actor, KindOffer, id); err != nil {
			return err
		}
		if err := allow(actor, KeepOffers, out, out); err != nil {
			return err
		}
		return fn(w, out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
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

// OwnOffers lists the offers of the actor's council, those that stand first, then the latest changed.
func (c *Catalogue) OwnOffers(ctx context.Context, actor Actor) ([]*Offer, error) {
	if actor.OrgKind != OrgCouncil || actor.Org == "" {
		return nil, nil
	}
	var out []*Offer
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = listed[*Offer](c, tx, actor, KindOffer, "offer.council", actor.Org)
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
	Offer   *Offer
	Council *Council
}

// OfferView is what an offer's page shows.
type OfferView struct {
	OfferRow
	Fits []OfferRow // open ones that the actor sees and that fit it, the newest first; at most OfferFits
	Talk string     // ID of the open talk of the actor's council about it; empty: none
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
		v.Talk, err = c.talkAbout(tx, actor, &Talk{From: actor.Org, Offer: id})
		return err
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (c *Catalogue) offerRow(tx kv.Tx, o *Offer) (OfferRow, error) {
	council, _, err := c.councilIn(tx, o.Council)
	return OfferRow{o, council}, err
}
