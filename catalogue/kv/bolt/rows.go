// Rows as bbolt holds them, with its panics and faults turned into errors.

package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"jointly/catalogue/kv"
)

// rows is a bbolt transaction as a bare kv.Tx: without limits, and with bbolt's memory copied before it leaves.
type rows struct {
	bucket *bbolt.Bucket
}

// bucketName names the one bucket of the file.
const bucketName = "kv"

func newRows(tx *bbolt.Tx) (rows, error) {
	var r rows
	err := guard(func() error {
		if r.bucket = tx.Bucket([]byte(bucketName)); r.bucket == nil {
			return fmt.Errorf("%w: it has lost its bucket", kv.ErrCorrupt)
		}
		return nil
	})
	return r, err
}

func (r rows) Get(key []byte) (value []byte, err error) {
	err = guard(func() error {
		value = bytes.Clone(r.bucket.Get(key))
		return nil
	})
	return value, err
}

func (r rows) Scan(prefix, from []byte, limit int, fn func(key, value []byte) error) error {
	var cursor *bbolt.Cursor
	next := func() ([]byte, []byte) {
		if cursor != nil {
			return cursor.Next()
		}
		cursor = r.bucket.Cursor()
		return cursor.Seek(from)
	}
	for range limit {
		var key, value []byte
		if err := guard(func() error {
			k, v := next()
			if k == nil || !bytes.HasPrefix(k, prefix) {
				return nil
			}
			both := append(append(make([]byte, 0, len(k)+len(v)), k...), v...)
			key, value = both[:len(k):len(k)], both[len(k):]
			return nil
		}); err != nil {
			return err
		}
		if key == nil {
			return nil
		}
		if err := fn(key, value); err != nil { // outside guard: a panic of fn is its own
			return err
		}
	}
	return nil
}

func (r rows) Put(key, value []byte) error {
	return guard(func() error { return r.bucket.Put(key, value) })
}

func (r rows) Delete(key []byte) error {
	return guard(func() error { return r.bucket.Delete(key) })
}

// guard calls op, which works on bbolt and runs none of our callers' code. bbolt believes what it reads: from a damaged
// page it panics or follows an address into nowhere, which is a panic too on a goroutine with debug.SetPanicOnFault.
func guard(op func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", kv.ErrCorrupt, p)
		}
	}()
	return op()
}

// explain puts bbolt's errors, and those of the system beneath it, in the words of package kv.
func explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, berrors.ErrDatabaseNotOpen):
		return kv.ErrClosed
	case noSpace(err):
		return fmt.Errorf("%w: %w", kv.ErrNoSpace, err)
	}
	return err
}

// noSpace tells whether err says that the file cannot grow. bbolt drops the type of some errors on the way.
func noSpace(err error) bool {
	if errors.Is(err, berrors.ErrMaxSizeReached) {
		return true
	}
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) || strings.Contains(err.Error(), full.Error()) {
			return true
		}
	}
	return false
}
