package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// papersSection is what a group's room shows of its papers.
type papersSection struct {
	Papers []paperLink
	Empty  string
	Links  []view.Link
}

// paperLink is a link to a document that a council keeps elsewhere.
type paperLink struct {
	Title, Address string
	Note           string // who added it and when, and where it leads
	About          string
	Remove         string // address of the form that takes it away; empty for those who may not
	Keep           *keepPaper
}

// keepPaper says who sees a paper: the members alone, or partners too.
type keepPaper struct {
	Action string
	Value  string
	Words  string
}

// papersPage is all papers of a group, and where one is added.
type papersPage struct {
	view.Page
	Caption string
	Seen    string // by whom
	Papers  []paperLink
	Add     *paperForm
}

// paperForm adds a link.
type paperForm struct {
	Action  string
	Form    string // ID of the record that the form makes
	Title   view.Input
	Address view.Input
	About   view.Textarea
	Send    view.Button
}

func newPapersSection(v *catalogue.Papers, actor catalogue.Actor) *papersSection {
	path := pagePath(catalogue.KindGroup, v.Group.ID) + "/papers"
	p := &papersSection{}
	for _, row := range v.List[:min(len(v.List), mostInRoom)] {
		p.Papers = append(p.Papers, newPaperLink(row))
	}
	if len(v.List) == 0 {
		p.Empty = "No document is linked yet: a draft specification or a committee report, wherever its council keeps it."
	}
	switch {
	case addsPapers(v.Group, actor):
		p.Links = []view.Link{{Text: "Add or remove a paper", Href: path}}
	case len(v.List) > mostInRoom:
		p.Links = []view.Link{{Text: "All papers", Href: path}}
	}
	return p
}

// addsPapers says that the visitor adds papers to a group: of a member that works in it, or of a partner.
func addsPapers(g *catalogue.BuyingGroup, actor catalogue.Actor) bool {
	return worksIn(g, actor) || g.AsPartner && g.GoesOn() && catalogue.MayDo(actor, catalogue.WorkAsPartner)
}

func newPaperLink(row catalogue.PaperRow) paperLink {
	link := paperLink{Title: row.Title, Address: row.Address, About: row.About, Note: "added by " + row.Who + " on " + view.Day(row.Added)}
	if u, err := url.Parse(row.Address); err == nil {
		link.Note = "at " + u.Hostname() + ", " + link.Note
	}
	if row.Kept {
		link.Note += ", kept among the members"
	}
	return link
}

func newKeepPaper(row catalogue.PaperRow, path string) *keepPaper {
	k := &keepPaper{Action: path + "/" + row.ID + "/keep", Value: "yes", Words: "Keep from partners"}
	if row.Kept {
		k.Value, k.Words = "no", "Show to partners"
	}
	return k
}

func (s *site) papers(c *gin.Context, who visitor) error {
	anew(c)
	return s.showPapers(c, who, http.StatusOK, catalogue.NewID(), url.Values{}, nil)
}

func (s *site) showPapers(c *gin.Context, who visitor, status int, id string, typed url.Values, wrong error) error {
	v, err := s.Catalogue.Papers(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	path := pagePath(catalogue.KindGroup, v.Group.ID) + "/papers"
	p := papersPage{Page: s.partPage(c, who, v.Group, "Papers"), Caption: v.Group.Title, Seen: "Only members see this page."}
	if len(v.Group.AcceptedPartners()) > 0 {
		p.Seen = "Only members and partners see this page, and partners no paper that is kept from them."
	}
	mayWork := addsPapers(v.Group, who.actor)
	for _, row := range v.List {
		link := newPaperLink(row)
		if mayWork && row.MayRemove(v.Group, who.actor) {
			link.Remove = path + "/" + row.ID + "/remove"
		}
		if mayWork && row.MayKeep(v.Group, who.actor) {
			link.Keep = newKeepPaper(row, path)
		}
		p.Papers = append(p.Papers, link)
	}
	if mayWork && !v.Full {
		p.Add = &paperForm{Action: path, Form: id, Send: view.Button{Text: "Add the paper", PreventDoubleClick: true},
			Title: view.Input{Name: "title", Value: typed.Get("title"), Error: fieldError(wrong, "title"), Label: view.Label{Text: "Title", Classes: "govuk-label--s"}},
			Address: view.Input{Name: "address", Type: "url", Value: typed.Get("address"), Error: fieldError(wrong, "address"), Spellcheck: "false", Label: view.Label{Text: "Web address", Classes: "govuk-label--s"},
				Hint: "Where you keep it, beginning with https://. Those who read it need their own access there: Jointly holds no copy"},
			About: view.Textarea{Name: "about", Rows: 2, Value: typed.Get("about"), Error: fieldError(wrong, "about"), Label: view.Label{Text: "What it is (optional)", Classes: "govuk-label--s"}}}
	}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "papers", p)
}

func (s *site) addPaper(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id := recordID(t.text("id"))
	_, err = s.Catalogue.AddPaper(c, who.actor, c.Param("id"), id, t.text("title"), t.text("address"), t.text("about"))
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showPapers(c, who, http.StatusBadRequest, id, t.Values, err)
	}
	if err != nil {
		return err
	}
	return s.saidOn(c, who, "/papers", "The paper is added.")
}

func (s *site) keepPaper(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	keep, message := t.text("keep") == "yes", "The paper is kept among the members: partners do not see it."
	if !keep {
		message = "Partners of the group see the paper too."
	}
	if err := s.Catalogue.KeepPaper(c, who.actor, c.Param("id"), c.Param("paper"), keep); err != nil {
		return err
	}
	return s.saidOn(c, who, "/papers", message)
}

func (s *site) removePaper(c *gin.Context, who visitor) error {
	if err := s.Catalogue.RemovePaper(c, who.actor, c.Param("id"), c.Param("paper")); err != nil {
		return err
	}
	return s.saidOn(c, who, "/papers", "The paper is removed. The document stays where it is.")
}
