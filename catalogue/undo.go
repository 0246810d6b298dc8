package catalogue

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// How an import of contracts is undone: what it replaced is kept beside it, and goes back the way that imports come.

// ImportRecord is an import that happened.
type ImportRecord struct {
	ID        string      `json:"id"`
	At        time.Time   `json:"at"`
	Actor     Actor       `json:"actor"`
	File      string      `json:"file,omitempty"`
	Councils  []string    `json:"councils"` // whose records it wrote
	Created   int         `json:"created"`
	Updated   int         `json:"updated"`
	Unchanged int         `json:"unchanged"`
	Chunks    int         `json:"chunks"`            // of what it replaced
	Private   int         `json:"private,omitempty"` // contracts that only their council sees
	Undone    time.Time   `json:"undone,omitzero"`
	LeftAlone int         `json:"left_alone,omitempty"` // when it was undone
	Left      []LeftAlone `json:"left,omitempty"`       // the first of them

	Columns map[string]string `json:"columns,omitempty"` // of the file: the field that each title was taken as
}

// replaced is a record that an import wrote: what stood there before, and what it put.
type replaced struct {
	Kind   Kind            `json:"kind"`
	ID     string          `json:"id"`
	Before json.RawMessage `json:"before,omitempty"` // none: it is the import's own
	Put    string          `json:"put"`              // digest of what the record says
}

func importRecordKey(id string) []byte       { return kv.NewKey("u", "head", id) }
func importChunkKey(id string, n int) []byte { return kv.NewKey("u", "chunk", id).Uint(uint64(n)) }

// KeptImports is how many imports are remembered of a council: older ones can no longer be undone.
const KeptImports = 50

// maxLeft bounds what the record of an import that was undone names of what was left alone.
const maxLeft = 500

// keepBefore writes what an import will replace, and gives the import's record, which is not yet written: nil where the
// import cannot be undone, as where it holds more than contracts and their suppliers.
func (c *Catalogue) keepBefore(ctx context.Context, actor Actor, o ImportOptions, p *importPlan) (*ImportRecord, error) {
	r := &ImportRecord{ID: o.ID, At: c.clock().UTC(), Actor: actor, File: o.File, Columns: o.Columns, Created: p.report.Created, Updated: p.report.Updated, Unchanged: p.report.Unchanged}
	if there, err := c.imported(ctx, r.ID); err != nil {
		return nil, err
	} else if there != nil {
		return nil, conflict("This was imported already")
	}
	var chunk []replaced
	size := 0
	flush := func() error {
		key := importChunkKey(r.ID, r.Chunks)
		err := c.store.Update(ctx, func(tx kv.Tx) error { return putJSON(tx, key, chunk) })
		r.Chunks++
		chunk, size = nil, 0
		return storeError(err)
	}
	for _, put := range p.put {
		if kind := put.item.Key().Kind; kind != KindContract && kind != KindSupplier {
			return nil, nil
		}
	}
	for _, put := range p.put {
		contract, ok := put.item.(*Contract)
		if !ok {
			continue // a supplier stays: others may have come to name it
		}
		if contract.Audience == Own {
			r.Private++
		}
		says, err := sumOf(put.item)
		if err != nil {
			return nil, err
		}
		was := replaced{Kind: KindContract, ID: put.item.Key().ID, Put: says}
		if put.was != nil {
			if was.Before, err = encode(put.was); err != nil {
				return nil, err
			}
		}
		if size+len(was.Before)+200 > chunkBytes {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		chunk, size = append(chunk, was), size+len(was.Before)+200
		if owner := put.item.owner(); !slices.Contains(r.Councils, owner) {
			r.Councils = append(r.Councils, owner)
		}
	}
	return r, flush()
}

// sumOf tells records apart that say different things, whenever they were written and whoever sees them.
func sumOf(item Item) (string, error) {
	if k, ok := item.(*Contract); ok {
		blind := *k
		blind.Audience = ""
		item = &blind
	}
	kept := *item.meta()
	*item.meta() = Meta{ID: kept.ID, Ref: kept.Ref}
	raw, err := encode(item)
	*item.meta() = kept
	return digest(string(raw)), err
}

// Imports lists the imports that can be undone or were, newest first: all for the operator, for others those of their
// council alone. One that is the council's own to undo may still be refused to one of its people.
func (c *Catalogue) Imports(ctx context.Context, actor Actor) (out []*ImportRecord, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		out = nil
		return scan(tx, kv.NewKey("u", "head"), func(k, v []byte) error {
			r, err := readImport(k, v)
			if err == nil && r.seenBy(actor) {
				out = append(out, r)
			}
			return err
		})
	})
	slices.Reverse(out) // IDs grow with time
	return out, err
}

func readImport(key, value []byte) (*ImportRecord, error) {
	payload, _, err := unseal(key, value)
	if err != nil {
		return nil, err
	}
	r := &ImportRecord{}
	if err := json.Unmarshal(payload, r); err != nil {
		return nil, fmt.Errorf("decode import: %w", err)
	}
	return r, nil
}

func (r *ImportRecord) seenBy(a Actor) bool {
	return a.IsOperator() || !slices.ContainsFunc(r.Councils, func(code string) bool { return !a.ForCouncil(code) }) && len(r.Councils) > 0
}

// undoneBy says whether an actor who sees an import may undo it: newcomers may undo their own.
func (r *ImportRecord) undoneBy(a Actor) bool {
	return importAction(a) != ImportPrivately || r.Actor.Account == a.Account
}

// Undone is what undoing an import did.
type Undone struct {
	Restored int
	Removed  int
	Left     []LeftAlone // by ID
}

// LeftAlone is a record that undoing left as it is, and why.
type LeftAlone struct {
	Key Key    `json:"key"`
	Why string `json:"why"`
}

// UndoImport puts back what an import replaced and takes away what it brought, all or none. A record that was changed
// since, or that an intention was made from, is left alone and listed. NotFound: there is no such import, or it is too
// long ago. Conflict: it was undone already, or somebody writes meanwhile.
func (c *Catalogue) UndoImport(ctx context.Context, actor Actor, id string) (Undone, error) {
	if err := c.mayImport(ctx, actor); err != nil {
		return Undone{}, err
	}
	var u *undoing
	err := c.view(ctx, func(tx kv.Tx) error {
		u = &undoing{c: c, tx: tx, actor: actor, sources: map[string]map[string]bool{}}
		return u.plan(id)
	})
	if err != nil {
		return Undone{}, err
	}
	u.record.Undone, u.record.LeftAlone = c.clock().UTC(), len(u.done.Left)
	u.record.Left = u.done.Left[:min(len(u.done.Left), maxLeft)]
	undo := NewID()
	if err := c.stage(ctx, actor, undo, u.put, u.record); err != nil {
		return Undone{}, err
	}
	return u.done, c.rollForward(context.WithoutCancel(ctx), undo, nil)
}

// undoing is an import being undone, found out within one transaction.
type undoing struct {
	c       *Catalogue
	tx      kv.Tx
	actor   Actor
	record  *ImportRecord
	put     []planned
	done    Undone
	sources map[string]map[string]bool // contracts that intentions were made from, by council
}

func (u *undoing) plan(id string) error {
	u.record = &ImportRecord{}
	found, err := getJSON(u.tx, importRecordKey(id), u.record)
	switch {
	case err != nil:
		return err
	case !found || !u.record.seenBy(u.actor):
		return notFound("import")
	case !u.record.Undone.IsZero():
		return conflict("This import was undone already")
	case !u.record.undoneBy(u.actor):
		return forbidden("A colleague imported this: whoever contributes for your council can undo it")
	}
	for n := range u.record.Chunks {
		var chunk []replaced
		if _, err := getJSON(u.tx, importChunkKey(id, n), &chunk); err != nil {
			return err
		}
		for _, r := range chunk {
			if err := u.add(r); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(u.done.Left, func(a, b LeftAlone) int { return cmp.Compare(a.Key.ID, b.Key.ID) })
	return nil
}

// add plans what becomes of one record.
func (u *undoing) add(r replaced) error {
	key := Key{r.Kind, r.ID}
	now, err := readItem(u.tx, key)
	if err != nil {
		return err
	}
	leave := func(why string) error {
		u.done.Left = append(u.done.Left, LeftAlone{key, why})
		return nil
	}
	if now == nil {
		return leave("it was taken away since")
	}
	says, err := sumOf(now)
	if err != nil {
		return err
	}
	if says != r.Put {
		return leave("it was changed since")
	}
	was := Item(now)
	if r.Before != nil {
		was = newItem(r.Kind)
		if err := json.Unmarshal(r.Before, was); err != nil {
			return fmt.Errorf("decode what an import replaced: %w", err)
		}
		if k, ok := was.(*Contract); ok {
			k.Audience = now.(*Contract).Audience // who sees it may have been decided since
		}
	}
	if err := allow(u.actor, importAction(u.actor), was, now); err != nil {
		if KindOf(err) == Invalid {
			return leave("others see it by now")
		}
		return err
	}
	if r.Before == nil {
		used, err := u.isSource(now)
		if err != nil {
			return err
		}
		if used {
			return leave("an intention was made from it")
		}
		put, err := plannedPut(u.tx, now, now)
		if err != nil {
			return err
		}
		put.keys += len(indexKeys(now))
		put.remove = true
		u.put = append(u.put, put)
		u.done.Removed++
		return nil
	}
	put, err := plannedPut(u.tx, was, now)
	if err != nil {
		return err
	}
	u.put = append(u.put, put)
	u.done.Restored++
	return nil
}

// isSource says that an intention of the council was made from a contract.
func (u *undoing) isSource(item Item) (bool, error) {
	council := item.owner()
	if u.sources[council] == nil {
		u.sources[council] = map[string]bool{}
		own, err := listed[*Intention](u.c, u.tx, Operator("job"), KindIntention, "intention.council", council)
		if err != nil {
			return false, err
		}
		for _, in := range own {
			u.sources[council][in.FromContract] = true
		}
	}
	return u.sources[council][item.Key().ID], nil
}

// forgetImports drops what was kept of the imports beyond the latest of the same councils.
func (c *Catalogue) forgetImports(ctx context.Context) error {
	all, err := c.Imports(ctx, Operator("job"))
	if err != nil {
		return err
	}
	kept := map[string]int{}
	for _, r := range all {
		of := strings.Join(r.Councils, " ")
		if kept[of]++; kept[of] <= KeptImports {
			continue
		}
		if err := c.store.Update(ctx, func(tx kv.Tx) error { return tx.Delete(importRecordKey(r.ID)) }); err != nil {
			return storeError(err)
		}
		if err := c.dropChunks(ctx, kv.NewKey("u", "chunk", r.ID)); err != nil {
			return err
		}
	}
	return nil
}
