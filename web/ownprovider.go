package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// ownProviderPage is how a council's people sign in, for its administrators: who is let in, and whether by that way only.
type ownProviderPage struct {
	view.Page
	Caption  string
	Heading  string
	Callback string
	State    string // empty: it is not set up
	Issuer   string
	Worked   string
	Here     bool // the reader's session came by it
	Fields   []view.Field
	Save     view.Button
}

func (s *site) ownProvider(c *gin.Context, who visitor) error {
	return s.showOwnProvider(c, who, http.StatusOK, nil, nil)
}

func (s *site) requireProvider(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	_, err = s.Catalogue.RequireProvider(c, who.actor, who.session.ID, t.Get("required") == "yes", lines(t.text("tenants")))
	if catalogue.KindOf(err) == catalogue.Invalid && err != nil {
		return s.showOwnProvider(c, who, http.StatusBadRequest, t, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Saved.")
	return s.redirect(c, who, "/people/sign-in")
}

func (s *site) showOwnProvider(c *gin.Context, who visitor, status int, t *typed, wrong error) error {
	if !catalogue.MayDo(who.actor, catalogue.RequireProvider) {
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "Administrators of a council decide how its people sign in"}
	}
	p := ownProviderPage{Caption: who.org, Heading: "How your council signs in", Callback: s.BaseURL + callbackPath, Save: view.Button{Text: "Save", PreventDoubleClick: true}}
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "People and accounts", Href: "/people"}, {Text: p.Heading}}
	set, err := s.Catalogue.Provider(c, who.actor, who.actor.Org)
	if catalogue.KindOf(err) == catalogue.NotFound {
		return s.show(c, who, status, "own-provider", p)
	}
	if err != nil {
		return err
	}
	tenants, required := strings.Join(set.Tenants, "\n"), set.Required
	if t != nil {
		tenants, required = t.text("tenants"), t.Get("required") == "yes"
	}
	p.State, p.Issuer, p.Worked = providerState(set), set.Issuer, "Nobody has signed in with it yet."
	if !set.Worked.IsZero() {
		p.Worked = "It has worked since " + view.Day(set.Worked) + "."
	}
	kept, _ := who.session.Values["kept"].(*catalogue.Session)
	p.Here = kept != nil && kept.Provider == set.ID
	tenant := tenantsField(tenants, wrong)
	tenant.Textarea.Hint = "Take out those that you no longer let in: their people are signed out at once. Whoever runs this service adds one"
	p.Fields = []view.Field{tenant, requiredField(required, wrong)}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "own-provider", p)
}
