package match

// Telling councils of the groups that are suggested around their intentions.

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"jointly/catalogue"
)

// settledFor is how long all the listings of a suggested group must have stood unchanged before councils are told of it.
// Whoever listed a need sees its matches at once, and may put right a slip before others get mail.
const settledFor = 24 * time.Hour

// TellSuggestions tells councils of the groups that are suggested around their intentions, and of what has changed in
// those that they were told of: at most so many of them. Each telling is a record and a message in one transaction, and
// says nothing where it was made already: it can stop anywhere and be run again. From then on the engine changes such a
// group only for a gain that is worth telling. It writes through c, the engine's catalogue under the lease of whoever
// does the job. more says that some are left.
func (e *Engine) TellSuggestions(ctx context.Context, c *catalogue.Catalogue, most int) (told int, more bool, err error) {
	if err := e.CatchUp(ctx); err != nil {
		return 0, false, err
	}
	due, more := e.untold(most)
	for _, t := range due {
		err := c.TellSuggestion(ctx, catalogue.Operator("job"), t)
		if kind := catalogue.KindOf(err); kind == catalogue.Conflict || kind == catalogue.NotFound {
			continue // it changed meanwhile: the next time finds what holds then
		}
		if err != nil {
			return told, more, fmt.Errorf("tell of a suggested group: %w", err)
		}
		told++
	}
	return told, more, nil
}

// telling is what a council is to be told, before it is put into words.
type telling struct {
	own    *Profile
	group  *Group // nil: none any more
	others []*Profile
}

// untold lists what councils do not know yet of the groups suggested today, by the IDs of their intentions.
func (e *Engine) untold(most int) (due []catalogue.SuggestedGroup, more bool) {
	groups, now := e.Groups(), e.catalogue.Now()
	e.mu.RLock()
	found := e.model.untold(groups, now)
	e.mu.RUnlock()
	slices.SortFunc(found, func(a, b telling) int { return cmp.Compare(a.own.Ref(), b.own.Ref()) })
	more = len(found) > most
	for _, t := range found[:min(len(found), most)] {
		due = append(due, e.inWords(t))
	}
	return due, more
}

func (m *model) untold(groups []*Group, now time.Time) []telling {
	var out []telling
	suggested := make(map[string]bool)
	for _, g := range groups {
		if g.Confirmed {
			continue
		}
		members, settled := make([]*Profile, len(g.Refs)), true
		for i, ref := range g.Refs {
			suggested[ref] = true
			l := m.get(ref)
			if l == nil {
				return out // the model has moved on: the next time finds what holds then
			}
			members[i] = l.profile
			settled = settled && !l.changed.Add(settledFor).After(now)
		}
		for i, own := range members {
			last := m.known.told[own.Ref()]
			if settled && (last == nil || last.Group != g.ID) {
				others := slices.Delete(slices.Clone(members), i, i+1)
				out = append(out, telling{own, g, others})
			}
		}
	}
	for _, intention := range slices.Sorted(maps.Keys(m.known.told)) {
		if suggested[intention] {
			continue
		}
		own := &Profile{need: Need{Ref: intention}}
		out = append(out, telling{own: own})
	}
	return out
}

// inWords adds the evidence from the side of the council that is told.
func (e *Engine) inWords(t telling) catalogue.SuggestedGroup {
	out := catalogue.SuggestedGroup{Intention: t.own.Ref(), Weights: e.scorer.Version()}
	if t.group == nil {
		return out
	}
	out.Group = t.group.ID
	for _, other := range t.others {
		out.Partners = append(out.Partners, suggestedWith(e.scorer.Explain(t.own, other), other))
	}
	return out
}

// suggestedWith keeps what was shown of a partner.
func suggestedWith(x Explanation, other *Profile) catalogue.SuggestedWith {
	return catalogue.SuggestedWith{Council: other.need.Council, Intention: other.Ref(), Points: x.Points, Evidence: Kept(x.Evidence)}
}

// Kept is evidence as records keep it.
func Kept(evidence []Evidence) []catalogue.SuggestedPoint {
	out := make([]catalogue.SuggestedPoint, len(evidence))
	for i, e := range evidence {
		out[i] = catalogue.SuggestedPoint{Feature: e.Feature, Level: e.Level, Points: e.Points, Text: e.Text}
	}
	return out
}
