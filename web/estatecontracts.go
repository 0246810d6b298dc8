package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// mostListed is how many contracts one page lists.
const mostListed = 500

// estateContractsPage lists a council's contracts, narrowed and in order.
type estateContractsPage struct {
	view.Page
	Caption string
	Show    view.Select
	Sort    view.Select
	Find    view.Input
	Count   string
	Table   view.Table
	MayAdd  bool
}

// contractsQuery is which contracts of the estate are listed, and in which order.
type contractsQuery struct{ show, sort, find string }

// within is the months of a query for what ends soon; 0 for others.
func (q contractsQuery) within() int {
	n, err := strconv.Atoi(strings.TrimPrefix(q.show, "within-"))
	if err != nil || n < 1 || n > 240 {
		return 0
	}
	return n
}

func (s *site) estateContracts(c *gin.Context, who visitor) error {
	e, err := s.Catalogue.Estate(c, who.actor)
	if err != nil {
		return err
	}
	q := contractsQuery{show: c.Query("show"), sort: c.Query("sort"), find: strings.TrimSpace(c.Query("find"))}
	if months := c.Query("within"); months != "" {
		q.show = "within-" + months
	}
	p := estateContractsPage{Page: s.page(c, who, "/estate", "All contracts"), Caption: e.Council.Label(), MayAdd: catalogue.MayDo(who.actor, catalogue.RecordContract)}
	p.filters(e, q)
	rows := s.listedRows(e, q)
	p.Count = view.Plural(len(rows), "contract", "contracts")
	if len(rows) > mostListed {
		p.Count = "The first " + view.Number(mostListed) + " of " + p.Count + " are shown. Narrow the list, or take the CSV, which has all of them."
		rows = rows[:mostListed]
	}
	p.Table = s.allContracts(rows, p.MayAdd)
	p.Crumbs = estateCrumbs(p.Title)
	return s.show(c, who, http.StatusOK, "estate-contracts", p)
}

func (p *estateContractsPage) filters(e *catalogue.Estate, q contractsQuery) {
	option := func(now, value, text string) view.Option {
		return view.Option{Value: value, Text: text, Selected: now == value}
	}
	p.Show = view.Select{Name: "show", Label: view.Label{Text: "Show"}, Options: []view.Option{
		option(q.show, "", "All that run ("+view.Number(len(e.Rows))+")"), option(q.show, "within-6", "End within 6 months"), option(q.show, "within-12", "End within 12 months"),
		option(q.show, "within-18", "End within 18 months"), option(q.show, "within-24", "End within 24 months"), option(q.show, "undated", "No end date ("+view.Number(len(e.Undated()))+")"),
		option(q.show, "ended", "Ended ("+view.Number(len(e.Over))+")")}}
	p.Sort = view.Select{Name: "sort", Label: view.Label{Text: "In order of"}, Options: []view.Option{
		option(q.sort, "", "Date to act"), option(q.sort, "ends", "End"), option(q.sort, "value", "Value a year"), option(q.sort, "supplier", "Supplier"), option(q.sort, "title", "Name")}}
	p.Find = view.Input{Name: "find", Label: view.Label{Text: "Name or supplier has"}, Value: q.find}
}

func (s *site) listedRows(e *catalogue.Estate, q contractsQuery) []catalogue.EstateRow {
	rows := e.Rows
	switch {
	case q.within() > 0:
		rows = e.EndWithin(s.Catalogue.Today(), q.within())
	case q.show == "undated":
		rows = e.Undated()
	case q.show == "ended":
		rows = e.Over
	}
	if find := strings.ToLower(q.find); find != "" {
		rows = slices.DeleteFunc(slices.Clone(rows), func(r catalogue.EstateRow) bool {
			return !strings.Contains(strings.ToLower(r.Title), find) && !strings.Contains(strings.ToLower(r.Supplier), find)
		})
	}
	by := map[string]func(a, b catalogue.EstateRow) int{
		"ends":  func(a, b catalogue.EstateRow) int { return cmp.Compare(orLast(a.End), orLast(b.End)) },
		"value": func(a, b catalogue.EstateRow) int { return cmp.Compare(b.AYear(), a.AYear()) },
		"supplier": func(a, b catalogue.EstateRow) int {
			return cmp.Compare(strings.ToLower(a.Supplier), strings.ToLower(b.Supplier))
		},
		"title": func(a, b catalogue.EstateRow) int {
			return cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
		},
	}[q.sort]
	if by != nil {
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, by)
	}
	return rows
}

// orLast is a date as text in which none comes last.
func orLast(d catalogue.Date) string {
	if d.IsZero() {
		return "9999"
	}
	return d.Last().Format("2006-01-02")
}

func (s *site) allContracts(rows []catalogue.EstateRow, may bool) view.Table {
	t := view.Table{Caption: "Contracts", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Sortable: true,
		Head: []view.Head{{Text: "Contract", Classes: "jy-col-20"}, {Text: "What for", Classes: "jy-col-15"}, {Text: "Notice by"}, {Text: "Ends"}, {Text: "May extend to"},
			{Text: yearHead(rows), Numeric: true}, {Text: "Change", Hidden: true}}}
	today := s.Catalogue.Today()
	for _, r := range rows {
		what := view.Cell{Text: s.capabilityName(r.Capability), Muted: r.Capability == ""}
		if r.Capability != "" && !r.CapabilityConfirmed {
			what.Note = "not confirmed"
		}
		change := view.Cell{}
		if may {
			change = view.Cell{Text: "Change", Href: pagePath(catalogue.KindContract, r.ID) + "/edit"}
		}
		t.Rows = append(t.Rows, []view.Cell{
			{Text: r.Title, Href: pagePath(catalogue.KindContract, r.ID), Note: r.Supplier}, what, noticeCell(r.Contract, today), estateEndCell(r.Contract, today),
			extendCell(r.Contract), yearCell(r), change})
	}
	return t
}
