package match

// What people know already: groups that they formed or were told of, and pairs that a council said are not the same.

import (
	"maps"
	"slices"
)

// standing is a group that somebody knows of.
type standing struct {
	id        string
	refs      []string
	confirmed bool
}

func (st *standing) same(other *standing) bool {
	if st == nil || other == nil {
		return st == other
	}
	return st.id == other.id && st.confirmed == other.confirmed && slices.Equal(st.refs, other.refs)
}

// knowledge holds standing groups by a key of their own, and vetoes.
type knowledge struct {
	groups map[string]*standing
	of     map[string][]string       // keys of the groups that an intention is in, sorted
	apart  map[string]map[string]int // both ways round: how many councils said that two needs differ
}

func newKnowledge() knowledge {
	return knowledge{groups: map[string]*standing{}, of: map[string][]string{}, apart: map[string]map[string]int{}}
}

// stand replaces a standing group; nil takes it out.
func (k *knowledge) stand(key string, st *standing) {
	if old := k.groups[key]; old != nil {
		for _, id := range old.refs {
			k.of[id] = slices.DeleteFunc(k.of[id], func(other string) bool { return other == key })
			if len(k.of[id]) == 0 {
				delete(k.of, id)
			}
		}
	}
	delete(k.groups, key)
	if st == nil {
		return
	}
	k.groups[key] = st
	for _, id := range st.refs {
		if at, found := slices.BinarySearch(k.of[id], key); !found {
			k.of[id] = slices.Insert(k.of[id], at, key)
		}
	}
}

// standing lists the groups that an intention is in.
func (k *knowledge) standing(id string) []*standing {
	keys := k.of[id]
	if len(keys) == 0 {
		return nil
	}
	out := make([]*standing, len(keys))
	for i, key := range keys {
		out[i] = k.groups[key]
	}
	return out
}

// differ reports whether a council said that two intentions are not the same need.
func (k *knowledge) differ(a, b string) bool { return k.apart[a][b] > 0 }

// say notes that one council more, or one less, says that two intentions differ.
func (k *knowledge) say(a, b string, by int) {
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		if k.apart[pair[0]] == nil {
			k.apart[pair[0]] = map[string]int{}
		}
		if k.apart[pair[0]][pair[1]] += by; k.apart[pair[0]][pair[1]] <= 0 {
			delete(k.apart[pair[0]], pair[1])
		}
		if len(k.apart[pair[0]]) == 0 {
			delete(k.apart, pair[0])
		}
	}
}

// among lists the keys of the standing groups that any of these intentions is in, sorted.
func (k *knowledge) among(ids []string) []string {
	found := map[string]bool{}
	for _, id := range ids {
		for _, key := range k.of[id] {
			found[key] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
