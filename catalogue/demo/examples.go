package demo

import (
	"fmt"
	"time"

	"jointly/catalogue"
)

type exampleLine struct {
	Ref       string             `json:"ref"`
	Council   string             `json:"council"`
	Published int                `json:"published"` // days ago; 0: it is a draft that waits for review
	Asked     int                `json:"asked"`     // days ago, of such a draft
	Text      exampleTextLine    `json:"text"`
	Change    *exampleChangeLine `json:"change"`
}

type exampleTextLine struct {
	catalogue.ExampleText
	Changed []measureLine `json:"changed"`
}

type measureLine struct {
	catalogue.Measure
	Months int `json:"months"` // ago
}

type exampleChangeLine struct {
	Days int    `json:"days"` // ago
	Note string `json:"note"`
}

type adoptionLine struct {
	Example  string `json:"example"` // reference
	Council  string `json:"council"`
	Stage    string `json:"stage"`
	Months   int    `json:"months"` // ago
	Audience string `json:"audience"`
	Reason   string `json:"reason"`
}

func (b *builder) readExamples() error {
	return readLines("examples.jsonl", func(l exampleLine) error {
		if err := b.known(l.Council); err != nil {
			return err
		}
		x := catalogue.Example{Meta: catalogue.Meta{ID: id("demo", l.Ref)}, Council: l.Council, Demonstration: true}
		text := l.Text.ExampleText
		for _, m := range l.Text.Changed {
			m.When = b.month(m.Months)
			text.Changed = append(text.Changed, m.Measure)
		}
		if l.Published == 0 {
			x.Draft, x.Asked, x.AskedBy = &text, b.ago(l.Asked), b.personas[l.Council]
			b.out.Examples = append(b.out.Examples, x)
			return nil
		}
		x.Text, x.Published, x.Latest = text, b.ago(l.Published), b.ago(l.Published)
		x.Reviews = []catalogue.ExampleReview{{At: x.Published, Published: true}}
		if l.Change != nil {
			x.Latest = b.ago(l.Change.Days)
			x.Changes = []catalogue.ExampleChange{{At: x.Latest, Note: l.Change.Note}}
			x.Reviews = append(x.Reviews, catalogue.ExampleReview{At: x.Latest, Published: true})
		}
		b.out.Examples = append(b.out.Examples, x)
		return nil
	})
}

// month is the month that many months back.
func (b *builder) month(ago int) catalogue.Date {
	d := b.first(-ago)
	d.Day = 0
	return d
}

func (b *builder) readAdoptions() error {
	return readLines("adoptions.jsonl", func(l adoptionLine) error {
		if err := b.known(l.Council); err != nil {
			return err
		}
		var of *catalogue.Example
		for i := range b.out.Examples {
			if b.out.Examples[i].ID == id("demo", l.Example) {
				of = &b.out.Examples[i]
			}
		}
		if of == nil || !of.IsPublic() || of.Council == l.Council {
			return fmt.Errorf("%s cannot adopt %q", l.Council, l.Example)
		}
		said := b.month(l.Months).First()
		b.out.Adoptions = append(b.out.Adoptions, catalogue.Adoption{Meta: catalogue.Meta{ID: of.ID + "~" + l.Council}, Example: of.ID, Council: l.Council,
			Stage: catalogue.AdoptionStage(l.Stage), Since: b.month(l.Months), Reason: l.Reason, Audience: catalogue.Audience(l.Audience),
			Steps: []catalogue.AdoptionStep{{Stage: catalogue.AdoptionStage(l.Stage), At: said.Add(10 * time.Hour)}}, Demonstration: true})
		return nil
	})
}
