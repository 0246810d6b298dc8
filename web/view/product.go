package view

import "strconv"

// The product's own components, beside those of the Design System.

// Count is a figure and what it counts; template jyCounts takes up to four.
type Count struct {
	Number string // '79', 'April 2027', '£0.6m to £5.0m'
	Label  string // 'platforms seen in public records'
	More   string // a small third line
	Href   string
}

// Fact is a name and a value; templates jyKeyFacts (in a row) and jyDefinitions (one under the other) take a list.
type Fact struct {
	Name  string
	Value string
	Note  string // a grey line under the value
	Href  string
	Muted bool // the value is 'not known' or the like
}

// Piece is a run of text within a line; template jyPieces takes a list. The texts hold their own spaces.
type Piece struct {
	Text   string
	Href   string
	Strong bool // the deciding words
	Mark   bool // words that were searched for
}

// SearchBox is the one search field; template jySearch.
type SearchBox struct {
	Action   string // /search where empty
	Label    string // 'Search platforms, contracts, needs and councils' where empty
	Value    string
	Examples []Link
}

// Facet is one group of filters; template jyFacet, within a form and <details class="jy-filters">.
type Facet struct {
	Legend  string
	Name    string // of the fields
	Choices []Choice
	Open    bool  // shown unfolded
	More    *Link // to the choices left out
}

// Boxes is the component for the choices.
func (f Facet) Boxes() Checkboxes {
	return Checkboxes{
		ID: "facet-" + f.Name, Name: f.Name, Choices: f.Choices, Classes: "govuk-checkboxes--small",
		Legend: &Legend{Text: f.Legend, Classes: "govuk-visually-hidden"},
	}
}

// Result is one record that a search found; template jyResult, within <ol class="jy-results">. Its title is an h2.
type Result struct {
	Kind  Tag
	Title string
	Href  string
	Facts []Piece // one line: where, when, how much; the deciding one strong
	Why   []Piece // why it matched, with the words marked
}

// Entry is a record in a ledger; template jyLedger takes a list.
type Entry struct {
	Tag   *Tag
	Title string
	Href  string
	Lines [][]Piece
}

// Tally is a name and how many there are of it; template jyTally takes a list.
type Tally struct {
	Text  string
	Href  string
	Count int
}

// Stages is how far something has come; template jyStages.
type Stages struct {
	Names   []string
	Current int // index of the present one
	Label   string
}

// Items is the stages made ready to draw.
func (s Stages) Items() []Stage {
	items := make([]Stage, len(s.Names))
	for i, name := range s.Names {
		items[i] = Stage{Name: name, Done: i < s.Current, Current: i == s.Current}
		if items[i].Current {
			items[i].Place = "stage " + strconv.Itoa(i+1) + " of " + strconv.Itoa(len(s.Names))
		}
	}
	return items
}

// Stage is one stage made ready to draw.
type Stage struct {
	Name    string
	Place   string // 'stage 2 of 7', at the present one
	Done    bool
	Current bool
}

// Ladder is a standing from low to high, as squares beside its word; template jyLadder.
type Ladder struct {
	Word string // 'Intends'
	Step int    // squares filled
	Of   int    // squares
}

// Squares is the squares, filled or not.
func (l Ladder) Squares() []bool {
	squares := make([]bool, max(l.Of, 0))
	for i := range squares {
		squares[i] = i < l.Step
	}
	return squares
}

// Point is one piece of evidence and what it is worth; template jyPoints takes a list.
type Point struct {
	Name    string // 'Need.'
	Text    string
	Value   string // '+5.0', '−0.4'
	Against bool
}

// LegendItem explains one mark of a chart; template jyLegend takes a list.
type LegendItem struct {
	Swatch string // end of the class jy-legend__swatch--: term, other, extension, unknown, shared, end, 0 to 4 ...
	Text   string
}

// SimilarBox shows what is like what is being typed; template jySimilar. Its ID is the Target of a field's Similar.
type SimilarBox struct {
	ID string
}
