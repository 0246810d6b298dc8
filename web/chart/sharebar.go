package chart

// ShareBar shows how members make up a joint value: one bar of their shares, with a marker at a threshold. A threshold
// beyond the joint value stands right of the bar, on an outline of what is missing.
type ShareBar struct {
	About
	Shares    []Share
	ShareHead string // what the shares are of, for the table; 'Value' where empty
	// Threshold is in the unit of the shares; 0 means none. ThresholdLabel says it: 'Threshold £207,720'.
	Threshold      float64
	ThresholdLabel string
}

// Share is one member's part.
type Share struct {
	Label    string
	Value    float64
	Text     string // the value as people write it; the plain number where empty
	Percent  string // as it is rounded elsewhere on the page; rounded by itself where empty
	Emphasis bool   // a share to look at
}

// Draw gives the drawings and the table.
func (b ShareBar) Draw() Drawing {
	b.Desc = or(b.Desc, b.describe())
	return draw(b.About, b.wideFrame(), b.table(), b.draw)
}

func (b ShareBar) total() float64 {
	sum := 0.0
	for _, s := range b.Shares {
		sum += amount(s.Value)
	}
	return amount(sum)
}

// percent is a share as it is written.
func (b ShareBar) percent(s Share) string { return or(clean(s.Percent), percent(b.share(s))) }

func (b ShareBar) share(s Share) float64 {
	if b.total() == 0 {
		return 0
	}
	return amount(s.Value) / b.total()
}

func (s Share) text() string { return or(clean(s.Text), number(amount(s.Value))) }

// fill gives neighbours different shades, dark to pale and over again.
func (b ShareBar) fill(i int) colour { return shade(Levels - i%Levels) }

func (b ShareBar) draw(c *canvas) bool {
	if b.total() == 0 {
		return false
	}
	const high = 40
	y := 2.0
	scale := c.width / b.total()
	threshold := amount(b.Threshold)
	if threshold > b.total() {
		scale = c.width * 0.96 / threshold
	}
	mark := threshold * scale
	if threshold > 0 {
		y = b.name(c, mark)
	}
	if whole := b.total() * scale; threshold > b.total() {
		c.rect(whole+0.7, y+0.7, c.width-whole-1.4, high-1.4, paint{stroke: rule, width: 1.4, dash: dashed})
	}
	inside := b.segments(c, y, high, scale)
	if threshold > 0 {
		c.rect(min(max(mark-2.5, 0), c.width-5), y-8, 5, high+14, paint{fill: white})
		c.rect(min(max(mark-1.5, 1), c.width-4), y-8, 3, high+14, paint{fill: warn})
	}
	c.height = y + high + 8
	if inside {
		return true
	}
	var keys []key
	for i, s := range b.Shares {
		keys = append(keys, key{swatch, paint{fill: b.fill(i), stroke: outline, width: 1}, b.words(s)})
	}
	c.height = c.legend(keys, c.height+2)
	return true
}

// name sets the threshold's label above its marker and gives the y where the bar begins.
func (b ShareBar) name(c *canvas, mark float64) float64 {
	l := lettering{size: c.small, bold: true, ink: warn}
	lines := wrap(or(b.ThresholdLabel, "Threshold "+number(b.Threshold)), l, c.width, 2)
	w := widest(lines, l)
	y := 0.0
	for _, s := range lines {
		y += l.size + 4
		c.text(max(min(mark-1, c.width-w), 0), y-3, s, l)
	}
	return y + 12
}

func (b ShareBar) words(s Share) string {
	return or(clean(s.Label), "Not named") + " " + b.percent(s) + ", " + s.text()
}

// segments draws the shares, and says whether every name found room in its own. Where one did not, a phone shows
// percentages alone, and the legend names them all.
func (b ShareBar) segments(c *canvas, y, high, scale float64) bool {
	all := true
	for pass := range 2 { // the first finds out whether all names fit
		x := 0.0
		for i, s := range b.Shares {
			w := amount(s.Value) * scale
			name := lettering{size: c.label, bold: s.Emphasis, ink: inkOn(b.fill(i))}
			from, room := standing(x, w, amount(b.Threshold)*scale)
			text := clean(s.Label) + " " + b.percent(s)
			fits := textWidth(text, name.size, name.bold) <= room
			if pass == 0 {
				all = all && fits
				x += w
				continue
			}
			if !fits || !all && c.narrow {
				text = b.percent(s)
			}
			if w > 0 {
				at := min(x, c.width-1)
				c.tip(b.words(s), func() { c.rect(at, y, max(w-1.5, 1), high, paint{fill: b.fill(i)}) })
			}
			if textWidth(text, name.size, name.bold) <= room {
				c.text(from, y+high/2+name.size*0.36, text, name)
			}
			x += w
		}
	}
	return all
}

// standing gives where a text may stand in a segment, and how wide it may be, so that the marker does not cross it.
func standing(x, w, mark float64) (from, room float64) {
	from, to := x+9, x+w-9
	if mark <= x-4 || mark >= x+w || mark == 0 {
		return from, to - from
	}
	if left, right := mark-8-from, to-max(from, mark+8); left > right {
		return from, left
	}
	from = max(from, mark+8)
	return from, to - from
}

func (b ShareBar) describe() string {
	said := "One bar of " + count(len(b.Shares), "share") + ":"
	for i, s := range b.Shares {
		if i > 0 {
			said += ","
		}
		said += " " + s.Label + " " + b.percent(s)
	}
	said += "."
	if t := amount(b.Threshold); t > 0 {
		over := "below"
		if b.total() >= t {
			over = "at or above"
		}
		said += " The whole is " + over + " the threshold."
	}
	return said
}

func (b ShareBar) table() Table {
	out := Table{Caption: clean(b.Title), Head: []string{"Council", or(b.ShareHead, "Value"), "Share"}}
	for _, s := range b.Shares {
		out.Rows = append(out.Rows, []string{clean(s.Label), s.text(), b.percent(s)})
	}
	return out
}
