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

func TestWhoMayUseTheFormsOfBodies(t *testing.T) {
	w, agent := bodyWorld(t)
	operator, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "ops@jointly.example", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(t, err)
	invented, err := demonstration.Build(w.Catalogue.Today(), w.Catalogue.Register())
	must(t, err)
	w.add(&invented.Asks[0])
	people := []*browser{w.anonymous(), w.supplier(), agent, w.signedIn(operator), w.officer(brackwater, catalogue.RoleViewer), w.officer(brackwater, catalogue.RoleContributor)}
	ask := "/asks/" + invented.Asks[0].ID
	for _, test := range []struct {
		method, path string
		want         [6]int
	}{
		{http.MethodGet, "/bodies", [6]int{200, 200, 200, 200, 200, 200}},
		{http.MethodGet, "/bodies/demo-local-platforms", [6]int{200, 200, 200, 200, 200, 200}},
		{http.MethodGet, "/bodies/none", [6]int{404, 404, 404, 404, 404, 404}},
		{http.MethodGet, "/bodies/new", [6]int{303, 404, 404, 200, 404, 404}},
		{http.MethodPost, "/bodies/new", [6]int{401, 404, 404, 400, 404, 404}},
		{http.MethodGet, "/bodies/demo-local-platforms/edit", [6]int{303, 404, 404, 200, 404, 404}},
		{http.MethodPost, "/bodies/demo-local-platforms/edit", [6]int{401, 404, 404, 400, 404, 404}},
		{http.MethodGet, "/asks/new?body=demo-local-platforms", [6]int{303, 403, 403, 403, 403, 200}},
		{http.MethodPost, "/asks/new?body=demo-local-platforms", [6]int{401, 403, 403, 403, 403, 400}},
		{http.MethodGet, ask, [6]int{200, 200, 200, 200, 200, 200}},
		{http.MethodPost, ask + "/support", [6]int{401, 403, 403, 403, 403, 400}},
		{http.MethodPost, ask + "/answer", [6]int{401, 403, 400, 403, 403, 403}},
		{http.MethodPost, ask + "/withdraw", [6]int{401, 403, 403, 403, 403, 403}},
		{http.MethodGet, "/desk", [6]int{303, 200, 200, 200, 200, 200}},
		{http.MethodGet, "/inbox", [6]int{303, 200, 200, 200, 200, 200}},
		{http.MethodGet, "/people", [6]int{303, 200, 200, 403, 200, 200}},
		{http.MethodGet, "/estate", [6]int{303, 403, 403, 403, 200, 200}},
		{http.MethodGet, "/market", [6]int{303, 403, 403, 200, 200, 200}},
	} {
		for i, b := range people {
			form := url.Values{}
			if test.method == http.MethodGet {
				form = nil
			}
			if p := b.send(test.method, test.path, form); p.status != test.want[i] {
				t.Errorf("%s %s as number %d: %d, want %d: %s", test.method, test.path, i, p.status, test.want[i], p.text("h1"))
			}
		}
	}
}
