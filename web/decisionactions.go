package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// decisionFormPage is where a council puts a question to the vote.
type decisionFormPage struct {
	view.Page
	Form     string // ID of the record that the form makes
	Action   string
	Back     string
	Question view.Input
	Detail   view.Textarea
	Options  view.Textarea
	Due      view.DateInput
	Send     view.Button
}

// questionForm is a question as somebody types it.
type questionForm struct {
	id, question, detail, options string
	due                           typedDate
}

func (s *site) newDecision(c *gin.Context, who visitor) error {
	f := questionForm{id: catalogue.NewID()}
	if again := c.Query("again"); again != "" { // what was closed is asked anew
		v, err := s.Catalogue.Decision(c, who.actor, c.Param("id"), again)
		if err != nil {
			return err
		}
		d := v.List[0]
		f.question, f.detail = d.Question, d.Detail
		if !d.YesNo() {
			f.options = strings.Join(d.Options, "\n")
		}
	}
	anew(c)
	return s.showDecisionForm(c, who, http.StatusOK, f, nil)
}

func (s *site) openDecision(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	f := questionForm{id: recordID(t.text("id")), question: t.text("question"), detail: t.text("detail"), options: t.text("options"), due: t.dateParts("due")}
	q := catalogue.Question{ID: f.id, Text: f.question, Detail: f.detail, Options: lines(f.options), Due: t.date("due", "The day by which to decide")}
	var made *catalogue.Decision
	if err = t.err(); err == nil {
		made, err = s.Catalogue.OpenDecision(c, who.actor, c.Param("id"), q)
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showDecisionForm(c, who, http.StatusBadRequest, f, err)
	}
	if err != nil {
		return err
	}
	return s.saidOn(c, who, "/decisions/"+made.ID, "The question is put to the members, who are told. Give your own council’s vote too.")
}

func (s *site) showDecisionForm(c *gin.Context, who visitor, status int, f questionForm, wrong error) error {
	v, err := s.Catalogue.Decisions(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if !worksIn(v.Group, who.actor) {
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "A member of the group asks for its decisions: your account cannot"}
	}
	path := pagePath(catalogue.KindGroup, v.Group.ID)
	p := decisionFormPage{Page: s.partPage(c, who, v.Group, "Ask for a decision", view.Crumb{Text: "Decisions", Href: path + "/decisions"}),
		Form: f.id, Action: path + "/decisions/new", Back: path,
		Question: view.Input{Name: "question", Value: f.question, Error: fieldError(wrong, "question"), Label: view.Label{Text: "What is to be decided?", Classes: "govuk-label--s"},
			Hint: "For example, do we tender in two lots?"},
		Detail: view.Textarea{Name: "detail", Rows: 4, Value: f.detail, Error: fieldError(wrong, "detail"), Label: view.Label{Text: "What to know about it (optional)", Classes: "govuk-label--s"}},
		Options: view.Textarea{Name: "options", Rows: 3, Value: f.options, Error: fieldError(wrong, "options"), Label: view.Label{Text: "Options, one a line (optional)", Classes: "govuk-label--s"},
			Hint: "2 to 6. Leave it blank for yes or no"},
		Due:  dateField("due", "By when? (optional)", "For example, 18 12 2026", f.due, wrong),
		Send: view.Button{Text: "Ask the members", PreventDoubleClick: true}}
	p.Errors = errorLinks(wrong, map[string]string{"due": "due-day"})
	return s.show(c, who, status, "decision-form", p)
}

// decided follows a change of a decision, as lineChanged does for a line.
func (s *site) decided(c *gin.Context, who visitor, err error, message string, refuse func(*decisionPage, error)) error {
	if catalogue.KindOf(err) == catalogue.Invalid {
		p, again := s.decisionPage(c, who)
		if again != nil {
			return again
		}
		refuse(&p, err)
		if len(p.Errors) == 0 { // the form is not on this visitor's page
			return err
		}
		return s.show(c, who, http.StatusBadRequest, "decision", p)
	}
	if err != nil {
		return err
	}
	return s.saidOn(c, who, "/decisions/"+c.Param("decision"), message)
}

func (s *site) castVote(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	choice, reason := t.text("choice"), t.text("reason")
	_, err = s.Catalogue.CastVote(c, who.actor, c.Param("id"), c.Param("decision"), choice, reason)
	return s.decided(c, who, err, "Your council’s vote is recorded.", func(p *decisionPage, err error) {
		if p.Vote == nil {
			return
		}
		for i, option := range p.Vote.Choice.Choices {
			p.Vote.Choice.Choices[i].Checked = option.Value == choice
		}
		p.Vote.Reason.Value, p.Vote.Reason.Error, p.Vote.Choice.Error = reason, fieldError(err, "reason"), fieldError(err, "choice")
		p.Errors = errorLinks(err, nil)
	})
}

func (s *site) closeDecision(c *gin.Context, who visitor) error {
	_, err := s.Catalogue.CloseDecision(c, who.actor, c.Param("id"), c.Param("decision"))
	return s.decided(c, who, err, "The decision is closed, and its result is on record. The other members are told.", func(*decisionPage, error) {})
}
