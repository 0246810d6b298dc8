package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// inboxSettingsPage asks how its reader hears of news beside the inbox.
type inboxSettingsPage struct {
	view.Page
	Email string
	How   view.Radios
	Send  view.Button
}

func (s *site) inboxSettings(c *gin.Context, who visitor) error {
	return s.showInboxSettings(c, who, http.StatusOK, who.account.Telling(), nil)
}

func (s *site) saveInboxSettings(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	how := catalogue.Telling(t.text("told"))
	err = s.Catalogue.TellMe(c, who.actor, how)
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showInboxSettings(c, who, http.StatusBadRequest, how, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Saved. "+toldWords(how))
	return s.redirect(c, who, "/inbox")
}

func (s *site) showInboxSettings(c *gin.Context, who visitor, status int, how catalogue.Telling, wrong error) error {
	p := inboxSettingsPage{Page: s.page(c, who, "/desk", "Which mail you get"), Email: who.account.Email,
		How:  view.Radios{Name: "told", Legend: &view.Legend{Text: "How do you want to be told?", Classes: "govuk-fieldset__legend--m"}, Error: fieldError(wrong, "told")},
		Send: view.Button{Text: "Save", PreventDoubleClick: true}}
	for _, choice := range []view.Choice{
		{Value: string(catalogue.ToldAtOnce), Text: "At once", Hint: "A mail for each change that concerns your council"},
		{Value: string(catalogue.ToldDaily), Text: "One mail a day", Hint: "At seven in the morning, with all that is new. No mail where nothing is"},
		{Value: string(catalogue.ToldNever), Text: "Inbox only", Hint: "No mail but the codes that you ask for to sign in"},
	} {
		choice.Checked = choice.Value == string(how)
		p.How.Choices = append(p.How.Choices, choice)
	}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Inbox", Href: "/inbox"}, {Text: "Which mail you get"}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "inbox-settings", p)
}
