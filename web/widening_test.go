package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// TestWhatWidensAsksAgainAndKeepsWhatWasTyped: a contract made public and a colleague invited, with the page that asks in
// between, are done as they were typed.
func TestWhatWidensAsksAgainAndKeepsWhatWasTyped(t *testing.T) {
	g := newGate(t)
	b, secret, _ := g.signsIn("admin@birmingham.gov.uk", city, catalogue.RoleAdmin)
	kept := url.Values{"title": {"Parking permits & <fines>"}, "description": {"Two\nlines"}, "audience": {"public"}, "supplier": {"Kerb & Co"}}
	for _, test := range []struct {
		page, action string
		typed        url.Values
		kind         catalogue.Kind
		more         int
	}{
		{"/estate/contracts/new", "/estate/contracts/new", kept, catalogue.KindContract, 1},
		{"/people", "/people/invite", url.Values{"email": {"new@birmingham.gov.uk"}, "role": {"contributor"}}, catalogue.KindAccount, 1},
	} {
		g.now = g.now.Add(20 * time.Minute)
		before := g.count(test.kind)
		form := with(b.get(test.page).is(http.StatusOK).form(test.action), test.typed)
		asked := b.post(test.action, form).is(http.StatusUnauthorized)
		asked.has("h1", "Confirm that it is you")
		again := asked.form(test.action)
		for name := range test.typed {
			if got := strings.ReplaceAll(strings.Join(again[name], "|"), "\r\n", "\n"); got != strings.Join(test.typed[name], "|") {
				t.Errorf("%s: %s was %q and is kept as %q", test.action, name, test.typed[name], got)
			}
		}
		if n := g.count(test.kind); n != before {
			t.Fatalf("%s: done before it is confirmed", test.action)
		}
		b.post(test.action, with(again, url.Values{codeField: {g.shows(secret)}})).is(http.StatusSeeOther)
		if n := g.count(test.kind); n != before+test.more {
			t.Errorf("%s: %d of %s once it is confirmed, want %d", test.action, n, test.kind, before+test.more)
		}
	}
}

// TestTakingOutAllDataAsksAgain: the address of the file leads to the question, and that to the file.
func TestTakingOutAllDataAsksAgain(t *testing.T) {
	g := newGate(t)
	b, secret, _ := g.signsIn("admin@birmingham.gov.uk", city, catalogue.RoleAdmin)
	b.get("/people/data.zip").is(http.StatusOK)
	g.now = g.now.Add(20 * time.Minute)
	to := b.get("/people/data.zip").is(http.StatusSeeOther).location()
	if to != "/sign-in/confirm?next=%2Fpeople%2Fdata.zip" {
		t.Fatalf("it leads to %q", to)
	}
	p := b.get(to).is(http.StatusOK)
	p.has("main", "all that your council has here")
	if back := p.attributes("main a", "href"); !slices.Contains(back, "/people") {
		t.Errorf("it leads back to %v", back)
	}
	if to := b.post("/sign-in/confirm", with(p.form("/sign-in/confirm"), url.Values{codeField: {g.shows(secret)}})).is(http.StatusSeeOther).location(); to != "/people/data.zip" {
		t.Errorf("confirming leads to %q", to)
	}
	b.get("/people/data.zip").is(http.StatusOK)
}
