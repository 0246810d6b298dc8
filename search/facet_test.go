package search_test

import (
	"testing"
	"time"

	"jointly/search"
)

func TestQuartersAreOfTheFinancialYear(t *testing.T) {
	for day, want := range map[string][2]string{
		"2027-04-01": {"2027-Q1", "April to June 2027"},
		"2027-09-30": {"2027-Q2", "July to September 2027"},
		"2027-12-31": {"2027-Q3", "October to December 2027"},
		"2028-01-01": {"2027-Q4", "January to March 2028"},
		"2028-03-31": {"2027-Q4", "January to March 2028"},
	} {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if q := search.Quarter(d); q != want[0] || search.QuarterLabel(q) != want[1] {
			t.Errorf("%s: %s, %s", day, q, search.QuarterLabel(q))
		}
	}
	if q := search.Quarter(time.Time{}); q != search.NotStated || search.QuarterLabel(q) != "Not stated" {
		t.Errorf("no date: %s", q)
	}
	for _, odd := range []string{"", "2027", "2027-Q5", "x-Q1", "soon"} {
		if got := search.QuarterLabel(odd); got != odd {
			t.Errorf("%q is called %q", odd, got)
		}
	}
}

func TestRoutesAreSortedIntoAFew(t *testing.T) {
	for written, want := range map[string]string{
		"": search.NotStated,
		"G-Cloud 14 RM1557.14 Lot 2 direct award":        search.RouteGCloud,
		"CCS RM6285 Back Office Software 2 direct award": search.RouteFramework,
		"framework call-off":                             search.RouteFramework,
		"Open procedure":                                 search.RouteCompetition,
		"competitive flexible procedure":                 search.RouteCompetition,
		"Direct Award":                                   search.RouteDirect,
		"award without prior publication, Reg 32(2)(c)":  search.RouteDirect,
		"single tender action (below threshold)":         search.RouteDirect,
		"Variation":                                      search.RouteOther,
	} {
		if got := search.RouteOf(written); got != want {
			t.Errorf("%q: %s, want %s", written, got, want)
		}
	}
}

func TestEveryFacetCanBeChosen(t *testing.T) {
	for _, f := range search.Facets() {
		var q search.Query
		q.Choose(f, []string{"x"})
		if got := q.Chosen(f); len(got) != 1 || got[0] != "x" {
			t.Errorf("%s: chose x, got %v", f, got)
		}
	}
}
