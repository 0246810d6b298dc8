package web

import (
	"jointly/web/chart"
	"jointly/web/view"
)

// figure is a chart on a page: its two drawings, a note under them, and its figures as a table that unfolds. Template
// figure.
type figure struct {
	Drawing chart.Drawing
	Note    string
	Details *view.Details // around Table; nil where the page shows the figures elsewhere
	Table   view.Table
}

// newFigure is a drawing with its own table behind 'Show as a table'.
func newFigure(d chart.Drawing, note string) figure {
	return figure{Drawing: d, Note: note, Details: &view.Details{Summary: "Show as a table"}, Table: chartTable(d.Table)}
}

// Empty says that there is nothing to draw.
func (f figure) Empty() bool { return f.Drawing.Wide == "" }

// chartTable is a chart's figures as a table of the page.
func chartTable(t chart.Table) view.Table {
	out := view.Table{Caption: t.Caption, CaptionClasses: "govuk-visually-hidden", Responsive: true, FirstCellIsHeader: true}
	for _, h := range t.Head {
		out.Head = append(out.Head, view.Head{Text: h})
	}
	for _, r := range t.Rows {
		row := make([]view.Cell, len(r))
		for i, text := range r {
			row[i] = view.Cell{Text: text, Muted: text == view.NotStated}
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
