package demo

import (
	"fmt"

	"jointly/catalogue"
)

type offerLine struct {
	Ref          string   `json:"ref"`
	Council      string   `json:"council"` // empty: a body's
	Body         string   `json:"body"`
	Direction    string   `json:"direction"`
	Title        string   `json:"title"`
	Text         string   `json:"text"`
	Role         string   `json:"role"`
	Capabilities []string `json:"capabilities"`
	From         int      `json:"from"`  // months on; 0: at once
	Until        int      `json:"until"` // months on; 0: not stated
	Amount       float64  `json:"amount"`
	Unit         string   `json:"unit"`
	Terms        string   `json:"terms"`
	Audience     string   `json:"audience"`
	Confirmed    int      `json:"confirmed"` // days ago
	Filled       int      `json:"filled"`    // days ago; 0: it stands
	Reason       string   `json:"reason"`
}

func (b *builder) readOffers() error {
	return readLines("offers.jsonl", func(l offerLine) error {
		if err := b.known(l.Council); l.Body == "" && err != nil {
			return fmt.Errorf("offer %s: %w", l.Ref, err)
		}
		o := catalogue.Offer{Meta: catalogue.Meta{ID: id("demo", l.Ref)}, Council: l.Council, Body: l.Body, Direction: catalogue.OfferDirection(l.Direction), Title: l.Title, Text: l.Text,
			Role: catalogue.OfferRole(l.Role), Capabilities: l.Capabilities, Amount: l.Amount, Unit: l.Unit, Terms: catalogue.OfferTerms(l.Terms),
			Audience: catalogue.Audience(l.Audience), Confirmed: b.ago(l.Confirmed), Demonstration: true}
		if l.From != 0 {
			o.From = b.first(l.From)
		}
		if l.Until != 0 {
			o.Until = b.last(l.Until)
		}
		if l.Filled != 0 {
			o.End = &catalogue.OfferEnd{At: b.ago(l.Filled), Filled: true, Reason: l.Reason}
		}
		b.out.Offers = append(b.out.Offers, o)
		return nil
	})
}
