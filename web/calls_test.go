package web

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

// operatorOf is the operator's browser.
func (w *world) operatorOf() *browser {
	w.t.Helper()
	a, err := w.Catalogue.AddAccount(w.t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "ops@jointly.example", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(w.t, err)
	return w.signedIn(a)
}

// callForm is a whole call as the operator types it.
func callOf(title string) url.Values {
	form := url.Values{"title": {title}, "why": {"To plan online services."}, "services": {"59 Council tax discount\n528"}, "nations": {"England"},
		"questions_buying": {"What would make you buy together?\n"}, "id": {catalogue.NewID()}, "costs": {"yes"}, "asked_of": {"demonstration"}}
	for field, date := range map[string][3]string{"period_start": {"1", "4", "2025"}, "period_end": {"31", "3", "2026"}, "until": {"31", "1", "2027"}} {
		for i, part := range []string{"day", "month", "year"} {
			form.Set(field+"-"+part, date[i])
		}
	}
	for _, d := range catalogue.UsualDefinitions() {
		form.Set("definition_"+string(d.Channel), d.Text)
	}
	return form
}

// opens opens a call and gives its address.
func (b *browser) opens(form url.Values) string {
	b.t.Helper()
	address := b.post("/calls/new", form).is(http.StatusSeeOther).location()
	version := b.get(address + "/run").is(http.StatusOK).hidden("version")
	b.post(address+"/open", url.Values{"version": {version}}).is(http.StatusSeeOther)
	return address
}

// with is has, to go on with the page.
func (p *page) with(selector, text string) *page {
	p.t.Helper()
	p.has(selector, text)
	return p
}

// without fails the test where a selector finds something.
func (p *page) without(selector string) *page {
	p.t.Helper()
	if n := len(p.all(selector)); n > 0 {
		p.t.Errorf("%s: %q finds %d", p.what, selector, n)
	}
	return p
}

// hidden is what a hidden field holds.
func (p *page) hidden(name string) string {
	p.t.Helper()
	values := p.attributes("input[name="+name+"]", "value")
	if len(values) == 0 {
		p.t.Fatalf("%s: no field %q", p.what, name)
	}
	return values[0]
}

// uploads sends a council's file.
func (b *browser) uploads(address, text string) *page {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", "figures.csv")
	must(b.t, err)
	_, err = part.Write([]byte(text))
	must(b.t, err)
	must(b.t, m.Close())
	request := httptest.NewRequest(http.MethodPost, address+"/answer/upload", &body)
	request.Host = "localhost"
	request.Header.Set("Content-Type", m.FormDataContentType())
	for _, c := range b.cookies {
		request.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	b.handler.ServeHTTP(answer, request)
	b.keep(answer)
	return newPage(b.t, address+"/answer/upload", answer)
}

func TestACallIsWrittenOpenedAndAnswered(t *testing.T) {
	w := councilsWorld(t)
	operator, lead, contributor, other := w.operatorOf(), w.officer(ambleford, catalogue.RoleLead), w.officer(ambleford, catalogue.RoleContributor), w.officer(thornmere, catalogue.RoleLead)

	// What is wrong is told at its field, and nothing that was typed is lost.
	wrong := callOf("A call to mend")
	wrong.Set("services", "waste\n")
	wrong.Set("until-month", "13")
	p := operator.post("/calls/new", wrong).is(http.StatusBadRequest)
	p.with(".govuk-error-summary", "Begin each line with the number of a service").with(".govuk-error-summary", "The last day for answers must have a month").with("main", "To plan online services.")
	added := callOf("A call to mend")
	added.Set("then", "add")
	added.Set("service", "530")
	operator.post("/calls/new", added).is(http.StatusOK).with("textarea[name=services]", "530 Household garden waste")

	address := operator.opens(callOf("Two services"))
	w.anonymous().get(address).is(http.StatusOK).with("h1", "Two services").with("#coverage", "signed an answer")
	contributor.get("/evidence").is(http.StatusOK).with("#asked", "Two services")
	contributor.get("/desk").is(http.StatusOK).with("#evidence", "Two services")
	contributor.get(address+"/answer").is(http.StatusOK).with("main", "answer of Ambleford (demonstration)").with("main", "Begin your council’s answer")
	contributor.post(address+"/answer", nil).is(http.StatusSeeOther)

	service := address + "/answer/services/59"
	figures := url.Values{"volume_online": {"12,500"}, "method_online": {"counted"}, "volume_phone": {"many"}, "method_phone": {"estimated"}, "cost_post": {"100"}, "note": {"canary-note"}, "version": {"0"}, "then": {"check"}}
	p = contributor.post(service, figures).is(http.StatusBadRequest)
	p.with(".govuk-error-summary", "The contacts by phone must be a whole number").with(".govuk-error-summary", "Enter the contacts by post").with("textarea[name=note]", "canary-note")
	figures.Set("volume_phone", "2,500")
	figures.Del("cost_post")
	contributor.post(service, figures).is(http.StatusSeeOther)
	contributor.get(service).is(http.StatusOK).with("#checked", "2 of 4 channels have no figure").hasNot("#checked", "83.3%")
	contributor.get(service).hasNot("#checked", "15,000")
	contributor.get(address+"/answer").is(http.StatusOK).with("main", "2 of 4 channels").hasNot("main", "Completed")
	whole := url.Values{"volume_face_to_face": {"0"}, "method_face_to_face": {"counted"}, "volume_post": {"0"}, "method_post": {"counted"}}
	maps.Copy(whole, figures)
	whole.Set("version", contributor.get(service).hidden("version"))
	contributor.post(service, whole).is(http.StatusSeeOther)
	contributor.get(service).is(http.StatusOK).with("#checked", "83.3%").with("#checked", "15,000")
	contributor.get(address+"/answer").is(http.StatusOK).with("main", "Completed")
	// Who looked at it before a colleague saved keeps what was typed.
	figures.Set("volume_phone", "7")
	contributor.post(service, figures).is(http.StatusConflict).with(".govuk-error-summary", "A colleague saved other figures").with("#theirs", "2,500")

	question := address + "/answer/questions/q1"
	contributor.post(question, url.Values{"text": {"Ends that line up"}}).is(http.StatusBadRequest).with(".govuk-error-summary", "Choose who may read").with("textarea[name=text]", "Ends that line up")
	contributor.post(question, url.Values{"text": {"Ends that line up"}, "share": {"named"}}).is(http.StatusSeeOther)

	contributor.get(address+"/answer/sign").is(http.StatusOK).without("#sign button").with("#missing", "1 service is not answered")
	contributor.post(address+"/answer/sign", url.Values{"audience": {"councils"}}).is(http.StatusForbidden)
	other.get(service).is(http.StatusOK).without("#checked") // its own, empty
	if text := operator.get(address).is(http.StatusOK).text("main"); strings.Contains(text, "Ends that line up") {
		t.Error("the operator reads what is not signed")
	}
	sign := lead.get(address+"/answer/sign").is(http.StatusOK).with("#sign", "whether your council is named as having answered")
	lead.post(address+"/answer/sign", url.Values{"seen": {sign.hidden("seen")}}).is(http.StatusBadRequest).with(".govuk-error-summary", "Choose who may see the figures")
	lead.post(address+"/answer/sign", url.Values{"seen": {sign.hidden("seen")}, "audience": {"councils"}}).is(http.StatusSeeOther)
	lead.get(address+"/answer").is(http.StatusOK).with("body", "moves on Mondays, once seven councils have returned something new")
	contributor.get(address+"/answer").is(http.StatusOK).with("#signed", "Officers of councils").with("#signed", "15,000").with("#sign", "1 of 2 services are signed; 1 is not answered").hasNot("#sign", "All of it is signed")
	lead.get("/desk").is(http.StatusOK).with("#evidence", "Two services") // until each service is answered
	contributor.post(address+"/answer/services/528", url.Values{"skip": {catalogue.SkipNotProvided}, "version": {"0"}}).is(http.StatusSeeOther)
	sign = lead.get(address + "/answer/sign").is(http.StatusOK)
	lead.post(address+"/answer/sign", url.Values{"seen": {sign.hidden("seen")}, "audience": {"councils"}, "reason": {"One more service"}}).is(http.StatusSeeOther)
	contributor.get(address+"/answer").is(http.StatusOK).with("#sign", "All of it is signed")
	if text := lead.get("/desk").is(http.StatusOK).text("#evidence"); strings.Contains(text, "Two services") {
		t.Errorf("a call that is answered stays on the desk: %s", text)
	}
	w.anonymous().get(address).is(http.StatusOK).with("#words", "Ends that line up").with("#coverage", "1")
	other.get(address).is(http.StatusOK).with("#coverage", "Ambleford")

	// The operator reads and codes it.
	themes := address + "/questions/q1"
	operator.post(themes+"/themes", url.Values{"theme": {" "}}).is(http.StatusBadRequest).with(".govuk-error-summary", "Enter what the theme is called")
	operator.post(themes+"/themes", url.Values{"theme": {"End dates"}}).is(http.StatusSeeOther)
	operator.post(themes, url.Values{"shown": {ambleford}, "themes-" + ambleford: {"t1"}}).is(http.StatusSeeOther)
	operator.get(address).is(http.StatusOK).with("#question-1", "End dates").with("#question-1", "fewer than five")
	w.anonymous().get(themes).is(http.StatusSeeOther)
	lead.get(themes).is(http.StatusNotFound)
	operator.post(address+"/close", nil).is(http.StatusSeeOther)
	other.get(address + "/answer").is(http.StatusConflict)
	lead.get(address + "/answer").is(http.StatusOK)
}

func TestAFileOfFiguresIsCheckedMendedAndSaved(t *testing.T) {
	w := councilsWorld(t)
	address := w.operatorOf().opens(callOf("Figures in a file"))
	officer := w.officer(ambleford, catalogue.RoleContributor)
	const titles = "council,lgsl,period_start,period_end,channel,volume,cost_gbp,method\n"
	officer.uploads(address, "").is(http.StatusBadRequest).with(".govuk-error-summary", "Choose a file")
	p := officer.uploads(address, titles+ambleford+",59,2025-04-01,2026-03-31,online,12500,,counted\n"+
		ambleford+",59,2025-04-01,2026-03-31,fax,3,,counted\n,528,,,online,some,,counted\n,13,,,online,4,,counted\n").is(http.StatusBadRequest)
	p.with("#problems", "3 errors to put right").with("#problems", "Write online, phone, face_to_face or post").with("#problems", "This is not a number of contacts").with("#problems", "The call does not ask about service 13")
	p.with("textarea[name=rows]", "12500")
	for what, sent := range map[string]string{"no titles": ambleford + ",59,2025-04-01,2026-03-31,online,12500,,counted\n", "another table": "a,b\n1,12500\n", "a quote": titles + ",59,,,online,12500,,\"counted\n"} {
		p := officer.uploads(address, sent).is(http.StatusBadRequest).with("#problems", "your rows stand below")
		if got := strings.TrimSpace(p.text("textarea[name=rows]")); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(sent), " ") {
			t.Errorf("%s: the rows came back as %q", what, got)
		}
	}
	p = officer.uploads(address, "\x89PNG\r\n\x1a\n....").is(http.StatusBadRequest).with(".govuk-error-summary", "This is not a table: it is a picture").without("textarea")
	if got := p.text("main"); strings.Contains(got, "contracts") || strings.Contains(got, "register") || strings.Contains(got, "nothing is lost") {
		t.Errorf("a picture is told of as %q", got)
	}
	officer.post(address+"/answer/upload", url.Values{"rows": {"<html>12500"}}).is(http.StatusBadRequest).with("textarea[name=rows]", "<html>12500")
	if got := officer.get(address + "/answer").text("main"); strings.Contains(got, "Completed") {
		t.Error("something of a file with errors was saved")
	}
	mended := url.Values{"rows": {titles + ",59,,,online,12500,,counted\n,59,,,phone,3,,counted\n,528,,,online,40,,counted\n"}, "then": {"check"}}
	officer.post(address+"/answer/upload", mended).is(http.StatusOK).with("#problems", "2 services in this file").with("#problems", "Nothing is saved yet")
	mended.Set("then", "keep")
	officer.post(address+"/answer/upload", mended).is(http.StatusSeeOther)
	officer.get(address+"/answer").is(http.StatusOK).with("main", "2 of 2 services")
	officer.post(address+"/answer/upload", url.Values{"rows": mended["rows"]}).is(http.StatusOK).with("#problems", "All of it is saved already")
	template := officer.get(address + "/answer/template.csv").is(http.StatusOK)
	if body := template.body; !strings.Contains(body, ambleford+",59,Council tax discount,2025-04-01,2026-03-31,online,12500,,counted") {
		t.Errorf("the template is\n%s", body)
	}
}

// TestACallAsksRealCouncilsOrInventedOnes: never both, and who sees the demonstration asks its councils unless it says
// otherwise.
func TestACallAsksRealCouncilsOrInventedOnes(t *testing.T) {
	w := demoWorld(t)
	op := w.as("operator@")
	for who, want := range map[*browser]string{op: "demonstration", w.operatorBrowser(): "real"} {
		if got := who.get("/calls/new").is(http.StatusOK).attributes("input[name=asked_of][checked]", "value"); len(got) != 1 || got[0] != want {
			t.Errorf("the form asks %q, want %q", got, want)
		}
	}
	form := callOf("Asked of the demonstration")
	form.Del("nations")
	shown := op.get(op.opens(form)).is(http.StatusOK)
	shown.with("h1", "Asked of the demonstration (demonstration)").with("#asks", "All invented councils of the demonstration").with("#coverage", fmt.Sprintf("%d councils asked", w.invented()))
	form = callOf("Asked of real councils")
	form.Del("nations")
	form.Set("asked_of", "real")
	address := op.post("/calls/new", form).is(http.StatusSeeOther).location()
	op.get(address).with("h1", "Asked of real councils").hasNot("h1", "demonstration")
	op.get(address+"/run").with("main", fmt.Sprint(len(w.Catalogue.Register().Councils())))
	op.post(address+"/open", url.Values{"version": {op.get(address + "/run").hidden("version")}}).is(http.StatusSeeOther)
	if text := w.as("lead@").get("/desk").is(http.StatusOK).text("#evidence"); strings.Contains(text, "Asked of real councils") || !strings.Contains(text, "Asked of the demonstration") {
		t.Errorf("the desk of an invented council asks %s", text)
	}
	form = op.get(address + "/edit").is(http.StatusOK).form(address + "/edit")
	form.Set("asked_of", "demonstration")
	op.post(address+"/edit", form).is(http.StatusBadRequest).with(".govuk-error-summary", "who is asked stays as it is")
}

// invented counts the councils of the demonstration.
func (w *world) invented() (n int) {
	w.t.Helper()
	all, err := w.Catalogue.StoredCouncils(w.t.Context())
	must(w.t, err)
	for _, c := range all {
		if c.Demonstration {
			n++
		}
	}
	return n
}
