package match

import (
	"hash/fnv"
	"slices"
	"sync"
	"time"
)

// Blocks finds the needs worth comparing with a need: those of which one
// mentions what the other is mainly about, or that share a rare word or the
// area where the dictionary is unsure of one, in a quarter in which both can
// tender. It holds needs by ref. Adding or removing one touches only its own
// blocks. Not safe for concurrent use while it changes.
type Blocks struct {
	slots  []*Profile // freed slots are nil
	plain  []plain    // by slot, beside each other in memory: most candidates get no further
	free   []int32
	slotOf map[string]int32
	blocks [shards]map[topic]*block
	seen   sync.Pool // of *visits
}

// shards is into how many maps the blocks are divided, which are filled side by side.
const shards = 8

// of is the map that a topic's block is in.
func (b *Blocks) of(t topic) map[topic]*block { return b.blocks[t%shards] }

// block holds the needs of one topic.
type block struct {
	all []int32
	// undated are those whose window is not known at both ends: they stand in
	// every quarter.
	undated []int32
	// from is the quarter of the first of quarters.
	from     int32
	quarters [][]int32
}

// visits notes which slots were visited.
type visits struct {
	round uint32
	at    []uint32 // the round in which a slot was visited last
	list  []int32
	edges []edge
}

// NewBlocks is empty.
func NewBlocks() *Blocks {
	b := &Blocks{slotOf: make(map[string]int32)}
	for i := range b.blocks {
		b.blocks[i] = make(map[topic]*block)
	}
	b.seen.New = func() any { return new(visits) }
	return b
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
	slot := b.hold(p)
	for _, t := range p.standsUnder() {
		b.stand(slot, t)
	}
}

// hold gives a need its slot, without putting it into blocks.
func (b *Blocks) hold(p *Profile) int32 {
	b.Remove(p.need.Ref)
	var slot int32
	if n := len(b.free); n > 0 {
		slot, b.free = b.free[n-1], b.free[:n-1]
		b.slots[slot], b.plain[slot] = p, plainOf(p)
	} else {
		slot = int32(len(b.slots))
		b.slots, b.plain = append(b.slots, p), append(b.plain, plainOf(p))
	}
	b.slotOf[p.need.Ref] = slot
	return slot
}

// stand puts a need that has its slot into the block of a topic.
func (b *Blocks) stand(slot int32, t topic) {
	of := b.of(t)[t]
	if of == nil {
		of = new(block)
		b.of(t)[t] = of
	}
	of.all = append(of.all, slot)
	from, to, dated := b.slots[slot].window.quarters()
	if !dated {
		of.undated = append(of.undated, slot)
	}
	for q := from; dated && q <= to; q++ {
		in := of.quarter(q)
		*in = append(*in, slot)
	}
}

// quarter is the place of a quarter's needs.
func (b *block) quarter(q int32) *[]int32 {
	if len(b.quarters) == 0 {
		b.from = q
	}
	if before := int(b.from - q); before > 0 {
		b.quarters, b.from = append(make([][]int32, before), b.quarters...), q
	}
	if past := int(q-b.from) - len(b.quarters) + 1; past > 0 {
		b.quarters = append(b.quarters, make([][]int32, past)...)
	}
	return &b.quarters[q-b.from]
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
		of := b.of(t)[t]
		take(&of.all, slot)
		if !dated {
			take(&of.undated, slot)
		}
		for q := from; dated && q <= to; q++ {
			take(of.quarter(q), slot)
		}
		if len(of.all) == 0 {
			delete(b.of(t), t)
		}
	}
	b.slots[slot], b.plain[slot] = nil, plain{}
	b.free = append(b.free, slot)
	delete(b.slotOf, ref)
}

// take drops one slot from a list; the order in it says nothing.
func take(list *[]int32, slot int32) {
	if i := slices.Index(*list, slot); i >= 0 {
		last := len(*list) - 1
		(*list)[i] = (*list)[last]
		*list = (*list)[:last]
	}
}

// Candidates gives the needs worth comparing with p, in the needs' order,
// without p itself. p need not be held.
func (b *Blocks) Candidates(p *Profile) []*Profile { return b.needs(p, b.candidates) }

// Related gives the needs that would be worth comparing with p if all could
// tender at one time: what nearly matches is among them.
func (b *Blocks) Related(p *Profile) []*Profile { return b.needs(p, b.related) }

func (b *Blocks) needs(p *Profile, find func(*Profile, *visits)) []*Profile {
	v := b.visit()
	defer b.seen.Put(v)
	find(p, v)
	out := make([]*Profile, 0, len(v.list))
	for _, slot := range v.list {
		if other := b.slots[slot]; other.need.Ref != p.need.Ref {
			out = append(out, other)
		}
	}
	slices.SortFunc(out, byOrder)
	return out
}

// visit begins a round of visits; the caller puts it back.
func (b *Blocks) visit() *visits {
	v := b.seen.Get().(*visits)
	if v.round++; v.round == 0 || len(v.at) < len(b.slots) {
		v.round, v.at = 1, make([]uint32, len(b.slots)+len(b.slots)/8)
	}
	v.list = v.list[:0]
	return v
}

// add visits slots that were not visited in this round.
func (v *visits) add(slots []int32) {
	for _, slot := range slots {
		if v.at[slot] != v.round {
			v.at[slot] = v.round
			v.list = append(v.list, slot)
		}
	}
}

// candidates visits the slots of the needs worth comparing with p, p's own
// among them where it is held.
func (b *Blocks) candidates(p *Profile, v *visits) {
	from, to, dated := p.window.quarters()
	if !dated {
		b.related(p, v)
		return
	}
	for _, t := range p.looksUnder() {
		of := b.of(t)[t]
		if of == nil {
			continue
		}
		v.add(of.undated)
		for q := max(from, of.from); q <= min(to, of.from+int32(len(of.quarters))-1); q++ {
			v.add(of.quarters[q-of.from])
		}
	}
}

func (b *Blocks) related(p *Profile, v *visits) {
	for _, t := range p.looksUnder() {
		if of := b.of(t)[t]; of != nil {
			v.add(of.all)
		}
	}
}

// plain is what rules out most candidates of a need at a glance.
type plain struct {
	from, to int32 // days of the window; 0 where an end is not known
	budget   float64
}

func plainOf(p *Profile) plain {
	return plain{from: dayNumber(p.window.Start), to: dayNumber(p.window.End), budget: p.budget}
}

// apart reports whether the windows of two needs surely share too little.
func (a plain) apart(b plain) bool {
	if a.from == 0 || a.to == 0 || b.from == 0 || b.to == 0 {
		return false
	}
	shared := min(a.to, b.to) - max(a.from, b.from) + 1
	shorter := min(a.to-a.from, b.to-b.from) + 1
	return shared < leastMonth*sharedMonths || float64(shared) < sharedPart*float64(shorter)
}

// unequal reports whether the budgets of two needs are too far apart.
func (a plain) unequal(b plain) bool {
	return a.budget > 0 && b.budget > 0 && max(a.budget, b.budget) > maxBudgetRatio*min(a.budget, b.budget)
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
// here has its counterpart in standsUnder, so that of two needs either finds
// the other or neither does. Needs that are both sure match only if one
// mentions what the other is mainly about; where the dictionary is unsure of
// one, words or the area in common lead to it.
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

func hash(parts ...string) topic {
	h := fnv.New64a()
	for _, part := range parts {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return topic(h.Sum64())
}

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
