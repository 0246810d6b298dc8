package catalogue

import (
	"context"
	"fmt"

	"jointly/catalogue/kv"
)

// How what an earlier version of the program wrote becomes what this one reads. The store names the layout that it has.
// Open runs the steps that lead from there to the latest, one after another, and names the new layout after each: a step
// that was cut short runs again, so running one twice must do no harm. A program that does not know a store's layout
// refuses it.

// upgradeStep leads to a layout from the one before it.
type upgradeStep struct {
	to  string
	run func(ctx context.Context, c *Catalogue) error
}

// firstFormat is the layout of keys and envelopes before every step.
const firstFormat = "jointly 1"

// upgradeSteps are all steps there are, the oldest first.
func upgradeSteps() []upgradeStep {
	return []upgradeStep{
		{"jointly 2", func(ctx context.Context, c *Catalogue) error { return c.indexTrail(ctx) }},
	}
}

// Upgrade says what is about to be done to a store.
type Upgrade struct {
	From, To string // layouts
}

// checkFormat names the layout of a new store, and brings that of an earlier version up to date. before, where it is not
// nil, is called first, once: what keeps a backup.
func (c *Catalogue) checkFormat(ctx context.Context, before func(context.Context, *Catalogue, Upgrade) error) error {
	steps := upgradeSteps()
	latest := steps[len(steps)-1].to
	found, err := c.format(ctx)
	if err != nil {
		return err
	}
	if found == "" {
		return c.putFormat(ctx, latest)
	}
	at := -1
	for i, name := range append([]string{firstFormat}, formats(steps)...) {
		if name == found {
			at = i
		}
	}
	if at < 0 {
		return &Error{Kind: Unavailable, Message: fmt.Sprintf("this data was written by another version of Jointly (%s; this one reads %s): use that version, or restore a backup", found, latest)}
	}
	if at == len(steps) {
		return nil
	}
	if before != nil {
		if err := before(ctx, c, Upgrade{From: found, To: latest}); err != nil {
			return fmt.Errorf("nothing was upgraded, because a backup could not be kept first: %w", err)
		}
	}
	for _, step := range steps[at:] {
		if err := step.run(ctx, c); err != nil {
			return fmt.Errorf("upgrade to %s: %w", step.to, err)
		}
		if err := c.putFormat(ctx, step.to); err != nil {
			return err
		}
		c.log.Info("the catalogue was upgraded", "from", found, "to", step.to)
		found = step.to
	}
	return nil
}

func formats(steps []upgradeStep) []string {
	var out []string
	for _, s := range steps {
		out = append(out, s.to)
	}
	return out
}

// format is the layout that the store names; empty: it is new.
func (c *Catalogue) format(ctx context.Context) (string, error) {
	var found string
	err := c.view(ctx, func(tx kv.Tx) error {
		if err := checkFilled(tx); err != nil {
			return err
		}
		v, err := tx.Get(metaKey("format"))
		found = string(v)
		return err
	})
	return found, err
}

func (c *Catalogue) putFormat(ctx context.Context, name string) error {
	return storeError(c.store.Update(ctx, func(tx kv.Tx) error { return tx.Put(metaKey("format"), []byte(name)) }))
}
