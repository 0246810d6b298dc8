// Package search is full-text search over the catalogue: platforms, contracts, intentions, groups, councils, suppliers
// and services.
//
// There is one index for each audience, public and councils, built only from what that audience may see: an index cannot
// leak what it does not hold, so hits, counts, facets and highlights come out right by construction. Both follow the
// catalogue's change feed and keep their cursor in the batch that it tells of; delete the folder and it is rebuilt.
//
// Words are found in bleve's scorch segments. Filters, facets, sorting and scores are worked out here, over flat columns
// in memory, segment by segment.
package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"jointly/catalogue"
)

// Index is the search indexes of one catalogue. It is safe for concurrent use.
type Index struct {
	shared
	sides    [2]*side
	slots    chan struct{} // a search holds one
	deadline time.Duration
	scores   sync.Pool     // *[]float32: see scoresFor
	wake     chan struct{} // asks Follow to look at once
	topics   topics

	capabilities []namedCapability
}

// Options are what Open may be told. Zero values are filled in.
type Options struct {
	Log        *slog.Logger
	Concurrent int           // searches at once; 4 for each processor by default
	Deadline   time.Duration // of one search; 300 ms by default
}

// Open opens the indexes in a folder, or begins them there: CatchUp or Follow fills them. An index that is damaged is
// moved aside and built anew; one that was built from other registers or another dictionary serves until Follow or
// CatchUp has built the next. It does not take over the catalogue.
func Open(_ context.Context, dir string, cat *catalogue.Catalogue, o Options) (*Index, error) {
	return open(dir, cat, o, fmt.Sprintf("%d %s %s", mappingVersion, cat.Register().Version(), cat.Dictionary().Version()))
}

// open is Open with the version of what an index is built from: of its mapping, a blank, and that of the facts.
func open(dir string, cat *catalogue.Catalogue, o Options, version string) (*Index, error) {
	x := &Index{
		shared: shared{
			cat:     cat,
			queue:   index.NewAnalysisQueue(runtime.GOMAXPROCS(0)),
			version: version,
			log:     o.Log,
		},
		deadline: cmp.Or(o.Deadline, 300*time.Millisecond),
		wake:     make(chan struct{}, 1),
		topics:   newTopics(cat.Dictionary()),

		capabilities: namedCapabilities(cat.Dictionary()),
	}
	if x.log == nil {
		x.log = slog.New(slog.DiscardHandler)
	}
	if o.Concurrent == 0 {
		o.Concurrent = 4 * runtime.GOMAXPROCS(0)
	}
	x.slots = make(chan struct{}, o.Concurrent)
	x.sides = [2]*side{
		{shared: &x.shared, audience: catalogue.Public, actor: catalogue.Anonymous(), dir: filepath.Join(dir, "public")},
		{shared: &x.shared, audience: catalogue.Councils, actor: catalogue.AnyCouncil(), dir: filepath.Join(dir, "councils")},
	}
	for _, s := range x.sides {
		if err := s.open(); err != nil {
			return nil, errors.Join(err, x.Close())
		}
	}
	return x, nil
}

// Close releases the indexes. Searches under way end as they would have.
func (x *Index) Close() error {
	err := x.both(func(s *side) error { return s.close() })
	x.queue.Close()
	return err
}

// side is the index of an audience.
func (x *Index) side(audience catalogue.Audience) (*side, error) {
	for _, s := range x.sides {
		if s.audience == audience {
			return s, nil
		}
	}
	return nil, &catalogue.Error{Kind: catalogue.Invalid, Message: "Search as the public or as councils do",
		Fields: []catalogue.FieldError{{Field: "audience", Message: "The audience is public or councils"}}}
}

// both runs fn for both sides at once.
func (x *Index) both(fn func(*side) error) error {
	var errs [len(x.sides)]error
	var wg sync.WaitGroup
	for i, s := range x.sides {
		wg.Go(func() { errs[i] = fn(s) })
	}
	wg.Wait()
	return errors.Join(errs[:]...)
}

// CatchUp brings both indexes to the end of the feed, building them where they are missing or out of date.
func (x *Index) CatchUp(ctx context.Context) error {
	return x.both(func(s *side) error { return s.catchUp(ctx) })
}

// Reindex builds both indexes anew while the old ones serve.
func (x *Index) Reindex(ctx context.Context) error {
	return x.both(func(s *side) error {
		s.writing.Lock()
		defer s.writing.Unlock()
		return s.rebuild(ctx)
	})
}

const (
	// tidyEvery is how often Follow takes up what the engine merged in the background and sees that the folder is there.
	tidyEvery = 5 * time.Second

	// checkEvery is how often Follow compares the files with their checksums.
	checkEvery = time.Hour

	// backoffMost is the longest wait after an error.
	backoffMost = 30 * time.Second
)

// Follow keeps both indexes at the end of the feed until ctx ends; then it returns nil. Errors are logged and tried
// again, with growing pauses.
func (x *Index) Follow(ctx context.Context) error {
	backoff, checked := time.Duration(0), time.Now()
	for {
		changed := x.cat.Changed()
		wait := tidyEvery
		if err := x.CatchUp(ctx); err != nil && ctx.Err() == nil {
			backoff = min(max(2*backoff, 100*time.Millisecond), backoffMost)
			wait, changed = backoff, nil
			x.log.Error("the search index cannot follow the catalogue", "error", err, "again in", backoff)
		} else {
			backoff = 0
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-changed:
		case <-x.wake:
		case <-timer.C:
			x.tidy()
			if time.Since(checked) > checkEvery {
				checked = time.Now()
				if err := x.Check(); err != nil {
					x.log.Error("the search index is damaged and is built anew", "error", err)
				}
			}
		}
		timer.Stop()
	}
}

// tidy lets searches use the segments that the engine merged meanwhile, so that the old files can go.
func (x *Index) tidy() {
	for _, s := range x.sides {
		s.writing.Lock()
		if s.gen != nil && s.view != nil && !s.view.sameSegments(s.gen) {
			if err := s.publish(); err != nil {
				s.damaged.Store(true)
				x.log.Error("the search index is damaged and is built anew", "audience", s.audience, "error", err)
			}
		}
		s.writing.Unlock()
	}
}

// Check compares the files of both indexes with their checksums. One that is damaged goes on serving what it can until
// Follow or CatchUp has built it anew.
func (x *Index) Check() error {
	return x.both(func(s *side) error {
		s.writing.Lock()
		defer s.writing.Unlock()
		if s.gen == nil {
			return nil
		}
		if err := s.gen.check(); err != nil {
			s.damaged.Store(true)
			return fmt.Errorf("index of %s: %w", s.audience, err)
		}
		return nil
	})
}

// Wait waits until an audience's searches see a change, at most so long, and says whether they do: so that people find
// what they wrote.
func (x *Index) Wait(ctx context.Context, audience catalogue.Audience, seq uint64, atMost time.Duration) bool {
	s, err := x.side(audience)
	return err == nil && s.wait(ctx, seq, atMost)
}

// Cursor is the last change that an audience's searches see.
func (x *Index) Cursor(audience catalogue.Audience) uint64 {
	s, err := x.side(audience)
	if err != nil {
		return 0
	}
	return s.seen.Load()
}

// Ready says that both indexes came to the end of the feed since they were opened. Until then a search may find less than
// there is.
func (x *Index) Ready() bool { return x.sides[0].caught.Load() && x.sides[1].caught.Load() }

// Lag is how many changes the index that is further behind has still to follow.
func (x *Index) Lag(ctx context.Context) (uint64, error) {
	end, err := x.cat.Seq(ctx)
	if err != nil {
		return 0, err
	}
	behind := min(x.sides[0].seen.Load(), x.sides[1].seen.Load())
	return end - min(end, behind), nil
}
