package catalogue

import (
	"context"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// Provider is where a council's people sign in with the council's own account: OpenID Connect, as Entra speaks it. A person
// is known by tenant and object, never by an address, which a tenant's administrators can change.
type Provider struct {
	Meta
	Council  string    `json:"council"`
	Issuer   string    `json:"issuer"` // of one tenant, such as https://login.microsoftonline.com/TENANT/v2.0
	ClientID string    `json:"client_id"`
	Sealed   []byte    `json:"sealed"`          // the client's secret; only with the catalogue's own can it be read
	Tenants  []string  `json:"tenants"`         // whose people are let in
	Required bool      `json:"required"`        // the council's people sign in this way only
	Worked   time.Time `json:"worked,omitzero"` // when somebody first signed in this way: only then can it be required
}

// Identity is who a provider says that a person is.
type Identity struct {
	Provider string    `json:"provider"` // ID of the Provider
	Tenant   string    `json:"tenant"`
	Object   string    `json:"object"`
	Bound    time.Time `json:"bound"`
}

// Key names the provider.
func (p *Provider) Key() Key { return Key{KindProvider, p.ID} }

func (p *Provider) owner() string { return p.Council }

func (p *Provider) sees(a Actor) (Item, bool) {
	if !a.IsOperator() && (!a.ForCouncil(p.Council) || a.Role != RoleAdmin) {
		return nil, false
	}
	out := *p
	out.Tenants = slices.Clone(p.Tenants)
	if !a.IsOperator() {
		out.Sealed = nil
	}
	return &out, true
}

func (p *Provider) index(add func(string, ...string)) { add("provider.council", p.Council) }

func (p *Provider) inherit(from, to string) bool { return renames(from, to, &p.Council) }

func (p *Provider) validate(v *validation) {
	v.council("council", p.Council)
	u, err := url.Parse(p.Issuer)
	v.that(err == nil && u.Host != "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http" && loopbackHost(u.Hostname())),
		"issuer", "Enter the issuer's address as the council's tenant shows it, beginning with https://")
	v.text("issuer", p.Issuer, 1, maxTitle)
	v.that(strings.TrimSpace(p.ClientID) != "", "client_id", "Enter the client ID that the council's tenant gave")
	v.text("client_id", p.ClientID, 0, maxTitle)
	v.that(len(p.Sealed) > 0, "client_secret", "Enter the client secret")
	v.that(len(p.Tenants) > 0, "tenants", "Name at least one tenant whose people are let in")
	v.list("tenants", p.Tenants, 20)
	v.that(!p.Required || !p.Worked.IsZero(), "required", "Sign in this way once before you require it: a mistake in it would shut out everybody")
}

func loopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func providerPurpose(id string) string { return "client secret of " + id }

// ProviderChange is what the operator sets of a provider. An empty secret leaves the one that there is.
type ProviderChange struct {
	Council, Issuer, ClientID, Secret string
	Tenants                           []string
	Required                          bool
}

// SetProvider sets how a council's people sign in with its own accounts. Another issuer or client begins anew: whoever was
// bound stays bound to tenant and object, and it has to work once before it is required.
func (c *Catalogue) SetProvider(ctx context.Context, actor Actor, change ProviderChange) (*Provider, error) {
	var out *Provider
	err := c.write(ctx, actor, KeepProviders, func(w *writer) error {
		all, err := w.c.providersOf(w.tx, change.Council)
		if err != nil {
			return err
		}
		out = &Provider{Meta: Meta{ID: NewID()}}
		if len(all) > 0 {
			out = all[0]
		}
		if out.Issuer != change.Issuer || out.ClientID != change.ClientID {
			out.Worked = time.Time{}
		}
		out.Council, out.Issuer, out.ClientID, out.Tenants, out.Required = change.Council, change.Issuer, change.ClientID, change.Tenants, change.Required
		if change.Secret != "" {
			if out.Sealed, err = c.sealFor(providerPurpose(out.ID), []byte(change.Secret)); err != nil {
				return err
			}
		}
		return w.put(out)
	})
	return out, err
}

// CheckProvider says all that the rules find wrong with what is set of a provider, without storing it or asking its issuer.
func (c *Catalogue) CheckProvider(ctx context.Context, actor Actor, change ProviderChange) error {
	if err := permit(actor, KeepProviders); err != nil {
		return err
	}
	return c.view(ctx, func(tx kv.Tx) error {
		all, err := c.providersOf(tx, change.Council)
		if err != nil {
			return err
		}
		p := &Provider{Meta: Meta{ID: NewID()}}
		if len(all) > 0 {
			p = all[0]
		}
		if p.Issuer != change.Issuer || p.ClientID != change.ClientID {
			p.Worked = time.Time{}
		}
		p.Council, p.Issuer, p.ClientID, p.Tenants, p.Required = change.Council, change.Issuer, change.ClientID, change.Tenants, change.Required
		if change.Secret != "" {
			p.Sealed = []byte{0} // what it would be does not matter here
		}
		return c.validate(tx, p)
	})
}

// RemoveProvider ends signing in with a council's own accounts, and the sessions that came that way. Its people sign in with
// a code by e-mail again.
func (c *Catalogue) RemoveProvider(ctx context.Context, actor Actor, council string) error {
	return c.write(ctx, actor, KeepProviders, func(w *writer) error {
		all, err := w.c.providersOf(w.tx, council)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return notFound("provider")
		}
		for _, p := range all {
			if err := w.remove(p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *Catalogue) providersOf(tx kv.Tx, council string) (out []*Provider, err error) {
	ids, err := lookup(tx, "provider.council", council)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		item, err := readItem(tx, Key{KindProvider, id})
		if err != nil {
			return nil, err
		}
		if p, ok := item.(*Provider); ok {
			out = append(out, p)
		}
	}
	return out, nil
}

// requiresProvider says that the people of an account's council sign in with the council's own accounts only.
func (c *Catalogue) requiresProvider(tx kv.Tx, council string) (bool, error) {
	all, err := c.providersOf(tx, council)
	return slices.ContainsFunc(all, func(p *Provider) bool { return p.Required }), err
}

// SignInWay is a council whose people can sign in with its own accounts. That it has them is no secret.
type SignInWay struct {
	ID       string // of the provider
	Council  *Council
	Required bool
}

// SignInWays lists the councils whose people can sign in with their own accounts, by name.
func (c *Catalogue) SignInWays(ctx context.Context) (out []SignInWay, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		out = nil
		return c.each(tx, KindProvider, func(item Item) error {
			p := item.(*Provider)
			council, ok, err := c.councilIn(tx, p.Council)
			if err == nil && ok {
				out = append(out, SignInWay{ID: p.ID, Council: council, Required: p.Required})
			}
			return err
		})
	})
	slices.SortFunc(out, func(a, b SignInWay) int { return strings.Compare(a.Council.Name, b.Council.Name) })
	return out, err
}
