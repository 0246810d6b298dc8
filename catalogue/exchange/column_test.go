package exchange_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue/exchange"
)

func zipped(t testing.TB, name, content string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte(content))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// opens looks at a register of Birmingham's.
func opens(t testing.TB, file string, m exchange.Mapping) *exchange.RegisterFile {
	t.Helper()
	r := pure(t)
	r.Council = birmingham
	s, err := r.OpenRegister(strings.NewReader(file), m)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestColumnsAreKnownByName(t *testing.T) {
	for _, f := range exchange.RegisterFields() {
		for _, title := range []string{f.Name, f.Title, strings.ToUpper(f.Title), strings.ReplaceAll(f.Title, " ", "_") + "*"} {
			if got := opens(t, "\""+title+"\",x\n1,2\n", nil).Mapping; got[f.Name] == "" {
				t.Errorf("%q is not known as %s: %v", title, f.Name, got)
			}
		}
	}
	for title, want := range map[string]string{"Contract Reference": "ContractReference", "Ref": "ContractReference", "Contract Ref. No.": "ContractReference", "Supplier name": "SupplierName",
		"CPV code(s)": "CPVCode", "Process type": "ProcessType", "Start": "StartDate", "Contract end date": "EndDate", "End Date of Contract": "EndDate", "Annual value": "AnnualValue",
		"Organisation label": "OrganisationLabel", "Total contract value (£)": "ContractValue", "Department": "OrganisationalUnit", "Contractor": "SupplierName", "Expiry date": "EndDate",
		"Title of agreement": "ContractTitle", "Contract Description": "Description", "Procurement Route": "ProcessType", "contract_start_date": "StartDate", "Date Contract Commences": "StartDate", "Date Contract Expires": "EndDate",
		"Total Value of Contract (£) excl VAT": "ContractValue", "Name of Supplier(s)": "SupplierName", "Possible Extensions": "LastExtensionDate", "Period of Notice": "NoticeMonths", "Break Clause (Y/N)": "BreakDate",
		"Contract Length (months)": "ContractTerm", "Start Date DD/MM/YYYY": "StartDate", "Extension end date": "LastExtensionDate", "Contract ending": "EndDate"} {
		if got := opens(t, "\""+title+"\",x\n1,2\n", nil).Mapping; got[want] != title {
			t.Errorf("%q is not known as %s: %v", title, want, got)
		}
	}
	for _, title := range []string{"Notes", "Contract value (£000s)", "Lot", "RAG", "x1", "Extension start date", "Date notice sent", "Notice given", "Value of savings", "Supplier rating", "Break fee"} {
		if got := opens(t, "\""+title+"\",x\n1,2\n", nil).Mapping; len(got) > 0 {
			t.Errorf("%q is taken for %v", title, got)
		}
	}
}

// TestPublishedTitles holds the table of columns against the published schema.
func TestPublishedTitles(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "schemas", "lgtc", "contracts-schema.json"))
	if err != nil {
		t.Skip("needs ../shared/schemas beside the checkout: ", err)
	}
	var schema struct {
		Fields []struct{ Name, Title string }
	}
	if err := json.Unmarshal(b, &schema); err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for _, f := range exchange.RegisterFields() {
		known[f.Name] = f.Title
	}
	for _, f := range schema.Fields {
		if known[f.Name] != f.Title {
			t.Errorf("%s is published as %q, and here %q", f.Name, f.Title, known[f.Name])
		}
	}
}

func TestTwoColumnsThatClaimOneField(t *testing.T) {
	s := opens(t, "Ref,Title,End,Contract end date,EndDate\nC1,A,2025,2026,2027\n", nil)
	if s.Mapping["EndDate"] != "EndDate" {
		t.Errorf("taken: %v", s.Mapping)
	}
	f := s.Read(nil)
	if len(f.Errors) > 0 || contractsOf(f)[0].End.String() != "2027" {
		t.Fatal(f.Errors, f.Items)
	}
	for _, title := range []string{"End", "Contract end date"} {
		if !slices.ContainsFunc(f.Warnings, func(p exchange.Problem) bool {
			return p.Row == 1 && p.Column == title && strings.Contains(p.Message, "'EndDate' is taken")
		}) {
			t.Errorf("nobody is told that %s is not used: %+v", title, f.Warnings)
		}
	}
}

func TestTitlesInTwoRows(t *testing.T) {
	file := "Register of contracts,,,,,\nContract,,Supplier,Start,End,Contract\nReference,Title,Name,Date,Date,Value\nC1,Parking,Example Ltd,1/4/2024,31/3/2027,500\n"
	f := opens(t, file, nil).Read(nil)
	if len(f.Errors) > 0 || len(f.Items) != 1 {
		t.Fatal(f.Errors, f.Items)
	}
	if c := contractsOf(f)[0]; c.Ref != "C1" || c.Title != "Parking" || c.Supplier != "Example Ltd" || c.End.String() != "2027-03-31" || c.Value != 500 || f.Rows[0] != 4 {
		t.Errorf("row %d reads %+v", f.Rows[0], c)
	}
	above := "Contract details,,Supplier,Dates,,\nReference,Title,Supplier,Start,End,Value\nC1,Parking,Example Ltd,1/4/2024,31/3/2027,500\n"
	if s := opens(t, above, nil); s.Mapping["ContractReference"] != "Reference" || s.Header != 2 {
		t.Errorf("names of groups above the titles: row %d, %v", s.Header, s.Mapping)
	}
	if s := opens(t, "Ref,Title,Contract value (£000)\nC1,A,5\n", nil); !strings.Contains(s.Columns[2].Note, "whole pounds") {
		t.Errorf("thousands: %+v", s.Columns[2])
	}
}

func TestAMappingWins(t *testing.T) {
	file := "Register of contracts,,,\nKey,What,When it stops,End date,Odd\nC1,Parking,31/03/2028,31/03/2027,x\n"
	m := exchange.Mapping{"ContractReference": "Key", "ContractTitle": "what ", "EndDate": "When it stops"}
	b, err := json.Marshal(m)
	if err != nil || json.Unmarshal(b, &m) != nil {
		t.Fatal(err)
	}
	s := opens(t, file, m)
	f := s.Read(nil)
	if s.Header != 2 || len(f.Errors) > 0 || len(f.Items) != 1 {
		t.Fatal(s.Header, f.Errors)
	}
	if c := contractsOf(f)[0]; c.Ref != "C1" || c.Title != "Parking" || c.End.String() != "2028-03-31" {
		t.Errorf("%+v", c)
	}
	var odd, key exchange.Column
	for _, c := range s.Columns {
		switch c.Name {
		case "Odd":
			odd = c
		case "Key":
			key = c
		}
	}
	if odd.Field != "" || odd.Note == "" || !slices.Equal(odd.Examples, []string{"x"}) || key.Field != "ContractReference" {
		t.Errorf("columns: %+v, %+v", odd, key)
	}
	if got := opens(t, file, s.Mapping).Mapping; len(got) != len(s.Mapping) {
		t.Errorf("a whole mapping given back reads %v, not %v", got, s.Mapping)
	}
	for name, wrong := range map[string]exchange.Mapping{"no such column": {"EndDate": "Nowhere"}, "no such field": {"Nonsense": "Key"}} {
		if f := opens(t, "Ref,Title,Key\nC1,A,1\n", wrong).Read(nil); len(f.Errors) != 1 || f.Errors[0].Row != 1 || !strings.Contains(f.Errors[0].Message, "mapping") {
			t.Errorf("%s: %+v", name, f.Errors)
		}
	}
	if f := opens(t, "Ref,Title,End date\nC1,A,nonsense\n", exchange.Mapping{"EndDate": ""}).Read(nil); len(f.Errors) > 0 {
		t.Errorf("a field that is not to be read is: %+v", f.Errors)
	}
}

func TestWhoseRegisterItIs(t *testing.T) {
	for name, c := range map[string]struct{ given, cells, want, says string }{
		"by name":                {"", "Birmingham City Council,", birmingham, ""},
		"by GSS code":            {"", "," + birmingham, birmingham, ""},
		"by an address":          {"", ",http://statistics.data.gov.uk/id/statistical-geography/" + birmingham, birmingham, ""},
		"by an address of words": {"", ",http://opendatacommunities.org/id/metropolitan-district-council/birmingham", birmingham, ""},
		"by neither":             {"", "Somewhere,", "", "Unknown council"},
		"not said":               {"", ",", "", "Enter the council"},
		"given":                  {birmingham, ",", birmingham, ""},
		"given, and said":        {birmingham, "Birmingham City Council,", birmingham, ""},
		"given, and another":     {birmingham, "Leeds City Council,", birmingham, "Leeds City Council"},
	} {
		t.Run(name, func(t *testing.T) {
			r := pure(t)
			r.Council = c.given
			f, err := r.ContractsFile(strings.NewReader("OrganisationLabel,OrganisationURI,Ref,Title,End\n"+c.cells+",C1,A,2027\n"), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			said := slices.Concat(f.Errors, f.Warnings)
			if c.says != "" && (len(said) != 1 || said[0].Row != 2 || !strings.HasPrefix(said[0].Column, "Organisation") || !strings.Contains(said[0].Message, c.says)) || c.says == "" && len(said) > 0 {
				t.Errorf("says %+v, want %q", said, c.says)
			}
			if c.want == "" != (len(f.Items) == 0) || c.want != "" && contractsOf(f)[0].Council != c.want {
				t.Errorf("%+v", f.Items)
			}
		})
	}
	r := pure(t)
	f, err := r.ContractsFile(strings.NewReader("Ref,Title,End\nC1,A,2027\n"), nil, nil)
	if err != nil || len(f.Errors) != 1 || !strings.Contains(f.Errors[0].Message, "--council") {
		t.Errorf("%v %+v", err, f.Errors)
	}
}

// zippedWith is a zip file with one of its parts replaced.
func zippedWith(t testing.TB, file []byte, part string, content []byte) string {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		if f.Name != part {
			if err := out.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	w, err := out.Create(part)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		t.Skip(err) // no name for a part
	}
	return b.String()
}
