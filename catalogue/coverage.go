package catalogue

import (
	"cmp"
	"slices"
	"strings"
)

// CoverRow is how many councils of a region or type answered.
type CoverRow struct {
	Name    string
	Asked   int
	Begun   int  // and not signed; for the operator alone
	Signed  int  // named councils, and for others than the operator whole fives of those that are not
	AtLeast bool // Signed may be more
}

// coverCell is one council that is asked, as rows count it.
type coverCell struct {
	council              *Council
	signed, begun, named bool // named: everybody may know that it signed
}

// coverCells are the councils of a row.
type coverCells struct {
	name string
	all  []coverCell
}

// count is how many signed and everybody may know it, signed and not all may know it, and did not sign.
func (r coverCells) count() (named, others, rest int) {
	for _, c := range r.all {
		switch {
		case c.named:
			named++
		case c.signed:
			others++
		default:
			rest++
		}
	}
	return named, others, rest
}

// hides says that a row may be told: of its councils that are not named to everybody five signed and five did not, so that
// nobody can be counted as one or the other; or all are named.
func (r coverCells) hides() bool {
	_, others, rest := r.count()
	return others >= fewest && rest >= fewest || others+rest == 0
}

// without is the councils that are not of another row.
func (r coverCells) without(other coverCells) coverCells {
	in := map[string]bool{}
	for _, c := range other.all {
		in[c.council.GSS] = true
	}
	return coverCells{all: slices.DeleteFunc(slices.Clone(r.all), func(c coverCell) bool { return in[c.council.GSS] })}
}

// parts says that the row and one of another table differ by councils that could not be told of as a row: taken from each
// other they would tell of these, as London and its boroughs tell of the City.
func (r coverCells) parts(beside []coverCells) bool {
	return slices.ContainsFunc(beside, func(b coverCells) bool {
		more, less := r.without(b), b.without(r)
		return len(more.all) == 0 && !less.hides() || len(less.all) == 0 && !more.hides()
	})
}

func (r coverCells) row(whole bool) CoverRow {
	named, others, _ := r.count()
	out := CoverRow{Name: r.name, Asked: len(r.all), Signed: named + others}
	if whole {
		for _, c := range r.all {
			if c.begun {
				out.Begun++
			}
		}
		return out
	}
	out.Signed, out.AtLeast = adoptionCell{named, others}.shown(), others > 0
	return out
}

// coverage is who answered by region and by type. The operator sees every row. Others see the same rows all: those that tell
// of no council that is not named, the rest put together.
func coverage(cells []coverCell, actor Actor) (byRegion, byType []CoverRow) {
	regions := cellsBy(cells, func(c *Council) string { return c.Region })
	types := cellsBy(cells, func(c *Council) string { return c.Type })
	if !actor.IsOperator() {
		regions = together(regions, nil)
		types = together(types, regions)
	}
	rows := func(all []coverCells) (out []CoverRow) {
		for _, r := range all {
			out = append(out, r.row(actor.IsOperator()))
		}
		return out
	}
	return rows(regions), rows(types)
}

// cellsBy groups councils, in order of name.
func cellsBy(cells []coverCell, name func(*Council) string) []coverCells {
	at := map[string]int{}
	var out []coverCells
	for _, c := range cells {
		n := name(c.council)
		i, ok := at[n]
		if !ok {
			i = len(out)
			at[n], out = i, append(out, coverCells{name: n})
		}
		out[i].all = append(out[i].all, c)
	}
	slices.SortFunc(out, func(a, b coverCells) int { return strings.Compare(a.name, b.name) })
	return out
}

// together puts rows that cannot be told into one, with the smallest of the others for as long as it cannot be told either:
// what is left out of a table is what the total has more than its rows. None where nothing but the total can be told.
func together(rows, beside []coverCells) []coverCells {
	tells := func(r coverCells) bool { return r.hides() && !r.parts(beside) }
	others := coverCells{name: "Others"}
	var kept []coverCells
	for _, r := range rows {
		if tells(r) {
			kept = append(kept, r)
		} else {
			others.all = append(others.all, r.all...)
		}
	}
	smallest := func(a, b coverCells) int { return cmp.Compare(len(a.all), len(b.all)) }
	for len(others.all) > 0 && len(kept) > 0 && !tells(others) {
		least := slices.MinFunc(kept, smallest)
		others.all = append(others.all, least.all...)
		kept = slices.DeleteFunc(kept, func(r coverCells) bool { return r.name == least.name })
	}
	switch {
	case len(kept) == 0:
		return nil
	case len(others.all) == 0:
		return kept
	}
	return append(kept, others)
}
