package register

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"jointly/catalogue/table"
)

// Tier is what share of local government's duties a council has in its area.
type Tier string

// The tiers of local government.
const (
	Single Tier = "single" // all of them
	Upper  Tier = "upper"  // a county council, above districts
	Lower  Tier = "lower"  // a district council, below a county
)

// Council is a principal local authority. What is not known is blank.
type Council struct {
	GSS          string // Government Statistical Service code, such as E06000009: the key of a council everywhere
	Name         string // the place, such as Blackpool
	OfficialName string // the body, such as Blackpool Borough Council
	Type         string // such as Unitary authority
	Tier         Tier
	Nation       string // England, Northern Ireland, Scotland or Wales
	Region       string // the English region, or the nation
	County       string // the Name of the county council above a lower-tier council
	Domain       string // web domain; not always that of its e-mail
	ShortCode    string // local authority code, such as BPL: the identifier in OCDS under GB-LAE and its sisters
	RuralUrban   string // such as Urban with rural areas
	Deprivation  string // quintile of the index of multiple deprivation; the 1st is the most deprived

	Latitude, Longitude float64 // degrees
	Population          int     // of 2020

	Hex        *Hex     // nil for county councils, whose districts have theirs
	Neighbours []string // GSS codes of adjoining councils; a county's are counties and single-tier councils
}

// Hex is a council's place on the hexagon map of councils: column and row, odd rows set half a hex to the right
// (odd-r layout). Rows grow northwards.
type Hex struct{ Q, R int }

// Councils are all councils by name.
func (r *Register) Councils() []Council { return r.councils }

// Council finds a council by its GSS code.
func (r *Register) Council(gss string) (Council, bool) {
	return at(r.councils, r.councilsByGSS, gss)
}

// CouncilByShortCode finds a council by its local authority code, such as BPL, in any case.
func (r *Register) CouncilByShortCode(code string) (Council, bool) {
	return at(r.councils, r.councilsByLAE, strings.ToUpper(code))
}

// at is the element that an index of positions has under a key.
func at[K comparable, V any](all []V, index map[K]int, key K) (V, bool) {
	i, ok := index[key]
	if !ok {
		var none V
		return none, false
	}
	return all[i], true
}

func (r *Register) readCouncils(data fs.FS) error {
	const columns = "gss,name,official_name,type,tier,nation,region,county,domain,short_code,latitude,longitude," +
		"population_2020,hex_q,hex_r,rural_urban,deprivation,neighbours"
	err := table.Read(data, "councils.csv", columns, func(row *table.Row) error {
		c := Council{
			GSS:          row.Need("gss"),
			Name:         row.Need("name"),
			OfficialName: row.Need("official_name"),
			Type:         row.Need("type"),
			Tier:         Tier(row.OneOf("tier", string(Single), string(Upper), string(Lower))),
			Nation:       row.OneOf("nation", "England", "Northern Ireland", "Scotland", "Wales"),
			Region:       row.Need("region"),
			County:       row.Text("county"),
			Domain:       row.Text("domain"),
			ShortCode:    row.Need("short_code"),
			RuralUrban:   row.Text("rural_urban"),
			Deprivation:  row.Text("deprivation"),
			Latitude:     row.Float("latitude"),
			Longitude:    row.Float("longitude"),
			Population:   row.Integer("population_2020"),
			Neighbours:   row.List("neighbours"),
		}
		if row.Text("hex_q") != "" || row.Text("hex_r") != "" {
			c.Hex = &Hex{Q: row.Integer("hex_q"), R: row.Integer("hex_r")}
		}
		if (c.Tier == Lower) != (c.County != "") {
			return fmt.Errorf("%s: a lower-tier council, and no other, has a county", c.Name)
		}
		if _, ok := kindOf(c.Type); !ok {
			return fmt.Errorf("type: %q is unknown", c.Type)
		}
		if c.Domain != strings.ToLower(c.Domain) || !isASCII(c.Domain) {
			return fmt.Errorf("domain: %q is not lower-case ASCII", c.Domain)
		}
		r.councils = append(r.councils, c)
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(r.councils, func(a, b Council) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.GSS, b.GSS))
	})
	return r.indexCouncils()
}

// indexCouncils builds the look-ups and checks what one row cannot tell: that keys are unique and references lead
// somewhere.
func (r *Register) indexCouncils() error {
	r.councilsByGSS = make(map[string]int, len(r.councils))
	r.councilsByLAE = make(map[string]int, len(r.councils))
	r.byDomain = make(map[string][]int, len(r.councils))
	counties, hexes := map[string]bool{}, map[Hex]string{}
	for i, c := range r.councils {
		if _, taken := r.councilsByGSS[c.GSS]; taken {
			return fmt.Errorf("councils.csv: %s is there twice", c.GSS)
		}
		r.councilsByGSS[c.GSS] = i
		if _, taken := r.councilsByLAE[c.ShortCode]; taken {
			return fmt.Errorf("councils.csv: short code %s is there twice", c.ShortCode)
		}
		r.councilsByLAE[c.ShortCode] = i
		if c.Domain != "" {
			r.byDomain[c.Domain] = append(r.byDomain[c.Domain], i)
		}
		counties[c.Name] = counties[c.Name] || c.Tier == Upper
		if c.Hex != nil {
			if other, taken := hexes[*c.Hex]; taken {
				return fmt.Errorf("councils.csv: %s and %s share a hex", other, c.Name)
			}
			hexes[*c.Hex] = c.Name
		}
	}
	for _, c := range r.councils {
		if c.County != "" && !counties[c.County] {
			return fmt.Errorf("councils.csv: %s is in an unknown county %q", c.Name, c.County)
		}
		for _, gss := range c.Neighbours {
			if _, ok := r.councilsByGSS[gss]; !ok || gss == c.GSS {
				return fmt.Errorf("councils.csv: %s has the neighbour %s, which is no other council", c.Name, gss)
			}
		}
	}
	return nil
}
