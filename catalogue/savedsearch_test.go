package catalogue_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// saved keeps a search for somebody.
func (s scene) saved(who catalogue.Actor, name string, told catalogue.SearchTelling) *catalogue.SavedSearch {
	s.t.Helper()
	return must[*catalogue.SavedSearch](s.t)(s.c.SaveSearch(context.Background(), who, catalogue.SavedSearch{Meta: catalogue.Meta{ID: catalogue.NewID()}, Name: name,
		Address: "/search?q=revenues", Says: []string{"Words: revenues"}, Told: told}))
}

// finds notes that records are new in a search.
func (s scene) finds(saved *catalogue.SavedSearch, keys ...catalogue.Key) {
	s.t.Helper()
	now := must[*catalogue.SavedSearch](s.t)(s.c.SavedSearch(context.Background(), catalogue.Operator("test"), saved.ID))
	var found []catalogue.Finding
	for _, key := range keys {
		found = append(found, catalogue.Finding{Key: key, New: true, Why: "It has ‘revenues’."})
	}
	if err := s.c.KeepFindings(context.Background(), now.ID, now.Version, catalogue.Followed{Checked: now.Version, Known: catalogue.KnownResults{7: 9}}, found); err != nil {
		s.t.Fatal(err)
	}
}

// searchMail runs the job, twice, and sends what it posted.
func (s scene) searchMail() []catalogue.Message {
	s.t.Helper()
	for range 2 {
		must[int](s.t)(s.c.SendSearches(context.Background()))
	}
	return s.send()
}

// TestANewResultIsToldOnce runs the job at hours on which a mail is due and on which none is, with clocks that jump and a
// program that begins anew.
func TestANewResultIsToldOnce(t *testing.T) {
	c, store, k := timed(t)
	s := scene{t, c, new(int)}
	daily, dailyActor := s.person(coventry, catalogue.RoleViewer)
	weekly, weeklyActor := s.person(coventry, catalogue.RoleViewer)
	_, inboxActor := s.person(coventry, catalogue.RoleViewer)
	_, lookActor := s.person(coventry, catalogue.RoleViewer)
	in := s.intention(birmingham, catalogue.Councils)
	for actor, told := range map[catalogue.Actor]catalogue.SearchTelling{dailyActor: catalogue.SearchDaily, weeklyActor: catalogue.SearchWeekly,
		inboxActor: catalogue.SearchInbox, lookActor: catalogue.SearchLook} {
		s.finds(s.saved(actor, "Revenues <b>", told), in.Key())
	}
	for _, test := range []struct {
		what string
		now  time.Time // found on Monday 23 November at noon
		want []string
	}{
		{"at once", at(23, 12, 0), nil}, {"that night", at(23, 23, 59), nil}, {"before seven", at(24, 6, 59), nil},
		{"at seven", at(24, 7, 0), []string{daily.Email}}, {"later", at(24, 9, 0), nil}, {"put back a day", at(23, 9, 0), nil},
		{"on Sunday", at(29, 12, 0), nil}, {"on Monday before seven", at(30, 6, 0), nil}, {"on Monday", at(30, 7, 0), []string{weekly.Email}},
		{"again", at(30, 8, 0), nil}, {"a year on", at(30, 8, 0).AddDate(1, 0, 0), nil},
	} {
		k.now = test.now
		var got []string
		for _, m := range s.searchMail() {
			got = append(got, m.To)
			if m.Subject != "1 new result: Revenues <b>" || !strings.HasPrefix(m.Stop, "/mail/stop-searches?token=") || len(m.Parts) != 1 {
				t.Fatalf("%s: %+v", test.what, m)
			}
			item, part := m.Parts[0].Items[0], m.Parts[0]
			if item.Subject != in.Title || item.Link != "/intentions/"+in.ID || !strings.Contains(item.Text, "New. It has ‘revenues’.") || !strings.Contains(item.Text, "Birmingham") ||
				!strings.Contains(part.Why, "Words: revenues") {
				t.Errorf("%s it does not say what is new and why: %+v", test.what, part)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s mails go to %v, want %v", test.what, got, test.want)
		}
		c = over(t, store, k)
		s.c = c
	}
	for name, test := range map[string]struct {
		who  catalogue.Actor
		want int
	}{"daily": {dailyActor, 1}, "weekly": {weeklyActor, 1}, "inbox": {inboxActor, 1}, "look": {lookActor, 0}} {
		if got := s.inbox(test.who); len(got) != test.want || s.unread(test.who) != test.want {
			t.Errorf("%s: the inbox holds %v", name, got)
		}
	}
	own := must[[]*catalogue.SavedSearch](t)(c.SavedSearches(context.Background(), lookActor))
	if len(own) != 1 || own[0].Unseen() != 1 {
		t.Errorf("who only looks sees nothing new: %+v", own)
	}
	whole(t, c)
}

func TestNewsOfASearchIsItsPersonsAlone(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	mine, who := s.person(coventry, catalogue.RoleViewer)
	_, colleague := s.person(coventry, catalogue.RoleAdmin)
	if err := c.TellMe(ctx, who, catalogue.ToldDaily); err != nil {
		t.Fatal(err)
	}
	search := s.saved(who, "Canary", catalogue.SearchInbox)
	in := s.intention(birmingham, catalogue.Councils)
	s.finds(search, in.Key())
	if mails := s.searchMail(); len(mails) != 0 || len(s.inbox(who)) != 1 || len(s.inbox(colleague)) != 0 {
		t.Errorf("mails %+v, inboxes %v and %v", mails, s.inbox(who), s.inbox(colleague))
	}
	k.now = at(24, 8, 0)
	if mails := s.digest(); len(mails) != 0 {
		t.Errorf("'inbox only' is mailed with the digest: %+v", mails)
	}
	s.finds(search, s.intention(birmingham, catalogue.Councils).Key())
	if s.searchMail(); len(s.inbox(who)) != 1 {
		t.Errorf("told twice within a day: %v", s.inbox(who))
	}
	k.now = at(24, 12, 1)
	if s.searchMail(); len(s.inbox(who)) != 2 {
		t.Errorf("the next day: %v", s.inbox(who))
	}
	for name, other := range map[string]catalogue.Actor{"a colleague": colleague, "nobody": catalogue.Anonymous(), "a council": catalogue.AnyCouncil(),
		"a supplier": {Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "x"}} {
		_, err := c.SavedSearch(ctx, other, search.ID)
		is(t, name+" reads it", err, catalogue.NotFound)
		if other.Role == catalogue.RoleNone {
			continue
		}
		_, err = c.ChangeSearch(ctx, other, search.ID, "x", catalogue.SearchDaily)
		is(t, name+" changes it", err, catalogue.NotFound)
		is(t, name+" deletes it", c.DeleteSearch(ctx, other, search.ID), catalogue.NotFound)
		if _, err := c.SaveSearch(ctx, other, catalogue.SavedSearch{Meta: catalogue.Meta{ID: search.ID}, Name: "x", Told: catalogue.SearchLook, Address: "/search"}); err == nil {
			t.Errorf("%s saves over it", name)
		}
	}
	_ = mine
}

// TestWhatIsHiddenOrOverIsNotTold changes what was found before its person hears of it.
func TestWhatIsHiddenOrOverIsNotTold(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	_, who := s.person(coventry, catalogue.RoleViewer)
	search := s.saved(who, "Revenues", catalogue.SearchDaily)
	stays, hidden, withdrawn := s.intention(birmingham, catalogue.Councils), s.intention(birmingham, catalogue.Councils), s.intention(birmingham, catalogue.Councils)
	alone := s.intention(birmingham, catalogue.Own)
	over := must[*catalogue.Contract](t)(c.SaveContract(ctx, officer(birmingham, catalogue.RoleLead), catalogue.Contract{Title: "Ended parking", End: catalogue.MustDate("2026-11-23")}))
	s.finds(search, stays.Key(), hidden.Key(), withdrawn.Key(), alone.Key(), over.Key(), catalogue.Key{Kind: catalogue.KindContract, ID: "gone"})
	hidden.Visibility = catalogue.Own
	listed(t, c, *hidden)
	must[*catalogue.Intention](t)(c.WithdrawIntention(ctx, officer(birmingham, catalogue.RoleLead), withdrawn.ID, "No money"))
	k.now = at(24, 7, 30)
	mails := s.searchMail()
	if len(mails) != 1 || mails[0].Subject != "1 new result: Revenues" || mails[0].Parts[0].Items[0].Subject != stays.Title {
		t.Fatalf("the mails: %+v", mails)
	}
	text := must[*catalogue.Inbox](t)(c.Inbox(ctx, who, "", 10)).Items[0].Text
	for _, title := range []string{hidden.Title, withdrawn.Title, alone.Title, over.Title} {
		if strings.Contains(strings.Join(text, " "), title+".") {
			t.Errorf("the inbox tells of %s: %v", title, text)
		}
	}
	k.now = at(25, 7, 30)
	if mails := s.searchMail(); len(mails) != 0 {
		t.Errorf("and the day after: %+v", mails)
	}
}

func TestAPersonWithoutAnAccountHearsNothing(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	a, who := s.person(coventry, catalogue.RoleViewer)
	search := s.saved(who, "Revenues", catalogue.SearchDaily)
	token := must[string](t)(c.RenewSearchFeed(ctx, who, search.ID))
	s.finds(search, s.intention(birmingham, catalogue.Councils).Key())
	if list, _, err := c.SearchesToCheck(ctx, "", 10); err != nil || len(list) != 1 || list[0].Actor.Account != a.ID {
		t.Fatalf("to check: %+v (%v)", list, err)
	}
	must[*catalogue.Account](t)(c.EndAccount(ctx, who, a.ID, ""))
	k.now = at(24, 8, 0)
	if mails := s.searchMail(); len(mails) != 0 {
		t.Errorf("mails: %+v", mails)
	}
	if list, _, err := c.SearchesToCheck(ctx, "", 10); err != nil || len(list) != 0 {
		t.Errorf("to check: %+v (%v)", list, err)
	}
	_, err := c.SearchFeed(ctx, token)
	is(t, "the feed", err, catalogue.NotFound)
	if err := c.ForgetAccount(ctx, catalogue.Operator("test"), a.Email); err != nil {
		t.Fatal(err)
	}
	if n := count(t, c, catalogue.KindSavedSearch); n != 0 {
		t.Errorf("%d searches of somebody forgotten stay", n)
	}
	whole(t, c)
}

func TestTheFeedOfASearchIsSecret(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	_, who := s.person(coventry, catalogue.RoleViewer)
	search := s.saved(who, "Revenues", catalogue.SearchLook)
	first := must[string](t)(c.RenewSearchFeed(ctx, who, search.ID))
	if address := must[string](t)(c.SearchFeed(ctx, first)); address != search.Address || len(first) < 43 {
		t.Errorf("the token %q leads to %q", first, address)
	}
	shown, made := c.SearchFeedToken(must[*catalogue.SavedSearch](t)(c.SavedSearch(ctx, who, search.ID)))
	if shown != first || made.IsZero() {
		t.Errorf("it is shown as %q", shown)
	}
	second := must[string](t)(c.RenewSearchFeed(ctx, who, search.ID))
	_, err := c.SearchFeed(ctx, first)
	is(t, "the first token", err, catalogue.NotFound)
	if err := c.RevokeSearchFeed(ctx, who, search.ID); err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{second, "", search.ID} {
		_, err := c.SearchFeed(ctx, token)
		is(t, "the token "+token, err, catalogue.NotFound)
	}
}

func TestTheMailOfSearchesIsStopped(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	a, who := s.person(coventry, catalogue.RoleLead)
	_, other := s.person(coventry, catalogue.RoleLead)
	search, theirs := s.saved(who, "Revenues", catalogue.SearchDaily), s.saved(other, "Theirs", catalogue.SearchDaily)
	in := s.intention(birmingham, catalogue.Councils)
	s.finds(search, in.Key())
	k.now = at(24, 7, 30)
	mails := s.searchMail()
	token := strings.TrimPrefix(mails[0].Stop, "/mail/stop-searches?token=")
	is(t, "another token", c.StopSearchMail(ctx, "x"+token), catalogue.Invalid)
	_, err := c.StopMail(ctx, token)
	is(t, "the token stops all mail", err, catalogue.Invalid)
	for range 2 {
		if err := c.StopSearchMail(ctx, token); err != nil {
			t.Fatal(err)
		}
	}
	if got := must[*catalogue.SavedSearch](t)(c.SavedSearch(ctx, who, search.ID)); got.Told != catalogue.SearchInbox {
		t.Errorf("it is told by %s", got.Told)
	}
	if got := must[*catalogue.SavedSearch](t)(c.SavedSearch(ctx, other, theirs.ID)); got.Told != catalogue.SearchDaily {
		t.Error("another person's mail is stopped too")
	}
	if now, _ := c.Personas(ctx); len(now) != 0 || a.Telling() != catalogue.ToldAtOnce {
		t.Error("other mail is stopped too")
	}
	// Who wants no mail at all gets none of these either.
	must[*catalogue.SavedSearch](t)(c.ChangeSearch(ctx, other, theirs.ID, "Theirs", catalogue.SearchDaily))
	if err := c.TellMe(ctx, other, catalogue.ToldNever); err != nil {
		t.Fatal(err)
	}
	s.finds(theirs, in.Key())
	k.now = at(25, 7, 30)
	if mails := s.searchMail(); len(mails) != 0 || len(s.inbox(other)) != 1 {
		t.Errorf("mails %+v, inbox %v", mails, s.inbox(other))
	}
}

// TestManyResultsAreBounded finds more than a record, a mail and a person hold.
func TestManyResultsAreBounded(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	_, who := s.person(coventry, catalogue.RoleViewer)
	search := s.saved(who, "Revenues", catalogue.SearchDaily)
	var keys []catalogue.Key
	for range 120 {
		keys = append(keys, s.intention(birmingham, catalogue.Councils).Key())
	}
	s.finds(search, keys...)
	got := must[*catalogue.SavedSearch](t)(c.SavedSearch(ctx, who, search.ID))
	if len(got.News) != 100 || got.More != 20 || got.News[99].Key != keys[119] {
		t.Errorf("it holds %d and %d more", len(got.News), got.More)
	}
	if looked, known := got.Known.Look(keys[0]); known || looked != 0 || got.Known[7] != 9 {
		t.Errorf("what is known comes back as %v", got.Known)
	}
	k.now = at(24, 7, 30)
	part := s.searchMail()[0].Parts[0]
	if n := len(part.Items); n != 11 || part.Items[10].Subject != "110 more" || part.Items[10].Link != "/searches/"+search.ID {
		t.Errorf("the mail lists %d: %+v", n, part.Items[n-1])
	}
	for range catalogue.MaxSavedSearches - 1 {
		s.saved(who, "Another", catalogue.SearchDaily)
	}
	_, err := c.SaveSearch(ctx, who, catalogue.SavedSearch{Meta: catalogue.Meta{ID: catalogue.NewID()}, Name: "x", Told: catalogue.SearchLook, Address: "/search"})
	refusedOn(t, "one search too many", err, "name")
	whole(t, c)
}
