package catalogue

import "strings"

// Account is a person who can sign in, for one organisation.
type Account struct {
	Meta
	Email         string  `json:"email"` // lower case
	Name          string  `json:"name,omitempty"`
	OrgKind       OrgKind `json:"org_kind"`
	Org           string  `json:"org,omitempty"` // council code or supplier ID
	Role          Role    `json:"role"`
	Disabled      bool    `json:"disabled,omitempty"`
	Demonstration bool    `json:"demonstration,omitempty"` // a persona: signs in without a code, with --demo only

	Calendar *CalendarFeed `json:"calendar,omitempty"` // nil: none
}

// Key names the account.
func (a *Account) Key() Key { return Key{KindAccount, a.ID} }

// Actor is what the account acts as; via says how it came.
func (a *Account) Actor(via string) Actor {
	return Actor{Account: a.ID, Role: a.Role, OrgKind: a.OrgKind, Org: a.Org, Via: via}
}

func (a *Account) owner() string { return "" }

func (a *Account) sees(actor Actor) (Item, bool) {
	own := actor.Account == a.ID && a.ID != ""
	administers := actor.Role == RoleAdmin && actor.OrgKind == a.OrgKind && actor.Org == a.Org
	if !own && !administers && !actor.IsOperator() {
		return nil, false
	}
	out := *a
	return &out, true
}

func (a *Account) index(add func(string, ...string)) {
	add("account.email", a.Email)
	if a.Org != "" {
		add("account.org", a.Org)
	}
	if a.Calendar != nil {
		add("account.calendar", a.Calendar.Hash)
	}
}

func (a *Account) validate(v *validation) {
	local, domain, ok := strings.Cut(a.Email, "@")
	v.that(ok && local != "" && strings.Contains(domain, ".") && !strings.Contains(domain, "@") && !strings.ContainsAny(a.Email, " \t\r\n<>,;"), "email",
		"Enter an email address in the correct format, like name@example.com")
	v.that(a.Email == strings.ToLower(a.Email), "email", "Enter the email address in lower case")
	v.text("email", a.Email, 3, 254)
	v.text("name", a.Name, 0, maxTitle)
	known := false
	for _, r := range Roles() {
		known = known || r == a.Role
	}
	v.that(known, "role", "Choose a role: viewer, contributor, lead, administrator or operator")
	v.that(a.Role != RoleOperator || a.OrgKind == OrgService, "role", "An operator belongs to the service itself, not to a council or supplier")
	switch a.OrgKind {
	case OrgCouncil:
		v.council("council", a.Org)
	case OrgSupplier:
		v.that(a.Org != "", "supplier", "Name the supplier")
	case OrgService:
		v.that(a.Role == RoleOperator, "role", "only operators belong to the service itself")
	default:
		v.that(false, "council", "Name a council or a supplier")
	}
}
