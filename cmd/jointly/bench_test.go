package main

// What the parts cost together, as ratios against a peer or a bare building block in the same run:
//
//	go test -run '^$' -bench Ratios ./cmd/jointly
//
// Trust the ratios, not the times. Facets against bleve's own: go test -run '^$' -bench Facets ./search

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"go.etcd.io/bbolt"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
	"jointly/search"
	"jointly/web"
)

// BenchmarkRatios prints one table. It measures each row in a fixed time, so b.N does not matter.
func BenchmarkRatios(b *testing.B) {
	var report bytes.Buffer
	table := tabwriter.NewWriter(&report, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tmeasured\tagainst\tratio\taim")
	row := func(name, measured, against string, ratio float64, aim string) {
		fmt.Fprintf(table, "%s\t%s\t%s\t%.2f\t%s\n", name, measured, against, ratio, aim)
	}
	benchStore(b, row)
	a := benchCatalogue(b)
	benchWriters(b, a, row)
	benchSearch(b, a, row)
	benchDelay(b, a, row)
	if err := table.Flush(); err != nil {
		b.Fatal(err)
	}
	if _, err := fmt.Fprintf(os.Stdout, "\n%sfacets against bleve's own: go test -run '^$' -bench Facets ./search\n\n", report.String()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(0, "ns/op") // the table is what counts
}

// benchFor is how long each side of a ratio is measured.
const benchFor = 2 * time.Second

// rate is how often a second fn is done by so many at once.
func rate(b *testing.B, workers int, fn func(worker, n int) error) float64 {
	b.Helper()
	var done atomic.Int64
	var wg sync.WaitGroup
	began := time.Now()
	for w := range workers {
		wg.Go(func() {
			for n := 0; time.Since(began) < benchFor; n++ {
				if err := fn(w, n); err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(done.Load()) / time.Since(began).Seconds()
}

func perSecond(r float64) string { return fmt.Sprintf("%.0f/s", r) }

// alternately times two things turn by turn, so that what else the machine does hits both, and gives sorted times.
func alternately(b *testing.B, rounds int, one, other func(n int) error) (first, second []time.Duration) {
	b.Helper()
	for n := range rounds {
		for i, fn := range []func(int) error{one, other} {
			began := time.Now()
			if err := fn(n); err != nil {
				b.Fatal(err)
			}
			if took := time.Since(began); i == 0 {
				first = append(first, took)
			} else {
				second = append(second, took)
			}
		}
	}
	slices.Sort(first)
	slices.Sort(second)
	return first, second
}

func share(sorted []time.Duration, part float64) time.Duration {
	return sorted[int(part*float64(len(sorted)-1))]
}

// benchStore compares the store with the engine below it: values of 2 KB.
func benchStore(b *testing.B, row func(name, measured, against string, ratio float64, aim string)) {
	ctx, value := b.Context(), bytes.Repeat([]byte("x"), 2<<10)
	store, err := bolt.Open(filepath.Join(b.TempDir(), "store.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	bare, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	put := func(worker, n int) error {
		key := kv.NewKey("bench", fmt.Sprintf("%03d-%09d", worker, n))
		return store.Update(ctx, func(tx kv.Tx) error { return tx.Put(key, value) })
	}
	mine, plain := alternately(b, 300, func(n int) error { return put(999, n) }, func(n int) error {
		return bare.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("b"))
			if err != nil {
				return err
			}
			return bucket.Put(fmt.Appendf(nil, "%09d", n), value)
		})
	})
	row("a lone write to kv, against a bare bbolt Update", share(mine, .5).String(), share(plain, .5).String(),
		float64(share(mine, .5))/float64(share(plain, .5)), "at most 1.3")
	serial := rate(b, 1, put)
	many := rate(b, 64, put)
	row("64 writers to kv, against one after the other", perSecond(many), perSecond(serial), many/serial, "at least 7")
}

// benchCatalogue is an open catalogue of the public facts and some thousand contracts, followed by index and matcher.
func benchCatalogue(b *testing.B) *app {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	a, err := opened(ctx, Globals{Data: b.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := a.importFacts(ctx, false, nil); err != nil {
		b.Fatal(err)
	}
	councils, words := a.catalogue.Register().Councils(), []string{"housing", "revenues", "benefits", "library", "parking", "planning", "waste", "social",
		"care", "payroll", "finance", "forms", "telephony", "network", "support", "licences", "hosting", "records", "casework", "mobile"}
	rng := rand.New(rand.NewPCG(1, 2))
	text := func(n int) string {
		var t bytes.Buffer
		for range n {
			t.WriteString(words[rng.IntN(len(words))] + " ")
		}
		return t.String()
	}
	var items []catalogue.Item
	for n := range 5000 {
		items = append(items, &catalogue.Contract{Meta: catalogue.Meta{Ref: fmt.Sprintf("bench-%d", n)}, Council: councils[n%len(councils)].GSS, Title: text(5),
			Description: text(80), End: catalogue.Date{Year: 2027 + rng.IntN(5), Month: time.Month(1 + rng.IntN(12)), Day: 1},
			Source: catalogue.Source{Text: "Benchmark"}})
	}
	if _, err := a.importAll(ctx, items, catalogue.ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	index, err := a.searching(ctx)
	if err != nil {
		b.Fatal(err)
	}
	engine, err := a.matching(ctx)
	if err != nil {
		b.Fatal(err)
	}
	var following sync.WaitGroup
	following.Go(func() { _ = index.Follow(ctx) })
	following.Go(func() { _ = engine.Follow(ctx) })
	b.Cleanup(func() {
		cancel()
		following.Wait()
		if err := a.close(); err != nil {
			b.Error(err)
		}
	})
	return a
}

// intend lists a need of one of four councils.
func intend(ctx context.Context, a *app, worker, n int) (*catalogue.Intention, error) {
	actor := catalogue.Actor{Account: "bench", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: fmt.Sprintf("E0800000%d", 1+worker%4), Via: "test"}
	return a.catalogue.SaveIntention(ctx, actor, catalogue.Intention{Title: fmt.Sprintf("Arboriculture %d of writer %d", n, worker),
		Description: "Tree surveys, felling orders and planting programmes", WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31"),
		Visibility: catalogue.Own}) // without partners: what matching costs is measured with matching
}

func benchWriters(b *testing.B, a *app, row func(name, measured, against string, ratio float64, aim string)) {
	save := func(worker, n int) error {
		_, err := intend(b.Context(), a, worker, n)
		return err
	}
	serial := rate(b, 1, save)
	many := rate(b, 64, save)
	row("64 writers of intentions, against one after the other", perSecond(many), perSecond(serial), many/serial, "at least 7")
}

// benchSearch compares a faceted search with the same over HTTP: on a connection, and without the network.
func benchSearch(b *testing.B, a *app, row func(name, measured, against string, ratio float64, aim string)) {
	imports, err := web.NewImports(filepath.Join(b.TempDir(), "uploads"), nil)
	if err != nil {
		b.Fatal(err)
	}
	handler, err := web.New(web.Config{Catalogue: a.catalogue, Index: a.index, Engine: a.engine, Imports: imports, Keys: [][]byte{a.secret[:]}, BaseURL: "http://localhost", Build: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	seq, err := a.catalogue.Seq(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	a.index.Wait(b.Context(), catalogue.Public, seq, time.Minute)
	queries := []string{"housing", "library parking", "revenues benefits support", "planning OR waste", "social care casework"}
	inProcess := func(_, n int) error {
		_, err := a.index.Search(b.Context(), catalogue.Public, search.Query{Text: queries[n%len(queries)], Limit: 20, Facets: search.Facets()})
		return err
	}
	path := func(n int) string { return "/api/v1/search?q=" + url.QueryEscape(queries[n%len(queries)]) }
	overHTTP := func(_, n int) error {
		r, err := client.Get(server.URL + path(n))
		if err != nil {
			return err
		}
		defer r.Body.Close()
		_, err = io.Copy(io.Discard, r.Body)
		if err == nil && r.StatusCode != http.StatusOK {
			return fmt.Errorf("status %s", r.Status)
		}
		return err
	}
	handled := func(_, n int) error {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path(n), nil))
		if w.Code != http.StatusOK {
			return fmt.Errorf("status %d", w.Code)
		}
		return nil
	}
	workers := runtime.GOMAXPROCS(0)
	plain := rate(b, workers, inProcess)
	for _, side := range []struct {
		name string
		fn   func(int, int) error
		aim  string
	}{
		{"search over HTTP, client and all, against in process", overHTTP, "at least .8"},
		{"search through the handler, without a network, against in process", handled, ""},
	} {
		r := rate(b, workers, side.fn)
		row(side.name, perSecond(r), perSecond(plain), r/plain, side.aim)
	}
}

// benchDelay is how long it takes from a save that is acknowledged until searches see it.
func benchDelay(b *testing.B, a *app, row func(name, measured, against string, ratio float64, aim string)) {
	var delays []time.Duration
	for n := range 300 {
		in, err := intend(b.Context(), a, 0, 1_000_000+n)
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if !a.index.Wait(b.Context(), catalogue.Councils, in.Version, time.Minute) {
			b.Fatal("a write is not searchable within a minute")
		}
		delays = append(delays, time.Since(began))
	}
	slices.Sort(delays)
	p50, p99 := share(delays, .5), share(delays, .99)
	row("from a write to its being searchable, p99 against p50", p99.Round(10*time.Microsecond).String(), p50.Round(10*time.Microsecond).String(),
		float64(p99)/float64(p50), "p99 under 50 ms, at most 3")
}
