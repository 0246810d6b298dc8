package catalogue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"jointly/catalogue"
)

func TestAFindingRestsOnWhatEverybodyCanRead(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	op := catalogue.Operator("test")
	hidden := s.intention(birmingham, catalogue.Councils)
	f := catalogue.PlanFinding{Meta: catalogue.Meta{ID: "f1"}, Title: "Most contacts about bins are online", Need: catalogue.NeedChannels}

	_, err := c.SaveFinding(ctx, officer(birmingham, catalogue.RoleLead), f, false, "")
	is(t, "a council draws a finding", err, catalogue.Forbidden)
	_, err = c.SaveFinding(ctx, op, f, true, "")
	is(t, "published without evidence", err, catalogue.Invalid)
	f.Evidence = []catalogue.Evidence{{Path: "/intentions/" + hidden.ID, Says: "a need"}}
	_, err = c.SaveFinding(ctx, op, f, false, "")
	is(t, "evidence that councils alone see", err, catalogue.Invalid)
	f.Evidence = []catalogue.Evidence{{Path: "https://elsewhere.example/services/524", Says: "x"}}
	_, err = c.SaveFinding(ctx, op, f, false, "")
	is(t, "evidence elsewhere", err, catalogue.Invalid)

	f.Evidence = []catalogue.Evidence{{Path: "/services/524#channels", Says: "median 62% online, 14 councils"}}
	draft := must[*catalogue.PlanFinding](t)(c.SaveFinding(ctx, op, f, false, ""))
	if draft.Evidence[0].Title == "" {
		t.Error("evidence has no title")
	}
	if again := must[*catalogue.PlanFinding](t)(c.SaveFinding(ctx, op, f, false, "")); again.Version != draft.Version {
		t.Error("the same form twice saves twice")
	}
	_, err = c.Finding(ctx, catalogue.Anonymous(), "f1")
	is(t, "a draft is read", err, catalogue.NotFound)

	out := must[*catalogue.PlanFinding](t)(c.SaveFinding(ctx, op, *draft, true, ""))
	must[*catalogue.PlanFinding](t)(c.Finding(ctx, catalogue.Anonymous(), "f1"))
	out.Title = "Two in three contacts about bins are online"
	_, err = c.SaveFinding(ctx, op, *out, false, "")
	is(t, "changed without a reason", err, catalogue.Invalid)
	stale := *out
	stale.Version--
	_, err = c.SaveFinding(ctx, op, stale, false, "A later edition")
	is(t, "changed from what is no longer so", err, catalogue.Conflict)
	out = must[*catalogue.PlanFinding](t)(c.SaveFinding(ctx, op, *out, false, "A later edition"))
	if len(out.Changes) != 1 || out.Changes[0].Was[0].Text != "Most contacts about bins are online" || out.Changes[0].Why != "A later edition" {
		t.Errorf("what it said before: %+v", out.Changes)
	}

	_, err = c.WithdrawFinding(ctx, op, "f1", out.Version, " ")
	is(t, "withdrawn without a reason", err, catalogue.Invalid)
	if gone := must[bool](t)(c.WithdrawFinding(ctx, op, "f1", out.Version, "The volumes were counted twice.")); gone {
		t.Error("a published finding is deleted")
	}
	if f := must[*catalogue.PlanFinding](t)(c.Finding(ctx, catalogue.Anonymous(), "f1")); f.State != catalogue.PlanWithdrawn || f.Reason == "" {
		t.Errorf("a withdrawn finding: %+v", f)
	}
}

func TestACouncilIsNamedAsLeadingOnceItAgrees(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	op := catalogue.Operator("test")
	lead, viewer, other := officer(birmingham, catalogue.RoleLead), officer(birmingham, catalogue.RoleContributor), officer(coventry, catalogue.RoleLead)
	draft := must[*catalogue.PlanFinding](t)(c.SaveFinding(ctx, op, catalogue.PlanFinding{Meta: catalogue.Meta{ID: "f1"}, Title: "A finding", Need: catalogue.NeedCollaboration,
		Evidence: []catalogue.Evidence{{Path: "/services/524", Says: "x"}}}, false, ""))
	r := catalogue.Recommendation{Meta: catalogue.Meta{ID: "r1"}, Title: "Buy it together", Findings: []string{"f1"}, Lead: birmingham}
	_, err := c.SaveRecommendation(ctx, op, r, true, "")
	is(t, "published on a draft", err, catalogue.Invalid)
	must[*catalogue.PlanFinding](t)(c.SaveFinding(ctx, op, *draft, true, ""))
	saved := must[*catalogue.Recommendation](t)(c.SaveRecommendation(ctx, op, r, false, ""))
	_, err = c.AnswerLead(ctx, lead, "r1", true, "")
	is(t, "a draft is answered", err, catalogue.NotFound)
	saved = must[*catalogue.Recommendation](t)(c.SaveRecommendation(ctx, op, *saved, true, ""))
	if n := count(t, c, catalogue.KindNews); n != 1 {
		t.Errorf("the council was told %d times", n)
	}

	if w := must[catalogue.Waiting](t)(c.Waiting(ctx, lead)); w.Leads != 1 || w.Sum() != 1+w.Unread {
		t.Errorf("what waits for the council that is asked: %+v", w)
	}
	if w := must[catalogue.Waiting](t)(c.Waiting(ctx, other)); w.Leads != 0 {
		t.Errorf("what waits for another council: %+v", w)
	}

	named := func(a catalogue.Actor) bool {
		got := must[*catalogue.Recommendation](t)(c.Recommendation(ctx, a, "r1"))
		return strings.Contains(asJSON(t, got), birmingham)
	}
	for who, a := range map[string]catalogue.Actor{"nobody": catalogue.Anonymous(), "another council": other} {
		if named(a) {
			t.Errorf("%s reads who is asked", who)
		}
		_, err := c.AnswerLead(ctx, a, "r1", true, "")
		if err == nil {
			t.Errorf("%s answers", who)
		}
	}
	_, err = c.AnswerLead(ctx, viewer, "r1", true, "")
	is(t, "a contributor answers", err, catalogue.Forbidden)
	_, err = c.ReportProgress(ctx, lead, "r1", saved.Version, catalogue.PlanUnderWay, "Begun")
	is(t, "progress before it agrees", err, catalogue.Forbidden)

	declined := must[*catalogue.Recommendation](t)(c.AnswerLead(ctx, lead, "r1", false, "No capacity until April"))
	if text := asJSON(t, must[*catalogue.Recommendation](t)(c.Recommendation(ctx, catalogue.Anonymous(), "r1"))); strings.Contains(text, "declined") || strings.Contains(text, "capacity") {
		t.Error("everybody reads that somebody declined")
	}
	agreed := must[*catalogue.Recommendation](t)(c.AnswerLead(ctx, lead, "r1", true, ""))
	if agreed.Version == declined.Version || !named(catalogue.Anonymous()) {
		t.Error("a council that agreed is not named")
	}
	under := must[*catalogue.Recommendation](t)(c.ReportProgress(ctx, lead, "r1", agreed.Version, catalogue.PlanUnderWay, "A group is formed."))
	if _, err := c.ReportProgress(ctx, lead, "r1", agreed.Version, catalogue.PlanUnderWay, "A group is formed."); err != nil {
		t.Errorf("sent twice: %v", err)
	}
	if _, err := c.ReportProgress(ctx, other, "r1", under.Version, catalogue.PlanDone, "x"); err == nil {
		t.Error("another council reports progress")
	}
	got := must[*catalogue.Recommendation](t)(c.Recommendation(ctx, catalogue.Anonymous(), "r1"))
	if len(got.Progress) != 1 || got.State != catalogue.PlanUnderWay || got.Progress[0].By != birmingham {
		t.Errorf("progress: %+v", got.Progress)
	}
	// Another council is asked instead: the first is no longer named.
	got = must[*catalogue.Recommendation](t)(c.Recommendation(ctx, op, "r1"))
	got.Lead = coventry
	must[*catalogue.Recommendation](t)(c.SaveRecommendation(ctx, op, *got, false, "The first cannot go on"))
	if text := asJSON(t, must[*catalogue.Recommendation](t)(c.Recommendation(ctx, catalogue.Anonymous(), "r1"))); strings.Contains(text, coventry) {
		t.Error("everybody reads who is asked next")
	}
}

func TestThePlansFiguresAreSettledOnceAWeek(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	k.move(7 * 24 * 3600e9)
	if must[bool](t)(c.SettlePlan(ctx)) {
		t.Error("figures over nothing are made")
	}
	scene{t, c, new(int)}.group(dudley, birmingham, false)
	for i, want := range []bool{true, false} {
		if made := must[bool](t)(c.SettlePlan(ctx)); made != want {
			t.Errorf("call %d made figures: %t", i+1, made)
		}
	}
	k.move(7 * 24 * 3600e9)
	if !must[bool](t)(c.SettlePlan(ctx)) {
		t.Error("no figures in the next week")
	}
	v := must[*catalogue.PlanView](t)(c.PlanView(ctx, catalogue.Anonymous()))
	if v.Figures.Number != 2 {
		t.Errorf("figures %d", v.Figures.Number)
	}
	if _, shown := v.Figures.Figure(catalogue.PlanForecast); shown {
		t.Error("a figure over nobody is shown")
	}
}

// TestThePlansFiguresNeverAddRealAndInventedCouncils lets invented councils buy together first, then real ones too.
func TestThePlansFiguresNeverAddRealAndInventedCouncils(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	var invented []string
	for n := range 8 {
		code := fmt.Sprintf("DEMO-%02d", n+1)
		council := &catalogue.Council{Meta: catalogue.Meta{ID: code}, Demonstration: true}
		council.GSS, council.Name = code, "Invented "+code
		imports(t, c, council)
		invented = append(invented, code)
	}
	together := func(councils []string) {
		g := s.brings(func(*catalogue.Intention) {}, councils...)
		if g.Card == catalogue.Public {
			t.Fatal("the group has a public card: the test shows nothing")
		}
	}
	view := func() *catalogue.PlanView {
		return must[*catalogue.PlanView](t)(c.PlanView(ctx, catalogue.Anonymous()))
	}
	nextWeek := func() {
		t.Helper()
		k.move(7 * 24 * 3600e9)
		if !must[bool](t)(c.SettlePlan(ctx)) {
			t.Fatal("no figures are made")
		}
	}
	groups := catalogue.PlanGroups + string(catalogue.Forming)
	together(invented)
	nextWeek()
	if f, shown := view().Figures.Figure(groups); !shown || f.Low != 1 || !view().Invented {
		t.Errorf("of invented councils alone: %+v, shown %t, invented %t", f, shown, view().Invented)
	}
	together(westMidlands(c, "Metropolitan district")[:7])
	nextWeek()
	if f, shown := view().Figures.Figure(groups); !shown || f.Low != 1 || f.Councils != 7 || view().Invented {
		t.Errorf("of real and invented councils: %+v, shown %t, invented %t; want the real ones alone", f, shown, view().Invented)
	}
	nextWeek()
	whole := must[*catalogue.PlanView](t)(c.PlanView(ctx, catalogue.Operator("test")))
	for _, f := range whole.Figures.Figures {
		for council := range f.Parts {
			if strings.HasPrefix(council, "DEMO") {
				t.Errorf("%s is behind the figure %s", council, f.Name)
			}
		}
	}
}
