package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

// framed is a site with three frameworks, and somebody who keeps them.
func framed(t *testing.T) (*world, *browser) {
	t.Helper()
	w := emptyWorld(t)
	op, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "op@example.org", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(t, err)
	return w, w.signedIn(op)
}

// frameworkTyped is what the operator types of a framework.
func frameworkTyped(reference string) url.Values {
	return url.Values{"name": {"Council software"}, "reference": {reference}, "framework_owner": {"An agency"}, "capabilities": {"revs-bens", "gis"},
		"eligible": {"UK public sector, including local authorities"}, "start-day": {"7"}, "start-month": {"3"}, "start-year": {"2023"},
		"end-month": {"12"}, "end-year": {"2027"}, "latest-year": {"2029"}, "source": {"Its notice"}, "known": {"excerpt"},
		"checked-day": {"20"}, "checked-month": {"11"}, "checked-year": {"2026"}}
}

func TestTheOperatorKeepsTheWaysToBuy(t *testing.T) {
	w, op := framed(t)
	nobody := w.anonymous()
	nobody.get("/frameworks").is(http.StatusOK).has(".jy-empty", "No framework is on record. That is not the same as none")
	nobody.get("/frameworks").hasNot("main", "Add a framework")

	op.get("/frameworks").has("main", "Add a framework")
	empty := op.post("/frameworks/new", url.Values{"scope": {"Kept what was typed"}, "latest-year": {"29"}}).is(http.StatusBadRequest)
	empty.has(".govuk-error-summary", "The longest end must have a year of 4 figures")
	empty.has("textarea[name=scope]", "Kept what was typed")
	empty = op.post("/frameworks/new", url.Values{"checked-day": {"20"}, "checked-month": {"11"}, "checked-year": {"2026"}}).is(http.StatusBadRequest)
	for _, link := range empty.attributes(".govuk-error-summary a", "href") {
		if len(empty.all(link)) == 0 {
			t.Errorf("the error summary leads to %s, which is not there", link)
		}
	}
	made := op.post("/frameworks/new", frameworkTyped("RM1")).is(http.StatusSeeOther).location()
	if made != "/frameworks/rm1" || op.post("/frameworks/new", frameworkTyped("RM1")).is(http.StatusSeeOther).location() != made || w.count(catalogue.KindFramework) != 1 {
		t.Fatalf("the same form twice: %s", made)
	}
	op.post("/frameworks/new", frameworkTyped("RM2")).is(http.StatusSeeOther)
	old := op.post("/frameworks/new", with(frameworkTyped("RM8"), url.Values{"checked-month": {"3"}, "capabilities": {"libraries"}})).is(http.StatusSeeOther).location()
	nobody.get(old).has("#state", "Checked on 20 March 2026. That is 8 months ago: this may be out of date.")

	page := nobody.get(made).is(http.StatusOK)
	page.has("#state", "Open now Since 7 March 2023. Checked on 20 November 2026.")
	page.has("#terms", "December 2027")
	page.has("#terms", "At the latest, with every extension 2029")
	page.hasNot("#terms", "31 December")
	page.has("#terms", "From an excerpt of the source")
	page.has("#terms", "Not known: how long a call-off may run and its lots. Its owner can say")
	page.hasNot("main", "Correct this record")
	page.hasNot("main", "What this record said before")

	edit := op.get(made + "/edit").is(http.StatusOK)
	form := edit.form(made + "/edit")
	if form.Get("latest-year") != "2029" || form.Get("latest-month") != "" || len(form["capabilities"]) != 2 {
		t.Errorf("the form begins with %v", form)
	}
	if len(edit.all(".govuk-input--error")) > 0 {
		t.Error("a year alone is shown as a fault")
	}
	op.post(made+"/edit", with(form, url.Values{"end-month": {"1"}, "end-day": {"31"}})).is(http.StatusBadRequest).has(".govuk-error-summary", "Say why the record changes")
	changed := with(form, url.Values{"end-month": {"1"}, "end-day": {"31"}, "end-year": {"2028"}, "why": {"A notice of extension"}})
	op.post(made+"/edit", changed).is(http.StatusSeeOther)
	meanwhile := op.post(made+"/edit", with(changed, url.Values{"name": {"Another name"}})).is(http.StatusConflict)
	meanwhile.has(".govuk-error-summary", "Somebody else saved this")
	if got := meanwhile.form(made + "/edit").Get("name"); got != "Another name" {
		t.Errorf("a conflict lost what was typed: %q", got)
	}
	end := op.get(made + "/end").is(http.StatusOK).form(made + "/end")
	op.post(made+"/end", with(end, url.Values{"end-day": {""}, "end-month": {""}, "end-year": {""}})).is(http.StatusBadRequest).has(".govuk-error-summary", "Enter when it ends")
	op.post(made+"/end", with(end, url.Values{"end-day": {"28"}, "end-month": {"10"}, "end-year": {"2026"}, "replaced_by": {"rm2"}})).is(http.StatusSeeOther)

	page = nobody.get(made).is(http.StatusOK)
	page.has("#state", "Ended Its end, 28 October 2026, has passed")
	page.has("#state", "The record says that it is replaced by Council software")
	page.has("#eligible", "By this record it has ended: no new call-off can be made")
	page.has("#history", "Until 23 November 2026: a notice of extension")
	page.has("#history dl", "End December 2027")
	nobody.get("/frameworks/rm2").has("#state", "It replaces Council software")

	list := nobody.get("/frameworks?capability=revs-bens").is(http.StatusOK)
	if rows := list.texts("#frameworks tbody tr"); len(rows) != 2 || !strings.Contains(rows[0], "RM2") || !strings.Contains(rows[1], "Ended") {
		t.Errorf("the list: %v", rows)
	}
	nobody.get("/frameworks?state=open").hasNot("#frameworks", "RM1,")
	nobody.get("/frameworks?state=ended").hasNot("#frameworks", "RM2,")
	nobody.get("/frameworks?capability=waste").has(".jy-empty", "No framework is on record for waste")
	nobody.get("/frameworks?capability=gis&state=open").has("#frameworks", "RM2,")
	nobody.get("/frameworks?capability=<x>&state=<y>").is(http.StatusOK).has("#frameworks", "RM1,")
	nobody.get("/frameworks/none").is(http.StatusNotFound)
}

func TestOnlyTheOperatorSeesTheFormsOfFrameworks(t *testing.T) {
	w, op := framed(t)
	made := op.post("/frameworks/new", frameworkTyped("RM1")).is(http.StatusSeeOther).location()
	for who, b := range map[string]*browser{"nobody": w.anonymous(), "an administrator": w.officerOf(woking, catalogue.RoleAdmin)} {
		for _, path := range []string{"/frameworks/new", made + "/edit", made + "/end"} {
			if got := b.get(path).status; got == http.StatusOK {
				t.Errorf("%s sees %s", who, path)
			}
			if got := b.post(path, frameworkTyped("RM9")).status; got < 400 {
				t.Errorf("%s posts to %s: %d", who, path, got)
			}
		}
	}
	if w.count(catalogue.KindFramework) != 1 {
		t.Error("somebody else added a framework")
	}
}

func TestCanMyCouncilUseThis(t *testing.T) {
	w, op := framed(t)
	made := op.post("/frameworks/new", frameworkTyped("RM1")).is(http.StatusSeeOther).location()
	english, scottish := w.officerOf(woking, catalogue.RoleViewer), w.officerOf("S12000036", catalogue.RoleViewer)
	for _, b := range []*browser{w.anonymous(), english, scottish} {
		p := b.get(made).is(http.StatusOK)
		p.has("#eligible blockquote", "‘UK public sector, including local authorities’")
		p.has("#eligible li", "It names councils as a class. Check in the notice how the class is defined.")
		p.has("#eligible li", "is for the notice and the owner to say")
		p.hasNot("#eligible", "Yes")
	}
	english.get(made).has("#eligible", "What follows for Woking")
	scottish.get(made).has("#eligible li", "devolved Scottish authorities are outside the Procurement Act 2023")
	w.anonymous().get(made).has("#eligible", "Sign in with a council address")
	silent := op.post("/frameworks/new", with(frameworkTyped("RM3"), url.Values{"eligible": {""}})).is(http.StatusSeeOther).location()
	p := english.get(silent).is(http.StatusOK)
	p.has("#eligible", "Our record does not say who may use it")
	if len(p.all("#eligible blockquote")) > 0 {
		t.Error("a clause is quoted that is not stated")
	}
}

func TestAPlatformsPageIsWhole(t *testing.T) {
	w := demoWorld(t)
	nobody := w.anonymous()
	known := nobody.get("/platforms/nec-revenues-benefits").is(http.StatusOK)
	known.has("#badges li", "Reused 2 councils are seen using it.")
	known.has("#badges li", "Thin record This record meets 2 of 6 criteria.")
	known.has("#kept", "Not met: 0 of 2 councils")
	known.has("#reuse", "Widely reused 10 councils or more")
	known.has("#for a", "Revenues and benefits")
	known.has("#for details", "Council tax")
	known.has("#ways tr", "Vertical Application Solutions RM6259, Government Commercial Agency Open now ends 6 March 2027, in 3 months none seen ‘UK public sector, including local authorities’")
	known.has("#ways tr", "it was to begin on 17 September 2026. That it did was not seen")
	known.has("#ways", "Ended: G-Cloud 14")
	known.has("#ways", "we do not know that this platform is on the framework")
	known.has("#similar tr", "Both are mainly for revenues and benefits")
	known.has("#uses tr", "£569,177 term not stated")
	known.hasNot("main", "Complete this record")

	barely := nobody.get("/platforms/appcheck").is(http.StatusOK)
	barely.has("#badges li", "No use recorded Not known to be used, which is not no.")
	barely.has("#uses .jy-empty", "which is not no")
	if len(barely.all("figure")) > 0 {
		t.Error("a map without a council that uses it")
	}
	wide := nobody.get("/platforms/modern-gov").is(http.StatusOK)
	wide.has("#badges li", "Widely reused")
	invented := nobody.get("/platforms/demo-quillbrook-permits").is(http.StatusOK)
	invented.has("#badges li", "6 invented councils are seen using it")

	bought := nobody.get("/frameworks?capability=parking").is(http.StatusOK)
	bought.has("#frameworks tr", "Vertical Application Solutions")
	nobody.get("/services/57").has("main", "Ways to buy it")
	nobody.get("/platforms?capability=parking").has("main", "Ways to buy lists the frameworks")
}

func TestWhoListedAPlatformCompletesItsRecord(t *testing.T) {
	w := demoWorld(t)
	op := w.as("operator@")
	path := "/platforms/nec-revenues-benefits/edit"
	for _, b := range []*browser{w.as("lead@ambleford"), w.as("sales@quillbrook")} {
		b.get(path).is(http.StatusForbidden)
		b.post(path, url.Values{"name": {"Taken over"}}).is(http.StatusForbidden)
	}
	w.anonymous().get(path).is(http.StatusSeeOther)
	form := op.get(path).is(http.StatusOK).form(path)
	op.post(path, with(form, url.Values{"name": {""}, "exit": {"Kept what was typed"}})).is(http.StatusBadRequest).has("textarea[name=exit]", "Kept what was typed")
	full := with(form, url.Values{"exit": {"Data as CSV within 30 days of the end"}, "hosting": {"by the supplier, in the UK"}, "standards": {"Open API for balances\nBacs"}, "website": {"https://nec.example"}})
	op.post(path, full).is(http.StatusSeeOther)
	op.post(path, full).is(http.StatusSeeOther) // sent twice
	op.post(path, with(full, url.Values{"exit": {"Otherwise"}})).is(http.StatusConflict).has("textarea[name=exit]", "Otherwise")
	w.catchUp()
	p := w.anonymous().get("/platforms/nec-revenues-benefits").is(http.StatusOK)
	p.has("#before", "Exit and data return Data as CSV within 30 days of the end")
	p.has("#before", "APIs and standards Open API for balances and Bacs")
	p.has("#badges li", "Well kept This record meets 5 of 6 criteria.")
	p.has("main", "Also written NEC Revenues and Benefits") // what the form does not ask for stays
	if len(p.all("#missing")) > 0 {
		t.Error("something is told as missing that is there")
	}
}
