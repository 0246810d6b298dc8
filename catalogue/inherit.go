package catalogue

import (
	"slices"
	"strings"
)

// inheritor is a record that names councils. When one takes the place of another, it names the other instead.
type inheritor interface {
	Item
	inherit(from, to string) bool // false: it did not name the one
}

// renames makes names of one council those of another.
func renames(from, to string, names ...*string) bool {
	changed := false
	for _, name := range names {
		if *name == from {
			*name, changed = to, true
		}
	}
	return changed
}

func (a *Account) inherit(from, to string) bool {
	return a.OrgKind == OrgCouncil && renames(from, to, &a.Org)
}

func (p *Platform) inherit(from, to string) bool {
	changed := renames(from, to, &p.ListedBy)
	p.Changes = slices.Clone(p.Changes)
	for i := range p.Changes {
		changed = renames(from, to, &p.Changes[i].Council) || changed
	}
	return changed
}

func (c *Contract) inherit(from, to string) bool { return renames(from, to, &c.Council) }

func (i *Intention) inherit(from, to string) bool { return renames(from, to, &i.Council) }

func (u *Use) inherit(from, to string) bool {
	if !renames(from, to, &u.Council) {
		return false
	}
	if u.ID == u.Platform+"~"+from {
		u.ID = u.Platform + "~" + to
	}
	return true
}

// with is a use with what another council said of the same platform: known since the earlier, the advice of both.
func (u *Use) with(other *Use) *Use {
	if !other.Since.IsZero() && (u.Since.IsZero() || other.Since.Before(u.Since)) {
		u.Since = other.Since
	}
	kept, also := u.Source, other.Source
	if other.Confirmed.After(u.Confirmed) {
		u.Confirmed, kept, also = other.Confirmed, other.Source, u.Source
	}
	if note := strings.TrimPrefix(kept.Note+"; also "+also.words(), "; "); also.words() != "" && also.Reference != kept.Reference && len([]rune(note)) <= maxText {
		kept.Note = note
	}
	u.Source = kept
	if both := strings.TrimSpace(u.Advice + "\n" + other.Advice); u.Advice != other.Advice && len([]rune(both)) <= maxText {
		u.Advice = both
	}
	u.WillTalk = u.WillTalk || other.WillTalk
	u.Was = append(slices.Clone(u.Was), other.Was...)
	return u
}

// words are what a source is and its reference.
func (s Source) words() string { return strings.Trim(s.Text+", "+s.Reference, ", ") }

func (i *Interest) inherit(from, to string) bool {
	if !renames(from, to, &i.Council, &i.IntentionOf) {
		return false
	}
	i.ID = interestID(i.Intention, i.Council)
	return true
}

func (s *Suggestion) inherit(from, to string) bool {
	changed := renames(from, to, &s.Council)
	for i := range s.Partners {
		changed = renames(from, to, &s.Partners[i].Council) || changed
	}
	return changed
}

func (g *BuyingGroup) inherit(from, to string) bool {
	changed := g.inheritMembership(from, to)
	changed = renames(from, to, &g.Lead, &g.Deputy, &g.Offered, &g.Proposer) || changed
	changed = inheritEntry(&g.Plan.Meetings, from, to, func(m *Meeting) *string { return &m.Council }) || changed
	if g.Deputy == g.Lead {
		g.Deputy = ""
	}
	if g.Offered == g.Lead {
		g.Offered = ""
	}
	return changed
}

// inheritMembership makes a council's membership the successor's. Where both are in the group, one membership goes on,
// the one that stands higher; the other has left, with the reason.
func (g *BuyingGroup) inheritMembership(from, to string) bool {
	old := slices.IndexFunc(g.Members, func(m Member) bool { return m.Council == from })
	if old < 0 {
		return false
	}
	taken := slices.IndexFunc(g.Members, func(m Member) bool { return m.Council == to })
	if taken < 0 {
		g.Members[old].Council, g.Members[old].Was = to, from
		return true
	}
	if !g.Members[old].in() {
		return false
	}
	gone, kept := g.Members[old], g.Members[taken]
	if kept.State != Accepted && (gone.State == Accepted || !kept.in()) {
		gone, kept = kept, gone
		kept.Council, kept.Was = to, from
		gone.Council = gone.Was
	}
	g.Members[taken] = kept
	if gone.Council == "" { // the successor's own answer, which it takes back by coming in
		g.Members = slices.Delete(g.Members, old, old+1)
		return true
	}
	g.Members[old] = gone.left("The council that took its place is in this group already")
	return true
}

// in says that the council may enter the room: it was asked, or has accepted.
func (m Member) in() bool { return m.State == Invited || m.State == Accepted }

// left is the entry of a council that left for a reason; one that was out before keeps its own.
func (m Member) left(reason string) Member {
	if !m.in() {
		return m
	}
	return Member{Council: m.Council, Was: m.Was, Intention: m.Intention, State: Left, Reason: reason, Asked: m.Asked, Answered: m.Answered}
}

// A talk between a council and its own successor stays as it was: nobody talks to itself.
func (t *Talk) inherit(from, to string) bool {
	if t.Partner(from) == to {
		return false
	}
	changed := renames(from, to, &t.From, &t.To, &t.Turn, &t.ClosedBy)
	for i := range t.Messages {
		changed = renames(from, to, &t.Messages[i].Council) || changed
	}
	for i := range t.Consents {
		changed = renames(from, to, &t.Consents[i].Council) || changed
	}
	return changed
}

func (n *News) inherit(from, to string) bool {
	return inheritEntry(&n.Councils, from, to, func(council *string) *string { return council })
}
