package chart

import (
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// This file is the only one that writes markup. What it writes is safe to stand in a page unescaped because each piece
// is one of four things: a constant of this file; a number, written by num; a colour, which is a number too; or a text,
// which passes text, tip or attr and there the cleaner and the escaper. Addresses pass address first, which lets none
// through that could run a script.

// Drawing is a finished chart: the same figures for a desktop, for a phone and as a table. The drawings are empty where
// there was nothing to draw.
type Drawing struct {
	Wide   template.HTML
	Narrow template.HTML
	Table  Table
}

// canvas collects the marks of one drawing, back to front. Its height is known only when all is laid out.
type canvas struct {
	frame
	height float64
	body   strings.Builder
	linked bool
	inLink bool
}

type dash uint8

const (
	solid dash = iota
	dashed
	dotted
)

type anchor uint8

const (
	start anchor = iota
	middle
	end
)

// paint says how a mark is coloured; a zero colour is none.
type paint struct {
	fill   colour
	stroke colour
	width  float64
	dash   dash
}

// lettering says how a text is set.
type lettering struct {
	size   float64
	bold   bool
	ink    colour
	anchor anchor
}

type point struct{ x, y float64 }

// draw makes both drawings of a chart with the same instructions; paint returns false where there is nothing to draw.
func draw(a About, wide frame, table Table, paint func(*canvas) bool) Drawing {
	w, n := &canvas{frame: wide}, &canvas{frame: narrowFrame()}
	d := Drawing{Table: table}
	if paint(w) && paint(n) {
		d.Wide, d.Narrow = w.finish(a, "w"), n.finish(a, "n")
	}
	return d
}

// finish wraps the marks into one svg element with its title and description.
func (c *canvas) finish(a About, which string) template.HTML {
	id := identifier(a.ID) + "-" + which
	role := "img"
	if c.linked {
		role = "group"
	}
	w, h := num(c.width), num(math.Ceil(c.height))
	return template.HTML(`<svg xmlns="http://www.w3.org/2000/svg" class="jy-chart" viewBox="0 0 ` + w + ` ` + h +
		`" width="` + w + `" height="` + h + `" role="` + role + `" aria-labelledby="` + id + `-t ` + id +
		`-d" font-family="arial, sans-serif"><title id="` + id + `-t">` + escape(a.Title) + `</title><desc id="` + id +
		`-d">` + escape(a.Desc) + `</desc>` + c.body.String() + `</svg>`)
}

func (c *canvas) rect(x, y, w, h float64, p paint) {
	c.body.WriteString(`<rect`)
	c.num("x", x)
	c.num("y", y)
	c.num("width", math.Max(w, 0))
	c.num("height", math.Max(h, 0))
	c.paint(p)
}

// hit is an unseen rectangle that makes the whole of a link's row answer to a finger.
func (c *canvas) hit(x, y, w, h float64) {
	c.body.WriteString(`<rect`)
	c.num("x", x)
	c.num("y", y)
	c.num("width", w)
	c.num("height", h)
	c.body.WriteString(` fill="none" pointer-events="all"/>`)
}

func (c *canvas) line(x1, y1, x2, y2 float64, p paint) {
	c.body.WriteString(`<line`)
	c.num("x1", x1)
	c.num("y1", y1)
	c.num("x2", x2)
	c.num("y2", y2)
	c.paint(p)
}

func (c *canvas) circle(at point, r float64, p paint) {
	c.body.WriteString(`<circle`)
	c.num("cx", at.x)
	c.num("cy", at.y)
	c.num("r", r)
	c.paint(p)
}

// shapes draws closed outlines as one mark. Each runs relative to its first corner, which keeps a map small.
func (c *canvas) shapes(p paint, outlines ...[]point) {
	c.body.WriteString(`<path d="`)
	for _, outline := range outlines {
		from := point{}
		for i, at := range outline {
			at = point{tenth(at.x), tenth(at.y)}
			step := " "
			switch i {
			case 0:
				step = "M"
			case 1:
				step = "l"
			}
			c.body.WriteString(step + num(at.x-from.x) + " " + num(at.y-from.y))
			from = at
		}
		c.body.WriteByte('z')
	}
	c.body.WriteByte('"')
	c.paint(p)
}

// strokes draws straight lines, two points each, as one mark.
func (c *canvas) strokes(p paint, lines ...[2]point) {
	if len(lines) == 0 {
		return
	}
	c.body.WriteString(`<path d="`)
	for _, l := range lines {
		c.body.WriteString("M" + num(l[0].x) + " " + num(l[0].y) + "L" + num(l[1].x) + " " + num(l[1].y))
	}
	c.body.WriteByte('"')
	c.paint(p)
}

// text sets one line with its baseline at y. In a link it is underlined and takes the link's colour, unless the
// lettering asks for a colour of its own.
func (c *canvas) text(x, y float64, s string, l lettering) {
	c.body.WriteString(`<text`)
	c.num("x", x)
	c.num("y", y)
	c.num("font-size", l.size)
	if l.bold {
		c.body.WriteString(` font-weight="bold"`)
	}
	switch l.anchor {
	case middle:
		c.body.WriteString(` text-anchor="middle"`)
	case end:
		c.body.WriteString(` text-anchor="end"`)
	}
	fill := l.ink
	if fill == 0 {
		fill = ink
		if c.inLink {
			fill = linkInk
			c.body.WriteString(` text-decoration="underline"`)
		}
	}
	c.colour("fill", fill)
	c.body.WriteString(`>` + escape(s) + `</text>`)
}

// link puts what inside draws into a link named name. An address that is none, or not safe, gives no link.
func (c *canvas) link(href, name string, inside func()) {
	to := address(href)
	if to == "" || c.inLink {
		inside()
		return
	}
	c.linked, c.inLink = true, true
	before := c.body
	c.body = strings.Builder{}
	inside()
	marks := c.body.String()
	c.body = before
	c.body.WriteString(`<a href="` + escape(to) + `"`)
	if strings.Contains(marks, "<text") { // text that is seen is the name: a label would differ from it
		c.body.WriteString(`><title>` + escape(name) + `</title>`)
	} else {
		c.body.WriteString(` aria-label="` + escape(name) + `">`)
	}
	c.body.WriteString(marks + `</a>`)
	c.inLink = false
}

// tip groups marks and gives them a title, which a pointer shows.
func (c *canvas) tip(title string, inside func()) {
	c.body.WriteString(`<g><title>` + escape(title) + `</title>`)
	inside()
	c.body.WriteString(`</g>`)
}

func (c *canvas) paint(p paint) {
	if p.fill == 0 {
		c.body.WriteString(` fill="none"`)
	} else {
		c.colour("fill", p.fill)
	}
	if p.stroke != 0 {
		c.colour("stroke", p.stroke)
		c.num("stroke-width", p.width)
	}
	switch p.dash {
	case dashed:
		c.body.WriteString(` stroke-dasharray="4 3"`)
	case dotted:
		c.body.WriteString(` stroke-dasharray="3 5"`)
	}
	c.body.WriteString(`/>`)
}

func (c *canvas) num(name string, v float64) { c.body.WriteString(` ` + name + `="` + num(v) + `"`) }

func (c *canvas) colour(name string, v colour) { c.body.WriteString(` ` + name + `="` + v.hex() + `"`) }

// num writes a coordinate to a tenth of a pixel.
func num(v float64) string { return strconv.FormatFloat(tenth(v), 'f', -1, 64) }

func tenth(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return math.Round(min(max(v, -1e6), 1e6)*10) / 10
}

// escape cleans a text and escapes it for an element's content and for a quoted attribute.
func escape(s string) string { return html.EscapeString(clean(s)) }

// identifier keeps of an id what needs no escaping.
func identifier(s string) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return -1
	}, s)
	if id == "" {
		return "chart"
	}
	return id
}

// address lets through what a link may point to: a place on this site, or a page on the web.
func address(href string) string {
	href = strings.TrimSpace(href)
	switch {
	case strings.ContainsFunc(href, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }):
		return ""
	case strings.HasPrefix(href, "https://"), strings.HasPrefix(href, "http://"):
		return href
	case strings.HasPrefix(href, "//"):
		return ""
	case strings.HasPrefix(href, "/"), strings.HasPrefix(href, "#"), strings.HasPrefix(href, "?"):
		return href
	}
	return ""
}
