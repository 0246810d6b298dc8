package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// failurePage is the page for what went wrong.
type failurePage struct {
	view.Page
	Heading   string
	Text      []string
	Reference string // names the entry of the log, for our own faults
}

// status is the one table from kinds of errors to HTTP.
func status(kind catalogue.ErrorKind) int {
	switch kind {
	case catalogue.Invalid:
		return http.StatusBadRequest
	case catalogue.NotFound:
		return http.StatusNotFound
	case catalogue.Conflict:
		return http.StatusConflict
	case catalogue.Forbidden:
		return http.StatusForbidden
	case catalogue.Unauthenticated:
		return http.StatusUnauthorized
	case catalogue.TooLarge:
		return http.StatusRequestEntityTooLarge
	case catalogue.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fail answers with the page for an error. What is not for the reader goes to the log only.
func (s *site) fail(c *gin.Context, who visitor, err error) {
	if errors.Is(err, context.Canceled) {
		c.Abort()
		return // nobody is there to read it
	}
	if errors.Is(err, catalogue.ErrProveFirst) && !reads(c.Request) && who.account != nil {
		if err = s.askToConfirm(c, who, http.StatusUnauthorized, nil); err == nil {
			return
		}
	}
	if errors.Is(err, catalogue.ErrProveFirst) && reads(c.Request) && who.account != nil {
		c.Redirect(http.StatusSeeOther, "/sign-in/confirm?next="+url.QueryEscape(localPath(c.Request.URL.RequestURI(), "/desk")))
		return
	}
	var tooBig *http.MaxBytesError
	var known *catalogue.Error
	switch {
	case errors.As(err, &tooBig):
		known = &catalogue.Error{Kind: catalogue.TooLarge, Message: "What you sent is larger than 1 MB. Shorten it and try again"}
	case !errors.As(err, &known):
		known = &catalogue.Error{Kind: catalogue.Internal}
	}
	h := c.Writer.Header()
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	if known.Kind == catalogue.Unauthenticated && reads(c.Request) {
		c.Redirect(http.StatusSeeOther, entrance(who.stage)+"?next="+url.QueryEscape(localPath(c.Request.URL.RequestURI(), "/desk")))
		return
	}
	p := failurePage{Page: s.page(c, who, "", "")}
	p.Canonical, p.Errors = "", nil
	switch known.Kind {
	case catalogue.NotFound:
		p.Heading = "Page not found"
		p.Text = []string{"If you typed the address, check that it is correct. If you followed a link, what it leads to may have been withdrawn, or may not be shared with you.",
			"You can search for it, or sign in with a council address to see what councils share with each other."}
	case catalogue.Internal:
		p.Heading, p.Reference = "Sorry, there is a problem with the service", catalogue.NewID()
		p.Text = []string{"Nothing that you saved is lost. Try again in a few minutes."}
		s.Log.Error("request failed", "reference", p.Reference, "method", c.Request.Method, "route", c.FullPath(), "error", err)
	case catalogue.Unauthenticated:
		p.Heading, p.Text = "Sign in first", []string{known.Message + ".",
			"What you sent is not saved. Sign in in another tab, then go back and send it again: browsers keep what was typed."}
	case catalogue.Forbidden:
		p.Heading, p.Text = "You cannot do this", []string{known.Message + "."}
	case catalogue.Conflict:
		p.Heading, p.Text = "Something has changed meanwhile", []string{known.Message + "."}
	case catalogue.Unavailable:
		h.Set("Retry-After", "30")
		p.Heading, p.Text = "Jointly is busy", []string{known.Message + "."}
		if c.Request.Method != http.MethodGet {
			p.Text = append(p.Text, "What you typed is still in the form: go back to it in your browser, and send it again later.")
		}
	default:
		p.Heading = "There is a problem with what you sent"
		p.Text = []string{strings.TrimSuffix(known.Message, ".") + "."}
		for _, f := range known.Fields {
			p.Text = append(p.Text, f.Message+".")
		}
	}
	p.Title = p.Heading
	if err := s.show(c, who, status(known.Kind), "failure", p); err != nil {
		s.Log.Error("the page for an error failed", "error", err)
		c.Data(http.StatusInternalServerError, "text/plain; charset=utf-8", []byte("Sorry, there is a problem with the service. Try again in a few minutes.\n"))
	}
}

func (s *site) noRoute(*gin.Context, visitor) error {
	return &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
}

func (s *site) noMethod(c *gin.Context, who visitor) error {
	p := failurePage{Page: s.page(c, who, "", "This address does not work that way"), Heading: "This address does not work that way",
		Text: []string{"Go back to the page before and use its buttons."}}
	return s.show(c, who, http.StatusMethodNotAllowed, "failure", p)
}
