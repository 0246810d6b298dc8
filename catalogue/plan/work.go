package plan

import (
	"fmt"
	"slices"
	"time"

	"jointly/catalogue/register"
)

// What is taken for granted where a group has said nothing: usual in councils' procurement, and no law.
const (
	usualAgree       = 4  // weeks
	usualEngagement  = 4  // weeks
	usualCommittee   = 6  // weeks from meeting to meeting
	usualCompetition = 3  // weeks of a mini-competition
	usualEvaluation  = 6  // weeks
	usualGoLive      = 6  // months
	usualNotice      = 3  // months
	usualCallIn      = 5  // working days
	usualTender      = 25 // days; stands where the register has no rule for the day
)

// working is a plan that is being worked out, from its last step to its first.
type working struct {
	Input
	register *register.Register
	days     Days
	steps    []Step // the first in front
}

func (w *working) put(s Step) { w.steps = append(w.steps, s) }

// buy works a tender or a call-off back from the day on which the new service must be live.
func (w *working) buy() {
	live := w.said(w.GoLiveMonths, usualGoLive, "months", "How long data migration and going live take")
	if w.GoLiveMonths == 0 && w.LongestLead > 0 {
		live = Period{w.LongestLead, "months", "The longest time to go live that a member has stated. The group can change it", Said}
	}
	contract := months(w.FirstEnd, -live.Length).AddDate(0, 0, 1) // the first day under the new contract
	w.put(Step{Kind: GoLive, Name: "Data migration and go live", Start: contract, End: w.FirstEnd, Period: live,
		Note: "Live by the last day of the first present contract."})
	w.details(contract)
	before := w.award(contract)
	evaluation := w.said(w.EvaluationWeeks, usualEvaluation, "weeks", "How long tenders take to evaluate and moderate")
	evaluate := weeks(Step{Kind: Evaluate, Name: "Evaluate and moderate", Period: evaluation}, before)
	w.put(evaluate)
	w.decide(w.compete(evaluate.Start))
}

// award is the award notice with its standstill, over before the day on which the contract is entered; it gives the day
// before the step.
func (w *working) award(contract time.Time) time.Time {
	s := Step{Kind: Award, Notice: "UK6", End: w.days.LastUpTo(contract.AddDate(0, 0, -1))}
	s.Period = w.rule("standstill", s.End, 8, "working days")
	if w.Route == CallOff {
		s.Period.Length = 1
		s.Name, s.Note = "Award (UK6)", "A standstill is not mandatory for a call-off under a framework; it may be kept voluntarily."
	} else {
		s.Name = fmt.Sprintf("Award (UK6), standstill %d working days", s.Period.Length)
		s.Note = "The day on which UK6 is published counts as the first."
	}
	s.Start = w.days.Back(s.End, s.Period.Length)
	w.put(s)
	return s.Start.AddDate(0, 0, -1)
}

// details is the contract details notice, beside what follows.
func (w *working) details(contract time.Time) {
	p := w.rule("contract-details", contract, 30, "days")
	w.put(Step{Kind: Details, Name: fmt.Sprintf("Contract details notice (UK7), within %d days", p.Length), Notice: "UK7",
		Start: contract, End: contract.AddDate(0, 0, p.Length), Period: p, Beside: true, Note: "Counted from the day on which the contract is entered."})
}

// compete is the competition, over before a day; it gives the day on which it begins.
func (w *working) compete(before time.Time) time.Time {
	if w.Route == CallOff {
		p := w.said(w.CompetitionWeeks, usualCompetition, "weeks", "How long a mini-competition takes; the framework may say")
		s := weeks(Step{Kind: Competition, Name: "Mini-competition under the framework", Period: p,
			Note: "No tender notice and no minimum period: the framework's own rules hold."}, before.AddDate(0, 0, -1))
		w.put(s)
		return s.Start
	}
	end := w.days.LastUpTo(before.AddDate(0, 0, -1))
	short := w.rule("tender-after-uk3", end, 10, "days")
	shortStart := w.days.LastUpTo(end.AddDate(0, 0, -short.Length))
	from, to := w.qualifying(shortStart)
	p, note := w.minimum(end), "The day on which UK4 is published does not count."
	if !w.UK3.IsZero() && !w.UK3.Before(from) && !w.UK3.After(to) {
		p, note = short, "Shorter, since UK3 was published in time. "+note
	}
	start := w.days.LastUpTo(end.AddDate(0, 0, -p.Length))
	w.put(Step{Kind: Competition, Name: fmt.Sprintf("Tender open (UK4), %d days", p.Length), Notice: "UK4", Start: start, End: end, Period: p, Note: note})
	w.planned(from, to, short)
	return start
}

// minimum is how long a tender must be open without a planned procurement notice.
func (w *working) minimum(on time.Time) Period {
	if w.DocsLater {
		return w.rule("tender-docs-later", on, 30, "days")
	}
	return w.rule("tender-standard", on, usualTender, "days")
}

// qualifying is from when to when a planned procurement notice shortens a tender that begins on a day.
func (w *working) qualifying(tender time.Time) (from, to time.Time) {
	least, most := w.rule("uk3-window-min", tender, 40, "days"), w.rule("uk3-window-max", tender, 12, "months")
	return months(tender, -most.Length), tender.AddDate(0, 0, -least.Length)
}

// planned is the planned procurement notice, beside the rest: it is not needed, and wins days.
func (w *working) planned(from, to time.Time, short Period) {
	p := w.rule("uk3-window-min", to, 40, "days")
	s := Step{Kind: Planned, Name: "Planned procurement notice (UK3), if wanted", Notice: "UK3", Start: to, End: to, Period: p, Beside: true, Optional: true}
	switch {
	case w.UK3.IsZero():
		s.Note = fmt.Sprintf("Published from %s to %s, it lets the tender be open %d days instead of %d.", date(from), date(to), short.Length, w.minimum(to).Length)
		if w.Today.After(to) {
			s.Note = "It is too late for it to shorten the tender."
		}
	case w.UK3.Before(from), w.UK3.After(to):
		s.Name, s.Start, s.End = "Planned procurement notice (UK3), published", w.UK3, w.UK3
		s.Note = fmt.Sprintf("Published on %s, outside %s to %s: it does not shorten the tender.", date(w.UK3), date(from), date(to))
	default:
		s.Name, s.Start, s.End = "Planned procurement notice (UK3), published", w.UK3, w.UK3
		s.Note = fmt.Sprintf("Published on %s: the tender can be open %d days.", date(w.UK3), short.Length)
	}
	w.put(s)
}

// decide is what the members do before the competition begins, or notice of an extension is given.
func (w *working) decide(begins time.Time) {
	key := w.key()
	last := begins.AddDate(0, 0, -1) // the last day on which a committee can meet
	callIn := w.rule("call-in", last, usualCallIn, "working days")
	if w.CallInDays > 0 {
		callIn = Period{w.CallInDays, "working days", "The group's own figure", Said}
	}
	if key {
		last = w.days.Back(last, callIn.Length).AddDate(0, 0, -1)
	}
	meetings := w.committees(last)
	if key {
		s := Step{Kind: CallIn, Name: fmt.Sprintf("Call-in, %d working days", callIn.Length), Start: w.days.FirstFrom(meetings.End.AddDate(0, 0, 1)), Period: callIn,
			Note: "Counted from the working day after the last decision. Each council's constitution sets its own."}
		s.End = w.days.On(s.Start, callIn.Length)
		w.put(s)
	}
	w.put(meetings)
	first := meetings.Start
	if key {
		p := w.rule("key-decision-notice", meetings.Start, 28, "clear days")
		s := Step{Kind: KeyNotice, Name: fmt.Sprintf("Key decision notice, %d clear days", p.Length), Start: ClearBefore(meetings.Start, p.Length),
			End: meetings.Start.AddDate(0, 0, -1), Period: p, Note: "Neither the day of the notice nor that of the meeting counts. " + w.keyNote()}
		first = s.Start
		w.put(s)
	}
	if w.Engage == Yes && w.Route != Extension {
		p := w.said(w.EngagementWeeks, usualEngagement, "weeks", "How long suppliers are asked before the tender")
		s := weeks(Step{Kind: Engagement, Name: "Market engagement (UK2)", Notice: "UK2", Period: p,
			Note: "UK2 is published before it begins, or UK4 gives the reasons why it was not."}, meetings.Start.AddDate(0, 0, -1))
		if s.Start.Before(first) {
			first = s.Start
		}
		w.put(s)
	}
	p := w.said(w.AgreeWeeks, usualAgree, "weeks", "How long the members take to settle what they need")
	w.put(weeks(Step{Kind: Agree, Name: "Agree the matrix and values", Period: p}, first.AddDate(0, 0, -1)))
}

// committees is from the first meeting that decides to the last, all no later than a day.
func (w *working) committees(last time.Time) Step {
	cycle := w.said(w.CommitteeWeeks, usualCommittee, "weeks", "How far a committee's meetings lie apart")
	s := Step{Kind: Committees, Name: "Committees of the members", Period: cycle, Note: "They approve the purchase and delegate the award."}
	for _, c := range w.Committees {
		from, to := last.AddDate(0, 0, 1-7*cycle.Length), last // some meeting is among these days
		if !c.Next.IsZero() {
			from = meeting(day(c.Next), cycle.Length, last)
			to = from
		}
		if s.Start.IsZero() || from.Before(s.Start) {
			s.Start = from
		}
		if to.After(s.End) {
			s.End = to
		}
	}
	if len(w.Committees) == 0 {
		s.Start, s.End = last.AddDate(0, 0, 1-7*cycle.Length), last
	}
	return s
}

// meeting is the last meeting of a cycle that is no later than a day; one meeting is known.
func meeting(known time.Time, weeks int, last time.Time) time.Time {
	n := between(known, last)
	cycle := 7 * weeks
	back := ((n % cycle) + cycle) % cycle
	return last.AddDate(0, 0, -back)
}

// key says that the plan counts with a key decision: where nobody has said, in England it does, to be safe.
func (w *working) key() bool {
	if w.KeyDecision == Unsaid {
		return len(w.Nations) == 0 || slices.Contains(w.Nations, "England")
	}
	return w.KeyDecision == Yes
}

func (w *working) keyNote() string {
	if w.KeyDecision == Unsaid {
		return "Nobody has said yet whether this is a key decision: it is taken to be one."
	}
	return ""
}

// extend works an extension back from the last day on which notice of it can be given.
func (w *working) extend() {
	p := w.said(w.NoticeMonths, usualNotice, "months", "How long before its end the present contract asks for notice of an extension")
	last := months(w.FirstEnd, -p.Length)
	if on := w.days.LastUpTo(last); on.Before(last) {
		last = on
	}
	w.put(Step{Kind: GiveNotice, Name: "Give notice of the extension", Start: last, End: last, Period: p,
		Note: "The latest day under the present contract. Read the contract: it may set another, or none."})
	change := w.notice("UK10", w.FirstEnd)
	w.put(Step{Kind: Change, Name: "Contract change notice (UK10), where the contract changes", Notice: "UK10", Start: last, End: w.FirstEnd,
		Period: change, Beside: true, Note: "Before the change takes effect. An extension that the contract provides for already may need none."})
	w.decide(last)
}

// weeks places a step of so many weeks so that it ends on a day.
func weeks(s Step, end time.Time) Step {
	s.End, s.Start = end, end.AddDate(0, 0, 1-7*s.Period.Length)
	return s
}

// said is a period that the group has said, or the usual one as an assumption.
func (w *working) said(n, usual int, unit, what string) Period {
	if n > 0 {
		return Period{n, unit, "The group's own figure", Said}
	}
	return Period{usual, unit, what + ": assumed. The group can change it", Assumed}
}

// rule is a period of the register as it holds on a day.
func (w *working) rule(code string, on time.Time, otherwise int, unit string) Period {
	r, ok := w.register.Rule(register.Period, code, on)
	if !ok {
		return Period{otherwise, unit, "The register has no rule for that day: assumed as it was last", Assumed}
	}
	return Period{r.Value, r.Unit, r.Name + ". " + r.Source, r.Known}
}

// notice is what the register says of a notice that has no period of its own.
func (w *working) notice(code string, on time.Time) Period {
	r, _ := w.register.Rule(register.Notice, code, on)
	return Period{r.Value, r.Unit, r.Name + ": " + r.AppliesTo + ". " + r.Source, r.Known}
}

func date(t time.Time) string { return t.Format("2 January 2006") }
