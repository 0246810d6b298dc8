package web

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// releasedWorld has the demonstration with eight weeks of releases.
func releasedWorld(t *testing.T) *world {
	t.Helper()
	w := demoWorld(t)
	must(t, w.Catalogue.ReleaseBefore(t.Context(), 7))
	return w
}

func TestTheBoardHasTwoLayers(t *testing.T) {
	w := releasedWorld(t)
	p := w.anonymous().get("/demand").is(http.StatusOK)
	p.wellFormed()
	p.has("#needs h2", "1. Public")
	p.has("#needs table", "(demonstration)")
	p.has("#figures h2", "2. Not public")
	p.has("#figures", "Jointly demand release 8, 23 November 2026")
	p.has("#figures", "The next is due on 30 November 2026")
	p.hasNot("#figures", "(demonstration)")
	// Worth looking at: most rows of figures, and most of them by year, bands of value and places.
	if rows := p.all("#figures .jy-heat tbody tr"); len(rows) < 8 {
		t.Errorf("%d areas have figures", len(rows))
	}
	if n := len(slices.DeleteFunc(p.texts("#figures .jy-heat td"), func(s string) bool { return !strings.HasSuffix(s, "+") })); n < 20 {
		t.Errorf("%d figures are shown", n)
	}
	if most := []string{"at least 20", "at least 30", "at least 40"}; !slices.ContainsFunc(most, func(said string) bool { return strings.Contains(p.text("#figures"), said) }) {
		t.Errorf("the board says none of %q", most)
	}
	if regions := []string{"The North, North West", "London and the South, South East"}; !slices.ContainsFunc(regions, func(said string) bool { return strings.Contains(p.text("#figures"), said) }) {
		t.Errorf("the board has a figure of none of %q", regions)
	}
	for _, said := range []string{"£250,000 to £1 million", "An officer’s word or more", "England, The Midlands and the East"} {
		p.has("#figures", said)
	}
	for name, b := range map[string]*browser{"an officer": w.as("lead@"), "a supplier": w.as("sales@"), "the operator": w.as("operator@")} {
		if b.get("/demand").is(http.StatusOK).text("main") != p.text("main") {
			t.Errorf("%s sees another board than anybody", name)
		}
	}
}

func TestFiltersPickAmongWhatIsPublished(t *testing.T) {
	b := releasedWorld(t).anonymous()
	area := b.get("/demand?area=finance").is(http.StatusOK)
	area.wellFormed()
	area.has("#figures .jy-heat", "Finance and income, all of it")
	area.has("#figures .jy-heat", "Finance and ERP")
	b.get("/demand?year=2027").is(http.StatusOK).has("#figures .jy-heat thead", "2027")
	// What cannot be shown gives way to the nearest wider figure, and the page says so.
	small := b.get("/demand?region=North+East").is(http.StatusOK)
	small.wellFormed()
	small.has("#figures", "You see the nearest wider one: The North.")
	small.has("#figures", "At least")
	small.has("#figures", "Of all places and times")
	b.get("/demand?area=bereavement&region=Wales&year=2029").is(http.StatusOK).has("#figures", "No figure of what you chose can be shown by itself")
	b.get("/demand?area=no-such&region=Atlantis&year=x").is(http.StatusOK)
}

func TestAReleaseStaysAndCanBeCited(t *testing.T) {
	w := releasedWorld(t)
	b := w.anonymous()
	p := b.get("/demand/releases/7").is(http.StatusOK)
	p.wellFormed()
	p.has("main", "Jointly demand release 7, 16 November 2026. http://jointly.example/demand/releases/7")
	p.has("#moved", "not shown")
	p.hasNot("main", "withheld, and why")
	if hrefs := p.attributes(".govuk-pagination a", "href"); !slices.Equal(hrefs, []string{"/demand/releases/6", "/demand/releases/8"}) {
		t.Errorf("beside it stand %v", hrefs)
	}
	first := b.get("/demand/releases/1").is(http.StatusOK)
	first.has("main", "new with this release")
	first.has("#moved", "No figure moved, or this is the first release")
	list := b.get("/demand/releases").is(http.StatusOK)
	list.wellFormed()
	if rows := list.texts("tbody tr"); len(rows) != 8 || !strings.Contains(rows[0], "Release 8") {
		t.Errorf("%v", rows)
	}
	b.get("/demand/releases?before=3").is(http.StatusOK).hasNot("tbody", "Release 3")
	for _, gone := range []string{"/demand/releases/9", "/demand/releases/0", "/demand/releases/x", "/demand/releases/9/figures.csv", "/demand/releases/-1/figures.json"} {
		b.get(gone).is(http.StatusNotFound)
	}
	before := p.text("main")
	w.add(canaries()...)
	if b.get("/demand/releases/7").text("main") != before {
		t.Error("a release changed")
	}
}

func TestAReleaseAsFiles(t *testing.T) {
	b := releasedWorld(t).anonymous()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.get("/demand/releases/8/figures.csv").is(http.StatusOK).body, "\ufeff"))).ReadAll()
	must(t, err)
	var file exchange.ReleaseFile
	must(t, json.Unmarshal([]byte(b.get("/demand/releases/8/figures.json").is(http.StatusOK).body), &file))
	if file.Number != 8 || file.Cite != "Jointly demand release 8, 23 November 2026" || len(file.Figures) < 100 || len(rows) != len(file.Figures)+1 {
		t.Errorf("release %d, %q: %d figures, %d rows", file.Number, file.Cite, len(file.Figures), len(rows))
	}
	for i, f := range file.Figures {
		if f.AtLeast < 7 || f.SinceRelease < 1 || f.SinceRelease > 8 || rows[i+1][10] != fmt.Sprint(f.AtLeast) {
			t.Errorf("%+v, %q", f, rows[i+1])
		}
	}
	var feed struct {
		Entries []struct {
			ID    string `xml:"id"`
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	must(t, xml.Unmarshal([]byte(b.get("/demand/releases.atom").is(http.StatusOK).body), &feed))
	if len(feed.Entries) != 8 || feed.Entries[0].ID != "tag:jointly.example,2026:release/8" || feed.Entries[7].Title != "Jointly demand release 1, 5 October 2026" {
		t.Errorf("%+v", feed.Entries)
	}
}

func TestTheOperatorSeesWhatIsWithheld(t *testing.T) {
	w := releasedWorld(t)
	op := w.as("operator@")
	if to := op.get("/demand/withheld").is(http.StatusSeeOther).location(); to != "/demand/releases/8/withheld" {
		t.Errorf("leads to %s", to)
	}
	p := op.get("/demand/releases/8/withheld").is(http.StatusOK)
	p.wellFormed()
	p.has("main", "Too few")
	if n := len(p.all("tbody tr")); n < 20 {
		t.Errorf("%d rows", n)
	}
	op.get("/demand/releases/8").has("main", "What was withheld, and why")
	op.get("/desk").has("main", "Demand figures that are withheld")
}

func TestBeforeAndAtTheFirstRelease(t *testing.T) {
	w := emptyWorld(t)
	b := w.anonymous()
	b.get("/demand").is(http.StatusOK).has("#figures", "The first figures come on a Monday")
	b.get("/demand/releases").is(http.StatusOK).has("main", "There is no release yet")
	b.get("/demand/releases.atom").is(http.StatusOK)
	must(t, w.Catalogue.ReleaseBefore(t.Context(), 0))
	p := b.get("/demand").is(http.StatusOK)
	p.wellFormed()
	p.has("#figures", "No figure can be shown yet")
	b.get("/demand/releases/1").is(http.StatusOK).wellFormed()
}

// TestTwoHundredSecretsAreInNoRelease counts needs whose every field holds a word to look for.
func TestTwoHundredSecretsAreInNoRelease(t *testing.T) {
	w := emptyWorld(t)
	var items []catalogue.Item
	var codes []string
	needs := func() []catalogue.Item { // one for councils, one for its own council alone
		return slices.DeleteFunc(canaries(), func(i catalogue.Item) bool { return i.Key().Kind != catalogue.KindIntention })
	}
	for _, c := range w.Catalogue.Register().Councils() {
		if len(items) < 200 && c.Nation == "England" {
			in := needs()[len(items)%2].(*catalogue.Intention)
			in.ID, in.Ref, in.Council = fmt.Sprintf("canary-%d", len(items)), fmt.Sprintf("zebraref%d", len(items)), c.GSS
			items, codes = append(items, in), append(codes, c.GSS)
		}
	}
	w.add(items...)
	must(t, w.Catalogue.ReleaseBefore(t.Context(), 3))
	for name, b := range map[string]*browser{"anybody": w.anonymous(), "a supplier": w.supplier()} {
		for _, address := range []string{"/demand", "/demand?area=parking-transport", "/demand/releases", "/demand/releases.atom", "/demand/releases/4", "/demand/releases/4/figures.csv",
			"/demand/releases/4/figures.json", "/demand/releases/4/withheld", "/demand/withheld", "/api/v1/search?kind=release", "/search?q=parking", "/search?q=DEMO-01"} {
			body := b.get(address).body
			for _, word := range []string{"zebracouncils", "zebraown ", "zebraref", "canary-", "765,432", "765432", "876,543", "876543", "February 2028"} {
				if strings.Contains(body, word) {
					t.Errorf("%s reads %q at %s", name, word, address)
				}
			}
			if strings.HasPrefix(address, "/demand/releases/") {
				for _, code := range codes {
					if strings.Contains(body, code) {
						t.Errorf("%s reads %s at %s", name, code, address)
					}
				}
			}
		}
	}
	// The control: they are what the figures are made of.
	w.anonymous().get("/demand?area=parking-transport").has("#figures", "At least 1")
}
