package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

// plantedFields are values that stand in the private fields of a need.
func plantedFields() url.Values {
	return url.Values{
		"notes": {"canarynotes"}, "musts": {"canarymust"}, "current_supplier": {"Canarysupplier"}, "current_platform": {"Canaryplatform"},
		"budget_min": {"7654321"}, "budget_max": {"8765432"}, "contract_end-day": {"19"}, "contract_end-month": {"7"}, "contract_end-year": {"2031"},
		"extension_months": {"37"}, "lead_months": {"17"},
	}
}

// sung is every form in which a canary may show.
func sung() []string {
	return []string{"canary", "7,654,321", "7654321", "7.7 million", "8,765,432", "8765432", "8.8 million", "10,518,518", "19 July 2031", "2031-07-19", "2034", "37 months", "17 months"}
}

func (p *page) silent(t *testing.T, who string, words []string) {
	t.Helper()
	for _, word := range words {
		if at := strings.Index(strings.ToLower(p.body), strings.ToLower(word)); at >= 0 {
			t.Errorf("%s as %s gives away %q: …%s…", p.what, who, word, p.body[max(0, at-80):min(len(p.body), at+80)])
		}
	}
}

// TestPrivateFieldsAreNowhereForOutsiders plants values in each private field of needs of every audience, and looks for
// them on every page that somebody outside can reach.
func TestPrivateFieldsAreNowhereForOutsiders(t *testing.T) {
	w := councilsWorld(t)
	owner := w.officer(ambleford, catalogue.RoleLead)
	usual := owner.list("Revenues for everybody", with(plantedFields(), url.Values{"visibility": {"public"}}))
	all := url.Values{"budget_audience": {"own"}, "supplier_audience": {"own"}, "contract_audience": {"own"}, "musts_audience": {"own"}}
	kept := owner.list("Revenues for councils", with(plantedFields(), all))
	own := owner.list("Canarytitle revenues", with(plantedFields(), url.Values{"visibility": {"own"}, "description": {"Canarytext council tax and NNDR"}}))

	other := w.officer(thornmere, catalogue.RoleLead)
	theirs := other.list("Council tax platform", nil)
	room := proposedWith(owner, kept, theirs)
	draft := owner.write("Canarytitle draft", with(plantedFields(), with(all, url.Values{"visibility": {"public"}, "description": {"Canarytext council tax"}, "shoulds": {"canaryshould"}, "sensitive": {"canarysensitive"}})))
	w.catchUp()

	pages := []string{draft, draft + "/what", draft + "/matters", draft + "/check", "/intentions/new", "/search?q=canaryshould", strings.Replace(draft, "/drafts", "", 1), strings.Replace(draft, "/drafts", "", 1) + "/preview",
		"/", "/search", "/search?q=canary*", "/search?q=canarymust", "/search?q=canarysupplier", "/search?q=canarytitle", "/search?q=revenues&kind=intention",
		"/intentions", "/intentions?sort=ending", "/groups", "/demand", "/councils/" + ambleford, "/councils/" + thornmere, "/api/v1/search?q=revenues", "/api/v1/search?q=canarytitle",
		usual, kept, own, own + "/edit", own + "/matches", own + "/interest", room, "/platforms"}
	for who, b := range map[string]*browser{"nobody": w.anonymous(), "supplier": w.supplier()} {
		for _, address := range pages {
			p := b.get(address)
			p.silent(t, who, withoutQuery(address, sung()))
			p.silent(t, who, []string{"Revenues for councils"})
		}
	}
	// Another council sees what is for councils, and of the others not even that they are there.
	for _, address := range append(pages, theirs+"/matches", theirs, "/desk", "/groups/new?intention="+strings.TrimPrefix(theirs, "/intentions/"),
		"/intentions/similar?title=council+tax+and+NNDR&description=revenues") {
		p := other.get(address)
		p.silent(t, "another council", withoutQuery(address, []string{"canarynotes", "canarytitle", "canarytext"}))
		if address == kept || address == room || strings.HasPrefix(address, draft) {
			p.silent(t, "another council", sung())
		}
	}
	other.get(usual).is(http.StatusOK).has("main", "canarymust") // the control: what is for councils is there for them
	owner.get(own).is(http.StatusOK).has("main", "canarynotes")
	for _, address := range []string{own, own + "/interest"} {
		if p := other.get(address); p.status != http.StatusNotFound && p.status != http.StatusMethodNotAllowed {
			t.Errorf("%s is %d for another council", address, p.status)
		}
	}
	other.get(own + "/edit").is(http.StatusNotFound)
	other.get(own + "/matches").is(http.StatusNotFound)
	other.post(own+"/withdraw", url.Values{"reason": {"x"}}).is(http.StatusNotFound)
	other.post(own+"/interest", url.Values{"rung": {"watching"}}).is(http.StatusNotFound)
}

// proposedWith proposes a group of two needs and gives its address.
func proposedWith(b *browser, own, partner string) string {
	b.t.Helper()
	id := strings.TrimPrefix(own, "/intentions/")
	form := b.get("/groups/new?intention=" + id + "&partner=" + strings.TrimPrefix(partner, "/intentions/")).is(http.StatusOK).form("/groups/new")
	return b.post("/groups/new", form).is(http.StatusSeeOther).location()
}

// withoutQuery leaves out what the address itself asks for: pages repeat it.
func withoutQuery(address string, words []string) []string {
	var out []string
	for _, word := range words {
		if !strings.Contains(address, "canary") || !strings.Contains(strings.ToLower(word), "canary") {
			out = append(out, word)
		}
	}
	return out
}

// TestWhatIsForAGroupIsForThoseWhoAccepted looks at a field that only members of the group may see.
func TestWhatIsForAGroupIsForThoseWhoAccepted(t *testing.T) {
	w := councilsWorld(t)
	owner, other := w.officer(ambleford, catalogue.RoleLead), w.officer(thornmere, catalogue.RoleLead)
	own := owner.list("Revenues", with(plantedFields(), url.Values{"budget_audience": {"group"}, "contract_end-year": {"2028"}, "extension_months": {""}, "lead_months": {""}}))
	room := proposedWith(owner, own, other.list("Council tax platform", nil))
	const secret = "£10,518,518"
	other.get(room).is(http.StatusOK).hasNot("main", secret)
	other.post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	other.get(room).is(http.StatusOK).has("#members", secret)
	other.get(own).is(http.StatusOK).hasNot("main", "8,765,432") // outside the room it is not theirs
}
