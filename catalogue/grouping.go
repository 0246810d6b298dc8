package catalogue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Proposal is what a council proposes: a group around its own intention with the intentions of others.
type Proposal struct {
	ID         string   // made with the form, so that sending it twice makes one group
	Title      string   // what is bought; made from the capability where empty
	Need       string   // in a few sentences, on the card
	Intention  string   // the proposer's own intention
	Partners   []string // intention IDs of the councils to ask
	Lead       bool     // the proposer's council would be the lead authority
	Card       Audience // who sees the card
	OpenToJoin bool
	JoinBy     Date
	Suggestion *Suggestion // what the proposer was shown; kept as a record with the group
}

// ProposeGroup makes a group of the actor's council and asks the others; each is told by mail.
func (c *Catalogue) ProposeGroup(ctx context.Context, actor Actor, p Proposal) (*BuyingGroup, error) {
	if p.ID == "" {
		p.ID = NewID()
	}
	var out *BuyingGroup
	err := c.write(ctx, actor, ProposeGroup, func(w *writer) error {
		if old, err := readItem(w.tx, Key{KindGroup, p.ID}); err != nil {
			return err
		} else if old != nil {
			if seen, ok := old.sees(actor); ok && old.(*BuyingGroup).Proposer == actor.Org {
				out = seen.(*BuyingGroup)
				return nil
			}
			return conflict("This form was used already")
		}
		own, err := load[*Intention](c, w.tx, actor, KindIntention, p.Intention)
		if err != nil {
			return err
		}
		if !actor.ForCouncil(own.Council) {
			return forbidden("You can propose a group around an intention of your own council only")
		}
		if !p.JoinBy.IsZero() && !p.JoinBy.Last().After(c.Today()) {
			return invalid("group", "join_by", "The last day to join must be in the future")
		}
		if len(p.Partners) == 0 {
			return invalid("group", "partners", "Choose at least one other council")
		}
		if len(p.Partners) > maxAsked {
			return invalid("group", "partners", fmt.Sprintf("Ask at most %d councils at once. Others can be asked from the group's room", maxAsked))
		}
		capability, _ := own.Capable()
		if capability == "" {
			return invalid("group", "capability", "Say first what your intention is for: change it, and choose a capability")
		}
		out = &BuyingGroup{Meta: Meta{ID: p.ID}, Title: strings.TrimSpace(p.Title), Need: p.Need, Capability: capability,
			Proposer: actor.Org, Card: p.Card, OpenToJoin: p.OpenToJoin, JoinBy: p.JoinBy,
			Demonstration: c.demonstration(actor.Org)}
		w.arrive(out, Forming, "")
		if out.Card == "" {
			out.Card = Councils
		}
		if known, ok := c.dictionary.Capability(capability); ok && out.Title == "" {
			out.Title = known.Name
		}
		if p.Lead {
			out.Lead = actor.Org
		}
		if err := w.enter(out, own, Accepted); err != nil {
			return err
		}
		for _, id := range p.Partners {
			partner, err := load[*Intention](c, w.tx, actor, KindIntention, id)
			if err != nil {
				return err
			}
			if err := w.enter(out, partner, Invited); err != nil {
				return err
			}
		}
		if p.Suggestion != nil {
			s := *p.Suggestion
			s.Meta, s.Council, s.Intention, s.Told = Meta{ID: p.ID}, actor.Org, p.Intention, w.now
			s.Demonstration = out.Demonstration
			if err := w.put(&s); err != nil {
				return err
			}
			out.Suggestion = s.ID
		}
		if err := w.mustShareWindow(out); err != nil {
			return err
		}
		if err := w.settle(out); err != nil {
			return err
		}
		var asked []string
		for _, m := range out.Members {
			if m.State == Invited {
				asked = append(asked, m.Council)
			}
		}
		return w.tellInvited(out, asked)
	})
	if err != nil {
		return nil, err
	}
	return roomOf(out, actor), nil
}

// roomOf is the group as an actor that had to do with it sees it: one that just left sees no more than the card.
func roomOf(g *BuyingGroup, actor Actor) *BuyingGroup {
	if seen, ok := g.sees(actor); ok {
		return seen.(*BuyingGroup)
	}
	return g.card()
}

// enter adds a council's intention to a group that is being written.
func (w *writer) enter(g *BuyingGroup, in *Intention, state MemberState) error {
	if m, ok := g.Member(in.Council); ok && (m.State == Invited || m.State == Accepted) {
		who, err := w.c.label(w.tx, in.Council)
		if err != nil {
			return err
		}
		return invalid("group", "partners", who+" is in this group already")
	}
	if err := w.mayEnter(g, in); err != nil {
		return err
	}
	m := Member{Council: in.Council, Intention: in.ID, State: state, Asked: w.now}
	if state == Accepted {
		m.Answered = w.now
		m.standAs(in)
	}
	g.Members = slices.DeleteFunc(g.Members, func(m Member) bool { return m.Council == in.Council })
	g.Members = append(g.Members, m)
	return nil
}

// mayEnter refuses an intention that cannot be bought with others, or is being bought with others already.
func (w *writer) mayEnter(g *BuyingGroup, in *Intention) error {
	who, err := w.c.label(w.tx, in.Council)
	if err != nil {
		return err
	}
	switch {
	case in.Ended(w.c.Today()):
		return invalid("group", "partners", fmt.Sprintf("The intention '%s' of %s has ended", in.Title, who))
	case in.Visibility == Own:
		return invalid("group", "partners", "An intention that only its own council may see cannot be in a group: let councils see it first")
	}
	others, err := lookup(w.tx, "group.intention", in.ID)
	if err != nil {
		return err
	}
	for _, id := range others {
		other, err := readItem(w.tx, Key{KindGroup, id})
		if err != nil {
			return err
		}
		if o, ok := other.(*BuyingGroup); ok && o.ID != g.ID && o.Stage != Abandoned {
			if m, ok := o.Member(in.Council); ok && m.Intention == in.ID && m.State == Accepted {
				return invalid("group", "partners", fmt.Sprintf("The intention '%s' of %s is in another group already", in.Title, who))
			}
		}
	}
	return nil
}

// window is when all members that count can start the tender; its end lies before its start where there is none. Dates
// of contracts count where seers may see them.
func (w *writer) window(g *BuyingGroup, counts func(Member) bool, seers Audience) (start, end Date, err error) {
	for _, m := range g.Members {
		if !counts(m) {
			continue
		}
		item, err := readItem(w.tx, Key{KindIntention, m.Intention})
		if err != nil {
			return Date{}, Date{}, err
		}
		in, ok := item.(*Intention)
		if !ok {
			continue
		}
		latest := in.WindowEnd
		if narrower(in.Visibility, in.Fields.Contract).rank() <= seers.rank() {
			latest = in.TrueEnd()
		}
		if start.IsZero() || start.First().Before(in.WindowStart.First()) {
			start = in.WindowStart
		}
		if end.IsZero() || latest.Before(end) {
			end = latest
		}
	}
	return start, end, nil
}

// roomWindow is the window of all that are in or asked; cardWindow that of those that accepted, for whoever sees the card.
func (w *writer) roomWindow(g *BuyingGroup) (start, end Date, err error) {
	return w.window(g, func(m Member) bool { return m.State == Accepted || m.State == Invited }, Councils)
}

func (w *writer) cardWindow(g *BuyingGroup) (start, end Date, err error) {
	return w.window(g, func(m Member) bool { return m.State == Accepted }, g.Card)
}

// partnerWindow is the window of those that accepted as a public card would show it, whoever sees the card; zero where they
// have none.
func (w *writer) partnerWindow(g *BuyingGroup) (start, end Date, err error) {
	start, end, err = w.window(g, func(m Member) bool { return m.State == Accepted }, Public)
	if apart(start, end) {
		return Date{}, Date{}, err
	}
	return start, end, err
}

func apart(start, end Date) bool { return !end.IsZero() && end.Last().Before(start.First()) }

// mustShareWindow refuses a group whose councils cannot start a tender together.
func (w *writer) mustShareWindow(g *BuyingGroup) error {
	start, end, err := w.roomWindow(g)
	if err != nil {
		return err
	}
	if apart(start, end) {
		return invalid("group", "partners", "These councils have no window in common: leave out the one that starts last or ends first")
	}
	return nil
}

// settle works out window and offices anew from those that are in, and puts the group: one that fewer than two are in is
// given up, and one that is agreed forms again where somebody is asked or leaves it without a lead. Members may have changed their
// intentions so that no window is left: the group then has none, and anyone can still leave.
func (w *writer) settle(g *BuyingGroup) error {
	start, end, err := w.roomWindow(g)
	if err != nil {
		return err
	}
	if apart(start, end) {
		start, end = Date{}, Date{}
	}
	g.WindowStart, g.WindowEnd = start, end
	if g.CardStart, g.CardEnd, err = w.cardWindow(g); err != nil {
		return err
	}
	if apart(g.CardStart, g.CardEnd) {
		g.CardStart, g.CardEnd = Date{}, Date{}
	}
	g.PartnerStart, g.PartnerEnd = Date{}, Date{}
	if len(g.Partners) > 0 {
		if g.PartnerStart, g.PartnerEnd, err = w.partnerWindow(g); err != nil {
			return err
		}
	}
	for _, office := range []*string{&g.Lead, &g.Deputy, &g.Offered} {
		if m, ok := g.Member(*office); ok && m.State != Accepted {
			*office = ""
		}
	}
	switch {
	case len(g.inRoom()) < 2 && g.GoesOn() && g.Stage != Awarded:
		w.arrive(g, Abandoned, "Fewer than two councils were left in it")
	case g.Stage == Agreed:
		hurdles, err := w.c.hurdlesToAgree(w.tx, g)
		if err != nil {
			return err
		}
		if len(hurdles) > 0 {
			w.arrive(g, Forming, "")
		}
	}
	return w.put(g)
}

// errSame says that a group is already as was asked for, so that nothing is written.
var errSame = errors.New("no change")

// changeGroup runs fn on the whole group, settles it, and returns it as the actor then sees it. The actor must see the
// group or have been asked into it.
func (c *Catalogue) changeGroup(ctx context.Context, actor Actor, action Action, id string, fn func(*writer, *BuyingGroup) error) (*BuyingGroup, error) {
	var out *BuyingGroup
	err := c.write(ctx, actor, action, func(w *writer) error {
		item, err := readItem(w.tx, Key{KindGroup, id})
		if err != nil {
			return err
		}
		g, ok := item.(*BuyingGroup)
		if !ok {
			return notFound(string(KindGroup))
		}
		if _, seen := g.sees(actor); !seen && !g.asked(actor) {
			return notFound(string(KindGroup))
		}
		out = g
		if err := fn(w, g); errors.Is(err, errSame) {
			return nil
		} else if err != nil {
			return err
		}
		return w.settle(g)
	})
	if err != nil {
		return nil, err
	}
	return roomOf(out, actor), nil
}

// setMember replaces the entry of a council.
func (g *BuyingGroup) setMember(m Member) {
	for i := range g.Members {
		if g.Members[i].Council == m.Council {
			g.Members[i] = m
		}
	}
}

// mustGoOn refuses what cannot be done any more.
func (g *BuyingGroup) mustGoOn() error {
	switch g.Stage {
	case Abandoned:
		return conflict("This group was given up")
	case Closed:
		return conflict("This group is closed")
	}
	return nil
}

// mustBeOpen refuses councils that come too late.
func (g *BuyingGroup) mustBeOpen() error {
	if err := g.mustGoOn(); err != nil {
		return err
	}
	if !g.Open() {
		return conflict("This group is procuring already: its notice names who takes part, and nobody can come in now")
	}
	return nil
}

// mustBeMember refuses all but councils that have accepted, and everyone once the group has ended.
func (g *BuyingGroup) mustBeMember(actor Actor) error {
	if err := g.mustGoOn(); err != nil {
		return err
	}
	if !g.has(actor) {
		return forbidden("Only councils that have accepted can do this")
	}
	return nil
}

// has says that the actor's council has accepted.
func (g *BuyingGroup) has(actor Actor) bool {
	m, ok := g.Member(actor.Org)
	return ok && m.State == Accepted && actor.ForCouncil(m.Council)
}

// whyIn is why the people of its councils are told of a group.
func (g *BuyingGroup) whyIn() string {
	return "You are told because your council is in the group '" + g.Title + "'."
}

func (w *writer) tellInvited(g *BuyingGroup, asked []string) error {
	who, err := w.c.label(w.tx, w.actor.Org)
	if err != nil {
		return err
	}
	return w.tell(asked, RoleLead, Message{
		Subject: who + " proposes to buy together: " + g.Title,
		Text: []string{who + " has proposed a group to buy together: '" + g.Title + "'.",
			"Nobody is committed by this. You can accept, or decline with a reason."},
		Why:  "You are told because your council listed an intention that fits the group '" + g.Title + "', and you can answer for it.",
		Link: "/groups/" + g.ID, LinkText: "See the proposal and answer",
	})
}
