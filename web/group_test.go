package web

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"jointly/catalogue"
)

// proposedBetween lists a need of Ambleford and one of each other council, and proposes a group of all: whose browsers
// they are, and the group's address.
func proposedBetween(t *testing.T, w *world, changes url.Values, others ...string) (lead *browser, asked []*browser, group string) {
	t.Helper()
	lead = w.officer(ambleford, catalogue.RoleLead)
	own := lead.list("Revenues system", nil)
	form := url.Values{"partner": {}}
	for _, code := range others {
		b := w.officer(code, catalogue.RoleLead)
		address := b.list("Council tax platform of "+code, url.Values{"role": {"follow"}, "budget_max": {"2500000"}})
		form["partner"] = append(form["partner"], strings.TrimPrefix(address, "/intentions/"))
		asked = append(asked, b)
	}
	id := strings.TrimPrefix(own, "/intentions/")
	page := lead.get("/groups/new?intention=" + id).is(http.StatusOK)
	answer := lead.post("/groups/new", with(with(page.form("/groups/new"), form), changes)).is(http.StatusSeeOther)
	w.catchUp()
	return lead, asked, answer.location()
}

func TestFromANeedToARoom(t *testing.T) {
	w := councilsWorld(t)
	lead, other := w.officer(ambleford, catalogue.RoleLead), w.officer(thornmere, catalogue.RoleLead)

	theirs := other.list("Council tax platform", url.Values{"role": {"follow"}, "musts": {"Telephone payments"}})
	own := lead.list("Revenues system", nil) // listed -> found
	if got := other.find(catalogue.KindIntention, "Revenues system"); got != own {
		t.Fatalf("found %q, want %q", got, own)
	}
	lead.get("/desk").has("#intentions", "1 council")

	matches := lead.get(own + "/matches").is(http.StatusOK) // -> matched
	matches.has("h1", "One council could buy this with you")
	matches.has(".jy-match__name", "Thornmere (demonstration)")
	matches.has(".jy-obstacles", "Telephone payments")
	matches.has("#windows", "Thornmere (demonstration)")
	ask := matches.form("/groups/new")
	if len(ask["partner"]) != 1 || "/intentions/"+ask.Get("partner") != theirs {
		t.Fatalf("ticked %v, want %s", ask["partner"], theirs)
	}
	page := lead.get("/groups/new?" + ask.Encode()).is(http.StatusOK) // -> proposed
	proposal := with(page.form("/groups/new"), url.Values{"title": {"Revenues for two"}, "need": {"One hosted system."}})
	room := lead.post("/groups/new", proposal).is(http.StatusSeeOther).location()
	if again := lead.post("/groups/new", proposal).is(http.StatusSeeOther).location(); again != room || w.count(catalogue.KindGroup) != 1 {
		t.Errorf("the same form made %q and %q", room, again)
	}
	w.catchUp()
	mine := lead.get(room).is(http.StatusOK)
	mine.has("#next", "Waiting for Thornmere (demonstration)")
	mine.has("#why", "points")
	mine.has(".jy-caption", "Group of 1 council, 1 asked")
	lead.get(own+"/matches").has(".jy-panel", "Revenues for two")
	lead.get(own).has(".jy-panel", "You are buying this in a group")

	other.get("/desk").has(".jy-panel", "Revenues for two")
	other.get("/desk").has(".jy-account", "1 to do")
	invited := other.get(room).is(http.StatusOK)
	invited.has("#next", "Ambleford (demonstration) asked you")
	other.post(room+"/answer", url.Values{"answer": {"decline"}, "reason": {" "}}).is(http.StatusBadRequest).has("#reason-error", "Say why")
	other.post(room+"/answer", url.Values{"answer": {"perhaps"}}).is(http.StatusBadRequest)
	other.post(room+"/answer", invited.form(room+"/answer")).is(http.StatusBadRequest) // a button says which
	other.post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	other.post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther) // sent twice
	w.catchUp()

	for _, b := range []*browser{lead, other} { // -> accepted: both see the room
		p := b.get(room).is(http.StatusOK)
		p.has("#members", "Ambleford (demonstration)")
		p.has("#members", "Thornmere (demonstration)")
		p.has("#value", "£3,000,000 inc VAT")
		p.has("#value", "£207,720 inc VAT")
		p.has("#value", "In force since 1 January 2026")
		p.has("#dates", "Both can tender: April to December 2027")
		p.has(".jy-stages__stage--current", "Forming")
	}
	other.get(room).has("#next", "Ambleford (demonstration), moves the group on")
	lead.get(room).has("#next", "Record that the group is agreed")
	move := lead.get(room + "/move?to=agreed").is(http.StatusOK).form(room + "/move")
	other.get(room + "/move?to=agreed").is(http.StatusNotFound)
	other.post(room+"/move", move).is(http.StatusForbidden)
	lead.post(room+"/move", move).is(http.StatusSeeOther)
	lead.post(room+"/move", move).is(http.StatusSeeOther) // sent twice
	for _, b := range []*browser{lead, other} {
		b.get(room).has(".jy-stages__stage--current", "Agreed")
		b.get(room).has("#next", "take it through your council")
	}
	other.get(room).hasNot("main", "Why it was suggested") // that was told to the proposer
	other.get("/desk").has("#groups", "Revenues for two")

	// Outside: the card for a council, nothing for others.
	third := w.officer(brackwater, catalogue.RoleLead)
	card := third.get(room).is(http.StatusOK)
	card.has("h1", "Revenues for two")
	card.has("main", "One hosted system.")
	for _, secret := range []string{"Thornmere", "£", "Members", "Telephone"} {
		card.hasNot("main", secret)
	}
	w.supplier().get(room).is(http.StatusNotFound)
	w.anonymous().get(room).is(http.StatusNotFound)
	for _, action := range []string{"answer", "leave", "lead", "invite", "stand", "offer", "deputy", "conflicts"} {
		form := url.Values{"answer": {"accept"}, "reason": {"x"}, "take": {"yes"}, "rung": {"intends"}, "has": {"no"}, "council": {thornmere}, "intention": {strings.TrimPrefix(own, "/intentions/")}}
		third.post(room+"/"+action, form).is(http.StatusForbidden)
	}
}

func TestAPublicCardTellsNothingOfTheRoom(t *testing.T) {
	w := councilsWorld(t)
	_, asked, room := proposedBetween(t, w, url.Values{"card": {"public"}, "title": {"For all to see"}}, thornmere)
	asked[0].post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	for _, b := range []*browser{w.anonymous(), w.supplier()} {
		p := b.get(room).is(http.StatusOK)
		p.has("h1", "For all to see")
		p.hasNot("main", "Thornmere")
		p.hasNot("main", "£")
		b.post(room+"/join", url.Values{"intention": {"x"}})
	}
	if w.anonymous().post(room+"/answer", url.Values{"answer": {"accept"}}).status != http.StatusUnauthorized {
		t.Error("somebody who is not signed in can answer")
	}
	w.supplier().post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusForbidden)
}

func TestDecliningAndLeaving(t *testing.T) {
	w := councilsWorld(t)
	lead, asked, room := proposedBetween(t, w, nil, thornmere, brackwater)
	asked[0].post(room+"/answer", url.Values{"answer": {"decline"}, "reason": {"Our contract was extended"}}).is(http.StatusSeeOther)
	asked[1].post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	p := lead.get(room).is(http.StatusOK)
	p.has("#gone", "Our contract was extended")
	p.hasNot("#members", "Thornmere")
	asked[0].get(room).is(http.StatusOK).hasNot("main", "Brackwater") // the card, like any other council

	asked[1].post(room+"/leave", url.Values{"reason": {""}}).is(http.StatusBadRequest).has("#reason-error", "Say why")
	if left := asked[1].post(room+"/leave", url.Values{"reason": {"No money"}}).is(http.StatusSeeOther); left.location() != "/desk" {
		t.Errorf("leads to %q", left.location())
	}
	p = lead.get(room).is(http.StatusOK)
	p.has("h2", "This group was given up")
	p.has("#gone", "No money")
	asked[1].get(room).is(http.StatusNotFound)
}

func TestLeadStandingAndInvitations(t *testing.T) {
	w := councilsWorld(t)
	lead, asked, room := proposedBetween(t, w, url.Values{"lead": {"no"}, "open": {"no"}}, thornmere)
	asked[0].post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	third := w.officer(brackwater, catalogue.RoleLead)
	theirs := third.list("Revs and bens", nil)

	lead.get(room).has("#next", "settle who leads")
	lead.get(room).has("#next", "Ambleford (demonstration) has offered it")
	lead.post(room+"/lead", url.Values{"take": {"yes"}}).is(http.StatusSeeOther)
	lead.get(room).has("#members", "Lead authority")
	asked[0].post(room+"/lead", url.Values{"take": {"yes"}}).is(http.StatusConflict)

	stand := room + "/stand"
	lead.post(stand, url.Values{}).is(http.StatusBadRequest).has("#rung-error", "Choose")
	lead.post(stand, url.Values{"rung": {"approved"}}).is(http.StatusBadRequest).has("#approval_ref-error", "reference")
	again := lead.post(stand, url.Values{"rung": {"approved"}, "approval_ref": {"Cabinet 14"}, "volume": {"a lot"}, "approved_on-day": {"31"}, "approved_on-month": {"2"}, "approved_on-year": {"2026"}}).is(http.StatusBadRequest)
	again.has("#approved_on-error", "must be a real date")
	again.has("#volume-error", "must be an amount in pounds")
	if kept := again.form(stand); kept.Get("volume") != "a lot" || kept.Get("approval_ref") != "Cabinet 14" {
		t.Errorf("the form keeps %v", kept)
	}
	lead.post(stand, approval("Cabinet 14")).is(http.StatusSeeOther)
	lead.get(room).has("#members", "Cabinet 14")
	lead.get(room).has("#members .jy-ladder", "Approved , 4 of 4")

	third.post(room+"/join", url.Values{"intention": {strings.TrimPrefix(theirs, "/intentions/")}}).is(http.StatusConflict)
	page := lead.get(room)
	page.has("#intention", "Brackwater (demonstration): Revs and bens")
	lead.post(room+"/invite", url.Values{"intention": {""}}).is(http.StatusBadRequest).has("#intention-error", "Choose a council")
	invite := url.Values{"intention": {strings.TrimPrefix(theirs, "/intentions/")}}
	lead.post(room+"/invite", invite).is(http.StatusSeeOther)
	lead.post(room+"/invite", invite).is(http.StatusSeeOther) // sent twice
	lead.get(room).has("#members", "asked on 23 November 2026")
	lead.get(room).hasNot("#intention", "Brackwater")
	third.get(room).has("#next", "answer the invitation")
	third.post(stand, url.Values{"rung": {"intends"}}).is(http.StatusForbidden) // it has not accepted

	lead.post(room+"/lead", url.Values{"take": {"no"}}).is(http.StatusSeeOther)
	lead.get(room).has(".jy-flag", "No council leads yet")
}

// approval is the form of a council that has approved.
func approval(reference string) url.Values {
	return url.Values{"rung": {"approved"}, "approval_ref": {reference}, "approved_on-day": {"12"}, "approved_on-month": {"11"}, "approved_on-year": {"2026"}, "volume": {"£850,000"}}
}

func TestAGroupGoesToMarketAndCloses(t *testing.T) {
	w := councilsWorld(t)
	lead, asked, room := proposedBetween(t, w, url.Values{"lead": {"yes"}}, thornmere)
	asked[0].post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	move := func(from, to string, more url.Values) *page {
		return lead.post(room+"/move", with(url.Values{"from": {from}, "to": {to}}, more))
	}
	move("forming", "agreed", nil).is(http.StatusSeeOther)
	blocked := lead.get(room + "/move?to=procuring").is(http.StatusOK)
	blocked.has("#hurdles", "Thornmere (demonstration) has not recorded its council's approval")
	move("agreed", "procuring", nil).is(http.StatusBadRequest).has(".govuk-error-summary", "has not declared conflicts of interest")

	for _, b := range []*browser{lead, asked[0]} {
		b.post(room+"/stand", approval("Cabinet 14")).is(http.StatusSeeOther)
		b.get(room).has("#next", "declare conflicts of interest")
		b.post(room+"/conflicts", url.Values{}).is(http.StatusBadRequest).has("#has-error", "Choose whether")
		b.post(room+"/conflicts", url.Values{"has": {"yes"}, "conflicts": {" "}}).is(http.StatusBadRequest).has("#conflicts-error", "Say what")
		b.post(room+"/conflicts", url.Values{"has": {"no"}}).is(http.StatusSeeOther)
	}
	blocked = lead.get(room + "/move?to=procuring").is(http.StatusOK)
	blocked.has("#hurdles", "The route is not settled yet")
	dates := lead.get(room + "/dates").is(http.StatusOK).form(room + "/dates")
	lead.post(room+"/dates", with(dates, url.Values{"route": {"tender"}, "reason": {"No framework covers it"}})).is(http.StatusSeeOther)
	value := lead.get(room + "/value").is(http.StatusOK).form(room + "/value")
	lead.post(room+"/value", with(value, url.Values{"lots": {"no"}, "lots_text": {"One system"}})).is(http.StatusSeeOther)
	lead.get(room).has("#next", "Begin to procure")
	move("agreed", "procuring", nil).is(http.StatusSeeOther)
	move("agreed", "engaging", nil).is(http.StatusConflict) // a page that was left open
	asked[0].get(room).has("#next", "runs it, and records the award")
	award := lead.get(room + "/move?to=awarded").is(http.StatusOK).form(room + "/move")
	wrong := lead.post(room+"/move", with(award, url.Values{"award_value": {"£1.2m"}, "awarded_on-day": {"x"}, "awarded_on-month": {"11"}, "awarded_on-year": {"2026"}})).is(http.StatusBadRequest)
	wrong.has("#awarded_on-error", "must be a real date")
	wrong = lead.post(room+"/move", with(award, url.Values{"award_value": {"£1.2m"}})).is(http.StatusBadRequest)
	wrong.has("#supplier-error", "Enter the supplier")
	if wrong.form(room+"/move").Get("award_value") != "£1.2m" {
		t.Error("what was typed is lost")
	}
	day := url.Values{"supplier": {"Quillbrook"}, "awarded_on-day": {"20"}, "awarded_on-month": {"11"}, "awarded_on-year": {"2026"}, "award_value": {"£1.2m"}}
	lead.post(room+"/move", with(award, day)).is(http.StatusSeeOther)
	asked[0].get(room).has("#award", "£1,200,000")
	move("awarded", "closed", nil).is(http.StatusBadRequest).has("#reason-error", "Say what came of it")
	move("awarded", "closed", url.Values{"reason": {"Live in both"}}).is(http.StatusSeeOther)
	asked[0].get(room).has("#outcome", "Live in both")
	card := w.officer(brackwater, catalogue.RoleLead).get(room).is(http.StatusOK)
	card.has("#outcome", "Live in both")
	card.has("#join", "This group is closed")
	for _, secret := range []string{"Thornmere", "Quillbrook", "£", "Cabinet"} {
		card.hasNot("main", secret)
	}
}

func TestHandingOverTheLead(t *testing.T) {
	w := councilsWorld(t)
	lead, asked, room := proposedBetween(t, w, url.Values{"lead": {"yes"}}, thornmere)
	asked[0].post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	lead.post(room+"/offer", url.Values{"council": {""}}).is(http.StatusBadRequest).has("#offer-error", "Choose a council")
	lead.post(room+"/deputy", url.Values{"council": {brackwater}}).is(http.StatusBadRequest).has("#deputy-error", "Choose another member")
	lead.post(room+"/deputy", url.Values{"council": {thornmere}}).is(http.StatusSeeOther)
	lead.get(room).has("#members", "Deputy")
	lead.post(room+"/offer", url.Values{"council": {thornmere}}).is(http.StatusSeeOther)
	lead.get(room).has("#change", "You asked Thornmere (demonstration) to take over")
	asked[0].get(room).has("#next", "take over the lead, or say no")
	asked[0].post(room+"/lead", url.Values{"take": {"yes"}}).is(http.StatusSeeOther)
	asked[0].get(room).has("#change", "Your council leads.")
	lead.get(room).hasNot("#members", "Deputy")
}

func TestJoiningAnOpenGroup(t *testing.T) {
	w := councilsWorld(t)
	_, asked, room := proposedBetween(t, w, url.Values{"open": {"yes"}, "join_by-day": {"1"}, "join_by-month": {"3"}, "join_by-year": {"2027"}}, thornmere)
	asked[0].post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	w.catchUp()
	b := w.officer(brackwater, catalogue.RoleLead)
	b.get(room).has("#join", "listed nothing to join with")
	b.list("Kept to ourselves", url.Values{"visibility": {"own"}})
	b.get(room).has("#join", "listed nothing to join with")
	own := b.list("Revs and bens", nil)
	b.get(own+"/matches").has(".jy-panel", "A group that exists would fit")
	join := b.get(room).is(http.StatusOK).form(room + "/join")
	if join.Get("intention") != strings.TrimPrefix(own, "/intentions/") {
		t.Errorf("the form offers %v", join)
	}
	b.post(room+"/join", url.Values{}).is(http.StatusBadRequest).has("#intention-error", "Choose one of your intentions")
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if p := w.anonymous().signed(b).post(room+"/join", join); p.status != http.StatusSeeOther || p.location() != room {
				t.Errorf("joining: %d to %q", p.status, p.location())
			}
		})
	}
	all.Wait()
	p := b.get(room).is(http.StatusOK)
	p.has(".jy-caption", "Group of 3 councils")
	if n := len(p.all("#members tbody tr")); n != 3 {
		t.Errorf("%d members, want 3", n)
	}
	w.officer(kelderby, catalogue.RoleContributor).get(room).has("#join", "A lead of your council can join")
}

func TestAProposalThatDoesNotHoldSaysWhy(t *testing.T) {
	w := councilsWorld(t)
	lead := w.officer(ambleford, catalogue.RoleLead)
	lead.get("/groups/new").is(http.StatusOK).has("main", "listed nothing that is still open")
	own := lead.list("Revenues system", nil)
	late := w.officer(thornmere, catalogue.RoleLead).list("Council tax, later", url.Values{"window_start-year": {"2029"}, "window_end-year": {"2029"}, "contract_end-year": {"2031"}})
	lead.get("/groups/new").is(http.StatusOK).has("main a", "Revenues system")
	id := strings.TrimPrefix(own, "/intentions/")
	form := lead.get("/groups/new?intention=" + id).is(http.StatusOK).form("/groups/new")
	form.Set("title", "Typed <title>")
	lead.post("/groups/new", form).is(http.StatusBadRequest).has("#partner", "nobody to ask")
	form["partner"] = []string{strings.TrimPrefix(late, "/intentions/")}
	p := lead.post("/groups/new", with(form, url.Values{"join_by-day": {"45"}, "join_by-month": {"1"}, "join_by-year": {"2027"}})).is(http.StatusBadRequest)
	p.has(".govuk-error-summary", "must be a real date")
	p = lead.post("/groups/new", form).is(http.StatusBadRequest)
	p.has("#partner-error", "no window in common")
	if kept := p.form("/groups/new"); kept.Get("title") != "Typed <title>" || kept.Get("partner") != form.Get("partner") {
		t.Errorf("what was typed is gone: %v", kept)
	}
	theirs := strings.TrimPrefix(late, "/intentions/")
	lead.get("/groups/new?intention=" + theirs).is(http.StatusForbidden)
	lead.get("/groups/new?intention=none").is(http.StatusNotFound)
	lead.get(late + "/matches").is(http.StatusForbidden)
	lead.get(own+"/matches").has("#near", "Thornmere (demonstration)")
}

func TestARoomTellsThoseInFromThoseAsked(t *testing.T) {
	w := councilsWorld(t)
	lead, asked, room := proposedBetween(t, w, nil, thornmere, brackwater)
	p := lead.get(room).is(http.StatusOK)
	p.has(".jy-caption", "Group of 1 council, 2 asked")
	p.has("#members h2", "Members and councils asked")
	p.has("#value", "If all accept")
	asked[0].post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	asked[1].post(room+"/answer", url.Values{"answer": {"decline"}, "reason": {"Our contract was extended"}}).is(http.StatusSeeOther)
	p = lead.get(room).is(http.StatusOK)
	p.has(".jy-caption", "Group of 2 councils")
	p.hasNot("#value", "If all accept")
	card := asked[1].get(room).is(http.StatusOK)
	card.has("#join", "Your council declined on 23 November 2026: ‘Our contract was extended’.")

	asked[0].post(room+"/leave", url.Values{"reason": {"No money"}}).is(http.StatusSeeOther)
	p = lead.get(room).is(http.StatusOK)
	p.has(".govuk-tag", "Given up")
	p.has("#gone", "No money")
	p.has("#next a", "See who else could buy")
	for _, gone := range []string{"Joint value", "Warnings", "Suggested", "No council leads"} {
		p.hasNot("main", gone)
	}
}
