package web

import (
	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// resetForm asks for a reset of how somebody signs in or, where one was asked for, answers it. Template jyReset.
type resetForm struct {
	Action  string
	Fold    view.Details
	Why     view.Input
	Send    view.Button
	Asked   string       // who asked, and why; empty: nobody
	Confirm *view.Button // nil: the reader may not confirm it
	Refuse  view.Button
}

// newResetForm is nil for oneself and for who cannot sign in.
func newResetForm(a *catalogue.Account, own string, s *site) *resetForm {
	if a.ID == own || a.Disabled || a.Demonstration {
		return nil
	}
	f := &resetForm{Action: "/people/" + a.ID + "/reset",
		Fold: view.Details{Summary: "Lost the phone and the recovery codes?", ID: "reset-" + a.ID},
		Why:  view.Input{ID: "why-" + a.ID, Name: "why", Label: view.Label{Text: "How do you know that it is " + a.Email + " who asks?"}, Hint: "For example: spoke on the desk’s number. A second person reads this and confirms"},
		Send: view.Button{Text: "Ask for a reset", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	if r := a.Reset; r.Waits(s.Catalogue.Now()) {
		f.Asked = "A reset of how " + a.Email + " signs in was asked for on " + view.Day(r.Asked) + ": ‘" + r.Why + "’. Once it is confirmed, its passkeys, app and recovery codes no longer work and it is signed out everywhere."
		f.Refuse = view.Button{Text: "Refuse the reset", Name: "answer", Value: "refuse", Classes: "govuk-button--secondary", PreventDoubleClick: true}
		if r.By != own {
			f.Confirm = &view.Button{Text: "Confirm the reset", Name: "answer", Value: "confirm", Classes: "govuk-button--warning", PreventDoubleClick: true}
		}
	}
	return f
}

func (s *site) askReset(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id, why := c.Param("id"), t.text("why")
	_, err = s.Catalogue.AskReset(c, who.actor, id, why)
	return s.peopled(c, who, err, "The reset is asked for. Another administrator, or whoever runs this service, confirms it within 7 days.", func(p *peoplePage, err error) {
		for _, list := range [][]personBlock{p.Asking, p.People} {
			for _, b := range list {
				if b.Reset != nil && b.Action == "/people/"+id {
					b.Reset.Fold.Open, b.Reset.Why.Value, b.Reset.Why.Error = true, why, fieldError(err, "why")
				}
			}
		}
		p.Errors = errorLinks(err, map[string]string{"why": "why-" + id})
	})
}

func (s *site) answerReset(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	yes := t.text("answer") == "confirm"
	if !yes && t.text("answer") != "refuse" {
		return &catalogue.Error{Kind: catalogue.Invalid, Message: "Choose whether you confirm the reset or refuse it: go back and use one of the buttons"}
	}
	_, err = s.Catalogue.AnswerReset(c, who.actor, c.Param("id"), yes)
	message := "The reset is refused. Nothing has changed, and the person is told."
	if yes {
		message = "The reset is done. The person is told, and sets up a new second factor at the next sign-in."
	}
	if err != nil {
		return err
	}
	who.session.set("flash", message)
	if who.actor.IsOperator() {
		return s.redirect(c, who, "/queue")
	}
	return s.redirect(c, who, "/people")
}

// resets lists the resets among what waits for the operator.
func (s *site) resets(who visitor, waiting []catalogue.Queued) (out []*resetForm) {
	for _, w := range waiting {
		if a, ok := w.Item.(*catalogue.Account); ok && a.Reset.Waits(s.Catalogue.Now()) {
			out = append(out, newResetForm(a, who.actor.Account, s))
		}
	}
	return out
}
