package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// exampleDraftPage is a draft as everybody will see it, what is missing in it, and what can be done with it: by its
// council's officers, or by the operator, who reviews it.
type exampleDraftPage struct {
	view.Page
	Heading string
	Tag     view.Tag
	Lead    string
	Note    string // what it changes of what is published
	Body    exampleBody
	Missing []view.Link // what it needs before it can be sent, each leading to its field
	Reviews []exampleRemark
	Steps   []view.Link // the pages of the form; none while it cannot be changed
	Version string
	Send    *exampleAct // nil: the visitor may not, or there is nothing to send
	MayNot  string
	Back    *exampleAct // takes it back from review
	Discard *exampleAct
	Review  *exampleReviewForm // for the operator
	Live    *view.Link         // the example as everybody sees it; nil: it was never published
}

// exampleRemark is what the operator said of an earlier draft.
type exampleRemark struct {
	Title string
	Text  []string
}

// exampleAct is a button that does something with a draft.
type exampleAct struct {
	Action string
	Send   view.Button
}

// exampleReviewForm publishes a draft or sends it back.
type exampleReviewForm struct {
	Action  string
	Remark  view.Textarea
	Publish view.Button
	Return  view.Button
}

func (s *site) exampleDraft(c *gin.Context, who visitor) error {
	return s.showExampleDraft(c, who, http.StatusOK, "", nil)
}

// showExampleDraft shows a draft; remark is what the operator typed.
func (s *site) showExampleDraft(c *gin.Context, who visitor, status int, remark string, wrong error) error {
	v, err := s.Catalogue.PreviewExample(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	x, address := v.Example, pagePath(catalogue.KindExample, v.Example.ID)
	p := exampleDraftPage{Heading: "Draft of an example", Tag: exampleTag(x), Note: x.Note, Body: s.newExampleBody(v, *x.Draft), Version: strconv.FormatUint(x.Version, 10)}
	p.Lead = "Nobody outside your council sees it until it is reviewed and published."
	if x.IsPublic() {
		p.Heading, p.Lead = "Change of an example", "Everybody sees the example as it was until this change is reviewed and published."
		p.Live = &view.Link{Text: "See the example as it is published", Href: address}
	}
	for i := len(x.Reviews) - 1; i >= 0; i-- {
		p.Reviews = append(p.Reviews, newExampleRemark(x.Reviews[i]))
	}
	switch {
	case who.actor.IsOperator():
		p.reviewed(x, address, remark, wrong)
	case x.Waits():
		p.Lead = "Sent for review on " + view.Day(x.Asked) + ". Whoever runs this service reads it, and your council is told."
		if catalogue.MayDo(who.actor, catalogue.SendExample) {
			p.Back = &exampleAct{address + "/take-back", view.Button{Text: "Take it back to change it", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
		}
	case catalogue.MayDo(who.actor, catalogue.WriteExample):
		s.writtenOn(&p, who, x, address)
	}
	p.Page = s.page(c, who, "/evidence", p.Body.Heading)
	p.Canonical = ""
	p.Crumbs = exampleCrumbs(view.Crumb{Text: "Your council’s examples", Href: "/examples/yours"}, view.Crumb{Text: p.Body.Heading})
	if who.actor.IsOperator() {
		p.Crumbs[len(p.Crumbs)-2] = view.Crumb{Text: "What waits for a decision", Href: "/queue"}
	}
	p.Errors = s.draftErrors(x, wrong)
	return s.show(c, who, status, "example-draft", p)
}

func newExampleRemark(r catalogue.ExampleReview) exampleRemark {
	title := "Sent back on " + view.Day(r.At)
	if r.Published {
		title = "Published on " + view.Day(r.At)
	}
	return exampleRemark{title, paragraphs(r.Remark)}
}

// reviewed adds what the operator can do.
func (p *exampleDraftPage) reviewed(x *catalogue.Example, address, remark string, wrong error) {
	if !x.Waits() {
		p.Lead = "Its council is still writing. It is not sent for review."
		return
	}
	p.Lead = "Its council sent it on " + view.Day(x.Asked) + ". Look that it names no person, claims no more than its figures show, and that what it says of data shared and of law is said by somebody who may say it."
	p.Review = &exampleReviewForm{Action: address + "/review",
		Remark:  view.Textarea{Name: "remark", Rows: 4, Label: labelled("What do you say to its council?"), Hint: "Needed to send it back. Only its council reads it", Value: remark, Error: fieldError(wrong, "remark")},
		Publish: view.Button{Text: "Publish it", Name: "answer", Value: "publish", PreventDoubleClick: true},
		Return:  view.Button{Text: "Send it back", Name: "answer", Value: "return", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
}

// writtenOn adds what the officers of its council can do with a draft that is being written.
func (s *site) writtenOn(p *exampleDraftPage, who visitor, x *catalogue.Example, address string) {
	for _, step := range exampleSteps(x.Draft.Kind) {
		p.Steps = append(p.Steps, view.Link{Text: step.title, Href: address + "/edit/" + step.id})
	}
	faults := s.Catalogue.CheckExample(*x.Draft)
	if faults == nil && x.IsPublic() && x.Note == "" {
		faults = missing("note", "Say in a sentence what changes")
	}
	for _, l := range s.draftErrors(x, faults) {
		p.Missing = append(p.Missing, view.Link{Text: l.Text, Href: l.Href})
	}
	discard := view.Button{Text: "Discard this draft", Classes: "govuk-button--warning", PreventDoubleClick: true}
	p.Discard = &exampleAct{address + "/discard", discard}
	switch {
	case !catalogue.MayDo(who.actor, catalogue.SendExample):
		p.MayNot = "A lead or an administrator of your council sends it for review."
	case len(p.Missing) == 0:
		p.Send = &exampleAct{address + "/send", view.Button{Text: "Send it for review", PreventDoubleClick: true}}
	}
}

// draftErrors leads from what is wrong with a draft to the field, on the page of the form where it stands.
func (s *site) draftErrors(x *catalogue.Example, wrong error) []view.ErrorLink {
	ids, kind := s.exampleFieldIDs(), catalogue.ServiceExample
	if x.Draft != nil {
		kind = x.Draft.Kind
	}
	var out []view.ErrorLink
	for _, f := range catalogue.FieldsOf(wrong) {
		links := errorLinks(&catalogue.Error{Kind: catalogue.Invalid, Fields: []catalogue.FieldError{f}}, ids)
		for _, step := range exampleSteps(kind) {
			if slices.Contains(step.fields, f.Field) {
				links[0].Href = pagePath(catalogue.KindExample, x.ID) + "/edit/" + step.id + links[0].Href
			}
		}
		out = append(out, links...)
	}
	return out
}

func (s *site) sendExample(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseUint(t.Get("version"), 10, 64) // what is no number was read of nothing
	x, err := s.Catalogue.SendExample(c, who.actor, c.Param("id"), version)
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showExampleDraft(c, who, http.StatusBadRequest, "", err)
	}
	if err != nil {
		return err
	}
	return s.afterExample(c, who, x, "/draft", "Sent for review. Your council is told what is decided.")
}

func (s *site) afterExample(c *gin.Context, who visitor, x *catalogue.Example, part, message string) error {
	who.session.wrote(x.Version)
	who.session.set("flash", message)
	return s.redirect(c, who, pagePath(catalogue.KindExample, x.ID)+part)
}

func (s *site) takeBackExample(c *gin.Context, who visitor) error {
	x, err := s.Catalogue.TakeBackExample(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if x.Draft == nil { // it was published meanwhile
		return s.afterExample(c, who, x, "", "It was reviewed meanwhile.")
	}
	return s.afterExample(c, who, x, "/draft", "Taken back. You can change it and send it again.")
}

func (s *site) discardExample(c *gin.Context, who visitor) error {
	gone, err := s.Catalogue.DiscardExample(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if gone {
		who.session.set("flash", "The draft is discarded.")
		return s.redirect(c, who, "/examples/yours")
	}
	who.session.set("flash", "The change is discarded. The example stays as it was published.")
	return s.redirect(c, who, pagePath(catalogue.KindExample, c.Param("id")))
}

func (s *site) withdrawExample(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	x, err := s.Catalogue.WithdrawExample(c, who.actor, c.Param("id"), t.text("reason"))
	if catalogue.KindOf(err) == catalogue.Invalid {
		v, again := s.Catalogue.Example(c, who.actor, c.Param("id"))
		if again != nil {
			return again
		}
		return s.showExample(c, who, http.StatusBadRequest, v, adoptionForm{}, err)
	}
	if err != nil {
		return err
	}
	return s.afterExample(c, who, x, "", "Withdrawn. Its page says why.")
}

// reviewExample publishes a draft or sends it back.
func (s *site) reviewExample(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	answer := t.text("answer")
	if answer != "publish" && answer != "return" {
		return &catalogue.Error{Kind: catalogue.Invalid, Message: "The form says neither yes nor no. Go back and use its buttons"}
	}
	version, _ := strconv.ParseUint(t.Get("version"), 10, 64) // what is no number was read of nothing
	x, err := s.Catalogue.ReviewExample(c, who.actor, c.Param("id"), catalogue.ExampleDecision{Publish: answer == "publish", Remark: t.text("remark"), Version: version})
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showExampleDraft(c, who, http.StatusBadRequest, t.text("remark"), err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(x.Version)
	who.session.set("flash", "Sent back. Its council is told what you say.")
	if answer == "publish" {
		who.session.set("flash", "Published. Its council is told.")
	}
	return s.redirect(c, who, "/queue")
}

// examplesToReview are the examples that wait for the operator.
func (s *site) examplesToReview(c *gin.Context, actor catalogue.Actor, waiting []catalogue.Queued) ([]view.Entry, error) {
	var codes []string
	for _, w := range waiting {
		codes = append(codes, catalogue.Owner(w.Item))
	}
	names, err := s.councilsBy(c, actor, codes)
	if err != nil {
		return nil, err
	}
	var out []view.Entry
	for _, w := range waiting {
		x, ok := w.Item.(*catalogue.Example)
		if !ok || x.Draft == nil {
			continue
		}
		var l line
		l.say(place(names[x.Council])).say("sent on " + view.Day(x.Asked))
		if x.IsPublic() {
			l.say("a change of what is published")
		}
		out = append(out, view.Entry{Title: marked(x.Draft.Title, x.Demonstration), Href: pagePath(catalogue.KindExample, x.ID) + "/draft", Lines: saying(l)})
	}
	return out, nil
}
