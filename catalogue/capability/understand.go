package capability

// Understanding is what the dictionary makes of a search.
type Understanding struct {
	// Capabilities that the query means, surest first.
	Capabilities []string
	// Phrases that were recognised, in the query's order.
	Phrases []Phrase
	// Rest are the remaining words as written, without question words.
	Rest []string
}

// Phrase is a part of a query that the dictionary knows.
type Phrase struct {
	// Written is the phrase as the reader wrote it.
	Written string
	// Meaning says in words what was understood.
	Meaning string
	// Alternatives are phrases to search for as well (any of them), direct
	// synonyms first; at most eight, without the written one.
	Alternatives []string
	// Capability, Product and Supplier that the phrase names; empty when it names none.
	Capability, Product, Supplier string
}

// Understand reads a search query.
func (d *Dictionary) Understand(query string) Understanding { return Understanding{} }

// Supplier gives the name that a supplier goes by today: renames and spellings
// are resolved, company suffixes dropped. An unknown name gets a normalised
// form, the same for every way of writing it.
func (d *Dictionary) Supplier(name string) (canonical string) { return name }

// Product gives the name under which a product is listed and the capability
// that it implies.
func (d *Dictionary) Product(name string) (canonical, capability string, ok bool) {
	return "", "", false
}
