package web

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/chart"
	"jointly/web/view"
)

// demandFigures counts public facts by quarter: contract ends, and public intentions whose buying starts.
type demandFigures struct {
	Total    string
	Notes    []string
	Quarters figure
	Areas    view.Table
	Regions  view.Table
	Legend   []view.LegendItem
	Map      figure
}

const (
	quartersAhead = 8
	shownRows     = 14 // areas; the smaller ones go together
	levels        = 5  // shades of the heat tables
)

// span is one column of the figures: a quarter, or all that comes later.
type span struct {
	quarter string // as search names it; empty: later than the others
	start   time.Time
}

// spans lists the present quarter, the ones ahead, and later.
func spans(today time.Time) []span {
	first := time.Date(today.Year(), (today.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	var out []span
	for n := range quartersAhead {
		t := first.AddDate(0, 3*n, 0)
		out = append(out, span{search.Quarter(t), t})
	}
	return append(out, span{})
}

func (s span) label() string {
	if s.quarter == "" {
		return "Later"
	}
	return s.start.Format("Jan") + " to " + s.start.AddDate(0, 2, 0).Format("Jan 2006")
}

// heat is counts by some value and by quarter.
type heat struct {
	spans  []span
	rows   []heatRow // most first
	silent int       // of which no quarter is stated
}

type heatRow struct {
	value, label string
	counts       []int
	total        int
}

// newHeat adds tables up. What started before the first quarter and is still open counts in it.
func newHeat(columns []span, tables ...search.Table) heat {
	h := heat{spans: columns}
	at := map[string]int{}
	for _, t := range tables {
		for i, row := range t.Rows {
			n, known := at[row.Value]
			if !known {
				n = len(h.rows)
				at[row.Value] = n
				h.rows = append(h.rows, heatRow{value: row.Value, label: row.Label, counts: make([]int, len(columns))})
			}
			for j, column := range t.Columns {
				count := t.Counts[i][j]
				if column.Value == search.NotStated {
					h.silent += count
					continue
				}
				h.rows[n].counts[columnOf(columns, column.Value)] += count
				h.rows[n].total += count
			}
		}
	}
	h.rows = slices.DeleteFunc(h.rows, func(r heatRow) bool { return r.total == 0 })
	slices.SortStableFunc(h.rows, func(a, b heatRow) int { return cmp.Or(cmp.Compare(b.total, a.total), cmp.Compare(a.label, b.label)) })
	return h
}

// columnOf is the column that a quarter falls into.
func columnOf(columns []span, quarter string) int {
	for i, c := range columns {
		if c.quarter != "" && quarter <= c.quarter {
			return i
		}
	}
	return len(columns) - 1
}

func (h heat) byColumn() []int {
	sums := make([]int, len(h.spans))
	for _, r := range h.rows {
		for i, n := range r.counts {
			sums[i] += n
		}
	}
	return sums
}

// demandFigures counts what the filters leave, as anybody may see it.
func (s *site) demandFigures(ctx context.Context, d demandQuery) (demandFigures, error) {
	ends := d.query(catalogue.KindContract)
	ends.Stages = []string{string(catalogue.StageAwarded)}
	intents := d.query(catalogue.KindIntention)
	var tables [2][2]search.Table // by facet, then contract ends and intentions
	for i, facet := range []search.Facet{search.FacetArea, search.FacetRegion} {
		for j, q := range []search.Query{ends, intents} {
			t, err := s.Index.Pivot(ctx, catalogue.Public, q, facet, search.FacetQuarter)
			if err != nil {
				return demandFigures{}, err
			}
			tables[i][j] = t
		}
	}
	columns := spans(s.Catalogue.Today())
	regions := newHeat(columns, tables[1][0], tables[1][1])
	areas := newHeat(columns, tables[0][0], tables[0][1])
	endsBy, intentsBy := newHeat(columns, tables[1][0]), newHeat(columns, tables[1][1])

	f := demandFigures{Quarters: quarterChart(d, endsBy.byColumn(), intentsBy.byColumn(), columns)}
	f.Total = view.Plural(tables[1][0].Total, "published contract not known to have ended", "published contracts not known to have ended") + " and " +
		view.Plural(tables[1][1].Total, "public intention", "public intentions")
	if endsBy.silent > 0 {
		f.Notes = append(f.Notes, view.Plural(endsBy.silent, "contract does", "contracts do")+" not say when they end and are in no quarter.")
	}
	f.Notes = append(f.Notes, "An intention whose window is open already counts in the first quarter.")
	if s.Demo {
		f.Notes = append(f.Notes, "Invented demonstration records are counted too.")
	}
	most := 0
	for _, h := range []heat{areas, regions} {
		for _, r := range h.rows {
			most = max(most, slices.Max(r.counts))
		}
	}
	scale := newScale(most)
	f.Legend = scale.legend()
	f.Areas = areas.together("smaller areas, together").table("Area", "Contract ends and public intentions by area and quarter", scale,
		func(value string) string { return demandAddress("area", value) })
	f.Regions = regions.table("Region or nation", "Contract ends and public intentions by region and quarter", scale,
		func(value string) string { return demandAddress("region", value) })
	f.Map = s.regionMap(regions)
	return f, nil
}

// together puts the rows with least into one.
func (h heat) together(name string) heat {
	if len(h.rows) <= shownRows {
		return h
	}
	rest := heatRow{label: view.Number(len(h.rows)-shownRows+1) + " " + name, counts: make([]int, len(h.spans))}
	for _, r := range h.rows[shownRows-1:] {
		for i, n := range r.counts {
			rest.counts[i] += n
		}
		rest.total += r.total
	}
	h.rows = append(slices.Clone(h.rows[:shownRows-1]), rest)
	return h
}

func (h heat) table(head, caption string, sc scale, href func(string) string) view.Table {
	t := view.Table{Caption: caption, CaptionClasses: "govuk-visually-hidden", Classes: "jy-heat", FirstCellIsHeader: true,
		Head: []view.Head{{Text: head}}}
	for _, s := range h.spans {
		t.Head = append(t.Head, view.Head{Text: s.label()})
	}
	for _, r := range h.rows {
		name := view.Cell{Text: r.label}
		if r.value != "" {
			name.Href = href(r.value)
		}
		row := []view.Cell{name}
		for _, n := range r.counts {
			cell := view.Cell{Text: view.Number(n), Classes: "jy-heat__cell"}
			if n > 0 {
				cell.Classes += " jy-heat__cell--" + view.Number(sc.level(n))
			} else {
				cell.Muted = true
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// scale shares counts out among the shades.
type scale struct{ step int }

func newScale(most int) scale { return scale{max((most+levels-1)/levels, 1)} }

func (s scale) level(n int) int { return min((n-1)/s.step, levels-1) }

func (s scale) legend() []view.LegendItem {
	var out []view.LegendItem
	for level := range levels {
		from, to := level*s.step+1, (level+1)*s.step
		text := view.Number(from)
		switch {
		case level == levels-1:
			text += " or more"
		case to > from:
			text += " to " + view.Number(to)
		}
		out = append(out, view.LegendItem{Swatch: view.Number(level), Text: text})
	}
	return out
}

// quarterChart draws contract ends and intentions by quarter, each in its own part of a column.
func quarterChart(d demandQuery, ends, intents []int, columns []span) figure {
	c := chart.Columns{
		About:  chart.About{ID: "quarters", Title: "Contract ends and public intentions by quarter"},
		Series: []string{"Contracts that end", "Public intentions whose buying starts"},
	}
	for i, s := range columns {
		column := chart.Column{Label: s.label(), Values: []float64{float64(ends[i]), float64(intents[i])}}
		if s.quarter != "" {
			q := d.query(catalogue.KindContract, catalogue.KindIntention)
			q.Quarters = []string{s.quarter}
			column.Label, column.Group = s.start.Format("Jan")+" to "+s.start.AddDate(0, 2, 0).Format("Jan"), s.start.Format("2006")
			column.Link = asked{path: "/search", Query: q}.with(func(*asked) {})
		}
		c.Columns = append(c.Columns, column)
	}
	return newFigure(c.Draw(), "")
}

// regionMap shades each region by its figure; a council's hexagon shows its region's figure, never its own.
func (s *site) regionMap(h heat) figure {
	totals := map[string]int{}
	most := 0
	m := chart.HexMap{About: chart.About{ID: "map", Title: "Contract ends and public intentions by region", Width: 440}}
	for _, r := range h.rows {
		totals[r.value] = r.total
		most = max(most, r.total)
		m.Totals = append(m.Totals, chart.RegionTotal{Region: r.value, Text: view.Number(r.total)})
	}
	if most == 0 {
		return figure{}
	}
	sc := newScale(most)
	for _, c := range s.Catalogue.Register().Councils() {
		if c.Hex == nil {
			continue
		}
		hex := chart.Hex{Q: c.Hex.Q, R: c.Hex.R, Name: c.Name, Region: c.Region}
		if n := totals[c.Region]; n > 0 {
			hex.Level = sc.level(n)
		}
		m.Hexes = append(m.Hexes, hex)
	}
	m.Legend = []chart.LevelName{}
	for level, item := range sc.legend() {
		m.Legend = append(m.Legend, chart.LevelName{Level: level, Text: item.Text})
	}
	return newFigure(m.Draw(), "One hexagon is one council; its colour is its region’s figure, never its own.")
}
