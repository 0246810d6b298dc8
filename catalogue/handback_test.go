package catalogue_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/catalogue/kv/kvtest"
)

// everything is what stands in the catalogue of all kinds that a hand-over writes, but for when it was written and what people
// were told.
func everything(t testing.TB, c *catalogue.Catalogue) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, kind := range catalogue.StoredKinds() {
		if kind == catalogue.KindNews || kind == catalogue.KindSuccession || kind == catalogue.KindEnding {
			continue
		}
		if err := c.Each(context.Background(), catalogue.Operator("test"), kind, func(item catalogue.Item) error {
			raw, err := json.Marshal(item)
			if err != nil {
				return err
			}
			var fields map[string]any
			if err := json.Unmarshal(raw, &fields); err != nil {
				return err
			}
			delete(fields, "changed")
			delete(fields, "created")
			raw, err = json.Marshal(fields)
			out[item.Key().String()] = string(raw)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// differences names the records that are not the same.
func differences(a, b map[string]string) (out []string) {
	for key := range a {
		if a[key] != b[key] {
			out = append(out, key+"\n   was "+a[key]+"\n   is  "+b[key])
		}
	}
	for key := range b {
		if _, there := a[key]; !there {
			out = append(out, key+" is new")
		}
	}
	slices.Sort(out)
	return out
}

// handedOver is the estate of Woking and Guildford, with Woking handed over on the day.
func handedOver(t testing.TB, c *catalogue.Catalogue, k *clock) (before map[string]string) {
	t.Helper()
	oldEstate(t, c)
	k.goTo("2027-04-01")
	before = everything(t, c)
	must[*catalogue.Succession](t)(c.Succeed(context.Background(), catalogue.Operator("test"), catalogue.HandOver{From: woking, To: newCode}))
	return before
}

func TestAHandOverIsUndone(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	before := handedOver(t, c, k)
	operator := catalogue.Operator("test")
	if len(differences(before, everything(t, c))) < 10 {
		t.Fatal("the hand-over moved next to nothing: the test shows nothing")
	}
	_, err := c.UndoSuccession(ctx, officer(newCode, catalogue.RoleAdmin), woking, "mine")
	is(t, "an officer undoes it", err, catalogue.Forbidden)
	_, err = c.UndoSuccession(ctx, operator, woking, " ")
	refusedOn(t, "without a reason", err, "reason")
	_, err = c.UndoSuccession(ctx, operator, guildfd, "never handed over")
	is(t, "of a council that was not handed over", err, catalogue.NotFound)
	plan := must[catalogue.HandOverUndo](t)(c.UndoPlan(ctx, operator, woking))
	done := must[*catalogue.Succession](t)(c.UndoSuccession(ctx, operator, woking, "the wrong council"))
	if done.Undone == nil || done.Undone.Stayed != 0 || done.Undone.Back != plan.Back || plan.Back < 10 || done.Undone.Reason != "the wrong council" {
		t.Errorf("undone: %+v, planned %+v", done.Undone, plan)
	}
	for _, line := range differences(before, everything(t, c)) {
		t.Errorf("after undoing: %s", line)
	}
	if again := must[*catalogue.Succession](t)(c.UndoSuccession(ctx, operator, woking, "again")); again.Undone.Reason != "the wrong council" {
		t.Error("undoing again did something")
	}
	if got := toldTo(t, c, woking); got[0] != "Handing over Woking to West Surrey was undone in Jointly" || strings.Count(strings.Join(got, "\n"), "was undone") != 1 {
		t.Errorf("its people were told %q", got)
	}
	if v := must[*catalogue.CouncilView](t)(c.CouncilView(ctx, catalogue.Anonymous(), woking)); v.Succession != nil || len(v.Contracts) != 5 {
		t.Errorf("the page of Woking: %+v with %d contracts", v.Succession, len(v.Contracts))
	}
	if v := must[*catalogue.CouncilView](t)(c.CouncilView(ctx, catalogue.Anonymous(), newCode)); len(v.Before) != 0 {
		t.Error("the successor still says whose place it took")
	}
	// It is not done again by itself for the same day; by hand it is.
	if done := handOverDue(t, c); slices.Contains(done, woking) || endings(t, c)[woking].Lacks != catalogue.LackUndone {
		t.Errorf("handed over again by itself: %v, noted %+v", done, endings(t, c)[woking])
	}
	must[*catalogue.Succession](t)(c.Succeed(ctx, operator, catalogue.HandOver{From: woking, To: newCode}))
	if v := must[*catalogue.CouncilView](t)(c.CouncilView(ctx, catalogue.Anonymous(), woking)); v.Succession == nil || endings(t, c)[woking] != nil {
		t.Error("handing over by hand after undoing did nothing")
	}
	if again := must[*catalogue.Succession](t)(c.Succession(ctx, operator, woking)); len(again.Before) != 1 || again.Before[0].Reason != "the wrong council" {
		t.Errorf("why it was undone the first time is lost: %+v", again.Before)
	}
	if seen := must[*catalogue.Succession](t)(c.Succession(ctx, catalogue.Anonymous(), woking)); len(seen.Before) != 0 {
		t.Error("the reasons are shown to others")
	}
	trail := must[[]catalogue.Event](t)(c.Trail(ctx, operator, 2000))
	if !slices.ContainsFunc(trail, func(e catalogue.Event) bool {
		return e.Action == catalogue.Reorganise && e.Record.Kind == catalogue.KindContract && e.Owner == woking
	}) {
		t.Error("the audit trail does not say that contracts went back")
	}
	whole(t, c)
}

func TestWhatWasChangedSinceStaysWithTheSuccessor(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	handedOver(t, c, k)
	lead := officer(newCode, catalogue.RoleLead)
	var edited, source *catalogue.Contract
	for _, row := range must[*catalogue.CouncilView](t)(c.CouncilView(ctx, lead, newCode)).Contracts {
		switch row.Contract.Ref {
		case "C1":
			edited = row.Contract
		case "C2":
			source = row.Contract
		}
	}
	imports(t, c, &catalogue.Contract{Meta: catalogue.Meta{Ref: "C1"}, Council: woking, Title: "Contract 1, corrected by the successor", Supplier: "Northgate", Source: catalogue.Source{Text: "a notice"}})
	fresh := intention(newCode, "What follows contract 2")
	fresh.FromContract = source.ID
	listed(t, c, fresh)
	// Since the day: a person at the old domain, and a contract of the old council's own register.
	d := desk{t, c, &postbox{}}
	since := must[*catalogue.Account](t)(d.enters("dan@woking.gov.uk", "browser", d.asks("dan@woking.gov.uk", "browser")))
	other := must[*catalogue.Account](t)(d.enters("eve@westsurrey.gov.uk", "browser", d.asks("eve@westsurrey.gov.uk", "browser")))
	imports(t, c, &catalogue.Contract{Meta: catalogue.Meta{Ref: "LATE"}, Council: woking, Title: "Found late", Supplier: "Northgate", Source: catalogue.Source{Text: "a notice"}})

	done := must[*catalogue.Succession](t)(c.UndoSuccession(ctx, catalogue.Operator("test"), woking, "too early"))
	why := map[string]string{}
	for _, l := range done.Undone.Stays {
		why[l.Key.ID] = l.Why
	}
	if done.Undone.Stayed != 2 || why[edited.ID] != "it was changed since" || why[source.ID] != "something new was begun with it: an intention" {
		t.Errorf("stays: %+v", done.Undone.Stays)
	}
	refs := map[string]string{}
	for _, code := range []string{woking, newCode} {
		for _, row := range must[*catalogue.CouncilView](t)(c.CouncilView(ctx, officer(code, catalogue.RoleLead), code)).Contracts {
			if row.Contract.Council == code {
				refs[row.Contract.Ref] = code
			}
		}
	}
	if want := map[string]string{"C0": woking, "C1": newCode, "C2": newCode, "C3": woking, "C4": woking, "LATE": woking}; !maps.Equal(refs, want) {
		t.Errorf("contracts by reference: %v, want %v", refs, want)
	}
	for email, want := range map[string]string{since.Email: woking, other.Email: newCode, "lead@" + strings.ToLower(woking) + ".example.org": woking} {
		found := ""
		if err := c.Each(ctx, catalogue.Operator("test"), catalogue.KindAccount, func(item catalogue.Item) error {
			if a := item.(*catalogue.Account); a.Email == email {
				found = a.Org
			}
			return nil
		}); err != nil || found != want {
			t.Errorf("%s is of %s, want %s (%v)", email, found, want, err)
		}
	}
	whole(t, c)
}

func TestAHandOverIsUndoneForThirtyDays(t *testing.T) {
	ctx := context.Background()
	c, store, k := timed(t)
	handedOver(t, c, k)
	prefix := kv.NewKey("u", "handover")
	if len(rowsBelow(t, store, prefix)) == 0 {
		t.Fatal("nothing is kept: the test shows nothing")
	}
	k.goTo("2027-04-30")
	if err := c.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	must[catalogue.HandOverUndo](t)(c.UndoPlan(ctx, catalogue.Operator("test"), woking))
	k.goTo("2027-05-02")
	_, err := c.UndoSuccession(ctx, catalogue.Operator("test"), woking, "too late")
	is(t, "after 31 days", err, catalogue.Conflict)
	if err := c.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	if left := rowsBelow(t, store, prefix); len(left) != 0 {
		t.Errorf("%d rows are kept of a hand-over that cannot be undone any more", len(left))
	}
	whole(t, c)
}

// TestAHandOverUndoThatIsCutOffIsAllOrNothing lets each commit of an undo fail in each way. Once the catalogue opens again all is
// back or nothing, and undoing again completes it.
func TestAHandOverUndoThatIsCutOffIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	base, k := stored(t, t.TempDir()+"/catalogue.db"), &clock{now: today}
	faulty := kvtest.Faulty(base)
	counting := &counted{Store: faulty}
	cut, sound := over(t, counting, k), over(t, base, k)
	seen := map[string]bool{}
	for at, commits := 0, 1; at < commits; at++ {
		for _, fault := range []kvtest.Fault{kvtest.Fails, kvtest.FailsPersisted} {
			emptied(t, base)
			k.move(today.Sub(k.read()))
			before := handedOver(t, sound, k)
			after := everything(t, sound)
			faulty.Inject(append(slices.Repeat([]kvtest.Fault{kvtest.NoFault}, at), fault)...)
			counting.n.Store(0)
			_, err := cut.UndoSuccession(ctx, catalogue.Operator("test"), woking, "a rehearsal")
			commits = max(commits, int(counting.n.Load()))
			again := over(t, base, k)
			now := everything(t, again)
			back, not := len(differences(before, now)) == 0, len(differences(after, now)) == 0
			if !back && !not {
				t.Errorf("commit %d with fault %d: after opening again neither undone nor as it was: %v", at, fault, differences(before, now))
			}
			seen[fmt.Sprint(err == nil, back)] = true
			done, err := again.UndoSuccession(ctx, catalogue.Operator("test"), woking, "a rehearsal")
			if err != nil || done.Undone == nil || len(differences(before, everything(t, again))) != 0 {
				t.Errorf("commit %d with fault %d: undone again: %v, %v", at, fault, err, differences(before, everything(t, again)))
			}
			if got := toldTo(t, again, woking); strings.Count(strings.Join(got, "\n"), "was undone") != 1 {
				t.Errorf("commit %d with fault %d: its people were told %q", at, fault, got)
			}
			whole(t, again)
		}
	}
	// The control: the faults met an undo that had not happened, one half done, and one that went through.
	for _, want := range []string{"false false", "false true", "true true"} {
		if !seen[want] {
			t.Errorf("no fault led to: no error, all back = %s; saw %v", want, seen)
		}
	}
}
