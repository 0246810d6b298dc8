package main

// What several nodes do once: jobs, whose holder hangs in the middle, and what a node does that was away for long.

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv/etcd/etcdtest"
	"jointly/search"
)

// mailbag counts what nodes have sent, by who got it and what it says.
type mailbag struct {
	mu  sync.Mutex
	got map[string]int
}

func (b *mailbag) count() (all, twice int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range b.got {
		all += n
		twice += n - 1
	}
	return all, twice
}

// carrier sends into a mailbag; one that is to hang at its nth mail keeps it until the test lets it go on, and then fails.
type carrier struct {
	bag    *mailbag
	hangAt int
	hung   chan struct{}
	goOn   chan struct{}

	mu   sync.Mutex
	sent int
}

func (c *carrier) Send(ctx context.Context, m catalogue.Message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sent+1 == c.hangAt {
		close(c.hung)
		c.hangAt = 0
		select {
		case <-c.goOn:
		case <-ctx.Done():
		}
		return errors.New("the connection broke off, as the test wants it")
	}
	c.sent++
	c.bag.mu.Lock()
	defer c.bag.mu.Unlock()
	c.bag.got[m.To+" "+m.Subject+" "+m.Link]++
	return nil
}

// TestJobsOfSeveralNodesRunOnce: on a Monday to come, the node that has the lease hangs in the middle of its mail, after
// some jobs and before others. Another makes the rest; when the first goes on, it makes and sends nothing more.
func TestJobsOfSeveralNodesRunOnce(t *testing.T) {
	t.Parallel()
	at, secret := etcdtest.Start(t).At("jobs").String(), clusterSecret(t)
	late, other := node(t, at, secret), node(t, at, secret)
	demonstrateWithoutEdition(t, late)
	now := time.Now().UTC()
	monday := time.Date(now.Year(), now.Month(), now.Day()+15-int(now.Weekday()), 9, 0, 0, 0, time.UTC)
	kinds := []catalogue.Kind{catalogue.KindRelease, catalogue.KindEdition, catalogue.KindPlanFigures}
	before := map[catalogue.Kind]int{}
	for _, kind := range kinds {
		before[kind] = len(idsOf(t, other, kind))
	}
	bag := &mailbag{got: map[string]int{}}
	first, second := &carrier{bag: bag, hangAt: 3, hung: make(chan struct{}), goOn: make(chan struct{})}, &carrier{bag: bag}
	run := func(a *app, s catalogue.Sender) (ended chan error) {
		a.catalogue = a.catalogue.At(func() time.Time { return monday })
		a.leaseFor = 2 * time.Second
		if _, err := a.searching(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := a.matching(t.Context()); err != nil {
			t.Fatal(err)
		}
		ended = make(chan error, 1)
		ctx, cancel := context.WithCancel(t.Context())
		finished := make(chan struct{})
		go func() {
			defer close(finished)
			ended <- a.jobs(ctx, s, meterJobs(a.metrics))
		}()
		t.Cleanup(func() { cancel(); <-finished })
		return ended
	}
	lost := run(late, first)
	select {
	case <-first.hung:
	case err := <-lost:
		t.Fatalf("the first node's jobs ended: %v", err)
	case <-time.After(time.Minute):
		t.Fatal("the first node does not come to its third mail")
	}
	run(other, second)
	made := func() bool { // and nothing waits to be sent
		state, err := other.catalogue.OutboxState(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range kinds {
			if len(idsOf(t, other, kind)) == before[kind] {
				return false
			}
		}
		return state.Waiting == 0
	}
	eventually(t, time.Minute, "the second node makes and sends the rest", made)
	close(first.goOn)
	select {
	case err := <-lost:
		if err == nil {
			t.Error("the first node's jobs end without an error")
		}
	case <-time.After(time.Minute):
		t.Fatal("the first node does not see that it has lost the lease")
	}
	all, twice := bag.count()
	if twice > 0 || first.sent != 2 || all < 5 {
		t.Errorf("%d mails, of them %d twice; the first node sent %d, want 2", all, twice, first.sent)
	}
	counts := map[catalogue.Kind]int{}
	for _, kind := range kinds {
		if counts[kind] = len(idsOf(t, other, kind)) - before[kind]; counts[kind] != 1 {
			t.Errorf("%d of %s were made, want one", counts[kind], kind)
		}
	}
	if v, err := other.catalogue.Verify(t.Context()); err != nil || len(v.Problems) > 0 {
		t.Errorf("%v %v", v.Problems, err)
	}
	t.Logf("fault: node with the jobs hangs in its third mail | 2 nodes, the clock at a Monday to come | %d mails, %d of them twice; made: %v; the late node sent %d before it hung and none after", all, twice, counts, first.sent)
}

// demonstrateWithoutEdition fills a catalogue with the demonstration, of whose baseline there is no edition yet.
func demonstrateWithoutEdition(t *testing.T, a *app) {
	t.Helper()
	if _, err := a.importFacts(t.Context(), false, nil); err != nil {
		t.Fatal(err)
	}
	councils, others, err := a.demonstration()
	if err != nil {
		t.Fatal(err)
	}
	for _, items := range [][]catalogue.Item{councils, others} {
		if _, err := a.importAll(t.Context(), items, catalogue.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
	}
}

func idsOf(t *testing.T, a *app, kind catalogue.Kind) (ids []string) {
	t.Helper()
	if err := a.catalogue.Each(t.Context(), catalogue.Operator("test"), kind, func(item catalogue.Item) error {
		ids = append(ids, item.Key().ID)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return ids
}

// TestANodeThatWasAwayTooLongRebuilds: the feed of a cluster no longer says what a node has missed. It builds its index
// anew beside the old one, which answers meanwhile.
func TestANodeThatWasAwayTooLongRebuilds(t *testing.T) {
	t.Parallel()
	at, secret := etcdtest.Start(t).At("away").String(), clusterSecret(t)
	here := node(t, at, secret)
	actor := func(council string) catalogue.Actor {
		return catalogue.Actor{Account: "writer", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: council, Via: "test"}
	}
	list := func(n int) (last *catalogue.Intention) {
		t.Helper()
		for range n {
			in, err := here.catalogue.SaveIntention(t.Context(), actor("E08000025"), catalogue.Intention{Title: "Quagga register",
				WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31")})
			if err != nil {
				t.Fatal(err)
			}
			last = in
		}
		return last
	}
	const early, later = 20, 60
	about := list(early)
	globals := Globals{Data: t.TempDir(), Store: at, Secret: secret}
	away, err := opened(t.Context(), globals, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := away.searching(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := away.close(); err != nil {
		t.Fatal(err)
	}

	officer := actor("E09000014")
	if _, err := here.catalogue.RegisterInterest(t.Context(), officer, about.ID, catalogue.Standing{Rung: catalogue.Watching}, ""); err != nil {
		t.Fatal(err)
	}
	if err := here.catalogue.WithdrawInterest(t.Context(), officer, about.ID); err != nil {
		t.Fatal(err)
	}
	list(later)
	if err := here.catalogue.At(func() time.Time { return time.Now().AddDate(0, 6, 0) }).Expire(t.Context()); err != nil {
		t.Fatal(err)
	}

	back, err := opened(t.Context(), globals, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := back.close(); err != nil {
			t.Error(err)
		}
	}()
	index, err := search.Open(t.Context(), filepath.Join(globals.Data, indexFolder), back.catalogue, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	back.index = index
	if _, err := back.catalogue.Changes(t.Context(), index.Cursor(catalogue.Councils), 1); !errors.Is(err, catalogue.ErrHorizon) {
		t.Fatalf("the node is not behind the horizon: %v", err)
	}
	found := func() int {
		t.Helper()
		r, err := index.Search(t.Context(), catalogue.Councils, search.Query{Text: "quagga"})
		if err != nil {
			t.Error(err)
		}
		return r.Total
	}
	if n := found(); n != early {
		t.Errorf("before it has caught up the node finds %d, want the %d of old", n, early)
	}
	caught := make(chan error, 1)
	go func() { caught <- index.CatchUp(t.Context()) }()
	asked := 0
	for waiting := true; waiting; asked++ {
		if n := found(); n != early && n != early+later {
			t.Errorf("while it builds anew the node finds %d, want %d or %d", n, early, early+later)
		}
		select {
		case err := <-caught:
			if err != nil {
				t.Fatal(err)
			}
			waiting = false
		default:
		}
	}
	engine, err := back.matching(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := compareReadModels(t, back, index, engine.Cursor()); diff != "" {
		t.Error(diff)
	}
	if n := found(); n != early+later {
		t.Errorf("then it finds %d, want %d", n, early+later)
	}
	t.Logf("fault: node away for longer than the feed reaches back | index of %d records, %d when it is back | built anew beside the old, which answered %d searches meanwhile", early, early+later, asked)
}
