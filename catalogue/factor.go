package catalogue

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"jointly/catalogue/kv"
)

// The second factor: what a person holds beside the mail of an address. Passkeys are checked by whoever speaks their
// protocol; authenticator and recovery codes are checked here.

// Passkey is a key that a person's device or password manager holds.
type Passkey struct {
	ID   string    `json:"id"`   // of the credential, base64url
	Name string    `json:"name"` // what its person calls it
	Key  []byte    `json:"key"`  // public key and counter, as whoever checks it keeps them; no secret
	Made time.Time `json:"made"`
	Used time.Time `json:"used,omitzero"`
}

// Authenticator is a program that makes a code every 30 seconds from a secret that it shares with the catalogue.
type Authenticator struct {
	Sealed []byte    `json:"sealed"` // the secret; only with the catalogue's own can it be read
	Step   int64     `json:"step"`   // number of the 30 seconds whose code was used last: neither it nor earlier ones work again
	Made   time.Time `json:"made"`
	Used   time.Time `json:"used,omitzero"`
}

// Credentials are the second factors of an account, under its ID.
type Credentials struct {
	Meta
	Passkeys []Passkey      `json:"passkeys,omitempty"`
	App      *Authenticator `json:"app,omitempty"`
	Recovery []string       `json:"recovery,omitempty"` // hashes of the recovery codes that were not used yet
}

// Any says that there is a factor to sign in with. Recovery codes alone are none: they stand in for one that is lost.
func (k *Credentials) Any() bool { return len(k.Passkeys) > 0 || k.App != nil }

// Key names the credentials.
func (k *Credentials) Key() Key { return Key{KindCredentials, k.ID} }

func (k *Credentials) owner() string { return "" }

// sees: nobody but its person, not the operator either.
func (k *Credentials) sees(a Actor) (Item, bool) {
	if a.Account == "" || a.Account != k.ID {
		return nil, false
	}
	out := *k
	out.Passkeys, out.Recovery = slices.Clone(k.Passkeys), slices.Clone(k.Recovery)
	return &out, true
}

func (k *Credentials) index(func(string, ...string)) {}

// Limits of second factors.
const (
	mostPasskeys    = 10
	recoveryCodes   = 10
	recoveryBytes   = 10 // 80 random bits: a hash of it needs no salt and no slowness
	totpPeriod      = 30 // seconds
	totpSkew        = 1  // steps that a clock may be off, either way
	factorTries     = 10 // wrong codes of an account in an hour
	ceremonyLife    = 5 * time.Minute
	enrolmentLife   = 30 * time.Minute // to fetch a phone and set it up
	proofHolds      = 15 * time.Minute
	maxPasskeyBytes = 8 << 10
)

func (k *Credentials) validate(v *validation) {
	v.that(len(k.Passkeys) <= mostPasskeys, "name", fmt.Sprintf("You have %d passkeys: remove one that you no longer use", mostPasskeys))
	for _, p := range k.Passkeys {
		v.that(strings.TrimSpace(p.Name) != "", "name", "Enter a name for this passkey, so that you know it again")
		v.text("name", p.Name, 0, 60)
		v.that(p.ID != "" && len(p.Key) > 0 && len(p.ID) <= maxPasskeyBytes && len(p.Key) <= maxPasskeyBytes, "name", "This passkey could not be kept. Use another device")
	}
}

// credentialsOf are the second factors of an account, empty where it has none.
func credentialsOf(tx kv.Tx, account string) (*Credentials, error) {
	item, err := readItem(tx, Key{KindCredentials, account})
	if err != nil {
		return nil, err
	}
	if k, ok := item.(*Credentials); ok {
		return k, nil
	}
	return &Credentials{Meta: Meta{ID: account}}, nil
}

// sealFor seals what only the catalogue reads again, for one purpose: it opens for no other.
func (c *Catalogue) sealFor(purpose string, plain []byte) ([]byte, error) {
	aead, err := c.cipher()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return aead.Seal(nonce, nonce, plain, []byte(purpose)), nil
}

// errSealed says that something was not sealed here for this purpose, or was changed since.
var errSealed = errors.New("not sealed for this")

func (c *Catalogue) openFor(purpose string, sealed []byte) ([]byte, error) {
	aead, err := c.cipher()
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, errSealed
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(purpose))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// ticket is what a form carries, sealed, from the page that asks to the one that answers: for one session, once.
type ticket struct {
	ID      string    `json:"id"`
	Session string    `json:"session"` // ID of the session that it was made for
	Expires time.Time `json:"expires"`
	Data    []byte    `json:"data"`
}

// newTicket seals data for one session and purpose. Making one stores nothing: a page that is looked at changes nothing.
func (c *Catalogue) newTicket(purpose, session string, data []byte, life time.Duration) (string, error) {
	plain, err := json.Marshal(ticket{ID: NewID(), Session: digest(session), Expires: c.clock().Add(life), Data: data})
	if err != nil {
		return "", fmt.Errorf("encode ticket: %w", err)
	}
	sealed, err := c.sealFor(purpose, plain)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// readTicket opens what newTicket sealed; nil where it is not for this session and purpose, too old, or used before.
func (w *writer) readTicket(purpose, session, text string) (*ticket, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, nil
	}
	plain, err := w.c.openFor(purpose, sealed)
	if errors.Is(err, errSealed) {
		return nil, nil
	}
	var t ticket
	if err == nil {
		err = json.Unmarshal(plain, &t)
	}
	if err != nil {
		return nil, fmt.Errorf("ticket: %w", err)
	}
	if t.Session != digest(session) || !w.now.Before(t.Expires) {
		return nil, nil
	}
	used, _, err := getExpiring(w.tx, ticketKey(t), w.now)
	if err != nil || used != nil {
		return nil, err
	}
	return &t, nil
}

func ticketKey(t ticket) []byte { return kv.NewKey("k", "ticket", t.ID) }

// spend sees to it that a ticket works no second time.
func (w *writer) spend(t *ticket) error {
	return putExpiring(w.tx, ticketKey(*t), t.Expires, []byte{1})
}

func totpOptions() totp.ValidateOpts {
	return totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
}

// totpStep is the number of the 30 seconds, near now and after one that was used, whose code this is; 0: none.
func totpStep(secret, code string, now time.Time, after int64) (int64, error) {
	present := now.Unix() / totpPeriod
	found := int64(0)
	for step := present - totpSkew; step <= present+totpSkew; step++ {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*totpPeriod, 0), totpOptions())
		if err != nil {
			return 0, fmt.Errorf("authenticator code: %w", err)
		}
		if hmac.Equal([]byte(want), []byte(code)) && step > after {
			found = step
		}
	}
	return found, nil
}

func authenticatorPurpose(account string) string { return "authenticator of " + account }

// newRecovery makes recovery codes: what the person keeps, and what the catalogue does.
func newRecovery(account string) (codes, hashes []string, err error) {
	for range recoveryCodes {
		b := make([]byte, recoveryBytes)
		if _, err := rand.Read(b); err != nil {
			return nil, nil, fmt.Errorf("recovery codes: %w", err)
		}
		text := base32.StdEncoding.EncodeToString(b)
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
		hashes = append(hashes, recoveryHash(account, text))
	}
	return codes, hashes, nil
}

func recoveryHash(account, code string) string {
	return digest("recovery\x00" + account + "\x00" + code)
}

// plainCode is a code as it is compared: without what people put between its parts, in capitals, and with the letters that
// base 32 has where it has no such digits.
func plainCode(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '\t' || r == '\u2013' || r == '\u00a0':
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// recoveryText is a recovery code as it was made, from what somebody copied from paper.
func recoveryText(code string) string {
	return strings.NewReplacer("0", "O", "1", "I", "8", "B").Replace(code)
}
