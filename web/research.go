package web

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/search"
	"jointly/web/view"
)

// The records of searches that were ended: what a council keeps of its market research.

// researchListPage lists records: those that its reader has yet to end, its council's, and what other councils share.
type researchListPage struct {
	view.Page
	Caption string
	Drafts  []view.Entry
	Own     []view.Entry
	Others  []view.Entry
}

func (s *site) researchList(c *gin.Context, who visitor) error {
	list, err := s.Catalogue.ResearchList(c, who.actor)
	if err != nil {
		return err
	}
	p := researchListPage{Page: s.page(c, who, "/desk", "Market research records"), Caption: who.org}
	for _, r := range list.Drafts {
		p.Drafts = append(p.Drafts, researchEntry(r, ""))
	}
	for _, r := range list.Own {
		p.Own = append(p.Own, researchEntry(r, ""))
	}
	for _, r := range list.Others {
		p.Others = append(p.Others, researchEntry(r.Research, r.Who))
	}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: p.Title}}
	return s.show(c, who, http.StatusOK, "research-list", p)
}

func researchPath(id string) string { return "/research/" + id }

func researchEntry(r *catalogue.Research, who string) view.Entry {
	var what, when line
	what.say(strings.Join(asksFor(r.Asked), "; ")).say(view.Plural(r.Total, "result", "results"))
	if r.Draft() {
		when.say("Searched on " + view.Day(r.Searched)).say("not ended yet")
	} else {
		when.say(who).say("Ended on " + view.Day(r.Ended)).say(researchSeenBy(r.Audience))
	}
	return view.Entry{Title: r.Title, Href: researchPath(r.ID), Lines: saying(what, when)}
}

func researchSeenBy(a catalogue.Audience) string {
	if a == catalogue.Councils {
		return "seen by officers of all councils"
	}
	return "seen by its own council"
}

// asksFor is what a search asked for, in words.
func asksFor(q catalogue.ResearchQuery) []string {
	if q.Words == "" {
		return q.Filters
	}
	return append([]string{saysWords + q.Words}, q.Filters...)
}

// researchPage is a record that was ended.
type researchPage struct {
	view.Page
	Heading   string
	Caption   string
	Statement string
	Replaced  string // where the record is that stands in for this one; empty: none
	Corrects  string // where the record is that this one stands in for; empty: none
	Facts     []view.Fact
	Note      string
	Kept      string
	Results   []recordRow
	Check     researchCheckBox
	Files     []view.Link
	Correct   *correctForm // nil: not for the reader
}

// researchCheckBox says whether the record is still what was ended.
type researchCheckBox struct {
	Holds   bool
	Words   string
	Facts   []view.Fact
	Command string
}

// correctForm begins a record that stands in for this.
type correctForm struct {
	Action string
	ID     string
	Send   view.Button
	Fold   view.Details
}

func (s *site) research(c *gin.Context, who visitor) error {
	v, err := s.Catalogue.Research(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if v.Draft() {
		return s.showDraft(c, who, http.StatusOK, v, draftTyped{}, nil)
	}
	check, err := s.Catalogue.CheckResearch(c, who.actor, v.ID)
	if err != nil {
		return err
	}
	p := newResearchPage(v, check, who)
	p.Page = s.page(c, who, "/desk", v.Title)
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Market research records", Href: "/research"}, {Text: v.Title}}
	return s.show(c, who, http.StatusOK, "research", p)
}

func newResearchPage(v *catalogue.ResearchView, check catalogue.ResearchCheck, who visitor) researchPage {
	p := researchPage{Heading: v.Title, Caption: v.For.Name, Statement: catalogue.ResearchStatement, Facts: researchFacts(v, who), Note: v.Note,
		Kept: keptWords(v.Research), Results: recordRows(v.Results), Check: newResearchCheck(v, check)}
	if v.Replaced != "" {
		p.Replaced = researchPath(v.Replaced)
	}
	if v.Corrects != "" {
		p.Corrects = researchPath(v.Corrects)
	}
	for _, f := range []struct{ text, ext string }{{"CSV", "csv"}, {"Excel (XLSX)", "xlsx"}, {"JSON, with which the hash can be checked", "json"}} {
		p.Files = append(p.Files, view.Link{Text: f.text, Href: researchPath(v.ID) + "/record." + f.ext})
	}
	if v.Mine && v.Replaced == "" {
		p.Correct = &correctForm{Action: researchPath(v.ID) + "/correct", ID: catalogue.NewID(), Fold: view.Details{Summary: "Correct this record, or show it to others"},
			Send: view.Button{Text: "Start a corrected record", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	}
	return p
}

func keptWords(r *catalogue.Research) string {
	if r.Kept < r.Total {
		return fmt.Sprintf("The first %s of %s results, in the order of the search. A record keeps at most %s.", view.Number(r.Kept), view.Number(r.Total), view.Number(catalogue.MaxResearch))
	}
	return "All " + view.Plural(r.Kept, "result", "results") + ", in the order of the search."
}

func researchFacts(v *catalogue.ResearchView, who visitor) []view.Fact {
	asker := "An officer of " + v.For.Name + " (account " + v.Account + ", " + string(v.Role) + ")"
	switch {
	case v.Account == who.actor.Account:
		asker = "You (account " + v.Account + ", " + string(v.Role) + ")"
	case v.Who != "":
		asker = v.Who + " (account " + v.Account + ", " + string(v.Role) + ")"
	}
	facts := []view.Fact{}
	if v.Asked.Words != "" {
		facts = append(facts, view.Fact{Name: "Words", Value: v.Asked.Words, Note: v.Asked.Understood})
	}
	for _, f := range v.Asked.Filters {
		name, value, ok := strings.Cut(f, ": ")
		if !ok {
			name, value = "Filter", f
		}
		facts = append(facts, view.Fact{Name: name, Value: value})
	}
	return append(facts,
		view.Fact{Name: "Order", Value: v.Asked.Sort},
		view.Fact{Name: "Searched", Value: view.Day(v.Searched) + ", " + view.TimeOfDay(v.Searched)},
		view.Fact{Name: "Ended", Value: view.Day(v.Ended) + ", " + view.TimeOfDay(v.Ended)},
		view.Fact{Name: "Asked by", Value: asker},
		view.Fact{Name: "Who may see this", Value: sentenceCase(researchSeenBy(v.Audience))},
		view.Fact{Name: "Dictionary of needs", Value: v.Asked.Dictionary},
		view.Fact{Name: "Index", Value: v.Asked.Index, Note: fmt.Sprintf("as of change %d of the catalogue", v.Asked.Change)},
		view.Fact{Name: "The same search now", Value: "See what it finds today", Href: v.Asked.Address})
}

func newResearchCheck(v *catalogue.ResearchView, check catalogue.ResearchCheck) researchCheckBox {
	b := researchCheckBox{Holds: check.Holds, Words: "This record is what was ended: its hash was worked out anew just now, and the audit trail holds the same.",
		Facts:   []view.Fact{{Name: "SHA-256", Value: v.Hash}, {Name: "Audit trail", Value: fmt.Sprintf("Event %d", v.Event), Note: "its hash, which the next event carries: " + check.Head}},
		Command: "jointly verify"}
	if !check.Holds {
		b.Words = "Do not rely on this record: " + check.Problem + "."
	}
	return b
}

// recordRow is a result in a record.
type recordRow struct {
	Number string
	Title  string
	Href   string
	Line   string
	Source string
	Note   string
}

func recordRows(results []catalogue.ResearchResult) []recordRow {
	rows := make([]recordRow, 0, len(results))
	for i, f := range results {
		source := []string{}
		if f.Source != "" {
			source = append(source, "source: "+joined([]string{f.Source, f.Reference}))
		}
		if f.Why != "" {
			source = append(source, "found by: "+f.Why)
		}
		rows = append(rows, recordRow{Number: view.Number(i + 1), Title: f.Title, Href: f.Path, Line: recordLine(f.Found), Source: sentenceCase(joined(source)), Note: f.Note})
	}
	return rows
}

// recordLine says all that a record holds of a result's parties, dates and value.
func recordLine(f catalogue.Found) string {
	parts := []string{f.State, f.Council, f.Body, f.Supplier, f.Capability, foundDates(f)}
	switch value := foundValue(f); {
	case value != "":
		parts = append(parts, value)
	case f.Kind == catalogue.KindContract:
		parts = append(parts, "value not stated")
	}
	return joined(parts)
}

func foundDates(f catalogue.Found) string {
	contract := f.Kind == catalogue.KindContract
	switch {
	case contract && f.Start.IsZero() && f.End.IsZero():
		return cmp.Or(f.EndNote, "dates not stated")
	case contract && f.End.IsZero():
		return "from " + view.Date(f.Start)
	case contract && f.Start.IsZero():
		return "to " + view.Date(f.End)
	case contract:
		return view.Date(f.Start) + " to " + view.Date(f.End)
	case f.Start.IsZero() && f.End.IsZero():
		return ""
	}
	return "buying " + window(f.Start, f.End)
}

// researchFile is a record as a file.
func (s *site) researchFile(c *gin.Context, who visitor, ext, mime string, write func(io.Writer, *catalogue.ResearchView) error) error {
	v, err := s.Catalogue.Research(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if v.Draft() {
		return &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	buf := buffers.get()
	defer buffers.put(buf)
	if err := write(buf, v); err != nil {
		return err
	}
	if err := s.attachment(c, who, "jointly-research-"+v.ID+"."+ext); err != nil {
		return err
	}
	c.Data(http.StatusOK, mime, buf.Bytes())
	return nil
}

func (s *site) researchJSON(c *gin.Context, who visitor) error {
	return s.researchFile(c, who, "json", "application/json; charset=utf-8", exchange.ResearchJSON)
}

func (s *site) researchCSV(c *gin.Context, who visitor) error {
	return s.researchFile(c, who, "csv", "text/csv; charset=utf-8", s.researchTableFile(exchange.FoundCSV))
}

func (s *site) researchXLSX(c *gin.Context, who visitor) error {
	return s.researchFile(c, who, "xlsx", xlsxType, s.researchTableFile(exchange.FoundXLSX))
}

func (s *site) researchTableFile(begin func(io.Writer, string, bool, []string) (exchange.FoundTable, error)) func(io.Writer, *catalogue.ResearchView) error {
	base := strings.TrimSuffix(s.BaseURL, "/")
	return func(w io.Writer, v *catalogue.ResearchView) error {
		table, err := begin(w, base, true, exchange.ResearchPreamble(v, base))
		if err != nil {
			return err
		}
		for i, f := range v.Results {
			if err := table.Row(i+1, f.Found, f.Note); err != nil {
				return err
			}
		}
		return table.Close()
	}
}

// frozen reads what a search finds, as an actor sees it and, where that is less, as every council does.
func (s *site) frozen(ctx context.Context, actor catalogue.Actor, a asked) (catalogue.ResearchQuery, int, []catalogue.ResearchResult, error) {
	q := a.Query
	q.Highlight, q.Facets, q.Cursor = a.Text != "", chosenFacets(a), ""
	var out []catalogue.ResearchResult
	first, _, err := s.eachPage(ctx, actor, q, catalogue.MaxResearch, func(hits search.Result) (bool, error) {
		rows, err := s.founds(ctx, actor, a.Text, hits.Hits)
		if err != nil {
			return false, err
		}
		shared, err := s.founds(ctx, catalogue.AnyCouncil(), a.Text, hits.Hits)
		if err != nil {
			return false, err
		}
		for _, row := range rows {
			out = append(out, withShared(row, shared))
		}
		return true, nil
	})
	words := says(a, first.Facets)
	if a.Text != "" {
		words = words[1:]
	}
	return catalogue.ResearchQuery{Address: a.address(), Words: a.Text, Exact: a.Exact, Understood: understoodWords(a, first), Filters: words, Sort: sortWords(a),
		Dictionary: s.Catalogue.Dictionary().Version(), Index: s.Index.Version(), Change: first.Seq}, first.Total, out, err
}

func withShared(row foundHit, shared []foundHit) catalogue.ResearchResult {
	out := catalogue.ResearchResult{Found: row.found}
	for _, other := range shared {
		if other.found.Kind == row.found.Kind && other.found.ID == row.found.ID && other.found != row.found {
			less := other.found
			out.Shared = &less
		}
	}
	return out
}
