package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"jointly/catalogue"
)

// TestProvidersOfPrivateNetworksAreNotAsked, unless whoever runs the machine lets a network through.
func TestProvidersOfPrivateNetworksAreNotAsked(t *testing.T) {
	f := newFederation([]netip.Prefix{netip.MustParsePrefix("10.20.0.0/16")})
	for at, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "10.20.3.4": true,
		"10.21.3.4": false, "172.16.0.1": false, "192.168.1.1": false, "127.0.0.1": false, "::1": false, "169.254.169.254": false, "100.64.0.1": false,
		"0.0.0.0": false, "fd00::1": false, "fe80::1": false, "::ffff:192.168.1.1": false, "64:ff9b::a00:1": false, "2002:a00:1::1": false, "224.0.0.1": false, "255.255.255.255": false,
		"198.18.0.1": false, "198.19.255.255": false, "198.20.0.1": true, "240.0.0.1": false, "192.0.0.8": false, "192.0.1.1": true, "64:ff9b:1::a00:1": false, "64:ff9b::808:808": false, "fec0::1": false,
		"2001:0:a00:1::1": false, "2001:4860:4860::8888": true, "::10.0.0.1": false, "100::1": false, "2002:808:808::1": false,
	} {
		if got := f.mayAsk(netip.MustParseAddr(at).Unmap(), false); got != want {
			t.Errorf("%s is asked: %v, want %v", at, got, want)
		}
	}
	if !f.mayAsk(netip.MustParseAddr("127.0.0.1"), true) || f.mayAsk(netip.MustParseAddr("192.168.1.1"), true) {
		t.Error("an issuer on this machine is this machine's alone")
	}
	for base, want := range map[string]bool{"https://jointly.example": false, "http://127.0.0.1:8080": true} {
		s := &site{Config: Config{BaseURL: base}}
		for _, issuer := range []string{"https://127.0.0.1/x", "http://localhost:9/x"} {
			if err := s.mayAskIssuer(issuer); (err == nil) != want {
				t.Errorf("%s at %s: %v", issuer, base, err)
			}
		}
		if s.mayAskIssuer("https://user:password@login.example/x") == nil || s.mayAskIssuer("http://login.example/x") == nil || s.mayAskIssuer("https://login.example/x") != nil {
			t.Errorf("at %s", base)
		}
	}
}

// TestProvidersAreAskedWithoutAProxy: it would look up names that nobody here has checked.
func TestProvidersAreAskedWithoutAProxy(t *testing.T) {
	asks, ok := newFederation(nil).clientFor("https://login.example/x").Transport.(bounded)
	if !ok {
		t.Fatal("providers are asked without bounds")
	}
	if way, ok := asks.RoundTripper.(*http.Transport); !ok || way.Proxy != nil {
		t.Error("providers are asked by a proxy")
	}
}

// TestASignInLeadsNowhereUnsafe: what a provider says of itself may change after it was tried.
func TestASignInLeadsNowhereUnsafe(t *testing.T) {
	for to, want := range map[string]bool{
		"https://login.example/authorize": true, "http://127.0.0.1:9/authorize": true,
		"http://login.example/authorize": false, "javascript:alert(1)": false, "https:": false, "//login.example/authorize": false, "ftp://127.0.0.1/x": false,
	} {
		var issuer string
		provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if err := json.NewEncoder(w).Encode(map[string]any{"issuer": issuer, "authorization_endpoint": to, "token_endpoint": issuer + "/token", "jwks_uri": issuer + "/keys"}); err != nil {
				t.Error(err)
			}
		}))
		issuer = provider.URL
		_, err := newFederation(nil).discover(t.Context(), issuer)
		if (err == nil) != want || err != nil && catalogue.KindOf(err) != catalogue.Unavailable {
			t.Errorf("it leads to %s: %v", to, err)
		}
		provider.Close()
	}
}
