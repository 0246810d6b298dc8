package demand

import (
	"cmp"
	"slices"
)

// Reason is why a cell says nothing. It is for the operator: in public it would be an upper edge.
type Reason string

// The reasons for which a figure is withheld.
const (
	TooFew        Reason = "few"     // fewer councils than the least
	TooFewChanged Reason = "changed" // fewer have changed than the least since it was drawn to say nothing
	Waits         Reason = "waits"   // its week has not come
	NearlyAll     Reason = "half"    // it would say more than half of those that could be behind it
	ByChance      Reason = "chance"  // drawn, and it fell below the first step
)

// Withheld is a cell of which nothing is said, though councils are behind it.
type Withheld struct {
	Cell
	Councils int    `json:"councils"` // on the day of the release
	Why      Reason `json:"why"`
}

// edge keeps the cells that would be shown next: not shown, with all that are one step wider shown. Most councils first.
func edge(all []Withheld, figures []Figure) []Withheld {
	shown := make(map[Cell]bool, len(figures))
	for _, f := range figures {
		shown[f.Cell] = true
	}
	out := slices.DeleteFunc(all, func(w Withheld) bool {
		if shown[w.Cell] || w.Councils == 0 {
			return true
		}
		for _, c := range w.Wider() {
			if c.depth() == w.depth()-1 && !shown[c] {
				return true
			}
		}
		return false
	})
	slices.SortFunc(out, func(a, b Withheld) int { return cmp.Or(cmp.Compare(b.Councils, a.Councils), a.Compare(b.Cell)) })
	return out
}

// Fact is something public that tells of a council's need: a public intention, a signal, a published plan, notice or
// contract. What is as in Need.
type Fact struct{ Council, What string }

// Private keeps the needs of which no fact tells: of the same council, for the same capability, or the same area where
// one of the two is not known more closely.
func Private(needs []Need, facts []Fact) []Need {
	told := map[Fact]bool{}
	for _, f := range facts {
		if f.What == "" {
			continue // it tells of nothing in particular
		}
		told[f] = true
		for _, what := range wider(f.What) {
			if what != f.What {
				told[Fact{f.Council, what + "/"}] = true // something within it
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(needs), func(n Need) bool {
		if n.What != "" && told[Fact{n.Council, n.What + "/"}] {
			return true
		}
		return slices.ContainsFunc(wider(n.What), func(what string) bool { return told[Fact{n.Council, what}] })
	})
}
