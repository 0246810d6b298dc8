package match

// What the engine says of one intention: partners, near misses, the suggested group and people's groups to join.

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"jointly/catalogue"
)

// Partner is one need that an intention matches, or nearly.
type Partner struct {
	Intention string // ID
	Explanation
}

// Matches is what the engine says of one intention, from its own side.
type Matches struct {
	Partners []Partner // those that reach the threshold, best first; those of Group are always among them
	Near     []Partner // those that one thing alone keeps out, the likeliest first: see NearMiss
	Group    *Group    // the suggested group that it is in; its Refs are intention IDs; nil: none, or it is in one already
	Joining  []string  // IDs of people's groups that it would fit into, best first; it is then in no suggested group
	Repeats  []string  // IDs of open intentions of its own council that seem to be the same need
	Compared int       // how many open needs of other councils there are
}

// Limits of what is shown of one intention.
const (
	maxPartners = 10
	maxNear     = 5
)

// Matches finds partners for an intention of the actor's own council: none for one that has ended. It compares what
// councils may see of it, so that both sides get the same points; only an intention that is kept to its own council is
// compared whole, for nobody else is told. NotFound where the actor may not see it, Forbidden where it belongs to
// another council.
func (e *Engine) Matches(ctx context.Context, actor catalogue.Actor, id string) (Matches, error) {
	in, err := e.catalogue.Intention(ctx, actor, id)
	if err != nil {
		return Matches{}, err
	}
	if !actor.ForCouncil(in.Council) && !actor.IsOperator() {
		return Matches{}, &catalogue.Error{Kind: catalogue.Forbidden, Message: "Matches are shown to the council whose intention it is"}
	}
	if in.Ended(e.catalogue.Today()) {
		return Matches{}, nil
	}
	e.Groups() // as they are today
	return e.compare(ctx, in, true)
}

// Draft finds partners for an intention that is being written and not stored. It is in no group yet.
func (e *Engine) Draft(ctx context.Context, in catalogue.Intention) (Matches, error) {
	e.Groups() // whatever has ended since is left out
	return e.compare(ctx, &in, false)
}

// Between is what the matcher says of an intention and one of another council, whether they match or not; both as the
// actor may see them.
func (e *Engine) Between(ctx context.Context, actor catalogue.Actor, id, other string) (Partner, error) {
	var sides [2]*Profile
	for i, id := range []string{id, other} {
		in, err := e.catalogue.Intention(ctx, actor, id)
		if err != nil {
			return Partner{}, err
		}
		if sides[i], err = e.profile(ctx, in); err != nil {
			return Partner{}, err
		}
	}
	return Partner{other, e.scorer.Explain(sides[0], sides[1])}, nil
}

// profile is an intention made ready for comparing with those of other councils.
func (e *Engine) profile(ctx context.Context, in *catalogue.Intention) (*Profile, error) {
	council, err := e.council(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("match: %w", err)
	}
	shown := in
	if in.Visibility != catalogue.Own {
		if seen, ok := sharedWithCouncils(in); ok {
			shown = seen
		}
	}
	return e.scorer.Profile(needOf(shown, in.Ref, council)), nil
}

// compare finds partners for an intention, and its place in groups.
func (e *Engine) compare(ctx context.Context, in *catalogue.Intention, grouped bool) (Matches, error) {
	if !e.Ready() {
		return Matches{}, &catalogue.Error{Kind: catalogue.Unavailable, Message: "Jointly has just started and is still comparing what councils need. Try again in a minute"}
	}
	you, err := e.profile(ctx, in)
	if err != nil {
		return Matches{}, err
	}
	e.mu.RLock()
	partners, near, repeats := e.model.around(you)
	m := Matches{Compared: e.model.open - e.model.openOf[in.Council]}
	if grouped {
		m.Group, m.Joining = e.model.groupsOf(in.ID)
	}
	e.mu.RUnlock()
	for _, r := range repeats {
		m.Repeats = append(m.Repeats, r.profile.Ref())
	}
	m.Partners = e.explained(you, fewest(partners, m.Group))
	m.Near = e.explained(you, near[:min(len(near), maxNear)])
	return m, nil
}

func (e *Engine) explained(you *Profile, others []candidate) []Partner {
	var out []Partner
	for _, o := range others {
		out = append(out, Partner{o.profile.Ref(), e.scorer.Explain(you, o.profile)})
	}
	return out
}

// candidate is another council's need, with the points that rank it.
type candidate struct {
	profile *Profile
	points  float64
}

// groupsOf is the suggested group that an intention is in, and people's groups that it would fit into.
func (m *model) groupsOf(id string) (suggested *Group, joining []string) {
	slot, ok := m.blocks.slotOf[id]
	if !ok || m.nodes[slot].part == nil {
		return nil, nil
	}
	for _, at := range m.nodes[slot].part.groups {
		switch g := at.group; {
		case slices.Contains(g.Refs, id) && !g.Confirmed:
			suggested = g
		case slices.Contains(g.Joining, id):
			joining = append(joining, g.Standing)
		}
	}
	return suggested, joining
}

// around looks at the open needs that have anything in common with one: those that reach the threshold, and those that
// would but for one gate, by what they would score without it; and those of its own council that repeat it. The best
// first.
func (m *model) around(you *Profile) (partners, near, repeats []candidate) {
	v := m.blocks.visit()
	defer m.blocks.seen.Put(v)
	m.blocks.related(you, v)
	own := plainOf(you)
	for _, slot := range v.list {
		other, theirs := &m.nodes[slot], m.blocks.plain[slot]
		if !other.open || own.apart(theirs) && own.unequal(theirs) || other.id() == you.need.Ref ||
			!m.scorer.mayShareNeed(you, other.profile) || m.known.differ(you.need.Ref, other.id()) {
			continue
		}
		p := m.scorer.Pair(you, other.profile)
		if p.Passes() && p.Points >= m.scorer.Threshold() {
			partners = append(partners, candidate{other.profile, p.Points})
		} else if points, ok := m.scorer.nearly(p); ok {
			near = append(near, candidate{other.profile, points})
		} else if p.Repeats {
			repeats = append(repeats, candidate{other.profile, p.Points})
		}
	}
	for _, list := range [][]candidate{partners, near, repeats} {
		slices.SortFunc(list, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(b.points, a.points), byOrder(a.profile, b.profile))
		})
	}
	return partners, near, repeats
}

// fewest are the partners to show: the best, and whoever is in the suggested group.
func fewest(partners []candidate, group *Group) []candidate {
	suggested := func(c candidate) bool { return group != nil && slices.Contains(group.Refs, c.profile.Ref()) }
	room := maxPartners
	for _, c := range partners {
		if suggested(c) {
			room--
		}
	}
	return slices.DeleteFunc(partners, func(c candidate) bool {
		if suggested(c) {
			return false
		}
		room--
		return room < 0
	})
}

// Groups is what the engine suggests of all that is open today, people's groups with what would fit into them among it.
// Refs are intention IDs. The caller must not change it.
func (e *Engine) Groups() []*Group {
	today := e.catalogue.Today()
	e.mu.RLock()
	current, groups := e.model.current(today), e.model.groups.list
	e.mu.RUnlock()
	if !current {
		groups, _, _ = e.snapshot(today)
	}
	return groups
}

// snapshot is the groups of a day with the needs that are open on it, in no order, and the pairs, both ways round, of
// which a council said that they are not the same need.
func (e *Engine) snapshot(today time.Time) (groups []*Group, open []*listing, apart map[[2]string]bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.model.regroup(today)
	apart = make(map[[2]string]bool)
	for a, others := range e.model.known.apart {
		for b := range others {
			apart[[2]string{a, b}] = true
		}
	}
	return e.model.groups.list, e.model.openNeeds(), apart
}
