package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

// talking is two councils that have listed the same need, each with a contributor and a lead, and their intentions.
type talking struct {
	*world
	mine, theirs        *browser // contributors
	own, other          string   // addresses of intentions
	ownID, otherID      string
	mineMail, theirMail string
}

func newTalking(t *testing.T) *talking {
	t.Helper()
	w := councilsWorld(t)
	a := &talking{world: w, mine: w.officer(ambleford, catalogue.RoleContributor), theirs: w.officer(thornmere, catalogue.RoleContributor),
		mineMail: "demo-01-contributor@officers.example", theirMail: "demo-02-contributor@officers.example"}
	a.own, a.other = a.mine.list("Revenues system", nil), a.theirs.list("Council tax platform", url.Values{"role": {"follow"}})
	a.ownID, a.otherID = strings.TrimPrefix(a.own, "/intentions/"), strings.TrimPrefix(a.other, "/intentions/")
	return a
}

// ask asks Thornmere to talk, and returns the address of the talk.
func (a *talking) ask() string {
	a.t.Helper()
	page := a.mine.get(talkAddress(a.ownID, a.otherID)).is(http.StatusOK)
	return a.mine.post("/talks/new", with(page.form("/talks/new"), url.Values{"text": {"Could you wait?"}})).is(http.StatusSeeOther).location()
}

func TestFromAMatchToATalk(t *testing.T) {
	a := newTalking(t)
	matches := a.mine.get(a.own + "/matches").is(http.StatusOK)
	matches.has(".jy-match__foot a", "Ask to talk")
	a.mine.get(a.other).has("aside a", "Ask Thornmere (demonstration) to talk")
	a.officer(thornmere, catalogue.RoleViewer).get(a.own).hasNot("main", "to talk")
	a.officer(brackwater, catalogue.RoleContributor).get(a.own).hasNot("main", "to talk") // it has listed nothing

	page := a.mine.get(talkAddress(a.ownID, a.otherID)).is(http.StatusOK)
	page.has("h1", "Ask Thornmere (demonstration) to talk")
	form := page.form("/talks/new")
	if form.Get("intention") != a.ownID || form.Get("subject") == "" {
		t.Errorf("the form begins with %v", form)
	}
	again := a.mine.post("/talks/new", form).is(http.StatusBadRequest) // nothing written
	again.has(".govuk-error-summary a", "Enter a message")
	if kept := again.form("/talks/new"); kept.Get("subject") != form.Get("subject") || kept.Get("id") != form.Get("id") {
		t.Errorf("what was typed is lost: %v", kept)
	}
	form.Set("text", "Could you <b>wait</b>?\r\n\r\nWe can.")
	talk := a.mine.post("/talks/new", form).is(http.StatusSeeOther).location()
	if twice := a.mine.post("/talks/new", form).is(http.StatusSeeOther).location(); twice != talk || a.count(catalogue.KindTalk) != 1 {
		t.Errorf("the same form made %q and %q", talk, twice)
	}
	if to := a.mine.get(talkAddress(a.ownID, a.otherID)).is(http.StatusSeeOther).location(); to != talk {
		t.Errorf("asking again leads to %s", to)
	}

	a.theirs.get("/desk").has("#talks", "1 talk waits for your council")
	a.theirs.get("/desk").has("#news", "asks to talk")
	a.theirs.get("/desk").has(".jy-account", "2 to do")
	a.theirs.get("/talks").has(".jy-panel", "waits for your council")
	thread := a.theirs.get(talk).is(http.StatusOK)
	thread.wellFormed()
	if said := thread.texts(".jy-thread__message p"); len(said) != 2 || said[0] != "Could you <b>wait</b>?" {
		t.Errorf("it reads %q", said)
	}
	empty := a.theirs.post(talk, with(thread.form(talk), url.Values{"text": {" "}})).is(http.StatusBadRequest)
	empty.has("#text-error", "Enter a message")
	reply := with(thread.form(talk), url.Values{"text": {"Until June."}})
	for range 2 {
		a.theirs.post(talk, reply).is(http.StatusSeeOther)
	}
	mine := a.mine.get(talk).is(http.StatusOK)
	if said := mine.texts(".jy-thread__message"); len(said) != 2 || !strings.Contains(said[0], "your council") || !strings.Contains(said[1], "Until June.") {
		t.Errorf("after the answer it reads %q", said)
	}
	mine.has("dl", "Waits for your council’s answer")
	mine.hasNot("main", "Propose a group") // that is for a lead
	lead := a.officer(ambleford, catalogue.RoleLead)
	lead.get(talk).has("aside a", "Propose a group with them")
	propose := lead.get("/groups/new?intention=" + a.ownID + "&partner=" + a.otherID).is(http.StatusOK)
	if got := propose.form("/groups/new")["partner"]; len(got) != 1 || got[0] != a.otherID {
		t.Errorf("the proposal asks %v", got)
	}
	a.mine.post(talk+"/close", url.Values{"reason": {"We extended"}}).is(http.StatusSeeOther)
	closed := a.theirs.get(talk).is(http.StatusOK)
	closed.has(".jy-aside-note", "closed this talk on 23 November 2026: ‘We extended’")
	if len(closed.all("main form")) != 0 {
		t.Error("a closed talk has a form")
	}
	a.theirs.get("/talks").has("#closed", "Closed")
}

// TestNoAddressIsShownBeforeBothAgree looks at all that each council is given.
func TestNoAddressIsShownBeforeBothAgree(t *testing.T) {
	a := newTalking(t)
	talk := a.ask()
	silent := func(when string) {
		t.Helper()
		for b, hidden := range map[*browser]string{a.mine: a.theirMail, a.theirs: a.mineMail} {
			for _, address := range []string{talk, "/talks", "/inbox", "/desk", a.own, a.other, talkAddress(a.ownID, a.otherID), "/api/v1/search?q=Dates", searchAddress("Could you wait")} {
				if p := b.get(address); strings.Contains(p.body, hidden) {
					t.Errorf("%s %s names %s", when, address, hidden)
				}
			}
		}
		box := &postbox{}
		if _, err := a.Catalogue.SendOutbox(t.Context(), box); err != nil {
			t.Fatal(err)
		}
		for _, m := range box.mail {
			for _, hidden := range []string{a.mineMail, a.theirMail} {
				if strings.Contains(m.Subject+strings.Join(m.Text, " ")+m.Why+m.Link+m.Stop, hidden) {
					t.Errorf("%s a mail to %s names %s", when, m.To, hidden)
				}
			}
		}
	}
	silent("before any yes")
	a.theirs.post(talk+"/share", url.Values{}).is(http.StatusSeeOther)
	silent("with one yes")
	a.theirs.get(talk).has("#share", "You agreed")
	a.mine.get(talk).has("#share", "Thornmere (demonstration) agreed")
	a.mine.post(talk+"/share", url.Values{}).is(http.StatusSeeOther)
	for _, b := range []*browser{a.mine, a.theirs} {
		p := b.get(talk).is(http.StatusOK)
		p.has("#contacts", a.mineMail)
		p.has("#contacts", a.theirMail)
		b.get("/inbox").hasNot("main ol", "@")
	}
}

func TestTalksAreForTheirTwoCouncils(t *testing.T) {
	a := newTalking(t)
	talk := a.ask()
	operator, err := a.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "ops@jointly.example", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(t, err)
	people := []*browser{a.anonymous(), a.supplier(), a.signedIn(operator), a.officer(brackwater, catalogue.RoleLead), a.officer(thornmere, catalogue.RoleViewer)}
	for path, want := range map[string][5]int{
		"/talks": {303, 403, 403, 200, 200}, talk: {303, 403, 403, 404, 404}, talkAddress("", a.otherID): {303, 403, 403, 200, 403},
		"/inbox": {303, 200, 200, 200, 200}, "/inbox/settings": {303, 200, 200, 200, 200},
	} {
		for i, b := range people {
			if p := b.get(path); p.status != want[i] {
				t.Errorf("GET %s as number %d: %d, want %d", path, i, p.status, want[i])
			}
		}
	}
	for path, want := range map[string][5]int{
		talk: {401, 403, 403, 404, 403}, talk + "/share": {401, 403, 403, 404, 403}, talk + "/close": {401, 403, 403, 404, 403},
		"/inbox/read": {401, 303, 303, 303, 303}, "/inbox/settings": {401, 400, 400, 400, 400},
	} {
		for i, b := range people {
			if p := b.post(path, url.Values{"text": {"x"}}); p.status != want[i] {
				t.Errorf("POST %s as number %d: %d, want %d", path, i, p.status, want[i])
			}
		}
	}
	people[3].get("/talks").has(".jy-empty", "None yet")
	people[4].get("/talks").has("main", "Your account can read only")
	people[1].get("/inbox").has(".jy-empty", "Nothing has happened yet")
}

func TestTheInboxSaysWhatIsNewAndWhy(t *testing.T) {
	a := newTalking(t)
	for range inboxPageSize + 1 {
		a.mine.post(a.other+"/interest", url.Values{"rung": {"interested"}}).is(http.StatusSeeOther)
		a.mine.post(a.other+"/interest", url.Values{"rung": {"watching"}}).is(http.StatusSeeOther)
	}
	talk := a.ask()
	before := a.theirs.get("/inbox").is(http.StatusOK)
	before.wellFormed()
	if n := len(before.all(".jy-news .govuk-tag")); n != inboxPageSize {
		t.Errorf("%d of the first page are marked as new", n)
	}
	before.has(".jy-caption", "22 unread")
	before.has(".jy-account", "23 to do") // the talk, too
	if first := before.attributes(".jy-news a", "href")[0]; first != talk {
		t.Errorf("the newest leads to %s", first)
	}
	before.has(".jy-news .jy-note", "23 November 2026, 10:00am. You are told because Ambleford (demonstration) and your council talk about")
	older := before.attributes("a[rel=next]", "href")
	if len(older) != 1 {
		t.Fatal("no way to what is older")
	}
	page := a.theirs.get(older[0]).is(http.StatusOK)
	if n := len(page.all(".jy-news li")); n != 2 {
		t.Errorf("the second page has %d", n)
	}
	page.has(".govuk-pagination", "Newest")
	// Looking changes nothing; the button does.
	a.theirs.get("/inbox").has(".jy-caption", "22 unread")
	form := before.form("/inbox/read")
	a.mine.post(talk, url.Values{"text": {"One more thing."}}).is(http.StatusSeeOther)
	a.theirs.post("/inbox/read", form).is(http.StatusSeeOther)
	after := a.theirs.get("/inbox").is(http.StatusOK)
	after.has(".jy-caption", "1 unread") // it came after the page
	a.theirs.post("/inbox/read", after.form("/inbox/read")).is(http.StatusSeeOther)
	done := a.theirs.get("/inbox").is(http.StatusOK)
	done.has(".jy-caption", "Nothing unread")
	done.has(".jy-account", "1 to do") // the talk still waits
	if len(done.all("form[action=/inbox/read]")) != 0 {
		t.Error("with nothing unread there is a button")
	}
	a.theirs.get("/inbox?from=nonsense").is(http.StatusBadRequest)
}

func TestMailIsStoppedByAButtonOnly(t *testing.T) {
	a := newTalking(t)
	a.ask()
	var box postbox
	if _, err := a.Catalogue.SendOutbox(context.Background(), &box); err != nil || len(box.mail) != 1 || box.mail[0].To != a.theirMail {
		t.Fatalf("mailed %+v, %v", box.mail, err)
	}
	how := func() string {
		return a.theirs.get("/inbox/settings").is(http.StatusOK).form("/inbox/settings").Get("told")
	}
	nobody := a.anonymous()
	page := nobody.get(box.mail[0].Stop).is(http.StatusOK)
	page.wellFormed()
	if how() != "at-once" {
		t.Error("looking at the link of a mail stops it")
	}
	nobody.get("/mail/stop?token=nonsense").is(http.StatusBadRequest).has("main", "This link does not work")
	nobody.post("/mail/stop?token=nonsense", url.Values{}).is(http.StatusBadRequest)
	if action := page.attributes("main form", "action"); len(action) != 1 || action[0] != box.mail[0].Stop {
		t.Fatalf("the button sends to %q", action)
	}
	// As a mail program does it: no page, no cookie, no origin.
	request := httptest.NewRequest(http.MethodPost, box.mail[0].Stop, strings.NewReader("List-Unsubscribe=One-Click"))
	request.Host = "localhost"
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	a.handler.ServeHTTP(answer, request)
	if answer.Code != http.StatusOK || how() != "never" {
		t.Errorf("one click gives %d, and then it is %q", answer.Code, how())
	}
	nobody.post(box.mail[0].Stop, url.Values{}).is(http.StatusOK).has("h1", "You get no more mail")

	settings := a.theirs.get("/inbox/settings")
	a.theirs.post("/inbox/settings", url.Values{}).is(http.StatusBadRequest).has(".govuk-error-summary", "Choose how you are told")
	a.theirs.post("/inbox/settings", with(settings.form("/inbox/settings"), url.Values{"told": {"daily"}})).is(http.StatusSeeOther)
	if how() != "daily" {
		t.Errorf("it is %q", how())
	}
	a.theirs.get("/inbox").has("main", "one mail a day")
}
