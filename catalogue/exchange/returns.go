package exchange

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"jointly/catalogue"
)

// Returns of councils as files: a row for each council, service, period and channel.

// The columns of a file of returns, in order. Audience is ours: who may see the figures under the council's name.
const (
	colCouncil  = "council"
	colLGSL     = "lgsl"
	colStart    = "period_start"
	colEnd      = "period_end"
	colChannel  = "channel"
	colVolume   = "volume"
	colCost     = "cost_gbp"
	colMethod   = "method"
	colAudience = "audience"
	colService  = "service" // what people call the service: written for them, and not read
)

// ReturnColumns lists the columns that are read, in order.
func ReturnColumns() []string {
	return []string{colCouncil, colLGSL, colStart, colEnd, colChannel, colVolume, colCost, colMethod, colAudience}
}

// maxReturnRows is how many rows are read: 400 councils, 30 services and 4 channels are 48,000.
const maxReturnRows = 200_000

// ReturnRow is one row of a file of returns.
type ReturnRow struct {
	Row      int // of the file
	Council  string
	LGSL     int
	Start    catalogue.Date
	End      catalogue.Date
	Line     catalogue.ReturnLine
	Audience catalogue.Audience // empty: not said
}

// ReturnRows is a file of returns as it was read.
type ReturnRows struct {
	Rows     []ReturnRow
	Blank    int // rows without figures, as a template has them
	Errors   []Problem
	Warnings []Problem
	Lines    [][]string // the cells of all rows, titles first, as texts: what Text writes
	sent     string     // the file itself, where its rows could not be told apart: then Text writes it
}

// Asked is what a file must be about where it answers a call: blank cells take it, others must say it.
type Asked struct {
	Council  string
	Services []int
	Start    catalogue.Date
	End      catalogue.Date
}

// returnCell is what a row of a file is about.
type returnCell struct {
	council string
	lgsl    int
	start   catalogue.Date
	channel catalogue.Channel
}

// returnsReading is a file of returns being read.
type returnsReading struct {
	*Reader
	asked *Asked
	out   *ReturnRows
	first map[returnCell]int            // the row that it is in
	ends  map[returnCell]catalogue.Date // last day, of cells of no channel
	since bool                          // days count from 1904
	text  string                        // the whole file, where it is text that is shown again
}

// ReadReturns reads returns from CSV, XLSX or JSON lines, whichever the file holds. Asked is nil where a file may be of any
// council and service.
func (r *Reader) ReadReturns(in io.Reader, asked *Asked) (*ReturnRows, error) {
	b, err := readAll(in)
	if err != nil {
		return nil, err
	}
	g := &returnsReading{Reader: r, asked: asked, out: &ReturnRows{}, first: map[returnCell]int{}, ends: map[returnCell]catalogue.Date{}}
	if looksJSON(b) {
		g.out.sent = shownText(string(b))
		return g.out, g.jsonLines(b)
	}
	g.tables(b)
	return g.out, nil
}

func (g *returnsReading) fail(row int, column, message string) {
	g.out.Errors = append(g.out.Errors, Problem{row, column, message})
}

func (g *returnsReading) warn(row int, column, message string) {
	g.out.Warnings = append(g.out.Warnings, Problem{row, column, message})
}

// jsonLines reads what an export writes.
func (g *returnsReading) jsonLines(b []byte) error {
	f := &File{}
	err := f.eachLine(bytes.NewReader(b), func(l *line) {
		g.row(l.row, func(column string) string {
			v := string(l.raw(column))
			if s := strings.Trim(v, `"`); s != v {
				return l.text(column)
			}
			return v
		})
		for _, column := range append(ReturnColumns(), colService) {
			l.raw(column) // known, though a row without figures is not read
		}
	})
	g.out.Errors, g.out.Warnings = append(g.out.Errors, f.Errors...), append(g.out.Warnings, f.Warnings...)
	return err
}

// tables reads the table in which the titles stand.
func (g *returnsReading) tables(b []byte) {
	tables, refused := tablesOf(b)
	if refused != nil {
		g.fail(refused.Row, refused.Column, refused.Message)
		return
	}
	if text, p := decoded(b); p == nil && g.asked != nil && !bytes.HasPrefix(b, []byte("PK")) {
		g.text = shownText(text)
	}
	for _, t := range tables {
		if header, at := returnTitles(t); header > 0 {
			g.table(t, header, at)
			return
		}
	}
	g.untitled(tables)
	g.fail(1, "", "No row of titles was found: make the first line "+strings.Join(ReturnColumns()[:8], ","))
}

// returnTitles is the row of titles of a table and where each column stands; 0 where there is none among the first rows.
func returnTitles(t table) (header int, at map[string]int) {
	rows := 0
	_ = t.walk(func(row int, cells []string) bool { // what is wrong further down is told when it is read
		found := map[string]int{}
		for i, cell := range cells {
			if name := returnColumn(cell); name != "" {
				if _, twice := found[name]; !twice {
					found[name] = i
				}
			}
		}
		_, channel := found[colChannel]
		_, volume := found[colVolume]
		if channel && volume {
			header, at = row, found
			return false
		}
		rows++
		return rows < maxHead
	})
	return header, at
}

// returnColumn is the column that a title names; empty for none.
func returnColumn(title string) string {
	name := strings.ReplaceAll(plainTitle(dropBrackets(cellText(title))), " ", "_")
	switch name {
	case "gss", "gss_code", "council_code", "council_gss":
		return colCouncil
	case "service_number", "lgsl_number", "lgsl_id":
		return colLGSL
	case "from", "start", "start_date":
		return colStart
	case "to", "end", "end_date":
		return colEnd
	case "cost", "costs", "cost_in_gbp", "cost_in_pounds":
		return colCost
	case "volumes", "contacts":
		return colVolume
	}
	if slices.Contains(append(ReturnColumns(), colService), name) {
		return name
	}
	return ""
}

func (g *returnsReading) table(t table, header int, at map[string]int) {
	g.since = t.since1904
	rows := 0
	refused := t.walk(func(row int, cells []string) bool {
		if row < header {
			return true
		}
		texts := shownCells(cells)
		blank := !slices.ContainsFunc(texts, func(text string) bool { return text != "" })
		if g.asked != nil { // only such files are shown again
			g.out.Lines = append(g.out.Lines, texts)
		}
		if row == header {
			g.unknownTitles(row, texts)
			return true
		}
		if blank {
			return true
		}
		if rows++; rows > maxReturnRows {
			g.fail(row, "", "This is more than 200,000 rows: split the file and import the parts")
			return false
		}
		g.row(row, func(column string) string {
			if i, ok := at[column]; ok && i < len(texts) {
				return texts[i]
			}
			return ""
		})
		return true
	})
	if refused != nil {
		g.out.Errors, g.out.sent = append(g.out.Errors, *refused), g.text
	}
	if rows == 0 && refused == nil {
		g.fail(header, "", "There are titles, and no rows below them: add a row for each service and channel")
	}
}

func (g *returnsReading) unknownTitles(row int, titles []string) {
	for _, title := range titles {
		if title != "" && returnColumn(title) == "" {
			g.warn(row, title, "Not used: no column of a return is known by this title")
		}
	}
}

// row reads one row; all that is wrong with it is told.
func (g *returnsReading) row(n int, get func(string) string) {
	before := len(g.out.Errors)
	if get(colVolume) == "" && get(colCost) == "" {
		g.out.Blank++
		if g.asked == nil {
			g.warn(n, colVolume, "Passed over: there is no figure in this row")
		}
		return
	}
	r := ReturnRow{Row: n, Council: g.council(n, get(colCouncil)), LGSL: g.service(n, get(colLGSL))}
	r.Start, r.End = g.day(n, colStart, get(colStart)), g.day(n, colEnd, get(colEnd))
	r.Line = catalogue.ReturnLine{Channel: g.channel(n, get(colChannel)), Volume: g.volume(n, get(colVolume)), Cost: g.cost(n, get(colCost)),
		Method: g.method(n, get(colMethod))}
	r.Audience = g.audience(n, get(colAudience))
	g.period(r)
	if len(g.out.Errors) > before {
		return
	}
	key := returnCell{r.Council, r.LGSL, r.Start, r.Line.Channel}
	if first, twice := g.first[key]; twice {
		g.fail(n, colChannel, fmt.Sprintf("The same council, service, period and channel as row %d: each needs one row", first))
		return
	}
	g.first[key] = n
	g.out.Rows = append(g.out.Rows, r)
}

func (g *returnsReading) council(n int, said string) string {
	found := ""
	if said != "" {
		found = g.councilIn(said, said)
	}
	switch {
	case g.asked != nil && (said == "" || found == g.asked.Council):
		return g.asked.Council
	case g.asked != nil:
		g.fail(n, colCouncil, "This row is of "+short(said)+", not of your council: take it out, or correct the code to "+g.asked.Council)
	case g.Council != "" && !g.inherited(found):
		if said != "" && found != g.Council {
			g.warn(n, colCouncil, "The file says "+short(said)+": taken as "+g.councilName(g.Council)+", which you named")
		}
		return g.Council
	case said == "":
		g.fail(n, colCouncil, "Enter the council: its nine-character GSS code, like E08000025")
	case found == "":
		g.fail(n, colCouncil, "Unknown council "+short(said)+": use the nine-character GSS code, like E08000025")
	}
	return found
}

func (g *returnsReading) service(n int, said string) int {
	lgsl, err := strconv.Atoi(strings.TrimSuffix(said, ".0"))
	if _, ok := g.Register.Service(lgsl); err != nil || !ok {
		g.fail(n, colLGSL, "Unknown service "+short(said)+": use its number on the Local Government Service List, like 1000")
		return 0
	}
	if g.asked != nil && !slices.Contains(g.asked.Services, lgsl) {
		g.fail(n, colLGSL, "The call does not ask about service "+strconv.Itoa(lgsl)+": take this row out")
	}
	return lgsl
}

// day reads the first or last day of the period.
func (g *returnsReading) day(n int, column, said string) catalogue.Date {
	if said == "" && g.asked != nil {
		if column == colStart {
			return g.asked.Start
		}
		return g.asked.End
	}
	d, err := readDate(said, g.since)
	if err != nil || !d.Exact() {
		g.fail(n, column, "This is not a day: write it as 2026-03-31 or 31/03/2026")
		return catalogue.Date{}
	}
	return d
}

// period refuses a period that cannot be, differs between the rows of a return, or is not the one that is asked about.
func (g *returnsReading) period(r ReturnRow) {
	if r.Start.IsZero() || r.End.IsZero() {
		return
	}
	if r.End.First().Before(r.Start.First()) {
		g.fail(r.Row, colEnd, "The period ends before it starts")
		return
	}
	if g.asked != nil && r.Start != g.asked.Start {
		g.fail(r.Row, colStart, "The call asks about "+g.asked.Start.Words()+" to "+g.asked.End.Words()+": figures of another period cannot be compared")
	} else if g.asked != nil && r.End != g.asked.End {
		g.fail(r.Row, colEnd, "The call asks about "+g.asked.Start.Words()+" to "+g.asked.End.Words()+": figures of another period cannot be compared")
	}
	key := returnCell{council: r.Council, lgsl: r.LGSL, start: r.Start}
	if end, ok := g.ends[key]; ok && end != r.End {
		g.fail(r.Row, colEnd, "Another row of this council and service says that the period ends on "+end.Words())
	} else if !ok {
		g.ends[key] = r.End
	}
}

func (g *returnsReading) channel(n int, said string) catalogue.Channel {
	switch strings.ReplaceAll(plainTitle(said), " ", "_") {
	case "online", "digital", "web", "internet":
		return catalogue.ChannelOnline
	case "phone", "telephone":
		return catalogue.ChannelPhone
	case "face_to_face", "in_person", "f2f":
		return catalogue.ChannelFaceToFace
	case "post", "mail":
		return catalogue.ChannelPost
	}
	g.fail(n, colChannel, "Write online, phone, face_to_face or post, not "+short(said))
	return ""
}

const mostContacts = 1_000_000_000

func (g *returnsReading) volume(n int, said string) int64 {
	if said == "" {
		g.fail(n, colVolume, "Enter the volume: there is a cost in this row. Write 0 where there was no contact")
		return 0
	}
	x, err := plainNumber(said)
	switch {
	case err != nil:
		g.fail(n, colVolume, "This is not a number of contacts: write it as 12345, not "+short(said))
	case x < 0:
		g.fail(n, colVolume, "A volume must be 0 or more")
	case x != math.Trunc(x):
		g.fail(n, colVolume, "A volume is a whole number of contacts: round "+short(said))
	case x > mostContacts:
		g.fail(n, colVolume, "A volume must be below 1,000 million: check it for a slip")
	default:
		return int64(x)
	}
	return 0
}

// withoutPounds takes away what people write around the figures of an amount.
var withoutPounds = strings.NewReplacer("£", "", " ", "", "\u00a0", "", "\u202f", "")

// plainNumber reads a number in which commas set thousands apart, as people and workbooks write it.
func plainNumber(s string) (float64, error) {
	s = withoutPounds.Replace(s)
	if strings.ContainsAny(s, "eE") && scientific.MatchString(s) { // most have none, and a match is slow
		return strconv.ParseFloat(s, 64)
	}
	return poundsIn(s)
}

func (g *returnsReading) cost(n int, said string) *float64 {
	if said == "" {
		return nil
	}
	x, err := plainNumber(said)
	switch {
	case err != nil:
		g.fail(n, colCost, "This is not an amount in pounds: write it as 125000 or 125000.50, not "+short(said))
	case x < 0:
		g.fail(n, colCost, "A cost must be 0 or more")
	default:
		x = math.Round(x*100) / 100
		return &x
	}
	return nil
}

// method is taken as estimated where it is not said, with a warning: the more careful of the two.
func (g *returnsReading) method(n int, said string) catalogue.CountMethod {
	switch plainTitle(said) {
	case "counted", "count", "actual":
		return catalogue.MethodCounted
	case "estimated", "estimate":
		return catalogue.MethodEstimated
	case "":
		g.warn(n, colMethod, "The method is not stated: taken as estimated")
	default:
		g.warn(n, colMethod, short(said)+" is not a method: taken as estimated. Write counted or estimated")
	}
	return catalogue.MethodEstimated
}

// audience is who may see the figures: what cannot be read is kept to the council alone, with a warning.
func (g *returnsReading) audience(n int, said string) catalogue.Audience {
	switch a := catalogue.Audience(strings.ToLower(said)); a {
	case "", catalogue.Public, catalogue.Councils, catalogue.Own:
		return a
	}
	g.warn(n, colAudience, short(said)+" is not an audience: kept to the council and whoever runs this service. Write public, councils or own")
	return catalogue.Own
}

// inOrder sorts the lines of a return by channel.
func inOrder(lines []catalogue.ReturnLine) {
	slices.SortFunc(lines, func(a, b catalogue.ReturnLine) int {
		return slices.Index(catalogue.Channels(), a.Channel) - slices.Index(catalogue.Channels(), b.Channel)
	})
}

// Returns reads returns for an import by the operator: one record a council, service and period.
func (r *Reader) Returns(in io.Reader) (*File, error) {
	read, err := r.ReadReturns(in, nil)
	if err != nil {
		return nil, err
	}
	f := &File{Errors: read.Errors, Warnings: read.Warnings}
	at := map[string]int{}
	var grouped [][]ReturnRow
	for _, row := range read.Rows {
		id := catalogue.ReturnID(row.Council, row.LGSL, row.Start)
		i, ok := at[id]
		if !ok {
			i, at[id] = len(grouped), len(grouped)
			grouped = append(grouped, nil)
		}
		grouped[i] = append(grouped[i], row)
	}
	for _, rows := range grouped {
		first := rows[0]
		var lines []catalogue.ReturnLine
		audience := first.Audience
		for _, row := range rows {
			lines = append(lines, row.Line)
			if row.Audience != audience {
				f.warn(row.Row, colAudience, "The rows of a return say different audiences: kept to the council and whoever runs this service")
				audience = catalogue.Own
			}
		}
		inOrder(lines)
		f.add(first.Row, catalogue.ImportedReturn(first.Council, first.LGSL, first.Start, first.End, lines, audience))
	}
	return f, nil
}

// Figures is what a file says of each service, in the order of the rows, for a council's answer to a call.
func (x *ReturnRows) Figures() []catalogue.ServiceFigures {
	var out []catalogue.ServiceFigures
	for _, row := range x.Rows {
		i := slices.IndexFunc(out, func(f catalogue.ServiceFigures) bool { return f.LGSL == row.LGSL })
		if i < 0 {
			i = len(out)
			out = append(out, catalogue.ServiceFigures{LGSL: row.LGSL})
		}
		out[i].Lines = append(out[i].Lines, row.Line)
	}
	for _, f := range out {
		inOrder(f.Lines)
	}
	return out
}
