package main

// Whatever is wrong with what people give the program: a message that says what, where and what to do; nothing
// half-written; the exit status that scripts rely on; never a stack trace.

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// intentionLine is a whole intention as JSON, with more or other fields: the last of a name wins.
func intentionLine(fields string) string {
	line := `{"ref":"r1","council":"E08000025","title":"Parking permits","description":"Permits and visitor vouchers","area":"parking-transport",` +
		`"budget_min":100000,"budget_max":200000,"window_start":"2027-04-01","window_end":"2027-10-31"`
	if fields != "" {
		line += "," + fields
	}
	return line + "}\n"
}

// stocked is a catalogue with a few records, and what verify says of it: its counts, and the head of its audit trail.
type stocked struct{ dir, verified string }

func stock(t *testing.T) stocked {
	t.Helper()
	dir := t.TempDir()
	done(t, "--data", dir, "import", "intentions", written(t, "good.jsonl", intentionLine("")+intentionLine(`"ref":"r2","title":"Library system"`)))
	return stocked{dir, done(t, "--data", dir, "verify")}
}

// untouched says that the catalogue is as it was: whole, and with the same records.
func (s stocked) untouched(t *testing.T) {
	t.Helper()
	if verified := done(t, "--data", s.dir, "verify"); verified != s.verified {
		t.Errorf("something was written: %s was: %s", verified, s.verified)
	}
}

func TestBadLinesAreRefused(t *testing.T) {
	t.Parallel()
	s := stock(t)
	long := strings.Repeat("parking ", 10<<20/8)
	for _, c := range []struct {
		name, kind, file string
		row              int
		column           string
		says             []string // of the message
	}{
		{"an unknown council", "intentions", intentionLine(`"ref":"x","council":"E99999999"`), 1, "council", []string{"E99999999", "GSS"}},
		{"a council by name", "intentions", intentionLine(`"ref":"x","council":"Birmingham City Council"`), 1, "council", []string{"E08000025"}},
		{"no council", "intentions", intentionLine(`"ref":"x","council":""`), 1, "council", []string{"Enter"}},
		{"a blank reference", "intentions", intentionLine(`"ref":" "`), 1, "ref", []string{"Enter"}},
		{"a blank title", "intentions", intentionLine("") + intentionLine(`"ref":"x","title":""`), 2, "title", []string{"Enter"}},
		{"an unreadable date", "intentions", intentionLine(`"ref":"x","window_start":"1st of May"`), 1, "window_start", []string{"2027-04-30"}},
		{"a date that is none", "intentions", intentionLine(`"ref":"x","window_end":"2027-02-30"`), 1, "window_end", []string{"date"}},
		{"a number for a date", "intentions", intentionLine(`"ref":"x","window_end":20271031`), 1, "window_end", []string{"text"}},
		{"dates the wrong way round", "intentions", intentionLine(`"ref":"x","window_start":"2027-11-01"`), 1, "window_end", []string{"same as or after"}},
		{"a negative budget", "intentions", intentionLine(`"ref":"x","budget_min":-1`), 1, "budget_min", nil},
		{"an absurd budget", "intentions", intentionLine(`"ref":"x","budget_max":1e300`), 1, "budget_max", nil},
		{"a budget that is no number", "intentions", intentionLine(`"ref":"x","budget_max":"lots"`), 1, "budget_max", []string{"125000"}},
		{"a budget over every number", "intentions", intentionLine(`"ref":"x","budget_max":1e999`), 1, "budget_max", nil},
		{"budgets the wrong way round", "intentions", intentionLine(`"ref":"x","budget_min":300000`), 1, "budget_max", []string{"same as or more"}},
		{"an absurd extension", "intentions", intentionLine(`"ref":"x","extension_months":100000`), 1, "extension_months", []string{"240"}},
		{"a list that is none", "intentions", intentionLine(`"ref":"x","cpv":"48000000"`), 1, "cpv", []string{"list"}},
		{"the same reference twice", "intentions", intentionLine(`"ref":"x"`) + intentionLine(`"ref":"x"`), 2, "ref", []string{"line 1"}},
		{"a title of 10 MB", "intentions", intentionLine(`"ref":"x","title":"` + long + `"`), 1, "", []string{"1 MB"}},
		{"a title of 2,000 letters", "intentions", intentionLine(`"ref":"x","title":"` + long[:2000] + `"`), 1, "title", nil},
		{"a description of 900 KB", "intentions", intentionLine(`"ref":"x","description":"` + long[:900<<10] + `"`), 1, "description", nil},
		{"10 MB of text", "intentions", long, 1, "", nil},
		{"bytes that are not text", "intentions", "{\"ref\":\"x\xff\xfe\"}\n", 1, "", []string{"UTF-8"}},
		{"a NUL", "intentions", intentionLine(`"ref":"x","title":"Parking\u0000permits"`), 1, "title", nil},
		{"broken JSON", "intentions", intentionLine("") + `{"ref":"x",`, 2, "", []string{"JSON"}},
		{"a spreadsheet", "intentions", "PK\x03\x04\x14\x00\x06\x00", 1, "", nil},
		{"comma-separated values", "intentions", "ref,council,title\n1,E08000025,Parking\n", 1, "", []string{"JSON"}},
		{"JSON of another shape", "intentions", "[1, 2, 3]\n", 1, "", []string{"{"}},
		{"an empty file", "intentions", "", 1, "", []string{"empty"}},
		{"deep nesting", "intentions", `{"ref":` + strings.Repeat("[", 100_000) + "\n", 1, "", []string{"JSON"}},
		{"intentions as contracts", "contracts", `{"title":"Parking"}` + "\n", 1, "ref", []string{"Enter"}},
		{"intentions as platforms", "platforms", intentionLine(""), 1, "name", []string{"Enter"}},
		{"a contract that ends before it starts", "contracts",
			`{"ref":"c","council":"E08000025","title":"Parking","start_date":"2027-01-01","end_date":"2026-01-01"}`, 1, "end_date", nil},
		{"a use by an unknown council", "platforms",
			`{"ref":"p","name":"Chalk","capabilities":["parking"],"uses":[{"council":"X","source":"a letter"}]}`, 1, "uses", []string{"'X'", "GSS"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := written(t, "bad.jsonl", c.file)
			o := jointly(t, "--data", s.dir, "import", c.kind, file, "--format", "json")
			if o.status != statusRefused {
				t.Fatalf("status %d, want %d: %s", o.status, statusRefused, clip(o.err+o.out))
			}
			got := parsed[imported](t, o.out)
			at := slices.IndexFunc(got.Errors, func(e struct {
				Row             int
				Column, Message string
			}) bool {
				return e.Row == c.row && e.Column == c.column
			})
			if at < 0 {
				t.Fatalf("no error at row %d, column %q: %+v", c.row, c.column, got.Errors[:min(5, len(got.Errors))])
			}
			message := got.Errors[at].Message
			for _, part := range c.says {
				if !strings.Contains(message, part) {
					t.Errorf("the message %q does not say %q", message, part)
				}
			}
			if message == "" || len(message) > 400 {
				t.Errorf("a message of %d bytes", len(message))
			}
			if got.Created+got.Updated+got.Unchanged != 0 {
				t.Errorf("claims to have written something: %+v", got)
			}
			// In words for people: the line and the column too, and that nothing was written.
			words := jointly(t, "--data", s.dir, "import", c.kind, file)
			if words.status != statusRefused || !strings.Contains(words.err, fmt.Sprintf("line %d", c.row)) || !strings.Contains(words.out, "Nothing was written") {
				t.Errorf("in words, status %d: %s%s", words.status, clip(words.err), clip(words.out))
			}
			if len(words.err) > 20_000 {
				t.Errorf("%d bytes of messages", len(words.err))
			}
			s.untouched(t)
		})
	}
}

// TestOddLinesAreKept: what is not an error is a warning, and the record is there.
func TestOddLinesAreKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, fields, column string }{
		{"an unlisted CPV code", `"cpv":["12345678"]`, "cpv"},
		{"an unknown area", `"area":"sorcery"`, "area"},
		{"an unknown capability", `"capability":"sorcery"`, "capability"},
		{"an unknown column", `"colour":"blue"`, "colour"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			got := parsed[imported](t, done(t, "--data", dir, "import", "intentions", written(t, "odd.jsonl", intentionLine(c.fields)), "--format", "json"))
			if got.Created != 1 || len(got.Warnings) != 1 || got.Warnings[0].Column != c.column || got.Warnings[0].Row != 1 {
				t.Errorf("%+v, want one record and one warning about %s", got, c.column)
			}
		})
	}
	dir := t.TempDir()
	got := parsed[imported](t, done(t, "--data", dir, "import", "intentions", written(t, "odd.jsonl", intentionLine("")), "--council", "E08000026", "--format", "json"))
	if got.Created != 1 || len(got.Warnings) != 1 || got.Warnings[0].Column != "council" {
		t.Errorf("another council than --council: %+v", got)
	}
	if out := done(t, "--data", dir, "export", "intentions"); !strings.Contains(out, `"council":"E08000026"`) {
		t.Errorf("--council does not win: %s", out)
	}
}

// TestReferencesAreKeptApart: a reference is what was written, not what an address can be made from.
func TestReferencesAreKeptApart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	refs := []string{"a/1", "a-1", "A-1", "a 1", "Ä1", "Ö1", "1", strings.Repeat("x", 100) + "1", strings.Repeat("x", 100) + "2"}
	for i, ref := range refs {
		out := done(t, "--data", dir, "import", "intentions", written(t, "one.jsonl", intentionLine(`"ref":"`+ref+`"`)))
		if !strings.Contains(out, "1 created") {
			t.Errorf("%q after %q: %s", ref, refs[:i], out)
		}
	}
	if n := strings.Count(done(t, "--data", dir, "export", "intentions"), "\n"); n != len(refs) {
		t.Errorf("%d of %d are kept", n, len(refs))
	}
}

func TestBadCommandLines(t *testing.T) {
	t.Parallel()
	s := stock(t)
	good := written(t, "good.jsonl", intentionLine(""))
	file := written(t, "file", "not a folder")
	notText := written(t, "not-a-backup", "hello\n")
	for _, c := range []struct {
		name   string
		args   []string
		status int
		says   []string
	}{
		{"no command", nil, statusUsage, []string{"--help"}},
		{"an unknown command", []string{"frobnicate"}, statusUsage, []string{"frobnicate", "--help"}},
		{"an unknown flag", []string{"--frobnicate", "verify"}, statusUsage, []string{"--frobnicate", "--help"}},
		{"a day that is none", []string{"--as-of", "yesterday", "match"}, statusUsage, []string{"--as-of", "2027-04-01"}},
		{"a month for a day", []string{"--as-of", "2027-04", "match"}, statusUsage, []string{"--as-of"}},
		{"a store of another kind", []string{"--store", "mysql://x", "match"}, statusUsage, []string{"bolt://"}},
		{"a kind that cannot be exported", []string{"export", "councils"}, statusUsage, []string{"platforms"}},
		{"a format that is none", []string{"export", "contracts", "--format", "xml"}, statusUsage, []string{"jsonl"}},
		{"a kind that is not searched", []string{"search", "x", "--kind", "unicorn"}, statusUsage, []string{"--kind", "platform"}},
		{"too many results", []string{"search", "x", "--limit", "1000"}, statusUsage, []string{"100"}},
		{"no results", []string{"search", "x", "--limit", "0"}, statusUsage, []string{"100"}},
		{"an audience that is none", []string{"search", "x", "--audience", "own"}, statusUsage, []string{"public"}},
		{"an unknown council for a file", []string{"import", "intentions", good, "--council", "X1"}, statusUsage, []string{"X1", "E08000025"}},
		{"no file", []string{"import", "intentions"}, statusUsage, []string{"file"}},
		{"a file that is not there", []string{"import", "intentions", "/nowhere/x.jsonl"}, statusRefused, []string{"/nowhere/x.jsonl", "no such file"}},
		{"a folder for a file", []string{"import", "intentions", s.dir}, statusRefused, []string{s.dir, "not a file"}},
		{"a file whose name has a comma", []string{"import", "intentions", "/nowhere/a,b.jsonl"}, statusRefused, []string{"/nowhere/a,b.jsonl"}},
		{"one good file, one missing", []string{"import", "intentions", written(t, "n.jsonl", intentionLine(`"ref":"n"`)), "/nowhere/x.jsonl"}, statusRefused, []string{"/nowhere/x.jsonl"}},
		{"a query of 10 MB", []string{"search", strings.Repeat("parking ", 10<<20/8)}, statusRefused, []string{"fewer words"}},
		{"a query that is not text", []string{"search", "\xff\xfe"}, statusUsage, []string{"argument 4", "UTF-8"}},
		{"a backup into a folder that is not there", []string{"backup", "/nowhere/b"}, statusFailed, []string{"/nowhere/b", "no such file"}},
		{"a backup over a folder", []string{"backup", s.dir}, statusFailed, []string{s.dir, "cannot be written"}},
		{"an export below a file", []string{"export", "contracts", "--out", file + "/x"}, statusFailed, []string{file, "not a directory"}},
		{"a restore over a catalogue", []string{"restore", notText}, statusRefused, []string{"already"}},
		{"a comparison with no backup", []string{"verify", "--against", notText}, statusRefused, []string{"not a backup"}},
		{"an account without an organisation", []string{"account", "add", "--email", "a@example.com", "--role", "lead"}, statusUsage, []string{"--council"}},
		{"an account of an unknown council", []string{"account", "add", "--email", "a@example.com", "--role", "lead", "--council", "X1"}, statusRefused, []string{"council"}},
		{"an account without an address", []string{"account", "add", "--email", "a", "--role", "lead", "--council", "E08000025"}, statusRefused, []string{"name@example.com"}},
		{"an account with an unknown role", []string{"account", "add", "--email", "a@example.com", "--role", "king", "--council", "E08000025"}, statusUsage, []string{"viewer"}},
		{"an operator of a council", []string{"account", "add", "--email", "a@example.com", "--role", "operator", "--council", "E08000025"}, statusUsage, []string{"--council"}},
		{"an account that is not there", []string{"account", "disable", "a@example.com"}, statusRefused, []string{"not found"}},
		{"an address without a port", []string{"serve", "--addr", "localhost"}, statusUsage, []string{"127.0.0.1:8080"}},
		{"a port that is none", []string{"serve", "--addr", "127.0.0.1:99999"}, statusFailed, []string{"127.0.0.1:99999", "--addr"}},
		{"a short session key", []string{"serve", "--addr", "127.0.0.1:0", "--session-key", "short"}, statusUsage, []string{"32"}},
		{"a sender that is no address", []string{"serve", "--addr", "127.0.0.1:0", "--smtp-host", "localhost", "--smtp-from", "nobody"}, statusUsage, []string{"--smtp-from"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := jointly(t, append([]string{"--data", s.dir}, c.args...)...)
			if o.status != c.status || o.out != "" && c.status == statusUsage {
				t.Errorf("status %d, want %d; printed %q", o.status, c.status, clip(o.out))
			}
			for _, part := range c.says {
				if !strings.Contains(o.err, part) {
					t.Errorf("the message %q does not say %q", clip(o.err), part)
				}
			}
		})
	}
	s.untouched(t)
}

func TestFoldersThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := written(t, "file", "not a folder")
	for _, dir := range []string{file, filepath.Join(file, "below"), "/proc/jointly"} {
		for _, args := range [][]string{{"verify"}, {"import", "public-facts"}, {"serve", "--addr", "127.0.0.1:0"}, {"restore", file}} {
			o := jointly(t, append([]string{"--data", dir}, args...)...)
			if o.status != statusFailed || !strings.Contains(o.err, dir) || !strings.Contains(o.err, "--data") {
				t.Errorf("%s in %s: status %d, %q; want %d, the folder and what to do", args[0], dir, o.status, o.err, statusFailed)
			}
		}
	}
}

func TestAPortInUseIsSaid(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	o := jointly(t, "--data", t.TempDir(), "serve", "--addr", l.Addr().String())
	if o.status != statusFailed || !strings.Contains(o.err, l.Addr().String()) || !strings.Contains(o.err, "in use") || !strings.Contains(o.err, "--addr") {
		t.Errorf("status %d: %q", o.status, o.err)
	}
}

// TestACorruptStoreIsFound: a file that was damaged anywhere is refused or found by verify, before anything wrong is
// served; the message names the latest backup, and that restores.
func TestACorruptStoreIsFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	done(t, "--data", dir, "import", "intentions", written(t, "good.jsonl", intentionLine("")+intentionLine(`"ref":"r2","title":"Library system"`)))
	backup := filepath.Join(t.TempDir(), "good.backup")
	done(t, "--data", dir, "backup", backup)
	want := done(t, "--data", dir, "export", "intentions")
	path := filepath.Join(dir, storeFile)
	whole := read(t, path)
	damage := func(name string, fn func([]byte) []byte) {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, fn([]byte(whole)), 0o600); err != nil {
				t.Fatal(err)
			}
			o := jointly(t, "--data", dir, "verify")
			if o.status != statusFailed || !strings.Contains(o.err, "damaged") && !strings.Contains(o.err, "problem") || !strings.Contains(o.err, backup) {
				t.Errorf("verify: status %d: %s%s", o.status, clip(o.err), clip(o.out))
			}
			o = jointly(t, "--data", dir, "export", "intentions")
			if o.status == statusDone && o.out != want || o.status != statusDone && o.out != "" {
				t.Errorf("a damaged catalogue is exported: status %d: %s", o.status, clip(o.out))
			}
		})
	}
	damage("cut off", func(b []byte) []byte { return b[:3*os.Getpagesize()] })
	damage("not a store", func([]byte) []byte { return []byte("hello") })
	damage("zeroed pages", func(b []byte) []byte {
		clear(b[2*os.Getpagesize():])
		return b
	})
	for _, word := range []string{"Library system", "Parking permits"} {
		damage("a flipped bit in "+word, func(b []byte) []byte {
			at := strings.Index(whole, word)
			if at < 0 {
				t.Fatalf("the store does not hold %q as text", word)
			}
			for ; at >= 0 && at < len(b); at++ { // in every copy, live or not
				next := strings.Index(whole[at:], word)
				if next < 0 {
					break
				}
				at += next
				b[at] ^= 1
			}
			return b
		})
	}
	fresh := t.TempDir()
	done(t, "--data", fresh, "restore", backup)
	if got := done(t, "--data", fresh, "export", "intentions"); got != want {
		t.Errorf("the restored catalogue exports %s, want %s", clip(got), clip(want))
	}
}

func TestAStoppedCommandSaysSo(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	if status := report(&text, fmt.Errorf("import: %w", context.Canceled)); status != statusFailed || !strings.Contains(text.String(), "stopped") {
		t.Errorf("status %d: %q", status, text.String())
	}
	if status := report(&text, errors.Join(errRefused)); status != statusRefused {
		t.Errorf("what was refused ends with %d", status)
	}
}
