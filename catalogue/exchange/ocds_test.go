package exchange_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// notices reads notices into a catalogue, as the command does.
func notices(t testing.TB, c *catalogue.Catalogue, r *exchange.Reader, buyer, file string) (*exchange.File, exchange.Report) {
	t.Helper()
	r.Held = heldBy(t, c)
	f, err := r.OCDS(strings.NewReader(file), buyer)
	if err != nil {
		t.Fatal(err)
	}
	return f, stored(t, c, f)
}

func heldBy(t testing.TB, c *catalogue.Catalogue) func(string) []*catalogue.Contract {
	return func(council string) []*catalogue.Contract {
		held, err := c.CouncilContracts(context.Background(), catalogue.Operator("test"), council)
		if err != nil {
			t.Fatal(err)
		}
		return held
	}
}

// heldContract is the one contract of a council with a reference.
func heldContract(t testing.TB, c *catalogue.Catalogue, council, ref string) *catalogue.Contract {
	t.Helper()
	for _, k := range heldBy(t, c)(council) {
		if k.Ref == ref {
			return k
		}
	}
	t.Fatalf("no contract %s of %s", ref, council)
	return nil
}

const ocid = "ocds-b5fd17-838b43fc-bd8f-46f7-87e3-9dc251d87264"

// a release of Birmingham's, with more or other fields.
func aRelease(date, tag, fields string) string {
	return fmt.Sprintf(`{"ocid":%q,"id":%q,"date":%q,"tag":[%q],"buyer":{"id":"GB-CFS-1","name":"BIRMINGHAM CITY COUNCIL"},%s}`, ocid, tag+date, date, tag, fields)
}

func aPackage(releases ...string) string {
	return "{\"uri\":\"http://Contract Finder\",\"releases\":[\n" + strings.Join(releases, ",\n") + "\n]}"
}

const (
	tenderPart = `"tender":{"id":"DN1234567","title":"Case management","description":"What it is for","status":"active","classification":{"scheme":"CPV","id":"48000000"},"value":{"amount":500000,"currency":"GBP"},"procurementMethodDetails":"Open procedure"}`
	awardPart  = `"awards":[{"id":"1","status":"active","value":{"amount":450000.5,"currency":"GBP"},"suppliers":[{"id":"S","name":"Civica UK Limited"}],"contractPeriod":{"startDate":"2025-04-01T00:00:00+01:00","endDate":"2028-03-31T23:59:59+01:00","maxExtentDate":"2030-03-31T23:59:59+01:00"}}]`
)

func TestANoticeBecomesAContract(t *testing.T) {
	for name, file := range map[string]string{
		"a release package": aPackage(aRelease("2025-01-01T10:00:00Z", "award", tenderPart+","+awardPart)),
		"a release":         aRelease("2025-01-01T10:00:00Z", "award", tenderPart+","+awardPart),
		"lines of releases": aRelease("2024-12-01T10:00:00Z", "tender", tenderPart) + "\n" + aRelease("2025-01-01T10:00:00Z", "award", awardPart) + "\n",
		"a record package": `{"records":[{"ocid":"` + ocid + `","releases":[` + aRelease("2024-12-01T10:00:00Z", "tender", tenderPart) + "," +
			aRelease("2025-01-01T10:00:00Z", "award", awardPart) + `]}]}`,
		"a record with a compiled release": `{"records":[{"ocid":"` + ocid + `","releases":[{"url":"https://example.org/r/1","date":"2025-01-01T10:00:00Z","tag":["award"]}],"compiledRelease":` +
			aRelease("2025-01-01T10:00:00Z", "compiled", tenderPart+","+awardPart) + `}]}`,
		"deltas out of order, zones apart": aPackage(aRelease("2025-01-01T10:00:00+00:00", "award", awardPart), aRelease("2025-01-01T10:30:00+01:00", "tender", tenderPart+`,"awards":[{"id":"1","value":{"amount":1,"currency":"GBP"}}]`)),
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Contains(name, "compiled") {
				file = strings.Replace(file, `"tag":["award"]}]`, `"tags":[]}]`, 1)
			}
			c := opened(t)
			f, report := notices(t, c, reader(c), "", file)
			if len(report.Errors) > 0 || len(f.Items) != 1 {
				t.Fatalf("%d contracts; %+v", len(f.Items), report)
			}
			k := heldContract(t, c, birmingham, ocid)
			if k.Title != "Case management" || k.Supplier != "Civica UK Limited" || k.Value != 450000.5 || k.Start.String() != "2025-04-01" || k.End.String() != "2028-03-31" ||
				k.ExtensionMonths != 24 || k.Route != "Open procedure" || k.Stage != catalogue.StageAwarded || !slices.Equal(k.CPV, []string{"48000000"}) ||
				k.Source.Reference != ocid || k.Source.Text != "Contracts Finder notice" || k.Source.Date.String() != "2025-01-01" || !strings.Contains(k.Source.Note, "DN1234567") {
				t.Errorf("it reads %+v", k)
			}
			if _, again := notices(t, c, reader(c), "", file); again.Created+again.Updated > 0 || len(again.Errors) > 0 {
				t.Errorf("brought again: %+v", again)
			}
		})
	}
}

func TestALaterReleaseUpdatesTheSameContract(t *testing.T) {
	c := opened(t)
	bring := func(release string) *catalogue.Contract {
		if _, report := notices(t, c, reader(c), "", aPackage(release)); len(report.Errors) > 0 || report.Created+report.Updated+report.Unchanged == 0 {
			t.Fatalf("%+v", report)
		}
		return heldContract(t, c, birmingham, ocid)
	}
	if k := bring(aRelease("2024-09-01T10:00:00Z", "planning", strings.Replace(tenderPart, "active", "planned", 1))); k.Stage != catalogue.StagePlanned || k.Value != 500000 {
		t.Errorf("a plan reads %+v", k)
	}
	if k := bring(aRelease("2024-12-01T10:00:00Z", "tender", tenderPart)); k.Stage != catalogue.StageTender {
		t.Errorf("a tender reads %+v", k)
	}
	if k := bring(aRelease("2025-01-01T10:00:00Z", "award", awardPart)); k.Stage != catalogue.StageAwarded || k.Title != "Case management" || k.Description == "" {
		t.Errorf("an award reads %+v", k)
	}
	change := `"buyerID":[],"tender":{"description":null},"contracts":[{"id":"1","awardID":"1","statusDetails":null,"hasRenewal":true,"value":{"amount":0.01,"amountGross":0,"currency":"GBP"},` +
		`"period":{"startDate":"2025-04-01T00:00:00+01:00","endDate":"2029-03-31T23:59:59Z"}}]`
	k := bring(aRelease("2026-01-01T10:00:00Z", "contractAmendment", change))
	if k.End.String() != "2029-03-31" || k.Supplier != "Civica UK Limited" || k.Value != 450000.5 || k.Source.Date.String() != "2026-01-01" {
		t.Errorf("a change reads %+v", k)
	}
	if k := bring(aRelease("2025-01-01T10:00:00Z", "award", awardPart)); k.End.String() != "2029-03-31" {
		t.Errorf("an old release takes the place of a newer: %+v", k)
	}
	if n := len(heldBy(t, c)(birmingham)); n != 1 {
		t.Errorf("%d contracts of one OCID", n)
	}
}

func TestSeveralContractsOfOneOCIDKeepTheirReferences(t *testing.T) {
	c := opened(t)
	award := func(id, supplier string) string {
		return `{"id":"` + ocid + "-" + id + `","status":"active","suppliers":[{"name":"` + supplier + `"}]}`
	}
	notices(t, c, reader(c), "", aPackage(aRelease("2025-01-01T10:00:00Z", "award", tenderPart+`,"awards":[`+award("1", "One Ltd")+","+award("2", "Two Ltd")+"]")))
	notices(t, c, reader(c), "", aPackage(aRelease("2025-02-01T10:00:00Z", "awardUpdate", tenderPart+`,"awards":[`+award("2", "Two Renamed Ltd")+"]")))
	if got := heldContract(t, c, birmingham, ocid).Supplier; got != "One Ltd" {
		t.Errorf("the first is with %s", got)
	}
	if got := heldContract(t, c, birmingham, ocid+"-2").Supplier; got != "Two Renamed Ltd" {
		t.Errorf("the second is with %s", got)
	}
}

func TestMergingFollowsTheStandard(t *testing.T) {
	c := opened(t)
	first := tenderPart + `,"awards":[{"id":"a","status":"active","suppliers":[{"id":"x","name":"X Ltd"}],"items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"48100000"},{"scheme":"CPV","id":"48200000"}]}]}]`
	second := `"tender":{"procurementMethodDetails":null,"classification":null},"awards":[{"id":"a","suppliers":[{"id":"y","name":"Y Ltd"}],"items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"48300000"}]}]}]`
	notices(t, c, reader(c), "", aPackage(aRelease("2025-01-01T10:00:00Z", "award", first), aRelease("2025-01-02T10:00:00Z", "awardUpdate", second)))
	k := heldContract(t, c, birmingham, ocid)
	if k.Supplier != "X Ltd; Y Ltd" || !slices.Equal(k.CPV, []string{"48300000"}) || k.Route != "" || k.Title != "Case management" {
		t.Errorf("merged: %+v", k)
	}
}

func TestPublishersErr(t *testing.T) {
	for name, c := range map[string]struct {
		fields, column string
		check          func(*catalogue.Contract) bool
	}{
		"an end before the start": {tenderPart + `,"awards":[{"id":"1","contractPeriod":{"startDate":"2026-04-01T00:00:00Z","endDate":"2025-04-01T00:00:00Z"}}]`, "period", func(k *catalogue.Contract) bool { return k.End.IsZero() && !k.Start.IsZero() }},
		"a date that is none":     {tenderPart + `,"awards":[{"id":"1","contractPeriod":{"startDate":"soon","endDate":"2027-04-01T00:00:00Z"}}]`, "startDate", func(k *catalogue.Contract) bool { return k.Start.IsZero() && !k.End.IsZero() }},
		"no title":                {`"awards":[{"id":"1"}]`, "tender/title", func(k *catalogue.Contract) bool { return strings.Contains(k.Title, ocid) }},
		"a value of nothing":      {tenderPart + `,"awards":[{"id":"1","value":{"amount":0.01}}]`, "", func(k *catalogue.Contract) bool { return k.Value == 0 }},
		"a value in euros":        {tenderPart + `,"awards":[{"id":"1","value":{"amount":12,"currency":"EUR"}}]`, "value", func(k *catalogue.Contract) bool { return k.Value == 0 }},
		"a value below nothing":   {tenderPart + `,"awards":[{"id":"1","value":{"amount":-12,"currency":"GBP"}}]`, "value", func(k *catalogue.Contract) bool { return k.Value == 0 }},
		"things of the wrong sort": {`"tender":[],"awards":{"id":3},"parties":"none","contracts":[3,null,{"id":7,"awardID":[],"value":"much","period":[]}]`, "tender/title",
			func(k *catalogue.Contract) bool { return k.Stage == catalogue.StageAwarded }},
		"invisible characters": {`"tender":{"title":"A\u202e\u0000B","status":"active"}`, "", func(k *catalogue.Contract) bool { return k.Title == "AB" }},
		"a very long title":    {`"tender":{"title":"` + strings.Repeat("long ", 200) + `","status":"active"}`, "", func(k *catalogue.Contract) bool { return len(k.Title) > 200 }},
		"a cancelled tender":   {strings.Replace(tenderPart, "active", "cancelled", 1), "tender/status", func(k *catalogue.Contract) bool { return strings.Contains(k.Source.Note, "cancelled") }},
	} {
		t.Run(name, func(t *testing.T) {
			cat := opened(t)
			_, report := notices(t, cat, reader(cat), "", aPackage(aRelease("2025-01-01T10:00:00Z", "award", c.fields)))
			if len(report.Errors) > 0 {
				t.Fatalf("refused: %+v", report.Errors)
			}
			if k := heldContract(t, cat, birmingham, ocid); !c.check(k) {
				t.Errorf("it reads %+v", k)
			}
			warned := slices.ContainsFunc(report.Warnings, func(p exchange.Problem) bool {
				return p.Column == c.column && p.Row == 2 && strings.Contains(p.Message, ocid)
			})
			if c.column != "" && !warned {
				t.Errorf("no warning on %s: %+v", c.column, report.Warnings)
			}
		})
	}
}

func TestAnOCIDWithTwoBuyers(t *testing.T) {
	c := opened(t)
	one := aRelease("2025-01-01T10:00:00Z", "award", tenderPart+","+awardPart)
	other := strings.Replace(strings.Replace(one, "BIRMINGHAM CITY COUNCIL", "Leeds City Council", 1), "Case management", "Something else", 1)
	f, report := notices(t, c, reader(c), "", aPackage(one, other))
	if len(report.Errors) > 0 || len(f.Items) != 2 || !warned(report, "buyer", "two councils") {
		t.Errorf("%d contracts: %+v", len(f.Items), report)
	}
	if heldContract(t, c, birmingham, ocid).Title == heldContract(t, c, "E08000035", ocid).Title {
		t.Error("the two councils' contracts are one")
	}
}

func warned(r exchange.Report, column, part string) bool {
	return slices.ContainsFunc(r.Warnings, func(p exchange.Problem) bool { return p.Column == column && strings.Contains(p.Message, part) })
}

func TestBuyersAreChosenAndFound(t *testing.T) {
	by := func(name, more string) string {
		return strings.Replace(aRelease("2025-01-01T10:00:00Z", "award", tenderPart+more), "BIRMINGHAM CITY COUNCIL", name, 1)
	}
	identified := func(scheme, id string) string {
		return `,"parties":[{"id":"GB-CFS-1","name":"Somebody","roles":["buyer"],"identifier":{"scheme":"` + scheme + `","id":"` + id + `"}}]`
	}
	for name, c := range map[string]struct{ release, buyer, council, want string }{
		"by short code":              {by("Somebody", identified("GB-LAE", "BIR")), "", "", birmingham},
		"by GSS code":                {by("Somebody", identified("GB-GSS", birmingham)), "", "", birmingham},
		"by name":                    {by("Birmingham CC", ""), "", "", birmingham},
		"no council":                 {by("Welland Procurement", ""), "", "", ""},
		"asked for by name":          {by("Birmingham City Council", ""), "birmingham city council", "", birmingham},
		"asked for by code":          {by("Birmingham City Council", ""), birmingham, "", birmingham},
		"another asked for":          {by("Birmingham City Council", ""), "Leeds City Council", "", ""},
		"buying for a council":       {by("Welland Procurement", ""), "Welland Procurement", birmingham, birmingham},
		"another council is named":   {by("Birmingham City Council", ""), "", "E08000035", ""},
		"the council itself":         {by("Birmingham City Council", ""), "", birmingham, birmingham},
		"a number kept, not a proof": {by("Birmingham City Council", identified("GB-PPON", "PPCX-7855-VXBT")), "", "", birmingham},
	} {
		t.Run(name, func(t *testing.T) {
			cat := opened(t)
			r := reader(cat)
			r.Council = c.council
			f, report := notices(t, cat, r, c.buyer, aPackage(c.release))
			if len(report.Errors) > 0 {
				t.Fatal(report.Errors)
			}
			if c.want == "" {
				if len(f.Items) > 0 || !warned(report, "buyer", "") {
					t.Errorf("%d contracts, %+v: want none, and to be told", len(f.Items), report.Warnings)
				}
				return
			}
			k := heldContract(t, cat, c.want, ocid)
			if strings.Contains(c.release, "PPON") && !strings.Contains(k.Source.Note, "PPCX-7855-VXBT") {
				t.Error("the buyer's number is lost")
			}
		})
	}
}

func TestWhatIsNoNoticeIsRefused(t *testing.T) {
	whole := aPackage(aRelease("2025-01-01T10:00:00Z", "award", tenderPart))
	for name, c := range map[string]struct {
		file string
		row  int
		says string
	}{
		"nothing":            {"", 1, "empty"},
		"a register":         {"Contract Reference,Title\n1,2\n", 1, "import contracts"},
		"cut off":            {whole[:len(whole)-60], 2, "cut off"},
		"other JSON":         {`{"a":1}`, 1, "release"},
		"an empty package":   {`{"releases":[]}`, 1, "No releases"},
		"a bottomless list":  {strings.Repeat("[", 100_000), 1, "deeper"},
		"a bottomless thing": {strings.Repeat(`{"a":`, 10_000), 1, "deeper"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := pure(t).OCDS(strings.NewReader(c.file), "")
			if err != nil || len(f.Items) > 0 || len(f.Errors) != 1 || f.Errors[0].Row != c.row || !strings.Contains(f.Errors[0].Message, c.says) {
				t.Errorf("%v, %+v; want row %d to say %q", err, f.Errors, c.row, c.says)
			}
		})
	}
}

// TestRealNotices reads published notices: all are read, and their buyers are those that people found by hand.
func TestRealNotices(t *testing.T) {
	table, err := csv.NewReader(bytes.NewReader(real(t, "buyers-dev.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	councils := map[string]string{}
	for _, row := range table[1:] {
		councils[row[0]] = row[1]
	}
	for _, name := range []string{"notices-2025.ocds.json", "find-a-tender-2026.ocds.json"} {
		file := real(t, name)
		var published struct {
			Releases []struct {
				OCID  string
				Buyer struct{ Name string }
			}
		}
		if err := json.Unmarshal(file, &published); err != nil {
			t.Fatal(err)
		}
		c := opened(t)
		f, report := notices(t, c, reader(c), "", string(file))
		if len(report.Errors) > 0 {
			t.Fatalf("%s: %+v", name, report.Errors)
		}
		got := map[string]bool{}
		for _, item := range f.Items {
			k := item.(*catalogue.Contract)
			got[k.Council+" "+k.Source.Reference] = true
		}
		for _, rel := range published.Releases {
			council, known := councils[rel.Buyer.Name]
			switch {
			case council != "" && !got[council+" "+rel.OCID]:
				t.Errorf("%s of %s is not kept for %s", rel.OCID, rel.Buyer.Name, council)
			case council == "" && known && !warned(report, "buyer", string([]rune(rel.Buyer.Name)[:min(40, len([]rune(rel.Buyer.Name)))])):
				t.Errorf("%s is no council, and not listed", rel.Buyer.Name)
			}
		}
		t.Logf("%s: %d releases, %d contracts, %d warnings", name, len(published.Releases), len(f.Items), len(report.Warnings))
		if _, again := notices(t, c, reader(c), "", string(file)); again.Created+again.Updated > 0 || len(again.Errors) > 0 {
			t.Errorf("%s again: %+v", name, again)
		}
	}
}

func TestAFileCutOffAfterACommaIsRefused(t *testing.T) {
	r := reader(opened(t))
	f, err := r.OCDS(strings.NewReader(aPackage(aRelease("2025-01-01T10:00:00Z", "award", tenderPart+","+awardPart))+` {"releases": [], `), "")
	if err != nil || len(f.Errors) != 1 || !strings.Contains(f.Errors[0].Message, "cut off") {
		t.Errorf("%v, %+v", err, f.Errors)
	}
}

func TestBuyersAreListed(t *testing.T) {
	r := reader(opened(t))
	release := func(ocid, buyer string) string {
		return `{"ocid":"` + ocid + `","tag":["tender"],"buyer":{"name":"` + buyer + `"},"tender":{"title":"Parking"}}`
	}
	buyers, problems, err := r.Buyers(strings.NewReader(`{"releases":[` + release("ocds-b5fd17-1", "Shared Services Ltd") + "," + release("ocds-b5fd17-2", "BIRMINGHAM CITY COUNCIL") + "," +
		release("ocds-b5fd17-3", "Birmingham City Council") + `]}`))
	if err != nil || len(problems) > 0 || len(buyers) != 2 || buyers[0].Council != birmingham || buyers[0].Releases != 2 || buyers[1].Name != "Shared Services Ltd" || buyers[1].Council != "" {
		t.Errorf("%+v, %+v, %v", buyers, problems, err)
	}
	if _, problems, err = r.Buyers(strings.NewReader("nothing of the kind")); err != nil || len(problems) != 1 {
		t.Errorf("%+v, %v", problems, err)
	}
}

// TestOddNotices come in, or are refused in words that say what to do.
func TestOddNotices(t *testing.T) {
	release := func(more string) string {
		return `{"ocid":"ocds-b5fd17-odd","date":"2025-01-01T10:00:00Z","tag":["award"],"buyer":{"name":"Birmingham City Council"},"tender":{"title":"Parking"},"awards":[{"id":"1",` + more + `}]}`
	}
	whole := release(`"suppliers":[{"name":"Example Ltd"}],"value":{"amount":"£1,000.50","currency":"GBP"},"contractPeriod":{"startDate":"2025-04-01","durationInDays":730}`)
	for name, file := range map[string]string{
		"bare": whole, "a list": "[" + whole + "]", "lines": whole + "\n", "UTF-16": string(utf16LE(whole, true)), "UTF-16 without a mark": string(utf16LE(whole, false)), "a mark": "\ufeff" + whole,
		"wrapped": `{"results":[{"releases":[` + whole + `]}]}`, "a record": `{"records":[{"ocid":"ocds-b5fd17-odd","compiledRelease":` + whole + `}]}`,
	} {
		f, err := pure(t).OCDS(strings.NewReader(file), "")
		if err != nil || len(f.Errors) > 0 || len(f.Items) != 1 {
			t.Errorf("%s: %+v %v", name, f.Errors, err)
			continue
		}
		if c := contractsOf(f)[0]; c.Value != 1000.5 || c.End.String() != "2027-03-31" || c.Supplier != "Example Ltd" || !slices.ContainsFunc(f.Warnings, func(p exchange.Problem) bool { return strings.Contains(p.Message, "worked out from the duration") }) {
			t.Errorf("%s reads %+v; %+v", name, c, f.Warnings)
		}
	}
	f, err := pure(t).OCDS(strings.NewReader(release(`"status":"unsuccessful"`)), "")
	if err != nil || len(f.Items) != 1 || contractsOf(f)[0].Stage != catalogue.StageTender || !strings.Contains(contractsOf(f)[0].Source.Note, "unsuccessful") {
		t.Errorf("what came to nothing: %+v %v", f, err)
	}
	for name, c := range map[string]struct{ file, says string }{
		"packed": {"\x1f\x8b\x08\x00", "unpack"}, "zipped": {"PK\x03\x04aaaa", "unpack"}, "a web page": {"<html>", "web page"}, "a register": {"Ref,Title\n1,2\n", "import contracts"},
		"another file": {`{"type":"FeatureCollection"}`, "not an OCDS"}, "cut off": {whole[:200], "cut off"},
	} {
		f, err := pure(t).OCDS(strings.NewReader(c.file), "")
		if err != nil || len(f.Errors) != 1 || !strings.Contains(f.Errors[0].Message, c.says) {
			t.Errorf("%s: %+v %v", name, f.Errors, err)
		}
	}
}
