package web

import (
	"net/url"
	"slices"
	"strings"

	"jointly/catalogue"
	"jointly/search"
)

// asked is a search as an address states it, so that it can be shared, and stated again with something changed.
type asked struct {
	search.Query
	path string         // of the page: /search, or a list that shows one kind
	kind catalogue.Kind // what the page is restricted to; empty: every kind
	all  search.Facet   // the facet whose every value is shown; empty: none
}

// ask reads a search from an address. What it cannot mean is Invalid.
func ask(path string, kind catalogue.Kind, values url.Values) (asked, error) {
	a := asked{path: path, kind: kind, all: search.Facet(values.Get("all"))}
	a.Text = strings.TrimSpace(values.Get("q"))
	a.Exact = values.Get("exact") == "1"
	a.Ended = values.Get("ended") == "1"
	a.Sort = search.Sort(values.Get("sort"))
	a.Cursor = values.Get("cursor")
	for _, f := range search.Facets() {
		a.Choose(f, slices.DeleteFunc(slices.Clone(values[string(f)]), func(v string) bool { return v == "" }))
	}
	if kind != "" {
		a.Kinds = []catalogue.Kind{kind}
	}
	var err error
	if a.EndsFrom, err = dateIn(values, "ends_from"); err != nil {
		return a, err
	}
	a.EndsTo, err = dateIn(values, "ends_to")
	return a, err
}

func dateIn(values url.Values, name string) (catalogue.Date, error) {
	d, err := catalogue.ParseDate(values.Get(name))
	if err != nil {
		return d, &catalogue.Error{Kind: catalogue.Invalid, Message: "There is a problem with this search", Err: err,
			Fields: []catalogue.FieldError{{Field: name, Message: "Write dates in the address as 2027-04-30"}}}
	}
	return d, nil
}

// values is the search as an address states it, without its place in the results.
func (a asked) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", a.Text)
	set("sort", string(a.Sort))
	set("ends_from", a.EndsFrom.String())
	set("ends_to", a.EndsTo.String())
	set("all", string(a.all))
	if a.Exact {
		v.Set("exact", "1")
	}
	if a.Ended {
		v.Set("ended", "1")
	}
	for _, f := range search.Facets() {
		if chosen := a.Chosen(f); len(chosen) > 0 && (f != search.FacetKind || a.kind == "") {
			v[string(f)] = chosen
		}
	}
	return v
}

// with is the address of the same search with something changed, from its first result.
func (a asked) with(change func(*asked)) string {
	a.Cursor = ""
	change(&a)
	v := a.values()
	if a.Cursor != "" {
		v.Set("cursor", a.Cursor)
	}
	if len(v) == 0 {
		return a.path
	}
	return a.path + "?" + v.Encode()
}

// narrowed says that something was chosen beside the words.
func (a asked) narrowed() bool {
	for _, f := range search.Facets() {
		if len(a.Chosen(f)) > 0 && (f != search.FacetKind || a.kind == "") {
			return true
		}
	}
	return !a.EndsFrom.IsZero() || !a.EndsTo.IsZero()
}

// widest is the same words without anything chosen.
func (a asked) widest() asked {
	return asked{path: a.path, kind: a.kind, Query: search.Query{Text: a.Text, Exact: a.Exact, Sort: a.Sort, Ended: a.Ended}}
}

// searchAddress is where some words are searched for.
func searchAddress(text string) string {
	if text == "" {
		return "/search"
	}
	return "/search?q=" + url.QueryEscape(text)
}
