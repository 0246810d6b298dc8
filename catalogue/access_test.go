package catalogue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// everybody is who tries each action, in the order of the columns of the table below. Own is Birmingham.
func everybody() []catalogue.Actor {
	supplier := catalogue.Actor{Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "northgate", Via: "test"}
	return []catalogue.Actor{
		catalogue.Anonymous(), supplier, catalogue.AnyCouncil(),
		officer(birmingham, catalogue.RoleViewer), officer(birmingham, catalogue.RoleContributor),
		officer(birmingham, catalogue.RoleLead), officer(birmingham, catalogue.RoleAdmin),
		officer(dudley, catalogue.RoleContributor), officer(dudley, catalogue.RoleLead), officer(dudley, catalogue.RoleAdmin),
		catalogue.Operator("test"),
	}
}

// scene prepares what an attempt is about: fresh records each time, so that no attempt sees another's.
type scene struct {
	t testing.TB
	c *catalogue.Catalogue
	n *int
}

func (s scene) name(what string) string {
	*s.n++
	return fmt.Sprintf("%s %d", what, *s.n)
}

func (s scene) intention(council string, visibility catalogue.Audience) *catalogue.Intention {
	in := intention(council, s.name("Revenues system"))
	in.WindowEnd = catalogue.MustDate("2099-12-31") // tests let years pass
	in.Visibility = visibility
	return listed(s.t, s.c, in)
}

// group is proposed by one council with another.
func (s scene) group(by, with string, open bool) *catalogue.BuyingGroup {
	a, b := s.intention(by, catalogue.Councils), s.intention(with, catalogue.Councils)
	return must[*catalogue.BuyingGroup](s.t)(s.c.ProposeGroup(context.Background(), officer(by, catalogue.RoleLead),
		catalogue.Proposal{Intention: a.ID, Partners: []string{b.ID}, OpenToJoin: open}))
}

func (s scene) contract(council string, audience catalogue.Audience) *catalogue.Contract {
	return must[*catalogue.Contract](s.t)(s.c.SaveContract(context.Background(), officer(council, catalogue.RoleContributor),
		catalogue.Contract{Title: s.name("Parking"), Audience: audience}))
}

func (s scene) account(council string) *catalogue.Account {
	return must[*catalogue.Account](s.t)(s.c.AddAccount(context.Background(), catalogue.Operator("test"), catalogue.Account{
		Email: strings.ReplaceAll(s.name("person"), " ", ".") + "@example.org", OrgKind: catalogue.OrgCouncil, Org: council, Role: catalogue.RoleViewer}))
}

// example is a draft of Birmingham's.
func (s scene) example() *catalogue.Example {
	return must[*catalogue.Example](s.t)(s.c.BeginExample(context.Background(), officer(birmingham, catalogue.RoleContributor), "", wholeExample(s.name("Bins"))))
}

// use is what a council says that it runs.
func (s scene) use(council, platform string) string {
	return must[*catalogue.Use](s.t)(s.c.RecordUse(context.Background(), officer(council, catalogue.RoleContributor), platform, catalogue.Date{}, "")).ID
}

// of is what became of one record of a change of many.
func of(id string) func(catalogue.Bulk, error) error {
	return func(b catalogue.Bulk, err error) error {
		if err == nil {
			err = b.Wrong[id]
		}
		return err
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	platform := func() catalogue.Platform {
		return catalogue.Platform{Name: s.name("Platform"), Supplier: "Northgate", Capabilities: []string{"revs-bens"}}
	}
	ownPlatform := func() catalogue.Platform {
		return *must[*catalogue.Platform](t)(c.ListPlatform(ctx, officer(birmingham, catalogue.RoleLead), platform()))
	}
	run := must[*catalogue.Platform](t)(c.ListPlatform(ctx, catalogue.Operator("test"), platform())).ID
	// y: done; u: sign in first; f: forbidden; n: not found; i: what was given cannot be.
	for _, test := range []struct {
		what string
		want string // anonymous, supplier, any council; own viewer to administrator; other contributor to administrator; operator
		try  func(catalogue.Actor) error
	}{
		{"list a platform", "uff fyyy yyy y", func(a catalogue.Actor) error { _, err := c.ListPlatform(ctx, a, platform()); return err }},
		{"change own platform", "uff fyyy fff y", func(a catalogue.Actor) error {
			p := ownPlatform()
			p.Summary = "Changed"
			_, err := c.ListPlatform(ctx, a, p)
			return err
		}},
		{"record a use", "uff fyyy yyy i", func(a catalogue.Actor) error { _, err := c.RecordUse(ctx, a, run, catalogue.Date{}, ""); return err }},
		{"list own intention", "uff fyyy fff y", func(a catalogue.Actor) error {
			_, err := c.SaveIntention(ctx, a, intention(birmingham, s.name("Need")))
			return err
		}},
		{"change own intention", "uff fyyy fff y", func(a catalogue.Actor) error {
			in := s.intention(birmingham, catalogue.Public)
			in.Title = "Changed"
			_, err := c.SaveIntention(ctx, a, *in)
			return err
		}},
		{"change own hidden intention", "uff fyyy nnn y", func(a catalogue.Actor) error {
			in := s.intention(birmingham, catalogue.Own)
			in.Council = a.Org
			if a.IsOperator() {
				in.Council = birmingham
			}
			_, err := c.SaveIntention(ctx, a, *in)
			return err
		}},
		{"withdraw own intention", "uff fyyy fff y", func(a catalogue.Actor) error {
			_, err := c.WithdrawIntention(ctx, a, s.intention(birmingham, catalogue.Councils).ID, "no longer needed")
			return err
		}},
		{"withdraw own hidden intention", "uff fyyy nnn y", func(a catalogue.Actor) error {
			_, err := c.WithdrawIntention(ctx, a, s.intention(birmingham, catalogue.Own).ID, "no longer needed")
			return err
		}},
		{"register interest", "uff fyyy yyy f", func(a catalogue.Actor) error {
			_, err := c.RegisterInterest(ctx, a, s.intention(coventry, catalogue.Public).ID, catalogue.Standing{Rung: catalogue.Intends}, "")
			return err
		}},
		{"register interest in what is hidden", "uff fnnn nnn f", func(a catalogue.Actor) error {
			_, err := c.RegisterInterest(ctx, a, s.intention(coventry, catalogue.Own).ID, catalogue.Standing{Rung: catalogue.Intends}, "")
			return err
		}},
		{"register approval", "uff ffyy fyy f", func(a catalogue.Actor) error {
			_, err := c.RegisterInterest(ctx, a, s.intention(coventry, catalogue.Councils).ID, catalogue.Standing{Rung: catalogue.Approved, Approval: "Cabinet 12", Approved: catalogue.MustDate("2026-10-01"), Volume: 100_000}, "")
			return err
		}},
		{"withdraw interest", "uff fyyy yyy f", func(a catalogue.Actor) error {
			return c.WithdrawInterest(ctx, a, s.intention(coventry, catalogue.Councils).ID)
		}},
		{"propose a group", "uff ffyy fff f", func(a catalogue.Actor) error {
			own, other := s.intention(birmingham, catalogue.Councils), s.intention(coventry, catalogue.Councils)
			_, err := c.ProposeGroup(ctx, a, catalogue.Proposal{Intention: own.ID, Partners: []string{other.ID}})
			return err
		}},
		{"propose a group with a hidden intention", "uff ffnn fnn f", func(a catalogue.Actor) error {
			other := s.intention(coventry, catalogue.Own)
			p := catalogue.Proposal{Partners: []string{other.ID}}
			if a.OrgKind == catalogue.OrgCouncil && a.Org != "" {
				p.Intention = s.intention(a.Org, catalogue.Councils).ID
			}
			_, err := c.ProposeGroup(ctx, a, p)
			return err
		}},
		{"answer an invitation", "uff ffyy fff f", func(a catalogue.Actor) error {
			_, err := c.AnswerInvitation(ctx, a, s.group(coventry, birmingham, false).ID, true, "")
			return err
		}},
		{"join with own intention", "uff ffyy fff f", func(a catalogue.Actor) error {
			_, err := c.Join(ctx, a, s.group(coventry, "E08000028", true).ID, s.intention(birmingham, catalogue.Councils).ID)
			return err
		}},
		{"invite", "uff ffyy fff f", func(a catalogue.Actor) error {
			_, err := c.Invite(ctx, a, s.group(birmingham, coventry, false).ID, s.intention("E08000028", catalogue.Councils).ID)
			return err
		}},
		{"leave", "uff ffyy fff f", func(a catalogue.Actor) error {
			_, err := c.LeaveGroup(ctx, a, s.group(birmingham, coventry, false).ID, "budget cut")
			return err
		}},
		{"take the lead", "uff ffyy fff f", func(a catalogue.Actor) error {
			_, err := c.TakeLead(ctx, a, s.group(birmingham, coventry, false).ID, true)
			return err
		}},
		{"stand", "uff ffyy fff f", func(a catalogue.Actor) error {
			_, err := c.Stand(ctx, a, s.group(birmingham, coventry, false).ID, catalogue.Standing{Rung: catalogue.Approved, Approval: "Cabinet 12", Approved: catalogue.MustDate("2026-10-01"), Volume: 100_000})
			return err
		}},
		{"change a group's dates", "uff ffyy fff f", func(a catalogue.Actor) error {
			_, err := c.SetPlan(ctx, a, s.group(birmingham, coventry, false).ID, 0, catalogue.PlanChoices{EvaluationWeeks: 4})
			return err
		}},
		{"change a group's value and lots", "uff ffyy fff f", func(a catalogue.Actor) error {
			_, err := c.SetValue(ctx, a, s.group(birmingham, coventry, false).ID, 0, catalogue.ValueChoices{Fees: 100})
			return err
		}},
		{"move a group on", "uff ffyy fff f", func(a catalogue.Actor) error {
			g := s.group(birmingham, coventry, false)
			if _, err := c.TakeLead(ctx, officer(birmingham, catalogue.RoleLead), g.ID, true); err != nil {
				return err
			}
			_, err := c.MoveGroup(ctx, a, g.ID, catalogue.Move{From: catalogue.Forming, To: catalogue.Abandoned, Reason: "no money"})
			return err
		}},
		{"hand over the lead", "uff ffyy fff f", func(a catalogue.Actor) error {
			g := s.group(birmingham, coventry, false)
			if _, err := c.TakeLead(ctx, officer(birmingham, catalogue.RoleLead), g.ID, true); err != nil {
				return err
			}
			_, err := c.OfferLead(ctx, a, g.ID, "")
			return err
		}},
		{"name a deputy", "uff ffyy fff f", func(a catalogue.Actor) error {
			g := s.group(birmingham, coventry, false)
			if _, err := c.TakeLead(ctx, officer(birmingham, catalogue.RoleLead), g.ID, true); err != nil {
				return err
			}
			_, err := c.NameDeputy(ctx, a, g.ID, "")
			return err
		}},
		{"declare conflicts of interest", "uff ffyy fff f", func(a catalogue.Actor) error {
			_, err := c.DeclareConflicts(ctx, a, s.group(birmingham, coventry, false).ID, "")
			return err
		}},
		{"record own contract", "uff fyyy fff y", func(a catalogue.Actor) error {
			_, err := c.SaveContract(ctx, a, catalogue.Contract{Council: birmingham, Title: s.name("Parking")})
			return err
		}},
		{"change own contract", "uff fyyy fff y", func(a catalogue.Actor) error {
			k := *s.contract(birmingham, catalogue.Public)
			k.Title += " system"
			_, err := c.SaveContract(ctx, a, k)
			return err
		}},
		{"change own hidden contract", "uff fyyy nnn y", func(a catalogue.Actor) error {
			k := *s.contract(birmingham, catalogue.Own)
			k.Title += " system"
			_, err := c.SaveContract(ctx, a, k)
			return err
		}},
		{"remove own contract", "uff fyyy fff y", func(a catalogue.Actor) error {
			k := s.contract(birmingham, catalogue.Public)
			return c.RemoveContract(ctx, a, k.ID, k.Version)
		}},
		{"remove own hidden contract", "uff fyyy nnn y", func(a catalogue.Actor) error {
			k := s.contract(birmingham, catalogue.Own)
			return c.RemoveContract(ctx, a, k.ID, k.Version)
		}},
		{"fill in an end date", "uff fyyy fff y", func(a catalogue.Actor) error {
			k := s.contract(birmingham, catalogue.Public)
			return of(k.ID)(c.FillDates(ctx, a, map[string]catalogue.Date{k.ID: catalogue.MustDate("2099-12-31")}))
		}},
		{"fill in a hidden end date", "uff fyyy nnn y", func(a catalogue.Actor) error {
			k := s.contract(birmingham, catalogue.Own)
			return of(k.ID)(c.FillDates(ctx, a, map[string]catalogue.Date{k.ID: catalogue.MustDate("2099-12-31")}))
		}},
		{"confirm own contracts", "uff fyyy fff y", func(a catalogue.Actor) error {
			k := s.contract(birmingham, catalogue.Public)
			return of(k.ID)(c.ConfirmContracts(ctx, a, []string{k.ID}))
		}},
		{"say what own contracts are for", "uff fyyy fff y", func(a catalogue.Actor) error {
			k := s.contract(birmingham, catalogue.Public)
			return of(k.ID)(c.ConfirmCapabilities(ctx, a, map[string]string{k.ID: "revs-bens"}))
		}},
		{"confirm own intentions", "uff fyyy fff y", func(a catalogue.Actor) error {
			in := s.intention(birmingham, catalogue.Public)
			return of(in.ID)(c.ConfirmIntentions(ctx, a, []string{in.ID}))
		}},
		{"confirm own hidden intentions", "uff fyyy nnn y", func(a catalogue.Actor) error {
			in := s.intention(birmingham, catalogue.Own)
			return of(in.ID)(c.ConfirmIntentions(ctx, a, []string{in.ID}))
		}},
		{"confirm own uses", "uff fyyy fff y", func(a catalogue.Actor) error {
			u := s.use(birmingham, run)
			return of(u)(c.ConfirmUses(ctx, a, []string{u}))
		}},
		{"tell of own uses", "uff fyyy fff y", func(a catalogue.Actor) error {
			u := s.use(birmingham, run)
			return of(u)(c.TellOfUses(ctx, a, map[string]catalogue.UseWord{u: {Advice: s.name("Ask")}}))
		}},
		{"say what own council runs", "uff fyyy yyy i", func(a catalogue.Actor) error { return of(run)(c.RunPlatforms(ctx, a, []string{run}, nil)) }},
		{"read an estate", "nnn yyyy yyy n", func(a catalogue.Actor) error { _, err := c.Estate(ctx, a); return err }},
		{"give an account", "uff fffy fff y", func(a catalogue.Actor) error {
			_, err := c.AddAccount(ctx, a, catalogue.Account{Email: strings.ReplaceAll(s.name("new"), " ", "") + "@example.org",
				OrgKind: catalogue.OrgCouncil, Org: birmingham, Role: catalogue.RoleLead})
			return err
		}},
		{"disable an account", "unf fffy ffn y", func(a catalogue.Actor) error {
			_, err := c.DisableAccount(ctx, a, s.account(birmingham).Email)
			return err
		}},
		{"import", "uff ffff fff y", func(a catalogue.Actor) error {
			in := intention(birmingham, s.name("Need"))
			in.Ref = s.name("ref")
			_, err := c.Import(ctx, a, []catalogue.Item{&in}, catalogue.ImportOptions{})
			return err
		}},
		{"import own contracts", "uff iyyy fff y", func(a catalogue.Actor) error { return tryImport(c, a, &s, contractOf(birmingham, catalogue.Councils)) }},
		{"import own contracts privately", "uff yyyy fff y", func(a catalogue.Actor) error { return tryImport(c, a, &s, contractOf(birmingham, catalogue.Own)) }},
		{"import over own contract that others see", "uff iyyy fff y", func(a catalogue.Actor) error {
			k := contractOf(birmingham, catalogue.Own)
			k.Ref = s.name("ref")
			public := *k
			public.Audience = catalogue.Public
			imports(t, c, &public)
			return tryImport(c, a, nil, k)
		}},
		{"import over a contract that is hidden", "ufn yyyy nnn y", func(a catalogue.Actor) error {
			k := contractOf(birmingham, catalogue.Own)
			k.Ref = s.name("ref")
			imports(t, c, k)
			again := *k
			again.Meta, again.Title = catalogue.Meta{Ref: k.Ref}, "Changed"
			return tryImport(c, a, nil, &again)
		}},
		{"import by ID over another council's", "ufi nnnn nnn y", func(a catalogue.Actor) error {
			k := contractOf("E08000028", catalogue.Own)
			k.Ref = s.name("ref")
			imports(t, c, k)
			mine := contractOf(a.Org, catalogue.Own)
			if a.IsOperator() {
				mine.Council = "E08000028"
			}
			mine.Meta = catalogue.Meta{ID: k.ID}
			return tryImport(c, a, nil, mine)
		}},
		{"undo own import", "ufn fyyy nnn y", func(a catalogue.Actor) error {
			k := contractOf(birmingham, catalogue.Own)
			k.Ref = s.name("ref")
			_, err := c.UndoImport(ctx, a, imports(t, c, k).ID)
			return err
		}},
		{"open own import", "uff fyyy nnn f", func(a catalogue.Actor) error {
			k := contractOf(birmingham, catalogue.Own)
			k.Ref = s.name("ref")
			_, err := c.ShareImport(ctx, a, imports(t, c, k).ID)
			return err
		}},
		{"write an example", "uff fyyy yyy f", func(a catalogue.Actor) error {
			_, err := c.BeginExample(ctx, a, "", wholeExample(s.name("Bins")))
			return err
		}},
		{"change the draft of an example", "uff fyyy nnn f", func(a catalogue.Actor) error {
			x := s.example()
			_, err := c.DraftExample(ctx, a, x.ID, x.Version, wholeExample("Changed"), "")
			return err
		}},
		{"send an example", "uff ffyy fnn f", func(a catalogue.Actor) error {
			x := s.example()
			_, err := c.SendExample(ctx, a, x.ID, x.Version)
			return err
		}},
		{"withdraw an example", "uff ffyy fff f", func(a catalogue.Actor) error {
			_, err := c.WithdrawExample(ctx, a, reviewed(t, c, s.example()).ID, "Why")
			return err
		}},
		{"review an example", "uff ffff fff y", func(a catalogue.Actor) error {
			x := s.example()
			x = must[*catalogue.Example](t)(c.SendExample(ctx, officer(birmingham, catalogue.RoleLead), x.ID, x.Version))
			_, err := c.ReviewExample(ctx, a, x.ID, catalogue.ExampleDecision{Publish: true, Version: x.Version})
			return err
		}},
		{"adopt an example", "uff fiii yyy f", func(a catalogue.Actor) error {
			_, err := c.Adopt(ctx, a, reviewed(t, c, s.example()).ID, catalogue.AdoptionWord{Stage: catalogue.AdoptionLive, Audience: catalogue.Councils})
			return err
		}},
		{"require a sign-in that the council does not have", "uff fffn ffn f", func(a catalogue.Actor) error {
			_, err := c.RequireProvider(ctx, a, "", true, []string{"tenant"})
			return err
		}},
		{"set how a council signs in", "uff ffff fff y", func(a catalogue.Actor) error {
			_, err := c.SetProvider(ctx, a, catalogue.ProviderChange{Council: birmingham, Issuer: "https://login.example/tenant", ClientID: "jointly", Secret: "secret", Tenants: []string{"tenant"}})
			return err
		}},
		{"remove how a council signs in", "uff ffff fff y", func(a catalogue.Actor) error { return c.RemoveProvider(ctx, a, birmingham) }},
		{"read the audit trail", "fyf ffyy fyy y", func(a catalogue.Actor) error { _, err := c.Trail(ctx, a, 10); return err }},
	} {
		want := strings.ReplaceAll(test.want, " ", "")
		for i, actor := range everybody() {
			k.move(time.Minute + time.Second) // every refusal is worth an entry
			got := "y"
			if err := test.try(actor); err != nil {
				got = map[catalogue.ErrorKind]string{catalogue.Unauthenticated: "u", catalogue.Forbidden: "f", catalogue.NotFound: "n",
					catalogue.Invalid: "i"}[catalogue.KindOf(err)]
			}
			if got != want[i:i+1] {
				t.Errorf("%s as %s of %s %q: %s, want %s", test.what, actor.Role, actor.OrgKind, actor.Org, got, want[i:i+1])
			}
		}
	}
	whole(t, c)
}

func contractOf(council string, audience catalogue.Audience) *catalogue.Contract {
	return &catalogue.Contract{Council: council, Title: "Payroll", Audience: audience, Source: catalogue.Source{Text: "register"}}
}

// tryImport imports a contract, under a reference of its own where there is a scene to make one; what is wrong with the
// contract is an Invalid error.
func tryImport(c *catalogue.Catalogue, a catalogue.Actor, s *scene, k *catalogue.Contract) error {
	if s != nil {
		k.Ref = s.name("ref")
	}
	done, err := c.Import(context.Background(), a, []catalogue.Item{k}, catalogue.ImportOptions{})
	if err == nil && len(done.Errors) > 0 {
		return &catalogue.Error{Kind: catalogue.Invalid}
	}
	return err
}

func TestRefusalsAreAuditedAndLimited(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	refused := func() (n int, last catalogue.Event) {
		for _, e := range must[[]catalogue.Event](t)(c.Trail(ctx, catalogue.Operator("test"), 1000)) {
			if e.Refused != "" {
				if n++; n == 1 {
					last = e
				}
			}
		}
		return n, last
	}
	viewer := officer(birmingham, catalogue.RoleViewer)
	for range 100 {
		_, err := c.SaveIntention(ctx, viewer, intention(birmingham, "Not for viewers"))
		is(t, "a viewer lists", err, catalogue.Forbidden)
	}
	n, last := refused()
	if n != 30 {
		t.Errorf("100 refusals in a moment make %d entries, want 30", n)
	}
	if last.Account != viewer.Account || last.Org != birmingham || last.Action != catalogue.ListIntention {
		t.Errorf("the entry is %+v, want who was refused what", last)
	}
	k.move(61 * time.Second)
	if _, err := c.SaveIntention(ctx, catalogue.Anonymous(), intention(birmingham, "Not for visitors")); err == nil {
		t.Fatal("a visitor listed an intention")
	}
	if again, _ := refused(); again != n+1 {
		t.Errorf("a minute later there are %d entries, want %d", again, n+1)
	}
	if count(t, c, catalogue.KindIntention) != 0 {
		t.Error("what was refused was stored")
	}
	whole(t, c)
}

func TestOrganisationsReadTheirOwnTrail(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	in := intention(birmingham, "Revenues system")
	in.Ref = "B1"
	imports(t, c, &in) // by the operator, about a record of Birmingham's
	listed(t, c, intention(coventry, "Local taxation"))
	for _, test := range []struct {
		council string
		action  catalogue.Action
	}{{birmingham, catalogue.ImportRecords}, {coventry, catalogue.ListIntention}} {
		trail := must[[]catalogue.Event](t)(c.Trail(ctx, officer(test.council, catalogue.RoleLead), 10))
		if len(trail) != 1 || trail[0].Action != test.action || trail[0].Owner != test.council {
			t.Errorf("the trail of %s is %+v, want one entry of '%s'", test.council, trail, test.action)
		}
	}
	if trail := must[[]catalogue.Event](t)(c.Trail(ctx, officer(dudley, catalogue.RoleLead), 10)); len(trail) != 0 {
		t.Errorf("a third council reads %+v", trail)
	}
}
