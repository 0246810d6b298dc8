package catalogue

import (
	"context"
	"errors"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// How bodies come to stand beside a group, and leave it.

// asksInADay is how often a group asks the same body in within a day: each time many people are told.
const asksInADay = 3

// AskIn asks a body to stand in a group as partner, with what the group wants of it. The body's people and the members are
// told. Asked the same again, nothing changes.
func (c *Catalogue) AskIn(ctx context.Context, actor Actor, group, body, wanted string) (*BuyingGroup, error) {
	wanted = strings.TrimSpace(wanted)
	return c.changeGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) error {
		if err := g.mustBeMember(actor); err != nil {
			return err
		}
		if !g.MayRunPartners(actor) {
			return forbidden("The lead authority or its deputy asks a body in, or whoever proposed the group while nobody leads it")
		}
		b, err := bodyIn(w.tx, body)
		if err != nil {
			return err
		}
		old, _ := g.Partner(body)
		var v check
		v.that(b != nil, "body", "Choose a body that takes part")
		v.that(wanted != "", "wanted", "Say what you want of it: the body decides by this whether it takes part")
		v.that(b == nil || b.Demonstration == g.Demonstration, "body", otherWorld(g.Demonstration))
		if err := v.err("partner"); err != nil {
			return err
		}
		switch {
		case old.in() && old.Wanted == wanted:
			return errSame
		case old.in():
			return invalid("partner", "body", b.Label()+" is asked or in this group already")
		}
		if may, err := w.daily("ask in "+g.ID+" "+body, asksInADay); err != nil {
			return err
		} else if !may {
			return invalid("partner", "body", b.Label()+" was asked 3 times within a day. Ask again tomorrow")
		}
		g.setPartner(Partner{Body: body, State: Invited, Wanted: wanted, By: actor.Org, Asked: w.now})
		if len(g.Partners) > maxPartnersKnown { // whoever was out the longest is forgotten
			out := slices.IndexFunc(g.Partners, func(p Partner) bool { return !p.in() })
			g.Partners = slices.Delete(g.Partners, out, out+1)
		}
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		if err := w.tell([]string{body}, RoleViewer, Message{Subject: who + " asks you to be a partner: " + g.Title,
			Text: []string{who + " asks " + b.Label() + " to stand as partner in the group '" + g.Title + "'. What it asks for: " + wanted,
				"A partner buys nothing and has no vote. You can accept, or decline with a reason."},
			Why: "You are told because " + b.Label() + " is asked.", Link: "/groups/" + g.ID, LinkText: "Read and answer"}); err != nil {
			return err
		}
		return w.tellMembers(g, "asked a body in", "has asked "+b.Label()+" to stand as partner in the group '"+g.Title+"'. What it is asked for: "+wanted)
	})
}

// EndPartner ends the part of a body in a group, or takes back what it is asked, with a reason that it and the members are
// told.
func (c *Catalogue) EndPartner(ctx context.Context, actor Actor, group, body, reason string) (*BuyingGroup, error) {
	reason = strings.TrimSpace(reason)
	return c.changeGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) error {
		if err := g.mustBeMember(actor); err != nil {
			return err
		}
		p, ok := g.Partner(body)
		switch {
		case !g.MayRunPartners(actor):
			return forbidden("The lead authority or its deputy ends the part of a partner")
		case !ok:
			return notFound("partner")
		case p.State == Left && p.EndedBy != "":
			return errSame
		case !p.in():
			return conflict("This body has declined or left already")
		case reason == "":
			return invalid("partner", "reason", "Say why: the body and the members are told")
		}
		p.State, p.Reason, p.EndedBy, p.Answered = Left, reason, actor.Org, w.now
		g.setPartner(p)
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		name, err := c.label(w.tx, body)
		if err != nil {
			return err
		}
		if err := w.tell([]string{body}, RoleViewer, Message{Subject: "Your part has ended: " + g.Title, Text: []string{who + " has ended the part of " + name + " in the group '" + g.Title + "'.", "Its reason: " + reason},
			Why: "You are told because " + name + " was asked into this group.", Link: "/groups", LinkText: "Groups"}); err != nil {
			return err
		}
		return w.tellMembers(g, "ended a partner's part", "has ended the part of "+name+" in the group '"+g.Title+"'. Its reason: "+reason)
	})
}

// AnswerAsPartner accepts for the actor's body, with what it brings, or declines with a reason. The members are told. What
// was answered the same way already is answered again without effect.
func (c *Catalogue) AnswerAsPartner(ctx context.Context, actor Actor, group string, accept bool, text string) (*BuyingGroup, error) {
	text = strings.TrimSpace(text)
	return c.standAsPartner(ctx, actor, group, func(w *writer, g *BuyingGroup, p *Partner) error {
		switch {
		case accept && p.State == Accepted, !accept && p.State == Declined:
			return errSame
		case g.mustGoOn() != nil:
			return g.mustGoOn()
		case p.State != Invited:
			return conflict("This was answered already, or is no longer asked")
		case !accept && text == "":
			return invalid("partner", "reason", "Say why, so that the group can plan without you")
		}
		p.Answered = w.now
		if accept {
			p.State, p.Brings = Accepted, text
			told := "has accepted to stand as partner in the group '" + g.Title + "'."
			if text != "" {
				told += " What it brings: " + text
			}
			return w.tellMembers(g, "accepted to be a partner", told)
		}
		p.State, p.Reason = Declined, text
		return w.tellMembers(g, "declined to be a partner", "has declined to stand as partner in the group '"+g.Title+"'. Its reason: "+text)
	})
}

// SayWhatPartnerBrings words anew what the actor's body brings into a group. The members see it at once, and are told of it at
// most once a day.
func (c *Catalogue) SayWhatPartnerBrings(ctx context.Context, actor Actor, group, text string) (*BuyingGroup, error) {
	text = strings.TrimSpace(text)
	return c.standAsPartner(ctx, actor, group, func(w *writer, g *BuyingGroup, p *Partner) error {
		switch {
		case p.State != Accepted:
			return conflict("Your body does not stand in this group any more")
		case g.mustGoOn() != nil:
			return g.mustGoOn()
		case text == "":
			return invalid("partner", "brings", "Say what you bring")
		case p.Brings == text:
			return errSame
		}
		p.Brings = text
		if may, err := w.daily("brings "+g.ID+" "+p.Body, 1); err != nil || !may {
			return err
		}
		return w.tellMembers(g, "says what it brings", "says what it brings into the group '"+g.Title+"': "+text)
	})
}

// LeaveAsPartner takes the actor's body out of a group, with a reason that the members are told.
func (c *Catalogue) LeaveAsPartner(ctx context.Context, actor Actor, group, reason string) (*BuyingGroup, error) {
	reason = strings.TrimSpace(reason)
	return c.standAsPartner(ctx, actor, group, func(w *writer, g *BuyingGroup, p *Partner) error {
		switch {
		case p.State == Left:
			return errSame
		case p.State != Accepted:
			return conflict("Your body does not stand in this group")
		case g.mustGoOn() != nil:
			return g.mustGoOn()
		case reason == "":
			return invalid("partner", "reason", "Say why, so that the group can plan without you")
		}
		p.State, p.Reason, p.Answered = Left, reason, w.now
		return w.tellMembers(g, "left as partner", "no longer stands as partner in the group '"+g.Title+"'. Its reason: "+reason)
	})
}

// standAsPartner runs fn on the entry of the actor's body in a group, puts the group with it, and returns the group as the
// actor then sees it. Nothing else of the group changes. NotFound for a body that was never asked.
func (c *Catalogue) standAsPartner(ctx context.Context, actor Actor, id string, fn func(*writer, *BuyingGroup, *Partner) error) (*BuyingGroup, error) {
	var out *BuyingGroup
	err := c.write(ctx, actor, StandAsPartner, func(w *writer) error {
		item, err := readItem(w.tx, Key{KindGroup, id})
		if err != nil {
			return err
		}
		g, _ := item.(*BuyingGroup)
		if g == nil {
			return notFound(string(KindGroup))
		}
		own, ok := g.partnerOf(actor)
		if !ok {
			return notFound(string(KindGroup))
		}
		out = g
		if err := fn(w, g, &own); errors.Is(err, errSame) {
			return nil
		} else if err != nil {
			return err
		}
		g.setPartner(own)
		return w.put(g)
	})
	if err != nil {
		return nil, err
	}
	return roomOf(out, actor), nil
}

// tellPartners tells the people of bodies that stand in a group, or are asked, what partners may know.
func (w *writer) tellPartners(g *BuyingGroup, m Message) error {
	var bodies []string
	for _, p := range g.Partners {
		if p.in() {
			bodies = append(bodies, p.Body)
		}
	}
	m.Why = "You are told because your organisation is asked, or stands as partner, in the group '" + g.Title + "'."
	m.Link, m.LinkText = "/groups/"+g.ID, "Go to the group"
	return w.tell(bodies, RoleViewer, m)
}

// roomOfAll is a group through the eyes of a council or partner that has accepted, or of the operator; NotFound for others.
func (c *Catalogue) roomOfAll(tx kv.Tx, actor Actor, id string) (*BuyingGroup, error) {
	if g, err := load[*BuyingGroup](c, tx, actor, KindGroup, id); err != nil || g.AsPartner {
		return g, err
	}
	return c.roomOfMembers(tx, actor, id)
}

// PartnerRoom is what a partner sees in a group's room beside the group itself.
type PartnerRoom struct {
	Members   []*Council     // that have accepted, in the order asked
	Lines     []*Requirement // that are needed, in order of their numbers
	Decisions []*Decision    // that were made, the latest first
	Papers    *Papers
}

// PartnerRoom reads the room of a group for the actor's body. NotFound for whoever does not stand in it as partner.
func (c *Catalogue) PartnerRoom(ctx context.Context, actor Actor, id string) (*PartnerRoom, error) {
	v := &PartnerRoom{}
	err := c.view(ctx, func(tx kv.Tx) error {
		g, err := load[*BuyingGroup](c, tx, actor, KindGroup, id)
		if err != nil {
			return err
		}
		if !g.AsPartner {
			return notFound("room of the group")
		}
		if v.Members, err = c.councilsIn(tx, g.accepted()); err != nil {
			return err
		}
		if v.Lines, err = c.requirementsOf(tx, actor, id); err != nil {
			return err
		}
		v.Decisions, err = partsOf[*Decision](tx, actor, KindDecision, "decision.group", id)
		slices.SortStableFunc(v.Decisions, func(a, b *Decision) int { return b.Outcome.At.Compare(a.Outcome.At) })
		return err
	})
	if err == nil {
		v.Papers, err = c.Papers(ctx, actor, id)
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// PartnerGroups are the groups that a body has to do with, through an actor's eyes.
type PartnerGroups struct {
	Asked []*BuyingGroup // that wait for its answer
	In    []*BuyingGroup // that it stands in and that were not given up
}

// PartnerGroups lists the groups that a body is asked into, and stands in. What the actor may not see is left out; that a
// body is asked is seen by itself alone.
func (c *Catalogue) PartnerGroups(ctx context.Context, actor Actor, body string) (*PartnerGroups, error) {
	v := &PartnerGroups{}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		*v = PartnerGroups{}
		if actor.forBody(body) {
			if v.Asked, err = listed[*BuyingGroup](c, tx, actor, KindGroup, "group.partner", body, string(Invited)); err != nil {
				return err
			}
			v.Asked = slices.DeleteFunc(v.Asked, func(g *BuyingGroup) bool { return !g.GoesOn() })
		}
		v.In, err = listed[*BuyingGroup](c, tx, actor, KindGroup, "group.partner", body, string(Accepted))
		v.In = slices.DeleteFunc(v.In, func(g *BuyingGroup) bool { return g.Stage == Abandoned })
		return err
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}
