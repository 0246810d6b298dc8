package chart

import "time"

// timeAxis places dates on a line from x0 to x1. Dates are days: the clock and the zone do not count.
type timeAxis struct {
	from, to time.Time
	x0, x1   float64
}

// tick is a guide at the first day of a quarter or financial year; label is empty where there is no room for one.
type tick struct {
	at    float64
	label string
	major bool // the first of April
}

// longest is how far from today an axis reaches: what lies beyond is a slip of the pen, and would press the rest flat.
const longest = 30 * 366 * 24 * time.Hour

// day drops the clock.
func day(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	y, m, d := t.Date()
	return time.Date(min(max(y, 1), 9999), m, d, 0, 0, 0, 0, time.UTC)
}

// dayAfter is where a period ends on the line that ends with day t.
func dayAfter(t time.Time) time.Time { return day(t).AddDate(0, 0, 1) }

func quarterOf(t time.Time) time.Time {
	return time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
}

// span finds the period that an axis has to show: whole quarters round the dates, today among them.
func span(today time.Time, dates []time.Time) (from, to time.Time, ok bool) {
	if !today.IsZero() {
		dates = append(dates, today)
	}
	for _, t := range dates {
		t = day(t)
		if t.IsZero() {
			continue
		}
		if !today.IsZero() && t.Sub(day(today)).Abs() > longest {
			continue
		}
		if !ok || t.Before(from) {
			from = t
		}
		if !ok || t.After(to) {
			to = t
		}
		ok = true
	}
	from = quarterOf(from)
	if to.Sub(from) > 2*longest {
		to = from.Add(2 * longest)
	}
	return from, quarterOf(to).AddDate(0, 3, 0), ok
}

// x gives the place of a date, at the line's ends for what lies beyond them.
func (a timeAxis) x(t time.Time) float64 {
	all := a.to.Sub(a.from).Hours()
	if all <= 0 {
		return a.x0
	}
	share := min(max(day(t).Sub(a.from).Hours()/all, 0), 1)
	return a.x0 + share*(a.x1-a.x0)
}

// shows says whether a date lies on the line.
func (a timeAxis) shows(t time.Time) bool {
	return !t.IsZero() && !day(t).Before(a.from) && !day(t).After(a.to)
}

// ticks gives the guides: every quarter where their names have room, else every April, named as often as fits.
func (a timeAxis) ticks(size float64) []tick {
	years := a.to.Sub(a.from).Hours() / (365.25 * 24)
	perYear := max((a.x1-a.x0)/max(years, 0.1), 1)
	if perYear/4 >= textWidth("Apr 2027", size, true)+8 {
		return a.quarters()
	}
	format, every := "January 2006", 1
	for perYear*float64(every) < textWidth("April 2027", size, false)+20 {
		if perYear*float64(every) >= textWidth("Apr 2027", size, false)+12 {
			format = "Jan 2006"
			break
		}
		every++
	}
	var out []tick
	april := time.Date(a.from.Year(), time.April, 1, 0, 0, 0, 0, time.UTC)
	if april.Before(a.from) {
		april = april.AddDate(1, 0, 0)
	}
	for n := 0; !april.After(a.to); n++ {
		t := tick{at: a.x(april), major: n%every == 0}
		if t.major {
			t.label = april.Format(format)
		}
		if t.major || perYear >= 12 {
			out = append(out, t)
		}
		april = april.AddDate(1, 0, 0)
	}
	if years <= 5 && perYear >= 48 {
		out = append(out, a.unnamedQuarters()...)
	}
	return out
}

func (a timeAxis) quarters() []tick {
	var out []tick
	for q := quarterOf(a.from); !q.After(a.to); q = q.AddDate(0, 3, 0) {
		if q.Before(a.from) {
			continue
		}
		if q.Month() == time.April {
			out = append(out, tick{at: a.x(q), label: q.Format("Jan 2006"), major: true})
		} else {
			out = append(out, tick{at: a.x(q), label: q.Format("Jan")})
		}
	}
	return out
}

func (a timeAxis) unnamedQuarters() []tick {
	var out []tick
	for _, t := range a.quarters() {
		if !t.major {
			out = append(out, tick{at: t.at})
		}
	}
	return out
}

// longDate writes a day as the product does; an unknown one is not stated.
func longDate(t time.Time) string {
	if t.IsZero() {
		return "not stated"
	}
	return t.Format("2 January 2006")
}
