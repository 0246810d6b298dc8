// Package plan works the dates of a joint purchase back from the first present contract that ends: when the group must
// decide, publish, hold its committees, tender, award and go live, and what could give where it is too late.
//
// It is pure: what it knows of law comes from the register's dated rules, and what it takes for granted says so.
package plan

import (
	"cmp"
	"slices"
	"time"

	"jointly/catalogue/register"
)

// Route is how a group buys.
type Route string

// The routes to market.
const (
	CallOff   Route = "call-off"  // from a framework, with a mini-competition
	Tender    Route = "tender"    // open to all suppliers
	Extension Route = "extension" // the present contract runs on
)

// Routes lists the routes.
func Routes() []Route { return []Route{Tender, CallOff, Extension} }

// Valid says that a route is one of those.
func (r Route) Valid() bool { return r == CallOff || r == Tender || r == Extension }

// Words is the route as people say it.
func (r Route) Words() string {
	switch r {
	case CallOff:
		return "call-off from a framework"
	case Extension:
		return "extension of the present contract"
	}
	return "open tender"
}

// Answer is yes, no, or not said yet.
type Answer string

// The answers.
const (
	Unsaid Answer = ""
	Yes    Answer = "yes"
	No     Answer = "no"
)

// Committee is a member's committee that decides.
type Committee struct {
	Who  string    // the member's name
	Next time.Time // a day on which it meets; zero: not known
}

// Input is what a plan is worked out from. Zero stands for what nobody has said: an assumption is made and named.
type Input struct {
	Today       time.Time
	FirstEnd    time.Time // the last day of the first present contract that ends
	Route       Route
	Nations     []string // of the members, as the register of councils names them
	Committees  []Committee
	KeyDecision Answer
	Engage      Answer    // ask the market before the tender
	DocsLater   bool      // some tender documents are not supplied with the tender notice
	UK3         time.Time // when the planned procurement notice was published; zero: it was not

	AgreeWeeks, EngagementWeeks, CommitteeWeeks, CompetitionWeeks, EvaluationWeeks int
	CallInDays, GoLiveMonths, NoticeMonths                                         int
	LongestLead                                                                    int // months to go live: the most that a member has stated

	Reached Kind // the first step that is not begun yet; empty: the first of all
}

// Kind names a step. It is stable: calendars and reports know steps by it.
type Kind string

// The steps of a plan, in the order in which they happen.
const (
	Agree       Kind = "agree"
	Engagement  Kind = "engagement"
	Planned     Kind = "planned-notice"
	KeyNotice   Kind = "key-decision-notice"
	Committees  Kind = "committees"
	CallIn      Kind = "call-in"
	Competition Kind = "competition" // a tender, or the mini-competition of a call-off
	Evaluate    Kind = "evaluate"
	Award       Kind = "award"
	Details     Kind = "details"
	GoLive      Kind = "go-live"
	GiveNotice  Kind = "give-notice" // of an extension, under the present contract
	Change      Kind = "change-notice"
)

// rank orders the kinds as they are done.
func (k Kind) rank() int {
	return slices.Index([]Kind{Agree, Engagement, KeyNotice, Committees, CallIn, Planned, Competition, Evaluate, Award, Details, GiveNotice, Change, GoLive, AllBegun}, k)
}

// AllBegun is for Input.Reached: every step has begun.
const AllBegun Kind = "all-begun"

// Assumed says that a period is neither law nor something that the group has said.
const Assumed register.Known = "assumed"

// Said says that the group chose a period itself.
const Said register.Known = "said by the group"

// Period is how long a step takes, and how that is known.
type Period struct {
	Length int
	Unit   string // days, working days, clear days, weeks, months
	Source string
	Known  register.Known
}

// Step is one stretch of the plan. Its days are the latest: a step may begin earlier.
type Step struct {
	Kind       Kind
	Name       string // 'Tender open (UK4), 25 days'
	Notice     string // code of the notice that it begins with, such as UK4; empty: none
	Start, End time.Time
	Period     Period
	Beside     bool // runs beside others, and holds none of them up
	Optional   bool
	Begun      bool   // the group is at it, or past it
	Late       int    // days by which its latest start has passed
	Note       string // what to know about it
}

// Gap is days that the plan leaves free between two steps.
type Gap struct {
	After, Before string // names of the steps
	Days          int
}

// Give is something that would win time.
type Give struct {
	Text   string
	Days   int  // won
	Enough bool // the plan would no longer be late
}

// Plan is the dates of a purchase.
type Plan struct {
	Route    Route
	Assumed  bool // nobody has decided the route yet
	FirstEnd time.Time
	Steps    []Step    // in the order in which they are done
	DecideBy time.Time // the last day to agree what is bought
	Next     Kind      // the first step that is not begun; empty: all are
	Slack    int       // days left until Next must begin; below 0: it is late by so many
	Gaps     []Gap
	Gives    []Give    // where it is late
	Compete  time.Time // when the competition would begin, moved on by what is late; zero for an extension
	Live     time.Time // when the last service would be live, moved on in the same way
}

// Late is by how many days the plan is late; 0: it is not.
func (p Plan) Late() int { return max(0, -p.Slack) }

// Step finds a step; ok is false where the route has none of that kind.
func (p Plan) Step(k Kind) (s Step, ok bool) {
	for _, s := range p.Steps {
		if s.Kind == k {
			return s, true
		}
	}
	return Step{}, false
}

// Work works a plan out. The first end and today must be given.
func Work(r *register.Register, in Input) Plan {
	days := NewDays(in.Nations)
	p := work(r, in, days)
	p.Gives = gives(r, in, p, days)
	return p
}

// work is Work without what could give.
func work(r *register.Register, in Input, days Days) Plan {
	w := &working{Input: in, register: r, days: days}
	w.Today, w.FirstEnd, w.UK3 = day(in.Today), day(in.FirstEnd), day(in.UK3)
	p := Plan{Route: in.Route, FirstEnd: w.FirstEnd}
	if !in.Route.Valid() {
		w.Route, p.Route, p.Assumed = Tender, Tender, true
	}
	switch w.Route {
	case Extension:
		w.extend()
	default:
		w.buy()
	}
	p.Steps = w.steps
	p.finish(w.Today, in.Reached)
	return p
}

// finish puts the steps in order, and marks what is begun and what is late.
func (p *Plan) finish(today time.Time, reached Kind) {
	slices.SortStableFunc(p.Steps, func(a, b Step) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Kind.rank(), b.Kind.rank()))
	})
	for i := range p.Steps {
		s := &p.Steps[i]
		if s.Begun = s.Kind.rank() < reached.rank(); s.Begun || s.Beside {
			continue
		}
		s.Late = max(0, between(s.Start, today))
		if p.Next == "" {
			p.Next, p.Slack = s.Kind, between(today, s.Start)
		}
	}
	if agree, ok := p.Step(Agree); ok {
		p.DecideBy = agree.End
	}
	p.gaps()
	if s, ok := p.Step(Competition); ok {
		p.Compete = s.Start.AddDate(0, 0, p.Late())
	}
	p.Live = p.FirstEnd.AddDate(0, 0, p.Late())
}

// gaps finds free days between steps that follow one another.
func (p *Plan) gaps() {
	var before Step
	for _, s := range p.Steps {
		if s.Beside {
			continue
		}
		if before.Kind != "" {
			if n := between(before.End, s.Start) - 1; n > 3 { // less is a weekend
				p.Gaps = append(p.Gaps, Gap{before.Name, s.Name, n})
			}
		}
		if before.Kind == "" || s.End.After(before.End) {
			before = s
		}
	}
}
