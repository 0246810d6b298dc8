package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// signInPage asks who wants to sign in: with a code sent to an address or, in the demonstration, as somebody invented.
type signInPage struct {
	view.Page
	As       string // who is signed in now; empty: nobody
	Email    view.Input
	Send     view.Button
	Next     string
	Personas []personaChoice
	Council  string // where to sign in with a council's own account; empty: none has set it up
}

// personaChoice is somebody invented to sign in as.
type personaChoice struct {
	ID, Name string
	Can      string // what this person can do
}

func (s *site) signIn(c *gin.Context, who visitor) error {
	p, err := s.signInPage(c, who, c.Query("next"), "", nil)
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "sign-in", p)
}

// signInPage is the page with what was typed and what is wrong with it.
func (s *site) signInPage(c *gin.Context, who visitor, next, email string, wrong error) (signInPage, error) {
	p := signInPage{Page: s.page(c, who, "/sign-in", "Sign in"), Next: localPath(next, ""), As: who.org}
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Sign in"}}
	p.Errors = errorLinks(wrong, nil)
	p.Email = view.Input{Name: "email", Type: "email", Autocomplete: "email", Spellcheck: "false", Value: email, Error: fieldError(wrong, "email"),
		Label: view.Label{Text: "Your work email address"}, Classes: "govuk-!-width-two-thirds",
		Hint: "Councils: an address at your council’s own domain. Suppliers: the address that your account was made for."}
	p.Send = view.Button{Text: "Send me a code", PreventDoubleClick: true}
	ways, err := s.Catalogue.SignInWays(c)
	if err != nil {
		return p, err
	}
	if len(ways) > 0 {
		p.Council = "/sign-in/council"
		if p.Next != "" {
			p.Council += "?next=" + url.QueryEscape(p.Next)
		}
	}
	if !s.Demo {
		return p, nil
	}
	accounts, err := s.Catalogue.Personas(c)
	if err != nil {
		return p, err
	}
	for _, a := range accounts {
		p.Personas = append(p.Personas, personaChoice{ID: a.ID, Name: a.Name, Can: mayWords(a)})
	}
	return p, nil
}

// mayWords says what an account lets a person do.
func mayWords(a *catalogue.Account) string {
	switch {
	case a.OrgKind == catalogue.OrgSupplier:
		return "Sees what anybody sees: public needs and public records. Nothing that councils share with each other."
	case a.OrgKind == catalogue.OrgBody && a.Role == catalogue.RoleViewer:
		return "Sees what anybody sees, and reads what councils ask of its body."
	case a.OrgKind == catalogue.OrgBody && a.Role != catalogue.RoleContributor:
		return "Sees what anybody sees, answers what councils ask of its body, and groups that ask it to be a partner."
	case a.OrgKind == catalogue.OrgBody:
		return "Sees what anybody sees, answers what councils ask of its body, and offers and seeks skills for it."
	case a.OrgKind == catalogue.OrgService:
		return "Runs the service: keeps its registers, calls and plan, decides what waits, and works with commands."
	case a.Role == catalogue.RoleViewer:
		return "Reads what councils share with each other."
	case a.Role == catalogue.RoleContributor:
		return "Lists platforms and needs for the council, and registers interest."
	}
	return "Lists needs, sees matches, registers interest, proposes groups and answers for the council."
}

// sendCode sends a code, with the same answer for every address, known or not.
func (s *site) sendCode(c *gin.Context, who visitor) error {
	typed, err := form(c)
	if err != nil {
		return err
	}
	email, next := typed.Get("email"), typed.Get("next")
	if strings.TrimSpace(email) == "" {
		return s.signInAgain(c, who, next, "", missing("email", "Enter your email address"))
	}
	browser, err := s.browser(c)
	if err != nil {
		return err
	}
	err = s.Catalogue.StartSignIn(c, email, browser, c.ClientIP())
	if kind := catalogue.KindOf(err); kind == catalogue.Invalid || kind == catalogue.TooLarge {
		return s.signInAgain(c, who, next, email, err)
	}
	if err != nil {
		return err
	}
	if who, err = s.begin(c, who, nil); err != nil {
		return err
	}
	who.session.set("browser", browser)
	who.session.set("email", catalogue.NormaliseEmail(email))
	who.session.set("next", localPath(next, ""))
	return s.redirect(c, who, "/sign-in/code")
}

// signInAgain shows the form again, with what was typed and why no code was sent.
func (s *site) signInAgain(c *gin.Context, who visitor, next, email string, wrong error) error {
	code := http.StatusBadRequest
	if catalogue.KindOf(wrong) == catalogue.TooLarge {
		code = http.StatusTooManyRequests
		c.Header("Retry-After", "3600")
		wrong = &catalogue.Error{Kind: catalogue.Invalid, Fields: []catalogue.FieldError{{Field: "email",
			Message: "Too many codes were asked for. Wait an hour and try again"}}}
	}
	p, err := s.signInPage(c, who, next, email, wrong)
	if err != nil {
		return err
	}
	return s.show(c, who, code, "sign-in", p)
}

// codePage asks for the code that was sent.
type codePage struct {
	view.Page
	To     string
	First  string // for whoever came by its council's own account for the first time; empty: for others
	Own    string // the council whose people sign in with its own accounts only, by the address's domain; empty: none
	Shared string // what to know where councils share the domain; empty: nothing
	Code   view.Input
	Send   view.Button
	Again  string // where to ask for another code
}

func (s *site) code(c *gin.Context, who visitor) error {
	if who.session.value("browser") == "" {
		return s.redirect(c, who, "/sign-in")
	}
	anew(c)
	return s.showCode(c, who, http.StatusOK, "", nil)
}

func (s *site) showCode(c *gin.Context, who visitor, status int, typed string, wrong error) error {
	p := codePage{Page: s.page(c, who, "/sign-in", "Check your email"), To: who.session.value("email"), Again: "/sign-in"}
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Sign in", Href: "/sign-in"}, {Text: "Check your email"}}
	p.Errors = errorLinks(wrong, nil)
	p.Code = view.Input{Name: "code", Label: view.Label{Text: "Code"}, Hint: "6 digits, from the latest email", Value: typed,
		InputMode: "numeric", Autocomplete: "one-time-code", Spellcheck: "false", Classes: "govuk-input--width-10", Error: fieldError(wrong, "code")}
	p.Send = view.Button{Text: "Sign in", PreventDoubleClick: true}
	if who.session.value("join-supplier") != "" {
		p.Again = "/supplier/join"
	} else if next := who.session.value("next"); next != "" {
		p.Again += "?next=" + url.QueryEscape(next)
	}
	var names []string
	councils, err := s.Catalogue.CouncilsByEmail(c, p.To)
	if err != nil {
		return err
	}
	for _, council := range councils {
		names = append(names, council.Name)
	}
	ways, err := s.Catalogue.SignInWays(c)
	if err != nil {
		return err
	}
	for _, w := range ways {
		if who.session.value("bind") != "" {
			p.Again = "/sign-in/council"
			p.First = "You signed in with your council’s account for the first time. So that we know that this address is yours, type the code that we sent to it. You do this once."
		} else if w.Required && len(councils) == 1 && councils[0].ID == w.Council.ID {
			p.Own = w.Council.Label()
		}
	}
	if len(names) > 1 {
		p.Shared = view.Sentence(names) + " share this domain, so it does not tell which of them you work for. A code comes only where an account was made for you: " +
			"ask whoever runs this service for one."
	}
	return s.show(c, who, status, "code", p)
}

func (s *site) checkCode(c *gin.Context, who visitor) error {
	typed, err := form(c)
	if err != nil {
		return err
	}
	browser := who.session.value("browser")
	if browser == "" { // the session ended meanwhile, or never began here
		return s.redirect(c, who, "/sign-in")
	}
	if who.session.value("bind") != "" {
		return s.checkBinding(c, who, typed.Get("code"))
	}
	account, err := s.proven(c, who, typed.Get("code"))
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showCode(c, who, http.StatusBadRequest, typed.Get("code"), err)
	}
	if err != nil {
		return err
	}
	s.remember(c, browser)
	return s.enter(c, who, account, who.session.value("next"))
}

// checkBinding checks the code of somebody who came by its council's own account for the first time.
func (s *site) checkBinding(c *gin.Context, who visitor, code string) error {
	browser := who.session.value("browser")
	in, err := s.Catalogue.FinishBinding(c, who.session.value("bind"), who.session.ID, browser, code)
	if catalogue.KindOf(err) == catalogue.Invalid {
		if fieldError(err, "code") == "" {
			return s.showCouncilSignIn(c, who, http.StatusBadRequest, "", err)
		}
		return s.showCode(c, who, http.StatusBadRequest, code, err)
	}
	if err != nil {
		return err
	}
	s.remember(c, browser)
	return s.enterAs(c, who, in.Account, &in.Session, who.session.value("next"))
}

// persona signs in as somebody invented, without a code: with --demo only.
func (s *site) persona(c *gin.Context, who visitor) error {
	typed, err := form(c)
	if err != nil {
		return err
	}
	accounts, err := s.Catalogue.Personas(c)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.ID == typed.Get("account") {
			return s.enter(c, who, a, typed.Get("next"))
		}
	}
	return &catalogue.Error{Kind: catalogue.NotFound, Message: "person not found"}
}

// enter begins a session of an account, and leads to where its person was going: past the second factor, where the account
// has or needs one.
func (s *site) enter(c *gin.Context, who visitor, account *catalogue.Account, next string) error {
	return s.enterAs(c, who, account, nil, next)
}

// enterAs is enter with what is known of the session beside whose it is; nil: nothing.
func (s *site) enterAs(c *gin.Context, who visitor, account *catalogue.Account, known *catalogue.Session, next string) error {
	begun, err := s.beginAs(c, who, account, known)
	if err != nil {
		return err
	}
	next = localPath(next, "/desk")
	begun.session.set("next", next)
	if err := s.saveSession(c, begun); err != nil {
		return err
	}
	kept, _, _, err := s.Catalogue.Session(c, begun.session.ID)
	if err != nil {
		return err
	}
	if kept != nil && kept.Stage != catalogue.StageIn {
		next = entrance(kept.Stage)
	}
	return s.redirect(c, begun, next)
}

func (s *site) signOut(c *gin.Context, who visitor) error {
	if err := s.end(c, who); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/")
	return nil
}

// longestNext is the most bytes of an address to go on to: a search with every filter has fewer.
const longestNext = 2000

// localPath is the address of a page of this site, or instead where it is anything else. Browsers read '//', a
// backslash and what control characters hide as the address of another site; proxies drop an answer that leads to an address
// without end.
func localPath(next, instead string) string {
	u, err := url.Parse(next)
	hidden := strings.ContainsFunc(next, func(r rune) bool { return r == '\\' || r <= ' ' || r == 0x7f })
	if err != nil || len(next) > longestNext || hidden || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		return instead
	}
	if u.Path == "/sign-in" || strings.HasPrefix(u.Path, "/sign-in/") {
		return instead
	}
	return next
}

// anew keeps browsers from answering with an earlier copy of a page that is made anew for each visit, such as a form
// that carries the ID of the record it will make. Going back in history still shows what was typed.
func anew(c *gin.Context) {
	h := c.Writer.Header()
	h.Del("ETag")
	h.Set("Cache-Control", "private, no-cache")
}
