package demo

import (
	"jointly/catalogue"
	"jointly/catalogue/register"
)

type vestingLine struct {
	Council   string `json:"council"`
	Area      string `json:"area"`
	Successor string `json:"successor"`
	Months    int    `json:"months"` // on
	Status    string `json:"status"`
	Source    string `json:"source"`
	Read      int    `json:"read"` // days ago
}

// readVestings makes invented councils a cohort.
func (b *builder) readVestings() error {
	return readLines("vestings.jsonl", func(l vestingLine) error {
		b.out.Vestings = append(b.out.Vestings, catalogue.Vesting{
			Meta:    catalogue.Meta{ID: catalogue.VestingID(l.Council, l.Area)},
			Council: l.Council, Area: l.Area, SuccessorName: l.Successor, Successors: []string{l.Successor}, Date: b.first(l.Months),
			Status: register.ReorganisationStatus(l.Status), Source: l.Source, Read: catalogue.DateOf(b.ago(l.Read)), Demonstration: true,
		})
		return b.known(l.Council)
	})
}
