package baseline_test

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jointly/catalogue/baseline"
	"jointly/catalogue/register"
)

// The attacker knows the method, reads two editions, and knows who returned something, how far everybody lets it be seen,
// and who has changed a return between the editions. It knows the figures that it may see, and those of up to two councils
// besides: itself, and one that made its return public later. It tries every world of what the others may have returned.
// The service's least is 7, so that 5 are left; in this small world it is 4, and nothing must be learned of fewer than 2.
const (
	least     = 4
	protected = least - 2
	levels    = 3 // what one can have returned: 1, 2 or 3
)

func small() baseline.Rules { return baseline.Rules{Least: least, Open: 3, Quartiles: 5} }

// council is one in the true world: what it returned by the first and by the second edition; 0: nothing.
type council struct {
	reach     baseline.Reach
	was, is   int
	knownToMe bool // beyond its reach
}

func parts(world []council, second bool) map[baseline.Round][]baseline.Part {
	var out []baseline.Part
	for i, c := range world {
		v := c.was
		if second {
			v = c.is
		}
		if v > 0 {
			p := baseline.Part{Council: fmt.Sprintf("c%02d", i), Reach: c.reach, Volume: baseline.Unstated(), Cost: baseline.Unstated()}
			p.Cost[3] = float64(v)
			out = append(out, p)
		}
	}
	return map[baseline.Round][]baseline.Part{{LGSL: 1, Start: "2025-04-01"}: out}
}

// method is how editions come of a world: the real one, or one with a rule taken away.
type method struct {
	rules baseline.Rules
	anew  bool // every edition is drawn anew
	blind bool // it takes no notice of what readers know already
}

func (m method) edition(n int, world []council, before []baseline.Taken) ([]baseline.Taken, string) {
	if m.blind {
		world = slices.Clone(world)
		for i := range world {
			world[i].reach = baseline.Nobody
		}
	}
	if m.anew {
		before = nil
	}
	taken, figures, _ := m.rules.Next(n, parts(world, n == 2), before)
	read := ""
	for _, f := range figures {
		read += fmt.Sprint(f.Since, f.N, *f.Median, ";")
		if f.Quartiles() {
			read += fmt.Sprint(*f.Lower, *f.Upper)
		}
	}
	return taken, read
}

// learned is what a council returned, where that is certain of fewer than are protected; "" where it is not. hidden is the
// widest reach that the attacker does not see.
func learned(m method, world []council, hidden baseline.Reach) string {
	var open []int // whom the attacker does not know
	for i, c := range world {
		if c.reach >= hidden && !c.knownToMe && c.was+c.is > 0 {
			open = append(open, i)
		}
	}
	taken, first := m.edition(1, world, nil)
	_, second := m.edition(2, world, taken)
	can := make([][2]uint, len(world)) // bits of what each can have returned
	try := slices.Clone(world)
	each(try, open, false, world, func() {
		taken, read := m.edition(1, try, nil)
		if read != first {
			return
		}
		each(try, open, true, world, func() {
			if _, read := m.edition(2, try, taken); read != second {
				return
			}
			for _, i := range open {
				can[i][0] |= 1 << try[i].was
				can[i][1] |= 1 << try[i].is
			}
		})
	})
	for edition := range 2 {
		for _, i := range open {
			if bits.OnesCount(can[i][edition]) > 1 || can[i][edition] == 1 {
				continue
			}
			alike := 0
			for _, j := range open {
				same := can[j][edition] == can[i][edition]
				if world[i].was == world[i].is { // it was certain already of those that were there then
					same = same || can[j][1-edition] == can[i][edition]
				}
				if same {
					alike++
				}
			}
			if alike < protected {
				return fmt.Sprintf("edition %d: what council %d returned is certain: %04b", edition+1, i, can[i][edition])
			}
		}
	}
	return ""
}

// each runs fn for all that the open councils can have returned by the first edition, or by the second given the first:
// the attacker knows who returned something and who changed it.
func each(try []council, open []int, second bool, world []council, fn func()) {
	if len(open) == 0 {
		fn()
		return
	}
	i := open[0]
	c := world[i]
	for v := 0; v <= levels; v++ {
		switch {
		case !second && (v > 0) != (c.was > 0), second && (v > 0) != (c.is > 0), second && (v == try[i].was) != (c.is == c.was):
			continue
		case second:
			try[i].is = v
		default:
			try[i].was = v
		}
		each(try, open[1:], second, world, fn)
	}
}

// aWorld draws one near the edges of the rules.
func aWorld(t *rapid.T) []council {
	n := rapid.IntRange(least-1, 8).Draw(t, "councils")
	changes := rapid.SampledFrom([]int{0, 1, 2, least - 1, least, least, least + 1, 8}).Draw(t, "changes")
	reaches := rapid.SampledFrom([][]baseline.Reach{{baseline.Nobody}, {baseline.Councils}, {baseline.Nobody, baseline.Nobody, baseline.Nobody, baseline.Councils},
		{baseline.Everybody, baseline.Nobody, baseline.Nobody}}).Draw(t, "reaches")
	world := make([]council, n)
	for i := range world {
		v := rapid.IntRange(1, levels).Draw(t, "returns")
		world[i] = council{reach: rapid.SampledFrom(reaches).Draw(t, "seen by"), was: v, is: v}
		if i < changes {
			world[i].was, world[i].is = rapid.SampledFrom([]int{0, v}).Draw(t, "first"), rapid.IntRange(0, levels).Draw(t, "then")
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "known") {
		world[rapid.IntRange(0, n-1).Draw(t, "knows")].knownToMe = true
	}
	return world
}

// TestNothingIsLearnedAboutFewerThanProtected is the attack.
func TestNothingIsLearnedAboutFewerThanProtected(t *testing.T) {
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		world := aWorld(t)
		_, read := method{rules: small()}.edition(1, world, nil)
		shown += len(read)
		for _, hidden := range []baseline.Reach{baseline.Councils, baseline.Nobody} {
			if what := learned(method{rules: small()}, world, hidden); what != "" {
				t.Fatalf("%+v, read by who does not see %d: %s", world, hidden, what)
			}
		}
	})
	if shown == 0 {
		t.Error("nothing was ever shown: there was nothing to attack")
	}
}

// TestTheAttackerSucceedsWithoutTheRules: each rule taken away, the same attacker learns something.
func TestTheAttackerSucceedsWithoutTheRules(t *testing.T) {
	own := func(pairs ...[2]int) (world []council) {
		for _, p := range pairs {
			world = append(world, council{reach: baseline.Nobody, was: p[0], is: p[1]})
		}
		return world
	}
	same, one := [2]int{2, 2}, [2]int{1, 3}
	mixed := append(own(same), council{reach: baseline.Everybody, was: 1, is: 1}, council{reach: baseline.Everybody, was: 3, is: 3},
		council{reach: baseline.Everybody, was: 1, is: 1})
	for name, test := range map[string]struct {
		without method
		world   []council
	}{
		"drawn anew at every change":    {method{rules: small(), anew: true}, own([2]int{1, 1}, [2]int{1, 1}, one, [2]int{3, 3}, [2]int{3, 3})},
		"figures of one council":        {method{rules: baseline.Rules{Least: 1, Open: 1, Quartiles: 5}}, own(same)},
		"hidden parts among those seen": {method{rules: small(), blind: true}, mixed},
		"one change is enough":          {method{rules: baseline.Rules{Least: 1, Open: 3, Quartiles: 5}}, own([2]int{1, 1}, [2]int{1, 1}, one, [2]int{3, 3}, [2]int{3, 3})},
	} {
		what := learned(test.without, test.world, baseline.Councils)
		if what == "" {
			t.Errorf("%s: nothing is learned", name)
		}
		t.Logf("%s: %s", name, what)
		if again := learned(method{rules: small()}, test.world, baseline.Councils); again != "" {
			t.Errorf("%s: with the rules %s is learned", name, again)
		}
	}
}

// TestARateDoesNotSayWhoseItIs: the attacker multiplies a published rate by the residents of each council in turn; whose
// return it was gives a whole number of contacts. Rounding leaves it with at least five councils, and without rounding it
// finds the one.
func TestARateDoesNotSayWhoseItIs(t *testing.T) {
	reg, err := register.Load()
	if err != nil {
		t.Fatal(err)
	}
	var places []register.Council
	for _, c := range reg.Councils() {
		if c.Population > 0 {
			places = append(places, c)
		}
	}
	round := baseline.Round{LGSL: 1, Start: "2025-04-01"}
	fits := func(r baseline.Rules, volume func(i int) float64) (found []string, truth string) {
		var all []baseline.Part
		for i := range 9 {
			c := places[i*37]
			p := baseline.Part{Council: c.GSS, Reach: baseline.Nobody, Residents: float64(c.Population), Volume: baseline.Amounts{volume(i), 0, 0, 0}, Cost: baseline.Unstated()}
			all = append(all, p)
		}
		_, figures, _ := r.Next(1, map[baseline.Round][]baseline.Part{round: all}, nil)
		rate := *figures[slices.IndexFunc(figures, func(f baseline.Figure) bool { return f.Measure == baseline.Rate })].Median
		slices.SortFunc(all, func(a, b baseline.Part) int {
			x, _ := a.Of(baseline.Rate)
			y, _ := b.Of(baseline.Rate)
			return int(math.Copysign(1, x-y))
		})
		for _, c := range places {
			near := rate * float64(c.Population) / 1000
			for v := math.Floor(near) - 1; v <= near+1+near/10; v++ {
				got := 1000 * v / float64(c.Population)
				if !r.Exact {
					got = baseline.Rate.Round(got)
				}
				if v >= 0 && math.Abs(got-rate) < 1e-9 {
					found = append(found, c.GSS)
					break
				}
			}
		}
		return found, all[4].Council
	}
	rare := func(i int) float64 { return float64(3 + i) }
	often := func(i int) float64 { return float64(4_001 + 997*i) }
	for _, volume := range []func(int) float64{rare, often} {
		if found, _ := fits(baseline.Standard(), volume); len(found) < 5 {
			t.Errorf("a rounded rate fits %d councils only: %v", len(found), found)
		}
		exact := baseline.Standard()
		exact.Exact = true
		if found, truth := fits(exact, volume); len(found) > 2 || !slices.Contains(found, truth) {
			t.Errorf("an exact rate fits %d councils: the attack does not work", len(found))
		}
	}
}
