package view

import "strconv"

// Head is one column's heading.
type Head struct {
	Text    string
	Numeric bool   // figures: to the right
	Hidden  bool   // read out, not shown: a column of links
	Classes string // such as jy-col-25
	Colspan int
	Rowspan int
}

// Cell is one cell of a table.
type Cell struct {
	Text    string
	Href    string // where the text leads
	Note    string // a grey line under the text
	Muted   bool   // the text is 'not stated' or the like
	Strong  bool
	Tag     *Tag // after the text
	Ladder  *Ladder
	Sort    string // what to sort by where it is not the text: 2027-04-30, 569177
	Numeric bool   // figures: to the right
	Classes string
	Colspan int
	Rowspan int
}

// Table is rows of facts; template govukTable. On a phone each row of a Responsive table becomes a block with the
// column headings as labels, and stays a table for a screen reader.
type Table struct {
	Caption           string
	CaptionClasses    string // govuk-visually-hidden, where a heading says it already
	Head              []Head
	Rows              [][]Cell
	FirstCellIsHeader bool
	Responsive        bool
	Sortable          bool // with JavaScript, column headings become buttons
	Long              bool // on a phone ten rows are shown until somebody asks for all; on paper all are
	Classes           string
}

// phoneRows is how many rows of a Long table a phone shows at first; the style sheet counts them too.
const phoneRows = 10

// ShowAll is what unfolds a Long table on a phone; nil where that would show next to nothing.
func (t Table) ShowAll() *Details {
	if !t.Long || len(t.Rows) < phoneRows+3 {
		return nil
	}
	return &Details{Summary: "Show all " + Number(len(t.Rows)) + " rows", Text: "All rows are shown above.", Classes: "jy-rows__all"}
}

// Body is the rows made ready to draw.
func (t Table) Body() [][]TableCell {
	rows := make([][]TableCell, len(t.Rows))
	for i, r := range t.Rows {
		rows[i] = make([]TableCell, len(r))
		for j, c := range r {
			cell := TableCell{Cell: c, Header: j == 0 && t.FirstCellIsHeader, Role: t.Responsive}
			if t.Sortable && c.Sort == "" {
				cell.Sort = c.Text // the script would compare the markup
			}
			if t.Responsive && j > 0 && j < len(t.Head) && !t.Head[j].Hidden {
				cell.Label = t.Head[j].Text
			}
			rows[i][j] = cell
		}
	}
	return rows
}

// TableCell is a Cell made ready to draw.
type TableCell struct {
	Cell
	Header bool
	Role   bool   // say what it is: styles that make a block of a cell take its meaning away
	Label  string // the column's heading, shown on a phone
}

// numbered is prefix-n.
func numbered(prefix string, n int) string { return prefix + "-" + strconv.Itoa(n) }
