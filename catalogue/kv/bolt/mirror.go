package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"

	"go.etcd.io/bbolt"

	"jointly/catalogue/kv"
)

// Mirror is a file with the rows of a store that is elsewhere, for reading them here. What is in it can be had again: it
// begins empty, waits for no disk, and is gone when it is closed.
type Mirror struct {
	db   *bbolt.DB
	path string
}

// NewMirror makes an empty mirror at path, in place of one that a killed process left.
func NewMirror(path string) (*Mirror, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("mirror: %w", err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, NoGrowSync: true, NoFreelistSync: true,
		FreelistType: bbolt.FreelistMapType, InitialMmapSize: mapSize(), NoStatistics: true})
	if err != nil {
		return nil, fmt.Errorf("mirror: %w", err)
	}
	if err := db.Update(makeBucket); err != nil {
		return nil, errors.Join(fmt.Errorf("mirror: %w", err), db.Close())
	}
	return &Mirror{db: db, path: path}, nil
}

// Apply puts rows, and deletes those whose value is nil, in one step.
func (m *Mirror) Apply(writes iter.Seq2[[]byte, []byte]) error {
	return explain(guard(func() error {
		return m.db.Update(func(tx *bbolt.Tx) error {
			bucket := tx.Bucket([]byte(bucketName))
			for key, value := range writes {
				if value == nil {
					if err := bucket.Delete(key); err != nil {
						return err
					}
				} else if err := bucket.Put(key, value); err != nil {
					return err
				}
			}
			return nil
		})
	}))
}

// Snapshot returns the rows as they are now, as a bare transaction for one goroutine at a time, until done is called.
func (m *Mirror) Snapshot() (rows kv.Tx, done func(), err error) {
	var tx *bbolt.Tx
	if err := guard(func() error {
		tx, err = m.db.Begin(false)
		return err
	}); err != nil {
		return nil, nil, explain(err)
	}
	done = func() { _ = tx.Rollback() } // fails only if it was rolled back before
	beneath, err := newRows(tx)
	if err != nil {
		done()
		return nil, nil, err
	}
	return beneath, done, nil
}

// Close waits for the snapshots to be done with, and removes the file.
func (m *Mirror) Close() error {
	return errors.Join(m.db.Close(), os.Remove(m.path))
}
