package chart

import "math"

// Ranges compares spreads on one axis from 0: a row each, with a band from the lower to the upper quartile, a mark at the
// median, and where the reader's own value lies.
type Ranges struct {
	About
	Rows    []Spread
	RowHead string               // what the rows are, for the table
	Max     float64              // the end of the axis, such as 100 for percentages; 0 means the largest value
	Format  func(float64) string // writes a value, such as '67%'; where nil, plain numbers
	Own     string               // what the reader's own values are called; 'Your council' where empty
}

// Spread is one row.
type Spread struct {
	Label, Link          string
	Lower, Median, Upper float64
	NoBand               bool     // the quartiles are not known
	Own                  *float64 // nil: none
	Note                 string   // how many are behind it: '118 councils'
}

// Draw gives the drawings and the table.
func (r Ranges) Draw() Drawing {
	r.Desc = or(r.Desc, r.describe())
	return draw(r.About, r.wideFrame(), r.table(), r.draw)
}

func (r Ranges) write(v float64) string {
	if r.Format != nil {
		return clean(r.Format(v))
	}
	return number(v)
}

// top is the end of the axis, and step the distance of its guides.
func (r Ranges) top() (top, step float64) {
	if top = amount(r.Max); top > 0 {
		return top, top / 4
	}
	for _, s := range r.Rows {
		top = max(top, amount(s.Median))
		if !s.NoBand {
			top = max(top, amount(s.Upper))
		}
		if s.Own != nil {
			top = max(top, amount(*s.Own))
		}
	}
	step = roundStep(top / 4)
	if step <= 0 {
		return 1, 1
	}
	return step * math.Ceil(top/step), step
}

func (r Ranges) draw(c *canvas) bool {
	if len(r.Rows) == 0 {
		return false
	}
	y := c.legend(r.keys(), 0) + 8
	labels := 0.0
	for _, s := range r.Rows {
		labels = max(labels, widest(wrap(s.Label, lettering{size: c.label}, c.width*0.3, 2), lettering{size: c.label}))
	}
	x0, x1 := labels+gutter, c.width-28
	if c.narrow {
		x0, x1, labels = 8, c.width-14, c.width-1
	}
	top, step := r.top()
	at := func(v float64) float64 { return x0 + (x1-x0)*min(amount(v)/top, 1) }
	axis := y + c.small
	y = axis + 8
	var guides [][2]point
	begin := y
	var rows []func()
	for _, s := range r.Rows {
		lines := wrap(s.Label, lettering{size: c.label}, labels+1, 2)
		text := float64(len(lines)) * c.leading()
		height, name, bar := max(text+12, 34), y+max(text+12, 34)/2, y+max(text+12, 34)/2
		if c.narrow {
			height, name, bar = text+34, y+4+text/2, y+text+18
		}
		from := y
		rows = append(rows, func() { r.row(c, s, lines, from, height, name, bar, at) })
		if c.narrow {
			for v := 0.0; v <= top+step/2; v += step {
				guides = append(guides, [2]point{{at(v), bar - 12}, {at(v), bar + 12}})
			}
		}
		y += height
	}
	for v := 0.0; v <= top+step/2; v += step {
		if !c.narrow {
			guides = append(guides, [2]point{{at(v), begin}, {at(v), y}})
		}
		l := lettering{size: c.small, ink: muted, anchor: middle}
		w := textWidth(r.write(v), l.size, false) / 2
		c.text(max(min(at(v), c.width-w-1), w), axis, r.write(v), l)
	}
	c.strokes(paint{stroke: guide, width: 1}, guides...)
	for _, row := range rows {
		row()
	}
	c.height = y + 4
	return true
}

func (r Ranges) row(c *canvas, s Spread, lines []string, top, height, name, bar float64, at func(float64) float64) {
	const high = 16
	c.link(s.Link, r.say(s), func() {
		if c.inLink {
			c.hit(0, top, c.width, height)
		}
		c.lines(0, name, lines, lettering{size: c.label})
	})
	c.tip(r.say(s), func() {
		if !s.NoBand {
			c.rect(at(s.Lower), bar-high/2, max(at(s.Upper)-at(s.Lower), 2), high, paint{fill: soft, stroke: mid, width: 1})
		}
		c.rect(at(s.Median)-2, bar-high/2-3, 4, high+6, paint{fill: deep})
		if s.Own != nil {
			c.mark(diamond, point{at(*s.Own), bar}, 13, paint{fill: amber, stroke: ink, width: 1.5})
		}
	})
}

func (r Ranges) keys() []key {
	band, own := false, false
	for _, s := range r.Rows {
		band, own = band || !s.NoBand, own || s.Own != nil
	}
	var keys []key
	if band {
		keys = append(keys, key{swatch, paint{fill: soft, stroke: mid, width: 1}, "Middle half of councils"})
	}
	keys = append(keys, key{bar, paint{fill: deep}, "Median"})
	if own {
		keys = append(keys, key{diamond, paint{fill: amber, stroke: ink, width: 1.5}, or(r.Own, "Your council")})
	}
	return keys
}

// say puts a row into words.
func (r Ranges) say(s Spread) string {
	said := s.Label + ": median " + r.write(s.Median)
	if !s.NoBand {
		said += ", middle half " + r.write(s.Lower) + " to " + r.write(s.Upper)
	}
	if s.Own != nil {
		said += ", " + or(r.Own, "Your council") + " " + r.write(*s.Own)
	}
	if s.Note != "" {
		said += ", " + s.Note
	}
	return said
}

func (r Ranges) describe() string {
	said := "Bands on one axis from 0, " + count(len(r.Rows), "row") + "."
	for i, s := range r.Rows {
		if i == 5 {
			break
		}
		said += " " + r.say(s) + "."
	}
	return said
}

func (r Ranges) table() Table {
	out := Table{Caption: clean(r.Title), Head: []string{or(r.RowHead, "Name"), "Lower quartile", "Median", "Upper quartile"}}
	own, notes := false, false
	for _, s := range r.Rows {
		own, notes = own || s.Own != nil, notes || s.Note != ""
	}
	if own {
		out.Head = append(out.Head, or(r.Own, "Your council"))
	}
	if notes {
		out.Head = append(out.Head, "Behind it")
	}
	for _, s := range r.Rows {
		row := []string{clean(s.Label), "not stated", r.write(s.Median), "not stated"}
		if !s.NoBand {
			row[1], row[3] = r.write(s.Lower), r.write(s.Upper)
		}
		if own && s.Own == nil {
			row = append(row, "not stated")
		} else if own {
			row = append(row, r.write(*s.Own))
		}
		if notes {
			row = append(row, clean(s.Note))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
