package search

// Finding: which documents of a segment have a term, a phrase, or one of a group's alternatives. Everything is a bitmap
// of document numbers; what a word counts follows from the field that it stands in and how rare its group is, not from
// how often it stands there, which says little in texts this short. That makes widening a word to eight others cheap.

import (
	"context"
	"fmt"
	"math"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"jointly/catalogue"
)

// finder finds in one segment.
type finder struct {
	ctx    context.Context
	seg    segmentView
	fields map[string]segment.TermDictionary
}

func newFinder(ctx context.Context, s segmentView) *finder {
	return &finder{ctx: ctx, seg: s, fields: map[string]segment.TermDictionary{}}
}

// postings is a term's list in a field, without deleted documents.
func (f *finder) postings(field, term string) (segment.PostingsList, error) {
	if err := f.ctx.Err(); err != nil {
		return nil, err
	}
	dict := f.fields[field]
	if dict == nil {
		var err error
		if dict, err = f.seg.Segment().Dictionary(field); err != nil {
			return nil, fmt.Errorf("read the words of the index: %w", err)
		}
		f.fields[field] = dict
	}
	list, err := dict.PostingsList([]byte(term), f.seg.Deleted(), nil)
	if err != nil {
		return nil, fmt.Errorf("read a word of the index: %w", err)
	}
	return list, nil
}

// term is the documents that have a term in a field; nil for none. It must not be changed.
func (f *finder) term(field, term string) (*roaring.Bitmap, error) {
	list, err := f.postings(field, term)
	if err != nil || list.Count() == 0 {
		return nil, err
	}
	it := list.Iterator(false, false, false, nil)
	if o, ok := it.(segment.OptimizablePostingsIterator); ok {
		if bm := o.ActualBitmap(); bm != nil {
			return bm, nil
		}
		if n, ok := o.DocNum1Hit(); ok {
			return roaring.BitmapOf(uint32(n)), nil
		}
	}
	bm := roaring.New()
	for {
		p, err := it.Next()
		if err != nil || p == nil {
			return bm, err
		}
		bm.Add(uint32(p.Number()))
	}
}

// alternative is the documents that have a term or a phrase in a field; nil for none.
func (f *finder) alternative(field string, a alternative) (*roaring.Bitmap, error) {
	first, err := f.term(field, a.terms[0].term)
	if err != nil || first == nil || len(a.terms) == 1 {
		return first, err
	}
	all := first.Clone()
	for _, t := range a.terms[1:] {
		bm, err := f.term(field, t.term)
		if err != nil || bm == nil {
			return nil, err
		}
		if all.And(bm); all.IsEmpty() {
			return nil, nil
		}
	}
	return f.inOrder(field, a.terms, all)
}

// inOrder keeps the documents in which the terms of a phrase stand at their distances.
func (f *finder) inOrder(field string, terms []phraseTerm, candidates *roaring.Bitmap) (*roaring.Bitmap, error) {
	at := make([]segment.PostingsIterator, len(terms))
	for i, t := range terms {
		list, err := f.postings(field, t.term)
		if err != nil {
			return nil, err
		}
		at[i] = list.Iterator(true, true, true, nil)
		if o, ok := at[i].(segment.OptimizablePostingsIterator); ok && o.ActualBitmap() != nil {
			o.ReplaceActual(candidates)
		}
	}
	found := roaring.New()
	starts, here := map[uint64]bool{}, map[uint64]bool{}
	n := 0
	for docs := candidates.Iterator(); docs.HasNext(); n++ {
		if n%1024 == 0 && f.ctx.Err() != nil {
			return nil, f.ctx.Err()
		}
		doc := docs.Next()
		clear(starts)
		for i, t := range terms {
			p, err := at[i].Advance(uint64(doc))
			if err != nil {
				return nil, fmt.Errorf("read a phrase of the index: %w", err)
			}
			if p == nil || p.Number() != uint64(doc) {
				clear(starts)
				continue // the other iterators still have to pass this document
			}
			clear(here)
			for _, l := range p.Locations() {
				start := l.Pos() - uint64(t.offset)
				if i == 0 || starts[start] {
					here[start] = true
				}
			}
			starts, here = here, starts
		}
		if len(starts) > 0 {
			found.Add(doc)
		}
	}
	if found.IsEmpty() {
		return nil, nil
	}
	return found, nil
}

// found is the documents of a segment that have a group, with what the group counts in them.
type found struct {
	docs *roaring.Bitmap
	// topic is the documents that are about what the group means; nil where it means no topic.
	topic *roaring.Bitmap
	// named says that the words are part of a name; see names. Worked out for plain words alone.
	named bool
	// scored parts docs into those for which the group counts the same, the most first.
	scored []scored
}

type scored struct {
	docs   *roaring.Bitmap
	weight float32
}

// group finds the documents that have one of a group's alternatives.
func (f *finder) group(g group) (found, error) {
	var parts []scored
	tagged, err := f.tagged(g.tags)
	if err != nil {
		return found{}, err
	}
	if tagged != nil {
		weight := float32(tagWeight)
		if g.wholly {
			weight = wholeTagWeight
		}
		parts = append(parts, scored{tagged, weight})
	}
	within := tagged
	if len(g.usually) > 0 {
		if within, err = f.tagged(g.usually); err != nil {
			return found{}, err
		}
	}
	named := false
	direct := roaring.New() // has the words, or direct synonyms
	for i, a := range g.alternatives {
		if a.tagged {
			named, err := f.term(fieldExact, a.terms[0].term)
			if err != nil {
				return found{}, err
			}
			if named != nil {
				parts = append(parts, scored{named, a.weight * wordFields()[0].weight})
			}
			if within == nil {
				continue
			}
		}
		for _, field := range wordFields() {
			docs, err := f.alternative(field.name, a)
			if err != nil {
				return found{}, err
			}
			if docs != nil && a.tagged {
				docs = roaring.And(docs, within)
			}
			if docs != nil {
				parts = append(parts, scored{docs, a.weight * field.weight})
				named = named || g.plain && f.names(field.name, docs)
				if g.finer && i <= directSynonyms {
					direct.Or(docs)
				}
			}
		}
	}
	out := disjoint(parts)
	out.named = named
	switch {
	case tagged == nil:
	case g.finer:
		out.topic = roaring.And(tagged, direct)
	default:
		out.topic = tagged
	}
	return out, nil
}

// names says that a word that some documents have in a field is part of a name: of a council, a supplier or a platform, or
// among the facts of anything but the register's services.
func (f *finder) names(field string, docs *roaring.Bitmap) bool {
	switch field {
	case fieldText:
		return false
	case fieldFacts:
		return roaring.AndNot(docs, f.seg.ofKinds(catalogue.KindService)).GetCardinality() > 0
	}
	return docs.Intersects(f.seg.ofKinds(suggestedKinds()...))
}

// tagged is the documents that have one of some capabilities; nil for none. It must not be changed.
func (f *finder) tagged(tags []string) (*roaring.Bitmap, error) {
	var out *roaring.Bitmap
	for _, tag := range tags {
		docs, err := f.term(fieldTag, tag)
		if err != nil {
			return nil, err
		}
		switch {
		case docs == nil:
		case out == nil:
			out = docs
		default:
			out = roaring.Or(out, docs)
		}
	}
	return out, nil
}

// What a capability counts where none of the words were written: little for what is a part of it, as much as its name
// among a record's facts for what is the whole of it.
const (
	tagWeight      = 0.5
	wholeTagWeight = 1.6
)

// disjoint leaves each document where it counts most.
func disjoint(parts []scored) found {
	out := found{docs: roaring.New()}
	for len(parts) > 0 {
		best := 0
		for i := range parts {
			if parts[i].weight > parts[best].weight {
				best = i
			}
		}
		p := parts[best]
		parts = append(parts[:best], parts[best+1:]...)
		fresh := roaring.AndNot(p.docs, out.docs)
		if fresh.IsEmpty() {
			continue
		}
		out.docs.Or(fresh)
		out.scored = append(out.scored, scored{fresh, p.weight})
	}
	return out
}

// rarity is the weight of a group that n of all documents have. It moves in steps, so that a document more or less
// changes no score: a page that is asked for later goes on where the one before ended.
func rarity(n, all uint64) float32 {
	idf := math.Log(1 + (float64(all)+0.5)/(float64(n)+0.5))
	return float32(math.Max(0.25, math.Round(idf*4)/4))
}
