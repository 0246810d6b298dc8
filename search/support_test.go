package search_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv/bolt"
	"jointly/search"
)

// now is when the tests take place.
func now() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// world is a catalogue on a real store, with its indexes beside it.
type world struct {
	t     testing.TB
	cat   *catalogue.Catalogue
	index *search.Index
	dir   string
	clock time.Time
}

// newWorld is an empty catalogue and its indexes, in the test's own folder.
func newWorld(t testing.TB) *world {
	t.Helper()
	return openWorld(t, t.TempDir())
}

// openWorld opens the catalogue in a folder with its indexes.
func openWorld(t testing.TB, folder string) *world {
	t.Helper()
	w := &world{t: t, dir: filepath.Join(folder, "index"), clock: now()}
	store, err := bolt.Open(filepath.Join(folder, "catalogue.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.cat, err = catalogue.Open(context.Background(), store, catalogue.Options{Clock: func() time.Time { return w.clock }})
	if err != nil {
		t.Fatal(err)
	}
	w.open()
	return w
}

// open opens the indexes, which the test must have closed before.
func (w *world) open() {
	w.t.Helper()
	index, err := search.Open(context.Background(), w.dir, w.cat, search.Options{Deadline: 20 * time.Second})
	if err != nil {
		w.t.Fatal(err)
	}
	w.index = index
	w.t.Cleanup(func() {
		if w.index == index {
			w.close()
		}
	})
}

func (w *world) close() {
	w.t.Helper()
	if err := w.index.Close(); err != nil {
		w.t.Error(err)
	}
	w.index = nil
}

func (w *world) add(items ...catalogue.Item) {
	w.t.Helper()
	got, err := w.cat.Import(context.Background(), catalogue.Operator("test"), items, catalogue.ImportOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range got.Errors {
		w.t.Fatalf("item %d: %s: %s", e.Item, e.Field, e.Message)
	}
}

func (w *world) catchUp() {
	w.t.Helper()
	if err := w.index.CatchUp(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// find searches as councils do.
func (w *world) find(q search.Query) search.Result {
	w.t.Helper()
	return w.findAs(catalogue.Councils, q)
}

func (w *world) findAs(audience catalogue.Audience, q search.Query) search.Result {
	w.t.Helper()
	got, err := w.index.Search(context.Background(), audience, q)
	if err != nil {
		w.t.Fatalf("%q: %v", q.Text, err)
	}
	return got
}

// titles are the titles of a result's hits.
func titles(r search.Result) []string {
	out := make([]string, len(r.Hits))
	for i, h := range r.Hits {
		out[i] = h.Title
	}
	return out
}

// intention is a line of the intentions that the matcher is developed on.
type intention struct {
	Ref, Council, Title, Description, Area string
	BudgetMin                              float64        `json:"budget_min"`
	BudgetMax                              float64        `json:"budget_max"`
	WindowStart                            catalogue.Date `json:"window_start"`
	WindowEnd                              catalogue.Date `json:"window_end"`
	CurrentSupplier                        string         `json:"current_supplier"`
}

// intentions reads the shared intentions; the test is skipped where they are not there.
func intentions(t testing.TB) []catalogue.Item {
	t.Helper()
	file := filepath.Join("..", "..", "shared", "matching", "intentions-dev.jsonl")
	if _, err := os.Stat(file); err != nil {
		t.Skip("needs the shared folder beside the checkout: ", err)
	}
	return readIntentions(t, file)
}

// readIntentions reads intentions as they are imported.
func readIntentions(t testing.TB, file string) []catalogue.Item {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []catalogue.Item
	for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
		var in intention
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			t.Fatal(err)
		}
		out = append(out, &catalogue.Intention{
			Meta: catalogue.Meta{Ref: in.Ref}, Council: in.Council, Title: in.Title, Description: in.Description, Area: in.Area,
			Budget:      catalogue.Money{Min: in.BudgetMin, Max: in.BudgetMax},
			WindowStart: in.WindowStart, WindowEnd: in.WindowEnd, CurrentSupplier: in.CurrentSupplier,
		})
	}
	return out
}
