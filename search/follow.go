package search

// Following: a side reads the changes after its cursor, reads the records again through its audience's eyes, and writes
// them with the new cursor as one batch. Whatever kills the process, the next reading begins where the index ends.

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"jointly/catalogue"
)

const (
	// pageSize is how many changes are read at once: as many as the catalogue gives.
	pageSize = 1000

	// batchSize is how many documents are written at once: so that the registers are one batch, and merged with nothing.
	batchSize = 2000

	// publishEvery is how often searches see more while an index fills; what is read to the end shows at once.
	publishEvery = time.Second
)

// catchUp follows the feed to its end; a rebuild comes first where one is due.
func (s *side) catchUp(ctx context.Context) (err error) {
	defer func() {
		if err == nil {
			s.caught.Store(true)
		}
	}()
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.gen == nil {
		return &catalogue.Error{Kind: catalogue.Unavailable, Message: "Search is stopping. Try again in a minute"}
	}
	if s.mustRebuild() {
		return s.rebuild(ctx)
	}
	err = s.fill(ctx, s.gen)
	if errors.Is(err, catalogue.ErrHorizon) || errors.Is(err, errDamaged) {
		s.log.Error("the search index has to be built anew", "audience", s.audience, "error", err)
		return s.rebuild(ctx)
	}
	return err
}

// rebuild fills a new generation while the old one serves, then swaps them. The caller holds writing.
func (s *side) rebuild(ctx context.Context) error {
	g, err := s.create()
	if err != nil {
		return err
	}
	if err := s.fill(ctx, g); err != nil {
		return errors.Join(fmt.Errorf("rebuild the search index: %w", err), g.close(), os.RemoveAll(g.path))
	}
	old := s.gen
	s.gen, s.stale, s.rebuilt = g, false, time.Now()
	s.damaged.Store(false)
	if err := s.publish(); err != nil {
		return err
	}
	s.log.Info("the search index was built anew", "audience", s.audience, "up to change", g.cursor)
	if err := errors.Join(old.close(), os.RemoveAll(old.path)); err != nil {
		// It may be why we are here: its folder was deleted, or its files are damaged.
		s.log.Info("what was left of the old search index", "folder", old.path, "error", err)
	}
	return nil
}

// fill brings a generation to the end of the feed, the registers first. Searches see the one in service on the way.
func (s *side) fill(ctx context.Context, g *generation) error {
	published := time.Now()
	show := func(now bool) error {
		if g != s.gen || !now && time.Since(published) < publishEvery {
			return nil
		}
		published = time.Now()
		return s.publish()
	}
	version, err := g.internal(keyVersion)
	if err != nil {
		return err
	}
	if version == "" {
		if err := s.registers(ctx, g); err != nil {
			return err
		}
	}
	wrote := version == ""
	ready, err := g.internal(keyReady)
	if err != nil {
		return err
	}
	read := s.cat.Changes
	if ready == "" {
		read = s.cat.ChangesAnew // no cursor on the way from nothing is behind the horizon
	}
	for {
		// The end is read first: when nothing comes after the cursor, nothing up to this end is missing.
		end, err := s.cat.Seq(ctx)
		if err != nil {
			return err
		}
		changes, err := read(ctx, g.cursor, pageSize)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			return s.reached(g, end, wrote)
		}
		more, err := s.apply(ctx, g, changes)
		if err != nil {
			return err
		}
		wrote = wrote || more
		if more {
			if err := show(len(changes) < pageSize); err != nil {
				return err
			}
		}
	}
}

// reached notes that a generation holds everything up to the end of the feed.
func (s *side) reached(g *generation, end uint64, wrote bool) error {
	ready, err := g.internal(keyReady)
	if err != nil {
		return err
	}
	g.cursor = max(g.cursor, end)
	if ready == "" {
		b := index.NewBatch()
		b.SetInternal([]byte(keyReady), []byte("yes"))
		b.SetInternal([]byte(keyCursor), sealNumber(g.cursor))
		if err := g.write(b); err != nil {
			return err
		}
		wrote = true
	}
	if g != s.gen {
		return nil
	}
	if wrote {
		if err := s.publish(); err != nil {
			return err
		}
	}
	s.mu.Lock()
	s.advance(g.cursor)
	s.mu.Unlock()
	return nil
}

// registers writes the councils and services of the registers, which are in no feed.
func (s *side) registers(ctx context.Context, g *generation) error {
	since, err := s.cat.Seq(ctx)
	if err != nil {
		return err
	}
	g.since = since
	var keys []catalogue.Key
	for _, c := range s.cat.Register().Councils() {
		keys = append(keys, catalogue.Key{Kind: catalogue.KindCouncil, ID: c.GSS})
	}
	for _, service := range s.cat.Register().Services() {
		keys = append(keys, catalogue.Key{Kind: catalogue.KindService, ID: strconv.Itoa(service.LGSL)})
	}
	return s.index(ctx, g, keys, func(b *index.Batch) {
		b.SetInternal([]byte(keySince), sealNumber(since))
		b.SetInternal([]byte(keyVersion), []byte(s.version))
	})
}

// apply writes a page of changes; wrote says whether there was anything to write.
func (s *side) apply(ctx context.Context, g *generation, changes []catalogue.Change) (wrote bool, err error) {
	last := changes[len(changes)-1].Seq
	seen := map[catalogue.Key]bool{}
	var keys []catalogue.Key
	for _, ch := range changes {
		if searched(ch.Key.Kind) && !seen[ch.Key] {
			seen[ch.Key] = true
			keys = append(keys, ch.Key)
		}
	}
	quoting, err := g.quoting(changes)
	if err != nil {
		return false, err
	}
	for _, key := range quoting {
		if !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	if len(keys) > 0 {
		err = s.index(ctx, g, keys, func(b *index.Batch) { b.SetInternal([]byte(keyCursor), sealNumber(last)) })
	}
	if err == nil {
		g.cursor = last
	}
	return len(keys) > 0, err
}

// quoting lists the documents that quote a name which these changes may have changed. What was indexed since the build
// began quotes nothing older than that.
func (g *generation) quoting(changes []catalogue.Change) (keys []catalogue.Key, err error) {
	var v *view
	for _, ch := range changes {
		var f Facet
		switch ch.Key.Kind {
		case catalogue.KindPlatform:
			f = FacetPlatform
		case catalogue.KindSupplier:
			f = FacetSupplier
		case catalogue.KindCouncil:
			f = FacetCouncil
		case catalogue.KindBody:
			f = FacetBody
		}
		if f == "" || ch.Seq <= g.since {
			continue
		}
		if v == nil {
			if v, err = g.look(); err != nil {
				return nil, err
			}
			defer func() { err = errors.Join(err, v.release()) }()
		}
		for _, id := range v.having(f, ch.Key.ID) {
			kind, rest := splitID(id)
			keys = append(keys, catalogue.Key{Kind: kind, ID: rest})
		}
	}
	return keys, nil
}

// index reads records again and writes their documents, or their absence; seal adds what belongs into the last batch.
func (s *side) index(ctx context.Context, g *generation, keys []catalogue.Key, seal func(*index.Batch)) error {
	d := &describer{cat: s.cat, actor: s.actor}
	left := len(keys)
	for chunk := range slices.Chunk(keys, batchSize) {
		items, err := s.cat.Load(ctx, s.actor, chunk)
		if err != nil {
			return err
		}
		if err := d.load(ctx, items); err != nil {
			return err
		}
		b := index.NewBatch()
		for i, item := range items {
			if item == nil {
				b.Delete(docID(chunk[i]))
				continue
			}
			if doc := d.describe(item); doc != nil {
				b.Update(doc.entry())
			}
		}
		if left -= len(chunk); left == 0 {
			seal(b)
		}
		if err := g.write(b); err != nil {
			return err
		}
	}
	return nil
}
