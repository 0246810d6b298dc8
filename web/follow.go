package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// To follow a capability, a region, a supplier or a platform is to keep a search for it. A signal is followed by itself: its
// followers hear of each change and answer at once, with everybody else.

// followForm follows one thing with one button. Template follow.
type followForm struct {
	Action string // where it is sent; empty for whoever is not signed in
	SignIn string
	Facet  string // or the word for what is followed, where it is no facet
	Value  string
	Send   view.Button
}

// followable are the facets that can be followed.
func followable() []search.Facet {
	return []search.Facet{search.FacetCapability, search.FacetRegion, search.FacetSupplier, search.FacetPlatform}
}

func newFollowForm(who visitor, facet search.Facet, value, back string) *followForm {
	f := &followForm{Action: "/follow", Facet: string(facet), Value: value,
		Send: view.Button{Text: "Follow this " + string(facet), Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	if who.account == nil {
		f.Action, f.SignIn = "", "/sign-in?next="+url.QueryEscape(back)
	}
	return f
}

// followsSignal is the button that follows a signal, or stops following it; nil for a draft.
func followsSignal(v *catalogue.SignalView, who visitor) *followForm {
	if !v.Signal.IsPublic() {
		return nil
	}
	address := pagePath(catalogue.KindSignal, v.Signal.ID)
	f := &followForm{Action: address + "/follow", Facet: "signal", Value: "yes", Send: view.Button{Text: "Follow this signal", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	if who.account == nil {
		f.Action, f.SignIn = "", "/sign-in?next="+url.QueryEscape(address)
	}
	if v.Follows {
		f.Value, f.Send.Text = "no", "Stop following this signal"
	}
	return f
}

func (s *site) followSignal(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	yes := t.text("value") != "no"
	if err := s.Catalogue.FollowSignal(c, who.actor, c.Param("id"), yes); err != nil {
		return err
	}
	message := "You follow this signal. What changes in it, and each answer, comes to your inbox, and by mail as you have chosen."
	if !yes {
		message = "You no longer follow this signal."
	}
	who.session.set("flash", message)
	return s.redirect(c, who, pagePath(catalogue.KindSignal, c.Param("id")))
}

// followOf offers to follow what a search is narrowed to, where that is one thing and nothing else; nil otherwise.
func followOf(a asked, who visitor) *followForm {
	var facet search.Facet
	n := len(a.Chosen(search.FacetKind))
	if a.kind != "" {
		n = 0 // the list's own
	}
	for _, f := range search.Facets() {
		chosen := a.Chosen(f)
		if f == search.FacetKind || len(chosen) == 0 {
			continue
		}
		if n += len(chosen); slices.Contains(followable(), f) {
			facet = f
		}
	}
	if a.Text != "" || n != 1 || facet == "" {
		return nil
	}
	return newFollowForm(who, facet, a.Chosen(facet)[0], a.address())
}

// followPage is where capabilities and regions are chosen to be followed.
type followPage struct {
	view.Page
	Capability view.Select
	Region     view.Select
	Send       [2]view.Button
	Followed   []view.Entry
	Signals    []view.Entry
}

func (s *site) followForms(c *gin.Context, who visitor) error {
	return s.showFollow(c, who, http.StatusOK, nil)
}

func (s *site) showFollow(c *gin.Context, who visitor, status int, wrong error) error {
	p := followPage{Page: s.page(c, who, "/desk", "Follow capabilities and regions"),
		Capability: view.Select{ID: "capability", Name: "value", Label: view.Label{Text: "Capability", Classes: "govuk-label--s"}, Typed: true, Options: []view.Option{{Text: "Choose"}}, Groups: s.capabilityGroups(""), Error: fieldError(wrong, string(search.FacetCapability))},
		Region:     view.Select{ID: "region", Name: "value", Label: view.Label{Text: "Region or nation", Classes: "govuk-label--s"}, Options: []view.Option{{Text: "Choose"}}, Error: fieldError(wrong, string(search.FacetRegion))},
		Send:       [2]view.Button{{Text: "Follow this capability", PreventDoubleClick: true}, {Text: "Follow this region", PreventDoubleClick: true}}}
	for _, region := range s.regions() {
		p.Region.Options = append(p.Region.Options, view.Option{Value: region, Text: region})
	}
	list, err := s.Catalogue.SavedSearches(c, who.actor)
	if err != nil {
		return err
	}
	for _, saved := range list {
		p.Followed = append(p.Followed, view.Entry{Title: saved.Name, Href: savedPath(saved.ID), Lines: saying(line{{Text: searchToldWords(saved.Told)}})})
	}
	signals, err := s.Catalogue.FollowedSignals(c, who.actor)
	if err != nil {
		return err
	}
	for _, row := range signals {
		p.Signals = append(p.Signals, s.signalEntry(row))
	}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: p.Title}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "following", p)
}

// follow keeps the search for one thing; following it twice is following it once.
func (s *site) followOne(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	facet, value := search.Facet(t.text("facet")), t.text("value")
	if !slices.Contains(followable(), facet) || value == "" {
		return s.showFollow(c, who, http.StatusBadRequest, missing(string(facet), "Choose what you want to follow"))
	}
	a, said, err := s.searchAt(c, who.actor, "/search?"+url.Values{string(facet): {value}}.Encode())
	if err != nil {
		return err
	}
	list, err := s.Catalogue.SavedSearches(c, who.actor)
	if err != nil {
		return err
	}
	for _, saved := range list {
		if saved.Address == a.address() {
			who.session.set("flash", "You follow this already.")
			return s.redirect(c, who, savedPath(saved.ID))
		}
	}
	known, _, err := s.follow(c, who.actor, a, catalogue.Followed{}, nil)
	if err != nil {
		return err
	}
	saved, err := s.Catalogue.SaveSearch(c, who.actor, catalogue.SavedSearch{Meta: catalogue.Meta{ID: catalogue.NewID()}, Name: shortName(said, 100), Told: catalogue.SearchDaily,
		Address: a.address(), Says: said, Followed: known})
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showFollow(c, who, http.StatusBadRequest, missing(string(facet), catalogue.FieldsOf(err)[0].Message))
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "You follow it. What is new comes in one mail a day: change that below.")
	return s.redirect(c, who, savedPath(saved.ID))
}
