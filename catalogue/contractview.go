package catalogue

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// ContractRow is a contract with whose it is and the platform named in it.
type ContractRow struct {
	Contract *Contract
	Council  *Council
	Platform *Platform // nil where none is recognised
	Supplier *Supplier // nil where none is stated
}

// contractRows fills in what contracts name. Many name the same: each is read once.
func (c *Catalogue) contractRows(tx kv.Tx, actor Actor, contracts ...*Contract) ([]ContractRow, error) {
	councils, platforms, suppliers := map[string]*Council{}, map[string]*Platform{}, map[string]*Supplier{}
	rows := make([]ContractRow, 0, len(contracts))
	for _, k := range contracts {
		row := ContractRow{Contract: k}
		for _, err := range []error{
			readOnce(councils, k.Council, &row.Council, func(id string) (*Council, error) { return load[*Council](c, tx, actor, KindCouncil, id) }),
			readOnce(platforms, k.Platform, &row.Platform, func(id string) (*Platform, error) { return load[*Platform](c, tx, actor, KindPlatform, id) }),
			readOnce(suppliers, k.SupplierID, &row.Supplier, func(id string) (*Supplier, error) { return load[*Supplier](c, tx, actor, KindSupplier, id) }),
		} {
			if err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// readOnce sets out to the record with an ID, nil where there is none, and remembers it.
func readOnce[T any](known map[string]*T, id string, out **T, read func(id string) (*T, error)) error {
	found, ok := known[id]
	if !ok && id != "" {
		var err error
		if found, err = read(id); err != nil && KindOf(err) != NotFound {
			return err
		}
		known[id] = found
	}
	*out = found
	return nil
}

// SortByEnd puts what ends soonest first, then what does not say, then what has ended, latest first.
func SortByEnd(rows []ContractRow, today time.Time) {
	rank := func(k *Contract) int {
		switch {
		case k.End.IsZero():
			return 1
		case k.Ended(today):
			return 2
		}
		return 0
	}
	slices.SortStableFunc(rows, func(a, b ContractRow) int {
		x, y := a.Contract, b.Contract
		ends := x.End.Last().Compare(y.End.Last())
		if rank(x) == 2 {
			ends = -ends
		}
		return cmp.Or(cmp.Compare(rank(x), rank(y)), ends, cmp.Compare(x.Title, y.Title), cmp.Compare(x.ID, y.ID))
	})
}

// ContractView is what a contract's page shows.
type ContractView struct {
	ContractRow
	Others  []ContractRow // of the same council for the same capability
	PastEnd *PastEnd      // nil: it does not run past its council's end
	Was     []*Council    // that it was of before
}

// ContractView reads a contract's page.
func (c *Catalogue) ContractView(ctx context.Context, actor Actor, id string) (*ContractView, error) {
	v := &ContractView{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*v = ContractView{}
		k, err := load[*Contract](c, tx, actor, KindContract, id)
		if err != nil {
			return err
		}
		rows, err := c.contractRows(tx, actor, k)
		if err != nil {
			return err
		}
		v.ContractRow = rows[0]
		if v.PastEnd, err = c.contractPastEnd(tx, actor, k); err != nil {
			return err
		}
		for _, code := range k.Was {
			was, ok, err := c.councilIn(tx, code)
			if err != nil {
				return err
			}
			if ok {
				v.Was = append(v.Was, was)
			}
		}
		if k.Capability == "" {
			return nil
		}
		same, err := listed[*Contract](c, tx, actor, KindContract, "contract.need", k.Council, k.Capability)
		if err != nil {
			return err
		}
		same = slices.DeleteFunc(same, func(s *Contract) bool { return s.ID == k.ID })
		if v.Others, err = c.contractRows(tx, actor, same...); err != nil {
			return err
		}
		SortByEnd(v.Others, c.Today())
		return nil
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// SupplierView is what a supplier's page shows.
type SupplierView struct {
	Supplier  *Supplier
	Platforms []SimilarPlatform
	Contracts []ContractRow
	Councils  Seen // with a contract or using one of its platforms
}

// SupplierView reads a supplier's page.
func (c *Catalogue) SupplierView(ctx context.Context, actor Actor, id string) (*SupplierView, error) {
	v := &SupplierView{}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		*v = SupplierView{}
		if v.Supplier, err = load[*Supplier](c, tx, actor, KindSupplier, id); err != nil {
			return err
		}
		councils := map[string]bool{}
		platforms, err := listed[*Platform](c, tx, actor, KindPlatform, "platform.supplier", id)
		if err != nil {
			return err
		}
		for _, p := range platforms {
			uses, err := c.usesOf(tx, actor, p.ID)
			if err != nil {
				return err
			}
			using := map[string]bool{}
			for _, u := range uses {
				councils[u.Council.GSS], using[u.Council.GSS] = true, true
			}
			v.Platforms = append(v.Platforms, SimilarPlatform{Platform: p, Councils: c.seen(using)})
		}
		contracts, err := listed[*Contract](c, tx, actor, KindContract, "contract.supplier", id)
		if err != nil {
			return err
		}
		if v.Contracts, err = c.contractRows(tx, actor, contracts...); err != nil {
			return err
		}
		for _, k := range contracts {
			councils[k.Council] = true
		}
		SortByEnd(v.Contracts, c.Today())
		v.Councils = c.seen(councils)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}
