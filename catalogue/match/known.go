package match

// What people know already: groups that they formed or were told of, and pairs that a council said are not the same.

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"jointly/catalogue"
)

// standing is a group that somebody knows of.
type standing struct {
	id        string
	refs      []string
	confirmed bool      // formed by people; otherwise it is a suggestion that somebody was told of
	shut      bool      // nobody can come in any more
	told      time.Time // when somebody was last
}

func (st *standing) same(other *standing) bool {
	if st == nil || other == nil {
		return st == other
	}
	return st.id == other.id && st.confirmed == other.confirmed && st.shut == other.shut && st.told.Equal(other.told) && slices.Equal(st.refs, other.refs)
}

// knowledge holds standing groups by a key of their own, and vetoes.
type knowledge struct {
	groups map[string]*standing
	of     map[string][]string       // keys of the groups that an intention is in, sorted
	apart  map[string]map[string]int // both ways round: how many councils said that two needs differ

	verdicts map[string]*catalogue.Verdict    // by their IDs
	told     map[string]*catalogue.Suggestion // by intention: what its council was told of last
}

func newKnowledge() knowledge {
	return knowledge{groups: map[string]*standing{}, of: map[string][]string{}, apart: map[string]map[string]int{},
		verdicts: map[string]*catalogue.Verdict{}, told: map[string]*catalogue.Suggestion{}}
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

// settled lists the standing groups among intentions as clustering takes them. Of suggestions that contradict each
// other, for not everybody was told of a change yet, the latest stands.
func (k *knowledge) settled(ids []string) []Standing {
	var all []*standing
	for _, key := range k.among(ids) {
		all = append(all, k.groups[key])
	}
	slices.SortStableFunc(all, func(a, b *standing) int { return cmp.Or(b.told.Compare(a.told), slices.Compare(a.refs, b.refs)) })
	var out []Standing
	taken := map[string]bool{}
	for _, st := range all {
		if st.confirmed {
			out = append(out, Standing{ID: st.id, Refs: st.refs, Confirmed: true, Shut: st.shut})
			continue
		}
		refs := slices.DeleteFunc(slices.Clone(st.refs), func(id string) bool { return taken[id] })
		if len(refs) < MinGroup {
			continue
		}
		for _, id := range refs {
			taken[id] = true
		}
		out = append(out, Standing{Refs: refs})
	}
	return out
}

// setVerdict replaces what a council said of a pair; nil: it took it back.
func (m *model) setVerdict(id string, v *catalogue.Verdict) {
	if old := m.known.verdicts[id]; old != nil && !old.Same {
		m.sayApart(old.A, old.B, -1)
	}
	delete(m.known.verdicts, id)
	if v == nil {
		return
	}
	m.known.verdicts[id] = v
	if !v.Same {
		m.sayApart(v.A, v.B, 1)
	}
}

// setTold replaces what is known of a suggestion that a council was told of. Suggestions end and are not removed.
func (m *model) setTold(id string, s *catalogue.Suggestion) {
	key := "told/" + id
	if s == nil || !s.Standing() {
		if s != nil && m.known.told[s.Intention] != nil && m.known.told[s.Intention].ID == id {
			delete(m.known.told, s.Intention)
		}
		m.stand(key, nil)
		return
	}
	m.known.told[s.Intention] = s
	refs := []string{s.Intention}
	for _, p := range s.Partners {
		refs = append(refs, p.Intention)
	}
	m.stand(key, &standing{refs: slices.Sorted(slices.Values(refs)), told: s.Told})
}
