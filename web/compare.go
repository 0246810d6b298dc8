package web

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/search"
	"jointly/web/view"
)

// comparePage puts platforms side by side, with what differs marked.
type comparePage struct {
	view.Page
	Lead     string
	Compared []comparedLink
	Table    view.Table
	Differ   view.Link // shows only what differs, or all again
	CSV      string
	Add      *compareForm // nil where there are as many as can be compared
	Full     string       // why no more can be added; empty: they can
}

// comparedLink is a platform that is compared, and the address of the comparison without it.
type comparedLink struct {
	view.Link
	Without string
}

// compareForm adds a platform by its name, or one that is offered.
type compareForm struct {
	Hidden []hiddenField
	Name   view.Input
	Send   view.Button
	Heard  string // over Offers: whether they were asked for or are like those compared
	Offers []view.Link
}

// mostCompared is how many platforms can be read side by side; mostOffered how many are offered to be added.
const (
	mostCompared = 4
	mostOffered  = 8
)

// comparison is what an address asks to compare: it can be sent to anybody, and shows what that person may see.
type comparison struct {
	ids    []string
	differ bool   // only what differs
	typed  string // the name of one to add
}

func askedToCompare(q url.Values) comparison {
	a := comparison{differ: q.Get("differ") != "", typed: strings.TrimSpace(q.Get("add"))}
	for _, id := range q["platform"] {
		if id != "" && !slices.Contains(a.ids, id) {
			a.ids = append(a.ids, id)
		}
	}
	a.ids = a.ids[:min(len(a.ids), mostCompared)]
	return a
}

// address is where these platforms stand side by side.
func (a comparison) address(path string) string {
	v := url.Values{"platform": a.ids}
	if a.differ {
		v.Set("differ", "1")
	}
	if len(v["platform"]) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

func (a comparison) with(id string) comparison {
	a.ids = append(slices.Clone(a.ids), id)
	return a
}

func (a comparison) without(id string) comparison {
	a.ids = slices.DeleteFunc(slices.Clone(a.ids), func(other string) bool { return other == id })
	return a
}

func (s *site) compare(c *gin.Context, who visitor) error {
	a := askedToCompare(c.Request.URL.Query())
	views, err := s.Catalogue.PlatformViews(c, who.actor, a.ids)
	if err != nil {
		return err
	}
	p := comparePage{CSV: a.address("/compare.csv")}
	p.Page = s.page(c, who, "/platforms", "Compare platforms")
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Platforms", Href: "/platforms"}, {Text: "Compare"}}
	p.Canonical = ""
	if len(a.ids) < mostCompared {
		found, err := s.platformsNamed(c, who, a)
		if err != nil {
			return err
		}
		if len(found) == 1 {
			return s.redirect(c, who, a.with(found[0].ID).address("/compare"))
		}
		p.Add = newCompareForm(a, views, found)
		if p.Add.Name.Error != "" {
			p.Errors = []view.ErrorLink{{Text: p.Add.Name.Error, Href: "#add"}}
		}
	} else {
		p.Full = "Four can be compared at once. Remove one to add another."
	}
	region, err := s.ownRegion(c, who.actor)
	if err != nil {
		return err
	}
	s.fillComparison(&p, a, views, region)
	return s.show(c, who, http.StatusOK, "compare", p)
}

// fillComparison writes the table, and what can be done with it.
func (s *site) fillComparison(p *comparePage, a comparison, views []*catalogue.PlatformView, region string) {
	p.Lead = "Choose up to four platforms to read side by side: what each is, who runs it, what is published that councils pay, and how to leave it."
	if len(views) == 0 {
		return
	}
	p.Lead = "From public records and what councils share with you. What is not stated is not known, which is not no."
	head := []view.Head{{Text: "What", Classes: "jy-col-20"}}
	width := map[int]string{2: "jy-col-40", 3: "jy-col-25", 4: "jy-col-20"}[len(views)]
	for _, v := range views {
		name := marked(v.Platform.Name, v.Platform.Demonstration)
		p.Compared = append(p.Compared, comparedLink{view.Link{Text: name, Href: pagePath(catalogue.KindPlatform, v.Platform.ID)}, a.without(v.Platform.ID).address("/compare")})
		head = append(head, view.Head{Text: name, Classes: width})
	}
	p.Table = view.Table{Caption: "Platforms side by side", CaptionClasses: "govuk-visually-hidden", Head: head, FirstCellIsHeader: true, Responsive: true}
	for _, row := range s.comparedRows(views, region) {
		if a.differ && !row.differs {
			continue
		}
		first := view.Cell{Text: row.name}
		if row.differs && !a.differ {
			first.Tag = &view.Tag{Text: "Differs", Classes: "govuk-tag--blue"}
		}
		p.Table.Rows = append(p.Table.Rows, append([]view.Cell{first}, row.cells...))
	}
	if len(views) > 1 {
		only, all := a, a
		only.differ, all.differ = true, false
		p.Differ = view.Link{Text: "Show only what differs", Href: only.address("/compare")}
		if a.differ {
			p.Differ = view.Link{Text: "Show what is the same as well", Href: all.address("/compare")}
		}
	}
}

// platformsNamed finds what was typed as the name of a platform to add: one where that is clear, else those that it may mean.
func (s *site) platformsNamed(c *gin.Context, who visitor, a comparison) ([]*catalogue.Platform, error) {
	if a.typed == "" {
		return nil, nil
	}
	found, err := s.find(c, who, search.Query{Text: plainWords(a.typed), Kinds: []catalogue.Kind{catalogue.KindPlatform}, Limit: mostOffered})
	if err != nil {
		return nil, err
	}
	items, _, err := s.read(c, who.actor, found.Hits)
	if err != nil {
		return nil, err
	}
	var out []*catalogue.Platform
	for _, item := range items {
		p, ok := item.(*catalogue.Platform)
		if !ok || slices.Contains(a.ids, p.ID) {
			continue
		}
		if strings.EqualFold(p.Name, a.typed) {
			return []*catalogue.Platform{p}, nil
		}
		out = append(out, p)
	}
	return out, nil
}

func newCompareForm(a comparison, views []*catalogue.PlatformView, found []*catalogue.Platform) *compareForm {
	f := &compareForm{Send: view.Button{Text: "Add", Classes: "govuk-button--secondary"},
		Name: view.Input{ID: "add", Name: "add", Label: view.Label{Text: "Add a platform by its name", Classes: "govuk-label--s"}, Value: a.typed, Spellcheck: "false", Classes: "govuk-input--width-20"}}
	for _, id := range a.ids {
		f.Hidden = append(f.Hidden, hiddenField{"platform", id})
	}
	if a.differ {
		f.Hidden = append(f.Hidden, hiddenField{"differ", "1"})
	}
	switch {
	case len(found) > 0:
		f.Heard = "Which of these do you mean?"
	case a.typed != "":
		f.Name.Error = "No platform that is not compared already is found by that name. Check how it is spelt, or choose one below"
		fallthrough
	default:
		f.Heard = "Or add one that is similar"
		for _, v := range views {
			for _, like := range v.Similar {
				found = append(found, like.Platform)
			}
		}
	}
	offered := map[string]bool{}
	for _, p := range found {
		if !offered[p.ID] && !slices.Contains(a.ids, p.ID) && len(f.Offers) < mostOffered {
			offered[p.ID] = true
			f.Offers = append(f.Offers, view.Link{Text: marked(p.Name, p.Demonstration), Href: a.with(p.ID).address("/compare")})
		}
	}
	return f
}

// compareCSV is the comparison as a file: a column for each platform.
func (s *site) compareCSV(c *gin.Context, who visitor) error {
	a := askedToCompare(c.Request.URL.Query())
	views, err := s.Catalogue.PlatformViews(c, who.actor, a.ids)
	if err != nil {
		return err
	}
	region, err := s.ownRegion(c, who.actor)
	if err != nil {
		return err
	}
	buf := buffers.get()
	defer buffers.put(buf)
	buf.WriteString("\ufeff")
	w := csv.NewWriter(buf)
	head := []string{"What"}
	for _, v := range views {
		head = append(head, exchange.SafeCell(marked(v.Platform.Name, v.Platform.Demonstration)))
	}
	lines := [][]string{append(head, "Differs")}
	for _, row := range s.comparedRows(views, region) {
		line := []string{row.name}
		for _, cell := range row.cells {
			line = append(line, exchange.SafeCell(joined([]string{cell.Text, cell.Note})))
		}
		lines = append(lines, append(line, map[bool]string{true: "yes", false: "no"}[row.differs]))
	}
	if err := w.WriteAll(lines); err != nil {
		return err
	}
	if err := s.attachment(c, who, "platforms.csv"); err != nil {
		return err
	}
	c.Data(http.StatusOK, "text/csv; charset=utf-8", buf.Bytes())
	return nil
}
