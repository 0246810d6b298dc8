package catalogue

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// How a second factor is set up, used, and taken away. All of it goes by a session, whose secret name nobody else has: at
// StageFactor and StageEnrol nobody acts as the account yet.

// ErrProveFirst says that a write needs a second factor used within the last 15 minutes.
var ErrProveFirst = &Error{Kind: Unauthenticated, Message: "Confirm that it is you first"}

// fresh says that a second factor was used lately.
func (s *Session) fresh(now time.Time) bool {
	return !s.Proved.IsZero() && now.Sub(s.Proved) < proofHolds && !now.Before(s.Proved.Add(-proofHolds))
}

// Fresh says that the session's person has used a second factor within the last 15 minutes.
func (c *Catalogue) Fresh(s *Session) bool { return s != nil && s.fresh(c.clock()) }

// PasskeyCheck checks what a device answered to a ceremony's data against the keys that may answer, and gives the one that
// did as it is to be kept from now on. An Invalid error says why not. It may run more than once.
type PasskeyCheck func(data []byte, keys []Passkey) (Passkey, error)

// errWrongFactor says the same for every reason why a second factor is not accepted.
func errWrongFactor() error {
	return invalid("code", "code", "This code is wrong or was used before. Enter the code that the app shows now, or a recovery code that you have not used")
}

func errTooManyTries() error {
	return &Error{Kind: TooLarge, Message: "Too many wrong codes were entered. Wait an hour, or use a passkey"}
}

// Ceremony seals what a passkey's answer will be checked against, for a form of one session: it works once, for 5 minutes.
func (c *Catalogue) Ceremony(session string, data []byte) (string, error) {
	return c.newTicket("passkey", session, data, ceremonyLife)
}

// keyring is a session under way: whose it is, and what that account can prove itself with.
type keyring struct {
	session *Session
	name    string
	expires time.Time
	account *Account
	keys    *Credentials
}

func (w *writer) keyring(name string) (*keyring, error) {
	s, account, expires, err := w.c.sessionIn(w.tx, name)
	if err != nil {
		return nil, err
	}
	if s == nil || account == nil {
		return nil, &Error{Kind: Unauthenticated, Message: "Sign in first"}
	}
	return &keyring{session: s, name: name, expires: expires, account: account, keys: &s.keys}, nil
}

// withKeys runs fn over a session in one write of the account that it is of.
func (c *Catalogue) withKeys(ctx context.Context, session string, action Action, fn func(*writer, *keyring) error) error {
	s, account, _, err := c.Session(ctx, session)
	if err != nil {
		return err
	}
	if s == nil || account == nil {
		return &Error{Kind: Unauthenticated, Message: "Sign in first"}
	}
	return c.write(ctx, account.Actor("web"), action, func(w *writer) error {
		r, err := w.keyring(session)
		if err != nil {
			return err
		}
		return fn(w, r)
	})
}

// Credentials are the second factors of a session's account.
func (c *Catalogue) Credentials(ctx context.Context, session string) (*Credentials, error) {
	var out *Credentials
	err := c.view(ctx, func(tx kv.Tx) error {
		s, account, _, err := c.sessionIn(tx, session)
		if err != nil {
			return err
		}
		if s == nil || account == nil {
			return &Error{Kind: Unauthenticated, Message: "Sign in first"}
		}
		out = &s.keys
		return nil
	})
	return out, err
}

// proved notes in a session that its person has used a second factor now.
func (w *writer) proved(r *keyring) error {
	r.session.Proved = w.now
	if id := r.session.Pending; id != nil { // the council's own sign-in said who this is, and now the account does too
		known, err := accountByIdentity(w.tx, id)
		if err != nil {
			return err
		}
		if known != nil || r.account.Identity != nil {
			return errFederated()
		}
		r.account.Identity, r.session.Provider, r.session.Pending = id, id.Provider, nil
		if err := errors.Join(w.put(r.account), w.tellBound(r.account)); err != nil {
			return err
		}
	}
	return putSession(w.tx, digest(r.name), *r.session, r.expires)
}

// ProveWithCode takes an authenticator or recovery code as the second factor of a session. Invalid: it is wrong, or was
// used before. TooLarge: too many wrong ones were tried.
func (c *Catalogue) ProveWithCode(ctx context.Context, session, code string) error {
	wrong := false
	err := c.withKeys(ctx, session, ProveFactor, func(w *writer, r *keyring) (err error) {
		wrong = false
		if err := w.mayTry(r); err != nil {
			return err
		}
		code := plainCode(code)
		var right bool
		if len(code) == 6 {
			right, err = w.useApp(r, code)
		} else {
			right, err = w.useRecovery(r, code)
		}
		if err != nil || !right {
			wrong = true // the try must be counted, so this transaction commits
			return errors.Join(err, w.countTry(r))
		}
		return w.proved(r)
	})
	if err == nil && wrong {
		err = errWrongFactor()
	}
	return err
}

func (w *writer) mayTry(r *keyring) error {
	n, _, err := w.counted("factor " + r.account.ID)
	if err == nil && n >= factorTries {
		err = errTooManyTries()
	}
	return err
}

func (w *writer) countTry(r *keyring) error { return w.limit("factor "+r.account.ID, factorTries) }

func (w *writer) useApp(r *keyring, code string) (bool, error) {
	app := r.keys.App
	if app == nil {
		return false, nil
	}
	secret, err := w.c.openFor(authenticatorPurpose(r.account.ID), app.Sealed)
	if errors.Is(err, errSealed) { // the catalogue has another secret now: this app is as good as lost
		return false, nil
	}
	if err != nil {
		return false, err
	}
	step, err := totpStep(string(secret), code, w.now, app.Step)
	if err != nil || step == 0 {
		return false, err
	}
	app.Step, app.Used = step, w.now
	return true, w.put(r.keys)
}

func (w *writer) useRecovery(r *keyring, code string) (bool, error) {
	if !r.keys.Any() {
		return false, nil
	}
	at := slices.Index(r.keys.Recovery, recoveryHash(r.account.ID, recoveryText(code)))
	if at < 0 {
		return false, nil
	}
	r.keys.Recovery = slices.Delete(r.keys.Recovery, at, at+1)
	if err := w.put(r.keys); err != nil {
		return false, err
	}
	return true, w.tellPerson(r.account, "A recovery code was used to sign in to Jointly",
		fmt.Sprintf("Somebody who reads your mail signed in with one of your recovery codes. You have %d left.", len(r.keys.Recovery)))
}

// tellPerson mails a person about its own account: what an intruder would not want it to know.
func (w *writer) tellPerson(a *Account, subject, text string) error {
	return w.post(Message{Subject: subject, Text: []string{text, "If this was not you, sign in, sign out everywhere, and tell an administrator of your organisation or whoever runs this service at once."},
		Why: "It is about how you sign in.", Link: "/security", LinkText: "See how you sign in", Expires: w.now.Add(mailLife)}, a.Email)
}

// ProveWithPasskey takes a passkey's answer as the second factor of a session; ceremony is what Ceremony made.
func (c *Catalogue) ProveWithPasskey(ctx context.Context, session, ceremony string, check PasskeyCheck) error {
	var refused error
	err := c.withKeys(ctx, session, ProveFactor, func(w *writer, r *keyring) error {
		refused = nil
		t, err := w.readTicket("passkey", session, ceremony)
		if err != nil {
			return err
		}
		if t == nil {
			return errOldPage()
		}
		if err := w.spend(t); err != nil {
			return err
		}
		used, err := check(t.Data, r.keys.Passkeys)
		if KindOf(err) == Invalid && err != nil {
			refused = err // the ceremony is spent all the same
			return nil
		}
		if err != nil {
			return err
		}
		at := slices.IndexFunc(r.keys.Passkeys, func(p Passkey) bool { return p.ID == used.ID })
		if at < 0 {
			return errWrongFactor()
		}
		r.keys.Passkeys[at].Key, r.keys.Passkeys[at].Used = used.Key, w.now
		if err := w.put(r.keys); err != nil {
			return err
		}
		return w.proved(r)
	})
	return errors.Join(err, refused)
}

func errOldPage() error {
	return invalid("passkey", "passkey", "This page was open for too long, or was used already. Try again")
}

// mayChange says whether a session's person may change its second factors: at first, to set one up; later with one used
// lately. Who came by its council's own sign-in and has no factor here was asked by that lately: it may let in a browser that
// was left open without asking anybody, and whoever sits there must get neither weight nor a factor that stays.
func (w *writer) mayChange(r *keyring) error {
	if r.account.Demonstration {
		return forbidden("This person is invented, and signs in without a code: what you set up would shut out whoever comes next")
	}
	if r.session.Stage == StageEnrol || !r.keys.Any() && r.session.Stage == StageIn && r.session.Provider == "" && !needsFactor(r.account) {
		return nil
	}
	if r.session.Stage != StageIn {
		return &Error{Kind: Unauthenticated, Message: "Finish signing in first"}
	}
	if !r.session.fresh(w.now) {
		return ErrProveFirst
	}
	return nil
}

// AddPasskey sets up a passkey; check gives it. The recovery codes come with the first factor, and never again.
func (c *Catalogue) AddPasskey(ctx context.Context, session, ceremony, name string, check PasskeyCheck) (recovery []string, err error) {
	err = c.withKeys(ctx, session, KeepFactors, func(w *writer, r *keyring) error {
		if err := w.mayChange(r); err != nil {
			return err
		}
		t, err := w.readTicket("passkey", session, ceremony)
		if err != nil {
			return err
		}
		if t == nil {
			return errOldPage()
		}
		made, err := check(t.Data, r.keys.Passkeys)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(r.keys.Passkeys, func(p Passkey) bool { return p.ID == made.ID }) {
			return invalid("passkey", "passkey", "This device holds a passkey for Jointly already")
		}
		made.Name, made.Made = strings.TrimSpace(name), w.now
		r.keys.Passkeys = append(r.keys.Passkeys, made)
		if err := w.spend(t); err != nil {
			return err
		}
		recovery, err = w.added(r, "The passkey '"+made.Name+"' was added")
		return err
	})
	return recovery, err
}

// Enrolment makes a secret for an authenticator app, and what a form carries until a code shows that the app has it.
// Nothing is stored before that.
func (c *Catalogue) Enrolment(session string) (secret, sealed string, err error) {
	b := make([]byte, 20) // as long as the hash that codes are made with
	if _, err := rand.Read(b); err != nil {
		return "", "", fmt.Errorf("authenticator: %w", err)
	}
	secret = base32.StdEncoding.EncodeToString(b)
	sealed, err = c.newTicket("enrolment", session, []byte(secret), enrolmentLife)
	return secret, sealed, err
}

// EnrolmentSecret is the secret of an enrolment under way, to show its page again; empty where it is too old or was used.
func (c *Catalogue) EnrolmentSecret(ctx context.Context, session, sealed string) (secret string, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		t, err := (&writer{c: c, tx: tx, now: c.clock()}).readTicket("enrolment", session, sealed)
		if t != nil {
			secret = string(t.Data)
		}
		return err
	})
	return secret, err
}

// AddAuthenticator sets up an authenticator app with the code that it shows, in place of one that there was.
func (c *Catalogue) AddAuthenticator(ctx context.Context, session, sealed, code string) (recovery []string, err error) {
	wrong := false
	err = c.withKeys(ctx, session, KeepFactors, func(w *writer, r *keyring) error {
		wrong = false
		if err := errors.Join(w.mayChange(r), w.mayTry(r)); err != nil {
			return err
		}
		t, err := w.readTicket("enrolment", session, sealed)
		if err != nil {
			return err
		}
		if t == nil {
			return invalid("code", "code", "This page was open for too long, or was used already. Set the app up anew with what it shows now")
		}
		step, err := totpStep(string(t.Data), plainCode(code), w.now, 0)
		if err != nil {
			return err
		}
		if step == 0 {
			wrong = true
			return w.countTry(r)
		}
		app := &Authenticator{Step: step, Made: w.now, Used: w.now}
		if app.Sealed, err = c.sealFor(authenticatorPurpose(r.account.ID), t.Data); err != nil {
			return err
		}
		r.keys.App = app
		if err := w.spend(t); err != nil {
			return err
		}
		recovery, err = w.added(r, "An authenticator app was added")
		return err
	})
	if err == nil && wrong {
		err = invalid("code", "code", "This is not the code that the app shows for this secret. Wait for the next one and enter it. If it is never right, set the clock of your phone to automatic")
	}
	return recovery, err
}

// added stores a factor that was set up, which proves itself at once, and makes the recovery codes where there were none.
func (w *writer) added(r *keyring, what string) (recovery []string, err error) {
	if len(r.keys.Recovery) == 0 {
		if recovery, r.keys.Recovery, err = newRecovery(r.account.ID); err != nil {
			return nil, err
		}
	}
	if err := w.put(r.keys); err != nil {
		return nil, err
	}
	if err := w.proved(r); err != nil {
		return nil, err
	}
	return recovery, w.tellPerson(r.account, "How you sign in to Jointly has changed", what+" to your account.")
}

// NewRecoveryCodes replaces the recovery codes of a session's account.
func (c *Catalogue) NewRecoveryCodes(ctx context.Context, session string) (codes []string, err error) {
	err = c.withKeys(ctx, session, KeepFactors, func(w *writer, r *keyring) (err error) {
		if err := w.mayChange(r); err != nil {
			return err
		}
		if !r.keys.Any() {
			return conflict("Set up a passkey or an authenticator app first: recovery codes stand in for one that is lost")
		}
		if codes, r.keys.Recovery, err = newRecovery(r.account.ID); err != nil {
			return err
		}
		if err := w.put(r.keys); err != nil {
			return err
		}
		return w.tellPerson(r.account, "You have new recovery codes for Jointly", "The recovery codes of your account were replaced. The earlier ones no longer work.")
	})
	return codes, err
}

// RemoveFactor takes away a passkey by its ID, or the authenticator app with an empty one. Who needs a second factor keeps
// the last.
func (c *Catalogue) RemoveFactor(ctx context.Context, session, passkey string) error {
	return c.withKeys(ctx, session, KeepFactors, func(w *writer, r *keyring) error {
		if err := w.mayChange(r); err != nil {
			return err
		}
		what := "The authenticator app"
		if passkey == "" && r.keys.App == nil {
			return nil
		}
		if passkey == "" {
			r.keys.App = nil
		} else {
			at := slices.IndexFunc(r.keys.Passkeys, func(p Passkey) bool { return p.ID == passkey })
			if at < 0 {
				return nil // gone already
			}
			what = "The passkey '" + r.keys.Passkeys[at].Name + "'"
			r.keys.Passkeys = slices.Delete(r.keys.Passkeys, at, at+1)
		}
		if !r.keys.Any() {
			if needsFactor(r.account) {
				return conflict("This is the last way to confirm that it is you, which your account needs. Set up another first")
			}
			r.keys.Recovery = nil
		}
		if err := w.put(r.keys); err != nil {
			return err
		}
		return w.tellPerson(r.account, "How you sign in to Jointly has changed", what+" was removed from your account.")
	})
}
