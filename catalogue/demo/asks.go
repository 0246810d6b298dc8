package demo

import (
	"fmt"

	"jointly/catalogue"
)

type bodyLine struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	About  string `json:"about"`
	Domain string `json:"domain"`
}

type askLine struct {
	Ref        string          `json:"ref"`
	Body       string          `json:"body"`
	Title      string          `json:"title"`
	Why        string          `json:"why"`
	Capability string          `json:"capability"`
	Supports   []supportLine   `json:"supports"` // who wrote it first
	Answers    []askAnswerLine `json:"answers"`
}

type supportLine struct {
	Council  string `json:"council"`
	Audience string `json:"audience"`
	Days     int    `json:"days"` // ago
}

type askAnswerLine struct {
	Days  int    `json:"days"` // ago
	State string `json:"state"`
	Text  string `json:"text"`
}

func (b *builder) readBodies() error {
	return readLines("bodies.jsonl", func(l bodyLine) error {
		b.out.Bodies = append(b.out.Bodies, catalogue.Body{Meta: catalogue.Meta{ID: l.ID}, Name: l.Name, Kind: catalogue.BodyKind(l.Kind), About: l.About, Domain: l.Domain,
			Source: "Invented for the demonstration", Demonstration: true})
		return nil
	})
}

func (b *builder) readAsks() error {
	return readLines("asks.jsonl", func(l askLine) error {
		if len(l.Supports) == 0 {
			return fmt.Errorf("ask %s is of no council", l.Ref)
		}
		a := catalogue.Ask{Meta: catalogue.Meta{ID: id("demo", l.Ref)}, Body: l.Body, Council: l.Supports[0].Council, Title: l.Title, Why: l.Why, Capability: l.Capability, Asked: b.ago(l.Supports[0].Days), Demonstration: true}
		for _, s := range l.Supports {
			if err := b.known(s.Council); err != nil {
				return fmt.Errorf("ask %s: %w", l.Ref, err)
			}
			a.Supports = append(a.Supports, catalogue.AskSupport{Council: s.Council, Audience: catalogue.Audience(s.Audience), At: b.ago(s.Days)})
		}
		for _, n := range l.Answers {
			a.Answers = append(a.Answers, catalogue.AskAnswer{At: b.ago(n.Days), State: catalogue.AskState(n.State), Text: n.Text})
		}
		b.out.Asks = append(b.out.Asks, a)
		return nil
	})
}
