package match

import (
	"slices"
	"time"

	"jointly/catalogue"
)

// model is what the engine knows: the needs that councils may see of each other, which of them could stand in one group,
// and the groups that people formed or were told of. Suggested groups are worked out when somebody asks, and only where
// the model has changed since. Not safe for concurrent use while it changes.
type model struct {
	scorer *Scorer
	blocks *Blocks
	nodes  []node // by the needs' slots in blocks
	people map[string]*catalogue.BuyingGroup
	known  knowledge

	day     time.Time // for which what follows holds
	open    int       // needs that have not ended
	openOf  map[string]int
	worked  bool // groups were worked out once
	touched marks
	cells   map[int32][]int32
	groups  grouped
	under   regrouping
}

// listing is an intention as a need. It does not change.
type listing struct {
	profile   *Profile
	ref       string // as imported; the ID where it has none
	windowEnd time.Time
	changed   time.Time
}

func (l *listing) id() string      { return l.profile.need.Ref }
func (l *listing) council() string { return l.profile.need.Council }

// openOn reports whether the intention has not ended.
func (l *listing) openOn(day time.Time) bool {
	return l != nil && (l.windowEnd.IsZero() || !l.windowEnd.Before(day))
}

// node is a need with what leads from it.
type node struct {
	*listing // nil: the slot is free
	open     bool
	stands   bool // in a standing group
	edges    []edge
	rank     uint64
	part     *portion
	crowd    place
}

func newModel(s *Scorer) *model {
	return &model{scorer: s, blocks: NewBlocks(), people: map[string]*catalogue.BuyingGroup{}, known: newKnowledge(),
		openOf: map[string]int{}, cells: map[int32][]int32{}}
}

// get is an intention's listing; nil where none is known.
func (m *model) get(id string) *listing {
	if slot, ok := m.blocks.slotOf[id]; ok {
		return m.nodes[slot].listing
	}
	return nil
}

// set replaces what is known of an intention; nil takes it out.
func (m *model) set(id string, l *listing) {
	if slot, ok := m.blocks.slotOf[id]; ok {
		m.disturb(slot)
		m.unlink(slot)
		m.count(&m.nodes[slot], false)
		m.leave(slot)
		m.blocks.Remove(id)
		m.nodes[slot] = node{}
	}
	if l == nil {
		return
	}
	slot := m.hold(l)
	for _, t := range l.profile.standsUnder() {
		m.blocks.stand(slot, t)
	}
	v := m.blocks.visit()
	defer m.blocks.seen.Put(v)
	for _, e := range m.bearing(slot, v, false) {
		m.nodes[slot].edges = append(m.nodes[slot].edges, e)
		back := e
		back.to = slot
		m.nodes[e.to].edges = append(m.nodes[e.to].edges, back)
	}
	m.disturb(slot)
}

// hold gives a listing its place, without what leads to and from it.
func (m *model) hold(l *listing) int32 {
	slot := m.blocks.hold(l.profile)
	if int(slot) == len(m.nodes) {
		m.nodes = append(m.nodes, node{})
	}
	n := &m.nodes[slot]
	*n = node{listing: l, stands: len(m.known.of[l.id()]) > 0, rank: mixed(wordID(l.profile.order)), crowd: place{bound: nowhere, cell: nowhere}}
	m.count(n, l.openOn(m.day))
	return slot
}

// mixed spreads a hash over all its bits.
func mixed(x uint64) uint64 {
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	return x ^ x>>33
}

// count notes whether a need is open, among all and among its council's.
func (m *model) count(n *node, open bool) {
	if n.open == open {
		return
	}
	n.open = open
	by := 1
	if !open {
		by = -1
	}
	m.open += by
	m.openOf[n.council()] += by
}

// unlink takes away what leads from and to a need.
func (m *model) unlink(slot int32) {
	for _, e := range m.nodes[slot].edges {
		from := &m.nodes[e.to]
		if i := slices.IndexFunc(from.edges, func(back edge) bool { return back.to == slot }); i >= 0 {
			last := len(from.edges) - 1
			from.edges[i] = from.edges[last]
			from.edges = from.edges[:last]
		}
	}
	m.nodes[slot].edges = nil
}

// disturb says that groups around a need hold no more: its own part, those of needs that it matches, and of those that
// could fit into a group that it stands in.
func (m *model) disturb(slot int32) {
	m.touchAround(slot)
	for _, st := range m.known.standing(m.nodes[slot].id()) {
		for _, id := range st.refs {
			if other, ok := m.blocks.slotOf[id]; ok {
				m.touchAround(other)
			}
		}
	}
}

func (m *model) touchAround(slot int32) {
	m.touch(slot)
	for _, e := range m.nodes[slot].edges {
		m.touch(e.to)
	}
	m.drop(m.nodes[slot].part)
}

func (m *model) touch(slot int32) { m.touched.add(slot) }

// drop gives up the groups of a part, whose needs are looked at anew.
func (m *model) drop(p *portion) {
	if p == nil || p.gone {
		return
	}
	p.gone = true
	for _, slot := range p.members {
		m.nodes[slot].part = nil
		m.touch(slot)
	}
}

// setDay opens and ends what a new day opens and ends.
func (m *model) setDay(day time.Time) {
	if m.worked && m.day.Equal(day) {
		return
	}
	m.day = day
	for slot := range m.nodes {
		n := &m.nodes[slot]
		if n.listing != nil && n.open != n.openOn(day) {
			m.disturb(int32(slot))
			m.count(n, n.openOn(day))
		}
	}
	for id, g := range m.people {
		m.stand("people/"+id, m.standingOf(g))
	}
}

// setPeoples replaces what is known of a group that people formed; nil takes it out.
func (m *model) setPeoples(id string, g *catalogue.BuyingGroup) {
	delete(m.people, id)
	if g != nil {
		m.people[id] = g
	}
	m.stand("people/"+id, m.standingOf(g))
}

// standingOf is a group of people's as it stands on the model's day; nil once its members' needs are free again.
func (m *model) standingOf(g *catalogue.BuyingGroup) *standing {
	if g == nil || !g.Holds(m.day) {
		return nil
	}
	return &standing{id: g.ID, refs: inGroup(g), confirmed: true, shut: !g.Open()}
}

// stand replaces a standing group, and disturbs all around its members as it was and as it is.
func (m *model) stand(key string, st *standing) {
	old := m.known.groups[key]
	if old.same(st) {
		return
	}
	around := func(st *standing) {
		if st == nil {
			return
		}
		for _, id := range st.refs {
			if slot, ok := m.blocks.slotOf[id]; ok {
				m.disturb(slot)
			}
		}
	}
	around(old)
	m.known.stand(key, st)
	around(st)
	for _, st := range []*standing{old, st} {
		if st == nil {
			continue
		}
		for _, id := range st.refs {
			if slot, ok := m.blocks.slotOf[id]; ok {
				m.nodes[slot].stands = len(m.known.of[id]) > 0
			}
		}
	}
}

// inGroup lists the intentions of those that a group has asked or accepted, and that have not gone.
func inGroup(g *catalogue.BuyingGroup) []string {
	var ids []string
	for _, member := range g.Members {
		if member.State == catalogue.Accepted || member.State == catalogue.Invited {
			ids = append(ids, member.Intention)
		}
	}
	return ids
}

// openNeeds lists the needs that have not ended, in no order.
func (m *model) openNeeds() []*listing {
	out := make([]*listing, 0, m.open)
	for i := range m.nodes {
		if m.nodes[i].listing != nil && m.nodes[i].open {
			out = append(out, m.nodes[i].listing)
		}
	}
	return out
}

// sayApart notes that one council more, or one less, says that two intentions are not the same need.
func (m *model) sayApart(a, b string, by int) {
	before := m.known.differ(a, b)
	m.known.say(a, b, by)
	if m.known.differ(a, b) == before {
		return
	}
	for _, id := range []string{a, b} {
		if slot, ok := m.blocks.slotOf[id]; ok {
			m.disturb(slot)
		}
	}
	m.set(a, m.get(a)) // the edge between them
}
