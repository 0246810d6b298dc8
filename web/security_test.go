package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"jointly/catalogue"
)

const (
	city = "E08000025"
)

// gate is a site at which real officers sign in, on a clock that is moved.
type gate struct {
	*world
	box *postbox
	now time.Time
}

func newGate(t *testing.T) *gate {
	g := &gate{world: emptyWorld(t), box: &postbox{}, now: testDay()}
	g.Catalogue = g.Catalogue.At(func() time.Time { return g.now })
	g.sessions = newSessionStore(g.Catalogue, g.Keys, false)
	return g
}

func (g *gate) gives(email, council string, role catalogue.Role) *catalogue.Account {
	g.t.Helper()
	a, err := g.Catalogue.AddAccount(g.t.Context(), catalogue.Operator("test"), catalogue.Account{Email: email, OrgKind: catalogue.OrgCouncil, Org: council, Role: role})
	must(g.t, err)
	return a
}

// mailIn types the code that is sent to an address, and gives where that leads.
func (g *gate) mailIn(b *browser, email, next string) string {
	g.t.Helper()
	b.post("/sign-in", url.Values{"email": {email}, "next": {next}}).is(http.StatusSeeOther)
	return b.post("/sign-in/code", url.Values{"code": {g.code(g.box, email)}}).is(http.StatusSeeOther).location()
}

func (g *gate) shows(secret string) string {
	g.t.Helper()
	code, err := totp.GenerateCodeCustom(secret, g.now, totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	must(g.t, err)
	return code
}

// enrols sets up an authenticator app as the pages say.
func (g *gate) enrols(b *browser) (secret string, codes []string, page *page) {
	g.t.Helper()
	p := b.get("/security/app").is(http.StatusOK)
	secret = strings.ReplaceAll(p.text(".jy-key"), " ", "")
	done := b.post("/security/app", with(p.form("/security/app"), url.Values{"code": {g.shows(secret)}})).is(http.StatusOK)
	for _, n := range done.all(".jy-codes code") {
		codes = append(codes, strings.TrimSpace(n.FirstChild.Data))
	}
	return secret, codes, done
}

const cityLead = "lead@birmingham.gov.uk"

// signsIn is a lead who has a factor and was signed in with it just now.
func (g *gate) signsIn(email, council string, role catalogue.Role) (b *browser, secret string, codes []string) {
	g.t.Helper()
	g.gives(email, council, role)
	b = g.anonymous()
	g.mailIn(b, email, "")
	secret, codes, _ = g.enrols(b)
	return b, secret, codes
}

func TestFirstSignInOfAnOfficerSetsUpAFactor(t *testing.T) {
	g := newGate(t)
	g.gives(cityLead, city, catalogue.RoleLead)
	b := g.anonymous()
	if to := g.mailIn(b, cityLead, "/intentions/new"); to != "/security/set-up" {
		t.Fatalf("the code leads to %q", to)
	}
	b.get("/security/set-up").is(http.StatusOK).has("main", "You do this once")
	if to := b.get("/desk").is(http.StatusSeeOther).location(); !strings.HasPrefix(to, "/security/set-up?next=") {
		t.Errorf("the desk leads to %q", to)
	}
	p := b.get("/security/app").is(http.StatusOK)
	secret := strings.ReplaceAll(p.text(".jy-key"), " ", "")
	wrong := b.post("/security/app", with(p.form("/security/app"), url.Values{"code": {"000000"}})).is(http.StatusBadRequest)
	wrong.has(".govuk-error-summary", "not the code")
	if again := strings.ReplaceAll(wrong.text(".jy-key"), " ", ""); again != secret {
		t.Error("a wrong code changes the key that the app has already")
	}
	before := b.cookies[g.sessions.name].Value
	_, codes, done := g.enrols(b)
	if len(codes) != 10 || b.cookies[g.sessions.name].Value == before {
		t.Errorf("%d recovery codes, and the session keeps its name: %v", len(codes), b.cookies[g.sessions.name].Value == before)
	}
	if got := done.attributes("main .govuk-button", "href"); !slices.Contains(got, "/intentions/new") {
		t.Errorf("it leads on to %q", got)
	}
	b.get("/intentions/new").is(http.StatusOK)
	// The next time the app is asked for.
	g.now = g.now.Add(time.Minute)
	again := g.anonymous()
	if to := g.mailIn(again, cityLead, "/intentions/new"); to != "/sign-in/confirm" {
		t.Fatalf("the code leads to %q", to)
	}
	again.get("/sign-in/confirm").is(http.StatusOK).has("main", "authenticator app")
	again.post("/sign-in/confirm", url.Values{codeField: {"123"}}).is(http.StatusBadRequest).has(".govuk-error-summary", "wrong or was used before")
	again.post("/sign-in/confirm", url.Values{}).is(http.StatusBadRequest).has(".govuk-error-summary", "Enter a code")
	if to := again.post("/sign-in/confirm", url.Values{codeField: {codes[0]}}).is(http.StatusSeeOther).location(); to != "/intentions/new" {
		t.Errorf("a recovery code leads to %q", to)
	}
	again.get("/security").is(http.StatusOK).has("main", "9 recovery codes left")
	third := g.anonymous()
	g.mailIn(third, cityLead, "")
	third.post("/sign-in/confirm", url.Values{codeField: {codes[0]}}).is(http.StatusBadRequest) // a recovery code works once
	third.get("/desk").is(http.StatusSeeOther)
}

// TestNothingIsDoneBeforeTheSecondFactor tries every route of the table with a session that has shown the mail alone: it
// gets what a stranger gets, but for the pages on the way in.
func TestNothingIsDoneBeforeTheSecondFactor(t *testing.T) {
	g := newGate(t)
	_, _, _ = g.signsIn(cityLead, city, catalogue.RoleLead) // has a factor
	g.gives("fresh@birmingham.gov.uk", city, catalogue.RoleLead)
	for _, email := range []string{cityLead, "fresh@birmingham.gov.uk"} {
		half, stranger := g.anonymous(), g.anonymous()
		g.mailIn(half, email, "")
		name := half.cookies[g.sessions.name]
		for _, r := range g.routes() {
			if r.raw || r.access == entering || r.access == demo || r.path == "/sign-out" || strings.HasPrefix(r.path, "/sign-in") {
				continue
			}
			path := strings.NewReplacer(":id", "none", ":file", "none", ":lgsl", "1", ":code", city, ":number", "1", ":token", "x", "*file", "x").Replace(r.path)
			form := url.Values{"confirm-code": {"123456"}}
			if r.method == http.MethodGet {
				form = nil
			}
			half.cookies[g.sessions.name] = name
			a, b := half.send(r.method, path, form), stranger.send(r.method, path, form)
			if a.status != b.status {
				t.Errorf("%s %s: %d on the way in, %d for a stranger", r.method, path, a.status, b.status)
			}
			if r.access != open && a.status == http.StatusOK {
				t.Errorf("%s %s is answered on the way in", r.method, path)
			}
		}
		half.cookies[g.sessions.name] = name
		if email == cityLead { // who has a factor sets up no other
			for _, path := range []string{"/security/app", "/security/passkey"} {
				if to := half.get(path).is(http.StatusSeeOther).location(); to != "/sign-in/confirm" {
					t.Errorf("%s leads to %q", path, to)
				}
			}
			_, sealed, err := g.Catalogue.Enrolment("another session")
			must(t, err)
			half.post("/security/app", url.Values{"enrolment": {sealed}, "code": {"123456"}}).is(http.StatusUnauthorized)
		}
	}
}

// TestASessionThatSomebodyPlantedIsWorthNothing fixes the name of a session before its victim signs in.
func TestASessionThatSomebodyPlantedIsWorthNothing(t *testing.T) {
	g := newGate(t)
	_, secret, _ := g.signsIn(cityLead, city, catalogue.RoleLead)
	g.now = g.now.Add(time.Minute)
	attacker, victim := g.anonymous(), g.anonymous()
	attacker.post("/sign-in", url.Values{"email": {"attacker@example.org"}})
	plant := func() { victim.signed(attacker) }
	plant()
	g.mailIn(victim, cityLead, "")
	attacker.get("/desk").is(http.StatusSeeOther)
	attacker.cookies[g.sessions.name] = victim.cookies[g.sessions.name] // as if he had planted this one
	victim.post("/sign-in/confirm", url.Values{codeField: {g.shows(secret)}}).is(http.StatusSeeOther)
	victim.get("/desk").is(http.StatusOK)
	attacker.get("/desk").is(http.StatusSeeOther)
	attacker.get("/security").is(http.StatusSeeOther)
}

// TestWeightyThingsAskForTheFactorAgain makes a need public, which asks for a factor that was used lately, and keeps what was
// typed.
func TestWeightyThingsAskForTheFactorAgain(t *testing.T) {
	g := newGate(t)
	b, secret, _ := g.signsIn(cityLead, city, catalogue.RoleLead)
	draft := b.write("Public need", url.Values{"visibility": {"public"}})
	check := draft + "/check"
	g.now = g.now.Add(16 * time.Minute)
	form := b.get(check).is(http.StatusOK).form(check)
	form.Set("typed", "two\nlines & <more>")
	asked := b.post(check, form).is(http.StatusUnauthorized)
	asked.has("h1", "Confirm that it is you")
	if n := g.count(catalogue.KindIntention); n != 0 {
		t.Fatalf("%d needs are listed before it is confirmed", n)
	}
	kept := asked.form(check)
	for name := range form {
		if !slices.Equal(kept[name], form[name]) {
			t.Errorf("%s was %q and is kept as %q", name, form[name], kept[name])
		}
	}
	// Neither without a code, nor with a wrong one, nor with words that claim it.
	b.post(check, kept).is(http.StatusUnauthorized).has(".govuk-error-summary", "Enter a code")
	wrong := b.post(check, with(kept, url.Values{codeField: {"000000"}})).is(http.StatusUnauthorized)
	wrong.has(".govuk-error-summary", "wrong or was used before")
	b.post(check, with(form, url.Values{"proved": {"yes"}, "confirmed": {"1"}})).is(http.StatusUnauthorized)
	if n := g.count(catalogue.KindIntention); n != 0 {
		t.Fatalf("%d needs are listed by going past the question", n)
	}
	code := g.shows(secret)
	b.post(check, with(wrong.form(check), url.Values{codeField: {code}})).is(http.StatusSeeOther)
	if n := g.count(catalogue.KindIntention); n != 1 {
		t.Fatalf("%d needs are listed once it is confirmed", n)
	}
	// Within 15 minutes nothing is asked; the code itself works no second time.
	second := b.write("Another public need", url.Values{"visibility": {"public"}}) + "/check"
	b.post(second, b.get(second).form(second)).is(http.StatusSeeOther)
	third := b.write("A third public need", url.Values{"visibility": {"public"}}) + "/check"
	g.now = g.now.Add(15 * time.Minute)
	b.post(third, with(b.get(third).form(third), url.Values{codeField: {code}})).is(http.StatusUnauthorized)
	// What councils share needs none of it.
	shared := b.write("For councils", url.Values{"visibility": {"councils"}}) + "/check"
	b.post(shared, b.get(shared).form(shared)).is(http.StatusSeeOther)
}

// TestApprovingAndLeavingAskForTheFactorAgain goes by the records, with an actor that came by the web.
func TestApprovingAndLeavingAskForTheFactorAgain(t *testing.T) {
	w := councilsWorld(t)
	_, _, group := proposedBetween(t, w, nil, thornmere)
	id := strings.TrimPrefix(group, "/groups/")
	lead, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "stepped@ambleford.example", OrgKind: catalogue.OrgCouncil, Org: ambleford, Role: catalogue.RoleLead})
	must(t, err)
	actor := lead.Actor("web")
	approved := catalogue.Standing{Rung: catalogue.Approved, Approval: "Cabinet 7", Approved: catalogue.DateOf(testDay()), Volume: 1000}
	for what, try := range map[string]func(catalogue.Actor) error{
		"leaving a group": func(a catalogue.Actor) error {
			_, err := w.Catalogue.LeaveGroup(t.Context(), a, id, "We buy alone")
			return err
		},
		"standing at approved in a group": func(a catalogue.Actor) error {
			_, err := w.Catalogue.Stand(t.Context(), a, id, approved)
			return err
		},
	} {
		if err := try(actor); !errors.Is(err, catalogue.ErrProveFirst) {
			t.Errorf("%s without a factor used lately: %v", what, err)
		}
	}
	if _, err := w.Catalogue.Stand(t.Context(), actor, id, catalogue.Standing{Rung: catalogue.Interested}); err != nil {
		t.Errorf("standing lower asks for a factor: %v", err)
	}
	actor.Proved = true
	_, err = w.Catalogue.Stand(t.Context(), actor, id, approved)
	must(t, err)
	_, err = w.Catalogue.LeaveGroup(t.Context(), actor, id, "We buy alone")
	must(t, err)
}

func TestFactorsAreChangedOnThePages(t *testing.T) {
	g := newGate(t)
	b, secret, codes := g.signsIn(cityLead, city, catalogue.RoleLead)
	now := b.get("/security").is(http.StatusOK)
	now.has("main", "Authenticator app")
	now.has("main", "10 recovery codes")
	b.post("/security/app/remove", url.Values{}).is(http.StatusConflict).has("main", "last way")
	fresh := b.post("/security/recovery", url.Values{}).is(http.StatusOK)
	if slices.Contains(strings.Fields(fresh.text(".jy-codes")), codes[0]) {
		t.Error("a code from before is shown")
	}
	g.now = g.now.Add(20 * time.Minute)
	if to := b.get("/security/app").is(http.StatusSeeOther).location(); to != "/sign-in/confirm?next=/security/app" {
		t.Errorf("changing the app leads to %q", to)
	}
	asked := b.get("/sign-in/confirm?next=/security/app").is(http.StatusOK)
	if to := b.post("/sign-in/confirm", with(asked.form("/sign-in/confirm"), url.Values{codeField: {g.shows(secret)}})).is(http.StatusSeeOther).location(); to != "/security/app" {
		t.Errorf("confirming leads to %q", to)
	}
	p := b.get("/security/app").is(http.StatusOK)
	b.post("/security/app", with(p.form("/security/app"), url.Values{"code": {g.shows(strings.ReplaceAll(p.text(".jy-key"), " ", ""))}})).is(http.StatusSeeOther)
	b.post("/security/app", with(p.form("/security/app"), url.Values{"code": {"123456"}})).is(http.StatusBadRequest) // a page is used once
}

func TestSessionsOnThePage(t *testing.T) {
	g := newGate(t)
	b, secret, _ := g.signsIn(cityLead, city, catalogue.RoleLead)
	g.now = g.now.Add(time.Minute)
	other := g.anonymous()
	g.mailIn(other, cityLead, "")
	b.get("/security").is(http.StatusOK).has("#sessions", "Not signed in yet")
	other.post("/sign-in/confirm", url.Values{codeField: {g.shows(secret)}}).is(http.StatusSeeOther)
	p := b.get("/security").is(http.StatusOK)
	forms := p.attributes("#sessions form", "action")
	if len(forms) != 2 { // the other one, and everywhere
		t.Fatalf("forms to %v", forms)
	}
	b.post(forms[0], url.Values{}).is(http.StatusSeeOther)
	other.get("/desk").is(http.StatusSeeOther)
	b.get("/desk").is(http.StatusOK)
	if to := b.post("/security/sign-out", url.Values{}).is(http.StatusSeeOther).location(); to != "/sign-in" {
		t.Errorf("signing out everywhere leads to %q", to)
	}
	b.get("/desk").is(http.StatusSeeOther)
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0": "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1":     "Safari on iPhone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0":                                                        "Firefox on Linux",
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36":                  "Chrome on Android",
		"": "A browser that does not say what it is",
	} {
		if got := deviceWords(agent); got != want {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}

func TestAResetOnThePages(t *testing.T) {
	g := newGate(t)
	lost, _, _ := g.signsIn(cityLead, city, catalogue.RoleLead)
	first, _, _ := g.signsIn("first@birmingham.gov.uk", city, catalogue.RoleAdmin)
	second, _, _ := g.signsIn("second@birmingham.gov.uk", city, catalogue.RoleAdmin)
	action := ""
	for _, a := range first.get("/people").is(http.StatusOK).attributes("form", "action") {
		if strings.HasSuffix(a, "/reset") && action == "" {
			action = a
		}
	}
	people := first.get("/people")
	for _, a := range people.attributes("form", "action") {
		if strings.HasSuffix(a, "/reset") && strings.Contains(people.text("form[action='"+a+"']"), cityLead) {
			action = a
		}
	}
	first.post(action, url.Values{"why": {""}}).is(http.StatusBadRequest).has(".govuk-error-summary", "Say how you know")
	first.post(action, url.Values{"why": {"Spoke on the desk's number"}}).is(http.StatusSeeOther)
	first.post(action+"/answer", url.Values{"answer": {"confirm"}}).is(http.StatusForbidden)
	lost.get("/desk").is(http.StatusOK)
	second.get("/people").is(http.StatusOK).has("main", "Spoke on the desk's number")
	second.post(action+"/answer", url.Values{"answer": {"confirm"}}).is(http.StatusSeeOther)
	lost.get("/desk").is(http.StatusSeeOther)
	if to := g.mailIn(g.anonymous(), cityLead, ""); to != "/security/set-up" {
		t.Errorf("after the reset the code leads to %q", to)
	}
}

// TestNobodyLearnsWhoHasAFactor: until the code was right, the pages are the same for whoever it is.
func TestNobodyLearnsWhoHasAFactor(t *testing.T) {
	g := newGate(t)
	g.signsIn(cityLead, city, catalogue.RoleLead)
	g.gives("fresh@birmingham.gov.uk", city, catalogue.RoleLead)
	var answers []string
	for _, email := range []string{cityLead, "fresh@birmingham.gov.uk", "unknown@birmingham.gov.uk", "nobody@example.org"} {
		b := g.anonymous()
		sent := b.post("/sign-in", url.Values{"email": {email}}).is(http.StatusSeeOther)
		shown := b.get("/sign-in/code").is(http.StatusOK).text("main")
		wrong := b.post("/sign-in/code", url.Values{"code": {"xxxxxx"}}).is(http.StatusBadRequest).text("main")
		confirm := b.get("/sign-in/confirm").is(http.StatusSeeOther).location()
		answers = append(answers, strings.ReplaceAll(fmt.Sprint(sent.location(), shown, wrong, confirm), email, "X"))
	}
	for _, a := range answers[1:] {
		if a != answers[0] {
			t.Errorf("answers differ:\n%s\n%s", answers[0], a)
		}
	}
}

func TestFactorsOfOtherSitesFormsAreRefused(t *testing.T) {
	g := newGate(t)
	b, _, _ := g.signsIn(cityLead, city, catalogue.RoleLead)
	for _, r := range g.routes() {
		if r.method != http.MethodPost || !strings.HasPrefix(r.path, "/security") && !strings.HasPrefix(r.path, "/sign-in") && !strings.HasPrefix(r.path, "/people") {
			continue
		}
		request := httptest.NewRequest(http.MethodPost, strings.ReplaceAll(r.path, ":id", "none"), nil)
		request.Host = "localhost"
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		for _, c := range b.cookies {
			request.AddCookie(c)
		}
		answer := httptest.NewRecorder()
		g.handler.ServeHTTP(answer, request)
		if answer.Code != http.StatusForbidden {
			t.Errorf("a form of another site to %s gets %d", r.path, answer.Code)
		}
	}
	b.get("/security").is(http.StatusOK).has("main", "10 recovery codes")
}
