package catalogue_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv"
)

// person is an account of a council with a role, and what it acts as.
func (s scene) person(council string, role catalogue.Role) (*catalogue.Account, catalogue.Actor) {
	s.t.Helper()
	a := must[*catalogue.Account](s.t)(s.c.AddAccount(context.Background(), catalogue.Operator("test"), catalogue.Account{
		Email: strings.ReplaceAll(s.name("person"), " ", ".") + "@example.org", OrgKind: catalogue.OrgCouncil, Org: council, Role: role}))
	return a, a.Actor("test")
}

// inbox is the subjects of what an actor was told, newest first.
func (s scene) inbox(a catalogue.Actor) (subjects []string) {
	s.t.Helper()
	for _, item := range must[*catalogue.Inbox](s.t)(s.c.Inbox(context.Background(), a, "", 50)).Items {
		subjects = append(subjects, item.Subject)
	}
	return subjects
}

func (s scene) unread(a catalogue.Actor) int {
	s.t.Helper()
	return must[catalogue.Waiting](s.t)(s.c.Waiting(context.Background(), a)).Unread
}

// send sends what waits and returns the mails.
func (s scene) send() []catalogue.Message {
	s.t.Helper()
	box := &postbox{}
	must[int](s.t)(s.c.SendOutbox(context.Background(), box))
	return box.mails
}

func TestNewsIsForThoseItConcerns(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	_, lead := s.person(coventry, catalogue.RoleLead)
	_, contributor := s.person(coventry, catalogue.RoleContributor)
	_, viewer := s.person(coventry, catalogue.RoleViewer)
	_, outside := s.person(dudley, catalogue.RoleAdmin)
	g := s.group(birmingham, coventry, false)
	theirs := s.intention(coventry, catalogue.Councils)
	must[*catalogue.Interest](t)(c.RegisterInterest(ctx, officer(dudley, catalogue.RoleLead), theirs.ID, catalogue.Standing{Rung: catalogue.Interested}, "We could move"))
	_, late := s.person(coventry, catalogue.RoleLead)
	supplier := catalogue.Actor{Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: coventry}
	for _, test := range []struct {
		who  string
		a    catalogue.Actor
		want int
	}{{"a lead", lead, 2}, {"a contributor", contributor, 1}, {"a viewer", viewer, 0}, {"another council", outside, 0}, {"who came later", late, 0},
		{"a supplier with the council's code", supplier, 0}, {"any council", catalogue.AnyCouncil(), 0}, {"nobody", catalogue.Anonymous(), 0}, {"the operator", catalogue.Operator("test"), 2}} {
		if got := s.inbox(test.a); len(got) != test.want {
			t.Errorf("%s was told %q, want %d", test.who, got, test.want)
		}
		seen := 0
		if err := c.Each(ctx, test.a, catalogue.KindNews, func(item catalogue.Item) error {
			seen++
			if n := item.(*catalogue.News); !test.a.IsOperator() && !slices.Equal(n.Councils, []string{coventry}) {
				t.Errorf("%s reads that %v were told", test.who, n.Councils)
			}
			return nil
		}); err != nil || seen != test.want {
			t.Errorf("%s reads %d records (%v), want %d", test.who, seen, err, test.want)
		}
	}
	box := must[*catalogue.Inbox](t)(c.Inbox(ctx, lead, "", 50))
	interest, invitation := box.Items[0], box.Items[1]
	if !strings.Contains(strings.Join(interest.Text, " "), "We could move") || !strings.Contains(interest.Why, theirs.Title) {
		t.Errorf("of the interest it says %+v", interest.News)
	}
	if invitation.Link != "/groups/"+g.ID || invitation.About != g.Key() || !strings.Contains(invitation.Why, "listed an intention") {
		t.Errorf("of the invitation it says %+v", invitation.News)
	}
	// What was told stays as it was, whatever the group becomes for the council.
	must[*catalogue.BuyingGroup](t)(s.answer(coventry, g, false, "no money"))
	if again := must[*catalogue.Inbox](t)(c.Inbox(ctx, lead, "", 50)).Items[1]; again.Version != invitation.Version || again.Subject != invitation.Subject {
		t.Errorf("the news changed to %+v", again.News)
	}
	whole(t, c)
}

func TestAClimbOnTheLadderIsTold(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	_, lead := s.person(coventry, catalogue.RoleLead)
	in := s.intention(coventry, catalogue.Councils)
	other := officer(dudley, catalogue.RoleLead)
	for i, step := range []struct {
		rung catalogue.Rung
		want int
	}{{catalogue.Watching, 0}, {catalogue.Interested, 1}, {catalogue.Interested, 1}, {catalogue.Approved, 2}, {catalogue.Watching, 2}, {catalogue.Intends, 3}} {
		must[*catalogue.Interest](t)(c.RegisterInterest(ctx, other, in.ID, catalogue.Standing{Rung: step.rung, Approval: "Cabinet 12", Approved: catalogue.MustDate("2026-10-01"), Volume: 100_000}, ""))
		if got := len(s.inbox(lead)); got != step.want {
			t.Errorf("after step %d, to %s, there is %d news, want %d", i+1, step.rung, got, step.want)
		}
	}
	if err := c.WithdrawInterest(ctx, other, in.ID); err != nil || len(s.inbox(lead)) != 4 {
		t.Errorf("withdrawing (%v) makes it %q", err, s.inbox(lead))
	}
	_, watcher := s.person(dudley, catalogue.RoleContributor)
	must[*catalogue.Interest](t)(c.RegisterInterest(ctx, other, in.ID, catalogue.Standing{Rung: catalogue.Watching}, ""))
	must[*catalogue.Intention](t)(c.WithdrawIntention(ctx, officer(coventry, catalogue.RoleLead), in.ID, "We insource"))
	if got := s.inbox(watcher); len(got) != 1 || !strings.Contains(got[0], "no longer intends to buy") {
		t.Errorf("of an intention that is withdrawn those interested are told %q", got)
	}
}

func TestTheInboxIsReadPageByPage(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	_, lead := s.person(coventry, catalogue.RoleLead)
	in := s.intention(coventry, catalogue.Councils)
	told := func(n int) {
		for range n {
			k.move(-time.Hour) // a clock that goes back changes no order
			by := officer(dudley, catalogue.RoleLead)
			must[*catalogue.Interest](t)(c.RegisterInterest(ctx, by, in.ID, catalogue.Standing{Rung: catalogue.Interested}, s.name("told")))
			must[*catalogue.Interest](t)(c.RegisterInterest(ctx, by, in.ID, catalogue.Standing{Rung: catalogue.Watching}, ""))
		}
	}
	told(5)
	first := must[*catalogue.Inbox](t)(c.Inbox(ctx, lead, "", 2))
	told(1) // what comes meanwhile moves no page
	second := must[*catalogue.Inbox](t)(c.Inbox(ctx, lead, first.Next, 2))
	third := must[*catalogue.Inbox](t)(c.Inbox(ctx, lead, second.Next, 2))
	var notes []string
	for _, box := range []*catalogue.Inbox{first, second, third} {
		for _, item := range box.Items {
			notes = append(notes, strings.TrimPrefix(item.Text[2], "It says: told "))
		}
	}
	if len(notes) != 5 || !slices.IsSortedFunc(notes, func(a, b string) int { return strings.Compare(b, a) }) || third.Next != "" {
		t.Errorf("page by page there are %v, then %q", notes, third.Next)
	}
	if s.unread(lead) != 6 || !first.Items[0].Unread {
		t.Errorf("%d are unread, want 6", s.unread(lead))
	}
	// Marked as read is what was shown, not what came since.
	if err := c.SeeInbox(ctx, lead, first.Items[0].ID); err != nil || s.unread(lead) != 1 {
		t.Errorf("after marking the page as read (%v) %d are unread, want the one that came since", err, s.unread(lead))
	}
	for _, upTo := range []string{third.Items[0].ID, catalogue.NewsID(1 << 60), "nonsense", ""} {
		if err := c.SeeInbox(ctx, lead, upTo); err != nil || s.unread(lead) != 1 {
			t.Errorf("marking up to %q (%v) leaves %d unread", upTo, err, s.unread(lead))
		}
	}
	if _, err := c.Inbox(ctx, lead, "../../x", 2); catalogue.KindOf(err) != catalogue.Invalid {
		t.Errorf("a cursor that is none: %v", err)
	}
	is(t, "an inbox of nobody", c.SeeInbox(ctx, catalogue.Anonymous(), first.Items[0].ID), catalogue.Unauthenticated)
	is(t, "an inbox without an account", c.SeeInbox(ctx, officer(coventry, catalogue.RoleLead), first.Items[0].ID), catalogue.NotFound)
}

func TestPeopleChooseHowTheyAreTold(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	a, once := s.person(coventry, catalogue.RoleLead)
	b, never := s.person(coventry, catalogue.RoleLead)
	_, daily := s.person(coventry, catalogue.RoleLead)
	for who, how := range map[catalogue.Actor]catalogue.Telling{never: catalogue.ToldNever, daily: catalogue.ToldDaily} {
		if err := c.TellMe(ctx, who, how); err != nil {
			t.Fatal(err)
		}
	}
	refusedOn(t, "another way of telling", c.TellMe(ctx, once, "by pigeon"), "told")
	s.group(birmingham, coventry, false)
	mails := s.send()
	if len(mails) != 1 || mails[0].To != a.Email || mails[0].Why == "" {
		t.Fatalf("mailed %+v, want the one who hears at once", mails)
	}
	for _, who := range []catalogue.Actor{once, never, daily} {
		if len(s.inbox(who)) != 1 {
			t.Errorf("the inbox of %s holds %q", who.Account, s.inbox(who))
		}
	}
	// The mail's link stops mail to who got it, and to nobody else; looking at it does nothing.
	stop, err := url.Parse(mails[0].Stop)
	if err != nil || stop.Path != "/mail/stop" || strings.Contains(mails[0].Stop, "example") {
		t.Fatalf("the way to stop is %q, %v", mails[0].Stop, err)
	}
	token := stop.Query().Get("token")
	if weekly, err := c.CheckStop(ctx, token); err != nil || weekly || must[*catalogue.Inbox](t)(c.Inbox(ctx, once, "", 1)).Told != catalogue.ToldAtOnce {
		t.Errorf("looking at the link: %v", err)
	}
	for _, wrong := range []string{"", "x", token[:len(token)-2], strings.ToUpper(token)} {
		_, err := c.StopMail(ctx, wrong)
		is(t, "a token that is not whole", err, catalogue.Invalid)
	}
	for range 2 {
		if _, err := c.StopMail(ctx, token); err != nil {
			t.Fatal(err)
		}
	}
	if box := must[*catalogue.Inbox](t)(c.Inbox(ctx, once, "", 1)); box.Told != catalogue.ToldNever {
		t.Errorf("after the link it hears %q", box.Told)
	}
	if box := must[*catalogue.Inbox](t)(c.Inbox(ctx, daily, "", 1)); box.Told != catalogue.ToldDaily {
		t.Errorf("another hears %q", box.Told)
	}
	s.group(dudley, coventry, false)
	if mails := s.send(); len(mails) != 0 {
		t.Errorf("mailed %+v after all stopped it", mails)
	}
	// An account that is given another role keeps its choice; a code to sign in still comes.
	must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: b.Email, OrgKind: catalogue.OrgCouncil, Org: coventry, Role: catalogue.RoleAdmin}))
	if box := must[*catalogue.Inbox](t)(c.Inbox(ctx, never, "", 9)); box.Told != catalogue.ToldNever || len(box.Items) != 2 {
		t.Errorf("after a change of role it hears %q and has %d news", box.Told, len(box.Items))
	}
	if err := c.StartSignIn(ctx, b.Email, "b", "n"); err != nil {
		t.Fatal(err)
	}
	if mails := s.send(); len(mails) != 1 || mails[0].Stop != "" || mails[0].Why != "" {
		t.Errorf("a code comes as %+v", mails)
	}
	// One that moves to another council has nothing of its news, and no more of the old one's.
	must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: b.Email, OrgKind: catalogue.OrgCouncil, Org: birmingham, Role: catalogue.RoleAdmin}))
	moved := must[*catalogue.Account](t)(c.Account(ctx, catalogue.Operator("test"), b.ID))
	if got := s.inbox(moved.Actor("test")); len(got) != 0 {
		t.Errorf("who moved reads %q", got)
	}
	whole(t, c)
}

func TestNobodyIsMailedOfWhatTheyDid(t *testing.T) {
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	own := s.intention(birmingham, catalogue.Councils)
	a, doer := s.person(coventry, catalogue.RoleLead)
	colleague, _ := s.person(coventry, catalogue.RoleLead)
	theirs := s.intention(coventry, catalogue.Councils)
	g := must[*catalogue.BuyingGroup](t)(s.propose(birmingham, own, theirs))
	s.send()
	_ = doer
	third := s.intention(dudley, catalogue.Councils)
	must[*catalogue.BuyingGroup](t)(s.answer(coventry, g, true, ""))
	must[*catalogue.BuyingGroup](t)(c.Invite(context.Background(), a.Actor("test"), g.ID, third.ID))
	for _, m := range s.send() {
		if m.To == a.Email || m.To == colleague.Email {
			t.Errorf("mailed %q to %s", m.Subject, m.To)
		}
	}
}

func TestOldNewsIsForgotten(t *testing.T) {
	ctx := context.Background()
	c, store, k := timed(t)
	s := scene{t, c, new(int)}
	_, lead := s.person(coventry, catalogue.RoleLead)
	for range 7 {
		s.group(birmingham, coventry, false)
	}
	k.now = today.AddDate(0, 13, 0)
	s.group(birmingham, coventry, false)
	if err := c.Expire(ctx); err != nil || len(s.inbox(lead)) != 8 {
		t.Errorf("at 13 months (%v) there is %d news, want all 8", err, len(s.inbox(lead)))
	}
	k.move(time.Second)
	if err := c.Expire(ctx); err != nil || len(s.inbox(lead)) != 1 {
		t.Errorf("past 13 months (%v) there is %d news, want 1", err, len(s.inbox(lead)))
	}
	whole(t, c)
	if rows := rowsBelow(t, store, kv.NewKey("r", "news")); len(rows) != 1 {
		t.Errorf("%d records stay", len(rows))
	}
}

// digests is a scene in which somebody wants one mail a day.
func digests(t *testing.T) (scene, *clock, *catalogue.Account, catalogue.Actor) {
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	a, who := s.person(coventry, catalogue.RoleLead)
	if err := c.TellMe(context.Background(), who, catalogue.ToldDaily); err != nil {
		t.Fatal(err)
	}
	return s, k, a, who
}

// digest runs the job, twice, and sends what it posted.
func (s scene) digest() []catalogue.Message {
	s.t.Helper()
	for range 2 {
		must[int](s.t)(s.c.SendDigests(context.Background()))
	}
	return s.send()
}

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC)
}

func TestADayIsOneMail(t *testing.T) {
	s, k, a, _ := digests(t)
	told := func() *catalogue.BuyingGroup { return s.group(birmingham, coventry, false) }
	if mails := s.digest(); len(mails) != 0 {
		t.Errorf("with nothing new: %+v", mails)
	}
	told()
	told()
	for _, test := range []struct {
		what string
		now  time.Time
		want int
		tell bool
	}{
		{"the same day", at(23, 23, 59), 0, false}, {"before seven", at(24, 6, 59), 0, false}, {"at seven", at(24, 7, 0), 2, true},
		{"later that day", at(24, 15, 0), 0, false}, {"with the clock put back an hour", at(24, 6, 30), 0, false},
		{"with the clock put back a day", at(23, 7, 30), 0, true}, {"right again, the same day", at(24, 16, 0), 0, false},
		{"the next day", at(25, 9, 0), 2, false}, {"a day without news", at(26, 7, 0), 0, true}, {"after days of standstill", at(29, 3, 0), 1, false},
		{"far ahead by mistake", at(23, 7, 0).AddDate(2, 0, 0), 0, true}, {"and back", at(30, 7, 0), 1, false},
	} {
		k.now = test.now
		mails := s.digest()
		got := 0
		for _, m := range mails {
			if m.To != a.Email || m.Stop == "" || len(mails) > 1 {
				t.Errorf("%s: %d mails, one to %s", test.what, len(mails), m.To)
			}
			for _, part := range m.Parts {
				got += len(part.Items)
				for _, item := range part.Items {
					if part.Why == "" || item.Link == "" || item.Subject == "" {
						t.Errorf("%s: %+v in %+v", test.what, item, part)
					}
				}
			}
		}
		if got != test.want {
			t.Errorf("%s there is news of %d, want %d", test.what, got, test.want)
		}
		if test.tell {
			told()
		}
	}
	if n := len(s.inbox(a.Actor("test"))); n != 6 {
		t.Errorf("the inbox holds %d", n)
	}
	whole(t, s.c)
}

// TestADigestSurvivesWhatStopsIt fails the store at every commit that the job makes, before and after it happened.
func TestADigestSurvivesWhatStopsIt(t *testing.T) {
	ctx := context.Background()
	for lost := range 2 {
		for n := 1; n <= 5; n++ {
			k := &clock{now: today}
			store := &stopping{Store: stored(t, filepath.Join(t.TempDir(), "catalogue.db"))}
			c := over(t, store, k)
			s := scene{t, c, new(int)}
			want := map[string]int{}
			for range 3 {
				a, who := s.person(coventry, catalogue.RoleLead)
				want[a.Email] = 1
				if err := c.TellMe(ctx, who, catalogue.ToldDaily); err != nil {
					t.Fatal(err)
				}
			}
			s.group(birmingham, coventry, false)
			k.now = at(24, 7, 0)
			store.after, store.committed = n, lost == 1
			_, err := c.SendDigests(ctx)
			if n <= 4 && err == nil {
				t.Errorf("with commit %d failing the job says nothing", n)
			}
			store.after = 0
			got := map[string]int{}
			for range 3 {
				must[int](t)(c.SendDigests(ctx))
				for _, m := range s.send() {
					for _, p := range m.Parts {
						got[m.To] += len(p.Items)
					}
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("with commit %d failing (after it happened: %v) they are told %v, want %v", n, lost == 1, got, want)
			}
		}
	}
}

// stopping is a store whose commits fail from one on, that one perhaps after it happened.
type stopping struct {
	kv.Store
	after     int // the commit that fails, counted from 1; 0: none
	committed bool
}

var errStopped = errors.New("the program stopped")

func (s *stopping) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if s.after == 0 {
		return s.Store.Update(ctx, fn)
	}
	if s.after--; s.after > 0 {
		return s.Store.Update(ctx, fn)
	}
	s.after = 1 // and so do all that follow
	if s.committed {
		s.committed = false
		if err := s.Store.Update(ctx, fn); err != nil {
			return err
		}
	}
	return errStopped
}

func TestADigestLeavesOutWhatIsOver(t *testing.T) {
	ctx := context.Background()
	s, k, _, who := digests(t)
	lead := officer(birmingham, catalogue.RoleLead)
	goes, stays := s.group(birmingham, coventry, false), s.group(birmingham, coventry, false)
	ended, open := s.intention(coventry, catalogue.Councils), s.intention(coventry, catalogue.Councils)
	for _, in := range []*catalogue.Intention{ended, open} {
		must[*catalogue.Interest](t)(s.c.RegisterInterest(ctx, officer(dudley, catalogue.RoleLead), in.ID, catalogue.Standing{Rung: catalogue.Interested}, ""))
	}
	k.move(time.Minute)
	must[*catalogue.Intention](t)(s.c.WithdrawIntention(ctx, officer(coventry, catalogue.RoleLead), ended.ID, "not needed"))
	must[*catalogue.BuyingGroup](t)(s.c.LeaveGroup(ctx, lead, goes.ID, "We extended"))
	k.now = at(24, 8, 0)
	mails := s.digest()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	links := map[string][]string{}
	for _, p := range mails[0].Parts {
		for _, item := range p.Items {
			links[item.Link] = append(links[item.Link], item.Subject)
		}
	}
	if len(links["/groups/"+stays.ID]) != 1 || len(links["/intentions/"+open.ID]) != 1 || len(links["/intentions/"+ended.ID]) != 0 {
		t.Errorf("the mail leads to %v", links)
	}
	if left := links["/groups/"+goes.ID]; len(left) != 1 || !strings.Contains(left[0], "left the group") {
		t.Errorf("of the group that was given up it tells %q, want that alone", left)
	}
	// Who wants it at once from now on gets at once what would have come in the morning.
	s.group(dudley, coventry, false)
	if err := s.c.TellMe(ctx, who, catalogue.ToldAtOnce); err != nil {
		t.Fatal(err)
	}
	if mails := s.send(); len(mails) != 1 || len(mails[0].Parts) != 1 {
		t.Errorf("on changing to at once: %+v", mails)
	}
	k.now = at(25, 8, 0)
	if mails := s.digest(); len(mails) != 0 {
		t.Errorf("and in the morning: %+v", mails)
	}
}

func TestADigestOfVeryMuchIsCut(t *testing.T) {
	ctx := context.Background()
	s, k, _, _ := digests(t)
	in := s.intention(coventry, catalogue.Councils)
	by := officer(dudley, catalogue.RoleLead)
	for range 120 {
		must[*catalogue.Interest](t)(s.c.RegisterInterest(ctx, by, in.ID, catalogue.Standing{Rung: catalogue.Interested}, strings.Repeat("<long>", 1000)))
		must[*catalogue.Interest](t)(s.c.RegisterInterest(ctx, by, in.ID, catalogue.Standing{Rung: catalogue.Watching}, ""))
	}
	k.now = at(24, 8, 0)
	mails := s.digest()
	if len(mails) != 1 || mails[0].Subject != "120 changes that concern your council" || len(mails[0].Parts) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	shown := len(mails[0].Parts[0].Items)
	if want := fmt.Sprintf("%d more are in your inbox", 120-shown); shown > 100 || !strings.Contains(mails[0].Text[1], want) {
		t.Errorf("it tells of %d and says %q", shown, mails[0].Text)
	}
}
