// Package capability holds the taxonomy of what council ICT does (34 areas, 61
// capabilities) and the dictionary that reads a need out of free text.
//
// The same dictionary tags an intention or a contract (Read) and understands a
// search (Understand), so that what is matched and what is found agree. Its
// rows stand in data/dictionary.csv, whose first lines say how to extend it.
package capability

import (
	"cmp"
	"slices"
)

// Area is the upper level of the taxonomy.
type Area struct {
	ID, Name string
}

// Capability is the lower level: one thing that a council's ICT does.
type Capability struct {
	ID, Name, Area string
	// Underpinning says that many services stand on it (payments, forms, identity).
	Underpinning bool
	// Tiers says which types of council buy it: "all", or a list of single, lower and upper.
	Tiers string
	// CPV lists the eight-digit codes under which it is usually advertised.
	CPV []string
	// Purchase is what is usually bought for it, where there is such a thing.
	Purchase Purchase
}

// Need is finer than a capability: something that councils buy apart from the
// rest of it, as book stock is bought apart from the library system.
type Need struct {
	// ID holds the capability's: "libraries/book-stock".
	ID, Name string
	// Purchase is what is bought for it, where that is always the same.
	Purchase Purchase
}

// Purchase is the kind of thing that is bought. Empty means unknown.
type Purchase string

// The kinds of purchase. People are consultancy, agency staff, and services
// that people deliver.
const (
	Software  Purchase = "software"
	Equipment Purchase = "equipment"
	People    Purchase = "people"
	Goods     Purchase = "goods"
)

// Dictionary is the taxonomy with the terms that point to it. It does not
// change after Load and is safe for concurrent use.
type Dictionary struct {
	version      string
	areas        []Area       // by id
	capabilities []Capability // by id
	targets      []target     // what terms point to: every capability, then every need, each by id
	concepts     []concept
	told         [][]int32 // by target: the concepts that words tell, in the file's order
	vocabulary   vocabulary
	needs        trie // phrases that point to targets and suppliers, asides, and what is passed over
	purchases    trie
	things       trie
	questions    map[string]bool   // words that only ask
	products     map[string]int32  // normalised name to concept
	suppliers    map[string]string // normalised name to canonical name
	spelling     speller
}

// target is a capability or one of its needs.
type target struct {
	capability int // index in Dictionary.capabilities
	need       Need
}

// concept is what several terms of one target mean alike.
type concept struct {
	target int     // index in Dictionary.targets; -1 for a supplier of many things
	kind   kind    // name for names, parts, acronyms and weak terms alike
	means  string  // the term that the others stand for, or a canonical name
	weight float32 // of its strongest term
	terms  []string
}

// Version is a hash over the taxonomy, the dictionary and the way they are read:
// whatever was derived under another version is out of date.
func (d *Dictionary) Version() string { return d.version }

// Areas lists the areas by id. The slice is the caller's own.
func (d *Dictionary) Areas() []Area { return slices.Clone(d.areas) }

// Capabilities lists the capabilities by id. The slice is the caller's own.
func (d *Dictionary) Capabilities() []Capability { return slices.Clone(d.capabilities) }

// Needs lists what is finer than a capability, by id.
func (d *Dictionary) Needs() []Need {
	var needs []Need
	for _, t := range d.targets[len(d.capabilities):] {
		needs = append(needs, t.need)
	}
	return needs
}

// Area gives the area with this id.
func (d *Dictionary) Area(id string) (Area, bool) {
	i, ok := slices.BinarySearchFunc(d.areas, id, func(a Area, id string) int { return cmp.Compare(a.ID, id) })
	if !ok {
		return Area{}, false
	}
	return d.areas[i], true
}

// Capability gives the capability with this id.
func (d *Dictionary) Capability(id string) (Capability, bool) {
	i, ok := d.capabilityIndex(id)
	if !ok {
		return Capability{}, false
	}
	return d.capabilities[i], true
}

// Need gives the need with this id.
func (d *Dictionary) Need(id string) (Need, bool) {
	i, ok := d.targetIndex(id)
	if !ok || i < len(d.capabilities) {
		return Need{}, false
	}
	return d.targets[i].need, true
}

// capabilityIndex finds a capability by id.
func (d *Dictionary) capabilityIndex(id string) (int, bool) {
	return slices.BinarySearchFunc(d.capabilities, id, func(c Capability, id string) int { return cmp.Compare(c.ID, id) })
}

// targetIndex finds the target of a capability's or a need's id.
func (d *Dictionary) targetIndex(id string) (int, bool) {
	if i, ok := d.capabilityIndex(id); ok {
		return i, true
	}
	n := len(d.capabilities)
	i, ok := slices.BinarySearchFunc(d.targets[n:], id, func(t target, id string) int { return cmp.Compare(t.need.ID, id) })
	return n + i, ok
}
