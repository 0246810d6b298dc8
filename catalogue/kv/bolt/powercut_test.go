package bolt_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
)

// A power cut loses what was written and not yet synced: any part of it, in any order, down to sectors of 512 bytes. The
// tests run a writer under strace, which records what it writes to the file and when a sync has returned, and then make
// files as a cut at any moment could have left them.

const (
	powerFile = "JOINTLY_TEST_POWER_FILE" // with this set the test binary is the writer
	powerSync = "JOINTLY_TEST_POWER_SYNC" // off for the control
	powerRuns = 60                        // updates of one writer
	sector    = 512
)

// TestPowerCutWriter is no test: it is what the others record. It counts up in a row and says each number that was
// acknowledged.
func TestPowerCutWriter(t *testing.T) {
	path := os.Getenv(powerFile)
	if path == "" {
		t.Skip("run by the tests of power cuts")
	}
	store, err := bolt.Open(path, bolt.Options{})
	must(t, err)
	if os.Getenv(powerSync) == "off" {
		bolt.WithoutSync(store)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for n := uint64(1); n <= powerRuns; n++ {
		must(t, store.Update(t.Context(), func(tx kv.Tx) error {
			if err := tx.Put([]byte("count"), binary.BigEndian.AppendUint64(nil, n)); err != nil {
				return err
			}
			return tx.Put(kv.NewKey("row").Uint(n), make([]byte, random.IntN(20_000)))
		}))
		fmt.Fprintf(os.Stderr, "acked %d\n", n)
	}
}

// powerEvent is one thing that the writer did, in order.
type powerEvent struct {
	kind string // write, size, synced, acked
	at   int64  // offset of a write; the new size; the number acknowledged
	data []byte
}

// recordWriter runs the writer and returns what it did to its file.
func recordWriter(t *testing.T, sync string) []powerEvent {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed: power cuts are not tried")
	}
	dir := t.TempDir()
	path, log := filepath.Join(dir, "store.db"), filepath.Join(dir, "log")
	cmd := exec.Command(strace, "-f", "-qq", "-xx", "-y", "-s", "1000000", "-e", "signal=none", "-e", "trace=pwrite64,fdatasync,fsync,ftruncate,write", "-o", log,
		os.Args[0], "-test.run=^TestPowerCutWriter$", "-test.count=1")
	cmd.Env = append(os.Environ(), powerFile+"="+path, powerSync+"="+sync)
	if out, err := cmd.CombinedOutput(); err != nil {
		if bytes.Contains(out, []byte("ptrace")) || bytes.Contains(out, []byte("not permitted")) {
			t.Skipf("this machine lets nobody trace: power cuts are not tried: %s", out)
		}
		t.Fatalf("the writer: %v\n%s", err, out)
	}
	return readTrace(t, log, path)
}

// readTrace reads what strace wrote down: '12 pwrite64(7</a/store.db>, "\x00...", 4096, 8192) = 4096'. A call that
// another thread's came between has a line for its beginning and one for its end.
func readTrace(t *testing.T, log, path string) []powerEvent {
	t.Helper()
	file, err := os.Open(log)
	must(t, err)
	defer file.Close()
	var (
		events []powerEvent
		call   = regexp.MustCompile(`^(\d+) +(\w+)\((\d+)<([^>]*)>(.*)$`)
		end    = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>.* = (-?\d+)`)
		// The file is locked, so that one thread at a time syncs it; its call may end on a later line.
		syncing = map[string]bool{}
	)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		line := lines.Text()
		if m := end.FindStringSubmatch(line); m != nil {
			if strings.HasSuffix(m[2], "sync") && syncing[m[1]] && m[3] == "0" {
				events = append(events, powerEvent{kind: "synced"})
				delete(syncing, m[1])
			}
			continue
		}
		m := call.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		ofFile := unescape(t, m[4]) == path
		args := strings.TrimPrefix(m[5], ", ")
		switch {
		case m[2] == "write" && m[3] == "2":
			var n int64
			if _, err := fmt.Sscanf(unescape(t, quotedIn(args)), "acked %d", &n); err == nil {
				events = append(events, powerEvent{kind: "acked", at: n})
			}
		case !ofFile:
		case m[2] == "pwrite64":
			data := unescape(t, quotedIn(args))
			rest := strings.Split(args[strings.LastIndex(args, `"`)+1:], ",")
			at, err := strconv.ParseInt(strings.Trim(strings.Fields(strings.TrimSpace(rest[2]))[0], ")"), 10, 64)
			must(t, err)
			events = append(events, powerEvent{kind: "write", at: at, data: []byte(data)})
		case m[2] == "ftruncate":
			size, err := strconv.ParseInt(strings.FieldsFunc(args, func(r rune) bool { return r < '0' || r > '9' })[0], 10, 64)
			must(t, err)
			events = append(events, powerEvent{kind: "size", at: size})
		case strings.HasSuffix(m[2], "sync"):
			if strings.Contains(line, "unfinished") {
				syncing[m[1]] = true
			} else if strings.HasSuffix(line, "= 0") {
				events = append(events, powerEvent{kind: "synced"})
			}
		}
	}
	must(t, lines.Err())
	return events
}

// quotedIn is what stands between the first and the last quotation mark.
func quotedIn(s string) string {
	from, to := strings.Index(s, `"`), strings.LastIndex(s, `"`)
	if from < 0 || to <= from {
		return ""
	}
	return s[from+1 : to]
}

// unescape reads strace's \x6a\x6f.
func unescape(t *testing.T, s string) string {
	t.Helper()
	if !strings.HasPrefix(s, `\x`) {
		return s
	}
	out := make([]byte, 0, len(s)/4)
	for i := 0; i+3 < len(s); i += 4 {
		b, err := strconv.ParseUint(s[i+2:i+4], 16, 8)
		must(t, err)
		out = append(out, byte(b))
	}
	return string(out)
}

// cut makes the file as a power cut after some events could have left it, and the last number acknowledged by then.
func cut(random *rand.Rand, events []powerEvent) (file []byte, acked uint64) {
	var open []powerEvent // written since the last sync
	set := func(e powerEvent) {
		if e.kind == "size" {
			file = sized(file, e.at)
			return
		}
		file = sized(file, max(int64(len(file)), e.at+int64(len(e.data))))
		copy(file[e.at:], e.data)
	}
	for _, e := range events {
		switch e.kind {
		case "write", "size":
			open = append(open, e)
		case "synced":
			for _, e := range open {
				set(e)
			}
			open = nil
		case "acked":
			acked = uint64(e.at)
		}
	}
	random.Shuffle(len(open), func(i, j int) { open[i], open[j] = open[j], open[i] })
	for _, e := range open {
		switch {
		case random.IntN(2) == 0: // lost
		case e.kind == "size" || random.IntN(3) > 0:
			set(e)
		default: // torn: some of its sectors
			for at := 0; at < len(e.data); at += sector {
				if random.IntN(2) == 0 {
					set(powerEvent{"write", e.at + int64(at), e.data[at:min(at+sector, len(e.data))]})
				}
			}
		}
	}
	return file, acked
}

// sized is a file's bytes made so many.
func sized(file []byte, size int64) []byte {
	if int64(len(file)) >= size {
		return file[:size]
	}
	return append(file, make([]byte, size-int64(len(file)))...)
}

// survives opens a file after a cut and says what is wrong with it: it must open, hold every number acknowledged, and be
// the state after one of the updates, whole.
func survives(t *testing.T, file []byte, acked uint64) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	must(t, os.WriteFile(path, file, 0o600))
	store, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		return err
	}
	defer func() { must(t, store.Close()) }()
	return store.View(t.Context(), func(tx kv.Tx) error {
		value, err := tx.Get([]byte("count"))
		if err != nil {
			return err
		}
		var count uint64
		if value != nil {
			count = binary.BigEndian.Uint64(value)
		}
		if count < acked {
			return fmt.Errorf("%d was acknowledged, the file has %d", acked, count)
		}
		rows := uint64(0)
		if err := tx.Scan(kv.NewKey("row"), nil, kv.MaxScan, func(_, _ []byte) error { rows++; return nil }); err != nil {
			return err
		}
		if rows != count {
			return fmt.Errorf("%d rows beside the number %d", rows, count)
		}
		return nil
	})
}

// powerCuts tries so many cuts and returns what went wrong, and how many of them lost something that was not yet synced.
func powerCuts(t *testing.T, events []powerEvent, images int) (wrong []error) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	begun := 0 // from where the file holds a store: before, Open had not returned and nothing was promised
	for i, e := range events {
		if e.kind == "acked" {
			begun = i
			break
		}
	}
	for range images {
		at := begun + random.IntN(len(events)-begun) + 1
		file, acked := cut(random, events[:at])
		if err := survives(t, file, acked); err != nil {
			wrong = append(wrong, err)
		}
	}
	return wrong
}

// TestPowerCutsLoseNothingAcknowledged tries 40 cuts, 400 in the long run.
func TestPowerCutsLoseNothingAcknowledged(t *testing.T) {
	images := 40
	if os.Getenv("JOINTLY_TORTURE") != "" {
		images = 400
	}
	events := recordWriter(t, "on")
	wrong := powerCuts(t, events, images)
	if len(wrong) > 0 {
		t.Errorf("%d of %d power cuts do harm: %v", len(wrong), images, errors.Join(wrong...))
	}
	t.Logf("fault: power cut | %d images of %d events | harm in %d", images, len(events), len(wrong))
}

// TestPowerCutsAreSeen is the control: without sync the same cuts lose what was acknowledged.
func TestPowerCutsAreSeen(t *testing.T) {
	wrong := powerCuts(t, recordWriter(t, "off"), 40)
	if len(wrong) == 0 {
		t.Error("without sync no cut does harm: this test cannot fail")
	}
	t.Logf("fault: power cut, control without sync | 40 images | harm in %d", len(wrong))
}
