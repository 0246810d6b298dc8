package main

import (
	"context"
	"time"
)

// drained ends so much later than ctx as serve is to drain. Until then all goes on: jobs, and what follows the feed.
func (c *serveCommand) drained(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.Drain <= 0 {
		return context.WithCancel(ctx)
	}
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		defer cancel()
		select {
		case <-out.Done(): // it has failed meanwhile
		case <-time.After(c.Drain):
		}
	})
	return out, cancel
}
