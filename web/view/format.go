package view

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the machine may have none

	"jointly/catalogue"
)

// NotStated stands where a source is silent. It is never replaced by a guess.
const NotStated = "not stated"

// Funcs are the functions that templates may call.
func Funcs() template.FuncMap {
	return template.FuncMap{
		"date":      Date,
		"day":       Day,
		"timeOfDay": TimeOfDay,
		"relative":  Relative,
		"money":     Money,
		"roughly":   Roughly,
		"number":    Number,
		"plural":    Plural,
		"orNot":     OrNotStated,
		"join":      strings.Join,
		"sentence":  Sentence,
	}
}

// Date is a date as precise as it was stated: '30 April 2027', 'April 2027', '2027', or 'not stated'.
func Date(d catalogue.Date) string {
	if d.IsZero() {
		return NotStated
	}
	return d.Words()
}

// Day is the day of an instant in the United Kingdom: '23 November 2026'.
func Day(t time.Time) string {
	if t.IsZero() {
		return NotStated
	}
	return local(t).Format("2 January 2006")
}

// TimeOfDay is the time of an instant in the United Kingdom: '9:05am'.
func TimeOfDay(t time.Time) string {
	if t.IsZero() {
		return NotStated
	}
	return local(t).Format("3:04pm")
}

// london is the United Kingdom's time, read once: reading it takes as long as drawing a table's row.
var london = sync.OnceValue(func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil { // not with tzdata linked in
		return time.UTC
	}
	return l
})

// local is t in the United Kingdom's time.
func local(t time.Time) time.Time { return t.In(london()) }

// Relative is how far a date lies from now, in words: 'in 7 days', 'in 5 months', 'in 3 years', 'today', '2 months ago'.
// A date known to the month is counted to its last day, and is never nearer than 'this month'. Empty for a date that is not stated or known to the year.
func Relative(now time.Time, d catalogue.Date) string {
	if d.IsZero() || d.Month == 0 {
		return ""
	}
	from := catalogue.DateOf(local(now)).First()
	to := d.Last()
	days := int(to.Sub(from).Hours() / 24)
	if d.Exact() {
		switch days {
		case 0:
			return "today"
		case 1:
			return "tomorrow"
		case -1:
			return "yesterday"
		}
	} else {
		switch (to.Year()-from.Year())*12 + int(to.Month()-from.Month()) {
		case 0:
			return "this month"
		case -1:
			return "last month"
		}
	}
	span := distance(from, to, days)
	if days < 0 {
		return span + " ago"
	}
	return "in " + span
}

// distance is days up to a month, whole months up to two years, then whole years.
func distance(from, to time.Time, days int) string {
	months := catalogue.MonthsUntil(from, to)
	if days < 0 {
		days, months = -days, -months
	}
	switch {
	case months < 1:
		return Plural(days, "day", "days")
	case months < 24:
		return Plural(months, "month", "months")
	}
	return Plural(months/12, "year", "years")
}

// Money is an exact sum: '£1,150,000'. 0 is not stated.
func Money(pounds int64) string {
	if pounds == 0 {
		return NotStated
	}
	if pounds < 0 {
		return "−£" + Number(int(-pounds))
	}
	return "£" + Number(int(pounds))
}

// Roughly is a sum to be read at a glance: '£46,000', '£569,000', '£1.2 million', '£12 million', '£1.2 billion'.
func Roughly(pounds int64) string {
	if pounds < 0 {
		return "−" + Roughly(-pounds)
	}
	switch {
	case pounds == 0:
		return NotStated
	case pounds < 1_000:
		return Money(pounds)
	case pounds < 999_500:
		return Money((pounds + 500) / 1_000 * 1_000)
	case pounds < 999_500_000:
		return "£" + figures(pounds, 1_000_000) + " million"
	}
	return "£" + figures(pounds, 1_000_000_000) + " billion"
}

// figures is n in units, halves up: to one decimal below 10 and to the unit above, without a '.0'.
func figures(n, unit int64) string {
	tenths := (n + unit/20) / (unit / 10)
	if tenths >= 100 {
		return Number(int((n + unit/2) / unit))
	}
	return strings.TrimSuffix(fmt.Sprintf("%d.%d", tenths/10, tenths%10), ".0")
}

// Number is n with commas: '13,900'.
func Number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Plural is a number and its noun: '1 council', '4 councils'.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// OrNotStated is s, or 'not stated' where it is empty.
func OrNotStated(s string) string {
	if strings.TrimSpace(s) == "" {
		return NotStated
	}
	return s
}

// Sentence joins names as one writes them: 'Brackwater, Castleholt and Fenholme'.
func Sentence(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
