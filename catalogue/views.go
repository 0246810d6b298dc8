package catalogue

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// Views are what one page needs, read in one transaction through the actor's eyes.

// most bounds what a page lists under one heading; lists that can be longer are searches.
const most = 300

// UseRow is a council that runs a platform, with the contract that tells of it.
type UseRow struct {
	Use      *Use
	Council  *Council
	Contract *Contract // the latest of that council for the platform; nil where none is seen
}

// NeedRow is an open intention and whose it is.
type NeedRow struct {
	Intention *Intention
	Council   *Council
}

// PlatformView is what a platform's page shows.
type PlatformView struct {
	Platform *Platform
	Uses     []UseRow // soonest stated end first, then those without
	Needs    []NeedRow
	Groups   []*BuyingGroup
	Similar  []SimilarPlatform
}

// SimilarPlatform is another platform for the same capability, with how many councils are seen using it.
type SimilarPlatform struct {
	Platform *Platform
	Councils int
}

// PlatformView reads a platform's page.
func (c *Catalogue) PlatformView(ctx context.Context, actor Actor, id string) (*PlatformView, error) {
	v := &PlatformView{}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		*v = PlatformView{}
		if v.Platform, err = load[*Platform](c, tx, actor, KindPlatform, id); err != nil {
			return err
		}
		if v.Uses, err = c.usesOf(tx, actor, id); err != nil {
			return err
		}
		seen := map[string]bool{id: true}
		for i, capability := range v.Platform.Capabilities {
			if i == 0 {
				if v.Needs, err = c.needsOf(tx, actor, capability); err != nil {
					return err
				}
				if v.Groups, err = c.groupsOf(tx, actor, "group.capability", capability); err != nil {
					return err
				}
			}
			others, err := listed[*Platform](c, tx, actor, KindPlatform, "platform.capability", capability)
			if err != nil {
				return err
			}
			for _, o := range others {
				if seen[o.ID] || o.Capabilities[0] != v.Platform.Capabilities[0] {
					continue
				}
				seen[o.ID] = true
				n, err := c.councilsUsing(tx, o.ID)
				if err != nil {
					return err
				}
				v.Similar = append(v.Similar, SimilarPlatform{o, n})
			}
		}
		slices.SortStableFunc(v.Similar, func(a, b SimilarPlatform) int {
			return cmp.Or(cmp.Compare(b.Councils, a.Councils), cmp.Compare(a.Platform.Name, b.Platform.Name))
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (c *Catalogue) councilsUsing(tx kv.Tx, platform string) (int, error) {
	uses, err := listed[*Use](c, tx, Anonymous(), KindUse, "use.platform", platform)
	councils := map[string]bool{}
	for _, u := range uses {
		councils[u.Council] = true
	}
	return len(councils), err
}

// usesOf lists a council once, with the use that is known best: its own word first, then the latest source.
func (c *Catalogue) usesOf(tx kv.Tx, actor Actor, platform string) ([]UseRow, error) {
	uses, err := listed[*Use](c, tx, actor, KindUse, "use.platform", platform)
	if err != nil {
		return nil, err
	}
	contracts, err := listed[*Contract](c, tx, actor, KindContract, "contract.platform", platform)
	if err != nil {
		return nil, err
	}
	latest := map[string]*Contract{}
	for _, k := range contracts {
		if o := latest[k.Council]; o == nil || o.End.Before(k.End) || o.End.IsZero() && !k.End.IsZero() {
			latest[k.Council] = k
		}
	}
	best := map[string]*Use{}
	for _, u := range uses {
		if o := best[u.Council]; o == nil || betterUse(u, o) {
			best[u.Council] = u
		}
	}
	for code, k := range latest {
		if best[code] == nil { // a contract names the platform, no use was recorded apart from it
			best[code] = &Use{Platform: platform, Council: code, Since: k.Start, Source: k.Source, Capability: k.Capability, Demonstration: k.Demonstration}
		}
	}
	rows := make([]UseRow, 0, len(best))
	for code, u := range best {
		council, ok, err := c.councilIn(tx, code)
		if err != nil {
			return nil, err
		}
		if ok {
			rows = append(rows, UseRow{u, council, latest[code]})
		}
	}
	end := func(r UseRow) time.Time {
		if r.Contract == nil || r.Contract.End.IsZero() || r.Contract.Ended(c.Today()) {
			return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return r.Contract.End.Last()
	}
	slices.SortFunc(rows, func(a, b UseRow) int {
		return cmp.Or(end(a).Compare(end(b)), cmp.Compare(a.Council.Name, b.Council.Name))
	})
	return rows, nil
}

func betterUse(a, b *Use) bool {
	if a.Confirmed.IsZero() != b.Confirmed.IsZero() {
		return !a.Confirmed.IsZero()
	}
	if a.Source.Date != b.Source.Date {
		return b.Source.Date.IsZero() || b.Source.Date.Before(a.Source.Date)
	}
	return a.ID < b.ID
}

// needsOf lists the open intentions for a capability, soonest window first.
func (c *Catalogue) needsOf(tx kv.Tx, actor Actor, capability string) ([]NeedRow, error) {
	ids, err := lookup(tx, "intention.capability", capability)
	if err != nil {
		return nil, err
	}
	var rows []NeedRow
	for _, id := range ids[:min(len(ids), most)] {
		in, err := load[*Intention](c, tx, actor, KindIntention, id)
		if KindOf(err) == NotFound && err != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		if in.Ended(c.Today()) {
			continue
		}
		council, ok, err := c.councilIn(tx, in.Council)
		if err != nil {
			return nil, err
		}
		if ok {
			rows = append(rows, NeedRow{in, council})
		}
	}
	slices.SortFunc(rows, func(a, b NeedRow) int {
		return cmp.Or(a.Intention.WindowStart.First().Compare(b.Intention.WindowStart.First()), cmp.Compare(a.Intention.ID, b.Intention.ID))
	})
	return rows, nil
}

// groupsOf lists the groups under a look-up that have not ended.
func (c *Catalogue) groupsOf(tx kv.Tx, actor Actor, lookUp, value string) ([]*BuyingGroup, error) {
	all, err := listed[*BuyingGroup](c, tx, actor, KindGroup, lookUp, value)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(g *BuyingGroup) bool { return g.Ended(c.Today()) }), nil
}

// ContractRow is a contract with whose it is and the platform named in it.
type ContractRow struct {
	Contract *Contract
	Council  *Council
	Platform *Platform // nil where none is recognised
	Supplier *Supplier // nil where none is stated
}

func (c *Catalogue) contractRow(tx kv.Tx, actor Actor, k *Contract) (ContractRow, error) {
	row := ContractRow{Contract: k}
	var err error
	if row.Council, _, err = c.councilIn(tx, k.Council); err != nil {
		return row, err
	}
	if k.Platform != "" {
		if row.Platform, err = load[*Platform](c, tx, actor, KindPlatform, k.Platform); err != nil && KindOf(err) != NotFound {
			return row, err
		}
	}
	if k.SupplierID != "" {
		if row.Supplier, err = load[*Supplier](c, tx, actor, KindSupplier, k.SupplierID); err != nil && KindOf(err) != NotFound {
			return row, err
		}
	}
	return row, nil
}

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
		contracts, err := listed[*Contract](c, tx, actor, KindContract, "contract.council", code)
		if err != nil {
			return err
		}
		for _, k := range contracts {
			row, err := c.contractRow(tx, actor, k)
			if err != nil {
				return err
			}
			v.Contracts = append(v.Contracts, row)
		}
		SortByEnd(v.Contracts, c.Today())
		uses, err := listed[*Use](c, tx, actor, KindUse, "use.council", code)
		if err != nil {
			return err
		}
		for _, u := range uses {
			p, err := load[*Platform](c, tx, actor, KindPlatform, u.Platform)
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
		v.Intentions = slices.DeleteFunc(intentions, func(i *Intention) bool { return i.Ended(c.Today()) })
		if v.Groups, err = c.groupsOf(tx, actor, "group.council", code); err != nil {
			return err
		}
		// Whose card somebody may see is not told who else is in it.
		v.Groups = slices.DeleteFunc(v.Groups, func(g *BuyingGroup) bool { return !g.Room && g.Lead != code })
		v.Reorganisation = c.register.ReorganisationOf(code)
		return c.nearby(tx, actor, v)
	})
	if err != nil {
		return nil, err
	}
	return v, nil
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
		contracts, err := listed[*Contract](c, tx, actor, KindContract, "contract.council", code)
		if err != nil {
			return err
		}
		for _, k := range contracts {
			mine := own[k.Capability]
			if k.Capability == "" || mine == nil {
				continue
			}
			same := "Same need"
			switch months := MonthsUntil(mine.End.Last(), k.End.Last()); {
			case mine.Platform != "" && mine.Platform == k.Platform:
				same = "Same platform"
			case !mine.End.IsZero() && !k.End.IsZero() && months >= -6 && months <= 6:
				same = "Same need, same months"
			}
			v.Nearby = append(v.Nearby, NearbyRow{k.Capability, same, n, k})
		}
	}
	order := map[string]int{"Same platform": 0, "Same need, same months": 1, "Same need": 2}
	slices.SortStableFunc(v.Nearby, func(a, b NearbyRow) int { return cmp.Compare(order[a.Same], order[b.Same]) })
	v.Nearby = v.Nearby[:min(len(v.Nearby), 12)]
	return nil
}

// ContractView is what a contract's page shows.
type ContractView struct {
	ContractRow
	Others []ContractRow // of the same council for the same capability
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
		if v.ContractRow, err = c.contractRow(tx, actor, k); err != nil {
			return err
		}
		siblings, err := listed[*Contract](c, tx, actor, KindContract, "contract.council", k.Council)
		if err != nil {
			return err
		}
		for _, s := range siblings {
			if s.ID == k.ID || s.Capability != k.Capability || k.Capability == "" {
				continue
			}
			row, err := c.contractRow(tx, actor, s)
			if err != nil {
				return err
			}
			v.Others = append(v.Others, row)
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
	Councils  int // seen with a contract or using one of its platforms
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
			for _, u := range uses {
				councils[u.Council.GSS] = true
			}
			v.Platforms = append(v.Platforms, SimilarPlatform{p, len(uses)})
		}
		contracts, err := listed[*Contract](c, tx, actor, KindContract, "contract.supplier", id)
		if err != nil {
			return err
		}
		for _, k := range contracts {
			row, err := c.contractRow(tx, actor, k)
			if err != nil {
				return err
			}
			councils[k.Council] = true
			v.Contracts = append(v.Contracts, row)
		}
		SortByEnd(v.Contracts, c.Today())
		v.Councils = len(councils)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// InterestRow is a council's standing on an intention.
type InterestRow struct {
	Interest *Interest
	Council  *Council
}

// IntentionView is what an intention's page shows.
type IntentionView struct {
	Intention *Intention
	Council   *Council
	Interests []InterestRow // those the actor may see
	Mine      *Interest     // of the actor's council; nil for none
	Groups    []*BuyingGroup
	Own       []*Intention // open intentions of the actor's council, for asking and joining
}

// IntentionView reads an intention's page.
func (c *Catalogue) IntentionView(ctx context.Context, actor Actor, id string) (*IntentionView, error) {
	v := &IntentionView{}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		*v = IntentionView{}
		if v.Intention, err = load[*Intention](c, tx, actor, KindIntention, id); err != nil {
			return err
		}
		if v.Council, _, err = c.councilIn(tx, v.Intention.Council); err != nil {
			return err
		}
		interests, err := listed[*Interest](c, tx, actor, KindInterest, "interest.intention", id)
		if err != nil {
			return err
		}
		for _, i := range interests {
			council, ok, err := c.councilIn(tx, i.Council)
			if err != nil {
				return err
			}
			if ok {
				v.Interests = append(v.Interests, InterestRow{i, council})
			}
			if actor.ForCouncil(i.Council) {
				v.Mine = i
			}
		}
		if v.Groups, err = c.groupsOf(tx, actor, "group.intention", id); err != nil {
			return err
		}
		v.Groups = slices.DeleteFunc(v.Groups, func(g *BuyingGroup) bool { return !g.Room })
		v.Own, err = c.openIntentions(tx, actor)
		return err
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// openIntentions lists the intentions of the actor's council that have not ended.
func (c *Catalogue) openIntentions(tx kv.Tx, actor Actor) ([]*Intention, error) {
	if actor.OrgKind != OrgCouncil || actor.Org == "" {
		return nil, nil
	}
	own, err := listed[*Intention](c, tx, actor, KindIntention, "intention.council", actor.Org)
	return slices.DeleteFunc(own, func(i *Intention) bool { return i.Ended(c.Today()) }), err
}

// Desk is what waits for a council's officer.
type Desk struct {
	Council     *Council
	Intentions  []*Intention   // its own, open
	Invitations []*BuyingGroup // groups that wait for its answer
	Groups      []*BuyingGroup // groups it has accepted
	Interests   []*Interest    // of other councils in its intentions
}

// Desk reads what waits for the actor's council; empty for actors of no council.
func (c *Catalogue) Desk(ctx context.Context, actor Actor) (*Desk, error) {
	d := &Desk{}
	if actor.OrgKind != OrgCouncil || actor.Org == "" {
		return d, nil
	}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		*d = Desk{}
		if d.Council, _, err = c.councilIn(tx, actor.Org); err != nil {
			return err
		}
		if d.Intentions, err = c.openIntentions(tx, actor); err != nil {
			return err
		}
		groups, err := c.groupsOf(tx, actor, "group.council", actor.Org)
		if err != nil {
			return err
		}
		for _, g := range groups {
			switch m, _ := g.Member(actor.Org); m.State {
			case Invited:
				d.Invitations = append(d.Invitations, g)
			case Accepted:
				d.Groups = append(d.Groups, g)
			}
		}
		for _, in := range d.Intentions {
			interests, err := listed[*Interest](c, tx, actor, KindInterest, "interest.intention", in.ID)
			if err != nil {
				return err
			}
			d.Interests = append(d.Interests, interests...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}
