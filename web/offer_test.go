package web

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"jointly/catalogue"
)

// offer lists skills, changed here and there, and gives their address.
func (b *browser) offer(title string, changes url.Values) string {
	b.t.Helper()
	form := b.get("/offers/new").is(http.StatusOK).form("/offers/new")
	said := with(form, url.Values{"title": {title}, "direction": {"offer"}, "role": {"delivery"}, "terms": {"free"}, "amount": {"2"}, "unit": {"days"}})
	answer := b.post("/offers/new", with(said, changes)).is(http.StatusSeeOther)
	b.catchUp()
	return answer.location()
}

func TestSkillsAreOfferedFoundAndTalkedAbout(t *testing.T) {
	w := councilsWorld(t)
	mine, theirs := w.officer(ambleford, catalogue.RoleContributor), w.officer(thornmere, catalogue.RoleContributor)
	form := mine.get("/offers/new").is(http.StatusOK).form("/offers/new")
	p := mine.post("/offers/new", with(form, url.Values{"title": {"Ask <me> at me@x.example"}, "until-month": {"44"}, "until-year": {"2027"}, "amount": {"two"}})).is(http.StatusBadRequest)
	p.has("#direction-error", "offer or seek")
	p.has("#title-error", "email address")
	p.has("#role-error", "kind of work")
	p.has("#until-error", "month from 1 to 12")
	p.has("#amount-error", "as a number")
	p.has("#terms-error", "Choose the terms")
	if kept := p.form("/offers/new"); kept.Get("title") != "Ask <me> at me@x.example" || kept.Get("until-month") != "44" || kept.Get("amount") != "two" || kept.Get("id") != form.Get("id") {
		t.Errorf("what was typed is gone: %v", kept)
	}
	half := mine.post("/offers/new", with(form, url.Values{"title": {"X"}, "direction": {"offer"}, "role": {"delivery"}, "terms": {"free"}, "audience": nil}))
	half.is(http.StatusBadRequest).has("#audience-error", "who may see it")

	said := with(form, url.Values{"title": {"Delivery manager, two days a month"}, "text": {"Has run alphas.\n\nRemote."}, "direction": {"offer"}, "role": {"delivery"}, "terms": {"cost"}, "amount": {"2"}, "unit": {"days"},
		"from-month": {"1"}, "from-year": {"2027"}, "until-month": {"6"}, "until-year": {"2027"}, "capabilities": {"parking", "parking", ""}})
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { w.anonymous().signed(mine).post("/offers/new", said) })
	}
	all.Wait()
	if n := w.count(catalogue.KindOffer); n != 1 {
		t.Fatalf("%d records of one form", n)
	}
	w.catchUp()
	address := "/offers/" + form.Get("id")
	p = mine.get(address).is(http.StatusOK)
	p.has("#next", "Your council’s offer")
	p.has("main", "Parking enforcement and permits")
	p.has("main", "2 days a month")
	p.wellFormed()

	found := theirs.get("/offers?q=delivery+manager").is(http.StatusOK)
	found.has(".jy-result__title", "Delivery manager, two days a month")
	theirs.get("/offers?direction=seek").has("#results h2", "No results")
	theirs.get("/offers?direction=offer&role=delivery&quarter=2026-Q4&region=North+West").has(".jy-result__title", "Delivery manager")
	theirs.get("/offers?quarter=2027-Q3").has("#results h2", "No results")
	if csv := theirs.get("/search.csv?kind=offer"); !strings.Contains(csv.body, "Delivery manager, two days a month") {
		t.Errorf("the file lacks it: %s", csv.body)
	}
	page := theirs.get(address).is(http.StatusOK)
	page.has("#talk", "Ask to talk")
	page.hasNot("main", "officers.example")
	w.anonymous().get(address).is(http.StatusNotFound)

	ask := theirs.get("/talks/new?offer=" + form.Get("id")).is(http.StatusOK)
	ask.has("h1", "Ask Ambleford (demonstration) to talk")
	ask.hasNot("main", "need of yours")
	message := ask.form("/talks/new")
	again := theirs.post("/talks/new", message).is(http.StatusBadRequest)
	again.has("#text-error", "Enter a message")
	if kept := again.form("/talks/new"); kept.Get("offer") != form.Get("id") || kept.Get("subject") != "Delivery manager, two days a month" {
		t.Errorf("what was typed is gone: %v", kept)
	}
	talk := theirs.post("/talks/new", with(message, url.Values{"text": {"Could you start in March?"}})).is(http.StatusSeeOther).location()
	p = mine.get(talk).is(http.StatusOK)
	p.has("main", "Your offer")
	p.has("main", "Could you start in March?")
	p.hasNot("main", "Your need")
	theirs.get(talk).has("main", "Their offer")
	theirs.get(address).has("#talk", "Go to the talk")
	if to := theirs.get("/talks/new?offer=" + form.Get("id")).is(http.StatusSeeOther).location(); to != talk {
		t.Errorf("asking again leads to %s", to)
	}

	edit := mine.get(address + "/edit").is(http.StatusOK).form(address + "/edit")
	if edit.Get("title") != "Delivery manager, two days a month" || edit.Get("until-month") != "6" || edit.Get("capabilities") != "parking" || edit.Get("audience") != "councils" {
		t.Errorf("the form to change it holds %v", edit)
	}
	mine.post(address+"/edit", with(edit, url.Values{"audience": {"public"}})).is(http.StatusSeeOther)
	mine.post(address+"/edit", with(edit, url.Values{"title": {"Typed meanwhile"}})).is(http.StatusConflict).has("main", "Somebody else saved this")
	w.anonymous().get(address).is(http.StatusOK).has("#talk", "Sign in")
	p = mine.post(address+"/close", url.Values{"reason": {"Kept"}}).is(http.StatusBadRequest)
	p.has("#how-error", "Choose how it ended")
	p.has("main", "Kept")
	for range 2 {
		mine.post(address+"/close", url.Values{"how": {"filled"}, "reason": {"Thornmere has them"}}).is(http.StatusSeeOther)
	}
	w.catchUp()
	p = theirs.get(address)
	p.has("#state", "Filled")
	p.has("#state", "Thornmere has them")
	theirs.get("/offers").has("#results h2", "No results")
	mine.get(address + "/edit").is(http.StatusConflict)
	mine.post(address+"/reopen", url.Values{}).is(http.StatusSeeOther)
	w.catchUp()
	theirs.get("/offers").has("#results h2", "1 result")
}

func TestWhatFitsIsShownOnBothSidesAndTold(t *testing.T) {
	w := councilsWorld(t)
	mine, theirs := w.officer(ambleford, catalogue.RoleContributor), w.officer(thornmere, catalogue.RoleContributor)
	sought := theirs.offer("Somebody to run delivery", url.Values{"direction": {"seek"}})
	theirs.get(sought).has("#fits", "Nobody that you can see offers this")
	offered := mine.offer("Our delivery manager", nil)
	theirs.get("/inbox").has("main", "Ambleford (demonstration) offers what you seek: Our delivery manager")
	theirs.get(sought).has("#fits", "Our delivery manager")
	p := mine.get(offered)
	p.has("#fits", "Somebody to run delivery")
	p.has("#next", "1 organisation was told")
	theirs.get(offered).hasNot("main", "was told that it fits")
	if strings.Contains(w.anonymous().get("/offers").body, "delivery") {
		t.Error("anybody reads what councils share with each other")
	}
}
