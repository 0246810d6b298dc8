// Group commit: a commit costs a round of the cluster, so transactions that wait together share one.
//
// One goroutine at a time is the committer. It takes a group from the queue and gives each job a turn over one snapshot:
// the job's function runs, on its caller's goroutine, against a buffer over what the jobs before it wrote. Then the writes
// of all go to the cluster in one transaction, and each caller hears its own result. Reads cost a round each, so a group
// of several first runs all at once over the snapshot, as if each were alone, only to have what they read at hand.
//
// With a mirror all reads are at hand. A group that read nothing newer than the last commit of this process is checked by its commit: the guard stands, or all
// of it runs again over what the cluster holds now. So is one that wrote nothing, since what its functions decided must
// not rest on what another process has changed.

package etcd

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"jointly/catalogue/kv"
)

// Bounds of one group. The last job may go over groupBytes by all that a transaction may hold, and the whole stays under
// the 1.5 MiB of a request that etcd takes.
const (
	groupJobs   = 64
	groupWrites = 400
	groupBytes  = 192 << 10
)

// mostTries is how often a group runs anew because others had written. They read again as part of the commit that failed,
// so each try loses to a commit that came through.
const mostTries = 60

// job is one call of Update.
type job struct {
	ctx   context.Context
	fn    func(*kv.Buffer) error
	err   error           // what it came to; the committer's until done
	taken atomic.Bool     // by the committer, or by the caller that gives up waiting
	turn  chan *kv.Buffer // from the committer: run fn on this
	ran   chan error      // to the committer: what fn returned
	done  chan struct{}   // closed by the committer: err is there
}

// errUnfinished is what a function came to that panicked or ended its goroutine.
var errUnfinished = errors.New("function did not return")

// Update implements kv.Store. fn runs on the caller's own goroutine, and sees what the transactions wrote that are
// committed together with it.
func (s *Store) Update(ctx context.Context, fn func(kv.Tx) error) error {
	return s.update(ctx, func(tx *kv.Buffer) error { return fn(tx) })
}

func (s *Store) update(ctx context.Context, fn func(*kv.Buffer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{ctx: ctx, fn: fn, turn: make(chan *kv.Buffer, 1), ran: make(chan error, 1), done: make(chan struct{})}
	if err := s.enqueue(j); err != nil {
		return err
	}
	ended := ctx.Done()
	for {
		select {
		case tx := <-j.turn:
			j.run(tx)
		case <-j.done:
			return j.err
		case <-ended:
			if j.taken.CompareAndSwap(false, true) {
				return ctx.Err()
			}
			ended = nil // it is under way: hear what becomes of it
		}
	}
}

// run calls fn on tx and reports to the committer, whatever fn does. A panic goes on to the caller of Update.
func (j *job) run(tx *kv.Buffer) {
	err := errUnfinished
	defer func() { j.ran <- err }()
	err = j.fn(tx)
}

// enqueue puts j in the queue and sees to it that there is a committer.
func (s *Store) enqueue(j *job) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return kv.ErrClosed
	}
	if err := s.down(); err != nil {
		return err
	}
	s.queue = append(s.queue, j)
	if !s.committing {
		s.committing = true
		s.under.Go(s.commitAll)
	}
	return nil
}

// dequeue takes the oldest jobs whose callers still wait. A committer that finds none is the committer no longer.
func (s *Store) dequeue() (group []*job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) > 0 && len(group) < groupJobs {
		j := s.queue[0]
		s.queue[0] = nil
		s.queue = s.queue[1:]
		if j.taken.CompareAndSwap(false, true) {
			group = append(group, j)
		}
	}
	s.committing = len(group) > 0
	return group
}

// commitAll commits group after group until the queue is empty.
func (s *Store) commitAll() {
	var left []*job
	for {
		if len(left) == 0 {
			left = s.dequeue()
		}
		if len(left) == 0 {
			return
		}
		left = s.commit(left)
	}
}

// commit commits as many jobs of a group as one transaction holds, and returns the others.
func (s *Store) commit(group []*job) (left []*job) {
	var err error
	ctx, cancel := context.WithTimeout(context.Background(), s.within)
	defer cancel()
	fresh := false
	for try := 0; ; try++ {
		beneath, done := s.mirrored(ctx)
		if beneath == nil {
			if s.snap == nil || s.behind() {
				if s.snap, err = s.latest(ctx); err != nil {
					if ctx.Err() != nil {
						err = unavailable(err)
					}
					break
				}
				fresh = true
			}
			if try == 0 {
				s.snap.begin()
			}
			if len(group) > 1 && try == 0 {
				group = s.warm(group)
			}
			beneath = &reader{snap: s.snap, remember: true}
		} else {
			fresh = false
		}
		layer, ran, rest := s.runTurns(group, beneath)
		done()
		group, left = ran, append(rest, left...)
		if tooOld(group) && try < mostTries {
			s.snap = nil
			continue
		}
		if fresh && layer.Len() == 0 {
			break // each function saw the store as it was while it waited
		}
		var held bool
		if held, err = s.send(ctx, layer); held || err != nil {
			break
		}
		fresh = true
		if try == mostTries {
			err = fmt.Errorf("%w: others wrote first, %d times", kv.ErrUnavailable, try)
			break
		}
		if try > 2 {
			pause(ctx, try-3)
		}
	}
	for _, j := range group {
		j.hear(err)
	}
	return left
}

// mirrored returns rows of the mirror that show all that this process knows of, and makes the snapshot one of theirs; nil
// where there are none.
func (s *Store) mirrored(ctx context.Context) (rows kv.Tx, done func()) {
	if s.mirror == nil {
		return nil, func() {}
	}
	s.mu.Lock()
	least := s.announced
	s.mu.Unlock()
	if s.snap != nil {
		least = max(least, s.snap.guard)
	}
	rows, guard, done := s.mirror.at(ctx, least)
	if rows == nil {
		return nil, func() {}
	}
	if s.snap == nil || s.snap.guard != guard {
		s.snap = s.newSnapshot(guard, guard)
	}
	s.snap.begin()
	return rows, done
}

// behind tells whether the watch has seen a commit that the snapshot does not have.
func (s *Store) behind() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.announced > s.snap.guard
}

// warm runs the group's functions all at once, each as if alone, and drops what they write: what they read is remembered.
// It returns those whose functions came to their end.
func (s *Store) warm(group []*job) []*job {
	var all sync.WaitGroup
	alive := make([]*job, len(group))
	for i, j := range group {
		all.Go(func() {
			tx := kv.NewBuffer(j.ctx, &reader{ctx: j.ctx, snap: s.snap, remember: true})
			j.turn <- tx
			if err := <-j.ran; !errors.Is(err, errUnfinished) {
				alive[i] = j
			}
			tx.End()
		})
	}
	all.Wait()
	return existing(alive)
}

func existing(jobs []*job) (there []*job) {
	for _, j := range jobs {
		if j != nil {
			there = append(there, j)
		}
	}
	return there
}

// runTurns lets the jobs run one after the other, until the layer is full. It returns what they wrote, those that had
// their turn and came to an end, and those that had none.
func (s *Store) runTurns(group []*job, beneath kv.Tx) (layer *kv.Buffer, ran, left []*job) {
	layer = kv.NewLayer(context.Background(), beneath)
	for i, j := range group {
		if layer.Len() >= groupWrites || layer.Size() >= groupBytes {
			return layer, ran, group[i:]
		}
		if r, ok := beneath.(*reader); ok {
			r.ctx = j.ctx
		}
		if j.takeTurn(layer) {
			ran = append(ran, j)
		}
	}
	return layer, ran, nil
}

// takeTurn lets the job's function run over the layer, and flushes what it wrote if it succeeded.
func (j *job) takeTurn(layer *kv.Buffer) (finished bool) {
	tx := kv.NewBuffer(j.ctx, layer)
	defer tx.End()
	j.turn <- tx
	j.err = <-j.ran
	if errors.Is(j.err, errUnfinished) {
		return false
	}
	if j.err == nil {
		j.err = tx.Err()
	}
	if j.err == nil {
		j.err = tx.Flush()
	}
	return true
}

// tooOld tells whether a function failed because the snapshot is no longer there to read.
func tooOld(group []*job) bool {
	for _, j := range group {
		if errors.Is(j.err, kv.ErrTooLong) {
			return true
		}
	}
	return false
}

// hear ends the job, with the error of its commit if that failed. What its function could not do in any case stands.
func (j *job) hear(err error) {
	switch {
	case err == nil || certain(j.err):
	case j.err != nil && errors.Is(err, kv.ErrUncertain): // it wrote nothing, and is not known to be right
		j.err = fmt.Errorf("%w: %w", kv.ErrUnavailable, j.err)
	default:
		j.err = err
	}
	close(j.done)
}

// certain tells whether an error of a function does not depend on what the store holds.
func certain(err error) bool {
	for _, e := range []error{context.Canceled, context.DeadlineExceeded, kv.ErrTooLarge, kv.ErrInvalid, kv.ErrUnavailable} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
