package catalogue

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// Succession is that a council took the place of another here: what was the one's became the other's. The old council's
// page stays, and each record remembers whose it was. Successions are public, their reason is the operator's.
type Succession struct {
	Meta
	From          string    `json:"from"` // council code; the record's ID too, since a council is succeeded once
	To            string    `json:"to"`
	On            Date      `json:"on,omitzero"`      // the vesting date known then
	Reason        string    `json:"reason,omitempty"` // why it was done before that day
	By            Doer      `json:"by,omitzero"`
	Begun         time.Time `json:"begun"`
	Done          time.Time `json:"done,omitzero"` // zero: under way, or stopped on the way; handing over again goes on
	Demonstration bool      `json:"demonstration,omitempty"`

	Parts  map[string]string `json:"parts,omitempty"` // of a council that is split: which council another than To takes, by ID of a contract
	Undone *HandBack         `json:"undone,omitempty"`
	Before []HandBack        `json:"before,omitempty"` // of it handed over earlier and undone, the latest last
}

// Stands says that the one council has taken the other's place: it is done, and was not undone.
func (s *Succession) Stands() bool { return !s.Done.IsZero() && s.Undone == nil }

// heir is the council that takes a record.
func (s *Succession) heir(key Key) string {
	if to := s.Parts[key.ID]; to != "" && key.Kind == KindContract {
		return to
	}
	return s.To
}

// Heirs lists the councils that take something, To first.
func (s *Succession) Heirs() []string {
	out := []string{s.To}
	for _, id := range slices.Sorted(maps.Keys(s.Parts)) {
		if to := s.Parts[id]; !slices.Contains(out, to) {
			out = append(out, to)
		}
	}
	return out
}

// Key names the succession.
func (s *Succession) Key() Key { return Key{KindSuccession, s.ID} }

func (s *Succession) owner() string { return "" }

func (s *Succession) sees(a Actor) (Item, bool) {
	out := *s
	if !a.IsOperator() {
		out.Reason, out.By.Account, out.Parts, out.Before = "", "", nil, nil
		if out.Undone != nil {
			out.Undone = &HandBack{At: s.Undone.At, By: Doer{Via: s.Undone.By.Via}}
		}
	}
	return &out, true
}

func (s *Succession) index(add func(string, ...string)) {
	if s.Undone != nil {
		return
	}
	for _, to := range s.Heirs() {
		add("succession.to", to)
	}
}

func (s *Succession) validate(v *validation) {
	v.council("from", s.From)
	for _, to := range s.Heirs() {
		v.council("to", to)
		v.that(s.From != to, "to", "Choose another council: this is the one that ends")
	}
	v.that(len(s.Parts) <= maxParts, "parts", "Too many contracts go elsewhere: choose the council that takes most of them as the successor")
	v.text("reason", s.Reason, 0, maxText/10)
}

// HandOver is what the operator asks for on the day: the council that ends, the one that takes its place, and the reason
// where the day has not come or is not known.
type HandOver struct {
	From, To string
	Reason   string
	Parts    map[string]string // contracts that go to another council than To, by ID
}

// maxParts bounds the contracts of a council that is split which go to another council than the rest.
const maxParts = 2000

// Succeed hands over: contracts, uses, intentions, interests, memberships in groups, listings and accounts of one council
// become another's, a few in each transaction. After a failure, or a kill, handing over again goes on where it stopped;
// once it is done it moves only what came to the old council since. Invalid: the day has not come and no reason is given.
// Conflict: another council took its place already.
func (c *Catalogue) Succeed(ctx context.Context, actor Actor, h HandOver) (*Succession, error) {
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
	if err := c.forgetHandBack(ctx, h.From); err != nil {
		return nil, err
	}
	s, err := c.beginSuccession(ctx, actor, h)
	if err != nil {
		return nil, err
	}
	for _, kind := range inheritedKinds() {
		if err := c.inheritAll(ctx, actor, kind, s); err != nil {
			return nil, err
		}
	}
	return s, c.endSuccession(ctx, actor, s)
}

// inheritedKinds lists the kinds of records that a hand-over goes through. People go first, so that nobody acts for the
// council that ends while the rest moves.
func inheritedKinds() []Kind {
	kinds := slices.DeleteFunc(storedKinds(), func(k Kind) bool {
		_, inherits := newItem(k).(inheritor)
		return !inherits || k == KindAccount
	})
	return append([]Kind{KindAccount}, kinds...)
}

// beginSuccession records that a hand-over is under way, or finds that it was begun.
func (c *Catalogue) beginSuccession(ctx context.Context, actor Actor, h HandOver) (*Succession, error) {
	var out *Succession
	err := c.write(ctx, actor, Reorganise, func(w *writer) error {
		item, err := readItem(w.tx, Key{KindSuccession, h.From})
		if err != nil {
			return err
		}
		var version uint64
		var before []HandBack
		if s, ok := item.(*Succession); ok {
			if version = s.Version; s.Undone == nil {
				if out = s; s.To != h.To {
					return conflict("Another council took its place already")
				}
				return nil
			}
			last := *s.Undone
			last.Stays = nil
			before = append(slices.Clone(s.Before), last)
		}
		out = &Succession{Meta: Meta{ID: h.From, Version: version}, From: h.From, To: h.To, Parts: maps.Clone(h.Parts), Reason: strings.TrimSpace(h.Reason), Begun: w.now,
			By: doerOf(actor), Before: before[max(0, len(before)-maxSuccessors):], Demonstration: c.demonstration(h.From)}
		if out.Parts == nil {
			if out.Parts, err = decidedParts(w.tx, h); err != nil {
				return err
			}
		}
		if err := w.mayBegin(out); err != nil {
			return err
		}
		return w.put(out)
	})
	return out, err
}

// decidedParts is what was decided of a council that is split, where the one that it is handed over to takes the rest.
func decidedParts(tx kv.Tx, h HandOver) (map[string]string, error) {
	item, err := readItem(tx, Key{KindEnding, h.From})
	if e, ok := item.(*Ending); ok && e.Main == h.To {
		return e.Parts, err
	}
	return nil, err
}

// mayBegin refuses a hand-over to what cannot take over, and one before its day that no reason is given for.
func (w *writer) mayBegin(s *Succession) error {
	if err := w.mustBeCouncil("from", s.From); err != nil {
		return err
	}
	for _, to := range s.Heirs() {
		if err := w.mustBeCouncil("to", to); err != nil {
			return err
		}
		over, err := readItem(w.tx, Key{KindSuccession, to})
		if err != nil {
			return err
		}
		switch s2, ok := over.(*Succession); {
		case ok && s2.Undone == nil:
			return invalid("hand-over", "to", "This council was itself succeeded by another: hand over to that")
		case w.c.demonstration(s.From) != w.c.demonstration(to):
			return invalid("hand-over", "to", "A council of the demonstration and a real one cannot take each other's place")
		}
	}
	rows, err := w.c.reorganisationOf(w.tx, s.From)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Ends() && r.Status == register.StatusDecided {
			s.On = DateOf(r.Reorganisation.Vesting)
		}
	}
	switch {
	case s.Reason != "" || !s.On.IsZero() && !s.On.First().After(w.c.Today()):
		return nil
	case s.On.IsZero():
		return invalid("hand-over", "reason", "No decided vesting date of this council is known. Record it first, or give the reason to hand over without")
	}
	return invalid("hand-over", "reason", "The vesting date is "+s.On.Words()+". Hand over on or after that day, or give the reason to do it before")
}

func (w *writer) mustBeCouncil(field, code string) error {
	_, ok, err := w.c.councilIn(w.tx, code)
	if err == nil && !ok {
		return invalid("hand-over", field, "There is no council with the code "+quoted(code)+": add it first")
	}
	return err
}

// movedAtOnce is how many records one transaction hands over: each takes up to 20 keys, where its own changes too.
const movedAtOnce = 4

// inheritAll hands over the records of one kind: finds them first, then changes a few in each transaction.
func (c *Catalogue) inheritAll(ctx context.Context, actor Actor, kind Kind, s *Succession) error {
	var ids []string
	if err := c.view(ctx, func(tx kv.Tx) error {
		ids = nil
		return c.each(tx, kind, func(item Item) error {
			id := item.Key().ID // inheriting may change it
			if item.(inheritor).inherit(s.From, s.heir(item.Key())) {
				ids = append(ids, id)
			}
			return nil
		})
	}); err != nil {
		return err
	}
	for some := range slices.Chunk(ids, movedAtOnce) {
		if err := c.write(ctx, actor, Reorganise, func(w *writer) error {
			w.checked = true // but for the council it says what it said
			w.kept = func(old, item Item) error { return keepHandedOver(w.tx, s.From, old, item) }
			for _, id := range some {
				if err := w.inherit(Key{kind, id}, s); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return fmt.Errorf("hand over %s: %w", kind, err)
		}
	}
	return nil
}

// inherit hands over one record.
func (w *writer) inherit(key Key, s *Succession) error {
	old, err := readItem(w.tx, key)
	if err != nil || old == nil {
		return err
	}
	fresh, err := readItem(w.tx, key)
	if err != nil {
		return err
	}
	was := fresh.owner()
	if !fresh.(inheritor).inherit(s.From, s.heir(key)) {
		return nil
	}
	_, person := fresh.(*Account)
	if _, part := fresh.(ofGroup); part || person || was == s.From {
		fresh.meta().Was = append(slices.Clone(fresh.meta().Was), s.From)
	}
	if err := w.keepRef(fresh, s.From); err != nil {
		return err
	}
	if own, ok := fresh.(*Interest); ok && own.Council == own.IntentionOf {
		return w.remove(old) // what the one was interested in is its own now
	}
	if fresh.Key() != key {
		return w.inheritRenamed(old, fresh)
	}
	if g, ok := fresh.(*BuyingGroup); ok && g.GoesOn() {
		return w.settle(g)
	}
	return w.put(fresh)
}

// keepRef puts the old council's code before a reference that the new council has already.
func (w *writer) keepRef(item Item, from string) error {
	m := item.meta()
	if m.Ref == "" {
		return nil
	}
	id, err := findRef(w.tx, item.Key().Kind, item.owner(), m.Ref)
	if err == nil && id != "" && id != item.Key().ID {
		m.Ref = keptRef(from, m.Ref)
	}
	return err
}

// keptRef is a reference of an old council where the new one has the same.
func keptRef(from, ref string) string { return from + " " + ref }

// inheritRenamed moves a record whose own key names its council. Where the new council has such a record already, the two
// become one.
func (w *writer) inheritRenamed(old, fresh Item) error {
	there, err := readItem(w.tx, fresh.Key())
	if err != nil {
		return err
	}
	if _, ok := there.(*Saving); ok {
		return nil // figures are not added up: the entry stays under the council that left the group
	}
	if err := w.remove(old); err != nil {
		return err
	}
	fresh.meta().Version = 0
	switch known := there.(type) {
	case *Verdict:
		return nil
	case *Use:
		return w.put(known.with(fresh.(*Use)))
	case *Adoption:
		own := fresh.(*Adoption)
		if !own.further(known) {
			return nil
		}
		own.Version, own.Audience = known.Version, narrower(own.Audience, known.Audience)
	case *Interest:
		if slices.Index(Rungs(), known.Rung) >= slices.Index(Rungs(), fresh.(*Interest).Rung) {
			return nil
		}
		fresh.meta().Version = known.Version
	}
	return w.put(fresh)
}

// endSuccession records that a hand-over is done, and tells the people whose council it concerns.
func (c *Catalogue) endSuccession(ctx context.Context, actor Actor, s *Succession) error {
	if !s.Done.IsZero() {
		return nil
	}
	return c.write(ctx, actor, Reorganise, func(w *writer) error {
		from, err := c.label(w.tx, s.From)
		if err != nil {
			return err
		}
		to, err := c.label(w.tx, s.To)
		if err != nil {
			return err
		}
		s.Done = w.now
		if err := w.put(s); err != nil {
			return err
		}
		if err := w.endEnding(s.From); err != nil {
			return err
		}
		return w.tell(s.Heirs(), RoleViewer, Message{Subject: to + " took the place of " + from + " in Jointly",
			Text: []string{"What " + from + " had in Jointly is now " + to + "'s: contracts, platforms, intentions, groups and accounts.",
				"Look through it: contracts that were bought twice, and groups that both councils were in. If something went wrong, tell whoever runs this service: for " +
					thousands(undoDays) + " days it can be undone."},
			Why: "You have an account for a council that took over.", Link: "/councils/" + s.To, LinkText: "See your council's page"})
	})
}
