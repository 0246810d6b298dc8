package web

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// likeness is what makes records similar to one: they are of its kind and for the same need, and the nearer in words the
// sooner they are shown.
type likeness struct {
	kind       catalogue.Kind
	id         string // left out of its own list
	words      string // its title
	capability string // ID; empty: not known, so that nothing is similar
	council    string // code; what else this council has stands elsewhere on its page
}

// similarBlock is what a page lists as similar to what it is about.
type similarBlock struct {
	Heading string
	Entries []view.Entry
}

// shownAlike is how many similar records a page shows, and foundAlike how many are looked at to find them.
const (
	shownAlike          = 4
	foundAlike          = 20
	shownRivalPlatforms = 3
)

// similarTo lists what resembles a record, as far as the visitor may see it; nil where there is none. What has ended is left out. One search, or two
// where no title shares a word.
func (s *site) similarTo(ctx context.Context, who visitor, of likeness) (*similarBlock, error) {
	if of.capability == "" {
		return nil, nil
	}
	q := search.Query{Kinds: []catalogue.Kind{of.kind}, Capabilities: []string{of.capability}, Text: plainWords(of.words), Limit: foundAlike}
	found, err := s.find(ctx, who, q)
	if err != nil {
		return nil, err
	}
	if found.Total < shownAlike && q.Text != "" {
		near := found.Hits
		q.Text = ""
		if found, err = s.find(ctx, who, q); err != nil {
			return nil, err
		}
		found.Hits = append(near, found.Hits...)
	}
	entries, err := s.similarEntries(ctx, who.actor, of, found.Hits)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	return &similarBlock{map[catalogue.Kind]string{catalogue.KindContract: "Similar contracts of other councils", catalogue.KindIntention: "Similar intentions of other councils",
		catalogue.KindGroup: "Similar groups", catalogue.KindExample: "Similar examples of other councils", catalogue.KindService: "Services that stand on the same"}[of.kind], entries}, nil
}

// similarEntries are the first hits that are not the record itself, nor its council's, each once.
func (s *site) similarEntries(ctx context.Context, actor catalogue.Actor, of likeness, hits []search.Hit) ([]view.Entry, error) {
	items, r, err := s.read(ctx, actor, hits)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{of.id: true}
	var out []view.Entry
	for i, item := range items {
		if item == nil || seen[hits[i].Key.ID] || len(out) == shownAlike || of.council != "" && catalogue.Owner(item) == of.council {
			continue
		}
		seen[hits[i].Key.ID] = true
		out = append(out, view.Entry{Title: hitTitle(item, hits[i]), Href: pagePath(hits[i].Key.Kind, hits[i].Key.ID), Lines: [][]view.Piece{r.facts(item)}})
	}
	return out, nil
}

// rivals are suppliers of platforms for what a supplier's own are mainly for; nil where none is known. One search.
func (s *site) rivals(ctx context.Context, who visitor, of *catalogue.SupplierView) (*similarBlock, error) {
	var purposes []string
	for _, row := range of.Platforms {
		purposes = append(purposes, row.Platform.Capabilities[0])
	}
	if len(purposes) == 0 {
		return nil, nil
	}
	found, err := s.find(ctx, who, search.Query{Kinds: []catalogue.Kind{catalogue.KindPlatform}, Capabilities: purposes, Limit: 100, Sort: search.ByName})
	if err != nil {
		return nil, err
	}
	items, r, err := s.read(ctx, who.actor, found.Hits)
	if err != nil {
		return nil, err
	}
	entries := map[string]*view.Entry{}
	shared := map[string]int{}
	for _, item := range items {
		p, ok := item.(*catalogue.Platform)
		if !ok || p.SupplierID == "" || p.SupplierID == of.Supplier.ID || p.Demonstration != of.Supplier.Demonstration || !slices.Contains(purposes, p.Capabilities[0]) {
			continue
		}
		e := entries[p.SupplierID]
		if e == nil {
			e = &view.Entry{Title: marked(p.Supplier, p.Demonstration), Href: pagePath(catalogue.KindSupplier, p.SupplierID)}
			entries[p.SupplierID] = e
		}
		shared[p.SupplierID]++
		var l line
		l.link(marked(p.Name, p.Demonstration), pagePath(catalogue.KindPlatform, p.ID)).say(r.capability(p.Capabilities[0]))
		e.Lines = append(e.Lines, l)
	}
	ids := slices.SortedFunc(maps.Keys(entries), func(a, b string) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(entries[a].Title, entries[b].Title))
	})
	if len(ids) == 0 {
		return nil, nil
	}
	out := &similarBlock{Heading: "Other suppliers for the same"}
	for _, id := range ids[:min(len(ids), shownAlike)] {
		e := *entries[id]
		e.Lines = e.Lines[:min(len(e.Lines), shownRivalPlatforms)]
		out.Entries = append(out.Entries, e)
	}
	return out, nil
}
