package match

import (
	"math"
)

// edge leads to a need that bears on a need's groups: the two can stand in one, or one is a second listing of the other.
type edge struct {
	to      int32
	points  int16 // in tenths
	repeats bool
}

// bearing finds the edges of a need; with before, those that lead to lower slots alone.
func (m *model) bearing(slot int32, v *visits, before bool) []edge {
	p, own := m.blocks.slots[slot], m.blocks.plain[slot]
	m.blocks.candidates(p, v)
	v.edges = v.edges[:0]
	for _, to := range v.list {
		if to == slot || before && to > slot || own.apart(m.blocks.plain[to]) || own.unequal(m.blocks.plain[to]) {
			continue
		}
		other := m.blocks.slots[to]
		if points, repeats, ok := m.scorer.bears(p, other); ok && !m.known.differ(p.need.Ref, other.need.Ref) {
			v.edges = append(v.edges, edge{to, int16(math.Round(points * 10)), repeats})
		}
	}
	return append([]edge(nil), v.edges...)
}

// bears reports whether two needs can stand in one group, or one keeps the other out of all: what Pair says of them,
// as far as groups need it and many times as fast where they have nothing in common.
func (s *Scorer) bears(a, b *Profile) (points float64, repeats, ok bool) {
	need := s.compareNeeds(a, b)
	if !s.mayPass(need) {
		return 0, false, false
	}
	levels := s.plainLevels(a, b, need)
	if tenths(s.sum(levels)+s.mostOfTexts) < s.weights.Threshold {
		return 0, false, false // whatever the texts have in common
	}
	s.compareTexts(a, b, &levels)
	if points = tenths(s.sum(levels)); points < s.weights.Threshold {
		return points, false, false
	}
	if a.need.Council == b.need.Council {
		p := s.Pair(a, b)
		return p.Points, p.Repeats, p.Repeats
	}
	failed, _ := gates(a, b, levels)
	return points, false, failed == 0
}

// mayShareNeed reports whether two needs can pass the gate that is about what is needed, whatever else they have in
// common.
func (s *Scorer) mayShareNeed(a, b *Profile) bool { return s.mayPass(s.compareNeeds(a, b)) }

// mayPass is mayShareNeed where the need's level is known already.
func (s *Scorer) mayPass(need Level) bool {
	return sharesNeed(Levels{FeatureNeed: need, FeatureArea: levelSame, FeatureWords: Level(len(s.scales[FeatureWords].levels))})
}

// sum adds up the points of levels, in the features' order.
func (s *Scorer) sum(levels Levels) (points float64) {
	for f, l := range levels {
		points += s.points[f][l]
	}
	return points
}

// gain is what an edge adds to the group that holds both ends; a veto for a second listing.
func (m *model) gain(e edge) float64 {
	if e.repeats {
		return math.Inf(-1)
	}
	return float64(e.points)/10 - m.scorer.Threshold()
}
