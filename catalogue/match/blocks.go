package match

import (
	"slices"
	"strings"
	"time"
)

// Blocks finds the needs worth comparing with a need: those of which one
// mentions what the other is mainly about, or that share a rare word or the
// area where the dictionary is unsure of one, in a quarter in which both can
// tender. It holds needs by ref. Adding or removing one touches only its own
// blocks. Not safe for concurrent use.
type Blocks struct {
	slots  []*Profile // freed slots are nil
	free   []int32
	slotOf map[string]int32
	blocks map[blockKey][]int32
	// undated holds the needs of a topic whose window is not known at both
	// ends: they stand in every quarter.
	undated map[topic][]int32
	// all holds every need of a topic, whatever its window.
	all map[topic][]int32
}

// blockKey is a topic in one quarter.
type blockKey struct {
	topic   topic
	quarter int32
}

// NewBlocks is empty.
func NewBlocks() *Blocks {
	return &Blocks{slotOf: make(map[string]int32), blocks: make(map[blockKey][]int32),
		undated: make(map[topic][]int32), all: make(map[topic][]int32)}
}

// Len counts the needs held.
func (b *Blocks) Len() int { return len(b.slotOf) }

// Get gives the need with this ref.
func (b *Blocks) Get(ref string) (*Profile, bool) {
	slot, ok := b.slotOf[ref]
	if !ok {
		return nil, false
	}
	return b.slots[slot], true
}

// Add holds a need, instead of the one with the same ref that it held before.
func (b *Blocks) Add(p *Profile) {
	b.Remove(p.need.Ref)
	var slot int32
	if n := len(b.free); n > 0 {
		slot, b.free = b.free[n-1], b.free[:n-1]
		b.slots[slot] = p
	} else {
		slot = int32(len(b.slots))
		b.slots = append(b.slots, p)
	}
	b.slotOf[p.need.Ref] = slot
	from, to, dated := p.window.quarters()
	for _, t := range p.standsUnder() {
		b.all[t] = append(b.all[t], slot)
		if !dated {
			b.undated[t] = append(b.undated[t], slot)
		}
		for q := from; dated && q <= to; q++ {
			key := blockKey{t, q}
			b.blocks[key] = append(b.blocks[key], slot)
		}
	}
}

// Remove lets go of a need, if it is held.
func (b *Blocks) Remove(ref string) {
	slot, ok := b.slotOf[ref]
	if !ok {
		return
	}
	p := b.slots[slot]
	from, to, dated := p.window.quarters()
	for _, t := range p.standsUnder() {
		take(b.all, t, slot)
		if !dated {
			take(b.undated, t, slot)
		}
		for q := from; dated && q <= to; q++ {
			take(b.blocks, blockKey{t, q}, slot)
		}
	}
	b.slots[slot] = nil
	b.free = append(b.free, slot)
	delete(b.slotOf, ref)
}

// take drops one slot from a block; the order in a block says nothing.
func take[K comparable](blocks map[K][]int32, key K, slot int32) {
	block := blocks[key]
	if i := slices.Index(block, slot); i >= 0 {
		block[i] = block[len(block)-1]
		block = block[:len(block)-1]
	}
	if len(block) == 0 {
		delete(blocks, key)
		return
	}
	blocks[key] = block
}

// Candidates gives the needs worth comparing with p, in the needs' order,
// without p itself. p need not be held.
func (b *Blocks) Candidates(p *Profile) []*Profile {
	from, to, dated := p.window.quarters()
	if !dated {
		return b.Related(p)
	}
	var slots []int32
	for _, t := range p.looksUnder() {
		slots = append(slots, b.undated[t]...)
		for q := from; q <= to; q++ {
			slots = append(slots, b.blocks[blockKey{t, q}]...)
		}
	}
	return b.needs(slots, p)
}

// Related gives the needs that would be worth comparing with p if all could
// tender at one time: what nearly matches is among them.
func (b *Blocks) Related(p *Profile) []*Profile {
	var slots []int32
	for _, t := range p.looksUnder() {
		slots = append(slots, b.all[t]...)
	}
	return b.needs(slots, p)
}

// needs are those in the slots, each once, without p.
func (b *Blocks) needs(slots []int32, p *Profile) []*Profile {
	slices.Sort(slots)
	slots = slices.Compact(slots)
	out := make([]*Profile, 0, len(slots))
	for _, slot := range slots {
		if other := b.slots[slot]; other.need.Ref != p.need.Ref {
			out = append(out, other)
		}
	}
	slices.SortFunc(out, byOrder)
	return out
}

// standsUnder are the topics under which a need is found.
func (p *Profile) standsUnder() []topic {
	topics := []topic{hash("main", p.main())}
	for _, tag := range p.reading.Tags {
		topics = append(topics, hash("mentions", tag.Capability))
	}
	topics = append(topics, p.wordTopics("any")...)
	if p.unsure() {
		topics = append(topics, p.wordTopics("unsure")...)
	}
	return distinct(topics)
}

// looksUnder are the topics under which a need's candidates stand: each rule
// here has its counterpart in standsUnder. Needs that are both sure match only
// if one mentions what the other is mainly about; where the dictionary is
// unsure of one, words or the area in common lead to it.
func (p *Profile) looksUnder() []topic {
	topics := []topic{hash("mentions", p.main())}
	for _, tag := range p.reading.Tags {
		topics = append(topics, hash("main", tag.Capability))
	}
	topics = append(topics, p.wordTopics("unsure")...)
	if p.unsure() {
		topics = append(topics, p.wordTopics("any")...)
	}
	return distinct(topics)
}

// wordTopics are a need's rarest words and its area.
func (p *Profile) wordTopics(of string) []topic {
	topics := make([]topic, 0, rarestTerms+1)
	for _, word := range p.rarest {
		topics = append(topics, hash(of, "word", word))
	}
	if told(p.need.Area) {
		topics = append(topics, hash(of, "area", p.need.Area))
	}
	return topics
}

// topic is a hash of what needs have in common.
type topic uint64

func hash(parts ...string) topic { return topic(wordID(strings.Join(parts, " "))) }

// distinct sorts topics and drops repetitions.
func distinct(topics []topic) []topic {
	slices.Sort(topics)
	return slices.Compact(topics)
}

// quarters are the first and last quarter of a window, numbered through the
// years; dated is false unless both ends are known. An empty window has no
// quarter, for it passes with no other.
func (w Window) quarters() (from, to int32, dated bool) {
	if w.Start.IsZero() || w.End.IsZero() {
		return 0, -1, false
	}
	return quarter(w.Start), min(quarter(w.End), quarter(w.Start)+maxQuarters), true
}

// maxQuarters bounds the blocks that one absurdly long window can stand in.
const maxQuarters = 4 * 25

func quarter(t time.Time) int32 { return int32(t.Year()*4 + int(t.Month()-1)/3) }
