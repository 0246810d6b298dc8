package match

// fill takes many listings into a model that holds none: as set would one by one, on all cores.
func (m *model) fill(listings []*listing) {
	topics := make([][]topic, len(listings))
	inStretches(len(listings), func(i int) { topics[i] = listings[i].profile.standsUnder() })
	slots := make([]int32, len(listings))
	for i, l := range listings {
		slots[i] = m.hold(l)
	}
	inParallel(shards, func(shard int) {
		for i, slot := range slots {
			for _, t := range topics[i] {
				if t%shards == topic(shard) {
					m.blocks.stand(slot, t)
				}
			}
		}
	})
	lower := make([][]edge, len(m.nodes))
	inStretches(len(m.nodes), func(slot int) {
		v := m.blocks.visit()
		defer m.blocks.seen.Put(v)
		lower[slot] = m.bearing(int32(slot), v, true)
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
