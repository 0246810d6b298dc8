package main

// Serving a folder, and every other command beside it.

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jointly/catalogue"
)

// fetch gets a page of a running service.
func fetch(t testing.TB, address string) (status int, body string) {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// TestCommandsAreTheSameBesideTheService: what they print, how they end and what they do does not depend on whether a
// service holds the folder.
func TestCommandsAreTheSameBesideTheService(t *testing.T) {
	t.Parallel()
	dir := factsFolder(t)
	// A viewer gets no mail of the week, which a service would note beside the commands.
	done(t, "--data", dir, "account", "add", "--email", "a.lead@example.com", "--role", "viewer", "--council", "E08000025")
	// The week's demand figures are released once, by the first service of the week.
	first := startService(t, dir)
	eventually(t, 30*time.Second, "the week's release", func() bool {
		status, _ := fetch(t, first.address+"/demand/releases/1")
		return status == http.StatusOK
	})
	first.stop()
	same := written(t, "same.jsonl", done(t, "--data", dir, "export", "intentions"))
	bad := written(t, "bad.jsonl", intentionLine(`"council":"X1"`))
	backup := filepath.Join(t.TempDir(), "b.backup")
	commands := [][]string{
		{"verify"},
		{"export", "platforms"}, {"export", "contracts", "--format", "csv"}, {"export", "intentions", "--format", "json"}, {"export", "groups"},
		{"match"}, {"match", "--format", "json"},
		{"search", "revenues and benefits"}, {"search", "library", "--format", "json", "--audience", "public", "--kind", "contract"},
		{"search", "x", "--limit", "0"}, {"search", "--frobnicate"},
		{"account", "list"}, {"account", "disable", "nobody@example.com"},
		{"import", "intentions", same}, {"import", "intentions", same, "--dry-run", "--format", "json"}, {"import", "intentions", bad},
		{"import", "public-facts", "--dry-run"},
		{"backup", backup}, {"verify", "--against", backup},
		{"--as-of", "2035-01-01", "match"}, {"--as-of", "2035-01-01", "search", "permits", "--kind", "intention"},
		{"--as-of", "1 May", "match"},
		{"restore", backup},
		{"reindex"}, {"search", "permits"},
	}
	alone := make([]outcome, len(commands))
	for i, c := range commands {
		alone[i] = jointly(t, append([]string{"--data", dir}, c...)...)
	}
	startService(t, dir)
	for i, c := range commands {
		if got := jointly(t, append([]string{"--data", dir}, c...)...); got.status != alone[i].status || got.out != alone[i].out || got.err != alone[i].err {
			t.Errorf("%s: beside a service:\n%d %s%s\nalone:\n%d %s%s", strings.Join(c, " "),
				got.status, clip(got.out), clip(got.err), alone[i].status, clip(alone[i].out), clip(alone[i].err))
		}
	}
	// And what they write is there at once.
	done(t, "--data", dir, "import", "intentions", written(t, "new.jsonl", intentionLine(`"ref":"new","title":"Zeppelin mooring software"`)))
	if out := done(t, "--data", dir, "search", "zeppelin"); !strings.Contains(out, "Zeppelin mooring") {
		t.Errorf("just imported, not found: %s", out)
	}
	if out := done(t, "--data", dir, "account", "add", "--email", "b@example.com", "--role", "operator"); !strings.Contains(out, "operator of the service") {
		t.Errorf("account add: %s", out)
	}
	if out := done(t, "--data", dir, "account", "disable", "B@example.com"); !strings.Contains(out, "disabled") {
		t.Errorf("account disable: %s", out)
	}
}

// TestCommandsMeanWhatTheyMeanWhereTheyAreGiven: the service's working directory and environment are not theirs.
func TestCommandsMeanWhatTheyMeanWhereTheyAreGiven(t *testing.T) {
	t.Parallel()
	dir, folder := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "in.jsonl"), []byte(intentionLine("")), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := startProcess(t, t.TempDir(), "--data", dir, "--as-of", "2035-01-01")
	for _, args := range [][]string{
		{"import", "intentions", "in.jsonl"}, {"export", "intentions", "--out", "out.jsonl"}, {"backup", "b.backup"}, {"verify", "--against", "b.backup"},
	} {
		if o := elsewhere(t, folder, nil, append([]string{"--data", dir}, args...)...); o.status != statusDone {
			t.Errorf("%s: status %d: %s", args, o.status, o.err)
		}
	}
	for _, name := range []string{"out.jsonl", "b.backup"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	find := func(env []string, args ...string) string {
		o := elsewhere(t, folder, env, append([]string{"--data", dir}, append(args, "search", "permits", "--kind", "intention")...)...)
		return strings.SplitN(o.out, "\n", 2)[0] + o.err
	}
	for _, c := range []struct {
		env, args []string
		want      string
	}{
		{nil, nil, "1 result"}, // today, whatever the service takes as today
		{nil, []string{"--as-of", "2034-01-01"}, "0 results"},
		{[]string{"JOINTLY_AS_OF=2034-01-01"}, nil, "0 results"},
		{[]string{"JOINTLY_AS_OF=2034-01-01"}, []string{"--as-of", "2027-01-01"}, "1 result"},
		{[]string{"JOINTLY_STORE=bolt://" + filepath.Join(dir, storeFile)}, nil, "1 result"},
	} {
		if got := find(c.env, c.args...); got != c.want {
			t.Errorf("with %v %v: %q, want %q", c.env, c.args, got, c.want)
		}
	}
	other := []string{"JOINTLY_STORE=bolt://" + filepath.Join(t.TempDir(), "other.db")}
	if o := elsewhere(t, folder, other, "--data", dir, "verify"); !strings.HasPrefix(o.out, "Whole: 0 records") {
		t.Errorf("another store beside the service: %s%s", o.out, o.err)
	}
	if s.stop() != statusDone {
		t.Errorf("interrupted, it ends badly: %s", s.log)
	}
}

func TestASecondServiceSaysWhoHoldsTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startService(t, dir)
	for _, addr := range []string{"127.0.0.1:0", strings.TrimPrefix(s.address, "http://")} {
		o := jointly(t, "--data", dir, "serve", "--addr", addr)
		if o.status != statusFailed || !strings.Contains(o.err, fmt.Sprintf("process %d", os.Getpid())) || !strings.Contains(o.err, s.address) || !strings.Contains(o.err, dir) {
			t.Errorf("status %d: %q, want who serves %s and where", o.status, o.err, dir)
		}
	}
	if status, body := fetch(t, s.address+"/healthz"); status != http.StatusOK {
		t.Errorf("the first no longer serves: %d %s", status, body)
	}
}

// TestWhatAKilledServiceLeaves: its socket and its note stand in nobody's way, and accuse nobody.
func TestWhatAKilledServiceLeaves(t *testing.T) {
	t.Parallel()
	dir := stock(t).dir
	s, cmd := startProcess(t, t.TempDir(), "--data", dir)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	s.stop()
	for _, name := range []string{socketFile, servingFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Fatalf("the killed service left nothing behind: %v", err)
		}
	}
	done(t, "--data", dir, "verify")
	a, err := opened(t.Context(), Globals{Data: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if o := jointly(t, "--data", dir, "verify"); o.status != statusFailed || !strings.Contains(o.err, "another command") {
		t.Errorf("while a command holds the folder: status %d: %s", o.status, o.err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	again := startService(t, dir)
	if out := done(t, "--data", dir, "verify"); !strings.HasPrefix(out, "Whole") {
		t.Errorf("beside the next: %s", out)
	}
	again.stop()
	for _, name := range []string{socketFile, servingFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("a service that ended in peace leaves %s", name)
		}
	}
}

// TestLongPaths: the system takes a path to a socket up to about 100 bytes only.
func TestLongPaths(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("long-", 20), strings.Repeat("path-", 20))
	startService(t, dir)
	done(t, "--data", dir, "import", "intentions", written(t, "in.jsonl", intentionLine("")))
	if out := done(t, "--data", dir, "export", "intentions"); strings.Count(out, "\n") != 1 {
		t.Errorf("beside a service in a long path: %s", out)
	}
}

func TestFilesAreNotForOthers(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	startService(t, dir)
	done(t, "--data", dir, "backup", filepath.Join(dir, "backup"))
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		if within, err := filepath.Rel(dir, path); err != nil || strings.HasPrefix(within, "index/") {
			return err // below a folder that is closed to others
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %s", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, socketFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v %v", info, err)
	}
}

// TestWhoAsksAndGoesIsNotWaitedFor: a command ends when whoever asked for it is gone, or when the service stops.
func TestWhoAsksAndGoesIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	dir := factsFolder(t)
	a, err := opened(t.Context(), Globals{Data: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	pair := func(name string) (theirs, ours net.Conn) {
		l, err := net.Listen("unix", filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		theirs, err = net.Dial("unix", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if ours, err = l.Accept(); err != nil {
			t.Fatal(err)
		}
		return theirs, ours
	}
	ended := func(name string, answering <-chan struct{}) {
		t.Helper()
		select {
		case <-answering:
		case <-time.After(tellWithin + 3*time.Second):
			t.Errorf("%s is waited for", name)
		}
	}
	begin := func(ctx context.Context, ours net.Conn) <-chan struct{} {
		answering := make(chan struct{})
		go func() {
			a.answer(ctx, ours)
			close(answering)
		}()
		return answering
	}
	ask := func(theirs net.Conn) {
		t.Helper()
		if err := json.NewEncoder(theirs).Encode(request{Args: []string{"export", "platforms"}}); err != nil {
			t.Fatal(err)
		}
		// The first bytes have come: the rest is more than the connection holds.
		if _, err := io.ReadFull(theirs, make([]byte, 5)); err != nil {
			t.Fatal(err)
		}
	}

	theirs, ours := pair("gone")
	answering := begin(t.Context(), ours)
	ask(theirs)
	theirs.Close()
	ended("who asked and went", answering)

	ctx, stop := context.WithCancel(t.Context())
	theirs, ours = pair("asleep")
	defer theirs.Close()
	answering = begin(ctx, ours)
	ask(theirs)
	silent, ours := pair("silent")
	defer silent.Close()
	neverAsked := begin(ctx, ours)
	stop()
	ended("who does not read", answering)
	ended("who never asked", neverAsked)
}

// TestABackupUnderLoadIsWhole: while others write, a backup is of one moment and holds all that was acknowledged before.
func TestABackupUnderLoadIsWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	startService(t, dir)
	var mu sync.Mutex
	var acknowledged []string
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	folder := t.TempDir()
	for w := range 3 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				ref := fmt.Sprintf("w%d-%d", w, n)
				file := filepath.Join(folder, ref)
				if err := os.WriteFile(file, []byte(intentionLine(fmt.Sprintf(`"ref":%q,"council":"E0800000%d"`, ref, w+1))), 0o600); err != nil {
					t.Error(err)
					return
				}
				if o := jointly(t, "--data", dir, "import", "intentions", file); o.status != statusDone {
					t.Errorf("a write beside a backup: %s%s", o.out, o.err)
					return
				}
				mu.Lock()
				acknowledged = append(acknowledged, ref)
				mu.Unlock()
			}
		})
	}
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(acknowledged)
	}
	for range 3 {
		before := count()
		eventually(t, 30*time.Second, "writes go on", func() bool { return count() >= before+10 })
		mu.Lock()
		held := slices.Clone(acknowledged)
		mu.Unlock()
		backup := filepath.Join(t.TempDir(), "b.backup")
		done(t, "--data", dir, "backup", backup)
		fresh := t.TempDir()
		done(t, "--data", fresh, "restore", backup) // which verifies
		exported := done(t, "--data", fresh, "export", "intentions")
		for _, ref := range held {
			if !strings.Contains(exported, `"ref":"`+ref+`"`) {
				t.Errorf("%s was acknowledged before the backup and is not in it", ref)
			}
		}
		done(t, "--data", dir, "verify", "--against", backup)
	}
	stop()
	writers.Wait()
	if got := strings.Count(done(t, "--data", dir, "export", "intentions"), "\n"); got != count() {
		t.Errorf("%d records of %d acknowledged writes", got, count())
	}
	t.Logf("fault: backup under load | %d writes went on meanwhile | each backup restores and verifies, with all acknowledged before it", count())
}

// ours lists the running goroutines of this program, apart from tests.
func ours() (stacks []string) {
	b := make([]byte, 4<<20)
	for _, stack := range strings.Split(string(b[:runtime.Stack(b, true)]), "\n\n") {
		if strings.Contains(stack, "jointly/") && !strings.Contains(stack, "testing.") || strings.Contains(stack, "bleve") {
			stacks = append(stacks, stack)
		}
	}
	return stacks
}

// TestStoppingLeavesNothingBehind is not parallel: it looks at all goroutines of the process.
func TestStoppingLeavesNothingBehind(t *testing.T) {
	before := len(ours())
	dir := stock(t).dir
	s := startService(t, dir)
	kept := &http.Client{} // keeps its connection open
	r, err := kept.Get(s.address + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil || r.StatusCode != http.StatusOK {
		t.Errorf("readyz: %s %v", r.Status, err)
	}
	r.Body.Close()
	silent, err := net.Dial("unix", filepath.Join(dir, socketFile))
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	began := time.Now()
	if status := s.stop(); status != statusDone {
		t.Errorf("status %d: %s", status, s.log)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("stopping took %s", took)
	}
	kept.CloseIdleConnections()
	left := ours()
	for deadline := time.Now().Add(5 * time.Second); len(left) > before && time.Now().Before(deadline); left = ours() {
		runtime.Gosched()
	}
	if len(left) > before {
		t.Errorf("%d goroutines were left behind, such as:\n%s", len(left)-before, left[0])
	}
}

func TestTheAPISearchesAsTheCommandDoes(t *testing.T) {
	t.Parallel()
	dir := factsFolder(t)
	s := startService(t, dir)
	for _, query := range []string{"revenues", "parking permits", "housing OR library", ""} {
		r, err := http.NewRequest(http.MethodGet, s.address+"/api/v1/search", nil)
		if err != nil {
			t.Fatal(err)
		}
		q := r.URL.Query()
		q.Set("q", query)
		r.URL.RawQuery = q.Encode()
		status, body := fetch(t, r.URL.String())
		want := done(t, "--data", dir, "search", query, "--audience", "public", "--format", "json")
		if status != http.StatusOK || fmt.Sprint(parsed[answer](t, body)) != fmt.Sprint(parsed[answer](t, want)) {
			t.Errorf("%q: %d %s\nthe command: %s", query, status, clip(body), clip(want))
		}
	}
}

func TestTheDemonstrationIsForThisMachineOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", "[::]:0", ":0", "192.0.2.1:8080", "jointly.example:80"} {
		o := jointly(t, "--data", t.TempDir(), "serve", "--demo", "--addr", addr)
		if o.status != statusUsage || !strings.Contains(o.err, "127.0.0.1") {
			t.Errorf("--addr %s: status %d: %s", addr, o.status, o.err)
		}
	}
}

// TestASecondDemonstrationKeepsWhatPeopleDid: starting again adds nothing and takes nothing back.
func TestASecondDemonstrationKeepsWhatPeopleDid(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	startService(t, dir, "--demo").stop()
	intentions := strings.SplitAfter(done(t, "--data", dir, "export", "intentions"), "\n")
	contracts := strings.SplitAfter(done(t, "--data", dir, "export", "contracts"), "\n")
	edit := func(line, title string) string {
		i := strings.Index(line, `"title":"`) + len(`"title":"`)
		return line[:i] + title + " " + line[i:]
	}
	done(t, "--data", dir, "import", "intentions", written(t, "i.jsonl", edit(intentions[0], "Changed")))
	done(t, "--data", dir, "import", "contracts", written(t, "c.jsonl", edit(contracts[0], "Changed")))
	people := strings.Split(done(t, "--data", dir, "account", "list"), "\n")
	email, _, _ := strings.Cut(people[0], "\t")
	done(t, "--data", dir, "account", "disable", email)
	state := func() string {
		return done(t, "--data", dir, "verify") + done(t, "--data", dir, "account", "list") + done(t, "--data", dir, "export", "intentions") + done(t, "--data", dir, "export", "contracts")
	}
	before := state()
	startService(t, dir, "--demo").stop()
	if diff := firstDifference(before, state()); diff != "" {
		t.Errorf("the second start changed something: %s", diff)
	}
}

// TestADemonstrationThatWasInterruptedIsCompleted: killed between its imports, the next start brings the rest.
func TestADemonstrationThatWasInterruptedIsCompleted(t *testing.T) {
	t.Parallel()
	dir, whole := t.TempDir(), t.TempDir()
	a, err := opened(t.Context(), Globals{Data: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	councils, _, err := a.demonstration()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.importFacts(t.Context(), false, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := a.importAll(t.Context(), councils, catalogue.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	startService(t, dir, "--demo").stop()
	startService(t, whole, "--demo").stop()
	for _, kind := range []string{"intentions", "contracts", "platforms", "groups"} {
		if diff := firstDifference(done(t, "--data", whole, "export", kind), done(t, "--data", dir, "export", kind)); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
	}
}

// TestWhatFailsIsBegunAgain: work in the background that fails is told of and tried again, and ends with the service.
func TestWhatFailsIsBegunAgain(t *testing.T) {
	t.Parallel()
	log := newLines()
	a := &app{log: logger(Globals{}, streams{err: log}, slog.LevelInfo)}
	ctx, cancel := context.WithCancel(t.Context())
	tries := 0
	a.keepOn(ctx, "the work stands still", func(ctx context.Context) error {
		if tries++; tries == 1 {
			return io.ErrUnexpectedEOF
		}
		cancel()
		return ctx.Err()
	})
	if tries != 2 || !strings.Contains(log.String(), "the work stands still") || !strings.Contains(log.String(), io.ErrUnexpectedEOF.Error()) {
		t.Errorf("%d tries, log %q", tries, log)
	}
}
