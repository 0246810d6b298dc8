package catalogue

import (
	"context"
	"fmt"
	"slices"

	"jointly/catalogue/kv"
)

// The index of the audit trail says which organisations read which events, a page of it for each trailPageLen of them, so
// that an organisation's part of a long trail is found without reading everybody's.

// trailPageLen is how many events a page of the index covers.
const trailPageLen = 128

// trailPage is a page of the index: for each event, in order, the organisations that read it.
type trailPage struct {
	n    uint64 // events n*trailPageLen+1 to (n+1)*trailPageLen
	orgs [][]string
}

// trailPageKey orders pages from the latest to the first.
func trailPageKey(n uint64) []byte { return kv.NewKey("h").Uint(^n) }

func trailPageOf(event uint64) uint64 { return (event - 1) / trailPageLen }

func readTrailPage(tx kv.Tx, n uint64) (*trailPage, error) {
	p := &trailPage{n: n}
	_, err := getJSON(tx, trailPageKey(n), &p.orgs)
	return p, err
}

func (p *trailPage) put(tx kv.Tx) error { return putJSON(tx, trailPageKey(p.n), p.orgs) }

// set notes who reads an event of the page.
func (p *trailPage) set(e Event) {
	at := int((e.N - 1) % trailPageLen)
	for len(p.orgs) <= at {
		p.orgs = append(p.orgs, nil)
	}
	p.orgs[at] = e.orgs()
}

// indexEvent notes in the index who reads an event; finish writes the page.
func (w *writer) indexEvent(e Event) error {
	n := trailPageOf(e.N)
	if w.page != nil && w.page.n != n {
		if err := w.page.put(w.tx); err != nil {
			return err
		}
		w.page = nil
	}
	if w.page == nil {
		var err error
		if w.page, err = readTrailPage(w.tx, n); err != nil {
			return err
		}
	}
	w.page.set(e)
	return nil
}

// indexTrail builds the index of a trail that has none, a page in a transaction. Running it again does no harm.
func (c *Catalogue) indexTrail(ctx context.Context) error {
	for n := uint64(0); ; n++ {
		more := false
		if err := c.store.Update(ctx, func(tx kv.Tx) error {
			head, err := readHead(tx)
			if err != nil {
				return err
			}
			page := &trailPage{n: n}
			for i := n*trailPageLen + 1; i <= min(head.N, (n+1)*trailPageLen); i++ {
				e, _, err := readEvent(tx, i)
				if err != nil {
					return err
				}
				page.set(e)
			}
			if more = head.N > (n+1)*trailPageLen; len(page.orgs) == 0 {
				return nil
			}
			return page.put(tx)
		}); err != nil {
			return fmt.Errorf("index the audit trail: %w", storeError(err))
		}
		if !more {
			return nil
		}
	}
}

// TrailQuery asks for a part of the audit trail. Zero values ask for everything.
type TrailQuery struct {
	Before uint64 // only events with a lower number; 0: from the latest
	Limit  int    // at most 1,000
	Action Action
	Record Key    // with an empty ID: every record of that kind
	Org    string // for the operator: what one organisation reads

	Without Kind // records that are left out unless they are asked for; empty: none
}

// TrailPage is a part of the audit trail, the latest first.
type TrailPage struct {
	Events []Event
	Next   uint64 // Before of the part that follows; 0: this is the end
	Short  bool   // so much was looked through that there are fewer events than asked for, and may be more
}

// Limits of one look into the trail.
const (
	trailMost       = 1000
	trailPagesAhead = 200    // of the index
	trailEvents     = 10_000 // read to find those that are asked for
)

// Trail lists audit events, the latest first, at most limit: see TrailPage.
func (c *Catalogue) Trail(ctx context.Context, actor Actor, limit int) ([]Event, error) {
	var out []Event
	q := TrailQuery{}
	for len(out) < limit {
		q.Limit = limit - len(out)
		page, err := c.TrailPage(ctx, actor, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Events...)
		if q.Before = page.Next; q.Before == 0 {
			break
		}
	}
	return out, nil
}

// TrailPage lists a part of the audit trail: all of it for the operator; for a lead or an administrator what their
// organisation did, and what was done to its records, as far as it may know: of another organisation's act not whose
// account it was, and of its own act on another's record not which fields changed.
func (c *Catalogue) TrailPage(ctx context.Context, actor Actor, q TrailQuery) (TrailPage, error) {
	if !MayReadTrail(actor) {
		return TrailPage{}, forbidden("Your account may not read the audit trail")
	}
	if !actor.IsOperator() {
		q.Org = actor.Org
		if q.Org == "" {
			return TrailPage{}, nil
		}
	}
	q.Limit = min(max(q.Limit, 1), trailMost)
	var out TrailPage
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = q.read(ctx, tx, actor)
		return err
	})
	return out, err
}

func (q TrailQuery) read(ctx context.Context, tx kv.Tx, actor Actor) (TrailPage, error) {
	var out TrailPage
	head, err := readHead(tx)
	if err != nil {
		return out, err
	}
	n := head.N
	if q.Before != 0 {
		n = min(n, q.Before-1)
	}
	var page *trailPage
	for pages, events := 0, 0; n > 0; n-- {
		if pages > trailPagesAhead || events >= trailEvents || len(out.Events) == q.Limit {
			out.Next, out.Short = n+1, len(out.Events) < q.Limit
			return out, nil
		}
		if q.Org != "" {
			if page == nil || page.n != trailPageOf(n) {
				if page, err = readTrailPage(tx, trailPageOf(n)); err != nil {
					return out, err
				}
				pages++
			}
			if at := int((n - 1) % trailPageLen); at >= len(page.orgs) || !slices.Contains(page.orgs[at], q.Org) {
				continue
			}
		}
		if err := ctx.Err(); err != nil {
			return out, err
		}
		events++
		e, _, err := readEvent(tx, n)
		if err != nil {
			return out, err
		}
		e, ok := e.through(actor)
		if !ok || !q.asks(e) {
			continue
		}
		if err := e.hideOther(tx, actor); err != nil {
			return out, err
		}
		out.Events = append(out.Events, e)
	}
	return out, nil
}

func (q TrailQuery) asks(e Event) bool {
	if q.Without != "" && e.Record.Kind == q.Without && q.Record.Kind != q.Without {
		return false
	}
	return (q.Action == "" || e.Action == q.Action) && (q.Record.Kind == "" || e.Record.Kind == q.Record.Kind) && (q.Record.ID == "" || e.Record.ID == q.Record.ID)
}

// hideOther takes the other organisation out of an event in which two have a part, the one that acted and the one whose
// record it is, unless the reader sees on the record itself who the other is: in a group's room, and in a talk of two.
func (e *Event) hideOther(tx kv.Tx, a Actor) error {
	theirs, acted := e.Owner != "" && e.Owner != a.Org, e.Org != "" && e.Org != a.Org && e.Role != RoleOperator
	if a.IsOperator() || !theirs && !acted {
		return nil
	}
	switch e.Record.Kind {
	case KindTalk:
		return nil
	case KindGroup:
		item, err := readItem(tx, e.Record)
		if err != nil {
			return err
		}
		if g, ok := item.(*BuyingGroup); ok && slices.ContainsFunc(g.accepted(), a.ForCouncil) {
			return nil
		}
	}
	if theirs {
		e.Owner = OtherOrg
	}
	if acted {
		e.Org, e.Role, e.Via = OtherOrg, RoleNone, ""
		e.Fields, e.More = nil, 0 // they may name it
	}
	return nil
}

// OtherOrg stands in an event in the place of an organisation that its reader is not told.
const OtherOrg = "other"

// through is the event as an actor may see it; false where it may not.
func (e Event) through(a Actor) (Event, bool) {
	if a.IsOperator() {
		return e, true
	}
	if a.Org == "" || !slices.Contains(e.orgs(), a.Org) {
		return Event{}, false
	}
	if a.OrgKind == OrgBody && e.Record.Kind == KindNews { // that somebody was told says that something fits which councils alone see
		return Event{}, false
	}
	e.Prev = "" // covers what others did
	if e.Owner != a.Org {
		e.Fields, e.More = nil, 0
	}
	if e.Org != a.Org {
		e.Account = ""
		if e.Action == FollowOn { // of an act that may be the other's own business
			e.Org, e.Role, e.Via = "", RoleNone, ""
		}
	}
	return e, true
}
