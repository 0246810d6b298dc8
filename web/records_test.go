package web

import (
	"net/http"
	"strings"
	"testing"

	"jointly/catalogue"
)

// TestRecords looks at one site; nothing in it writes.
func TestRecords(t *testing.T) {
	w := demoWorld(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *world)
	}{
		{"council page says what public records tell", checkCouncilPageSaysWhatPublicRecordsTell},
		{"council page does not guess", checkCouncilPageDoesNotGuess},
		{"invented councils say so", checkInventedCouncilsSaySo},
		{"councils are found by name", checkCouncilsAreFoundByName},
		{"contract page says what is not stated", checkContractPageSaysWhatIsNotStated},
		{"own contract leads to a need", checkOwnContractLeadsToANeed},
		{"platform page says how it is known", checkPlatformPageSaysHowItIsKnown},
		{"advice is for councils", checkAdviceIsForCouncils},
		{"supplier and service pages", checkSupplierAndServicePages},
		{"demand is the same for everybody", checkDemandIsTheSameForEverybody},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, w.in(t)) })
	}
}

func checkCouncilPageSaysWhatPublicRecordsTell(t *testing.T, w *world) {
	b := w.anonymous()
	p := b.get("/councils/E09000014").is(http.StatusOK)
	p.has("h1", "London Borough of Haringey")
	p.has(".jy-counts__item", "7 days to the next contract end, 30 November 2026")
	p.has("#ends figcaption", "Dotted: start or end not stated")
	p.has("#contracts tr", "NEC Revenues & Benefits named as iWorld")
	p.has("#contracts tr", "Council decision 5 November 2025, minutes.haringey.gov.uk ieDecisionDetails ID=3310")
	p.has("#contracts tr", "worked out from the record")
	p.has("#platforms tr", "Modern.Gov")
	p.has("#nearby", "Neighbours: Barnet")
	p.has("aside h2", "Do you work for Haringey?")
	p.has("aside", "haringey.gov.uk email address")
	if n := len(p.all("#ends svg")); n != 2 {
		t.Errorf("%d drawings of what ends when, want a wide and a narrow one", n)
	}
	w.as("lead@").get("/councils/E09000014").hasNot("aside h2", "Do you work for")
	w.as("lead@").get("/councils/DEMO-01").has("aside h2", "This is your council’s page")
}

func checkCouncilPageDoesNotGuess(_ *testing.T, w *world) {
	b := w.anonymous()
	wyre := b.get("/councils/E07000128").is(http.StatusOK)
	wyre.has(".jy-counts__item", "0 of 6 contracts state when they end")
	wyre.has("#ends", "6 records state neither when the contract started nor when it ends")
	wyre.has(".jy-with-aside .jy-understood", "may be replaced on 1 April 2028 (indicative timetable). We have not found the decision.")
	wyre.has("#contracts tr", "not stated Award notice 18 December 2025, 5e3060b4-ca95-47ea-ab27-a0b95c396574 £60,915")

	surrey := b.get("/councils/E10000030").is(http.StatusOK)
	surrey.has(".jy-with-aside .jy-understood", "is to be replaced on 1 April 2027.")
	surrey.has(".jy-with-aside .govuk-details", "The Order itself has not been read")

	wight := b.get("/councils/E06000046").is(http.StatusOK)
	wight.has(".jy-with-aside .jy-understood", "this council stays as it is")
	wight.hasNot(".jy-with-aside .jy-understood", "to be replaced")
}

func checkInventedCouncilsSaySo(_ *testing.T, w *world) {
	p := w.anonymous().get("/councils/DEMO-01").is(http.StatusOK)
	p.has("h1", "(demonstration)")
	p.has(".jy-lead", "invented")
	p.has("aside", "In the demonstration")
}

func checkCouncilsAreFoundByName(t *testing.T, w *world) {
	b := w.anonymous()
	if n := len(b.get("/councils").is(http.StatusOK).all(".jy-tally__item")); n != 382+46 {
		t.Errorf("%d councils are listed", n)
	}
	for typed, want := range map[string]string{"blackp": "Blackpool", "BLACKPOOL BOROUGH COUNCIL": "Blackpool", "Hull City Council": "Hull", "ambleford": "Ambleford (demonstration)"} {
		b.get("/councils?q="+strings.ReplaceAll(typed, " ", "+")).is(http.StatusOK).has(".jy-tally__item", want)
	}
	b.get("/councils?q=Nowhere").is(http.StatusOK).has(".jy-empty", "No council has a name like that")
	p := b.get("/councils?reorganisation=Surrey").is(http.StatusOK)
	p.has(".jy-lead", "1 April 2027")
	if n := len(p.all(".jy-tally__item")); n != 12 {
		t.Errorf("%d councils of Surrey are reorganised, want 12", n)
	}
}

func checkContractPageSaysWhatIsNotStated(t *testing.T, w *world) {
	b := w.anonymous()
	p := b.get(b.find(catalogue.KindContract, "Financial and Income Management Systems")).is(http.StatusOK)
	for _, row := range []string{"End not stated", "Start not stated", "CPV codes not stated", "Value £346,195", "Supplier Civica named as Civica UK Limited",
		"What it is for Finance and ERP read from the record by Jointly; the council has not confirmed it"} {
		p.has("#facts .govuk-summary-list__row", row)
	}
	p.has("#source", "Reference 7cca14a2-4bd0-4f53-91be-92db44186495")
	p.has("#source", "Date 30 June 2025")
	p.has("#similar .jy-ledger__item", "Enterprise Resource Planning solution Dorset Council")
	p.hasNot("#similar", "Financial and Income Management Systems")
	if len(p.all(".govuk-button")) > 0 {
		t.Error("somebody else is asked to list a need from it")
	}
	doubtful := b.get(b.find(catalogue.KindContract, "Contract award for Iworld support and maintenance")).is(http.StatusOK)
	doubtful.has(".jy-counts__item", "£569,177 published value, whole term")
	doubtful.has(".jy-counts__item", "April 2027 end, worked out from the record in 5 months")
}

func checkOwnContractLeadsToANeed(t *testing.T, w *world) {
	lead := w.as("lead@")
	p := lead.get("/councils/DEMO-01").is(http.StatusOK)
	address := p.attributes("#contracts tbody a", "href")[0]
	id := strings.TrimPrefix(address, "/contracts/")
	own := lead.get(address).is(http.StatusOK)
	if got := own.form("/intentions/new").Get("contract"); got != id {
		t.Errorf("the need would be listed from %q", got)
	}
	if len(w.as("officer@thornmere").get(address).all(".govuk-button")) > 0 {
		t.Error("another council's officer is asked to list a need from it")
	}
}

func checkPlatformPageSaysHowItIsKnown(t *testing.T, w *world) {
	p := w.anonymous().get("/platforms/nec-revenues-benefits").is(http.StatusOK)
	p.has("#uses tbody tr", "Haringey London; since April 2023 Council decision 23 March 2023")
	p.has("#uses tbody tr", "Ambleford (demonstration) North West; since September 2019 Confirmed by the council")
	if first := p.texts("#uses tbody tr")[0]; !strings.HasPrefix(first, "Haringey") {
		t.Errorf("the soonest end does not come first: %s", first)
	}
	p.has("#uses", "from the council’s own word")
	p.has("#missing", "Exit and data return, hosting, APIs and standards, website: not stated. It can be added by the operator")
	p.has("#needs .jy-ledger__item", "Intention Council tax and NNDR platform")
	p.has("#similar tr", "Civica OpenRevenues")
	p.has("figure svg", "Not known, which is not no")
	crowded := w.anonymous().get("/platforms/modern-gov").is(http.StatusOK)
	if n := len(crowded.all("#uses details tbody tr")); n < 200 {
		t.Errorf("%d more councils fold away", n)
	}
}

func checkAdviceIsForCouncils(t *testing.T, w *world) {
	const advice = "Ask for the annual billing run"
	const address = "/platforms/nec-revenues-benefits"
	w.anonymous().get(address).hasNot("body", advice)
	w.as("sales@").get(address).hasNot("body", advice)
	p := w.as("officer@thornmere").get(address).is(http.StatusOK)
	p.has("aside", advice)
	if got := p.attributes("#use form[method=post]", "action"); len(got) != 1 || got[0] != address+"/use" {
		t.Errorf("the form is sent to %q", got)
	}
	own := w.as("lead@").get(address)
	own.has("#use", "Your council confirmed this on")
	own.has("#use textarea", advice)
	if len(w.as("sales@").get(address).all("#use form")) > 0 {
		t.Error("a supplier is asked whether its council uses it")
	}
}

func checkSupplierAndServicePages(_ *testing.T, w *world) {
	b := w.anonymous()
	p := b.get("/suppliers/nec-software-solutions-uk").is(http.StatusOK)
	p.has("#platforms tr", "NEC Revenues & Benefits")
	p.has("#contracts tr", "Contract award for Iworld support and maintenance Haringey")
	p.hasNot(".jy-lead", "Companies House number")

	p.has("#similar .jy-ledger__item", "Civica")
	p.hasNot("#similar", "NEC")

	service := b.get("/services/57").is(http.StatusOK)
	service.has(".govuk-summary-list__row", "Stands on Revenues and benefits")
	service.has("#platforms .jy-ledger__item", "NEC Revenues & Benefits")
}

func checkDemandIsTheSameForEverybody(t *testing.T, w *world) {
	p := w.anonymous().get("/demand").is(http.StatusOK)
	if officer := w.as("lead@").get("/demand").is(http.StatusOK); officer.text("main") != p.text("main") {
		t.Error("a council's officer sees other demand than anybody")
	}
	p.has("#needs tbody tr", "Revenue Collection and Benefits Administration Services Tender Hounslow London not stated starts February 2027")
	p.has("#needs", "Nothing that councils keep among themselves is counted here")
	p.has("#needs thead", "Oct to Dec 2026")
	p.has("#needs .jy-heat tbody tr", "Parking and transport")
	london := w.anonymous().get("/demand?region=London&area=revenues-benefits").is(http.StatusOK)
	london.hasNot("#needs tbody tr", "North West")
	london.has("#needs tbody tr", "Hounslow")
	if rows := london.texts("#needs .jy-heat tbody tr"); len(rows) != 2 {
		t.Errorf("one area in one region makes the rows %q", rows)
	}
	w.anonymous().get("/demand?year=2033&region=Wales").is(http.StatusOK).has("#needs", "Show all areas")
}
