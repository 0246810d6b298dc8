package catalogue_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jointly/catalogue"
)

// drafted stores a draft as a contributor of a council.
func drafted(t testing.TB, c *catalogue.Catalogue, council, title string) *catalogue.NeedDraft {
	t.Helper()
	return must[*catalogue.NeedDraft](t)(c.BeginDraft(context.Background(), officer(council, catalogue.RoleContributor),
		catalogue.NeedDraft{Answers: map[string]string{"title": title, "window_start-month": "Smarch", "notes": ""}}))
}

func TestADraftIsItsCouncilsAlone(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	d := drafted(t, c, birmingham, "canary")
	if d.Answers["window_start-month"] != "Smarch" || len(d.Answers) != 2 || d.Council != birmingham {
		t.Errorf("kept is %+v", d)
	}
	colleague := officer(birmingham, catalogue.RoleViewer)
	if got, err := c.NeedDraft(ctx, colleague, d.ID); err != nil || got.Answers["title"] != "canary" {
		t.Errorf("a colleague reads %v, %v", got, err)
	}
	others := map[string]catalogue.Actor{"anybody": catalogue.Anonymous(), "another council": officer(coventry, catalogue.RoleAdmin), "councils": catalogue.AnyCouncil(),
		"the operator": catalogue.Operator("test"), "a supplier": {Account: "s", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: birmingham}}
	for who, actor := range others {
		if _, err := c.NeedDraft(ctx, actor, d.ID); catalogue.KindOf(err) != catalogue.NotFound {
			t.Errorf("%s reads it: %v", who, err)
		}
		if items := must[[]catalogue.Item](t)(c.Load(ctx, actor, []catalogue.Key{d.Key()})); items[0] != nil {
			t.Errorf("%s loads it", who)
		}
		if err := c.Each(ctx, actor, catalogue.KindDraft, func(catalogue.Item) error { t.Errorf("%s exports it", who); return nil }); err != nil {
			t.Error(err)
		}
		if got := must[[]*catalogue.NeedDraft](t)(c.NeedDrafts(ctx, actor)); len(got) != 0 {
			t.Errorf("%s lists it", who)
		}
		if _, err := c.AnswerDraft(ctx, actor, d.ID, "", map[string]string{"title": "mischief"}); err == nil {
			t.Errorf("%s writes in it", who)
		}
		if _, err := c.ListDraft(ctx, actor, d.ID, d.Version, intention(birmingham, "mischief")); err == nil {
			t.Errorf("%s lists it as an intention", who)
		}
		_ = c.DeleteDraft(ctx, actor, d.ID)
	}
	_, err := c.AnswerDraft(ctx, colleague, d.ID, "", map[string]string{"title": "x"})
	is(t, "a viewer who writes", err, catalogue.Forbidden)
	is(t, "a viewer who deletes", c.DeleteDraft(ctx, colleague, d.ID), catalogue.Forbidden)
	if got := must[*catalogue.NeedDraft](t)(c.NeedDraft(ctx, colleague, d.ID)); got.Version != d.Version {
		t.Error("somebody changed it")
	}
	trail := must[[]catalogue.Event](t)(c.Trail(ctx, officer(birmingham, catalogue.RoleAdmin), 100))
	if !slices.ContainsFunc(trail, func(e catalogue.Event) bool {
		return e.Record == d.Key() && e.Action == catalogue.WriteDraft && e.Account != ""
	}) {
		t.Errorf("it is not in the audit trail: %+v", trail)
	}
	if e := must[[]catalogue.Event](t)(c.Trail(ctx, officer(coventry, catalogue.RoleAdmin), 100)); slices.ContainsFunc(e, func(e catalogue.Event) bool { return e.Record == d.Key() }) {
		t.Error("another council reads of it in the audit trail")
	}
	whole(t, c)
}

func TestAnAnswerOverAnothersIsRefused(t *testing.T) {
	ctx := context.Background()
	c, a := opened(t), officer(birmingham, catalogue.RoleContributor)
	d := drafted(t, c, birmingham, "First")
	fields := []string{"title", "description"}
	seen := catalogue.SeenMark(d.Answers, fields)
	answer := func(title string) (*catalogue.NeedDraft, error) {
		return c.AnswerDraft(ctx, a, d.ID, seen, map[string]string{"title": title, "description": ""})
	}
	must[*catalogue.NeedDraft](t)(c.AnswerDraft(ctx, a, d.ID, catalogue.SeenMark(nil, []string{"budget_max"}), map[string]string{"budget_max": "lots"})) // another step is no conflict
	must[*catalogue.NeedDraft](t)(answer("Second"))
	must[*catalogue.NeedDraft](t)(answer("Second")) // sent twice
	_, err := answer("Third")
	is(t, "an answer over another", err, catalogue.Conflict)
	if got := must[*catalogue.NeedDraft](t)(c.NeedDraft(ctx, a, d.ID)); got.Answers["title"] != "Second" || got.Answers["budget_max"] != "lots" || got.Answers["window_start-month"] != "Smarch" {
		t.Errorf("it says %v", got.Answers)
	}
	_, err = c.AnswerDraft(ctx, a, d.ID, catalogue.SeenMark(nil, []string{"notes"}), map[string]string{"notes": strings.Repeat("x", 10_001)})
	refusedOn(t, "too long a text", err, "notes")
}

func TestListingADraftIsOneStep(t *testing.T) {
	ctx := context.Background()
	c, a := opened(t), officer(birmingham, catalogue.RoleContributor)
	d := drafted(t, c, birmingham, "Revenues")
	bad := intention(birmingham, "")
	_, err := c.ListDraft(ctx, a, d.ID, d.Version, bad)
	refusedOn(t, "a need without a title", err, "title")
	if _, err := c.NeedDraft(ctx, a, d.ID); err != nil {
		t.Errorf("the draft of a need that could not be listed is gone: %v", err)
	}
	_, err = c.ListDraft(ctx, a, d.ID, d.Version+1, intention(birmingham, "Revenues"))
	is(t, "another version of the draft", err, catalogue.Conflict)
	var all sync.WaitGroup
	made := make([]*catalogue.Intention, 20)
	for i := range made {
		all.Go(func() {
			var err error
			if made[i], err = c.ListDraft(ctx, a, d.ID, d.Version, intention(birmingham, "Revenues")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, in := range made {
		if in == nil || in.ID != d.ID || in.Version != made[0].Version {
			t.Fatalf("the answers differ: %+v", in)
		}
	}
	if n := count(t, c, catalogue.KindIntention); n != 1 {
		t.Errorf("%d intentions", n)
	}
	if _, err := c.NeedDraft(ctx, a, d.ID); catalogue.KindOf(err) != catalogue.NotFound {
		t.Errorf("the draft is still there: %v", err)
	}
	again := must[*catalogue.NeedDraft](t)(c.BeginDraft(ctx, a, catalogue.NeedDraft{Meta: catalogue.Meta{ID: d.ID}, Answers: map[string]string{"title": "Revenues"}}))
	if _, err := c.NeedDraft(ctx, a, again.ID); catalogue.KindOf(err) != catalogue.NotFound {
		t.Errorf("the first form sent again makes a draft of what is listed: %v", err)
	}
	whole(t, c)
}

func TestDraftsAreBounded(t *testing.T) {
	ctx := context.Background()
	c, a := opened(t), officer(birmingham, catalogue.RoleContributor)
	for i := range 50 {
		drafted(t, c, birmingham, fmt.Sprint("Draft ", i))
	}
	_, err := c.BeginDraft(ctx, a, catalogue.NeedDraft{Answers: map[string]string{"title": "One more"}})
	is(t, "a 51st draft", err, catalogue.Conflict)
	drafted(t, c, coventry, "Another council's")
	full := map[string]string{}
	for i := range 6 {
		full[fmt.Sprint("field-", i)] = strings.Repeat("é", 10_000)
	}
	_, err = c.BeginDraft(ctx, officer(coventry, catalogue.RoleContributor), catalogue.NeedDraft{Answers: full})
	is(t, "a draft of 60,000 characters", err, catalogue.Invalid)
	delete(full, "field-0")
	must[*catalogue.NeedDraft](t)(c.BeginDraft(ctx, officer(coventry, catalogue.RoleContributor), catalogue.NeedDraft{Answers: full}))
}

func TestOldDraftsGo(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	a := officer(birmingham, catalogue.RoleContributor)
	var kept []*catalogue.NeedDraft
	for i := range 40 {
		kept = append(kept, drafted(t, c, birmingham, fmt.Sprint("Draft ", i)))
	}
	k.move(89 * 24 * time.Hour)
	must[*catalogue.NeedDraft](t)(c.AnswerDraft(ctx, a, kept[0].ID, catalogue.SeenMark(kept[0].Answers, []string{"title"}), map[string]string{"title": "Touched"}))
	if err := c.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	if n := len(must[[]*catalogue.NeedDraft](t)(c.NeedDrafts(ctx, a))); n != 40 {
		t.Errorf("%d are left before their time, want 40", n)
	}
	k.move(2 * 24 * time.Hour)
	if err := c.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	if left := must[[]*catalogue.NeedDraft](t)(c.NeedDrafts(ctx, a)); len(left) != 1 || left[0].ID != kept[0].ID {
		t.Errorf("%d are left, want the one that was touched", len(left))
	}
	whole(t, c)
}

func TestDraftsGoToTheSuccessorAndIntoBackups(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	operator := catalogue.Operator("test")
	must[*catalogue.Council](t)(c.AddCouncil(ctx, operator, westSurrey()))
	d := drafted(t, c, woking, "Payroll")
	must[*catalogue.Succession](t)(c.Succeed(ctx, operator, catalogue.HandOver{From: woking, To: newCode, Reason: "A test"}))
	mine := must[*catalogue.NeedDraft](t)(c.NeedDraft(ctx, officer(newCode, catalogue.RoleContributor), d.ID))
	if !slices.Equal(mine.Was, []string{woking}) {
		t.Errorf("it was of %v", mine.Was)
	}
	if _, err := c.NeedDraft(ctx, officer(woking, catalogue.RoleContributor), d.ID); catalogue.KindOf(err) != catalogue.NotFound {
		t.Errorf("the old council still reads it: %v", err)
	}
	var file bytes.Buffer
	must[catalogue.BackupInfo](t)(c.Backup(ctx, &file))
	store := stored(t, filepath.Join(t.TempDir(), "restored.db"))
	must[catalogue.BackupInfo](t)(catalogue.Restore(ctx, store, bytes.NewReader(file.Bytes())))
	back := must[*catalogue.NeedDraft](t)(over(t, store, &clock{now: today}).NeedDraft(ctx, officer(newCode, catalogue.RoleContributor), d.ID))
	if back.Answers["title"] != "Payroll" {
		t.Errorf("restored is %+v", back)
	}
}
