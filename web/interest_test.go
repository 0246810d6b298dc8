package web

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"jointly/catalogue"
)

func TestInterestOnTheLadder(t *testing.T) {
	w := councilsWorld(t)
	owner, other := w.officer(ambleford, catalogue.RoleLead), w.officer(thornmere, catalogue.RoleLead)
	address := owner.list("Revenues system", nil)
	interest := address + "/interest"

	form := other.get(address).is(http.StatusOK).form(interest)
	other.post(interest, form).is(http.StatusBadRequest).has("#rung-error", "Choose watching")
	p := other.post(interest, with(form, url.Values{"rung": {"approved"}, "note": {"We <mean> it"}})).is(http.StatusBadRequest)
	p.has("#approval_ref-error", "reference of the approval")
	if kept := p.form(interest); kept.Get("rung") != "approved" || kept.Get("note") != "We <mean> it" {
		t.Errorf("what was typed is gone: %v", kept)
	}
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			w.anonymous().signed(other).post(interest, url.Values{"rung": {"interested"}, "note": {"Same product"}})
		})
	}
	all.Wait()
	if n := w.count(catalogue.KindInterest); n != 1 {
		t.Errorf("%d records of one form", n)
	}
	other.get(address).has("#interest", "Your council stands at: Interested")
	owner.get(address).has("#interests", "Same product")
	owner.get("/desk").has("#interest", "Thornmere (demonstration)")
	third := w.officer(brackwater, catalogue.RoleContributor)
	third.get(address).hasNot("main", "Thornmere")
	third.get(address).hasNot("#interest", "Approved") // that is for a lead to register
	third.post(interest, url.Values{"rung": {"approved"}, "approval_ref": {"x"}}).is(http.StatusForbidden)
	w.officer(kelderby, catalogue.RoleViewer).get(address).has("aside", "can read only")

	other.post(interest, url.Values{"rung": {"approved"}, "approval_ref": {"Cabinet 14"}}).is(http.StatusBadRequest).has("#volume-error", "Enter the amount")
	other.post(interest, approval("Cabinet 14")).is(http.StatusSeeOther)
	owner.get(address).has("#interests", "reference Cabinet 14")
	other.post(interest, url.Values{"withdraw": {"1"}}).is(http.StatusSeeOther)
	other.post(interest, url.Values{"withdraw": {"1"}}).is(http.StatusSeeOther)
	owner.get(address).has("#interests", "No council yet")
	owner.post(interest, url.Values{"rung": {"interested"}}).is(http.StatusBadRequest) // its own
	owner.post(address+"/withdraw", url.Values{"reason": {"No longer"}}).is(http.StatusSeeOther)
	other.post(interest, url.Values{"rung": {"interested"}}).is(http.StatusConflict)
}

func TestPlatformsAreListedAndUsed(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	form := b.get("/platforms/new").is(http.StatusOK).form("/platforms/new")
	p := b.post("/platforms/new", with(form, url.Values{"website": {"javascript:alert(1)"}, "summary": {"Parking permits and penalty charge notices"}})).is(http.StatusBadRequest)
	p.has("#name-error", "Enter a name")
	p.has("#website-error", "https://")
	p.has("#capabilities-error", "at least one")
	p.has("#understood", "Parking enforcement and permits")
	typed := with(form, url.Values{"name": {"Kerbside"}, "summary": {"Parking permits and penalty charge notices"}, "capabilities": {"parking", "parking", ""}, "standards": {"One\nTwo"}})
	checked := b.post("/platforms/new", with(typed, url.Values{"action": {"check"}, "capabilities": {"", "", ""}})).is(http.StatusOK)
	if got := checked.form("/platforms/new")["capabilities"]; got[0] != "parking" {
		t.Errorf("what was understood is not chosen: %v", got)
	}
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if p := w.anonymous().signed(b).post("/platforms/new", typed); p.status != http.StatusSeeOther || p.location() != "/platforms/kerbside#use" {
				t.Errorf("%d to %q\n%s", p.status, p.location(), p.text("main"))
			}
		})
	}
	all.Wait()
	if n := w.count(catalogue.KindPlatform); n != 1 {
		t.Fatalf("%d platforms of one form", n)
	}
	twin := w.officer(thornmere, catalogue.RoleContributor).post("/platforms/new", typed).is(http.StatusBadRequest)
	twin.has("#name-error", "listed already")
	if got := twin.attributes(".jy-understood a", "href"); len(got) == 0 || got[0] != "/platforms/kerbside#use" {
		t.Errorf("the form does not lead to its twin: %v", got)
	}

	use := "/platforms/kerbside/use"
	p = b.post(use, url.Values{"since-month": {"44"}, "since-year": {"2023"}, "advice": {"Test <permits> first"}}).is(http.StatusBadRequest)
	p.has("#since-error", "month from 1 to 12")
	if kept := p.form(use); kept.Get("advice") != "Test <permits> first" || kept.Get("since-month") != "44" {
		t.Errorf("what was typed is gone: %v", kept)
	}
	b.post(use, url.Values{"since-year": {"2023"}, "advice": {"Test permits first"}}).is(http.StatusSeeOther)
	b.post(use, url.Values{"since-month": {"April"}, "since-year": {"2023"}, "advice": {"Test permits first"}}).is(http.StatusSeeOther)
	if n := w.count(catalogue.KindUse); n != 1 {
		t.Errorf("%d uses by one council", n)
	}
	b.get("/platforms/kerbside").has("main", "Test permits first")
	w.anonymous().get("/platforms/kerbside").hasNot("main", "Test permits first")
	b.post("/platforms/none/use", url.Values{}).is(http.StatusNotFound)
}

func TestEveryDeskSaysWhatToDoNext(t *testing.T) {
	w := councilsWorld(t)
	for says, b := range map[string]*browser{
		"List what you intend to buy": w.officer(ambleford, catalogue.RoleLead), "Your account can read only": w.officer(ambleford, catalogue.RoleViewer),
		"What councils will buy": w.supplier(),
	} {
		b.get("/desk").is(http.StatusOK).has("main", says)
	}
	operator, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "ops@jointly.example", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(t, err)
	w.catchUp()
	desk := w.signedIn(operator).get("/desk").is(http.StatusOK)
	desk.has("main", "jointly verify")
	desk.has("main", "up to date")
	if strings.Contains(desk.body, "councilDesk") {
		t.Error("a type's name is on the page")
	}
}
