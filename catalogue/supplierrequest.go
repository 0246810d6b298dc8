package catalogue

import "time"

// SupplierAsk is what a supplier's person asks the operator for.
type SupplierAsk string

// What can be asked for.
const (
	AskAccount  SupplierAsk = "account"  // that people at a domain act for a supplier
	AskPlatform SupplierAsk = "platform" // that the supplier keeps the record of a platform that is listed
	AskListing  SupplierAsk = "listing"  // that a platform is listed
)

// RequestState is how a request stands.
type RequestState string

// How a request can stand.
const (
	RequestWaits     RequestState = "waits"
	RequestGranted   RequestState = "granted"
	RequestRefused   RequestState = "refused"
	RequestWithdrawn RequestState = "withdrawn" // by the supplier itself
)

// SupplierRequest is what a supplier's person asks the operator for, and what became of it. Its own people and the
// operator see it.
type SupplierRequest struct {
	Meta
	Ask            SupplierAsk  `json:"ask"`
	Org            string       `json:"org"`                       // supplier ID; the domain, until an account is granted
	Account        string       `json:"account"`                   // who asked
	Domain         string       `json:"domain,omitempty"`          // proved by a code; of accounts
	Name           string       `json:"name"`                      // of the supplier for accounts, else of the platform
	CompaniesHouse string       `json:"companies_house,omitempty"` // of accounts; eight characters
	Why            string       `json:"why,omitempty"`
	Platform       string       `json:"platform,omitempty"` // platform ID; of a listing once it is granted
	Listing        *Platform    `json:"listing,omitempty"`  // as it is to be listed
	Asked          time.Time    `json:"asked"`
	State          RequestState `json:"state"`
	Decided        time.Time    `json:"decided,omitzero"`
	Reason         string       `json:"reason,omitempty"` // of a refusal
}

// Key names the request.
func (r *SupplierRequest) Key() Key { return Key{KindSupplierRequest, r.ID} }

func (r *SupplierRequest) owner() string { return "" }

func (r *SupplierRequest) sees(a Actor) (Item, bool) {
	if !a.IsOperator() && !a.ForSupplier(r.Org) {
		return nil, false
	}
	out := *r
	return &out, true
}

func (r *SupplierRequest) index(add func(string, ...string)) {
	add("request.org", r.Org)
	if r.Ask == AskAccount && r.State == RequestGranted {
		add("request.domain", r.Org, r.Domain)
	}
	if !r.waitsSince().IsZero() {
		add(queueName, string(KindSupplierRequest))
	}
}

func (r *SupplierRequest) waitsSince() time.Time {
	if r.State != RequestWaits {
		return time.Time{}
	}
	return r.Asked
}

func (r *SupplierRequest) validate(v *validation) {
	v.text("name", r.Name, 1, maxTitle)
	v.that(r.Name == "" || slug(r.Name) != "", "name", "Give a name with at least one letter from a to z or a digit")
	_, ok := CompaniesHouseNumber(r.CompaniesHouse)
	v.that(r.CompaniesHouse == "" || ok, "companies_house", "A Companies House number has 8 characters, like 01234567 or SC123456")
	v.text("why", r.Why, 0, maxTitle)
	v.text("reason", r.Reason, 0, maxTitle)
	v.that(r.Org != "", "supplier", "Name the supplier")
	if r.Listing != nil {
		r.Listing.validate(v)
	}
}

// ForSupplier says that the actor belongs to the supplier with that ID.
func (a Actor) ForSupplier(id string) bool {
	return a.OrgKind == OrgSupplier && a.Org == id && id != ""
}
