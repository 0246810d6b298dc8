package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// supplierPage is what public records say of a supplier: its platforms, and who bought what from it.
type supplierPage struct {
	view.Page
	Heading   string
	Number    string // at Companies House; empty: not known
	Counts    []view.Count
	Platforms view.Table
	Contracts view.Table
	Search    string // the address of a search for all that names it
	Similar   *similarBlock
}

func (s *site) supplier(c *gin.Context, who visitor) error {
	found, err := s.Catalogue.SupplierView(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	p := newSupplierPage(found, s.Catalogue.Now())
	if p.Similar, err = s.rivals(c, who, found); err != nil {
		return err
	}
	p.Page = s.page(c, who, "", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Suppliers", Href: "/search?kind=supplier"}, {Text: p.Heading}}
	return s.show(c, who, http.StatusOK, "supplier", p)
}

func newSupplierPage(v *catalogue.SupplierView, now time.Time) supplierPage {
	p := supplierPage{
		Heading: v.Supplier.Name,
		Number:  v.Supplier.CompaniesHouse,
		Search:  "/search?supplier=" + url.QueryEscape(v.Supplier.ID),
		Counts: []view.Count{
			seenCount(v.Councils, "seen with it"),
			{Number: view.Number(len(v.Platforms)), Label: noun(len(v.Platforms), "platform listed", "platforms listed")},
			{Number: view.Number(len(v.Contracts)), Label: noun(len(v.Contracts), "contract or notice seen", "contracts and notices seen")},
		},
		Platforms: platformTable(v.Platforms),
		Contracts: view.Table{
			Caption: "Contracts and notices that name " + v.Supplier.Name, CaptionClasses: "govuk-visually-hidden",
			Head:              []view.Head{{Text: "Contract"}, {Text: "Council"}, {Text: "Ends"}, {Text: "How we know"}, {Text: "Value", Numeric: true}},
			FirstCellIsHeader: true, Responsive: true,
		},
	}
	p.Heading = marked(p.Heading, v.Supplier.Demonstration)
	for _, row := range v.Contracts {
		p.Contracts.Rows = append(p.Contracts.Rows, []view.Cell{contractCell(row.Contract), councilCell(row.Council),
			endCell(now, row.Contract), sourceCell(now, row.Contract, row.Contract.Source), worthCell(row.Contract)})
	}
	return p
}

// platformTable lists platforms with who supplies them and how many councils are seen using them.
func platformTable(rows []catalogue.SimilarPlatform) view.Table {
	t := view.Table{
		Caption: "Platforms", CaptionClasses: "govuk-visually-hidden",
		Head:              []view.Head{{Text: "Platform"}, {Text: "Supplier"}, {Text: "Councils seen using it", Numeric: true}},
		FirstCellIsHeader: true, Responsive: true,
	}
	for _, row := range rows {
		supplier := view.Cell{Text: view.NotStated, Muted: true}
		if row.Platform.Supplier != "" {
			supplier = view.Cell{Text: row.Platform.Supplier}
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: marked(row.Platform.Name, row.Platform.Demonstration), Href: pagePath(catalogue.KindPlatform, row.Platform.ID)},
			supplier, seenCell(row.Councils)})
	}
	return t
}

// seenCount counts councils at a glance: real ones, and beside them those invented for the demonstration.
func seenCount(n catalogue.Seen, how string) view.Count {
	if n.Real == 0 && n.Invented > 0 {
		return view.Count{Number: view.Number(n.Invented), Label: "invented " + noun(n.Invented, "council ", "councils ") + how}
	}
	count := view.Count{Number: view.Number(n.Real), Label: noun(n.Real, "council ", "councils ") + how}
	if n.Invented > 0 {
		count.More = "and " + view.Number(n.Invented) + " invented"
	}
	return count
}

// seenCell is the same in a table.
func seenCell(n catalogue.Seen) view.Cell {
	cell := view.Cell{Text: view.Number(n.Real), Numeric: true}
	if n.Invented > 0 {
		cell.Note = "and " + view.Number(n.Invented) + " invented"
	}
	return cell
}

// contractCell is a contract's title, leading to its page; what is not yet a contract says so.
func contractCell(k *catalogue.Contract) view.Cell {
	cell := view.Cell{Text: k.Title, Href: pagePath(catalogue.KindContract, k.ID)}
	if k.Stage != catalogue.StageAwarded {
		tag := stageTag(k.Stage)
		cell.Tag = &tag
	}
	return cell
}

// noun is the word for one thing or for several.
func noun(n int, single, several string) string {
	if n == 1 {
		return single
	}
	return several
}
