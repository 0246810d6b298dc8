package search

// Matching: a plan against a view. All words first; where few documents have them all, those that have some follow.

import (
	"context"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"jointly/catalogue"
)

const (
	// fewHits is how many documents must have all the words for the others to be left out. It is counted before
	// filters, so that choosing one never widens a search.
	fewHits = 20

	// Documents with all the words stand above those with some, what is of the sort that is sought above both, and an
	// exact name above all: what words count stays below one step.
	tierStep     = 4096
	allBonus     = tierStep
	subjectBonus = 2 * tierStep
	exactBonus   = 4 * tierStep

	// tagBonus is how much more a document counts that has the capability which the query means most surely.
	tagBonus = 0.25
)

// matches is what a plan finds in a view, before filters, segment by segment.
type matches struct {
	segments []segmentMatches
	all      int  // documents that have all the words
	anyWord  bool // documents that have some are there too
	scored   bool
}

type segmentMatches struct {
	docs   *roaring.Bitmap
	all    *roaring.Bitmap // those of docs that have all the words
	scores []float32       // by document number; nil where nobody asked
}

// free gives the scores back for other searches.
func (m *matches) free(pool *sync.Pool) {
	for i := range m.segments {
		if s := m.segments[i].scores; s != nil {
			pool.Put(&s)
			m.segments[i].scores = nil
		}
	}
}

// match finds what a plan asks for. Scores are worked out only if wanted; the caller frees the matches.
func (v *view) match(ctx context.Context, p *plan, wantScores bool, pool *sync.Pool) (*matches, error) {
	m := &matches{segments: make([]segmentMatches, len(v.segments)), scored: wantScores}
	finders := make([]*finder, len(v.segments))
	groups := make([][]found, len(v.segments))
	exact := make([]*roaring.Bitmap, len(v.segments))
	counts := make([]uint64, len(p.groups))
	for i, s := range v.segments {
		f := newFinder(ctx, s)
		finders[i] = f
		groups[i] = make([]found, len(p.groups))
		for j, g := range p.groups {
			var err error
			if groups[i][j], err = f.group(g); err != nil {
				return nil, err
			}
			counts[j] += groups[i][j].docs.GetCardinality()
		}
		excluded, err := f.any(p.not)
		if err != nil {
			return nil, err
		}
		if exact[i], err = f.exact(p.wholeNames()); err != nil {
			return nil, err
		}
		all := s.documents()
		for j, g := range groups[i] {
			if !p.groups[j].aside {
				all.And(g.docs)
			}
		}
		if exact[i] != nil {
			all.Or(exact[i])
		}
		all.AndNot(excluded)
		m.segments[i] = segmentMatches{docs: all, all: all}
		m.all += int(all.GetCardinality())
	}
	if p.several() && m.all < fewHits {
		m.anyWord = true
		for i := range m.segments {
			some := m.segments[i].all.Clone()
			for j, g := range groups[i] {
				if !p.groups[j].aside {
					some.Or(g.docs)
				}
			}
			excluded, err := finders[i].any(p.not)
			if err != nil {
				return nil, err
			}
			some.AndNot(excluded)
			m.segments[i].docs = some
		}
	}
	if wantScores && len(p.groups) > 0 {
		for i := range m.segments {
			s := &m.segments[i]
			s.score(groups[i], counts, v.live, m.anyWord, pool, len(v.segments[i].ends))
			named := exact[i]
			if len(p.subject) > 0 {
				if named != nil { // the title of a notice that is called as its topic is no name
					named = roaring.And(named, v.segments[i].ofKinds(catalogue.KindCouncil, catalogue.KindSupplier, catalogue.KindPlatform))
				}
				s.add(p.sought(v.segments[i].block, s.all, groups[i]), subjectBonus)
			}
			if named != nil {
				s.add(named, exactBonus)
			}
		}
	}
	return m, nil
}

// any is the documents that have one of some alternatives in any field.
func (f *finder) any(alternatives []alternative) (*roaring.Bitmap, error) {
	out := roaring.New()
	for _, a := range alternatives {
		for _, field := range wordFields() {
			docs, err := f.alternative(field.name, a)
			if err != nil {
				return nil, err
			}
			if docs != nil {
				out.Or(docs)
			}
		}
	}
	return out, nil
}

// exact is the documents that have one of some whole names; nil for none.
func (f *finder) exact(names []string) (*roaring.Bitmap, error) {
	var out *roaring.Bitmap
	for _, name := range names {
		if name == "" {
			continue
		}
		docs, err := f.term(fieldExact, name)
		if err != nil {
			return nil, err
		}
		if docs == nil {
			continue
		}
		if out == nil {
			out = roaring.New()
		}
		out.Or(docs)
	}
	return out, nil
}

// score adds up, for every document found, what each group counts there.
func (m *segmentMatches) score(groups []found, counts []uint64, live uint64, anyWord bool, pool *sync.Pool, n int) {
	m.scores = scoresFor(pool, n)
	for j, g := range groups {
		rare := rarity(counts[j], live)
		for _, part := range g.scored {
			docs := part.docs
			if len(groups) > 1 {
				docs = roaring.And(docs, m.docs)
			}
			m.add(docs, rare*part.weight)
		}
	}
	if anyWord {
		m.add(m.all, allBonus)
	}
}

// sought is the documents with all the words that are of the kinds and about the topic that a plan is after.
func (p *plan) sought(b *block, all *roaring.Bitmap, groups []found) *roaring.Bitmap {
	out := roaring.And(b.ofKinds(p.subject...), all)
	for j, g := range groups {
		switch {
		case p.groups[j].aside || len(p.groups[j].tags) == 0:
		case g.topic == nil:
			return roaring.New()
		default:
			out.And(g.topic)
		}
	}
	return out
}

func (m *segmentMatches) add(docs *roaring.Bitmap, weight float32) {
	var buffer [256]uint32
	for it := docs.ManyIterator(); ; {
		n := it.NextMany(buffer[:])
		if n == 0 {
			return
		}
		for _, doc := range buffer[:n] {
			m.scores[doc] += weight
		}
	}
}

// scoresFor is n zeros, used again from search to search.
func scoresFor(pool *sync.Pool, n int) []float32 {
	if p, ok := pool.Get().(*[]float32); ok && cap(*p) >= n {
		s := (*p)[:n]
		clear(s)
		return s
	}
	return make([]float32, n)
}
