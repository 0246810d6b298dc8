package exchange_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"
	"github.com/xuri/excelize/v2"

	"jointly/catalogue"
	"jointly/catalogue/demo"
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

// TestAnEstateComesBackWithoutLoss exports every council's estate as both kinds of file. Brought back by the council
// itself it changes nothing; brought to an empty catalogue by whoever runs it, the estate is the same to the byte; and
// another council that brings it can make up neither a source nor a confirmation.
func TestAnEstateComesBackWithoutLoss(t *testing.T) {
	ctx := context.Background()
	from := filled(t)
	d, err := demo.Build(today, from.Register())
	if err != nil {
		t.Fatal(err)
	}
	known, codes := map[string]bool{}, []string{}
	for _, council := range d.Councils {
		known[council.GSS] = true
		codes = append(codes, council.GSS)
	}
	codes = append(codes[:8], birmingham, "E07000117", "E06000009")
	for _, write := range []func(io.Writer, *catalogue.Estate) error{exchange.EstateCSV, exchange.EstateXLSX} {
		contracts := 0
		for _, code := range codes {
			lead := catalogue.Actor{Account: "lead", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: code}
			kept := func(c *catalogue.Catalogue, write func(io.Writer, *catalogue.Estate) error) (*catalogue.Estate, string) {
				var b bytes.Buffer
				e, err := c.Estate(ctx, lead)
				if err == nil {
					err = write(&b, e)
				}
				if err != nil {
					t.Fatal(err)
				}
				return e, b.String()
			}
			read := func(c *catalogue.Catalogue, actor catalogue.Actor, file string) *exchange.File {
				r := reader(c)
				r.Council, r.Operator = code, actor.IsOperator()
				r.KnowsCode = func(code string) bool { return known[code] }
				r.Held = func(council string) []*catalogue.Contract {
					held, err := c.CouncilContracts(ctx, actor, council)
					if err != nil {
						t.Error(err)
					}
					return held
				}
				f, err := r.ContractsFile(strings.NewReader(file), nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				return f
			}
			e, file := kept(from, write)
			if len(e.Rows)+len(e.Over) == 0 {
				continue
			}
			contracts += len(e.Rows) + len(e.Over)
			f := read(from, lead, file)
			done, err := from.Import(ctx, lead, f.Items, catalogue.ImportOptions{})
			if err != nil || len(f.Errors)+len(done.Errors) > 0 || done.Created+done.Updated > 0 {
				t.Errorf("%s: to where it came from: %+v %+v %v", code, done, f.Errors, err)
			}
			into := opened(t)
			items, _ := d.Items()
			if done, err := into.Import(ctx, catalogue.Operator("test"), items, catalogue.ImportOptions{}); err != nil || len(done.Errors) > 0 {
				t.Fatal(done.Errors, err)
			}
			f = read(into, catalogue.Operator("test"), file)
			report := stored(t, into, f)
			_, first := kept(from, exchange.EstateCSV)
			_, again := kept(into, exchange.EstateCSV)
			if at := differsAt(first, again); at != "" || len(report.Errors) > 0 {
				t.Errorf("%s: into an empty catalogue: %+v\n%s", code, report.Errors, at)
			}
		}
		if contracts < 30 {
			t.Errorf("%d contracts: the test shows little", contracts)
		}
	}
}

func TestAnExportMakesUpNoSource(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	lead := catalogue.Actor{Account: "lead", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: birmingham}
	notice := &catalogue.Contract{Meta: catalogue.Meta{Ref: "ocds-b5fd17-1"}, Council: birmingham, Title: "Parking permits", End: catalogue.MustDate("2028-03-31"), Audience: catalogue.Public,
		Stage: catalogue.StageAwarded, Source: catalogue.Source{Text: "Contracts Finder notice", Kind: "Contracts Finder", Reference: "ocds-b5fd17-1", Date: catalogue.MustDate("2025-04-01")}}
	if done, err := c.Import(ctx, catalogue.Operator("test"), []catalogue.Item{notice}, catalogue.ImportOptions{}); err != nil || len(done.Errors) > 0 {
		t.Fatal(done, err)
	}
	e, err := c.Estate(ctx, lead)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := exchange.EstateCSV(&b, e); err != nil {
		t.Fatal(err)
	}
	bring := func(file string) *catalogue.Contract {
		t.Helper()
		r := reader(c)
		r.Council = birmingham
		r.Held = func(council string) []*catalogue.Contract {
			held, err := c.CouncilContracts(ctx, lead, council)
			if err != nil {
				t.Error(err)
			}
			return held
		}
		f, err := r.ContractsFile(strings.NewReader(file), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		done, err := c.Import(ctx, lead, f.Items, catalogue.ImportOptions{})
		if err != nil || len(f.Errors)+len(done.Errors) > 0 {
			t.Fatal(f.Errors, done, err)
		}
		k := f.Items[0].(*catalogue.Contract)
		k, err = c.Contract(ctx, lead, k.ID)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	k := bring(strings.Replace(b.String(), "2028-03-31", "2029-03-31", 1))
	if k.End.String() != "2029-03-31" || k.Source != notice.Source || k.Corrected.IsZero() || k.Audience != catalogue.Public {
		t.Errorf("an end that the council put right in its file: %+v", k)
	}
	k = bring(strings.NewReplacer("ocds-b5fd17-1,", "MADE-UP,", "Contracts Finder notice", "Office of the Crown").Replace(b.String()))
	if k.Source.Kind != catalogue.SourceRegister || strings.Contains(k.Source.Text, "Crown") || !k.Confirmed.IsZero() {
		t.Errorf("a source that somebody wrote into a file: %+v", k)
	}
}
