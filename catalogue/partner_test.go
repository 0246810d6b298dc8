package catalogue_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jointly/catalogue"
)

// bodyActor is somebody of a body, who is not stored.
func bodyActor(id string, role catalogue.Role) catalogue.Actor {
	return catalogue.Actor{Role: role, OrgKind: catalogue.OrgBody, Org: id, Via: "test"}
}

// partnered is a group of Coventry, which leads it, and Dudley, with the Agency that Coventry has asked in.
func (s scene) partnered() (*catalogue.BuyingGroup, catalogue.Actor) {
	s.t.Helper()
	ctx, group := context.Background(), must[*catalogue.BuyingGroup](s.t)
	body, _ := s.agency()
	g := s.group(coventry, dudley, false)
	group(s.answer(dudley, g, true, ""))
	group(s.c.TakeLead(ctx, officer(coventry, catalogue.RoleLead), g.ID, true))
	return group(s.c.AskIn(ctx, officer(coventry, catalogue.RoleLead), g.ID, body.ID, "Your payments block")), bodyActor(body.ID, catalogue.RoleLead)
}

func TestABodyStandsBesideAGroup(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	g, agency := s.partnered()
	lead, member := officer(coventry, catalogue.RoleLead), officer(dudley, catalogue.RoleLead)
	group := must[*catalogue.BuyingGroup](t)
	before := s.room(dudley, g)

	// Asked twice the same, nothing is written; it is told, and so are the members.
	if again := group(c.AskIn(ctx, lead, g.ID, agency.Org, " Your payments block ")); again.Version != g.Version {
		t.Error("asking the same again wrote something")
	}
	_, err := c.AskIn(ctx, lead, g.ID, agency.Org, "Something else")
	refusedOn(t, "asking a body that is asked", err, "body")
	_, err = c.AskIn(ctx, lead, g.ID, "nobody", "")
	refusedOn(t, "asking nobody", err, "body")
	refusedOn(t, "asking for nothing", err, "wanted")
	if got := toldOf(t, c, agency); len(got) != 1 || !strings.Contains(got[0], "asks you to be a partner") {
		t.Errorf("the body was told %q", got)
	}
	if got := toldOf(t, c, member); !strings.Contains(got[0], "asked a body in") {
		t.Errorf("a member was told %q", got)
	}
	if w := must[catalogue.Waiting](t)(c.Waiting(ctx, agency)); w.Invitations != 1 {
		t.Errorf("waits for the body: %+v", w)
	}

	// Asked, it sees the card, who asks and for what, though its card is for councils; another body sees nothing.
	seen := must[*catalogue.Room](t)(c.Room(ctx, agency, g.ID))
	if seen.Group.Room || seen.Group.AsPartner || len(seen.Group.Members) != 0 || seen.OwnPart == nil || seen.OwnPart.Wanted != "Your payments block" || seen.OwnPart.By.GSS != coventry {
		t.Errorf("the body that is asked sees %+v of %+v", seen.OwnPart, seen.Group)
	}
	_, err = c.PartnerRoom(ctx, agency, g.ID)
	is(t, "the room for a body that is only asked", err, catalogue.NotFound)
	_, err = c.Group(ctx, bodyActor("another", catalogue.RoleLead), g.ID)
	is(t, "the group for another body", err, catalogue.NotFound)

	_, err = c.AnswerAsPartner(ctx, agency, g.ID, false, " ")
	refusedOn(t, "declining without a reason", err, "reason")
	_, err = c.AnswerAsPartner(ctx, bodyActor(agency.Org, catalogue.RoleContributor), g.ID, true, "")
	is(t, "answering below a lead", err, catalogue.Forbidden)
	_, err = c.AnswerAsPartner(ctx, bodyActor("another", catalogue.RoleLead), g.ID, true, "")
	is(t, "answering for another", err, catalogue.NotFound)
	in := group(c.AnswerAsPartner(ctx, agency, g.ID, true, "Payments for all of you"))
	if !in.AsPartner || in.Room || len(in.Members) != 2 {
		t.Errorf("a partner sees %+v", in)
	}
	if again := group(c.AnswerAsPartner(ctx, agency, g.ID, true, "Other words")); again.Version != in.Version {
		t.Error("accepting again wrote something")
	}
	group(c.SayWhatPartnerBrings(ctx, agency, g.ID, "Payments, and help to begin"))

	// It counts nowhere: members, months, value, hurdles and standing are as they were.
	after := s.room(dudley, g)
	if after.IfAll != before.IfAll || len(after.Members) != len(before.Members) || !reflect.DeepEqual(after.Next, before.Next) || span(after.Group) != span(before.Group) || after.Group.Councils != before.Group.Councils {
		t.Errorf("with a partner the room is %+v, was %+v", after, before)
	}
	if p := after.InGroup(); len(p) != 1 || p[0].Says() != "Payments, and help to begin" || p[0].Label() != "The Agency" {
		t.Errorf("the room shows the partners %+v", after.Partners)
	}
	if v := must[*catalogue.PartnerGroups](t)(c.PartnerGroups(ctx, officer(birmingham, catalogue.RoleViewer), agency.Org)); len(v.In) != 1 || v.In[0].Partners[0] != (catalogue.Partner{Body: agency.Org, State: catalogue.Accepted}) {
		t.Errorf("another council sees of the body's groups %+v", v.In)
	}
	if v := must[*catalogue.PartnerGroups](t)(c.PartnerGroups(ctx, catalogue.Anonymous(), agency.Org)); len(v.In)+len(v.Asked) != 0 {
		t.Errorf("anybody sees a group whose card is for councils: %+v", v)
	}

	_, err = c.LeaveAsPartner(ctx, agency, g.ID, "")
	refusedOn(t, "leaving without a reason", err, "reason")
	out := group(c.LeaveAsPartner(ctx, agency, g.ID, "We stop the service"))
	if out.AsPartner || len(out.Members) != 0 || len(out.Partners) != 0 {
		t.Errorf("who left sees %+v", out)
	}
	if got := toldOf(t, c, member); !strings.Contains(got[0], "left as partner") {
		t.Errorf("a member was told %q", got)
	}
	_, err = c.PartnerRoom(ctx, agency, g.ID)
	is(t, "the room for a body that left", err, catalogue.NotFound)
	_, err = c.AnswerAsPartner(ctx, agency, g.ID, true, "")
	is(t, "accepting after leaving", err, catalogue.Conflict)

	// Asked anew, and its part ended.
	group(c.AskIn(ctx, lead, g.ID, agency.Org, "Once more"))
	_, err = c.EndPartner(ctx, member, g.ID, agency.Org, "No")
	is(t, "a member that does not lead ends it", err, catalogue.Forbidden)
	_, err = c.EndPartner(ctx, lead, g.ID, agency.Org, "")
	refusedOn(t, "ending without a reason", err, "reason")
	ended := group(c.EndPartner(ctx, lead, g.ID, agency.Org, "We chose another way"))
	if again := group(c.EndPartner(ctx, lead, g.ID, agency.Org, "We chose another way")); again.Version != ended.Version {
		t.Error("ending again wrote something")
	}
	if got := toldOf(t, c, agency); !strings.Contains(got[0], "Your part has ended") {
		t.Errorf("the body was told %q", got)
	}
	whole(t, c)
}

// TestPartnersFillNobodysInbox: what a body and a group can change in turn without end tells the members only so often.
func TestPartnersFillNobodysInbox(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	g, agency := s.partnered() // asked once
	lead, member := officer(coventry, catalogue.RoleLead), officer(dudley, catalogue.RoleLead)
	group := must[*catalogue.BuyingGroup](t)
	told := func(what string) (n int) {
		t.Helper()
		for _, subject := range toldOf(t, c, member) {
			if strings.Contains(subject, what) {
				n++
			}
		}
		return n
	}
	for n := 2; n <= 3; n++ {
		group(c.EndPartner(ctx, lead, g.ID, agency.Org, "A mistake"))
		group(c.AskIn(ctx, lead, g.ID, agency.Org, fmt.Sprint("Ask ", n)))
	}
	group(c.EndPartner(ctx, lead, g.ID, agency.Org, "A mistake"))
	_, err := c.AskIn(ctx, lead, g.ID, agency.Org, "Once more")
	refusedOn(t, "asking the same body a fourth time", err, "body")
	if n := told("asked a body in"); n != 3 {
		t.Errorf("a member was told %d times that a body is asked", n)
	}
	k.move(25 * time.Hour)
	group(c.AskIn(ctx, lead, g.ID, agency.Org, "The next day"))
	group(c.AnswerAsPartner(ctx, agency, g.ID, true, "Payments"))
	for n := range 10 {
		group(c.SayWhatPartnerBrings(ctx, agency, g.ID, fmt.Sprint("Words ", n)))
		k.move(time.Hour)
	}
	if n := told("says what it brings"); n != 1 {
		t.Errorf("a member was told %d times what the body brings", n)
	}
	if p := s.room(dudley, g).InGroup(); len(p) != 1 || p[0].Says() != "Words 9" {
		t.Errorf("the room shows %+v", p)
	}
	k.move(15 * time.Hour)
	group(c.SayWhatPartnerBrings(ctx, agency, g.ID, "A day later"))
	if n := told("says what it brings"); n != 2 {
		t.Errorf("a member was told %d times over two days", n)
	}
	whole(t, c)
}

func TestWhoAsksABodyIn(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	body, agent := s.agency()
	g := s.group(coventry, dudley, false)
	group := must[*catalogue.BuyingGroup](t)
	group(s.answer(dudley, g, true, ""))
	ask := func(who catalogue.Actor) error {
		_, err := c.AskIn(ctx, who, g.ID, body.ID, "Help")
		return err
	}
	for _, wrong := range []catalogue.Actor{officer(dudley, catalogue.RoleLead), officer(coventry, catalogue.RoleContributor), agent, catalogue.Operator("test")} {
		is(t, "asking as "+string(wrong.Role)+" of "+wrong.Org, ask(wrong), catalogue.Forbidden)
	}
	is(t, "asking from outside", ask(officer(birmingham, catalogue.RoleLead)), catalogue.Forbidden)
	if err := ask(officer(coventry, catalogue.RoleLead)); err != nil {
		t.Errorf("the proposer of a group without a lead: %v", err)
	}
	group(c.TakeLead(ctx, officer(dudley, catalogue.RoleLead), g.ID, true))
	_, err := c.EndPartner(ctx, officer(coventry, catalogue.RoleLead), g.ID, body.ID, "Later")
	is(t, "the proposer once another leads", err, catalogue.Forbidden)
	group(c.NameDeputy(ctx, officer(dudley, catalogue.RoleLead), g.ID, coventry))
	group(c.EndPartner(ctx, officer(coventry, catalogue.RoleLead), g.ID, body.ID, "Later"))

	for n := range 6 {
		b := must[*catalogue.Body](t)(c.SaveBody(ctx, catalogue.Operator("test"), catalogue.Body{Name: fmt.Sprintf("Body %d", n), Kind: catalogue.SectorBody, Source: "Its website"}))
		_, err = c.AskIn(ctx, officer(dudley, catalogue.RoleLead), g.ID, b.ID, "Help")
		if n < 5 && err != nil {
			t.Errorf("asking body %d: %v", n, err)
		}
	}
	refusedOn(t, "a sixth partner", err, "body")
	group(c.MoveGroup(ctx, officer(dudley, catalogue.RoleLead), g.ID, catalogue.Move{From: catalogue.Forming, To: catalogue.Abandoned, Reason: "No"}))
	is(t, "asking into a group that was given up", ask(officer(dudley, catalogue.RoleLead)), catalogue.Conflict)
	_, err = c.AnswerAsPartner(ctx, bodyActor("body-1", catalogue.RoleLead), g.ID, true, "")
	is(t, "accepting into a group that was given up", err, catalogue.Conflict)
	if got := toldOf(t, c, bodyActor("body-1", catalogue.RoleViewer)); len(got) != 2 || !strings.Contains(got[0], "was given up") {
		t.Errorf("a body that is asked was told %q", got)
	}
}

// TestWhatAPartnerReads: the lines as they are worded, what was decided, the papers; of who said what nothing, and of a
// group's other parts nothing at all.
func TestWhatAPartnerReads(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	g, agency := s.partnered()
	lead, member := officer(coventry, catalogue.RoleLead), officer(dudley, catalogue.RoleLead)
	group := must[*catalogue.BuyingGroup](t)
	_ = must[int](t)(c.AddRequirements(ctx, lead, g.ID, []string{"Open APIs", "Zebra left out"}))
	lines := must[*catalogue.Matrix](t)(c.Matrix(ctx, lead, g.ID)).Lines
	line := must[*catalogue.Requirement](t)
	line(c.ChangeRequirement(ctx, lead, g.ID, lines[0].ID, 1, "Open and documented APIs", "zebranote"))
	line(c.SetPosition(ctx, member, g.ID, lines[0].ID, catalogue.MustNot, "zebracomment"))
	line(c.RemoveRequirement(ctx, lead, g.ID, lines[1].ID, "zebrareason"))
	decision := must[*catalogue.Decision](t)
	closed := decision(c.OpenDecision(ctx, lead, g.ID, catalogue.Question{Text: "One lot?", Detail: "Or two"}))
	decision(c.CastVote(ctx, lead, g.ID, closed.ID, "Yes", "zebravote"))
	decision(c.CastVote(ctx, member, g.ID, closed.ID, "Yes", "zebravote"))
	decision(c.CloseDecision(ctx, lead, g.ID, closed.ID))
	decision(c.OpenDecision(ctx, lead, g.ID, catalogue.Question{Text: "Zebra that is open?"}))
	paper := must[*catalogue.Paper](t)
	theirs := paper(c.AddPaper(ctx, lead, g.ID, "", "Draft", "https://example.org/draft", ""))
	saved := must[*catalogue.Saving](t)(c.SetSaving(ctx, lead, g.ID, 0, catalogue.Saving{SavingFigures: catalogue.SavingFigures{Baseline: 765432, BaselineHow: "zebrahow"}}))
	group(c.Stand(ctx, member, g.ID, catalogue.Standing{Rung: catalogue.Approved, Approval: "zebraapproval", Approved: catalogue.MustDate("2026-06-01"), Volume: 765432}))
	group(c.DeclareConflicts(ctx, member, g.ID, "zebraconflict"))

	// While it is asked, and before, nothing of the parts is read.
	parts := []catalogue.Key{lines[0].Key(), closed.Key(), theirs.Key(), saved.Key()}
	read := func(who catalogue.Actor) (n int) {
		for _, item := range must[[]catalogue.Item](t)(c.Load(ctx, who, parts)) {
			if item != nil {
				n++
			}
		}
		return n
	}
	if n := read(agency); n != 0 {
		t.Errorf("a body that is asked reads %d parts", n)
	}
	group(c.AnswerAsPartner(ctx, agency, g.ID, true, ""))
	if n := read(agency); n != 3 {
		t.Errorf("a partner reads %d parts, want all but savings", n)
	}
	if n := read(bodyActor("another", catalogue.RoleAdmin)); n != 0 {
		t.Errorf("another body reads %d parts", n)
	}
	v := must[*catalogue.PartnerRoom](t)(c.PartnerRoom(ctx, agency, g.ID))
	if len(v.Members) != 2 || len(v.Lines) != 1 || v.Lines[0].Text != "Open and documented APIs" || len(v.Decisions) != 1 || v.Decisions[0].Outcome.Result != catalogue.Carried || v.Decisions[0].Detail != "Or two" || len(v.Papers.List) != 1 {
		t.Errorf("a partner reads %+v", v)
	}
	all := fmt.Sprintf("%+v %+v %+v %+v %+v", *v.Lines[0], *v.Decisions[0], *v.Decisions[0].Outcome, *v.Papers.List[0].Paper, *must[*catalogue.Room](t)(c.Room(ctx, agency, g.ID)).Group)
	for _, kind := range catalogue.StoredKinds() {
		if err := c.Each(ctx, agency, kind, func(item catalogue.Item) error {
			if kind != catalogue.KindNews {
				all += fmt.Sprintf(" %+v", item)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, private := range []string{"ebra", "765432", "2026-06-01", "must not", "Open APIs"} {
		if strings.Contains(all, private) {
			t.Errorf("a partner reads %q: …%s…", private, around(all, private))
		}
	}
	for name, try := range map[string]func() error{
		"matrix":    func() error { _, err := c.Matrix(ctx, agency, g.ID); return err },
		"decisions": func() error { _, err := c.Decisions(ctx, agency, g.ID); return err },
		"savings":   func() error { _, err := c.Savings(ctx, agency, g.ID); return err },
		"notice":    func() error { _, err := c.PlannedNotice(ctx, agency, g.ID); return err },
	} {
		is(t, "the "+name, try(), catalogue.NotFound)
	}

	// A paper can be kept among the members.
	is(t, "keeping another's paper", c.KeepPaper(ctx, member, g.ID, theirs.ID, true), catalogue.Forbidden)
	is(t, "showing a paper as the partner", c.KeepPaper(ctx, agency, g.ID, theirs.ID, false), catalogue.Forbidden)
	for _, keep := range []bool{true, true, false} {
		if err := c.KeepPaper(ctx, lead, g.ID, theirs.ID, keep); err != nil {
			t.Fatal(err)
		}
		if n := len(must[*catalogue.PartnerRoom](t)(c.PartnerRoom(ctx, agency, g.ID)).Papers.List); (n == 0) != keep {
			t.Errorf("kept %v, a partner reads %d papers", keep, n)
		}
	}

	// Papers are what a partner adds, and of them its own what it takes away.
	own := paper(c.AddPaper(ctx, agency, g.ID, "", "Our terms", "https://example.org/terms", ""))
	is(t, "removing a member's paper", c.RemovePaper(ctx, agency, g.ID, theirs.ID), catalogue.Forbidden)
	is(t, "removing a partner's paper as a member", c.RemovePaper(ctx, member, g.ID, own.ID), catalogue.Forbidden)
	if list := must[*catalogue.Papers](t)(c.Papers(ctx, member, g.ID)).List; len(list) != 2 || !slices.ContainsFunc(list, func(p catalogue.PaperRow) bool { return p.Who == "The Agency" }) {
		t.Errorf("a member reads the papers %+v", list)
	}
	if err := c.RemovePaper(ctx, agency, g.ID, own.ID); err != nil {
		t.Error(err)
	}
	own = paper(c.AddPaper(ctx, agency, g.ID, "", "Our terms", "https://example.org/terms", ""))
	group(c.LeaveAsPartner(ctx, agency, g.ID, "Done"))
	_, err := c.AddPaper(ctx, agency, g.ID, "", "Late", "https://example.org/late", "")
	is(t, "adding a paper after leaving", err, catalogue.NotFound)
	if n := read(agency); n != 0 {
		t.Errorf("a body that left reads %d parts", n)
	}
	if err := c.RemovePaper(ctx, lead, g.ID, own.ID); err != nil {
		t.Errorf("the lead removes what a partner left behind: %v", err)
	}
	whole(t, c)
}

// around is a word with what stands beside it.
func around(text, word string) string {
	at := strings.Index(text, word)
	return text[max(0, at-60):min(len(text), at+60)]
}

// TestAPartnerChangesNothingElse tries all that members do in a room, as a partner of the highest role.
func TestAPartnerChangesNothingElse(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	g, agency := s.partnered()
	must[*catalogue.BuyingGroup](t)(c.AnswerAsPartner(ctx, agency, g.ID, true, ""))
	agency.Role = catalogue.RoleAdmin
	lead := officer(coventry, catalogue.RoleLead)
	_ = must[int](t)(c.AddRequirements(ctx, lead, g.ID, []string{"Open APIs"}))
	line := must[*catalogue.Matrix](t)(c.Matrix(ctx, lead, g.ID)).Lines[0]
	d := must[*catalogue.Decision](t)(c.OpenDecision(ctx, lead, g.ID, catalogue.Question{Text: "One lot?"}))
	seq := must[uint64](t)(c.Seq(ctx))
	for name, try := range map[string]func() error{
		"votes":          func() error { _, err := c.CastVote(ctx, agency, g.ID, d.ID, "Yes", ""); return err },
		"closes":         func() error { _, err := c.CloseDecision(ctx, agency, g.ID, d.ID); return err },
		"asks to decide": func() error { _, err := c.OpenDecision(ctx, agency, g.ID, catalogue.Question{Text: "Q"}); return err },
		"stands": func() error {
			_, err := c.Stand(ctx, agency, g.ID, catalogue.Standing{Rung: catalogue.Intends})
			return err
		},
		"leads":    func() error { _, err := c.TakeLead(ctx, agency, g.ID, true); return err },
		"declares": func() error { _, err := c.DeclareConflicts(ctx, agency, g.ID, ""); return err },
		"moves the group": func() error {
			_, err := c.MoveGroup(ctx, agency, g.ID, catalogue.Move{From: catalogue.Forming, To: catalogue.Abandoned, Reason: "R"})
			return err
		},
		"plans": func() error {
			_, err := c.SetPlan(ctx, agency, g.ID, 0, catalogue.PlanChoices{AgreeWeeks: 3})
			return err
		},
		"values":         func() error { _, err := c.SetValue(ctx, agency, g.ID, 0, catalogue.ValueChoices{Fees: 3}); return err },
		"adds lines":     func() error { _, err := c.AddRequirements(ctx, agency, g.ID, []string{"Ours"}); return err },
		"words a line":   func() error { _, err := c.ChangeRequirement(ctx, agency, g.ID, line.ID, 1, "Ours", ""); return err },
		"takes position": func() error { _, err := c.SetPosition(ctx, agency, g.ID, line.ID, catalogue.Must, ""); return err },
		"agrees":         func() error { _, err := c.AgreeRequirement(ctx, agency, g.ID, line.ID, 1, true); return err },
		"saves":          func() error { _, err := c.SetSaving(ctx, agency, g.ID, 0, catalogue.Saving{}); return err },
		"asks others in": func() error { _, err := c.AskIn(ctx, agency, g.ID, "another", "W"); return err },
		"ends its part":  func() error { _, err := c.EndPartner(ctx, agency, g.ID, agency.Org, "R"); return err },
	} {
		is(t, "a partner "+name, try(), catalogue.Forbidden)
	}
	for name, try := range map[string]func() error{
		"is named lead":   func() error { _, err := c.OfferLead(ctx, lead, g.ID, agency.Org); return err },
		"is named deputy": func() error { _, err := c.NameDeputy(ctx, lead, g.ID, agency.Org); return err },
	} {
		is(t, "a partner "+name, try(), catalogue.Invalid)
	}
	if now := must[uint64](t)(c.Seq(ctx)); now != seq {
		t.Errorf("%d changes were written", now-seq)
	}
}

// TestPartnersAndMembersWriteAtOnce: each answer is kept, whoever comes first.
func TestPartnersAndMembersWriteAtOnce(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	g, agency := s.partnered()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if _, err := c.AnswerAsPartner(ctx, agency, g.ID, true, "The same"); err != nil {
				t.Error(err)
			}
		})
		wait.Go(func() {
			if _, err := c.Stand(ctx, officer(dudley, catalogue.RoleLead), g.ID, catalogue.Standing{Rung: catalogue.Watching}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	room := s.room(coventry, g)
	if m, _ := room.Group.Member(dudley); m.Rung != catalogue.Watching || len(room.InGroup()) != 1 {
		t.Errorf("Dudley stands at %q, partners %+v", m.Rung, room.Partners)
	}
	if n := len(slices.DeleteFunc(toldOf(t, c, officer(dudley, catalogue.RoleLead)), func(s string) bool { return !strings.Contains(s, "accepted to be a partner") })); n != 1 {
		t.Errorf("members are told %d times", n)
	}
	whole(t, c)
}

// TestInventedBodiesAreAskedByInventedCouncilsAlone, into groups and to talk; and a body that nobody acts for says so.
func TestInventedBodiesAreAskedByInventedCouncilsAlone(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	invented := &catalogue.Body{Meta: catalogue.Meta{ID: "invented"}, Name: "Invented office", Kind: catalogue.SectorBody, Source: "Invented", Demonstration: true}
	imports(t, c, invented)
	real, agent := s.agency()
	lead := officer(coventry, catalogue.RoleLead)
	g := s.group(coventry, dudley, false)
	g = must[*catalogue.BuyingGroup](t)(c.TakeLead(ctx, lead, g.ID, true))
	_, err := c.AskIn(ctx, lead, g.ID, invented.ID, "Anything")
	refusedOn(t, "asking an invented body into a real group", err, "body")

	council := &catalogue.Council{Meta: catalogue.Meta{ID: "DEMO-A"}, Demonstration: true}
	council.GSS, council.Name = "DEMO-A", "Invented council"
	imports(t, c, council)
	from := officer("DEMO-A", catalogue.RoleLead)
	offer := must[*catalogue.Offer](t)(c.SaveOffer(ctx, agent, catalogue.Offer{Direction: catalogue.Offering, Title: "A designer", Role: "content", Terms: "free", Audience: catalogue.Public}))
	_, err = c.AskToTalk(ctx, from, catalogue.TalkRequest{Offer: offer.ID, Subject: "A designer", Text: "In May?"})
	refusedOn(t, "an invented council asking a real body to talk", err, "with")
	if v := must[*catalogue.OfferView](t)(c.Offer(ctx, from, offer.ID)); v.OtherWorld == "" {
		t.Error("its page does not say so")
	}
	if v := must[*catalogue.OfferView](t)(c.Offer(ctx, lead, offer.ID)); v.OtherWorld != "" {
		t.Errorf("a real council reads %q", v.OtherWorld)
	}

	if must[bool](t)(c.BodyHasPeople(ctx, lead, invented.ID)) || !must[bool](t)(c.BodyHasPeople(ctx, lead, real.ID)) || !must[bool](t)(c.BodyHasPeople(ctx, lead, dudley)) {
		t.Error("who has people is told wrong")
	}
	_, err = c.BodyHasPeople(ctx, catalogue.Anonymous(), real.ID)
	is(t, "anybody asks whether a body has people", err, catalogue.Forbidden)
}
