package match_test

// Councils are told of suggested groups once, of what changes in them, and of nothing else.

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/match"
)

// letterbox keeps what is sent, by address.
type letterbox map[string][]catalogue.Message

func (l letterbox) Send(_ context.Context, m catalogue.Message) error {
	l[m.To] = append(l[m.To], m)
	return nil
}

// mails sends what waits and empties the letterbox: what each council's lead got.
func (w *world) mails(t testing.TB) letterbox {
	t.Helper()
	box := letterbox{}
	_, err := w.SendOutbox(t.Context(), box)
	must(t, err)
	return box
}

func (w *world) leads(t testing.TB, councils ...string) {
	t.Helper()
	for _, c := range councils {
		_, err := w.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: address(c), OrgKind: catalogue.OrgCouncil, Org: c, Role: catalogue.RoleLead})
		must(t, err)
	}
}

func address(council string) string { return strings.ToLower(council) + "@council.gov.uk" }

// tell runs the job to its end.
func (w *world) tell(t testing.TB, e *match.Engine) int {
	t.Helper()
	n := 0
	for {
		told, more, err := e.TellSuggestions(t.Context(), w.Catalogue, 50)
		must(t, err)
		if n += told; !more {
			return n
		}
	}
}

func TestCouncilsAreToldOnce(t *testing.T) {
	w := newWorld(t)
	w.leads(t, birmingham, coventry, dudley, sandwell)
	a := w.list(t, revenues(birmingham))
	w.list(t, revenues(coventry))
	w.list(t, revenues(dudley))
	e := w.engine(t)
	if n := w.tell(t, e); n != 0 || len(w.mails(t)) != 0 {
		t.Errorf("on the day of the listing %d are told", n)
	}
	w.setDay("2026-11-25")
	told, more, err := e.TellSuggestions(t.Context(), w.Catalogue, 1) // and then the program is killed
	must(t, err)
	if told != 1 || !more {
		t.Errorf("told %d, more %v; want 1 and more", told, more)
	}
	e = w.engine(t)
	w.tell(t, e)
	w.tell(t, w.engine(t))
	mails := w.mails(t)
	for _, council := range []string{birmingham, coventry, dudley} {
		got := mails[address(council)]
		if len(got) != 1 || !strings.HasPrefix(got[0].Why, "You are told because your council listed ‘Revenues and benefits system’") ||
			!strings.HasSuffix(got[0].Link, "/matches") || len(got[0].Text) == 0 {
			t.Errorf("%s got %+v, want one mail that says why", council, got)
		}
	}
	if s := w.told(t, a.ID); len(s) != 1 || len(s[0].Partners) != 2 || len(s[0].Partners[0].Evidence) == 0 || s[0].Weights != e.Scorer().Version() {
		t.Errorf("what is kept of it: %+v", s)
	}

	d := w.list(t, revenues(sandwell))
	w.setDay("2026-11-27")
	w.tell(t, w.engine(t))
	mails = w.mails(t)
	if got := mails[address(birmingham)]; len(got) != 1 || got[0].Text[0] != "New in it: Sandwell." || len(mails) != 4 {
		t.Errorf("when one more fits, %d councils are told, one of them %+v", len(mails), got)
	}
	_, err = w.WithdrawIntention(t.Context(), officer(sandwell), d.ID, "no longer needed")
	must(t, err)
	e = w.engine(t)
	w.tell(t, e)
	mails = w.mails(t)
	if got := mails[address(birmingham)]; len(got) != 1 || got[0].Text[0] != "No longer in it: Sandwell." || len(mails) != 3 {
		t.Errorf("when one withdrew, %d councils are told, one of them %+v", len(mails), got)
	}
	// What people then do by themselves they need not be told.
	m := w.matches(t, e, a)
	_, err = w.ProposeGroup(t.Context(), officer(birmingham), catalogue.Proposal{Intention: a.ID, Partners: partners(m.Partners)})
	must(t, err)
	w.mails(t)
	w.tell(t, e)
	if mails := w.mails(t); len(mails) != 0 || w.tell(t, w.engine(t)) != 0 {
		t.Errorf("after a group was proposed they are told %+v", mails)
	}
	if s := w.told(t, a.ID); slices.ContainsFunc(s, (*catalogue.Suggestion).Standing) {
		t.Error("a suggestion stands though its councils are in a group")
	}
}

// told lists the records of what the council of an intention was told.
func (w *world) told(t testing.TB, intention string) (out []*catalogue.Suggestion) {
	t.Helper()
	must(t, w.Each(t.Context(), catalogue.Operator("test"), catalogue.KindSuggestion, func(item catalogue.Item) error {
		if s := item.(*catalogue.Suggestion); s.Intention == intention && s.Group != "" {
			out = append(out, s)
		}
		return nil
	}))
	return out
}

// Only the job may tell, and nobody sees what another council was told.
func TestWhoMayTell(t *testing.T) {
	w := newWorld(t)
	a := w.list(t, revenues(birmingham))
	b := w.list(t, revenues(coventry))
	telling := catalogue.SuggestedGroup{Intention: a.ID, Group: "g", Partners: []catalogue.SuggestedWith{{Council: coventry, Intention: b.ID}}}
	if err := w.TellSuggestion(t.Context(), officer(birmingham), telling); catalogue.KindOf(err) != catalogue.Forbidden {
		t.Errorf("an officer tells: %v", err)
	}
	must(t, w.TellSuggestion(t.Context(), catalogue.Operator("job"), telling))
	key := catalogue.Key{Kind: catalogue.KindSuggestion, ID: w.told(t, a.ID)[0].ID}
	for council, want := range map[string]bool{birmingham: true, coventry: false} {
		items, err := w.Load(t.Context(), officer(council), []catalogue.Key{key})
		must(t, err)
		if (items[0] != nil) != want {
			t.Errorf("%s sees what Birmingham was told: %v", council, items[0])
		}
	}
	if _, err := w.WithdrawIntention(t.Context(), officer(coventry), b.ID, "no longer needed"); err != nil {
		t.Fatal(err)
	}
	telling.Group = "h"
	if err := w.TellSuggestion(t.Context(), catalogue.Operator("job"), telling); catalogue.KindOf(err) != catalogue.Conflict {
		t.Errorf("a partner that has withdrawn is told of: %v", err)
	}
}

// The labelled needs come one by one, a day apart, and all councils are told: of the pairs that were told together, few
// are torn apart.
func TestToldGroupsStayTogether(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped with -short: it takes some seconds")
	}
	broken, arrived, told := 0, 0, 0
	for _, name := range []string{"labelled", "challenge", "unseen"} {
		w := newWorld(t)
		w.setDay("2026-01-01")
		needs := labelled(t, name)
		random := rand.New(rand.NewPCG(5, 6))
		random.Shuffle(len(needs), func(i, j int) { needs[i], needs[j] = needs[j], needs[i] })
		e := w.engine(t)
		now := date("2026-01-01")
		var before map[[2]string]bool
		for i, l := range needs {
			in := asIntention(l.Need)
			in.ID, in.Visibility = cmp.Or(in.Ref, fmt.Sprint(i)), catalogue.Councils
			w.list(t, in)
			now = now.AddDate(0, 0, 1)
			day := now.Add(11 * time.Hour)
			w.day.Store(&day)
			told += w.tell(t, e)
			after := w.toldPairs(t)
			for pair := range before {
				if !after[pair] {
					broken++
				}
			}
			before = after
			arrived++
		}
	}
	t.Logf("%d intentions came, %d tellings, %d pairs were torn apart: %.3f for each intention", arrived, told, broken, float64(broken)/float64(arrived))
	if float64(broken) > 0.08*float64(arrived) {
		t.Errorf("%d pairs that were told are torn apart by %d intentions, want at most 0.08 each", broken, arrived)
	}
	if told < arrived/2 {
		t.Errorf("%d tellings: the test shows little", told)
	}
}

// toldPairs are the intentions that stand in a suggestion together.
func (w *world) toldPairs(t testing.TB) map[[2]string]bool {
	t.Helper()
	pairs := map[[2]string]bool{}
	must(t, w.Each(t.Context(), catalogue.Operator("test"), catalogue.KindSuggestion, func(item catalogue.Item) error {
		if s := item.(*catalogue.Suggestion); s.Standing() {
			for _, p := range s.Partners {
				pairs[[2]string{min(s.Intention, p.Intention), max(s.Intention, p.Intention)}] = true
			}
		}
		return nil
	}))
	return pairs
}
