package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"jointly/catalogue/capability"
	"jointly/catalogue/match"
)

// labelledSets are files of intentions whose groups are known, and of pairs that councils confirmed or turned down.
type labelledSets struct {
	Sets  []string `arg:"" optional:"" name:"set" help:"Intentions in the form in which they are imported, NAME.jsonl; their groups stand beside them in NAME-groups.csv (ref,group)."`
	Pairs []string `help:"Pairs that councils confirmed or turned down, as JSON lines: {\"a\": an intention, \"b\": another, \"match\": true or false}." placeholder:"FILE"`
}

func (l *labelledSets) relativeTo(folder string) {
	for _, paths := range [][]string{l.Sets, l.Pairs} {
		for i, path := range paths {
			paths[i] = within(folder, path)
		}
	}
}

// lesson reads the sets.
func (l *labelledSets) lesson() (match.Lesson, error) {
	d, err := capability.Load()
	if err != nil {
		return match.Lesson{}, err
	}
	lesson := match.Lesson{Dictionary: d}
	if lesson.Needs, err = readSets(l.Sets); err != nil {
		return match.Lesson{}, err
	}
	for _, path := range l.Pairs {
		err := reading(path, func(r io.Reader) error {
			pairs, err := match.ReadPairs(r)
			lesson.Pairs = append(lesson.Pairs, pairs...)
			return err
		})
		if err != nil {
			return match.Lesson{}, err
		}
	}
	return lesson, nil
}

// readSets reads labelled intentions with the groups that stand beside them.
func readSets(paths []string) ([]match.Labelled, error) {
	var all []match.Labelled
	for _, path := range paths {
		base := strings.TrimSuffix(path, filepath.Ext(path))
		err := reading(path, func(intentions io.Reader) error {
			return reading(base+"-groups.csv", func(groups io.Reader) error {
				set, err := match.ReadLabelled(filepath.Base(base), intentions, groups)
				all = append(all, set...)
				return err
			})
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// reading opens a file for as long as it is read; what is wrong with it is told with its name, and is bad input.
func reading(path string, read func(io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return badInput{fmt.Errorf("%s cannot be read: %w", path, reason(err))}
	}
	defer f.Close()
	if err := read(f); err != nil {
		return badInput{fmt.Errorf("%s: %w", filepath.Base(path), err)}
	}
	return nil
}

// badInput is a fault of a file that was given.
type badInput struct{ error }

func (e badInput) Unwrap() error { return e.error }

type learnCommand struct {
	labelledSets
	Out string `help:"File to write the weights to; standard output by default." placeholder:"FILE"`
}

// ownsFolder: it reads labelled files and no data folder.
func (*learnCommand) ownsFolder() {}

func (c *learnCommand) relativeTo(folder string) {
	c.labelledSets.relativeTo(folder)
	if c.Out != "" {
		c.Out = within(folder, c.Out)
	}
}

func (c *learnCommand) run(_ context.Context, _ *app, s streams) error {
	if len(c.Sets)+len(c.Pairs) == 0 {
		return usage("name at least one labelled set, or a file with --pairs")
	}
	lesson, err := c.lesson()
	if err != nil {
		return err
	}
	w, err := match.Learn(lesson)
	if err != nil {
		return badInput{err}
	}
	data, err := w.Encode()
	if err != nil {
		return err
	}
	write := func(to io.Writer) error { _, err := to.Write(data); return err }
	if c.Out == "" {
		return write(s.out)
	}
	if err := writeWhole(c.Out, write); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "Weights %s from %s and %s: %s. Build the program anew to use them.\n", w.Version,
		count(len(lesson.Needs), "labelled intention", "labelled intentions"), count(len(lesson.Pairs), "labelled pair", "labelled pairs"), c.Out)
	return err
}
