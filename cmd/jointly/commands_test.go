//go:build unix

package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/alecthomas/kong"
)

// commandLine is a line of the table of commands.
type commandLine struct {
	name, runs    string
	beside        int
	served, alone int // of another person: -1 is not asked
	args          []string
}

func readCommands(t *testing.T) (lines []commandLine) {
	t.Helper()
	text, err := os.ReadFile("testdata/commands.txt")
	if err != nil {
		t.Fatal(err)
	}
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil && text != "-" {
			t.Fatal(err)
		} else if err != nil {
			return -1
		}
		return n
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(strings.TrimSpace(line), " | ")
		if len(parts) != 5 {
			t.Fatalf("the line %q has not 5 parts", line)
		}
		others := strings.Fields(parts[3])
		lines = append(lines, commandLine{parts[0], parts[1], number(parts[2]), number(others[0]), number(others[1]), strings.Fields(parts[4])})
	}
	return lines
}

// TestWhoRunsWhichCommand walks the whole tree of commands: each beside the service of its folder, and as another person of the
// machine, beside it and without it.
func TestWhoRunsWhichCommand(t *testing.T) {
	t.Parallel()
	leaves := map[string]*kong.Node{}
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range parser.Model.Leaves(true) {
		leaves[strings.TrimPrefix(leaf.Path(), "jointly ")] = leaf
	}
	base := open(t)
	dir := filepath.Join(base, "data")
	names := map[string]string{"empty": filepath.Join(base, "empty.jsonl"), "one": filepath.Join(base, "one.jsonl"), "data": dir}
	for name, text := range map[string]string{"empty": "", "one": intentionLine("")} {
		if err := os.WriteFile(names[name], []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	done(t, "--data", dir, "import", "intentions", names["one"])
	lines, answers, refusals := readCommands(t), 0, 0
	called := func(c commandLine) []string {
		names["new"] = filepath.Join(base, fmt.Sprintf("new-%d", answers))
		args := []string{"--data", dir}
		for _, arg := range c.args {
			for name, value := range names {
				arg = strings.ReplaceAll(arg, "{"+name+"}", value)
			}
			args = append(args, arg)
		}
		return args
	}
	stranger := strangers(t)
	others := func(when string, want func(commandLine) int) {
		if stranger == nil {
			return
		}
		for _, c := range lines {
			if want(c) < 0 {
				continue
			}
			answers++
			o := stranger(called(c)...)
			if o.status != want(c) {
				t.Errorf("%s, %s, ends with %d for another person, the table says %d: %s%s", c.name, when, o.status, want(c), clip(o.out), clip(o.err))
			}
			if strings.Contains(o.out, "E08000025") || strings.Contains(o.out, "revenues") {
				t.Errorf("%s, %s, shows another person %s", c.name, when, clip(o.out))
			}
			if o.status != statusDone {
				refusals++
			}
		}
	}
	before := digest(t, dir)
	others("without a service", func(c commandLine) int { return c.alone })
	if digest(t, dir) != before {
		t.Error("another person has changed the folder")
	}
	s := startService(t, dir)
	others("beside the service", func(c commandLine) int { return c.served })
	for _, c := range lines {
		leaf := leaves[c.name]
		if leaf == nil {
			t.Errorf("there is no command %q", c.name)
			continue
		}
		delete(leaves, c.name)
		_, owns := leaf.Target.Addr().Interface().(interface{ ownsFolder() })
		if (c.runs == "service") == owns {
			t.Errorf("%s runs in the service: %v, the table says %s", c.name, !owns, c.runs)
		}
		answers++
		if o := jointly(t, called(c)...); o.status != c.beside {
			t.Errorf("%s ends beside the service with %d, the table says %d: %s%s", c.name, o.status, c.beside, clip(o.out), clip(o.err))
		}
	}
	for name := range leaves {
		t.Errorf("no line of the table is about %q", name)
	}
	s.stop()
	t.Logf("commands: %d commands, %d answers, %d of other people refused", len(lines), answers, refusals)
}

// strangers runs a command line as somebody else of this machine; nil where only root could.
func strangers(t *testing.T) func(args ...string) outcome {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Log("only root can be somebody else: other people are not asked")
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(open(t), "jointly.test") // that of `go test` lies in a folder that is closed to others
	copied(t, self, program)
	return func(args ...string) outcome {
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Dir, cmd.Env = "/", append(os.Environ(), programVariable+"=1")
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		var out, diagnostics bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &diagnostics
		var exit *exec.ExitError
		if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		noTrace(t, out.String()+diagnostics.String())
		return outcome{cmd.ProcessState.ExitCode(), out.String(), diagnostics.String()}
	}
}

// open is a folder that everybody may read: what protects what a test makes in it is what the program does.
func open(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "commands")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // what is left is the system's to clear
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func copied(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = io.Copy(out, in); err == nil {
		err = out.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// digest is what a folder holds, in short.
func digest(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		fmt.Fprintf(h, "%s %x\n", path, sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
