package catalogue

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
	"golang.org/x/sync/errgroup"

	"jointly/catalogue/kv"
)

// How an import that is larger than one transaction is written all or none: staged in chunks, committed with one key,
// then rolled forward chunk by chunk.

// staged is the head of an import: it exists from the moment the import has happened until it is rolled forward.
type staged struct {
	Actor  Actor             `json:"actor"`
	Action Action            `json:"action,omitempty"` // empty: an import
	Chunks int               `json:"chunks"`
	Next   int               `json:"next"`
	Locks  map[Kind][]string `json:"locks"` // owners whose records of a kind others may not write meanwhile
}

type stagedItem struct {
	Kind   Kind            `json:"kind"`
	Item   json.RawMessage `json:"item"`
	Remove bool            `json:"remove,omitempty"`
}

func stagedHead(id string) []byte         { return kv.NewKey("g", "head", id) }
func stagedChunk(id string, n int) []byte { return kv.NewKey("g", "chunk", id).Uint(uint64(n)) }

// A chunk is rolled forward in one transaction, so it stays within a transaction's limits.
const (
	chunkKeys  = kv.MaxWrites - 6 // beside the counters, the head, the chunk itself and two pages of the trail's index
	chunkBytes = 200 << 10
)

// chunksAtOnce is how many chunks are on their way to the disk at once, so that they share the wait for it.
const chunksAtOnce = 8

// stage writes the chunks and then the head. The import has a record (nil for none) that is written with the head.
func (c *Catalogue) stage(ctx context.Context, actor Actor, id string, put []planned, record *ImportRecord) error {
	return c.stageAs(ctx, staged{Actor: actor, Locks: map[Kind][]string{}}, id, put, record)
}

// stageAs is stage for what is no import: the head says what it is.
func (c *Catalogue) stageAs(ctx context.Context, head staged, id string, put []planned, record *ImportRecord) error {
	err := c.stageChunks(ctx, id, &head, put)
	if err == nil {
		err = c.commitImport(ctx, id, head, put, record)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, kv.ErrUncertain):
		// Look: dropping the chunks of an import that did happen would lose it half way.
		found, again := c.committed(context.WithoutCancel(ctx), id)
		if again != nil {
			return errors.Join(err, again)
		}
		if found {
			return nil
		}
	}
	ctx = context.WithoutCancel(ctx)
	err = errors.Join(err, c.dropChunks(ctx, kv.NewKey("g", "chunk", id)))
	if record != nil && record.ID == id {
		err = errors.Join(err, c.dropChunks(ctx, kv.NewKey("u", "chunk", id)))
	}
	return err
}

// stageChunks writes what will be put, in pieces that each fit a transaction, and notes whose records they are.
func (c *Catalogue) stageChunks(ctx context.Context, id string, head *staged, put []planned) error {
	var chunk []stagedItem
	keys, size := 0, 0
	writes, ctx := errgroup.WithContext(ctx)
	writes.SetLimit(chunksAtOnce)
	flush := func() {
		if len(chunk) == 0 {
			return
		}
		key, full := stagedChunk(id, head.Chunks), chunk
		writes.Go(func() error {
			return storeError(c.store.Update(ctx, func(tx kv.Tx) error { return putJSON(tx, key, full) }))
		})
		head.Chunks++
		chunk, keys, size = nil, 0, 0
	}
	for _, p := range put {
		if keys+p.keys > chunkKeys || size+len(p.raw) > chunkBytes {
			flush()
		}
		kind, owner := p.item.Key().Kind, p.item.owner()
		chunk = append(chunk, stagedItem{kind, p.raw, p.remove})
		keys, size = keys+p.keys, size+len(p.raw)
		owners := []string{owner}
		if p.was != nil {
			owners = append(owners, p.was.owner())
		}
		for _, owner := range owners {
			if !slices.Contains(head.Locks[kind], owner) {
				head.Locks[kind] = append(head.Locks[kind], owner)
			}
		}
	}
	flush()
	return writes.Wait()
}

// commitImport writes the head, unless a record is no longer as it was when the import was planned.
func (c *Catalogue) commitImport(ctx context.Context, id string, head staged, put []planned, record *ImportRecord) error {
	return storeError(c.store.Update(ctx, func(tx kv.Tx) error {
		for kind, owners := range head.Locks {
			for _, owner := range owners {
				if err := (&writer{c: c, tx: tx}).unlocked(kind, owner); err != nil {
					return err
				}
			}
		}
		if err := c.stagedWhole(tx, id, head.Chunks); err != nil {
			return err
		}
		for _, p := range put {
			raw := recordKey(p.item.Key())
			now, err := readCounter(tx, raw)
			if err != nil {
				return err
			}
			if now != p.before {
				return conflict("Somebody changed " + p.item.Key().String() + " during the import: nothing was written. Try again")
			}
		}
		if record != nil {
			if err := putJSON(tx, importRecordKey(record.ID), record); err != nil {
				return err
			}
		}
		return putJSON(tx, stagedHead(id), head)
	}))
}

// stagedWhole refuses an import whose chunks another process has taken for those of one that never happened.
func (c *Catalogue) stagedWhole(tx kv.Tx, id string, chunks int) error {
	if !c.shared || chunks == 0 {
		return nil
	}
	for _, n := range []int{0, chunks - 1} {
		if there, err := tx.Get(stagedChunk(id, n)); err != nil {
			return err
		} else if there == nil {
			return conflict("The import took too long: nothing was written. Try again")
		}
	}
	return nil
}

// committed says whether the head of an import is there.
func (c *Catalogue) committed(ctx context.Context, id string) (found bool, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		found, err = getJSON(tx, stagedHead(id), &staged{})
		return err
	})
	return found, err
}

func putJSON(tx kv.Tx, key []byte, v any) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %q: %w", key, err)
	}
	return tx.Put(key, seal(key, 0, payload))
}

// getJSON reads what putJSON wrote; false where there is nothing.
func getJSON(tx kv.Tx, key []byte, v any) (bool, error) {
	value, err := tx.Get(key)
	if err != nil || value == nil {
		return false, err
	}
	payload, _, err := unseal(key, value)
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(payload, v); err != nil {
		return false, fmt.Errorf("decode %q: %w", key, err)
	}
	return true, nil
}

// unlocked refuses a write to records that an import under way is about to write.
func (w *writer) unlocked(kind Kind, owner string) error {
	if w.checked { // it is that import
		return nil
	}
	return scan(w.tx, kv.NewKey("g", "head"), func(k, v []byte) error {
		payload, _, err := unseal(k, v)
		if err != nil {
			return err
		}
		var head staged
		if err := json.Unmarshal(payload, &head); err != nil {
			return fmt.Errorf("decode import: %w", err)
		}
		if slices.Contains(head.Locks[kind], owner) {
			return conflict("An import is under way. Try again in a minute")
		}
		return nil
	})
}

// rollForward writes the chunks of a committed import that are not yet written. Running it again does no harm.
func (c *Catalogue) rollForward(ctx context.Context, id string, progress func(done, total int)) error {
	for uncertain := 0; ; {
		var head staged
		finished := false
		if err := c.view(ctx, func(tx kv.Tx) error {
			found, err := getJSON(tx, stagedHead(id), &head)
			finished = !found
			return err
		}); err != nil {
			return err
		}
		if finished {
			return nil
		}
		if progress != nil {
			progress(head.Next, head.Chunks)
		}
		err := c.rollSome(ctx, id, head)
		if uncertain++; errors.Is(err, kv.ErrUncertain) && uncertain < 3 {
			continue // the head tells how far it came
		}
		if err != nil {
			return fmt.Errorf("this is saved but not yet complete; it is completed later: %w", err)
		}
		uncertain = 0
	}
}

// rollSome rolls forward the next chunk: on one machine the next few, each in a transaction of its own, which share
// commits. In a cluster they would only contend for the head.
func (c *Catalogue) rollSome(ctx context.Context, id string, head staged) error {
	n := min(max(head.Chunks-head.Next, 1), chunksAtOnce)
	if c.shared {
		n = 1
	}
	var rolls errgroup.Group
	for range n {
		rolls.Go(func() error {
			return c.write(ctx, head.Actor, cmp.Or(head.Action, importAction(head.Actor)), func(w *writer) error { return w.rollChunk(id) })
		})
	}
	return rolls.Wait()
}

// rollChunk writes one chunk and moves the head on, in one transaction.
func (w *writer) rollChunk(id string) error {
	var head staged
	if found, err := getJSON(w.tx, stagedHead(id), &head); err != nil || !found {
		return err
	}
	if head.Next >= head.Chunks {
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
	return putJSON(w.tx, stagedHead(id), head)
}

// dropChunks removes what was staged for an import that did not happen, or kept of one that is forgotten.
func (c *Catalogue) dropChunks(ctx context.Context, prefix kv.Key) error {
	return c.dropUnless(ctx, prefix, nil)
}

// dropUnless is dropChunks that stops where a head is there by now.
func (c *Catalogue) dropUnless(ctx context.Context, prefix, head kv.Key) error {
	for more := true; more; {
		err := c.store.Update(ctx, func(tx kv.Tx) error {
			if head != nil {
				if there, err := tx.Get(head); err != nil || there != nil {
					more = false
					return err
				}
			}
			var keys [][]byte
			if err := tx.Scan(prefix, nil, 50, func(k, _ []byte) error {
				keys = append(keys, k)
				return nil
			}); err != nil {
				return err
			}
			more = len(keys) == 50
			for _, k := range keys {
				if err := tx.Delete(k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return storeError(err)
		}
	}
	return nil
}

// resumeImports drops what was staged for imports that were not committed, and completes those that were. It is for when
// the catalogue opens: nothing is being staged then, or else only by other processes, and since lately.
func (c *Catalogue) resumeImports(ctx context.Context) error {
	for _, part := range []string{"g", "u"} {
		loose := map[string]bool{}
		if err := c.view(ctx, func(tx kv.Tx) error {
			committed, err := idsBelow(tx, kv.NewKey(part, "head"))
			if err != nil {
				return err
			}
			prefix := kv.NewKey(part, "chunk")
			return scan(tx, prefix, func(k, _ []byte) error {
				if id := kv.ReadKey(k[len(prefix):]).Str(); !slices.Contains(committed, id) && !(c.shared && stagedLately(id)) {
					loose[id] = true
				}
				return nil
			})
		}); err != nil {
			return err
		}
		for id := range loose {
			if err := c.dropUnless(ctx, kv.NewKey(part, "chunk", id), kv.NewKey(part, "head", id)); err != nil {
				return err
			}
		}
	}
	return c.completeImports(ctx)
}

// stagingLasts is longer than anybody takes to stage an import.
const stagingLasts = time.Hour

// stagedLately tells whether another process may still be staging an import: its ID says since when.
func stagedLately(id string) bool {
	made, err := ulid.ParseStrict(strings.ToUpper(id))
	return err == nil && time.Since(made.Timestamp()) < stagingLasts
}

// completeImports rolls forward what was committed and could not be completed, as where the disk was full: until then
// the records that it is about are locked.
func (c *Catalogue) completeImports(ctx context.Context) error {
	var ids []string
	if err := c.view(ctx, func(tx kv.Tx) (err error) {
		ids, err = idsBelow(tx, kv.NewKey("g", "head"))
		return err
	}); err != nil {
		return err
	}
	for _, id := range ids {
		if err := c.rollForward(ctx, id, nil); err != nil {
			return err
		}
	}
	return nil
}
