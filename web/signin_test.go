package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// postbox takes the mail that the service sends.
type postbox struct{ mail []catalogue.Message }

func (p *postbox) Send(_ context.Context, m catalogue.Message) error {
	p.mail = append(p.mail, m)
	return nil
}

// code is the code in the latest mail to an address; empty where there is none.
func (w *world) code(box *postbox, to string) string {
	w.t.Helper()
	_, err := w.Catalogue.SendOutbox(w.t.Context(), box)
	must(w.t, err)
	for i := len(box.mail) - 1; i >= 0; i-- {
		if box.mail[i].To == to {
			return regexp.MustCompile(`\b\d{6}\b`).FindString(box.mail[i].Subject)
		}
	}
	return ""
}

const cityOfficer = "first.last@birmingham.gov.uk"

func TestSignInWithACode(t *testing.T) {
	w, box := emptyWorld(t), &postbox{}
	b := w.anonymous()
	b.get("/desk").is(http.StatusSeeOther)
	b.get("/sign-in?next=%2Fintentions%2Fnew").is(http.StatusOK)
	sent := b.post("/sign-in", url.Values{"email": {" First.Last@Birmingham.gov.uk "}, "next": {"/intentions/new"}}).is(http.StatusSeeOther)
	if sent.location() != "/sign-in/code" {
		t.Fatalf("leads to %q", sent.location())
	}
	page := b.get("/sign-in/code").is(http.StatusOK)
	page.has("main", cityOfficer)
	if got := page.attributes("#code", "autocomplete"); len(got) != 1 || got[0] != "one-time-code" {
		t.Errorf("autocomplete %v", got)
	}
	if page.header["Etag"] != nil {
		t.Error("a page made for one moment has an ETag")
	}
	code := w.code(box, cityOfficer)
	if code == "" {
		t.Fatal("no code was sent")
	}
	wrong := b.post("/sign-in/code", url.Values{"code": {"12345x"}}).is(http.StatusBadRequest)
	wrong.has(".govuk-error-summary", "wrong or has run out")
	if got := wrong.attributes("#code", "value"); got[0] != "12345x" {
		t.Errorf("what was typed is gone: %v", got)
	}
	other := w.anonymous() // who sees the mail cannot use it in another browser
	other.post("/sign-in", url.Values{"email": {"somebody@example.org"}})
	other.post("/sign-in/code", url.Values{"code": {code}}).is(http.StatusBadRequest)

	before := b.cookies[w.sessions.name].Value
	in := b.post("/sign-in/code", url.Values{"code": {code[:3] + " " + code[3:]}}).is(http.StatusSeeOther)
	if in.location() != "/intentions/new" {
		t.Errorf("leads to %q", in.location())
	}
	if b.cookies[w.sessions.name].Value == before {
		t.Error("the session keeps its name at sign-in")
	}
	b.get("/desk").is(http.StatusOK).has("h1", "Birmingham")
	b.post("/sign-in/code", url.Values{"code": {code}}).is(http.StatusSeeOther) // a code works once
	left := b.post("/sign-out", nil).is(http.StatusSeeOther)
	if left.location() != "/" || b.cookies[w.sessions.name] != nil {
		t.Errorf("signing out leads to %q, with cookies %v", left.location(), b.cookies)
	}
	b.get("/desk").is(http.StatusSeeOther)
}

func TestSignInTellsNobodyWhoHasAnAccount(t *testing.T) {
	w, box := emptyWorld(t), &postbox{}
	var answers []string
	for _, email := range []string{cityOfficer, "nobody@example.org"} {
		b := w.anonymous()
		b.post("/sign-in", url.Values{"email": {email}}).is(http.StatusSeeOther)
		answers = append(answers, strings.ReplaceAll(b.get("/sign-in/code").is(http.StatusOK).text("main"), email, "X"))
	}
	if answers[0] != answers[1] {
		t.Errorf("known and unknown addresses are answered differently:\n%s\n%s", answers[0], answers[1])
	}
	if w.code(box, "nobody@example.org") != "" {
		t.Error("an unknown address gets a code")
	}
	w.anonymous().post("/sign-in", url.Values{"email": {"not an address"}}).is(http.StatusBadRequest).has(".govuk-error-summary", "email address")
	b := w.anonymous()
	b.post("/sign-in", url.Values{"email": {"a@adur-worthing.gov.uk"}})
	b.get("/sign-in/code").has("main", "Adur and Worthing share this domain")
}

func TestACodeRunsOut(t *testing.T) {
	now := testDay()
	w, box := emptyWorld(t), &postbox{}
	w.Catalogue = w.Catalogue.At(func() time.Time { return now })
	w.sessions = newSessionStore(w.Catalogue, w.Keys, false)
	b := w.anonymous()
	b.post("/sign-in", url.Values{"email": {cityOfficer}}).is(http.StatusSeeOther)
	code := w.code(box, cityOfficer)
	now = now.Add(11 * time.Minute)
	b.post("/sign-in/code", url.Values{"code": {code}}).is(http.StatusBadRequest).has("main", "run out")
}

func TestTooManyCodesAreRefusedInWords(t *testing.T) {
	w := emptyWorld(t)
	b := w.anonymous()
	for range 5 {
		b.post("/sign-in", url.Values{"email": {cityOfficer}}).is(http.StatusSeeOther)
	}
	b.post("/sign-in", url.Values{"email": {cityOfficer}}).is(http.StatusTooManyRequests).has(".govuk-error-summary", "Wait an hour")
}

func TestTriesOfACodeAreCounted(t *testing.T) {
	w, box := emptyWorld(t), &postbox{}
	b := w.anonymous()
	b.post("/sign-in", url.Values{"email": {cityOfficer}})
	code := w.code(box, cityOfficer)
	for range 5 {
		b.post("/sign-in/code", url.Values{"code": {"no"}}).is(http.StatusBadRequest)
	}
	b.post("/sign-in/code", url.Values{"code": {code}}).is(http.StatusBadRequest)
}

func TestNextLeadsToThisSiteOnly(t *testing.T) {
	for next, want := range map[string]string{
		"/intentions/new?contract=a%20b": "/intentions/new?contract=a%20b", "/groups/x#join": "/groups/x#join", "": "/desk", "desk": "/desk",
		"//evil.example": "/desk", "///evil.example": "/desk", `/\evil.example`: "/desk", `\\evil.example`: "/desk", "https://evil.example/": "/desk",
		"/\t/evil.example": "/desk", "/\n/evil.example": "/desk", " //evil.example": "/desk", "javascript:alert(1)": "/desk", "/%zz": "/desk",
		"http:/evil.example": "/desk", "/sign-in?next=/sign-in": "/desk",
	} {
		if got := localPath(next, "/desk"); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestPersonasAreForTheDemonstrationOnly(t *testing.T) {
	w := demoWorld(t)
	page := w.anonymous().get("/sign-in").is(http.StatusOK)
	if n := len(page.all(".jy-people__person")); n != 6 {
		t.Errorf("%d people to be, want 6", n)
	}
	w.anonymous().post("/sign-in/persona", url.Values{"account": {"demo-99-nobody"}}).is(http.StatusNotFound)
	b := w.anonymous()
	b.post("/sign-in/persona", page.form("/sign-in/persona")).is(http.StatusNotFound) // a button says who
	b.post("/sign-in/persona", url.Values{"account": page.attributes(".jy-people__person button", "value")[:1]}).is(http.StatusSeeOther)
	b.get("/desk").has("h1", "Ambleford (demonstration)")
	in := w.anonymous().post("/sign-in/persona", url.Values{"account": {"demo-1-lead-ambleford-example"}, "next": {"//evil.example/desk"}}).is(http.StatusSeeOther)
	if in.location() != "/desk" {
		t.Errorf("leads to %q", in.location())
	}
	b.get("/sign-in").has("main", "You are signed in for Ambleford")

	w.Demo = false
	w.anonymous().get("/sign-in").is(http.StatusOK).hasNot("main", "invented")
	w.anonymous().post("/sign-in/persona", url.Values{"account": {"demo-1-lead-ambleford-example"}}).is(http.StatusNotFound)
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleLead)
	request := httptest.NewRequest(http.MethodPost, "/sign-out", nil)
	request.Host = "localhost"
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	for _, c := range b.cookies {
		request.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, request)
	if answer.Code != http.StatusForbidden {
		t.Errorf("a form of another site gets %d", answer.Code)
	}
	b.get("/desk").is(http.StatusOK)
}
