package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jointly/catalogue"
)

// operatorBrowser is the operator of the service, signed in.
func (w *world) operatorBrowser() *browser {
	w.t.Helper()
	a, err := w.Catalogue.AddAccount(w.t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "ops@jointly.example", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(w.t, err)
	return w.signedIn(a)
}

// lastMail sends what waits, and gives the latest mail to an address.
func (w *world) lastMail(box *postbox, to string) catalogue.Message {
	w.t.Helper()
	_, err := w.Catalogue.SendOutbox(w.t.Context(), box)
	must(w.t, err)
	for i := len(box.mail) - 1; i >= 0; i-- {
		if box.mail[i].To == to {
			return box.mail[i]
		}
	}
	w.t.Fatalf("no mail to %s", to)
	return catalogue.Message{}
}

// Somebody asks for a supplier's account, is refused, asks again, and is let in.
func TestSomebodyJoinsForASupplier(t *testing.T) {
	w, box := councilsWorld(t), &postbox{}
	o, b := w.operatorBrowser(), w.anonymous()
	b.get("/sign-in").has("main", "asked for a supplier account")
	b.get("/supplier/join").is(http.StatusOK).wellFormed()
	asked := url.Values{"email": {"kim@gmail.com"}, "supplier": {"Brinley <Systems>"}, "companies_house": {"12"}, "why": {"Product lead"}}
	wrong := b.post("/supplier/join", asked).is(http.StatusBadRequest)
	wrong.has(".govuk-error-summary", "Anybody can have an address at")
	wrong.has("#companies_house-error", "8 characters")
	if kept := wrong.form("/supplier/join"); kept.Get("supplier") != "Brinley <Systems>" || kept.Get("companies_house") != "12" {
		t.Errorf("what was typed is lost: %v", kept)
	}
	asked.Set("email", "Kim@Brinley.example")
	asked.Set("companies_house", "1234567")
	if p := b.post("/supplier/join", asked).is(http.StatusSeeOther); p.location() != "/sign-in/code" {
		t.Fatalf("it leads to %s", p.location())
	}
	b.get("/sign-in/code").has("main", "kim@brinley.example")
	b.post("/sign-in/code", url.Values{"code": {"000000"}}).is(http.StatusBadRequest)
	code := regexp.MustCompile(`\d{6}`).FindString(w.lastMail(box, "kim@brinley.example").Subject)
	if p := b.post("/sign-in/code", url.Values{"code": {code}}).is(http.StatusSeeOther); p.location() != "/supplier" {
		t.Fatalf("the code leads to %s", p.location())
	}
	b.get("/supplier").has("#waits", "with addresses at brinley.example")
	b.get("/desk").is(http.StatusOK)
	b.get("/supplier/platforms/new").is(http.StatusForbidden)

	const answer = "/queue/requests/domain~brinley.example"
	queue := o.get("/queue").is(http.StatusOK)
	queue.wellFormed()
	for _, words := range []string{"Does brinley.example belong to Brinley <Systems>?", "Companies House number: 01234567", "No supplier of this name is on record", "by kim@brinley.example", "Asked on"} {
		queue.has("#suppliers", words)
	}
	o.post(answer, url.Values{"answer": {"grant"}, "version": {"1"}}).is(http.StatusSeeOther) // of what it asked before
	o.get("/queue").has("#suppliers", "Does brinley.example belong to")
	answering := func(changes url.Values) url.Values { return with(o.get("/queue").form(answer), changes) }
	o.post(answer, answering(url.Values{"answer": {"refuse"}})).is(http.StatusBadRequest).has(".govuk-error-summary", "Say why not")
	o.post(answer, answering(url.Values{"answer": {"refuse"}, "reason": {"Whose domain is it?"}})).is(http.StatusSeeOther)
	o.get("/queue").has(".jy-empty", "Nothing waits")
	b.get("/supplier").has("#refused", "Whose domain is it?")
	b.get("/inbox").has("main", "Whose domain is it?")
	again := b.get("/supplier").form("/supplier/again")
	b.post("/supplier/again", with(again, url.Values{"why": {""}})).is(http.StatusBadRequest).has("#why-error", "what your job is")
	b.post("/supplier/again", with(again, url.Values{"why": {"Product lead; see our register entry"}})).is(http.StatusSeeOther)
	o.post(answer, answering(url.Values{"answer": {"grant"}, "supplier": {"Brinley Systems"}})).is(http.StatusSeeOther)
	if m := w.lastMail(box, "kim@brinley.example"); m.Subject != "Your supplier account in Jointly" {
		t.Errorf("told %q", m.Subject)
	}
	// Now that it may do more than read, it sets up a second factor before it goes on.
	if to := b.get("/supplier").is(http.StatusSeeOther).location(); !strings.HasPrefix(to, "/security/set-up") {
		t.Errorf("a supplier that was granted is led to %q", to)
	}
	(&gate{world: w, now: w.Catalogue.Now()}).enrols(b)
	b.get("/inbox").has("main", "Your supplier account in Jointly")
	b.get("/").has(".jy-account", "unread")
	p := b.get("/supplier").is(http.StatusOK)
	p.wellFormed()
	p.has("h1", "Brinley Systems")
	p.has(".jy-lead", "Companies House number 01234567")
	b.get("/suppliers/brinley-systems").has(".jy-lead", "01234567")
	b.get("/people").has("#people", "kim@brinley.example")
}

// A supplier keeps what is listed and corrects it; a council that uses it confirms field by field.
func TestACorrectionIsShownFieldByField(t *testing.T) {
	w := councilsWorld(t)
	w.add(&catalogue.Platform{Meta: catalogue.Meta{ID: "town-permits"}, Name: "Town Permits", Supplier: "Somebody else", Capabilities: []string{"parking"}, Licence: "proprietary"})
	o, b, council := w.operatorBrowser(), w.supplier(), w.officer(ambleford, catalogue.RoleContributor)
	const page = "/platforms/town-permits"
	b.get(page).has("main", "Ask to keep this record")
	council.get(page).hasNot("main", "Ask to keep this record")
	b.get(page + "/edit").is(http.StatusForbidden)
	b.post(page+"/keep", url.Values{}).is(http.StatusBadRequest).has("#why-error", "how your company stands")
	b.post(page+"/keep", url.Values{"why": {"We make it"}}).is(http.StatusSeeOther)
	b.get("/supplier").has("#requests", "Keep the record of Town Permits")
	queue := o.get("/queue")
	queue.has("#suppliers", "the record names Somebody else as its supplier")
	action := queue.attributes("#suppliers form", "action")[0]
	o.post(action, with(o.get("/queue").form(action), url.Values{"answer": {"grant"}})).is(http.StatusSeeOther)

	edit := b.get(page + "/edit").is(http.StatusOK)
	edit.wellFormed()
	if edit.form(page + "/edit").Has("supplier") {
		t.Error("a supplier says who supplies it")
	}
	b.post(page+"/edit", with(edit.form(page+"/edit"), url.Values{"licence": {"open source"}, "exit": {"CSV <within> a month"}})).is(http.StatusSeeOther)
	shown := w.anonymous().get(page)
	shown.wellFormed()
	shown.has("#stated-by-supplier", "exit and data return (on 23 November 2026)")
	shown.has("#before", "stated by the supplier on 23 November 2026")
	shown.has("#changes", "before: proprietary")
	if n := strings.Count(shown.text("#before"), "stated by the supplier on"); n != 2 {
		t.Errorf("%d fields are marked", n)
	}
	w.catchUp()
	w.anonymous().get("/search?q=town+permits").has("#results", "licence stated by the supplier on 23 November 2026")
	council.get(page).hasNot("#stated-by-supplier", "What is right")
	council.post(page+"/stated", url.Values{"stated": {"exit"}}).is(http.StatusForbidden)
	council.post(page+"/use", url.Values{}).is(http.StatusSeeOther)
	council.get(page).has("#stated-by-supplier", "CSV <within> a month")
	council.post(page+"/stated", url.Values{}).is(http.StatusBadRequest).has(".govuk-error-summary", "Choose what is right")
	council.post(page+"/stated", url.Values{"stated": {"exit"}}).is(http.StatusSeeOther)
	shown = w.anonymous().get(page)
	shown.hasNot("#stated-by-supplier", "exit and data return")
	shown.has("#before", "CSV <within> a month")
	shown.has("#changes", "Exit and data return confirmed by Ambleford")
	if n := strings.Count(shown.text("#before"), "stated by the supplier on"); n != 1 {
		t.Errorf("after one was confirmed %d are marked", n)
	}
}

// To follow is to keep a search with one button, and a supplier's digest tells what anybody may see.
func TestFollowingACapabilityIsASavedSearch(t *testing.T) {
	w := councilsWorld(t)
	b := w.supplier()
	b.get("/search?capability=parking").form("/follow")
	if n := len(b.get("/search?capability=parking&q=permits").all("form[action='/follow']")); n != 0 {
		t.Error("a search for words is offered to be followed as a capability")
	}
	w.anonymous().get("/platforms?capability=parking").has("main", "Sign in to follow this capability")
	b.post("/follow", url.Values{"facet": {"capability"}}).is(http.StatusBadRequest).has(".govuk-error-summary", "Choose what you want to follow")
	b.post("/follow", url.Values{"facet": {"council"}, "value": {ambleford}}).is(http.StatusBadRequest)
	first := b.post("/follow", b.get("/search?capability=parking").form("/follow")).is(http.StatusSeeOther).location()
	if again := b.post("/follow", url.Values{"facet": {"capability"}, "value": {"parking"}}).location(); again != first {
		t.Errorf("following twice leads to %s and %s", first, again)
	}
	b.post("/follow", url.Values{"facet": {"region"}, "value": {"North West"}}).is(http.StatusSeeOther)
	p := b.get("/follow").is(http.StatusOK)
	p.wellFormed()
	p.has("#followed", "Parking")
	p.has("#followed", "North West")

	// A platform by itself, and a signal.
	w.add(&catalogue.Platform{Meta: catalogue.Meta{ID: "town-permits"}, Name: "Town Permits", Capabilities: []string{"parking"}})
	one := b.get("/platforms/town-permits").is(http.StatusOK)
	one.has("main", "Follow this platform")
	platform := b.post("/follow", url.Values{"facet": {"platform"}, "value": {"town-permits"}}).is(http.StatusSeeOther).location()
	lead := w.officer(ambleford, catalogue.RoleLead)
	signal := lead.published(lead.signalled(lead.list("Revenues", nil), nil))
	b.post(signal+"/follow", b.get(signal).form(signal+"/follow")).is(http.StatusSeeOther)
	b.get(signal).has("main", "Stop following this signal")
	w.anonymous().get(signal).has("main", "Sign in to follow this signal")
	b.get("/follow").has("#signals", "Hosted revenues system")
	lead.post(signal+"/end", url.Values{"how": {"closed"}, "reason": {"The tender is out."}}).is(http.StatusSeeOther)
	b.get("/").has(".jy-account", "1 unread")
	b.get("/inbox").has("main", "A signal is closed")
	b.post(signal+"/follow", b.get(signal).form(signal+"/follow")).is(http.StatusSeeOther)
	b.get("/follow").hasNot("main", "Hosted revenues system")
	w.add(&catalogue.Contract{Meta: catalogue.Meta{ID: "permits-contract", Ref: "P-1"}, Council: "E08000025", Title: "Permits contract", Capability: "parking", Product: "Town Permits", Platform: "town-permits",
		Stage: catalogue.StageAwarded, Audience: catalogue.Public, End: catalogue.MustDate("2029-03-31"), Source: catalogue.Source{Text: "Register"}})

	w.add(canaries()...)
	alerts := NewAlerts(w.Catalogue, w.Index)
	for more := true; more; {
		var err error
		more, err = alerts.Look(t.Context(), 10)
		must(t, err)
	}
	b.get(platform).has("#new", "Permits contract")
	news := b.get(first).is(http.StatusOK)
	news.has("#new", "Shown parking need")
	news.hasNot("main", "zebra")
}

// The market is for councils: figures with their table, warnings, a file, and nothing that runs in a spreadsheet.
func TestACouncilReadsWhoHoldsAMarket(t *testing.T) {
	w := demoWorld(t)
	b := w.as("lead@")
	all := b.get("/market").is(http.StatusOK)
	all.wellFormed()
	all.has("table", "one or two suppliers hold it")
	p := b.get("/market/planning-bc").is(http.StatusOK)
	p.wellFormed()
	p.has("#warning", "Ask for exit and data return")
	p.has("#concentration", "the largest two have")
	p.has("#concentration", "Index (HHI)")
	few := b.get("/market/parking").is(http.StatusOK)
	few.wellFormed()
	few.has("#concentration", "Too few to say")
	few.has("#ends", "Quarters of the financial year")
	b.get("/platforms?capability=parking").has("main", "Who holds this market")
	b.get("/estate").has("main", "Who holds which market")
	w.anonymous().get("/platforms?capability=parking").hasNot("main", "Who holds this market")
	w.as("sales@").get("/market/parking").is(http.StatusForbidden)

	w.add(&catalogue.Contract{Meta: catalogue.Meta{Ref: "F-1"}, Council: "E08000025", Title: "=HYPERLINK(1)", Capability: "parking", CapabilityConfirmed: true, Supplier: "+Sum Ltd",
		End: catalogue.MustDate("2027-06-30"), Audience: catalogue.Councils, Stage: catalogue.StageAwarded, Source: catalogue.Source{Text: "Register"}})
	file := b.get("/market/parking/market.csv").is(http.StatusOK)
	if !strings.Contains(file.body, "'=HYPERLINK(1)") || strings.Contains(file.body, ",=HYPER") || strings.Contains(file.body, ",+Sum") {
		t.Errorf("the file holds a formula: %s", file.body)
	}
	if !strings.Contains(b.get("/market.csv").is(http.StatusOK).body, "HHI by councils") {
		t.Error("the file of all markets has no measures")
	}
}

// A supplier that keeps a platform sees no more of councils than anybody.
func TestASupplierWithAPlatformReadsNoPrivateWord(t *testing.T) {
	w := demoWorld(t)
	w.add(canaries()...)
	o, b := w.operatorBrowser(), w.as("sales@")
	b.post("/platforms/nec-revenues-benefits/keep", url.Values{"why": {"We make it"}}).is(http.StatusSeeOther)
	waits := o.get("/queue")
	action := waits.attributes("#suppliers form", "action")[0]
	o.post(action, with(waits.form(action), url.Values{"answer": {"grant"}})).is(http.StatusSeeOther)
	_, err := w.Catalogue.RecordUse(t.Context(), catalogue.Actor{Account: "x", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: ambleford, Via: "test"}, "nec-revenues-benefits", catalogue.Date{}, "zebraadvice")
	must(t, err)
	w.catchUp()
	w.as("lead@").get("/platforms/nec-revenues-benefits").has("main", "zebraadvice") // the control
	for _, address := range []string{"/supplier", "/follow", "/platforms/nec-revenues-benefits", "/platforms/nec-revenues-benefits/edit", "/supplier/platforms/new", "/desk", "/people", "/searches",
		"/suppliers/civica", "/market", "/market/revenues-benefits", "/market/parking", "/market.csv", "/market/parking/market.csv", "/queue", "/demand", "/inbox", "/search?capability=parking", "/search.csv?ended=1&capability=parking"} {
		p := b.get(address)
		for _, word := range []string{"zebrawood", "zebracouncils", "zebraown", "zebraadvice", "765,432", "876,543"} {
			if strings.Contains(p.body, word) {
				t.Errorf("a supplier reads %q at %s", word, address)
			}
		}
	}
}
