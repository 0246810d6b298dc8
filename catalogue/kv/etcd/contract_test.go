package etcd_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/etcd"
	"jointly/catalogue/kv/etcd/etcdtest"
	"jointly/catalogue/kv/kvtest"
)

func TestContract(t *testing.T) {
	cluster := etcdtest.Start(t)
	var n atomic.Int64
	places := make(map[kv.Store]etcd.Place)
	open := func(t *testing.T) kv.Store {
		at := cluster.At(fmt.Sprintf("store%d", n.Add(1)))
		store := openStore(t, at, etcd.Options{})
		places[store] = at
		return store
	}
	kvtest.Run(t, open, kvtest.Reopen(func(t *testing.T, store kv.Store) kv.Store {
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		return openStore(t, places[store], etcd.Options{})
	}))
	t.Run("with a mirror", func(t *testing.T) {
		kvtest.Run(t, func(t *testing.T) kv.Store {
			at := cluster.At(fmt.Sprintf("store%d", n.Add(1)))
			return openStore(t, at, etcd.Options{Folder: t.TempDir()})
		})
	})
	t.Run("behind faults", func(t *testing.T) { // a faulty store without faults is a store
		kvtest.Run(t, func(t *testing.T) kv.Store { return kvtest.Faulty(open(t)) })
	})
}

// openStore opens a store until the test ends.
func openStore(t testing.TB, at etcd.Place, o etcd.Options) *etcd.Store {
	t.Helper()
	store, err := etcd.Open(t.Context(), at, o)
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
