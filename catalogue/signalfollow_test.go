package catalogue_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

func TestWhoFollowsASignalIsToldOfEachChange(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	lead := officer(birmingham, catalogue.RoleLead)
	in := s.intention(birmingham, catalogue.Own)
	x := s.published(lead, catalogue.SignalOf{Intention: in.ID}, wording("Revenues"))
	person, follower := s.seller("Tarnwick")
	_, rival := s.seller("Fernhollow")
	_, asker := s.seller("Brinley")
	for range 2 { // twice is once
		noError(t, c.FollowSignal(ctx, follower, x.ID, true))
	}
	if v := must[*catalogue.SignalView](t)(c.Signal(ctx, follower, x.ID)); !v.Follows {
		t.Error("its page does not say that it is followed")
	}
	if rows := must[[]catalogue.SignalRow](t)(c.FollowedSignals(ctx, follower)); len(rows) != 1 || rows[0].Signal.ID != x.ID {
		t.Errorf("followed are %+v", rows)
	}
	q := must[*catalogue.SignalQuestion](t)(c.AskAboutSignal(ctx, asker, x.ID, "", "Is migration part of it?"))
	s.send()
	must[*catalogue.SignalQuestion](t)(c.AnswerSignal(ctx, lead, x.ID, q.ID, "Is migration part of it?", "Yes."))
	told := s.send()
	if !slices.ContainsFunc(told, func(m catalogue.Message) bool {
		return m.To == person.Email && strings.Contains(m.Subject, "A question is answered")
	}) {
		t.Errorf("the follower is mailed %+v", told)
	}
	if got := s.inbox(follower); len(got) != 1 || !strings.HasPrefix(got[0], "A question is answered") {
		t.Errorf("the follower's inbox has %q", got)
	}
	if w := must[catalogue.Waiting](t)(c.Waiting(ctx, follower)); w.Sum() != 1 {
		t.Errorf("%d unread", w.Sum())
	}
	if got := s.inbox(rival); len(got) != 0 {
		t.Errorf("who does not follow it is told %q", got)
	}
	noError(t, c.FollowSignal(ctx, rival, x.ID, true)) // what was told before is not for it
	if got := s.inbox(rival); len(got) != 0 {
		t.Errorf("who begins to follow is told of what was: %q", got)
	}
	noError(t, c.FollowSignal(ctx, follower, x.ID, false))
	must[*catalogue.Signal](t)(c.EndSignal(ctx, lead, x.ID, false, "The tender is out."))
	if mails := s.send(); slices.ContainsFunc(mails, func(m catalogue.Message) bool { return m.To == person.Email }) {
		t.Errorf("who stopped following is mailed %+v", mails)
	}
	draft := must[*catalogue.Signal](t)(c.WriteSignal(ctx, lead, catalogue.SignalOf{Intention: in.ID}, wording("Another")))
	is(t, "following a draft of another", c.FollowSignal(ctx, rival, draft.ID, true), catalogue.NotFound)
	is(t, "following as nobody", c.FollowSignal(ctx, catalogue.Anonymous(), x.ID, true), catalogue.Unauthenticated)
	whole(t, c)
}

func TestACorrectedAnswerKeepsWhatItSaid(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	lead := officer(birmingham, catalogue.RoleLead)
	x := s.published(lead, catalogue.SignalOf{Intention: s.intention(birmingham, catalogue.Own).ID}, wording("Revenues"))
	person, asker := s.seller("Tarnwick")
	q := must[*catalogue.SignalQuestion](t)(c.AskAboutSignal(ctx, asker, x.ID, "", "How many users?"))
	_, err := c.CorrectAnswer(ctx, lead, x.ID, q.ID, 0, "How many users?", "90.", "A slip")
	is(t, "correcting what is not answered", err, catalogue.NotFound)
	first := must[*catalogue.SignalQuestion](t)(c.AnswerSignal(ctx, lead, x.ID, q.ID, "How many users?", "About 40."))
	s.send()
	k.move(72 * time.Hour)
	correct := func(a catalogue.Actor, answer, why string, seen uint64) error {
		_, err := c.CorrectAnswer(ctx, a, x.ID, q.ID, seen, "How many users?", answer, why)
		return err
	}
	is(t, "another council corrects", correct(officer(coventry, catalogue.RoleLead), "90.", "A slip", first.Version), catalogue.Forbidden)
	is(t, "a supplier corrects", correct(asker, "90.", "A slip", first.Version), catalogue.Forbidden)
	refusedOn(t, "without a reason", correct(lead, "90.", " ", first.Version), "why")
	refusedOn(t, "a reason that names the asker", correct(lead, "90.", "Tarnwick told us", first.Version), "why")
	noError(t, correct(lead, "About 90.", "Two teams were left out.", first.Version))
	noError(t, correct(lead, "About 90.", "Two teams were left out.", first.Version)) // sent twice
	is(t, "over another's correction", correct(lead, "100.", "A slip", first.Version), catalogue.Conflict)
	for who, a := range map[string]catalogue.Actor{"anybody": catalogue.Anonymous(), "the asker": asker, "another council": officer(coventry, catalogue.RoleLead)} {
		v := must[*catalogue.SignalView](t)(c.Signal(ctx, a, x.ID))
		got := v.Answered[0]
		if got.Answer != "About 90." || len(got.Earlier) != 1 || got.Earlier[0].Answer != "About 40." || got.Earlier[0].Why != "Two teams were left out." ||
			!got.Earlier[0].Answered.Equal(first.Answered) || got.Earlier[0].By != "" || !v.Signal.Latest.Equal(got.Answered) {
			t.Errorf("%s reads %+v", who, got)
		}
	}
	mails := s.send()
	if len(mails) != 1 || mails[0].To != person.Email || !strings.HasPrefix(mails[0].Subject, "An answer is corrected") {
		t.Errorf("told are %+v", mails)
	}
	whole(t, c)
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
