package etcd_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/etcd/etcdtest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// limited returns a context that ends with the test, or after a minute.
func limited(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// add appends an entry to a numbered list, as the catalogue does to its feed.
func add(ctx context.Context, store kv.Store, entry string) error {
	return store.Update(ctx, func(tx kv.Tx) error {
		last, err := tx.Get([]byte("last"))
		if err != nil {
			return err
		}
		number := uint64(1)
		if last != nil {
			number = binary.BigEndian.Uint64(last) + 1
		}
		if err := tx.Put(kv.NewKey("list").Uint(number), []byte(entry)); err != nil {
			return err
		}
		return tx.Put([]byte("last"), binary.BigEndian.AppendUint64(nil, number))
	})
}

// entries counts how often each entry stands in the list, and checks that the numbers have no gap.
func entries(t testing.TB, store kv.Store) map[string]int {
	t.Helper()
	found := make(map[string]int)
	must(t, store.View(limited(t), func(tx kv.Tx) error {
		clear(found)
		number, from := uint64(0), []byte(nil)
		for more := true; more; {
			more = false
			if err := tx.Scan(kv.NewKey("list"), from, kv.MaxScan, func(key, value []byte) error {
				more, from = true, kv.After(key)
				found[string(value)]++
				number++
				r := kv.ReadKey(key)
				if r.Str(); r.Uint() != number {
					t.Errorf("entry %d has another number", number)
				}
				return r.End()
			}); err != nil {
				return err
			}
		}
		return nil
	}))
	return found
}

// writers add entries of their own to the list, at one store or another, until they are stopped.
type writers struct {
	stopping  atomic.Bool
	all       sync.WaitGroup
	mu        sync.Mutex
	acked     []string // Update returned nil
	uncertain []string // it said that it does not know
	slowest   time.Duration
}

func startWriters(t testing.TB, each int, stores ...kv.Store) *writers {
	w := &writers{}
	for s, store := range stores {
		for n := range each {
			w.all.Go(func() {
				for i := 0; !w.stopping.Load(); i++ {
					entry := fmt.Sprintf("store %d, writer %d, entry %d", s, n, i)
					began := time.Now()
					err := add(t.Context(), store, entry)
					w.note(entry, err, time.Since(began))
					if err != nil && !errors.Is(err, kv.ErrUncertain) && !errors.Is(err, kv.ErrUnavailable) {
						t.Errorf("%s: %v", entry, err)
					}
				}
			})
		}
	}
	return w
}

func (w *writers) note(entry string, err error, took time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slowest = max(w.slowest, took)
	switch {
	case err == nil:
		w.acked = append(w.acked, entry)
	case errors.Is(err, kv.ErrUncertain):
		w.uncertain = append(w.uncertain, entry)
	}
}

// count is how many entries were acknowledged.
func (w *writers) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acked)
}

// goOn waits until so many more were acknowledged.
func (w *writers) goOn(t testing.TB, more int) {
	t.Helper()
	ctx := limited(t)
	for until := w.count() + more; w.count() < until; wait(ctx) {
		if ctx.Err() != nil {
			t.Fatalf("%d entries, and %d more do not come", w.count(), until-w.count())
		}
	}
}

// wait waits a moment for what another process does.
func wait(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Millisecond):
	}
}

// wantAll stops the writers and checks that what was acknowledged is there once, and that nothing is there twice, or that
// failed.
func (w *writers) wantAll(t testing.TB, store kv.Store) {
	t.Helper()
	w.stopping.Store(true)
	w.all.Wait()
	lost, twice, unasked := compared(entries(t, store), w.acked, w.uncertain)
	t.Logf("%d acknowledged, lost %d, duplicates %d, uncertain %d; slowest %v", len(w.acked), lost, twice, len(w.uncertain), w.slowest.Round(time.Millisecond))
	if lost+twice+unasked > 0 {
		t.Errorf("lost %d, duplicates %d, there though they failed %d", lost, twice, unasked)
	}
}

func compared(found map[string]int, acked, uncertain []string) (lost, twice, unasked int) {
	for _, n := range found {
		if n > 1 {
			twice++
		}
	}
	for _, entry := range acked {
		if found[entry] == 0 {
			lost++
		}
		delete(found, entry)
	}
	for _, entry := range uncertain {
		delete(found, entry)
	}
	return lost, twice, len(found)
}

// leader finds the cluster's leader, and one of the others.
func leader(t testing.TB, client *clientv3.Client, cluster *etcdtest.Cluster) (leader, follower *etcdtest.Member) {
	t.Helper()
	for ctx := limited(t); ctx.Err() == nil; wait(ctx) {
		for _, m := range cluster.Members {
			asking, cancel := context.WithTimeout(ctx, time.Second)
			status, err := client.Status(asking, "http://"+m.Client)
			cancel()
			if err == nil && status.Leader == status.Header.MemberId {
				leader = m
			} else {
				follower = m
			}
		}
		if leader != nil {
			return leader, follower
		}
	}
	t.Fatal("no leader within a minute")
	return nil, nil
}
