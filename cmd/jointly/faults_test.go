package main

// Faults of the machine below the service. Each test logs a line that begins with 'fault:', so that a run of all of
// them prints the table.

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv/etcd/etcdtest"
)

// torture says that the long runs are asked for: make torture.
func torture() bool { return os.Getenv(tortureVariable) != "" }

const (
	tortureVariable = "JOINTLY_TORTURE"
	insideVariable  = etcdtest.InsideVariable // the test runs in a namespace of its own, where it may mount
)

// contractLines are contracts of a council as a file to import.
func contractLines(from, n int) string {
	var b strings.Builder
	for i := from; i < from+n; i++ {
		fmt.Fprintf(&b, `{"ref":"C-%05d","council":"E08000025","title":"Line of business system %d","description":%q,"start_date":"2024-04-01","end_date":"2029-03-31"}`+"\n",
			i, i, strings.Repeat("What it is for. ", 60))
	}
	return b.String()
}

// TestTheDiskFillsUp serves from a small disk that something else fills up: writes are answered with 503 and a page that
// says so and keeps what was typed in the browser, reads go on, and with room again writes go on without a restart. As
// long as it stays full they do not: that is the control.
func TestTheDiskFillsUp(t *testing.T) {
	if os.Getenv(insideVariable) == "" {
		inside(t)
		return
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) }()
	s := startService(t, dir, "--demo")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	send := func(path string, form url.Values) (status int, body string) {
		answer, err := client.PostForm(s.address+path, form)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") == "" {
			t.Error("503 does not say when to try again")
		}
		return answer.StatusCode, string(text)
	}
	_, page := fetch(t, s.address+"/sign-in")
	persona := regexp.MustCompile(`name="account" value="([^"]+)"`).FindStringSubmatch(page)
	if persona == nil {
		t.Fatal("no persona is offered")
	}
	if status, _ := send("/sign-in/persona", url.Values{"account": {persona[1]}}); status != http.StatusOK {
		t.Fatalf("signing in is answered with %d", status)
	}
	kept := 0
	write := func() int {
		status, body := send("/intentions/new", url.Values{"id": {catalogue.NewID()}, "title": {"Something that fills the disk"}, "description": {strings.Repeat("What it is to do. ", 500)}})
		switch {
		case status == http.StatusOK:
			kept++
		case !strings.Contains(body, "disk is full") || !strings.Contains(body, "What you typed is still in the form"):
			t.Errorf("a refusal does not say what to do: %s", clip(body))
		}
		return status
	}
	if status := write(); status != http.StatusOK {
		t.Fatalf("with room a write is answered with %d", status)
	}
	ballast := filepath.Join(dir, "ballast")
	fill := func() {
		file, err := os.OpenFile(ballast, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for err == nil {
			_, err = file.Write(make([]byte, 4096))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	fill()
	full := 0
	for range 40 { // what fits into pages that are free may still be written
		if write() == http.StatusServiceUnavailable {
			full++
		}
	}
	if full == 0 {
		t.Error("no write is answered with 503 on a full disk")
	}
	for _, path := range []string{"/", "/search?q=payments", "/councils/E08000025", "/healthz"} {
		if status, _ := fetch(t, s.address+path); status != http.StatusOK {
			t.Errorf("%s is answered with %d on a full disk", path, status)
		}
	}
	if write() != http.StatusServiceUnavailable {
		t.Error("the control writes to a disk that is still full")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if status := write(); status != http.StatusOK {
		t.Errorf("with room again a write is answered with %d", status)
	}
	if o := jointly(t, "--data", dir, "verify"); o.status != 0 {
		t.Errorf("afterwards the catalogue is not whole: %s", clip(o.err+o.out))
	}
	t.Logf("fault: disk full | %d of 40 writes refused with 503, reads went on | %d drafts acknowledged, writes again without a restart, verify passes", full, kept)
}

// inside runs this test again in namespaces of its own, where it may mount a disk.
func inside(t *testing.T) {
	t.Helper()
	unshare, err := exec.LookPath("unshare")
	if err != nil || exec.Command(unshare, "-rm", "true").Run() != nil {
		t.Skip("this machine gives no namespace of its own: the disk is not filled up")
	}
	cmd := exec.Command(unshare, "-rm", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), insideVariable+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if _, said, ok := strings.Cut(line, "fault:"); ok {
			t.Logf("fault: %s", strings.TrimSpace(said))
		}
	}
}

// TestAnImportWithThreeBadRowsWritesNothing brings in a register of 5,000 rows with three that are wrong.
func TestAnImportWithThreeBadRowsWritesNothing(t *testing.T) {
	dir := t.TempDir()
	register := func(bad bool) string {
		lines := strings.Split(strings.TrimSuffix(contractLines(1, 5000), "\n"), "\n")
		if bad {
			lines[99] = strings.Replace(lines[99], `"2029-03-31"`, `"31st of March"`, 1)
			lines[2499] = strings.Replace(lines[2499], "E08000025", "E99999999", 1)
			lines[4999] = strings.Replace(lines[4999], `"C-05000"`, `"C-00001"`, 1)
		}
		return written(t, "register.jsonl", strings.Join(lines, "\n")+"\n")
	}
	o := jointly(t, "--data", dir, "import", "contracts", register(true), "--format", "json")
	if o.status != statusRefused {
		t.Fatalf("status %d: %s", o.status, clip(o.err))
	}
	got := parsed[imported](t, o.out)
	var at []string
	for _, e := range got.Errors {
		at = append(at, fmt.Sprintf("%d %s", e.Row, e.Column))
	}
	if want := "100 end_date, 2500 council, 5000 ref"; strings.Join(at, ", ") != want {
		t.Errorf("errors at %s, want %s", strings.Join(at, ", "), want)
	}
	if n := contractsIn(t, dir); n != 0 {
		t.Errorf("%d contracts were written", n)
	}
	if o := jointly(t, "--data", dir, "import", "contracts", register(false)); o.status != 0 { // the control: mended, all come in
		t.Fatal(clip(o.err))
	}
	if n := contractsIn(t, dir); n != 5000 {
		t.Errorf("%d of 5,000 contracts were written", n)
	}
	t.Logf("fault: import with bad rows | 5,000 rows, 3 bad | written 0, each row and column listed; mended: 5,000")
}

// contractsIn counts the contracts of a folder.
func contractsIn(t *testing.T, dir string) int {
	t.Helper()
	return strings.Count(jointly(t, "--data", dir, "export", "contracts", "--format", "jsonl").out, "\n")
}
