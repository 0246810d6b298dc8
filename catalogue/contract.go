package catalogue

import (
	"strings"
	"time"
)

// Stage says how far a contract or the notice of one is.
type Stage string

// The stages of a public record of a purchase.
const (
	StagePlanned Stage = "planned" // a published plan to buy
	StageTender  Stage = "tender"  // a live tender
	StageAwarded Stage = "awarded" // a contract that was let
)

// Contract is what a council bought, from whom, until when; or the published plan or tender for it.
type Contract struct {
	Meta
	Council             string   `json:"council"`
	Title               string   `json:"title"`
	Description         string   `json:"description,omitempty"`
	Supplier            string   `json:"supplier,omitempty"` // as the record writes it
	SupplierID          string   `json:"supplier_id,omitempty"`
	Product             string   `json:"product,omitempty"`  // as the record writes it
	Platform            string   `json:"platform,omitempty"` // platform ID, where the product is recognised
	Capability          string   `json:"capability,omitempty"`
	CapabilityConfirmed bool     `json:"capability_confirmed,omitempty"`
	CPV                 []string `json:"cpv,omitempty"`
	Value               float64  `json:"value,omitempty"` // GBP as published, whole term; 0: not stated
	Start               Date     `json:"start,omitzero"`
	End                 Date     `json:"end,omitzero"`
	ExtensionMonths     int      `json:"extension_months,omitempty"`
	Extension           string   `json:"extension,omitempty"` // what the record says of terms and extensions
	Route               string   `json:"route,omitempty"`
	Stage               Stage    `json:"stage"`
	Audience            Audience `json:"audience"`
	Source              Source   `json:"source"`
	Demonstration       bool     `json:"demonstration,omitempty"`

	NoticeMonths int       `json:"notice_months,omitempty"` // months' notice to end or extend it; 0: not stated. For councils
	Break        Date      `json:"break,omitzero"`          // when it may be ended early. For councils
	EndNote      string    `json:"end_note,omitempty"`      // what a register says instead of an end date: 'rolling'
	ExVAT        bool      `json:"ex_vat,omitempty"`        // the value is known to be without VAT
	Confirmed    time.Time `json:"confirmed,omitzero"`      // when the council last said that all of it is right
	Corrected    time.Time `json:"corrected,omitzero"`      // when the council last changed what the source says
}

// Key names the contract.
func (c *Contract) Key() Key { return Key{KindContract, c.ID} }

// EndIfExtended is the end after every extension, zero where no end is stated.
func (c *Contract) EndIfExtended() Date { return c.End.AddMonths(c.ExtensionMonths) }

// FrameworkCeiling says that the value is the most that all who may buy through a framework can spend, not what the
// council pays.
func (c *Contract) FrameworkCeiling() bool {
	return strings.Contains(strings.ToLower(c.Source.Note), "framework ceiling")
}

// Ended says that the stated end lies before the day asked for.
func (c *Contract) Ended(on time.Time) bool { return !c.End.IsZero() && c.End.Last().Before(on) }

func (c *Contract) owner() string { return c.Council }

func (c *Contract) sees(a Actor) (Item, bool) {
	if !c.Audience.admits(a, c.Council, nil) {
		return nil, false
	}
	out := *c
	if !Councils.admits(a, c.Council, nil) { // they tell a supplier where the council stands
		out.NoticeMonths, out.Break = 0, Date{}
	}
	return &out, true
}

func (c *Contract) index(add func(string, ...string)) {
	add("contract.council", c.Council)
	if c.Capability != "" {
		add("contract.need", c.Council, c.Capability)
	}
	if c.Platform != "" {
		add("contract.platform", c.Platform)
	}
	if c.SupplierID != "" {
		add("contract.supplier", c.SupplierID)
	}
}

func (c *Contract) validate(v *validation) {
	v.text("title", c.Title, 1, maxTitle)
	v.text("description", c.Description, 0, maxText)
	v.council("council", c.Council)
	v.text("supplier", c.Supplier, 0, maxTitle)
	v.text("product", c.Product, 0, maxTitle)
	v.text("extension", c.Extension, 0, maxTitle)
	v.text("route", c.Route, 0, maxTitle)
	v.list("cpv", c.CPV, 50)
	v.source(c.Source)
	if c.Capability != "" {
		v.capability("capability", c.Capability)
	}
	v.money("value_gbp", c.Value)
	v.date("start_date", c.Start)
	v.date("end_date", c.End)
	v.that(c.Start.IsZero() || c.End.IsZero() || !c.End.Last().Before(c.Start.First()), "end_date",
		"The end date must be after the start date")
	v.that(c.ExtensionMonths >= 0 && c.ExtensionMonths <= 240, "extension_months", "Extension must be 0 to 240 months")
	v.that(c.NoticeMonths >= 0 && c.NoticeMonths <= 60, "notice_months", "Notice must be 0 to 60 months")
	v.date("break_date", c.Break)
	v.that(c.Break.IsZero() || c.Start.IsZero() || !c.Break.Last().Before(c.Start.First()), "break_date",
		"The break date must be after the start date")
	v.that(c.Break.IsZero() || c.End.IsZero() || !c.EndIfExtended().Before(c.Break), "break_date",
		"The break date must be before the contract ends")
	v.text("end_note", c.EndNote, 0, maxTitle)
	v.that(c.Audience == Public || c.Audience == Councils || c.Audience == Own, "audience",
		"Choose who may see it: public, councils or own")
	v.that(c.Stage == StagePlanned || c.Stage == StageTender || c.Stage == StageAwarded, "stage",
		"the stage is planned, tender or awarded")
}
