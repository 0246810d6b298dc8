package demo

import (
	"jointly/catalogue"
)

// quietLine is a need that its council shows to nobody: what the demand figures are made of.
type quietLine struct {
	Ref         string     `json:"ref"`
	Council     string     `json:"council"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Capability  string     `json:"capability"`
	Window      [2]int     `json:"window"`    // months on
	Budget      [2]float64 `json:"budget"`    // GBP ex VAT
	Confirmed   int        `json:"confirmed"` // days ago
}

func (b *builder) readQuiet() error {
	return readLines("quiet.jsonl", func(l quietLine) error {
		b.out.Intentions = append(b.out.Intentions, catalogue.Intention{
			Meta:    catalogue.Meta{ID: id("demo-quiet", l.Ref), Ref: "QUIET-" + l.Ref},
			Council: l.Council, Title: l.Title, Description: l.Description, Capability: l.Capability,
			Budget:      catalogue.Money{Min: l.Budget[0], Max: l.Budget[1]},
			WindowStart: b.first(l.Window[0]), WindowEnd: b.last(l.Window[1]),
			Visibility: catalogue.Own, Fields: catalogue.DefaultIntentionAudiences(), Confirmed: b.ago(l.Confirmed), Demonstration: true,
		})
		return b.known(l.Council)
	})
}
