package catalogue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// lent is what a body or a council offers or seeks, for an audience.
func lent(direction catalogue.OfferDirection, title string, audience catalogue.Audience) catalogue.Offer {
	o := skills(direction, title)
	o.Audience = audience
	return o
}

func TestABodyOffersAndKeepsWhatItOffers(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	body, agent := s.agency()
	reader := agent
	reader.Role = catalogue.RoleViewer
	another := catalogue.Actor{Account: "x", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgBody, Org: "another", Via: "test"}
	save := must[*catalogue.Offer](t)
	form := lent(catalogue.Offering, "Our researcher", catalogue.Councils)
	form.ID, form.Council = catalogue.NewID(), birmingham // whose it is follows from who writes it
	o := save(c.SaveOffer(ctx, agent, form))
	if o.Council != "" || o.Body != body.ID || o.Of() != body.ID || o.Demonstration {
		t.Errorf("it is of %q and %q, invented %v", o.Council, o.Body, o.Demonstration)
	}
	if twice := save(c.SaveOffer(ctx, agent, form)); twice.Version != o.Version || count(t, c, catalogue.KindOffer) != 1 {
		t.Error("a form sent twice made two")
	}
	for who, want := range map[catalogue.Actor]catalogue.ErrorKind{reader: catalogue.Forbidden, another: catalogue.NotFound, officer(birmingham, catalogue.RoleAdmin): catalogue.NotFound,
		catalogue.Anonymous(): catalogue.Unauthenticated, {Account: "y", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: body.ID, Via: "test"}: catalogue.Forbidden} {
		_, err := c.SaveOffer(ctx, who, *o)
		is(t, fmt.Sprintf("changed by %s of %q", who.OrgKind, who.Org), err, want)
		if _, err := c.CloseOffer(ctx, who, o.ID, true, ""); err == nil {
			t.Errorf("closed by %s of %q", who.OrgKind, who.Org)
		}
	}
	stolen := *o
	stolen.Body = "another"
	if kept := save(c.SaveOffer(ctx, agent, stolen)); kept.Body != body.ID {
		t.Errorf("it was given to %q", kept.Body)
	}
	if done := must[catalogue.Bulk](t)(c.ConfirmOffers(ctx, agent, []string{o.ID})); len(done.Wrong) != 0 {
		t.Errorf("not confirmed: %v", done.Wrong)
	}
	closed := save(c.CloseOffer(ctx, agent, o.ID, false, "No longer"))
	if own := must[[]*catalogue.Offer](t)(c.OffersOf(ctx, agent, body.ID)); len(own) != 1 || own[0].End == nil || closed.End == nil {
		t.Errorf("closed: %+v", own)
	}
	if again := save(c.ReopenOffer(ctx, agent, o.ID)); again.End != nil {
		t.Error("it was not opened again")
	}
	if events := must[[]catalogue.Event](t)(trailOf(c, agent)); len(events) == 0 {
		t.Error("nothing of it is in the body's trail")
	}
	whole(t, c)
}

// trailOf is the audit trail as an administrator of an actor's organisation reads it.
func trailOf(c *catalogue.Catalogue, actor catalogue.Actor) ([]catalogue.Event, error) {
	actor.Role = catalogue.RoleAdmin
	return c.Trail(context.Background(), actor, 50)
}

func TestWhoSeesWhatABodyOffers(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	body, agent := s.agency()
	reader, mine := officer(coventry, catalogue.RoleViewer), officer(birmingham, catalogue.RoleContributor)
	another := catalogue.Actor{Account: "x", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgBody, Org: "another", Via: "test"}
	seller := catalogue.Actor{Account: "y", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: body.ID, Via: "test"}
	for _, by := range []struct {
		of   catalogue.Actor
		seen map[catalogue.Audience][]catalogue.Actor // beside everybody who sees what is wider
	}{
		{agent, map[catalogue.Audience][]catalogue.Actor{catalogue.Public: {catalogue.Anonymous(), seller, another}, catalogue.Councils: {reader, mine}, catalogue.Own: {agent}}},
		{mine, map[catalogue.Audience][]catalogue.Actor{catalogue.Public: {catalogue.Anonymous(), seller, another, agent}, catalogue.Councils: {reader}, catalogue.Own: {mine}}},
	} {
		for _, audience := range []catalogue.Audience{catalogue.Public, catalogue.Councils, catalogue.Own} {
			o := must[*catalogue.Offer](t)(c.SaveOffer(ctx, by.of, lent(catalogue.Offering, "For "+string(audience), audience)))
			for _, wider := range []catalogue.Audience{catalogue.Public, catalogue.Councils, catalogue.Own} {
				for _, who := range by.seen[wider] {
					_, err := c.Offer(ctx, who, o.ID)
					sees := audience == catalogue.Public || audience == catalogue.Councils && wider != catalogue.Public || audience == wider
					if sees && err != nil || !sees && catalogue.KindOf(err) != catalogue.NotFound {
						t.Errorf("what %s offers to %s, read by %s of %q: %v", by.of.OrgKind, audience, who.OrgKind, who.Org, err)
					}
				}
			}
		}
	}
	if all := must[[]*catalogue.Offer](t)(c.OffersOf(ctx, catalogue.Anonymous(), body.ID)); len(all) != 1 {
		t.Errorf("anybody is shown %d", len(all))
	}
	if all := must[[]*catalogue.Offer](t)(c.OffersOf(ctx, reader, body.ID)); len(all) != 2 {
		t.Errorf("a council is shown %d", len(all))
	}
}

func TestBodiesAndCouncilsAreToldOfWhatFits(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	_, agent := s.agency()
	_, a := s.person(birmingham, catalogue.RoleContributor)
	_, b := s.person(coventry, catalogue.RoleContributor)
	save := must[*catalogue.Offer](t)
	hidden := save(c.SaveOffer(ctx, a, lent(catalogue.Seeking, "Sought among councils", catalogue.Councils)))
	offered := save(c.SaveOffer(ctx, agent, lent(catalogue.Offering, "The body's researcher", catalogue.Councils)))
	if got := toldOf(t, c, a); len(got) != 1 || got[0] != "The Agency offers what you seek: The body's researcher" {
		t.Errorf("the council was told %q", got)
	}
	// That somebody fits it who shares with councils alone shows to the body nowhere.
	check := func(what string, o *catalogue.Offer) {
		t.Helper()
		if len(o.Told) != 0 {
			t.Errorf("%s: the body reads whom it fits: %v", what, o.Told)
		}
	}
	check("saved", offered)
	v := must[*catalogue.OfferView](t)(c.Offer(ctx, agent, offered.ID))
	check("read", v.Offer)
	if len(v.Fits) != 0 {
		t.Errorf("the body sees that %s fits", v.Fits[0].Offer.Title)
	}
	check("closed", save(c.CloseOffer(ctx, agent, offered.ID, false, "")))
	must[catalogue.Bulk](t)(c.ConfirmOffers(ctx, agent, []string{offered.ID}))
	check("opened again", save(c.ReopenOffer(ctx, agent, offered.ID)))
	for _, e := range must[[]catalogue.Event](t)(trailOf(c, agent)) {
		if text := fmt.Sprintf("%+v", e); strings.Contains(text, birmingham) || strings.Contains(text, hidden.ID) || e.Record.Kind == catalogue.KindNews {
			t.Errorf("the body's trail says that something fits: %s", text)
		}
	}
	changed := *offered
	changed.Version = must[*catalogue.OfferView](t)(c.Offer(ctx, agent, offered.ID)).Offer.Version
	check("changed", save(c.SaveOffer(ctx, agent, changed)))
	if got := toldOf(t, c, a); len(got) != 1 {
		t.Errorf("the council was told again: %q", got)
	}
	save(c.SaveOffer(ctx, b, lent(catalogue.Seeking, "Sought later among councils", catalogue.Councils)))
	if got := toldOf(t, c, agent); len(got) != 0 {
		t.Errorf("the body was told of what only councils see: %q", got)
	}
	shown := save(c.SaveOffer(ctx, b, lent(catalogue.Seeking, "Sought in public", catalogue.Public)))
	if got := toldOf(t, c, agent); len(got) != 1 || got[0] != "Coventry seeks what you offer: Sought in public" {
		t.Errorf("the body was told %q", got)
	}
	if v := must[*catalogue.OfferView](t)(c.Offer(ctx, agent, offered.ID)); len(v.Fits) != 1 || v.Fits[0].Offer.ID != shown.ID || v.Fits[0].Of.ID() != coventry {
		t.Errorf("the body sees that %+v fit", v.Fits)
	}
	if v := must[*catalogue.OfferView](t)(c.Offer(ctx, b, shown.ID)); len(v.Fits) != 1 || v.Fits[0].Of.Label() != "The Agency" || v.Fits[0].Of.Body.Domain != "" {
		t.Errorf("the council sees that %+v fit", v.Fits)
	}
	whole(t, c)
}

func TestASavedSearchAndTheDailyMailTellOfABodysOffer(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	_, agent := s.agency()
	_, a := s.person(coventry, catalogue.RoleViewer)
	o := must[*catalogue.Offer](t)(c.SaveOffer(ctx, agent, lent(catalogue.Offering, "The body's researcher", catalogue.Councils)))
	s.finds(s.saved(a, "Skills", catalogue.SearchInbox), o.Key())
	s.searchMail()
	if got := asJSON(t, must[*catalogue.Inbox](t)(c.Inbox(ctx, a, "", 5)).Items); !strings.Contains(got, "researcher. Skills offered, The Agency.") {
		t.Errorf("the saved search told %s", got)
	}
	if err := c.TellMe(ctx, agent, catalogue.ToldDaily); err != nil {
		t.Fatal(err)
	}
	must[*catalogue.Offer](t)(c.SaveOffer(ctx, officer(birmingham, catalogue.RoleContributor), lent(catalogue.Seeking, "Sought in public", catalogue.Public)))
	k.move(24 * time.Hour)
	mails := s.digest()
	if len(mails) != 1 || mails[0].Subject != "1 change that concerns you" || !strings.Contains(fmt.Sprintf("%+v", mails[0].Parts), "Birmingham seeks what you offer") {
		t.Errorf("the body's daily mail: %+v", mails)
	}
}

func TestACouncilAndABodyTalk(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	body, agent := s.agency()
	mine, a := s.person(birmingham, catalogue.RoleContributor)
	offered := must[*catalogue.Offer](t)(c.SaveOffer(ctx, agent, lent(catalogue.Offering, "The body's researcher", catalogue.Councils)))
	sought := must[*catalogue.Offer](t)(c.SaveOffer(ctx, a, lent(catalogue.Seeking, "A researcher", catalogue.Public)))
	talk := must[*catalogue.Talk](t)
	x := talk(c.AskToTalk(ctx, a, catalogue.TalkRequest{Offer: offered.ID, Subject: "Your researcher", Text: "Free in July?"}))
	if x.From != birmingham || x.To != body.ID || x.Turn != body.ID || x.Demonstration {
		t.Fatalf("asked: %+v", x)
	}
	if got := toldOf(t, c, agent); len(got) == 0 || got[0] != "Birmingham asks to talk: Your researcher" {
		t.Errorf("the body was told %q", got)
	}
	if w := must[catalogue.Waiting](t)(c.Waiting(ctx, agent)); w.Talks != 1 {
		t.Errorf("waits for the body: %+v", w)
	}
	x = talk(c.AnswerTalk(ctx, agent, x.ID, "form", "In August"))
	if x.State != catalogue.TalkAnswered || x.Turn != birmingham || x.Messages[0].Account != "" || x.Messages[1].Account == "" {
		t.Errorf("answered, as the body sees it: %+v", x)
	}
	for who, actor := range map[string]catalogue.Actor{"a viewer of the body": {Account: "v", Role: catalogue.RoleViewer, OrgKind: catalogue.OrgBody, Org: body.ID, Via: "test"},
		"another body": {Account: "x", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgBody, Org: "another", Via: "test"}, "another council": officer(woking, catalogue.RoleLead)} {
		if _, err := c.Talk(ctx, actor, x.ID); catalogue.KindOf(err) != catalogue.NotFound {
			t.Errorf("%s reads it: %v", who, err)
		}
	}
	address := func(actor catalogue.Actor) string {
		return fmt.Sprintf("%+v", must[*catalogue.TalkView](t)(c.Talk(ctx, actor, x.ID)).Contacts)
	}
	talk(c.ShareAddress(ctx, a, x.ID))
	if got := address(agent) + address(a); strings.Contains(got, "@") {
		t.Errorf("an address shows after one yes: %s", got)
	}
	x = talk(c.ShareAddress(ctx, agent, x.ID))
	if x.State != catalogue.TalkSharing || !strings.Contains(address(a), "one@agency.gov.uk") || !strings.Contains(address(agent), mine.Email) {
		t.Errorf("after both: %s, %s and %s", x.State, address(a), address(agent))
	}
	v := must[*catalogue.TalkView](t)(c.Talk(ctx, a, x.ID))
	if v.To.Label() != "The Agency" || v.To.Body.Domain != "" || v.From.ID() != birmingham || v.Offer.ID != offered.ID {
		t.Errorf("the talk's page shows %+v", v)
	}
	talk(c.CloseTalk(ctx, agent, x.ID, "Agreed"))

	// The other way, and what a body has no part in.
	y := talk(c.AskToTalk(ctx, agent, catalogue.TalkRequest{Offer: sought.ID, Subject: "Your search", Text: "We have somebody"}))
	if y.From != body.ID || y.To != birmingham {
		t.Errorf("asked by the body: %+v", y)
	}
	if got := toldOf(t, c, a); len(got) == 0 || got[0] != "The Agency asks to talk: Your search" {
		t.Errorf("the council was told %q", got)
	}
	if all := must[[]*catalogue.Talk](t)(c.Talks(ctx, agent)); len(all) != 2 || all[1].ID != x.ID {
		t.Errorf("the body lists %d talks", len(all))
	}
	second := must[*catalogue.Body](t)(c.SaveBody(ctx, catalogue.Operator("test"), catalogue.Body{Name: "Second agency", Kind: catalogue.SectorBody, Source: "Its website"}))
	other := catalogue.Actor{Account: "z", Role: catalogue.RoleContributor, OrgKind: catalogue.OrgBody, Org: second.ID, Via: "test"}
	theirs := must[*catalogue.Offer](t)(c.SaveOffer(ctx, other, lent(catalogue.Seeking, "A second body's search", catalogue.Public)))
	if len(must[*catalogue.OfferView](t)(c.Offer(ctx, other, theirs.ID)).Fits) != 0 || theirs.OpenToTalk(agent) || theirs.OpenToTalk(other) || !theirs.OpenToTalk(a) {
		t.Error("two bodies are brought together")
	}
	_, err := c.AskToTalk(ctx, agent, catalogue.TalkRequest{Offer: theirs.ID, Subject: "x", Text: "x"})
	is(t, "a body asks a body", err, catalogue.Forbidden)
	_, err = c.AskToTalk(ctx, agent, catalogue.TalkRequest{Offer: offered.ID, Subject: "x", Text: "x"})
	refusedOn(t, "about its own", err, "with")
	hidden := must[*catalogue.Offer](t)(c.SaveOffer(ctx, a, lent(catalogue.Seeking, "Among councils", catalogue.Councils)))
	_, err = c.AskToTalk(ctx, agent, catalogue.TalkRequest{Offer: hidden.ID, Subject: "x", Text: "x"})
	is(t, "about what councils alone see", err, catalogue.NotFound)
	_, err = c.AskAboutExample(ctx, agent, catalogue.ExampleQuestion{Example: "none", Subject: "x", Text: "x"})
	if err == nil {
		t.Error("a body asks about an example")
	}
	need := s.intention(birmingham, catalogue.Public)
	_, err = c.AskToTalk(ctx, agent, catalogue.TalkRequest{Intention: need.ID, Other: need.ID, Subject: "x", Text: "x"})
	if err == nil {
		t.Error("a body talks about an intention")
	}
	whole(t, c)
}

func TestAnOfferThatIsStoredReadsOn(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	o := must[*catalogue.Offer](t)(c.SaveOffer(ctx, officer(birmingham, catalogue.RoleContributor), skills(catalogue.Offering, "Of a council")))
	if text := asJSON(t, o); !strings.Contains(text, `"council":"`+birmingham+`"`) || strings.Contains(text, `"body"`) {
		t.Errorf("a council's offer is written as %s", text)
	}
	if v := must[*catalogue.OfferView](t)(c.Offer(ctx, officer(coventry, catalogue.RoleViewer), o.ID)); v.Of.ID() != birmingham || v.Of.Council == nil || v.Of.Body != nil {
		t.Errorf("it is of %+v", v.Of)
	}
}
