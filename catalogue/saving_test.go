package catalogue_test

import (
	"context"
	"strings"
	"testing"

	"jointly/catalogue"
)

// together is a group of councils that have all accepted; the first proposed it and leads.
func (s scene) together(councils ...string) *catalogue.BuyingGroup {
	s.t.Helper()
	group := must[*catalogue.BuyingGroup](s.t)
	mine := s.intention(councils[0], catalogue.Councils)
	p := catalogue.Proposal{Intention: mine.ID, Lead: true, OpenToJoin: true}
	for _, code := range councils[1:] {
		p.Partners = append(p.Partners, s.intention(code, catalogue.Councils).ID)
	}
	g := group(s.c.ProposeGroup(context.Background(), officer(councils[0], catalogue.RoleLead), p))
	for _, code := range councils[1:] {
		g = group(s.answer(code, g, true, ""))
	}
	return g
}

// figures is an entry of a ledger that holds.
func figures(baseline, low, high float64) catalogue.Saving {
	return catalogue.Saving{SavingFigures: catalogue.SavingFigures{Baseline: baseline, BaselineHow: "Invoices of last year",
		Forecast: catalogue.Money{Min: low, Max: high}, Assumptions: "Five members and one hosted system"}}
}

func TestALedgerAddsUpWhatItsMembersState(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	g := s.together(birmingham, coventry, dudley)
	set := func(council string, version uint64, f catalogue.Saving) *catalogue.Saving {
		t.Helper()
		return must[*catalogue.Saving](t)(c.SetSaving(ctx, officer(council, catalogue.RoleContributor), g.ID, version, f))
	}
	read := func(council string) *catalogue.Savings {
		t.Helper()
		return must[*catalogue.Savings](t)(c.Savings(ctx, officer(council, catalogue.RoleViewer), g.ID))
	}
	if l := read(coventry); len(l.Rows) != 3 || l.Baselines != 0 || l.Mine != nil {
		t.Errorf("before anybody states anything: %+v", l)
	}
	first := set(birmingham, 0, figures(200_000, 150_000, 190_000))
	if first.Council != birmingham || first.Group != g.ID || first.Version == 0 {
		t.Errorf("kept %+v", first)
	}
	actual := figures(100_000, 80_000, 110_000)
	actual.Actual, actual.ActualFrom, actual.ActualTo, actual.OneOff = 120_000, catalogue.MustDate("2025-04-01"), catalogue.MustDate("2026-03-31"), 5_000
	set(coventry, 0, actual)

	l := read(dudley)
	if l.Baseline != 300_000 || l.Baselines != 2 || l.Forecasts != 2 || l.Actuals != 1 || l.OneOff != 5_000 {
		t.Errorf("adds up to %+v", l)
	}
	if want := (catalogue.Money{Min: 0, Max: 70_000}); l.Expected != want {
		t.Errorf("expected savings of %+v, want %+v", l.Expected, want)
	}
	if l.Saved != -20_000 {
		t.Errorf("saved %v: what costs more must show as less than nothing", l.Saved)
	}

	seq := must[uint64](t)(c.Seq(ctx))
	if again := set(birmingham, 0, figures(200_000, 150_000, 190_000)); again.Version != first.Version || must[uint64](t)(c.Seq(ctx)) != seq {
		t.Error("the same figures sent again wrote something")
	}
	_, err := c.SetSaving(ctx, officer(birmingham, catalogue.RoleContributor), g.ID, 0, figures(1, 1, 1))
	is(t, "saving over what a colleague saved", err, catalogue.Conflict)
	changed := set(birmingham, first.Version, figures(200_000, 100_000, 100_000))
	if changed.Created != first.Created || read(coventry).Expected.Max != 120_000 {
		t.Errorf("after a change: %+v", read(coventry))
	}

	must[*catalogue.BuyingGroup](t)(c.LeaveGroup(ctx, officer(coventry, catalogue.RoleLead), g.ID, "no money"))
	if l := read(dudley); len(l.Rows) != 2 || l.Baseline != 200_000 || l.Actuals != 0 {
		t.Errorf("once a council has left: %+v", l)
	}
	found := must[[]catalogue.Item](t)(c.Load(ctx, officer(dudley, catalogue.RoleAdmin), []catalogue.Key{{Kind: catalogue.KindSaving, ID: g.ID + "~" + coventry}}))
	if found[0] != nil {
		t.Errorf("the entry of a council that left is still read: %+v", found[0])
	}
	whole(t, c)
}

func TestWhatALedgerRefuses(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	g := s.together(birmingham, coventry)
	me := officer(birmingham, catalogue.RoleContributor)
	for _, test := range []struct {
		what, field string
		change      func(*catalogue.Saving)
	}{
		{"a baseline without how", "baseline_how", func(f *catalogue.Saving) { f.BaselineHow = "" }},
		{"a negative baseline", "baseline", func(f *catalogue.Saving) { f.Baseline = -1 }},
		{"a forecast without a baseline", "baseline", func(f *catalogue.Saving) { f.Baseline, f.BaselineHow = 0, "" }},
		{"a range upside down", "forecast_high", func(f *catalogue.Saving) { f.Forecast = catalogue.Money{Min: 2, Max: 1} }},
		{"a forecast without assumptions", "assumptions", func(f *catalogue.Saving) { f.Assumptions = "" }},
		{"an actual without its period", "actual_from", func(f *catalogue.Saving) { f.Actual = 1 }},
		{"a period without an end", "actual_to", func(f *catalogue.Saving) { f.ActualFrom = catalogue.MustDate("2026-01-01") }},
		{"a period upside down", "actual_to", func(f *catalogue.Saving) {
			f.ActualFrom, f.ActualTo = catalogue.MustDate("2026-02-01"), catalogue.MustDate("2026-01-01")
		}},
		{"a period that is not over", "actual_to", func(f *catalogue.Saving) {
			f.ActualFrom, f.ActualTo = catalogue.MustDate("2026-01-01"), catalogue.DateOf(today.AddDate(0, 0, 1))
		}},
		{"one-off costs below nothing", "one_off", func(f *catalogue.Saving) { f.OneOff = -1 }},
	} {
		f := figures(200_000, 150_000, 190_000)
		test.change(&f)
		_, err := c.SetSaving(ctx, me, g.ID, 0, f)
		refusedOn(t, test.what, err, test.field)
	}
	if n := count(t, c, catalogue.KindSaving); n != 0 {
		t.Errorf("%d entries are stored", n)
	}
	free := catalogue.Saving{SavingFigures: catalogue.SavingFigures{BaselineHow: "Done on paper so far", Forecast: catalogue.Money{Max: 9_000}, Assumptions: "As offered"}}
	kept := must[*catalogue.Saving](t)(c.SetSaving(ctx, me, g.ID, 0, free))
	if !kept.HasBaseline() || kept.Expected().Min != -9_000 {
		t.Errorf("nothing paid so far is kept as %+v", kept)
	}
}

func TestOnlyMembersSeeAndKeepTheLedger(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	g := s.together(birmingham, coventry)
	f := figures(200_000, 150_000, 190_000)
	f.BaselineHow, f.Assumptions = "canary-how", "canary-assumptions"
	must[*catalogue.Saving](t)(c.SetSaving(ctx, officer(birmingham, catalogue.RoleContributor), g.ID, 0, f))
	invited := s.intention(dudley, catalogue.Councils)
	must[*catalogue.BuyingGroup](t)(c.Invite(ctx, officer(birmingham, catalogue.RoleLead), g.ID, invited.ID))
	supplier := catalogue.Actor{Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: birmingham}
	for who, a := range map[string]catalogue.Actor{"nobody": catalogue.Anonymous(), "a supplier": supplier, "any council": catalogue.AnyCouncil(),
		"another council": officer(sandwell, catalogue.RoleAdmin), "a council that is only asked": officer(dudley, catalogue.RoleAdmin)} {
		_, err := c.Savings(ctx, a, g.ID)
		is(t, "reading the ledger as "+who, err, catalogue.NotFound)
		_, err = c.PlannedNotice(ctx, a, g.ID)
		is(t, "reading the notice pack as "+who, err, catalogue.NotFound)
		if err := c.Each(ctx, a, catalogue.KindSaving, func(item catalogue.Item) error {
			t.Errorf("%s reads %+v", who, item)
			return nil
		}); err != nil {
			t.Error(err)
		}
		if _, err = c.SetSaving(ctx, a, g.ID, 0, figures(1, 1, 1)); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s states savings: %v", who, err)
		}
	}
	_, err := c.SetSaving(ctx, officer(coventry, catalogue.RoleViewer), g.ID, 0, f)
	is(t, "stating savings as a viewer", err, catalogue.Forbidden)
	other := figures(1, 1, 1)
	other.Council = birmingham
	_, err = c.SetSaving(ctx, officer(coventry, catalogue.RoleAdmin), g.ID, 0, other)
	is(t, "stating another council's savings", err, catalogue.Forbidden)
	if l := must[*catalogue.Savings](t)(c.Savings(ctx, officer(coventry, catalogue.RoleViewer), g.ID)); l.Rows[0].Saving.Assumptions != "canary-assumptions" {
		t.Errorf("the control: a fellow member reads %+v", l.Rows[0].Saving)
	}
}
