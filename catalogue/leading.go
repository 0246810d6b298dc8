package catalogue

import (
	"context"
	"strings"
)

// Who leads a group, and how members stand in it.

// TakeLead makes the actor's council the lead authority of a group that has none or that was offered to it, or gives the
// lead up.
func (c *Catalogue) TakeLead(ctx context.Context, actor Actor, group string, take bool) (*BuyingGroup, error) {
	return c.changeGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) error {
		if err := g.mustBeMember(actor); err != nil {
			return err
		}
		switch {
		case take && g.Lead == actor.Org, !take && g.Lead != actor.Org && g.Offered != actor.Org:
			return errSame
		case take && g.Lead != "" && g.Offered != actor.Org:
			return conflict("Another council leads this group: ask it to hand over")
		case take:
			g.Lead, g.Offered = actor.Org, ""
			if g.Deputy == actor.Org {
				g.Deputy = ""
			}
			return w.tellMembers(g, "leads the group", "leads the group '"+g.Title+"' as its lead authority.")
		case g.Offered == actor.Org:
			g.Offered = ""
			return w.tellMembers(g, "did not take the lead", "has not taken over the lead of the group '"+g.Title+"'.")
		}
		g.Lead, g.Offered = "", ""
		return w.tellMembers(g, "gave up the lead", "no longer leads the group '"+g.Title+"'. It needs a lead authority.")
	})
}

// OfferLead asks another member to take over from the lead authority, which leads until the other has taken it; an empty
// council takes the offer back.
func (c *Catalogue) OfferLead(ctx context.Context, actor Actor, group, to string) (*BuyingGroup, error) {
	return c.changeGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) error {
		if err := g.mustBeLedBy(actor); err != nil {
			return err
		}
		if g.Offered == to {
			return errSame
		}
		if m, ok := g.Member(to); to != "" && (!ok || m.State != Accepted || to == g.Lead) {
			return invalid("group", "offer", "Choose another member that has accepted")
		}
		if g.Offered = to; to == "" {
			return nil
		}
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		return w.tell([]string{to}, RoleLead, Message{Subject: who + " asks you to lead: " + g.Title,
			Text: []string{who + " asks your council to take over as lead authority of the group '" + g.Title + "'.", "It leads until you have taken over. You can also say no."},
			Why:  g.whyIn(), Link: "/groups/" + g.ID + "#lead", LinkText: "Take the lead, or say no"})
	})
}

// NameDeputy names the member that stands in for the lead authority; an empty council names none. A deputy can stand down
// by itself.
func (c *Catalogue) NameDeputy(ctx context.Context, actor Actor, group, deputy string) (*BuyingGroup, error) {
	return c.changeGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) error {
		if standsDown := deputy == "" && actor.ForCouncil(g.Deputy); !standsDown {
			if err := g.mustBeLedBy(actor); err != nil {
				return err
			}
		}
		if g.Deputy == deputy {
			return errSame
		}
		if m, ok := g.Member(deputy); deputy != "" && (!ok || m.State != Accepted || deputy == g.Lead) {
			return invalid("group", "deputy", "Choose another member that has accepted")
		}
		if g.Deputy = deputy; deputy == "" {
			return w.tellMembers(g, "changed the deputy", "has recorded that the group '"+g.Title+"' has no deputy.")
		}
		name, err := c.label(w.tx, deputy)
		if err != nil {
			return err
		}
		return w.tellMembers(g, "named a deputy", "has named "+name+" deputy of the group '"+g.Title+"': it stands in for the lead authority.")
	})
}

// mustBeLedBy refuses all but the lead authority itself.
func (g *BuyingGroup) mustBeLedBy(actor Actor) error {
	if err := g.mustBeMember(actor); err != nil {
		return err
	}
	if !actor.ForCouncil(g.Lead) {
		return forbidden("Only the lead authority can do this")
	}
	return nil
}

// tellMembers tells those that accepted what the actor's council did.
func (w *writer) tellMembers(g *BuyingGroup, subject, text string) error {
	who, err := w.c.label(w.tx, w.actor.Org)
	if err != nil {
		return err
	}
	return w.tell(g.accepted(), RoleLead, Message{Subject: who + " " + subject + ": " + g.Title, Text: []string{who + " " + text},
		Why: g.whyIn(), Link: "/groups/" + g.ID, LinkText: "Go to the group"})
}

// Standing is where a council puts itself on the ladder. What goes with an approval counts on that rung only.
type Standing struct {
	Rung     Rung
	Approval string  // reference of the council's own decision
	Approved Date    // when it was given
	Volume   float64 // what it commits, GBP ex VAT over the whole term
}

// check refuses an approval without its reference, date and volume.
func (s Standing) check(today Date) error {
	var v check
	v.that(s.Rung.valid(), "rung", "Choose watching, interested, intends or approved")
	if s.Rung == Approved {
		v.that(strings.TrimSpace(s.Approval) != "", "approval_ref", "Enter the reference of the approval")
		v.that(!s.Approved.IsZero(), "approved_on", "Enter the day of the approval")
		v.that(s.Approved.IsZero() || !s.Approved.First().After(today.Last()), "approved_on", "The day of the approval must be today or in the past")
		v.that(s.Volume > 0, "volume", "Enter the amount that your council commits, in pounds")
		v.that(s.Volume <= maxMoney, "volume", "The amount must be below £5 billion: check that it is in pounds")
	}
	return v.err("standing")
}

// only is the standing without what its rung does not ask for.
func (s Standing) only() Standing {
	if s.Rung != Approved {
		return Standing{Rung: s.Rung}
	}
	s.Approval = strings.TrimSpace(s.Approval)
	return s
}

// standAs puts a member that comes in where its intention says that it stands, at least on an officer's word.
func (m *Member) standAs(in *Intention) {
	m.Rung = Intends
	if in.Rung == Approved {
		m.Rung, m.Approval, m.Approved, m.Volume = in.Rung, in.ApprovalRef, in.Approved, in.Volume
	}
}

// Stand moves the actor's council on the ladder within a group.
func (c *Catalogue) Stand(ctx context.Context, actor Actor, group string, s Standing) (*BuyingGroup, error) {
	return c.changeGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) error {
		if err := g.mustBeMember(actor); err != nil {
			return err
		}
		if err := s.check(DateOf(c.Today())); err != nil {
			return err
		}
		m, _ := g.Member(actor.Org)
		before := m
		s = s.only()
		m.Rung, m.Approval, m.Approved, m.Volume = s.Rung, s.Approval, s.Approved, s.Volume
		if m == before {
			return errSame
		}
		g.setMember(m)
		if m.Rung == before.Rung {
			return nil
		}
		return w.tellMembers(g, "now stands at "+string(m.Rung), "now stands at '"+string(m.Rung)+"' in the group '"+g.Title+"'.")
	})
}

// DeclareConflicts records what conflicts of interest the actor's council has and how it handles them; none where the text
// is empty. A tender notice needs the assessment of all members.
func (c *Catalogue) DeclareConflicts(ctx context.Context, actor Actor, group, text string) (*BuyingGroup, error) {
	return c.changeGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) error {
		if err := g.mustBeMember(actor); err != nil {
			return err
		}
		m, _ := g.Member(actor.Org)
		if text = strings.TrimSpace(text); !m.Conflicts.Declared.IsZero() && m.Conflicts.Text == text {
			return errSame
		}
		m.Conflicts = Conflicts{Declared: w.now, Text: text}
		g.setMember(m)
		if text == "" {
			return nil
		}
		return w.tellMembers(g, "declared a conflict of interest", "has declared a conflict of interest in the group '"+g.Title+"': see its page.")
	})
}
