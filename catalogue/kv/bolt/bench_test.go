package bolt_test

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"jointly/catalogue/kv"
)

// The benchmarks print ratios against a peer that takes turns with the store in the same run, so that what else the
// machine does meets both. Values have 2 KB, keys come in no order.

// BenchmarkLoneUpdate measures one writer against the same write through bbolt itself.
// times-bare: how many times as long it takes; the aim is at most 1.3.
func BenchmarkLoneUpdate(b *testing.B) {
	store := openStore(b, filepath.Join(b.TempDir(), "store.db"))
	bare := openBare(b)
	value := make([]byte, 2<<10)
	var ours, theirs time.Duration
	for b.Loop() {
		key := randomKey()
		ours += timed(b, func() error { return putOurs(store, key, value) })
		theirs += timed(b, func() error { return putBare(bare, key, value) })
	}
	b.ReportMetric(float64(ours)/float64(theirs), "times-bare")
	b.ReportMetric(float64(b.N)/ours.Seconds(), "updates/s")
	b.ReportMetric(float64(b.N)/theirs.Seconds(), "bare-updates/s")
}

// BenchmarkManyWriters measures 64 writers against one.
// times-serial: how many times as many updates a second they make together; the aim is 7.
func BenchmarkManyWriters(b *testing.B) {
	const writers, rounds = 64, 16
	together := openStore(b, filepath.Join(b.TempDir(), "together.db"))
	serial := openStore(b, filepath.Join(b.TempDir(), "serial.db"))
	value := make([]byte, 2<<10)
	var ours, theirs time.Duration
	for b.Loop() {
		ours += timed(b, func() error {
			var all sync.WaitGroup
			var failed atomic.Pointer[error]
			for range writers {
				all.Go(func() {
					for range rounds {
						if err := putOurs(together, randomKey(), value); err != nil {
							failed.Store(&err)
						}
					}
				})
			}
			all.Wait()
			if err := failed.Load(); err != nil {
				return *err
			}
			return nil
		})
		theirs += timed(b, func() error {
			for range writers * rounds {
				if err := putOurs(serial, randomKey(), value); err != nil {
					return err
				}
			}
			return nil
		})
	}
	many := float64(b.N*writers*rounds) / ours.Seconds()
	one := float64(b.N*writers*rounds) / theirs.Seconds()
	b.ReportMetric(many/one, "times-serial")
	b.ReportMetric(many, "updates/s")
	b.ReportMetric(one, "serial-updates/s")
}

func timed(b *testing.B, op func() error) time.Duration {
	start := time.Now()
	if err := op(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func randomKey() []byte {
	return binary.BigEndian.AppendUint64([]byte{0x01}, rand.Uint64())
}

func putOurs(store kv.Store, key, value []byte) error {
	return store.Update(context.Background(), func(tx kv.Tx) error { return tx.Put(key, value) })
}

func openBare(b *testing.B) *bbolt.DB {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if err := db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("kv"))
		return err
	}); err != nil {
		b.Fatal(err)
	}
	return db
}

func putBare(db *bbolt.DB, key, value []byte) error {
	return db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("kv")).Put(key, value) })
}
