package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jointly/catalogue"
)

// canaries are intentions and contracts of an invented council with a word in every field that nobody outside may read.
func canaries() []catalogue.Item {
	need := func(id, word string, visibility catalogue.Audience) *catalogue.Intention {
		return &catalogue.Intention{
			Meta: catalogue.Meta{ID: id, Ref: word + "ref"}, Council: "DEMO-01", Title: word + " title parking", Description: word + " description",
			Capability: "parking", WindowStart: catalogue.MustDate("2027-04"), WindowEnd: catalogue.MustDate("2027-09"),
			Budget: catalogue.Money{Min: 765432, Max: 876543}, ContractEnd: catalogue.MustDate("2028-02-29"), ExtensionMonths: 11, LeadMonths: 7,
			CurrentSupplier: word + " supplier", CurrentPlatform: word + " platform", Musts: []string{word + " must"}, Notes: word + " notes",
			Visibility: visibility, Fields: catalogue.DefaultIntentionAudiences(), Confirmed: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		}
	}
	shown := need("shown-canary", "zebrawood", catalogue.Public)
	shown.Title, shown.Description = "Shown parking need", "Anybody may read this"
	contract := func(id, word string, audience catalogue.Audience) *catalogue.Contract {
		return &catalogue.Contract{Meta: catalogue.Meta{ID: id, Ref: word + "ref"}, Council: "DEMO-01", Title: word + " contract", Capability: "parking",
			Platform: "nec-revenues-benefits", Supplier: "Civica UK Ltd", Product: word + " product", Value: 765432, End: catalogue.MustDate("2027-01-31"),
			Stage: catalogue.StageAwarded, Audience: audience, Source: catalogue.Source{Text: word + " source", Reference: word + "-reference"}}
	}
	cost := 765432.0
	counted := catalogue.ImportedReturn("DEMO-01", 528, catalogue.MustDate("2025-04-01"), catalogue.MustDate("2026-03-31"), []catalogue.ReturnLine{
		{Channel: catalogue.ChannelOnline, Volume: 876543, Cost: &cost, Method: catalogue.MethodCounted}, {Channel: catalogue.ChannelPhone, Volume: 1, Method: catalogue.MethodCounted},
		{Channel: catalogue.ChannelFaceToFace, Method: catalogue.MethodCounted}, {Channel: catalogue.ChannelPost, Method: catalogue.MethodCounted}}, catalogue.Own)
	counted.Versions[0].Note = "zebraown counted"
	offer := func(id, word string, audience catalogue.Audience) *catalogue.Offer {
		return &catalogue.Offer{Meta: catalogue.Meta{ID: id}, Council: "DEMO-01", Direction: catalogue.Offering, Title: word + " researcher", Text: word + " text", Role: catalogue.RoleUserResearch,
			Terms: catalogue.TermsFree, Audience: audience, Confirmed: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	}
	lent := func(id, word string, audience catalogue.Audience) *catalogue.Offer { // by a body
		o := offer(id, word, audience)
		o.Council, o.Body, o.Title = "", "demo-local-platforms", word+" adviser"
		return o
	}
	ask := &catalogue.Ask{Meta: catalogue.Meta{ID: "ask-canary"}, Body: "demo-local-platforms", Council: "DEMO-27", Title: "An ask of two", Why: "Anybody may read this", Supports: []catalogue.AskSupport{
		{Council: "DEMO-27", Audience: catalogue.Own}, {Council: "DEMO-28", Audience: catalogue.Councils}}}
	return []catalogue.Item{need("canary-councils", "zebracouncils", catalogue.Councils), need("canary-own", "zebraown", catalogue.Own), shown,
		contract("contract-councils", "zebracouncils", catalogue.Councils), contract("contract-own", "zebraown", catalogue.Own),
		counted, ask, offer("offer-councils", "zebracouncils", catalogue.Councils), offer("offer-own", "zebraown", catalogue.Own),
		lent("lent-councils", "zebracouncils", catalogue.Councils), lent("lent-own", "zebraown", catalogue.Own)}
}

func TestPrivateWordsAreInNoPublicAnswer(t *testing.T) {
	w := demoWorld(t)
	w.add(canaries()...)
	w.add(exampleCanaries()...)
	must(t, w.Catalogue.ReleaseBefore(t.Context(), 3))
	w.publish()
	addresses := []string{"/", "/platforms", "/intentions", "/groups", "/councils/DEMO-01", "/platforms/nec-revenues-benefits", "/demand",
		"/demand/releases", "/demand/releases.atom", "/demand/releases/4", "/demand/releases/4/figures.csv", "/demand/releases/4/figures.json", "/demand/releases/4/withheld",
		"/evidence", "/plan", "/plan/report", "/plan/figures.csv", "/plan/figures.json", "/baseline", "/baseline/528", "/baseline/editions", "/baseline/editions/1", "/baseline/editions/1/figures.csv", "/baseline/editions/1/figures.json", "/baseline/editions/1/withheld", "/services/528",
		"/demand?area=parking&year=2027", "/intentions?sort=ending", "/contracts/contract-councils", "/contracts/contract-own",
		"/examples", "/examples.atom", "/examples/canary-shown", "/examples/canary-draft", "/examples/canary-draft/draft", "/services/474", "/api/v1/search?kind=example&limit=100", "/search.csv?kind=example",
		"/suppliers/zebracouncils-supplier", "/offers", "/offers?role=user-research", "/offers/demo-seek-research", "/offers/demo-offer-research", "/offers/offer-councils", "/offers/offer-own", "/offers/lent-councils", "/offers/lent-own", "/offers?owner=central", "/offers?body=demo-local-platforms", "/bodies/demo-local-platforms", "/sitemap.xml",
		"/api/v1/search?kind=offer", "/search.csv?kind=offer", "/search.atom?kind=offer", "/api/v1/search?kind=intention&limit=100", "/api/v1/search?kind=contract&ended=true&limit=100", "/readyz"}
	for _, q := range []string{"zebrawood", "zebracouncils", "zebraown", "zebracouncils title", "parking", "zebrawood supplier"} {
		addresses = append(addresses, searchAddress(q)+"&all=supplier", "/api/v1/search?q="+url.QueryEscape(q), "/search.csv?ended=1&q="+url.QueryEscape(q), "/search.atom?ended=1&q="+url.QueryEscape(q))
	}
	addresses = append(addresses, "/search.csv?ended=1&kind=intention", "/search.csv?ended=1&kind=contract", "/search.atom?ended=1&kind=intention", "/search.atom?kind=contract&council=DEMO-01")
	for name, b := range map[string]*browser{"anybody": w.anonymous(), "a supplier": w.as("sales@")} {
		for _, address := range addresses {
			p := b.get(address)
			asked := strings.ToLower(address) // a search says what was asked for
			for _, word := range []string{"zebrawood", "zebracouncils", "zebraown", "765,432", "765432", "876,543", "876543"} {
				if !strings.Contains(asked, word) && strings.Contains(p.body, word) {
					t.Errorf("%s reads %q at %s", name, word, address)
				}
			}
			p.hasNot("#results .jy-result", "zebra")
			p.hasNot("#facets label", "zebra")
		}
		if p := b.get("/search?q=zebracouncils"); p.text("#results h2") != "No results" {
			t.Errorf("%s finds %s", name, p.text("#results h2"))
		}
	}
	// The control: councils see what is for them, and each council its own.
	officer := w.as("officer@thornmere")
	officer.get("/search?q=zebracouncils&kind=intention").is(http.StatusOK).has(".jy-result__title", "zebracouncils title parking")
	officer.get("/councils/DEMO-01").has("#contracts", "zebracouncils contract")
	officer.get("/offers?q=zebracouncils").has(".jy-result__title", "zebracouncils researcher")
	officer.get("/offers/offer-own").is(http.StatusNotFound)
	officer.get("/offers?owner=central&q=zebracouncils").has(".jy-result__title", "zebracouncils adviser")
	officer.get("/bodies/demo-local-platforms").has("#skills", "zebracouncils adviser")
	officer.get("/offers/lent-own").is(http.StatusNotFound)
	officer.get("/councils/DEMO-01").hasNot("main", "zebraown")
	w.as("lead@").get("/councils/DEMO-01").has("#intentions", "zebraown title")
	w.as("lead@").get("/examples/canary-draft/draft").has("main", "zebraown remark")
	officer.get("/examples/canary-shown").has("#adopters", "zebracouncils reason")
}

// TestEveryLinkLeadsSomewhere follows the links of the pages that anybody, and the operator, starts from: a few of each kind.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	w := demoWorld(t)
	must(t, w.Catalogue.ReleaseBefore(t.Context(), 1))
	w.publish()
	sections := []string{"/platforms", "/contracts", "/councils", "/suppliers", "/search", "/demand", "/about"}
	for name, start := range map[string]struct {
		b     *browser
		from  []string
		kinds []string
	}{
		"anybody":      {w.anonymous(), []string{"/"}, sections},
		"the operator": {w.operatorBrowser(), []string{"/desk", "/queue", "/demand/withheld"}, append(sections, "/queue", "/plan", "/calls")},
	} {
		followed := start.b.followLinks(start.from)
		for _, kind := range start.kinds {
			if followed[kind] == 0 {
				t.Errorf("%s: no link to %s was followed", name, kind)
			}
		}
	}
}

// followLinks looks at pages and at where they lead, and counts the addresses by the first part of their path.
func (b *browser) followLinks(queue []string) map[string]int {
	t := b.t
	const ofAKind = 12
	seen, followed := map[string]bool{}, map[string]int{}
	for n := 0; n < len(queue); n++ {
		address := queue[n]
		p := b.get(address)
		switch {
		case p.status == http.StatusSeeOther: // to sign in, or to what is the latest
			if to := p.location(); !seen[to] && !strings.HasPrefix(to, "/sign-in") {
				seen[to] = true
				queue = append(queue, to)
			}
			continue
		case p.status == http.StatusForbidden && len(b.cookies) > 0: // a form of councils, which says so
			continue
		case p.status != http.StatusOK:
			t.Errorf("%s: status %d", address, p.status)
			continue
		case !strings.HasPrefix(strings.Join(p.header["Content-Type"], ""), "text/html"): // a file
			continue
		}
		p.wellFormed()
		for _, href := range p.attributes("a[href]", "href") {
			to, fragment, _ := strings.Cut(href, "#")
			if fragment != "" && to == "" && len(p.all("#"+fragment)) == 0 {
				t.Errorf("%s: nothing has the ID %s", address, fragment)
			}
			kind := "/" + strings.SplitN(strings.TrimPrefix(to, "/"), "/", 2)[0]
			kind, _, _ = strings.Cut(kind, "?")
			if !strings.HasPrefix(to, "/") || seen[to] || followed[kind] >= ofAKind {
				continue
			}
			seen[to] = true
			followed[kind]++
			queue = append(queue, to)
		}
	}
	return followed
}

// wellFormed holds a page to what every page promises: one h1, a title, no ID twice, a name for each field, headings
// that skip no level, and the menu's present entry marked.
func (p *page) wellFormed() {
	p.t.Helper()
	if n := len(p.all("main h1")); n != 1 {
		p.t.Errorf("%s: %d h1", p.what, n)
	}
	if p.text("title") == "" || len(p.all("html[lang]")) != 1 {
		p.t.Errorf("%s: no title or language", p.what)
	}
	ids := p.attributes("[id]", "id")
	slices.Sort(ids)
	for i := 1; i < len(ids); i++ {
		if ids[i] == ids[i-1] {
			p.t.Errorf("%s: the ID %s is there twice", p.what, ids[i])
		}
	}
	labelled := p.attributes("label", "for")
	for _, n := range slices.Concat(p.all("input[id]"), p.all("select"), p.all("textarea")) {
		if id := attribute(n, "id"); attribute(n, "type") != "hidden" && !slices.Contains(labelled, id) {
			p.t.Errorf("%s: the field %s has no label", p.what, id)
		}
	}
	level := 1
	for _, n := range p.all("main *") {
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			next := int(n.Data[1] - '0')
			if next > level+1 {
				p.t.Errorf("%s: %s ‘%s’ skips a level", p.what, n.Data, words(n))
			}
			level = next
		}
	}
	for _, a := range p.all("a") {
		if attribute(a, "href") == "" || words(a) == "" && len(attribute(a, "aria-label")) == 0 {
			p.t.Errorf("%s: a link without address or words: %q %q", p.what, attribute(a, "href"), words(a))
		}
	}
	if !utf8.ValidString(p.body) || strings.ContainsRune(p.body, utf8.RuneError) {
		p.t.Errorf("%s: letters that are broken", p.what)
	}
	if strings.Contains(p.body, "style=\"") {
		p.t.Errorf("%s: a style that the policy forbids", p.what)
	}
}
