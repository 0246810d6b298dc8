package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"jointly/catalogue"
)

// intentionAt is what is stored of an intention, whole.
func (w *world) intentionAt(address string) *catalogue.Intention {
	w.t.Helper()
	id := strings.TrimSuffix(strings.TrimPrefix(address, "/intentions/"), "/matches")
	in, err := w.Catalogue.Intention(w.t.Context(), catalogue.Operator("test"), id)
	must(w.t, err)
	return in
}

// drafts is what a council is still writing.
func (b *browser) drafts(council string) []*catalogue.NeedDraft {
	b.t.Helper()
	found, err := b.Catalogue.NeedDrafts(b.t.Context(), catalogue.Actor{Account: "test", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: council})
	must(b.t, err)
	return found
}

// states is how far the tasks of a draft are, in their order.
func (p *page) states() []string { return p.texts(".govuk-task-list__status") }

func TestANeedIsWrittenInStepsAndListed(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	first := b.get("/intentions/new?title=Revenues+system").is(http.StatusOK)
	first.wellFormed()
	form := first.form("/intentions/new")
	if form.Get("title") != "Revenues system" {
		t.Errorf("what was searched for is not taken over: %v", form)
	}
	empty := b.post("/intentions/new", with(form, url.Values{"title": {" "}})).is(http.StatusBadRequest)
	empty.has(".govuk-error-summary", "Enter what you intend to buy")
	to := b.post("/intentions/new", with(form, url.Values{"description": {"Council tax, NNDR and housing benefit"}})).is(http.StatusSeeOther).location()
	draft, ok := strings.CutSuffix(to, "/for")
	if !ok {
		t.Fatalf("the first step leads to %s", to)
	}
	tasks := b.get(draft).is(http.StatusOK)
	tasks.wellFormed()
	if got := tasks.states(); !slices.Equal(got, []string{"Completed", "Not started", "Not started", "Not started", "Not started", "Not started", "Not started", "Not started"}) {
		t.Errorf("after one step the tasks are %q", got)
	}
	tasks.has(".govuk-task-list__item", "What it may cost (optional)")

	question := b.get(to).is(http.StatusOK)
	question.wellFormed()
	question.has("form", "Is it revenues and benefits?")
	b.answer(draft, "for", url.Values{"right": {"yes"}}).is(http.StatusSeeOther)
	b.answer(draft, "contract", url.Values{"contract_end-day": {"31"}, "contract_end-month": {"3"}, "contract_end-year": {"2028"}, "extension_months": {"12"}, "lead_months": {"9"}}).is(http.StatusSeeOther)
	window := b.get(draft + "/when").is(http.StatusOK)
	window.has("#filled", "must start by 30 June 2027; with it, it must start by 30 June 2028, with nine months from tender to going live")
	if f := window.form(draft + "/when"); f.Get("window_start-day") != "23" || f.Get("window_start-month") != "11" || f.Get("window_end-month") != "6" || f.Get("window_end-year") != "2028" {
		t.Errorf("the months worked out are %v", f)
	}
	b.answer(draft, "when", url.Values{"window_start-day": {"1"}, "window_start-month": {"April"}, "window_start-year": {"2027"}}).is(http.StatusSeeOther)
	b.answer(draft, "value", url.Values{"budget_min": {"£300,000"}, "budget_max": {"480k"}, "vat": {"inc"}}).is(http.StatusSeeOther)
	b.get(draft+"/value").has("#worked", "£250,000 to £400,000 ex VAT, which is £300,000 to £480,000 inc VAT")
	b.answer(draft, "matters", url.Values{"musts": {"Hosted in the UK\nOpen APIs"}, "shoulds": {"Works offline"}, "current_supplier": {"Marrowby"}}).is(http.StatusSeeOther)
	b.answer(draft, "role", url.Values{"role": {"lead"}, "rung": {"intends"}}).is(http.StatusSeeOther)
	if last := b.answer(draft, "audience", url.Values{"visibility": {"public"}, "sensitive": {"Not told yet"}}).is(http.StatusSeeOther).location(); last != draft+"/check" {
		t.Errorf("the last step leads to %s", last)
	}
	for _, state := range b.get(draft).states() {
		if state != "Completed" {
			t.Errorf("a task is %s", state)
		}
	}

	check := b.get(draft + "/check").is(http.StatusOK)
	check.wellFormed()
	for _, says := range []string{"What it is for Revenues and benefits Change", "Earliest start of the tender 1 April 2027", "Lowest budget £250,000 ex VAT, £300,000 inc VAT", "Must have Hosted in the UK; Open APIs",
		"Should have Works offline", "How far your council is Intends", "Who can see it Everybody", "Commercially sensitive, because Not told yet"} {
		check.has(".govuk-summary-list__row", says)
	}
	check.has("#preview tbody tr", "Budget not shown not shown £250,000")
	check.has("#preview tbody tr", "Commercially sensitive, because not shown not shown not shown Not told yet")
	for _, href := range check.attributes(".govuk-summary-list__actions a", "href") {
		address, id, _ := strings.Cut(href, "#")
		if p := b.get(address).is(http.StatusOK); id != "" && len(p.all("#"+id)) != 1 {
			t.Errorf("%s leads to nothing", href)
		}
	}
	if w.count(catalogue.KindIntention) != 0 {
		t.Fatal("a draft is listed before anybody said so")
	}
	address := b.post(draft+"/check", check.form(draft+"/check")).is(http.StatusSeeOther).location()
	in := w.intentionAt(address)
	if in.Capability != "revs-bens" || in.Budget.Max != 400_000 || in.Visibility != catalogue.Public || in.Rung != catalogue.Intends || in.LeadMonths != 9 || !slices.Equal(in.Shoulds, []string{"Works offline"}) {
		t.Errorf("listed is %+v", in)
	}
	if len(b.drafts(ambleford)) != 0 {
		t.Error("the draft is still there")
	}
	if to := b.get(draft).is(http.StatusSeeOther).location(); to != strings.TrimSuffix(address, "/matches") {
		t.Errorf("the draft leads to %s", to)
	}
}

func TestAColleagueGoesOnWithADraft(t *testing.T) {
	w := councilsWorld(t)
	one, two := w.officer(ambleford, catalogue.RoleContributor), w.officer(ambleford, catalogue.RoleLead)
	form := one.get("/intentions/new").form("/intentions/new")
	draft := strings.TrimSuffix(one.post("/intentions/new", with(form, url.Values{"title": {"Canary draft of revenues"}})).is(http.StatusSeeOther).location(), "/for")
	one.post("/sign-out", url.Values{}).is(http.StatusSeeOther)

	two.get("/desk").has("section#intentions", "Canary draft of revenues")
	two.get("/intentions").has("main", "Go on with the draft ‘Canary draft of revenues’")
	two.get("/intentions/new").has("#drafts", "Canary draft of revenues")
	two.get(draft).is(http.StatusOK).has("h1", "Canary draft of revenues")
	b := w.in(t).officer(brackwater, catalogue.RoleLead)
	operator, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "ops@jointly.example", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(t, err)
	w.catchUp()
	for who, other := range map[string]*browser{"another council": b, "a supplier": w.supplier(), "nobody": w.anonymous(), "the operator": w.signedIn(operator)} {
		for _, address := range []string{draft, draft + "/what", draft + "/check", "/desk", "/intentions", "/intentions/new", "/search?q=canary", "/councils/" + ambleford, "/api/v1/search?q=canary", "/inbox", "/queue"} {
			other.get(address).silent(t, who, []string{"canary draft"})
		}
	}
	b.get(draft + "/what").is(http.StatusNotFound)
	b.post(draft+"/what", url.Values{"title": {"Mischief"}}).is(http.StatusNotFound)
	b.post(draft+"/delete", url.Values{}).is(http.StatusSeeOther) // as if there were none
	two.get(draft).is(http.StatusOK)

	two.answer(draft, "value", url.Values{"budget_max": {"100,000"}}).is(http.StatusSeeOther)
	if found := two.drafts(ambleford); len(found) != 1 || found[0].Answers["budget_max"] != "100,000" || found[0].Answers["title"] != "Canary draft of revenues" {
		t.Errorf("the draft says %+v", found)
	}
	two.post(draft+"/delete", url.Values{}).is(http.StatusSeeOther)
	two.get(draft).is(http.StatusNotFound)
	two.get("/desk").hasNot("main", "Canary draft")
}

func TestTwoWhoWriteADraftAtOnceKeepBoth(t *testing.T) {
	w := councilsWorld(t)
	one, two := w.officer(ambleford, catalogue.RoleContributor), w.officer(ambleford, catalogue.RoleLead)
	draft := one.write("Revenues system", nil)
	what := draft + "/what"
	first, second := one.get(what).form(what), two.get(what).form(what)
	value := two.get(draft + "/value").form(draft + "/value")
	one.post(what, with(first, url.Values{"title": {"Theirs"}})).is(http.StatusSeeOther)
	one.post(what, with(first, url.Values{"title": {"Theirs"}})).is(http.StatusSeeOther) // sent twice
	two.post(draft+"/value", with(value, url.Values{"budget_max": {"2m"}})).is(http.StatusSeeOther)
	p := two.post(what, with(second, url.Values{"title": {"Mine"}})).is(http.StatusConflict)
	p.has("#conflict", "Title Theirs Mine")
	p.hasNot("#conflict tbody", "Council tax, NNDR")
	two.post(what, p.form(what)).is(http.StatusSeeOther)
	two.get(draft).has("h1", "Mine")

	// What changed after it was looked at is not listed unseen.
	check := draft + "/check"
	seen := one.get(check).form(check)
	two.answer(draft, "value", url.Values{"budget_max": {"3m"}}).is(http.StatusSeeOther)
	again := one.post(check, seen).is(http.StatusConflict)
	again.has("#moved", "A colleague changed this draft")
	again.has("main", "£3,000,000 ex VAT")
	one.post(check, again.form(check)).is(http.StatusSeeOther)
}

func TestStepsKeepWhatWasTyped(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	draft := b.write("Revenues <system> & more", nil)
	for _, test := range []struct {
		step  string
		typed url.Values
		says  string
	}{
		{"for", url.Values{"cpv": {"484"}}, "A CPV code has 8 figures"},
		{"contract", url.Values{"lead_months": {"half a year"}, "extension_months": {"-1"}}, "whole number of months"},
		{"when", url.Values{"window_start-month": {"Smarch"}, "window_end-year": {"20"}}, "must have a month"},
		{"value", url.Values{"budget_min": {"about a million"}, "budget_max": {"£1,2m,"}}, "must be an amount in pounds"},
		{"role", url.Values{"rung": {"king"}}, "Choose watching, interested"},
	} {
		p := b.answer(draft, test.step, test.typed).is(http.StatusBadRequest)
		p.has("title", "Error:")
		p.has(".govuk-error-summary", test.says)
		p.has(".govuk-error-message", test.says)
		for _, href := range p.attributes(".govuk-error-summary__list a", "href") {
			if len(p.all(href)) != 1 {
				t.Errorf("the summary leads to %s, which is not there", href)
			}
		}
		for _, shown := range []*page{p, b.get(draft + "/" + test.step)} { // at once, and whoever comes back
			kept := shown.form(draft + "/" + test.step)
			for field, want := range test.typed {
				if got := kept.Get(field); field != "rung" && got != want[0] {
					t.Errorf("%s: %q was typed, the form has %q", field, want[0], got)
				}
			}
		}
	}
	if got := b.get(draft).states(); !slices.Equal(got[1:5], []string{"Has an error to mend", "Has an error to mend", "Has an error to mend", "Has an error to mend"}) {
		t.Errorf("the tasks are %q", got)
	}
	b.get(draft+"/check").has("main", "about a million Lowest budget must be an amount in pounds")
	if w.count(catalogue.KindIntention) != 0 {
		t.Error("a draft with faults was listed")
	}
	// What is too much to keep is shown again all the same.
	long := strings.Repeat("x", 10_001)
	p := b.answer(draft, "what", url.Values{"description": {long}}).is(http.StatusBadRequest)
	p.has("#description-error", "Description must be 10,000 characters or fewer")
	if p.form(draft+"/what").Get("description") != long {
		t.Error("what was too long is gone")
	}
	b.post(draft+"/what", url.Values{"description": {strings.Repeat("long ", 300_000)}}).is(http.StatusRequestEntityTooLarge)
}

func TestStepsSayEveryRuleBesideItsField(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	draft := b.write("Revenues system", nil)
	for name, test := range map[string]struct {
		step      string
		change    url.Values
		at, wants string
	}{
		"dates turned round":    {"when", url.Values{"window_end-year": {"2026"}}, "#window_end-error", "same as or after"},
		"a window that is over": {"when", url.Values{"window_start-year": {"2025"}, "window_end-year": {"2025"}}, "#window_end-error", "today or later"},
		"negative budget":       {"value", url.Values{"budget_min": {"-5"}, "budget_max": {"-3"}}, "#budget_min-error", "0 or more"},
		"absurd budget":         {"value", url.Values{"budget_max": {"900000000000"}}, "#budget_max-error", "below £5 billion"},
		"budgets turned":        {"value", url.Values{"budget_max": {"1"}}, "#budget_max-error", "same as or more"},
		"too long":              {"what", url.Values{"title": {strings.Repeat("x", 400)}}, "#title-error", "Title must be 300 characters or fewer"},
		"year 3000":             {"contract", url.Values{"contract_end-year": {"3000"}}, "#contract_end-error", "between 1990 and 2100"},
		"no without what":       {"for", url.Values{"right": {"no"}}, "#right-error", "Say what it is for"},
		"unknown capability":    {"for", url.Values{"right": {"no"}, "capability": {"witchcraft"}}, "#right-error", "Unknown capability"},
		"unknown role":          {"role", url.Values{"role": {"king"}}, "#role-error", "lead, contribute or follow"},
		"unknown audience":      {"audience", url.Values{"budget_audience": {"everyone"}}, "#budget_audience-error", "Choose who may see it"},
		"unknown visibility":    {"audience", url.Values{"visibility": {"friends"}}, "#visibility-error", "Choose who may see it"},
		"a month of 400":        {"contract", url.Values{"extension_months": {"400"}}, "#extension_months-error", "0 to 240"},
		"too many musts":        {"matters", url.Values{"musts": {strings.Repeat("must\n", 60)}}, "#musts-error", "at most 50"},
		"too many shoulds":      {"matters", url.Values{"shoulds": {strings.Repeat("should\n", 60)}}, "#shoulds-error", "at most 50"},
		"another purchase":      {"for", url.Values{"purchase": {"magic"}}, "#purchase-error", "software, equipment"},
		"approved, no more":     {"role", url.Values{"rung": {"approved"}}, "#approval_ref-error", "reference of the approval"},
		"approved by a contributor": {"role", url.Values{"rung": {"approved"}, "approval_ref": {"C/12"}, "volume": {"1m"}, "approved_on-day": {"1"}, "approved_on-month": {"11"}, "approved_on-year": {"2026"}},
			"#rung-error", "Only a lead"},
		"text that is no text": {"what", url.Values{"title": {"\xff\xfe"}}, "main", "not text"},
	} {
		t.Run(name, func(t *testing.T) {
			mine := w.in(t).anonymous().signed(b)
			before := mine.get(draft + "/" + test.step).form(draft + "/" + test.step)
			mine.answer(draft, test.step, test.change).is(http.StatusBadRequest).has(test.at, test.wants)
			delete(before, "seen")
			mine.answer(draft, test.step, before) // as it was, for the next
		})
	}
}

func TestWhatIsMissingIsSaidWhenItIsToBeListed(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	form := b.get("/intentions/new").form("/intentions/new")
	draft := strings.TrimSuffix(b.post("/intentions/new", with(form, url.Values{"description": {"Council tax and NNDR"}})).is(http.StatusSeeOther).location(), "/for")
	b.answer(draft, "when", url.Values{"window_end-day": {"31"}, "window_end-month": {"12"}, "window_end-year": {"2027"}}).is(http.StatusSeeOther)
	if got := b.get(draft).states(); got[0] != "In progress" || got[3] != "In progress" {
		t.Errorf("the tasks are %q", got)
	}
	check := draft + "/check"
	b.get(check).is(http.StatusOK).has("#lacking", "3 answers are missing")
	p := b.post(check, b.get(check).form(check)).is(http.StatusBadRequest)
	for _, says := range []string{"Enter a title", "Say what it is for", "Enter the earliest date"} {
		p.has(".govuk-error-summary", says)
	}
	for _, href := range p.attributes(".govuk-error-summary__list a", "href") {
		address, id, _ := strings.Cut(href, "#")
		step := b.get(address).is(http.StatusOK)
		if id != "" && len(step.all("#"+id)) != 1 {
			t.Errorf("%s leads to nothing", href)
		}
		if back := step.attributes(".jy-actions a", "href"); !slices.Contains(back, check) {
			t.Errorf("%s does not lead back to checking: %v", address, back)
		}
	}
	if w.count(catalogue.KindIntention) != 0 {
		t.Error("it is listed all the same")
	}
}

func TestWordsThatChangeAskAnewWhatItIsFor(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	draft := b.write("Revenues system", nil)
	b.answer(draft, "what", url.Values{"title": {"Parking permits"}, "description": {"Penalty charges and permits"}}).is(http.StatusSeeOther)
	if got := b.get(draft).states(); got[1] != "In progress" {
		t.Errorf("the task is %s", got[1])
	}
	b.get(draft+"/for").has("form", "Is it parking enforcement and permits?")
	both := b.answer(draft, "for", url.Values{"right": {"yes"}, "capability": {"revs-bens"}}).is(http.StatusBadRequest) // without the script
	both.has("#right-error", "You said yes, and chose something else too")
	if f := both.form(draft + "/for"); f.Get("right") != "no" || f.Get("capability") != "revs-bens" {
		t.Errorf("the form says %v", f)
	}
	b.answer(draft, "for", url.Values{"right": {"no"}, "capability": {"revs-bens"}}).is(http.StatusSeeOther)
	if f := b.get(draft + "/for").form(draft + "/for"); f.Get("right") != "no" || f.Get("capability") != "revs-bens" {
		t.Errorf("the form says %v", f)
	}
	b.answer(draft, "what", url.Values{"title": {"Zzz"}, "description": {""}}).is(http.StatusSeeOther)
	if got := b.get(draft).states(); got[1] != "Completed" {
		t.Errorf("the council’s own word is %s", got[1])
	}
	b.answer(draft, "for", url.Values{"capability": {noneFits}}).is(http.StatusSeeOther)
	b.get(draft+"/check").has("main", "None of those listed")
}

func TestSimilarNeedsAreShownWhileTyping(t *testing.T) {
	w := councilsWorld(t)
	w.officer(thornmere, catalogue.RoleLead).list("Council tax platform", nil)
	b := w.officer(ambleford, catalogue.RoleContributor)
	b.get("/intentions/new").is(http.StatusOK).hasNot("#understood", "We")
	part := b.get("/intentions/similar?title=Revs+and+bens&description=council+tax").is(http.StatusOK)
	part.has("div", "We think this is Revenues and benefits")
	part.has(".jy-ledger__title", "Council tax platform")
	if len(part.all("h1")) != 0 {
		t.Error("a piece of a page is a whole page")
	}
	b.get("/intentions/similar?title=Zzz+qqq").is(http.StatusOK).has("div", "could not read")
	b.get("/intentions/similar?title=").is(http.StatusOK).hasNot("div", "We")
	draft := b.write("Revs and bens", nil)
	b.get(draft+"/for").has("#understood .jy-ledger__title", "Council tax platform") // without the script
	b.post(draft+"/check", b.get(draft+"/check").form(draft+"/check")).is(http.StatusSeeOther)
	w.catchUp()
	b.get("/intentions/similar?title=Revs+and+bens&description=council+tax").has("div", "Your council has listed this already")
}

func TestListingTwiceAtOnceMakesOneIntention(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleLead)
	begin := with(b.get("/intentions/new").form("/intentions/new"), url.Values{"title": {"Twice"}})
	for range 2 {
		b.post("/intentions/new", begin).is(http.StatusSeeOther)
	}
	if n := len(b.drafts(ambleford)); n != 1 {
		t.Fatalf("%d drafts of one form", n)
	}
	b.post("/intentions/new", with(begin, url.Values{"title": {"Thrice"}})).is(http.StatusConflict).has("#conflict", "Title Twice Thrice")

	check := b.write("Revenues system", nil) + "/check"
	form := b.get(check).form(check)
	var all sync.WaitGroup
	locations := make([]string, 20)
	for i := range locations {
		all.Go(func() { locations[i] = w.anonymous().signed(b).post(check, form).location() })
	}
	all.Wait()
	for _, l := range locations {
		if l == "" || l != locations[0] {
			t.Fatalf("answers differ: %q", locations)
		}
	}
	if n := w.count(catalogue.KindIntention); n != 1 {
		t.Errorf("%d intentions of one draft", n)
	}
}

func TestAnApprovalIsStatedByALead(t *testing.T) {
	w := councilsWorld(t)
	contributor, lead := w.officer(ambleford, catalogue.RoleContributor), w.officer(ambleford, catalogue.RoleLead)
	approved := url.Values{"rung": {"approved"}, "approval_ref": {"Canaryref C/12"}, "volume": {"1,234,567"}, "approved_on-day": {"1"}, "approved_on-month": {"11"}, "approved_on-year": {"2026"}}
	address := contributor.list("Revenues system", nil)
	contributor.get(address+"/edit/role").is(http.StatusOK).hasNot("form", "Your council has decided it")
	contributor.answer(address+"/edit", "role", approved).is(http.StatusBadRequest).has("#rung-error", "Only a lead")
	lead.answer(address+"/edit", "role", approved).is(http.StatusSeeOther)
	contributor.answer(address+"/edit", "what", url.Values{"title": {"Revenues"}}).is(http.StatusSeeOther) // what a lead stated stays
	if in := w.intentionAt(address); in.Rung != catalogue.Approved || in.ApprovalRef != "Canaryref C/12" || in.Volume != 1_234_567 || in.Title != "Revenues" {
		t.Errorf("it stands at %+v", in)
	}
	other := w.officer(thornmere, catalogue.RoleLead)
	seen := other.get(address).is(http.StatusOK)
	seen.has("main", "How far the council is Approved")
	seen.silent(t, "another council", []string{"canaryref", "1,234,567"})
	// In a group it is what the council stands at from the first, and the others are told by what.
	room := proposedWith(lead, address, other.list("Council tax platform", nil))
	other.post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	other.get(room).is(http.StatusOK).has("#members", "Approved")
}

func TestChangesOfAListedNeedThatCrossKeepBoth(t *testing.T) {
	w := councilsWorld(t)
	first, second := w.officer(ambleford, catalogue.RoleLead), w.officer(ambleford, catalogue.RoleContributor)
	address := first.list("Revenues system", nil)
	edit := address + "/edit/what"
	summary := first.get(address + "/edit").is(http.StatusOK)
	summary.wellFormed()
	summary.has(".govuk-summary-list__row", "Title Revenues system Change")
	first.get(edit).is(http.StatusOK).wellFormed()
	one, two := first.get(edit).form(edit), second.get(edit).form(edit)
	value := second.get(address + "/edit/value").form(address + "/edit/value")
	first.post(edit, with(one, url.Values{"title": {"Theirs"}})).is(http.StatusSeeOther)
	first.post(edit, with(one, url.Values{"title": {"Theirs"}})).is(http.StatusSeeOther) // sent twice
	second.post(address+"/edit/value", with(value, url.Values{"budget_max": {"9m"}})).is(http.StatusSeeOther)

	p := second.post(edit, with(two, url.Values{"title": {"Mine"}, "description": {"One\nTwo"}})).is(http.StatusConflict)
	p.has("#conflict", "Title Theirs Mine")
	kept := p.form(edit)
	if kept.Get("title") != "Mine" || kept.Get("description") != "One\nTwo" {
		t.Errorf("what was typed is gone: %v", kept)
	}
	second.get(address).has("h1", "Theirs")
	second.post(edit, kept).is(http.StatusSeeOther)
	if in := w.intentionAt(address); in.Title != "Mine" || in.Budget.Max != 9_000_000 {
		t.Errorf("after both: %+v", in)
	}
	wrong := second.answer(address+"/edit", "what", url.Values{"title": {""}}).is(http.StatusBadRequest)
	wrong.has("#title-error", "Enter a title")
	second.get(address).has("h1", "Mine") // of what is listed nothing is half saved
	if again := wrong.form(edit); again.Get("title") != "" {
		t.Errorf("the form says %q", again.Get("title"))
	}
	second.post(edit, with(wrong.form(edit), url.Values{"title": {"Mended"}})).is(http.StatusSeeOther)
}

func TestChangingKeepsWhatTheStepDoesNotHold(t *testing.T) {
	w := councilsWorld(t)
	w.add(&catalogue.Intention{Meta: catalogue.Meta{Ref: "OURS-1"}, Council: ambleford, Title: "Revenues system", Capability: "revs-bens", Area: "finance",
		WindowStart: catalogue.MustDate("2027-04"), WindowEnd: catalogue.MustDate("2027-12-31"), CPV: []string{"48440000"}})
	b := w.officer(ambleford, catalogue.RoleLead)
	address := b.find(catalogue.KindIntention, "Revenues system")
	if f := b.get(address + "/edit/when").form(address + "/edit/when"); f.Get("window_start-day") != "" || f.Get("window_start-month") != "4" {
		t.Errorf("the form says %v", f)
	}
	if f := b.get(address + "/edit/for").form(address + "/edit/for"); f.Get("right") != "yes" || f.Get("understood") != "revs-bens" {
		t.Errorf("the form says %v", f)
	}
	b.answer(address+"/edit", "what", url.Values{"title": {"Revenues"}}).is(http.StatusSeeOther)
	b.answer(address+"/edit", "for", url.Values{}).is(http.StatusSeeOther)
	in := w.intentionAt(address)
	if in.Ref != "OURS-1" || in.Area != "finance" || in.WindowStart.String() != "2027-04" || in.Title != "Revenues" || in.Capability != "revs-bens" || in.Confirmed.IsZero() || !slices.Equal(in.CPV, []string{"48440000"}) {
		t.Errorf("after a change: %+v", in)
	}
}

// TestAFormThatComesInHalfWidensNothing: who may see what stays as it was where a form does not say it.
func TestAFormThatComesInHalfWidensNothing(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleLead)
	other := w.officer(thornmere, catalogue.RoleLead)
	need := b.list("Zebrawood parking", url.Values{"visibility": {"own"}})
	form := b.get(need + "/edit/audience").is(http.StatusOK).form(need + "/edit/audience")
	form.Set("notes", "Changed")
	for _, field := range []string{"visibility", "budget_audience", "supplier_audience", "contract_audience", "musts_audience"} {
		form.Del(field)
	}
	b.post(need+"/edit/audience", form).is(http.StatusSeeOther)
	b.get(need).is(http.StatusOK).has("main", "Changed")
	other.get(need).is(http.StatusNotFound)
}
