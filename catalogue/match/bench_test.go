package match_test

import (
	"testing"

	"jointly/catalogue/match"
)

func BenchmarkProfile(b *testing.B) {
	s, needs := scorer(b), labelled(b, "labelled")
	for i := 0; b.Loop(); i++ {
		s.Profile(needs[i%len(needs)].Need)
	}
}

func BenchmarkPair(b *testing.B) {
	s, ps := benchProfiles(b)
	for i := 0; b.Loop(); i++ {
		s.Pair(ps[i%len(ps)], ps[(i*7+1)%len(ps)])
	}
}

func BenchmarkExplain(b *testing.B) {
	s, ps := benchProfiles(b)
	for i := 0; b.Loop(); i++ {
		s.Explain(ps[i%len(ps)], ps[(i*7+1)%len(ps)])
	}
}

func BenchmarkGroup(b *testing.B) {
	s, ps := benchProfiles(b)
	pairs := allPairs(s, ps)
	for b.Loop() {
		s.Group(ps, pairs, nil)
	}
}

func benchProfiles(b *testing.B) (*match.Scorer, []*match.Profile) {
	s := scorer(b)
	var ps []*match.Profile
	for _, l := range labelled(b, "labelled") {
		ps = append(ps, s.Profile(l.Need))
	}
	return s, ps
}
