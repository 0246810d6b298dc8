package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/facts"
	"jointly/web/view"
)

// find is the address of the page of the record of a kind with this title, found by a search for it.
func (b *browser) find(kind catalogue.Kind, title string) string {
	b.t.Helper()
	p := b.get(searchAddress(title) + "&ended=1&kind=" + string(kind)).is(http.StatusOK)
	for i, found := range p.texts(".jy-result__title") {
		if found == title {
			return p.attributes(".jy-result__title a", "href")[i]
		}
	}
	b.t.Fatalf("no %s with the title %q among %q", kind, title, p.texts(".jy-result__title"))
	return ""
}

// TestSearchAndLists looks at one site; nothing in it writes.
func TestSearchAndLists(t *testing.T) {
	w := demoWorld(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *world)
	}{
		{"home says what ends next", checkHomeSaysWhatEndsNext},
		{"home counts what the visitor may see", checkHomeCountsWhatTheVisitorMaySee},
		{"search says what it understood", checkSearchSaysWhatItUnderstood},
		{"search narrows by filters", checkSearchNarrowsByFilters},
		{"search hides what has ended", checkSearchHidesWhatHasEnded},
		{"search goes on where the page ended", checkSearchGoesOnWhereThePageEnded},
		{"search that finds nothing says what to change", checkSearchThatFindsNothingSaysWhatToChange},
		{"search suggests names", checkSearchSuggestsNames},
		{"search leaves out what nobody knows", checkSearchLeavesOutWhatNobodyKnows},
		{"lists show one kind", checkListsShowOneKind},
		{"API answers as the public may see", checkAPIAnswersAsThePublicMaySee},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, w.in(t)) })
	}
}

func TestTemplatesFitTheirData(t *testing.T) {
	w := emptyWorld(t)
	for page, data := range map[string]any{
		"home": homePage{}, "search": searchPage{}, "platform": platformPage{}, "contract": contractPage{}, "council": councilPage{},
		"councils": councilsPage{}, "supplier": supplierPage{}, "service": servicePage{}, "demand": demandPage{}, "about": aboutPage{},
		"sources": sourcesPage{}, "accessibility": textPage{}, "privacy": textPage{},
	} {
		if err := w.templates.Check(page, data); err != nil {
			t.Error(err)
		}
	}
}

func TestEmptyCatalogueSaysWhatToDo(t *testing.T) {
	b := emptyWorld(t).anonymous()
	for address, says := range map[string]string{
		"/":                   "Find your council",
		"/search":             "382", // the councils of the register
		"/platforms":          "Nothing that you can see",
		"/intentions":         "Nothing that you can see",
		"/groups":             "Nothing that you can see",
		"/demand":             "No need that is public",
		"/councils/E07000128": "not the same as none",
		"/services/57":        "No platform for it is listed yet",
	} {
		b.get(address).is(http.StatusOK).has("main", says)
	}
}

func checkHomeSaysWhatEndsNext(t *testing.T, w *world) {
	p := w.anonymous().get("/").is(http.StatusOK)
	p.has("title", "Jointly")
	if rows := p.all("#ending tbody tr"); len(rows) != shownEnding {
		t.Errorf("%d contracts, want %d", len(rows), shownEnding)
	}
	p.has("#ending tbody tr", "30 November 2026 7 days The extension of the CCTV Maintenance Contract Haringey £2,736,668")
	p.has("#ending", "do not say when they end")
	p.has(".jy-counts__item", "contracts and notices")
	p.has("#groups .jy-ledger__item", "join by")
	p.has("#areas .jy-tally__item", "Parking and transport")
	if len(p.all("#areas .jy-tally__item")) != shownAreas {
		t.Error("the areas run on")
	}
}

func checkHomeCountsWhatTheVisitorMaySee(t *testing.T, w *world) {
	open := func(b *browser) string { return b.get("/").is(http.StatusOK).texts(".jy-counts__number")[2] }
	anybody, officer, supplier := open(w.anonymous()), open(w.as("lead@")), open(w.as("sales@"))
	if anybody == officer || anybody != supplier {
		t.Errorf("open intentions: %s for anybody, %s for a supplier, %s for a council's officer", anybody, supplier, officer)
	}
}

func checkSearchSaysWhatItUnderstood(t *testing.T, w *world) {
	b := w.anonymous()
	p := b.get("/search?q=revs+and+bens").is(http.StatusOK)
	p.has(".jy-understood", "We understood Revenues and benefits")
	p.has(".jy-result__title", "NEC Revenues & Benefits")
	p.has(".jy-result__why mark", "Revenues and benefits")
	p.has(".jy-result strong", "ends April 2027")
	exact := p.attributes(".jy-understood a", "href")[0]
	fewer := b.get(exact).is(http.StatusOK)
	fewer.has(".jy-understood", "exact words only")
	if slices.Equal(p.texts("h2"), fewer.texts("h2")) {
		t.Errorf("exact words find as much: %q", fewer.texts("h2"))
	}
	b.get("/search?q=revenuse").is(http.StatusOK).has(".jy-understood", "Showing results for")
}

func checkSearchNarrowsByFilters(t *testing.T, w *world) {
	b := w.anonymous()
	p := b.get("/search?q=parking&kind=contract&region=London&sort=ending").is(http.StatusOK)
	for _, kind := range p.texts(".jy-result__kind") {
		if kind != "Contract" && kind != "Tender" && kind != "Plan" {
			t.Errorf("a %s among contracts", kind)
		}
	}
	if ticked := p.attributes("#facets input[checked]", "value"); !slices.Equal(ticked, []string{"contract", "London"}) {
		t.Errorf("ticked: %q", ticked)
	}
	if kept := p.attributes("form[data-live] input[type=hidden]", "value"); !slices.Equal(kept, []string{"parking", "ending"}) {
		t.Errorf("the filters carry %q", kept)
	}
	quarters := b.get("/search?ended=1&all=quarter").attributes("#group-quarter input", "value")
	if len(quarters) <= shownValues || !slices.IsSorted(quarters) {
		t.Errorf("quarters are not all there in order: %q", quarters)
	}
	if n := len(b.get("/search").all("#group-capability input")); n != shownValues {
		t.Errorf("%d capabilities are shown at first", n)
	}
}

func checkSearchHidesWhatHasEnded(t *testing.T, w *world) {
	b := w.anonymous()
	p := b.get("/search?q=%22Northgate+Housing+system+contract+modification%22").is(http.StatusOK)
	p.hasNot(".jy-result__title", "Northgate Housing system contract modification")
	include := p.attributes("#results a", "href")
	i := slices.IndexFunc(include, func(href string) bool { return strings.Contains(href, "ended=1") })
	if i < 0 {
		t.Fatalf("no way to include what has ended: %q", include)
	}
	b.get(include[i]).is(http.StatusOK).has(".jy-result strong", "ended March 2023")
}

func checkSearchGoesOnWhereThePageEnded(t *testing.T, w *world) {
	b := w.anonymous()
	p := b.get("/search?kind=contract&ended=1&sort=newest").is(http.StatusOK)
	seen := map[string]bool{}
	for pages := 1; ; pages++ {
		for _, href := range p.attributes(".jy-result__title a", "href") {
			if seen[href] {
				t.Fatalf("page %d shows %s again", pages, href)
			}
			seen[href] = true
		}
		next := p.attributes(".govuk-pagination__next a", "href")
		if len(next) == 0 {
			break
		}
		p = b.get(next[0]).is(http.StatusOK)
	}
	if total := view.Plural(len(seen), "result", "results"); p.text("#results h2") != total {
		t.Errorf("%d results were shown, the page says %s", len(seen), p.text("#results h2"))
	}
}

func checkSearchThatFindsNothingSaysWhatToChange(t *testing.T, w *world) {
	b := w.anonymous()
	p := b.get("/search?q=zzqx+-council&region=London").is(http.StatusOK)
	p.has("#results h2", "No results")
	p.has(".jy-empty", "zzqx -council")
	for _, says := range []string{"Remove all filters", "Search for ‘zzqx’", "Find a council"} {
		p.has(".jy-empty a", says)
	}
	p.has("#results a", "List this as a need")

	// What is offered with a count finds that much.
	p = b.get("/search?q=parking&region=London&supplier=jadu").is(http.StatusOK)
	p.has("#results h2", "No results")
	p.has(".jy-understood", "We understood")
	offered := p.attributes(".jy-ways a", "href")
	counts := p.texts(".jy-ways li")
	if len(offered) == 0 {
		t.Fatal("nothing with a count is offered")
	}
	for i, href := range offered {
		_, count, _ := strings.Cut(counts[i], ": ")
		if got := b.get(href).is(http.StatusOK).text("#results h2"); got != count {
			t.Errorf("%s says %s, finds %s", counts[i], count, got)
		}
	}
	p = b.get("/search?q=Leister")
	p.has(".jy-empty", "Did you mean")
	p.has(".jy-empty a", "Leicester")
}

func checkSearchSuggestsNames(t *testing.T, w *world) {
	for typed, want := range map[string]string{
		"leed": `["Leeds"]`, "spyd": `["Spydus"]`, "quillbrook s": `["Quillbrook Systems (demonstration)"]`, "revenues and b": "Revenues and benefits", "": "[]",
	} {
		if got := w.anonymous().get("/search/suggest?q=" + strings.ReplaceAll(typed, " ", "+")).is(http.StatusOK).body; !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", typed, got, want)
		}
	}
	w.anonymous().get("/search/suggest?q=%ff").is(http.StatusBadRequest)
}

func checkSearchLeavesOutWhatNobodyKnows(t *testing.T, w *world) {
	b := w.anonymous()
	p := b.get("/search?q=parking&region=Atlantis&region=London").is(http.StatusOK)
	p.has("#results", "We do not know the region or nation ‘Atlantis’: left out.")
	if known := b.get("/search?q=parking&region=London"); known.text("#results h2") != p.text("#results h2") {
		t.Errorf("%s with what nobody knows, %s without", p.text("#results h2"), known.text("#results h2"))
	}
	for _, href := range p.attributes("#results a, #facets a", "href") {
		if strings.Contains(href, "Atlantis") {
			t.Errorf("%s still asks for it", href)
		}
	}
}

func TestSearchRefusesWhatItCannotMean(t *testing.T) {
	b := emptyWorld(t).anonymous()
	for address, status := range map[string]int{
		"/search?sort=sideways":                  http.StatusBadRequest,
		"/search?cursor=nonsense":                http.StatusBadRequest,
		"/search?ends_to=soon":                   http.StatusBadRequest,
		"/search?q=%ff":                          http.StatusBadRequest,
		"/search?q=a%00b":                        http.StatusBadRequest,
		"/search?q=" + strings.Repeat("a", 3000): http.StatusRequestEntityTooLarge,
		"/search?kind=nothing":                   http.StatusOK,
		"/demand?year=soon&area=nowhere":         http.StatusOK,
		"/councils?reorganisation=nowhere":       http.StatusOK,
		"/councils/E99999999":                    http.StatusNotFound,
		"/platforms/nothing":                     http.StatusNotFound,
		"/contracts/nothing":                     http.StatusNotFound,
		"/suppliers/nothing":                     http.StatusNotFound,
		"/services/none":                         http.StatusNotFound,
		"/services/99999":                        http.StatusNotFound,
	} {
		b.get(address).is(status).hasNot("main", "error:")
	}
}

func checkListsShowOneKind(t *testing.T, w *world) {
	for address, kind := range map[string]string{"/platforms": "Platform", "/intentions": "Intention", "/groups": "Group"} {
		p := w.anonymous().get(address).is(http.StatusOK)
		if kinds := slices.Compact(p.texts(".jy-result__kind")); !slices.Equal(kinds, []string{kind}) {
			t.Errorf("%s shows %q", address, kinds)
		}
		if len(p.all("#group-kind")) > 0 {
			t.Errorf("%s asks for the kind", address)
		}
		p.has(".jy-lead a", "List a ")
		if links := w.as("sales@").get(address).all(".jy-lead a"); len(links) > 0 {
			t.Errorf("%s asks a supplier to list", address)
		}
	}
	p := w.anonymous().get("/platforms")
	if titles := p.texts(".jy-result__title"); titles[0] != "8x8 UCaaS Contact Centre" {
		t.Errorf("platforms begin with %q", titles[0])
	}
}

func TestReadyOnceTheIndexFollows(t *testing.T) {
	w := emptyWorld(t)
	b := w.anonymous()
	if p := b.get("/healthz").is(http.StatusOK); p.body != "alive\n" {
		t.Errorf("healthz says %q", p.body)
	}
	b.get("/readyz").is(http.StatusOK)
	known, err := facts.Load()
	must(t, err)
	_, err = w.Catalogue.Import(t.Context(), catalogue.Operator("test"), known.Items(), catalogue.ImportOptions{})
	must(t, err)
	if p := b.get("/readyz").is(http.StatusServiceUnavailable); !strings.Contains(p.body, "changes behind") {
		t.Errorf("readyz says %q", p.body)
	}
	w.catchUp()
	b.get("/readyz").is(http.StatusOK)
}

func checkAPIAnswersAsThePublicMaySee(t *testing.T, w *world) {
	if a, b := w.anonymous().get("/api/v1/search?kind=intention").is(http.StatusOK), w.as("lead@").get("/api/v1/search?kind=intention").is(http.StatusOK); a.body != b.body {
		t.Error("an officer's session changes what the API answers")
	}
	w.anonymous().get("/api/v1/openapi.json").is(http.StatusOK)
	p := w.anonymous().get("/api/v1/search?q=%ff").is(http.StatusBadRequest)
	if got := p.header["Content-Type"]; len(got) != 1 || got[0] != "application/problem+json" {
		t.Errorf("the problem comes as %q", got)
	}
}
