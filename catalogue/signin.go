package catalogue

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
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
	codeLife        = 10 * time.Minute
	codeTries       = 5
	codesPerBrowser = 5  // an hour, for one address in a browser that it signed in with before
	codesPerAddress = 5  // an hour, for one address on one network
	codesForAddress = 20 // an hour, for one address on all networks that are strange to it
	codesPerNetwork = 30 // an hour
	codesPerCouncil = 60 // an hour, on networks that are strange to it
	limitWindow     = time.Hour
	knownFor        = 180 * 24 * time.Hour // how long a browser and a network are remembered
)

// signInCode is what is kept of a code: never the code itself.
type signInCode struct {
	Hash  string   `json:"hash"`
	Tries int      `json:"tries"`
	From  []string `json:"from,omitempty"` // what is familiar to the address once the code was right
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
// random name bound to the browser that asks, with a dot before a part by which it is known again; network is where the
// request came from. At a domain that councils share
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
		if elsewhere, err := w.signsInElsewhere(account, councils); err != nil {
			return err
		} else if elsewhere {
			to = nil
		}
		return w.sendCode(code, email, browser, network, of, to...)
	})
}

// signsInElsewhere says that an account, or a newcomer at the domain of a council, has to sign in with that council's own
// accounts.
func (w *writer) signsInElsewhere(account *Account, councils []string) (bool, error) {
	switch {
	case account != nil && account.OrgKind == OrgCouncil:
		return w.c.requiresProvider(w.tx, account.Org)
	case account == nil && len(councils) == 1:
		return w.c.requiresProvider(w.tx, councils[0])
	}
	return false, nil
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
	limits, err := w.limits(email, browser, network, of)
	if err != nil {
		return err
	}
	for _, l := range limits {
		if err := w.limit(l.name, l.most); err != nil {
			return err
		}
	}
	expires := w.now.Add(codeLife)
	from := []string{knownBrowser(email, browser), knownNetwork(email, network)}
	if of != "" {
		from = append(from, knownNetwork(of, network))
	}
	payload, err := json.Marshal(signInCode{Hash: w.c.codeHash(code, email, browser), From: from})
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

// hourly is how often something may happen in an hour.
type hourly struct {
	name string
	most int
}

// limits are how many codes may be asked for. Whoever asks for codes for somebody else must not lock that person out: a
// browser in which the address signed in before has a count of its own, and on a network from which the address, or
// anybody of its organisation, did, what strangers elsewhere ask for does not count.
func (w *writer) limits(email, browser, network, of string) ([]hourly, error) {
	known, err := w.familiar(knownBrowser(email, browser))
	if err != nil {
		return nil, err
	}
	if known {
		return []hourly{{"browser " + email + " " + device(browser), codesPerBrowser}}, nil
	}
	near := networkOf(network)
	list := []hourly{{"address " + email + " on " + near, codesPerAddress}, {"network " + near, codesPerNetwork}}
	names := []string{knownNetwork(email, network)}
	if of != "" {
		names = append(names, knownNetwork(of, network))
	}
	for _, name := range names {
		if known, err := w.familiar(name); err != nil || known {
			return list, err
		}
	}
	list = append(list, hourly{"address " + email, codesForAddress})
	if of != "" {
		list = append(list, hourly{of, codesPerCouncil})
	}
	return list, nil
}

// knownBrowser and knownNetwork name what an address, or an organisation, has signed in with before.
func knownBrowser(email, browser string) string {
	return digest("browser\x00" + email + "\x00" + device(browser))
}

// device is the part of a browser's name that stays the same.
func device(browser string) string {
	if _, stays, ok := strings.Cut(browser, "."); ok {
		return stays
	}
	return browser
}

func knownNetwork(who, network string) string {
	return digest("network\x00" + who + "\x00" + networkOf(network))
}

func knownKey(name string) []byte { return kv.NewKey("k", "known", name) }

func (w *writer) familiar(name string) (bool, error) {
	payload, _, err := getExpiring(w.tx, knownKey(name), w.now)
	return payload != nil, err
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
	n, expires, err := w.counted(name)
	if err != nil {
		return err
	}
	if n >= most {
		return &Error{Kind: TooLarge, Message: "Too many codes were asked for. Wait an hour and try again"}
	}
	return putExpiring(w.tx, limitKey(name), expires, binary.BigEndian.AppendUint16(nil, uint16(n+1)))
}

// daily counts something that may happen only so often within a day; false: it did already.
func (w *writer) daily(name string, most int) (bool, error) {
	n, expires, err := w.counted(name)
	if err != nil || n >= most {
		return false, err
	}
	if n == 0 {
		expires = w.now.Add(24 * time.Hour)
	}
	return true, putExpiring(w.tx, limitKey(name), expires, binary.BigEndian.AppendUint16(nil, uint16(n+1)))
}

func limitKey(name string) []byte { return kv.NewKey("k", "limit", digest(name)) }

// counted is how often something has happened within its hour or day, and when that ends.
func (w *writer) counted(name string) (n int, expires time.Time, err error) {
	payload, expires, err := getExpiring(w.tx, limitKey(name), w.now)
	if err != nil || len(payload) != 2 {
		return 0, w.now.Add(limitWindow), err
	}
	return int(binary.BigEndian.Uint16(payload)), expires, nil
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
		councils, err := c.councilsByEmail(w.tx, email)
		if err != nil {
			return err
		}
		if elsewhere, err := w.signsInElsewhere(account, councils); err != nil || elsewhere {
			wrong = true
			return err
		}
		if account == nil {
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
		for _, name := range kept.From {
			if err := putExpiring(w.tx, knownKey(name), w.now.Add(knownFor), []byte{1}); err != nil {
				return false, err
			}
		}
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
	return w.appendAudit(item, item, 0, 0)
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
				a.Identity, a.Reset = old.Identity, old.Reset
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
		a.Disabled, a.Ended, a.Request, a.Reset = true, w.now, nil, nil
		if err := w.signOut(a.ID); err != nil {
			return err
		}
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
