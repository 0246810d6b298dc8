package search

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"jointly/catalogue"
	"jointly/catalogue/capability"
)

// Sort is an order of results.
type Sort string

// The orders. The zero Sort is ByRelevance where there are words, else ByNewest.
const (
	ByRelevance Sort = "relevance"
	ByNewest    Sort = "newest"
	ByEnd       Sort = "ending" // soonest end first; then what states none; then what has ended, latest first
	ByName      Sort = "name"
)

// Query is what is sought. Values of one facet are alternatives; facets narrow each other.
type Query struct {
	// Text is as people write it: words, "phrases", -not, OR. Nothing else has a meaning; empty finds everything.
	Text  string
	Exact bool // these words only: no dictionary, no spelling

	Kinds        []catalogue.Kind
	Areas        []string
	Capabilities []string
	Councils     []string // codes
	Regions      []string
	Suppliers    []string // IDs
	CouncilTypes []string
	Statuses     []string // StatusOpen, StatusEnded; none is open, and ended too with Ended
	Stages       []string
	Quarters     []string
	Routes       []string
	Platforms    []string // IDs
	Functions    []string
	Examples     []string // kinds of examples
	Directions   []string // of skills: offer, seek
	Roles        []string // of skills
	Owners       []string // of skills: OwnerCouncil, or a kind of body
	Bodies       []string // IDs

	Ended            bool           // what has ended too
	EndsFrom, EndsTo catalogue.Date // only what states an end between, both days included
	On               time.Time      // the day that decides what has ended; the catalogue's today by default

	Sort      Sort
	Limit     int    // hits, at most 100; 20 by default
	Cursor    string // Result.Next of the page before
	Highlight bool   // give fragments of the text
	Facets    []Facet
}

const (
	defaultLimit = 20
	maxLimit     = 100

	// maxText is the longest query that is read, in bytes; what is longer is refused before anything looks at it.
	maxText = 2000

	// maxChosen is how many values of one facet may be chosen at once.
	maxChosen = 500
)

// Chosen are the values that are chosen for a facet.
func (q Query) Chosen(f Facet) []string {
	switch f {
	case FacetKind:
		kinds := make([]string, len(q.Kinds))
		for i, k := range q.Kinds {
			kinds[i] = string(k)
		}
		return kinds
	case FacetArea:
		return q.Areas
	case FacetCapability:
		return q.Capabilities
	case FacetCouncil:
		return q.Councils
	case FacetRegion:
		return q.Regions
	case FacetSupplier:
		return q.Suppliers
	case FacetCouncilType:
		return q.CouncilTypes
	case FacetStatus:
		return q.Statuses
	case FacetStage:
		return q.Stages
	case FacetQuarter:
		return q.Quarters
	case FacetRoute:
		return q.Routes
	case FacetPlatform:
		return q.Platforms
	case FacetFunction:
		return q.Functions
	case FacetExample:
		return q.Examples
	case FacetDirection:
		return q.Directions
	case FacetRole:
		return q.Roles
	case FacetOwner:
		return q.Owners
	case FacetBody:
		return q.Bodies
	}
	return nil
}

// Choose sets the values that are chosen for a facet: for forms and addresses, which name facets.
func (q *Query) Choose(f Facet, values []string) {
	switch f {
	case FacetKind:
		q.Kinds = make([]catalogue.Kind, len(values))
		for i, v := range values {
			q.Kinds[i] = catalogue.Kind(v)
		}
	case FacetArea:
		q.Areas = values
	case FacetCapability:
		q.Capabilities = values
	case FacetCouncil:
		q.Councils = values
	case FacetRegion:
		q.Regions = values
	case FacetSupplier:
		q.Suppliers = values
	case FacetCouncilType:
		q.CouncilTypes = values
	case FacetStatus:
		q.Statuses = values
	case FacetStage:
		q.Stages = values
	case FacetQuarter:
		q.Quarters = values
	case FacetRoute:
		q.Routes = values
	case FacetPlatform:
		q.Platforms = values
	case FacetFunction:
		q.Functions = values
	case FacetExample:
		q.Examples = values
	case FacetDirection:
		q.Directions = values
	case FacetRole:
		q.Roles = values
	case FacetOwner:
		q.Owners = values
	case FacetBody:
		q.Bodies = values
	}
}

// statuses says which statuses pass.
func (q Query) statuses() (open, ended bool) {
	if len(q.Statuses) == 0 {
		return true, q.Ended
	}
	return slices.Contains(q.Statuses, StatusOpen), slices.Contains(q.Statuses, StatusEnded)
}

// check refuses what cannot be asked, field by field, and fills in what was left out.
func (q *Query) check() error {
	var fields []catalogue.FieldError
	wrong := func(field, message string) {
		fields = append(fields, catalogue.FieldError{Field: field, Message: message})
	}
	switch {
	case len(q.Text) > maxText:
		return &catalogue.Error{Kind: catalogue.TooLarge, Message: fmt.Sprintf("Search for fewer words: at most %d characters", maxText)}
	case !utf8.ValidString(q.Text) || strings.ContainsRune(q.Text, 0):
		wrong("q", "The words to search for are not readable text")
	}
	switch q.Sort {
	case "":
		q.Sort = ByRelevance
	case ByRelevance, ByNewest, ByEnd, ByName:
	default:
		wrong("sort", "Sort by relevance, newest, ending or name")
	}
	if q.Sort == ByRelevance && strings.TrimSpace(q.Text) == "" {
		q.Sort = ByNewest
	}
	if q.Limit == 0 {
		q.Limit = defaultLimit
	}
	if q.Limit < 0 || q.Limit > maxLimit {
		wrong("limit", fmt.Sprintf("Ask for 1 to %d results at once", maxLimit))
	}
	for _, f := range Facets() {
		if len(q.Chosen(f)) > maxChosen {
			wrong(string(f), fmt.Sprintf("Choose at most %d", maxChosen))
		}
	}
	for _, s := range q.Statuses {
		if s != StatusOpen && s != StatusEnded {
			wrong(string(FacetStatus), "The status is open or ended")
			break
		}
	}
	for _, f := range q.Facets {
		if f.ordinal() < 0 {
			wrong("facets", "There is no such facet")
			break
		}
	}
	if q.EndsTo.Before(q.EndsFrom) {
		wrong("ends_to", "The latest end must be the same as or after the earliest")
	}
	if len(fields) > 0 {
		return &catalogue.Error{Kind: catalogue.Invalid, Message: "There is a problem with this search", Fields: fields}
	}
	return nil
}

// Result is a page of hits, and what holds for all of them.
type Result struct {
	Total  int // hits over all pages
	Hits   []Hit
	Facets []FacetCount
	Next   string // Query.Cursor of the next page; empty on the last
	Seq    uint64 // the last change that the result takes account of

	// Understood is what the dictionary made of the words; empty with Exact.
	Understood capability.Understanding
	// Corrected is the text with its spelling put right, which was searched for instead; empty where nothing was.
	Corrected string
	// All counts the hits that have all of the words; they come first. The others have some of them: they are there
	// only where few have all, whatever the filters.
	All int
	// AnyWord says that no hit has all of the words.
	AnyWord bool
	// Alike says that the hits beyond All have none of the words: they are for the same purpose as the product or supplier
	// that was named, which is not in the catalogue itself.
	Alike bool
	// Loose are words that hits need not have: none has them beside the rest, which is understood.
	Loose []string
	// Dropped are words beyond the number that is searched for.
	Dropped []string
}

// Hit is one result. It was loaded through the audience's eyes; callers who see more, or link to it, load it by Key.
type Hit struct {
	Key       catalogue.Key
	Ref       string // where the audience may see it
	Title     string
	Score     float64    // comparable within one result only
	Where     string     // what part the fragments are of, such as 'capability'; empty for running text
	Fragments []Fragment // with Query.Highlight: a passage that says why it was found, else how its text begins
}

// Fragment is a piece of plain text, marked where it is what was sought.
type Fragment struct {
	Text string
	Mark bool
}

// FacetCount is the values of one facet with how many hits each has, most first. A facet's own choice does not narrow
// its own counts, so that alternatives show what choosing them as well would add; values that are chosen are always
// there. A hit with several values counts for each.
type FacetCount struct {
	Facet  Facet
	Values []FacetValue
}

// FacetValue is one value of a facet.
type FacetValue struct {
	Value string
	Label string // for people
	Count int
}

// What keeps searches that hurt within bounds.
const (
	maxWords        = 16 // groups of words in a query
	maxAlternatives = 64 // terms and phrases that all groups together are widened to
	maxCorrections  = 5  // words that one misspelt word may be
)
