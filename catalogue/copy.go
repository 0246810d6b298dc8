package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"jointly/catalogue/kv"
)

// A store is filled from a backup or from another store in many transactions. Until the last of them it holds a mark, so
// that nobody takes the half for the whole, and what was begun can be begun again.

func fillingKey() kv.Key { return kv.NewKey("n", "filling") }

// checkFilled refuses a store that was not filled to the end.
func checkFilled(tx kv.Tx) error {
	mark, err := tx.Get(fillingKey())
	if err == nil && mark != nil {
		return &Error{Kind: Conflict, Message: "this store was being filled by 'jointly restore' or 'jointly copy', which has not come to its end: run that again"}
	}
	return err
}

// beginFilling marks an empty store, or empties one that was not filled to the end.
func beginFilling(ctx context.Context, store kv.Store) error {
	for more := true; more; {
		if err := store.Update(ctx, func(tx kv.Tx) error {
			more = false
			mark, err := tx.Get(fillingKey())
			if err != nil {
				return err
			}
			var keys [][]byte
			if err := tx.Scan(nil, nil, kv.MaxWrites-1, func(k, _ []byte) error {
				if mark == nil {
					return conflict("there is a catalogue already: name an empty data folder, or a store of another name")
				}
				keys = append(keys, k)
				return nil
			}); err != nil {
				return err
			}
			more = len(keys) > 1 // the mark is one
			for _, k := range keys {
				if err := tx.Delete(k); err != nil {
					return err
				}
			}
			return tx.Put(fillingKey(), nil)
		}); err != nil {
			return storeError(err)
		}
	}
	return nil
}

func endFilling(ctx context.Context, store kv.Store) error {
	return storeError(store.Update(ctx, func(tx kv.Tx) error { return tx.Delete(fillingKey()) }))
}

// Copied is what Copy copied.
type Copied struct {
	Rows int
	Hash string // of all keys and values in order, the same for both stores
}

// copiedAtOnce is how many transactions of a copy are under way: they share commits.
const copiedAtOnce = 8

// Copy fills an empty store with all that another holds, sessions too, and compares both row by row. Nothing may write to
// either meanwhile: if somebody did, the copy is refused at its end.
func Copy(ctx context.Context, from, to kv.Store) (Copied, error) {
	if err := from.View(ctx, checkFilled); err != nil {
		return Copied{}, storeError(err)
	}
	if err := beginFilling(ctx, to); err != nil {
		return Copied{}, err
	}
	if err := copyRows(ctx, from, to); err != nil {
		return Copied{}, storeError(err)
	}
	theirs, err := summed(ctx, from)
	if err != nil {
		return theirs, err
	}
	ours, err := summed(ctx, to)
	if err != nil {
		return ours, err
	}
	if ours != theirs {
		return ours, conflict(fmt.Sprintf("the copy differs: %d rows there, %d here. Somebody wrote meanwhile: stop all that serves either store and copy again", theirs.Rows, ours.Rows))
	}
	return ours, endFilling(ctx, to)
}

func copyRows(ctx context.Context, from, to kv.Store) error {
	g, writing := errgroup.WithContext(ctx)
	g.SetLimit(copiedAtOnce)
	var batch [][2][]byte
	size := 0
	flush := func() {
		rows := batch
		batch, size = nil, 0
		g.Go(func() error {
			err := putRows(writing, to, rows)
			if errors.Is(err, kv.ErrUncertain) { // the same rows again do no harm
				err = putRows(writing, to, rows)
			}
			return err
		})
	}
	err := from.View(ctx, func(tx kv.Tx) error {
		return scan(tx, nil, func(k, v []byte) error {
			if len(batch) == kv.MaxWrites || size+len(k)+len(v) > kv.MaxBytes {
				flush()
			}
			batch, size = append(batch, [2][]byte{k, v}), size+len(k)+len(v)
			return writing.Err()
		})
	})
	flush()
	if wrong := g.Wait(); wrong != nil {
		return wrong
	}
	return err
}

func putRows(ctx context.Context, store kv.Store, rows [][2][]byte) error {
	return store.Update(ctx, func(tx kv.Tx) error {
		for _, row := range rows {
			if err := tx.Put(row[0], row[1]); err != nil {
				return err
			}
		}
		return nil
	})
}

// summed counts and hashes what a store holds, but for the mark.
func summed(ctx context.Context, store kv.Store) (c Copied, err error) {
	sum := sha256.New()
	err = store.View(ctx, func(tx kv.Tx) error {
		return scan(tx, nil, func(k, v []byte) error {
			if slices.Equal(k, fillingKey()) {
				return nil
			}
			c.Rows++
			return writeRow(sum, k, v)
		})
	})
	c.Hash = hex.EncodeToString(sum.Sum(nil))
	return c, storeError(err)
}
