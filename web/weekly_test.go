package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

func TestTheMondayMailIsReadWithoutSigningIn(t *testing.T) {
	a := newTalking(t)
	a.ask()
	var box postbox
	if _, err := a.Catalogue.SendWeekly(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Catalogue.SendOutbox(context.Background(), &box); err != nil {
		t.Fatal(err)
	}
	var m catalogue.Message
	for _, mail := range box.mail {
		if mail.To == a.theirMail && strings.HasPrefix(mail.Link, "/digest/") {
			m = mail
		}
	}
	if m.Link == "" {
		t.Fatalf("mailed %+v", box.mail)
	}
	gets := func() string {
		return a.theirs.get("/inbox/settings").is(http.StatusOK).form("/inbox/settings").Get("weekly")
	}
	nobody := a.anonymous()
	page := nobody.get(m.Link).is(http.StatusOK)
	page.wellFormed()
	for _, part := range m.Parts {
		page.has("main", part.Heading)
		page.has("main", part.Items[0].Subject)
	}
	if h := http.Header(page.header); h.Get("Cache-Control") != "private, no-store" || h.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("its headers are %v", page.header)
	}
	if gets() != "on" {
		t.Error("looking at the mail stops it")
	}
	nobody.get("/digest/nonsense").is(http.StatusNotFound)
	action := page.attributes("main form", "action")
	if len(action) != 1 {
		t.Fatalf("the button sends to %q", action)
	}
	nobody.get(action[0]).is(http.StatusOK).has("h1", "Stop the Monday mail?")
	nobody.post(action[0], url.Values{}).is(http.StatusOK).has("h1", "You get no more Monday mail")
	if gets() != "off" {
		t.Error("the button stops nothing")
	}
	settings := a.theirs.get("/inbox/settings")
	if settings.form("/inbox/settings").Get("told") != "at-once" {
		t.Error("the button stops other mail too")
	}
	a.theirs.post("/inbox/settings", url.Values{"told": {"daily"}}).is(http.StatusBadRequest).has(".govuk-error-summary", "Monday mail")
	a.theirs.post("/inbox/settings", with(settings.form("/inbox/settings"), url.Values{"weekly": {"on"}})).is(http.StatusSeeOther)
	if gets() != "on" {
		t.Error("the form does not turn it on")
	}
}
