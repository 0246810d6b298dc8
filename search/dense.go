package search

// Dense columns: a facet with few sets of values once more, as one row of bits for each set. Where a search finds a
// good part of all documents, counting the bits that two rows share is several times quicker than looking at documents.

import (
	"math/bits"
	"sync"
)

// maxDense is how many sets of values a facet may have in a segment for rows of bits to be kept: as much memory as the
// column itself.
const maxDense = 32

// dense is a column as rows of bits.
type dense struct {
	sets []uint32
	rows [][]uint64 // by place in sets
}

// lazyDense is a dense column that is made when it is first asked for.
type lazyDense struct {
	once sync.Once
	rows *dense
}

// denseOf is a facet's column as rows of bits; nil where it has too many sets.
func (b *block) denseOf(facet int) *dense {
	lazy := &b.dense[facet]
	lazy.once.Do(func() {
		d, at := &dense{}, map[uint32]int{}
		for doc := range b.docs() {
			set := b.sets[facet].at(uint32(doc))
			i, ok := at[set]
			if !ok {
				if i = len(d.sets); i == maxDense {
					return
				}
				at[set] = i
				d.sets = append(d.sets, set)
				d.rows = append(d.rows, make([]uint64, rowWords(len(b.ends))))
			}
			d.rows[i][doc/64] |= 1 << (doc % 64)
		}
		lazy.rows = d
	})
	return lazy.rows
}

// rowWords is how many words of 64 bits a row of n documents takes.
func rowWords(n int) int { return (n + 63) / 64 }

// worth says that counting rows is quicker than looking at n documents one by one.
func (d *dense) worth(n int) bool {
	return d != nil && len(d.rows) > 0 && len(d.rows)*len(d.rows[0]) < n*2
}

// count adds to counts, by set, how many documents of a row each set has.
func (d *dense) count(row []uint64, counts []int32) {
	for i, set := range d.sets {
		counts[set] += int32(inCommon(row, d.rows[i]))
	}
}

// inCommon is how many bits two rows of one length have in common.
func inCommon(a, b []uint64) (n int) {
	b = b[:len(a)]
	for ; len(a) >= 4 && len(b) >= 4; a, b = a[4:], b[4:] {
		n += bits.OnesCount64(a[0]&b[0]) + bits.OnesCount64(a[1]&b[1]) + bits.OnesCount64(a[2]&b[2]) + bits.OnesCount64(a[3]&b[3])
	}
	for i, w := range a {
		n += bits.OnesCount64(w & b[i])
	}
	return n
}
