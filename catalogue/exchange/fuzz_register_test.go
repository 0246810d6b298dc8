package exchange_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// answers holds of whatever file was read: it is read or refused, and every item and problem has a row of the file.
func answers(t *testing.T, f *exchange.File, err error, rows int) {
	t.Helper()
	if err != nil {
		t.Fatalf("reading from memory: %v", err)
	}
	if len(f.Rows) != len(f.Items) {
		t.Fatalf("%d rows of %d items", len(f.Rows), len(f.Items))
	}
	for _, row := range f.Rows {
		if row < 1 || row > rows {
			t.Fatalf("an item of row %d of %d", row, rows)
		}
	}
	for _, p := range append(f.Errors, f.Warnings...) {
		if p.Row < 1 || p.Row > rows || p.Message == "" || !utf8.ValidString(p.Message+p.Column) || len(p.Message) > 1000 || len(p.Column) > 250 {
			t.Fatalf("a problem on row %d of %d, %q: %q", p.Row, rows, p.Column, p.Message)
		}
	}
	if len(f.Items)+len(f.Errors)+len(f.Warnings) == 0 {
		t.Fatal("neither read nor refused")
	}
	f.Report(catalogue.Imported{})
}

func FuzzRegisterCSV(f *testing.F) {
	for _, file := range shapes(f, sample()) {
		if !bytes.HasPrefix(file, []byte("PK")) {
			f.Add(file)
		}
	}
	for _, seed := range []string{"", "Ref,Title\n", "\"", "sep=;\nRef;Title\n1;2", "Ref\tTitle\tEnd\r1\t2\t=\"x\"", "Ref,Title,Ref,\n\"a\n\nb\",\x00,c,d\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if looksLikeJSON(file) {
			return // another reader's
		}
		r := pure(t)
		r.Council = birmingham
		got, err := r.ContractsFile(bytes.NewReader(file), nil, nil)
		answers(t, got, err, max(20_002, bytes.Count(file, []byte("\n"))+bytes.Count(file, []byte("\r"))+2))
	})
}

func looksLikeJSON(b []byte) bool {
	head := strings.TrimSpace(strings.TrimPrefix(string(b), "\ufeff"))
	return strings.HasPrefix(head, "{") || strings.HasPrefix(head, "[")
}

func FuzzRegisterXLSX(f *testing.F) {
	for _, file := range shapes(f, sample()) {
		if bytes.HasPrefix(file, []byte("PK")) {
			f.Add(file, "", []byte(nil))
		}
	}
	plain := asXLSX(f, nil, sheet{"R", sample()})
	f.Add(plain, "xl/worksheets/sheet1.xml", []byte(`<worksheet><sheetData><row r="9"><c r="ZZZ1" t="s"><v>-1</v></c></row></sheetData></worksheet>`))
	f.Add(plain, "xl/workbook.xml", []byte(`<workbook><workbookPr date1904="x"/><sheets><sheet name="" sheetId="0"/></sheets></workbook>`))
	f.Add(plain, "xl/sharedStrings.xml", []byte(`<sst><si><r><t>Ref</t></r></si></sst>`))
	f.Fuzz(func(t *testing.T, file []byte, part string, content []byte) {
		if part != "" {
			file = []byte(zippedWith(t, plain, part, content))
		}
		if !bytes.HasPrefix(file, []byte("PK\x03\x04")) {
			return
		}
		r := pure(t)
		r.Council = birmingham
		got, err := r.ContractsFile(bytes.NewReader(file), nil, nil)
		answers(t, got, err, excelize.TotalRows)
	})
}

func FuzzOCDS(f *testing.F) {
	for _, seed := range []string{aPackage(aRelease("2025-01-01T10:00:00Z", "award", tenderPart+","+awardPart), aRelease("2025-02-01T10:00:00Z", "tender", tenderPart)),
		aRelease("", "planning", tenderPart) + "\n" + aRelease("x", "award", awardPart), `{"records":[{"ocid":"a","compiledRelease":{"ocid":"a"}},3,null]}`,
		`[{"ocid":"a","buyer":{"name":"Leeds"},"awards":[[],{"id":1},{"id":"1"}],"contracts":[{"id":1,"period":{"endDate":"9999-12-31T00:00:00Z"}}]}]`, "{", "[]", "", "null", `{"ocid":{}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := pure(t).OCDS(bytes.NewReader(file), "")
		answers(t, got, err, bytes.Count(file, []byte("\n"))+1)
		for _, item := range got.Items {
			c := item.(*catalogue.Contract)
			if c.Title == "" || c.Ref == "" || !utf8.ValidString(c.Title+c.Supplier+c.Source.Note) || utf8.RuneCountInString(c.Supplier) > 300 || utf8.RuneCountInString(c.Title) > 300 {
				t.Fatalf("%+v", c)
			}
		}
	})
}
