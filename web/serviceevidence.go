package web

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/baseline"
	"jointly/web/view"
)

// serviceEvidence is what a service's page shows of the evidence and of buying together: the needs of the call in one place.
// Templates service-baseline-short and service-needs.
type serviceEvidence struct {
	Counts []view.Count
	Cite   view.Link
	All    view.Link // the whole baseline of the service
	Silent string    // why nothing is said; empty: something is
	Needs  []view.Entry
	Groups []view.Entry
	More   *view.Link // all needs, where there are more than shown
	Ways   view.Table
	Lists  bool // the reader may list a need, or has yet to sign in

	Calls    []view.Entry // that ask about it
	Findings []view.Entry // of the plan, that rest on it
	Asks     []view.Entry // of bodies, about what it stands on
}

// How many a service's page lists.
const (
	shownServiceNeeds  = 5
	shownServiceGroups = 5
	shownServiceWays   = 5
	shownServicePlan   = 5 // calls, findings and asks, each
)

// serviceEvidence reads what is said of a service, who needs what it stands on, and through which frameworks it is bought.
func (s *site) serviceEvidence(c *gin.Context, who visitor, service *catalogue.Service) (serviceEvidence, error) {
	e, err := s.Catalogue.LatestEdition(c, who.actor)
	if err != nil {
		return serviceEvidence{}, err
	}
	out := shortBaseline(e, service.LGSL)
	if err := s.servicePlan(c, who, service, &out); err != nil {
		return out, err
	}
	if service.Capability == "" {
		return out, nil
	}
	v, err := s.Catalogue.ServiceView(c, who.actor, service.Capability)
	if err != nil {
		return out, err
	}
	leads, err := s.leadsOf(c, who.actor, v.Groups)
	if err != nil {
		return out, err
	}
	for _, n := range v.Needs[:min(len(v.Needs), shownServiceNeeds)] {
		out.Needs = append(out.Needs, needEntry(n, false))
	}
	for _, g := range v.Groups[:min(len(v.Groups), shownServiceGroups)] {
		out.Groups = append(out.Groups, groupEntry(g, leads[g.Lead], false))
	}
	if len(v.Needs) > shownServiceNeeds {
		out.More = &view.Link{Text: "All " + view.Number(len(v.Needs)) + " open needs", Href: "/search?kind=intention&capability=" + service.Capability}
	}
	ways, err := s.Catalogue.Frameworks(c, who.actor, service.Capability, catalogue.FrameworkOpen)
	if err != nil {
		return out, err
	}
	out.Lists = offered(who, catalogue.ListIntention)
	if len(ways) > 0 {
		out.Ways = frameworkTable(ways[:min(len(ways), shownServiceWays)], s.Catalogue.Now(), s.Catalogue.Today())
	}
	return out, nil
}

// servicePlan adds what is asked about a service, what was found, and what councils ask of bodies.
func (s *site) servicePlan(c *gin.Context, who visitor, service *catalogue.Service, out *serviceEvidence) error {
	v, err := s.Catalogue.ServicePlan(c, who.actor, service.LGSL, service.Capability)
	if err != nil {
		return err
	}
	for _, x := range v.Calls[:min(len(v.Calls), shownServicePlan)] {
		out.Calls = append(out.Calls, s.callEntry(x, callPath(x.ID)))
	}
	for _, f := range v.Findings[:min(len(v.Findings), shownServicePlan)] {
		out.Findings = append(out.Findings, findingEntry(f))
	}
	for _, a := range v.Asks[:min(len(v.Asks), shownServicePlan)] {
		out.Asks = append(out.Asks, askEntry(a))
	}
	return nil
}

// shortBaseline is what the latest edition says of a service, in four figures.
func shortBaseline(e *catalogue.Edition, lgsl int) serviceEvidence {
	out := serviceEvidence{All: view.Link{Text: "The whole baseline of this service, and what a shift would mean", Href: "/baseline/" + strconv.Itoa(lgsl)}}
	if e == nil {
		out.Silent = "There is no baseline of channels yet."
		return out
	}
	out.Cite = view.Link{Text: e.Cite(), Href: e.Address()}
	round, ok := e.Latest(lgsl)
	if !ok {
		out.Silent = "No council has signed off figures for this service yet."
		return out
	}
	of := e.Of(round.Round)
	add := func(m baseline.Measure, label string) {
		f, ok := of[m]
		if !ok {
			return
		}
		count := view.Count{Number: measured(m, *f.Median), Label: label, More: "median of " + view.Plural(f.N, "council", "councils"), Href: out.All.Href}
		if f.Quartiles() {
			count.More = "middle half " + measured(m, *f.Lower) + " to " + measured(m, *f.Upper)
		}
		out.Counts = append(out.Counts, count)
	}
	add(baseline.Digital, "of contacts online")
	add(baseline.Rate, "contacts a year per 1,000 residents")
	if f, ok := of[baseline.Cost.Of(baseline.Phone)]; ok && f.Quartiles() {
		out.Counts = append(out.Counts, view.Count{Number: measured(f.Measure, *f.Lower) + " to " + measured(f.Measure, *f.Upper), Label: "a contact by phone, as councils state it",
			More: "middle half of " + view.Plural(f.N, "council", "councils"), Href: out.All.Href + "#costs"})
	}
	if len(out.Counts) > 0 {
		n := 0
		for _, f := range of {
			n = max(n, f.N)
		}
		out.Counts = append(out.Counts, view.Count{Number: view.Number(n), Label: noun(n, "council", "councils") + " behind the figures", More: roundWords(round)})
	} else {
		out.Silent = view.Plural(round.Signed, "council has", "councils have") + " signed off figures; too few are behind any to say one."
	}
	if e.Demonstration {
		out.Cite.Text += " (invented councils)"
	}
	return out
}
