package match

import (
	"cmp"
	"fmt"
	"slices"
)

// Report says how well suggestions agree with the known groups. Read the
// figures together: B-cubed alone flatters.
type Report struct {
	// Needs and Groups counted; Groups are those of two or more.
	Needs  int `json:"needs"`
	Groups int `json:"groups"`
	// Precision, Recall and F over pairs that are in one group.
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F         float64 `json:"f"`
	// BCubedPrecision, BCubedRecall and BCubedF are means over needs.
	BCubedPrecision float64 `json:"bcubed_precision"`
	BCubedRecall    float64 `json:"bcubed_recall"`
	BCubedF         float64 `json:"bcubed_f"`
	// Exact is the part of the known groups that came out with exactly their members.
	Exact float64 `json:"exact_groups"`
	// Hit3 is the part of the needs with a partner that have one among their
	// first three suggestions; Precision3 the part of those suggestions above
	// the threshold that are right.
	Hit3       float64 `json:"hit_at_3"`
	Precision3 float64 `json:"precision_at_3"`
}

// String puts the figures on one line.
func (r Report) String() string {
	return fmt.Sprintf("%d needs in %d groups: pairs P %.2f R %.2f F %.2f; B-cubed P %.2f R %.2f F %.2f; exact groups %.2f; hit@3 %.2f; precision@3 %.2f",
		r.Needs, r.Groups, r.Precision, r.Recall, r.F, r.BCubedPrecision, r.BCubedRecall, r.BCubedF, r.Exact, r.Hit3, r.Precision3)
}

// Measure compares what a scorer suggests for labelled needs with their groups.
func (s *Scorer) Measure(labelled []Labelled) Report {
	var t tally
	for _, set := range bySet(labelled) {
		t.add(s, set, func(string) bool { return true })
	}
	return t.report()
}

// CrossValidate learns from all groups but one, suggests groups among all
// needs, and looks at how that one came out; so for each group in turn. Never
// by single needs: their partners would give them away. Where there are more
// groups in a set than folds, several are left out at a time.
func CrossValidate(lesson Lesson, folds int) (Report, error) {
	lesson = lesson.read()
	var t tally
	for _, set := range bySet(lesson.Needs) {
		var groups []string
		for _, l := range set {
			groups = append(groups, l.Group)
		}
		slices.Sort(groups)
		groups = slices.Compact(groups)
		for fold := range min(folds, len(groups)) {
			held := make(map[string]bool)
			for i := fold; i < len(groups); i += folds {
				held[groups[i]] = true
			}
			rest := lesson
			rest.Needs = slices.DeleteFunc(slices.Clone(lesson.Needs), func(l Labelled) bool { return held[l.Group] && l.Set == set[0].Set })
			w, err := Learn(rest)
			if err != nil {
				return Report{}, err
			}
			s, err := NewScorerWith(lesson.Dictionary, w)
			if err != nil {
				return Report{}, err
			}
			t.add(s, set, func(group string) bool { return held[group] })
		}
	}
	return t.report(), nil
}

// bySet divides labelled needs into their sets, in the sets' order.
func bySet(labelled []Labelled) [][]Labelled {
	ordered := slices.Clone(labelled)
	slices.SortStableFunc(ordered, func(a, b Labelled) int { return cmp.Compare(a.Set, b.Set) })
	var out [][]Labelled
	for i, l := range ordered {
		if i == 0 || l.Set != ordered[i-1].Set {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], l)
	}
	return out
}

// tally sums up over the folds of an evaluation.
type tally struct {
	needs, groups, exact                   int
	truePairs, foundPairs, rightPairs      float64
	bcubedP, bcubedR                       float64
	withPartner, hits, suggested, suitable int
}

// add suggests groups among all needs and counts what concerns the known
// groups that are looked at. A pair between two of them counts half from each.
func (t *tally) add(s *Scorer, labelled []Labelled, look func(group string) bool) {
	known := make(map[string]string, len(labelled)) // ref to known group
	members := make(map[string][]string)            // known group to refs
	profiles := s.profiles(labelled)
	for _, l := range labelled {
		known[l.Need.Ref] = l.Group
		members[l.Group] = append(members[l.Group], l.Need.Ref)
	}
	var pairs []Pair
	suggestions := make(map[string][]Pair)
	for i := range profiles {
		for j := range i {
			p := s.Pair(profiles[j], profiles[i])
			pairs = append(pairs, p)
			if p.Passes() {
				suggestions[p.A] = append(suggestions[p.A], p)
				suggestions[p.B] = append(suggestions[p.B], p)
			}
		}
	}
	found := make(map[string][]string) // ref to its group as suggested
	for _, g := range s.Group(profiles, pairs, nil) {
		for _, ref := range g.Refs {
			found[ref] = g.Refs
		}
	}
	for _, l := range labelled {
		if !look(l.Group) {
			continue
		}
		ref := l.Need.Ref
		cluster := found[ref]
		if cluster == nil {
			cluster = []string{ref}
		}
		right := 0
		for _, other := range cluster {
			if known[other] == l.Group {
				right++
			}
		}
		size := len(members[l.Group])
		t.needs++
		t.bcubedP += float64(right) / float64(len(cluster))
		t.bcubedR += float64(right) / float64(size)
		// Each pair is met from both its needs.
		t.truePairs += float64(size-1) / 2
		t.rightPairs += float64(right-1) / 2
		t.foundPairs += float64(len(cluster)-1) / 2
		if size > 1 {
			t.withPartner++
			if ref == slices.Min(members[l.Group]) {
				t.groups++
				if right == size && len(cluster) == size {
					t.exact++
				}
			}
		}
		t.addSuggestions(s, suggestions[ref], known, size > 1)
	}
}

// addSuggestions looks at a need's three best pairs.
func (t *tally) addSuggestions(s *Scorer, pairs []Pair, known map[string]string, partner bool) {
	slices.SortFunc(pairs, Best)
	hit := false
	for _, p := range pairs[:min(3, len(pairs))] {
		right := known[p.A] == known[p.B]
		hit = hit || right
		if p.Points >= s.weights.Threshold {
			t.suggested++
			if right {
				t.suitable++
			}
		}
	}
	if hit && partner {
		t.hits++
	}
}

func (t *tally) report() Report {
	r := Report{Needs: t.needs, Groups: t.groups}
	r.Precision, r.Recall = part(t.rightPairs, t.foundPairs), part(t.rightPairs, t.truePairs)
	r.F = harmonic(r.Precision, r.Recall)
	r.BCubedPrecision, r.BCubedRecall = part(t.bcubedP, float64(t.needs)), part(t.bcubedR, float64(t.needs))
	r.BCubedF = harmonic(r.BCubedPrecision, r.BCubedRecall)
	r.Exact = part(float64(t.exact), float64(t.groups))
	r.Hit3 = part(float64(t.hits), float64(t.withPartner))
	r.Precision3 = part(float64(t.suitable), float64(t.suggested))
	return r
}

// part is n of total; nothing of nothing is nothing.
func part(n, total float64) float64 {
	if total == 0 {
		return 0
	}
	return n / total
}

func harmonic(a, b float64) float64 {
	if a+b == 0 {
		return 0
	}
	return 2 * a * b / (a + b)
}
