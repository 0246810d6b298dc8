package catalogue

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// Limits of sessions.
const (
	sessionNameBytes = 32
	sessionsAtOnce   = 20  // of one account; the one that was longest unused ends first
	agentLength      = 200 // bytes kept of what a browser says of itself
)

// Session is what a signed-in browser's cookie stands for. Only the hash of its name is stored.
type Session struct {
	Account string            `json:"account,omitempty"`
	Begun   time.Time         `json:"begun"`
	Seen    time.Time         `json:"seen,omitzero"` // when it was last stored: a request within the hour after it stores nothing
	Agent   string            `json:"agent,omitempty"`
	Proved  time.Time         `json:"proved,omitzero"` // when its person last used a second factor; zero: never
	Values  map[string]string `json:"values,omitempty"`

	Provider string    `json:"provider,omitempty"` // ID of the council's own sign-in that it came by
	Pending  *Identity `json:"pending,omitempty"`  // who that said is there: bound to the account once its second factor was used

	Stage SignInStage `json:"-"` // how far its person has come, when it was read
	keys  Credentials // of its account, when it was read
	bound bool        // its account is bound to a council's own sign-in that is set up and lets it in
}

// SignInStage is how far somebody has come at signing in.
type SignInStage string

// The stages of signing in.
const (
	StageNobody SignInStage = ""          // no account is known yet
	StageFactor SignInStage = "factor"    // reads mail at an account's address, and has yet to use the second factor that it has
	StageEnrol  SignInStage = "enrol"     // reads mail at an account's address, and has yet to set up the second factor that it needs
	StageIn     SignInStage = "signed in" // acts as the account
)

func sessionRow(id string) []byte { return kv.NewKey("s", id) }

// sessionsOf leads from an account to its sessions; the rows end when the sessions do.
func sessionsOf(account string) kv.Key { return kv.NewKey("k", "session", account) }

// SessionID names a session where its person sees it. Nobody can make the session's secret name of it.
func SessionID(name string) string { return digest(name) }

// SessionName makes the secret name of a session: 256 random bits.
func SessionName() (string, error) {
	b := make([]byte, sessionNameBytes)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("session: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// BeginSession stores a new session under its secret name until it expires. Where its account has as many as it may, the
// one that was longest unused ends.
func (c *Catalogue) BeginSession(ctx context.Context, name string, s Session, expires time.Time) error {
	s.Seen = c.clock().UTC()
	s.Agent = shortened(s.Agent, agentLength)
	return storeError(c.store.Update(ctx, func(tx kv.Tx) error {
		if s.Account != "" {
			open, err := openSessions(tx, s.Account, c.clock())
			if err != nil {
				return err
			}
			for _, old := range open[min(len(open), sessionsAtOnce-1):] {
				if err := endSession(tx, s.Account, old.ID); err != nil {
					return err
				}
			}
		}
		return putSession(tx, digest(name), s, expires)
	}))
}

// SaveSession stores the values of a session that is there already; false says that it has ended meanwhile, and stays so:
// a request that began before its person signed out must not sign her in again. Who it is of and what was proved stay as
// they are stored.
func (c *Catalogue) SaveSession(ctx context.Context, name string, values map[string]string, expires time.Time) (done bool, err error) {
	err = c.store.Update(ctx, func(tx kv.Tx) error {
		s, _, err := readSession(tx, digest(name), c.clock())
		if done = s != nil && err == nil; !done {
			return err
		}
		s.Values, s.Seen = values, c.clock().UTC()
		return putSession(tx, digest(name), *s, expires)
	})
	return done, storeError(err)
}

// RenameSession gives a session another secret name, whoever knew the old one no longer has it; false: it has ended.
func (c *Catalogue) RenameSession(ctx context.Context, from, to string) (done bool, err error) {
	err = c.store.Update(ctx, func(tx kv.Tx) error {
		s, expires, err := readSession(tx, digest(from), c.clock())
		if done = s != nil && err == nil; !done {
			return err
		}
		if err := endSession(tx, s.Account, digest(from)); err != nil {
			return err
		}
		return putSession(tx, digest(to), *s, expires)
	})
	return done, storeError(err)
}

func putSession(tx kv.Tx, id string, s Session, expires time.Time) error {
	payload, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	if s.Account != "" {
		if err := putExpiring(tx, sessionsOf(s.Account).Str(id), expires, nil); err != nil {
			return err
		}
	}
	return putExpiring(tx, sessionRow(id), expires, payload)
}

// readSession is a stored session by its ID; nil where there is none or its time is past.
func readSession(tx kv.Tx, id string, now time.Time) (*Session, time.Time, error) {
	payload, expires, err := getExpiring(tx, sessionRow(id), now)
	if err != nil || payload == nil {
		return nil, time.Time{}, err
	}
	s := new(Session)
	if err := json.Unmarshal(payload, s); err != nil {
		return nil, time.Time{}, fmt.Errorf("decode session: %w", err)
	}
	return s, expires, nil
}

// Session is the session with a secret name, and whose it is, as that account is now: nil where there is none, its time
// is past, or the account was disabled. Only at StageIn does it act as the account.
func (c *Catalogue) Session(ctx context.Context, name string) (*Session, *Account, time.Time, error) {
	var s *Session
	var account *Account
	var expires time.Time
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		s, account, expires, err = c.sessionIn(tx, name)
		return err
	})
	return s, account, expires, err
}

func (c *Catalogue) sessionIn(tx kv.Tx, name string) (*Session, *Account, time.Time, error) {
	s, expires, err := readSession(tx, digest(name), c.clock())
	if err != nil || s == nil || s.Account == "" {
		return s, nil, expires, err
	}
	item, err := readItem(tx, Key{KindAccount, s.Account})
	if err != nil {
		return nil, nil, expires, err
	}
	account, ok := item.(*Account)
	if !ok || account.Disabled {
		return nil, nil, time.Time{}, nil
	}
	keys, err := credentialsOf(tx, account.ID)
	if err != nil {
		return nil, nil, expires, err
	}
	s.keys = *keys
	stands, bound, err := c.cameRightly(tx, s, account)
	if err != nil || !stands {
		return nil, nil, time.Time{}, err
	}
	s.bound = bound
	s.Stage = stageOf(s, account)
	return s, account, expires, nil
}

// cameRightly says that the way by which a session's person came is still open: a session by e-mail ends where the council now
// requires its own sign-in, one by that where it is no longer set up, lets in the person's tenant no more, or the account is bound
// to it no more. bound says that the account is bound to a sign-in that is set up and lets it in.
func (c *Catalogue) cameRightly(tx kv.Tx, s *Session, a *Account) (stands, bound bool, err error) {
	if a.OrgKind != OrgCouncil || a.Demonstration {
		return s.Provider == "", false, nil
	}
	all, err := c.providersOf(tx, a.Org)
	if err != nil {
		return false, false, err
	}
	letsIn := func(provider, tenant string) bool {
		return slices.ContainsFunc(all, func(p *Provider) bool { return p.ID == provider && slices.Contains(p.Tenants, tenant) })
	}
	bound = a.Identity != nil && letsIn(a.Identity.Provider, a.Identity.Tenant)
	switch {
	case s.Provider != "":
		return bound && letsIn(s.Provider, a.Identity.Tenant), bound, nil
	case s.Pending != nil:
		return letsIn(s.Pending.Provider, s.Pending.Tenant), bound, nil
	}
	return !slices.ContainsFunc(all, func(p *Provider) bool { return p.Required }), bound, nil
}

// EndSession forgets a session.
func (c *Catalogue) EndSession(ctx context.Context, name string) error {
	return storeError(c.store.Update(ctx, func(tx kv.Tx) error {
		s, _, err := readSession(tx, digest(name), c.clock())
		if err != nil || s == nil {
			return err
		}
		return endSession(tx, s.Account, digest(name))
	}))
}

func endSession(tx kv.Tx, account, id string) error {
	if account != "" {
		if err := tx.Delete(sessionsOf(account).Str(id)); err != nil {
			return err
		}
	}
	return tx.Delete(sessionRow(id))
}

// OpenSession is a session as its person sees it.
type OpenSession struct {
	ID    string
	Agent string // what the browser says of itself
	Begun time.Time
	Seen  time.Time // to the hour
	In    bool      // signed in; else it waits for the second factor
}

// openSessions lists the sessions of an account, the latest used first.
func openSessions(tx kv.Tx, account string, now time.Time) (out []OpenSession, err error) {
	ids, err := idsBelow(tx, sessionsOf(account))
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		s, _, err := readSession(tx, id, now)
		if err != nil {
			return nil, err
		}
		if s != nil && s.Account == account {
			out = append(out, OpenSession{ID: id, Agent: s.Agent, Begun: s.Begun, Seen: s.Seen, In: !s.Proved.IsZero()})
		}
	}
	slices.SortStableFunc(out, func(a, b OpenSession) int { return cmp.Or(b.Seen.Compare(a.Seen), b.Begun.Compare(a.Begun)) })
	return out, nil
}

// Sessions lists where the actor's account is signed in, the latest used first.
func (c *Catalogue) Sessions(ctx context.Context, actor Actor) ([]OpenSession, error) {
	var out []OpenSession
	if !actor.SignedIn() {
		return nil, &Error{Kind: Unauthenticated, Message: "Sign in to see where you are signed in"}
	}
	err := c.view(ctx, func(tx kv.Tx) error {
		account, err := load[*Account](c, tx, actor, KindAccount, actor.Account)
		if err != nil {
			return err
		}
		if out, err = openSessions(tx, actor.Account, c.clock()); err != nil {
			return err
		}
		for i, o := range out { // who needs no second factor is signed in without
			out[i].In = o.In || !needsFactor(account)
		}
		return nil
	})
	return out, err
}

// SignOut ends one session of the actor's account; empty: all of them. One that has ended already is no error; one of
// somebody else is not there.
func (c *Catalogue) SignOut(ctx context.Context, actor Actor, id string) error {
	return c.write(ctx, actor, EndSessions, func(w *writer) error {
		account, err := load[*Account](c, w.tx, actor, KindAccount, actor.Account)
		if err != nil {
			return err
		}
		if id == "" {
			if err := w.signOut(account.ID); err != nil {
				return err
			}
			return w.record(account)
		}
		s, _, err := readSession(w.tx, id, w.now)
		switch {
		case err != nil:
			return err
		case s == nil:
			return nil
		case s.Account != account.ID:
			return notFound("session")
		}
		if err := endSession(w.tx, account.ID, id); err != nil {
			return err
		}
		return w.record(account)
	})
}

// signOut ends every session of an account.
func (w *writer) signOut(account string) error {
	ids, err := idsBelow(w.tx, sessionsOf(account))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := endSession(w.tx, account, id); err != nil {
			return err
		}
	}
	return nil
}
