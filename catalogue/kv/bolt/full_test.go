package bolt_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
)

// TestAFileThatMayNotGrow: writing fails, reading goes on, and writing works again when something was deleted.
func TestAFileThatMayNotGrow(t *testing.T) {
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{MaxSize: 20 << 20})
	must(t, err)
	defer func() { must(t, store.Close()) }()
	fill := func(n uint64) error {
		return store.Update(t.Context(), func(tx kv.Tx) error {
			for part := range uint64(3) {
				if err := tx.Put(kv.NewKey("row").Uint(n).Uint(part), make([]byte, kv.MaxValue)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	n := uint64(0)
	for ; err == nil; n++ {
		if n == 100 {
			t.Fatal("the file grows without bound")
		}
		err = fill(n)
	}
	for range 2 {
		if !errors.Is(err, kv.ErrNoSpace) {
			t.Fatalf("got %v", err)
		}
		err = fill(n)
	}
	if got := rows(t, store); len(got) != int(n-1)*3 {
		t.Errorf("%d rows after %d updates", len(got), n-1)
	}
	must(t, store.Update(t.Context(), func(tx kv.Tx) error { // more than is to be written: bbolt needs whole runs of pages
		return tx.Scan(kv.NewKey("row"), nil, 9, func(key, _ []byte) error { return tx.Delete(key) })
	}))
	must(t, fill(0))
	if got := rows(t, store); len(got) != int(n-1)*3-6 {
		t.Errorf("%d rows", len(got))
	}
}

// TestAFailedCommitFailsForItsWholeGroup, and for nobody after it.
func TestAFailedCommitFailsForItsWholeGroup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	store := openStore(t, path)
	must(t, store.Update(t.Context(), putting("before", fine)))
	changed := store.Changed()

	room := fillDisk(t, path)
	err := together(t, store, []func(){
		updating(t, store, kv.ErrNoSpace, putting("a", fine)),
		updating(t, store, kv.ErrNoSpace, putting("b", func() error { return errWanted })), // it may have read what is gone
		panicking(t, store),
	}, putting("first", fine))
	if !errors.Is(err, kv.ErrNoSpace) || errors.Is(err, kv.ErrUncertain) {
		t.Errorf("got %v", err)
	}
	if got := rows(t, store); !slices.Equal(got, []string{"before="}) {
		t.Errorf("holds %q", got)
	}
	select {
	case <-changed:
		t.Error("a commit was announced")
	default:
	}

	room()
	must(t, store.Update(t.Context(), putting("after", fine)))
	must(t, store.Close())
	if got := rows(t, openStore(t, path)); !slices.Equal(got, []string{"after=", "before="}) {
		t.Errorf("holds %q", got)
	}
}
