package catalogue

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"net/netip"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// Limits of signing in with a code sent by e-mail.
const (
	codeLife         = 10 * time.Minute
	codeTries        = 5
	codesPerAddress  = 5  // an hour
	codesPerNetwork  = 30 // an hour
	codesPerCouncil  = 60 // an hour
	limitWindow      = time.Hour
	sessionNameBytes = 32
)

// signInCode is what is kept of a code: never the code itself.
type signInCode struct {
	Hash  string `json:"hash"`
	Tries int    `json:"tries"`
}

func codeKey(email, browser string) []byte {
	return kv.NewKey("k", "code", digest(email+"\x00"+browser))
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func (c *Catalogue) codeHash(code, email, browser string) string {
	mac := hmac.New(sha256.New, c.secret[:])
	fmt.Fprintf(mac, "%s\x00%s\x00%s", code, email, browser)
	return hex.EncodeToString(mac.Sum(nil))
}

// NormaliseEmail is the form in which addresses are compared: trimmed, with A to Z in lower case. Other letters stay:
// the Kelvin sign, for one, has the lower case of an ordinary K.
func NormaliseEmail(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.TrimSpace(s))
}

// StartSignIn sends a code to an address that has an account, or that is of a council of the register. It answers the
// same, and does the same work, for an address that has not: who has an account is nobody's business. browser is a
// random name bound to the browser that asks; network is where the request came from. At a domain that councils share
// nobody can tell whose officer an address is: only those who were given an account get a code. TooLarge: too many codes
// were asked for.
func (c *Catalogue) StartSignIn(ctx context.Context, email, browser, network string) error {
	email = NormaliseEmail(email)
	v := &validation{}
	(&Account{Email: email, Role: RoleViewer, OrgKind: OrgSupplier, Org: "-"}).validate(v)
	if err := v.err("email address"); err != nil {
		return err
	}
	code, err := signInDigits()
	if err != nil {
		return err
	}
	return c.write(ctx, Operator("web"), SignIn, func(w *writer) error {
		councils, err := c.councilsByEmail(w.tx, email)
		if err != nil {
			return err
		}
		of := ""
		if len(councils) > 0 {
			of = "council " + councils[0] // of those that share a domain, one counts for all
		}
		account, err := accountByEmail(w.tx, email)
		if err != nil {
			return err
		}
		var to []string // an address that gets no code costs the same row, which is dropped unsent
		if account != nil && !account.Disabled || account == nil && len(councils) == 1 {
			to = []string{email}
		}
		return w.sendCode(code, email, browser, network, of, to...)
	})
}

func signInDigits() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("sign-in code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}

// sendCode keeps a code for an address and a browser, and posts it, to nobody where the address has no use of it. of names
// the organisation whose people's codes are limited together; empty: none.
func (w *writer) sendCode(code, email, browser, network, of string, to ...string) error {
	for _, l := range []struct {
		name string
		most int
	}{{"address " + email, codesPerAddress}, {"network " + networkOf(network), codesPerNetwork}, {of, codesPerCouncil}} {
		if l.name == "" {
			continue
		}
		if err := w.limit(l.name, l.most); err != nil {
			return err
		}
	}
	expires := w.now.Add(codeLife)
	payload, err := json.Marshal(signInCode{Hash: w.c.codeHash(code, email, browser)})
	if err != nil {
		return fmt.Errorf("encode sign-in code: %w", err)
	}
	if err := putExpiring(w.tx, codeKey(email, browser), expires, payload); err != nil {
		return err
	}
	return w.post(Message{Subject: code + " is your code to sign in to Jointly",
		Text:    []string{"Your code to sign in to Jointly is " + code + ".", "It works for 10 minutes, once, in the browser that you asked from. If you did not ask for it, ignore this mail."},
		Expires: expires}, to...)
}

// networkOf is what one customer of a network has: an IPv4 address, or the /64 that an IPv6 address is of.
func networkOf(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}

// limit counts one more of something within an hour, and refuses past the most.
func (w *writer) limit(name string, most int) error {
	key := kv.NewKey("k", "limit", digest(name))
	payload, expires, err := getExpiring(w.tx, key, w.now)
	if err != nil {
		return err
	}
	n := 0
	if payload == nil {
		expires = w.now.Add(limitWindow)
	} else {
		n = int(payload[0])
	}
	if n >= most {
		return &Error{Kind: TooLarge, Message: "Too many codes were asked for. Wait an hour and try again"}
	}
	return putExpiring(w.tx, key, expires, []byte{byte(n + 1)})
}

// errWrongCode says the same for every reason why a code does not work.
func errWrongCode() error {
	return invalid("code", "code", "This code is wrong or has run out. Enter the code from the latest mail, or ask for another")
}

// FinishSignIn checks a code and returns the account. A person of a council who signs in for the first time gets an
// account that may read what councils share; more is given by the council's lead or the operator.
func (c *Catalogue) FinishSignIn(ctx context.Context, email, browser, code string) (*Account, error) {
	email = NormaliseEmail(email)
	var account *Account
	wrong := false
	err := c.write(ctx, Operator("web"), SignIn, func(w *writer) error {
		account, wrong = nil, false
		right, err := w.proves(email, browser, code)
		if err != nil || !right {
			wrong = true // the count of tries must be kept, so this transaction commits
			return err
		}
		if account, err = accountByEmail(w.tx, email); err != nil {
			return err
		}
		if account == nil {
			councils, err := c.councilsByEmail(w.tx, email)
			if err != nil {
				return err
			}
			if len(councils) != 1 {
				wrong = true
				return nil
			}
			if err := w.start(); err != nil {
				return err
			}
			account = &Account{Meta: Meta{ID: NewID()}, Email: email, OrgKind: OrgCouncil, Org: councils[0], Role: RoleViewer, Since: w.seq}
			return w.put(account)
		}
		if account.Disabled {
			wrong = true
			return nil
		}
		return w.record(account)
	})
	if err != nil {
		return nil, err
	}
	if wrong {
		return nil, errWrongCode()
	}
	return account, nil
}

// proves checks a code, which works once; a wrong one counts as a try.
func (w *writer) proves(email, browser, code string) (bool, error) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, code)
	key := codeKey(email, browser)
	payload, expires, err := getExpiring(w.tx, key, w.now)
	if err != nil || payload == nil {
		return false, err
	}
	var kept signInCode
	if err := json.Unmarshal(payload, &kept); err != nil {
		return false, fmt.Errorf("decode sign-in code: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(kept.Hash), []byte(w.c.codeHash(code, email, browser))) == 1 {
		return true, w.tx.Delete(key)
	}
	if kept.Tries++; kept.Tries >= codeTries {
		return false, w.tx.Delete(key)
	}
	if payload, err = json.Marshal(kept); err != nil {
		return false, fmt.Errorf("encode sign-in code: %w", err)
	}
	return false, putExpiring(w.tx, key, expires, payload)
}

// record appends an audit event about a record that did not change.
func (w *writer) record(item Item) error {
	if err := w.start(); err != nil {
		return err
	}
	return w.appendAudit(item, 0, 0)
}

func accountByEmail(tx kv.Tx, email string) (*Account, error) {
	ids, err := lookup(tx, "account.email", email)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	item, err := readItem(tx, Key{KindAccount, ids[0]})
	if err != nil || item == nil {
		return nil, err
	}
	return item.(*Account), nil
}

// Account is an account that the actor may see: its own, one of the organisation it administers, any for the operator.
func (c *Catalogue) Account(ctx context.Context, actor Actor, id string) (*Account, error) {
	return one[*Account](ctx, c, actor, KindAccount, id)
}

// AddAccount gives a person an account, or changes the role and organisation of the one with that address. For a council
// that was handed over it is one of its successor.
func (c *Catalogue) AddAccount(ctx context.Context, actor Actor, a Account) (*Account, error) {
	a.Email = NormaliseEmail(a.Email)
	org := a.Org // a supplier's name, or its ID
	err := c.write(ctx, actor, ManageAccount, func(w *writer) error {
		old, err := accountByEmail(w.tx, a.Email)
		if err != nil {
			return err
		}
		if err := w.start(); err != nil {
			return err
		}
		a.Meta, a.Since = Meta{ID: NewID()}, w.seq
		if old != nil {
			a.Meta, a.Told, a.InboxSeen, a.DigestedTo, a.Weekly = old.Meta, old.Told, old.InboxSeen, old.DigestedTo, old.Weekly
			if a.Calendar = nil; old.OrgKind == a.OrgKind && old.Org == a.Org {
				a.Calendar = old.Calendar // whoever moves elsewhere leaves the old dates behind
			}
		}
		switch a.OrgKind {
		case OrgCouncil:
			a.Demonstration = c.demonstration(org)
			next, err := successorOf(w.tx, org)
			if err != nil {
				return err
			}
			if next != "" { // it was handed over: its people are its successor's
				if a.Org = next; old == nil || old.Org != next {
					a.Was = append(a.Was, org)
				}
			}
		case OrgBody:
			if a.Demonstration, err = w.isOfBody(org, a.Email); err != nil {
				return err
			}
		case OrgSupplier:
			if !actor.IsOperator() {
				a.Demonstration = old != nil && old.Demonstration // personas sign in without a code
			}
			if a.Org, err = w.supplierNamed(org, a.Demonstration); err != nil {
				return err
			}
		}
		if old != nil && old.OrgKind == a.OrgKind && old.Org == a.Org {
			a.Since = old.Since
		}
		return w.put(&a)
	})
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// supplierNamed is the ID of a supplier by its ID or name; one that is not yet there is made.
func (w *writer) supplierNamed(name string, demonstration bool) (id string, err error) {
	known, err := readItem(w.tx, Key{KindSupplier, name})
	if err != nil || known != nil {
		return name, err
	}
	suppliers := map[string]*Supplier{}
	if err := w.c.deriveSupplier(w.tx, &name, &id, demonstration, suppliers); err != nil {
		return "", err
	}
	for _, s := range suppliers {
		if err := w.put(s); err != nil {
			return "", err
		}
	}
	return id, nil
}

// DisableAccount ends an account: it cannot sign in, and its sessions end.
func (c *Catalogue) DisableAccount(ctx context.Context, actor Actor, email string) (*Account, error) {
	var a *Account
	err := c.write(ctx, actor, ManageAccount, func(w *writer) (err error) {
		if a, err = accountByEmail(w.tx, NormaliseEmail(email)); err != nil {
			return err
		}
		if a == nil {
			return notFound("account")
		}
		a.Disabled, a.Ended, a.Request = true, w.now, nil
		return w.put(a)
	})
	return a, err
}

// Personas lists the demonstration accounts, by ID: who can be signed in as without a code.
func (c *Catalogue) Personas(ctx context.Context) ([]*Account, error) {
	var out []*Account
	err := c.Each(ctx, Operator("web"), KindAccount, func(item Item) error {
		if a := item.(*Account); a.Demonstration && !a.Disabled {
			out = append(out, a)
		}
		return nil
	})
	return out, err
}

// Session is what a signed-in browser's cookie stands for. Only the hash of its name is stored.
type Session struct {
	Account string            `json:"account,omitempty"`
	Begun   time.Time         `json:"begun"`
	Values  map[string]string `json:"values,omitempty"`
}

func sessionKey(name string) []byte { return kv.NewKey("s", digest(name)) }

// BeginSession stores a new session under its secret name until it expires.
func (c *Catalogue) BeginSession(ctx context.Context, name string, s Session, expires time.Time) error {
	_, err := c.putSession(ctx, name, s, expires, false)
	return err
}

// SaveSession stores a session that is there already; false says that it has ended meanwhile, and stays so: a request
// that began before its person signed out must not sign her in again.
func (c *Catalogue) SaveSession(ctx context.Context, name string, s Session, expires time.Time) (bool, error) {
	return c.putSession(ctx, name, s, expires, true)
}

func (c *Catalogue) putSession(ctx context.Context, name string, s Session, expires time.Time, mustBe bool) (done bool, err error) {
	payload, err := json.Marshal(s)
	if err != nil {
		return false, fmt.Errorf("encode session: %w", err)
	}
	err = c.store.Update(ctx, func(tx kv.Tx) error {
		done = false
		if mustBe {
			there, err := tx.Get(sessionKey(name))
			if err != nil || there == nil {
				return err
			}
		}
		done = true
		return putExpiring(tx, sessionKey(name), expires, payload)
	})
	return done, storeError(err)
}

// Session is the session with a secret name, and who it is signed in as, as that account is now: nil where there is
// none, its time is past, or the account was disabled.
func (c *Catalogue) Session(ctx context.Context, name string) (*Session, *Account, time.Time, error) {
	var s *Session
	var account *Account
	var expires time.Time
	err := c.view(ctx, func(tx kv.Tx) error {
		payload, until, err := getExpiring(tx, sessionKey(name), c.clock())
		if err != nil || payload == nil {
			return err
		}
		found := new(Session)
		if err := json.Unmarshal(payload, found); err != nil {
			return fmt.Errorf("decode session: %w", err)
		}
		if found.Account != "" {
			item, err := readItem(tx, Key{KindAccount, found.Account})
			if err != nil {
				return err
			}
			a, ok := item.(*Account)
			if !ok || a.Disabled {
				return nil
			}
			account = a
		}
		s, expires = found, until
		return nil
	})
	return s, account, expires, err
}

// EndSession forgets a session.
func (c *Catalogue) EndSession(ctx context.Context, name string) error {
	return storeError(c.store.Update(ctx, func(tx kv.Tx) error { return tx.Delete(sessionKey(name)) }))
}

// SessionName makes the secret name of a session: 256 random bits.
func SessionName() (string, error) {
	b := make([]byte, sessionNameBytes)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("session: %w", err)
	}
	return hex.EncodeToString(b), nil
}
