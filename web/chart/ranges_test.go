package chart_test

import (
	"fmt"
	"slices"
	"testing"

	"jointly/web/chart"
)

func channels() chart.Ranges {
	own := 58.0
	return chart.Ranges{About: about("channels"), RowHead: "Channel", Max: 100, Format: func(v float64) string { return fmt.Sprintf("%.0f%%", v) },
		Rows: []chart.Spread{{Label: "Online", Link: "/services/528", Lower: 52, Median: 67, Upper: 79, Own: &own, Note: "118 councils"},
			{Label: "Telephone, text relay and messages that are left for somebody to ring back", Lower: 15, Median: 26, Upper: 37, Note: "118 councils"}, {Label: "Post", Median: 1, NoBand: true, Note: "6 councils"}}}
}

func TestBandsLieOnTheAxis(t *testing.T) {
	wide := func(m mark) float64 { return m.box.x1 - m.box.x0 }
	d := channels().Draw()
	for which, s := range map[string]sheet{"wide": read(t, d.Wide), "narrow": read(t, d.Narrow)} {
		bands, medians := s.filled("#bcd6da"), s.filled(deep)
		if len(bands) != 3 || len(medians) != 4 { // with one of each in the legend
			t.Fatalf("%s: %d bands and %d medians", which, len(bands), len(medians))
		}
		bands, medians = bands[1:], medians[1:]
		// From 52 to 79 and from 15 to 37: their widths are in proportion.
		if got := wide(bands[0]) / wide(bands[1]); got < 27.0/22-.02 || got > 27.0/22+.02 {
			t.Errorf("%s: the bands are %v to one", which, got)
		}
		if m := (medians[0].box.x0 + medians[0].box.x1) / 2; m <= bands[0].box.x0 || m >= bands[0].box.x1 {
			t.Errorf("%s: the median is outside its band", which)
		}
	}
}

func TestRangeTable(t *testing.T) {
	table := channels().Draw().Table
	if want := []string{"Channel", "Lower quartile", "Median", "Upper quartile", "Your council", "Behind it"}; !slices.Equal(table.Head, want) {
		t.Errorf("%v", table.Head)
	}
	if want := []string{"Post", "not stated", "1%", "not stated", "not stated", "6 councils"}; !slices.Equal(table.Rows[2], want) {
		t.Errorf("%v", table.Rows[2])
	}
	if d := (chart.Ranges{About: about("none")}).Draw(); d.Wide != "" {
		t.Error("a drawing of nothing")
	}
}

func makeUp() chart.Mix {
	return chart.Mix{About: about("mix"), RowHead: "Council", Series: []string{"Online", "Phone", "Face to face", "Post"},
		Rows: []chart.MixRow{{Label: "Brackwater", Link: "/councils/b", Shares: []float64{.81, .12, .04, .03}}, {Label: "Aldermere (you)", Shares: []float64{.5, .5, 0, 0}, Emphasis: true}}}
}

func TestPartsOfAMixFillTheBar(t *testing.T) {
	s := read(t, makeUp().Draw().Wide)
	online, phone := s.filled(deep)[1:], s.filled(mid)[1:] // the first of each is in the legend
	if len(online) != 2 || len(phone) != 2 {
		t.Fatalf("%d and %d parts", len(online), len(phone))
	}
	if a, b := online[1].box.x1-online[1].box.x0, phone[1].box.x1-phone[1].box.x0; a < b-2 || a > b+2 {
		t.Errorf("halves are %v and %v wide", a, b)
	}
	if end := phone[1].box.x1; end < online[0].box.x1 {
		t.Errorf("a whole ends at %v", end)
	}
	s.text(t, "81%")
}
