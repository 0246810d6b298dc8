// Package catalogue is the domain of Jointly: what councils run, what they bought until when, what they intend to buy,
// and the groups in which they buy together. It holds the nouns, their rules, who may see and do what, and the only
// write path. Facts are written once, to an ordered key-value store; everything that is looked up quickly (search,
// matches) follows the change feed and can be thrown away and rebuilt.
//
// Every method takes the Actor on whose behalf it acts, and every record comes back as that actor may see it: what it
// may not see is NotFound.
package catalogue

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"jointly/catalogue/capability"
	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// Catalogue is the facts and their rules over one store. It is safe for concurrent use.
type Catalogue struct {
	store      kv.Store
	register   *register.Register
	dictionary *capability.Dictionary
	clock      func() time.Time
	london     *time.Location
	secret     [32]byte
	shared     bool
	log        *slog.Logger

	refusals *refusals
	markets  *keptMarkets
}

// refusals counts what was refused lately.
type refusals struct {
	sync.Mutex
	window time.Time
	n      int
}

// Options are what Open needs beside the store. Zero values are filled in.
type Options struct {
	Clock  func() time.Time // what counts as now; time.Now by default
	Secret [32]byte         // seals what is short-lived and must not be read from the file, such as mails with codes; random by default
	Shared bool             // other processes may work on the store at the same time
	Log    *slog.Logger
	// BeforeUpgrade is called before Open changes what an earlier version wrote, with the catalogue as it is; an error stops
	// Open. It is the place to keep a backup.
	BeforeUpgrade func(context.Context, *Catalogue, Upgrade) error
}

// Open checks the store's format and upgrades that of an earlier version, completes imports that were under way when the program stopped, and returns the
// catalogue over it. It does not take over the store: the caller closes it.
func Open(ctx context.Context, store kv.Store, o Options) (*Catalogue, error) {
	reg, err := register.Load()
	if err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	dict, err := capability.Load()
	if err != nil {
		return nil, fmt.Errorf("capabilities: %w", err)
	}
	c := &Catalogue{store: store, register: reg, dictionary: dict, clock: o.Clock, secret: o.Secret, shared: o.Shared, log: o.Log,
		refusals: new(refusals), markets: new(keptMarkets), london: time.UTC}
	if c.clock == nil {
		c.clock = time.Now
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.secret == [32]byte{} {
		if _, err := rand.Read(c.secret[:]); err != nil {
			return nil, fmt.Errorf("secret: %w", err)
		}
	}
	if london, err := time.LoadLocation("Europe/London"); err == nil { // a machine without time zones counts days by UTC
		c.london = london
	}
	if err := c.checkFormat(ctx, o.BeforeUpgrade); err != nil {
		return nil, err
	}
	if c.shared {
		if err := c.agree(ctx); err != nil {
			return nil, err
		}
	}
	if err := c.resumeImports(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Register is the reference facts: councils, services, CPV codes, dated rules.
func (c *Catalogue) Register() *register.Register { return c.register }

// Dictionary is the taxonomy of areas and capabilities, and the reader of needs.
func (c *Catalogue) Dictionary() *capability.Dictionary { return c.dictionary }

// Now is the catalogue's clock; London is where its days begin.
func (c *Catalogue) Now() time.Time { return c.clock() }

// Today is midnight UTC of the present calendar day in London: what dates are compared with.
func (c *Catalogue) Today() time.Time {
	return DateOf(c.clock().In(c.london)).First()
}

// NewID makes an ID for a record not yet stored, or a token for a form that must act once.
func NewID() string { return strings.ToLower(ulid.Make().String()) }

// At is the same catalogue under another clock: what was open then, and what is due.
func (c *Catalogue) At(clock func() time.Time) *Catalogue {
	out := *c
	out.clock = clock
	return &out
}

// Changed gives a channel that the next commit closes: take it before reading.
func (c *Catalogue) Changed() <-chan struct{} { return c.store.Changed() }

// storeError gives an error of the store its kind.
func storeError(err error) error {
	var known *Error
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case errors.Is(err, kv.ErrUncertain):
		return &Error{Kind: Unavailable, Message: "It is not certain that this was saved. Look before you try again", Err: err}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, kv.ErrNoSpace):
		return &Error{Kind: Unavailable, Message: "The disk is full: nothing was saved. Try again later", Err: err}
	case errors.Is(err, kv.ErrUnavailable):
		return &Error{Kind: Unavailable, Message: "The machines that keep the catalogue do not answer: nothing was saved. Try again in a minute", Err: err}
	case errors.Is(err, kv.ErrLeaseLost):
		return &Error{Kind: Unavailable, Message: "Another node does this work now", Err: err}
	case errors.Is(err, kv.ErrTooLong):
		return &Error{Kind: Unavailable, Message: "This took longer than the catalogue keeps what it was. Try again", Err: err}
	case errors.Is(err, kv.ErrTooLarge):
		return &Error{Kind: TooLarge, Message: "This is too large to save in one piece", Err: err}
	case errors.Is(err, kv.ErrClosed):
		return &Error{Kind: Unavailable, Message: "Jointly is stopping. Try again in a minute", Err: err}
	}
	return &Error{Kind: Internal, Message: "the store failed", Err: err}
}

// write is the only way in. In one transaction it runs fn, which puts records through the writer; the writer
// authorises, validates, checks the version that the caller read, keeps each record's one change entry, and appends
// the audit trail. Nothing is stored unless all of it is.
func (c *Catalogue) write(ctx context.Context, actor Actor, action Action, fn func(*writer) error) error {
	if err := permit(actor, action); err != nil {
		c.auditRefusal(actor, action, err)
		return err
	}
	var w *writer
	err := c.store.Update(ctx, func(tx kv.Tx) error {
		w = &writer{c: c, tx: tx, actor: actor, action: action, now: c.clock().UTC()}
		if err := fn(w); err != nil {
			return err
		}
		return w.finish()
	})
	if err != nil {
		if kind := KindOf(err); (kind == Forbidden || kind == Unauthenticated) && !errors.Is(err, ErrProveFirst) {
			c.auditRefusal(actor, action, err)
		}
		return storeError(err)
	}
	// Only now is it true: a function given to Update may run more than once.
	for _, done := range w.done {
		*done.item.meta() = done.meta
	}
	return nil
}

// writer is one write under way.
type writer struct {
	c      *Catalogue
	tx     kv.Tx
	actor  Actor
	action Action
	now    time.Time

	checked  bool                       // what is written was allowed and validated before it was staged
	restores bool                       // what is written is as it was before: whose it was, and since when, too
	kept     func(old, item Item) error // asked of each record put, and removed (item nil); may be nil
	started  bool
	seq      uint64 // the last sequence number given out
	trail    AuditHead
	page     *trailPage // of the trail's index that the latest event stands on
	done     []written
}

type written struct {
	item Item
	meta Meta
}

// start reads the counters once a transaction has something to write.
func (w *writer) start() error {
	if w.started {
		return nil
	}
	var err error
	if w.seq, err = readCounter(w.tx, metaKey("seq")); err != nil {
		return err
	}
	if w.trail, err = readHead(w.tx); err != nil {
		return err
	}
	w.started = true
	return nil
}

// finish writes the counters back.
func (w *writer) finish() error {
	if !w.started {
		return nil
	}
	if err := putCounter(w.tx, metaKey("seq"), w.seq); err != nil {
		return err
	}
	if w.page != nil {
		if err := w.page.put(w.tx); err != nil {
			return err
		}
	}
	return putHead(w.tx, w.trail)
}

// put stores a record: see write. The item's Meta is filled once the transaction is durable.
func (w *writer) put(item Item) error {
	key := item.Key()
	old, err := readItem(w.tx, key)
	if err != nil {
		return err
	}
	if !w.checked {
		if err := allow(w.actor, w.action, item, old); err != nil {
			return err
		}
		if err := w.c.validate(w.tx, item); err != nil {
			return err
		}
		if asksAgain(w.actor, w.action, item, old) {
			return ErrProveFirst
		}
	}
	if old != nil && len(item.meta().Was) == 0 && !w.restores {
		item.meta().Was = old.meta().Was // no form or file carries it
	}
	meta := *item.meta()
	var before uint64
	if old != nil {
		before = old.meta().Version
		meta.Created = old.meta().Created
	} else if !w.restores || meta.Created.IsZero() {
		meta.Created = w.now
	}
	if meta.Version != before {
		return conflict("This was saved somewhere else while you were working on it")
	}
	if err := w.unlocked(key.Kind, item.owner()); err != nil {
		return err
	}
	if err := uniqueRef(w.tx, item); err != nil {
		return err
	}
	if err := w.start(); err != nil {
		return err
	}
	w.seq++
	meta.Version, meta.Changed = w.seq, w.now

	// Encode with the new meta, and leave the caller's record as it was until the commit is durable.
	kept := *item.meta()
	*item.meta() = meta
	value, err := encode(item)
	*item.meta() = kept
	if err != nil {
		return err
	}
	if err := w.tx.Put(recordKey(key), seal(recordKey(key), meta.Version, value)); err != nil {
		return err
	}
	if err := w.reindex(old, item); err != nil {
		return err
	}
	if err := w.change(Change{Seq: w.seq, Key: key}, before); err != nil {
		return err
	}
	if err := w.appendAudit(old, item, before, w.seq); err != nil {
		return err
	}
	if w.kept != nil {
		if err := w.kept(old, item); err != nil {
			return err
		}
	}
	w.done = append(w.done, written{item, meta})
	return nil
}

// remove deletes a record that the caller read; its change entry becomes a tombstone.
func (w *writer) remove(item Item) error {
	key := item.Key()
	old, err := readItem(w.tx, key)
	if err != nil {
		return err
	}
	if old == nil {
		return notFound(string(key.Kind))
	}
	if !w.checked {
		if err := allow(w.actor, w.action, item, old); err != nil {
			return err
		}
	}
	before := old.meta().Version
	if item.meta().Version != before {
		return conflict("This was saved somewhere else while you were working on it")
	}
	if asksAgain(w.actor, w.action, nil, old) {
		return ErrProveFirst
	}
	if err := w.unlocked(key.Kind, old.owner()); err != nil {
		return err
	}
	if err := w.start(); err != nil {
		return err
	}
	w.seq++
	if err := w.tx.Delete(recordKey(key)); err != nil {
		return err
	}
	if err := w.reindex(old, nil); err != nil {
		return err
	}
	if err := w.change(Change{Seq: w.seq, Key: key, Deleted: true, At: w.now}, before); err != nil {
		return err
	}
	if w.kept != nil {
		if err := w.kept(old, nil); err != nil {
			return err
		}
	}
	return w.appendAudit(old, nil, before, 0)
}

// reindex makes the look-up keys those of the new record.
func (w *writer) reindex(old, item Item) error {
	stale, fresh := indexKeys(old), indexKeys(item)
	for k := range fresh {
		if stale[k] {
			delete(stale, k)
			continue
		}
		if err := w.tx.Put([]byte(k), seal([]byte(k), 0, nil)); err != nil {
			return err
		}
	}
	for k := range stale {
		if err := w.tx.Delete([]byte(k)); err != nil {
			return err
		}
	}
	return nil
}

// uniqueRef refuses a second record of a kind with the same reference within a council.
func uniqueRef(tx kv.Tx, item Item) error {
	ref := item.meta().Ref
	if ref == "" {
		return nil
	}
	id, err := findRef(tx, item.Key().Kind, item.owner(), ref)
	if err != nil {
		return err
	}
	if id != "" && id != item.Key().ID {
		return invalid("reference", "ref", "The reference "+quoted(ref)+" is used already")
	}
	return nil
}

// validate runs a record's own rules against the registers.
func (c *Catalogue) validate(tx kv.Tx, item Item) error {
	var failed error
	v := &validation{register: c.register, dictionary: c.dictionary, councilOK: func(code string) bool {
		_, ok, err := c.councilIn(tx, code)
		if err != nil {
			failed = err
		}
		return ok
	}}
	v.bodyOK = func(id string) bool {
		b, err := bodyIn(tx, id)
		if err != nil {
			failed = err
		}
		return b != nil
	}
	item.validate(v)
	if failed != nil {
		return failed
	}
	v.id(item.Key().ID)
	v.text("ref", item.meta().Ref, 0, maxRef)
	return v.err(string(item.Key().Kind))
}
