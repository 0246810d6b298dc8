// Package match says which councils' needs overlap, why, and which of them
// make a group that could buy together.
//
// Its scoring is pure: what it says of two needs depends on those two and on
// weights and word statistics that were frozen when they were learned, never
// on what else is listed. So a change to one listing moves no other pair, and
// the order in which listings came changes nothing.
//
// The model: gates that veto a pair, each with its reason (gate.go); evidence
// in points, the base-2 logarithm of how much likelier a level of a feature is
// among true pairs than among others (level.go, learn.go); and groups by
// correlation clustering with vetoes (group.go).
package match

import (
	"time"

	"jointly/catalogue/capability"
)

// Need is what one council intends to buy, as far as matching looks at it.
// Everything but Ref and Council may be unknown; an unknown value passes every
// gate and adds no points.
type Need struct {
	// Ref identifies the need; no two share one.
	Ref string
	// Order settles what comes first where nothing else does. Made of what the
	// councils wrote (say council and reference), it gives the same groups
	// however often and in whatever order needs are imported. Ref where empty.
	Order string
	// Council is the GSS code of the council that listed it.
	Council string
	// Name is how texts call that council; Ref where it is empty.
	Name string
	// Regime is the procurement law that binds the council.
	Regime Regime
	// Region of the council, for ranking and explaining only.
	Region string

	Title, Description string
	// Area is an id of the taxonomy's upper level. People often choose the wrong one.
	Area string
	// Capability is an id of the taxonomy that the council confirmed; empty when it did not.
	Capability string
	// Purchase is the kind of thing bought as the council stated it; empty when it did not.
	Purchase capability.Purchase
	// CPV codes, eight digits each, with or without the check digit.
	CPV []string

	// BudgetMin and BudgetMax in pounds without VAT over the whole term; zero is unknown.
	BudgetMin, BudgetMax float64

	// WindowStart and WindowEnd bound the days on which the tender may start.
	WindowStart, WindowEnd time.Time
	// ContractEnd is the last day of the present contract, before any extension.
	ContractEnd time.Time
	// ExtensionMonths that can still be used, and LeadMonths needed between
	// tender and going live; zero is unknown or none.
	ExtensionMonths, LeadMonths int

	// Supplier and Platform in use today.
	Supplier, Platform string

	// Leads says that the council is willing to lead a group.
	Leads bool
	// Closed needs are not open to joining.
	Closed bool
	// Private needs are kept to their own council: they find matches for it
	// alone and are never grouped.
	Private bool
}

// Regime is a body of procurement law, by the nation whose councils it binds.
type Regime string

// The regimes. Empty means unknown.
const (
	England         Regime = "england"
	Wales           Regime = "wales"
	Scotland        Regime = "scotland"
	NorthernIreland Regime = "northern-ireland"
)

// name is how texts call the council behind the need.
func (n *Need) name() string {
	if n.Name != "" {
		return n.Name
	}
	return n.Ref
}

// budget is the middle of what the council expects to pay, 0 when unknown.
func (n *Need) budget() float64 {
	switch {
	case n.BudgetMin > 0 && n.BudgetMax > 0:
		return (n.BudgetMin + n.BudgetMax) / 2
	case n.BudgetMax > 0:
		return n.BudgetMax
	default:
		return max(n.BudgetMin, 0)
	}
}
