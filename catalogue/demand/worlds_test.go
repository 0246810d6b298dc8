package demand_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestMain draws some worlds, and many in the long run.
func TestMain(m *testing.M) {
	flag.Parse()
	checks := "30"
	if os.Getenv("JOINTLY_TORTURE") != "" {
		checks = "1000"
	}
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", checks); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// aWorld draws one in which some cells are near a step, which is where an attacker gains.
func (m model) aWorld(t *rapid.T) world {
	w := world{model: m}
	left := drawn
	rest := slices.Clone(m.size)
	for k, n := range m.kinds {
		if n.What == "" {
			continue
		}
		r := m.regionOf(k)
		w.first[k] = min(rapid.SampledFrom([]int{0, 1, 3, 4, 5, 6}).Draw(t, fmt.Sprintf("of kind %d", k)), left, rest[r])
		left -= w.first[k]
		rest[r] -= w.first[k]
	}
	for r, of := range m.regions {
		w.first[of[0]] = rest[r]
	}
	w.from = rapid.IntRange(0, len(m.kinds)-1).Filter(func(k int) bool { return w.first[k] > 0 }).Draw(t, "changes")
	w.to = rapid.SampledFrom(m.regions[m.regionOf(w.from)]).Draw(t, "into")
	return w
}

// holds says that councils of some kinds, that did not change, can be among a world's.
func (w world) holds(known [kinds]int) bool {
	for k, n := range known {
		if k == w.from && w.from != w.to {
			n++
		}
		if n > w.first[k] {
			return false
		}
	}
	return true
}

// readers of a release: who knows of none, of one and of two of the councils behind it.
func readers(w world) [][]int {
	out := [][]int{nil}
	for a := range w.kinds {
		var one [kinds]int
		if one[a]++; w.kinds[a].What == "" || !w.holds(one) {
			continue
		}
		out = append(out, []int{a})
		for b := a; b < len(w.kinds); b++ {
			two := one
			if two[b]++; w.kinds[b].What != "" && w.holds(two) {
				out = append(out, []int{a, b})
			}
		}
	}
	return out
}
