package search_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/search"
)

func TestHostileQueriesAreBounded(t *testing.T) {
	w := newWorld(t)
	w.add(intentions(t)...)
	w.catchUp()
	var words []string
	for i := range 300 {
		words = append(words, fmt.Sprintf("sistem%cz", 'a'+i%26))
	}
	for _, text := range []string{
		strings.Join(words, " ")[:1999], strings.Repeat("*", 1000), strings.Repeat("a* ", 600), strings.Repeat(`"`, 1999),
		strings.Repeat("-", 1999), strings.Repeat("OR ", 600), strings.Repeat("council tax ", 150), `"` + strings.Repeat("council ", 200) + `"`,
		strings.Repeat("x", 1999), "(((((((((((", "field:* AND NOT *:*", `\`, strings.Repeat("é", 900),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		q := search.Query{Text: text, Facets: search.Facets(), Highlight: true, Limit: 100}
		start := time.Now()
		_, err := w.index.Search(context.Background(), catalogue.Councils, q)
		if took := time.Since(start); err != nil || took > time.Second {
			t.Errorf("%.30q: %s, %v", text, took, err)
		}
		if _, err := w.index.Instead(context.Background(), catalogue.Councils, search.Query{Text: text, Regions: words}); err != nil {
			t.Errorf("ways out of %.30q: %v", text, err)
		}
		runtime.ReadMemStats(&after)
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 100 {
			t.Errorf("%.30q: %d MB were taken", text, mb)
		}
	}
}

func TestDeepPagesCostNoMore(t *testing.T) {
	w := newWorld(t)
	w.catchUp()
	q := search.Query{Text: "council OR service OR england", Exact: true, Limit: 10, Sort: search.ByName}
	pages := 0
	for {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		got := w.find(q)
		runtime.ReadMemStats(&after)
		if took, mb := time.Since(start), (after.TotalAlloc-before.TotalAlloc)>>20; took > time.Second || mb > 20 {
			t.Fatalf("page %d took %s and %d MB", pages, took, mb)
		}
		if pages++; got.Next == "" {
			break
		}
		q.Cursor = got.Next
	}
	if pages < 30 {
		t.Errorf("only %d pages", pages)
	}
}
