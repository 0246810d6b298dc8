// Package capability holds the taxonomy of what council ICT does (34 areas, 61
// capabilities) and the dictionary that reads a need out of free text.
//
// The same dictionary tags an intention or a contract (Read) and understands a
// search (Understand), so that what is matched and what is found agree.
package capability

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
}

// Purchase is the kind of thing that is bought. Empty means unknown.
type Purchase string

// The kinds of purchase.
const (
	Software  Purchase = "software"
	Equipment Purchase = "equipment"
	People    Purchase = "people"
	Goods     Purchase = "goods"
)

// Dictionary is the taxonomy with the terms that point to it. It does not
// change after Load and is safe for concurrent use.
type Dictionary struct{}

// Load reads and checks the embedded taxonomy and dictionary. An error names
// the file and the line at fault.
func Load() (*Dictionary, error) { return &Dictionary{}, nil }

// Version is a hash over the taxonomy and the dictionary: whatever was derived
// from another version is out of date.
func (d *Dictionary) Version() string { return "" }

// Areas lists the areas by id.
func (d *Dictionary) Areas() []Area { return nil }

// Capabilities lists the capabilities by id.
func (d *Dictionary) Capabilities() []Capability { return nil }

// Area gives the area with this id.
func (d *Dictionary) Area(id string) (Area, bool) { return Area{}, false }

// Capability gives the capability with this id.
func (d *Dictionary) Capability(id string) (Capability, bool) { return Capability{}, false }
