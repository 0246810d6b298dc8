// What transactions promise that run at the same time.

package kvtest

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"jointly/catalogue/kv"
)

func concurrency() map[string]func(*testing.T, kv.Store) {
	return map[string]func(*testing.T, kv.Store){
		"no increment is lost": func(t *testing.T, store kv.Store) {
			const writers, rounds = 16, 12
			var all sync.WaitGroup
			for writer := range writers {
				all.Go(func() {
					for range rounds {
						if err := store.Update(limited(t), increment("shared", fmt.Sprintf("own/%d", writer))); err != nil {
							t.Error(err)
						}
					}
				})
			}
			all.Wait()
			want := []string{}
			for _, writer := range []int{0, 1, 10, 11, 12, 13, 14, 15, 2, 3, 4, 5, 6, 7, 8, 9} {
				want = append(want, fmt.Sprintf("own/%d=%d", writer, rounds))
			}
			wantRows(t, store, append(want, fmt.Sprintf("shared=%d", writers*rounds))...)
		},
		"failures among others leave nothing behind": func(t *testing.T, store kv.Store) {
			const writers, rounds = 12, 10
			var all sync.WaitGroup
			for writer := range writers {
				all.Go(func() {
					for range rounds {
						switch writer % 4 {
						case 0, 1:
							if err := store.Update(limited(t), increment("good")); err != nil {
								t.Error(err)
							}
						case 2:
							wantError(t, "update", store.Update(limited(t), func(tx kv.Tx) error {
								if err := increment("good", "bad")(tx); err != nil {
									return err
								}
								return errWanted
							}), errWanted)
						case 3:
							func() {
								defer func() {
									if recover() == nil {
										t.Error("the panic was lost")
									}
								}()
								_ = store.Update(limited(t), func(tx kv.Tx) error {
									_ = increment("good", "bad")(tx)
									panic("as the test wants it")
								})
							}()
						}
					}
				})
			}
			all.Wait()
			wantRows(t, store, fmt.Sprintf("good=%d", writers/2*rounds))
		},
		"sums stay whole": func(t *testing.T, store kv.Store) {
			update(t, store, func(tx kv.Tx) error { return write(tx, "a", "50", "b", "50") })
			var writers, readers sync.WaitGroup
			done := make(chan struct{})
			for range 4 {
				readers.Go(func() {
					for !closed(done) {
						if err := store.View(limited(t), func(tx kv.Tx) error {
							a, err := number(tx, "a")
							if err != nil {
								return err
							}
							b, err := number(tx, "b")
							if a+b != 100 {
								t.Errorf("a view saw %d and %d", a, b)
							}
							return err
						}); err != nil {
							t.Error(err)
						}
					}
				})
				writers.Go(func() {
					for range 10 {
						if err := store.Update(limited(t), func(tx kv.Tx) error {
							a, err := number(tx, "a")
							if err != nil {
								return err
							}
							return write(tx, "a", strconv.Itoa(a-1), "b", strconv.Itoa(100-a+1))
						}); err != nil {
							t.Error(err)
						}
					}
				})
			}
			writers.Wait()
			close(done)
			readers.Wait()
			wantRows(t, store, "a=10", "b=90")
		},
		"a view keeps to one state": func(t *testing.T, store kv.Store) {
			put(t, store, "a", "1")
			if err := store.View(limited(t), func(tx kv.Tx) error {
				written := make(chan error)
				go func() {
					written <- store.Update(limited(t), func(tx kv.Tx) error { return write(tx, "a", "2", "b", "2") })
				}()
				if err := within(t, "update beside a view", written); err != nil {
					return err
				}
				got, err := rows(tx, "", "", 10)
				if fmt.Sprint(got) != "[a=1]" {
					t.Errorf("the view sees %q", got)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			wantRows(t, store, "a=2", "b=2")
		},
		"a view does not wait for writers": func(t *testing.T, store kv.Store) {
			put(t, store, "a", "1")
			update(t, store, func(tx kv.Tx) error {
				if err := write(tx, "a", "2"); err != nil {
					return err
				}
				read := make(chan struct{})
				go func() {
					defer close(read)
					wantRows(t, store, "a=1")
				}()
				within(t, "view beside an update", read)
				return nil
			})
		},
		"cancelled while waiting": func(t *testing.T, store kv.Store) {
			ctx, cancel := context.WithCancel(limited(t))
			waiting := make(chan error)
			update(t, store, func(tx kv.Tx) error { // runs once: others wait for it meanwhile
				go func() {
					waiting <- store.Update(ctx, func(tx kv.Tx) error {
						if err := ctx.Err(); err != nil {
							return err // an engine that lets writers run side by side
						}
						return write(tx, "b", "2")
					})
				}()
				cancel()
				return write(tx, "a", "1")
			})
			wantError(t, "update", within(t, "end of the update", waiting), context.Canceled)
			wantRows(t, store, "a=1")
		},
		"closed amid updates": func(t *testing.T, store kv.Store) {
			var all sync.WaitGroup
			began := make(chan struct{}, 1000)
			for range 8 {
				all.Go(func() {
					for {
						err := store.Update(limited(t), increment("a"))
						if err != nil {
							wantError(t, "update", err, kv.ErrClosed)
							return
						}
						select {
						case began <- struct{}{}:
						default:
						}
					}
				})
			}
			within(t, "first update", began)
			if err := store.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
			all.Wait()
		},
	}
}

// increment returns a function that adds one to each of the keys.
func increment(keys ...string) func(kv.Tx) error {
	return func(tx kv.Tx) error {
		for _, key := range keys {
			n, err := number(tx, key)
			if err != nil {
				return err
			}
			if err := write(tx, key, strconv.Itoa(n+1)); err != nil {
				return err
			}
		}
		return nil
	}
}

// number reads a number, 0 if there is none.
func number(tx kv.Tx, key string) (int, error) {
	value, err := tx.Get([]byte(key))
	if err != nil || value == nil {
		return 0, err
	}
	return strconv.Atoi(string(value))
}
