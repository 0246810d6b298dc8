package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// callQuestionPage answers one question in words.
type callQuestionPage struct {
	view.Page
	Caption string
	Heading string
	Action  string
	Was     string   // the text that was shown
	Theirs  []string // what a colleague saved meanwhile
	Fields  []view.Field
	Save    view.Button
	Back    view.Link
}

// questionOf finds the question of the address in an answer.
func (s *site) questionOf(c *gin.Context, who visitor) (*catalogue.AnswerView, catalogue.CallQuestion, error) {
	v, err := s.answering(c, who)
	if err != nil {
		return nil, catalogue.CallQuestion{}, err
	}
	q, ok := v.Call.Question(c.Param("question"))
	if !ok {
		return nil, q, &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	return v, q, nil
}

func (s *site) callQuestion(c *gin.Context, who visitor) error {
	v, q, err := s.questionOf(c, who)
	if err != nil {
		return err
	}
	w := v.Answer.Answer(q.ID)
	return s.showCallQuestion(c, who, http.StatusOK, v, q, w, w.Text, nil)
}

func (s *site) saveWords(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	v, q, err := s.questionOf(c, who)
	if err != nil {
		return err
	}
	w := catalogue.WordsAnswer{Question: q.ID, Text: t.text("text"), Share: catalogue.WordsShare(t.Get("share"))}
	err = s.Catalogue.SaveWords(c, who.actor, v.Call.ID, t.Get("was"), w)
	switch kind := catalogue.KindOf(err); {
	case err != nil && kind == catalogue.Invalid:
		return s.showCallQuestion(c, who, http.StatusBadRequest, v, q, w, t.Get("was"), err)
	case err != nil && kind == catalogue.Conflict:
		if again, _, readErr := s.questionOf(c, who); readErr == nil {
			return s.showCallQuestion(c, who, http.StatusConflict, again, q, w, again.Answer.Answer(q.ID).Text, err)
		}
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Your answer is saved as a draft.")
	return s.redirect(c, who, callPath(v.Call.ID)+"/answer")
}

func (s *site) showCallQuestion(c *gin.Context, who visitor, status int, v *catalogue.AnswerView, q catalogue.CallQuestion, w catalogue.WordsAnswer, was string, wrong error) error {
	anew(c)
	address := callPath(v.Call.ID) + "/answer"
	p := callQuestionPage{Caption: q.Kind.Words(), Heading: q.Text, Action: address + "/questions/" + q.ID, Was: was, Save: view.Button{Text: "Save", PreventDoubleClick: true},
		Back: view.Link{Text: "Back without saving", Href: address}}
	share := &view.Radios{Name: "share", Legend: &view.Legend{Text: "Who may read it once it is signed?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "share")}
	for _, choice := range catalogue.WordsShares() {
		share.Choices = append(share.Choices, view.Choice{Value: string(choice), Text: shareWords(choice), Hint: shareHint(choice), Checked: choice == w.Share})
	}
	p.Fields = []view.Field{{Textarea: &view.Textarea{Name: "text", Rows: 10, Label: view.Label{Text: "Your council’s answer", Classes: "govuk-label--s"},
		Hint: "At most 3,000 characters. Name no person. Leave it empty to give no answer", Value: w.Text, Error: fieldError(wrong, "text")}}, {Radios: share}}
	p.Page = s.page(c, who, "/evidence", q.Text)
	p.Canonical = ""
	p.Crumbs = evidenceCrumbs(view.Crumb{Text: v.Call.Label(), Href: callPath(v.Call.ID)}, view.Crumb{Text: "Your council’s answer", Href: address}, view.Crumb{Text: q.Kind.Words()})
	p.Errors = errorLinks(wrong, nil)
	if catalogue.KindOf(wrong) == catalogue.Conflict && wrong != nil {
		p.Theirs = lines(was)
		p.Errors = []view.ErrorLink{{Text: "A colleague changed this answer while you were working on it. Yours is still in the form: saving again replaces theirs", Href: "#text"}}
	}
	return s.show(c, who, status, "call-question", p)
}

func shareWords(share catalogue.WordsShare) string {
	switch share {
	case catalogue.ShareNamed:
		return "Anybody, under the council’s name"
	case catalogue.ShareUnnamed:
		return "Anybody, without the council’s name"
	}
	return "Only whoever runs this service"
}

func shareHint(share catalogue.WordsShare) string {
	switch share {
	case catalogue.ShareUnnamed:
		return "It is shown once five councils have answered. Leave out what tells who you are"
	case catalogue.ShareOperator:
		return "It counts among the themes, and is not quoted"
	}
	return ""
}
