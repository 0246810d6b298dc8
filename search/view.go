package search

// Views: what one search reads. A view is a snapshot of the index with the columns of its segments; it is made after
// each batch and swapped in whole, so that words, filters and counts are always of one moment.

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// view is one moment of one audience's index.
type view struct {
	snapshot     *scorch.IndexSnapshot
	segments     []segmentView
	dictionaries *[nFacets]*dictionary
	known        [nFacets]knownValues
	seq          uint64 // the last change that it holds
	live         uint64 // documents
}

type segmentView struct {
	*scorch.SegmentSnapshot
	*block
}

// documents are the numbers of the live documents of a segment; the caller's own.
func (s segmentView) documents() *roaring.Bitmap {
	all := roaring.New()
	all.AddRange(0, uint64(len(s.ends)))
	if d := s.Deleted(); d != nil {
		all.AndNot(d)
	}
	return all
}

// look makes a view of a generation as it is now. The caller releases it.
func (g *generation) look() (v *view, err error) {
	defer recoverDamage(&err)
	defer guardFaults()()
	reader, err := g.index.Reader()
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("read the index: unexpected reader %T", reader)
	}
	kept := false
	defer func() {
		if !kept {
			_ = snapshot.Close() // the error that made us give up is the one to tell
		}
	}()
	v = &view{snapshot: snapshot, dictionaries: &g.dictionaries}
	g.mu.Lock()
	defer g.mu.Unlock()
	blocks := make(map[uint64]*block, len(snapshot.Segments()))
	for _, s := range snapshot.Segments() {
		b := g.blocks[s.Id()]
		if b == nil {
			if b, err = readBlock(s, &g.dictionaries); err != nil {
				return nil, err
			}
		}
		blocks[s.Id()] = b
		v.segments = append(v.segments, segmentView{s, b})
		v.live += s.Count()
	}
	g.blocks = blocks
	for f, d := range g.dictionaries {
		v.known[f] = d.known()
	}
	cursor, err := snapshot.GetInternal([]byte(keyCursor))
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	if v.seq, err = readNumber(cursor); err != nil {
		return nil, err
	}
	kept = true
	return v, nil
}

// sameSegments says that a newer view would hold the same segments as this one.
func (v *view) sameSegments(g *generation) bool {
	reader, err := g.index.Reader()
	if err != nil {
		return true
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	same := ok && len(snapshot.Segments()) == len(v.segments)
	if same {
		for i, s := range snapshot.Segments() {
			same = same && s.Id() == v.segments[i].Id()
		}
	}
	return reader.Close() != nil || same
}

// release gives the view back: its files may go once nobody holds it.
func (v *view) release() error { return v.snapshot.Close() }

// having lists the IDs of the documents that have a value of a facet.
func (v *view) having(f Facet, id string) []string {
	i := f.ordinal()
	if _, known := v.dictionaries[i].lookup(id); !known {
		return nil
	}
	pass := v.dictionaries[i].with(v.known[i], []string{id})
	var ids []string
	for _, s := range v.segments {
		for it := s.documents().Iterator(); it.HasNext(); {
			if n := it.Next(); pass[s.sets[i].at(n)] {
				ids = append(ids, string(s.ids.at(n)))
			}
		}
	}
	return ids
}
