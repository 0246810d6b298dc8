package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/chart"
	"jointly/web/view"
)

// callPage is a call for evidence: what it asks, who answered, and what councils say in words.
type callPage struct {
	view.Page
	Heading     string
	Tag         view.Tag
	Due         string
	Why         []string
	Answer      *view.Button // for a council that is asked
	AnswerNote  string
	Operator    *callOperator
	Facts       view.SummaryList
	Services    view.Table
	Definitions view.SummaryList
	Counts      []view.Count
	ByRegion    view.Table
	ByType      view.Table
	CoverNote   string // what rows do not tell; empty for the operator
	Map         figure
	MapFold     view.Details
	NoMap       string     // why there is none
	Names       view.Table // councils that the reader may know to have answered
	NamesNote   string
	Questions   []callSaid
}

// callOperator is what the operator can do.
type callOperator struct {
	Links   []view.Link
	Note    string
	Running view.Table // who has begun, and who has nobody here
}

// callSaid is one question with what councils say to it.
type callSaid struct {
	ID     string
	Kind   string
	Text   string
	Note   string
	Draw   *view.Link // a finding, for the operator
	Themes []view.Fact
	Quotes []callQuote
	More   *callFold
}

// callFold is the quotes beyond the first few.
type callFold struct {
	Fold   view.Details
	Quotes []callQuote
}

// callQuote is an answer that may be read.
type callQuote struct {
	Text []string // paragraphs
	Who  view.Link
}

// shownQuotes is how many answers to a question are shown before the rest unfolds.
const shownQuotes = 3

func (s *site) call(c *gin.Context, who visitor) error {
	v, err := s.Catalogue.CallView(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	x := v.Call
	p := callPage{Heading: x.Label(), Tag: callTag(x), Due: s.callDue(x), Why: lines(x.Why), Services: s.callServices(x)}
	p.Facts.Rows = callFacts(x)
	for _, d := range x.Definitions {
		p.Definitions.Rows = append(p.Definitions.Rows, view.SummaryRow{Key: d.Channel.Words(), Value: d.Text})
	}
	p.answers(v)
	if x.State != catalogue.CallDraft {
		s.callCoverage(&p, who, v)
		for i, q := range v.Questions {
			said := newCallSaid(i, q, who)
			said.Draw = drawFinding(who, needOf(q.Kind), callPath(x.ID)+"#"+said.ID, themeWords(q))
			p.Questions = append(p.Questions, said)
		}
	}
	if catalogue.MayDo(who.actor, catalogue.KeepCalls) {
		p.Operator = newCallOperator(v)
	}
	p.Page = s.page(c, who, "/evidence", x.Label())
	p.Description = x.Why
	p.Crumbs = evidenceCrumbs(view.Crumb{Text: "Calls for evidence", Href: "/calls"}, view.Crumb{Text: x.Label()})
	return s.show(c, who, http.StatusOK, "call", p)
}

// answers leads a council that is asked to its answer.
func (p *callPage) answers(v *catalogue.CallView) {
	if !v.IsAsked || v.Call.State == catalogue.CallDraft {
		return
	}
	signed := false
	if v.Mine != nil {
		_, signed = v.Mine.Signed()
	}
	switch {
	case signed:
		p.Answer = &view.Button{Text: "See your council’s answer", Href: callPath(v.Call.ID) + "/answer", Classes: "govuk-button--secondary"}
		p.AnswerNote = "Your council has signed its answer. It can be corrected: the correction is a new version."
	case v.Call.State == catalogue.CallClosed:
		p.AnswerNote = "This call is closed, and your council did not sign an answer."
	case v.Mine != nil:
		p.Answer = &view.Button{Text: "Go on with your council’s answer", Href: callPath(v.Call.ID) + "/answer"}
		p.AnswerNote = "Your council has begun. Nothing of it is seen by others before a lead signs it off."
	default:
		p.Answer = &view.Button{Text: "Answer for your council", Href: callPath(v.Call.ID) + "/answer"}
		p.AnswerNote = "Your council is asked."
	}
}

func callFacts(x *catalogue.EvidenceCall) []view.SummaryRow {
	costs := "Not asked for"
	if x.Costs {
		costs = "Asked for, and can be left out"
	}
	return []view.SummaryRow{
		{Key: "Period", Value: view.Date(x.Start) + " to " + view.Date(x.End)},
		{Key: "Answers by", Value: view.Date(x.Until)},
		{Key: "Who is asked", Value: scopeWords(x)},
		{Key: "Costs", Value: costs},
	}
}

// scopeWords says which councils a call asks.
func scopeWords(x *catalogue.EvidenceCall) string {
	words, some := "All councils", "Councils"
	if x.Demonstration {
		words, some = "All invented councils of the demonstration", "Invented councils"
	}
	if len(x.Asked.Types) > 0 {
		words = some + " of the type " + view.Sentence(x.Asked.Types)
	}
	switch {
	case len(x.Asked.Regions) > 0:
		words += " in " + view.Sentence(x.Asked.Regions)
	case len(x.Asked.Nations) > 0:
		words += " in " + view.Sentence(x.Asked.Nations)
	}
	return words
}

func (s *site) callServices(x *catalogue.EvidenceCall) view.Table {
	t := view.Table{Caption: "Services", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Head: []view.Head{{Text: "Service"}, {Text: "LGSL number", Numeric: true}}}
	for _, lgsl := range x.Services {
		known, _ := s.Catalogue.Register().Service(lgsl)
		t.Rows = append(t.Rows, []view.Cell{{Text: known.Label, Href: pagePath(catalogue.KindService, strconv.Itoa(lgsl))}, {Text: strconv.Itoa(lgsl), Numeric: true}})
	}
	return t
}

// callCoverage fills in who answered.
func (s *site) callCoverage(p *callPage, who visitor, v *catalogue.CallView) {
	p.Counts = []view.Count{{Number: view.Number(v.Asked), Label: noun(v.Asked, "council asked", "councils asked")},
		{Number: view.Number(v.Signed), Label: "signed an answer", More: percentOf(v.Signed, v.Asked)}}
	if v.Late > 0 {
		p.Counts = append(p.Counts, view.Count{Number: view.Number(v.Late), Label: "of them after the last day"})
	}
	operator := catalogue.MayDo(who.actor, catalogue.KeepCalls)
	if operator {
		p.Counts = append(p.Counts, view.Count{Number: view.Number(v.Begun), Label: "begun, not signed"})
	}
	if len(v.ByRegion) > 1 || operator { // one row says what the counts say
		p.ByRegion = coverTable("By region", "Region or nation", v.ByRegion, operator)
	}
	if len(v.ByType) > 1 || operator {
		p.ByType = coverTable("By type of council", "Type", v.ByType, operator)
	}
	if !operator {
		p.CoverNote = coverNote
	}
	p.Names = view.Table{Caption: "Councils that answered", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Sortable: true,
		Head: []view.Head{{Text: "Council"}, {Text: "Type"}, {Text: "Signed"}}}
	for _, row := range v.Councils {
		if row.Signed == nil {
			continue
		}
		signed := view.Cell{Text: view.Day(row.Signed.At), Sort: row.Signed.At.Format("2006-01-02")}
		if row.Signed.Late {
			signed.Note = "after the last day"
		}
		p.Names.Rows = append(p.Names.Rows, []view.Cell{councilCell(row.Council), {Text: row.Council.Type}, signed})
	}
	if hidden := v.Signed - len(p.Names.Rows); hidden > 0 {
		p.NamesNote = view.Plural(hidden, "council that signed is", "councils that signed are") + " not named here: each council chooses who may see that it answered."
		if who.account == nil {
			p.NamesNote += " Officers of councils see more when they sign in."
		}
	}
	p.Map, p.MapFold = coverMap(v, operator), view.Details{Summary: "Show a map of councils", ID: "map-fold"}
	if p.Map.Empty() {
		p.NoMap = "There is no map here: counties and invented councils have no place on the map of councils."
	}
}

func percentOf(part, whole int) string {
	if whole == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f%%", float64(part)*100/float64(whole))
}

// coverNote says what rows of coverage do not tell.
const coverNote = "How many answered by region and by type is told only where it gives away no council that is not named: at least five of those signed and at least five did not. Other rows are put together or left out, and councils that are not named are counted in whole fives."

// coverTable is who answered. The share is for the operator alone: that of a number which may be more would be too low.
func coverTable(caption, what string, rows []catalogue.CoverRow, operator bool) view.Table {
	t := view.Table{Caption: caption, FirstCellIsHeader: true, CaptionClasses: "govuk-table__caption--s",
		Head: []view.Head{{Text: what}, {Text: "Asked", Numeric: true}, {Text: "Signed", Numeric: true}}}
	if operator {
		t.Head = append(t.Head, view.Head{Text: "Share", Numeric: true}, view.Head{Text: "Begun", Numeric: true})
	}
	for _, r := range rows {
		signed := view.Number(r.Signed)
		if r.AtLeast {
			signed = "at least " + signed
		}
		row := []view.Cell{{Text: r.Name}, {Text: view.Number(r.Asked), Numeric: true}, {Text: signed, Numeric: true}}
		if operator {
			row = append(row, view.Cell{Text: percentOf(r.Signed, r.Asked), Numeric: true}, view.Cell{Text: view.Number(r.Begun), Numeric: true})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// coverMap shades the councils of which the reader may know that they answered; nothing where none of those asked has a
// hexagon.
func coverMap(v *catalogue.CallView, operator bool) figure {
	m := chart.HexMap{About: chart.About{ID: "map", Title: "Councils that answered", Width: 440},
		Legend: []chart.LevelName{{Level: 4, Text: "Signed"}, {Level: 0, Text: "Asked: not signed, or not named"}}}
	if operator {
		m.Legend = []chart.LevelName{{Level: 4, Text: "Signed"}, {Level: 2, Text: "Begun"}, {Level: 0, Text: "Not begun"}}
	}
	m.Title = marked(m.Title, v.Call.Demonstration)
	off := 0
	for _, row := range v.Councils {
		h, on := hexOf(row.Council, v.Call.Demonstration)
		if !on {
			off++
			continue
		}
		switch {
		case row.Signed != nil:
			h.Level, h.Note = 4, "signed on "+view.Day(row.Signed.At)
		case row.Begun && operator:
			h.Level, h.Note = 2, "begun"
		}
		m.Hexes = append(m.Hexes, h)
	}
	if len(m.Hexes) == 0 {
		return figure{}
	}
	return newFigure(m.Draw(), mapNote("One hexagon a council that is asked.", off, v.Call.Demonstration, "council that is asked has", "councils that are asked have"))
}

// newCallSaid is what councils say to a question.
func newCallSaid(i int, q catalogue.QuestionView, who visitor) callSaid {
	out := callSaid{ID: "question-" + strconv.Itoa(i+1), Kind: q.Kind.Words(), Text: q.Text}
	switch {
	case q.Answers > 0:
		out.Note = view.Plural(q.Answers, "council has", "councils have") + " answered."
	case len(q.Quotes) == 0:
		out.Note = "What councils say is told once five of them have answered."
	}
	for _, t := range q.Themes {
		f := view.Fact{Name: t.Name, Value: view.Plural(t.Councils, "council", "councils")}
		if t.Few && t.Councils == 0 {
			f.Value, f.Muted = "fewer than five councils", true
		}
		if t.Few && catalogue.MayDo(who.actor, catalogue.CodeAnswers) {
			f.Note = "not told in public: fewer than five"
		}
		out.Themes = append(out.Themes, f)
	}
	for n, quote := range q.Quotes {
		shown := callQuote{Text: lines(quote.Text), Who: view.Link{Text: "A council that is not named"}}
		if quote.Council != nil {
			shown.Who = view.Link{Text: quote.Council.Label(), Href: pagePath(catalogue.KindCouncil, quote.Council.GSS)}
		}
		if n < shownQuotes {
			out.Quotes = append(out.Quotes, shown)
			continue
		}
		if out.More == nil {
			out.More = &callFold{Fold: view.Details{Summary: "Show " + view.Plural(len(q.Quotes)-shownQuotes, "more answer", "more answers")}}
		}
		out.More.Quotes = append(out.More.Quotes, shown)
	}
	return out
}

// needOf is the need of the call of 2015 that a question answers to.
func needOf(k catalogue.QuestionKind) catalogue.CallNeed {
	switch k {
	case catalogue.AskComplex:
		return catalogue.NeedComplex
	case catalogue.AskBuying:
		return catalogue.NeedCollaboration
	case catalogue.AskLeadership:
		return catalogue.NeedCapability
	}
	return catalogue.NeedChannels
}

// themeWords are the themes of a question that everybody may know the number of, to cite them by.
func themeWords(q catalogue.QuestionView) string {
	var out []string
	for _, t := range q.Themes {
		if !t.Few {
			out = append(out, "‘"+t.Name+"’: "+view.Plural(t.Councils, "council", "councils"))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return strings.Join(out, "; ") + ", of " + view.Number(q.Answers) + " that answered"
}

// newCallOperator is what the operator can do with a call, and who has not signed.
func newCallOperator(v *catalogue.CallView) *callOperator {
	x, address := v.Call, callPath(v.Call.ID)
	o := &callOperator{}
	switch x.State {
	case catalogue.CallDraft:
		o.Links = []view.Link{{Text: "Look it over and open it", Href: address + "/run"}, {Text: "Change it", Href: address + "/edit"}}
		o.Note = "This is a draft. Nobody else sees it, and nobody is asked before you open it."
	case catalogue.CallOpen:
		o.Links = []view.Link{{Text: "Change words or the last day", Href: address + "/edit"}, {Text: "Close it", Href: address + "/run"}}
		o.Note = "Councils are being told."
		if !x.Told.AllAsked.IsZero() {
			o.Note = "Councils were told by " + view.Day(x.Told.AllAsked) + "."
		}
	case catalogue.CallClosed:
		o.Links = []view.Link{{Text: "Open it again", Href: address + "/run"}, {Text: "Change words or the last day", Href: address + "/edit"}}
	}
	if v.NoPeople > 0 && x.State != catalogue.CallClosed {
		o.Note += " " + view.Plural(v.NoPeople, "council that is asked has", "councils that are asked have") + " nobody with an account yet: write to them another way."
	}
	for i, q := range v.Questions {
		o.Links = append(o.Links, view.Link{Text: fmt.Sprintf("Read and code answers to question %d (%d of %d coded)", i+1, q.Coded, q.Answers), Href: address + "/questions/" + q.ID})
	}
	if x.State == catalogue.CallDraft {
		return o
	}
	o.Running = view.Table{Caption: "Begun, not signed", CaptionClasses: "govuk-table__caption--s", FirstCellIsHeader: true, Head: []view.Head{{Text: "Council"}, {Text: "Type"}}}
	for _, row := range v.Councils {
		if row.Begun {
			o.Running.Rows = append(o.Running.Rows, []view.Cell{councilCell(row.Council), {Text: row.Council.Type}})
		}
	}
	return o
}
