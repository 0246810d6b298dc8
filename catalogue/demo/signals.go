package demo

import (
	"fmt"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

type signalLine struct {
	Ref        string          `json:"ref"`
	Intention  string          `json:"intention"` // reference; or
	Group      string          `json:"group"`     // reference
	Stage      string          `json:"stage"`
	Published  int             `json:"published"` // days ago
	Title      string          `json:"title"`
	Capability string          `json:"capability"`
	Scope      string          `json:"scope"`
	Lots       string          `json:"lots"`
	LotsReason string          `json:"lots_reason"`
	Engagement int             `json:"engagement"` // days on; 0: none
	EngageHow  string          `json:"engagement_how"`
	EngageLink string          `json:"engagement_link"`
	Respond    string          `json:"respond"`
	AskBy      int             `json:"ask_by"` // days on; 0: no last day
	AnswerDays int             `json:"answer_days"`
	Named      []string        `json:"named"` // references of intentions whose councils agreed to be named
	Change     *signalPastLine `json:"change"`
}

type signalPastLine struct {
	Days int    `json:"days"` // ago
	Name string `json:"name"`
	Text string `json:"text"` // what it said until then
}

type questionLine struct {
	Ref      string `json:"ref"`
	Signal   string `json:"signal"` // reference
	Supplier string `json:"supplier"`
	Asked    int    `json:"asked"` // days ago
	Question string `json:"question"`
	Text     string `json:"text"` // as published; blank: not answered
	Answer   string `json:"answer"`
	Answered int    `json:"answered"` // days ago
}

func (b *builder) readSignals() error {
	return readLines("signals.jsonl", func(l signalLine) error {
		x := catalogue.Signal{Meta: catalogue.Meta{ID: id("demo", l.Ref)}, Published: b.ago(l.Published), Latest: b.ago(l.Published), Demonstration: true,
			Text: catalogue.SignalText{Title: l.Title, Capability: l.Capability, Stage: catalogue.SignalStage(l.Stage), Scope: l.Scope, Lots: l.Lots, LotsReason: l.LotsReason,
				EngageHow: l.EngageHow, EngageLink: l.EngageLink, Respond: l.Respond, AnswerDays: l.AnswerDays}}
		if l.Engagement > 0 {
			x.Text.Engagement = catalogue.DateOf(b.ago(-l.Engagement))
		}
		if l.AskBy > 0 {
			x.Text.AskBy = catalogue.DateOf(b.ago(-l.AskBy))
		}
		if l.Change != nil {
			x.Latest = b.ago(l.Change.Days)
			x.Changes = []catalogue.SignalChange{{At: x.Latest, Was: []catalogue.SignalFact{{Name: l.Change.Name, Text: l.Change.Text}}}}
		}
		if err := b.signalOf(&x, l); err != nil {
			return err
		}
		x.Readings = []catalogue.SignalReading{{Account: b.personas[x.Council], At: x.Published, Notes: b.lawNotes(x.Published)}}
		b.out.Signals = append(b.out.Signals, x)
		return nil
	})
}

// lawNotes is what an officer read on a day of preliminary market engagement.
func (b *builder) lawNotes(on time.Time) []catalogue.LawNote {
	r, ok := b.register.Rule(register.Notice, "UK2", on)
	if !ok {
		return []catalogue.LawNote{}
	}
	return []catalogue.LawNote{{Code: r.Code, Title: r.Name, Text: r.AppliesTo, From: catalogue.DateOf(r.From), Source: r.Source, Known: r.Known}}
}

// signalOf says whose signal it is, and who is named in it.
func (b *builder) signalOf(x *catalogue.Signal, l signalLine) error {
	if l.Group == "" {
		in := b.intentions[l.Intention]
		if in == nil {
			return fmt.Errorf("unknown intention %q", l.Intention)
		}
		x.Intention, x.Council = in.ID, in.Council
		return nil
	}
	x.Group = id("demo", l.Group)
	for _, g := range b.out.Groups {
		if g.ID == x.Group {
			x.Council = g.Lead
		}
	}
	if x.Council == "" {
		return fmt.Errorf("no group %q with a lead", l.Group)
	}
	x.Named = []catalogue.SignalNamed{{Council: x.Council, Yes: true, At: x.Published}}
	for _, ref := range l.Named {
		in := b.intentions[ref]
		if in == nil {
			return fmt.Errorf("unknown intention %q", ref)
		}
		x.Named = append(x.Named, catalogue.SignalNamed{Council: in.Council, Yes: true, At: x.Published})
	}
	return nil
}

func (b *builder) readQuestions() error {
	numbers := map[string]int{}
	return readLines("questions.jsonl", func(l questionLine) error {
		supplier, err := b.supplier(l.Supplier)
		if err != nil {
			return err
		}
		q := catalogue.SignalQuestion{Meta: catalogue.Meta{ID: id("demo", l.Ref)}, Signal: id("demo", l.Signal), Supplier: supplier, Original: l.Question, Asked: b.ago(l.Asked), Demonstration: true}
		for _, a := range b.out.Accounts {
			if a.OrgKind == catalogue.OrgSupplier && a.Org == supplier {
				q.Account = a.ID
			}
		}
		for i := range b.out.Signals {
			x := &b.out.Signals[i]
			if x.ID != q.Signal {
				continue
			}
			if l.Text != "" {
				numbers[q.Signal]++
				q.Number, q.Text, q.Answer, q.Answered, q.By = numbers[q.Signal], l.Text, l.Answer, b.ago(l.Answered), b.personas[x.Council]
				if q.Answered.After(x.Latest) {
					x.Latest = q.Answered
				}
			}
			b.out.Questions = append(b.out.Questions, q)
			return nil
		}
		return fmt.Errorf("unknown signal %q", l.Signal)
	})
}
