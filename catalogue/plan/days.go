package plan

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/gb"
)

// Days tells working days from others: those on which every nation that it was made for works. It remembers what it
// worked out, and is for one goroutine.
type Days struct {
	calendars []*cal.BusinessCalendar
	known     map[int64]bool // by Unix time of the day
}

// NewDays is the working days of some nations, as the register of councils names them. England and Wales share their
// bank holidays; without a nation the days are England's.
func NewDays(nations []string) Days {
	d := Days{known: map[int64]bool{}}
	for _, n := range []struct {
		is       func(string) bool
		holidays func() []*cal.Holiday
	}{
		{func(n string) bool { return n == "Scotland" }, scotland},
		{func(n string) bool { return n == "Northern Ireland" }, northernIreland},
	} {
		if slices.ContainsFunc(nations, n.is) {
			d.calendars = append(d.calendars, calendarOf(n.holidays()))
		}
	}
	if len(d.calendars) == 0 || slices.Contains(nations, "England") || slices.Contains(nations, "Wales") {
		d.calendars = append(d.calendars, calendarOf(gb.Holidays))
	}
	return d
}

func calendarOf(holidays []*cal.Holiday) *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(holidays...)
	return c
}

// monday moves a holiday that falls on a weekend to the Monday after.
func monday() []cal.AltDay {
	return []cal.AltDay{{Day: time.Saturday, Offset: 2}, {Day: time.Sunday, Offset: 1}}
}

func fixed(name string, month time.Month, day int, observed []cal.AltDay) *cal.Holiday {
	return &cal.Holiday{Name: name, Type: cal.ObservanceBank, Month: month, Day: day, Func: cal.CalcDayOfMonth, Observed: observed}
}

// scotland has 2 January and St Andrew's Day, an earlier summer holiday, and no Easter Monday. Councils there also keep
// local holidays, which are not counted.
func scotland() []*cal.Holiday {
	second := fixed("2 January", time.January, 2, []cal.AltDay{{Day: time.Saturday, Offset: 2}, {Day: time.Sunday, Offset: 2}, {Day: time.Monday, Offset: 1}})
	out := []*cal.Holiday{second, gb.SummerHolidayScotland, fixed("St Andrew's Day", time.November, 30, monday())}
	return append(out, without(gb.Holidays, gb.EasterMonday, gb.SummerHoliday)...)
}

// northernIreland has St Patrick's Day and the Battle of the Boyne beside what England and Wales have.
func northernIreland() []*cal.Holiday {
	out := []*cal.Holiday{fixed("St Patrick's Day", time.March, 17, monday()), fixed("Battle of the Boyne", time.July, 12, monday())}
	return append(out, gb.Holidays...)
}

func without(all []*cal.Holiday, some ...*cal.Holiday) []*cal.Holiday {
	return slices.DeleteFunc(slices.Clone(all), func(h *cal.Holiday) bool { return slices.Contains(some, h) })
}

// Easter is the Sunday of Easter.
func Easter(year int) time.Time {
	actual, _ := aa.Easter.Calc(year)
	return day(actual)
}

// Works says that a day is a working day everywhere.
func (d Days) Works(t time.Time) bool {
	if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		return false
	}
	works, known := d.known[t.Unix()]
	if !known {
		works = !slices.ContainsFunc(d.calendars, func(c *cal.BusinessCalendar) bool { return !c.IsWorkday(t) })
		d.known[t.Unix()] = works
	}
	return works
}

// LastUpTo is the last working day that is no later than a day.
func (d Days) LastUpTo(t time.Time) time.Time {
	for !d.Works(t) {
		t = t.AddDate(0, 0, -1)
	}
	return t
}

// FirstFrom is the first working day that is no earlier than a day.
func (d Days) FirstFrom(t time.Time) time.Time {
	for !d.Works(t) {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// Back is the first of n working days of which the last is a day, or the last before it.
func (d Days) Back(last time.Time, n int) time.Time {
	t := d.LastUpTo(last)
	for ; n > 1; n-- {
		t = d.LastUpTo(t.AddDate(0, 0, -1))
	}
	return t
}

// On is the last of n working days of which the first is a day, or the first after it.
func (d Days) On(first time.Time, n int) time.Time {
	t := d.FirstFrom(first)
	for ; n > 1; n-- {
		t = d.FirstFrom(t.AddDate(0, 0, 1))
	}
	return t
}

// ClearBefore is the latest day from which so many clear days lie before an event: neither that day nor the event's own
// counts.
func ClearBefore(event time.Time, n int) time.Time { return event.AddDate(0, 0, -n-1) }

// day is midnight UTC of the date that an instant shows.
func day(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func between(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }

// months moves a day by whole months and stays within the month that it reaches.
func months(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, min(t.Day(), first.AddDate(0, 1, -1).Day())-1)
}
