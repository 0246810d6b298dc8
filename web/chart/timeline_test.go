package chart_test

import (
	"html/template"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/web/chart"
)

// contracts are of the shapes that public records have: with and without a start, an end, an extension.
func contracts() chart.Timeline {
	return chart.Timeline{About: about("ends"), Today: today, NoteHead: "Ends",
		Lines: []chart.Line{{Date: day("2028-04-01"), Label: "Possible reorganisation", Short: "Reorganisation"}},
		Rows: []chart.TimelineRow{
			{Label: "CCTV maintenance", Link: "/contracts/1", Start: day("2021-12-01"), End: day("2026-11-30"),
				Note: "30 November 2026, in 7 days", NoteShort: "30 Nov 2026"},
			{Label: "Finance hosting", Start: day("2023-06-01"), End: day("2026-05-31"), Extended: day("2027-05-31"),
				Note: "31 May 2027 if extended"},
			{Label: "Business World - Finance Business Solution (G-Cloud, U4-139423)", Start: day("2024-12-27"),
				End: day("2027-12-26"), Note: "26 December 2027"},
			{Label: "Revenues and benefits", Start: day("2025-08-25"), Note: "end not stated"},
			{Label: "Website", End: day("2027-03-31"), Note: "31 March 2027"},
			{Label: "Mobile workforce (housing)", Note: "end not stated"},
		}}
}

func estate() chart.Timeline {
	notice := func(s string) []chart.Milestone { return []chart.Milestone{{Date: day(s), Kind: chart.NoticeBy}} }
	return chart.Timeline{About: about("estate"), Today: today, From: day("2026-09-01"),
		Lines: []chart.Line{{Date: day("2027-05-23"), Label: "6 months", Short: "6", Quiet: true},
			{Date: day("2027-11-23"), Label: "12 months", Short: "12", Quiet: true}},
		Rows: []chart.TimelineRow{
			{Label: "Planning and building control", Link: "/c/1", Kind: "Contract", Start: day("2020-01-01"),
				End: day("2027-06-30"), Extended: day("2028-06-30"), Milestones: notice("2026-12-31")},
			{Label: "Telephony", Link: "/c/2", Kind: "Has an intention", Start: day("2021-01-01"), End: day("2027-09-30"),
				Extended: day("2028-09-30"), Milestones: notice("2027-03-31")},
			{Label: "Payments and income", Link: "/c/3", Kind: "Contract", Start: day("2022-01-01"),
				End: day("2028-03-31"), Extended: day("2029-03-31"),
				Milestones: append(notice("2027-12-31"), chart.Milestone{Date: day("2027-03-31"), Kind: chart.Break})},
			{Label: "Finance", Link: "/c/4", Kind: "Contract", Start: day("2020-01-01"), End: day("2029-03-31"),
				Extended: day("2031-03-31"), Milestones: notice("2028-06-30")},
		}}
}

func plan() chart.Timeline {
	window := func(name, from, to, ends string) chart.TimelineRow {
		return chart.TimelineRow{Label: name, Kind: "Member can tender", Shared: true, Start: day(from), End: day(to),
			Milestones: []chart.Milestone{{Date: day(ends), Kind: chart.Ends}}}
	}
	return chart.Timeline{About: about("plan"), Today: today, RowHead: "Step",
		Lines: []chart.Line{{Date: day("2028-01-31"), Label: "First contract ends, 31 January 2028",
			Short: "First end, 31 Jan 2028"}},
		Shared: chart.Period{From: day("2027-06-01"), To: day("2027-10-31")},
		Rows: []chart.TimelineRow{
			{Label: "Agree the matrix and values", Emphasis: true, Kind: "Step", Start: today, End: day("2026-12-18")},
			{Label: "Key decision notice, 28 clear days", Kind: "Step", Start: day("2027-01-18"), End: day("2027-02-15")},
			{Label: "Tender open (UK4), 30 days", Kind: "Step", Start: day("2027-06-01"), End: day("2027-07-01")},
			{Label: "Contracts and windows to tender", Heading: true},
			window("Aldermere", "2027-04-01", "2027-12-31", "2028-03-31"),
			window("Castleholt", "2027-05-01", "2027-10-31", "2028-01-31"),
			window("Fenholme", "2027-06-01", "2028-03-31", "2028-09-30"),
		}}
}

func windows() chart.Windows {
	return chart.Windows{About: about("windows"),
		Shared:      chart.Period{From: day("2027-06-01"), To: day("2027-10-31")},
		SharedLabel: "All three can tender: June to October 2027",
		Rows: []chart.Window{
			{Label: "Netherby", Outside: true, Note: "17 months after yours ends", From: day("2029-05-01"),
				To: day("2029-11-30"), Ends: day("2030-03-31")},
			{Label: "Aldermere (you)", You: true, From: day("2027-04-01"), To: day("2027-12-31"), Ends: day("2028-03-31")},
			{Label: "Brackwater", Link: "/intentions/2", From: day("2027-06-01"), To: day("2027-12-31"),
				Ends: day("2028-06-30")},
			{Label: "Castleholt", Link: "/intentions/3", From: day("2027-04-01"), To: day("2027-10-31")},
		}}
}

const (
	amber  = "#ffb81c"
	ink    = "#0b0c0c"
	yellow = "#fdf0c4"
)

func TestTermsLieInProportionToTheirDays(t *testing.T) {
	d := chart.Timeline{About: about("x"), Rows: []chart.TimelineRow{
		{Label: "One year", Start: day("2027-04-01"), End: day("2028-03-31")},
		{Label: "Two years after it", Start: day("2028-04-01"), End: day("2030-03-31")},
	}}.Draw()
	for _, svg := range []template.HTML{d.Wide, d.Narrow} {
		bars := read(t, svg).filled(deep)
		one, two := bars[0].box, bars[1].box
		if math.Abs(one.x1-two.x0) > 0.11 {
			t.Errorf("the first ends at %g, the next day's begins at %g", one.x1, two.x0)
		}
		if ratio := (two.x1 - two.x0) / (one.x1 - one.x0); math.Abs(ratio-730.0/366) > 0.02 {
			t.Errorf("two years are %.3f times as long as one", ratio)
		}
	}
}

func TestTodayStandsBetweenWhatIsOverAndWhatIsNot(t *testing.T) {
	d := chart.Timeline{About: about("x"), Today: today, Rows: []chart.TimelineRow{
		{Label: "Over", Start: day("2024-01-01"), End: day("2026-11-22")},
		{Label: "To come", Start: day("2026-11-24"), End: day("2028-03-31")},
	}}.Draw()
	for _, svg := range []template.HTML{d.Wide, d.Narrow} {
		s := read(t, svg)
		s.text(t, "Today")
		bars := s.filled(deep)
		over, next := bars[len(bars)-2].box, bars[len(bars)-1].box
		found := false
		for _, m := range s.of("line") {
			if m.stroke == ink {
				found = true
				if m.from.x < over.x1-0.2 || m.from.x > next.x0+0.2 {
					t.Errorf("today at %g, between %g and %g", m.from.x, over.x1, next.x0)
				}
			}
		}
		if !found {
			t.Error("no line for today")
		}
	}
}

func TestUnknownDatesAreNotDrawnAsKnown(t *testing.T) {
	row := func(start, end string) sheet {
		d := chart.Timeline{About: about("x"), Today: today, Rows: []chart.TimelineRow{
			{Label: "Row", Start: day(start), End: day(end)}}}.Draw()
		return read(t, d.Wide)
	}
	terms := func(s sheet) int {
		n := 0
		for _, m := range s.filled(deep) {
			if m.kind == "rect" && m.box.x1-m.box.x0 > 10 {
				n++
			}
		}
		return n
	}
	if s := row("2025-01-01", "2028-01-01"); terms(s) != 1 {
		t.Error("a stated term has no solid bar")
	}
	for name, s := range map[string]sheet{"no end": row("2025-01-01", ""), "no start": row("", "2028-01-01"),
		"neither": row("", ""), "ends before it starts": row("2028-01-01", "2027-01-01")} {
		if terms(s) != 0 {
			t.Errorf("%s: drawn as a stated term", name)
		}
		checkRules(t, s)
	}
	table := contracts().Draw().Table
	if got := table.Rows[3][1:3]; !slices.Equal(got, []string{"25 August 2025", "not stated"}) {
		t.Errorf("table says %q", got)
	}
}

func TestExtensionsAreOutlinedAfterTheTerm(t *testing.T) {
	d := chart.Timeline{About: about("x"), Rows: []chart.TimelineRow{
		{Label: "Row", Start: day("2024-04-01"), End: day("2026-03-31"), Extended: day("2028-03-31")}}}.Draw()
	s := read(t, d.Wide)
	term := s.filled(deep)[len(s.filled(deep))-1]
	for _, m := range s.of("rect") {
		if m.fill == "none" && m.stroke == deep && m.box.y0 >= term.box.y0-1 && m.box.x0 >= term.box.x1-1 {
			if length := (m.box.x1 - m.box.x0) / (term.box.x1 - term.box.x0); math.Abs(length-1) > 0.02 {
				t.Errorf("two more years are %.2f times the first two", length)
			}
			return
		}
	}
	t.Error("no outline after the term")
}

func TestLegendNamesWhatOccursAndNothingElse(t *testing.T) {
	names := func(svg template.HTML) string {
		all := "\n"
		for _, m := range read(t, svg).texts() {
			all += m.text + "\n"
		}
		return all
	}
	full := names(estate().Draw().Wide)
	for _, want := range []string{"Contract", "Has an intention", "Extension that may be used", "Notice by", "Break"} {
		if !strings.Contains(full, "\n"+want+"\n") {
			t.Errorf("the legend lacks %q", want)
		}
	}
	if strings.Contains(full, "End not stated") {
		t.Error("the legend explains dots that are not there")
	}
	plain := names(chart.Timeline{About: about("x"), Rows: []chart.TimelineRow{
		{Label: "Row", Start: day("2024-04-01"), End: day("2026-03-31")}}}.Draw().Wide)
	if strings.Contains(plain, "Stated term") {
		t.Error("a legend for one kind of mark")
	}
}

func TestAxisNamesFinancialYears(t *testing.T) {
	for name, svg := range map[string]template.HTML{"wide": contracts().Draw().Wide, "narrow": contracts().Draw().Narrow,
		"quarters": windows().Draw().Wide} {
		n := 0
		for _, m := range read(t, svg).texts() {
			if strings.HasPrefix(m.text, "Apr") {
				n++
			}
		}
		if n < 2 {
			t.Errorf("%s: %d Aprils named", name, n)
		}
	}
	read(t, windows().Draw().Wide).text(t, "Jul")
}

func TestASlipOfThePenDoesNotFlattenTheChart(t *testing.T) {
	d := chart.Timeline{About: about("x"), Today: today, Rows: []chart.TimelineRow{
		{Label: "Right", Start: day("2025-04-01"), End: day("2029-03-31")},
		{Label: "Wrong", Start: day("2025-04-01"), End: day("9026-03-31")},
		{Label: "Wrong", Start: day("0202-04-01"), End: day("2027-03-31")},
		{Label: "Empty", Start: day("2025-04-01"), End: day("2027-03-31"), Extended: time.Unix(1<<60, 0)},
	}}.Draw()
	for _, svg := range []template.HTML{d.Wide, d.Narrow} {
		s := read(t, svg)
		checkRules(t, s)
		right := s.filled(deep)[1].box // the first is the legend's
		if right.x1-right.x0 < s.width/4 {
			t.Errorf("four years are %g px of %g", right.x1-right.x0, s.width)
		}
	}
}

func TestNotesShortenOnAPhone(t *testing.T) {
	d := contracts().Draw()
	read(t, d.Wide).text(t, "30 November 2026, in 7 days")
	read(t, d.Narrow).text(t, "30 Nov 2026")
}

func TestSharedPeriodLiesBehindThoseWhoShareIt(t *testing.T) {
	for name, d := range map[string]chart.Drawing{"plan": plan().Draw(), "windows": windows().Draw()} {
		for _, svg := range []template.HTML{d.Wide, d.Narrow} {
			s := read(t, svg)
			bands := s.filled(yellow)
			band := bands[len(bands)-1].box // the first is the legend's
			castleholt := s.text(t, "Castleholt")
			if castleholt.box.y0 < band.y0 || castleholt.box.y1 > band.y1 {
				t.Errorf("%s: band %v, a sharer at %v", name, band, castleholt.box)
			}
			for _, m := range s.texts() {
				apart := m.text == "Netherby" || m.text == "Agree the matrix and values"
				if apart && m.box.meets(band, 0) {
					t.Errorf("%s: %q stands on the band", name, m.text)
				}
			}
		}
	}
}

func TestWindowsThatDoNotFitStandLastAndOutlined(t *testing.T) {
	s := read(t, windows().Draw().Wide)
	outside, you := s.text(t, "Netherby"), s.text(t, "Aldermere (you)")
	for _, m := range s.texts() {
		if m.text == "Castleholt" && m.box.y0 > outside.box.y0 {
			t.Error("a window that fits stands below one that does not")
		}
	}
	if !you.bold || outside.bold {
		t.Error("the reader's own council is not set apart")
	}
	note := s.text(t, "17 months after yours ends")
	if math.Abs(note.from.y-outside.from.y) > 2 {
		t.Errorf("the note stands at %g, its row at %g", note.from.y, outside.from.y)
	}
	table := windows().Draw().Table
	if got := table.Rows[len(table.Rows)-1][4]; got != "not yet: 17 months after yours ends" {
		t.Errorf("table says %q", got)
	}
}

func TestMilestonesAreMarkedOnTheirDate(t *testing.T) {
	s := read(t, estate().Draw().Wide)
	if n := len(s.filled(amber)); n != 5 { // four rows and the legend
		t.Errorf("%d notice marks", n)
	}
	head := estate().Draw().Table.Head
	if want := []string{"Contract", "From", "To", "May be extended to", "Notice by", "Break"}; !slices.Equal(head, want) {
		t.Errorf("head %q, want %q", head, want)
	}
}
