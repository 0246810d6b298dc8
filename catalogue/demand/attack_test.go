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
// between them. It tries every world: councils that cannot be told apart but by their region, each with no need or one of
// a few kinds. It knows of every council whose need is public: a listing, a named signal, a contract that ends, whatever a
// search counts or a type-ahead suggests. It may know up to two more: itself, and one that made its need public later. The
// service's least is 7, so that 5 are left; in this small world it is 4, and nothing must be learned about fewer than 2.
const (
	drawn     = 12 // at most with a need, in the true world
	least     = 4
	protected = least - 2
	kinds     = 6
	sets      = 1 << kinds
)

func small() demand.Rules { return demand.Rules{Steps: []int{least, 6}, Stale: 26} }

// model is what is fixed in all worlds. Of each region the first kind has no need.
type model struct {
	kinds   []demand.Need
	regions [][]int             // kinds of each
	size    []int               // councils of each
	most    int                 // with a need in the worlds that are tried; one with more would only leave more open
	cells   map[demand.Cell]int // what behind found
	public  []int               // kinds of the councils that everybody knows of, beside all others
	counted bool                // those are in the figures too: the rule that they are not is off
}

// byTime breaks down what is needed by when, of one region.
func byTime() model {
	return model{kinds: []demand.Need{{}, {What: "a", When: "x"}, {What: "a", When: "y"}, {What: "b", When: "x"}, {What: "b", When: "y"}},
		regions: [][]int{{0, 1, 2, 3, 4}}, size: []int{30}, most: 18, cells: map[demand.Cell]int{}}
}

// byPlace breaks down what is needed by where: two regions of one nation, of which everybody knows the councils.
func byPlace() model {
	return model{kinds: []demand.Need{{Place: "n/p"}, {What: "a", Place: "n/p"}, {What: "b", Place: "n/p"}, {Place: "n/q"}, {What: "a", Place: "n/q"}, {What: "b", Place: "n/q"}},
		regions: [][]int{{0, 1, 2}, {3, 4, 5}}, size: []int{20, 20}, most: 18, cells: map[demand.Cell]int{}}
}

// regionOf is the region of a kind.
func (m model) regionOf(k int) int {
	return slices.IndexFunc(m.regions, func(of []int) bool { return slices.Contains(of, k) })
}

func (m model) councils() (n int) {
	for _, size := range m.size {
		n += size
	}
	return n
}

// room is how many councils could be behind a cell.
func (m model) room(c demand.Cell) (n int) {
	for r, of := range m.regions {
		if c.Place == "" || c.Place == "n" || c.Place == m.kinds[of[0]].Place {
			n += m.size[r]
		}
	}
	return n
}

// behind is the set of kinds whose needs are within a cell.
func (m model) behind(c demand.Cell) (s int) {
	if s, ok := m.cells[c]; ok {
		return s
	}
	for k, need := range m.kinds {
		if need.What != "" && slices.Contains((demand.Cell{What: need.What, Place: need.Place, When: need.When}).Wider(), c) {
			s |= 1 << k
		}
	}
	m.cells[c] = s
	return s
}

// needing is the set of kinds with a need.
func (m model) needing() (s int) {
	for k, n := range m.kinds {
		if n.What != "" {
			s |= 1 << k
		}
	}
	return s
}

func (m model) all() int { return 1<<len(m.kinds) - 1 }

// holdsRegion says that a set has all kinds of some region: that it has as many councils is no news.
func (m model) holdsRegion(s int) bool {
	return slices.ContainsFunc(m.regions, func(of []int) bool {
		return !slices.ContainsFunc(of, func(k int) bool { return s>>k&1 == 0 })
	})
}

// world is how many councils there are of each kind on the day of the first release, and the one that has changed by the
// second; from and to alike: none.
type world struct {
	model
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
	var facts []demand.Fact
	for _, k := range w.public {
		known := w.kinds[k]
		known.Council = fmt.Sprint("public", len(facts))
		first, second, facts = append(first, known), append(second, known), append(facts, demand.Fact{Council: known.Council, What: known.What})
	}
	for k, count := range w.first[:len(w.kinds)] {
		for i := range count {
			was, is := w.kinds[k], w.kinds[k]
			if k == w.from && i == 0 {
				is = w.kinds[w.to]
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
	if w.counted {
		return first, second
	}
	return demand.Private(first, facts), demand.Private(second, facts)
}

// released is what the attacker reads.
type released [2][]demand.Figure

func (w world) release(rules demand.Rules, chance demand.Chance) (out released) {
	draw := demand.Draw{Rules: rules, Chance: chance, Room: w.room, Over: func(string) bool { return false }}
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
			for k := range w.kinds {
				if w.behind(f.Cell)>>k&1 == 0 {
					continue
				}
				n += counts[f.Since-1][k]
				for _, public := range w.public {
					if w.counted && public == k {
						n++
					}
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
				if step <= len(behind[release-1][c]) && 2*step <= w.room(c) {
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

// worlds runs fn over every world until it says stop, unlike ones one after the other: what is open shows soon.
func (m model) worlds(fn func(world) bool) {
	all := m.counts()
	const stride = 3571 // a prime: each comes once
	for n := range all {
		counts := all[n*stride%len(all)]
		for from := range m.kinds {
			for _, to := range m.regions[m.regionOf(from)] {
				if counts[from] > 0 && !fn(world{m, counts, from, to}) {
					return
				}
			}
		}
	}
}

// counts lists every number of councils by kind.
func (m model) counts() (out [][kinds]int) {
	counts, left := [kinds]int{}, slices.Clone(m.size)
	var needing []int
	for k, n := range m.kinds {
		if n.What != "" {
			needing = append(needing, k)
		}
	}
	var fill func(at, more int)
	fill = func(at, more int) {
		if at == len(needing) {
			for r, of := range m.regions {
				counts[of[0]] = left[r]
			}
			out = append(out, counts)
			return
		}
		k := needing[at]
		r := m.regionOf(k)
		for n := range min(more, left[r]) + 1 {
			counts[k] = n
			left[r] -= n
			fill(at+1, more-n)
			left[r] += n
		}
	}
	fill(0, m.most)
	return out
}

// in is, beside the councils that the attacker knows, how many were in a set of kinds at either release. At either: of two
// that a release tells of, one may have come only then or gone since, and that is no more than what it tells.
func (w world) in(s int, mine [kinds]int) (n int) {
	for k := range w.kinds {
		if s>>k&1 == 1 {
			n += w.first[k] - mine[k]
		}
	}
	if s>>w.from&1 == 0 && s>>w.to&1 == 1 {
		n++
	}
	return n
}

// out is, beside the same councils, how many were not in a set at the release at which fewer were not.
func (w world) out(s int, mine [kinds]int) (n int) {
	for k := range w.kinds {
		if s>>k&1 == 0 {
			n += w.first[k] - mine[k]
		}
	}
	if s>>w.from&1 == 0 && s>>w.to&1 == 1 {
		n--
	}
	return n
}

// asks is what an attacker wants to know: of each set of kinds how many are in it at least, of each how many at most are
// not, and of which kind the one was that changed and is now.
type asks struct {
	model
	mine       [kinds]int
	oneChanged bool
	fewest     [sets]int // in all worlds seen
	mostOut    [sets]int
	from, to   [kinds]bool
	openIn     []int // sets of which a further world may show fewer
	openOut    []int // sets of which none has shown enough
}

func (m model) asks(known []int, oneChanged bool) *asks {
	a := &asks{model: m, oneChanged: oneChanged}
	for _, k := range known {
		a.mine[k]++
	}
	for s := 1; s < m.all(); s++ {
		a.fewest[s], a.openOut = m.councils(), append(a.openOut, s)
		if !m.holdsRegion(s) {
			a.openIn = append(a.openIn, s)
		}
	}
	return a
}

// given is what the attacker knows of a set: that one changed, and so has a need or had one.
func (a *asks) given(s int) int {
	if a.oneChanged && s == a.needing() {
		return 1
	}
	return 0
}

// news says that a world, where it agrees with what was read, shows something.
func (a *asks) news(w world) bool {
	return a.oneChanged && (!a.from[w.from] || !a.to[w.to]) ||
		slices.ContainsFunc(a.openIn, func(s int) bool { return w.in(s, a.mine) < a.fewest[s] }) ||
		slices.ContainsFunc(a.openOut, func(s int) bool { return w.out(s, a.mine) > a.mostOut[s] })
}

// see takes account of a world that agrees, and says that something is open still.
func (a *asks) see(w world) bool {
	a.from[w.from], a.to[w.to] = true, true
	for s := 1; s < a.all(); s++ {
		a.fewest[s], a.mostOut[s] = min(a.fewest[s], w.in(s, a.mine)), max(a.mostOut[s], w.out(s, a.mine))
	}
	a.openIn = slices.DeleteFunc(a.openIn, func(s int) bool { return a.fewest[s] <= a.given(s) })
	a.openOut = slices.DeleteFunc(a.openOut, func(s int) bool { return a.mostOut[s] >= protected-1 })
	open := len(a.openIn)+len(a.openOut) > 0
	for k := range a.kinds {
		open = open || a.oneChanged && !(a.from[k] && a.to[k])
	}
	return open
}

// learned is what holds in every world that agrees with what was read; "" for nothing about fewer councils than are
// protected. known are the kinds of the councils that the attacker knows of, which did not change.
func (m model) learned(could attacker, read released, known []int, oneChanged bool) string {
	a, seen := m.asks(known, oneChanged), 0
	m.worlds(func(w world) bool {
		if oneChanged && w.from == w.to || !w.holds(a.mine) || !a.news(w) || !could(w, read) {
			return true
		}
		seen++
		return a.see(w)
	})
	if seen == 0 {
		return "no world agrees: the attacker does not know the method"
	}
	for _, s := range a.openIn { // where more than are protected are told of, no fewer are
		if n := a.fewest[s]; n < protected {
			return fmt.Sprintf("there is at least %d of %06b, and need be no more", n, s)
		}
	}
	for _, s := range a.openOut {
		return fmt.Sprintf("all but %d are of %06b", a.mostOut[s], s)
	}
	for k := range m.kinds {
		if oneChanged && !a.from[k] {
			return fmt.Sprintf("the one that changed was not of kind %d", k)
		}
		if oneChanged && !a.to[k] {
			return fmt.Sprintf("the one that changed is not of kind %d", k)
		}
	}
	return ""
}

// TestNothingIsLearnedAboutFewerThanProtected is the attack, on both breakdowns.
func TestNothingIsLearnedAboutFewerThanProtected(t *testing.T) {
	for name, m := range map[string]model{"by time": byTime(), "by place": byPlace()} {
		t.Run(name, func(t *testing.T) {
			shown, narrow := 0, 0
			rapid.Check(t, func(t *rapid.T) {
				m := m
				m.public = rapid.SliceOfN(rapid.SampledFrom(m.regions[0][1:]), 0, 6).Draw(t, "public")
				w := m.aWorld(t)
				read := w.release(small(), demand.Secret([]byte(rapid.String().Draw(t, "key"))))
				shown += len(read[1])
				for _, f := range read[1] {
					if f.Place == "n/p" || f.When != "" {
						narrow++
					}
				}
				known, oneChanged := rapid.SampledFrom(readers(w)).Draw(t, "read by who knows"), w.from != w.to && rapid.Bool().Draw(t, "knows that one changed")
				if what := m.learned(guided(small()), read, known, oneChanged); what != "" {
					t.Fatalf("%+v, read by who knows of %d, and that one changed: %t: %s\n%+v", w, known, oneChanged, what, read)
				}
			})
			if shown == 0 || narrow == 0 {
				t.Errorf("%d figures were shown, %d of them of one region or time: there was nothing to attack", shown, narrow)
			}
		})
	}
}

// TestTheAttackerSucceedsWithoutTheRules: each rule taken away, the same attacker learns something.
func TestTheAttackerSucceedsWithoutTheRules(t *testing.T) {
	never := func(int, demand.Cell) (bool, int) { return true, 0 }
	tooSmall := demand.Rules{Steps: []int{1, 2, 3, 4, 5, 6}, Stale: 26}
	chosen := func(r demand.Rules, _ demand.Chance) attacker { return guided(r) }
	told := func(m model, public ...int) model {
		m.public, m.counted = public, true
		return m
	}
	always := demand.Rules{Steps: []int{least, 6}, Stale: 1}
	for name, test := range map[string]struct {
		rules  demand.Rules
		chance demand.Chance
		could  func(demand.Rules, demand.Chance) attacker
		w      world
		known  []int
	}{
		"figures that never fall":  {small(), never, plain, world{byTime(), [kinds]int{24, 3, 2, 1, 0}, 0, 0}, nil},
		"figures drawn every week": {always, never, plain, world{byTime(), [kinds]int{25, 3, 0, 2, 0}, 0, 1}, nil},
		"figures of a region drawn every week, one release less the other": {always, never, plain, world{byPlace(), [kinds]int{17, 3, 0, 20, 0, 0}, 0, 1}, nil},
		"figures of one council":             {tooSmall, never, chosen, world{byTime(), [kinds]int{26, 1, 0, 3, 0}, 0, 0}, nil},
		"figures of one council of a region": {tooSmall, never, chosen, world{byPlace(), [kinds]int{19, 1, 0, 20, 0, 0}, 0, 0}, nil},
		"figures of the protected alone, read by one of them": {demand.Rules{Steps: []int{protected, 6}, Stale: 26}, never,
			chosen, world{byTime(), [kinds]int{26, 2, 0, 2, 0}, 0, 0}, []int{1}},
		"figures with councils in them of which something public tells": {small(), never, chosen, world{told(byTime(), 1, 1, 1), [kinds]int{29, 1, 0, 0, 0}, 0, 0}, nil},
		"the same of a region": {small(), never, chosen, world{told(byPlace(), 1, 1, 1), [kinds]int{19, 1, 0, 20, 0, 0}, 0, 0}, nil},
	} {
		read := test.w.release(test.rules, test.chance)
		whole := test.w
		test.w.most = 10 // enough to find it out
		what := test.w.learned(test.could(test.rules, test.chance), read, test.known, test.w.from != test.w.to)
		if what == "" {
			t.Errorf("%s: nothing is learned from %+v", name, read)
		}
		t.Logf("%s: %s", name, what)
		test.w = whole
		test.w.counted = false
		if again := test.w.learned(guided(small()), test.w.release(small(), never), test.known, test.w.from != test.w.to); again != "" {
			t.Errorf("%s: with the rules %s is learned", name, again)
		}
	}
}
