package web

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// signalAnswerPage answers a supplier's question, for everybody.
type signalAnswerPage struct {
	view.Page
	Heading string
	Caption string
	By      string
	When    string
	Late    bool
	Asked   []string
	Action  string
	Text    view.Textarea
	Answer  view.Textarea
	Why     *view.Textarea // of a correction
	Seen    string         // version of the answer that is corrected
	Send    view.Button
	Back    view.Link
}

// askAboutSignal sends a supplier's question. The same form sent twice asks once.
func (s *site) askAboutSignal(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id, form, text := c.Param("id"), recordID(t.text("form")), t.text("question")
	_, err = s.Catalogue.AskAboutSignal(c, who.actor, id, form, text)
	if catalogue.KindOf(err) == catalogue.Invalid {
		p, again := s.signalPage(c, who, id)
		if again != nil {
			return again
		}
		if p.Ask == nil {
			return err
		}
		p.Ask.Form, p.Ask.Text.Value, p.Ask.Text.Error = form, text, fieldError(err, "question")
		p.Errors = errorLinks(err, nil)
		return s.show(c, who, http.StatusBadRequest, "signal", p)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Sent. The council answers here, for everybody at the same time, and you are told when it does.")
	return s.redirect(c, who, pagePath(catalogue.KindSignal, id))
}

func (s *site) signalQuestion(c *gin.Context, who visitor) error {
	return s.showSignalQuestion(c, who, http.StatusOK, nil, nil)
}

// showSignalQuestion shows the form that answers a question; one that is answered stands on the signal's page.
func (s *site) showSignalQuestion(c *gin.Context, who visitor, status int, t *typed, wrong error) error {
	if _, err := s.ownSignal(c, who); err != nil {
		return err
	}
	v, err := s.Catalogue.Signal(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	for _, w := range v.Waiting {
		if w.Question.ID != c.Param("question") {
			continue
		}
		p := newSignalAnswer(v.Signal, w, t, wrong)
		supplier, err := s.Catalogue.Supplier(c, who.actor, w.Question.Supplier)
		if err == nil {
			p.By = supplier.Name
		} else if catalogue.KindOf(err) != catalogue.NotFound {
			return err
		}
		p.Page = s.page(c, who, "/demand", "Answer a question")
		p.Canonical = ""
		p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: v.Signal.Text.Title, Href: pagePath(catalogue.KindSignal, v.Signal.ID)}, {Text: "Answer a question"}}
		p.Errors = errorLinks(wrong, nil)
		return s.show(c, who, status, "signal-answer", p)
	}
	for _, q := range v.Answered {
		if q.ID == c.Param("question") {
			return s.redirect(c, who, pagePath(catalogue.KindSignal, v.Signal.ID)+"#"+newSignalAnswered(q).ID)
		}
	}
	return &catalogue.Error{Kind: catalogue.NotFound, Message: "question not found"}
}

func newSignalAnswer(x *catalogue.Signal, w catalogue.WaitingQuestion, t *typed, wrong error) signalAnswerPage {
	label := func(text string) view.Label { return view.Label{Text: text, Classes: "govuk-label--s"} }
	address := pagePath(catalogue.KindSignal, x.ID)
	p := signalAnswerPage{Heading: "Answer a question", Caption: x.Text.Title, When: "Asked on " + view.Day(w.Question.Asked) + ", answer due by " + view.Date(w.Due), Late: w.Overdue,
		Asked: paragraphs(w.Question.Original), Action: questionPath(x.ID, w.Question.ID), Back: view.Link{Text: "Back to the signal", Href: address},
		Text: view.Textarea{Name: "text", Rows: 4, Label: label("The question, as everybody is to read it"), Value: w.Question.Original,
			Hint: "Take out what tells who asked. What was asked stays as it was, for your council and for the supplier that asked", Error: fieldError(wrong, "text")},
		Answer: view.Textarea{Name: "answer", Rows: 6, Label: label("The answer"), Hint: "The same for all. You can correct it later: what it said before stays beside it", Error: fieldError(wrong, "answer")},
		Send:   view.Button{Text: "Publish the question and the answer", PreventDoubleClick: true}}
	if t != nil {
		p.Text.Value, p.Answer.Value = t.text("text"), t.text("answer")
	}
	return p
}

func (s *site) answerSignal(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	_, err = s.Catalogue.AnswerSignal(c, who.actor, c.Param("id"), c.Param("question"), t.text("text"), t.text("answer"))
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showSignalQuestion(c, who, http.StatusBadRequest, t, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Published. Everybody reads it now, and those who asked are told.")
	return s.redirect(c, who, pagePath(catalogue.KindSignal, c.Param("id"))+"#questions")
}

// signalQuestionsCSV is the log of questions and answers as a file, as anybody sees it.
func (s *site) signalQuestionsCSV(c *gin.Context, who visitor) error {
	v, err := s.Catalogue.Signal(c, catalogue.Anonymous(), c.Param("id"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	address := strings.TrimSuffix(s.BaseURL, "/") + pagePath(catalogue.KindSignal, v.Signal.ID)
	if err := exchange.QuestionsCSV(&b, v.Signal.Text.Title, address, v.Answered); err != nil {
		return err
	}
	return s.sendFile(c, who, "questions-"+catalogue.Slug(v.Signal.Text.Title)+".csv", "text/csv; charset=utf-8", b.Bytes())
}

// questionEntry is a question that waits, on a desk.
func questionEntry(w catalogue.WaitingQuestion) view.Entry {
	var l line
	if w.Overdue {
		l.strong("overdue since " + view.Date(w.Due))
	} else {
		l.say("answer due by " + view.Date(w.Due))
	}
	l.say("asked on " + view.Day(w.Question.Asked))
	return view.Entry{Title: shortQuestion(w.Question.Original), Href: questionPath(w.Signal.ID, w.Question.ID),
		Lines: saying(l, line{{Text: "About the signal "}, {Text: w.Signal.Text.Title, Href: pagePath(catalogue.KindSignal, w.Signal.ID)}})}
}

// shortQuestion is the beginning of a question.
func shortQuestion(text string) string {
	const most = 120
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return text
}
