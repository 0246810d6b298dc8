package catalogue_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// week runs the job, twice, and sends what it posted.
func (s scene) week() []catalogue.Message {
	s.t.Helper()
	for range 2 {
		must[int](s.t)(s.c.SendWeekly(context.Background()))
	}
	return s.send()
}

// lines is what a mail says under its headings.
func lines(m catalogue.Message) (out []string) {
	for _, p := range m.Parts {
		for _, i := range p.Items {
			out = append(out, p.Heading+" | "+i.Subject+" | "+i.Text+" | "+i.Link)
		}
	}
	return out
}

func TestAWeekIsOneMail(t *testing.T) {
	c, store, k := timed(t)
	s := scene{t, c, new(int)}
	imports(t, c, bought(birmingham, "a", "2027-06-30")) // a question for whoever may answer
	a, _ := s.person(birmingham, catalogue.RoleContributor)
	s.person(birmingham, catalogue.RoleViewer)
	s.person(coventry, catalogue.RoleLead) // has nothing to be told
	monday := func(day, hour int) time.Time { return time.Date(2026, 11, 23+day, hour, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		what string
		now  time.Time
		want int
	}{
		{"on Sunday", monday(-1, 12), 0}, {"before seven", monday(0, 6), 0}, {"at seven", monday(0, 7), 1}, {"later", monday(0, 9), 0},
		{"the clock put back an hour", monday(0, 7), 0}, {"on Tuesday", monday(1, 9), 0}, {"put back a week", monday(-7, 9), 0},
		{"put back four weeks", monday(-28, 9), 0}, {"down on Monday, on Wednesday night", monday(9, 23), 1}, {"again", monday(9, 23), 0},
		{"down until Thursday", monday(17, 0), 0}, {"the Monday after", monday(21, 7), 1},
		{"in summer, at six in Greenwich", time.Date(2027, 6, 7, 6, 0, 0, 0, time.UTC), 1},
		{"put back over the turn of a year", time.Date(2026, 12, 28, 7, 0, 0, 0, time.UTC), 0},
	} {
		k.now = test.now
		mails := s.week()
		if len(mails) != test.want || test.want == 1 && mails[0].To != a.Email {
			t.Errorf("%s there are %+v, want %d", test.what, mails, test.want)
		}
		c = over(t, store, k) // a program that starts anew sends none again
		s.c = c
	}
	whole(t, c)
}

func TestTheWeekTellsWhatIsSharedAndNothingElse(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	k.now = today.AddDate(0, 0, -3)
	s := scene{t, c, new(int)}
	a, who := s.person(birmingham, catalogue.RoleLead)
	soon, open := bought(birmingham, "soon", "2027-06-30"), bought(birmingham, "open", "")
	soon.NoticeMonths, soon.Break = 6, catalogue.MustDate("2027-01-15")
	near, far, private := bought(dudley, "near", "2027-11-22"), bought(dudley, "far", "2028-03-31"), bought(dudley, "canary-contract", "2027-11-22")
	private.Audience, private.Title = catalogue.Own, "canary contract"
	distant := bought("E06000001", "distant", "2027-11-22") // no neighbour
	imports(t, c, soon, open, near, far, private, distant)
	kept := intention(dudley, "canary need")
	kept.Visibility = catalogue.Own
	listed(t, c, kept)
	shared := intention(dudley, "Shared need")
	shared.Visibility, shared.Notes, shared.Sensitive = catalogue.Councils, "canary notes", "canary sensitive"
	listed(t, c, shared)
	ended := s.group(dudley, birmingham, false)
	goes := s.group(coventry, birmingham, false)
	must[*catalogue.BuyingGroup](t)(s.answer(birmingham, ended, false, "canary reason"))
	s.send()
	k.now = today
	mails := s.week()
	if len(mails) != 1 || mails[0].To != a.Email {
		t.Fatalf("mailed %+v", mails)
	}
	m := mails[0]
	got := strings.Join(lines(m), "\n")
	for _, want := range []string{"31 December 2026: last day to give notice | Parking soon, Chipside | /contracts/soon", "15 January 2027: break in a contract",
		"/groups/" + goes.ID, "intends to buy: Shared need", "a contract ends on 22 November 2027 | Parking near", "When does this contract end? | Parking open, Chipside | /estate/dates"} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
	for _, never := range []string{"canary", ended.ID, "/contracts/far", "/contracts/distant", "30 June 2027: "} {
		if payload := string(must[[]byte](t)(json.Marshal(m))); strings.Contains(payload, never) {
			t.Errorf("it tells %q:\n%s", never, payload)
		}
	}
	if n := strings.Count(got, "One question"); n != 1 {
		t.Errorf("there are %d questions", n)
	}

	// The link shows the same, to whoever holds it, for 14 days; looking changes nothing.
	token := strings.TrimPrefix(m.Link, "/digest/")
	before := must[*catalogue.Account](t)(c.Account(ctx, who, a.ID))
	again := must[catalogue.Message](t)(c.Weekly(ctx, token))
	if !slices.Equal(lines(again), lines(m)) || again.Stop == "" || must[*catalogue.Account](t)(c.Account(ctx, who, a.ID)).Version != before.Version {
		t.Errorf("in a browser it is %+v", again)
	}
	for _, wrong := range []string{"", "x", token[:len(token)-2], strings.TrimPrefix(m.Stop, "/mail/stop?token=")} {
		_, err := c.Weekly(ctx, wrong)
		is(t, "a token that is none", err, catalogue.NotFound)
	}
	_, err := c.StopMail(ctx, token)
	is(t, "stopping with the token for reading", err, catalogue.Invalid)

	// What stops it stops it alone.
	if weekly, err := c.StopMail(ctx, strings.TrimPrefix(m.Stop, "/mail/stop?token=")); err != nil || !weekly {
		t.Fatalf("stopping: %v, %v", weekly, err)
	}
	if now := must[*catalogue.Account](t)(c.Account(ctx, who, a.ID)); now.GetsWeekly() || now.Telling() != catalogue.ToldAtOnce {
		t.Errorf("after the link: %+v", now)
	}
	k.move(7 * 24 * time.Hour)
	if mails := s.week(); len(mails) != 0 {
		t.Errorf("after it was stopped there are %+v", mails)
	}
	must[catalogue.Message](t)(c.Weekly(ctx, token))
	k.move(7 * 24 * time.Hour)
	_, err = c.Weekly(ctx, token)
	is(t, "after 14 days", err, catalogue.NotFound)
	k.move(-7 * 24 * time.Hour)
	must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: a.Email, OrgKind: catalogue.OrgCouncil, Org: coventry, Role: catalogue.RoleLead}))
	_, err = c.Weekly(ctx, token)
	is(t, "for who moved to another council", err, catalogue.NotFound)
	whole(t, c)
}

func TestWhoGetsTheWeek(t *testing.T) {
	for i, test := range []struct {
		a    catalogue.Account
		want bool
	}{
		{catalogue.Account{Role: catalogue.RoleContributor}, true}, {catalogue.Account{Role: catalogue.RoleViewer}, false},
		{catalogue.Account{Role: catalogue.RoleAdmin, Told: catalogue.ToldNever}, false}, {catalogue.Account{Role: catalogue.RoleAdmin, Disabled: true}, false},
		{catalogue.Account{Role: catalogue.RoleViewer, Weekly: catalogue.Weekly{Choice: catalogue.WeeklyOn}}, true},
		{catalogue.Account{Role: catalogue.RoleLead, Weekly: catalogue.Weekly{Choice: catalogue.WeeklyOff}}, false},
		{catalogue.Account{Role: catalogue.RoleLead, OrgKind: catalogue.OrgSupplier, Weekly: catalogue.Weekly{Choice: catalogue.WeeklyOn}}, false},
	} {
		if test.a.Org = birmingham; test.a.OrgKind == "" {
			test.a.OrgKind = catalogue.OrgCouncil
		}
		if got := test.a.GetsWeekly(); got != test.want {
			t.Errorf("number %d gets it: %v", i+1, got)
		}
	}
}
