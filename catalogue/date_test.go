package catalogue_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jointly/catalogue"
)

// dates are dates of any precision that are there.
func dates() *rapid.Generator[catalogue.Date] {
	return rapid.Custom(func(t *rapid.T) catalogue.Date {
		d := catalogue.DateOf(time.Date(rapid.IntRange(1, 9998).Draw(t, "year"), 1, rapid.IntRange(1, 365).Draw(t, "day"), 0, 0, 0, 0, time.UTC))
		switch rapid.IntRange(0, 3).Draw(t, "precision") {
		case 0:
			d.Month, d.Day = 0, 0
		case 1:
			d.Day = 0
		}
		return d
	})
}

func exact() *rapid.Generator[catalogue.Date] { return dates().Filter(catalogue.Date.Exact) }

func TestDatesAreReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := dates().Draw(t, "date")
		if got, err := catalogue.ParseDate(d.String()); err != nil || got != d {
			t.Fatalf("%v is written %q and read as %v, %v", d, d, got, err)
		}
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back catalogue.Date
		if err := json.Unmarshal(b, &back); err != nil || back != d || string(b) != `"`+d.String()+`"` {
			t.Fatalf("%v is %s in JSON and read as %v, %v", d, b, back, err)
		}
		if d.First().After(d.Last()) || d.Exact() != d.First().Equal(d.Last()) {
			t.Fatalf("%v is from %v to %v", d, d.First(), d.Last())
		}
	})
	for s, ok := range map[string]bool{
		"": true, "2027": true, "2027-04": true, "2027-04-30": true, "2028-02-29": true,
		"2027-02-29": false, "2027-04-31": false, "2027-13": false, "0000": false, "0000-01-01": false, "27-04-30": false, "30/04/2027": false,
		"2027-4-3": false, "2027-04-30T00:00:00Z": false, "next year": false, "202\uff17": false, "-027": false,
	} {
		d, err := catalogue.ParseDate(s)
		if (err == nil) != ok || ok && d.String() != s {
			t.Errorf("%q is read as %v, %v; want it read: %v", s, d, err, ok)
		}
	}
	for in, want := range map[string]string{`null`: "", `""`: "", `"2027-04"`: "2027-04", `2027`: "error", `"soon"`: "error", `{}`: "error"} {
		var d catalogue.Date
		err := json.Unmarshal([]byte(in), &d)
		if got := d.String(); err == nil && got != want || (err != nil) != (want == "error") {
			t.Errorf("%s is read as %q, %v", in, got, err)
		}
	}
	if b, err := json.Marshal(catalogue.Date{}); err != nil || string(b) != "null" {
		t.Errorf("no date is %s in JSON, %v", b, err)
	}
}

func TestMonthsAreAddedWithinTheMonth(t *testing.T) {
	for _, test := range []struct {
		date string
		add  int
		want string
	}{
		{"2027-01-31", 1, "2027-02-28"}, {"2028-01-31", 1, "2028-02-29"}, {"2027-03-31", -1, "2027-02-28"}, {"2027-11-30", 3, "2028-02-29"},
		{"2027-06-15", 12, "2028-06-15"}, {"2027-06-15", -18, "2025-12-15"}, {"2027-11", 2, "2028-01"}, {"2027", 12, "2028"}, {"2027", 5, "2027"}, {"", 5, ""},
	} {
		if got := catalogue.MustDate(test.date).AddMonths(test.add).String(); got != test.want {
			t.Errorf("%s and %d months are %q, want %q", test.date, test.add, got, test.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d, n := exact().Draw(t, "date"), rapid.IntRange(-600, 600).Draw(t, "months")
		if d.Year < 51 || d.Year > 9900 {
			t.Skip("out of the calendar")
		}
		moved := d.AddMonths(n)
		if got, err := catalogue.ParseDate(moved.String()); err != nil || got != moved {
			t.Fatalf("%v and %d months are %v, which is no date: %v", d, n, moved, err)
		}
		if months := (moved.Year-d.Year)*12 + int(moved.Month) - int(d.Month); months != n || moved.Day > d.Day {
			t.Fatalf("%v and %d months are %v", d, n, moved)
		}
		if moved.Day == d.Day {
			if back := moved.AddMonths(-n); back != d {
				t.Fatalf("%v there and back by %d months is %v", d, n, back)
			}
			if got := catalogue.MonthsUntil(d.First(), moved.First()); got != n {
				t.Fatalf("from %v until %v are %d months, want %d", d, moved, got, n)
			}
		}
	})
}

func TestMonthsUntilCountsWholeMonths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := exact().Draw(t, "a").First(), exact().Draw(t, "b").First()
		n := catalogue.MonthsUntil(a, b)
		if back := catalogue.MonthsUntil(b, a); back != -n {
			t.Fatalf("from %v until %v are %d months, back %d", a, b, n, back)
		}
		if b.Before(a) {
			a, b, n = b, a, -n
		}
		if n < 0 {
			t.Fatalf("until a later day are %d months", n)
		}
		// n whole months fit between them and n+1 do not.
		if fits := catalogue.DateOf(a).AddMonths(n).First(); fits.After(b) {
			t.Fatalf("%d months after %v is %v, past %v", n, a, fits, b)
		}
		if next := catalogue.DateOf(a).AddMonths(n + 1); next.Day == a.Day() && !next.First().After(b) {
			t.Fatalf("%d months after %v is not past %v", n+1, a, b)
		}
	})
}

func TestBeforeComparesTheLastDaysADateMayMean(t *testing.T) {
	for _, test := range []struct {
		a, b   string
		before bool
	}{
		{"2027-04-30", "2027-05-01", true}, {"2027-04", "2027-04-30", false}, {"2027-04-29", "2027-04", true}, {"2027", "2027-12-30", false},
		{"2027-12-30", "2027", true}, {"", "2027", false}, {"2027", "", false}, {"2027", "2027", false},
	} {
		if got := catalogue.MustDate(test.a).Before(catalogue.MustDate(test.b)); got != test.before {
			t.Errorf("%q before %q: %v, want %v", test.a, test.b, got, test.before)
		}
	}
}

// TestDaysBeginInLondon, in summer an hour before they do in UTC.
func TestDaysBeginInLondon(t *testing.T) {
	c, _, k := timed(t)
	for _, test := range []struct{ now, today string }{
		{"2026-07-01T22:59:59Z", "2026-07-01"}, {"2026-07-01T23:00:00Z", "2026-07-02"},
		{"2026-12-01T23:30:00Z", "2026-12-01"}, {"2026-12-02T00:00:00Z", "2026-12-02"},
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		k.move(now.Sub(k.read()))
		if got := fmt.Sprint(catalogue.DateOf(c.Today())); got != test.today {
			t.Errorf("at %s today is %s, want %s", test.now, got, test.today)
		}
	}
}
