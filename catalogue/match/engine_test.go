package match_test

// What the engine says of an intention, and to whom: nobody's words or figures reach those whom they are not for.

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointly/catalogue"
	"jointly/catalogue/match"
)

func TestOwnVisibility(t *testing.T) {
	w := newWorld(t)
	kept := w.list(t, revenues(birmingham, func(in *catalogue.Intention) {
		in.Visibility, in.Title = catalogue.Own, "Revenues system canary-title"
	}))
	b, c := w.list(t, revenues(coventry)), w.list(t, revenues(dudley))
	w.list(t, revenues(sandwell, func(in *catalogue.Intention) { in.Visibility = catalogue.Own }))
	e := w.engine(t)

	m := w.matches(t, e, kept)
	if want := sorted(b.ID, c.ID); !slices.Equal(partners(m.Partners), want) || m.Group != nil {
		t.Errorf("its own council is told %v, group %v; want %v and no group", partners(m.Partners), m.Group, want)
	}
	theirs := w.matches(t, e, b)
	if want := []string{c.ID}; !slices.Equal(partners(theirs.Partners), want) || theirs.Compared != 1 {
		t.Errorf("another council is told %v of %d, want %v of 1", partners(theirs.Partners), theirs.Compared, want)
	}
	told, err := json.Marshal([]any{theirs, e.Groups(), e.Overview()})
	must(t, err)
	if strings.Contains(string(told), kept.ID) || strings.Contains(string(told), "canary-title") {
		t.Errorf("what is kept to its own council is told: %s", told)
	}
	for _, actor := range []catalogue.Actor{officer(coventry), catalogue.Anonymous(), catalogue.AnyCouncil()} {
		if _, err := e.Matches(t.Context(), actor, kept.ID); catalogue.KindOf(err) != catalogue.NotFound {
			t.Errorf("%q gets %v, want not found", actor.Org, err)
		}
	}

	kept.Visibility = catalogue.Councils
	shared := w.list(t, *kept)
	must(t, e.CatchUp(t.Context()))
	if m := w.matches(t, e, b); !slices.Contains(partners(m.Partners), shared.ID) || m.Group == nil || !slices.Contains(m.Group.Refs, shared.ID) {
		t.Errorf("once councils see it, %v are told and group %v", partners(m.Partners), m.Group)
	}
	shared.Visibility = catalogue.Own
	w.list(t, *shared)
	must(t, e.CatchUp(t.Context()))
	if m := w.matches(t, e, b); slices.Contains(partners(m.Partners), shared.ID) || slices.Contains(m.Group.Refs, shared.ID) {
		t.Errorf("once it is kept again, %v are told and group %v", partners(m.Partners), m.Group)
	}
}

func sorted(ids ...string) []string { return slices.Sorted(slices.Values(ids)) }

func TestMatchesAreForTheOwner(t *testing.T) {
	w := newWorld(t)
	in := w.list(t, revenues(birmingham))
	open := w.list(t, revenues(coventry, func(in *catalogue.Intention) { in.Visibility = catalogue.Public }))
	e := w.engine(t)
	supplier := catalogue.Actor{Account: "s", Role: catalogue.RoleLead, OrgKind: catalogue.OrgSupplier, Org: birmingham}
	for _, test := range []struct {
		name  string
		actor catalogue.Actor
		id    string
		want  catalogue.ErrorKind
	}{
		{"another council", officer(coventry), in.ID, catalogue.Forbidden},
		{"no council in particular", catalogue.AnyCouncil(), in.ID, catalogue.Forbidden},
		{"a supplier", supplier, in.ID, catalogue.NotFound},
		{"a supplier, public intention", supplier, open.ID, catalogue.Forbidden},
		{"a visitor", catalogue.Anonymous(), in.ID, catalogue.NotFound},
		{"a visitor, public intention", catalogue.Anonymous(), open.ID, catalogue.Forbidden},
		{"none such", officer(birmingham), "none", catalogue.NotFound},
	} {
		if m, err := e.Matches(t.Context(), test.actor, test.id); catalogue.KindOf(err) != test.want || err == nil || m.Partners != nil {
			t.Errorf("%s: got %v and %v, want kind %d", test.name, m, err, test.want)
		}
	}
	viewer := officer(birmingham)
	viewer.Role = catalogue.RoleViewer
	for _, actor := range []catalogue.Actor{viewer, catalogue.Operator("test")} {
		if m, err := e.Matches(t.Context(), actor, in.ID); err != nil || len(m.Partners) != 1 {
			t.Errorf("%s: %d partners and %v, want 1", actor.Role, len(m.Partners), err)
		}
	}
}

// A field that councils may not see says nothing to them: not in points, not in words, not in groups. The other
// council's field does not count for its owner either, so that both see the same points.
func TestFieldsBeyondCouncilsSayNothing(t *testing.T) {
	canary := func(a catalogue.Audience) func(*catalogue.Intention) {
		return func(in *catalogue.Intention) {
			in.CurrentSupplier, in.CurrentPlatform, in.Notes, in.Musts = "Canarysoft", "Canaryware", "canary-notes", []string{"canary-must"}
			in.Budget = catalogue.Money{Min: 123_456, Max: 123_456}
			in.ContractEnd, in.ExtensionMonths, in.LeadMonths = catalogue.MustDate("2027-10-31"), 2, 4
			in.Fields = catalogue.IntentionAudiences{Budget: a, Supplier: a, Contract: a, Musts: a}
		}
	}
	silent := func(in *catalogue.Intention) {
		in.CurrentSupplier, in.CurrentPlatform, in.Musts = "", "", nil
		in.Budget, in.ContractEnd = catalogue.Money{}, catalogue.Date{}
	}
	said := func(change func(*catalogue.Intention)) (mine, theirs match.Partner, all string) {
		w := newWorld(t)
		a := w.list(t, revenues(birmingham, change, func(in *catalogue.Intention) { in.ID = "a" }))
		b := w.list(t, revenues(coventry, func(in *catalogue.Intention) {
			in.ID, in.CurrentSupplier, in.CurrentPlatform = "b", "Canarysoft", "Canaryware"
		}))
		e := w.engine(t)
		ma, mb := w.matches(t, e, a), w.matches(t, e, b)
		if len(ma.Partners) != 1 || len(mb.Partners) != 1 {
			t.Fatalf("partners %v and %v, want one each", ma.Partners, mb.Partners)
		}
		text, err := json.Marshal([]any{ma, mb, e.Groups(), e.Overview()})
		must(t, err)
		return ma.Partners[0], mb.Partners[0], string(text)
	}
	mine, theirs, want := said(silent)
	for _, a := range []catalogue.Audience{catalogue.Own, catalogue.Group} {
		_, _, got := said(canary(a))
		if got != want {
			t.Errorf("audience %s: what is said differs from what is said when nothing is stated: %s", a, cmp.Diff(want, got))
		}
	}
	if mine.Points != theirs.Points || mine.Levels != theirs.Levels {
		t.Errorf("%v points from one side, %v from the other", mine.Points, theirs.Points)
	}
	if _, _, open := said(canary(catalogue.Councils)); open == want || !strings.Contains(open, "Canaryware") || strings.Contains(open, "canary-notes") {
		t.Error("a field that councils may see says nothing either, or notes are told: the test shows nothing")
	}
}

// Both sides get the points that the overview has, in the demonstration.
func TestPointsAreTheSameFromBothSides(t *testing.T) {
	w := newWorld(t)
	invented := w.loadDemonstration(t)
	e := w.engine(t)
	points := map[[2]string]float64{}
	for i := range invented.Intentions {
		in := &invented.Intentions[i]
		if in.Visibility == catalogue.Own {
			continue
		}
		for _, p := range w.matches(t, e, in).Partners {
			back := [2]string{p.Intention, in.ID}
			if other, ok := points[back]; ok && other != p.Points {
				t.Errorf("%v: %v points from one side, %v from the other", back, other, p.Points)
			}
			points[[2]string{in.ID, p.Intention}] = p.Points
		}
	}
	if len(points) < 50 {
		t.Errorf("%d points compared: the test shows little", len(points))
	}
}

func TestPartnersAndNearMisses(t *testing.T) {
	w := newWorld(t)
	mine := w.list(t, revenues(birmingham))
	partner := w.list(t, revenues(coventry))
	// In other words, and with points below the threshold for being late alone.
	later := w.list(t, revenues(dudley, func(in *catalogue.Intention) {
		in.Title, in.Description, in.Area = "Replacement of our present software", "Cloud hosted.", "finance"
		in.WindowStart, in.WindowEnd, in.ContractEnd = catalogue.MustDate("2028-10-01"), catalogue.MustDate("2029-03-31"), catalogue.MustDate("2029-09-30")
	}))
	large := w.list(t, revenues(solihull, func(in *catalogue.Intention) { in.Budget = catalogue.Money{Min: 9e6, Max: 9e6} }))
	w.list(t, revenues(sandwell, func(in *catalogue.Intention) {
		in.Title, in.Description, in.Capability = "Library management system", "Circulation and catalogue.", "libraries"
	}))
	e := w.engine(t)
	m := w.matches(t, e, mine)
	if got, want := partners(m.Partners), []string{partner.ID}; !slices.Equal(got, want) {
		t.Errorf("partners %v, want %v", got, want)
	}
	if got, want := partners(m.Near), sorted(later.ID, large.ID); !slices.Equal(got, want) {
		t.Errorf("near misses %v, want %v", got, want)
	}
	for _, p := range m.Near {
		if p.NearMiss == "" || p.Intention == later.ID && p.Points >= e.Scorer().Threshold() {
			t.Errorf("the near miss %s with %v points says %q of what would change it", p.Intention, p.Points, p.NearMiss)
		}
	}
	if m.Compared != 4 {
		t.Errorf("%d compared, want the 4 of other councils", m.Compared)
	}
	if groups := e.Groups(); len(groups) != 1 || m.Group == nil || !slices.Equal(sorted(m.Group.Refs...), sorted(mine.ID, partner.ID)) {
		t.Errorf("groups %v, its own %v; want one of %s and %s", groups, m.Group, mine.ID, partner.ID)
	}
	draft, err := e.Draft(t.Context(), revenues(edinburgh))
	must(t, err)
	if !slices.Contains(partners(draft.Partners), mine.ID) || draft.Group != nil || draft.Compared != 5 {
		t.Errorf("a draft is told %v of %d, group %v", partners(draft.Partners), draft.Compared, draft.Group)
	}
	if _, err := e.Draft(t.Context(), revenues("E99999999")); catalogue.KindOf(err) != catalogue.NotFound {
		t.Errorf("a draft of no council gives %v, want not found", err)
	}
}

// A council's second listing of one need stands back for the first, and takes its place when that is withdrawn.
func TestSecondListingIsNotGrouped(t *testing.T) {
	w := newWorld(t)
	first := w.list(t, revenues(birmingham, func(in *catalogue.Intention) { in.ID = "first" }))
	w.list(t, revenues(birmingham, func(in *catalogue.Intention) { in.ID, in.Title = "second", "Council tax system, listed again" }))
	// One group cannot hold both of these: each could go with one of the two listings.
	w.list(t, revenues(coventry, func(in *catalogue.Intention) { in.Budget = catalogue.Money{Min: 150_000, Max: 150_000} }))
	w.list(t, revenues(dudley, func(in *catalogue.Intention) { in.Budget = catalogue.Money{Min: 1_600_000, Max: 1_600_000} }))
	e := w.engine(t)
	in := func(id string) bool {
		return slices.ContainsFunc(e.Groups(), func(g *match.Group) bool { return slices.Contains(g.Refs, id) })
	}
	if len(e.Groups()) != 1 || !in("first") || in("second") {
		t.Errorf("got %v, want one group, with the first listing and without the second", e.Groups())
	}
	_, err := w.WithdrawIntention(t.Context(), officer(birmingham), first.ID, "listed twice")
	must(t, err)
	must(t, e.CatchUp(t.Context()))
	if len(e.Groups()) != 1 || in("first") || !in("second") {
		t.Errorf("after the first was withdrawn: %v, want one group with the second", e.Groups())
	}
}

// However many match, a few are shown, and those of the suggested group are among them.
func TestFewPartnersAreShown(t *testing.T) {
	w := newWorld(t)
	var items []catalogue.Item
	for i, c := range w.Register().Councils()[:40] {
		in := revenues(c.GSS, func(in *catalogue.Intention) {
			in.Ref, in.Budget = fmt.Sprintf("r%02d", i), catalogue.Money{Min: float64(100_000 * (1 + i%3)), Max: float64(100_000 * (1 + i%3))}
		})
		items = append(items, &in)
	}
	w.load(t, items...)
	e := w.engine(t)
	for _, item := range items {
		in := item.(*catalogue.Intention)
		m := w.matches(t, e, in)
		if len(m.Partners) != 10 || m.Compared != 39 || m.Group == nil {
			t.Fatalf("%d partners of %d, group %v; want 10 of 39", len(m.Partners), m.Compared, m.Group)
		}
		for _, id := range m.Group.Refs {
			if id != in.ID && !slices.Contains(partners(m.Partners), id) {
				t.Errorf("%s is in the suggested group of %s, and not among the partners shown", id, in.ID)
			}
		}
		if !slices.IsSortedFunc(m.Partners, func(a, b match.Partner) int { return int(10*b.Points) - int(10*a.Points) }) {
			t.Errorf("partners of %s are not in order", in.ID)
		}
	}
}

// What people have formed is left to them: its members are suggested nowhere else, and a need that would fit into it is
// led there first. A group that has ended, or was given up, frees its members.
func TestPeoplesGroups(t *testing.T) {
	w := newWorld(t)
	// The order of IDs is not that of councils.
	a := w.list(t, revenues(birmingham, func(in *catalogue.Intention) { in.ID = "z" }))
	b := w.list(t, revenues(coventry, func(in *catalogue.Intention) { in.ID = "a" }))
	c, d := w.list(t, revenues(dudley)), w.list(t, revenues(sandwell))
	e := w.engine(t)
	if groups := e.Groups(); len(groups) != 1 || len(groups[0].Refs) != 4 {
		t.Fatalf("four alike make %v", groups)
	}
	g, err := w.ProposeGroup(t.Context(), officer(birmingham), catalogue.Proposal{Intention: a.ID, Partners: []string{b.ID}})
	must(t, err)
	check := func(stage string) {
		t.Helper()
		must(t, e.CatchUp(t.Context()))
		for _, in := range []*catalogue.Intention{a, b} {
			if m := w.matches(t, e, in); m.Group != nil || m.Joining != nil {
				t.Errorf("%s: a member is told of %v, and to join %v", stage, m.Group, m.Joining)
			}
		}
		for _, in := range []*catalogue.Intention{c, d} {
			if m := w.matches(t, e, in); m.Group != nil || !slices.Equal(m.Joining, []string{g.ID}) {
				t.Errorf("%s: one that would fit is told of %v, and to join %v, want %s", stage, m.Group, m.Joining, g.ID)
			}
		}
	}
	check("forming")
	_, err = w.AnswerInvitation(t.Context(), officer(coventry), g.ID, true, "")
	must(t, err)
	check("agreed")

	// A group moves with its members: who waits longer keeps it going.
	w.setDay("2028-01-01")
	a.WindowEnd, b.WindowEnd = catalogue.MustDate("2028-12-31"), catalogue.MustDate("2028-12-31")
	a.ContractEnd, b.ContractEnd = catalogue.MustDate("2029-06-30"), catalogue.MustDate("2029-06-30")
	w.list(t, *a)
	w.list(t, *b)
	must(t, e.CatchUp(t.Context()))
	if groups := e.Groups(); len(groups) != 1 || !groups[0].Confirmed || len(groups[0].Refs) != 2 {
		t.Errorf("after its members moved their months: %+v, want their group to go on", groups)
	}
	w.setDay("2026-11-23")
	_, err = w.LeaveGroup(t.Context(), officer(coventry), g.ID, "other plans")
	must(t, err)
	must(t, e.CatchUp(t.Context()))
	if m := w.matches(t, e, b); m.Group == nil || m.Joining != nil {
		t.Errorf("after the group was given up: group %v, joining %v", m.Group, m.Joining)
	}
}

func TestWhatHasEndedDropsOut(t *testing.T) {
	w := newWorld(t)
	soon := w.list(t, revenues(birmingham, func(in *catalogue.Intention) { in.WindowEnd = catalogue.MustDate("2027-08-31") }))
	b, c := w.list(t, revenues(coventry)), w.list(t, revenues(dudley))
	e := w.engine(t)
	cursor := e.Cursor()
	told := func(in *catalogue.Intention) (ids []string, group int) {
		m := w.matches(t, e, in)
		if m.Group != nil {
			group = len(m.Group.Refs)
		}
		return partners(m.Partners), group
	}
	check := func(when string, in *catalogue.Intention, group int, want ...string) {
		t.Helper()
		got, n := told(in)
		if !slices.Equal(got, sorted(want...)) || n != group {
			t.Errorf("%s: told of %v in a group of %d, want %v in one of %d", when, got, n, want, group)
		}
	}
	check("at first", b, 3, soon.ID, c.ID)
	w.setDay("2027-08-31")
	check("on its last day", b, 3, soon.ID, c.ID)
	w.setDay("2027-09-01")
	check("the day after", b, 2, c.ID)
	check("the ended one itself", soon, 0)
	if e.Cursor() != cursor {
		t.Error("the feed moved: the test shows nothing")
	}
	then, err := match.NewEngine(w.At(func() time.Time { return date("2027-01-01") }))
	must(t, err)
	must(t, then.CatchUp(t.Context()))
	if groups := then.Groups(); len(groups) != 1 || len(groups[0].Refs) != 3 {
		t.Errorf("as of an earlier day: %v", groups)
	}
	_, err = w.WithdrawIntention(t.Context(), officer(dudley), c.ID, "no longer needed")
	must(t, err)
	must(t, e.CatchUp(t.Context()))
	check("when the other is withdrawn", b, 0)
	check("the withdrawn one itself", c, 0)
	if o := e.Overview(); len(o.Groups)+len(o.Pairs) > 0 {
		t.Errorf("one alone is left, the overview has %v", o)
	}
}
