package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// evidencePage is where all that councils know of their services begins: calls for evidence and what comes of them.
type evidencePage struct {
	view.Page
	Asked []view.Entry // open calls that ask the visitor's council and that it has not signed in full
	Open  []view.Entry
	More  []deskLink // what comes of the evidence
}

// evidenceCrumbs is the way back from a page below the evidence.
func evidenceCrumbs(steps ...view.Crumb) []view.Crumb {
	return append([]view.Crumb{{Text: "Home", Href: "/"}, {Text: "Evidence", Href: "/evidence"}}, steps...)
}

// evidenceLinks lists what comes of the evidence, in the order of the page.
func evidenceLinks() []deskLink {
	return []deskLink{
		{view.Link{Text: "Calls for evidence", Href: "/calls"}, "Who was asked for what by when, who answered, and what councils say in words."},
		{view.Link{Text: "Baseline of channels", Href: "/baseline"}, "How people reach each service: medians and ranges over councils, frozen in editions that can be cited; for councils, their own place among their neighbours."},
		{view.Link{Text: "Examples", Href: "/examples"}, "What councils did that others can take over: what it took, what changed, what can be reused, and who does it too."},
		{view.Link{Text: "Skills and leadership", Href: "/offers"}, "What councils and public bodies offer and seek: by kind of work, capability and time."},
		{view.Link{Text: "Central government and other bodies", Href: "/bodies"}, "Their platforms and frameworks, what councils ask of them together, and their answers."},
		{view.Link{Text: "The plan", Href: "/plan"}, "What follows from the evidence: findings, recommendations, who leads them, and what came of it."},
		{view.Link{Text: "Services", Href: "/search?kind=service"}, "For each service: what councils run it on, and what they intend to buy."},
	}
}

func (s *site) evidence(c *gin.Context, who visitor) error {
	all, err := s.Catalogue.EvidenceCalls(c, who.actor)
	if err != nil {
		return err
	}
	asked, err := s.callsAsking(c, who)
	if err != nil {
		return err
	}
	p := evidencePage{Page: s.page(c, who, "/evidence", "Evidence"), More: evidenceLinks(), Asked: asked}
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Evidence"}}
	p.Description = "How people reach council services, what it costs, and what councils learned: the evidence, who gave it, and what follows from it."
	for _, x := range all {
		if mine := slices.ContainsFunc(asked, func(e view.Entry) bool { return e.Href == callPath(x.ID)+"/answer" }); x.State == catalogue.CallOpen && !mine {
			p.Open = append(p.Open, s.callEntry(x, callPath(x.ID)))
		}
	}
	return s.show(c, who, http.StatusOK, "evidence", p)
}

// callsAsking are the open calls that ask the visitor's council and that it has not signed in full.
func (s *site) callsAsking(ctx context.Context, who visitor) ([]view.Entry, error) {
	asking, err := s.Catalogue.CallsAsking(ctx, who.actor)
	var out []view.Entry
	for _, x := range asking {
		out = append(out, s.callEntry(x, callPath(x.ID)+"/answer"))
	}
	return out, err
}

// callEntry is a call as a line of a list that leads to a page of it.
func (s *site) callEntry(x *catalogue.EvidenceCall, href string) view.Entry {
	tag := callTag(x)
	return view.Entry{Tag: &tag, Title: x.Label(), Href: href, Lines: [][]view.Piece{
		{{Text: s.callDue(x)}},
		{{Text: view.Plural(len(x.Services), "service", "services") + ", " + view.Date(x.Start) + " to " + view.Date(x.End)}},
	}}
}

// callDue says until when answers are taken.
func (s *site) callDue(x *catalogue.EvidenceCall) string {
	switch {
	case x.State == catalogue.CallClosed:
		return "Closed on " + view.Day(x.Closed)
	case catalogue.CallDue(x, s.Catalogue.Today()) < 0:
		return "Answers were due by " + view.Date(x.Until) + ". Late ones are taken"
	}
	return "Answers by " + view.Date(x.Until)
}

func callTag(x *catalogue.EvidenceCall) view.Tag {
	switch x.State {
	case catalogue.CallOpen:
		return view.Tag{Text: "Open", Classes: "govuk-tag--green"}
	case catalogue.CallClosed:
		return view.Tag{Text: "Closed", Classes: "govuk-tag--grey"}
	}
	return view.Tag{Text: "Draft", Classes: "govuk-tag--yellow"}
}

// callPath is the address of a call.
func callPath(id string) string { return pagePath(catalogue.KindCall, id) }

// callsPage lists the calls for evidence.
type callsPage struct {
	view.Page
	New                 *view.Button // for the operator
	Drafts, Open, Ended []view.Entry
}

func (s *site) calls(c *gin.Context, who visitor) error {
	all, err := s.Catalogue.EvidenceCalls(c, who.actor)
	if err != nil {
		return err
	}
	p := callsPage{Page: s.page(c, who, "/evidence", "Calls for evidence")}
	p.Crumbs = evidenceCrumbs(view.Crumb{Text: "Calls for evidence"})
	if catalogue.MayDo(who.actor, catalogue.KeepCalls) {
		p.New = &view.Button{Text: "Write a call for evidence", Href: "/calls/new"}
	}
	for _, x := range all {
		e := s.callEntry(x, callPath(x.ID))
		switch x.State {
		case catalogue.CallDraft:
			p.Drafts = append(p.Drafts, e)
		case catalogue.CallOpen:
			p.Open = append(p.Open, e)
		default:
			p.Ended = append(p.Ended, e)
		}
	}
	return s.show(c, who, http.StatusOK, "calls", p)
}
