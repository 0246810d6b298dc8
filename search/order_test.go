package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"jointly/catalogue"
	"jointly/search"
)

func TestOrders(t *testing.T) {
	w := newWorld(t)
	const n = 60
	var items []catalogue.Item
	for _, i := range rand.New(rand.NewPCG(5, 6)).Perm(n) {
		c := bought(fmt.Sprintf("%02d", i), leeds, fmt.Sprintf("Quagga %c%c", 'a'+(n-1-i)/10, "9876543210"[i%10]), "", "")
		c.Source.Date = catalogue.MustDate("2020-01-15").AddMonths(i)        // the greater, the newer
		c.End = catalogue.MustDate("2027-01-15").AddMonths((i * 7) % n)      // each month once
		c.Title = []string{c.Title, "QUAGGA" + c.Title[len("Quagga"):]}[i%2] // case does not matter
		items = append(items, c)
	}
	w.add(items...)
	w.catchUp()
	refs := func(order func(a, b int) int) []string {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		slices.SortFunc(all, order)
		out := make([]string, n)
		for i, a := range all {
			out[i] = fmt.Sprintf("%02d", a)
		}
		return out
	}
	newest := refs(func(a, b int) int { return b - a })
	for sort, want := range map[search.Sort][]string{
		search.ByRelevance: newest, // all say the same, so the newer is first
		search.ByNewest:    newest,
		search.ByEnd:       refs(func(a, b int) int { return (a*7)%n - (b*7)%n }),
		search.ByName:      newest,
	} {
		var got []string
		for q := (search.Query{Text: "quagga", Sort: sort, Limit: 7}); ; {
			page := w.find(q)
			got = append(got, refsOf(w, page)...)
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", sort, got, want)
		}
	}
}
