package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
)

func TestThePlanIsDrawnFromEvidenceAndLedByCouncils(t *testing.T) {
	w := councilsWorld(t)
	op, nobody, lead, other := w.operatorBrowser(), w.anonymous(), w.officer(ambleford, catalogue.RoleLead), w.officer(brackwater, catalogue.RoleLead)
	nobody.get("/plan").is(http.StatusOK).has("#recommendations .jy-empty", "Nothing is recommended yet")
	nobody.get("/plan").hasNot("main", "Draw a finding")
	nobody.get("/plan/findings/new").is(http.StatusSeeOther)
	lead.get("/plan/findings/new").is(http.StatusNotFound)

	form := op.get("/plan/findings/new?from=/services/524%23x&says=median+62%25").is(http.StatusOK).form("/plan/findings/new")
	if form.Get("evidence_path-1") != "/services/524#x" || form.Get("evidence_says-1") != "median 62%" {
		t.Errorf("a finding from a page begins with %v", form)
	}
	form.Set("text", "Typing that stays")
	refused := op.post("/plan/findings/new", form).is(http.StatusBadRequest)
	refused.has("textarea[name=text]", "Typing that stays")
	empty := op.post("/plan/findings/new", with(form, url.Values{"need": {""}, "evidence_says-1": {""}})).is(http.StatusBadRequest)
	if got := empty.attributes(".govuk-error-summary a", "href"); !slices.Equal(got, []string{"#title", "#need", "#evidence_says-1"}) {
		t.Errorf("what is wrong is told in the order %q", got)
	}
	empty.has(".govuk-error-summary", "Say what page 1 shows")
	for _, link := range refused.attributes(".govuk-error-summary a", "href") {
		if len(refused.all(link)) == 0 {
			t.Errorf("the error summary leads to %s, which is not there", link)
		}
	}
	form.Set("title", "Two in three contacts are online")
	form.Set("need", "channels")
	form.Set("evidence_path-2", w.BaseURL+"/frameworks/none")
	form.Set("evidence_says-2", "x")
	op.post("/plan/findings/new", form).is(http.StatusBadRequest).has(".govuk-error-summary", "This page is not there for everybody")
	form.Del("evidence_path-2")
	form.Del("evidence_says-2")
	finding := op.post("/plan/findings/new", form).is(http.StatusSeeOther).location()
	if again := op.post("/plan/findings/new", form).location(); again != finding {
		t.Errorf("the same form twice: %s and %s", finding, again)
	}
	nobody.get(finding).is(http.StatusNotFound)
	nobody.get("/plan").hasNot("main", "Two in three")
	op.get("/plan").has("#channels", "Draft")

	edit := op.get(finding + "/edit").form(finding + "/edit")
	edit.Set("publish", "yes")
	op.post(finding+"/edit", edit).is(http.StatusSeeOther)
	nobody.get(finding).is(http.StatusOK).has("#evidence", "median 62%")
	nobody.get("/plan").has("#channels", "Two in three contacts are online")

	id := finding[strings.LastIndex(finding, "/")+1:]
	rec := op.get("/plan/recommendations/new?finding=" + id).is(http.StatusOK).form("/plan/recommendations/new")
	unread := op.post("/plan/recommendations/new", with(rec, url.Values{"findings": nil, "by-month": {"13"}, "by-year": {"2027"}})).is(http.StatusBadRequest)
	if got := unread.attributes(".govuk-error-summary a", "href"); !slices.Equal(got, []string{"#title", "#findings", "#by-day"}) {
		t.Errorf("what is wrong is told at %q", got)
	}
	rec.Set("title", "Make the best form the norm")
	rec.Set("lead", ambleford)
	rec.Set("by-year", "2027")
	rec.Set("publish", "yes")
	address := op.post("/plan/recommendations/new", rec).is(http.StatusSeeOther).location()
	nobody.get(address).is(http.StatusOK).has(".govuk-summary-list", "A council is asked")
	nobody.get("/plan/report").is(http.StatusOK).hasNot("main", "Ambleford")
	waits := lead.get("/desk").is(http.StatusOK).with("#leads", "Your council is asked to lead 1 recommendation")
	if hrefs := waits.attributes("#leads a", "href"); len(hrefs) != 1 || hrefs[0] != address+"#lead" {
		t.Errorf("the desk leads to %q", hrefs)
	}
	other.get("/desk").without("#leads")
	other.get(address).hasNot("main", "Does your council lead this?")
	other.post(address+"/lead", url.Values{"answer": {"agree"}}).is(http.StatusForbidden)
	lead.get(address).has("#lead", "It is not named until it agrees")
	lead.post(address+"/lead", url.Values{"answer": {"agree"}}).is(http.StatusSeeOther)
	lead.get("/desk").without("#leads")
	nobody.get(address).has(".govuk-summary-list", "Ambleford")
	report := lead.get(address).form(address + "/progress")
	report.Set("state", "under way")
	lead.post(address+"/progress", with(report, url.Values{"progress_text": {""}})).is(http.StatusBadRequest).has(".govuk-error-summary", "")
	report.Set("progress_text", "Three councils try it.")
	lead.post(address+"/progress", report).is(http.StatusSeeOther)
	nobody.get(address).has("#progress", "Three councils try it.")
	nobody.get("/plan").has("#recommendations", "Under way")
	paper := nobody.get("/plan/report").is(http.StatusOK)
	paper.has("main", "Three councils try it.")
	paper.has("main", "median 62%")
	if docx := nobody.get("/plan/report.docx").is(http.StatusOK); !strings.HasPrefix(docx.body, "PK") {
		t.Error("the report in Word is no file of Word")
	}

	op.post(finding+"/withdraw", url.Values{"version": {op.get(finding).form(finding + "/withdraw").Get("version")}}).is(http.StatusBadRequest).has(".govuk-error-summary", "Say why")
	op.post(finding+"/withdraw", with(op.get(finding).form(finding+"/withdraw"), url.Values{"reason": {"Counted twice."}})).is(http.StatusSeeOther)
	nobody.get("/plan").hasNot("#channels", "Two in three")
	nobody.get(finding).has(".jy-flag", "Counted twice.")
}

// TestThePlanMarksWhatRestsOnInventedFigures on every page that tells of it.
func TestThePlanMarksWhatRestsOnInventedFigures(t *testing.T) {
	w := councilsWorld(t)
	op, nobody := w.operatorBrowser(), w.anonymous()
	form := op.get("/plan/findings/new?need=channels&from=/councils/" + ambleford + "&says=one+council").form("/plan/findings/new")
	form.Set("title", "One council tries it")
	form.Set("publish", "yes")
	finding := op.post("/plan/findings/new", form).is(http.StatusSeeOther).location()
	rec := op.get("/plan/recommendations/new?finding=" + finding[strings.LastIndex(finding, "/")+1:]).form("/plan/recommendations/new")
	rec.Set("title", "Others try it")
	rec.Set("publish", "yes")
	address := op.post("/plan/recommendations/new", rec).is(http.StatusSeeOther).location()
	nobody.get(finding).has("h1", "(demonstration)")
	nobody.get(address).with("h1", "Others try it (demonstration)").has("main", "One council tries it (demonstration)")
	nobody.get("/plan").with("#channels", "One council tries it (demonstration)").has("#recommendations", "Others try it (demonstration)")
	nobody.get("/plan/report").with("h1", "(demonstration)").with(".jy-paper__draft", "rests on invented councils").has("main", "Follows from: One council tries it (demonstration)")
}
