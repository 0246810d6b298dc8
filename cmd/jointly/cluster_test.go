package main

// Several nodes on one cluster: what they write, what each finds, and how a catalogue moves between stores.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/catalogue/kv/etcd/etcdtest"
)

// node opens the catalogue of a cluster in a data folder of its own, with the secret that all nodes have.
func node(t *testing.T, at, secret string) *app {
	t.Helper()
	a, err := opened(t.Context(), Globals{Data: t.TempDir(), Store: at, Secret: secret}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func clusterSecret(t *testing.T) string {
	return written(t, "secret", strings.Repeat("5e", 32)+"\n")
}

// TestTwoNodesWriteAtOnce: nothing is lost or there twice, the feed has no gap, and both nodes find all of it.
func TestTwoNodesWriteAtOnce(t *testing.T) {
	t.Parallel()
	at, secret := etcdtest.Start(t).At("two").String(), clusterSecret(t)
	nodes := []*app{node(t, at, secret), node(t, at, secret)}
	const writers, each = 4, 20
	ids := make(chan string, len(nodes)*writers*each)
	var all sync.WaitGroup
	for n, a := range nodes {
		for w := range writers {
			all.Go(func() {
				actor := catalogue.Actor{Account: "writer", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: fmt.Sprintf("E0800000%d", w+1), Via: "test"}
				for i := range each {
					in := catalogue.Intention{Title: fmt.Sprintf("Revenues system %d of writer %d at node %d", i, w, n),
						WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31")}
					done, err := a.catalogue.SaveIntention(t.Context(), actor, in)
					if err != nil {
						t.Error(err)
						return
					}
					ids <- done.ID
				}
			})
		}
	}
	all.Wait()
	close(ids)
	for _, a := range nodes {
		v, err := a.catalogue.Verify(t.Context())
		if err != nil || len(v.Problems) > 0 || v.Records != cap(ids) || v.Changes != cap(ids) || v.Events != cap(ids) {
			t.Errorf("%d records, %d changes, %d events, want %d of each; %v %v", v.Records, v.Changes, v.Events, cap(ids), v.Problems, err)
		}
		if seq, err := a.catalogue.Seq(t.Context()); err != nil || seq != uint64(cap(ids)) {
			t.Errorf("the feed is at %d, %v, want %d", seq, err, cap(ids))
		}
		index, err := a.searching(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		engine, err := a.matching(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := compareReadModels(t, a, index, engine.Cursor()); diff != "" {
			t.Error(diff)
		}
	}
	seen := map[string]bool{}
	for id := range ids {
		seen[id] = true
		if _, err := nodes[1].catalogue.Intention(t.Context(), catalogue.Operator("test"), id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if len(seen) != cap(ids) {
		t.Errorf("%d different intentions, want %d", len(seen), cap(ids))
	}
	t.Logf("fault: two nodes write at once | %d writers, %d writes | lost 0, duplicates 0, no gap in the feed, both nodes find all", len(nodes)*writers, cap(ids))
}

// TestTwoNodesEditOneRecord: of those who read the same version one wins, whichever node each is at.
func TestTwoNodesEditOneRecord(t *testing.T) {
	t.Parallel()
	at, secret := etcdtest.Start(t).At("edit").String(), clusterSecret(t)
	nodes := []*app{node(t, at, secret), node(t, at, secret)}
	actor := catalogue.Actor{Account: "writer", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: "E08000025", Via: "test"}
	first, err := nodes[0].catalogue.SaveIntention(t.Context(), actor, catalogue.Intention{Title: "Revenues system",
		WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31")})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	won, lost := 0, 0
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			in, err := nodes[n%2].catalogue.Intention(t.Context(), actor, first.ID)
			if err != nil {
				t.Error(err)
				return
			}
			in.Meta = first.Meta // as it was when all of them opened the page
			in.Title = fmt.Sprint("Revenues system, edit ", n)
			_, err = nodes[n%2].catalogue.SaveIntention(t.Context(), actor, *in)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case catalogue.KindOf(err) == catalogue.Conflict:
				lost++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won != 1 || lost != 19 {
		t.Errorf("%d edits won and %d were told of the conflict, want 1 and 19", won, lost)
	}
}

// TestANodeIsKilled: nothing that a node acknowledged is lost when it is killed, while another goes on writing.
func TestANodeIsKilled(t *testing.T) {
	t.Parallel()
	at, secret := etcdtest.Start(t).At("kill").String(), clusterSecret(t)
	kills := 6
	if testing.Short() {
		kills = 2
	}
	var mu sync.Mutex
	var acked []string
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			dir := t.TempDir()
			for range kills / 2 {
				more := killOnce(t, dir, "durable", childStore+"="+at, childSecret+"="+secret)
				mu.Lock()
				acked = append(acked, more...)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if n := lostIn(t, Globals{Data: t.TempDir(), Store: at, Secret: secret}, acked); n > 0 || len(acked) == 0 {
		t.Errorf("%d of %d acknowledged writes are lost", n, len(acked))
	}
	t.Logf("fault: kill -9 of a node while another writes | %d kills | %d acknowledged writes, lost 0", kills, len(acked))
}

// TestALateJobWritesNothing: a node that lost the lease for jobs without knowing cannot write under it.
func TestALateJobWritesNothing(t *testing.T) {
	t.Parallel()
	at, secret := etcdtest.Start(t).At("late").String(), clusterSecret(t)
	slow, other := node(t, at, secret), node(t, at, secret)
	lease, err := slow.store.Lease(t.Context(), "jobs", time.Second)
	if err != nil {
		t.Fatal(err)
	}
	late := slow.catalogue.Under(lease)
	actor := catalogue.Actor{Account: "writer", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: "E08000025", Via: "test"}
	in := catalogue.Intention{Title: "Revenues system", WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31")}
	if _, err := late.SaveIntention(t.Context(), actor, in); err != nil {
		t.Errorf("while it has the lease: %v", err)
	}
	if _, err := other.store.Lease(t.Context(), "jobs", time.Minute); err != nil { // the first is not renewed
		t.Fatal(err)
	}
	if _, err := late.SaveIntention(t.Context(), actor, in); !errors.Is(err, kv.ErrLeaseLost) {
		t.Errorf("once another has it: %v, want ErrLeaseLost", err)
	}
	if seq, err := other.catalogue.Seq(t.Context()); err != nil || seq != 1 {
		t.Errorf("the feed is at %d, %v, want 1", seq, err)
	}
	t.Logf("fault: node that lost the lease for jobs without knowing | writes under it after another has taken it | refused, written 0")
}

// TestAnotherSecretIsRefused: a node that could not read what the others seal does not start.
func TestAnotherSecretIsRefused(t *testing.T) {
	t.Parallel()
	at := etcdtest.Start(t).At("secret").String()
	node(t, at, clusterSecret(t))
	other := written(t, "other", strings.Repeat("07", 32))
	if o := jointly(t, "--data", t.TempDir(), "--store", at, "--secret", other, "verify"); o.status == statusDone || !strings.Contains(o.err, "another secret") {
		t.Errorf("status %d: %s", o.status, o.err)
	}
	// A data folder belongs to one process also where the records are elsewhere.
	held := node(t, at, clusterSecret(t))
	if o := jointly(t, "--data", held.globals.Data, "--store", at, "verify"); o.status == statusDone || !strings.Contains(o.err, "in use") {
		t.Errorf("status %d: %s", o.status, o.err)
	}
}

// TestMovingACatalogue: from a file to a cluster and back all rows are the same, and backups are restored in either.
func TestMovingACatalogue(t *testing.T) {
	t.Parallel()
	cluster := etcdtest.Start(t)
	at := func(name string) string { return cluster.At(name).String() }
	home := factsFolder(t)
	want := done(t, "--data", home, "export", "intentions")
	file := filepath.Join(home, storeFile)

	secret := filepath.Join(home, "secret")
	in := done(t, "copy", "--from", file, "--to", at("moved"))
	back := filepath.Join(t.TempDir(), "back.db")
	if out := done(t, "copy", "--from", at("moved"), "--to", "bolt://"+back); out != in {
		t.Errorf("there: %s, and back: %s", in, out)
	}
	for _, store := range []string{at("moved"), "bolt://" + back} {
		if got := done(t, "--data", t.TempDir(), "--store", store, "--secret", secret, "export", "intentions"); got != want {
			t.Errorf("%s exports something else: %s", store, firstDifference(want, got))
		}
		done(t, "--data", t.TempDir(), "--store", store, "--secret", secret, "search", "library")
		if o := jointly(t, "copy", "--from", file, "--to", store); o.status != statusRefused || !strings.Contains(o.err, "there is a catalogue already") {
			t.Errorf("copied over %s: status %d: %s", store, o.status, o.err)
		}
	}

	backup := filepath.Join(t.TempDir(), "b.backup")
	done(t, "--data", t.TempDir(), "--store", at("moved"), "--secret", secret, "backup", backup)
	for _, args := range [][]string{{"--data", t.TempDir()}, {"--data", t.TempDir(), "--store", at("restored")}} {
		done(t, append(args, "restore", backup)...)
		if got := done(t, append(args, "export", "intentions")...); got != want {
			t.Errorf("%s restored exports something else: %s", args, firstDifference(want, got))
		}
		done(t, append(args, "verify", "--against", backup)...)
		if o := jointly(t, append(args, "restore", backup)...); o.status != statusRefused {
			t.Errorf("restored over what is there: status %d: %s", o.status, o.err)
		}
	}
	for _, args := range [][]string{
		{"copy", "--from", filepath.Join(home, "nothing.db"), "--to", at("x")}, {"copy", "--from", file, "--to", "ftp://x"}, {"copy", "--from", file},
		{"copy", "--from", file, "--to", file}, {"copy", "--from", file, "--to", "etcd://a:1/b/c"},
	} {
		if o := jointly(t, args...); o.status == statusDone {
			t.Errorf("%s: %s", args, o.out)
		}
	}
}

// TestHalfACopyIsNoCatalogue: what was not filled to the end is not opened, and can be begun again.
func TestHalfACopyIsNoCatalogue(t *testing.T) {
	t.Parallel()
	dir, half := t.TempDir(), filepath.Join(t.TempDir(), "half.db")
	done(t, "--data", dir, "import", "public-facts")
	from, err := Globals{}.openStore(t.Context(), storeAt{path: filepath.Join(dir, storeFile)}, "")
	if err != nil {
		t.Fatal(err)
	}
	to, err := Globals{}.openStore(t.Context(), storeAt{path: half}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := catalogue.Copy(t.Context(), from, &full{Store: to, left: 5}); !errors.Is(err, kv.ErrNoSpace) {
		t.Errorf("copied to a store that fills up: %v", err)
	}
	if _, err := catalogue.Open(t.Context(), to, catalogue.Options{}); err == nil || !strings.Contains(err.Error(), "not come to its end") {
		t.Errorf("half a copy opens: %v", err)
	}
	if _, err := catalogue.Copy(t.Context(), to, from); err == nil || !strings.Contains(err.Error(), "not come to its end") {
		t.Errorf("half a copy is copied: %v", err)
	}
	if err := errors.Join(from.Close(), to.Close()); err != nil {
		t.Fatal(err)
	}
	done(t, "copy", "--from", filepath.Join(dir, storeFile), "--to", half)
	if want, got := done(t, "--data", dir, "export", "contracts"), done(t, "--data", t.TempDir(), "--store", "bolt://"+half, "export", "contracts"); want != got {
		t.Errorf("the second copy differs: %s", firstDifference(want, got))
	}
}

// full takes so many more transactions.
type full struct {
	kv.Store
	mu   sync.Mutex
	left int
}

func (f *full) Update(ctx context.Context, fn func(kv.Tx) error) error {
	f.mu.Lock()
	f.left--
	none := f.left < 0
	f.mu.Unlock()
	if none {
		return kv.ErrNoSpace
	}
	return f.Store.Update(ctx, fn)
}

// TestTwoNodesServe: who signed in at one node is signed in at the other, and finds there what was written here. Of two
// nodes that start on an empty store at the same time one makes the demonstration.
func TestTwoNodesServe(t *testing.T) {
	t.Parallel()
	at, secret := etcdtest.Start(t).At("serve").String(), clusterSecret(t)
	dirs, nodes := []string{t.TempDir(), t.TempDir()}, make([]*service, 2)
	var starting sync.WaitGroup
	for i := range nodes {
		starting.Go(func() {
			nodes[i] = startService(t, dirs[i], "--demo", "--store", at, "--secret", secret)
		})
	}
	starting.Wait()
	if nodes[0] == nil || nodes[1] == nil {
		return // it has failed
	}
	alone := t.TempDir()
	startService(t, alone, "--demo").stop()
	for _, kind := range []string{"intentions", "contracts", "groups"} {
		want := strings.Count(done(t, "--data", alone, "export", kind), "\n")
		if got := strings.Count(done(t, "--data", dirs[1], "--store", at, "export", kind), "\n"); got != want {
			t.Errorf("%d %s, want the %d of one demonstration", got, kind, want)
		}
	}

	officer := persona(t, nodes[0], "demo-1-lead-ambleford-example")
	if status, path, _ := visit(t, officer, nodes[1].address+"/desk"); path != "/desk" || status != http.StatusOK {
		t.Errorf("signed in at one node, the other answers %d and leads to %s", status, path)
	}
	done(t, "--data", dirs[0], "--store", at, "import", "intentions", written(t, "in.jsonl", intentionLine(`"title":"Zebra crossing planner","visibility":"public"`)))
	for _, s := range nodes {
		eventually(t, 20*time.Second, "the other node finds it", func() bool {
			_, _, body := visit(t, officer, s.address+"/search?q=zebra+crossing")
			return strings.Contains(body, "Zebra crossing planner")
		})
	}
	if out := done(t, "--data", dirs[1], "--store", at, "verify"); !strings.HasPrefix(out, "Whole: ") {
		t.Error(out)
	}
	// One node goes, and the other serves on.
	if status := nodes[0].stop(); status != statusDone {
		t.Errorf("the first node ended with %d", status)
	}
	if status, path, _ := visit(t, officer, nodes[1].address+"/desk"); path != "/desk" || status != http.StatusOK {
		t.Errorf("the second answers %d and leads to %s", status, path)
	}
}

// visit gets an address and says where it led.
func visit(t *testing.T, c *http.Client, address string) (status int, path, body string) {
	t.Helper()
	r, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	return r.StatusCode, r.Request.URL.Path, bodyOf(t, r)
}
