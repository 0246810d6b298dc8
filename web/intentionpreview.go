package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// intentionPreviewPage shows a council what others see of an intention, line by line.
type intentionPreviewPage struct {
	view.Page
	Caption string
	Heading string
	Lead    string
	Table   view.Table // no rows where nobody else sees any of it
	Back    string
	Edit    string // empty: the visitor may not change it
}

func (s *site) previewIntention(c *gin.Context, who visitor) error {
	found, err := s.Catalogue.PreviewIntention(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	address := pagePath(catalogue.KindIntention, found.Intention.ID)
	p := intentionPreviewPage{Caption: found.Intention.Title, Heading: "What others see of this intention", Back: address, Lead: previewLead(found)}
	if found.Members != nil {
		p.Table = s.previewTable(found)
	}
	if catalogue.MayDo(who.actor, catalogue.ListIntention) && found.Intention.Withdrawn == "" {
		p.Edit = address + "/edit/audience"
	}
	p.Page = s.page(c, who, "/intentions", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Intentions", Href: "/intentions"}, {Text: found.Intention.Title, Href: address}, {Text: "What others see"}}
	return s.show(c, who, http.StatusOK, "intention-preview", p)
}

func previewLead(p *catalogue.Preview) string {
	switch {
	case p.Members == nil:
		return "Nobody outside your council sees that it exists. It can be in no group. It may count, without your name, in demand figures that at least seven councils stand behind."
	case p.Anybody != nil:
		return "Everybody sees that it exists. It counts in what suppliers see of councils’ demand."
	}
	return "Officers of other councils see it. Suppliers and the public do not see that it exists. It may count, without your name, in demand figures that at least seven councils stand behind."
}

// previewTable has a line for each thing that an intention can say, and a column for each kind of reader.
func (s *site) previewTable(p *catalogue.Preview) view.Table {
	t := view.Table{Caption: "What each reader sees", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "What", Classes: "jy-col-15"}, {Text: "Anybody, not signed in", Classes: "jy-col-20"}, {Text: "A supplier", Classes: "jy-col-20"},
			{Text: "Another council", Classes: "jy-col-20"}, {Text: "Members of its group", Classes: "jy-col-20"}}}
	readers := []*catalogue.Intention{p.Anybody, p.Supplier, p.Councils, p.Members}
	own := s.previewLines(p.Intention)
	seen := make([][][2]string, len(readers))
	for i, in := range readers {
		if in != nil {
			seen[i] = s.previewLines(in)
		}
	}
	for n, line := range own {
		if line[1] == "" {
			continue // the council has not said it
		}
		row := []view.Cell{{Text: line[0]}}
		for i := range readers {
			cell := view.Cell{Text: "not shown", Muted: true}
			if seen[i] != nil && seen[i][n][1] != "" {
				cell = view.Cell{Text: seen[i][n][1]}
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// previewLines is all that an intention can say; empty for what it does not.
func (s *site) previewLines(in *catalogue.Intention) [][2]string {
	date := func(d catalogue.Date) string {
		if d.IsZero() {
			return ""
		}
		return view.Date(d)
	}
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return months(n)
	}
	money := ""
	if !in.Budget.IsZero() {
		money = budgetBoth(in.Budget)
	}
	role := ""
	if in.Role != "" {
		role = roleWords(in.Role)
	}
	stands, approval := stated(string(in.Rung), rungWord(in.Rung)), ""
	if in.ApprovalRef != "" {
		approval = in.ApprovalRef + ", " + date(in.Approved) + ", " + view.Money(pounds(in.Volume)) + " ex VAT"
	}
	return [][2]string{
		{"Title", in.Title}, {"Description", cutShort(in.Description)}, {"What it is for", s.capabilityWords(in)}, {"The tender can start", stated(date(in.WindowStart)+date(in.WindowEnd), window(in.WindowStart, in.WindowEnd))},
		{"Present contract ends", date(in.ContractEnd)}, {"Extension", number(in.ExtensionMonths)}, {"From tender to going live", number(in.LeadMonths)},
		{"Budget", money}, {"Supplier now", in.CurrentSupplier}, {"Platform now", in.CurrentPlatform}, {"Must have", strings.Join(in.Musts, "; ")},
		{"Should have", strings.Join(in.Shoulds, "; ")}, {"In a joint buy", role}, {"How far the council is", stands}, {"Approval", approval}, {"Commercially sensitive, because", in.Sensitive}, {"Your own notes", cutShort(in.Notes)},
	}
}

// cutShort is the beginning of a text that is shown whole elsewhere.
func cutShort(text string) string {
	const most = 120
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) <= most {
		return string(r)
	}
	return strings.TrimSpace(string(r[:most])) + "…"
}
