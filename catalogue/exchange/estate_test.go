package exchange_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"
	"github.com/xuri/excelize/v2"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/catalogue/register"
)

// estate is one of two contracts, with all that a spreadsheet or a calendar could misread.
func estate() *catalogue.Estate {
	full := &catalogue.Contract{Meta: catalogue.Meta{ID: "a", Ref: "C-1", Changed: time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC)}, Council: "DEMO-01",
		Title: "=HYPERLINK(\"x\"), \"parking\"; and ‘permits’", Supplier: "+Supplier, Ltd", Value: 125123.5, CPV: []string{"48440000", "72212442"},
		Start: catalogue.MustDate("2023-04-01"), End: catalogue.MustDate("2027-06-30"), ExtensionMonths: 12, NoticeMonths: 6, Break: catalogue.MustDate("2026-12-31"),
		Description: "line one\nline two", Route: "Quotation", Audience: catalogue.Own, Source: catalogue.Source{Reference: "ocds-b5fd17-1", Date: catalogue.MustDate("2023-03")}}
	rolling := &catalogue.Contract{Meta: catalogue.Meta{ID: "b"}, Council: "DEMO-01", Title: "Rolling", EndNote: "rolling", Audience: catalogue.Councils}
	return &catalogue.Estate{Council: &catalogue.Council{Council: register.Council{GSS: "DEMO-01", Name: "Ambleford", OfficialName: "Ambleford Council"}, Demonstration: true},
		Rows: []catalogue.EstateRow{{Contract: full}}, Over: []catalogue.EstateRow{{Contract: rolling}}}
}

func TestEstateCSVComesBackCellByCell(t *testing.T) {
	var b bytes.Buffer
	if err := exchange.EstateCSV(&b, estate()); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	cell := func(row int, column string) string {
		for i, name := range rows[0] {
			if name == column {
				return rows[row][i]
			}
		}
		t.Fatalf("no column %s", column)
		return ""
	}
	for column, want := range map[string]string{
		"OrganisationLabel": "Ambleford Council", "ContractReference": "C-1", "OpenContractingID": "ocds-b5fd17-1", "ContractTitle": "'=HYPERLINK(\"x\"), \"parking\"; and ‘permits’",
		"SupplierName": "'+Supplier, Ltd", "ContractValue": "125123.5", "StartDate": "2023-04-01", "EndDate": "2027-06-30", "LastExtensionDate": "2028-06-30", "CPVCode": "48440000; 72212442",
		"Description": "line one\nline two", "NoticeMonths": "6", "BreakDate": "2026-12-31", "WhoCanSee": "own", "EffectiveDate": "2023-03", "ProcessType": "Quotation",
	} {
		if got := cell(1, column); got != want {
			t.Errorf("%s is %q, want %q", column, got, want)
		}
	}
	if cell(2, "EndDate") != "rolling" || cell(2, "ContractValue") != "" || cell(2, "ContractReference") != "b" {
		t.Errorf("the second row is %q", rows[2])
	}
}

func TestEstateWorkbookHoldsDatesAndAmounts(t *testing.T) {
	var b bytes.Buffer
	if err := exchange.EstateXLSX(&b, estate()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	rows, err := f.GetRows("Contracts")
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	for i, name := range rows[0] {
		at, err := excelize.CoordinatesToCellName(i+1, 2)
		if err != nil {
			t.Fatal(err)
		}
		if formula, err := f.GetCellFormula("Contracts", at); err != nil || formula != "" {
			t.Errorf("%s is the formula %q: %v", name, formula, err)
		}
		switch name {
		case "ContractTitle":
			if rows[1][i] != "=HYPERLINK(\"x\"), \"parking\"; and ‘permits’" {
				t.Errorf("the title is %q", rows[1][i])
			}
		case "EndDate":
			if rows[1][i] != "2027-06-30" {
				t.Errorf("the end is %q", rows[1][i])
			}
		case "ContractValue":
			if raw, err := f.GetCellValue("Contracts", at, excelize.Options{RawCellValue: true}); err != nil || raw != "125123.5" {
				t.Errorf("the value is %q: %v", raw, err)
			}
		}
	}
}

func TestEstateCalendarParses(t *testing.T) {
	write := func(e *catalogue.Estate) string {
		var b bytes.Buffer
		if err := exchange.EstateCalendar(&b, e, "https://jointly.example"); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	text := write(estate())
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Error("line ends are not those of the standard")
	}
	cal, err := ical.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"notice": "20261231", "break": "20261231", "end": "20270630", "extension": "20280630"}
	for _, e := range cal.Events() {
		kind := strings.TrimSuffix(strings.TrimPrefix(e.Id(), "contract-a-"), "@jointly.example")
		if got := e.GetProperty(ical.ComponentPropertyDtStart).Value; got != want[kind] {
			t.Errorf("%s is on %s, want %s", kind, got, want[kind])
		}
		delete(want, kind)
		if got := e.GetProperty(ical.ComponentPropertyDtstamp).Value; got != "20261103T093000Z" {
			t.Errorf("the stamp is %s, not when the contract changed", got)
		}
		if got := e.GetProperty(ical.ComponentPropertySummary).Value; !strings.HasSuffix(got, "=HYPERLINK(\"x\"), \"parking\"; and ‘permits’") {
			t.Errorf("the summary is %s", got)
		}
	}
	if len(want) > 0 {
		t.Errorf("dates that are not there: %v", want)
	}
	moved := estate()
	moved.Rows[0].End = catalogue.MustDate("2027-09-30")
	if !strings.Contains(write(moved), "UID:contract-a-end@jointly.example") {
		t.Error("a date that moves is another event")
	}
}
