package catalogue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// talk is asked by one council of another, each with an intention.
func (s scene) talk(by catalogue.Actor, with string) *catalogue.Talk {
	s.t.Helper()
	own, other := s.intention(by.Org, catalogue.Councils), s.intention(with, catalogue.Councils)
	return must[*catalogue.Talk](s.t)(s.c.AskToTalk(context.Background(), by, catalogue.TalkRequest{Intention: own.ID, Other: other.ID, Subject: s.name("Dates"), Text: "Could you wait?"}))
}

func TestATalkFromAskingToItsEnd(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	mine, a := s.person(birmingham, catalogue.RoleContributor)
	theirs, b := s.person(coventry, catalogue.RoleContributor)
	_, viewer := s.person(coventry, catalogue.RoleViewer)
	talk := must[*catalogue.Talk](t)
	x := s.talk(a, coventry)
	if x.State != catalogue.TalkAsked || x.Turn != coventry || len(x.Messages) != 1 {
		t.Fatalf("asked: %+v", x)
	}
	waits := func(who catalogue.Actor) int {
		t.Helper()
		return must[catalogue.Waiting](t)(c.Waiting(ctx, who)).Talks
	}
	if waits(a) != 0 || waits(b) != 1 || waits(viewer) != 0 {
		t.Errorf("it waits for %d, %d and %d", waits(a), waits(b), waits(viewer))
	}
	mails := s.send()
	if len(mails) != 1 || mails[0].To != theirs.Email || !strings.Contains(mails[0].Subject, "asks to talk: "+x.Subject) || mails[0].Text[1] != "Could you wait?" || mails[0].Link != "/talks/"+x.ID {
		t.Fatalf("mailed %+v", mails)
	}
	talk(c.AnswerTalk(ctx, a, x.ID, "f1", "We have till May."))
	if again := talk(c.AnswerTalk(ctx, b, x.ID, "f2", "Yes.\n\nUntil June.")); again.State != catalogue.TalkAnswered || again.Turn != birmingham {
		t.Errorf("answered: %+v", again)
	}
	if again := talk(c.AnswerTalk(ctx, b, x.ID, "f2", "Yes.\n\nUntil June.")); len(again.Messages) != 3 {
		t.Errorf("a form sent twice makes %d messages", len(again.Messages))
	}
	s.send()

	// Until both have said yes nobody is named, to anybody and in nothing.
	silent := func(when string) {
		t.Helper()
		for who, reads := range map[catalogue.Actor]*catalogue.Account{a: theirs, b: mine} {
			v := must[*catalogue.TalkView](t)(c.Talk(ctx, who, x.ID))
			text := fmt.Sprintf("%+v %+v %+v", v.Talk, v.Contacts, must[*catalogue.Inbox](t)(c.Inbox(ctx, who, "", 50)).Items)
			for _, n := range must[*catalogue.Inbox](t)(c.Inbox(ctx, who, "", 50)).Items {
				text += fmt.Sprintf("%+v", *n.News)
			}
			if strings.Contains(text, reads.Email) || strings.Contains(text, reads.ID) {
				t.Errorf("%s the other council reads who wrote: %s", when, text)
			}
		}
		for _, m := range s.send() {
			other := mine.Email
			if m.To == mine.Email {
				other = theirs.Email
			}
			m.To, m.Stop = "", ""
			if strings.Contains(fmt.Sprintf("%+v", m), other) {
				t.Errorf("%s a mail names %s: %+v", when, other, m)
			}
		}
	}
	silent("before anybody agreed")
	if again := talk(c.ShareAddress(ctx, b, x.ID)); again.State != catalogue.TalkAnswered || again.Turn != birmingham {
		t.Errorf("with one yes: %+v", again)
	}
	silent("with one yes")
	talk(c.ShareAddress(ctx, b, x.ID)) // twice is once
	if again := talk(c.ShareAddress(ctx, a, x.ID)); again.State != catalogue.TalkSharing || again.Turn != "" || len(again.Consents) != 2 {
		t.Errorf("with both: %+v", again)
	}
	if waits(a)+waits(b) != 0 {
		t.Error("once both know each other the talk still waits")
	}
	for _, who := range []catalogue.Actor{a, b} {
		v := must[*catalogue.TalkView](t)(c.Talk(ctx, who, x.ID))
		if len(v.Contacts) != 2 || v.Contacts[0].Email != theirs.Email || v.Contacts[1].Email != mine.Email || !v.MySelf {
			t.Errorf("shared are %+v", v.Contacts)
		}
	}
	for _, m := range s.send() { // the page shows it, no mail does
		if text := strings.Join(m.Text, " "); strings.Contains(text, "@") {
			t.Errorf("a mail says %q", text)
		}
	}
	if _, err := c.DisableAccount(ctx, catalogue.Operator("test"), theirs.Email); err != nil {
		t.Fatal(err)
	}
	if v := must[*catalogue.TalkView](t)(c.Talk(ctx, a, x.ID)); len(v.Contacts) != 1 {
		t.Errorf("of one who has gone it still says %+v", v.Contacts)
	}

	k.move(time.Hour)
	for range 2 {
		if again := talk(c.CloseTalk(ctx, a, x.ID, "")); again.State != catalogue.TalkClosed || again.ClosedBy != birmingham {
			t.Errorf("closed: %+v", again)
		}
	}
	_, err := c.AnswerTalk(ctx, b, x.ID, "f9", "One more")
	is(t, "writing in a closed talk", err, catalogue.Conflict)
	whole(t, c)
}

func TestATalkIsForItsTwoCouncils(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	a := officer(birmingham, catalogue.RoleContributor)
	x := s.talk(a, coventry)
	supplier := catalogue.Actor{Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: coventry}
	for _, who := range []catalogue.Actor{catalogue.Anonymous(), catalogue.AnyCouncil(), supplier, officer(dudley, catalogue.RoleAdmin), officer(coventry, catalogue.RoleViewer)} {
		_, err := c.Talk(ctx, who, x.ID)
		is(t, "reading it as "+who.Org, err, catalogue.NotFound)
		if list := must[[]*catalogue.Talk](t)(c.Talks(ctx, who)); len(list) != 0 {
			t.Errorf("%s lists %d", who.Org, len(list))
		}
		if id := must[string](t)(c.OpenTalk(ctx, who, x.Intention, x.Other)); id != "" {
			t.Errorf("%s finds %s", who.Org, id)
		}
	}
	for what, try := range map[string]func(catalogue.Actor) error{
		"answering": func(w catalogue.Actor) error { _, err := c.AnswerTalk(ctx, w, x.ID, "", "x"); return err },
		"sharing":   func(w catalogue.Actor) error { _, err := c.ShareAddress(ctx, w, x.ID); return err },
		"closing":   func(w catalogue.Actor) error { _, err := c.CloseTalk(ctx, w, x.ID, ""); return err },
	} {
		is(t, what+" as nobody", try(catalogue.Anonymous()), catalogue.Unauthenticated)
		is(t, what+" as another council", try(officer(dudley, catalogue.RoleAdmin)), catalogue.NotFound)
		is(t, what+" as a viewer", try(officer(coventry, catalogue.RoleViewer)), catalogue.Forbidden)
		is(t, what+" as a supplier", try(supplier), catalogue.Forbidden)
		is(t, what+" as the operator", try(catalogue.Operator("test")), catalogue.Forbidden)
	}
}

func TestAPairHasOneOpenTalk(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	a, b := officer(birmingham, catalogue.RoleContributor), officer(coventry, catalogue.RoleContributor)
	own, other := s.intention(birmingham, catalogue.Councils), s.intention(coventry, catalogue.Councils)
	form := catalogue.TalkRequest{ID: catalogue.NewID(), Intention: own.ID, Other: other.ID, Subject: "Dates", Text: "Could you wait?"}
	ask := func(who catalogue.Actor, r catalogue.TalkRequest) *catalogue.Talk {
		t.Helper()
		return must[*catalogue.Talk](t)(c.AskToTalk(ctx, who, r))
	}
	at := sentAtOnce(t, func() (catalogue.Item, error) { return c.AskToTalk(ctx, a, form) })
	if len(at) != 1 || count(t, c, catalogue.KindTalk) != 1 {
		t.Errorf("a form sent 20 times at once makes %d talks", count(t, c, catalogue.KindTalk))
	}
	x := ask(a, form)
	back := ask(b, catalogue.TalkRequest{Intention: other.ID, Other: own.ID, Subject: "The same", Text: "We can wait."})
	if back.ID != x.ID || len(back.Messages) != 2 || back.State != catalogue.TalkAnswered {
		t.Errorf("asking back gives %+v", back)
	}
	if id := must[string](t)(c.OpenTalk(ctx, b, other.ID, own.ID)); id != x.ID {
		t.Errorf("the open talk is %q", id)
	}
	must[*catalogue.Talk](t)(c.CloseTalk(ctx, b, x.ID, "We extended"))
	form.ID = catalogue.NewID()
	if anew := ask(a, form); anew.ID == x.ID || anew.State != catalogue.TalkAsked {
		t.Errorf("after it was closed asking gives %+v", anew)
	}
	whole(t, c)
}

func TestWhatMayBeAsked(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	a := officer(birmingham, catalogue.RoleContributor)
	own, other, hidden, mine := s.intention(birmingham, catalogue.Councils), s.intention(coventry, catalogue.Councils), s.intention(coventry, catalogue.Own), s.intention(birmingham, catalogue.Own)
	withdrawn := s.intention(coventry, catalogue.Public)
	must[*catalogue.Intention](t)(c.WithdrawIntention(ctx, officer(coventry, catalogue.RoleLead), withdrawn.ID, "no need"))
	good := catalogue.TalkRequest{Intention: own.ID, Other: other.ID, Subject: "Dates", Text: "Could you wait?"}
	for what, test := range map[string]struct {
		change func(*catalogue.TalkRequest)
		kind   catalogue.ErrorKind
	}{
		"what is hidden":           {func(r *catalogue.TalkRequest) { r.Other = hidden.ID }, catalogue.NotFound},
		"what is not there":        {func(r *catalogue.TalkRequest) { r.Other = "none" }, catalogue.NotFound},
		"what ended":               {func(r *catalogue.TalkRequest) { r.Other = withdrawn.ID }, catalogue.Conflict},
		"an own hidden one":        {func(r *catalogue.TalkRequest) { r.Intention = mine.ID }, catalogue.Invalid},
		"another's as its own":     {func(r *catalogue.TalkRequest) { r.Intention = other.ID }, catalogue.Forbidden},
		"itself":                   {func(r *catalogue.TalkRequest) { r.Other = own.ID }, catalogue.Invalid},
		"nothing":                  {func(r *catalogue.TalkRequest) { r.Text = " \n" }, catalogue.Invalid},
		"without a subject":        {func(r *catalogue.TalkRequest) { r.Subject = "" }, catalogue.Invalid},
		"too much":                 {func(r *catalogue.TalkRequest) { r.Text = strings.Repeat("x", 10_001) }, catalogue.Invalid},
		"with a line in a subject": {func(r *catalogue.TalkRequest) { r.Subject = "Dates\nBcc: everybody" }, catalogue.Invalid},
	} {
		r := good
		test.change(&r)
		_, err := c.AskToTalk(ctx, a, r)
		is(t, "asking "+what, err, test.kind)
	}
	for range 20 {
		s.talk(a, coventry)
	}
	_, err := c.AskToTalk(ctx, a, good)
	refusedOn(t, "a 21st talk in a day", err, "text")
	k.move(24 * time.Hour)
	must[*catalogue.Talk](t)(c.AskToTalk(ctx, a, good))
}

func TestATalkThatIsFullKeepsAll(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	a := officer(birmingham, catalogue.RoleContributor)
	long, many := s.talk(a, coventry), s.talk(a, coventry)
	text := strings.Repeat("<é>&\n", 2000)
	fill := func(x *catalogue.Talk, text string) (n int, err error) {
		for n = 1; err == nil; n++ {
			_, err = c.AnswerTalk(ctx, a, x.ID, "", text)
		}
		return n - 1, err
	}
	n, err := fill(long, text)
	refusedOn(t, "more than a talk holds", err, "text")
	if v := must[*catalogue.TalkView](t)(c.Talk(ctx, a, long.ID)); n < 3 || len(v.Talk.Messages) != n || v.Talk.Messages[0].Text != "Could you wait?" {
		t.Errorf("of %d messages %d are there", n, len(v.Talk.Messages))
	}
	if n, err := fill(many, "x"); n != 100 {
		t.Errorf("a talk takes %d messages: %v", n, err)
	}
	must[*catalogue.Talk](t)(c.ShareAddress(ctx, a, many.ID))
	must[*catalogue.Talk](t)(c.CloseTalk(ctx, a, many.ID, "by telephone now"))
	whole(t, c)
}
