package exchange_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// registerRow is a row of a register with the titles that many councils write.
type registerRow struct{ ref, title, description, supplier, start, end, value, cpv string }

func (r registerRow) cells() []string {
	return []string{r.ref, r.title, r.description, r.supplier, r.start, r.end, r.value, r.cpv}
}

var human = []string{"Contract Reference", "Contract title", "Description", "Supplier name", "Start", "Contract end date", "Contract value (£)", "CPV code"}

// sample is a register as a table, the titles first.
func sample() [][]string {
	return [][]string{human,
		registerRow{"C1", "Parking permits, and vouchers", "Two lines\nof text, with \"quotes\"", "Civica UK Ltd", "01/04/2024", "31/03/2027", "£125,000.00", "48000000"}.cells(),
		registerRow{"C2", "Café tills – €uro free", "", "Example Ltd", "1/4/24", "2027-03-31", "30000", "48000000-8"}.cells(),
	}
}

func asCSV(rows [][]string, sep rune) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = sep
	if err := w.WriteAll(rows); err != nil {
		panic(err)
	}
	return b.String()
}

// asXLSX writes sheets of cells by name, in order; dates and numbers as text.
func asXLSX(t testing.TB, more func(*excelize.File), sheets ...sheet) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, s := range sheets {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", s.name); err != nil {
				t.Fatal(err)
			}
		} else if _, err := f.NewSheet(s.name); err != nil {
			t.Fatal(err)
		}
		for n, row := range s.rows {
			if err := f.SetSheetRow(s.name, fmt.Sprintf("A%d", n+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if more != nil {
		more(f)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type sheet struct {
	name string
	rows [][]string
}

func utf16LE(s string, bom bool) []byte {
	var b []byte
	if bom {
		b = []byte{0xff, 0xfe}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

func windows1252(t testing.TB, s string) []byte {
	t.Helper()
	b, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(b)
}

// registered reads a register of Birmingham's.
func registered(t testing.TB, file []byte, m exchange.Mapping) *exchange.File {
	t.Helper()
	r := pure(t)
	r.Council = birmingham
	f, err := r.ContractsFile(bytes.NewReader(file), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func contractsOf(f *exchange.File) (out []*catalogue.Contract) {
	for _, item := range f.Items {
		out = append(out, item.(*catalogue.Contract))
	}
	return out
}

// shapes are the odd shapes in which registers come and go in whole.
func shapes(t testing.TB, rows [][]string) map[string][]byte {
	t.Helper()
	plain := asCSV(rows, ',')
	width := len(rows[0])
	padded := func(cells ...string) []string { return append(cells, make([]string, width-len(cells))...) }
	titled := append([][]string{padded("Contracts register of the council"), padded("As at 1 April 2026"), padded()}, rows...)
	columns := make([][]string, len(rows))
	for i, row := range rows {
		columns[i] = append(append([]string{""}, row[:2]...), append([]string{""}, row[2:]...)...)
	}
	blank := slices.Insert(slices.Clone(rows), 2, padded(), padded(" ", ""))
	again := slices.Insert(slices.Clone(rows), 2, rows[0])
	totals := append(slices.Clone(rows), padded(), padded("Total", "", "", "", "", "", "£155,000.00"), padded("Data correct as at 1 April 2026"))
	options := sheet{"_options", [][]string{{"Contract type", "Process type"}, {"Framework agreement", "Invitation to quote"}}}
	hidden := sheet{"Old", [][]string{rows[0], rows[1]}}
	return map[string][]byte{
		"plain":                            []byte(plain),
		"a byte order mark":                []byte("\ufeff" + plain),
		"UTF-16":                           utf16LE(plain, true),
		"UTF-16 without a mark":            utf16LE(plain, false),
		"tabs":                             []byte(asCSV(rows, '\t')),
		"semicolons":                       []byte(asCSV(rows, ';')),
		"pipes":                            []byte(asCSV(rows, '|')),
		"a separator named":                []byte("sep=;\r\n" + asCSV(rows, ';')),
		"CRLF":                             []byte(strings.ReplaceAll(plain, "\n", "\r\n")),
		"bare CR":                          []byte(strings.ReplaceAll(plain, "\n", "\r")),
		"titles above":                     []byte(asCSV(titled, ',')),
		"blank rows":                       []byte(asCSV(blank, ',')),
		"blank columns":                    []byte(asCSV(columns, ',')),
		"titles again":                     []byte(asCSV(again, ',')),
		"totals and a note":                []byte(asCSV(totals, ',')),
		"shouting titles":                  []byte(asCSV(append([][]string{upper(rows[0])}, rows[1:]...), ',')),
		"a workbook":                       asXLSX(t, nil, sheet{"Contracts", rows}),
		"a workbook with an options sheet": asXLSX(t, nil, options, sheet{"Contracts", rows}),
		"a workbook with a hidden sheet": asXLSX(t, func(f *excelize.File) {
			if err := f.SetSheetVisible("Old", false); err != nil {
				t.Fatal(err)
			}
		}, sheet{"Contracts", rows}, hidden),
		"a workbook with a merged title": asXLSX(t, func(f *excelize.File) {
			if err := f.MergeCell("Contracts", "A1", "H1"); err != nil {
				t.Fatal(err)
			}
		}, sheet{"Contracts", titled}),
		"a workbook with totals": asXLSX(t, nil, sheet{"Contracts", totals}),
	}
}

func upper(cells []string) (out []string) {
	for _, c := range cells {
		out = append(out, strings.ToUpper(strings.ReplaceAll(c, " ", "_")))
	}
	return out
}

func TestARegisterReadsInEveryShape(t *testing.T) {
	all := shapes(t, sample())
	all["Windows-1252"] = windows1252(t, asCSV(sample(), ','))
	for name, file := range all {
		t.Run(name, func(t *testing.T) {
			f := registered(t, file, nil)
			if len(f.Errors) > 0 || len(f.Items) != 2 {
				t.Fatalf("%d contracts; errors %+v", len(f.Items), f.Errors)
			}
			c := contractsOf(f)
			if c[0].Ref != "C1" || c[0].Title != "Parking permits, and vouchers" || c[0].Supplier != "Civica UK Ltd" || c[0].Value != 125000 ||
				c[0].Start.String() != "2024-04-01" || c[0].End.String() != "2027-03-31" || c[0].Description != "Two lines\nof text, with \"quotes\"" {
				t.Errorf("the first is %+v", c[0])
			}
			if c[1].Title != "Café tills – €uro free" || c[1].Start.String() != "2024-04-01" || c[1].End.String() != "2027-03-31" || c[1].Value != 30000 || c[1].CPV[0] != "48000000" {
				t.Errorf("the second is %+v", c[1])
			}
		})
	}
}

// TestRealContractsGoInWhole writes published contracts as registers in every shape: nothing is refused, or lost.
func TestRealContractsGoInWhole(t *testing.T) {
	in, err := csv.NewReader(bytes.NewReader(real(t, "contracts-dev.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]string{append(slices.Clone(human), "Extension period", "Process type")}
	for _, r := range in[1:] {
		rows = append(rows, []string{r[0], r[3], r[4], r[10], r[7], r[8], r[6], strings.ReplaceAll(r[5], ";", "; "), r[9], r[11]})
	}
	for name, file := range shapes(t, rows) {
		t.Run(name, func(t *testing.T) {
			c := opened(t)
			r := reader(c)
			r.Council = birmingham
			f, err := r.ContractsFile(bytes.NewReader(file), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			report := stored(t, c, f)
			if len(report.Errors) > 0 || report.Created < len(rows)-1 || len(f.Items) != len(rows)-1 {
				t.Fatalf("%d of %d contracts; errors %+v", len(f.Items), len(rows)-1, report.Errors)
			}
			for i, k := range contractsOf(f) {
				want := rows[i+1]
				if k.Ref != want[0] || foldSpace(k.Title) != foldSpace(want[1]) || k.Start.String() != want[4] || k.End.String() != want[5] {
					t.Errorf("row %d reads %+v, want %q", i+2, k, want)
				}
			}
			if again := stored(t, c, f); again.Created+again.Updated > 0 {
				t.Errorf("brought again: %+v", again)
			}
		})
	}
}

func foldSpace(s string) string { return strings.Join(strings.Fields(s), " ") }
