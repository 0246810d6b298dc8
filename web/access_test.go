package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
)

// TestWhoMayUseEachForm tries every route of needs and groups as everybody who might.
func TestWhoMayUseEachForm(t *testing.T) {
	w := councilsWorld(t)
	lead, asked, group := proposedBetween(t, w, nil, thornmere)
	intention := lead.list("Another revenues system", nil)
	skills := lead.offer("Delivery manager for two days a month", nil)
	draft, gone := lead.write("A draft of revenues", nil), draftPath("none")
	operator, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "ops@jointly.example", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(t, err)
	people := []struct {
		name string
		b    *browser
	}{
		{"nobody", w.anonymous()}, {"supplier", w.supplier()}, {"operator", w.signedIn(operator)},
		{"other viewer", w.officer(brackwater, catalogue.RoleViewer)}, {"other lead", w.officer(brackwater, catalogue.RoleLead)},
		{"own viewer", w.officer(ambleford, catalogue.RoleViewer)}, {"own contributor", w.officer(ambleford, catalogue.RoleContributor)}, {"own lead", lead},
	}
	must(t, w.Catalogue.ReleaseBefore(t.Context(), 0))
	call := people[2].b.opens(callOf("A call that asks everybody"))
	w.catchUp()
	const get, post = http.MethodGet, http.MethodPost
	// What each gets, in the order of people. 400: it may, and the empty form is refused for what it lacks.
	for _, test := range []struct {
		method, path string
		want         [8]int
	}{
		{get, "/sign-in", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/sign-in/code", [8]int{303, 303, 303, 303, 303, 303, 303, 303}},
		{post, "/sign-in/code", [8]int{303, 303, 303, 303, 303, 303, 303, 303}},
		{get, "/desk", [8]int{303, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/platforms/new", [8]int{303, 403, 403, 403, 200, 403, 200, 200}},
		{post, "/platforms/new", [8]int{401, 403, 403, 403, 400, 403, 400, 400}},
		{post, "/platforms/none/use", [8]int{401, 403, 403, 403, 404, 403, 404, 404}},
		{get, "/intentions/new", [8]int{303, 403, 403, 403, 200, 403, 200, 200}},
		{post, "/intentions/new", [8]int{401, 403, 403, 403, 400, 403, 400, 400}},
		{get, draft, [8]int{303, 403, 403, 403, 404, 403, 200, 200}},
		{get, draft + "/what", [8]int{303, 403, 403, 403, 404, 403, 200, 200}},
		{post, draft + "/what", [8]int{401, 403, 403, 403, 404, 403, 409, 409}},
		{get, draft + "/check", [8]int{303, 403, 403, 403, 404, 403, 200, 200}},
		{post, draft + "/check", [8]int{401, 403, 403, 403, 404, 403, 409, 409}},
		{post, gone + "/delete", [8]int{401, 403, 403, 403, 303, 403, 303, 303}},
		{get, "/search/suggest?q=lee", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/intentions/similar", [8]int{303, 403, 403, 200, 200, 200, 200, 200}},
		{get, intention, [8]int{404, 404, 200, 200, 200, 200, 200, 200}},
		{get, intention + "/edit", [8]int{303, 403, 403, 403, 403, 403, 200, 200}},
		{get, intention + "/edit/what", [8]int{303, 403, 403, 403, 403, 403, 200, 200}},
		{post, intention + "/edit/what", [8]int{401, 403, 403, 403, 403, 403, 409, 409}},
		{post, intention + "/withdraw", [8]int{401, 403, 403, 403, 403, 403, 400, 400}},
		{post, intention + "/interest", [8]int{401, 403, 403, 403, 400, 403, 400, 400}},
		{get, intention + "/matches", [8]int{303, 403, 403, 403, 403, 200, 200, 200}},
		{get, "/groups/new", [8]int{303, 403, 403, 403, 200, 403, 403, 200}},
		{post, "/groups/new", [8]int{401, 403, 403, 403, 404, 403, 403, 404}},
		{get, "/offers", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/offers/new", [8]int{303, 403, 403, 403, 200, 403, 200, 200}},
		{post, "/offers/new", [8]int{401, 403, 403, 403, 400, 403, 400, 400}},
		{get, skills, [8]int{404, 404, 200, 200, 200, 200, 200, 200}},
		{get, skills + "/edit", [8]int{303, 403, 403, 403, 403, 403, 200, 200}},
		{post, skills + "/edit", [8]int{401, 403, 403, 403, 403, 403, 400, 400}},
		{post, skills + "/close", [8]int{401, 403, 403, 403, 403, 403, 400, 400}},
		{post, skills + "/reopen", [8]int{401, 403, 403, 403, 403, 403, 303, 303}},
		{post, skills + "/confirm", [8]int{401, 403, 403, 403, 403, 403, 303, 303}},
		{get, "/talks/new?offer=" + strings.TrimPrefix(skills, "/offers/"), [8]int{303, 403, 403, 403, 200, 403, 200, 200}},
		{get, "/searches", [8]int{303, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/searches/new?address=/search", [8]int{303, 200, 200, 200, 200, 200, 200, 200}},
		{post, "/searches/new", [8]int{401, 400, 400, 400, 400, 400, 400, 400}},
		{get, "/searches/none", [8]int{303, 404, 404, 404, 404, 404, 404, 404}},
		{post, "/searches/none", [8]int{401, 404, 404, 404, 404, 404, 404, 404}},
		{post, "/searches/none/seen", [8]int{401, 404, 404, 404, 404, 404, 404, 404}},
		{post, "/searches/none/feed", [8]int{401, 404, 404, 404, 404, 404, 404, 404}},
		{post, "/searches/none/delete", [8]int{401, 404, 404, 404, 404, 404, 404, 404}},
		{get, "/feeds/searches/none.atom", [8]int{404, 404, 404, 404, 404, 404, 404, 404}},
		{get, "/mail/stop-searches?token=x", [8]int{400, 400, 400, 400, 400, 400, 400, 400}},
		{post, "/mail/stop-searches?token=x", [8]int{400, 400, 400, 400, 400, 400, 400, 400}},
		{get, "/search.csv", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/search.xlsx", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/search.atom", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/research", [8]int{303, 403, 403, 200, 200, 200, 200, 200}},
		{get, "/research/new?address=/search", [8]int{303, 403, 403, 403, 200, 403, 200, 200}},
		{post, "/research/new", [8]int{401, 403, 403, 403, 400, 403, 400, 400}},
		{get, "/research/none", [8]int{303, 404, 404, 404, 404, 404, 404, 404}},
		{post, "/research/none/notes", [8]int{401, 403, 403, 403, 404, 403, 404, 404}},
		{get, "/research/none/end", [8]int{303, 403, 403, 404, 404, 404, 404, 404}},
		{post, "/research/none/end", [8]int{401, 403, 403, 403, 404, 403, 404, 404}},
		{post, "/research/none/discard", [8]int{401, 403, 403, 403, 404, 403, 404, 404}},
		{post, "/research/none/correct", [8]int{401, 403, 403, 404, 404, 404, 404, 404}},
		{get, "/research/none/record.json", [8]int{303, 404, 404, 404, 404, 404, 404, 404}},
		{get, "/estate/import", [8]int{303, 403, 403, 200, 200, 200, 200, 200}},
		{post, "/estate/import", [8]int{401, 403, 403, 400, 400, 400, 400, 400}},
		{get, "/estate/import/sample.csv", [8]int{303, 403, 403, 200, 200, 200, 200, 200}},
		{get, "/estate/import/none", [8]int{303, 403, 403, 404, 404, 404, 404, 404}},
		{get, "/estate/import/none/columns", [8]int{303, 403, 403, 404, 404, 404, 404, 404}},
		{post, "/estate/import/none/columns", [8]int{401, 403, 403, 404, 404, 404, 404, 404}},
		{get, "/estate/import/none/buyer", [8]int{303, 403, 403, 404, 404, 404, 404, 404}},
		{post, "/estate/import/none/buyer", [8]int{401, 403, 403, 404, 404, 404, 404, 404}},
		{get, "/estate/import/none/check", [8]int{303, 403, 403, 404, 404, 404, 404, 404}},
		{get, "/estate/import/none/problems.csv", [8]int{303, 403, 403, 404, 404, 404, 404, 404}},
		{post, "/estate/import/none/import", [8]int{401, 403, 403, 404, 404, 404, 404, 404}},
		{post, "/estate/import/none/undo", [8]int{401, 403, 403, 404, 404, 404, 404, 404}},
		{post, "/estate/import/none/share", [8]int{401, 403, 403, 403, 404, 403, 404, 404}},
		{get, "/people/data.zip", [8]int{303, 403, 403, 403, 200, 403, 403, 200}},
		{get, "/people/trail", [8]int{303, 403, 200, 403, 200, 403, 403, 200}},
		{get, "/people/trail.csv", [8]int{303, 403, 200, 403, 200, 403, 403, 200}},
		{get, "/people", [8]int{303, 200, 403, 200, 200, 200, 200, 200}},
		{post, "/people/ask", [8]int{401, 400, 403, 400, 400, 400, 400, 400}},
		{get, "/supplier", [8]int{303, 200, 403, 403, 403, 403, 403, 403}},
		{get, "/supplier/join", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{post, "/supplier/join", [8]int{400, 400, 400, 400, 400, 400, 400, 400}},
		{post, "/supplier/again", [8]int{401, 400, 403, 403, 403, 403, 403, 403}},
		{get, "/supplier/platforms/new", [8]int{303, 200, 403, 403, 403, 403, 403, 403}},
		{post, "/supplier/platforms/new", [8]int{401, 400, 403, 403, 403, 403, 403, 403}},
		{post, "/supplier/requests/none/withdraw", [8]int{401, 404, 403, 403, 403, 403, 403, 403}},
		{get, "/platforms/none/keep", [8]int{303, 404, 403, 403, 403, 403, 403, 403}},
		{post, "/platforms/none/keep", [8]int{401, 404, 403, 403, 403, 403, 403, 403}},
		{post, "/platforms/none/stated", [8]int{401, 403, 403, 403, 404, 403, 404, 404}},
		{post, "/queue/requests/none", [8]int{401, 404, 404, 404, 404, 404, 404, 404}},
		{get, "/follow", [8]int{303, 200, 200, 200, 200, 200, 200, 200}},
		{post, "/follow", [8]int{401, 400, 400, 400, 400, 400, 400, 400}},
		{get, "/market", [8]int{303, 403, 200, 200, 200, 200, 200, 200}},
		{get, "/market.csv", [8]int{303, 403, 200, 200, 200, 200, 200, 200}},
		{get, "/market/parking", [8]int{303, 403, 200, 200, 200, 200, 200, 200}},
		{get, "/market/parking/market.csv", [8]int{303, 403, 200, 200, 200, 200, 200, 200}},
		{get, "/market/none", [8]int{303, 404, 404, 404, 404, 404, 404, 404}},
		{post, "/people/invite", [8]int{401, 403, 403, 403, 403, 403, 403, 403}},
		{post, "/people/none/role", [8]int{401, 403, 404, 403, 403, 403, 403, 403}},
		{post, "/people/none/answer", [8]int{401, 403, 404, 403, 403, 403, 403, 403}},
		{post, "/people/none/end", [8]int{401, 403, 404, 403, 403, 403, 403, 403}},
		{post, "/people/none/reset", [8]int{401, 403, 404, 403, 403, 403, 403, 403}},
		{post, "/people/none/reset/answer", [8]int{401, 400, 400, 400, 400, 400, 400, 400}},
		{get, "/sign-in/council", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{post, "/sign-in/council", [8]int{400, 400, 400, 400, 400, 400, 400, 400}},
		{get, "/sign-in/council/callback", [8]int{400, 400, 400, 400, 400, 400, 400, 400}},
		{get, "/security", [8]int{303, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/security/set-up", [8]int{303, 303, 303, 303, 303, 303, 303, 303}},
		{get, "/security/app", [8]int{303, 200, 200, 200, 200, 200, 200, 200}},
		{post, "/security/app", [8]int{401, 400, 400, 400, 400, 400, 400, 400}},
		{get, "/security/passkey", [8]int{303, 404, 404, 404, 404, 404, 404, 404}}, // none at this address
		{post, "/security/passkey", [8]int{401, 404, 404, 404, 404, 404, 404, 404}},
		{post, "/security/app/remove", [8]int{401, 303, 303, 403, 403, 403, 403, 403}}, // personas have none
		{post, "/security/passkeys/none/remove", [8]int{401, 303, 303, 403, 403, 403, 403, 403}},
		{post, "/security/recovery", [8]int{401, 409, 409, 403, 403, 403, 403, 403}},
		{post, "/security/sessions/none/end", [8]int{401, 303, 303, 303, 303, 303, 303, 303}},
		{get, "/sign-in/confirm", [8]int{303, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/queue", [8]int{303, 404, 200, 404, 404, 404, 404, 404}},
		{get, "/baseline", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/baseline/528", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/baseline/editions", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{post, "/baseline/editions", [8]int{401, 404, 303, 404, 404, 404, 404, 404}},
		{get, "/baseline/editions/1", [8]int{404, 404, 404, 404, 404, 404, 404, 404}}, // nobody has returned anything
		{get, "/baseline/editions/1/figures.csv", [8]int{404, 404, 404, 404, 404, 404, 404, 404}},
		{get, "/baseline/editions/1/figures.json", [8]int{404, 404, 404, 404, 404, 404, 404, 404}},
		{get, "/baseline/editions/1/withheld", [8]int{303, 404, 404, 404, 404, 404, 404, 404}},
		{get, "/demand/releases/1", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/demand/releases/1/figures.csv", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/demand/releases/1/withheld", [8]int{303, 404, 200, 404, 404, 404, 404, 404}},
		{get, "/demand/withheld", [8]int{303, 404, 303, 404, 404, 404, 404, 404}},
		{get, "/plan/figures.csv", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/plan/figures.json", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/evidence", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/calls", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, "/calls/new", [8]int{303, 404, 200, 404, 404, 404, 404, 404}},
		{post, "/calls/new", [8]int{401, 404, 400, 404, 404, 404, 404, 404}},
		{get, call, [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
		{get, call + "/edit", [8]int{303, 404, 200, 404, 404, 404, 404, 404}},
		{post, call + "/edit", [8]int{401, 404, 400, 404, 404, 404, 404, 404}},
		{get, call + "/run", [8]int{303, 404, 200, 404, 404, 404, 404, 404}},
		{post, "/calls/none/open", [8]int{401, 404, 404, 404, 404, 404, 404, 404}},
		{post, "/calls/none/close", [8]int{401, 404, 404, 404, 404, 404, 404, 404}},
		{post, "/calls/none/delete", [8]int{401, 404, 303, 404, 404, 404, 404, 404}},
		{get, call + "/questions/q1", [8]int{303, 404, 200, 404, 404, 404, 404, 404}},
		{post, call + "/questions/q1", [8]int{401, 404, 303, 404, 404, 404, 404, 404}},
		{post, call + "/questions/q1/themes", [8]int{401, 404, 400, 404, 404, 404, 404, 404}},
		{post, call + "/questions/q1/themes/t9", [8]int{401, 404, 404, 404, 404, 404, 404, 404}},
		{post, call + "/questions/q1/themes/t9/join", [8]int{401, 404, 404, 404, 404, 404, 404, 404}},
		{get, call + "/answer", [8]int{303, 403, 403, 200, 200, 200, 200, 200}},
		{get, call + "/answer/services/59", [8]int{303, 403, 403, 200, 200, 200, 200, 200}},
		{post, call + "/answer/services/59", [8]int{401, 403, 403, 403, 303, 403, 303, 303}},
		{get, call + "/answer/questions/q1", [8]int{303, 403, 403, 200, 200, 200, 200, 200}},
		{post, call + "/answer/questions/q1", [8]int{401, 403, 403, 403, 303, 403, 303, 303}},
		{get, call + "/answer/upload", [8]int{303, 403, 403, 200, 200, 200, 200, 200}},
		{post, call + "/answer/upload", [8]int{401, 403, 403, 403, 400, 403, 400, 400}},
		{get, call + "/answer/template.csv", [8]int{303, 403, 403, 200, 200, 200, 200, 200}},
		{get, call + "/answer/template.xlsx", [8]int{303, 403, 403, 200, 200, 200, 200, 200}},
		{get, call + "/answer/sign", [8]int{303, 403, 403, 200, 200, 200, 200, 200}},
		{post, call + "/answer/sign", [8]int{401, 403, 403, 403, 409, 403, 403, 409}},
		{post, call + "/answer", [8]int{401, 403, 403, 403, 303, 403, 303, 303}},
		{post, group + "/offer", [8]int{401, 403, 403, 400, 400, 400, 400, 400}},
		{post, group + "/deputy", [8]int{401, 403, 403, 403, 403, 403, 403, 303}},
		{post, group + "/conflicts", [8]int{401, 403, 403, 400, 400, 400, 400, 400}},
		{post, group + "/move", [8]int{401, 403, 403, 403, 403, 403, 403, 409}},
		{get, group, [8]int{404, 404, 200, 200, 200, 200, 200, 200}},
		{get, group + "/savings", [8]int{404, 404, 200, 404, 404, 200, 200, 200}},
		{post, group + "/savings", [8]int{401, 403, 403, 403, 404, 403, 303, 303}},
		{get, group + "/report", [8]int{404, 404, 200, 404, 404, 200, 200, 200}},
		{get, group + "/report.docx", [8]int{404, 404, 200, 404, 404, 200, 200, 200}},
		{get, group + "/agreement", [8]int{404, 404, 200, 404, 404, 200, 200, 200}},
		{get, group + "/agreement.docx", [8]int{404, 404, 200, 404, 404, 200, 200, 200}},
		{get, group + "/notice", [8]int{404, 404, 200, 404, 404, 200, 200, 200}},
		{get, group + "/notice.json", [8]int{404, 404, 200, 404, 404, 200, 200, 200}},
		{get, group + "/notice.txt", [8]int{404, 404, 200, 404, 404, 200, 200, 200}},
		{post, group + "/notice", [8]int{401, 403, 403, 403, 404, 403, 403, 400}},
		{post, group + "/notice/remove", [8]int{401, 403, 403, 403, 404, 403, 403, 303}},
		{post, group + "/answer", [8]int{401, 403, 403, 400, 400, 400, 400, 400}},
		{post, group + "/join", [8]int{401, 403, 403, 400, 400, 400, 400, 400}},
		{post, group + "/leave", [8]int{401, 403, 403, 403, 403, 403, 403, 400}},
		{post, group + "/lead", [8]int{401, 403, 403, 403, 403, 403, 403, 303}},
		{post, group + "/stand", [8]int{401, 403, 403, 403, 403, 403, 403, 400}},
		{post, group + "/invite", [8]int{401, 403, 403, 400, 400, 400, 400, 400}},
	} {
		for i, person := range people {
			form := url.Values{}
			if test.method == get {
				form = nil
			}
			if p := person.b.send(test.method, test.path, form); p.status != test.want[i] {
				t.Errorf("%s %s as %s: %d, want %d: %s", test.method, test.path, person.name, p.status, test.want[i], p.text("h1"))
			}
		}
	}
	// With a form that is whole, a role that is too low is refused, and an outsider.
	full := url.Values{"answer": {"accept"}, "reason": {"x"}, "take": {"yes"}, "rung": {"intends"}, "intention": {strings.TrimPrefix(intention, "/intentions/")}}
	for _, action := range []string{"answer", "leave", "lead", "stand", "invite"} {
		for _, person := range people[3:7] {
			person.b.post(group+"/"+action, full).is(http.StatusForbidden)
		}
	}
	asked[0].post(group+"/answer", full).is(http.StatusSeeOther)
}

// TestEachFormHasARouteOfItsOwn keeps the table of who may do what whole.
func TestEachFormHasARouteOfItsOwn(t *testing.T) {
	w := emptyWorld(t)
	open := []string{"/sign-in", "/sign-in/code", "/sign-out", "/mail/stop", "/mail/stop-searches", "/supplier/join", "/sign-in/council"}
	// Of whoever has an account, or with people of suppliers and the operator.
	shared := []string{"/platforms/:id/edit", "/inbox/read", "/inbox/settings", "/people/invite", "/people/:id/role", "/people/:id/answer", "/people/:id/end",
		"/people/ask", "/supplier/again", "/supplier/platforms/new", "/supplier/requests/:id/withdraw", "/platforms/:id/keep", "/follow",
		"/searches/new", "/searches/:id", "/searches/:id/seen", "/searches/:id/feed", "/searches/:id/delete", "/signals/:id/questions", "/plan/recommendations/:id/progress", "/signals/:id/follow", "/asks/:id/answer",
		"/people/:id/reset", "/people/:id/reset/answer", "/security/app/remove", "/security/passkeys/:id/remove", "/security/recovery", "/security/sessions/:id/end", "/security/sign-out"}
	// Of whoever has an account and is still on the way in.
	onTheWay := []string{"/sign-in/confirm", "/security/app", "/security/passkey"}
	for _, r := range w.routes() {
		if r.method == http.MethodPost && r.access != council && r.access != operator && r.access != demo && !slices.Contains(open, r.path) && !(r.access == signedIn && slices.Contains(shared, r.path)) && !(r.access == entering && slices.Contains(onTheWay, r.path)) {
			t.Errorf("%s %s is for %s", r.method, r.path, r.access)
		}
	}
}
