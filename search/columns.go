package search

// Columns: what documents are narrowed, counted and sorted by, in flat memory, one block for each segment of the index.
// A column holds small numbers that stand for sets of values, so that a document with three capabilities costs the same
// as one with a single one.

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"jointly/catalogue"
)

// dictionary gives the values of one facet numbers, and the sets of values that documents have. It only grows: numbers
// that a block holds stay true. Set 0 is the empty one.
type dictionary struct {
	mu      sync.RWMutex
	numbers map[string]uint32 // value -> its number
	values  []string
	labels  []label
	sets    map[string]uint32 // encoded values -> number of the set
	members [][]uint32        // of each set
}

type label struct {
	text string
	own  bool
}

func newDictionary() *dictionary {
	return &dictionary{numbers: map[string]uint32{}, sets: map[string]uint32{"": 0}, members: [][]uint32{nil}}
}

// set is the number of a set of values as a row holds it.
func (d *dictionary) set(encoded []byte) (uint32, error) {
	d.mu.RLock()
	n, ok := d.sets[string(encoded)]
	d.mu.RUnlock()
	if ok {
		return n, nil
	}
	values, err := decodeValues(encoded)
	if err != nil {
		return 0, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if n, ok := d.sets[string(encoded)]; ok {
		return n, nil
	}
	members := make([]uint32, 0, len(values))
	for _, v := range values {
		members = append(members, d.number(v))
	}
	n = uint32(len(d.members))
	d.members = append(d.members, members)
	d.sets[string(encoded)] = n
	return n, nil
}

// number is that of one value; the caller holds the lock. The label of the thing itself beats what others quote.
func (d *dictionary) number(v value) uint32 {
	n, ok := d.numbers[v.id]
	if !ok {
		n = uint32(len(d.values))
		d.numbers[v.id] = n
		d.values = append(d.values, v.id)
		d.labels = append(d.labels, label{v.label, v.own})
		return n
	}
	if v.own || !d.labels[n].own {
		d.labels[n] = label{v.label, v.own}
	}
	return n
}

// known is the dictionary as of now: its slices never change below their present length.
func (d *dictionary) known() knownValues {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return knownValues{values: d.values, members: d.members}
}

// label is how a value is shown.
func (d *dictionary) label(n uint32) string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.labels[n].text
}

// lookup is the number of a value.
func (d *dictionary) lookup(id string) (uint32, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	n, ok := d.numbers[id]
	return n, ok
}

type knownValues struct {
	values  []string
	members [][]uint32
}

// with says for each set whether it has one of the values; nothing else passes a filter.
func (d *dictionary) with(known knownValues, ids []string) []bool {
	wanted := make([]bool, len(known.values))
	for _, id := range ids {
		if n, ok := d.lookup(id); ok && int(n) < len(wanted) {
			wanted[n] = true
		}
	}
	pass := make([]bool, len(known.members))
	for set, members := range known.members {
		for _, n := range members {
			pass[set] = pass[set] || wanted[n]
		}
	}
	return pass
}

// block is the columns of one segment, by document number. It never changes.
type block struct {
	ids    texts
	names  texts // titles in lower case, to sort by
	ends   []day
	stale  []day
	newest []int64
	weight []float32 // how much a document counts beside others that say the same words; see weightOn
	sets   [nFacets]column
	kinds  map[catalogue.Kind]*roaring.Bitmap
	dense  [nFacets]lazyDense
}

// docs is how many documents the segment has, deleted ones too.
func (b *block) docs() int { return len(b.ends) }

// ofKinds is the documents of some kinds; the caller's own.
func (b *block) ofKinds(kinds ...catalogue.Kind) *roaring.Bitmap {
	out := roaring.New()
	for _, k := range kinds {
		if docs := b.kinds[k]; docs != nil {
			out.Or(docs)
		}
	}
	return out
}

// column is the numbers of sets of values by document: in bytes where they fit, so that more of them are at hand when
// documents are counted.
type column struct {
	small []uint8
	large []uint32 // nil where small is not
}

func (c *column) at(doc uint32) uint32 {
	if c.small != nil {
		return uint32(c.small[doc])
	}
	return c.large[doc]
}

// pack puts the column into bytes if it fits.
func (c *column) pack() {
	if slices.ContainsFunc(c.large, func(set uint32) bool { return set > math.MaxUint8 }) {
		return
	}
	c.small = make([]uint8, len(c.large))
	for doc, set := range c.large {
		c.small[doc] = uint8(set)
	}
	c.large = nil
}

// count adds to counts, by set, how many of the documents each set has.
func (c *column) count(docs []uint32, counts []int32) {
	if small := c.small; small != nil {
		for _, doc := range docs {
			counts[small[doc]]++
		}
		return
	}
	large := c.large
	for _, doc := range docs {
		counts[large[doc]]++
	}
}

// texts are many short strings in one piece of memory.
type texts struct {
	all  []byte
	ends []uint32
}

func (t *texts) add(s []byte) {
	t.all = append(t.all, s...)
	t.ends = append(t.ends, uint32(len(t.all)))
}

// at is a text where it lies; not to be changed.
func (t *texts) at(i uint32) []byte {
	start := uint32(0)
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.all[start:t.ends[i]]
}

// readBlock reads the rows of a segment.
func readBlock(segment *scorch.SegmentSnapshot, dictionaries *[nFacets]*dictionary) (*block, error) {
	n := uint64(segment.FullSize())
	b := &block{ends: make([]day, n), stale: make([]day, n), newest: make([]int64, n), weight: make([]float32, n),
		kinds: map[catalogue.Kind]*roaring.Bitmap{}}
	for f := range b.sets {
		b.sets[f].large = make([]uint32, n)
	}
	deleted := segment.Deleted()
	for i := range n {
		if deleted != nil && deleted.Contains(uint32(i)) {
			b.ids.add(nil)
			b.names.add(nil)
			continue
		}
		var id []byte
		var r rowBytes
		var bad error
		found := false
		err := segment.VisitDocument(i, func(field string, _ byte, value []byte, _ []uint64) bool {
			switch field {
			case "_id":
				id = append(id[:0], value...)
				b.ids.add(value)
			case fieldRow:
				found = true
				bad = b.fill(uint32(i), &r, value, dictionaries)
			}
			return bad == nil
		})
		switch {
		case err != nil:
			return nil, fmt.Errorf("read document %d of the index: %w", i, err)
		case bad != nil:
			return nil, fmt.Errorf("document %s: %w", id, bad)
		case !found || len(b.ids.ends) != int(i)+1:
			return nil, fmt.Errorf("document %d: %w", i, errRow)
		}
		kind, _ := splitID(string(id))
		b.weight[i] = kindWeight(kind) * brevity(r.title)
		if b.kinds[kind] == nil {
			b.kinds[kind] = roaring.New()
		}
		b.kinds[kind].Add(uint32(i))
	}
	for f := range b.sets {
		b.sets[f].pack()
	}
	return b, nil
}

func (b *block) fill(i uint32, r *rowBytes, stored []byte, dictionaries *[nFacets]*dictionary) error {
	if err := r.decode(stored); err != nil {
		return err
	}
	b.names.add(bytes.ToLower(r.title))
	b.ends[i], b.stale[i], b.newest[i] = r.ends, r.stale, r.newest
	for f, encoded := range r.values {
		if len(encoded) == 0 {
			continue
		}
		set, err := dictionaries[f].set(encoded)
		if err != nil {
			return err
		}
		b.sets[f].large[i] = set
	}
	return nil
}

// staleWeight is how much a document still counts once it may be out of date.
const staleWeight = 0.7

// weightOn is how much a document counts on a day: the same the whole day, so that pages of a result fit together.
func (b *block) weightOn(doc uint32, today day) float32 {
	if b.stale[doc].reached(today) {
		return b.weight[doc] * staleWeight
	}
	return b.weight[doc]
}

// kindWeight says how much a kind of thing is likelier to be what a searcher wants: the register's services answer to
// many words and are rarely the goal.
func kindWeight(kind catalogue.Kind) float32 {
	switch kind {
	case catalogue.KindService:
		return 0.8
	case catalogue.KindContract:
		return 0.95
	}
	return 1
}

// brevity favours a short title a little: what a thing is called says more where little else is said.
func brevity(title []byte) float32 {
	return 1 + 1/float32(8+len(title)/4)
}
