package catalogue_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"jointly/catalogue"
)

func TestWhatMayBeOutOfDate(t *testing.T) {
	word := time.Date(2026, 8, 31, 15, 0, 0, 0, time.UTC)
	src := catalogue.Source{Date: catalogue.MustDate("2024-02-10")}
	for _, test := range []struct {
		what string
		item catalogue.Item
		want string
	}{
		{"an intention", &catalogue.Intention{Confirmed: word}, "2027-02-28"},
		{"an intention that nobody confirmed", &catalogue.Intention{}, ""},
		{"a use by the council's word", &catalogue.Use{Confirmed: word, Source: src}, "2028-02-29"},
		{"a use in a public record", &catalogue.Use{Source: src}, "2025-08-10"},
		{"a use without a date", &catalogue.Use{}, ""},
		{"a contract by the council's word", &catalogue.Contract{Confirmed: word, End: catalogue.MustDate("2030-01-01")}, "2027-08-31"},
		{"a public fact without an end", &catalogue.Contract{Source: src}, "2027-02-10"},
		{"a public fact with an end", &catalogue.Contract{Source: src, End: catalogue.MustDate("2030-01-01")}, ""},
		{"a platform", &catalogue.Platform{}, ""},
	} {
		from := catalogue.StaleFrom(test.item)
		got := ""
		if !from.IsZero() {
			got = catalogue.DateOf(from).String()
		}
		if got != test.want {
			t.Errorf("%s may be out of date from %q, want %q", test.what, got, test.want)
		}
		if !from.IsZero() && (catalogue.StaleOn(test.item, from.AddDate(0, 0, -1)) || !catalogue.StaleOn(test.item, from)) {
			t.Errorf("%s does not turn on its day", test.what)
		}
	}
}

// seenUsing is a use as a public record tells of it.
func seenUsing(council, platform, id string) *catalogue.Use {
	return &catalogue.Use{Meta: catalogue.Meta{ID: id}, Platform: platform, Council: council, Source: catalogue.Source{Text: "Contracts Finder notice", Date: catalogue.MustDate("2026-03-01")}}
}

func platforms(n int) (items []catalogue.Item, ids []string) {
	for i := range n {
		id := fmt.Sprintf("parker-%02d", i)
		items = append(items, &catalogue.Platform{Meta: catalogue.Meta{ID: id}, Name: fmt.Sprintf("Parker %02d", i), Capabilities: []string{"parking"}})
		ids = append(ids, id)
	}
	return items, ids
}

func TestWhatIsDueIsConfirmedInOneGo(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	items, _ := platforms(2)
	imports(t, c, append(items, bought(birmingham, "a", "2029-06-30"), seenUsing(birmingham, "parker-00", "seen"), seenUsing(coventry, "parker-00", "theirs"))...)
	need := catalogue.Intention{Council: birmingham, Title: "Parking", WindowStart: catalogue.MustDate("2027-10"), WindowEnd: catalogue.MustDate("2028-12")}
	own := listed(t, c, need)
	need.Council = coventry
	theirs := listed(t, c, need)
	actor := officer(birmingham, catalogue.RoleContributor)
	must[*catalogue.Use](t)(c.RecordUse(ctx, actor, "parker-01", catalogue.Date{}, "Ask first"))
	due := must[*catalogue.ToConfirm](t)(c.ToConfirm(ctx, actor))
	if len(due.Contracts) != 1 || len(due.Uses) != 1 || due.Uses[0].ID != "seen" || len(due.Intentions) != 0 {
		t.Errorf("due at first: %+v", due)
	}
	k.move(19 * 31 * 24 * time.Hour)
	if due = must[*catalogue.ToConfirm](t)(c.ToConfirm(ctx, actor)); due.Len() != 4 {
		t.Errorf("due later: %+v", due)
	}
	for range 2 { // a form sent twice does the same
		ins := must[catalogue.Bulk](t)(c.ConfirmIntentions(ctx, actor, []string{own.ID, theirs.ID}))
		uses := must[catalogue.Bulk](t)(c.ConfirmUses(ctx, actor, []string{"seen", "theirs", "parker-01~" + birmingham}))
		if ins.Saved != 1 || uses.Saved != 2 {
			t.Errorf("confirmed: %+v %+v", ins, uses)
		}
		is(t, "another's intention", ins.Wrong[theirs.ID], catalogue.Forbidden)
		is(t, "another's use", uses.Wrong["theirs"], catalogue.Forbidden)
	}
	if now := must[*catalogue.Intention](t)(c.Intention(ctx, actor, own.ID)); now.Version == own.Version || !now.Confirmed.Equal(c.Now().UTC()) {
		t.Errorf("the intention after it: %+v", now)
	}
	must[catalogue.Bulk](t)(c.ConfirmContracts(ctx, actor, []string{"a"}))
	if due = must[*catalogue.ToConfirm](t)(c.ToConfirm(ctx, actor)); due.Len() != 0 {
		t.Errorf("still due: %+v", due)
	}
	must[*catalogue.Intention](t)(c.WithdrawIntention(ctx, officer(birmingham, catalogue.RoleLead), own.ID, "no money"))
	gone := must[catalogue.Bulk](t)(c.ConfirmIntentions(ctx, actor, []string{own.ID}))
	is(t, "a withdrawn intention", gone.Wrong[own.ID], catalogue.Invalid)
	viewer := officer(birmingham, catalogue.RoleViewer)
	_, err := c.ConfirmIntentions(ctx, viewer, []string{own.ID})
	is(t, "a viewer confirms intentions", err, catalogue.Forbidden)
	_, err = c.ConfirmUses(ctx, viewer, []string{"seen"})
	is(t, "a viewer confirms uses", err, catalogue.Forbidden)
	_, err = c.ToConfirm(ctx, catalogue.AnyCouncil())
	is(t, "what is due of nobody", err, catalogue.NotFound)
	whole(t, c)
}

func TestWhatACouncilRunsInOneSitting(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	items, ids := platforms(35) // several transactions
	named := bought(birmingham, "a", "2029-06-30")
	named.Product = "Parker 03"
	seen := seenUsing(birmingham, ids[1], "seen")
	imports(t, c, items...)
	imports(t, c, named)
	imports(t, c, append(items[:0:0], seen, seenUsing(birmingham, ids[2], "also-seen"))...)
	actor := officer(birmingham, catalogue.RoleContributor)
	r := must[*catalogue.Running](t)(c.Running(ctx, actor))
	suggested := func() (out []string) {
		for _, a := range r.Areas {
			for _, f := range a.For {
				for _, row := range f.Rows {
					if row.Suggested() {
						out = append(out, row.Platform.ID)
					}
				}
			}
		}
		return out
	}
	if got := suggested(); !slices.Equal(got, []string{ids[1], ids[2], ids[3]}) {
		t.Errorf("suggested: %v", got)
	}
	ticked := append(slices.Clone(ids), "no-such-platform")
	var versions []uint64
	for range 2 {
		done := must[catalogue.Bulk](t)(c.RunPlatforms(ctx, actor, ticked, nil))
		if done.Saved != 35 || len(done.Wrong) != 1 {
			t.Errorf("run: %d saved, wrong %v", done.Saved, done.Wrong)
		}
		is(t, "a platform that is not there", done.Wrong["no-such-platform"], catalogue.NotFound)
		uses := must[[]catalogue.KnownUse](t)(c.OwnUses(ctx, actor))
		if len(uses) != 35 {
			t.Fatalf("%d uses, want 35", len(uses))
		}
		versions = append(versions, uses[0].Version)
	}
	if versions[0] != versions[1] {
		t.Error("sent twice it saves twice")
	}
	uses := must[[]catalogue.KnownUse](t)(c.OwnUses(ctx, actor))
	long := make([]byte, 20_000)
	for i := range long {
		long[i] = 'x'
	}
	told := must[catalogue.Bulk](t)(c.TellOfUses(ctx, actor, map[string]catalogue.UseWord{
		uses[0].ID: {Since: catalogue.MustDate("2020-04"), Advice: "canary-advice", WillTalk: true}, uses[4].ID: {Advice: string(long)}}))
	if told.Saved != 1 {
		t.Errorf("told: %+v", told)
	}
	refusedOn(t, "advice that is too long", told.Wrong[uses[4].ID], "advice")
	// What was said stays when it is ticked again, and is for councils.
	k.move(48 * time.Hour)
	must[catalogue.Bulk](t)(c.RunPlatforms(ctx, actor, ids, nil))
	for who, test := range map[string]struct {
		actor catalogue.Actor
		sees  bool
	}{
		"another council": {officer(coventry, catalogue.RoleViewer), true},
		"anybody":         {catalogue.Anonymous(), false},
		"a supplier":      {catalogue.Actor{Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "chipside"}, false},
	} {
		u := must[*catalogue.PlatformView](t)(c.PlatformView(ctx, test.actor, ids[0])).Uses[0].Use
		if u.WillTalk != test.sees || (u.Advice != "") != test.sees || u.Since.String() != "2020-04" {
			t.Errorf("%s sees %+v", who, u)
		}
	}
	// Unticked: the council's own word goes, what a public record shows stays.
	for range 2 {
		done := must[catalogue.Bulk](t)(c.RunPlatforms(ctx, actor, ids[3:], ids[:3]))
		if len(done.Wrong) > 0 {
			t.Errorf("stopped: %v", done.Wrong)
		}
	}
	if n := len(must[[]catalogue.KnownUse](t)(c.OwnUses(ctx, actor))); n != 32 {
		t.Errorf("%d uses are left, want 32", n)
	}
	if v := must[*catalogue.PlatformView](t)(c.PlatformView(ctx, actor, ids[0])); len(v.Uses) != 0 {
		t.Errorf("a use that was unticked is still there: %+v", v.Uses[0].Use)
	}
	if v := must[*catalogue.PlatformView](t)(c.PlatformView(ctx, actor, ids[1])); len(v.Uses) != 1 || v.Uses[0].Use.ID != "seen" {
		t.Errorf("what a public record shows went too: %+v", v.Uses)
	}
	_, err := c.RunPlatforms(ctx, officer(birmingham, catalogue.RoleViewer), ids, nil)
	is(t, "a viewer says what the council runs", err, catalogue.Forbidden)
	_, err = c.TellOfUses(ctx, officer(birmingham, catalogue.RoleViewer), map[string]catalogue.UseWord{uses[0].ID: {}})
	is(t, "a viewer tells of uses", err, catalogue.Forbidden)
	theirs := must[catalogue.Bulk](t)(c.TellOfUses(ctx, officer(coventry, catalogue.RoleLead), map[string]catalogue.UseWord{uses[5].ID: {Advice: "x"}}))
	is(t, "another council's use", theirs.Wrong[uses[5].ID], catalogue.Forbidden)
	whole(t, c)
}
