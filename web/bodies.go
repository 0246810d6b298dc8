package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// bodiesPage lists the bodies of central government and of the sector that take part.
type bodiesPage struct {
	view.Page
	Table view.Table
	Add   *view.Link // for the operator
}

func (s *site) bodies(c *gin.Context, who visitor) error {
	rows, err := s.Catalogue.Bodies(c, who.actor)
	if err != nil {
		return err
	}
	p := bodiesPage{Page: s.page(c, who, "/evidence", "Central government and sector bodies"), Table: view.Table{Caption: "Bodies", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Body", Classes: "jy-col-40"}, {Text: "Kind"}, {Text: "Asks that wait", Numeric: true}, {Text: "Asks answered", Numeric: true}}}}
	for _, r := range rows {
		p.Table.Rows = append(p.Table.Rows, []view.Cell{{Text: r.Body.Label(), Href: pagePath(catalogue.KindBody, r.Body.ID), Note: r.Body.About}, {Text: r.Body.Kind.Words()},
			{Text: view.Number(r.Open), Numeric: true}, {Text: view.Number(r.Answered), Numeric: true}})
	}
	if catalogue.MayDo(who.actor, catalogue.KeepBodies) {
		p.Add = &view.Link{Text: "Add a body", Href: "/bodies/new"}
	}
	p.Description = "Public bodies beside councils: what they supply, and what councils ask of them together."
	p.Crumbs = evidenceCrumbs(view.Crumb{Text: "Bodies"})
	return s.show(c, who, http.StatusOK, "bodies", p)
}

// bodyPage is what a body supplies and runs, what it offers and seeks, and what councils ask of it.
type bodyPage struct {
	view.Page
	Caption    string
	Heading    string
	Lead       string
	Source     string
	Website    string
	Edit       string // for the operator
	Accounts   string // for the operator: who can act for it
	Asks       []view.Entry
	Answers    string       // for its own people: what to do
	New        *view.Button // for councils
	SignIn     string
	Skills     *bodySkills // nil where there are none to show
	Platforms  []view.Link
	Frameworks []view.Link
	Groups     []view.Entry // of councils, beside which it stands, that the reader may see
}

func (s *site) body(c *gin.Context, who visitor) error {
	v, err := s.Catalogue.Body(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	b := v.Body
	p := bodyPage{Caption: b.Kind.Words(), Heading: b.Label(), Lead: b.About, Source: b.Source, Website: b.Website}
	for _, a := range v.Asks {
		p.Asks = append(p.Asks, askEntry(a))
	}
	for _, x := range v.Platforms {
		p.Platforms = append(p.Platforms, view.Link{Text: marked(x.Name, x.Demonstration), Href: pagePath(catalogue.KindPlatform, x.ID)})
	}
	for _, f := range v.Frameworks {
		p.Frameworks = append(p.Frameworks, view.Link{Text: f.Name, Href: pagePath(catalogue.KindFramework, f.ID)})
	}
	if p.Skills, err = s.bodySkills(c, who.actor, b); err != nil {
		return err
	}
	stands, err := s.Catalogue.PartnerGroups(c, who.actor, b.ID)
	if err != nil {
		return err
	}
	if p.Groups, err = s.partnerEntries(c, who.actor, stands.In); err != nil {
		return err
	}
	address := pagePath(catalogue.KindBody, b.ID)
	switch {
	case who.account == nil:
		p.SignIn = "/sign-in?next=" + url.QueryEscape(address)
	case who.actor.Of(b.ID):
		p.Answers = "Open an ask to answer it. What you answer is public, and every council that asks is told."
	case catalogue.MayDo(who.actor, catalogue.AskOfBody):
		p.New = &view.Button{Text: "Ask something", Href: "/asks/new?" + url.Values{"body": {b.ID}}.Encode()}
	case who.actor.IsOperator():
		p.Edit, p.Accounts = address+"/edit", "Nobody can have an account: no domain is recorded."
		if b.Domain != "" {
			p.Accounts = "Accounts are for addresses at " + b.Domain + ": jointly account add --body " + b.ID
		}
	}
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Crumbs = bodyCrumbs(nil, p.Heading)
	return s.show(c, who, http.StatusOK, "body", p)
}

// partnerEntries are groups that a body has to do with in a ledger, each with its stage.
func (s *site) partnerEntries(ctx context.Context, actor catalogue.Actor, groups []*catalogue.BuyingGroup) ([]view.Entry, error) {
	var codes []string
	for _, g := range groups {
		codes = append(codes, g.Lead)
	}
	names, err := s.councilsBy(ctx, actor, codes)
	if err != nil {
		return nil, err
	}
	var out []view.Entry
	for _, g := range groups {
		e := groupEntry(g, names[g.Lead], false)
		e.Title = marked(e.Title, g.Demonstration)
		e.Lines = append(e.Lines, []view.Piece{{Text: stageOf(g)}})
		out = append(out, e)
	}
	return out, nil
}

// bodyCrumbs is the way back from a page about a body.
func bodyCrumbs(b *catalogue.Body, here string) []view.Crumb {
	out := evidenceCrumbs(view.Crumb{Text: "Bodies", Href: "/bodies"})
	if b != nil {
		out = append(out, view.Crumb{Text: b.Label(), Href: pagePath(catalogue.KindBody, b.ID)})
	}
	return append(out, view.Crumb{Text: here})
}

// askEntry is an ask in a ledger.
func askEntry(a *catalogue.Ask) view.Entry {
	tag := askTag(a)
	var l line
	l.strong(view.Plural(a.Councils, "council asks", "councils ask"))
	if last := a.Answer(); last != nil {
		l.say("answered on " + view.Day(last.At))
	}
	return view.Entry{Tag: &tag, Title: marked(a.Title, a.Demonstration), Href: pagePath(catalogue.KindAsk, a.ID), Lines: saying(l)}
}

// askTag is how an ask stands.
func askTag(a *catalogue.Ask) view.Tag {
	if a.Withdrawn != "" {
		return view.Tag{Text: "Withdrawn", Classes: "govuk-tag--grey"}
	}
	last := a.Answer()
	if last == nil {
		return view.Tag{Text: "Waits for an answer", Classes: "govuk-tag--yellow"}
	}
	switch last.State {
	case catalogue.AskPlanned:
		return view.Tag{Text: "Planned", Classes: "govuk-tag--blue"}
	case catalogue.AskDone:
		return view.Tag{Text: "Done", Classes: "govuk-tag--green"}
	case catalogue.AskNot:
		return view.Tag{Text: "Will not be done", Classes: "govuk-tag--grey"}
	}
	return view.Tag{Text: "Being looked into", Classes: "govuk-tag--blue"}
}
