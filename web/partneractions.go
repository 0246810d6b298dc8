package web

import (
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
)

// What is done about the partners of a group: by the council that runs them, and by bodies about themselves.

func (s *site) askPartner(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	body, wanted := t.text("body"), t.text("wanted")
	g, err := s.Catalogue.AskIn(c, who.actor, c.Param("id"), body, wanted)
	asked := "The body is asked. Its people and the members are told."
	if err == nil {
		note, err := s.unreached(c, who, body, "it")
		if err != nil {
			return err
		}
		if note != "" {
			asked = "The body is asked, and the members are told. " + note
		}
	}
	return s.acted(c, who, g, err, asked, func(p *groupPage, err error) {
		if p.Room == nil || p.Room.Partners == nil || p.Room.Partners.Ask == nil {
			return
		}
		f := p.Room.Partners.Ask
		f.Fold.Open, f.Wanted.Value, f.Wanted.Error, f.Body.Error = true, wanted, fieldError(err, "wanted"), fieldError(err, "body")
		for n, option := range f.Body.Options {
			f.Body.Options[n].Selected = option.Value == body
		}
		p.Errors = errorLinks(err, nil)
	})
}

func (s *site) endPartner(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	body, reason := c.Param("body"), t.text("reason")
	g, err := s.Catalogue.EndPartner(c, who.actor, c.Param("id"), body, reason)
	return s.acted(c, who, g, err, "Its part has ended. The body and the members are told your reason.", func(p *groupPage, err error) {
		if p.Room == nil || p.Room.Partners == nil {
			return
		}
		i := slices.IndexFunc(p.Room.Partners.End, func(f endPartnerForm) bool { return f.Body == body })
		if i < 0 {
			return
		}
		f := &p.Room.Partners.End[i]
		f.Fold.Open, f.Reason.Value, f.Reason.Error = true, reason, fieldError(err, "reason")
		p.Errors = errorLinks(err, map[string]string{"reason": f.Reason.ID})
	})
}

// actedAsPartner is acted for a body, about its own part.
func (s *site) actedAsPartner(c *gin.Context, who visitor, g *catalogue.BuyingGroup, err error, message string, refuse func(*partnerView, error)) error {
	return s.acted(c, who, g, err, message, func(p *groupPage, err error) {
		if p.Partner != nil {
			refuse(p.Partner, err)
			p.Errors = errorLinks(err, nil)
		}
	})
}

func (s *site) answerAsPartner(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	text, message := t.text("brings"), "Your organisation stands in the group as partner. The members are told."
	accept := t.text("answer") == "accept"
	switch {
	case !accept && t.text("answer") != "decline":
		return &catalogue.Error{Kind: catalogue.Invalid, Message: "The form says neither yes nor no. Go back and use its buttons"}
	case !accept:
		text, message = t.text("reason"), "Your organisation has declined. The members are told your reason."
	}
	g, err := s.Catalogue.AnswerAsPartner(c, who.actor, c.Param("id"), accept, text)
	return s.actedAsPartner(c, who, g, err, message, func(v *partnerView, err error) {
		if v.Answer == nil {
			return
		}
		v.Answer.Brings.Value, v.Answer.Brings.Error = t.text("brings"), fieldError(err, "brings")
		v.Answer.Fold.Open, v.Answer.Reason.Value, v.Answer.Reason.Error = !accept, t.text("reason"), fieldError(err, "reason")
	})
}

func (s *site) sayWhatPartnerBrings(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	text := t.text("brings")
	g, err := s.Catalogue.SayWhatPartnerBrings(c, who.actor, c.Param("id"), text)
	return s.actedAsPartner(c, who, g, err, "What you bring is saved. The members see it, and are told of it at most once a day.", func(v *partnerView, err error) {
		if v.Brings != nil {
			v.Brings.Fold.Open, v.Brings.Text.Value, v.Brings.Text.Error = true, text, fieldError(err, "brings")
		}
	})
}

func (s *site) leaveAsPartner(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	reason := t.text("reason")
	g, err := s.Catalogue.LeaveAsPartner(c, who.actor, c.Param("id"), reason)
	return s.actedAsPartner(c, who, g, err, "Your organisation has left the group. The members are told your reason.", func(v *partnerView, err error) {
		if v.Leave != nil {
			v.Leave.Fold.Open, v.Leave.Reason.Value, v.Leave.Reason.Error = true, reason, fieldError(err, "reason")
		}
	})
}

// unreached says that nobody of a body has an account, so that what it is asked must reach it another way; empty where
// somebody has, and for a council.
func (s *site) unreached(c *gin.Context, who visitor, body, name string) (string, error) {
	if body == "" {
		return "", nil
	}
	reached, err := s.Catalogue.BodyHasPeople(c, who.actor, body)
	if err != nil || reached {
		return "", err
	}
	return "Nobody of " + name + " has an account here yet: write to it another way.", nil
}
