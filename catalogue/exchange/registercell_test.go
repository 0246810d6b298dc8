package exchange_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jointly/catalogue/exchange"
)

// oneRow is a register of one row, by title.
func oneRow(cells ...string) []byte {
	titles, values := []string{"Contract Reference", "Contract title"}, []string{"C1", "Parking permits"}
	for i := 0; i < len(cells); i += 2 {
		if at := slices.Index(titles, cells[i]); at >= 0 {
			values[at] = cells[i+1]
			continue
		}
		titles, values = append(titles, cells[i]), append(values, cells[i+1])
	}
	return []byte(asCSV([][]string{titles, values}, ','))
}

func TestDatesAsPeopleWriteThem(t *testing.T) {
	for written, want := range map[string]string{
		"31/03/2027": "2027-03-31", "1/4/27": "2027-04-01", "01-04-2027": "2027-04-01", "01.04.2027": "2027-04-01", "2027-04-01": "2027-04-01",
		"2027-04-01T00:00:00": "2027-04-01", "2027-04-01T00:00:00Z": "2027-04-01", "31/03/2027 23:59": "2027-03-31", "01/04/2027 00:00:00": "2027-04-01",
		"1 April 2027": "2027-04-01", "1st April 2027": "2027-04-01", "01-Apr-27": "2027-04-01", "April 1, 2027": "2027-04-01", "Thursday 1 April 2027": "2027-04-01",
		"April 2027": "2027-04", "Apr-27": "2027-04", "04/2027": "2027-04", "2027-04": "2027-04", "2027": "2027", "46478": "2027-04-01", "46478.99": "2027-04-01",
		"31/03/2027 (extended)": "2027-03-31", "31 March 2027 (rolling after)": "2027-03-31",
	} {
		f := registered(t, oneRow("End date", written), nil)
		if len(f.Errors) > 0 || contractsOf(f)[0].End.String() != want {
			t.Errorf("%q reads %v, %+v; want %s", written, f.Items, f.Errors, want)
		}
	}
	for _, words := range []string{"Not applicable", "TBC", "n/a", "N/A", "rolling", "Ongoing", "perpetual", "Open-ended", "Until further notice", "31/12/9999", "Rolling contract - 3 months notice", "Annual rolling from April 2024",
		"Ongoing (reviewed annually)", "Open ended", "No set end date", "Auto-renews each year"} {
		f := registered(t, oneRow("End date", words), nil)
		if len(f.Errors) > 0 || !contractsOf(f)[0].End.IsZero() || !slices.ContainsFunc(f.Warnings, func(p exchange.Problem) bool {
			return p.Row == 2 && p.Column == "End date" && strings.Contains(p.Message, words)
		}) {
			t.Errorf("%q: %+v, %+v", words, f.Errors, f.Warnings)
		}
	}
	if f := registered(t, oneRow("End date", "rolling"), nil); contractsOf(f)[0].EndNote != "rolling" {
		t.Errorf("the words are lost: %+v", contractsOf(f)[0])
	}
	if f := registered(t, oneRow("End date", ""), nil); len(f.Errors) > 0 || len(f.Warnings) != 1 || f.Warnings[0].Column != "End date" {
		t.Errorf("no end date: %+v %+v", f.Errors, f.Warnings)
	}
	for _, wrong := range []string{"31/02/2027", "12/31/2027", "soon", "1/4", "see contract", "2027-13-01", "31st", "99999999", "2026/27", "2027-28", "31/03/2027 + 2 years", "31/3/27 or 31/3/28", "Q4 2027"} {
		f := registered(t, oneRow("End date", wrong), nil)
		if len(f.Errors) != 1 || f.Errors[0].Row != 2 || f.Errors[0].Column != "End date" || !strings.Contains(f.Errors[0].Message, "date") {
			t.Errorf("%q: %+v", wrong, f.Errors)
		}
	}
}

func TestDatesOfWorkbooks(t *testing.T) {
	for since1904, serial := range map[bool]int{false: 46478, true: 46478 - 1462} {
		file := asXLSX(t, func(f *excelize.File) {
			style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
			for _, err := range []error{err, f.SetCellValue("R", "C2", serial), f.SetCellStyle("R", "C2", "C2", style), f.SetCellValue("R", "D2", 125123.45), f.SetCellValue("R", "A2", 1234),
				f.SetCellFormula("R", "D3", "1/0"), f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since1904})} {
				if err != nil {
					t.Fatal(err)
				}
			}
		}, sheet{"R", [][]string{{"Ref", "Title", "End", "Value"}, {"", "Parking"}, {"C2", "Permits", "April 2027"}}})
		f := registered(t, file, nil)
		if len(f.Errors) > 0 || len(f.Items) != 2 {
			t.Fatal(f.Errors)
		}
		c := contractsOf(f)
		if c[0].End.String() != "2027-04-01" || c[0].Value != 125123.45 || c[0].Ref != "1234" || c[1].End.String() != "2027-04" {
			t.Errorf("since 1904 %v: %+v", since1904, c[0])
		}
	}
}

func TestAmountsAsPeopleWriteThem(t *testing.T) {
	for written, want := range map[string]float64{
		"125123.00": 125123, "£1,250,000.50": 1250000.5, "1 250 000": 1250000, "£12k": 12000, "1.2m": 1200000, "£1.5 million": 1500000, "GBP 1200": 1200, "1200 GBP": 1200,
		"0": 0, "0.01": 0, "£0.00": 0, "TBC": 0, "n/a": 0, "-": 0, "": 0, "Commercially sensitive": 0, "1.25E+6": 1250000, "approx £5,000": 5000, "£5,000 ex VAT": 5000, "up to £50,000": 50000,
		"1066968.2200000001": 1066968.22, "125k": 125000, "£30,000 (over 3 years)": 30000, "£30,000 (ex VAT)": 30000,
	} {
		f := registered(t, oneRow("Value", written), nil)
		if len(f.Errors) > 0 || contractsOf(f)[0].Value != want {
			t.Errorf("%q reads %+v, %+v; want %v", written, f.Items, f.Errors, want)
		}
	}
	for written, says := range map[string]string{"(1,200)": "negative", "-5": "negative", "£-5": "negative", "1,25": "125000", "1.250.000": "125000", "about a lot": "125000", "10,000 - 20,000": "125000",
		"€500": "125000", "6000000000": "£5 billion", "1,2345": "125000"} {
		f := registered(t, oneRow("Total value (£)", written), nil)
		report := stored(t, opened(t), f)
		if len(report.Errors) != 1 || report.Errors[0].Row != 2 || report.Errors[0].Column != "Total value (£)" || !strings.Contains(report.Errors[0].Message, says) {
			t.Errorf("%q: %+v", written, report.Errors)
		}
	}
}

func TestAnAnnualValueIsNotTheWhole(t *testing.T) {
	f := registered(t, oneRow("Annual value", "£10,000", "Start", "1/4/2024", "End", "31/3/2027"), nil)
	if c := contractsOf(f)[0]; c.Value != 30000 || !strings.Contains(c.Source.Note, "10000") {
		t.Errorf("three years of £10,000 are %+v", c)
	}
	f = registered(t, oneRow("Contract value", "£10,000 p.a."), nil)
	if c := contractsOf(f)[0]; c.Value != 0 || len(f.Warnings) < 2 {
		t.Errorf("£10,000 a year for nobody knows how long is %+v, %+v", c, f.Warnings)
	}
	f = registered(t, oneRow("Annual value", "£10,000", "Total value", "£25,000", "Start", "1/4/2024", "End", "31/3/2027"), nil)
	if c := contractsOf(f)[0]; c.Value != 25000 {
		t.Errorf("the total gives way: %+v", c)
	}
}

func TestExtensionsBeyondDoubt(t *testing.T) {
	for written, want := range map[string]int{"12 months": 12, "2 x 12 months": 24, "up to 2 years": 24, "1 year": 12, "31/03/2029": 24, "one year": 12,
		"1+1 years": 24, "1 + 1 + 1 years": 36, "2 x 1 year": 24,
		"Up to 24 months": 24, "24 months (2 x 12 months)": 24, "Option to extend for a further 2 years": 24, "two 12 month extensions": 24, "2 periods of 12 months": 24, "Twelve (12) months": 12,
		"12 months + 12 months": 24, "1 x 12 months and 1 x 6 months": 18, "+24 months": 24, "2 years (1+1)": 24,
		"5 years + up to 5 years in annual increments": 0, "2 years + 25%": 0, "Yes": 0, "1+1": 0, "No": 0, "": 0, "24 months + 6": 0, "up to 30 years": 0} {
		f := registered(t, oneRow("End date", "31/03/2027", "Extension Period", written), nil)
		c := contractsOf(f)[0]
		if len(f.Errors) > 0 || c.ExtensionMonths != want {
			t.Errorf("%q is %d months, want %d; %+v", written, c.ExtensionMonths, want, f.Errors)
		}
		if written != "" && written != "No" && c.Extension == "" {
			t.Errorf("%q: the words are lost", written)
		}
	}
	for title, want := range map[string]int{"Extension (months)": 18, "Extension (years)": 216, "Extension Period (in months)": 18} {
		if c := contractsOf(registered(t, oneRow(title, "18"), nil))[0]; c.ExtensionMonths != want {
			t.Errorf("18 under %s is %d", title, c.ExtensionMonths)
		}
	}
	for written, warned := range map[string]bool{"Yes": true, "1+1": true, "No": false, "12 months": false, "n/a": false} {
		f := registered(t, oneRow("End date", "31/03/2027", "Extension Period", written), nil)
		if got := slices.ContainsFunc(f.Warnings, func(p exchange.Problem) bool {
			return p.Column == "Extension Period" && strings.Contains(p.Message, "24 months")
		}); got != warned {
			t.Errorf("%q: warned %v, want %v", written, got, warned)
		}
	}
}

func TestRowsAreRefusedAsPromised(t *testing.T) {
	for name, c := range map[string]struct {
		file   []byte
		row    int
		column string
		says   string
	}{
		"a blank reference":   {oneRow("Contract Reference", " "), 2, "Contract Reference", "must not be blank"},
		"a blank title":       {oneRow("Contract title", ""), 2, "Contract title", "must not be blank"},
		"no reference yet":    {oneRow("Contract Reference", "TBC"), 2, "Contract Reference", "no reference"},
		"a year of accounts":  {oneRow("End date", "2026/27"), 2, "End date", "April to March"},
		"a date and more":     {oneRow("End date", "31/03/2027 + 2 years"), 2, "End date", "a column of its own"},
		"end before start":    {oneRow("Start", "1/4/2027", "Contract end date", "1/4/2026"), 2, "Contract end date", "after the start"},
		"the same reference":  {append(oneRow("Start", "1/4/2027"), []byte("C1,Other,2027\n")...), 3, "Contract Reference", "row 2"},
		"no reference column": {[]byte("Title,Supplier name,End date\nA,B,2027\n"), 1, "ContractReference", "mapping"},
		"no title column":     {[]byte("Ref,Supplier name,End date\nA,B,2027\n"), 1, "ContractTitle", "mapping"},
		"no rows":             {[]byte("Ref,Title\n"), 1, "", "no rows"},
		"a quote left open":   {[]byte("Ref,Title,End\nC1,A,2027\nC2,\"B,2027\nC3,C,2027\n"), 3, "", "quote"},
	} {
		t.Run(name, func(t *testing.T) {
			report := stored(t, opened(t), registered(t, c.file, nil))
			if len(report.Errors) != 1 || report.Errors[0].Row != c.row || report.Errors[0].Column != c.column || !strings.Contains(report.Errors[0].Message, c.says) {
				t.Errorf("%+v", report.Errors)
			}
		})
	}
}

func TestFilesThatAreNoRegister(t *testing.T) {
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	locked := ole + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"
	zip := func(name, content string) string { return zipped(t, name, content) }
	whole := string(asXLSX(t, nil, sheet{"R", sample()}))
	for name, c := range map[string]struct{ file, says string }{
		"nothing":                    {"", "empty"},
		"blanks":                     {" \r\n\t\n", "empty"},
		"an old Excel file":          {ole, "old Excel file: open it and save as .xlsx or CSV"},
		"a workbook with a password": {locked, "password"},
		"a web page":                 {"\r\n<html><table><tr><td>Ref</td></tr></table></html>", "web page"},
		"a PDF":                      {"%PDF-1.7\n\xe2\xe3", "PDF"},
		"Excel's XML":                {`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>`, "Excel XML"},
		"a zip of something":         {zip("register.csv", "Ref,Title"), "Unpack"},
		"a Word document":            {zip("word/document.xml", "<x/>"), "Word"},
		"an OpenDocument file":       {zip("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"},
		"a binary workbook":          {zip("xl/workbook.bin", "x"), ".xlsb"},
		"half a workbook":            {whole[:len(whole)/2], "damaged"},
		"a workbook of nothing":      {zip("xl/workbook.xml", "<x"), ""},
		"a workbook that swells":     {zip("xl/workbook.xml", strings.Repeat(" ", 97<<20)), "more than it can hold"},
		"bytes":                      {"Ref,Title\x00\x01\x00" + strings.Repeat("\x00\x02", 50), "not text"},
		"too many columns":           {strings.Repeat("Ref,Title,", 110) + "\n", "200 columns"},
		"too many rows":              {"Ref,Title\n" + strings.Repeat("a,b\n", 20_001), "20,000"},
	} {
		t.Run(name, func(t *testing.T) {
			f := registered(t, []byte(c.file), nil)
			if len(f.Errors) == 0 || !strings.Contains(f.Errors[len(f.Errors)-1].Message, c.says) && !strings.Contains(f.Errors[0].Message, c.says) || f.Errors[0].Row < 1 {
				t.Errorf("%.3v; want %q", f.Errors, c.says)
			}
		})
	}
	r := pure(t)
	if _, err := r.ContractsFile(bytes.NewReader(make([]byte, exchange.MaxFile+1)), nil, nil); !errors.Is(err, exchange.ErrTooBig) {
		t.Errorf("more than 32 MiB: %v", err)
	}
}
