package match_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

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

// From nothing: profiles, blocks, and every candidate pair scored. The needs
// are the labelled ones over and over, in other months and at other prices: far
// fewer distinct needs than life has, so more candidates for each.
func BenchmarkFromNothing(b *testing.B) {
	known := slices.Concat(labelled(b, "labelled"), labelled(b, "challenge"), labelled(b, "unseen"))
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := scorer(b)
			random := rand.New(rand.NewPCG(1, 2))
			needs := make([]match.Need, n)
			for i := range needs {
				needs[i] = known[i%len(known)].Need
				needs[i].Ref = fmt.Sprintf("n%06d", i)
				needs[i].Council = fmt.Sprintf("E07%06d", random.IntN(400))
				months := random.IntN(60)
				for _, t := range []*time.Time{&needs[i].WindowStart, &needs[i].WindowEnd, &needs[i].ContractEnd} {
					if !t.IsZero() {
						*t = t.AddDate(0, months, 0)
					}
				}
				scale := math.Exp(random.NormFloat64())
				needs[i].BudgetMin, needs[i].BudgetMax = needs[i].BudgetMin*scale, needs[i].BudgetMax*scale
			}
			var compared int
			for b.Loop() {
				compared = 0
				blocks := match.NewBlocks()
				for _, need := range needs {
					p := s.Profile(need)
					for _, other := range blocks.Candidates(p) {
						s.Pair(p, other)
						compared++
					}
					blocks.Add(p)
				}
			}
			b.ReportMetric(float64(compared)/float64(n), "candidates/need")
		})
	}
}
