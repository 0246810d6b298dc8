package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// weeklyPage is the mail of a week in a browser, for whoever holds its link, signed in or not: what the mail says, and
// no more.
type weeklyPage struct {
	view.Page
	Text   []string
	Parts  []catalogue.MailPart
	Action string // where the button sends to
	Stop   view.Button
}

func (s *site) weekly(c *gin.Context, who visitor) error {
	m, err := s.Catalogue.Weekly(c, c.Param("token"))
	if err != nil {
		return err
	}
	p := weeklyPage{Page: s.page(c, who, "", m.Subject), Text: m.Text, Parts: m.Parts, Action: m.Stop,
		Stop: view.Button{Text: "Stop the Monday mail", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	p.Canonical = ""
	h := c.Writer.Header()
	h.Del("ETag")
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Robots-Tag", "noindex")
	return s.show(c, who, http.StatusOK, "weekly", p)
}
