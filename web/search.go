package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// searchPage is a search and what it found: of every kind, or one of the lists, which show one kind.
type searchPage struct {
	view.Page
	Heading    string // a list's; empty: the search itself
	Lead       string
	Action     *view.Link // what else can be done here
	Drafts     *view.Link // to the needs that the visitor's council is still writing; nil for none
	Box        view.SearchBox
	Understood *understood
	Hidden     []hiddenField // of the form with the filters
	Path       string
	Facets     []view.Facet
	Total      string
	Sorts      []sortLink
	Notes      [][]view.Piece // what is shown and what is not
	Results    []view.Result
	Next       *view.Pagination
	Back       string // the first page, from a later one
	Nothing    *nothing
	Unknown    []string   // what the address asks for and nobody knows
	SignIn     string     // where to sign in to search more; empty for those who have, and where all is public
	MoreThere  string     // what there is more of then
	ListNeed   *view.Link // to list what was searched for as a need
	Keep       keeping    // what can be done with the search as a whole
}

// understood is what the words were taken to mean, and the way out of it.
type understood struct {
	Pieces []view.Piece
	Out    []view.Link
}

type hiddenField struct{ Name, Value string }

// sortLink orders the results; without an address it is how they are ordered.
type sortLink struct {
	Text string
	Href string
}

// listing is what sets one of the lists apart from the search.
type listing struct {
	path    string
	kind    catalogue.Kind // the only kind that it shows; empty: every kind
	title   string
	lead    string
	label   string // of the search box
	sort    search.Sort
	action  *view.Link
	facets  []search.Facet
	section string
	also    []view.Piece // what else there is, after the notes
}

func (s *site) search(c *gin.Context, who visitor) error {
	return s.list(c, who, listing{path: "/search", title: "Search", section: "/search",
		facets: []search.Facet{search.FacetKind, search.FacetQuarter, search.FacetRegion, search.FacetSupplier, search.FacetCapability,
			search.FacetCouncilType, search.FacetRoute}})
}

// list answers a search or a list.
func (s *site) list(c *gin.Context, who visitor, l listing) error {
	a, err := ask(l.path, l.kind, c.Request.URL.Query())
	if err != nil {
		return err
	}
	unknown, err := s.leaveOut(&a, who)
	if err != nil {
		return err
	}
	q := a.Query
	q.Highlight, q.Facets = true, facetsOf(a, l.facets)
	if q.Sort == "" && q.Text == "" {
		q.Sort = l.sort
	}
	found, err := s.find(c, who, q)
	if err != nil {
		return err
	}
	results, err := s.results(c, who.actor, found.Hits)
	if err != nil {
		return err
	}
	p := newSearchPage(a, l, q, found)
	p.Results, p.Unknown = results, unknown
	if found.Total == 0 {
		if p.Nothing, err = s.nothing(c, who, a, found); err != nil {
			return err
		}
	}
	if !s.Index.Ready() {
		p.Notes = append([][]view.Piece{{{Text: "Jointly has just started and is still reading the catalogue: there may be more results in a few minutes."}}}, p.Notes...)
	}
	if len(l.also) > 0 && p.Nothing == nil {
		p.Notes = append(p.Notes, l.also)
	}
	if p.MoreThere = "Some councils share intentions with other councils only."; l.kind == catalogue.KindOffer {
		p.MoreThere = "Some councils tell other councils only what they offer and seek."
	}
	if who.account == nil && l.kind != catalogue.KindExample {
		p.SignIn = "/sign-in?next=" + url.QueryEscape(c.Request.URL.RequestURI())
	}
	lists := catalogue.ListIntention
	if l.kind == catalogue.KindOffer {
		lists = catalogue.KeepOffers
	}
	if offered(who, lists) || l.kind == catalogue.KindOffer && catalogue.MayDo(who.actor, lists) { // bodies offer too
		p.ListNeed = &view.Link{Text: "List this as a need", Href: "/intentions/new?title=" + url.QueryEscape(a.Text)}
		if l.kind == catalogue.KindOffer {
			p.ListNeed = l.action
		}
	} else {
		p.Action = nil
	}
	if l.kind == catalogue.KindExample && who.actor.OrgKind == catalogue.OrgCouncil {
		p.Drafts = &view.Link{Text: "Your council’s examples", Href: "/examples/yours"}
	}
	if l.kind == catalogue.KindIntention {
		if p.Drafts, err = s.draftsLink(c, who.actor); err != nil {
			return err
		}
	}
	title := l.title
	if a.Text != "" {
		title = a.Text + " – " + l.title
	}
	p.Keep = newKeeping(a, q, who, found.Total)
	p.Page = s.page(c, who, l.section, title)
	if l.kind != "" {
		p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: l.title}}
	}
	if l.section == "/evidence" {
		p.Crumbs = evidenceCrumbs(view.Crumb{Text: l.title})
	}
	return s.show(c, who, http.StatusOK, "search", p)
}

// find searches as a visitor may, with what it has just written.
func (s *site) find(ctx context.Context, who visitor, q search.Query) (search.Result, error) {
	eyes := audience(who.actor)
	if seq := who.session.lastWrite(); seq > 0 {
		s.Index.Wait(ctx, eyes, seq, waitForOwnWrite)
	}
	return s.Index.Search(ctx, eyes, q)
}

func newSearchPage(a asked, l listing, q search.Query, found search.Result) searchPage {
	p := searchPage{
		Lead: l.lead, Action: l.action, Path: l.path,
		Box:    view.SearchBox{Action: l.path, Label: l.label, Value: a.Text},
		Facets: newFacets(a, found.Facets),
		Total:  view.Plural(found.Total, "result", "results"),
		Sorts:  sortLinks(a, q.Sort),
		Hidden: hiddenFields(a),
	}
	if l.kind != "" {
		p.Heading = l.title
	}
	if a.Text != "" {
		p.Understood = newUnderstood(a, found)
	}
	if found.Total == 0 {
		p.Total = "No results"
		return p
	}
	p.Notes = notes(a, found)
	if a.Cursor != "" {
		p.Back = a.with(func(*asked) {})
	}
	if found.Next != "" {
		p.Next = &view.Pagination{Label: "Results", Next: &view.PageLink{Text: "Next results",
			Href: a.with(func(a *asked) { a.Cursor = found.Next })}}
	}
	return p
}

// hiddenFields carry what the filters do not show, so that applying them keeps it.
func hiddenFields(a asked) []hiddenField {
	var out []hiddenField
	v := a.values()
	for _, name := range []string{"q", "exact", "ended", "sort", "ends_from", "ends_to", "all"} {
		if value := v.Get(name); value != "" {
			out = append(out, hiddenField{name, value})
		}
	}
	return out
}

func sortLinks(a asked, current search.Sort) []sortLink {
	orders := []struct {
		sort search.Sort
		text string
	}{{search.ByRelevance, "Best match first"}, {search.ByEnd, "Ending soonest"}, {search.ByNewest, "Newest"}, {search.ByName, "A to Z"}}
	if current == "" {
		current = search.ByNewest
		if a.Text != "" {
			current = search.ByRelevance
		}
	}
	var out []sortLink
	for _, o := range orders {
		if o.sort == search.ByRelevance && a.Text == "" || o.sort == search.ByEnd && !ends(a.kind) {
			continue
		}
		link := sortLink{Text: o.text}
		if o.sort != current {
			link.Href = a.with(func(a *asked) { a.Sort = o.sort })
		}
		out = append(out, link)
	}
	return out
}

// ends says that what a list shows has an end of its own.
func ends(kind catalogue.Kind) bool {
	return kind != catalogue.KindPlatform && kind != catalogue.KindExample
}

// notes say in words what is shown.
func notes(a asked, found search.Result) [][]view.Piece {
	var out [][]view.Piece
	switch {
	case found.Alike && found.All == 0:
		out = append(out, []view.Piece{{Text: "We know the name, and nothing here has it. These are for the same purpose."}})
	case found.Alike:
		out = append(out, []view.Piece{{Text: view.Plural(found.All, "result has", "results have") + " this name; those after are for the same purpose."}})
	case found.AnyWord:
		out = append(out, []view.Piece{{Text: "Nothing has all of these words. These have some of them."}})
	case found.All < found.Total && a.Text != "":
		out = append(out, []view.Piece{{Text: view.Plural(found.All, "result has", "results have") + " all of these words; those after have some of them."}})
	}
	if len(found.Loose) > 0 {
		out = append(out, []view.Piece{{Text: "Nothing has " + view.Sentence(quoted(found.Loose)) + " beside the rest, so " + noun(len(found.Loose), "that word was", "those words were") + " left out."}})
	}
	if len(found.Dropped) > 0 {
		out = append(out, []view.Piece{{Text: "Too many words: these were left out: " + strings.Join(found.Dropped, " ") + "."}})
	}
	if len(a.Statuses) == 0 && ends(a.kind) {
		ended := []view.Piece{{Text: "What has ended is hidden: "}, {Text: "include it", Href: a.with(func(a *asked) { a.Ended = true })}, {Text: "."}}
		if a.Ended {
			ended = []view.Piece{{Text: "What has ended is shown too: "}, {Text: "hide it", Href: a.with(func(a *asked) { a.Ended = false })}, {Text: "."}}
		}
		out = append(out, ended)
	}
	if !a.EndsFrom.IsZero() || !a.EndsTo.IsZero() {
		out = append(out, []view.Piece{{Text: "Only what states an end " + between(a.EndsFrom, a.EndsTo) + ": "},
			{Text: "show all", Href: a.with(func(a *asked) { a.EndsFrom, a.EndsTo = catalogue.Date{}, catalogue.Date{} })}, {Text: "."}})
	}
	return out
}

func between(from, to catalogue.Date) string {
	switch {
	case from.IsZero():
		return "until " + view.Date(to)
	case to.IsZero():
		return "from " + view.Date(from)
	}
	return "from " + view.Date(from) + " to " + view.Date(to)
}

// shownMeanings is how many ways of saying the same the page tells.
const shownMeanings = 4

// newUnderstood tells what the dictionary made of the words; nil where it took them as they are.
func newUnderstood(a asked, found search.Result) *understood {
	exact := view.Link{Text: "Search for these exact words", Href: a.with(func(a *asked) { a.Exact = true })}
	if a.Exact {
		return &understood{Pieces: []view.Piece{{Text: "Showing these exact words only."}},
			Out: []view.Link{{Text: "Search for what they mean as well", Href: a.with(func(a *asked) { a.Exact = false })}}}
	}
	u := &understood{}
	if found.Corrected != "" {
		u.Pieces = append(u.Pieces, view.Piece{Text: "Showing results for "}, view.Piece{Text: found.Corrected, Strong: true}, view.Piece{Text: ". "})
		exact.Text = "Search for ‘" + a.Text + "’ as it is written"
	}
	for _, phrase := range found.Understood.Phrases {
		if phrase.Meaning == "" && len(phrase.Alternatives) == 0 {
			continue
		}
		meaning := phrase.Meaning
		if meaning == "" {
			meaning = phrase.Written
		}
		u.Pieces = append(u.Pieces, view.Piece{Text: "We understood "}, view.Piece{Text: meaning, Strong: true})
		if others := tellingWords(phrase.Alternatives, meaning+" "+phrase.Written); len(others) > 0 {
			u.Pieces = append(u.Pieces, view.Piece{Text: ": " + strings.Join(others[:min(len(others), shownMeanings)], ", ")})
		}
		u.Pieces = append(u.Pieces, view.Piece{Text: ". "})
	}
	if len(u.Pieces) == 0 {
		return nil
	}
	u.Out = []view.Link{exact}
	return u
}

// tellingWords leaves out the alternatives that say nothing but what was said already, in another order.
func tellingWords(alternatives []string, said string) []string {
	known := map[string]bool{}
	for word := range strings.FieldsSeq(strings.ToLower(said)) {
		known[word] = true
	}
	return slices.DeleteFunc(slices.Clone(alternatives), func(other string) bool {
		for word := range strings.FieldsSeq(strings.ToLower(other)) {
			if !known[word] {
				return false
			}
		}
		return true
	})
}
