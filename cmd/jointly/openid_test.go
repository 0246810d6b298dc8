package main

// A provider of OpenID Connect as a process of its own: discovery, keys, tokens that are really signed, shaped as Entra's.
// It knows one client and asks nobody for a password: the test says who has signed in there, and what it gets wrong.

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// providerVariable makes the test binary a provider.
const providerVariable = "JOINTLY_TEST_PROVIDER"

// What the provider's client, tenant and secret are.
const (
	councilTenant = "11111111-2222-3333-4444-555555555555"
	councilClient = "jointly-client"
	councilSecret = "a secret of the client's"
)

// person is who has signed in at the provider, and what it gets wrong about that.
type person struct {
	Object, Email string
	Tenant        string // the council's where empty
	Wrong         string // issuer, audience, expired, nonce, signature, none: what does not hold
	Ago           int    // seconds since it signed in there, where it was not asked anew; -1: it does not say
}

type councilProvider struct {
	issuer string
	key    *rsa.PrivateKey
	other  *rsa.PrivateKey // not among those that it publishes

	mu    sync.Mutex
	who   person
	codes map[string]url.Values // what each code was asked for with
}

// provide is a provider until its process is killed. It prints its address.
func provide() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	p := &councilProvider{issuer: "http://" + l.Addr().String() + "/" + councilTenant + "/v2.0", codes: map[string]url.Values{}}
	for _, key := range []**rsa.PrivateKey{&p.key, &p.other} {
		if *key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return err
		}
	}
	mux := http.NewServeMux()
	base := "/" + councilTenant + "/v2.0"
	mux.HandleFunc("GET "+base+"/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, map[string]any{"issuer": p.issuer, "authorization_endpoint": p.issuer + "/authorize", "token_endpoint": p.issuer + "/token", "jwks_uri": p.issuer + "/keys",
			"response_types_supported": []string{"code"}, "subject_types_supported": []string{"pairwise"}, "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET "+base+"/keys", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &p.key.PublicKey, KeyID: "one", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("GET "+base+"/authorize", p.authorize)
	mux.HandleFunc("POST "+base+"/token", p.token)
	mux.HandleFunc("POST /who", func(_ http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.who = person{}
		_ = json.NewDecoder(r.Body).Decode(&p.who)
	})
	fmt.Println(p.issuer)
	return http.Serve(l, mux)
}

func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *councilProvider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != councilClient || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("nonce") == "" {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	code := hex.EncodeToString(b)
	p.mu.Lock()
	p.codes[code] = q
	p.mu.Unlock()
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

func (p *councilProvider) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	p.mu.Lock()
	defer p.mu.Unlock()
	asked := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if asked == nil || id != councilClient || secret != councilSecret || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") || r.FormValue("redirect_uri") != asked.Get("redirect_uri") {
		w.WriteHeader(http.StatusBadRequest)
		answerJSON(w, map[string]string{"error": "invalid_grant"})
		return
	}
	token, err := p.sign(asked)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answerJSON(w, map[string]any{"access_token": "x", "token_type": "Bearer", "expires_in": 3600, "id_token": token})
}

func (p *councilProvider) sign(asked url.Values) (string, error) {
	now := time.Now()
	claims := map[string]any{"iss": p.issuer, "aud": councilClient, "sub": "pairwise-" + p.who.Object, "oid": p.who.Object, "tid": councilTenant, "email": p.who.Email,
		"nonce": asked.Get("nonce"), "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	if p.who.Tenant != "" {
		claims["tid"] = p.who.Tenant
	}
	if p.who.Ago >= 0 {
		at := now.Add(-time.Duration(p.who.Ago) * time.Second)
		if asked.Get("prompt") == "login" && asked.Get("max_age") == "0" {
			at = now
		}
		claims["auth_time"] = at.Unix()
	}
	key, algorithm := any(p.key), jose.RS256
	switch p.who.Wrong {
	case "issuer":
		claims["iss"] = strings.Replace(p.issuer, councilTenant, "99999999-2222-3333-4444-555555555555", 1)
	case "audience":
		claims["aud"] = "another client"
	case "expired":
		claims["exp"] = now.Add(-time.Hour).Unix()
	case "nonce":
		claims["nonce"] = "another"
	case "signature":
		key = p.other
	case "symmetric": // signed with what everybody has
		key, algorithm = []byte(councilClient+strings.Repeat(" ", 32)), jose.HS256
	}
	if p.who.Wrong == "none" {
		body, err := json.Marshal(claims)
		return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"one"}`)) + "." + base64.RawURLEncoding.EncodeToString(body) + ".", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "one").WithType("JWT"))
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}
