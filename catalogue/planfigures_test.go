package catalogue

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func amountsOf(amounts ...float64) map[string]PlanPart {
	out := map[string]PlanPart{}
	for i, a := range amounts {
		out[fmt.Sprintf("C%d", i)] = PlanPart{a, a + 5}
	}
	return out
}

func TestAFigureOfThePlanNeedsSevenCouncilsNoneWithMoreThanHalf(t *testing.T) {
	day := Date{Year: 2026, Month: 11, Day: 23}
	for _, test := range []struct {
		name      string
		parts     map[string]PlanPart
		councils  int
		low, high float64
	}{
		{"six", amountsOf(10, 10, 10, 10, 10, 10), 0, 0, 0},
		{"seven", amountsOf(10, 11, 12, 13, 14, 15, 16), 7, 90, 200}, // 91 and 126
		{"twelve", amountsOf(10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10), 10, 100, 200},
		{"one with more than half", amountsOf(1000, 10, 10, 10, 10, 10, 10), 0, 0, 0},
		{"one that pays more", amountsOf(-1000, 10, 10, 10, 10, 10, 10), 0, 0, 0},
		{"less than nothing", amountsOf(-20, -20, -20, -20, 10, 10, 10), 7, -50, -10}, // -50 and -15
	} {
		f := drawn("x", test.parts, totalOf, PlanFigure{}, day)
		if f.Councils != test.councils || f.Low != test.low || f.High != test.high {
			t.Errorf("%s: at least %d councils, %v to %v; want %d, %v to %v", test.name, f.Councils, f.Low, f.High, test.councils, test.low, test.high)
		}
	}
}

// A reader compares the figures of every week. Whatever changed between two that differ, seven councils changed. With the
// rule off the same reader learns of one.
func TestTwoFiguresOfThePlanNeverDifferByFewerThanSevenCouncils(t *testing.T) {
	fewest := func(keep bool) int {
		rng := rand.New(rand.NewPCG(1, 2))
		parts, shown := map[string]PlanPart{}, PlanFigure{}
		at := map[string]PlanPart{} // what was there when the figure that is shown was drawn
		least := 1 << 30
		for week := range 2000 {
			for range 1 + rng.IntN(2) {
				council := fmt.Sprintf("C%d", rng.IntN(30))
				if rng.IntN(3) == 0 {
					delete(parts, council)
				} else {
					parts[council] = PlanPart{float64(100 + rng.IntN(900)), float64(1000 + rng.IntN(900))}
				}
			}
			now := map[string]PlanPart{}
			for k, v := range parts {
				now[k] = v
			}
			before := shown
			if !keep {
				before = PlanFigure{}
			}
			next := drawn("x", now, totalOf, before, Date{Year: 2026, Month: 1, Day: 1 + week%28})
			if next.Councils > 0 && (next.Low != shown.Low || next.High != shown.High) {
				if shown.Councils > 0 {
					least = min(least, differing(now, at))
				}
				at = now
			}
			shown = next
		}
		return least
	}
	if n := fewest(true); n < leastInPlan || n == 1<<30 {
		t.Errorf("two figures differ by %d councils", n)
	}
	if n := fewest(false); n >= leastInPlan {
		t.Errorf("with the rule off the fewest are %d: this test cannot fail", n)
	}
}
