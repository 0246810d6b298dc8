package catalogue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

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

// A chunk is rolled forward in one transaction, so it stays within a transaction's limits. Staging writes as many chunks at
// once as a transaction takes.
const (
	chunkKeys  = kv.MaxWrites - 6 // beside the counters, the head, the chunk itself and two pages of the trail's index
	chunkBytes = 200 << 10
	stageKeys  = kv.MaxWrites - 10
	stageBytes = kv.MaxBytes - kv.MaxValue // the last chunk may go over it

	stagedFrame = 60 // bytes that a chunk needs around a record
)

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
	var waiting [][]stagedItem // chunks that are not yet written
	var chunk []stagedItem
	keys, size, bytes := 0, 0, 0 // of the chunk, of the chunk, of those that wait
	flush := func() error {
		err := c.putChunks(ctx, id, head.Chunks, waiting)
		head.Chunks += len(waiting)
		waiting, bytes = nil, 0
		return err
	}
	locked := map[Key]bool{}
	for _, p := range put {
		if len(chunk) > 0 && (keys+p.keys > chunkKeys || size+len(p.raw) > chunkBytes) {
			waiting, bytes = append(waiting, chunk), bytes+size
			chunk, keys, size = nil, 0, 0
			if len(waiting) == stageKeys || bytes > stageBytes {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		kind, owner := p.item.Key().Kind, p.item.owner()
		chunk = append(chunk, stagedItem{kind, p.raw, p.remove})
		keys, size = keys+p.keys, size+len(p.raw)+stagedFrame
		owners := []string{owner}
		if p.was != nil {
			owners = append(owners, p.was.owner())
		}
		for _, owner := range owners {
			if !locked[Key{kind, owner}] {
				locked[Key{kind, owner}] = true
				head.Locks[kind] = append(head.Locks[kind], owner)
			}
		}
	}
	if len(chunk) > 0 {
		waiting = append(waiting, chunk)
	}
	return flush()
}

// putChunks writes chunks, the first as number from, in one transaction.
func (c *Catalogue) putChunks(ctx context.Context, id string, from int, chunks [][]stagedItem) error {
	if len(chunks) == 0 {
		return nil
	}
	return storeError(c.store.Update(ctx, func(tx kv.Tx) error {
		for i, chunk := range chunks {
			if err := putJSON(tx, stagedChunk(id, from+i), chunk); err != nil {
				return err
			}
		}
		return nil
	}))
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
			grave := uint64(0) // a record that comes back over one takes more keys
			if p.before == 0 && !p.grave {
				if grave, err = readCounter(tx, graveKey(p.item.Key())); err != nil {
					return err
				}
			}
			if now != p.before || grave != 0 {
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
