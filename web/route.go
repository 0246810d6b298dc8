package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// access is who may use a route at all; what a record allows is the catalogue's to say.
type access string

const (
	open     access = "open"      // anybody
	signedIn access = "signed in" // anybody with an account
	council  access = "council"   // officers of a council
	either   access = "either"    // officers of a council or of a body of central government or of the sector
	operator access = "operator"  // the operator of the service
	entering access = "entering"  // whoever reads the mail of an account: signed in, or on the way there
	demo     access = "demo"      // anybody, with --demo only
)

// route is one row of the table of routes.
type route struct {
	method, path string
	access       access
	handle       func(*gin.Context, visitor) error
	body         int64 // the most bytes that may be sent; 0: maxBody
	fresh        bool  // it shows what is not in the store: never 304
	raw          bool  // answers for itself: no session, no ETag of ours (health, API)
}

// visitor is who asks.
type visitor struct {
	actor   catalogue.Actor
	account *catalogue.Account // nil: not signed in
	// entering is the account of whoever reads its mail and is not signed in yet, for want of a second factor; nil: nobody.
	entering *catalogue.Account
	stage    catalogue.SignInStage
	org      string // name of its council or supplier, as pages show it
	todo     int    // what waits for the visitor: invitations, talks, unread news
	session  *session
}

// serve runs a route: who asks, whether it may, what changed since, then the handler; an error becomes a page.
func (s *site) serve(r route) gin.HandlerFunc {
	return func(c *gin.Context) {
		var who visitor
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, cmp.Or(r.body, maxBody))
		err := func() (err error) {
			if r.raw {
				return r.handle(c, who)
			}
			if err := checkText(c.Request); err != nil {
				return err
			}
			if who, err = s.visitor(c); err != nil {
				return err
			}
			if err := s.admit(r, who); err != nil {
				return err
			}
			if done, err := s.confirm(c, &who); err != nil || done {
				return err
			}
			if r.fresh {
				c.Writer.Header().Set("Cache-Control", "private, no-store")
			} else if reads(c.Request) && who.session.flash() == "" {
				fresh, err := s.unchanged(c, who)
				if err != nil || fresh {
					return err
				}
			}
			return r.handle(c, who)
		}()
		if err != nil {
			s.fail(c, who, err)
		}
	}
}

// reads says that a request changes nothing.
func reads(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// admit decides between the page, signing in, and a refusal.
func (s *site) admit(r route, who visitor) error {
	switch r.access {
	case open:
		return nil
	case demo:
		if s.Demo {
			return nil
		}
		return &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	if r.access == entering && who.entering != nil {
		return nil
	}
	if who.account == nil {
		return &catalogue.Error{Kind: catalogue.Unauthenticated, Message: "Sign in to see this page"}
	}
	switch {
	case r.access == council && who.actor.OrgKind != catalogue.OrgCouncil:
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "This page is for councils' officers"}
	case r.access == either && who.actor.OrgKind != catalogue.OrgCouncil && who.actor.OrgKind != catalogue.OrgBody:
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "This page is for officers of councils and of public bodies"}
	case r.access == operator && !who.actor.IsOperator():
		return &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	return nil
}

// checkText refuses what is not text in an address; forms are checked where they are read.
func checkText(r *http.Request) error {
	for _, part := range []string{r.URL.Path, r.URL.RawQuery} {
		text, err := url.QueryUnescape(strings.ReplaceAll(part, "+", "%20"))
		if err != nil || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return errNotText()
		}
	}
	return nil
}

func errNotText() error {
	return &catalogue.Error{Kind: catalogue.Invalid, Message: "The address or form has bytes that are not text. Go back, remove unusual characters and try again"}
}

// unchanged answers 304 where the reader has this page already: an ETag names the build, how far the store and the
// read models are, the day, and whose eyes it is for.
func (s *site) unchanged(c *gin.Context, who visitor) (bool, error) {
	seq, err := s.Catalogue.Seq(c)
	if err != nil {
		return false, err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d %d %d %t %s %+v %d", s.Build, s.assets.CSS, seq, s.Index.Cursor(audience(who.actor)),
		s.Engine.Cursor(), s.Index.Ready(), s.Catalogue.Today().Format("2006-01-02"), who.actor, who.todo))
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := c.Writer.Header()
	h.Set("ETag", tag)
	h.Set("Vary", "Cookie")
	if who.account == nil {
		h.Set("Cache-Control", "no-cache")
	} else {
		h.Set("Cache-Control", "private, no-cache")
	}
	if c.GetHeader("If-None-Match") == tag {
		c.Status(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return true, nil
	}
	return false, nil
}

// offered says that a page leads to a council's form: its officers who may use it see it, and whoever has not signed in yet.
func offered(who visitor, action catalogue.Action) bool {
	return who.account == nil || who.actor.OrgKind == catalogue.OrgCouncil && catalogue.MayDo(who.actor, action)
}

// audience is which of the indexes an actor searches.
func audience(a catalogue.Actor) catalogue.Audience {
	if a.OrgKind == catalogue.OrgCouncil || a.IsOperator() {
		return catalogue.Councils
	}
	return catalogue.Public
}

// page is what every page shares; section is the path of the main link that it stands under.
func (s *site) page(c *gin.Context, who visitor, section, title string) view.Page {
	p := view.Page{Title: title, Canonical: c.Request.URL.Path, Demonstration: s.Demo, Assets: s.assets, Contributes: offered(who, catalogue.ListIntention)}
	links := []view.NavItem{{Text: "Search", Href: "/search"}, {Text: "Platforms", Href: "/platforms"},
		{Text: "Intentions", Href: "/intentions"}, {Text: "Groups", Href: "/groups"}, {Text: "Demand", Href: "/demand"}, {Text: "Evidence", Href: "/evidence"}}
	if who.actor.OrgKind == catalogue.OrgCouncil {
		links = slices.Insert(links, 1, view.NavItem{Text: "My estate", Href: "/estate"})
	}
	for _, l := range links {
		l.Current = c.Request.URL.Path == l.Href
		l.Active = section == l.Href
		p.Nav = append(p.Nav, l)
	}
	p.Account = &view.AccountLink{Text: "Sign in", Href: "/sign-in", Current: section == "/sign-in"}
	if who.account != nil {
		p.Account = &view.AccountLink{Text: who.org, Href: "/desk", Current: section == "/desk"}
		if who.todo > 0 {
			p.Account.Text = fmt.Sprintf("%s: %d to do", who.org, who.todo)
			if who.actor.OrgKind == catalogue.OrgSupplier {
				p.Account.Text = fmt.Sprintf("%s: %d unread", who.org, who.todo)
			}
		}
	}
	if text := who.session.takeFlash(); text != "" {
		p.Flash = &view.Notification{Text: text, Success: true}
	}
	return p
}

// show renders a page and sends it; the session is saved first, since a page may have taken its message.
func (s *site) show(c *gin.Context, who visitor, status int, page string, data any) error {
	if err := s.saveSession(c, who); err != nil {
		return err
	}
	buf := buffers.get()
	defer buffers.put(buf)
	if err := s.templates.Render(buf, page, data); err != nil {
		return err
	}
	c.Data(status, "text/html; charset=utf-8", buf.Bytes())
	return nil
}

// redirect sends the reader on after a form has done its work. The path is ours, never a person's.
func (s *site) redirect(c *gin.Context, who visitor, path string) error {
	if err := s.saveSession(c, who); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, path)
	return nil
}
