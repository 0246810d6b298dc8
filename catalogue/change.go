package catalogue

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// Change says that a record is now as of a sequence number. Each live record has exactly one, so the feed is never
// longer than the catalogue; a deleted record leaves one with Deleted until it comes back or the horizon passes.
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

// graveKey leads from a deleted record to its tombstone in the feed, for when the record comes back.
func graveKey(k Key) []byte { return kv.NewKey("t", string(k.Kind), k.ID) }

// forget removes a tombstone and the way to it.
func forget(tx kv.Tx, key Key, seq uint64) error {
	return errors.Join(tx.Delete(graveKey(key)), tx.Delete(changeKey(seq)))
}

// change replaces the record's change entry, or the tombstone that it left when it was deleted.
func (w *writer) change(ch Change, before uint64) error {
	if before == 0 {
		grave, err := readCounter(w.tx, graveKey(ch.Key))
		if err != nil {
			return err
		}
		if grave != 0 {
			if err := forget(w.tx, ch.Key, grave); err != nil {
				return err
			}
		}
	} else if err := w.tx.Delete(changeKey(before)); err != nil {
		return err
	}
	if ch.Deleted {
		if err := putCounter(w.tx, graveKey(ch.Key), ch.Seq); err != nil {
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
// caller's cursor is too old; begin again from nothing, with ChangesAnew.
func (c *Catalogue) Changes(ctx context.Context, after uint64, limit int) ([]Change, error) {
	return c.changes(ctx, after, limit, after != 0)
}

// ChangesAnew is Changes for a follower that began from nothing and has not yet come to the end of the feed. It never
// saw what was deleted before it began, so it needs no tombstones from then, and no cursor of its is too old. At the end
// it takes as its cursor the Seq that it read before the last page.
func (c *Catalogue) ChangesAnew(ctx context.Context, after uint64, limit int) ([]Change, error) {
	return c.changes(ctx, after, limit, false)
}

func (c *Catalogue) changes(ctx context.Context, after uint64, limit int, mustReach bool) ([]Change, error) {
	var out []Change
	err := c.view(ctx, func(tx kv.Tx) error {
		out = nil
		horizon, err := readCounter(tx, metaKey("horizon"))
		if err != nil {
			return err
		}
		if mustReach && after < horizon {
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

// Expire removes old news and drafts, tombstones, sessions, codes and other short-lived rows that are past their time, and completes
// imports that could not be. Run it now and then.
func (c *Catalogue) Expire(ctx context.Context) error {
	return errors.Join(c.completeImports(ctx), c.expireNews(ctx), c.expireDrafts(ctx), c.expireHandBacks(ctx), c.expireTombstones(ctx), c.expireEphemeral(ctx), c.expireAccounts(ctx), c.expireResearch(ctx), c.tellAnswers(ctx))
}

// Expiring reads first and then deletes a few rows at a time, so that writers do not wait for it; what is left over the
// most is for the next time.
const (
	expireAtOnce = 90
	expireMost   = 50_000
)

func (c *Catalogue) expireTombstones(ctx context.Context) error {
	limit := c.clock().Add(-tombstonesFor)
	var old []Change
	if err := c.view(ctx, func(tx kv.Tx) error {
		old = nil
		return scan(tx, kv.NewKey("c"), func(k, v []byte) error {
			ch, err := readChange(k, v)
			if err == nil && ch.Deleted && ch.At.Before(limit) {
				old = append(old, ch)
			}
			if len(old) == expireMost {
				return kv.Stop
			}
			return err
		})
	}); err != nil {
		return err
	}
	for some := range slices.Chunk(old, expireAtOnce/2) {
		if err := c.store.Update(ctx, func(tx kv.Tx) error {
			horizon, err := readCounter(tx, metaKey("horizon"))
			if err != nil {
				return err
			}
			for _, ch := range some {
				there, err := readCounter(tx, graveKey(ch.Key))
				if err == nil && there == ch.Seq { // else the record came back meanwhile
					err = forget(tx, ch.Key, ch.Seq)
				}
				if err != nil {
					return err
				}
				horizon = max(horizon, ch.Seq)
			}
			return putCounter(tx, metaKey("horizon"), horizon)
		}); err != nil {
			return storeError(err)
		}
	}
	return nil
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
		var old [][]byte
		if err := c.view(ctx, func(tx kv.Tx) error {
			old = nil
			return scan(tx, kv.NewKey(space), func(k, v []byte) error {
				_, expires, err := readExpiring(k, v)
				if err == nil && !now.Before(expires) {
					old = append(old, k)
				}
				if len(old) == expireMost {
					return kv.Stop
				}
				return err
			})
		}); err != nil {
			return err
		}
		for some := range slices.Chunk(old, expireAtOnce) {
			if err := c.store.Update(ctx, func(tx kv.Tx) error {
				for _, k := range some {
					payload, _, err := getExpiring(tx, k, now) // it may have been extended since
					if err == nil && payload == nil {
						err = tx.Delete(k)
					}
					if err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				return storeError(err)
			}
		}
	}
	return nil
}
