package plan

import (
	"fmt"
	"time"

	"jointly/catalogue/register"
)

// gives lists what would win time where a plan is late, each worked out as a plan of its own.
func gives(r *register.Register, in Input, late Plan, days Days) []Give {
	if late.Late() == 0 {
		return nil
	}
	var out []Give
	add := func(text string, other Plan) {
		if won := other.Slack - late.Slack; won > 0 {
			out = append(out, Give{fmt.Sprintf("%s: wins %s", text, daysWon(won)), won, other.Late() == 0})
		}
	}
	with := func(change func(*Input)) Plan {
		other := in
		change(&other)
		return work(r, other, days)
	}
	ahead := func(k Kind) bool { s, ok := late.Step(k); return ok && !s.Begun }
	if s, ok := late.Step(Planned); ok && ahead(Competition) && in.UK3.IsZero() {
		from := day(in.Today)
		if !from.After(s.End) {
			add("Publish a planned procurement notice (UK3) by "+date(s.End), with(func(o *Input) { o.UK3 = s.End }))
		}
	}
	if in.DocsLater && ahead(Competition) {
		add("Supply every document with the tender notice", with(func(o *Input) { o.DocsLater = false }))
	}
	if ahead(Engagement) {
		add("Leave out the market engagement, and give the reasons in UK4", with(func(o *Input) { o.Engage = No }))
	}
	if late.Route == Tender && ahead(Competition) {
		add("Call off from a framework that the members may use, instead of a tender", with(func(o *Input) { o.Route = CallOff }))
	}
	if s, ok := late.Step(Evaluate); ok && !s.Begun && s.Period.Length > 3 {
		add("Evaluate in 3 weeks", with(func(o *Input) { o.EvaluationWeeks = 3 }))
	}
	if late.Route != Extension {
		n, until := extension(r, in, late, days)
		out = append(out, Give{fmt.Sprintf("Extend the first contract by %s, to %s: the plan then fits", count(n, "month", "months"), date(until)), between(late.FirstEnd, until), true})
	}
	return out
}

// extension is by how many whole months the first contract would have to run on for the plan to fit.
func extension(r *register.Register, in Input, late Plan, days Days) (n int, until time.Time) {
	for n = max(1, late.Late()/31); ; n++ { // each month wins at least 28 days, and at most 31
		other := in
		other.FirstEnd = months(day(in.FirstEnd), n)
		if work(r, other, days).Late() == 0 {
			break
		}
	}
	return n, months(late.FirstEnd, n)
}

func daysWon(n int) string { return count(n, "day", "days") }

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
