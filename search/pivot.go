package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"jointly/catalogue"
)

// Table counts hits by two facets at once.
type Table struct {
	// Rows and Columns are the values that have hits, with how many: quarters in order of time, others most first.
	Rows, Columns []FacetValue
	// Counts are by row and column. A hit with several values counts in each of their cells; one without a value of
	// either facet in none.
	Counts [][]int
	Total  int // hits, with or without such values
	Seq    uint64
}

// Pivot counts what a query finds by two facets, such as capability and quarter: all filters hold, and limits and
// cursors do not matter. FacetStatus has no columns to count.
func (x *Index) Pivot(ctx context.Context, audience catalogue.Audience, q Query, rows, columns Facet) (Table, error) {
	r, c := rows.ordinal(), columns.ordinal()
	if r < 0 || c < 0 || r == c || rows == FacetStatus || columns == FacetStatus {
		return Table{}, &catalogue.Error{Kind: catalogue.Invalid, Message: "There is a problem with this table", Fields: []catalogue.FieldError{
			{Field: "facets", Message: fmt.Sprintf("There is no table of %s by %s", rows, columns)}}}
	}
	var out Table
	err := x.run(ctx, audience, &q, func(ctx context.Context, _ *side, v *view, p *plan, _ string) error {
		q.Sort = ByNewest // no scores
		m, err := x.find(ctx, v, p, q)
		if err != nil {
			return err
		}
		pairs, total, err := v.pairs(ctx, m, q, q.today(x.cat), r, c)
		if err != nil {
			return err
		}
		out = x.table(v, pairs, rows, columns)
		out.Total, out.Seq = total, v.seq
		return nil
	})
	return out, err
}

// pair is a set of values of each of two facets.
type pair struct{ row, column uint32 }

// pairs counts hits by the sets of values that they have of two facets.
func (v *view) pairs(ctx context.Context, m *matches, q Query, today day, r, c int) (map[pair]int, int, error) {
	n := v.narrowing(q, today)
	counts, total := map[pair]int{}, 0
	for i, s := range v.segments {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		for it := m.segments[i].docs.Iterator(); it.HasNext(); {
			doc := it.Next()
			if n.judge(s.block, doc) == passes {
				counts[pair{s.sets[r].at(doc), s.sets[c].at(doc)}]++
				total++
			}
		}
	}
	return counts, total, nil
}

// table turns counts by sets into counts by values.
func (x *Index) table(v *view, pairs map[pair]int, rows, columns Facet) Table {
	r, c := rows.ordinal(), columns.ordinal()
	bySet := [2][]int32{make([]int32, len(v.known[r].members)), make([]int32, len(v.known[c].members))}
	for p, n := range pairs {
		bySet[0][p.row] += int32(n)
		bySet[1][p.column] += int32(n)
	}
	out := Table{Rows: x.values(v, rows, bySet[0]), Columns: x.values(v, columns, bySet[1])}
	arrange(rows, out.Rows)
	arrange(columns, out.Columns)
	rowAt, columnAt := places(out.Rows), places(out.Columns)
	out.Counts = make([][]int, len(out.Rows))
	for i := range out.Counts {
		out.Counts[i] = make([]int, len(out.Columns))
	}
	for p, n := range pairs {
		for _, a := range v.known[r].members[p.row] {
			for _, b := range v.known[c].members[p.column] {
				out.Counts[rowAt[v.known[r].values[a]]][columnAt[v.known[c].values[b]]] += n
			}
		}
	}
	return out
}

func places(values []FacetValue) map[string]int {
	out := make(map[string]int, len(values))
	for i, v := range values {
		out[v.Value] = i
	}
	return out
}

// arrange puts values in order: quarters by time, what is not stated last, others by how many.
func arrange(f Facet, values []FacetValue) {
	slices.SortFunc(values, func(a, b FacetValue) int {
		if f == FacetQuarter {
			return cmp.Compare(a.Value, b.Value) // letters come after digits: not-stated is last
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
}
