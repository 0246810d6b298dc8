package main

// News through a real mail server: what a mail carries, and that one which is down or busy loses none.

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv/bolt"
)

// newsroom is a catalogue under a clock that the test moves, with two people of a council and a real mail server.
type newsroom struct {
	*catalogue.Catalogue
	t      *testing.T
	post   *post
	sender catalogue.Sender
	mu     sync.Mutex
	now    time.Time
}

func newNewsroom(t *testing.T) *newsroom {
	t.Helper()
	r := &newsroom{t: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	clock := func() time.Time { r.mu.Lock(); defer r.mu.Unlock(); return r.now }
	if r.Catalogue, err = catalogue.Open(t.Context(), store, catalogue.Options{Clock: clock}); err != nil {
		t.Fatal(err)
	}
	p, port := deliver(t, "127.0.0.1:0")
	var c cli
	parse(&c, append([]string{"serve"}, mailArgs(port)...), streams{})
	r.post = p
	if r.sender, err = c.Serve.Mail.sender(false, "https://jointly.example", &app{log: slog.New(slog.DiscardHandler)}, streams{}); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *newsroom) account(email, council string) catalogue.Actor {
	r.t.Helper()
	a, err := r.AddAccount(r.t.Context(), catalogue.Operator("test"), catalogue.Account{Email: email, OrgKind: catalogue.OrgCouncil, Org: council, Role: catalogue.RoleLead})
	if err != nil {
		r.t.Fatal(err)
	}
	return a.Actor("test")
}

// told makes news for a council: another asks it to talk.
func (r *newsroom) told(by, with catalogue.Actor, subject string) {
	r.t.Helper()
	var ids []string
	for _, who := range []catalogue.Actor{by, with} {
		in, err := r.SaveIntention(r.t.Context(), who, catalogue.Intention{Title: "Parking permits", WindowStart: catalogue.MustDate("2027-04"), WindowEnd: catalogue.MustDate("2028-04")})
		if err != nil {
			r.t.Fatal(err)
		}
		ids = append(ids, in.ID)
	}
	if _, err := r.AskToTalk(r.t.Context(), by, catalogue.TalkRequest{Intention: ids[0], Other: ids[1], Subject: subject, Text: "Could you wait?\n\nWe <b>could</b>."}); err != nil {
		r.t.Fatal(err)
	}
}

// work does what the running service does, as often as a busy mail server makes it.
func (r *newsroom) work() []received {
	r.t.Helper()
	for range 3 {
		if _, err := r.SendDigests(context.Background()); err != nil {
			r.t.Fatal(err)
		}
		_, err := r.SendOutbox(context.Background(), r.sender)
		if busy := r.post.busy; (err != nil) != busy {
			r.t.Fatalf("with the server busy (%v) sending says %v", busy, err)
		}
	}
	r.post.mu.Lock()
	defer r.post.mu.Unlock()
	got := r.post.mails
	r.post.mails = nil
	return got
}

func TestNewsByMailIsNeitherLostNorSentTwice(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	asking := r.account("asking@birmingham.gov.uk", "E08000025")
	once, daily := r.account("once@coventry.gov.uk", "E08000026"), r.account("daily@coventry.gov.uk", "E08000026")
	if err := r.TellMe(t.Context(), daily, catalogue.ToldDaily); err != nil {
		t.Fatal(err)
	}
	r.work() // the morning's daily mail is over
	r.post.be(true)
	r.told(asking, once, "First dates")
	r.told(asking, once, "Second dates")
	if got := r.work(); len(got) != 0 {
		t.Fatalf("a busy server took %+v", got)
	}
	r.post.be(false)
	got := r.work()
	if len(got) != 2 || got[0].to != "once@coventry.gov.uk" || got[1].to != "once@coventry.gov.uk" {
		t.Fatalf("when it is free there are %+v", got)
	}
	m := got[0]
	if m.subject != "Birmingham asks to talk: First dates" || !strings.Contains(m.plain, "Could you wait?\n\nWe <b>could</b>.") || strings.Contains(m.html, "<b>could") {
		t.Errorf("the mail: %+v", m)
	}
	for _, words := range []string{"You are told because", "https://jointly.example/inbox/settings", "https://jointly.example/mail/stop?token=", "https://jointly.example/talks/"} {
		if !strings.Contains(m.plain, words) || !strings.Contains(m.html, words) {
			t.Errorf("text or HTML lacks %q: %s %s", words, m.plain, m.html)
		}
	}
	if !strings.HasPrefix(m.unsubscribe, "<https://jointly.example/mail/stop?token=") || m.oneClick != "List-Unsubscribe=One-Click" {
		t.Errorf("a mail program is offered %q, %q", m.unsubscribe, m.oneClick)
	}
	if strings.Contains(m.plain+m.html, "asking@") {
		t.Error("the mail names who asked")
	}

	r.now = time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
	r.post.be(true)
	r.work()
	r.post.be(false)
	got = r.work()
	if len(got) != 1 || got[0].to != "daily@coventry.gov.uk" || got[0].subject != "2 changes that concern your council" {
		t.Fatalf("in the morning there are %+v", got)
	}
	for _, words := range []string{"Birmingham asks to talk: First dates", "Birmingham asks to talk: Second dates", "You are told because", "/inbox/settings"} {
		if !strings.Contains(got[0].plain, words) || !strings.Contains(got[0].html, words) {
			t.Errorf("the daily mail lacks %q: %s", words, got[0].plain)
		}
	}
	if got := r.work(); len(got) != 0 {
		t.Errorf("again: %+v", got)
	}
}
