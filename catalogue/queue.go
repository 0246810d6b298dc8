package catalogue

import (
	"context"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// Queued is something that waits for the operator's decision.
type Queued struct {
	Item  Item
	Since time.Time
}

// waits is a record that can wait for the operator. It is found under the look-up queueName while it does.
type waits interface {
	Item
	waitsSince() time.Time // zero: it does not wait
}

const queueName = "queue"

// Queue lists what waits for the operator's decision, the oldest first.
func (c *Catalogue) Queue(ctx context.Context, actor Actor) ([]Queued, error) {
	if !actor.IsOperator() {
		return nil, forbidden("The queue is the operator's")
	}
	var out []Queued
	err := c.view(ctx, func(tx kv.Tx) error {
		out = nil
		for _, kind := range storedKinds() {
			ids, err := lookup(tx, queueName, string(kind))
			if err != nil {
				return err
			}
			for _, id := range ids {
				item, err := readItem(tx, Key{kind, id})
				if err != nil {
					return err
				}
				if w, ok := item.(waits); ok && !w.waitsSince().IsZero() {
					out = append(out, Queued{item, w.waitsSince()})
				}
			}
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b Queued) int { return a.Since.Compare(b.Since) })
	return out, err
}
