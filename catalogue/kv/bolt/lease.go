// Leases within one process. No other process can hold one, since the file is locked; the tokens are kept in the store,
// so that they go on growing after a restart.

package bolt

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jointly/catalogue/kv"
)

// leases are those that were taken, by name.
type leases struct {
	mu   sync.Mutex
	held map[string]*hold
}

// hold is one lease. Its times carry the monotonic clock, which no change of the wall clock moves.
type hold struct {
	until time.Time
	freed chan struct{} // closed when the hold is given up before its time
}

// Lease implements kv.Store.
func (s *Store) Lease(ctx context.Context, name string, ttl time.Duration) (kv.Lease, error) {
	if name == "" || ttl <= 0 {
		return kv.Lease{}, fmt.Errorf("lease %q for %v: %w", name, ttl, kv.ErrInvalid)
	}
	h, err := s.hold(ctx, name, ttl)
	if err != nil {
		return kv.Lease{}, fmt.Errorf("lease %q: %w", name, err)
	}
	var token uint64
	err = s.update(ctx, func(tx *kv.Buffer) (err error) {
		token, err = kv.NextToken(tx, name)
		return err
	})
	if err != nil {
		s.leases.release(name, h)
		return kv.Lease{}, fmt.Errorf("lease %q: %w", name, err)
	}
	renew := func(context.Context) error { return s.leases.renew(name, h, ttl) }
	release := func(context.Context) error {
		s.leases.release(name, h)
		return nil
	}
	return kv.NewLease(name, token, renew, release), nil
}

// hold waits until the name is free and takes it.
func (s *Store) hold(ctx context.Context, name string, ttl time.Duration) (*hold, error) {
	for {
		mine, other := s.leases.take(name, ttl)
		if mine != nil {
			return mine, nil
		}
		select {
		case <-other.freed:
		case <-time.After(time.Until(other.until)):
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.closing:
			return nil, kv.ErrClosed
		}
	}
}

// take takes the name if it is free, or else returns a copy of the hold that is in the way.
func (l *leases) take(name string, ttl time.Duration) (mine, other *hold) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.held[name]; h != nil && time.Now().Before(h.until) {
		return nil, &hold{until: h.until, freed: h.freed}
	}
	mine = &hold{until: time.Now().Add(ttl), freed: make(chan struct{})}
	if l.held == nil {
		l.held = make(map[string]*hold)
	}
	l.held[name] = mine
	return mine, nil
}

func (l *leases) renew(name string, h *hold, ttl time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[name] != h {
		return fmt.Errorf("lease %q: %w", name, kv.ErrLeaseLost)
	}
	h.until = time.Now().Add(ttl)
	return nil
}

func (l *leases) release(name string, h *hold) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[name] == h {
		delete(l.held, name)
		close(h.freed)
	}
}
