package match

import (
	"maps"
	"slices"
	"time"

	"jointly/catalogue"
)

// model is what the engine knows: the needs that councils may see of each other, which of them could stand in one group,
// and the groups that people formed. Suggested groups are worked out when somebody asks, and only for the parts of the
// model that changed since: needs between which no pair gains anything, and that stand in no group of people's together,
// say nothing about each other. Not safe for concurrent use.
type model struct {
	scorer *Scorer
	listed map[string]*listing // by intention ID
	blocks *Blocks
	pairs  map[string]map[string]*Pair       // both ways round: those that bear on groups
	people map[string]*catalogue.BuyingGroup // by ID

	day     time.Time             // for which the following holds
	touched map[string]bool       // intentions around which it holds no more
	parts   map[string]*component // by each of its members
	groups  []Group               // all of them, ordered by first members
}

// listing is an intention as a need. It does not change.
type listing struct {
	profile   *Profile
	ref       string // as imported; the ID where it has none
	windowEnd time.Time
}

func (l *listing) id() string      { return l.profile.need.Ref }
func (l *listing) council() string { return l.profile.need.Council }

// open reports whether the intention has not ended.
func (l *listing) open(on time.Time) bool {
	return l != nil && (l.windowEnd.IsZero() || !l.windowEnd.Before(on))
}

// component is needs that hang together, and the groups among them.
type component struct {
	members []string
	groups  []Group
}

func newModel(s *Scorer) *model {
	return &model{scorer: s, listed: map[string]*listing{}, blocks: NewBlocks(), pairs: map[string]map[string]*Pair{},
		people: map[string]*catalogue.BuyingGroup{}, touched: map[string]bool{}, parts: map[string]*component{}}
}

// set replaces what is known of an intention; nil takes it out.
func (m *model) set(id string, l *listing) {
	m.touched[id] = true
	for other := range m.pairs[id] {
		if delete(m.pairs[other], id); len(m.pairs[other]) == 0 {
			delete(m.pairs, other)
		}
	}
	delete(m.pairs, id)
	delete(m.listed, id)
	m.blocks.Remove(id)
	if l == nil {
		return
	}
	for _, other := range m.blocks.Candidates(l.profile) {
		if p := m.scorer.Pair(l.profile, other); p.bears(m.scorer.Threshold()) {
			m.link(p.A, p.B, &p)
			m.link(p.B, p.A, &p)
		}
	}
	m.blocks.Add(l.profile)
	m.listed[id] = l
}

func (m *model) link(from, to string, p *Pair) {
	if m.pairs[from] == nil {
		m.pairs[from] = map[string]*Pair{}
	}
	m.pairs[from][to] = p
}

// bears reports whether a pair can put two needs into one group, or keep a second listing out of all.
func (p Pair) bears(threshold float64) bool {
	return p.Repeats || p.Passes() && p.Points >= threshold
}

// setPeoples replaces what is known of a group that people formed; nil takes it out.
func (m *model) setPeoples(id string, g *catalogue.BuyingGroup) {
	for _, known := range []*catalogue.BuyingGroup{m.people[id], g} {
		for _, intention := range inGroup(known) {
			m.touched[intention] = true
		}
	}
	delete(m.people, id)
	if g != nil {
		m.people[id] = g
	}
}

// inGroup lists the intentions of those that a group has asked or accepted, and that have not gone.
func inGroup(g *catalogue.BuyingGroup) []string {
	if g == nil {
		return nil
	}
	var ids []string
	for _, member := range g.Members {
		if member.State == catalogue.Accepted || member.State == catalogue.Invited {
			ids = append(ids, member.Intention)
		}
	}
	return ids
}

// openOn lists the needs that have not ended, in no order.
func (m *model) openOn(today time.Time) []*listing {
	var out []*listing
	for _, l := range m.listed {
		if l.open(today) {
			out = append(out, l)
		}
	}
	return out
}

// current reports whether groups are worked out for a day.
func (m *model) current(today time.Time) bool {
	return m.groups != nil && len(m.touched) == 0 && m.day.Equal(today)
}

// regroup works out groups for a day, in the parts that changed.
func (m *model) regroup(today time.Time) {
	if m.current(today) {
		return
	}
	if !m.day.Equal(today) { // what has ended changes everywhere
		m.day, m.parts = today, map[string]*component{}
		for id := range m.listed {
			m.touched[id] = true
		}
	}
	var around []string
	for id := range m.touched {
		around = append(around, id)
		if old := m.parts[id]; old != nil {
			around = append(around, old.members...)
			m.drop(old)
		}
	}
	clear(m.touched)
	w := m.walk(today)
	for _, id := range around {
		m.regroupAround(id, w)
	}
	m.collect()
}

// walk is one working out under way.
type walk struct {
	today    time.Time
	standing []Standing
	in       map[string][]int // the standing groups that an intention is in
	seen     map[string]bool
}

func (m *model) walk(today time.Time) *walk {
	w := &walk{today: today, in: map[string][]int{}, seen: map[string]bool{}}
	for _, id := range slices.Sorted(maps.Keys(m.people)) {
		if g := m.people[id]; !g.Ended(today) {
			for _, intention := range inGroup(g) {
				w.in[intention] = append(w.in[intention], len(w.standing))
			}
			w.standing = append(w.standing, Standing{ID: id, Refs: inGroup(g), Confirmed: true})
		}
	}
	return w
}

func (m *model) drop(p *component) {
	for _, member := range p.members {
		delete(m.parts, member)
	}
}

// regroupAround works out the part that an intention is in, unless this walk has been there.
func (m *model) regroupAround(id string, w *walk) {
	if w.seen[id] || !m.listed[id].open(w.today) {
		return
	}
	p := &component{}
	var standing []int
	reach := func(id string) {
		if !w.seen[id] && m.listed[id].open(w.today) {
			w.seen[id] = true
			p.members = append(p.members, id)
		}
	}
	reach(id)
	for i := 0; i < len(p.members); i++ {
		for other := range m.pairs[p.members[i]] {
			reach(other)
		}
		for _, k := range w.in[p.members[i]] {
			if !slices.Contains(standing, k) {
				standing = append(standing, k)
			}
			for _, other := range w.standing[k].Refs {
				reach(other)
			}
		}
	}
	for _, member := range p.members {
		if old := m.parts[member]; old != nil {
			m.drop(old) // all of it is reached: what changed has joined it to this one
		}
		m.parts[member] = p
	}
	if len(p.members) >= MinGroup || len(standing) > 0 {
		p.groups = m.group(p.members, w, standing)
	}
}

// group suggests groups among the members of one part.
func (m *model) group(members []string, w *walk, standing []int) []Group {
	profiles := make([]*Profile, len(members))
	var pairs []*Pair // those with needs that have ended are no obstacle
	for i, id := range members {
		profiles[i] = m.listed[id].profile
		for _, p := range m.pairs[id] {
			if p.A == id {
				pairs = append(pairs, p)
			}
		}
	}
	slices.Sort(standing)
	known := make([]Standing, len(standing))
	for i, k := range standing {
		known[i] = w.standing[k]
	}
	return m.scorer.group(profiles, pairs, known)
}

// collect puts the groups of all parts in order.
func (m *model) collect() {
	m.groups = []Group{}
	done := make(map[*component]bool, len(m.parts))
	for _, p := range m.parts {
		if !done[p] {
			done[p] = true
			m.groups = append(m.groups, p.groups...)
		}
	}
	slices.SortFunc(m.groups, func(a, b Group) int {
		return byOrder(m.listed[a.Refs[0]].profile, m.listed[b.Refs[0]].profile)
	})
}
