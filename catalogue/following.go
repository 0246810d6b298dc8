package catalogue

import "slices"

// What follows in groups when the intention changes that a council brought.

// followIntention works out anew the groups that an intention is in, in the same transaction, and tells the others where
// that moves their months or takes a need away. What is only a change of words changes no group.
func (w *writer) followIntention(in *Intention) error {
	ids, err := lookup(w.tx, "group.intention", in.ID)
	if err != nil {
		return err
	}
	asked := w.action
	w.action = FollowOn
	defer func() { w.action = asked }()
	for _, id := range ids[:min(len(ids), mostFollowed)] {
		item, err := readItem(w.tx, Key{KindGroup, id})
		if err != nil {
			return err
		}
		g, ok := item.(*BuyingGroup)
		if !ok || !g.GoesOn() {
			continue
		}
		if m, ok := g.Member(in.Council); !ok || m.Intention != in.ID || m.State != Accepted && m.State != Invited {
			continue
		}
		if err := w.followInGroup(g, in); err != nil {
			return err
		}
	}
	return nil
}

// mostFollowed bounds the groups that one transaction works out anew: one that accepted, and those that asked.
const mostFollowed = 4

func (w *writer) followInGroup(g *BuyingGroup, in *Intention) error {
	start, end, err := w.roomWindow(g)
	if err != nil {
		return err
	}
	cardStart, cardEnd, err := w.cardWindow(g)
	if err != nil {
		return err
	}
	if apart(start, end) {
		start, end = Date{}, Date{}
	}
	if apart(cardStart, cardEnd) {
		cardStart, cardEnd = Date{}, Date{}
	}
	moved := start != g.WindowStart || end != g.WindowEnd
	if moved || cardStart != g.CardStart || cardEnd != g.CardEnd {
		if err := w.settle(g); err != nil {
			return err
		}
	}
	if !moved && in.Withdrawn == "" {
		return nil
	}
	return w.tellFollowed(g, in, moved)
}

// tellFollowed tells the other members that one of them changed or withdrew what it brought.
func (w *writer) tellFollowed(g *BuyingGroup, in *Intention, moved bool) error {
	m, _ := g.Member(in.Council)
	if m.State != Accepted {
		return nil // it is only asked: nobody counts on it yet
	}
	who, err := w.c.label(w.tx, in.Council)
	if err != nil {
		return err
	}
	message := Message{Subject: who + " changed what it needs: " + g.Title, Why: g.whyIn(), Link: "/groups/" + g.ID, LinkText: "Go to the group",
		Text: []string{who + " has changed the intention that it brought to the group '" + g.Title + "'."}}
	if in.Withdrawn != "" {
		message.Subject = who + " no longer needs it: " + g.Title
		message.Text = []string{who + " has withdrawn the intention that it brought to the group '" + g.Title + "'. It is still in the group until it leaves.", "Its reason: " + in.Withdrawn}
	}
	if moved {
		after, err := w.afterwards(g)
		if err != nil {
			return err
		}
		message.Text = append(message.Text, after...)
	}
	others := slices.DeleteFunc(g.accepted(), func(code string) bool { return code == in.Council })
	return w.tell(others, RoleLead, message)
}
