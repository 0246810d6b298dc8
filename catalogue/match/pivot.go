package match

// Where each need of a crowd stands: see portion.

import (
	"container/heap"
	"math"
	"slices"
)

// place gives each need of a crowd that was looked at its cell.
func (r *regrouping) place() {
	for _, slot := range r.fresh.list {
		r.role(slot)
	}
	for len(r.queue.slots) > 0 {
		r.pivot(heap.Pop(&r.queue).(int32))
	}
	for _, slot := range r.moved.list {
		r.settle(slot)
	}
	for _, slot := range r.touched.list {
		if n := &r.nodes[slot]; n.listing != nil && n.part == nil && n.crowd.cell != nowhere {
			r.dirty.add(n.crowd.cell) // another's change gave up the part that both were in
		}
	}
	for _, cell := range r.dirty.list {
		for _, slot := range r.cells[cell] {
			r.drop(r.nodes[slot].part)
		}
	}
}

// role says whether a need is bound to a standing group's cell, or free, or neither.
func (r *regrouping) role(slot int32) {
	p := &r.nodes[slot].crowd
	if !p.in {
		return
	}
	bound, free := r.anchor(slot), false
	if bound == nowhere && !r.standsBack(slot) {
		bound = r.fits(slot)
		free = bound == nowhere
	}
	if p.free != free {
		p.free = free
		r.eachMatch(slot, func(to int32, _ float64) { r.enqueue(to) })
	}
	p.bound = bound
	r.moved.add(slot)
	r.enqueue(slot)
}

func (r *regrouping) enqueue(slot int32) {
	if p := &r.nodes[slot].crowd; p.in && !p.queued {
		p.queued = true
		heap.Push(&r.queue, slot)
	}
}

// eachMatch calls fn with the needs that one gains with.
func (m *model) eachMatch(slot int32, fn func(to int32, gain float64)) {
	for _, e := range m.nodes[slot].edges {
		if g := m.gain(e); g > 0 && m.nodes[e.to].open {
			fn(e.to, g)
		}
	}
}

// standsBack reports whether a need is the second listing of another, or not to be grouped at all.
func (m *model) standsBack(slot int32) bool {
	n := &m.nodes[slot]
	if n.profile.need.Private || n.profile.need.Closed {
		return true
	}
	for _, e := range n.edges {
		if other := &m.nodes[e.to]; e.repeats && other.open && byOrder(other.profile, n.profile) < 0 {
			return true
		}
	}
	return false
}

// anchor is the first, in order, of all that stand in groups with a need; nowhere where it stands in none.
func (m *model) anchor(slot int32) int32 {
	if !m.nodes[slot].stands {
		return nowhere
	}
	first, list := slot, []int32{slot}
	for i := 0; i < len(list); i++ {
		if byOrder(m.nodes[list[i]].profile, m.nodes[first].profile) < 0 {
			first = list[i]
		}
		for _, st := range m.known.standing(m.nodes[list[i]].id()) {
			for _, id := range st.refs {
				if to, ok := m.blocks.slotOf[id]; ok && m.nodes[to].open && !slices.Contains(list, to) {
					list = append(list, to)
				}
			}
		}
	}
	return first
}

// fits is the cell of the standing group that a need fits best into, as clustering.join has it; nowhere for none.
func (m *model) fits(slot int32) int32 {
	best, cell := math.Inf(-1), int32(nowhere)
	var tried []*standing
	for _, e := range m.nodes[slot].edges {
		if e.repeats || !m.nodes[e.to].open || !m.nodes[e.to].stands {
			continue
		}
		for _, st := range m.known.standing(m.nodes[e.to].id()) {
			if slices.Contains(tried, st) {
				continue
			}
			tried = append(tried, st)
			mean, ok := m.meanGain(slot, st)
			at := m.anchor(e.to)
			if ok && mean >= 0 && (mean > best+least || mean > best-least && m.before(at, cell)) {
				best, cell = mean, at
			}
		}
	}
	return cell
}

// meanGain is what a need gains with each of a standing group, on average; ok is false where one of them excludes it.
func (m *model) meanGain(slot int32, st *standing) (mean float64, ok bool) {
	n, sum := 0, 0.0
	for _, id := range st.refs {
		other, there := m.blocks.slotOf[id]
		if !there || !m.nodes[other].open {
			continue
		}
		g := m.between(slot, other)
		if math.IsInf(g, -1) {
			return 0, false
		}
		sum += g
		n++
	}
	return sum / float64(max(n, 1)), n > 0 && n < MaxGroup
}

// between is what two needs gain in one group, whether an edge leads from one to the other or not.
func (m *model) between(a, b int32) float64 {
	for _, e := range m.nodes[a].edges {
		if e.to == b {
			return m.gain(e)
		}
	}
	p, q := m.nodes[a].profile, m.nodes[b].profile
	if plainGates(p, q) != 0 || m.known.differ(p.need.Ref, q.need.Ref) {
		return math.Inf(-1)
	}
	pair := m.scorer.Pair(p, q)
	return m.scorer.gain(&pair)
}

// before orders the needs of a crowd for pivots.
func (m *model) before(a, b int32) bool {
	x, y := &m.nodes[a], &m.nodes[b]
	if x.rank != y.rank {
		return x.rank < y.rank
	}
	return byOrder(x.profile, y.profile) < 0
}

// pivot says whether a need is a pivot, all before it being settled.
func (r *regrouping) pivot(slot int32) {
	p := &r.nodes[slot].crowd
	p.queued = false
	r.moved.add(slot)
	is := p.free
	if is {
		r.eachMatch(slot, func(to int32, _ float64) {
			is = is && !(r.nodes[to].crowd.pivot && r.before(to, slot))
		})
	}
	if is == p.pivot {
		return
	}
	p.pivot = is
	r.eachMatch(slot, func(to int32, _ float64) {
		r.moved.add(to)
		if r.before(slot, to) {
			r.enqueue(to)
		}
	})
}

// settle puts a need into its cell.
func (r *regrouping) settle(slot int32) {
	p := &r.nodes[slot].crowd
	if !p.in {
		return
	}
	cell := p.bound
	switch {
	case p.pivot:
		cell = slot
	case p.free:
		var best float64
		r.eachMatch(slot, func(to int32, gain float64) {
			if r.nodes[to].crowd.pivot && (cell == nowhere || gain > best || gain == best && r.before(to, cell)) {
				cell, best = to, gain
			}
		})
	}
	if cell == p.cell {
		return
	}
	r.drop(r.nodes[slot].part)
	if p.cell != nowhere {
		r.dirty.add(p.cell)
		r.leaveCell(slot)
	}
	if p.cell = cell; cell != nowhere {
		r.dirty.add(cell)
		r.cells[cell] = append(r.cells[cell], slot)
	}
}

// pivotQueue gives needs in the order for pivots.
type pivotQueue struct {
	*model
	slots []int32
}

func (q *pivotQueue) Len() int           { return len(q.slots) }
func (q *pivotQueue) Less(i, j int) bool { return q.before(q.slots[i], q.slots[j]) }
func (q *pivotQueue) Swap(i, j int)      { q.slots[i], q.slots[j] = q.slots[j], q.slots[i] }
func (q *pivotQueue) Push(x any)         { q.slots = append(q.slots, x.(int32)) }
func (q *pivotQueue) Pop() any {
	last := q.slots[len(q.slots)-1]
	q.slots = q.slots[:len(q.slots)-1]
	return last
}
