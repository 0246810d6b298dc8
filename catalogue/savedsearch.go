package catalogue

import (
	"net/url"
	"strings"
	"time"
)

// SavedSearch is a search that a person keeps under a name, to look at again and to be told of what is new in it. It is
// its person's alone: what somebody looks for tells what its organisation plans.
type SavedSearch struct {
	Meta
	Account string        `json:"account"`        // whose it is
	Name    string        `json:"name"`           // as its person calls it
	Address string        `json:"address"`        // path and query of its results within the service
	Says    []string      `json:"says,omitempty"` // what it asks for, in words: 'Region: North West'
	Told    SearchTelling `json:"told"`

	Followed
	News    []Finding   `json:"news,omitempty"`   // what came since its person last marked it as seen, oldest first
	More    int         `json:"more,omitempty"`   // further ones, which did not fit
	Seen    time.Time   `json:"seen"`             // when its person last marked it as seen, or saved it
	Inboxed time.Time   `json:"inboxed,omitzero"` // when its person was last told in the inbox alone
	Feed    *SecretFeed `json:"feed,omitempty"`   // nil: none
}

// Followed is how far the results of a search are known.
type Followed struct {
	Checked uint64       `json:"checked"`        // the last change that was looked through
	Known   KnownResults `json:"known"`          // the results up to then
	Over    bool         `json:"over,omitempty"` // it has more results than are followed
}

// SearchTelling is how a person is told of what is new in a saved search.
type SearchTelling string

// How somebody is told of what a saved search finds.
const (
	SearchDaily  SearchTelling = "daily"  // one mail a day, of all saved searches together, and in the inbox
	SearchWeekly SearchTelling = "weekly" // one mail on Monday
	SearchInbox  SearchTelling = "inbox"  // in the inbox, at most once a day
	SearchLook   SearchTelling = "look"   // only where one looks at the search itself
)

// SearchTellings lists the ways to be told.
func SearchTellings() []SearchTelling {
	return []SearchTelling{SearchDaily, SearchWeekly, SearchInbox, SearchLook}
}

// SecretFeed is the secret address of a feed: only its hash is looked up, and only with the catalogue's secret is it
// shown again. It can be revoked.
type SecretFeed = CalendarFeed

// Finding is a result that is new in a saved search, or that changed.
type Finding struct {
	Key   Key       `json:"key"`
	New   bool      `json:"new,omitempty"` // else it was there, and looks different now
	Why   string    `json:"why,omitempty"` // which words and filters of the search it fits
	Found time.Time `json:"found"`
	Told  bool      `json:"told,omitempty"` // its person has had it by mail or in the inbox
}

// Limits of saved searches.
const (
	MaxSavedSearches = 50   // of one person
	MaxFollowed      = 2000 // results of one search that are followed
	maxFindings      = 100  // that one search holds
)

// Key names the search.
func (s *SavedSearch) Key() Key { return Key{KindSavedSearch, s.ID} }

func (s *SavedSearch) owner() string { return "" }

func (s *SavedSearch) sees(a Actor) (Item, bool) {
	if job := a.IsOperator() && a.Account == ""; !job && (a.Account == "" || a.Account != s.Account) {
		return nil, false // what somebody looks for is nobody else's, whoever runs the service
	}
	out := *s
	return &out, true
}

func (s *SavedSearch) index(add func(string, ...string)) {
	add("search.account", s.Account)
	if s.untold() {
		add("search.untold", s.Account)
	}
	if s.Feed != nil {
		add("search.feed", s.Feed.Hash)
	}
}

// untold says that there is something that its person is to be told and has not been.
func (s *SavedSearch) untold() bool {
	if s.Told == SearchLook {
		return false
	}
	for _, f := range s.News {
		if !f.Told {
			return true
		}
	}
	return false
}

func (s *SavedSearch) validate(v *validation) {
	v.text("name", s.Name, 1, 100)
	known := false
	for _, t := range SearchTellings() {
		known = known || t == s.Told
	}
	v.that(known, "told", "Choose how you want to be told")
	u, err := url.Parse(s.Address)
	v.that(err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(s.Address, "/") && !strings.HasPrefix(s.Address, "//"), "address", "Save a search from the page with its results")
	v.that(len(s.Address) <= maxText, "address", "This search has too many filters to be saved: take some away")
	v.list("says", s.Says, 40)
	v.that(len(s.Known) <= MaxFollowed && len(s.News) <= maxFindings, "address", "This search has too many results to be followed")
}

// Unseen counts what is new since its person last marked the search as seen.
func (s *SavedSearch) Unseen() int { return len(s.News) + s.More }
