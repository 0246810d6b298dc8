package catalogue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/plan"
)

// living is a group of three councils whose lead is Birmingham, all accepted.
func living(t *testing.T, s scene) *catalogue.BuyingGroup {
	t.Helper()
	ctx := context.Background()
	group := must[*catalogue.BuyingGroup](t)
	p := catalogue.Proposal{Intention: s.window(birmingham, "2027-04-01", "2027-12-31").ID, Lead: true, OpenToJoin: true,
		Partners: []string{s.window(coventry, "2027-06-01", "2028-06-30").ID, s.window(dudley, "2027-01-01", "2027-09-30").ID}}
	g := group(s.c.ProposeGroup(ctx, officer(birmingham, catalogue.RoleLead), p))
	group(s.answer(coventry, g, true, ""))
	return group(s.answer(dudley, g, true, ""))
}

func (s scene) move(council string, g *catalogue.BuyingGroup, m catalogue.Move) (*catalogue.BuyingGroup, error) {
	return s.c.MoveGroup(context.Background(), officer(council, catalogue.RoleLead), g.ID, m)
}

// approve records a council's approval, and that it has no conflict of interest.
func (s scene) approve(council string, g *catalogue.BuyingGroup) {
	s.t.Helper()
	ctx, who := context.Background(), officer(council, catalogue.RoleLead)
	must[*catalogue.BuyingGroup](s.t)(s.c.Stand(ctx, who, g.ID, catalogue.Standing{Rung: catalogue.Approved, Approval: "Cabinet 12", Approved: catalogue.MustDate("2026-10-01"), Volume: 250_000}))
	must[*catalogue.BuyingGroup](s.t)(s.c.DeclareConflicts(ctx, who, g.ID, ""))
}

func TestTheWholeLifeOfAGroup(t *testing.T) {
	c := opened(t)
	s := scene{t, c, new(int)}
	group := must[*catalogue.BuyingGroup](t)
	g := living(t, s)

	agree := catalogue.Move{From: catalogue.Forming, To: catalogue.Agreed}
	_, err := s.move(coventry, g, agree)
	is(t, "moving it on without leading", err, catalogue.Forbidden)
	_, err = s.move(sandwell, g, agree)
	is(t, "moving it on from outside", err, catalogue.Forbidden)
	_, err = s.move(birmingham, g, catalogue.Move{From: catalogue.Forming, To: catalogue.Procuring})
	is(t, "skipping a stage", err, catalogue.Conflict)
	if g = group(s.move(birmingham, g, agree)); g.Stage != catalogue.Agreed {
		t.Fatalf("it is %s", g.Stage)
	}
	if again := group(s.move(birmingham, g, agree)); again.Version != g.Version {
		t.Error("the same move sent twice wrote something")
	}
	g = group(s.move(birmingham, g, catalogue.Move{From: catalogue.Agreed, To: catalogue.Engaging}))

	// Nobody goes to market without every member's approval and declaration.
	procure := catalogue.Move{From: catalogue.Engaging, To: catalogue.Procuring}
	s.approve(birmingham, g)
	s.approve(coventry, g)
	_, err = s.move(birmingham, g, procure)
	if said := fmt.Sprint(catalogue.FieldsOf(err)); !strings.Contains(said, "Dudley has not recorded") || !strings.Contains(said, "Dudley has not declared") || strings.Contains(said, "Coventry") {
		t.Errorf("without Dudley's approval: %v", err)
	}
	s.approve(dudley, g)
	_, err = s.move(birmingham, g, procure)
	if said := fmt.Sprint(catalogue.FieldsOf(err)); !strings.Contains(said, "The route is not settled") {
		t.Errorf("without a route: %v", err)
	}
	lead := officer(birmingham, catalogue.RoleLead)
	g = group(c.SetPlan(context.Background(), lead, g.ID, 0, catalogue.PlanChoices{Route: plan.Tender, Reason: "No framework covers it"}))
	_, err = s.move(birmingham, g, procure)
	if said := fmt.Sprint(catalogue.FieldsOf(err)); !strings.Contains(said, "Lots have not been considered") {
		t.Errorf("without lots: %v", err)
	}
	g = group(c.SetLots(context.Background(), lead, g.ID, 0, catalogue.Lots{Divided: plan.No, Text: "One system"}))
	g = group(s.move(birmingham, g, procure))
	if g.OpenToJoin || g.Ended(catalogue.MustDate("2029-01-01").First()) {
		t.Error("while it procures it is open to join, or it ends with its window")
	}
	_, err = c.Join(context.Background(), officer(sandwell, catalogue.RoleLead), g.ID, s.window(sandwell, "2027-05-01", "2027-11-30").ID)
	is(t, "joining while it procures", err, catalogue.Conflict)

	award := catalogue.Move{From: catalogue.Procuring, To: catalogue.Awarded}
	_, err = s.move(birmingham, g, award)
	refusedOn(t, "an award without a supplier", err, "supplier")
	refusedOn(t, "an award without a day", err, "awarded_on")
	award.Award = catalogue.Award{Supplier: "A supplier", On: catalogue.DateOf(today.AddDate(0, 0, 2))}
	_, err = s.move(birmingham, g, award)
	refusedOn(t, "an award in the future", err, "awarded_on")
	award.Award.On = catalogue.DateOf(today)
	g = group(s.move(birmingham, g, award))
	_, err = s.move(birmingham, g, catalogue.Move{From: catalogue.Awarded, To: catalogue.Abandoned, Reason: "second thoughts"})
	is(t, "giving up what is awarded", err, catalogue.Conflict)
	_, err = c.LeaveGroup(context.Background(), officer(dudley, catalogue.RoleLead), g.ID, "no money")
	is(t, "leaving after the award", err, catalogue.Conflict)

	_, err = s.move(birmingham, g, catalogue.Move{From: catalogue.Awarded, To: catalogue.Closed})
	refusedOn(t, "closing without an outcome", err, "reason")
	g = group(s.move(birmingham, g, catalogue.Move{From: catalogue.Awarded, To: catalogue.Closed, Reason: "Live in all three"}))
	var course []catalogue.GroupStage
	for _, m := range g.Course {
		course = append(course, m.Stage)
	}
	if got := fmt.Sprint(course); got != "[forming agreed engaging procuring awarded closed]" {
		t.Errorf("it went through %s", got)
	}
	card := must[*catalogue.BuyingGroup](t)(c.Group(context.Background(), officer(sandwell, catalogue.RoleLead), g.ID))
	if card.Award != nil || card.Members != nil || len(card.Course) != 1 || card.Course[0].Reason != "Live in all three" {
		t.Errorf("others see %+v, want the outcome and no more", card)
	}
	_, err = c.Stand(context.Background(), officer(dudley, catalogue.RoleLead), g.ID, catalogue.Standing{Rung: catalogue.Watching})
	is(t, "changing what is closed", err, catalogue.Conflict)
	whole(t, c)
}

func TestAGroupGoesBackAndIsGivenUpWithAReason(t *testing.T) {
	c := opened(t)
	s := scene{t, c, new(int)}
	group := must[*catalogue.BuyingGroup](t)
	g := living(t, s)
	g = group(s.move(birmingham, g, catalogue.Move{From: catalogue.Forming, To: catalogue.Agreed}))
	back := catalogue.Move{From: catalogue.Agreed, To: catalogue.Forming}
	_, err := s.move(birmingham, g, back)
	refusedOn(t, "going back without a reason", err, "reason")
	back.Reason = "The requirement changed"
	g = group(s.move(birmingham, g, back))
	_, err = s.move(birmingham, g, catalogue.Move{From: catalogue.Agreed, To: catalogue.Engaging})
	is(t, "a move from a stage that it has left", err, catalogue.Conflict)

	// Whoever is asked later makes it form again; who stands lower, too.
	g = group(s.move(birmingham, g, catalogue.Move{From: catalogue.Forming, To: catalogue.Agreed}))
	g = group(c.Invite(context.Background(), officer(birmingham, catalogue.RoleLead), g.ID, s.window(sandwell, "2027-05-01", "2027-11-30").ID))
	if g.Stage != catalogue.Forming || g.Course[len(g.Course)-1].By != birmingham {
		t.Errorf("with another council asked it is %s", g.Stage)
	}
	_, err = s.move(birmingham, g, catalogue.Move{From: catalogue.Forming, To: catalogue.Agreed})
	refusedOn(t, "agreeing while one is asked", err, "stage")
	_, err = s.move(birmingham, g, catalogue.Move{From: catalogue.Forming, To: catalogue.Abandoned})
	refusedOn(t, "giving up without a reason", err, "reason")
	g = group(s.move(birmingham, g, catalogue.Move{From: catalogue.Forming, To: catalogue.Abandoned, Reason: "No money this year"}))
	if g.Stage != catalogue.Abandoned || !g.Ended(today) {
		t.Errorf("given up it is %s", g.Stage)
	}
	whole(t, c)
}

// What a member changes in its own intention moves the group's months at once, and the others are told.
func TestAGroupFollowsWhatItsMembersChange(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "lead@example.org", OrgKind: catalogue.OrgCouncil, Org: birmingham, Role: catalogue.RoleLead}))
	g := living(t, s)
	g = must[*catalogue.BuyingGroup](t)(s.move(birmingham, g, catalogue.Move{From: catalogue.Forming, To: catalogue.Agreed}))
	m, _ := g.Member(coventry)
	theirs := must[*catalogue.Intention](t)(c.Intention(ctx, officer(coventry, catalogue.RoleLead), m.Intention))
	post := &postbox{}
	must[int](t)(c.SendOutbox(ctx, post))
	post.mails = nil

	theirs.Notes = "nothing that others see"
	theirs = must[*catalogue.Intention](t)(c.SaveIntention(ctx, officer(coventry, catalogue.RoleLead), *theirs))
	if now := s.room(birmingham, g).Group; now.Version != g.Version {
		t.Error("a change that moves nothing wrote the group")
	}
	theirs.WindowStart = catalogue.MustDate("2027-07-01")
	theirs = must[*catalogue.Intention](t)(c.SaveIntention(ctx, officer(coventry, catalogue.RoleLead), *theirs))
	if now := s.room(birmingham, g).Group; span(now) != "2027-07-01 to 2027-09-30" || now.Stage != catalogue.Agreed {
		t.Errorf("after a member moved its months the group has %s, %s", span(now), now.Stage)
	}
	must[*catalogue.Intention](t)(c.WithdrawIntention(ctx, officer(coventry, catalogue.RoleLead), theirs.ID, "extended"))
	must[int](t)(c.SendOutbox(ctx, post))
	said := fmt.Sprint(post.mails)
	for _, words := range []string{"changed the intention that it brought", "from 1 July 2027 to 30 September 2027", "withdrawn the intention", "extended"} {
		if !strings.Contains(said, words) {
			t.Errorf("the others are not told %q: %s", words, said)
		}
	}
	whole(t, c)
}

func TestLeadAndDeputy(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	group := must[*catalogue.BuyingGroup](t)
	g := living(t, s)
	lead, deputy, third := officer(birmingham, catalogue.RoleLead), officer(coventry, catalogue.RoleLead), officer(dudley, catalogue.RoleLead)

	_, err := c.OfferLead(ctx, deputy, g.ID, dudley)
	is(t, "handing over what one does not lead", err, catalogue.Forbidden)
	_, err = c.OfferLead(ctx, lead, g.ID, sandwell)
	refusedOn(t, "handing over to a council outside", err, "offer")
	_, err = c.NameDeputy(ctx, lead, g.ID, sandwell)
	refusedOn(t, "a deputy from outside", err, "deputy")
	g = group(c.NameDeputy(ctx, lead, g.ID, coventry))
	if !g.Leads(deputy) || g.Leads(third) {
		t.Error("the deputy does not stand in, or everyone does")
	}
	g = group(c.OfferLead(ctx, lead, g.ID, dudley))
	if g.Lead != birmingham {
		t.Error("the lead changed before the other council took it")
	}
	_, err = c.TakeLead(ctx, deputy, g.ID, true)
	is(t, "taking a lead that was offered to another", err, catalogue.Conflict)
	g = group(c.TakeLead(ctx, third, g.ID, false))
	if g.Offered != "" || g.Lead != birmingham {
		t.Errorf("refused, the offer stands at %q and %q leads", g.Offered, g.Lead)
	}
	group(c.OfferLead(ctx, lead, g.ID, dudley))
	g = group(c.TakeLead(ctx, third, g.ID, true))
	if g.Lead != dudley || g.Offered != "" || g.Deputy != coventry {
		t.Errorf("led by %q, offered to %q, deputy %q", g.Lead, g.Offered, g.Deputy)
	}
	// Where the lead goes, the deputy stands in, and does not become lead unasked.
	group(c.LeaveGroup(ctx, third, g.ID, "reorganisation"))
	g = s.room(birmingham, g).Group
	if g.Lead != "" || g.Deputy != coventry || !g.MayMove(deputy, catalogue.Abandoned) || g.MayMove(lead, catalogue.Abandoned) {
		t.Errorf("without the lead: led by %q, deputy %q", g.Lead, g.Deputy)
	}
	g = group(c.NameDeputy(ctx, deputy, g.ID, ""))
	if g.Deputy != "" || !g.MayMove(lead, catalogue.Abandoned) {
		t.Error("the deputy could not stand down, or nobody may give the group up")
	}
	whole(t, c)
}

func TestAnApprovalHasItsReferenceDayAndVolume(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	g := living(t, s)
	who := officer(coventry, catalogue.RoleLead)
	for field, standing := range map[string]catalogue.Standing{
		"approval_ref": {Rung: catalogue.Approved, Approved: catalogue.MustDate("2026-10-01"), Volume: 1},
		"approved_on":  {Rung: catalogue.Approved, Approval: "Cabinet 12", Approved: catalogue.DateOf(today.AddDate(0, 1, 0)), Volume: 1},
		"volume":       {Rung: catalogue.Approved, Approval: "Cabinet 12", Approved: catalogue.MustDate("2026-10-01")},
		"rung":         {Rung: "keen"},
	} {
		_, err := c.Stand(ctx, who, g.ID, standing)
		refusedOn(t, "an approval that lacks its "+field, err, field)
		_, err = c.RegisterInterest(ctx, who, s.window(sandwell, "2027-05-01", "2027-11-30").ID, standing, "")
		refusedOn(t, "an interest that lacks its "+field, err, field)
	}
	s.approve(coventry, g)
	m, _ := s.room(birmingham, g).Group.Member(coventry)
	if m.Approval != "Cabinet 12" || m.Volume != 250_000 || m.Approved.String() != "2026-10-01" {
		t.Errorf("its approval reads %+v", m)
	}
	must[*catalogue.BuyingGroup](t)(c.Stand(ctx, who, g.ID, catalogue.Standing{Rung: catalogue.Intends, Approval: "left over"}))
	if m, _ = s.room(birmingham, g).Group.Member(coventry); m.Approval != "" || m.Volume != 0 || !m.Approved.IsZero() {
		t.Errorf("lower on the ladder it still has %+v", m)
	}
}

// A group is not agreed while one member must have what another must not.
func TestAConflictStandsBeforeAgreeing(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	g := living(t, s)
	must[int](t)(c.AddRequirements(ctx, officer(birmingham, catalogue.RoleLead), g.ID, []string{"Hosted by the supplier"}))
	line := must[*catalogue.Matrix](t)(c.Matrix(ctx, officer(birmingham, catalogue.RoleLead), g.ID)).Lines[0].ID
	for code, position := range map[string]catalogue.Position{birmingham: catalogue.Must, coventry: catalogue.MustNot} {
		must[*catalogue.Requirement](t)(c.SetPosition(ctx, officer(code, catalogue.RoleContributor), g.ID, line, position, ""))
	}
	_, err := s.move(birmingham, g, catalogue.Move{From: catalogue.Forming, To: catalogue.Agreed})
	refusedOn(t, "agreeing with a line in conflict", err, "stage")
	must[*catalogue.Requirement](t)(c.SetPosition(ctx, officer(coventry, catalogue.RoleContributor), g.ID, line, catalogue.Should, "as an option"))
	must[*catalogue.BuyingGroup](t)(s.move(birmingham, g, catalogue.Move{From: catalogue.Forming, To: catalogue.Agreed}))
}
