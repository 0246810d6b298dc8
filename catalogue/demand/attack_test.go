package demand_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jointly/catalogue/demand"
)

// The attacker knows the method, reads two releases, and knows that one council at most came, went or changed its need
// between them. It tries every world: councils that cannot be told apart, each with no need or one of four kinds. It may
// know up to two of them: itself, and one that made its need public later. The service's least is 7, so that 5 are left; in
// this small world it is 4, and nothing must be learned about fewer than 2.
const (
	councils  = 30
	drawn     = 12 // at most with a need, in the true world
	most      = 18 // in the worlds that are tried; one with more would only leave more open
	least     = 4
	protected = least - 2
	kinds     = 5 // the first: no need
	sets      = 1 << kinds
)

func small() demand.Rules { return demand.Rules{Steps: []int{least, 6}, Stale: 26} }

func kind(k int) demand.Need {
	return demand.Need{What: []string{"", "a", "a", "b", "b"}[k], When: []string{"", "x", "y", "x", "y"}[k]}
}

// world is how many councils there are of each kind on the day of the first release, and the one that has changed by the
// second; from and to alike: none.
type world struct {
	first    [kinds]int
	from, to int
}

func (w world) second() [kinds]int {
	w.first[w.from]--
	w.first[w.to]++
	return w.first
}

// needs gives the councils names; the one that changes keeps its own.
func (w world) needs() (first, second []demand.Need) {
	n := 0
	for k, count := range w.first {
		for i := range count {
			was, is := kind(k), kind(k)
			if k == w.from && i == 0 {
				is = kind(w.to)
			}
			was.Council = fmt.Sprintf("c%02d", n)
			is.Council = was.Council
			n++
			if was.What != "" {
				first = append(first, was)
			}
			if is.What != "" {
				second = append(second, is)
			}
		}
	}
	return first, second
}

// released is what the attacker reads.
type released [2][]demand.Figure

func (w world) release(rules demand.Rules, chance demand.Chance) (out released) {
	draw := demand.Draw{Rules: rules, Chance: chance, Room: func(demand.Cell) int { return councils }, Over: func(string) bool { return false }}
	var drawn []demand.Drawn
	first, second := w.needs()
	for i, needs := range [][]demand.Need{first, second} {
		draw.Release = i + 1
		drawn, _ = draw.Next(needs, drawn)
		out[i] = demand.Figures(drawn)
	}
	return out
}

// fits says that a world has at least what the figures say, which every true one has.
func (w world) fits(read released) bool {
	counts := [2][kinds]int{w.first, w.second()}
	for _, figures := range read {
		for _, f := range figures {
			n := 0
			for k := 1; k < kinds; k++ {
				if need := kind(k); (f.What == "" || f.What == need.What) && (f.When == "" || f.When == need.When) {
					n += counts[f.Since-1][k]
				}
			}
			if n < f.Least {
				return false
			}
		}
	}
	return true
}

// attacker says whether a world can be the true one: whether the method can give what was read.
type attacker func(w world, read released) bool

// plain is against a method without chance.
func plain(rules demand.Rules, chance demand.Chance) attacker {
	return func(w world, read released) bool {
		return w.fits(read) && reflect.DeepEqual(w.release(rules, chance), read)
	}
}

// guided is against the real method: it looks for the chance that gives what was read in this world.
func guided(rules demand.Rules) attacker {
	return func(w world, read released) bool {
		if !w.fits(read) {
			return false
		}
		first, second := w.needs()
		behind := []map[demand.Cell][]string{demand.Behind(first), demand.Behind(second)}
		chance := func(release int, c demand.Cell) (bool, int) {
			want, lifted := demand.Figure{}, false
			for _, f := range read[release-1] {
				if f.Cell == c {
					want = f
				}
			}
			for _, f := range read[release-1] {
				lifted = lifted || f.Cell != c && f.Least == want.Least && f.Since == want.Since && slices.Contains(f.Wider(), c)
			}
			if want.Since != release || lifted { // it stood before, is not shown, or says what something within it was drawn to say
				return false, 0
			}
			top := -1
			for i, step := range rules.Steps {
				if step <= len(behind[release-1][c]) && 2*step <= councils {
					top = i
				}
			}
			for i, step := range rules.Steps[:top+1] {
				if step == want.Least {
					return true, top - i
				}
			}
			return false, 0
		}
		return reflect.DeepEqual(w.release(rules, chance), read)
	}
}

// worlds runs fn over every world until it says stop.
func worlds(fn func(world) bool) {
	var counts [kinds]int
	var fill func(k, left int) bool
	fill = func(k, left int) bool {
		if k == kinds {
			counts[0] = councils - most + left
			for from := range kinds {
				for to := range kinds {
					if counts[from] > 0 && !fn(world{counts, from, to}) {
						return false
					}
				}
			}
			return true
		}
		for n := range left + 1 {
			counts[k] = n
			if !fill(k+1, left-n) {
				return false
			}
		}
		return true
	}
	fill(1, most)
}

// tally is, beside the councils that the attacker knows, how many were in each set of kinds at either release, and how
// many were not at each. At either: of two that a release tells of, one may have come only then or gone since, and that is
// no more than what it tells.
func (w world) tally(mine [kinds]int) (in [sets]int, out [2][sets]int) {
	counts := [2][kinds]int{w.first, w.second()}
	for s := range sets {
		for k := range kinds {
			if s>>k&1 == 1 {
				in[s] += counts[0][k] - mine[k]
				continue
			}
			for r := range 2 {
				out[r][s] += counts[r][k] - mine[k]
			}
		}
		if s>>w.from&1 == 0 && s>>w.to&1 == 1 {
			in[s]++
		}
	}
	return in, out
}

// learned is what holds in every world that agrees with what was read; "" for nothing about fewer councils than are
// protected. known are the kinds of the councils that the attacker knows of, which did not change.
func learned(could attacker, read released, known []int, oneChanged bool) string {
	var fewest [sets]int
	var mostOut [2][sets]int
	for s := range sets {
		fewest[s] = councils
	}
	var from, to [kinds]bool
	var mine [kinds]int
	for _, k := range known {
		mine[k]++
	}
	given := func(s int) int { // whoever knows that one changed knows that it had a need before or has one now
		if oneChanged && s == sets-2 {
			return 1
		}
		return 0
	}
	open := func() bool { // some question has no answer in the worlds seen yet that protects it
		for s := 1; s < sets-1; s++ {
			if n := fewest[s]; n > given(s) && n < protected || min(mostOut[0][s], mostOut[1][s]) < protected-1 {
				return true
			}
		}
		for k := range kinds {
			if oneChanged && !(from[k] && to[k]) {
				return true
			}
		}
		return false
	}
	seen := 0
	worlds(func(w world) bool {
		if oneChanged && w.from == w.to || !w.holds(mine) {
			return true
		}
		in, out := w.tally(mine)
		news := oneChanged && (!from[w.from] || !to[w.to])
		for s := 1; s < sets-1; s++ {
			news = news || in[s] < fewest[s] || out[0][s] > mostOut[0][s] || out[1][s] > mostOut[1][s]
		}
		if !news || !could(w, read) {
			return true
		}
		seen++
		from[w.from], to[w.to] = true, true
		for s := range sets {
			fewest[s] = min(fewest[s], in[s])
			for r := range 2 {
				mostOut[r][s] = max(mostOut[r][s], out[r][s])
			}
		}
		return open()
	})
	if seen == 0 {
		return "no world agrees: the attacker does not know the method"
	}
	for s := 1; s < sets-1; s++ {
		if n := fewest[s]; n > given(s) && n < protected {
			return fmt.Sprintf("there is at least %d of %05b, and need be no more", n, s)
		}
		for r := range 2 {
			if mostOut[r][s] < protected-1 {
				return fmt.Sprintf("release %d: all but %d are of %05b", r+1, mostOut[r][s], s)
			}
		}
	}
	for k := range kinds {
		if oneChanged && !from[k] {
			return fmt.Sprintf("the one that changed was not of kind %d", k)
		}
		if oneChanged && !to[k] {
			return fmt.Sprintf("the one that changed is not of kind %d", k)
		}
	}
	return ""
}

// aWorld draws one in which some cells are near a step, which is where an attacker gains.
func aWorld(t *rapid.T) world {
	var w world
	left := drawn
	for _, k := range []int{1, 2, 3, 4} {
		w.first[k] = rapid.SampledFrom([]int{0, 1, 3, 4, 5, 6}).Draw(t, fmt.Sprintf("of kind %d", k))
		w.first[k] = min(w.first[k], left)
		left -= w.first[k]
	}
	w.first[0] = councils - drawn + left
	for w.first[w.from] == 0 {
		w.from++
	}
	w.from = rapid.IntRange(w.from, kinds-1).Filter(func(k int) bool { return w.first[k] > 0 }).Draw(t, "changes")
	w.to = rapid.IntRange(0, kinds-1).Draw(t, "into")
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
	for a := 1; a < kinds; a++ {
		var one [kinds]int
		if one[a]++; w.holds(one) {
			out = append(out, []int{a})
		}
		for b := a; b < kinds; b++ {
			two := one
			if two[b]++; w.holds(two) {
				out = append(out, []int{a, b})
			}
		}
	}
	return out
}

// TestNothingIsLearnedAboutFewerThanProtected is the attack.
func TestNothingIsLearnedAboutFewerThanProtected(t *testing.T) {
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		w := aWorld(t)
		read := w.release(small(), demand.Secret([]byte(rapid.String().Draw(t, "key"))))
		shown += len(read[1])
		could := guided(small())
		known, oneChanged := rapid.SampledFrom(readers(w)).Draw(t, "read by who knows"), w.from != w.to && rapid.Bool().Draw(t, "knows that one changed")
		if what := learned(could, read, known, oneChanged); what != "" {
			t.Fatalf("%+v, read by who knows of %d, and that one changed: %t: %s\n%+v", w, known, oneChanged, what, read)
		}
	})
	if shown == 0 {
		t.Error("nothing was ever shown: there was nothing to attack")
	}
}

// TestTheAttackerSucceedsWithoutTheRules: each rule taken away, the same attacker learns something.
func TestTheAttackerSucceedsWithoutTheRules(t *testing.T) {
	never := func(int, demand.Cell) (bool, int) { return true, 0 }
	tooSmall := demand.Rules{Steps: []int{1, 2, 3, 4, 5, 6}, Stale: 26}
	always := demand.Rules{Steps: []int{least, 6}, Stale: 1}
	for name, test := range map[string]struct {
		rules  demand.Rules
		chance demand.Chance
		could  func(demand.Rules, demand.Chance) attacker
		w      world
		known  []int
	}{
		"figures that never fall":  {small(), never, plain, world{[kinds]int{24, 3, 2, 1, 0}, 0, 0}, nil},
		"figures drawn every week": {always, never, plain, world{[kinds]int{25, 3, 0, 2, 0}, 0, 1}, nil},
		"figures of one council":   {tooSmall, never, func(r demand.Rules, _ demand.Chance) attacker { return guided(r) }, world{[kinds]int{26, 1, 0, 3, 0}, 0, 0}, nil},
		"figures of the protected alone, read by one of them": {demand.Rules{Steps: []int{protected, 6}, Stale: 26}, never,
			func(r demand.Rules, _ demand.Chance) attacker { return guided(r) }, world{[kinds]int{26, 2, 0, 2, 0}, 0, 0}, []int{1}},
	} {
		read := test.w.release(test.rules, test.chance)
		what := learned(test.could(test.rules, test.chance), read, test.known, test.w.from != test.w.to)
		if what == "" {
			t.Errorf("%s: nothing is learned from %+v", name, read)
		}
		t.Logf("%s: %s", name, what)
		if again := learned(guided(small()), test.w.release(small(), never), test.known, test.w.from != test.w.to); again != "" {
			t.Errorf("%s: with the rules %s is learned", name, again)
		}
	}
}
