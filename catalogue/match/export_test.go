package match

import "time"

// Model gives tests what the engine holds without a store.
type Model struct{ *model }

// NewTestModel fills a model and works out its groups.
func NewTestModel(s *Scorer, profiles []*Profile, day time.Time) *Model {
	m := &Model{newModel(s)}
	listings := make([]*listing, len(profiles))
	for i, p := range profiles {
		listings[i] = asListing(p)
	}
	m.fill(listings)
	m.regroup(day)
	return m
}

func asListing(p *Profile) *listing {
	return &listing{profile: p, ref: p.Ref(), windowEnd: p.need.WindowEnd}
}

// Put lists a need, or lists it anew.
func (m *Model) Put(p *Profile) { m.set(p.Ref(), asListing(p)) }

// Regroup gives the groups of a day.
func (m *Model) Regroup(day time.Time) []*Group {
	m.regroup(day)
	return m.groups.list
}

// Sizes counts edges, and needs in crowds, cells, and the largest of them.
func (m *Model) Sizes() (edges, crowded, cells, largest int) {
	for i := range m.nodes {
		edges += len(m.nodes[i].edges)
		if m.nodes[i].crowd.in {
			crowded++
		}
	}
	for _, c := range m.cells {
		largest = max(largest, len(c))
	}
	return edges, crowded, len(m.cells), largest
}
