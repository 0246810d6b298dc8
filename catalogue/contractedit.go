package catalogue

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// SaveContract stores a contract that the actor's council adds by hand, or a new state of one of its contracts; Version
// is the one the actor read, and Conflict says that somebody else saved in between. The same form sent twice answers
// with the record that the first made. Saving confirms the contract. What public records told keeps its source and
// stays public; where the council says otherwise than they do, the contract says since when.
func (c *Catalogue) SaveContract(ctx context.Context, actor Actor, k Contract) (*Contract, error) {
	if k.ID == "" {
		k.ID = NewID()
	}
	if k.Council == "" {
		k.Council = actor.Org
	}
	var already *Contract
	err := c.write(ctx, actor, RecordContract, func(w *writer) error {
		already = nil
		old, err := readItem(w.tx, k.Key())
		if err != nil {
			return err
		}
		was, _ := old.(*Contract)
		if k.Version == 0 && was != nil && actor.ForCouncil(was.Council) {
			already = was
			return nil
		}
		w.edited(&k, was)
		return w.putDerived(&k)
	})
	if err != nil {
		return nil, err
	}
	if already != nil {
		return already, nil
	}
	return &k, nil
}

// CheckContract says all that SaveContract would find wrong with what a contract says, without storing it.
func (c *Catalogue) CheckContract(ctx context.Context, actor Actor, k Contract) error {
	k.ID, k.Council = cmp.Or(k.ID, NewID()), cmp.Or(k.Council, actor.Org)
	if err := permit(actor, RecordContract); err != nil {
		return err
	}
	return c.view(ctx, func(tx kv.Tx) error {
		old, err := readItem(tx, k.Key())
		if err != nil {
			return err
		}
		if err := allow(actor, RecordContract, &k, old); err != nil {
			return err
		}
		was, _ := old.(*Contract)
		(&writer{c: c, now: c.clock().UTC()}).edited(&k, was)
		return c.validate(tx, &k)
	})
}

// edited fills what the council's own word about a contract implies; was is the stored one, nil for a new one.
func (w *writer) edited(k, was *Contract) {
	k.Confirmed = w.now
	k.CapabilityConfirmed = k.Capability != ""
	if was == nil {
		k.Stage, k.Audience = StageAwarded, cmp.Or(k.Audience, Councils)
		k.Source = Source{Text: "Entered by the council itself", Date: DateOf(w.now.In(w.c.london)), Kind: enteredByHand}
		return
	}
	k.Ref, k.Stage, k.Source, k.Corrected = was.Ref, was.Stage, was.Source, was.Corrected
	if was.told() {
		k.Audience = Public
	}
	if k.Product != was.Product {
		k.Platform = "" // that of the other product
	}
	if !k.ByHand() && !k.saysLike(was) {
		k.Corrected = w.now
	}
}

// saysLike compares what records state; what only a council can say of a contract is no correction.
func (c *Contract) saysLike(o *Contract) bool {
	return c.Title == o.Title && c.Description == o.Description && c.Supplier == o.Supplier && c.Product == o.Product &&
		slices.Equal(c.CPV, o.CPV) && c.Value == o.Value && c.Start == o.Start && c.End == o.End &&
		c.ExtensionMonths == o.ExtensionMonths && c.Route == o.Route
}

// perWrite is how many records are changed in one transaction: each takes up to eight keys of a hundred.
const perWrite = 10

// Bulk is what a change of many records did.
type Bulk struct {
	Saved int              // changed, or right as they were
	Wrong map[string]error // by ID: what was refused, and stayed as it was
}

// changeContracts runs change on contracts of the actor's council: see changeMany.
func (c *Catalogue) changeContracts(ctx context.Context, actor Actor, ids []string, change func(*writer, *Contract) (bool, error)) (Bulk, error) {
	return changeMany(ctx, c, actor, RecordContract, KindContract, ids, change)
}

// changeMany runs change on records of the actor's council; change says whether it did anything. See inBulk.
func changeMany[T Item](ctx context.Context, c *Catalogue, actor Actor, action Action, kind Kind, ids []string, change func(*writer, T) (bool, error)) (Bulk, error) {
	return c.inBulk(ctx, actor, action, ids, func(w *writer) (func(string) error, error) {
		return func(id string) error { return changeOne(w, kind, id, change) }, nil
	})
}

// inBulk works through IDs in order, a few a transaction; begin reads what a transaction needs and gives what is done for
// each ID. What is wrong with one does not keep back the others; done a second time it changes nothing.
func (c *Catalogue) inBulk(ctx context.Context, actor Actor, action Action, ids []string, begin func(*writer) (func(id string) error, error)) (Bulk, error) {
	out := Bulk{Wrong: map[string]error{}}
	if err := permit(actor, action); err != nil {
		c.auditRefusal(actor, action, err)
		return out, err
	}
	for some := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(ids))), perWrite) {
		saved, wrong := 0, map[string]error{}
		err := c.write(ctx, actor, action, func(w *writer) error {
			saved = 0
			clear(wrong)
			one, err := begin(w)
			if err != nil {
				return err
			}
			for _, id := range some {
				err := one(id)
				switch KindOf(err) {
				case Invalid, NotFound, Forbidden:
					wrong[id] = err
					continue
				}
				if err != nil {
					return err
				}
				saved++
			}
			return nil
		})
		if err != nil {
			return out, err
		}
		out.Saved += saved
		maps.Copy(out.Wrong, wrong)
	}
	return out, nil
}

func changeOne[T Item](w *writer, kind Kind, id string, change func(*writer, T) (bool, error)) error {
	item, err := load[T](w.c, w.tx, w.actor, kind, id)
	if err != nil {
		return err
	}
	if err := allow(w.actor, w.action, item, item); err != nil {
		return err
	}
	if changed, err := change(w, item); !changed || err != nil {
		return err
	}
	return w.put(item)
}

// FillDates sets end dates of contracts that state none, by ID. A date that the rules refuse comes back in Wrong, and the
// others are saved.
func (c *Catalogue) FillDates(ctx context.Context, actor Actor, ends map[string]Date) (Bulk, error) {
	return c.changeContracts(ctx, actor, slices.Collect(maps.Keys(ends)), func(w *writer, k *Contract) (bool, error) {
		switch {
		case ends[k.ID].IsZero() || k.End == ends[k.ID]:
			return false, nil
		case !k.End.IsZero():
			return false, invalid(string(KindContract), "end_date", "It ends on "+k.End.Words()+" by now: change that on its own page")
		}
		was := *k
		k.End = ends[k.ID]
		w.edited(k, &was)
		k.CapabilityConfirmed = was.CapabilityConfirmed // nothing was said of it
		return true, nil
	})
}

// ConfirmCapabilities says what contracts are for, by ID: the guess confirmed, or another capability.
func (c *Catalogue) ConfirmCapabilities(ctx context.Context, actor Actor, capabilities map[string]string) (Bulk, error) {
	return c.changeContracts(ctx, actor, slices.Collect(maps.Keys(capabilities)), func(_ *writer, k *Contract) (bool, error) {
		said := strings.TrimSpace(capabilities[k.ID])
		if said == "" || k.CapabilityConfirmed && k.Capability == said {
			return false, nil
		}
		k.Capability, k.CapabilityConfirmed = said, true
		return true, nil
	})
}

// ConfirmContracts says of contracts that all of them is still right.
func (c *Catalogue) ConfirmContracts(ctx context.Context, actor Actor, ids []string) (Bulk, error) {
	today := c.Today()
	return c.changeContracts(ctx, actor, ids, func(w *writer, k *Contract) (bool, error) {
		return confirmedNow(&k.Confirmed, w.now, today), nil
	})
}
