package main

import (
	"context"
	"fmt"

	"jointly/catalogue"
)

// succeedCommand hands a council over on its vesting date, or undoes it. Interrupted, it goes on where it stopped when it is
// run again. A service that runs hands over by itself what is due.
type succeedCommand struct {
	From  string `help:"GSS code of the council that ends." placeholder:"GSS"`
	To    string `help:"Code of the council that takes its place: add it at /reorganisation first." placeholder:"CODE"`
	Force string `help:"Why it is done before the vesting date, or without one." placeholder:"REASON"`
	Due   bool   `help:"Hand over all councils whose day has come, as a running service does by itself."`
	Undo  bool   `help:"Give back to --from what was handed over, within 30 days; what was changed since stays and is listed."`
	Why   string `help:"Why it is undone." placeholder:"REASON"`
}

func (c *succeedCommand) run(ctx context.Context, a *app, s streams) error {
	switch {
	case c.Due && (c.From != "" || c.To != "" || c.Undo):
		return usage("--due hands over whatever is due: leave out --from, --to and --undo")
	case c.Due:
		return c.due(ctx, a, s)
	case c.From == "":
		return usage("succeed takes --from, the council that ends; or --due")
	case c.Undo && c.To != "":
		return usage("--undo gives back to --from: leave out --to")
	case c.Undo:
		return c.undo(ctx, a, s)
	case c.To == "":
		return usage("succeed takes --to, the council that takes its place; or --undo")
	}
	done, err := a.catalogue.Succeed(ctx, catalogue.Operator("command"), catalogue.HandOver{From: c.From, To: c.To, Reason: c.Force})
	if err != nil {
		return err
	}
	return handed(s, done)
}

func handed(s streams, done *catalogue.Succession) error {
	_, err := fmt.Fprintf(s.out, "%s took the place of %s. Each record remembers whose it was.\n", done.To, done.From)
	return err
}

// due hands over what is due, then names what waits for a decision.
func (c *succeedCommand) due(ctx context.Context, a *app, s streams) error {
	for more := true; more; {
		var done []*catalogue.Succession
		var err error
		done, more, err = a.catalogue.HandOverDue(ctx)
		for _, d := range done {
			if err := handed(s, d); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
	left, err := a.catalogue.Endings(ctx, catalogue.Operator("command"))
	if err != nil {
		return err
	}
	for _, e := range left {
		says := "is handed over by itself on that day"
		if !e.Itself() {
			says = "waits for a decision: see /reorganisation/hand-overs"
		}
		if _, err := fmt.Fprintf(s.out, "%s ends on %s and %s.\n", e.Council, e.On.Words(), says); err != nil {
			return err
		}
	}
	return nil
}

func (c *succeedCommand) undo(ctx context.Context, a *app, s streams) error {
	if c.Why == "" {
		return usage("--undo takes the reason too: --why REASON")
	}
	done, err := a.catalogue.UndoSuccession(ctx, catalogue.Operator("command"), c.From, c.Why)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s.out, "Undone: %s has back what was handed over to %s; %s.\n", done.From, done.To, count(done.Undone.Back, "record", "records")); err != nil {
		return err
	}
	if done.Undone.Stayed == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(s.out, "%s with %s:\n", count(done.Undone.Stayed, "record stays", "records stay"), done.To); err != nil {
		return err
	}
	for _, l := range done.Undone.Stays {
		if _, err := fmt.Fprintf(s.out, "%s: %s\n", l.Key, l.Why); err != nil {
			return err
		}
	}
	return nil
}
