package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"jointly/catalogue/kv"
)

// Bounds of drafts: how long one is kept that nobody touches, how many a council has, and how much one holds.
const (
	DraftKept    = 90 * 24 * time.Hour
	mostDrafts   = 50
	mostAnswers  = 80
	mostOfDraft  = 5 * maxText // characters
	draftsAtOnce = 15          // removed in one transaction
)

// NeedDraft is a need that a council is still writing: what its officers typed so far, complete or not. Officers of that
// council see it and nobody else, the operator neither. Listing it makes an intention with the same ID.
type NeedDraft struct {
	Meta
	Council       string            `json:"council"`
	Contract      string            `json:"contract,omitempty"` // the council's contract that it was filled in from
	Answers       map[string]string `json:"answers"`            // field of the form -> what stands in it, as it was typed
	Demonstration bool              `json:"demonstration,omitempty"`
}

// Key names the draft.
func (d *NeedDraft) Key() Key { return Key{KindDraft, d.ID} }

// Goes is the moment at which the draft is deleted if nobody touches it.
func (d *NeedDraft) Goes() time.Time { return d.Changed.Add(DraftKept) }

func (d *NeedDraft) owner() string { return d.Council }

func (d *NeedDraft) sees(a Actor) (Item, bool) {
	if !a.ForCouncil(d.Council) {
		return nil, false
	}
	out := *d
	out.Answers = maps.Clone(d.Answers)
	return &out, true
}

func (d *NeedDraft) index(add func(string, ...string)) {
	add("draft.council", d.Council)
	if d.Contract != "" {
		add("draft.contract", d.Contract)
	}
}

func (d *NeedDraft) validate(v *validation) {
	v.council("council", d.Council)
	v.that(len(d.Answers) <= mostAnswers, "answers", "This draft has too many fields")
	sum := 0
	for _, field := range slices.Sorted(maps.Keys(d.Answers)) {
		v.text(field, d.Answers[field], 0, maxText)
		sum += utf8.RuneCountInString(d.Answers[field])
	}
	v.that(sum <= mostOfDraft, "description", "All that is typed must be "+thousands(mostOfDraft)+" characters or fewer: shorten the longest texts")
}

func (d *NeedDraft) inherit(from, to string) bool { return renames(from, to, &d.Council) }

// SeenMark is a short mark of what some fields say: it differs where any of them does.
func SeenMark(answers map[string]string, fields []string) string {
	h := sha256.New()
	for _, field := range slices.Sorted(slices.Values(fields)) {
		h.Write([]byte(field + "\x00" + answers[field] + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// BeginDraft stores a new draft of the actor's council. The same form sent twice makes one, and a contract has one: that
// which is there is the answer then. Where the form's need was listed meanwhile nothing is stored.
func (c *Catalogue) BeginDraft(ctx context.Context, actor Actor, d NeedDraft) (*NeedDraft, error) {
	if d.ID == "" {
		d.ID = NewID()
	}
	d.Council, d.Demonstration = actor.Org, c.demonstration(actor.Org)
	d.Answers = said(d.Answers)
	var out *NeedDraft
	err := c.write(ctx, actor, WriteDraft, func(w *writer) error {
		out = &d
		for _, key := range []Key{d.Key(), {KindIntention, d.ID}} {
			there, err := readItem(w.tx, key)
			if err != nil {
				return err
			}
			if there != nil && !actor.ForCouncil(there.owner()) {
				return notFound(string(KindDraft))
			}
			if before, ok := there.(*NeedDraft); ok {
				out = before
			}
			if there != nil {
				return nil
			}
		}
		own, err := listed[*NeedDraft](c, w.tx, actor, KindDraft, "draft.council", actor.Org)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(own, func(o *NeedDraft) bool { return d.Contract != "" && o.Contract == d.Contract }); i >= 0 {
			out = own[i]
			return nil
		}
		if len(own) >= mostDrafts {
			return conflict("Your council has " + thousands(mostDrafts) + " drafts. List or delete some of them first: they stand on your desk")
		}
		return w.put(&d)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// said is answers without those that say nothing.
func said(answers map[string]string) map[string]string {
	out := map[string]string{}
	for field, text := range answers {
		if text != "" {
			out[field] = text
		}
	}
	return out
}

// AnswerDraft keeps what was typed into some fields of a draft, whatever it is. seen is the SeenMark of these fields when
// they were shown; Conflict: they say something else now, and not what was typed either.
func (c *Catalogue) AnswerDraft(ctx context.Context, actor Actor, id, seen string, answers map[string]string) (*NeedDraft, error) {
	fields := slices.Collect(maps.Keys(answers))
	var out *NeedDraft
	err := c.write(ctx, actor, WriteDraft, func(w *writer) (err error) {
		if out, err = load[*NeedDraft](c, w.tx, actor, KindDraft, id); err != nil {
			return err
		}
		if now := SeenMark(out.Answers, fields); now != seen && now != SeenMark(answers, fields) {
			return conflict("A colleague changed this while you were working on it")
		}
		if out.Answers == nil {
			out.Answers = map[string]string{}
		}
		maps.Copy(out.Answers, answers)
		out.Answers = said(out.Answers)
		return w.put(out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// NeedDraft is a draft of the actor's council by its ID.
func (c *Catalogue) NeedDraft(ctx context.Context, actor Actor, id string) (*NeedDraft, error) {
	return one[*NeedDraft](ctx, c, actor, KindDraft, id)
}

// NeedDrafts lists the drafts of the actor's council, the last touched first.
func (c *Catalogue) NeedDrafts(ctx context.Context, actor Actor) ([]*NeedDraft, error) {
	var out []*NeedDraft
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = c.draftsOf(tx, actor)
		return err
	})
	return out, err
}

func (c *Catalogue) draftsOf(tx kv.Tx, actor Actor) ([]*NeedDraft, error) {
	if actor.OrgKind != OrgCouncil || actor.Org == "" {
		return nil, nil
	}
	out, err := listed[*NeedDraft](c, tx, actor, KindDraft, "draft.council", actor.Org)
	slices.SortStableFunc(out, func(a, b *NeedDraft) int { return b.Changed.Compare(a.Changed) })
	return out, err
}

// DraftFromContract is the draft of the actor's council that was filled in from a contract; nil for none.
func (c *Catalogue) DraftFromContract(ctx context.Context, actor Actor, contract string) (*NeedDraft, error) {
	var out *NeedDraft
	err := c.view(ctx, func(tx kv.Tx) error {
		all, err := listed[*NeedDraft](c, tx, actor, KindDraft, "draft.contract", contract)
		if out = nil; len(all) > 0 {
			out = all[0]
		}
		return err
	})
	return out, err
}

// DeleteDraft deletes a draft of the actor's council; it is no error where there is none.
func (c *Catalogue) DeleteDraft(ctx context.Context, actor Actor, id string) error {
	return c.write(ctx, actor, WriteDraft, func(w *writer) error {
		d, err := load[*NeedDraft](c, w.tx, actor, KindDraft, id)
		if KindOf(err) == NotFound && err != nil {
			return nil
		}
		if err != nil {
			return err
		}
		return w.remove(d)
	})
}

// ListDraft lists what a draft says, read as an intention, and deletes the draft with the same commit. version is that of
// the draft which was read; Conflict: somebody changed it since. The same form sent twice answers with the intention that
// the first made.
func (c *Catalogue) ListDraft(ctx context.Context, actor Actor, id string, version uint64, in Intention) (*Intention, error) {
	in.ID, in.Version, in.Council = id, 0, actor.Org
	var out *Intention
	err := c.write(ctx, actor, ListIntention, func(w *writer) error {
		there, err := readItem(w.tx, in.Key())
		if err != nil {
			return err
		}
		if before, ok := there.(*Intention); ok && actor.ForCouncil(before.Council) {
			out = before
			return nil
		}
		d, err := load[*NeedDraft](c, w.tx, actor, KindDraft, id)
		if err != nil {
			return err
		}
		if d.Version != version {
			return conflict("A colleague changed this draft after you looked at it")
		}
		in.FromContract = d.Contract
		if err := w.remove(d); err != nil {
			return err
		}
		out, err = w.keepIntention(&in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// expireDrafts removes the drafts that nobody has touched for long.
func (c *Catalogue) expireDrafts(ctx context.Context) error {
	now := c.clock()
	var old []*NeedDraft
	if err := c.view(ctx, func(tx kv.Tx) error {
		old = nil
		return c.each(tx, KindDraft, func(item Item) error {
			if d := item.(*NeedDraft); d.Goes().Before(now) {
				old = append(old, d)
			}
			return nil
		})
	}); err != nil {
		return err
	}
	for some := range slices.Chunk(old, draftsAtOnce) {
		err := c.write(ctx, Operator("job"), ForgetDrafts, func(w *writer) error {
			for _, d := range some {
				if err := w.remove(d); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && KindOf(err) != Conflict && KindOf(err) != NotFound { // else it was touched or deleted just now
			return err
		}
	}
	return nil
}
