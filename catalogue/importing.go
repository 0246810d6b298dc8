package catalogue

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"jointly/catalogue/kv"
)

// Imported is what an import did, or with DryRun would do.
type Imported struct {
	Created   int
	Updated   int
	Unchanged int
	Errors    []ItemError // in order of the items; with any, nothing was written
}

// ItemError is what is wrong with one item of an import.
type ItemError struct {
	Item    int // index into the items given
	Field   string
	Message string
}

// ImportOptions say how to import.
type ImportOptions struct {
	DryRun   bool
	Progress func(done, total int) // called now and then from the importing goroutine; may be nil
}

// Import stores records, all or none. A record that exists (the same ID, or the same reference for its council) is
// updated, or left alone where nothing differs. An import that is larger than one transaction is staged, then committed
// with one key, then rolled forward; a program that stops in between completes it when it opens again. Suppliers that
// records name are created.
func (c *Catalogue) Import(ctx context.Context, actor Actor, items []Item, o ImportOptions) (Imported, error) {
	if !MayDo(actor, ImportRecords) {
		err := forbidden("Your account may not import")
		c.auditRefusal(actor, ImportRecords, err)
		return Imported{}, err
	}
	plan, err := c.planImport(ctx, items)
	if err != nil || len(plan.report.Errors) > 0 || o.DryRun || len(plan.put) == 0 {
		return plan.report, err
	}
	id, err := c.stage(ctx, actor, plan.put)
	if err != nil {
		return Imported{}, err
	}
	// Past this point the import has happened: what is left is completed now, or when the catalogue next opens.
	return plan.report, c.rollForward(context.WithoutCancel(ctx), id, o.Progress)
}

type importPlan struct {
	report Imported
	put    []Item // suppliers first
}

func (c *Catalogue) planImport(ctx context.Context, items []Item) (importPlan, error) {
	var p importPlan
	err := c.view(ctx, func(tx kv.Tx) error {
		p = importPlan{}
		suppliers := map[string]*Supplier{}
		taken := map[Key]int{}
		renamed := map[string]string{} // platforms of this import whose ID is not what their name makes
		var put []Item
		for i, item := range items {
			provisional := ""
			switch it := item.(type) {
			case *Platform:
				provisional = slug(it.Name)
			case *Use:
				if id := renamed[it.Platform]; id != "" {
					it.Platform = id
				}
			}
			old, err := c.existing(tx, item)
			if err != nil {
				return err
			}
			if id := item.Key().ID; provisional != "" && id != provisional {
				renamed[provisional] = id
			}
			if err := c.derive(tx, item, old, suppliers); err != nil {
				return err
			}
			if err := c.validate(tx, item); err != nil {
				if KindOf(err) != Invalid {
					return err
				}
				for _, f := range FieldsOf(err) {
					p.report.Errors = append(p.report.Errors, ItemError{i, f.Field, f.Message})
				}
				continue
			}
			if first, ok := taken[item.Key()]; ok {
				p.report.Errors = append(p.report.Errors, ItemError{i, "ref", fmt.Sprintf("The same reference as record %d of this file: each needs its own", first+1)})
				continue
			}
			taken[item.Key()] = i
			same, err := unchanged(old, item)
			switch {
			case err != nil:
				return err
			case same:
				p.report.Unchanged++
				continue
			case old != nil:
				p.report.Updated++
			default:
				p.report.Created++
			}
			put = append(put, item)
		}
		for _, s := range suppliers {
			p.put = append(p.put, s)
		}
		slices.SortFunc(p.put, func(a, b Item) int { return bytes.Compare([]byte(a.Key().ID), []byte(b.Key().ID)) })
		p.put = append(p.put, put...)
		return nil
	})
	if len(p.report.Errors) > 0 {
		p.report.Created, p.report.Updated, p.report.Unchanged = 0, 0, 0
	}
	return p, err
}

// existing finds the record that an item of an import is about, gives the item its ID, and returns the record.
func (c *Catalogue) existing(tx kv.Tx, item Item) (Item, error) {
	m := item.meta()
	if m.ID == "" && m.Ref != "" {
		id, err := findRef(tx, item.Key().Kind, item.owner(), m.Ref)
		if err != nil {
			return nil, err
		}
		if id == "" {
			if id, err = exportedID(tx, item); err != nil {
				return nil, err
			}
		}
		m.ID = id
	}
	if use, ok := item.(*Use); ok && m.ID == "" {
		if err := c.recogniseUse(tx, use); err != nil {
			return nil, err
		}
	}
	if m.ID == "" {
		m.ID = importedID(item)
	}
	return readItem(tx, item.Key())
}

// exportedID is the record without a reference that an export named by its ID, "" where there is none. The item gives
// up the reference that it never had.
func exportedID(tx kv.Tx, item Item) (string, error) {
	m := item.meta()
	old, err := readItem(tx, Key{item.Key().Kind, m.Ref})
	if err != nil || old == nil || old.meta().Ref != "" || old.owner() != item.owner() {
		return "", err
	}
	id := m.Ref
	m.Ref = ""
	return id, nil
}

// recogniseUse gives a use the ID and reference of the one that says the same of the same council.
func (c *Catalogue) recogniseUse(tx kv.Tx, use *Use) error {
	ids, err := lookup(tx, "use.council", use.Council)
	if err != nil {
		return err
	}
	for _, id := range ids {
		item, err := readItem(tx, Key{KindUse, id})
		if err != nil {
			return err
		}
		if old, ok := item.(*Use); ok && old.Platform == use.Platform && old.WrittenAs == use.WrittenAs &&
			old.Source.Text == use.Source.Text && old.Source.Reference == use.Source.Reference {
			use.ID, use.Ref = old.ID, old.Ref
			return nil
		}
	}
	return nil
}

// importedID is an ID that follows from what the record is, so that the same file finds it again.
func importedID(item Item) string {
	switch it := item.(type) {
	case *Platform:
		return slug(it.Name)
	case *Use:
		return it.Platform + "~" + it.Council + "~" + digest(it.Source.Text + it.Source.Reference)[:12]
	case *Interest:
		return interestID(it.Intention, it.Council)
	}
	if ref := item.meta().Ref; ref != "" {
		id := slug(ref + " " + item.owner())
		if ref == slug(ref) {
			return id
		}
		return id + "-" + digest(ref + "\x00" + item.owner())[:12] // references that differ in case or punctuation alone
	}
	return NewID()
}

// unchanged says that an item differs from the stored record in nothing that an import carries.
func unchanged(old, item Item) (bool, error) {
	if old == nil {
		return false, nil
	}
	kept := *item.meta()
	*item.meta() = *old.meta()
	item.meta().Ref = kept.Ref
	a, err := encode(old)
	if err != nil {
		return false, err
	}
	b, err := encode(item)
	*item.meta() = kept
	return bytes.Equal(a, b), err
}

// staged is the head of an import: it exists from the moment the import has happened until it is rolled forward.
type staged struct {
	Actor  Actor             `json:"actor"`
	Chunks int               `json:"chunks"`
	Next   int               `json:"next"`
	Locks  map[Kind][]string `json:"locks"` // owners whose records of a kind others may not write meanwhile
}

type stagedItem struct {
	Kind Kind            `json:"kind"`
	Item json.RawMessage `json:"item"`
}

func stagedHead(id string) []byte         { return kv.NewKey("g", "head", id) }
func stagedChunk(id string, n int) []byte { return kv.NewKey("g", "chunk", id).Uint(uint64(n)) }

// A chunk is rolled forward in one transaction, so it stays within a transaction's limits.
const (
	chunkKeys  = 80
	chunkBytes = 200 << 10
)

// stage writes the chunks and then the head, and returns the import's ID.
func (c *Catalogue) stage(ctx context.Context, actor Actor, items []Item) (string, error) {
	id := NewID()
	head := staged{Actor: actor, Locks: map[Kind][]string{}}
	var chunk []stagedItem
	keys, size := 0, 0
	flush := func() error {
		if len(chunk) == 0 {
			return nil
		}
		payload, err := json.Marshal(chunk)
		if err != nil {
			return fmt.Errorf("encode import: %w", err)
		}
		key := stagedChunk(id, head.Chunks)
		if err := c.store.Update(ctx, func(tx kv.Tx) error { return tx.Put(key, seal(key, 0, payload)) }); err != nil {
			return storeError(err)
		}
		head.Chunks++
		chunk, keys, size = nil, 0, 0
		return nil
	}
	err := func() error {
		for _, item := range items {
			raw, err := encode(item)
			if err != nil {
				return err
			}
			// The record, its change, the one before, its event; look-ups of before and after.
			cost := 4 + 2*len(indexKeys(item))
			if keys+cost > chunkKeys || size+len(raw) > chunkBytes {
				if err := flush(); err != nil {
					return err
				}
			}
			chunk = append(chunk, stagedItem{item.Key().Kind, raw})
			keys, size = keys+cost, size+len(raw)
			kind, owner := item.Key().Kind, item.owner()
			if !slices.Contains(head.Locks[kind], owner) {
				head.Locks[kind] = append(head.Locks[kind], owner)
			}
		}
		if err := flush(); err != nil {
			return err
		}
		return storeError(c.store.Update(ctx, func(tx kv.Tx) error {
			for kind, owners := range head.Locks {
				for _, owner := range owners {
					if err := (&writer{c: c, tx: tx}).unlocked(kind, owner); err != nil {
						return err
					}
				}
			}
			return putJSON(tx, stagedHead(id), head)
		}))
	}()
	if err != nil {
		return "", errors.Join(err, c.dropChunks(context.WithoutCancel(ctx), id))
	}
	return id, nil
}

func putJSON(tx kv.Tx, key []byte, v any) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %q: %w", key, err)
	}
	return tx.Put(key, seal(key, 0, payload))
}

// getJSON reads what putJSON wrote; false where there is nothing.
func getJSON(tx kv.Tx, key []byte, v any) (bool, error) {
	value, err := tx.Get(key)
	if err != nil || value == nil {
		return false, err
	}
	payload, _, err := unseal(key, value)
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(payload, v); err != nil {
		return false, fmt.Errorf("decode %q: %w", key, err)
	}
	return true, nil
}

// unlocked refuses a write to records that an import under way is about to write.
func (w *writer) unlocked(kind Kind, owner string) error {
	if w.action == ImportRecords {
		return nil
	}
	return scan(w.tx, kv.NewKey("g", "head"), func(k, v []byte) error {
		payload, _, err := unseal(k, v)
		if err != nil {
			return err
		}
		var head staged
		if err := json.Unmarshal(payload, &head); err != nil {
			return fmt.Errorf("decode import: %w", err)
		}
		if slices.Contains(head.Locks[kind], owner) {
			return conflict("An import is under way. Try again in a minute")
		}
		return nil
	})
}

// rollForward writes the chunks of a committed import that are not yet written. Running it again does no harm.
func (c *Catalogue) rollForward(ctx context.Context, id string, progress func(done, total int)) error {
	for {
		var head staged
		finished := false
		actor := Actor{}
		if err := c.view(ctx, func(tx kv.Tx) error {
			found, err := getJSON(tx, stagedHead(id), &head)
			finished, actor = !found, head.Actor
			return err
		}); err != nil {
			return err
		}
		if finished {
			return nil
		}
		if progress != nil {
			progress(head.Next, head.Chunks)
		}
		if err := c.write(ctx, actor, ImportRecords, func(w *writer) error { return w.rollChunk(id) }); err != nil {
			return fmt.Errorf("the import is saved but not yet complete; it goes on when Jointly starts again: %w", err)
		}
	}
}

// rollChunk writes one chunk and moves the head on, in one transaction.
func (w *writer) rollChunk(id string) error {
	var head staged
	if found, err := getJSON(w.tx, stagedHead(id), &head); err != nil || !found {
		return err
	}
	if head.Next >= head.Chunks {
		return w.tx.Delete(stagedHead(id))
	}
	var chunk []stagedItem
	key := stagedChunk(id, head.Next)
	if found, err := getJSON(w.tx, key, &chunk); err != nil || !found {
		return errors.Join(err, fmt.Errorf("chunk %d of import %s is missing: %w", head.Next, id, ErrDamaged))
	}
	for _, s := range chunk {
		item := newItem(s.Kind)
		if item == nil {
			return fmt.Errorf("import %s holds a record of an unknown kind", id)
		}
		if err := json.Unmarshal(s.Item, item); err != nil {
			return fmt.Errorf("decode import: %w", err)
		}
		old, err := readItem(w.tx, item.Key())
		if err != nil {
			return err
		}
		if old != nil {
			item.meta().Version = old.meta().Version
		}
		if err := w.put(item); err != nil {
			return err
		}
	}
	head.Next++
	if err := w.tx.Delete(key); err != nil {
		return err
	}
	return putJSON(w.tx, stagedHead(id), head)
}

// dropChunks removes what was staged for an import that did not happen.
func (c *Catalogue) dropChunks(ctx context.Context, id string) error {
	for more := true; more; {
		err := c.store.Update(ctx, func(tx kv.Tx) error {
			var keys [][]byte
			if err := tx.Scan(kv.NewKey("g", "chunk", id), nil, 50, func(k, _ []byte) error {
				keys = append(keys, k)
				return nil
			}); err != nil {
				return err
			}
			more = len(keys) == 50
			for _, k := range keys {
				if err := tx.Delete(k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return storeError(err)
		}
	}
	return nil
}

// resumeImports completes the imports that were committed, and drops what was staged for those that were not.
func (c *Catalogue) resumeImports(ctx context.Context) error {
	committed, loose := map[string]bool{}, map[string]bool{}
	if err := c.view(ctx, func(tx kv.Tx) error {
		ids, err := idsBelow(tx, kv.NewKey("g", "head"))
		if err != nil {
			return err
		}
		for _, id := range ids {
			committed[id] = true
		}
		prefix := kv.NewKey("g", "chunk")
		return scan(tx, prefix, func(k, _ []byte) error {
			if id := kv.ReadKey(k[len(prefix):]).Str(); !committed[id] {
				loose[id] = true
			}
			return nil
		})
	}); err != nil {
		return err
	}
	for id := range loose {
		if err := c.dropChunks(ctx, id); err != nil {
			return err
		}
	}
	for id := range committed {
		if err := c.rollForward(ctx, id, nil); err != nil {
			return err
		}
	}
	return nil
}
