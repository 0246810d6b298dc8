package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"jointly/catalogue/match"
)

type evaluateCommand struct {
	labelledSets
	Unseen []string `help:"A labelled set that is never learned from." placeholder:"FILE"`
	Format string   `help:"How it is written: text or json." enum:"text,json" default:"text"`
}

// ownsFolder: it reads labelled files and no data folder.
func (*evaluateCommand) ownsFolder() {}

func (c *evaluateCommand) relativeTo(folder string) {
	c.labelledSets.relativeTo(folder)
	for i, path := range c.Unseen {
		c.Unseen[i] = within(folder, path)
	}
}

func (c *evaluateCommand) run(_ context.Context, _ *app, s streams) error {
	if len(c.Sets) == 0 {
		return usage("name at least one labelled set to learn from; sets kept apart go with --unseen")
	}
	lesson, err := c.lesson()
	if err != nil {
		return err
	}
	unseen, err := readSets(c.Unseen)
	if err != nil {
		return err
	}
	e, err := match.Evaluate(lesson, unseen)
	if err != nil {
		return badInput{err}
	}
	if c.Format == "json" {
		return printJSON(s.out, e)
	}
	_, err = io.WriteString(s.out, describeEvaluation(e))
	return err
}

// describeEvaluation puts an evaluation in tables. Precision, recall, B-cubed and exact groups stand together: one alone
// flatters.
func describeEvaluation(e match.Evaluation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Weights %s; a match needs %g.\n\n", e.Weights, e.Threshold)
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(name string, r match.Report) {
		fmt.Fprintf(t, "  %s\t%d\t%d\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\n", name, r.Needs, r.Groups,
			r.Precision, r.Recall, r.F, r.BCubedPrecision, r.BCubedRecall, r.BCubedF, r.Exact, r.Hit3, r.Precision3)
	}
	fmt.Fprintln(t, "\tneeds\tgroups\tP\tR\tF\tB3 P\tB3 R\tB3 F\texact\thit@3\tP@3")
	section := func(title string) { fmt.Fprintf(t, "%s\t\t\t\t\t\t\t\t\t\t\t\n", title) }
	section("Learned from")
	for _, r := range e.Learned {
		row(r.Set, r.Report)
	}
	section("Each group left out in turn")
	row("cross-validated", e.CrossValidated)
	section("Never learned from")
	for _, r := range e.Unseen {
		row(r.Set, r.Report)
	}
	section("Without a feature, cross-validated")
	for _, a := range e.Without {
		row(a.Feature, a.CrossValidated)
	}
	if len(e.Unseen) > 0 {
		section("Without a feature, never learned from")
		for _, a := range e.Without {
			row(a.Feature, a.Unseen)
		}
	}
	_ = t.Flush() // a strings.Builder takes everything
	if p := e.Pairs; p != nil {
		fmt.Fprintf(&b, "\nOf %s, %d reach the points needed; of %s, %d do.\n", count(p.Confirmed, "confirmed pair", "confirmed pairs"), p.ConfirmedReached,
			count(p.Rejected, "rejected pair", "rejected pairs"), p.RejectedReached)
	}
	return b.String()
}
