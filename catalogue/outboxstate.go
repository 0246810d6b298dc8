package catalogue

import (
	"context"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"jointly/catalogue/kv"
)

// OutboxState is how much mail waits to be sent.
type OutboxState struct {
	Waiting int       // messages, each for one person or several
	Oldest  time.Time // when the oldest of them was posted; zero where none waits
}

// OutboxState counts the mail that waits.
func (c *Catalogue) OutboxState(ctx context.Context) (OutboxState, error) {
	var out OutboxState
	prefix := kv.NewKey("o")
	err := c.view(ctx, func(tx kv.Tx) error {
		out = OutboxState{}
		return scan(tx, prefix, func(k, _ []byte) error {
			out.Waiting++
			id, err := partAfter(prefix, k)
			if err != nil || !out.Oldest.IsZero() {
				return err
			}
			if u, err := ulid.ParseStrict(strings.ToUpper(id)); err == nil { // they are in order of time
				out.Oldest = u.Timestamp()
			}
			return nil
		})
	})
	return out, err
}
