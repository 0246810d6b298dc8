package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"slices"
)

// checkCommand looks at every setting that serve would run with, and at what they name, and says what to do.
type checkCommand struct {
	Service serveCommand `embed:""`
	Format  string       `help:"text or json." enum:"text,json" default:"text"`
	Print   string       `help:"Print a file that helps to run the service instead: alerts (rules for Prometheus), unit (for systemd) or container (a container file)." enum:",alerts,unit,container" default:"" placeholder:"FILE"`
}

// ownsFolder: it looks at the folder from outside, whether a service holds it or not.
func (*checkCommand) ownsFolder() {}

// Levels of a finding.
const (
	levelOK   = "ok"
	levelWarn = "warn"
	levelFail = "fail"
)

// finding is what was found of one setting.
type finding struct {
	Check string `json:"check"` // what was looked at: 'base address'
	Level string `json:"level"` // ok, warn or fail
	Text  string `json:"text"`
	Do    string `json:"do,omitempty"` // what to do about it; empty: nothing
}

// errFindings says that something must be put right, which was printed.
var errFindings = errors.New("this is not ready to be served: put right what is marked fail")

func (c *checkCommand) run(ctx context.Context, a *app, s streams) error {
	if c.Print != "" {
		return printOperate(s.out, c.Print)
	}
	all := &findings{}
	c.look(ctx, a.globals, all)
	failed := slices.ContainsFunc(all.list, func(f finding) bool { return f.Level == levelFail })
	if c.Format == "json" {
		if err := printJSON(s.out, struct {
			Ready    bool      `json:"ready"`
			Findings []finding `json:"findings"`
		}{!failed, all.list}); err != nil {
			return err
		}
	} else if err := all.print(s.out); err != nil {
		return err
	}
	if failed {
		return errFindings
	}
	return nil
}

// findings collects what was found, in order.
type findings struct{ list []finding }

func (f *findings) ok(check, text string, args ...any) {
	f.list = append(f.list, finding{Check: check, Level: levelOK, Text: fmt.Sprintf(text, args...)})
}

func (f *findings) warn(check, do, text string, args ...any) {
	f.list = append(f.list, finding{check, levelWarn, fmt.Sprintf(text, args...), do})
}

func (f *findings) fail(check, do, text string, args ...any) {
	f.list = append(f.list, finding{check, levelFail, fmt.Sprintf(text, args...), do})
}

func (f *findings) print(w io.Writer) error {
	for _, one := range f.list {
		text := fmt.Sprintf("%-4s  %s: %s.", one.Level, one.Check, one.Text)
		if one.Do != "" {
			text += "\n      " + one.Do + "."
		}
		if _, err := fmt.Fprintln(w, text); err != nil {
			return err
		}
	}
	return nil
}

// operateFiles are what helps to run the service.
//
//go:embed operate
var operateFiles embed.FS

// operateNames are the files that --print prints.
func operateNames() map[string]string {
	return map[string]string{"alerts": "operate/alerts.yml", "unit": "operate/jointly.service", "container": "operate/Containerfile"}
}

func printOperate(w io.Writer, name string) error {
	b, err := operateFiles.ReadFile(operateNames()[name])
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}
