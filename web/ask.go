package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// askPage is what councils ask of a body, how many do, and what it answers to all.
type askPage struct {
	view.Page
	Caption  string
	Heading  string
	Tag      view.Tag
	Lead     []view.Piece
	Withdrew string
	Why      []string
	Facts    []view.Fact
	Answers  []talkMessage // the latest first
	Named    []view.Link
	Unnamed  string // how many others ask; empty: none
	Support  *askSupport
	Answer   *askAnswerForm
	Withdraw *closeTalkForm
	SignIn   string
	MayNot   string
}

// askSupport says that the visitor's council asks the same.
type askSupport struct {
	Title  string
	Words  string
	Action string
	Who    view.Radios
	Send   view.Button
	Stop   *view.Button // nil: there is nothing to stop
}

// askAnswerForm answers for the body.
type askAnswerForm struct {
	Action string
	State  view.Radios
	Text   view.Textarea
	Send   view.Button
}

func (s *site) ask(c *gin.Context, who visitor) error {
	p, err := s.askPage(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "ask", p)
}

func (s *site) askPage(c *gin.Context, who visitor, id string) (askPage, error) {
	v, err := s.Catalogue.Ask(c, who.actor, id)
	if err != nil {
		return askPage{}, err
	}
	a := v.Ask
	p := askPage{Caption: "What councils ask of " + v.Body.Label(), Heading: marked(a.Title, a.Demonstration), Tag: askTag(a), Why: paragraphs(a.Why)}
	var lead line
	lead.strong(view.Plural(a.Councils, "council asks this", "councils ask this")).say("since " + view.Day(a.Asked))
	p.Lead = lead
	if a.Withdrawn != "" {
		p.Withdrew = "Withdrawn by the council that wrote it: " + a.Withdrawn
	}
	p.Facts = []view.Fact{{Name: "Asked of", Value: v.Body.Label(), Href: pagePath(catalogue.KindBody, v.Body.ID)}}
	if a.Capability != "" {
		p.Facts = append(p.Facts, view.Fact{Name: "About", Value: s.capabilityName(a.Capability), Href: "/search?capability=" + url.QueryEscape(a.Capability)})
	}
	if v.Platform != nil {
		p.Facts = append(p.Facts, view.Fact{Name: "Platform", Value: v.Platform.Name, Href: pagePath(catalogue.KindPlatform, v.Platform.ID)})
	}
	for i := len(a.Answers) - 1; i >= 0; i-- {
		n := a.Answers[i]
		p.Answers = append(p.Answers, talkMessage{Who: n.State.Words(), When: view.Day(n.At), Text: paragraphs(n.Text)})
	}
	for _, council := range v.Named {
		p.Named = append(p.Named, view.Link{Text: council.Label(), Href: pagePath(catalogue.KindCouncil, council.GSS)})
	}
	if n := a.Councils - len(v.Named); n > 0 {
		p.Unnamed = view.Plural(n, "council is", "councils are") + " not named to you."
	}
	s.askActions(&p, v, who)
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Page.Description = "What councils ask of " + v.Body.Label() + " together: " + a.Title + "."
	p.Crumbs = bodyCrumbs(v.Body, p.Heading)
	return p, nil
}

// askActions adds what the visitor can do.
func (s *site) askActions(p *askPage, v *catalogue.AskView, who visitor) {
	a, address := v.Ask, pagePath(catalogue.KindAsk, v.Ask.ID)
	switch {
	case who.account == nil:
		p.SignIn = "/sign-in?next=" + url.QueryEscape(address)
	case a.Withdrawn != "":
	case who.actor.OrgKind == catalogue.OrgBody && who.actor.Org == a.Body && catalogue.MayDo(who.actor, catalogue.AnswerForBody):
		f := &askAnswerForm{Action: address + "/answer", Send: view.Button{Text: "Answer in public", PreventDoubleClick: true},
			State: view.Radios{Name: "state", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "What do you say?", Classes: "govuk-fieldset__legend--s"}},
			Text:  view.Textarea{Name: "answer", Rows: 6, Label: view.Label{Text: "Your answer to all", Classes: "govuk-label--s"}, Hint: "Everybody can read it, and every council that asks is told. Earlier answers stay"}}
		for _, state := range catalogue.AskStates() {
			f.State.Choices = append(f.State.Choices, view.Choice{Value: string(state), Text: state.Words()})
		}
		p.Answer = f
	case catalogue.MayDo(who.actor, catalogue.AskOfBody):
		p.Support = newAskSupport(a, address, who.actor)
		if who.actor.ForCouncil(a.Council) {
			p.Withdraw = &closeTalkForm{Action: address + "/withdraw", Fold: view.Details{Summary: "Withdraw this", ID: "withdraw"},
				Reason: view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why?"}, Hint: "Everybody reads it, the councils that ask the same too"},
				Send:   view.Button{Text: "Withdraw it", Classes: "govuk-button--warning", PreventDoubleClick: true}}
		}
	case who.actor.OrgKind == catalogue.OrgCouncil:
		p.MayNot = "Your account can read only. An administrator of your council, or whoever runs this service, can let you ask for it."
	}
}

func newAskSupport(a *catalogue.Ask, address string, actor catalogue.Actor) *askSupport {
	f := &askSupport{Title: "Does your council want this too?", Words: "It adds to the count that everybody sees. You are told of each answer.", Action: address + "/support",
		Who: askAudience("", nil), Send: view.Button{Text: "We ask this too", Name: "action", Value: "ask", PreventDoubleClick: true}}
	for _, s := range a.Supports {
		if !actor.ForCouncil(s.Council) {
			continue
		}
		f.Title, f.Words = "Your council asks this", "It is in the count that everybody sees, since "+view.Day(s.At)+"."
		f.Who, f.Send.Text, f.Send.Classes = askAudience(string(s.Audience), nil), "Change who may know", "govuk-button--secondary"
		if a.Council != actor.Org {
			f.Stop = &view.Button{Text: "We no longer ask this", Name: "action", Value: "stop", Classes: "govuk-button--secondary", PreventDoubleClick: true}
		}
	}
	return f
}

// askAudience asks who may know that the visitor's council asks.
func askAudience(chosen string, wrong error) view.Radios {
	if chosen == "" {
		chosen = string(catalogue.Councils)
	}
	r := view.Radios{Name: "audience", Classes: "govuk-radios--small", Error: fieldError(wrong, "audience"), Legend: &view.Legend{Text: "Who may know that it is your council?", Classes: "govuk-fieldset__legend--s"},
		Choices: []view.Choice{{Value: string(catalogue.Public), Text: "Everybody, the body too"}, {Value: string(catalogue.Councils), Text: "Officers of councils"}, {Value: string(catalogue.Own), Text: "Nobody else: only the count shows"}}}
	for i := range r.Choices {
		r.Choices[i].Checked = r.Choices[i].Value == chosen
	}
	return r
}
