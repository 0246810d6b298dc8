package catalogue

import (
	"context"
	"slices"

	"jointly/catalogue/kv"
)

// InterestRow is a council's standing on an intention.
type InterestRow struct {
	Interest *Interest
	Council  *Council
}

// IntentionView is what an intention's page shows.
type IntentionView struct {
	Intention *Intention
	Council   *Council
	Interests []InterestRow // those the actor may see
	Mine      *Interest     // of the actor's council; nil for none
	Groups    []*BuyingGroup
	PastEnd   *PastEnd     // its council is to end, decided or expected; nil: no day is named
	Own       []*Intention // open intentions of the actor's council, for asking and joining
}

// IntentionView reads an intention's page.
func (c *Catalogue) IntentionView(ctx context.Context, actor Actor, id string) (*IntentionView, error) {
	v := &IntentionView{}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		*v = IntentionView{}
		if v.Intention, err = load[*Intention](c, tx, actor, KindIntention, id); err != nil {
			return err
		}
		if v.Council, _, err = c.councilIn(tx, v.Intention.Council); err != nil {
			return err
		}
		if v.PastEnd, err = c.pastEndOf(tx, v.Intention); err != nil {
			return err
		}
		interests, err := listed[*Interest](c, tx, actor, KindInterest, "interest.intention", id)
		if err != nil {
			return err
		}
		for _, i := range interests {
			council, ok, err := c.councilIn(tx, i.Council)
			if err != nil {
				return err
			}
			if ok {
				v.Interests = append(v.Interests, InterestRow{i, council})
			}
			if actor.ForCouncil(i.Council) {
				v.Mine = i
			}
		}
		if v.Groups, err = c.groupsOf(tx, actor, "group.intention", id); err != nil {
			return err
		}
		v.Groups = slices.DeleteFunc(v.Groups, func(g *BuyingGroup) bool { return !g.Room })
		v.Own, err = c.openIntentions(tx, actor)
		return err
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}
