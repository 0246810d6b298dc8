package search_test

import (
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/search"
)

// told is an example that a council published.
func told(id, council string, kind catalogue.ExampleKind, services ...int) *catalogue.Example {
	day := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	x := &catalogue.Example{Meta: catalogue.Meta{ID: id}, Council: council, Published: day, Latest: day, Text: catalogue.ExampleText{Title: "Quagga " + id, Kind: kind,
		Summary: "Stripes.", ForWhom: "All", Done: "Grazed the verges.", Services: services, Capabilities: []string{"waste"}, People: "A herder", Months: 3, Talk: true, Wrong: "Thistles",
		Changed: []catalogue.Measure{{What: "Verges", After: "12", Method: catalogue.Estimated, By: "us", When: catalogue.MustDate("2026-05")}}}}
	if kind == catalogue.ComplexExample {
		x.Text.About, x.Text.Partners, x.Text.DataShared, x.Text.LegalBasis = []string{"other"}, []string{"A zoo"}, "None", "None is needed"
	}
	return x
}

func TestExamplesAreFoundAndNarrowed(t *testing.T) {
	w := newWorld(t)
	draft := told("draft", leeds, catalogue.ServiceExample, 524)
	draft.Published, draft.Latest, draft.Draft, draft.Text = time.Time{}, time.Time{}, &draft.Text, catalogue.ExampleText{}
	text := told("draft", leeds, catalogue.ServiceExample, 524).Text
	draft.Draft = &text
	changed := told("changed", leeds, catalogue.ServiceExample, 524, 528)
	hidden := changed.Text
	hidden.Title = "Okapi"
	changed.Draft = &hidden
	gone := told("gone", birmingham, catalogue.ServiceExample, 474)
	gone.End = &catalogue.ExampleEnd{At: gone.Latest, Reason: "Over"}
	w.add(draft, changed, gone, told("complex", haringey, catalogue.ComplexExample))
	w.catchUp()
	for _, audience := range []catalogue.Audience{catalogue.Public, catalogue.Councils} {
		for _, test := range []struct {
			what string
			q    search.Query
			want int
		}{
			{"all", search.Query{Kinds: []catalogue.Kind{catalogue.KindExample}}, 2},
			{"with what was withdrawn", search.Query{Kinds: []catalogue.Kind{catalogue.KindExample}, Ended: true}, 3},
			{"a word", search.Query{Text: "grazed", Exact: true}, 2},
			{"what a change would say", search.Query{Text: "okapi", Exact: true}, 0},
			{"what a withdrawn one said", search.Query{Text: "thistles", Exact: true, Ended: true}, 2},
			{"its kind", search.Query{Examples: []string{"complex"}}, 1},
			{"the function of the service", search.Query{Kinds: []catalogue.Kind{catalogue.KindExample}, Functions: []string{"Environmental protection"}}, 1},
			{"a region", search.Query{Kinds: []catalogue.Kind{catalogue.KindExample}, Regions: []string{"London"}}, 1},
			{"a type", search.Query{Kinds: []catalogue.Kind{catalogue.KindExample}, CouncilTypes: []string{"Metropolitan district"}}, 1},
		} {
			if got := w.findAs(audience, test.q); got.Total != test.want {
				t.Errorf("%s, as %s: %d found, want %d: %v", test.what, audience, got.Total, test.want, titles(got))
			}
		}
	}
	q := search.Query{Kinds: []catalogue.Kind{catalogue.KindExample}, Facets: []search.Facet{search.FacetFunction, search.FacetExample}}
	for _, f := range w.find(q).Facets {
		for _, v := range f.Values {
			if f.Facet == search.FacetExample && v.Value == "complex" && v.Label != "Complex intervention" || v.Count != 1 {
				t.Errorf("%s counts %+v", f.Facet, v)
			}
		}
	}
}
