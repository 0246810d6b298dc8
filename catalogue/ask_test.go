package catalogue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

// agency is a body of central government whose people have addresses at agency.gov.uk, and somebody of it.
func (s scene) agency() (*catalogue.Body, catalogue.Actor) {
	s.t.Helper()
	ctx := context.Background()
	b := must[*catalogue.Body](s.t)(s.c.SaveBody(ctx, catalogue.Operator("test"), catalogue.Body{Name: "The Agency", Kind: catalogue.CentralBody, Domain: "agency.gov.uk", Suppliers: []string{"the-agency"}, Source: "Its website"}))
	a := must[*catalogue.Account](s.t)(s.c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "one@agency.gov.uk", OrgKind: catalogue.OrgBody, Org: b.ID, Role: catalogue.RoleContributor}))
	return b, a.Actor("test")
}

func TestCouncilsAskABodyTogether(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	body, agent := s.agency()
	_, a := s.person(birmingham, catalogue.RoleContributor)
	_, b := s.person(coventry, catalogue.RoleContributor)
	ask := must[*catalogue.Ask](t)
	form := catalogue.Ask{Meta: catalogue.Meta{ID: catalogue.NewID()}, Body: body.ID, Title: "Refunds in bulk", Why: "We refund one by one"}
	x := ask(c.AskBody(ctx, a, form, catalogue.Own))
	if twice := ask(c.AskBody(ctx, a, form, catalogue.Own)); twice.Version != x.Version || count(t, c, catalogue.KindAsk) != 1 {
		t.Error("a form sent twice asked twice")
	}
	if got := toldOf(t, c, agent); len(got) != 1 || got[0] != "Councils ask: Refunds in bulk" {
		t.Errorf("the body was told %q", got)
	}
	if w := must[catalogue.Waiting](t)(c.Waiting(ctx, agent)); w.Questions != 1 || w.Unread != 1 {
		t.Errorf("waits for the body: %+v", w)
	}
	ask(c.SupportAsk(ctx, b, x.ID, catalogue.Councils))
	ask(c.SupportAsk(ctx, b, x.ID, catalogue.Councils))
	if got := ask(c.SupportAsk(ctx, officer(woking, catalogue.RoleContributor), x.ID, catalogue.Public)); got.Councils != 3 {
		t.Errorf("%d ask", got.Councils)
	}

	// How many is for all; who is as each chose. Nothing in the record tells of the others.
	for who, want := range map[catalogue.Actor][]string{catalogue.Anonymous(): {woking}, agent: {woking}, officer(guildfd, catalogue.RoleViewer): {coventry, woking}, a: {birmingham, coventry, woking}, b: {coventry, woking}} {
		v := must[*catalogue.AskView](t)(c.Ask(ctx, who, x.ID))
		text := fmt.Sprintf("%+v", v.Ask)
		for _, council := range []string{birmingham, coventry, woking} {
			if shown := strings.Contains(text, council); shown != strings.Contains(strings.Join(want, " "), council) {
				t.Errorf("%s of %q sees %s: %v: %s", who.OrgKind, who.Org, council, shown, text)
			}
		}
		if v.Ask.Councils != 3 || len(v.Named) != len(want) {
			t.Errorf("%s of %q: %d councils, %d named, want %d", who.OrgKind, who.Org, v.Ask.Councils, len(v.Named), len(want))
		}
	}

	// The body answers, everybody who asks is told, each once.
	for _, wrong := range []catalogue.Actor{a, officer(birmingham, catalogue.RoleAdmin), {Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgBody, Org: "another"}} {
		_, err := c.AnswerAsk(ctx, wrong, x.ID, catalogue.AskDone, "Done")
		is(t, "answered by "+string(wrong.OrgKind), err, catalogue.Forbidden)
	}
	_, err := c.AskBody(ctx, agent, form, catalogue.Public)
	is(t, "the body asks itself", err, catalogue.Forbidden)
	_, err = c.AnswerAsk(ctx, agent, x.ID, "maybe", "")
	refusedOn(t, "an answer that says nothing", err, "answer")
	refusedOn(t, "an answer that says nothing", err, "state")
	for range 2 {
		ask(c.AnswerAsk(ctx, agent, x.ID, catalogue.AskPlanned, "In the spring"))
	}
	for _, who := range []catalogue.Actor{a, b} {
		if got := toldOf(t, c, who); len(got) != 1 || got[0] != "The Agency answers: Refunds in bulk" {
			t.Errorf("%s was told %q", who.Org, got)
		}
	}
	if v := must[*catalogue.BodyView](t)(c.Body(ctx, catalogue.Anonymous(), body.ID)); len(v.Asks) != 1 || v.Asks[0].Answer() == nil || v.Asks[0].Answer().Account != "" || v.Body.Domain != "" {
		t.Errorf("the body's page: %+v", v.Asks)
	}
	_, err = c.SupportAsk(ctx, a, x.ID, "")
	refusedOn(t, "its author leaves", err, "audience")
	if got := ask(c.SupportAsk(ctx, b, x.ID, "")); got.Councils != 2 {
		t.Errorf("%d ask once one left", got.Councils)
	}
	_, err = c.WithdrawAsk(ctx, b, x.ID, "No")
	is(t, "withdrawn by another", err, catalogue.Forbidden)
	ask(c.WithdrawAsk(ctx, a, x.ID, "Solved"))
	_, err = c.SupportAsk(ctx, b, x.ID, catalogue.Public)
	is(t, "supported once withdrawn", err, catalogue.Conflict)
	whole(t, c)
}

func TestAnAnswerReachesManyCouncilsEachOnce(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	body, agent := s.agency()
	_, a := s.person(birmingham, catalogue.RoleContributor)
	x := must[*catalogue.Ask](t)(c.AskBody(ctx, a, catalogue.Ask{Body: body.ID, Title: "Refunds", Why: "Because"}, catalogue.Own))
	var councils []register.Council
	for _, council := range c.Register().Councils() {
		if len(councils) < 65 && council.GSS != birmingham {
			councils = append(councils, council)
			must[*catalogue.Ask](t)(c.SupportAsk(ctx, officer(council.GSS, catalogue.RoleContributor), x.ID, catalogue.Own))
		}
	}
	must[*catalogue.Ask](t)(c.AnswerAsk(ctx, agent, x.ID, catalogue.AskDone, "It is there"))
	for _, council := range councils {
		if got := toldTo(t, c, council.GSS); len(got) != 1 {
			t.Errorf("%s was told %q", council.Name, got)
		}
	}
	whole(t, c)
}

func TestABodysPeopleAreAtItsOwnDomain(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	body, agent := s.agency()
	operator := catalogue.Operator("test")
	for _, email := range []string{"x@agency.gov.uk.evil.com", "x@evilagency.gov.uk", "x+y@agency.gov.uk", "x@sub.agency.gov.uk", "x@аgency.gov.uk", "x@birmingham.gov.uk"} {
		_, err := c.AddAccount(ctx, operator, catalogue.Account{Email: email, OrgKind: catalogue.OrgBody, Org: body.ID, Role: catalogue.RoleViewer})
		refusedOn(t, email, err, "email")
	}
	admin := agent
	admin.Role = catalogue.RoleAdmin
	for _, email := range []string{"x@evilagency.gov.uk", "x@anywhere.example", "x+y@agency.gov.uk"} {
		if a, err := c.InviteColleague(ctx, admin, email, catalogue.RoleViewer); err == nil {
			t.Errorf("its administrator gave %s an account: %+v", email, a)
		}
	}
	must[*catalogue.Account](t)(c.InviteColleague(ctx, admin, "two@agency.gov.uk", catalogue.RoleContributor))
	_, err := c.AnswerAsk(ctx, operator, must[*catalogue.Ask](t)(c.AskBody(ctx, officer(birmingham, catalogue.RoleContributor), catalogue.Ask{Body: body.ID, Title: "X", Why: "Y"}, catalogue.Own)).ID, catalogue.AskDone, "Done")
	is(t, "the operator answers for it", err, catalogue.Forbidden)
	_, err = c.AddAccount(ctx, operator, catalogue.Account{Email: "x@agency.gov.uk", OrgKind: catalogue.OrgBody, Org: "nobody", Role: catalogue.RoleViewer})
	refusedOn(t, "an unknown body", err, "body")
	_, err = c.SaveBody(ctx, operator, catalogue.Body{Name: "Another", Kind: catalogue.SectorBody, Domain: "agency.gov.uk", Source: "x"})
	refusedOn(t, "the domain of another body", err, "domain")
	_, err = c.SaveBody(ctx, operator, catalogue.Body{Name: "Another", Kind: catalogue.SectorBody, Domain: "birmingham.gov.uk", Source: "x"})
	refusedOn(t, "the domain of a council", err, "domain")
	for _, domain := range []string{"gov.uk", "co.uk", "org.uk", "nhs.uk", "police.uk", "com"} {
		_, err = c.SaveBody(ctx, operator, catalogue.Body{Name: "Another", Kind: catalogue.SectorBody, Domain: domain, Source: "x"})
		refusedOn(t, "the domain "+domain, err, "domain")
	}
	must[*catalogue.Body](t)(c.SaveBody(ctx, operator, catalogue.Body{Name: "A department", Kind: catalogue.CentralBody, Domain: "homeoffice.gov.uk", Source: "x"})) // gives out domains, and has mail
	_, err = c.SaveBody(ctx, officer(birmingham, catalogue.RoleAdmin), catalogue.Body{Name: "Another", Kind: catalogue.SectorBody, Source: "x"})
	is(t, "a body added by a council", err, catalogue.Forbidden)

	// What councils share with each other is not for it, and it counts in nothing that councils are counted in.
	in := listed(t, c, catalogue.Intention{Council: birmingham, Title: "Parking", WindowStart: catalogue.MustDate("2027-10"), WindowEnd: catalogue.MustDate("2028-12")})
	_, err = c.Intention(ctx, agent, in.ID)
	is(t, "an intention that councils share", err, catalogue.NotFound)
	_, err = c.SaveIntention(ctx, agent, catalogue.Intention{Title: "Ours", WindowStart: catalogue.MustDate("2027-10"), WindowEnd: catalogue.MustDate("2028-12")})
	is(t, "an intention of a body", err, catalogue.Forbidden)
	o := must[*catalogue.Offer](t)(c.SaveOffer(ctx, officer(birmingham, catalogue.RoleContributor), skills(catalogue.Offering, "For councils")))
	_, err = c.Offer(ctx, agent, o.ID)
	is(t, "an offer that councils share", err, catalogue.NotFound)
	whole(t, c)
}

func TestASuccessorHasWhatWasOfferedAndAsked(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	oldEstate(t, c)
	body, _ := s.agency()
	offer := must[*catalogue.Offer](t)(c.SaveOffer(ctx, officer(woking, catalogue.RoleContributor), skills(catalogue.Offering, "Their researcher")))
	ask := must[*catalogue.Ask](t)(c.AskBody(ctx, officer(woking, catalogue.RoleContributor), catalogue.Ask{Body: body.ID, Title: "Refunds", Why: "Because"}, catalogue.Own))
	must[*catalogue.Ask](t)(c.SupportAsk(ctx, officer(guildfd, catalogue.RoleContributor), ask.ID, catalogue.Public))
	for _, from := range []string{woking, guildfd} {
		must[*catalogue.Succession](t)(c.Succeed(ctx, catalogue.Operator("test"), catalogue.HandOver{From: from, To: newCode, Reason: "a rehearsal"}))
	}
	heir := officer(newCode, catalogue.RoleLead)
	if v := must[*catalogue.OfferView](t)(c.Offer(ctx, heir, offer.ID)); v.Offer.Council != newCode || !v.Offer.OpenTo(heir) {
		t.Errorf("the offer is of %s", v.Offer.Council)
	}
	if v := must[*catalogue.AskView](t)(c.Ask(ctx, heir, ask.ID)); v.Ask.Council != newCode || v.Ask.Councils != 1 || !v.Ask.Asks(newCode) {
		t.Errorf("after the two became one: %+v", v.Ask)
	}
	whole(t, c)
}

// TestATrailNamesNobodyWhoAsksUnnamed: who asks a body so that only the count shows is told neither to the body that answers
// nor to the council whose ask it supports.
func TestATrailNamesNobodyWhoAsksUnnamed(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	agency, clerk := s.agency()
	unnamed := must[*catalogue.Ask](t)(c.AskBody(ctx, officer(birmingham, catalogue.RoleLead), catalogue.Ask{Body: agency.ID, Title: "Letters in bulk", Why: "So many send them"}, catalogue.Own))
	must[*catalogue.Ask](t)(c.SupportAsk(ctx, officer(coventry, catalogue.RoleLead), unnamed.ID, catalogue.Own))
	clerk.Role = catalogue.RoleLead
	must[*catalogue.Ask](t)(c.AnswerAsk(ctx, clerk, unnamed.ID, catalogue.AskLooking, "We look into it"))
	for name, test := range map[string]struct {
		reader catalogue.Actor
		never  []string
	}{
		"the body":                         {clerk, []string{birmingham, coventry}},
		"the council that asked":           {officer(birmingham, catalogue.RoleAdmin), []string{coventry}},
		"the council that supports":        {officer(coventry, catalogue.RoleAdmin), []string{birmingham}},
		"a council that has no part in it": {officer(dudley, catalogue.RoleAdmin), []string{birmingham, coventry}},
	} {
		read := 0
		for _, e := range must[[]catalogue.Event](t)(c.Trail(ctx, test.reader, 1000)) {
			if e.Record != unnamed.Key() {
				continue
			}
			read++
			for _, code := range test.never {
				if strings.Contains(asJSON(t, e), code) {
					t.Errorf("%s reads of %s: %+v", name, code, e)
				}
			}
		}
		if named := name != "a council that has no part in it"; named != (read > 0) {
			t.Errorf("%s reads %d events of the ask", name, read)
		}
	}
}
