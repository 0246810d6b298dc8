// Leases: one holder at a time for a named job.

package kv

import (
	"context"
	"encoding/binary"
	"fmt"
)

// Lease is the hold on a named job, such as sending mail, that one process has at a time. It ends by itself if it is not
// renewed within its time to live, so that a holder which died or hangs does not keep the job.
//
// A holder that was only slow may still believe in a lease that has gone to somebody else. Check, called inside the
// Update that does the work, keeps such a latecomer from writing: every new holder draws a greater token.
type Lease struct {
	name    string
	token   uint64
	renew   func(context.Context) error
	release func(context.Context) error
}

// NewLease returns a lease as an engine grants it: with a token drawn by NextToken, and how to renew and release it.
func NewLease(name string, token uint64, renew, release func(context.Context) error) Lease {
	return Lease{name: name, token: token, renew: renew, release: release}
}

// Token returns the fencing token: greater than that of any earlier holder of the same name, also before a restart.
func (l Lease) Token() uint64 {
	return l.token
}

// Check returns ErrLeaseLost if somebody else has held the lease since.
func (l Lease) Check(tx Tx) error {
	latest, err := latestToken(tx, l.name)
	if err != nil {
		return fmt.Errorf("lease %q: %w", l.name, err)
	}
	if latest != l.token {
		return fmt.Errorf("lease %q: %w", l.name, ErrLeaseLost)
	}
	return nil
}

// Renew makes the lease last for its time to live from now, or returns ErrLeaseLost.
func (l Lease) Renew(ctx context.Context) error {
	return l.renew(ctx)
}

// Release gives the job up. Releasing a lease that is no longer held does nothing.
func (l Lease) Release(ctx context.Context) error {
	return l.release(ctx)
}

// NextToken draws the next fencing token for name within a transaction. It is for engines.
func NextToken(tx *Buffer, name string) (uint64, error) {
	latest, err := latestToken(tx, name)
	if err != nil {
		return 0, err
	}
	token := latest + 1
	return token, tx.record(tokenKey(name), write{value: binary.BigEndian.AppendUint64(nil, token)})
}

func latestToken(tx Tx, name string) (uint64, error) {
	value, err := tx.Get(tokenKey(name))
	if err != nil || value == nil {
		return 0, err
	}
	if len(value) != 8 {
		return 0, fmt.Errorf("fencing token of %d bytes: %w", len(value), ErrCorrupt)
	}
	return binary.BigEndian.Uint64(value), nil
}

// tokenKey is where the latest token for name stands, among the store's own keys.
func tokenKey(name string) []byte {
	return append([]byte{zero}, NewKey("lease", name)...)
}
