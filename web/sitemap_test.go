package web

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
)

// mapped is the addresses of the sitemap, as somebody gets it.
func (b *browser) mapped() []string {
	b.t.Helper()
	var file struct {
		URLs []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	must(b.t, xml.Unmarshal([]byte(b.get("/sitemap.xml").is(http.StatusOK).body), &file))
	var out []string
	for _, u := range file.URLs {
		out = append(out, strings.TrimPrefix(u.Loc, "http://jointly.example"))
	}
	return out
}

func TestTheSitemapNamesWhatAnybodyMaySee(t *testing.T) {
	w := councilsWorld(t)
	lead := w.officer(ambleford, catalogue.RoleLead)
	shown, kept := lead.list("Revenues for everybody", map[string][]string{"visibility": {"public"}}), lead.list("Revenues for councils", nil)
	anybody := w.anonymous().mapped()
	for _, address := range []string{"/", "/demand", shown, "/councils/" + ambleford} {
		if !slices.Contains(anybody, address) {
			t.Errorf("%s is not in the sitemap", address)
		}
	}
	if slices.Contains(anybody, kept) {
		t.Errorf("%s is for councils, and in the sitemap", kept)
	}
	if !slices.Equal(lead.mapped(), anybody) {
		t.Error("an officer gets another sitemap")
	}
	for _, address := range anybody[:20] {
		w.anonymous().get(address).is(http.StatusOK)
	}
	lead.post(shown+"/withdraw", map[string][]string{"reason": {"Not needed"}})
	signal := lead.published(lead.signalled(kept, nil))
	if now := w.anonymous().mapped(); !slices.Contains(now, signal) {
		t.Errorf("what is published later is not in it: %v", now[:20])
	}
	if said := w.anonymous().get("/robots.txt").is(http.StatusOK).body; !strings.Contains(said, "Sitemap: http://jointly.example/sitemap.xml\n") || !strings.Contains(said, "Disallow: /search\n") {
		t.Errorf("robots read %s", said)
	}
}

// TestTheSitemapNamesTheEvidence and what follows from it, and nothing of it that is a draft or for councils.
func TestTheSitemapNamesTheEvidence(t *testing.T) {
	w := demoWorld(t)
	operator := catalogue.Operator("test")
	if _, err := w.Catalogue.PublishEdition(t.Context(), operator); err != nil {
		t.Logf("the demonstration has its edition: %v", err)
	}
	draft := w.operatorOf().post("/calls/new", callOf("Not opened yet")).is(http.StatusSeeOther).location()
	finding, err := w.Catalogue.SaveFinding(t.Context(), operator, catalogue.PlanFinding{Meta: catalogue.Meta{ID: catalogue.NewID()}, Title: "Not published yet", Need: catalogue.NeedChannels}, false, "")
	must(t, err)
	nobody := w.anonymous()
	mapped := nobody.mapped()
	for _, hidden := range []string{draft, "/plan/findings/" + finding.ID} {
		if slices.Contains(mapped, hidden) {
			t.Errorf("%s is a draft, and in the sitemap", hidden)
		}
	}
	for _, section := range []string{"/examples/", "/calls/", "/baseline/editions/", "/baseline/5", "/services/", "/plan/findings/", "/plan/recommendations/", "/offers/", "/bodies/", "/asks/"} {
		n := 0
		for _, address := range mapped {
			if strings.HasPrefix(address, section) {
				n++
				nobody.get(address).is(http.StatusOK)
			}
		}
		if n == 0 {
			t.Errorf("nothing of %s is in the sitemap", section)
		}
	}
	for _, page := range []string{"/evidence", "/calls", "/examples", "/baseline", "/baseline/editions", "/plan", "/offers", "/bodies"} {
		if !slices.Contains(mapped, page) {
			t.Errorf("%s is not in the sitemap", page)
		}
		nobody.get(page).is(http.StatusOK)
	}
}
