package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// endSearchPage freezes a search: from there on its officer notes what it thinks of the results.
type endSearchPage struct {
	view.Page
	Says    []string
	Address string
	Count   string
	Limit   string // says that not all are kept; empty where they are
	ID      string
	Title   view.Input
	Send    view.Button
}

func (s *site) endSearch(c *gin.Context, who visitor) error {
	if err := mayEnd(who); err != nil {
		return err
	}
	return s.showEndSearch(c, who, http.StatusOK, c.Query("address"), catalogue.NewID(), "", nil)
}

// mayEnd refuses those who may not end a search before it is made.
func mayEnd(who visitor) error {
	if catalogue.MayDo(who.actor, catalogue.EndSearch) {
		return nil
	}
	return &catalogue.Error{Kind: catalogue.Forbidden, Message: "Your account can read and search. To end a search for your council, ask an administrator to let you contribute"}
}

func (s *site) showEndSearch(c *gin.Context, who visitor, status int, address, id, title string, wrong error) error {
	a, err := askAt(address)
	if err != nil {
		return err
	}
	q := a.Query
	q.Limit, q.Facets = 1, chosenFacets(a)
	found, err := s.Index.Search(c, audience(who.actor), q)
	if err != nil {
		return err
	}
	said := says(a, found.Facets)
	if status == http.StatusOK {
		title = "Market research: " + shortName(said, 180)
	}
	p := endSearchPage{Page: s.page(c, who, "/desk", "End this search"), Says: said, Address: a.address(), ID: id, Count: view.Plural(found.Total, "result", "results"),
		Title: view.Input{Name: "title", Label: view.Label{Text: "Title of the record"}, Value: title, Error: fieldError(wrong, "title")},
		Send:  view.Button{Text: "Freeze the results", PreventDoubleClick: true}}
	if found.Total > catalogue.MaxResearch {
		p.Limit = "A record keeps the first " + view.Number(catalogue.MaxResearch) + ". Narrow the search with filters if it is to hold all."
	}
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Market research records", Href: "/research"}, {Text: "End this search"}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "end-search", p)
}

func (s *site) beginResearch(c *gin.Context, who visitor) error {
	if err := mayEnd(who); err != nil {
		return err
	}
	t, err := sent(c)
	if err != nil {
		return err
	}
	a, err := askAt(t.Get("address"))
	if err != nil {
		return err
	}
	s.waitForOwn(c, who)
	query, total, results, err := s.frozen(c, who.actor, a)
	if err != nil {
		return err
	}
	id := recordID(t.Get("id"))
	r, err := s.Catalogue.BeginResearch(c, who.actor, catalogue.Research{Meta: catalogue.Meta{ID: id}, Title: t.text("title"), Asked: query, Total: total}, results)
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showEndSearch(c, who, http.StatusBadRequest, t.Get("address"), id, t.text("title"), err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "The results are frozen. Note what you think of them, then end the search.")
	return s.redirect(c, who, researchPath(r.ID))
}

// draftPage is a search that is not ended yet: its frozen results, a part at a time, each with a note to write.
type draftPage struct {
	view.Page
	Heading   string
	Kept      string
	Says      []string
	Action    string
	Version   string
	Part      string
	Title     view.Input
	Note      view.Textarea
	Rows      []draftRow
	Place     string // which results these are
	Parts     view.Pagination
	Save      view.Button
	Next      *view.Button
	End       view.Button
	Discard   view.Button
	DiscardAt string
	Fold      view.Details
	Broken    string // not all results were kept
}

// draftRow is a result with its note.
type draftRow struct {
	Number string
	Title  string
	Href   string
	Line   string
	Note   view.Textarea
}

// draftTyped is what was typed and not saved; Notes nil: nothing was.
type draftTyped struct {
	title, note string
	notes       []string
	part        int
}

func (s *site) showDraft(c *gin.Context, who visitor, status int, v *catalogue.ResearchView, typed draftTyped, wrong error) error {
	part := typed.part
	if typed.notes == nil {
		typed.title, typed.note = v.Title, v.Note
		part = partIn(c.Query("part"), v.Parts)
	}
	p := draftPage{Page: s.page(c, who, "/desk", v.Title), Heading: v.Title, Kept: keptWords(v.Research), Says: asksFor(v.Asked), Action: researchPath(v.ID) + "/notes", DiscardAt: researchPath(v.ID) + "/discard",
		Version: strconv.FormatUint(v.Version, 10), Part: strconv.Itoa(part),
		Title: view.Input{Name: "title", Label: view.Label{Text: "Title of the record"}, Value: typed.title, Error: fieldError(wrong, "title")},
		Note: view.Textarea{Name: "note", Label: view.Label{Text: "Note on the whole (optional)"}, Value: typed.note, Rows: 4, Error: fieldError(wrong, "note"),
			Hint: "Why you searched, what you conclude. Whoever may see the record reads it"},
		Save:    view.Button{Text: "Save notes", Name: "then", Value: "save", Classes: "govuk-button--secondary", PreventDoubleClick: true},
		End:     view.Button{Text: "Save and end the search", Name: "then", Value: "end", PreventDoubleClick: true},
		Discard: view.Button{Text: "Discard it", Classes: "govuk-button--warning", PreventDoubleClick: true}, Fold: view.Details{Summary: "Discard this draft"}}
	first := part * catalogue.ResearchPage
	p.Rows = draftRows(v.Results, first, typed.notes, wrong)
	if len(v.Results) > catalogue.ResearchPage {
		p.Place = "Results " + view.Number(first+1) + " to " + view.Number(first+len(p.Rows)) + " of " + view.Number(len(v.Results))
		p.Parts = draftParts(v, part)
	}
	if part+1 < v.Parts {
		p.Next = &view.Button{Text: "Save and go on", Name: "then", Value: "next", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	}
	if !v.Whole {
		p.Broken = "Not all results were kept, since the service stopped meanwhile. Discard this draft, and end the search again."
	}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Market research records", Href: "/research"}, {Text: v.Title}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "research-draft", p)
}

// draftRows are the results of a part, with the notes that were typed or else those that are kept.
func draftRows(results []catalogue.ResearchResult, first int, typed []string, wrong error) []draftRow {
	var rows []draftRow
	for i, f := range results[min(first, len(results)):min(first+catalogue.ResearchPage, len(results))] {
		note, field, number := f.Note, fmt.Sprintf("note-%d", i), view.Number(first+i+1)
		if i < len(typed) {
			note = typed[i]
		}
		rows = append(rows, draftRow{Number: number, Title: f.Title, Href: f.Path, Line: foundLine(f.Found),
			Note: view.Textarea{Name: field, Label: view.Label{Text: "Note on result " + number}, Value: note, Rows: 2, Error: fieldError(wrong, field)}})
	}
	return rows
}

func partIn(s string, parts int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n >= parts {
		return 0
	}
	return n
}

func draftParts(v *catalogue.ResearchView, part int) view.Pagination {
	at := func(n int) string { return researchPath(v.ID) + "?part=" + strconv.Itoa(n) }
	p := view.Pagination{Label: "Results"}
	if part > 0 {
		p.Previous = &view.PageLink{Text: "Results before", Href: at(part - 1)}
	}
	if part+1 < v.Parts {
		p.Next = &view.PageLink{Text: "Further results", Href: at(part + 1)}
	}
	return p
}

func (s *site) noteResearch(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	version, _ := strconv.ParseUint(t.Get("version"), 10, 64) // none: whatever is there
	in := draftTyped{title: t.text("title"), note: t.text("note"), notes: []string{}, part: partIn(t.Get("part"), catalogue.MaxResearch)}
	for i := range catalogue.ResearchPage {
		in.notes = append(in.notes, t.text(fmt.Sprintf("note-%d", i)))
	}
	_, err = s.Catalogue.NoteResearch(c, who.actor, id, version, in.title, in.note, catalogue.NotesOn{Part: in.part, Notes: in.notes})
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showUnsaved(c, who, id, in, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Your notes are saved.")
	switch t.Get("then") {
	case "end":
		return s.redirect(c, who, researchPath(id)+"/end")
	case "next":
		return s.redirect(c, who, researchPath(id)+"?part="+strconv.Itoa(in.part+1))
	}
	return s.redirect(c, who, researchPath(id)+"?part="+strconv.Itoa(in.part))
}

// showUnsaved shows a draft with what was typed and could not be saved.
func (s *site) showUnsaved(c *gin.Context, who visitor, id string, in draftTyped, wrong error) error {
	v, err := s.Catalogue.Research(c, who.actor, id)
	if err != nil {
		return err
	}
	if !v.Draft() {
		return wrong
	}
	status := http.StatusBadRequest
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		status = http.StatusConflict
		wrong = &catalogue.Error{Kind: catalogue.Conflict, Fields: []catalogue.FieldError{{Field: "note", Message: "These notes were saved somewhere else while you were writing. Yours are below: save again to keep them instead"}}}
	}
	return s.showDraft(c, who, status, v, in, wrong)
}

// finishPage asks who may see the record, and ends the search.
type finishPage struct {
	view.Page
	Heading   string
	Statement string
	Facts     []view.Fact
	Action    string
	Back      string
	Audience  view.Radios
	Send      view.Button
}

func (s *site) finish(c *gin.Context, who visitor) error {
	return s.showFinish(c, who, http.StatusOK, nil)
}

func (s *site) showFinish(c *gin.Context, who visitor, status int, wrong error) error {
	v, err := s.Catalogue.Research(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if !v.Draft() {
		return s.redirect(c, who, researchPath(v.ID))
	}
	p := finishPage{Page: s.page(c, who, "/desk", "End the search"), Heading: v.Title, Statement: catalogue.ResearchStatement, Action: researchPath(v.ID) + "/end", Back: researchPath(v.ID),
		Facts: []view.Fact{{Name: "Searched", Value: view.Day(v.Searched) + ", " + view.TimeOfDay(v.Searched)}, {Name: "Results", Value: keptWords(v.Research)},
			{Name: "Notes", Value: view.Plural(v.Noted, "result has a note", "results have a note")}},
		Audience: view.Radios{Name: "audience", Legend: &view.Legend{Text: "Who may see the record?", Classes: "govuk-fieldset__legend--m"}, Error: fieldError(wrong, "audience"),
			Choices: []view.Choice{{Value: string(catalogue.Own), Text: "Officers of your own council", Hint: "It shows all that you saw"},
				{Value: string(catalogue.Councils), Text: "Officers of all councils", Hint: "With your notes. Of your council’s own records and its groups it shows what every council could see"}}},
		Send: view.Button{Text: "End the search", PreventDoubleClick: true}}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Market research records", Href: "/research"}, {Text: v.Title, Href: p.Back}, {Text: "End the search"}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "finish-search", p)
}

func (s *site) endResearch(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	r, err := s.Catalogue.EndResearch(c, who.actor, c.Param("id"), catalogue.Audience(t.text("audience")))
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showFinish(c, who, http.StatusBadRequest, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "The search is ended. Its record stays as it is, at this address.")
	return s.redirect(c, who, researchPath(r.ID))
}

func (s *site) discardResearch(c *gin.Context, who visitor) error {
	if err := s.Catalogue.DiscardResearch(c, who.actor, c.Param("id")); err != nil {
		return err
	}
	who.session.set("flash", "The draft is discarded.")
	return s.redirect(c, who, "/research")
}

func (s *site) correctResearch(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	r, err := s.Catalogue.CorrectResearch(c, who.actor, c.Param("id"), recordID(t.Get("id")))
	if err != nil {
		return err
	}
	who.session.set("flash", "This draft stands in for the record once you end it. The record stays, and says so.")
	return s.redirect(c, who, researchPath(r.ID))
}

// sortWords says how results are ordered.
func sortWords(a asked) string {
	switch a.Sort {
	case search.ByEnd:
		return "Ending soonest"
	case search.ByName:
		return "A to Z"
	case search.ByNewest:
		return "Newest"
	}
	if a.Text == "" {
		return "Newest"
	}
	return "Best match first"
}

// understoodWords says what the words of a search were taken to mean.
func understoodWords(a asked, found search.Result) string {
	if a.Text == "" || a.Exact {
		return ""
	}
	u := newUnderstood(a, found)
	if u == nil {
		return ""
	}
	var b strings.Builder
	for _, p := range u.Pieces {
		b.WriteString(p.Text)
	}
	return strings.TrimSpace(b.String())
}
