package catalogue

import (
	"context"
	"slices"

	"jointly/catalogue/kv"
)

// A council's own sign-in, as its administrator and the operator see and keep it.

// Provider is how a council's people sign in with its own accounts, to its administrators and the operator, without the
// client's secret. NotFound where it has none, and for everybody else.
func (c *Catalogue) Provider(ctx context.Context, actor Actor, council string) (*Provider, error) {
	var out *Provider
	err := c.view(ctx, func(tx kv.Tx) error {
		all, err := c.providersOf(tx, council)
		if err != nil {
			return err
		}
		for _, p := range all {
			if seen, ok := p.sees(actor); ok {
				out = seen.(*Provider)
				out.Sealed = nil
				return nil
			}
		}
		return notFound("provider")
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// RequireProvider says whose people a council's own sign-in lets in, and whether they come by it only: codes by e-mail and the
// sessions that came with them then end. So that nobody shuts out the council, an administrator says it in a session that came
// by that sign-in, and the tenant that she came from stays among those let in. Only the operator lets in a further one: a person
// is known by tenant and object for all councils, so whoever names the tenant of another council could bind its people first,
// and shut them out.
func (c *Catalogue) RequireProvider(ctx context.Context, actor Actor, session string, required bool, tenants []string) (*Provider, error) {
	var out *Provider
	err := c.write(ctx, actor, RequireProvider, func(w *writer) error {
		all, err := c.providersOf(w.tx, actor.Org)
		if err != nil {
			return err
		}
		if len(all) == 0 || actor.Org == "" {
			return notFound("provider")
		}
		out = all[0]
		s, account, _, err := c.sessionIn(w.tx, session)
		if err != nil {
			return err
		}
		if s == nil || account == nil || account.ID != actor.Account || s.Provider != out.ID || account.Identity == nil {
			return invalid("provider", "required", "Sign out, and sign in with your council's account first: so that it is sure to let you in again")
		}
		if !slices.Contains(tenants, account.Identity.Tenant) {
			return invalid("provider", "tenants", "Keep your own tenant, "+account.Identity.Tenant+", among them: you could not sign in again")
		}
		if added := slices.IndexFunc(tenants, func(t string) bool { return !slices.Contains(out.Tenants, t) }); added >= 0 {
			return invalid("provider", "tenants", "Ask whoever runs this service to let in the tenant "+tenants[added]+": you can take out those that are there")
		}
		if out.Required == required && slices.Equal(out.Tenants, tenants) {
			return nil
		}
		out.Required, out.Tenants = required, tenants
		return w.put(out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
