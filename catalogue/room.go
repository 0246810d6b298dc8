package catalogue

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// vatFactor makes an amount inc VAT of one ex VAT: the standard rate, 20% since 4 January 2011.
const vatFactor = 1.2

// IncVAT is an amount with VAT at the standard rate.
func IncVAT(amount float64) float64 { return amount * vatFactor }

// ExVAT is an amount inc VAT without it, to the pound.
func ExVAT(amount float64) float64 { return math.Round(amount / vatFactor) }

// largeShare is the share of a group's volume above which a member gains less by joining (Schotanus and Telgen, 2007).
const largeShare = 0.38

// RoomMember is a member with what its room shows of it.
type RoomMember struct {
	Member
	Who       *Council
	Intention *Intention // through the viewer's eyes as a fellow member; nil where it is not shared
	Maximum   float64    // GBP inc VAT; 0: not stated or not shared
	Share     float64    // of the joint value if all accept, 0 to 1
	Percent   int        // the same in whole per cent; those of all members add up to 100
	Large     bool       // above 38%
}

// Room is what a group's members see, or with Group.Room false only its card.
type Room struct {
	Group      *BuyingGroup
	Lead       *Council     // nil: needs a lead
	Deputy     *Council     // nil: none
	Offered    *Council     // who is asked to take over the lead; nil: nobody
	Next       []NextStage  // where the group can go from here
	Members    []RoomMember // those in: accepted first, in the order asked
	Gone       []RoomMember // declined or left, with reasons
	Asked      int          // of the members, those that have not answered
	Joint      float64      // sum of the maximums of those that accepted, GBP inc VAT
	IfAll      float64      // the same with those that are asked
	Unstated   int          // members and councils asked whose maximum is not stated or not shared
	Threshold  register.Rule
	HasRule    bool // a threshold is in force today
	Above      bool // the joint value, if all accept, reaches the threshold
	FirstEnd   Date // the earliest contract end that members share
	Suggestion *Suggestion
	Mine       *RoomMember  // the viewer's own council; nil for none
	Out        *Member      // the viewer's own council where it declined or left; nil otherwise
	Partners   []PartnerRow // that the viewer may know of: those in and asked first
	OwnPart    *PartnerRow  // of the viewer's own body; nil for none
	Candidates []*Intention // open intentions of the viewer's council that it could join with
	Extras     float64      // options, extensions and fees that count beyond the members' maximums, GBP inc VAT
	Estimate   Estimate
	Dates      *Dates // nil for those that have not accepted
	Warnings   []Warning

	changed time.Time // when something last changed in the group or its parts
}

// NextStage is a stage that a group can go to, and what stands before it.
type NextStage struct {
	Stage   GroupStage
	Hurdles []Hurdle
}

// Room reads a group's room, or its card for those who are not members.
func (c *Catalogue) Room(ctx context.Context, actor Actor, id string) (*Room, error) {
	r := &Room{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*r = Room{}
		g, err := load[*BuyingGroup](c, tx, actor, KindGroup, id)
		if err != nil {
			return err
		}
		r.Group = g
		if g.Lead != "" {
			if r.Lead, _, err = c.councilIn(tx, g.Lead); err != nil {
				return err
			}
		}
		if r.Partners, err = c.partnerRows(tx, actor, g); err != nil {
			return err
		}
		if i := slices.IndexFunc(r.Partners, func(p PartnerRow) bool { return actor.forBody(p.Body) && p.in() && !p.Asked.IsZero() }); i >= 0 {
			r.OwnPart = &r.Partners[i]
		}
		r.Threshold, r.HasRule = c.register.Threshold("goods-services-sub-central", c.Today())
		if !g.Room {
			if r.Out, err = ownAnswer(tx, actor, id); err != nil {
				return err
			}
			r.Candidates, err = c.openIntentions(tx, actor)
			return err
		}
		in := g.accepted()
		for _, m := range g.Members {
			row := RoomMember{Member: m}
			if row.Who, _, err = c.councilIn(tx, m.Council); err != nil {
				return err
			}
			item, err := readItem(tx, Key{KindIntention, m.Intention})
			if err != nil {
				return err
			}
			var counted *Intention // what of it counts for the group: of the viewer's own, no more than the others see
			if brought, ok := item.(*Intention); ok {
				// What is for the group's members is shared between those that accepted, not with or of those asked.
				var fellows []string
				if m.State == Accepted {
					fellows = in
				}
				row.Intention, _ = brought.through(actor, fellows)
				if counted = row.Intention; actor.ForCouncil(m.Council) {
					counted = brought.shared(m.State)
				}
			}
			if m.State != Accepted && m.State != Invited {
				r.Gone = append(r.Gone, row)
				continue
			}
			if in := counted; in != nil {
				row.Maximum = IncVAT(in.Budget.Max)
				if end := in.ContractEnd; r.FirstEnd.IsZero() || end.Before(r.FirstEnd) {
					r.FirstEnd = end
				}
			}
			if row.Maximum == 0 {
				r.Unstated++
			}
			r.IfAll += row.Maximum
			if m.State == Accepted {
				r.Joint += row.Maximum
			} else {
				r.Asked++
			}
			r.Members = append(r.Members, row)
		}
		slices.SortStableFunc(r.Members, func(a, b RoomMember) int {
			switch {
			case a.State == b.State:
				return 0
			case a.State == Accepted:
				return -1
			}
			return 1
		})
		for _, office := range []struct {
			council string
			who     **Council
		}{{g.Deputy, &r.Deputy}, {g.Offered, &r.Offered}} {
			if office.council == "" {
				continue
			}
			if *office.who, _, err = c.councilIn(tx, office.council); err != nil {
				return err
			}
		}
		for _, stage := range g.Stage.Following() {
			hurdles, err := c.hurdles(tx, g, stage)
			if err != nil {
				return err
			}
			r.Next = append(r.Next, NextStage{stage, hurdles})
		}
		if g.Suggestion != "" {
			r.Suggestion, err = load[*Suggestion](c, tx, actor, KindSuggestion, g.Suggestion)
			if err != nil && KindOf(err) != NotFound {
				return err
			}
		}
		r.finish(actor)
		return c.workOut(tx, r, actor)
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// ownAnswer is what the actor's own council answered to a group that it is not in; nil where it was never asked.
func ownAnswer(tx kv.Tx, actor Actor, id string) (*Member, error) {
	item, err := readItem(tx, Key{KindGroup, id})
	if err != nil {
		return nil, err
	}
	if g, ok := item.(*BuyingGroup); ok && g.asked(actor) {
		m, _ := g.Member(actor.Org)
		return &m, nil
	}
	return nil, nil
}

// percentages rounds the members' shares to whole per cent so that they add up to 100: what is left goes to those
// that were cut most.
func (r *Room) percentages() {
	if r.IfAll == 0 {
		return
	}
	left := 100
	order := make([]int, len(r.Members))
	for i := range r.Members {
		order[i] = i
		r.Members[i].Percent = int(100 * r.Members[i].Share)
		left -= r.Members[i].Percent
	}
	cut := func(i int) float64 { return 100*r.Members[i].Share - float64(r.Members[i].Percent) }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cut(b), cut(a)) })
	for _, i := range order[:min(max(left, 0), len(order))] {
		r.Members[i].Percent++
	}
}

// finish works out shares once all members are read.
func (r *Room) finish(actor Actor) {
	r.Extras = IncVAT(r.Group.Value.beyond())
	r.Above = r.HasRule && r.IfAll+r.Extras >= float64(r.Threshold.Value)
	for i := range r.Members {
		m := &r.Members[i]
		if r.IfAll > 0 {
			m.Share = m.Maximum / r.IfAll
		}
		m.Large = m.Share > largeShare && len(r.Members) > 2
		if actor.ForCouncil(m.Council) {
			r.Mine = m
		}
	}
	r.percentages()
}

// workOut adds what is worked out from the members together: dates, value and warnings.
func (c *Catalogue) workOut(tx kv.Tx, r *Room, actor Actor) (err error) {
	if actor.IsOperator() || r.Mine != nil && r.Mine.State == Accepted {
		if r.Dates, err = c.dates(tx, r.Group); err != nil {
			return err
		}
	}
	r.Estimate = c.estimate(r)
	if r.changed, err = c.lastChange(tx, r.Group); err != nil {
		return err
	}
	r.warn(c.register, c.Now())
	return nil
}

// WithoutAsked is the room as if the councils that are only asked were not there, for what leaves it: they have not agreed
// to be named. The shared window stays that of all. The actor is the one that the room was read for.
func (c *Catalogue) WithoutAsked(r *Room, actor Actor) *Room {
	out := *r
	out.Members, out.Warnings, out.Mine = nil, nil, nil
	out.Asked, out.Joint, out.Unstated, out.FirstEnd = 0, 0, 0, Date{}
	for _, m := range r.Members {
		if m.State != Accepted {
			continue
		}
		m.Share, m.Percent, m.Large = 0, 0, false
		out.Members = append(out.Members, m)
		out.Joint += m.Maximum
		if m.Maximum == 0 {
			out.Unstated++
		}
		if in := m.Intention; in != nil && (out.FirstEnd.IsZero() || in.ContractEnd.Before(out.FirstEnd)) {
			out.FirstEnd = in.ContractEnd
		}
	}
	out.IfAll = out.Joint
	out.finish(actor)
	out.Estimate = c.estimate(&out)
	out.warn(c.register, c.Now())
	return &out
}
