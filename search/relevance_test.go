package search_test

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"

	"jointly/catalogue"
	"jointly/catalogue/demo"
	"jointly/catalogue/facts"
	"jointly/search"
)

// judgedWorld is what the repository holds, as councils see it.
func judgedWorld(t testing.TB, demonstration bool) (*world, *corpus) {
	t.Helper()
	w := newWorld(t)
	known, err := facts.Load()
	if err != nil {
		t.Fatal(err)
	}
	w.add(known.Items()...)
	if demonstration {
		invented, err := demo.Build(w.cat.Today(), w.cat.Register())
		if err != nil {
			t.Fatal(err)
		}
		owners, others := invented.Items()
		w.add(owners...)
		w.add(others...)
	}
	c := &corpus{groups: map[string]string{}, today: w.cat.Today()}
	w.add(labelled(t, c.groups)...)
	w.catchUp()
	c.items = registered(w)
	for _, kind := range []catalogue.Kind{catalogue.KindPlatform, catalogue.KindContract, catalogue.KindIntention, catalogue.KindGroup,
		catalogue.KindCouncil, catalogue.KindSupplier} {
		err := w.cat.Each(context.Background(), catalogue.Operator("test"), kind, func(item catalogue.Item) error {
			if in, ok := item.(*catalogue.Intention); !ok || in.Visibility != catalogue.Own { // which no search finds
				c.items = append(c.items, item)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return w, c
}

// registered are the councils and services of the registers.
func registered(w *world) []catalogue.Item {
	var keys []catalogue.Key
	for _, council := range w.cat.Register().Councils() {
		keys = append(keys, catalogue.Key{Kind: catalogue.KindCouncil, ID: council.GSS})
	}
	for _, service := range w.cat.Register().Services() {
		keys = append(keys, catalogue.Key{Kind: catalogue.KindService, ID: strconv.Itoa(service.LGSL)})
	}
	items, err := w.cat.Load(context.Background(), catalogue.Operator("test"), keys)
	if err != nil {
		w.t.Fatal(err)
	}
	return items
}

// labelled reads the labelled intentions, and their groups into groups.
func labelled(t testing.TB, groups map[string]string) []catalogue.Item {
	t.Helper()
	folder := filepath.Join("..", "catalogue", "match", "testdata")
	rows, err := os.ReadFile(filepath.Join(folder, "labelled-groups.csv"))
	if err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(strings.NewReader(string(rows))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range table {
		groups[row[0]] = row[1]
	}
	return readIntentions(t, filepath.Join(folder, "labelled.jsonl"))
}

// measured is how well a query did.
type measured struct {
	judged
	ndcg    float64
	success bool
	shown   []string
}

func measure(t testing.TB, w *world, c *corpus, file string) []measured {
	t.Helper()
	var out []measured
	for _, j := range readJudged(t, file) {
		grades := c.grades(t, j)
		got := w.find(search.Query{Text: j.text, Limit: 10})
		m := measured{judged: j}
		var keys []catalogue.Key
		for _, h := range got.Hits {
			keys = append(keys, h.Key)
			m.shown = append(m.shown, fmt.Sprintf("%d %s %s", grades[h.Key], h.Key.Kind, h.Title))
		}
		m.ndcg, m.success = ndcg(keys, grades), success(keys, grades)
		out = append(out, m)
	}
	return out
}

// report prints every query, the worst last, and the means by kind.
func report(t testing.TB, results []measured) (meanNDCG, meanSuccess float64) {
	t.Helper()
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	slices.SortStableFunc(results, func(x, y measured) int { return cmp.Compare(y.ndcg, x.ndcg) })
	for _, m := range results {
		detail := ""
		if m.ndcg < 0.85 || !m.success {
			detail = strings.Join(m.shown[:min(len(m.shown), 5)], "; ")
		}
		fmt.Fprintf(table, "%s\t%s\t%.2f\t%v\t%s\n", m.kind, m.text, m.ndcg, m.success, detail)
	}
	fmt.Fprintln(table, "\nkind\tqueries\tnDCG@10\tsuccess@3\t")
	sums := map[string][3]float64{}
	for _, m := range results {
		for _, kind := range []string{m.kind, "all"} {
			s := sums[kind]
			s[0], s[1] = s[0]+1, s[1]+m.ndcg
			if m.success {
				s[2]++
			}
			sums[kind] = s
		}
	}
	kinds := make([]string, 0, len(sums))
	for k := range sums {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		s := sums[k]
		fmt.Fprintf(table, "%s\t%.0f\t%.3f\t%.3f\t\n", k, s[0], s[1]/s[0], s[2]/s[0])
	}
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", b.String())
	all := sums["all"]
	return all[1] / all[0], all[2] / all[0]
}

func TestRelevanceOfJudgedQueries(t *testing.T) {
	for _, half := range []struct {
		file          string
		queries       int
		ndcg, success float64 // floors
		demonstration bool    // whoever judged saw the demonstration too
	}{
		{"judged-development.txt", 120, 0.92, 0.98, true},
		{"judged-heldout.txt", 120, 0.85, 0.95, true},
		{"judged-stranger.txt", 90, 0.86, 0.95, false},
	} {
		w, c := judgedWorld(t, half.demonstration)
		results := measure(t, w, c, half.file)
		t.Logf("%s", half.file)
		ndcg, successes := report(t, results)
		if len(results) < half.queries || ndcg < half.ndcg || successes < half.success {
			t.Errorf("%s: %d queries, nDCG@10 %.3f, success@3 %.3f, want at least %d, %.2f, %.2f",
				half.file, len(results), ndcg, successes, half.queries, half.ndcg, half.success)
		}
	}
}
