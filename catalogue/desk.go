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
	Intentions  []*Intention      // its own, open
	Drafts      []*NeedDraft      // needs that it is still writing, the last touched first
	Invitations []*BuyingGroup    // groups that wait for its answer
	Groups      []*BuyingGroup    // groups it has accepted
	Interests   []*Interest       // of other councils in its intentions
	Talks       []*Talk           // wait for its word
	Questions   []WaitingQuestion // of suppliers about its signals, the soonest due first
	Leads       []*Recommendation // that it is asked to lead and has not answered
	News        []*News           // the latest that the actor has not seen
}

// deskNews is how much unread news a desk shows.
const deskNews = 5

// Waiting is what waits for one person, in numbers.
type Waiting struct {
	Council     *Council // its own; nil for none
	Invitations int      // groups that wait for its council's answer
	Talks       int      // talks that wait for the word of its council or body
	Questions   int      // of suppliers that wait for its council's answer, or of councils for its body's
	Leads       int      // recommendations that its council is asked to lead
	Unread      int      // news; at most UnreadMost
}

// Sum is all that is to do.
func (w Waiting) Sum() int { return w.Invitations + w.Talks + w.Questions + w.Leads + w.Unread }

// Waiting counts what waits for the actor: for every page, so it reads little.
func (c *Catalogue) Waiting(ctx context.Context, actor Actor) (Waiting, error) {
	var out Waiting
	if actor.OrgKind == OrgBody {
		return c.waitingForBody(ctx, actor)
	}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out = Waiting{}
		if actor.OrgKind != OrgCouncil || actor.Org == "" {
			if actor.OrgKind == OrgSupplier {
				unread, unseen := unreadNews(tx, actor, UnreadMost)
				out.Unread, err = len(unread), unseen
			}
			return err
		}
		if out.Council, _, err = c.councilIn(tx, actor.Org); err != nil {
			return err
		}
		groups, err := c.groupsOf(tx, actor, "group.council", actor.Org)
		if err != nil {
			return err
		}
		for _, g := range groups {
			if m, _ := g.Member(actor.Org); m.State == Invited {
				out.Invitations++
			}
		}
		talks, err := c.waitingTalks(tx, actor)
		if err != nil {
			return err
		}
		questions, err := c.waitingQuestions(tx, actor, groups)
		if err != nil {
			return err
		}
		leads, err := c.waitingLeads(tx, actor)
		if err != nil {
			return err
		}
		out.Questions, out.Leads = len(questions), len(leads)
		unread, err := unreadNews(tx, actor, UnreadMost)
		out.Talks, out.Unread = len(talks), len(unread)
		return err
	})
	return out, err
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
		if d.Drafts, err = c.draftsOf(tx, actor); err != nil {
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
		if d.Questions, err = c.waitingQuestions(tx, actor, groups); err != nil {
			return err
		}
		if d.Leads, err = c.waitingLeads(tx, actor); err != nil {
			return err
		}
		for _, in := range d.Intentions {
			interests, err := listed[*Interest](c, tx, actor, KindInterest, "interest.intention", in.ID)
			if err != nil {
				return err
			}
			d.Interests = append(d.Interests, interests...)
		}
		return c.deskInbox(tx, actor, d)
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// waitingLeads lists the recommendations of the plan that the actor's council is asked to lead and has not answered.
func (c *Catalogue) waitingLeads(tx kv.Tx, actor Actor) ([]*Recommendation, error) {
	all, err := listed[*Recommendation](c, tx, actor, KindRecommendation, "recommendation.lead", actor.Org)
	return slices.DeleteFunc(all, func(r *Recommendation) bool {
		return r.LeadState != LeadAsked || r.State == PlanDone || r.State == PlanDropped
	}), err
}

// deskInbox reads what a desk shows of talks and news.
func (c *Catalogue) deskInbox(tx kv.Tx, actor Actor, d *Desk) error {
	talks, err := c.waitingTalks(tx, actor)
	if err != nil {
		return err
	}
	if d.Talks, err = c.talksBy(tx, actor, talks); err != nil {
		return err
	}
	unread, err := unreadNews(tx, actor, deskNews)
	if err != nil {
		return err
	}
	d.News, err = c.loadNews(tx, actor, unread)
	return err
}
