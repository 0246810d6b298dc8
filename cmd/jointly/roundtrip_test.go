package main

// What goes out comes in again: exports, and backups.

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// factsFolder is a catalogue of the public facts and some intentions.
func factsFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out := done(t, "--data", dir, "import", "public-facts"); strings.Contains(out, " 0 created") {
		t.Errorf("public facts: %s", out)
	}
	done(t, "--data", dir, "import", "intentions", written(t, "intentions.jsonl", intentionLine(`"visibility":"public","musts":["=1+1","Welsh"]`)+
		intentionLine(`"ref":"r/2","title":"Library \"system\", with self-service","current_supplier":"SirsiDynix","extension_months":24,"cpv":["48000000"],"role":"lead"`)+
		intentionLine(`"ref":"r3","council":"E06000015","visibility":"own","budget_min":"£1,250,000.50","budget_max":2e6,"contract_end":"2028-03-31"`)))
	done(t, "--data", dir, "import", "returns", written(t, "returns.csv", "council,lgsl,period_start,period_end,channel,volume,cost_gbp,method\n"+
		"E08000025,59,2025-04-01,2026-03-31,online,120000,90000.50,counted\nE08000025,59,2025-04-01,2026-03-31,phone,40000,,estimated\nE06000015,528,2025-04-01,2026-03-31,post,0,,counted\n"))
	return dir
}

func TestExportsAreImportedAgain(t *testing.T) {
	t.Parallel()
	dir, fresh := factsFolder(t), t.TempDir()
	for _, kind := range []string{"platforms", "contracts", "intentions", "returns"} {
		want := done(t, "--data", dir, "export", kind)
		if !strings.HasSuffix(want, "}\n") {
			t.Fatalf("%s: nothing is exported: %q", kind, clip(want))
		}
		file := filepath.Join(t.TempDir(), kind+".jsonl")
		if out := done(t, "--data", dir, "export", kind, "--out", file); out != "" {
			t.Errorf("an export to a file prints %q", clip(out))
		}
		if read(t, file) != want {
			t.Errorf("%s: --out writes something else than standard output gets", kind)
		}
		got := parsed[imported](t, done(t, "--data", fresh, "import", kind, file, "--format", "json"))
		if len(got.Errors) > 0 || got.Updated > 0 || got.Created < strings.Count(want, "\n") && kind != "returns" { // of which a record has several lines
			t.Errorf("%s: %d lines give %d created, %d updated and errors %v", kind, strings.Count(want, "\n"), got.Created, got.Updated, got.Errors)
		}
		if diff := firstDifference(want, done(t, "--data", fresh, "export", kind)); diff != "" {
			t.Errorf("%s: the second export differs: %s", kind, diff)
		}
		again := parsed[imported](t, done(t, "--data", fresh, "import", kind, file, "--format", "json"))
		if again.Created+again.Updated > 0 {
			t.Errorf("%s: the same file again: %d created, %d updated", kind, again.Created, again.Updated)
		}
		// Nor does a catalogue change that takes in what it gave out.
		home := parsed[imported](t, done(t, "--data", dir, "import", kind, file, "--format", "json"))
		if home.Created+home.Updated > 0 {
			t.Errorf("%s: back where it came from: %d created, %d updated", kind, home.Created, home.Updated)
		}
	}
	if out := done(t, "--data", dir, "import", "public-facts"); !strings.Contains(out, ": 0 created, 0 updated,") {
		t.Errorf("the public facts a second time: %s", out)
	}
	done(t, "--data", fresh, "verify")
}

// firstDifference is the first line in which two texts differ; empty where they do not.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "want " + clip(w[i]) + "\ngot " + clip(g[i])
		}
	}
	if len(w) != len(g) {
		return "the numbers of lines"
	}
	return ""
}

func TestExportFormats(t *testing.T) {
	t.Parallel()
	dir := factsFolder(t)
	lines := strings.Count(done(t, "--data", dir, "export", "intentions"), "\n")
	list := parsed[[]struct{ Ref, Title string }](t, done(t, "--data", dir, "export", "intentions", "--format", "json"))
	if len(list) != lines || list[0].Ref == "" {
		t.Errorf("JSON has %d records, JSON lines have %d", len(list), lines)
	}
	sheet := done(t, "--data", dir, "export", "intentions", "--format", "csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(sheet, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != lines+1 {
		t.Errorf("CSV has %d rows: %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t") {
				t.Errorf("a spreadsheet runs the cell %q", cell)
			}
		}
	}
	if got := parsed[[]struct{}](t, done(t, "--data", dir, "export", "groups", "--format", "json")); got == nil || len(got) != 0 {
		t.Errorf("no groups are exported as %v", got)
	}
}

func TestBackupsRestore(t *testing.T) {
	t.Parallel()
	dir := factsFolder(t)
	backup := filepath.Join(t.TempDir(), "jointly.backup")
	if out := done(t, "--data", dir, "backup", backup); !strings.Contains(out, backup) {
		t.Errorf("the backup is not named: %s", out)
	}
	verified := done(t, "--data", dir, "verify")
	done(t, "--data", dir, "verify", "--against", backup)

	fresh := filepath.Join(t.TempDir(), "new", "folder")
	if out := done(t, "--data", fresh, "restore", backup); !strings.Contains(out, "Restored") {
		t.Errorf("restore says %q", out)
	}
	if got := done(t, "--data", fresh, "verify"); got != verified {
		t.Errorf("the restored catalogue is %s, it was %s", got, verified)
	}
	for _, kind := range []string{"platforms", "contracts", "intentions", "groups"} {
		if diff := firstDifference(done(t, "--data", dir, "export", kind), done(t, "--data", fresh, "export", kind)); diff != "" {
			t.Errorf("%s differ: %s", kind, diff)
		}
	}
	want := done(t, "--data", dir, "search", "permits")
	if got := done(t, "--data", fresh, "search", "permits"); got != want {
		t.Errorf("the restored catalogue finds %s, want %s", clip(got), clip(want))
	}
	if out := done(t, "--data", fresh, "reindex"); !strings.Contains(out, "built anew") {
		t.Errorf("reindex says %q", out)
	}
	if got := done(t, "--data", fresh, "search", "permits"); got != want {
		t.Errorf("the rebuilt index finds %s, want %s", clip(got), clip(want))
	}
	// A catalogue with another past does not hold the backup's audit trail.
	other := stock(t)
	if o := jointly(t, "--data", other.dir, "verify", "--against", backup); o.status != statusFailed || !strings.Contains(o.out, "no longer holds") {
		t.Errorf("another catalogue, against this backup: status %d: %s%s", o.status, o.out, o.err)
	}
}

// TestADamagedBackupIsRefused: cut off or changed anywhere, it is refused, and the folder stays empty.
func TestADamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	s := stock(t)
	backup := filepath.Join(t.TempDir(), "jointly.backup")
	done(t, "--data", s.dir, "backup", backup)
	whole := read(t, backup)
	refused := func(name, content string) {
		dir := t.TempDir()
		o := jointly(t, "--data", dir, "restore", written(t, "damaged.backup", content))
		if o.status != statusRefused || !strings.Contains(o.err, "not a whole backup") {
			t.Errorf("%s: status %d: %q", name, o.status, clip(o.err))
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 {
			t.Errorf("%s: the folder holds %v %v", name, left, err)
		}
	}
	refused("empty", "")
	refused("of another kind", "PK\x03\x04")
	for _, part := range []float64{.1, .5, .9, .999} {
		at := int(part * float64(len(whole)))
		refused("cut off", whole[:at])
		flipped := []byte(whole)
		flipped[at] ^= 1
		refused("changed", string(flipped))
	}
	refused("with more behind it", whole+"x")
	o := jointly(t, "--data", t.TempDir(), "restore", s.dir)
	if o.status != statusRefused {
		t.Errorf("a folder for a backup: status %d: %q", o.status, o.err)
	}
}
