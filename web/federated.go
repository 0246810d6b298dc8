package web

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"golang.org/x/oauth2"

	"jointly/catalogue"
	"jointly/web/view"
)

// Signing in with a council's own account: OpenID Connect, with PKCE, state and nonce.

// Limits of what providers are waited for and remembered.
const (
	providerWithin = 10 * time.Second
	providerFor    = time.Hour // a discovery document is read anew after it; keys are whenever one is not known
)

// federation is the providers whose discovery documents were read lately.
type federation struct {
	networks []netip.Prefix // private ones that providers may be in

	mu    sync.Mutex
	known map[string]discovered
}

type discovered struct {
	provider *oidc.Provider
	read     time.Time
}

func newFederation(networks []netip.Prefix) *federation {
	return &federation{networks: networks, known: map[string]discovered{}}
}

// discover reads a provider's discovery document, or remembers it.
func (f *federation) discover(ctx context.Context, issuer string) (*oidc.Provider, error) {
	f.mu.Lock()
	have, ok := f.known[issuer]
	f.mu.Unlock()
	if ok && time.Since(have.read) < providerFor {
		return have.provider, nil
	}
	// It is kept beyond this request, and reads keys with the context that it was made with.
	p, err := oidc.NewProvider(f.toProvider(context.WithoutCancel(ctx), issuer), issuer)
	if err != nil {
		return nil, errNotAnswering(err)
	}
	if !sendsSafely(p, issuer) { // it may have changed since it was set up
		return nil, errNotAnswering(errPlainHTTP)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known[issuer] = discovered{p, time.Now()}
	return p, nil
}

const callbackPath = "/sign-in/council/callback"

func (s *site) client(p *oidc.Provider, c catalogue.FederationClient) *oauth2.Config {
	return &oauth2.Config{ClientID: c.ClientID, ClientSecret: c.Secret, Endpoint: p.Endpoint(), RedirectURL: s.BaseURL + callbackPath,
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"}}
}

// councilSignInPage asks which council's account to sign in with.
type councilSignInPage struct {
	view.Page
	Heading string
	Which   view.Select
	Next    string
	Send    view.Button
	None    bool // no council has set it up
}

func (s *site) councilSignIn(c *gin.Context, who visitor) error {
	return s.showCouncilSignIn(c, who, http.StatusOK, c.Query("next"), nil)
}

func (s *site) showCouncilSignIn(c *gin.Context, who visitor, status int, next string, wrong error) error {
	ways, err := s.Catalogue.SignInWays(c)
	if err != nil {
		return err
	}
	p := councilSignInPage{Heading: "Sign in with your council’s account", Next: localPath(next, ""), None: len(ways) == 0, Send: view.Button{Text: "Continue", PreventDoubleClick: true},
		Which: view.Select{Name: "provider", Label: view.Label{Text: "Your council"}, Error: fieldError(wrong, "provider"), Options: []view.Option{{Text: "Choose a council"}}}}
	for _, w := range ways {
		p.Which.Options = append(p.Which.Options, view.Option{Value: w.ID, Text: w.Council.Label()})
	}
	p.Page = s.page(c, who, "/sign-in", p.Heading)
	p.Canonical = "/sign-in/council"
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Sign in", Href: "/sign-in"}, {Text: p.Heading}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "council-sign-in", p)
}

// goPage leads to a council's sign-in. It is a page and not a redirect, since a form must lead nowhere else (form-action).
type goPage struct {
	view.Page
	Heading string
	Link    view.Link
}

func (s *site) beginCouncilSignIn(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	f := catalogue.Federation{Provider: t.text("provider"), Purpose: t.text("purpose"), Next: localPath(t.Get("next"), ""), Verifier: oauth2.GenerateVerifier()}
	if f.Provider == "" {
		return s.showCouncilSignIn(c, who, http.StatusBadRequest, f.Next, missing("provider", "Choose your council"))
	}
	if err := s.Catalogue.MayFederate(c, c.ClientIP()); catalogue.KindOf(err) == catalogue.TooLarge {
		c.Header("Retry-After", "3600")
		return s.showCouncilSignIn(c, who, http.StatusTooManyRequests, f.Next, missing("provider", "Too many people on your network begin to sign in. Wait an hour and try again"))
	} else if err != nil {
		return err
	}
	if who, err = s.federating(c, who, &f); err != nil {
		return err
	}
	address, err := s.authorize(c, who, f)
	if err != nil {
		return err
	}
	p := goPage{Page: s.page(c, who, "/sign-in", "Your council’s sign-in"), Heading: "Your council’s sign-in", Link: view.Link{Text: "Continue to your council’s sign-in", Href: address}}
	anew(c)
	c.Header("Refresh", "0; url="+address)
	return s.show(c, who, http.StatusOK, "council-go", p)
}

// federating gives whoever wants to sign in at a provider a session of its own; whoever confirms or links has one.
func (s *site) federating(c *gin.Context, who visitor, f *catalogue.Federation) (visitor, error) {
	if f.Purpose == catalogue.FederateConfirm || f.Purpose == catalogue.FederateLink {
		if who.account == nil {
			return who, &catalogue.Error{Kind: catalogue.Unauthenticated, Message: "Sign in first"}
		}
		return who, nil
	}
	f.Purpose = catalogue.FederateIn
	who, err := s.begin(c, who, nil)
	if err != nil {
		return who, err
	}
	return who, s.saveSession(c, who)
}

// authorize keeps a sign-in under way, and gives the address at the provider where it goes on.
func (s *site) authorize(c *gin.Context, who visitor, f catalogue.Federation) (string, error) {
	state, err := catalogue.SessionName()
	if err != nil {
		return "", err
	}
	if f.Nonce, err = catalogue.SessionName(); err != nil {
		return "", err
	}
	client, err := s.Catalogue.BeginFederation(c, state, who.session.ID, f)
	if err != nil {
		return "", err
	}
	provider, err := s.federation.discover(c, client.Issuer)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)}
	if f.Purpose == catalogue.FederateConfirm { // asked anew, however long ago it was
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return s.client(provider, client).AuthCodeURL(state, options...), nil
}

// councilCallback is where a council's sign-in leads back to.
func (s *site) councilCallback(c *gin.Context, who visitor) error {
	q := c.Request.URL.Query()
	if who.session == nil || q.Get("state") == "" {
		return s.showCouncilSignIn(c, who, http.StatusBadRequest, "", missing("provider", "This sign-in was begun in another browser, or took too long. Begin again"))
	}
	f, client, err := s.Catalogue.TakeFederation(c, q.Get("state"), who.session.ID)
	if err == nil {
		err = s.followCallback(c, who, q, f, client)
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showCouncilSignIn(c, who, http.StatusBadRequest, f.Next, err)
	}
	return err
}

func (s *site) followCallback(c *gin.Context, who visitor, q url.Values, f catalogue.Federation, client catalogue.FederationClient) error {
	if q.Get("error") != "" {
		return missing("provider", "Your council’s sign-in was ended before it was done, or refused. Begin again")
	}
	said, err := s.askProvider(c, q.Get("code"), f, client)
	if err != nil {
		return err
	}
	if f.Purpose != catalogue.FederateIn {
		if err := s.Catalogue.ConfirmFederation(c, who.session.ID, f, said); err != nil {
			return err
		}
		return s.confirmed(c, who, f.Purpose)
	}
	browser, err := s.browser(c)
	if err != nil {
		return err
	}
	in, err := s.Catalogue.FinishFederation(c, f, said, who.session.ID, browser, c.ClientIP())
	if catalogue.KindOf(err) == catalogue.TooLarge {
		return missing("provider", "Too many codes were asked for. Wait an hour and try again")
	}
	if err != nil {
		return err
	}
	if in.Bind != "" { // not known yet: the code page asks for the code that was sent
		for name, value := range map[string]string{"browser": browser, "email": in.Email, "next": f.Next, "bind": in.Bind} {
			who.session.set(name, value)
		}
		return s.redirect(c, who, "/sign-in/code")
	}
	return s.enterAs(c, who, in.Account, &in.Session, f.Next)
}

// confirmed follows a sign-in that confirmed somebody who is signed in, in a tab of its own, or bound its account.
func (s *site) confirmed(c *gin.Context, who visitor, purpose string) error {
	if purpose == catalogue.FederateLink {
		who.session.set("flash", "You can now sign in with your council’s account.")
		return s.redirect(c, who, "/security")
	}
	p := goPage{Page: s.page(c, who, "/sign-in", "Confirmed"), Heading: "Confirmed", Link: view.Link{Text: "How you sign in", Href: "/security"}}
	anew(c)
	return s.show(c, who, http.StatusOK, "council-confirmed", p)
}

// errProvider is what a person reads of a provider's answer that does not hold; why is for the log.
func (s *site) errProvider(provider string, why error) error {
	s.Log.Warn("a council's sign-in was refused", "provider", provider, "error", why)
	return missing("provider", "Your council’s sign-in gave an answer that does not hold. Begin again. If it happens again, tell whoever runs this service")
}

// askProvider exchanges the code for what the provider says of a person, and checks it: signature, issuer, audience, times, nonce.
func (s *site) askProvider(c *gin.Context, code string, f catalogue.Federation, client catalogue.FederationClient) (said catalogue.Said, err error) {
	provider, err := s.federation.discover(c, client.Issuer)
	if err != nil {
		return said, err
	}
	ctx := s.federation.toProvider(c, client.Issuer)
	token, err := s.client(provider, client).Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return said, s.errProvider(f.Provider, fmt.Errorf("exchange the code: %w", err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return said, s.errProvider(f.Provider, fmt.Errorf("no ID token came"))
	}
	checked, err := provider.Verifier(&oidc.Config{ClientID: client.ClientID, SupportedSigningAlgs: []string{oidc.RS256, oidc.PS256, oidc.ES256}, Now: s.Catalogue.Now}).Verify(ctx, raw)
	if err != nil {
		return said, s.errProvider(f.Provider, err)
	}
	if subtle.ConstantTimeCompare([]byte(checked.Nonce), []byte(f.Nonce)) != 1 {
		return said, s.errProvider(f.Provider, fmt.Errorf("the nonce is not the one that was sent"))
	}
	var claims struct {
		Tenant string `json:"tid"`
		Object string `json:"oid"`
		Email  string `json:"email"`
		At     int64  `json:"auth_time"`
	}
	if err := checked.Claims(&claims); err != nil {
		return said, s.errProvider(f.Provider, err)
	}
	said = catalogue.Said{Tenant: claims.Tenant, Object: claims.Object, Email: claims.Email}
	if claims.At > 0 {
		said.At = time.Unix(claims.At, 0).UTC()
	}
	return said, nil
}
