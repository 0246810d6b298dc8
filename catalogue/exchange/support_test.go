package exchange_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/capability"
	"jointly/catalogue/exchange"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/register"
)

// today is the day on which these tests take place.
var today = time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)

const birmingham = "E08000025"

// kind is a kind of record as files of JSON lines hold it.
type kind struct {
	name  string
	kind  catalogue.Kind
	whole string // a line with nothing wrong in it
	read  func(*exchange.Reader, io.Reader) (*exchange.File, error)
}

func kinds() []kind {
	return []kind{
		{"intentions", catalogue.KindIntention, `{"ref":"i1","council":"E08000025","title":"Parking permits","description":"Permits and visitor vouchers","area":"parking-transport","budget_min":100000,"budget_max":"£200,000","window_start":"2027-04-01","window_end":"2027-10-31","musts":["Runs on phones"]}`,
			(*exchange.Reader).Intentions},
		{"contracts", catalogue.KindContract, `{"ref":"c1","council":"E08000025","title":"Parking permits","supplier":"Example Ltd","cpv":["48000000"],"value_gbp":125000,"start_date":"2024-04-01","end_date":"2027-03-31","extension_months":12}`,
			(*exchange.Reader).Contracts},
		{"platforms", catalogue.KindPlatform, `{"ref":"p1","name":"Example Permits","supplier":"Example Ltd","capabilities":["parking"],"uses":[{"council":"E08000025","since":"2024-04","source":"The council's website"}]}`,
			(*exchange.Reader).Platforms},
	}
}

// opened is an empty catalogue on a real store.
func opened(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "catalogue.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	c, err := catalogue.Open(context.Background(), store, catalogue.Options{Clock: func() time.Time { return today }, Secret: [32]byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func reader(c *catalogue.Catalogue) *exchange.Reader {
	return &exchange.Reader{Register: c.Register(), Dictionary: c.Dictionary()}
}

// registers are the registers, loaded once: they do not change.
var registers = sync.OnceValues(func() (*exchange.Reader, error) {
	reg, err := register.Load()
	if err != nil {
		return nil, err
	}
	dict, err := capability.Load()
	return &exchange.Reader{Register: reg, Dictionary: dict}, err
})

// pure is a reader without a catalogue.
func pure(t testing.TB) *exchange.Reader {
	t.Helper()
	r, err := registers()
	if err != nil {
		t.Fatal(err)
	}
	out := *r
	return &out
}

// brought imports a file as the operator, as the command does.
func brought(t testing.TB, c *catalogue.Catalogue, r *exchange.Reader, k kind, in io.Reader) exchange.Report {
	t.Helper()
	f, err := k.read(r, in)
	if err != nil {
		t.Fatal(err)
	}
	return stored(t, c, f)
}

// stored imports what was read of a file.
func stored(t testing.TB, c *catalogue.Catalogue, f *exchange.File) exchange.Report {
	t.Helper()
	done, err := c.Import(context.Background(), catalogue.Operator("test"), f.Items, catalogue.ImportOptions{DryRun: len(f.Errors) > 0})
	if err != nil {
		t.Fatal(err)
	}
	return f.Report(done)
}

func exported(t testing.TB, c *catalogue.Catalogue, actor catalogue.Actor, kind catalogue.Kind, format string) string {
	t.Helper()
	var out strings.Builder
	if err := exchange.Export(context.Background(), c, actor, kind, format, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// real is a file of published notices, which are kept beside the checkout and not in it.
func real(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "real", name))
	if err != nil {
		t.Skip("needs ../shared/real beside the checkout: ", err)
	}
	return b
}
