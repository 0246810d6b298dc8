package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

const bulky = 528

// returnOf is a return of a council for bulky waste whose digital share is online in a hundred.
func returnOf(council string, online int64, audience catalogue.Audience) *catalogue.Return {
	phone, web := float64(300*(100-online)), float64(40*online)
	return catalogue.ImportedReturn(council, bulky, catalogue.MustDate("2025-04-01"), catalogue.MustDate("2026-03-31"), []catalogue.ReturnLine{
		{Channel: catalogue.ChannelOnline, Volume: 100 * online, Method: catalogue.MethodCounted, Cost: &web},
		{Channel: catalogue.ChannelPhone, Volume: 100 * (100 - online), Method: catalogue.MethodCounted, Cost: &phone},
		{Channel: catalogue.ChannelFaceToFace, Method: catalogue.MethodCounted}, {Channel: catalogue.ChannelPost, Method: catalogue.MethodCounted}}, audience)
}

// returns adds returns of the demonstration's councils from the second on, with shares of 40, 42 and so on.
func (w *world) returns(n int, audience catalogue.Audience) {
	w.t.Helper()
	var items []catalogue.Item
	for i := range n {
		items = append(items, returnOf(fmt.Sprintf("DEMO-%02d", i+2), int64(40+2*i), audience))
	}
	w.add(items...)
}

func (w *world) publish() *catalogue.Edition {
	w.t.Helper()
	e, err := w.Catalogue.PublishEdition(w.t.Context(), catalogue.Operator("test"))
	must(w.t, err)
	w.catchUp()
	return e
}

func TestTheBaselineBeforeItsFirstEdition(t *testing.T) {
	w := councilsWorld(t)
	for name, b := range map[string]*browser{"nobody": w.anonymous(), "an officer": w.officer(ambleford, catalogue.RoleLead), "the operator": w.operatorBrowser()} {
		p := b.get("/baseline").is(http.StatusOK)
		p.wellFormed()
		p.has(".jy-empty", "no baseline yet")
		one := b.get("/baseline/528").is(http.StatusOK)
		one.wellFormed()
		one.has("#silent", "no edition of the baseline yet")
		one.has("#costs", "£0.85 to £5.57") // published, as a range
		one.has("#costs", "studies of 2008 to 2011")
		one.has("#shift", "Enter contacts and a share")
		b.get("/baseline/editions").is(http.StatusOK).has(".jy-empty", "no edition yet")
		b.get("/services/528").is(http.StatusOK).has("#baseline", "no baseline of channels yet")
		t.Log(name)
	}
	for path, status := range map[string]int{"/baseline/99999": 404, "/baseline/none": 404, "/baseline/editions/1": 404, "/baseline/editions/none": 404, "/baseline/editions/1/figures.csv": 404} {
		w.anonymous().get(path).is(status)
	}
}

// TestTooFewCouncilsSaysNothing: six keep theirs to themselves; pages say that something waits, and none of its figures.
func TestTooFewCouncilsSaysNothing(t *testing.T) {
	w := councilsWorld(t)
	w.returns(6, catalogue.Own)
	w.publish()
	for _, b := range []*browser{w.anonymous(), w.officer(ambleford, catalogue.RoleLead)} {
		p := b.get("/baseline").is(http.StatusOK)
		p.wellFormed()
		p.has(".jy-empty", "Nothing can be said of any service yet")
		p.has("#waiting tbody tr", "Bulky household waste")
		one := b.get("/baseline/528").is(http.StatusOK)
		one.wellFormed()
		one.has("#silent", "6 councils have signed off figures")
		for _, secret := range []string{"45%", "40%", "£3.00"} {
			one.hasNot("main", secret)
		}
		b.get("/services/528").has("#baseline", "too few are behind any")
	}
	p := w.operatorBrowser().get("/baseline/editions/1/withheld").is(http.StatusOK)
	p.wellFormed()
	p.has("table", "Share of contacts, Online")
	p.has("table", "Too few")
}

func TestTheBaselineOfAService(t *testing.T) {
	w := councilsWorld(t)
	w.returns(9, catalogue.Councils)
	w.publish()
	b := w.anonymous()
	all := b.get("/baseline").is(http.StatusOK)
	all.wellFormed()
	all.has("#services tbody tr", "48%")
	all.has("#services tbody tr", "44% to 52%")
	all.has("main", "invented councils")
	p := b.get("/baseline/528").is(http.StatusOK)
	p.wellFormed()
	p.has("#shares tbody tr", "Online 44% 48% 52% 9")
	p.has("main", "These figures are of invented councils")
	b.get("/baseline/1").is(http.StatusOK).with("main", "No council has signed off figures").hasNot("main", "These figures are of invented councils") // studies are real
	b.get("/baseline/editions").is(http.StatusOK).has("main", "on Mondays, or when the operator publishes an edition")
	p.has("#costs tbody tr", "Phone £3.00 to £3.00 9 £0.85 to £5.57")
	p.has("#method", "Jointly baseline of channels, edition 1, 23 November 2026")
	p.hasNot("main", "(demonstration)") // no council is named to everybody
	if n := len(p.all("#live")); n > 0 {
		t.Error("everybody sees what councils share with each other")
	}
	// The same figures in the files, with how to cite them.
	var file exchange.EditionFile
	must(t, json.Unmarshal([]byte(b.get("/baseline/editions/1/figures.json").is(http.StatusOK).body), &file))
	if file.Number != 1 || file.Licence == "" || len(file.Definitions) == 0 || !file.Demonstration || !strings.HasSuffix(file.Address, "/baseline/editions/1") {
		t.Errorf("%+v", file)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.get("/baseline/editions/1/figures.csv").is(http.StatusOK).body, "\ufeff"))).ReadAll()
	must(t, err)
	if len(rows) != len(file.Figures)+1 {
		t.Errorf("%d rows for %d figures", len(rows), len(file.Figures))
	}
	found := false
	for _, r := range rows {
		if r[6] == "share" && r[7] == "online" {
			found = r[2] == "528" && r[4] == "2025-04-01" && r[5] == "2026-03-31" && r[9] == "9" && r[10] == "44" && r[11] == "48" && r[12] == "52"
		}
	}
	if !found {
		t.Errorf("the digital share is not in the file: %q", rows)
	}
	edition := b.get("/baseline/editions/1").is(http.StatusOK)
	edition.wellFormed()
	edition.has("dl", "Open Government Licence")
	b.get("/services/528").is(http.StatusOK).has("#baseline", "48% of contacts online")
	b.get("/baseline/editions/1/withheld").is(http.StatusSeeOther)
	w.officer(ambleford, catalogue.RoleAdmin).get("/baseline/editions/1/withheld").is(http.StatusNotFound)
}

// TestACouncilSeesItsPlaceAndTheOthersAtOnce: the edition stands, the live figures move when a council signs.
func TestACouncilSeesItsPlaceAndTheOthersAtOnce(t *testing.T) {
	w := councilsWorld(t)
	w.returns(9, catalogue.Councils)
	w.publish()
	officer := w.officer(ambleford, catalogue.RoleViewer)
	before := officer.get("/baseline/528").is(http.StatusOK)
	before.wellFormed()
	before.has("#live", "9 councils share figures")
	before.has("#live tbody tr", "Digital share 44% 48% 52% 9")
	before.has("#near tbody tr", "Brackwater (demonstration)")
	before.has("#near tbody tr", "same region")
	w.add(returnOf(ambleford, 90, catalogue.Own), returnOf("DEMO-12", 90, catalogue.Councils))
	w.catchUp()
	p := officer.get("/baseline/528").is(http.StatusOK)
	p.wellFormed()
	p.has("#shares tbody tr", "Online 44% 48% 52% 90% 9") // the edition, and its own
	p.has("#live tbody tr", "Digital share 45% 49% 54% 10 90%")
	p.has("#live", "higher than that of 9 of 10 other councils")
	p.has("#live", "only your own people see them")
	p.has("#yours", "90% of your contacts come online")
	p.has("#shift", "90% come online already")
	officer.get("/baseline").is(http.StatusOK).has("#services tbody tr", "90%")
	// What it keeps to itself is on nobody else's page.
	other := w.officer(thornmere, catalogue.RoleViewer).get("/baseline/528").is(http.StatusOK)
	other.has("#live", "10 councils share figures")
	for _, row := range other.texts("#near tbody tr") {
		if strings.Contains(row, "Ambleford") && !strings.Contains(row, "not shared") {
			t.Errorf("another council sees %s", row)
		}
	}
}

func TestWhatAShiftWouldMeanIsWorkedOutFromTheAddress(t *testing.T) {
	w := councilsWorld(t)
	w.returns(9, catalogue.Councils)
	w.publish()
	b := w.anonymous()
	typed := url.Values{"volume_online": {"4,000"}, "volume_phone": {"4,500"}, "volume_face_to_face": {"1,500"}, "volume_post": {"0"}, "target": {"70"},
		"cost_online_low": {"0.10"}, "cost_online_high": {"0.50"}, "cost_phone_low": {"2"}, "cost_phone_high": {"4"}, "cost_face_to_face_low": {"5"}, "cost_face_to_face_high": {"10"},
		"cost_post_low": {"1"}, "cost_post_high": {"1"}, "freed_low": {"50"}, "freed_high": {"100"}}
	p := b.get("/baseline/528?" + typed.Encode()).is(http.StatusOK)
	p.wellFormed()
	p.has("#shift", "Today 40% come online. About 3,000 contacts a year would move.")
	p.has("#shift", "£3,400 to £16,000 a year")
	p.has("#shift", "not a forecast")
	for field, wrong := range map[string]string{"target": "140", "volume_phone": "many", "cost_phone_low": "9", "freed_high": "-1", "cost_online_high": "NaN"} {
		bad := url.Values{}
		for k, v := range typed {
			bad[k] = v
		}
		bad.Set(field, wrong)
		p := b.get("/baseline/528?" + bad.Encode()).is(http.StatusBadRequest)
		p.wellFormed()
		if got := p.attributes("#"+field, "value"); len(got) != 1 || got[0] != wrong {
			t.Errorf("%s: what was typed is %q", field, got)
		}
		found := false
		for _, href := range p.attributes(".govuk-error-summary a", "href") {
			found = found || href == "#"+field
		}
		if !found {
			t.Errorf("%s: the summary does not lead to it", field)
		}
		p.has("#shares tbody tr", "Online 44% 48% 52% 9") // the figures stay
	}
}

func TestTheOperatorPublishesAnEdition(t *testing.T) {
	w := councilsWorld(t)
	w.returns(9, catalogue.Councils)
	b := w.operatorBrowser()
	b.get("/baseline").is(http.StatusOK).has("#operate", "Publish an edition now")
	if to := b.post("/baseline/editions", nil).is(http.StatusSeeOther).location(); to != "/baseline/editions/1" {
		t.Fatal(to)
	}
	b.get("/baseline/editions/1").is(http.StatusOK).has("main", "Edition 1 is published")
	b.post("/baseline/editions", nil).is(http.StatusSeeOther)
	b.get("/baseline").is(http.StatusOK).has("main", "No edition was made")
	w.officer(ambleford, catalogue.RoleAdmin).post("/baseline/editions", nil).is(http.StatusNotFound)
	w.anonymous().post("/baseline/editions", nil).is(http.StatusUnauthorized)
}
