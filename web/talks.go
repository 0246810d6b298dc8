package web

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// talksPage lists the talks of a council or a body with others: what waits for it first.
type talksPage struct {
	view.Page
	Caption string
	Heading string
	Waiting []view.Entry
	Open    []view.Entry
	Closed  []view.Entry
	None    bool
	Council bool   // the visitor is a council's: bodies talk about offers alone
	Yours   string // council or organisation
	MayNot  string // why the visitor sees none
}

func (s *site) talks(c *gin.Context, who visitor) error {
	found, err := s.Catalogue.Talks(c, who.actor)
	if err != nil {
		return err
	}
	names, err := s.talkPartners(c, who.actor, found)
	if err != nil {
		return err
	}
	p := talksPage{Heading: "Talks with others", Caption: who.org, None: len(found) == 0, Council: who.actor.OrgKind == catalogue.OrgCouncil, Yours: yours(who.actor)}
	if !catalogue.MayDo(who.actor, catalogue.AskToTalk) {
		p.MayNot = mayNotTalk(who.actor)
	}
	for _, t := range found {
		e := talkEntry(t, names[t.Partner(who.actor.Org)], who.actor)
		switch {
		case t.State == catalogue.TalkClosed:
			p.Closed = append(p.Closed, e)
		case t.Turn == who.actor.Org:
			p.Waiting = append(p.Waiting, e)
		default:
			p.Open = append(p.Open, e)
		}
	}
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Talks"}}
	return s.show(c, who, http.StatusOK, "talks", p)
}

// mayNotTalk is said to who reads only.
func mayNotTalk(actor catalogue.Actor) string {
	return "Your account can read only. An administrator of " + yours(actor) + ", or whoever runs this service, can let you talk for it."
}

// talkPartners reads the councils and bodies that talks are with.
func (s *site) talkPartners(ctx context.Context, actor catalogue.Actor, talks []*catalogue.Talk) (map[string]catalogue.Party, error) {
	var ids []string
	for _, t := range talks {
		ids = append(ids, t.Partner(actor.Org))
	}
	return s.partiesBy(ctx, actor, ids)
}

// talkEntry is a talk in a ledger.
func talkEntry(t *catalogue.Talk, partner catalogue.Party, actor catalogue.Actor) view.Entry {
	var l line
	if name := partner.Label(); name != "" {
		l.say("with " + name)
	}
	switch {
	case t.State == catalogue.TalkClosed:
		l.say("closed on " + view.Day(t.Latest))
	case t.Turn == actor.Org:
		l.strong("waits for " + yours(actor) + " since " + view.Day(t.Latest))
	case t.State == catalogue.TalkSharing:
		l.say("you can write to each other")
	default:
		l.say("waits for them since " + view.Day(t.Latest))
	}
	return view.Entry{Title: t.Subject, Href: pagePath(catalogue.KindTalk, t.ID), Lines: saying(l)}
}
