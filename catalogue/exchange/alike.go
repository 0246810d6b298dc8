package exchange

import (
	"cmp"
	"slices"
	"strings"

	"jointly/catalogue"
)

// What a file says of contracts that are in the catalogue already, under the same reference or another.

// held are the contracts of a council that are in the catalogue, by reference; read once.
type held struct {
	read  func(council string) []*catalogue.Contract
	byRef map[string]map[string]*catalogue.Contract
}

func (r *Reader) heldContracts() *held {
	return &held{read: r.Held, byRef: map[string]map[string]*catalogue.Contract{}}
}

func (h *held) of(council string) map[string]*catalogue.Contract {
	all, known := h.byRef[council]
	if known || h.read == nil || council == "" {
		return all
	}
	all = map[string]*catalogue.Contract{}
	for _, c := range h.read(council) {
		all[cmp.Or(c.Ref, c.ID)] = c
	}
	h.byRef[council] = all
	return all
}

// compare finds items that look like contracts of the catalogue under another reference, and warns of each.
func (r *Reader) compare(f *File) {
	if r.Held == nil {
		return
	}
	known, index := r.heldContracts(), map[string]*alikeIndex{}
	for i, item := range f.Items {
		c, ok := item.(*catalogue.Contract)
		if !ok {
			continue
		}
		there := known.of(c.Council)
		if len(there) == 0 || there[c.Ref] != nil {
			continue // told of as an update
		}
		if index[c.Council] == nil {
			index[c.Council] = r.index(there)
		}
		if other, same := index[c.Council].best(catalogue.TraitsOf(r.Dictionary, c)); other != nil {
			column := "title"
			if f.titles != nil {
				column = f.titles["title"]
			}
			said := Problem{f.Rows[i], column, "This looks like the contract imported from " + origin(other) + ", " + short(other.Title) + " (" + same.Sure.String() + ": " +
				strings.Join(same.Reasons, ", ") + "): it is kept beside it"}
			f.Alike, f.Warnings = append(f.Alike, Alike{i, other, said, same}), append(f.Warnings, said)
		}
	}
}

// Same takes an item for the contract that it looks like: the import updates that one instead of adding another. The
// council's own reference stays, beside that of the notice; what the file does not say is kept.
func (f *File) Same(a Alike) {
	c, ok := f.Items[a.Item].(*catalogue.Contract)
	if !ok {
		return
	}
	c.ID = a.Other.ID
	if a.Other.Source.Kind == registerKind && c.Source.Kind != registerKind {
		c.Source.Reference, c.Ref = first(c.Source.Reference, c.Ref), a.Other.Ref
	} else {
		c.Source.Reference = first(c.Source.Reference, a.Other.Source.Reference, a.Other.Ref)
	}
	product := c.Product
	keepUnsaid(c, a.Other)
	if product != "" && product != c.Product {
		c.Product, c.Platform = product, ""
	}
	f.Warnings = slices.DeleteFunc(f.Warnings, func(p Problem) bool { return p == a.Said })
}

// Origin says where the contract that looks the same came from.
func (a Alike) Origin() string { return origin(a.Other) }

// origin says where a contract that is there came from.
func origin(c *catalogue.Contract) string {
	ref := cmp.Or(c.Ref, c.ID)
	switch {
	case strings.HasPrefix(ref, "ocds-"):
		return "the notice " + ref
	case c.Source.Kind == registerKind:
		return "the register with the reference " + short(ref)
	}
	return "another source with the reference " + short(ref)
}

// alikeIndex finds contracts by what the same one would share: an OCID, a supplier, or a word of the title.
type alikeIndex struct {
	all   []*catalogue.ContractTraits
	of    []*catalogue.Contract
	byKey map[string][]int
}

func (r *Reader) index(there map[string]*catalogue.Contract) *alikeIndex {
	x := &alikeIndex{byKey: map[string][]int{}}
	for _, c := range there {
		t := catalogue.TraitsOf(r.Dictionary, c)
		for _, key := range append(append([]string{}, t.OCIDs()...), t.Suppliers()...) {
			x.byKey[key] = append(x.byKey[key], len(x.all))
		}
		if len(t.Suppliers()) == 0 {
			x.byKey[""] = append(x.byKey[""], len(x.all))
		}
		x.all, x.of = append(x.all, t), append(x.of, c)
	}
	return x
}

// best is the contract of which it is surest that it is the same; nil for none.
func (x *alikeIndex) best(t *catalogue.ContractTraits) (found *catalogue.Contract, same catalogue.Sameness) {
	look := func(i int) {
		s := t.Same(x.all[i])
		if s.Sure > same.Sure || s.Sure == same.Sure && found != nil && s.Sure > catalogue.Unlike &&
			(len(s.Reasons) > len(same.Reasons) || len(s.Reasons) == len(same.Reasons) && x.of[i].Ref < found.Ref) {
			found, same = x.of[i], s
		}
	}
	if len(t.Suppliers()) == 0 {
		for i := range x.all {
			look(i)
		}
		return found, same
	}
	for _, key := range append(append([]string{""}, t.OCIDs()...), t.Suppliers()...) {
		for _, i := range x.byKey[key] {
			look(i)
		}
	}
	return found, same
}

// differs says that a row would change what people go by.
func differs(c, old *catalogue.Contract) bool {
	return c.Title != old.Title || c.Start != old.Start || c.End != old.End || c.Value != old.Value || c.ExtensionMonths != old.ExtensionMonths
}

// keep gives a contract what the catalogue has and the file has no column for.
func (g *registerReading) keep(row int, c *catalogue.Contract) {
	old := g.held.of(c.Council)[c.Ref]
	if old == nil {
		return
	}
	if c.Audience != "" && c.Audience != old.Audience {
		g.once("audience", row, g.column(fieldAudience), "Who sees the contract stays as it is here, whatever the file says, here and in other rows like it: change it on the contract's own page")
	}
	c.Audience = old.Audience
	if !old.Corrected.IsZero() && c.Confirmed.IsZero() && !c.Source.Date.First().After(old.Corrected) && differs(c, old) {
		g.once("corrected", row, g.column(fieldEffective), "The council put this contract right here on "+catalogue.DateOf(old.Corrected).Words()+
			", and nothing says that the file is newer: what stands here is kept, here and in other rows like it. Change it on the contract's own page, or give the row an effective date after that day")
	}
	if !g.has(fieldDescription) {
		c.Description = old.Description
	}
	if !g.has(fieldSupplier) {
		c.Supplier = old.Supplier
	}
	if !g.has(fieldProduct) {
		c.Product = old.Product
	}
	if !g.has(fieldCPV) {
		c.CPV = old.CPV
	}
	if !g.has(fieldValue) && !g.has(fieldAnnual) {
		c.Value = old.Value
	}
	if !g.has(fieldStart) {
		c.Start = old.Start
	}
	if !g.has(fieldEnd) && !g.has(fieldTerm) {
		c.End, c.EndNote = old.End, old.EndNote
	}
	if !g.has(fieldExtension) && !g.has(fieldReview) && !g.has(fieldExtended) && !g.has(fieldTerm) {
		c.Extension, c.ExtensionMonths = cmp.Or(c.Extension, old.Extension), old.ExtensionMonths
	}
	if !g.has(fieldRoute) {
		c.Route = old.Route
	}
}
