package web

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	demonstration "jointly/catalogue/demo"
	"jointly/catalogue/facts"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/match"
	"jointly/search"
)

// BenchmarkBoard renders the demand board from one release, beside a bare route that sends as many bytes. The ratio says
// how many bare answers one board costs; the page of a release has the board without the public layer.
func BenchmarkBoard(b *testing.B) {
	handler := benchBoard(b)
	for _, address := range []string{"/demand", "/demand/releases/8"} {
		b.Run(address[1:], func(b *testing.B) {
			body := answered(b, handler, address)
			bare := gin.New()
			bare.GET(address, func(c *gin.Context) { c.Data(http.StatusOK, "text/html; charset=utf-8", body) })
			var peer time.Duration
			for b.Loop() {
				answered(b, handler, address)
				began := time.Now()
				answered(b, bare, address)
				peer += time.Since(began)
			}
			b.ReportMetric(float64(b.Elapsed()-peer)/float64(peer), "bare-routes")
			b.ReportMetric(float64(len(body))/1024, "KiB")
		})
	}
}

// BenchmarkBoardUnchanged asks again for a board that the reader has.
func BenchmarkBoardUnchanged(b *testing.B) {
	handler := benchBoard(b)
	first := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, "/demand", nil)
	handler.ServeHTTP(first, request)
	request.Header.Set("If-None-Match", first.Header().Get("ETag"))
	bare := gin.New()
	bare.GET("/demand", func(c *gin.Context) { c.Status(http.StatusNotModified) })
	var peer time.Duration
	for b.Loop() {
		answer := httptest.NewRecorder()
		if handler.ServeHTTP(answer, request); answer.Code != http.StatusNotModified {
			b.Fatalf("status %d", answer.Code)
		}
		began := time.Now()
		bare.ServeHTTP(httptest.NewRecorder(), request)
		peer += time.Since(began)
	}
	b.ReportMetric(float64(b.Elapsed()-peer)/float64(peer), "bare-routes")
}

func answered(b *testing.B, handler http.Handler, address string) []byte {
	request, answer := httptest.NewRequest(http.MethodGet, address, nil), httptest.NewRecorder()
	request.Host = "localhost"
	handler.ServeHTTP(answer, request)
	if answer.Code != http.StatusOK {
		b.Fatalf("%s: status %d", address, answer.Code)
	}
	return answer.Body.Bytes()
}

func benchBoard(b *testing.B) http.Handler {
	b.Helper()
	check := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	gin.SetMode(gin.ReleaseMode)
	ctx, dir := b.Context(), b.TempDir()
	store, err := bolt.Open(filepath.Join(dir, "store"), bolt.Options{})
	check(err)
	b.Cleanup(func() { check(store.Close()) })
	cat, err := catalogue.Open(ctx, store, catalogue.Options{Clock: testDay})
	check(err)
	known, err := facts.Load()
	check(err)
	invented, err := demonstration.Build(cat.Today(), cat.Register())
	check(err)
	owners, others := invented.Items()
	for _, items := range [][]catalogue.Item{append(known.Items(), owners...), others} {
		_, err := cat.Import(ctx, catalogue.Operator("test"), items, catalogue.ImportOptions{})
		check(err)
	}
	check(cat.ReleaseBefore(ctx, 7))
	_, err = cat.PublishEdition(ctx, catalogue.Operator("test"))
	check(err)
	index, err := search.Open(ctx, filepath.Join(dir, "index"), cat, search.Options{})
	check(err)
	b.Cleanup(func() { check(index.Close()) })
	check(index.CatchUp(ctx))
	engine, err := match.NewEngine(cat)
	check(err)
	handler, err := New(Config{Catalogue: cat, Index: index, Engine: engine, Keys: [][]byte{[]byte("a key for tests of 32 characters")}, BaseURL: "http://jointly.example", Build: "test"})
	check(err)
	return handler
}
