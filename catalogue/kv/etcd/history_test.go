package etcd_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/etcd"
	"jointly/catalogue/kv/etcd/etcdtest"
)

// TestSpaceExceeded: a full cluster is said to be full, goes on reading, and writes again once there is space.
func TestSpaceExceeded(t *testing.T) {
	cluster := etcdtest.Start(t, "--quota-backend-bytes", fmt.Sprint(8<<20))
	store := openStore(t, cluster.At("full"), etcd.Options{})
	value := make([]byte, kv.MaxValue)
	var refusal error
	written := 0
	for refusal == nil && written < 200 {
		// The same key again: what it held before is history, which compaction removes.
		refusal = store.Update(limited(t), func(tx kv.Tx) error {
			if err := tx.Put([]byte("big"), value); err != nil {
				return err
			}
			return tx.Put([]byte("count"), fmt.Append(nil, written+1))
		})
		if refusal == nil {
			written++
		}
	}
	if !errors.Is(refusal, kv.ErrNoSpace) || errors.Is(refusal, kv.ErrUncertain) {
		t.Fatalf("after %d writes: %v, want ErrNoSpace", written, refusal)
	}
	holds := func(want string) {
		t.Helper()
		must(t, store.View(limited(t), func(tx kv.Tx) error {
			if got, err := tx.Get([]byte("count")); err != nil || string(got) != want {
				t.Errorf("count is %s, %v, want %s", got, err, want)
			}
			return nil
		}))
	}
	holds(fmt.Sprint(written)) // what took effect was acknowledged, and what was refused did not
	if err := store.Update(limited(t), func(tx kv.Tx) error {
		_, err := tx.Get([]byte("count"))
		return err
	}); err != nil {
		t.Errorf("an update that writes nothing: %v", err)
	}

	// As the operator does.
	client := store.Client()
	now, err := client.Get(limited(t), "x")
	must(t, err)
	_, err = client.Compact(limited(t), now.Header.Revision, clientv3.WithCompactPhysical())
	must(t, err)
	for _, m := range cluster.Members {
		_, err := client.Defragment(limited(t), "http://"+m.Client)
		must(t, err)
	}
	_, err = client.AlarmDisarm(limited(t), &clientv3.AlarmMember{})
	must(t, err)
	must(t, store.Update(limited(t), func(tx kv.Tx) error { return tx.Put([]byte("count"), []byte("again")) }))
	holds("again")
	t.Logf("fault: etcd's space exceeded | a quota of 8 MB | %d writes acknowledged and there, then refused; reads went on; writes again after compaction", written)
}

// TestCompaction: a view of history that is gone begins again if it has read nothing, and says so if it has.
func TestCompaction(t *testing.T) {
	cluster := etcdtest.Start(t)
	at := cluster.At("compacted")
	store := openStore(t, at, etcd.Options{})
	other := openStore(t, at, etcd.Options{})
	must(t, add(limited(t), store, "one"))
	compact := func() {
		must(t, add(limited(t), other, "another"))
		now, err := other.Client().Get(limited(t), "x")
		must(t, err)
		_, err = other.Client().Compact(limited(t), now.Header.Revision)
		must(t, err)
	}
	get := func(tx kv.Tx, key string) error {
		_, err := tx.Get([]byte(key))
		return err
	}
	var first, second sync.Once
	must(t, store.View(limited(t), func(tx kv.Tx) error {
		first.Do(compact)
		return get(tx, "last")
	}))
	if err := store.View(limited(t), func(tx kv.Tx) error {
		must(t, get(tx, "last"))
		compact()
		return get(tx, "last")
	}); !errors.Is(err, kv.ErrTooLong) {
		t.Errorf("got %v, want ErrTooLong", err)
	}
	must(t, store.Update(limited(t), func(tx kv.Tx) error {
		second.Do(compact)
		if err := get(tx, "never read before"); err != nil {
			return err
		}
		return tx.Put([]byte("done"), nil)
	}))

	mirrored := openStore(t, at, etcd.Options{Folder: t.TempDir()})
	waitMirror(t, mirrored)
	must(t, mirrored.View(limited(t), func(tx kv.Tx) error { // what it reads is here
		must(t, get(tx, "last"))
		compact()
		return get(tx, "last")
	}))
}

func waitMirror(t testing.TB, store *etcd.Store) {
	t.Helper()
	for ctx := limited(t); !store.Mirrored(); wait(ctx) {
		must(t, ctx.Err())
	}
}

// TestTheMirrorShowsWhatIsThere: it is filled beside writers and follows them.
func TestTheMirrorShowsWhatIsThere(t *testing.T) {
	cluster := etcdtest.Start(t)
	at := cluster.At("mirror")
	plain := openStore(t, at, etcd.Options{})
	for i := range 50 {
		must(t, add(limited(t), plain, fmt.Sprint("early ", i)))
	}
	mirrored := openStore(t, at, etcd.Options{Folder: t.TempDir()})
	w := startWriters(t, 4, plain, mirrored)
	waitMirror(t, mirrored)
	w.goOn(t, 100)
	for i := range 20 { // what one process has written the other sees at once
		entry := fmt.Sprint("seen ", i)
		must(t, add(limited(t), plain, entry))
		if entries(t, mirrored)[entry] != 1 {
			t.Errorf("%s is not seen", entry)
		}
	}
	w.stopping.Store(true)
	w.all.Wait()
	must(t, plain.Update(limited(t), func(tx kv.Tx) error { return tx.Delete(kv.NewKey("list").Uint(uint64(len(entries(t, plain))))) }))
	if a, b := entries(t, plain), entries(t, mirrored); len(a) != len(b) {
		t.Errorf("%d entries, %d in the mirror", len(a), len(b))
	}
}

// TestCommitsAreAnnouncedToOthers: Changed tells of what another process has written.
func TestCommitsAreAnnouncedToOthers(t *testing.T) {
	at := etcdtest.Start(t).At("changed")
	one, two := openStore(t, at, etcd.Options{}), openStore(t, at, etcd.Options{})
	for i := range 10 {
		changed := two.Changed()
		must(t, add(limited(t), one, fmt.Sprint(i)))
		select {
		case <-changed:
		case <-limited(t).Done():
			t.Fatal("nothing was announced")
		}
	}
}

// TestFencing: a holder that was slow cannot commit once another process has the lease, though its commit was under way.
func TestFencing(t *testing.T) {
	at := etcdtest.Start(t).At("fencing")
	slow, other := openStore(t, at, etcd.Options{}), openStore(t, at, etcd.Options{})
	late, err := slow.Lease(limited(t), "job", time.Second)
	must(t, err)
	var once sync.Once
	var taken kv.Lease
	err = slow.Update(limited(t), func(tx kv.Tx) error {
		if err := late.Check(tx); err != nil {
			return err
		}
		once.Do(func() { // it hangs here until the lease has run out
			taken, err = other.Lease(limited(t), "job", time.Minute)
			must(t, err)
		})
		return tx.Put([]byte("work"), []byte("of the late one"))
	})
	if !errors.Is(err, kv.ErrLeaseLost) {
		t.Errorf("got %v, want ErrLeaseLost", err)
	}
	must(t, other.Update(limited(t), func(tx kv.Tx) error {
		if found, err := tx.Get([]byte("work")); err != nil || found != nil {
			t.Errorf("the late one wrote %q, %v", found, err)
		}
		return taken.Check(tx)
	}))
	if taken.Token() <= late.Token() {
		t.Errorf("token %d after %d", taken.Token(), late.Token())
	}
}

// TestStoresInOneClusterAreApart: a name is a store of its own.
func TestStoresInOneClusterAreApart(t *testing.T) {
	cluster := etcdtest.Start(t)
	one, two := openStore(t, cluster.At("a"), etcd.Options{}), openStore(t, cluster.At("a-b"), etcd.Options{})
	must(t, add(limited(t), one, "one"))
	must(t, add(limited(t), two, "two"))
	if a, b := entries(t, one), entries(t, two); len(a) != 1 || a["one"] != 1 || len(b) != 1 || b["two"] != 1 {
		t.Errorf("%v and %v", a, b)
	}
	ctx, cancel := context.WithCancel(limited(t))
	cancel()
	if _, err := etcd.Open(ctx, cluster.At("c"), etcd.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("opened under a context that has ended: %v", err)
	}
}
