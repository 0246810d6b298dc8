package catalogue

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// PlatformUse is a platform that a council runs.
type PlatformUse struct {
	Use      *Use
	Platform *Platform
}

// CouncilView is what a council's page shows.
type CouncilView struct {
	Council        *Council
	Contracts      []ContractRow // soonest stated end that is not past first, then not stated, then past
	Uses           []PlatformUse
	Intentions     []*Intention
	Groups         []*BuyingGroup
	Neighbours     []*Council
	Nearby         []NearbyRow
	Reorganisation []register.Reorganisation
	Past           []*PastEnd  // of its contracts seen: those that run past its end
	Succession     *Succession // nil: no council has taken its place
	Successor      *Council    // nil: the same
	Before         []*Council  // whose place it took
}

// NearbyRow is a neighbour with the same platform or need.
type NearbyRow struct {
	Capability string
	Same       string // same platform; same need, same months; same need
	Council    *Council
	Contract   *Contract
}

// CouncilView reads a council's page.
func (c *Catalogue) CouncilView(ctx context.Context, actor Actor, code string) (*CouncilView, error) {
	v := &CouncilView{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*v = CouncilView{}
		council, ok, err := c.councilIn(tx, code)
		if err != nil {
			return err
		}
		if !ok {
			return notFound("council")
		}
		v.Council = council
		if err := c.succeeded(tx, actor, v); err != nil {
			return err
		}
		contracts, err := nowOrBefore[*Contract](c, tx, actor, KindContract, "contract.council", code)
		if err != nil {
			return err
		}
		if v.Contracts, err = c.contractRows(tx, actor, contracts...); err != nil {
			return err
		}
		SortByEnd(v.Contracts, c.Today())
		uses, err := nowOrBefore[*Use](c, tx, actor, KindUse, "use.council", code)
		if err != nil {
			return err
		}
		for _, u := range uses {
			p, err := load[*Platform](c, tx, actor, KindPlatform, u.Platform)
			if KindOf(err) == NotFound {
				continue
			}
			if err != nil {
				return err
			}
			v.Uses = append(v.Uses, PlatformUse{u, p})
		}
		slices.SortStableFunc(v.Uses, func(a, b PlatformUse) int { return cmp.Compare(a.Platform.Name, b.Platform.Name) })
		intentions, err := listed[*Intention](c, tx, actor, KindIntention, "intention.council", code)
		if err != nil {
			return err
		}
		today := c.Today()
		v.Intentions = slices.DeleteFunc(intentions, func(i *Intention) bool { return i.Ended(today) })
		if v.Groups, err = c.groupsOf(tx, actor, "group.council", code); err != nil {
			return err
		}
		// Whose card somebody may see is not told who else is in it.
		v.Groups = slices.DeleteFunc(v.Groups, func(g *BuyingGroup) bool { return !g.Room && g.Lead != code })
		rows, err := c.reorganisationOf(tx, code)
		if err != nil {
			return err
		}
		for _, r := range rows {
			v.Reorganisation = append(v.Reorganisation, r.Reorganisation)
		}
		v.Past = c.pastEnds(contracts, v.Reorganisation)
		return c.nearby(tx, actor, v)
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// nearby looks at what the council's neighbours have in common with it.
func (c *Catalogue) nearby(tx kv.Tx, actor Actor, v *CouncilView) error {
	own := map[string]*Contract{} // by capability: what the council has
	for _, row := range v.Contracts {
		if k := row.Contract; k.Capability != "" && own[k.Capability] == nil {
			own[k.Capability] = k
		}
	}
	for _, code := range v.Council.Neighbours {
		n, ok, err := c.councilIn(tx, code)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		v.Neighbours = append(v.Neighbours, n)
		read := 0
		for _, capability := range slices.Sorted(maps.Keys(own)) {
			if read > most {
				break // a dozen are shown
			}
			contracts, err := listed[*Contract](c, tx, actor, KindContract, "contract.need", code, capability)
			if err != nil {
				return err
			}
			read += len(contracts)
			for _, k := range contracts {
				v.Nearby = append(v.Nearby, NearbyRow{capability, alike(own[capability], k), n, k})
			}
		}
	}
	order := map[string]int{"Same platform": 0, "Same need, same months": 1, "Same need": 2}
	slices.SortStableFunc(v.Nearby, func(a, b NearbyRow) int { return cmp.Compare(order[a.Same], order[b.Same]) })
	v.Nearby = v.Nearby[:min(len(v.Nearby), 12)]
	return nil
}

// alike says how a neighbour's contract is like a council's own for the same need.
func alike(mine, theirs *Contract) string {
	switch months := MonthsUntil(mine.End.Last(), theirs.End.Last()); {
	case mine.Platform != "" && mine.Platform == theirs.Platform:
		return "Same platform"
	case !mine.End.IsZero() && !theirs.End.IsZero() && months >= -6 && months <= 6:
		return "Same need, same months"
	}
	return "Same need"
}

// CouncilContracts lists a council's contracts and notices that the actor may see, in no order; of a council that was
// handed over those that were its, with the references that it gave them.
func (c *Catalogue) CouncilContracts(ctx context.Context, actor Actor, council string) (out []*Contract, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		out, err = nowOrBefore[*Contract](c, tx, actor, KindContract, "contract.council", council)
		for _, k := range out {
			if k.Council != council {
				k.Ref = strings.TrimPrefix(k.Ref, keptRef(council, ""))
			}
		}
		return err
	})
	return out, err
}

// nowOrBefore lists what is a council's and what was its before it was handed over, through an actor's eyes.
func nowOrBefore[T Item](c *Catalogue, tx kv.Tx, actor Actor, kind Kind, lookUp, council string) ([]T, error) {
	now, err := listed[T](c, tx, actor, kind, lookUp, council)
	if err != nil {
		return nil, err
	}
	before, err := listed[T](c, tx, actor, kind, "was", string(kind), council)
	return append(now, before...), err
}

// succeeded fills in which council took a council's place, and whose it took.
func (c *Catalogue) succeeded(tx kv.Tx, actor Actor, v *CouncilView) error {
	item, err := readItem(tx, Key{KindSuccession, v.Council.GSS})
	if err != nil {
		return err
	}
	if s, ok := item.(*Succession); ok && s.Stands() {
		seen, _ := s.sees(actor)
		v.Succession = seen.(*Succession)
		if v.Successor, _, err = c.councilIn(tx, s.To); err != nil {
			return err
		}
	}
	before, err := listed[*Succession](c, tx, actor, KindSuccession, "succession.to", v.Council.GSS)
	for _, s := range before {
		old, ok, err := c.councilIn(tx, s.From)
		if err != nil {
			return err
		}
		if ok {
			v.Before = append(v.Before, old)
		}
	}
	return err
}
