package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Telling is what a council is to be told: the group that is suggested around one of its intentions now.
type Telling struct {
	Intention string
	Group     string          // names the group's members; empty: no group is suggested any more
	Partners  []SuggestedWith // the others in it, with the evidence
	Weights   string          // version of the weights that made the points
}

// toldID is the same for the same intention and group, so that what was told once is not told again.
func toldID(intention, group string) string { return "told-" + digest(intention + "\x00" + group)[:32] }

// Standing says that a council was told of the group, and of no other since.
func (s *Suggestion) Standing() bool { return s.Group != "" && s.Ended.IsZero() }

// TellSuggestion keeps a record that the council of an intention is told of the group suggested around it, and tells its
// leads, in one transaction; where it was told of another group before, it is told what has changed. A group that it was
// told of last is not told again: running it twice is running it once. It refuses with Conflict or NotFound what is no
// longer so.
func (c *Catalogue) TellSuggestion(ctx context.Context, actor Actor, t Telling) error {
	return c.write(ctx, actor, TellOfGroup, func(w *writer) error {
		item, err := readItem(w.tx, Key{KindIntention, t.Intention})
		if err != nil {
			return err
		}
		in, ok := item.(*Intention)
		if !ok {
			return notFound(string(KindIntention))
		}
		last, err := w.lastTold(in.ID)
		if err != nil {
			return err
		}
		if t.Group == "" && last == nil || last != nil && last.Group == t.Group {
			return nil
		}
		busy, err := w.buying(in)
		if err != nil {
			return err
		}
		if busy || in.Ended(c.Today()) || in.Visibility == Own {
			return w.endTold(last) // its council knows why
		}
		for _, p := range t.Partners {
			if err := w.mayBeTold(in, p); err != nil {
				return err
			}
		}
		if err := w.endTold(last); err != nil {
			return err
		}
		if t.Group != "" {
			if err := w.keepTold(in, t); err != nil {
				return err
			}
		}
		m, err := w.toldMessage(in, last, t)
		if err != nil {
			return err
		}
		return w.tell([]string{in.Council}, RoleLead, m)
	})
}

// lastTold is the group that an intention's council was told of last; nil for none that stands.
func (w *writer) lastTold(intention string) (*Suggestion, error) {
	all, err := listed[*Suggestion](w.c, w.tx, w.actor, KindSuggestion, "suggestion.intention", intention)
	if i := slices.IndexFunc(all, (*Suggestion).Standing); err == nil && i >= 0 {
		return all[i], nil
	}
	return nil, err
}

func (w *writer) endTold(s *Suggestion) error {
	if s == nil {
		return nil
	}
	ended := *s
	ended.Ended = w.now
	return w.put(&ended)
}

func (w *writer) keepTold(in *Intention, t Telling) error {
	s := &Suggestion{Meta: Meta{ID: toldID(in.ID, t.Group)}, Council: in.Council, Intention: in.ID, Group: t.Group, Partners: t.Partners,
		Weights: t.Weights, Told: w.now, Demonstration: w.c.demonstration(in.Council)}
	old, err := readItem(w.tx, s.Key())
	if err != nil {
		return err
	}
	if before, ok := old.(*Suggestion); ok { // it comes back
		s.Meta = before.Meta
	}
	return w.put(s)
}

// buying says that an intention's council is in a group with it, or asked into one.
func (w *writer) buying(in *Intention) (bool, error) {
	ids, err := lookup(w.tx, "group.intention", in.ID)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		item, err := readItem(w.tx, Key{KindGroup, id})
		if err != nil {
			return false, err
		}
		g, ok := item.(*BuyingGroup)
		if !ok || !g.Holds(w.c.Today()) {
			continue
		}
		if m, ok := g.Member(in.Council); ok && m.Intention == in.ID && (m.State == Accepted || m.State == Invited) {
			return true, nil
		}
	}
	return false, nil
}

// mayBeTold refuses a partner that has ended since it was suggested, or that councils no longer see.
func (w *writer) mayBeTold(in *Intention, p SuggestedWith) error {
	item, err := readItem(w.tx, Key{KindIntention, p.Intention})
	if err != nil {
		return err
	}
	other, ok := item.(*Intention)
	if !ok {
		return notFound(string(KindIntention))
	}
	_, seen := other.sees(AnyCouncil())
	if !seen || other.Ended(w.c.Today()) || other.Council != p.Council || other.Council == in.Council {
		return conflict("This group is not suggested any more")
	}
	return nil
}

// toldMessage says what is suggested, or what has changed in it.
func (w *writer) toldMessage(in *Intention, last *Suggestion, t Telling) (Message, error) {
	m := Message{Why: "You are told because your council listed ‘" + in.Title + "’.", Link: "/intentions/" + in.ID + "/matches", LinkText: "See why each fits, and propose the group"}
	var before []SuggestedWith
	if last != nil {
		before = last.Partners
	}
	joined, err := w.labels(without(t.Partners, before))
	if err != nil {
		return m, err
	}
	gone, err := w.labels(without(before, t.Partners))
	if err != nil {
		return m, err
	}
	const nobody = "Nobody is committed by this: a group begins when a council proposes it and others accept."
	switch {
	case t.Group == "":
		m.Subject = "The group suggested for ‘" + in.Title + "’ is no longer suggested"
		m.Text = []string{"No longer in it: " + inSentence(gone) + ".", "What fits your need now stands on its matches page. Jointly goes on comparing it."}
		m.LinkText = "See what fits now"
	case last == nil:
		m.Subject = inSentence(joined) + " could buy ‘" + in.Title + "’ with you"
		m.Text = []string{fmt.Sprintf("Jointly suggests a group of %d councils for ‘%s’: yours, with %s.", len(t.Partners)+1, in.Title, inSentence(joined)), nobody}
	default:
		m.Subject = "The group suggested for ‘" + in.Title + "’ has changed"
		if len(joined) > 0 {
			m.Text = append(m.Text, "New in it: "+inSentence(joined)+".")
		}
		if len(gone) > 0 {
			m.Text = append(m.Text, "No longer in it: "+inSentence(gone)+".")
		}
		m.Text = append(m.Text, nobody)
	}
	if runes := []rune(m.Subject); len(runes) > maxTitle {
		m.Subject = string(runes[:maxTitle-1]) + "…"
	}
	return m, nil
}

// without lists the partners of one list whose intentions are not in another.
func without(list, other []SuggestedWith) []SuggestedWith {
	return slices.DeleteFunc(slices.Clone(list), func(p SuggestedWith) bool {
		return slices.ContainsFunc(other, func(o SuggestedWith) bool { return o.Intention == p.Intention })
	})
}

func (w *writer) labels(partners []SuggestedWith) ([]string, error) {
	var out []string
	for _, p := range partners {
		label, err := w.c.label(w.tx, p.Council)
		if err != nil {
			return nil, err
		}
		out = append(out, label)
	}
	return out, nil
}

// inSentence joins names with commas and 'and'.
func inSentence(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
