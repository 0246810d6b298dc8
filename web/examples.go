package web

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/search"
	"jointly/web/view"
)

// exampleCrumbs lead to a page about examples.
func exampleCrumbs(more ...view.Crumb) []view.Crumb {
	return evidenceCrumbs(append([]view.Crumb{{Text: "Examples", Href: "/examples"}}, more...)...)
}

func (s *site) examples(c *gin.Context, who visitor) error {
	return s.list(c, who, listing{
		path: "/examples", section: "/evidence", kind: catalogue.KindExample, title: "Examples",
		lead:   "What councils did that others can take over: what it took, what changed, what can be reused and what went wrong. Each was reviewed before it was published.",
		label:  "Search examples",
		action: &view.Link{Text: "Write an example", Href: "/examples/new"},
		sort:   search.ByNewest,
		facets: []search.Facet{search.FacetExample, search.FacetFunction, search.FacetCapability, search.FacetRegion, search.FacetCouncilType},
		also:   []view.Piece{{Text: "Be told of new ones with "}, {Text: "the feed of examples", Href: "/examples.atom"}, {Text: "."}},
	})
}

// yourExamplesPage is what a council wrote, and what it does that others wrote.
type yourExamplesPage struct {
	view.Page
	Caption string
	Wrote   []view.Entry
	Adopted []view.Entry
	Write   *view.Button // nil: the visitor may not
	MayNot  string
}

func (s *site) yourExamples(c *gin.Context, who visitor) error {
	wrote, adopted, err := s.Catalogue.ExamplesOfCouncil(c, who.actor, who.actor.Org)
	if err != nil {
		return err
	}
	p := yourExamplesPage{Caption: who.org}
	for _, row := range wrote {
		p.Wrote = append(p.Wrote, ownExampleEntry(row))
	}
	for _, row := range adopted {
		p.Adopted = append(p.Adopted, adoptedEntry(row))
	}
	if catalogue.MayDo(who.actor, catalogue.WriteExample) {
		p.Write = &view.Button{Text: "Write an example", Href: "/examples/new"}
	} else {
		p.MayNot = mayNotWriteExamples
	}
	p.Page = s.page(c, who, "/evidence", "Your council’s examples")
	p.Crumbs = exampleCrumbs(view.Crumb{Text: "Your council’s examples"})
	return s.show(c, who, http.StatusOK, "your-examples", p)
}

const mayNotWriteExamples = "Your account can read only. An administrator of your council, or whoever runs this service, can let you write examples."

// ownExampleEntry is an example in the list of the council that wrote it, with what waits to be done.
func ownExampleEntry(row catalogue.ExampleRow) view.Entry {
	x := row.Example
	tag := exampleTag(x)
	e := view.Entry{Tag: &tag, Title: marked(x.Title(), x.Demonstration), Href: pagePath(catalogue.KindExample, x.ID)}
	var l line
	switch {
	case x.Waits():
		l.say("sent for review on " + view.Day(x.Asked))
	case x.Draft != nil:
		l.say("draft of " + view.Day(x.Changed))
		if n := len(x.Reviews); n > 0 && !x.Reviews[n-1].Published && !x.Reviews[n-1].At.Before(x.Latest) {
			l.strong("sent back on " + view.Day(x.Reviews[n-1].At))
		}
	}
	if x.Stands() {
		l.say("published on " + view.Day(x.Published)).say(adoptedWords(row.Figures))
	}
	e.Lines = saying(l)
	return e
}

// adoptedEntry is an example in the list of a council that does it too.
func adoptedEntry(row catalogue.ExampleRow) view.Entry {
	tag := adoptionTag(row.Adoption.Stage)
	e := view.Entry{Tag: &tag, Title: marked(row.Example.Title(), row.Example.Demonstration), Href: pagePath(catalogue.KindExample, row.Example.ID)}
	var l line
	l.say("by " + row.Council.Label())
	if !row.Adoption.Since.IsZero() {
		l.say("since " + view.Date(row.Adoption.Since))
	}
	if !row.Example.Stands() {
		l.strong("withdrawn since")
	}
	e.Lines = saying(l)
	return e
}

// exampleTag is how an example stands.
func exampleTag(x *catalogue.Example) view.Tag {
	switch {
	case x.End != nil:
		return view.Tag{Text: "Withdrawn", Classes: "govuk-tag--grey"}
	case x.Waits():
		return view.Tag{Text: "In review", Classes: "govuk-tag--blue"}
	case !x.IsPublic():
		return view.Tag{Text: "Draft", Classes: "govuk-tag--yellow"}
	case x.Draft != nil:
		return view.Tag{Text: "Change not sent", Classes: "govuk-tag--yellow"}
	}
	return view.Tag{Text: "Published", Classes: "govuk-tag--green"}
}

func adoptionTag(stage catalogue.AdoptionStage) view.Tag {
	switch stage {
	case catalogue.AdoptionLive:
		return view.Tag{Text: "Live", Classes: "govuk-tag--green"}
	case catalogue.AdoptionStarted:
		return view.Tag{Text: "Started", Classes: "govuk-tag--blue"}
	case catalogue.AdoptionStopped:
		return view.Tag{Text: "Stopped", Classes: "govuk-tag--grey"}
	}
	return view.Tag{Text: "Considering", Classes: "govuk-tag--yellow"}
}

// exampleFacts says in a line what an example is, and who does it too.
func exampleFacts(l *line, x *catalogue.Example, n catalogue.AdoptionFigures) {
	if x.End != nil {
		l.strong("withdrawn")
		return
	}
	if x.Text.Kind == catalogue.ComplexExample {
		l.say("complex intervention")
	}
	l.strong(adoptedWords(n))
}

// adoptedWords says how many councils are live with an example and how many have started; empty for none.
func adoptedWords(n catalogue.AdoptionFigures) string {
	var words []string
	for _, part := range []struct {
		n    int
		what string
	}{{n.Live, "live at "}, {n.Started, "started at "}} {
		if part.n > 0 {
			words = append(words, part.what+view.Plural(part.n, "other council", "other councils"))
		}
	}
	return view.Sentence(words)
}

// exampleEntries are published examples in a ledger.
func exampleEntries(rows []catalogue.ExampleRow) []view.Entry {
	var out []view.Entry
	for _, row := range rows {
		e := view.Entry{Title: marked(row.Example.Title(), row.Example.Demonstration), Href: pagePath(catalogue.KindExample, row.Example.ID)}
		var l, gist line
		l.say(place(row.Council))
		exampleFacts(&l, row.Example, row.Figures)
		gist.say(row.Example.Text.Summary)
		e.Lines = saying(l, gist)
		out = append(out, e)
	}
	return out
}

// examplesAbout are the published examples that name a service or a platform.
func (s *site) examplesAbout(ctx context.Context, actor catalogue.Actor, about catalogue.Key) ([]view.Entry, error) {
	rows, err := s.Catalogue.ExamplesOf(ctx, actor, about)
	return exampleEntries(rows), err
}

// examplesAt are what a council wrote and published, and what it says that it does too.
func (s *site) examplesAt(ctx context.Context, actor catalogue.Actor, council string) ([]view.Entry, error) {
	wrote, adopted, err := s.Catalogue.ExamplesOfCouncil(ctx, actor, council)
	var public []catalogue.ExampleRow
	for _, row := range wrote {
		if row.Example.Stands() {
			public = append(public, row)
		}
	}
	out := exampleEntries(public)
	for _, row := range adopted {
		if row.Example.Stands() && row.Adoption.GoesOn() {
			out = append(out, adoptedEntry(row))
		}
	}
	return out, err
}

// examplesAtom is the latest examples as a feed, as anybody sees them: feed readers do not sign in.
func (s *site) examplesAtom(c *gin.Context, _ visitor) error {
	found, err := s.Index.Search(c, catalogue.Public, search.Query{Kinds: []catalogue.Kind{catalogue.KindExample}, Sort: search.ByNewest, Limit: feedEntries})
	if err != nil {
		return err
	}
	items, r, err := s.read(c, catalogue.Anonymous(), found.Hits)
	if err != nil {
		return err
	}
	feed := exchange.AtomFeed{Title: "Jointly: examples from councils", Subtitle: "What councils did that others can take over, with what changed last",
		Base: strings.TrimSuffix(s.BaseURL, "/"), Self: "/examples.atom", Page: "/examples", Updated: atomEpoch()}
	for _, item := range items {
		x, ok := item.(*catalogue.Example)
		if !ok || !x.Stands() {
			continue
		}
		if x.Latest.After(feed.Updated) {
			feed.Updated = x.Latest
		}
		feed.Entries = append(feed.Entries, exchange.AtomEntry{Kind: "example", ID: x.ID, Title: marked(x.Text.Title, x.Demonstration),
			Path: pagePath(catalogue.KindExample, x.ID), Category: search.ExampleLabel(string(x.Text.Kind)), Updated: x.Latest,
			Summary: joined([]string{place(r.council(x.Council)), x.Text.Summary})})
	}
	var b bytes.Buffer
	if err := exchange.Atom(&b, feed); err != nil {
		return err
	}
	c.Header("Cache-Control", "public, max-age=300")
	c.Data(http.StatusOK, "application/atom+xml; charset=utf-8", b.Bytes())
	return nil
}
