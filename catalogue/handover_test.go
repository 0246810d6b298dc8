package catalogue_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv/kvtest"
	"jointly/catalogue/register"
)

// goTo moves the clock to noon of a day.
func (c *clock) goTo(day string) {
	c.move(catalogue.MustDate(day).First().Add(12 * time.Hour).Sub(c.read()))
}

// handOverDue runs the service's job until nothing is left to do at once.
func handOverDue(t testing.TB, c *catalogue.Catalogue) (done []string) {
	t.Helper()
	for more := true; more; {
		var some []*catalogue.Succession
		var err error
		if some, more, err = c.HandOverDue(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, s := range some {
			done = append(done, s.From)
		}
	}
	return done
}

func endings(t testing.TB, c *catalogue.Catalogue) map[string]*catalogue.Ending {
	t.Helper()
	out := map[string]*catalogue.Ending{}
	for _, e := range must[[]*catalogue.Ending](t)(c.Endings(context.Background(), catalogue.Operator("test"))) {
		out[e.Council] = e
	}
	return out
}

// toldTo is the subjects of what a council's people were told, the latest first.
func toldTo(t testing.TB, c *catalogue.Catalogue, council string) (subjects []string) {
	t.Helper()
	for _, n := range must[*catalogue.Inbox](t)(c.Inbox(context.Background(), officer(council, catalogue.RoleViewer), "", 50)).Items {
		subjects = append(subjects, n.Subject)
	}
	return subjects
}

// westOnTheDay is the councils that West Surrey takes the place of as a whole, by code.
var westOnTheDay = []string{guildfd, "E07000212", "E07000213", "E07000214", "E07000216", woking}

func TestTheServiceHandsOverOnTheDay(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	group := oldEstate(t, c)
	imports(t, c, &catalogue.Contract{Meta: catalogue.Meta{Ref: "S1"}, Council: surreyCC, Title: "Highways system", Supplier: "Northgate", Stage: catalogue.StageAwarded, Source: catalogue.Source{Text: "a notice"}})

	k.goTo("2027-03-03") // 29 days before
	if done := handOverDue(t, c); len(done) != 0 || len(endings(t, c)) != 0 {
		t.Fatalf("29 days before: handed over %v, noted %d", done, len(endings(t, c)))
	}
	k.goTo("2027-03-04")
	if done := handOverDue(t, c); len(done) != 0 {
		t.Fatalf("28 days before: handed over %v", done)
	}
	near := endings(t, c)
	if len(near) != 12 || !near[woking].Itself() || near[woking].To != newCode || near[surreyCC].Lacks != catalogue.LackSplit || near[elmbrdg].Lacks != catalogue.LackCouncil {
		t.Fatalf("28 days before %d are noted; Woking %+v, the county %+v, Elmbridge %+v", len(near), near[woking], near[surreyCC], near[elmbrdg])
	}
	queue := must[[]catalogue.Queued](t)(c.Queue(ctx, catalogue.Operator("test")))
	if len(queue) != 12 {
		t.Errorf("%d wait in the operator's queue", len(queue))
	}
	for council, want := range map[string]string{woking: "West Surrey Council takes the place of Woking in Jointly on 1 April 2027", surreyCC: "Surrey is split on 1 April 2027: what goes where in Jointly"} {
		if got := toldTo(t, c, council); len(got) == 0 || got[0] != want {
			t.Errorf("the people of %s were told %q, want %q first", council, got, want)
		}
	}
	news := count(t, c, catalogue.KindNews)
	for range 3 {
		handOverDue(t, c)
	}
	if n := count(t, c, catalogue.KindNews); n != news {
		t.Errorf("the job told of %d things more when it ran again", n-news)
	}

	k.goTo("2027-03-31")
	if done := handOverDue(t, c); len(done) != 0 {
		t.Fatalf("the day before: handed over %v", done)
	}
	// Midnight in London is 23:00 in UTC: summer time has begun.
	k.move(catalogue.MustDate("2027-03-31").First().Add(23*time.Hour + time.Minute).Sub(k.read()))
	if done := handOverDue(t, c); !slices.Equal(done, westOnTheDay) {
		t.Fatalf("on the day: handed over %v", done)
	}
	if again := handOverDue(t, c); len(again) != 0 {
		t.Errorf("again: handed over %v", again)
	}
	succeededInOrder(t, c, group, guildfd, woking, len(westOnTheDay))
	for _, s := range must[[]*catalogue.Succession](t)(c.Successions(ctx, catalogue.Operator("test"))) {
		if !s.Stands() || !s.By.Itself() || s.On != catalogue.MustDate("2027-04-01") {
			t.Errorf("%s: %+v", s.From, s)
		}
	}
	// What is split, and what has no successor here, is as it was.
	left := endings(t, c)
	if len(left) != 6 || left[woking] != nil || left[surreyCC].Lacks != catalogue.LackSplit {
		t.Errorf("left in the queue: %v", slices.Collect(maps.Keys(left)))
	}
	if v := must[*catalogue.CouncilView](t)(c.CouncilView(ctx, catalogue.Anonymous(), surreyCC)); v.Succession != nil || len(v.Contracts) != 1 || v.Contracts[0].Contract.Council != surreyCC {
		t.Errorf("the county, which is split, was handed over: %+v", v.Succession)
	}
	whole(t, c)
}

func TestAHandOverIsPutOffByItsDate(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	oldEstate(t, c)
	k.goTo("2027-03-20")
	handOverDue(t, c)
	later := catalogue.Vesting{Council: woking, Area: "Surrey", SuccessorName: "West Surrey Council", Successors: []string{"West Surrey Council"}, Date: catalogue.MustDate("2027-10-01"),
		Status: register.StatusDecided, Source: "An order that puts it off", Read: catalogue.MustDate("2027-03-20")}
	saved := must[*catalogue.Vesting](t)(c.SaveVesting(ctx, catalogue.Operator("test"), later))
	handOverDue(t, c)
	if endings(t, c)[woking] != nil {
		t.Error("a council whose day is put off is still in the queue")
	}
	if got := toldTo(t, c, woking); got[0] != "Woking is not handed over in Jointly on 1 April 2027" {
		t.Errorf("its people were told %q", got)
	}
	k.goTo("2027-04-02")
	if done := handOverDue(t, c); slices.Contains(done, woking) || !slices.Contains(done, guildfd) {
		t.Errorf("on the old day: handed over %v", done)
	}
	// Only where exactly one council takes its place as a whole, and it is decided.
	for what, change := range map[string]func(*catalogue.Vesting){
		"proposed":              func(v *catalogue.Vesting) { v.Status = register.StatusProposed },
		"a part goes elsewhere": func(v *catalogue.Vesting) { v.SuccessorName = "West Surrey Council; some parishes to Hampshire" },
		"split":                 func(v *catalogue.Vesting) { v.Successors = []string{"West Surrey Council", "East Surrey Council"} },
		"nobody":                func(v *catalogue.Vesting) { v.Successors, v.SuccessorName = nil, "" },
		"not here":              func(v *catalogue.Vesting) { v.Successors, v.SuccessorName = []string{"Atlantis"}, "Atlantis" },
		"itself":                func(v *catalogue.Vesting) { v.Successors, v.SuccessorName = []string{"Woking"}, "Woking" },
	} {
		v := later
		v.Version, v.Date = saved.Version, catalogue.MustDate("2027-04-01")
		change(&v)
		saved = must[*catalogue.Vesting](t)(c.SaveVesting(ctx, catalogue.Operator("test"), v))
		if done := handOverDue(t, c); len(done) != 0 {
			t.Errorf("%s: handed over %v", what, done)
		}
	}
	v := later
	v.Version = saved.Version
	must[*catalogue.Vesting](t)(c.SaveVesting(ctx, catalogue.Operator("test"), v))
	k.goTo("2027-10-01")
	if done := handOverDue(t, c); !slices.Equal(done, []string{woking}) {
		t.Errorf("on the new day: handed over %v", done)
	}
	whole(t, c)
}

// TestTheServiceGoesOnWhereItStopped lets commits of the job on the day fail in each way, as where the program is killed in
// between; the next run completes it, and each council is handed over once.
func TestTheServiceGoesOnWhereItStopped(t *testing.T) {
	ctx := context.Background()
	base, k := stored(t, t.TempDir()+"/catalogue.db"), &clock{now: today}
	faulty := kvtest.Faulty(base)
	cut, sound := over(t, faulty, k), over(t, base, k)
	stopped := 0
	for at, through := 0, false; !through; at += 7 {
		emptied(t, base)
		k.move(today.Sub(k.read()))
		group := oldEstate(t, sound)
		k.goTo("2027-04-01")
		faulty.Inject(append(slices.Repeat([]kvtest.Fault{kvtest.NoFault}, at), []kvtest.Fault{kvtest.Fails, kvtest.FailsPersisted}[at%2])...)
		through = true
		for more := true; more; {
			_, again, err := cut.HandOverDue(ctx)
			if more = again && err == nil; err != nil {
				through = false
			}
		}
		if !through {
			stopped++
		}
		handOverDue(t, sound)
		first, second := guildfd, woking
		if through = through && at > 0; at > 0 {
			if s := must[*catalogue.Succession](t)(sound.Succession(ctx, catalogue.Operator("test"), woking)); s.Version < must[*catalogue.Succession](t)(sound.Succession(ctx, catalogue.Operator("test"), guildfd)).Version {
				first, second = second, first // Guildford's stopped on the way
			}
		}
		succeededInOrder(t, sound, group, first, second, len(westOnTheDay))
	}
	if stopped < 6 {
		t.Errorf("only %d runs stopped on the way: the faults met nothing", stopped)
	}
}

func TestASplitCouncilGoesWhereItWasDecided(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	oldEstate(t, c)
	operator := catalogue.Operator("test")
	for _, ref := range []string{"S1", "S2", "S3"} {
		imports(t, c, &catalogue.Contract{Meta: catalogue.Meta{Ref: ref}, Council: surreyCC, Title: "Contract " + ref, Supplier: "Northgate", Stage: catalogue.StageAwarded, Source: catalogue.Source{Text: "a notice"}})
	}
	k.goTo("2027-03-20")
	handOverDue(t, c)
	e := endings(t, c)[surreyCC]
	split := catalogue.Split{Council: surreyCC, Main: newCode, Version: e.Version, Parts: map[string]string{idOfContract(t, c, surreyCC, "S2"): "NEW-EAST-SURREY"}}
	_, err := c.DecideSplit(ctx, operator, split)
	refusedOn(t, "before both are here", err, "main")
	east := westSurrey()
	east.GSS, east.Name, east.OfficialName, east.Domain = "NEW-EAST-SURREY", "East Surrey", "East Surrey Council", "eastsurrey.gov.uk"
	must[*catalogue.Council](t)(c.AddCouncil(ctx, operator, east))
	handOverDue(t, c)
	split.Version = endings(t, c)[surreyCC].Version
	_, err = c.DecideSplit(ctx, officer(surreyCC, catalogue.RoleAdmin), split)
	is(t, "an officer decides", err, catalogue.Forbidden)
	elsewhere := split
	elsewhere.Main = birmingham
	_, err = c.DecideSplit(ctx, operator, elsewhere)
	refusedOn(t, "to a council that takes no part", err, "parts")
	must[*catalogue.Ending](t)(c.DecideSplit(ctx, operator, split))
	k.goTo("2027-04-01")
	if done := handOverDue(t, c); !slices.Contains(done, surreyCC) {
		t.Fatalf("handed over %v", done)
	}
	for code, want := range map[string]string{newCode: "S1 S3", "NEW-EAST-SURREY": "S2"} {
		var refs []string
		for _, row := range must[*catalogue.CouncilView](t)(c.CouncilView(ctx, officer(code, catalogue.RoleViewer), code)).Contracts {
			if slices.Contains(row.Contract.Was, surreyCC) {
				refs = append(refs, row.Contract.Ref)
			}
		}
		if slices.Sort(refs); strings.Join(refs, " ") != want {
			t.Errorf("%s has %v, want %s", code, refs, want)
		}
	}
	// What is imported later under the old code finds who took it.
	done := imports(t, c, &catalogue.Contract{Meta: catalogue.Meta{Ref: "S2"}, Council: surreyCC, Title: "Contract S2, corrected", Supplier: "Northgate", Source: catalogue.Source{Text: "a notice"}},
		&catalogue.Contract{Meta: catalogue.Meta{Ref: "S4"}, Council: surreyCC, Title: "Found late", Supplier: "Northgate", Source: catalogue.Source{Text: "a notice"}})
	if done.Updated != 1 || done.Created != 1 || len(done.Inherited) != 2 {
		t.Errorf("imported for the county: %+v", done)
	}
	must[*catalogue.Succession](t)(c.UndoSuccession(ctx, operator, surreyCC, "a rehearsal"))
	if v := must[*catalogue.CouncilView](t)(c.CouncilView(ctx, officer(surreyCC, catalogue.RoleLead), surreyCC)); len(v.Contracts) != 4 {
		t.Errorf("after undoing the county's page has %d contracts", len(v.Contracts))
	}
	whole(t, c)
}

func idOfContract(t testing.TB, c *catalogue.Catalogue, council, ref string) string {
	t.Helper()
	for _, k := range must[[]*catalogue.Contract](t)(c.CouncilContracts(context.Background(), catalogue.Operator("test"), council)) {
		if k.Ref == ref {
			return k.ID
		}
	}
	t.Fatalf("%s has no contract %s", council, ref)
	return ""
}

func TestAnImportForAnOldCouncilIsItsSuccessors(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	handedOver(t, c, k)
	must[*catalogue.Succession](t)(c.Succeed(ctx, catalogue.Operator("test"), catalogue.HandOver{From: guildfd, To: newCode}))
	contract := func(council, ref, title string) *catalogue.Contract {
		return &catalogue.Contract{Meta: catalogue.Meta{Ref: ref}, Council: council, Title: title, Supplier: "Northgate", Source: catalogue.Source{Text: "a register"}}
	}
	// An officer of the successor, who came from the old council, brings the old council's register.
	lead := officer(newCode, catalogue.RoleLead)
	done := must[catalogue.Imported](t)(c.Import(ctx, lead, []catalogue.Item{contract(guildfd, "C1", "Of Guildford"), contract(woking, "C1", "Of Woking"), contract(woking, "NEW", "New of Woking")}, catalogue.ImportOptions{}))
	if len(done.Errors) > 0 || done.Updated != 2 || done.Created != 1 {
		t.Fatalf("imported: %+v", done)
	}
	if in := done.Inherited; len(in) != 2 || in[0].From.GSS != guildfd || in[0].To.GSS != newCode || in[0].Records != 1 || in[1].From.GSS != woking || in[1].Item != 1 || in[1].Records != 2 {
		t.Errorf("said of who has them: %+v", in)
	}
	for _, council := range []string{guildfd, woking} {
		for _, k := range must[[]*catalogue.Contract](t)(c.CouncilContracts(ctx, lead, council)) {
			if k.Ref == "C1" && k.Title != map[string]string{guildfd: "Of Guildford", woking: "Of Woking"}[council] || k.Council != newCode {
				t.Errorf("%s has as C1 %q of %s", council, k.Title, k.Council)
			}
		}
	}
	// A council of another successor is not theirs to write.
	_, err := c.Import(ctx, lead, []catalogue.Item{contract(elmbrdg, "E1", "Of Elmbridge")}, catalogue.ImportOptions{})
	is(t, "for a council that was not handed over to them", err, catalogue.Forbidden)
	// People who are given an account for the old council are the successor's.
	late := must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "fay@example.org", OrgKind: catalogue.OrgCouncil, Org: woking, Role: catalogue.RoleContributor}))
	if late.Org != newCode {
		t.Errorf("an account for Woking is of %s", late.Org)
	}
	whole(t, c)
}
