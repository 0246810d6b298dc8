package catalogue

import (
	"context"

	"jointly/catalogue/kv"
)

// Preview is what others see of an intention; nil stands for those who do not see it at all.
type Preview struct {
	Intention *Intention // as its own council sees it
	Council   *Council
	Anybody   *Intention
	Supplier  *Intention
	Councils  *Intention // officers of any other council
	Members   *Intention // of a group that the intention is in
}

// PreviewIntention shows the council of an intention what others see of it; NotFound for anybody else.
func (c *Catalogue) PreviewIntention(ctx context.Context, actor Actor, id string) (*Preview, error) {
	p := &Preview{}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		*p = Preview{}
		if p.Intention, err = load[*Intention](c, tx, actor, KindIntention, id); err != nil {
			return err
		}
		if !actor.ForCouncil(p.Intention.Council) {
			return notFound(string(KindIntention))
		}
		p.Council, _, err = c.councilIn(tx, actor.Org)
		return err
	})
	if err != nil {
		return nil, err
	}
	const fellow = "a fellow member"
	member := Actor{Role: RoleViewer, OrgKind: OrgCouncil, Org: fellow}
	for _, eyes := range []struct {
		actor   Actor
		members []string
		out     **Intention
	}{
		{Anonymous(), nil, &p.Anybody},
		{Actor{Role: RoleViewer, OrgKind: OrgSupplier, Org: "a supplier"}, nil, &p.Supplier},
		{AnyCouncil(), nil, &p.Councils},
		{member, []string{fellow}, &p.Members},
	} {
		if seen, ok := p.Intention.through(eyes.actor, eyes.members); ok {
			*eyes.out = seen
		}
	}
	return p, nil
}
