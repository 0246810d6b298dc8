package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// interestForm asks another council's officers where their council stands on an intention.
type interestForm struct {
	Action   string
	Stands   string // what the council has said before; empty: nothing
	Rung     view.Radios
	Note     view.Textarea
	Send     view.Button
	Withdraw *view.Button // nil where there is nothing to withdraw
	Own      []view.Link  // the matches of its own needs for the same
}

func newInterestForm(v *catalogue.IntentionView, actor catalogue.Actor) *interestForm {
	f := &interestForm{
		Action: pagePath(catalogue.KindIntention, v.Intention.ID) + "/interest",
		Rung: view.Radios{Name: "rung", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "Where does your council stand?", Classes: "govuk-fieldset__legend--s"},
			Hint: "Each step means more than the one before. Nobody is committed by it"},
		Note: view.Textarea{Name: "note", Rows: 2, Label: view.Label{Text: "What should they know? (optional)"},
			Hint: v.Council.Label() + " sees this, and nobody else"},
		Send: view.Button{Text: "Register interest", PreventDoubleClick: true},
	}
	var stands standingForm
	if v.Mine != nil {
		stands, f.Note.Value = standingOf(v.Mine.Rung, v.Mine.ApprovalRef, v.Mine.Approved, v.Mine.Volume), v.Mine.Note
		f.Stands = rungWord(v.Mine.Rung) + ", since " + view.Day(v.Mine.Changed)
		f.Send.Text = "Change"
		f.Withdraw = &view.Button{Text: "Withdraw your interest", Name: "withdraw", Value: "1", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	}
	f.choose(stands, actor, nil)
	capability, _ := v.Intention.Capable()
	for _, own := range v.Own {
		if id, _ := own.Capable(); id == capability && id != "" {
			f.Own = append(f.Own, view.Link{Text: own.Title, Href: pagePath(catalogue.KindIntention, own.ID) + "/matches"})
		}
	}
	return f
}

// choose fills in where the council stands and what is wrong with that. Approval is for a lead to register.
func (f *interestForm) choose(stands standingForm, actor catalogue.Actor, wrong error) {
	f.Rung.Error = fieldError(wrong, "rung")
	if catalogue.MayDo(actor, catalogue.ProposeGroup) {
		f.Rung.Choices = stands.choices(wrong)
	} else {
		f.Rung.Choices = stands.choices(wrong, catalogue.Approved)
	}
}

func (s *site) registerInterest(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	address := pagePath(catalogue.KindIntention, id)
	if t.Get("withdraw") != "" {
		if err := s.Catalogue.WithdrawInterest(c, who.actor, id); err != nil {
			return err
		}
		who.session.set("flash", "Your interest is withdrawn.")
		return s.redirect(c, who, address)
	}
	stands := readStanding(t)
	standing := stands.standing(t)
	var made *catalogue.Interest
	if err = t.err(); err == nil {
		made, err = s.Catalogue.RegisterInterest(c, who.actor, id, standing, t.Get("note"))
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.interestAgain(c, who, id, stands, t.Get("note"), err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(made.Version)
	who.session.set("flash", "Your council stands at: "+lowerFirst(rungWord(made.Rung))+". The council whose intention it is can see it.")
	return s.redirect(c, who, address)
}

// interestAgain shows the page with what was typed and what is wrong with it.
func (s *site) interestAgain(c *gin.Context, who visitor, id string, stands standingForm, note string, wrong error) error {
	p, err := s.intentionPage(c, who, id)
	if err != nil {
		return err
	}
	if p.Interest == nil { // its own council's, say
		return wrong
	}
	p.Interest.Note.Value, p.Interest.Note.Error = note, fieldError(wrong, "note")
	p.Interest.choose(stands, who.actor, wrong)
	p.Errors = errorLinks(wrong, standingFields())
	return s.show(c, who, http.StatusBadRequest, "intention", p)
}
