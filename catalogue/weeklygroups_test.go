package catalogue_test

import (
	"context"
	"strings"
	"testing"

	"jointly/catalogue"
)

// TestTheWeekTellsOfGroups: committees, votes and last days of groups that the council is in, and invitations that wait
// for its answer; nothing of groups that have ended, or of which it has declined.
func TestTheWeekTellsOfGroups(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	k.now = today.AddDate(0, 0, -3)
	s := scene{t, c, new(int)}
	a, _ := s.person(birmingham, catalogue.RoleContributor)
	lead := officer(birmingham, catalogue.RoleLead)
	inGroup := func(days int) *catalogue.BuyingGroup {
		own, other := s.intention(birmingham, catalogue.Councils), s.intention(dudley, catalogue.Councils)
		g := must[*catalogue.BuyingGroup](t)(c.ProposeGroup(ctx, lead, catalogue.Proposal{Intention: own.ID, Partners: []string{other.ID}, OpenToJoin: true,
			JoinBy: catalogue.DateOf(today.AddDate(0, 0, days))}))
		must[*catalogue.BuyingGroup](t)(s.answer(dudley, g, true, ""))
		g = must[*catalogue.BuyingGroup](t)(c.SetPlan(ctx, lead, g.ID, 0, catalogue.PlanChoices{Meetings: []catalogue.Meeting{
			{Council: birmingham, Next: catalogue.DateOf(today.AddDate(0, 0, days+1))}, {Council: dudley, Next: catalogue.DateOf(today.AddDate(0, 0, days+2))}}}))
		must[*catalogue.Decision](t)(c.OpenDecision(ctx, officer(dudley, catalogue.RoleLead), g.ID, catalogue.Question{Text: s.name("Which route"), Due: catalogue.DateOf(today.AddDate(0, 0, days+3))}))
		return g
	}
	goes, ended, far := inGroup(10), inGroup(20), inGroup(70)
	must[*catalogue.BuyingGroup](t)(c.LeaveGroup(ctx, officer(dudley, catalogue.RoleLead), ended.ID, "canary reason"))
	invited, declined, over := s.group(coventry, birmingham, false), s.group(coventry, birmingham, false), s.group(dudley, birmingham, false)
	must[*catalogue.BuyingGroup](t)(s.answer(birmingham, declined, false, "no"))
	must[*catalogue.BuyingGroup](t)(c.LeaveGroup(ctx, officer(dudley, catalogue.RoleLead), over.ID, "no money"))
	s.send()
	k.now = today
	mails := s.week()
	var m catalogue.Message
	for _, mail := range mails {
		if mail.To == a.Email {
			m = mail
		}
	}
	got := strings.Join(lines(m), "\n")
	for _, want := range []string{
		"Waiting for your council | An invitation: " + invited.Title, "Whoever leads on procurement for your council answers. | /groups/" + invited.ID,
		"last day for councils to join your group | " + goes.Title, "your committee meets, which your group waits for | " + goes.Title + " | /groups/" + goes.ID + "/dates",
		"the committee of Dudley meets, which your group waits for | " + goes.Title, "your council’s vote is due | Which route",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
	for _, never := range []string{ended.ID, declined.ID, over.ID, far.ID + "/dates", "canary"} {
		if strings.Contains(got, never) {
			t.Errorf("it tells of %s:\n%s", never, got)
		}
	}
	if n := strings.Count(got, "An invitation"); n != 1 {
		t.Errorf("there are %d invitations", n)
	}
	must[*catalogue.BuyingGroup](t)(s.answer(birmingham, invited, true, ""))
	k.move(7 * 24 * 3600 * 1e9)
	for _, mail := range s.week() {
		if text := strings.Join(lines(mail), "\n"); mail.To == a.Email && strings.Contains(text, "An invitation") {
			t.Errorf("what was answered still waits:\n%s", text)
		}
	}
	whole(t, c)
}
