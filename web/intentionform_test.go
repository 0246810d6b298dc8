package web

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"jointly/catalogue"
)

func TestAFormWithFaultsKeepsWhatWasTyped(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	typed := with(need("Revenues <system> & more"), url.Values{
		"budget_min": {"about a million"}, "budget_max": {"£1,2m,"}, "window_start-month": {"Smarch"}, "window_end-year": {"20"}, "lead_months": {"half a year"},
		"cpv": {"484"}, "notes": {"line one\r\nline two"}, "current_supplier": {"Marrowby"}, "visibility": {"public"}, "musts_audience": {"own"}})
	p := b.post("/intentions/new", typed).is(http.StatusBadRequest)
	for _, says := range []string{"The earliest date must have a month", "The latest date must have a year of 4 figures", "Lowest budget must be an amount in pounds", "whole number of months", "A CPV code has 8 figures"} {
		p.has(".govuk-error-summary", says)
		p.has(".govuk-error-message", says)
	}
	for _, href := range p.attributes(".govuk-error-summary__list a", "href") {
		if len(p.all(href)) != 1 {
			t.Errorf("the summary leads to %s, which is not there", href)
		}
	}
	p.has("title", "Error:")
	kept := p.form("/intentions/new")
	for field, want := range typed {
		if got := strings.ReplaceAll(kept.Get(field), "\r\n", "\n"); got != strings.ReplaceAll(want[0], "\r\n", "\n") {
			t.Errorf("%s: %q was typed, the form has %q", field, want[0], got)
		}
	}
	if w.count(catalogue.KindIntention) != 0 {
		t.Error("a form with faults made a record")
	}
}

func TestFormsSayEveryRuleBesideItsField(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	for name, test := range map[string]struct {
		change    url.Values
		at, wants string
	}{
		"no title":             {url.Values{"title": {"  "}}, "#title-error", "Enter a title"},
		"dates turned round":   {url.Values{"window_end-year": {"2026"}}, "#window_end-error", "same as or after"},
		"no window":            {url.Values{"window_start-day": {""}, "window_start-month": {""}, "window_start-year": {""}}, "#window_start-error", "earliest date"},
		"negative budget":      {url.Values{"budget_min": {"-5"}, "budget_max": {"-3"}}, "#budget_min-error", "0 or more"},
		"absurd budget":        {url.Values{"budget_max": {"900000000000"}}, "#budget_max-error", "below £5 billion"},
		"budgets turned":       {url.Values{"budget_max": {"1"}}, "#budget_max-error", "same as or more"},
		"too long":             {url.Values{"title": {strings.Repeat("x", 400)}}, "#title-error", "Title must be 300 characters or fewer"},
		"year 3000":            {url.Values{"contract_end-year": {"3000"}}, "#contract_end-error", "between 1990 and 2100"},
		"no answer":            {url.Values{"asked": {"yes"}, "right": {""}}, "#right-error", "Choose what it is for"},
		"no without what":      {url.Values{"right": {"no"}}, "#right-error", "Choose what it is for"},
		"unknown capability":   {url.Values{"right": {"no"}, "capability": {"witchcraft"}}, "#right-error", "Unknown capability"},
		"unknown role":         {url.Values{"role": {"king"}}, "#role-error", "lead, contribute or follow"},
		"unknown audience":     {url.Values{"budget_audience": {"everyone"}}, "#budget_audience-error", "Choose who may see it"},
		"unknown visibility":   {url.Values{"visibility": {"friends"}}, "#visibility-error", "Choose who may see it"},
		"a month of 400":       {url.Values{"extension_months": {"400"}}, "#extension_months-error", "0 to 240"},
		"too many musts":       {url.Values{"musts": {strings.Repeat("must\n", 60)}}, "#musts-error", "at most 50"},
		"another purchase":     {url.Values{"purchase": {"magic"}}, "#purchase-error", "software, equipment"},
		"text that is no text": {url.Values{"title": {"\xff\xfe"}}, "main", "not text"},
	} {
		t.Run(name, func(t *testing.T) {
			p := w.in(t).anonymous().signed(b).post("/intentions/new", with(need("Revenues system"), test.change)).is(http.StatusBadRequest)
			p.has(test.at, test.wants)
		})
	}
	b.post("/intentions/new", with(need("x"), url.Values{"description": {strings.Repeat("long ", 300_000)}})).is(http.StatusRequestEntityTooLarge)
	if w.count(catalogue.KindIntention) != 0 {
		t.Error("a refused form made a record")
	}
}

func TestTheQuestionWhatItIsForIsNoError(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	p := b.post("/intentions/new", with(need("Revenues system"), url.Values{"understood": {""}, "right": {""}})).is(http.StatusOK)
	p.has("#confirm", "Check what we understood")
	p.hasNot("title", "Error")
	if len(p.all(".govuk-error-summary")) != 0 || w.count(catalogue.KindIntention) != 0 {
		t.Error("the question is an error, or the need is saved before it is answered")
	}
	b.post("/intentions/new", p.form("/intentions/new")).is(http.StatusSeeOther)
	again := b.post("/intentions/new", with(need("Revenues system"), url.Values{"right": {""}})).is(http.StatusOK)
	again.has("#understood", "Your council has listed this already")
	b.post("/intentions/new", with(need("Zzz"), url.Values{"description": {""}, "understood": {""}, "right": {""}})).is(http.StatusOK).has("#confirm", "Choose what it is for")
}

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	b := councilsWorld(t).officer(ambleford, catalogue.RoleContributor)
	p := b.post("/intentions/new", with(need(""), url.Values{"window_start-day": {"31"}, "window_start-month": {"2"}, "window_end-year": {"2025"},
		"lead_months": {"-1"}, "budget_min": {"abc"}})).is(http.StatusBadRequest)
	for _, says := range []string{"Enter a title", "The earliest date must be a real date", "The latest date must be today or later", "0 to 240", "Lowest budget must be"} {
		p.has(".govuk-error-summary", says)
	}
	if n := len(p.all(".govuk-error-summary__list a")); n != 5 {
		t.Errorf("%d faults are listed, want 5", n)
	}
}

func TestTheFormSaysWhatItUnderstood(t *testing.T) {
	w := councilsWorld(t)
	w.officer(thornmere, catalogue.RoleLead).list("Council tax platform", nil)
	b := w.officer(ambleford, catalogue.RoleContributor)
	b.get("/intentions/new").is(http.StatusOK).hasNot("#understood", "We think")

	typed := with(need("Revs and bens"), url.Values{"action": {"check"}, "right": {""}, "understood": {""}, "window_start-month": {"Smarch"}})
	p := b.post("/intentions/new", typed).is(http.StatusOK)
	p.has("#understood", "We think this is Revenues and benefits")
	p.has("#understood .jy-ledger__title", "Council tax platform")
	if len(p.all(".govuk-error-summary")) != 0 || w.count(catalogue.KindIntention) != 1 {
		t.Error("looking at what is understood finds fault, or saves")
	}
	if got := p.form("/intentions/new"); got.Get("understood") != "revs-bens" || got.Get("right") != "" || got.Get("window_start-month") != "Smarch" {
		t.Errorf("the form asks %v", got)
	}

	part := b.get("/intentions/similar?title=Revs+and+bens&description=council+tax").is(http.StatusOK)
	part.has("div", "We think this is Revenues and benefits")
	part.has(".jy-ledger__title", "Council tax platform")
	if len(part.all("h1")) != 0 {
		t.Error("a piece of a page is a whole page")
	}
	b.get("/intentions/similar?title=Zzz+qqq").is(http.StatusOK).has("div", "could not read")
	b.get("/intentions/similar?title=").is(http.StatusOK).hasNot("div", "We")

	b.list("Revs and bens", url.Values{"right": {"no"}, "capability": {"parking"}})
	b.get("/desk").has("main", "Revs and bens")
	address := b.find(catalogue.KindIntention, "Revs and bens")
	b.get(address).has("main", "Parking enforcement and permits, confirmed by the council")
}

func TestTheSameFormTwiceMakesOneIntention(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleLead)
	form := with(b.get("/intentions/new").form("/intentions/new"), need("Revenues system"))
	var all sync.WaitGroup
	locations := make([]string, 20)
	for i := range locations {
		all.Go(func() {
			p := w.anonymous().signed(b).post("/intentions/new", form)
			locations[i] = p.location()
		})
	}
	all.Wait()
	for _, l := range locations {
		if l == "" || l != locations[0] {
			t.Fatalf("answers differ: %q", locations)
		}
	}
	if n := w.count(catalogue.KindIntention); n != 1 {
		t.Errorf("%d records of one form", n)
	}
	// Gone back to and changed, it does not lose what was typed in silence.
	p := b.post("/intentions/new", with(form, url.Values{"title": {"Revenues system, hosted"}})).is(http.StatusConflict)
	p.has("#conflict", "Revenues system, hosted")
	again := p.form(strings.TrimSuffix(locations[0], "/matches") + "/edit")
	b.post(strings.TrimSuffix(locations[0], "/matches")+"/edit", again).is(http.StatusSeeOther)
	b.get(strings.TrimSuffix(locations[0], "/matches")).has("h1", "Revenues system, hosted")
}

func TestEditsThatCrossKeepBoth(t *testing.T) {
	w := councilsWorld(t)
	first, second := w.officer(ambleford, catalogue.RoleLead), w.officer(ambleford, catalogue.RoleContributor)
	address := first.list("Revenues system", nil)
	edit := address + "/edit"
	one, two := first.get(edit).is(http.StatusOK).form(edit), second.get(edit).form(edit)
	first.post(edit, with(one, url.Values{"title": {"Theirs"}})).is(http.StatusSeeOther)
	first.post(edit, with(one, url.Values{"title": {"Theirs"}})).is(http.StatusSeeOther) // sent twice

	p := second.post(edit, with(two, url.Values{"title": {"Mine"}, "musts": {"One\nTwo"}})).is(http.StatusConflict)
	p.has("#conflict", "Theirs")
	p.has("#conflict", "Mine")
	p.hasNot("#conflict tbody", "Council tax, NNDR") // what is the same is not listed
	kept := p.form(edit)
	if kept.Get("title") != "Mine" || kept.Get("musts") != "One\nTwo" {
		t.Errorf("what was typed is gone: %v", kept)
	}
	second.get(address).has("h1", "Theirs")
	second.post(edit, kept).is(http.StatusSeeOther)
	second.get(address).has("h1", "Mine")

	first.post(edit, with(kept, url.Values{"version": {"nonsense"}})).is(http.StatusBadRequest)
}

func TestEditingKeepsWhatTheFormDoesNotHold(t *testing.T) {
	w := councilsWorld(t)
	w.add(&catalogue.Intention{Meta: catalogue.Meta{Ref: "OURS-1"}, Council: ambleford, Title: "Revenues system", Capability: "revs-bens", Area: "finance",
		WindowStart: catalogue.MustDate("2027-04"), WindowEnd: catalogue.MustDate("2027-12-31"), CPV: []string{"48440000"}})
	b := w.officer(ambleford, catalogue.RoleLead)
	address := b.find(catalogue.KindIntention, "Revenues system")
	form := b.get(address + "/edit").is(http.StatusOK).form(address + "/edit")
	if form.Get("window_start-day") != "" || form.Get("window_start-month") != "4" || form.Get("right") != "yes" {
		t.Errorf("the form says %v", form)
	}
	b.post(address+"/edit", with(form, url.Values{"title": {"Revenues"}})).is(http.StatusSeeOther)
	in, err := w.Catalogue.Intention(t.Context(), catalogue.Operator("test"), strings.TrimPrefix(address, "/intentions/"))
	must(t, err)
	if in.Ref != "OURS-1" || in.Area != "finance" || in.WindowStart.String() != "2027-04" || in.Title != "Revenues" || in.Confirmed.IsZero() {
		t.Errorf("after an edit: %+v", in)
	}
}

func TestANeedFromAContract(t *testing.T) {
	w := councilsWorld(t)
	source := catalogue.Source{Text: "Invented for a test"}
	w.add(&catalogue.Contract{Meta: catalogue.Meta{ID: "ours", Ref: "ours"}, Council: ambleford, Title: "Parking permits", Supplier: "Quillbrook Systems (demonstration)",
		Capability: "parking", CapabilityConfirmed: true, End: catalogue.MustDate("2028-09-30"), ExtensionMonths: 12, Stage: catalogue.StageAwarded, Audience: catalogue.Public, Source: source},
		&catalogue.Contract{Meta: catalogue.Meta{ID: "late", Ref: "late"}, Council: ambleford, Title: "Late", End: catalogue.MustDate("2027-03-31"), Stage: catalogue.StageAwarded, Audience: catalogue.Public, Source: source},
		&catalogue.Contract{Meta: catalogue.Meta{ID: "theirs", Ref: "theirs"}, Council: thornmere, Title: "Theirs", Stage: catalogue.StageAwarded, Audience: catalogue.Public, Source: source})
	b := w.officer(ambleford, catalogue.RoleContributor)
	p := b.get("/intentions/new?contract=ours").is(http.StatusOK)
	form := p.form("/intentions/new")
	for field, want := range map[string]string{"title": "Parking permits", "current_supplier": "Quillbrook Systems (demonstration)", "right": "yes", "understood": "parking",
		"window_start-year": "2027", "window_start-month": "3", "window_end-month": "3", "window_end-year": "2029", "lead_months": "6", "contract_end-year": "2028", "extension_months": "12", "contract": "ours"} {
		if form.Get(field) != want {
			t.Errorf("%s is %q, want %q", field, form.Get(field), want)
		}
	}
	late := b.get("/intentions/new?contract=late").is(http.StatusOK).form("/intentions/new")
	if late.Get("window_start-month") != "11" || late.Get("window_start-year") != "2026" || late.Get("window_end-month") != "3" {
		t.Errorf("a window in the past: %v", late)
	}
	b.get("/intentions/new?contract=theirs").is(http.StatusForbidden)
	b.get("/intentions/new?contract=none").is(http.StatusNotFound)
	made := b.post("/intentions/new", form).is(http.StatusSeeOther)
	in, err := w.Catalogue.Intention(t.Context(), catalogue.Operator("test"), strings.TrimSuffix(strings.TrimPrefix(made.location(), "/intentions/"), "/matches"))
	must(t, err)
	if in.FromContract != "ours" || in.Capability != "parking" {
		t.Errorf("made %+v", in)
	}
}

func TestWithdrawing(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleLead)
	address := b.list("Revenues system", nil)
	p := b.post(address+"/withdraw", url.Values{"reason": {" "}}).is(http.StatusBadRequest)
	p.has(".govuk-error-summary", "Say why")
	w.officer(thornmere, catalogue.RoleLead).post(address+"/withdraw", url.Values{"reason": {"mischief"}}).is(http.StatusForbidden)
	b.post(address+"/withdraw", url.Values{"reason": {"We stay where we are"}}).is(http.StatusSeeOther)
	b.get(address).has("main", "We stay where we are")
	b.get(address + "/edit").is(http.StatusConflict)
}
