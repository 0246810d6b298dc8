package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/baseline"
	"jointly/web/view"
)

// servicePage is a citizen service of the list of local government, and what it stands on.
type servicePage struct {
	view.Page
	Caption    string
	Heading    string
	Facts      view.SummaryList
	Evidence   serviceEvidence
	Capability string // within a sentence; empty: not known
	Platforms  []view.Entry
	Causes     string // a warning beside figures by platform; empty: there are none
	All        string // the address of all that is for the capability
	Examples   []view.Entry
	Similar    *similarBlock
	Ways       string // the address of the frameworks for it
}

// shownPlatforms is how many platforms a service's page names before it leads to a search.
const shownPlatforms = 8

func (s *site) service(c *gin.Context, who visitor) error {
	items, err := s.Catalogue.Load(c, who.actor, []catalogue.Key{{Kind: catalogue.KindService, ID: c.Param("lgsl")}})
	if err != nil {
		return err
	}
	found, ok := items[0].(*catalogue.Service)
	if !ok {
		return &catalogue.Error{Kind: catalogue.NotFound, Message: "service not found"}
	}
	p := s.newServicePage(found)
	if p.Evidence, err = s.serviceEvidence(c, who, found); err != nil {
		return err
	}
	if found.Capability != "" {
		shares, err := s.platformShares(c, who, found.LGSL)
		if err != nil {
			return err
		}
		if p.Platforms, err = s.platformsFor(c, who, found.Capability, shares); err != nil {
			return err
		}
		if len(shares) > 0 {
			p.Causes = "Do not read causes into the digital share: councils that choose a platform differ in other ways."
		}
	}
	if p.Examples, err = s.examplesAbout(c, who.actor, found.Key()); err != nil {
		return err
	}
	if p.Similar, err = s.similarTo(c, who, likeness{kind: catalogue.KindService, id: found.ID, words: found.Label, capability: found.Capability}); err != nil {
		return err
	}
	p.Page = s.page(c, who, "", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Services", Href: "/search?kind=service"}, {Text: p.Heading}}
	return s.show(c, who, http.StatusOK, "service", p)
}

func (s *site) newServicePage(found *catalogue.Service) servicePage {
	p := servicePage{Caption: "Service", Heading: found.Label}
	if found.Function != "" {
		p.Caption += " · " + found.Function
	}
	capability, known := s.Catalogue.Dictionary().Capability(found.Capability)
	standsOn := fact("Stands on", "not known")
	standsOn.Muted = true
	if known {
		p.Capability, p.All = lowerFirst(capability.Name), "/search?capability="+url.QueryEscape(capability.ID)
		p.Ways = waysLink([]string{capability.ID}, "").Href
		standsOn = view.SummaryRow{Key: "Stands on", Value: capability.Name, Href: p.All}
	}
	p.Facts.Rows = []view.SummaryRow{
		fact("Number in the Local Government Service List", found.ID),
		fact("On GOV.UK", view.OrNotStated(found.GovUKName)),
		fact("Function", view.OrNotStated(found.Function)),
		fact("Provided by", tiers(found.Tiers)),
		standsOn,
	}
	return p
}

func tiers(ids []string) string {
	words := make([]string, 0, len(ids))
	for _, id := range ids {
		switch id {
		case "single":
			words = append(words, "unitary councils")
		case "upper":
			words = append(words, "county councils")
		case "lower":
			words = append(words, "district councils")
		}
	}
	return sentenceCase(view.OrNotStated(strings.Join(words, ", ")))
}

// platformShares says for councils, by platform, which digital share those that run it have for a service.
func (s *site) platformShares(c *gin.Context, who visitor, lgsl int) (map[string]string, error) {
	if audience(who.actor) != catalogue.Councils {
		return nil, nil
	}
	e, err := s.Catalogue.LatestEdition(c, who.actor)
	if err != nil {
		return nil, err
	}
	b, err := s.newServiceBaseline(c, who, e, lgsl)
	if err != nil || b.live == nil {
		return nil, err
	}
	out := map[string]string{}
	for _, p := range b.live.Platforms {
		if p.Digital.N > 0 {
			out[p.Platform.ID] = "Councils on it have a digital share of " + measured(baseline.Digital, *p.Digital.Median) + ": the median of " + view.Number(p.Digital.N) + " that share figures"
		}
	}
	return out, nil
}

// platformsFor lists the platforms that councils are seen running for a capability, most councils first, and then others
// that are listed for it, each with what shares say of it.
func (s *site) platformsFor(c *gin.Context, who visitor, capability string, shares map[string]string) ([]view.Entry, error) {
	found, err := s.Catalogue.PlatformsSeen(c, who.actor, capability)
	if err != nil {
		return nil, err
	}
	var out []view.Entry
	for _, p := range found[:min(len(found), shownPlatforms)] {
		var facts line
		facts.say(view.OrNotStated(p.Platform.Supplier))
		facts.say(p.Platform.Licence)
		facts.strong(usedWords(p.Councils))
		lines := saying(facts)
		if share := shares[p.Platform.ID]; share != "" {
			lines = append(lines, []view.Piece{{Text: share}})
		}
		out = append(out, view.Entry{Title: marked(p.Platform.Name, p.Platform.Demonstration), Href: pagePath(catalogue.KindPlatform, p.Platform.ID), Lines: lines})
	}
	return out, nil
}

// usedWords says how many councils are seen using a platform; invented ones are never added to real ones.
func usedWords(n catalogue.Seen) string {
	switch {
	case n.Real == 0 && n.Invented == 0:
		return "no council seen"
	case n.Real == 0:
		return view.Plural(n.Invented, "invented council", "invented councils") + " seen"
	case n.Invented == 0:
		return view.Plural(n.Real, "council", "councils") + " seen"
	}
	return view.Plural(n.Real, "council", "councils") + " and " + view.Plural(n.Invented, "invented one", "invented ones") + " seen"
}
