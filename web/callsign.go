package web

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// callSignPage shows all that a council would sign, and takes its lead's signature.
type callSignPage struct {
	view.Page
	Caption  string
	Heading  string
	Lead     string
	Missing  []view.Link
	Services []signedPart
	Skipped  view.SummaryList
	Words    []signedWords
	Action   string
	Seen     string
	Fields   []view.Field
	Sign     *view.Button // nil: the visitor cannot sign
	Back     view.Link
}

// signedPart is one service as it would be signed.
type signedPart struct {
	Title   string
	Note    string
	Change  view.Link
	Checked figuresChecked
}

// signedWords is one answer in words as it would be signed.
type signedWords struct {
	Question string
	Text     []string
	Share    string
	Change   view.Link
}

func (s *site) callSign(c *gin.Context, who visitor) error {
	v, err := s.answering(c, who)
	if err != nil {
		return err
	}
	audience := string(catalogue.Councils)
	if now, ok := v.Answer.Signed(); ok {
		audience = string(now.Audience)
	}
	return s.showCallSign(c, who, http.StatusOK, v, audience, "", nil)
}

func (s *site) signAnswer(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	v, err := s.answering(c, who)
	if err != nil {
		return err
	}
	audience, reason := t.Get("audience"), t.text("reason")
	err = s.Catalogue.SignAnswer(c, who.actor, v.Call.ID, catalogue.SignOff{Audience: catalogue.Audience(audience), Reason: reason, Seen: t.Get("seen")})
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showCallSign(c, who, statusOf(err), v, audience, reason, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Signed. Your council’s answer counts from now on. The public baseline moves on Mondays, once seven councils have returned something new. What you correct later becomes a new version.")
	return s.redirect(c, who, callPath(v.Call.ID)+"/answer#signed")
}

func (s *site) showCallSign(c *gin.Context, who visitor, status int, v *catalogue.AnswerView, audience, reason string, wrong error) error {
	anew(c)
	address := callPath(v.Call.ID) + "/answer"
	p := callSignPage{Caption: v.Call.Label(), Heading: "Check all of it and sign", Action: address + "/sign", Seen: catalogue.AnswerMark(v), Back: view.Link{Text: "Back to all parts", Href: address},
		Lead: "This is all that your council says. Once a lead has signed it, it counts in what is published: in medians and ranges of many councils, never as a figure of its own unless you allow it below."}
	if err := s.signedParts(c, who, &p, v, address); err != nil {
		return err
	}
	for _, w := range v.Answer.Words {
		q, _ := v.Call.Question(w.Question)
		p.Words = append(p.Words, signedWords{Question: q.Text, Text: lines(w.Text), Share: shareWords(w.Share), Change: view.Link{Text: "Change", Hidden: "the answer", Href: address + "/questions/" + q.ID}})
	}
	if catalogue.MayDo(who.actor, catalogue.SignReturns) {
		p.Sign = &view.Button{Text: "Sign for " + v.Council.Label(), PreventDoubleClick: true}
		p.Fields = signFields(v, audience, reason, wrong)
	}
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Canonical = ""
	p.Crumbs = evidenceCrumbs(view.Crumb{Text: v.Call.Label(), Href: callPath(v.Call.ID)}, view.Crumb{Text: "Your council’s answer", Href: address}, view.Crumb{Text: "Sign"})
	p.Errors = errorLinks(wrong, map[string]string{"parts": "main-content"})
	if catalogue.KindOf(wrong) == catalogue.Conflict && wrong != nil {
		p.Errors = []view.ErrorLink{{Text: "A colleague changed this answer after you looked at it. It is shown below as it is now: look again, then sign", Href: "#figures"}}
	}
	return s.show(c, who, status, "call-sign", p)
}

// signedParts fills in the services, and what is missing.
func (s *site) signedParts(c *gin.Context, who visitor, p *callSignPage, v *catalogue.AnswerView, address string) error {
	for _, part := range v.Services {
		change := view.Link{Text: "Change", Hidden: part.Service.Label, Href: address + "/services/" + strconv.Itoa(part.Service.LGSL)}
		switch {
		case len(part.Lines()) > 0:
			check, err := s.Catalogue.CheckReturn(c, who.actor, v.Call, part.Service.LGSL, part.Lines())
			if err != nil {
				return err
			}
			p.Services = append(p.Services, signedPart{Title: part.Service.Label, Note: part.Note(), Change: change, Checked: newFiguresChecked(check)})
		case part.Skip != "":
			p.Skipped.Rows = append(p.Skipped.Rows, view.SummaryRow{Key: part.Service.Label, Value: skipWords(part.Skip), Actions: []view.Link{change}})
		default:
			p.Missing = append(p.Missing, view.Link{Text: part.Service.Label, Href: change.Href})
		}
	}
	return nil
}

func skipWords(why string) string {
	if why == catalogue.SkipNotProvided {
		return "Our council does not provide this service"
	}
	return "We provide it and cannot tell"
}

func signFields(v *catalogue.AnswerView, audience, reason string, wrong error) []view.Field {
	r := &view.Radios{Name: "audience", Legend: &view.Legend{Text: "Who may see your council’s figures under its name, and that it answered?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "audience"),
		Hint: "This decides too whether your council is named as having answered: in public only with ‘Anybody’, or where an answer in words stands under its name. Whatever you choose, its figures count in medians and ranges that are published where enough councils are behind them"}
	for _, a := range []catalogue.Audience{catalogue.Public, catalogue.Councils, catalogue.Own} {
		r.Choices = append(r.Choices, view.Choice{Value: string(a), Text: figuresSeenBy(a), Checked: string(a) == audience})
	}
	fields := []view.Field{{Radios: r}}
	if v.Again() {
		fields = append(fields, view.Field{Textarea: &view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why is it signed again?", Classes: "govuk-label--s"},
			Hint: "Such as ‘Calls were counted twice until October’. It stands beside the new version, and the earlier one stays", Value: reason, Error: fieldError(wrong, "reason")}})
	}
	return fields
}

// MissingWords says how much of an answer is missing.
func (p callSignPage) MissingWords() string {
	return fmt.Sprintf("%s not answered. You can sign without: what comes later is signed as a new version.", view.Plural(len(p.Missing), "service is", "services are"))
}
