package chart

import (
	"math"
	"slices"
	"time"
)

// This file draws rows of periods against time, the common ground of Timeline and Windows: names to the left (above,
// on a phone), bars and marks on the axis, a note to the right, upright lines for dates that matter to all rows.

type plot struct {
	lanes    []lane
	from, to time.Time
	today    time.Time
	lines    []Line
	band     Period
	bandText string
	head     string // above the notes
	keys     []key
}

// lane is one row.
type lane struct {
	label, link string
	bold        bool
	heading     bool // a name for the rows that follow, without a bar
	note        string
	noteNarrow  string
	beside      string // a note that stands next to the bar where there is room
	said        string // all that the row shows, in words
	spans       []stretch
	marks       []moment
	shared      bool // the band runs behind it
	apart       bool // stands below a dashed line
}

// stretch is a piece of a bar.
type stretch struct {
	from, to time.Time
	kind     stretchKind
	paint    paint
}

type stretchKind uint8

const (
	term    stretchKind = iota
	option              // outlined
	unended             // dotted, from a known start to the end of the axis
	unbegun             // dotted, a stub before a known end
	unknown             // dotted, a stub from today
)

type moment struct {
	at    time.Time
	mark  mark
	paint paint
}

// place is a lane's layout.
type place struct {
	top, height, mid float64
	label, note      []string
	noteBelow        bool // the note has a line of its own
}

const (
	barWide   = 15
	barNarrow = 12
	gutter    = 18
)

func (p plot) draw(c *canvas) bool {
	if len(p.lanes) == 0 {
		return false
	}
	y := 0.0
	if len(p.keys) > 1 {
		y = c.legend(p.keys, 0) + 8
	}
	labels, notes := p.columns(c)
	a := timeAxis{from: p.from, to: p.to, x0: labels, x1: c.width - max(notes, 2)}
	if c.narrow {
		a.x0, a.x1 = 2, c.width-2
	}
	titles := p.titles(c, a)
	y += titles.height()
	ticks := a.ticks(c.small)
	axis := y + c.small
	y += c.small + 8
	places, bottom := p.layout(c, y, labels, notes)
	if p.head != "" && notes > 0 {
		c.text(a.x1+gutter, axis, p.heading(c), lettering{size: c.small, bold: true})
	}

	p.drawBand(c, a, places)
	p.drawGuides(c, ticks, places, y, bottom)
	c.axisNames(ticks, axis, a)
	if bottom-y < 500 {
		c.height = bottom + 2
	} else { // too far to look up
		c.axisNames(ticks, bottom+c.small+4, a)
		c.height = bottom + c.small + 10
	}
	for i, l := range p.lanes {
		p.drawLane(c, a, l, places[i])
	}
	p.drawLines(c, titles, places, bottom)
	return true
}

// columns gives the width of the names and of the notes; on a phone both stand above the bars.
func (p plot) columns(c *canvas) (labels, notes float64) {
	if c.narrow {
		return 0, 0
	}
	for _, l := range p.lanes {
		labels = max(labels, widest(wrap(l.label, l.lettering(c), c.width*0.3, 2), l.lettering(c)))
		notes = max(notes, widest(wrap(l.note, lettering{size: c.label}, c.width*0.2, 2), lettering{size: c.label}))
	}
	if notes > 0 {
		notes = max(notes, textWidth(p.heading(c), c.small, true)) + gutter + 2
	}
	return labels + gutter, notes
}

// heading is what stands above the notes.
func (p plot) heading(c *canvas) string {
	return fit(p.head, lettering{size: c.small, bold: true}, c.width*0.2)
}

func (l lane) lettering(c *canvas) lettering {
	if l.heading {
		return lettering{size: c.small, bold: true, ink: muted}
	}
	return lettering{size: c.label, bold: l.bold}
}

// layout places the lanes one below the other from y on.
func (p plot) layout(c *canvas, y, labels, notes float64) ([]place, float64) {
	var out []place
	quiet := lettering{size: c.small, ink: muted}
	for _, l := range p.lanes {
		at := place{top: y}
		if c.narrow {
			note := or(l.noteNarrow, or(l.note, l.beside))
			noteWidth := textWidth(clean(note), quiet.size, false)
			at.label = wrap(l.label, l.lettering(c), c.width, 2)
			room := c.width - widest(at.label, l.lettering(c)) - 14
			at.height = 5 + c.leading()*float64(len(at.label))
			if note != "" && (len(at.label) != 1 || noteWidth > room) {
				at.noteBelow = true
				at.note = wrap(note, quiet, c.width, 2)
				at.height += (quiet.size + 3) * float64(len(at.note))
			} else if note != "" {
				at.note = []string{clean(note)}
			}
			if !l.heading {
				at.mid = y + at.height + 4 + barNarrow/2
				at.height += barNarrow + 13
			}
		} else {
			at.label = wrap(l.label, l.lettering(c), labels-gutter+1, 2)
			if notes > 0 {
				at.note = wrap(l.note, lettering{size: c.label}, notes-gutter, 2)
			}
			at.height = 14 + c.leading()*float64(max(len(at.label), len(at.note), 1))
			at.mid = y + at.height/2
		}
		out = append(out, at)
		y += at.height
	}
	return out, y
}

// drawBand shades the shared period behind each run of lanes that share it.
func (p plot) drawBand(c *canvas, a timeAxis, places []place) {
	if p.band.none() {
		return
	}
	x0, x1 := a.x(p.band.From), a.x(dayAfter(p.band.To))
	for i := 0; i < len(p.lanes); i++ {
		if !p.lanes[i].shared {
			continue
		}
		first := i
		for i+1 < len(p.lanes) && p.lanes[i+1].shared {
			i++
		}
		top := places[first].top
		c.rect(x0, top, x1-x0, places[i].top+places[i].height-top, paint{fill: yellow})
	}
}

// drawGuides draws the quarters and years. On a phone they pass the bars only, not the names above them.
func (p plot) drawGuides(c *canvas, ticks []tick, places []place, top, bottom float64) {
	strong := guide
	if mixed(ticks) {
		strong = rule
	}
	var faint, clear [][2]point
	for _, t := range ticks {
		if t.major {
			clear = append(clear, p.upright(c, t.at, top, bottom, places)...)
		} else {
			faint = append(faint, p.upright(c, t.at, top, bottom, places)...)
		}
	}
	c.strokes(paint{stroke: hair, width: 1}, faint...)
	c.strokes(paint{stroke: strong, width: 1}, clear...)
	for i, l := range p.lanes {
		if l.apart && i > 0 && !p.lanes[i-1].apart {
			c.line(0, places[i].top, c.width, places[i].top, paint{stroke: rule, width: 1.5, dash: dashed})
		}
	}
}

// upright gives the line at x through all lanes; on a phone in pieces, one for each bar.
func (p plot) upright(c *canvas, x, top, bottom float64, places []place) [][2]point {
	if !c.narrow {
		return [][2]point{{{x, top - 4}, {x, bottom}}}
	}
	out := [][2]point{{{x, top - 4}, {x, top + 1}}}
	for i, at := range places {
		if !p.lanes[i].heading {
			out = append(out, [2]point{{x, at.mid - barNarrow/2 - 4}, {x, at.mid + barNarrow/2 + 5}})
		}
	}
	return out
}

// mixed says whether an axis names both financial years and quarters, so that the years must stand out.
func mixed(ticks []tick) bool {
	return slices.ContainsFunc(ticks, func(t tick) bool { return t.label != "" && !t.major })
}

// axisNames names the ticks. Where a name had to move in from the edge and meets its neighbour, it gives way.
func (c *canvas) axisNames(ticks []tick, y float64, a timeAxis) {
	type name struct {
		text  string
		l     lettering
		x, w  float64
		moved bool
	}
	var names []name
	strong, limit := mixed(ticks), min(a.x1+2, c.width-1.5)
	for _, t := range ticks {
		if t.label == "" {
			continue
		}
		n := name{text: t.label, l: lettering{size: c.small, bold: t.major && strong, ink: muted, anchor: middle}}
		n.w = textWidth(n.text, n.l.size, n.l.bold)
		n.x = max(min(t.at, limit-n.w/2), n.w/2)
		n.moved = n.x != t.at
		if last := len(names) - 1; last >= 0 && n.x-n.w/2 < names[last].x+names[last].w/2+6 {
			if n.moved || !names[last].moved {
				continue
			}
			names = names[:last]
		}
		names = append(names, n)
	}
	for _, n := range names {
		c.text(n.x, y, n.text, n.l)
	}
}

func (p plot) drawLane(c *canvas, a timeAxis, l lane, at place) {
	c.link(l.link, l.said, func() {
		if c.inLink {
			c.hit(0, at.top+1, c.width, at.height-2)
		}
		p.drawNames(c, a, l, at)
		if l.heading {
			return
		}
		c.tip(l.said, func() {
			p.drawBars(c, a, l, at.mid)
		})
	})
	if l.beside != "" && !c.narrow {
		p.drawBeside(c, a, l, at)
	}
}

func (p plot) drawNames(c *canvas, a timeAxis, l lane, at place) {
	name := l.lettering(c)
	if c.narrow {
		y := at.top + 5
		for _, s := range at.label {
			y += c.leading()
			c.text(0, y-4, s, name)
		}
		quiet := lettering{size: c.small, ink: muted}
		if !at.noteBelow {
			quiet.anchor = end
			for _, s := range at.note {
				c.text(c.width, y-4, s, quiet)
			}
			return
		}
		for _, s := range at.note {
			y += quiet.size + 3
			c.text(0, y-4, s, quiet)
		}
		return
	}
	c.lines(0, at.mid, at.label, name)
	c.lines(a.x1+gutter, at.mid, at.note, lettering{size: c.label, ink: ink})
}

// lines sets some lines one below the other round the height mid.
func (c *canvas) lines(x, mid float64, lines []string, l lettering) {
	y := mid - c.leading()*float64(len(lines)-1)/2 + l.size*0.35
	for _, s := range lines {
		c.text(x, y, s, l)
		y += c.leading()
	}
}

func (p plot) drawBars(c *canvas, a timeAxis, l lane, mid float64) {
	h := float64(barWide)
	if c.narrow {
		h = barNarrow
	}
	dots := paint{stroke: deep, width: 3, dash: dotted}
	for _, s := range l.spans {
		x0, x1 := p.ends(a, s)
		switch s.kind {
		case term:
			if x1 > x0 {
				c.rect(x0, mid-h/2, max(x1-x0, 1.5), h, s.paint)
			}
		case option:
			if x1-x0 > 1 {
				c.rect(x0+0.7, mid-h/2+0.7, max(x1-x0-1.4, 1), h-1.4, s.paint)
			}
		default:
			c.line(x0, mid, x1, mid, dots)
		}
		if s.kind == unended && a.shows(s.from) {
			c.circle(point{max(x0, 4.5), mid}, 4.5, paint{fill: deep})
		}
	}
	for _, m := range l.marks {
		if a.shows(m.at) {
			r := m.mark.reach(h)
			c.mark(m.mark, point{min(max(a.x(m.at), r), c.width-r), mid}, h, m.paint)
		}
	}
}

// ends gives where a stretch begins and ends on the axis.
func (p plot) ends(a timeAxis, s stretch) (x0, x1 float64) {
	const stub = 26
	switch s.kind {
	case unended:
		return a.x(s.from), a.x1
	case unbegun:
		x1 = a.x(s.to)
		return max(x1-stub, a.x0), x1
	case unknown:
		x0 = a.x(p.today)
		return x0, min(x0+3*stub, a.x1)
	}
	return a.x(s.from), a.x(s.to)
}

// drawBeside sets a note left or right of a lane's marks, whichever has room, else it says nothing: the table does.
func (p plot) drawBeside(c *canvas, a timeAxis, l lane, at place) {
	left, right := math.Inf(1), math.Inf(-1)
	for _, s := range l.spans {
		x0, x1 := p.ends(a, s)
		left, right = min(left, x0), max(right, x1)
	}
	for _, m := range l.marks {
		if a.shows(m.at) {
			left, right = min(left, a.x(m.at)-4), max(right, a.x(m.at)+4)
		}
	}
	note := lettering{size: c.small, ink: muted}
	s := clean(l.beside)
	w := textWidth(s, note.size, false)
	x := left - 8 - w
	if x < a.x0 {
		x = right + 8
	}
	if x+w > a.x1 {
		return
	}
	c.rect(x-3, at.mid-9, min(w+6, c.width-x+3), 18, paint{fill: white}) // keeps the guides off the letters
	c.text(x, at.mid+note.size*0.35, s, note)
}

// titled is the name of an upright line or of the band, and where it stands above the axis.
type titled struct {
	text  string
	x, w  float64
	at    float64
	level int
	paint paint
	ink   colour
}

type titles []titled

const titleHeight = 19

func (t titles) height() float64 {
	top := -1
	for _, one := range t {
		top = max(top, one.level)
	}
	return float64(top+1) * titleHeight
}

// titles places the names of the upright lines and of the band in as many levels as they need, none over another.
func (p plot) titles(c *canvas, a timeAxis) titles {
	var out titles
	add := func(at float64, text, short string, ink colour, look paint) {
		l := lettering{size: c.small, bold: true}
		if c.narrow {
			text = or(short, text)
		}
		text = fit(text, l, c.width)
		w := textWidth(text, l.size, true)
		out = append(out, titled{text: text, at: at, w: w, ink: ink, paint: look,
			x: min(max(at-w/2, 0), c.width-w)})
	}
	if a.shows(p.today) {
		add(a.x(p.today), "Today", "", ink, paint{stroke: ink, width: 2})
	}
	for _, l := range p.lines {
		if !a.shows(l.Date) {
			continue
		}
		look := paint{stroke: change, width: 2}
		name := change
		if l.Quiet {
			look, name = paint{stroke: muted, width: 1.2, dash: dotted}, muted
		}
		add(a.x(l.Date), l.Label, l.Short, name, look)
	}
	if !p.band.none() && p.bandText != "" {
		mid := (a.x(p.band.From) + a.x(dayAfter(p.band.To))) / 2
		add(mid, p.bandText, "", ink, paint{})
	}
	order := make([]int, len(out))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return int(math.Round(out[i].x - out[j].x)) })
	var right []float64 // how far each level is taken
	for _, i := range order {
		level := 0
		for level < len(right) && right[level]+8 > out[i].x {
			level++
		}
		if level == len(right) {
			right = append(right, 0)
		}
		right[level] = out[i].x + out[i].w
		out[i].level = level
	}
	return out
}

// drawLines draws the upright lines over the bars, and the names above them.
func (p plot) drawLines(c *canvas, all titles, places []place, bottom float64) {
	for _, t := range all {
		base := places[0].top - c.small - 8 - float64(t.level)*titleHeight
		if t.paint.stroke != 0 {
			c.strokes(t.paint, p.upright(c, t.at, places[0].top, bottom, places)...)
		}
		c.text(t.x, base-6, t.text, lettering{size: c.small, bold: true, ink: t.ink})
	}
}
