// What leases promise.

package kvtest

import (
	"context"
	"testing"
	"time"

	"jointly/catalogue/kv"
)

func leases() map[string]func(*testing.T, kv.Store) {
	// moment is a time to live that is over at once.
	const moment = time.Nanosecond
	take := func(t *testing.T, store kv.Store, name string, ttl time.Duration) kv.Lease {
		t.Helper()
		lease, err := store.Lease(limited(t), name, ttl)
		if err != nil {
			t.Fatalf("lease: %v", err)
		}
		return lease
	}
	work := func(t *testing.T, store kv.Store, lease kv.Lease, key string) error {
		return store.Update(limited(t), func(tx kv.Tx) error {
			if err := lease.Check(tx); err != nil {
				return err
			}
			return write(tx, key, "done")
		})
	}
	return map[string]func(*testing.T, kv.Store){
		"a lease has one holder": func(t *testing.T, store kv.Store) {
			first := take(t, store, "job", time.Hour)
			take(t, store, "other job", time.Hour)
			ctx, cancel := context.WithCancel(limited(t))
			waiting := make(chan error)
			go func() {
				_, err := store.Lease(ctx, "job", time.Hour)
				waiting <- err
			}()
			for range 3 {
				if err := first.Renew(limited(t)); err != nil {
					t.Error(err)
				}
				if err := work(t, store, first, "a"); err != nil {
					t.Error(err)
				}
			}
			select {
			case err := <-waiting:
				t.Fatalf("two holders: %v", err)
			default:
			}
			cancel()
			wantError(t, "lease", within(t, "end of waiting", waiting), context.Canceled)
		},
		"a lease that is released goes to who waits": func(t *testing.T, store kv.Store) {
			first := take(t, store, "job", time.Hour)
			second := make(chan kv.Lease)
			go func() {
				lease, err := store.Lease(limited(t), "job", time.Hour)
				if err != nil {
					t.Error(err)
				}
				second <- lease
			}()
			for range 2 { // the second time it is not ours to release
				if err := first.Release(limited(t)); err != nil {
					t.Error(err)
				}
			}
			lease := within(t, "second lease", second)
			if lease.Token() <= first.Token() {
				t.Errorf("token %d after %d", lease.Token(), first.Token())
			}
			_ = first.Release(limited(t))
			if err := lease.Renew(limited(t)); err != nil {
				t.Errorf("renew: %v", err)
			}
			wantError(t, "renewal by the first", first.Renew(limited(t)), kv.ErrLeaseLost)
		},
		"a latecomer is kept from writing": func(t *testing.T, store kv.Store) {
			late := take(t, store, "job", moment)
			if err := work(t, store, late, "a"); err != nil {
				t.Errorf("nobody else has it yet: %v", err)
			}
			second := take(t, store, "job", time.Hour)
			wantError(t, "work of the first", work(t, store, late, "b"), kv.ErrLeaseLost)
			wantError(t, "renewal by the first", late.Renew(limited(t)), kv.ErrLeaseLost)
			if err := work(t, store, second, "c"); err != nil {
				t.Error(err)
			}
			wantRows(t, store, "a=done", "c=done")
		},
		"a lease that runs out goes to who waits": func(t *testing.T, store kv.Store) {
			take(t, store, "job", 5*time.Millisecond)
			take(t, store, "job", time.Hour)
		},
		"leases need a name and a time": func(t *testing.T, store kv.Store) {
			_, err := store.Lease(limited(t), "", time.Hour)
			wantError(t, "no name", err, kv.ErrInvalid)
			_, err = store.Lease(limited(t), "job", 0)
			wantError(t, "no time", err, kv.ErrInvalid)
		},
		"waiting for a lease ends with the store": func(t *testing.T, store kv.Store) {
			take(t, store, "job", time.Hour)
			waiting := make(chan error)
			go func() {
				_, err := store.Lease(limited(t), "job", time.Hour)
				waiting <- err
			}()
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			wantError(t, "lease", within(t, "end of waiting", waiting), kv.ErrClosed)
		},
	}
}
