package catalogue

import (
	"slices"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/plan"
)

// Dates is a group's plan, worked back from the first present contract of its members that ends. It counts what the
// members share with each other, so that it is the same for all of them and tells nothing that one of them keeps back.
type Dates struct {
	plan.Plan
	First   []*Council     // whose contracts end first
	Windows []MemberWindow // of all members that share one
	Silent  []*Council     // members that share no contract end
	Misfits []Misfit
}

// Known says that some contract end is shared, so that there is a plan.
func (d *Dates) Known() bool { return !d.FirstEnd.IsZero() }

// MemberWindow is when a member can start a tender, and when its contract ends, as the members share it.
type MemberWindow struct {
	Who      *Council
	From, To Date
	Ends     Date
}

// Misfit is a member that the plan does not suit, with what would make it fit.
type Misfit struct {
	Who *Council
	Why string // 'its contract ends on 31 March 2028, before ...'
	Fix string // 'If Wyre extends to March 2029 it fits.'
}

// dates works out a group's plan from its members that have accepted.
func (c *Catalogue) dates(tx kv.Tx, g *BuyingGroup) (*Dates, error) {
	d := &Dates{}
	in := g.planInput(c.Today())
	members := map[string]*Intention{}
	for _, code := range g.accepted() {
		who, ok, err := c.councilIn(tx, code)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		in.Nations = append(in.Nations, who.Nation)
		in.Committees = append(in.Committees, plan.Committee{Who: who.Name, Next: g.Plan.meeting(code).First()})
		m, _ := g.Member(code)
		item, err := readItem(tx, Key{KindIntention, m.Intention})
		if err != nil {
			return nil, err
		}
		var shared *Intention
		if brought, ok := item.(*Intention); ok {
			shared = brought.shared(Accepted)
		}
		if shared == nil || shared.ContractEnd.IsZero() {
			d.Silent = append(d.Silent, who)
		}
		if shared == nil {
			continue
		}
		members[code] = shared
		in.LongestLead = max(in.LongestLead, shared.LeadMonths)
		d.Windows = append(d.Windows, MemberWindow{who, shared.WindowStart, shared.TrueEnd(), shared.ContractEnd})
		d.countEnd(&in, who, shared.ContractEnd.Last())
	}
	if in.FirstEnd.IsZero() {
		d.Route, d.Assumed = in.Route, !in.Route.Valid()
		return d, nil
	}
	d.Plan = plan.Work(c.register, in)
	for _, w := range d.Windows {
		if misfit, ok := d.misfit(w.Who, members[w.Who.GSS]); ok {
			d.Misfits = append(d.Misfits, misfit)
		}
	}
	return d, nil
}

// countEnd keeps the earliest contract end, and whose it is.
func (d *Dates) countEnd(in *plan.Input, who *Council, end time.Time) {
	switch {
	case end.IsZero(), !in.FirstEnd.IsZero() && end.After(in.FirstEnd):
	case end.Equal(in.FirstEnd):
		d.First = append(d.First, who)
	default:
		in.FirstEnd, d.First = end, []*Council{who}
	}
}

// planInput is what a group itself says.
func (g *BuyingGroup) planInput(today time.Time) plan.Input {
	p := g.Plan
	return plan.Input{Today: today, Route: p.Route, KeyDecision: p.KeyDecision, Engage: p.Engage, DocsLater: p.DocsLater, UK3: p.UK3.First(),
		AgreeWeeks: p.AgreeWeeks, EngagementWeeks: p.EngagementWeeks, CommitteeWeeks: p.CommitteeWeeks, CallInDays: p.CallInDays,
		CompetitionWeeks: p.CompetitionWeeks, EvaluationWeeks: p.EvaluationWeeks, GoLiveMonths: p.GoLiveMonths, NoticeMonths: p.NoticeMonths,
		Reached: g.reached()}
}

// reached is the first step that has not begun at the group's stage.
func (g *BuyingGroup) reached() plan.Kind {
	switch g.Stage {
	case Agreed:
		return plan.Engagement
	case Engaging:
		return plan.KeyNotice
	case Procuring:
		if g.Plan.Route == plan.Extension {
			return plan.GiveNotice
		}
		return plan.Evaluate
	case Awarded, Closed:
		return plan.AllBegun
	}
	return plan.Agree
}

// misfit says why a plan does not suit a member, if it does not.
func (d *Dates) misfit(who *Council, in *Intention) (Misfit, bool) {
	begins, live := d.Compete, d.Live
	if begins.IsZero() {
		return Misfit{}, false
	}
	name, month := who.Label(), func(t time.Time) string { return t.Format("January 2006") }
	extended := in.ContractEnd.AddMonths(in.ExtensionMonths).Last()
	switch {
	case !extended.IsZero() && extended.Before(live):
		return Misfit{who, "its contract ends on " + dayWords(extended) + ", before the new service could be live on " + dayWords(live),
			"If " + name + " extends to " + month(live) + " it fits."}, true
	case in.ContractEnd.Last().Before(live) && !in.ContractEnd.IsZero():
		return Misfit{who, "its contract ends on " + dayWords(in.ContractEnd.Last()) + ", before the new service could be live on " + dayWords(live),
			"If " + name + " uses its extension to " + month(live) + " it fits."}, true
	case in.WindowStart.First().After(begins):
		return Misfit{who, "it can start from " + dayWords(in.WindowStart.First()) + ", and the plan starts on " + dayWords(begins),
			"If " + name + " can start in " + month(begins) + ", or the first contract is extended, it fits."}, true
	case !in.WindowEnd.IsZero() && in.WindowEnd.Last().Before(begins):
		return Misfit{who, "its window closes on " + dayWords(in.WindowEnd.Last()) + ", and the plan starts on " + dayWords(begins),
			"If " + name + " keeps its window open until " + month(begins) + " it fits."}, true
	}
	return Misfit{}, false
}

// nations lists the nations of some councils, each once.
func nations(members []RoomMember) []string {
	var out []string
	for _, m := range members {
		if m.Who != nil && !slices.Contains(out, m.Who.Nation) {
			out = append(out, m.Who.Nation)
		}
	}
	return out
}
