package catalogue

import (
	"context"
	"sync"
	"time"

	"jointly/catalogue/kv"
)

// keptMarkets are the markets as of the last change of the store: they are read of every use and every contract that runs, and
// are the same for whoever may see them.
type keptMarkets struct {
	sync.Mutex
	seq uint64
	day time.Time
	all map[string]*Market // nil: not read yet; never changed once it is here
}

// Market is the market of one capability, for officers of councils and the operator, with the contracts that end soonest:
// at most so many.
func (c *Catalogue) Market(ctx context.Context, actor Actor, capability string, most int) (*Market, error) {
	if _, ok := c.dictionary.Capability(capability); !ok {
		return nil, notFound("capability")
	}
	all, err := c.Markets(ctx, actor)
	if err != nil {
		return nil, err
	}
	if all[capability] == nil {
		return &Market{Capability: capability}, nil
	}
	m := *all[capability]
	err = c.view(ctx, func(tx kv.Tx) error {
		var contracts []*Contract
		for _, id := range m.ending[:min(len(m.ending), most)] {
			k, err := load[*Contract](c, tx, AnyCouncil(), KindContract, id)
			if KindOf(err) == NotFound {
				continue // it went since
			}
			if err != nil {
				return err
			}
			contracts = append(contracts, k)
		}
		var err error
		if m.Ends, err = c.contractRows(tx, AnyCouncil(), contracts...); err != nil {
			return err
		}
		SortByEnd(m.Ends, c.Today())
		return nil
	})
	return &m, err
}

// Markets are the markets of all capabilities for which a council is seen with something, by capability, without their
// contracts. They are not for changing: others read them too.
func (c *Catalogue) Markets(ctx context.Context, actor Actor) (map[string]*Market, error) {
	if !actor.councils() {
		return nil, forbidden("This page is for councils' officers")
	}
	c.markets.Lock()
	defer c.markets.Unlock()
	seq, err := c.Seq(ctx)
	if err != nil {
		return nil, err
	}
	today := c.Today()
	if c.markets.all != nil && c.markets.seq == seq && c.markets.day.Equal(today) {
		return c.markets.all, nil
	}
	all, err := c.readMarkets(ctx, today)
	if err != nil {
		return nil, err
	}
	c.markets.seq, c.markets.day, c.markets.all = seq, today, all
	return all, nil
}

// readMarkets reads through the eyes of any council, so that no council's page tells what only its own people see.
func (c *Catalogue) readMarkets(ctx context.Context, today time.Time) (map[string]*Market, error) {
	out := map[string]*Market{}
	err := c.view(ctx, func(tx kv.Tx) error {
		r := marketReader{c: c, tx: tx, tallies: map[string]*tally{}, platforms: map[string]*Platform{}, suppliers: map[string]*Supplier{}, today: today}
		if err := r.uses(); err != nil {
			return err
		}
		if err := r.contracts(); err != nil {
			return err
		}
		clear(out)
		for id, t := range r.tallies {
			out[id] = t.done()
		}
		return nil
	})
	return out, err
}
