package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// newOfferTalk is where somebody writes to a council or a body about what that offers or seeks; on to the talk where there is
// one.
func (s *site) newOfferTalk(c *gin.Context, who visitor) error {
	v, err := s.Catalogue.Offer(c, who.actor, c.Query("offer"))
	if err != nil {
		return err
	}
	if v.Talk != "" {
		return s.redirect(c, who, pagePath(catalogue.KindTalk, v.Talk))
	}
	anew(c)
	return s.showOfferTalk(c, who, http.StatusOK, v, talkForm{id: catalogue.NewID(), subject: v.Offer.Title}, nil)
}

// askAboutOffer sends the first message about an offer. The same form sent twice sends one.
func (s *site) askAboutOffer(c *gin.Context, who visitor, t *typed) error {
	f := talkForm{id: recordID(t.text("id")), subject: t.text("subject"), text: t.text("text")}
	made, err := s.Catalogue.AskToTalk(c, who.actor, catalogue.TalkRequest{ID: f.id, Offer: t.text("offer"), Subject: f.subject, Text: f.text})
	if err != nil && catalogue.KindOf(err) == catalogue.Invalid {
		v, again := s.Catalogue.Offer(c, who.actor, t.text("offer"))
		if again != nil {
			return again
		}
		return s.showOfferTalk(c, who, http.StatusBadRequest, v, f, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Sent. The other side is told, and answers in its own time.")
	if note, err := s.unreached(c, who, made.To, "it"); err != nil {
		return err
	} else if note != "" {
		who.session.set("flash", "Sent, and kept here. "+note)
	}
	return s.redirect(c, who, pagePath(catalogue.KindTalk, made.ID))
}

func (s *site) showOfferTalk(c *gin.Context, who visitor, status int, v *catalogue.OfferView, f talkForm, wrong error) error {
	switch {
	case !catalogue.MayDo(who.actor, catalogue.AskToTalk):
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "Your account can read only: it cannot talk for " + yours(who.actor)}
	case !v.Offer.OpenToTalk(who.actor) && !who.actor.Of(v.Offer.Of()):
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "This is another body’s. Bodies talk with councils here"}
	case v.OtherWorld != "" && v.Offer.OpenToTalk(who.actor):
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: v.OtherWorld}
	}
	label := func(text string) view.Label { return view.Label{Text: text, Classes: "govuk-label--s"} }
	p := talkFormPage{Form: f.id, With: v.Of.Label(), Offer: v.Offer.ID, Other: view.Link{Text: v.Offer.Title, Href: pagePath(catalogue.KindOffer, v.Offer.ID)},
		Subject: view.Input{Name: "subject", Label: label("Subject"), Value: f.subject, Error: firstError(wrong, "subject", "with")},
		Text: view.Textarea{Name: "text", Rows: 7, Label: label("Your message"), Value: f.text, Error: fieldError(wrong, "text"),
			Hint: "It comes from " + yours(who.actor) + ": your name and address are not shown. It may be disclosed under freedom of information"},
		Send: view.Button{Text: "Send", PreventDoubleClick: true}}
	unreached, err := s.unreached(c, who, v.Offer.Body, v.Of.Label())
	if err != nil {
		return err
	}
	p.Unreached = unreached
	p.Page = s.page(c, who, "/desk", "Ask to talk")
	p.Canonical = ""
	p.Crumbs = offerCrumbs("Ask to talk")
	p.Errors = errorLinks(wrong, map[string]string{"with": "subject", "council": "subject"})
	return s.show(c, who, status, "new-talk", p)
}

// offerFact is what a talk is about, where that is an offer.
func offerFact(o *catalogue.Offer, actor catalogue.Actor) view.Fact {
	if o == nil {
		return view.Fact{Name: "About", Value: "no longer shared", Muted: true}
	}
	whose, what := "Their", "offer"
	if actor.Of(o.Of()) {
		whose = "Your"
	}
	if o.Direction == catalogue.Seeking {
		what = "search for skills"
	}
	return view.Fact{Name: whose + " " + what, Value: o.Title, Href: pagePath(catalogue.KindOffer, o.ID)}
}
