package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

// A council says of a match that it is not the same need: it goes for both, and only the one who said so is told why.
func TestMatchesAreJudged(t *testing.T) {
	w := councilsWorld(t)
	owner, other := w.officer(ambleford, catalogue.RoleContributor), w.officer(thornmere, catalogue.RoleLead)
	mine, theirs := owner.list("Revenues system", nil), other.list("Council tax and NNDR platform", nil)
	id := strings.TrimPrefix(theirs, "/intentions/")
	verdict := mine + "/verdict"
	owner.get(mine+"/matches").has("#partners", "Thornmere")
	other.get(theirs+"/matches").has("#partners", "Ambleford")

	long := url.Values{"other": {id}, "say": {"different"}, "reason": {strings.Repeat("x", 10_001)}}
	p := owner.post(verdict, long).is(http.StatusBadRequest)
	p.has("#reason-"+id+"-error", "characters or fewer")
	no := url.Values{"other": {id}, "say": {"different"}, "reason": {"canary-reason <b>"}}
	for range 2 { // a form sent twice
		owner.post(verdict, no).is(http.StatusSeeOther)
	}
	w.catchUp()
	if n := w.count(catalogue.KindVerdict); n != 1 {
		t.Fatalf("%d records of one form", n)
	}
	p = owner.get(mine + "/matches").is(http.StatusOK)
	p.hasNot("main", "Why each is suggested")
	p.has("#rejected", "Your reason: canary-reason <b>")
	p = other.get(theirs + "/matches").is(http.StatusOK)
	p.has("h1", "Nobody has listed the same need yet")
	p.hasNot("main", "not the same need")
	p.silent(t, "the other council", []string{"canary-reason"})

	owner.post(verdict, url.Values{"other": {id}, "say": {"back"}}).is(http.StatusSeeOther)
	w.catchUp()
	owner.get(mine+"/matches").has("#partners", "Thornmere")
	before := other.get(theirs + "/matches").text("#partners .jy-match__sum")
	owner.post(verdict, url.Values{"other": {id}, "say": {"same"}}).is(http.StatusSeeOther)
	w.catchUp()
	owner.get(mine+"/matches").has("#partners", "that this is the same need")
	p = other.get(theirs + "/matches")
	p.hasNot("#partners", "that this is the same need")
	if after := p.text("#partners .jy-match__sum"); after != before {
		t.Errorf("a word for a match changed its points: %q, was %q", after, before)
	}

	for who, want := range map[*browser]int{
		w.officer(ambleford, catalogue.RoleViewer):       http.StatusForbidden,
		w.officer(brackwater, catalogue.RoleContributor): http.StatusForbidden,
		w.supplier(): http.StatusForbidden,
	} {
		who.post(verdict, no).is(want)
	}
	w.officer(ambleford, catalogue.RoleViewer).get(mine+"/matches").hasNot("#partners", "Same need")
	owner.post(verdict, url.Values{"other": {"none"}, "say": {"same"}}).is(http.StatusNotFound)
	owner.post(verdict, url.Values{"other": {id}}).is(http.StatusBadRequest)
	if n := w.count(catalogue.KindVerdict); n != 1 {
		t.Errorf("%d records after refusals", n)
	}
}

// A second listing of the same need is told of before it is saved, and saved when the form is sent again.
func TestListingTwiceIsTold(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	b.list("Revenues system", nil)
	draft := b.write("Local taxation and benefits software", nil)
	check := draft + "/check"
	p := b.get(check).is(http.StatusOK)
	p.has("#repeats", "Your council listed this already")
	p.has("#repeats", "Revenues system")
	untold := p.form(check)
	untold.Del("repeats")
	b.post(check, untold).is(http.StatusOK).has("#repeats", "Revenues system")
	if n := w.count(catalogue.KindIntention); n != 1 {
		t.Errorf("%d intentions are stored before it was confirmed", n)
	}
	again := p.form(check)
	b.post(check, again).is(http.StatusSeeOther)
	b.post(check, again).is(http.StatusSeeOther) // sent twice
	if n := w.count(catalogue.KindIntention); n != 2 {
		t.Errorf("%d intentions, want both", n)
	}
}
