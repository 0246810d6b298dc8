package web

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// planting fills records with words that nobody outside may read: every field that holds free text or an amount, also those
// that are added to a type later.
type planting struct {
	words []string // each one once
	items []catalogue.Item
}

// coded are fields of plain text that hold what everybody knows: codes, IDs and addresses within the service.
func coded() []string {
	return []string{"ID", "Was", "Council", "Area", "Capability", "Guess", "Purchase", "CPV", "Role", "FromContract", "Account", "Group", "Intention", "IntentionOf",
		"Platform", "SupplierID", "Lead", "Deputy", "Offered", "Proposer", "Suggestion", "By", "Org", "From", "To", "Other", "Turn", "ClosedBy", "A", "B", "Contract",
		"Link", "Into", "Signal", "CompaniesHouse", "Lots", "Weights", "Email", "Domain", "Code", "Hash", "Event", "Corrects", "What", "Capabilities", "Body", "EndedBy"}
}

// plantedAmount is planted in every sum of money.
const plantedAmount = 7_654_321

// add fills what is empty in a record, but for the fields that are named, which everybody may read.
func (p *planting) add(item catalogue.Item, public ...string) {
	p.fill(reflect.ValueOf(item).Elem(), strings.ToLower(string(item.Key().Kind)), append(coded(), public...))
	p.items = append(p.items, item)
}

func (p *planting) fill(v reflect.Value, path string, leave []string) {
	for i := range v.NumField() {
		field, of := v.Field(i), v.Type().Field(i)
		if !of.IsExported() || slices.Contains(leave, of.Name) {
			continue
		}
		word := "zebra" + path + strings.ToLower(of.Name)
		switch at := field.Interface().(type) {
		case time.Time, catalogue.Date:
		case string:
			if at == "" {
				field.SetString(p.word(word))
			}
		case []string:
			if len(at) == 0 {
				field.Set(reflect.ValueOf([]string{p.word(word)}))
			}
		case float64:
			if at == 0 {
				field.SetFloat(plantedAmount)
			}
		default:
			p.within(field, path+strings.ToLower(of.Name), leave)
		}
	}
}

// within fills what a field of another type holds.
func (p *planting) within(field reflect.Value, path string, leave []string) {
	switch field.Kind() {
	case reflect.Struct:
		if _, embedded := field.Interface().(catalogue.Meta); embedded {
			path = strings.TrimSuffix(path, "meta")
		}
		p.fill(field, path, leave)
	case reflect.Pointer:
		if !field.IsNil() && field.Elem().Kind() == reflect.Struct {
			p.fill(field.Elem(), path, leave)
		}
	case reflect.Slice:
		for n := range field.Len() {
			p.within(field.Index(n), path, leave)
		}
	}
}

func (p *planting) word(word string) string {
	if !slices.Contains(p.words, word) {
		p.words = append(p.words, word)
	}
	return word
}

// needs are 200 intentions, one of each council, the first three of one council: public with private fields, for councils,
// and for its own council alone.
func (p *planting) needs(codes []string) {
	day := catalogue.MustDate
	for n := range 200 {
		in := &catalogue.Intention{Meta: catalogue.Meta{ID: fmt.Sprintf("planted-%d", n), Ref: fmt.Sprintf("zebraref%d", n)}, Council: codes[max(n-2, 0)], Capability: "parking",
			WindowStart: day("2027-05"), WindowEnd: day("2027-11"), ContractEnd: day("2041-07-19"), ExtensionMonths: 137, LeadMonths: 119,
			Budget: catalogue.Money{Min: plantedAmount, Max: plantedAmount}, Rung: catalogue.Approved, Approved: day("2026-06-17"), Fields: catalogue.DefaultIntentionAudiences(),
			Visibility: []catalogue.Audience{catalogue.Public, catalogue.Councils, catalogue.Own}[n%3], Confirmed: testDay()}
		if in.Visibility == catalogue.Public {
			in.Title, in.Description = "Shown parking need", "Anybody may read this"
		}
		p.add(in, "Withdrawn")
	}
}

// contracts are two that not everybody sees.
func (p *planting) contracts(council string) {
	for _, audience := range []catalogue.Audience{catalogue.Councils, catalogue.Own} {
		p.add(&catalogue.Contract{Meta: catalogue.Meta{ID: "planted-" + string(audience), Ref: p.word("zebrarefof" + string(audience))}, Council: council, Capability: "parking", CapabilityConfirmed: true,
			Stage: catalogue.StageAwarded, Audience: audience, End: catalogue.MustDate("2041-07-19"), Value: plantedAmount})
	}
}

// room is a group for councils with all that its members write in it, and a signal of its lead that is still a draft.
func (p *planting) room(a, b string) {
	now := testDay()
	member := func(council, need string) catalogue.Member {
		return catalogue.Member{Council: council, Intention: need, State: catalogue.Accepted, Rung: catalogue.Approved, Approved: catalogue.MustDate("2026-06-17"), Volume: plantedAmount,
			Conflicts: catalogue.Conflicts{Declared: now}, Asked: now, Answered: now}
	}
	p.add(&catalogue.BuyingGroup{Meta: catalogue.Meta{ID: "planted-group"}, Capability: "parking", Stage: catalogue.Forming, Lead: a, Proposer: a, Card: catalogue.Councils,
		Members: []catalogue.Member{member(a, "planted-1"), member(b, "planted-4")}, Partners: p.partners(a), WindowEnd: catalogue.MustDate("2041-07-19"), CardEnd: catalogue.MustDate("2041-07-19"), Course: []catalogue.Milestone{{Stage: catalogue.Forming, At: now, By: a}}})
	part := func(id string) catalogue.Part {
		return catalogue.Part{Meta: catalogue.Meta{ID: id}, Group: "planted-group"}
	}
	p.add(&catalogue.Requirement{Part: part("planted-line"), Line: 1, Council: a, Edition: 1, Positions: []catalogue.MemberPosition{{Council: a, Position: catalogue.Position("must"), At: now}},
		History: []catalogue.LineEvent{{Council: a, What: "changed the text", At: now}}})
	p.add(&catalogue.Decision{Part: part("planted-decision"), Council: a, Asked: now, Options: []string{"zebraoption", "zebraother"}, Votes: []catalogue.Vote{{Council: a, Choice: "zebraoption", At: now}}})
	p.add(&catalogue.Decision{Part: catalogue.Part{Meta: p.meta("decided"), Group: "planted-group"}, Council: a, Asked: now, Options: []string{"zebraoption", "zebraother"}, Votes: []catalogue.Vote{{Council: a, Choice: "zebraoption", At: now}},
		Outcome: &catalogue.Outcome{Result: catalogue.Carried, Choice: "zebraoption", Council: a, At: now, Tally: catalogue.Tally{Counts: []int{1, 0}, NotYet: []string{b}}}})
	p.add(&catalogue.Paper{Part: part("planted-paper"), Address: "https://example.org/zebrapaper", Council: a, Added: now})
	p.add(&catalogue.Saving{Part: part("planted-group~" + a), Council: a, SavingFigures: catalogue.SavingFigures{Baseline: plantedAmount, Forecast: catalogue.Money{Min: plantedAmount, Max: plantedAmount},
		ActualFrom: catalogue.MustDate("2026-01-01"), ActualTo: catalogue.MustDate("2026-06-30")}})
	draft := catalogue.SignalText{Capability: "parking", Stage: catalogue.SignalEngaging, Lots: catalogue.LotsOne, Engagement: catalogue.MustDate("2041-07-19"), AnswerDays: 10,
		EngageLink: "https://example.org/zebrasession", Notice: catalogue.SignalNotice{Kind: "UK2", Address: "https://example.org/zebranotice", OCID: "ocds-h6vhtk-0fab1e"}}
	p.add(&catalogue.Signal{Meta: catalogue.Meta{ID: "planted-signal"}, Council: a, Group: "planted-group", Draft: &draft}, "Text", "Named")
}

// between is what councils say to each other, and what their people keep.
func (p *planting) between(a, b string) {
	now := testDay()
	p.add(&catalogue.Interest{Meta: catalogue.Meta{ID: "planted-1~" + b}, Intention: "planted-1", IntentionOf: a, Council: b, Rung: catalogue.Approved, Approved: catalogue.MustDate("2026-06-17"), Volume: plantedAmount})
	p.add(&catalogue.Talk{Meta: catalogue.Meta{ID: "planted-talk"}, From: a, To: b, Intention: "planted-1", Other: "planted-4", State: catalogue.TalkState("answered"), Turn: b, Begun: now, Latest: now,
		Messages: []catalogue.TalkMessage{{Council: a, At: now, Form: "form"}}}, "Example", "Offer")
	p.add(&catalogue.Verdict{Meta: catalogue.Meta{ID: "planted-verdict"}, Council: a, A: "planted-1", B: "planted-4", Account: "x", Said: now, Evidence: []catalogue.SuggestedPoint{{}}})
	p.add(&catalogue.Suggestion{Meta: catalogue.Meta{ID: "planted-suggestion"}, Council: a, Intention: "planted-1", Group: "g", Told: now,
		Partners: []catalogue.SuggestedWith{{Council: b, Intention: "planted-4", Evidence: []catalogue.SuggestedPoint{{}}}}})
	p.add(&catalogue.NeedDraft{Meta: catalogue.Meta{ID: "planted-draft", Created: now, Changed: now}, Council: a, Answers: map[string]string{"title": p.word("zebradrafttitle"), "notes": p.word("zebradraftnotes")}})
	p.add(&catalogue.News{Meta: catalogue.Meta{ID: catalogue.NewsID(1)}, Told: now, Councils: []string{a}, Least: catalogue.RoleViewer, Link: "/desk"}, "Example")
	p.add(&catalogue.Use{Meta: catalogue.Meta{ID: "civica-pay~" + a}, Platform: "civica-pay", Council: a, Capability: "payments", Confirmed: now,
		Source: catalogue.Source{Text: "Confirmed by the council"}}, "WrittenAs", "Reference", "Kind", "Note")
	p.add(&catalogue.Account{Meta: catalogue.Meta{ID: "planted-account"}, Email: "zebra.person@officers.example", OrgKind: catalogue.OrgCouncil, Org: a, Role: catalogue.RoleViewer,
		Request: &catalogue.RoleRequest{Role: catalogue.RoleLead, Asked: now}})
	p.add(&catalogue.SavedSearch{Meta: catalogue.Meta{ID: "planted-search"}, Account: "planted-account", Address: "/search?q=zebrasaved", Told: catalogue.SearchDaily, Seen: now,
		News: []catalogue.Finding{{Key: catalogue.Key{Kind: catalogue.KindIntention, ID: "planted-1"}, Found: now}}})
	p.add(&catalogue.Research{Meta: catalogue.Meta{ID: "planted-research"}, Council: a, Account: "planted-account", Role: catalogue.RoleLead, For: catalogue.NamedCouncil{Code: a},
		Asked: catalogue.ResearchQuery{Address: "/search?q=zebraresearch", Sort: "best"}, Searched: now, Whole: true}, "Asked")
}

// questions are what suppliers ask: the operator, and the officers of a signal that has not answered yet.
func (p *planting) questions(council string) {
	now := testDay()
	p.add(&catalogue.SupplierRequest{Meta: catalogue.Meta{ID: "planted-request"}, Ask: catalogue.AskListing, Org: "tallowgate-print-demonstration", Account: "planted-account", Asked: now,
		State: catalogue.RequestWaits, Listing: &catalogue.Platform{Capabilities: []string{"parking"}, Website: "https://example.org/zebralisting", SupplierID: "tallowgate-print-demonstration"}})
	open := catalogue.SignalText{Title: "A parking system", Capability: "parking", Stage: catalogue.SignalEngaging, Scope: "Permits.", Lots: catalogue.LotsUndecided, Respond: "In writing.", AnswerDays: 10}
	change := open
	change.Title, change.Scope = p.word("zebrachangetitle"), p.word("zebrachangescope")
	p.items = append(p.items, &catalogue.Signal{Meta: catalogue.Meta{ID: "planted-open", Ref: p.word("zebraopenref")}, Council: council, Intention: "planted-1", Text: open, Draft: &change, Published: now, Latest: now})
	p.add(&catalogue.SignalQuestion{Meta: catalogue.Meta{ID: "planted-question"}, Signal: "planted-open", Supplier: "tallowgate-print-demonstration", Account: "planted-account", Asked: now}, "Text", "Answer")
}

// person is whose saved search is planted.
func (p *planting) person() *catalogue.Account {
	for _, item := range p.items {
		if a, ok := item.(*catalogue.Account); ok {
			return a
		}
	}
	return nil
}

// gives says what of an answer is given away: a planted word, or a value that is planted in every private field of its kind.
func gives(p *page) string { return givesIn(fmt.Sprint(p.header) + unpacked(p.body)) }

func givesIn(text string) string {
	text = strings.ToLower(text)
	for _, word := range []string{"zebra", "7,654,321", "7654321", "7.7 million", "7.65", "9,185,185", "9185185", "19 july 2041", "july 2041", "2041-07", "137 months", "119 months", "17 june 2026", "2026-06-17", "0fab1e"} {
		if at := strings.Index(text, word); at >= 0 {
			return text[max(0, at-100):min(len(text), at+100)]
		}
	}
	return ""
}

// unpacked is what stands in a file, of a spreadsheet or a document that of its parts.
func unpacked(body string) string {
	if !strings.HasPrefix(body, "PK\x03\x04") {
		return body
	}
	archive, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		return body
	}
	var out bytes.Buffer
	for _, file := range archive.File {
		if r, err := file.Open(); err == nil {
			_, err = io.Copy(&out, r)
			if err == nil {
				err = r.Close()
			}
			if err != nil {
				out.WriteString(err.Error())
			}
		}
	}
	return out.String()
}

// walk looks at addresses and at every page that they lead to, of those of one route at most so many; see gets each answer.
func (b *browser) walk(addresses []string, ofARoute int, see func(address string, p *page)) {
	b.t.Helper()
	given := len(addresses)
	known, followed := map[string]bool{}, map[string]int{}
	for n := 0; n < len(addresses); n++ {
		address, _, _ := strings.Cut(addresses[n], "#")
		address = strings.TrimPrefix(address, "http://jointly.example")
		path, query, _ := strings.Cut(address, "?")
		route := b.routeOf(path)
		if known[address] || n >= given && (!strings.HasPrefix(address, "/") || route == "" || strings.HasPrefix(path, "/assets/") || followed[route] >= ofARoute || strings.Count(query, "&") > 2) {
			continue
		}
		known[address] = true
		followed[route]++
		p := b.get(address)
		see(address, p)
		if to := p.location(); to != "" {
			addresses = append(addresses, to)
		}
		addresses = append(addresses, p.leads()...)
	}
}

// leads lists where a page, a feed or the sitemap leads.
func (p *page) leads() (out []string) {
	for n := range p.root.Descendants() {
		switch n.Data {
		case "a", "area", "link":
			if href := attribute(n, "href"); href != "" {
				out = append(out, href)
			}
		case "loc":
			out = append(out, words(n))
		}
	}
	return out
}

// routeOf is the path of the route that answers to an address; empty for none.
func (w *world) routeOf(path string) string {
	parts := strings.Split(path, "/")
	best, fixed := "", -1
	for _, r := range w.routes() {
		steps := strings.Split(r.path, "/")
		if r.method != http.MethodGet || len(steps) != len(parts) {
			continue
		}
		same := 0
		for i, step := range steps {
			if step == parts[i] {
				same++
			} else if !strings.HasPrefix(step, ":") {
				same = -len(steps)
			}
		}
		if same > fixed {
			best, fixed = r.path, same
		}
	}
	return best
}

// ownAddresses are the pages of what was planted, and lists that it could stand in.
func (p *planting) ownAddresses() []string {
	out := []string{"/", "/sitemap.xml", "/robots.txt", "/desk", "/search", "/search.csv?ended=1", "/search.xlsx?ended=1", "/search.atom?ended=1", "/search.csv?kind=intention&ended=1",
		"/search.xlsx?kind=contract&council=DEMO-01&ended=1", "/search?capability=parking&kind=intention", "/search?council=DEMO-01", "/intentions", "/intentions?sort=ending", "/groups", "/platforms",
		"/demand", "/demand?area=parking-transport", "/demand?region=North+West", "/demand/releases", "/demand/releases.atom", "/demand/releases/4", "/demand/releases/4/figures.csv", "/demand/releases/4/figures.json",
		"/signals", "/signals?ended=1", "/signals.csv", "/signals.atom", "/api/v1/signals", "/api/v1/search?capability=parking&limit=100", "/api/v1/search?kind=contract&council=DEMO-01&ended=true&limit=100",
		"/api/v1/openapi.json", "/councils/DEMO-01", "/councils/DEMO-02", "/suppliers/zebracontractsupplier", "/healthz", "/readyz", "/searches", "/inbox", "/follow", "/supplier", "/people",
		"/compare?id=civica-pay", "/compare.csv?id=civica-pay", "/platforms/civica-pay", "/platforms/civica-pay/edit", "/platforms/lalpac/keep", "/search/suggest?q=parking", "/search/suggest?q=sho", "/sign-in/code", "/nowhere", "/intentions/none", "/platforms/new", "/market", "/queue",
		"/searches/new?address=/search?capability%3Dparking", "/mail/stop?token=x", "/mail/stop-searches?token=x", "/digest/x", "/feeds/searches/x.atom", "/feeds/estate/x.ics",
		"/search?q=%00", "/search?cursor=x", "/demand/releases/x", "/research/planted-research", "/research/planted-research/record.json"}
	for _, item := range p.items {
		id := item.Key().ID
		switch item.Key().Kind {
		case catalogue.KindIntention, catalogue.KindContract, catalogue.KindSignal, catalogue.KindTalk:
			if path := pagePath(item.Key().Kind, id); len(out) < 150 {
				out = append(out, path, path+"/edit", path+"/preview")
			}
		case catalogue.KindGroup:
			for _, page := range []string{"", "/requirements", "/requirements/1", "/requirements/planted-line", "/decisions", "/decisions/planted-decision", "/papers", "/dates", "/value", "/savings", "/report", "/report.docx", "/agreement", "/agreement.docx", "/notice", "/notice.json", "/notice.txt", "/calendar.ics"} {
				out = append(out, "/groups/"+id+page)
			}
		}
	}
	return append(append(out, evidenceAddresses()...), "/intentions/drafts/planted-draft", "/intentions/planted-1/matches", "/signals/planted-open/questions.csv", "/signals/planted-open/questions/planted-question", "/searches/planted-search")
}

// keeper is a supplier's person that keeps the record of a platform.
func (w *world) keeper(platform string) *browser {
	o, b := w.operatorBrowser(), w.as("sales@")
	b.post("/platforms/"+platform+"/keep", url.Values{"why": {"We make it"}}).is(http.StatusSeeOther)
	for _, action := range o.get("/queue").attributes("#suppliers form", "action") {
		if strings.Contains(action, platform) {
			o.post(action, with(o.get("/queue").form(action), url.Values{"answer": {"grant"}})).is(http.StatusSeeOther)
			break // a second form refuses
		}
	}
	return b
}

// ofARoute is how many addresses of one route are followed: more in the long run.
func ofARoute(short int) int {
	if os.Getenv("JOINTLY_TORTURE") != "" {
		return 5 * short
	}
	return short
}

// theirOwn are open routes that hold what one person keeps, behind an address that nobody can guess, and those that are for
// machines.
func theirOwn() []string {
	return []string{"/digest/:token", "/feeds/searches/:file", "/feeds/estate/:file", "/mail/stop", "/mail/stop-searches", "/assets/*file", "/sign-in/code", callbackPath, metricsPath}
}

// planted is a demonstration with all that is planted in it, and four weeks of releases.
func planted(t *testing.T) (*world, *planting) {
	t.Helper()
	w, p := demoWorld(t), &planting{}
	codes := []string{"DEMO-01", "DEMO-02"}
	for _, c := range w.Catalogue.Register().Councils() {
		if c.Nation == "England" && len(codes) < 200 {
			codes = append(codes, c.GSS)
		}
	}
	p.needs(codes)
	p.contracts("DEMO-01")
	p.room("DEMO-01", "DEMO-02")
	p.between("DEMO-01", "DEMO-02")
	p.questions("DEMO-01")
	p.evidence("DEMO-01", "DEMO-02")
	body := p.body()
	w.add(append(partnerBodies(), body)...)
	w.add(p.items...)
	p.items = append(p.items, body)
	must(t, w.Catalogue.ReleaseBefore(t.Context(), 3))
	w.publish()
	return w, p
}

// TestNothingPlantedIsReadOutside plants a word in every private field of 200 intentions and of all else that councils and
// suppliers keep, and reads all that an anonymous visitor and a supplier can get.
func TestNothingPlantedIsReadOutside(t *testing.T) {
	w, p := planted(t)
	for _, kind := range catalogue.StoredKinds() { // releases, editions and figures of the plan are made of what is planted
		public := []catalogue.Kind{catalogue.KindCouncil, catalogue.KindSupplier, catalogue.KindPlatform, catalogue.KindVesting, catalogue.KindSuccession, catalogue.KindEnding, catalogue.KindFramework, catalogue.KindRelease, catalogue.KindEdition, catalogue.KindPlanFigures}
		if !slices.ContainsFunc(p.items, func(i catalogue.Item) bool { return i.Key().Kind == kind }) && !slices.Contains(public, kind) {
			t.Errorf("no %s is planted, and it is not one that everybody reads", kind)
		}
	}
	t.Run("inside", func(t *testing.T) { areReadInside(t, w.in(t), p) })
	t.Run("bodies", func(t *testing.T) { bodiesReadWhatIsForThem(t, w.in(t), p) })
	seller := w.keeper("civica-pay")
	seller.post("/follow", url.Values{"facet": {"capability"}, "value": {"parking"}}).is(http.StatusSeeOther)
	for name, b := range map[string]*browser{"anybody": w.anonymous(), "a supplier": seller, "another body": w.as("services@")} {
		seen := map[string]int{}
		b.walk(p.ownAddresses(), ofARoute(4), func(address string, got *page) {
			if got.status >= http.StatusInternalServerError {
				t.Errorf("%s is answered with %d at %s", name, got.status, address)
			}
			path, _, _ := strings.Cut(address, "?")
			if got.status == http.StatusOK {
				seen[w.routeOf(path)]++
			}
			if !strings.Contains(address, "zebra") {
				if found := gives(got); found != "" {
					t.Errorf("%s reads at %s: …%s…", name, address, found)
				}
			}
		})
		for _, r := range w.routes() {
			may := r.access == open || r.access == signedIn && name == "a supplier" && !strings.HasPrefix(r.path, "/research/") && !strings.HasPrefix(r.path, "/market") &&
				r.path != "/cohort" && r.path != "/examples/:id/draft" && !strings.HasPrefix(r.path, "/people/trail")
			if r.method == http.MethodGet && may && !strings.HasPrefix(r.path, "/groups/:id/") && seen[r.path] == 0 && !slices.Contains(theirOwn(), r.path) {
				t.Errorf("%s: %s was not looked at", name, r.path)
			}
		}
		b.findsNothing(name, p)
	}
}

// findsNothing searches for each planted word, and types its beginning.
func (b *browser) findsNothing(name string, p *planting) {
	b.t.Helper()
	for _, word := range append(slices.Clone(p.words), "zebraref7", "7654321", "zebra") {
		q := url.QueryEscape(word)
		for _, address := range []string{"/api/v1/search?ended=true&q=", "/api/v1/search?ended=true&exact=true&q=", "/api/v1/signals?q="} {
			if got := b.get(address + q); got.status == http.StatusOK && !strings.Contains(got.body, `"total":0`) {
				b.t.Errorf("%s finds %s: %.200s", name, word, got.body)
			}
		}
		for _, typed := range []string{word, word[:min(len(word), 5)]} {
			if got := b.get("/search/suggest?q=" + url.QueryEscape(typed)).body; strings.Contains(strings.ReplaceAll(got, typed, ""), "ebra") || strings.Contains(got, "planted") {
				b.t.Errorf("%s is suggested at %q: %s", name, typed, got)
			}
		}
		if got := b.get("/search.csv?ended=1&q=" + q); strings.Count(got.body, "\n") > 1 {
			b.t.Errorf("%s gets a file of what %q finds", name, word)
		}
	}
}

// shownToNobody are planted fields that no page has, or not in the state that they are planted in.
func shownToNobody(word string) bool {
	return strings.HasSuffix(word, "ref") || strings.HasPrefix(word, "zebrasupplier-request") || word == "zebranewslinktext" || word == "zebraresearchforname" ||
		strings.HasPrefix(word, "zebraask") || strings.HasPrefix(word, "zebraprovider") || word == "zebrarecovery"
}

// areReadInside is the negative control: the same crawl finds every planted word where it may be read.
func areReadInside(t *testing.T, w *world, p *planting) {
	var all strings.Builder
	for _, b := range []*browser{w.as("lead@"), w.as("operator@"), w.signedIn(p.person())} {
		b.walk(append(p.ownAddresses(), "/queue", "/talks"), ofARoute(3), func(address string, got *page) {
			if !strings.Contains(address, "zebra") {
				all.WriteString(strings.ToLower(unpacked(got.body)))
			}
		})
	}
	read := all.String()
	for _, word := range p.words {
		if !strings.Contains(read, word) && !shownToNobody(word) {
			t.Errorf("%s is read by nobody: the crawl would not find it outside", word)
		}
	}
	for _, value := range []string{"7,654,321", "july 2041", "zebrasupplier-requestlistingsummary"} {
		if !strings.Contains(read, value) {
			t.Errorf("%s is read by nobody", value)
		}
	}
}
