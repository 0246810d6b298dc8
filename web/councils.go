package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// councilsPage lists councils by region or nation, all of them or those that a name or a reorganisation leaves.
type councilsPage struct {
	view.Page
	Name           view.Input
	Reorganisation string // the area whose councils alone are shown; empty: all
	Vesting        string
	Total          string
	Regions        []councilRegion
	None           bool
	Search         string // where to search for what was typed among everything else
}

// councilRegion is the councils of an English region, or of another nation.
type councilRegion struct {
	Name     string
	ID       string
	Councils []view.Link
}

func (s *site) councils(c *gin.Context, who visitor) error {
	stored, err := s.Catalogue.StoredCouncils(c)
	if err != nil {
		return err
	}
	var in *catalogue.ReorganisedArea // nil: all councils
	if area := c.Query("reorganisation"); area != "" {
		if in, err = s.Catalogue.ReorganisationIn(c, area); err != nil && catalogue.KindOf(err) != catalogue.NotFound {
			return err
		}
	}
	p := s.newCouncilsPage(stored, strings.TrimSpace(c.Query("q")), in)
	p.Page = s.page(c, who, "", "Councils")
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Councils"}}
	return s.show(c, who, http.StatusOK, "councils", p)
}

func (s *site) newCouncilsPage(stored []*catalogue.Council, name string, in *catalogue.ReorganisedArea) councilsPage {
	p := councilsPage{Name: view.Input{Name: "q", Type: "search", Value: name, Classes: "govuk-input--width-20",
		Label: view.Label{Text: "Name of a council, or a part of it"}}}
	reg := s.Catalogue.Register()
	var all []*catalogue.Council
	if in != nil {
		p.Reorganisation, p.Vesting = in.Area, reorganisationDay(in.Rows[0].Reorganisation.Vesting)
		for _, r := range in.Rows {
			all = append(all, r.Council)
		}
	} else {
		for _, council := range reg.Councils() {
			all = append(all, &catalogue.Council{Council: council})
		}
		all = append(all, stored...)
	}
	meant, _ := reg.CouncilByName(name)
	all = slices.DeleteFunc(all, func(council *catalogue.Council) bool {
		return name != "" && council.GSS != meant.GSS && !namesCouncil(council, name)
	})
	p.Total, p.None = councilTotal(all), len(all) == 0
	p.Regions = byRegion(all)
	p.Search = searchAddress(name)
	return p
}

// councilTotal counts councils, those of the demonstration apart.
func councilTotal(all []*catalogue.Council) string {
	invented := 0
	for _, c := range all {
		if c.Demonstration {
			invented++
		}
	}
	switch real := len(all) - invented; {
	case invented == 0:
		return view.Plural(real, "council", "councils")
	case real == 0:
		return view.Plural(invented, "invented council", "invented councils")
	default:
		return view.Plural(real, "council", "councils") + ", and " + view.Number(invented) + " invented " + noun(invented, "one", "ones")
	}
}

// namesCouncil says that each word typed begins a word of the council's names.
func namesCouncil(c *catalogue.Council, typed string) bool {
	names := " " + strings.ToLower(c.Name+" "+c.OfficialName)
	for word := range strings.FieldsSeq(strings.ToLower(typed)) {
		if !strings.Contains(names, " "+word) {
			return false
		}
	}
	return true
}

// byRegion sorts councils into regions and nations, England's regions first.
func byRegion(all []*catalogue.Council) []councilRegion {
	councils := map[string][]*catalogue.Council{}
	english := map[string]bool{}
	for _, c := range all {
		councils[c.Region] = append(councils[c.Region], c)
		english[c.Region] = c.Nation == "England"
	}
	out := make([]councilRegion, 0, len(councils))
	for name, list := range councils {
		slices.SortFunc(list, func(a, b *catalogue.Council) int {
			return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		})
		region := councilRegion{Name: name, ID: anchor(name)}
		for _, c := range list {
			region.Councils = append(region.Councils, view.Link{Text: c.Label(), Href: pagePath(catalogue.KindCouncil, c.GSS)})
		}
		out = append(out, region)
	}
	slices.SortFunc(out, func(a, b councilRegion) int {
		if english[a.Name] != english[b.Name] {
			if english[a.Name] {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return out
}

// anchor is a name as the ID of an element: 'north-west'.
func anchor(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' }), "-")
}
