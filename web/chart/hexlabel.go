package chart

import (
	"cmp"
	"math"
	"slices"
)

// This file finds where the names of councils can stand beside the map: on empty sea, near their council, no name over
// another, and no leader through a name, another leader or another council that is shown.

// label is a name that may stand, or stands, at a place; x and y are its upper left corner, from is where its leader
// begins.
type label struct {
	hex   int
	lines []string
	x, y  float64
	w, h  float64
	from  point
	to    point
	cost  float64
}

const (
	labelHeight = labelSize + 4 // of one line
	labelWidth  = 165           // what is longer takes two
	searchStep  = 6
)

// box is a rectangle.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) meets(o box) bool { return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 }

// crosses says whether the straight line from p to q passes through the box.
func (b box) crosses(p, q point) bool {
	if max(p.x, q.x) < b.x0 || min(p.x, q.x) > b.x1 || max(p.y, q.y) < b.y0 || min(p.y, q.y) > b.y1 {
		return false
	}
	// It does unless all corners lie on one side of it.
	side := func(x, y float64) bool { return (q.x-p.x)*(y-p.y)-(q.y-p.y)*(x-p.x) > 0 }
	one := side(b.x0, b.y0)
	return side(b.x1, b.y0) != one || side(b.x0, b.y1) != one || side(b.x1, b.y1) != one
}

func (l label) box() box { return box{l.x, l.y, l.x + l.w, l.y + l.h} }

// placeLabels gives each named hexagon its label, or none where there is no place.
func (m HexMap) placeLabels(g grid, named []int, width, height float64) []label {
	s := newSea(m, g, width, height)
	choices := make([][]label, len(named))
	placed := make([]label, len(named))
	for i, hex := range named {
		choices[i] = s.choices(hex, forms(m.Hexes[hex].Name, width))
		placed[i] = unplaced()
	}
	for i := range choices {
		placed[i] = first(choices[i], placed)
	}
	for round := 0; round < 3; round++ {
		changed := false
		for i := range choices {
			changed = improve(choices, placed, i) || changed
		}
		if !changed {
			break
		}
	}
	return slices.DeleteFunc(placed, func(l label) bool { return l.hex < 0 })
}

// unplaced stands for a name without a place, and is dearer than any leader.
func unplaced() label { return label{hex: -1, cost: 1e5} }

// forms gives the ways in which a name may be set: in one line, and a long one in two.
func forms(name string, width float64) [][]string {
	l := lettering{size: labelSize, bold: true}
	out := [][]string{{fit(name, l, width*0.75)}}
	if two := wrap(name, l, labelWidth, 2); len(two) == 2 {
		out = append(out, two)
	}
	return out
}

// first gives the cheapest of a name's choices that fits beside the others.
func first(choices, others []label) label {
	for _, l := range choices {
		if l.fits(others) {
			return l
		}
	}
	return unplaced()
}

// improve looks for a cheaper place for one name, sending names that stand in the way to other places where that is
// cheaper for all together. It says whether it found one.
func improve(choices [][]label, placed []label, i int) bool {
	const tries = 40
	before, better := total(placed), false
	for n := 0; n < len(choices[i]); n += 1 + len(choices[i])/tries {
		l := choices[i][n]
		if l.cost >= placed[i].cost {
			break
		}
		trial := slices.Clone(placed)
		trial[i] = l
		var moved []int
		least := total(trial) // that it can come to
		for j := range trial {
			if j != i && trial[j].hex >= 0 && !l.fits(trial[j:j+1]) {
				least += choices[j][0].cost - trial[j].cost
				trial[j] = unplaced()
				moved = append(moved, j)
			}
		}
		if least >= before-1 {
			continue
		}
		for _, j := range moved {
			trial[j] = first(choices[j], trial)
		}
		if cost := total(trial); cost < before-1 {
			before, better = cost, true
			copy(placed, trial)
		}
	}
	return better
}

func total(labels []label) float64 {
	sum := 0.0
	for _, l := range labels {
		sum += l.cost
	}
	return sum
}

// sea knows where there is room.
type sea struct {
	grid          grid
	width, height float64
	shown         []int // hexagons that a leader must not cross
	columns       int
	land          []int // how many land squares lie left of and above each corner of a raster
}

const raster = 3

func newSea(m HexMap, g grid, width, height float64) sea {
	s := sea{grid: g, width: width, height: height, columns: int(width/raster) + 2}
	rows := int(height/raster) + 2
	s.land = make([]int, s.columns*rows)
	for i, at := range g.at {
		if h := m.Hexes[i]; h.Level > 0 || h.Emphasis {
			s.shown = append(s.shown, i)
		}
		r := g.pitch / 2
		for y := int((at.y - r) / raster); y <= int((at.y+r)/raster); y++ {
			for x := int((at.x - r) / raster); x <= int((at.x+r)/raster); x++ {
				if x >= 0 && y >= 0 && x+1 < s.columns && y+1 < rows {
					s.land[(y+1)*s.columns+x+1] = 1
				}
			}
		}
	}
	for y := 1; y < rows; y++ {
		for x := 1; x < s.columns; x++ {
			s.land[y*s.columns+x] += s.land[(y-1)*s.columns+x] + s.land[y*s.columns+x-1] - s.land[(y-1)*s.columns+x-1]
		}
	}
	if len(s.shown) > 60 { // a map that is full of shades: its leaders cross some
		s.shown = nil
	}
	return s
}

// empty says whether a box holds no land; the box lies within the drawing.
func (s sea) empty(b box) bool {
	x0, y0 := int(b.x0/raster), int(b.y0/raster)
	x1, y1 := int(b.x1/raster)+1, int(b.y1/raster)+1
	x1, y1 = min(x1, s.columns-1), min(y1, len(s.land)/s.columns-1)
	return s.land[y1*s.columns+x1]-s.land[y0*s.columns+x1]-s.land[y1*s.columns+x0]+s.land[y0*s.columns+x0] == 0
}

// choices gives the places on empty sea for a hexagon's name in any of its forms, cheapest first.
func (s sea) choices(hex int, forms [][]string) []label {
	var out []label
	for _, lines := range forms {
		w, h := widest(lines, lettering{size: labelSize, bold: true}), labelHeight*float64(len(lines))
		for y := 0.0; y+h <= s.height; y += searchStep {
			for x := 0.0; x+w <= s.width; x += searchStep {
				l := label{hex: hex, lines: lines, x: x, y: y, w: w, h: h, to: s.grid.at[hex]}
				if !s.empty(l.box()) || !l.lead(s.grid.pitch) {
					continue
				}
				// Long and steep leaders are dear, because they are hard to follow.
				long := distance(l.from, l.to)
				l.cost = long + long*long/100 + 0.25*math.Abs(l.to.y-l.from.y)
				out = append(out, l)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b label) int { return cmp.Compare(a.cost, b.cost) })
	return s.clear(out, 250)
}

// clear gives the first labels whose leaders pass through no hexagon that is shown.
func (s sea) clear(labels []label, most int) []label {
	var out []label
	for _, l := range labels {
		if len(out) == most {
			break
		}
		if !s.crossed(l) {
			out = append(out, l)
		}
	}
	return out
}

// lead finds where the leader leaves the label: at the end that is nearer, or above or below it. It says no where the
// label stands too close for one.
func (l *label) lead(pitch float64) bool {
	mid := l.y + l.h/2
	switch {
	case l.to.x < l.x-2:
		l.from = point{l.x - 4, mid}
	case l.to.x > l.x+l.w+2:
		l.from = point{l.x + l.w + 4, mid}
	default:
		l.from = point{min(max(l.to.x, l.x+6), l.x+l.w-6), l.y + l.h}
		if l.to.y < mid {
			l.from.y = l.y
		}
	}
	return distance(l.from, l.to) > pitch*0.7
}

// crossed says whether a leader passes through a hexagon that is shown.
func (s sea) crossed(l label) bool {
	return slices.ContainsFunc(s.shown, func(i int) bool {
		return i != l.hex && away(s.grid.at[i], l.from, l.to) < s.grid.pitch*0.55
	})
}

// fits says whether a label may stand beside the others.
func (l label) fits(others []label) bool {
	b := l.box()
	wide := box{b.x0 - 6, b.y0 - 2, b.x1 + 6, b.y1 + 2}
	for _, o := range others {
		if o.hex < 0 {
			continue
		}
		if wide.meets(o.box()) || wide.crosses(o.from, o.to) || o.box().crosses(l.from, l.to) ||
			cross(l.from, l.to, o.from, o.to) {
			return false
		}
	}
	return true
}

func distance(a, b point) float64 { return math.Hypot(a.x-b.x, a.y-b.y) }

// away is how far a point is from the line between two others.
func away(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := 0.0
	if d := dx*dx + dy*dy; d > 0 {
		t = min(max(((p.x-a.x)*dx+(p.y-a.y)*dy)/d, 0), 1)
	}
	return distance(p, point{a.x + t*dx, a.y + t*dy})
}

// cross says whether the lines a to b and c to d cross.
func cross(a, b, c, d point) bool {
	side := func(p, q, r point) bool { return (q.x-p.x)*(r.y-p.y)-(q.y-p.y)*(r.x-p.x) > 0 }
	return side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}
