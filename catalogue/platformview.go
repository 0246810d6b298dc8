package catalogue

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jointly/catalogue/kv"
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
	Uses     []UseRow       // soonest stated end first, then those without
	Needs    []NeedRow      // for any of its capabilities
	Groups   []*BuyingGroup // for any of its capabilities
	Similar  []SimilarPlatform
	Ways     []WayToBuy
	Public   []UseRow // the uses that everybody sees: what badges count
	Lister   *Council // that listed it; nil: the operator
}

// SimilarPlatform is another platform for the same capability, with how many councils are seen using it.
type SimilarPlatform struct {
	Platform *Platform
	Councils Seen
	Shared   []string // capabilities that it has in common with the one it is like, in the order of the latter's
}

// Seen counts councils; those of the demonstration are never added to real ones.
type Seen struct {
	Real, Invented int
}

// seen counts councils by their codes.
func (c *Catalogue) seen(codes map[string]bool) Seen {
	var n Seen
	for code := range codes {
		if c.demonstration(code) {
			n.Invented++
		} else {
			n.Real++
		}
	}
	return n
}

// PlatformView reads a platform's page.
func (c *Catalogue) PlatformView(ctx context.Context, actor Actor, id string) (v *PlatformView, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		v, err = c.platformView(tx, actor, id)
		return err
	})
	return v, err
}

// PlatformViews reads several platforms as of one moment, in the order of ids. One that is not there is NotFound.
func (c *Catalogue) PlatformViews(ctx context.Context, actor Actor, ids []string) (views []*PlatformView, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		views = nil
		for _, id := range ids {
			v, err := c.platformView(tx, actor, id)
			if err != nil {
				return err
			}
			views = append(views, v)
		}
		return nil
	})
	return views, err
}

func (c *Catalogue) platformView(tx kv.Tx, actor Actor, id string) (*PlatformView, error) {
	v := &PlatformView{}
	var err error
	if v.Platform, err = load[*Platform](c, tx, actor, KindPlatform, id); err != nil {
		return nil, err
	}
	if v.Uses, err = c.usesOf(tx, actor, id); err != nil {
		return nil, err
	}
	if v.Public, err = c.usesOf(tx, Anonymous(), id); err != nil {
		return nil, err
	}
	if v.Lister, _, err = c.councilIn(tx, v.Platform.ListedBy); err != nil {
		return nil, err
	}
	if v.Ways, err = c.waysToBuy(tx, actor, v.Platform); err != nil {
		return nil, err
	}
	for _, capability := range v.Platform.Capabilities { // each need and group is for one
		needs, err := c.needsOf(tx, actor, capability)
		if err != nil {
			return nil, err
		}
		groups, err := c.groupsOf(tx, actor, "group.capability", capability)
		if err != nil {
			return nil, err
		}
		v.Needs, v.Groups = append(v.Needs, needs...), append(v.Groups, groups...)
	}
	sortNeeds(v.Needs)
	v.Similar, err = c.similar(tx, actor, v.Platform)
	return v, err
}

// similar lists the other platforms with a capability in common: those that are mainly for the same first, then those with
// more in common, then the most used.
func (c *Catalogue) similar(tx kv.Tx, actor Actor, p *Platform) ([]SimilarPlatform, error) {
	var out []SimilarPlatform
	at := map[string]int{p.ID: -1}
	for _, capability := range p.Capabilities {
		others, err := listed[*Platform](c, tx, actor, KindPlatform, "platform.capability", capability)
		if err != nil {
			return nil, err
		}
		for _, o := range others {
			i, known := at[o.ID]
			if i < 0 {
				continue
			}
			if !known {
				n, err := c.councilsUsing(tx, o.ID)
				if err != nil {
					return nil, err
				}
				i, at[o.ID] = len(out), len(out)
				out = append(out, SimilarPlatform{Platform: o, Councils: n})
			}
			out[i].Shared = append(out[i].Shared, capability)
		}
	}
	other := func(s SimilarPlatform) int {
		if s.Platform.Capabilities[0] == p.Capabilities[0] {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(out, func(a, b SimilarPlatform) int {
		return cmp.Or(cmp.Compare(other(a), other(b)), cmp.Compare(len(b.Shared), len(a.Shared)), cmp.Compare(b.Councils.Real, a.Councils.Real),
			cmp.Compare(b.Councils.Invented, a.Councils.Invented), cmp.Compare(a.Platform.Name, b.Platform.Name))
	})
	return out, nil
}

func (c *Catalogue) councilsUsing(tx kv.Tx, platform string) (Seen, error) {
	uses, err := listed[*Use](c, tx, Anonymous(), KindUse, "use.platform", platform)
	councils := map[string]bool{}
	for _, u := range uses {
		councils[u.Council] = true
	}
	return c.seen(councils), err
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
	today := c.Today()
	end := func(r UseRow) time.Time {
		if r.Contract == nil || r.Contract.End.IsZero() || r.Contract.Ended(today) {
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
	today := c.Today()
	for _, id := range ids {
		if len(rows) == most {
			break
		}
		in, err := load[*Intention](c, tx, actor, KindIntention, id)
		if KindOf(err) == NotFound && err != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		if in.Ended(today) {
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
	sortNeeds(rows)
	return rows, nil
}

func sortNeeds(rows []NeedRow) {
	slices.SortFunc(rows, func(a, b NeedRow) int {
		return cmp.Or(a.Intention.WindowStart.First().Compare(b.Intention.WindowStart.First()), cmp.Compare(a.Intention.ID, b.Intention.ID))
	})
}

// groupsOf lists the groups under a look-up that have not ended.
func (c *Catalogue) groupsOf(tx kv.Tx, actor Actor, lookUp, value string) ([]*BuyingGroup, error) {
	all, err := listed[*BuyingGroup](c, tx, actor, KindGroup, lookUp, value)
	if err != nil {
		return nil, err
	}
	today := c.Today()
	return slices.DeleteFunc(all, func(g *BuyingGroup) bool { return g.Ended(today) }), nil
}
