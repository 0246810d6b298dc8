package catalogue

import (
	"context"
	"slices"

	"jointly/catalogue/kv"
)

// openIntentions lists the intentions of the actor's council that have not ended.
func (c *Catalogue) openIntentions(tx kv.Tx, actor Actor) ([]*Intention, error) {
	if actor.OrgKind != OrgCouncil || actor.Org == "" {
		return nil, nil
	}
	own, err := listed[*Intention](c, tx, actor, KindIntention, "intention.council", actor.Org)
	today := c.Today()
	return slices.DeleteFunc(own, func(i *Intention) bool { return i.Ended(today) }), err
}

// Desk is what waits for a council's officer.
type Desk struct {
	Council     *Council
	Intentions  []*Intention   // its own, open
	Invitations []*BuyingGroup // groups that wait for its answer
	Groups      []*BuyingGroup // groups it has accepted
	Interests   []*Interest    // of other councils in its intentions
}

// Desk reads what waits for the actor's council; empty for actors of no council.
func (c *Catalogue) Desk(ctx context.Context, actor Actor) (*Desk, error) {
	d := &Desk{}
	if actor.OrgKind != OrgCouncil || actor.Org == "" {
		return d, nil
	}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		*d = Desk{}
		if d.Council, _, err = c.councilIn(tx, actor.Org); err != nil {
			return err
		}
		if d.Intentions, err = c.openIntentions(tx, actor); err != nil {
			return err
		}
		groups, err := c.groupsOf(tx, actor, "group.council", actor.Org)
		if err != nil {
			return err
		}
		for _, g := range groups {
			switch m, _ := g.Member(actor.Org); m.State {
			case Invited:
				d.Invitations = append(d.Invitations, g)
			case Accepted:
				d.Groups = append(d.Groups, g)
			}
		}
		for _, in := range d.Intentions {
			interests, err := listed[*Interest](c, tx, actor, KindInterest, "interest.intention", in.ID)
			if err != nil {
				return err
			}
			d.Interests = append(d.Interests, interests...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}
