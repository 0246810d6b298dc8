package search

// Sides: one for each audience. A side sees the catalogue through its audience's eyes alone, follows the feed by itself,
// and so holds nothing that could leak.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"jointly/catalogue"
)

// side is one audience's index.
type side struct {
	*shared
	audience catalogue.Audience
	actor    catalogue.Actor // whose eyes it sees with
	dir      string

	writing sync.Mutex // held by whoever applies changes or swaps generations
	gen     *generation
	stale   bool // gen was built from other facts: a rebuild is due
	rebuilt time.Time

	mu      sync.RWMutex // guards the two below
	view    *view        // what searches read; nil when closed
	changed chan struct{}

	seen    atomic.Uint64 // the last change that searches see, or that concerns none
	damaged atomic.Bool   // a search met damage: rebuild
	caught  atomic.Bool   // it came to the end of the feed once
}

// shared is what both sides use.
type shared struct {
	cat     *catalogue.Catalogue
	queue   *index.AnalysisQueue
	version string // of what an index is built from
	log     *slog.Logger
}

// open finds the newest generation that can serve, or begins the first.
func (s *side) open() error {
	s.changed = make(chan struct{})
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of the search index: %w", err)
	}
	numbers, err := generations(s.dir)
	if err != nil {
		return fmt.Errorf("read the folder of the search index: %w", err)
	}
	for _, n := range numbers {
		if s.gen != nil {
			break
		}
		if err := s.reopen(generationPath(s.dir, n), len(numbers) == 1); err != nil {
			return err
		}
	}
	if s.gen == nil {
		if s.gen, err = s.create(); err != nil {
			return err
		}
	}
	if err := s.publish(); err != nil {
		// It opened, but cannot be read.
		s.log.Error("the search index is damaged and is built anew", "folder", s.gen.path, "error", err)
		if err := s.gen.close(); err != nil {
			s.log.Info("what was left of the old search index", "folder", s.gen.path, "error", err)
		}
		if err := moveAside(s.gen.path); err != nil {
			return err
		}
		s.gen = nil
		if s.gen, err = s.create(); err != nil {
			return err
		}
		s.stale = false
		if err := s.publish(); err != nil {
			return err
		}
	}
	return s.removeOthers()
}

// reopen takes a generation that is there into service if it can serve: complete, or the only one.
func (s *side) reopen(path string, only bool) error {
	g, err := openGeneration(path, s.queue)
	if errors.Is(err, errInUse) {
		return &catalogue.Error{Kind: catalogue.Unavailable, Message: "Another process of Jointly has the search index open: stop it first", Err: err}
	}
	var version, ready string
	if err == nil {
		version, err = g.internal(keyVersion)
	}
	if err == nil {
		ready, err = g.internal(keyReady)
	}
	if err != nil {
		s.log.Error("the search index is damaged and is built anew", "folder", path, "error", err)
		if g != nil {
			if err := g.close(); err != nil {
				s.log.Info("what was left of the old search index", "folder", path, "error", err)
			}
		}
		return moveAside(path)
	}
	current := version == s.version
	if ready != "" && sameMapping(version, s.version) || current && only {
		s.gen, s.stale = g, !current
		return nil
	}
	return errors.Join(g.close(), os.RemoveAll(path))
}

// create begins the next generation, empty.
func (s *side) create() (*generation, error) {
	numbers, err := generations(s.dir)
	if errors.Is(err, os.ErrNotExist) {
		err = os.MkdirAll(s.dir, 0o755)
	}
	if err != nil {
		return nil, fmt.Errorf("make the folder of the search index: %w", err)
	}
	next := 1
	if len(numbers) > 0 {
		next = numbers[0] + 1
	}
	if s.gen != nil {
		next = max(next, s.gen.number()+1) // its folder may have been deleted
	}
	return openGeneration(generationPath(s.dir, next), s.queue)
}

// removeOthers deletes all generations but the one in service.
func (s *side) removeOthers() error {
	numbers, err := generations(s.dir)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if path := generationPath(s.dir, n); path != s.gen.path {
			err = errors.Join(err, os.RemoveAll(path))
		}
	}
	return err
}

// publish lets searches see what the generation in service holds now.
func (s *side) publish() error {
	v, err := s.gen.look()
	if err != nil {
		return err
	}
	s.mu.Lock()
	old := s.view
	s.view = v
	s.advance(v.seq)
	s.mu.Unlock()
	if old == nil {
		return nil
	}
	return old.release()
}

// advance notes that searches see all changes up to seq; the caller holds mu.
func (s *side) advance(seq uint64) {
	s.seen.Store(max(s.seen.Load(), seq))
	close(s.changed)
	s.changed = make(chan struct{})
}

// acquire gives the present view, to be released.
func (s *side) acquire() (*view, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.view == nil {
		return nil, &catalogue.Error{Kind: catalogue.Unavailable, Message: "Search is stopping. Try again in a minute"}
	}
	s.view.snapshot.AddRef()
	return s.view, nil
}

// wait blocks until searches see a change, at most so long.
func (s *side) wait(ctx context.Context, seq uint64, atMost time.Duration) bool {
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	for {
		s.mu.RLock()
		changed := s.changed
		s.mu.RUnlock()
		if s.seen.Load() >= seq {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return s.seen.Load() >= seq
		case <-ctx.Done():
			return false
		}
	}
}

// close waits a little for what was written to reach the disk; the rest is read from the feed again.
func (s *side) close() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	v := s.view
	s.view = nil
	s.mu.Unlock()
	if s.gen == nil {
		return nil
	}
	s.gen.settle(5 * time.Second)
	var err error
	if v != nil {
		err = v.release()
	}
	err = errors.Join(err, s.gen.close())
	s.gen = nil
	return err
}

// rebuildEvery is how soon an index is built anew again for a fault that does not show in its files: that one may be
// ours, and would come back.
const rebuildEvery = 10 * time.Minute

// mustRebuild says that the generation in service cannot go on; the caller holds writing.
func (s *side) mustRebuild() bool {
	if s.stale || s.missing() {
		return true
	}
	if !s.damaged.Load() {
		return false
	}
	if time.Since(s.rebuilt) < rebuildEvery && s.gen.check() == nil {
		s.damaged.Store(false)
		return false
	}
	return true
}

// missing says that the folder of the index is no longer there, or not whole.
func (s *side) missing() bool {
	_, err := os.Stat(filepath.Join(s.gen.path, "root.bolt"))
	return err != nil
}
