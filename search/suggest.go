package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"jointly/catalogue"
)

// Suggestion is what somebody who types may mean.
type Suggestion struct {
	Text string
	Key  catalogue.Key // of the thing that is called so; zero for a capability
	// Capability is the ID of the capability that is called so; empty for a thing.
	Capability string
}

const (
	// maxNames is how many names that begin as typed are looked at.
	maxNames = 400

	maxSuggestions = 20
)

// Suggest completes what is being typed from the names that an audience may see: capabilities, councils, suppliers and
// platforms before titles. At most n, and at most 20.
func (x *Index) Suggest(ctx context.Context, audience catalogue.Audience, typed string, n int) ([]Suggestion, error) {
	var out []Suggestion
	q := Query{Text: typed, Exact: true}
	err := x.run(ctx, audience, &q, func(ctx context.Context, s *side, v *view, _ *plan, _ string) error {
		prefix := folded(typed)
		if prefix == "" {
			return nil
		}
		for _, c := range x.cat.Dictionary().Capabilities() {
			if strings.HasPrefix(folded(c.Name), prefix) {
				out = append(out, Suggestion{Text: c.Name, Capability: c.ID})
			}
		}
		keys, err := v.named(ctx, prefix)
		if err != nil {
			return err
		}
		n = min(max(n, 0), maxSuggestions)
		out = out[:min(len(out), n)]
		keys = keys[:min(len(keys), n-len(out))]
		items, err := x.cat.Load(ctx, s.actor, keys)
		if err != nil {
			return err
		}
		d := &describer{cat: x.cat, actor: s.actor}
		for _, item := range items {
			if item == nil {
				continue
			}
			if doc := d.describe(item); doc != nil {
				out = append(out, Suggestion{Text: doc.title, Key: doc.key})
			}
		}
		return nil
	})
	return out, err
}

// named lists the things with a name that begins so, the likeliest kinds first.
func (v *view) named(ctx context.Context, prefix string) ([]catalogue.Key, error) {
	names, err := v.snapshot.FieldDictPrefix(fieldExact, []byte(prefix))
	if err != nil {
		return nil, fmt.Errorf("read the names of the index: %w", err)
	}
	var terms []string
	for len(terms) < maxNames {
		entry, err := names.Next()
		if err != nil {
			return nil, fmt.Errorf("read the names of the index: %w", err)
		}
		if entry == nil {
			break
		}
		terms = append(terms, entry.Term)
	}
	if err := names.Close(); err != nil {
		return nil, fmt.Errorf("read the names of the index: %w", err)
	}
	var keys []catalogue.Key
	for _, s := range v.segments {
		f := newFinder(ctx, s)
		for _, term := range terms {
			docs, err := f.term(fieldExact, term)
			if err != nil {
				return nil, err
			}
			if docs == nil {
				continue
			}
			// Of many things with one title, one stands for all.
			kind, id := splitID(string(s.ids.at(docs.Minimum())))
			keys = append(keys, catalogue.Key{Kind: kind, ID: id})
		}
	}
	slices.SortStableFunc(keys, func(a, b catalogue.Key) int {
		return cmp.Compare(suggestedAs(a.Kind), suggestedAs(b.Kind))
	})
	seen := map[catalogue.Key]bool{}
	return slices.DeleteFunc(keys, func(k catalogue.Key) bool {
		again := seen[k]
		seen[k] = true
		return again
	}), nil
}

// suggestedAs orders kinds of things: the fewer there are, the likelier one is meant.
func suggestedAs(kind catalogue.Kind) int {
	switch kind {
	case catalogue.KindCouncil:
		return 0
	case catalogue.KindSupplier:
		return 1
	case catalogue.KindPlatform:
		return 2
	}
	return 3
}
