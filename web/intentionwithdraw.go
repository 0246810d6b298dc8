package web

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
)

// ownIntention is an intention that the visitor may change.
func (s *site) ownIntention(ctx context.Context, actor catalogue.Actor, id string) (*catalogue.Intention, error) {
	in, err := s.Catalogue.Intention(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.ForCouncil(in.Council) {
		return nil, &catalogue.Error{Kind: catalogue.Forbidden, Message: "This is another council’s intention: its own officers change it"}
	}
	return in, mayList(actor)
}

// withdrawIntention ends an intention, with the reason.
func (s *site) withdrawIntention(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	id, reason := c.Param("id"), values.Get("reason")
	in, err := s.ownIntention(c, who.actor, id)
	if err != nil {
		return err
	}
	if in.Withdrawn == "" { // else the form was sent twice
		in, err = s.Catalogue.WithdrawIntention(c, who.actor, id, reason)
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.withdrawAgain(c, who, id, reason, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(in.Version)
	who.session.set("flash", "The intention is withdrawn. It is no longer matched.")
	return s.redirect(c, who, pagePath(catalogue.KindIntention, id))
}

func (s *site) withdrawAgain(c *gin.Context, who visitor, id, reason string, wrong error) error {
	p, err := s.intentionPage(c, who, id)
	if err != nil {
		return err
	}
	if p.Owner == nil || p.Owner.Withdraw == nil {
		return wrong
	}
	p.Owner.Withdraw.Fold.Open = true
	p.Owner.Withdraw.Reason.Value, p.Owner.Withdraw.Reason.Error = reason, fieldError(wrong, "reason")
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, http.StatusBadRequest, "intention", p)
}
