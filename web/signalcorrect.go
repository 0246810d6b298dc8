package web

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// correctQuestion is the form that corrects an answer which everybody has read.
func (s *site) correctQuestion(c *gin.Context, who visitor) error {
	return s.showCorrection(c, who, http.StatusOK, nil, nil)
}

func (s *site) showCorrection(c *gin.Context, who visitor, status int, t *typed, wrong error) error {
	if _, err := s.ownSignal(c, who); err != nil {
		return err
	}
	v, err := s.Catalogue.Signal(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	for _, q := range v.Answered {
		if q.ID != c.Param("question") {
			continue
		}
		p := newCorrection(v.Signal, q, t, wrong)
		p.Page = s.page(c, who, "/demand", p.Heading)
		p.Canonical = ""
		p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: v.Signal.Text.Title, Href: pagePath(catalogue.KindSignal, v.Signal.ID)}, {Text: p.Heading}}
		p.Errors = errorLinks(wrong, nil)
		return s.show(c, who, status, "signal-answer", p)
	}
	return &catalogue.Error{Kind: catalogue.NotFound, Message: "question not found"}
}

func newCorrection(x *catalogue.Signal, q *catalogue.SignalQuestion, t *typed, wrong error) signalAnswerPage {
	label := func(text string) view.Label { return view.Label{Text: text, Classes: "govuk-label--s"} }
	p := signalAnswerPage{Heading: "Correct an answer", Caption: x.Text.Title, When: "Everybody has read this since " + view.Day(q.Answered), Asked: append(paragraphs(q.Text), paragraphs("Answer: "+q.Answer)...),
		Action: questionPath(x.ID, q.ID) + "/correct", Seen: strconv.FormatUint(q.Version, 10), Back: view.Link{Text: "Back to the signal", Href: pagePath(catalogue.KindSignal, x.ID)},
		Text: view.Textarea{Name: "text", Rows: 4, Label: label("The question, as everybody is to read it"), Value: q.Text, Error: fieldError(wrong, "text")},
		Answer: view.Textarea{Name: "answer", Rows: 6, Label: label("The answer from now on"), Value: q.Answer, Hint: "What it says now stays beside it with its days, since it may have been cited",
			Error: fieldError(wrong, "answer")},
		Why:  &view.Textarea{Name: "why", Rows: 2, Label: label("What was wrong?"), Hint: "Everybody reads it", Error: fieldError(wrong, "why")},
		Send: view.Button{Text: "Publish the correction", PreventDoubleClick: true}}
	if t != nil {
		p.Text.Value, p.Answer.Value, p.Why.Value = t.text("text"), t.text("answer"), t.text("why")
	}
	return p
}

func (s *site) correctAnswer(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	seen, err := strconv.ParseUint(t.text("seen"), 10, 64)
	if err != nil {
		seen = 0 // not of our page: as one that was corrected since
	}
	_, err = s.Catalogue.CorrectAnswer(c, who.actor, c.Param("id"), c.Param("question"), seen, t.text("text"), t.text("answer"), t.text("why"))
	switch catalogue.KindOf(err) {
	case catalogue.Invalid:
		return s.showCorrection(c, who, http.StatusBadRequest, t, err)
	case catalogue.Conflict: // it shows what it says by now, and keeps what was typed
		return s.showCorrection(c, who, http.StatusConflict, t, missing("answer", "Somebody corrected this answer while you were working on it. Read what it says now, above, and send yours again if it is still needed"))
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Corrected. What it said before stands beside it, and those who hear of the signal are told.")
	return s.redirect(c, who, pagePath(catalogue.KindSignal, c.Param("id"))+"#questions")
}
