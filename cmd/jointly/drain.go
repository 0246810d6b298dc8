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

// longestDrain is about what an init system waits for a service to stop, with room for what is under way.
const longestDrain = time.Minute

func (c *checkCommand) checkDrain(f *findings, g Globals) {
	const check = "restart"
	at, err := g.storeAt()
	several := err == nil && at.shared()
	switch {
	case c.Service.Drain < 0:
		f.fail(check, "Give --drain as a time such as 10s, or leave it away", "%s is no time to go on for", c.Service.Drain)
	case c.Service.Drain > longestDrain:
		f.warn(check, "Take twice the time between the balancer's checks, such as 10s", "it goes on for %s once it is told to stop, and may be killed before", c.Service.Drain)
	case several && c.Service.Drain == 0:
		f.warn(check, "Set --drain to twice the time between the balancer's checks, such as 10s", "whoever is sent to this node while it stops sees an error")
	default:
		f.ok(check, "it goes on for %s once it is told to stop", c.Service.Drain)
	}
}
