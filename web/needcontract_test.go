package web

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"jointly/catalogue"
)

func TestANeedFromAContract(t *testing.T) {
	w := councilsWorld(t)
	source := catalogue.Source{Text: "Invented for a test"}
	w.add(&catalogue.Contract{Meta: catalogue.Meta{ID: "ours", Ref: "ours"}, Council: ambleford, Title: "Parking permits", Supplier: "Quillbrook Systems (demonstration)",
		Capability: "parking", CapabilityConfirmed: true, End: catalogue.MustDate("2028-09-30"), ExtensionMonths: 12, Stage: catalogue.StageAwarded, Audience: catalogue.Public, Source: source},
		&catalogue.Contract{Meta: catalogue.Meta{ID: "late", Ref: "late"}, Council: ambleford, Title: "Late", End: catalogue.MustDate("2027-03-31"), Stage: catalogue.StageAwarded, Audience: catalogue.Public, Source: source},
		&catalogue.Contract{Meta: catalogue.Meta{ID: "theirs", Ref: "theirs"}, Council: thornmere, Title: "Theirs", Stage: catalogue.StageAwarded, Audience: catalogue.Public, Source: source})
	b := w.officer(ambleford, catalogue.RoleContributor)
	start := func(contract string) *catalogue.NeedDraft {
		t.Helper()
		p := b.get("/intentions/new?contract=" + contract).is(http.StatusOK)
		form := p.form("/intentions/new")
		for range 2 { // sent twice
			b.post("/intentions/new", form).is(http.StatusSeeOther)
		}
		found := b.drafts(ambleford)
		i := slices.IndexFunc(found, func(d *catalogue.NeedDraft) bool { return d.Contract == contract })
		if i < 0 {
			t.Fatalf("no draft of the contract %s: %v", contract, found)
		}
		return found[i]
	}
	d := start("ours")
	for field, want := range map[string]string{"title": "Parking permits", "current_supplier": "Quillbrook Systems (demonstration)", "capability": "parking",
		"window_start-year": "2027", "window_start-month": "3", "window_end-month": "3", "window_end-year": "2029", "lead_months": "6", "contract_end-year": "2028", "extension_months": "12", "visibility": ""} {
		if d.Answers[field] != want {
			t.Errorf("%s is %q, want %q", field, d.Answers[field], want)
		}
	}
	late := start("late").Answers
	if late["window_start-month"] != "11" || late["window_start-year"] != "2026" || late["window_end-month"] != "3" {
		t.Errorf("a window in the past: %v", late)
	}
	if n := len(b.drafts(ambleford)); n != 2 {
		t.Errorf("%d drafts of two contracts", n)
	}
	b.get("/intentions/new?contract=theirs").is(http.StatusForbidden)
	b.post("/intentions/new", url.Values{"contract": {"theirs"}}).is(http.StatusForbidden)
	b.get("/intentions/new?contract=none").is(http.StatusNotFound)
	check := draftPath(d.ID) + "/check"
	in := w.intentionAt(b.post(check, b.get(check).form(check)).is(http.StatusSeeOther).location())
	if in.FromContract != "ours" || in.Capability != "parking" || in.Visibility != catalogue.Councils {
		t.Errorf("made %+v", in)
	}
}

func TestWithdrawing(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleLead)
	address := b.list("Revenues system", nil)
	p := b.post(address+"/withdraw", url.Values{"reason": {" "}}).is(http.StatusBadRequest)
	p.has(".govuk-error-summary", "Say why")
	w.officer(thornmere, catalogue.RoleLead).post(address+"/withdraw", url.Values{"reason": {"mischief"}}).is(http.StatusForbidden)
	b.post(address+"/withdraw", url.Values{"reason": {"We stay where we are"}}).is(http.StatusSeeOther)
	b.get(address).has("main", "We stay where we are")
	b.get(address + "/edit").is(http.StatusConflict)
	b.get(address + "/edit/what").is(http.StatusConflict)
}
