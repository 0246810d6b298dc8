// Package bolt keeps a kv.Store in one file, for one process, with bbolt.
//
// Open examines the file before bbolt works on it (check.go), transactions that arrive together share a commit
// (commit.go), and what bbolt runs into in a file that is damaged later comes back as kv.ErrCorrupt (rows.go).
package bolt

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"sync"

	"go.etcd.io/bbolt"

	"jointly/catalogue/kv"
)

// Store is a kv.Store in a file.
type Store struct {
	db     *bbolt.DB
	leases leases

	mu         sync.Mutex
	queue      []*job        // waiting to be committed, oldest first
	committing bool          // a committer is at work and will come to the queue
	closed     bool          // takes no more transactions
	closing    chan struct{} // closed by Close
	changed    chan struct{} // closed by the next commit
	damage     error         // what bbolt ran into while writing: no writes after that
	stuck      bool          // bbolt cannot be closed any more

	committer sync.WaitGroup
	crowded   bool // the last commit had company; only the committer looks at it
}

var _ kv.Store = (*Store)(nil)

// View implements kv.Store.
func (s *Store) View(ctx context.Context, fn func(kv.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	snapshot, err := s.snapshot()
	if err != nil {
		return err
	}
	defer func() { _ = snapshot.Rollback() }() // fails only if it was rolled back before
	beneath, err := newRows(snapshot)
	if err != nil {
		return err
	}
	tx := kv.NewReader(ctx, beneath)
	defer tx.End()
	return fn(tx)
}

// Update implements kv.Store. fn runs once, on the caller's own goroutine, and sees what the transactions wrote that
// will be committed together with it.
func (s *Store) Update(ctx context.Context, fn func(kv.Tx) error) error {
	return s.update(ctx, func(tx *kv.Buffer) error { return fn(tx) })
}

// Changed implements kv.Store.
func (s *Store) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// announce closes the channel that Changed gave out.
func (s *Store) announce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
}

// WriteTo implements io.WriterTo. It writes a copy of the file, which opens as a store of exactly one state, while the
// store goes on serving. As with a long View, the file grows meanwhile.
func (s *Store) WriteTo(w io.Writer) (int64, error) {
	snapshot, err := s.snapshot()
	if err != nil {
		return 0, err
	}
	defer func() { _ = snapshot.Rollback() }()
	n, err := snapshot.WriteTo(w)
	if err != nil {
		return n, fmt.Errorf("copy store: %w", err)
	}
	return n, nil
}

// snapshot begins a read-only transaction, which the caller rolls back.
func (s *Store) snapshot() (tx *bbolt.Tx, err error) {
	err = guard(func() error {
		tx, err = s.db.Begin(false)
		return err
	})
	return tx, explain(err)
}

// Close implements kv.Store. It must not be called within a transaction.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.closing)
	s.mu.Unlock()

	s.committer.Wait()
	close(s.changed) // nobody replaces it any more
	if s.stuck {
		return fmt.Errorf("close store: %w", s.damage)
	}
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}
