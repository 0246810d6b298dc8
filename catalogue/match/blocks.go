package match

import (
	"slices"
	"time"
)

// Blocks finds the needs worth comparing with a need: those that share a
// capability or one of their rarest words, in a quarter in which both can
// tender. It holds needs by ref. Adding or removing one touches only its own
// blocks. Not safe for concurrent use.
type Blocks struct {
	slots  []*Profile // freed slots are nil
	free   []int32
	slotOf map[string]int32
	blocks map[blockKey][]int32
	// undated counts the needs of a topic whose window is not known at both
	// ends: they stand in every quarter.
	undated map[uint64][]int32
	// quarters that have ever been used: where an undated need looks.
	first, last int32
}

// blockKey is a topic, a capability or a rare word, in one quarter.
type blockKey struct {
	topic   uint64
	quarter int32
}

// NewBlocks is empty.
func NewBlocks() *Blocks {
	return &Blocks{slotOf: make(map[string]int32), blocks: make(map[blockKey][]int32), undated: make(map[uint64][]int32), first: 1, last: 0}
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
	if dated && from <= to {
		if b.first > b.last {
			b.first, b.last = from, to
		}
		b.first, b.last = min(b.first, from), max(b.last, to)
	}
	for _, topic := range p.topics() {
		if !dated {
			b.undated[topic] = append(b.undated[topic], slot)
		}
		for q := from; dated && q <= to; q++ {
			key := blockKey{topic, q}
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
	for _, topic := range p.topics() {
		if !dated {
			b.undated[topic] = without(b.undated[topic], slot)
			if len(b.undated[topic]) == 0 {
				delete(b.undated, topic)
			}
		}
		for q := from; dated && q <= to; q++ {
			key := blockKey{topic, q}
			if rest := without(b.blocks[key], slot); len(rest) > 0 {
				b.blocks[key] = rest
			} else {
				delete(b.blocks, key)
			}
		}
	}
	b.slots[slot] = nil
	b.free = append(b.free, slot)
	delete(b.slotOf, ref)
}

// without drops one slot; the order in a block says nothing.
func without(block []int32, slot int32) []int32 {
	i := slices.Index(block, slot)
	if i < 0 {
		return block
	}
	block[i] = block[len(block)-1]
	return block[:len(block)-1]
}

// Candidates gives the needs worth comparing with p, in the order of refs,
// without p itself. p need not be held.
func (b *Blocks) Candidates(p *Profile) []*Profile {
	from, to, dated := p.window.quarters()
	if !dated {
		from, to = b.first, b.last
	}
	var slots []int32
	for _, topic := range p.topics() {
		slots = append(slots, b.undated[topic]...)
		for q := from; q <= to; q++ {
			slots = append(slots, b.blocks[blockKey{topic, q}]...)
		}
	}
	slices.Sort(slots)
	slots = slices.Compact(slots)
	out := make([]*Profile, 0, len(slots))
	for _, slot := range slots {
		if other := b.slots[slot]; other.need.Ref != p.need.Ref {
			out = append(out, other)
		}
	}
	slices.SortFunc(out, byRef)
	return out
}

// topics are what a need is looked up by: the capabilities that it is mostly
// about and its rarest words.
func (p *Profile) topics() []uint64 {
	const main = 3
	topics := slices.Clone(p.rarest)
	for i, tag := range p.reading.Tags {
		if i >= main && tag.Weight < p.reading.Tags[0].Weight/2 {
			break
		}
		topics = append(topics, wordID("capability "+tag.Capability))
	}
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
