package catalogue_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
)

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// timed is a catalogue on a real store under a clock that the test moves.
func timed(t testing.TB) (*catalogue.Catalogue, *bolt.Store, *clock) {
	t.Helper()
	store := stored(t, filepath.Join(t.TempDir(), "catalogue.db"))
	k := &clock{now: today}
	return over(t, store, k), store, k
}

func stored(t testing.TB, path string) *bolt.Store {
	t.Helper()
	store, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// over opens a catalogue on a store that the test made.
func over(t testing.TB, store kv.Store, k *clock) *catalogue.Catalogue {
	t.Helper()
	return must[*catalogue.Catalogue](t)(catalogue.Open(context.Background(), store, catalogue.Options{Clock: k.read, Secret: [32]byte{1}}))
}

// emptied takes everything out of a store but what Open put there: opening a catalogue costs more than many a test.
func emptied(t testing.TB, store kv.Store) {
	t.Helper()
	for more := true; more; {
		if err := store.Update(context.Background(), func(tx kv.Tx) error {
			more = false
			var keys [][]byte
			if err := tx.Scan(nil, nil, kv.MaxWrites, func(k, _ []byte) error {
				if string(k) != string(kv.NewKey("m", "format")) {
					keys = append(keys, k)
				}
				return nil
			}); err != nil {
				return err
			}
			for _, k := range keys {
				more = true
				if err := tx.Delete(k); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// listed stores an intention as a lead of its council.
func listed(t testing.TB, c *catalogue.Catalogue, in catalogue.Intention) *catalogue.Intention {
	t.Helper()
	return must[*catalogue.Intention](t)(c.SaveIntention(context.Background(), officer(in.Council, catalogue.RoleLead), in))
}

// imports stores records as the operator and wants no errors.
func imports(t testing.TB, c *catalogue.Catalogue, items ...catalogue.Item) catalogue.Imported {
	t.Helper()
	done := must[catalogue.Imported](t)(c.Import(context.Background(), catalogue.Operator("test"), items, catalogue.ImportOptions{}))
	if len(done.Errors) > 0 {
		t.Fatalf("import: %+v", done.Errors)
	}
	return done
}

// whole fails the test where Verify finds anything.
func whole(t testing.TB, c *catalogue.Catalogue) catalogue.Verified {
	t.Helper()
	v := must[catalogue.Verified](t)(c.Verify(context.Background()))
	for _, p := range v.Problems {
		t.Errorf("verify: %s", p)
	}
	return v
}

// count is how many records of a kind there are.
func count(t testing.TB, c *catalogue.Catalogue, kind catalogue.Kind) int {
	t.Helper()
	n := 0
	if err := c.Each(context.Background(), catalogue.Operator("test"), kind, func(catalogue.Item) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// is fails the test unless an error is of a kind.
func is(t testing.TB, what string, err error, want catalogue.ErrorKind) {
	t.Helper()
	if err == nil || catalogue.KindOf(err) != want {
		t.Errorf("%s: %v (kind %d), want kind %d", what, err, catalogue.KindOf(err), want)
	}
}

// refusedOn fails the test unless an error is Invalid with a problem on a field.
func refusedOn(t testing.TB, what string, err error, field string) {
	t.Helper()
	for _, f := range catalogue.FieldsOf(err) {
		if f.Field == field && f.Message != "" {
			return
		}
	}
	t.Errorf("%s: %v, want a problem on %s", what, err, field)
}
