package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/demand"
	"jointly/catalogue/exchange"
	"jointly/search"
	"jointly/web/chart"
	"jointly/web/view"
)

// board is the second layer of the demand page: the figures of one release about what is not public.
type board struct {
	Number   int // 0: no release yet
	Cite     string
	Href     string
	Next     string // when the next is due; empty on a past release
	Headline string
	Note     string // why what is shown is wider than what was chosen
	Heading  string // of the heat table
	Legend   []view.LegendItem
	Heat     view.Table
	HeatNote string
	Scope    string // what value and certainty are of, where that is not what was chosen
	Certain  figure
	Value    figure
	Map      figure
	Places   view.Table // the figures of the map
	Files    []view.Link
}

// picked is what a reader chose, as far as a release says something of it.
type picked struct {
	of                map[demand.Cell]int // least number by cell
	what, place, when string
}

// pick goes from what was chosen to the narrowest of which the release says something. Filters choose among what is
// published; nothing is counted for them.
func (s *site) pick(r *catalogue.Release, d demandQuery) (p picked, note string) {
	p.of = make(map[demand.Cell]int, len(r.Figures))
	for _, f := range r.Figures {
		p.of[f.Cell] = f.Least
	}
	p.what = d.area
	if d.region != "" {
		p.place = demand.PlaceOf("England", d.region)
		if p.place == "England" {
			p.place = d.region // a nation of its own
		}
	}
	if d.year > 0 {
		p.when = strconv.Itoa(d.year)
	}
	asked := p
	for !p.shown(p.what, p.place, p.when) && (p.place != "" || p.when != "" || p.what != "") {
		switch {
		case p.place != "":
			p.place = p.place[:max(strings.LastIndexByte(p.place, '/'), 0)]
		case p.when != "":
			p.when = ""
		default:
			p.what = ""
		}
	}
	if p.what == asked.what && p.place == asked.place && p.when == asked.when {
		return p, ""
	}
	return p, "No figure of what you chose can be shown by itself: too few councils may be behind it, or it is held back. You see the nearest wider one: " + s.cellWords(demand.Cell{What: p.what, Place: p.place, When: p.when}) + "."
}

func (p picked) shown(what, place, when string) bool {
	return p.of[demand.Cell{What: what, Place: place, When: when}] > 0
}

// newBoard draws a release as far as a reader chose.
func (s *site) newBoard(r *catalogue.Release, d demandQuery) board {
	if r == nil {
		return board{}
	}
	p, note := s.pick(r, d)
	b := board{Number: r.Number, Cite: r.Cite(), Href: r.Address(), Note: note,
		Files: []view.Link{{Text: "CSV", Href: r.Address() + "/figures.csv"}, {Text: "JSON", Href: r.Address() + "/figures.json"}}}
	least := p.of[demand.Cell{What: p.what, Place: p.place, When: p.when}]
	if least == 0 {
		return b
	}
	b.Headline = "At least " + view.Number(least) + " councils"
	b.Heading = "Councils with a need that is not public, by area and start of buying"
	if words := s.cellWords(demand.Cell{What: p.what, Place: p.place, When: p.when}); words != everything {
		b.Headline += " (" + words + ")"
	}
	if p.what != "" {
		b.Heading = "Councils with a need that is not public, by capability and start of buying"
	}
	b.Heat, b.HeatNote = s.boardHeat(p)
	b.Legend = boardLegend()
	if p.place != "" || p.when != "" {
		b.Scope = "Of all places and times: value and certainty are not shown more narrowly."
	}
	b.Certain = boardBars("certain", "How certain it is", "Rung of the ladder", p, []demand.Band{{Text: "Interested or more"}, {ID: demand.Intended}, {ID: demand.Approved}})
	b.Value = boardBars("value", "What a need is worth, ex VAT, over the whole term", "Value", p, demand.Bands())
	if b.Map = s.boardMap(p); !b.Map.Empty() {
		b.Places = p.placesTable()
	}
	return b
}

const everything = "all areas, places and times"

// cellWords says what a cell is about.
func (s *site) cellWords(c demand.Cell) string {
	var words []string
	if c.What != "" {
		words = append(words, s.whatWords(c.What))
	}
	if c.Place != "" {
		words = append(words, demand.Last(c.Place))
	}
	if c.When != "" {
		words = append(words, whenWords(c.When))
	}
	if c.Of != "" {
		words = append(words, lowerFirst(exchange.OfWords(c.Of)))
	}
	if len(words) == 0 {
		return everything
	}
	return strings.Join(words, ", ")
}

func (s *site) whatWords(path string) string {
	id := demand.Last(path)
	if a, ok := s.Catalogue.Dictionary().Area(id); ok && !strings.Contains(path, "/") {
		return a.Name
	}
	if k, ok := s.Catalogue.Dictionary().Capability(id); ok {
		return k.Name
	}
	return id
}

// whenWords says a financial year or a quarter: April 2027 to March 2028, April to June 2027.
func whenWords(path string) string {
	if strings.Contains(path, "/") {
		return search.QuarterLabel(demand.Last(path))
	}
	year, _ := strconv.Atoi(path) // paths are ours
	return "April " + strconv.Itoa(year) + " to March " + strconv.Itoa(year+1)
}

// whenHead is whenWords for the head of a narrow column.
func whenHead(path string) string {
	if !strings.Contains(path, "/") {
		year, _ := strconv.Atoi(path)
		return "Apr " + strconv.Itoa(year) + " to Mar " + strconv.Itoa(year+1)
	}
	label := search.QuarterLabel(demand.Last(path))
	for month := time.January; month <= time.December; month++ {
		label = strings.Replace(label, month.String(), month.String()[:3], 1)
	}
	return label
}

// boardHeat is the areas, or the capabilities of the chosen one, by financial year, or by the quarters of the chosen one.
func (s *site) boardHeat(p picked) (view.Table, string) {
	rows, columns := []string{}, []string{}
	for c := range p.of {
		if c.Place == p.place && c.When == p.when && c.Of == "" && demand.Within(c.What, p.what) {
			rows = append(rows, c.What)
		}
		if c.Place == p.place && c.Of == "" && demand.Within(c.When, p.when) && (c.What == p.what || demand.Within(c.What, p.what)) && !slices.Contains(columns, c.When) {
			columns = append(columns, c.When)
		}
	}
	slices.Sort(columns)
	slices.SortFunc(rows, func(a, b string) int {
		return cmp.Or(cmp.Compare(p.of[demand.Cell{What: b, Place: p.place, When: p.when}], p.of[demand.Cell{What: a, Place: p.place, When: p.when}]), cmp.Compare(s.whatWords(a), s.whatWords(b)))
	})
	t := view.Table{Caption: "At least so many councils", CaptionClasses: "govuk-visually-hidden", Classes: "jy-heat", FirstCellIsHeader: true, Long: true,
		Head: []view.Head{{Text: "Area"}, {Text: "Any time"}}}
	name := "All areas, together"
	if p.what != "" {
		t.Head[0].Text, name = "Capability", s.whatWords(p.what)+", all of it"
	}
	if p.when != "" {
		t.Head[1].Text = "All year"
	}
	for _, when := range columns {
		t.Head = append(t.Head, view.Head{Text: whenHead(when)})
	}
	for _, what := range append([]string{p.what}, rows...) {
		head := view.Cell{Text: name}
		if what != p.what {
			head.Text = s.whatWords(what)
			if p.what == "" {
				head.Href = demandAddress("area", what)
			}
		}
		t.Rows = append(t.Rows, p.heatRow(head, what, columns))
	}
	note := "A council counts once in a figure, so figures do not add up. A figure says at least so many; a wide one holds for its whole row. ‘Not shown’ may be few, none or many: seven councils must be behind a figure, and some are held back so that none can be worked out."
	if p.what == "" {
		if rest := len(s.Catalogue.Dictionary().Areas()) - len(rows); rest > 0 {
			note += " " + view.Plural(rest, "more area says", "more areas say") + " nothing alone and " + isAre(rest) + " in the first row."
		}
	}
	return t, note
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// heatRow is one row: its figure at any time, then those of the columns; neighbours of which nothing is said are one. Where
// no column says anything, the figure at any time is as wide as the row.
func (p picked) heatRow(head view.Cell, what string, columns []string) []view.Cell {
	whole := heatCell(p.of[demand.Cell{What: what, Place: p.place, When: p.when}])
	var cells []view.Cell
	none := true
	for _, when := range columns {
		n := p.of[demand.Cell{What: what, Place: p.place, When: when}]
		none = none && n == 0
		if last := len(cells) - 1; n == 0 && last >= 0 && cells[last].Muted {
			cells[last].Colspan = max(cells[last].Colspan, 1) + 1
			continue
		}
		cells = append(cells, heatCell(n))
	}
	if none {
		whole.Colspan = 1 + len(columns)
		return []view.Cell{head, whole}
	}
	return append([]view.Cell{head, whole}, cells...)
}

func heatCell(n int) view.Cell {
	if n == 0 {
		return view.Cell{Text: "not shown", Muted: true, Classes: "jy-heat__cell jy-heat__cell--none"}
	}
	return view.Cell{Text: atLeast(n), Classes: "jy-heat__cell jy-heat__cell--" + view.Number(boardLevel(n))}
}

// atLeast is a figure where there is little room; the page says what the sign means.
func atLeast(n int) string { return view.Number(n) + "+" }

// boardLevels are the least figures of the shades.
func boardLevels() []int { return []int{7, 10, 15, 20, 30} }

func boardLevel(n int) int {
	level := 0
	for i, from := range boardLevels() {
		if n >= from {
			level = i
		}
	}
	return level
}

func boardLegend() []view.LegendItem {
	var out []view.LegendItem
	for i, from := range boardLevels() {
		out = append(out, view.LegendItem{Swatch: view.Number(i), Text: "At least " + view.Number(from)})
	}
	return out
}

// boardBars draws the figures over all places and times of some kinds of need. One without a figure says so.
func boardBars(id, title, head string, p picked, kinds []demand.Band) figure {
	bars := chart.Bars{About: chart.About{ID: id, Title: title, Width: 520}, RowHead: head, ValueHead: "Councils"}
	some := false
	for _, k := range kinds {
		n := p.of[demand.Cell{What: p.what, Of: k.ID}]
		bar := chart.Bar{Label: cmp.Or(k.Text, exchange.OfWords(k.ID)), Value: float64(n), Text: "at least " + view.Number(n)}
		if n == 0 {
			bar.Text = "not shown"
		}
		some = some || n > 0
		bars.Rows = append(bars.Rows, bar)
	}
	if !some {
		return figure{}
	}
	return newFigure(bars.Draw(), "")
}

// boardMap shades each council by the narrowest place of which something is said, never by itself.
func (s *site) boardMap(p picked) figure {
	m := chart.HexMap{About: chart.About{ID: "private-map", Title: "Councils with a need that is not public, by place", Width: 440}}
	said := map[string]int{}
	for _, c := range s.Catalogue.Register().Councils() {
		if c.Hex == nil {
			continue
		}
		hex := chart.Hex{Q: c.Hex.Q, R: c.Hex.R, Name: c.Name, Region: c.Region}
		for place := demand.PlaceOf(c.Nation, c.Region); place != ""; place = place[:max(strings.LastIndexByte(place, '/'), 0)] {
			if n := p.of[demand.Cell{What: p.what, Place: place, When: p.when}]; n > 0 {
				hex.Region, hex.Level = demand.Last(place), min(boardLevel(n)+1, 4)
				said[hex.Region] = n
				break
			}
		}
		m.Hexes = append(m.Hexes, hex)
	}
	if len(said) == 0 {
		return figure{}
	}
	for place, n := range said {
		m.Totals = append(m.Totals, chart.RegionTotal{Region: place, Text: atLeast(n)})
	}
	slices.SortFunc(m.Totals, func(a, b chart.RegionTotal) int { return cmp.Compare(a.Region, b.Region) })
	m.Legend = []chart.LevelName{{Level: 0, Text: "No figure by itself"}, {Level: 1, Text: "At least 7"}, {Level: 2, Text: "At least 10"}, {Level: 3, Text: "At least 15"}, {Level: 4, Text: "At least 20"}}
	f := newFigure(m.Draw(), "One hexagon is one council; its colour is the figure of the narrowest place that has one, never its own.")
	f.Details = nil // the table stands beside it
	return f
}

// placesTable lists every place of which something is said, wide before narrow.
func (p picked) placesTable() view.Table {
	t := view.Table{Caption: "Councils with a need that is not public, by place", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []view.Head{{Text: "Nation, part or region"}, {Text: "Councils", Numeric: true}}}
	var cells []demand.Cell
	for c := range p.of {
		if c.Place != "" && c.What == p.what && c.When == p.when && c.Of == "" {
			cells = append(cells, c)
		}
	}
	slices.SortFunc(cells, demand.Cell.Compare)
	for _, c := range cells {
		t.Rows = append(t.Rows, []view.Cell{{Text: strings.ReplaceAll(c.Place, "/", ", ")}, {Text: "at least " + view.Number(p.of[c]), Numeric: true}})
	}
	return t
}
