package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// talksPage lists a council's talks with others: what waits for it first.
type talksPage struct {
	view.Page
	Caption string
	Waiting []view.Entry
	Open    []view.Entry
	Closed  []view.Entry
	None    bool
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
	p := talksPage{Page: s.page(c, who, "/desk", "Talks with other councils"), Caption: who.org, None: len(found) == 0}
	if !catalogue.MayDo(who.actor, catalogue.AskToTalk) {
		p.MayNot = mayNotTalk
	}
	for _, t := range found {
		e := talkEntry(t, names, who.actor)
		switch {
		case t.State == catalogue.TalkClosed:
			p.Closed = append(p.Closed, e)
		case t.Turn == who.actor.Org:
			p.Waiting = append(p.Waiting, e)
		default:
			p.Open = append(p.Open, e)
		}
	}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Talks"}}
	return s.show(c, who, http.StatusOK, "talks", p)
}

const mayNotTalk = "Your account can read only. An administrator of your council, or whoever runs this service, can let you talk for it."

// talkPartners reads the councils that talks are with, by code.
func (s *site) talkPartners(c *gin.Context, actor catalogue.Actor, talks []*catalogue.Talk) (map[string]*catalogue.Council, error) {
	var codes []string
	for _, t := range talks {
		codes = append(codes, t.Partner(actor.Org))
	}
	return s.councilsBy(c, actor, codes)
}

// talkEntry is a talk in a ledger.
func talkEntry(t *catalogue.Talk, names map[string]*catalogue.Council, actor catalogue.Actor) view.Entry {
	var l line
	if partner := names[t.Partner(actor.Org)]; partner != nil {
		l.say("with " + partner.Label())
	}
	switch {
	case t.State == catalogue.TalkClosed:
		l.say("closed on " + view.Day(t.Latest))
	case t.Turn == actor.Org:
		l.strong("waits for your council since " + view.Day(t.Latest))
	case t.State == catalogue.TalkSharing:
		l.say("you can write to each other")
	default:
		l.say("waits for them since " + view.Day(t.Latest))
	}
	return view.Entry{Title: t.Subject, Href: pagePath(catalogue.KindTalk, t.ID), Lines: saying(l)}
}
