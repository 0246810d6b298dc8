package search_test

import (
	"slices"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/search"
)

func TestSkillsAreFoundByWhatTheyAre(t *testing.T) {
	w := newWorld(t)
	offer := func(id, title string, direction catalogue.OfferDirection, audience catalogue.Audience) *catalogue.Offer {
		return &catalogue.Offer{Meta: catalogue.Meta{ID: id}, Council: "E08000025", Direction: direction, Title: title, Text: "Has run discoveries with tenants", Role: catalogue.RoleUserResearch,
			Capabilities: []string{"housing-repairs"}, From: catalogue.MustDate("2027-02"), Until: catalogue.MustDate("2027-08"), Terms: catalogue.TermsFree, Audience: audience, Confirmed: now().Add(-time.Hour)}
	}
	filled := offer("filled", "Filled researcher", catalogue.Offering, catalogue.Public)
	filled.End = &catalogue.OfferEnd{At: now(), Filled: true}
	w.add(offer("public", "Researcher for everybody", catalogue.Offering, catalogue.Public), offer("councils", "Researcher for councils", catalogue.Offering, catalogue.Councils),
		offer("own", "Researcher kept back", catalogue.Offering, catalogue.Own), offer("seek", "Research wanted", catalogue.Seeking, catalogue.Councils), filled)
	w.catchUp()
	kinds := []catalogue.Kind{catalogue.KindOffer}
	for what, test := range map[string]struct {
		audience catalogue.Audience
		q        search.Query
		want     []string
	}{
		"anybody":              {catalogue.Public, search.Query{}, []string{"Researcher for everybody"}},
		"anybody, by word":     {catalogue.Public, search.Query{Text: "tenants"}, []string{"Researcher for everybody"}},
		"councils, offered":    {catalogue.Councils, search.Query{Directions: []string{"offer"}}, []string{"Researcher for councils", "Researcher for everybody"}},
		"councils, sought":     {catalogue.Councils, search.Query{Directions: []string{"seek"}}, []string{"Research wanted"}},
		"by kind of work":      {catalogue.Councils, search.Query{Roles: []string{"user-research"}, Directions: []string{"seek"}}, []string{"Research wanted"}},
		"by another":           {catalogue.Councils, search.Query{Roles: []string{"data"}}, nil},
		"by its words":         {catalogue.Councils, search.Query{Text: `"user research"`, Directions: []string{"seek"}}, []string{"Research wanted"}},
		"in its last quarter":  {catalogue.Public, search.Query{Quarters: []string{"2027-Q2"}}, []string{"Researcher for everybody"}},
		"in the quarter after": {catalogue.Public, search.Query{Quarters: []string{"2027-Q3"}}, nil},
		"in its first quarter": {catalogue.Public, search.Query{Quarters: []string{"2026-Q4"}}, []string{"Researcher for everybody"}},
		"in its region":        {catalogue.Public, search.Query{Regions: []string{"West Midlands"}}, []string{"Researcher for everybody"}},
		"with what is closed":  {catalogue.Public, search.Query{Ended: true}, []string{"Filled researcher", "Researcher for everybody"}},
	} {
		test.q.Kinds, test.q.Sort = kinds, search.ByName
		if got := titles(w.findAs(test.audience, test.q)); !slices.Equal(got, test.want) && len(got)+len(test.want) > 0 {
			t.Errorf("%s: %q, want %q", what, got, test.want)
		}
	}
	counts := map[string]int{}
	for _, f := range w.findAs(catalogue.Public, search.Query{Kinds: kinds, Facets: []search.Facet{search.FacetDirection, search.FacetRole}}).Facets {
		for _, v := range f.Values {
			counts[v.Label] = v.Count
		}
	}
	if len(counts) != 2 || counts["Offered"] != 1 || counts["User research"] != 1 {
		t.Errorf("anybody's counts: %v", counts)
	}
}
