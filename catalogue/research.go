package catalogue

import (
	"slices"
	"time"
)

// Research is the record of a search that an officer ended: what was asked, when, by whom, and all that came up, in
// order, with the officer's notes. It is a draft, which only that officer and the operator see, until it is ended; from then on it stays
// as it is, and its hash, which the audit trail holds too, shows any change. It is research and no award route.
//
// The results stand beside it in parts (see ResearchPage): one value holds at most 256 KiB.
type Research struct {
	Meta
	Council string        `json:"council"` // whose it is
	Account string        `json:"account"` // who asked
	Role    Role          `json:"role"`    // of who asked, then
	For     NamedCouncil  `json:"for"`     // the council as it was called then
	Title   string        `json:"title"`
	Note    string        `json:"note,omitempty"` // on the whole
	Asked   ResearchQuery `json:"asked"`

	Searched time.Time `json:"searched"`        // when the results were read
	Total    int       `json:"total"`           // results that there were
	Kept     int       `json:"kept"`            // the first of them, which are kept
	Parts    int       `json:"parts"`           // in how many parts
	Whole    bool      `json:"whole,omitempty"` // all parts are there
	Noted    int       `json:"noted,omitempty"` // results with a note

	Audience      Audience  `json:"audience,omitempty"` // own or councils; empty in a draft
	Ended         time.Time `json:"ended,omitzero"`     // zero: a draft
	Hash          string    `json:"hash,omitempty"`     // of its content, hexadecimal: see ResearchContent
	Event         uint64    `json:"event,omitempty"`    // number of the event of the audit trail that holds the hash
	Corrects      string    `json:"corrects,omitempty"` // ID of the record that it stands in for
	Demonstration bool      `json:"demonstration,omitempty"`
}

// NamedCouncil names a council as it was at a moment.
type NamedCouncil struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// ResearchQuery is what was asked, and of what.
type ResearchQuery struct {
	Address    string   `json:"address"`              // path and query of the results within the service
	Words      string   `json:"words,omitempty"`      // as they were typed
	Exact      bool     `json:"exact,omitempty"`      // these words only, not what they mean
	Understood string   `json:"understood,omitempty"` // what the words were taken to mean
	Filters    []string `json:"filters,omitempty"`    // 'Region: North West'
	Sort       string   `json:"sort"`
	Dictionary string   `json:"dictionary"` // version of the dictionary of needs
	Index      string   `json:"index"`      // version of the search index: its mapping, registers and dictionary
	Change     uint64   `json:"change"`     // the last change of the catalogue that the results take account of
}

// ResearchResult is one result as it was, with the note on it.
type ResearchResult struct {
	Found
	Shared *Found `json:"shared,omitempty"` // the same as every council could see it, where that is less
	Note   string `json:"note,omitempty"`
}

// Limits of the record of a search.
const (
	MaxResearch  = 1000 // results that are kept
	ResearchPage = 25   // results in a part
	maxNote      = 1000 // characters of the note on a result
	maxDrafts    = 20   // of one person
)

// Draft says that the search is not ended yet.
func (r *Research) Draft() bool { return r.Ended.IsZero() }

// Key names the record.
func (r *Research) Key() Key { return Key{KindResearch, r.ID} }

func (r *Research) owner() string { return r.Council }

func (r *Research) sees(a Actor) (Item, bool) {
	switch {
	case a.IsOperator():
	case r.Draft():
		if !a.ForCouncil(r.Council) || a.Account == "" || a.Account != r.Account {
			return nil, false
		}
	case !r.Audience.admits(a, r.Council, nil):
		return nil, false
	}
	out := *r
	return &out, true
}

func (r *Research) index(add func(string, ...string)) {
	add("research.council", r.Council)
	if r.Draft() {
		return
	}
	if r.Audience == Councils {
		add("research.shared")
	}
	if r.Corrects != "" {
		add("research.corrects", r.Corrects)
	}
}

func (r *Research) inherit(from, to string) bool { return renames(from, to, &r.Council) }

func (r *Research) validate(v *validation) {
	v.council("council", r.Council)
	v.text("title", r.Title, 1, maxTitle)
	v.text("note", r.Note, 0, maxText)
	v.text("address", r.Asked.Address, 1, maxText)
	v.list("filters", r.Asked.Filters, 40)
	v.that(r.Kept <= MaxResearch && r.Kept <= r.Total, "results", "A record keeps at most "+thousands(MaxResearch)+" results")
	v.that(r.Draft() || slices.Contains([]Audience{Own, Councils}, r.Audience), "audience", "Choose who may see the record")
}
