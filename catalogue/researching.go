package catalogue

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"jointly/catalogue/kv"
)

func foundKey(research string, part int) []byte { return kv.NewKey("f", research).Uint(uint64(part)) }

// BeginResearch keeps a search and what it found as a draft of the actor's: the results are frozen from here on, the
// notes come. The same ID a second time changes nothing. It is written in several transactions; a draft that lacks some
// of its results because the program stopped is not Whole, and cannot be ended.
func (c *Catalogue) BeginResearch(ctx context.Context, actor Actor, r Research, results []ResearchResult) (*Research, error) {
	r.Searched, r.Corrects = time.Time{}, ""
	return c.beginResearch(ctx, actor, r, results)
}

func (c *Catalogue) beginResearch(ctx context.Context, actor Actor, r Research, results []ResearchResult) (*Research, error) {
	results = results[:min(len(results), MaxResearch)]
	parts := slices.Collect(slices.Chunk(results, ResearchPage))
	out := &r
	there := false
	err := c.write(ctx, actor, EndSearch, func(w *writer) error {
		there = false
		old, err := readItem(w.tx, r.Key())
		if err != nil {
			return err
		}
		if was, ok := old.(*Research); ok {
			if was.Account != actor.Account {
				return notFound(string(KindResearch))
			}
			out, there = was, true
			return nil
		}
		if err := w.mayDraft(); err != nil {
			return err
		}
		r.Council, r.Account, r.Role = actor.Org, actor.Account, actor.Role
		if r.Searched.IsZero() { // a correction is of the search as it was
			r.Searched = w.now.Truncate(time.Second)
		}
		if r.For, err = w.named(actor.Org); err != nil {
			return err
		}
		r.Title, r.Kept, r.Parts, r.Whole = strings.TrimSpace(r.Title), len(results), len(parts), len(parts) == 0
		r.Total = max(r.Total, len(results))
		r.Audience, r.Ended, r.Hash, r.Event, r.Demonstration = "", time.Time{}, "", 0, c.demonstration(actor.Org)
		return w.put(out)
	})
	if err != nil || there {
		return out, err
	}
	return out, c.keepParts(ctx, actor, out, parts)
}

// mayDraft refuses one draft too many.
func (w *writer) mayDraft() error {
	own, err := listed[*Research](w.c, w.tx, w.actor, KindResearch, "research.council", w.actor.Org)
	if err != nil {
		return err
	}
	drafts := 0
	for _, r := range own {
		if r.Draft() && r.Account == w.actor.Account {
			drafts++
		}
	}
	if drafts >= maxDrafts {
		return invalid("record", "title", fmt.Sprintf("You have %d searches that wait to be ended, which is the most: end or discard one first", maxDrafts))
	}
	return nil
}

func (w *writer) named(code string) (NamedCouncil, error) {
	name, err := w.c.label(w.tx, code)
	return NamedCouncil{code, name}, err
}

// partsBytes is how much of parts one transaction takes, beside the record itself.
const partsBytes = 600_000

// keepParts writes the parts of a new draft, a few in each transaction; with the last the draft is whole.
func (c *Catalogue) keepParts(ctx context.Context, actor Actor, r *Research, parts [][]ResearchResult) error {
	for at := 0; at < len(parts); {
		next := at
		if err := c.write(ctx, actor, EndSearch, func(w *writer) error {
			next = at
			for size := 0; next < len(parts) && next-at < 30 && size < partsBytes; next++ {
				n, err := putFoundPart(w.tx, r.ID, next, parts[next])
				if err != nil {
					return err
				}
				size += n
			}
			if next < len(parts) {
				return nil
			}
			r.Whole = true
			return w.put(r)
		}); err != nil {
			return err
		}
		at = next
	}
	return nil
}

// putFoundPart writes one part, and says how large it is.
func putFoundPart(tx kv.Tx, research string, part int, results []ResearchResult) (int, error) {
	payload, err := json.Marshal(results)
	if err != nil {
		return 0, fmt.Errorf("encode results: %w", err)
	}
	key := foundKey(research, part)
	return len(payload), tx.Put(key, seal(key, 0, payload))
}

func readFoundPart(tx kv.Tx, research string, part int) ([]ResearchResult, error) {
	key := foundKey(research, part)
	value, err := tx.Get(key)
	if err != nil {
		return nil, err
	}
	if value == nil {
		return nil, fmt.Errorf("part %d of the results of research %s is missing: %w", part, research, ErrDamaged)
	}
	payload, _, err := unseal(key, value)
	if err != nil {
		return nil, err
	}
	var out []ResearchResult
	if err := json.Unmarshal(payload, &out); err != nil {
		return nil, fmt.Errorf("decode results of research %s: %w", research, err)
	}
	return out, nil
}

// readParts is all results of a record.
func readParts(tx kv.Tx, r *Research) ([]ResearchResult, error) {
	out := make([]ResearchResult, 0, r.Kept)
	for part := range r.Parts {
		some, err := readFoundPart(tx, r.ID, part)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// NotesOn is what an officer noted on a part of the results: by place within the part, an empty note takes it away.
type NotesOn struct {
	Part  int
	Notes []string
}

// NoteResearch saves the title, the note on the whole and those on one part of the results of a draft. version is the one
// that the caller read; Conflict where somebody saved since.
func (c *Catalogue) NoteResearch(ctx context.Context, actor Actor, id string, version uint64, title, note string, on NotesOn) (*Research, error) {
	return c.changeDraft(ctx, actor, id, version, func(w *writer, r *Research) error {
		r.Title, r.Note = strings.TrimSpace(title), strings.TrimSpace(note)
		if on.Part < 0 || on.Part >= r.Parts {
			return nil
		}
		results, err := readFoundPart(w.tx, r.ID, on.Part)
		if err != nil {
			return err
		}
		v := &validation{}
		for i := range results {
			if i >= len(on.Notes) {
				break
			}
			text := strings.TrimSpace(on.Notes[i])
			field := fmt.Sprintf("note-%d", i)
			v.text(field, text, 0, maxNote)
			if utf8.RuneCountInString(text) > maxNote {
				v.fields[len(v.fields)-1].Message = "Notes must be " + thousands(maxNote) + " characters or fewer"
			}
			r.Noted += noted(text) - noted(results[i].Note)
			results[i].Note = text
		}
		if err := v.err("record"); err != nil {
			return err
		}
		_, err = putFoundPart(w.tx, r.ID, on.Part, results)
		return err
	})
}

func noted(note string) int {
	if note == "" {
		return 0
	}
	return 1
}

// changeDraft runs fn on a draft of the actor's and puts it.
func (c *Catalogue) changeDraft(ctx context.Context, actor Actor, id string, version uint64, fn func(*writer, *Research) error) (*Research, error) {
	var out *Research
	err := c.write(ctx, actor, EndSearch, func(w *writer) error {
		r, err := load[*Research](c, w.tx, actor, KindResearch, id)
		if err != nil {
			return err
		}
		if !r.Draft() {
			return conflict("This search is ended: its record stays as it is")
		}
		if version != 0 && r.Version != version {
			return conflict("These notes were saved somewhere else while you were writing")
		}
		out = r
		if err := fn(w, r); err != nil {
			return err
		}
		return w.put(r)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// EndResearch ends a search: from now on its record stays as it is, for an audience of Own or Councils. Ending it a second
// time changes nothing.
func (c *Catalogue) EndResearch(ctx context.Context, actor Actor, id string, audience Audience) (*Research, error) {
	var out *Research
	err := c.write(ctx, actor, EndSearch, func(w *writer) error {
		r, err := load[*Research](c, w.tx, actor, KindResearch, id)
		if err != nil {
			return err
		}
		out = r
		switch {
		case !r.Draft() && r.Account == actor.Account && r.Audience == audience:
			return nil
		case !r.Draft():
			return conflict("This search is ended: its record stays as it is")
		case !r.Whole:
			return conflict("Not all results of this search were kept, since the service stopped meanwhile. Discard it, and end the search again")
		}
		results, err := readParts(w.tx, r)
		if err != nil {
			return err
		}
		if err := w.start(); err != nil {
			return err
		}
		r.Audience, r.Ended, r.Event = audience, w.now.Truncate(time.Second), w.trail.N+1
		if r.Hash, _, err = contentOf(r, results).hash(); err != nil {
			return err
		}
		return w.put(r)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// DiscardResearch deletes a draft.
func (c *Catalogue) DiscardResearch(ctx context.Context, actor Actor, id string) error {
	return c.write(ctx, actor, EndSearch, func(w *writer) error {
		r, err := load[*Research](c, w.tx, actor, KindResearch, id)
		if err != nil {
			return err
		}
		if !r.Draft() {
			return conflict("This search is ended: its record stays as it is")
		}
		return w.removeResearch(r)
	})
}

// removeResearch removes a record with its parts.
func (w *writer) removeResearch(r *Research) error {
	for part := range r.Parts {
		if err := w.tx.Delete(foundKey(r.ID, part)); err != nil {
			return err
		}
	}
	return w.remove(r)
}

// CorrectResearch begins a draft that stands in for a record which was ended: the same search and results, with its notes
// to go on from. The former record stays, and says what stands in for it. With the same ID a second time nothing changes.
func (c *Catalogue) CorrectResearch(ctx context.Context, actor Actor, former, id string) (*Research, error) {
	var r Research
	var results []ResearchResult
	if err := c.view(ctx, func(tx kv.Tx) error {
		was, err := load[*Research](c, tx, actor, KindResearch, former)
		if err != nil {
			return err
		}
		if was.Draft() || !actor.ForCouncil(was.Council) {
			return forbidden("A record is corrected by its own council, once it is ended")
		}
		r = *was
		results, err = readParts(tx, was)
		return err
	}); err != nil {
		return nil, err
	}
	r.Meta, r.Corrects = Meta{ID: id}, former
	return c.beginResearch(ctx, actor, r, results)
}

// ResearchRow is a record in a list.
type ResearchRow struct {
	*Research
	Who string // the council
}

// ResearchList is the records that an actor may see.
type ResearchList struct {
	Drafts []*Research   // the actor's own
	Own    []*Research   // its council's, the latest first
	Others []ResearchRow // what other councils share, the latest first, at most mostShared
}

const mostShared = 50

// ResearchList lists records of searches for an officer.
func (c *Catalogue) ResearchList(ctx context.Context, actor Actor) (*ResearchList, error) {
	out := &ResearchList{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*out = ResearchList{}
		own, err := listed[*Research](c, tx, actor, KindResearch, "research.council", actor.Org)
		if err != nil {
			return err
		}
		for _, r := range own {
			if r.Draft() {
				out.Drafts = append(out.Drafts, r)
			} else {
				out.Own = append(out.Own, r)
			}
		}
		out.Others, err = c.sharedResearch(tx, actor)
		return err
	})
	latest(out.Drafts, func(r *Research) time.Time { return r.Searched })
	latest(out.Own, func(r *Research) time.Time { return r.Ended })
	return out, err
}

// sharedResearch is what other councils share, the latest first. Their IDs are in order of time.
func (c *Catalogue) sharedResearch(tx kv.Tx, actor Actor) ([]ResearchRow, error) {
	ids, err := lookup(tx, "research.shared")
	if err != nil {
		return nil, err
	}
	slices.Reverse(ids)
	var out []ResearchRow
	for _, id := range ids {
		if len(out) == mostShared {
			break
		}
		item, err := readItem(tx, Key{KindResearch, id})
		if err != nil {
			return nil, err
		}
		r, ok := item.(*Research)
		if !ok || actor.ForCouncil(r.Council) {
			continue
		}
		seen, ok := r.sees(actor)
		if !ok {
			continue
		}
		who, err := c.label(tx, r.Council)
		if err != nil {
			return nil, err
		}
		out = append(out, ResearchRow{seen.(*Research), who})
	}
	return out, nil
}

func latest(list []*Research, at func(*Research) time.Time) {
	slices.SortStableFunc(list, func(a, b *Research) int { return cmp.Or(at(b).Compare(at(a)), cmp.Compare(b.ID, a.ID)) })
}

// ResearchView is a record as an actor may see it.
type ResearchView struct {
	*Research
	Results  []ResearchResult // of a record that is ended: as its audience sees them
	Who      string           // address of who asked, for its own eyes and its administrators'; else empty
	Replaced string           // ID of the record that stands in for this, where the actor may see it
	Mine     bool             // the actor may correct it
}

// Research reads a record with its results: of a draft all that there is, of one that is ended what its audience may see.
func (c *Catalogue) Research(ctx context.Context, actor Actor, id string) (*ResearchView, error) {
	v := &ResearchView{}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		*v = ResearchView{}
		if v.Research, err = load[*Research](c, tx, actor, KindResearch, id); err != nil {
			return err
		}
		if v.Results, err = readParts(tx, v.Research); err != nil && !(v.Draft() && !v.Whole) {
			return err
		}
		if !v.Draft() {
			v.Results = shownResults(v.Research, v.Results)
		}
		if a, err := load[*Account](c, tx, actor, KindAccount, v.Account); err == nil {
			v.Who = a.Email
		}
		v.Mine = actor.ForCouncil(v.Council) && MayDo(actor, EndSearch)
		next, err := listed[*Research](c, tx, actor, KindResearch, "research.corrects", id)
		for _, r := range next {
			v.Replaced = r.ID
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// For how long drafts that nobody works on and records are kept.
const (
	draftDays     = 90
	researchYears = 6
)

// expireResearch removes drafts that nobody worked on and records whose time is over.
func (c *Catalogue) expireResearch(ctx context.Context) error {
	now := c.clock()
	var old []*Research
	if err := c.Each(ctx, Operator("job"), KindResearch, func(item Item) error {
		r := item.(*Research)
		if r.Draft() && r.Changed.AddDate(0, 0, draftDays).Before(now) || !r.Draft() && r.Ended.AddDate(researchYears, 0, 0).Before(now) {
			old = append(old, r)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, r := range old {
		if err := c.write(ctx, Operator("job"), ForgetResearch, func(w *writer) error { return w.removeResearch(r) }); err != nil {
			return err
		}
	}
	return nil
}
