package web

import (
	"net/http"
	"net/url"
	"testing"

	"jointly/catalogue"
	demonstration "jointly/catalogue/demo"
)

// bodyWorld has the demonstration's councils and its body, and somebody of the body, signed in.
func bodyWorld(t *testing.T) (*world, *browser) {
	t.Helper()
	w := councilsWorld(t)
	invented, err := demonstration.Build(w.Catalogue.Today(), w.Catalogue.Register())
	must(t, err)
	a, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "one@" + invented.Bodies[0].Domain, OrgKind: catalogue.OrgBody, Org: invented.Bodies[0].ID, Role: catalogue.RoleContributor})
	must(t, err)
	return w, w.signedIn(a)
}

func TestCouncilsAskABodyAndItAnswersAll(t *testing.T) {
	w, agent := bodyWorld(t)
	mine, theirs := w.officer(ambleford, catalogue.RoleContributor), w.officer(thornmere, catalogue.RoleContributor)
	const page = "/bodies/demo-local-platforms"
	w.anonymous().get("/bodies").is(http.StatusOK).has("main", "Office for Local Platforms (demonstration)")
	mine.get(page).is(http.StatusOK).has("#asks", "Ask something")
	action := "/asks/new?body=demo-local-platforms"
	form := mine.get(action).is(http.StatusOK).form(action)
	p := mine.post(action, with(form, url.Values{"why": {"Typed <why> before"}})).is(http.StatusBadRequest)
	p.has("#title-error", "Enter a title")
	if kept := p.form(action); kept.Get("why") != "Typed <why> before" || kept.Get("id") != form.Get("id") {
		t.Errorf("what was typed is gone: %v", kept)
	}
	mine.post(action, with(form, url.Values{"title": {"Refunds"}, "why": {"Because"}, "audience": nil})).is(http.StatusBadRequest).has("#audience-error", "who may know")
	var address string
	for range 2 {
		address = mine.post(action, with(form, url.Values{"title": {"Refunds in bulk"}, "why": {"We refund one by one."}})).is(http.StatusSeeOther).location()
	}
	if n := w.count(catalogue.KindAsk); n != 1 {
		t.Fatalf("%d asks of one form", n)
	}
	agent.get("/desk").is(http.StatusOK).has("main", "What councils ask of you")
	agent.get("/desk").with("#asks", "1 ask of councils waits for your answer").has("#asks", "Refunds in bulk")
	agent.get(page).has("#asks", "1 council asks")

	w.anonymous().get(address).is(http.StatusOK).hasNot("#councils", "Ambleford")
	theirs.get(address).has("#councils", "Ambleford (demonstration)")
	support := theirs.get(address).form(address + "/support")
	theirs.post(address+"/support", with(support, url.Values{"action": {"ask"}, "audience": nil})).is(http.StatusBadRequest).has("#audience-error", "who may know")
	theirs.post(address+"/support", with(support, url.Values{"action": {"ask"}, "audience": {"public"}})).is(http.StatusSeeOther)
	p = w.anonymous().get(address)
	p.has("main", "2 councils ask this")
	p.has("#councils", "Thornmere (demonstration)")
	p.has("#councils", "1 council is not named to you")
	p.wellFormed()

	answer := address + "/answer"
	p = agent.post(answer, url.Values{"answer": {"In the <spring>"}}).is(http.StatusBadRequest)
	p.has("#state-error", "Choose what you say")
	if kept := p.form(answer); kept.Get("answer") != "In the <spring>" {
		t.Errorf("what was typed is gone: %v", kept)
	}
	agent.post(answer, url.Values{"answer": {"In the spring"}, "state": {"planned"}}).is(http.StatusSeeOther)
	for _, b := range []*browser{mine, theirs} {
		b.get("/inbox").has("main", "Office for Local Platforms (demonstration) answers: Refunds in bulk")
		b.post(answer, url.Values{"answer": {"No"}, "state": {"not"}}).is(http.StatusForbidden)
	}
	p = w.anonymous().get(address)
	p.has("#answers", "In the spring")
	p.has("main", "Planned")
	mine.post(address+"/withdraw", url.Values{}).is(http.StatusBadRequest).has("#reason-error", "Say why")
	theirs.post(address+"/withdraw", url.Values{"reason": {"x"}}).is(http.StatusForbidden)
	mine.post(address+"/withdraw", url.Values{"reason": {"It is solved"}}).is(http.StatusSeeOther)
	theirs.get(address).has("#withdrawn", "It is solved")
}
