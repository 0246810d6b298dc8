package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

func TestThePlanTellsWhoAnsweredAndWhatSpread(t *testing.T) {
	w := demoWorld(t)
	_, err := w.Catalogue.PublishEdition(t.Context(), catalogue.Operator("test"))
	must(t, err)
	nobody, op := w.anonymous(), w.operatorBrowser()
	calls, err := w.Catalogue.EvidenceCalls(t.Context(), catalogue.Anonymous())
	must(t, err)
	answered, err := w.Catalogue.CallView(t.Context(), catalogue.Anonymous(), calls[0].ID)
	must(t, err)
	for _, b := range []*browser{nobody, op} { // the operator knows more of a call: the plan tells what anybody may know
		p := b.get("/plan").is(http.StatusOK)
		p.has("#coverage", fmt.Sprintf("%d of %d councils that were asked have signed an answer", answered.Signed, answered.Asked))
		p.hasNot("#coverage", "Begun")
		p.has("#adoption", "Report a missed bin online")
		p.has("#recommendations", "Under way")
		p.has("#results", "Savings (demonstration)")
	}
	paper := nobody.get("/plan/report").is(http.StatusOK)
	paper.has("#coverage", fmt.Sprintf("%d of %d councils", answered.Signed, answered.Asked))
	paper.has("#adoption", "Report a missed bin online")

	var file exchange.PlanFile
	must(t, json.Unmarshal([]byte(nobody.get("/plan/figures.json").is(http.StatusOK).body), &file))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(nobody.get("/plan/figures.csv").is(http.StatusOK).body, "\ufeff"))).ReadAll()
	must(t, err)
	if len(rows) != len(file.Figures)+1 || !strings.Contains(file.Cite, "figures of") || rows[1][len(rows[1])-1] != file.Cite {
		t.Errorf("%d rows, %d figures, to be cited as %q", len(rows), len(file.Figures), file.Cite)
	}
	asked, signed := 0.0, 0.0
	for _, f := range file.Figures {
		if !f.Demonstration {
			t.Errorf("%s of %s is not marked as invented", f.Figure, f.Of)
		}
		if strings.HasPrefix(f.Part, "type: ") && f.Figure == "asked" {
			asked += *f.Low
		}
		if strings.HasPrefix(f.Part, "type: ") && f.Figure == "signed" {
			signed += *f.Low
		}
	}
	if asked != 0 && asked != float64(answered.Asked) || signed > float64(answered.Signed) {
		t.Errorf("%.0f of %.0f signed", signed, asked)
	}
}

func TestAFindingIsDrawnFromThePageThatItRestsOn(t *testing.T) {
	w := demoWorld(t)
	_, err := w.Catalogue.PublishEdition(t.Context(), catalogue.Operator("test"))
	must(t, err)
	op, nobody := w.operatorBrowser(), w.anonymous()
	leading := func(path, prefix string) string {
		t.Helper()
		for _, href := range op.get(path).is(http.StatusOK).attributes("main a", "href") {
			if strings.HasPrefix(href, prefix) {
				return href
			}
		}
		t.Fatalf("nothing on %s leads to %s", path, prefix)
		return ""
	}
	for path, says := range map[string]string{"/baseline/59": "median 53% of contacts online, middle half 45% to 68%, 19 councils", "/baseline/editions/1": "",
		leading("/calls", "/calls/demo"): "‘Joined to the back office’: 6 councils, of 9 that answered", "/examples/demo-example-parking-permits": "Officers’ minutes on one permit: 14 before, 3 after"} {
		nobody.get(path).is(http.StatusOK).hasNot("main", "Draw a finding")
		form := op.get(leading(path, "/plan/findings/new")).is(http.StatusOK).form("/plan/findings/new")
		if from := form.Get("evidence_path-1"); !strings.HasPrefix(from, "/") || !strings.Contains(form.Get("evidence_says-1"), says) || form.Get("need") == "" {
			t.Errorf("a finding from %s begins with %v", path, form)
		}
		form.Set("title", "What was found")
		form.Set("evidence_says-1", "What it shows")
		form.Set("publish", "yes")
		op.post("/plan/findings/new", form).is(http.StatusSeeOther)
	}
}

func TestAServiceSaysWhatCouncilsOnAPlatformShare(t *testing.T) {
	w := demoWorld(t)
	_, err := w.Catalogue.PublishEdition(t.Context(), catalogue.Operator("test"))
	must(t, err)
	p := w.as("lead@").get("/services/474").is(http.StatusOK)
	p.has("#platforms", "Councils on it have a digital share of 68%: the median of 6 that share figures")
	p.has("#platforms", "Do not read causes into the digital share")
	w.anonymous().get("/services/474").is(http.StatusOK).hasNot("#platforms", "digital share")
}

func TestTheOperatorJoinsThemes(t *testing.T) {
	w := demoWorld(t)
	op := w.operatorBrowser()
	calls, err := w.Catalogue.EvidenceCalls(t.Context(), catalogue.Operator("test"))
	must(t, err)
	page := callPath(calls[0].ID) + "/questions/q1"
	join := page + "/themes/t1/join"
	form := op.get(page).is(http.StatusOK).form(join)
	refused := op.post(join, form).is(http.StatusBadRequest)
	refused.has(".govuk-error-summary", "Choose another theme of this question")
	for _, link := range refused.attributes(".govuk-error-summary a", "href") {
		if len(refused.all(link)) == 0 {
			t.Errorf("the error summary leads to %s, which is not there", link)
		}
	}
	form.Set("into", "t2")
	op.post(join, form).is(http.StatusSeeOther)
	op.get(page).has("#themes", "with what was coded as Words and forms tested with residents")
	w.anonymous().get(callPath(calls[0].ID)).hasNot("#words", "Words and forms tested with residents")
}
