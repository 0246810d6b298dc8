package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
)

var errWanted = errors.New("as the test wants it")

// together starts the jobs, each of which calls Update once, in the given order while another update, first, holds the
// committer. Then it lets first go on, and returns when all have ended.
func together(t *testing.T, store *bolt.Store, jobs []func(), first func(kv.Tx) error) (err error) {
	t.Helper()
	var all sync.WaitGroup
	defer all.Wait()
	return store.Update(t.Context(), func(tx kv.Tx) error {
		for i, job := range jobs {
			all.Go(job)
			for store.Queued() <= i {
				runtime.Gosched()
			}
		}
		return first(tx)
	})
}

// putting returns a function for Update that puts a row and then does something else.
func putting(key string, then func() error) func(kv.Tx) error {
	return func(tx kv.Tx) error {
		if err := tx.Put([]byte(key), nil); err != nil {
			return err
		}
		return then()
	}
}

func fine() error { return nil }

// updating returns a job that expects its update to end with want.
func updating(t *testing.T, store kv.Store, want error, fn func(kv.Tx) error) func() {
	return func() {
		if err := store.Update(t.Context(), fn); !errors.Is(err, want) {
			t.Errorf("update: got %v, want %v", err, want)
		}
	}
}

// panicking returns a job that expects its update to panic.
func panicking(t *testing.T, store kv.Store) func() {
	return func() {
		defer func() {
			if p := recover(); p != errWanted {
				t.Errorf("recovered %v", p)
			}
		}()
		_ = store.Update(t.Context(), putting("panic", func() error { panic(errWanted) }))
	}
}

func TestUpdatesThatWaitShareACommit(t *testing.T) {
	store := openStore(t, filepath.Join(t.TempDir(), "store.db"))
	increment := func(tx kv.Tx) error {
		value, err := tx.Get([]byte("n"))
		if err != nil {
			return err
		}
		n, _ := strconv.Atoi(string(value)) // 0 at first
		return tx.Put([]byte("n"), []byte(strconv.Itoa(n+1)))
	}
	before := store.Commits()
	if err := together(t, store, slices.Repeat([]func(){updating(t, store, nil, increment)}, 99), increment); err != nil {
		t.Error(err)
	}
	if got := store.Commits() - before; got != 1 {
		t.Errorf("%d commits", got)
	}
	if got := rows(t, store); !slices.Equal(got, []string{"n=100"}) {
		t.Errorf("holds %q", got)
	}
}

func TestAGroupHasABound(t *testing.T) {
	store := openStore(t, filepath.Join(t.TempDir(), "store.db"))
	big := func(tx kv.Tx) error {
		for _, key := range []string{"a", "b", "c"} {
			if err := tx.Put([]byte(key), make([]byte, kv.MaxValue)); err != nil {
				return err
			}
		}
		return nil
	}
	before := store.Commits()
	if err := together(t, store, slices.Repeat([]func(){updating(t, store, nil, big)}, 9), big); err != nil {
		t.Error(err)
	}
	if got := store.Commits() - before; got != 2 {
		t.Errorf("%d commits for 10 updates of 768 KB", got)
	}
}

func TestMembersOfAGroupDoNotDisturbEachOther(t *testing.T) {
	store := openStore(t, filepath.Join(t.TempDir(), "store.db"))
	before, changed := store.Commits(), store.Changed()
	if err := together(t, store, []func(){
		updating(t, store, nil, putting("a", fine)),
		updating(t, store, errWanted, putting("error", func() error { return errWanted })),
		panicking(t, store),
		func() {
			_ = store.Update(t.Context(), putting("ended", func() error {
				runtime.Goexit()
				return nil
			}))
		},
		updating(t, store, kv.ErrTooLarge, func(tx kv.Tx) error {
			_ = tx.Put([]byte("refused"), nil)
			_ = tx.Put([]byte("too large"), make([]byte, kv.MaxValue+1))
			return nil
		}),
		updating(t, store, nil, putting("b", fine)),
	}, putting("first", fine)); err != nil {
		t.Error(err)
	}
	if got := rows(t, store); !slices.Equal(got, []string{"a=", "b=", "first="}) {
		t.Errorf("holds %q", got)
	}
	if got := store.Commits() - before; got != 1 {
		t.Errorf("%d commits", got)
	}
	<-changed
}

func TestTheQueueOutlivesItsCommitter(t *testing.T) {
	for name, end := range map[string]func() error{
		"error":              func() error { return errWanted },
		"panic":              func() error { panic(errWanted) },
		"end of a goroutine": func() error { runtime.Goexit(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			store := openStore(t, filepath.Join(t.TempDir(), "store.db"))
			jobs := []func(){updating(t, store, nil, putting("a", fine)), updating(t, store, nil, putting("b", fine))}
			var first sync.WaitGroup
			first.Go(func() {
				defer func() { _ = recover() }()
				err := together(t, store, jobs, putting("first", end))
				if !errors.Is(err, errWanted) {
					t.Errorf("got %v", err)
				}
			})
			first.Wait()
			if got := rows(t, store); !slices.Equal(got, []string{"a=", "b="}) {
				t.Errorf("holds %q", got)
			}
		})
	}
}

func TestCancelledInTheQueue(t *testing.T) {
	store := openStore(t, filepath.Join(t.TempDir(), "store.db"))
	ctx, cancel := context.WithCancel(t.Context())
	given := make(chan error, 1)
	waiting := func() {
		given <- store.Update(ctx, func(kv.Tx) error {
			t.Error("function ran")
			return nil
		})
	}
	jobs := []func(){waiting, updating(t, store, nil, putting("a", fine))}
	if err := together(t, store, jobs, putting("first", func() error {
		cancel()
		if err := <-given; !errors.Is(err, context.Canceled) { // while the committer is still held
			t.Errorf("got %v", err)
		}
		return nil
	})); err != nil {
		t.Error(err)
	}
	if got := rows(t, store); !slices.Equal(got, []string{"a=", "first="}) {
		t.Errorf("holds %q", got)
	}
}

func TestCloseWaitsForTheQueue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	store := openStore(t, path)
	if _, err := store.Lease(t.Context(), "job", time.Hour); err != nil {
		t.Fatal(err)
	}
	jobs := slices.Repeat([]func(){updating(t, store, nil, putting("a", fine))}, 3)
	closed := make(chan error, 1)
	if err := together(t, store, jobs, putting("first", func() error {
		go func() { closed <- store.Close() }()
		_, err := store.Lease(t.Context(), "job", time.Hour) // waits until Close has begun
		if !errors.Is(err, kv.ErrClosed) {
			t.Errorf("lease: %v", err)
		}
		return nil
	})); err != nil {
		t.Error(err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if got := rows(t, openStore(t, path)); !slices.Equal(got, []string{"a=", "first="}) {
		t.Errorf("holds %q", got)
	}
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	store := openStore(t, filepath.Join(t.TempDir(), "store.db"))
	var all sync.WaitGroup
	for range 50 {
		all.Go(updating(t, store, nil, putting("a", fine)))
	}
	all.Wait()
	must(t, store.Close())
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	if bytes.Contains(stacks, []byte("bolt.(*Store)")) || bytes.Contains(stacks, []byte("go.etcd.io/bbolt")) {
		t.Errorf("%s", stacks)
	}
}

// rows returns what the store holds, as "key=value" in order.
func rows(t testing.TB, store kv.Store) []string {
	t.Helper()
	var rows []string
	if err := store.View(t.Context(), func(tx kv.Tx) error {
		return tx.Scan(nil, nil, kv.MaxScan, func(key, value []byte) error {
			rows = append(rows, string(key)+"="+string(value))
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}
