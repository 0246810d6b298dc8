package search_test

import (
	"slices"
	"testing"

	"jointly/catalogue"
	"jointly/search"
)

// platform is a platform of a supplier for some capabilities.
func platform(id, name, supplier string, capabilities ...string) *catalogue.Platform {
	return &catalogue.Platform{Meta: catalogue.Meta{ID: id}, Name: name, Supplier: supplier, Capabilities: capabilities, Summary: "For councils."}
}

// intentWorld has platforms, contracts, intentions for parking and libraries, and a council's contract.
func intentWorld(t *testing.T) *world {
	w := newWorld(t)
	okapi := bought("okapi", leeds, "Okapi Streetwise", "Okapi Streetwise Ltd", "2029-01-01")
	w.add(
		platform("okapi-kerb", "Okapi Kerb", "Okapi Streetwise Ltd", "parking"),
		platform("wombat-shelf", "Wombat Shelf", "Wombat", "libraries"),
		platform("wombat-all", "Wombat Everything", "Wombat", "libraries", "parking"),
		need("park", leeds, "Parking", "Parking enforcement and parking permits."),
		need("shelf", haringey, "Library management system", "Library."),
		bought("parked", leeds, "Parking parking parking", "Quagga", "2029-01-01"),
		bought("shelved", haringey, "Libraries: library management", "Wombat", "2029-01-01"),
		okapi,
	)
	w.catchUp()
	return w
}

func TestWhatAQueryIsAfterComesFirst(t *testing.T) {
	w := intentWorld(t)
	for text, want := range map[string][]string{
		"parking":                              {"Okapi Kerb", "Wombat Everything"}, // the main capability before the other
		"parking systems":                      {"Okapi Kerb", "Wombat Everything"},
		"what do councils use for parking?":    {"Okapi Kerb", "Wombat Everything"},
		"cheapest way to run parking abroad":   {"Okapi Kerb", "Wombat Everything"},
		"parking contracts":                    {"Parking parking parking"},
		"who else is buying a library system?": {"Library management system"},
		"Leeds parking":                        {"Parking", "Parking parking parking"},
		"Wombat":                               {"Wombat", "Wombat Shelf", "Wombat Everything"}, // the supplier, then its platforms
		"Okapi Streetwise":                     {"Okapi Streetwise"},
		"Wombat libraries":                     {"Wombat Shelf", "Wombat Everything"},
		"Wombat contracts":                     {"Libraries: library management"},
		"library management system":            {"Wombat Shelf", "Wombat Everything"},
		"Leeds":                                {"Leeds"},
	} {
		got := titles(w.find(search.Query{Text: text}))
		first := slices.Clone(got[:min(len(got), len(want))])
		if text == "Wombat" || text == "Leeds parking" {
			slices.Sort(first[min(1, len(first)):])
			want = slices.Clone(want)
			slices.Sort(want[1:])
		}
		if text == "Leeds parking" {
			slices.Sort(first)
			slices.Sort(want)
		}
		if !slices.Equal(first, want) {
			t.Errorf("%s: %q, want %q first", text, got[:min(len(got), 6)], want)
		}
	}
}

func TestWordsOfAQuestionAreTold(t *testing.T) {
	w := intentWorld(t)
	got := w.find(search.Query{Text: "parking wanderlust"})
	if !slices.Equal(got.Loose, []string{"wanderlust"}) || got.All == 0 {
		t.Errorf("loose %q, %d with the rest", got.Loose, got.All)
	}
	if got := w.find(search.Query{Text: "parking wanderlust", Exact: true}); len(got.Loose) > 0 || got.All > 0 {
		t.Errorf("these exact words: loose %q, %d with all", got.Loose, got.All)
	}
}

func TestWhatIsForTheSameAsAProductThatIsNotListed(t *testing.T) {
	w := intentWorld(t)
	w.add(need("ringgo", leeds, "Okapi fees", "Now RingGo"))
	w.catchUp()
	got := w.find(search.Query{Text: "RingGo"})
	if got.All != 1 || !got.Alike || got.Total < 3 || got.Hits[0].Title != "Okapi fees" || got.Hits[1].Key.Kind != catalogue.KindPlatform {
		t.Errorf("%d with the name of %d, alike: %v, %q", got.All, got.Total, got.Alike, titles(got))
	}
	w.add(platform("ringgo", "RingGo", "RingGo", "parking"))
	w.catchUp()
	if got := w.find(search.Query{Text: "RingGo"}); got.Alike || got.Total != got.All {
		t.Errorf("once it is listed: %d with the name of %d, alike: %v", got.All, got.Total, got.Alike)
	}
}

func TestAreasAndPiecesOfCapabilitiesAreUnderstood(t *testing.T) {
	w := newWorld(t)
	w.add(
		platform("quagga-homes", "Quagga Homes", "Quagga", "housing-mgmt"), platform("quagga-pay", "Quagga Till", "Quagga", "payments-income"),
	)
	w.catchUp()
	for text, want := range map[string]string{"housing": "Quagga Homes", "payments": "Quagga Till", "Quagga housing": "Quagga Homes"} {
		got := w.find(search.Query{Text: text})
		if len(got.Hits) == 0 || got.Hits[0].Title != want || len(got.Understood.Phrases) == 0 {
			t.Errorf("%s: %q, understood %v", text, titles(got), got.Understood)
		}
	}
}
