package capability_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue/capability"
)

func TestTaxonomyIsComplete(t *testing.T) {
	d := load(t)
	areas, capabilities := d.Areas(), d.Capabilities()
	if len(areas) != 34 || len(capabilities) != 61 {
		t.Fatalf("%d areas and %d capabilities, want 34 and 61", len(areas), len(capabilities))
	}
	for _, a := range areas {
		if got, ok := d.Area(a.ID); !ok || got != a {
			t.Errorf("Area(%q) = %v, %v", a.ID, got, ok)
		}
	}
	for _, c := range capabilities {
		if got, ok := d.Capability(c.ID); !ok || got.Name != c.Name {
			t.Errorf("Capability(%q) = %v, %v", c.ID, got, ok)
		}
		if _, ok := d.Area(c.Area); !ok {
			t.Errorf("%s is in the unknown area %q", c.ID, c.Area)
		}
	}
	for _, n := range d.Needs() {
		if got, ok := d.Need(n.ID); !ok || got != n {
			t.Errorf("Need(%q) = %v, %v", n.ID, got, ok)
		}
	}
	for _, id := range []string{"", "revs", "revs-bens/discount-review", "zz"} {
		if _, ok := d.Capability(id); ok {
			t.Errorf("there is a capability %q", id)
		}
	}
	if _, ok := d.Need("revs-bens"); ok {
		t.Error("a capability is no finer need")
	}
}

func TestTaxonomyAgreesWithTheFacts(t *testing.T) {
	d := load(t)
	for _, row := range table(t, shared(t, "facts", "capabilities.csv")) {
		c, ok := d.Capability(row["capability"])
		want := capability.Capability{
			ID: row["capability"], Name: row["name"], Area: row["area"],
			Underpinning: row["underpinning"] == "y", Tiers: row["council_tiers"], CPV: strings.Fields(row["cpv"]), Purchase: c.Purchase,
		}
		if !ok || c.Name != want.Name || c.Area != want.Area || c.Underpinning != want.Underpinning || c.Tiers != want.Tiers || !slices.Equal(c.CPV, want.CPV) {
			t.Errorf("got %+v, want %+v", c, want)
		}
	}
	for _, row := range table(t, shared(t, "facts", "areas.csv")) {
		if a, ok := d.Area(row["area"]); !ok || a.Name != row["name"] {
			t.Errorf("got %+v, want %v", a, row)
		}
	}
}

func TestEveryCapabilityHasTerms(t *testing.T) {
	terms := map[string]int{}
	for _, row := range table(t, filepath.Join("data", "dictionary.csv")) {
		if row["kind"] != "weak" {
			terms[row["capability"]]++
		}
	}
	for _, c := range load(t).Capabilities() {
		if terms[c.ID] < 10 {
			t.Errorf("%s has %d terms, want at least 10", c.ID, terms[c.ID])
		}
	}
}

func TestVersionIsStable(t *testing.T) {
	if a, b := load(t).Version(), load(t).Version(); a == "" || a != b {
		t.Errorf("versions %q and %q of the same data", a, b)
	}
}

// shared finds a file of the reference folder beside the checkout.
func shared(t *testing.T, path ...string) string {
	t.Helper()
	file := filepath.Join(append([]string{"..", "..", "..", "shared"}, path...)...)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("the reference folder is not there: %v", err)
	}
	return file
}

// table reads a CSV file with a header; lines that start with # are comments.
func table(t *testing.T, file string) []map[string]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	records, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}
