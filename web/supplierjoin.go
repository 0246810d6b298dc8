package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// joinPage is how somebody asks for a supplier's account.
type joinPage struct {
	view.Page
	Form joiningForm
}

// joiningForm is who asks to act for a supplier; without Email for somebody who is signed in and asks again.
type joiningForm struct {
	Action   string
	Email    *view.Input
	Supplier view.Input
	Number   view.Input
	Why      view.Input
	Send     view.Button
}

func newJoiningForm(action string, j catalogue.Joining, wrong error) joiningForm {
	text := func(name, label, hint, value string) view.Input {
		return view.Input{Name: name, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Value: value, Error: fieldError(wrong, name)}
	}
	f := joiningForm{Action: action, Send: view.Button{Text: "Send me a code", PreventDoubleClick: true},
		Supplier: text("supplier", "Name of your company or organisation", "As it is registered", j.Supplier),
		Number:   text("companies_house", "Companies House number (optional)", "8 characters, for example 01234567 or SC123456", j.CompaniesHouse),
		Why:      text("why", "What is your job there?", "So that whoever decides can check", j.Why)}
	f.Number.Classes, f.Number.Spellcheck = "govuk-input--width-10", "false"
	email := text("email", "Your work email address", "At your company’s own domain. A code is sent to it, which shows that you can read its mail", j.Email)
	email.Type, email.Autocomplete, email.Spellcheck = "email", "email", "false"
	f.Email = &email
	return f
}

func readJoining(t *typed) catalogue.Joining {
	return catalogue.Joining{Email: t.text("email"), Supplier: t.text("supplier"), CompaniesHouse: t.text("companies_house"), Why: t.text("why")}
}

func (s *site) join(c *gin.Context, who visitor) error {
	return s.showJoin(c, who, http.StatusOK, catalogue.Joining{}, nil)
}

func (s *site) showJoin(c *gin.Context, who visitor, status int, j catalogue.Joining, wrong error) error {
	p := joinPage{Page: s.page(c, who, "/sign-in", "Ask for a supplier account"), Form: newJoiningForm("/supplier/join", j, wrong)}
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Sign in", Href: "/sign-in"}, {Text: p.Title}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "supplier-join", p)
}

// startJoining sends a code to whoever asks, with the same answer whether the address has an account or not.
func (s *site) startJoining(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	j := readJoining(t)
	browser, err := s.browser(c)
	if err != nil {
		return err
	}
	switch err := s.Catalogue.StartJoining(c, j, browser, c.ClientIP()); catalogue.KindOf(err) {
	case catalogue.Invalid:
		return s.showJoin(c, who, http.StatusBadRequest, j, err)
	case catalogue.TooLarge:
		c.Header("Retry-After", "3600")
		return s.showJoin(c, who, http.StatusTooManyRequests, j, missing("email", "Too many codes were asked for. Wait an hour and try again"))
	default:
		if err != nil {
			return err
		}
	}
	if who, err = s.begin(c, who, nil); err != nil {
		return err
	}
	for name, value := range map[string]string{"browser": browser, "email": catalogue.NormaliseEmail(j.Email), "next": "/supplier",
		"join-supplier": j.Supplier, "join-number": j.CompaniesHouse, "join-why": j.Why} {
		who.session.set(name, value)
	}
	return s.redirect(c, who, "/sign-in/code")
}

// proven is the account of whoever typed the right code: to sign in, or to ask for a supplier's account.
func (s *site) proven(c *gin.Context, who visitor, code string) (*catalogue.Account, error) {
	email, browser := who.session.value("email"), who.session.value("browser")
	if supplier := who.session.value("join-supplier"); supplier != "" {
		return s.Catalogue.FinishJoining(c, catalogue.Joining{Email: email, Supplier: supplier, CompaniesHouse: who.session.value("join-number"), Why: who.session.value("join-why")}, browser, code)
	}
	return s.Catalogue.FinishSignIn(c, email, browser, code)
}
