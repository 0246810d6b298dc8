package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// demandPage is what councils will need, in two layers that are never added together: public facts, and the latest
// release of figures about what is not public. Whoever looks sees the same.
type demandPage struct {
	view.Page
	Area, Region, When view.Select
	Filtered           bool
	Signals            []view.Entry // those that stand, the latest changed first
	Needs, More        view.Table   // the next to start, and those after them
	MoreFold           view.Details
	NeedsNote          string
	AllNeeds           view.Link
	Figures            demandFigures
	Folds              demandFolds
	Board              board
}

// demandFolds are what stays closed until somebody asks for it.
type demandFolds struct{ Areas, Regions, Map, Rules view.Details }

// demandQuery is what the filters of the page leave: empty for all.
type demandQuery struct {
	area, region string
	year         int // financial year in which buying starts or a contract ends, by the year of its April; 0: any
}

// mostNeeds is how many public needs are looked at, shownFirst how many are shown, the next to start first, and
// shownPublic how many with those that unfold.
const (
	mostNeeds   = 100
	shownFirst  = 5
	shownPublic = 20
)

func (s *site) demand(c *gin.Context, who visitor) error {
	d := demandQuery{area: c.Query("area"), region: c.Query("region")}
	d.year, _ = strconv.Atoi(c.Query("year")) // not a year: any
	needs, total, err := s.publicNeeds(c, d)
	if err != nil {
		return err
	}
	figures, err := s.demandFigures(c, d)
	if err != nil {
		return err
	}
	latest, err := s.Catalogue.LatestRelease(c, who.actor)
	if err != nil {
		return err
	}
	signals, err := s.boardSignals(c, d)
	if err != nil {
		return err
	}
	p := demandPage{Signals: signals, Figures: figures, Filtered: d != demandQuery{}, Board: s.newBoard(latest, d), Folds: newDemandFolds()}
	if latest != nil {
		p.Board.Next = view.Date(latest.NextRelease())
	}
	s.demandFilters(&p, d)
	p.Needs = needTable(needs[:min(len(needs), shownFirst)])
	if more := needs[len(p.Needs.Rows):min(len(needs), shownPublic)]; len(more) > 0 {
		p.More, p.MoreFold = needTable(more), view.Details{Summary: "Show " + view.Number(len(more)) + " more"}
		p.More.Caption = "More public needs"
	}
	p.NeedsNote = view.Plural(total, "public need", "public needs") + " found, the next to start first."
	p.AllNeeds = view.Link{Text: "Search all public needs and contract ends",
		Href: asked{path: "/search", Query: d.query(catalogue.KindIntention, catalogue.KindGroup, catalogue.KindContract)}.with(func(*asked) {})}
	p.Page = s.page(c, who, "/demand", "What councils will need")
	p.Description = "Demand for council ICT: open intentions, published plans and tenders, contract ends, and figures about what councils have not made public."
	return s.show(c, who, http.StatusOK, "demand", p)
}

// shownSignals is how many signals the board shows before it leads to all of them.
const shownSignals = 3

// boardSignals lists the signals that stand, as anybody sees them. What a signal is about names no year.
func (s *site) boardSignals(ctx context.Context, d demandQuery) ([]view.Entry, error) {
	rows, err := s.Catalogue.Signals(ctx, catalogue.Anonymous(), catalogue.SignalFilter{Area: d.area})
	if err != nil {
		return nil, err
	}
	var out []view.Entry
	for _, row := range rows {
		if here := d.region == "" || row.Council != nil && row.Council.Region == d.region; here && len(out) < shownSignals {
			out = append(out, s.signalEntry(row))
		}
	}
	return out, nil
}

func newDemandFolds() demandFolds {
	return demandFolds{Areas: view.Details{Summary: "Show by area and quarter"}, Regions: view.Details{Summary: "Show by region and quarter"},
		Map: view.Details{Summary: "Show a map of the regions"}, Rules: view.Details{ID: "rules", Summary: "How these figures are made"}}
}

// query is the filters as a search of some kinds.
func (d demandQuery) query(kinds ...catalogue.Kind) search.Query {
	q := search.Query{Kinds: kinds}
	if d.area != "" {
		q.Areas = []string{d.area}
	}
	if d.region != "" {
		q.Regions = []string{d.region}
	}
	if d.year > 0 {
		for n := range 4 {
			q.Quarters = append(q.Quarters, search.Quarter(time.Date(d.year, time.Month(4+3*n), 1, 0, 0, 0, 0, time.UTC)))
		}
	}
	return q
}

// publicNeed is one need that anybody may see: an intention, a group, a published plan or a tender.
type publicNeed struct {
	from catalogue.Date // when its buying may start
	row  []view.Cell
}

// publicNeeds reads the needs that are public, as anybody sees them, and counts them.
func (s *site) publicNeeds(ctx context.Context, d demandQuery) ([]publicNeed, int, error) {
	var hits []search.Hit
	ours := d.query(catalogue.KindIntention, catalogue.KindGroup)
	published := d.query(catalogue.KindContract)
	published.Stages = []string{string(catalogue.StagePlanned), string(catalogue.StageTender)}
	for _, q := range []search.Query{ours, published} {
		q.Sort, q.Limit = search.ByEnd, mostNeeds
		found, err := s.Index.Search(ctx, catalogue.Public, q)
		if err != nil {
			return nil, 0, err
		}
		hits = append(hits, found.Hits...)
	}
	items, r, err := s.read(ctx, catalogue.Anonymous(), hits)
	if err != nil {
		return nil, 0, err
	}
	var needs []publicNeed
	for _, item := range items {
		if need, ok := newPublicNeed(item, r); ok {
			needs = append(needs, need)
		}
	}
	slices.SortStableFunc(needs, func(a, b publicNeed) int {
		if a.from.IsZero() != b.from.IsZero() {
			return cmp.Compare(a.from.String(), b.from.String()) * -1 // without a date last
		}
		return a.from.First().Compare(b.from.First())
	})
	return needs, len(needs), nil
}

// newsFor is for how long, in months, a plan or tender without a stated start counts as a need.
const newsFor = 18

func newPublicNeed(item catalogue.Item, r *hitsReader) (publicNeed, bool) {
	row := func(title, href, who, region, value, when string) []view.Cell {
		tag := kindTag(item)
		return []view.Cell{{Text: title, Href: href, Tag: &tag}, {Text: who, Note: region}, {Text: value, Muted: value == view.NotStated},
			{Text: when, Muted: when == view.NotStated}}
	}
	name := func(code string) (string, string) {
		if c := r.council(code); c != nil {
			return c.Label(), c.Region
		}
		return "", ""
	}
	switch it := item.(type) {
	case *catalogue.Intention:
		council, region := name(it.Council)
		return publicNeed{it.WindowStart, row(it.Title, pagePath(catalogue.KindIntention, it.ID), council, region, budget(it.Budget),
			window(it.WindowStart, it.WindowEnd))}, true
	case *catalogue.BuyingGroup:
		who := view.Plural(it.Councils, "council", "councils")
		lead, region := name(it.Lead)
		if lead != "" {
			who += ", led by " + lead
		}
		return publicNeed{it.WindowStart, row(it.Title, pagePath(catalogue.KindGroup, it.ID), who, region, view.NotStated,
			window(it.WindowStart, it.WindowEnd))}, true
	case *catalogue.Contract:
		today := r.catalogue.Today()
		fresh := it.Source.Date.Last().AddDate(0, newsFor, 0).After(today)
		if it.Start.IsZero() && !fresh || !it.Start.IsZero() && it.Start.Last().Before(today) {
			return publicNeed{}, false
		}
		council, region := name(it.Council)
		when := "published " + dateOrNot(it.Source.Date)
		if !it.Start.IsZero() {
			when = "starts " + view.Date(it.Start)
		}
		return publicNeed{it.Start, row(it.Title, pagePath(catalogue.KindContract, it.ID), council, region, valueCell(it.Value).Text, when)}, true
	}
	return publicNeed{}, false
}

func needTable(needs []publicNeed) view.Table {
	t := view.Table{
		Caption: "Public needs, the next to start first", CaptionClasses: "govuk-visually-hidden",
		Head:              []view.Head{{Text: "Need", Classes: "jy-col-40"}, {Text: "Who"}, {Text: "Value"}, {Text: "When"}},
		FirstCellIsHeader: true, Responsive: true,
	}
	for _, n := range needs {
		t.Rows = append(t.Rows, n.row)
	}
	return t
}

// demandFilters fills the choices over the page.
func (s *site) demandFilters(p *demandPage, d demandQuery) {
	choose := func(name, label, all, chosen string, options []view.Option) view.Select {
		out := view.Select{Name: name, Label: view.Label{Text: label}, Options: []view.Option{{Text: all}}}
		for _, o := range options {
			o.Selected = o.Value == chosen
			out.Options = append(out.Options, o)
		}
		return out
	}
	var areas, regions, years []view.Option
	for _, a := range s.Catalogue.Dictionary().Areas() {
		areas = append(areas, view.Option{Value: a.ID, Text: a.Name})
	}
	slices.SortFunc(areas, func(a, b view.Option) int { return cmp.Compare(a.Text, b.Text) })
	for _, r := range s.regions() {
		regions = append(regions, view.Option{Value: r, Text: r})
	}
	first := s.Catalogue.Today().AddDate(0, -3, 0).Year() // the April of the present financial year
	for year := first; year < first+6; year++ {
		years = append(years, view.Option{Value: strconv.Itoa(year), Text: "April " + strconv.Itoa(year) + " to March " + strconv.Itoa(year+1)})
	}
	p.Area = choose("area", "Area", "All areas", d.area, areas)
	p.Region = choose("region", "Region or nation", "All regions", d.region, regions)
	p.When = choose("year", "When", "Any time", strconv.Itoa(d.year), years)
}

// regions lists the English regions and then the other nations.
func (s *site) regions() []string {
	var all []*catalogue.Council
	for _, c := range s.Catalogue.Register().Councils() {
		all = append(all, &catalogue.Council{Council: c})
	}
	var names []string
	for _, r := range byRegion(all) {
		names = append(names, r.Name)
	}
	return names
}

// demandAddress is the page with one filter set.
func demandAddress(name, value string) string {
	return "/demand?" + url.Values{name: {value}}.Encode()
}
