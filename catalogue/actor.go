package catalogue

// Role is what an account may do for its organisation.
type Role string

// The roles, the least first.
const (
	RoleNone        Role = ""
	RoleViewer      Role = "viewer"        // reads what its organisation may see
	RoleContributor Role = "contributor"   // lists platforms, contracts and intentions, registers interest
	RoleLead        Role = "lead"          // also approves, proposes groups and answers for its council
	RoleAdmin       Role = "administrator" // also manages its organisation's people
	RoleOperator    Role = "operator"      // runs the service
)

// Roles lists the roles an account can be given.
func Roles() []Role {
	return []Role{RoleViewer, RoleContributor, RoleLead, RoleAdmin, RoleOperator}
}

// OrgKind is the kind of organisation that an actor belongs to.
type OrgKind string

// The kinds of organisations that people act for.
const (
	OrgNone     OrgKind = ""
	OrgCouncil  OrgKind = "council"
	OrgSupplier OrgKind = "supplier"
	OrgService  OrgKind = "service" // the operator of Jointly
	OrgBody     OrgKind = "body"    // of central government or of the sector: see Body
)

// Actor is on whose behalf a method of the catalogue acts. Every method takes one; the zero Actor is an anonymous
// visitor.
type Actor struct {
	Account string  // account ID; empty for anonymous visitors, commands and jobs
	Role    Role    // what it may do
	OrgKind OrgKind // what it is part of
	Org     string  // council code, supplier ID or body ID
	Via     string  // how it came: web, command, job
	Proved  bool    // a second factor was used within the last 15 minutes; asked only of who comes by the web
	Since   uint64  // the last change before its account was made: what was told until then is not for it
}

// Anonymous sees what is public.
func Anonymous() Actor { return Actor{} }

// AnyCouncil sees what every council may see, and is no council in particular: the eyes of the councils' index.
func AnyCouncil() Actor { return Actor{Role: RoleViewer, OrgKind: OrgCouncil, Via: "job"} }

// Operator acts for the operator of the service; via says how: command or job.
func Operator(via string) Actor { return Actor{Role: RoleOperator, OrgKind: OrgService, Via: via} }

// SignedIn says that an account stands behind the actor.
func (a Actor) SignedIn() bool { return a.Account != "" }

// IsOperator says that the actor runs the service.
func (a Actor) IsOperator() bool { return a.Role == RoleOperator }

// ForCouncil says that the actor belongs to the council with that code.
func (a Actor) ForCouncil(code string) bool {
	return a.OrgKind == OrgCouncil && a.Org == code && code != ""
}

// forBody says that the actor belongs to the body with that ID.
func (a Actor) forBody(id string) bool { return a.OrgKind == OrgBody && a.Org == id && id != "" }

// Of says that the actor belongs to the council or the body with that code or ID.
func (a Actor) Of(org string) bool { return a.ForCouncil(org) || a.forBody(org) }

// councils says that the actor may see what councils share with each other.
func (a Actor) councils() bool { return a.OrgKind == OrgCouncil || a.IsOperator() }

// Audience is who may see a record or a field of it; from widest to narrowest.
type Audience string

// The audiences, the widest first.
const (
	Public   Audience = "public"   // anybody
	Councils Audience = "councils" // officers of any council
	Group    Audience = "group"    // members of a group that the record is part of
	Own      Audience = "own"      // the council or body that owns it
)

func (a Audience) valid() bool { return a == Public || a == Councils || a == Group || a == Own }

// rank orders audiences: a greater rank is seen by fewer.
func (a Audience) rank() int {
	switch a {
	case Public:
		return 0
	case Councils:
		return 1
	case Group:
		return 2
	}
	return 3
}

// narrower is the audience that both allow.
func narrower(a, b Audience) Audience {
	if a.rank() >= b.rank() {
		return a
	}
	return b
}

// admits is the one rule of who sees what: owner is a council's code or a body's ID, members are councils that share a group
// with it.
func (a Audience) admits(actor Actor, owner string, members []string) bool {
	if actor.IsOperator() || actor.Of(owner) {
		return true
	}
	switch a {
	case Public:
		return true
	case Councils:
		return actor.councils()
	case Group:
		for _, m := range members {
			if actor.ForCouncil(m) {
				return true
			}
		}
	}
	return false
}
