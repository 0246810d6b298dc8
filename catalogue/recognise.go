package catalogue

import "jointly/catalogue/kv"

// How an import finds out which stored record an item is about.

// recognise gives an item the ID of the record that it is about, or a new one, and returns the stored record.
func (p *importPlan) recognise(item Item) (Item, error) {
	m := item.meta()
	if m.ID == "" && m.Ref != "" {
		id, err := findRef(p.tx, item.Key().Kind, item.owner(), m.Ref)
		if err != nil {
			return nil, err
		}
		if id == "" {
			if id, err = exportedID(p.tx, item); err != nil {
				return nil, err
			}
		}
		m.ID = id
	}
	if m.ID == "" {
		var err error
		switch it := item.(type) {
		case *Platform:
			err = p.recognisePlatform(it)
		case *Use:
			err = recogniseUse(p.tx, it)
		}
		if err != nil {
			return nil, err
		}
	}
	if m.ID == "" {
		m.ID = importedID(item)
	}
	return readItem(p.tx, item.Key())
}

// findMoving finds the stored platforms that the import gives another name, so that their old names are free.
func (p *importPlan) findMoving(items []Item) error {
	for _, item := range items {
		it, ok := item.(*Platform)
		if !ok {
			continue
		}
		id := it.ID
		if id == "" && it.Ref != "" {
			var err error
			if id, err = findRef(p.tx, KindPlatform, it.ListedBy, it.Ref); err != nil {
				return err
			}
		}
		if id != "" {
			p.moving[id] = nameKey(it.Name)
		}
	}
	return nil
}

// recognisePlatform finds a platform by its name where no reference tells, and keeps platforms apart whose names make
// the same ID.
func (p *importPlan) recognisePlatform(it *Platform) error {
	name := nameKey(it.Name)
	ids, err := lookup(p.tx, "platform.name", name)
	if err != nil {
		return err
	}
	for _, id := range ids {
		item, err := readItem(p.tx, Key{KindPlatform, id})
		if err != nil {
			return err
		}
		old, ok := item.(*Platform)
		if !ok || nameKey(old.Name) != name {
			continue // known under this name too, not named so
		}
		if new, ok := p.moving[id]; ok && new != name {
			continue
		}
		if old.Ref != "" && it.Ref != "" {
			return invalid("platform", "name", "A platform with this name is there under the reference "+quoted(old.Ref)+": use that, or another name")
		}
		it.ID = id
		return nil
	}
	id := slug(it.Name)
	there, err := p.tx.Get(recordKey(Key{KindPlatform, id}))
	if err == nil && there != nil || p.taken[Key{KindPlatform, id}] {
		it.ID = id + "-" + digest(it.Ref + "\x00" + it.Name)[:12]
	}
	return err
}

// exportedID is the record without a reference that an export named by its ID, "" where there is none. The item gives
// up the reference that it never had.
func exportedID(tx kv.Tx, item Item) (string, error) {
	m := item.meta()
	kind := item.Key().Kind
	old, err := readItem(tx, Key{kind, m.Ref})
	if err != nil || old == nil || old.meta().Ref != "" || kind != KindPlatform && old.owner() != item.owner() {
		return "", err // files do not say who listed a platform
	}
	id := m.Ref
	m.Ref = ""
	return id, nil
}

// recogniseUse gives a use the ID and reference of the one that says the same of the same council.
func recogniseUse(tx kv.Tx, use *Use) error {
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
		return it.Platform + "~" + it.Council + "~" + digest(it.Source.Text + "\x00" + it.Source.Reference + "\x00" + it.WrittenAs)[:12]
	case *Interest:
		return interestID(it.Intention, it.Council)
	}
	if ref := item.meta().Ref; ref != "" {
		id := slug(ref + " " + item.owner())
		if ref == slug(ref) && len(id) < maxSlug {
			return id
		}
		return id + "-" + digest(ref + "\x00" + item.owner())[:12] // references that are long, or differ in case or punctuation alone
	}
	return NewID()
}
