package main

// What people said of matches is exported for learning: of real councils alone unless asked, and only what councils may
// see of each other.

import (
	"strings"
	"testing"

	"jointly/catalogue"
)

// exported is one line of `jointly export matches`.
type exported struct {
	A, B    map[string]any
	Match   bool
	Weights string
	Points  float64
}

func TestMatchesAreExported(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	g := Globals{Data: dir, AsOf: "2026-11-23"}
	a, err := opened(ctx, g, logger(g, streams{strings.NewReader(""), newLines(), newLines()}, 0))
	if err != nil {
		t.Fatal(err)
	}
	lead := func(council string) catalogue.Actor {
		return catalogue.Actor{Account: "lead-of-" + council, Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: council, Via: "test"}
	}
	const birmingham, coventry, dudley, sandwell = "E08000025", "E08000026", "E08000027", "E08000028"
	list := func(council string, visibility catalogue.Audience) *catalogue.Intention {
		in, err := a.catalogue.SaveIntention(ctx, lead(council), catalogue.Intention{Council: council, Title: "Revenues and benefits system",
			Description: "Council tax and business rates.", Capability: "revs-bens", Notes: "canary-notes", CurrentSupplier: "canary-supplier",
			Budget: catalogue.Money{Min: 123_321, Max: 123_321}, WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31"),
			Visibility: visibility, Fields: catalogue.IntentionAudiences{Budget: catalogue.Own, Supplier: catalogue.Group, Contract: catalogue.Councils, Musts: catalogue.Councils}})
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	b, c, d, hidden := list(birmingham, catalogue.Councils), list(coventry, catalogue.Councils), list(dudley, catalogue.Public), list(sandwell, catalogue.Own)
	group, err := a.catalogue.ProposeGroup(ctx, lead(birmingham), catalogue.Proposal{Intention: b.ID, Partners: []string{c.ID}})
	if err != nil {
		t.Fatal(err)
	}
	say := func(council, own, other string, same bool) {
		if _, err := a.catalogue.SayOfMatch(ctx, lead(council), catalogue.VerdictSaid{Intention: own, Other: other, Same: same, Reason: "canary-reason", Points: 7.5, Weights: "w1"}); err != nil {
			t.Fatal(err)
		}
	}
	say(dudley, d.ID, b.ID, false)
	say(birmingham, b.ID, d.ID, true) // the other council said that it is not
	say(dudley, d.ID, c.ID, true)
	say(sandwell, hidden.ID, b.ID, true) // of which councils see one alone
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	lines := func(args ...string) (out []exported, text string) {
		text = done(t, append([]string{"--data", dir, "--as-of", "2026-11-23", "export", "matches"}, args...)...)
		for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
			if line != "" {
				out = append(out, parsed[exported](t, line))
			}
		}
		return out, text
	}
	found, text := lines("--format", "jsonl")
	says := func(x, y string) *exported {
		for i, l := range found {
			if l.A["ref"] == min(x, y) && l.B["ref"] == max(x, y) {
				return &found[i]
			}
		}
		return nil
	}
	if l := says(b.ID, d.ID); l == nil || l.Match || l.Points != 7.5 || l.Weights != "w1" || l.A["title"] != "Revenues and benefits system" {
		t.Errorf("a rejected match is exported as %+v", l)
	}
	if l := says(c.ID, d.ID); l == nil || !l.Match {
		t.Errorf("a confirmed match is exported as %+v", l)
	}
	if len(found) != 2 {
		t.Errorf("%d pairs, want 2: a group that has not agreed confirms nothing", len(found))
	}
	for _, canary := range []string{"canary", "123321", hidden.ID} {
		if strings.Contains(text, canary) {
			t.Errorf("the export tells %s: %s", canary, clip(text))
		}
	}

	if a, err = opened(ctx, g, logger(g, streams{strings.NewReader(""), newLines(), newLines()}, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.catalogue.AnswerInvitation(ctx, lead(coventry), group.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := a.catalogue.TakeLead(ctx, lead(coventry), group.ID, true); err != nil {
		t.Fatal(err)
	}
	if _, err := a.catalogue.MoveGroup(ctx, lead(coventry), group.ID, catalogue.Move{From: catalogue.Forming, To: catalogue.Agreed}); err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	found, _ = lines()
	if l := says(b.ID, c.ID); l == nil || !l.Match || l.Points <= 0 || l.Weights == "" || len(found) != 3 {
		t.Errorf("once the group has agreed, %d pairs, theirs %+v", len(found), l)
	}
	for _, wrong := range [][]string{{"export", "matches", "--format", "csv"}, {"export", "groups", "--demonstration"}} {
		if o := jointly(t, append([]string{"--data", dir}, wrong...)...); o.status != statusUsage {
			t.Errorf("%v: status %d: %s", wrong, o.status, o.err)
		}
	}
}

func TestDemonstrationMatchesAreLeftOut(t *testing.T) {
	dir := t.TempDir()
	startService(t, dir, "--demo").stop()
	if out := done(t, "--data", dir, "export", "matches"); out != "" {
		t.Errorf("without --demonstration: %s", clip(out))
	}
	if out := done(t, "--data", dir, "export", "matches", "--demonstration"); !strings.Contains(out, `"match":true`) {
		t.Errorf("with --demonstration: %s", clip(out))
	}
}
