package web

import (
	"cmp"
	"slices"
	"strings"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// shownValues is how many values of a facet a page shows before the rest is a link away.
const shownValues = 8

// facetsOf lists the facets that a page asks a search to count: those that it shows, and those that are chosen.
func facetsOf(a asked, shown []search.Facet) []search.Facet {
	out := slices.Clone(shown)
	for _, f := range search.Facets() {
		if (len(a.Chosen(f)) > 0 || a.all == f) && !slices.Contains(out, f) && (f != search.FacetKind || a.kind == "") {
			out = append(out, f)
		}
	}
	return out
}

// newFacets turns counts into filters: what is chosen is ticked, and never left out.
func newFacets(a asked, counts []search.FacetCount) []view.Facet {
	var out []view.Facet
	for n, count := range counts {
		if len(count.Values) == 0 {
			continue
		}
		chosen := a.Chosen(count.Facet)
		f := view.Facet{Legend: facetLegend(count.Facet), Name: string(count.Facet), Open: opens(count.Facet) || a.kind != "" && n == 0 || len(chosen) > 0 || a.all == count.Facet}
		values := inOrder(count)
		if count.Facet == search.FacetQuarter && a.kind == catalogue.KindOffer {
			f.Legend = "When"
		}
		for i, v := range values {
			ticked := slices.Contains(chosen, v.Value)
			if i >= shownValues && !ticked && a.all != count.Facet {
				continue
			}
			f.Choices = append(f.Choices, view.Choice{ID: choiceID(count.Facet, v.Value), Value: v.Value, Text: v.Label, Count: view.Number(v.Count), Checked: ticked})
		}
		if left := len(values) - len(f.Choices); left > 0 {
			f.More = &view.Link{Text: view.Number(left) + " more", Hidden: "in " + lowerFirst(f.Legend),
				Href: a.with(func(a *asked) { a.all = count.Facet })}
		}
		out = append(out, f)
	}
	return out
}

// choiceID names a filter by what it stands for, so that the focus stays on it when the filters around it change.
func choiceID(f search.Facet, value string) string {
	return "facet-" + string(f) + "-" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, value)
}

// inOrder puts quarters in the order of time and leaves the others with the most first.
func inOrder(count search.FacetCount) []search.FacetValue {
	values := slices.Clone(count.Values)
	if count.Facet == search.FacetQuarter {
		slices.SortStableFunc(values, func(a, b search.FacetValue) int {
			return cmp.Compare(a.Value, b.Value) // 2026-Q4 ... not-stated
		})
	}
	return values
}

// opens says that a facet is unfolded from the start.
func opens(f search.Facet) bool {
	return f == search.FacetKind || f == search.FacetQuarter || f == search.FacetRegion || f == search.FacetOwner
}

func facetLegend(f search.Facet) string {
	switch f {
	case search.FacetKind:
		return "Kind"
	case search.FacetArea:
		return "Area"
	case search.FacetCapability:
		return "Capability"
	case search.FacetCouncil:
		return "Council"
	case search.FacetRegion:
		return "Region or nation"
	case search.FacetSupplier:
		return "Supplier"
	case search.FacetCouncilType:
		return "Council type"
	case search.FacetStatus:
		return "Open or ended"
	case search.FacetStage:
		return "Stage"
	case search.FacetQuarter:
		return "Ends, or buying starts"
	case search.FacetRoute:
		return "Route to market"
	case search.FacetFunction:
		return "Function of the service"
	case search.FacetExample:
		return "Example of"
	case search.FacetDirection:
		return "Offered or sought"
	case search.FacetRole:
		return "Kind of work"
	case search.FacetOwner:
		return "Who offers or seeks"
	case search.FacetBody:
		return "Body"
	}
	return "Platform"
}
