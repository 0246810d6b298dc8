package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jointly/catalogue"
)

type importList struct{}

func (c *importList) run(ctx context.Context, a *app, s streams) error {
	records, err := a.catalogue.Imports(ctx, catalogue.Operator("command"))
	if err != nil {
		return err
	}
	for _, r := range records {
		state := ""
		if !r.Undone.IsZero() {
			state = "\tundone " + r.Undone.Format(time.DateOnly)
		}
		if _, err := fmt.Fprintf(s.out, "%s\t%s\t%s\t%d created, %d updated\t%s%s\n", r.ID, r.At.Format(time.DateOnly), strings.Join(r.Councils, ","), r.Created, r.Updated, r.File, state); err != nil {
			return err
		}
	}
	return nil
}

type importUndo struct {
	ID string `arg:"" help:"The import, as 'jointly import list' names it."`
}

func (c *importUndo) run(ctx context.Context, a *app, s streams) error {
	done, err := a.catalogue.UndoImport(ctx, catalogue.Operator("command"), c.ID)
	if err != nil {
		return err
	}
	for _, l := range done.Left {
		say(s.err, "left alone: %s: %s\n", l.Key, l.Why)
	}
	_, err = fmt.Fprintf(s.out, "Undone: %d taken away, %d as before, %d left alone.\n", done.Removed, done.Restored, len(done.Left))
	return err
}
