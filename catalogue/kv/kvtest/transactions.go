// What a single transaction promises.

package kvtest

import (
	"bytes"
	"context"
	"runtime"
	"slices"
	"testing"

	"jointly/catalogue/kv"
)

func transactions() map[string]func(*testing.T, kv.Store) {
	return map[string]func(*testing.T, kv.Store){
		"get what was put": func(t *testing.T, store kv.Store) {
			put(t, store, "a", "1")
			put(t, store, "empty", "")
			update(t, store, func(tx kv.Tx) error { return tx.Put([]byte("nil"), nil) })
			if err := store.View(limited(t), func(tx kv.Tx) error {
				for key, want := range map[string][]byte{"a": []byte("1"), "empty": {}, "nil": {}, "absent": nil} {
					got, err := tx.Get([]byte(key))
					if err != nil || !bytes.Equal(got, want) || (got == nil) != (want == nil) {
						t.Errorf("Get(%q) = %#v, %v, want %#v", key, got, err, want)
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		},
		"delete": func(t *testing.T, store kv.Store) {
			put(t, store, "a", "1")
			put(t, store, "b", "2")
			update(t, store, func(tx kv.Tx) error { return tx.Delete([]byte("a")) })
			update(t, store, func(tx kv.Tx) error { return tx.Delete([]byte("absent")) })
			wantRows(t, store, "b=2")
		},
		"an error undoes all of it": func(t *testing.T, store kv.Store) {
			put(t, store, "a", "1")
			err := store.Update(limited(t), func(tx kv.Tx) error {
				if err := write(tx, "a", "2", "b", "2"); err != nil {
					return err
				}
				return errWanted
			})
			wantError(t, "update", err, errWanted)
			wantRows(t, store, "a=1")
		},
		"a panic undoes all of it and goes on": func(t *testing.T, store kv.Store) {
			put(t, store, "a", "1")
			func() {
				defer func() {
					if p := recover(); p != "as the test wants it" {
						t.Errorf("recovered %v", p)
					}
				}()
				err := store.Update(limited(t), func(tx kv.Tx) error {
					if err := write(tx, "a", "2"); err != nil {
						return err
					}
					panic("as the test wants it")
				})
				t.Errorf("update returned %v", err)
			}()
			wantRows(t, store, "a=1")
			put(t, store, "b", "2")
			wantRows(t, store, "a=1", "b=2")
		},
		"a panic in a view leaves the store as it was": func(t *testing.T, store kv.Store) {
			func() {
				defer func() { _ = recover() }()
				_ = store.View(limited(t), func(kv.Tx) error { panic("as the test wants it") })
			}()
			put(t, store, "a", "1")
			wantRows(t, store, "a=1")
		},
		"a function that ends its goroutine undoes all of it": func(t *testing.T, store kv.Store) {
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_ = store.Update(limited(t), func(tx kv.Tx) error {
					if err := write(tx, "a", "1"); err != nil {
						return err
					}
					runtime.Goexit() // as t.Fatal does
					return nil
				})
			}()
			within(t, "end of the goroutine", ended)
			put(t, store, "b", "2")
			wantRows(t, store, "b=2")
		},
		"own writes are seen": func(t *testing.T, store kv.Store) {
			put(t, store, "a", "1")
			update(t, store, func(tx kv.Tx) error {
				if err := write(tx, "a", "2", "b", "2"); err != nil {
					return err
				}
				for _, key := range []string{"a", "b"} {
					if got, err := tx.Get([]byte(key)); err != nil || string(got) != "2" {
						t.Errorf("Get(%q) = %q, %v", key, got, err)
					}
				}
				if err := tx.Delete([]byte("a")); err != nil {
					return err
				}
				if got, err := tx.Get([]byte("a")); err != nil || got != nil {
					t.Errorf("deleted key: %q, %v", got, err)
				}
				return nil
			})
		},
		"slices belong to whoever holds them": func(t *testing.T, store kv.Store) {
			key, value := []byte("a"), []byte("1")
			update(t, store, func(tx kv.Tx) error {
				if err := tx.Put(key, value); err != nil {
					return err
				}
				key[0], value[0] = 'b', '2'
				return tx.Put(key, value)
			})
			var kept [][]byte
			spoil := func(tx kv.Tx) error {
				got, err := tx.Get([]byte("a"))
				if err != nil {
					return err
				}
				got[0] = 'y'
				return tx.Scan(nil, nil, 2, func(key, value []byte) error {
					value[0] = 'z'
					kept = append(kept, key, append(value, "more"...))
					return nil
				})
			}
			if err := store.View(limited(t), spoil); err != nil {
				t.Fatal(err)
			}
			update(t, store, func(tx kv.Tx) error {
				if err := spoil(tx); err != nil {
					return err
				}
				return tx.Put([]byte("c"), []byte("3"))
			})
			wantRows(t, store, "a=1", "b=2", "c=3")
			if got := string(slices.Concat(kept...)); got != "azmorebzmoreazmorebzmore" {
				t.Errorf("kept %q", got)
			}
		},
		"a view refuses writes": func(t *testing.T, store kv.Store) {
			_ = store.View(limited(t), func(tx kv.Tx) error {
				wantError(t, "Put", tx.Put([]byte("a"), nil), kv.ErrReadOnly)
				wantError(t, "Delete", tx.Delete([]byte("a")), kv.ErrReadOnly)
				return nil
			})
			wantRows(t, store)
		},
		"a transaction ends with its function": func(t *testing.T, store kv.Store) {
			put(t, store, "a", "1")
			var kept []kv.Tx
			keep := func(tx kv.Tx) error {
				kept = append(kept, tx)
				return nil
			}
			update(t, store, keep)
			if err := store.View(limited(t), keep); err != nil {
				t.Fatal(err)
			}
			for _, tx := range kept {
				_, err := tx.Get([]byte("a"))
				wantError(t, "Get", err, kv.ErrEnded)
				wantError(t, "Scan", tx.Scan(nil, nil, 1, nil), kv.ErrEnded)
			}
			wantError(t, "Put", kept[0].Put([]byte("a"), nil), kv.ErrEnded)
		},
		"errors of a view are returned": func(t *testing.T, store kv.Store) {
			wantError(t, "view", store.View(limited(t), func(kv.Tx) error { return errWanted }), errWanted)
		},
		"nothing runs once the context has ended": func(t *testing.T, store kv.Store) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			ran := func(kv.Tx) error {
				t.Error("function ran")
				return nil
			}
			wantError(t, "update", store.Update(ctx, ran), context.Canceled)
			wantError(t, "view", store.View(ctx, ran), context.Canceled)
			_, err := store.Lease(ctx, "job", patience)
			wantError(t, "lease", err, context.Canceled)
		},
		"reads fail when the context ends": func(t *testing.T, store kv.Store) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := store.Update(ctx, func(tx kv.Tx) error {
				if err := write(tx, "a", "1"); err != nil {
					return err
				}
				cancel()
				_, err := tx.Get([]byte("a"))
				return err
			})
			wantError(t, "update", err, context.Canceled)
			wantRows(t, store)
		},
		"commits are announced": func(t *testing.T, store kv.Store) {
			before := store.Changed()
			_ = store.View(limited(t), func(kv.Tx) error { return nil })
			_ = store.Update(limited(t), func(kv.Tx) error { return nil })
			_ = store.Update(limited(t), func(kv.Tx) error { return errWanted })
			if closed(before) {
				t.Error("announced, though nothing was written")
			}
			put(t, store, "a", "1")
			within(t, "announcement", before)
			next := store.Changed()
			if closed(next) {
				t.Error("announced twice")
			}
			update(t, store, func(tx kv.Tx) error { return tx.Delete([]byte("a")) })
			within(t, "announcement of a delete", next)
		},
		"closed": func(t *testing.T, store kv.Store) {
			put(t, store, "a", "1")
			changed := store.Changed()
			for range 2 {
				if err := store.Close(); err != nil {
					t.Fatalf("close: %v", err)
				}
			}
			within(t, "end of waiting for a commit", changed)
			within(t, "end of waiting for a commit", store.Changed())
			nothing := func(kv.Tx) error { return nil }
			wantError(t, "update", store.Update(limited(t), nothing), kv.ErrClosed)
			wantError(t, "view", store.View(limited(t), nothing), kv.ErrClosed)
			_, err := store.Lease(limited(t), "job", patience)
			wantError(t, "lease", err, kv.ErrClosed)
		},
	}
}

// write puts keys and values, given in turn.
func write(tx kv.Tx, pairs ...string) error {
	for pair := range slices.Chunk(pairs, 2) {
		if err := tx.Put([]byte(pair[0]), []byte(pair[1])); err != nil {
			return err
		}
	}
	return nil
}

// kept tests that what was committed is there after the store was closed and opened again, and nothing else.
func (s *suite) kept(t *testing.T) {
	store := s.open(t)
	put(t, store, "a", "1")
	put(t, store, "b", "2")
	update(t, store, func(tx kv.Tx) error { return tx.Delete([]byte("a")) })
	_ = store.Update(limited(t), func(tx kv.Tx) error {
		_ = tx.Put([]byte("c"), []byte("3"))
		return errWanted
	})
	lease, err := store.Lease(limited(t), "job", patience)
	if err != nil {
		t.Fatal(err)
	}

	store = s.reopen(t, store)
	wantRows(t, store, "b=2")
	again, err := store.Lease(limited(t), "job", patience)
	if err != nil {
		t.Fatalf("lease of a process that is gone: %v", err)
	}
	if again.Token() <= lease.Token() {
		t.Errorf("token %d after %d", again.Token(), lease.Token())
	}
}
