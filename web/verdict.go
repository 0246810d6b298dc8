package web

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/match"
	"jointly/web/view"
)

// verdictForm is what an officer may say of one match: that it is the same need, or that it is not.
type verdictForm struct {
	Action string
	Other  string // the other council's intention
	Said   string // what the council has said before; empty: nothing
	Same   view.Button
	Back   view.Button
	Fold   view.Details
	Reason view.Textarea
	Differ view.Button
}

// What a form says of a match.
const (
	saysSame   = "same"
	saysDiffer = "different"
	saysBack   = "back"
)

func newVerdictForm(own string, p pairing, said *catalogue.Verdict) *verdictForm {
	about := "‘" + p.intention.Title + "’ of " + p.council.Label()
	f := &verdictForm{Action: pagePath(catalogue.KindIntention, own) + "/verdict", Other: p.intention.ID,
		Same: view.Button{Text: "Same need", Name: "say", Value: saysSame, Classes: "govuk-button--secondary", PreventDoubleClick: true},
		Back: backButton(),
		Fold: view.Details{Summary: "This is not the same need"},
		Reason: view.Textarea{Name: "reason", ID: "reason-" + p.intention.ID, Rows: 2, Label: view.Label{Text: "Why not " + about + "? (optional)"},
			Hint: "Only your council and whoever runs this service see what you say. The match goes, and no group is suggested with both"},
		Differ: view.Button{Text: "Not the same need", Name: "say", Value: saysDiffer, Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	if said != nil && said.Same {
		f.Said = "You said on " + view.Day(said.Said) + " that this is the same need."
	}
	return f
}

func backButton() view.Button {
	return view.Button{Text: "Take it back", Name: "say", Value: saysBack, Classes: "govuk-button--secondary", PreventDoubleClick: true}
}

// nearVerdict says of one of the needs that nearly fit that it is not the same.
type nearVerdict struct {
	Action string
	Fold   view.Details
	Which  view.Radios
	Reason view.Textarea
	Differ view.Button
}

// nearVerdict is nil where nothing nearly fits, or the visitor may not say.
func (m *matched) nearVerdict() *nearVerdict {
	if len(m.near) == 0 || !m.mayJudge {
		return nil
	}
	v := &nearVerdict{Action: pagePath(catalogue.KindIntention, m.own.ID) + "/verdict", Fold: view.Details{Summary: "One of these is not the same need"},
		Which: view.Radios{Name: "other", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "Which?", Classes: "govuk-fieldset__legend--s"}},
		Reason: view.Textarea{Name: "reason", ID: "reason-near", Rows: 2, Label: view.Label{Text: "Why? (optional)"},
			Hint: "Only your council and whoever runs this service see what you say"},
		Differ: view.Button{Text: "Not the same need", Name: "say", Value: saysDiffer, Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	for i, p := range m.near {
		v.Which.Choices = append(v.Which.Choices, view.Choice{Value: p.intention.ID, Text: "‘" + p.intention.Title + "’ of " + p.council.Label(), Checked: i == 0 && len(m.near) == 1})
	}
	return v
}

// rejectedMatch is a match that the visitor's council said is none.
type rejectedMatch struct {
	Title, Href string
	Council     string
	Words       string
	Action      string
	Other       string
	Back        *view.Button // nil for those who may not say
}

// verdicts reads what the visitor's council said of an intention's matches.
func (s *site) verdicts(ctx context.Context, actor catalogue.Actor, m *matched) error {
	said, err := s.Catalogue.Verdicts(ctx, actor, m.own.ID)
	if err != nil {
		return err
	}
	m.said = map[string]*catalogue.Verdict{}
	var list []match.Partner
	for _, v := range said {
		if !actor.ForCouncil(v.Council) {
			continue // the operator's view is no council's
		}
		other := v.Other(m.own.ID)
		m.said[other] = v
		if !v.Same {
			list = append(list, match.Partner{Intention: other})
		}
	}
	pairs, err := s.pairings(ctx, actor, list)
	if err != nil {
		return err
	}
	m.rejected = pairs[0]
	return nil
}

func (m *matched) rejectedMatches() []rejectedMatch {
	var out []rejectedMatch
	for _, p := range m.rejected {
		said := m.said[p.intention.ID]
		r := rejectedMatch{Title: p.intention.Title, Href: pagePath(catalogue.KindIntention, p.intention.ID), Council: p.council.Label(),
			Words: "You said so on " + view.Day(said.Said) + ".", Action: pagePath(catalogue.KindIntention, m.own.ID) + "/verdict", Other: p.intention.ID}
		if said.Reason != "" {
			r.Words += " Your reason: " + said.Reason
		}
		if m.mayJudge {
			back := backButton()
			r.Back = &back
		}
		out = append(out, r)
	}
	return out
}

// judge stores what an officer says of a match, or takes it back.
func (s *site) judge(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	id, other, say := c.Param("id"), values.Get("other"), values.Get("say")
	address := pagePath(catalogue.KindIntention, id) + "/matches"
	switch {
	case other == "" && say != "":
		who.session.set("flash", "Nothing was saved: choose which of them is not the same need.")
		return s.redirect(c, who, address+"#near")
	case say == saysBack:
		err = s.takeBack(c, who, id, other)
	case say == saysSame || say == saysDiffer:
		err = s.say(c, who, catalogue.VerdictSaid{Intention: id, Other: other, Same: say == saysSame, Reason: values.Get("reason")})
	default:
		err = &catalogue.Error{Kind: catalogue.Invalid, Message: "The form does not say what you think of the match. Go back and press one of its buttons"}
	}
	if catalogue.KindOf(err) == catalogue.Invalid && fieldError(err, "reason") != "" {
		return s.judgeAgain(c, who, id, other, values.Get("reason"), err)
	}
	if err != nil {
		return err
	}
	return s.redirect(c, who, address)
}

func (s *site) say(ctx context.Context, who visitor, said catalogue.VerdictSaid) error {
	shown, err := s.Engine.Between(ctx, who.actor, said.Intention, said.Other)
	if err != nil {
		return err
	}
	said.Points, said.Evidence, said.Weights = shown.Points, match.Kept(shown.Evidence), s.Engine.Scorer().Version()
	v, err := s.Catalogue.SayOfMatch(ctx, who.actor, said)
	if err != nil {
		return err
	}
	who.session.wrote(v.Version)
	text := "You said that it is not the same need. It is matched with yours no longer; you can take that back below."
	if said.Same {
		text = "You said that it is the same need. That adds no points, and helps Jointly to learn."
	}
	who.session.set("flash", text)
	return nil
}

func (s *site) takeBack(ctx context.Context, who visitor, id, other string) error {
	if err := s.Catalogue.TakeBackVerdict(ctx, who.actor, id, other); err != nil {
		return err
	}
	seq, err := s.Catalogue.Seq(ctx)
	if err != nil {
		return err
	}
	who.session.wrote(seq)
	who.session.set("flash", "What you said of the match is taken back.")
	return nil
}

// judgeAgain shows the matches with the reason that was typed and what is wrong with it.
func (s *site) judgeAgain(c *gin.Context, who visitor, id, other, reason string, wrong error) error {
	p, err := s.matchesPage(c, who, id)
	if err != nil {
		return err
	}
	field := "reason-near"
	if p.Nearly != nil {
		p.Nearly.Fold.Open, p.Nearly.Reason.Value, p.Nearly.Reason.Error = true, reason, fieldError(wrong, "reason")
	}
	for i := range p.Partners {
		f := p.Partners[i].Verdict
		if f == nil || f.Other != other {
			continue
		}
		field, f.Fold.Open, f.Reason.Value, f.Reason.Error = f.Reason.ID, true, reason, fieldError(wrong, "reason")
		p.Nearly = nil
	}
	p.Errors = errorLinks(wrong, map[string]string{"reason": field})
	return s.show(c, who, http.StatusBadRequest, "matches", p)
}
