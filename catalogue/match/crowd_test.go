package match_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointly/catalogue/match"
)

// Where many needs hang together, what is worked out after each change is what a new model says of the same needs:
// through listings, changes, withdrawals, days that pass, groups that people know of and needs that they keep apart.
func TestCrowdsFollow(t *testing.T) {
	const n = 6000
	s := scorer(t)
	needs := bigNeeds(t, n+200, func(i int) string { return fmt.Sprintf("E07%06d", i) })
	random := rand.New(rand.NewPCG(3, 4))
	days := []string{"2026-11-23", "2028-03-01", "2027-06-01"}
	live := map[string]match.Need{}
	var first []*match.Profile
	for i := range n {
		live[needs[i].Ref] = needs[i]
		first = append(first, s.Profile(needs[i]))
	}
	day := date(days[0])
	m := match.NewTestModel(s, first, day)
	if _, crowded, cells, _ := m.Sizes(); crowded < n/4 || cells < 20 {
		t.Fatalf("%d needs in crowds of %d cells: the test shows nothing", crowded, cells)
	}
	known := match.NewKnown()
	for round := range 40 {
		for range 1 + random.IntN(3) {
			ref := fmt.Sprintf("n%06d", random.IntN(n+200))
			switch random.IntN(6) {
			case 0:
				delete(live, ref)
				m.Take(ref)
			case 1, 2:
				need := needs[random.IntN(n+200)]
				live[need.Ref] = need
				m.Put(s.Profile(need))
			case 3:
				groups := m.Regroup(day)
				g := groups[random.IntN(len(groups))]
				key := fmt.Sprint("g", random.IntN(12))
				known.Stand(m, key, g.Refs[:2], random.IntN(2) == 0)
			case 4:
				known.Stand(m, fmt.Sprint("g", random.IntN(12)), nil, false)
			case 5:
				groups := m.Regroup(day)
				g := groups[random.IntN(len(groups))]
				known.Differ(m, g.Refs[0], g.Refs[1])
			}
		}
		if round%10 == 9 {
			day = date(days[random.IntN(len(days))])
		}
		got := m.Regroup(day)
		if round%4 != 0 {
			continue
		}
		var ps []*match.Profile
		for _, need := range live {
			ps = append(ps, s.Profile(need))
		}
		fresh := match.NewTestModel(s, ps, day)
		known.Tell(fresh)
		if diff := cmp.Diff(fresh.Regroup(day), got); diff != "" {
			t.Fatalf("after round %d the groups differ from a new model's: %s", round, diff)
		}
	}
}
