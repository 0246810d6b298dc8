package web

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

// TestACouncilReadsItsTrail: who did what, from which state to which; narrowed, part by part, and as a file.
func TestACouncilReadsItsTrail(t *testing.T) {
	w := councilsWorld(t)
	lead := w.officer(ambleford, catalogue.RoleLead)
	first := lead.list("Revenues system for the trail", nil)
	lead.change(first, "visibility", "public")
	other := w.officer(brackwater, catalogue.RoleLead)
	secret := other.list("Brackwater keeps this to itself", nil)

	p := lead.get("/people/trail").is(http.StatusOK)
	p.has("#trail", "List an intention: intention ‘Revenues system for the trail’")
	p.has("#trail", "Visibility: councils → public")
	p.has("#trail", "Visibility: councils")
	p.hasNot("main", "Brackwater")
	p.has(".jy-filter-bar", "What was done")
	record := strings.Replace(strings.TrimPrefix(first, "/"), "intentions", "intention", 1)
	lead.get("/people/trail?record="+record).is(http.StatusOK).has("main", "All entries about the intention ‘Revenues system for the trail’")
	lead.get("/people/trail?action=join+a+group").is(http.StatusOK).has(".jy-empty", "No entry fits")
	lead.get("/people/trail?before=1").is(http.StatusOK).has(".jy-empty", "nothing older")
	lead.get("/people/trail?before=soon").is(http.StatusBadRequest).has("main", "Go back to the latest entries")
	// What is asked for by name is still not shown.
	stolen := strings.Replace(strings.TrimPrefix(secret, "/"), "intentions", "intention", 1)
	lead.get("/people/trail?record="+stolen).is(http.StatusOK).hasNot("main", "Brackwater")
	lead.get("/people/trail?org="+brackwater).is(http.StatusOK).hasNot("main", "Brackwater")
	other.get("/people/trail").is(http.StatusOK).has("#trail", "Brackwater keeps this to itself") // the control

	for range 4 { // each more than ten entries, of its draft
		lead.list("Filler", nil)
	}
	p = lead.get("/people/trail").is(http.StatusOK)
	for parts := 1; !strings.Contains(p.text("#trail"), "Visibility: councils → public"); parts++ {
		older := strings.Join(p.attributes(".govuk-pagination__next a", "href"), "")
		if !strings.Contains(older, "before=") || parts > 4 {
			t.Fatalf("after %d parts the way to older entries leads to %q", parts, older)
		}
		p = lead.get(older).is(http.StatusOK)
	}
	lead.get("/people").has("#trail", "Read the audit trail")

	file := lead.get("/people/trail.csv").is(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	must(t, err)
	if len(rows) < 40 || rows[0][0] != "event" || strings.Contains(file.body, "Brackwater") {
		t.Errorf("the file has %d rows, the first %v", len(rows), rows[0])
	}
	// It names the end of the trail, for councils; others would learn from it how much is going on.
	head, err := catalogue.ParseAuditHead(http.Header(file.header).Get("Jointly-Audit-Head"))
	must(t, err)
	if holds, err := w.Catalogue.HoldsHead(t.Context(), head); err != nil || !holds {
		t.Errorf("the trail does not hold %v, which the file names: %v", head, err)
	}
	for name, who := range map[string]*browser{"a supplier": w.supplier(), "anybody": w.anonymous()} {
		if named := who.get("/search.csv?q=system").is(http.StatusOK).header["Jointly-Audit-Head"]; named != nil {
			t.Errorf("%s learns %v", name, named)
		}
	}
}

// TestACouncilsTrailIsInWords: what it answered by its service and period, and without what its people were told.
func TestACouncilsTrailIsInWords(t *testing.T) {
	w := councilsWorld(t)
	address := w.operatorOf().opens(callOf("A call for the trail"))
	officer := w.officer(ambleford, catalogue.RoleContributor)
	lead, _, _ := proposedBetween(t, w, url.Values{"title": {"Revenues for two"}}, thornmere) // which tells the other
	rows := "council,lgsl,period_start,period_end,channel,volume,cost_gbp,method\n,528,,,online,12500,,counted\n"
	officer.post(address+"/answer/upload", map[string][]string{"rows": {rows}, "then": {"keep"}}).is(http.StatusSeeOther)
	p := lead.get("/people/trail").is(http.StatusOK).with("#trail", "answer of ‘Bulky household waste collections’, 1 April 2025 to 31 March 2026")
	if strings.Contains(strings.ToLower(p.text("#trail")), "news ") {
		t.Error("the page of the trail lists what people were told")
	}
	if !strings.Contains(lead.get("/people/trail.csv").body, "news") {
		t.Error("the trail itself has lost it")
	}
	lead.get("/people/trail?kind=news").is(http.StatusOK).has("#trail", "ews")
}

// TestTheTrailNamesNobodyToWhomItMayNot: a lead does not read colleagues' addresses, an administrator does; the operator
// reads everybody's trail.
func TestTheTrailNamesNobodyToWhomItMayNot(t *testing.T) {
	w := emptyWorld(t)
	const city = "E08000025"
	_, admin := w.account("admin@birmingham.gov.uk", city, catalogue.RoleAdmin)
	_, lead := w.account("lead@birmingham.gov.uk", city, catalogue.RoleLead)
	_, viewer := w.account("viewer@birmingham.gov.uk", city, catalogue.RoleViewer)
	admin.post("/people/invite", map[string][]string{"email": {"fourth@birmingham.gov.uk"}, "role": {"contributor"}}).is(http.StatusSeeOther)
	admin.get("/people/trail").is(http.StatusOK).has("#trail", "admin@birmingham.gov.uk (administrator")
	lead.get("/people/trail").is(http.StatusOK).hasNot("#trail", "admin@birmingham.gov.uk")
	lead.get("/people/trail").has("#trail", "A colleague (administrator)")
	viewer.get("/people/trail").is(http.StatusForbidden)
	operator, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "operator@example.org", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(t, err)
	o := w.signedIn(operator)
	o.get("/people/trail").is(http.StatusOK).has("#trail", "Role: contributor")
	o.get("/people/trail?org="+city).is(http.StatusOK).has("#trail", "fourth@birmingham.gov.uk")
	o.get("/queue").has("main", "The audit trail")
}
