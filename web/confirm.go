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

// Fields of the form that asks for a second factor. A form of any page may carry them: see confirm.
const (
	codeField     = "confirm-code"
	answerField   = "confirm-passkey"
	ceremonyField = "confirm-ceremony"
	nextField     = "confirm-next"
)

// confirmPage asks for a second factor: to finish signing in, or before something of weight is done. What was typed into
// the form that asked for it goes along.
type confirmPage struct {
	view.Page
	Heading string
	Lead    string
	Note    string // what happens with what was typed; empty: nothing was
	Action  string
	Kept    []keptField
	Next    string
	Passkey *ceremony // nil: none to use
	Fault   string    // of the passkey
	Code    view.Input
	Send    view.Button
	Council string // ID of the council's own sign-in that can confirm it; empty: none
	Purpose string // what that is for
	Only    bool   // there is nothing else to confirm it with
	Back    view.Link
}

// keptField is one field that was typed already.
type keptField struct{ Name, Value string }

// entrance is the page that somebody is led to who has come that far at signing in.
func entrance(stage catalogue.SignInStage) string {
	switch stage {
	case catalogue.StageFactor:
		return "/sign-in/confirm"
	case catalogue.StageEnrol:
		return "/security/set-up"
	}
	return "/sign-in"
}

// person is whose session it is, signed in or on the way.
func (v visitor) person() *catalogue.Account {
	if v.account != nil {
		return v.account
	}
	return v.entering
}

// confirm takes a second factor that came with a form of any page, before the form is worked on; done says that the page
// was shown again instead, since the factor was wrong.
func (s *site) confirm(c *gin.Context, who *visitor) (done bool, err error) {
	if reads(c.Request) || who.account == nil || !strings.HasPrefix(c.ContentType(), "application/x-www-form-urlencoded") {
		return false, nil
	}
	typed, err := form(c)
	if err != nil || !typed.Has(codeField) {
		return false, err
	}
	if who.actor.Proved { // confirmed meanwhile, in another tab
		return false, nil
	}
	if err := s.prove(c, *who, typed); catalogue.KindOf(err) == catalogue.Invalid || catalogue.KindOf(err) == catalogue.TooLarge {
		return true, s.askToConfirm(c, *who, http.StatusUnauthorized, err)
	} else if err != nil {
		return false, err
	}
	who.actor.Proved = true
	for _, name := range []string{codeField, answerField, ceremonyField} {
		typed.Del(name)
	}
	return false, nil
}

// prove takes the second factor that a form carries; an Invalid error names the form's field.
func (s *site) prove(c *gin.Context, who visitor, typed url.Values) error {
	if answer := typed.Get(answerField); answer != "" && s.passkeys != nil {
		return s.Catalogue.ProveWithPasskey(c, who.session.ID, typed.Get(ceremonyField), s.passkeys.answered(who.person(), answer))
	}
	if strings.TrimSpace(typed.Get(codeField)) == "" {
		return missing("code", "Enter a code, or confirm in one of the other ways first")
	}
	return s.Catalogue.ProveWithCode(c, who.session.ID, typed.Get(codeField))
}

// askToConfirm shows the page in place of the answer to a form, which goes along.
func (s *site) askToConfirm(c *gin.Context, who visitor, status int, wrong error) error {
	typed, err := form(c)
	if err != nil {
		return err
	}
	p, err := s.confirmPage(c, who, typed.Get(codeField), wrong)
	if err != nil {
		return err
	}
	p.Heading, p.Lead = "Confirm that it is you", "What you are about to do has weight for your organisation, so we ask for your second factor unless you used it within the last 15 minutes."
	p.Note, p.Action = "What you typed is kept, and is sent once you confirm.", c.Request.URL.RequestURI()
	for _, name := range slices.Sorted(mapKeys(typed)) {
		if name == codeField || name == answerField || name == ceremonyField || name == secretField {
			continue
		}
		for _, v := range typed[name] {
			p.Kept = append(p.Kept, keptField{name, v})
		}
	}
	anew(c)
	return s.show(c, who, status, "confirm", p)
}

func mapKeys(values url.Values) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range values {
			if !yield(name) {
				return
			}
		}
	}
}

// confirmPage is the page with what is wrong with the factor that was tried.
func (s *site) confirmPage(c *gin.Context, who visitor, typed string, wrong error) (confirmPage, error) {
	p := confirmPage{Page: s.page(c, who, "/sign-in", "Confirm that it is you"), Heading: "Confirm that it is you"}
	p.Canonical = ""
	keys, err := s.Catalogue.Credentials(c, who.session.ID)
	if err != nil {
		return p, err
	}
	if p.Passkey, err = s.asks(who.session.ID, who.person(), keys); err != nil {
		return p, err
	}
	if catalogue.KindOf(wrong) == catalogue.TooLarge {
		wrong = missing("code", "Too many wrong codes were entered. Wait an hour, or use a passkey")
	}
	p.Fault = fieldError(wrong, "passkey")
	p.Code = view.Input{ID: "code", Name: codeField, Label: view.Label{Text: "Recovery code"}, Hint: "One of the 10 that you kept when you set up your passkey", Value: typed,
		Autocomplete: "one-time-code", Spellcheck: "false", Classes: "govuk-input--width-20", Error: fieldError(wrong, "code")}
	if keys.App != nil {
		p.Code.Label.Text, p.Code.Hint = "Code from your authenticator app", "6 digits. If you have lost the app, enter one of your recovery codes"
	}
	if id := who.person().Identity; id != nil {
		p.Council, p.Only, p.Purpose = id.Provider, !keys.Any(), catalogue.FederateConfirm
		if who.account == nil {
			p.Purpose = catalogue.FederateIn
		}
	}
	p.Send = view.Button{Text: "Continue", PreventDoubleClick: true}
	if p.Passkey != nil {
		p.Send.Text, p.Send.Classes = "Continue with this code", "govuk-button--secondary"
	}
	p.Errors = errorLinks(wrong, map[string]string{"passkey": "use-passkey"})
	return p, nil
}

// confirmForm asks for the second factor as a page of its own: after the code sent by e-mail, or before the pages that change
// how somebody signs in.
func (s *site) confirmForm(c *gin.Context, who visitor) error {
	return s.showConfirmation(c, who, http.StatusOK, c.Query("next"), "", nil)
}

func (s *site) showConfirmation(c *gin.Context, who visitor, status int, next, typed string, wrong error) error {
	if who.stage == catalogue.StageEnrol {
		return s.redirect(c, who, entrance(who.stage))
	}
	p, err := s.confirmPage(c, who, typed, wrong)
	if err != nil {
		return err
	}
	p.Action, p.Next = "/sign-in/confirm", localPath(next, "")
	p.Lead = "Your email address is right. Your account also has a second factor: something that you hold beside your mail."
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Sign in", Href: "/sign-in"}, {Text: p.Heading}}
	p.Back = view.Link{Text: "Sign in as somebody else", Href: "/sign-in"}
	if who.account != nil {
		p.Lead = "Before you change how you sign in, use your second factor once more."
		if p.Only {
			p.Lead = "Before you change how you sign in, confirm with your council’s account: it asks you to sign in there once more."
		}
		if strings.HasPrefix(p.Next, "/people") {
			p.Lead = "What you take out is all that your council has here, so we ask for your second factor once more. The download then begins."
			p.Crumbs, p.Back = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "People", Href: "/people"}, {Text: p.Heading}}, view.Link{Text: "Back to people", Href: "/people"}
			return s.show(c, who, status, "confirm", p)
		}
		p.Crumbs, p.Back = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "How you sign in", Href: "/security"}, {Text: p.Heading}}, view.Link{Text: "Cancel", Href: "/security"}
	}
	return s.show(c, who, status, "confirm", p)
}

func (s *site) confirmSignIn(c *gin.Context, who visitor) error {
	typed, err := form(c)
	if err != nil {
		return err
	}
	next := typed.Get(nextField)
	if who.account == nil { // whoever is signed in was asked before this: see confirm
		err = s.prove(c, who, typed)
	}
	if kind := catalogue.KindOf(err); kind == catalogue.Invalid || kind == catalogue.TooLarge {
		return s.showConfirmation(c, who, http.StatusBadRequest, next, typed.Get(codeField), err)
	}
	if err != nil {
		return err
	}
	if next == "" {
		next = who.session.value("next")
	}
	if who, err = s.renew(c, who); err != nil {
		return err
	}
	return s.redirect(c, who, localPath(next, "/desk"))
}

// renew gives a session another name once its person is signed in: whoever knew the old one has nothing of it.
func (s *site) renew(c *gin.Context, who visitor) (visitor, error) {
	name, err := catalogue.SessionName()
	if err != nil {
		return who, err
	}
	done, err := s.Catalogue.RenameSession(c, who.session.ID, name)
	if err != nil {
		return who, err
	}
	if !done {
		return who, &catalogue.Error{Kind: catalogue.Unauthenticated, Message: "Your session has ended: sign in again"}
	}
	who.session.ID = name
	who.session.set("next", "")
	return who, nil
}

// How long a browser is known again that somebody has signed in with.
const browserLife = 365 * 24 * 60 * 60 // seconds

func (s *site) browserCookie() string {
	if s.Secure {
		return "__Host-jointly-browser"
	}
	return "jointly-browser"
}

// browser names the browser that asks for a code: a part that is new each time, to which the code is bound, and a part by
// which a browser that somebody signed in with is known again.
func (s *site) browser(c *gin.Context) (string, error) {
	fresh, err := catalogue.SessionName()
	if err != nil {
		return "", err
	}
	stays := fresh
	if cookie, err := c.Request.Cookie(s.browserCookie()); err == nil && len(cookie.Value) == len(fresh) && !strings.ContainsFunc(cookie.Value, notHex) {
		stays = cookie.Value
	}
	return fresh + "." + stays, nil
}

func notHex(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) }

// remember lets a browser be known again, once its person has shown that it reads the mail of its address.
func (s *site) remember(c *gin.Context, browser string) {
	_, stays, _ := strings.Cut(browser, ".")
	http.SetCookie(c.Writer, &http.Cookie{Name: s.browserCookie(), Value: stays, Path: "/", MaxAge: browserLife, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode})
}
