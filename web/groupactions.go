package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
)

// What councils do in a group: each form changes one thing, and leads back to the group's page.

// acted follows a change: on to the group with a message, or back to its page with what is wrong, which refuse puts
// beside the form that was sent.
func (s *site) acted(c *gin.Context, who visitor, g *catalogue.BuyingGroup, err error, message string, refuse func(*groupPage, error)) error {
	id := c.Param("id")
	if catalogue.KindOf(err) == catalogue.Invalid {
		p, again := s.groupPage(c, who, id)
		if again != nil {
			return again
		}
		refuse(&p, err)
		if len(p.Errors) == 0 { // the form is not on this visitor's page
			return err
		}
		return s.show(c, who, http.StatusBadRequest, "group", p)
	}
	if err != nil {
		return err
	}
	who.session.wrote(g.Version)
	who.session.set("flash", message)
	to := pagePath(catalogue.KindGroup, id)
	if !g.Room && !g.AsPartner { // its card may not be for this visitor any more
		to = "/desk"
	}
	return s.redirect(c, who, to)
}

// sent reads the form of an action.
func sent(c *gin.Context) (*typed, error) {
	values, err := form(c)
	return &typed{Values: values}, err
}

func (s *site) answerInvitation(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	accept, reason := t.text("answer") == "accept", t.text("reason")
	if !accept && t.text("answer") != "decline" {
		return &catalogue.Error{Kind: catalogue.Invalid, Message: "The form says neither yes nor no. Go back and use its buttons"}
	}
	message := "Your council is in the group. The others are told."
	if !accept {
		message = "Your council has declined. The members of the group are told your reason."
	}
	g, err := s.Catalogue.AnswerInvitation(c, who.actor, c.Param("id"), accept, reason)
	return s.acted(c, who, g, err, message, func(p *groupPage, err error) {
		if p.Room == nil || p.Room.Step.Answer == nil {
			return
		}
		a := p.Room.Step.Answer
		a.Fold.Open, a.Reason.Value, a.Reason.Error = !accept, reason, fieldError(err, "reason")
		p.Errors = errorLinks(err, map[string]string{"partners": "next", "members": "next"})
	})
}

func (s *site) joinGroup(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	intention := t.text("intention")
	if intention == "" {
		err = missing("intention", "Choose one of your intentions")
	}
	var g *catalogue.BuyingGroup
	if err == nil {
		g, err = s.Catalogue.Join(c, who.actor, c.Param("id"), intention)
	}
	if catalogue.KindOf(err) == catalogue.Invalid && intention != "" { // sent twice: it is in already
		if there, again := s.Catalogue.Group(c, who.actor, c.Param("id")); again == nil && there.Room {
			g, err = there, nil
		}
	}
	return s.acted(c, who, g, err, "Your council has joined the group.", func(p *groupPage, err error) {
		if p.Card == nil || p.Card.Join == nil {
			return
		}
		p.Card.Join.Which.Error = firstError(err, "intention", "partners", "members")
		for i, choice := range p.Card.Join.Which.Choices {
			p.Card.Join.Which.Choices[i].Checked = choice.Value == intention
		}
		p.Errors = errorLinks(err, map[string]string{"partners": "intention", "members": "intention"})
	})
}

// missing is what the catalogue would say, had it been asked.
func missing(field, message string) error {
	return &catalogue.Error{Kind: catalogue.Invalid, Message: "There is a problem with what you sent", Fields: []catalogue.FieldError{{Field: field, Message: message}}}
}

func (s *site) leaveGroup(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	reason := t.text("reason")
	g, err := s.Catalogue.LeaveGroup(c, who.actor, c.Param("id"), reason)
	return s.acted(c, who, g, err, "Your council has left the group. The others are told your reason.", func(p *groupPage, err error) {
		if p.Room == nil || p.Room.Leave == nil {
			return
		}
		l := p.Room.Leave
		l.Fold.Open, l.Reason.Value, l.Reason.Error = true, reason, firstError(err, "reason", "partners")
		p.Errors = errorLinks(err, map[string]string{"partners": "reason"})
	})
}

func (s *site) leadGroup(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	take := t.text("take") == "yes"
	message := "Your council leads the group."
	if !take {
		message = "Your council no longer leads the group."
	}
	g, err := s.Catalogue.TakeLead(c, who.actor, c.Param("id"), take)
	return s.acted(c, who, g, err, message, func(*groupPage, error) {})
}

func (s *site) inviteToGroup(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	intention := t.text("intention")
	if intention == "" {
		err = missing("intention", "Choose a council")
	}
	var g *catalogue.BuyingGroup
	if err == nil {
		g, err = s.Catalogue.Invite(c, who.actor, c.Param("id"), intention)
	}
	if catalogue.KindOf(err) == catalogue.Invalid && intention != "" { // sent twice: it is asked already
		if there, again := s.Catalogue.Group(c, who.actor, c.Param("id")); again == nil && brought(there, intention) {
			g, err = there, nil
		}
	}
	return s.acted(c, who, g, err, "The council is asked, and told by email.", func(p *groupPage, err error) {
		if p.Room == nil || p.Room.Invite == nil {
			return
		}
		i := p.Room.Invite
		i.Fold.Open, i.Which.Error = true, firstError(err, "intention", "partners", "members")
		for n, option := range i.Which.Options {
			i.Which.Options[n].Selected = option.Value == intention
		}
		p.Errors = errorLinks(err, map[string]string{"partners": "intention", "members": "intention"})
	})
}

// brought says that a group has an intention among those asked or accepted.
func brought(g *catalogue.BuyingGroup, intention string) bool {
	for _, m := range g.Members {
		if m.Intention == intention && (m.State == catalogue.Invited || m.State == catalogue.Accepted) {
			return true
		}
	}
	return false
}

func (s *site) standInGroup(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	f := readStanding(t)
	stands := f.standing(t)
	var g *catalogue.BuyingGroup
	if err = t.err(); err == nil {
		g, err = s.Catalogue.Stand(c, who.actor, c.Param("id"), stands)
	}
	return s.acted(c, who, g, err, "Your council stands at: "+f.rung+".", func(p *groupPage, err error) {
		if p.Room == nil || p.Room.Own == nil {
			return
		}
		p.Room.Own.Rung.Error = firstError(err, "rung", "members")
		p.Room.Own.Rung.Choices = f.choices(err)
		p.Errors = errorLinks(err, standingFields())
	})
}

func (s *site) declareConflicts(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	has, text := t.text("has"), t.text("conflicts")
	switch {
	case has != "yes" && has != "no":
		err = missing("has", "Choose whether your council has a conflict of interest")
	case has == "yes" && text == "":
		err = missing("conflicts", "Say what the conflict is, and how you handle it")
	case has == "no":
		text = ""
	}
	var g *catalogue.BuyingGroup
	if err == nil {
		g, err = s.Catalogue.DeclareConflicts(c, who.actor, c.Param("id"), text)
	}
	return s.acted(c, who, g, err, "Your declaration is recorded.", func(p *groupPage, err error) {
		if p.Room == nil || p.Room.Own == nil {
			return
		}
		p.Room.Own.Conflicts = conflictsRadios(has, t.text("conflicts"), err)
		p.Errors = errorLinks(err, nil)
	})
}

func (s *site) offerLead(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	to := t.text("council")
	message := "It is asked to take over. Your council leads until it has."
	if t.text("offer") == "back" {
		to, message = "", "The offer is taken back. Your council leads."
	} else if to == "" {
		err = missing("offer", "Choose a council")
	}
	var g *catalogue.BuyingGroup
	if err == nil {
		g, err = s.Catalogue.OfferLead(c, who.actor, c.Param("id"), to)
	}
	return s.acted(c, who, g, err, message, func(p *groupPage, err error) {
		if p.Room == nil || p.Room.Lead == nil || p.Room.Lead.Offer == nil {
			return
		}
		p.Room.Lead.Offer.Error = fieldError(err, "offer")
		p.Errors = errorLinks(err, nil)
	})
}

func (s *site) nameDeputy(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	deputy, message := t.text("council"), "The deputy is named."
	if deputy == "" {
		message = "The group has no deputy now."
	}
	g, err := s.Catalogue.NameDeputy(c, who.actor, c.Param("id"), deputy)
	return s.acted(c, who, g, err, message, func(p *groupPage, err error) {
		if p.Room == nil || p.Room.Lead == nil || p.Room.Lead.Deputy == nil {
			return
		}
		p.Room.Lead.Deputy.Error = fieldError(err, "deputy")
		p.Errors = errorLinks(err, nil)
	})
}
