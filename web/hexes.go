package web

import (
	"context"

	"jointly/catalogue"
	"jointly/web/chart"
	"jointly/web/view"
)

// Maps on which a council is a hexagon: one of real councils, and one of those of the demonstration, which are never drawn
// among real ones.

// hexOf is a council on a map; false where it is not on that one.
func hexOf(c *catalogue.Council, invented bool) (chart.Hex, bool) {
	if c.Hex == nil || c.Demonstration != invented {
		return chart.Hex{}, false
	}
	return chart.Hex{Q: c.Hex.Q, R: c.Hex.R, Name: c.Name, Region: c.Region}, true
}

// onMap are all councils of one of the maps, and others that have no place on it.
func (s *site) onMap(ctx context.Context, invented bool) ([]*catalogue.Council, error) {
	if invented {
		return s.Catalogue.StoredCouncils(ctx)
	}
	var out []*catalogue.Council
	for _, c := range s.Catalogue.Register().Councils() {
		out = append(out, &catalogue.Council{Council: c})
	}
	return out, nil
}

// mapNote says what a hexagon of a map is, and how many councils are off it: one and many are what such a council does,
// 'council that uses it has'.
func mapNote(hexagon string, off int, invented bool, one, many string) string {
	if off > 0 {
		hexagon += " " + view.Plural(off, one, many) + " no hexagon: counties and invented councils are not on this map."
	}
	if invented {
		hexagon += " The councils of this map are invented, and so are their places on it."
	}
	return hexagon
}
