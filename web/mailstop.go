package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"jointly/web/view"
)

// mailStopPage stops mail for whoever follows the link of a mail, signed in or not. Only its button does: programs that
// look into mail open links.
type mailStopPage struct {
	view.Page
	Heading string
	Text    string
	Action  string
	Send    *view.Button // nil once it is done
}

func (s *site) mailStop(c *gin.Context, who visitor) error {
	token := c.Query("token")
	weekly, err := s.Catalogue.CheckStop(c, token)
	if err != nil {
		return err
	}
	p := mailStopPage{Page: s.page(c, who, "", "Stop mail from Jointly"), Heading: "Stop mail from Jointly?",
		Text:   "You are then told of changes in your inbox alone. Codes that you ask for to sign in still come.",
		Action: "/mail/stop?token=" + url.QueryEscape(token), Send: &view.Button{Text: "Stop mail", PreventDoubleClick: true}}
	if weekly {
		p.Heading, p.Text, p.Send.Text = "Stop the Monday mail?", "Mail of changes still comes as you chose it, and your inbox keeps everything.", "Stop the Monday mail"
	}
	p.Canonical = ""
	anew(c)
	return s.show(c, who, http.StatusOK, "mail-stop", p)
}

// stopMail is what the button does, and what a mail program's own 'unsubscribe' does with one click: the token is in
// the address.
func (s *site) stopMail(c *gin.Context, who visitor) error {
	weekly, err := s.Catalogue.StopMail(c, c.Query("token"))
	if err != nil {
		return err
	}
	p := mailStopPage{Page: s.page(c, who, "", "Mail is stopped"), Heading: "You get no more mail of changes", Text: "What concerns your council stays in your inbox."}
	if weekly {
		p.Heading = "You get no more Monday mail"
	}
	p.Canonical = ""
	return s.show(c, who, http.StatusOK, "mail-stop", p)
}
