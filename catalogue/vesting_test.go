package catalogue_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

const (
	woking   = "E07000217"
	guildfd  = "E07000209"
	elmbrdg  = "E07000207"
	surreyCC = "E10000030"
)

func vesting(council, area string) catalogue.Vesting {
	return catalogue.Vesting{Council: council, Area: area, SuccessorName: "Middle England Council", Successors: []string{"Middle England Council"},
		Date: catalogue.MustDate("2029-04-01"), Status: register.StatusDecided, Source: "An order of the Secretary of State", Read: catalogue.MustDate("2026-11-20")}
}

func rows(t *testing.T, c *catalogue.Catalogue, council string) []catalogue.ReorganisationRow {
	t.Helper()
	return must[[]catalogue.ReorganisationRow](t)(c.ReorganisationOf(context.Background(), council))
}

func TestAVestingTakesThePlaceOfTheRegistersRow(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	operator := catalogue.Operator("test")
	before := rows(t, c, woking)
	if len(before) != 1 || before[0].Record != nil || before[0].Area != "Surrey" {
		t.Fatalf("the register says of Woking: %+v", before)
	}
	later := vesting(woking, "Surrey")
	saved := must[*catalogue.Vesting](t)(c.SaveVesting(ctx, operator, later))
	again := must[*catalogue.Vesting](t)(c.SaveVesting(ctx, operator, later))
	if again.Version != saved.Version {
		t.Error("the same form sent twice wrote twice")
	}
	v := must[*catalogue.CouncilView](t)(c.CouncilView(ctx, catalogue.Anonymous(), woking))
	if len(v.Reorganisation) != 1 || v.Reorganisation[0].SuccessorName != "Middle England Council" || v.Reorganisation[0].Vesting.Year() != 2029 ||
		!strings.Contains(v.Reorganisation[0].Source, "Read on 20 November 2026") {
		t.Errorf("the council's page says %+v", v.Reorganisation)
	}
	if k := must[[]catalogue.Cohort](t)(c.Cohorts(ctx, woking)); len(k) != 0 {
		t.Errorf("alone with its successor, but in cohorts %+v", k)
	}
	if n := len(must[*catalogue.ReorganisedArea](t)(c.ReorganisationIn(ctx, "Surrey")).Rows); n != 12 {
		t.Errorf("Surrey has %d councils, want 12 as before", n)
	}

	_, err := c.SaveVesting(ctx, operator, vestingOf(later, func(v *catalogue.Vesting) { v.Source = "Another" }))
	is(t, "saving over a record that was not read", err, catalogue.Conflict)
	is(t, "removing another version", c.RemoveVesting(ctx, operator, woking, "Surrey", saved.Version-1), catalogue.Conflict)
	if err := c.RemoveVesting(ctx, operator, woking, "Surrey", saved.Version); err != nil {
		t.Fatal(err)
	}
	if got := rows(t, c, woking); len(got) != 1 || got[0].Source != before[0].Source || got[0].SuccessorName != before[0].SuccessorName {
		t.Errorf("after removing the record the register's row is %+v", got)
	}
	whole(t, c)
}

func vestingOf(v catalogue.Vesting, change func(*catalogue.Vesting)) catalogue.Vesting {
	change(&v)
	return v
}

func TestVestingsAreTheOperatorsToRecord(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	for _, actor := range []catalogue.Actor{officer(woking, catalogue.RoleAdmin), officer(birmingham, catalogue.RoleLead)} {
		_, err := c.SaveVesting(ctx, actor, vesting(woking, "Surrey"))
		is(t, "an officer records a vesting", err, catalogue.Forbidden)
		is(t, "an officer removes one", c.RemoveVesting(ctx, actor, woking, "Surrey", 0), catalogue.Forbidden)
		is(t, "an officer sets an area", c.SetArea(ctx, actor, catalogue.AreaVesting{Area: "Surrey"}), catalogue.Forbidden)
		_, err = c.AddCouncil(ctx, actor, westSurrey())
		is(t, "an officer adds a council", err, catalogue.Forbidden)
		_, err = c.Succeed(ctx, actor, catalogue.HandOver{From: woking, To: guildfd, Reason: "why not"})
		is(t, "an officer hands over", err, catalogue.Forbidden)
	}
	_, err := c.SaveVesting(ctx, catalogue.Anonymous(), vesting(woking, "Surrey"))
	is(t, "nobody records a vesting", err, catalogue.Unauthenticated)

	for field, change := range map[string]func(*catalogue.Vesting){
		"council":        func(v *catalogue.Vesting) { v.Council = "E99999999" },
		"area":           func(v *catalogue.Vesting) { v.Area = " " },
		"vesting_date":   func(v *catalogue.Vesting) { v.Date = catalogue.MustDate("2029-04") },
		"successor_name": func(v *catalogue.Vesting) { v.SuccessorName = "" },
		"status":         func(v *catalogue.Vesting) { v.Status = "hoped for" },
		"source":         func(v *catalogue.Vesting) { v.Source = "" },
		"read":           func(v *catalogue.Vesting) { v.Read = catalogue.MustDate("2030-01-01") },
	} {
		_, err := c.SaveVesting(ctx, catalogue.Operator("test"), vestingOf(vesting(woking, "Surrey"), change))
		refusedOn(t, "a vesting with a wrong "+field, err, field)
	}
}

func TestAnAreaIsSetAtOnce(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	operator := catalogue.Operator("test")
	area := must[*catalogue.ReorganisedArea](t)(c.ReorganisationIn(ctx, "Surrey"))
	set := catalogue.AreaVesting{Area: "Surrey", Date: catalogue.MustDate("2027-05-01"), Status: register.StatusDecided, Source: "A later order",
		Read: catalogue.MustDate("2026-11-22"), Seen: area.Version()}
	for range 2 { // sent twice it acts once
		if err := c.SetArea(ctx, operator, set); err != nil {
			t.Fatal(err)
		}
	}
	after := must[*catalogue.ReorganisedArea](t)(c.ReorganisationIn(ctx, "Surrey"))
	for i, r := range after.Rows {
		if r.Reorganisation.Vesting.Format("2006-01-02") != "2027-05-01" || r.SuccessorName != area.Rows[i].SuccessorName {
			t.Errorf("%s: %+v", r.CouncilName, r.Reorganisation)
		}
	}
	if n := count(t, c, catalogue.KindVesting); n != len(area.Rows) {
		t.Errorf("%d records for %d councils", n, len(area.Rows))
	}
	set.Source = "Yet another"
	is(t, "setting an area that was changed meanwhile", c.SetArea(ctx, operator, set), catalogue.Conflict)
	is(t, "setting an area that is none", c.SetArea(ctx, operator, catalogue.AreaVesting{Area: "Atlantis", Read: set.Read}), catalogue.NotFound)
	whole(t, c)
}

func TestCohorts(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	cohorts := func(council string) []catalogue.Cohort {
		return must[[]catalogue.Cohort](t)(c.Cohorts(ctx, council))
	}
	names := func(k catalogue.Cohort) string {
		var list []string
		for _, council := range k.Councils {
			list = append(list, council.Name)
		}
		return strings.Join(list, ", ")
	}
	if got := cohorts(woking); len(got) != 1 || got[0].Successor != "West Surrey Council" ||
		names(got[0]) != "Guildford, Runnymede, Spelthorne, Surrey, Surrey Heath, Waverley, Woking" {
		t.Errorf("Woking: %+v", got)
	}
	// The county goes to both.
	if got := cohorts(surreyCC); len(got) != 2 || got[0].Successor != "East Surrey Council" || got[1].Successor != "West Surrey Council" {
		t.Errorf("Surrey: %+v", got)
	}
	// Not decided: the whole area, without the council that one proposal names.
	got := cohorts("E07000178")
	if len(got) != 1 || got[0].Successor != "" || len(got[0].Councils) != 6 || strings.Contains(names(got[0]), "West Berkshire") {
		t.Errorf("Oxford: %+v", got)
	}
	for gss, why := range map[string]string{"E06000046": "Isle of Wight stays", "E06000037": "West Berkshire is only named",
		birmingham: "Birmingham is not reorganised", "": "no council"} {
		if got := cohorts(gss); len(got) != 0 {
			t.Errorf("%s, but has cohorts: %+v", why, got)
		}
	}
}

// estateOf stores contracts of the councils that become West Surrey, with a canary in each that others must not see.
func estateOf(t *testing.T, c *catalogue.Catalogue) {
	t.Helper()
	contract := func(ref, council, title, supplier, capability, end string, months int, value float64, audience catalogue.Audience) catalogue.Item {
		return &catalogue.Contract{Meta: catalogue.Meta{Ref: ref}, Council: council, Title: title, Supplier: supplier, Capability: capability, CapabilityConfirmed: true,
			Value: value, Start: catalogue.MustDate("2024-01-01"), End: catalogue.MustDate(end), ExtensionMonths: months, Stage: catalogue.StageAwarded, Audience: audience,
			Source: catalogue.Source{Text: "a notice"}}
	}
	imports(t, c,
		contract("W1", woking, "Payroll", "Northgate", "hr-payroll", "2027-02-28", 12, 60_000, catalogue.Public),
		contract("W2", woking, "Payroll support", "Northgate", "hr-payroll", "2028-02-28", 0, 70_000, catalogue.Public),
		contract("G1", guildfd, "Payroll system", "Midland Software", "hr-payroll", "2027-03-31", 6, 0, catalogue.Councils),
		contract("W3", woking, "OWNCANARY of Woking", "Secretive", "revs-bens", "2029-01-31", 0, 5_000_000, catalogue.Own),
		contract("G2", guildfd, "Revenues", "Civica", "revs-bens", "2027-01-31", 0, 250_000, catalogue.Public),
		contract("E1", elmbrdg, "Elsewhere in East Surrey", "Civica", "revs-bens", "2029-01-31", 0, 90_000, catalogue.Public))
}

func estateID(t *testing.T, c *catalogue.Catalogue, council string) string {
	t.Helper()
	return must[[]catalogue.Cohort](t)(c.Cohorts(context.Background(), council))[0].ID
}

func TestACohortSeesItsCombinedEstate(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	estateOf(t, c)
	id := estateID(t, c, guildfd)
	e := must[*catalogue.CohortEstate](t)(c.CohortEstate(ctx, officer(guildfd, catalogue.RoleViewer), id))
	titles := func(lines []catalogue.CohortLine) string {
		var out []string
		for _, l := range lines {
			out = append(out, l.Contract.Title)
		}
		return strings.Join(out, ", ")
	}
	if got := titles(e.Before); got != "Revenues, Payroll, Payroll system" {
		t.Errorf("before vesting: %s", got)
	}
	if got := titles(e.Past); got != "Payroll support" {
		t.Errorf("past vesting: %s", got)
	}
	past := e.Past[0].PastEnd
	if past.Value != 70_000 || past.Together != 130_000 || !past.OverRevenue() || past.OverCapital() {
		t.Errorf("two contracts with one supplier come to %+v, want 130,000 together, over the amount for revenue", past)
	}
	if e.Total != 380_000 || e.Valued != 3 || len(e.Contracts) != 4 {
		t.Errorf("£%.0f from %d of %d contracts", e.Total, e.Valued, len(e.Contracts))
	}
	if len(e.Twice) != 1 || e.Twice[0].Capability != "hr-payroll" || e.Twice[0].Step.Contract == nil || e.Twice[0].Step.Contract.Ref != "G1" {
		t.Errorf("twice: %+v", e.Twice)
	}
	if len(e.Align) != 0 {
		// Woking counts with what reaches furthest, which ends after Guildford's can.
		t.Errorf("aligned: %+v", e.Align)
	}
	mine := listed(t, c, intention(guildfd, "Payroll for us"))
	id2, _ := mine.Capable()
	e = must[*catalogue.CohortEstate](t)(c.CohortEstate(ctx, officer(guildfd, catalogue.RoleViewer), id))
	if slices.ContainsFunc(e.Before, func(l catalogue.CohortLine) bool { return l.Contract.Capability == id2 && l.Step.Intention == nil }) {
		t.Error("what the council listed already is not offered as the next step")
	}
}

func TestContractsAreExtendedToOneDate(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	estateOf(t, c)
	imports(t, c, &catalogue.Contract{Meta: catalogue.Meta{Ref: "R1"}, Council: "E07000212", Title: "Payroll bureau", Supplier: "Midland Software", Capability: "hr-payroll",
		CapabilityConfirmed: true, End: catalogue.MustDate("2027-12-31"), ExtensionMonths: 1, Stage: catalogue.StageAwarded, Source: catalogue.Source{Text: "a notice"}})
	e := must[*catalogue.CohortEstate](t)(c.CohortEstate(ctx, officer(guildfd, catalogue.RoleViewer), estateID(t, c, guildfd)))
	if len(e.Align) != 0 {
		t.Errorf("Guildford reaches 30 September, Runnymede begins to on 31 December: %+v", e.Align)
	}
	imports(t, c, &catalogue.Contract{Meta: catalogue.Meta{Ref: "S1"}, Council: "E07000213", Title: "Payroll desk", Supplier: "Midland Software", Capability: "hr-payroll",
		CapabilityConfirmed: true, End: catalogue.MustDate("2027-05-31"), ExtensionMonths: 24, Stage: catalogue.StageAwarded, Source: catalogue.Source{Text: "a notice"}})
	e = must[*catalogue.CohortEstate](t)(c.CohortEstate(ctx, officer(guildfd, catalogue.RoleViewer), estateID(t, c, guildfd)))
	if len(e.Align) != 1 || e.Align[0].On != catalogue.MustDate("2027-05-31") || len(e.Align[0].Extends) != 2 || len(e.Align[0].Cannot) != 2 {
		t.Fatalf("aligned: %+v", e.Align)
	}
	if x := e.Align[0].Extends; x[0].Council.Name != "Guildford" || x[0].Months != 2 || x[0].Most != 6 || x[1].Council.Name != "Spelthorne" || x[1].Months != 0 {
		t.Errorf("by how much: %+v", x)
	}
}

func TestACohortIsForItsCouncilsAlone(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	estateOf(t, c)
	id := estateID(t, c, guildfd)
	supplier := catalogue.Actor{Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "northgate", Via: "test"}
	for _, actor := range []catalogue.Actor{catalogue.Anonymous(), supplier, officer(birmingham, catalogue.RoleAdmin), officer(elmbrdg, catalogue.RoleLead), catalogue.AnyCouncil()} {
		_, err := c.CohortEstate(ctx, actor, id)
		is(t, "the estate of others", err, catalogue.NotFound)
	}
	for _, actor := range []catalogue.Actor{officer(guildfd, catalogue.RoleAdmin), officer(surreyCC, catalogue.RoleLead)} {
		e := must[*catalogue.CohortEstate](t)(c.CohortEstate(ctx, actor, id))
		for _, row := range e.Contracts {
			if strings.Contains(row.Contract.Title, "OWNCANARY") {
				t.Errorf("%s sees what Woking keeps to itself", actor.Org)
			}
		}
		if slices.ContainsFunc(e.Twice, func(t catalogue.Twice) bool { return t.Capability == "revs-bens" }) {
			t.Errorf("%s can tell from what is there twice what Woking keeps to itself", actor.Org)
		}
	}
	own := must[*catalogue.CohortEstate](t)(c.CohortEstate(ctx, officer(woking, catalogue.RoleViewer), id))
	if !slices.ContainsFunc(own.Past, func(l catalogue.CohortLine) bool { return strings.Contains(l.Contract.Title, "OWNCANARY") }) {
		t.Error("Woking does not see its own contract")
	}
}
