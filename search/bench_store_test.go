package search_test

// What a whole search costs, hits read from the store included, and how soon a write is found.

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/search"
)

// benchWorld is a catalogue of n contracts beside the registers.
func benchWorld(b *testing.B, n int) *world {
	w := newWorld(b)
	topics := []string{"Telephony", "Housing management", "Council tax", "Parking permits", "Library system", "Planning applications", "Payroll", "Website"}
	councils := w.cat.Register().Councils()
	var items []catalogue.Item
	for i := range n {
		topic := topics[i%len(topics)]
		items = append(items, &catalogue.Contract{
			Meta: catalogue.Meta{Ref: fmt.Sprint("c", i)}, Council: councils[i*7%len(councils)].GSS,
			Title: fmt.Sprintf("%s %d", topic, i), Description: topic + " support and maintenance, hosted, with " + topics[i/8%len(topics)],
			Supplier: fmt.Sprint("Supplier ", i%300), End: catalogue.MustDate("2027-01-01").AddMonths(i % 48), Source: catalogue.Source{Text: "benchmark"},
		})
	}
	w.add(items...)
	w.catchUp()
	return w
}

// percentiles times fn.
func percentiles(b *testing.B, rounds int, fn func(i int)) (p50, p99 time.Duration) {
	b.Helper()
	times := make([]time.Duration, rounds)
	for i := range times {
		start := time.Now()
		fn(i)
		times[i] = time.Since(start)
	}
	slices.Sort(times)
	return times[rounds/2], times[rounds*99/100]
}

// BenchmarkSearch prints what four facets and highlights add to a plain search of 20 hits that are read from the store,
// and how long a write takes to be found beside what the write itself takes.
func BenchmarkSearch(b *testing.B) {
	n := 20_000
	if testing.Short() {
		n = 2000
	}
	w := benchWorld(b, n)
	ask := func(q search.Query) search.Result {
		q.Text = "council tax OR library"
		return w.find(q)
	}
	facets := []search.Facet{search.FacetKind, search.FacetCapability, search.FacetRegion, search.FacetQuarter}
	hits := ask(search.Query{}).Total
	plain, plain99 := percentiles(b, 300, func(int) { ask(search.Query{}) })
	counted, counted99 := percentiles(b, 300, func(int) { ask(search.Query{Facets: facets}) })
	marked, marked99 := percentiles(b, 300, func(int) { ask(search.Query{Facets: facets, Highlight: true}) })

	ctx, cancel := context.WithCancel(context.Background())
	followed := make(chan error)
	go func() { followed <- w.index.Follow(ctx) }()
	var wrote time.Duration
	found, found99 := percentiles(b, 200, func(i int) {
		start := time.Now()
		w.add(need(fmt.Sprint("late", i), leeds, "Quagga", ""))
		wrote += time.Since(start)
		seq, err := w.cat.Seq(ctx)
		if err != nil || !w.index.Wait(ctx, catalogue.Councils, seq, 10*time.Second) {
			b.Fatalf("change %d is not found, %v", seq, err)
		}
	})
	cancel()
	if err := <-followed; err != nil {
		b.Fatal(err)
	}
	if _, err := fmt.Fprintf(os.Stdout, `
%d documents, %d hits              median      p99
plain, 20 hits from the store   %9s %9s
  and four facets               %9s %9s   %+.0f%%
  and highlights                %9s %9s   %+.0f%%
import of one record until found %8s %9s   of which %s the import

`, n, hits, micro(plain), micro(plain99), micro(counted), micro(counted99), 100*(float64(counted)/float64(plain)-1),
		micro(marked), micro(marked99), 100*(float64(marked)/float64(plain)-1),
		micro(found), micro(found99), micro(wrote/200)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		ask(search.Query{Facets: facets, Highlight: true})
	}
}

func micro(d time.Duration) time.Duration { return d.Round(time.Microsecond) }

// BenchmarkSuggest prints what type-ahead costs for what people type first: one letter, the start of a council's name, of
// a capability's, of a supplier's and of a title.
func BenchmarkSuggest(b *testing.B) {
	n := 20_000
	if testing.Short() {
		n = 2000
	}
	w := benchWorld(b, n)
	ask := func(typed string) int {
		got, err := w.index.Suggest(context.Background(), catalogue.Councils, typed, 10)
		if err != nil {
			b.Fatal(err)
		}
		return len(got)
	}
	for _, typed := range []string{"s", "c", "leed", "parking", "supplier 2", "council tax 1", "housing man"} {
		suggested := ask(typed)
		p50, p99 := percentiles(b, 300, func(int) { ask(typed) })
		if _, err := fmt.Fprintf(os.Stdout, "%-14s %2d suggested  %9s median  %9s p99\n", typed, suggested, micro(p50), micro(p99)); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		ask("council tax 1")
	}
}
