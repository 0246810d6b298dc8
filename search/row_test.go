package search

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRowsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := row{
			title:  rapid.String().Draw(t, "title"),
			ends:   day(rapid.Int32().Draw(t, "ends")),
			stale:  day(rapid.Int32().Draw(t, "stale")),
			newest: rapid.Int64().Draw(t, "newest"),
		}
		values := rapid.Custom(func(t *rapid.T) value {
			return value{rapid.String().Draw(t, "id"), rapid.String().Draw(t, "label"), rapid.Bool().Draw(t, "own")}
		})
		for f := range in.values {
			in.values[f] = rapid.SliceOfN(values, 0, 3).Draw(t, "values")
		}
		var out rowBytes
		if err := out.decode(in.encode()); err != nil {
			t.Fatal(err)
		}
		if string(out.title) != in.title || out.ends != in.ends || out.stale != in.stale || out.newest != in.newest {
			t.Fatalf("got %q %d %d %d", out.title, out.ends, out.stale, out.newest)
		}
		for f := range in.values {
			got, err := decodeValues(out.values[f])
			if err != nil {
				t.Fatal(err)
			}
			if len(got)+len(in.values[f]) > 0 && !cmp.Equal(got, in.values[f], cmp.AllowUnexported(value{})) {
				t.Fatalf("facet %d: got %v, want %v", f, got, in.values[f])
			}
		}
	})
}

func FuzzDecodeRow(f *testing.F) {
	r := row{title: "Telephony", ends: 20_000}
	r.set(FacetRegion, value{id: "London"})
	f.Add(r.encode())
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(_ *testing.T, b []byte) {
		var out rowBytes
		if out.decode(b) != nil {
			return
		}
		for _, values := range out.values {
			_, _ = decodeValues(values) // must not panic, whatever it says
		}
	})
}
