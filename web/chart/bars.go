package chart

// Bars compares amounts: one horizontal bar a row, from 0, with its value beside it.
type Bars struct {
	About
	Rows      []Bar
	RowHead   string  // what the rows are, for the table: 'Supplier'
	ValueHead string  // what the values are: '£ a year, ex VAT'
	Max       float64 // the full length, such as 100 for percentages; 0 means the largest value
}

// Bar is one row.
type Bar struct {
	Label, Link string
	Value       float64
	Text        string  // the value as people write it, '£310,000'; the plain number where empty
	Share       float64 // of a total, 0 to 1; drawn beside the value where above 0
	Emphasis    bool    // the row that the reader looks for; the others step back
}

// Draw gives the drawings and the table.
func (b Bars) Draw() Drawing {
	b.Desc = or(b.Desc, b.describe())
	return draw(b.About, b.wideFrame(), b.table(), func(c *canvas) bool {
		if len(b.Rows) == 0 {
			return false
		}
		c.height = c.barRows(b.rows(), amount(b.Max), 0)
		return true
	})
}

func (b Bars) rows() []barRow {
	picked := false
	for _, r := range b.Rows {
		picked = picked || r.Emphasis
	}
	var out []barRow
	for _, r := range b.Rows {
		fill := deep
		if picked && !r.Emphasis {
			fill = mid
		}
		out = append(out, barRow{label: r.Label, link: r.Link, value: r.written(), bold: r.Emphasis,
			parts: []part{{amount(r.Value), fill}}})
	}
	return out
}

func (r Bar) text() string { return or(clean(r.Text), number(amount(r.Value))) }

// written is the value with its share.
func (r Bar) written() string {
	if amount(r.Share) > 0 {
		return r.text() + ", " + percent(r.Share)
	}
	return r.text()
}

func (b Bars) describe() string {
	if len(b.Rows) == 0 {
		return ""
	}
	most := b.Rows[0]
	for _, r := range b.Rows {
		if amount(r.Value) > amount(most.Value) {
			most = r
		}
	}
	return "Bars from 0, " + count(len(b.Rows), "row") + ". The longest is " + most.Label + ", " + most.written() + "."
}

func (b Bars) table() Table {
	shares := false
	for _, r := range b.Rows {
		shares = shares || amount(r.Share) > 0
	}
	out := Table{Caption: clean(b.Title), Head: []string{or(b.RowHead, "Name"), or(b.ValueHead, "Value")}}
	if shares {
		out.Head = append(out.Head, "Share")
	}
	for _, r := range b.Rows {
		row := []string{clean(r.Label), r.text()}
		if shares {
			row = append(row, percent(amount(r.Share)))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// barRow is a row of one or more bars end to end, with a name before (above, on a phone) and a value after.
type barRow struct {
	label, link, value string
	bold               bool
	parts              []part
}

type part struct {
	size float64
	fill colour
}

func (r barRow) total() float64 {
	sum := 0.0
	for _, p := range r.parts {
		sum += p.size
	}
	return sum
}

// barRows draws the rows from y down, with full (or the largest row, if that is longer) as the whole length, and gives
// the y below them.
func (c *canvas) barRows(rows []barRow, full, y float64) float64 {
	labels, room := 0.0, 0.0
	for _, r := range rows {
		name := lettering{size: c.label, bold: r.bold}
		full = max(full, r.total())
		labels = max(labels, widest(wrap(r.label, name, c.width*0.3, 2), name))
		room = max(room, min(textWidth(clean(r.value), c.small, r.bold), c.width*0.4))
	}
	left, thick := labels+gutter, float64(barWide)
	if c.narrow {
		left, labels, thick = 0, c.width-1, barNarrow
	}
	length := c.width - left - room - 9
	for _, r := range rows {
		name := lettering{size: c.label, bold: r.bold}
		lines := wrap(r.label, name, labels+1, 2)
		text := float64(len(lines)) * c.leading()
		height, middle := max(text+10, 30), text/2
		bar := y + height/2
		if c.narrow {
			height = text + thick + 14
			bar = y + text + 4 + thick/2
		} else {
			middle = height / 2
		}
		c.link(r.link, r.label+": "+r.value, func() {
			if c.inLink {
				c.hit(0, y, c.width, height)
			}
			c.lines(0, y+middle, lines, name)
			x := left
			for i, p := range r.parts {
				long := 0.0
				if full > 0 {
					long = length * (p.size / full)
				}
				if p.size > 0 {
					long = max(long, 1.5) // what is there can be seen
				}
				if i > 0 && x > left {
					x++ // a white seam
				}
				c.rect(x, bar-thick/2, min(long, left+length-x+2), thick, paint{fill: p.fill})
				x += long
			}
			value := lettering{size: c.small, bold: r.bold, ink: ink}
			s := fit(r.value, value, room+0.1)
			c.text(min(x+7, c.width-textWidth(s, value.size, r.bold)), bar+c.small*0.36, s, value)
		})
		y += height
	}
	return y
}
