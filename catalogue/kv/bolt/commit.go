// Group commit: a durable commit costs a wait for the disk, so transactions that arrive together share one.
//
// One goroutine at a time is the committer. It begins a bbolt transaction and gives each job in the queue a turn: the
// job's function runs, on its caller's goroutine, against a buffer over that transaction, and what it wrote is flushed
// only if it succeeded. Jobs that arrive during the turns join; then all are committed, and each caller hears its own
// result. While the commit waits for the disk the next group gathers by itself, so that no writer ever waits for
// company. An Update that finds nobody at work is the committer for its own group, which spares a lone writer every
// switch of goroutines; if others have come meanwhile, it leaves them to a goroutine that goes on until the queue is
// empty.

package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"jointly/catalogue/kv"
)

// Bounds of one group, so that the first of it does not wait for ever. The last job may go over groupBytes.
const (
	groupJobs  = 128
	groupBytes = 4 << 20
)

// job is one call of Update. That of the committer itself has no channels.
type job struct {
	ctx   context.Context
	fn    func(*kv.Buffer) error
	err   error           // what it came to; the committer's until done
	taken atomic.Bool     // by the committer, or by the caller that gives up waiting
	turn  chan *kv.Buffer // from the committer: run fn on this; closed if there is nothing to run
	ran   chan error      // to the committer: what fn returned
	done  chan struct{}   // closed by the committer: err is there
}

// errUnfinished is what a function came to that panicked or ended its goroutine.
var errUnfinished = errors.New("function did not return")

func (s *Store) update(ctx context.Context, fn func(*kv.Buffer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{ctx: ctx, fn: fn}
	lead, err := s.enqueue(j)
	if err != nil {
		return err
	}
	if lead {
		defer s.handOver()
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		s.commit(j)
		return j.err
	}
	select {
	case tx, ok := <-j.turn:
		if ok {
			j.run(tx)
		}
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		if tx, ok := <-j.turn; ok {
			j.run(tx)
		}
	}
	<-j.done
	return j.err
}

// enqueue puts j in the queue, or tells its caller to lead if there is no committer.
func (s *Store) enqueue(j *job) (lead bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return false, kv.ErrClosed
	case s.damage != nil:
		return false, s.damage
	case !s.committing:
		s.committing = true
		s.committer.Add(1)
		return true, nil
	}
	j.turn, j.ran, j.done = make(chan *kv.Buffer, 1), make(chan error, 1), make(chan struct{})
	s.queue = append(s.queue, j)
	return false, nil
}

// dequeue takes the oldest job whose caller still waits, nil if there is none. With leave set, the committer that finds
// none is the committer no longer.
func (s *Store) dequeue(leave bool) *job {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) > 0 {
		j := s.queue[0]
		s.queue[0] = nil
		s.queue = s.queue[1:]
		if j.taken.CompareAndSwap(false, true) {
			return j
		}
	}
	if leave {
		s.committing = false
	}
	return nil
}

// handOver ends a caller's time as the committer.
func (s *Store) handOver() {
	defer s.committer.Done()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.committing = len(s.queue) > 0; s.committing {
		s.committer.Go(s.commitAll)
	}
}

// commitAll commits group after group until the queue is empty.
func (s *Store) commitAll() {
	debug.SetPanicOnFault(true)
	for {
		if s.crowded {
			runtime.Gosched() // those who have just heard of their commit may be about to write again: go together
		}
		first := s.dequeue(true)
		if first == nil {
			return
		}
		s.commit(first)
	}
}

// commit commits a group: first, and those that join it.
func (s *Store) commit(first *job) {
	tx, err := s.begin()
	if err != nil {
		first.skip(err)
		return
	}
	defer s.rollBack(tx) // does nothing after a commit
	group, size, err := s.runTurns(tx, first)
	s.crowded = len(group) > 1
	if err == nil && size > 0 {
		if err = s.finish(tx); err == nil {
			s.announce()
		}
	}
	for _, j := range group {
		j.hear(err)
	}
}

// begin begins the transaction of a group.
func (s *Store) begin() (tx *bbolt.Tx, err error) {
	s.mu.Lock()
	damage := s.damage
	s.mu.Unlock()
	if damage != nil { // since this group was put in the queue
		return nil, damage
	}
	err = guard(func() error {
		tx, err = s.db.Begin(true)
		return err
	})
	return tx, explain(err)
}

// runTurns lets first, and all jobs that are there when it and they have had their turn, run over tx. It returns how many
// bytes they wrote. An error leaves tx unfit to be committed.
func (s *Store) runTurns(tx *bbolt.Tx, first *job) (group []*job, size int, err error) {
	beneath, err := newRows(tx)
	if err != nil {
		first.skip(err)
		return nil, 0, err
	}
	for j := first; j != nil; {
		n, err := j.takeTurn(beneath)
		group = append(group, j)
		if err != nil {
			return group, 0, s.writesDamaged(err)
		}
		size += n
		j = nil
		if len(group) < groupJobs && size < groupBytes {
			j = s.dequeue(false)
		}
	}
	return group, size, nil
}

// takeTurn lets the job's function run over beneath, and flushes what it wrote, size bytes, if it succeeded. The error is
// that of the flush.
func (j *job) takeTurn(beneath kv.Tx) (size int, err error) {
	tx := kv.NewBuffer(j.ctx, beneath)
	defer tx.End()
	if j.turn == nil {
		j.err = j.fn(tx) // a panic goes up to the caller by itself, and no other job has had its turn
	} else {
		j.turn <- tx
		j.err = <-j.ran
	}
	if j.err == nil {
		j.err = tx.Err()
	}
	if j.err != nil {
		return 0, nil
	}
	return tx.Size(), tx.Flush()
}

// run calls fn on tx and reports to the committer, whatever fn does. A panic goes on to the caller of Update.
func (j *job) run(tx *kv.Buffer) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	err := errUnfinished
	defer func() { j.ran <- err }()
	err = j.fn(tx)
}

// hear ends the job, with the error of its commit if that failed.
func (j *job) hear(err error) {
	if err != nil {
		j.err = err
	}
	if j.done != nil {
		close(j.done)
	}
}

// skip ends the job without a turn.
func (j *job) skip(err error) {
	if j.turn != nil {
		close(j.turn)
	}
	j.hear(err)
}

// finish commits tx. Whatever has become of it, tx has ended.
func (s *Store) finish(tx *bbolt.Tx) error {
	txid := tx.ID()
	err := explain(guard(tx.Commit))
	switch {
	case err == nil:
		return nil
	case errors.Is(err, kv.ErrCorrupt):
		return s.writesDamaged(err)
	case s.visible(txid):
		s.announce()
		return fmt.Errorf("commit: %w: %w", kv.ErrUncertain, err)
	}
	return fmt.Errorf("commit: %w", err)
}

// visible tells whether a transaction can be read. It can be although its commit failed, if what failed was the last
// step: to wait until the disk has the page that makes it valid.
func (s *Store) visible(txid int) bool {
	snapshot, err := s.snapshot()
	if err != nil {
		return false
	}
	defer func() { _ = snapshot.Rollback() }()
	return snapshot.ID() >= txid
}

// writesDamaged ends all writing, since bbolt's own record of the file is no longer to be trusted.
func (s *Store) writesDamaged(err error) error {
	err = fmt.Errorf("no more writes: %w", err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.damage = err
	return err
}

// rollBack ends tx if it has not ended. A transaction that cannot be ended keeps bbolt's lock for good.
func (s *Store) rollBack(tx *bbolt.Tx) {
	if err := guard(tx.Rollback); errors.Is(err, kv.ErrCorrupt) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.stuck = true
	}
}
