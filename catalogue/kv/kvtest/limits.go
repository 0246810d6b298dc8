// The limits, at their edge on both sides.

package kvtest

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"jointly/catalogue/kv"
)

func limits() map[string]func(*testing.T, kv.Store) {
	big := func(n int) []byte { return bytes.Repeat([]byte{'x'}, n) }
	// Each function writes up to a limit, and over it if over is 1.
	tests := map[string]func(tx kv.Tx, over int) error{
		"key":   func(tx kv.Tx, over int) error { return tx.Put(big(kv.MaxKey+over), nil) },
		"value": func(tx kv.Tx, over int) error { return tx.Put([]byte("a"), big(kv.MaxValue+over)) },
		"keys": func(tx kv.Tx, over int) error {
			for i := range kv.MaxWrites + over {
				for range 3 { // a key counts once
					if err := tx.Put([]byte(fmt.Sprint(i)), nil); err != nil {
						return err
					}
				}
			}
			return nil
		},
		"keys deleted": func(tx kv.Tx, over int) error {
			for i := range kv.MaxWrites + over {
				if err := tx.Delete([]byte(fmt.Sprint(i))); err != nil {
					return err
				}
			}
			return nil
		},
		"bytes": func(tx kv.Tx, over int) error {
			for _, key := range []string{"a", "b", "c", "a", "b", "c"} { // a value that is replaced does not count
				if err := tx.Put([]byte(key), big(kv.MaxValue)); err != nil {
					return err
				}
			}
			return tx.Put([]byte("d"), big(kv.MaxValue-len("abcd")+over))
		},
	}
	group := make(map[string]func(*testing.T, kv.Store))
	for name, fill := range tests {
		group["limit of "+name] = func(t *testing.T, store kv.Store) {
			if err := store.Update(limited(t), func(tx kv.Tx) error { return fill(tx, 0) }); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			err := store.Update(limited(t), func(tx kv.Tx) error { return fill(tx, 1) })
			wantError(t, "over the limit", err, kv.ErrTooLarge)
		}
	}
	// Engines that commit transactions together, or have limits of their own for what a request may hold, keep to ours.
	group["the largest transactions at once"] = func(t *testing.T, store kv.Store) {
		var all sync.WaitGroup
		const writers = 4
		for writer := range writers {
			all.Go(func() {
				if err := store.Update(limited(t), func(tx kv.Tx) error {
					for i := range 4 { // as many bytes as may be
						if err := tx.Put([]byte(fmt.Sprintf("%d/%d", writer, i)), big(kv.MaxValue-len("0/0"))); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					t.Errorf("large values: %v", err)
				}
			})
			all.Go(func() {
				if err := store.Update(limited(t), func(tx kv.Tx) error {
					for i := range kv.MaxWrites { // as many keys as may be, all of them read, as long as may be
						key := append(big(kv.MaxKey-6), fmt.Sprintf("%02d/%03d", writer, i)...)[:kv.MaxKey]
						if _, err := tx.Get(key); err != nil {
							return err
						}
						if i%20 == 0 {
							if _, err := rows(tx, string(key), "", 1); err != nil {
								return err
							}
						}
						if err := tx.Put(key, big(kv.MaxBytes/kv.MaxWrites-kv.MaxKey)); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					t.Errorf("many keys: %v", err)
				}
			})
		}
		all.Wait()
		for prefix, want := range map[string]int{"": writers * 4, "x": writers * kv.MaxWrites} {
			n := 0
			if err := store.View(limited(t), func(tx kv.Tx) error {
				n = 0
				return tx.Scan([]byte(prefix), nil, kv.MaxScan, func(key, _ []byte) error {
					if prefix != "" || key[0] != 'x' {
						n++
					}
					return nil
				})
			}); err != nil {
				t.Fatal(err)
			}
			if n != want {
				t.Errorf("%d rows with prefix %q, want %d", n, prefix, want)
			}
		}
	}
	group["a refused write fails the transaction"] = func(t *testing.T, store kv.Store) {
		err := store.Update(limited(t), func(tx kv.Tx) error {
			_ = tx.Put([]byte("a"), []byte("1"))
			_ = tx.Put([]byte("b"), big(kv.MaxValue+1))
			return nil
		})
		wantError(t, "update", err, kv.ErrTooLarge)
		wantRows(t, store)
	}
	group["limit of a scan"] = func(t *testing.T, store kv.Store) {
		if err := store.View(limited(t), func(tx kv.Tx) error {
			none := func(_, _ []byte) error { return nil }
			wantError(t, "no rows", tx.Scan(nil, nil, 0, none), kv.ErrInvalid)
			wantError(t, "less than none", tx.Scan(nil, nil, -1, none), kv.ErrInvalid)
			wantError(t, "too many", tx.Scan(nil, nil, kv.MaxScan+1, none), kv.ErrTooLarge)
			return tx.Scan(nil, nil, kv.MaxScan, none)
		}); err != nil {
			t.Fatal(err)
		}
	}
	group["keys of the store's own"] = func(t *testing.T, store kv.Store) {
		if _, err := store.Lease(limited(t), "job", patience); err != nil {
			t.Fatal(err)
		}
		wantRows(t, store) // what the store keeps for itself is not met
		for _, key := range []string{"", "\x00", "\x00a"} {
			wantError(t, fmt.Sprintf("Put(%q)", key), store.Update(limited(t), func(tx kv.Tx) error {
				return tx.Put([]byte(key), nil)
			}), kv.ErrInvalid)
			wantError(t, fmt.Sprintf("Delete(%q)", key), store.Update(limited(t), func(tx kv.Tx) error {
				return tx.Delete([]byte(key))
			}), kv.ErrInvalid)
		}
	}
	return group
}
