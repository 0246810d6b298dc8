package search_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/search"
)

const (
	haringey   = "E09000014"
	birmingham = "E08000025"
	leeds      = "E08000035"
)

// need is an intention that councils see.
func need(ref, council, title, description string) *catalogue.Intention {
	return &catalogue.Intention{
		Meta: catalogue.Meta{Ref: ref}, Council: council, Title: title, Description: description,
		WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31"),
	}
}

// bought is a contract.
func bought(ref, council, title, supplier, end string) *catalogue.Contract {
	return &catalogue.Contract{
		Meta: catalogue.Meta{Ref: ref}, Council: council, Title: title, Supplier: supplier, End: catalogue.MustDate(end),
		Source: catalogue.Source{Text: "test"},
	}
}

func TestRevsAndBens(t *testing.T) {
	w := newWorld(t)
	w.add(intentions(t)...)
	w.add(need("only", leeds, "Local taxation", "Council tax and NNDR."))
	w.catchUp()
	got := w.find(search.Query{Text: "revs and bens", Limit: 100, Kinds: []catalogue.Kind{catalogue.KindIntention}})
	if !slices.Contains(titles(got), "Local taxation") {
		t.Errorf("what says 'council tax' and 'NNDR' is not among %v", titles(got))
	}
	if got.Total < 12 || len(got.Understood.Capabilities) == 0 || got.Understood.Capabilities[0] != "revs-bens" {
		t.Errorf("%d found, understood %v", got.Total, got.Understood.Capabilities)
	}
	exact := w.find(search.Query{Text: "revs and bens", Exact: true, Limit: 100})
	if exact.Total >= got.Total || len(exact.Understood.Phrases) > 0 {
		t.Errorf("these exact words: %d found, understood %v", exact.Total, exact.Understood)
	}
}

func TestWordsPhrasesNotAndOr(t *testing.T) {
	w := newWorld(t)
	w.add(
		need("1", leeds, "Quagga zebra", "alpha beta"),
		need("2", leeds, "Zebra quagga", "beta alpha"),
		need("3", leeds, "Quagga", "gamma"),
		need("4", leeds, "Okapi", "alpha & beta"),
	)
	w.catchUp()
	for text, want := range map[string]string{
		`quagga`:                "1 2 3",
		`quaggas`:               "1 2 3",
		`QUÀGGA`:                "1 2 3",
		`quagga zebra`:          "1 2 3", // those with both first
		`"quagga zebra"`:        "1",
		`"alpha beta"`:          "1",
		`"alpha and beta"`:      "4",
		`quagga -zebra`:         "3",
		`quagga -"zebra alpha"`: "1 2 3", // no phrase reaches from the title into the text
		`okapi OR gamma`:        "3 4",
		`quagga OR okapi -beta`: "3",
		`-quagga okapi`:         "4",
		`quag*`:                 "",
		`qu?gga`:                "",
		`/quagga.*/`:            "1 2 3", // a word with strokes around it
		`title:quagga`:          "1 2 3", // two words, of which one is found
	} {
		got := w.find(search.Query{Text: text, Exact: true, Kinds: []catalogue.Kind{catalogue.KindIntention}})
		found := refsOf(w, got)
		slices.Sort(found)
		if strings.Join(found, " ") != want {
			t.Errorf("%s: found %v, want %s", text, found, want)
		}
	}
}

// refsOf are the references of hits, which only their owners and the operator see.
func refsOf(w *world, r search.Result) []string {
	w.t.Helper()
	keys := make([]catalogue.Key, len(r.Hits))
	for i, h := range r.Hits {
		keys[i] = h.Key
	}
	items, err := w.cat.Load(context.Background(), catalogue.Operator("test"), keys)
	if err != nil {
		w.t.Fatal(err)
	}
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = catalogue.MetaOf(item).Ref
	}
	return out
}

func TestAllWordsComeBeforeSome(t *testing.T) {
	w := newWorld(t)
	w.add(
		need("some", leeds, "Quagga quagga quagga", "quagga"),
		need("all", leeds, "Nothing in the title", "one quagga somewhere and further on an okapi"),
	)
	w.catchUp()
	got := w.find(search.Query{Text: "quagga okapi"})
	if want := []string{"all", "some"}; !slices.Equal(refsOf(w, got), want) || got.All != 1 || got.AnyWord {
		t.Errorf("found %v, %d with all the words, want %v", refsOf(w, got), got.All, want)
	}
	got = w.find(search.Query{Text: "quagga wombat"})
	if got.Total != 2 || got.All != 0 || !got.AnyWord {
		t.Errorf("%d found, %d with all the words; any word: %v", got.Total, got.All, got.AnyWord)
	}

	// Where enough have all the words, the others are left out, and a filter brings none of them back.
	for i := range 25 {
		w.add(need(fmt.Sprint("many", i), []string{leeds, haringey}[i%2], "Okapi quagga", ""))
	}
	w.catchUp()
	got = w.find(search.Query{Text: "quagga okapi"})
	london := w.find(search.Query{Text: "quagga okapi", Regions: []string{"London"}})
	if got.Total != 26 || got.All != 26 || london.Total != 12 {
		t.Errorf("%d found, %d with all the words, %d in London", got.Total, got.All, london.Total)
	}
}

func TestExactNamesComeFirst(t *testing.T) {
	w := newWorld(t)
	w.add(
		need("1", haringey, "Haringey Haringey telephony", "Haringey NEC Software Solutions"),
		bought("REF/2026-7", leeds, "Housing", "NEC Software Solutions UK Limited", "2029-01-01"),
		need("2", leeds, "REF 2026", "7"),
	)
	w.catchUp()
	for text, want := range map[string]string{
		"haringey":                   "council/" + haringey,
		"London Borough of Haringey": "council/" + haringey,
		"Haringey council":           "council/" + haringey,
		"Hull City Council":          "council/E06000010",
		haringey:                     "council/" + haringey,
		"NEC":                        "supplier/nec-software-solutions-uk",
		"Northgate":                  "supplier/nec-software-solutions-uk",
	} {
		got := w.find(search.Query{Text: text})
		if len(got.Hits) == 0 || got.Hits[0].Key.String() != want {
			t.Errorf("%s: %v, want %s first", text, got.Hits, want)
		}
	}
	if got := w.find(search.Query{Text: "REF/2026-7"}); got.Hits[0].Ref != "REF/2026-7" {
		t.Errorf("a reference finds %v first", got.Hits[0])
	}
}

func TestSpellingIsForgiven(t *testing.T) {
	w := newWorld(t)
	w.add(need("1", leeds, "Quagga enclosure", "wallaby"), need("2", leeds, "Wombat burrow", ""))
	w.catchUp()
	for text, want := range map[string]string{"quaga": "quagga", "qaugga": "quagga", "wolaby": "", "wmbat": "wombat"} {
		got := w.find(search.Query{Text: text})
		if got.Corrected != want || (want != "") != (got.Total == 1) {
			t.Errorf("%s: %d found, corrected to %q, want %q", text, got.Total, got.Corrected, want)
		}
	}
	for _, right := range []string{"quagga", "bur", "zzz", "quag9a"} {
		if got := w.find(search.Query{Text: right}); got.Corrected != "" {
			t.Errorf("%s was corrected to %q", right, got.Corrected)
		}
	}
	if got := w.find(search.Query{Text: "Suth Norfolk"}); got.Corrected != "South Norfolk" || got.Hits[0].Title != "South Norfolk" {
		t.Errorf("a name of two words: corrected to %q, %q", got.Corrected, titles(got))
	}
	if got := w.find(search.Query{Text: "quaga", Exact: true}); got.Total != 0 {
		t.Errorf("these exact words: %d found", got.Total)
	}
}

func TestWhatEndedIsOffByDefault(t *testing.T) {
	w := newWorld(t)
	withdrawn := need("withdrawn", leeds, "Quagga withdrawn", "")
	withdrawn.Withdrawn = "bought alone"
	past := need("past", leeds, "Quagga past", "")
	past.WindowStart, past.WindowEnd = catalogue.MustDate("2025-01-01"), catalogue.MustDate("2026-11-22")
	w.add(withdrawn, past,
		need("open", leeds, "Quagga open", ""),
		bought("today", leeds, "Quagga ends today", "", "2026-11-23"),
		bought("month", leeds, "Quagga ends this month", "", "2026-11"),
		bought("yesterday", leeds, "Quagga ended", "", "2026-11-22"),
		bought("none", leeds, "Quagga says no end", "", ""),
	)
	w.catchUp()
	ask := func(q search.Query) []string {
		q.Text, q.Facets = "quagga", []search.Facet{search.FacetStatus}
		got := w.find(q)
		if want := "[{status [{open Open 4} {ended Ended 3}]}]"; fmt.Sprint(got.Facets) != want {
			t.Errorf("%+v: counts %v, want %s", q, got.Facets, want)
		}
		refs := refsOf(w, got)
		slices.Sort(refs)
		return refs
	}
	open, ended := []string{"month", "none", "open", "today"}, []string{"past", "withdrawn", "yesterday"}
	both := slices.Sorted(slices.Values(append(slices.Clone(open), ended...)))
	if got := ask(search.Query{}); !slices.Equal(got, open) {
		t.Errorf("by default: %v", got)
	}
	if got := ask(search.Query{Ended: true}); !slices.Equal(got, both) {
		t.Errorf("with what ended: %v", got)
	}
	if got := ask(search.Query{Statuses: []string{search.StatusEnded}}); !slices.Equal(got, ended) {
		t.Errorf("what ended alone: %v", got)
	}
	if got := refsOf(w, w.find(search.Query{Text: "quagga", Sort: search.ByEnd, Ended: true})); !slices.Equal(got[:2], []string{"today", "month"}) ||
		!slices.Equal(got[3:5], []string{"none", "past"}) && !slices.Equal(got[3:5], []string{"none", "yesterday"}) {
		t.Errorf("by end: %v", got)
	}
	got := w.find(search.Query{Text: "quagga", EndsFrom: catalogue.MustDate("2026-11-23"), EndsTo: catalogue.MustDate("2026-11-29")})
	if refs := refsOf(w, got); !slices.Equal(refs, []string{"today"}) {
		t.Errorf("ends in a week: %v", refs)
	}
}

func TestPagesCoverAllHitsOnce(t *testing.T) {
	w := newWorld(t)
	for i := range 7 {
		var items []catalogue.Item
		for j := range 10 {
			in := need(fmt.Sprintf("%d-%d", i, j), leeds, fmt.Sprintf("Quagga %c", 'a'+j), "same words")
			in.WindowEnd = catalogue.MustDate(fmt.Sprintf("2027-1%d-01", i%3))
			items = append(items, in)
		}
		w.add(items...)
	}
	w.catchUp()
	for _, sort := range []search.Sort{search.ByRelevance, search.ByNewest, search.ByEnd, search.ByName} {
		seen, pages := map[catalogue.Key]bool{}, 0
		for q := (search.Query{Text: "quagga", Sort: sort, Limit: 9}); ; pages++ {
			got := w.find(q)
			if got.Total != 70 {
				t.Fatalf("%s: %d in all", sort, got.Total)
			}
			for _, h := range got.Hits {
				if seen[h.Key] {
					t.Errorf("%s: %s is on two pages", sort, h.Title)
				}
				seen[h.Key] = true
			}
			if pages == 3 {
				// What comes meanwhile takes no place from what is still to be shown.
				w.add(need("new"+string(sort), leeds, "Quagga 000 new", "same words"))
				w.catchUp()
				if err := withdraw(w, "new"+string(sort)); err != nil {
					t.Fatal(err)
				}
			}
			if got.Next == "" {
				break
			}
			q.Cursor = got.Next
		}
		if len(seen) != 70 || pages != 7 {
			t.Errorf("%s: %d hits on %d pages", sort, len(seen), pages+1)
		}
	}
}

// withdraw takes an intention off the market and brings the indexes up to date.
func withdraw(w *world, ref string) error {
	actor := catalogue.Actor{Account: "officer", Role: catalogue.RoleContributor, OrgKind: catalogue.OrgCouncil, Org: leeds}
	got := w.find(search.Query{Text: "quagga 000 new"})
	for i, r := range refsOf(w, got) {
		if r == ref {
			if _, err := w.cat.WithdrawIntention(context.Background(), actor, got.Hits[i].Key.ID, "test"); err != nil {
				return err
			}
		}
	}
	w.catchUp()
	return nil
}

func TestCursorsAreChecked(t *testing.T) {
	w := newWorld(t)
	w.add(need("1", leeds, "Quagga a", ""), need("2", leeds, "Quagga b", ""), need("3", leeds, "Quagga c", ""))
	w.catchUp()
	q := search.Query{Text: "quagga", Limit: 1}
	next := w.find(q).Next
	flipped := []byte(next)
	flipped[len(flipped)/2] ^= 1
	other := q
	other.Text = "quagga a"
	for name, bad := range map[string]search.Query{
		"not base64":    {Text: "quagga", Cursor: "%%%"},
		"too short":     {Text: "quagga", Cursor: "AAAA"},
		"tampered with": {Text: "quagga", Cursor: string(flipped)},
		"of another":    {Text: "okapi", Cursor: next},
		"other filters": {Text: "quagga", Regions: []string{"London"}, Cursor: next},
	} {
		_, err := w.index.Search(context.Background(), catalogue.Councils, bad)
		if catalogue.KindOf(err) != catalogue.Invalid || len(catalogue.FieldsOf(err)) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	q.Cursor = next
	if got := w.find(q); len(got.Hits) != 1 {
		t.Errorf("its own cursor: %d hits", len(got.Hits))
	}
}

func TestQueriesThatCannotBeAsked(t *testing.T) {
	w := newWorld(t)
	w.catchUp()
	for name, c := range map[string]struct {
		q    search.Query
		kind catalogue.ErrorKind
	}{
		"invalid UTF-8":     {search.Query{Text: "a\xffb"}, catalogue.Invalid},
		"a NUL":             {search.Query{Text: "a\x00b"}, catalogue.Invalid},
		"a book":            {search.Query{Text: strings.Repeat("word ", 2_000_000)}, catalogue.TooLarge},
		"too many at once":  {search.Query{Limit: 101}, catalogue.Invalid},
		"less than nothing": {search.Query{Limit: -1}, catalogue.Invalid},
		"an odd order":      {search.Query{Sort: "price"}, catalogue.Invalid},
		"an odd facet":      {search.Query{Facets: []search.Facet{"price"}}, catalogue.Invalid},
		"an odd status":     {search.Query{Statuses: []string{"fine"}}, catalogue.Invalid},
		"dates turned":      {search.Query{EndsFrom: catalogue.MustDate("2028"), EndsTo: catalogue.MustDate("2027")}, catalogue.Invalid},
	} {
		_, err := w.index.Search(context.Background(), catalogue.Public, c.q)
		if catalogue.KindOf(err) != c.kind || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.index.Search(context.Background(), catalogue.Own, search.Query{}); catalogue.KindOf(err) != catalogue.Invalid {
		t.Errorf("an audience without an index: %v", err)
	}
}

func TestBusySearchesAreTurnedAway(t *testing.T) {
	w := newWorld(t)
	w.add(need("1", leeds, "Quagga", ""))
	w.catchUp()
	w.close()
	index, err := search.Open(context.Background(), w.dir, w.cat, search.Options{Concurrent: 1, Deadline: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	w.index = index
	_, err = w.index.Search(context.Background(), catalogue.Public, search.Query{Text: "quagga"})
	if catalogue.KindOf(err) != catalogue.Unavailable {
		t.Errorf("past its deadline: %v", err)
	}
	w.close()
	w.open()
	if got := w.find(search.Query{Text: "quagga"}); got.Total != 1 {
		t.Errorf("a search that took too long harmed the index: %d found", got.Total)
	}
}

func TestHighlights(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("Words that say little about it. ", 30) + "Here the <b>quagga</b> & its wallaby stand. " + strings.Repeat("And more of them. ", 30)
	w.add(need("1", leeds, "A need", long), need("2", haringey, "Quagga by name", ""))
	w.catchUp()
	got := w.find(search.Query{Text: "quagga wallaby", Highlight: true})
	if len(got.Hits) != 2 || got.Hits[0].Title != "A need" {
		t.Fatalf("got %v", titles(got))
	}
	var all strings.Builder
	var marked []string
	for _, f := range got.Hits[0].Fragments {
		all.WriteString(f.Text)
		if f.Mark {
			marked = append(marked, f.Text)
		}
	}
	if !slices.Equal(marked, []string{"quagga", "wallaby"}) || !strings.Contains(all.String(), "the <b>quagga</b> & its wallaby stand") {
		t.Errorf("marked %q in %q", marked, all.String())
	}
	if n := len(all.String()); n > 300 || !strings.HasPrefix(all.String(), "…") || !strings.HasSuffix(all.String(), "…") {
		t.Errorf("a passage of %d bytes: %q", n, all.String())
	}
	where := w.find(search.Query{Text: "haringey", Kinds: []catalogue.Kind{catalogue.KindIntention}, Highlight: true})
	if len(where.Hits) != 1 || where.Hits[0].Where != "council" {
		t.Errorf("found through its council: %+v", where.Hits)
	}
}

func TestManySearchesWhileTheCatalogueChanges(t *testing.T) {
	w := newWorld(t)
	w.add(need("0", leeds, "Quagga", ""))
	w.catchUp()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := w.index.Follow(ctx); err != nil {
			t.Error(err)
		}
	})
	for range 4 {
		wg.Go(func() {
			for seen := 0; ctx.Err() == nil; {
				got, err := w.index.Search(context.Background(), catalogue.Councils, search.Query{Text: "quagga", Limit: 100, Ended: true,
					Facets: []search.Facet{search.FacetKind, search.FacetCouncil}, Kinds: []catalogue.Kind{catalogue.KindIntention}})
				if err != nil {
					t.Error(err)
					return
				}
				// Words, hits and counts are of one moment, and moments do not go back.
				if got.Total < seen || got.Total != len(got.Hits) || got.Facets[0].Values[0].Count != got.Total || got.Facets[1].Values[0].Count != got.Total {
					t.Errorf("%d hits, %d in all after %d, counts %v", len(got.Hits), got.Total, seen, got.Facets)
					return
				}
				seen = got.Total
			}
		})
	}
	for i := 1; i <= 40; i++ {
		w.add(need(fmt.Sprint(i), leeds, "Quagga", ""))
		seq, err := w.cat.Seq(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !w.index.Wait(ctx, catalogue.Councils, seq, 10*time.Second) {
			t.Fatalf("change %d is not seen", seq)
		}
		if got := w.find(search.Query{Text: "quagga", Limit: 1, Kinds: []catalogue.Kind{catalogue.KindIntention}}); got.Total != i+1 || got.Seq < seq {
			t.Fatalf("after %d changes %d are found, up to change %d of %d", i, got.Total, got.Seq, seq)
		}
	}
	cancel()
	wg.Wait()
	if w.index.Wait(context.Background(), catalogue.Public, 1<<40, time.Millisecond) {
		t.Error("a change that never was is said to be seen")
	}
}

func TestWhatMayBeOutOfDateSinks(t *testing.T) {
	w := newWorld(t)
	fresh, old := need("fresh", leeds, "Quagga fencing for parks", ""), need("old", leeds, "Quagga fencing", "")
	fresh.Confirmed, old.Confirmed = now(), now().AddDate(0, -5, 0)
	w.add(fresh, old)
	w.catchUp()
	order := func() []string {
		t.Helper()
		q := search.Query{Text: "fencing quagga", Limit: 1} // no exact name: that stands above all weights
		first := w.find(q)
		q.Cursor = first.Next
		second := w.find(q) // the place in the order holds: neither comes twice
		if second.Next != "" {
			t.Error("there is a third page")
		}
		return append(refsOf(w, first), refsOf(w, second)...)
	}
	if got := order(); !slices.Equal(got, []string{"old", "fresh"}) {
		t.Errorf("while both hold: %v", got)
	}
	w.clock = w.clock.AddDate(0, 2, 0) // nothing is written meanwhile: the day alone decides
	if got := order(); !slices.Equal(got, []string{"fresh", "old"}) {
		t.Errorf("once one may be out of date: %v", got)
	}
}
