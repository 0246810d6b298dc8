package exchange

import "strings"

// What is told and shown again of a file of returns that could not be read.

// untitled keeps the rows of a file whose titles are missing, so that they can be added.
func (g *returnsReading) untitled(tables []table) {
	if g.out.sent = g.text; g.text != "" || g.asked == nil { // only what answers a call is shown again
		return
	}
	for _, t := range tables {
		_ = t.walk(func(_ int, cells []string) bool { // what cannot be read further down is told once there are titles
			g.out.Lines = append(g.out.Lines, shownCells(cells))
			return len(g.out.Lines) < maxUntitled
		})
		if len(g.out.Lines) > 0 {
			return
		}
	}
}

// maxUntitled is how many rows of a workbook without titles are shown again: a call has 120 at most.
const maxUntitled = 1_000

// shownText is a text of several lines as it can stand on a page.
func shownText(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return seen(r)
	}, strings.ToValidUTF8(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "�"))
}

// shownCells are the cells of a row as they can stand on a page.
func shownCells(cells []string) []string {
	texts := make([]string, len(cells))
	for i, cell := range cells {
		texts[i] = cleaned(cellText(strings.Map(seen, strings.ToValidUTF8(cell, "�"))), false)
	}
	return texts
}

// FirstRow is the row of the file that first speaks of a service.
func (x *ReturnRows) FirstRow(lgsl int) int {
	for _, row := range x.Rows {
		if row.LGSL == lgsl {
			return row.Row
		}
	}
	return 1
}
