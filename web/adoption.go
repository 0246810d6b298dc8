package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// adoptForm says how far the visitor's council is with an example.
type adoptForm struct {
	Title    string
	Stated   string // what it has said; empty: nothing
	Action   string
	Stage    view.Radios
	Since    view.DateInput
	Audience view.Radios
	Send     view.Button
	Remove   *exampleAct // takes back what was said; nil: nothing was
}

// adoptionForm is what somebody typed about its council and an example.
type adoptionForm struct {
	stage, reason, audience string
	since                   typedDate
}

// adoptionOf is what a council has said, as somebody would type it.
func adoptionOf(a *catalogue.Adoption) adoptionForm {
	if a == nil {
		return adoptionForm{audience: string(catalogue.Councils)}
	}
	return adoptionForm{string(a.Stage), a.Reason, string(a.Audience), typedOf(a.Since)}
}

func newAdoptForm(address string, v *catalogue.ExampleView, f adoptionForm, wrong error) *adoptForm {
	out := &adoptForm{Title: "We are doing this too", Action: address + "/adopt", Send: view.Button{Text: "Say so", PreventDoubleClick: true},
		Stage: view.Radios{Name: "stage", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "How far is your council?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "stage")},
		Audience: view.Radios{Name: "audience", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "Who sees that it is your council?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "audience"),
			Hint: "It counts either way",
			Choices: []view.Choice{{Value: string(catalogue.Councils), Text: "Officers of councils", Checked: f.audience == string(catalogue.Councils)},
				{Value: string(catalogue.Public), Text: "Everybody", Checked: f.audience == string(catalogue.Public)}}},
		Since: dateField("since", "Since when? (optional)", "For example, 4 2026", f.since, wrong)}
	out.Since.MonthOnly = true
	why := view.Field{Textarea: &view.Textarea{Name: "stop_reason", Rows: 3, Label: view.Label{Text: "Why did it stop?"}, Hint: "Officers of councils read it", Value: f.reason, Error: fieldError(wrong, "stop_reason")}}
	for _, stage := range catalogue.AdoptionStages() {
		choice := view.Choice{Value: string(stage), Text: adoptionChoice(stage), Checked: string(stage) == f.stage}
		if stage == catalogue.AdoptionStopped {
			choice.Conditional = []view.Field{why}
		}
		out.Stage.Choices = append(out.Stage.Choices, choice)
	}
	if v.Own != nil {
		out.Title, out.Send.Text = "Your council does this too", "Save"
		out.Stated = "Last said on " + view.Day(v.Own.Changed) + "."
		out.Remove = &exampleAct{address + "/disown", view.Button{Text: "Take back what we said", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	}
	return out
}

func adoptionChoice(stage catalogue.AdoptionStage) string {
	switch stage {
	case catalogue.AdoptionStarted:
		return "We have started"
	case catalogue.AdoptionLive:
		return "We are live"
	case catalogue.AdoptionStopped:
		return "We have stopped"
	}
	return "We are considering it"
}

// adopt records how far the visitor's council is with an example.
func (s *site) adopt(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	f := adoptionForm{t.text("stage"), t.text("stop_reason"), t.text("audience"), t.dateParts("since")}
	word := catalogue.AdoptionWord{Stage: catalogue.AdoptionStage(f.stage), Since: t.date("since", "The month"), Reason: f.reason, Audience: catalogue.Audience(f.audience)}
	if err = t.err(); err == nil {
		var said *catalogue.Adoption
		if said, err = s.Catalogue.Adopt(c, who.actor, c.Param("id"), word); err == nil {
			who.session.wrote(said.Version)
			who.session.set("flash", "Saved. The council that wrote the example is told.")
			return s.redirect(c, who, pagePath(catalogue.KindExample, c.Param("id"))+"#adopters")
		}
	}
	if catalogue.KindOf(err) != catalogue.Invalid {
		return err
	}
	v, again := s.Catalogue.Example(c, who.actor, c.Param("id"))
	if again != nil {
		return again
	}
	return s.showExample(c, who, http.StatusBadRequest, v, f, err)
}

func (s *site) disown(c *gin.Context, who visitor) error {
	if err := s.Catalogue.Disown(c, who.actor, c.Param("id")); err != nil {
		return err
	}
	who.session.set("flash", "Taken back. Your council is not counted any more.")
	return s.redirect(c, who, pagePath(catalogue.KindExample, c.Param("id")))
}

// needFromExample fills in a draft of a need from an example and leads to it. The same form sent twice makes one.
func (s *site) needFromExample(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	if err := mayList(who.actor); err != nil {
		return err
	}
	v, err := s.Catalogue.Example(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if !v.Example.Stands() {
		return &catalogue.Error{Kind: catalogue.Conflict, Message: "The council that wrote this example has withdrawn it"}
	}
	made, err := s.Catalogue.BeginDraft(c, who.actor, catalogue.NeedDraft{Meta: catalogue.Meta{ID: recordID(t.text("form"))}, Answers: answersFromExample(v)})
	if err != nil {
		return err
	}
	who.session.set("flash", "The draft is filled in from the example. Say when your council would buy, check the rest, and list it when it is right.")
	return s.redirect(c, who, draftPath(made.ID)+"/check")
}

// answersFromExample is what a need that follows an example says, as somebody would have typed it. When, for how much and
// what it runs now are its council's own.
func answersFromExample(v *catalogue.ExampleView) answers {
	t := v.Example.Text
	a := answers{"title": t.Title, "description": "As in the example ‘" + t.Title + "’ of " + v.Council.Label() + ": " + t.Summary}
	if len(t.Capabilities) == 1 {
		a["capability"] = t.Capabilities[0]
	}
	if t.Months > 0 {
		a["lead_months"] = countTyped(t.Months)
	}
	return a
}

// exampleTalkPage asks the council of an example about it.
type exampleTalkPage struct {
	view.Page
	Heading string
	Example view.Link
	Action  string
	Form    string // ID of the record that the form makes
	Text    view.Textarea
	Send    view.Button
}

func (s *site) exampleTalk(c *gin.Context, who visitor) error {
	open, err := s.Catalogue.OpenExampleTalk(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if open != "" && catalogue.MayDo(who.actor, catalogue.AskToTalk) {
		return s.redirect(c, who, pagePath(catalogue.KindTalk, open))
	}
	anew(c)
	return s.showExampleTalk(c, who, http.StatusOK, catalogue.NewID(), "", nil)
}

func (s *site) showExampleTalk(c *gin.Context, who visitor, status int, form, text string, wrong error) error {
	if !catalogue.MayDo(who.actor, catalogue.AskToTalk) {
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: mayNotTalk(who.actor)}
	}
	v, err := s.Catalogue.Example(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if v.Writes || !v.Example.Stands() || !v.Example.Text.Talk {
		return &catalogue.Error{Kind: catalogue.Conflict, Message: "The council that wrote this example does not offer to be asked about it"}
	}
	address := pagePath(catalogue.KindExample, v.Example.ID)
	p := exampleTalkPage{Heading: "Ask " + v.Council.Label() + " about its example", Example: view.Link{Text: v.Example.Text.Title, Href: address}, Action: address + "/talk", Form: form,
		Text: view.Textarea{Name: "text", Rows: 7, Label: labelled("Your message"), Value: text, Error: fieldError(wrong, "text"),
			Hint: "It comes from your council: your name and address are not shown. It may be disclosed under freedom of information"},
		Send: view.Button{Text: "Send", PreventDoubleClick: true}}
	p.Page = s.page(c, who, "", p.Heading)
	p.Canonical = ""
	p.Crumbs = exampleCrumbs(view.Crumb{Text: v.Example.Text.Title, Href: address}, view.Crumb{Text: "Ask about it"})
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "example-talk", p)
}

func (s *site) askAboutExample(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	v, err := s.Catalogue.Example(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	form := recordID(t.text("form"))
	made, err := s.Catalogue.AskAboutExample(c, who.actor, catalogue.ExampleQuestion{ID: form, Example: v.Example.ID, Subject: v.Example.Text.Title, Text: t.text("text")})
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showExampleTalk(c, who, http.StatusBadRequest, form, t.text("text"), err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Sent. The other council is told, and answers in its own time.")
	return s.redirect(c, who, pagePath(catalogue.KindTalk, made.ID))
}
