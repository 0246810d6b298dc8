package catalogue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// Signing in with a council's own account. The web side speaks the protocol and checks the signature, the issuer, the
// audience, the times and the nonce of what the provider says; here stands who that is, and what it may be bound to.

// Federation is a sign-in under way at a council's provider: what the answer is checked against.
type Federation struct {
	Provider string    `json:"provider"`
	Purpose  string    `json:"purpose"`
	Session  string    `json:"session"` // ID of the session that began it
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"` // of the proof that the code is exchanged by whoever asked for it (PKCE)
	Next     string    `json:"next,omitempty"`
	Begun    time.Time `json:"begun"`
}

// What a sign-in at a provider is for.
const (
	FederateIn      = "in"      // to sign in
	FederateConfirm = "confirm" // to confirm that it is still the same person
	FederateLink    = "link"    // to bind the council's account to the one that is signed in
)

// federationLife is how long somebody may take at the provider.
const federationLife = 10 * time.Minute

// FederationClient is what the web side needs to speak to a provider.
type FederationClient struct {
	Issuer, ClientID, Secret string
}

// federationsPerNetwork is how many sign-ins at providers may be begun on one network in an hour: a council's officers often
// share one.
const federationsPerNetwork = 1000

// MayFederate counts that somebody on a network begins to sign in at a provider. TooLarge: too many did.
func (c *Catalogue) MayFederate(ctx context.Context, network string) error {
	return storeError(c.store.Update(ctx, func(tx kv.Tx) error {
		return (&writer{c: c, tx: tx, now: c.clock().UTC()}).limit("federation "+networkOf(network), federationsPerNetwork)
	}))
}

func federationKey(state string) []byte { return kv.NewKey("k", "oidc", digest(state)) }

// BeginFederation keeps a sign-in under way at a provider under a secret state, which works once.
func (c *Catalogue) BeginFederation(ctx context.Context, state, session string, f Federation) (client FederationClient, err error) {
	f.Session, f.Begun = digest(session), c.clock().UTC()
	payload, err := json.Marshal(f)
	if err != nil {
		return client, fmt.Errorf("encode federation: %w", err)
	}
	err = c.store.Update(ctx, func(tx kv.Tx) (err error) {
		if client, err = c.federationClient(tx, f.Provider); err != nil {
			return err
		}
		return putExpiring(tx, federationKey(state), f.Begun.Add(federationLife), payload)
	})
	return client, storeError(err)
}

func (c *Catalogue) federationClient(tx kv.Tx, provider string) (client FederationClient, err error) {
	item, err := readItem(tx, Key{KindProvider, provider})
	if err != nil {
		return client, err
	}
	p, ok := item.(*Provider)
	if !ok {
		return client, notFound("provider")
	}
	secret, err := c.openFor(providerPurpose(p.ID), p.Sealed)
	if errors.Is(err, errSealed) {
		return client, &Error{Kind: Unavailable, Message: "Signing in with this council's own accounts has to be set up anew. Tell whoever runs this service", Err: err}
	}
	return FederationClient{Issuer: p.Issuer, ClientID: p.ClientID, Secret: string(secret)}, err
}

// TakeFederation gives what a state stands for, once, to the session that began it. Invalid: it is unknown, too old, was used
// before, or is of another browser.
func (c *Catalogue) TakeFederation(ctx context.Context, state, session string) (f Federation, client FederationClient, err error) {
	unknown := invalid("sign-in", "provider", "This sign-in was begun in another browser, took too long, or was used already. Begin again")
	known := false
	err = c.store.Update(ctx, func(tx kv.Tx) error {
		known, f, client = false, Federation{}, FederationClient{}
		payload, _, err := getExpiring(tx, federationKey(state), c.clock())
		if err != nil || payload == nil {
			return err
		}
		if err := json.Unmarshal(payload, &f); err != nil {
			return fmt.Errorf("decode federation: %w", err)
		}
		if f.Session != digest(session) {
			return nil // not taken from whoever did begin it
		}
		known = true
		if client, err = c.federationClient(tx, f.Provider); err != nil {
			return err
		}
		return tx.Delete(federationKey(state))
	})
	if err == nil && !known {
		err = unknown
	}
	return f, client, storeError(err)
}

// Said is what a provider says of a person, checked by the web side.
type Said struct {
	Tenant, Object string
	Email          string    // as the tenant has it; it proves nothing
	At             time.Time // when the person signed in there; zero: it does not say
}

// Federated is how a sign-in at a provider ended.
type Federated struct {
	Account *Account
	Session Session // to begin; of purpose FederateIn
}

// errFederated says the same for every reason why a person is not let in.
func errFederated() error {
	return invalid("sign-in", "provider", "Your council's sign-in worked, but the account that it gave is not one that may sign in here. Ask an administrator of your council, or whoever runs this service")
}

// FinishFederation signs in whoever a provider says is there. A person is known by tenant and object. One who is not known yet
// is bound to the account that its council gave to its address, once it has used the second factor of that account where it
// has one; or becomes a new account that may read, as newcomers by e-mail do. An address alone opens no account of anybody
// else, and none of another council.
func (c *Catalogue) FinishFederation(ctx context.Context, f Federation, said Said) (*Federated, error) {
	var out *Federated
	err := c.write(ctx, Operator("web"), SignIn, func(w *writer) error {
		out = &Federated{}
		p, err := w.provider(f.Provider, said)
		if err != nil {
			return err
		}
		id := &Identity{Provider: p.ID, Tenant: said.Tenant, Object: said.Object, Bound: w.now}
		a, pending, err := w.federatedAccount(p, id, said.Email)
		if err != nil {
			return err
		}
		out.Account = a
		out.Session = Session{Account: a.ID, Begun: w.now}
		if pending {
			out.Session.Pending = id
			return w.record(a)
		}
		out.Session.Provider = p.ID
		if said.fresh(w.now) {
			out.Session.Proved = said.At
		}
		if p.Worked.IsZero() {
			p.Worked = w.now
			if err := w.put(p); err != nil {
				return err
			}
		}
		return w.record(a)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// fresh says that a person has signed in at the provider just now; a clock may be off by a minute.
func (s Said) fresh(now time.Time) bool {
	return !s.At.IsZero() && now.Sub(s.At) < proofHolds && s.At.Before(now.Add(time.Minute))
}

// provider is a provider that says somebody of a tenant is there, whose people it lets in.
func (w *writer) provider(id string, said Said) (*Provider, error) {
	item, err := readItem(w.tx, Key{KindProvider, id})
	if err != nil {
		return nil, err
	}
	p, ok := item.(*Provider)
	if !ok || said.Object == "" || !slices.Contains(p.Tenants, said.Tenant) {
		return nil, errFederated()
	}
	return p, nil
}

// federatedAccount is the account of an identity; pending: it is bound once its second factor was used.
func (w *writer) federatedAccount(p *Provider, id *Identity, email string) (a *Account, pending bool, err error) {
	if a, err = accountByIdentity(w.tx, id); err != nil {
		return nil, false, err
	}
	if a != nil {
		if a.Disabled || a.OrgKind != OrgCouncil || a.Org != p.Council {
			return nil, false, errFederated()
		}
		return a, false, nil
	}
	email = NormaliseEmail(email)
	if a, err = accountByEmail(w.tx, email); err != nil {
		return nil, false, err
	}
	if a == nil {
		councils, err := w.c.councilsByEmail(w.tx, email)
		if err != nil {
			return nil, false, err
		}
		if !slices.Contains(councils, p.Council) {
			return nil, false, errFederated()
		}
		if err := w.start(); err != nil {
			return nil, false, err
		}
		a = &Account{Meta: Meta{ID: NewID()}, Email: email, OrgKind: OrgCouncil, Org: p.Council, Role: RoleViewer, Since: w.seq, Identity: id}
		return a, false, w.put(a)
	}
	if a.Disabled || a.Demonstration || a.OrgKind != OrgCouncil || a.Org != p.Council || a.Identity != nil {
		return nil, false, errFederated()
	}
	keys, err := credentialsOf(w.tx, a.ID)
	if err != nil || keys.Any() {
		return a, true, err
	}
	a.Identity = id
	if err := w.put(a); err != nil {
		return nil, false, err
	}
	return a, false, w.tellBound(a)
}

func (w *writer) tellBound(a *Account) error {
	return w.tellPerson(a, "How you sign in to Jointly has changed", "You can now sign in with your council's own account.")
}

func accountByIdentity(tx kv.Tx, id *Identity) (*Account, error) {
	ids, err := lookup(tx, "account.identity", id.Tenant, id.Object)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	item, err := readItem(tx, Key{KindAccount, ids[0]})
	if err != nil || item == nil {
		return nil, err
	}
	return item.(*Account), nil
}

// ConfirmFederation takes a sign-in at a provider, made just now, as a second factor of the session that began it, or binds
// it to the session's account.
func (c *Catalogue) ConfirmFederation(ctx context.Context, session string, f Federation, said Said) error {
	return c.withKeys(ctx, session, ProveFactor, func(w *writer, r *keyring) error {
		p, err := w.provider(f.Provider, said)
		if err != nil {
			return err
		}
		id := &Identity{Provider: p.ID, Tenant: said.Tenant, Object: said.Object, Bound: w.now}
		known, err := accountByIdentity(w.tx, id)
		switch {
		case err != nil:
			return err
		case f.Session != digest(session) || r.session.Stage != StageIn || r.account.OrgKind != OrgCouncil || r.account.Org != p.Council || known != nil && known.ID != r.account.ID:
			return errFederated()
		case f.Purpose == FederateLink && known == nil:
			if err := w.mayChange(r); err != nil {
				return err
			}
			r.account.Identity = id
			if err := w.put(r.account); err != nil {
				return err
			}
			return w.tellBound(r.account)
		case f.Purpose == FederateLink:
			return nil
		case known == nil || said.At.Before(f.Begun.Add(-time.Minute)) || !said.fresh(w.now):
			return invalid("sign-in", "provider", "Your council's sign-in did not ask you anew, so it confirms nothing. Sign out, sign in again, and set up a passkey or an authenticator app on the page 'How you sign in': it takes the place of this")
		}
		return w.proved(r)
	})
}
