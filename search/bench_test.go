package search

// What facets cost here against what bleve's own cost, in one run on the same documents. Trust the ratios, not the times.

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"jointly/catalogue"
)

// benchFacets are the four facets that both sides count.
func benchFacets() []Facet {
	return []Facet{FacetKind, FacetCapability, FacetRegion, FacetQuarter}
}

// synthetic makes documents of about 100 words with the frequencies of a language: few words that are everywhere, many
// that are rare.
type synthetic struct {
	rng   *rand.Rand
	zipf  *rand.Zipf
	words []string
}

func newSynthetic() *synthetic {
	rng := rand.New(rand.NewPCG(1, 2))
	s := &synthetic{rng: rng, zipf: rand.NewZipf(rng, 1.05, 40, 19_999)}
	for i := range 20_000 {
		s.words = append(s.words, fmt.Sprintf("w%dx", i))
	}
	return s
}

func (s *synthetic) text(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(s.words[s.zipf.Uint64()])
		b.WriteByte(' ')
	}
	return b.String()
}

func (s *synthetic) document(i int) *document {
	kinds := []catalogue.Kind{catalogue.KindContract, catalogue.KindIntention, catalogue.KindPlatform}
	d := &document{key: catalogue.Key{Kind: kinds[i%len(kinds)], ID: fmt.Sprintf("%026d", i)}}
	d.title = s.text(6)
	add(&d.text, "", s.text(94))
	d.exact = []string{d.title}
	d.newest = int64(i)
	d.ends = day(20_000 + s.rng.IntN(2000))
	d.set(FacetKind, value{id: string(d.key.Kind)})
	d.set(FacetCapability, value{id: fmt.Sprintf("capability-%d", s.rng.IntN(61))})
	d.set(FacetRegion, value{id: fmt.Sprintf("region-%d", s.rng.IntN(12))})
	d.set(FacetQuarter, value{id: fmt.Sprintf("%d-Q%d", 2025+s.rng.IntN(6), 1+s.rng.IntN(4))})
	return d
}

// peerDocument is the same for bleve as it is usually used, leanly: one field of words, keywords with doc values.
type peerDocument struct {
	Words                             string
	Kind, Capability, Region, Quarter string
}

func peerMapping() mapping.IndexMapping {
	words := bleve.NewTextFieldMapping()
	words.Analyzer, words.Store, words.IncludeInAll, words.DocValues, words.IncludeTermVectors = en.AnalyzerName, false, false, false, false
	whole := bleve.NewTextFieldMapping()
	whole.Analyzer, whole.Store, whole.IncludeInAll, whole.IncludeTermVectors = keyword.Name, false, false, false
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("Words", words)
	for _, f := range []string{"Kind", "Capability", "Region", "Quarter"} {
		doc.AddFieldMappingsAt(f, whole)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	return m
}

type contest struct {
	gen  *generation
	view *view
	peer bleve.Index
	pool sync.Pool
}

func newContest(b *testing.B, documents int) *contest {
	b.Helper()
	c := &contest{}
	queue := index.NewAnalysisQueue(2)
	b.Cleanup(queue.Close)
	var err error
	if c.gen, err = openGeneration(filepath.Join(b.TempDir(), "000001"), queue); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.gen.close() })
	c.peer, err = bleve.NewUsing(filepath.Join(b.TempDir(), "peer"), peerMapping(), scorch.Name, scorch.Name, map[string]any{"unsafe_batch": true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.peer.Close() })
	s := newSynthetic()
	var ours, theirs time.Duration
	for from := 0; from < documents; from += pageSize {
		mine, other := index.NewBatch(), c.peer.NewBatch()
		docs := make([]*document, 0, pageSize)
		for i := from; i < min(from+pageSize, documents); i++ {
			docs = append(docs, s.document(i))
		}
		start := time.Now()
		for _, d := range docs {
			mine.Update(d.entry())
		}
		if err := c.gen.write(mine); err != nil {
			b.Fatal(err)
		}
		ours += time.Since(start)
		start = time.Now()
		for _, d := range docs {
			v := func(f Facet) string { return d.values[f.ordinal()][0].id }
			if err := other.Index(docID(d.key), peerDocument{d.title + d.text[0].text, v(FacetKind), v(FacetCapability), v(FacetRegion), v(FacetQuarter)}); err != nil {
				b.Fatal(err)
			}
		}
		if err := c.peer.Batch(other); err != nil {
			b.Fatal(err)
		}
		theirs += time.Since(start)
	}
	c.gen.settle(time.Minute)
	c.quiet(b)
	start := time.Now()
	if c.view, err = c.gen.look(); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d documents, %d segments: built in %.1f s, %d MB with phrases and rows (bleve's lean mapping without either: %.1f s, %d MB), columns read in %s",
		documents, len(c.view.segments), ours.Seconds(), size(b, c.gen.path), theirs.Seconds(), size(b, c.peer.Name()), time.Since(start).Round(time.Millisecond))
	b.Cleanup(func() { _ = c.view.release() })
	c.compareBuild(b, documents/10, ours.Seconds()/float64(documents))
	return c
}

// compareBuild prints what a document costs to index and to keep beside what bleve's default mapping takes for it, which
// is measured on fewer documents.
func (c *contest) compareBuild(b *testing.B, documents int, each float64) {
	b.Helper()
	usual, err := bleve.NewUsing(filepath.Join(b.TempDir(), "default"), bleve.NewIndexMapping(), scorch.Name, scorch.Name, map[string]any{"unsafe_batch": true})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = usual.Close() }()
	s := newSynthetic()
	start := time.Now()
	for from := 0; from < documents; from += pageSize {
		batch := usual.NewBatch()
		for i := from; i < min(from+pageSize, documents); i++ {
			d := s.document(i)
			v := func(f Facet) string { return d.values[f.ordinal()][0].id }
			if err := batch.Index(docID(d.key), peerDocument{d.title + d.text[0].text, v(FacetKind), v(FacetCapability), v(FacetRegion), v(FacetQuarter)}); err != nil {
				b.Fatal(err)
			}
		}
		if err := usual.Batch(batch); err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(start).Seconds() / float64(documents)
	advanced, err := usual.Advanced()
	if err != nil {
		b.Fatal(err)
	}
	if s, ok := advanced.(*scorch.Scorch); ok {
		err = s.ForceMerge(context.Background(), nil)
	}
	if err != nil {
		b.Fatal(err)
	}
	own, theirs := float64(sizeKB(b, c.gen.path))/float64(c.view.live), float64(sizeKB(b, usual.Name()))/float64(documents)
	b.Logf("a document: %.2f ms to index and %.1f KB; with bleve's default mapping %.2f ms and %.1f KB: %.1f times as quick, %.2f of the size",
		1000*each, own, 1000*took, theirs, took/each, own/theirs)
}

// size is what the files of a folder take, in MB.
func size(b *testing.B, dir string) int64 { return sizeKB(b, dir) >> 10 }

func sizeKB(b *testing.B, dir string) (kb int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			kb += info.Size()
		}
		return nil // a file that was merged away meanwhile counts nothing
	})
	if err != nil {
		b.Fatal(err)
	}
	return kb >> 10
}

// quiet waits until neither index merges any more, so that nothing else runs while times are taken.
func (c *contest) quiet(b *testing.B) {
	b.Helper()
	peer, err := c.peer.Advanced()
	if err != nil {
		b.Fatal(err)
	}
	for _, i := range []index.Index{c.gen.index, peer} {
		s, ok := i.(*scorch.Scorch)
		if !ok {
			b.Fatalf("%T is no scorch index", i)
		}
		if err := s.ForceMerge(context.Background(), nil); err != nil {
			b.Fatal(err)
		}
	}
}

// own is a search of ours: plan, match, collect, without loading the hits from a store.
func (c *contest) own(b *testing.B, p *plan, either bool, facets []Facet) (total int) {
	q := Query{Sort: ByRelevance, Limit: 10, Ended: true, Facets: facets}
	one := *p
	if either {
		one = plan{groups: []group{{alternatives: nil}}}
		for _, g := range p.groups {
			one.groups[0].alternatives = append(one.groups[0].alternatives, g.alternatives...)
		}
	}
	m, err := c.view.match(context.Background(), &one, true, &c.pool)
	if err != nil {
		b.Fatal(err)
	}
	defer m.free(&c.pool)
	got, err := c.view.collect(context.Background(), m, q, &one, 0, nil)
	if err != nil {
		b.Fatal(err)
	}
	return got.total
}

func (c *contest) bleves(b *testing.B, words []string, either, facets bool) (total int) {
	var parts []query.Query
	for _, w := range words {
		t := bleve.NewTermQuery(w)
		t.SetField("Words")
		parts = append(parts, t)
	}
	var all query.Query = bleve.NewConjunctionQuery(parts...)
	if either {
		all = bleve.NewDisjunctionQuery(parts...)
	}
	r := bleve.NewSearchRequestOptions(all, 10, 0, false)
	if facets {
		for _, f := range []string{"Kind", "Capability", "Region", "Quarter"} {
			r.AddFacet(f, bleve.NewFacetRequest(f, 100))
		}
	}
	got, err := c.peer.Search(r)
	if err != nil {
		b.Fatal(err)
	}
	return int(got.Total)
}

// quick times functions in turn, so that what else the machine does falls on all of them alike, and gives for each the
// time that a fifth of its rounds kept to.
func quick(rounds int, fns ...func()) []time.Duration {
	times := make([][]time.Duration, len(fns))
	for range rounds {
		for i, fn := range fns {
			start := time.Now()
			fn()
			times[i] = append(times[i], time.Since(start))
		}
	}
	out := make([]time.Duration, len(fns))
	for i := range times {
		slices.Sort(times[i])
		out[i] = times[i][rounds/5]
	}
	return out
}

// BenchmarkFacets prints, for searches for any and for all words, a search with four facets against bleve's with its own,
// and against a plain one. 100,000 documents; 20,000 with -short.
func BenchmarkFacets(b *testing.B) {
	documents, rounds := 100_000, 301
	if testing.Short() {
		documents = 20_000
	}
	c := newContest(b, documents)
	p := parse("w12x w13x w14x", nil)
	words := []string{"w12x", "w13x", "w14x"}
	var report strings.Builder
	table := tabwriter.NewWriter(&report, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "query\thits\town plain\town + 4 facets\tbleve plain\tbleve + 4 facets\tfacets add\tagainst bleve's facets")
	for _, either := range []bool{true, false} {
		name := map[bool]string{true: "any word", false: "all words"}[either]
		hits := c.own(b, p, either, nil)
		if other := c.bleves(b, words, either, false); other != hits {
			b.Fatalf("%s: %d hits, bleve %d", name, hits, other)
		}
		ours := quick(rounds, func() { c.own(b, p, either, nil) }, func() { c.own(b, p, either, benchFacets()) })
		theirs := quick(rounds/8, func() { c.bleves(b, words, either, false) }, func() { c.bleves(b, words, either, true) })
		ownPlain, own, plain, facets := ours[0], ours[1], theirs[0], theirs[1]
		added, times := float64(own)/float64(ownPlain)-1, float64(facets)/float64(own)
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\t%s\t%+.0f%%\t%.1f times\n", name, hits, ownPlain.Round(time.Microsecond),
			own.Round(time.Microsecond), plain.Round(time.Microsecond), facets.Round(time.Microsecond), 100*added, times)
		b.ReportMetric(times, strings.ReplaceAll(name, " ", "-")+"-times")
	}
	if err := table.Flush(); err != nil {
		b.Fatal(err)
	}
	if _, err := fmt.Fprintf(os.Stdout, "\n%d documents\n%s\n", documents, report.String()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		c.own(b, p, true, benchFacets())
	}
}
