package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
)

// closeOffer ends an offer, with how.
func (s *site) closeOffer(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id, how, reason := c.Param("id"), t.text("how"), t.text("reason")
	if o, err := s.ownOffer(c, who); err != nil && (o == nil || o.End == nil) { // closed already: the form was sent twice
		return err
	}
	var closed *catalogue.Offer
	if how != "filled" && how != "closed" {
		err = missing("how", "Choose how it ended")
	} else {
		closed, err = s.Catalogue.CloseOffer(c, who.actor, id, how == "filled", reason)
	}
	if catalogue.KindOf(err) == catalogue.Invalid && err != nil {
		return s.closeAgain(c, who, id, how, reason, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(closed.Version)
	who.session.set("flash", "Closed. It is no longer shown among what stands.")
	return s.redirect(c, who, pagePath(catalogue.KindOffer, id))
}

func (s *site) closeAgain(c *gin.Context, who visitor, id, how, reason string, wrong error) error {
	p, err := s.offerPage(c, who, id)
	if err != nil {
		return err
	}
	if p.Owner == nil || p.Owner.Close == nil {
		return wrong
	}
	f := p.Owner.Close
	f.Fold.Open, f.Reason.Value = true, reason
	f.How.Error, f.Reason.Error = fieldError(wrong, "how"), fieldError(wrong, "reason")
	for i := range f.How.Choices {
		f.How.Choices[i].Checked = f.How.Choices[i].Value == how
	}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, http.StatusBadRequest, "offer", p)
}

// reopenOffer makes a closed offer stand again.
func (s *site) reopenOffer(c *gin.Context, who visitor) error {
	o, err := s.Catalogue.ReopenOffer(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	who.session.wrote(o.Version)
	who.session.set("flash", "It stands again. Change it where it no longer fits.")
	return s.redirect(c, who, pagePath(catalogue.KindOffer, o.ID))
}

// confirmOffer says that an offer still holds.
func (s *site) confirmOffer(c *gin.Context, who visitor) error {
	id := c.Param("id")
	done, err := s.Catalogue.ConfirmOffers(c, who.actor, []string{id})
	if err != nil {
		return err
	}
	if wrong := done.Wrong[id]; wrong != nil {
		return wrong
	}
	who.session.set("flash", "Thank you. Others see that it still holds.")
	return s.redirect(c, who, pagePath(catalogue.KindOffer, id))
}
