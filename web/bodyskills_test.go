package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
)

func TestABodyOffersSkillsAndTalksWithACouncil(t *testing.T) {
	w, agent := bodyWorld(t)
	mine, theirs := w.officer(ambleford, catalogue.RoleContributor), w.officer(thornmere, catalogue.RoleContributor)
	const page, name = "/bodies/demo-local-platforms", "Office for Local Platforms (demonstration)"
	agent.get("/desk").is(http.StatusOK).has("main", "What you offer and seek")
	p := agent.get(page).is(http.StatusOK)
	p.has("#skills", "Offer or seek skills")
	p.has("#skills", "Nothing yet")
	w.anonymous().get(page).hasNot("main", "Skills and leadership that it offers")

	sought := mine.offer("A designer for forms", url.Values{"direction": {"seek"}, "role": {"content"}, "audience": {"councils"}})
	form := agent.get("/offers/new").is(http.StatusOK)
	form.has("fieldset", "Does your organisation offer or seek?")
	form.has("main", "Other bodies do not see it")
	form.hasNot("main", "your council")
	said := with(form.form("/offers/new"), url.Values{"title": {"Our <designer>"}, "direction": {"offer"}, "terms": {"free"}})
	again := agent.post("/offers/new", said).is(http.StatusBadRequest)
	again.has("#role-error", "kind of work")
	if kept := again.form("/offers/new"); kept.Get("title") != "Our <designer>" || kept.Get("audience") != "councils" {
		t.Errorf("what was typed is gone: %v", kept)
	}
	offered := agent.post("/offers/new", with(said, url.Values{"role": {"content"}, "title": {"Our designer"}})).is(http.StatusSeeOther).location()
	w.catchUp()
	p = agent.get(offered).is(http.StatusOK)
	p.has("#next", "Your organisation’s offer")
	p.has("#fits", "Nobody that you can see seeks this")
	p.hasNot("#next", "told that it fits")
	p.wellFormed()
	agent.get(sought).is(http.StatusNotFound)
	w.anonymous().get(offered).is(http.StatusNotFound)
	agent.get("/offers").hasNot("#results", "designer")

	// The council that seeks is told, finds it by who offers, and asks to talk.
	mine.get("/inbox").has("main", name+" offers what you seek: Our designer")
	mine.get(sought).has("#fits", name+", central government")
	found := mine.get("/offers?owner=central").is(http.StatusOK)
	found.has(".jy-result", name+", central government")
	found.has("#facets", "Who offers or seeks")
	mine.get("/offers?owner=council").hasNot("#results", "Our designer")
	mine.get("/offers?owner=sector").has("#results h2", "No results")
	mine.get("/offers?q=local+platforms").has(".jy-result__title", "Our designer")
	mine.get("/offers?body=demo-local-platforms").has("#facets", name)
	if csv := mine.get("/search.csv?kind=offer&owner=central").body; !strings.Contains(csv, name) || !strings.Contains(csv, "Listed by the body") {
		t.Errorf("the file lacks whose it is: %s", csv)
	}
	mine.get(page).has("#skills", "Our designer")
	ask := mine.get("/talks/new?offer=" + last(offered)).is(http.StatusOK)
	ask.has("h1", "Ask "+name+" to talk")
	talk := mine.post("/talks/new", with(ask.form("/talks/new"), url.Values{"text": {"Free in March?"}})).is(http.StatusSeeOther).location()

	agent.get("/desk").with("#talks", "1 talk waits for your organisation").with("#talks", "Our designer").has("main", "1 waits for your answer")
	agent.get("/inbox").has("main", "Ambleford (demonstration) asks to talk: Our designer")
	agent.get("/talks").is(http.StatusOK).has("#waiting", "waits for your organisation")
	p = agent.get(talk).is(http.StatusOK)
	p.has("main", "Your offer")
	p.has("main", "Free in March?")
	p.hasNot("main", "your council")
	p.hasNot("main", "officers.example")
	p.wellFormed()
	reply := with(p.form(talk), url.Values{"text": {"Yes, from the 8th"}})
	agent.post(talk, reply).is(http.StatusSeeOther)
	agent.get("/desk").without("#talks")
	mine.get(talk).has("main", "Yes, from the 8th")
	mine.get("/desk").has("main", name)
	theirs.get(talk).is(http.StatusNotFound)
	agent.post(talk+"/share", url.Values{}).is(http.StatusSeeOther)
	mine.get(talk).hasNot("main", "one@localplatforms.example")
	mine.post(talk+"/share", url.Values{}).is(http.StatusSeeOther)
	mine.get(talk).has("#contacts", "one@localplatforms.example")
	agent.get(talk).has("#contacts", "demo-01-contributor@officers.example")

	// Everybody: the page of the body, the sitemap. Closed, it stands among its own alone.
	edit := agent.get(offered + "/edit").is(http.StatusOK).form(offered + "/edit")
	agent.post(offered+"/edit", with(edit, url.Values{"audience": {"public"}})).is(http.StatusSeeOther)
	w.catchUp()
	w.anonymous().get(page).is(http.StatusOK).has("#skills", "Our designer")
	if all := w.anonymous().mapped(); !slices.Contains(all, offered) || !slices.Contains(all, page) {
		t.Errorf("it is not in the sitemap: %v", all[:min(len(all), 40)])
	}
	agent.post(offered+"/close", url.Values{"how": {"filled"}}).is(http.StatusSeeOther)
	w.anonymous().get(page).hasNot("main", "Our designer")
	agent.get(page).has("#skills", "Closed")
	agent.post(offered+"/reopen", url.Values{}).is(http.StatusSeeOther)

	// The other way: the council's search is public now, and the body asks.
	change := mine.get(sought + "/edit").is(http.StatusOK).form(sought + "/edit")
	mine.post(sought+"/edit", with(change, url.Values{"audience": {"public"}})).is(http.StatusSeeOther)
	agent.get("/inbox").has("main", "Ambleford (demonstration) seeks what you offer: A designer for forms")
	agent.get(offered).has("#fits", "A designer for forms")
	agent.get(sought).is(http.StatusOK).has("#talk", "Ask to talk")
	ask = agent.get("/talks/new?offer=" + last(sought)).is(http.StatusOK)
	ask.hasNot("main", "your council")
	agent.post("/talks/new", with(ask.form("/talks/new"), url.Values{"text": {"We have one"}})).is(http.StatusSeeOther)
	mine.get("/talks").has("main", name)
	agent.get("/talks/new?with=" + last(mine.list("Revenues", url.Values{"visibility": {"public"}}))).is(http.StatusForbidden)
}
