package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// Papers: what a group hands to others. Each is one exchange.Document, which its page and its file are both made from.

// paperPage is a paper as a page that prints.
type paperPage struct {
	view.Page
	Doc      exchange.Document
	Sections []paperSection
	File     view.Link
	Links    []view.Link // back to the room, and to the other papers
	Back     view.Link   // to where it was made, with its whole address: a print must lead back to it
}

// paperSection is a section made ready to draw.
type paperSection struct {
	ID, Title string
	Blocks    []paperBlock
}

// paperBlock is a block made ready to draw.
type paperBlock struct {
	exchange.Block
	Table *view.Table
}

// papersOf is what a group's papers are made from.
type papersOf struct {
	room    *catalogue.Room // as if those that are only asked were not there: they have not agreed to be in a paper
	savings *catalogue.Savings
	asked   int // councils that are asked and have not answered

	matrix    *catalogue.Matrix
	decisions *catalogue.Decisions
}

// handed reads what papers are made from; NotFound for all but the group's members and the operator.
func (s *site) handed(ctx context.Context, actor catalogue.Actor, group string) (papersOf, error) {
	savings, err := s.Catalogue.Savings(ctx, actor, group)
	if err != nil {
		return papersOf{}, err
	}
	room, err := s.Catalogue.Room(ctx, actor, group)
	if err == nil && !room.Group.Room { // it left in between
		err = &catalogue.Error{Kind: catalogue.NotFound, Message: "group not found"}
	}
	if err != nil {
		return papersOf{}, err
	}
	p := papersOf{room: s.Catalogue.WithoutAsked(room, actor), savings: savings, asked: room.Asked}
	if p.matrix, err = s.Catalogue.Matrix(ctx, actor, group); err != nil {
		return papersOf{}, err
	}
	p.decisions, err = s.Catalogue.Decisions(ctx, actor, group)
	return p, err
}

// forWhom is the council that a paper is for; nil for the operator.
func (p papersOf) forWhom() *catalogue.Council {
	if p.room.Mine == nil {
		return nil
	}
	return p.room.Mine.Who
}

// accepted lists the members that have accepted.
func (p papersOf) accepted() []catalogue.RoomMember {
	var out []catalogue.RoomMember
	for _, m := range p.room.Members {
		if m.State == catalogue.Accepted && m.Who != nil {
			out = append(out, m)
		}
	}
	return out
}

// draftLine stands on top of every paper.
func (s *site) draftLine() string {
	return "Draft prepared from Jointly on " + view.Day(s.Catalogue.Now()) + "."
}

// paperLinks lead back to the room and to the other papers.
func paperLinks(group string) []view.Link {
	room := pagePath(catalogue.KindGroup, group)
	return []view.Link{{Text: "Committee report", Href: room + "/report"}, {Text: "Joint-agreement checklist", Href: room + "/agreement"},
		{Text: "Notice pack", Href: room + "/notice"}, {Text: "Savings", Href: room + "/savings"}}
}

// groupCrumbs is the way from a page below a group's room back to it.
func groupCrumbs(g *catalogue.BuyingGroup, here string) []view.Crumb {
	return []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Groups", Href: "/groups"}, {Text: marked(g.Title, g.Demonstration), Href: pagePath(catalogue.KindGroup, g.ID)}, {Text: here}}
}

// showPaper shows a paper as a page; name is its place below the group's room and that of its file.
func (s *site) showPaper(c *gin.Context, who visitor, g *catalogue.BuyingGroup, d exchange.Document, title, name string) error {
	address := pagePath(catalogue.KindGroup, g.ID) + "/" + name
	p := paperPage{Page: s.page(c, who, "/groups", title+": "+g.Title), Doc: d, Back: view.Link{Text: "The group’s room", Href: s.BaseURL + pagePath(catalogue.KindGroup, g.ID)},
		File: view.Link{Text: "Open it in Word or LibreOffice (.docx)", Href: address + ".docx"}}
	p.Crumbs = groupCrumbs(g, title)
	for _, l := range paperLinks(g.ID) {
		if l.Href != address {
			p.Links = append(p.Links, l)
		}
	}
	p.Sections = paperSections(d)
	return s.show(c, who, http.StatusOK, "paper", p)
}

// paperSections are a document's sections made ready to draw.
func paperSections(d exchange.Document) []paperSection {
	var out []paperSection
	for _, section := range d.Sections {
		drawn := paperSection{ID: section.ID, Title: section.Title}
		for _, b := range section.Blocks {
			drawn.Blocks = append(drawn.Blocks, paperBlock{Block: b, Table: gridTable(b.Grid)})
		}
		out = append(out, drawn)
	}
	return out
}

func gridTable(g *exchange.Grid) *view.Table {
	if g == nil {
		return nil
	}
	t := view.Table{Caption: g.Caption, CaptionClasses: "govuk-visually-hidden", Responsive: true, FirstCellIsHeader: true}
	for i, h := range g.Head {
		t.Head = append(t.Head, view.Head{Text: h, Numeric: g.IsNumeric(i)})
	}
	for _, r := range g.Rows {
		row := make([]view.Cell, len(r))
		for i, text := range r {
			row[i] = view.Cell{Text: text, Muted: text == view.NotStated, Numeric: g.IsNumeric(i), Classes: "jy-lines"}
		}
		t.Rows = append(t.Rows, row)
	}
	return &t
}

// sendDocx sends a paper as a file.
func (s *site) sendDocx(c *gin.Context, who visitor, d exchange.Document, name string) error {
	var b bytes.Buffer
	if err := exchange.WriteDocx(&b, d); err != nil {
		return err
	}
	return s.sendFile(c, who, name+".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b.Bytes())
}

// sendFile sends a file to be kept. Its name is ours.
func (s *site) sendFile(c *gin.Context, who visitor, name, kind string, content []byte) error {
	if err := s.saveSession(c, who); err != nil {
		return err
	}
	if err := s.attachment(c, who, name); err != nil {
		return err
	}
	c.Data(http.StatusOK, kind, content)
	return nil
}

// fileName is a group's title as a part of a file's name.
func fileName(kind string, g *catalogue.BuyingGroup) string {
	var b strings.Builder
	for _, r := range strings.ToLower(g.Title) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 60 {
			break
		}
	}
	return fmt.Sprintf("%s-%s", kind, strings.Trim(b.String(), "-"))
}

// both is an amount ex VAT with what it is inc VAT, as papers state values.
func both(exVAT float64) string {
	return view.Money(pounds(exVAT)) + " excluding VAT (" + view.Money(pounds(catalogue.IncVAT(exVAT))) + " including VAT)"
}

// said, fillIn and listed are the blocks of papers: words, what the author still has to say, and points.
func said(words string) exchange.Block      { return exchange.Block{Text: words} }
func fillIn(question string) exchange.Block { return exchange.Block{ToFill: question} }
func listed(all ...string) exchange.Block   { return exchange.Block{Points: all} }

// section adds a section to a paper; one that says nothing is left out.
func section(d *exchange.Document, id, title string, blocks ...exchange.Block) {
	if len(blocks) > 0 {
		d.Sections = append(d.Sections, exchange.Section{ID: id, Title: title, Blocks: blocks})
	}
}
