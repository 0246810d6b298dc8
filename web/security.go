package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// securityPage is how its reader signs in: the second factors, and where it is signed in.
type securityPage struct {
	view.Page
	Heading  string
	Email    string
	Invented bool     // a persona: it has no second factor
	Needs    bool     // its role needs a second factor
	Has      bool     // it has one
	Factors  []factor // passkeys and the app
	Recovery string   // how many recovery codes are left
	Codes    view.Button
	Passkeys bool // they can be set up at this address
	App      string
	Council  string // ID of the council's own sign-in, to be bound to; empty: none, or it is
	Bound    string // since when it is
	Sessions []sessionRow
	Out      view.Button
}

// factor is one second factor.
type factor struct {
	Name   string
	Lines  []string
	Action string
	Remove view.Button
}

// sessionRow is one place where the reader is signed in.
type sessionRow struct {
	Name   string
	Lines  []string
	This   bool
	Action string
	Out    view.Button
}

func (s *site) security(c *gin.Context, who visitor) error {
	keys, err := s.Catalogue.Credentials(c, who.session.ID)
	if err != nil {
		return err
	}
	open, err := s.Catalogue.Sessions(c, who.actor)
	if err != nil {
		return err
	}
	p := securityPage{Heading: "How you sign in", Email: who.account.Email, Invented: who.account.Demonstration, Needs: who.account.Role != catalogue.RoleViewer, Has: keys.Any(),
		Passkeys: s.passkeys != nil, App: "Set up an authenticator app", Codes: view.Button{Text: "Make new recovery codes", Classes: "govuk-button--secondary", PreventDoubleClick: true},
		Out: view.Button{Text: "Sign out everywhere", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: p.Heading}}
	p.Factors = factors(keys)
	if keys.App != nil {
		p.App = "Move to another authenticator app"
	}
	if id := who.account.Identity; id != nil {
		p.Bound = "You can sign in with your council’s own account, since " + view.Day(id.Bound) + "."
	} else if p.Council, err = s.ownWay(c, who); err != nil {
		return err
	}
	p.Recovery = "You have " + view.Plural(len(keys.Recovery), "recovery code", "recovery codes") + " left."
	p.Sessions = s.sessionRows(open, catalogue.SessionID(who.session.ID))
	return s.show(c, who, http.StatusOK, "security", p)
}

// factors lists the second factors of an account.
func factors(keys *catalogue.Credentials) (out []factor) {
	for _, k := range keys.Passkeys {
		f := factor{Name: k.Name, Lines: []string{"Passkey, set up on " + view.Day(k.Made)}, Action: "/security/passkeys/" + k.ID + "/remove"}
		if !k.Used.IsZero() {
			f.Lines = append(f.Lines, "Last used on "+view.Day(k.Used))
		}
		out = append(out, f)
	}
	if app := keys.App; app != nil {
		out = append(out, factor{Name: "Authenticator app", Lines: []string{"Set up on " + view.Day(app.Made), "Last used on " + view.Day(app.Used)}, Action: "/security/app/remove"})
	}
	for i := range out {
		out[i].Remove = view.Button{Text: "Remove", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	}
	return out
}

// ownWay is the ID of the sign-in of the visitor's own council; empty where it has set up none.
func (s *site) ownWay(c *gin.Context, who visitor) (string, error) {
	ways, err := s.Catalogue.SignInWays(c)
	for _, w := range ways {
		if who.actor.ForCouncil(w.Council.ID) {
			return w.ID, err
		}
	}
	return "", err
}

func (s *site) sessionRows(open []catalogue.OpenSession, own string) (rows []sessionRow) {
	for _, o := range open {
		r := sessionRow{Name: deviceWords(o.Agent), This: o.ID == own, Action: "/security/sessions/" + o.ID + "/end",
			Lines: []string{"Since " + view.Day(o.Begun) + ". Last used " + ago(s.Catalogue.Now(), o.Seen) + "."},
			Out:   view.Button{Text: "Sign out there", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
		if !o.In {
			r.Lines = append(r.Lines, "Not signed in yet: the second factor is missing.")
		}
		if r.This {
			r.Name += ": this one"
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b sessionRow) int {
		switch {
		case a.This:
			return -1
		case b.This:
			return 1
		}
		return 0
	})
	return rows
}

// setUpPage is the choice of a second factor, for somebody who must have one before it can go on.
type setUpPage struct {
	view.Page
	Heading  string
	Org      string
	Role     string
	Passkeys bool
}

func (s *site) setUp(c *gin.Context, who visitor) error {
	if who.stage != catalogue.StageEnrol {
		return s.redirect(c, who, "/security")
	}
	if next := localPath(c.Query("next"), ""); next != "" {
		who.session.set("next", next)
	}
	p := setUpPage{Page: s.page(c, who, "/sign-in", "Set up a second factor"), Heading: "Set up a second factor", Role: string(who.entering.Role), Passkeys: s.passkeys != nil, Org: "your organisation"}
	if who.entering.OrgKind == catalogue.OrgCouncil {
		p.Org = "your council"
	}
	p.Crumbs = enrolCrumbs(who, "")
	return s.show(c, who, http.StatusOK, "set-up", p)
}

// enrolCrumbs lead back to where somebody came from to set up a factor.
func enrolCrumbs(who visitor, heading string) []view.Crumb {
	crumbs := []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "How you sign in", Href: "/security"}}
	if who.account == nil {
		crumbs = []view.Crumb{{Text: "Sign in", Href: "/sign-in"}, {Text: "Set up a second factor", Href: "/security/set-up"}}
	}
	if heading != "" {
		return append(crumbs, view.Crumb{Text: heading})
	}
	crumbs[1].Href = ""
	return crumbs
}

// beforeChange leads whoever has a factor, or came by its council's own sign-in, to confirming with that before it changes one;
// done: it was led away.
func (s *site) beforeChange(c *gin.Context, who visitor) (done bool, err error) {
	if who.stage == catalogue.StageFactor {
		return true, s.redirect(c, who, entrance(who.stage))
	}
	if who.account == nil || who.actor.Proved {
		return false, nil
	}
	kept, _ := who.session.Values["kept"].(*catalogue.Session)
	keys, err := s.Catalogue.Credentials(c, who.session.ID)
	if err != nil || !keys.Any() && (kept == nil || kept.Provider == "") {
		return false, err
	}
	return true, s.redirect(c, who, "/sign-in/confirm?next="+c.Request.URL.Path)
}

// appPage sets up an authenticator app.
type appPage struct {
	view.Page
	Heading string
	Secret  string       // in groups of four
	Link    template.URL // made of our own secret and an escaped address; for a phone on which this page is open
	Square  square
	Sealed  string
	Code    view.Input
	Send    view.Button
}

// square is a QR code: a path of dots on a grid. Template appSquare.
type square struct {
	Size int
	Path string
}

func (s *site) newApp(c *gin.Context, who visitor) error {
	if done, err := s.beforeChange(c, who); err != nil || done {
		return err
	}
	secret, sealed, err := s.Catalogue.Enrolment(who.session.ID)
	if err != nil {
		return err
	}
	return s.showApp(c, who, http.StatusOK, secret, sealed, "", nil)
}

func (s *site) showApp(c *gin.Context, who visitor, status int, secret, sealed, typed string, wrong error) error {
	p := appPage{Heading: "Set up an authenticator app", Sealed: sealed, Send: view.Button{Text: "Continue", PreventDoubleClick: true},
		Code: view.Input{Name: "code", Label: view.Label{Text: "Code that the app shows"}, Hint: "6 digits. A new one comes every 30 seconds", Value: typed, InputMode: "numeric",
			Autocomplete: "one-time-code", Spellcheck: "false", Classes: "govuk-input--width-10", Error: fieldError(wrong, "code")}}
	p.Page = s.page(c, who, "/sign-in", p.Heading)
	p.Crumbs, p.Errors = enrolCrumbs(who, p.Heading), errorLinks(wrong, nil)
	for part := range slices.Chunk([]byte(secret), 4) {
		p.Secret += string(part) + " "
	}
	p.Secret = strings.TrimSpace(p.Secret)
	p.Link = template.URL(enrolmentLink(who.person().Email, secret))
	var err error
	if p.Square, err = newSquare(string(p.Link)); err != nil {
		return err
	}
	return s.show(c, who, status, "set-up-app", p)
}
