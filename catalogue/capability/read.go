package capability

// Tag is one need read out of a text.
type Tag struct {
	// Capability is the id of one of the 61.
	Capability string
	// Need is finer than the capability ("libraries/book-stock"); empty for the capability itself.
	Need string
	// Weight is comparable within one reading only.
	Weight float64
	// Phrases are the words that told, as the writer wrote them, in the order of the text.
	Phrases []string
}

// Reading is what the dictionary makes of one text.
type Reading struct {
	// Tags, strongest first.
	Tags     []Tag
	Purchase Purchase
	// Terms are the normalised content words of title and description, with repeats, for BM25.
	Terms []string
}

// Best is the strongest tag, if the text told anything.
func (r Reading) Best() (Tag, bool) {
	if len(r.Tags) == 0 {
		return Tag{}, false
	}
	return r.Tags[0], true
}

// Read tells what is needed from a title and a description. Words of the title
// count twice; a term that comes again counts by the square root.
func (d *Dictionary) Read(title, description string) Reading { return Reading{} }

// Cosine says how alike the needs of two readings are, from 0 to 1. It is
// symmetric; a reading without tags is like nothing.
func Cosine(a, b Reading) float64 { return 0 }

// Terms splits a text into normalised content words: lower case, plurals
// stripped (nothing else is), stop words dropped.
func Terms(text string) []string { return nil }
