package catalogue

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// EstateRow is one contract of a council's estate, with what is done about it.
type EstateRow struct {
	*Contract
	Next      Due
	Intention *Intention   // open, and made from this contract; nil for none
	Group     *BuyingGroup // that the intention is in; nil for none
	aYear     float64
}

// AYear is what the contract costs a year: see Contract.AYear. It is asked for many times, and worked out once.
func (r EstateRow) AYear() float64 { return r.aYear }

// InHand says that the council has begun to replace the contract.
func (r *EstateRow) InHand() bool { return r.Intention != nil }

// Estate is what a council has: its contracts that run, from its own register, from public records and by hand.
type Estate struct {
	Council *Council
	Rows    []EstateRow // that run; the soonest decision first, then the soonest end, then those that state no end
	Over    []EstateRow // ended, the latest first
}

// confirmEvery is how long a council's word that a contract is right holds.
const confirmEvery = 183 * 24 * time.Hour

// Estate reads the contracts of the actor's council, in one transaction; NotFound for whoever is of none.
func (c *Catalogue) Estate(ctx context.Context, actor Actor) (*Estate, error) {
	e := &Estate{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*e = Estate{}
		return c.readEstate(tx, actor, e)
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

func (c *Catalogue) readEstate(tx kv.Tx, actor Actor, e *Estate) error {
	if actor.OrgKind != OrgCouncil || actor.Org == "" {
		return notFound("estate")
	}
	var ok bool
	var err error
	if e.Council, ok, err = c.councilIn(tx, actor.Org); err != nil {
		return err
	}
	if !ok {
		return notFound("estate")
	}
	contracts, err := listed[*Contract](c, tx, actor, KindContract, "contract.council", actor.Org)
	if err != nil {
		return err
	}
	intentions, err := c.openIntentions(tx, actor)
	if err != nil {
		return err
	}
	groups, err := c.groupsOf(tx, actor, "group.council", actor.Org)
	if err != nil {
		return err
	}
	e.fill(contracts, intentions, groupOf(groups, actor), c.Today())
	return nil
}

// groupOf finds the groups that the actor's council has accepted, by its intention in them.
func groupOf(groups []*BuyingGroup, actor Actor) map[string]*BuyingGroup {
	out := map[string]*BuyingGroup{}
	for _, g := range groups {
		if m, ok := g.Member(actor.Org); ok && m.State == Accepted {
			out[m.Intention] = g
		}
	}
	return out
}

func (e *Estate) fill(contracts []*Contract, intentions []*Intention, groups map[string]*BuyingGroup, today time.Time) {
	from := make(map[string]*Intention, len(intentions))
	for _, in := range intentions {
		if in.FromContract != "" {
			from[in.FromContract] = in
		}
	}
	for _, k := range contracts {
		if k.Stage != StageAwarded {
			continue // a plan or a tender is nothing that the council has
		}
		row := EstateRow{Contract: k, aYear: k.AYear()}
		if !k.Runs(today) {
			e.Over = append(e.Over, row)
			continue
		}
		row.Next, row.Intention = k.NextDecision(today), from[k.ID]
		if row.Intention != nil {
			row.Group = groups[row.Intention.ID]
		}
		e.Rows = append(e.Rows, row)
	}
	slices.SortFunc(e.Rows, func(a, b EstateRow) int {
		return cmp.Or(cmp.Compare(a.Next.By.place(), b.Next.By.place()), cmp.Compare(a.End.place(), b.End.place()), cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(e.Over, func(a, b EstateRow) int {
		return cmp.Or(cmp.Compare(b.End.place(), a.End.place()), cmp.Compare(a.ID, b.ID))
	})
}

// place is where a date stands among others, by its last day; none comes last.
func (d Date) place() int {
	switch {
	case d.IsZero():
		return math.MaxInt
	case d.Month == 0:
		return d.Year*10_000 + 1231
	case d.Day == 0:
		return d.Year*10_000 + int(d.Month)*100 + 31
	}
	return d.Year*10_000 + int(d.Month)*100 + d.Day
}

// Undated lists the contracts that state no end.
func (e *Estate) Undated() []EstateRow {
	return e.where(func(r EstateRow) bool { return r.End.IsZero() })
}

// Unconfirmed lists the contracts whose council has not said within half a year that they are right, or never.
func (e *Estate) Unconfirmed(now time.Time) []EstateRow {
	return e.where(func(r EstateRow) bool { return r.Confirmed.Before(now.Add(-confirmEvery)) })
}

// Guessed lists the contracts whose capability was read in their text, or not at all, and was not confirmed.
func (e *Estate) Guessed() []EstateRow {
	return e.where(func(r EstateRow) bool { return !r.CapabilityConfirmed })
}

// EndWithin lists the contracts that end within so many months.
func (e *Estate) EndWithin(today time.Time, months int) []EstateRow {
	limit := DateOf(today).AddMonths(months).First()
	return e.where(func(r EstateRow) bool {
		return !r.End.IsZero() && !r.End.Last().Before(today) && !r.End.Last().After(limit)
	})
}

func (e *Estate) where(holds func(EstateRow) bool) []EstateRow {
	var out []EstateRow
	for _, r := range e.Rows {
		if holds(r) {
			out = append(out, r)
		}
	}
	return out
}

// Act is the row to act on first: the soonest decision that nothing is begun about, else the soonest of all. Nil where
// no contract states a date that asks for one. A stated end that has passed asks for a date, not for a decision.
func (e *Estate) Act() *EstateRow {
	var first *EstateRow
	for i := range e.Rows {
		r := &e.Rows[i]
		if r.Next.By.IsZero() || r.Next.Kind == DecidePast {
			continue
		}
		if !r.InHand() {
			return r
		}
		if first == nil {
			first = r
		}
	}
	return first
}

// AYear adds up what contracts cost a year, and counts those whose cost is stated.
func AYear(rows []EstateRow) (total float64, stated int) {
	for _, r := range rows {
		if y := r.AYear(); y > 0 {
			total += y
			stated++
		}
	}
	return total, stated
}
