package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

// signalTyped is what an officer types of a signal.
func signalTyped(changes url.Values) url.Values {
	return with(url.Values{"title": {"Hosted revenues system"}, "capability": {"revs-bens"}, "stage": {"engaging"}, "scope": {"Billing and recovery for one authority."},
		"lots": {"one"}, "lots_reason": {"One account, one system."}, "respond": {"Answer the same six questions."}, "answer_days": {"10"},
		"engagement-day": {"11"}, "engagement-month": {"2"}, "engagement-year": {"2027"}, "engagement_how": {"Online, recorded."}}, changes)
}

// signalled writes a signal for a need, changed here and there, and gives the draft's address.
func (b *browser) signalled(intention string, changes url.Values) string {
	b.t.Helper()
	form := b.get("/signals/new?intention=" + strings.TrimPrefix(intention, "/intentions/")).is(http.StatusOK).form("/signals/new")
	return strings.TrimSuffix(b.post("/signals/new", with(form, signalTyped(changes))).is(http.StatusSeeOther).location(), "/preview")
}

// published publishes a draft, and gives its address.
func (b *browser) published(signal string) string {
	b.t.Helper()
	form := b.get(signal + "/preview").is(http.StatusOK).form(signal + "/publish")
	b.post(signal+"/publish", with(form, url.Values{"read": {"yes"}})).is(http.StatusSeeOther)
	return signal
}

func TestASignalIsWrittenPreviewedAndPublished(t *testing.T) {
	w := councilsWorld(t)
	lead, seller, visitor := w.officer(ambleford, catalogue.RoleLead), w.supplier(), w.anonymous()
	need := lead.list("Zebrawood revenues", nil)
	lead.get(need).has("#next", "Write a signal to suppliers")
	form := lead.get("/signals/new?intention=" + strings.TrimPrefix(need, "/intentions/")).is(http.StatusOK).form("/signals/new")
	if form.Get("title") != "Revenues and benefits" || strings.Contains(form.Encode(), "ebrawood") {
		t.Errorf("what is not for everybody begins a signal: %v", form)
	}
	again := lead.post("/signals/new", with(form, signalTyped(url.Values{"lots_reason": {""}, "engagement-month": {"13"}, "ocid": {"x"}}))).is(http.StatusBadRequest)
	again.has(".govuk-error-summary", "Give the reason for the decision about lots")
	again.has(".govuk-error-summary", "must have a month from 1 to 12")
	again.has(".govuk-error-summary", "Enter the OCID as the notice shows it")
	if got := again.form("/signals/new"); got.Get("scope") != "Billing and recovery for one authority." || got.Get("engagement-month") != "13" {
		t.Errorf("what was typed is lost: %v", got)
	}
	draft := lead.signalled(need, nil)
	visitor.get(draft).is(http.StatusNotFound)
	seller.get(draft).is(http.StatusNotFound)
	visitor.get("/signals").is(http.StatusOK).has(".jy-empty", "No council has published a signal yet")

	preview := lead.get(draft + "/preview").is(http.StatusOK)
	preview.has("#scope", "Billing and recovery for one authority.")
	preview.has("#law", "publish before UK4 or give reasons in UK4")
	preview.has("#law", "£30,000")
	preview.has("#law", "Source: ")
	preview.hasNot("main", "Zebrawood")
	lead.post(draft+"/publish", preview.form(draft+"/publish")).is(http.StatusBadRequest).has(".govuk-error-summary", "Confirm that you have read what it may mean in law")
	w.catchUp()
	lead.get("/search?kind=signal").is(http.StatusOK).hasNot("#results", "Hosted revenues system")
	lead.published(draft)
	w.catchUp()
	for _, b := range []*browser{visitor, seller, lead} {
		p := b.get("/search?q=hosted+revenues&kind=signal").is(http.StatusOK)
		p.has("#results .jy-result", "Hosted revenues system (demonstration)")
		p.has("#results .jy-result", "engaging the market")
		p.has("#results .jy-result", "Ambleford (demonstration)")
		p.hasNot("#results .jy-result", "Zebrawood")
	}
	for _, b := range []*browser{visitor, seller} {
		p := b.get(draft).is(http.StatusOK)
		p.has("h1", "Hosted revenues system")
		p.has("main", "Published by Ambleford (demonstration)")
		p.hasNot("main", "Zebrawood")
		p.hasNot("main", "1,250,000")
		p.wellFormed()
		b.get("/signals").is(http.StatusOK).has("#open", "Hosted revenues system")
	}
	for _, file := range []string{"/signals.csv", "/signals.atom", "/api/v1/signals", "/api/v1/signals?q=billing&capability=revs-bens&stage=engaging&council=DEMO-01"} {
		p := visitor.get(file).is(http.StatusOK)
		if !strings.Contains(p.body, "Hosted revenues system") || strings.Contains(p.body, "ebrawood") {
			t.Errorf("%s holds %s", file, p.body)
		}
	}
	if p := visitor.get("/api/v1/signals?q=parking").is(http.StatusOK); !strings.Contains(p.body, `"total":0`) {
		t.Errorf("words that it does not hold find %s", p.body)
	}

	// What is private is refused, with a link to the field.
	edit := lead.get(draft + "/edit").is(http.StatusOK).form(draft + "/edit")
	lead.post(draft+"/edit", with(edit, url.Values{"scope": {"We have £1,250,000 for it."}, "stage": {"tender-soon"}})).is(http.StatusSeeOther)
	refused := lead.get(draft + "/preview").form(draft + "/publish")
	lead.post(draft+"/publish", with(refused, url.Values{"read": {"yes"}})).is(http.StatusBadRequest).has(".govuk-error-summary", "Take out ‘1,250,000’")
	visitor.get(draft).has("main", "Engaging the market")
	lead.post(draft+"/edit", edit).is(http.StatusConflict).has(".govuk-error-summary", "Somebody else saved this")
	edit = lead.get(draft + "/edit").form(draft + "/edit")
	lead.post(draft+"/edit", with(edit, url.Values{"scope": {"Billing for one authority."}})).is(http.StatusSeeOther)
	lead.published(draft)
	p := visitor.get(draft).is(http.StatusOK)
	p.has("#changes", "Billing and recovery for one authority.")
	p.has("#changes", "Engaging the market")
	lead.post(draft+"/end", url.Values{"how": {"withdrawn"}}).is(http.StatusBadRequest).has(".govuk-error-summary", "Say why")
	lead.post(draft+"/end", url.Values{"how": {"withdrawn"}, "reason": {"We extend instead."}}).is(http.StatusSeeOther)
	visitor.get(draft).is(http.StatusOK).has("#ended", "We extend instead.")
	w.catchUp()
	visitor.get("/search?q=hosted+revenues&kind=signal").hasNot("#results", "Hosted revenues system")
	visitor.get("/search?q=hosted+revenues&kind=signal&ended=1").has("#results", "Hosted revenues system")
	visitor.get("/signals").hasNot("main", "Hosted revenues system")
	visitor.get("/signals?ended=1").has("#past", "Hosted revenues system")
}

func TestAQuestionAndItsAnswerAreReadByAllAtOnce(t *testing.T) {
	w := councilsWorld(t)
	lead, viewer, seller, visitor := w.officer(ambleford, catalogue.RoleLead), w.officer(ambleford, catalogue.RoleViewer), w.supplier(), w.anonymous()
	rival, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "sales@fernhollow.example", OrgKind: catalogue.OrgSupplier, Org: "Fernhollow Digital (demonstration)", Role: catalogue.RoleContributor})
	must(t, err)
	other := w.signedIn(rival)
	signal := lead.published(lead.signalled(lead.list("Revenues", nil), nil))
	visitor.get(signal).has("#ask", "Sign in to ask")
	form := seller.get(signal).form(signal + "/questions")
	seller.post(signal+"/questions", with(form, url.Values{"question": {" "}})).is(http.StatusBadRequest).has(".govuk-error-summary", "Enter your question")
	asked := with(form, url.Values{"question": {"=cmd: is zebra migration part of it?"}})
	seller.post(signal+"/questions", asked).is(http.StatusSeeOther)
	seller.post(signal+"/questions", asked).is(http.StatusSeeOther) // sent twice
	if n := w.count(catalogue.KindQuestion); n != 1 {
		t.Fatalf("%d questions", n)
	}
	seller.get(signal).has("#waiting", "zebra")
	lead.get(signal).has("#waiting", "Quillbrook Systems (demonstration)")
	lead.get("/desk").has("#supplier-questions", "zebra")
	lead.get("/desk").has(".jy-account", "2 to do") // the question, and the news of it
	viewer.get("/desk").hasNot("main", "zebra")
	for name, b := range map[string]*browser{"anybody": visitor, "another supplier": other, "another council": w.officer(brackwater, catalogue.RoleLead)} {
		for _, address := range []string{signal, "/signals", "/signals.csv", "/signals.atom", "/api/v1/signals", signal + "/questions.csv", "/inbox", "/search?q=zebra"} {
			if p := b.get(address); strings.Contains(strings.ReplaceAll(p.body, "q=zebra", ""), "zebra migration") {
				t.Errorf("%s reads a question without answer at %s", name, address)
			}
		}
	}
	address := lead.get("/desk").attributes("#supplier-questions h3 a", "href")[0]
	answer := lead.get(address).is(http.StatusOK).form(address)
	lead.post(address, with(answer, url.Values{"answer": {""}})).is(http.StatusBadRequest).has(".govuk-error-summary", "Enter the answer")
	lead.post(address, with(answer, url.Values{"text": {"Quillbrook Systems asks"}, "answer": {"Yes."}})).is(http.StatusBadRequest).has(".govuk-error-summary", "it tells who asked")
	lead.post(address, with(answer, url.Values{"text": {"Is migration part of it?"}, "answer": {"=Yes, of six years."}})).is(http.StatusSeeOther)
	for name, b := range map[string]*browser{"anybody": visitor, "another supplier": other, "the asker": seller} {
		p := b.get(signal).is(http.StatusOK)
		p.has("#question-1", "Is migration part of it?")
		p.has("#question-1", "Answer: =Yes, of six years.")
		if strings.Contains(p.body, "ambleford.example") || strings.Contains(p.body, "officers.example") || name != "the asker" && strings.Contains(p.body, "Quillbrook") {
			t.Errorf("%s reads an address or who asked", name)
		}
	}
	visitor.get(signal).hasNot("main", "zebra")
	seller.get("/inbox").has("main", "A question is answered")
	file := visitor.get(signal + "/questions.csv").is(http.StatusOK)
	if !strings.Contains(file.body, "Is migration part of it?,'=Yes") && !strings.Contains(file.body, `"'=Yes, of six years."`) {
		t.Errorf("the file holds %q", file.body)
	}
	lead.get(address).is(http.StatusSeeOther) // to where it stands by now

	// It was wrong: it is corrected before all eyes, and what it said stays.
	lead.get(signal).has("#question-1", "Correct this answer")
	visitor.get(signal).hasNot("#question-1", "Correct this answer")
	correct := lead.get(address + "/correct").is(http.StatusOK)
	correct.wellFormed()
	form = correct.form(address + "/correct")
	lead.post(address+"/correct", with(form, url.Values{"answer": {"Of seven years."}})).is(http.StatusBadRequest).has(".govuk-error-summary", "Say what was wrong")
	corrected := with(form, url.Values{"answer": {"=Of seven years."}, "why": {"A year was left out."}})
	lead.post(address+"/correct", corrected).is(http.StatusSeeOther)
	lead.post(address+"/correct", with(corrected, url.Values{"answer": {"Of eight."}})).is(http.StatusConflict).has("main", "Of eight.")
	for _, b := range []*browser{visitor, other, seller} {
		p := b.get(signal)
		p.has("#question-1", "=Of seven years.")
		p.has("#question-1", "it said: Answer: =Yes, of six years. Why it was corrected: A year was left out.")
	}
	if lines := strings.Split(visitor.get(signal+"/questions.csv").body, "\r\n"); len(lines) != 4 || !strings.Contains(lines[1], "six years.") || !strings.Contains(lines[1], ",1,") || !strings.Contains(lines[2], "'=Of seven") || !strings.Contains(lines[2], ",2,") {
		t.Errorf("the log's file holds %q", lines)
	}
	seller.get("/inbox").has("main", "An answer is corrected")
	lead.get("/desk").hasNot("main", "waits for your answer")
}
