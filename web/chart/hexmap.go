package chart

import (
	"math"
	"slices"
)

// HexMap is the map of councils on which each is one hexagon of the same size.
//
// Q and R are the columns and rows of the published hex map of UK councils: rows grow northwards, and every odd row is
// shifted half a hexagon to the east ('odd-r').
type HexMap struct {
	About
	Hexes []Hex
	// Legend says what the levels mean, in the order to show. Where it is empty and there are pale hexagons, it says
	// that pale is not known, which is not no.
	Legend []LevelName
	Totals []RegionTotal // figures to write over whole regions
}

// Hex is one council.
type Hex struct {
	Q, R     int
	Name     string
	Region   string
	Link     string
	Note     string // what there is to say of it: 'council decision, 23 March 2023'
	Level    int    // its shade, 0 (pale, not known) to 4
	Emphasis bool   // outlined, and named beside the map; the first eight are
}

// LevelName says what a level means.
type LevelName struct {
	Level int
	Text  string
}

// RegionTotal is a figure written in the middle of a region's hexagons.
type RegionTotal struct{ Region, Text string }

const (
	mapWidth  = 440
	maxLabels = 8
	labelSize = 13
	// farthest keeps a slip in the coordinates from making a map of empty sea.
	farthest = 200
)

// Draw gives the drawings and the table: the councils that have a level, a note or emphasis. Pale hexagons are the
// rest, and are not listed.
func (m HexMap) Draw() Drawing {
	m.Hexes = slices.DeleteFunc(slices.Clone(m.Hexes), func(h Hex) bool {
		return h.Q < -farthest || h.Q > farthest || h.R < -farthest || h.R > farthest
	})
	m.Desc = or(m.Desc, m.describe())
	f := m.wideFrame()
	f.width = float64(min(max(m.Width, 280), 900))
	if m.Width == 0 {
		f.width = mapWidth
	}
	return draw(m.About, f, m.table(), m.draw)
}

// grid places the hexagons on a drawing: pitch is the distance between neighbours, down the lower edge of them all.
type grid struct {
	pitch float64
	at    []point
	down  float64
}

func hexAt(h Hex, pitch float64) point {
	x := float64(h.Q)
	if h.R&1 != 0 {
		x += 0.5
	}
	return point{x * pitch, -float64(h.R) * pitch * math.Sqrt(3) / 2}
}

// hexOutline is a hexagon with a corner at the top, of a width between its upright sides.
func hexOutline(at point, width float64) []point {
	side := width / math.Sqrt(3)
	return []point{{at.x, at.y - side}, {at.x + width/2, at.y - side/2}, {at.x + width/2, at.y + side/2},
		{at.x, at.y + side}, {at.x - width/2, at.y + side/2}, {at.x - width/2, at.y - side/2}}
}

// layout fits the hexagons into some room in the middle of a width.
func (m HexMap) layout(width, room float64) grid {
	const tall = 0.6 // a little more than half a hexagon's height, where its pitch is 1
	all := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, h := range m.Hexes {
		p := hexAt(h, 1)
		all = box{min(all.x0, p.x-0.5), min(all.y0, p.y-tall), max(all.x1, p.x+0.5), max(all.y1, p.y+tall)}
	}
	g := grid{pitch: min(room/(all.x1-all.x0), 40)}
	left := (width - g.pitch*(all.x1-all.x0)) / 2
	for _, h := range m.Hexes {
		p := hexAt(h, g.pitch)
		g.at = append(g.at, point{p.x - all.x0*g.pitch + left, p.y - all.y0*g.pitch + 1})
	}
	g.down = 1 + g.pitch*(all.y1-all.y0)
	return g
}

func (m HexMap) draw(c *canvas) bool {
	if len(m.Hexes) == 0 {
		return false
	}
	named := m.named()
	room := c.width - 4
	if len(named) > 0 {
		room = c.width * 0.74
	}
	g := m.layout(c.width, room)
	var labels []label
	if c.height = g.down + 2; len(named) > 0 { // names may stand below the map too
		c.height += labelHeight
		labels = m.placeLabels(g, named, c.width, c.height)
	}
	m.drawPlain(c, g)
	for i, h := range m.Hexes {
		if h.own() && !h.Emphasis {
			m.drawOwn(c, g, i, nil)
		}
	}
	for i, h := range m.Hexes {
		if h.Emphasis {
			m.drawOwn(c, g, i, labels)
		}
	}
	if len(m.Totals) > 0 {
		m.drawBorders(c, g)
		m.drawTotals(c, g)
	}
	if keys := m.keys(); len(keys) > 0 {
		c.height = c.legend(keys, c.height+6)
	}
	return true
}

// own says whether a hexagon has something of its own to say; the others of a level are drawn as one mark.
func (h Hex) own() bool { return h.Emphasis || h.Link != "" || h.Note != "" }

// named gives the hexagons that are named beside the map.
func (m HexMap) named() []int {
	var out []int
	for i, h := range m.Hexes {
		if h.Emphasis && clean(h.Name) != "" && len(out) < maxLabels {
			out = append(out, i)
		}
	}
	return out
}

func (m HexMap) drawPlain(c *canvas, g grid) {
	for level := range Levels + 1 {
		var outlines [][]point
		for i, h := range m.Hexes {
			if !h.own() && level == min(max(h.Level, 0), Levels) {
				outlines = append(outlines, hexOutline(g.at[i], g.pitch))
			}
		}
		if len(outlines) > 0 {
			c.shapes(hexPaint(level), outlines...)
		}
	}
}

func hexPaint(level int) paint {
	if level <= 0 {
		return paint{fill: shade(0), stroke: outline, width: 0.8}
	}
	return paint{fill: shade(level), stroke: white, width: 1}
}

// drawOwn draws a hexagon that has a title, and with it its name beside the map where it has one.
func (m HexMap) drawOwn(c *canvas, g grid, i int, labels []label) {
	h := m.Hexes[i]
	c.link(h.Link, h.say(), func() {
		for _, l := range labels {
			if l.hex == i {
				c.line(l.from.x, l.from.y, g.at[i].x, g.at[i].y, paint{stroke: ink, width: 1})
			}
		}
		look := hexPaint(h.Level)
		if h.Emphasis {
			look.stroke, look.width = ink, 1.6
		}
		c.tip(h.say(), func() { c.shapes(look, hexOutline(g.at[i], g.pitch)) })
		for _, l := range labels {
			if l.hex == i {
				for n, line := range l.lines {
					c.text(l.x, l.y+labelSize+labelHeight*float64(n), line, lettering{size: labelSize, bold: true})
				}
			}
		}
	})
}

func (h Hex) say() string {
	said := or(clean(h.Name), "Not named")
	if h.Note != "" {
		said += ": " + h.Note
	}
	return said
}

// drawBorders parts regions by a wider seam, so that two of the same shade can be told apart.
func (m HexMap) drawBorders(c *canvas, g grid) {
	at := m.index()
	var seams [][2]point
	for i, h := range m.Hexes {
		for _, n := range h.neighbours() {
			j, ok := at[n]
			if !ok || j <= i || m.Hexes[j].Region == h.Region {
				continue
			}
			a, b := g.at[i], g.at[j]
			half := 1 / math.Sqrt(3) / 2
			mid, dx, dy := point{(a.x + b.x) / 2, (a.y + b.y) / 2}, (b.x-a.x)*half, (b.y-a.y)*half
			seams = append(seams, [2]point{{mid.x - dy, mid.y + dx}, {mid.x + dy, mid.y - dx}})
		}
	}
	c.strokes(paint{stroke: white, width: 3}, seams...)
}

// cell is a place on the grid: column and row.
type cell [2]int

func (m HexMap) index() map[cell]int {
	out := make(map[cell]int, len(m.Hexes))
	for i, h := range m.Hexes {
		out[cell{h.Q, h.R}] = i
	}
	return out
}

// neighbours gives the six places round a hexagon.
func (h Hex) neighbours() [6]cell {
	q := h.Q // the western of the two in the row above, and in the row below
	if h.R&1 == 0 {
		q--
	}
	return [6]cell{{h.Q - 1, h.R}, {h.Q + 1, h.R}, {q, h.R + 1}, {q + 1, h.R + 1}, {q, h.R - 1}, {q + 1, h.R - 1}}
}

// drawTotals writes each region's figure well inside its hexagons.
func (m HexMap) drawTotals(c *canvas, g grid) {
	for _, t := range m.Totals {
		at, fill, ok := m.middle(g, t.Region)
		if !ok {
			continue
		}
		l := lettering{size: 17, bold: true, anchor: middle, ink: inkOn(fill)}
		s := fit(t.Text, l, 5*g.pitch)
		w := textWidth(s, l.size, true) + 6
		x := min(max(at.x, w/2), c.width-w/2)
		at.y = max(at.y, 11)
		c.rect(x-w/2, at.y-10, w, 20, paint{fill: fill}) // covers the white seams
		c.text(x, at.y+l.size*0.36, s, l)
	}
}

// middle finds the place of a region's figure, near its middle and with neighbours of the region on all sides where
// there is one, and the colour that it stands on: the region's, or white if its councils differ.
func (m HexMap) middle(g grid, region string) (at point, fill colour, ok bool) {
	var of []int
	var centre point
	for i, h := range m.Hexes {
		if h.Region == region {
			of = append(of, i)
			centre.x, centre.y = centre.x+g.at[i].x, centre.y+g.at[i].y
		}
	}
	if len(of) == 0 {
		return point{}, 0, false
	}
	centre = point{centre.x / float64(len(of)), centre.y / float64(len(of))}
	fill = shade(m.Hexes[of[0]].Level)
	index, best := m.index(), math.Inf(1)
	for _, i := range of {
		if shade(m.Hexes[i].Level) != fill {
			fill = white
		}
		cost := distance(g.at[i], centre) / g.pitch
		for _, n := range m.Hexes[i].neighbours() {
			if j, ok := index[n]; !ok || m.Hexes[j].Region != region {
				cost += 0.7
			}
		}
		if cost < best {
			best, at = cost, g.at[i]
		}
	}
	return at, fill, true
}

func (m HexMap) keys() []key {
	pale := false
	for _, h := range m.Hexes {
		pale = pale || h.Level <= 0
	}
	names := m.Legend
	if len(names) == 0 && pale {
		names = []LevelName{{0, "Pale: not known, which is not no"}}
	}
	var out []key
	for _, n := range names {
		out = append(out, key{hexagon, paint{fill: shade(n.Level), stroke: outline, width: 1}, n.Text})
	}
	return out
}

func (m HexMap) levelName(level int) string {
	for _, n := range m.Legend {
		if n.Level == level {
			return n.Text
		}
	}
	if level <= 0 {
		return "Not known"
	}
	return "Level " + number(float64(level))
}

func (m HexMap) describe() string {
	shown := 0
	for _, h := range m.Hexes {
		if h.Level > 0 {
			shown++
		}
	}
	return "Map of " + count(len(m.Hexes), "council") + ", one hexagon each; " + number(float64(shown)) +
		" of them shaded. The table lists them."
}

func (m HexMap) table() Table {
	if len(m.Totals) > 0 {
		out := Table{Caption: clean(m.Title), Head: []string{"Region or nation", "Figure"}}
		for _, t := range m.Totals {
			out.Rows = append(out.Rows, []string{clean(t.Region), clean(t.Text)})
		}
		return out
	}
	out := Table{Caption: clean(m.Title), Head: []string{"Council", "Region or nation", "Shown as", "Note"}}
	for _, h := range m.Hexes {
		if h.Level > 0 || h.Note != "" || h.Emphasis {
			out.Rows = append(out.Rows, []string{clean(h.Name), clean(h.Region), clean(m.levelName(h.Level)), clean(h.Note)})
		}
	}
	return out
}
