package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"jointly/catalogue"
)

// FoundTable writes the results of a search as a file, row by row. Head comes first, then rows, then Close. No cell is
// one that a spreadsheet would run as a formula.
type FoundTable interface {
	Row(n int, f catalogue.Found, note string) error
	Say(text string) error // a line on its own, such as that the list is cut off
	Close() error
}

// foundColumn is one column of a list of results.
type foundColumn struct {
	name  string
	width float64
	cell  func(catalogue.Found) any // string, float64 or catalogue.Date; nil for a blank one
}

func foundColumns(base string) []foundColumn {
	text := func(name string, width float64, cell func(catalogue.Found) string) foundColumn {
		return foundColumn{name, width, func(f catalogue.Found) any { return said(cell(f)) }}
	}
	return []foundColumn{
		text("Kind", 14, func(f catalogue.Found) string { return f.State }),
		text("Title", 44, func(f catalogue.Found) string { return f.Title }),
		text("Council", 26, func(f catalogue.Found) string { return f.Council }),
		text("Council code", 12, func(f catalogue.Found) string { return f.CouncilCode }),
		text("Region", 18, func(f catalogue.Found) string { return f.Region }),
		text("Supplier", 28, func(f catalogue.Found) string { return f.Supplier }),
		text("Capability", 24, func(f catalogue.Found) string { return f.Capability }),
		{"Start", 12, func(f catalogue.Found) any { return dated(f.Start) }},
		{"End", 12, func(f catalogue.Found) any {
			if f.End.IsZero() {
				return said(f.EndNote)
			}
			return f.End
		}},
		{"Value from, GBP", 16, func(f catalogue.Found) any { return counted(f.ValueFrom) }},
		{"Value to, GBP", 16, func(f catalogue.Found) any { return counted(f.ValueTo) }},
		text("About the value", 20, func(f catalogue.Found) string { return f.ValueNote }),
		text("Source", 30, func(f catalogue.Found) string { return f.Source }),
		text("Reference", 24, func(f catalogue.Found) string { return f.Reference }),
		{"Source date", 12, func(f catalogue.Found) any { return dated(f.SourceDate) }},
		text("Found in", 40, func(f catalogue.Found) string { return f.Why }),
		text("Address", 40, func(f catalogue.Found) string { return base + f.Path }),
		text("Body", 26, func(f catalogue.Found) string { return f.Body }), // last, so that the others stand where they always did
	}
}

// foundRow is a result as cells: its place first where it has one, its note last where the list has notes.
func foundRow(columns []foundColumn, n int, f catalogue.Found, note string, notes bool) []any {
	out := make([]any, 0, len(columns)+2)
	out = append(out, float64(n))
	for _, c := range columns {
		out = append(out, c.cell(f))
	}
	if notes {
		out = append(out, said(note))
	}
	return out
}

func foundHead(columns []foundColumn, notes bool) []string {
	head := []string{"No."}
	for _, c := range columns {
		head = append(head, c.name)
	}
	if notes {
		head = append(head, "Note")
	}
	return head
}

type foundCSV struct {
	out     *csv.Writer
	columns []foundColumn
	notes   bool
}

// FoundCSV begins a list of results as CSV, with a byte order mark. preamble stands before the head, a line each.
func FoundCSV(w io.Writer, base string, notes bool, preamble []string) (FoundTable, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, fmt.Errorf("results: %w", err)
	}
	t := &foundCSV{csv.NewWriter(w), foundColumns(base), notes}
	t.out.UseCRLF = true
	for _, line := range preamble {
		if err := t.Say(line); err != nil {
			return nil, err
		}
	}
	return t, t.out.Write(foundHead(t.columns, notes))
}

// Row writes one result, and sends it on its way.
func (t *foundCSV) Row(n int, f catalogue.Found, note string) error {
	row := foundRow(t.columns, n, f, note, t.notes)
	cells := make([]string, len(row))
	for i, v := range row {
		cells[i] = SafeCell(valueText(v))
	}
	if err := t.out.Write(cells); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	return nil
}

// Say writes a line of one cell.
func (t *foundCSV) Say(text string) error { return t.out.Write([]string{SafeCell(text)}) }

// Close writes what is left.
func (t *foundCSV) Close() error {
	t.out.Flush()
	return t.out.Error()
}

type foundXLSX struct {
	w           io.Writer
	file        *excelize.File
	out         *excelize.StreamWriter
	columns     []foundColumn
	notes       bool
	at          int
	date, money int
}

// FoundXLSX begins a list of results as a workbook: dates and amounts are such, texts are never formulas. preamble stands
// on a sheet of its own.
func FoundXLSX(w io.Writer, base string, notes bool, preamble []string) (t FoundTable, err error) {
	const sheet = "Results"
	f := excelize.NewFile()
	x := &foundXLSX{w: w, file: f, columns: foundColumns(base), notes: notes, at: 1}
	defer func() {
		if err != nil {
			_ = f.Close() // what went wrong is told already
		}
	}()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return nil, fmt.Errorf("results: %w", err)
	}
	var head int
	if head, x.date, x.money, err = estateStyles(f); err != nil {
		return nil, err
	}
	if err := aboutSheet(f, preamble); err != nil {
		return nil, err
	}
	if x.out, err = f.NewStreamWriter(sheet); err != nil {
		return nil, fmt.Errorf("results: %w", err)
	}
	for i, c := range x.columns {
		if err := x.out.SetColWidth(i+2, i+2, c.width); err != nil {
			return nil, fmt.Errorf("results: %w", err)
		}
	}
	if err := x.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, fmt.Errorf("results: %w", err)
	}
	var cells []any
	for _, name := range foundHead(x.columns, notes) {
		cells = append(cells, excelize.Cell{StyleID: head, Value: name})
	}
	return x, x.line(cells)
}

// aboutSheet says on a sheet of its own what the list is.
func aboutSheet(f *excelize.File, lines []string) error {
	const sheet = "About"
	if len(lines) == 0 {
		return nil
	}
	if _, err := f.NewSheet(sheet); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	if err := f.SetColWidth(sheet, "A", "A", 110); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	for i, line := range lines {
		if err := f.SetCellStr(sheet, "A"+strconv.Itoa(i+1), line); err != nil {
			return fmt.Errorf("results: %w", err)
		}
	}
	return nil
}

func (x *foundXLSX) line(cells []any) error {
	if err := x.out.SetRow("A"+strconv.Itoa(x.at), cells); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	x.at++
	return nil
}

// Row writes one result.
func (x *foundXLSX) Row(n int, f catalogue.Found, note string) error {
	row := foundRow(x.columns, n, f, note, x.notes)
	row[0] = n
	for i, v := range row[1:] {
		row[i+1] = workbookCell(v, x.date, x.money)
	}
	return x.line(row)
}

// Say writes a line of one cell.
func (x *foundXLSX) Say(text string) error { return x.line([]any{text}) }

// Close writes the workbook.
func (x *foundXLSX) Close() error {
	err := x.out.Flush()
	if err == nil {
		err = x.file.Write(x.w)
	}
	if closed := x.file.Close(); err == nil {
		err = closed
	}
	return err
}

// ResearchJSON writes the record of a search as a file: its content, as the hash is made of it, with the hash and how to
// check it.
func ResearchJSON(w io.Writer, v *catalogue.ResearchView) error {
	_, content, err := v.Content()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, `{"hash":%q,"audit_event":%d,"how_to_check":%q,"content":%s}`+"\n", v.Hash, v.Event,
		"The hash is the SHA-256 of the bytes of content as they stand here, from its opening to its closing brace.", content)
	return err
}

// ResearchPreamble says in lines what the record of a search is: what its files begin with.
func ResearchPreamble(v *catalogue.ResearchView, base string) []string {
	lines := []string{v.Title, catalogue.ResearchStatement, "Council: " + v.For.Name, "Searched: " + v.Searched.UTC().Format("2006-01-02 15:04 MST"),
		"Ended: " + v.Ended.UTC().Format("2006-01-02 15:04 MST"), "Asked by: account " + v.Account + ", " + string(v.Role),
		"Search: " + base + v.Asked.Address}
	if v.Asked.Words != "" {
		lines = append(lines, "Words: "+v.Asked.Words)
	}
	lines = append(lines, v.Asked.Filters...)
	lines = append(lines, "Order: "+v.Asked.Sort, "Dictionary: "+v.Asked.Dictionary, "Index: "+v.Asked.Index,
		fmt.Sprintf("Results: %d, of which the first %d are kept", v.Total, v.Kept), "Record: "+base+"/research/"+v.ID, "SHA-256 of the record: "+v.Hash)
	if v.Corrects != "" {
		lines = append(lines, "Stands in for: "+base+"/research/"+v.Corrects)
	}
	if v.Note != "" {
		lines = append(lines, "Note: "+strings.ReplaceAll(v.Note, "\n", " "))
	}
	return lines
}
