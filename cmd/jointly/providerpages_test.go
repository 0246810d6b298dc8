package main

// A council's own sign-in, set up in the browser by the operator and required by its administrator.

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestACouncilsOwnSignInIsSetUpInTheBrowser from nothing to required, and back to none.
func TestACouncilsOwnSignInIsSetUpInTheBrowser(t *testing.T) {
	t.Parallel()
	c := newCouncil(t)
	const admin, keeper = "admin@birmingham.gov.uk", "keeper@example.org"
	c.account(admin, "E08000025", "administrator")
	c.account("by.mail@birmingham.gov.uk", "E08000025", "viewer")
	done(t, "--data", c.dir, "account", "add", "--email", keeper, "--role", "operator")
	done(t, "--data", c.dir, "provider", "remove", "E08000025")
	op, at := browsing(t), c.s.address
	c.codeFor(op, keeper)
	setUpApp(t, op, at)

	form := url.Values{"council": {"Birmingham"}, "issuer": {c.issuer}, "client_id": {councilClient}, "client_secret": {councilSecret}, "tenants": {councilTenant}}
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	defer elsewhere.Close()
	for issuer, want := range map[string]string{
		"http://login.example/x":                            "beginning with https://",
		"https://10.1.2.3/x":                                "private network",
		"https://169.254.169.254/latest":                    "private network",
		"https://[::ffff:10.1.2.3]/x":                       "private network",
		"https://[fd00::1]/x":                               "private network",
		elsewhere.URL:                                       "says how people sign in",
		"https" + strings.TrimPrefix(elsewhere.URL, "http"): "no secure connection",
		strings.TrimSuffix(c.issuer, "/v2.0"):               "sign in",
	} {
		wrong := url.Values{}
		for name, values := range form {
			wrong[name] = values
		}
		wrong.Set("issuer", issuer)
		path, body := submit(t, op, at+"/providers/new", wrong)
		if path != "/providers/new" || !strings.Contains(body, want) || !strings.Contains(body, councilClient) || strings.Contains(body, councilSecret) || !strings.Contains(body, "Type the client secret again") {
			t.Errorf("%s leads to %s, want %q, what was typed and no secret: %s", issuer, path, want, clip(body))
		}
	}
	empty := url.Values{"council": {""}, "issuer": {"https://10.1.2.3/x"}, "client_secret": {""}}
	_, told := submit(t, op, at+"/providers/new", empty)
	for _, want := range []string{`href="#council"`, `href="#client_id"`, `href="#client_secret"`, `href="#tenants"`} {
		if !strings.Contains(told, want) {
			t.Errorf("an empty form does not tell of %s: %s", want, clip(told))
		}
	}
	if strings.Contains(told, "private network") {
		t.Error("the issuer is asked for a form that is not whole")
	}
	path, body := submit(t, op, at+"/providers/new", form)
	if path != "/providers/E08000025" || !strings.Contains(body, "Not used yet") || strings.Contains(body, councilSecret) {
		t.Fatalf("setting it up leads to %s: %s", path, clip(body))
	}
	if _, body := submit(t, op, at+"/providers/E08000025/try", nil); !strings.Contains(body, "The issuer answers, with keys") {
		t.Errorf("trying it: %s", clip(body))
	}
	form.Set("required", "yes")
	form.Del("client_secret") // the one that there is stays
	if path, body := submit(t, op, at+"/providers/E08000025", form); path != "/providers/E08000025" || !strings.Contains(body, "before you require it") {
		t.Errorf("requiring what never worked leads to %s: %s", path, clip(body))
	}

	require := url.Values{"required": {"yes"}, "tenants": {councilTenant}}
	byMail := browsing(t) // the administrator, by a code: she might shut out everybody
	c.codeFor(byMail, admin)
	setUpApp(t, byMail, at)
	if path, body := submit(t, byMail, at+"/people/sign-in", require); path != "/people/sign-in" || !strings.Contains(body, "sign in with your council") || c.required(t) {
		t.Errorf("requiring it by a session of a code leads to %s: %s", path, clip(body))
	}
	colleague := browsing(t)
	c.codeFor(colleague, "by.mail@birmingham.gov.uk")
	if path, _ := submit(t, colleague, at+"/people/sign-in", require); c.required(t) {
		t.Errorf("a viewer requires it, by %s", path)
	}

	// By the council's account, bound once the second factor was used.
	c.is(person{Object: "admin", Email: admin})
	if path, _ := c.signs(byMail, person{Object: "admin", Email: admin}, url.Values{"purpose": {"link"}}); path != "/security" {
		t.Fatalf("binding leads to %s", path)
	}
	in := browsing(t)
	if path, _ := c.signs(in, person{Object: "admin", Email: admin}, url.Values{}); path != "/desk" {
		t.Fatalf("the council's account leads to %s", path)
	}
	if path, body := submit(t, in, at+"/people/sign-in", url.Values{"required": {"yes"}, "tenants": {"another"}}); path != "/people/sign-in" || !strings.Contains(body, "Keep your own tenant") {
		t.Errorf("shutting out her own tenant leads to %s: %s", path, clip(body))
	}
	if !c.in(colleague) || c.required(t) {
		t.Error("it is required too early")
	}
	if path, body := submit(t, in, at+"/people/sign-in", require); path != "/people/sign-in" || !c.required(t) {
		t.Fatalf("requiring it leads to %s: %s", path, clip(body))
	}
	if c.in(colleague) || !c.in(in) {
		t.Error("a session by code goes on, or hers has ended")
	}
	require.Del("required")
	if submit(t, in, at+"/people/sign-in", require); c.required(t) {
		t.Error("it is still required")
	}
	if path, _ := submit(t, op, at+"/providers/E08000025/remove", nil); path != "/providers" || c.in(in) {
		t.Errorf("removing it leads to %s, or its session goes on", path)
	}
	c.quiet(t)
}

// required says whether the council requires its own sign-in.
func (c *council) required(t *testing.T) bool {
	t.Helper()
	return strings.Contains(done(t, "--data", c.dir, "provider", "list"), "required")
}

// quiet says that the client's secret is in no log and in no list.
func (c *council) quiet(t *testing.T) {
	t.Helper()
	if strings.Contains(c.s.log.String(), councilSecret) || strings.Contains(done(t, "--data", c.dir, "provider", "list"), councilSecret) {
		t.Error("the secret is told")
	}
}
