package catalogue

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// EvidenceCall is an evidence call by its ID, as the actor may see it.
func (c *Catalogue) EvidenceCall(ctx context.Context, actor Actor, id string) (*EvidenceCall, error) {
	return one[*EvidenceCall](ctx, c, actor, KindCall, id)
}

// EvidenceCalls lists the calls that an actor may see: drafts, then open ones, then closed ones, of each the latest first.
func (c *Catalogue) EvidenceCalls(ctx context.Context, actor Actor) ([]*EvidenceCall, error) {
	var out []*EvidenceCall
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = c.callsSeen(tx, actor)
		return err
	})
	return out, err
}

func (c *Catalogue) callsSeen(tx kv.Tx, actor Actor) ([]*EvidenceCall, error) {
	var out []*EvidenceCall
	err := c.each(tx, KindCall, func(item Item) error {
		if seen, ok := item.sees(actor); ok {
			out = append(out, seen.(*EvidenceCall))
		}
		return nil
	})
	slices.SortFunc(out, byUntil)
	return out, err
}

// CallWarnings says what about a call may keep councils from answering; nothing of it forbids to open it.
func (c *Catalogue) CallWarnings(x EvidenceCall) []string {
	var out []string
	if n := len(x.Services); n > ManyServices {
		out = append(out, "It asks about "+strconv.Itoa(n)+" services. Councils answer ten or so; each more costs them about an hour, and some will not answer at all.")
	}
	if x.Until.Exact() && !x.Until.First().After(c.Today().AddDate(0, 0, 20)) {
		out = append(out, "Councils have less than three weeks to answer.")
	}
	if x.Costs {
		out = append(out, "It asks for costs. Few councils know them by channel: they can leave them out.")
	}
	return out
}

// CheckCall says all that is wrong with a call, as SaveCall and OpenCall would; nil where it can be opened.
func (c *Catalogue) CheckCall(ctx context.Context, x EvidenceCall) error {
	x.tidy()
	if x.ID == "" {
		x.ID = NewID()
	}
	if x.State == "" {
		x.State = CallDraft
	}
	return c.view(ctx, func(tx kv.Tx) error { return c.validate(tx, &x) })
}

// SaveCall stores a new call as a draft, or the new state of one; Version is the one that was read. What an open call asks
// for stays: councils are answering it. The same form sent twice makes one call.
func (c *Catalogue) SaveCall(ctx context.Context, actor Actor, x EvidenceCall) (*EvidenceCall, error) {
	if x.ID == "" {
		x.ID = NewID()
	}
	x.tidy()
	var out *EvidenceCall
	err := c.write(ctx, actor, KeepCalls, func(w *writer) error {
		item, err := readItem(w.tx, x.Key())
		if err != nil {
			return err
		}
		old, there := item.(*EvidenceCall)
		if there && x.Version == 0 {
			out = old
			return nil
		}
		out = &x
		out.State = CallDraft
		if there {
			out.State, out.Opened, out.Closed, out.Told, out.Themes = old.State, old.Opened, old.Closed, old.Told, old.Themes
			out.Themes = slices.DeleteFunc(slices.Clone(old.Themes), func(t Theme) bool { _, ok := out.Question(t.Question); return !ok })
			if err := old.maySay(out); err != nil {
				return err
			}
			if old.Until.Last().Before(out.Until.Last()) { // the reminders are due again
				out.Told.Reminder, out.Told.Reminded, out.Told.Done = "", "", nil
			}
		}
		return w.put(out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// maySay refuses to change what an open call asks for.
func (x *EvidenceCall) maySay(next *EvidenceCall) error {
	if x.State == CallDraft {
		return nil
	}
	var ck check
	ck.that(slices.Equal(x.Services, next.Services), "services", "Councils are answering: the services stay as they are. Close this call and open another to ask about more")
	ck.that(x.Start == next.Start && x.End == next.End, "period_start", "Councils are answering: the period stays as it is")
	ck.that(slices.EqualFunc(x.Questions, next.Questions, func(a, b CallQuestion) bool { return a.ID == b.ID }), "questions", "Councils are answering: you can put a question in other words, but neither add nor take one out")
	ck.that(slices.Equal(x.Asked.Nations, next.Asked.Nations) && slices.Equal(x.Asked.Types, next.Asked.Types) && slices.Equal(x.Asked.Regions, next.Asked.Regions), "nations",
		"Councils are answering: who is asked stays as it is")
	ck.that(x.Demonstration == next.Demonstration, "asked_of", "Councils are answering: who is asked stays as it is")
	return ck.err("evidence call")
}

// tidy takes off what surrounds texts, and gives new questions their IDs.
func (x *EvidenceCall) tidy() {
	x.Title, x.Why = strings.TrimSpace(x.Title), strings.TrimSpace(x.Why)
	x.Definitions, x.Questions = slices.Clone(x.Definitions), slices.Clone(x.Questions)
	for i := range x.Definitions {
		x.Definitions[i].Text = strings.TrimSpace(x.Definitions[i].Text)
	}
	used := map[string]bool{}
	for _, q := range x.Questions {
		used[q.ID] = true
	}
	for i := range x.Questions {
		x.Questions[i].Text = strings.TrimSpace(x.Questions[i].Text)
		for n := 1; x.Questions[i].ID == ""; n++ {
			if id := "q" + strconv.Itoa(n); !used[id] {
				x.Questions[i].ID, used[id] = id, true
			}
		}
	}
}

// OpenCall opens a draft, or a closed call again: councils are told from then on. version is the one that was looked at.
func (c *Catalogue) OpenCall(ctx context.Context, actor Actor, id string, version uint64) (*EvidenceCall, error) {
	return c.changeCall(ctx, actor, KeepCalls, id, func(w *writer, x *EvidenceCall) error {
		switch {
		case x.State == CallOpen:
			return nil
		case x.Version != version:
			return conflict("This call was changed after you looked at it")
		case x.Until.Last().Before(c.Today()):
			return invalid("evidence call", "until", "The last day for answers has passed: choose a later one")
		}
		asked, err := c.askedCouncils(w.tx, x)
		if err != nil {
			return err
		}
		if len(asked) == 0 {
			return invalid("evidence call", "nations", "Nobody is asked: no council is of the nations, regions and types that you chose")
		}
		if x.State == CallDraft {
			x.Opened, x.Told = w.now, CallTold{}
		}
		x.State, x.Closed = CallOpen, time.Time{}
		return w.put(x)
	})
}

// CloseCall ends the taking of answers: councils that signed one can still put it right.
func (c *Catalogue) CloseCall(ctx context.Context, actor Actor, id string) (*EvidenceCall, error) {
	return c.changeCall(ctx, actor, KeepCalls, id, func(w *writer, x *EvidenceCall) error {
		switch x.State {
		case CallClosed:
			return nil
		case CallDraft:
			return conflict("This call is a draft: delete it instead")
		}
		x.State, x.Closed = CallClosed, w.now
		return w.put(x)
	})
}

// DeleteCall deletes a draft of a call; it is no error where there is none.
func (c *Catalogue) DeleteCall(ctx context.Context, actor Actor, id string) error {
	_, err := c.changeCall(ctx, actor, KeepCalls, id, func(w *writer, x *EvidenceCall) error {
		if x.State != CallDraft {
			return conflict("This call was opened: close it instead")
		}
		return w.remove(x)
	})
	if KindOf(err) == NotFound {
		return nil
	}
	return err
}

// changeCall runs fn on the whole record of a call within one write.
func (c *Catalogue) changeCall(ctx context.Context, actor Actor, action Action, id string, fn func(*writer, *EvidenceCall) error) (*EvidenceCall, error) {
	var out *EvidenceCall
	err := c.write(ctx, actor, action, func(w *writer) error {
		item, err := readItem(w.tx, Key{KindCall, id})
		if err != nil {
			return err
		}
		x, ok := item.(*EvidenceCall)
		if !ok {
			return notFound("evidence call")
		}
		out = x
		return fn(w, x)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// askedCouncils lists the councils that a call asks, by code: those of its scope that stand.
func (c *Catalogue) askedCouncils(tx kv.Tx, x *EvidenceCall) ([]*Council, error) {
	gone := map[string]bool{}
	if err := c.each(tx, KindSuccession, func(item Item) error {
		if s := item.(*Succession); s.Stands() {
			gone[s.From] = true
		}
		return nil
	}); err != nil {
		return nil, err
	}
	var out []*Council
	add := func(council *Council) {
		if x.Asks(council) && !gone[council.GSS] {
			out = append(out, council)
		}
	}
	for _, r := range c.register.Councils() {
		add(&Council{Meta: Meta{ID: r.GSS}, Council: r})
	}
	err := c.each(tx, KindCouncil, func(item Item) error {
		add(item.(*Council))
		return nil
	})
	slices.SortFunc(out, func(a, b *Council) int { return strings.Compare(a.GSS, b.GSS) })
	return out, err
}
