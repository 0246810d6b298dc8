package register

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/table"
)

// ReorganisationStatuses lists how far a reorganisation can have come, from least to most.
func ReorganisationStatuses() []ReorganisationStatus {
	return []ReorganisationStatus{StatusUnknown, StatusProposed, StatusConsultation, StatusDecided}
}

// ReorganisationStatus is how far a reorganisation has come.
type ReorganisationStatus string

// How far a reorganisation has come.
const (
	StatusUnknown      ReorganisationStatus = "unknown"      // named in a proposal, no more
	StatusProposed     ReorganisationStatus = "proposed"     // the Government proposes it
	StatusConsultation ReorganisationStatus = "consultation" // consulted on; no decision seen
	StatusDecided      ReorganisationStatus = "decided"
)

// Reorganisation is what is known of a council's end: which councils take its place and when. SuccessorName is blank
// and Successors empty where that is not decided; a council that stays as it is has a SuccessorName that says so and
// no Successors.
type Reorganisation struct {
	CouncilGSS    string
	CouncilName   string
	Area          string   // the area that is reorganised together, such as Kent and Medway
	SuccessorName string   // as stated, splits and working names included
	Successors    []string // the new councils that take it or a part of it, by name
	Vesting       time.Time
	Status        ReorganisationStatus
	Source        string // where this was read, how sure it is, and what was not seen
}

// Stays says that the area is reorganised and this council is not.
func (r Reorganisation) Stays() bool {
	return len(r.Successors) == 0 && strings.Contains(r.SuccessorName, "stays")
}

// Ends says that the council is to end on a day that is named, decided or only expected.
func (r Reorganisation) Ends() bool {
	return r.Status != StatusUnknown && !r.Vesting.IsZero() && !r.Stays()
}

// Reorganisations are all councils' reorganisations by area and council's name.
func (r *Register) Reorganisations() []Reorganisation { return r.reorganisations }

// ReorganisationOf is what is known of a council's reorganisation; none for most unitary councils.
func (r *Register) ReorganisationOf(gss string) []Reorganisation { return r.reorganisationsByGSS[gss] }

// ReorganisationIn is what is known of the reorganisation of an area, by council's name.
func (r *Register) ReorganisationIn(area string) []Reorganisation {
	return r.reorganisationsByArea[area]
}

func (r *Register) readReorganisations(data fs.FS) error {
	sources := map[string]string{}
	err := table.Read(data, "reorganisation_sources.csv", "key,source", func(row *table.Row) error {
		key := row.Need("key")
		if _, taken := sources[key]; taken {
			return fmt.Errorf("key: %s is there twice", key)
		}
		sources[key] = row.Need("source")
		return nil
	})
	if err != nil {
		return err
	}

	r.reorganisationsByGSS = map[string][]Reorganisation{}
	r.reorganisationsByArea = map[string][]Reorganisation{}
	const columns = "gss,area,successor_name,successors,vesting_date,status,source"
	err = table.Read(data, "reorganisation.csv", columns, func(row *table.Row) error {
		council, ok := r.Council(row.Need("gss"))
		if !ok {
			return fmt.Errorf("gss: no council %q", row.Text("gss"))
		}
		source, ok := sources[row.Need("source")]
		if !ok {
			return fmt.Errorf("source: no key %q", row.Text("source"))
		}
		o := Reorganisation{
			CouncilGSS:    council.GSS,
			CouncilName:   council.Name,
			Area:          row.Need("area"),
			SuccessorName: row.Text("successor_name"),
			Successors:    row.List("successors"),
			Vesting:       row.Date("vesting_date"),
			Status: ReorganisationStatus(row.OneOf("status", string(StatusUnknown), string(StatusProposed),
				string(StatusConsultation), string(StatusDecided))),
			Source: source,
		}
		for _, other := range r.reorganisations {
			if other.CouncilGSS == o.CouncilGSS && other.Area == o.Area {
				return fmt.Errorf("%s is there twice for %s", o.CouncilName, o.Area)
			}
		}
		if len(o.Successors) > 0 && (o.SuccessorName == "" || o.Vesting.IsZero()) {
			return fmt.Errorf("%s has successors without the statement or the date", o.CouncilName)
		}
		r.reorganisations = append(r.reorganisations, o)
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(r.reorganisations, func(a, b Reorganisation) int {
		return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.CouncilName, b.CouncilName))
	})
	for _, o := range r.reorganisations {
		r.reorganisationsByGSS[o.CouncilGSS] = append(r.reorganisationsByGSS[o.CouncilGSS], o)
		r.reorganisationsByArea[o.Area] = append(r.reorganisationsByArea[o.Area], o)
	}
	return nil
}
