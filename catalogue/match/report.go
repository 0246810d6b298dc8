package match

import (
	"cmp"
	"slices"
	"time"
)

// Overview is the whole of what the engine suggests, in the stable form that `jointly match` prints. Intentions are
// named by the reference they were imported with, or their ID; where two have the same, the code of the council stands
// before it: 'E08000025/7'.
type Overview struct {
	Groups []OverviewGroup `json:"groups"` // by members
	Pairs  []OverviewPair  `json:"pairs"`  // by A, then B
}

// OverviewGroup is a group of at least two intentions, suggested or formed by people; no intention is in two.
type OverviewGroup struct {
	ID         string   `json:"id"` // from the sorted references
	Intentions []string `json:"intentions"`
	Window     Span     `json:"window"`
	Points     float64  `json:"points"` // mean over its pairs
	Reasons    []string `json:"reasons"`
}

// Span is a window of days, both included; an end that is not known is empty.
type Span struct {
	Start string `json:"start"`
	End   string `json:"end"`
}

// OverviewPair is two intentions that pass every gate, A before B, with the evidence that its points add up from.
type OverviewPair struct {
	A        string         `json:"a"`
	B        string         `json:"b"`
	Points   float64        `json:"points"`
	Evidence []OverviewItem `json:"evidence"`
}

// OverviewItem is one line of evidence.
type OverviewItem struct {
	Feature string  `json:"feature"`
	Points  float64 `json:"points"`
	Text    string  `json:"text"`
}

// bestPairs is how many pairs the overview lists for each intention.
const bestPairs = 10

// allPairsUpTo is the number of needs up to which every pair is scored for the overview; above it, blocks choose.
const allPairsUpTo = 1000

// Overview works out groups and, for each intention that is open today, its best pairs that pass the gates, whatever
// their points.
func (e *Engine) Overview() Overview {
	groups, open, apart := e.snapshot(e.catalogue.Today())
	slices.SortFunc(open, func(a, b *listing) int { return byOrder(a.profile, b.profile) })
	named := names(open)
	out := Overview{Groups: []OverviewGroup{}, Pairs: []OverviewPair{}}
	profiles := make(map[string]*Profile, len(open))
	for _, l := range open {
		profiles[l.id()] = l.profile
	}
	for _, g := range groups {
		if len(g.Refs) < MinGroup || g.Window.empty() {
			continue // people's groups: one is left in it, or its members' windows have moved apart since
		}
		o := OverviewGroup{Window: Span{isoDay(g.Window.Start), isoDay(g.Window.End)}, Points: g.Points}
		members := make([]*Profile, len(g.Refs))
		for i, id := range g.Refs {
			members[i] = profiles[id]
			o.Intentions = append(o.Intentions, named[id])
		}
		slices.Sort(o.Intentions)
		o.ID, o.Reasons = groupID(o.Intentions), e.scorer.Reasons(members)
		out.Groups = append(out.Groups, o)
	}
	for _, p := range e.scorer.bestOf(open, apart) {
		told := e.scorer.Describe(profiles[p.A], profiles[p.B])
		o := OverviewPair{A: min(named[p.A], named[p.B]), B: max(named[p.A], named[p.B]), Points: told.Points, Evidence: []OverviewItem{}}
		for _, ev := range told.Evidence {
			o.Evidence = append(o.Evidence, OverviewItem{ev.Feature, ev.Points, ev.Text})
		}
		out.Pairs = append(out.Pairs, o)
	}
	slices.SortFunc(out.Groups, func(a, b OverviewGroup) int { return slices.Compare(a.Intentions, b.Intentions) })
	slices.SortFunc(out.Pairs, func(a, b OverviewPair) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	return out
}

// names are what the overview calls intentions, by ID.
func names(open []*listing) map[string]string {
	times := make(map[string]int, len(open))
	for _, l := range open {
		times[l.ref]++
	}
	named := make(map[string]string, len(open))
	for _, l := range open {
		named[l.id()] = l.ref
		if times[l.ref] > 1 {
			named[l.id()] = l.council() + "/" + l.ref
		}
	}
	return named
}

// bestOf lists each pair once that passes the gates and is among the best of either need; apart are those of which a
// council said that they are not the same need.
func (s *Scorer) bestOf(open []*listing, apart map[[2]string]bool) []Pair {
	best := make(map[string][]Pair, len(open))
	blocks := NewBlocks()
	for i, l := range open {
		earlier := func(yield func(*Profile) bool) {
			for _, other := range open[:i] {
				if !yield(other.profile) {
					return
				}
			}
		}
		if len(open) > allPairsUpTo {
			earlier = slices.Values(blocks.Candidates(l.profile))
			blocks.Add(l.profile)
		}
		for other := range earlier {
			if p := s.Pair(l.profile, other); p.Passes() && !apart[[2]string{p.A, p.B}] {
				best[p.A], best[p.B] = shortlist(best[p.A], p), shortlist(best[p.B], p)
			}
		}
	}
	var out []Pair
	for id, pairs := range best {
		for _, p := range pairs {
			if p.A == id || !slices.Contains(best[p.A], p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// shortlist adds a pair to the best so far, in order.
func shortlist(best []Pair, p Pair) []Pair {
	at, _ := slices.BinarySearchFunc(best, p, Best)
	if at == bestPairs {
		return best
	}
	if len(best) == bestPairs {
		best = best[:bestPairs-1]
	}
	return slices.Insert(best, at, p)
}

func isoDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
