package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/search"
	"jointly/web/api"
)

type exportCommand struct {
	Kind   string `arg:"" enum:"platforms,contracts,intentions,groups,signals,returns,matches" help:"What to write: platforms, contracts, intentions, groups, signals with their answered questions, signed returns, or matches that people confirmed or rejected."`
	Format string `help:"csv, jsonl (which import takes again) or json." enum:"csv,jsonl,json" default:"jsonl"`
	Out    string `help:"File to write; standard output by default." placeholder:"FILE"`
	Demo   bool   `name:"demonstration" help:"With matches: those of demonstration councils too."`
}

func (c *exportCommand) relativeTo(folder string) {
	if c.Out != "" {
		c.Out = within(folder, c.Out)
	}
}

func (c *exportCommand) run(ctx context.Context, a *app, s streams) error {
	kind := map[string]catalogue.Kind{"platforms": catalogue.KindPlatform, "contracts": catalogue.KindContract,
		"intentions": catalogue.KindIntention, "groups": catalogue.KindGroup, "signals": catalogue.KindSignal,
		"returns": catalogue.KindReturn}[c.Kind]
	write := func(w io.Writer) error {
		return exchange.Export(ctx, a.catalogue, catalogue.Operator("command"), kind, c.Format, w)
	}
	switch {
	case c.Kind == "matches" && c.Format != "jsonl":
		return usage("matches are written with --format jsonl")
	case c.Kind == "matches":
		write = func(w io.Writer) error { return a.exportMatches(ctx, c.Demo, w) }
	case c.Demo:
		return usage("--demonstration goes with matches")
	}
	head, err := a.catalogue.AuditHead(ctx)
	if err != nil {
		return err
	}
	if c.Out == "" {
		err = write(s.out)
	} else {
		err = writeWhole(c.Out, write)
	}
	if err == nil && head.N > 0 { // beside the file: the same records make the same file, whatever was done before
		say(s.err, "The audit trail ends with %s: 'jointly verify --head %s' shows later whether it still holds that.\n", head, head)
	}
	return err
}

// exportMatches writes what people said of matches, scored as the matcher scores them today where no record says.
func (a *app) exportMatches(ctx context.Context, demonstration bool, w io.Writer) error {
	engine, err := a.matching(ctx)
	if err != nil {
		return err
	}
	operator := catalogue.Operator("command")
	return exchange.Matches(ctx, a.catalogue, operator, exchange.MatchOptions{Demonstration: demonstration,
		Score: func(ctx context.Context, x, y string) (exchange.Scored, error) {
			p, err := engine.Between(ctx, operator, x, y)
			return exchange.Scored{Points: p.Points, Weights: engine.Scorer().Version()}, err
		}}, w)
}

// writeWhole writes a file beside its place and moves it there when it is complete: never half a file.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".jointly-*")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, reason(err))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Sync(); err != nil {
		return errors.Join(fmt.Errorf("%s cannot be written: %w", path, reason(err)), f.Close())
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, reason(err))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, reason(err))
	}
	return nil
}

type matchCommand struct {
	Format string `help:"How it is written: text or json." enum:"text,json" default:"text"`
}

func (c *matchCommand) run(ctx context.Context, a *app, s streams) error {
	engine, err := a.matching(ctx)
	if err != nil {
		return err
	}
	o := engine.Overview()
	if c.Format == "json" {
		return printJSON(s.out, o)
	}
	var b strings.Builder
	if len(o.Groups) == 0 {
		b.WriteString("No groups to suggest: list more intentions, or look at the pairs with --format json.\n")
	}
	for _, g := range o.Groups {
		fmt.Fprintf(&b, "Group of %d, %s to %s, %.1f points: %s\n", len(g.Intentions), g.Window.Start, g.Window.End, g.Points, strings.Join(g.Intentions, ", "))
		for _, r := range g.Reasons {
			fmt.Fprintf(&b, "    %s\n", r)
		}
	}
	_, err = io.WriteString(s.out, b.String())
	return err
}

// searchedKinds are what --kind takes. Nothing is an offer yet.
func searchedKinds() []string {
	return []string{"platform", "contract", "intention", "group", "signal", "council", "supplier", "service", "example", "offer"}
}

type searchCommand struct {
	Query    []string `arg:"" optional:"" help:"Words to search for; quote a phrase, put - before a word to leave out."`
	Kind     string   `help:"Only this kind: platform, contract, intention, group, signal, example, council, supplier or service." placeholder:"K"`
	Audience string   `help:"Whose eyes: public or councils." enum:"public,councils" default:"councils"`
	Limit    int      `help:"At most so many hits, up to 100." default:"20"`
	Format   string   `help:"How it is written: text or json." enum:"text,json" default:"text"`
}

func (c *searchCommand) run(ctx context.Context, a *app, s streams) error {
	if c.Limit < 1 || c.Limit > 100 {
		return usage("--limit takes a number from 1 to 100")
	}
	q := search.Query{Text: strings.Join(c.Query, " "), Limit: c.Limit, Facets: search.Facets(), On: a.catalogue.Today()}
	if c.Kind != "" {
		if !slices.Contains(searchedKinds(), c.Kind) {
			return usage("--kind takes one of %s", strings.Join(searchedKinds(), ", "))
		}
		q.Choose(search.FacetKind, []string{c.Kind})
	}
	index, err := a.searching(ctx)
	if err != nil {
		return err
	}
	r, err := index.Search(ctx, catalogue.Audience(c.Audience), q)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		if c.Audience == string(catalogue.Councils) {
			if err := a.addRefs(ctx, r.Hits); err != nil {
				return err
			}
		}
		return printJSON(s.out, api.AnswerOf(r))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", count(r.Total, "result", "results"))
	for _, h := range r.Hits {
		fmt.Fprintf(&b, "%-10s %s  (%s)\n", h.Key.Kind, h.Title, h.Key.ID)
	}
	_, err = io.WriteString(s.out, b.String())
	return err
}

// addRefs gives hits their references, which councils do not show each other: whoever runs commands is the operator.
func (a *app) addRefs(ctx context.Context, hits []search.Hit) error {
	keys := make([]catalogue.Key, len(hits))
	for i, h := range hits {
		keys[i] = h.Key
	}
	items, err := a.catalogue.Load(ctx, catalogue.Operator("command"), keys)
	if err != nil {
		return err
	}
	for i, item := range items {
		if item != nil {
			hits[i].Ref = catalogue.MetaOf(item).Ref
		}
	}
	return nil
}
