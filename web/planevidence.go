package web

import (
	"context"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// planEvidence is what the plan rests on and what became of it: who answered calls, and which examples spread.
// Template plan-evidence.
type planEvidence struct {
	Calls    []planCall
	NoCalls  string
	Examples view.Table
	Note     string // how adoptions are counted; empty: there is no example
	None     string
}

// planCall is who answered a call.
type planCall struct {
	ID    string
	Call  view.Link
	Said  string
	Cover []view.Table // by region and by type; none: nothing but what Said says can be told
	Note  string       // what the rows do not tell
}

// shownPlanExamples is how many examples the plan lists; all of them stand on their own page.
const shownPlanExamples = 10

func (s *site) planEvidence(ctx context.Context) (planEvidence, error) {
	read, err := s.Catalogue.PlanEvidence(ctx)
	if err != nil {
		return planEvidence{}, err
	}
	out := planEvidence{}
	for _, row := range read.Calls {
		call := planCall{ID: "call-" + row.Call.ID, Call: view.Link{Text: row.Call.Label(), Href: callPath(row.Call.ID)},
			Said: view.Number(row.Signed) + " of " + view.Plural(row.Asked, "council that was asked has", "councils that were asked have") + " signed an answer"}
		if share := percentOf(row.Signed, row.Asked); share != "" {
			call.Said += ": " + share
		}
		call.Said += ". " + s.callDue(row.Call) + "."
		for _, cover := range []struct {
			caption, what string
			rows          []catalogue.CoverRow
		}{{"By region", "Region or nation", row.ByRegion}, {"By type of council", "Type", row.ByType}} {
			if len(cover.rows) > 1 {
				call.Cover, call.Note = append(call.Cover, coverTable(cover.caption, cover.what, cover.rows, false)), coverNote
			}
		}
		out.Calls = append(out.Calls, call)
	}
	if len(out.Calls) == 0 {
		out.NoCalls = "No call for evidence has been opened yet."
	}
	out.Examples = spreadTable(read.Examples)
	if len(read.Examples) == 0 {
		out.None = "No example is published yet."
		return out, nil
	}
	out.Note = "Councils choose whether everybody sees their name. Those that do not are counted in whole fives only, so there may be more. How many it fits: councils of the types and nations that the example names."
	if more := len(read.Examples) - shownPlanExamples; more > 0 {
		out.Note = view.Plural(more, "more example is", "more examples are") + " published. " + out.Note
	}
	return out, nil
}

// spreadTable is how many councils do what examples tell.
func spreadTable(rows []catalogue.ExampleRow) view.Table {
	t := view.Table{Caption: "Examples, those that most councils do first", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Example", Classes: "jy-col-40"}, {Text: "Live elsewhere", Numeric: true}, {Text: "Started", Numeric: true}, {Text: "Councils it fits", Numeric: true}}}
	for _, row := range rows[:min(len(rows), shownPlanExamples)] {
		t.Rows = append(t.Rows, []view.Cell{{Text: marked(row.Example.Text.Title, row.Example.Demonstration), Href: pagePath(catalogue.KindExample, row.Example.ID), Note: councilLabel(row.Council)},
			{Text: view.Number(row.Figures.Live), Numeric: true}, {Text: view.Number(row.Figures.Started), Numeric: true}, {Text: view.Number(row.Figures.Of), Numeric: true}})
	}
	return t
}

func councilLabel(c *catalogue.Council) string {
	if c == nil {
		return ""
	}
	return c.Label()
}

// sections adds who gave evidence, and which examples spread, to the plan as a paper.
func (p planEvidence) sections(d *exchange.Document) {
	var given []exchange.Block
	for _, call := range p.Calls {
		given = append(given, said(call.Call.Text+". "+call.Said))
		for _, cover := range call.Cover {
			given = append(given, exchange.Block{Grid: gridOf(cover)})
		}
		if call.Note != "" {
			given = append(given, said(call.Note))
		}
	}
	if p.NoCalls != "" {
		given = append(given, said(p.NoCalls))
	}
	section(d, "coverage", "Who gave evidence", given...)
	spread := []exchange.Block{said(p.None)}
	if p.None == "" {
		spread = []exchange.Block{{Grid: gridOf(p.Examples)}, said(p.Note)}
	}
	section(d, "adoption", "What becomes the norm", spread...)
}
