package exchange_test

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"jointly/catalogue"
	"jointly/catalogue/capability"
	"jointly/catalogue/exchange"
	"jointly/catalogue/register"
)

func FuzzIntentions(f *testing.F) { fuzz(f, kinds()[0]) }
func FuzzContracts(f *testing.F)  { fuzz(f, kinds()[1]) }
func FuzzPlatforms(f *testing.F)  { fuzz(f, kinds()[2]) }

// fuzz reads anything: every item has its row, every problem a row of the file and words that can be shown, and a line
// is read or complained about.
func fuzz(f *testing.F, k kind) {
	reg, err := register.Load()
	if err != nil {
		f.Fatal(err)
	}
	dict, err := capability.Load()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{k.whole, "\ufeff" + k.whole + "\r\n\r\n" + k.whole, "", "[]", "{}", "null", `{"ref":1}`, "%PDF-1.7\n\xe2\xe3", "{\"ref\":\"\\ud800\"}",
		`{"ref":"a","council":"E08000025","budget_max":"£1,2","uses":[{}],"cpv":[""],"window_start":"2027-13"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		r := &exchange.Reader{Register: reg, Dictionary: dict}
		got, err := k.read(r, bytes.NewReader(file))
		if err != nil {
			t.Fatalf("reading from memory: %v", err)
		}
		lines := bytes.Count(file, []byte("\n")) + 1
		if len(got.Rows) != len(got.Items) {
			t.Fatalf("%d rows of %d items", len(got.Rows), len(got.Items))
		}
		for _, row := range got.Rows {
			if row < 1 || row > lines {
				t.Fatalf("an item of row %d of %d", row, lines)
			}
		}
		for _, p := range append(got.Errors, got.Warnings...) {
			if p.Row < 1 || p.Row > lines || p.Message == "" || !utf8.ValidString(p.Message+p.Column) || len(p.Message) > 1000 || len(p.Column) > 200 {
				t.Fatalf("a problem on row %d of %d, %q: %q", p.Row, lines, p.Column, p.Message)
			}
		}
		if len(got.Items)+len(got.Errors) == 0 {
			t.Fatal("neither read nor refused")
		}
		if report := got.Report(catalogue.Imported{}); len(report.Errors) != len(got.Errors) {
			t.Fatal("the report leaves errors out")
		}
	})
}
