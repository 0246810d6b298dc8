package view_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jointly/catalogue"
	"jointly/web/view"
)

func TestDate(t *testing.T) {
	for _, c := range []struct {
		date catalogue.Date
		want string
	}{
		{catalogue.Date{}, "not stated"},
		{catalogue.Date{Year: 2027}, "2027"},
		{catalogue.Date{Year: 2027, Month: 4}, "April 2027"},
		{catalogue.Date{Year: 2026, Month: 11, Day: 23}, "23 November 2026"},
		{catalogue.Date{Year: 2026, Month: 1, Day: 5}, "5 January 2026"},
	} {
		if got := view.Date(c.date); got != c.want {
			t.Errorf("Date(%v) = %q, want %q", c.date, got, c.want)
		}
	}
}

// An instant is shown as clocks in the United Kingdom show it, in summer an hour ahead of UTC.
func TestInstantsAreInUnitedKingdomTime(t *testing.T) {
	summer := time.Date(2026, 7, 1, 23, 30, 0, 0, time.UTC)
	winter := time.Date(2026, 12, 1, 23, 30, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{view.Day(summer), "2 July 2026"},
		{view.TimeOfDay(summer), "12:30am"},
		{view.Day(winter), "1 December 2026"},
		{view.TimeOfDay(winter), "11:30pm"},
		{view.Day(time.Time{}), "not stated"},
		{view.TimeOfDay(time.Time{}), "not stated"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestRelative(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct{ date, want string }{
		{"", ""},
		{"2027", ""},
		{"2026-11-23", "today"},
		{"2026-11-24", "tomorrow"},
		{"2026-11-22", "yesterday"},
		{"2026-11-30", "in 7 days"},
		{"2026-12-22", "in 29 days"},
		{"2026-12-23", "in 1 month"},
		{"2027-02-27", "in 3 months"},
		{"2027-04", "in 5 months"}, // counted from the last day of April
		{"2026-11", "this month"},
		{"2026-10", "last month"},
		{"2026-12", "in 1 month"},
		{"2026-09", "1 month ago"},
		{"2028-10-31", "in 23 months"},
		{"2028-11-23", "in 2 years"},
		{"2031-03", "in 4 years"},
		{"2026-11-13", "10 days ago"},
		{"2026-09-20", "2 months ago"},
		{"2016-02-04", "10 years ago"},
	} {
		if got := view.Relative(now, catalogue.MustDate(c.date)); got != c.want {
			t.Errorf("Relative(%q) = %q, want %q", c.date, got, c.want)
		}
	}
	// the last day of the month that is stated is not known to be the day
	if got := view.Relative(time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC), catalogue.MustDate("2026-11")); got != "this month" {
		t.Errorf("on the last day of the month: %q", got)
	}
	// half past eleven in the evening of 30 June by UTC is 1 July in London
	late := time.Date(2026, 6, 30, 23, 30, 0, 0, time.UTC)
	if got := view.Relative(late, catalogue.MustDate("2026-07-01")); got != "today" {
		t.Errorf("Relative counts from %q, want the day in London", got)
	}
}

func TestMoney(t *testing.T) {
	for _, c := range []struct {
		pounds         int64
		exact, roughly string
	}{
		{0, "not stated", "not stated"},
		{7, "£7", "£7"},
		{999, "£999", "£999"},
		{1_000, "£1,000", "£1,000"},
		{20_365, "£20,365", "£20,000"},
		{999_499, "£999,499", "£999,000"},
		{999_500, "£999,500", "£1 million"},
		{1_150_000, "£1,150,000", "£1.2 million"},
		{1_161_856, "£1,161,856", "£1.2 million"},
		{5_043_000, "£5,043,000", "£5 million"},
		{9_960_000, "£9,960,000", "£10 million"},
		{12_345_678, "£12,345,678", "£12 million"},
		{1_200_000_000, "£1,200,000,000", "£1.2 billion"},
		{1_049_999, "£1,049,999", "£1 million"},
		{999_499_999, "£999,499,999", "£999 million"},
		{12_345_678_901, "£12,345,678,901", "£12 billion"},
		{-2_500, "−£2,500", "−£3,000"},
	} {
		if got := view.Money(c.pounds); got != c.exact {
			t.Errorf("Money(%d) = %q, want %q", c.pounds, got, c.exact)
		}
		if got := view.Roughly(c.pounds); got != c.roughly {
			t.Errorf("Roughly(%d) = %q, want %q", c.pounds, got, c.roughly)
		}
	}
}

// Without its commas a number is itself, and the commas stand at every third digit from the end.
func TestNumberHasCommasAtThousands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntMin(0).Draw(t, "n")
		groups := strings.Split(view.Number(n), ",")
		for i, g := range groups {
			if len(g) != 3 && (i > 0 || len(g) == 0 || len(g) > 3) {
				t.Fatalf("Number(%d) = %q", n, view.Number(n))
			}
		}
		back := 0
		for _, r := range strings.Join(groups, "") {
			back = back*10 + int(r-'0')
		}
		if back != n {
			t.Fatalf("Number(%d) = %q", n, view.Number(n))
		}
	})
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{view.Plural(1, "council", "councils"), "1 council"},
		{view.Plural(0, "council", "councils"), "0 councils"},
		{view.Plural(1_382, "council", "councils"), "1,382 councils"},
		{view.OrNotStated(" "), "not stated"},
		{view.OrNotStated("MHR"), "MHR"},
		{view.Sentence(nil), ""},
		{view.Sentence([]string{"Wyre"}), "Wyre"},
		{view.Sentence([]string{"Wyre", "Fylde", "Preston"}), "Wyre, Fylde and Preston"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
