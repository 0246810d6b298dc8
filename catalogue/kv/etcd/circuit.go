// The circuit: once the cluster has not answered for as long as it takes to choose a new leader, whoever comes is told so
// at once and need not wait to find it out again. One question at a time goes on being asked in the background; when it is
// answered, the store works as before.

package etcd

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jointly/catalogue/kv"
)

// Times. A leader that dies or hangs is replaced within 1 to 2 s, since the members wait so long before they vote: of 34 that
// did, reads were answered after 0.9 to 1.8 s, commits after 1.0 to 2.2 s. A vote that is split, as on a machine that does
// much else, takes as long again. What gives up sooner fails for nothing.
const (
	silentWithin = 4500 * time.Millisecond
	probeWithin  = 500 * time.Millisecond
	probeEvery   = 100 * time.Millisecond
)

// circuit is open, as one through which nothing flows, while the cluster does not answer.
type circuit struct {
	mu    sync.Mutex
	cause error // why it is open; nil: it is not
}

// down is the error of whatever is asked for while the circuit is open; nil where it is not.
func (s *Store) down() error {
	s.circuit.mu.Lock()
	defer s.circuit.mu.Unlock()
	if s.circuit.cause == nil {
		return nil
	}
	return fmt.Errorf("%w: no majority has answered since: %v", kv.ErrUnavailable, s.circuit.cause) //nolint:errorlint // see explain
}

// breakOff opens the circuit. Those whose transactions have not begun hear it; one that may have reached the cluster goes
// on until it is known what became of it.
func (s *Store) breakOff(cause error) {
	s.circuit.mu.Lock()
	first := s.circuit.cause == nil
	if first {
		s.circuit.cause = cause
	}
	s.circuit.mu.Unlock()
	if !first || s.enter() != nil {
		return
	}
	go s.probe()
	err := s.down()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range s.queue {
		if j.taken.CompareAndSwap(false, true) {
			j.err = err
			close(j.done)
		}
	}
	s.queue = nil
}

// probe asks until the cluster answers, and closes the circuit.
func (s *Store) probe() {
	defer s.under.Done()
	for {
		asking, done := context.WithTimeout(context.Background(), probeWithin)
		_, err := s.client.Get(asking, s.own(guardKey))
		done()
		if err == nil || refused(err) { // it answers, if only to say no: each request hears that for itself
			s.circuit.mu.Lock()
			s.circuit.cause = nil
			s.circuit.mu.Unlock()
			return
		}
		select {
		case <-s.closing:
			return
		case <-time.After(probeEvery):
		}
	}
}
