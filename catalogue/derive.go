package catalogue

import (
	"cmp"
	"strings"

	"jointly/catalogue/kv"
)

// derive fills what follows from what a record says: its supplier and platform in the register of suppliers and
// platforms, the capability that its text speaks of, and whether it belongs to the demonstration. Suppliers that are
// not yet there are added to suppliers, by ID. What old (nil for a new record) had and an import does not carry is kept.
func (c *Catalogue) derive(tx kv.Tx, item, old Item, suppliers map[string]*Supplier) error {
	switch it := item.(type) {
	case *Platform:
		if prev, ok := old.(*Platform); ok {
			it.Aliases, it.Evidence = orPrevious(it.Aliases, prev.Aliases), cmp.Or(it.Evidence, prev.Evidence)
			it.Exit = cmp.Or(it.Exit, prev.Exit)
			it.ListedBy = cmp.Or(it.ListedBy, prev.ListedBy)
			it.Demonstration = it.Demonstration || prev.Demonstration
			if it.Claim == nil && it.Changes == nil { // a file carries neither
				it.keepsSaid(prev)
				it.follows(prev, PlatformChange{At: c.clock().UTC()})
			}
		}
		return c.deriveSupplier(tx, &it.Supplier, &it.SupplierID, it.Demonstration, suppliers)
	case *Use:
		if prev, ok := old.(*Use); ok && !prev.Confirmed.IsZero() && it.Confirmed.IsZero() {
			kept := it.Meta // what a public record says does not replace the council's own word
			*it = *prev
			it.Meta = kept
		}
		it.Demonstration = c.demonstration(it.Council)
	case *Contract:
		it.Demonstration = c.demonstration(it.Council)
		it.keepWord(old)
		if prev, ok := old.(*Contract); ok && prev.CapabilityConfirmed && !it.CapabilityConfirmed {
			it.Capability, it.CapabilityConfirmed = prev.Capability, true
		}
		if prev, ok := old.(*Contract); ok && prev.Product == it.Product {
			it.Platform = cmp.Or(it.Platform, prev.Platform)
		}
		if it.Capability == "" {
			it.Capability = c.guess(it.Title, strings.Join([]string{it.Description, it.Product}, " "))
		}
		if it.Stage == "" {
			it.Stage = StageAwarded
		}
		if it.Audience == "" {
			it.Audience = Public
		}
		if it.Platform == "" && it.Product != "" {
			ids, err := lookup(tx, "platform.name", nameKey(it.Product))
			if err != nil {
				return err
			}
			if len(ids) > 0 {
				it.Platform = ids[0]
			}
		}
		written := it.Supplier
		if names := SupplierNames(written); len(names) > 1 {
			written = names[0] // several in one text are no supplier of that name
		}
		if it.Audience != Public {
			suppliers = nil // suppliers are public: one that only this contract names must not be
		}
		return c.deriveSupplier(tx, &written, &it.SupplierID, it.Demonstration, suppliers)
	case *Intention:
		if prev, ok := old.(*Intention); ok && it.Confirmed.IsZero() {
			it.Confirmed, it.Withdrawn, it.Notes = prev.Confirmed, cmp.Or(it.Withdrawn, prev.Withdrawn), cmp.Or(it.Notes, prev.Notes)
			it.FromContract, it.Sensitive = cmp.Or(it.FromContract, prev.FromContract), cmp.Or(it.Sensitive, prev.Sensitive)
			it.Capability, it.Shoulds = cmp.Or(it.Capability, prev.Capability), orPrevious(it.Shoulds, prev.Shoulds)
			if it.Rung == "" {
				it.stand(prev.standing())
			}
			it.Fields = IntentionAudiences{Budget: cmp.Or(it.Fields.Budget, prev.Fields.Budget), Supplier: cmp.Or(it.Fields.Supplier, prev.Fields.Supplier),
				Contract: cmp.Or(it.Fields.Contract, prev.Fields.Contract), Musts: cmp.Or(it.Fields.Musts, prev.Fields.Musts)}
		}
		c.deriveIntention(it)
	case *Interest:
		it.Demonstration = c.demonstration(it.Council)
	case *Return:
		c.deriveReturn(it, old)
	case *CallAnswer:
		it.Demonstration = c.demonstration(it.Council)
	case *Body:
		if prev, ok := old.(*Body); ok && (prev.Kept || it.Domain == "") { // what the operator keeps, and the domain, no file replaces
			kept := it.Meta
			if it.Domain = prev.Domain; prev.Kept {
				*it = *prev
				it.Meta = kept
			}
		}
	case *Framework:
		prev, ok := old.(*Framework)
		switch {
		case ok && prev.Kept: // what the operator keeps is not replaced by what comes with the program
			kept := it.Meta
			*it = *prev
			it.Meta = kept
		case ok:
			it.changedFrom(prev, c.clock().UTC(), "The facts that come with the program changed")
		}
	}
	return nil
}

func (c *Catalogue) deriveIntention(it *Intention) {
	it.Demonstration = c.demonstration(it.Council)
	it.Guess = c.guess(it.Title, it.Description)
	if it.Visibility == "" {
		it.Visibility = Councils
	}
	def := DefaultIntentionAudiences()
	for _, f := range []struct{ field, or *Audience }{{&it.Fields.Budget, &def.Budget}, {&it.Fields.Supplier, &def.Supplier},
		{&it.Fields.Contract, &def.Contract}, {&it.Fields.Musts, &def.Musts}} {
		if *f.field == "" {
			*f.field = *f.or
		}
	}
	if it.Area == "" {
		if id, _ := it.Capable(); id != "" {
			if known, ok := c.dictionary.Capability(id); ok {
				it.Area = known.Area
			}
		}
	}
}

// guess is the capability that a text speaks of; empty where the dictionary reads none in it.
func (c *Catalogue) guess(title, text string) string {
	if len(text) > 4*maxText {
		text = strings.ToValidUTF8(text[:4*maxText], "")
	}
	if best, ok := c.dictionary.Read(title, text).Best(); ok {
		return best.Capability
	}
	return ""
}

// demonstration says that a code is of an invented council: neither of the register nor of one that came since.
func (c *Catalogue) demonstration(council string) bool {
	_, real := c.register.Council(council)
	return council != "" && !real && !newCode(council)
}

// deriveSupplier recognises a supplier by name across spellings and renames; it sets the name to the present one. With
// nil for suppliers, one that is not yet there is not made.
func (c *Catalogue) deriveSupplier(tx kv.Tx, name, id *string, demonstration bool, suppliers map[string]*Supplier) error {
	written := strings.TrimSpace(*name)
	if written == "" {
		*id = ""
		return nil
	}
	present := c.dictionary.Supplier(written)
	asWritten, err := readItem(tx, Key{KindSupplier, slug(written)})
	if err != nil {
		return err
	}
	if asWritten != nil {
		present = written // known under this name: the dictionary takes off what it does not know, '(demonstration)' too
	}
	if present == "" || slug(present) == slug(written) && strings.ToUpper(written) != written {
		present = written // nothing but its case would change, and the record knows that better
	}
	*id, *name = slug(present), present
	if *id == "" { // a name without a single letter or digit
		*id = "supplier-" + digest(present)[:12]
	}
	if s := suppliers[*id]; s != nil {
		*name = s.Name
		return nil
	}
	known, err := readItem(tx, Key{KindSupplier, *id})
	if err != nil {
		return err
	}
	if s, ok := known.(*Supplier); ok {
		*name = s.Name
		return nil
	}
	if suppliers == nil {
		return nil
	}
	suppliers[*id] = &Supplier{Meta: Meta{ID: *id}, Name: present, Demonstration: demonstration}
	return nil
}

// putDerived derives what follows from a record and puts it, with the suppliers that it needs.
func (w *writer) putDerived(item Item) error {
	suppliers := map[string]*Supplier{}
	old, err := readItem(w.tx, item.Key())
	if err != nil {
		return err
	}
	if err := w.c.derive(w.tx, item, old, suppliers); err != nil {
		return err
	}
	for _, s := range suppliers {
		if err := w.put(s); err != nil {
			return err
		}
	}
	return w.put(item)
}

func orPrevious(now, before []string) []string {
	if len(now) == 0 {
		return before
	}
	return now
}
