package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// searchesPage lists the saved searches of its reader.
type searchesPage struct {
	view.Page
	Searches []view.Entry
	NoMail   bool // the reader wants no mail at all, which holds for these too
}

func (s *site) searches(c *gin.Context, who visitor) error {
	list, err := s.Catalogue.SavedSearches(c, who.actor)
	if err != nil {
		return err
	}
	p := searchesPage{Page: s.page(c, who, "/desk", "Saved searches"), NoMail: who.account.Telling() == catalogue.ToldNever}
	for _, saved := range list {
		e := view.Entry{Title: saved.Name, Href: savedPath(saved.ID)}
		if n := saved.Unseen(); n > 0 {
			e.Tag = &view.Tag{Text: view.Number(n) + " new", Classes: "govuk-tag--green"}
		}
		var asks, told line
		asks.say(strings.Join(saved.Says, "; "))
		told.say(searchToldWords(saved.Told)).link("Go to the results now", saved.Address)
		e.Lines = saying(asks, told)
		p.Searches = append(p.Searches, e)
	}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Saved searches"}}
	return s.show(c, who, http.StatusOK, "searches", p)
}

func savedPath(id string) string { return "/searches/" + id }

func searchToldWords(how catalogue.SearchTelling) string {
	switch how {
	case catalogue.SearchDaily:
		return "One email a day"
	case catalogue.SearchWeekly:
		return "One mail on Mondays"
	case catalogue.SearchInbox:
		return "In your inbox"
	}
	return "Only when you look"
}

// searchForm is the name of a search and how its person is told.
type searchForm struct {
	Name view.Input
	Told view.Radios
	Send view.Button
}

func newSearchForm(name string, told catalogue.SearchTelling, wrong error, send string) searchForm {
	f := searchForm{Name: view.Input{Name: "name", Label: view.Label{Text: "Name of the search"}, Value: name, Error: fieldError(wrong, "name")},
		Told: view.Radios{Name: "told", Legend: &view.Legend{Text: "How do you want to be told of new results?", Classes: "govuk-fieldset__legend--m"}, Error: fieldError(wrong, "told"),
			Hint: "Each comes once, with why it is there. What has ended is left out"},
		Send: view.Button{Text: send, PreventDoubleClick: true}}
	for _, choice := range []view.Choice{
		{Value: string(catalogue.SearchDaily), Text: "One email a day", Hint: "At seven in the morning, of all your saved searches together. No mail where nothing is new"},
		{Value: string(catalogue.SearchWeekly), Text: "One mail a week", Hint: "On Monday at seven"},
		{Value: string(catalogue.SearchInbox), Text: "Inbox only", Hint: "At most once a day for each search"},
		{Value: string(catalogue.SearchLook), Text: "Only when you look", Hint: "New results stand at the search itself"},
	} {
		choice.Checked = choice.Value == string(told)
		f.Told.Choices = append(f.Told.Choices, choice)
	}
	return f
}

// saveSearchPage saves a search under a name.
type saveSearchPage struct {
	view.Page
	Says    []string
	Address string
	ID      string
	NoMail  bool
	Form    searchForm
}

func (s *site) newSearch(c *gin.Context, who visitor) error {
	return s.showSaveSearch(c, who, http.StatusOK, c.Query("address"), catalogue.NewID(), "", catalogue.SearchDaily, nil)
}

func (s *site) showSaveSearch(c *gin.Context, who visitor, status int, address, id, name string, told catalogue.SearchTelling, wrong error) error {
	a, said, err := s.searchAt(c, who.actor, address)
	if err != nil {
		return err
	}
	if status == http.StatusOK {
		name = shortName(said, 100)
	}
	p := saveSearchPage{Page: s.page(c, who, "/desk", "Save a search"), Says: said, Address: a.address(), ID: id,
		NoMail: who.account.Telling() == catalogue.ToldNever, Form: newSearchForm(name, told, wrong, "Save this search")}
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Saved searches", Href: "/searches"}, {Text: "Save a search"}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "save-search", p)
}

// shortName is a name for a search, made of what it asks for.
func shortName(says []string, most int) string {
	parts := make([]string, 0, len(says))
	for _, text := range says {
		if _, value, ok := strings.Cut(text, ": "); ok {
			text = value
		}
		parts = append(parts, text)
	}
	return clipped(strings.Join(parts, ", "), most)
}

// searchAt reads a search from its address, with what it asks for in words.
func (s *site) searchAt(ctx context.Context, actor catalogue.Actor, address string) (asked, []string, error) {
	a, err := askAt(address)
	if err != nil {
		return a, nil, err
	}
	q := a.Query
	q.Limit, q.Facets = 1, chosenFacets(a)
	found, err := s.Index.Search(ctx, audience(actor), q)
	return a, says(a, found.Facets), err
}

func (s *site) saveSearch(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	a, said, err := s.searchAt(c, who.actor, t.Get("address"))
	if err != nil {
		return err
	}
	known, _, err := s.follow(c, who.actor, a, catalogue.Followed{}, nil)
	if err != nil {
		return err
	}
	id, name, told := recordID(t.Get("id")), t.text("name"), catalogue.SearchTelling(t.text("told"))
	saved, err := s.Catalogue.SaveSearch(c, who.actor, catalogue.SavedSearch{Meta: catalogue.Meta{ID: id}, Name: name, Told: told, Address: a.address(), Says: said, Followed: known})
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showSaveSearch(c, who, http.StatusBadRequest, t.Get("address"), id, name, told, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Saved. What comes from now on is new.")
	return s.redirect(c, who, savedPath(saved.ID))
}

// savedSearchPage is one saved search: what is new in it, how its person is told, its feed.
type savedSearchPage struct {
	view.Page
	ID      string
	Heading string
	Says    []string
	Address string
	Since   string
	News    []view.Entry
	More    string // further ones that are not listed
	Over    string // it has more results than are followed
	NoMail  bool
	Seen    *view.Button // nil where nothing is new
	Form    searchForm
	Feed    feedBox
	Delete  view.Button
	Fold    view.Details
}

// feedBox is the secret address of a feed.
type feedBox struct {
	Address string // empty: none, or none that can be shown
	Made    string
	Lost    bool // there is one, which can no longer be shown
	Renew   view.Button
	Revoke  *view.Button
}

func (s *site) savedSearch(c *gin.Context, who visitor) error {
	saved, err := s.Catalogue.SavedSearch(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.showSavedSearch(c, who, http.StatusOK, saved, saved.Name, saved.Told, nil)
}

func (s *site) showSavedSearch(c *gin.Context, who visitor, status int, saved *catalogue.SavedSearch, name string, told catalogue.SearchTelling, wrong error) error {
	p := savedSearchPage{Page: s.page(c, who, "/desk", saved.Name), ID: saved.ID, Heading: saved.Name, Says: saved.Says, Address: saved.Address, Since: view.Day(saved.Seen) + ", " + view.TimeOfDay(saved.Seen),
		NoMail: who.account.Telling() == catalogue.ToldNever, Form: newSearchForm(name, told, wrong, "Save changes"), Feed: s.newFeedBox(saved),
		Delete: view.Button{Text: "Delete this search", Classes: "govuk-button--warning", PreventDoubleClick: true}, Fold: view.Details{Summary: "Delete this search"}}
	var err error
	if p.News, err = s.savedNews(c, who.actor, saved); err != nil {
		return err
	}
	if saved.Unseen() > 0 {
		p.Seen = &view.Button{Text: "Mark as seen", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	}
	if saved.More > 0 {
		p.More = "There were " + view.Plural(saved.More, "more result", "more results") + " before these. All that there is now is among the results."
	}
	if saved.Over {
		p.Over = "This search has more than " + view.Number(catalogue.MaxFollowed) + " results: you are told of what is new among the first. Narrow it with filters, and save that."
	}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Saved searches", Href: "/searches"}, {Text: saved.Name}}
	p.Errors = errorLinks(wrong, nil)
	c.Header("Cache-Control", "private, no-store") // it holds a secret address
	return s.show(c, who, status, "saved-search", p)
}

func (s *site) newFeedBox(saved *catalogue.SavedSearch) feedBox {
	b := feedBox{Renew: view.Button{Text: "Make an address", Name: "action", Value: "renew", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	token, made := s.Catalogue.SearchFeedToken(saved)
	if !made.IsZero() {
		b.Made, b.Lost, b.Renew.Text = view.Day(made), token == "", "Make a new address instead"
		b.Revoke = &view.Button{Text: "Stop the feed", Name: "action", Value: "revoke", Classes: "govuk-button--warning", PreventDoubleClick: true}
	}
	if token != "" {
		b.Address = strings.TrimSuffix(s.BaseURL, "/") + "/feeds/searches/" + token + ".atom"
	}
	return b
}

// savedNews lists what is new in a saved search, the latest first, as its person may see it now. What it may not see any
// more, or what has ended since, is left out.
func (s *site) savedNews(ctx context.Context, actor catalogue.Actor, saved *catalogue.SavedSearch) ([]view.Entry, error) {
	hits := make([]search.Hit, len(saved.News))
	for i, f := range saved.News {
		hits[len(hits)-1-i] = search.Hit{Key: f.Key}
	}
	items, r, err := s.read(ctx, actor, hits)
	if err != nil {
		return nil, err
	}
	var out []view.Entry
	for i, item := range items {
		if item == nil || catalogue.IsOver(item, s.Catalogue.Today()) {
			continue
		}
		f := saved.News[len(items)-1-i]
		row := r.found(item, hits[i])
		tag := view.Tag{Text: "Changed", Classes: "govuk-tag--blue"}
		if f.New {
			tag = view.Tag{Text: "New", Classes: "govuk-tag--green"}
		}
		why := line{{Text: strings.TrimSpace("Found on " + view.Day(f.Found) + ". " + f.Why)}}
		out = append(out, view.Entry{Tag: &tag, Title: row.Title, Href: row.Path, Lines: saying(line{{Text: foundLine(row)}}, why)})
	}
	return out, nil
}

// keptLinks are a desk's links to what its reader keeps of searches.
func (s *site) keptLinks(ctx context.Context, who visitor) ([]view.Link, error) {
	list, err := s.Catalogue.SavedSearches(ctx, who.actor)
	fresh := 0
	for _, saved := range list {
		fresh += saved.Unseen()
	}
	links := []view.Link{{Text: "Saved searches", Href: "/searches"}}
	if fresh > 0 {
		links[0].Text += ": " + view.Number(fresh) + " new"
	}
	if who.actor.OrgKind == catalogue.OrgCouncil {
		links = append(links, view.Link{Text: "Market research records", Href: "/research"})
	}
	return links, err
}
