package main

import (
	"context"
	"fmt"

	"jointly/catalogue"
)

// succeedCommand hands a council over on its vesting date. Interrupted, it goes on where it stopped when it is run again.
type succeedCommand struct {
	From  string `required:"" help:"GSS code of the council that ends." placeholder:"GSS"`
	To    string `required:"" help:"Code of the council that takes its place: add it at /reorganisation first." placeholder:"CODE"`
	Force string `help:"Why it is done before the vesting date, or without one." placeholder:"REASON"`
}

func (c *succeedCommand) run(ctx context.Context, a *app, s streams) error {
	done, err := a.catalogue.Succeed(ctx, catalogue.Operator("command"), catalogue.HandOver{From: c.From, To: c.To, Reason: c.Force})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s took the place of %s. Each record remembers whose it was.\n", done.To, done.From)
	return err
}
