package search_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jointly/catalogue"
	"jointly/search"
)

// modelled is a record as the naive search knows it: its words in order, and its values.
type modelled struct {
	key    catalogue.Key
	words  []string
	values map[search.Facet][]string
	ended  bool
	ends   time.Time
}

// model finds by looking at every record, and counts by counting.
type model []modelled

func vocabulary() []string {
	return []string{"quagga", "okapi", "wombat", "numbat", "dugong", "tapir", "zorilla", "pangolin"}
}

// modelWorld is a catalogue of made-up records and what the naive search knows of them.
func modelWorld(t testing.TB) (*world, model) {
	w := newWorld(t)
	rng := rand.New(rand.NewPCG(3, 4))
	pick := func(from []string) string { return from[rng.IntN(len(from))] }
	councils := []string{leeds, haringey, birmingham, "W06000015", "E10000003"}
	capabilities := []string{"telephony-uc", "revs-bens", "libraries"}
	text := func() string {
		var out []string
		for range 1 + rng.IntN(3) {
			out = append(out, pick(vocabulary()))
		}
		return strings.Join(out, " ")
	}
	var items []catalogue.Item
	for i := range 150 {
		start := catalogue.MustDate("2025-01-01").AddMonths(rng.IntN(36))
		in := need(fmt.Sprint("i", i), pick(councils), text(), text())
		in.Capability, in.WindowStart, in.WindowEnd = pick(capabilities), start, start.AddMonths(rng.IntN(12))
		c := bought(fmt.Sprint("c", i), pick(councils), text(), pick([]string{"", "NEC Software Solutions UK", "Civica"}), "")
		c.Capability, c.Description, c.Route = pick(capabilities), text(), pick([]string{"", "G-Cloud 14", "open procedure"})
		c.Stage = catalogue.Stage(pick([]string{"planned", "tender", "awarded"}))
		if rng.IntN(4) > 0 {
			c.End = start.AddMonths(rng.IntN(40))
		}
		items = append(items, in, c)
	}
	w.add(items...)
	w.catchUp()

	var m model
	today := w.cat.Today()
	add := func(key catalogue.Key, title, text, council, capability string, ends catalogue.Date, values map[search.Facet][]string) {
		c, ok := w.cat.Register().Council(council)
		if !ok {
			t.Fatal(council)
		}
		known, ok := w.cat.Dictionary().Capability(capability)
		if !ok {
			t.Fatal(capability)
		}
		maps.Copy(values, map[search.Facet][]string{
			search.FacetKind: {string(key.Kind)}, search.FacetCouncil: {council}, search.FacetRegion: {c.Region},
			search.FacetCouncilType: {c.Type}, search.FacetCapability: {capability}, search.FacetArea: {known.Area},
		})
		one := modelled{key: key, words: strings.Fields(title + " | " + text), values: values, ends: ends.Last(), ended: !ends.IsZero() && ends.Last().Before(today)}
		one.values[search.FacetStatus] = []string{search.StatusOpen}
		if one.ended {
			one.values[search.FacetStatus] = []string{search.StatusEnded}
		}
		m = append(m, one)
	}
	ctx := context.Background()
	for _, kind := range []catalogue.Kind{catalogue.KindIntention, catalogue.KindContract} {
		if err := w.cat.Each(ctx, catalogue.AnyCouncil(), kind, func(item catalogue.Item) error {
			switch it := item.(type) {
			case *catalogue.Intention:
				add(it.Key(), it.Title, it.Description, it.Council, it.Capability, it.WindowEnd, map[search.Facet][]string{
					search.FacetQuarter: {search.Quarter(it.WindowStart.First())}})
			case *catalogue.Contract:
				values := map[search.Facet][]string{
					search.FacetQuarter: {search.Quarter(it.End.Last())}, search.FacetRoute: {search.RouteOf(it.Route)}, search.FacetStage: {string(it.Stage)}}
				if it.SupplierID != "" {
					values[search.FacetSupplier] = []string{it.SupplierID}
				}
				add(it.Key(), it.Title, it.Description, it.Council, it.Capability, it.End, values)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return w, m
}

func (d modelled) has(phrase []string) bool {
	for i := range d.words {
		if len(d.words)-i >= len(phrase) && slices.Equal(d.words[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

// asked is a query as it was put together: groups of which all, or some, are to be there, each any of its phrases.
type asked struct {
	groups [][][]string
	not    [][]string
}

func (a asked) text() string {
	quoted := func(phrase []string) string {
		if len(phrase) == 1 {
			return phrase[0]
		}
		return `"` + strings.Join(phrase, " ") + `"`
	}
	var out []string
	for _, g := range a.groups {
		var either []string
		for _, phrase := range g {
			either = append(either, quoted(phrase))
		}
		out = append(out, strings.Join(either, " OR "))
	}
	for _, phrase := range a.not {
		out = append(out, "-"+quoted(phrase))
	}
	return strings.Join(out, " ")
}

// find is what a query finds before filters: what has all groups, or where fewer than 20 have, what has some.
func (m model) find(a asked) model {
	matching := func(least int) (out model) {
		for _, d := range m {
			n := 0
			for _, g := range a.groups {
				if slices.ContainsFunc(g, d.has) {
					n++
				}
			}
			if n >= least && !slices.ContainsFunc(a.not, d.has) {
				out = append(out, d)
			}
		}
		return out
	}
	all := matching(len(a.groups))
	if len(a.groups) > 1 && len(all) < 20 {
		return matching(1)
	}
	return all
}

// passes says whether a record has one of the chosen values of every facet, but for one that does not matter.
func (d modelled) passes(q search.Query, but search.Facet) bool {
	for _, f := range search.Facets() {
		chosen := q.Chosen(f)
		if f == search.FacetStatus && len(chosen) == 0 {
			if chosen = []string{search.StatusOpen}; q.Ended {
				chosen = nil
			}
		}
		if f != but && len(chosen) > 0 && !slices.ContainsFunc(d.values[f], func(v string) bool { return slices.Contains(chosen, v) }) {
			return false
		}
	}
	if !q.EndsFrom.IsZero() && (d.ends.IsZero() || d.ends.Before(q.EndsFrom.First())) {
		return false
	}
	return q.EndsTo.IsZero() || !d.ends.IsZero() && !d.ends.After(q.EndsTo.Last())
}

func TestFindsAndCountsWhatANaiveSearchDoes(t *testing.T) {
	w, m := modelWorld(t)
	phrase := rapid.Custom(func(t *rapid.T) []string {
		return rapid.SliceOfN(rapid.SampledFrom(vocabulary()), 1, 2).Draw(t, "phrase")
	})
	rapid.Check(t, func(t *rapid.T) {
		a := asked{
			groups: rapid.SliceOfN(rapid.SliceOfN(phrase, 1, 2), 0, 3).Draw(t, "groups"),
			not:    rapid.SliceOfN(phrase, 0, 1).Draw(t, "not"),
		}
		q := search.Query{
			Text: a.text(), Exact: true, Limit: 100, Facets: search.Facets(),
			Ended: rapid.Bool().Draw(t, "ended"),
			Sort:  rapid.SampledFrom([]search.Sort{"", search.ByNewest, search.ByEnd, search.ByName}).Draw(t, "sort"),
		}
		for _, f := range search.Facets() {
			var values []string
			for _, d := range m {
				values = append(values, d.values[f]...)
			}
			slices.Sort(values)
			values = append(slices.Compact(values), "nothing has this")
			if f == search.FacetStatus {
				values = values[:2]
			}
			if rapid.IntRange(0, 3).Draw(t, "choose") == 0 {
				q.Choose(f, rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, 2, rapid.ID[string]).Draw(t, string(f)))
			}
		}
		if len(q.Kinds) == 0 {
			q.Kinds = []catalogue.Kind{catalogue.KindContract, catalogue.KindIntention} // the model has no others
		}
		if rapid.IntRange(0, 3).Draw(t, "dates") == 0 {
			q.EndsFrom = catalogue.MustDate("2026-06-15")
			q.EndsTo = q.EndsFrom.AddMonths(rapid.IntRange(0, 24).Draw(t, "months"))
		}

		got, err := w.index.Search(context.Background(), catalogue.Councils, q)
		if err != nil {
			t.Fatal(err)
		}
		found := m.find(a)
		var want []string
		for _, d := range found {
			if d.passes(q, "") {
				want = append(want, d.key.String())
			}
		}
		if got.Total != len(want) {
			t.Fatalf("%s: %d in all, want %d", q.Text, got.Total, len(want))
		}
		var keys []string
		for _, h := range got.Hits {
			keys = append(keys, h.Key.String())
		}
		slices.Sort(keys)
		slices.Sort(want)
		if len(want) <= 100 && !slices.Equal(keys, want) {
			t.Fatalf("%s: found %v, want %v", q.Text, keys, want)
		}
		for _, f := range got.Facets {
			if f.Facet == search.FacetKind {
				continue // other kinds are in the index too
			}
			counts := map[string]int{}
			for _, chosen := range q.Chosen(f.Facet) {
				counts[chosen] = 0
			}
			for _, d := range found {
				if d.passes(q, f.Facet) {
					for _, v := range d.values[f.Facet] {
						counts[v]++
					}
				}
			}
			shown := map[string]int{}
			for _, v := range f.Values {
				shown[v.Value] = v.Count
			}
			if !maps.Equal(shown, counts) {
				t.Fatalf("%s, %s: counted %v, want %v", q.Text, f.Facet, shown, counts)
			}
		}
	})
}

func TestPivotCountsPairs(t *testing.T) {
	w, m := modelWorld(t)
	q := search.Query{Text: "quagga", Exact: true, Ended: true, Regions: []string{"London", "Wales"}, Kinds: []catalogue.Kind{catalogue.KindContract}}
	for _, columns := range []search.Facet{search.FacetQuarter, search.FacetSupplier, search.FacetRegion} {
		got, err := w.index.Pivot(context.Background(), catalogue.Councils, q, search.FacetCapability, columns)
		if err != nil {
			t.Fatal(err)
		}
		want, total := map[string]int{}, 0
		for _, d := range m.find(asked{groups: [][][]string{{{"quagga"}}}}) {
			if !d.passes(q, "") {
				continue
			}
			total++
			for _, column := range d.values[columns] {
				want[d.values[search.FacetCapability][0]+" "+column]++
			}
		}
		counted := map[string]int{}
		for i, row := range got.Rows {
			for j, column := range got.Columns {
				if n := got.Counts[i][j]; n > 0 {
					counted[row.Value+" "+column.Value] = n
				}
			}
		}
		if got.Total != total || !maps.Equal(counted, want) {
			t.Errorf("%s: %d in all, counted %v, want %d, %v", columns, got.Total, counted, total, want)
		}
		if columns == search.FacetQuarter && !slices.IsSortedFunc(got.Columns, func(a, b search.FacetValue) int { return strings.Compare(a.Value, b.Value) }) {
			t.Errorf("quarters are not in order of time: %v", got.Columns)
		}
	}
	if _, err := w.index.Pivot(context.Background(), catalogue.Public, q, search.FacetStatus, search.FacetRegion); catalogue.KindOf(err) != catalogue.Invalid {
		t.Errorf("a table by status: %v", err)
	}
}

func TestSuggest(t *testing.T) {
	w := newWorld(t)
	w.add(bought("1", leeds, "Haring about", "Hardware Ltd", "2029-01-01"), need("2", leeds, "Haringey telephony", ""))
	w.catchUp()
	text := func(typed string, n int) (out []string) {
		got, err := w.index.Suggest(context.Background(), catalogue.Councils, typed, n)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range got {
			out = append(out, s.Text)
		}
		return out
	}
	if got := text("haring", 10); !slices.Equal(got, []string{"Haringey", "Haring about", "Haringey telephony"}) {
		t.Errorf("haring: %v", got)
	}
	if got := text("Revenues and", 1); !slices.Equal(got, []string{"Revenues and benefits"}) {
		t.Errorf("Revenues and: %v", got)
	}
	if got := text("h", 3); len(got) != 3 {
		t.Errorf("h: %v", got)
	}
	if got := text("", 3); len(got) != 0 {
		t.Errorf("nothing typed: %v", got)
	}
}
