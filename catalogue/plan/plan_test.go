package plan_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jointly/catalogue/plan"
	"jointly/catalogue/register"
)

func on(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func rules(t testing.TB) *register.Register {
	t.Helper()
	r, err := register.Load()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// whole is a plan's steps as 'kind start end'.
func whole(p plan.Plan) []string {
	var out []string
	for _, s := range p.Steps {
		out = append(out, string(s.Kind)+" "+s.Start.Format(time.DateOnly)+" "+s.End.Format(time.DateOnly))
	}
	return out
}

func same(t *testing.T, what string, got []string, want string) {
	t.Helper()
	if joined := strings.Join(got, "\n"); joined != strings.TrimSpace(want) {
		t.Errorf("%s:\n%s\nwant:\n%s", what, joined, strings.TrimSpace(want))
	}
}

func TestATenderIsWorkedBack(t *testing.T) {
	p := plan.Work(rules(t), plan.Input{Today: on("2026-11-23"), FirstEnd: on("2028-01-31"), Route: plan.Tender, Nations: []string{"England"},
		KeyDecision: plan.Yes, Engage: plan.Yes, DocsLater: true, GoLiveMonths: 4})
	// By hand: four months before 31 January is 30 September; eight working days up to it; six weeks; 30 days from a
	// Friday to a Monday; five working days; six weeks of meetings; 28 clear days; four weeks.
	same(t, "a tender", whole(p), `
agree 2027-03-25 2027-04-21
key-decision-notice 2027-04-22 2027-05-20
engagement 2027-04-23 2027-05-20
committees 2027-05-21 2027-07-01
planned-notice 2027-06-20 2027-06-20
call-in 2027-07-02 2027-07-08
competition 2027-07-09 2027-08-09
evaluate 2027-08-10 2027-09-20
award 2027-09-21 2027-09-30
details 2027-10-01 2027-10-31
go-live 2027-10-01 2028-01-31`)
	if p.Slack != 122 || p.Next != plan.Agree || !p.DecideBy.Equal(on("2027-04-21")) || p.Assumed || !p.Compete.Equal(on("2027-07-09")) {
		t.Errorf("slack %d before %s, decide by %s, competition on %s", p.Slack, p.Next, p.DecideBy, p.Compete)
	}
	for _, s := range p.Steps {
		if s.Period.Source == "" || s.Period.Known == "" || s.Name == "" {
			t.Errorf("%s does not say how it is known: %+v", s.Kind, s.Period)
		}
	}
	known := map[plan.Kind]register.Known{plan.Agree: plan.Assumed, plan.Evaluate: plan.Assumed, plan.GoLive: plan.Said, plan.KeyNotice: register.KnownVerified,
		plan.CallIn: register.KnownGeneral, plan.Competition: register.KnownExcerpt, plan.Award: register.KnownVerified}
	for kind, want := range known {
		if s, _ := p.Step(kind); s.Period.Known != want {
			t.Errorf("%s is known as %q, want %q", kind, s.Period.Known, want)
		}
	}
}

func TestAPlannedNoticeShortensTheTender(t *testing.T) {
	r := rules(t)
	in := plan.Input{Today: on("2026-11-23"), FirstEnd: on("2028-01-31"), Route: plan.Tender, Nations: []string{"England"}, GoLiveMonths: 4}
	for _, test := range []struct {
		published string
		days      int
	}{
		{"", 25},
		{"2027-06-20", 10}, // the last day: 40 before 30 July
		{"2027-06-21", 25}, // a day late
		{"2026-07-30", 10}, // the first day: 12 months before
		{"2026-07-29", 25},
	} {
		if in.UK3 = (time.Time{}); test.published != "" {
			in.UK3 = on(test.published)
		}
		s, _ := plan.Work(r, in).Step(plan.Competition)
		if s.Period.Length != test.days {
			t.Errorf("with UK3 on %q the tender is open %d days, want %d", test.published, s.Period.Length, test.days)
		}
	}
}

func TestRulesHoldOnTheirDay(t *testing.T) {
	// Before 24 February 2025 the register has no tendering period: the plan says so, and does not borrow the later one's source.
	p := plan.Work(rules(t), plan.Input{Today: on("2023-01-01"), FirstEnd: on("2024-12-31"), Route: plan.Tender, Nations: []string{"England"}})
	if s, _ := p.Step(plan.Competition); s.Period.Known != plan.Assumed {
		t.Errorf("a tender of 2024 is known as %q: %s", s.Period.Known, s.Period.Source)
	}
	if s, _ := p.Step(plan.KeyNotice); s.Period.Known != register.KnownVerified {
		t.Errorf("a key decision notice of 2024 is known as %q", s.Period.Known)
	}
}

func TestBankHolidays(t *testing.T) {
	for _, test := range []struct {
		nation string
		days   string // of 2026 to 2029, those that are no weekend
	}{
		{"England", `2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
			2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
			2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
			2029-01-01 2029-03-30 2029-04-02 2029-05-07 2029-05-28 2029-08-27 2029-12-25 2029-12-26`},
		{"Scotland", `2026-01-01 2026-01-02 2026-04-03 2026-05-04 2026-05-25 2026-08-03 2026-11-30 2026-12-25 2026-12-28
			2027-01-01 2027-01-04 2027-03-26 2027-05-03 2027-05-31 2027-08-02 2027-11-30 2027-12-27 2027-12-28
			2028-01-03 2028-01-04 2028-04-14 2028-05-01 2028-05-29 2028-08-07 2028-11-30 2028-12-25 2028-12-26
			2029-01-01 2029-01-02 2029-03-30 2029-05-07 2029-05-28 2029-08-06 2029-11-30 2029-12-25 2029-12-26`},
		{"Northern Ireland", `2026-01-01 2026-03-17 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-07-13 2026-08-31 2026-12-25 2026-12-28
			2027-01-01 2027-03-17 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-07-12 2027-08-30 2027-12-27 2027-12-28
			2028-01-03 2028-03-17 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-07-12 2028-08-28 2028-12-25 2028-12-26
			2029-01-01 2029-03-19 2029-03-30 2029-04-02 2029-05-07 2029-05-28 2029-07-12 2029-08-27 2029-12-25 2029-12-26`},
	} {
		days := plan.NewDays([]string{test.nation})
		var got []string
		for d := on("2026-01-01"); d.Before(on("2030-01-01")); d = d.AddDate(0, 0, 1) {
			if weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; weekend && days.Works(d) {
				t.Errorf("%s works on %s", test.nation, d.Format("Monday 2 January 2006"))
			} else if !weekend && !days.Works(d) {
				got = append(got, d.Format(time.DateOnly))
			}
		}
		same(t, test.nation, got, strings.Join(strings.Fields(test.days), "\n"))
	}
	for year, want := range map[int]string{2026: "2026-04-05", 2027: "2027-03-28", 2028: "2028-04-16", 2029: "2029-04-01"} {
		if got := plan.Easter(year).Format(time.DateOnly); got != want {
			t.Errorf("Easter %d is %s, want %s", year, got, want)
		}
	}
	// Where members are of several nations, a day works where it works for all.
	if all := plan.NewDays([]string{"England", "Scotland"}); all.Works(on("2027-11-30")) || all.Works(on("2027-03-29")) {
		t.Error("a day on which one of two nations rests is a working day")
	}
}

func TestClearDays(t *testing.T) {
	// Notice on 1 March, meeting on 30 March: the 28 days from 2 to 29 March lie between them.
	if got := plan.ClearBefore(on("2027-03-30"), 28); !got.Equal(on("2027-03-01")) {
		t.Errorf("28 clear days before 30 March begin on %s", got.Format(time.DateOnly))
	}
}

func TestACallOffAndAnExtension(t *testing.T) {
	r := rules(t)
	in := plan.Input{Today: on("2026-11-23"), FirstEnd: on("2028-01-31"), Route: plan.CallOff, Nations: []string{"England"}, KeyDecision: plan.No, GoLiveMonths: 4}
	p := plan.Work(r, in)
	same(t, "a call-off", whole(p), `
agree 2027-05-20 2027-06-16
committees 2027-06-17 2027-07-28
competition 2027-07-29 2027-08-18
evaluate 2027-08-19 2027-09-29
award 2027-09-30 2027-09-30
details 2027-10-01 2027-10-31
go-live 2027-10-01 2028-01-31`)
	for _, s := range p.Steps {
		if s.Notice == "UK4" || s.Notice == "UK3" {
			t.Errorf("a call-off has %s", s.Name)
		}
	}
	if award, _ := p.Step(plan.Award); !award.Start.Equal(award.End) || !strings.Contains(award.Note, "not mandatory") {
		t.Errorf("a call-off awards from %s to %s: %s", award.Start, award.End, award.Note)
	}
	in.Route, in.KeyDecision, in.NoticeMonths = plan.Extension, plan.Yes, 6
	p = plan.Work(r, in)
	same(t, "an extension", whole(p), `
agree 2027-04-15 2027-05-12
key-decision-notice 2027-05-13 2027-06-10
committees 2027-06-11 2027-07-22
call-in 2027-07-23 2027-07-29
give-notice 2027-07-30 2027-07-30
change-notice 2027-07-30 2028-01-31`)
	if s, _ := p.Step(plan.GiveNotice); s.Period.Known != plan.Said || !s.End.Equal(on("2027-07-30")) { // 31 July 2027 is a Saturday
		t.Errorf("notice of an extension is given by %s (%s)", s.End, s.Period.Known)
	}
	if s, ok := p.Step(plan.Change); !ok || s.Notice != "UK10" {
		t.Error("an extension does not tell of UK10")
	}
}

func TestKnownMeetingsHoldTheCommittees(t *testing.T) {
	in := plan.Input{Today: on("2026-11-23"), FirstEnd: on("2028-01-31"), Route: plan.Tender, Nations: []string{"England"}, KeyDecision: plan.Yes, GoLiveMonths: 4, CommitteeWeeks: 5,
		Committees: []plan.Committee{{Who: "Aldermere", Next: on("2027-02-09")}, {Who: "Fenholme", Next: on("2027-01-14")}}}
	p := plan.Work(rules(t), in)
	s, _ := p.Step(plan.Committees)
	call, _ := p.Step(plan.CallIn)
	// Every five weeks from 9 February: 29 June is the last before call-in must begin; from 14 January: 8 July is too late, 3 June is not.
	if !s.Start.Equal(on("2027-06-03")) || !s.End.Equal(on("2027-06-29")) {
		t.Errorf("the committees meet from %s to %s", s.Start, s.End)
	}
	if !call.Start.After(s.End) || len(p.Gaps) == 0 {
		t.Errorf("call-in begins on %s, gaps %v", call.Start, p.Gaps)
	}
}

func TestWhereMembersDecideOtherwise(t *testing.T) {
	for _, nation := range []string{"Wales", "Scotland", "Northern Ireland"} {
		p := plan.Work(rules(t), plan.Input{Today: on("2026-11-23"), FirstEnd: on("2028-01-31"), Route: plan.Tender, Nations: []string{nation}})
		if _, ok := p.Step(plan.KeyNotice); ok {
			t.Errorf("councils of %s are taken to give notice of key decisions, which is English law", nation)
		}
	}
}

func TestTooLate(t *testing.T) {
	r := rules(t)
	in := plan.Input{Today: on("2026-11-23"), FirstEnd: on("2027-06-30"), Nations: []string{"England"}, Engage: plan.Yes, EngagementWeeks: 6, DocsLater: true}
	p := plan.Work(r, in)
	first, _ := p.Step(plan.KeyNotice)
	agree, _ := p.Step(plan.Agree)
	if !p.Assumed || p.Route != plan.Tender || p.Late() == 0 || agree.Late != p.Late() || first.Late >= agree.Late || first.Late == 0 {
		t.Errorf("late by %d, agreeing by %d, the notice by %d", p.Late(), agree.Late, first.Late)
	}
	if !p.Live.Equal(in.FirstEnd.AddDate(0, 0, p.Late())) {
		t.Errorf("live on %s", p.Live)
	}
	for _, words := range []string{"Supply every document", "Leave out the market engagement", "Call off", "Extend the first contract"} {
		found := false
		for _, g := range p.Gives {
			found = found || strings.Contains(g.Text, words) && g.Days > 0
		}
		if !found {
			t.Errorf("it does not say %q: %+v", words, p.Gives)
		}
	}
	last := p.Gives[len(p.Gives)-1]
	in.FirstEnd = in.FirstEnd.AddDate(0, 0, last.Days)
	if !last.Enough || plan.Work(r, in).Late() != 0 {
		t.Error("with the extension that it proposes it is still late")
	}
	// What has begun is not late.
	in.FirstEnd, in.Reached = on("2027-06-30"), plan.AllBegun
	if p := plan.Work(r, in); p.Late() != 0 || p.Next != "" {
		t.Errorf("when all has begun it is late by %d before %q", p.Late(), p.Next)
	}
}

// input draws any plan without a published planned procurement notice, which can only shorten one.
func input(t *rapid.T) plan.Input {
	in := plan.Input{
		Today:       on("2026-11-23"),
		FirstEnd:    on("2026-06-01").AddDate(0, 0, rapid.IntRange(0, 1500).Draw(t, "end")),
		Route:       rapid.SampledFrom(plan.Routes()).Draw(t, "route"),
		Nations:     rapid.SliceOf(rapid.SampledFrom([]string{"England", "Wales", "Scotland", "Northern Ireland"})).Draw(t, "nations"),
		KeyDecision: rapid.SampledFrom([]plan.Answer{plan.Unsaid, plan.Yes, plan.No}).Draw(t, "key"),
		Engage:      rapid.SampledFrom([]plan.Answer{plan.Unsaid, plan.Yes, plan.No}).Draw(t, "engage"),
		DocsLater:   rapid.Bool().Draw(t, "later"),
	}
	for _, n := range []*int{&in.AgreeWeeks, &in.EngagementWeeks, &in.CommitteeWeeks, &in.CompetitionWeeks, &in.EvaluationWeeks, &in.CallInDays, &in.GoLiveMonths, &in.NoticeMonths} {
		*n = rapid.IntRange(0, 12).Draw(t, "period")
	}
	for range rapid.IntRange(0, 4).Draw(t, "committees") {
		c := plan.Committee{}
		if rapid.Bool().Draw(t, "known") {
			c.Next = on("2026-11-01").AddDate(0, 0, rapid.IntRange(0, 300).Draw(t, "next"))
		}
		in.Committees = append(in.Committees, c)
	}
	return in
}

func TestStepsComeInOrder(t *testing.T) {
	r := rules(t)
	rapid.Check(t, func(t *rapid.T) {
		p := plan.Work(r, input(t))
		var before plan.Step
		seen := map[plan.Kind]bool{}
		for i, s := range p.Steps {
			if s.End.Before(s.Start) || seen[s.Kind] || i > 0 && s.Start.Before(p.Steps[i-1].Start) {
				t.Fatalf("%s from %s to %s", s.Kind, s.Start, s.End)
			}
			seen[s.Kind] = true
			together := before.Kind == plan.KeyNotice && s.Kind == plan.Engagement || before.Kind == plan.Engagement && s.Kind == plan.KeyNotice
			if !s.Beside && before.Kind != "" && !together && !s.Start.After(before.End) {
				t.Fatalf("%s begins on %s, before %s ends on %s", s.Kind, s.Start, before.Kind, before.End)
			}
			if !s.Beside && (before.Kind == "" || s.End.After(before.End)) {
				before = s
			}
			if s.End.After(p.FirstEnd) && !s.Beside {
				t.Fatalf("%s ends after the first contract does", s.Kind)
			}
		}
		if !p.DecideBy.Before(p.FirstEnd) {
			t.Fatal("the group may decide after the first contract ends")
		}
	})
}

func TestALaterEndNeverMakesAnythingEarlier(t *testing.T) {
	r := rules(t)
	rapid.Check(t, func(t *rapid.T) {
		in := input(t)
		one := plan.Work(r, in)
		in.FirstEnd = in.FirstEnd.AddDate(0, 0, rapid.SampledFrom([]int{1, 7, 30}).Draw(t, "later"))
		other := plan.Work(r, in)
		for _, s := range one.Steps {
			then, ok := other.Step(s.Kind)
			if !ok || then.Start.Before(s.Start) || then.End.Before(s.End) {
				t.Fatalf("%s moved from %s to %s", s.Kind, s.Start, then.Start)
			}
		}
		if other.Slack < one.Slack || other.Late() > one.Late() {
			t.Fatalf("slack fell from %d to %d", one.Slack, other.Slack)
		}
	})
}

func TestALongerPeriodNeverWinsTime(t *testing.T) {
	r := rules(t)
	rapid.Check(t, func(t *rapid.T) {
		in := input(t)
		in.EvaluationWeeks, in.AgreeWeeks = max(1, in.EvaluationWeeks), max(1, in.AgreeWeeks)
		one := plan.Work(r, in)
		in.EvaluationWeeks++
		in.AgreeWeeks++
		if other := plan.Work(r, in); other.Slack > one.Slack {
			t.Fatalf("slack rose from %d to %d", one.Slack, other.Slack)
		}
	})
}
