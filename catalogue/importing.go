package catalogue

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"jointly/catalogue/kv"
)

// Imported is what an import did, or with DryRun would do.
type Imported struct {
	Created   int
	Updated   int
	Unchanged int
	Errors    []ItemError // in order of the items; with any, nothing was written
	ID        string      // for UndoImport; empty where nothing was written, or where it cannot be undone
	AsksAgain bool        // somebody who came by the web has to confirm with a second factor first: others would see more
	Inherited []Inherited // councils that were handed over, whose records went to those that took their place
}

// Inherited is that records of an import were for a council that was handed over, and are its successor's.
type Inherited struct {
	Item     int      // the first of them: index into the items given
	Records  int      // how many
	From, To *Council // the one that they were for, and the one whose they are
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
	ID       string                // what the import is to be called; an import that is there already is a Conflict
	Columns  map[string]string     // what columns of the file were taken as, for the council's next import
	File     string                // what people call the file that the records came in
	Progress func(done, total int) // called now and then, once at a time; may be nil
}

// Import stores records, all or none. A record that exists (the same ID, or the same reference for its council) is
// updated, or left alone where nothing differs. An import that is larger than one transaction is staged, then committed
// with one key, then rolled forward; a program that stops in between completes it when it opens again. Suppliers that
// records name are created. Conflict: something in it was changed by somebody else meanwhile, and nothing was written.
// The operator imports anything; people of a council import contracts of their own council, and before their account is
// approved those that only the council sees.
func (c *Catalogue) Import(ctx context.Context, actor Actor, items []Item, o ImportOptions) (Imported, error) {
	if err := c.mayImport(ctx, actor); err != nil {
		return Imported{}, err
	}
	plan, err := c.planImport(ctx, actor, items)
	if KindOf(err) == Forbidden {
		c.auditRefusal(actor, importAction(actor), err)
	}
	if err != nil || len(plan.report.Errors) > 0 || o.DryRun || len(plan.put) == 0 {
		return plan.report, err
	}
	if plan.report.AsksAgain {
		return Imported{}, ErrProveFirst
	}
	if o.ID == "" {
		o.ID = NewID()
	}
	id := o.ID
	history, err := c.keepBefore(ctx, actor, o, plan)
	if err != nil {
		return Imported{}, err
	}
	if err := c.stage(ctx, actor, id, plan.put, history); err != nil {
		return Imported{}, err
	}
	// Past this point the import has happened: what is left is completed now, or later, or when the catalogue next opens.
	if history != nil {
		plan.report.ID = id
	}
	ctx = context.WithoutCancel(ctx)
	return plan.report, errors.Join(c.rollForward(ctx, id, o.Progress), c.forgetImports(ctx))
}

// mayImport says whether an actor may import or undo at all, and completes what is under way.
func (c *Catalogue) mayImport(ctx context.Context, actor Actor) error {
	if err := permit(actor, importAction(actor)); err != nil {
		c.auditRefusal(actor, importAction(actor), err)
		return err
	}
	return c.completeImports(ctx)
}

// importPlan is what an import comes to, found out within one transaction.
type importPlan struct {
	c      *Catalogue
	tx     kv.Tx
	actor  Actor
	report Imported
	put    []planned // suppliers first

	suppliers map[string]*Supplier // new ones, by ID
	taken     map[Key]bool         // records that an item is about already
	refs      map[string]bool      // references that an item has already, by kind and owner
	names     map[string]bool      // platforms' names that an item has already
	moving    map[string]string    // new names of stored platforms that the import renames, by ID
	renamed   map[string]string    // IDs of the import's platforms, by what their names make
	platforms map[string]bool      // the same IDs, and those of platforms that came with one
	uses      []plannedUse
}

// planned is a record to be put, as it will be stored, and what it was planned on.
type planned struct {
	item   Item
	raw    []byte
	before uint64 // the version that is there; 0: none
	grave  bool   // it was deleted before, and comes back
	keys   int    // that its transaction writes
	was    Item   // what is there; nil: nothing
	remove bool   // it is taken away
}

type plannedUse struct {
	item     int
	platform string
}

func (c *Catalogue) planImport(ctx context.Context, actor Actor, items []Item) (*importPlan, error) {
	var p *importPlan
	err := c.view(ctx, func(tx kv.Tx) error {
		p = &importPlan{c: c, tx: tx, actor: actor, suppliers: map[string]*Supplier{}, taken: map[Key]bool{}, refs: map[string]bool{},
			names: map[string]bool{}, moving: map[string]string{}, renamed: map[string]string{}, platforms: map[string]bool{}}
		if err := p.findMoving(items); err != nil {
			return err
		}
		for i, item := range items {
			err := p.add(i, item)
			if err != nil && KindOf(err) != Invalid {
				return err
			}
			for _, f := range FieldsOf(err) {
				p.fail(i, f.Field, f.Message)
			}
		}
		if err := p.checkUses(); err != nil {
			return err
		}
		if err := p.addSuppliers(); err != nil {
			return err
		}
		p.report.AsksAgain = slices.ContainsFunc(p.put, func(one planned) bool { return asksAgain(actor, importAction(actor), one.item, one.was) })
		return nil
	})
	if err != nil {
		return &importPlan{}, err
	}
	if len(p.report.Errors) > 0 {
		p.report.Created, p.report.Updated, p.report.Unchanged = 0, 0, 0
		slices.SortStableFunc(p.report.Errors, func(a, b ItemError) int { return cmp.Compare(a.Item, b.Item) })
	}
	return p, nil
}

func (p *importPlan) fail(item int, field, message string) {
	p.report.Errors = append(p.report.Errors, ItemError{item, field, message})
}

// add plans one item; an Invalid error says what is wrong with it.
func (p *importPlan) add(i int, item Item) error {
	if err := p.toSuccessor(i, item); err != nil {
		return err
	}
	provisional := "" // what uses in the same file call a platform
	switch it := item.(type) {
	case *Platform:
		if it.ID == "" {
			provisional = slug(it.Name)
		}
	case *Use:
		if id := p.renamed[it.Platform]; id != "" {
			it.Platform = id
		}
		p.uses = append(p.uses, plannedUse{i, it.Platform})
	}
	old, err := p.recognise(item)
	if err != nil {
		return err
	}
	if key := item.Key(); key.Kind == KindPlatform {
		p.platforms[key.ID] = true
		if provisional != "" {
			p.renamed[provisional] = key.ID
		}
	}
	if err := p.c.derive(p.tx, item, old, p.suppliers); err != nil {
		return err
	}
	if k, ok := item.(*Contract); ok && !p.actor.IsOperator() {
		k.putRight(old, p.c.clock().UTC())
	}
	if err := p.c.validate(p.tx, item); err != nil {
		return err
	}
	if err := p.claim(item); err != nil {
		return err
	}
	same, err := unchanged(old, item)
	if err != nil {
		return err
	}
	if err := allow(p.actor, importAction(p.actor), item, old); err != nil && !(same && KindOf(err) == Invalid) {
		return err
	}
	switch {
	case same:
		p.report.Unchanged++
		return nil
	case old != nil:
		p.report.Updated++
	default:
		p.report.Created++
	}
	put, err := plannedPut(p.tx, item, old)
	if err != nil {
		return err
	}
	p.put = append(p.put, put)
	return nil
}

// toSuccessor gives an item that is for a council that was handed over to its successor, and notes it for the report.
func (p *importPlan) toSuccessor(i int, item Item) error {
	from, err := toSuccessor(p.tx, item)
	if err != nil || from == "" {
		return err
	}
	to := item.owner()
	for n := range p.report.Inherited {
		if in := &p.report.Inherited[n]; in.From.GSS == from && in.To.GSS == to {
			in.Records++
			return nil
		}
	}
	in := Inherited{Item: i, Records: 1}
	if in.From, _, err = p.c.councilIn(p.tx, from); err != nil {
		return err
	}
	if in.To, _, err = p.c.councilIn(p.tx, to); err != nil || in.To == nil || in.From == nil {
		return err
	}
	p.report.Inherited = append(p.report.Inherited, in)
	return nil
}

// claim refuses an item that is about the same record as another of the import, or has the name of another.
func (p *importPlan) claim(item Item) error {
	key, ref := item.Key(), item.meta().Ref
	refKey := string(key.Kind) + "\x00" + item.owner() + "\x00" + ref
	switch it := item.(type) {
	case *Platform:
		name := nameKey(it.Name)
		if p.names[name] {
			return invalid("platform", "name", "Another platform of this file has the same name: each needs its own")
		}
		p.names[name] = true
	case *Use:
		if p.taken[key] {
			return invalid("use", "uses", "This use is there twice: the same council, platform and source")
		}
	}
	if p.taken[key] || ref != "" && p.refs[refKey] {
		return invalid(string(key.Kind), "ref", "Another record of this file has the same reference: each needs its own")
	}
	p.taken[key], p.refs[refKey] = true, true
	return uniqueRef(p.tx, item)
}

// plannedPut is what storing an item over old (nil for none) will take.
func plannedPut(tx kv.Tx, item, old Item) (planned, error) {
	raw, err := encode(item)
	if err != nil {
		return planned{}, err
	}
	p := planned{item: item, raw: raw, was: old, keys: 5} // the record, its change and the one before, the grave that it leaves, its event
	if old != nil {
		p.before = old.meta().Version
	} else {
		grave, err := readCounter(tx, graveKey(item.Key()))
		if err != nil {
			return planned{}, err
		}
		if p.grave = grave != 0; !p.grave {
			p.keys = 3 // the record, its change, its event
		}
	}
	stale, fresh := indexKeys(old), indexKeys(item)
	for k := range fresh {
		if !stale[k] {
			p.keys++
		}
		delete(stale, k)
	}
	p.keys += len(stale)
	switch {
	case len(raw) > chunkBytes:
		return planned{}, invalid(string(item.Key().Kind), "", "This record is too long: shorten its texts")
	case p.keys > chunkKeys:
		return planned{}, invalid(string(item.Key().Kind), "", "This changes too many names at once: change some, import, and change the rest")
	}
	return p, nil
}

// checkUses refuses uses of platforms that are neither stored nor in the import.
func (p *importPlan) checkUses() error {
	for _, u := range p.uses {
		key := Key{KindPlatform, u.platform}
		if u.platform == "" || p.platforms[u.platform] {
			continue // the first is refused already
		}
		there, err := p.tx.Get(recordKey(key))
		if err != nil {
			return err
		}
		if there == nil {
			p.fail(u.item, "platform", "Unknown platform "+quoted(u.platform))
		}
	}
	return nil
}

// addSuppliers plans the new suppliers before the records that name them.
func (p *importPlan) addSuppliers() error {
	var put []planned
	for _, id := range slices.Sorted(maps.Keys(p.suppliers)) {
		planned, err := plannedPut(p.tx, p.suppliers[id], nil)
		if err != nil {
			return err
		}
		put = append(put, planned)
	}
	p.put = append(put, p.put...)
	return nil
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
