package chart

import (
	"slices"
	"strings"
	"time"
)

// Timeline shows contracts, or the steps of a plan, against time: a solid bar for a stated term, an outline for an
// extension that may be used, dots where an end or a start is not stated. Dates that are not known stay zero; nothing
// is inferred.
type Timeline struct {
	About
	Today    time.Time
	Rows     []TimelineRow
	RowHead  string // what the rows are; 'Contract' where empty
	NoteHead string // what the notes say, such as 'Ends'
	Lines    []Line // dates that matter to all rows
	Shared   Period // shaded behind the rows that share it
	// SharedLabel stands above the shaded period and in the legend.
	SharedLabel string
	// From cuts the axis on the left, where what is over does not matter. Zero: the first date begins it.
	From time.Time
	// Kinds is the order of the kinds of bars. Empty: that in which they come.
	Kinds []string
}

// TimelineRow is one contract or step.
type TimelineRow struct {
	Label, Link string
	// Kind names what the bar is, for the legend: 'Contract', 'Has an intention'. The first kind has the darkest
	// colour; more than three share the last. See Timeline.Kinds.
	Kind       string
	Start, End time.Time // the days it covers, both included
	Extended   time.Time // where an extension may take it
	Milestones []Milestone
	Note       string // to the right of the bar: 'in 7 days'
	NoteShort  string // the same for a phone
	Shared     bool   // the shared period is shaded behind it
	Emphasis   bool
	Heading    bool // names the rows that follow; has nothing but a label
}

// Milestone is a date on a row.
type Milestone struct {
	Date time.Time
	Kind MilestoneKind
}

// MilestoneKind says how a milestone is drawn, and what it is called in legend and table.
type MilestoneKind uint8

// The milestones of a contract.
const (
	NoticeBy MilestoneKind = iota // the last day to give notice
	Break                         // a break clause
	Ends                          // the contract ends: for rows whose bar is something else
)

func (k MilestoneKind) String() string {
	switch k {
	case NoticeBy:
		return "Notice by"
	case Break:
		return "Break"
	}
	return "Contract ends"
}

func (k MilestoneKind) look() (mark, paint) {
	switch k {
	case NoticeBy:
		return bar, paint{fill: amber, stroke: ink, width: 0.8}
	case Break:
		return diamond, paint{fill: white, stroke: ink, width: 1.8}
	}
	return bar, paint{fill: ink}
}

// Line is a date that matters to all rows, drawn upright through the chart.
type Line struct {
	Date  time.Time
	Label string
	Short string // for a phone; Label where empty
	Quiet bool   // a help for the eye, such as '6 months'
}

// Period is the days from From to To, both included; a zero Period is none.
type Period struct{ From, To time.Time }

func (p Period) none() bool { return p.From.IsZero() || p.To.IsZero() || p.To.Before(p.From) }

// Draw gives the drawings and the table.
func (t Timeline) Draw() Drawing {
	t.Desc = or(t.Desc, t.describe())
	from, to, ok := t.span()
	if !ok {
		return Drawing{Table: t.table()}
	}
	p := plot{from: from, to: to, today: t.Today, lines: t.Lines, band: t.Shared, bandText: t.SharedLabel,
		head: t.NoteHead, keys: t.keys()}
	for _, r := range t.Rows {
		p.lanes = append(p.lanes, t.lane(r))
	}
	return draw(t.About, t.wideFrame(), t.table(), p.draw)
}

func (t Timeline) span() (from, to time.Time, ok bool) {
	var dates []time.Time
	for _, r := range t.Rows {
		dates = append(dates, r.Start, r.End)
		if r.extends() {
			dates = append(dates, r.Extended)
		}
		for _, m := range r.Milestones {
			dates = append(dates, m.Date)
		}
	}
	for _, l := range t.Lines {
		dates = append(dates, l.Date)
	}
	from, to, ok = span(t.Today, dates)
	if cut := day(t.From); ok && !cut.IsZero() && cut.After(from) && cut.Before(to) {
		from = cut
	}
	return from, to, ok
}

// dated says which of its dates a row may be drawn by: one that ends before it starts keeps its end alone.
func (r TimelineRow) dated() (start, end time.Time) {
	if !r.End.IsZero() && day(r.End).Before(day(r.Start)) {
		return time.Time{}, r.End
	}
	return r.Start, r.End
}

func (r TimelineRow) extends() bool { return !r.End.IsZero() && day(r.Extended).After(day(r.End)) }

func (t Timeline) lane(r TimelineRow) lane {
	l := lane{label: r.Label, link: r.Link, bold: r.Emphasis, heading: r.Heading, note: r.Note,
		noteNarrow: r.NoteShort, shared: r.Shared, said: t.say(r)}
	if r.Heading {
		return l
	}
	from, to := r.dated()
	switch {
	case !from.IsZero() && !to.IsZero():
		l.spans = append(l.spans, stretch{from, dayAfter(to), term, paint{fill: t.fill(r.Kind)}})
	case !to.IsZero():
		l.spans = append(l.spans, stretch{to: dayAfter(to), kind: unbegun})
		l.marks = append(l.marks, moment{dayAfter(to), bar, paint{fill: deep}})
	case !from.IsZero():
		l.spans = append(l.spans, stretch{from: from, kind: unended})
	case !t.Today.IsZero() && len(r.Milestones) == 0:
		l.spans = append(l.spans, stretch{kind: unknown})
	}
	if r.extends() {
		l.spans = append(l.spans, stretch{dayAfter(to), dayAfter(r.Extended), option,
			paint{stroke: deep, width: 1.4, dash: dashed}})
	}
	for _, m := range r.Milestones {
		mark, look := m.Kind.look()
		l.marks = append(l.marks, moment{m.Date, mark, look})
	}
	return l
}

// kinds gives the kinds of bars in the order in which they come.
func (t Timeline) kinds() []string {
	var out []string
	for _, r := range t.Rows {
		from, to := r.dated()
		if !r.Heading && !from.IsZero() && !to.IsZero() && !slices.Contains(out, r.Kind) {
			out = append(out, r.Kind)
		}
	}
	return out
}

func (t Timeline) fill(kind string) colour {
	order := t.Kinds
	if len(order) == 0 {
		order = t.kinds()
	}
	switch slices.Index(order, kind) {
	case 0:
		return deep
	case 1:
		return mid
	}
	return soft
}

// keys gives the legend: what occurs in the chart, and nothing else.
func (t Timeline) keys() []key {
	var out []key
	for _, k := range t.kinds() {
		out = append(out, key{swatch, paint{fill: t.fill(k)}, or(k, "Stated term")})
	}
	some := func(is func(TimelineRow) bool) bool {
		return slices.ContainsFunc(t.Rows, func(r TimelineRow) bool { return !r.Heading && is(r) })
	}
	if some(TimelineRow.extends) {
		out = append(out, key{swatch, paint{stroke: deep, width: 1.4, dash: dashed}, "Extension that may be used"})
	}
	if some(func(r TimelineRow) bool { return r.End.IsZero() && (!r.Start.IsZero() || len(r.Milestones) == 0) }) {
		out = append(out, key{stroke, paint{stroke: deep, width: 3, dash: dotted}, "End not stated"})
	}
	if some(func(r TimelineRow) bool { from, to := r.dated(); return from.IsZero() && !to.IsZero() }) {
		out = append(out, key{bar, paint{fill: deep}, "Ends, start not stated"})
	}
	for k := NoticeBy; k <= Ends; k++ {
		if some(func(r TimelineRow) bool { return r.date(k) != time.Time{} }) {
			mark, look := k.look()
			out = append(out, key{mark, look, k.String()})
		}
	}
	if !t.Shared.none() && some(func(r TimelineRow) bool { return r.Shared }) {
		out = append(out, key{swatch, paint{fill: yellow, stroke: rule, width: 1}, or(t.SharedLabel, "Shared period")})
	}
	return out
}

// date gives the first milestone of a kind.
func (r TimelineRow) date(k MilestoneKind) time.Time {
	for _, m := range r.Milestones {
		if m.Kind == k {
			return m.Date
		}
	}
	return time.Time{}
}

// say puts a row into words.
func (t Timeline) say(r TimelineRow) string {
	if r.Heading {
		return r.Label
	}
	from, to := r.dated()
	said := []string{r.Label}
	if !from.IsZero() {
		said = append(said, "from "+longDate(from))
	}
	switch {
	case !to.IsZero():
		said = append(said, "to "+longDate(to))
	case len(r.Milestones) == 0:
		said = append(said, "end not stated")
	}
	if r.extends() {
		said = append(said, "may be extended to "+longDate(r.Extended))
	}
	for _, m := range r.Milestones {
		said = append(said, strings.ToLower(m.Kind.String()[:1])+m.Kind.String()[1:]+" "+longDate(m.Date))
	}
	if r.Note != "" {
		said = append(said, r.Note)
	}
	return strings.Join(said, ", ")
}

func (t Timeline) describe() string {
	rows, open := 0, 0
	var next TimelineRow
	for _, r := range t.Rows {
		if r.Heading {
			continue
		}
		rows++
		if r.End.IsZero() {
			open++
		} else if !day(r.End).Before(day(t.Today)) && (next.End.IsZero() || r.End.Before(next.End)) {
			next = r
		}
	}
	said := "Bars against time: " + count(rows, "row") + "."
	if !next.End.IsZero() && !t.Today.IsZero() {
		said += " The next to end is " + next.Label + ", on " + longDate(next.End) + "."
	}
	if open > 0 {
		said += " " + count(open, "row") + " without a stated end."
	}
	return said + " The table gives every date."
}

func (t Timeline) table() Table {
	var kinds []MilestoneKind
	extended, noted := false, false
	for _, r := range t.Rows {
		extended = extended || r.extends()
		noted = noted || r.Note != ""
	}
	for k := NoticeBy; k <= Ends; k++ {
		if slices.ContainsFunc(t.Rows, func(r TimelineRow) bool { return !r.date(k).IsZero() }) {
			kinds = append(kinds, k)
		}
	}
	out := Table{Caption: clean(t.Title), Head: []string{or(t.RowHead, "Contract"), "From", "To"}}
	if extended {
		out.Head = append(out.Head, "May be extended to")
	}
	for _, k := range kinds {
		out.Head = append(out.Head, k.String())
	}
	if noted {
		out.Head = append(out.Head, or(t.NoteHead, "Note"))
	}
	for _, r := range t.Rows {
		if r.Heading {
			continue
		}
		row := []string{clean(r.Label), longDate(r.Start), longDate(r.End)}
		if extended {
			row = append(row, dateOr(r.Extended, "none stated"))
		}
		for _, k := range kinds {
			row = append(row, dateOr(r.date(k), "none stated"))
		}
		if noted {
			row = append(row, clean(r.Note))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func dateOr(t time.Time, otherwise string) string {
	if t.IsZero() {
		return otherwise
	}
	return longDate(t)
}
