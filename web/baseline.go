package web

import (
	"cmp"
	"math"
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

// baselinePage is the latest edition of the baseline: every service, one beside the other.
type baselinePage struct {
	view.Page
	Edition editionBlock
	Yours   string // how many of the services the reader's council has signed; empty for others
	Method  []string
	Fold    view.Details
	Operate *operateEdition // for the operator
}

// editionBlock is what an edition says of all services. Template edition.
type editionBlock struct {
	Number int // 0: there is none
	Cite   string
	Href   string
	Day    string
	Invent string // that the returns are invented; empty: they are not
	Counts []view.Count
	Shares figure
	Table  view.Table
	Notes  []string
	Silent view.Table // services of which returns are signed and nothing is said yet
	Files  []view.Link
}

func (s *site) baseline(c *gin.Context, who visitor) error {
	e, err := s.Catalogue.LatestEdition(c, who.actor)
	if err != nil {
		return err
	}
	own, err := s.ownParts(c, who)
	if err != nil {
		return err
	}
	p := baselinePage{Method: exchange.EditionDefinitions(), Fold: view.Details{Summary: "How these figures are made"}, Edition: s.newEditionBlock(e, own)}
	if n := len(own); n > 0 && p.Edition.Table.Rows != nil {
		p.Yours = "Your council has signed figures for " + view.Plural(n, "service", "services") + ". They stand beside the others, and nobody else sees them here."
	}
	if who.actor.IsOperator() {
		p.Operate = newOperateEdition(e)
	}
	p.Page = s.page(c, who, "/evidence", "How people reach council services")
	p.Description = "A baseline of the channels that people use for council services: medians and quartiles over councils, by service and channel."
	p.Crumbs = baselineCrumbs()
	return s.show(c, who, http.StatusOK, "baseline", p)
}

// baselineCrumbs lead to a page of the baseline; without steps, to its first.
func baselineCrumbs(steps ...view.Crumb) []view.Crumb {
	if len(steps) == 0 {
		return evidenceCrumbs(view.Crumb{Text: "Baseline"})
	}
	return evidenceCrumbs(append([]view.Crumb{{Text: "Baseline", Href: "/baseline"}}, steps...)...)
}

func baselinePath(lgsl int) string { return "/baseline/" + strconv.Itoa(lgsl) }

// ownParts is what the reader's own council has signed, by service and period; none for whoever is of no council.
func (s *site) ownParts(c *gin.Context, who visitor) (map[baseline.Round]baseline.Part, error) {
	if who.actor.OrgKind != catalogue.OrgCouncil {
		return nil, nil
	}
	return s.Catalogue.OwnParts(c, who.actor)
}

// newEditionBlock draws an edition; own is what the reader's council has signed.
func (s *site) newEditionBlock(e *catalogue.Edition, own map[baseline.Round]baseline.Part) editionBlock {
	if e == nil {
		return editionBlock{}
	}
	b := editionBlock{Number: e.Number, Cite: e.Cite(), Href: e.Address(), Day: view.Date(e.Day),
		Files: []view.Link{{Text: "CSV", Href: e.Address() + "/figures.csv"}, {Text: "JSON", Href: e.Address() + "/figures.json"}}}
	if e.Demonstration {
		b.Invent = "These figures are of invented councils: they show what the page does, and say nothing of real services."
	}
	rows := s.editionRows(e, own)
	most := 0
	spreads := chart.Ranges{About: chart.About{ID: "digital", Title: "Digital share by service"}, RowHead: "Service", Max: 100, Format: percentWords}
	for _, r := range rows {
		most = max(most, r.councils())
		if spread, ok := r.spread(); ok {
			spreads.Rows = append(spreads.Rows, spread)
		}
	}
	b.Shares = figure{Drawing: spreads.Draw()}
	b.Table = editionTable(rows, len(own) > 0)
	b.Silent = s.silentTable(e)
	b.Counts = []view.Count{{Number: view.Number(len(rows)), Label: noun(len(rows), "service with figures", "services with figures")},
		{Number: view.Number(most), Label: noun(most, "council", "councils") + " behind the service with most"},
		{Number: "Edition " + view.Number(e.Number), Label: "frozen on " + b.Day, Href: e.Address()}}
	b.Notes = []string{"Each council counts once, whatever its size. Compare services with care: what counts as a contact differs from one to the other."}
	return b
}

// editionRow is what an edition says of one service, in the latest period of which it says something.
type editionRow struct {
	round catalogue.EditionRound
	name  string
	of    map[baseline.Measure]baseline.Figure
	own   *baseline.Part
}

// editionRows lists the services of which something is said, the most digital first.
func (s *site) editionRows(e *catalogue.Edition, own map[baseline.Round]baseline.Part) []editionRow {
	var rows []editionRow
	done := map[int]bool{}
	for _, r := range e.Rounds {
		latest, ok := e.Latest(r.LGSL)
		if done[r.LGSL] || !ok || latest.Figures == 0 {
			continue
		}
		done[r.LGSL] = true
		row := editionRow{round: latest, name: s.serviceName(r.LGSL), of: e.Of(latest.Round)}
		if part, ok := own[latest.Round]; ok {
			row.own = &part
		}
		rows = append(rows, row)
	}
	digital := func(r editionRow) float64 {
		if f, ok := r.of[baseline.Digital]; ok {
			return *f.Median
		}
		return -1
	}
	slices.SortStableFunc(rows, func(a, b editionRow) int {
		return cmp.Or(cmp.Compare(digital(b), digital(a)), cmp.Compare(a.name, b.name))
	})
	return rows
}

// councils is how many are behind the figure that has most.
func (r editionRow) councils() (n int) {
	for _, f := range r.of {
		n = max(n, f.N)
	}
	return n
}

func (r editionRow) spread() (chart.Spread, bool) {
	f, ok := r.of[baseline.Digital]
	if !ok {
		return chart.Spread{}, false
	}
	return spreadOf(r.name, baselinePath(r.round.LGSL), f, r.own), true
}

// spreadOf is a figure as a row of a chart.
func spreadOf(label, href string, f baseline.Figure, own *baseline.Part) chart.Spread {
	out := chart.Spread{Label: label, Link: href, Median: *f.Median, NoBand: !f.Quartiles(), Note: view.Plural(f.N, "council", "councils")}
	if f.Quartiles() {
		out.Lower, out.Upper = *f.Lower, *f.Upper
	}
	if own != nil {
		if v, ok := own.Of(f.Measure); ok {
			out.Own = &v
		}
	}
	return out
}

func editionTable(rows []editionRow, yours bool) view.Table {
	t := view.Table{Caption: "Services, the most digital first", FirstCellIsHeader: true, Responsive: true, Sortable: true,
		Head: []view.Head{{Text: "Service", Classes: "jy-col-25"}, {Text: "Digital share, median", Numeric: true}, {Text: "Contacts per 1,000 residents", Numeric: true},
			{Text: "Cost online", Numeric: true}, {Text: "Cost by phone", Numeric: true}, {Text: "Councils", Numeric: true}}}
	if yours {
		t.Head = slices.Insert(t.Head, 2, view.Head{Text: "Your digital share", Numeric: true})
	}
	for _, r := range rows {
		row := []view.Cell{{Text: r.name, Href: baselinePath(r.round.LGSL), Note: roundWords(r.round)}, medianCell(r.of, baseline.Digital),
			medianCell(r.of, baseline.Rate), rangeCell(r.of, baseline.Cost.Of(baseline.Online)), rangeCell(r.of, baseline.Cost.Of(baseline.Phone)), {Text: view.Number(r.councils()), Numeric: true}}
		if yours {
			row = slices.Insert(row, 2, ownCell(r.own, baseline.Digital))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// silentTable lists the services of which nothing can be said yet.
func (s *site) silentTable(e *catalogue.Edition) view.Table {
	t := view.Table{Caption: "Services that wait for more councils", FirstCellIsHeader: true, Responsive: true, Head: []view.Head{{Text: "Service"}, {Text: "Period"}, {Text: "Councils that have signed", Numeric: true}}}
	for _, r := range e.Rounds {
		if latest, ok := e.Latest(r.LGSL); ok && latest == r && r.Figures == 0 {
			t.Rows = append(t.Rows, []view.Cell{{Text: s.serviceName(r.LGSL), Href: baselinePath(r.LGSL)}, {Text: roundWords(r)}, {Text: view.Number(r.Signed), Numeric: true}})
		}
	}
	return t
}

func (s *site) serviceName(lgsl int) string {
	service, ok := s.Catalogue.Register().Service(lgsl)
	if !ok {
		return "Service " + strconv.Itoa(lgsl)
	}
	return service.Label
}

// roundWords says a period: April 2025 to March 2026, or with days where it is not whole months.
func roundWords(r catalogue.EditionRound) string {
	start, err := catalogue.ParseDate(r.Start)
	if err != nil {
		return r.Start
	}
	return datesWords(start, r.End)
}

func datesWords(start, end catalogue.Date) string {
	if start.First().Day() == 1 && end.First().AddDate(0, 0, 1).Day() == 1 {
		return start.First().Format("January 2006") + " to " + end.First().Format("January 2006")
	}
	return view.Date(start) + " to " + view.Date(end)
}

const notSaid = "not said"

// medianCell is the median of a measure, with its middle half.
func medianCell(of map[baseline.Measure]baseline.Figure, m baseline.Measure) view.Cell {
	f, ok := of[m]
	if !ok {
		return view.Cell{Text: notSaid, Muted: true, Numeric: true, Sort: "-1"}
	}
	out := view.Cell{Text: measured(m, *f.Median), Numeric: true, Sort: strconv.FormatFloat(*f.Median, 'f', 4, 64)}
	if f.Quartiles() {
		out.Note = measured(m, *f.Lower) + " to " + measured(m, *f.Upper)
	}
	return out
}

// rangeCell is the middle half of a measure, never one number: for costs.
func rangeCell(of map[baseline.Measure]baseline.Figure, m baseline.Measure) view.Cell {
	f, ok := of[m]
	if !ok || !f.Quartiles() {
		return view.Cell{Text: notSaid, Muted: true, Numeric: true, Sort: "-1"}
	}
	return view.Cell{Text: measured(m, *f.Lower) + " to " + measured(m, *f.Upper), Numeric: true, Sort: strconv.FormatFloat(*f.Lower, 'f', 4, 64)}
}

func ownCell(own *baseline.Part, m baseline.Measure) view.Cell {
	if own != nil {
		if v, ok := own.Of(m); ok {
			return view.Cell{Text: measured(m, v), Numeric: true, Strong: true, Sort: strconv.FormatFloat(v, 'f', 4, 64)}
		}
	}
	return view.Cell{Text: view.NotStated, Muted: true, Numeric: true, Sort: "-1"}
}

// measured writes a value of a measure: 67%, 31, £4.40.
func measured(m baseline.Measure, v float64) string {
	switch kind, _ := m.Parts(); kind {
	case baseline.Share:
		return percentWords(v)
	case baseline.Cost:
		return pence(v)
	}
	return amountOf(v)
}

func percentWords(v float64) string {
	if v > 0 && v < 0.5 {
		return "under 1%"
	}
	return strconv.FormatFloat(math.Round(v), 'f', 0, 64) + "%"
}

// pence writes a small sum: £0.15, £4.40, £12.
func pence(v float64) string {
	if v >= 100 {
		return "£" + view.Number(int(math.Round(v)))
	}
	return "£" + strconv.FormatFloat(v, 'f', 2, 64)
}

// amountOf writes a number: 31, 4.4, 1,200.
func amountOf(v float64) string {
	if v >= 10 || v == math.Trunc(v) {
		return view.Number(int(math.Round(v)))
	}
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}
