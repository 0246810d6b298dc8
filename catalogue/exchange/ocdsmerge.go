package exchange

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Releases of one OCID are deltas: each says what changed since the one before.

// release is one release, and the line of the file that it begins on.
type release struct {
	row    int
	date   time.Time
	fields map[string]any
}

func (r *release) ocid() string { return stringOf(r.fields["ocid"]) }

// merged is what releases come to, in the order of their dates: a value replaces the one before, null takes it away;
// lists of things with IDs are merged thing by thing, other lists are replaced whole, also by an empty one.
func merged(releases []*release) map[string]any {
	slices.SortStableFunc(releases, func(a, b *release) int { return a.date.Compare(b.date) })
	out := map[string]any{}
	for _, r := range releases {
		mergeInto(out, r.fields)
	}
	return out
}

func mergeInto(into, from map[string]any) {
	for name, v := range from {
		switch v := v.(type) {
		case nil:
			delete(into, name)
		case map[string]any:
			old, ok := into[name].(map[string]any)
			if !ok {
				old = map[string]any{}
			}
			mergeInto(old, v)
			into[name] = old
		case []any:
			into[name] = mergeList(name, into[name], v)
		default:
			into[name] = v
		}
	}
}

func mergeList(name string, before any, now []any) []any {
	old, _ := before.([]any)
	if isWhole(name) || !haveIDs(now) || !haveIDs(old) || len(now) == 0 && len(old) == 0 {
		return now
	}
	out := slices.Clone(old)
	for _, v := range now {
		thing, id := v.(map[string]any), ""
		id = idOf(thing)
		i := slices.IndexFunc(out, func(o any) bool { return idOf(o.(map[string]any)) == id })
		if i < 0 {
			fresh := map[string]any{}
			mergeInto(fresh, thing)
			out = append(out, fresh)
			continue
		}
		mergeInto(out[i].(map[string]any), thing)
	}
	return out
}

// isWhole names the lists that are replaced whole though what is in them has IDs, as the standard's schema says.
func isWhole(name string) bool {
	return name == "additionalIdentifiers" || name == "additionalClassifications" || name == "changes"
}

// haveIDs says that everything in a list is a thing with an ID.
func haveIDs(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool {
		thing, ok := v.(map[string]any)
		return !ok || idOf(thing) == ""
	})
}

func idOf(thing map[string]any) string { return stringOf(thing["id"]) }

// stringOf is a text or a number as text; publishers write IDs as either.
func stringOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

// node is a part of a release, read without minding whether what should be there is.
type node map[string]any

func nodeOf(v any) node { m, _ := v.(map[string]any); return m }

func (n node) get(name string) node { return nodeOf(n[name]) }

// text is what a name holds as text, without what is not seen and steers what stands around it.
func (n node) text(name string) string {
	return cleaned(strings.Map(seen, stringOf(n[name])), name == "description")
}

func (n node) list(name string) (out []node) {
	list, _ := n[name].([]any)
	for _, v := range list {
		if m := nodeOf(v); m != nil {
			out = append(out, m)
		}
	}
	return out
}

func (n node) texts(name string) (out []string) {
	list, _ := n[name].([]any)
	for _, v := range list {
		out = append(out, stringOf(v))
	}
	return out
}

func (n node) number(name string) (float64, bool) {
	v, ok := n[name].(json.Number)
	if !ok {
		return 0, false
	}
	f, err := v.Float64()
	return f, err == nil
}

// first is the first of texts that is not blank.
func first(texts ...string) string { return cmp.Or(texts...) }
