package match

import (
	"context"
	"time"

	"jointly/catalogue"
)

// Model gives tests what the engine holds without a store.
type Model struct{ *model }

// NewTestModel fills a model and works out its groups.
func NewTestModel(s *Scorer, profiles []*Profile, day time.Time) *Model {
	m := &Model{newModel(s)}
	listings := make([]*listing, len(profiles))
	for i, p := range profiles {
		listings[i] = asListing(p)
	}
	m.fill(listings)
	m.regroup(day)
	return m
}

func asListing(p *Profile) *listing {
	return &listing{profile: p, ref: p.Ref(), windowEnd: p.need.WindowEnd}
}

// Put lists a need, or lists it anew.
func (m *Model) Put(p *Profile) { m.set(p.Ref(), asListing(p)) }

// Regroup gives the groups of a day.
func (m *Model) Regroup(day time.Time) []*Group {
	m.regroup(day)
	return m.groups.list
}

// Sizes counts edges, and needs in crowds, cells, and the largest of them.
func (m *Model) Sizes() (edges, crowded, cells, largest int) {
	for i := range m.nodes {
		edges += len(m.nodes[i].edges)
		if m.nodes[i].crowd.in {
			crowded++
		}
	}
	for _, c := range m.cells {
		largest = max(largest, len(c))
	}
	return edges, crowded, len(m.cells), largest
}

// Take withdraws a need.
func (m *Model) Take(ref string) { m.set(ref, nil) }

// Known is what people know, to be told to more than one model.
type Known struct {
	groups map[string]*standing
	apart  [][2]string
}

func NewKnown() *Known { return &Known{groups: map[string]*standing{}} }

// Stand replaces a group that people know of; no refs: it is given up.
func (k *Known) Stand(m *Model, key string, refs []string, confirmed bool) {
	delete(k.groups, key)
	if len(refs) > 0 {
		k.groups[key] = &standing{id: key, refs: refs, confirmed: confirmed}
	}
	m.stand(key, k.groups[key])
}

// Differ says that two needs are not the same.
func (k *Known) Differ(m *Model, a, b string) {
	k.apart = append(k.apart, [2]string{a, b})
	m.sayApart(a, b, 1)
}

// Tell makes a model know all of it.
func (k *Known) Tell(m *Model) {
	for key, st := range k.groups {
		m.stand(key, st)
	}
	for _, pair := range k.apart {
		m.sayApart(pair[0], pair[1], 1)
	}
}

// Build makes a model of intentions as the engine does from nothing, the store's reading aside.
func (e *Engine) Build(ctx context.Context, intentions []*catalogue.Intention) (*Model, error) {
	m := &Model{newModel(e.scorer)}
	return m, e.fill(ctx, m.model, intentions)
}

// Hold makes an engine answer from a model, and gives its groups.
func (e *Engine) Hold(m *Model) []*Group {
	e.model, e.read = m.model, true
	return e.Groups()
}

// Apply takes over a change of one intention, as if it had come with the feed.
func (e *Engine) Apply(ctx context.Context, in *catalogue.Intention) error {
	made, err := e.listings(ctx, []*catalogue.Intention{in})
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.model.set(in.ID, made[in.ID])
	return nil
}

// Recall counts the pairs of a need that reach the threshold, among all needs, and those of them that blocks lead to.
func (e *Engine) Recall(id string) (reach, found int) {
	b := e.model.blocks
	own := b.slotOf[id]
	v := b.visit()
	b.candidates(b.slots[own], v)
	for slot, other := range b.slots {
		if other == nil || int32(slot) == own || plainGates(b.slots[own], other) != 0 {
			continue
		}
		if p := e.scorer.Pair(b.slots[own], other); p.Passes() && p.Points >= e.scorer.Threshold() {
			reach++
			if v.at[slot] == v.round {
				found++
			}
		}
	}
	b.seen.Put(v)
	return reach, found
}
