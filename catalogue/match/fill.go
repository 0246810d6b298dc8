package match

import (
	"cmp"
	"slices"
)

// fill takes many listings into a model that holds none: as set would one by one, on all cores. Needs that are alike come
// beside each other, so that what one is compared with is still at hand for the next.
func (m *model) fill(listings []*listing) {
	listings = slices.Clone(listings)
	slices.SortStableFunc(listings, func(a, b *listing) int {
		return cmp.Or(cmp.Compare(a.profile.main(), b.profile.main()), a.profile.window.Start.Compare(b.profile.window.Start))
	})
	topics := make([][]topic, len(listings))
	inParallel(len(listings), func(i int) { topics[i] = listings[i].profile.standsUnder() })
	for i, l := range listings {
		m.hold(l, topics[i])
		topics[i] = nil
	}
	lower := make([][]edge, len(m.nodes))
	const some = 64
	inParallel((len(m.nodes)+some-1)/some, func(chunk int) {
		for slot := chunk * some; slot < min(len(m.nodes), (chunk+1)*some); slot++ {
			v := m.blocks.visit()
			lower[slot] = m.bearing(int32(slot), v, true)
			m.blocks.seen.Put(v)
		}
	})
	degree := make([]int, len(m.nodes))
	for slot, edges := range lower {
		degree[slot] += len(edges)
		for _, e := range edges {
			degree[e.to]++
		}
	}
	for slot := range m.nodes {
		m.nodes[slot].edges = make([]edge, 0, degree[slot])
		m.touch(int32(slot))
	}
	for slot, edges := range lower {
		m.nodes[slot].edges = append(m.nodes[slot].edges, edges...)
		for _, e := range edges {
			back := e
			back.to = int32(slot)
			m.nodes[e.to].edges = append(m.nodes[e.to].edges, back)
		}
		lower[slot] = nil
	}
}
