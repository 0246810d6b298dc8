package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/baseline"
	"jointly/catalogue/exchange"
	"jointly/web/chart"
	"jointly/web/view"
)

// serviceBaselinePage is the baseline of one service: what the latest edition says, and for councils what they share.
type serviceBaselinePage struct {
	view.Page
	Caption  string
	Heading  string
	About    view.Link // the service's page
	Facts    []view.Fact
	Headline string // of the reader's council; empty: none
	Means    string
	Cite     view.Link // empty text: there is no edition
	Invent   string
	Silent   string // why nothing is said; empty: something is
	Measures []measureBlock
	Costs    view.Table
	Studies  view.Table
	Folds    struct{ Studies, Method view.Details }
	Live     *liveBlock // for councils and the operator
	Shift    shiftBlock
	Draw     *view.Link // a finding, for the operator
	Periods  []view.Link
	Files    []view.Link
	Method   []string
}

// measureBlock is one kind of figure by channel: what it is, a chart and its table.
type measureBlock struct {
	ID, Heading, Note string
	Chart             figure
	Table             view.Table
}

func (s *site) serviceBaseline(c *gin.Context, who visitor) error {
	service, err := s.serviceOf(c)
	if err != nil {
		return err
	}
	e, err := s.Catalogue.LatestEdition(c, who.actor)
	if err != nil {
		return err
	}
	b, err := s.newServiceBaseline(c, who, e, service.LGSL)
	if err != nil {
		return err
	}
	p := serviceBaselinePage{Page: s.page(c, who, "/evidence", "Baseline: "+service.Label), Caption: "Baseline of channels, service " + strconv.Itoa(service.LGSL), Heading: service.Label, Live: s.newLiveBlock(b),
		About: view.Link{Text: "The service, what it stands on and who buys for it", Href: "/services/" + strconv.Itoa(service.LGSL)}}
	p.Folds.Studies, p.Folds.Method = view.Details{Summary: "Show each study"}, view.Details{Summary: "How these figures are made"}
	p.Method = exchange.EditionDefinitions()
	s.fillServiceBaseline(&p, b)
	status := http.StatusOK
	if p.Shift, err = newShiftBlock(b, s.Catalogue.Register(), c.Request.URL.Query()); err != nil {
		p.Errors, status = errorLinks(err, nil), http.StatusBadRequest
	}
	p.headline(b)
	if says := b.says(service.Label); says != "" {
		p.Draw = drawFinding(who, catalogue.NeedChannels, e.Address()+"#services", says)
	}
	p.Crumbs = baselineCrumbs(view.Crumb{Text: service.Label})
	return s.show(c, who, status, "service-baseline", p)
}

// serviceOf is the service that an address names by its number.
func (s *site) serviceOf(c *gin.Context) (catalogue.Service, error) {
	lgsl, err := strconv.Atoi(c.Param("lgsl"))
	if service, ok := s.Catalogue.Register().Service(lgsl); err == nil && ok {
		return catalogue.Service{Service: service}, nil
	}
	return catalogue.Service{}, &catalogue.Error{Kind: catalogue.NotFound, Message: "service not found"}
}

// serviceBaseline is what is read for the page of one service.
type serviceBaseline struct {
	edition *catalogue.Edition // nil: there is none
	round   catalogue.EditionRound
	of      map[baseline.Measure]baseline.Figure
	live    *catalogue.LiveBaseline // nil: the reader is of no council
	own     *baseline.Part
}

// newServiceBaseline reads the period that was asked for, else the latest of which something is said, else the latest of
// which a council returned something.
func (s *site) newServiceBaseline(c *gin.Context, who visitor, e *catalogue.Edition, lgsl int) (b serviceBaseline, err error) {
	b.edition, b.round = e, catalogue.EditionRound{Round: baseline.Round{LGSL: lgsl}}
	if e != nil {
		if latest, ok := e.Latest(lgsl); ok {
			b.round = latest
		}
		if asked, ok := e.Round(lgsl, c.Query("period")); ok {
			b.round = asked
		}
		b.of = e.Of(b.round.Round)
	}
	if audience(who.actor) != catalogue.Councils {
		return b, nil
	}
	if b.round.Start == "" {
		periods, err := s.Catalogue.ReturnPeriods(c, lgsl)
		if err != nil || len(periods) == 0 {
			return b, err
		}
		b.round.Start = periods[0].String()
	}
	if b.live, err = s.Catalogue.LiveBaseline(c, who.actor, b.round.Round); err != nil {
		return b, err
	}
	if b.live.Own != nil {
		b.own = &b.live.Own.Part
	}
	for _, r := range b.live.Shared {
		if b.round.End.IsZero() {
			b.round.End = r.Return.End
		}
	}
	return b, nil
}

func (s *site) fillServiceBaseline(p *serviceBaselinePage, b serviceBaseline) {
	p.Studies = s.studiesTable()
	p.Costs = s.costTable(b)
	if b.edition == nil {
		p.Silent = "There is no edition of the baseline yet. The first comes on the Monday after councils have signed off returns."
		return
	}
	p.Cite = view.Link{Text: b.edition.Cite(), Href: b.edition.Address()}
	p.Files = []view.Link{{Text: "CSV", Href: b.edition.Address() + "/figures.csv"}, {Text: "JSON", Href: b.edition.Address() + "/figures.json"}}
	for _, r := range b.edition.Rounds {
		if r.LGSL == b.round.LGSL && r != b.round {
			p.Periods = append(p.Periods, view.Link{Text: roundWords(r), Href: baselinePath(r.LGSL) + "?period=" + r.Start})
		}
	}
	if b.edition.Demonstration && b.round.Signed > 0 { // of a service without figures nothing here is invented: studies are real
		p.Invent = "These figures are of invented councils: they show what the page does, and say nothing of the real service."
	}
	switch {
	case b.round.Signed == 0:
		p.Silent = "No council has signed off figures for this service yet."
	case len(b.of) == 0:
		p.Silent = view.Plural(b.round.Signed, "council has", "councils have") + " signed off figures. Too few are behind any of them for this edition to say one: seven are needed, so that none can be told from it."
	}
	p.facts(b)
	for _, m := range []measureBlock{
		{ID: "shares", Heading: "Share of contacts by channel", Note: "A contact counts once, in the channel where it was made. Of councils that counted all four channels."},
		{ID: "rates", Heading: "Contacts per 1,000 residents", Note: "Contacts a year, divided by the council’s residents of 2020."},
	} {
		kind := baseline.Share
		if m.ID == "rates" {
			kind = baseline.Rate
		}
		if m.fill(kind, b) {
			p.Measures = append(p.Measures, m)
		}
	}
}

// says is what the edition says of a service in a line, to cite it by; empty where it says nothing.
func (b serviceBaseline) says(service string) string {
	f, ok := b.of[baseline.Digital]
	if !ok {
		return ""
	}
	said := service + ", " + roundWords(b.round) + ": median " + measured(f.Measure, *f.Median) + " of contacts online"
	if f.Quartiles() {
		said += ", middle half " + measured(f.Measure, *f.Lower) + " to " + measured(f.Measure, *f.Upper)
	}
	return said + ", " + view.Plural(f.N, "council", "councils")
}

// facts are the key figures at the top.
func (p *serviceBaselinePage) facts(b serviceBaseline) {
	add := func(name, value string) { p.Facts = append(p.Facts, view.Fact{Name: name, Value: value}) }
	n := 0
	for _, f := range b.of {
		n = max(n, f.N)
	}
	if n == 0 {
		return
	}
	add("Councils behind the figures", view.Number(n))
	add("Period", roundWords(b.round))
	yours := func(m baseline.Measure) string {
		if b.own != nil {
			if v, ok := b.own.Of(m); ok {
				return " (yours: " + measured(m, v) + ")"
			}
		}
		return ""
	}
	if f, ok := b.of[baseline.Rate]; ok {
		add("Contacts per 1,000 residents, median", measured(f.Measure, *f.Median)+yours(f.Measure))
	}
	if f, ok := b.of[baseline.Digital]; ok {
		add("Digital share, median", measured(f.Measure, *f.Median)+yours(f.Measure))
	}
	if f, ok := b.of[baseline.Contacts]; ok {
		add("Contacts a year of these councils", "about "+view.Number(int(*f.Total)))
	}
	since := b.edition.Number
	for _, f := range b.of {
		since = min(since, f.Since)
	}
	if since < b.edition.Number {
		p.Facts = append(p.Facts, view.Fact{Name: "Drawn", Value: "for edition " + view.Number(since), Note: "Too few councils have changed since"})
	}
}

// headline says where the reader's council stands.
func (p *serviceBaselinePage) headline(b serviceBaseline) {
	f, ok := b.of[baseline.Digital]
	if !ok || !f.Quartiles() || b.own == nil {
		return
	}
	own, ok := b.own.Of(baseline.Digital)
	if !ok {
		return
	}
	p.Headline = measured(f.Measure, own) + " of your contacts come online. The middle half of councils: " + measured(f.Measure, *f.Lower) + " to " + measured(f.Measure, *f.Upper)
	all, _ := b.own.Of(baseline.Contacts)
	if moved := (*f.Upper - own) * all / 100; moved >= 1 {
		p.Means = "Reaching " + measured(f.Measure, *f.Upper) + " would move about " + aboutWords(moved) + " of " + aboutWords(all) + " contacts a year to online."
	} else {
		p.Means = "That is at or above the upper quartile. Others may want to know how: an example of what you did would help them."
	}
}

// fill draws a kind of figures by channel; false where none is said.
func (m *measureBlock) fill(kind baseline.Measure, b serviceBaseline) bool {
	spreads := chart.Ranges{About: chart.About{ID: m.ID, Title: m.Heading}, RowHead: "Channel", Format: func(v float64) string { return measured(kind, v) }}
	if kind == baseline.Share {
		spreads.Max = 100
	}
	m.Table = view.Table{Caption: m.Heading, CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Channel"}, {Text: "Lower quartile", Numeric: true}, {Text: "Median", Numeric: true}, {Text: "Upper quartile", Numeric: true}, {Text: "Councils", Numeric: true}}}
	if b.own != nil {
		m.Table.Head = slices.Insert(m.Table.Head, 4, view.Head{Text: "Yours", Numeric: true})
	}
	all := append([]string{}, baseline.Channels()...)
	if kind == baseline.Rate {
		all = append(all, "")
	}
	for _, channel := range all {
		name, measure := "All channels", kind
		if channel != "" {
			name, measure = catalogue.Channel(channel).Words(), kind.Of(channel)
		}
		f, ok := b.of[measure]
		if !ok {
			continue
		}
		if channel != "" {
			spreads.Rows = append(spreads.Rows, spreadOf(name, "", f, b.own))
		}
		row := []view.Cell{{Text: name}, saidCell(measure, f.Lower), saidCell(measure, f.Median), saidCell(measure, f.Upper), {Text: view.Number(f.N), Numeric: true}}
		if b.own != nil {
			row = slices.Insert(row, 4, ownCell(b.own, measure))
		}
		m.Table.Rows = append(m.Table.Rows, row)
	}
	m.Chart = figure{Drawing: spreads.Draw()}
	return len(m.Table.Rows) > 0
}

func saidCell(m baseline.Measure, v *float64) view.Cell {
	if v == nil {
		return view.Cell{Text: notSaid, Muted: true, Numeric: true}
	}
	return view.Cell{Text: measured(m, *v), Numeric: true}
}

// costTable is what a contact costs by channel, as ranges: what councils returned, the reader's own, and what was published
// long ago.
func (s *site) costTable(b serviceBaseline) view.Table {
	t := view.Table{Caption: "What a contact costs", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Channel"}, {Text: "Middle half of councils", Numeric: true}, {Text: "Councils", Numeric: true}, {Text: "Published, historic", Numeric: true}}}
	if b.own != nil {
		t.Head = slices.Insert(t.Head, 1, view.Head{Text: "Yours", Numeric: true})
	}
	for _, channel := range baseline.Channels() {
		m := baseline.Cost.Of(channel)
		n := view.Cell{Text: "0", Numeric: true}
		if f, ok := b.of[m]; ok {
			n.Text = view.Number(f.N)
		} else {
			n = view.Cell{Text: notSaid, Muted: true, Numeric: true}
		}
		row := []view.Cell{{Text: catalogue.Channel(channel).Words()}, rangeCell(b.of, m), n, publishedCell(s.Catalogue.Register().ChannelCosts(channel))}
		if b.own != nil {
			row = slices.Insert(row, 1, ownCell(b.own, m))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// aboutWords writes a number that is not exact: 2,900.
func aboutWords(v float64) string {
	step := 1.0
	for v >= 100*step {
		step *= 10
	}
	return strings.TrimSpace(amountOf(float64(int(v/step+0.5)) * step))
}

// yearsWords says of when something is: 2008, 2008 to 2012.
func yearsWords(from, to int) string {
	if from == to {
		return strconv.Itoa(from)
	}
	return fmt.Sprintf("%d to %d", from, to)
}
