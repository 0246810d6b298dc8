package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/chart"
	"jointly/web/view"
)

// examplePage is an example as everybody sees it, who does it too, and what the visitor can do with it.
type examplePage struct {
	view.Page
	Body      exampleBody
	Withdrawn string // since when and why; empty: it stands
	Pending   string // for its own officers: what is being written
	Officers  []view.Link
	End       *exampleEndForm // for its own leads
	Changes   []view.Fact     // what changed since it was published
	Norm      figure
	NormWords []string
	Adopters  view.Table
	Map       figure
	NoMap     string     // why there is none, where councils do it; empty: there is one, or nobody to show
	Adopt     *adoptForm // for officers of other councils
	Need      *needForm
	Talk      *view.Link
	SignIn    string
	Similar   *similarBlock
}

// exampleBody is what an example says. Template "example".
type exampleBody struct {
	Caption  string
	Heading  string
	By       []view.Piece
	Summary  string
	Measures view.Table
	Sections []exampleSection // in the order in which they are read
	Reuse    view.Table
	Ask      string // that the council can be asked; empty: it does not offer it
	About    []exampleLinks
	Fits     string
}

// exampleSection is a part of the story: paragraphs, or facts.
type exampleSection struct {
	ID    string
	Title string
	Text  []string
	Facts []view.Fact
}

// exampleLinks are things of one kind that an example is about.
type exampleLinks struct {
	Title string
	Links []view.Link
}

// exampleEndForm withdraws an example.
type exampleEndForm struct {
	Action string
	Fold   view.Details
	Reason view.Textarea
	Send   view.Button
}

// needForm makes a draft of a need from an example.
type needForm struct {
	Action string
	Form   string // ID of the draft that it makes
	Send   view.Button
}

func (s *site) example(c *gin.Context, who visitor) error {
	v, err := s.Catalogue.Example(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if !v.Example.IsPublic() {
		return s.redirect(c, who, pagePath(catalogue.KindExample, v.Example.ID)+"/draft")
	}
	return s.showExample(c, who, http.StatusOK, v, adoptionOf(v.Own), nil)
}

// showExample shows a published example; what was typed about an adoption stays.
func (s *site) showExample(c *gin.Context, who visitor, status int, v *catalogue.ExampleView, f adoptionForm, wrong error) error {
	x := v.Example
	p := examplePage{Body: s.newExampleBody(v, x.Text), Adopters: adoptersTable(v, who.actor), NormWords: normWords(v)}
	councils, err := s.onMap(c, x.Demonstration)
	if err != nil {
		return err
	}
	p.Norm, p.Map = newNorm(v), adoptersMap(v, councils)
	if p.Map.Empty() && len(v.Adopters) > 0 && x.End == nil {
		p.NoMap = "There is no map here: none of these councils has a place on the map of councils."
	}
	if x.End != nil {
		p.Withdrawn = "The council withdrew this example on " + view.Day(x.End.At) + ". Its reason: " + x.End.Reason
	}
	for i := len(x.Changes) - 1; i >= 0; i-- {
		p.Changes = append(p.Changes, view.Fact{Name: view.Day(x.Changes[i].At), Value: x.Changes[i].Note})
	}
	s.exampleActions(&p, who, v, f, wrong)
	if x.Stands() {
		var err error
		if p.Similar, err = s.similarTo(c, who, likeness{kind: catalogue.KindExample, id: x.ID, words: x.Text.Title, capability: x.Text.Capabilities[0], council: x.Council}); err != nil {
			return err
		}
	}
	if who.account != nil {
		anew(c) // it carries the ID of the draft that it can make
	}
	p.Page = s.page(c, who, "/evidence", p.Body.Heading)
	p.Description = p.Body.Summary
	p.Crumbs = exampleCrumbs(view.Crumb{Text: p.Body.Heading})
	p.Errors = errorLinks(wrong, map[string]string{"since": "since-month"})
	if reason := fieldError(wrong, "reason"); reason != "" && p.End != nil {
		p.End.Fold.Open, p.End.Reason.Error = true, reason
	}
	return s.show(c, who, status, "example", p)
}

// exampleActions adds what the visitor can do with an example.
func (s *site) exampleActions(p *examplePage, who visitor, v *catalogue.ExampleView, f adoptionForm, wrong error) {
	x, address := v.Example, pagePath(catalogue.KindExample, v.Example.ID)
	if v.Writes {
		if x.Draft != nil {
			p.Pending = "A change is written. Everybody sees the example as it was until the change is reviewed."
			p.Officers = append(p.Officers, view.Link{Text: "See the change", Href: address + "/draft"})
		} else if x.Stands() && catalogue.MayDo(who.actor, catalogue.WriteExample) {
			p.Officers = append(p.Officers, view.Link{Text: "Change this example", Href: address + "/edit/what"})
		}
		if x.Stands() && catalogue.MayDo(who.actor, catalogue.SendExample) {
			p.End = newExampleEndForm(address)
		}
		return
	}
	if who.actor.IsOperator() && x.Draft != nil {
		p.Officers = append(p.Officers, view.Link{Text: "See the change that is written", Href: address + "/draft"})
	}
	if draw := drawFinding(who, needOfExample(x.Text), address, exampleSays(x.Text)); draw != nil && x.Stands() {
		p.Officers = append(p.Officers, *draw)
	}
	switch {
	case who.account == nil && x.Stands():
		p.SignIn = "/sign-in?next=" + url.QueryEscape(address+"#adopt")
	case who.actor.OrgKind == catalogue.OrgCouncil && (x.Stands() || v.Own != nil) && catalogue.MayDo(who.actor, catalogue.AdoptExample):
		p.Adopt = newAdoptForm(address, v, f, wrong)
	}
	if x.Stands() && who.actor.OrgKind == catalogue.OrgCouncil && catalogue.MayDo(who.actor, catalogue.WriteDraft) {
		p.Need = &needForm{Action: address + "/need", Form: catalogue.NewID(), Send: view.Button{Text: "List a need like this", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	}
	if x.Stands() && x.Text.Talk && who.actor.OrgKind == catalogue.OrgCouncil && catalogue.MayDo(who.actor, catalogue.AskToTalk) {
		p.Talk = &view.Link{Text: "Ask " + v.Council.Label() + " about it", Href: address + "/talk"}
	}
}

func newExampleEndForm(address string) *exampleEndForm {
	return &exampleEndForm{Action: address + "/withdraw", Fold: view.Details{Summary: "Withdraw this example", ID: "withdraw"},
		Reason: view.Textarea{Name: "reason", Rows: 3, Label: view.Label{Text: "Why?"}, Hint: "Everybody reads it, and councils that do it too are told"},
		Send:   view.Button{Text: "Withdraw it", Classes: "govuk-button--warning", PreventDoubleClick: true}}
}

// newExampleBody is what a text of an example says.
func (s *site) newExampleBody(v *catalogue.ExampleView, t catalogue.ExampleText) exampleBody {
	b := exampleBody{Caption: "Example · " + search.ExampleLabel(string(t.Kind)), Heading: marked(t.Title, v.Example.Demonstration), Summary: t.Summary,
		Measures: measureTable(t.Changed), Reuse: reuseTable(t.Reuse), About: s.exampleAbout(v, t), Fits: fitsWords(t)}
	b.By = []view.Piece{{Text: "By "}, {Text: v.Council.Label(), Href: pagePath(catalogue.KindCouncil, v.Council.GSS)}, {Text: ", " + v.Council.Region + "."}}
	if v.Example.IsPublic() {
		b.By = append(b.By, view.Piece{Text: " Reviewed and published on " + view.Day(v.Example.Published) + "."})
	}
	add := func(id, title, text string) {
		if text != "" {
			b.Sections = append(b.Sections, exampleSection{ID: id, Title: title, Text: paragraphs(text)})
		}
	}
	add("for-whom", "For whom", t.ForWhom)
	add("done", "What was done", t.Done)
	if t.Kind == catalogue.ComplexExample && len(t.Partners)+len(t.About) > 0 {
		b.Sections = append(b.Sections, exampleSection{ID: "partners", Title: "Partners and data", Facts: []view.Fact{
			{Name: "About", Value: interventionWords(t.About)}, {Name: "Partners", Value: view.OrNotStated(strings.Join(t.Partners, "; "))},
			{Name: "Data shared", Value: view.OrNotStated(t.DataShared)}, {Name: "Legal basis", Value: view.OrNotStated(t.LegalBasis)}}})
	}
	if took := tookFacts(t); len(took) > 0 {
		b.Sections = append(b.Sections, exampleSection{ID: "took", Title: "What it took", Facts: took})
	}
	add("wrong", "What went wrong", t.Wrong)
	if t.Talk {
		b.Ask = v.Council.Label() + " is ready to be asked about it by other councils."
	}
	return b
}

// tookFacts are who worked on it, for how long, and for how much.
func tookFacts(t catalogue.ExampleText) []view.Fact {
	if t.People == "" && t.Months == 0 && t.Cost.IsZero() {
		return nil
	}
	cost := view.Fact{Name: "Money", Value: budget(t.Cost), Note: t.CostNote, Muted: t.Cost.IsZero()}
	months := view.Fact{Name: "Time", Value: view.Plural(t.Months, "month", "months") + " until it was live"}
	if t.Months == 0 {
		months.Value, months.Muted = view.NotStated, true
	}
	return []view.Fact{{Name: "People", Value: view.OrNotStated(t.People)}, months, cost}
}

func measureTable(list []catalogue.Measure) view.Table {
	t := view.Table{Caption: "What changed", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Figure", Classes: "jy-col-30"}, {Text: "Before"}, {Text: "After"}, {Text: "How it is known", Classes: "jy-col-30"}}}
	for _, m := range list {
		before := view.Cell{Text: m.Before}
		if m.Before == "" {
			before = view.Cell{Text: "not known", Muted: true}
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: m.What}, before, {Text: m.After, Strong: true}, {Text: sentenceCase(m.Method) + " by " + lowerFirst(m.By), Note: view.Date(m.When)}})
	}
	return t
}

func reuseTable(list []catalogue.Reusable) view.Table {
	t := view.Table{Caption: "What can be reused", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "What", Classes: "jy-col-40"}, {Text: "Kind"}, {Text: "Licence"}, {Text: "Where"}}}
	for _, r := range list {
		where := view.Cell{Text: "ask the council", Muted: true}
		if u, err := url.Parse(r.Address); err == nil && u.Host != "" {
			where = view.Cell{Text: u.Host, Href: r.Address}
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: r.What}, {Text: reusableWords(r.Kind)}, {Text: view.OrNotStated(r.Licence), Muted: r.Licence == ""}, where})
	}
	return t
}

func reusableWords(kind string) string {
	switch kind {
	case catalogue.ReusableCode:
		return "Code"
	case catalogue.ReusableSpecification:
		return "Specification"
	case catalogue.ReusableContract:
		return "Contract"
	}
	return "Something else"
}

// interventionWords says what a complex intervention is about.
func interventionWords(about []string) string {
	var words []string
	for _, id := range about {
		words = append(words, lowerFirst(interventionName(id)))
	}
	return sentenceCase(view.OrNotStated(view.Sentence(words)))
}

func interventionName(id string) string {
	switch id {
	case "families":
		return "Families with several needs"
	case "health-care":
		return "Health and social care"
	case "homelessness":
		return "Homelessness"
	}
	return "Another intervention"
}

// exampleAbout are the services, needs and platforms of an example.
func (s *site) exampleAbout(v *catalogue.ExampleView, t catalogue.ExampleText) []exampleLinks {
	var out []exampleLinks
	add := func(title string, links []view.Link) {
		if len(links) > 0 {
			out = append(out, exampleLinks{title, links})
		}
	}
	var services, needs, platforms []view.Link
	for _, service := range v.Services {
		services = append(services, view.Link{Text: service.Label + " (LGSL " + strconv.Itoa(service.LGSL) + ")", Href: pagePath(catalogue.KindService, service.ID)})
	}
	for _, id := range t.Capabilities {
		needs = append(needs, view.Link{Text: s.capabilityName(id), Href: "/examples?capability=" + url.QueryEscape(id)})
	}
	for _, p := range v.Platforms {
		platforms = append(platforms, view.Link{Text: marked(p.Name, p.Demonstration), Href: pagePath(catalogue.KindPlatform, p.ID)})
	}
	add("Services", services)
	add("Examples for the same", needs)
	add("Platforms used", platforms)
	return out
}

// fitsWords says which councils an example fits, within a sentence.
func fitsWords(t catalogue.ExampleText) string {
	words := "councils of every type"
	if len(t.FitsTypes) > 0 {
		var types []string
		for _, name := range t.FitsTypes {
			if nation, _, _ := strings.Cut(name, " "); nation != "London" && nation != "Scottish" && nation != "Welsh" {
				name = lowerFirst(name)
			}
			types = append(types, name)
		}
		words = "councils of these types: " + strings.Join(types, ", ")
	}
	if len(t.FitsNations) > 0 {
		words += ", in " + view.Sentence(t.FitsNations)
	}
	return words
}

// newNorm draws how far an example is from being the norm: of the councils that it fits, those that are live and those
// that have started, each from nothing.
func newNorm(v *catalogue.ExampleView) figure {
	n := v.Figures
	if n.Of == 0 || v.Example.End != nil {
		return figure{}
	}
	of := " of " + view.Number(n.Of)
	bars := chart.Bars{About: chart.About{ID: "norm", Title: "Becoming the norm: councils that do it, of those it fits", Width: 480}, RowHead: "Stage", ValueHead: "Councils", Max: float64(n.Of),
		Rows: []chart.Bar{{Label: "Live", Value: float64(n.FitLive), Text: view.Number(n.FitLive) + of, Emphasis: true}, {Label: "Started", Value: float64(n.FitStarted), Text: view.Number(n.FitStarted) + of}}}
	return newFigure(bars.Draw(), "The whole length is every council that the example fits, beside the one that wrote it.")
}

// normWords says the figures with what they are of, and what they leave out.
func normWords(v *catalogue.ExampleView) []string {
	n := v.Figures
	var out []string
	if v.Example.End == nil && n.Of > 0 {
		out = append(out, view.Number(n.FitLive)+" live and "+view.Number(n.FitStarted)+" started, of "+view.Plural(n.Of, "other council", "other councils")+" that it fits ("+fitsWords(v.Example.Text)+").")
	}
	if others := n.Live + n.Started - n.FitLive - n.FitStarted; others > 0 {
		out = append(out, view.Plural(others, "more council that it does not name as fitting is", "more councils that it does not name as fitting are")+" live or started.")
	}
	if n.Considering > 0 {
		out = append(out, view.Plural(n.Considering, "council considers it", "councils consider it")+"; that is not counted as doing it.")
	}
	if n.Stopped > 0 {
		out = append(out, view.Plural(n.Stopped, "council has stopped.", "councils have stopped."))
	}
	if !n.Whole {
		out = append(out, "Councils choose whether everybody sees their name. Those that do not are counted in whole fives only, so there may be more.")
	}
	return out
}

// adoptersTable lists those who do it too, as far as the visitor sees them.
func adoptersTable(v *catalogue.ExampleView, actor catalogue.Actor) view.Table {
	t := view.Table{Caption: "Councils that do it too", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Council", Classes: "jy-col-40"}, {Text: "Stage"}, {Text: "Since"}}}
	for _, row := range v.Adopters {
		tag := adoptionTag(row.Adoption.Stage)
		name := councilCell(row.Council)
		if actor.OrgKind == catalogue.OrgCouncil || actor.IsOperator() {
			if row.Adoption.Audience != catalogue.Public {
				name.Note = joined([]string{name.Note, "shown to councils only"})
			}
		}
		since := view.Cell{Text: view.Date(row.Adoption.Since), Classes: "jy-nowrap"}
		if row.Adoption.Since.IsZero() {
			since = view.Cell{Text: view.NotStated, Muted: true}
		}
		t.Rows = append(t.Rows, []view.Cell{name, {Tag: &tag, Note: row.Adoption.Reason}, since})
	}
	return t
}

// adoptersMap shades the councils that do it too, and the one that wrote it.
func adoptersMap(v *catalogue.ExampleView, councils []*catalogue.Council) figure {
	invented := v.Example.Demonstration
	m := chart.HexMap{About: chart.About{ID: "map", Title: marked("Councils that do it", invented), Width: 330},
		Legend: []chart.LevelName{{Level: 4, Text: "Wrote it or live"}, {Level: 3, Text: "Started"}, {Level: 1, Text: "Considering"}, {Level: 0, Text: "Not known, which is not no"}}}
	level, note := map[string]int{v.Council.GSS: 4}, map[string]string{v.Council.GSS: "wrote it"}
	for _, row := range v.Adopters {
		if at := map[catalogue.AdoptionStage]int{catalogue.AdoptionLive: 4, catalogue.AdoptionStarted: 3, catalogue.AdoptionConsidering: 1}[row.Adoption.Stage]; at > 0 {
			level[row.Council.GSS], note[row.Council.GSS] = at, lowerFirst(adoptionTag(row.Adoption.Stage).Text)
		}
	}
	shown := 0
	for _, c := range councils {
		h, on := hexOf(c, invented)
		if !on {
			continue
		}
		if at := level[c.GSS]; at > 0 {
			shown++
			h.Level, h.Note = at, note[c.GSS]
			if len(level) <= linkedHexes {
				h.Link, h.Emphasis = pagePath(catalogue.KindCouncil, c.GSS), true
			}
		}
		m.Hexes = append(m.Hexes, h)
	}
	if shown == 0 || v.Example.End != nil {
		return figure{} // nothing to see on it: counties have no hexagon
	}
	return figure{Drawing: m.Draw(), Note: mapNote("One hexagon a council.", len(level)-shown, invented, "council that does it has", "councils that do it have")}
}

// needOfExample is the need of the call of 2015 that an example answers to.
func needOfExample(t catalogue.ExampleText) catalogue.CallNeed {
	if t.Kind == catalogue.ComplexExample {
		return catalogue.NeedComplex
	}
	return catalogue.NeedChannels
}

// exampleSays is the first thing that an example says to have changed, to cite it by.
func exampleSays(t catalogue.ExampleText) string {
	if len(t.Changed) == 0 {
		return ""
	}
	m := t.Changed[0]
	said := m.What + ": "
	if m.Before != "" {
		said += m.Before + " before, "
	}
	return said + m.After + " after, " + m.Method + " by " + m.By
}
