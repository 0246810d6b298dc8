package match_test

import (
	"slices"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/match"
)

// A pair that either council said is not the same need is no match for either, and in no suggested group together; a word
// for a match adds nothing; what is taken back is as if it had never been said.
func TestVerdictsKeepApart(t *testing.T) {
	w := newWorld(t)
	a, b, c := w.list(t, revenues(birmingham)), w.list(t, revenues(coventry)), w.list(t, revenues(dudley))
	e := w.engine(t)
	before := w.said(t, e, []string{a.ID, b.ID, c.ID})
	say := func(council string, own, other *catalogue.Intention, same bool) {
		t.Helper()
		_, err := w.SayOfMatch(t.Context(), officer(council), catalogue.VerdictSaid{Intention: own.ID, Other: other.ID, Same: same})
		must(t, err)
		must(t, e.CatchUp(t.Context()))
	}
	say(birmingham, a, b, false)
	say(coventry, b, a, false)
	for _, pair := range [][2]*catalogue.Intention{{a, b}, {b, a}} {
		if m := w.matches(t, e, pair[0]); slices.Contains(partners(m.Partners), pair[1].ID) || slices.Contains(partners(m.Near), pair[1].ID) {
			t.Errorf("%s is still told of %s", pair[0].Council, pair[1].Council)
		}
	}
	if slices.ContainsFunc(e.Groups(), func(g *match.Group) bool { return slices.Contains(g.Refs, a.ID) && slices.Contains(g.Refs, b.ID) }) || len(e.Groups()) != 1 {
		t.Errorf("groups %v, want one that does not hold both", e.Groups())
	}
	if got := len(e.Overview().Pairs); got != 2 {
		t.Errorf("the overview has %d pairs, want 2", got)
	}
	must(t, w.TakeBackVerdict(t.Context(), officer(birmingham), a.ID, b.ID))
	must(t, e.CatchUp(t.Context()))
	if slices.Contains(partners(w.matches(t, e, a).Partners), b.ID) {
		t.Error("one took it back, the other still says so, and they match")
	}
	say(coventry, b, a, true)
	if got := w.said(t, e, []string{a.ID, b.ID, c.ID}); got != before {
		t.Error("once one took it back and the other said that it is the same, something else is said than at first")
	}
}
