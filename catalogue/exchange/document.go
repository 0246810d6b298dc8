package exchange

// Document is a paper that people read, print and change: one content for its page and for its file.
type Document struct {
	Title    string
	For      string // whose paper it is; empty: nobody's in particular
	Draft    string // that it is a draft, from when: on top of every form of it
	Sections []Section
}

// Section is one part of a Document under a heading.
type Section struct {
	ID     string // of the heading, unique within the document
	Title  string
	Blocks []Block
}

// Block is one thing in a section: whichever of its fields is set.
type Block struct {
	Text   string
	Points []string
	Grid   *Grid
	ToFill string // what the author still has to say here
}

// Grid is a table of texts.
type Grid struct {
	Caption string
	Head    []string
	Rows    [][]string // as many cells as Head
	Numeric []bool     // which columns are figures: to the right; may be shorter than Head
}

// IsNumeric says that a column holds figures.
func (g *Grid) IsNumeric(column int) bool { return column < len(g.Numeric) && g.Numeric[column] }
