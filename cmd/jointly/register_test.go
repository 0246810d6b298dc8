package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestARegisterIsImported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := written(t, "register.dat", "\ufeffOur contracts;;;\r\nContract Ref;Title of agreement;Supplier name;Contract end date;Remarks\r\nC1;Parking permits;Civica UK Ltd;31/03/2027;x\r\nC2;Payroll;;rolling;\r\n")
	got := parsed[imported](t, done(t, "--data", dir, "import", "contracts", good, "--council", "E08000025", "--format", "json"))
	if got.Created < 2 || len(got.Errors) > 0 || len(got.Warnings) != 2 {
		t.Errorf("%+v", got)
	}
	again := parsed[imported](t, done(t, "--data", dir, "import", "contracts", good, "--council", "E08000025", "--format", "json"))
	if again.Created+again.Updated > 0 || again.Unchanged != 2 {
		t.Errorf("again: %+v", again)
	}
	if out := done(t, "--data", dir, "export", "contracts"); !strings.Contains(out, `"ref":"C1","council":"E08000025","title":"Parking permits"`) || !strings.Contains(out, "2027-03-31") {
		t.Errorf("exported: %s", out)
	}
	bad := written(t, "register.csv", "Contract Ref,Title of agreement,Contract end date\nC3,Fine,2027\nC4,,2027\nC5,Not fine,soon\nC3,Twice,2027\n")
	o := jointly(t, "--data", dir, "import", "contracts", bad, "--council", "E08000025", "--format", "json")
	report := parsed[imported](t, o.out)
	if o.status != statusRefused || len(report.Errors) != 3 || report.Errors[0].Row != 3 || report.Errors[0].Column != "Title of agreement" || report.Errors[1].Row != 4 ||
		report.Errors[1].Column != "Contract end date" || report.Errors[2].Row != 5 || !strings.Contains(report.Errors[2].Message, "row 2") {
		t.Errorf("status %d: %+v", o.status, report)
	}
	if out := done(t, "--data", dir, "export", "contracts"); strings.Contains(out, "C3") {
		t.Error("something of a refused file was written")
	}
}

func TestAnImportIsListedAndUndone(t *testing.T) {
	t.Parallel()
	dir, file := t.TempDir(), written(t, "register.csv", "Ref,Title,End\nC1,Parking,2027\n")
	done(t, "--data", dir, "import", "contracts", file, "--council", "E08000025")
	line := done(t, "--data", dir, "import", "list")
	id, rest, _ := strings.Cut(line, "\t")
	if !strings.Contains(rest, "E08000025\t1 created, 0 updated\tregister.csv\n") {
		t.Errorf("the list is %q", line)
	}
	if out := done(t, "--data", dir, "import", "undo", id); out != "Undone: 1 taken away, 0 as before, 0 left alone.\n" {
		t.Errorf("%q", out)
	}
	if out := done(t, "--data", dir, "export", "contracts"); out != "" {
		t.Errorf("there is still %s", out)
	}
	if o := jointly(t, "--data", dir, "import", "undo", id); o.status == statusDone || !strings.Contains(o.err, "undone already") {
		t.Errorf("again: status %d, %s", o.status, o.err)
	}
}

func TestAMappingIsGiven(t *testing.T) {
	t.Parallel()
	dir, file := t.TempDir(), written(t, "register.csv", "Key,What,Stops\nC1,Parking,31/03/2027\n")
	if o := jointly(t, "--data", dir, "import", "contracts", file, "--council", "E08000025"); o.status != statusRefused || !strings.Contains(o.err, "mapping") {
		t.Errorf("without: status %d, %s", o.status, o.err)
	}
	m := written(t, "mapping.json", `{"ContractReference":"Key","ContractTitle":"What","EndDate":"Stops"}`)
	if out := done(t, "--data", dir, "import", "contracts", file, "--council", "E08000025", "--mapping", m, "--dry-run"); !strings.Contains(out, "1 would be created") {
		t.Errorf("with: %s", out)
	}
	for _, wrong := range []string{written(t, "m.json", "Key"), filepath.Join(dir, "none.json")} {
		if o := jointly(t, "--data", dir, "import", "contracts", file, "--mapping", wrong); o.status != statusRefused || !strings.Contains(o.err, filepath.Base(wrong)) {
			t.Errorf("%s: status %d, %s", wrong, o.status, o.err)
		}
	}
}

func TestNoticesAreImported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	release := func(ocid, buyer, title string) string {
		return `{"ocid":"` + ocid + `","date":"2025-01-01T10:00:00Z","tag":["tender"],"buyer":{"id":"x","name":"` + buyer + `"},"tender":{"title":"` + title + `","status":"active"}}`
	}
	file := written(t, "notices.json", `{"releases":[`+release("ocds-h6vhtk-000001", "Leeds City Council", "Parking")+",\n"+release("ocds-h6vhtk-000002", "Birmingham City Council", "Payroll")+",\n"+
		release("ocds-h6vhtk-000003", "Nobody's Council", "Nothing")+`]}`)
	got := parsed[imported](t, done(t, "--data", dir, "import", "ocds", file, "--buyer", "Leeds City Council", "--format", "json"))
	if got.Created != 1 || len(got.Errors) > 0 {
		t.Errorf("one buyer: %+v", got)
	}
	got = parsed[imported](t, done(t, "--data", dir, "import", "ocds", file, "--format", "json"))
	if got.Created != 1 || got.Unchanged != 1 || len(got.Warnings) != 1 || got.Warnings[0].Row != 3 || got.Warnings[0].Column != "buyer" || !strings.Contains(got.Warnings[0].Message, "Nobody's Council") {
		t.Errorf("all buyers: %+v", got)
	}
	if o := jointly(t, "--data", dir, "import", "ocds", written(t, "cut.json", `{"releases":[{"ocid":`)); o.status != statusRefused || !strings.Contains(o.err, "cut off") {
		t.Errorf("cut off: status %d, %s", o.status, o.err)
	}
}
