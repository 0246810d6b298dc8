package etcd_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/etcd"
	"jointly/catalogue/kv/etcd/etcdtest"
)

// TestNobodyWaitsForAMajorityTwice: once it is known that no majority answers, reads and writes are refused at once; when it
// is there again the store goes on, and what was refused is not there.
func TestNobodyWaitsForAMajorityTwice(t *testing.T) {
	cluster := etcdtest.Start(t)
	store := openStore(t, cluster.At("majority"), etcd.Options{Folder: t.TempDir()})
	waitMirror(t, store)
	must(t, add(limited(t), store, "before"))
	gone := cluster.Members[:2]
	for _, m := range gone {
		m.Kill()
	}
	look := func() error { return store.View(limited(t), func(kv.Tx) error { return nil }) }
	began := time.Now()
	var first sync.WaitGroup // all that ask before it is known wait together
	for range 8 {
		first.Go(func() {
			if err := look(); !errors.Is(err, kv.ErrUnavailable) {
				t.Errorf("without a majority a view ends with %v, want ErrUnavailable", err)
			}
		})
	}
	first.Wait()
	found := time.Since(began)
	if found > 6*time.Second {
		t.Errorf("it takes %v to find out that no majority answers", found)
	}
	took := make([]time.Duration, 0, 100)
	for i := range cap(took) {
		began := time.Now()
		err := look()
		if i%2 == 1 {
			err = add(limited(t), store, fmt.Sprint("refused ", i))
		}
		if took = append(took, time.Since(began)); took[i] > time.Second {
			t.Fatalf("number %d waits %v", i, took[i])
		}
		if !errors.Is(err, kv.ErrUnavailable) || errors.Is(err, kv.ErrUncertain) {
			t.Errorf("number %d ends with %v, want ErrUnavailable and nothing uncertain", i, err)
		}
	}
	slices.Sort(took)
	if most := took[len(took)*99/100]; most > 50*time.Millisecond {
		t.Errorf("p99 of those that come later is %v", most)
	}
	for _, m := range gone {
		must(t, m.Start())
	}
	for _, m := range gone {
		must(t, m.Ready(limited(t)))
	}
	began = time.Now()
	ctx := limited(t)
	for err := look(); err != nil; err = look() {
		wait(ctx)
	}
	back := time.Since(began)
	if back > 3*time.Second {
		t.Errorf("it goes on %v after the members have", back)
	}
	must(t, add(limited(t), store, "after"))
	if got := entries(t, store); len(got) != 2 || got["before"] != 1 || got["after"] != 1 {
		t.Errorf("holds %v", got)
	}
	t.Logf("fault: two of three members killed | found out within %v, then refused within %v (p99 of %d) | goes on %v after they answer again", found.Round(time.Millisecond), took[len(took)*99/100].Round(10*time.Microsecond), len(took), back.Round(time.Millisecond))
}

// TestAnElectionFailsNobody: while another leader is chosen reads and writes wait, and none is refused.
func TestAnElectionFailsNobody(t *testing.T) {
	cluster := etcdtest.Start(t)
	one := openStore(t, cluster.At("election"), etcd.Options{Folder: t.TempDir()})
	two := openStore(t, cluster.At("election"), etcd.Options{})
	for i := range 3 {
		first, _ := leader(t, one.Client(), cluster)
		if i == 1 {
			must(t, first.Pause())
		} else {
			first.Kill()
		}
		var all sync.WaitGroup
		for n := range 4 {
			all.Go(func() {
				if err := add(limited(t), one, fmt.Sprint("election ", i, n)); err != nil {
					t.Errorf("a write: %v", err)
				}
			})
			all.Go(func() {
				if err := two.View(limited(t), func(kv.Tx) error { return nil }); err != nil {
					t.Errorf("a view: %v", err)
				}
			})
		}
		all.Wait()
		if i == 1 {
			must(t, first.Resume())
		} else {
			must(t, first.Start())
		}
		must(t, first.Ready(limited(t)))
	}
}
