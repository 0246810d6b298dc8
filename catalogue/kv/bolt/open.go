// Opening a file, and saying in plain words why one cannot be opened.

package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"jointly/catalogue/kv"
)

// Options are how to open a store. The zero value will do.
type Options struct {
	// LockTimeout is how long to wait for another process to let go of the file; 0 stands for a second.
	LockTimeout time.Duration
	// MaxSize is how many bytes the file may grow to; 0 for no bound but the disk's.
	MaxSize int
}

// Open opens the store in the file at path, which is created if it is not there; its folder must be. The error wraps
// kv.ErrLocked if another process holds the file, kv.ErrCorrupt if it is damaged or not a store, or else that of the
// system, such as fs.ErrPermission. A file found damaged is left as it is.
//
// Opening reads the whole file once.
func Open(path string, opts Options) (*Store, error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	s, err := open(path, opts)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	return s, nil
}

func open(path string, opts Options) (*Store, error) {
	info, err := os.Stat(path)
	created := errors.Is(err, fs.ErrNotExist)
	switch {
	case created:
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a file")
	case info.Size() > 0:
		if err := examine(path, opts); err != nil {
			return nil, err
		}
	}

	db, err := openFile(path, opts, false)
	if err != nil {
		return nil, err
	}
	err = guard(func() error { return db.Update(makeBucket) })
	if errors.Is(err, errNothing) {
		err = nil
	}
	if err == nil && created {
		err = syncFolder(path)
	}
	if err != nil {
		return nil, errors.Join(explain(err), db.Close())
	}
	return &Store{db: db, changed: make(chan struct{}), closing: make(chan struct{})}, nil
}

// examine checks a file that is there, holding its lock as a reader.
func examine(path string, opts Options) error {
	db, err := openFile(path, opts, true)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	info, err := file.Stat()
	if err == nil {
		err = check(file, info.Size())
	}
	return errors.Join(err, file.Close(), db.Close())
}

// openFile opens the file with bbolt.
func openFile(path string, opts Options, readOnly bool) (db *bbolt.DB, err error) {
	timeout := opts.LockTimeout
	if timeout == 0 {
		timeout = time.Second
	}
	err = guard(func() error {
		db, err = bbolt.Open(path, 0o600, &bbolt.Options{
			Timeout:         timeout,
			ReadOnly:        readOnly,
			InitialMmapSize: mapSize(),
			MaxSize:         opts.MaxSize,
			NoStatistics:    true,
		})
		return err
	})
	return db, explainOpen(err, path)
}

// mapSize returns how much of the file to map from the start. When a file outgrows its map, bbolt waits for all readers
// to end, and holds up new ones meanwhile; addresses cost nothing where there are enough of them. Windows would grow the
// file to the size of the map.
func mapSize() int {
	if bits.UintSize < 64 || runtime.GOOS == "windows" {
		return 0
	}
	return 1 << 32
}

// errNothing rolls back a transaction that had nothing to do.
var errNothing = errors.New("nothing to do")

// makeBucket makes sure that the file holds our bucket and no other.
func makeBucket(tx *bbolt.Tx) error {
	switch name, _ := tx.Cursor().First(); string(name) {
	case bucketName:
		return errNothing
	case "":
		_, err := tx.CreateBucket([]byte(bucketName))
		return err
	}
	return fmt.Errorf("%w: it is a bbolt file of another program", kv.ErrCorrupt)
}

// syncFolder makes the name of a new file durable, which the file's own sync does not.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	err = folder.Sync()
	if runtime.GOOS == "windows" {
		err = nil // folders cannot be synced there
	}
	return errors.Join(err, folder.Close())
}

// explainOpen says what is wrong and, where it helps, with what.
func explainOpen(err error, path string) error {
	folder := filepath.Dir(path)
	var errno syscall.Errno
	switch {
	case err == nil || errors.Is(err, kv.ErrCorrupt):
		return err
	case errors.Is(err, berrors.ErrTimeout):
		return kv.ErrLocked
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %s: %w", folder, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		if _, statErr := os.Stat(path); statErr == nil {
			return fmt.Errorf("the file cannot be read and written: %w", err)
		}
		return fmt.Errorf("folder %s cannot be written: %w", folder, err)
	case noSpace(err):
		return explain(err)
	case errors.As(err, &errno):
		return err
	}
	return fmt.Errorf("%w: %w", kv.ErrCorrupt, err) // bbolt does not like what it reads
}
