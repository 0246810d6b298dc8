package catalogue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// skills is what a council offers or seeks, for user research on housing repairs in the summer.
func skills(direction catalogue.OfferDirection, title string) catalogue.Offer {
	return catalogue.Offer{Direction: direction, Title: title, Role: catalogue.RoleUserResearch, Capabilities: []string{"housing-repairs"},
		From: catalogue.MustDate("2027-06"), Until: catalogue.MustDate("2027-09"), Amount: 3, Unit: catalogue.UnitDays, Terms: catalogue.TermsCost, Audience: catalogue.Councils}
}

func TestWhatFitsIsSkillsInTheSameMonths(t *testing.T) {
	base := skills(catalogue.Seeking, "We seek")
	base.Council = coventry
	for what, test := range map[string]struct {
		change func(*catalogue.Offer)
		want   bool
	}{
		"the same":             {func(*catalogue.Offer) {}, true},
		"its own":              {func(o *catalogue.Offer) { o.Council = coventry }, false},
		"both seek":            {func(o *catalogue.Offer) { o.Direction = catalogue.Seeking }, false},
		"another role":         {func(o *catalogue.Offer) { o.Role = catalogue.RoleData }, false},
		"about something else": {func(o *catalogue.Offer) { o.Capabilities = []string{"parking"} }, false},
		"about anything":       {func(o *catalogue.Offer) { o.Capabilities = nil }, true},
		"over before": {func(o *catalogue.Offer) {
			o.From, o.Until = catalogue.MustDate("2027-01"), catalogue.MustDate("2027-05-31")
		}, false},
		"over on the first day":     {func(o *catalogue.Offer) { o.From, o.Until = catalogue.Date{}, catalogue.MustDate("2027-06-01") }, true},
		"begins on the last day":    {func(o *catalogue.Offer) { o.From, o.Until = catalogue.MustDate("2027-09-30"), catalogue.Date{} }, true},
		"begins after":              {func(o *catalogue.Offer) { o.From, o.Until = catalogue.MustDate("2027-10"), catalogue.Date{} }, false},
		"no months are stated":      {func(o *catalogue.Offer) { o.From, o.Until = catalogue.Date{}, catalogue.Date{} }, true},
		"of a demonstration":        {func(o *catalogue.Offer) { o.Demonstration = true }, false},
		"on other terms, all day":   {func(o *catalogue.Offer) { o.Terms, o.Amount, o.Unit = catalogue.TermsFree, 1, catalogue.UnitPost }, true},
		"one of several capability": {func(o *catalogue.Offer) { o.Capabilities = []string{"parking", "housing-repairs"} }, true},
	} {
		o := skills(catalogue.Offering, "We offer")
		o.Council = birmingham
		test.change(&o)
		if o.Fits(&base) != test.want || base.Fits(&o) != test.want {
			t.Errorf("%s: fits %v and %v, want %v", what, o.Fits(&base), base.Fits(&o), test.want)
		}
	}
}

func TestThoseWhomAnOfferFitsAreToldOnce(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	_, a := s.person(birmingham, catalogue.RoleContributor)
	_, b := s.person(coventry, catalogue.RoleContributor)
	save := must[*catalogue.Offer](t)
	sought := save(c.SaveOffer(ctx, b, skills(catalogue.Seeking, "Somebody for research")))
	if got := toldOf(t, c, b); len(got) != 0 {
		t.Fatalf("told of its own: %v", got)
	}
	kept := skills(catalogue.Offering, "Our researcher")
	kept.Audience = catalogue.Own
	kept.ID = catalogue.NewID()
	own := save(c.SaveOffer(ctx, a, kept))
	if got := toldOf(t, c, b); len(got) != 0 {
		t.Fatalf("told of what its council keeps to itself: %v", got)
	}
	if v := must[*catalogue.OfferView](t)(c.Offer(ctx, a, own.ID)); len(v.Fits) != 1 || v.Fits[0].Offer.ID != sought.ID {
		t.Errorf("its own council sees %+v", v.Fits)
	}
	next := *own
	next.Audience = catalogue.Councils
	shared := save(c.SaveOffer(ctx, a, next))
	for range 2 { // changed again, nobody is told twice
		again := *shared
		again.Text = "Remote, " + again.Text
		shared = save(c.SaveOffer(ctx, a, again))
	}
	got := toldOf(t, c, b)
	if len(got) != 1 || !strings.Contains(got[0], "offers what you seek: Our researcher") {
		t.Errorf("Coventry was told %q", got)
	}
	if len(toldOf(t, c, a)) != 0 {
		t.Error("a council was told of what it wrote itself")
	}
	v := must[*catalogue.OfferView](t)(c.Offer(ctx, b, sought.ID))
	if len(v.Fits) != 1 || v.Fits[0].Offer.ID != own.ID || v.Fits[0].Of.ID() != birmingham || v.Fits[0].Offer.Told != nil {
		t.Errorf("the page of what is sought shows %+v", v.Fits)
	}
	if v := must[*catalogue.OfferView](t)(c.Offer(ctx, a, own.ID)); fmt.Sprint(v.Offer.Told) != fmt.Sprint([]string{coventry}) {
		t.Errorf("its own council reads that %v were told", v.Offer.Told)
	}
	// The other side is told too, when it is the later one.
	_, d := s.person(woking, catalogue.RoleContributor)
	save(c.SaveOffer(ctx, d, skills(catalogue.Seeking, "Another search")))
	if got := toldOf(t, c, a); len(got) != 1 || !strings.Contains(got[0], "seeks what you offer: Another search") {
		t.Errorf("Birmingham was told %q", got)
	}
	whole(t, c)
}

func TestAnOffersLifeAndWhoMay(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	a, b, viewer := officer(birmingham, catalogue.RoleContributor), officer(coventry, catalogue.RoleLead), officer(birmingham, catalogue.RoleViewer)
	form := skills(catalogue.Offering, "Our researcher")
	form.ID = catalogue.NewID()
	o := must[*catalogue.Offer](t)(c.SaveOffer(ctx, a, form))
	if twice := must[*catalogue.Offer](t)(c.SaveOffer(ctx, a, form)); twice.Version != o.Version || count(t, c, catalogue.KindOffer) != 1 {
		t.Error("a form sent twice made two")
	}
	for who, test := range map[catalogue.Actor]catalogue.ErrorKind{b: catalogue.NotFound, viewer: catalogue.Forbidden, catalogue.Anonymous(): catalogue.Unauthenticated, catalogue.Operator("test"): catalogue.Forbidden} {
		_, err := c.SaveOffer(ctx, who, *o)
		is(t, "changed by "+string(who.Role)+" of "+who.Org, err, test)
		if _, err = c.CloseOffer(ctx, who, o.ID, true, ""); err == nil {
			t.Errorf("closed by %v", who)
		}
	}
	late := *o
	late.Version += 7
	_, err := c.SaveOffer(ctx, a, late)
	is(t, "another version", err, catalogue.Conflict)
	for field, change := range map[string]func(*catalogue.Offer){
		"title ": func(o *catalogue.Offer) { o.Title = "Call us on 07700 900123" }, "text ": func(o *catalogue.Offer) { o.Text = "Ring us (+44 (0)20 7946 0123)." },
		"text  ": func(o *catalogue.Offer) { o.Text = "020-7946-0999" }, "text   ": func(o *catalogue.Offer) { o.Text = "01632 96012 any day" },
		"title": func(o *catalogue.Offer) { o.Title = "Write to someone@council.example" }, "text": func(o *catalogue.Offer) { o.Text = "(me@council.example)." },
		"role": func(o *catalogue.Offer) { o.Role = "wizard" }, "until": func(o *catalogue.Offer) { o.Until = catalogue.MustDate("2027-01") }, "unit": func(o *catalogue.Offer) { o.Unit = "" },
		"amount": func(o *catalogue.Offer) { o.Amount = 40 }, "terms": func(o *catalogue.Offer) { o.Terms = "" }, "audience": func(o *catalogue.Offer) { o.Audience = catalogue.Group },
		"capabilities": func(o *catalogue.Offer) { o.Capabilities = []string{"magic"} },
	} {
		wrong := *o
		change(&wrong)
		_, err := c.SaveOffer(ctx, a, wrong)
		refusedOn(t, field, err, strings.TrimSpace(field))
	}

	dated := *o
	dated.Text = "From 01/04/2027 to 31/03/2028, 0.5 posts: about £10,000 00 a year, contract 2026 0412"
	if err := c.CheckOffer(ctx, a, dated); err != nil {
		t.Errorf("dates and amounts are taken for a telephone number: %v", err)
	}

	// It fades after three months, and its council is asked.
	k.move(100 * 24 * time.Hour)
	if due := must[*catalogue.ToConfirm](t)(c.ToConfirm(ctx, a)); len(due.Offers) != 1 || due.Len() != 1 {
		t.Errorf("due after three months: %+v", due)
	}
	done := must[catalogue.Bulk](t)(c.ConfirmOffers(ctx, a, []string{o.ID}))
	if due := must[*catalogue.ToConfirm](t)(c.ToConfirm(ctx, a)); done.Saved != 1 || due.Len() != 0 {
		t.Errorf("confirmed %+v, still due: %+v", done, due)
	}
	closed := must[*catalogue.Offer](t)(c.CloseOffer(ctx, a, o.ID, true, " Found "))
	if closed.End == nil || !closed.End.Filled || closed.End.Reason != "Found" {
		t.Errorf("closed: %+v", closed.End)
	}
	_, err = c.SaveOffer(ctx, a, *closed)
	is(t, "a closed one is changed", err, catalogue.Conflict)
	_, err = c.AskToTalk(ctx, b, catalogue.TalkRequest{Offer: o.ID, Subject: "Research", Text: "Could we?"})
	is(t, "asked about a closed one", err, catalogue.Conflict)
	if again := must[*catalogue.Offer](t)(c.ReopenOffer(ctx, a, o.ID)); again.End != nil || again.Ended(c.Today()) {
		t.Errorf("opened again: %+v", again)
	}
	k.goTo("2027-10-01")
	if v := must[*catalogue.OfferView](t)(c.Offer(ctx, b, o.ID)); !v.Offer.Ended(c.Today()) {
		t.Error("its last month is over and it stands")
	}
}

func TestATalkAboutAnOffer(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	mine, a := s.person(birmingham, catalogue.RoleContributor)
	theirs, b := s.person(coventry, catalogue.RoleContributor)
	_, other := s.person(woking, catalogue.RoleContributor)
	o := must[*catalogue.Offer](t)(c.SaveOffer(ctx, a, skills(catalogue.Offering, "Our researcher")))
	request := catalogue.TalkRequest{Offer: o.ID, Subject: "Your researcher", Text: "Are they free in July?"}
	x := must[*catalogue.Talk](t)(c.AskToTalk(ctx, b, request))
	if x.From != coventry || x.To != birmingham || x.Turn != birmingham || x.Intention != "" {
		t.Fatalf("asked: %+v", x)
	}
	again := must[*catalogue.Talk](t)(c.AskToTalk(ctx, b, request))
	if again.ID != x.ID || len(again.Messages) != 2 || count(t, c, catalogue.KindTalk) != 1 {
		t.Errorf("asked again: %+v", again)
	}
	if v := must[*catalogue.OfferView](t)(c.Offer(ctx, b, o.ID)); v.Talk != x.ID {
		t.Errorf("its page leads to %q", v.Talk)
	}
	if v := must[*catalogue.OfferView](t)(c.Offer(ctx, other, o.ID)); v.Talk != "" {
		t.Error("another council is led to the talk")
	}
	second := must[*catalogue.Talk](t)(c.AskToTalk(ctx, other, request))
	if second.ID == x.ID {
		t.Error("two councils share a talk")
	}
	_, err := c.AskToTalk(ctx, a, request)
	refusedOn(t, "about its own", err, "with")
	must[*catalogue.Talk](t)(c.ShareAddress(ctx, a, x.ID))
	must[*catalogue.Talk](t)(c.ShareAddress(ctx, b, x.ID))
	v := must[*catalogue.TalkView](t)(c.Talk(ctx, b, x.ID))
	if v.Offer == nil || v.Offer.ID != o.ID || v.About != nil || len(v.Contacts) != 2 || v.Contacts[0].Email != mine.Email || v.Contacts[1].Email != theirs.Email {
		t.Errorf("the talk shows %+v", v)
	}
	whole(t, c)
}

// toldOf is the subjects of what an actor was told, the latest first.
func toldOf(t *testing.T, c *catalogue.Catalogue, actor catalogue.Actor) (subjects []string) {
	t.Helper()
	for _, n := range must[*catalogue.Inbox](t)(c.Inbox(context.Background(), actor, "", 50)).Items {
		subjects = append(subjects, n.Subject)
	}
	return subjects
}
