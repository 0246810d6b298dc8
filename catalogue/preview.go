package catalogue

import "context"

// Preview is what others see of an intention; nil stands for those who do not see it at all.
type Preview struct {
	Intention *Intention // as its own council sees it
	Anybody   *Intention
	Supplier  *Intention
	Councils  *Intention // officers of any other council
	Members   *Intention // of a group that the intention is in
}

// PreviewIntention shows the council of an intention what others see of it; NotFound for anybody else.
func (c *Catalogue) PreviewIntention(ctx context.Context, actor Actor, id string) (*Preview, error) {
	in, err := one[*Intention](ctx, c, actor, KindIntention, id)
	if err != nil {
		return nil, err
	}
	if !actor.ForCouncil(in.Council) {
		return nil, notFound(string(KindIntention))
	}
	return NewPreview(in), nil
}

// NewPreview is what others would see of an intention, stored or not, that is given whole.
func NewPreview(in *Intention) *Preview {
	p := &Preview{Intention: in}
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
		if seen, ok := in.through(eyes.actor, eyes.members); ok {
			*eyes.out = seen
		}
	}
	return p
}
