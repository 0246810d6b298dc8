package main

// What the tests of this package share: to run the program in this process or as one of its own, to serve a folder,
// and to wait for what must come true.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jointly/catalogue/kv/etcd/etcdtest"
)

// programVariable makes the test binary the program itself: for what needs a process, a working directory or an
// environment of its own.
const programVariable = "JOINTLY_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		if err := writeUntilKilled(dir, os.Getenv(childMode)); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	if os.Getenv(fillVariable) != "" {
		os.Exit(fillAsked())
	}
	if os.Getenv(providerVariable) != "" {
		os.Stderr.WriteString(provide().Error() + "\n")
		os.Exit(1)
	}
	if os.Getenv(programVariable) != "" {
		main()
	}
	for _, variable := range os.Environ() { // what this machine sets for the program must not reach its tests
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "JOINTLY_") && !slices.Contains([]string{requireBrowser, tortureVariable, insideVariable, documentsVariable, etcdtest.Require}, name) {
			os.Unsetenv(name)
		}
	}
	status := m.Run()
	os.Exit(status)
}

// outcome is how a command ended and what it printed.
type outcome struct {
	status   int
	out, err string
}

// jointly runs a command line in this process. Whatever happens, nobody is shown a stack trace.
func jointly(t testing.TB, args ...string) outcome {
	t.Helper()
	var out, diagnostics bytes.Buffer
	status := run(t.Context(), args, streams{strings.NewReader(""), &out, &diagnostics})
	o := outcome{status, out.String(), diagnostics.String()}
	noTrace(t, o.out+o.err)
	return o
}

func noTrace(t testing.TB, text string) {
	t.Helper()
	for _, sign := range []string{"goroutine ", "panic", "runtime error", ".go:"} {
		if strings.Contains(text, sign) {
			t.Errorf("a person is shown %q: %s", sign, clip(text))
		}
	}
}

// done runs a command line that must succeed and returns what it printed.
func done(t testing.TB, args ...string) string {
	t.Helper()
	o := jointly(t, args...)
	if o.status != statusDone {
		t.Fatalf("jointly %s: status %d: %s%s", strings.Join(args, " "), o.status, clip(o.err), clip(o.out))
	}
	return o.out
}

func clip(s string) string {
	if len(s) > 2000 {
		return s[:2000] + "…"
	}
	return s
}

// program is the test binary as the program, ready to be started.
func program(t testing.TB, folder string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), programVariable+"=1")
	return cmd
}

// elsewhere runs a command line as a process of its own, in a folder, with more environment.
func elsewhere(t testing.TB, folder string, env []string, args ...string) outcome {
	t.Helper()
	cmd := program(t, folder, args...)
	cmd.Env = slices.DeleteFunc(cmd.Env, func(v string) bool { // what is set for the tests is not for the program
		return strings.HasPrefix(v, "JOINTLY_") && !strings.HasPrefix(v, programVariable)
	})
	cmd.Env = append(cmd.Env, env...)
	var out, diagnostics bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diagnostics
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	o := outcome{cmd.ProcessState.ExitCode(), out.String(), diagnostics.String()}
	noTrace(t, o.out+o.err)
	return o
}

// service is a running `jointly serve`.
type service struct {
	address string // http://127.0.0.1:PORT
	log     *lines
	stop    func() int // ends it and gives its exit status; again: the same
}

// startService serves a data folder in this process until the test ends.
func startService(t testing.TB, dir string, args ...string) *service {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &service{log: newLines()}
	out := newLines()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"--data", dir, "serve", "--addr", "127.0.0.1:0"}, args...), streams{strings.NewReader(""), out, s.log})
	}()
	s.stop = sync.OnceValue(func() int {
		cancel()
		select {
		case status := <-ended:
			return status
		case <-time.After(20 * time.Second):
			t.Error("serve does not stop")
			return -1
		}
	})
	t.Cleanup(func() {
		if status := s.stop(); status != statusDone {
			t.Errorf("serve ended with %d: %s", status, clip(s.log.String()))
		}
		noTrace(t, s.log.String())
	})
	select {
	case status := <-ended:
		ended <- status
		t.Fatalf("serve ended with %d: %s", status, clip(s.log.String()))
	case s.address = <-out.address:
	case <-time.After(time.Minute):
		t.Fatalf("serve does not begin: %s", clip(s.log.String()))
	}
	return s
}

// startProcess serves a data folder as a process of its own, until it is killed or the test ends.
func startProcess(t testing.TB, folder string, args ...string) (*service, *exec.Cmd) {
	t.Helper()
	return started(t, program(t, folder, append(args, "serve", "--addr", "127.0.0.1:0")...))
}

// started starts a program that serves, and waits for its address.
func started(t testing.TB, cmd *exec.Cmd) (*service, *exec.Cmd) {
	t.Helper()
	s, out := &service{log: newLines()}, newLines()
	cmd.Stdout, cmd.Stderr = out, s.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.stop = sync.OnceValue(func() int {
		_ = cmd.Process.Signal(os.Interrupt) // it may be dead already
		_ = cmd.Wait()
		return cmd.ProcessState.ExitCode()
	})
	t.Cleanup(func() { s.stop() })
	select {
	case s.address = <-out.address:
	case <-time.After(time.Minute):
		t.Fatalf("serve does not begin: %s", clip(s.log.String()))
	}
	return s, cmd
}

// lines collects what a running program prints, and tells the address that it prints first.
type lines struct {
	mu      sync.Mutex
	text    strings.Builder
	address chan string
}

func newLines() *lines { return &lines{address: make(chan string, 1)} }

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	if _, rest, ok := strings.Cut(l.text.String(), "Jointly is at "); ok {
		if address, _, ok := strings.Cut(rest, "\n"); ok {
			select {
			case l.address <- address:
			default:
			}
		}
	}
	return len(p), nil
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// eventually waits until something is true.
func eventually(t testing.TB, within time.Duration, what string, is func() bool) {
	t.Helper()
	deadline := time.After(within)
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !is() {
		select {
		case <-deadline:
			t.Fatalf("after %s still not: %s", within, what)
		case <-again.C:
		}
	}
}

// shared is a reference document that lies beside the checkout; the test is skipped where it does not.
func shared(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("skipped: %s is not beside the checkout", name)
	}
	return path
}

// written writes a file of the test's own and returns its path.
func written(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// parsed reads JSON that a command printed.
func parsed[T any](t testing.TB, text string) T {
	t.Helper()
	var v T
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(&v); err != nil {
		t.Fatalf("not the JSON that was promised: %v: %s", err, clip(text))
	}
	if _, err := d.Token(); err != io.EOF {
		t.Fatalf("more than one JSON value: %s", clip(text))
	}
	return v
}
