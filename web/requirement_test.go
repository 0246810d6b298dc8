package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
)

// agreedBetween is a group of Ambleford, Thornmere and Brackwater that have all accepted.
func agreedBetween(t *testing.T, w *world) (lead, second, third *browser, room string) {
	t.Helper()
	lead, asked, room := proposedBetween(t, w, nil, thornmere, brackwater)
	for _, b := range asked {
		b.post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	}
	w.catchUp()
	return lead, asked[0], asked[1], room
}

// firstLine is the address of the first line of a matrix.
func firstLine(b *browser, room string) string {
	b.t.Helper()
	return b.get(room+"/requirements").is(http.StatusOK).attributes("#matrix th[scope=row] a", "href")[0]
}

func TestTemplatesOfRoomPartsFitTheirData(t *testing.T) {
	w := emptyWorld(t)
	for page, data := range map[string]any{"requirements": requirementsPage{}, "requirement": requirementPage{}, "decisions": decisionsPage{}, "decision": decisionPage{},
		"decision-form": decisionFormPage{}, "papers": papersPage{}} {
		if err := w.templates.Check(page, data); err != nil {
			t.Error(err)
		}
	}
}

func TestAMatrixFromItsBeginToItsEnd(t *testing.T) {
	w := councilsWorld(t)
	lead, second, third, room := agreedBetween(t, w)
	p := lead.get(room).is(http.StatusOK)
	p.has("#requirements h2", "Requirements: none yet")
	p.has("#requirements a", "Begin with what the members’ intentions say")

	page := room + "/requirements"
	p = lead.get(page).is(http.StatusOK)
	p.wellFormed()
	p.has("#begin", "ask for 2 things")
	p.has("#begin li", "Ambleford, Thornmere and Brackwater")
	for range 2 { // sent twice
		lead.post(page+"/begin", url.Values{}).is(http.StatusSeeOther)
	}
	p = lead.get(page).is(http.StatusOK)
	p.has("h1", "Requirements: 0 conflicts, 2 open, 0 agreed")
	p.wellFormed()
	p.hasNot("main", "ask for more")

	lead.post(page, url.Values{"lines": {" \n"}}).is(http.StatusBadRequest).has("#lines-error", "Enter what is needed")
	long := strings.Repeat("x", 301)
	if kept := lead.post(page, url.Values{"lines": {"Fine\n" + long}}).is(http.StatusBadRequest); kept.text("#lines") != "Fine "+long || w.count(catalogue.KindRequirement) != 2 {
		t.Error("lines that were refused are gone, or some were kept")
	}
	typed := url.Values{"lines": {"Annual billing\r\nMoves data out of Civica Pay\r\n\r\nOpen APIs."}}
	for range 2 {
		lead.post(page, typed).is(http.StatusSeeOther)
	}
	lead.post(page, typed)
	if n := w.count(catalogue.KindRequirement); n != 4 {
		t.Errorf("%d lines", n)
	}
	lead.get(page).has(".govuk-notification-banner", "Specify functions, not brands")

	// A whole column in one go; an old copy of the form undoes nothing that was not changed in it.
	old := second.get(page).is(http.StatusOK).form(page + "/column")
	column := second.get(page).form(page + "/column")
	for name := range column {
		if strings.HasPrefix(name, "line-") {
			column.Set(name, "must not")
		}
	}
	second.post(page+"/column", column).is(http.StatusSeeOther)
	second.post(page+"/column", old).is(http.StatusSeeOther)
	p = second.get(page).is(http.StatusOK)
	p.has("h1", "Requirements: 2 conflicts, 2 open, 0 agreed")
	p.has("#matrix", "Ambleford and Brackwater must, Thornmere must not.")
	if n := len(p.all("#matrix .jy-req--conflict")); n != 6 {
		t.Errorf("%d cells are marked as in conflict", n)
	}

	line := firstLine(lead, room)
	p = lead.get(line).is(http.StatusOK)
	p.wellFormed()
	p.has("#positions tr", "Ambleford (demonstration), you Must from its intention")
	p.has("#agree", "It can be agreed once")
	second.post(line+"/position", url.Values{"position": {"could"}, "comment": {"As an <option>"}}).is(http.StatusSeeOther)
	lead.get(line).has("#positions", "As an <option>")
	second.post(line+"/position", url.Values{"position": {"x"}, "comment": {"Kept"}}).is(http.StatusBadRequest).has("#comment", "Kept")
	for _, b := range []*browser{lead, second, third} {
		form := b.get(line).is(http.StatusOK).form(line + "/agree")
		form.Set("agree", "yes")
		b.post(line+"/agree", form).is(http.StatusSeeOther)
	}
	p = lead.get(room).is(http.StatusOK)
	p.has("#requirements h2", "Requirements: 1 conflict, 2 open, 1 agreed")
	p.has("#agreed summary", "1 agreed line")
	p.has("#agreed", "3 of 3, on 23 November 2026")
	p.wellFormed()
	form := third.get(line).form(line)
	form.Set("text", "Hosted in the United Kingdom")
	third.post(line, form).is(http.StatusSeeOther)
	p = lead.get(line).is(http.StatusOK)
	p.has(".jy-flag", "Agreements from before no longer count")
	p.has("#history", "It said before: ‘Hosted in the UK’")

	lead.post(line+"/remove", url.Values{"reason": {""}}).is(http.StatusBadRequest).has("#reason-error", "Say why")
	second.post(line+"/remove", url.Values{"reason": {"x"}}).is(http.StatusForbidden)
	lead.post(line+"/remove", url.Values{"reason": {"Said elsewhere"}}).is(http.StatusSeeOther)
	second.get(page).has("#left-out", "Said elsewhere")
	lead.post(line+"/bring-back", url.Values{}).is(http.StatusSeeOther)
	second.get(page).hasNot("main", "Said elsewhere")
}

// TestTwoWordALineAtOnce is the promise that neither loses words.
func TestTwoWordALineAtOnce(t *testing.T) {
	w := councilsWorld(t)
	lead, second, _, room := agreedBetween(t, w)
	lead.post(room+"/requirements", url.Values{"lines": {"Open interfaces"}}).is(http.StatusSeeOther)
	line := firstLine(lead, room)
	mine, theirs := lead.get(line).form(line), second.get(line).form(line)
	lead.post(line, with(mine, url.Values{"text": {"Open interfaces to payments"}, "note": {"Over HTTPS"}})).is(http.StatusSeeOther)
	clash := second.post(line, with(theirs, url.Values{"text": {"Open interfaces & forms"}, "note": {"With <examples>"}})).is(http.StatusConflict)
	clash.wellFormed()
	clash.has("#theirs", "Open interfaces to payments")
	clash.has("#theirs", "Over HTTPS")
	clash.has("#theirs", "Ambleford (demonstration), 23 November 2026")
	again := clash.form(line)
	if again.Get("text") != "Open interfaces & forms" || again.Get("note") != "With <examples>" {
		t.Errorf("what the second wrote is gone: %v", again)
	}
	lead.get(line).has("h1", "Open interfaces to payments") // nothing is replaced yet
	second.post(line, again).is(http.StatusSeeOther)
	second.post(line, again).is(http.StatusSeeOther) // sent twice
	lead.get(line).has("h1", "Open interfaces & forms")
	lead.get(line).has("#history", "Open interfaces to payments")
	old := url.Values{"agree": {"yes"}, "edition": {"1"}}
	lead.post(line+"/agree", old).is(http.StatusConflict).has("main", "read it again before you agree")
}

func TestADecisionFromQuestionToResult(t *testing.T) {
	w := councilsWorld(t)
	lead, second, third, room := agreedBetween(t, w)
	lead.get(room).has("#decisions a", "Ask for a decision")
	ask := room + "/decisions/new"
	form := lead.get(ask).is(http.StatusOK).form(ask)
	p := lead.post(ask, with(form, url.Values{"detail": {"Kept"}, "options": {"One"}, "due-day": {"45"}, "due-month": {"1"}, "due-year": {"2027"}})).is(http.StatusBadRequest)
	p.wellFormed()
	p.has(".govuk-error-summary", "real date")
	p.has("#detail", "Kept")
	lead.post(ask, form).is(http.StatusBadRequest).has("#question-error", "Enter a question")
	form = with(form, url.Values{"question": {"Do we tender in two lots?"}, "due-day": {"18"}, "due-month": {"12"}, "due-year": {"2026"}})
	at := lead.post(ask, form).is(http.StatusSeeOther).location()
	if again := lead.post(ask, form).is(http.StatusSeeOther).location(); again != at || w.count(catalogue.KindDecision) != 1 {
		t.Errorf("the same form asked %q and %q", at, again)
	}
	clerk := w.officer(thornmere, catalogue.RoleContributor)
	clerk.get(at).is(http.StatusOK).has("main", "A lead of your council gives its vote")
	clerk.post(at+"/vote", url.Values{"choice": {"Yes"}}).is(http.StatusForbidden)
	second.post(at+"/vote", url.Values{"choice": {""}, "reason": {"We <wait>"}}).is(http.StatusBadRequest).has("#reason", "We <wait>")
	second.post(at+"/vote", url.Values{"choice": {"No"}, "reason": {"One lot keeps us together"}}).is(http.StatusSeeOther)
	p = lead.get(room).is(http.StatusOK)
	p.has("#decisions", "To be decided by 18 December 2026")
	p.has("#decisions", "0 for, 1 against, 2 not yet")
	p.has("#decisions", "‘One lot keeps us together’")
	lead.post(at+"/vote", url.Values{"choice": {"Yes"}}).is(http.StatusSeeOther)
	third.post(at+"/vote", url.Values{"choice": {"Yes"}}).is(http.StatusSeeOther)
	third.get(at).hasNot("main", "Close the decision")
	third.post(at+"/close", url.Values{}).is(http.StatusForbidden)
	lead.post(at+"/close", url.Values{}).is(http.StatusSeeOther)
	p = second.get(at).is(http.StatusOK)
	p.wellFormed()
	p.has(".govuk-tag", "Carried")
	p.has("main", "Carried: of 3 members, 2 for ‘Yes’, 1 for ‘No’.")
	second.post(at+"/vote", url.Values{"choice": {"Yes"}}).is(http.StatusConflict)
	if again := second.get(ask + "?again=" + at[strings.LastIndex(at, "/")+1:]).is(http.StatusOK).form(ask); again.Get("question") != "Do we tender in two lots?" {
		t.Errorf("asking again begins with %q", again.Get("question"))
	}
	second.get(room + "/decisions").is(http.StatusOK).wellFormed()
}

func TestPapersOfAGroup(t *testing.T) {
	w := councilsWorld(t)
	lead, second, _, room := agreedBetween(t, w)
	page := room + "/papers"
	form := with(lead.get(page).is(http.StatusOK).form(page), url.Values{"title": {"Draft <specification>"}, "address": {"javascript:alert(1)"}})
	p := lead.post(page, form).is(http.StatusBadRequest)
	p.has("#address-error", "starts with https://")
	both := lead.post(page, with(p.form(page), url.Values{"title": {""}, "address": {"not an address"}})).is(http.StatusBadRequest)
	if got := both.attributes(".govuk-error-summary a", "href"); !slices.Equal(got, []string{"#title", "#address"}) {
		t.Errorf("what is wrong with a paper is told at %q", got)
	}
	form = with(p.form(page), url.Values{"address": {"https://papers.example/draft?version=2"}})
	for range 2 {
		lead.post(page, form).is(http.StatusSeeOther)
	}
	p = second.get(room).is(http.StatusOK)
	p.has("#papers", "at papers.example, added by Ambleford (demonstration)")
	if rel := p.attributes("#papers h3 a", "rel"); len(rel) != 1 || rel[0] != "noreferrer nofollow" {
		t.Errorf("the link has rel %v", rel)
	}
	second.get(page).is(http.StatusOK).wellFormed()
	remove := slices.DeleteFunc(lead.get(page).attributes("form", "action"), func(to string) bool { return !strings.HasSuffix(to, "/remove") })[0]
	second.post(remove, url.Values{}).is(http.StatusForbidden)
	lead.post(remove, url.Values{}).is(http.StatusSeeOther)
	second.get(page).has("main", "No document is linked yet")
}

// TestPartsOfARoomAreNowhereForOutsiders looks for what members keep in a room on every page that others can reach.
func TestPartsOfARoomAreNowhereForOutsiders(t *testing.T) {
	w := councilsWorld(t)
	lead, second, third, room := agreedBetween(t, w)
	asked := w.officer("DEMO-09", catalogue.RoleLead)
	theirs := asked.list("Council tax for Aldermere", nil)
	lead.post(room+"/invite", url.Values{"intention": {strings.TrimPrefix(theirs, "/intentions/")}}).is(http.StatusSeeOther)
	lead.post(room+"/requirements", url.Values{"lines": {"Canaryline revenues"}}).is(http.StatusSeeOther)
	line := firstLine(lead, room)
	second.post(line+"/position", url.Values{"position": {"must"}, "comment": {"canarycomment"}}).is(http.StatusSeeOther)
	ask := room + "/decisions/new"
	decision := lead.post(ask, with(lead.get(ask).form(ask), url.Values{"question": {"Canaryquestion revenues"}})).is(http.StatusSeeOther).location()
	lead.post(room+"/papers", url.Values{"title": {"Canarypaper revenues"}, "address": {"https://papers.example/canary"}}).is(http.StatusSeeOther)
	third.post(room+"/leave", url.Values{"reason": {"Money"}}).is(http.StatusSeeOther)
	w.catchUp()

	parts := []string{room + "/requirements", line, room + "/decisions", decision, ask, room + "/papers"}
	everywhere := append([]string{"/", "/search?q=canaryline", "/search?q=canary*", "/groups", "/api/v1/search?q=canaryquestion", "/desk", room, "/demand", "/councils/" + ambleford}, parts...)
	for who, b := range map[string]*browser{"nobody": w.anonymous(), "a supplier": w.supplier(), "another council": w.officer("DEMO-10", catalogue.RoleLead), "who is asked": asked, "who left": third} {
		for _, address := range everywhere {
			if who == "who left" && address == "/desk" {
				continue // what it was told while it was in stays in its inbox, as in its mail
			}
			b.get(address).silent(t, who, withoutQuery(address, []string{"canaryline", "canarycomment", "canaryquestion", "canarypaper"}))
		}
		for _, address := range parts {
			if p := b.get(address); who == "nobody" && p.status != http.StatusSeeOther || who != "nobody" && p.status != http.StatusNotFound {
				t.Errorf("%s at %s: %d", who, address, p.status)
			}
		}
		if who == "nobody" || who == "a supplier" {
			continue
		}
		for _, address := range []string{room + "/requirements", room + "/requirements/begin", line, line + "/position", line + "/agree", line + "/remove", ask, decision + "/vote", decision + "/close", room + "/papers"} {
			b.post(address, url.Values{"lines": {"x"}, "text": {"x"}, "position": {"must"}, "agree": {"yes"}, "reason": {"x"}, "question": {"x"}, "choice": {"Yes"},
				"title": {"x"}, "address": {"https://x.example"}}).is(http.StatusNotFound)
		}
	}
	second.get(room).is(http.StatusOK).has("#requirements", "Canaryline") // the control
	second.get(decision).is(http.StatusOK).has("h1", "Canaryquestion")
}

func TestManyMembersAreSaidInWords(t *testing.T) {
	m := &catalogue.Matrix{Group: &catalogue.BuyingGroup{}}
	w := emptyWorld(t)
	for _, c := range w.Catalogue.Register().Councils()[:30] {
		m.Members = append(m.Members, &catalogue.Council{Council: c})
		m.Group.Members = append(m.Group.Members, catalogue.Member{Council: c.GSS, State: catalogue.Accepted})
	}
	r := &catalogue.Requirement{Line: 1, Text: "Open API", Edition: 1, Positions: []catalogue.MemberPosition{{Council: m.Members[0].GSS, Position: catalogue.Must}}}
	v := newMatrixView(m, "Lines", []*catalogue.Requirement{r})
	if v.Councils != nil || len(v.Rows[0].Who) != 2 || v.Rows[0].Who[0] != "Must: "+m.Members[0].Name {
		t.Errorf("30 members are shown as %d columns and %v", len(v.Councils), v.Rows[0].Who)
	}
}
