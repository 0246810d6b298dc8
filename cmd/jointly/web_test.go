package main

// Journeys through the pages in a real browser.

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// People of the demonstration.
const (
	lead      = "Procurement lead, Ambleford (demonstration)"
	officer   = "ICT category officer, Thornmere (demonstration)"
	bystander = "Commissioning officer, Brackwater (demonstration)"
	supplier  = "Account manager, Quillbrook Systems (demonstration)"
	demoLead  = "DEMO-01"
	demoOther = "DEMO-02"
)

// month types a month, so many from now, into the date that a legend asks for.
func (tb *tab) month(legend string, fromNow int) {
	tb.t.Helper()
	now := time.Now()
	d := time.Date(now.Year(), now.Month()+time.Month(fromNow), 1, 0, 0, 0, 0, time.UTC)
	tb.fill(legend, "Month", d.Format("1"))
	tb.fill(legend, "Year", d.Format("2006"))
}

// groupForms is the main job: a need is listed, found and matched, a group is proposed, the other council accepts, and
// both see the room; nobody else does.
func groupForms(t *testing.T, b *browser, s *service) {
	ambleford := b.tab(t, s)
	ambleford.signIn(lead)
	ambleford.follow("List another need")
	ambleford.fill("", "What do you intend to buy?", "Forms portal for Ambleford residents")
	ambleford.fill("", "What is it to do, and for whom?", "Online forms, a citizen account and case tracking, with a form builder for officers")
	ambleford.until("what was understood", `document.querySelector('#understood').innerText.includes('We think this is')`)
	ambleford.until("who seems to need the same", `document.querySelector('#understood').innerText.includes('Thornmere')`)
	ambleford.fill("", "What is it to do, and for whom?", ", and bookings for residents")
	ambleford.press("Save and continue")
	ambleford.sees("Is it online forms", "Other councils that seem to need the same")
	ambleford.choose("Is it online forms", "Yes")
	ambleford.press("Save and continue")
	ambleford.press("Save and continue") // no contract ends
	ambleford.month("earliest", 7)
	ambleford.month("And the latest?", 13)
	ambleford.press("Save and continue")
	ambleford.fill("", "At least (optional)", "250,000")
	ambleford.fill("", "At most (optional)", "£400,000")
	ambleford.press("Save and see all tasks")
	ambleford.sees("You have completed 4 of 8 tasks", "Not started")
	ambleford.follow("Check your answers")
	ambleford.sees("Nothing is listed yet", "£250,000 ex VAT, £300,000 inc VAT", "What each reader would see")
	checkAccess(ambleford)
	if status := ambleford.press("List this need"); status != http.StatusOK {
		t.Fatalf("listing a need leads to %s with status %d", ambleford.path(), status)
	}
	ambleford.sees("Your need is listed", "Thornmere (demonstration)", "points", "Why we suggest it", "£250,000 to £400,000")
	matches := ambleford.path()

	ambleford.open("/search")
	ambleford.fill("", "Search", "Ambleford residents portal")
	ambleford.press("Search")
	ambleford.follow("Forms portal for Ambleford residents")
	ambleford.sees("Online forms, a citizen account and case tracking")

	ambleford.open(matches)
	for _, other := range []string{"Ostrey", "Aldermere"} { // leave the officer who answers below
		ambleford.choose("Councils to ask", other)
	}
	ambleford.press("Propose a group")
	ambleford.choose("Would your council be the lead", "Yes")
	if status := ambleford.press("Propose the group"); status != http.StatusOK {
		t.Fatalf("proposing leads to %s with status %d", ambleford.path(), status)
	}
	room := ambleford.path()
	ambleford.sees("Only members and councils asked see this page", "Waiting for Thornmere (demonstration)", "Asked")

	thornmere := b.tab(t, s)
	thornmere.signIn(officer)
	thornmere.sees("invitation to buy together", "Proposed by Ambleford (demonstration)")
	thornmere.follow("Online forms, portal and citizen account")
	if thornmere.path() != room {
		t.Errorf("the invitation leads to %s, want %s", thornmere.path(), room)
	}
	thornmere.press("Accept")
	inRoom := []string{"Group of 2 councils. Only members and councils asked see this page.", "Ambleford (demonstration)", "Thornmere (demonstration)", "Forms portal for Ambleford residents",
		"Lead authority", "When all can tender", "Joint value", "The threshold is"}
	thornmere.sees(append(inRoom, "Your council is in the group")...)
	ambleford.open(room)
	ambleford.sees(inRoom...)

	brackwater := b.tab(t, s)
	brackwater.signIn(bystander)
	if status := brackwater.open(room); status != http.StatusOK {
		t.Errorf("another council gets %d for the card", status)
	}
	for _, secret := range []string{"Joint value", "Forms portal for Ambleford residents", "£400,000"} {
		if strings.Contains(brackwater.text(), secret) {
			t.Errorf("who is not a member reads %q", secret)
		}
	}
	seller := b.tab(t, s)
	seller.signIn(supplier)
	if status := seller.open(room); status != http.StatusNotFound {
		t.Errorf("a supplier gets %d for a group that is for councils", status)
	}
	for _, tb := range []*tab{ambleford, thornmere, brackwater} {
		tb.quiet()
	}
}

// listsWithoutJavaScript is the same need listed where no script runs: what is understood is shown in the step that
// asks whether it is right.
func listsWithoutJavaScript(t *testing.T, b *browser, s *service) {
	brackwater := b.tab(t, s)
	brackwater.withoutScript()
	brackwater.signIn(bystander)
	brackwater.follow("List another need")
	brackwater.fill("", "What do you intend to buy?", "Leisure centre memberships for Brackwater")
	brackwater.fill("", "What is it to do, and for whom?", "Bookings, memberships and swimming lessons for three leisure centres")
	brackwater.press("Save and continue")
	brackwater.sees("We think this is Leisure management", "Other councils that seem to need the same")
	brackwater.choose("Is it leisure", "Yes")
	brackwater.press("Save and see all tasks")
	brackwater.follow("When the tender can start")
	brackwater.month("earliest", 4)
	brackwater.month("And the latest?", 12)
	brackwater.press("Save and continue")
	brackwater.follow("Back without saving")
	brackwater.follow("Check your answers")
	if status := brackwater.press("List this need"); status != http.StatusOK {
		t.Fatalf("listing a need leads to %s with status %d", brackwater.path(), status)
	}
	brackwater.sees("Your need is listed", "points")
	brackwater.open("/search")
	brackwater.fill("", "Search", "Brackwater memberships")
	brackwater.press("Search")
	brackwater.sees("Leisure centre memberships for Brackwater")
	// Facets work too, with a button to apply them.
	brackwater.open("/search?q=housing")
	before := brackwater.text()
	brackwater.choose("Kind", "Contract")
	brackwater.press("Apply filters")
	if !strings.Contains(brackwater.path(), "kind=contract") || brackwater.text() == before {
		t.Errorf("choosing a facet leads to %s", brackwater.path())
	}
	brackwater.quiet()
}

// searchOffersNames: the box's own list holds the names that begin as somebody types, and searching for one finds it.
func searchOffersNames(t *testing.T, b *browser, s *service) {
	tb := b.tab(t, s)
	tb.open("/search")
	tb.fill("", "Search", "quillbrook s")
	tb.until("a name in the list of the box", `[...document.querySelector('#q').list.options].some((o) => o.value === 'Quillbrook Systems (demonstration)')`)
	tb.press("Search")
	tb.sees("Quillbrook Systems (demonstration)")
	tb.quiet()
}

// total is how many results the page says that there are.
const total = `document.querySelector('[data-live-status]').innerText`

// facetsAreLive: ticking a box exchanges the results and the address without loading another page, the number is read
// out, and going back brings back what was there.
func facetsAreLive(t *testing.T, b *browser, s *service) {
	tb := b.tab(t, s)
	tb.open("/search?q=housing")
	all := value[string](tb, total)
	value[bool](tb, `window.same = true`)
	tb.choose("Kind", "Contract")
	tb.until("the address of the narrowed search", `location.search.includes('kind=contract')`)
	narrowed := value[string](tb, total)
	if narrowed == all || !value[bool](tb, `window.same === true`) {
		t.Errorf("%q became %q; the same page: %v", all, narrowed, value[bool](tb, `window.same === true`))
	}
	tb.until("the number is read out", `[...document.querySelectorAll('[role=status]')].some((e) => e.textContent.trim() !== '' && e.textContent === document.querySelector('[data-live-status]').textContent)`)
	if !value[bool](tb, `document.activeElement.matches('input[type=checkbox]:checked')`) {
		t.Error("the focus is lost")
	}
	shared := tb.path()
	value[string](tb, `(history.back(), '')`)
	tb.until("what was there before", `!location.search.includes('kind=') && `+total+` === `+quoted(all))
	other := b.tab(t, s)
	other.open(shared)
	if got := value[string](other, total); got != narrowed {
		t.Errorf("the shared address shows %q, want %q", got, narrowed)
	}
	tb.quiet()
}

// keyboardIsEnough: the first key leads past the header, and a search needs no mouse.
func keyboardIsEnough(t *testing.T, b *browser, s *service) {
	tb := b.tab(t, s)
	tb.open("/")
	tb.do(chromedp.KeyEvent(kb.Tab))
	if got := value[string](tb, `document.activeElement.innerText`); got != "Skip to main content" || !value[bool](tb, `document.activeElement.getBoundingClientRect().height > 10`) {
		t.Errorf("the first key leads to %q", got)
	}
	tb.do(chromedp.KeyEvent(kb.Enter))
	tb.until("the main part", `location.hash === '#main-content'`)
	tb.open("/search")
	at := `document.activeElement.matches('main input[type=search], main input[name=q]')`
	for range 40 {
		if value[bool](tb, at) {
			break
		}
		tb.do(chromedp.KeyEvent(kb.Tab))
		if !value[bool](tb, `(() => { const e = document.activeElement, s = getComputedStyle(e); return e === document.body || s.outlineStyle !== 'none' || s.boxShadow !== 'none' || s.backgroundColor !== 'rgba(0, 0, 0, 0)' })()`) {
			t.Errorf("nobody sees that the focus is on %s", value[string](tb, `document.activeElement.outerHTML`))
		}
	}
	if !value[bool](tb, at) {
		t.Fatal("40 keys do not lead to the search box")
	}
	tb.do(chromedp.KeyEvent("revs and bens"))
	tb.leads(chromedp.KeyEvent(kb.Enter))
	if !strings.HasPrefix(tb.path(), "/search?q=revs+and+bens") {
		t.Errorf("the search leads to %s", tb.path())
	}
	tb.sees("results")
	tb.quiet()
}

// errorsKeepWhatWasTyped: an error says what to do and leads to its field, and what was typed is still there, as text.
func errorsKeepWhatWasTyped(t *testing.T, b *browser, s *service) {
	tb := b.tab(t, s)
	tb.signIn(officer)
	tb.open("/intentions/new")
	const odd = `Permits <b>"bold"</b> & 'more' £`
	tb.fill("", "What do you intend to buy?", odd)
	tb.press("Save and continue")
	tb.follow("Back without saving")
	tb.follow("When the tender can start")
	tb.fill("earliest", "Month", "13")
	tb.fill("earliest", "Year", "2027")
	tb.fill("latest", "Month", "12")
	tb.fill("latest", "Year", "27")
	if status := tb.press("Save and continue"); status != http.StatusBadRequest {
		t.Errorf("a form with errors answers %d", status)
	}
	tb.until("the errors have the focus", `document.activeElement.matches('.govuk-error-summary')`)
	if !strings.HasPrefix(value[string](tb, `document.title`), "Error: ") {
		t.Errorf("the title is %q", value[string](tb, `document.title`))
	}
	tb.sees(odd)
	for field, want := range map[string]string{"window_start-month": "13", "window_end-year": "27"} {
		if got := value[string](tb, `document.getElementById('`+field+`').value`); got != want {
			t.Errorf("%s was kept as %q, want %q", field, got, want)
		}
	}
	links := value[[]string](tb, `[...document.querySelectorAll('.govuk-error-summary a')].map((a) => a.hash)`)
	if len(links) < 2 {
		t.Errorf("%d errors are listed: %v", len(links), links)
	}
	for _, link := range links {
		id := strings.TrimPrefix(link, "#")
		if !value[bool](tb, `document.getElementById(`+quoted(id)+`) !== null`) {
			t.Errorf("an error leads to %s, which is not there", link)
		}
	}
	for _, fault := range tb.heard() { // the browser tells of the status itself
		if !strings.Contains(fault, "400") {
			t.Error(fault)
		}
	}
	checkAccess(tb)
}

// supplierSeesNoSecret: a supplier sees the public demand, and no text, figure or name that is for councils, in any page,
// feed or answer that it can reach.
func supplierSeesNoSecret(t *testing.T, b *browser, s *service, sec secrets) {
	seller := b.tab(t, s)
	seller.signIn(supplier)
	seller.open("/demand")
	seller.sees("What councils will need", "Public: councils that can be named", "Not public: figures only", "At least 40 councils")
	seller.open("/intentions/" + sec.public)
	seller.sees("Zoo keeping for everybody")
	for _, id := range sec.hidden {
		if status := seller.open(id); status != http.StatusNotFound {
			t.Errorf("%s answers a supplier with %d", id, status)
		}
	}
	council := b.tab(t, s)
	council.signIn(bystander)
	council.open("/intentions/" + sec.public)
	council.sees("Quokka Ltd", "£8,675,309") // the secrets are there for those who may know
	for name, client := range map[string]*http.Client{"anybody": browsing(t), "a supplier": persona(t, s, "demo-4-sales-quillbrook-example")} {
		pages := crawl(t, client, s.address, 4000, func(path, body string) {
			for _, canary := range sec.canaries {
				if strings.Contains(body, canary) {
					t.Errorf("%s reads %q at %s: %s", name, canary, path, around(body, canary))
				}
			}
		})
		t.Logf("%s can reach %d pages", name, len(pages))
		if len(pages) < 500 {
			t.Errorf("%s reaches %d pages only: the crawl is broken", name, len(pages))
		}
		for _, canary := range sec.canaries { // not even whether it is there
			r, err := client.Get(s.address + "/api/v1/search?q=" + url.QueryEscape(`"`+canary+`"`))
			if err != nil {
				t.Fatal(err)
			}
			if body := bodyOf(t, r); parsed[answer](t, body).Total != 0 {
				t.Errorf("%s finds %q: %s", name, canary, clip(body))
			}
		}
	}
	for line := range strings.Lines(s.log.String()) {
		for _, canary := range sec.canaries { // without a mail server the log has the mails, by design
			if strings.Contains(line, canary) && !strings.HasPrefix(line, "mail to ") {
				t.Errorf("the log holds %q: %s", canary, line)
			}
		}
	}
	// The negative control: whoever may know does read them.
	found := map[string]bool{}
	crawl(t, persona(t, s, "demo-1-lead-ambleford-example"), s.address, 200, func(_, body string) {
		for _, canary := range sec.canaries {
			found[canary] = found[canary] || strings.Contains(body, canary)
		}
	})
	if !found["uokka"] || !found["8,675,309"] {
		t.Errorf("the council that keeps the secrets does not find them: %v", found)
	}
}

func around(body, text string) string {
	i := strings.Index(body, text)
	return body[max(0, i-150):min(len(body), i+150)]
}
