package catalogue

import (
	"context"
	"strings"
)

// How councils come into a group and leave it.

// AnswerInvitation accepts for the actor's council, or declines with a reason. The proposer is told. An invitation that
// was answered the same way already is answered again without effect.
func (c *Catalogue) AnswerInvitation(ctx context.Context, actor Actor, group string, accept bool, reason string) (*BuyingGroup, error) {
	return c.changeGroup(ctx, actor, AnswerInvitation, group, func(w *writer, g *BuyingGroup) error {
		m, ok := g.Member(actor.Org)
		switch {
		case !ok:
			return forbidden("Your council was not asked to join this group")
		case accept && m.State == Accepted, !accept && m.State == Declined:
			return errSame
		case g.mustGoOn() != nil:
			return g.mustGoOn()
		case m.State != Invited:
			return conflict("This invitation was answered already")
		case accept && !g.Open():
			return g.mustBeOpen()
		case !accept && strings.TrimSpace(reason) == "":
			return invalid("answer", "reason", "Say why, so that the others can plan without you")
		}
		m.Answered, m.Reason = w.now, reason
		m.State, m.Rung = Declined, ""
		word := "declined"
		if accept {
			m.State, m.Rung, m.Reason, word = Accepted, Intends, "", "accepted"
		}
		if accept {
			item, err := readItem(w.tx, Key{KindIntention, m.Intention})
			if err != nil {
				return err
			}
			if in, ok := item.(*Intention); ok {
				m.standAs(in)
			}
		}
		contact := g.contact()
		g.setMember(m)
		if accept {
			if err := w.mayAccept(g, m); err != nil {
				return err
			}
		}
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		text := []string{who + " has " + word + " your invitation to the group '" + g.Title + "'."}
		if !accept {
			text = append(text, "Its reason: "+reason)
		}
		return w.tell([]string{contact}, RoleLead, Message{Subject: who + " " + word + " your invitation", Text: text, Why: g.whyIn(),
			Link: "/groups/" + g.ID, LinkText: "Go to the group"})
	})
}

// mayAccept holds an invitation that is accepted to what held when it was made: things change while it waits.
func (w *writer) mayAccept(g *BuyingGroup, m Member) error {
	item, err := readItem(w.tx, Key{KindIntention, m.Intention})
	if err != nil {
		return err
	}
	if in, ok := item.(*Intention); ok {
		if err := w.mayEnter(g, in); err != nil {
			return err
		}
	}
	return w.mustShareWindow(g)
}

// Invite asks another council's intention into a group that the actor's council has accepted.
func (c *Catalogue) Invite(ctx context.Context, actor Actor, group, intention string) (*BuyingGroup, error) {
	return c.changeGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) error {
		if err := g.mustBeMember(actor); err != nil {
			return err
		}
		if err := g.mustBeOpen(); err != nil {
			return err
		}
		in, err := load[*Intention](c, w.tx, actor, KindIntention, intention)
		if err != nil {
			return err
		}
		if err := w.enter(g, in, Invited); err != nil {
			return err
		}
		if err := w.mustShareWindow(g); err != nil {
			return err
		}
		return w.tellInvited(g, []string{in.Council})
	})
}

// Join brings an intention of the actor's council into a group that is open to join.
func (c *Catalogue) Join(ctx context.Context, actor Actor, group, intention string) (*BuyingGroup, error) {
	return c.changeGroup(ctx, actor, JoinGroup, group, func(w *writer, g *BuyingGroup) error {
		in, err := load[*Intention](c, w.tx, actor, KindIntention, intention)
		if err != nil {
			return err
		}
		switch {
		case !g.Open():
			return g.mustBeOpen()
		case !actor.ForCouncil(in.Council):
			return forbidden("You can join with an intention of your own council only")
		case !g.OpenToJoin, !g.JoinBy.IsZero() && g.JoinBy.Last().Before(c.Today()):
			return conflict("This group is not open to join")
		}
		contact := g.contact()
		if err := w.enter(g, in, Accepted); err != nil {
			return err
		}
		if err := w.mustShareWindow(g); err != nil {
			return err
		}
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		return w.tell([]string{contact}, RoleLead, Message{Subject: who + " joined your group",
			Text: []string{who + " has joined the group '" + g.Title + "'."}, Why: g.whyIn(), Link: "/groups/" + g.ID, LinkText: "Go to the group"})
	})
}

// LeaveGroup takes the actor's council out of a group, with the reason; window, value, threshold and dates are worked out
// again, and everyone who is in is told.
func (c *Catalogue) LeaveGroup(ctx context.Context, actor Actor, group, reason string) (*BuyingGroup, error) {
	return c.changeGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) error {
		if err := g.mustBeMember(actor); err != nil {
			return err
		}
		if strings.TrimSpace(reason) == "" {
			return invalid("group", "reason", "Say why, so that the others can plan without you")
		}
		if g.Stage == Awarded {
			return conflict("A supplier was chosen: what leaving means now stands in your agreement and the contract")
		}
		m, _ := g.Member(actor.Org)
		g.setMember(Member{Council: m.Council, Intention: m.Intention, State: Left, Reason: reason, Asked: m.Asked, Answered: w.now})
		return w.tellLeft(g, reason)
	})
}

// tellLeft tells those that are in who left and why, and members what that makes of months and value. Councils that are only
// asked are not told what members share with each other.
func (w *writer) tellLeft(g *BuyingGroup, reason string) error {
	who, err := w.c.label(w.tx, w.actor.Org)
	if err != nil {
		return err
	}
	m := Message{Subject: who + " left the group " + g.Title, Why: g.whyIn(), Link: "/groups/" + g.ID, LinkText: "Go to the group",
		Text: []string{who + " has left the group '" + g.Title + "'.", "Its reason: " + reason}}
	var asked []string
	for _, member := range g.Members {
		if member.State == Invited {
			asked = append(asked, member.Council)
		}
	}
	if err := w.tell(asked, RoleLead, m); err != nil {
		return err
	}
	after, err := w.afterwards(g)
	if err != nil {
		return err
	}
	m.Text = append(m.Text, after...)
	return w.tell(g.accepted(), RoleLead, m)
}

// afterwards says in words what the members that are left share.
func (w *writer) afterwards(g *BuyingGroup) ([]string, error) {
	start, end, err := w.roomWindow(g)
	if err != nil {
		return nil, err
	}
	text := []string{"Months, value, threshold and dates have been worked out again."}
	switch {
	case len(g.inRoom()) < 2:
		return append(text, "Fewer than two councils are left: the group is given up, and what you intend to buy is matched with others again."), nil
	case apart(start, end):
		text = append(text, "The councils that are left have no months in common in which to tender.")
	case !start.IsZero() && !end.IsZero():
		text = append(text, "The tender can now start from "+start.Words()+" to "+end.Words()+".")
	}
	if text, err = w.withDecideBy(g, text); err != nil {
		return nil, err
	}
	joint, err := w.jointValue(g)
	if err != nil || joint == 0 {
		return text, err
	}
	joint += IncVAT(g.Value.beyond())
	line := "The joint value is now £" + thousands(int(joint+0.5)) + " inc VAT"
	if rule, ok := w.c.register.Threshold("goods-services-sub-central", w.c.Today()); ok {
		place := "below"
		if joint >= float64(rule.Value) {
			place = "above"
		}
		line += ", " + place + " the threshold of £" + thousands(rule.Value)
	}
	return append(text, line+"."), nil
}

// jointValue is the sum of the maximums that members share with their group, GBP inc VAT.
func (w *writer) jointValue(g *BuyingGroup) (sum float64, err error) {
	for _, m := range g.Members {
		if m.State != Accepted {
			continue
		}
		item, err := readItem(w.tx, Key{KindIntention, m.Intention})
		if err != nil {
			return 0, err
		}
		if in, ok := item.(*Intention); ok && narrower(in.Visibility, in.Fields.Budget).rank() <= Group.rank() {
			sum += IncVAT(in.Budget.Max)
		}
	}
	return sum, nil
}
