package match_test

import (
	"fmt"
	"testing"
	"time"

	"jointly/catalogue"
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

// From nothing: profiles, blocks, and every candidate pair scored.
func BenchmarkFromNothing(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := scorer(b)
			needs := manyNeeds(b, n, 60, func(i int) string { return fmt.Sprintf("E07%06d", i) })
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

// The engine over 10,000 intentions, against comparing one pair: what a visitor waits for its matches, at rest and after
// a change; and reading everything at start.
func BenchmarkEngine(b *testing.B) {
	const n = 10_000
	w := newWorld(b)
	councils := w.Register().Councils()
	var items []catalogue.Item
	for _, need := range manyNeeds(b, n, 60, func(i int) string { return councils[i].GSS }) {
		in := asIntention(need)
		items = append(items, &in)
	}
	w.load(b, items...)
	e := w.engine(b)
	e.Groups()
	s, ps := benchProfiles(b)
	began := time.Now()
	const pairs = 100_000
	for i := range pairs {
		s.Pair(ps[i%len(ps)], ps[(i*7+1)%len(ps)])
	}
	pair := time.Since(began) / pairs
	run := func(name string, fn func(b *testing.B, in *catalogue.Intention)) {
		b.Run(name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				fn(b, items[i*7919%n].(*catalogue.Intention))
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(pair), "pairs")
		})
	}
	run("matches", func(b *testing.B, in *catalogue.Intention) { w.matches(b, e, in) })
	run("change and groups", func(b *testing.B, in *catalogue.Intention) {
		b.StopTimer()
		stored, err := w.Intention(b.Context(), catalogue.Operator("test"), in.ID)
		must(b, err)
		w.list(b, *stored)
		b.StartTimer()
		must(b, e.CatchUp(b.Context()))
		e.Groups()
	})
	run("from nothing", func(b *testing.B, _ *catalogue.Intention) { w.engine(b).Groups() })
}
