// Package kvtest is the contract of a kv.Store, as tests that every engine passes, and a store that fails on demand.
package kvtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"jointly/catalogue/kv"
)

// Option adds to what Run tests.
type Option func(*suite)

// Reopen says how to close a store and open what it kept, for engines that can do so within a test.
func Reopen(reopen func(t *testing.T, store kv.Store) kv.Store) Option {
	return func(s *suite) { s.reopen = reopen }
}

// suite is one run of the contract.
type suite struct {
	open   func(t *testing.T) kv.Store
	reopen func(t *testing.T, store kv.Store) kv.Store
}

// Run tests that the stores which open returns, each empty and its own, keep the contract. open sees to it that they
// are closed when t ends.
func Run(t *testing.T, open func(t *testing.T) kv.Store, options ...Option) {
	s := suite{open: open}
	for _, option := range options {
		option(&s)
	}
	for _, group := range []map[string]func(*testing.T, kv.Store){
		transactions(), scans(), limits(), concurrency(), leases(),
	} {
		for _, name := range slices.Sorted(maps.Keys(group)) {
			t.Run(name, func(t *testing.T) { group[name](t, open(t)) })
		}
	}
	t.Run("model", s.model)
	t.Run("kept when reopened", func(t *testing.T) {
		if s.reopen == nil {
			t.Skip("this engine is not reopened in a test")
		}
		s.kept(t)
	})
}

// errWanted is what a function returns to have its transaction fail.
var errWanted = errors.New("as the test wants it")

// patience is how long a test waits for what must happen.
const patience = 10 * time.Second

// limited returns a context that ends with the test, or when patience does.
func limited(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func update(t testing.TB, store kv.Store, fn func(tx kv.Tx) error) {
	t.Helper()
	if err := store.Update(limited(t), fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

func put(t testing.TB, store kv.Store, key, value string) {
	t.Helper()
	update(t, store, func(tx kv.Tx) error { return tx.Put([]byte(key), []byte(value)) })
}

// wantRows checks what a store holds, as "key=value" in order.
func wantRows(t testing.TB, store kv.Store, want ...string) {
	t.Helper()
	var got []string
	if err := store.View(limited(t), func(tx kv.Tx) (err error) {
		got, err = rows(tx, "", "", kv.MaxScan)
		return err
	}); err != nil {
		t.Fatalf("view: %v", err)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("store holds %q, want %q", got, want)
	}
}

// rows scans a transaction.
func rows(tx kv.Tx, prefix, from string, limit int) (rows []string, err error) {
	err = tx.Scan([]byte(prefix), []byte(from), limit, func(key, value []byte) error {
		rows = append(rows, fmt.Sprintf("%s=%s", key, value))
		return nil
	})
	return rows, err
}

func wantError(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// within waits for c, which has to be closed or sent to soon.
func within[T any](t testing.TB, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("%s: did not happen within %v", what, patience)
		panic("unreachable")
	}
}
