package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// providersPage lists the councils whose people sign in with their own accounts, for the operator.
type providersPage struct {
	view.Page
	Heading string
	Table   view.Table
}

func (s *site) providers(c *gin.Context, who visitor) error {
	ways, err := s.Catalogue.SignInWays(c)
	if err != nil {
		return err
	}
	p := providersPage{Page: s.page(c, who, "/desk", "Councils’ own sign-ins"), Heading: "Councils’ own sign-ins",
		Table: view.Table{Caption: "Councils whose people sign in with the council’s own accounts", CaptionClasses: "govuk-visually-hidden",
			Head: []view.Head{{Text: "Council"}, {Text: "Issuer"}, {Text: "State"}}, FirstCellIsHeader: true, Responsive: true}}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: p.Heading}}
	for _, w := range ways {
		set, err := s.Catalogue.Provider(c, who.actor, w.Council.ID)
		if err != nil {
			return err
		}
		p.Table.Rows = append(p.Table.Rows, []view.Cell{{Text: w.Council.Label(), Href: providerPath(w.Council.ID)}, {Text: set.Issuer}, {Text: providerState(set)}})
	}
	return s.show(c, who, http.StatusOK, "providers", p)
}

func providerPath(council string) string { return "/providers/" + url.PathEscape(council) }

// providerState is how far a council's own sign-in is.
func providerState(p *catalogue.Provider) string {
	switch {
	case p.Required:
		return "Required: codes by email are refused"
	case !p.Worked.IsZero():
		return "Works, beside codes by email"
	}
	return "Not used yet"
}

// providerPage sets up, tries and removes a council's own sign-in.
type providerPage struct {
	view.Page
	Heading  string
	Caption  string
	State    string // empty: not set up yet
	Callback string // to register in the council's tenant
	Action   string
	Fields   []view.Field
	Save     view.Button
	Try      view.Button
	Tried    string // where people are sent, as the issuer says
	Remove   view.Button
}

// providerForm is a council's own sign-in as the operator types it; the secret is not shown again.
type providerForm struct {
	council, issuer, client, secret, tenants string
	required                                 bool
}

func (f providerForm) change() catalogue.ProviderChange {
	return catalogue.ProviderChange{Council: f.council, Issuer: f.issuer, ClientID: f.client, Secret: f.secret, Tenants: lines(f.tenants), Required: f.required}
}

func (s *site) newProvider(c *gin.Context, who visitor) error {
	if done, err := s.beforeChange(c, who); err != nil || done {
		return err
	}
	return s.showProvider(c, who, http.StatusOK, providerForm{}, nil, "", nil)
}

func (s *site) provider(c *gin.Context, who visitor) error {
	if done, err := s.beforeChange(c, who); err != nil || done {
		return err
	}
	set, err := s.Catalogue.Provider(c, who.actor, c.Param("council"))
	if err != nil {
		return err
	}
	return s.showProvider(c, who, http.StatusOK, formOf(set), set, "", nil)
}

func formOf(p *catalogue.Provider) providerForm {
	return providerForm{council: p.Council, issuer: p.Issuer, client: p.ClientID, tenants: strings.Join(p.Tenants, "\n"), required: p.Required}
}

func (s *site) addProvider(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	f := readProvider(t)
	if council, ok := s.Catalogue.Register().CouncilByName(t.text("council")); ok {
		f.council = council.GSS
	}
	set, err := s.Catalogue.Provider(c, who.actor, f.council)
	if err == nil {
		return s.showProvider(c, who, http.StatusConflict, f, nil, "", missing("council", "This council has it set up already: change it from the list"))
	}
	if catalogue.KindOf(err) != catalogue.NotFound {
		return err
	}
	return s.keepProvider(c, who, f, set)
}

func (s *site) saveProvider(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	set, err := s.Catalogue.Provider(c, who.actor, c.Param("council"))
	if err != nil {
		return err
	}
	f := readProvider(t)
	f.council = set.Council
	return s.keepProvider(c, who, f, set)
}

func readProvider(t *typed) providerForm {
	return providerForm{council: t.text("council"), issuer: t.text("issuer"), client: t.text("client_id"), secret: t.text(secretField), tenants: t.text("tenants"), required: t.Get("required") == "yes"}
}

// keepProvider stores what was typed once the issuer answers as one does; set is what there was, nil for nothing.
func (s *site) keepProvider(c *gin.Context, who visitor, f providerForm, set *catalogue.Provider) error {
	wrong := &typed{}
	_ = wrong.and(s.mayAskIssuer(f.issuer)) // both are asked before the issuer is
	err := s.Catalogue.CheckProvider(c, who.actor, f.change())
	if err == nil || catalogue.KindOf(err) == catalogue.Invalid {
		err = inOrderOf(providerFields, wrong.and(err))
	}
	if err == nil && who.actor.Proved { // else nothing is asked for somebody who has not confirmed
		_, err = s.federation.try(c, f.issuer)
	}
	if err == nil {
		_, err = s.Catalogue.SetProvider(c, who.actor, f.change())
	}
	if catalogue.KindOf(err) == catalogue.Invalid && err != nil {
		return s.showProvider(c, who, http.StatusBadRequest, f, set, "", f.secretAgain(err))
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Saved. Sign in with an account of the council once before you require it.")
	return s.redirect(c, who, providerPath(f.council))
}

// providerFields are the fields of the form in their order.
var providerFields = []string{"council", "issuer", "client_id", secretField, "tenants", "required"}

// secretAgain adds to what is wrong that a secret has to be typed again: it is never sent back.
func (f providerForm) secretAgain(wrong error) error {
	if f.secret == "" || fieldError(wrong, secretField) != "" {
		return wrong
	}
	t := &typed{wrong: slices.Clone(catalogue.FieldsOf(wrong))}
	t.fault(secretField, "Type the client secret again: this page never sends it back")
	return inOrderOf(providerFields, t.err())
}

// mayAskIssuer refuses issuers on this machine, unless the service is reached on it itself, as when it is tried out, and those
// with a name and a password in them, before anything is asked.
func (s *site) mayAskIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	base, _ := url.Parse(s.BaseURL)
	here := base != nil && onLoopback(base.Host)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !(here && onLoopback(u.Host)) || onLoopback(u.Host) && !here {
		return missing("issuer", "Enter the issuer's address as the council's tenant shows it, beginning with https://")
	}
	return nil
}

func (s *site) tryProvider(c *gin.Context, who visitor) error {
	set, err := s.Catalogue.Provider(c, who.actor, c.Param("council"))
	if err != nil {
		return err
	}
	endpoint, err := s.federation.try(c, set.Issuer)
	if catalogue.KindOf(err) == catalogue.Invalid && err != nil {
		return s.showProvider(c, who, http.StatusBadRequest, formOf(set), set, "", err)
	}
	if err != nil {
		return err
	}
	return s.showProvider(c, who, http.StatusOK, formOf(set), set, endpoint, nil)
}

func (s *site) removeProvider(c *gin.Context, who visitor) error {
	if err := s.Catalogue.RemoveProvider(c, who.actor, c.Param("council")); err != nil {
		return err
	}
	who.session.set("flash", "Removed. The council’s people sign in with a code by email again.")
	return s.redirect(c, who, "/providers")
}

// secretField is never sent back to a browser, not by the page that asks for a second factor either.
const secretField = "client_secret"

func (s *site) showProvider(c *gin.Context, who visitor, status int, f providerForm, set *catalogue.Provider, tried string, wrong error) error {
	p := providerPage{Heading: "Set up a council’s own sign-in", Action: "/providers/new", Callback: s.BaseURL + callbackPath, Tried: tried,
		Save: view.Button{Text: "Save", PreventDoubleClick: true}, Try: view.Button{Text: "Ask the issuer now", Classes: "govuk-button--secondary", PreventDoubleClick: true},
		Remove: view.Button{Text: "Remove this sign-in", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	secret := "As the tenant shows it once. It is not shown again"
	if set != nil {
		council, err := s.Catalogue.Council(c, who.actor, set.Council)
		if err != nil {
			return err
		}
		p.Heading, p.Caption, p.State, p.Action = "How its people sign in", council.Label(), providerState(set), providerPath(set.Council)
		secret = "There is one. Leave this empty to keep it"
	}
	input := func(name, label, hint, value, kind string) view.Field {
		return view.Field{Input: &view.Input{Name: name, Type: kind, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Value: value, Spellcheck: "false", Autocomplete: "off", Error: fieldError(wrong, name)}}
	}
	if set == nil {
		p.Fields = append(p.Fields, input("council", "Council", "Its name, or its GSS code", f.council, ""))
	}
	p.Fields = append(p.Fields, input("issuer", "Issuer", "Where the council’s accounts are kept, as its tenant shows it, beginning with https://. It is asked when you save", f.issuer, ""),
		input("client_id", "Client ID", "That the council’s tenant gave to this service", f.client, ""), input(secretField, "Client secret", secret, "", "password"),
		tenantsField(f.tenants, wrong), requiredField(f.required, wrong))
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Councils’ own sign-ins", Href: "/providers"}, {Text: p.Heading}}
	p.Errors = errorLinks(wrong, nil)
	anew(c)
	return s.show(c, who, status, "provider", p)
}

func tenantsField(value string, wrong error) view.Field {
	return view.Field{Textarea: &view.Textarea{Name: "tenants", Rows: 3, Label: view.Label{Text: "Tenants whose people are let in", Classes: "govuk-label--s"}, Hint: "Their IDs, one a line", Value: value, Spellcheck: "false", Error: fieldError(wrong, "tenants")}}
}

func requiredField(required bool, wrong error) view.Field {
	return view.Field{Checkboxes: &view.Checkboxes{Name: "required", Legend: &view.Legend{Text: "By this way only?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "required"),
		Hint:    "Codes by email are then refused to the council’s people, and whoever is signed in by one is signed out at once",
		Choices: []view.Choice{{Value: "yes", Text: "Require the council’s own accounts", Checked: required}}}}
}
