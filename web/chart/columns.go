package chart

import (
	"math"
	"slices"
)

// Columns counts something by quarter: an upright column each, from 0, of up to three parts. On a phone the quarters
// run down the page, as rows.
type Columns struct {
	About
	Columns []Column
	Series  []string // what the parts are, at most three; one entry or none for plain columns
	ColHead string   // what the columns are, for the table; 'Quarter' where empty
	// Format writes a value, such as '£1.2 million'; where nil, values are counted things and written as plain numbers.
	Format func(float64) string
}

// Column is one quarter.
type Column struct {
	Label  string // 'Apr to Jun'
	Group  string // what neighbouring columns have in common, written once below them: '2027'
	Link   string
	Values []float64 // one for each series
}

const maxSeries = 3

// Draw gives the drawings and the table.
func (q Columns) Draw() Drawing {
	q.Desc = or(q.Desc, q.describe())
	return draw(q.About, q.wideFrame(), q.table(), q.draw)
}

func (q Columns) series() int { return min(max(len(q.Series), 1), maxSeries) }

// value gives a column's part, 0 for one that it does not have.
func (q Columns) value(c Column, series int) float64 {
	if series < len(c.Values) {
		return amount(c.Values[series])
	}
	return 0
}

func (q Columns) total(c Column) float64 {
	sum := 0.0
	for s := range q.series() {
		sum += q.value(c, s)
	}
	return sum
}

func (q Columns) write(v float64) string {
	if q.Format != nil {
		return clean(q.Format(v))
	}
	return number(v)
}

func (c Column) name() string {
	if c.Group == "" {
		return c.Label
	}
	return c.Label + " " + c.Group
}

// say puts a column into words, part by part.
func (q Columns) say(c Column) string {
	said := c.name() + ": " + q.write(q.total(c))
	if q.series() == 1 {
		return said
	}
	for s, name := range q.Series[:q.series()] {
		said += ", " + name + " " + q.write(q.value(c, s))
	}
	return said
}

func seriesFill(s int) colour {
	switch s {
	case 0:
		return deep
	case 1:
		return mid
	}
	return soft
}

func (q Columns) draw(c *canvas) bool {
	if len(q.Columns) == 0 {
		return false
	}
	y := 0.0
	if q.series() > 1 {
		var keys []key
		for s, name := range q.Series[:q.series()] {
			keys = append(keys, key{swatch, paint{fill: seriesFill(s)}, name})
		}
		y = c.legend(keys, 0) + 8
	}
	if c.narrow {
		c.height = c.barRows(q.rows(), 0, y)
		return true
	}
	q.upright(c, y)
	return true
}

func (q Columns) rows() []barRow {
	var out []barRow
	for _, col := range q.Columns {
		r := barRow{label: col.name(), link: col.Link, value: q.write(q.total(col))}
		for s := range q.series() {
			if v := q.value(col, s); v > 0 {
				r.parts = append(r.parts, part{v, seriesFill(s)})
			}
		}
		if len(r.parts) == 0 {
			r.link = ""
		}
		out = append(out, r)
	}
	return out
}

// upright draws the columns as columns, below the legend.
func (q Columns) upright(c *canvas, y float64) {
	const high = 220
	top := 0.0
	for _, col := range q.Columns {
		top = max(top, q.total(col))
	}
	step := roundStep(top / 4)
	if q.Format == nil {
		step = max(step, 1) // there is no half of a contract
	}
	steps := max(math.Ceil(top/step), 1)
	scale := high / (step * steps)
	base := y + 20 + high
	quiet := lettering{size: c.small, ink: muted, anchor: end}
	left := 0.0
	for i := 0.0; i <= steps; i++ {
		left = max(left, textWidth(fit(q.write(i*step), quiet, c.width*0.2), c.small, false))
	}
	for i := 0.0; i <= steps; i++ {
		at := base - i*step*scale
		c.text(left, at+c.small*0.36, fit(q.write(i*step), quiet, c.width*0.2), quiet)
		c.line(left+8, at, c.width, at, paint{stroke: hair, width: 1})
	}
	slot := (c.width - left - 16) / float64(len(q.Columns))
	for i, col := range q.Columns {
		q.column(c, col, left+12+slot*float64(i), slot, base, scale)
	}
	q.names(c, left+12, slot, base+18)
	c.line(left+8, base, c.width, base, paint{stroke: muted, width: 1})
	c.height = q.groups(c, left+12, slot, base+26)
}

// column draws one column, with its total above where there is room for it.
func (q Columns) column(c *canvas, col Column, x, slot, base, scale float64) {
	w := min(slot*0.68, 60)
	x0, y := x+(slot-w)/2, base
	if q.total(col) == 0 {
		col.Link = "" // nothing to go to
	}
	c.link(col.Link, q.say(col), func() {
		if c.inLink {
			c.hit(x, base-q.total(col)*scale-20, slot, q.total(col)*scale+20)
		}
		c.tip(q.say(col), func() {
			for s := range q.series() {
				v := q.value(col, s)
				if v == 0 {
					continue
				}
				h := max(v*scale, 1.5)
				seam := 0.0
				if y < base {
					seam = min(1, h/2)
				}
				c.rect(x0, y-h, w, h-seam, paint{fill: seriesFill(s)})
				y -= h
			}
		})
		total := lettering{size: c.small, anchor: middle}
		if s := q.write(q.total(col)); textWidth(s, total.size, false) <= slot-4 {
			c.text(x+slot/2, y-6, s, total)
		}
	})
}

// names sets the columns' labels below them, as many as have room.
func (q Columns) names(c *canvas, left, slot, y float64) {
	l := lettering{size: c.small, anchor: middle, ink: ink}
	every := 1
	for _, col := range q.Columns {
		w := textWidth(fit(col.Label, l, 120), l.size, false) + 8
		every = max(every, int(math.Ceil(w/slot)))
	}
	last := 0.0
	for i := 0; i < len(q.Columns); i += every {
		s := fit(q.Columns[i].Label, l, 120)
		half := textWidth(s, l.size, false) / 2
		x := min(max(left+slot*(float64(i)+0.5), half), c.width-half)
		if i > 0 && x-half < last+4 {
			continue
		}
		c.text(x, y, s, l)
		last = x + half
	}
}

// groups names what neighbouring columns have in common, and gives the height used.
func (q Columns) groups(c *canvas, left, slot, y float64) float64 {
	named := false
	for i := 0; i < len(q.Columns); {
		n := 1
		for i+n < len(q.Columns) && q.Columns[i+n].Group == q.Columns[i].Group {
			n++
		}
		if group := q.Columns[i].Group; group != "" {
			named = true
			x, w := left+slot*float64(i), slot*float64(n)
			l := lettering{size: c.small, bold: true, anchor: middle, ink: muted}
			c.line(x+3, y, max(x+w-3, x+3), y, paint{stroke: rule, width: 1})
			if s := fit(group, l, w-4); textWidth(s, l.size, true) <= w {
				c.text(x+w/2, y+16, s, l)
			}
		}
		i += n
	}
	if !named {
		return y
	}
	return y + 22
}

// roundStep gives a step for an axis, of the form 1, 2 or 5 times a power of ten, at least as large as v.
func roundStep(v float64) float64 {
	if v <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= v {
			return m * power
		}
	}
	return 10 * power
}

func (q Columns) describe() string {
	if len(q.Columns) == 0 {
		return ""
	}
	most := slices.MaxFunc(q.Columns, func(a, b Column) int {
		switch d := q.total(a) - q.total(b); {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return 0
	})
	first, last := q.Columns[0], q.Columns[len(q.Columns)-1]
	return "Columns from 0, from " + first.name() + " to " + last.name() + ". The highest is " + q.say(most) + "."
}

func (q Columns) table() Table {
	out := Table{Caption: clean(q.Title), Head: []string{or(q.ColHead, "Quarter")}}
	switch {
	case q.series() > 1:
		for _, s := range q.Series[:q.series()] {
			out.Head = append(out.Head, clean(s))
		}
		out.Head = append(out.Head, "Together")
	case len(q.Series) == 1:
		out.Head = append(out.Head, clean(q.Series[0]))
	default:
		out.Head = append(out.Head, "Value")
	}
	for _, col := range q.Columns {
		row := []string{clean(col.name())}
		if q.series() > 1 {
			for s := range q.series() {
				row = append(row, q.write(q.value(col, s)))
			}
		}
		out.Rows = append(out.Rows, append(row, q.write(q.total(col))))
	}
	return out
}
