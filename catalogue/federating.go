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

// Federated is how a sign-in at a provider ended: with a session to begin, or with a code sent to Email, which the person
// types first.
type Federated struct {
	Account *Account
	Session Session
	Email   string
	Bind    string // goes with the code to FinishBinding
}

// binding is an identity that nobody has yet, until the code sent to its address was typed.
type binding struct {
	Identity *Identity `json:"identity"`
	Email    string    `json:"email"`
	At       time.Time `json:"at"`
}

// errFederated says the same for every reason why a person is not let in.
func errFederated() error {
	return invalid("sign-in", "provider", "Your council's sign-in worked, but the account that it gave is not one that may sign in here. Ask an administrator of your council, or whoever runs this service")
}

// FinishFederation signs in whoever a provider says is there. A person is known by tenant and object. For one who is not known
// yet its address is not enough, since a tenant's guests may bring any: it is bound to the account with that address once it
// has typed a code sent to it and, where the account has a second factor, used that; session, browser and network are those of
// StartSignIn. A newcomer gets an account that may read. No address opens an account of another council.
func (c *Catalogue) FinishFederation(ctx context.Context, f Federation, said Said, session, browser, network string) (*Federated, error) {
	code, err := signInDigits()
	if err != nil {
		return nil, err
	}
	var out *Federated
	err = c.write(ctx, Operator("web"), SignIn, func(w *writer) error {
		out = &Federated{}
		p, err := w.provider(f.Provider, said)
		if err != nil {
			return err
		}
		id := &Identity{Provider: p.ID, Tenant: said.Tenant, Object: said.Object, Bound: w.now}
		if out.Account, err = accountByIdentity(w.tx, id); err != nil {
			return err
		}
		if a := out.Account; a != nil {
			if a.Disabled || a.OrgKind != OrgCouncil || a.Org != p.Council {
				return errFederated()
			}
			if a.Identity.Provider != p.ID { // it was removed and set up anew
				a.Identity.Provider = p.ID
				if err := w.put(a); err != nil {
					return err
				}
			}
			return w.federated(p, said.At, out)
		}
		email := NormaliseEmail(said.Email)
		if _, err := w.bindable(p, email); err != nil {
			return err
		}
		data, err := json.Marshal(binding{id, email, said.At})
		if err != nil {
			return fmt.Errorf("encode binding: %w", err)
		}
		out.Email = email
		if out.Bind, err = c.newTicket("binding", session, data, codeLife); err != nil {
			return err
		}
		return w.sendCode(code, email, browser, network, "council "+p.Council, email)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// FinishBinding checks the code that FinishFederation sent, and binds the person to the account with its address, or to a new
// one that may read.
func (c *Catalogue) FinishBinding(ctx context.Context, bind, session, browser, code string) (*Federated, error) {
	var out *Federated
	wrong := false
	err := c.write(ctx, Operator("web"), SignIn, func(w *writer) error {
		out, wrong = &Federated{}, true
		t, err := w.readTicket("binding", session, bind)
		if err != nil || t == nil {
			return err
		}
		var b binding
		if err := json.Unmarshal(t.Data, &b); err != nil {
			return fmt.Errorf("decode binding: %w", err)
		}
		if right, err := w.proves(b.Email, browser, code); err != nil || !right {
			return err
		}
		wrong = false
		return errors.Join(w.spend(t), w.bind(b, out))
	})
	if err == nil && wrong {
		err = errWrongCode()
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (w *writer) bind(b binding, out *Federated) error {
	item, err := readItem(w.tx, Key{KindProvider, b.Identity.Provider})
	if err != nil {
		return err
	}
	known, err := accountByIdentity(w.tx, b.Identity)
	if err != nil {
		return err
	}
	p, ok := item.(*Provider)
	if !ok || known != nil || !slices.Contains(p.Tenants, b.Identity.Tenant) { // it may have been taken off meanwhile
		return errFederated()
	}
	a, err := w.bindable(p, b.Email)
	if err != nil {
		return err
	}
	if a == nil {
		if err := w.start(); err != nil {
			return err
		}
		a = &Account{Meta: Meta{ID: NewID()}, Email: b.Email, OrgKind: OrgCouncil, Org: p.Council, Role: RoleViewer, Since: w.seq}
	} else if keys, err := credentialsOf(w.tx, a.ID); err != nil {
		return err
	} else if keys.Any() { // bound once one of them was used: see proved
		out.Account, out.Session = a, Session{Account: a.ID, Begun: w.now, Pending: b.Identity}
		return w.record(a)
	}
	a.Identity, out.Account = b.Identity, a
	if err := errors.Join(w.put(a), w.tellBound(a)); err != nil {
		return err
	}
	return w.federated(p, b.At, out)
}

// federated makes the session of somebody who came by its council's own sign-in, where it signed in at a moment.
func (w *writer) federated(p *Provider, at time.Time, out *Federated) error {
	out.Session = Session{Account: out.Account.ID, Begun: w.now, Provider: p.ID}
	if (Said{At: at}).fresh(w.now) {
		out.Session.Proved = at
	}
	if p.Worked.IsZero() {
		p.Worked = w.now
		if err := w.put(p); err != nil {
			return err
		}
	}
	return w.record(out.Account)
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

// bindable is the account with an address to which a provider's person may be bound; nil: there is none, and a newcomer's may
// be made.
func (w *writer) bindable(p *Provider, email string) (*Account, error) {
	a, err := accountByEmail(w.tx, email)
	if err != nil {
		return nil, err
	}
	if a == nil {
		councils, err := w.c.councilsByEmail(w.tx, email)
		if err == nil && !slices.Contains(councils, p.Council) {
			err = errFederated()
		}
		return nil, err
	}
	if a.Disabled || a.Demonstration || a.OrgKind != OrgCouncil || a.Org != p.Council || a.Identity != nil {
		return nil, errFederated()
	}
	return a, nil
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
			return invalid("sign-in", "provider", "Your council's sign-in does not say that it asked you anew, so it confirms nothing. Confirm with a passkey or an authenticator app where you have one here. Otherwise ask your council's IT to add the optional claim auth_time to the ID token")
		}
		return w.proved(r)
	})
}
