package catalogue

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"jointly/catalogue/kv"
)

// How a committed import is rolled forward: a chunk in a transaction, and of a large one several on their way at once.
// Each takes the chunk that is next when its turn comes, so they stay in order, and the store commits together what waits
// together: most of the time of a large import was spent waiting for the disk between small commits.

// Bounds of what is on its way at once.
const (
	mostRolling   = 16 // chunks
	chunksRolling = 16 // left for each beyond the first: what is small goes one by one
)

// rolling is an import being rolled forward.
type rolling struct {
	c        *Catalogue
	id       string
	progress func(done, total int) // may be nil

	mu     sync.Mutex
	done   int   // chunks, as far as was told
	failed error // the first that nobody got over: no other chunk is begun
}

// rollForward writes the chunks of a committed import that are not yet written. Running it again does no harm.
func (c *Catalogue) rollForward(ctx context.Context, id string, progress func(done, total int)) error {
	r := &rolling{c: c, id: id, progress: progress}
	head, there, err := r.head(ctx)
	if err != nil || !there {
		return err
	}
	var all sync.WaitGroup
	if !c.shared { // nodes of a cluster share no commits: each chunk would only run into the others' head
		for range min((head.Chunks-head.Next)/chunksRolling, mostRolling-1) {
			all.Go(func() { r.roll(ctx) })
		}
	}
	r.roll(ctx)
	all.Wait()
	if r.failed != nil {
		return fmt.Errorf("this is saved but not yet complete; it is completed later: %w", r.failed)
	}
	return nil
}

// roll writes chunk after chunk until none is left, or anybody failed.
func (r *rolling) roll(ctx context.Context) {
	for uncertain := 0; ; {
		head, there, err := r.head(ctx)
		if err == nil && (!there || r.stopped(head)) {
			return
		}
		if err == nil {
			err = r.c.write(ctx, head.Actor, cmp.Or(head.Action, importAction(head.Actor)), func(w *writer) error { return w.rollChunk(r.id) })
		}
		if uncertain++; errors.Is(err, kv.ErrUncertain) && uncertain < 3 {
			continue // the head tells how far it came
		}
		if err != nil {
			r.fail(err)
			return
		}
		uncertain = 0
	}
}

// stopped tells how far the import has come, and says whether anybody failed.
func (r *rolling) stopped(head staged) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done = max(r.done, head.Next); r.progress != nil && r.failed == nil {
		r.progress(r.done, head.Chunks)
	}
	return r.failed != nil
}

// head is how far the import has come; false where it is complete.
func (r *rolling) head(ctx context.Context) (head staged, there bool, err error) {
	err = r.c.view(ctx, func(tx kv.Tx) error {
		head = staged{}
		there, err = getJSON(tx, stagedHead(r.id), &head)
		return err
	})
	return head, there, err
}

func (r *rolling) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = cmp.Or(r.failed, err)
}

// rollChunk writes one chunk and moves the head on, in one transaction.
func (w *writer) rollChunk(id string) error {
	var head staged
	if found, err := getJSON(w.tx, stagedHead(id), &head); err != nil || !found {
		return err
	}
	if head.Next >= head.Chunks { // as an earlier version leaves it
		return w.tx.Delete(stagedHead(id))
	}
	w.checked = true // when it was planned; the rules may be a later version's by now
	w.restores = head.Action == Reorganise
	var chunk []stagedItem
	key := stagedChunk(id, head.Next)
	if found, err := getJSON(w.tx, key, &chunk); err != nil || !found {
		return errors.Join(err, fmt.Errorf("chunk %d of import %s is missing: %w", head.Next, id, ErrDamaged))
	}
	for _, s := range chunk {
		item := newItem(s.Kind)
		if item == nil {
			return fmt.Errorf("import %s holds a record of an unknown kind", id)
		}
		if err := json.Unmarshal(s.Item, item); err != nil {
			return fmt.Errorf("decode import: %w", err)
		}
		old, err := readItem(w.tx, item.Key())
		if err != nil {
			return err
		}
		if old != nil {
			item.meta().Version = old.meta().Version
		}
		switch {
		case s.Remove && old == nil:
			continue
		case s.Remove:
			err = w.remove(item)
		default:
			err = w.put(item)
		}
		if err != nil {
			return err
		}
	}
	head.Next++
	if err := w.tx.Delete(key); err != nil {
		return err
	}
	if head.Next == head.Chunks {
		return w.tx.Delete(stagedHead(id))
	}
	return putJSON(w.tx, stagedHead(id), head)
}
