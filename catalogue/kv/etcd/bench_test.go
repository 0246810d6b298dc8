package etcd_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/kv/etcd"
	"jointly/catalogue/kv/etcd/etcdtest"
)

// BenchmarkEngines prints one table: both engines, and etcd without an engine on it, do the same in turns in one run.
// The cluster's three members share the machine. It measures each cell in a fixed time, so b.N does not matter.
func BenchmarkEngines(b *testing.B) {
	cluster := etcdtest.Start(b)
	one, err := bolt.Open(filepath.Join(b.TempDir(), "store.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = one.Close() }()
	many := openStore(b, cluster.At("bench"), etcd.Options{Folder: b.TempDir()})
	other := openStore(b, cluster.At("bench"), etcd.Options{Folder: b.TempDir()})
	unaided := openStore(b, cluster.At("unaided"), etcd.Options{})
	bare, err := clientv3.New(clientv3.Config{Endpoints: cluster.At("").Members})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = bare.Close() }()

	for _, store := range []kv.Store{one, many, unaided} {
		for i := range 50 {
			if err := store.Update(context.Background(), func(tx kv.Tx) error {
				for j := range 90 {
					if err := tx.Put(kv.NewKey("row").Uint(uint64(i*90+j)), make([]byte, 500)); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		}
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\n\tbolt\tetcd\twithout mirror\tbare etcd\tetcd/bolt\tetcd/bare\t")
	row := func(name string, workers int, fn func(store kv.Store) error, plain func() error) {
		var rates [4]float64
		for range 3 { // in turns, so that what else the machine does meets all
			rates[0] += rate(b, workers, func() error { return fn(one) }) / 3
			rates[1] += rate(b, workers, func() error { return fn(many) }) / 3
			rates[2] += rate(b, workers, func() error { return fn(unaided) }) / 3
			if plain != nil {
				rates[3] += rate(b, workers, plain) / 3
			}
		}
		bareRate, against := "-", "-"
		if plain != nil {
			bareRate, against = fmt.Sprintf("%.0f/s", rates[3]), fmt.Sprintf("%.2f", rates[1]/rates[3])
		}
		fmt.Fprintf(table, "%s\t%.0f/s\t%.0f/s\t%.0f/s\t%s\t%.3f\t%s\t\n", name, rates[0], rates[1], rates[2], bareRate, rates[1]/rates[0], against)
	}
	value := make([]byte, 2<<10)
	plainPut := func() error {
		_, err := bare.Put(context.Background(), "bare/"+string(someKey()), string(value))
		return err
	}
	row("writes alone", 1, func(store kv.Store) error { return putOne(store, value) }, plainPut)
	row("writes, 64 at once", 64, func(store kv.Store) error { return putOne(store, value) }, plainPut)
	row("numbered writes alone", 1, func(store kv.Store) error { return putNext(store, value) }, plainPut)
	row("numbered writes, 64 at once", 64, func(store kv.Store) error { return putNext(store, value) }, plainPut)
	two := map[kv.Store][]kv.Store{one: {one}, many: {many, other}, unaided: {unaided}}
	var n atomic.Int64
	row("numbered writes, 32 at each of two nodes", 64, func(store kv.Store) error {
		nodes := two[store]
		return putNext(nodes[int(n.Add(1))%len(nodes)], value)
	}, nil)
	plainGet := func() error {
		_, err := bare.Get(context.Background(), "bench/"+string(kv.NewKey("row").Uint(rand.Uint64N(4500))))
		return err
	}
	row("views of 20 rows, 16 at once", 16, getTwenty, nil)
	row("views of one row alone", 1, getOne, plainGet)
	row("views of one row, 16 at once", 16, getOne, plainGet)
	row("views of 20 rows alone", 1, getTwenty, nil)
	row("scans of 1,000 rows of 500 bytes", 1, scanAll, func() error {
		from := "bench/" + string(kv.NewKey("row"))
		_, err := bare.Get(context.Background(), from, clientv3.WithRange(clientv3.GetPrefixRangeEnd(from)), clientv3.WithLimit(1000))
		return err
	})
	if err := table.Flush(); err != nil {
		b.Fatal(err)
	}
	heard := func(at, store kv.Store) []time.Duration { return delays(b, at, store, value) }
	onFile, here, there := heard(one, one), heard(many, many), heard(other, many)
	for _, part := range []float64{.5, .99} {
		of := func(sorted []time.Duration) time.Duration { return sorted[int(part*float64(len(sorted)-1))] }
		times := func(sorted []time.Duration) float64 { return float64(of(sorted)) / float64(of(onFile)) }
		fmt.Printf("from before a write until the feed's followers hear of it, p%.0f: bolt %v; etcd %v (%.1f times), at another node %v (%.1f times)\n",
			100*part, of(onFile), of(here), times(here), of(there), times(there))
	}
	b.ReportMetric(0, "ns/op") // the table is what counts
}

// delays are the sorted times from before a write to one store until who waits at another is told of it.
func delays(b *testing.B, at, store kv.Store, value []byte) (heard []time.Duration) {
	b.Helper()
	for range 200 {
		changed, began := at.Changed(), time.Now()
		if err := putNext(store, value); err != nil {
			b.Fatal(err)
		}
		select {
		case <-changed:
			heard = append(heard, time.Since(began))
		case <-time.After(time.Minute):
			b.Fatal("a write is not told of within a minute")
		}
	}
	slices.Sort(heard)
	return heard
}

// benchFor is how long each cell is measured, three times.
const benchFor = 500 * time.Millisecond

func rate(b *testing.B, workers int, fn func() error) float64 {
	b.Helper()
	var done atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range workers {
		all.Go(func() {
			for time.Since(began) < benchFor {
				if err := fn(); err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(began).Seconds()
}

func someKey() []byte {
	return binary.BigEndian.AppendUint64([]byte{0x01}, rand.Uint64())
}

func putOne(store kv.Store, value []byte) error {
	return store.Update(context.Background(), func(tx kv.Tx) error { return tx.Put(someKey(), value) })
}

// putNext writes as the catalogue does: it looks whether a record is there, and takes the next number of a feed.
func putNext(store kv.Store, value []byte) error {
	record := someKey()
	return store.Update(context.Background(), func(tx kv.Tx) error {
		if _, err := tx.Get(record); err != nil {
			return err
		}
		last, err := tx.Get([]byte("last"))
		if err != nil {
			return err
		}
		var number uint64
		if last != nil {
			number = binary.BigEndian.Uint64(last)
		}
		for _, key := range [][]byte{record, kv.NewKey("feed").Uint(number + 1)} {
			if err := tx.Put(key, value); err != nil {
				return err
			}
		}
		return tx.Put([]byte("last"), binary.BigEndian.AppendUint64(nil, number+1))
	})
}

func getOne(store kv.Store) error { return getSome(store, 1) }

func getTwenty(store kv.Store) error { return getSome(store, 20) }

func getSome(store kv.Store, n int) error {
	return store.View(context.Background(), func(tx kv.Tx) error {
		for range n {
			if _, err := tx.Get(kv.NewKey("row").Uint(rand.Uint64N(4500))); err != nil {
				return err
			}
		}
		return nil
	})
}

func scanAll(store kv.Store) error {
	return store.View(context.Background(), func(tx kv.Tx) error {
		return tx.Scan(kv.NewKey("row"), nil, kv.MaxScan, func(_, _ []byte) error { return nil })
	})
}
