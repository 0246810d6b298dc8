package catalogue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// HandOverDue does what the dated records of councils' ends say is due: tells the people of a council 28 days before its
// day, and puts it into the operator's queue; on the day hands it over, where exactly one council takes its place as a
// whole or where it was decided which takes what; and completes hand-overs that stopped on the way. Calling it again does
// nothing again. Whoever calls holds the lease for jobs. It returns the hand-overs that it completed, at most one in each
// call, and whether there is more to do at once. One council's trouble holds up no other.
func (c *Catalogue) HandOverDue(ctx context.Context) (done []*Succession, more bool, err error) {
	if err := c.completeImports(ctx); err != nil {
		return nil, false, err
	}
	var failed []error
	begun, err := c.unfinished(ctx)
	if err != nil {
		return nil, false, err
	}
	job := Operator("job")
	for i, s := range begun {
		if s.Undone != nil {
			failed = append(failed, c.endHandBack(ctx, job, s.From))
			continue
		}
		s, err := c.Succeed(ctx, job, HandOver{From: s.From, To: s.To})
		if err == nil {
			return []*Succession{s}, true, errors.Join(failed...)
		}
		failed = append(failed, fmt.Errorf("hand over %s: %w", begun[i].From, err))
	}
	due, err := c.noteEndings(ctx)
	failed = append(failed, err)
	for _, e := range due {
		s, err := c.Succeed(ctx, job, HandOver{From: e.Council, To: e.To, Parts: e.Parts})
		if err == nil {
			return []*Succession{s}, true, errors.Join(failed...)
		}
		failed = append(failed, fmt.Errorf("hand over %s: %w", e.Council, err))
	}
	return nil, false, errors.Join(failed...)
}

// unfinished lists hand-overs that stopped on the way, and undone ones whose people were not told.
func (c *Catalogue) unfinished(ctx context.Context) (out []*Succession, err error) {
	err = c.Each(ctx, Operator("job"), KindSuccession, func(item Item) error {
		if s := item.(*Succession); s.Done.IsZero() || s.Undone != nil && !s.Undone.Told {
			out = append(out, s)
		}
		return nil
	})
	return out, err
}

// noteEndings brings what is noted of councils' ends to what the dated records say now, tells people of what is new, and
// returns the councils whose day has come and that are to be handed over by themselves.
func (c *Catalogue) noteEndings(ctx context.Context) (due []*Ending, err error) {
	var now, noted map[string]*Ending
	today := c.Today()
	if err := c.view(ctx, func(tx kv.Tx) (err error) {
		if now, err = c.endings(tx, today.AddDate(0, 0, noticeDays)); err != nil {
			return err
		}
		noted = map[string]*Ending{}
		return c.each(tx, KindEnding, func(item Item) error {
			noted[item.Key().ID] = item.(*Ending)
			return nil
		})
	}); err != nil {
		return nil, err
	}
	var failed []error
	for code := range noted {
		if now[code] == nil {
			failed = append(failed, c.noteEnding(ctx, code))
		}
	}
	for code, e := range now {
		known := noted[code]
		if known != nil {
			e.decided(known)
		}
		if known == nil || !sameEnding(known, e) {
			failed = append(failed, c.noteEnding(ctx, code))
		}
		if e.Itself() && e.Due(today) {
			due = append(due, e)
		}
	}
	slices.SortFunc(due, func(a, b *Ending) int { return cmp.Compare(a.Council, b.Council) })
	return due, errors.Join(failed...)
}

// decided takes over what was decided of a council that is split, as long as it is split into the same.
func (e *Ending) decided(known *Ending) {
	e.Since = known.Since
	if e.Lacks != LackSplit || known.Main == "" || strings.Join(e.Names, "\n") != strings.Join(known.Names, "\n") || strings.Join(e.Codes, "\n") != strings.Join(known.Codes, "\n") {
		return
	}
	e.Main, e.Parts, e.By, e.To, e.Lacks = known.Main, known.Parts, known.By, known.Main, ""
}

// noteEnding brings what is noted of one council's end to what is recorded, and tells its people what is new for them, in
// one transaction.
func (c *Catalogue) noteEnding(ctx context.Context, code string) error {
	return c.write(ctx, Operator("job"), Reorganise, func(w *writer) error {
		all, err := c.endings(w.tx, c.Today().AddDate(0, 0, noticeDays))
		if err != nil {
			return err
		}
		item, err := readItem(w.tx, Key{KindEnding, code})
		if err != nil {
			return err
		}
		e := all[code]
		known, _ := item.(*Ending)
		switch {
		case e == nil && known == nil:
			return nil
		case e == nil:
			if err := w.remove(known); err != nil {
				return err
			}
			if over, err := readItem(w.tx, Key{KindSuccession, code}); over != nil || err != nil {
				return err // it was handed over, and its people are told of that
			}
			return w.tellPutOff(known)
		}
		e.Since = w.now
		if known != nil {
			e.decided(known)
			e.Version = known.Version
			if sameEnding(known, e) {
				return nil
			}
		}
		if err := w.put(e); err != nil {
			return err
		}
		if known != nil && known.On == e.On && strings.Join(known.Names, "\n") == strings.Join(e.Names, "\n") || e.Lacks == LackUndone {
			return nil // for its people nothing is new
		}
		return w.tellEnding(e)
	})
}

// tellEnding tells the people of a council that its end is near, and what happens here then.
func (w *writer) tellEnding(e *Ending) error {
	name, err := w.c.label(w.tx, e.Council)
	if err != nil {
		return err
	}
	day := e.On.Words()
	when := "On " + day
	if e.Due(w.c.Today()) {
		when = "Since " + day
	}
	m := Message{Why: "You have an account for " + name + ".", Link: "/councils/" + e.Council, LinkText: "See your council's page"}
	const keep = "You go on signing in with the address that you have."
	const wrong = "If the date or the successor is wrong, tell whoever runs this service before that day."
	switch {
	case len(e.Names) > 1:
		m.Subject = name + " is split on " + day + ": what goes where in Jointly"
		m.Text = []string{when + " " + inSentence(e.Names) + " take the place of " + name + ".",
			"Whoever runs this service decides which of them takes which contract here. Tell them what you know of it. Until that is decided, everything stays with " + name + ".", keep, wrong}
	case len(e.Names) == 0 || e.Lacks == LackUnclear:
		m.Subject = name + " is to be replaced on " + day
		m.Text = []string{"What takes its place as a whole is not recorded in Jointly. Until it is, everything stays with " + name + ". If you know it, tell whoever runs this service."}
	default:
		m.Subject = e.Names[0] + " takes the place of " + name + " in Jointly on " + day
		m.Text = []string{when + " what " + name + " has here becomes " + e.Names[0] + "'s: contracts, platforms, intentions, groups and accounts. You do not have to do anything. " + keep,
			"Look before that day at contracts that run past it, and take out a copy of your data if you want to keep one as it is now. " + wrong}
	}
	return w.tell([]string{e.Council}, RoleViewer, m)
}

// tellPutOff tells the people of a council that its end is no longer near.
func (w *writer) tellPutOff(e *Ending) error {
	name, err := w.c.label(w.tx, e.Council)
	if err != nil {
		return err
	}
	return w.tell([]string{e.Council}, RoleViewer, Message{Subject: name + " is not handed over in Jointly on " + e.On.Words(),
		Text: []string{"The day that was recorded for it is changed, or no longer decided. Everything stays as it is. You are told again before it comes."},
		Why:  "You have an account for " + name + ".", Link: "/councils/" + e.Council, LinkText: "See your council's page"})
}

// Split is what the operator decides of a council that several take the place of.
type Split struct {
	Council string
	Main    string            // takes what is not decided one by one: uses, intentions, groups and people too
	Parts   map[string]string // contracts that another takes, by ID
	Version uint64            // of the ending that was read
}

// DecideSplit records which council takes what of one that is split. On the day, or within minutes where it has come, the
// service hands over as decided. Conflict: what is recorded of the council's end has changed since.
func (c *Catalogue) DecideSplit(ctx context.Context, actor Actor, d Split) (*Ending, error) {
	var out *Ending
	err := c.write(ctx, actor, Reorganise, func(w *writer) error {
		item, err := readItem(w.tx, Key{KindEnding, d.Council})
		e, ok := item.(*Ending)
		switch {
		case err != nil:
			return err
		case !ok:
			return notFound(string(KindEnding))
		case len(e.Names) < 2:
			return conflict("This council is not split, as far as is recorded")
		case e.Lacks == LackUndone:
			return conflict("This council was handed over for that day, and that was undone: record another day first")
		}
		for i, code := range e.Codes {
			if code == "" {
				return invalid("split", "main", e.Names[i]+" is not here yet: add it first")
			}
		}
		if d.Main == "" {
			return invalid("split", "main", "Choose which council takes what is not decided one by one")
		}
		e.Version, e.Main, e.Parts, e.By, e.To, e.Lacks = d.Version, d.Main, map[string]string{}, doerOf(actor), d.Main, ""
		for id, to := range d.Parts {
			contract, err := readItem(w.tx, Key{KindContract, id})
			if err != nil {
				return err
			}
			if k, ok := contract.(*Contract); ok && k.Council == d.Council && to != "" && to != d.Main {
				e.Parts[id] = to
			}
		}
		out = e
		return w.put(e)
	})
	return out, err
}

// Ending is what is noted of a council's end that is near, for the operator and its own people; NotFound where none is.
func (c *Catalogue) Ending(ctx context.Context, actor Actor, council string) (*Ending, error) {
	return one[*Ending](ctx, c, actor, KindEnding, council)
}

// Succession is a hand-over as the actor may see it; NotFound where the council was not handed over.
func (c *Catalogue) Succession(ctx context.Context, actor Actor, council string) (*Succession, error) {
	return one[*Succession](ctx, c, actor, KindSuccession, council)
}
