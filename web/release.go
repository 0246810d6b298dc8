package web

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/demand"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// releasePage is one release of demand figures, as it stays.
type releasePage struct {
	view.Page
	Heading string
	Facts   view.SummaryList
	Board   board
	Moved   view.Table
	Fold    view.Details
	Others  *view.Pagination
	Operate *view.Link // to what was withheld; for the operator
}

// releasesPage lists the releases, the latest first.
type releasesPage struct {
	view.Page
	Table view.Table
	Older *view.Link
}

// shownReleases is a year of them.
const shownReleases = 53

// releaseOf is the release that an address names.
func (s *site) releaseOf(c *gin.Context, who visitor) (*catalogue.Release, error) {
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil || number < 1 {
		return nil, &catalogue.Error{Kind: catalogue.NotFound, Message: "release not found"}
	}
	return s.Catalogue.Release(c, who.actor, number)
}

func (s *site) release(c *gin.Context, who visitor) error {
	r, err := s.releaseOf(c, who)
	if err != nil {
		return err
	}
	around, _, err := s.Catalogue.Releases(c, who.actor, r.Number+2, 3)
	if err != nil {
		return err
	}
	p := releasePage{Heading: "Demand release " + view.Number(r.Number), Board: s.newBoard(r, demandQuery{}), Others: &view.Pagination{Label: "Releases"}}
	p.Board.Href = "" // it is this page
	for _, row := range p.Board.Heat.Rows {
		row[0].Href = "" // that leads to the latest release
	}
	for _, other := range around {
		link := &view.PageLink{Label: other.Cite(), Href: other.Address()}
		switch {
		case other.Number == r.Number+1:
			link.Text, p.Others.Next = "Next release", link
		case other.Number == r.Number-1:
			link.Text, p.Others.Previous = "Release before", link
			p.Moved = s.movedTable(other, r)
		}
	}
	p.Fold = view.Details{Summary: "Show " + view.Plural(len(p.Moved.Rows), "figure", "figures") + " that moved"}
	p.Facts = s.releaseFacts(r)
	if who.actor.IsOperator() {
		p.Operate = &view.Link{Text: "What was withheld, and why", Href: r.Address() + "/withheld"}
	}
	p.Page = s.page(c, who, "/demand", p.Heading)
	p.Description = r.Cite() + ": how many councils have needs that they have not made public, by what, where and when."
	p.Crumbs = []view.Crumb{{Text: "Demand", Href: "/demand"}, {Text: "Releases", Href: "/demand/releases"}, {Text: p.Heading}}
	return s.show(c, who, http.StatusOK, "release", p)
}

func (s *site) releaseFacts(r *catalogue.Release) view.SummaryList {
	method := "Version " + view.Number(r.Method)
	if r.Changed != "" {
		method += ", new with this release. " + r.Changed
	}
	return view.SummaryList{Rows: []view.SummaryRow{fact("Released on", view.Date(r.Day)), fact("How to cite it", r.Cite()+". "+strings.TrimSuffix(s.BaseURL, "/")+r.Address()),
		fact("Method", method), fact("Figures", view.Number(len(r.Figures)))}}
}

// shownMoved is how many moved figures a release's page lists; its file has all.
const shownMoved = 60

// movedTable is which figures a release changed. Each moved because at least seven councils changed, or because it had
// stood for half a year.
func (s *site) movedTable(before, r *catalogue.Release) view.Table {
	t := view.Table{Caption: "Figures that moved since release " + view.Number(before.Number), CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Long: true,
		Head: []view.Head{{Text: "What, where and when"}, {Text: "Before"}, {Text: "Now"}}}
	was, is := map[demand.Cell]int{}, map[demand.Cell]int{}
	for _, f := range before.Figures {
		was[f.Cell] = f.Least
	}
	add := func(c demand.Cell) {
		if was[c] != is[c] && len(t.Rows) < shownMoved {
			t.Rows = append(t.Rows, []view.Cell{{Text: sentenceCase(s.cellWords(c))}, {Text: leastWords(was[c]), Muted: was[c] == 0}, {Text: leastWords(is[c]), Muted: is[c] == 0}})
		}
	}
	for _, f := range r.Figures {
		is[f.Cell] = f.Least
		add(f.Cell)
	}
	for _, f := range before.Figures {
		if is[f.Cell] == 0 {
			add(f.Cell)
		}
	}
	return t
}

func leastWords(n int) string {
	if n == 0 {
		return "not shown"
	}
	return "at least " + view.Number(n)
}

func (s *site) releases(c *gin.Context, who visitor) error {
	before, _ := strconv.Atoi(c.Query("before")) // no number: from the latest
	all, older, err := s.Catalogue.Releases(c, who.actor, before, shownReleases)
	if err != nil {
		return err
	}
	p := releasesPage{Table: view.Table{Caption: "Releases, the latest first", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Long: true,
		Head: []view.Head{{Text: "Release"}, {Text: "Day"}, {Text: "Councils"}, {Text: "Figures", Numeric: true}, {Text: "Files"}}}}
	for _, r := range all {
		least := 0
		if len(r.Figures) > 0 {
			least = r.Figures[0].Least
		}
		p.Table.Rows = append(p.Table.Rows, []view.Cell{{Text: "Release " + view.Number(r.Number), Href: r.Address()}, {Text: view.Date(r.Day), Note: r.Changed},
			{Text: leastWords(least), Muted: least == 0}, {Text: view.Number(len(r.Figures)), Numeric: true}, {Text: "CSV", Href: r.Address() + "/figures.csv"}})
	}
	if older {
		p.Older = &view.Link{Text: "Older releases", Href: "/demand/releases?before=" + strconv.Itoa(all[len(all)-1].Number)}
	}
	p.Page = s.page(c, who, "/demand", "Demand releases")
	p.Crumbs = []view.Crumb{{Text: "Demand", Href: "/demand"}, {Text: "Releases"}}
	return s.show(c, who, http.StatusOK, "releases", p)
}

func (s *site) releaseCSV(c *gin.Context, who visitor) error {
	return s.releaseFile(c, who, "csv", "text/csv; charset=utf-8", func(w io.Writer, r *catalogue.Release) error {
		return exchange.ReleaseCSV(w, r, s.Catalogue.Dictionary())
	})
}

func (s *site) releaseJSON(c *gin.Context, who visitor) error {
	return s.releaseFile(c, who, "json", "application/json; charset=utf-8", func(w io.Writer, r *catalogue.Release) error {
		return exchange.ReleaseJSON(w, r, strings.TrimSuffix(s.BaseURL, "/"))
	})
}

func (s *site) releaseFile(c *gin.Context, who visitor, ending, mime string, write func(io.Writer, *catalogue.Release) error) error {
	r, err := s.releaseOf(c, who)
	if err != nil {
		return err
	}
	buf := buffers.get()
	defer buffers.put(buf)
	if err := write(buf, r); err != nil {
		return err
	}
	if err := s.attachment(c, who, "jointly-demand-release-"+strconv.Itoa(r.Number)+"."+ending); err != nil {
		return err
	}
	c.Data(http.StatusOK, mime, buf.Bytes())
	return nil
}

func (s *site) releasesAtom(c *gin.Context, who visitor) error {
	all, _, err := s.Catalogue.Releases(c, who.actor, 0, shownReleases)
	if err != nil {
		return err
	}
	buf := buffers.get()
	defer buffers.put(buf)
	if err := exchange.ReleasesAtom(buf, all, strings.TrimSuffix(s.BaseURL, "/"), s.Catalogue.Today()); err != nil {
		return err
	}
	c.Data(http.StatusOK, "application/atom+xml; charset=utf-8", buf.Bytes())
	return nil
}
