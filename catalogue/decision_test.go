package catalogue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"jointly/catalogue"
)

func (s scene) decision(code string, d *catalogue.Decision) *catalogue.Decision {
	s.t.Helper()
	return must[*catalogue.Decisions](s.t)(s.c.Decision(context.Background(), contributor(code), d.Group, d.ID)).List[0]
}

func TestAQuestionIsVotedOnAndClosed(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	g := s.roomOf(birmingham, coventry, dudley, sandwell)
	q := catalogue.Question{ID: catalogue.NewID(), Text: "Do we tender in two lots?", Due: catalogue.MustDate("2026-12-01")}
	d := must[*catalogue.Decision](t)(s.c.OpenDecision(ctx, contributor(birmingham), g.ID, q))
	must[*catalogue.Decision](t)(s.c.OpenDecision(ctx, contributor(birmingham), g.ID, q))
	if n := count(t, s.c, catalogue.KindDecision); n != 1 || !d.YesNo() {
		t.Errorf("the same form asked %d times, options %v", n, d.Options)
	}
	vote := func(code, choice, reason string) error {
		_, err := s.c.CastVote(ctx, officer(code, catalogue.RoleLead), g.ID, d.ID, choice, reason)
		return err
	}
	_, err := s.c.CastVote(ctx, contributor(birmingham), g.ID, d.ID, "Yes", "")
	is(t, "a contributor votes", err, catalogue.Forbidden)
	refusedOn(t, "a vote for what is no option", vote(coventry, "Maybe", ""), "choice")
	for _, v := range [][3]string{{birmingham, "No", ""}, {birmingham, "Yes", "changed our mind"}, {coventry, "Yes", ""}, {dudley, "No", ""}} {
		if err := vote(v[0], v[1], v[2]); err != nil {
			t.Fatal(err)
		}
	}
	in := []string{birmingham, coventry, dudley, sandwell}
	if tally := s.decision(sandwell, d).Tally(in); fmt.Sprint(tally.Counts, tally.NotYet) != "[2 1] ["+sandwell+"]" {
		t.Errorf("the votes are %+v", tally)
	}
	_, err = s.c.CloseDecision(ctx, officer(coventry, catalogue.RoleLead), g.ID, d.ID)
	is(t, "closing another's question", err, catalogue.Forbidden)
	closed := must[*catalogue.Decision](t)(s.c.CloseDecision(ctx, officer(birmingham, catalogue.RoleLead), g.ID, d.ID))
	if o := closed.Outcome; o.Result != catalogue.NoMajority || !strings.Contains(o.Sentence, "of 4 members, 2 for ‘Yes’, 1 for ‘No’, 1 without a vote") {
		t.Errorf("half of the members came to %+v", o)
	}
	is(t, "voting on what is closed", vote(sandwell, "Yes", ""), catalogue.Conflict)
	must[*catalogue.Decision](t)(s.c.CloseDecision(ctx, officer(birmingham, catalogue.RoleLead), g.ID, d.ID)) // sent twice
}

func TestMoreThanHalfDecide(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	g := s.roomOf(birmingham, coventry, dudley)
	must[*catalogue.BuyingGroup](t)(s.c.TakeLead(ctx, officer(dudley, catalogue.RoleLead), g.ID, true))
	for _, test := range []struct {
		options []string
		votes   [3]string
		want    catalogue.DecisionResult
		choice  string
	}{
		{nil, [3]string{"Yes", "Yes", "No"}, catalogue.Carried, "Yes"},
		{nil, [3]string{"No", "Yes", "No"}, catalogue.Rejected, "No"},
		{nil, [3]string{"Yes", "No", ""}, catalogue.NoMajority, ""},
		{[]string{"Open tender", "Framework", "Call-off"}, [3]string{"Framework", "Framework", "Call-off"}, catalogue.Carried, "Framework"},
		{[]string{"Open tender", "Framework", "Call-off"}, [3]string{"Open tender", "Framework", "Call-off"}, catalogue.NoMajority, ""},
	} {
		d := must[*catalogue.Decision](t)(s.c.OpenDecision(ctx, contributor(birmingham), g.ID, catalogue.Question{Text: "How?", Options: test.options}))
		for i, code := range []string{birmingham, coventry, dudley} {
			if test.votes[i] != "" {
				must[*catalogue.Decision](t)(s.c.CastVote(ctx, officer(code, catalogue.RoleLead), g.ID, d.ID, test.votes[i], ""))
			}
		}
		o := must[*catalogue.Decision](t)(s.c.CloseDecision(ctx, officer(dudley, catalogue.RoleLead), g.ID, d.ID)).Outcome
		if o.Result != test.want || o.Choice != test.choice || o.Council != dudley {
			t.Errorf("%v came to %+v", test.votes, o)
		}
	}
}

func TestVotesOfThoseThatLeftDoNotCount(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	g := s.roomOf(birmingham, coventry, dudley)
	d := must[*catalogue.Decision](t)(s.c.OpenDecision(ctx, contributor(birmingham), g.ID, catalogue.Question{Text: "Do we?"}))
	for _, v := range [][2]string{{birmingham, "Yes"}, {dudley, "Yes"}, {coventry, "No"}} {
		must[*catalogue.Decision](t)(s.c.CastVote(ctx, officer(v[0], catalogue.RoleLead), g.ID, d.ID, v[1], ""))
	}
	must[*catalogue.BuyingGroup](t)(s.c.LeaveGroup(ctx, officer(dudley, catalogue.RoleLead), g.ID, "money"))
	if o := must[*catalogue.Decision](t)(s.c.CloseDecision(ctx, officer(birmingham, catalogue.RoleLead), g.ID, d.ID)).Outcome; o.Result != catalogue.NoMajority {
		t.Errorf("one of two came to %+v", o)
	}
}

func TestQuestionsAreChecked(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	g := s.roomOf(birmingham, coventry)
	for field, q := range map[string]catalogue.Question{
		"question": {},
		"options":  {Text: "x", Options: []string{"One"}},
		"due":      {Text: "x", Due: catalogue.MustDate("2026-11-22")},
	} {
		_, err := s.c.OpenDecision(ctx, contributor(birmingham), g.ID, q)
		refusedOn(t, "a question without its "+field, err, field)
	}
	for _, options := range [][]string{{"A", "a"}, {"1", "2", "3", "4", "5", "6", "7"}} {
		_, err := s.c.OpenDecision(ctx, contributor(birmingham), g.ID, catalogue.Question{Text: "x", Options: options})
		refusedOn(t, strings.Join(options, ","), err, "options")
	}
}

func TestMembersAreToldOfDecisionsAndLines(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	for _, code := range []string{birmingham, coventry, dudley} {
		must[*catalogue.Account](t)(s.c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "lead@" + strings.ToLower(code) + ".example", OrgKind: catalogue.OrgCouncil, Org: code, Role: catalogue.RoleLead}))
	}
	g := s.roomOf(birmingham, coventry)
	must[int](t)(s.c.SendOutbox(ctx, new(postbox)))
	told := func(what, link string) {
		t.Helper()
		var post postbox
		must[int](t)(s.c.SendOutbox(ctx, &post))
		got := post.mails
		if len(got) != 1 || got[0].To != "lead@"+strings.ToLower(coventry)+".example" || got[0].Why == "" || got[0].Link != link {
			t.Errorf("%s told %+v", what, got)
		}
	}
	d := must[*catalogue.Decision](t)(s.c.OpenDecision(ctx, contributor(birmingham), g.ID, catalogue.Question{Text: "Do we?"}))
	told("asking", "/groups/"+g.ID+"/decisions/"+d.ID)
	must[*catalogue.Decision](t)(s.c.CloseDecision(ctx, officer(birmingham, catalogue.RoleLead), g.ID, d.ID))
	told("closing", "/groups/"+g.ID+"/decisions/"+d.ID)
	r := s.lines(birmingham, g, "Hosted")[0]
	must[*catalogue.Requirement](t)(s.c.AgreeRequirement(ctx, contributor(coventry), g.ID, r.ID, 1, true))
	must[*catalogue.Requirement](t)(s.c.ChangeRequirement(ctx, contributor(birmingham), g.ID, r.ID, 1, "Hosted twice", ""))
	told("wording anew what was agreed", "/groups/"+g.ID+"/requirements/"+r.ID)
	must[*catalogue.Requirement](t)(s.c.SetPosition(ctx, contributor(coventry), g.ID, r.ID, catalogue.Must, ""))
	must[*catalogue.Requirement](t)(s.c.SetPosition(ctx, contributor(birmingham), g.ID, r.ID, catalogue.MustNot, ""))
	told("saying the opposite", "/groups/"+g.ID+"/requirements/"+r.ID)
}

func TestPapersAreLinks(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	g := s.roomOf(birmingham, coventry, dudley)
	add := func(id, address string) error {
		_, err := s.c.AddPaper(ctx, contributor(birmingham), g.ID, id, "Specification", address, "")
		return err
	}
	for _, address := range []string{"", "papers.example", "javascript:alert(1)", "ftp://papers.example", "https://", "https://me:secret@papers.example/a", "https://papers.example/a b"} {
		refusedOn(t, address, add("", address), "address")
	}
	id := catalogue.NewID()
	for range 2 {
		if err := add(id, "https://papers.example/a?b=c#d"); err != nil {
			t.Fatal(err)
		}
	}
	papers := func() *catalogue.Papers {
		return must[*catalogue.Papers](t)(s.c.Papers(ctx, contributor(coventry), g.ID))
	}
	if n := len(papers().List); n != 1 {
		t.Errorf("the same form added %d", n)
	}
	is(t, "removing another's paper", s.c.RemovePaper(ctx, contributor(coventry), g.ID, id), catalogue.Forbidden)
	if err := s.c.RemovePaper(ctx, contributor(birmingham), g.ID, id); err != nil || len(papers().List) != 0 {
		t.Errorf("removed: %v, %d left", err, len(papers().List))
	}
	for i := range 100 {
		if err := add("", fmt.Sprintf("https://papers.example/%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	refusedOn(t, "paper 101", add("", "https://papers.example/101"), "title")
	if !papers().Full {
		t.Error("a full list of papers does not say so")
	}
}
