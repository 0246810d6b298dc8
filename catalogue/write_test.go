package catalogue_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/catalogue/kv/kvtest"
)

func TestOneOfFiftyEditorsWins(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	in := listed(t, c, intention(birmingham, "Revenues system"))
	var saved, refused atomic.Int32
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() {
			mine := *in
			mine.Title = string(rune('A'+i%26)) + " revenues system"
			_, err := c.SaveIntention(ctx, officer(birmingham, catalogue.RoleLead), mine)
			switch {
			case err == nil:
				saved.Add(1)
			case catalogue.KindOf(err) == catalogue.Conflict:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if saved.Load() != 1 || refused.Load() != 49 {
		t.Errorf("%d saved and %d conflicts, want 1 and 49", saved.Load(), refused.Load())
	}
	whole(t, c)
	t.Logf("fault: concurrent edits | 50 editors of one record | %d saved, %d conflicts", saved.Load(), refused.Load())
}

// sentAtOnce sends the same form twenty times at once and returns the different records that it was answered with.
func sentAtOnce(t *testing.T, send func() (catalogue.Item, error)) map[catalogue.Key]uint64 {
	t.Helper()
	answers := make(chan catalogue.Item, 20)
	var wait sync.WaitGroup
	for range cap(answers) {
		wait.Go(func() {
			if item, err := send(); err != nil {
				t.Error(err)
			} else {
				answers <- item
			}
		})
	}
	wait.Wait()
	close(answers)
	out := map[catalogue.Key]uint64{}
	for item := range answers {
		key, version := item.Key(), catalogue.MetaOf(item).Version
		if before, ok := out[key]; ok && before != version {
			t.Errorf("%s is answered as of version %d and %d", key, before, version)
		}
		out[key] = version
	}
	return out
}

func TestAFormSentTwentyTimesMakesOneRecord(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	lead := officer(birmingham, catalogue.RoleLead)
	mine, theirs := s.intention(birmingham, catalogue.Councils), s.intention(coventry, catalogue.Councils)
	asked := s.group(dudley, birmingham, false)
	answer := func(accept bool) func() (catalogue.Item, error) {
		return func() (catalogue.Item, error) { return c.AnswerInvitation(ctx, lead, asked.ID, accept, "no money") }
	}
	id := catalogue.NewID()
	for _, test := range []struct {
		what string
		kind catalogue.Kind
		made int
		send func() (catalogue.Item, error)
	}{
		{"an intention", catalogue.KindIntention, 1, func() (catalogue.Item, error) {
			in := intention(birmingham, "Parking permits")
			in.ID = id
			return c.SaveIntention(ctx, lead, in)
		}},
		{"a platform", catalogue.KindPlatform, 1, func() (catalogue.Item, error) {
			return c.ListPlatform(ctx, lead, catalogue.Platform{Meta: catalogue.Meta{ID: id}, Name: "Open Revenues", Capabilities: []string{"revs-bens"}})
		}},
		{"a group", catalogue.KindGroup, 1, func() (catalogue.Item, error) {
			return c.ProposeGroup(ctx, lead, catalogue.Proposal{ID: id, Intention: mine.ID, Partners: []string{theirs.ID}})
		}},
		{"a refusal to join", catalogue.KindGroup, 0, answer(false)},
	} {
		before := count(t, c, test.kind)
		if records := sentAtOnce(t, test.send); len(records) != 1 {
			t.Errorf("%s sent 20 times is answered with %v", test.what, records)
		}
		if made := count(t, c, test.kind) - before; made != test.made {
			t.Errorf("%s sent 20 times makes %d records, want %d", test.what, made, test.made)
		}
	}
	for range 20 { // each is a change of mind
		must[*catalogue.Interest](t)(c.RegisterInterest(ctx, lead, theirs.ID, catalogue.Standing{Rung: catalogue.Interested}, ""))
	}
	if n := count(t, c, catalogue.KindInterest); n != 1 {
		t.Errorf("an interest registered 20 times makes %d records", n)
	}
	t.Log("fault: double submit | the same form 20 times at once, of 4 kinds | one record each, one answer")
	_, err := answer(true)()
	is(t, "accepting what was declined", err, catalogue.Conflict)
	whole(t, c)
}

// twice is a store that runs every function twice, the first time for nothing, as an engine may that lost a race.
type twice struct{ kv.Store }

var errAgain = errors.New("run again")

func (s twice) Update(ctx context.Context, fn func(kv.Tx) error) error {
	err := s.Store.Update(ctx, func(tx kv.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errAgain
	})
	if !errors.Is(err, errAgain) {
		return err
	}
	return s.Store.Update(ctx, fn)
}

func TestWritesMayRunMoreThanOnce(t *testing.T) {
	ctx := context.Background()
	c := over(t, twice{stored(t, filepath.Join(t.TempDir(), "catalogue.db"))}, &clock{now: today})
	s := scene{t, c, new(int)}
	g := s.group(birmingham, coventry, true)
	b := officer(coventry, catalogue.RoleLead)
	must[*catalogue.BuyingGroup](t)(c.AnswerInvitation(ctx, b, g.ID, true, ""))
	if g := must[*catalogue.BuyingGroup](t)(c.TakeLead(ctx, b, g.ID, true)); g.Councils != 2 || g.Lead != coventry {
		t.Errorf("the group has %d councils, led by %q", g.Councils, g.Lead)
	}
	a := must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "a@quillbrook.example",
		OrgKind: catalogue.OrgSupplier, Org: "Quillbrook Systems (UK) Ltd", Role: catalogue.RoleViewer}))
	if s := must[*catalogue.Supplier](t)(c.Supplier(ctx, catalogue.Anonymous(), a.Org)); s.ID != a.Org {
		t.Errorf("the account is of %q, its supplier is %q", a.Org, s.ID)
	}
	in := s.intention(dudley, catalogue.Councils)
	in.Title = "Changed"
	saved := must[*catalogue.Intention](t)(c.SaveIntention(ctx, officer(dudley, catalogue.RoleLead), *in))
	if stored := must[*catalogue.Intention](t)(c.Intention(ctx, catalogue.Operator("test"), in.ID)); stored.Version != saved.Version || stored.Title != "Changed" {
		t.Errorf("answered as of version %d, stored as of %d with title %q", saved.Version, stored.Version, stored.Title)
	}
	use := &catalogue.Use{Platform: "open-revenues", Council: dudley, Source: catalogue.Source{Text: "register"}}
	if done := imports(t, c, &catalogue.Platform{Name: "Open Revenues", Supplier: "Civica", Capabilities: []string{"revs-bens"}}, use); done.Created != 2 {
		t.Errorf("imported %+v", done)
	}
	if n := count(t, c, catalogue.KindSupplier); n != 2 {
		t.Errorf("%d suppliers, want the account's and the platform's", n)
	}
	whole(t, c)
}

// full is a store whose disk is full while the test says so.
type full struct {
	kv.Store
	now atomic.Bool
}

func (s *full) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if s.now.Load() {
		return s.Store.Update(ctx, func(tx kv.Tx) error {
			if err := fn(tx); err != nil {
				return err
			}
			return kv.ErrNoSpace
		})
	}
	return s.Store.Update(ctx, fn)
}

func TestAFullDiskRefusesWritesAndGoesOnReading(t *testing.T) {
	ctx := context.Background()
	store := &full{Store: stored(t, filepath.Join(t.TempDir(), "catalogue.db"))}
	c := over(t, store, &clock{now: today})
	in := listed(t, c, intention(birmingham, "Revenues system"))
	store.now.Store(true)
	lead := officer(birmingham, catalogue.RoleLead)
	changed := *in
	changed.Title = "Changed"
	for what, try := range map[string]func() error{
		"saving":     func() error { _, err := c.SaveIntention(ctx, lead, changed); return err },
		"signing in": func() error { return c.StartSignIn(ctx, "a@birmingham.gov.uk", "browser", "network") },
		"importing": func() error {
			_, err := c.Import(ctx, catalogue.Operator("test"), []catalogue.Item{&catalogue.Platform{Name: "P", Capabilities: []string{"revs-bens"}}}, catalogue.ImportOptions{})
			return err
		},
	} {
		is(t, what, try(), catalogue.Unavailable)
	}
	_, err := c.SaveIntention(ctx, officer(birmingham, catalogue.RoleViewer), intention(birmingham, "Not for viewers"))
	is(t, "a refusal that cannot be recorded", err, catalogue.Forbidden)
	if changed.Version != in.Version {
		t.Error("a save that failed changed the caller's record")
	}
	if got := must[*catalogue.Intention](t)(c.Intention(ctx, lead, in.ID)); got.Title != in.Title {
		t.Errorf("what could not be saved is read: %q", got.Title)
	}
	store.now.Store(false)
	if got := must[*catalogue.Intention](t)(c.SaveIntention(ctx, lead, changed)); got.Title != "Changed" {
		t.Errorf("with room again it saved %q", got.Title)
	}
	whole(t, c)
}

// TestAnUncertainSaveSaysSo and is found out by sending the form again.
func TestAnUncertainSaveSaysSo(t *testing.T) {
	ctx := context.Background()
	lead := officer(birmingham, catalogue.RoleLead)
	for _, fault := range []kvtest.Fault{kvtest.FailsPersisted, kvtest.AnswerLost} {
		store := kvtest.Faulty(stored(t, filepath.Join(t.TempDir(), "catalogue.db")))
		c := over(t, store, &clock{now: today})
		in := intention(birmingham, "Revenues system")
		in.ID = catalogue.NewID()
		store.Inject(fault)
		_, err := c.SaveIntention(ctx, lead, in)
		is(t, "a save whose answer is lost", err, catalogue.Unavailable)
		if got := must[*catalogue.Intention](t)(c.SaveIntention(ctx, lead, in)); got.ID != in.ID || got.Version == 0 {
			t.Errorf("sent again it is answered with %+v", got)
		}
		if n := count(t, c, catalogue.KindIntention); n != 1 {
			t.Errorf("%d intentions, want 1", n)
		}
		whole(t, c)
	}
}
