package view_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"jointly/web/view"
)

// draw renders one component and gives its normal form, one line a tag or text.
func draw(t *testing.T, component string, data any) string {
	t.Helper()
	templates := parse(t, map[string]string{"pages/p.html": `{{define "content"}}{{end}}`})
	var b bytes.Buffer
	if err := templates.RenderPart(&b, "p", component, data); err != nil {
		t.Fatal(err)
	}
	return strings.Join(normal(t, b.String()), "\n")
}

func mustHold(t *testing.T, drawn string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(drawn, want) {
			t.Errorf("lacks %s:\n%s", want, drawn)
		}
	}
}

// On a phone a responsive table's rows are blocks: its cells carry the headings, and roles keep it a table.
func TestResponsiveTableKeepsItsMeaning(t *testing.T) {
	drawn := draw(t, "govukTable", view.Table{
		Responsive: true, Sortable: true, FirstCellIsHeader: true,
		Head: []view.Head{{Text: "Council"}, {Text: "Ends"}, {Text: "Value", Numeric: true}, {Text: "Actions", Hidden: true}},
		Rows: [][]view.Cell{{
			{Text: "Wyre", Href: "/councils/wyre", Note: "North West"}, {Text: "not stated", Muted: true, Sort: "9999"},
			{Text: "£60,915", Numeric: true, Tag: &view.Tag{Text: "late"}}, {Text: "Change", Href: "/x"},
		}},
	})
	mustHold(t, drawn,
		`role="table"`, `role="rowgroup"`, `role="row"`, `role="columnheader"`, `role="rowheader"`, `role="cell"`,
		`data-label="Ends"`, `data-label="Value"`, `data-sort-value="9999"`, `data-sort-value="Wyre"`,
		`aria-sort="none"`, `href="/councils/wyre"`, `class="jy-note"`, `class="jy-muted"`, "late",
	)
	if strings.Contains(drawn, `data-label="Council"`) || strings.Contains(drawn, `data-label="Actions"`) {
		t.Errorf("a heading that says nothing is repeated:\n%s", drawn)
	}
}

func TestConditionalFieldsAreHiddenUntilChosen(t *testing.T) {
	fields := []view.Field{{Input: &view.Input{Name: "who", Label: view.Label{Text: "Who would?"}}}}
	field := func(checked bool) view.Field {
		return view.Field{Radios: &view.Radios{Name: "lead", Choices: []view.Choice{{Value: "no", Text: "No", Checked: checked, Conditional: fields}}}}
	}
	drawn := draw(t, "govukField", field(false))
	mustHold(t, drawn, `data-aria-controls="conditional-lead"`, `class="govuk-radios__conditional govuk-radios__conditional--hidden" id="conditional-lead"`, `name="who"`)
	if drawn = draw(t, "govukField", field(true)); strings.Contains(drawn, "--hidden") {
		t.Errorf("hidden although chosen:\n%s", drawn)
	}
}

func TestEveryKindOfFieldIsDrawn(t *testing.T) {
	for want, field := range map[string]view.Field{
		`type="text"`:     {Input: &view.Input{Name: "a"}},
		"<textarea":       {Textarea: &view.Textarea{Name: "a", Similar: &view.Similar{URL: "/similar", Target: "s"}}},
		"<select":         {Select: &view.Select{Name: "a", Typed: true}},
		`type="radio"`:    {Radios: &view.Radios{Name: "a", Choices: []view.Choice{{Text: "x"}}}},
		`type="checkbox"`: {Checkboxes: &view.Checkboxes{Name: "a", Choices: []view.Choice{{Text: "x"}}}},
		`name="a-month"`:  {Date: &view.DateInput{Name: "a"}},
		`accept=".csv"`:   {File: &view.FileUpload{Name: "a", Accept: ".csv"}},
	} {
		mustHold(t, draw(t, "govukField", field), want)
	}
	mustHold(t, draw(t, "govukTextarea", view.Textarea{Name: "a", Similar: &view.Similar{URL: "/similar", Target: "s"}}), `data-similar="/similar"`, `data-similar-target="s"`)
	mustHold(t, draw(t, "govukSelect", view.Select{Name: "a", Typed: true}), "data-autocomplete")
	mustHold(t, draw(t, "jySimilar", view.SimilarBox{ID: "s"}), `aria-live="polite"`, `id="s"`)
}

func TestProductComponents(t *testing.T) {
	mustHold(t, draw(t, "jyCounts", []view.Count{{Number: "79", Label: "platforms", Href: "/platforms"}, {Number: "7", Label: "councils", More: "of 382"}}),
		`href="/platforms"`, "79", "platforms", "councils", "of 382")
	mustHold(t, draw(t, "jyKeyFacts", []view.Fact{{Name: "Licence", Value: "Not known yet", Muted: true, Note: "asked"}}), "<dt>", "Licence", `class="jy-muted"`, "asked")
	mustHold(t, draw(t, "jyDefinitions", []view.Fact{{Name: "Supplier", Value: "MHR", Href: "/suppliers/mhr"}}), "Supplier", `href="/suppliers/mhr"`)
	mustHold(t, draw(t, "jySearch", view.SearchBox{Value: `"revs" & bens`, Examples: []view.Link{{Text: "NEC", Href: "/search?q=nec"}}}),
		`action="/search"`, `role="search"`, `value="\"revs\" & bens"`, `href="/search?q=nec"`)
	mustHold(t, draw(t, "jyFacet", view.Facet{Legend: "Kind", Name: "kind", Open: true, Choices: []view.Choice{{Value: "p", Text: "Platform", Count: "3", Checked: true}}, More: &view.Link{Text: "more", Href: "/m"}}),
		`id="group-kind"`, `open=""`, `checked=""`, `name="kind"`, `class="jy-facet__count"`, "3", `href="/m"`)
	mustHold(t, draw(t, "jyResult", view.Result{Kind: view.Tag{Text: "Platform"}, Title: "<NEC>", Href: "/p", Facts: []view.Piece{{Text: "seen at 7", Strong: true}}, Why: []view.Piece{{Text: "benefits", Mark: true}, {Text: " here", Href: "/h"}}}),
		"<h2", "<NEC>", "<strong>", "<mark>", `href="/h"`)
	mustHold(t, draw(t, "jyLedger", []view.Entry{{Tag: &view.Tag{Text: "Group"}, Title: "Revenues", Href: "/g", Lines: [][]view.Piece{{{Text: "4 councils"}}}}}), "<h3", "Group", "4 councils")
	mustHold(t, draw(t, "jyTally", []view.Tally{{Text: "Housing", Href: "/h", Count: 1500}}), "Housing", "1,500")
	mustHold(t, draw(t, "jyStages", view.Stages{Names: []string{"Suggested", "Forming", "Agreed"}, Current: 1}), `aria-current="step"`, "Forming: stage 2 of 3", ", done")
	mustHold(t, draw(t, "jyPoints", []view.Point{{Name: "Budget.", Text: "yours is larger", Value: "−1.2", Against: true}}), "Budget.", "−1.2", "jy-points__value--against")
	mustHold(t, draw(t, "jyLegend", []view.LegendItem{{Swatch: "0", Text: "5 to 7"}}), "jy-legend__swatch--0", "5 to 7")

	ladder := draw(t, "jyLadder", view.Ladder{Word: "Intends", Step: 3, Of: 4})
	mustHold(t, ladder, "Intends", ", 3 of 4")
	if n := strings.Count(ladder, "jy-ladder__step--on"); n != 3 {
		t.Errorf("%d squares are filled, want 3", n)
	}
	if n := strings.Count(ladder, `class="jy-ladder__step`); n != 4 {
		t.Errorf("%d squares, want 4", n)
	}
}

// What people typed stays text wherever a component shows it.
func FuzzTextStaysText(f *testing.F) {
	f.Add(`<script>alert(1)</script>`)
	f.Add(`" onfocus="alert(1)`)
	f.Add("javascript:alert(1)")
	f.Add("\x00\xff")
	templates := parse(f, map[string]string{"pages/p.html": `{{define "content"}}{{end}}`})
	f.Fuzz(func(t *testing.T, s string) {
		for component, data := range map[string]any{
			"govukInput": view.Input{Name: "n", ID: "i", Value: s, Hint: s, Error: s, Label: view.Label{Text: s}, Prefix: s},
			"govukTable": view.Table{Responsive: true, Head: []view.Head{{Text: s}, {Text: s}}, Rows: [][]view.Cell{{{Text: s, Href: s}, {Text: s, Note: s, Sort: s}}}},
			"jyResult":   view.Result{Kind: view.Tag{Text: s}, Title: s, Href: s, Why: []view.Piece{{Text: s, Mark: true}}},
			"jySearch":   view.SearchBox{Value: s},
		} {
			var b bytes.Buffer
			if err := templates.RenderPart(&b, "p", component, data); err != nil {
				t.Fatal(err)
			}
			root, err := html.Parse(&b)
			if err != nil {
				t.Fatal(err)
			}
			for n := range root.Descendants() {
				if n.Data == "script" && n.Type == html.ElementNode {
					t.Fatalf("%s: %q became a script", component, s)
				}
				for _, a := range n.Attr {
					if strings.HasPrefix(a.Key, "on") || a.Key == "href" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
						t.Fatalf("%s: %q became %s=%q", component, s, a.Key, a.Val)
					}
				}
			}
		}
	})
}

// TestALongTableUnfoldsOnAPhone: one table with all its rows, which paper and a wide screen show; on a phone it can be unfolded.
func TestALongTableUnfoldsOnAPhone(t *testing.T) {
	table := func(rows int, long bool) string {
		list := view.Table{Long: long, Head: []view.Head{{Text: "Council"}}}
		for range rows {
			list.Rows = append(list.Rows, []view.Cell{{Text: "A council"}})
		}
		return draw(t, "govukTable", list)
	}
	drawn := table(14, true)
	mustHold(t, drawn, `class="jy-rows"`, "Show all 14 rows", "jy-rows__all")
	if n := strings.Count(drawn, "A council"); n != 14 {
		t.Errorf("%d of 14 rows are there", n)
	}
	for _, whole := range []string{table(12, true), table(14, false)} {
		if strings.Contains(whole, "jy-rows") {
			t.Errorf("it folds: %s", whole)
		}
	}
}
