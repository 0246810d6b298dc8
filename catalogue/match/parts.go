package match

import (
	"slices"
	"time"
)

// Groups are worked out part by part. Needs between which no pair gains anything, and that stand in no group together,
// say nothing about each other: each such component is a part. In a large catalogue components grow without end, for
// each need matches some that match others; one of more than crowd needs is divided into cells first. Some of its needs
// are pivots: those that no pivot before them matches, in an order that is a hash of the councils' references. Each other
// need goes to the pivot that it gains most with. So a change moves few pivots, wherever it is, and the division follows
// from the listings alone, not from their history.

// crowd is the most needs that are grouped as a whole.
const crowd = 300

// portion is needs that are grouped by themselves.
type portion struct {
	members []int32
	groups  []placed
	gone    bool // something changed in it
}

// place is where a need of a crowd stands.
type place struct {
	in     bool // its component is a crowd
	free   bool // it is given to pivots
	pivot  bool
	bound  int32 // the cell of the standing group that it is in or fits into; nowhere: none
	cell   int32 // named by the slot of the pivot, or of the first in the standing group
	queued bool
}

const nowhere = -1

// regrouping is one working out under way.
type regrouping struct {
	*model
	seen, vast marks     // reached by this working out; in a crowd, for sure
	small      [][]int32 // components that are parts
	fresh      marks     // needs of crowds whose place is looked at
	queue      pivotQueue
	moved      marks // needs whose cell is looked at
	dirty      marks // cells whose groups hold no more
}

// marks is a set of slots.
type marks struct {
	has  []bool
	list []int32
}

func (m *marks) add(slot int32) bool {
	if int(slot) >= len(m.has) {
		m.has = append(m.has, make([]bool, int(slot)+1-len(m.has)+len(m.has)/8)...)
	}
	if m.has[slot] {
		return false
	}
	m.has[slot] = true
	m.list = append(m.list, slot)
	return true
}

func (m *marks) holds(slot int32) bool { return int(slot) < len(m.has) && m.has[slot] }

func (m *marks) clear() {
	for _, slot := range m.list {
		m.has[slot] = false
	}
	m.list = m.list[:0]
}

// current reports whether groups are worked out for a day.
func (m *model) current(today time.Time) bool {
	return m.worked && len(m.touched.list) == 0 && m.day.Equal(today)
}

// regroup works out groups for a day, in the parts that changed.
func (m *model) regroup(today time.Time) {
	if m.current(today) {
		return
	}
	m.setDay(today)
	r := &m.under
	r.model, r.queue.model = m, m
	for i := 0; i < len(m.touched.list); i++ { // it grows
		r.explore(m.touched.list[i])
	}
	r.place()
	parts := make([]*portion, 0, len(r.small)+len(r.dirty.list))
	for _, members := range r.small {
		parts = append(parts, &portion{members: members})
	}
	for _, cell := range r.dirty.list {
		if members := m.cells[cell]; len(members) > 0 {
			parts = append(parts, &portion{members: slices.Clone(members)})
		}
	}
	m.work(parts)
	for _, marks := range []*marks{&m.touched, &r.seen, &r.vast, &r.fresh, &r.moved, &r.dirty} {
		marks.clear()
	}
	r.small, m.worked = nil, true
}

// work groups parts, several at a time, and lists their groups.
func (m *model) work(parts []*portion) {
	inParallel(len(parts), func(i int) {
		p := parts[i]
		p.groups = m.group(p.members)
	})
	for _, p := range parts {
		for _, slot := range p.members {
			m.nodes[slot].part = p
		}
	}
	m.groups.replace(parts)
}

// links calls fn with the needs that hang together with one.
func (m *model) links(slot int32, fn func(int32)) {
	for _, e := range m.nodes[slot].edges {
		if m.nodes[e.to].open {
			fn(e.to)
		}
	}
	if !m.nodes[slot].stands {
		return
	}
	for _, st := range m.known.standing(m.nodes[slot].id()) {
		for _, id := range st.refs {
			if other, ok := m.blocks.slotOf[id]; ok && other != slot && m.nodes[other].open {
				fn(other)
			}
		}
	}
}

// explore finds out what a touched need hangs together with, unless this working out has been there.
func (r *regrouping) explore(from int32) {
	n := &r.nodes[from]
	if n.listing == nil || !n.open {
		r.leave(from)
		return
	}
	if r.vast.holds(from) {
		r.fresh.add(from)
		return
	}
	if r.seen.holds(from) {
		return
	}
	if n.crowd.in && r.besideVast(from) {
		r.vast.add(from)
		r.fresh.add(from)
		return
	}
	list, vast := r.reach(from)
	if vast {
		r.flood(list)
		r.fresh.add(from)
		return
	}
	for _, slot := range list {
		r.seen.add(slot)
		r.drop(r.nodes[slot].part)
		r.leave(slot)
	}
	r.small = append(r.small, list)
}

// besideVast reports whether a need matches one that is in a crowd for sure.
func (r *regrouping) besideVast(slot int32) bool {
	return slices.ContainsFunc(r.nodes[slot].edges, func(e edge) bool { return r.vast.holds(e.to) && r.nodes[e.to].open })
}

// reach lists what hangs together with a need, until that is a crowd.
func (r *regrouping) reach(from int32) (list []int32, vast bool) {
	reached := map[int32]bool{from: true}
	list = []int32{from}
	for i := 0; i < len(list) && !vast; i++ {
		r.links(list[i], func(to int32) {
			if vast || reached[to] {
				return
			}
			reached[to] = true
			list = append(list, to)
			vast = r.vast.holds(to) || len(list) > crowd
		})
	}
	return list, vast
}

// flood takes needs into the crowd, with all that are not in it yet and hang together with them. Where something new
// leads out of the crowd, it is from a need that was touched and is not in it.
func (r *regrouping) flood(list []int32) {
	for _, slot := range list {
		r.vast.add(slot)
	}
	for i := 0; i < len(list); i++ {
		slot := list[i]
		p := &r.nodes[slot].crowd
		if p.in {
			continue
		}
		r.drop(r.nodes[slot].part)
		*p = place{in: true, bound: nowhere, cell: nowhere}
		r.fresh.add(slot)
		r.links(slot, func(to int32) {
			if !r.nodes[to].crowd.in && r.vast.add(to) {
				list = append(list, to)
			}
		})
	}
}

// leave takes a need out of its crowd.
func (m *model) leave(slot int32) {
	p := &m.nodes[slot].crowd
	if p.cell != nowhere {
		m.leaveCell(slot)
	}
	*p = place{bound: nowhere, cell: nowhere}
}

func (m *model) leaveCell(slot int32) {
	p := &m.nodes[slot].crowd
	members := m.cells[p.cell]
	take(&members, slot)
	if m.cells[p.cell] = members; len(members) == 0 {
		delete(m.cells, p.cell)
	}
	p.cell = nowhere
}
