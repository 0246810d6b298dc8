package bolt_test

import (
	"path/filepath"
	"testing"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/kv/kvtest"
)

func TestContract(t *testing.T) {
	paths := make(map[kv.Store]string)
	open := func(t *testing.T) kv.Store {
		path := filepath.Join(t.TempDir(), "store.db")
		store := openStore(t, path)
		paths[store] = path
		return store
	}
	kvtest.Run(t, open, kvtest.Reopen(func(t *testing.T, store kv.Store) kv.Store {
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		return openStore(t, paths[store])
	}))
}

// TestContractBehindFaults: a faulty store without faults is a store.
func TestContractBehindFaults(t *testing.T) {
	kvtest.Run(t, func(t *testing.T) kv.Store {
		return kvtest.Faulty(openStore(t, filepath.Join(t.TempDir(), "store.db")))
	})
}

// openStore opens a store until the test ends.
func openStore(t testing.TB, path string) *bolt.Store {
	t.Helper()
	store, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return store
}
