package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

// dueToday makes Woking's and the county's day come: West Surrey is here, and their vesting date is today's.
func dueToday(t *testing.T, w *world, op *browser) {
	t.Helper()
	council := url.Values{"gss": {"NEW-WEST-SURREY"}, "name": {"West Surrey"}, "official_name": {"West Surrey Council"}, "type": {"Unitary authority"}, "nation": {"England"},
		"region": {"South East"}, "domain": {"westsurrey.gov.uk"}}
	op.post("/reorganisation/council", council).is(http.StatusSeeOther)
	for _, v := range []catalogue.Vesting{
		{Council: woking, SuccessorName: "West Surrey Council", Successors: []string{"West Surrey Council"}},
		{Council: "E10000030", SuccessorName: "East Surrey Council; West Surrey Council", Successors: []string{"East Surrey Council", "West Surrey Council"}},
	} {
		v.Area, v.Date, v.Status, v.Source, v.Read = "Surrey", catalogue.DateOf(w.Catalogue.Today()), register.StatusDecided, "An order", catalogue.DateOf(w.Catalogue.Today())
		_, err := w.Catalogue.SaveVesting(t.Context(), catalogue.Operator("test"), v)
		must(t, err)
	}
	for more := true; more; {
		var err error
		_, more, err = w.Catalogue.HandOverDue(t.Context())
		must(t, err)
	}
	w.catchUp()
}

func TestTheOperatorSeesWhatIsDueAndWhatWasDone(t *testing.T) {
	w := demoWorld(t)
	op := w.as("operator@")
	empty := op.get("/reorganisation/hand-overs").is(http.StatusOK)
	empty.has("#due", "No decided day of a council is within four weeks.")
	empty.has("#done", "No council has been handed over yet.")
	w.add(&catalogue.Contract{Meta: catalogue.Meta{Ref: "W1"}, Council: woking, Title: "Payroll of Woking", Stage: catalogue.StageAwarded, Audience: catalogue.Public, Source: catalogue.Source{Text: "a notice"}},
		&catalogue.Contract{Meta: catalogue.Meta{Ref: "S1"}, Council: "E10000030", Title: "Highways of the county", End: catalogue.MustDate("2029-03-31"), Stage: catalogue.StageAwarded, Audience: catalogue.Public, Source: catalogue.Source{Text: "a notice"}})
	dueToday(t, w, op)

	p := op.get("/reorganisation/hand-overs").is(http.StatusOK)
	p.has("#done tr", "Woking West Surrey")
	p.has("#done tr", "The service itself")
	p.has("#due tr", "Surrey")
	p.has("#due tr", "Decide what goes where It is split.")
	p.hasNot("#due", "Woking")
	q := op.get("/queue").is(http.StatusOK)
	q.has("#ends", "Surrey ends on")
	q.has("#ends", "It is split.")
	op.get("/reorganisation").has("main", "Handing over councils: what is due, and what was done")
	for _, page := range []string{"/reorganisation/hand-overs", "/reorganisation/split?council=E10000030", "/reorganisation/undo?council=" + woking} {
		w.officerOf("E08000025", catalogue.RoleAdmin).get(page).is(http.StatusNotFound)
		w.anonymous().get(page).is(http.StatusSeeOther)
		op.get(page).is(http.StatusOK)
	}

	// The county is split: East Surrey has to be added first, then it is decided and done.
	lacks := op.get("/reorganisation/split?council=E10000030")
	lacks.has("main", "Each council that takes a part has to be here first.")
	add := strings.Join(lacks.attributes("main a", "href"), " ")
	if !strings.Contains(add, "/reorganisation/council?name=East+Surrey+Council") {
		t.Errorf("nothing leads to adding East Surrey: %s", add)
	}
	if got := op.get("/reorganisation/council?name=East+Surrey+Council").attributes("input[name=official_name]", "value"); got[0] != "East Surrey Council" {
		t.Errorf("the form to add it begins with %v", got)
	}
	op.post("/reorganisation/council", url.Values{"gss": {"NEW-EAST-SURREY"}, "name": {"East Surrey"}, "official_name": {"East Surrey Council"}, "type": {"Unitary authority"}, "nation": {"England"},
		"region": {"South East"}, "domain": {"eastsurrey.gov.uk"}}).is(http.StatusSeeOther)
	_, _, err := w.Catalogue.HandOverDue(t.Context())
	must(t, err)
	form := op.get("/reorganisation/split?council=E10000030").is(http.StatusOK).form("/reorganisation/split")
	part := ""
	must(t, w.Catalogue.Each(t.Context(), catalogue.Operator("test"), catalogue.KindContract, func(item catalogue.Item) error {
		if k := item.(*catalogue.Contract); k.Title == "Highways of the county" {
			part = "part-" + k.ID
		}
		return nil
	}))
	wrong := op.post("/reorganisation/split", with(form, url.Values{part: {"NEW-WEST-SURREY"}})).is(http.StatusBadRequest)
	wrong.has(".govuk-error-summary", "Choose which council takes what is not decided one by one")
	if got := wrong.form("/reorganisation/split").Get(part); got != "NEW-WEST-SURREY" {
		t.Errorf("what was chosen is lost: %q", got)
	}
	op.post("/reorganisation/split", with(form, url.Values{part: {"NEW-WEST-SURREY"}, "main": {"NEW-EAST-SURREY"}})).is(http.StatusSeeOther)
	op.get("/reorganisation/hand-overs").has("#due tr", "As decided, on its day: 1 contract goes elsewhere, everything else to East Surrey.")
	done, _, err := w.Catalogue.HandOverDue(t.Context())
	must(t, err)
	if len(done) != 1 {
		t.Fatalf("handed over %d", len(done))
	}
	w.anonymous().get("/councils/NEW-WEST-SURREY").has("main", "Highways of the county")
}

func TestTheOperatorUndoesAHandOver(t *testing.T) {
	w := demoWorld(t)
	op := w.as("operator@")
	clerk := w.officerOf(woking, catalogue.RoleContributor)
	clerk.get("/desk").hasNot("main", "take the place of your council")
	w.add(&catalogue.Contract{Meta: catalogue.Meta{Ref: "W1"}, Council: woking, Title: "Payroll of Woking", Stage: catalogue.StageAwarded, Audience: catalogue.Own, Source: catalogue.Source{Text: "a notice"}},
		&catalogue.Contract{Meta: catalogue.Meta{Ref: "W2"}, Council: woking, Title: "Telephony of Woking", Stage: catalogue.StageAwarded, Audience: catalogue.Own, Source: catalogue.Source{Text: "a notice"}})
	county := w.officerOf("E10000030", catalogue.RoleViewer)
	dueToday(t, w, op)
	county.get("/desk").has("#near", "East Surrey Council and West Surrey Council take the place of your council on")
	county.get("/inbox").has("main", "Surrey is split on")
	clerk.get("/cohort").has("h1", "Your council is one by now")
	w.anonymous().get("/councils/"+woking).hasNot("main", "is to be replaced")
	w.anonymous().get("/reorganisation?area=Surrey").has("tr", "Woking West Surrey Council")
	w.anonymous().get("/reorganisation?area=Surrey").has("tr", "Handed over")
	clerk.get("/estate/contracts").is(http.StatusOK).has("main", "Payroll of Woking") // signed in before, an officer of the successor now
	clerk.get("/desk").has("main", "West Surrey")
	w.add(&catalogue.Contract{Meta: catalogue.Meta{Ref: "W2"}, Council: woking, Title: "Telephony, changed since", Stage: catalogue.StageAwarded, Audience: catalogue.Own, Source: catalogue.Source{Text: "a notice"}})

	p := op.get("/reorganisation/undo?council=" + woking).is(http.StatusOK)
	p.has("main", "The service itself handed over Woking to West Surrey on")
	p.has("#stays", "Contract: Telephony, changed since : it was changed since")
	form := p.form("/reorganisation/undo")
	op.post("/reorganisation/undo", form).is(http.StatusBadRequest).has(".govuk-error-summary", "Say why it is undone")
	clerk.post("/reorganisation/undo", with(form, url.Values{"reason": {"mine"}})).is(http.StatusNotFound)
	op.post("/reorganisation/undo", with(form, url.Values{"reason": {"the wrong day REASONCANARY"}})).is(http.StatusSeeOther)
	op.post("/reorganisation/undo", with(form, url.Values{"reason": {"sent twice"}})).is(http.StatusSeeOther)
	w.catchUp()
	done := op.get("/reorganisation/undo?council=" + woking).is(http.StatusOK)
	done.has("h1", "Handing over Woking was undone")
	done.has("main", "The reason: ‘the wrong day REASONCANARY’.")
	op.get("/reorganisation/hand-overs").has("#done tr", "Undone on")
	estate := clerk.get("/estate/contracts").is(http.StatusOK)
	estate.has("main", "Payroll of Woking")
	estate.hasNot("main", "Telephony")
	old := w.anonymous().get("/councils/" + woking).is(http.StatusOK)
	old.hasNot("main", "took its place")
	if strings.Contains(old.body, "REASONCANARY") || strings.Contains(clerk.get("/inbox").body, "REASONCANARY") {
		t.Error("the operator's reason is shown to others")
	}
	clerk.get("/inbox").has("main", "Handing over Woking to West Surrey was undone in Jointly")
}

// TestAnOldCouncilsRegisterComesIn is an officer who came from the old council and brings its register after the day.
func TestAnOldCouncilsRegisterComesIn(t *testing.T) {
	w := demoWorld(t)
	w.importing()
	op := w.as("operator@")
	clerk := w.officerOf(woking, catalogue.RoleContributor)
	w.add(&catalogue.Contract{Meta: catalogue.Meta{Ref: "W1"}, Council: woking, Title: "Payroll of Woking", Stage: catalogue.StageAwarded, Audience: catalogue.Own, Source: catalogue.Source{Text: "a notice"}})
	dueToday(t, w, op)
	address, check := clerk.looked("OrganisationLabel,ContractReference,ContractTitle,EndDate\nWoking Borough Council,W1,Payroll of Woking,2028-03-31\nWoking Borough Council,W2,Telephony,2029-03-31\n")
	check.has("main", "Woking Borough Council was succeeded by West Surrey Council: its 2 records in this file go to West Surrey Council")
	form := check.form(address + "/import")
	form.Set("audience", "councils")
	clerk.imports(address, form).has("h1", "Imported")
	for _, k := range w.contracts("NEW-WEST-SURREY") {
		if want := map[string]catalogue.Audience{"W1": catalogue.Own, "W2": catalogue.Councils}[k.Ref]; want != "" && k.Audience != want {
			t.Errorf("%s is seen by %s, want %s", k.Ref, k.Audience, want)
		}
	}
	clerk.get("/estate/contracts").has("main", "Telephony")
	notices := `{"releases":[{"ocid":"ocds-b5fd17-1","id":"1","date":"2026-01-01T00:00:00Z","tag":["award"],"buyer":{"id":"x","name":"Woking Borough Council"},"tender":{"title":"Telephony"},"awards":[{"id":"1","title":"Switchboard","status":"active"}]}]}`
	buyer := clerk.brings("notices", "notices.json", []byte(notices)).is(http.StatusSeeOther).location()
	p := clerk.get(buyer).is(http.StatusOK)
	if label, own := p.attributes("optgroup", "label"), p.attributes("optgroup option", "value"); len(label) != 1 || label[0] != "Your council" || own[0] != "Woking Borough Council" {
		t.Errorf("offered as %v: %v", label, own)
	}
}
