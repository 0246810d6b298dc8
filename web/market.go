package web

import (
	"encoding/csv"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/search"
	"jointly/web/chart"
	"jointly/web/view"
)

// marketPage is who holds the market of one capability, and when contracts end that will open it.
type marketPage struct {
	view.Page
	Heading   string
	Lead      string
	Counts    []view.Count
	Warning   string // where one or two suppliers hold it; empty: not known to
	Measures  []view.Fact
	Suppliers figure
	Shares    view.Table
	Platforms view.Table
	Listed    view.Link // all platforms that are listed for it
	Quarters  figure
	Ends      view.Table
	MoreEnds  *view.Link
	NoEnds    string // how many contracts do not say when they end; empty: all do
	Notes     []string
	CSV       string
	Follow    *followForm
}

// seesMarkets says whom pages lead to a market.
func seesMarkets(actor catalogue.Actor) bool {
	return actor.OrgKind == catalogue.OrgCouncil || actor.IsOperator()
}

func marketPath(capability string) string { return "/market/" + url.PathEscape(capability) }

// shownEnds is how many contracts a market's page lists before it leads to a search.
const shownEnds = 25

func (s *site) market(c *gin.Context, who visitor) error {
	m, err := s.Catalogue.Market(c, who.actor, c.Param("capability"), shownEnds)
	if err != nil {
		return err
	}
	name, address := s.capabilityName(m.Capability), marketPath(m.Capability)
	p := marketPage{Heading: "Who holds the market: " + lowerFirst(name), CSV: address + "/market.csv", Measures: measures(m), Notes: marketNotes(m),
		Follow: newFollowForm(who, search.FacetCapability, m.Capability, address),
		Lead:   "What councils are seen with, from public records and councils’ own word, and the contracts of theirs that run. What is not seen is not counted: ask before you rely on it.",
		Counts: []view.Count{{Number: view.Number(m.Councils), Label: noun(m.Councils, "council seen", "councils seen")},
			{Number: view.Number(len(m.Suppliers)), Label: noun(len(m.Suppliers), "supplier", "suppliers")},
			{Number: view.Number(len(m.Platforms)), Label: noun(len(m.Platforms), "platform", "platforms")},
			{Number: view.Number(m.Ending), Label: noun(m.Ending, "contract ends", "contracts end") + " within two years", Href: "#ends"}}}
	if m.FewHold() {
		p.Warning = fewWords(m)
	}
	p.Suppliers = supplierBars(m)
	p.Shares, p.Platforms = shareTable("Supplier", catalogue.KindSupplier, m.Suppliers), shareTable("Platform", catalogue.KindPlatform, m.Platforms)
	if m.Unnamed > 0 {
		p.Shares.Rows = append(p.Shares.Rows, []view.Cell{{Text: "Supplier not stated", Muted: true}, {Text: view.Number(m.Unnamed), Numeric: true}, shareCell(m.UnnamedShare()),
			{Text: view.NotStated, Muted: true, Numeric: true, Sort: "0"}, {Text: view.NotStated, Muted: true, Numeric: true, Sort: "0"}})
	}
	p.Listed = view.Link{Text: "All platforms that are listed for it", Href: "/platforms?capability=" + url.QueryEscape(m.Capability)}
	s.marketEnds(&p, m)
	p.Page = s.page(c, who, "/platforms", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Markets", Href: "/market"}, {Text: name}}
	return s.show(c, who, http.StatusOK, "market", p)
}

// fewWords says how few suppliers hold a market, and what to ask for.
func fewWords(m *catalogue.Market) string {
	held := m.Suppliers[0].Name
	if len(m.Suppliers) > 1 && m.Suppliers[0].Share < catalogue.FewHold {
		held += " and " + m.Suppliers[1].Name
	}
	words := "One or two suppliers hold this market"
	if m.Seen.Enough() && m.Seen.Two >= catalogue.FewHold {
		words += ", as far as councils are seen: " + held
	}
	return words + ". Ask for exit and data return before you sign: notice, the format in which you get your data back, what that costs, and help with the move."
}

// measures says in words how concentrated a market is, or why that is not said.
func measures(m *catalogue.Market) []view.Fact {
	return []view.Fact{
		measure("By councils seen", m.Seen, "of all sightings of a council with a supplier", view.Plural(m.Seen.Behind, "council is", "councils are")+" seen with a supplier"),
		measure("By published value", m.Value, "of what is published a year, "+view.Money(pounds(m.ValueAYear))+" in "+view.Plural(m.Stating, "contract", "contracts"),
			view.Plural(m.Value.Behind, "council publishes", "councils publish")+" a value with its term"),
	}
}

func measure(name string, k catalogue.Concentration, of, behind string) view.Fact {
	if !k.Enough() {
		return view.Fact{Name: name, Value: "Too few to say", Note: sentenceCase(behind) + "; " + inWords(catalogue.EnoughForMarket) + " are needed", Muted: true}
	}
	how := "Not concentrated"
	switch {
	case k.HHI > catalogue.HHIHigh:
		how = "Highly concentrated"
	case k.HHI > catalogue.HHIConcentrated:
		how = "Concentrated"
	}
	return view.Fact{Name: name, Value: how + ": the largest two have " + percent(k.Two) + " " + of, Note: "Index (HHI) " + view.Number(k.HHI) + " of 10,000. " + sentenceCase(behind)}
}

func marketNotes(m *catalogue.Market) []string {
	notes := []string{"A council counts once for each supplier and each platform that it is seen with. A share is a part of all these sightings, so that shares add up to about 100%.",
		"A value is what a public record states, divided by its term from start to end. Framework ceilings, contracts that state no term, and values that only councils see are left out.",
		"The index adds up the squares of the suppliers’ shares in per cent: 10,000 is one supplier alone. The Competition and Markets Authority calls a market concentrated above 1,000 and highly concentrated above 2,000.",
		"We warn where the largest two have two thirds or more, and at least " + inWords(catalogue.EnoughForMarket) + " councils stand behind the figure.",
		"Invented councils of the demonstration are never counted."}
	if m.Old > 0 {
		notes = append(notes, view.Number(m.Old)+" of "+view.Plural(m.Sightings, "sighting of a platform", "sightings of a platform")+" may be out of date: nobody has confirmed them for 18 months.")
	}
	return notes
}

// shownShares is how many suppliers a market's figure draws.
const shownShares = 8

func supplierBars(m *catalogue.Market) figure {
	if len(m.Suppliers) < 2 {
		return figure{}
	}
	bars := chart.Bars{About: chart.About{ID: "suppliers", Title: "Councils seen with each supplier"}, RowHead: "Supplier", ValueHead: "Councils"}
	for _, share := range m.Suppliers[:min(len(m.Suppliers), shownShares)] {
		bars.Rows = append(bars.Rows, chart.Bar{Label: share.Name, Value: float64(share.Councils), Text: view.Number(share.Councils), Share: share.Share})
	}
	return figure{Drawing: bars.Draw(), Note: "Councils seen with each of the largest, and its share. The table has all of them."}
}

func shareTable(head string, kind catalogue.Kind, all []catalogue.MarketShare) view.Table {
	t := view.Table{Caption: head + "s with their shares", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Sortable: true, Long: true,
		Head: []view.Head{{Text: head, Classes: "jy-col-40"}, {Text: "Councils seen", Numeric: true}, {Text: "Share", Numeric: true}, {Text: "£ a year, published", Numeric: true}, {Text: "Share of value", Numeric: true}}}
	for _, share := range all {
		name := view.Cell{Text: share.Name, Sort: share.Name, Note: share.Supplier}
		if share.ID != "" {
			name.Href = pagePath(kind, share.ID)
		}
		if !share.Stated.IsZero() {
			name.Note = joined([]string{name.Note, statedBy + view.Day(share.Stated)})
		}
		value := view.Cell{Text: view.NotStated, Muted: true, Numeric: true, Sort: "0"}
		if share.AYear > 0 {
			value = shareCell(share.ValuePart)
		}
		t.Rows = append(t.Rows, []view.Cell{name, {Text: view.Number(share.Councils), Numeric: true}, shareCell(share.Share), valueCell(share.AYear), value})
	}
	return t
}

func shareCell(share float64) view.Cell {
	return view.Cell{Text: percent(share), Numeric: true, Sort: strconv.Itoa(int(share * 1e6))}
}

// marketEnds fills in when contracts end that will open the market.
func (s *site) marketEnds(p *marketPage, m *catalogue.Market) {
	if silent := m.Running - len(m.Dates); silent > 0 {
		p.NoEnds = view.Plural(silent, "contract that may still run does", "contracts that may still run do") + " not state an end that is to come."
	}
	if len(m.Ends) == 0 {
		return
	}
	columns := spans(s.Catalogue.Today())
	counts := make([]float64, len(columns))
	for _, end := range m.Dates {
		counts[columnOf(columns, search.Quarter(end.Last()))]++
	}
	chartOf := chart.Columns{About: chart.About{ID: "quarters", Title: "Contracts that end, by quarter of the financial year"}, ColHead: "Quarter"}
	for i, span := range columns {
		column := chart.Column{Label: span.label(), Values: []float64{counts[i]}}
		if span.quarter != "" {
			column.Label, column.Group = span.start.Format("Jan")+" to "+span.start.AddDate(0, 2, 0).Format("Jan"), financialYear(span.start)
		}
		chartOf.Columns = append(chartOf.Columns, column)
	}
	p.Quarters = newFigure(chartOf.Draw(), "By the end that is stated, without extensions. Quarters of the financial year, from April.")
	now := s.Catalogue.Now()
	p.Ends = view.Table{Caption: "Contracts that end soonest", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Long: true,
		Head: []view.Head{{Text: "Contract", Classes: "jy-col-30"}, {Text: "Council"}, {Text: "Supplier"}, {Text: "Ends"}, {Text: "Value", Numeric: true}}}
	for _, row := range m.Ends {
		p.Ends.Rows = append(p.Ends.Rows, []view.Cell{contractCell(row.Contract), councilCell(row.Council), supplierCell(row), endCell(now, row.Contract), worthCell(row.Contract)})
	}
	if rest := len(m.Dates) - shownEnds; rest > 0 {
		p.MoreEnds = &view.Link{Text: view.Number(rest) + " more", Href: "/search?" + url.Values{"kind": {"contract"}, "capability": {m.Capability}, "sort": {string(search.ByEnd)}}.Encode()}
	}
}

// financialYear is the year from April that a day lies in: 2026/27.
func financialYear(day time.Time) string {
	y := day.Year()
	if day.Month() < time.April {
		y--
	}
	return strconv.Itoa(y) + "/" + strconv.Itoa(y + 1)[2:]
}

// marketsPage is the markets of all capabilities, beside each other.
type marketsPage struct {
	view.Page
	Lead  string
	Table view.Table
}

func (s *site) markets(c *gin.Context, who visitor) error {
	found, err := s.Catalogue.Markets(c, who.actor)
	if err != nil {
		return err
	}
	p := marketsPage{Page: s.page(c, who, "/platforms", "Who holds which market"),
		Lead: "Suppliers by what councils buy, as far as councils are seen with them. Where fewer than " + inWords(catalogue.EnoughForMarket) + " councils stand behind a measure, it is not given. Where one or two suppliers hold a market, ask for exit and data return before you sign.",
		Table: view.Table{Caption: "Markets by capability", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Sortable: true, Long: true,
			Head: []view.Head{{Text: "Capability", Classes: "jy-col-30"}, {Text: "Councils seen", Numeric: true}, {Text: "Suppliers", Numeric: true}, {Text: "Largest"}, {Text: "Largest two", Numeric: true},
				{Text: "Index (HHI)", Numeric: true}, {Text: "End within two years", Numeric: true}}}}
	for _, m := range s.inOrder(found) {
		name := view.Cell{Text: s.capabilityName(m.Capability), Href: marketPath(m.Capability)}
		name.Sort = name.Text
		if m.FewHold() {
			name.Note = "one or two suppliers hold it"
		}
		largest := view.Cell{Text: view.NotStated, Muted: true}
		if len(m.Suppliers) > 0 {
			largest = view.Cell{Text: m.Suppliers[0].Name, Note: view.Number(m.Suppliers[0].Councils) + " of " + view.Plural(m.Councils, "council", "councils")}
		}
		two, index := view.Cell{Text: "too few", Muted: true, Numeric: true, Sort: "0"}, view.Cell{Text: "too few", Muted: true, Numeric: true, Sort: "0"}
		if m.Seen.Enough() {
			two, index = shareCell(m.Seen.Two), view.Cell{Text: view.Number(m.Seen.HHI), Numeric: true}
		}
		p.Table.Rows = append(p.Table.Rows, []view.Cell{name, {Text: view.Number(m.Councils), Numeric: true}, {Text: view.Number(len(m.Suppliers)), Numeric: true}, largest, two, index,
			{Text: view.Number(m.Ending), Numeric: true}})
	}
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Markets"}}
	return s.show(c, who, http.StatusOK, "markets", p)
}

// inOrder lists markets with anything in them, that with most councils first.
func (s *site) inOrder(found map[string]*catalogue.Market) []*catalogue.Market {
	var out []*catalogue.Market
	for _, m := range found {
		if m.Councils > 0 {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b *catalogue.Market) int {
		if a.Councils != b.Councils {
			return b.Councils - a.Councils
		}
		return strings.Compare(a.Capability, b.Capability)
	})
	return out
}

// marketCSV is the shares of one market as a file.
func (s *site) marketCSV(c *gin.Context, who visitor) error {
	m, err := s.Catalogue.Market(c, who.actor, c.Param("capability"), math.MaxInt)
	if err != nil {
		return err
	}
	lines := [][]string{{"What", "Name", "Supplier", "Councils seen", "Share of sightings", "GBP a year published", "Share of published value", "Council", "Ends"}}
	for what, all := range map[string][]catalogue.MarketShare{"Supplier": m.Suppliers, "Platform": m.Platforms} {
		for _, share := range all {
			lines = append(lines, []string{what, share.Name, share.Supplier, strconv.Itoa(share.Councils), ratio(share.Share), amount(share.AYear), ratio(share.ValuePart), "", ""})
		}
	}
	slices.SortStableFunc(lines[1:], func(a, b []string) int { return strings.Compare(b[0], a[0]) })
	for _, row := range m.Ends {
		lines = append(lines, []string{"Contract that ends", row.Contract.Title, row.Contract.Supplier, "", "", "", "", row.Council.Label(), row.Contract.End.String()})
	}
	return s.sendCSV(c, who, "market-"+m.Capability+".csv", lines)
}

// marketsCSV is all markets as a file. Measures that too few councils stand behind are empty.
func (s *site) marketsCSV(c *gin.Context, who visitor) error {
	found, err := s.Catalogue.Markets(c, who.actor)
	if err != nil {
		return err
	}
	lines := [][]string{{"Capability", "Councils seen", "Suppliers", "Platforms", "Largest supplier", "Share of the largest two", "HHI by councils", "Councils with a published value", "HHI by value", "Contracts that end within two years"}}
	for _, m := range s.inOrder(found) {
		line := []string{s.capabilityName(m.Capability), strconv.Itoa(m.Councils), strconv.Itoa(len(m.Suppliers)), strconv.Itoa(len(m.Platforms)), "", "", "", strconv.Itoa(m.Value.Behind), "", strconv.Itoa(m.Ending)}
		if len(m.Suppliers) > 0 {
			line[4] = m.Suppliers[0].Name
		}
		if m.Seen.Enough() {
			line[5], line[6] = ratio(m.Seen.Two), strconv.Itoa(m.Seen.HHI)
		}
		if m.Value.Enough() {
			line[8] = strconv.Itoa(m.Value.HHI)
		}
		lines = append(lines, line)
	}
	return s.sendCSV(c, who, "markets.csv", lines)
}

func ratio(share float64) string {
	if share == 0 {
		return ""
	}
	return strconv.FormatFloat(share, 'f', 4, 64)
}

func amount(value float64) string {
	if value == 0 {
		return ""
	}
	return strconv.FormatInt(pounds(value), 10)
}

// sendCSV sends lines as a file whose cells a spreadsheet does not run.
func (s *site) sendCSV(c *gin.Context, who visitor, name string, lines [][]string) error {
	buf := buffers.get()
	defer buffers.put(buf)
	buf.WriteString("\ufeff")
	for _, line := range lines {
		for i := range line {
			line[i] = exchange.SafeCell(line[i])
		}
	}
	if err := csv.NewWriter(buf).WriteAll(lines); err != nil {
		return err
	}
	if err := s.attachment(c, who, name); err != nil {
		return err
	}
	c.Data(http.StatusOK, "text/csv; charset=utf-8", buf.Bytes())
	return nil
}
