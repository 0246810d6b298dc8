package chart_test

import (
	"html/template"
	"strings"
	"testing"
	"time"

	"jointly/web/chart"
)

// FuzzText puts any text wherever a chart takes one, and any number or day beside it: what comes out must be well
// formed, keep the rules, and show the text or its beginning.
func FuzzText(f *testing.F) {
	for _, s := range []string{"Wyre", "", "<script>alert(1)</script>", `" onload="x`, "a\x00\xff\u202eb", "]]>",
		strings.Repeat("W", 200), "Ynys Môn\n–\t£", "e\u0301\u0301\u0301", "日本語の自治体名はとても長い", "&amp;&lt;", "\ufffe"} {
		f.Add(s, 12.5, int64(60), 3)
	}
	f.Add("x", -1e300, int64(-1<<40), -1<<60)
	f.Fuzz(func(t *testing.T, s string, v float64, days int64, n int) {
		// Some ten years round today for most inputs, anything for a few.
		at := today.AddDate(0, 0, int(days%4000))
		if n < 0 {
			at = time.Unix(days, 0)
		}
		about := chart.About{ID: s, Title: "Title " + s, Desc: s, Width: n % 2000}
		period := chart.Period{From: today, To: at}
		for _, d := range []chart.Drawing{
			chart.Bars{About: about, RowHead: s, Rows: []chart.Bar{{Label: s, Link: s, Value: v, Text: s, Share: v},
				{Label: s, Link: "/" + s, Value: 1, Emphasis: true}}}.Draw(),
			chart.Columns{About: about, Series: []string{s, s}, Columns: []chart.Column{
				{Label: s, Group: s, Link: "/x", Values: []float64{v, 2}}, {Label: s, Group: s, Values: []float64{1}}},
				Format: func(float64) string { return s }}.Draw(),
			chart.Timeline{About: about, Today: today, NoteHead: s, Shared: period, SharedLabel: s, From: at,
				Lines: []chart.Line{{Date: at, Label: s}, {Date: today, Label: s, Short: s, Quiet: true}},
				Rows: []chart.TimelineRow{{Label: s, Link: s, Kind: s, Start: at, End: today, Note: s, Shared: true},
					{Label: s, Link: "/x", Start: today, End: at, Extended: at.AddDate(1, 0, 0), NoteShort: s},
					{Label: s, Heading: true}, {Label: s, Milestones: []chart.Milestone{
						{Date: at, Kind: chart.MilestoneKind(n)}, {Date: at, Kind: chart.Break}}}}}.Draw(),
			chart.Windows{About: about, Shared: period, SharedLabel: s, Rows: []chart.Window{
				{Label: s, Link: "/x", From: today, To: at, You: true, Ends: at},
				{Label: s, From: at, To: today, Outside: true, Note: s, Ends: today}}}.Draw(),
			chart.ShareBar{About: about, Threshold: v, ThresholdLabel: s, Shares: []chart.Share{
				{Label: s, Value: v, Text: s}, {Label: s, Value: 3, Emphasis: true}}}.Draw(),
			chart.HexMap{About: about, Legend: []chart.LevelName{{Level: n, Text: s}},
				Totals: []chart.RegionTotal{{Region: s, Text: s}},
				Hexes: []chart.Hex{{Q: n % 50, R: 7, Name: s, Region: s, Link: "/x", Note: s, Level: n, Emphasis: true},
					{Q: n, R: n, Name: s, Emphasis: true}, {Q: 1, R: 2, Region: s}}}.Draw(),
		} {
			for _, svg := range []template.HTML{d.Wide, d.Narrow} {
				if svg == "" {
					continue
				}
				sheet := read(t, svg)
				checkRules(t, sheet)
				if want := "Title " + s; sheet.title != chart.Clean(want) {
					t.Errorf("title %q of %q", sheet.title, want)
				}
			}
		}
	})
}
