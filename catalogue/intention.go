package catalogue

import "time"

// Role of a council in a joint buy.
const (
	RoleWouldLead       = "lead"
	RoleWouldContribute = "contribute"
	RoleWouldFollow     = "follow"
)

// Money is a range in pounds. Zero on both sides: not stated.
type Money struct {
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

// IsZero says that no amount is stated.
func (m Money) IsZero() bool { return m == Money{} }

// Intention is that a council intends to buy something in a window of time, before any tender. In OCDS: planning.
type Intention struct {
	Meta
	Council         string             `json:"council"`
	Title           string             `json:"title"`
	Description     string             `json:"description,omitempty"`
	Area            string             `json:"area,omitempty"`
	Capability      string             `json:"capability,omitempty"` // what the council confirmed; empty: see Guess
	Guess           string             `json:"guess,omitempty"`      // what the program read in the text
	Purchase        string             `json:"purchase,omitempty"`   // software, equipment, people, goods
	CPV             []string           `json:"cpv,omitempty"`
	Budget          Money              `json:"budget,omitzero"` // ex VAT, whole term
	WindowStart     Date               `json:"window_start"`    // when the tender may start, from
	WindowEnd       Date               `json:"window_end"`      // to
	ContractEnd     Date               `json:"contract_end,omitzero"`
	ExtensionMonths int                `json:"extension_months,omitempty"`
	LeadMonths      int                `json:"lead_months,omitempty"`
	CurrentSupplier string             `json:"current_supplier,omitempty"`
	CurrentPlatform string             `json:"current_platform,omitempty"`
	Musts           []string           `json:"musts,omitempty"`
	Shoulds         []string           `json:"shoulds,omitempty"`
	Role            string             `json:"role,omitempty"`         // lead, contribute, follow; empty: not stated
	Rung            Rung               `json:"rung,omitempty"`         // how far its council has come with it; empty: not stated. For councils
	ApprovalRef     string             `json:"approval_ref,omitempty"` // with Approved and Volume, on that rung only, and for the members of its groups
	Approved        Date               `json:"approved,omitzero"`
	Volume          float64            `json:"volume,omitempty"`    // what its council commits, GBP ex VAT over the whole term
	Notes           string             `json:"notes,omitempty"`     // the council's own, shown to nobody else
	Sensitive       string             `json:"sensitive,omitempty"` // why it is commercially sensitive: for the members of its groups
	Visibility      Audience           `json:"visibility"`
	Fields          IntentionAudiences `json:"fields"`
	Withdrawn       string             `json:"withdrawn,omitempty"` // the reason; empty: still wanted
	FromContract    string             `json:"from_contract,omitempty"`
	Confirmed       time.Time          `json:"confirmed,omitzero"`
	Demonstration   bool               `json:"demonstration,omitempty"`
}

// IntentionAudiences says who may see single fields; none is ever seen by more than the intention itself.
type IntentionAudiences struct {
	Budget   Audience `json:"budget"`
	Supplier Audience `json:"supplier"` // current supplier and platform
	Contract Audience `json:"contract"` // contract end, extension and lead time
	Musts    Audience `json:"musts"`    // musts and shoulds
}

// widerThan says that somebody sees a field who did not before.
func (f IntentionAudiences) widerThan(was IntentionAudiences) bool {
	return f.Budget.rank() < was.Budget.rank() || f.Supplier.rank() < was.Supplier.rank() || f.Contract.rank() < was.Contract.rank() || f.Musts.rank() < was.Musts.rank()
}

// DefaultIntentionAudiences is what holds where a council has not said otherwise: commercially telling fields are for
// councils, even of a public intention.
func DefaultIntentionAudiences() IntentionAudiences {
	return IntentionAudiences{Budget: Councils, Supplier: Councils, Contract: Councils, Musts: Councils}
}

// Key names the intention.
func (i *Intention) Key() Key { return Key{KindIntention, i.ID} }

// Capable is the capability to show: the confirmed one, else the guess; guessed says which.
func (i *Intention) Capable() (id string, guessed bool) {
	if i.Capability != "" {
		return i.Capability, false
	}
	return i.Guess, i.Guess != ""
}

// Ended says that the intention is withdrawn or its window has passed on that day.
func (i *Intention) Ended(on time.Time) bool {
	return i.Withdrawn != "" || (!i.WindowEnd.IsZero() && i.WindowEnd.Last().Before(on))
}

// TrueEnd is the last day on which the tender can start: the stated end of the window, or, where it comes first, the
// contract's end with its extension less the lead time. An unknown extension or lead time counts as none.
func (i *Intention) TrueEnd() Date {
	limit := i.ContractEnd.AddMonths(i.ExtensionMonths - i.LeadMonths)
	if i.WindowEnd.IsZero() || limit.Before(i.WindowEnd) {
		return limit
	}
	return i.WindowEnd
}

func (i *Intention) owner() string { return i.Council }

func (i *Intention) sees(a Actor) (Item, bool) {
	out, ok := i.through(a, nil)
	return out, ok
}

// through is the intention as an actor sees it; members are the councils of the group it is looked at in.
func (i *Intention) through(a Actor, members []string) (*Intention, bool) {
	if !i.Visibility.admits(a, i.Council, members) {
		return nil, false
	}
	out := *i
	hidden := func(field Audience) bool { return !narrower(i.Visibility, field).admits(a, i.Council, members) }
	if hidden(i.Fields.Budget) {
		out.Budget = Money{}
	}
	if hidden(i.Fields.Supplier) {
		out.CurrentSupplier, out.CurrentPlatform = "", ""
	}
	if hidden(i.Fields.Contract) {
		out.ContractEnd, out.ExtensionMonths, out.LeadMonths, out.FromContract = Date{}, 0, 0, ""
	}
	if hidden(i.Fields.Musts) {
		out.Musts, out.Shoulds = nil, nil
	}
	if hidden(Councils) {
		out.Rung = ""
	}
	if hidden(Group) {
		out.Sensitive, out.ApprovalRef, out.Approved, out.Volume = "", "", Date{}, 0
	}
	if hidden(Own) {
		out.Notes, out.Ref = "", ""
		out.Fields = IntentionAudiences{}
	}
	return &out, true
}

// shared is the intention as the other members of a group see it: who has accepted shares what is for members, who is
// only asked what is for councils.
func (i *Intention) shared(state MemberState) *Intention {
	if state != Accepted {
		out, _ := i.through(AnyCouncil(), nil)
		return out
	}
	fellow := Actor{Role: RoleViewer, OrgKind: OrgCouncil, Org: "a fellow member"}
	out, _ := i.through(fellow, []string{fellow.Org})
	return out
}

func (i *Intention) index(add func(string, ...string)) {
	add("intention.council", i.Council)
	if id, _ := i.Capable(); id != "" {
		add("intention.capability", id)
	}
}

func (i *Intention) validate(v *validation) {
	v.text("title", i.Title, 1, maxTitle)
	v.text("description", i.Description, 0, maxText)
	v.council("council", i.Council)
	if i.Area != "" {
		v.area("area", i.Area)
	}
	if i.Capability != "" {
		v.capability("capability", i.Capability)
	}
	switch i.Purchase {
	case "", "software", "equipment", "people", "goods":
	default:
		v.that(false, "purchase", "Choose software, equipment, people or goods")
	}
	v.list("cpv", i.CPV, 50)
	v.money("budget_min", i.Budget.Min)
	v.money("budget_max", i.Budget.Max)
	v.that(i.Budget.Max >= i.Budget.Min, "budget_max", "The highest budget must be the same as or more than the lowest")
	v.date("window_start", i.WindowStart)
	v.date("window_end", i.WindowEnd)
	v.that(!i.WindowStart.IsZero(), "window_start", "Enter the earliest date the tender may start")
	v.that(!i.WindowEnd.IsZero(), "window_end", "Enter the latest date the tender may start")
	v.that(i.WindowStart.IsZero() || i.WindowEnd.IsZero() || !i.WindowEnd.Last().Before(i.WindowStart.First()), "window_end",
		"The latest date must be the same as or after the earliest date")
	v.date("contract_end", i.ContractEnd)
	v.that(i.ExtensionMonths >= 0 && i.ExtensionMonths <= 240, "extension_months", "Extension must be 0 to 240 months")
	v.that(i.LeadMonths >= 0 && i.LeadMonths <= 240, "lead_months", "The time to go live must be 0 to 240 months")
	v.text("current_supplier", i.CurrentSupplier, 0, maxTitle)
	v.text("current_platform", i.CurrentPlatform, 0, maxTitle)
	v.list("musts", i.Musts, 50)
	v.list("shoulds", i.Shoulds, 50)
	switch i.Role {
	case "", RoleWouldLead, RoleWouldContribute, RoleWouldFollow:
	default:
		v.that(false, "role", "Choose lead, contribute or follow")
	}
	v.that(i.Rung == "" || i.Rung.valid(), "rung", "Choose watching, interested, intends or approved")
	v.that(i.Rung != Approved || i.ApprovalRef != "", "approval_ref", "Enter the reference of the approval")
	v.text("approval_ref", i.ApprovalRef, 0, maxTitle)
	v.date("approved_on", i.Approved)
	v.money("volume", i.Volume)
	v.text("notes", i.Notes, 0, maxText)
	v.text("sensitive", i.Sensitive, 0, maxTitle)
	v.text("reason", i.Withdrawn, 0, maxText)
	v.that(i.Visibility == Public || i.Visibility == Councils || i.Visibility == Own, "visibility",
		"Choose who may see it: public, councils or own")
	for _, f := range []struct {
		name string
		a    Audience
	}{{"budget_audience", i.Fields.Budget}, {"supplier_audience", i.Fields.Supplier},
		{"contract_audience", i.Fields.Contract}, {"musts_audience", i.Fields.Musts}} {
		v.that(f.a.valid(), f.name, "Choose who may see it: public, councils, group or own")
	}
}
