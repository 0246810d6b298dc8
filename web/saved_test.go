package web

import (
	"archive/zip"
	"encoding/csv"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// save keeps a search, and gives its page's address.
func (b *browser) save(address string, changes url.Values) string {
	b.t.Helper()
	form := b.get("/searches/new?" + url.Values{"address": {address}}.Encode()).is(http.StatusOK).form("/searches/new")
	return b.post("/searches/new", with(form, changes)).is(http.StatusSeeOther).location()
}

// look does what the job does: it brings the index up to date and looks for news.
func (w *world) look(a *Alerts) {
	w.t.Helper()
	w.catchUp()
	for more := true; more; {
		var err error
		more, err = a.Look(w.t.Context(), 2)
		must(w.t, err)
	}
}

func TestASearchIsSavedAndTellsWhatIsNew(t *testing.T) {
	w := councilsWorld(t)
	officer, other := w.officer(thornmere, catalogue.RoleViewer), w.officer(ambleford, catalogue.RoleLead)
	alerts := NewAlerts(w.Catalogue, w.Index)
	first := other.list("Parking permits for residents", nil)
	w.catchUp()
	results := officer.get("/search?q=parking&kind=intention").is(http.StatusOK)
	results.has("#keep button", "Save this search")
	address := results.attributes("#keep input[name=address]", "value")[0]
	p := officer.get("/searches/new?" + url.Values{"address": {address}}.Encode()).is(http.StatusOK)
	p.has("main li", "Words: parking")
	p.has("main li", "Kind: Intention")
	p.wellFormed()
	p = officer.post("/searches/new", with(p.form("/searches/new"), url.Values{"name": {""}, "told": {"weekly"}})).is(http.StatusBadRequest)
	p.has(".govuk-error-message", "Enter a name")
	if kept := p.form("/searches/new"); kept.Get("told") != "weekly" || kept.Get("address") != address {
		t.Errorf("the form keeps %v", kept)
	}
	page := officer.save(address, url.Values{"name": {"Permits"}, "told": {"look"}})
	officer.get(page).is(http.StatusOK).hasNot("#new", "residents")
	w.look(alerts)
	officer.get(page).has("#new", "Nothing yet")

	second := other.list("Parking permits for visitors", nil)
	other.list("Waste collection rounds", nil)
	w.look(alerts)
	p = officer.get(page).is(http.StatusOK)
	p.wellFormed()
	if got := p.texts("#new h3"); !slices.Equal(got, []string{"New Parking permits for visitors"}) {
		t.Errorf("new are %q", got)
	}
	p.has("#new", "It has ‘parking’")
	p.has("#new", "It fits your filters: Kind: Intention")
	officer.get("/searches").has("main", "1 new")
	officer.get("/desk").has("#kept", "Saved searches: 1 new")
	// What others may not see is no change.
	other.change(second, "notes", "Changed, and nobody's business").is(http.StatusSeeOther)
	officer.post(page+"/seen", url.Values{}).is(http.StatusSeeOther)
	other.change(first, "notes", "Ours alone").is(http.StatusSeeOther)
	w.look(alerts)
	officer.get(page).has("#new", "Nothing yet")
	other.change(first, "title", "Parking permits for everybody").is(http.StatusSeeOther)
	w.look(alerts)
	officer.get(page).has("#new h3", "Changed Parking permits for everybody")
	// Withdrawn, it is no news any more.
	other.post(first+"/withdraw", url.Values{"reason": {"No money"}}).is(http.StatusSeeOther)
	w.look(alerts)
	officer.get(page).hasNot("#new", "everybody")

	// Nobody else sees the saved search; the results' own address is for all.
	for name, b := range map[string]*browser{"a colleague": w.officer(thornmere, catalogue.RoleAdmin), "another council": other, "a supplier": w.supplier()} {
		if p := b.get(page); p.status != http.StatusNotFound || strings.Contains(p.body, "Permits") {
			t.Errorf("%s gets %d", name, p.status)
		}
		b.get(address).is(http.StatusOK)
	}
	form := officer.get(page).form(page)
	officer.post(page, with(form, url.Values{"name": {"Renamed"}, "told": {"daily"}})).is(http.StatusSeeOther)
	officer.get(page).is(http.StatusOK).has("h1", "Renamed")
	officer.post(page+"/delete", url.Values{}).is(http.StatusSeeOther)
	officer.get(page).is(http.StatusNotFound)
	officer.get("/searches").has(".jy-empty", "You have saved no search yet")
}

// TestASupplierIsToldOfWhatIsPublic: a councils' need is no news to it until it is public.
func TestASupplierIsToldOfWhatIsPublic(t *testing.T) {
	w := councilsWorld(t)
	seller, council := w.supplier(), w.officer(ambleford, catalogue.RoleLead)
	alerts := NewAlerts(w.Catalogue, w.Index)
	w.catchUp()
	page := seller.save("/intentions?q=parking", url.Values{"name": {"Parking"}, "told": {"inbox"}})
	need := council.list("Zebrawood parking", nil)
	w.look(alerts)
	seller.get(page).hasNot("main", "Zebrawood")
	council.change(need, "visibility", "public").is(http.StatusSeeOther)
	w.look(alerts)
	seller.get(page).has("#new h3", "New Zebrawood parking")
	_, err := w.Catalogue.SendSearches(t.Context())
	must(t, err)
	seller.get("/inbox").is(http.StatusOK).has("main h3", "1 new result: Parking")
	seller.get("/inbox").has("main", "You are told because you saved this search.")
	council.change(need, "visibility", "councils").is(http.StatusSeeOther)
	seller.get(page).hasNot("main", "Zebrawood") // read anew when it is shown
}

// TestFeedsHoldWhatAnybodyMaySee, whoever made them.
func TestFeedsHoldWhatAnybodyMaySee(t *testing.T) {
	w := demoWorld(t)
	w.add(canaries()...)
	officer := w.as("lead@")
	page := officer.save("/search?q=parking&ended=1", url.Values{"name": {"Zebraname"}, "told": {"look"}})
	officer.post(page+"/feed", url.Values{"action": {"renew"}}).is(http.StatusSeeOther)
	p := officer.get(page).is(http.StatusOK)
	secret := p.text("#feed code")
	path := strings.TrimPrefix(secret, "http://jointly.example")
	if !strings.HasPrefix(path, "/feeds/searches/") || len(path) < 60 || !strings.Contains(strings.Join(p.header["Cache-Control"], ""), "no-store") {
		t.Fatalf("the address is %q", secret)
	}
	var feed struct {
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Links   []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
			Summary string `xml:"summary"`
		} `xml:"entry"`
	}
	for _, address := range []string{path, "/search.atom?q=parking&ended=1"} {
		answer := officer.get(address).is(http.StatusOK)
		must(t, xml.Unmarshal([]byte(answer.body), &feed))
		titles := ""
		for _, e := range feed.Entries {
			titles += e.Title + "\n"
			if !strings.HasPrefix(e.ID, "tag:jointly.example,2026:") || e.Updated == "" || !strings.Contains(e.Summary, "It has ") {
				t.Errorf("%s has the entry %+v", address, e)
			}
		}
		if !strings.Contains(titles, "Shown parking need") || len(feed.Links) < 2 || !strings.HasPrefix(feed.ID, "tag:jointly.example,2026:feed") {
			t.Errorf("%s: %+v", address, feed)
		}
		if strings.Contains(strings.ToLower(answer.body), "zebra") || strings.Contains(answer.body, "765") {
			t.Errorf("%s tells: %s", address, answer.body)
		}
		if again := w.anonymous().get(address).is(http.StatusOK); again.body != answer.body {
			t.Errorf("%s differs by who asks", address)
		}
		feed.Entries = nil
	}
	officer.post(page+"/feed", url.Values{"action": {"revoke"}}).is(http.StatusSeeOther)
	w.anonymous().get(path).is(http.StatusNotFound)
	w.anonymous().get("/search.atom?ends_from=soon").is(http.StatusBadRequest)
}

// TestResultsAreTakenAwayAsFiles: what who asks may see, and no cell that runs.
func TestResultsAreTakenAwayAsFiles(t *testing.T) {
	w := demoWorld(t)
	w.add(canaries()...)
	w.add(&catalogue.Contract{Meta: catalogue.Meta{ID: "runs"}, Council: "DEMO-01", Title: "=HYPERLINK(\"http://evil.example\") parking", Supplier: "Civica UK Ltd", Value: 1234.5,
		Start: catalogue.MustDate("2026-04"), End: catalogue.MustDate("2028-03-31"), Stage: catalogue.StageAwarded, Audience: catalogue.Public, Source: catalogue.Source{Text: "+1", Reference: "@SUM(1)"}})
	read := func(b *browser, address string) [][]string {
		answer := b.get(address).is(http.StatusOK)
		if disposition := strings.Join(answer.header["Content-Disposition"], ""); !strings.Contains(disposition, "jointly-search-2026-11-23") {
			t.Errorf("%s is called %q", address, disposition)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(answer.body, "\ufeff"))).ReadAll()
		must(t, err)
		return rows
	}
	rows := read(w.anonymous(), "/search.csv?q=parking")
	found := false
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
		if strings.HasPrefix(row[2], "'=HYPERLINK") {
			found = row[3] == "Ambleford (demonstration)" && row[14] == "'@SUM(1)" && row[8] == "2026-04" && row[9] == "2028-03-31" && row[10] == "1234.5" && row[17] == "http://jointly.example/contracts/runs"
		}
	}
	if !found {
		t.Errorf("the contract is not there as it is: %q", rows)
	}
	page := w.anonymous().get("/search?q=parking").is(http.StatusOK)
	for _, href := range page.attributes("#keep a", "href") {
		w.anonymous().get(href).is(http.StatusOK)
	}
	if n := len(rows) - 1; !strings.HasPrefix(page.text("#results h2"), strings.TrimSpace(strings.Join([]string{itoa(n), "result"}, " "))) {
		t.Errorf("the file holds %d, the page says %s", n, page.text("#results h2"))
	}
	if own := read(w.as("lead@"), "/search.csv?q=zebracouncils"); len(own) < 2 {
		t.Error("the council does not get its own")
	}

	for name, b := range map[string]*browser{"anybody": w.anonymous(), "the council": w.as("lead@")} {
		body := b.get("/search.xlsx?q=parking&ended=1").is(http.StatusOK).body
		z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
		must(t, err)
		all := ""
		for _, f := range z.File {
			r, err := f.Open()
			must(t, err)
			text, err := io.ReadAll(r)
			must(t, err)
			all += string(text)
		}
		if strings.Contains(all, "<f>") || strings.Contains(all, "zebracouncils") != (name == "the council") {
			t.Errorf("%s: the workbook has a formula, or what it must not have", name)
		}
		book, err := excelize.OpenReader(strings.NewReader(body))
		must(t, err)
		sheet, err := book.GetRows("Results")
		must(t, err)
		if about, err := book.GetRows("About"); err != nil || len(about) < 3 || len(sheet) < 3 || sheet[0][1] != "Kind" {
			t.Errorf("%s: the sheets are %v and %v (%v)", name, sheet[:1], about, err)
		}
	}
}

// TestAFileIsBounded reads so many results and no more, over pages, each once.
func TestAFileIsBounded(t *testing.T) {
	w := demoWorld(t)
	for most, want := range map[int]int{7: 7, 150: 150, 100: 100, 1_000_000: 0} {
		seen, n := map[catalogue.Key]bool{}, 0
		first, more, err := w.eachPage(t.Context(), catalogue.Anonymous(), search.Query{Kinds: []catalogue.Kind{catalogue.KindContract}, Ended: true}, most, func(page search.Result) (bool, error) {
			for _, h := range page.Hits {
				seen[h.Key] = true
				n++
			}
			return true, nil
		})
		must(t, err)
		if want == 0 {
			want = first.Total
		}
		if n != want || len(seen) != want || more != (want < first.Total) {
			t.Errorf("of %d results at most %d are %d, %d of them different; more: %v", first.Total, most, n, len(seen), more)
		}
	}
}

func itoa(n int) string { return view.Number(n) }

func TestASearchIsEndedForTheFile(t *testing.T) {
	w := demoWorld(t)
	w.add(canaries()...)
	officer, colleague, other := w.officer(ambleford, catalogue.RoleContributor), w.as("lead@"), w.officer(thornmere, catalogue.RoleLead)
	officer.get("/search?q=parking").has("#keep button", "End this search")
	w.officer(ambleford, catalogue.RoleViewer).get("/search?q=parking").hasNot("#keep button", "End this search")
	address := "/search?q=parking&council=DEMO-01"
	p := officer.get("/research/new?" + url.Values{"address": {address}}.Encode()).is(http.StatusOK)
	p.wellFormed()
	form := p.form("/research/new")
	officer.post("/research/new", with(form, url.Values{"title": {""}})).is(http.StatusBadRequest).has(".govuk-error-message", "Enter a title")
	record := officer.post("/research/new", form).is(http.StatusSeeOther).location()
	if again := officer.post("/research/new", form).is(http.StatusSeeOther).location(); again != record {
		t.Errorf("sent twice it makes %s and %s", record, again)
	}
	p = officer.get(record).is(http.StatusOK)
	p.wellFormed()
	p.has("main", "zebracouncils title")
	colleague.get(record).is(http.StatusNotFound)
	notes := p.form(record + "/notes")
	long := strings.Repeat("x", 1001)
	p = officer.post(record+"/notes", with(notes, url.Values{"note-0": {long}, "note-1": {"Kept"}})).is(http.StatusBadRequest)
	p.has(".govuk-error-message", "1,000 characters or fewer")
	if kept := p.form(record + "/notes"); kept.Get("note-0") != long || kept.Get("note-1") != "Kept" {
		t.Error("what was typed is gone")
	}
	officer.post(record+"/notes", with(notes, url.Values{"note-0": {"Call them"}, "note": {"Three look near"}, "then": {"save"}})).is(http.StatusSeeOther)
	p = officer.post(record+"/notes", with(notes, url.Values{"note-0": {"Old tab"}})).is(http.StatusConflict)
	p.has(".govuk-error-summary", "saved somewhere else")
	if kept := p.form(record + "/notes"); kept.Get("note-0") != "Old tab" {
		t.Errorf("the conflict keeps %q", kept.Get("note-0"))
	}
	officer.post(record+"/end", url.Values{}).is(http.StatusBadRequest).has(".govuk-error-message", "Choose who may see the record")
	officer.post(record+"/end", url.Values{"audience": {"councils"}}).is(http.StatusSeeOther)

	for name, b := range map[string]*browser{"the officer": officer, "a colleague": colleague, "another council": other} {
		p := b.get(record).is(http.StatusOK)
		p.wellFormed()
		p.has("#statement", "no award route")
		p.has("#results", "Call them")
		p.has("#note", "Three look near")
		p.has("#check h2", "This record has not been changed")
		if strings.Contains(p.body, "zebraown") { // only its own council saw that, and no search finds it
			t.Errorf("%s reads what is the council's own", name)
		}
		for _, file := range []string{"csv", "xlsx", "json"} {
			b.get(record + "/record." + file).is(http.StatusOK)
		}
	}
	hash := officer.get(record).text("#check dd")
	content := other.get(record + "/record.json").is(http.StatusOK).body
	if !strings.Contains(content, `"hash":"`+hash+`"`) || len(hash) != 64 {
		t.Errorf("the file and the page name different hashes: %s", hash)
	}
	w.anonymous().get(record).is(http.StatusSeeOther)
	w.supplier().get(record).is(http.StatusNotFound)
	w.supplier().get(record + "/record.json").is(http.StatusNotFound)

	next := officer.post(record+"/correct", officer.get(record).form(record+"/correct")).is(http.StatusSeeOther).location()
	officer.post(next+"/end", url.Values{"audience": {"own"}}).is(http.StatusSeeOther)
	officer.get(next).has("#corrects", "stands in for")
	officer.get(record).has("#replaced", "Another record stands in for this one")
	other.get(record).hasNot("main", "Another record stands in")
	other.get(next).is(http.StatusNotFound)
	officer.get("/research").is(http.StatusOK).has("#own", "Market research: parking")
	other.get("/research").has("#others", "Market research: parking")
	taken := colleague.get("/people/data.zip").is(http.StatusOK).body
	z, err := zip.NewReader(strings.NewReader(taken), int64(len(taken)))
	must(t, err)
	if !slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == record[1:]+".json" }) {
		t.Error("what the council takes out does not hold its record")
	}
	if v, err := w.Catalogue.Verify(t.Context()); err != nil || len(v.Problems) > 0 {
		t.Errorf("verify: %v %v", v.Problems, err)
	}
}

// TestTooManyFilesAtOnceAreTurnedAway: a file more than are written at once waits for nobody, and pages go on.
func TestTooManyFilesAtOnceAreTurnedAway(t *testing.T) {
	w := emptyWorld(t)
	for range filesAtOnce {
		w.files <- struct{}{}
	}
	b := w.anonymous()
	if p := b.get("/search.csv").is(http.StatusServiceUnavailable); len(p.header["Retry-After"]) == 0 {
		t.Error("nothing says when to try again")
	}
	b.get("/search").is(http.StatusOK)
	<-w.files
	b.get("/search.csv").is(http.StatusOK)
	b.get("/search.csv").is(http.StatusOK) // the room is given back
}
