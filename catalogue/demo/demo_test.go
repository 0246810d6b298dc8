package demo_test

import (
	"context"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/demo"
	"jointly/catalogue/facts"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/register"
)

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 12, 0, 0, 0, time.UTC)
}

func build(t *testing.T, asOf time.Time) demo.Data {
	t.Helper()
	reg, err := register.Load()
	if err != nil {
		t.Fatal(err)
	}
	d, err := demo.Build(asOf, reg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEnoughToLookAt(t *testing.T) {
	d := build(t, day(2026, 11, 23))
	for _, n := range []struct {
		what             string
		got, least, most int
	}{
		{"councils", len(d.Councils), 46, 46}, {"intentions", len(d.Intentions), 440, 470},
		{"groups", len(d.Groups), 14, 17}, {"uses", len(d.Uses), 80, 120}, {"contracts", len(d.Contracts), 50, 80},
		{"interests", len(d.Interests), 25, 40}, {"suppliers", len(d.Suppliers), 5, 10}, {"personas", len(d.Accounts), 6, 6}, {"offers", len(d.Offers), 10, 10}, {"asks", len(d.Asks), 3, 3}, {"bodies", len(d.Bodies), 1, 1}, {"findings", len(d.Findings), 4, 6}, {"recommendations", len(d.Recommendations), 4, 6},
	} {
		if n.got < n.least || n.got > n.most {
			t.Errorf("%d %s, want %d to %d", n.got, n.what, n.least, n.most)
		}
	}
	seen, quiet := map[catalogue.Audience]int{}, 0
	for _, in := range d.Intentions {
		if strings.HasPrefix(in.Ref, "QUIET-") { // what demand figures are made of
			quiet++
			continue
		}
		seen[in.Visibility]++
	}
	if quiet < 200 {
		t.Errorf("%d needs that nobody sees", quiet)
	}
	if n := len(d.Intentions) - quiet; seen[catalogue.Public]*100/n < 35 || seen[catalogue.Councils]*100/n < 50 || seen[catalogue.Own] < 5 {
		t.Errorf("visibility: %v", seen)
	}
	nations, tiers := map[string]int{}, map[register.Tier]int{}
	for _, c := range d.Councils {
		nations[c.Nation]++
		tiers[c.Tier]++
	}
	if len(nations) != 4 || len(tiers) != 3 {
		t.Errorf("nations %v, tiers %v", nations, tiers)
	}
	stages, needsLead, open, asked := map[catalogue.GroupStage]int{}, 0, 0, 0
	for _, g := range d.Groups {
		stages[g.Stage]++
		if g.Lead == "" {
			needsLead++
		}
		if g.OpenToJoin {
			open++
		}
		for _, m := range g.Members {
			if m.State == catalogue.Invited {
				asked++
			}
		}
	}
	if stages[catalogue.Forming] < 3 || stages[catalogue.Agreed] < 3 || stages[catalogue.Abandoned] < 1 || needsLead < 2 || open < 6 || asked < 3 {
		t.Errorf("stages %v, %d need a lead, %d open to join, %d asked", stages, needsLead, open, asked)
	}
}

func TestAllOfItIsMarked(t *testing.T) {
	d := build(t, day(2026, 11, 23))
	owners, others := d.Items()
	for _, item := range append(owners, others...) {
		if !reflect.ValueOf(item).Elem().FieldByName("Demonstration").Bool() {
			t.Errorf("%s is not marked as demonstration", item.Key())
		}
	}
	named := func(what, name string) {
		if !strings.Contains(name, "(demonstration)") {
			t.Errorf("the %s %q does not say demonstration", what, name)
		}
	}
	for _, c := range d.Councils {
		named("council", c.Label())
	}
	for _, s := range d.Suppliers {
		named("supplier", s.Name)
	}
	for _, a := range d.Accounts {
		named("persona", a.Name)
		if !strings.HasSuffix(a.Email, ".example") {
			t.Errorf("%s is not at a reserved domain", a.Email)
		}
	}
	for _, p := range d.Platforms {
		named("platform", p.Name)
	}
	for _, c := range d.Contracts {
		named("supplier of a contract", c.Supplier)
	}
}

func TestNothingIsNamedLikeARealCouncil(t *testing.T) {
	reg, err := register.Load()
	if err != nil {
		t.Fatal(err)
	}
	places := map[register.Hex]string{}
	for _, c := range build(t, day(2026, 11, 23)).Councils {
		for _, real := range reg.Councils() {
			if strings.EqualFold(real.Name, c.Name) || strings.EqualFold(real.OfficialName, c.OfficialName) ||
				strings.Contains(strings.ToLower(real.Name), strings.ToLower(c.Name)) || real.Domain == c.Domain {
				t.Errorf("%s is like %s", c.Name, real.OfficialName)
			}
		}
		if len(c.GSS) == 9 || !strings.HasPrefix(c.GSS, "DEMO-") || len(c.Neighbours) > 0 {
			t.Errorf("%s: %+v", c.GSS, c.Council)
		}
		if c.Hex == nil || places[*c.Hex] != "" {
			t.Fatalf("%s has the place on the map of %q", c.Name, places[*c.Hex])
		}
		places[*c.Hex] = c.Name
	}
}

func TestWindowsAreInOrderWheneverItIsShown(t *testing.T) {
	for _, asOf := range []time.Time{day(2026, 11, 23), day(2027, 1, 31), day(2028, 2, 29), day(2031, 12, 1)} {
		d := build(t, asOf)
		for _, in := range d.Intentions {
			start, end := in.WindowStart.First(), in.WindowEnd.Last()
			if !end.After(start) || in.TrueEnd().Last().Before(start) {
				t.Errorf("as of %s: %s runs from %s to %s, in truth to %s", asOf.Format(time.DateOnly), in.Ref, in.WindowStart, in.WindowEnd, in.TrueEnd())
			}
			if start.Before(asOf) || catalogue.MonthsUntil(asOf, end) > 42 {
				t.Errorf("as of %s: %s runs from %s to %s", asOf.Format(time.DateOnly), in.Ref, in.WindowStart, in.WindowEnd)
			}
			if in.Confirmed.After(asOf) || in.Budget.Min > in.Budget.Max {
				t.Errorf("%s: confirmed %s, budget %v", in.Ref, in.Confirmed, in.Budget)
			}
		}
		for _, c := range d.Contracts {
			if !c.Start.First().Before(asOf) || !c.End.IsZero() && !c.End.Last().After(asOf) {
				t.Errorf("as of %s: contract %s runs from %s to %s", asOf.Format(time.DateOnly), c.Ref, c.Start, c.End)
			}
		}
		for _, g := range d.Groups {
			if g.Stage != catalogue.Abandoned && !g.WindowEnd.Last().After(g.WindowStart.First()) {
				t.Errorf("group %s shares %s to %s", g.ID, g.WindowStart, g.WindowEnd)
			}
			if g.OpenToJoin && !g.JoinBy.Before(g.WindowEnd) {
				t.Errorf("group %s can be joined until %s, and must tender until %s", g.ID, g.JoinBy, g.WindowEnd)
			}
		}
	}
	if again, first := build(t, day(2027, 5, 5)), build(t, day(2027, 5, 5)); !reflect.DeepEqual(again, first) {
		t.Error("the same day gives another demonstration")
	}
}

func TestGroupsHoldTogether(t *testing.T) {
	d := build(t, day(2026, 11, 23))
	intentions := map[string]catalogue.Intention{}
	for _, in := range d.Intentions {
		intentions[in.ID] = in
	}
	taken := map[string]string{}
	for _, g := range d.Groups {
		if _, ok := g.Member(g.Proposer); !ok {
			t.Errorf("%s was proposed by none of its members", g.ID)
		}
		if m, ok := g.Member(g.Lead); g.Lead != "" && (!ok || m.State != catalogue.Accepted) {
			t.Errorf("%s is led by %s, which has not accepted", g.ID, g.Lead)
		}
		for _, m := range g.Members {
			in, ok := intentions[m.Intention]
			switch {
			case !ok || in.Council != m.Council:
				t.Errorf("%s: %s has no intention %s", g.ID, m.Council, m.Intention)
			case in.Capability != g.Capability || in.Visibility == catalogue.Own:
				t.Errorf("%s: %s needs %s and is for %s", g.ID, in.Ref, in.Capability, in.Visibility)
			}
			if m.State == catalogue.Accepted {
				if other := taken[in.ID]; other != "" {
					t.Errorf("%s is in %s and %s", in.Ref, other, g.ID)
				}
				taken[in.ID] = g.ID
			}
			gone := m.State == catalogue.Declined || m.State == catalogue.Left
			if gone != (m.Reason != "") || (m.State == catalogue.Accepted) != (m.Rung != "") || (m.State == catalogue.Invited) != m.Answered.IsZero() {
				t.Errorf("%s: %+v", g.ID, m)
			}
		}
	}
}

func TestInterestsStandOnTheLadder(t *testing.T) {
	d := build(t, day(2026, 11, 23))
	seen, rungs := map[string]bool{}, map[catalogue.Rung]int{}
	for _, i := range d.Interests {
		if seen[i.ID] || i.Council == i.IntentionOf || (i.Rung == catalogue.Approved) != (i.ApprovalRef != "") {
			t.Errorf("%+v", i)
		}
		seen[i.ID] = true
		rungs[i.Rung]++
	}
	for _, r := range catalogue.Rungs() {
		if rungs[r] == 0 {
			t.Errorf("nobody stands on %q", r)
		}
	}
}

// The journey that is shown: three councils whose needs overlap and that are in no group yet.
func TestTheJourneyIsThere(t *testing.T) {
	d := build(t, day(2026, 11, 23))
	grouped := map[string]bool{}
	for _, g := range d.Groups {
		for _, m := range g.Members {
			grouped[m.Intention] = true
		}
	}
	var needs []catalogue.Intention
	for _, a := range d.Accounts {
		for _, in := range d.Intentions {
			if a.OrgKind == catalogue.OrgCouncil && in.Council == a.Org && in.Capability == "revs-bens" && !grouped[in.ID] {
				needs = append(needs, in)
				if a.Role != catalogue.RoleLead {
					t.Errorf("%s may not answer for its council", a.Name)
				}
			}
		}
	}
	if len(needs) != 3 {
		t.Fatalf("%d councils with a persona need revenues and benefits and are in no group, want 3", len(needs))
	}
	for i, a := range needs {
		for _, b := range needs[i+1:] {
			start, end := a.WindowStart, a.TrueEnd()
			if start.Before(b.WindowStart) {
				start = b.WindowStart
			}
			if b.TrueEnd().Before(end) {
				end = b.TrueEnd()
			}
			days := func(from, to catalogue.Date) float64 { return to.Last().Sub(from.First()).Hours() / 24 }
			shorter := min(days(a.WindowStart, a.TrueEnd()), days(b.WindowStart, b.TrueEnd()))
			if days(start, end) < 0.8*shorter {
				t.Errorf("%s and %s share %.0f days of %.0f", a.Ref, b.Ref, days(start, end), shorter)
			}
			if ratio := (a.Budget.Min + a.Budget.Max) / (b.Budget.Min + b.Budget.Max); ratio > 2 || ratio < 0.5 {
				t.Errorf("%s and %s: budgets differ %.1f times", a.Ref, b.Ref, ratio)
			}
			if a.Visibility == catalogue.Own || b.Visibility == catalogue.Own {
				t.Errorf("%s and %s do not see each other", a.Ref, b.Ref)
			}
		}
	}
}

// The demonstration passes the catalogue's own rules, on top of the public facts.
func TestImport(t *testing.T) {
	ctx := context.Background()
	asOf := day(2026, 11, 23)
	store, err := bolt.Open(filepath.Join(t.TempDir(), "demo.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	c, err := catalogue.Open(ctx, store, catalogue.Options{Clock: func() time.Time { return asOf }})
	if err != nil {
		t.Fatal(err)
	}
	public, err := facts.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := build(t, asOf)
	platforms := map[string]bool{}
	for _, p := range public.Platforms {
		platforms[p.ID] = true
	}
	for _, p := range d.Platforms {
		platforms[p.ID] = true
	}
	for _, u := range d.Uses {
		if !platforms[u.Platform] {
			t.Errorf("%s runs an unknown platform %s", u.Council, u.Platform)
		}
	}
	owners, others := d.Items()
	for _, items := range [][]catalogue.Item{public.Items(), owners, others} {
		got, err := c.Import(ctx, catalogue.Operator("command"), items, catalogue.ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range got.Errors {
			t.Errorf("%s: %s: %s", items[e.Item].Key(), e.Field, e.Message)
		}
		if got.Created != len(items) {
			t.Errorf("%d of %d created", got.Created, len(items))
		}
	}
	for _, a := range d.Accounts {
		if a.OrgKind != catalogue.OrgSupplier {
			continue
		}
		v, err := c.SupplierView(ctx, a.Actor("web"), a.Org)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Platforms) == 0 || len(v.Contracts) == 0 {
			t.Errorf("the page of %s has %d platforms and %d contracts", a.Org, len(v.Platforms), len(v.Contracts))
		}
	}
}

func TestLedgersAreOfMembersOfTheirGroups(t *testing.T) {
	d := build(t, day(2026, 11, 23))
	for _, s := range d.Savings {
		i := slices.IndexFunc(d.Groups, func(g catalogue.BuyingGroup) bool { return g.ID == s.Group })
		if i < 0 {
			t.Errorf("%s is of an unknown group", s.ID)
			continue
		}
		if m, ok := d.Groups[i].Member(s.Council); !ok || m.State != catalogue.Accepted {
			t.Errorf("%s is of a council that has not accepted", s.ID)
		}
	}
	if len(d.Savings) == 0 {
		t.Error("no group has a ledger")
	}
}
