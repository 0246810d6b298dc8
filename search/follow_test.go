package search_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/search"
)

// contents is everything that both audiences find, with all counts: what an index says of its catalogue.
func (w *world) contents() string {
	w.t.Helper()
	return contents(w.t, w.index)
}

func contents(t testing.TB, index *search.Index) string {
	t.Helper()
	var out strings.Builder
	for _, audience := range []catalogue.Audience{catalogue.Public, catalogue.Councils} {
		for q := (search.Query{Ended: true, Limit: 100, Sort: search.ByName, Facets: search.Facets()}); ; {
			got, err := index.Search(context.Background(), audience, q)
			if err != nil {
				t.Fatal(err)
			}
			if q.Cursor == "" {
				fmt.Fprintln(&out, audience, got.Total, got.Facets)
			}
			for _, h := range got.Hits {
				fmt.Fprintln(&out, h.Key, h.Ref, h.Title)
			}
			if q.Cursor = got.Next; q.Cursor == "" {
				break
			}
		}
	}
	return out.String()
}

// fresh is what an index says that is built from nothing.
func (w *world) fresh() string {
	w.t.Helper()
	index, err := search.Open(context.Background(), w.t.TempDir(), w.cat, search.Options{Deadline: 20 * time.Second})
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() {
		if err := index.Close(); err != nil {
			w.t.Error(err)
		}
	}()
	if err := index.CatchUp(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	return contents(w.t, index)
}

// mustConverge fails unless the indexes say what ones that are built from nothing would.
func (w *world) mustConverge(what string) {
	w.t.Helper()
	w.catchUp()
	if lag, err := w.index.Lag(context.Background()); err != nil || lag != 0 {
		w.t.Errorf("%s: %d changes behind, %v", what, lag, err)
	}
	if got, want := w.contents(), w.fresh(); got != want {
		w.t.Errorf("%s: the index does not say what its catalogue holds", what)
	}
}

func some(w *world, n int, from int) {
	w.t.Helper()
	var items []catalogue.Item
	for i := from; i < from+n; i++ {
		items = append(items, need(fmt.Sprint("need", i), leeds, fmt.Sprint("Quagga ", i), "telephony"),
			bought(fmt.Sprint("bought", i), haringey, fmt.Sprint("Okapi ", i), "NEC Software Solutions UK", "2028-03-31"))
	}
	w.add(items...)
}

func TestAnIndexThatIsOpenedAgainGoesOn(t *testing.T) {
	w := newWorld(t)
	some(w, 20, 0)
	w.catchUp()
	w.close()
	some(w, 5, 18) // three of them change, two are new
	w.open()
	if got := w.find(search.Query{Text: "quagga", Limit: 1}); got.Total != 20 {
		t.Errorf("before it catches up %d are found", got.Total)
	}
	w.mustConverge("opened again")
}

func TestAnIndexThatIsDeletedIsRebuilt(t *testing.T) {
	w := newWorld(t)
	some(w, 20, 0)
	w.catchUp()
	w.close()
	remove(t, w.dir)
	w.open()
	w.mustConverge("deleted while closed")

	some(w, 1, 100)
	remove(t, w.dir)
	if got := w.find(search.Query{Text: "quagga"}); got.Total != 20 {
		t.Errorf("with its folder gone %d are found", got.Total)
	}
	w.mustConverge("deleted while open")
	w.close()
	w.open()
	w.mustConverge("deleted while open, then opened again")
}

func remove(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedIndexIsRebuilt(t *testing.T) {
	flip := func(b []byte) []byte { b[len(b)/2] ^= 4; return b }
	cut := func(b []byte) []byte { return b[:len(b)/3] }
	zeros := func(b []byte) []byte { clear(b[:len(b)/2]); return b }
	for name, harm := range map[string]struct {
		files string
		do    func([]byte) []byte
	}{
		"a flipped bit": {"*.zap", flip}, "cut short": {"*.zap", cut},
		"a root of zeros": {"root.bolt", zeros}, "a root cut short": {"root.bolt", cut},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			some(w, 5, 0)
			w.catchUp()
			w.close()
			files, err := filepath.Glob(filepath.Join(w.dir, "*", "*", harm.files))
			if err != nil || len(files) == 0 {
				t.Fatalf("%v, %v", files, err)
			}
			for _, file := range files {
				b, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, harm.do(b), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			w.open()
			w.mustConverge(name)
		})
	}
}

// A process that is killed leaves the segment that it was writing, which nothing refers to.
func TestWhatAKilledProcessWasWritingIsNoDamage(t *testing.T) {
	w := newWorld(t)
	some(w, 5, 0)
	w.catchUp()
	w.close()
	files, err := filepath.Glob(filepath.Join(w.dir, "*", "000001", "*.zap"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, left := range map[string][]byte{"0000000000fe.zap": nil, "0000000000ff.zap": whole[:len(whole)/2]} {
			if err := os.WriteFile(filepath.Join(filepath.Dir(file), name), left, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.open()
	if got := w.find(search.Query{Text: "quagga"}); got.Total != 5 {
		t.Errorf("%d are found at once, want 5", got.Total)
	}
	if err := w.index.Check(); err != nil {
		t.Error(err)
	}
	folders, err := filepath.Glob(filepath.Join(w.dir, "*", "*"))
	if err != nil || len(folders) != 2 || filepath.Base(folders[0]) != "000001" || filepath.Base(folders[1]) != "000001" {
		t.Errorf("the index was built anew: %v, %v", folders, err)
	}
	w.mustConverge("killed while writing")
}

// While it serves, a merge writes beside what is read.
func TestASegmentHalfWrittenIsNoDamage(t *testing.T) {
	w := newWorld(t)
	some(w, 5, 0)
	w.catchUp()
	if err := os.WriteFile(filepath.Join(w.dir, "public", "000001", "0000000000ff.zap"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.index.Check(); err != nil {
		t.Error(err)
	}
}

func TestDamageIsFoundWhileServing(t *testing.T) {
	w := newWorld(t)
	some(w, 5, 0)
	w.catchUp()
	w.close()
	w.open()
	if err := w.index.Check(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(w.dir, "public", "*", "*.zap"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	f, err := os.OpenFile(files[0], os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("harm"), 100); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.index.Check(); err == nil {
		t.Fatal("the damage is not found")
	}
	w.mustConverge("damaged while serving")
	if err := w.index.Check(); err != nil {
		t.Error(err)
	}
}

func TestOtherFactsStartARebuildWhileTheOldIndexServes(t *testing.T) {
	w := newWorld(t)
	some(w, 5, 0)
	w.catchUp()
	w.close()
	some(w, 1, 5)
	for _, step := range []struct {
		version string
		before  int // found while the next one is not yet built
	}{{fmt.Sprint(search.MappingVersion, " later facts"), 5}, {"999 later facts", 0}} {
		index, err := search.OpenVersion(w.dir, w.cat, search.Options{Deadline: 20 * time.Second}, step.version)
		if err != nil {
			t.Fatal(err)
		}
		w.index = index
		if got := w.find(search.Query{Text: "quagga"}); got.Total != step.before {
			t.Errorf("%s: %d found before the rebuild, want %d", step.version, got.Total, step.before)
		}
		w.mustConverge(step.version)
		w.close()
	}
	folders, err := filepath.Glob(filepath.Join(w.dir, "public", "*"))
	if err != nil || len(folders) != 1 {
		t.Errorf("the old one is left behind: %v, %v", folders, err)
	}
}

func TestAFollowerBehindTheHorizonRebuilds(t *testing.T) {
	w := newWorld(t)
	some(w, 5, 0)
	w.catchUp()
	hit := w.find(search.Query{Text: "quagga", Limit: 1}).Hits[0]
	w.close()
	ctx := context.Background()
	officer := catalogue.Actor{Account: "officer", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: haringey}
	if _, err := w.cat.RegisterInterest(ctx, officer, hit.Key.ID, catalogue.Standing{Rung: catalogue.Watching}, ""); err != nil {
		t.Fatal(err)
	}
	if err := w.cat.WithdrawInterest(ctx, officer, hit.Key.ID); err != nil {
		t.Fatal(err)
	}
	some(w, 1, 5)
	w.clock = w.clock.AddDate(0, 6, 0)
	if err := w.cat.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	w.open()
	if _, err := w.cat.Changes(ctx, w.index.Cursor(catalogue.Public), 1); err == nil {
		t.Fatal("the cursor is not behind the horizon: the test shows nothing")
	}
	w.mustConverge("behind the horizon")
}

func TestWhatQuotesANameFollowsIt(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.add(&catalogue.Platform{Meta: catalogue.Meta{Ref: "p"}, Name: "Quagga ERP", Capabilities: []string{"finance-erp"}})
	c := bought("c", leeds, "Ledger", "", "2029-01-01")
	c.Product = "Quagga ERP"
	w.add(c)
	w.catchUp()
	ask := func(text string) []string {
		return titles(w.find(search.Query{Text: text, Exact: true, Sort: search.ByName}))
	}
	if got := ask("okapi"); len(got) != 0 {
		t.Fatalf("found %v", got)
	}
	platform := w.find(search.Query{Kinds: []catalogue.Kind{catalogue.KindPlatform}}).Hits[0].Key.ID
	p, err := w.cat.Platform(ctx, catalogue.Operator("test"), platform)
	if err != nil {
		t.Fatal(err)
	}
	p.Name, p.Aliases = "Okapi ERP", []string{"Quagga ERP"}
	w.add(p)
	w.catchUp()
	if got := ask("okapi"); !slices.Equal(got, []string{"Ledger", "Okapi ERP"}) {
		t.Errorf("by its new name: %v", got)
	}
	counts := w.find(search.Query{Text: "ledger", Facets: []search.Facet{search.FacetPlatform}}).Facets[0].Values
	if len(counts) != 1 || counts[0].Label != "Okapi ERP" {
		t.Errorf("the facet says %v", counts)
	}
	w.mustConverge("renamed")
}

func TestReindexServesOnTheWay(t *testing.T) {
	w := newWorld(t)
	some(w, 10, 0)
	w.catchUp()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			got, err := w.index.Search(context.Background(), catalogue.Councils, search.Query{Text: "quagga"})
			if err != nil || got.Total != 10 {
				t.Errorf("%d found, %v", got.Total, err)
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	for range 2 {
		if err := w.index.Reindex(context.Background()); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	<-done
	w.mustConverge("reindexed")
}

func TestFollowEndsWithItsContext(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- w.index.Follow(ctx) }()
	some(w, 1, 0)
	seq, err := w.cat.Seq(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !w.index.Wait(ctx, catalogue.Public, seq, 10*time.Second) {
		t.Error("the change is not seen")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// child is set for the process that is killed.
const child = "JOINTLY_TEST_SEARCH_CHILD"

// TestChild is no test: it writes and follows until it is killed.
func TestChild(t *testing.T) {
	folder := os.Getenv(child)
	if folder == "" {
		t.Skip("this is what TestKilledAnywhereItConverges kills")
	}
	w := openWorld(t, folder)
	go func() {
		if err := w.index.Follow(context.Background()); err != nil {
			slog.Error("follow", "error", err)
		}
	}()
	for i := 0; ; i++ {
		some(w, 1+i%7, i)
		fmt.Println("wrote", i)
	}
}

func TestKilledAnywhereItConverges(t *testing.T) {
	rounds := 4
	if testing.Short() {
		rounds = 2
	}
	folder := t.TempDir()
	for round := range rounds {
		cmd := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.v")
		cmd.Env = append(os.Environ(), child+"="+folder)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Killed after a different number of writes each time: while it builds, writes, persists or merges.
		left := 3 + round*17 + rand.IntN(10)
		for lines := bufio.NewScanner(out); left > 0 && lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "wrote") {
				left--
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		if left > 0 {
			t.Fatal("the process that was to be killed ended by itself")
		}
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			w := openWorld(t, folder)
			w.mustConverge("killed")
		})
	}
	w := openWorld(t, folder)
	w.catchUp()
	some(w, 3, 1_000_000)
	seq, err := w.cat.Seq(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.index.ForgeCursor(seq); err != nil {
		t.Fatal(err)
	}
	w.catchUp()
	if w.contents() == w.fresh() {
		t.Error("negative control: an index that lost changes looks whole")
	}
}
