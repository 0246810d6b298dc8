package catalogue

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"jointly/catalogue/kv"
)

// Change says that a record is now as of a sequence number. Each live record has exactly one, so the feed is never
// longer than the catalogue; a deleted record leaves one with Deleted until the horizon.
type Change struct {
	Seq     uint64    `json:"-"`
	Key     Key       `json:"key"`
	Deleted bool      `json:"deleted,omitempty"`
	At      time.Time `json:"at,omitzero"` // of a deletion
}

// ErrHorizon says that a follower's cursor is older than the tombstones that are kept: rebuild from nothing.
var ErrHorizon = errors.New("the feed no longer reaches back that far: rebuild")

// tombstonesFor is how long a deletion stays in the feed.
const tombstonesFor = 90 * 24 * time.Hour

// change replaces the record's change entry.
func (w *writer) change(ch Change, before uint64) error {
	if before != 0 {
		if err := w.tx.Delete(changeKey(before)); err != nil {
			return err
		}
	}
	payload, err := json.Marshal(ch)
	if err != nil {
		return fmt.Errorf("encode change: %w", err)
	}
	key := changeKey(ch.Seq)
	return w.tx.Put(key, seal(key, ch.Seq, payload))
}

// Seq is the sequence number of the last change.
func (c *Catalogue) Seq(ctx context.Context) (uint64, error) {
	var n uint64
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		n, err = readCounter(tx, metaKey("seq"))
		return err
	})
	return n, err
}

// Changes lists up to limit changes after a sequence number, oldest first, at most 1,000 at once. ErrHorizon: the
// caller's cursor is too old; start again from 0.
func (c *Catalogue) Changes(ctx context.Context, after uint64, limit int) ([]Change, error) {
	var out []Change
	err := c.view(ctx, func(tx kv.Tx) error {
		horizon, err := readCounter(tx, metaKey("horizon"))
		if err != nil {
			return err
		}
		if after != 0 && after < horizon {
			return ErrHorizon
		}
		return tx.Scan(kv.NewKey("c"), changeKey(after+1), min(max(limit, 1), kv.MaxScan), func(k, v []byte) error {
			ch, err := readChange(k, v)
			out = append(out, ch)
			return err
		})
	})
	if errors.Is(err, ErrHorizon) {
		return nil, ErrHorizon
	}
	return out, err
}

func readChange(key, value []byte) (Change, error) {
	payload, seq, err := unseal(key, value)
	if err != nil {
		return Change{}, err
	}
	var ch Change
	if err := json.Unmarshal(payload, &ch); err != nil {
		return Change{}, fmt.Errorf("decode change %d: %w", seq, err)
	}
	ch.Seq = seq
	return ch, nil
}

// Expire removes tombstones, sessions, codes and other short-lived rows that are past their time. Run it now and then.
func (c *Catalogue) Expire(ctx context.Context) error {
	if err := c.expireTombstones(ctx); err != nil {
		return err
	}
	return c.expireEphemeral(ctx)
}

func (c *Catalogue) expireTombstones(ctx context.Context) error {
	limit := c.clock().Add(-tombstonesFor)
	return storeError(c.store.Update(ctx, func(tx kv.Tx) error {
		var old []Change
		err := scan(tx, kv.NewKey("c"), func(k, v []byte) error {
			ch, err := readChange(k, v)
			if err == nil && ch.Deleted && ch.At.Before(limit) {
				old = append(old, ch)
			}
			if len(old) == 50 {
				return kv.Stop
			}
			return err
		})
		if err != nil || len(old) == 0 {
			return err
		}
		for _, ch := range old {
			if err := tx.Delete(changeKey(ch.Seq)); err != nil {
				return err
			}
		}
		return putCounter(tx, metaKey("horizon"), old[len(old)-1].Seq)
	}))
}

// putExpiring writes a short-lived row: the expiry stands first in the value.
func putExpiring(tx kv.Tx, key []byte, expires time.Time, payload []byte) error {
	b := binary.BigEndian.AppendUint64(nil, uint64(expires.Unix()))
	return tx.Put(key, seal(key, 0, append(b, payload...)))
}

// getExpiring is the payload of a short-lived row; nil where there is none or its time is past.
func getExpiring(tx kv.Tx, key []byte, now time.Time) (payload []byte, expires time.Time, err error) {
	value, err := tx.Get(key)
	if err != nil || value == nil {
		return nil, time.Time{}, err
	}
	payload, expires, err = readExpiring(key, value)
	if err != nil || !now.Before(expires) {
		return nil, time.Time{}, err
	}
	return payload, expires, nil
}

func readExpiring(key, value []byte) ([]byte, time.Time, error) {
	payload, _, err := unseal(key, value)
	if err != nil {
		return nil, time.Time{}, err
	}
	if len(payload) < 8 {
		return nil, time.Time{}, fmt.Errorf("key %q: %w", key, ErrDamaged)
	}
	return payload[8:], time.Unix(int64(binary.BigEndian.Uint64(payload)), 0), nil
}

// ephemeral are the first parts of the keys that putExpiring writes.
func ephemeral() []string { return []string{"s", "k"} }

func (c *Catalogue) expireEphemeral(ctx context.Context) error {
	now := c.clock()
	for _, space := range ephemeral() {
		err := c.store.Update(ctx, func(tx kv.Tx) error {
			var old [][]byte
			err := scan(tx, kv.NewKey(space), func(k, v []byte) error {
				_, expires, err := readExpiring(k, v)
				if err == nil && !now.Before(expires) {
					old = append(old, k)
				}
				if len(old) == 90 {
					return kv.Stop
				}
				return err
			})
			if err != nil {
				return err
			}
			for _, k := range old {
				if err := tx.Delete(k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return storeError(err)
		}
	}
	return nil
}
