package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"jointly/catalogue"
)

// BenchmarkRegister imports a register of 5,000 rows into an empty catalogue, as CSV and as XLSX, in the same run as two
// peers: bbolt itself writing the records' bytes in one transaction, and the reading of the file alone.
// times-bare: how many times as long it takes as the bare write; times-reading: as reading the file.
func BenchmarkRegister(b *testing.B) {
	const rows = 5_000
	register := [][]string{human}
	for i := range rows {
		register = append(register, registerRow{fmt.Sprintf("C%05d", i), fmt.Sprintf("Contract %d for software and support", i), "Supply, installation and support of a system, with training and hosting for the whole of the term",
			fmt.Sprintf("Supplier %d Ltd", i%400), "01/04/2024", "31/03/2027", fmt.Sprintf("£%d,000.00", 1+i%900), "48000000"}.cells())
	}
	for name, file := range map[string][]byte{"csv": []byte(asCSV(register, ',')), "xlsx": asXLSX(b, nil, sheet{"Contracts", register})} {
		b.Run(name, func(b *testing.B) {
			var reading, importing, bare time.Duration
			for b.Loop() {
				r := pure(b)
				r.Council = birmingham
				start := time.Now()
				f, err := r.ContractsFile(bytes.NewReader(file), nil, nil)
				if err != nil || len(f.Errors) > 0 || len(f.Items) != rows {
					b.Fatal(err, f.Errors)
				}
				reading += time.Since(start)
				c := opened(b)
				start = time.Now()
				done, err := c.Import(context.Background(), catalogue.Operator("test"), f.Items, catalogue.ImportOptions{})
				if err != nil || done.Created < rows {
					b.Fatal(done, err)
				}
				importing += time.Since(start)
				bare += bareWrite(b, f.Items)
			}
			b.ReportMetric(float64(reading+importing)/float64(bare), "times-bare")
			b.ReportMetric(float64(reading+importing)/float64(reading), "times-reading")
			b.ReportMetric(reading.Seconds()/float64(b.N), "s-reading")
			b.ReportMetric(importing.Seconds()/float64(b.N), "s-importing")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// bareWrite is how long bbolt takes to write as many bytes under as many keys.
func bareWrite(b *testing.B, items []catalogue.Item) time.Duration {
	b.Helper()
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	values := make([][]byte, len(items))
	for i, item := range items {
		c := item.(*catalogue.Contract)
		values[i] = fmt.Appendf(nil, "%+v", *c)
	}
	start := time.Now()
	err = db.Update(func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucketIfNotExists([]byte("b"))
		for i, v := range values {
			if err == nil {
				err = bucket.Put([]byte(items[i].Key().String()), v)
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}
