package web

import (
	"context"
	"strings"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// nothing is what to do where a search finds nothing.
type nothing struct {
	Said []view.Piece
	Near []foundLink // the words as something is written
	Less []foundLink // the search without one of its parts
	Try  []view.Link
}

// foundLink leads to a search that finds something, and says how much.
type foundLink struct {
	Text  string
	Href  string
	Count string
}

// leaveOut takes the values out of a search that nobody knows, and says so: an old address still answers.
func (s *site) leaveOut(a *asked, who visitor) ([]string, error) {
	unknown, err := s.Index.Unknown(audience(who.actor), a.Query)
	var said []string
	for _, u := range unknown {
		if u.Facet == search.FacetKind && a.kind != "" {
			continue
		}
		var known []string
		for _, v := range a.Chosen(u.Facet) {
			if v != u.Value {
				known = append(known, v)
			}
		}
		a.Choose(u.Facet, known)
		said = append(said, "We do not know the "+lowerFirst(facetNoun(u.Facet))+" ‘"+u.Value+"’: left out.")
	}
	return said, err
}

// facetNoun is what one value of a facet is.
func facetNoun(f search.Facet) string {
	switch f {
	case search.FacetQuarter:
		return "quarter"
	case search.FacetStatus:
		return "status"
	}
	return facetLegend(f)
}

// nothing says what was sought and what to change.
func (s *site) nothing(ctx context.Context, who visitor, a asked, found search.Result) (*nothing, error) {
	ways, err := s.Index.Instead(ctx, audience(who.actor), a.Query)
	if err != nil {
		return nil, err
	}
	n := &nothing{Said: []view.Piece{{Text: "Nothing that you can see "}}}
	if a.Text == "" {
		n.Said = append(n.Said, view.Piece{Text: "fits these filters."})
	} else {
		n.Said = append(n.Said, view.Piece{Text: "fits "}, view.Piece{Text: a.Text, Strong: true}, view.Piece{Text: "."})
	}
	if len(ways.Missing) > 0 && len(strings.Fields(a.Text)) > 1 {
		n.Said = append(n.Said, view.Piece{Text: " No record has " + view.Sentence(quoted(ways.Missing)) + "."})
	}
	for _, near := range ways.Near {
		n.Near = append(n.Near, foundLink{near.Text, a.with(func(a *asked) { a.Text = near.Text }), results(near.Total)})
	}
	for _, w := range ways.Wider {
		if w.Facet == search.FacetKind && a.kind != "" {
			continue // what the page shows: there is a link to everything
		}
		n.Less = append(n.Less, foundLink{widerText(w, found), a.with(func(a *asked) { a.widen(w) }), results(w.Total)})
	}
	try := func(text, href string) { n.Try = append(n.Try, view.Link{Text: text, Href: href}) }
	if a.narrowed() {
		try("Remove all filters", a.widest().with(func(*asked) {}))
	}
	if a.Exact {
		try("Search for what the words mean as well", a.with(func(a *asked) { a.Exact = false }))
	}
	if plain := plainWords(a.Text); plain != a.Text && plain != "" {
		try("Search for ‘"+plain+"’, without quotation marks and minus signs", a.with(func(a *asked) { a.Text = plain }))
	}
	if a.kind != "" && a.Text != "" {
		try("Search everything", searchAddress(a.Text))
	}
	try("Browse platforms", "/platforms")
	try("Find a council", "/councils")
	return n, nil
}

func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = "‘" + w + "’"
	}
	return out
}

func results(n int) string { return view.Plural(n, "result", "results") }

// widen leaves out of a search what a way out leaves out.
func (a *asked) widen(w search.Wider) {
	switch {
	case w.Facet != "":
		a.Choose(w.Facet, nil)
	case w.Dates:
		a.EndsFrom, a.EndsTo = catalogue.Date{}, catalogue.Date{}
	case w.Ended:
		a.Ended = true
	default:
		a.Text = w.Query.Text
	}
}

// widerText says what a way out leaves out.
func widerText(w search.Wider, found search.Result) string {
	switch {
	case w.Dates:
		return "Whenever it ends"
	case w.Ended:
		return "Include what has ended"
	case w.Facet == "":
		return "Without ‘" + w.Word + "’"
	}
	return "Without the filter on " + lowerFirst(facetNoun(w.Facet)) + chosenLabels(w.Facet, found)
}

// chosenLabels lists in brackets the values of a facet that a search counted: where it found nothing, those that were
// chosen, for no other has a count of its own choice.
func chosenLabels(f search.Facet, found search.Result) string {
	var labels []string
	for _, count := range found.Facets {
		for _, v := range count.Values {
			if count.Facet == f && v.Count == 0 {
				labels = append(labels, v.Label)
			}
		}
	}
	if len(labels) == 0 || len(labels) > 3 {
		return ""
	}
	return " (" + strings.Join(labels, ", ") + ")"
}

// plainWords is a search without what narrows it: quotation marks, and words with a minus sign.
func plainWords(text string) string {
	var words []string
	for word := range strings.FieldsSeq(strings.NewReplacer(`"`, " ", "“", " ", "”", " ").Replace(text)) {
		if !strings.HasPrefix(word, "-") {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}
