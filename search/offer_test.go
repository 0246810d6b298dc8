package search_test

import (
	"maps"
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

func TestWhatABodyOffersIsFoundByItsName(t *testing.T) {
	w := newWorld(t)
	body := &catalogue.Body{Meta: catalogue.Meta{ID: "the-agency"}, Name: "The Agency", Kind: catalogue.CentralBody, Source: "Its website"}
	offer := func(id, council, body string, audience catalogue.Audience) *catalogue.Offer {
		return &catalogue.Offer{Meta: catalogue.Meta{ID: id}, Council: council, Body: body, Direction: catalogue.Offering, Title: "Analyst " + id, Role: catalogue.RoleData,
			Terms: catalogue.TermsFree, Audience: audience, Confirmed: now().Add(-time.Hour)}
	}
	w.add(body)
	w.add(offer("council", "E08000025", "", catalogue.Public), offer("shown", "", "the-agency", catalogue.Public), offer("kept", "", "the-agency", catalogue.Councils))
	w.catchUp()
	kinds, facets := []catalogue.Kind{catalogue.KindOffer}, []search.Facet{search.FacetOwner, search.FacetBody, search.FacetRegion}
	find := func(audience catalogue.Audience, q search.Query) search.Result {
		q.Kinds, q.Sort, q.Facets = kinds, search.ByName, facets
		return w.findAs(audience, q)
	}
	for what, test := range map[string]struct {
		audience catalogue.Audience
		q        search.Query
		want     []string
	}{
		"central, for anybody":  {catalogue.Public, search.Query{Owners: []string{"central"}}, []string{"Analyst shown"}},
		"central, for councils": {catalogue.Councils, search.Query{Owners: []string{"central"}}, []string{"Analyst kept", "Analyst shown"}},
		"of councils":           {catalogue.Public, search.Query{Owners: []string{search.OwnerCouncil}}, []string{"Analyst council"}},
		"of the sector":         {catalogue.Public, search.Query{Owners: []string{"sector"}}, nil},
		"of the body":           {catalogue.Public, search.Query{Bodies: []string{"the-agency"}}, []string{"Analyst shown"}},
		"by its name":           {catalogue.Public, search.Query{Text: `"the agency"`}, []string{"Analyst shown"}},
	} {
		if got := titles(find(test.audience, test.q)); !slices.Equal(got, test.want) && len(got)+len(test.want) > 0 {
			t.Errorf("%s: %q, want %q", what, got, test.want)
		}
	}
	counts := func(audience catalogue.Audience) map[string]int {
		out := map[string]int{}
		for _, f := range find(audience, search.Query{}).Facets {
			for _, v := range f.Values {
				out[v.Label] = v.Count
			}
		}
		return out
	}
	if got, want := counts(catalogue.Public), map[string]int{"Councils": 1, "Central government": 1, "The Agency": 1, "West Midlands": 1}; !maps.Equal(got, want) {
		t.Errorf("anybody's counts: %v", got)
	}
	if got := counts(catalogue.Councils); got["The Agency"] != 2 {
		t.Errorf("councils' counts: %v", got)
	}
	// Under its new name once it has one; a wrong owner has no meaning, one that nobody is yet has.
	if _, err := w.cat.SaveBody(t.Context(), catalogue.Operator("test"), catalogue.Body{Meta: catalogue.Meta{ID: "the-agency", Version: version(t, w, body)}, Name: "The Bureau", Kind: catalogue.SectorBody, Source: "Its website"}); err != nil {
		t.Fatal(err)
	}
	w.catchUp()
	if got := titles(find(catalogue.Public, search.Query{Text: "bureau", Owners: []string{"sector"}})); !slices.Equal(got, []string{"Analyst shown"}) {
		t.Errorf("under its new name: %q", got)
	}
	if got := counts(catalogue.Public); got["The Bureau"] != 1 || got["The Agency"] != 0 {
		t.Errorf("counts under its new name: %v", got)
	}
	unknown, err := w.index.Unknown(catalogue.Public, search.Query{Owners: []string{"central", "sector", "nobody"}})
	if err != nil || len(unknown) != 1 || unknown[0].Value != "nobody" {
		t.Errorf("unknown: %v %v", unknown, err)
	}
}

// version is the present version of a record.
func version(t *testing.T, w *world, item catalogue.Item) uint64 {
	t.Helper()
	found, err := w.cat.Load(t.Context(), catalogue.Operator("test"), []catalogue.Key{item.Key()})
	if err != nil || found[0] == nil {
		t.Fatal(err)
	}
	return catalogue.MetaOf(found[0]).Version
}
