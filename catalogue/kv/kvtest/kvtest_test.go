package kvtest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/kv/kvtest"
)

func open(t *testing.T) kv.Store {
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func TestFaults(t *testing.T) {
	store := kvtest.Faulty(open(t), kvtest.Fails, kvtest.NoFault, kvtest.FailsPersisted)
	store.Inject(kvtest.AnswerLost)
	own := errors.New("the function's own")
	for _, step := range []struct {
		key   string
		fails error
		want  []error
		never error
		kept  string
	}{
		{key: "a", want: []error{kvtest.ErrInjected}, never: kv.ErrUncertain, kept: ""},
		{key: "b", kept: "b"},
		{key: "c", want: []error{kvtest.ErrInjected, kv.ErrUncertain}, never: context.DeadlineExceeded, kept: "b c"},
		{key: "d", want: []error{kvtest.ErrInjected, kv.ErrUncertain, context.DeadlineExceeded}, kept: "b c d"},
		{key: "e", fails: own, want: []error{own}, never: kvtest.ErrInjected, kept: "b c d"},
		{key: "f", kept: "b c d f"},
	} {
		err := store.Update(t.Context(), func(tx kv.Tx) error {
			if err := tx.Put([]byte(step.key), nil); err != nil {
				return err
			}
			return step.fails
		})
		if len(step.want) == 0 && err != nil || step.never != nil && errors.Is(err, step.never) {
			t.Errorf("%s: got %v", step.key, err)
		}
		for _, want := range step.want {
			if !errors.Is(err, want) {
				t.Errorf("%s: got %v, want %v", step.key, err, want)
			}
		}
		if got := keys(t, store); got != step.kept {
			t.Errorf("%s: holds %q, want %q", step.key, got, step.kept)
		}
	}
}

func keys(t *testing.T, store kv.Store) string {
	var keys []string
	if err := store.View(t.Context(), func(tx kv.Tx) error {
		return tx.Scan(nil, nil, kv.MaxScan, func(key, _ []byte) error {
			keys = append(keys, string(key))
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(keys, " ")
}

// broken names the ways in which a store breaks the contract.
func broken() []string {
	return []string{
		"drops writes", "keeps what failed", "has no snapshots", "ignores from", "cuts values", "swallows panics",
		"announces nothing as something", "gives out one token", "reuses memory", "writes in views",
	}
}

// TestContractFindsBrokenStores is the negative control: the contract fails for each of them.
func TestContractFindsBrokenStores(t *testing.T) {
	for _, way := range broken() {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBrokenStore$", "-test.failfast", "-test.v")
			command.Env = append(os.Environ(), "KVTEST_BROKEN="+way)
			output, err := command.CombinedOutput()
			if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || !strings.Contains(string(output), "--- FAIL: TestBrokenStore/") {
				t.Errorf("the contract is content: %v\n%s", err, output)
			}
		})
	}
}

// TestBrokenStore runs the contract on one broken store, in a process of its own.
func TestBrokenStore(t *testing.T) {
	way := os.Getenv("KVTEST_BROKEN")
	if !slices.Contains(broken(), way) {
		t.Skip("run by TestContractFindsBrokenStores")
	}
	kvtest.Run(t, func(t *testing.T) kv.Store { return brokenStore{open(t), way} })
}

// brokenStore breaks the contract in one way.
type brokenStore struct {
	kv.Store
	way string
}

func (s brokenStore) Update(ctx context.Context, fn func(kv.Tx) error) (err error) {
	var kept error
	defer func() {
		if s.way == "swallows panics" && recover() != nil {
			err = errors.New("it panicked")
		}
	}()
	err = s.Store.Update(ctx, func(tx kv.Tx) error {
		kept = fn(brokenTx{tx, s})
		if s.way == "keeps what failed" {
			return nil
		}
		return kept
	})
	return errors.Join(err, kept)
}

func (s brokenStore) View(ctx context.Context, fn func(kv.Tx) error) error {
	if s.way == "has no snapshots" {
		return fn(brokenTx{nil, s})
	}
	if s.way == "writes in views" {
		return s.Store.Update(ctx, fn)
	}
	return s.Store.View(ctx, func(tx kv.Tx) error { return fn(brokenTx{tx, s}) })
}

func (s brokenStore) Changed() <-chan struct{} {
	if s.way != "announces nothing as something" {
		return s.Store.Changed()
	}
	closed := make(chan struct{})
	close(closed)
	return closed
}

func (s brokenStore) Lease(ctx context.Context, name string, ttl time.Duration) (kv.Lease, error) {
	lease, err := s.Store.Lease(ctx, name, ttl)
	if s.way == "gives out one token" && err == nil {
		return kv.NewLease(name, 1, lease.Renew, lease.Release), nil
	}
	return lease, err
}

type brokenTx struct {
	kv.Tx
	store brokenStore
}

func (tx brokenTx) Get(key []byte) (value []byte, err error) {
	if tx.Tx != nil {
		return tx.Tx.Get(key)
	}
	err = tx.store.Store.View(context.Background(), func(now kv.Tx) error {
		value, err = now.Get(key)
		return err
	})
	return value, err
}

func (tx brokenTx) Scan(prefix, from []byte, limit int, fn func(key, value []byte) error) error {
	if tx.Tx == nil {
		return tx.store.Store.View(context.Background(), func(now kv.Tx) error { return now.Scan(prefix, from, limit, fn) })
	}
	switch tx.store.way {
	case "ignores from":
		from = nil
	case "reuses memory":
		all := make([]byte, 1<<10)
		return tx.Tx.Scan(prefix, from, limit, func(key, value []byte) error {
			return fn(all[:copy(all, key)], value)
		})
	}
	return tx.Tx.Scan(prefix, from, limit, fn)
}

func (tx brokenTx) Put(key, value []byte) error {
	switch {
	case tx.store.way == "drops writes" && len(value) == 2: // as if by chance
		return nil
	case tx.store.way == "cuts values" && len(value) > kv.MaxValue:
		value = value[:kv.MaxValue]
	}
	return tx.Tx.Put(key, value)
}
