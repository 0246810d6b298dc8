package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// signalChoosePage is what an officer may write a signal about.
type signalChoosePage struct {
	view.Page
	Intentions []view.Entry
	Groups     []view.Entry
}

// chooseSignal lists the intentions of the visitor's council, and the groups that it leads.
func (s *site) chooseSignal(c *gin.Context, who visitor) error {
	if !catalogue.MayDo(who.actor, catalogue.PublishSignal) {
		return errMayNotSignal()
	}
	desk, err := s.Catalogue.Desk(c, who.actor)
	if err != nil {
		return err
	}
	p := signalChoosePage{Page: s.page(c, who, "/demand", "Write a signal to suppliers")}
	for _, in := range desk.Intentions {
		capability, _ := in.Capable()
		p.Intentions = append(p.Intentions, view.Entry{Title: in.Title, Href: signalAddress(in.Key()), Lines: saying(line{{Text: joined([]string{s.capabilityName(capability), "buying may start " + window(in.WindowStart, in.WindowEnd)})}})})
	}
	for _, g := range desk.Groups {
		if who.actor.ForCouncil(g.Lead) && g.GoesOn() {
			p.Groups = append(p.Groups, view.Entry{Title: g.Title, Href: signalAddress(g.Key()), Lines: saying(line{{Text: joined([]string{s.capabilityName(g.Capability), view.Plural(g.Councils, "council", "councils")})}})})
		}
	}
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Demand", Href: "/demand"}, {Text: "Signals", Href: "/signals"}, {Text: p.Title}}
	return s.show(c, who, http.StatusOK, "signal-choose", p)
}
