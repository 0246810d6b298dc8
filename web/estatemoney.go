package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/chart"
	"jointly/web/view"
)

// estateMoney is where an estate's money goes, at a glance.
type estateMoney struct {
	Silent       string // said instead of the figures
	SupplierNote string
	Suppliers    figure
	ForNote      string
	For          figure
	Left         string // what is in neither
}

// largest is how many suppliers and capabilities the estate's page shows.
const largest = 5

func (s *site) newEstateMoney(e *catalogue.Estate) estateMoney {
	suppliers, capabilities := e.BySupplier(), e.ByCapability()
	if suppliers.Total == 0 {
		return estateMoney{Silent: "No contract states what it costs a year: that takes a value, a start and an end."}
	}
	_, stated := catalogue.AYear(e.Rows)
	m := estateMoney{}
	vat := vatOf(e.Rows)
	m.Suppliers, m.SupplierNote = s.moneyBars(suppliers, "suppliers", "Supplier", vat)
	m.For, m.ForNote = s.moneyBars(capabilities, "capabilities", "What for", vat)
	if silent := len(e.Rows) - stated; silent > 0 {
		m.Left = view.Plural(silent, "contract does", "contracts do") + " not state what " + noun(silent, "it costs", "they cost") + " a year, and " + noun(silent, "is", "are") + " in neither."
	}
	return m
}

// vatOf says that values are without VAT, where all are known to be.
func vatOf(rows []catalogue.EstateRow) string {
	if yearHead(rows) == "A year" {
		return ""
	}
	return " ex VAT"
}

func (s *site) moneyBars(spend catalogue.Spend, id, head, vat string) (figure, string) {
	lines, share := spend.Largest(largest)
	bars := chart.Bars{About: chart.About{ID: id, Title: "The largest " + id}, RowHead: head, ValueHead: "£ a year"}
	for _, l := range lines {
		name := s.spendName(l, head)
		if l.Contracts > 1 {
			name += " (" + view.Number(l.Contracts) + " contracts)"
		}
		bars.Rows = append(bars.Rows, chart.Bar{Label: name, Value: l.AYear, Text: view.Money(pounds(l.AYear)), Share: l.Share})
	}
	one, many := "supplier", "suppliers"
	if id != many {
		one, many = "need", "needs"
	}
	note := "The largest " + one
	if n := len(lines); n > 1 {
		note = "The " + inWords(n) + " largest " + many
	}
	note += ", £ a year" + vat + ": " + percent(share) + " of the total."
	return newFigure(bars.Draw(), ""), note
}

func (s *site) spendName(l catalogue.SpendLine, head string) string {
	if head == "What for" {
		return sentenceCase(s.capabilityName(l.ID))
	}
	return sentenceCase(view.OrNotStated(l.Name))
}

// percent is a share in whole per cent; what is above 0 is never written as 0%.
func percent(share float64) string {
	n := int(share*100 + 0.5)
	if n == 0 && share > 0 {
		return "under 1%"
	}
	return view.Number(n) + "%"
}

// estateSpendPage is where all of an estate's money goes.
type estateSpendPage struct {
	view.Page
	Caption      string
	Total        string
	Value        string
	Suppliers    view.Table
	Capabilities view.Table
}

func (s *site) estateSpend(c *gin.Context, who visitor) error {
	e, err := s.Catalogue.Estate(c, who.actor)
	if err != nil {
		return err
	}
	p := estateSpendPage{Page: s.page(c, who, "/estate", "Where the money goes"), Caption: e.Council.Label(), Value: valueWords(e.Rows),
		Suppliers: s.spendTable(e.BySupplier(), "Supplier", vatOf(e.Rows)), Capabilities: s.spendTable(e.ByCapability(), "What for", vatOf(e.Rows))}
	if total, _ := catalogue.AYear(e.Rows); total > 0 {
		p.Total = view.Money(pounds(total)) + " a year" + vatOf(e.Rows)
	}
	p.Crumbs = estateCrumbs(p.Title)
	return s.show(c, who, http.StatusOK, "estate-spend", p)
}

// estateCrumbs is the way back from a page below the estate.
func estateCrumbs(title string) []view.Crumb {
	return []view.Crumb{{Text: "Home", Href: "/"}, {Text: "My estate", Href: "/estate"}, {Text: title}}
}

func (s *site) spendTable(spend catalogue.Spend, head, vat string) view.Table {
	t := view.Table{Caption: head, CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Sortable: true,
		Head: []view.Head{{Text: head, Classes: "jy-col-40"}, {Text: "Contracts", Numeric: true}, {Text: "£ a year" + vat, Numeric: true}, {Text: "Share", Numeric: true}}}
	for _, l := range spend.Lines {
		name := view.Cell{Text: s.spendName(l, head), Sort: l.Name}
		if head == "What for" && l.ID != "" {
			name.Sort, name.Href = name.Text, "/search?kind=contract&capability="+url.QueryEscape(l.ID)
		}
		count := view.Cell{Text: view.Number(l.Contracts), Numeric: true}
		if l.Unstated > 0 {
			count.Note = view.Number(l.Unstated) + " not stated"
		}
		share := view.Cell{Text: percent(l.Share), Numeric: true, Sort: strconv.Itoa(int(l.Share * 1e6))}
		if l.AYear == 0 {
			share = view.Cell{Text: view.NotStated, Muted: true, Numeric: true, Sort: "0"}
		}
		t.Rows = append(t.Rows, []view.Cell{name, count, valueCell(l.AYear), share})
	}
	return t
}

// estatePricesPage is what other councils publish that they pay for what the council has.
type estatePricesPage struct {
	view.Page
	Caption string
	Table   view.Table
	Few     string // for what too few publish it
	Some    string // that not all were read for some; empty: they were
}

func (s *site) estatePrices(c *gin.Context, who visitor) error {
	prices, err := s.Catalogue.Prices(c, who.actor)
	if err != nil {
		return err
	}
	p := estatePricesPage{Page: s.page(c, who, "/estate", "What other councils pay for the same"), Caption: who.org, Table: s.priceTable(prices)}
	var few []string
	for _, price := range prices {
		if price.Median == 0 {
			few = append(few, lowerFirst(s.capabilityName(price.Capability)))
		}
	}
	if len(few) > 0 {
		p.Few = "Fewer than five other councils publish a value with its term for " + view.Sentence(few) + ": no figure is given."
	}
	if slices.ContainsFunc(prices, func(p catalogue.Price) bool { return p.Some }) {
		p.Some = "Where more than " + view.Number(catalogue.MostPrices) + " contracts publish a value, about so many are read, of councils taken at random and always the same ones. The row says so."
	}
	p.Crumbs = estateCrumbs(p.Title)
	return s.show(c, who, http.StatusOK, "estate-prices", p)
}

// behindCell is how many contracts stand behind a figure, and whether they are all.
func behindCell(p catalogue.Price) view.Cell {
	cell := view.Cell{Text: view.Plural(p.Contracts, "contract", "contracts") + " of " + view.Plural(p.Councils, "council", "councils")}
	if p.Some {
		cell.Note = "the others were not read"
	}
	return cell
}

func (s *site) priceTable(prices []catalogue.Price) view.Table {
	t := view.Table{Caption: "What councils pay a year", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "What for", Classes: "jy-col-25"}, {Text: "You pay a year", Numeric: true}, {Text: "Median of a contract", Numeric: true},
			{Text: "Half lie between", Numeric: true}, {Text: "Behind it"}}}
	for _, p := range prices {
		if p.Median == 0 {
			continue
		}
		t.Rows = append(t.Rows, []view.Cell{
			{Text: s.capabilityName(p.Capability), Href: "/search?kind=contract&ended=1&capability=" + url.QueryEscape(p.Capability)}, valueCell(p.Own), valueCell(p.Median),
			{Text: view.Roughly(pounds(p.Low)) + " and " + view.Roughly(pounds(p.High)), Numeric: true},
			behindCell(p)})
	}
	return t
}
