package catalogue

import (
	"time"

	"jointly/catalogue/plan"
	"jointly/catalogue/register"
)

// ValueClass is where an estimated value stands against the thresholds.
type ValueClass string

// How a joint value stands to its threshold.
const (
	ValueUnknown    ValueClass = "unknown"    // nobody states one
	ValueSmall      ValueClass = "small"      // below what must be published
	ValueNotifiable ValueClass = "notifiable" // below the threshold, and published all the same
	ValueAbove      ValueClass = "above"      // the full rules apply
)

// Estimate is the value of a joint purchase as the law counts it, and what follows.
type Estimate struct {
	Total   float64 // the members' maximums with options, extensions and fees, those asked included; GBP inc VAT
	Class   ValueClass
	Regime  string        // nation whose rules apply: that of the lead authority
	Settled bool          // a lead authority is there; else Regime is that of most members
	Small   register.Rule // from when a contract below the threshold is published
	Notices []NoticeNeed
}

// NoticeNeed is a notice that the purchase needs or may have.
type NoticeNeed struct {
	Rule register.Rule
	Need string    // 'Needed', 'Optional', or on what it depends
	When string    // in words
	By   time.Time // the latest day by the plan; zero: no plan
	Past bool      // the group is past it
}

// notices of thresholds in the register.
const (
	smallContract = "below-threshold-notice-other"
	largeContract = "pipeline-contract"
)

// estimate works out a room's value. Scottish councils are outside the Act: for them no class and no notice is claimed.
func (c *Catalogue) estimate(r *Room) Estimate {
	e := Estimate{Total: r.IfAll + r.Extras, Class: ValueUnknown}
	if e.Regime, e.Settled = regime(r); e.Regime == "Scotland" {
		return e
	}
	e.Small, _ = c.register.Threshold(smallContract, c.Today())
	switch {
	case r.IfAll == 0:
	case r.Above:
		e.Class = ValueAbove
	case e.Small.Value > 0 && e.Total >= float64(e.Small.Value):
		e.Class = ValueNotifiable
	default:
		e.Class = ValueSmall
	}
	need := noticeList{c: c, dates: r.Dates}
	route := r.Group.Plan.Route
	if route == "" {
		route = plan.Tender
	}
	switch {
	case e.Class == ValueSmall:
	case e.Class == ValueNotifiable:
		need.small(route)
	default:
		need.full(route, r.Group.Plan.Engage, e.Total)
	}
	e.Notices = need.list
	return e
}

// regime is whose rules apply: the lead's; without one, the only nation of the members, or else England's.
func regime(r *Room) (nation string, settled bool) {
	if r.Lead != nil {
		return r.Lead.Nation, true
	}
	if all := nations(r.Members); len(all) == 1 {
		return all[0], false
	}
	return "England", false
}

type noticeList struct {
	c     *Catalogue
	dates *Dates
	list  []NoticeNeed
}

// add names a notice with the day that the plan gives the step it belongs to.
func (l *noticeList) add(code, need, when string, step plan.Kind) {
	rule, ok := l.c.register.Rule(register.Notice, code, l.c.Today())
	if !ok {
		return
	}
	n := NoticeNeed{Rule: rule, Need: need, When: when}
	if l.dates != nil && l.dates.Known() {
		if s, ok := l.dates.Step(step); ok {
			if n.By, n.Past = s.Start, s.Begun; step == plan.Details {
				n.By = s.End
			}
		}
	}
	l.list = append(l.list, n)
}

// full is what is published of a purchase at or above the threshold.
func (l *noticeList) full(route plan.Route, engage plan.Answer, total float64) {
	if large, ok := l.c.register.Threshold(largeContract, l.c.Today()); ok && total > float64(large.Value) && route != plan.Extension {
		l.add("UK1", "If the lead authority pays over £100 million a year", "18 months ahead, within 56 days of 1 April", "")
	}
	switch route {
	case plan.Extension:
		l.add("UK10", "Where the contract changes", "Before the change takes effect", plan.GiveNotice)
		return
	case plan.CallOff:
		l.add("UK6", "Needed", "Before the contract is entered; a standstill is not mandatory", plan.Award)
		l.add("UK7", "Needed", "Within 30 days of entering the contract", plan.Details)
		return
	}
	asks := "If the market is engaged; if not, UK4 gives the reasons"
	if engage == plan.Yes {
		asks = "Needed"
	}
	l.add("UK2", asks, "Before the tender notice", plan.Engagement)
	l.add("UK3", "Optional", "40 days to 12 months before UK4; it shortens the tender", plan.Planned)
	l.add("UK4", "Needed", "To begin the tender", plan.Competition)
	l.add("UK6", "Needed", "Before the contract is entered; begins the standstill", plan.Award)
	l.add("UK7", "Needed", "Within 30 days of entering the contract", plan.Details)
}

// small is what is published of a purchase below the threshold.
func (l *noticeList) small(route plan.Route) {
	if route == plan.Tender {
		l.add("UK4", "If it is advertised", "As a below-threshold tender notice, on the central platform before anywhere else", plan.Competition)
	}
	if route != plan.Extension {
		l.add("UK7", "Needed", "As soon as practicable after entering the contract", plan.Details)
	}
}
