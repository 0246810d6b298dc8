package catalogue_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv/kvtest"
	"jointly/catalogue/register"
)

const newCode = "NEW-WEST-SURREY"

func westSurrey() register.Council {
	return register.Council{GSS: newCode, Name: "West Surrey", OfficialName: "West Surrey Council", Type: "Unitary authority", Nation: "England",
		Region: "South East", Domain: "westsurrey.gov.uk"}
}

// oldEstate gives Woking and Guildford what a hand-over has to move, with what collides.
func oldEstate(t testing.TB, c *catalogue.Catalogue) (group string) {
	t.Helper()
	ctx := context.Background()
	operator := catalogue.Operator("test")
	must[*catalogue.Council](t)(c.AddCouncil(ctx, operator, westSurrey()))
	imports(t, c, &catalogue.Platform{Meta: catalogue.Meta{ID: "northgate-payroll"}, Name: "Northgate payroll", Capabilities: []string{"hr-payroll"}})
	for _, council := range []string{woking, guildfd} {
		for i := range 5 {
			imports(t, c, &catalogue.Contract{Meta: catalogue.Meta{Ref: fmt.Sprintf("C%d", i)}, Council: council, Title: fmt.Sprintf("Contract %d of %s", i, council),
				Supplier: "Northgate", Capability: "hr-payroll", CapabilityConfirmed: true, Stage: catalogue.StageAwarded, Source: catalogue.Source{Text: "a notice"}})
		}
		must[*catalogue.Use](t)(c.RecordUse(ctx, officer(council, catalogue.RoleLead), "northgate-payroll", catalogue.MustDate("2020"), "Advice of "+council))
		must[*catalogue.Account](t)(c.AddAccount(ctx, operator, catalogue.Account{Email: "lead@" + council + ".example.org", OrgKind: catalogue.OrgCouncil, Org: council, Role: catalogue.RoleLead}))
	}
	a, b, d := listed(t, c, intention(woking, "Payroll of Woking")), listed(t, c, intention(guildfd, "Payroll of Guildford")), listed(t, c, intention(birmingham, "Payroll of Birmingham"))
	must[*catalogue.Interest](t)(c.RegisterInterest(ctx, officer(guildfd, catalogue.RoleLead), a.ID, catalogue.Standing{Rung: catalogue.Interested}, ""))
	must[*catalogue.Interest](t)(c.RegisterInterest(ctx, officer(woking, catalogue.RoleLead), d.ID, catalogue.Standing{Rung: catalogue.Watching}, ""))
	must[*catalogue.Interest](t)(c.RegisterInterest(ctx, officer(guildfd, catalogue.RoleLead), d.ID, catalogue.Standing{Rung: catalogue.Interested}, ""))
	g := must[*catalogue.BuyingGroup](t)(c.ProposeGroup(ctx, officer(birmingham, catalogue.RoleLead), catalogue.Proposal{Intention: d.ID, Partners: []string{a.ID, b.ID}}))
	for _, council := range []string{woking, guildfd} {
		must[*catalogue.BuyingGroup](t)(c.AnswerInvitation(ctx, officer(council, catalogue.RoleLead), g.ID, true, ""))
	}
	must[*catalogue.BuyingGroup](t)(c.TakeLead(ctx, officer(guildfd, catalogue.RoleLead), g.ID, true))
	must[*catalogue.Paper](t)(c.AddPaper(ctx, officer(guildfd, catalogue.RoleLead), g.ID, "", "Terms", "https://example.org/terms", ""))
	for _, council := range []string{woking, guildfd} {
		must[*catalogue.Saving](t)(c.SetSaving(ctx, officer(council, catalogue.RoleLead), g.ID, 0, catalogue.Saving{SavingFigures: catalogue.SavingFigures{Baseline: 50_000, BaselineHow: "invoices"}}))
	}
	return g.ID
}

// succeeded checks all that two hand-overs to one council promise, that of Woking first.
func succeeded(t *testing.T, c *catalogue.Catalogue, group string) {
	t.Helper()
	succeededInOrder(t, c, group, woking, guildfd, 2)
}

// succeededInOrder is succeeded for one council after the other, of those that the successor takes the place of by now.
func succeededInOrder(t *testing.T, c *catalogue.Catalogue, group, first, second string, before int) {
	t.Helper()
	ctx := context.Background()
	mine := officer(newCode, catalogue.RoleLead)
	v := must[*catalogue.CouncilView](t)(c.CouncilView(ctx, mine, newCode))
	if len(v.Contracts) != 10 || len(v.Intentions) != 2 || len(v.Uses) != 1 || len(v.Before) != before {
		t.Errorf("the successor has %d contracts, %d intentions, %d uses, after %d councils", len(v.Contracts), len(v.Intentions), len(v.Uses), len(v.Before))
	}
	var refs []string
	for _, row := range v.Contracts {
		refs = append(refs, row.Contract.Ref)
		if len(row.Contract.Was) != 1 {
			t.Errorf("%s was of %v", row.Contract.Title, row.Contract.Was)
		}
	}
	slices.Sort(refs)
	if want := "C0 C1 C2 C3 C4 " + second + " C0"; fmt.Sprint(refs[:6]) != "["+want+"]" {
		t.Errorf("references: %v, want those of the first as they were and the second's with its code", refs)
	}
	if u := v.Uses[0].Use; u.Advice != "Advice of "+first+"\nAdvice of "+second || len(u.Was) != 2 {
		t.Errorf("the use that both had is now %+v", u)
	}
	g := must[*catalogue.BuyingGroup](t)(c.Group(ctx, mine, group))
	own, in := g.Member(newCode)
	old, there := g.Member(second)
	if !in || own.State != catalogue.Accepted || own.Was != first || !there || old.State != catalogue.Left || old.Reason == "" || g.Lead != newCode || g.Councils != 2 {
		t.Errorf("the group has %+v, lead %s", g.Members, g.Lead)
	}
	if papers := must[*catalogue.Papers](t)(c.Papers(ctx, mine, group)); len(papers.List) != 1 || papers.List[0].Council != newCode {
		t.Errorf("papers: %+v", papers.List)
	}
	if ledger := must[*catalogue.Savings](t)(c.Savings(ctx, mine, group)); ledger.Mine == nil || ledger.Baseline != 50_000 || count(t, c, catalogue.KindSaving) != 2 {
		t.Errorf("the ledger has %+v, want the figures of the council whose membership goes on, and the other's kept", ledger)
	}
	interests := 0
	if err := c.Each(ctx, catalogue.Operator("test"), catalogue.KindInterest, func(item catalogue.Item) error {
		i := item.(*catalogue.Interest)
		if interests++; i.Council != newCode || i.IntentionOf != birmingham || i.Rung != catalogue.Interested {
			t.Errorf("interest: %+v", i)
		}
		return nil
	}); err != nil || interests != 1 {
		t.Errorf("%d interests, want the higher of two (%v)", interests, err)
	}
	if people := must[*catalogue.Colleagues](t)(c.Colleagues(ctx, officer(newCode, catalogue.RoleAdmin))).People; len(people) != 2 {
		t.Errorf("%d people", len(people))
	}
	// The old pages stay and say what took their place.
	for _, council := range []string{woking, guildfd} {
		v := must[*catalogue.CouncilView](t)(c.CouncilView(ctx, catalogue.Anonymous(), council))
		if v.Succession == nil || v.Successor.GSS != newCode || len(v.Contracts) != 5 || len(v.Uses) != 1 || v.Succession.Reason != "" {
			t.Errorf("the page of %s: %+v, %d contracts, %d uses", council, v.Succession, len(v.Contracts), len(v.Uses))
		}
	}
	whole(t, c)
}

func TestASuccessorInherits(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	group := oldEstate(t, c)
	operator := catalogue.Operator("test")
	_, err := c.Succeed(ctx, operator, catalogue.HandOver{From: woking, To: newCode})
	refusedOn(t, "before the vesting date", err, "reason")
	_, err = c.Succeed(ctx, operator, catalogue.HandOver{From: birmingham, To: newCode})
	refusedOn(t, "without a date", err, "reason")
	_, err = c.Succeed(ctx, operator, catalogue.HandOver{From: woking, To: "NEW-ATLANTIS", Reason: "it sank"})
	refusedOn(t, "to nobody", err, "to")
	if n := count(t, c, catalogue.KindSuccession); n != 0 {
		t.Fatalf("%d hand-overs were recorded", n)
	}
	k.move(catalogue.MustDate("2027-04-01").First().Sub(k.read()) + 12*time.Hour)
	for _, from := range []string{woking, guildfd, woking, guildfd} { // each twice
		must[*catalogue.Succession](t)(c.Succeed(ctx, operator, catalogue.HandOver{From: from, To: newCode}))
	}
	succeeded(t, c, group)
	_, err = c.Succeed(ctx, operator, catalogue.HandOver{From: woking, To: guildfd, Reason: "a change of mind"})
	is(t, "to another council", err, catalogue.Conflict)

	// What is imported for an old council later is its successor's, and is recognised.
	done := imports(t, c, &catalogue.Contract{Meta: catalogue.Meta{Ref: "C1"}, Council: guildfd, Title: "Contract 1, corrected", Supplier: "Northgate", Source: catalogue.Source{Text: "a notice"}})
	if done.Updated != 1 || done.Created != 0 {
		t.Errorf("importing a contract of a council that was handed over: %+v", done)
	}
	whole(t, c)
}

// TestAHandOverGoesOnWhereItStopped lets each commit of two hand-overs fail in each way, as where the program is killed
// in between; handing over again completes them.
func TestAHandOverGoesOnWhereItStopped(t *testing.T) {
	ctx := context.Background()
	base, k := stored(t, t.TempDir()+"/catalogue.db"), &clock{now: today}
	faulty := kvtest.Faulty(base)
	cut, sound := over(t, faulty, k), over(t, base, k)
	handOver := func(c *catalogue.Catalogue) error {
		for _, from := range []string{woking, guildfd} {
			if _, err := c.Succeed(ctx, catalogue.Operator("test"), catalogue.HandOver{From: from, To: newCode, Reason: "a rehearsal"}); err != nil {
				return err
			}
		}
		return nil
	}
	stopped := 0
	for at, through := 0, false; !through; at += 4 {
		for _, fault := range []kvtest.Fault{kvtest.Fails, kvtest.FailsPersisted} {
			emptied(t, base)
			group := oldEstate(t, sound)
			faulty.Inject(append(slices.Repeat([]kvtest.Fault{kvtest.NoFault}, at), fault)...)
			if through = handOver(cut) == nil; through {
				break // the fault lies behind its last commit
			}
			stopped++
			if err := handOver(sound); err != nil {
				t.Fatalf("commit %d with fault %d: again: %v", at, fault, err)
			}
			succeeded(t, sound, group)
		}
	}
	if stopped < 6 {
		t.Errorf("only %d hand-overs stopped on the way: the faults met nothing", stopped)
	}
}

func TestPeopleOfANewCouncilSignInAtItsDomain(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	oldEstate(t, c)
	operator := catalogue.Operator("test")
	org := func(email string) string {
		t.Helper()
		d := desk{t, c, &postbox{}}
		account := must[*catalogue.Account](t)(d.enters(email, "browser", d.asks(email, "browser")))
		if account.Demonstration || account.Role != catalogue.RoleViewer {
			t.Errorf("%s signs in as %+v", email, account)
		}
		return account.Org
	}
	if got := org("ann@westsurrey.gov.uk"); got != newCode {
		t.Errorf("at the new domain: %s", got)
	}
	if got := org("bob@woking.gov.uk"); got != woking {
		t.Errorf("at the old domain before the day: %s", got)
	}
	must[*catalogue.Succession](t)(c.Succeed(ctx, operator, catalogue.HandOver{From: woking, To: newCode, Reason: "a rehearsal"}))
	if got := org("cid@woking.gov.uk"); got != newCode {
		t.Errorf("at the old domain after it: %s", got)
	}
	for field, council := range map[string]register.Council{
		"gss":    {GSS: woking, Name: "Woking"},
		"name":   {GSS: "NEW-X"},
		"nation": {GSS: "NEW-X", Name: "X", OfficialName: "X Council", Nation: "Mercia", Region: "X", Type: "Unitary authority"},
		"domain": {GSS: "NEW-X", Name: "X", OfficialName: "X Council", Nation: "England", Region: "X", Type: "Unitary authority", Domain: "guildford.gov.uk"},
	} {
		_, err := c.AddCouncil(ctx, operator, council)
		refusedOn(t, "a council with a wrong "+field, err, field)
	}
}
