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
	Lead  string
	How   view.Radios
	Week  view.Radios
	Send  view.Button
}

func (s *site) inboxSettings(c *gin.Context, who visitor) error {
	return s.showInboxSettings(c, who, http.StatusOK, who.account.Telling(), weeklyChoice(who.account), nil)
}

func (s *site) saveInboxSettings(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	how := catalogue.Telling(t.text("told"))
	weekly := catalogue.WeeklyChoice(t.text("weekly"))
	if who.actor.OrgKind == catalogue.OrgCouncil {
		err = s.Catalogue.ChooseMail(c, who.actor, how, weekly)
	} else {
		err = s.Catalogue.TellMe(c, who.actor, how)
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showInboxSettings(c, who, http.StatusBadRequest, how, weekly, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Saved. "+toldWords(how)+weeklyWords(weekly))
	return s.redirect(c, who, "/inbox")
}

func (s *site) showInboxSettings(c *gin.Context, who visitor, status int, how catalogue.Telling, weekly catalogue.WeeklyChoice, wrong error) error {
	p := inboxSettingsPage{Page: s.page(c, who, "/desk", "Which mail you get"), Email: who.account.Email, Lead: inboxHolds(who.actor),
		How:  view.Radios{Name: "told", Legend: &view.Legend{Text: "How do you want to be told?", Classes: "govuk-fieldset__legend--m"}, Error: fieldError(wrong, "told")},
		Send: view.Button{Text: "Save", PreventDoubleClick: true}}
	for _, choice := range []view.Choice{
		{Value: string(catalogue.ToldAtOnce), Text: "At once", Hint: "A mail for each change that concerns you"},
		{Value: string(catalogue.ToldDaily), Text: "One email a day", Hint: "At seven in the morning, with all that is new. No mail where nothing is"},
		{Value: string(catalogue.ToldNever), Text: "Inbox only", Hint: "No mail when something changes"},
	} {
		choice.Checked = choice.Value == string(how)
		p.How.Choices = append(p.How.Choices, choice)
	}
	if who.actor.OrgKind == catalogue.OrgCouncil {
		p.Week = view.Radios{Name: "weekly", Legend: &view.Legend{Text: "Do you want the Monday mail?", Classes: "govuk-fieldset__legend--m"}, Error: fieldError(wrong, "weekly"),
			Hint:    "Once a week: dates that come up for your council, what is new in its groups and at its neighbours, and one question. No mail where there is nothing",
			Choices: []view.Choice{{Value: string(catalogue.WeeklyOn), Text: "Yes", Checked: weekly == catalogue.WeeklyOn}, {Value: string(catalogue.WeeklyOff), Text: "No", Checked: weekly == catalogue.WeeklyOff}}}
	}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Inbox", Href: "/inbox"}, {Text: "Which mail you get"}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "inbox-settings", p)
}

// inboxHolds says what comes to somebody's inbox, and why.
func inboxHolds(actor catalogue.Actor) string {
	switch actor.OrgKind {
	case catalogue.OrgCouncil:
		return "Your inbox always holds what concerns your council and you, with why you are told: because your council is in a group, listed an intention, registered interest in one, or talks with another council."
	case catalogue.OrgSupplier:
		return "Your inbox always holds what concerns you, with why you are told: answers and changes of the signals that you follow or have asked about, and what was decided on your supplier’s requests."
	case catalogue.OrgBody:
		return "Your inbox always holds what concerns your organisation, with why you are told: because councils ask something of it or talk with it, or because something fits what it offers or seeks."
	}
	return "Your inbox shows what all councils and suppliers were told: nothing of it is mailed to you."
}

// weeklyChoice is what the form shows as chosen.
func weeklyChoice(a *catalogue.Account) catalogue.WeeklyChoice {
	if a.GetsWeekly() {
		return catalogue.WeeklyOn
	}
	return catalogue.WeeklyOff
}

func weeklyWords(choice catalogue.WeeklyChoice) string {
	switch choice {
	case catalogue.WeeklyOn:
		return " The Monday mail comes too."
	case catalogue.WeeklyOff:
		return " No Monday mail comes."
	}
	return ""
}
