package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"jointly/catalogue"
	demonstration "jointly/catalogue/demo"
)

// Codes of councils of the demonstration, whose officers the tests are.
const (
	ambleford  = "DEMO-01"
	thornmere  = "DEMO-02"
	kelderby   = "DEMO-03"
	brackwater = "DEMO-06"
)

// councilsWorld has the demonstration's councils and suppliers, who have listed nothing yet.
func councilsWorld(t *testing.T) *world {
	t.Helper()
	w := emptyWorld(t)
	invented, err := demonstration.Build(w.Catalogue.Today(), w.Catalogue.Register())
	must(t, err)
	owners, _ := invented.Items()
	w.add(owners...)
	return w
}

// officer is somebody of a council, signed in.
func (w *world) officer(council string, role catalogue.Role) *browser {
	w.t.Helper()
	a, err := w.Catalogue.AddAccount(w.t.Context(), catalogue.Operator("test"), catalogue.Account{
		Email: strings.ToLower(council) + "-" + string(role) + "@officers.example", OrgKind: catalogue.OrgCouncil, Org: council, Role: role})
	must(w.t, err)
	return w.signedIn(a)
}

// supplier is somebody of a supplier, signed in.
func (w *world) supplier() *browser {
	w.t.Helper()
	a, err := w.Catalogue.AddAccount(w.t.Context(), catalogue.Operator("test"), catalogue.Account{
		Email: "sales@quillbrook.example", OrgKind: catalogue.OrgSupplier, Org: "Quillbrook Systems (demonstration)", Role: catalogue.RoleContributor})
	must(w.t, err)
	return w.signedIn(a)
}

// form is what a page's form would send as it stands; action is the address that it is sent to.
func (p *page) form(action string) url.Values {
	p.t.Helper()
	for _, n := range p.all("form") {
		if attribute(n, "action") == action {
			return fieldsOf(n)
		}
	}
	p.t.Fatalf("%s: no form is sent to %s", p.what, action)
	return nil
}

func fieldsOf(form *html.Node) url.Values {
	values := url.Values{}
	for n := range form.Descendants() {
		name := attribute(n, "name")
		if n.Type != html.ElementNode || name == "" {
			continue
		}
		has := func(flag string) bool {
			return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == flag })
		}
		switch n.Data {
		case "input":
			if kind := attribute(n, "type"); kind != "radio" && kind != "checkbox" || has("checked") {
				values.Add(name, attribute(n, "value"))
			}
		case "textarea":
			if n.FirstChild != nil {
				values.Add(name, n.FirstChild.Data)
			} else {
				values.Add(name, "")
			}
		case "select":
			values.Add(name, chosenIn(n))
		}
	}
	return values
}

// chosenIn is the option of a select that is chosen: the first where none is.
func chosenIn(list *html.Node) string {
	first, found := "", false
	for n := range list.Descendants() {
		if n.Data != "option" {
			continue
		}
		if slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "selected" }) {
			return attribute(n, "value")
		}
		if !found {
			first, found = attribute(n, "value"), true
		}
	}
	return first
}

// with is a form with some fields changed.
func with(form url.Values, changes url.Values) url.Values {
	out := maps.Clone(form)
	maps.Copy(out, changes)
	return out
}

// need is what somebody types to list a need for revenues and benefits.
func need(title string) url.Values {
	return url.Values{
		"title": {title}, "description": {"Council tax, NNDR and housing benefit software, hosted, with annual billing and recovery."},
		"right":            {"yes"},
		"window_start-day": {"1"}, "window_start-month": {"4"}, "window_start-year": {"2027"},
		"window_end-day": {"31"}, "window_end-month": {"December"}, "window_end-year": {"2027"},
		"budget_min": {"£900,000"}, "budget_max": {"£1,250,000"}, "purchase": {"software"},
		"contract_end-day": {"31"}, "contract_end-month": {"7"}, "contract_end-year": {"2028"}, "lead_months": {"6"},
		"musts": {"Hosted in the UK\nOpen APIs"}, "role": {"lead"},
	}
}

// list lists a need, changed here and there, and gives its address.
func (b *browser) list(title string, changes url.Values) string {
	b.t.Helper()
	check := b.write(title, changes) + "/check"
	answer := b.post(check, b.get(check).is(http.StatusOK).form(check)).is(http.StatusSeeOther)
	b.catchUp()
	return strings.TrimSuffix(answer.location(), "/matches")
}

// write types a need, changed here and there, into the steps of a draft, and gives the draft's address.
func (b *browser) write(title string, changes url.Values) string {
	b.t.Helper()
	said := with(need(title), changes)
	form := b.get("/intentions/new").is(http.StatusOK).form("/intentions/new")
	draft := strings.TrimSuffix(b.post("/intentions/new", with(form, only(said, "title", "description"))).is(http.StatusSeeOther).location(), "/for")
	for _, st := range needSteps() {
		b.answer(draft, st.slug, said).is(http.StatusSeeOther)
	}
	return draft
}

// answer types into one step of a draft or of a listed intention, whose steps stand under an address.
func (b *browser) answer(base, step string, said url.Values) *page {
	b.t.Helper()
	action := base + "/" + step
	st, _ := needStepBy(step)
	return b.post(action, with(b.get(action).is(http.StatusOK).form(action), only(said, st.names()...)))
}

// change changes one field of a listed intention.
func (b *browser) change(intention, field, value string) *page {
	b.t.Helper()
	for _, st := range needSteps() {
		if slices.Contains(st.names(), field) {
			return b.answer(intention+"/edit", st.slug, url.Values{field: {value}})
		}
	}
	b.t.Fatalf("no step asks for %s", field)
	return nil
}

// only is some fields of a form.
func only(form url.Values, fields ...string) url.Values {
	out := url.Values{}
	for _, field := range fields {
		if list, ok := form[field]; ok {
			out[field] = list
		}
	}
	return out
}

// location is where an answer leads on to.
func (p *page) location() string {
	if l := p.header["Location"]; len(l) > 0 {
		return l[0]
	}
	return ""
}

// count is how many stored records of a kind there are.
func (w *world) count(kind catalogue.Kind) int {
	w.t.Helper()
	n := 0
	must(w.t, w.Catalogue.Each(w.t.Context(), catalogue.Operator("test"), kind, func(catalogue.Item) error { n++; return nil }))
	return n
}

func TestTemplatesOfFormsFitTheirData(t *testing.T) {
	w := emptyWorld(t)
	for page, data := range map[string]any{
		"confirm": confirmPage{}, "council-sign-in": councilSignInPage{}, "council-go": goPage{}, "council-confirmed": goPage{}, "security": securityPage{}, "set-up": setUpPage{}, "set-up-app": appPage{}, "set-up-passkey": passkeyPage{}, "recovery-codes": recoveryPage{},
		"sign-in": signInPage{}, "code": codePage{}, "desk": deskPage{}, "intention": intentionPage{}, "need-step": needStepPage{}, "need-tasks": needTasksPage{}, "need-check": needCheckPage{},
		"matches": matchesPage{}, "new-group": newGroupPage{}, "group": groupPage{}, "group-move": groupMovePage{}, "group-dates": groupDatesPage{}, "group-value": groupValuePage{},
		"compare": comparePage{}, "people": peoplePage{}, "providers": providersPage{}, "provider": providerPage{}, "own-provider": ownProviderPage{}, "trail": trailPage{}, "queue": queuePage{}, "platform-form": platformFormPage{}, "paper": paperPage{}, "savings": savingsPage{}, "notice": noticePage{},
		"supplier-join": joinPage{}, "supplier-account": supplierAccountPage{}, "supplier-keep": keepPage{}, "following": followPage{}, "market": marketPage{}, "markets": marketsPage{}, "platform": platformPage{},
		"searches": searchesPage{}, "save-search": saveSearchPage{}, "saved-search": savedSearchPage{},
		"research-list": researchListPage{}, "end-search": endSearchPage{}, "research-draft": draftPage{}, "finish-search": finishPage{}, "research": researchPage{},
		"inbox": inboxPage{}, "inbox-settings": inboxSettingsPage{}, "mail-stop": mailStopPage{}, "talks": talksPage{}, "offer": offerPage{}, "bodies": bodiesPage{}, "body": bodyPage{}, "ask": askPage{}, "talk": talkPage{}, "new-talk": talkFormPage{},
		"reorganisation": reorganisationPage{}, "vesting-form": vestingPage{}, "successor": successorPage{}, "hand-overs": handOversPage{}, "hand-back": handBackPage{}, "split": splitPage{}, "cohort": cohortPage{},
		"plan": planPage{}, "finding": findingPage{}, "recommendation": recommendationPage{},
		"frameworks": frameworksPage{}, "framework": frameworkPage{}, "record-form": recordFormPage{},
		"release": releasePage{}, "releases": releasesPage{}, "withheld": withheldPage{},
		"baseline": baselinePage{}, "service-baseline": serviceBaselinePage{}, "edition": editionPage{}, "editions": editionsPage{}, "edition-withheld": unsaidPage{},
		"import": importPage{}, "import-columns": columnsPage{}, "import-buyer": buyerPage{}, "import-check": checkPage{}, "imported": importedPage{},
		"remove": removePage{}, "signals": signalsPage{}, "signal": signalPage{}, "signal-form": signalFormPage{}, "signal-preview": signalPreviewPage{}, "signal-answer": signalAnswerPage{}, "signal-choose": signalChoosePage{},
		"evidence": evidencePage{}, "calls": callsPage{}, "call": callPage{}, "call-form": callFormPage{}, "call-run": callRunPage{}, "call-themes": callThemesPage{},
		"call-answer": callAnswerPage{}, "call-figures": callFiguresPage{}, "call-question": callQuestionPage{}, "call-upload": callUploadPage{}, "call-sign": callSignPage{},
		"example": examplePage{}, "example-draft": exampleDraftPage{}, "example-step": exampleStepPage{}, "example-talk": exampleTalkPage{}, "your-examples": yourExamplesPage{},
	} {
		if err := w.templates.Check(page, data); err != nil {
			t.Error(err)
		}
	}
	if err := w.templates.CheckPart("need-step", "understood", understoodBox{}); err != nil {
		t.Error(err)
	}
}

// signed is the same site looked at with another browser's cookies.
func (b *browser) signed(other *browser) *browser {
	for name, c := range other.cookies {
		b.cookies[name] = c
	}
	return b
}
