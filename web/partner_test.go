package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
)

// partnerBodies are bodies that stand to a planted group in each way, and one that was never asked.
func partnerBodies() []catalogue.Item {
	var out []catalogue.Item
	for _, state := range []string{"accepted", "invited", "declined", "left", "stranger"} {
		out = append(out, &catalogue.Body{Meta: catalogue.Meta{ID: "body-" + state}, Name: "Body that is " + state, Kind: catalogue.SectorBody, Domain: state + ".body.example", Source: "Invented", Demonstration: true})
	}
	return out
}

// partners are the entries of those bodies, each with words of its own.
func (p *planting) partners(by string) []catalogue.Partner {
	var out []catalogue.Partner
	for _, state := range []catalogue.MemberState{catalogue.Accepted, catalogue.Invited, catalogue.Declined, catalogue.Left} {
		word := "zebrapartner" + string(state)
		one := catalogue.Partner{Body: "body-" + string(state), State: state, By: by, Wanted: p.word(word + "wanted"), Asked: testDay(), Answered: testDay()}
		if one.Brings = p.word(word + "brings"); state != catalogue.Accepted && state != catalogue.Invited {
			one.Reason = p.word(word + "reason")
		} else {
			one.Reason = word + "unset" // nobody reads it in this state
		}
		out = append(out, one)
	}
	return out
}

// bodiesReadWhatIsForThem crawls as a body in each standing to a planted group, and reads all records through its eyes: of
// what is planted it meets what is for it, each word, and nothing else.
func bodiesReadWhatIsForThem(t *testing.T, w *world, p *planting) {
	card := []string{"zebragrouptitle", "zebragroupneed"}
	room := append(slices.Clone(card), "zebrarequirementtext", "zebradecisionquestion", "zebradecisiondetail", "zebrapapertitle", "zebrapaperabout", "zebrapaper", "zebraoption")
	for state, words := range map[string][]string{
		"accepted": append(room, "zebrapartneracceptedwanted", "zebrapartneracceptedbrings", "zebrapartneracceptedunset"),
		"invited":  append(slices.Clone(card), "zebrapartnerinvitedwanted", "zebrapartnerinvitedbrings", "zebrapartnerinvitedunset"),
		"declined": nil, "left": nil, "stranger": nil,
	} {
		a, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "lead@" + state + ".body.example", OrgKind: catalogue.OrgBody, Org: "body-" + state, Role: catalogue.RoleAdmin})
		must(t, err)
		b := w.signedIn(a)
		met := map[string]bool{}
		check := func(where, text string) {
			text = strings.ToLower(text)
			longest := slices.SortedFunc(slices.Values(words), func(a, b string) int { return len(b) - len(a) })
			for _, word := range longest {
				met[word] = met[word] || strings.Contains(text, word)
				text = strings.ReplaceAll(text, word, "")
			}
			if found := givesIn(text); found != "" {
				t.Errorf("a body that is %s reads at %s: …%s…", state, where, found)
			}
		}
		b.walk(append(p.ownAddresses(), "/bodies/body-accepted", "/bodies/body-invited", "/bodies/body-"+state), ofARoute(3), func(address string, got *page) {
			if !strings.Contains(address, "zebra") {
				check(address, fmt.Sprint(got.header)+unpacked(got.body))
			}
		})
		for _, kind := range catalogue.StoredKinds() {
			must(t, w.Catalogue.Each(t.Context(), a.Actor("test"), kind, func(item catalogue.Item) error {
				if group, ok := item.(*catalogue.BuyingGroup); ok {
					group.Ref = "" // a card says it to whoever exports it
				}
				text, err := json.Marshal(item)
				if kind == catalogue.KindGroup || strings.Contains(string(text), `"group":"planted-group"`) {
					check("the "+string(kind)+" "+item.Key().ID, strings.ReplaceAll(string(text), "zebraother", ""))
				}
				return err
			}))
		}
		for _, word := range words {
			if !met[word] {
				t.Errorf("a body that is %s does not read %s", state, word)
			}
		}
		if got := b.get("/groups/planted-group").status; (got == http.StatusOK) != (words != nil) {
			t.Errorf("a body that is %s gets %d for the group", state, got)
		}
	}
}

// TestABodyIsAskedIntoARoom: the lead asks, the body answers and reads the room; who may not is not offered it.
func TestABodyIsAskedIntoARoom(t *testing.T) {
	w := councilsWorld(t)
	lead, others, room := proposedBetween(t, w, url.Values{"lead": {"yes"}, "title": {"Revenues for two"}}, thornmere)
	member := others[0]
	member.post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	const body = "demo-local-platforms"
	person := func(name string, role catalogue.Role) *browser {
		a, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: name + "@localplatforms.example", OrgKind: catalogue.OrgBody, Org: body, Role: role})
		must(t, err)
		return w.signedIn(a)
	}
	agent, reader := person("head", catalogue.RoleLead), person("reader", catalogue.RoleViewer)
	agent.get(room).is(http.StatusNotFound)

	before := lead.get(room).is(http.StatusOK)
	before.has("#partners", "It does not see budgets, values, shares")
	member.get(room).hasNot("main", "Ask a body in")
	ask := before.form(room + "/partners")
	refused := lead.post(room+"/partners", with(ask, url.Values{"wanted": {""}, "body": {body}})).is(http.StatusBadRequest)
	refused.has("#wanted-error", "Say what you want of it")
	if refused.form(room+"/partners").Get("body") != body {
		t.Error("the body that was chosen is not kept")
	}
	for range 2 { // sent twice
		lead.post(room+"/partners", with(ask, url.Values{"body": {body}, "wanted": {"Your payments block"}})).is(http.StatusSeeOther)
	}
	lead.get(room).has("#partners", "Asked")
	w.catchUp()

	desk := agent.get("/desk").is(http.StatusOK)
	desk.has("#invitations", "Revenues for two")
	desk.has(".jy-account", "2 to do")
	agent.get("/inbox").has("main", "Your payments block")
	asked := agent.get(room).is(http.StatusOK)
	asked.has("#next", "Ambleford (demonstration) asked you")
	asked.has("#next", "Your payments block")
	asked.hasNot("main", "Thornmere")
	reader.get(room).has("#next", "A lead of your organisation answers")
	reader.post(room+"/partner/answer", url.Values{"answer": {"accept"}}).is(http.StatusForbidden)
	agent.post(room+"/partner/answer", url.Values{"answer": {"decline"}, "reason": {" "}}).is(http.StatusBadRequest).has("#reason-error", "Say why")
	agent.post(room+"/partner/answer", url.Values{"answer": {"perhaps"}}).is(http.StatusBadRequest)
	for range 2 {
		agent.post(room+"/partner/answer", with(asked.form(room+"/partner/answer"), url.Values{"answer": {"accept"}, "brings": {"Payments for all"}})).is(http.StatusSeeOther)
	}
	w.catchUp()

	in := agent.get(room).is(http.StatusOK)
	in.has("#members", "Thornmere (demonstration)")
	for _, private := range []string{"£", "1,250,000", "July 2028", "Intends", "Joint value"} {
		in.hasNot("main", private)
	}
	agent.get("/desk").has("#groups", "Revenues for two")
	for _, below := range []string{"/requirements", "/decisions", "/savings", "/report", "/agreement.docx", "/notice"} {
		agent.get(room + below).is(http.StatusNotFound)
	}
	agent.post(room+"/papers", with(agent.get(room+"/papers").is(http.StatusOK).form(room+"/papers"), url.Values{"title": {"Our terms"}, "address": {"https://example.org/terms"}})).is(http.StatusSeeOther)
	member.get(room).has("#papers", "added by Office for Local Platforms (demonstration)")
	member.get(room).has("#partners", "Payments for all")
	lead.post(room+"/papers", with(lead.get(room+"/papers").form(room+"/papers"), url.Values{"title": {"Volumes by month"}, "address": {"https://example.org/volumes"}})).is(http.StatusSeeOther)
	agent.get(room).has("#papers", "Volumes by month")
	for _, action := range lead.get(room+"/papers").attributes("form", "action") {
		if strings.HasSuffix(action, "/keep") {
			lead.post(action, url.Values{"keep": {"yes"}}).is(http.StatusSeeOther)
		}
	}
	agent.get(room).hasNot("#papers", "Volumes by month")
	lead.get(room+"/papers").has("main", "kept among the members")
	agent.post(room+"/partner/brings", url.Values{"brings": {""}}).is(http.StatusBadRequest).has("#brings-error", "Say what you bring")
	agent.post(room+"/partner/brings", url.Values{"brings": {"Payments, and help"}}).is(http.StatusSeeOther)
	for _, paper := range []string{"/report", "/agreement", "/notice", "/notice.txt"} {
		if p := lead.get(room + paper).is(http.StatusOK); !strings.Contains(p.body, "Office for Local Platforms (demonstration)") {
			t.Errorf("%s does not name the partner", paper)
		}
	}
	officer := w.officer(brackwater, catalogue.RoleViewer)
	officer.get(room).has("main", "Office for Local Platforms (demonstration)")
	officer.get(room).hasNot("main", "Payments, and help")
	officer.get("/bodies/"+body).has("#groups", "Revenues for two")
	officer.get("/search?q=local+platforms&kind=group").has(".jy-result__title", "Revenues for two")
	w.anonymous().get("/bodies/"+body).hasNot("main", "Revenues for two")

	agent.post(room+"/partner/leave", url.Values{"reason": {""}}).is(http.StatusBadRequest).has("#reason-error", "Say why")
	if to := agent.post(room+"/partner/leave", url.Values{"reason": {"We stop the service"}}).is(http.StatusSeeOther).location(); to != "/desk" {
		t.Errorf("who left is led to %s", to)
	}
	agent.get(room).is(http.StatusNotFound)
	w.catchUp()
	lead.get(room).has("#partners", "We stop the service")
	member.get("/inbox").has("main", "We stop the service")
	if n := len(officer.get("/search?q=local+platforms&kind=group").all(".jy-result")); n != 0 {
		t.Error("the group is still found by the body that left")
	}

	// Asked anew, and taken back; a refused form keeps the lead's page whole.
	lead.post(room+"/partners", url.Values{"body": {body}, "wanted": {"Once more"}}).is(http.StatusSeeOther)
	lead.post(room+"/partners/"+body+"/end", url.Values{}).is(http.StatusBadRequest).has("#reason-"+body+"-error", "Say why")
	lead.post(room+"/partners/"+body+"/end", url.Values{"reason": {"Not now"}}).is(http.StatusSeeOther)
	agent.get(room).is(http.StatusNotFound)
	agent.get("/inbox").has("main", "Not now")
}

// TestABodyThatNobodyActsForIsNotCalledTold: whoever asks it learns that it must be written to, and is offered no body of the
// other world.
func TestABodyThatNobodyActsForIsNotCalledTold(t *testing.T) {
	w := councilsWorld(t)
	w.add(&catalogue.Body{Meta: catalogue.Meta{ID: "real-office"}, Name: "Real office", Kind: catalogue.CentralBody, Source: "Its website"})
	lead, others, room := proposedBetween(t, w, url.Values{"lead": {"yes"}, "title": {"Revenues for two"}}, thornmere)
	others[0].post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	p := lead.get(room).is(http.StatusOK).with("#body", "Office for Local Platforms")
	p.hasNot("#body", "Real office")
	lead.post(room+"/partners", url.Values{"body": {"real-office"}, "wanted": {"x"}}).is(http.StatusBadRequest).has(".govuk-error-summary", "of the demonstration too")
	lead.post(room+"/partners", url.Values{"body": {"demo-local-platforms"}, "wanted": {"Your payments"}}).is(http.StatusSeeOther)
	told := lead.get(room)
	told.has("main", "Nobody of it has an account here yet: write to it another way")
	told.hasNot("main", "Its people and the members are told")
}
