package web

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
)

// members is a group of Ambleford, which leads, and Thornmere, which has accepted; Brackwater is only asked.
func members(t *testing.T, w *world) (lead, other, invited *browser, room string) {
	t.Helper()
	lead, asked, room := proposedBetween(t, w, url.Values{"title": {"Revenues & benefits"}, "need": {"One hosted system."}, "lead": {"yes"}, "card": {"public"}}, thornmere, brackwater)
	asked[0].post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	w.catchUp()
	return lead, asked[0], asked[1], room
}

// figuresOf is what a council states, as its form sends it.
func figuresOf(changes url.Values) url.Values {
	return with(url.Values{"version": {"0"}, "baseline": {"£200,000"}, "baseline_how": {"Invoices of last year"}, "forecast_low": {"150k"},
		"forecast_high": {"210000"}, "assumptions": {"Two councils and one system"}}, changes)
}

func TestMembersStateTheirSavings(t *testing.T) {
	w := councilsWorld(t)
	lead, other, _, room := members(t, w)
	lead.get(room).is(http.StatusOK).has("#savings", "No member has stated what it pays now")
	lead.get(room).has("#handed a", "Committee report")
	form := lead.get(room + "/savings").is(http.StatusOK).form(room + "/savings")
	if form.Get("version") != "0" {
		t.Errorf("the empty form changes version %q", form.Get("version"))
	}
	for range 2 { // sent twice
		lead.post(room+"/savings", with(form, figuresOf(nil))).is(http.StatusSeeOther)
	}
	if n := w.count(catalogue.KindSaving); n != 1 {
		t.Errorf("%d entries", n)
	}
	p := other.get(room).is(http.StatusOK)
	p.has("#savings tr", "Ambleford (demonstration) £200,000 −£10,000 to £50,000")
	p.has("#savings", "They expect to save −£10,000 to £50,000 a year (stated by 1 of 2): a forecast by the members, not a promise.")

	p = other.post(room+"/savings", figuresOf(url.Values{"baseline": {""}, "baseline_how": {""}, "forecast_low": {"much"}, "actual": {"5"}, "actual_from-day": {"45"}, "actual_from-month": {"1"}, "actual_from-year": {"2026"}}))
	p.is(http.StatusBadRequest).has("#forecast_low-error", "amount in pounds")
	p.has("#actual_from-error", "must be a real date")
	if kept := p.form(room + "/savings"); kept.Get("forecast_low") != "much" || kept.Get("assumptions") != "Two councils and one system" || kept.Get("actual_from-day") != "45" {
		t.Errorf("what was typed is gone: %v", kept)
	}
	for _, href := range p.attributes(".govuk-error-summary a", "href") {
		if len(p.all(href)) == 0 {
			t.Errorf("the summary leads to %s, which is not there", href)
		}
	}
	other.post(room+"/savings", figuresOf(url.Values{"assumptions": {" "}})).is(http.StatusBadRequest).has("#assumptions-error", "what your forecast rests on")

	mine := lead.get(room + "/savings").form(room + "/savings")
	lead.post(room+"/savings", with(mine, url.Values{"baseline": {"190000"}})).is(http.StatusSeeOther)
	p = lead.post(room+"/savings", with(mine, url.Values{"baseline": {"180000"}})).is(http.StatusConflict)
	p.has("#conflict", "190000")
	kept := p.form(room + "/savings")
	if kept.Get("baseline") != "180000" {
		t.Errorf("the conflict page keeps %v", kept)
	}
	lead.post(room+"/savings", kept).is(http.StatusSeeOther)
	lead.get(room+"/savings").has("tr", "Ambleford (demonstration) £180,000")

	other.post(room+"/leave", url.Values{"reason": {"No money"}}).is(http.StatusSeeOther)
	lead.get(room+"/savings").hasNot("table", "Thornmere")
}

func TestAReportSaysWhatTheRecordsHold(t *testing.T) {
	w := councilsWorld(t)
	lead, other, _, room := members(t, w)
	other.post(room+"/stand", approval("Cabinet 14")).is(http.StatusSeeOther)
	p := lead.get(room + "/report").is(http.StatusOK)
	p.wellFormed()
	if len(p.all("#savings")) != 0 || len(p.all("#route")) != 0 || len(p.all("#requirements")) != 0 || len(p.all("#decisions")) != 0 {
		t.Error("a section without content is there")
	}
	lead.post(room+"/savings", figuresOf(nil)).is(http.StatusSeeOther)
	p = lead.get(room + "/report").is(http.StatusOK)
	for section, facts := range map[string][]string{
		"main":          {"Draft prepared from Jointly on 23 November 2026", "For Ambleford (demonstration)", "Buying together: Revenues & benefits"},
		"#decision":     {"together with Thornmere (demonstration)", "Ambleford (demonstration) acts as lead authority"},
		"#need":         {"One hosted system."},
		"#members":      {"Thornmere (demonstration)", "Approved", "Cabinet 14", "One more council is asked and has not answered"},
		"#value":        {"£207,720 including VAT", "in force since 1 January 2026", "Source:", "The joint value reaches it"},
		"#dates":        {"28 clear days before the decision", "April to December 2027"},
		"#risks":        {"Ambleford (demonstration) has not registered its approval", "have not declared whether there are conflicts of interest"},
		"#savings":      {"a forecast by the members, not a promise", "Two councils and one system", "stated by 1 of 2"},
		"#alternatives": {"Buying alone", "Waiting"},
		"#leaving":      {"The group would need another lead authority"},
		"#legal":        {"take legal advice", "8 working days"},
	} {
		for _, fact := range facts {
			p.has(section, fact)
		}
	}
	p.hasNot("main", "Brackwater") // it has not agreed to be named
	if room := p.attributes(".jy-paper__draft a", "href"); len(room) != 1 || !strings.HasPrefix(room[0], "http://jointly.example/groups/") {
		t.Errorf("a print leads back to %v", room)
	}
	file := docxWords(t, lead.get(room+"/report.docx").is(http.StatusOK))
	for _, cell := range append(append(p.texts(".jy-paper h1"), p.texts(".jy-paper__section p")...), p.texts(".jy-paper td")...) {
		if !strings.Contains(file, cell) {
			t.Errorf("the file does not say %q", cell)
		}
	}
	other.get(room+"/report").has("#decision", "Ambleford (demonstration) acts as lead authority, under an agreement")
}

// docxWords is the words of a word processor's file, with one blank between words; every part must be XML.
func docxWords(t *testing.T, p *page) string {
	t.Helper()
	if got := p.header["Content-Disposition"]; len(got) != 1 || !strings.Contains(got[0], ".docx") {
		t.Errorf("%s: disposition %v", p.what, got)
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(p.body)), int64(len(p.body)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(r); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if text, ok := token.(xml.CharData); ok && f.Name == "word/document.xml" {
				b.WriteString(string(text) + " ")
			}
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestAChecklistTellsWhatIsAnsweredFromWhatIsToSettle(t *testing.T) {
	w := councilsWorld(t)
	lead, _, _, room := members(t, w)
	p := lead.get(room + "/agreement").is(http.StatusOK)
	p.wellFormed()
	p.has("#who tr", "Lead: Ambleford (demonstration).")
	p.has("#who tr", "The members: Ambleford (demonstration) and Thornmere (demonstration). Any other body must be named before the tender.")
	p.has("#risk tr", "Liability Who is liable to the supplier and to each other, indemnities, and insurance To settle")
	p.has("#run tr", "In Jointly a council leaves with a reason")
	p.hasNot("main", "Brackwater")
	if file := docxWords(t, lead.get(room+"/agreement.docx").is(http.StatusOK)); !strings.Contains(file, "Lead: Ambleford (demonstration).") || !strings.Contains(file, "To settle") {
		t.Error("the file does not say the same")
	}
}

func TestANoticePackAndTheOCIDBack(t *testing.T) {
	w := councilsWorld(t)
	lead, other, _, room := members(t, w)
	p := lead.get(room + "/notice").is(http.StatusOK)
	p.wellFormed()
	p.has("main", "An intention, not a statutory notice")
	p.has("#public", "Ambleford (demonstration) (lead authority) and Thornmere (demonstration)")
	p.has("#public", "ocds-xxxxxx")
	p.has("#left-out", "Each member’s own budget")
	for _, name := range []string{"/notice.json", "/notice.txt"} {
		file := lead.get(room + name).is(http.StatusOK)
		for _, private := range []string{"Brackwater", "Telephone", "noticeType", "h6vhtk", "2500000", "2,500,000"} {
			if strings.Contains(file.body, private) {
				t.Errorf("%s says %q", name, private)
			}
		}
		if !strings.Contains(file.body, "An intention, not a statutory notice") || !strings.Contains(file.body, "Thornmere (demonstration)") {
			t.Errorf("%s says %s", name, file.body)
		}
	}
	if got := other.get(room + "/notice"); len(got.all("#record")) != 0 {
		t.Error("a council that does not lead can record a notice")
	}
	record := url.Values{"notice": {"UK3"}, "ocid": {"ocds-xxxxxx-1"}, "address": {"https://www.find-tender.service.gov.uk/Notice/083664-2026"},
		"published-day": {"20"}, "published-month": {"11"}, "published-year": {"2026"}}
	p = lead.post(room+"/notice", record).is(http.StatusBadRequest)
	p.has("#ocid-error", "as the notice shows it")
	if kept := p.form(room + "/notice"); kept.Get("ocid") != "ocds-xxxxxx-1" || kept.Get("notice") != "UK3" || kept.Get("published-day") != "20" {
		t.Errorf("what was typed is gone: %v", kept)
	}
	record.Set("ocid", "ocds-h6vhtk-06f1b4")
	other.post(room+"/notice", record).is(http.StatusForbidden)
	for range 2 {
		lead.post(room+"/notice", record).is(http.StatusSeeOther)
	}
	for _, b := range []*browser{w.anonymous(), w.supplier(), other} { // a public card shows it to everybody
		card := b.get(room).is(http.StatusOK)
		card.has(".jy-keyfacts", "Published notice UK3 ocds-h6vhtk-06f1b4 20 November 2026")
		if !slices.Contains(card.attributes(".jy-keyfacts a", "href"), record.Get("address")) {
			t.Error("no link to the notice")
		}
	}
	remove := lead.get(room + "/notice").form(room + "/notice/remove")
	lead.post(room+"/notice/remove", remove).is(http.StatusSeeOther)
	w.anonymous().get(room).hasNot(".jy-keyfacts", "ocds-")
}

func TestPapersAreForMembersAlone(t *testing.T) {
	w := councilsWorld(t)
	lead, _, invited, room := members(t, w)
	lead.post(room+"/savings", figuresOf(url.Values{"baseline_how": {"zebrawood"}, "assumptions": {"zebrawood"}})).is(http.StatusSeeOther)
	for who, b := range map[string]*browser{"nobody": w.anonymous(), "a supplier": w.supplier(), "another council": w.officer(kelderby, catalogue.RoleLead), "a council that is only asked": invited} {
		for _, name := range []string{"/savings", "/report", "/report.docx", "/agreement", "/agreement.docx", "/notice", "/notice.json", "/notice.txt"} {
			p := b.get(room + name).is(http.StatusNotFound)
			if strings.Contains(p.body, "zebrawood") || strings.Contains(p.body, "Revenues &amp; benefits") {
				t.Errorf("%s reads of the group at %s", who, name)
			}
		}
		b.post(room+"/savings", figuresOf(nil))
		if p := b.get(room); strings.Contains(p.body, "zebrawood") || len(p.all("#savings")) != 0 {
			t.Errorf("%s reads the ledger on the group's page", who)
		}
	}
	if n := w.count(catalogue.KindSaving); n != 1 {
		t.Errorf("%d entries: somebody outside states savings", n)
	}
	lead.get(room+"/report").has("#savings", "zebrawood") // the control
}

func TestAReportHasASectionForWhateverTheGroupHasSettled(t *testing.T) {
	w := councilsWorld(t)
	lead, _, _, room := members(t, w)
	facts := reportFacts{}
	var err error
	facts.papersOf, err = w.handed(t.Context(), catalogue.Actor{Account: "a", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: ambleford}, strings.TrimPrefix(room, "/groups/"))
	must(t, err)
	titles := func() []string {
		var out []string
		for _, s := range w.newReport(facts).Sections {
			out = append(out, s.ID)
		}
		return out
	}
	for _, id := range []string{"route", "dates", "requirements", "decisions", "risks"} {
		if slices.Contains(titles(), id) {
			t.Errorf("the section %s is there and says nothing", id)
		}
	}
	facts.route = reportRoute{"open tender", "no framework fits"}
	facts.dates = []reportDate{{"Agree", "18 December 2026", "worked back"}}
	facts.requirements = []reportLine{{"Telephone payments", "agreed"}}
	facts.decisions = []reportDecision{{"Route", "carried", "12 November 2026"}}
	facts.risks = []string{"It may be late."}
	for _, id := range []string{"route", "dates", "requirements", "decisions", "risks"} {
		if !slices.Contains(titles(), id) {
			t.Errorf("the section %s is not there", id)
		}
	}
	lead.get(room + "/savings").is(http.StatusOK).wellFormed()
	lead.get(room).is(http.StatusOK).wellFormed()
}
