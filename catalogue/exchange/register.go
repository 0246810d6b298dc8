package exchange

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"jointly/catalogue"
)

// RegisterFile is a contracts register before it is read: which sheet and row the titles stand in, and which column was
// taken for what. A person looks, corrects the mapping, and opens the file again with that; then Read makes records.
type RegisterFile struct {
	Sheet   string    // of a workbook
	Header  int       // the row of titles
	Columns []Column  // in the order of the file; those without a title are left out
	Mapping Mapping   // what Read goes by: recognised and given together
	Errors  []Problem // why it cannot be read as it is: the file, or the mapping. Read says them too
	Notes   []Problem // about columns and sheets; Read says them too

	reader *Reader
	table  table
	at     map[string]int    // field to position
	names  map[string]string // field to title
}

// OpenRegister looks at a contracts register in CSV or XLSX, told apart by what they hold. The mapping (nil for none)
// wins over what is recognised. An error is one of reading, or ErrTooBig; what is wrong with the file itself stands in
// Errors.
func (r *Reader) OpenRegister(in io.Reader, m Mapping) (*RegisterFile, error) {
	b, err := readAll(in)
	if err != nil {
		return nil, err
	}
	return r.openRegister(b, m), nil
}

func readAll(in io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(in, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if len(b) > MaxFile {
		return nil, ErrTooBig
	}
	return b, nil
}

func (r *Reader) openRegister(b []byte, m Mapping) *RegisterFile {
	s := &RegisterFile{Header: 1, Mapping: Mapping{}, reader: r}
	tables, refused := tablesOf(b)
	if refused != nil {
		s.Errors = append(s.Errors, *refused)
		return s
	}
	var best header
	var others []string // sheets that look like registers too
	for i, t := range tables {
		h, p := headerOf(t, m)
		if p != nil && h.row == 0 {
			if i == len(tables)-1 && best.row == 0 {
				s.Errors = append(s.Errors, *p)
				return s
			}
			continue
		}
		if best.row == 0 || h.points > best.points || h.points == best.points && len(h.columns) > len(best.columns) && t.sheet == "" {
			if best.points >= likelyRegister && t.sheet != "" {
				others = append(others, s.table.sheet)
			}
			best, s.table = h, t
		} else if h.points >= likelyRegister && t.sheet != "" {
			others = append(others, t.sheet)
		}
	}
	if best.row == 0 {
		s.Errors = append(s.Errors, *refusal(1, emptyFile))
		return s
	}
	s.recognise(best, m)
	if len(others) > 0 {
		s.Notes = append(s.Notes, Problem{best.row, "", "Read from the sheet '" + s.table.sheet + "'. Not read, though they look like registers too: " + cut(strings.Join(others, ", ")) +
			". Save a sheet on its own to import it"})
	}
	return s
}

// registerKind is the kind of source that a register is.
const registerKind = catalogue.SourceRegister

// likelyRegister is how much must be recognised in a sheet for it to look like a register.
const likelyRegister = 5

func (s *RegisterFile) recognise(h header, m Mapping) {
	var problems []Problem
	s.Sheet, s.Header, s.Columns = s.table.sheet, h.row, h.columns
	s.at, s.names, problems = placed(h.columns, m, h.row)
	s.Errors = append(s.Errors, problems...)
	for field, name := range s.names {
		s.Mapping[field] = name
	}
	for i := range s.Columns {
		c := &s.Columns[i]
		c.Field = ""
		for field, at := range s.at {
			if at == c.at && (c.Field == "" || field < c.Field) {
				c.Field, c.Note = field, ""
			}
		}
		f, _ := registerField(c.Field)
		switch {
		case c.Field == "" && c.Note == "":
			c.Note = "Not used: no field of a register is known by this title"
			fallthrough
		case c.Field == "":
			s.Notes = append(s.Notes, Problem{h.row, c.Name, c.Note})
		case !f.Kept:
			c.Note = "Known, and not kept"
		}
	}
	if len(h.cells) > maxColumns && cellText(h.cells[maxColumns]) != "" {
		s.Errors = append(s.Errors, Problem{h.row, "", tooManyCol})
	}
	s.wanting()
	s.examples()
}

// wanting tells of columns that are not there and are needed, or missed.
func (s *RegisterFile) wanting() {
	for _, f := range registerFields {
		_, ok := s.at[f.Name]
		switch {
		case ok:
		case f.Needed:
			s.Errors = append(s.Errors, Problem{s.Header, f.Name, "No column is known to be the " + inWords(f.Name) + ", which every row needs. Give one the title '" + f.Name +
				"', or say in a mapping which it is: {\"" + f.Name + "\": \"title in your file\"}"})
		case f.Name == fieldEnd:
			s.Notes = append(s.Notes, Problem{s.Header, f.Name, "No column is known to be the end date: the contracts are kept without one. If there is one, say in a mapping which it is"})
		}
	}
	if s.reader.Council == "" && !s.has(fieldOrganisation) && !s.has(fieldCode) {
		s.Errors = append(s.Errors, Problem{s.Header, fieldOrganisation, "Nothing says whose register this is: name the council by its GSS code (--council E08000025), or add a column with the name of the organisation"})
	}
}

func (s *RegisterFile) has(field string) bool { _, ok := s.at[field]; return ok }

// examples gives each column its first few values.
func (s *RegisterFile) examples() {
	rows := 0
	_ = s.table.walk(func(row int, cells []string) bool { // what is wrong further down, Read says
		if row <= s.Header {
			return true
		}
		for i := range s.Columns {
			if c := &s.Columns[i]; c.at < len(cells) {
				c.example(cellText(cells[c.at]))
			}
		}
		rows++
		return rows < maxHead
	})
}

// Read makes contracts of the rows. Progress (nil for none) is told now and then how many rows were read. Nothing is
// stored: the catalogue's Import does that, and its dry run says what it would do.
func (s *RegisterFile) Read(progress func(rows int)) *File {
	f := &File{Errors: slices.Clone(s.Errors), Warnings: slices.Clone(s.Notes), titles: s.catalogueColumns()}
	if len(f.Errors) > 0 {
		return f
	}
	reading := &registerReading{RegisterFile: s, file: f, refs: map[string]int{}, said: map[string]bool{}, councils: map[string]string{},
		held: s.reader.heldContracts()}
	rows := 0
	refused := s.table.walk(func(row int, cells []string) bool {
		if row <= s.Header || !slices.ContainsFunc(cells, func(c string) bool { return cellText(c) != "" }) {
			return true
		}
		if rows++; rows > maxRows {
			f.fail(row, "", tooManyRow)
			return false
		}
		reading.row(row, cells)
		if progress != nil && rows%500 == 0 {
			progress(rows)
		}
		return true
	})
	if refused != nil {
		f.Errors = append(f.Errors, *refused)
	}
	if rows == 0 && refused == nil {
		f.fail(s.Header, "", "There are titles, and no rows below them: add a row for each contract")
	}
	if progress != nil {
		progress(rows)
	}
	s.reader.compare(f)
	return f
}

// registerReading is a register being read.
type registerReading struct {
	*RegisterFile
	file     *File
	refs     map[string]int    // row by council and reference
	said     map[string]bool   // warnings that are given once
	councils map[string]string // code by what cells say of the organisation; empty: no council
	held     *held
}

// once warns at the first row that a warning is about.
func (g *registerReading) once(key string, row int, column, message string) {
	if !g.said[key] {
		g.said[key] = true
		g.file.warn(row, column, message)
	}
}

// row reads one row into a contract, or passes it over where it is none.
func (g *registerReading) row(row int, cells []string) {
	if g.passedOver(row, cells) {
		return
	}
	r := &registerRow{registerReading: g, n: row, cells: cells}
	if len(cells) > maxColumns && slices.ContainsFunc(cells[maxColumns:], func(c string) bool { return cellText(c) != "" }) {
		g.file.fail(row, "", tooManyCol)
		return
	}
	c := r.contract()
	g.keep(row, c)
	if first, ok := g.refs[c.Council+"\x00"+c.Ref]; ok && c.Ref != "" {
		r.fail(fieldRef, fmt.Sprintf("The same reference as row %d: each contract needs its own", first))
	} else if c.Ref != "" {
		g.refs[c.Council+"\x00"+c.Ref] = row
	}
	if r.failed {
		return
	}
	g.file.add(row, c)
}

// catalogueColumns are the titles of the file by what the catalogue calls their fields.
func (s *RegisterFile) catalogueColumns() map[string]string {
	titles := map[string]string{}
	for name, field := range map[string]string{"ref": fieldRef, "council": fieldOrganisation, "title": fieldTitle, "description": fieldDescription, "supplier": fieldSupplier,
		"product": fieldProduct, "cpv": fieldCPV, "value_gbp": fieldValue, "start_date": fieldStart, "end_date": fieldEnd, "end_note": fieldEnd,
		"extension": fieldExtension, "extension_months": s.eitherOf(fieldExtended, fieldExtension), "notice_months": fieldNotice, "break_date": fieldBreak, "capability": fieldCapability,
		"audience": fieldAudience, "route": fieldRoute, "source_reference": fieldOCID, "source_date": fieldEffective} {
		titles[name] = s.column(field)
	}
	return titles
}

func (s *RegisterFile) eitherOf(field, other string) string {
	if s.has(field) {
		return field
	}
	return other
}

// column is what the file calls a field; the field's own name where the file has no such column.
func (s *RegisterFile) column(field string) string {
	if name, ok := s.names[field]; ok {
		return name
	}
	return field
}

// passedOver says that a row is none of a contract: titles once more, a sum, a note.
func (g *registerReading) passedOver(row int, cells []string) bool {
	var filled, titles int
	var only string
	onlyAt, total := -1, false
	for i, cell := range cells {
		text := cellText(cell)
		if text == "" {
			continue
		}
		filled++
		only, onlyAt = text, i
		if len(text) > maxTitleCell {
			continue
		}
		total = total || isTotal(text)
		if titles == filled-1 && g.isTitle(i, text) { // most rows are done with at their first cell
			titles++
		}
	}
	switch {
	case titles >= 2 && titles*2 >= filled:
		return true
	case total && filled <= max(3, len(g.at)/2) && (g.blank(cells, fieldRef) || g.blank(cells, fieldTitle)):
		g.file.warn(row, "", "Passed over: this row is a total, not a contract")
		return true
	case filled == 1 && len(g.at) >= 4 && (strings.Contains(only, " ") || g.has(fieldValue) && onlyAt == g.at[fieldValue]):
		g.file.warn(row, "", "Passed over: this row has one cell alone, "+short(only)+", and is not a contract")
		return true
	}
	return false
}

// maxTitleCell is the length of the longest cell that may be a title or the word for a sum, in bytes.
const maxTitleCell = 120

func isTotal(s string) bool {
	if len(s) > 20 {
		return false
	}
	switch plainTitle(s) {
	case "total", "totals", "grand total", "sub total", "subtotal", "total value", "overall total", "sum":
		return true
	}
	return false
}

// isTitle says that a cell repeats the title of its column, or another for the same field.
func (g *registerReading) isTitle(i int, text string) bool {
	if foldName(text) == foldName(g.titleAt(i)) {
		return true
	}
	field, _ := fieldOf(text)
	at, ok := g.at[field]
	return ok && at == i
}

func (g *registerReading) titleAt(i int) string {
	for _, c := range g.Columns {
		if c.at == i {
			return c.Name
		}
	}
	return "\x00"
}

func (g *registerReading) blank(cells []string, field string) bool {
	at, ok := g.at[field]
	if !ok || at >= len(cells) {
		return true
	}
	text := plainTitle(cellText(cells[at]))
	return text == "" || strings.HasPrefix(text, "total") || strings.HasSuffix(text, "total")
}

// ContractsFile reads contracts from JSON lines, CSV or XLSX, whichever the file holds.
func (r *Reader) ContractsFile(in io.Reader, m Mapping, progress func(rows int)) (*File, error) {
	b, err := readAll(in)
	if err != nil {
		return nil, err
	}
	if looksJSON(b) {
		f, err := r.Contracts(strings.NewReader(string(b)))
		if err == nil {
			r.compare(f)
		}
		return f, err
	}
	return r.openRegister(b, m).Read(progress), nil
}

// LooksLikeNotices says, from how a file begins, that it holds notices rather than a register.
func LooksLikeNotices(head []byte) bool { return looksJSON(head) }

// looksJSON says that a file begins as JSON does.
func looksJSON(b []byte) bool {
	head := strings.TrimLeft(strings.TrimPrefix(string(b[:min(len(b), 1000)]), "\ufeff"), " \t\r\n")
	return strings.HasPrefix(head, "{") && !strings.HasPrefix(head, `{\rtf`) || strings.HasPrefix(head, "[")
}
