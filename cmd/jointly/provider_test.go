package main

// Signing in with a council's own account, at a provider that is a process of its own.

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
)

// council is a service, and the provider of one of its councils.
type council struct {
	t       *testing.T
	s       *service
	post    *post
	dir     string
	issuer  string
	persons string // where the provider is told who is there
}

func newCouncil(t *testing.T) *council {
	t.Helper()
	cmd := program(t, t.TempDir())
	cmd.Env = append(os.Environ(), providerVariable+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	p, mail := deliver(t, "127.0.0.1:0")
	c := &council{t: t, post: p, dir: t.TempDir(), issuer: strings.TrimSpace(line)}
	c.persons = c.issuer[:strings.Index(c.issuer, "/"+councilTenant)] + "/who"
	c.s = startService(t, c.dir, mailArgs(mail)...)
	if o := c.sets(); o.status != statusDone {
		t.Fatalf("setting the provider: %s", o.err)
	}
	return c
}

// sets lets the council's people sign in with its own accounts.
func (c *council) sets(more ...string) outcome {
	c.t.Helper()
	args := append([]string{"--data", c.dir, "provider", "set", "--council", "E08000025", "--issuer", c.issuer, "--client-id", councilClient, "--tenant", councilTenant,
		"--secret-file", written(c.t, "secret", councilSecret+"\n")}, more...)
	return jointly(c.t, args...)
}

// is says who has signed in at the provider.
func (c *council) is(p person) {
	c.t.Helper()
	body, err := json.Marshal(p)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := http.Post(c.persons, "application/json", strings.NewReader(string(body)))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Body.Close()
}

func (c *council) account(email, council, role string) {
	c.t.Helper()
	done(c.t, "--data", c.dir, "account", "add", "--email", email, "--council", council, "--role", role)
}

// leads begins a sign-in and returns the address at the provider that it leads to.
func (c *council) leads(b *http.Client, form url.Values) string {
	c.t.Helper()
	r, err := b.Get(c.s.address + "/sign-in/council")
	if err != nil {
		c.t.Fatal(err)
	}
	id := regexp.MustCompile(`<option value="([^"]+)"`).FindStringSubmatch(bodyOf(c.t, r))
	if id == nil {
		c.t.Fatal("no council is offered")
	}
	form.Set("provider", id[1])
	r, err = b.PostForm(c.s.address+"/sign-in/council", form)
	if err != nil {
		c.t.Fatal(err)
	}
	body := bodyOf(c.t, r)
	_, address, ok := strings.Cut(r.Header.Get("Refresh"), "url=")
	if !ok {
		c.t.Fatalf("it leads nowhere: %d %s", r.StatusCode, clip(body))
	}
	return address
}

// signs signs somebody in and returns where that leads.
func (c *council) signs(b *http.Client, p person, form url.Values) (path, body string) {
	c.t.Helper()
	c.is(p)
	c.post.forget()
	if path, body = c.follows(b, c.leads(b, form)); path == "/sign-in/code" { // not known yet
		path, body = submit(c.t, b, c.s.address+"/sign-in/code", url.Values{"code": {c.post.code(c.t, strings.ToLower(p.Email))}})
	}
	return path, body
}

func (c *council) follows(b *http.Client, address string) (path, body string) {
	c.t.Helper()
	r, err := b.Get(address)
	if err != nil {
		c.t.Fatal(err)
	}
	return r.Request.URL.Path, bodyOf(c.t, r)
}

func (c *council) in(b *http.Client) bool {
	c.t.Helper()
	path, _ := c.follows(b, c.s.address+"/desk")
	return path == "/desk"
}

// codeFor asks for a code by e-mail and types it, where one comes.
func (c *council) codeFor(b *http.Client, email string) (path, body string) {
	c.t.Helper()
	c.post.forget()
	submit(c.t, b, c.s.address+"/sign-in", url.Values{"email": {email}})
	return submit(c.t, b, c.s.address+"/sign-in/code", url.Values{"code": {c.post.code(c.t, email)}})
}

const callback = "/sign-in/council/callback"

func TestSigningInWithACouncilsOwnAccount(t *testing.T) {
	t.Parallel()
	c := newCouncil(t)
	t.Run("a newcomer reads", func(t *testing.T) {
		b := browsing(t)
		path, body := c.signs(b, person{Object: "new", Email: "new.one@birmingham.gov.uk"}, url.Values{})
		if path != "/desk" || !strings.Contains(body, "Birmingham") || strings.Contains(body, "List another need") {
			t.Errorf("a newcomer gets to %s: %s", path, clip(body))
		}
		if again := browsing(t); func() bool { // the address changed: tenant and object are who somebody is
			path, _ := c.signs(again, person{Object: "new", Email: "married@birmingham.gov.uk"}, url.Values{})
			return path != "/desk"
		}() {
			t.Error("somebody whose address changed is not known again")
		}
		if list := done(t, "--data", c.dir, "account", "list"); strings.Contains(list, "married") || strings.Count(list, "birmingham") != 1 {
			t.Errorf("accounts: %s", list)
		}
	})
	t.Run("what does not hold", func(t *testing.T) {
		c.account("lead@coventry.gov.uk", "E08000026", "lead")
		for _, p := range []person{
			{Object: "a", Email: "a@birmingham.gov.uk", Wrong: "issuer"},
			{Object: "a", Email: "a@birmingham.gov.uk", Wrong: "audience"},
			{Object: "a", Email: "a@birmingham.gov.uk", Wrong: "expired"},
			{Object: "a", Email: "a@birmingham.gov.uk", Wrong: "nonce"},
			{Object: "a", Email: "a@birmingham.gov.uk", Wrong: "signature"},
			{Object: "a", Email: "a@birmingham.gov.uk", Wrong: "symmetric"},
			{Object: "a", Email: "a@birmingham.gov.uk", Wrong: "none"},
			{Object: "a", Email: "a@birmingham.gov.uk", Tenant: "99999999-2222-3333-4444-555555555555"},
			{Object: "", Email: "a@birmingham.gov.uk"},
			{Object: "a", Email: "lead@coventry.gov.uk"},   // an account of another council
			{Object: "a", Email: "nobody@coventry.gov.uk"}, // an address of another council
			{Object: "a", Email: "a@birmingham.gov.uk.evil.example"},
			{Object: "a"},
		} {
			b := browsing(t)
			if path, body := c.signs(b, p, url.Values{}); path != callback || !strings.Contains(body, "There is a problem") || c.in(b) {
				t.Errorf("%+v gets to %s", p, path)
			}
		}
		if list := done(t, "--data", c.dir, "account", "list"); strings.Contains(list, "\ta@") || strings.HasPrefix(list, "a@") || strings.Contains(list, "nobody@") {
			t.Errorf("accounts: %s", list)
		}
	})
	t.Run("the address alone opens nothing", func(t *testing.T) { // a guest of the tenant may bring any
		c.account("claimed@birmingham.gov.uk", "E08000025", "lead")
		for _, email := range []string{"claimed@birmingham.gov.uk", "unclaimed@birmingham.gov.uk"} {
			c.is(person{Object: "guest", Email: email})
			b := browsing(t)
			if path, _ := c.follows(b, c.leads(b, url.Values{})); path != "/sign-in/code" || c.in(b) {
				t.Errorf("a guest who claims %s gets to %s", email, path)
			}
			if path, _ := submit(t, b, c.s.address+"/sign-in/code", url.Values{"code": {"12345x"}}); path != "/sign-in/code" || c.in(b) {
				t.Errorf("with a wrong code it gets to %s", path)
			}
			own := browsing(t) // the code is of no use in a browser where its reader signs in by e-mail
			submit(t, own, c.s.address+"/sign-in", url.Values{"email": {"x@example.org"}})
			if submit(t, own, c.s.address+"/sign-in/code", url.Values{"code": {c.post.code(t, email)}}); c.in(own) {
				t.Error("the code of a binding signs in elsewhere")
			}
		}
		if list := done(t, "--data", c.dir, "account", "list"); strings.Contains(list, "unclaimed") {
			t.Errorf("accounts: %s", list)
		}
	})
	t.Run("a state works once, in its browser", func(t *testing.T) {
		c.is(person{Object: "state", Email: "state@birmingham.gov.uk"})
		b, victim := browsing(t), browsing(t)
		address := c.leads(b, url.Values{})
		stop := &http.Client{Jar: b.Jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		r, err := stop.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		back := r.Header.Get("Location")
		if path, _ := c.follows(victim, back); path != callback || c.in(victim) { // made to sign in as the attacker
			t.Errorf("another browser gets to %s", path)
		}
		c.leads(victim, url.Values{})
		if path, _ := c.follows(victim, back); path != callback || c.in(victim) {
			t.Errorf("another browser that began one too gets to %s", path)
		}
		if path, _ := c.follows(b, back); path != "/sign-in/code" {
			t.Errorf("the browser that began it gets to %s", path)
		}
		r, err = b.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.Request.URL.Path != callback || r.StatusCode != http.StatusBadRequest {
			t.Errorf("the same state again gets to %s with %d", r.Request.URL.Path, r.StatusCode)
		}
		for _, query := range []string{"", "?state=x&code=y", "?error=access_denied&state=x"} {
			if path, _ := c.follows(browsing(t), c.s.address+callback+query); path != callback {
				t.Errorf("%q leads to %s", query, path)
			}
		}
	})
	t.Run("an account that its council gave is bound", func(t *testing.T) {
		c.account("invited@birmingham.gov.uk", "E08000025", "lead")
		b := browsing(t)
		if path, _ := c.signs(b, person{Object: "invited", Email: "Invited@birmingham.gov.uk"}, url.Values{"next": {"/intentions/new"}}); path != "/intentions/new" {
			t.Errorf("an invited lead gets to %s", path)
		}
		c.post.wait(t, "invited@birmingham.gov.uk")
		other := browsing(t) // another object of the tenant takes over the address
		if path, _ := c.signs(other, person{Object: "taker", Email: "invited@birmingham.gov.uk"}, url.Values{}); path != callback || c.in(other) {
			t.Errorf("another object with the same address gets to %s", path)
		}
		done(t, "--data", c.dir, "account", "disable", "invited@birmingham.gov.uk")
		if c.in(b) {
			t.Error("a session outlives its account")
		}
		if path, _ := c.signs(browsing(t), person{Object: "invited", Email: "invited@birmingham.gov.uk"}, url.Values{}); path != callback {
			t.Errorf("an account that was ended gets to %s", path)
		}
	})
	t.Run("an account with a factor of its own is bound once that was used", func(t *testing.T) {
		const lead = "lead@birmingham.gov.uk"
		c.account(lead, "E08000025", "lead")
		first := browsing(t)
		if path, _ := c.codeFor(first, lead); path != "/security/set-up" {
			t.Fatalf("the code leads to %s", path)
		}
		_, codes := setUpApp(t, first, c.s.address)
		b := browsing(t)
		path, _ := c.signs(b, person{Object: "lead", Email: lead}, url.Values{})
		if path != "/sign-in/confirm" || c.in(b) {
			t.Fatalf("somebody who has the address alone gets to %s", path)
		}
		if path, body := submit(t, b, c.s.address+"/sign-in/confirm", url.Values{"confirm-code": {codes[0]}}); path != "/desk" {
			t.Fatalf("the factor leads to %s: %s", path, clip(body))
		}
		if path, _ := c.signs(browsing(t), person{Object: "lead", Email: "whatever@example.org"}, url.Values{}); path != "/desk" {
			t.Errorf("the next time it gets to %s", path)
		}
	})
	t.Run("the mail alone sets up no factor for an account that is bound", func(t *testing.T) {
		const bound = "bound@birmingham.gov.uk"
		c.account(bound, "E08000025", "lead")
		if path, _ := c.signs(browsing(t), person{Object: "bound", Email: bound}, url.Values{}); path != "/desk" {
			t.Fatalf("signing in leads to %s", path)
		}
		b := browsing(t)
		if path, body := c.codeFor(b, bound); path != "/sign-in/confirm" || !strings.Contains(body, "Sign in with your council") || strings.Contains(body, "confirm-code") {
			t.Errorf("the code by e-mail leads to %s: %s", path, clip(body))
		}
		if path, _ := c.follows(b, c.s.address+"/security/app"); path != "/sign-in/confirm" || c.in(b) {
			t.Errorf("setting up an app leads to %s", path)
		}
	})
	t.Run("a council requires it", func(t *testing.T) {
		b := browsing(t)
		if path, _ := c.codeFor(b, "by.mail@birmingham.gov.uk"); path != "/desk" {
			t.Fatalf("the code leads to %s", path)
		}
		if o := c.sets("--required"); o.status != statusDone {
			t.Fatalf("requiring it: %s", o.err)
		}
		if c.in(b) {
			t.Error("a session by e-mail goes on")
		}
		c.post.forget()
		var answers []string
		for _, email := range []string{"by.mail@birmingham.gov.uk", "nobody.at.all@birmingham.gov.uk"} {
			_, body := submit(t, browsing(t), c.s.address+"/sign-in", url.Values{"email": {email}})
			answers = append(answers, strings.ReplaceAll(body, email, "X"))
		}
		if !strings.Contains(answers[0], "own accounts") || answers[0] != answers[1] {
			t.Error("what is said of it differs between an address with an account and one without, or is not said")
		}
		submit(t, browsing(t), c.s.address+"/sign-in", url.Values{"email": {"other@coventry.gov.uk"}})
		c.post.wait(t, "other@coventry.gov.uk") // sent after the others would have been
		c.post.mu.Lock()
		for _, m := range c.post.mails {
			if strings.HasSuffix(m.to, "@birmingham.gov.uk") && strings.Contains(m.subject, "is your code") {
				t.Errorf("%s is sent %q", m.to, m.subject)
			}
		}
		c.post.mu.Unlock()
		in := browsing(t)
		if path, _ := c.signs(in, person{Object: "by mail", Email: "by.mail@birmingham.gov.uk"}, url.Values{}); path != "/desk" {
			t.Errorf("with the council's account it gets to %s", path)
		}
		done(t, "--data", c.dir, "provider", "remove", "E08000025")
		if c.in(in) {
			t.Error("a session by the council's account outlives the way by which it came")
		}
	})
	if o := c.sets("--required"); o.status != statusRefused {
		t.Errorf("requiring what never worked ends with %d", o.status)
	}
}

// appCode is the code that an authenticator app shows now.
func appCode(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// setUpApp sets up an authenticator app as the pages say, and returns its secret and the recovery codes.
func setUpApp(t *testing.T, b *http.Client, address string) (secret string, codes []string) {
	t.Helper()
	r, err := b.Get(address + "/security/app")
	if err != nil {
		t.Fatal(err)
	}
	body := bodyOf(t, r)
	secret = strings.ReplaceAll(regexp.MustCompile(`<code class="jy-key">([^<]+)`).FindStringSubmatch(body)[1], " ", "")
	sealed := regexp.MustCompile(`name="enrolment" value="([^"]+)"`).FindStringSubmatch(body)[1]
	_, body = submit(t, b, address+"/security/app", url.Values{"enrolment": {sealed}, "code": {appCode(t, secret)}})
	for _, m := range regexp.MustCompile(`<code class="jy-key">([^<]+)`).FindAllStringSubmatch(body, -1) {
		codes = append(codes, m[1])
	}
	if len(codes) != 10 {
		t.Fatalf("setting up an app leads to %s", clip(body))
	}
	return secret, codes
}

// TestConfirmingWithACouncilsOwnAccount: it counts where the person was asked anew.
func TestConfirmingWithACouncilsOwnAccount(t *testing.T) {
	t.Parallel()
	c := newCouncil(t)
	const lead = "lead@birmingham.gov.uk"
	c.account(lead, "E08000025", "lead")
	for _, test := range []struct {
		what  string
		who   person
		holds bool
	}{
		{"asked anew", person{Object: "lead", Email: lead, Ago: 3600}, true},
		{"it does not say when", person{Object: "lead", Email: lead, Ago: -1}, false},
		{"somebody else", person{Object: "other", Email: "other@birmingham.gov.uk"}, false},
	} {
		b := browsing(t)
		stale := test.who
		stale.Object, stale.Email, stale.Ago = "lead", lead, 3600 // signed in an hour ago
		if path, _ := c.signs(b, stale, url.Values{}); path != "/desk" {
			t.Fatalf("signing in leads to %s", path)
		}
		path, body := c.signs(b, test.who, url.Values{"purpose": {"confirm"}})
		if path != callback || strings.Contains(body, "confirmed that it is you") != test.holds {
			t.Errorf("%s: %s: %s", test.what, path, clip(body))
		}
	}
	if path, _ := submit(t, browsing(t), c.s.address+"/sign-in/council", url.Values{"provider": {"none"}, "purpose": {"link"}}); path != "/sign-in/council" {
		t.Errorf("linking as nobody leads to %s", path)
	}
}

// TestASilentSignInGivesNoWeight: an administrator whom the council's sign-in let in without asking can neither act with
// weight nor set up a factor, until it has asked her anew.
func TestASilentSignInGivesNoWeight(t *testing.T) {
	t.Parallel()
	c := newCouncil(t)
	const admin = "admin@birmingham.gov.uk"
	c.account(admin, "E08000025", "administrator")
	b, silent := browsing(t), person{Object: "admin", Email: admin, Ago: 3 * 24 * 3600}
	if path, _ := c.signs(b, silent, url.Values{}); path != "/desk" {
		t.Fatalf("signing in leads to %s", path)
	}
	invite := func(email string) (listed bool) {
		t.Helper()
		submit(t, b, c.s.address+"/people/invite", url.Values{"email": {email}, "role": {"lead"}})
		return strings.Contains(done(t, "--data", c.dir, "account", "list"), email)
	}
	if invite("one@birmingham.gov.uk") {
		t.Error("she invites a lead without being asked")
	}
	for _, page := range []string{"/security/app", "/security/passkey"} {
		if path, body := c.follows(b, c.s.address+page); path != "/sign-in/confirm" || !strings.Contains(body, "Confirm with your council") {
			t.Errorf("%s leads to %s: %s", page, path, clip(body))
		}
	}
	if path, _ := c.signs(b, silent, url.Values{"purpose": {"confirm"}}); path != callback { // the provider asks, as it is told to
		t.Fatalf("confirming leads to %s", path)
	}
	if path, _ := submit(t, b, c.s.address+"/sign-in/confirm", url.Values{"confirm-code": {""}, "confirm-next": {"/security/app"}}); path != "/security/app" {
		t.Errorf("going on leads to %s", path)
	}
	setUpApp(t, b, c.s.address)
	if !invite("two@birmingham.gov.uk") {
		t.Error("she cannot invite a lead once she has confirmed")
	}
}

// TestAskedToConfirmInABrowser: what has weight asks again of somebody who signed in at the council an hour ago.
func TestAskedToConfirmInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: takes a browser")
	}
	t.Parallel()
	b := openBrowser(t)
	c := newCouncil(t)
	const lead = "lead@birmingham.gov.uk"
	c.account(lead, "E08000025", "administrator")
	c.account("colleague@birmingham.gov.uk", "E08000025", "lead")
	tb := b.tab(t, c.s)
	signs := func(ago int) {
		t.Helper()
		c.is(person{Object: "lead", Email: lead, Ago: ago})
		tb.open("/sign-in")
		tb.held()
		tb.follow("sign in with your council")
		tb.held()
		tb.do(chromedp.SetValue(chromedp.JSPath(`document.querySelector('select[name=provider]')`), value[string](tb, `document.querySelectorAll('select[name=provider] option')[1].value`)))
		tb.press("Continue")
		path := ""
		eventually(t, patience, "the way back", func() (there bool) { // pages follow each other by themselves
			var err error
			path, err = chromedp.Run(tb.ctx, chromedp.Evaluate[string](`document.readyState === 'complete' ? location.pathname : ''`))
			return err == nil && (path == "/desk" || path == "/sign-in/code")
		})
		if path == "/sign-in/code" {
			tb.held()
			tb.fill("", "Code", c.post.code(t, lead))
			tb.press("Sign in")
		}
	}
	signs(3600) // nobody was asked for a password
	tb.open("/people")
	tb.do(chromedp.Click(named("summary", "Lost the phone")))
	tb.held()
	tb.open("/security/app")
	tb.sees("Before you change how you sign in, confirm with your council")
	tb.held()
	tb.open("/desk")
	tb.press("Sign out")
	signs(0)
	tb.open("/security/app") // just after signing in
	secret := strings.ReplaceAll(value[string](tb, `document.querySelector('.jy-key').textContent`), " ", "")
	tb.fill("", "Code that the app shows", appCode(t, secret))
	tb.press("Continue")
	tb.sees("Keep your recovery codes")
	recovery := value[string](tb, `document.querySelector('.jy-codes code').textContent`)
	tb.open("/desk")
	tb.press("Sign out")
	signs(3600)
	tb.open("/security")
	tb.press("Make new recovery codes")
	tb.sees("Confirm that it is you", "What you typed is kept")
	tb.heard() // the browser tells of the status
	tb.held()
	tb.fill("", "Code from your authenticator app", "000000")
	tb.press("Continue")
	tb.sees("wrong or was used before")
	tb.heard()
	tb.held()
	tb.do(chromedp.SetValue(labelled("", "Code from your authenticator app"), recovery))
	tb.press("Continue")
	tb.sees("Keep your recovery codes")
}
