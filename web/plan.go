package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// planPage is the plan that follows from the evidence: findings by the need that they answer, recommendations with who
// leads them, and what came of it.
type planPage struct {
	view.Page
	Needs           []planNeed
	Recommendations view.Table
	None            string // that nothing is recommended yet
	Evidence        planEvidence
	Results         planResults
	Files           []view.Link // the figures, for programs
	Actions         []view.Link // for the operator
	Report          view.Link
}

// planNeed is a need of the call for evidence, with what was found.
type planNeed struct {
	ID, Title, Text string
	Findings        []view.Entry
	Empty           string
}

// planResults are what came of buying together.
type planResults struct {
	GroupsTitle, SavingsTitle string
	Groups, Savings           view.Table

	Notes []string // how the figures are made, and why no more is shown
	Cite  string   // empty before the first
}

func (s *site) plan(c *gin.Context, who visitor) error {
	v, err := s.Catalogue.PlanView(c, who.actor)
	if err != nil {
		return err
	}
	evidence, err := s.planEvidence(c)
	if err != nil {
		return err
	}
	p := planPage{Evidence: evidence, Files: []view.Link{{Text: "The figures as CSV", Href: "/plan/figures.csv"}, {Text: "The figures as JSON", Href: "/plan/figures.json"}},
		Report: view.Link{Text: "The plan as a report, to print or to open in Word", Href: "/plan/report"}, Results: newPlanResults(v)}
	for _, need := range catalogue.CallNeeds() {
		p.Needs = append(p.Needs, newPlanNeed(need, v.Findings))
	}
	if p.Recommendations = recommendationTable(v.Recommendations, v.Leads); len(v.Recommendations) == 0 {
		p.None = "Nothing is recommended yet. Recommendations follow from findings, and findings from evidence."
	}
	if catalogue.MayDo(who.actor, catalogue.KeepPlan) {
		p.Actions = []view.Link{{Text: "Draw a finding", Href: "/plan/findings/new"}, {Text: "Write a recommendation", Href: "/plan/recommendations/new"}}
	}
	p.Page = s.page(c, who, "/evidence", "The plan")
	p.Description = "What the evidence of councils shows about local online services, what is recommended, who leads it, and what came of it."
	p.Crumbs = planCrumbs("")
	return s.show(c, who, http.StatusOK, "plan", p)
}

// planCrumbs is the way from a page of the plan; here is empty on the plan itself.
func planCrumbs(here string) []view.Crumb {
	if here == "" {
		return evidenceCrumbs(view.Crumb{Text: "The plan"})
	}
	return evidenceCrumbs(view.Crumb{Text: "The plan", Href: "/plan"}, view.Crumb{Text: here})
}

// callNeedTitle and callNeedText say what a need of the call for evidence is.
func callNeedTitle(n catalogue.CallNeed) string {
	switch n {
	case catalogue.NeedChannels:
		return "Comparable baselines of channels"
	case catalogue.NeedComplex:
		return "Complex service interventions"
	case catalogue.NeedCollaboration:
		return "Collaboration on platforms"
	}
	return "Capability and leadership"
}

func callNeedText(n catalogue.CallNeed) string {
	switch n {
	case catalogue.NeedChannels:
		return "What people use to reach key services, measured in the same way everywhere."
	case catalogue.NeedComplex:
		return "How digital supports work with people whose needs meet several services."
	case catalogue.NeedCollaboration:
		return "Where councils, and central government, can provide and buy together."
	}
	return "The skills and the leadership that keep it going across the sector."
}

func newPlanNeed(need catalogue.CallNeed, findings []*catalogue.PlanFinding) planNeed {
	n := planNeed{ID: string(need), Title: callNeedTitle(need), Text: callNeedText(need)}
	for _, f := range findings {
		if f.Need == need && f.State != catalogue.PlanWithdrawn {
			n.Findings = append(n.Findings, findingEntry(f))
		}
	}
	if len(n.Findings) == 0 {
		n.Empty = "No finding is drawn yet."
	}
	return n
}

func findingEntry(f *catalogue.PlanFinding) view.Entry {
	e := view.Entry{Title: marked(f.Title, f.Demonstration), Href: "/plan/findings/" + f.ID}
	if f.State == catalogue.PlanDraft {
		e.Tag = &view.Tag{Text: "Draft", Classes: "govuk-tag--grey"}
	}
	var first, rest line
	if len(f.Evidence) > 0 {
		first.say(f.Evidence[0].Title + ": " + f.Evidence[0].Says)
	}
	rest.say("Rests on " + view.Plural(len(f.Evidence), "piece of evidence", "pieces of evidence"))
	if !f.Published.IsZero() {
		rest.say("published on " + view.Day(f.Published))
	}
	e.Lines = saying(first, rest)
	return e
}

// planTag marks how far a recommendation has come.
func planTag(state catalogue.PlanState) view.Tag {
	switch state {
	case catalogue.PlanDraft:
		return view.Tag{Text: "Draft", Classes: "govuk-tag--grey"}
	case catalogue.PlanUnderWay:
		return view.Tag{Text: "Under way", Classes: "govuk-tag--blue"}
	case catalogue.PlanDone:
		return view.Tag{Text: "Done", Classes: "govuk-tag--green"}
	case catalogue.PlanDropped:
		return view.Tag{Text: "Dropped", Classes: "govuk-tag--red"}
	case catalogue.PlanWithdrawn:
		return view.Tag{Text: "Withdrawn", Classes: "govuk-tag--red"}
	}
	return view.Tag{Text: "Not begun", Classes: "govuk-tag--yellow"}
}

func recommendationTable(all []*catalogue.Recommendation, leads map[string]*catalogue.Council) view.Table {
	t := view.Table{Caption: "Recommendations", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Recommendation", Classes: "jy-col-40"}, {Text: "Who leads"}, {Text: "By"}, {Text: "How it stands"}}}
	for _, r := range all {
		tag := planTag(r.State)
		stands := view.Cell{Tag: &tag}
		if n := len(r.Progress); n > 0 {
			stands.Note = "as of " + view.Day(r.Progress[n-1].On)
		}
		by := view.Cell{Text: view.Date(r.By), Muted: r.By.IsZero()}
		t.Rows = append(t.Rows, []view.Cell{{Text: marked(r.Title, r.Demonstration), Href: "/plan/recommendations/" + r.ID,
			Note: "follows from " + view.Plural(len(r.Findings), "finding", "findings")}, leadCell(r, leads[r.Lead]), by, stands})
	}
	return t
}

// leadCell is who leads a recommendation.
func leadCell(r *catalogue.Recommendation, lead *catalogue.Council) view.Cell {
	switch {
	case lead != nil && r.LeadState == catalogue.LeadAgreed:
		return councilCell(lead)
	case r.LeadBody != "":
		return view.Cell{Text: r.LeadBody}
	case lead != nil: // the operator, or the council itself
		cell := councilCell(lead)
		cell.Note = "is asked"
		if r.LeadState == catalogue.LeadDeclined {
			cell.Note = "declined"
		}
		return cell
	case r.LeadState == catalogue.LeadAsked:
		return view.Cell{Text: "A council is asked", Muted: true}
	}
	if r.State == catalogue.PlanDropped {
		return view.Cell{Text: "Nobody", Muted: true}
	}
	return view.Cell{Text: "Nobody yet", Muted: true}
}

// newPlanResults are the figures of the plan in words.
func newPlanResults(v *catalogue.PlanView) planResults {
	r := planResults{
		Groups: view.Table{Caption: "Groups that buy together, by stage", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
			Head: []view.Head{{Text: "Stage"}, {Text: "With a public card", Numeric: true}, {Text: "Others", Numeric: true}}},
		Savings: view.Table{Caption: "Savings that members of groups state", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
			Head: []view.Head{{Text: "What"}, {Text: "Amount, excluding VAT", Numeric: true}, {Text: "Councils", Numeric: true}}},
		Notes: []string{"Groups with a public card are counted as they stand now. What councils keep to themselves is settled once a week, in round numbers, and shown only where at least seven councils stand behind it, none with more than half. A figure is drawn anew only once seven of them have changed.",
			"Savings are what councils state in the ledgers of their groups: a forecast is a range with assumptions, never a promise."},
	}
	r.GroupsTitle, r.SavingsTitle = marked("Groups by stage", v.Invented), marked("Savings", v.Invented)
	r.Groups.Caption, r.Savings.Caption = marked(r.Groups.Caption, v.Invented), marked(r.Savings.Caption, v.Invented)
	if v.Invented {
		r.Notes = append(r.Notes, "All of this is of invented councils, for the demonstration. Once real councils buy together here, it is of real councils alone.")
	}
	if v.Figures != nil {
		r.Cite = v.Figures.Cite()
	}
	for _, stage := range catalogue.GroupStages() {
		r.Groups.Rows = append(r.Groups.Rows, []view.Cell{{Text: sentenceCase(string(stage))}, {Text: view.Number(v.Stages[stage]), Numeric: true}, otherGroups(v.Figures, stage)})
	}
	for _, f := range []struct{ name, words string }{{catalogue.PlanForecast, "Forecast: expected to be saved a year"}, {catalogue.PlanActual, "Actual: saved a year by what is paid since"},
		{catalogue.PlanOneOff, "What changing costs once"}} {
		r.Savings.Rows = append(r.Savings.Rows, savingFigure(v.Figures, f.name, f.words))
	}
	return r
}

func otherGroups(figures *catalogue.PlanFigures, stage catalogue.GroupStage) view.Cell {
	f, ok := figures.Figure(catalogue.PlanGroups + string(stage))
	if !ok {
		return view.Cell{Text: "not shown", Muted: true, Numeric: true}
	}
	return view.Cell{Text: "at least " + view.Number(int(f.Low)), Note: "of at least " + view.Plural(f.Councils, "council", "councils"), Numeric: true}
}

func savingFigure(figures *catalogue.PlanFigures, name, words string) []view.Cell {
	f, ok := figures.Figure(name)
	if !ok {
		return []view.Cell{{Text: words}, {Text: "not shown", Muted: true, Numeric: true}, {Text: "fewer than 7", Muted: true, Numeric: true}}
	}
	return []view.Cell{{Text: words, Note: "drawn on " + view.Date(f.Drawn)}, {Text: rangeWords(catalogue.Money{Min: f.Low, Max: f.High}), Numeric: true},
		{Text: "at least " + view.Number(f.Councils), Numeric: true}}
}

// planChanges is what a part of the plan said before, the latest first.
func planChanges(changes []catalogue.PlanChange) []frameworkPast {
	var out []frameworkPast
	for i := len(changes) - 1; i >= 0; i-- {
		past := frameworkPast{Title: "Until " + view.Day(changes[i].On) + ": " + changes[i].Why}
		for _, f := range changes[i].Was {
			name := map[string]string{"title": "Title", "text": "What it means", "need": "Need", "evidence": "Evidence", "state": "State", "what": "What", "findings": "Findings",
				"lead": "Council that leads", "lead_body": "Who leads", "by": "By"}[f.Name]
			past.Was = append(past.Was, view.Fact{Name: name, Value: view.OrNotStated(f.Text), Muted: f.Text == ""})
		}
		out = append(out, past)
	}
	return out
}

// readVersion is the version that a form was filled in from; 0 where it names none.
func (t *typed) readVersion() uint64 {
	version, err := strconv.ParseUint(strings.TrimSpace(t.Get("version")), 10, 64)
	if err != nil {
		return 0 // what is no number was read of nothing
	}
	return version
}
