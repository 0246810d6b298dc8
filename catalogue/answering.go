package catalogue

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"jointly/catalogue/kv"
)

// answered is a council's answer to a call within one write: the call, and the answer as it stands; new where Version is 0.
type answered struct {
	call   *EvidenceCall
	answer *CallAnswer
}

// answeringIn finds the call that an actor's council may answer, and its answer.
func (c *Catalogue) answeringIn(tx kv.Tx, actor Actor, call string) (answered, error) {
	x, err := load[*EvidenceCall](c, tx, actor, KindCall, call)
	if err != nil {
		return answered{}, err
	}
	council, ok, err := c.councilIn(tx, actor.Org)
	if err != nil {
		return answered{}, err
	}
	if !ok || !x.Asks(council) {
		return answered{}, forbidden("This call does not ask your council")
	}
	a := &CallAnswer{Meta: Meta{ID: CallAnswerID(call, actor.Org)}, Call: call, Council: actor.Org, Demonstration: council.Demonstration}
	item, err := readItem(tx, a.Key())
	if err != nil {
		return answered{}, err
	}
	if there, ok := item.(*CallAnswer); ok {
		a = there
	}
	if _, signed := a.Signed(); x.State != CallOpen && !signed {
		return answered{}, conflict("This call is closed. Ask whoever runs this service to open it again if your council still wants to answer")
	}
	return answered{x, a}, nil
}

// keep puts the answer, begun now where it was not before.
func (w *writer) keepAnswer(a *CallAnswer) error {
	if a.Begun.IsZero() {
		a.Begun = w.now
	}
	return w.put(a)
}

// BeginAnswer begins the answer of the actor's council to a call; one that was begun before is no error.
func (c *Catalogue) BeginAnswer(ctx context.Context, actor Actor, call string) error {
	return c.write(ctx, actor, AnswerCall, func(w *writer) error {
		in, err := c.answeringIn(w.tx, actor, call)
		if err != nil || in.answer.Version > 0 {
			return err
		}
		return w.keepAnswer(in.answer)
	})
}

// ServiceFigures is what a council enters for one service of a call.
type ServiceFigures struct {
	LGSL  int
	Lines []ReturnLine // none, with a Skip: why there are none
	Note  string
	Skip  string // SkipNotProvided or SkipNoFigures
	Seen  uint64 // version of the return that was shown; 0: there was none
}

// SaveFigures keeps what was entered for one service as a draft of the actor's council. Conflict: a colleague saved
// something else since it was shown.
func (c *Catalogue) SaveFigures(ctx context.Context, actor Actor, call string, f ServiceFigures) error {
	return c.write(ctx, actor, AnswerCall, func(w *writer) error {
		in, err := c.answeringIn(w.tx, actor, call)
		if err != nil {
			return err
		}
		put, remove, err := c.draftReturn(w.tx, in, f)
		if err != nil {
			return err
		}
		if there := cmp.Or(put, remove); there != nil && there.Version != f.Seen && (put == nil || !sameDraft(w.tx, put)) {
			return conflict("A colleague saved other figures while you were working on these")
		}
		in.answer.skip(f.LGSL, f.Skip)
		if err := w.keepAnswer(in.answer); err != nil {
			return err
		}
		switch {
		case remove != nil:
			return w.remove(remove)
		case put != nil:
			return w.put(put)
		}
		return nil
	})
}

// sameDraft says that a return is stored with the same draft already.
func sameDraft(tx kv.Tx, r *Return) bool {
	item, err := readItem(tx, r.Key())
	there, ok := item.(*Return)
	return err == nil && ok && there.Draft != nil && r.Draft != nil && there.Draft.Note == r.Draft.Note && sameLines(there.Draft.Lines, r.Draft.Lines)
}

// draftReturn is the record that holds what was entered, or the one that is to go because nothing is left in it; neither
// where there was nothing and nothing was entered.
func (c *Catalogue) draftReturn(tx kv.Tx, in answered, f ServiceFigures) (put, remove *Return, err error) {
	if !slices.Contains(in.call.Services, f.LGSL) {
		return nil, nil, invalid("return", "lgsl", "This call does not ask about service "+strconv.Itoa(f.LGSL))
	}
	r, err := c.returnFor(tx, in, f.LGSL)
	if err != nil {
		return nil, nil, err
	}
	r.Draft = nil
	if len(f.Lines) > 0 {
		r.Draft = &ReturnDraft{Lines: f.Lines, Note: strings.TrimSpace(f.Note)}
	}
	switch {
	case r.Draft != nil:
		return r, nil, nil
	case r.Version == 0:
		return nil, nil, nil
	case r.Signed():
		return r, nil, nil
	}
	return nil, r, nil
}

// returnFor is the stored return of a council for a service of a call, or a new one.
func (c *Catalogue) returnFor(tx kv.Tx, in answered, lgsl int) (*Return, error) {
	r := &Return{Meta: Meta{ID: ReturnID(in.answer.Council, lgsl, in.call.Start)}, Council: in.answer.Council, LGSL: lgsl, Start: in.call.Start, End: in.call.End,
		Demonstration: in.answer.Demonstration}
	item, err := readItem(tx, r.Key())
	if err != nil {
		return nil, err
	}
	if there, ok := item.(*Return); ok {
		if there.End != r.End {
			return nil, conflict("Your council has a return for this service that starts on the same day and ends on " + there.End.Words() + ": ask whoever runs this service to put the period right")
		}
		return there, nil
	}
	return r, nil
}

// skip notes why there are no figures for a service; empty takes it back.
func (x *CallAnswer) skip(lgsl int, why string) {
	x.Skipped = slices.DeleteFunc(slices.Clone(x.Skipped), func(s SkippedService) bool { return s.LGSL == lgsl })
	if why != "" {
		x.Skipped = append(x.Skipped, SkippedService{lgsl, why})
	}
}

// SaveWords keeps the answer of the actor's council to one question as a draft. was is the text that was shown; Conflict: a
// colleague wrote something else since.
func (c *Catalogue) SaveWords(ctx context.Context, actor Actor, call, was string, words WordsAnswer) error {
	return c.write(ctx, actor, AnswerCall, func(w *writer) error {
		in, err := c.answeringIn(w.tx, actor, call)
		if err != nil {
			return err
		}
		if _, ok := in.call.Question(words.Question); !ok {
			return notFound("question")
		}
		if now := in.answer.Answer(words.Question).Text; now != was && now != strings.TrimSpace(words.Text) {
			return conflict("A colleague changed this answer while you were working on it")
		}
		v := &validation{}
		v.words([]WordsAnswer{words}, "")
		if err := v.err("answer"); err != nil {
			return err
		}
		in.answer.Words = withWords(in.answer.Words, words, in.call.Questions)
		return w.keepAnswer(in.answer)
	})
}

// FiguresError is what is wrong with one of many services that are saved together.
type FiguresError struct {
	LGSL int
	FieldError
}

// SaveAllFigures keeps what a file says of services as drafts of the actor's council: all of it, or with any error none. A
// dry run only says what is wrong, and how many services would change.
func (c *Catalogue) SaveAllFigures(ctx context.Context, actor Actor, call string, all []ServiceFigures, dryRun bool) (changed int, wrong []FiguresError, err error) {
	err = c.putAll(ctx, actor, AnswerCall, dryRun, func(tx kv.Tx) ([]Item, error) {
		changed, wrong = 0, nil
		in, err := c.answeringIn(tx, actor, call)
		if err != nil {
			return nil, err
		}
		var items []Item
		for _, f := range all {
			put, _, err := c.draftReturn(tx, in, f)
			if err == nil && put != nil {
				err = c.validate(tx, put)
			}
			for _, field := range FieldsOf(err) {
				wrong = append(wrong, FiguresError{f.LGSL, field})
			}
			if err != nil && KindOf(err) != Invalid {
				return nil, err
			}
			if err == nil && put != nil && !sameDraft(tx, put) && !standsAs(put) {
				items = append(items, put)
				changed++
			}
			in.answer.skip(f.LGSL, "")
		}
		if len(wrong) > 0 || len(items) == 0 {
			return nil, nil
		}
		if in.answer.Begun.IsZero() {
			in.answer.Begun = c.clock().UTC()
		}
		return append(items, in.answer), nil
	})
	return changed, wrong, err
}

// standsAs says that a draft is what is signed already.
func standsAs(r *Return) bool {
	now, ok := r.Current()
	return ok && r.Draft != nil && sameLines(now.Lines, r.Draft.Lines) && now.Note == r.Draft.Note
}

// putAll stores records all or none, however many: those that plan makes from what it reads. They go the way of an import,
// staged and then rolled forward, and each is authorised and validated first.
func (c *Catalogue) putAll(ctx context.Context, actor Actor, action Action, dryRun bool, plan func(kv.Tx) ([]Item, error)) error {
	err := permit(actor, action)
	if err == nil {
		err = c.completeImports(ctx)
	}
	var put []planned
	if err == nil {
		err = c.view(ctx, func(tx kv.Tx) error {
			put = nil
			items, err := plan(tx)
			if err != nil {
				return err
			}
			for _, item := range items {
				p, err := c.planPut(tx, actor, action, item)
				if err != nil {
					return err
				}
				put = append(put, p)
			}
			return nil
		})
	}
	if kind := KindOf(err); err != nil && (kind == Forbidden || kind == Unauthenticated) {
		c.auditRefusal(actor, action, err)
	}
	if err != nil || dryRun || len(put) == 0 {
		return err
	}
	id := NewID()
	if err := c.stageAs(ctx, staged{Actor: actor, Action: action, Locks: map[Kind][]string{}}, id, put, nil); err != nil {
		return err
	}
	return c.rollForward(context.WithoutCancel(ctx), id, nil) // it has happened: what is left is completed now or later
}

// planPut is what storing one record takes, once the actor may and it is valid.
func (c *Catalogue) planPut(tx kv.Tx, actor Actor, action Action, item Item) (planned, error) {
	old, err := readItem(tx, item.Key())
	if err != nil {
		return planned{}, err
	}
	if err := allow(actor, action, item, old); err != nil {
		return planned{}, err
	}
	if err := c.validate(tx, item); err != nil {
		return planned{}, err
	}
	return plannedPut(tx, item, old)
}
