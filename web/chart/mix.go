package chart

// Mix shows how a whole is made up, row by row: bars of the same length, each of up to four parts.
type Mix struct {
	About
	Rows    []MixRow
	Series  []string // what the parts are, at most four
	RowHead string   // what the rows are, for the table
}

// MixRow is one row. What its parts leave of 1 stays white.
type MixRow struct {
	Label, Link string
	Shares      []float64 // 0 to 1, one for each series
	Emphasis    bool      // the row that the reader looks for
}

// Draw gives the drawings and the table. The share of the first part is written after the bar.
func (m Mix) Draw() Drawing {
	m.Desc = or(m.Desc, m.describe())
	return draw(m.About, m.wideFrame(), m.table(), func(c *canvas) bool {
		if len(m.Rows) == 0 {
			return false
		}
		var keys []key
		for i, name := range m.series() {
			keys = append(keys, key{swatch, paint{fill: mixFill(i)}, name})
		}
		y := c.legend(keys, 0) + 8
		var rows []barRow
		for _, r := range m.Rows {
			row := barRow{label: r.Label, link: r.Link, value: percent(m.share(r, 0)), bold: r.Emphasis}
			for i := range m.series() {
				if v := m.share(r, i); v > 0 {
					row.parts = append(row.parts, part{v, mixFill(i)})
				}
			}
			rows = append(rows, row)
		}
		c.height = c.barRows(rows, 1, y)
		return true
	})
}

func (m Mix) series() []string { return m.Series[:min(len(m.Series), 4)] }

func (m Mix) share(r MixRow, i int) float64 {
	if i >= len(r.Shares) {
		return 0
	}
	return min(amount(r.Shares[i]), 1)
}

// mixFill tells four neighbours apart by lightness, so that they print in grey.
func mixFill(i int) colour {
	switch i {
	case 0:
		return deep
	case 1:
		return mid
	case 2:
		return soft
	}
	return muted
}

func (m Mix) describe() string {
	if len(m.Rows) == 0 || len(m.Series) == 0 {
		return ""
	}
	said := "Bars of " + count(len(m.series()), "part") + ", " + count(len(m.Rows), "row") + ". " + m.Series[0] + ":"
	for i, r := range m.Rows {
		if i > 0 {
			said += ","
		}
		said += " " + r.Label + " " + percent(m.share(r, 0))
	}
	return said + "."
}

func (m Mix) table() Table {
	out := Table{Caption: clean(m.Title), Head: append([]string{or(m.RowHead, "Name")}, m.series()...)}
	for _, r := range m.Rows {
		row := []string{clean(r.Label)}
		for i := range m.series() {
			row = append(row, percent(m.share(r, i)))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
