package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"jointly/catalogue"
	"jointly/catalogue/capability"
)

// Suggestion is what somebody who types may mean.
type Suggestion struct {
	Text string
	Key  catalogue.Key // of the thing that is called so; zero for a capability
	// Capability is the ID of the capability that is called so; empty for a thing.
	Capability string
}

const maxSuggestions = 20

// Names of councils, suppliers and platforms are in a field of their own, after the place of their kind: the fewer things
// of a kind there are, the likelier one is meant.
func suggestedKinds() []catalogue.Kind {
	return []catalogue.Kind{catalogue.KindCouncil, catalogue.KindSupplier, catalogue.KindPlatform}
}

// nameTerm is a whole name of a thing in the index, or the beginning of one; empty for kinds that have titles alone.
func nameTerm(kind catalogue.Kind, folded string) string {
	if i := slices.Index(suggestedKinds(), kind); i >= 0 {
		return string('0'+rune(i)) + folded
	}
	return ""
}

// Suggest completes what is being typed from the names that an audience may see: capabilities, councils, suppliers and
// platforms before titles. At most n, and at most 20.
func (x *Index) Suggest(ctx context.Context, audience catalogue.Audience, typed string, n int) ([]Suggestion, error) {
	var out []Suggestion
	n = min(max(n, 0), maxSuggestions)
	q := Query{Text: typed, Exact: true}
	err := x.run(ctx, audience, &q, func(ctx context.Context, s *side, v *view, _ *plan, _ string) error {
		prefix := folded(typed)
		if prefix == "" {
			return nil
		}
		for _, c := range x.capabilities {
			if strings.HasPrefix(c.folded, prefix) && len(out) < n {
				out = append(out, Suggestion{Text: c.name, Capability: c.id})
			}
		}
		keys, err := v.named(ctx, prefix, n-len(out))
		if err != nil {
			return err
		}
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

// namedCapability is a capability with its name as it is compared.
type namedCapability struct{ id, name, folded string }

func namedCapabilities(d *capability.Dictionary) []namedCapability {
	var out []namedCapability
	for _, c := range d.Capabilities() {
		out = append(out, namedCapability{c.ID, c.Name, folded(c.Name)})
	}
	return out
}

// named lists at most n things with a name that begins so, the likeliest kinds first, then titles.
func (v *view) named(ctx context.Context, prefix string, n int) ([]catalogue.Key, error) {
	finders := make([]*finder, len(v.segments))
	for i, s := range v.segments {
		finders[i] = newFinder(ctx, s)
	}
	var keys []catalogue.Key
	take := func(field, prefix string) error {
		names, err := v.snapshot.FieldDictPrefix(field, []byte(prefix))
		if err != nil {
			return fmt.Errorf("read the names of the index: %w", err)
		}
		// A thing has several names, and a title may be that of what was deleted: some more than are wanted are read.
		for read := 0; read < 4*n && len(keys) < n; read++ {
			entry, err := names.Next()
			if err != nil {
				return errors.Join(fmt.Errorf("read the names of the index: %w", err), names.Close())
			}
			if entry == nil {
				break
			}
			key, ok, err := first(finders, v, field, entry.Term)
			if err != nil {
				return errors.Join(err, names.Close())
			}
			if ok && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		return names.Close()
	}
	for _, kind := range suggestedKinds() {
		if err := take(fieldName, nameTerm(kind, prefix)); err != nil {
			return nil, err
		}
	}
	return keys, take(fieldExact, prefix)
}

// first is one thing with a whole name: of many with one title, it stands for all.
func first(in []*finder, v *view, field, name string) (key catalogue.Key, ok bool, err error) {
	for i, f := range in {
		docs, err := f.term(field, name)
		if err != nil {
			return key, false, err
		}
		if docs != nil {
			kind, id := splitID(string(v.segments[i].ids.at(docs.Minimum())))
			return catalogue.Key{Kind: kind, ID: id}, true, nil
		}
	}
	return key, false, nil
}
