package web

import (
	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// The lists: searches that show one kind of record.

func (s *site) platforms(c *gin.Context, who visitor) error {
	ways := waysLink(c.QueryArray("capability"), "Ways to buy")
	also := []view.Piece{{Text: ways.Text, Href: ways.Href}, {Text: " lists the frameworks on record for what platforms do. "}, {Text: "Compare platforms side by side", Href: "/compare"}}
	if chosen := c.QueryArray("capability"); len(chosen) == 1 && seesMarkets(who.actor) {
		also = append(also, view.Piece{Text: ". "}, view.Piece{Text: "Who holds this market", Href: marketPath(chosen[0])})
	}
	return s.list(c, who, listing{
		path: "/platforms", section: "/platforms", kind: catalogue.KindPlatform, title: "Platforms",
		lead:   "What councils run services on: products, shared services, open source and government building blocks, as seen in public records or listed by councils.",
		label:  "Search platforms",
		action: &view.Link{Text: "List a platform", Href: "/platforms/new"},
		sort:   search.ByName,
		facets: []search.Facet{search.FacetArea, search.FacetCapability, search.FacetSupplier},
		also:   also,
	})
}

func (s *site) intentions(c *gin.Context, who visitor) error {
	return s.list(c, who, listing{
		path: "/intentions", section: "/intentions", kind: catalogue.KindIntention, title: "Intentions to buy",
		lead:   "What councils intend to buy, before any tender. Others with the same need can join in while there is time.",
		label:  "Search intentions",
		action: &view.Link{Text: "List a need", Href: "/intentions/new"},
		sort:   search.ByNewest,
		facets: []search.Facet{search.FacetQuarter, search.FacetRegion, search.FacetArea, search.FacetCapability, search.FacetCouncilType},
	})
}

func (s *site) groups(c *gin.Context, who visitor) error {
	return s.list(c, who, listing{
		path: "/groups", section: "/groups", kind: catalogue.KindGroup, title: "Groups",
		lead:   "Councils that buy together, with a lead authority. A group’s card shows what it buys and when; its room is for its members.",
		label:  "Search groups",
		action: &view.Link{Text: "List a need to find or form a group", Href: "/intentions/new"},
		sort:   search.ByNewest,
		facets: []search.Facet{search.FacetStage, search.FacetQuarter, search.FacetRegion, search.FacetArea, search.FacetCapability},
	})
}
