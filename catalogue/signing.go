package catalogue

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"jointly/catalogue/kv"
)

// SignOff is how an officer signs an answer off.
type SignOff struct {
	Audience Audience // who sees the figures under the council's name
	Reason   string   // why it is signed again; needed where it was signed before
	Seen     string   // AnswerMark of what was looked at
}

// AnswerMark is a short mark of all that a council's answer says now: what is signed is what was looked at.
func AnswerMark(v *AnswerView) string {
	var b strings.Builder
	b.WriteString(strconv.FormatUint(v.Answer.Version, 10))
	for _, s := range v.Services {
		if s.Return != nil {
			b.WriteString(" " + s.Return.ID + "@" + strconv.FormatUint(s.Return.Version, 10))
		}
	}
	return digest(b.String())[:24]
}

// SignAnswer signs off all that the actor's council says to a call: figures and words together, or nothing. Figures that
// were signed before keep their version; those that changed, or that others see from now on, get a new one. Conflict:
// something changed since it was looked at.
func (c *Catalogue) SignAnswer(ctx context.Context, actor Actor, call string, s SignOff) error {
	s.Reason = strings.TrimSpace(s.Reason)
	return c.putAll(ctx, actor, SignReturns, false, func(tx kv.Tx) ([]Item, error) {
		in, err := c.answeringIn(tx, actor, call)
		if err != nil {
			return nil, err
		}
		v, err := c.answerView(tx, actor, in)
		if err != nil {
			return nil, err
		}
		if AnswerMark(v) != s.Seen {
			return nil, conflict("A colleague changed this answer after you looked at it: look at it again, then sign")
		}
		if err := v.maySign(s); err != nil {
			return nil, err
		}
		return c.signed(actor, v, s), nil
	})
}

// maySign refuses to sign what says nothing, and what changes a signed answer without a reason.
func (v *AnswerView) maySign(s SignOff) error {
	var ck check
	ck.that(v.Says(), "parts", "There is nothing to sign yet: enter figures, or answer a question")
	ck.that(s.Audience == Public || s.Audience == Councils || s.Audience == Own, "audience", "Choose who may see the figures")
	ck.that(!v.Again() || s.Reason != "", "reason", "Say why it is signed again: the earlier version stays, and readers see both")
	ck.that(len([]rune(s.Reason)) <= maxReturnNote, "reason", "The reason must be "+thousands(maxReturnNote)+" characters or fewer")
	return ck.err("answer")
}

// signed is the records of an answer with a version more each, where something is new in it.
func (c *Catalogue) signed(actor Actor, v *AnswerView, s SignOff) []Item {
	now := c.clock()
	late := v.Call.Late(now, c.london)
	var items []Item
	for _, p := range v.Services {
		r := p.Return
		if r == nil {
			continue
		}
		current, stands := r.Current()
		next := ReturnDraft{Lines: current.Lines, Note: current.Note}
		if r.Draft != nil {
			next = *r.Draft
		}
		if stands && r.Draft == nil && current.Audience == s.Audience {
			continue
		}
		out := *r
		out.Draft = nil
		if !stands || !sameLines(current.Lines, next.Lines) || current.Note != next.Note || current.Audience != s.Audience {
			version := ReturnVersion{Lines: next.Lines, Note: next.Note, Audience: s.Audience, At: now.UTC(), Account: actor.Account, Role: actor.Role,
				Source: ReturnSigned, Call: v.Call.ID, Late: late}
			if stands {
				version.Reason = s.Reason
			}
			out.Versions = append(slices.Clone(r.Versions), version)
		}
		items = append(items, &out)
	}
	a := *v.Answer
	a.Signatures = append(slices.Clone(a.Signatures), CallSignature{At: now.UTC(), Account: actor.Account, Role: actor.Role, Audience: s.Audience,
		Words: a.Words, Skipped: a.Skipped, Late: late, Reason: s.Reason})
	return append(items, &a)
}
