package catalogue_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// TestWhatWidensAsksAgain: what lets others see more, or do more, needs a second factor used lately of whoever comes by the
// web; what is edited for the same readers, or narrowed, does not.
func TestWhatWidensAsksAgain(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	n := 0
	s := scene{t, c, &n}
	imports(t, c, &catalogue.Platform{Meta: catalogue.Meta{ID: "rates"}, Name: "Rates", Capabilities: []string{"revs-bens"}},
		&catalogue.Platform{Meta: catalogue.Meta{ID: "bins"}, Name: "Bins", Capabilities: []string{"revs-bens"}})
	admin := must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "admin@birmingham.gov.uk", OrgKind: catalogue.OrgCouncil, Org: birmingham, Role: catalogue.RoleAdmin}))
	web := admin.Actor("web")
	contract := func(a catalogue.Actor, from, to catalogue.Audience) error {
		k := catalogue.Contract{Title: s.name("Parking")}
		if from != "" {
			k = *s.contract(birmingham, from)
			k.Description = s.name("Edited")
		}
		k.Audience = to
		_, err := c.SaveContract(ctx, a, k)
		return err
	}
	need := func(a catalogue.Actor, from, to catalogue.Audience) error {
		in := *s.intention(birmingham, from)
		in.Visibility, in.Title = to, s.name("Edited")
		_, err := c.SaveIntention(ctx, a, in)
		return err
	}
	offer := func(a catalogue.Actor, from, to catalogue.Audience) error {
		o := must[*catalogue.Offer](t)(c.SaveOffer(ctx, officer(birmingham, catalogue.RoleLead), catalogue.Offer{Direction: catalogue.Offering, Title: s.name("Architect"), Role: catalogue.RoleArchitecture,
			Terms: catalogue.TermsCost, Audience: from}))
		o.Audience = to
		_, err := c.SaveOffer(ctx, a, *o)
		return err
	}
	agency, _ := s.agency()
	group := s.together(birmingham, coventry)
	kept := must[*catalogue.Paper](t)(c.AddPaper(ctx, officer(birmingham, catalogue.RoleLead), group.ID, "", "Volumes", "https://birmingham.example/volumes", ""))
	if err := c.KeepPaper(ctx, officer(birmingham, catalogue.RoleLead), group.ID, kept.ID, true); err != nil {
		t.Fatal(err)
	}
	reader := s.account(birmingham)
	s.use(birmingham, "bins")
	for _, test := range []struct {
		what string
		asks bool
		try  func(catalogue.Actor) error
	}{
		{"a contract that is public from the beginning", true, func(a catalogue.Actor) error { return contract(a, "", catalogue.Public) }},
		{"a contract for councils from the beginning", false, func(a catalogue.Actor) error { return contract(a, "", catalogue.Councils) }},
		{"a contract made public", true, func(a catalogue.Actor) error { return contract(a, catalogue.Councils, catalogue.Public) }},
		{"a contract shared with councils", true, func(a catalogue.Actor) error { return contract(a, catalogue.Own, catalogue.Councils) }},
		{"a public contract edited", false, func(a catalogue.Actor) error { return contract(a, catalogue.Public, catalogue.Public) }},
		{"a contract for councils edited", false, func(a catalogue.Actor) error { return contract(a, catalogue.Councils, catalogue.Councils) }},
		{"a contract taken back", false, func(a catalogue.Actor) error { return contract(a, catalogue.Public, catalogue.Own) }},
		{"a public contract imported", true, func(a catalogue.Actor) error {
			return imported(c, a, contractOf(birmingham, catalogue.Public))
		}},
		{"a contract for the council alone imported", false, func(a catalogue.Actor) error {
			return imported(c, a, contractOf(birmingham, catalogue.Own))
		}},
		{"saying that the council runs a platform", true, func(a catalogue.Actor) error {
			_, err := c.RecordUse(ctx, a, "rates", catalogue.Date{}, "")
			return err
		}},
		{"saying more of a platform that it is known to run", false, func(a catalogue.Actor) error {
			_, err := c.RecordUse(ctx, a, "bins", catalogue.Date{}, s.name("Ask for the export"))
			return err
		}},
		{"a platform listed", true, func(a catalogue.Actor) error {
			_, err := c.ListPlatform(ctx, a, catalogue.Platform{Name: s.name("Parking"), Capabilities: []string{"revs-bens"}})
			return err
		}},
		{"a colleague invited", true, func(a catalogue.Actor) error {
			_, err := c.InviteColleague(ctx, a, "new@birmingham.gov.uk", catalogue.RoleContributor)
			return err
		}},
		{"a role given", true, func(a catalogue.Actor) error {
			_, err := c.SetRole(ctx, a, reader.ID, catalogue.RoleContributor)
			return err
		}},
		{"asking for a role", false, func(catalogue.Actor) error {
			_, err := c.AskRole(ctx, reader.Actor("web"), catalogue.RoleLead, s.name("I lead"))
			return err
		}},
		{"a colleague's account and sessions ended", true, func(a catalogue.Actor) error {
			_, err := c.EndAccount(ctx, a, reader.ID, "")
			return err
		}},
		{"a calendar feed begun", true, func(a catalogue.Actor) error {
			_, err := c.RenewCalendar(ctx, a)
			return err
		}},
		{"a calendar feed ended", false, func(a catalogue.Actor) error { return c.RevokeCalendar(ctx, a) }},
		{"a need shared with councils", true, func(a catalogue.Actor) error { return need(a, catalogue.Own, catalogue.Councils) }},
		{"a need made public", true, func(a catalogue.Actor) error { return need(a, catalogue.Councils, catalogue.Public) }},
		{"a need for councils edited", false, func(a catalogue.Actor) error { return need(a, catalogue.Councils, catalogue.Councils) }},
		{"a need taken back", false, func(a catalogue.Actor) error { return need(a, catalogue.Public, catalogue.Own) }},
		{"an offer made public", true, func(a catalogue.Actor) error { return offer(a, catalogue.Own, catalogue.Public) }},
		{"an offer shared with councils", true, func(a catalogue.Actor) error { return offer(a, catalogue.Own, catalogue.Councils) }},
		{"an offer taken back", false, func(a catalogue.Actor) error { return offer(a, catalogue.Public, catalogue.Own) }},
		{"asking a body in the council's name", true, func(a catalogue.Actor) error {
			_, err := c.AskBody(ctx, a, catalogue.Ask{Body: agency.ID, Title: s.name("Letters"), Why: "So many send them"}, catalogue.Public)
			return err
		}},
		{"asking a body without a name", false, func(a catalogue.Actor) error {
			_, err := c.AskBody(ctx, a, catalogue.Ask{Body: agency.ID, Title: s.name("Letters"), Why: "So many send them"}, catalogue.Own)
			return err
		}},
		{"asking a body into a group", true, func(a catalogue.Actor) error {
			_, err := c.AskIn(ctx, a, group.ID, agency.ID, "Its building block")
			return err
		}},
		{"naming a deputy", true, func(a catalogue.Actor) error { _, err := c.NameDeputy(ctx, a, group.ID, coventry); return err }},
		{"naming no deputy", false, func(a catalogue.Actor) error { _, err := c.NameDeputy(ctx, a, group.ID, ""); return err }},
		{"handing over the lead", true, func(a catalogue.Actor) error { _, err := c.OfferLead(ctx, a, group.ID, coventry); return err }},
		{"showing partners a paper kept from them", true, func(a catalogue.Actor) error {
			return c.KeepPaper(ctx, a, group.ID, kept.ID, false)
		}},
		{"keeping a paper from partners", false, func(a catalogue.Actor) error { return c.KeepPaper(ctx, a, group.ID, kept.ID, true) }},
		{"all data of the council taken out", true, func(a catalogue.Actor) error {
			return exchange.ExportOwn(ctx, c, a, new(bytes.Buffer))
		}},
	} {
		err := test.try(web)
		if asked := errors.Is(err, catalogue.ErrProveFirst); asked != test.asks || !asked && err != nil {
			t.Errorf("%s: asks %v, want %v; %v", test.what, asked, test.asks, err)
		}
		if proved := web; test.asks {
			proved.Proved = true
			if err := test.try(proved); err != nil {
				t.Errorf("%s, with a factor used lately: %v", test.what, err)
			}
		}
	}
	whole(t, c)
}

// imported imports one contract.
func imported(c *catalogue.Catalogue, a catalogue.Actor, k *catalogue.Contract) error {
	k.Ref = catalogue.NewID()
	done, err := c.Import(context.Background(), a, []catalogue.Item{k}, catalogue.ImportOptions{})
	if err == nil && len(done.Errors) > 0 {
		return errors.New(done.Errors[0].Message)
	}
	return err
}

// TestWhatDecidesWhoActsForWhomAsksTheOperatorAgain: also where something is taken away, and before the first of many writes.
func TestWhatDecidesWhoActsForWhomAsksTheOperatorAgain(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	account := must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "operator@example.org", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator}))
	provider := catalogue.ProviderChange{Council: birmingham, Issuer: "https://login.example/tenant", ClientID: "jointly", Secret: "secret", Tenants: []string{"tenant"}}
	must[*catalogue.Provider](t)(c.SetProvider(ctx, catalogue.Operator("test"), provider))
	for _, test := range []struct {
		what string
		try  func(catalogue.Actor) error
	}{
		{"setting a council's sign-in", func(a catalogue.Actor) error { _, err := c.SetProvider(ctx, a, provider); return err }},
		{"removing it", func(a catalogue.Actor) error { return c.RemoveProvider(ctx, a, birmingham) }},
		{"a body's domain", func(a catalogue.Actor) error {
			_, err := c.SaveBody(ctx, a, catalogue.Body{Name: "Agency", Kind: catalogue.CentralBody, Domain: "agency.example", Source: "Its page"})
			return err
		}},
		{"handing a council over", func(a catalogue.Actor) error {
			_, err := c.Succeed(ctx, a, catalogue.HandOver{From: dudley, To: birmingham, Reason: "A rehearsal"})
			return err
		}},
	} {
		a := account.Actor("web")
		if err := test.try(a); !errors.Is(err, catalogue.ErrProveFirst) {
			t.Errorf("%s without a factor used lately: %v", test.what, err)
		}
		a.Proved = true
		if err := test.try(a); err != nil {
			t.Errorf("%s, with a factor used lately: %v", test.what, err)
		}
	}
}
