package catalogue

import (
	"context"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// How long what a record says is taken to hold, in months.
const (
	intentionHolds      = 6  // from the council's word
	useHolds            = 18 // from the council's word, else from the public record
	contractHolds       = 12 // from the council's word
	contractRecordHolds = 36 // from the public record of a contract that states no end
	frameworkHolds      = 6  // from when the operator looked
	offerHolds          = 3  // from the council's word: people are busy again soon
)

// StaleFrom is the day from which a record may be out of date; zero: never. What ends by itself, and what nobody dated,
// is not called out of date.
func StaleFrom(item Item) time.Time {
	switch it := item.(type) {
	case *Intention:
		return monthsAfter(it.Confirmed, intentionHolds)
	case *Offer:
		if it.End != nil {
			return time.Time{}
		}
		return monthsAfter(it.Confirmed, offerHolds)
	case *Use:
		if !it.Confirmed.IsZero() {
			return monthsAfter(it.Confirmed, useHolds)
		}
		return monthsAfter(it.Source.Date.Last(), useHolds)
	case *Framework:
		return monthsAfter(it.Checked.First(), frameworkHolds)
	case *Contract:
		switch {
		case !it.Confirmed.IsZero():
			return monthsAfter(it.Confirmed, contractHolds)
		case it.End.IsZero():
			return monthsAfter(it.Source.Date.Last(), contractRecordHolds)
		}
	}
	return time.Time{}
}

// StaleOn says that a record may be out of date on a day.
func StaleOn(item Item, day time.Time) bool {
	from := StaleFrom(item)
	return !from.IsZero() && !day.Before(from)
}

// monthsAfter is the day so many months after a moment; zero after none.
func monthsAfter(t time.Time, months int) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return DateOf(t).AddMonths(months).First()
}

// KnownUse is a use with its platform.
type KnownUse struct {
	*Use
	Platform *Platform
}

// ToConfirm is what a council is asked about: is it still right?
type ToConfirm struct {
	Council    *Council
	Contracts  []EstateRow  // see Estate.Unconfirmed
	Uses       []KnownUse   // stale, or only seen in a public record
	Intentions []*Intention // open and stale
	Offers     []*Offer     // open and stale
}

// Len is how much is due.
func (d *ToConfirm) Len() int {
	return len(d.Contracts) + len(d.Uses) + len(d.Intentions) + len(d.Offers)
}

// ToConfirm reads what is due for the word of the actor's council; NotFound for whoever is of none.
func (c *Catalogue) ToConfirm(ctx context.Context, actor Actor) (*ToConfirm, error) {
	var out *ToConfirm
	err := c.view(ctx, func(tx kv.Tx) error {
		e := &Estate{}
		if err := c.readEstate(tx, actor, e); err != nil {
			return err
		}
		out = &ToConfirm{Council: e.Council, Contracts: e.Unconfirmed(c.Now())}
		return c.dueBeside(tx, actor, out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ToConfirmBeside is what is due beside the contracts of an estate, which is read already.
func (c *Catalogue) ToConfirmBeside(ctx context.Context, actor Actor, e *Estate) (*ToConfirm, error) {
	var out *ToConfirm
	err := c.view(ctx, func(tx kv.Tx) error {
		out = &ToConfirm{Council: e.Council, Contracts: e.Unconfirmed(c.Now())}
		return c.dueBeside(tx, actor, out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// dueBeside adds the uses and intentions that are due.
func (c *Catalogue) dueBeside(tx kv.Tx, actor Actor, out *ToConfirm) error {
	today := c.Today()
	intentions, err := c.openIntentions(tx, actor)
	if err != nil {
		return err
	}
	out.Intentions = slices.DeleteFunc(intentions, func(in *Intention) bool { return !StaleOn(in, today) })
	if out.Offers, err = c.openOffers(tx, actor); err != nil {
		return err
	}
	out.Offers = slices.DeleteFunc(out.Offers, func(o *Offer) bool { return !StaleOn(o, today) })
	out.Uses, err = c.ownUses(tx, actor)
	out.Uses = slices.DeleteFunc(out.Uses, func(u KnownUse) bool { return !u.Confirmed.IsZero() && !StaleOn(u.Use, today) })
	return err
}

// ConfirmIntentions says of open intentions that all of them is still right.
func (c *Catalogue) ConfirmIntentions(ctx context.Context, actor Actor, ids []string) (Bulk, error) {
	today := c.Today()
	return changeMany(ctx, c, actor, ListIntention, KindIntention, ids, func(w *writer, in *Intention) (bool, error) {
		if in.Ended(today) {
			return false, invalid(string(KindIntention), "window_end", "It is withdrawn, or its months are over")
		}
		return confirmedNow(&in.Confirmed, w.now, today), nil
	})
}

// ConfirmUses says of uses, by their IDs, that the council still runs the platforms.
func (c *Catalogue) ConfirmUses(ctx context.Context, actor Actor, ids []string) (Bulk, error) {
	today := c.Today()
	return changeMany(ctx, c, actor, RecordUse, KindUse, ids, func(w *writer, u *Use) (bool, error) {
		return u.confirm(w.now, today), nil
	})
}

// confirmedNow sets when a council last gave its word; false where that was today: the form was sent twice.
func confirmedNow(confirmed *time.Time, now, today time.Time) bool {
	if !confirmed.IsZero() && !confirmed.Before(today) {
		return false
	}
	*confirmed = now
	return true
}
