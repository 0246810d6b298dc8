// A store that fails on demand.

package kvtest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"jointly/catalogue/kv"
)

// Fault is what happens to one Update of a FaultyStore.
type Fault int

const (
	// NoFault is none: the update goes through.
	NoFault Fault = iota
	// Fails is that nothing is persisted, and Update returns an error.
	Fails
	// FailsPersisted is that all of it is persisted, and Update returns an error that matches kv.ErrUncertain, as when the
	// last wait for the disk fails.
	FailsPersisted
	// AnswerLost is that all of it is persisted, and Update returns an error that matches kv.ErrUncertain and
	// context.DeadlineExceeded, as when the answer of another machine does not arrive in time.
	AnswerLost
)

// ErrInjected matches every error that comes from a Fault.
var ErrInjected = errors.New("injected fault")

// FaultyStore is a store whose updates meet faults. Everything else goes to the store beneath.
type FaultyStore struct {
	kv.Store
	mu     sync.Mutex
	faults []Fault
}

// Faulty returns a store whose next updates meet the given faults, one each, and all later ones none.
func Faulty(store kv.Store, faults ...Fault) *FaultyStore {
	return &FaultyStore{Store: store, faults: faults}
}

// Inject adds faults for the updates that come after those which have one already.
func (s *FaultyStore) Inject(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// Update implements kv.Store.
func (s *FaultyStore) Update(ctx context.Context, fn func(kv.Tx) error) error {
	fault := s.next()
	err := s.Store.Update(ctx, func(tx kv.Tx) error {
		if err := fn(tx); err != nil || fault != Fails {
			return err
		}
		return ErrInjected
	})
	switch {
	case err != nil:
		return err
	case fault == FailsPersisted:
		return fmt.Errorf("%w: %w", ErrInjected, kv.ErrUncertain)
	case fault == AnswerLost:
		return fmt.Errorf("%w: %w: %w", ErrInjected, kv.ErrUncertain, context.DeadlineExceeded)
	}
	return nil
}

func (s *FaultyStore) next() Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return NoFault
	}
	fault := s.faults[0]
	s.faults = s.faults[1:]
	return fault
}
