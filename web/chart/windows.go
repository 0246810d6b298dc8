package chart

import (
	"slices"
	"strings"
	"time"
)

// Windows shows when each of several councils can tender: the reader's own window dark, those that fit beside it, the
// part that all share shaded, and below a dashed line, outlined, those that do not fit.
type Windows struct {
	About
	Rows []Window // those that do not fit are drawn last, whatever their order here
	// Shared is the part of the windows that all have; SharedLabel says it: 'All four can tender: June to October 2027'.
	Shared      Period
	SharedLabel string
	Today       time.Time // zero: no line for it
}

// Window is one council's.
type Window struct {
	Label, Link string
	From, To    time.Time // the days on which it can tender, both included
	Ends        time.Time // its contract's end, where known
	You         bool
	Outside     bool   // does not fit the others
	Note        string // why not: '17 months after yours ends'
}

// Draw gives the drawings and the table.
func (w Windows) Draw() Drawing {
	w.Rows = slices.Clone(w.Rows)
	slices.SortStableFunc(w.Rows, func(a, b Window) int { return order(a.Outside) - order(b.Outside) })
	w.Desc = or(w.Desc, w.describe())
	from, to, ok := w.span()
	if !ok {
		return Drawing{Table: w.table()}
	}
	p := plot{from: from, to: to, today: w.Today, band: w.Shared, bandText: w.SharedLabel, keys: w.keys()}
	for _, r := range w.Rows {
		p.lanes = append(p.lanes, r.lane())
	}
	return draw(w.About, w.wideFrame(), w.table(), p.draw)
}

func order(last bool) int {
	if last {
		return 1
	}
	return 0
}

func (w Windows) span() (from, to time.Time, ok bool) {
	var dates []time.Time
	for _, r := range w.Rows {
		dates = append(dates, r.From, r.To, r.Ends)
	}
	return span(w.Today, dates)
}

func (r Window) known() bool { return !Period{r.From, r.To}.none() }

func (r Window) lane() lane {
	l := lane{label: r.Label, link: r.Link, bold: r.You, shared: !r.Outside, apart: r.Outside, beside: r.Note,
		said: r.say()}
	if r.known() {
		look, kind := paint{fill: mid}, term
		switch {
		case r.Outside:
			look, kind = paint{fill: white, stroke: mid, width: 2}, option
		case r.You:
			look.fill = deep
		}
		l.spans = []stretch{{r.From, dayAfter(r.To), kind, look}}
	}
	if !r.Ends.IsZero() {
		l.marks = []moment{{r.Ends, bar, paint{fill: ink}}}
	}
	return l
}

func (r Window) say() string {
	said := []string{r.Label}
	if r.known() {
		said = append(said, "can tender from "+longDate(r.From)+" to "+longDate(r.To))
	}
	if !r.Ends.IsZero() {
		said = append(said, "contract ends "+longDate(r.Ends))
	}
	if r.Note != "" {
		said = append(said, r.Note)
	}
	return strings.Join(said, ", ")
}

func (w Windows) keys() []key {
	var out []key
	add := func(k key, is func(Window) bool) {
		if slices.ContainsFunc(w.Rows, is) {
			out = append(out, k)
		}
	}
	add(key{swatch, paint{fill: deep}, "You"}, func(r Window) bool { return r.You && !r.Outside })
	add(key{swatch, paint{fill: mid}, "Fits"}, func(r Window) bool { return !r.You && !r.Outside })
	add(key{swatch, paint{fill: white, stroke: mid, width: 2}, "Does not fit yet"},
		func(r Window) bool { return r.Outside })
	if !w.Shared.none() {
		out = append(out, key{swatch, paint{fill: yellow, stroke: rule, width: 1}, "Shared by all that fit"})
	}
	add(key{bar, paint{fill: ink}, "Contract ends"}, func(r Window) bool { return !r.Ends.IsZero() })
	return out
}

func (w Windows) describe() string {
	fits := 0
	for _, r := range w.Rows {
		fits += 1 - order(r.Outside)
	}
	said := "When each council can tender: " + count(fits, "window") + " that fit together"
	if fits == 1 {
		said = "When each council can tender: 1 window"
	}
	if n := len(w.Rows) - fits; n > 0 {
		said += ", and " + number(float64(n)) + " outside"
	}
	said += "."
	if !w.Shared.none() {
		said += " Shared: " + longDate(w.Shared.From) + " to " + longDate(w.Shared.To) + "."
	}
	return said
}

func (w Windows) table() Table {
	out := Table{Caption: clean(w.Title), Head: []string{"Council", "Can tender from", "To", "Contract ends", "Fits"}}
	for _, r := range w.Rows {
		fits := "yes"
		if r.Outside {
			fits = "not yet"
			if r.Note != "" {
				fits += ": " + clean(r.Note)
			}
		}
		out.Rows = append(out.Rows, []string{clean(r.Label), longDate(r.From), longDate(r.To), longDate(r.Ends), fits})
	}
	return out
}
