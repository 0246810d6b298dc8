package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// Event is one entry of the audit trail: who did what to which record. Each carries the hash of the one before.
type Event struct {
	N       uint64        `json:"n"` // counts from 1 without gaps
	At      time.Time     `json:"at"`
	Account string        `json:"account,omitempty"`
	Role    Role          `json:"role,omitempty"`
	Org     string        `json:"org,omitempty"`
	Via     string        `json:"via,omitempty"`
	Action  Action        `json:"action"`
	Record  Key           `json:"record,omitzero"`
	Owner   string        `json:"owner,omitempty"` // council or supplier whose record it is
	From    uint64        `json:"from,omitempty"`  // version before; 0: it was new
	To      uint64        `json:"to,omitempty"`    // version after; 0: it was deleted
	Fields  []FieldChange `json:"fields,omitempty"`
	More    int           `json:"more,omitempty"` // fields that changed too, beyond those listed
	Refused string        `json:"refused,omitempty"`
	Content string        `json:"content,omitempty"` // hash of what was frozen with it, hexadecimal; only of what is
	Prev    string        `json:"prev"`              // hash of the event before, hexadecimal
}

// orgs are the organisations that read the event: whose act it was, and whose record.
func (e Event) orgs() []string {
	var out []string
	for _, org := range []string{e.Org, e.Owner} {
		if org != "" && !slices.Contains(out, org) {
			out = append(out, org)
		}
	}
	return out
}

// eventHash covers all that is stored of an event, the hash before it included: also what a later version of the program
// writes and this one does not know.
func eventHash(payload []byte) string {
	sum := sha256.Sum256(payload)
	return hex.EncodeToString(sum[:])
}

// AuditHead is the last event's number and hash: backups and exports carry it, so that a cut-off tail shows.
type AuditHead struct {
	N    uint64
	Hash string
}

// String is the head as commands print it and verify takes it: NUMBER:HASH.
func (h AuditHead) String() string { return fmt.Sprintf("%d:%s", h.N, h.Hash) }

// AuditHead is how far the trail goes now.
func (c *Catalogue) AuditHead(ctx context.Context) (AuditHead, error) {
	var head AuditHead
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		head, err = readHead(tx)
		return err
	})
	return head, err
}

func auditKey(n uint64) []byte { return kv.NewKey("a").Uint(n) }

func readHead(tx kv.Tx) (AuditHead, error) {
	key := metaKey("audit")
	value, err := tx.Get(key)
	if err != nil || value == nil {
		return AuditHead{}, err
	}
	payload, n, err := unseal(key, value)
	return AuditHead{n, string(payload)}, err
}

func putHead(tx kv.Tx, h AuditHead) error {
	key := metaKey("audit")
	return tx.Put(key, seal(key, h.N, []byte(h.Hash)))
}

// appendAudit records that a record was put (old nil: it is new) or removed (item nil).
func (w *writer) appendAudit(old, item Item, from, to uint64) error {
	of := item
	if of == nil {
		of = old
	}
	owner := of.owner()
	if a, ok := of.(*Account); ok {
		owner = a.Org
	}
	e := Event{Action: w.action, Record: of.Key(), Owner: owner, From: from, To: to}
	e.Fields, e.More = w.c.fieldChanges(old, item, owner)
	if r, ok := of.(*Research); ok && to != 0 {
		e.Content = r.Hash
	}
	return w.appendEvent(e)
}

func (w *writer) appendEvent(e Event) error {
	e.N, e.At, e.Prev = w.trail.N+1, w.now, w.trail.Hash
	e.Account, e.Role, e.Org, e.Via = w.actor.Account, w.actor.Role, w.actor.Org, w.actor.Via
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode audit event %d: %w", e.N, err)
	}
	if err := w.tx.Put(auditKey(e.N), seal(auditKey(e.N), e.N, payload)); err != nil {
		return err
	}
	if err := w.indexEvent(e); err != nil {
		return err
	}
	w.trail = AuditHead{e.N, eventHash(payload)}
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

// readEvent is an event with its hash.
func readEvent(tx kv.Tx, n uint64) (Event, string, error) {
	value, err := tx.Get(auditKey(n))
	if err != nil {
		return Event{}, "", err
	}
	if value == nil {
		return Event{}, "", fmt.Errorf("audit event %d is missing: %w", n, ErrDamaged)
	}
	payload, _, err := unseal(auditKey(n), value)
	if err != nil {
		return Event{}, "", err
	}
	var e Event
	if err := json.Unmarshal(payload, &e); err != nil {
		return Event{}, "", fmt.Errorf("decode audit event %d: %w", n, err)
	}
	return e, eventHash(payload), nil
}
