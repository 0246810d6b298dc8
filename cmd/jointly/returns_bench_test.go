package main

// What it costs to bring in the returns of every council: go test -run '^$' -bench Returns ./cmd/jointly

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// How much is brought in: 48,000 rows.
const (
	benchCouncils = 400
	benchServices = 30
	benchRows     = 1000 // that the bare write puts in one transaction
)

// returnsOfAll is a file of returns: four channels of each service of each council, over two periods where the register has
// fewer councils.
func returnsOfAll(a *app) []byte {
	var b bytes.Buffer
	b.WriteString("council,lgsl,period_start,period_end,channel,volume,cost_gbp,method\n")
	councils, services := a.catalogue.Register().Councils(), a.catalogue.Register().Services()
	for n := range benchCouncils {
		year := 2025 - n/len(councils)
		for _, s := range services[:benchServices] {
			for i, ch := range catalogue.Channels() {
				fmt.Fprintf(&b, "%s,%d,%d-04-01,%d-03-31,%s,%d,%d.50,counted\n", councils[n%len(councils)].GSS, s.LGSL, year, year+1, ch, 1000*i+n, 100*i+n)
			}
		}
	}
	return b.Bytes()
}

// BenchmarkReturns imports all returns into an empty catalogue, reading included, and writes the same rows into bbolt with
// nothing around them.
func BenchmarkReturns(b *testing.B) {
	for b.Loop() {
		a, err := opened(b.Context(), Globals{Data: b.TempDir()}, slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		file := returnsOfAll(a)
		took := func(fn func() error) time.Duration {
			began := time.Now()
			if err := fn(); err != nil {
				b.Fatal(err)
			}
			return time.Since(began)
		}
		imported := took(func() error { return importReturnsFrom(b, a, bytes.NewReader(file)) })
		bare := took(func() error { return bareRows(filepath.Join(b.TempDir(), "bare.db"), file) })
		page := took(func() error {
			all, err := a.catalogue.Returns(b.Context(), catalogue.Operator("test"), a.catalogue.Register().Services()[0].LGSL, catalogue.MustDate("2025-04-01"))
			if err == nil && len(all) < 300 {
				err = fmt.Errorf("%d returns of a service", len(all))
			}
			return err
		})
		b.ReportMetric(imported.Seconds(), "s-import")
		b.ReportMetric(bare.Seconds(), "s-bare")
		b.ReportMetric(imported.Seconds()/bare.Seconds(), "ratio")
		b.ReportMetric(float64(page.Microseconds())/1000, "ms-one-service")
		if err := a.close(); err != nil {
			b.Fatal(err)
		}
	}
}

func importReturnsFrom(b *testing.B, a *app, in io.Reader) error {
	reader, _, err := exchange.ReaderFor(b.Context(), a.catalogue, catalogue.Operator("command"), "")
	if err != nil {
		return err
	}
	f, err := reader.Returns(in)
	if err != nil || len(f.Errors) > 0 {
		return fmt.Errorf("%v: %w", f.Errors, err)
	}
	done, err := a.importAll(b.Context(), f.Items, catalogue.ImportOptions{})
	if err == nil && done.Created != benchCouncils*benchServices {
		err = fmt.Errorf("%d returns are created", done.Created)
	}
	return err
}

// bareRows puts each row of a file under a key of its own, a thousand in a transaction.
func bareRows(path string, file []byte) error {
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	rows := bytes.Split(bytes.TrimSpace(file), []byte("\n"))[1:]
	for from := 0; from < len(rows); from += benchRows {
		if err := db.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("rows"))
			if err != nil {
				return err
			}
			for i, row := range rows[from:min(from+benchRows, len(rows))] {
				if err := bucket.Put(fmt.Appendf(nil, "%08d", from+i), row); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return db.Close()
}
