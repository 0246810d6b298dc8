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
