package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"jointly/catalogue"
)

// passkeys speaks the protocol of passkeys (WebAuthn) for the address that people reach the service at.
type passkeys struct{ party *webauthn.WebAuthn }

// newPasskeys is nil for an address at which browsers allow none: a number, or plain HTTP that is not this machine's.
func newPasskeys(base string) (*passkeys, error) {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil || u.Scheme != "https" && u.Hostname() != "localhost" {
		return nil, nil
	}
	party, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: "Jointly", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return &passkeys{party}, nil
}

// holder is an account as the protocol names it: by a hash, so that no device learns what our IDs are made of.
type holder struct {
	account *catalogue.Account
	keys    []webauthn.Credential
}

func newHolder(a *catalogue.Account, keys []catalogue.Passkey) (*holder, error) {
	h := &holder{account: a}
	for _, k := range keys {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Key, &c); err != nil {
			return nil, fmt.Errorf("passkey %s: %w", k.ID, err)
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

func (h *holder) WebAuthnID() []byte {
	sum := sha256.Sum256([]byte("jointly account " + h.account.ID))
	return sum[:]
}
func (h *holder) WebAuthnName() string                       { return h.account.Email }
func (h *holder) WebAuthnDisplayName() string                { return h.account.Email }
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// ceremony is what a page gives a browser to ask a device with. Template passkey.
type ceremony struct {
	Options string // JSON, for the browser
	Sealed  string // what the answer is checked against
}

// asks makes a ceremony that asks for one of an account's passkeys; nil where it has none.
func (s *site) asks(session string, a *catalogue.Account, keys *catalogue.Credentials) (*ceremony, error) {
	if s.passkeys == nil || len(keys.Passkeys) == 0 {
		return nil, nil
	}
	h, err := newHolder(a, keys.Passkeys)
	if err != nil {
		return nil, err
	}
	options, data, err := s.passkeys.party.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return s.newCeremony(session, options, data)
}

// makes makes a ceremony that sets up a passkey.
func (s *site) makes(session string, a *catalogue.Account, keys *catalogue.Credentials) (*ceremony, error) {
	h, err := newHolder(a, keys.Passkeys)
	if err != nil {
		return nil, err
	}
	options, data, err := s.passkeys.party.BeginRegistration(h,
		webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{UserVerification: protocol.VerificationPreferred, ResidentKey: protocol.ResidentKeyRequirementDiscouraged}))
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return s.newCeremony(session, options, data)
}

func (s *site) newCeremony(session string, options any, data *webauthn.SessionData) (*ceremony, error) {
	text, err := json.Marshal(options)
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	kept, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	sealed, err := s.Catalogue.Ceremony(session, kept)
	return &ceremony{Options: string(text), Sealed: sealed}, err
}

// errPasskey says the same for every reason why a passkey's answer is not taken.
func errPasskey() error {
	return missing("passkey", "This passkey could not be used. Try again, or use a code")
}

// answered checks what a device answered to asks.
func (p *passkeys) answered(a *catalogue.Account, answer string) catalogue.PasskeyCheck {
	return func(data []byte, keys []catalogue.Passkey) (none catalogue.Passkey, err error) {
		var kept webauthn.SessionData
		if err := json.Unmarshal(data, &kept); err != nil {
			return none, fmt.Errorf("passkeys: %w", err)
		}
		h, err := newHolder(a, keys)
		if err != nil {
			return none, err
		}
		parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
		if err != nil {
			return none, errPasskey()
		}
		c, err := p.party.ValidateLogin(h, kept, parsed)
		if err != nil || c.Authenticator.CloneWarning { // a counter that goes back: somebody copied the key
			return none, errPasskey()
		}
		return newPasskey(c)
	}
}

// made checks what a device answered to makes.
func (p *passkeys) made(a *catalogue.Account, answer string) catalogue.PasskeyCheck {
	return func(data []byte, keys []catalogue.Passkey) (none catalogue.Passkey, err error) {
		var kept webauthn.SessionData
		if err := json.Unmarshal(data, &kept); err != nil {
			return none, fmt.Errorf("passkeys: %w", err)
		}
		h, err := newHolder(a, keys)
		if err != nil {
			return none, err
		}
		parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
		if err != nil {
			return none, missing("passkey", "No passkey was made. Try again, or set up an authenticator app")
		}
		c, err := p.party.CreateCredential(h, kept, parsed)
		if err != nil {
			return none, missing("passkey", "This passkey could not be set up. Try again, or use another device")
		}
		return newPasskey(c)
	}
}

// newPasskey is a credential as the catalogue keeps it; what the device attested is of no use here and is not kept.
func newPasskey(c *webauthn.Credential) (catalogue.Passkey, error) {
	c.Attestation = webauthn.CredentialAttestation{}
	key, err := json.Marshal(c)
	if err != nil {
		return catalogue.Passkey{}, fmt.Errorf("passkeys: %w", err)
	}
	return catalogue.Passkey{ID: base64.RawURLEncoding.EncodeToString(c.ID), Key: key}, nil
}
