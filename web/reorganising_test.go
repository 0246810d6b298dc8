package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

// officerOf is a browser signed in for a real council.
func (w *world) officerOf(council string, role catalogue.Role) *browser {
	w.t.Helper()
	a, err := w.Catalogue.AddAccount(w.t.Context(), catalogue.Operator("test"), catalogue.Account{Email: strings.ToLower(council) + "." + string(role) + "@example.org",
		OrgKind: catalogue.OrgCouncil, Org: council, Role: role})
	must(w.t, err)
	return w.signedIn(a)
}

const (
	woking  = "E07000217"
	waverly = "E07000216"
)

func TestTheOperatorRecordsVestingDates(t *testing.T) {
	w := emptyWorld(t)
	operatorAccount, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "op@example.org", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(t, err)
	op, nobody := w.signedIn(operatorAccount), w.anonymous()

	all := nobody.get("/reorganisation").is(http.StatusOK)
	all.has("table", "Surrey")
	surrey := nobody.get("/reorganisation?area=Surrey").is(http.StatusOK)
	surrey.has("tr", "Woking West Surrey Council 1 April 2027 Decided")
	surrey.hasNot("main", "Change")
	nobody.get("/reorganisation?area=Atlantis").is(http.StatusNotFound)
	for _, page := range []string{"/reorganisation/edit?council=" + woking + "&area=Surrey", "/reorganisation/area?area=Surrey", "/reorganisation/council", "/reorganisation/hand-over"} {
		w.officerOf(woking, catalogue.RoleAdmin).get(page).is(http.StatusNotFound)
		op.get(page).is(http.StatusOK)
	}

	edit := op.get("/reorganisation/edit?council=" + woking + "&area=Surrey").is(http.StatusOK)
	if got := edit.attributes("input[name=successor_name]", "value"); len(got) != 1 || got[0] != "West Surrey Council" {
		t.Errorf("the form begins with what the register says: %v", got)
	}
	form := url.Values{"council": {woking}, "area": {"Surrey"}, "version": {"0"}, "successor_name": {"Heath Council"}, "successors": {"Heath Council"}, "status": {"decided"},
		"source": {"The order of 3 May"}, "vesting_date-day": {"1"}, "vesting_date-month": {"4"}, "vesting_date-year": {"2029"}, "read-day": {"20"}, "read-month": {"11"}, "read-year": {"2026"}}
	wrong := op.post("/reorganisation/edit", with(form, url.Values{"vesting_date-day": {"31"}, "source": {"Kept what was typed"}})).is(http.StatusBadRequest)
	wrong.has(".govuk-error-summary", "vesting date must be a real date")
	wrong.has("textarea[name=source]", "Kept what was typed")
	op.post("/reorganisation/edit", with(form, url.Values{"source": {""}})).is(http.StatusBadRequest).has(".govuk-error-summary", "Enter")
	op.post("/reorganisation/edit", form).is(http.StatusSeeOther)
	op.post("/reorganisation/edit", form).is(http.StatusSeeOther) // sent twice
	nobody.get("/councils/"+woking).is(http.StatusOK).has("main", "What takes its place: Heath Council.")
	meanwhile := op.post("/reorganisation/edit", with(form, url.Values{"source": {"Another order"}})).is(http.StatusConflict)
	meanwhile.has("textarea[name=source]", "Another order")
	version := op.get("/reorganisation/edit?council="+woking+"&area=Surrey").attributes("input[name=version]", "value")[0]
	op.post("/reorganisation/remove", url.Values{"council": {woking}, "area": {"Surrey"}, "version": {version}}).is(http.StatusSeeOther)
	nobody.get("/councils/"+woking).has("main", "What takes its place: West Surrey Council.")

	bulk := with(form, url.Values{"vesting_date-year": {"2028"}})
	op.post("/reorganisation/area?area=Surrey", bulk).is(http.StatusSeeOther)
	nobody.get("/reorganisation?area=Surrey").has("tr", "Elmbridge East Surrey Council 1 April 2028")
}

func TestSurreySeesItsCombinedEstateFromPublicFacts(t *testing.T) {
	w := demoWorld(t)
	nobody := w.anonymous()
	nobody.get("/cohort").is(http.StatusSeeOther)
	clerk := w.officerOf(woking, catalogue.RoleViewer)
	p := clerk.get("/cohort").is(http.StatusOK)
	p.has("main", "West Surrey Council takes over on 1 April 2027. This is decided.")
	p.has("#twice", "The same platform more than once.")
	p.has("#twice tr", "Waverley Whitespace")
	p.has("#twice tr", "Woking Whitespace")
	p.has("#ends", "No contract of these councils is known that states an end.")
	p.hasNot("main", "Elmbridge")
	w.anonymous().get("/reorganisation?area=Surrey").hasNot("main", "have between them")
	clerk.get("/reorganisation?area=Surrey").has("main", "What the councils that become West Surrey Council have between them")
	clerk.get("/councils/"+waverly).has("#together", "See what you have between you")
	w.anonymous().get("/councils/"+waverly).hasNot("main", "have between you")
	if links := strings.Join(p.attributes("#twice a", "href"), " "); !strings.Contains(links, "/search?capability=waste") {
		t.Errorf("nothing leads a reader on from what is there twice: %s", links)
	}
	lister := w.officerOf(woking, catalogue.RoleContributor)
	if links := strings.Join(lister.get("/cohort").attributes("#twice a", "href"), " "); !strings.Contains(links, "/intentions/new?title=Waste+and+street+scene+management") {
		t.Errorf("nothing leads from a platform that three run to an intention: %s", links)
	}
	if got := lister.get("/intentions/new?title=Waste+and+street+scene+management").is(http.StatusOK).attributes("input[name=title]", "value"); got[0] != "Waste and street scene management" {
		t.Errorf("the form begins with %v", got)
	}
	clerk.get("/desk").has("main", "See what you have between you: your council and 6 others")

	county := w.officerOf("E10000030", catalogue.RoleViewer)
	county.get("/cohort").is(http.StatusOK).has("main", "Your council is split. See also: West Surrey Council")

	w.add(&catalogue.Contract{Meta: catalogue.Meta{Ref: "own"}, Council: waverly, Title: "OWNCANARY", Supplier: "OWNCANARY", Capability: "waste", CapabilityConfirmed: true,
		End: catalogue.MustDate("2028-03-31"), Value: 777_777, Stage: catalogue.StageAwarded, Audience: catalogue.Own, Source: catalogue.Source{Text: "a notice"}},
		&catalogue.Contract{Meta: catalogue.Meta{Ref: "shared"}, Council: waverly, Title: "Collection rounds", Supplier: "Whitespace", Capability: "waste", CapabilityConfirmed: true,
			End: catalogue.MustDate("2029-03-31"), Value: 120_000, Stage: catalogue.StageAwarded, Audience: catalogue.Councils, Source: catalogue.Source{Text: "a notice"}})
	p = clerk.get("/cohort").is(http.StatusOK)
	p.has("#past tr", "Collection rounds Waverley")
	p.has("#past tr", "consent may be needed")
	p.has("#past", "take advice")
	if strings.Contains(p.body, "OWNCANARY") || strings.Contains(p.body, "777") {
		t.Error("the cohort shows what Waverley keeps to itself")
	}
	id := "surrey-west-surrey-council"
	county.get("/cohort?of="+id).is(http.StatusOK).hasNot("main", "Elmbridge")
	for who, b := range map[string]*browser{"a council elsewhere": w.officerOf("E08000025", catalogue.RoleAdmin), "a supplier": w.as("sales@quillbrook"), "a persona": w.as("lead@ambleford")} {
		if got := b.get("/cohort?of=" + id); got.status != http.StatusNotFound {
			t.Errorf("%s gets %d for the cohort of others", who, got.status)
		}
	}
	w.officerOf("E08000025", catalogue.RoleViewer).get("/cohort").is(http.StatusOK).has("h1", "No cohort is known")
}

func TestTheDemonstrationHasACohort(t *testing.T) {
	w := demoWorld(t)
	lead := w.as("lead@ambleford")
	p := lead.get("/cohort").is(http.StatusOK)
	p.has("h1", "What you have between you")
	p.has("#align", "all could end on 31 May 2028")
	p.has("#align", "extends by 1 month, of 12 that its contract allows")
	p.has("#past tr", "Wide area network")
	links := strings.Join(p.attributes("main a", "href"), " ")
	for _, want := range []string{"/intentions/new?contract=", "/matches"} {
		if !strings.Contains(links, want) {
			t.Errorf("no line leads to %s", want)
		}
	}
	for _, text := range p.texts("#past th a") {
		if text == "" {
			t.Error("a contract without a title")
		}
	}
	w.as("officer@brackwater").get("/cohort").is(http.StatusOK).has("main", "Ambleford (demonstration)")

	// What outlasts the council says so where it is read, to everybody.
	var past string
	must(t, w.Catalogue.Each(t.Context(), catalogue.Anonymous(), catalogue.KindContract, func(item catalogue.Item) error {
		if k := item.(*catalogue.Contract); k.Title == "Wide area network" && k.Demonstration {
			past = k.ID
		}
		return nil
	}))
	note := w.anonymous().get("/contracts/" + past).is(http.StatusOK)
	note.has("#past-end", "This runs past the end of its council")
	note.has("#past-end", "Consent may be needed: its value is over the amounts of earlier directions for revenue and for capital (£1,480,000).")
	note.has("#past-end", "take advice")
	note.has("main", "general knowledge, not checked")
	w.anonymous().get("/councils/DEMO-01").is(http.StatusOK).has("#past-end", "run past 1 April 2028")
}

func TestTheOperatorHandsOverACouncil(t *testing.T) {
	w := demoWorld(t)
	op := w.as("operator@")
	council := url.Values{"gss": {"NEW-WEST-SURREY"}, "name": {"West Surrey"}, "official_name": {"West Surrey Council"}, "type": {"Unitary authority"}, "nation": {"England"},
		"region": {"South East"}, "domain": {"westsurrey.gov.uk"}}
	op.post("/reorganisation/council", with(council, url.Values{"gss": {woking}})).is(http.StatusBadRequest).has(".govuk-error-summary", "in the register already")
	op.post("/reorganisation/council", council).is(http.StatusSeeOther)
	op.post("/reorganisation/council", council).is(http.StatusSeeOther)
	w.anonymous().get("/councils/NEW-WEST-SURREY").is(http.StatusOK).hasNot("h1", "demonstration")
	hand := url.Values{"from": {woking}, "to": {"NEW-WEST-SURREY"}}
	op.post("/reorganisation/hand-over", hand).is(http.StatusBadRequest).has(".govuk-error-summary", "The vesting date is 1 April 2027")
	op.post("/reorganisation/hand-over", with(hand, url.Values{"reason": {"a rehearsal REASONCANARY"}})).is(http.StatusSeeOther)
	w.catchUp()
	old := w.anonymous().get("/councils/" + woking).is(http.StatusOK)
	old.has("main", "West Surrey · took its place")
	old.has("main", "Whitespace")
	old.hasNot("main", "REASONCANARY")
	heir := w.anonymous().get("/councils/NEW-WEST-SURREY").is(http.StatusOK)
	heir.has("main", "It took the place of Woking")
	heir.has("main", "Whitespace")
}
