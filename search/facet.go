package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jointly/catalogue"
)

// Facet is a side of documents that a search can be narrowed and counted by. Its text is its name in addresses and in
// JSON.
type Facet string

// The facets.
const (
	FacetKind        Facet = "kind"
	FacetArea        Facet = "area"
	FacetCapability  Facet = "capability"
	FacetCouncil     Facet = "council"
	FacetRegion      Facet = "region"
	FacetSupplier    Facet = "supplier"
	FacetCouncilType Facet = "council_type"
	FacetStatus      Facet = "status"  // open or ended, on the day of the search
	FacetStage       Facet = "stage"   // of contracts: planned, tender, awarded; of groups: forming, agreed
	FacetQuarter     Facet = "quarter" // in which it ends, or its buying starts; of skills those that they are for; see QuarterLabel
	FacetRoute       Facet = "route"   // to market, of contracts
	FacetPlatform    Facet = "platform"
	FacetFunction    Facet = "function"  // of services, and of the services that examples changed: see register.Service
	FacetExample     Facet = "example"   // what examples tell of: see catalogue.ExampleKind
	FacetDirection   Facet = "direction" // of skills: offer or seek
	FacetRole        Facet = "role"      // of skills
	FacetOwner       Facet = "owner"     // of skills: what kind of organisation offers or seeks; see OwnerLabel
	FacetBody        Facet = "body"      // of skills: the body that offers or seeks
)

// Facets lists every facet, in the order in which pages show them.
func Facets() []Facet {
	return []Facet{FacetKind, FacetQuarter, FacetRegion, FacetSupplier, FacetCapability, FacetArea, FacetCouncil,
		FacetCouncilType, FacetRoute, FacetStatus, FacetStage, FacetPlatform, FacetFunction, FacetExample, FacetDirection, FacetRole, FacetOwner, FacetBody}
}

// nFacets is len(Facets()): columns are arrays of this size, in that order.
const nFacets = 18

// ordinal is a facet's place in Facets; -1 for what is none.
func (f Facet) ordinal() int { return slices.Index(Facets(), f) }

// Values of FacetStatus.
const (
	StatusOpen  = "open"
	StatusEnded = "ended"
)

// NotStated is the value, in FacetQuarter and FacetRoute, of what could have one and states none.
const NotStated = "not-stated"

// Quarter names the quarter of the financial year (April to March) that a day lies in, such as 2027-Q1 for April to
// June 2027; 2027-Q4 is January to March 2028. NotStated for the zero time.
func Quarter(day time.Time) string {
	if day.IsZero() {
		return NotStated
	}
	y, m := day.Year(), int(day.Month())
	if m < 4 {
		return fmt.Sprintf("%04d-Q4", y-1)
	}
	return fmt.Sprintf("%04d-Q%d", y, (m-1)/3)
}

// QuarterLabel says a quarter in words: April to June 2027. What is no quarter comes back as it is.
func QuarterLabel(quarter string) string {
	if quarter == NotStated {
		return "Not stated"
	}
	year, q, ok := strings.Cut(quarter, "-Q")
	y, err := strconv.Atoi(year)
	if !ok || err != nil {
		return quarter
	}
	switch q {
	case "1":
		return fmt.Sprintf("April to June %d", y)
	case "2":
		return fmt.Sprintf("July to September %d", y)
	case "3":
		return fmt.Sprintf("October to December %d", y)
	case "4":
		return fmt.Sprintf("January to March %d", y+1)
	}
	return quarter
}

// Routes to market, as values of FacetRoute: what notices write in many ways, sorted into a few.
const (
	RouteGCloud      = "g-cloud"
	RouteFramework   = "framework"
	RouteDirect      = "direct-award"
	RouteCompetition = "competition"
	RouteOther       = "other"
)

// RouteOf sorts a route as a notice writes it.
func RouteOf(written string) string {
	s := strings.ToLower(written)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
	}
	switch {
	case strings.TrimSpace(s) == "":
		return NotStated
	case has("g-cloud", "gcloud", "g cloud"):
		return RouteGCloud
	case has("open procedure", "restricted procedure", "competitive"):
		return RouteCompetition
	case has("framework", "call-off", "call off", "ccs ", "rm6", "rm3", "mini competition", "further competition", "dynamic",
		"outcomes and specialists"):
		return RouteFramework
	case has("direct", "without prior", "single supplier", "single-supplier", "single tender", "waiver", "exemption"):
		return RouteDirect
	case has("open", "restricted", "tender", "quotation"):
		return RouteCompetition
	}
	return RouteOther
}

// RouteLabel says a route in words.
func RouteLabel(route string) string {
	switch route {
	case NotStated:
		return "Not stated"
	case RouteGCloud:
		return "G-Cloud"
	case RouteFramework:
		return "Framework"
	case RouteDirect:
		return "Direct award"
	case RouteCompetition:
		return "Open competition"
	case RouteOther:
		return "Other"
	}
	return route
}

// ExampleLabel says in words what an example tells of.
func ExampleLabel(kind string) string {
	switch catalogue.ExampleKind(kind) {
	case catalogue.ServiceExample:
		return "A service"
	case catalogue.ComplexExample:
		return "Complex intervention"
	}
	return kind
}

// KindLabel says in words what kind of thing a record is.
func KindLabel(kind catalogue.Kind) string {
	switch kind {
	case catalogue.KindContract:
		return "Contract or notice"
	case catalogue.KindIntention:
		return "Intention to buy"
	case catalogue.KindOffer:
		return "Skills offered or sought"
	}
	return capitalised(string(kind))
}

// OwnerCouncil is the value of FacetOwner for councils; those for bodies are their kinds.
const OwnerCouncil = "council"

// OwnerLabel says in words what kind of organisation offers or seeks.
func OwnerLabel(owner string) string {
	switch owner {
	case OwnerCouncil:
		return "Councils"
	case string(catalogue.CentralBody):
		return "Central government"
	case string(catalogue.SectorBody):
		return "Sector bodies"
	}
	return owner
}

// DirectionLabel says in words which way skills go.
func DirectionLabel(d catalogue.OfferDirection) string {
	switch d {
	case catalogue.Offering:
		return "Offered"
	case catalogue.Seeking:
		return "Sought"
	}
	return string(d)
}

func capitalised(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
