package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"jointly/catalogue"
)

// planned is a group of two councils in which both have accepted.
func planned(t *testing.T, w *world) (lead, other *browser, room string) {
	t.Helper()
	lead, asked, room := proposedBetween(t, w, nil, thornmere)
	asked[0].post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	return lead, asked[0], room
}

func TestTheDatesOfAGroup(t *testing.T) {
	w := councilsWorld(t)
	lead, other, room := planned(t, w)
	p := lead.get(room).is(http.StatusOK)
	p.wellFormed()
	p.has("#dates h2", "Dates, worked back from the first contract that ends")
	p.has("#dates", "No route is chosen yet")
	p.has("#dates strong", "Decide by 25 August 2027")
	p.has("#dates", "Slack in the plan: 248 days")
	p.has("#dates svg", "First contract ends, 31 July 2028")
	p.has("#dates svg", "Ambleford (demonstration), you")
	p.has("#dates table", "Mandatory standstill, beginning with the day UK6 is published")
	p.has("#dates table", "Read at the source")
	p.has("#dates table", "assumed. The group can change it")
	if n := len(p.all("#dates svg")); n != 2 {
		t.Errorf("%d drawings, want a wide one and a narrow one", n)
	}

	address := room + "/dates"
	form := lead.get(address).is(http.StatusOK).form(address)
	lead.get(address).wellFormed()
	bad := lead.post(address, with(form, url.Values{"route": {"tender"}, "reason": {" "}, "evaluation_weeks": {"six"}, "uk3-day": {"40"}, "uk3-month": {"1"}, "uk3-year": {"2027"},
		"meeting-DEMO-02-day": {"12"}})).is(http.StatusBadRequest)
	for _, words := range []string{"must be a whole number of weeks", "must be a real date", "must include a month"} {
		bad.has(".govuk-error-summary", words)
	}
	bad.wellFormed()
	if kept := bad.form(address); kept.Get("evaluation_weeks") != "six" || kept.Get("uk3-day") != "40" || kept.Get("route") != "tender" || kept.Get("meeting-DEMO-02-day") != "12" {
		t.Errorf("what was typed is gone: %v", kept)
	}
	lead.post(address, with(form, url.Values{"route": {"tender"}})).is(http.StatusBadRequest).has("#reason-error", "Say why")

	theirs := other.get(address).form(address)
	good := with(form, url.Values{"route": {"call-off"}, "reason": {"A framework names us"}, "key_decision": {"no"}, "meeting-DEMO-02-day": {"12"}, "meeting-DEMO-02-month": {"1"}, "meeting-DEMO-02-year": {"2027"}})
	lead.post(address, good).is(http.StatusSeeOther)
	lead.post(address, good).is(http.StatusSeeOther) // sent twice
	p = other.get(room).is(http.StatusOK)
	p.has("#dates", "call-off from a framework, decided 23 November 2026")
	p.has("#dates a", "Frameworks on record for revenues and benefits")
	p.has("#dates table", "A standstill is not mandatory")
	p.hasNot("#dates table", "UK4")

	clash := other.post(address, with(theirs, url.Values{"route": {"tender"}, "reason": {"Typed <late>"}})).is(http.StatusConflict)
	clash.has("#conflict", "A framework names us")
	clash.has("#conflict", "Typed <late>")
	again := clash.form(address)
	if again.Get("reason") != "Typed <late>" || again.Get("version") != "1" {
		t.Errorf("after a clash the form holds %v", again)
	}
	other.post(address, again).is(http.StatusSeeOther)
	lead.get(room).has("#dates", "open tender, decided")
}

func TestAPlanThatIsLateSaysWhatCouldGive(t *testing.T) {
	w := councilsWorld(t)
	lead := w.officer(ambleford, catalogue.RoleLead)
	soon := url.Values{"window_start-month": {"1"}, "contract_end-month": {"4"}, "contract_end-day": {"30"}, "contract_end-year": {"2027"}, "lead_months": {""}}
	own := lead.list("Revenues system", soon)
	other := w.officer(thornmere, catalogue.RoleLead)
	theirs := other.list("Council tax platform", soon)
	form := lead.get("/groups/new?intention=" + strings.TrimPrefix(own, "/intentions/")).form("/groups/new")
	form["partner"] = []string{strings.TrimPrefix(theirs, "/intentions/")}
	room := lead.post("/groups/new", form).is(http.StatusSeeOther).location()
	other.post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	p := lead.get(room).is(http.StatusOK)
	p.has("#dates strong", "Late by")
	p.has("#gives", "Call off from a framework")
	p.has("#gives", "Extend the first contract by")
	p.has("#misfits", "If Thornmere (demonstration) extends to")
	p.has("#dates .govuk-tag", "Late by")
	p.has(".jy-flag a", "The plan is late by")
	p.wellFormed()
}

func TestTheCalendarOfAGroup(t *testing.T) {
	w := councilsWorld(t)
	lead, _, room := planned(t, w)
	address := room + "/calendar.ics"
	p := lead.get(address).is(http.StatusOK)
	if kind := http.Header(p.header).Get("Content-Type"); kind != "text/calendar; charset=utf-8" {
		t.Errorf("it is %q", kind)
	}
	read := func(body string) map[string]*ics.VEvent {
		c, err := ics.ParseCalendar(strings.NewReader(body))
		must(t, err)
		out := map[string]*ics.VEvent{}
		for _, e := range c.Events() {
			out[e.Id()] = e
		}
		return out
	}
	if strings.Contains(strings.ReplaceAll(p.body, "\r\n", ""), "\n") {
		t.Error("not every line ends with CR LF")
	}
	for line := range strings.SplitSeq(p.body, "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
	}
	events := read(p.body)
	id := strings.TrimPrefix(room, "/groups/")
	decide := events[id+"-decide-by@jointly"]
	if len(events) != 12 || decide == nil {
		t.Fatalf("%d events", len(events))
	}
	from, err := decide.GetAllDayStartAt()
	must(t, err)
	to, err := decide.GetAllDayEndAt()
	must(t, err)
	if from.Format(time.DateOnly) != "2027-08-25" || to.Format(time.DateOnly) != "2027-08-26" {
		t.Errorf("decide by %s to %s", from, to)
	}
	for uid, e := range events {
		if e.GetProperty(ics.ComponentPropertyDtstamp) == nil || !strings.Contains(e.GetProperty(ics.ComponentPropertyDtStart).Value, "20") || len(e.GetProperty(ics.ComponentPropertyDtStart).Value) != 8 {
			t.Errorf("%s is no whole day with a stamp", uid)
		}
	}
	// The same days later have the same identifiers.
	form := lead.get(room + "/dates").form(room + "/dates")
	lead.post(room+"/dates", with(form, url.Values{"evaluation_weeks": {"3"}})).is(http.StatusSeeOther)
	moved := read(lead.get(address).body)
	for uid := range events {
		if moved[uid] == nil {
			t.Errorf("%s is gone", uid)
		}
	}
	outside := w.officer(brackwater, catalogue.RoleLead)
	for _, part := range []string{"/calendar.ics", "/dates", "/value"} {
		outside.get(room + part).is(http.StatusNotFound)
	}
	outside.post(room+"/dates", form).is(http.StatusNotFound)
	outside.post(room+"/value", url.Values{"version": {"0"}}).is(http.StatusNotFound)
	w.supplier().get(address).is(http.StatusForbidden)
	w.anonymous().get(address).is(http.StatusSeeOther) // to sign in
	reader := w.officer(thornmere, catalogue.RoleContributor)
	reader.get(address).is(http.StatusOK)
	reader.get(room + "/dates").is(http.StatusForbidden)
	reader.get(room).hasNot("#dates a", "Change what")
}

func TestWhatAMemberKeepsBackIsInNoPlan(t *testing.T) {
	w := councilsWorld(t)
	lead := w.officer(ambleford, catalogue.RoleLead)
	own := lead.list("Revenues system", nil)
	other := w.officer(thornmere, catalogue.RoleLead)
	theirs := other.list("Council tax platform", url.Values{"contract_end-day": {"17"}, "contract_end-month": {"5"}, "contract_end-year": {"2028"}, "lead_months": {"7"},
		"contract_audience": {"own"}, "budget_max": {"1,234,567"}, "budget_audience": {"own"}, "notes": {"zebranotes"}})
	form := lead.get("/groups/new?intention=" + strings.TrimPrefix(own, "/intentions/")).form("/groups/new")
	form["partner"] = []string{strings.TrimPrefix(theirs, "/intentions/")}
	room := lead.post("/groups/new", form).is(http.StatusSeeOther).location()
	other.post(room+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	for _, part := range []string{"", "/calendar.ics", "/dates", "/value"} {
		body := lead.get(room + part).is(http.StatusOK).body
		for _, secret := range []string{"17 May 2028", "20280517", "20280518", "1,234,567", "1,481,480", "zebranotes"} {
			if strings.Contains(body, secret) {
				t.Errorf("another member reads %q at %s", secret, part)
			}
		}
	}
	p := other.get(room).is(http.StatusOK)
	p.has("#dates", "your council, which keeps it back from the group")
	p.has("#dates svg", "First contract ends, 31 July 2028")
	p.has("#value", "Your own maximum is not shared with the group")
	p.has("#value", "One council has stated none")
	if strings.Contains(other.get(room+"/calendar.ics").body, "20280517") {
		t.Error("a council's own kept date moves the calendar that the group shares")
	}
}

func TestValueAndLots(t *testing.T) {
	w := councilsWorld(t)
	lead, other, room := planned(t, w)
	p := lead.get(room)
	p.has("#lots", "not considered yet")
	p.has("#value table", "UK4 tender notice")
	p.has("#value table", "12 November 2027")
	p.has("#value", "options, extensions and fees included")
	address := room + "/value"
	page := lead.get(address).is(http.StatusOK)
	page.wellFormed()
	form, late := page.form(address), other.get(address).form(address)
	bad := lead.post(address, with(form, url.Values{"options": {"lots"}, "lots": {"no"}})).is(http.StatusBadRequest)
	bad.has(".govuk-error-summary", "must be an amount in pounds")
	if bad.form(address).Get("options") != "lots" {
		t.Error("what was typed is gone")
	}
	lead.post(address, with(form, url.Values{"lots": {"no"}})).is(http.StatusBadRequest).has("#lots_text-error", "Give the reason")
	good := with(form, url.Values{"term_months": {"60"}, "extension_months": {"24"}, "extensions": {"£400,000"}, "fees": {"5k"}, "lots": {"no"}, "lots_text": {"One system"}})
	lead.post(address, good).is(http.StatusSeeOther)
	lead.post(address, good).is(http.StatusSeeOther)
	p = other.get(room)
	p.has("#value", "Maximum payable over 5 years and 2 years’ extension, as the law counts it: £4,986,000 inc VAT")
	p.has("#value", "extensions £480,000 and fees £6,000")
	p.has("#lots", "not divided. The reason: One system Recorded by Ambleford (demonstration) on 23 November 2026")
	clash := other.post(address, with(late, url.Values{"fees": {"7"}})).is(http.StatusConflict)
	clash.has("#conflict", "One system")
	if clash.form(address).Get("fees") != "7" {
		t.Error("what was typed is gone")
	}
}
