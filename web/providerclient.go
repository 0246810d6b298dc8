package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"jointly/catalogue"
)

// Speaking to providers. Where they are is typed by people, so this service must not become their way to what only it can
// reach: addresses are asked over https and within a time, and none of a private network is, whatever its name leads to and
// whoever redirects there. The networks of --provider-network are let through, and this machine for an issuer that names it.
// They are asked without a proxy, whatever the environment says: it would look names up itself, and its own address would be
// all that is seen here.

// providerMost is the most bytes that are read of a provider's answer.
const providerMost = 1 << 20

var errPrivateAddress = errors.New("address of a private network")

var errPlainHTTP = errors.New("an address that does not begin with https://")

// toProvider is a context for speaking to the provider of an issuer, which must not hold up a page.
func (f *federation) toProvider(ctx context.Context, issuer string) context.Context {
	return oidc.ClientContext(ctx, f.clientFor(issuer))
}

func (f *federation) clientFor(issuer string) *http.Client {
	here := false
	if u, err := url.Parse(issuer); err == nil {
		here = onLoopback(u.Host)
	}
	dialer := &net.Dialer{Timeout: providerWithin, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !f.mayAsk(at.Addr().Unmap(), here) {
			return errPrivateAddress
		}
		return nil
	}}
	secure := func(u *url.URL) error {
		if u.Scheme != "https" && !(here && onLoopback(u.Host)) {
			return errPlainHTTP
		}
		return nil
	}
	transport := &http.Transport{DialContext: dialer.DialContext, ForceAttemptHTTP2: true, DisableKeepAlives: true}
	return &http.Client{Timeout: providerWithin, Transport: bounded{transport, secure},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > 3 {
				return errors.New("it redirects too often")
			}
			return nil
		}}
}

// reserved is what no provider on the internet has, though it looks like an address of one: shared among networks, for protocols,
// for measuring and for examples, of no use yet, and what leads from IPv6 to IPv4.
func reserved() (out []netip.Prefix) {
	for _, text := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"} {
		out = append(out, netip.MustParsePrefix(text))
	}
	return out
}

// public6 is the only part of IPv6 that is given out for the internet: site-local addresses and both ways of NAT64 are not in it.
func public6() netip.Prefix { return netip.MustParsePrefix("2000::/3") }

// mayAsk says whether an address may be asked; here: the issuer names this machine.
func (f *federation) mayAsk(at netip.Addr, here bool) bool {
	within := func(p netip.Prefix) bool { return p.Contains(at) }
	switch {
	case slices.ContainsFunc(f.networks, within), here && at.IsLoopback():
		return true
	case !at.IsGlobalUnicast(), at.IsPrivate(), at.Is6() && !within(public6()), slices.ContainsFunc(reserved(), within):
		return false
	}
	return true
}

// bounded asks only what may be asked, and reads only so much of an answer.
type bounded struct {
	http.RoundTripper
	may func(*url.URL) error
}

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := b.may(r.URL); err != nil {
		return nil, err
	}
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, providerMost), answer.Body}
	}
	return answer, err
}

// try reads an issuer's discovery document and its keys anew. An Invalid error says in words what is wrong with it.
func (f *federation) try(ctx context.Context, issuer string) (endpoint string, err error) {
	ctx, cancel := context.WithTimeout(f.toProvider(ctx, issuer), providerWithin)
	defer cancel()
	p, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return "", missing("issuer", providerFault(err))
	}
	var document struct {
		Keys string `json:"jwks_uri"`
	}
	if err := p.Claims(&document); err != nil || document.Keys == "" || p.Endpoint().AuthURL == "" || p.Endpoint().TokenURL == "" {
		return "", missing("issuer", "What it says about itself does not name where people sign in, or where its keys are")
	}
	if !sendsSafely(p, issuer) {
		return "", missing("issuer", "It sends people to "+p.Endpoint().AuthURL+", which does not begin with https://")
	}
	if err := f.tryKeys(ctx, issuer, document.Keys); err != nil {
		return "", missing("issuer", "Its keys cannot be read: "+lowerFirst(providerFault(err)))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.known, issuer) // what was remembered may be from before it was mended
	return p.Endpoint().AuthURL, nil
}

// sendsSafely says that a provider sends people to an address that begins with https://, or to this machine, where the issuer is.
func sendsSafely(p *oidc.Provider, issuer string) bool {
	to, err := url.Parse(p.Endpoint().AuthURL)
	from, wrong := url.Parse(issuer)
	if err != nil || wrong != nil || to.Host == "" {
		return false
	}
	return to.Scheme == "https" || to.Scheme == "http" && onLoopback(to.Host) && onLoopback(from.Host)
}

func (f *federation) tryKeys(ctx context.Context, issuer, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := f.clientFor(issuer).Do(r)
	if err != nil {
		return err
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	err = json.NewDecoder(answer.Body).Decode(&set)
	if err := errors.Join(err, answer.Body.Close()); err != nil || len(set.Keys) == 0 {
		return fmt.Errorf("no keys at %s: %w", address, err)
	}
	return nil
}

// providerFault says in words why an issuer could not be read.
func providerFault(err error) string {
	var mismatch *oidc.IssuerMismatchError
	var name *net.DNSError
	var certificate x509.UnknownAuthorityError
	var host x509.HostnameError
	var late net.Error
	var plain tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &mismatch):
		return "What it says about itself names another issuer: " + mismatch.Discovered + ". Enter it exactly so"
	case errors.Is(err, errPrivateAddress):
		return "This address is of a private network, which is not asked. Whoever runs the machine can let it through with --provider-network"
	case errors.Is(err, errPlainHTTP):
		return "It leads to an address that does not begin with https://"
	case errors.As(err, &name):
		return "There is no such host. Check the address"
	case errors.As(err, &certificate), errors.As(err, &host):
		return "Its certificate is not one that this machine trusts for this address"
	case errors.As(err, &plain), errors.As(err, &alert), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "There is no secure connection to this address. Check it, and that the issuer answers over https"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &late) && late.Timeout():
		return "It did not answer within " + fmt.Sprint(int(providerWithin/time.Second)) + " seconds. Try again, or check the address"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Nothing answers there. Check the address"
	case strings.Contains(err.Error(), "404"):
		return "Nothing below this address says how people sign in there (/.well-known/openid-configuration). Check the address"
	}
	return "What answers there does not say how people sign in by OpenID Connect. Check the address"
}

// errNotAnswering is what a person reads who wants to sign in.
func errNotAnswering(err error) error {
	return &catalogue.Error{Kind: catalogue.Unavailable, Message: "Your council's sign-in does not answer. Try again in a few minutes", Err: err}
}
