package catalogue

import (
	"cmp"
	"context"
	"slices"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// What is known of councils' ends: the register's rows, and in their place what the operator recorded since.

// ReorganisationRow is what is known of one council's end in one area.
type ReorganisationRow struct {
	register.Reorganisation
	Council *Council
	Record  *Vesting // what the operator recorded; nil: as the register has it
	Heir    *Council // the council that took its place here; nil: none has
}

// Version is that of the operator's record; 0 where there is none.
func (r ReorganisationRow) Version() uint64 {
	if r.Record == nil {
		return 0
	}
	return r.Record.Version
}

// stored is the operator's record as an Item; nil where there is none.
func (r ReorganisationRow) stored() Item {
	if r.Record == nil {
		return nil
	}
	return r.Record
}

// ReorganisedArea is the councils of an area that is reorganised together, by name.
type ReorganisedArea struct {
	Area string
	Rows []ReorganisationRow
}

// Version is the greatest of its records.
func (a ReorganisedArea) Version() uint64 {
	var seen uint64
	for _, r := range a.Rows {
		seen = max(seen, r.Version())
	}
	return seen
}

// Reorganisations lists all areas that are reorganised, by name. They are public.
func (c *Catalogue) Reorganisations(ctx context.Context) (out []ReorganisedArea, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		var records []*Vesting
		if err := c.each(tx, KindVesting, func(item Item) error {
			records = append(records, item.(*Vesting))
			return nil
		}); err != nil {
			return err
		}
		rows, err := c.reorganisationRows(tx, c.register.Reorganisations(), records)
		out = nil
		for _, r := range rows {
			if n := len(out); n == 0 || out[n-1].Area != r.Area {
				out = append(out, ReorganisedArea{Area: r.Area})
			}
			last := &out[len(out)-1]
			last.Rows = append(last.Rows, r)
		}
		return err
	})
	return out, err
}

// ReorganisationIn is what is known of the councils of an area; NotFound where it is not reorganised.
func (c *Catalogue) ReorganisationIn(ctx context.Context, area string) (*ReorganisedArea, error) {
	out := &ReorganisedArea{Area: area}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out.Rows, err = c.reorganisationIn(tx, area)
		if err == nil && len(out.Rows) == 0 {
			return notFound("area")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ReorganisationOf is what is known of a council's end, by area; none for most unitary councils.
func (c *Catalogue) ReorganisationOf(ctx context.Context, council string) (out []ReorganisationRow, err error) {
	err = c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = c.reorganisationOf(tx, council)
		return err
	})
	return out, err
}

func (c *Catalogue) reorganisationOf(tx kv.Tx, council string) ([]ReorganisationRow, error) {
	records, err := listed[*Vesting](c, tx, Anonymous(), KindVesting, "vesting.council", council)
	if err != nil {
		return nil, err
	}
	return c.reorganisationRows(tx, c.register.ReorganisationOf(council), records)
}

func (c *Catalogue) reorganisationIn(tx kv.Tx, area string) ([]ReorganisationRow, error) {
	records, err := listed[*Vesting](c, tx, Anonymous(), KindVesting, "vesting.area", area)
	if err != nil {
		return nil, err
	}
	return c.reorganisationRows(tx, c.register.ReorganisationIn(area), records)
}

// reorganisationRows puts the operator's records in the place of the register's rows, by area and council's name.
func (c *Catalogue) reorganisationRows(tx kv.Tx, known []register.Reorganisation, records []*Vesting) ([]ReorganisationRow, error) {
	newer := map[string]bool{}
	for _, v := range records {
		newer[v.ID] = true
	}
	var rows []ReorganisationRow
	for _, r := range known {
		if !newer[VestingID(r.CouncilGSS, r.Area)] {
			rows = append(rows, ReorganisationRow{Reorganisation: r})
		}
	}
	for _, v := range records {
		rows = append(rows, ReorganisationRow{Reorganisation: v.reorganisation(""), Record: v})
	}
	for i := range rows {
		r := &rows[i]
		council, ok, err := c.councilIn(tx, r.CouncilGSS)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, notFound(string(KindCouncil))
		}
		r.Council, r.CouncilName = council, council.Name
		item, err := readItem(tx, Key{KindSuccession, r.CouncilGSS})
		if err != nil {
			return nil, err
		}
		if s, ok := item.(*Succession); ok && s.Stands() {
			if r.Heir, _, err = c.councilIn(tx, s.To); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b ReorganisationRow) int {
		return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.CouncilName, b.CouncilName))
	})
	return rows, nil
}
