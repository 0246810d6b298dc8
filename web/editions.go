package web

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/baseline"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// editionPage is one edition of the baseline, as it stays.
type editionPage struct {
	view.Page
	Heading  string
	Facts    view.SummaryList
	Edition  editionBlock
	Method   []string
	Others   *view.Pagination
	Withheld *view.Link // for the operator
	Draw     *view.Link // a finding, likewise
}

// editionsPage lists the editions, the latest first.
type editionsPage struct {
	view.Page
	Table view.Table
	Older *view.Link
}

// operateEdition is what the operator can do about editions. Template edition-operate.
type operateEdition struct {
	Withheld *view.Link
}

func newOperateEdition(e *catalogue.Edition) *operateEdition {
	if e == nil {
		return &operateEdition{}
	}
	return &operateEdition{withheldLink(e)}
}

func withheldLink(e *catalogue.Edition) *view.Link {
	return &view.Link{Text: "What edition " + view.Number(e.Number) + " withholds, and why", Href: e.Address() + "/withheld"}
}

// shownEditions is a year of them.
const shownEditions = 53

// editionOf is the edition that an address names.
func (s *site) editionOf(c *gin.Context, who visitor) (*catalogue.Edition, error) {
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil || number < 1 {
		return nil, &catalogue.Error{Kind: catalogue.NotFound, Message: "edition not found"}
	}
	return s.Catalogue.Edition(c, who.actor, number)
}

func (s *site) edition(c *gin.Context, who visitor) error {
	e, err := s.editionOf(c, who)
	if err != nil {
		return err
	}
	around, _, err := s.Catalogue.Editions(c, who.actor, e.Number+2, 3)
	if err != nil {
		return err
	}
	p := editionPage{Heading: "Baseline of channels, edition " + view.Number(e.Number), Edition: s.newEditionBlock(e, nil), Method: exchange.EditionDefinitions(),
		Facts: s.editionFacts(e), Others: &view.Pagination{Label: "Editions"}}
	for _, other := range around {
		link := &view.PageLink{Label: other.Cite(), Href: other.Address()}
		switch other.Number {
		case e.Number + 1:
			link.Text, p.Others.Next = "Next edition", link
		case e.Number - 1:
			link.Text, p.Others.Previous = "Edition before", link
		}
	}
	if who.actor.IsOperator() {
		p.Withheld = withheldLink(e)
	}
	p.Draw = drawFinding(who, catalogue.NeedChannels, e.Address(), "")
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Description = e.Cite() + ": how people reach council services, by service and channel."
	p.Crumbs = baselineCrumbs(view.Crumb{Text: "Editions", Href: "/baseline/editions"}, view.Crumb{Text: "Edition " + view.Number(e.Number)})
	return s.show(c, who, http.StatusOK, "edition", p)
}

func (s *site) editionFacts(e *catalogue.Edition) view.SummaryList {
	return view.SummaryList{Rows: []view.SummaryRow{fact("Frozen on", view.Date(e.Day)),
		fact("How to cite it", e.Cite()+". "+strings.TrimSuffix(s.BaseURL, "/")+e.Address()),
		{Key: "Licence", Value: exchange.EditionLicence, Href: exchange.EditionLicenceURL},
		fact("Method", "Version "+view.Number(e.Method)), fact("Figures", view.Number(len(e.Figures)))}}
}

func (s *site) editions(c *gin.Context, who visitor) error {
	before, _ := strconv.Atoi(c.Query("before")) // no number: from the latest
	all, older, err := s.Catalogue.Editions(c, who.actor, before, shownEditions)
	if err != nil {
		return err
	}
	p := editionsPage{Table: view.Table{Caption: "Editions, the latest first", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Edition"}, {Text: "Frozen on"}, {Text: "Services with figures", Numeric: true}, {Text: "Figures", Numeric: true}, {Text: "Files"}}}}
	for _, e := range all {
		services := map[int]bool{}
		for _, f := range e.Figures {
			services[f.LGSL] = true
		}
		p.Table.Rows = append(p.Table.Rows, []view.Cell{{Text: "Edition " + view.Number(e.Number), Href: e.Address()}, {Text: view.Date(e.Day)},
			{Text: view.Number(len(services)), Numeric: true}, {Text: view.Number(len(e.Figures)), Numeric: true}, {Text: "CSV", Href: e.Address() + "/figures.csv"}})
	}
	if older {
		p.Older = &view.Link{Text: "Older editions", Href: "/baseline/editions?before=" + strconv.Itoa(all[len(all)-1].Number)}
	}
	p.Page = s.page(c, who, "/evidence", "Editions of the baseline")
	p.Crumbs = baselineCrumbs(view.Crumb{Text: "Editions"})
	return s.show(c, who, http.StatusOK, "editions", p)
}

func (s *site) editionCSV(c *gin.Context, who visitor) error {
	return s.editionFile(c, who, "csv", "text/csv; charset=utf-8", func(w io.Writer, e *catalogue.Edition) error {
		return exchange.EditionCSV(w, e, s.Catalogue.Register())
	})
}

func (s *site) editionJSON(c *gin.Context, who visitor) error {
	return s.editionFile(c, who, "json", "application/json; charset=utf-8", func(w io.Writer, e *catalogue.Edition) error {
		return exchange.EditionJSON(w, e, s.Catalogue.Register(), strings.TrimSuffix(s.BaseURL, "/"))
	})
}

func (s *site) editionFile(c *gin.Context, who visitor, ending, mime string, write func(io.Writer, *catalogue.Edition) error) error {
	e, err := s.editionOf(c, who)
	if err != nil {
		return err
	}
	buf := buffers.get()
	defer buffers.put(buf)
	if err := write(buf, e); err != nil {
		return err
	}
	if err := s.attachment(c, who, "jointly-baseline-edition-"+strconv.Itoa(e.Number)+"."+ending); err != nil {
		return err
	}
	c.Data(http.StatusOK, mime, buf.Bytes())
	return nil
}

// publishEdition makes an edition now.
func (s *site) publishEdition(c *gin.Context, who visitor) error {
	e, err := s.Catalogue.PublishEdition(c, who.actor)
	if catalogue.KindOf(err) == catalogue.Conflict && err != nil {
		who.session.set("flash", "No edition was made: no figure would differ from the last one. A figure moves once seven councils have returned something new.")
		return s.redirect(c, who, "/baseline")
	}
	if err != nil {
		return err
	}
	who.session.wrote(e.Version)
	who.session.set("flash", "Edition "+view.Number(e.Number)+" is published.")
	return s.redirect(c, who, e.Address())
}

// unsaidPage is what an edition does not say, and why: for the operator.
type unsaidPage struct {
	view.Page
	Heading string
	Reasons view.Table
	Cells   view.Table
	More    string
}

// unsaidReasons says each reason in words.
func unsaidReasons() []struct {
	why         baseline.Reason
	name, words string
} {
	return []struct {
		why         baseline.Reason
		name, words string
	}{
		{baseline.Few, "Too few", "Too few councils have returned a figure: fewer than 7 whose return is not seen under their name, or fewer than 5 in all."},
		{baseline.Waits, "Waits for others", "A figure is said. Some councils that joined, changed or left since it was drawn are not in it: fewer than 7 have, and one could be subtracted."},
		{baseline.Half, "One has more than half", "The total is not said: one council has more than half of it."},
		{baseline.FewQuartiles, "Too few for quartiles", "The median is said; quartiles are said from 8 councils on."},
	}
}

func (s *site) unsaid(c *gin.Context, who visitor) error {
	e, err := s.editionOf(c, who)
	if err != nil {
		return err
	}
	p := unsaidPage{Heading: "What edition " + view.Number(e.Number) + " withholds",
		Reasons: view.Table{Caption: "Why", FirstCellIsHeader: true, Responsive: true, Head: []view.Head{{Text: "Reason"}, {Text: "Figures", Numeric: true}, {Text: "What it means"}}},
		Cells: view.Table{Caption: "What is not said", FirstCellIsHeader: true, Responsive: true, Sortable: true,
			Head: []view.Head{{Text: "Service"}, {Text: "Figure"}, {Text: "Why"}, {Text: "Councils", Numeric: true}}}}
	names, counts := map[baseline.Reason]string{}, map[baseline.Reason]int{}
	for _, w := range e.Withheld {
		counts[w.Why]++
	}
	for _, r := range unsaidReasons() {
		names[r.why] = r.name
		p.Reasons.Rows = append(p.Reasons.Rows, []view.Cell{{Text: r.name}, {Text: view.Number(counts[r.why]), Numeric: true}, {Text: r.words}})
	}
	for _, w := range e.Withheld {
		round, _ := e.Round(w.LGSL, w.Start)
		round.Round = w.Round
		p.Cells.Rows = append(p.Cells.Rows, []view.Cell{{Text: s.serviceName(w.LGSL), Href: baselinePath(w.LGSL), Note: roundWords(round)}, {Text: exchange.MeasureWords(w.Measure)},
			{Text: names[w.Why]}, {Text: view.Number(w.Councils), Numeric: true}})
	}
	if e.More > 0 {
		p.More = view.Plural(e.More, "more is", "more are") + " withheld and not listed."
	}
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Crumbs = baselineCrumbs(view.Crumb{Text: "Edition " + view.Number(e.Number), Href: e.Address()}, view.Crumb{Text: "Withheld"})
	return s.show(c, who, http.StatusOK, "edition-withheld", p)
}
