package catalogue

import (
	"context"
	"slices"

	"jointly/catalogue/kv"
)

// FollowedSignal is a signal of which a person is told.
type FollowedSignal struct {
	Signal string `json:"signal"`
	Since  uint64 `json:"since"` // the last change before: what was told until then is not for the person
}

// mostFollowedSignals bounds what one account follows: it is one record.
const mostFollowedSignals = 100

// follows says that a person is told of a signal.
func (a *Account) follows(signal string) bool {
	return slices.ContainsFunc(a.Follows, func(f FollowedSignal) bool { return f.Signal == signal })
}

// FollowSignal tells the actor from now on of what changes in a published signal, or with yes false no more. Doing it
// twice is doing it once.
func (c *Catalogue) FollowSignal(ctx context.Context, actor Actor, id string, yes bool) error {
	return c.changeOwn(ctx, actor, func(w *writer, a *Account) error {
		if a.follows(id) == yes {
			return errSame
		}
		if !yes {
			a.Follows = slices.DeleteFunc(slices.Clone(a.Follows), func(f FollowedSignal) bool { return f.Signal == id })
			return nil
		}
		s, err := w.signal(id)
		switch {
		case err != nil:
			return err
		case !s.IsPublic():
			return conflict("Nobody can follow a signal that is not published")
		case len(a.Follows) >= mostFollowedSignals:
			return conflict("You follow 100 signals, which is the most: stop following one of them first")
		}
		a.Follows = append(slices.Clone(a.Follows), FollowedSignal{id, w.seq})
		return nil
	})
}

// FollowedSignals lists the signals that the actor follows, the latest followed first.
func (c *Catalogue) FollowedSignals(ctx context.Context, actor Actor) ([]SignalRow, error) {
	var out []SignalRow
	err := c.view(ctx, func(tx kv.Tx) error {
		out = nil
		a, err := ownAccount(tx, actor)
		if err != nil || a == nil {
			return err
		}
		for _, f := range slices.Backward(a.Follows) {
			item, err := readItem(tx, Key{KindSignal, f.Signal})
			if err != nil {
				return err
			}
			whole, ok := item.(*Signal)
			if !ok || !whole.IsPublic() {
				continue
			}
			row, err := c.signalRow(tx, actor, whole)
			if err != nil {
				return err
			}
			out = append(out, row)
		}
		return nil
	})
	return out, err
}

// signalsHeard lists the signals of which an actor is told, each with the number of the last change before it began to
// hear of it: those about which its supplier has asked, and those that its person follows.
func signalsHeard(tx kv.Tx, actor Actor) (map[string]uint64, error) {
	heard := map[string]uint64{}
	since := func(signal string, change uint64) {
		if before, known := heard[signal]; !known || change < before {
			heard[signal] = change
		}
	}
	a, err := ownAccount(tx, actor)
	if err != nil {
		return nil, err
	}
	if a != nil {
		for _, f := range a.Follows {
			since(f.Signal, f.Since)
		}
	}
	if actor.OrgKind != OrgSupplier || actor.Org == "" {
		return heard, nil
	}
	ids, err := lookup(tx, "question.supplier", actor.Org)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		item, err := readItem(tx, Key{KindQuestion, id})
		if err != nil {
			return nil, err
		}
		if q, ok := item.(*SignalQuestion); ok {
			since(q.Signal, q.Heard)
		}
	}
	return heard, nil
}

// hearers are the people who are told of a signal, each once: those who have asked about it, and those who follow it.
func hearers(tx kv.Tx, signal string) ([]*Account, error) {
	accounts, err := lookup(tx, "account.signal", signal)
	if err != nil {
		return nil, err
	}
	asked, err := lookup(tx, "question.signal", signal)
	if err != nil {
		return nil, err
	}
	for _, id := range asked {
		item, err := readItem(tx, Key{KindQuestion, id})
		if err != nil {
			return nil, err
		}
		if q, ok := item.(*SignalQuestion); ok && !slices.Contains(accounts, q.Account) {
			accounts = append(accounts, q.Account)
		}
	}
	var out []*Account
	for _, id := range accounts {
		item, err := readItem(tx, Key{KindAccount, id})
		if err != nil {
			return nil, err
		}
		if a, ok := item.(*Account); ok {
			out = append(out, a)
		}
	}
	return out, nil
}
