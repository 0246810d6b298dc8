package api_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/facts"
	"jointly/catalogue/kv/bolt"
	"jointly/search"
	"jointly/web/api"
)

// newAPI is the API over the public facts.
func newAPI(t *testing.T) http.Handler {
	t.Helper()
	dir := t.TempDir()
	store, err := bolt.Open(filepath.Join(dir, "store"), bolt.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	cat, err := catalogue.Open(t.Context(), store, catalogue.Options{Clock: func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }})
	must(t, err)
	known, err := facts.Load()
	must(t, err)
	_, err = cat.Import(t.Context(), catalogue.Operator("test"), known.Items(), catalogue.ImportOptions{})
	must(t, err)
	index, err := search.Open(t.Context(), filepath.Join(dir, "index"), cat, search.Options{Deadline: 10 * time.Second})
	must(t, err)
	t.Cleanup(func() { must(t, index.Close()) })
	must(t, index.CatchUp(t.Context()))
	return api.New(cat, index, slog.New(slog.DiscardHandler))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// get reads an answer of a status into out.
func get(t *testing.T, handler http.Handler, address string, status int, out any) {
	t.Helper()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, address, nil))
	body, err := io.ReadAll(answer.Body)
	must(t, err)
	want := "application/json"
	if status >= 400 {
		want = "application/problem+json"
	}
	if got := answer.Header().Get("Content-Type"); answer.Code != status || !strings.HasPrefix(got, want) {
		t.Fatalf("%s: %d as %q, want %d as %q\n%s", address, answer.Code, got, status, want, body)
	}
	if err := json.Unmarshal(body, out); err != nil {
		t.Fatalf("%s: %v\n%s", address, err, body)
	}
}

func TestSearchAnswersInTheStatedForm(t *testing.T) {
	handler := newAPI(t)
	var got map[string]json.RawMessage
	get(t, handler, "/api/v1/search?q=iworld&kind=contract&ended=true&limit=1", http.StatusOK, &got)
	for _, name := range []string{"total", "hits", "facets"} {
		if _, there := got[name]; !there {
			t.Errorf("no %s in the answer", name)
		}
	}
	var hits []map[string]any
	must(t, json.Unmarshal(got["hits"], &hits))
	if len(hits) != 1 || len(hits[0]) != 5 || hits[0]["kind"] != "contract" || hits[0]["title"] != "Contract award for Iworld support and maintenance" ||
		hits[0]["ref"] != "minutes.haringey.gov.uk MId=10539" || hits[0]["id"] == "" {
		t.Errorf("hits: %v", hits)
	}
	var facets map[string][]map[string]any
	must(t, json.Unmarshal(got["facets"], &facets))
	if len(facets) != len(search.Facets()) || facets["capability"][0]["value"] != "revs-bens" {
		t.Errorf("facets: %v", facets)
	}
	var nothing api.Answer
	get(t, handler, "/api/v1/search?q=zzqxv", http.StatusOK, &nothing)
	if nothing.Total != 0 || nothing.Hits == nil || nothing.Next != "" {
		t.Errorf("nothing is answered as %+v", nothing)
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	handler := newAPI(t)
	seen := map[string]bool{}
	next := ""
	for {
		var got api.Answer
		get(t, handler, "/api/v1/search?kind=contract&ended=true&sort=ending&limit=100&cursor="+next, http.StatusOK, &got)
		for _, h := range got.Hits {
			if seen[h.ID] {
				t.Fatalf("%s comes twice", h.ID)
			}
			seen[h.ID] = true
		}
		if next = got.Next; next == "" {
			if len(seen) != got.Total {
				t.Errorf("%d hits of %d", len(seen), got.Total)
			}
			return
		}
	}
}

func TestFiltersMayBeGivenSeveralTimes(t *testing.T) {
	handler := newAPI(t)
	total := func(query string) int {
		var got api.Answer
		get(t, handler, "/api/v1/search?ended=true&kind=contract&"+query, http.StatusOK, &got)
		return got.Total
	}
	london, wales := total("region=London"), total("region=Wales")
	if both := total("region=London&region=Wales"); both != london+wales || london == 0 || wales == 0 {
		t.Errorf("London %d and Wales %d make %d", london, wales, both)
	}
}

func TestProblemsHaveDetails(t *testing.T) {
	handler := newAPI(t)
	for address, status := range map[string]int{
		"/api/v1/search?limit=101":                     http.StatusUnprocessableEntity,
		"/api/v1/search?limit=many":                    http.StatusUnprocessableEntity,
		"/api/v1/search?sort=sideways":                 http.StatusUnprocessableEntity,
		"/api/v1/search?colour=blue":                   http.StatusUnprocessableEntity,
		"/api/v1/search?status=maybe":                  http.StatusBadRequest,
		"/api/v1/search?cursor=nonsense":               http.StatusBadRequest,
		"/api/v1/search?ends_to=soon":                  http.StatusBadRequest,
		"/api/v1/search?q=%ff":                         http.StatusBadRequest,
		"/api/v1/search?q=" + strings.Repeat("a", 3e3): http.StatusRequestEntityTooLarge,
	} {
		var problem struct {
			Status int    `json:"status"`
			Title  string `json:"title"`
			Detail string `json:"detail"`
		}
		get(t, handler, address, status, &problem)
		if problem.Status != status || problem.Title == "" || problem.Detail == "" {
			t.Errorf("%s: %+v", address, problem)
		}
	}
}

func TestDescriptionNamesTheParameters(t *testing.T) {
	var doc struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]struct {
			Parameters []struct {
				Name string `json:"name"`
			} `json:"parameters"`
		} `json:"paths"`
	}
	answer := httptest.NewRecorder()
	newAPI(t).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/api/v1/openapi.json", nil))
	must(t, json.Unmarshal(answer.Body.Bytes(), &doc))
	named := map[string]bool{}
	for _, p := range doc.Paths["/api/v1/search"]["get"].Parameters {
		named[p.Name] = true
	}
	for _, f := range search.Facets() {
		if !named[string(f)] {
			t.Errorf("the facet %s is no parameter", f)
		}
	}
	if doc.OpenAPI == "" || !named["q"] || !named["cursor"] {
		t.Errorf("openapi %q describes %v", doc.OpenAPI, named)
	}
}
