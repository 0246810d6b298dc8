package catalogue_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/catalogue/kv/kvtest"
)

// registerOf is a register of n contracts of Birmingham's.
func registerOf(n int, title string) (items []catalogue.Item) {
	for i := range n {
		items = append(items, &catalogue.Contract{Meta: catalogue.Meta{Ref: fmt.Sprintf("K%03d", i)}, Council: birmingham, Title: fmt.Sprintf("%s %d", title, i), Supplier: "Civica UK Ltd",
			Source: catalogue.Source{Text: "register"}})
	}
	return items
}

// said is what the council's contracts say, by reference.
func said(t testing.TB, c *catalogue.Catalogue) (out []string) {
	t.Helper()
	for _, k := range must[[]*catalogue.Contract](t)(c.CouncilContracts(t.Context(), catalogue.Operator("test"), birmingham)) {
		out = append(out, k.Ref+" "+k.Title)
	}
	slices.Sort(out)
	return out
}

func TestAnImportIsUndone(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	operator := catalogue.Operator("test")
	imports(t, c, registerOf(100, "First")...)
	before := said(t, c)
	done := must[catalogue.Imported](t)(c.Import(ctx, operator, registerOf(150, "Second"), catalogue.ImportOptions{File: "register.csv"}))
	if done.Updated != 100 || done.Created != 50 || done.ID == "" {
		t.Fatalf("%+v", done)
	}
	records := must[[]*catalogue.ImportRecord](t)(c.Imports(ctx, officer(birmingham, catalogue.RoleLead)))
	if len(records) != 2 || records[0].ID != done.ID || records[0].File != "register.csv" || records[0].Updated != 100 || !records[0].Undone.IsZero() {
		t.Errorf("the imports are %+v", records)
	}
	if other := must[[]*catalogue.ImportRecord](t)(c.Imports(ctx, officer("E08000035", catalogue.RoleLead))); len(other) > 0 {
		t.Error("another council sees the imports")
	}
	_, err := c.UndoImport(ctx, officer(birmingham, catalogue.RoleViewer), done.ID)
	is(t, "undone by somebody who may not import it", err, catalogue.Forbidden)
	undone := must[catalogue.Undone](t)(c.UndoImport(ctx, operator, done.ID))
	if undone.Restored != 100 || undone.Removed != 50 || len(undone.Left) > 0 || !slices.Equal(said(t, c), before) {
		t.Errorf("undone: %+v; there are %d contracts", undone, len(said(t, c)))
	}
	_, err = c.UndoImport(ctx, operator, done.ID)
	is(t, "undone twice", err, catalogue.Conflict)
	_, err = c.UndoImport(ctx, operator, "nothing")
	is(t, "an import that never was", err, catalogue.NotFound)
	whole(t, c)
}

func TestWhatWasChangedSinceIsLeftAlone(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	operator := catalogue.Operator("test")
	imports(t, c, registerOf(2, "First")...)
	done := must[catalogue.Imported](t)(c.Import(ctx, operator, registerOf(4, "Second"), catalogue.ImportOptions{}))
	changed := registerOf(4, "Third")
	imports(t, c, changed[0], changed[2])
	source := must[[]*catalogue.Contract](t)(c.CouncilContracts(ctx, operator, birmingham))
	at := slices.IndexFunc(source, func(k *catalogue.Contract) bool { return k.Ref == "K003" })
	in := intention(birmingham, "Made from it")
	in.FromContract = source[at].ID
	listed(t, c, in)
	undone := must[catalogue.Undone](t)(c.UndoImport(ctx, operator, done.ID))
	if undone.Restored != 1 || undone.Removed != 0 || len(undone.Left) != 3 {
		t.Errorf("%+v", undone)
	}
	for i, want := range []string{"K000 Third 0", "K001 First 1", "K002 Third 2", "K003 Second 3"} {
		if got := said(t, c); len(got) != 4 || got[i] != want {
			t.Errorf("there are %q, want %q", got, want)
		}
	}
	whole(t, c)
}

// TestAnUndoThatIsCutOffIsAllOrNothing lets each commit of an undo fail in each way.
func TestAnUndoThatIsCutOffIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	base, k := stored(t, t.TempDir()+"/catalogue.db"), &clock{now: today}
	operator := catalogue.Operator("test")
	for at := range 6 {
		for _, fault := range []kvtest.Fault{kvtest.Fails, kvtest.FailsPersisted, kvtest.AnswerLost} {
			emptied(t, base)
			faulty := kvtest.Faulty(base)
			c := over(t, faulty, k)
			imports(t, c, registerOf(20, "First")...)
			before := said(t, c)
			done := must[catalogue.Imported](t)(c.Import(ctx, operator, registerOf(30, "Second"), catalogue.ImportOptions{}))
			after := said(t, c)
			faulty.Inject(slices.Repeat([]kvtest.Fault{kvtest.NoFault}, at)...)
			faulty.Inject(fault)
			_, err := c.UndoImport(ctx, operator, done.ID)
			again := over(t, base, k)
			there := said(t, again)
			what := fmt.Sprintf("commit %d with fault %d (%v)", at, fault, err)
			switch {
			case slices.Equal(there, before):
			case err == nil || !slices.Equal(there, after):
				t.Errorf("%s: half of it is there: %d contracts", what, len(there))
			default:
				must[catalogue.Undone](t)(again.UndoImport(ctx, operator, done.ID))
				if !slices.Equal(said(t, again), before) {
					t.Errorf("%s: undone again, it is not as before", what)
				}
			}
			if left := rowsBelow(t, base, kv.NewKey("g")); len(left) > 0 {
				t.Errorf("%s: %d rows are left of the staging", what, len(left))
			}
			whole(t, again)
		}
	}
}

func TestOldImportsAreForgotten(t *testing.T) {
	c, store, _ := timed(t)
	for i := range 55 {
		imports(t, c, registerOf(1, fmt.Sprint("Title", i))...)
	}
	if n := len(must[[]*catalogue.ImportRecord](t)(c.Imports(t.Context(), catalogue.Operator("test")))); n != 50 {
		t.Errorf("%d imports are remembered", n)
	}
	if n := len(rowsBelow(t, store, kv.NewKey("u"))); n != 100 {
		t.Errorf("%d rows are kept of them", n)
	}
}
