// What Scan promises, and how all operations agree with a plain map.

package kvtest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jointly/catalogue/kv"
)

func scans() map[string]func(*testing.T, kv.Store) {
	return map[string]func(*testing.T, kv.Store){
		"scan in order within the bounds": func(t *testing.T, store kv.Store) {
			update(t, store, func(tx kv.Tx) error {
				return write(tx, "b/2", "4", "a", "1", "b/1", "3", "b", "2", "b0", "5", "\xff\xff", "6")
			})
			check := func(tx kv.Tx) error {
				for _, test := range []struct {
					prefix, from string
					limit        int
					want         string
				}{
					{"", "", 1000, "a=1 b=2 b/1=3 b/2=4 b0=5 \xff\xff=6"},
					{"", "", 2, "a=1 b=2"},
					{"", "b", 2, "b=2 b/1=3"},
					{"", "b\x00", 2, "b/1=3 b/2=4"},
					{"b/", "", 1000, "b/1=3 b/2=4"},
					{"b/", "a", 1, "b/1=3"},
					{"b/", "b/11", 1000, "b/2=4"},
					{"b/", "c", 1000, ""},
					{"c", "", 1000, ""},
					{"\xff", "", 1000, "\xff\xff=6"},
				} {
					got, err := rows(tx, test.prefix, test.from, test.limit)
					if err != nil || strings.Join(got, " ") != test.want {
						t.Errorf("scan %q from %q, %d rows: %q, %v, want %q", test.prefix, test.from, test.limit, got, err, test.want)
					}
				}
				return nil
			}
			if err := store.View(limited(t), check); err != nil {
				t.Fatal(err)
			}
			update(t, store, check)
		},
		"a scan sees own writes and deletes": func(t *testing.T, store kv.Store) {
			update(t, store, func(tx kv.Tx) error { return write(tx, "b", "old", "c", "old", "d", "old", "f", "old") })
			update(t, store, func(tx kv.Tx) error {
				if err := write(tx, "a", "new", "c", "new", "e", "new", "g", "new"); err != nil {
					return err
				}
				for _, key := range []string{"b", "f", "x"} {
					if err := tx.Delete([]byte(key)); err != nil {
						return err
					}
				}
				for limit, want := range map[int]string{
					1: "a=new", 2: "a=new c=new", 3: "a=new c=new d=old", 1000: "a=new c=new d=old e=new g=new",
				} {
					got, err := rows(tx, "", "", limit)
					if err != nil || strings.Join(got, " ") != want {
						t.Errorf("scan of %d: %q, %v, want %q", limit, got, err, want)
					}
				}
				return nil
			})
			wantRows(t, store, "a=new", "c=new", "d=old", "e=new", "g=new")
		},
		"a scan may write and read": func(t *testing.T, store kv.Store) {
			update(t, store, func(tx kv.Tx) error { return write(tx, "a/1", "1", "a/2", "2", "a/3", "3") })
			update(t, store, func(tx kv.Tx) error {
				return tx.Scan([]byte("a/"), nil, 10, func(key, value []byte) error {
					if _, err := rows(tx, "", "", 10); err != nil {
						return err
					}
					if err := tx.Delete(key); err != nil {
						return err
					}
					return tx.Put([]byte("b"+string(key[1:])), value)
				})
			})
			wantRows(t, store, "b/1=1", "b/2=2", "b/3=3")
		},
		"a scan ends early": func(t *testing.T, store kv.Store) {
			update(t, store, func(tx kv.Tx) error { return write(tx, "a", "1", "b", "2", "c", "3") })
			update(t, store, func(tx kv.Tx) error {
				if err := write(tx, "b", "new", "d", "4"); err != nil {
					return err
				}
				for _, end := range []error{kv.Stop, fmt.Errorf("wrapped: %w", kv.Stop), errWanted} {
					met := 0
					err := tx.Scan(nil, nil, 10, func(_, _ []byte) error {
						if met++; met == 2 {
							return end
						}
						return nil
					})
					if met != 2 {
						t.Errorf("%v: met %d rows", end, met)
					}
					if errors.Is(end, errWanted) {
						wantError(t, "scan", err, errWanted)
					} else if err != nil {
						t.Errorf("%v: returned %v", end, err)
					}
				}
				return nil
			})
		},
		"pages of a scan": func(t *testing.T, store kv.Store) {
			var want []string
			for batch := range 30 {
				update(t, store, func(tx kv.Tx) error {
					for i := range 90 {
						row := batch*90 + i
						want = append(want, fmt.Sprint(row))
						if err := tx.Put(kv.NewKey("row").Uint(uint64(row)), []byte(fmt.Sprint(row))); err != nil {
							return err
						}
					}
					return nil
				})
			}
			var got []string
			if err := store.View(limited(t), func(tx kv.Tx) error {
				var from []byte
				for page := []byte{}; page != nil && len(got) <= len(want); {
					page = nil
					if err := tx.Scan(kv.NewKey("row"), from, kv.MaxScan, func(key, value []byte) error {
						page = key
						got = append(got, string(value))
						return nil
					}); err != nil {
						return err
					}
					from = kv.After(page)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%d rows, want %d", len(got), len(want))
			}
		},
	}
}

// model tests that any sequence of transactions leaves the store, and shows it on the way, as a plain map would.
func (s *suite) model(t *testing.T) {
	store := s.open(t)
	rapid.Check(t, func(rt *rapid.T) {
		kept := empty(rt, store)
		key := rapid.StringMatching(`[a-c/]{1,3}`)
		for range rapid.IntRange(1, 5).Draw(rt, "transactions") {
			now := maps.Clone(kept)
			fail := rapid.IntRange(0, 4).Draw(rt, "fails") == 0
			err := store.Update(t.Context(), func(tx kv.Tx) error {
				for range rapid.IntRange(0, 8).Draw(rt, "operations") {
					k := key.Draw(rt, "key")
					switch rapid.IntRange(0, 3).Draw(rt, "operation") {
					case 0:
						now[k] = rapid.StringN(0, 3, -1).Draw(rt, "value")
						if err := tx.Put([]byte(k), []byte(now[k])); err != nil {
							return err
						}
					case 1:
						delete(now, k)
						if err := tx.Delete([]byte(k)); err != nil {
							return err
						}
					case 2:
						got, err := tx.Get([]byte(k))
						want, there := now[k]
						if err != nil || string(got) != want || (got != nil) != there {
							rt.Fatalf("Get(%q) = %q, %v, want %q", k, got, err, want)
						}
					case 3:
						wantScan(rt, tx, now, k[:1], k, rapid.IntRange(1, 4).Draw(rt, "limit"))
					}
				}
				if fail {
					return errWanted
				}
				return nil
			})
			switch {
			case err == nil:
				kept = now
			case !fail:
				rt.Fatal(err)
			}
			if err := store.View(t.Context(), func(tx kv.Tx) error {
				wantScan(rt, tx, kept, "", "", kv.MaxScan)
				return nil
			}); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

// empty deletes all rows and returns the map that stands for the store from now on.
func empty(t *rapid.T, store kv.Store) map[string]string {
	if err := store.Update(t.Context(), func(tx kv.Tx) error {
		return tx.Scan(nil, nil, kv.MaxScan, func(key, _ []byte) error { return tx.Delete(key) })
	}); err != nil {
		t.Fatal(err)
	}
	return make(map[string]string)
}

func wantScan(t *rapid.T, tx kv.Tx, model map[string]string, prefix, from string, limit int) {
	var want []string
	for _, key := range slices.Sorted(maps.Keys(model)) {
		if strings.HasPrefix(key, prefix) && key >= from && len(want) < limit {
			want = append(want, key+"="+model[key])
		}
	}
	got, err := rows(tx, prefix, from, limit)
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("scan %q from %q, %d rows: %q, %v, want %q", prefix, from, limit, got, err, want)
	}
}
