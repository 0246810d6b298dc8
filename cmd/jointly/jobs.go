package main

// What a running service does by itself, whichever node holds the lease.

import (
	"cmp"
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/web"
	"jointly/web/metrics"
)

// How often jobs look for work that no change announces.
const (
	mailEvery   = 5 * time.Second
	mailAgain   = time.Second // the first pause where the mail server does not answer; each is twice the last
	mailMost    = time.Minute // the longest
	expireEvery = time.Hour
	tellEvery   = 10 * time.Minute
	handOver    = time.Minute     // looks for councils whose day has come
	lookEvery   = 2 * time.Minute // between rounds through the saved searches
	lookAtOnce  = 50
	tellAtOnce  = 200 // so that mail goes out and the lease is kept in between
	leaseFor    = time.Minute
)

// jobs tells councils of suggested groups and evidence calls, hands councils over on their day, sends mail, daily and weekly among it, and
// removes what has expired, whichever process holds the lease.
func (a *app) jobs(ctx context.Context, sender catalogue.Sender, ended *metrics.Stamp) error {
	without := func(err error, job string) {
		if err == nil {
			ended.Now(job)
		}
	}
	lease, err := a.store.Lease(ctx, "jobs", cmp.Or(a.leaseFor, leaseFor))
	if err != nil {
		return err
	}
	defer func() {
		if err := lease.Release(context.WithoutCancel(ctx)); err != nil {
			a.log.Warn("the lease for jobs was not given up", "error", err)
		}
	}()
	c := a.catalogue.Under(lease) // whoever has lost it writes nothing
	expired, told, handed, pause := time.Time{}, time.Time{}, time.Time{}, mailAgain
	alerts, looked := web.NewAlerts(c, a.index), time.Time{}
	for {
		if now := time.Now(); now.Sub(told) > tellEvery && a.whole() {
			_, more, err := a.engine.TellSuggestions(ctx, c, tellAtOnce)
			without(err, jobSuggestions)
			if err != nil && ctx.Err() == nil {
				a.log.Warn("councils are not told of suggested groups for now", "error", err)
			}
			if !more || err != nil {
				told = now
			}
		}
		if now := time.Now(); now.Sub(looked) > lookEvery && a.whole() { // what search does not know yet is not gone
			more, err := alerts.Look(ctx, lookAtOnce)
			without(err, jobSearches)
			if err != nil && ctx.Err() == nil {
				a.log.Warn("some saved searches are not looked through for now", "error", err)
			}
			if !more || err != nil {
				looked = now
			}
		}
		changed, wait := c.Changed(), mailEvery
		if now := time.Now(); now.Sub(handed) > handOver {
			more, err := a.handOverDue(ctx, c)
			without(err, jobHandOver)
			if !more {
				handed = now
			}
		}
		_, undone := c.SendDigests(ctx)
		_, unmade := c.SendWeekly(ctx)
		_, untold := c.SendSearches(ctx)
		_, unsent := c.SendOutbox(ctx, sender)
		_, unreleased := c.ReleaseDemand(ctx)
		without(unreleased, jobRelease)
		if unreleased != nil && ctx.Err() == nil {
			a.log.Warn("the week's demand figures wait", "error", unreleased)
		}
		_, unsettled := c.SettlePlan(ctx)
		_, unpublished := c.PublishDue(ctx)
		_, uncalled := c.TellOfCalls(ctx)
		evidence := errors.Join(unsettled, unpublished, uncalled)
		without(evidence, jobEvidence)
		if evidence != nil && ctx.Err() == nil {
			a.log.Warn("figures of the plan, an edition of the baseline, or word of an evidence call waits", "error", evidence)
		}
		waits := errors.Join(undone, unmade, untold, unsent)
		without(waits, jobMail)
		if err := waits; err != nil && ctx.Err() == nil {
			// No sooner because something changes: every change would try all that waits.
			changed, wait, pause = nil, pause, min(2*pause, mailMost)
			a.log.Warn("some mail waits; it is tried again", "error", err, "again in", wait)
		} else {
			pause = mailAgain
		}
		if now := time.Now(); now.Sub(expired) > expireEvery {
			expired = now
			err := c.Expire(ctx)
			without(err, jobExpire)
			if err != nil && ctx.Err() == nil {
				a.log.Warn("what has expired stays for now", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		case <-time.After(wait):
		}
		if err := lease.Renew(ctx); err != nil {
			return err
		}
	}
}

// alone does work that no other node may do at the same time, as long as it takes.
func (a *app) alone(ctx context.Context, name string, work func(context.Context) error) (err error) {
	lease, err := a.store.Lease(ctx, name, leaseFor)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var keeping errgroup.Group
	keeping.Go(func() error {
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(leaseFor / 4):
			}
			if err := lease.Renew(ctx); errors.Is(err, kv.ErrLeaseLost) {
				cancel(err)
			}
		}
	})
	err = work(ctx)
	if lost := context.Cause(ctx); errors.Is(lost, kv.ErrLeaseLost) {
		err = errors.Join(lost, err)
	}
	cancel(nil)
	return errors.Join(err, keeping.Wait(), lease.Release(context.WithoutCancel(ctx)))
}

// handOverDue hands over at most one council whose day has come, and says whether there is more to do at once.
func (a *app) handOverDue(ctx context.Context, c *catalogue.Catalogue) (more bool, err error) {
	done, more, err := c.HandOverDue(ctx)
	for _, s := range done {
		a.log.Info("a council was handed over to its successor", "from", s.From, "to", s.To)
	}
	if err != nil && ctx.Err() == nil {
		a.log.Warn("a council is not handed over to its successor for now", "error", err)
	}
	return more, err
}
