package search

// Collecting: filters, counts and the best hits, in one pass over what was found.

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"slices"
)

// filter lets through the documents with a chosen value of a facet.
type filter struct {
	facet int
	pass  []bool // by set
}

// narrowing is all filters of a query.
type narrowing struct {
	filters     []filter
	status      int // ordinal of FacetStatus
	open, ended bool
	today       day
	from, to    day  // never: no limit
	all         bool // lets everything through
}

// sparse is the part of a segment's documents below which they are looked at one by one.
const sparse = 16

func (v *view) narrowing(q Query, today day) narrowing {
	n := narrowing{status: FacetStatus.ordinal(), today: today, from: dayOf(q.EndsFrom.First()), to: dayOf(q.EndsTo.Last())}
	n.open, n.ended = q.statuses()
	for i, f := range Facets() {
		if chosen := q.Chosen(f); len(chosen) > 0 && f != FacetStatus {
			n.filters = append(n.filters, filter{i, v.dictionaries[i].with(v.known[i], chosen)})
		}
	}
	n.all = n.open && n.ended && len(n.filters) == 0 && n.from == never && n.to == never
	return n
}

// What a document is to a query's filters.
const (
	passes  = -1 // all of them
	outside = -2 // of at least two, or of the dates
) // else the ordinal of the one facet that it fails

// judge says how a document stands to the filters.
func (n *narrowing) judge(b *block, doc uint32) int {
	end := b.ends[doc]
	if n.from != never && (end < n.from || end == never) || n.to != never && (end > n.to || end == never || end == closed) {
		return outside
	}
	failed := passes
	if ended := end.ended(n.today); ended && !n.ended || !ended && !n.open {
		failed = n.status
	}
	for i := range n.filters {
		f := &n.filters[i]
		if f.pass[b.sets[f.facet].at(doc)] {
			continue
		}
		if failed != passes {
			return outside
		}
		failed = f.facet
	}
	return failed
}

// tally counts documents by the sets of values of the facets asked for.
type tally struct {
	facets []int
	counts [nFacets][]int32 // by set; FacetStatus: open, ended
	status int
}

func (v *view) tally(facets []Facet) *tally {
	t := &tally{status: FacetStatus.ordinal()}
	for _, f := range facets {
		i := f.ordinal()
		if t.counts[i] != nil {
			continue
		}
		if i == t.status {
			t.counts[i] = make([]int32, 2)
			continue
		}
		t.counts[i] = make([]int32, len(v.known[i].members))
		t.facets = append(t.facets, i)
	}
	return t
}

// split parts the facets that are counted in a segment into those counted by rows of bits and those counted document by
// document, where n documents are found.
func (t *tally) split(b *block, n int) (byRow, byDocument []int) {
	for _, f := range t.facets {
		if n > b.docs()/sparse && b.denseOf(f).worth(n) {
			byRow = append(byRow, f)
		} else {
			byDocument = append(byDocument, f)
		}
	}
	return byRow, byDocument
}

// countRow takes in the documents of a row.
func (t *tally) countRow(b *block, row []uint64, facets []int) {
	for _, f := range facets {
		b.denseOf(f).count(row, t.counts[f])
	}
}

// count takes in documents that passed all filters, one column after the other.
func (t *tally) count(b *block, docs []uint32, facets []int, today day) {
	for _, f := range facets {
		b.sets[f].count(docs, t.counts[f])
	}
	if t.counts[t.status] != nil {
		for _, doc := range docs {
			t.countStatus(b.ends[doc], today)
		}
	}
}

// countFailed takes in a document that failed the filter of one facet alone: it counts for that one.
func (t *tally) countFailed(b *block, doc uint32, failed int, today day) {
	switch {
	case t.counts[failed] == nil:
	case failed == t.status:
		t.countStatus(b.ends[doc], today)
	default:
		t.counts[failed][b.sets[failed].at(doc)]++
	}
}

func (t *tally) countStatus(end, today day) {
	if end.ended(today) {
		t.counts[t.status][1]++
	} else {
		t.counts[t.status][0]++
	}
}

// rank is a document's place in the order of a result. Less is earlier; the ID decides between equals, so that the order
// is the same every time.
type rank struct {
	number float64
	tie    float64 // of equal numbers
	text   string
	id     string
}

func (a rank) compare(b rank) int {
	return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.tie, b.tie), cmp.Compare(a.text, b.text), cmp.Compare(a.id, b.id))
}

// top keeps the best ranks: a heap with the last of them first.
type top struct {
	limit int
	ranks []rank
}

func (t *top) Len() int           { return len(t.ranks) }
func (t *top) Less(i, j int) bool { return t.ranks[i].compare(t.ranks[j]) > 0 }
func (t *top) Swap(i, j int)      { t.ranks[i], t.ranks[j] = t.ranks[j], t.ranks[i] }
func (t *top) Push(x any)         { t.ranks = append(t.ranks, x.(rank)) }
func (t *top) Pop() any {
	last := t.ranks[len(t.ranks)-1]
	t.ranks = t.ranks[:len(t.ranks)-1]
	return last
}

// worst is the number beyond which nothing can come in any more.
func (t *top) worst() float64 {
	if len(t.ranks) < t.limit {
		return math.Inf(1)
	}
	return t.ranks[0].number
}

func (t *top) offer(r rank) {
	switch {
	case len(t.ranks) < t.limit:
		heap.Push(t, r)
	case r.compare(t.ranks[0]) < 0:
		t.ranks[0] = r
		heap.Fix(t, 0)
	}
}

// sorted is the ranks in order.
func (t *top) sorted() []rank {
	slices.SortFunc(t.ranks, rank.compare)
	return t.ranks
}

// collected is the outcome of a pass.
type collected struct {
	total int
	all   int // hits that have all the words
	more  bool
	ranks []rank
	tally *tally
}

// collect passes over what was found: which documents the filters let through, how many there are of each value, and
// the page of hits that comes after a rank (nil: the first).
func (v *view) collect(ctx context.Context, m *matches, q Query, p *plan, today day, after *rank) (*collected, error) {
	n := v.narrowing(q, today)
	out := &collected{tally: v.tally(q.Facets)}
	best := &top{limit: q.Limit + 1} // one more tells whether there is a next page
	sorter := sorter{by: q.Sort, today: today, after: after, boost: v.boost(p.tags)}
	var found, passing [1024]uint32
	for i, s := range v.segments {
		size := int(m.segments[i].docs.GetCardinality())
		byRow, byDocument := out.tally.split(s.block, size)
		var row []uint64
		if len(byRow) > 0 {
			if row = make([]uint64, rowWords(s.block.docs())); n.all {
				m.segments[i].docs.WriteDenseTo(row)
			}
		}
		for it := m.segments[i].docs.ManyIterator(); ; {
			docs := found[:it.NextMany(found[:])]
			if len(docs) == 0 {
				break
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			through := docs
			if !n.all {
				through = passing[:0]
				for _, doc := range docs {
					switch failed := n.judge(s.block, doc); failed {
					case passes:
						through = append(through, doc)
					case outside:
					default:
						out.tally.countFailed(s.block, doc, failed, today)
					}
				}
				if row != nil {
					for _, doc := range through {
						row[doc/64] |= 1 << (doc % 64)
					}
				}
			}
			out.total += len(through)
			out.tally.count(s.block, through, byDocument, today)
			sorter.offer(best, s.block, m.segments[i].scores, through)
		}
		out.tally.countRow(s.block, row, byRow)
		out.all += n.countAll(&m.segments[i], s)
	}
	out.ranks = best.sorted()
	if len(out.ranks) > q.Limit {
		out.ranks, out.more = out.ranks[:q.Limit], true
	}
	return out, nil
}

// sorter puts documents in the order of a query.
type sorter struct {
	by    Sort
	today day
	after *rank
	boost []float32 // by set of capabilities
}

// offer puts forward the documents that passed; scores are nil where words do not count.
func (o *sorter) offer(best *top, b *block, scores []float32, docs []uint32) {
	worst := best.worst()
	tags := &b.sets[FacetCapability.ordinal()]
	for _, doc := range docs {
		var number, tie float64
		if scores != nil {
			number = -weighed(scores[doc], b.weightOn(doc, o.today)*o.boost[tags.at(doc)])
		} else {
			number = b.order(o.by, doc, o.today)
		}
		if number > worst || o.after != nil && number < o.after.number {
			continue
		}
		if scores != nil {
			tie = -float64(b.newest[doc])
		}
		if number == worst && o.by != ByName && (tie > best.ranks[0].tie || tie == best.ranks[0].tie && string(b.ids.at(doc)) > best.ranks[0].id) {
			continue
		}
		r := rank{number: number, tie: tie, id: string(b.ids.at(doc))}
		if o.by == ByName {
			r.text = string(b.names.at(doc))
		}
		if o.after == nil || r.compare(*o.after) > 0 {
			best.offer(r)
			worst = best.worst()
		}
	}
}

// order is the number that a document is sorted by where its words do not count.
func (b *block) order(by Sort, doc uint32, today day) float64 {
	switch by {
	case ByNewest:
		return -float64(b.newest[doc])
	case ByEnd:
		return endOrder(b.ends[doc], today)
	}
	return 0
}

// weighed is a score with what its words count multiplied, and its tier left alone.
func weighed(score, by float32) float64 {
	if score < tierStep {
		return float64(score * by)
	}
	tier := math.Floor(float64(score)/tierStep) * tierStep
	return tier + (float64(score)-tier)*float64(by)
}

// countAll counts the hits of a segment that have all the words, where there are others too.
func (n *narrowing) countAll(found *segmentMatches, s segmentView) int {
	all := 0
	for it := found.all.Iterator(); found.all != found.docs && it.HasNext(); {
		if n.judge(s.block, it.Next()) == passes {
			all++
		}
	}
	return all
}

// boost is by how much documents with each set of capabilities count more: most where the capability is the first, which
// is the main one.
func (v *view) boost(tags []string) []float32 {
	f := FacetCapability.ordinal()
	out := make([]float32, len(v.known[f].members))
	for i := range out {
		out[i] = 1
	}
	for i, tag := range tags {
		n, ok := v.dictionaries[f].lookup(tag)
		if !ok {
			continue
		}
		for set, members := range v.known[f].members {
			if at := slices.Index(members, n); at >= 0 {
				bonus := float32(tagBonus)
				if at > 0 {
					bonus = sideTagBonus
				}
				out[set] = max(out[set], 1+bonus/float32(1+i))
			}
		}
	}
	return out
}

// endOrder sorts ends: what is to come by day, then what states none, then what has ended, latest first.
func endOrder(end, today day) float64 {
	switch {
	case end == never:
		return math.MaxInt32
	case end.ended(today):
		return 2*math.MaxInt32 - float64(end)
	}
	return float64(end)
}

// everything is all live documents of a view as matches.
func (v *view) everything() *matches {
	m := &matches{segments: make([]segmentMatches, len(v.segments))}
	for i, s := range v.segments {
		docs := s.documents()
		m.segments[i] = segmentMatches{docs: docs, all: docs}
		m.all += int(docs.GetCardinality())
	}
	return m
}
