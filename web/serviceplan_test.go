package web

import (
	"net/http"
	"strings"
	"testing"

	"jointly/catalogue"
)

// TestAServicesPageLeadsToTheEvidenceAndThePlan: the calls that ask about it, what was found, what councils ask of bodies; and no
// draft of them.
func TestAServicesPageLeadsToTheEvidenceAndThePlan(t *testing.T) {
	w := councilsWorld(t)
	operator, nobody := w.operatorOf(), w.anonymous()
	nobody.get("/services/528").is(http.StatusOK).has("#plan", "No call for evidence has asked about this service yet")
	open := operator.opens(callOf("Asked of everybody"))
	operator.post("/calls/new", callOf("Asked of nobody yet")).is(http.StatusSeeOther)
	for title, publish := range map[string]bool{"Most are online": true, "Not sure yet": false} {
		_, err := w.Catalogue.SaveFinding(t.Context(), catalogue.Operator("test"), catalogue.PlanFinding{Meta: catalogue.Meta{ID: catalogue.NewID()}, Title: title, Need: catalogue.NeedChannels,
			Evidence: []catalogue.Evidence{{Path: "/baseline/528#shares", Says: "62% online"}}}, publish, "")
		must(t, err)
	}
	service, ok := w.Catalogue.Register().Service(528)
	if !ok || len(service.Tiers) == 0 {
		t.Fatal("the register has no service 528")
	}
	items, err := w.Catalogue.Load(t.Context(), catalogue.Anonymous(), []catalogue.Key{{Kind: catalogue.KindService, ID: "528"}})
	must(t, err)
	lead := w.officer(ambleford, catalogue.RoleContributor)
	const page = "/asks/new?body=demo-local-platforms"
	form := lead.get(page).is(http.StatusOK).form(page)
	form.Set("title", "One notice for missed collections")
	form.Set("why", "Each of us pays for the same.")
	form.Set("capability", items[0].(*catalogue.Service).Capability)
	lead.post(page, form).is(http.StatusSeeOther)

	p := nobody.get("/services/528").is(http.StatusOK).with("#plan", "Asked of everybody").with("#plan", "Most are online").with("#plan", "One notice for missed collections")
	for _, hidden := range []string{"Asked of nobody yet", "Not sure yet", "Ambleford"} {
		if strings.Contains(p.body, hidden) {
			t.Errorf("the page tells nobody of %q", hidden)
		}
	}
	if !strings.Contains(p.body, `href="`+open+`"`) {
		t.Errorf("the page does not lead to %s", open)
	}
	nobody.get("/services/437").is(http.StatusOK).without("#plan .jy-ledger")
}
