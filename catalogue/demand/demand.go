// Package demand works out what may be said to everybody of needs that councils have not made public: how many councils,
// of what value and how certain, by what is needed, where and when. It holds no store and no clock: the same needs, the
// same history and the same chance give the same figures.
//
// # What is published
//
// A figure says 'at least so many councils' of one cell. Cells are fixed: what (area, capability) by place (nation, part,
// region) by when (financial year, quarter), and every total of them; the ladder and bands of value only over all places
// and times. A cell that is shown has all wider ones shown too: area before capability, nation before region, year before
// quarter.
//
//  1. A council counts once in a cell, and only with needs of which nothing public tells (Private).
//  2. A figure is a step: 7, 10, 15 and so on; never a sum, never an exact count. Seven, because whoever reads it may be
//     one of them and another may make its need public later: five are left. A council is a seventh of it at most.
//  3. It never says more than half of the councils that could be behind it, of which everybody knows the number.
//  4. A cell is drawn anew only once 7 councils' parts in it have changed since it was last drawn, and then in a week that
//     a secret chance opens; until then the earlier figure stands. Because figures would grow false, one that has stood
//     for 26 releases is drawn anew too.
//  5. A drawn figure falls by chance one or more steps, or below the first, where the cell is not shown.
//
// # Why nothing can be worked out about fewer than five councils
//
// Whoever wants to subtract needs an upper edge: what is known of the whole, less the most that the parts can hold. No
// figure has one. By rule 5 every figure can come of any larger number, and by rules 4 and 5 a cell that is not shown can
// have any number behind it. So the worlds that agree with a release are those in which each shown cell has at least what
// it says: to every such world needs can be added anywhere, and taken away wherever an equal one is put elsewhere in the
// shown cells around it. That holds for any number of tables and for figures that overlap; no table needs to be checked
// against another, which is why there is no complementary suppression here: it is for figures that add up. The number of
// councils of a region is the one upper edge that everybody has. Two figures of the same region, each of at most half of
// its councils, need not share one (rule 3); and for any five councils there are as many others that can be in their stead.
// Where many figures of a region together are more than its councils, some have several needs; not which, nor of what.
//
// Two releases: a figure that moved says that it was drawn, and so that 7 or more councils changed since it was drawn
// before. In which weeks they did cannot be told, since a cell that is due waits for a week of its own (rule 4). Where one
// council came, went or changed between two releases, what moved can have been due before; and what did not move says
// nothing, since nothing need have been drawn. A council that changes its needs again and again is one that changed.
//
// What is certain is protected so, what is likely is not: a council that is known to be the only one in an area to buy
// something is better served by making no figure of it (rule 2).
package demand

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// Method is the version of the rules that Standard gives; a release names it.
const Method = 1

// Need is a council's part: one need, or its standing on another council's. Its coordinates are paths from wide to narrow
// with a slash between: revenues-benefits/revs-bens, England/The North/North West, 2027/2027-Q1; empty where not known.
type Need struct {
	Council           string
	What, Place, When string
	Of                []string // further cells over all places and times: intends/approved, value-3
}

// Cell is what a figure is about. Empty coordinates are all of it.
type Cell struct {
	What  string `json:"what,omitempty"`
	Place string `json:"place,omitempty"`
	When  string `json:"when,omitempty"`
	Of    string `json:"of,omitempty"`
}

// Figure says that at least so many councils are behind a cell.
type Figure struct {
	Cell
	Least int `json:"least"`
	Since int `json:"since"` // number of the release from which on it stands
}

// Drawn is what a cell was last drawn from. It is not for the public.
type Drawn struct {
	Cell
	Least    int      `json:"least"` // 0: not to be shown
	Release  int      `json:"release"`
	Councils []string `json:"councils"` // codes, in order
}

// Rules are the numbers of the method.
type Rules struct {
	Steps []int // what figures can say; no figure has fewer councils behind it than the first
	Stale int   // after so many releases a cell is drawn anew whatever has changed
}

// Standard is the method that the service uses.
func Standard() Rules {
	return Rules{Steps: []int{7, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300}, Stale: 26}
}

// Least is the number of councils below which nothing is said.
func (r Rules) Least() int { return r.Steps[0] }

// Chance says of a release and a cell whether it may be drawn, and by how many steps the figure falls.
type Chance func(release int, c Cell) (open bool, fall int)

// Secret is chance that nobody without the key can foresee and that comes out the same when asked again. Three in four
// weeks are open; seven in eight figures do not fall, and of those that do one in eight falls further.
func Secret(key []byte) Chance {
	return func(release int, c Cell) (bool, int) {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "demand figures\x00%d\x00%s\x00%s\x00%s\x00%s", release, c.What, c.Place, c.When, c.Of)
		sum := mac.Sum(nil)
		fall := 0
		for bits := binary.BigEndian.Uint64(sum); bits&7 == 0 && fall < 21; bits >>= 3 {
			fall++
		}
		return sum[8]&3 != 0, fall
	}
}

// Draw makes one release of figures out of the needs of its day and what cells were drawn from before.
type Draw struct {
	Rules
	Release int
	Chance  Chance
	Room    func(Cell) int         // how many councils could be behind a cell, as everybody knows
	Over    func(when string) bool // that a time has passed: its cells are no longer kept
}

// Next is what each cell is drawn from now, and why some say nothing. What is over is gone from it.
func (d Draw) Next(needs []Need, before []Drawn) (after []Drawn, withheld []Withheld) {
	behind := Behind(needs)
	for _, old := range before {
		if d.Over(old.When) {
			continue
		}
		now := behind[old.Cell]
		delete(behind, old.Cell)
		next, why := d.cell(old.Cell, now, old)
		after = append(after, next)
		withheld = append(withheld, Withheld{Cell: old.Cell, Councils: len(now), Why: why})
	}
	for c, now := range behind {
		if d.Over(c.When) {
			continue
		}
		next, why := d.cell(c, now, Drawn{Cell: c})
		if next.Release > 0 {
			after = append(after, next)
		}
		withheld = append(withheld, Withheld{Cell: c, Councils: len(now), Why: why})
	}
	slices.SortFunc(after, func(a, b Drawn) int { return a.Compare(b.Cell) })
	return after, edge(withheld, Figures(after))
}

// cell draws one cell, or leaves it as it was.
func (d Draw) cell(c Cell, now []string, old Drawn) (Drawn, Reason) {
	stale := old.Release > 0 && d.Release-old.Release >= d.Stale
	if changed(old.Councils, now) < d.Least() && !stale {
		switch {
		case len(now) < d.Least():
			return old, TooFew
		case len(old.Councils) >= d.Least():
			return old, ByChance // when it was drawn
		}
		return old, TooFewChanged
	}
	open, fall := d.Chance(d.Release, c)
	if !open {
		return old, Waits
	}
	next := Drawn{Cell: c, Release: d.Release, Councils: now}
	top, room := -1, d.Room(c)
	for i, step := range d.Steps {
		if step <= len(now) && 2*step <= room {
			top = i
		}
	}
	switch {
	case len(now) < d.Least():
		return next, TooFew
	case top < 0:
		return next, NearlyAll
	case fall > top:
		return next, ByChance
	}
	next.Least = d.Steps[top-fall]
	return next, ""
}

// Figures are what is shown of drawn cells, wide before narrow: each cell says the most that it or one within it was drawn
// to say.
func Figures(drawn []Drawn) []Figure {
	most := map[Cell]Figure{}
	for _, from := range drawn {
		if from.Least == 0 {
			continue
		}
		for _, c := range from.Wider() {
			if f := most[c]; f.Least < from.Least || f.Least == from.Least && f.Since > from.Release {
				most[c] = Figure{c, from.Least, from.Release}
			}
		}
	}
	out := make([]Figure, 0, len(most))
	for _, f := range most {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Figure) int { return a.Compare(b.Cell) })
	return out
}

// Behind is which councils are behind each cell, in order of code.
func Behind(needs []Need) map[Cell][]string {
	out := map[Cell][]string{}
	for _, n := range needs {
		for _, c := range (Cell{n.What, n.Place, n.When, ""}).Wider() {
			out[c] = append(out[c], n.Council)
		}
		for _, of := range n.Of {
			for _, c := range (Cell{What: n.What, Of: of}).Wider() {
				if c.Of != "" {
					out[c] = append(out[c], n.Council)
				}
			}
		}
	}
	for c, councils := range out {
		slices.Sort(councils)
		out[c] = slices.Compact(councils)
	}
	return out
}

// Wider lists a cell and every wider one that holds it.
func (c Cell) Wider() []Cell {
	var out []Cell
	for _, what := range wider(c.What) {
		for _, place := range wider(c.Place) {
			for _, when := range wider(c.When) {
				for _, of := range wider(c.Of) {
					out = append(out, Cell{what, place, when, of})
				}
			}
		}
	}
	return out
}

// wider lists a path and those above it, up to the whole.
func wider(path string) []string {
	out := []string{path}
	for path != "" {
		path = path[:max(strings.LastIndexByte(path, '/'), 0)]
		out = append(out, path)
	}
	return out
}

// Compare orders cells, wide before narrow.
func (c Cell) Compare(o Cell) int {
	return cmp.Or(cmp.Compare(c.depth(), o.depth()), cmp.Compare(c.What, o.What), cmp.Compare(c.Place, o.Place), cmp.Compare(c.When, o.When),
		cmp.Compare(c.Of, o.Of))
}

func (c Cell) depth() int {
	n := 0
	for _, path := range []string{c.What, c.Place, c.When, c.Of} {
		if path != "" {
			n += 1 + strings.Count(path, "/")
		}
	}
	return n
}

// changed is how many councils are in one list and not in the other; both are in order.
func changed(a, b []string) int {
	same := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch cmp.Compare(a[i], b[j]) {
		case -1:
			i++
		case 1:
			j++
		default:
			same, i, j = same+1, i+1, j+1
		}
	}
	return len(a) + len(b) - 2*same
}
