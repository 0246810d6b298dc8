package match

import (
	"math"
	"time"
)

// Window is a stretch of days on which a tender may start, both ends included.
// A zero time means that this end is not known and holds nothing back.
type Window struct {
	Start, End time.Time
}

// What two windows must share for their councils to tender together.
const (
	sharedMonths = 2
	sharedPart   = 0.3
)

// leastMonth is the days of the shortest month.
const leastMonth = 28

// TrueWindow is the window in which the council can really tender: it closes
// on the stated day, or earlier when a new supplier would come too late for
// the end of the present contract and its usable extension.
func (n *Need) TrueWindow() Window {
	w := Window{Start: day(n.WindowStart), End: day(n.WindowEnd)}
	if latest := n.latestTender(); !latest.IsZero() && (w.End.IsZero() || latest.Before(w.End)) {
		w.End = latest
	}
	return w
}

// latestTender is the last day on which a tender can start without a gap in
// service; zero when no contract end is known.
func (n *Need) latestTender() time.Time {
	if n.ContractEnd.IsZero() {
		return time.Time{}
	}
	return addMonths(day(n.ContractEnd), n.ExtensionMonths-n.LeadMonths)
}

// Shared is the part that two windows have in common. Where both ends are
// known and Start comes after End, there is none.
func (w Window) Shared(other Window) Window {
	s := w
	if other.Start.After(s.Start) {
		s.Start = other.Start
	}
	if s.End.IsZero() || !other.End.IsZero() && other.End.Before(s.End) {
		s.End = other.End
	}
	return s
}

// Days counts the days of the window; ok is false unless both ends are known.
// A window whose end comes before its start has none.
func (w Window) Days() (n int, ok bool) {
	if w.Start.IsZero() || w.End.IsZero() {
		return 0, false
	}
	return max(0, daysBetween(w.Start, w.End)+1), true
}

// empty reports whether the window closes before it opens.
func (w Window) empty() bool {
	return !w.Start.IsZero() && !w.End.IsZero() && w.End.Before(w.Start)
}

// enough reports whether two windows share what a joint tender needs. Ends
// that are not known are taken to suit.
func (w Window) enough(other Window) bool {
	s := w.Shared(other)
	shared, ok := s.Days()
	if !ok {
		return true
	}
	if !spansMonths(s, shared, sharedMonths) {
		return false
	}
	if shorter, ok := shorter(w, other); ok {
		return float64(shared) >= sharedPart*float64(shorter)
	}
	return true
}

// overlap is the shared part over the shorter window, from 0 to 1.
func (w Window) overlap(other Window) (part float64, ok bool) {
	if w.Start.IsZero() || w.End.IsZero() || other.Start.IsZero() || other.End.IsZero() {
		return 0, false
	}
	from, to, otherFrom, otherTo := dayNumber(w.Start), dayNumber(w.End), dayNumber(other.Start), dayNumber(other.End)
	short := max(0, min(to-from, otherTo-otherFrom)+1)
	if short == 0 {
		return 0, false
	}
	return float64(max(0, min(to, otherTo)-max(from, otherFrom)+1)) / float64(short), true
}

// shorter is the length in days of the shorter of two windows of known length.
func shorter(a, b Window) (days int, ok bool) {
	x, okX := a.Days()
	y, okY := b.Days()
	return min(x, y), okX && okY
}

// spansMonths reports whether a window of so many days lasts that many
// calendar months.
func spansMonths(w Window, days, months int) bool {
	switch {
	case days > 31*months:
		return true
	case days < leastMonth*months:
		return false
	}
	return !addMonths(w.Start, months).After(w.End.AddDate(0, 0, 1))
}

// day is midnight UTC of the date that t shows.
func day(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// addMonths moves a date by whole months and stays within the month reached:
// a month after 31 January is the last of February.
func addMonths(t time.Time, months int) time.Time {
	if months == 0 {
		return t
	}
	moved := t.AddDate(0, months, 0)
	if moved.Day() != t.Day() {
		moved = moved.AddDate(0, 0, -moved.Day())
	}
	return moved
}

func daysBetween(a, b time.Time) int {
	const seconds = 24 * 60 * 60
	return int(math.Floor(float64(b.Unix()-a.Unix())/seconds + 0.5))
}

// dayNumber counts the days from 1 January 1970; 0 for a day that is not known.
func dayNumber(t time.Time) int32 {
	if t.IsZero() {
		return 0
	}
	return int32(t.Unix() / (24 * 60 * 60))
}

// monthsApart is the distance between two dates in months of average length.
func monthsApart(a, b time.Time) float64 {
	return math.Abs(float64(daysBetween(a, b))) / 30.4375
}
