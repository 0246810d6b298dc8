package catalogue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/plan"
)

// brings is a group of councils that accepted, each with an intention that a test changes.
func (s scene) brings(change func(*catalogue.Intention), councils ...string) *catalogue.BuyingGroup {
	s.t.Helper()
	var own *catalogue.Intention
	var partners []*catalogue.Intention
	for _, code := range councils {
		in := intention(code, s.name("Revenues system"))
		in.Fields = catalogue.DefaultIntentionAudiences()
		change(&in)
		if stored := listed(s.t, s.c, in); own == nil {
			own = stored
		} else {
			partners = append(partners, stored)
		}
	}
	g := must[*catalogue.BuyingGroup](s.t)(s.propose(councils[0], own, partners...))
	for _, code := range councils[1:] {
		g = must[*catalogue.BuyingGroup](s.t)(s.answer(code, g, true, ""))
	}
	return g
}

func (s scene) plan(council string, g *catalogue.BuyingGroup, version int, p catalogue.PlanChoices) (*catalogue.BuyingGroup, error) {
	return s.c.SetPlan(context.Background(), officer(council, catalogue.RoleLead), g.ID, version, p)
}

func (s scene) value(council string, g *catalogue.BuyingGroup, version int, v catalogue.ValueChoices) (*catalogue.BuyingGroup, error) {
	return s.c.SetValue(context.Background(), officer(council, catalogue.RoleLead), g.ID, version, v)
}

func warned(r *catalogue.Room, kind catalogue.WarningKind) string {
	var out []string
	for _, w := range r.Warnings {
		if w.Kind == kind {
			out = append(out, w.Text)
		}
	}
	return strings.Join(out, " ")
}

func TestTheDatesThatMembersShare(t *testing.T) {
	c := opened(t)
	s := scene{t, c, new(int)}
	g := s.brings(func(in *catalogue.Intention) {
		in.LeadMonths = 4
		switch in.Council {
		case coventry:
			in.ContractEnd, in.LeadMonths = catalogue.MustDate("2028-01-31"), 5
		case dudley: // ends first of all, and is kept from the others
			in.ContractEnd, in.Fields.Contract = catalogue.MustDate("2027-08-31"), catalogue.Own
		case sandwell: // for members only
			in.ContractEnd, in.Fields.Contract = catalogue.MustDate("2028-01-31"), catalogue.Group
		}
	}, birmingham, coventry, dudley, sandwell)
	var said []string
	for _, code := range []string{birmingham, coventry, dudley, sandwell} {
		d := s.room(code, g).Dates
		live, _ := d.Step(plan.GoLive)
		said = append(said, fmt.Sprint(d.FirstEnd.Format(time.DateOnly), d.DecideBy.Format(time.DateOnly), live.Period.Length, len(d.First), len(d.Silent), d.Assumed))
	}
	for _, other := range said[1:] {
		if other != said[0] {
			t.Errorf("members see other dates: %v", said)
		}
	}
	d := s.room(birmingham, g).Dates
	live, _ := d.Step(plan.GoLive)
	if d.FirstEnd.Format(time.DateOnly) != "2028-01-31" || len(d.First) != 2 || len(d.Silent) != 1 || d.Silent[0].GSS != dudley || live.Period.Length != 5 || !d.Assumed {
		t.Errorf("the plan is %+v", d)
	}
	// Who has not accepted has no plan, nor what it rests on.
	outside := must[*catalogue.Room](t)(c.Room(context.Background(), officer("E08000029", catalogue.RoleLead), g.ID))
	if outside.Dates != nil || outside.Estimate.Total != 0 || len(outside.Warnings) != 0 {
		t.Errorf("outside the room: %+v", outside)
	}
}

func TestChoicesAreKeptAndTold(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "lead@example.org", OrgKind: catalogue.OrgCouncil, Org: coventry, Role: catalogue.RoleLead}))
	g := s.brings(func(*catalogue.Intention) {}, birmingham, coventry)
	post := &postbox{}
	told := func() string {
		post.mails = nil
		must[int](t)(c.SendOutbox(ctx, post))
		return fmt.Sprint(post.mails)
	}
	told()
	choices := catalogue.PlanChoices{Route: plan.CallOff, Reason: " On a framework already ", KeyDecision: plan.No, CommitteeWeeks: 4,
		Meetings: []catalogue.Meeting{{Council: birmingham, Next: catalogue.MustDate("2027-01-12")}, {Council: coventry}, {Council: dudley, Next: catalogue.MustDate("2027-01-13")}}}
	g = must[*catalogue.BuyingGroup](t)(s.plan(birmingham, g, 0, choices))
	p := g.Plan
	if p.Route != plan.CallOff || p.Reason != "On a framework already" || p.By != birmingham || !p.Decided.Equal(today) || p.Version != 1 || len(p.Meetings) != 1 {
		t.Errorf("kept: %+v", p)
	}
	if words := told(); !strings.Contains(words, "call-off from a framework") || !strings.Contains(words, "must now be agreed by") {
		t.Errorf("the members are told %s", words)
	}
	seq := must[uint64](t)(c.Seq(ctx))
	if again := must[*catalogue.BuyingGroup](t)(s.plan(birmingham, g, 0, choices)); again.Plan.Version != 1 || must[uint64](t)(c.Seq(ctx)) != seq {
		t.Error("the same form sent twice wrote something")
	}
	other := choices
	other.EvaluationWeeks = 3
	_, err := s.plan(coventry, g, 0, other)
	is(t, "changing what another changed meanwhile", err, catalogue.Conflict)
	// What changes elsewhere in the group is no conflict.
	must[*catalogue.BuyingGroup](t)(c.TakeLead(ctx, officer(coventry, catalogue.RoleLead), g.ID, true))
	told()
	g = must[*catalogue.BuyingGroup](t)(s.plan(coventry, g, 1, other))
	if g.Plan.By != birmingham || g.Plan.Version != 2 {
		t.Errorf("who decided the route is forgotten: %+v", g.Plan)
	}
	if words := told(); strings.Contains(words, "The route is now") || !strings.Contains(words, "must now be agreed by") {
		t.Errorf("of a shorter evaluation the members are told %s", words)
	}
	for field, bad := range map[string]catalogue.PlanChoices{
		"route": {Route: "haggling", Reason: "x"}, "reason": {Route: plan.Tender}, "evaluation_weeks": {EvaluationWeeks: 60}, "go_live_months": {GoLiveMonths: -1},
		"uk3": {UK3: catalogue.MustDate("2027-01")}, "key_decision": {KeyDecision: "perhaps"},
	} {
		_, err := s.plan(coventry, g, 2, bad)
		refusedOn(t, field, err, field)
	}
	_, err = s.plan(dudley, g, 2, other)
	is(t, "a council outside", err, catalogue.Forbidden)
	must[*catalogue.BuyingGroup](t)(c.Invite(ctx, officer(birmingham, catalogue.RoleLead), g.ID, s.window(sandwell, "2027-04-01", "2027-12-31").ID))
	if asked := s.room(sandwell, g); asked.Group.Plan.Route != "" || asked.Dates != nil || !asked.Group.Room {
		t.Errorf("who is only asked reads the plan: %+v", asked.Group.Plan)
	}
	card := must[*catalogue.BuyingGroup](t)(c.Group(ctx, officer(dudley, catalogue.RoleLead), g.ID))
	if card.Plan.Route != "" || card.Plan.Reason != "" || card.Plan.Meetings != nil {
		t.Errorf("the card tells of the plan: %+v", card.Plan)
	}
	whole(t, c)
}

func TestMembersThatDoNotFit(t *testing.T) {
	c := opened(t)
	s := scene{t, c, new(int)}
	g := s.brings(func(in *catalogue.Intention) {
		in.LeadMonths, in.WindowStart, in.WindowEnd = 3, catalogue.MustDate("2026-12"), catalogue.MustDate("2028-12")
		switch in.Council {
		case birmingham: // the plan for it is late
			in.ContractEnd = catalogue.MustDate("2027-06-30")
		case coventry: // ends soon after
			in.ContractEnd = catalogue.MustDate("2027-07-31")
		case dudley: // can extend
			in.ContractEnd, in.ExtensionMonths = catalogue.MustDate("2027-08-10"), 12
		case sandwell: // closes too early
			in.ContractEnd, in.WindowEnd = catalogue.MustDate("2029-03-31"), catalogue.MustDate("2027-02-28")
		}
	}, birmingham, coventry, dudley, sandwell)
	r := s.room(birmingham, g)
	d := r.Dates
	if d.Late() == 0 || warned(r, catalogue.WarnLate) == "" || len(d.Gives) == 0 {
		t.Fatalf("late by %d: %v", d.Late(), r.Warnings)
	}
	fixes := map[string]string{}
	for _, m := range d.Misfits {
		fixes[m.Who.GSS] = m.Fix
	}
	for code, words := range map[string]string{birmingham: "extends to", coventry: "If Coventry extends to " + d.Live.Format("January 2006"), dudley: "uses its extension", sandwell: "keeps its window open until"} {
		if !strings.Contains(fixes[code], words) {
			t.Errorf("of %s it says %q, want %q", code, fixes[code], words)
		}
	}
	if !strings.Contains(warned(r, catalogue.WarnMisfit), "Sandwell") {
		t.Errorf("warnings: %v", r.Warnings)
	}
}

func TestTheValueThatTheLawCounts(t *testing.T) {
	c := opened(t)
	s := scene{t, c, new(int)}
	worth := func(amount float64) func(*catalogue.Intention) {
		return func(in *catalogue.Intention) { in.Budget = catalogue.Money{Min: amount, Max: amount} }
	}
	codes := func(r *catalogue.Room) string {
		var out []string
		for _, n := range r.Estimate.Notices {
			out = append(out, n.Rule.Code)
		}
		return strings.Join(out, " ")
	}
	g := s.brings(worth(80_000), birmingham, coventry) // £192,000 with VAT: below £207,720
	r := s.room(birmingham, g)
	if r.Above || r.Estimate.Class != catalogue.ValueNotifiable || codes(r) != "UK4 UK7" {
		t.Errorf("£192,000 is %s, above %v, notices %s", r.Estimate.Class, r.Above, codes(r))
	}
	g = must[*catalogue.BuyingGroup](t)(s.value(birmingham, g, 0, catalogue.ValueChoices{TermMonths: 60, ExtensionMonths: 24, Extensions: 10_000, Options: 3_000, Fees: 1_000}))
	r = s.room(coventry, g)
	if !r.Above || r.Extras != 16_800 || r.Estimate.Total != 208_800 || r.Joint != 192_000 || codes(r) != "UK2 UK3 UK4 UK6 UK7" {
		t.Errorf("with extensions, options and fees: %+v, above %v", r.Estimate, r.Above)
	}
	for route, want := range map[plan.Route]string{plan.CallOff: "UK6 UK7", plan.Extension: "UK10", plan.Tender: "UK2 UK3 UK4 UK6 UK7"} {
		g = must[*catalogue.BuyingGroup](t)(s.plan(birmingham, g, g.Plan.Version, catalogue.PlanChoices{Route: route, Reason: "x"}))
		if r := s.room(birmingham, g); codes(r) != want {
			t.Errorf("a %s needs %s, want %s", route, codes(r), want)
		}
	}
	for _, n := range s.room(birmingham, g).Estimate.Notices {
		if n.Rule.Source == "" || n.When == "" || n.By.IsZero() && n.Rule.Code != "UK2" {
			t.Errorf("%s has no source or day: %+v", n.Rule.Code, n)
		}
	}
	if r := s.room(birmingham, s.brings(worth(10_000), birmingham, coventry)); r.Estimate.Class != catalogue.ValueSmall || codes(r) != "" {
		t.Errorf("£24,000 is %s with %s", r.Estimate.Class, codes(r))
	}
	if r := s.room(birmingham, s.brings(worth(1_000_000), birmingham, coventry)); !strings.HasPrefix(codes(r), "UK1 ") {
		t.Errorf("£2.4 million needs %s", codes(r))
	}
	// A budget that one keeps back counts for nobody, not even on its own page.
	kept := s.brings(func(in *catalogue.Intention) {
		if in.Budget = (catalogue.Money{Max: 100_000}); in.Council == coventry {
			in.Fields.Budget = catalogue.Own
		}
	}, birmingham, coventry)
	for _, code := range []string{birmingham, coventry} {
		if r := s.room(code, kept); r.Joint != 120_000 || r.Unstated != 1 || r.Estimate.Total != 120_000 {
			t.Errorf("%s sees a joint value of %v with %d unstated", code, r.Joint, r.Unstated)
		}
	}
	if r := s.room(birmingham, s.brings(func(in *catalogue.Intention) { in.Fields.Budget = catalogue.Own }, birmingham, coventry)); r.Estimate.Class != catalogue.ValueUnknown || r.Above {
		t.Errorf("where nobody states one the value is %s", r.Estimate.Class)
	}
}

func TestWhoseRulesApply(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	for _, test := range []struct {
		lead, with, regime string
		settled            bool
	}{{birmingham, cardiff, "England", true}, {cardiff, birmingham, "Wales", true}, {edinburgh, birmingham, "Scotland", true}, {belfast, birmingham, "Northern Ireland", true},
		{"", edinburgh, "England", false}} {
		g := s.brings(func(*catalogue.Intention) {}, birmingham, orOther(test.with, test.lead))
		if test.lead != "" {
			must[*catalogue.BuyingGroup](t)(c.TakeLead(ctx, officer(test.lead, catalogue.RoleLead), g.ID, true))
		}
		e := s.room(birmingham, g).Estimate
		if e.Regime != test.regime || e.Settled != test.settled || (len(e.Notices) == 0) != (test.regime == "Scotland") {
			t.Errorf("led by %q the rules are those of %s (%v), with %d notices", test.lead, e.Regime, e.Settled, len(e.Notices))
		}
	}
}

func orOther(a, b string) string {
	if a == birmingham {
		return b
	}
	return a
}

func TestLotsAreConsidered(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	g := s.brings(func(*catalogue.Intention) {}, birmingham, coventry)
	_, err := s.value(birmingham, g, 0, catalogue.ValueChoices{Lots: catalogue.Lots{Divided: plan.No, Text: " "}})
	refusedOn(t, "no lots without a reason", err, "lots_text")
	_, err = s.value(birmingham, g, 0, catalogue.ValueChoices{Fees: -1})
	refusedOn(t, "a negative fee", err, "fees")
	lead := officer(coventry, catalogue.RoleLead)
	g = must[*catalogue.BuyingGroup](t)(c.SetLots(ctx, lead, g.ID, 0, catalogue.Lots{Divided: plan.Yes, Text: "Billing apart from benefits"}))
	if l := g.Value.Lots; l.Council != coventry || l.Account != lead.Account || !l.On.Equal(today) || g.Value.Version != 1 {
		t.Errorf("kept: %+v", g.Value)
	}
	_, err = s.value(birmingham, g, 0, catalogue.ValueChoices{Fees: 5})
	is(t, "changing what another changed meanwhile", err, catalogue.Conflict)
	// Whoever changes a fee has not considered lots.
	g = must[*catalogue.BuyingGroup](t)(s.value(birmingham, g, 1, catalogue.ValueChoices{Fees: 5, Lots: catalogue.Lots{Divided: plan.Yes, Text: "Billing apart from benefits"}}))
	if l := g.Value.Lots; l.Council != coventry || g.Value.Council != birmingham {
		t.Errorf("after a fee changed, lots were recorded by %s", l.Council)
	}
	_, err = s.value(dudley, g, 2, catalogue.ValueChoices{})
	is(t, "a council outside", err, catalogue.Forbidden)
	if card := must[*catalogue.BuyingGroup](t)(c.Group(ctx, officer(dudley, catalogue.RoleLead), g.ID)); card.Value.Fees != 0 || card.Value.Lots.Text != "" {
		t.Errorf("the card tells of the value: %+v", card.Value)
	}
}

func TestWarnings(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	const woking = "E07000217" // Surrey's councils become two on 1 April 2027
	g := s.brings(func(in *catalogue.Intention) {
		in.Role, in.WindowEnd = catalogue.RoleWouldFollow, catalogue.MustDate("2099-12-31")
	}, birmingham, woking)
	r := s.room(birmingham, g)
	if !strings.Contains(warned(r, catalogue.WarnNoLead), "none has offered to") {
		t.Errorf("nobody offers to lead: %v", r.Warnings)
	}
	if text := warned(r, catalogue.WarnEnding); !strings.Contains(text, "Woking is to be replaced on 1 April 2027") || !strings.Contains(text, "West Surrey") || strings.Contains(text, "Birmingham") {
		t.Errorf("of a council that ends it says %q", text)
	}
	if warned(r, catalogue.WarnConflicts) != "" || warned(r, catalogue.WarnQuiet) != "" {
		t.Errorf("a group that forms: %v", r.Warnings)
	}
	must[*catalogue.BuyingGroup](t)(c.TakeLead(ctx, officer(birmingham, catalogue.RoleLead), g.ID, true))
	must[*catalogue.BuyingGroup](t)(c.DeclareConflicts(ctx, officer(birmingham, catalogue.RoleLead), g.ID, ""))
	must[*catalogue.BuyingGroup](t)(s.move(birmingham, g, catalogue.Move{From: catalogue.Forming, To: catalogue.Agreed}))
	if text := warned(s.room(birmingham, g), catalogue.WarnConflicts); !strings.Contains(text, "Woking has not declared") || strings.Contains(text, "Birmingham") {
		t.Errorf("of conflicts of interest it says %q", text)
	}
	k.move(14 * 24 * time.Hour)
	if text := warned(s.room(birmingham, g), catalogue.WarnQuiet); text != "" {
		t.Errorf("after 14 days: %q", text)
	}
	k.move(24 * time.Hour)
	if text := warned(s.room(birmingham, g), catalogue.WarnQuiet); !strings.Contains(text, "15 days") {
		t.Errorf("after 15 days: %q", text)
	}
}
