package chart

// key is one entry of a legend: a mark as it is drawn, and what it stands for.
type key struct {
	mark  mark
	paint paint
	text  string
}

type mark uint8

const (
	swatch   mark = iota
	stroke        // a piece of a line
	bar           // an upright tick
	diamond       // a point in time that gives a choice
	dot           // a point in time
	hexagon       // a council
	boundary      // an upright line through the whole chart
)

// legend draws the entries from y down, in as many lines as they need, and gives the y below them. An entry longer
// than a line is wrapped.
func (c *canvas) legend(keys []key, y float64) float64 {
	l := lettering{size: c.small + 0.5}
	lineHeight := l.size + 8
	x := 0.0
	for i, k := range keys {
		lead := 28.0
		switch k.mark {
		case bar, diamond, dot, hexagon, boundary:
			lead = 16
		}
		lines := wrap(k.text, l, c.width-lead-6, 3)
		w := lead + 6 + widest(lines, l)
		if x > 0 && x+w > c.width {
			x, y = 0, y+lineHeight
		}
		c.symbol(k.mark, k.paint, x, y+lineHeight/2, lead)
		for n, s := range lines {
			c.text(x+lead+6, y+float64(n)*(l.size+3)+lineHeight/2+l.size*0.36, s, l)
		}
		y += float64(max(len(lines)-1, 0)) * (l.size + 3)
		x += w + 18
		if i == len(keys)-1 {
			y += lineHeight
		}
	}
	return y
}

// symbol draws a mark of a legend in the middle of a place that is w wide.
func (c *canvas) symbol(m mark, p paint, x, mid, w float64) {
	switch m {
	case swatch:
		c.rect(x+1, mid-5.5, w-2, 11, p)
	case stroke:
		c.line(x, mid, x+w, mid, p)
	case hexagon:
		c.shapes(p, hexOutline(point{x + w/2, mid}, 13))
	case boundary:
		c.line(x+w/2, mid-8, x+w/2, mid+8, p)
	default:
		c.mark(m, point{x + w/2, mid}, 12, p)
	}
}

// mark draws a point in time on a bar that is h high.
func (c *canvas) mark(m mark, at point, h float64, p paint) {
	switch m {
	case diamond:
		r := h*0.5 + 1
		c.shapes(p, []point{{at.x, at.y - r}, {at.x + r, at.y}, {at.x, at.y + r}, {at.x - r, at.y}})
	case dot:
		c.circle(at, min(h*0.34, 5), p)
	default:
		c.rect(at.x-2, at.y-h/2-4, 4, h+8, p)
	}
}

// reach is how far a mark reaches to either side.
func (m mark) reach(h float64) float64 {
	switch m {
	case diamond:
		return h/2 + 2
	case dot:
		return 5
	}
	return 2.5
}
