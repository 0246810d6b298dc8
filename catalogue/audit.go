package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"jointly/catalogue/kv"
)

// Event is one entry of the audit trail: who did what to which record. Each carries the hash of the one before.
type Event struct {
	N       uint64    `json:"n"` // counts from 1 without gaps
	At      time.Time `json:"at"`
	Account string    `json:"account,omitempty"`
	Role    Role      `json:"role,omitempty"`
	Org     string    `json:"org,omitempty"`
	Via     string    `json:"via,omitempty"`
	Action  Action    `json:"action"`
	Record  Key       `json:"record,omitzero"`
	Owner   string    `json:"owner,omitempty"` // council or supplier whose record it is
	From    uint64    `json:"from,omitempty"`  // version before; 0: it was new
	To      uint64    `json:"to,omitempty"`    // version after; 0: it was deleted
	Refused string    `json:"refused,omitempty"`
	Content string    `json:"content,omitempty"` // hash of what was frozen with it, hexadecimal; only of what is
	Prev    string    `json:"prev"`              // hash of the event before, hexadecimal
}

// hash covers the whole event, the hash before it included.
func (e Event) hash() (string, []byte, error) {
	payload, err := json.Marshal(e)
	if err != nil {
		return "", nil, fmt.Errorf("encode audit event %d: %w", e.N, err)
	}
	sum := sha256.Sum256(payload)
	return hex.EncodeToString(sum[:]), payload, nil
}

// auditHead is the last event's number and hash: backups and exports carry it, so that a cut-off tail shows.
type auditHead struct {
	N    uint64
	Hash string
}

func auditKey(n uint64) []byte { return kv.NewKey("a").Uint(n) }

func readHead(tx kv.Tx) (auditHead, error) {
	key := metaKey("audit")
	value, err := tx.Get(key)
	if err != nil || value == nil {
		return auditHead{}, err
	}
	payload, n, err := unseal(key, value)
	return auditHead{n, string(payload)}, err
}

func putHead(tx kv.Tx, h auditHead) error {
	key := metaKey("audit")
	return tx.Put(key, seal(key, h.N, []byte(h.Hash)))
}

func (w *writer) appendAudit(item Item, from, to uint64) error {
	owner := item.owner()
	if a, ok := item.(*Account); ok {
		owner = a.Org
	}
	e := Event{Action: w.action, Record: item.Key(), Owner: owner, From: from, To: to}
	if r, ok := item.(*Research); ok && to != 0 {
		e.Content = r.Hash
	}
	return w.appendEvent(e)
}

func (w *writer) appendEvent(e Event) error {
	e.N, e.At, e.Prev = w.trail.N+1, w.now, w.trail.Hash
	e.Account, e.Role, e.Org, e.Via = w.actor.Account, w.actor.Role, w.actor.Org, w.actor.Via
	hash, payload, err := e.hash()
	if err != nil {
		return err
	}
	if err := w.tx.Put(auditKey(e.N), seal(auditKey(e.N), e.N, payload)); err != nil {
		return err
	}
	w.trail = auditHead{e.N, hash}
	return nil
}

// refusalsPerMinute bounds what refused requests can make the trail grow by.
const refusalsPerMinute = 30

// auditRefusal records a refusal in a transaction of its own: the one that was refused is rolled back.
func (c *Catalogue) auditRefusal(actor Actor, action Action, why error) {
	c.refusals.Lock()
	now := c.clock()
	if now.Sub(c.refusals.window) > time.Minute || now.Before(c.refusals.window) {
		c.refusals.window, c.refusals.n = now, 0
	}
	c.refusals.n++
	over := c.refusals.n > refusalsPerMinute
	c.refusals.Unlock()
	if over {
		return
	}
	reason := why.Error()
	err := c.store.Update(context.Background(), func(tx kv.Tx) error {
		w := &writer{c: c, tx: tx, actor: actor, action: action, now: now.UTC()}
		if err := w.start(); err != nil {
			return err
		}
		if err := w.appendEvent(Event{Action: action, Refused: reason}); err != nil {
			return err
		}
		return w.finish()
	})
	if err != nil {
		c.log.Error("a refusal could not be recorded", "action", string(action), "error", err)
	}
}

// trailReach is how many of the latest events Trail looks through.
const trailReach = 10_000

// Trail lists audit events, newest first, at most limit: all of them for the operator, those of its own records and
// people for an organisation's administrator or lead, of the latest 10,000.
func (c *Catalogue) Trail(ctx context.Context, actor Actor, limit int) ([]Event, error) {
	if actor.Role.rank() < RoleLead.rank() {
		return nil, forbidden("Your account may not read the audit trail")
	}
	var out []Event
	err := c.view(ctx, func(tx kv.Tx) error {
		head, err := readHead(tx)
		if err != nil {
			return err
		}
		out = nil
		for n := head.N; n > 0 && head.N-n < trailReach && len(out) < limit; n-- {
			e, err := readEvent(tx, n)
			if err != nil {
				return err
			}
			if actor.IsOperator() || actor.Org != "" && (e.Org == actor.Org || e.Owner == actor.Org) {
				out = append(out, e)
			}
		}
		return nil
	})
	return out, err
}

func readEvent(tx kv.Tx, n uint64) (Event, error) {
	value, err := tx.Get(auditKey(n))
	if err != nil {
		return Event{}, err
	}
	if value == nil {
		return Event{}, fmt.Errorf("audit event %d is missing: %w", n, ErrDamaged)
	}
	payload, _, err := unseal(auditKey(n), value)
	if err != nil {
		return Event{}, err
	}
	var e Event
	if err := json.Unmarshal(payload, &e); err != nil {
		return Event{}, fmt.Errorf("decode audit event %d: %w", n, err)
	}
	return e, nil
}
