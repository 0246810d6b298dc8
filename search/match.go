package search

// Matching: a plan against a view. All words first; where few documents have them all, those that have some follow.

import (
	"context"
	"slices"
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
	// Where it is not the document's main one, it counts less.
	tagBonus     = 0.25
	sideTagBonus = 0.1

	// serviceBesideSubject is what the register's services count beside what a query is after: they answer to many words.
	serviceBesideSubject = 0.6
)

// matches is what a plan finds in a view, before filters, segment by segment.
type matches struct {
	segments []segmentMatches
	all      int  // documents that have all the words
	anyWord  bool // documents that have some are there too
	alike    bool // these are for the same purpose, and have none of the words
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

// matching is the work of finding what a plan asks for, by segment.
type matching struct {
	*matches
	view     *view
	plan     *plan
	finders  []*finder
	groups   [][]found         // by segment, then as in the plan
	counts   []uint64          // by group: documents that have it
	exact    []*roaring.Bitmap // have a whole name; nil for none
	excluded []*roaring.Bitmap
}

// match finds what a plan asks for. Scores are worked out only if wanted; the caller frees the matches. Words that stand
// nowhere among names may become aside in the plan.
func (v *view) match(ctx context.Context, p *plan, wantScores bool, pool *sync.Pool) (*matches, error) {
	m := &matching{
		matches: &matches{segments: make([]segmentMatches, len(v.segments)), scored: wantScores}, view: v, plan: p,
		counts: make([]uint64, len(p.groups)), exact: make([]*roaring.Bitmap, len(v.segments)),
	}
	for _, s := range v.segments {
		f := newFinder(ctx, s)
		excluded, err := f.any(p.not)
		if err != nil {
			return nil, err
		}
		m.finders = append(m.finders, f)
		m.excluded = append(m.excluded, excluded)
		m.groups = append(m.groups, make([]found, len(p.groups)))
	}
	for j, g := range p.groups {
		var err error
		if m.counts[j], err = find(m.finders, g, m.groups, j); err != nil {
			return nil, err
		}
	}
	if err := m.allWords(); err != nil {
		return nil, err
	}
	if m.all == 0 && m.soften() {
		if err := m.allWords(); err != nil {
			return nil, err
		}
	}
	m.someWords()
	if err := m.alikes(); err != nil {
		return nil, err
	}
	if !wantScores || len(p.groups) == 0 {
		return m.matches, nil
	}
	return m.matches, m.scores(pool)
}

// allWords finds what has all the words, or a whole name.
func (m *matching) allWords() error {
	m.all = 0
	names := m.plan.wholeNames()
	for i, s := range m.view.segments {
		var err error
		if m.exact[i], err = m.finders[i].exact(names); err != nil {
			return err
		}
		all := s.documents()
		for j, g := range m.groups[i] {
			if !m.plan.groups[j].aside {
				all.And(g.docs)
			}
		}
		if m.exact[i] != nil {
			all.Or(m.exact[i])
		}
		all.AndNot(m.excluded[i])
		m.segments[i] = segmentMatches{docs: all, all: all}
		m.all += int(all.GetCardinality())
	}
	return nil
}

// soften sets words aside that the dictionary does not know and that are part of no name, where the query says something
// that it does know; it says whether there were any. Such words are most often those of a question.
func (m *matching) soften() (any bool) {
	p := m.plan
	if !slices.ContainsFunc(p.groups, func(g group) bool { return !g.aside && (len(g.tags) > 0 || len(g.names) > 0) }) {
		return false
	}
	for j := range p.groups {
		if g := &p.groups[j]; g.plain && !g.aside && !slices.ContainsFunc(m.groups, func(of []found) bool { return of[j].named }) {
			g.aside, any = true, true
			p.loose = append(p.loose, g.written)
		}
	}
	if any {
		p.aim()
	}
	return any
}

// someWords adds what has some of the words, where few documents have them all.
func (m *matching) someWords() {
	if !m.plan.several() || m.all >= fewHits {
		return
	}
	m.anyWord = true
	for i := range m.segments {
		some := m.segments[i].all.Clone()
		for j, g := range m.groups[i] {
			if !m.plan.groups[j].aside {
				some.Or(g.docs)
			}
		}
		some.AndNot(m.excluded[i])
		m.segments[i].docs = some
	}
}

// scores works out what each document counts.
func (m *matching) scores(pool *sync.Pool) error {
	p := m.plan
	supplied := m.names(catalogue.KindSupplier) && len(p.prefer) == 0
	for i := range m.segments {
		s, b := &m.segments[i], m.view.segments[i].block
		s.score(m.groups[i], m.counts, m.view.live, pool, b.docs())
		if m.anyWord {
			s.add(s.all, allBonus)
		}
		named := m.exact[i]
		if len(p.subject) > 0 {
			if named != nil { // the title of a notice that is called as its topic is no name
				named = roaring.And(named, b.ofKinds(catalogue.KindCouncil, catalogue.KindSupplier, catalogue.KindPlatform))
			}
			s.scale(b.ofKinds(catalogue.KindService), serviceBesideSubject)
			sought := p.sought(b, s.all, m.groups[i])
			called, err := m.finders[i].term(fieldService, p.text)
			if err != nil {
				return err
			}
			if called != nil {
				sought.Or(roaring.And(called, s.all))
			}
			s.add(sought, subjectBonus)
		}
		if len(p.subject) == 0 && supplied {
			s.add(roaring.And(b.ofKinds(catalogue.KindPlatform), s.all), subjectBonus)
		}
		if len(p.prefer) > 0 {
			named = nil
			among := s.all
			if m.all == 0 {
				among = s.docs
			}
			s.add(roaring.And(b.ofKinds(p.prefer...), among), subjectBonus)
		}
		if named != nil {
			s.add(named, exactBonus)
		}
	}
	return nil
}

// names says that a whole name that was asked for is one of a kind of thing.
func (m *matching) names(kind catalogue.Kind) bool {
	for i, s := range m.view.segments {
		if m.exact[i] != nil && m.exact[i].Intersects(s.ofKinds(kind)) {
			return true
		}
	}
	return false
}

// alikes adds what is for the same as a product or supplier that the query names and that is not in the catalogue itself.
func (m *matching) alikes() error {
	p := m.plan
	if p.required() != 1 || m.all >= fewHits || len(p.not) > 0 {
		return nil
	}
	j := slices.IndexFunc(p.groups, func(g group) bool { return !g.aside })
	if len(p.groups[j].usually) == 0 {
		return nil
	}
	for i, s := range m.view.segments {
		if roaring.And(s.ofKinds(catalogue.KindPlatform, catalogue.KindSupplier), m.segments[i].all).GetCardinality() > 0 {
			return nil
		}
	}
	for i, s := range m.view.segments {
		tagged, err := m.finders[i].tagged(p.groups[j].usually)
		if err != nil {
			return err
		}
		if tagged == nil {
			continue
		}
		of := &m.groups[i][j]
		fresh := roaring.AndNot(tagged, of.docs)
		of.docs.Or(fresh)
		platforms := s.ofKinds(catalogue.KindPlatform)
		platforms.And(fresh)
		of.scored = append(of.scored, scored{platforms, wholeTagWeight}, scored{roaring.AndNot(fresh, platforms), tagWeight})
		m.segments[i].docs = roaring.Or(m.segments[i].all, fresh)
		m.anyWord, m.alike = true, true
	}
	return nil
}

// find finds a group in every segment, as the nth of each, and counts the documents that have it.
func find(in []*finder, g group, out [][]found, n int) (count uint64, err error) {
	for i, f := range in {
		if out[i][n], err = f.group(g); err != nil {
			return 0, err
		}
		count += out[i][n].docs.GetCardinality()
	}
	return count, nil
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
func (m *segmentMatches) score(groups []found, counts []uint64, live uint64, pool *sync.Pool, n int) {
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

// scale weakens what the words of some documents count.
func (m *segmentMatches) scale(docs *roaring.Bitmap, by float32) {
	docs.And(m.docs)
	for it := docs.Iterator(); it.HasNext(); {
		m.scores[it.Next()] *= by
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
