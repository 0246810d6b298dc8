package catalogue

import (
	"cmp"
	"context"
	"slices"

	"jointly/catalogue/baseline"
	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// EnoughForPlatform is how many councils must share their figures before a platform's are worked out.
const EnoughForPlatform = 5

// nearest is how many councils a council is compared with.
const nearest = 15

// SharedReturn is a return that councils see under its council's name, and what it says for a year.
type SharedReturn struct {
	Council *Council
	Return  *Return
	Part    baseline.Part
}

// NearestCouncil is a council that is like the reader's, with its figures if it shares them.
type NearestCouncil struct {
	baseline.Neighbour
	Council *Council
	Shared  *SharedReturn // nil: it has not returned any, or keeps them to itself
}

// PlatformFigure is what councils that run a platform for a service return.
type PlatformFigure struct {
	Platform *Platform
	Councils int             // that are seen with it and share their figures for the service
	Digital  baseline.Figure // digital share; N is 0 below EnoughForPlatform
}

// LiveBaseline is what a council sees of a service beside the edition: what councils share with each other, as of now.
type LiveBaseline struct {
	Round     baseline.Round
	Shared    []SharedReturn // by council's name
	Own       *SharedReturn  // of the reader's council, whatever its audience; nil: none is signed
	Me        *Council       // nil for the operator
	Nearest   []NearestCouncil
	Platforms []PlatformFigure // most councils first
}

// Parts are what the shared returns say.
func (l *LiveBaseline) Parts() []baseline.Part {
	out := make([]baseline.Part, len(l.Shared))
	for i, s := range l.Shared {
		out[i] = s.Part
	}
	return out
}

// LiveBaseline reads a service and period through the eyes of a council or the operator. It reads that service's returns
// alone, and those only that are shared: what a council keeps to itself counts in editions and nowhere else.
func (c *Catalogue) LiveBaseline(ctx context.Context, actor Actor, round baseline.Round) (*LiveBaseline, error) {
	if !actor.councils() && !actor.IsOperator() {
		return nil, forbidden("Councils see each other’s figures: sign in as an officer of one")
	}
	start, err := ParseDate(round.Start)
	if err != nil {
		return nil, notFound("period")
	}
	var l *LiveBaseline
	err = c.view(ctx, func(tx kv.Tx) error {
		l = &LiveBaseline{Round: round}
		if actor.OrgKind == OrgCouncil {
			me, ok, err := c.councilIn(tx, actor.Org)
			if err != nil {
				return err
			}
			if ok {
				l.Me = me
			}
		}
		if err := c.readShared(tx, actor, start, l); err != nil {
			return err
		}
		if err := c.readNearest(tx, l); err != nil {
			return err
		}
		return c.readPlatformFigures(tx, actor, l)
	})
	return l, err
}

// readShared reads the returns that are shared, and the reader's own. Invented councils are never among real ones.
func (c *Catalogue) readShared(tx kv.Tx, actor Actor, start Date, l *LiveBaseline) error {
	returns, err := c.signedReturns(tx, actor, l.Round.LGSL, start)
	if err != nil {
		return err
	}
	invented := l.Me != nil && l.Me.Demonstration
	if l.Me == nil {
		invented = !slices.ContainsFunc(returns, func(r *Return) bool { return !c.demonstration(r.Council) })
	}
	for _, r := range returns {
		if c.demonstration(r.Council) != invented {
			continue
		}
		council, ok, err := c.councilIn(tx, r.Council)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		s := SharedReturn{Council: council, Return: r, Part: r.part(float64(council.Population))}
		if l.Me != nil && r.Council == l.Me.GSS {
			l.Own = &s
		}
		if s.Part.Reach != baseline.Nobody {
			l.Shared = append(l.Shared, s)
		}
	}
	slices.SortFunc(l.Shared, func(a, b SharedReturn) int { return cmp.Compare(a.Council.Name, b.Council.Name) })
	return nil
}

func (c *Catalogue) readNearest(tx kv.Tx, l *LiveBaseline) error {
	if l.Me == nil {
		return nil
	}
	var all []register.Council
	if !l.Me.Demonstration {
		all = slices.Clone(c.register.Councils())
	}
	stored := map[string]*Council{}
	if err := c.each(tx, KindCouncil, func(item Item) error {
		if council, ok := item.(*Council); ok && council.Demonstration == l.Me.Demonstration {
			stored[council.GSS] = council
			all = append(all, council.Council)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, n := range baseline.Nearest(l.Me.Council, all, baseline.StandardWeights(), nearest) {
		near := NearestCouncil{Neighbour: n, Council: stored[n.Code]}
		if near.Council == nil {
			council, ok, err := c.councilIn(tx, n.Code)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			near.Council = council
		}
		if i := slices.IndexFunc(l.Shared, func(s SharedReturn) bool { return s.Council.GSS == n.Code }); i >= 0 {
			near.Shared = &l.Shared[i]
		}
		l.Nearest = append(l.Nearest, near)
	}
	return nil
}

// readPlatformFigures works out the digital share of the councils that are seen with each platform for the service's
// capability.
func (c *Catalogue) readPlatformFigures(tx kv.Tx, actor Actor, l *LiveBaseline) error {
	service, ok := c.register.Service(l.Round.LGSL)
	if !ok || service.Capability == "" || len(l.Shared) == 0 {
		return nil
	}
	platforms, err := listed[*Platform](c, tx, actor, KindPlatform, "platform.capability", service.Capability)
	if err != nil {
		return err
	}
	for _, p := range platforms {
		uses, err := listed[*Use](c, tx, actor, KindUse, "use.platform", p.ID)
		if err != nil {
			return err
		}
		runs := map[string]bool{}
		for _, u := range uses {
			if u.Capability == "" || u.Capability == service.Capability {
				runs[u.Council] = true
			}
		}
		var parts []baseline.Part
		for _, s := range l.Shared {
			if runs[s.Council.GSS] {
				parts = append(parts, s.Part)
			}
		}
		f := PlatformFigure{Platform: p, Councils: len(parts)}
		if f.Councils == 0 {
			continue
		}
		f.Digital, _ = baseline.Live(parts, baseline.Digital, EnoughForPlatform)
		l.Platforms = append(l.Platforms, f)
	}
	slices.SortFunc(l.Platforms, func(a, b PlatformFigure) int {
		return cmp.Or(cmp.Compare(b.Councils, a.Councils), cmp.Compare(a.Platform.Name, b.Platform.Name))
	})
	return nil
}

// ServiceView is what a service's page shows beside its facts: who needs what it stands on, and where councils buy it
// together.
type ServiceView struct {
	Needs  []NeedRow
	Groups []*BuyingGroup // that have not ended
}

// ServiceView reads the open intentions and groups for a capability.
func (c *Catalogue) ServiceView(ctx context.Context, actor Actor, capability string) (v ServiceView, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		if v.Needs, err = c.needsOf(tx, actor, capability); err != nil {
			return err
		}
		v.Groups, err = c.groupsOf(tx, actor, "group.capability", capability)
		return err
	})
	return v, err
}

// OwnParts is what the actor's own council has signed, by service and period, for a year each.
func (c *Catalogue) OwnParts(ctx context.Context, actor Actor) (map[baseline.Round]baseline.Part, error) {
	out := map[baseline.Round]baseline.Part{}
	err := c.view(ctx, func(tx kv.Tx) error {
		council, ok, err := c.councilIn(tx, actor.Org)
		if err != nil || !ok || actor.OrgKind != OrgCouncil {
			return err
		}
		returns, err := listed[*Return](c, tx, actor, KindReturn, "return.council", actor.Org)
		for _, r := range returns {
			if r.Signed() {
				out[r.round()] = r.part(float64(council.Population))
			}
		}
		return err
	})
	return out, err
}

// PlatformsSeen lists the platforms for a capability with how many councils are seen using each, most first.
func (c *Catalogue) PlatformsSeen(ctx context.Context, actor Actor, capability string) (out []SimilarPlatform, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		platforms, err := listed[*Platform](c, tx, actor, KindPlatform, "platform.capability", capability)
		if err != nil {
			return err
		}
		out = nil
		for _, p := range platforms {
			seen, err := c.councilsUsing(tx, p.ID)
			if err != nil {
				return err
			}
			out = append(out, SimilarPlatform{Platform: p, Councils: seen})
		}
		slices.SortFunc(out, func(a, b SimilarPlatform) int {
			return cmp.Or(cmp.Compare(b.Councils.Real+b.Councils.Invented, a.Councils.Real+a.Councils.Invented), cmp.Compare(a.Platform.Name, b.Platform.Name))
		})
		return nil
	})
	return out, err
}
