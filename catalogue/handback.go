package catalogue

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// How a hand-over is undone: what it wrote over is kept beside it for a time, and goes back the way that imports come.

// undoDays is for how many days a hand-over can be undone.
const undoDays = 30

// HandBack is that a hand-over was undone.
type HandBack struct {
	At     time.Time   `json:"at"`
	By     Doer        `json:"by,omitzero"`
	Reason string      `json:"reason,omitempty"`
	Back   int         `json:"back,omitempty"`   // records that went back
	Stayed int         `json:"stayed,omitempty"` // records that stayed with the successor
	Stays  []LeftAlone `json:"stays,omitempty"`  // the first of them, and why
	Told   bool        `json:"told,omitempty"`   // its people were told
}

// UndoUntil is when the time to undo a hand-over is over; zero where it is not done, or was undone.
func (s *Succession) UndoUntil() time.Time {
	if !s.Stands() {
		return time.Time{}
	}
	return s.Done.AddDate(0, 0, undoDays)
}

// handedOver is a record as it was before a hand-over wrote it, and what it said after.
type handedOver struct {
	Kind   Kind            `json:"kind"`
	ID     string          `json:"id"`
	Before json.RawMessage `json:"before,omitempty"` // none: the hand-over made it; of an account nothing is kept, it finds back by its council
	After  string          `json:"after,omitempty"`  // digest of what it says; none: the hand-over took it away
}

func (h handedOver) key() Key { return Key{h.Kind, h.ID} }

func handedOverPrefix(from string) kv.Key { return kv.NewKey("u", "handover", from) }
func handedOverKey(from string, key Key) []byte {
	return handedOverPrefix(from).Str(string(key.Kind)).Str(key.ID)
}

// keepHandedOver notes a record that a hand-over is about to put (old nil: it is new) or to remove (item nil). What was
// noted of it first is what stood there before the hand-over.
func keepHandedOver(tx kv.Tx, from string, old, item Item) error {
	h, known := handedOver{}, old
	if known == nil {
		known = item
	}
	key := known.Key()
	if old == nil && key.Kind == KindNews {
		return nil // what people were told stays told
	}
	row := handedOverKey(from, key)
	found, err := getJSON(tx, row, &h)
	if err != nil {
		return err
	}
	if !found && old != nil && key.Kind != KindAccount {
		if h.Before, err = encode(old); err != nil {
			return err
		}
	}
	h.Kind, h.ID, h.After = key.Kind, key.ID, ""
	if item != nil {
		if h.After, err = sumOf(item); err != nil {
			return err
		}
	}
	return putJSON(tx, row, h)
}

// forgetHandBack drops what was kept of a hand-over that was undone, before the council is handed over anew.
func (c *Catalogue) forgetHandBack(ctx context.Context, from string) error {
	undone := false
	err := c.view(ctx, func(tx kv.Tx) error {
		item, err := readItem(tx, Key{KindSuccession, from})
		s, ok := item.(*Succession)
		undone = ok && s.Undone != nil
		return err
	})
	if err != nil || !undone {
		return err
	}
	return c.dropChunks(ctx, handedOverPrefix(from))
}

// expireHandBacks drops what was kept of hand-overs that can no longer be undone, or were.
func (c *Catalogue) expireHandBacks(ctx context.Context) error {
	var over []string
	if err := c.Each(ctx, Operator("job"), KindSuccession, func(item Item) error {
		if s := item.(*Succession); s.Undone != nil || s.Stands() && s.UndoUntil().Before(c.clock()) {
			over = append(over, s.From)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, from := range over {
		if err := c.dropChunks(ctx, handedOverPrefix(from)); err != nil {
			return err
		}
	}
	return nil
}

// HandOverUndo is what undoing a hand-over would do, or did.
type HandOverUndo struct {
	Back   int         // records that go back, people among them
	Stayed int         // that stay with the successor
	Stays  []LeftAlone // the first of them, by kind and ID
}

// UndoPlan says what undoing a hand-over would do now, for the operator.
func (c *Catalogue) UndoPlan(ctx context.Context, actor Actor, from string) (out HandOverUndo, err error) {
	if err := permit(actor, Reorganise); err != nil {
		return out, err
	}
	err = c.view(ctx, func(tx kv.Tx) error {
		p, err := c.planHandBack(tx, from)
		if err == nil {
			out = p.done
		}
		return err
	})
	return out, err
}

// UndoSuccession gives back to a council what was handed over, all or none, within 30 days. What the successor changed
// since, or began something new with, stays with the successor together with what belongs to it, and is listed. People go
// back, those too who came since at the old council's domain. The council is not handed over by itself again for the same
// day. Sent again it does nothing more. Invalid: there is no reason. Conflict: it is too late, or it is not done yet.
func (c *Catalogue) UndoSuccession(ctx context.Context, actor Actor, from, reason string) (*Succession, error) {
	if err := permit(actor, Reorganise); err != nil {
		c.auditRefusal(actor, Reorganise, err)
		return nil, err
	}
	if asksAgain(actor, Reorganise, nil, nil) { // before the first of its many writes
		return nil, ErrProveFirst
	}
	if err := c.completeImports(ctx); err != nil {
		return nil, err
	}
	reason = strings.TrimSpace(reason)
	var p *handBack
	var already *Succession
	if err := c.view(ctx, func(tx kv.Tx) (err error) {
		item, err := readItem(tx, Key{KindSuccession, from})
		if s, ok := item.(*Succession); ok && s.Undone != nil {
			already = s
		}
		if err != nil || already != nil {
			return err
		}
		p, err = c.planHandBack(tx, from)
		return err
	}); err != nil {
		return nil, err
	}
	if already != nil {
		return already, c.endHandBack(ctx, actor, from)
	}
	if n := len([]rune(reason)); n == 0 || n > maxText/10 {
		return nil, invalid("hand-over", "reason", "Say why it is undone, in at most "+thousands(maxText/10)+" characters")
	}
	p.succession.Undone = &HandBack{At: c.clock().UTC(), By: doerOf(actor), Reason: reason, Back: p.done.Back, Stayed: p.done.Stayed, Stays: p.done.Stays}
	put, err := plannedPut(p.tx, p.succession, p.was)
	if err != nil {
		return nil, err
	}
	undo := NewID()
	if err := c.stageAs(ctx, staged{Actor: actor, Action: Reorganise, Locks: map[Kind][]string{}}, undo, append(p.put, put), nil); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx) // past this point it has happened, and is completed when the catalogue opens at the latest
	if err := c.rollForward(ctx, undo, nil); err != nil {
		return nil, err
	}
	return p.succession, c.endHandBack(ctx, actor, from)
}

// endHandBack tells the people of both councils once that a hand-over was undone.
func (c *Catalogue) endHandBack(ctx context.Context, actor Actor, from string) error {
	return c.write(ctx, actor, Reorganise, func(w *writer) error {
		item, err := readItem(w.tx, Key{KindSuccession, from})
		s, ok := item.(*Succession)
		if err != nil || !ok || s.Undone == nil || s.Undone.Told {
			return err
		}
		s.Undone.Told = true
		if err := w.put(s); err != nil {
			return err
		}
		names, err := w.names(s.From, s.To)
		if err != nil {
			return err
		}
		text := []string{"What was handed over is " + names[0] + "'s again: contracts, platforms, intentions, groups and accounts."}
		if s.Undone.Stayed > 0 {
			text = append(text, "What was changed since stays with "+names[1]+". Ask whoever runs this service what that is.")
		}
		return w.tell(append(s.Heirs(), s.From), RoleViewer, Message{Subject: "Handing over " + names[0] + " to " + names[1] + " was undone in Jointly", Text: text,
			Why: "You have an account for one of the two councils.", Link: "/councils/" + s.From, LinkText: "See " + names[0] + "'s page"})
	})
}

// names are councils' names as messages show them.
func (w *writer) names(codes ...string) ([]string, error) {
	var out []string
	for _, code := range codes {
		label, err := w.c.label(w.tx, code)
		if err != nil {
			return nil, err
		}
		out = append(out, label)
	}
	return out, nil
}

// planHandBack finds out what undoing a hand-over comes to, within one transaction.
func (c *Catalogue) planHandBack(tx kv.Tx, from string) (*handBack, error) {
	item, err := readItem(tx, Key{KindSuccession, from})
	s, ok := item.(*Succession)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, notFound("hand-over")
	case s.Undone != nil:
		return nil, conflict("This hand-over was undone already")
	case s.Done.IsZero():
		return nil, conflict("This hand-over is under way. It can be undone once it is done: hand over again, and it goes on where it stopped")
	case !c.clock().Before(s.UndoUntil()):
		return nil, conflict(fmt.Sprintf("A hand-over can be undone for %d days, and it is longer ago", undoDays))
	}
	for _, to := range s.Heirs() {
		if next, err := successorOf(tx, to); err != nil {
			return nil, err
		} else if next != "" {
			return nil, conflict("The successor was itself handed over since: undo that first")
		}
	}
	was, err := readItem(tx, s.Key())
	if err != nil {
		return nil, err
	}
	p := &handBack{c: c, tx: tx, succession: s, was: was, heirs: s.Heirs(), nodes: map[Key]*handBackNode{}, joined: map[string]string{}, why: map[string]string{}}
	for _, step := range []func() error{p.readLog, p.addSince, p.findChanged, p.decide, p.people} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(p.done.Stays, func(a, b LeftAlone) int { return strings.Compare(a.Key.String(), b.Key.String()) })
	p.done.Stays = p.done.Stays[:min(len(p.done.Stays), maxLeft)]
	return p, nil
}
