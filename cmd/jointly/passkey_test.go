package main

// Passkeys in a real browser, with an authenticator that Chromium simulates.

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// freePort is a port of this machine that nothing listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// device gives a tab an authenticator, and returns what makes it sign falsely.
func (tb *tab) device() (forge func(bool)) {
	tb.t.Helper()
	var made webauthn.AddVirtualAuthenticatorResult
	tb.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) (err error) {
		if _, err = cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		made, err = cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: "ctap2", Transport: "internal", HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
		return err
	}))
	return func(yes bool) {
		tb.t.Helper()
		tb.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: made.AuthenticatorID, IsBogusSignature: &yes})
			return err
		}))
	}
}

// held checks a page as it stands at both widths.
func (tb *tab) held() {
	tb.t.Helper()
	for _, width := range []int64{narrow, wide} {
		tb.resize(width)
		checkAccess(tb)
		if fault := tooWide(tb); fault != "" {
			tb.t.Error(fault)
		}
	}
	tb.quiet()
}

func TestSigningInWithAPasskey(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: takes a browser")
	}
	t.Parallel()
	b := openBrowser(t)
	p, mail := deliver(t, "127.0.0.1:0")
	dir, port := t.TempDir(), freePort(t)
	s := startService(t, dir, append(mailArgs(mail), "--addr", "127.0.0.1:"+port, "--base-url", "http://localhost:"+port)...)
	s.address = "http://localhost:" + port // passkeys belong to a name
	const lead = "lead@birmingham.gov.uk"
	done(t, "--data", dir, "account", "add", "--email", lead, "--council", "E08000025", "--role", "lead")
	tb := b.tab(t, s)
	forge := tb.device()
	mailIn := func() {
		t.Helper()
		p.forget()
		tb.open("/sign-in")
		tb.fill("", "Your work email address", lead)
		tb.press("Send me a code")
		tb.fill("", "Code", p.code(t, lead))
		tb.press("Sign in")
	}
	mailIn()
	if tb.path() != "/security/set-up" {
		t.Fatalf("the code leads to %s", tb.path())
	}
	tb.held()
	tb.open("/security/app")
	tb.held()
	tb.open("/security/passkey")
	tb.held()
	tb.press("Make the passkey")
	tb.sees("Keep your recovery codes")
	codes := value[[]string](tb, `[...document.querySelectorAll('.jy-codes code')].map((e) => e.textContent)`)
	if len(codes) != 10 {
		t.Errorf("%d recovery codes", len(codes))
	}
	tb.held()
	tb.follow("I have kept them: continue")
	if tb.path() != "/desk" {
		t.Errorf("it leads on to %s", tb.path())
	}
	tb.open("/security")
	tb.sees("Passkey, set up on", "10 recovery codes", "Chrom")
	tb.held()

	tb.open("/desk")
	tb.press("Sign out")
	mailIn()
	if tb.path() != "/sign-in/confirm" {
		t.Fatalf("the code leads to %s", tb.path())
	}
	tb.held()
	forge(true) // somebody who does not have the key
	tb.press("Use your passkey")
	tb.sees("could not be used")
	tb.heard()
	if status := tb.open("/desk"); status != 200 || !strings.HasPrefix(tb.path(), "/sign-in/confirm") {
		t.Fatalf("after a forged answer the desk is %s", tb.path())
	}
	forge(false)
	tb.press("Use your passkey")
	if tb.path() != "/desk" {
		t.Fatalf("the passkey leads to %s", tb.path())
	}
	tb.quiet()
	// Without JavaScript a recovery code stands in for it.
	c := browsing(t)
	p.forget()
	submit(t, c, "http://127.0.0.1:"+port+"/sign-in", map[string][]string{"email": {lead}})
	if path, _ := submit(t, c, "http://127.0.0.1:"+port+"/sign-in/code", map[string][]string{"code": {p.code(t, lead)}}); path != "/sign-in/confirm" {
		t.Fatalf("the code leads to %s", path)
	}
	if path, body := submit(t, c, "http://127.0.0.1:"+port+"/sign-in/confirm", map[string][]string{"confirm-code": {codes[0]}}); path != "/desk" {
		t.Errorf("a recovery code leads to %s: %s", path, clip(body))
	}
}
