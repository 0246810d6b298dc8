package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/web"
)

// TestALargeCatalogueAnswersBeforeSearchKnowsItAll begins with a catalogue that counts as large: pages are answered at
// once, what is not known yet is said, and no balancer sends people. One that counts as small is known whole first.
func TestALargeCatalogueAnswersBeforeSearchKnowsItAll(t *testing.T) {
	ctx := t.Context()
	a, err := opened(ctx, Globals{Data: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.importFacts(ctx, false, nil); err != nil {
		t.Fatal(err)
	}
	a.beginAt = 1
	if err := a.begin(ctx); err != nil {
		t.Fatal(err)
	}
	imports, err := web.NewImports(filepath.Join(t.TempDir(), "uploads"), nil)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := web.New(web.Config{Catalogue: a.catalogue, Index: a.index, Engine: a.engine, Imports: imports, Keys: [][]byte{a.secret[:]}, BaseURL: "http://localhost", Build: "test"})
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	const note = "still reading the catalogue"
	for _, path := range []string{"/", "/councils/E08000025", "/search?q=parking"} {
		if w := get(path); w.Code != http.StatusOK || strings.HasPrefix(path, "/search") && !strings.Contains(w.Body.String(), note) {
			t.Errorf("%s while nothing is known yet: status %d; the search has to say that it knows little: %s", path, w.Code, clip(w.Body.String()))
		}
	}
	if w := get("/readyz"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("readyz says %d while nothing is known yet", w.Code)
	}
	if _, err := a.engine.Draft(ctx, catalogue.Intention{Council: "E08000025", Title: "Parking permits"}); catalogue.KindOf(err) != catalogue.Unavailable {
		t.Errorf("matches are told of while nothing is known yet: %v", err)
	}
	if a.whole() {
		t.Error("it counts as whole, so councils would be told that their groups are gone")
	}
	a.beginAt = 0
	if err := a.begin(ctx); err != nil {
		t.Fatal(err)
	}
	if w := get("/readyz"); w.Code != http.StatusOK || !a.whole() {
		t.Errorf("readyz says %d once all is known: %s", w.Code, w.Body)
	}
	if w := get("/search?q=parking"); strings.Contains(w.Body.String(), note) {
		t.Error("the search says that it knows little once it knows all")
	}
	if err := a.close(); err != nil {
		t.Error(err)
	}
}
