package match_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointly/catalogue/match"
)

// drawNeeds draws listings that often match, sometimes repeat one council's
// need, and sometimes say next to nothing.
func drawNeeds(t *rapid.T) []match.Need {
	texts := []struct{ title, description, capability, area string }{
		{"Revenues and benefits system", "Council tax, NNDR and housing benefit processing.", "revs-bens", "revenues-benefits"},
		{"Council tax platform", "Local taxation billing and benefits with e-billing.", "revs-bens", "finance"},
		{"Library management system", "Circulation and catalogue for branches.", "libraries", "libraries"},
		{"Library system", "Loans, catalogue and reservations.", "", "libraries"},
		{"Highways asset management", "Defects, inspections and works orders.", "highways", "highways"},
		{"Something new", "We intend to procure a solution; the contract expires.", "", ""},
		{"", "", "", ""},
	}
	n := rapid.IntRange(0, 14).Draw(t, "n")
	needs := make([]match.Need, n)
	for i := range needs {
		text := rapid.SampledFrom(texts).Draw(t, "text")
		start := date("2027-01-01").AddDate(0, rapid.IntRange(0, 12).Draw(t, "start"), 0)
		budget := float64(rapid.SampledFrom([]int{0, 50_000, 90_000, 120_000, 300_000, 2_000_000}).Draw(t, "budget"))
		needs[i] = match.Need{
			Ref: fmt.Sprintf("r%02d", i), Order: fmt.Sprintf("o%02d", i), Council: fmt.Sprintf("E070000%02d", rapid.IntRange(1, 12).Draw(t, "council")),
			Regime: rapid.SampledFrom([]match.Regime{"", match.England, match.Wales}).Draw(t, "regime"),
			Title:  text.title, Description: text.description, Capability: text.capability, Area: text.area,
			BudgetMin: budget, BudgetMax: budget,
			ExtensionMonths: rapid.IntRange(0, 12).Draw(t, "extension"), LeadMonths: rapid.IntRange(0, 12).Draw(t, "lead"),
			Supplier: rapid.SampledFrom([]string{"", "NEC", "Civica"}).Draw(t, "supplier"),
			Closed:   rapid.IntRange(0, 9).Draw(t, "closed") == 0, Private: rapid.IntRange(0, 9).Draw(t, "private") == 0,
			Leads: rapid.Bool().Draw(t, "leads"),
		}
		if rapid.IntRange(0, 5).Draw(t, "dated") > 0 {
			needs[i].WindowStart, needs[i].WindowEnd = start, start.AddDate(0, rapid.IntRange(1, 14).Draw(t, "length"), 0)
		}
		if rapid.Bool().Draw(t, "contract") {
			needs[i].ContractEnd = start.AddDate(0, rapid.IntRange(2, 20).Draw(t, "end"), 0)
		}
	}
	return needs
}

func profiles(s *match.Scorer, needs []match.Need) []*match.Profile {
	out := make([]*match.Profile, len(needs))
	for i, n := range needs {
		out[i] = s.Profile(n)
	}
	return out
}

func allPairs(s *match.Scorer, ps []*match.Profile) []match.Pair {
	var out []match.Pair
	for i := range ps {
		for j := range i {
			out = append(out, s.Pair(ps[j], ps[i]))
		}
	}
	return out
}

func TestPairProperties(t *testing.T) {
	s := scorer(t)
	rapid.Check(t, func(t *rapid.T) {
		ps := profiles(s, drawNeeds(t))
		for i := range ps {
			for j := range i {
				a, b := ps[j], ps[i]
				p := s.Pair(a, b)
				if diff := cmp.Diff(p, s.Pair(b, a), cmp.AllowUnexported(match.Pair{})); diff != "" {
					t.Fatalf("differs with who comes first: %s", diff)
				}
				for _, e := range []match.Explanation{s.Explain(a, b), s.Explain(b, a), s.Describe(b, a)} {
					checkExplanation(t, p, e)
				}
			}
		}
	})
}

func checkExplanation(t *rapid.T, p match.Pair, e match.Explanation) {
	if diff := cmp.Diff(p, e.Pair, cmp.AllowUnexported(match.Pair{})); diff != "" {
		t.Fatalf("explains another pair: %s", diff)
	}
	var sum float64
	for _, v := range e.Evidence {
		sum += v.Points
		if v.Text == "" || v.Level == "unknown" {
			t.Fatalf("%s: %v points without a word: %+v", v.Feature, v.Points, v)
		}
	}
	if d := sum - p.Points; d > 1e-6 || d < -1e-6 {
		t.Fatalf("evidence adds up to %v, the pair has %v", sum, p.Points)
	}
	if e.Summary == "" || p.Passes() && e.NearMiss != "" {
		t.Fatalf("summary %q, near miss %q", e.Summary, e.NearMiss)
	}
	for _, n := range e.Notes {
		if n.Reason == "" {
			t.Fatalf("gate %s gives no reason", n.Gate)
		}
	}
}

func TestGroupProperties(t *testing.T) {
	s := scorer(t)
	rapid.Check(t, func(t *rapid.T) {
		needs := drawNeeds(t)
		standing := drawStanding(t, needs)
		ps := profiles(s, needs)
		groups := s.Group(ps, allPairs(s, ps), standing)
		checkGroups(t, s, ps, groups, standing)

		shuffled := profiles(s, rapid.Permutation(needs).Draw(t, "order"))
		if diff := cmp.Diff(groups, s.Group(shuffled, allPairs(s, shuffled), standing)); diff != "" {
			t.Fatalf("groups depend on the order: %s", diff)
		}
		renamed := rename(rapid.Permutation(needs).Draw(t, "names"), needs)
		other := profiles(s, renamed)
		if diff := cmp.Diff(withoutIDs(needs, s.Group(ps, allPairs(s, ps), nil)), withoutIDs(renamed, s.Group(other, allPairs(s, other), nil))); diff != "" {
			t.Fatalf("groups depend on the refs in spite of an order: %s", diff)
		}
		slices.Reverse(standing)
		if diff := cmp.Diff(groups, s.Group(ps, allPairs(s, shuffled), standing)); diff != "" {
			t.Fatalf("groups depend on the order of pairs or standing groups: %s", diff)
		}
	})
}

// rename gives needs other refs, as another import would.
func rename(permuted, needs []match.Need) []match.Need {
	out := slices.Clone(needs)
	for i := range out {
		out[i].Ref = "new-" + permuted[i].Ref
	}
	return out
}

// withoutIDs names the members of groups by their order.
func withoutIDs(needs []match.Need, groups []match.Group) [][]string {
	order := make(map[string]string)
	for _, n := range needs {
		order[n.Ref] = n.Order
	}
	out := make([][]string, len(groups))
	for i, g := range groups {
		for _, ref := range g.Refs {
			out[i] = append(out[i], order[ref])
		}
	}
	return out
}

// drawStanding divides some of the needs into groups that somebody knows of.
func drawStanding(t *rapid.T, needs []match.Need) []match.Standing {
	var out []match.Standing
	for i := 0; i+2 <= len(needs) && rapid.Bool().Draw(t, "standing"); {
		n := min(rapid.IntRange(2, 4).Draw(t, "size"), len(needs)-i)
		st := match.Standing{Confirmed: rapid.Bool().Draw(t, "confirmed")}
		for _, need := range needs[i : i+n] {
			st.Refs = append(st.Refs, need.Ref)
		}
		out = append(out, st)
		i += n
	}
	return out
}

func checkGroups(t *rapid.T, s *match.Scorer, ps []*match.Profile, groups []match.Group, standing []match.Standing) {
	of := make(map[string]*match.Profile)
	for _, p := range ps {
		of[p.Ref()] = p
	}
	seen := make(map[string]bool)
	confirmed := 0
	for _, g := range groups {
		if !slices.IsSorted(g.Refs) || g.ID == "" {
			t.Fatalf("group %q of %v", g.ID, g.Refs)
		}
		var members []*match.Profile
		for _, ref := range slices.Concat(g.Refs, g.Joining) {
			if seen[ref] {
				t.Fatalf("%s stands in two places", ref)
			}
			seen[ref] = true
		}
		for _, ref := range g.Refs {
			members = append(members, of[ref])
		}
		if len(s.Reasons(members)) == 0 {
			t.Fatalf("no reason for %v", g.Refs)
		}
		if g.Confirmed {
			confirmed++
			if !slices.ContainsFunc(standing, func(st match.Standing) bool { return st.Confirmed && slices.Equal(st.Refs, g.Refs) }) {
				t.Fatalf("%v was not confirmed by anybody", g.Refs)
			}
			continue
		}
		if len(g.Refs) < match.MinGroup || len(g.Refs) > match.MaxGroup {
			t.Fatalf("group of %d", len(g.Refs))
		}
		for i, a := range members {
			if a.Need().Private || a.Need().Closed {
				t.Fatalf("%s is not to be grouped", a.Ref())
			}
			for _, b := range members[:i] {
				if p := s.Pair(a, b); !p.Passes() {
					t.Fatalf("%s and %s are grouped in spite of %s", p.A, p.B, names(p.Failed))
				}
			}
		}
		if !g.Window.Start.IsZero() && !g.Window.End.IsZero() {
			if days, _ := g.Window.Days(); days < 59 {
				t.Fatalf("the group shares %d days", days)
			}
		}
	}
	for _, st := range standing {
		if st.Confirmed {
			confirmed--
		}
	}
	if confirmed != 0 {
		t.Fatalf("a confirmed group was lost or made")
	}
}

// What comes out is a local optimum: no need gains by going elsewhere, and no two groups by merging.
func TestNoMoveGains(t *testing.T) {
	s := scorer(t)
	rapid.Check(t, func(t *rapid.T) {
		for _, better := range betterMoves(s, drawNeeds(t)) {
			t.Error(better)
		}
	})
	dense := manyNeeds(t, 500, 6, func(i int) string { return fmt.Sprintf("E07%06d", i) })
	for _, better := range betterMoves(s, dense) {
		t.Error(better)
	}
}

// betterMoves groups needs and lists the moves that would gain.
func betterMoves(s *match.Scorer, needs []match.Need) (found []string) {
	ps := profiles(s, needs)
	pairs := allPairs(s, ps)
	gains, out := map[[2]string]float64{}, map[string]bool{}
	for _, p := range pairs {
		gain := p.Points - s.Threshold()
		if !p.Passes() {
			gain = math.Inf(-1)
		}
		gains[[2]string{p.A, p.B}], gains[[2]string{p.B, p.A}] = gain, gain
		out[p.B] = out[p.B] || p.Repeats // the second listing stands back
	}
	var groups [][]string
	in := map[string]bool{}
	for _, g := range s.Group(ps, pairs, nil) {
		groups = append(groups, g.Refs)
		for _, ref := range g.Refs {
			in[ref] = true
		}
	}
	for _, n := range needs {
		if !in[n.Ref] && !n.Closed && !n.Private && !out[n.Ref] {
			groups = append(groups, []string{n.Ref})
		}
	}
	between := func(a, b []string) (sum float64) {
		for _, x := range a {
			for _, y := range b {
				sum += gains[[2]string{x, y}] // nothing for a need with itself
			}
		}
		return sum
	}
	const least = 1e-6
	for i, from := range groups {
		for _, ref := range from {
			stay := between([]string{ref}, from)
			if stay < -least {
				found = append(found, fmt.Sprintf("%s would gain by leaving %v", ref, from))
			}
			for k, to := range groups {
				if k != i && len(to) < match.MaxGroup && between([]string{ref}, to) > stay+least {
					found = append(found, fmt.Sprintf("%s would gain by going from %v to %v", ref, from, to))
				}
			}
		}
		for _, other := range groups[:i] {
			if len(from)+len(other) <= match.MaxGroup && between(from, other) > least {
				found = append(found, fmt.Sprintf("%v and %v would gain by merging", from, other))
			}
		}
	}
	return found
}

func TestGroupWithoutPairsScoresWhatItNeeds(t *testing.T) {
	s := scorer(t)
	var ps []*match.Profile
	for _, l := range labelled(t, "labelled") {
		ps = append(ps, s.Profile(l.Need))
	}
	all := allPairs(s, ps)
	matches := slices.DeleteFunc(slices.Clone(all), func(p match.Pair) bool { return !p.Passes() && !p.Repeats || p.Points < s.Threshold() })
	if diff := cmp.Diff(s.Group(ps, all, nil), s.Group(ps, matches, nil)); diff != "" {
		t.Errorf("groups differ when pairs that cannot match are left out: %s", diff)
	}
}

// Needs between which no pair reaches the threshold, and that share no standing group, say nothing about each other:
// grouped by themselves they give the same groups. What the engine works out again after a change rests on it.
func TestGroupsOfPartsAreThoseOfTheWhole(t *testing.T) {
	s := scorer(t)
	rapid.Check(t, func(t *rapid.T) {
		needs := drawNeeds(t)
		standing := drawStanding(t, needs)
		part := make(map[string]string, len(needs)) // by ref, named by one of its members
		for _, n := range needs {
			part[n.Ref] = n.Ref
		}
		join := func(a, b string) {
			from, to := part[a], part[b]
			for ref, of := range part {
				if of == from {
					part[ref] = to
				}
			}
		}
		for _, p := range allPairs(s, profiles(s, needs)) {
			if p.Repeats || p.Passes() && p.Points >= s.Threshold() {
				join(p.A, p.B)
			}
		}
		for _, st := range standing {
			for _, ref := range st.Refs {
				join(ref, st.Refs[0])
			}
		}
		var apart []match.Group
		for _, name := range slices.Sorted(maps.Keys(part)) {
			var own []match.Need
			for _, n := range needs {
				if part[n.Ref] == name {
					own = append(own, n)
				}
			}
			known := slices.DeleteFunc(slices.Clone(standing), func(st match.Standing) bool { return part[st.Refs[0]] != name })
			ps := profiles(s, own)
			apart = append(apart, s.Group(ps, allPairs(s, ps), known)...)
		}
		slices.SortFunc(apart, func(a, b match.Group) int { return strings.Compare(a.Refs[0], b.Refs[0]) })
		ps := profiles(s, needs)
		if diff := cmp.Diff(s.Group(ps, allPairs(s, ps), standing), apart); diff != "" {
			t.Fatalf("grouped apart they differ: %s", diff)
		}
	})
}

func TestStandingGroups(t *testing.T) {
	confirmed := func(n *match.Need) { n.Capability = "revs-bens" }
	council := func(gss string) func(*match.Need) { return func(n *match.Need) { n.Council = gss; confirmed(n) } }
	s := scorer(t)
	a, b, c := need("a", council("E07000001")), need("b", council("E07000002")), need("c", council("E07000003"))
	ps := profiles(s, []match.Need{a, b, c})

	free := s.Group(ps, allPairs(s, ps), nil)
	if len(free) != 1 || len(free[0].Refs) != 3 {
		t.Fatalf("three alike make %v", free)
	}
	fixed := s.Group(ps, allPairs(s, ps), []match.Standing{{Refs: []string{"b", "a"}, Confirmed: true}})
	if len(fixed) != 1 || !slices.Equal(fixed[0].Refs, []string{"a", "b"}) || !slices.Equal(fixed[0].Joining, []string{"c"}) {
		t.Errorf("a confirmed group of a and b became %v; c should be offered to it", fixed)
	}
	told := s.Group(ps, allPairs(s, ps), []match.Standing{{Refs: []string{"a", "b"}}})
	if len(told) != 1 || !slices.Equal(told[0].Refs, []string{"a", "b", "c"}) {
		t.Errorf("c did not join the suggestion of a and b: %v", told)
	}
}

// A need whose pairs with a standing group are just at the threshold fits into it.
func TestJoinsAtTheThreshold(t *testing.T) {
	w, err := match.LoadWeights()
	if err != nil {
		t.Fatal(err)
	}
	a, b := need("a"), need("bb")
	s := scorer(t)
	w.Threshold = s.Pair(s.Profile(a), s.Profile(b)).Points
	if s, err = match.NewScorerWith(dictionary(t), w); err != nil {
		t.Fatal(err)
	}
	ps := profiles(s, []match.Need{a, b})
	groups := s.Group(ps, allPairs(s, ps), []match.Standing{{ID: "known", Refs: []string{"a"}, Confirmed: true}})
	if len(groups) != 1 || groups[0].Standing != "known" || !slices.Equal(groups[0].Joining, []string{"bb"}) {
		t.Errorf("got %+v, want the standing group with bb joining", groups)
	}
}

func TestSecondListingStandsBack(t *testing.T) {
	confirmed := func(n *match.Need) { n.Capability = "revs-bens" }
	council := func(gss string) func(*match.Need) { return func(n *match.Need) { n.Council = gss } }
	s := scorer(t)
	ps := profiles(s, []match.Need{
		need("a", confirmed, council("E07000001")), need("b", confirmed, council("E07000002")),
		need("c", confirmed, council("E07000001"), func(n *match.Need) { n.Title = "Council tax system, entered by IT" }),
	})
	if p := s.Pair(ps[0], ps[2]); !p.Repeats {
		t.Errorf("not seen as a second listing: %+v", p)
	}
	groups := s.Group(ps, allPairs(s, ps), nil)
	if len(groups) != 1 || !slices.Equal(groups[0].Refs, []string{"a", "b"}) {
		t.Errorf("got %v, want a with b", groups)
	}
}

// A group that procures keeps its members, and nobody is told to join it.
func TestAShutGroupIsNotJoined(t *testing.T) {
	s := scorer(t)
	ps := profiles(s, []match.Need{need("a"), need("bb"), need("ccc"), need("dddd")})
	groups := s.Group(ps, allPairs(s, ps), []match.Standing{{ID: "known", Refs: []string{"a", "bb"}, Confirmed: true, Shut: true}})
	if len(groups) != 2 || groups[0].Standing != "known" || groups[0].Joining != nil || len(groups[1].Refs) != 2 {
		t.Errorf("got %+v, want the group that is shut and one of the other two", groups)
	}
}
