package catalogue_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/catalogue/kv/kvtest"
)

// TestAnImportThatIsCutOffIsAllOrNothing lets each commit of an import fail in each way. Whatever the import said, once
// the catalogue opens again all of it is there or none, nothing is left of the staging, and importing again completes it.
func TestAnImportThatIsCutOffIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	const n = 30
	base, k := stored(t, t.TempDir()+"/catalogue.db"), &clock{now: today}
	faulty := kvtest.Faulty(base)
	counting := &counted{Store: faulty}
	c := over(t, counting, k)
	seen := map[string]bool{}
	for at, commits := 0, 1; at < commits; at++ {
		for _, fault := range []kvtest.Fault{kvtest.Fails, kvtest.FailsPersisted, kvtest.AnswerLost} {
			emptied(t, base)
			counting.n.Store(0)
			faulty.Inject(slices.Repeat([]kvtest.Fault{kvtest.NoFault}, at)...)
			faulty.Inject(fault)
			done, err := c.Import(ctx, catalogue.Operator("test"), needs(n), catalogue.ImportOptions{})
			commits = max(commits, int(counting.n.Load()))
			what := fmt.Sprintf("commit %d with fault %d", at, fault)
			part := count(t, c, catalogue.KindIntention)
			seen[fmt.Sprint(err == nil, part > 0, part == n)] = true
			if err == nil && (part != n || done.Created != n) {
				t.Errorf("%s: reported as done, with %d of %d there: %+v", what, part, n, done)
			}
			if err != nil && part > 0 && part < n {
				_, err := c.SaveIntention(ctx, officer(birmingham, catalogue.RoleLead), intention(birmingham, "In between"))
				is(t, what+": listing while the import is half written", err, catalogue.Conflict)
				if _, err := c.SaveIntention(ctx, officer("E08000028", catalogue.RoleLead), intention("E08000028", "Elsewhere")); err != nil {
					t.Errorf("%s: a council that is not in the import cannot list: %v", what, err)
				}
				part--
			}
			again := over(t, base, k)
			there := 0
			for _, line := range titles(t, again) {
				if !strings.HasSuffix(line, "Elsewhere") {
					there++
				}
			}
			if there != 0 && there != n {
				t.Errorf("%s: after opening again %d of %d are there", what, there, n)
			}
			if err == nil && there != n || part > 0 && there != n {
				t.Errorf("%s: %d were there, after opening again %d", what, part, there)
			}
			if left := rowsBelow(t, base, kv.NewKey("g")); len(left) > 0 {
				t.Errorf("%s: %d rows are left of the staging", what, len(left))
			}
			if done := imports(t, again, needs(n)...); done.Created+done.Unchanged != n || done.Updated != 0 {
				t.Errorf("%s: imported again: %+v", what, done)
			}
			whole(t, again)
		}
	}
	// The control: the faults met an import that had not happened, one half written, and one that went through.
	for _, want := range []string{"false false false", "false true false", "true true true"} {
		if !seen[want] {
			t.Errorf("no fault led to: no error, some there, all there = %s; saw %v", want, seen)
		}
	}
}

// TestALargeImportThatIsCutOffIsAllOrNothing does so with one whose chunks go several at once.
func TestALargeImportThatIsCutOffIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	const n = 600
	base, k := stored(t, t.TempDir()+"/catalogue.db"), &clock{now: today}
	faulty := kvtest.Faulty(base)
	counting := &counted{Store: faulty}
	c := over(t, counting, k)
	half := 0
	for _, at := range []int{1, 2, 20} { // the head, the first chunk, another
		for _, fault := range []kvtest.Fault{kvtest.Fails, kvtest.FailsPersisted, kvtest.AnswerLost} {
			emptied(t, base)
			faulty.Inject(slices.Repeat([]kvtest.Fault{kvtest.NoFault}, at)...)
			faulty.Inject(fault)
			told := 0
			_, err := c.Import(ctx, catalogue.Operator("test"), needs(n), catalogue.ImportOptions{Progress: func(done, _ int) {
				if done < told {
					t.Errorf("told of %d chunks after %d", done, told)
				}
				told = done
			}})
			what := fmt.Sprintf("commit %d with fault %d", at, fault)
			part := count(t, c, catalogue.KindIntention)
			if err == nil && part != n {
				t.Errorf("%s: reported as done, with %d of %d there", what, part, n)
			}
			if err != nil && part > 0 {
				half++
			}
			again := over(t, base, k)
			if there := count(t, again, catalogue.KindIntention); there != n && (there != 0 || part > 0 || err == nil) {
				t.Errorf("%s: %d were there, after opening again %d", what, part, there)
			}
			if left := rowsBelow(t, base, kv.NewKey("g")); len(left) > 0 {
				t.Errorf("%s: %d rows are left of the staging", what, len(left))
			}
			whole(t, again)
		}
	}
	if half == 0 { // the control
		t.Error("no fault met an import that was half written")
	}
	emptied(t, base)
	counting.n.Store(0)
	imports(t, c, needs(n)...)
	chunks := int64(n / 15)
	if commits := counting.n.Load(); commits > chunks+6 { // and the staging
		t.Errorf("%d commits for %d records", commits, n)
	}
	if done := imports(t, c, needs(n)...); done.Unchanged != n {
		t.Errorf("imported again: %+v", done)
	}
}

// TestRecordsThatComeBackAreImported lets records that were deleted come back, each over the tombstone that it left, which
// takes more of a transaction.
func TestRecordsThatComeBackAreImported(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	const n = 60
	for range 2 {
		done := imports(t, c, registerOf(n, "Contract")...)
		if undone := must[catalogue.Undone](t)(c.UndoImport(ctx, catalogue.Operator("test"), done.ID)); done.Created != n || undone.Removed != n {
			t.Fatalf("imported %+v, undone %+v", done, undone)
		}
	}
	whole(t, c)
}

// counted counts commits.
type counted struct {
	kv.Store
	n atomic.Int64
}

func (s *counted) Update(ctx context.Context, fn func(kv.Tx) error) error {
	s.n.Add(1)
	return s.Store.Update(ctx, fn)
}

// TestWhatWasStagedForNothingIsDropped leaves chunks behind that no head names, as a kill does.
func TestWhatWasStagedForNothingIsDropped(t *testing.T) {
	ctx := context.Background()
	base, k := stored(t, t.TempDir()+"/catalogue.db"), &clock{now: today}
	faulty := kvtest.Faulty(base)
	c := over(t, faulty, k)
	faulty.Inject(kvtest.NoFault, kvtest.Fails, kvtest.Fails) // all chunks, the head, taking the chunks away
	if _, err := c.Import(ctx, catalogue.Operator("test"), needs(60), catalogue.ImportOptions{}); err == nil {
		t.Fatal("the import went through")
	}
	if left := rowsBelow(t, base, kv.NewKey("g")); len(left) != 4 {
		t.Fatalf("%d chunks are left: the test shows nothing", len(left))
	}
	again := over(t, base, k)
	if left := rowsBelow(t, base, kv.NewKey("g")); len(left) != 0 || count(t, again, catalogue.KindIntention) != 0 {
		t.Errorf("after opening again %d chunks and %d intentions are there", len(left), count(t, again, catalogue.KindIntention))
	}
}

// TestAStuckImportIsCompletedWithoutARestart as when the disk was full for a while.
func TestAStuckImportIsCompletedWithoutARestart(t *testing.T) {
	ctx := context.Background()
	for what, complete := range map[string]func(*catalogue.Catalogue) error{
		"expiry": func(c *catalogue.Catalogue) error { return c.Expire(ctx) },
		"another import": func(c *catalogue.Catalogue) error {
			_, err := c.Import(ctx, catalogue.Operator("test"), []catalogue.Item{platform("P1", "Academy")}, catalogue.ImportOptions{})
			return err
		},
	} {
		faulty := kvtest.Faulty(stored(t, t.TempDir()+"/catalogue.db"))
		c := over(t, faulty, &clock{now: today})
		faulty.Inject(kvtest.NoFault, kvtest.NoFault, kvtest.NoFault, kvtest.Fails) // the staging, the head, a chunk, the next
		_, err := c.Import(ctx, catalogue.Operator("test"), needs(60), catalogue.ImportOptions{})
		if part := count(t, c, catalogue.KindIntention); err == nil || part == 0 || part == 60 {
			t.Fatalf("%s: %v with %d written: the test shows nothing", what, err, part)
		}
		if err := complete(c); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if n := count(t, c, catalogue.KindIntention); n != 60 {
			t.Errorf("after %s %d of 60 are there", what, n)
		}
		if _, err := c.SaveIntention(ctx, officer(birmingham, catalogue.RoleLead), intention(birmingham, "Afterwards")); err != nil {
			t.Errorf("after %s: %v", what, err)
		}
	}
}

// between runs something once, just before a commit of an import.
type between struct {
	kv.Store
	at int
	fn func()
}

func (s *between) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if s.at--; s.at == 0 {
		s.fn()
	}
	return s.Store.Update(ctx, fn)
}

// TestAnImportOverwritesNoEditThatItDidNotSee lets somebody save between the plan and the commit.
func TestAnImportOverwritesNoEditThatItDidNotSee(t *testing.T) {
	ctx := context.Background()
	base, k := stored(t, t.TempDir()+"/catalogue.db"), &clock{now: today}
	beside := over(t, base, k)
	imports(t, beside, needs(3)...)
	lead := officer(birmingham, catalogue.RoleLead)
	in := *must[*catalogue.Intention](t)(beside.Intention(ctx, lead, idOf(t, beside, birmingham, "N-0")))
	store := &between{Store: base}
	c := over(t, store, k)
	store.at, store.fn = 1, func() {
		in.Notes = "written meanwhile"
		must[*catalogue.Intention](t)(beside.SaveIntention(ctx, lead, in))
	}
	items := needs(3)
	for _, item := range items {
		item.(*catalogue.Intention).Description = "Changed by the file"
	}
	_, err := c.Import(ctx, catalogue.Operator("test"), items, catalogue.ImportOptions{})
	is(t, "importing over an edit", err, catalogue.Conflict)
	got := must[*catalogue.Intention](t)(c.Intention(ctx, lead, in.ID))
	if got.Notes != "written meanwhile" || got.Description == "Changed by the file" {
		t.Errorf("the edit became %+v", got)
	}
	if left := rowsBelow(t, base, kv.NewKey("g")); len(left) > 0 {
		t.Errorf("%d rows are left of the staging", len(left))
	}
	if done := imports(t, c, needs(3)...); done.Updated+done.Unchanged != 3 {
		t.Errorf("imported again: %+v", done)
	}
	whole(t, c)
}
