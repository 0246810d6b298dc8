package catalogue

import (
	"encoding/json"
	"fmt"
	"time"
)

// Date is a calendar date as a public record states it: to the day, only to the month, or only to the year. The zero
// Date is "not stated". Dates have no time zone; ends are inclusive.
type Date struct {
	Year  int
	Month time.Month // 0: only the year is stated
	Day   int        // 0: only the month is stated
}

// DateOf is the calendar date of an instant in the instant's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads YYYY-MM-DD, YYYY-MM or YYYY; the empty string is the zero Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if len(s) != len(layout) {
			continue
		}
		t, err := time.Parse(layout, s)
		if err != nil || t.Year() == 0 {
			break
		}
		d := Date{Year: t.Year()}
		if len(s) > 4 {
			d.Month = t.Month()
		}
		if len(s) > 7 {
			d.Day = t.Day()
		}
		return d, nil
	}
	return Date{}, fmt.Errorf("%q is not a date: write it as 2027-04-30", s)
}

// MustDate is ParseDate for dates written in the program itself.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero says that no date is stated.
func (d Date) IsZero() bool { return d == Date{} }

// Exact says that the date is stated to the day.
func (d Date) Exact() bool { return d.Day != 0 }

// String is the ISO form as precise as the date is; empty for the zero Date.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Words is the date as people write it, as precise as it is: '30 April 2027', 'April 2027', '2027'.
func (d Date) Words() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprint(d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%s %d", d.Month, d.Year)
	}
	return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year)
}

// First is midnight UTC of the first day the date may mean.
func (d Date) First() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, max(d.Month, 1), max(d.Day, 1), 0, 0, 0, 0, time.UTC)
}

// Last is midnight UTC of the last day the date may mean: what an end that is stated only to the month counts as.
func (d Date) Last() time.Time {
	switch {
	case d.IsZero():
		return time.Time{}
	case d.Month == 0:
		return time.Date(d.Year, 12, 31, 0, 0, 0, 0, time.UTC)
	case d.Day == 0:
		return time.Date(d.Year, d.Month+1, 0, 0, 0, 0, 0, time.UTC)
	}
	return d.First()
}

// Before compares the last days that the two dates may mean; a date that is not stated is before none.
func (d Date) Before(o Date) bool { return !d.IsZero() && !o.IsZero() && d.Last().Before(o.Last()) }

// AddMonths moves an exact or month date by n months, keeping within the month (31 January + 1 is 28 February).
func (d Date) AddMonths(n int) Date {
	if d.IsZero() || n == 0 {
		return d
	}
	first := time.Date(d.Year, max(d.Month, 1)+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	out := Date{first.Year(), first.Month(), 0}
	if d.Month == 0 {
		out.Month = 0
	}
	if d.Day != 0 {
		out.Day = min(d.Day, first.AddDate(0, 1, -1).Day())
	}
	return out
}

// MarshalJSON writes the ISO form, null where no date is stated.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(d.String())
}

// UnmarshalJSON reads what MarshalJSON writes; an empty string is the zero Date too.
func (d *Date) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*d = Date{}
		return nil
	}
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return fmt.Errorf("a date is a string such as \"2027-04-30\"")
	}
	s := string(b[1 : len(b)-1]) // no date has a character that JSON would escape
	parsed, err := ParseDate(s)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// MonthsUntil is how many whole months lie between two days; negative when to is before from.
func MonthsUntil(from, to time.Time) int {
	months := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
	switch {
	case months > 0 && to.Day() < from.Day():
		months--
	case months < 0 && to.Day() > from.Day():
		months++
	}
	return months
}
