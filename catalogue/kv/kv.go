// Package kv is the ordered key-value store that every fact of the catalogue is written to, once.
//
// Store and Tx are what an engine offers and all that the catalogue knows of it. Package bolt keeps a store in one file
// for one process, package etcd in a cluster for several. Package kvtest is the contract that every engine passes. Keys
// are built with Key, and Buffer is the part of a transaction that all engines share: the limits, and a transaction's
// view of its own writes.
package kv

import (
	"context"
	"errors"
	"time"
)

// Limits, the same on every engine. What goes over one of them is refused with ErrTooLarge.
const (
	MaxKey    = 1 << 10   // bytes in a key
	MaxValue  = 256 << 10 // bytes in a value
	MaxWrites = 100       // distinct keys put or deleted in one transaction
	MaxBytes  = 1 << 20   // bytes of keys and values put or deleted in one transaction
	MaxScan   = 1000      // rows that one call of Scan may ask for
)

// Errors of a store, to be found with errors.Is. Unless it says otherwise, a transaction that ends with an error has
// changed nothing.
var (
	// ErrTooLarge: a key, value, transaction or scan goes over one of the limits.
	ErrTooLarge = errors.New("over a limit of the store")
	// ErrInvalid: an empty key, one that begins with a zero byte (those are the store's own), a scan of less than one
	// row, a lease without a name or a time to live.
	ErrInvalid = errors.New("not a request that a store can take")
	// ErrReadOnly: Put or Delete inside View.
	ErrReadOnly = errors.New("transaction is read-only")
	// ErrEnded: a transaction was used after its function had returned.
	ErrEnded = errors.New("transaction has ended")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("store is closed")
	// ErrLocked: another process holds the store.
	ErrLocked = errors.New("store is in use by another process")
	// ErrCorrupt: what is stored is damaged, or is not a store at all.
	ErrCorrupt = errors.New("store is damaged")
	// ErrNoSpace: there was no room for the commit. The store goes on serving, and takes writes when there is room.
	ErrNoSpace = errors.New("no space left for the store")
	// ErrUncertain: the commit may have happened. Look before trying again.
	ErrUncertain = errors.New("commit may or may not have happened")
	// ErrUnavailable: the machines that keep the store do not answer, or too many others write at the same time.
	ErrUnavailable = errors.New("store cannot be reached")
	// ErrTooLong: a view was held for longer than the store keeps the state that it shows.
	ErrTooLong = errors.New("view was held for too long")
	// ErrLeaseLost: the lease ran out or was released, and the work belongs to somebody else.
	ErrLeaseLost = errors.New("lease is no longer held")
)

// Stop, returned by the function given to Scan, ends the scan early; Scan then returns nil.
var Stop = errors.New("stop the scan") //nolint:staticcheck,revive // like io.EOF: a sign, not a failure

// Store is an ordered map of byte strings with serialisable transactions. It is safe for concurrent use.
type Store interface {
	// View calls fn with a snapshot of the store: fn sees one state of it, however long it reads. Views never wait for
	// writers. A view that is held long makes the store grow; read, return, and work on what was read afterwards. It may
	// show a commit whose Update has not returned yet, and which a power cut can still undo.
	View(ctx context.Context, fn func(Tx) error) error

	// Update calls fn with a transaction and commits what it wrote if it returns nil. Nothing is kept if it returns an
	// error or panics, or if ctx ends before fn is called. When Update returns nil, the commit is durable.
	//
	// fn may run more than once, and holds up other writers: no side effects, no waiting, and no Update in it.
	Update(ctx context.Context, fn func(Tx) error) error

	// Changed returns a channel that the next commit, or Close, closes. Take it before reading, and no commit is missed.
	Changed() <-chan struct{}

	// Lease waits until nobody else holds the named job, and takes it for ttl.
	Lease(ctx context.Context, name string, ttl time.Duration) (Lease, error)

	// Close waits for the transactions under way and releases the store. Closing again does nothing.
	Close() error
}

// Tx is a transaction, for use by one goroutine until the function that was given it returns. Every slice that it hands
// out is the caller's own copy, to keep and to change; it keeps no slice that it is given.
type Tx interface {
	// Get returns the value of key, nil if there is none. A value that is there but empty is not nil.
	Get(key []byte) ([]byte, error)

	// Scan calls fn for the rows whose key begins with prefix, in ascending order of key, from the first that is not
	// less than from (nil for the beginning), up to limit of them (1 to MaxScan). It sees what the transaction had put
	// and deleted when Scan was called. An error of fn ends the scan and is returned, Stop as nil. For the next page,
	// give After the last key as from.
	Scan(prefix, from []byte, limit int, fn func(key, value []byte) error) error

	// Put sets the value of key. A write that is refused makes the transaction fail as a whole, even if fn drops the
	// error.
	Put(key, value []byte) error

	// Delete removes key; that it was not there is no error.
	Delete(key []byte) error
}
