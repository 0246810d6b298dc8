package register

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"

	"jointly/catalogue/table"
)

// Service is a citizen service of the Local Government Service List.
type Service struct {
	LGSL       int // its number there
	Label      string
	Function   string   // the group it belongs to, such as Housing
	GovUKName  string   // what GOV.UK calls it, where it sends people to their council for it
	GovUK      bool     // GOV.UK does so
	Names      []string // what else people call it: blue badge, bin day
	Tiers      []string // the tiers of council that provide it (see Tier); none where not known
	Capability string   // the id of the capability that it stands on; blank where not known
}

// Services are all services by LGSL number.
func (r *Register) Services() []Service { return r.services }

// Service finds a service by its LGSL number.
func (r *Register) Service(lgsl int) (Service, bool) { return at(r.services, r.servicesByLGSL, lgsl) }

// Interaction is a way in which people deal with a service, of the Local Government Interaction List.
type Interaction struct {
	LGIL      int // its number there
	Name      string
	ShortName string
}

// Interactions are all interactions by LGIL number.
func (r *Register) Interactions() []Interaction { return r.interactions }

// Interaction finds an interaction by its LGIL number.
func (r *Register) Interaction(lgil int) (Interaction, bool) {
	i, ok := slices.BinarySearchFunc(r.interactions, lgil, func(n Interaction, lgil int) int {
		return cmp.Compare(n.LGIL, lgil)
	})
	if !ok {
		return Interaction{}, false
	}
	return r.interactions[i], true
}

func (r *Register) readServices(data fs.FS) error {
	r.servicesByLGSL = map[int]int{}
	const columns = "lgsl,label,function,govuk_transaction,govuk_name,council_tiers,capability"
	return table.Read(data, "services.csv", columns, func(row *table.Row) error {
		s := Service{
			LGSL:       row.Integer("lgsl"),
			Label:      row.Need("label"),
			Function:   row.Text("function"),
			GovUK:      row.Flag("govuk_transaction"),
			GovUKName:  row.Text("govuk_name"),
			Tiers:      row.List("council_tiers"),
			Capability: row.Text("capability"),
		}
		for _, tier := range s.Tiers {
			if t := Tier(tier); t != Single && t != Upper && t != Lower {
				return fmt.Errorf("council_tiers: %q is no tier", tier)
			}
		}
		if n := len(r.services); n > 0 && r.services[n-1].LGSL >= s.LGSL {
			return fmt.Errorf("lgsl: %d is there twice or out of order", s.LGSL)
		}
		r.servicesByLGSL[s.LGSL] = len(r.services)
		r.services = append(r.services, s)
		return nil
	})
}

// readServiceNames adds what people call services beside their labels; the file was written for this product.
func (r *Register) readServiceNames(data fs.FS) error {
	return table.Read(data, "service_names.csv", "lgsl,names", func(row *table.Row) error {
		i, ok := r.servicesByLGSL[row.Integer("lgsl")]
		if !ok {
			return fmt.Errorf("lgsl: %s is no service", row.Text("lgsl"))
		}
		r.services[i].Names = row.List("names")
		return nil
	})
}

func (r *Register) readInteractions(data fs.FS) error {
	return table.Read(data, "interactions.csv", "lgil,name,short_name", func(row *table.Row) error {
		n := Interaction{LGIL: row.Integer("lgil"), Name: row.Need("name"), ShortName: row.Need("short_name")}
		if last := len(r.interactions) - 1; last >= 0 && r.interactions[last].LGIL >= n.LGIL {
			return fmt.Errorf("lgil: %d is there twice or out of order", n.LGIL)
		}
		r.interactions = append(r.interactions, n)
		return nil
	})
}
