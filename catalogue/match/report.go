package match

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Overview is the whole of what the engine suggests, in the stable form that `jointly match` prints. Intentions are
// named by the reference they were imported with.
type Overview struct {
	Groups []OverviewGroup `json:"groups"`
	Pairs  []OverviewPair  `json:"pairs"`
}

// OverviewGroup is a suggested group of at least two intentions; no intention is in two.
type OverviewGroup struct {
	ID         string   `json:"id"` // from the sorted references
	Intentions []string `json:"intentions"`
	Window     Span     `json:"window"`
	Points     float64  `json:"points"` // mean over its pairs
	Reasons    []string `json:"reasons"`
}

// Span is a window of days, both included.
type Span struct {
	Start string `json:"start"`
	End   string `json:"end"`
}

// OverviewPair is two intentions that pass every gate, with the evidence that its points add up from.
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
const allPairsUpTo = 2000

// Overview works out groups and, for each intention, its best pairs that pass the gates, whatever their points.
func (e *Engine) Overview() Overview {
	out := Overview{Groups: []OverviewGroup{}, Pairs: []OverviewPair{}}
	groups := e.Groups()
	today := e.catalogue.Today()
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, g := range groups {
		if len(g.Refs) < MinGroup {
			continue
		}
		o := OverviewGroup{Window: Span{isoDay(g.Window.Start), isoDay(g.Window.End)}, Points: g.Points, Reasons: []string{}}
		var members []*Profile
		for _, id := range g.Refs {
			if n, ok := e.needs[id]; ok {
				o.Intentions = append(o.Intentions, n.ref)
				members = append(members, n.profile)
			}
		}
		slices.Sort(o.Intentions)
		o.ID = groupID(o.Intentions)
		if reasons := e.scorer.Reasons(members); reasons != nil {
			o.Reasons = reasons
		}
		out.Groups = append(out.Groups, o)
	}
	slices.SortFunc(out.Groups, func(a, b OverviewGroup) int { return slices.Compare(a.Intentions, b.Intentions) })

	ids := slices.Collect(maps.Keys(e.needs))
	ids = slices.DeleteFunc(ids, func(id string) bool { return !e.needs[id].open(today) })
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(e.needs[a].ref, e.needs[b].ref), cmp.Compare(a, b)) })
	kept := map[[2]string]bool{}
	for _, id := range ids {
		for _, p := range e.best(id, ids, today) {
			a, b := p.A, p.B
			if cmp.Or(cmp.Compare(e.needs[b].ref, e.needs[a].ref), cmp.Compare(b, a)) < 0 {
				a, b = b, a
			}
			if kept[[2]string{a, b}] {
				continue
			}
			kept[[2]string{a, b}] = true
			told := e.scorer.Describe(e.needs[a].profile, e.needs[b].profile)
			o := OverviewPair{A: e.needs[a].ref, B: e.needs[b].ref, Points: told.Points, Evidence: []OverviewItem{}}
			for _, ev := range told.Evidence {
				o.Evidence = append(o.Evidence, OverviewItem{ev.Feature, ev.Points, ev.Text})
			}
			out.Pairs = append(out.Pairs, o)
		}
	}
	slices.SortFunc(out.Pairs, func(a, b OverviewPair) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	return out
}

// best lists the best pairs of one need that pass the gates.
func (e *Engine) best(id string, ids []string, today time.Time) []Pair {
	own := e.needs[id].profile
	var pairs []Pair
	consider := func(other string) {
		if other == id || !e.needs[other].open(today) {
			return
		}
		if p := e.scorer.Pair(own, e.needs[other].profile); p.Passes() {
			pairs = append(pairs, p)
		}
	}
	if len(ids) <= allPairsUpTo {
		for _, other := range ids {
			consider(other)
		}
	} else {
		for _, p := range e.blocks.Candidates(own) {
			consider(p.Ref())
		}
	}
	slices.SortFunc(pairs, Best)
	return pairs[:min(len(pairs), bestPairs)]
}

func isoDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
