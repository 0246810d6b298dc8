package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// homePage is where people begin: a search box, what the catalogue holds for this visitor, and what ends soon.
type homePage struct {
	view.Page
	Lead       string
	Box        view.SearchBox
	Counts     []view.Count
	Ending     view.Table
	EndingNote []view.Piece
	Intentions []view.Entry
	AllNeeds   view.Link
	Groups     []view.Entry
	AllGroups  view.Link
	Areas      []view.Tally
	AllAreas   *view.Link // where there are more
	MayList    bool       // the visitor may list needs, or is nobody yet
}

const (
	endingMonths = 18 // how far ahead the home page looks
	shownEnding  = 8
	shownLatest  = 3
	shownAreas   = 12
)

func (s *site) home(c *gin.Context, who visitor) error {
	found, err := s.overview(c, who)
	if err != nil {
		return err
	}
	p := s.newHomePage(found)
	p.MayList = offered(who, catalogue.ListIntention)
	p.Page = s.page(c, who, "/", "")
	p.Description = "The joint ICT procurement catalogue of the UK’s councils: what they run, when it ends and who else is buying."
	return s.show(c, who, http.StatusOK, "home", p)
}

// overview is what the home page shows of the catalogue, as one visitor sees it.
type overview struct {
	contracts search.Result // all of them, for the figures
	ending    search.Result // in the next months, with their records
	latest    search.Result // intentions, newest first, and how many platforms there are
	groups    []*catalogue.BuyingGroup
	more      bool // more groups than were read
	endsBy    catalogue.Date
	items     []catalogue.Item // of ending, then of latest
	reader    *hitsReader
}

// mostGroups is how many groups the home page looks at to find those open to join.
const mostGroups = 100

func (s *site) overview(ctx context.Context, who visitor) (overview, error) {
	today := s.Catalogue.Today()
	o := overview{endsBy: catalogue.DateOf(today).AddMonths(endingMonths)}
	kind := func(k catalogue.Kind) []catalogue.Kind { return []catalogue.Kind{k} }
	var groups search.Result
	for _, step := range []struct {
		out *search.Result
		q   search.Query
	}{
		{&o.contracts, search.Query{Kinds: kind(catalogue.KindContract), Ended: true, Limit: 1, Facets: []search.Facet{search.FacetArea, search.FacetQuarter}}},
		{&o.ending, search.Query{Kinds: kind(catalogue.KindContract), EndsFrom: catalogue.DateOf(today), EndsTo: o.endsBy, Sort: search.ByEnd, Limit: shownEnding}},
		{&o.latest, search.Query{Kinds: kind(catalogue.KindIntention), Sort: search.ByNewest, Limit: shownLatest, Facets: []search.Facet{search.FacetKind}}},
		{&groups, search.Query{Kinds: kind(catalogue.KindGroup), Sort: search.ByNewest, Limit: mostGroups}},
	} {
		found, err := s.find(ctx, who, step.q)
		if err != nil {
			return o, err
		}
		*step.out = found
	}
	hits := append(append(append([]search.Hit{}, o.ending.Hits...), o.latest.Hits...), groups.Hits...)
	items, reader, err := s.read(ctx, who.actor, hits)
	if err != nil {
		return o, err
	}
	o.reader, o.more = reader, groups.Next != ""
	shown := len(o.ending.Hits) + len(o.latest.Hits)
	o.items = items[:shown]
	for _, item := range items[shown:] {
		if g, ok := item.(*catalogue.BuyingGroup); ok && joinable(g, today) {
			o.groups = append(o.groups, g)
		}
	}
	return o, nil
}

func (s *site) newHomePage(o overview) homePage {
	p := homePage{
		Lead: "Jointly is the joint ICT procurement catalogue of the UK’s " + view.Number(len(s.Catalogue.Register().Councils())) +
			" councils. Anyone can search it. You do not need to sign in.",
		Box: view.SearchBox{Examples: []view.Link{{Text: "revs and bens", Href: searchAddress("revs and bens")},
			{Text: "parking permits", Href: searchAddress("parking permits")}, {Text: "NEC", Href: searchAddress("NEC")},
			{Text: "Haringey", Href: searchAddress("Haringey")}}},
		Ending: view.Table{
			Caption: "Contracts that end in the next 18 months", CaptionClasses: "govuk-visually-hidden",
			Head: []view.Head{{Text: "Ends", Classes: "jy-col-20"}, {Text: "In", Classes: "jy-col-10"}, {Text: "Contract"},
				{Text: "Council", Classes: "jy-col-20"}, {Text: "Value", Numeric: true}},
			Responsive: true, Classes: "jy-table--inline",
		},
		AllNeeds:  view.Link{Text: "All " + view.Plural(o.latest.Total, "intention", "intentions"), Href: "/intentions"},
		AllGroups: view.Link{Text: "All groups", Href: "/groups"},
	}
	open := view.Number(len(o.groups))
	if o.more {
		open += " or more"
	}
	p.Counts = []view.Count{
		{Number: view.Number(countOf(o.latest, search.FacetKind, string(catalogue.KindPlatform))), Label: "platforms seen in public records or listed", Href: "/platforms"},
		{Number: view.Number(o.contracts.Total), Label: "contracts and notices seen", Href: "/search?kind=contract&ended=1"},
		{Number: view.Number(o.latest.Total), Label: "open intentions to buy", Href: "/intentions"},
		{Number: open, Label: "groups open to join", Href: "/groups"},
	}
	for _, item := range o.items {
		switch it := item.(type) {
		case *catalogue.Contract:
			p.Ending.Rows = append(p.Ending.Rows, s.endingRow(it, o.reader))
		case *catalogue.Intention:
			p.Intentions = append(p.Intentions, needEntry(catalogue.NeedRow{Intention: it, Council: o.reader.council(it.Council)}, false))
		}
	}
	p.EndingNote = endingNote(o)
	for _, g := range o.groups[:min(len(o.groups), shownLatest)] {
		p.Groups = append(p.Groups, groupEntry(g, o.reader.council(g.Lead), false))
	}
	for _, facet := range o.contracts.Facets {
		if facet.Facet != search.FacetArea {
			continue
		}
		if n := len(facet.Values); n > shownAreas {
			p.AllAreas = &view.Link{Text: "All " + view.Number(n) + " areas", Href: "/search?kind=contract&ended=1&all=area"}
			facet.Values = facet.Values[:shownAreas]
		}
		for _, v := range facet.Values {
			p.Areas = append(p.Areas, view.Tally{Text: v.Label, Count: v.Count, Href: "/search?kind=contract&ended=1&area=" + url.QueryEscape(v.Value)})
		}
	}
	return p
}

func (s *site) endingRow(k *catalogue.Contract, r *hitsReader) []view.Cell {
	council := view.Cell{Text: view.NotStated, Muted: true}
	if c := r.council(k.Council); c != nil {
		council = view.Cell{Text: c.Label(), Href: pagePath(catalogue.KindCouncil, c.GSS)}
	}
	value := valueCell(k.Value)
	if value.Muted {
		value.Text = "value not stated"
	}
	contract := contractCell(k)
	contract.Classes = "jy-table__line"
	return []view.Cell{{Text: view.Date(k.End), Note: endingDoubt(k)}, {Text: untilEnd(s.Catalogue.Now(), k.End)}, contract, council, value}
}

// endingDoubt says that an end is not stated in so many words.
func endingDoubt(k *catalogue.Contract) string {
	if workedOut(k.Source) {
		return "worked out"
	}
	return ""
}

func endingNote(o overview) []view.Piece {
	all := "/search?kind=contract&sort=ending&ends_to=" + o.endsBy.String()
	note := []view.Piece{{Text: view.Plural(o.ending.Total, "contract ends", "contracts end") + " by " + view.Date(o.endsBy) + ". "}}
	if o.ending.Total > shownEnding {
		note = append(note, view.Piece{Text: "See all " + view.Number(o.ending.Total), Href: all}, view.Piece{Text: ". "})
	}
	if silent := countOf(o.contracts, search.FacetQuarter, search.NotStated); silent > 0 {
		note = append(note, view.Piece{Text: "Another " + view.Number(silent) + " of " + view.Plural(o.contracts.Total, "record", "records") + " do not say when they end."})
	}
	return note
}

// countOf is how many hits have a value of a facet.
func countOf(found search.Result, facet search.Facet, value string) int {
	for _, f := range found.Facets {
		for _, v := range f.Values {
			if f.Facet == facet && v.Value == value {
				return v.Count
			}
		}
	}
	return 0
}
