package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	ical "github.com/arran4/golang-ical"

	"jointly/catalogue"
)

// held is a contract of a council, as its register tells of it.
func held(council, id, title, end string) *catalogue.Contract {
	return &catalogue.Contract{Meta: catalogue.Meta{ID: id, Ref: id}, Council: council, Title: title, Supplier: "Quillbrook Systems (demonstration)", Capability: "parking",
		Value: 400_000, Start: catalogue.MustDate("2023-04-01"), End: catalogue.MustDate(end), Stage: catalogue.StageAwarded, Audience: catalogue.Own,
		Source: catalogue.Source{Text: "Contracts register of the council", Date: catalogue.MustDate("2026-04-01")}}
}

// estateWorld has contracts of two councils; those of the other have a canary in their titles.
func estateWorld(t *testing.T) *world {
	t.Helper()
	w := councilsWorld(t)
	soon := held(ambleford, "soon", "Parking permits", "2027-06-30")
	soon.NoticeMonths, soon.ExtensionMonths, soon.ExVAT, soon.CapabilityConfirmed = 6, 12, true, true
	later := held(ambleford, "later", "Street lighting", "2029-03-31")
	rolling := held(ambleford, "rolling", "Committee papers", "")
	rolling.EndNote, rolling.Audience = "rolling", catalogue.Public
	rolling.Source.Kind = "award"
	w.add(soon, later, rolling, held(ambleford, "undated", "Land charges", ""), held(ambleford, "over", "Old website", "2025-03-31"),
		held(thornmere, "theirs", "Canarytheirs telephony", "2027-03-31"))
	return w
}

func TestTheEstateSaysWhatToDecideNext(t *testing.T) {
	w := estateWorld(t)
	b := w.officer(ambleford, catalogue.RoleLead)
	p := b.get("/estate").is(http.StatusOK)
	p.wellFormed()
	p.has("h1", "My estate: 4 contracts, £161,000 a year")
	p.has("#next h2", "Next: Parking permits, decide by 31 December 2026")
	p.has("#next", "needs six months’ notice to end or to extend. It may be extended to 30 June 2028")
	p.has("#next", "tender November 2026 to December 2027 , about £400,000 ex VAT over the whole term")
	p.has("#next", "Without extension the tender must start by 30 December 2026; with it, it must start by 30 December 2027. Six months from tender to going live are assumed")
	if got := p.form("/intentions/new").Get("contract"); got != "soon" {
		t.Errorf("the intention would be made of %q", got)
	}
	if got := p.attributes("#next a", "href"); len(got) != 1 || got[0] != "/contracts/soon/edit?extend=yes" {
		t.Errorf("the panel leads to %q", got)
	}
	counts := p.texts(".jy-counts__item")
	if len(counts) != 4 || !strings.HasPrefix(counts[0], "0 end within 6 months") || counts[1] != "1 within 12 months £94,000 a year" {
		t.Errorf("the counts are %q", counts)
	}
	p.has(".jy-flag", "2 contracts state no end date , in no figure above")
	p.has("#ends tbody tr", "Parking permits Quillbrook Systems (demonstration) 31 December 2026 30 June 2027 30 June 2028 £94,137 Make an intention")
	p.has("#ends tbody tr", "Later")
	p.hasNot("#ends tbody", "Old website")
	p.has("#dates", "the register says ‘rolling’")
	p.has("#money", "The largest supplier, £ a year: 100% of the total")
	p.has(".govuk-service-navigation__item--active", "My estate")
	b.get("/estate?by=supplier&over=25000").is(http.StatusOK).has("#ends h3", "Quillbrook Systems (demonstration)")
	b.get("/estate?by=x&over=999999999").is(http.StatusOK).has("#ends", "No contract with an end date")
	b.get("/estate/contracts?show=ended").is(http.StatusOK).has("tbody tr", "Old website")
	b.get("/estate/contracts?within=12").is(http.StatusOK).has("#count", "1 contract")
	b.get("/estate/contracts?find=LIGHT&sort=value").is(http.StatusOK).has("tbody tr", "Street lighting")
	b.get("/estate/spend").is(http.StatusOK).has("tbody tr", "Quillbrook Systems (demonstration) 4 2 not stated")
	b.get("/estate/prices").is(http.StatusOK).has("main", "do five other councils publish")
	w.anonymous().get("/").hasNot(".govuk-service-navigation", "My estate")
	w.supplier().get("/").hasNot(".govuk-service-navigation", "My estate")
	empty := w.officer(kelderby, catalogue.RoleContributor).get("/estate").is(http.StatusOK)
	empty.wellFormed()
	empty.has("#first", "bring in the contracts register")
}

func TestOneStepFromAContractToAnIntention(t *testing.T) {
	w := estateWorld(t)
	b := w.officer(ambleford, catalogue.RoleLead)
	p := b.get("/intentions/new?contract=soon").is(http.StatusOK)
	p.wellFormed()
	p.has("#filled", "Without extension the tender must start by 30 December 2026")
	p.has("#filled", "£400,000. That is without VAT")
	check := b.post("/intentions/new", p.form("/intentions/new")).is(http.StatusSeeOther).location()
	draft := strings.TrimSuffix(check, "/check")
	filled := b.get(check).is(http.StatusOK)
	filled.wellFormed()
	filled.has("#filled", "Without extension the tender must start by 30 December 2026")
	for _, says := range []string{"Title Parking permits", "What it is for Parking enforcement and permits", "Present contract ends 30 June 2027", "Extension that can be used 12 months",
		"From tender to going live 6 months", "Latest start of the tender 30 December 2027", "Highest budget £400,000 ex VAT, £480,000 inc VAT", "Supplier now Quillbrook Systems (demonstration)"} {
		filled.has(".govuk-summary-list__row", says)
	}
	filled.has("#filled", "Only your council sees this contract")
	filled.hasNot("main", "missing or to be put right")
	if to := b.get("/intentions/new?contract=soon").is(http.StatusSeeOther).location(); to != draft {
		t.Errorf("a second draft from the same contract: %s", to)
	}
	b.get("/estate").has("#next .govuk-button", "Go on with your draft")
	b.get("/contracts/soon").has(".jy-panel .govuk-button", "Go on with your draft")
	wrong := b.answer(draft, "contract", url.Values{"lead_months": {"half a year"}}).is(http.StatusBadRequest)
	if kept := wrong.form(draft + "/contract"); kept.Get("lead_months") != "half a year" || kept.Get("contract_end-year") != "2027" {
		t.Errorf("the form forgets: %v", kept)
	}
	b.answer(draft, "contract", url.Values{"lead_months": {"6"}}).is(http.StatusSeeOther)
	b.answer(draft, "audience", url.Values{"sensitive": {"Not told"}}).is(http.StatusSeeOther)
	address := strings.TrimSuffix(b.post(check, b.get(check).form(check)).is(http.StatusSeeOther).location(), "/matches")
	if to := b.get("/intentions/new?contract=soon").is(http.StatusSeeOther).location(); to != address {
		t.Errorf("a second intention from the same contract: %s", to)
	}
	w.catchUp()
	b.get("/estate").is(http.StatusOK).has("#ends tbody tr", "Intention listed")
	b.get("/contracts/soon").has(".jy-panel", "You have listed what is to follow it")
	own := b.get(address).is(http.StatusOK)
	own.has("#sensitive", "because: Not told")
	own.has(".govuk-summary-list__row", "£400,000 ex VAT, which is £480,000 inc VAT")
	preview := b.get(address + "/preview").is(http.StatusOK)
	preview.wellFormed()
	preview.has("tbody tr", "Budget not shown not shown not shown not shown") // as of the contract, which is its council's own
	preview.has("tbody tr", "Commercially sensitive, because not shown not shown not shown Not told")
	other := w.officer(thornmere, catalogue.RoleLead)
	other.get(address).is(http.StatusOK).hasNot("main", "Not told")
	other.get(address + "/preview").is(http.StatusNotFound)
	room := proposedWith(b, address, other.list("Parking back office", url.Values{"understood": {"parking"}, "description": {"Penalty charges and permits"}, "window_start-year": {"2027"}}))
	other.get(room).hasNot("main", "Not told")
	other.post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	other.get(room).is(http.StatusOK).has("#members", "Sensitive because: Not told")
	b.get("/estate").is(http.StatusOK).has("#ends tbody tr", "In a group of 2")
}

func TestDatesInBulkKeepWhatWasTyped(t *testing.T) {
	w := estateWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	form := b.get("/estate").is(http.StatusOK).form("/estate/dates")
	p := b.post("/estate/dates", with(form, url.Values{"end-rolling-day": {"31"}, "end-rolling-month": {"3"}, "end-rolling-year": {"2028"},
		"end-undated-day": {"31"}, "end-undated-month": {"Smarch"}, "end-undated-year": {"2028"}})).is(http.StatusBadRequest)
	p.has(".govuk-notification-banner", "1 date is saved")
	p.has(".govuk-error-summary", "Land charges: the end date must have a month from 1 to 12")
	p.has("#end-undated-error", "must have a month")
	for _, href := range p.attributes(".govuk-error-summary__list a", "href") {
		if len(p.all(href)) != 1 {
			t.Errorf("the summary leads to %s, which is not there", href)
		}
	}
	kept := p.form("/estate/dates")
	if kept.Get("end-undated-month") != "Smarch" || kept.Has("end-rolling-month") {
		t.Errorf("the form has %v", kept)
	}
	early := b.post("/estate/dates", with(kept, url.Values{"end-undated-month": {"3"}, "end-undated-year": {"2020"}})).is(http.StatusBadRequest)
	early.has("#end-undated-error", "after the start date")
	b.post("/estate/dates", with(kept, url.Values{"end-undated-month": {"March"}})).is(http.StatusSeeOther)
	b.post("/estate/dates", with(kept, url.Values{"end-undated-month": {"April"}, "end-undated-day": {"30"}})).is(http.StatusBadRequest).has("#end-undated-error", "It ends on 31 March 2028 by now")
	b.get("/estate/dates").is(http.StatusOK).has("main", "Every contract states when it ends")
	b.post("/estate/dates", url.Values{"contract": {"theirs"}, "end-theirs-month": {"3"}, "end-theirs-year": {"2030"}}).is(http.StatusBadRequest)
	if k, err := w.Catalogue.Contract(t.Context(), catalogue.Operator("test"), "theirs"); err != nil || k.End.String() != "2027-03-31" {
		t.Errorf("another council's contract was changed: %v %v", k, err)
	}
	// What public records told is corrected, in the open.
	page := w.anonymous().get("/contracts/rolling").is(http.StatusOK)
	page.has("#source", "By the council on 23 November 2026")
	page.has("#source", "Award notice")
}

func TestConfirmingInBulk(t *testing.T) {
	w := estateWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	form := b.get("/estate/confirm").is(http.StatusOK).form("/estate/confirm")
	b.post("/estate/confirm", url.Values{}).is(http.StatusBadRequest).has(".govuk-error-message", "Tick those")
	b.post("/estate/confirm", form).is(http.StatusSeeOther)
	b.get("/estate").has(".govuk-notification-banner", "4 contracts are confirmed")
	b.get("/estate/confirm").has("main", "Nothing is due")
	form = b.get("/estate/capabilities").is(http.StatusOK).form("/estate/capabilities")
	p := b.post("/estate/capabilities", with(form, url.Values{"for-later": {"witchcraft"}, "for-rolling": {"democratic"}})).is(http.StatusBadRequest)
	p.has(".govuk-error-summary", "Street lighting: unknown capability 'witchcraft'")
	p.has("#for-later-error", "Unknown capability")
	b.post("/estate/capabilities", with(form, url.Values{"for-later": {"highways"}, "for-rolling": {"democratic"}})).is(http.StatusSeeOther)
	b.get("/contracts/rolling").hasNot("#facts", "not confirmed it")
}

func TestAContractByHand(t *testing.T) {
	w := estateWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	form := with(b.get("/estate/contracts/new").is(http.StatusOK).form("/estate/contracts/new"), url.Values{"title": {"CCTV upkeep"}, "capability": {"community-safety"}, "supplier": {"Tarnbeck Security (demonstration)"},
		"start_date-month": {"4"}, "start_date-year": {"2024"}, "end_date-day": {"31"}, "end_date-month": {"3"}, "end_date-year": {"2028"}, "notice_months": {"six"}, "value_gbp": {"£120,000"}})
	p := b.post("/estate/contracts/new", with(form, url.Values{"break_date-month": {"1"}, "break_date-year": {"2023"}})).is(http.StatusBadRequest)
	p.wellFormed()
	p.has("#notice_months-error", "whole number of months")
	p.has("#break_date-error", "after the start date")
	if kept := p.form("/estate/contracts/new"); kept.Get("notice_months") != "six" || kept.Get("value_gbp") != "£120,000" || kept.Get("ex_vat") != "yes" {
		t.Errorf("the form forgets: %v", kept)
	}
	form.Set("notice_months", "6")
	address := b.post("/estate/contracts/new", form).is(http.StatusSeeOther).location()
	if again := b.post("/estate/contracts/new", form).is(http.StatusSeeOther).location(); again != address {
		t.Error("a form sent twice made two")
	}
	page := b.get(address).is(http.StatusOK)
	page.has("#facts .govuk-summary-list__row", "Value £120,000 without VAT")
	page.has("#facts .govuk-summary-list__row", "Notice 6 months by 30 September 2027")
	w.anonymous().get(address).is(http.StatusNotFound)
	w.officer(thornmere, catalogue.RoleLead).get(address).is(http.StatusOK) // councils, unless it says otherwise
	edit := b.get(address + "/edit").is(http.StatusOK).form(address + "/edit")
	b.post(address+"/edit", with(edit, url.Values{"title": {"CCTV upkeep and monitoring"}})).is(http.StatusSeeOther)
	late := b.post(address+"/edit", with(edit, url.Values{"title": {"Cameras"}})).is(http.StatusConflict)
	late.has("#conflict", "CCTV upkeep and monitoring Cameras")
	b.post(address+"/edit", late.form(address+"/edit")).is(http.StatusSeeOther)
	b.get(address).has("h1", "Cameras")
	extend := b.get("/contracts/soon/edit?extend=yes").is(http.StatusOK)
	if f := extend.form("/contracts/soon/edit"); f.Get("end_date-year") != "2028" || f.Get("extension_months") != "" {
		t.Errorf("as extended: %v", f)
	}
}

// TestAnEstateIsItsCouncilsAlone looks at every page of an estate as everybody else.
func TestAnEstateIsItsCouncilsAlone(t *testing.T) {
	w := estateWorld(t)
	pages := []string{"/estate", "/estate/contracts", "/estate/dates", "/estate/confirm", "/estate/capabilities", "/estate/spend", "/estate/prices", "/estate/calendar",
		"/estate/contracts.csv", "/estate/contracts.xlsx", "/estate/calendar.ics", "/estate/contracts/new"}
	own, other, viewer := w.officer(thornmere, catalogue.RoleLead), w.officer(ambleford, catalogue.RoleLead), w.officer(ambleford, catalogue.RoleViewer)
	for _, address := range pages {
		w.anonymous().get(address).is(http.StatusSeeOther)
		w.supplier().get(address).is(http.StatusForbidden)
		for who, b := range map[string]*browser{"another council": other, "a viewer": viewer} {
			b.get(address).silent(t, who, []string{"canarytheirs"})
		}
	}
	for _, address := range []string{"/estate/dates", "/estate/confirm", "/estate/capabilities", "/estate/contracts/new", "/estate/platforms", "/estate/platforms/known"} {
		viewer.get(address).is(http.StatusForbidden)
		viewer.post(address, url.Values{"contract": {"soon"}, "title": {"x"}}).is(http.StatusForbidden)
		w.anonymous().post(address, url.Values{}).is(http.StatusUnauthorized)
	}
	for _, address := range []string{"/contracts/theirs", "/contracts/theirs/edit"} {
		other.get(address).is(http.StatusNotFound)
	}
	other.post("/contracts/theirs/edit", url.Values{"title": {"x"}, "version": {"1"}}).is(http.StatusNotFound)
	own.get("/estate").is(http.StatusOK).has("#ends", "Canarytheirs") // the control
	if !strings.Contains(own.get("/estate/contracts.csv").is(http.StatusOK).body, "Canarytheirs") {
		t.Error("the CSV lacks the council's own contract")
	}
}

func TestTheFeedIsSecretAndCanBeStopped(t *testing.T) {
	w := estateWorld(t)
	b := w.officer(thornmere, catalogue.RoleViewer)
	b.get("/estate/calendar").is(http.StatusOK).has("main", "You have no feed yet")
	address := func() string {
		t.Helper()
		b.post("/estate/calendar", url.Values{"action": {"renew"}}).is(http.StatusSeeOther)
		shown := b.get("/estate/calendar").is(http.StatusOK).text("#address code")
		path, ok := strings.CutPrefix(shown, "http://jointly.example")
		if !ok || len(path) < len("/feeds/estate/.ics")+43 {
			t.Fatalf("the address is %q", shown)
		}
		return path
	}
	first := address()
	p := w.anonymous().get(first).is(http.StatusOK)
	if cal, err := ical.ParseCalendar(strings.NewReader(p.body)); err != nil || len(cal.Events()) != 1 {
		t.Errorf("the feed does not parse: %v", err)
	}
	if cc := p.header["Cache-Control"]; len(cc) != 1 || cc[0] != "private, no-store" {
		t.Errorf("the feed may be kept: %q", cc)
	}
	second := address()
	w.anonymous().get(first).is(http.StatusNotFound)
	w.anonymous().get(second).is(http.StatusOK)
	for _, wrong := range []string{"/feeds/estate/.ics", "/feeds/estate/x.ics", strings.TrimSuffix(second, ".ics"), strings.ToLower(second) + "x"} {
		w.anonymous().get(wrong).is(http.StatusNotFound)
	}
	b.post("/estate/calendar", url.Values{"action": {"revoke"}}).is(http.StatusSeeOther)
	w.anonymous().get(second).is(http.StatusNotFound)
	third := address()
	_, err := w.Catalogue.DisableAccount(t.Context(), catalogue.Operator("test"), strings.ToLower(thornmere)+"-viewer@officers.example")
	must(t, err)
	w.anonymous().get(third).is(http.StatusNotFound)
}

func TestEstateTemplatesFitTheirData(t *testing.T) {
	w := emptyWorld(t)
	for page, data := range map[string]any{"estate": estatePage{}, "estate-contracts": estateContractsPage{}, "estate-dates": estateDatesPage{}, "estate-confirm": estateConfirmPage{}, "estate-platforms": estatePlatformsPage{}, "known-platforms": knownPlatformsPage{},
		"estate-capabilities": estateCapabilitiesPage{}, "estate-spend": estateSpendPage{}, "estate-prices": estatePricesPage{}, "estate-calendar": estateCalendarPage{},
		"contract-form": contractFormPage{}, "intention-preview": intentionPreviewPage{}} {
		if err := w.templates.Check(page, data); err != nil {
			t.Error(err)
		}
	}
}

func TestACouncilSaysWhatItRuns(t *testing.T) {
	w := estateWorld(t)
	w.add(&catalogue.Platform{Meta: catalogue.Meta{ID: "parker"}, Name: "Parker", Capabilities: []string{"parking"}}, &catalogue.Platform{Meta: catalogue.Meta{ID: "lighter"}, Name: "Lighter", Capabilities: []string{"parking"}})
	w.add(&catalogue.Use{Meta: catalogue.Meta{ID: "seen"}, Platform: "parker", Council: ambleford, Source: catalogue.Source{Text: "Award", Date: catalogue.MustDate("2024-01-01")}})
	b := w.officer(ambleford, catalogue.RoleContributor)
	p := b.get("/estate/platforms").is(http.StatusOK)
	p.wellFormed()
	form := p.form("/estate/platforms")
	if got := form["platform"]; len(got) != 1 || got[0] != "parker" {
		t.Fatalf("ticked already: %v", got)
	}
	form.Add("platform", "lighter")
	for range 2 {
		if to := b.post("/estate/platforms", form).is(http.StatusSeeOther).location(); to != "/estate/platforms/known" {
			t.Errorf("led to %s", to)
		}
	}
	known := b.get("/estate/platforms/known").is(http.StatusOK).form("/estate/platforms/known")
	id := "lighter~" + ambleford
	late := b.post("/estate/platforms/known", with(known, url.Values{"since-" + id + "-month": {"Smarch"}, "since-" + id + "-year": {"2020"}, "advice-" + id: {"Canaryadvice"}})).is(http.StatusBadRequest)
	late.has(".govuk-error-summary", "Lighter: the date must have a month")
	again := late.form("/estate/platforms/known")
	if again.Get("advice-"+id) != "Canaryadvice" {
		t.Errorf("the form forgets: %v", again)
	}
	b.post("/estate/platforms/known", with(again, url.Values{"since-" + id + "-month": {"3"}, "talk-" + id: {"yes"}})).is(http.StatusSeeOther)
	other := w.officer(thornmere, catalogue.RoleViewer).get("/platforms/lighter").is(http.StatusOK)
	other.has("aside", "Canaryadvice")
	other.has("aside", "Willing to talk")
	w.anonymous().get("/platforms/lighter").is(http.StatusOK).hasNot("aside", "Willing to talk")
	form = b.get("/estate/platforms").form("/estate/platforms")
	b.post("/estate/platforms", with(form, url.Values{"platform": {"parker"}})).is(http.StatusSeeOther)
	w.anonymous().get("/platforms/lighter").hasNot("#uses", "Ambleford")
}
