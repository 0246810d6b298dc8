package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// bodyAsk is what a council asks of a body, as somebody types it.
type bodyAsk struct{ id, body, title, why, capability, platform, audience string }

func (f bodyAsk) ask() catalogue.Ask {
	return catalogue.Ask{Meta: catalogue.Meta{ID: f.id}, Body: f.body, Title: f.title, Why: f.why, Capability: f.capability, Platform: f.platform}
}

func (s *site) newAsk(c *gin.Context, who visitor) error {
	return s.showAskForm(c, who, http.StatusOK, bodyAsk{id: catalogue.NewID(), body: c.Query("body"), platform: c.Query("platform")}, nil)
}

// addAsk stores what was typed. The same form sent twice asks once.
func (s *site) addAsk(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	f := bodyAsk{recordID(t.text("id")), c.Query("body"), t.text("title"), t.text("why"), t.text("capability"), t.text("platform"), t.text("audience")}
	made, err := s.Catalogue.AskBody(c, who.actor, f.ask(), catalogue.Audience(f.audience))
	if err != nil && catalogue.KindOf(err) == catalogue.Invalid {
		return s.showAskForm(c, who, http.StatusBadRequest, f, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(made.Version)
	who.session.set("flash", "Asked, in public. Other councils can say that they ask the same, and the body answers all at once.")
	return s.redirect(c, who, pagePath(catalogue.KindAsk, made.ID))
}

func (s *site) showAskForm(c *gin.Context, who visitor, status int, f bodyAsk, wrong error) error {
	if !catalogue.MayDo(who.actor, catalogue.AskOfBody) {
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "Your account can read only: it cannot ask for your council"}
	}
	v, err := s.Catalogue.Body(c, who.actor, f.body)
	if err != nil {
		return err
	}
	wrong = inOrderOf([]string{"body", "title", "why", "platform", "capability", "audience"}, wrong)
	label := func(text string) view.Label { return view.Label{Text: text, Classes: "govuk-label--s"} }
	audience := askAudience(f.audience, wrong)
	fields := []view.Field{{Input: &view.Input{Name: "title", Label: label("What do you ask for?"), Hint: "In a few words, such as: refunds in bulk", Value: f.title, Error: firstError(wrong, "title", "body")}},
		{Textarea: &view.Textarea{Name: "why", Rows: 6, Label: label("Why?"), Hint: "What you do today without it, and what would change. Everybody reads this", Value: f.why, Error: fieldError(wrong, "why")}}}
	if len(v.Platforms) > 0 {
		choose := &view.Select{Name: "platform", Label: label("Which of its platforms is it about? (optional)"), Options: []view.Option{{Text: "None of them"}}, Error: fieldError(wrong, "platform")}
		for _, p := range v.Platforms {
			choose.Options = append(choose.Options, view.Option{Value: p.ID, Text: p.Name, Selected: p.ID == f.platform})
		}
		fields = append(fields, view.Field{Select: choose})
	}
	fields = append(fields, view.Field{Select: &view.Select{Name: "capability", Label: label("What is it about? (optional)"), Typed: true, Options: []view.Option{{Text: "Choose"}}, Groups: s.capabilityGroups(f.capability), Error: fieldError(wrong, "capability")}},
		view.Field{Radios: &audience})
	p := recordFormPage{Heading: "Ask something of " + v.Body.Label(), Action: "/asks/new?body=" + v.Body.ID, ID: f.id, Version: "0", Sections: []formSection{{Fields: fields}},
		Lead: "What you write is public. Other councils can say that they ask the same, and the body answers all at once.",
		Save: view.Button{Text: "Ask it in public", PreventDoubleClick: true}, Back: view.Link{Text: "Cancel", Href: pagePath(catalogue.KindBody, v.Body.ID)}}
	anew(c)
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Crumbs = bodyCrumbs(v.Body, "Ask something")
	p.Errors = errorLinks(wrong, map[string]string{"body": "title"})
	return s.show(c, who, status, "record-form", p)
}

// supportAsk says that the visitor's council asks the same, or no longer.
func (s *site) supportAsk(c *gin.Context, who visitor) error {
	if !catalogue.MayDo(who.actor, catalogue.AskOfBody) {
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "Your account can read only: it cannot ask for your council"}
	}
	t, err := sent(c)
	if err != nil {
		return err
	}
	audience, message := catalogue.Audience(t.text("audience")), "Your council asks this too. You are told of each answer."
	switch t.text("action") {
	case "stop":
		audience, message = "", "Your council no longer asks this."
	case "ask":
		if audience == "" {
			audience = "none" // said with the others that are wrong: nothing chosen must not stop it
		}
	default:
		return &catalogue.Error{Kind: catalogue.Invalid, Message: "The form says neither yes nor no. Go back and use its buttons"}
	}
	a, err := s.Catalogue.SupportAsk(c, who.actor, c.Param("id"), audience)
	return s.askedOf(c, who, a, err, message, func(p *askPage, err error) {
		if p.Support != nil {
			p.Support.Who.Error = fieldError(err, "audience")
		}
	})
}

func (s *site) answerAsk(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	state, text := t.text("state"), t.text("answer")
	a, err := s.Catalogue.AnswerAsk(c, who.actor, c.Param("id"), catalogue.AskState(state), text)
	return s.askedOf(c, who, a, err, "Answered in public. Every council that asks is told.", func(p *askPage, err error) {
		if p.Answer == nil {
			return
		}
		p.Answer.State.Error, p.Answer.Text.Error, p.Answer.Text.Value = fieldError(err, "state"), fieldError(err, "answer"), text
		for i := range p.Answer.State.Choices {
			p.Answer.State.Choices[i].Checked = p.Answer.State.Choices[i].Value == state
		}
	})
}

func (s *site) withdrawAsk(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	reason := t.text("reason")
	a, err := s.Catalogue.WithdrawAsk(c, who.actor, c.Param("id"), reason)
	return s.askedOf(c, who, a, err, "Withdrawn. The reason stands on the page.", func(p *askPage, err error) {
		if p.Withdraw != nil {
			p.Withdraw.Fold.Open, p.Withdraw.Reason.Value, p.Withdraw.Reason.Error = true, reason, fieldError(err, "reason")
		}
	})
}

// askedOf follows a change of an ask: on to it with a message, or back to its page with what is wrong.
func (s *site) askedOf(c *gin.Context, who visitor, a *catalogue.Ask, err error, message string, refuse func(*askPage, error)) error {
	if err != nil && catalogue.KindOf(err) == catalogue.Invalid {
		p, again := s.askPage(c, who, c.Param("id"))
		if again != nil {
			return again
		}
		refuse(&p, err)
		p.Errors = errorLinks(err, nil)
		return s.show(c, who, http.StatusBadRequest, "ask", p)
	}
	if err != nil {
		return err
	}
	who.session.wrote(a.Version)
	who.session.set("flash", message)
	return s.redirect(c, who, pagePath(catalogue.KindAsk, a.ID))
}
