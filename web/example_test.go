package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// exampleStepsTyped is what an officer types on the pages of the form, in their order.
func exampleStepsTyped() []struct {
	step string
	form url.Values
} {
	return []struct {
		step string
		form url.Values
	}{
		{"about", url.Values{"services": {"Household waste collection\nLGSL 528"}, "fits_types": {"Unitary authority"}, "fits_nations": {"England"}}},
		{"took", url.Values{"people": {"A service designer"}, "months": {"7"}, "cost_from": {"40k"}, "cost_to": {"£60,000"}}},
		{"changed", url.Values{"measure-2-what": {"Reports online"}, "measure-2-before": {"34%"}, "measure-2-after": {"81%"}, "measure-2-method": {"measured"}, "measure-2-by": {"our team"}, "measure-2-when-month": {"6"}, "measure-2-when-year": {"2026"}}},
		{"reuse", url.Values{"talk": {"yes"}, "wrong": {"We went live at Christmas."}}},
	}
}

func TestAnExampleIsWrittenReviewedAndAdopted(t *testing.T) {
	w := councilsWorld(t)
	writer, lead, other := w.officer(ambleford, catalogue.RoleContributor), w.officer(ambleford, catalogue.RoleLead), w.officer(thornmere, catalogue.RoleContributor)
	ops, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "ops@jointly.example", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(t, err)
	operator := w.signedIn(ops)
	form := writer.get("/examples/new").is(http.StatusOK).form("/examples/new")
	form.Set("kind", "service")
	p := writer.post("/examples/new", form).is(http.StatusBadRequest)
	p.has(".govuk-error-summary", "Enter a title")
	form.Set("title", "Missed bins <b>online</b>")
	form.Set("summary", "Residents report online.")
	form.Set("for_whom", "All households")
	form.Set("done", "We listened.\nThen we built.")
	to := writer.post("/examples/new", form).is(http.StatusSeeOther).location()
	if again := writer.post("/examples/new", form).is(http.StatusSeeOther).location(); again != to {
		t.Errorf("sent twice it leads to %s and %s", to, again)
	}
	address := strings.TrimSuffix(to, "/edit/about")
	writer.get(address).is(http.StatusSeeOther)
	draft := writer.get(address + "/draft").is(http.StatusOK)
	draft.wellFormed()
	draft.has("#send", "Name at least one service")
	lead.post(address+"/send", lead.get(address+"/draft").is(http.StatusOK).form(address+"/discard")).is(http.StatusConflict)
	about := writer.get(address + "/edit/about").is(http.StatusOK)
	_, such, found := strings.Cut(about.text("#services-hint"), "such as ")
	hinted := about.form(address + "/edit/about")
	hinted.Set("services", strings.TrimSpace(such))
	if !found {
		t.Error("the hint names no service")
	}
	writer.post(address+"/edit/about", hinted).is(http.StatusSeeOther)
	for _, typed := range exampleStepsTyped() {
		page := writer.get(address + "/edit/" + typed.step).is(http.StatusOK)
		page.wellFormed()
		f := page.form(address + "/edit/" + typed.step)
		for name, values := range typed.form {
			f[name] = values
		}
		if typed.step == "about" {
			f.Set("services", "waste")
			wrong := writer.post(address+"/edit/about", f).is(http.StatusBadRequest)
			wrong.has(".govuk-error-summary", "in the names of several services")
			wrong.has("#services", "waste")
			f["services"] = typed.form["services"]
		}
		writer.post(address+"/edit/"+typed.step, f).is(http.StatusSeeOther)
		if typed.step == "about" { // a page that was read before the change
			stale := writer.post(address+"/edit/about", f).is(http.StatusConflict)
			stale.has(".govuk-error-summary", "Somebody else saved this")
			stale.has("#services", "LGSL 528")
		}
	}
	draft = lead.get(address + "/draft").is(http.StatusOK)
	draft.has("#send", "It is complete")
	writer.get(address+"/draft").has("#send", "A lead or an administrator")
	for name, b := range map[string]*browser{"anybody": w.anonymous(), "another council": other, "a supplier": w.supplier()} {
		if p := b.get(address); p.status != http.StatusNotFound {
			t.Errorf("%s gets %d for a draft", name, p.status)
		}
	}
	lead.post(address+"/send", draft.form(address+"/send")).is(http.StatusSeeOther)
	operator.get("/queue").has("#examples", "Missed bins <b>online</b>")
	review := operator.get(address + "/draft").is(http.StatusOK).form(address + "/review")
	review.Set("answer", "return")
	operator.post(address+"/review", review).is(http.StatusBadRequest).has(".govuk-error-summary", "Say what its council has to change")
	review.Set("answer", "publish")
	operator.post(address+"/review", review).is(http.StatusSeeOther)
	operator.post(address+"/review", review).is(http.StatusConflict)
	w.catchUp()

	page := w.anonymous().get(address).is(http.StatusOK)
	page.wellFormed()
	page.has("#changed", "81%")
	page.has("#took", "£40,000 to £60,000")
	page.has("main", "Waste and street scene management")
	page.has("#adopters", "0 live and 0 started, of")
	page.hasNot("main", "Say so")
	w.anonymous().get("/examples?function=Environmental+protection").has("#results", "Missed bins")
	w.anonymous().get("/services/528").has("#examples", "Missed bins")
	w.anonymous().get("/councils/"+ambleford).has("#examples", "Missed bins")
	if feed := w.anonymous().get("/examples.atom").is(http.StatusOK); !strings.Contains(feed.body, "Missed bins &lt;b&gt;online") {
		t.Errorf("the feed holds %s", feed.body)
	}

	f := other.get(address).is(http.StatusOK).form(address + "/adopt")
	other.post(address+"/adopt", f).is(http.StatusBadRequest).has(".govuk-error-summary", "Choose how far your council is")
	f.Set("stage", "stopped")
	f.Set("since-month", "13")
	wrong := other.post(address+"/adopt", f).is(http.StatusBadRequest)
	if got := wrong.attributes("#since-month", "value"); !slices.Equal(got, []string{"13"}) {
		t.Errorf("the month is kept as %v", got)
	}
	f.Set("stage", "live")
	f.Set("since-month", "4")
	f.Set("since-year", "2026")
	other.post(address+"/adopt", f).is(http.StatusSeeOther)
	other.get(address).has("#adopters", "1 live and 0 started")
	w.anonymous().get(address).hasNot("#adopters", "Thornmere")
	f.Set("audience", "public")
	other.post(address+"/adopt", f).is(http.StatusSeeOther)
	w.anonymous().get(address).has("#adopters", "Thornmere")
	writer.get("/inbox").has("main", "is live with ‘Missed bins")

	need := other.get(address).form(address + "/need")
	for range 2 { // sent twice
		other.post(address+"/need", need).is(http.StatusSeeOther)
	}
	drafts := other.drafts(thornmere)
	if len(drafts) != 1 || drafts[0].Answers["title"] != "Missed bins <b>online</b>" || drafts[0].Answers["capability"] != "waste" || !strings.Contains(drafts[0].Answers["description"], "Ambleford (demonstration)") {
		t.Errorf("the drafts are %+v", drafts)
	}
	ask := other.get(address + "/talk").is(http.StatusOK).form(address + "/talk")
	other.post(address+"/talk", ask).is(http.StatusBadRequest).has(".govuk-error-summary", "Enter a message")
	ask.Set("text", "How did you begin?")
	talk := other.post(address+"/talk", ask).is(http.StatusSeeOther).location()
	lead.get(talk).is(http.StatusOK).has("main", "Missed bins")
	other.get(address + "/talk").is(http.StatusSeeOther)
	writer.get(talk).is(http.StatusOK).has("main", "How did you begin?")
	other.get("/examples/yours").is(http.StatusOK).has("#adopted", "Missed bins")

	lead.post(address+"/withdraw", url.Values{}).is(http.StatusBadRequest).has(".govuk-error-summary", "Say why: everybody reads it")
	lead.post(address+"/withdraw", url.Values{"reason": {"The contract ended"}}).is(http.StatusSeeOther)
	gone := w.anonymous().get(address).is(http.StatusOK)
	gone.has("#withdrawn", "The contract ended")
	gone.hasNot("main", "We listened")
	other.get("/inbox").has("main", "An example that you follow is withdrawn")
}

// exampleCanaries are examples with a word in every field that nobody outside may read, and an adoption that does not name
// its council to everybody.
func exampleCanaries() []catalogue.Item {
	text := func(word string) catalogue.ExampleText {
		return catalogue.ExampleText{Title: word + " example", Kind: catalogue.ComplexExample, Summary: word + " summary", ForWhom: word + " whom", Done: word + " done", Services: []int{474}, Capabilities: []string{"parking"},
			People: word + " people", Months: 4, Cost: catalogue.Money{Min: 765432, Max: 876543}, CostNote: word + " cost", Talk: true, Wrong: word + " wrong", About: []string{"families"}, Partners: []string{word + " partner"},
			DataShared: word + " data", LegalBasis: word + " basis", Changed: []catalogue.Measure{{What: word + " figure", After: "8", Method: catalogue.Measured, By: word + " team", When: catalogue.MustDate("2026-04")}},
			Reuse: []catalogue.Reusable{{Kind: catalogue.ReusableOther, What: word + " thing"}}}
	}
	day := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	own := text("zebraown")
	shown := text("Shown")
	shown.Cost = catalogue.Money{}
	remarks := []catalogue.ExampleReview{{At: day, Published: true, Remark: "zebraown remark"}}
	return []catalogue.Item{
		&catalogue.Example{Meta: catalogue.Meta{ID: "canary-draft", Ref: "zebraownref"}, Council: "DEMO-01", Draft: &own, Reviews: remarks},
		&catalogue.Example{Meta: catalogue.Meta{ID: "canary-shown"}, Council: "DEMO-01", Text: shown, Draft: &own, Note: "zebraown note", Published: day, Latest: day, Reviews: remarks},
		&catalogue.Adoption{Meta: catalogue.Meta{ID: "canary-shown~DEMO-30"}, Example: "canary-shown", Council: "DEMO-30", Stage: catalogue.AdoptionStopped, Reason: "zebracouncils reason", Audience: catalogue.Councils},
	}
}

func TestUndisclosedAdoptersAreInNoPublicAnswer(t *testing.T) {
	w := demoWorld(t)
	w.add(exampleCanaries()...)
	const hidden = "Exmarsh" // DEMO-30
	for name, b := range map[string]*browser{"anybody": w.anonymous(), "a supplier": w.as("sales@")} {
		for _, address := range []string{"/examples", "/examples.atom", "/examples/canary-shown", "/search.csv?kind=example", "/api/v1/search?kind=example", "/services/474"} {
			if p := b.get(address).is(http.StatusOK); strings.Contains(p.body, hidden) || strings.Contains(p.body, "1 council has stopped") {
				t.Errorf("%s reads at %s who adopted an example", name, address)
			}
		}
		b.get("/councils/DEMO-30").hasNot("main", "Shown example")
	}
	w.as("officer@thornmere").get("/examples/canary-shown").has("#adopters", hidden) // the control
}
