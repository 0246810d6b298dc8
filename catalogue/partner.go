package catalogue

import (
	"reflect"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// Partner is a body that stands beside the councils of a group: it buys nothing, commits nothing, has no vote and never
// leads. It is no member, so that no sum, share, hurdle or figure about councils counts it.
type Partner struct {
	Body     string      `json:"body"`             // body ID
	State    MemberState `json:"state"`            // Left too where its part was ended
	Wanted   string      `json:"wanted,omitempty"` // what the group wants of it, as it was asked
	Brings   string      `json:"brings,omitempty"` // what it brings, in its own words; empty: it has not said
	By       string      `json:"by,omitempty"`     // code of the council that asked
	Reason   string      `json:"reason,omitempty"` // why it declined or left, or why its part was ended
	EndedBy  string      `json:"ended_by,omitempty"`
	Asked    time.Time   `json:"asked,omitzero"`
	Answered time.Time   `json:"answered,omitzero"` // when it was last answered, left or ended
}

// Limits of a group's partners.
const (
	maxPartners      = 5  // that are asked or in at once
	maxPartnersKnown = 30 // with those that declined or left
)

// in says that the body is asked or has accepted.
func (p Partner) in() bool { return p.State == Invited || p.State == Accepted }

func (p Partner) validate(v *validation) {
	v.that(v.bodyOK(p.Body), "body", "Choose a body that takes part")
	v.text("wanted", p.Wanted, 1, maxText/10)
	v.text("brings", p.Brings, 0, maxText/10)
	v.text("reason", p.Reason, 0, maxText/10)
}

// validatePartners holds a group's partners to their limits.
func (g *BuyingGroup) validatePartners(v *validation) {
	in, seen := 0, map[string]bool{}
	for _, p := range g.Partners {
		p.validate(v)
		v.that(!seen[p.Body], "body", "A body stands in the group once")
		if seen[p.Body] = true; p.in() {
			in++
		}
	}
	v.that(in <= maxPartners && len(g.Partners) <= maxPartnersKnown, "body", "A group has at most 5 partners: end the part of one that is no longer needed")
}

// Partner is the entry of a body, whatever its state.
func (g *BuyingGroup) Partner(body string) (Partner, bool) {
	i := slices.IndexFunc(g.Partners, func(p Partner) bool { return p.Body == body })
	if i < 0 {
		return Partner{}, false
	}
	return g.Partners[i], true
}

// partnerOf is the entry of the actor's own body.
func (g *BuyingGroup) partnerOf(a Actor) (Partner, bool) {
	p, ok := g.Partner(a.Org)
	return p, ok && a.forBody(p.Body)
}

// AcceptedPartners lists the IDs of the bodies that have accepted.
func (g *BuyingGroup) AcceptedPartners() []string { return g.partners() }

func (g *BuyingGroup) partners() []string {
	var out []string
	for _, p := range g.Partners {
		if p.State == Accepted {
			out = append(out, p.Body)
		}
	}
	return out
}

// setPartner puts a body's entry in place of the one that it had.
func (g *BuyingGroup) setPartner(p Partner) {
	g.Partners = slices.DeleteFunc(slices.Clone(g.Partners), func(old Partner) bool { return old.Body == p.Body })
	g.Partners = append(g.Partners, p)
}

// namedPartners is what everybody who sees the card sees of partners: which bodies have accepted.
func (g *BuyingGroup) namedPartners() []Partner {
	var out []Partner
	for _, body := range g.partners() {
		out = append(out, Partner{Body: body, State: Accepted})
	}
	return out
}

// forPartner is what a body sees of a group that it is asked into or stands in: the card, with months that tell no more
// than a public one, and its own entry. Once it has accepted, also who is in and how the group came to its stage; never
// why, what anybody pays, or when a single council's contract ends. It is built from the card, so that what is added to a
// group later is not a partner's unless it is added here.
func (g *BuyingGroup) forPartner(own Partner) *BuyingGroup {
	out := g.card()
	out.WindowStart, out.WindowEnd, out.CardStart, out.CardEnd = g.PartnerStart, g.PartnerEnd, g.PartnerStart, g.PartnerEnd
	out.setPartner(own)
	if own.State != Accepted {
		return out
	}
	out.AsPartner, out.Deputy, out.Course = true, g.Deputy, nil
	for _, code := range g.accepted() {
		out.Members = append(out.Members, Member{Council: code, State: Accepted})
	}
	for i, m := range g.Course {
		shown := Milestone{Stage: m.Stage, At: m.At}
		if m.Stage == Closed && i == len(g.Course)-1 { // the outcome stands on the card
			shown.Reason = m.Reason
		}
		out.Course = append(out.Course, shown)
	}
	return out
}

// MayRunPartners says that the actor's council asks bodies in and ends their part: the lead authority, its deputy, or the
// proposer of a group that forms without either.
func (g *BuyingGroup) MayRunPartners(actor Actor) bool {
	if g.mustBeMember(actor) != nil || !MayDo(actor, RunGroup) {
		return false
	}
	return g.Leads(actor) || g.Stage == Forming && g.Lead == "" && g.Deputy == "" && actor.ForCouncil(g.Proposer)
}

// changedByPartner says that a group differs from what it was in the entry of the actor's own body alone, which must have
// been there: all that a partner ever writes of a group.
func (g *BuyingGroup) changedByPartner(was *BuyingGroup, actor Actor) bool {
	if _, ok := was.partnerOf(actor); !ok {
		return false
	}
	rest := func(g *BuyingGroup) BuyingGroup {
		out := *g
		out.Meta = Meta{}
		out.Partners = slices.DeleteFunc(slices.Clone(g.Partners), func(p Partner) bool { return actor.forBody(p.Body) })
		return out
	}
	return reflect.DeepEqual(rest(g), rest(was))
}

// PartnerRow is a partner with what its group shows of it.
type PartnerRow struct {
	Partner
	Who *Body    // nil: it is not in the register any more
	By  *Council // who asked; nil where that is not shown
}

// asksIn says that a body is asked in that was not asked before: it will see what the members have not shown it.
func (g *BuyingGroup) asksIn(was *BuyingGroup) bool {
	return slices.ContainsFunc(g.Partners, func(p Partner) bool {
		before, _ := was.Partner(p.Body)
		return p.State == Invited && before.State != Invited
	})
}

// partnerRows reads whom a group's partners are, those in and asked first.
func (c *Catalogue) partnerRows(tx kv.Tx, actor Actor, g *BuyingGroup) ([]PartnerRow, error) {
	var out []PartnerRow
	for _, p := range g.Partners {
		row := PartnerRow{Partner: p}
		var err error
		if row.Who, err = load[*Body](c, tx, actor, KindBody, p.Body); err != nil && KindOf(err) != NotFound {
			return nil, err
		}
		if row.By, _, err = c.councilIn(tx, p.By); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	order := []MemberState{Accepted, Invited, Declined, Left}
	slices.SortStableFunc(out, func(a, b PartnerRow) int { return slices.Index(order, a.State) - slices.Index(order, b.State) })
	return out, nil
}

// Label is the partner's name as pages show it.
func (p PartnerRow) Label() string {
	if p.Who == nil {
		return p.Body
	}
	return p.Who.Label()
}

// Says is what the partner brings: in its own words, or what it was asked for where it has said nothing.
func (p PartnerRow) Says() string {
	if p.Brings != "" {
		return p.Brings
	}
	return p.Wanted
}

// InGroup lists the partners of a room that have accepted.
func (r *Room) InGroup() []PartnerRow {
	return slices.DeleteFunc(slices.Clone(r.Partners), func(p PartnerRow) bool { return p.State != Accepted })
}
