package catalogue

import "time"

// Kind names a noun: in keys, in the feed, in search and in files.
type Kind string

// The kinds of records.
const (
	KindCouncil     Kind = "council" // the register's councils and demonstration councils
	KindSupplier    Kind = "supplier"
	KindService     Kind = "service" // the register's services; ID is the LGSL number
	KindAccount     Kind = "account"
	KindPlatform    Kind = "platform"
	KindUse         Kind = "use"
	KindContract    Kind = "contract"
	KindIntention   Kind = "intention"
	KindInterest    Kind = "interest"
	KindGroup       Kind = "group"
	KindSuggestion  Kind = "suggestion"
	KindRequirement Kind = "requirement" // a line of what a group needs
	KindDecision    Kind = "decision"
	KindPaper       Kind = "paper" // a link to a document of a group
	KindVerdict     Kind = "verdict"
	KindFramework   Kind = "framework"
	KindVesting     Kind = "vesting"
	KindSuccession  Kind = "succession"
	KindEnding      Kind = "ending" // a council's end that is near
	KindSaving      Kind = "saving" // what a member of a group pays, expects to pay and saves
	KindNews        Kind = "news"
	KindTalk        Kind = "talk"
	KindDraft       Kind = "draft" // a need that a council is still writing
	KindSavedSearch Kind = "saved-search"
	KindSignal      Kind = "signal"   // what a council or a group tells suppliers that it will buy
	KindQuestion    Kind = "question" // of a supplier, about a signal
	KindResearch    Kind = "research" // the record of a search that was ended
	KindRelease     Kind = "release"  // demand figures of a week
	KindEdition     Kind = "edition"  // a numbered edition of the baseline of channels
	KindCall        Kind = "call"     // for evidence
	KindReturn      Kind = "return"   // a council's figures of a service in a period
	KindCallAnswer  Kind = "answer"   // of a council to an evidence call: its words, and that it is signed off
	KindOffer       Kind = "offer"    // skills that a council or a body offers or seeks
	KindBody        Kind = "body"     // of central government or of the sector
	KindAsk         Kind = "ask"      // what councils ask of a body

	KindFinding        Kind = "finding"        // what is drawn from the evidence
	KindRecommendation Kind = "recommendation" // what the plan asks for
	KindPlanFigures    Kind = "plan-figures"   // what came of buying together, of a week
	KindExample        Kind = "example"        // what a council did that others can adopt
	KindAdoption       Kind = "adoption"       // another council does it too

	KindCredentials     Kind = "credentials"      // second factors of an account
	KindProvider        Kind = "provider"         // where a council's people sign in with its own accounts
	KindSupplierRequest Kind = "supplier-request" // what a supplier asks the operator for
)

// Key names one record.
type Key struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
}

func (k Key) String() string { return string(k.Kind) + "/" + k.ID }

// Meta is what every stored record has. The catalogue fills it; callers pass back the Version they read.
type Meta struct {
	ID      string    `json:"id"`
	Ref     string    `json:"ref,omitempty"` // the reference it was imported with: unique per council and kind
	Version uint64    `json:"-"`             // sequence number of its last change; 0 for a record not yet stored
	Created time.Time `json:"created"`
	Changed time.Time `json:"changed"`
	Was     []string  `json:"was,omitempty"` // codes of the councils that it was of before, the latest last
}

func (m *Meta) meta() *Meta { return m }

// Item is a record of any kind, as the feed, search and exports carry it. The kinds are those of this package.
type Item interface {
	Key() Key
	meta() *Meta
	validate(v *validation)                       // adds field errors
	index(add func(name string, parts ...string)) // the look-ups that lead to it
	owner() string                                // code of the council it belongs to, or ID of the body; "" for none
	sees(a Actor) (Item, bool)                    // the record through an actor's eyes: a copy without what is not for it
}

// Source is where a public fact was read, as shown beside it.
type Source struct {
	Text      string `json:"text"`                // what it is: 'Contracts Finder or Find a Tender notice'
	Reference string `json:"reference,omitempty"` // OCID or other reference
	Date      Date   `json:"date,omitzero"`       // when it was published or read
	Kind      string `json:"kind,omitempty"`      // award, tender, council decision, press ...
	Note      string `json:"note,omitempty"`      // what to know about it
}
