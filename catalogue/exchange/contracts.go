package exchange

import (
	"encoding/json"
	"io"
	"time"

	"jointly/catalogue"
)

// Contracts reads contracts from JSON lines, as exports write them.
func (r *Reader) Contracts(in io.Reader) (*File, error) {
	f := &File{}
	refs := unique{}
	err := f.eachLine(in, func(l *line) {
		c := &catalogue.Contract{
			Meta:                catalogue.Meta{Ref: l.required("ref")},
			Council:             l.council(r),
			Title:               l.required("title"),
			Description:         l.text("description"),
			Supplier:            l.text("supplier"),
			Product:             l.text("product"),
			Capability:          l.capability(r, "capability", l.text("capability")),
			CapabilityConfirmed: l.yes("capability_confirmed"),
			CPV:                 l.cpv(r),
			Value:               l.amount("value_gbp"),
			Start:               l.date("start_date"),
			End:                 l.date("end_date"),
			ExtensionMonths:     l.months("extension_months"),
			Extension:           l.text("extension"),
			Route:               l.text("route"),
			Stage:               catalogue.Stage(l.text("stage")),
			Audience:            catalogue.Audience(l.text("audience")),
			NoticeMonths:        l.months("notice_months"),
			Break:               l.date("break_date"),
			EndNote:             l.text("end_note"),
			ExVAT:               l.yes("value_ex_vat"),
			Confirmed:           l.moment("confirmed"),
			Corrected:           l.moment("corrected"),
			Source: catalogue.Source{Text: l.text("source"), Reference: l.text("source_reference"), Date: l.date("source_date"),
				Kind: l.text("source_kind"), Note: l.text("source_note")},
		}
		l.raw("demonstration") // exports say it; the code says it again
		if c.Value == 0.01 {
			c.Value = 0 // publishers write it for unknown
		}
		if c.Stage == "" {
			c.Stage = catalogue.StageAwarded
		}
		if c.Audience == "" {
			c.Audience = catalogue.Public
		}
		if c.Source.Text == "" {
			c.Source.Text = "Contracts register of the council"
		}
		if c.End.IsZero() && !l.failed {
			f.warn(l.row, "end_date", "No end date: kept without one. Add the date when you know it")
		}
		c.CapabilityConfirmed = c.CapabilityConfirmed && c.Capability != ""
		refs.check(l, c.Council, c.Ref)
		if !l.failed {
			f.add(l.row, c)
		}
	})
	return f, err
}

type contractLine struct {
	Ref                 string          `json:"ref"`
	Council             string          `json:"council"`
	Title               string          `json:"title"`
	Description         string          `json:"description"`
	Supplier            string          `json:"supplier"`
	Product             string          `json:"product,omitempty"`
	Capability          string          `json:"capability"`
	CapabilityConfirmed bool            `json:"capability_confirmed"`
	CPV                 []string        `json:"cpv"`
	Value               json.RawMessage `json:"value_gbp"`
	Start               catalogue.Date  `json:"start_date"`
	End                 catalogue.Date  `json:"end_date"`
	ExtensionMonths     json.RawMessage `json:"extension_months"`
	Extension           string          `json:"extension,omitempty"`
	Route               string          `json:"route"`
	NoticeMonths        int             `json:"notice_months,omitempty"`
	Break               catalogue.Date  `json:"break_date,omitzero"`
	EndNote             string          `json:"end_note,omitempty"`
	ExVAT               bool            `json:"value_ex_vat,omitempty"`
	Stage               string          `json:"stage"`
	Audience            string          `json:"audience"`
	Source              string          `json:"source"`
	SourceReference     string          `json:"source_reference,omitempty"`
	SourceDate          catalogue.Date  `json:"source_date,omitzero"`
	SourceKind          string          `json:"source_kind,omitempty"`
	SourceNote          string          `json:"source_note,omitempty"`
	Confirmed           time.Time       `json:"confirmed,omitzero"` // by the council
	Corrected           time.Time       `json:"corrected,omitzero"` // by the council
	Demonstration       bool            `json:"demonstration,omitempty"`
}

func contractOut(c *catalogue.Contract) contractLine {
	return contractLine{
		Ref: refOf(c), Council: c.Council, Title: c.Title, Description: c.Description, Supplier: c.Supplier, Product: c.Product,
		Capability: c.Capability, CapabilityConfirmed: c.CapabilityConfirmed, CPV: list(c.CPV), Value: number(c.Value),
		Start: c.Start, End: c.End, ExtensionMonths: number(float64(c.ExtensionMonths)), Extension: c.Extension, Route: c.Route,
		Stage: string(c.Stage), Audience: string(c.Audience), Source: c.Source.Text, SourceReference: c.Source.Reference,
		NoticeMonths: c.NoticeMonths, Break: c.Break, EndNote: c.EndNote, ExVAT: c.ExVAT, Confirmed: c.Confirmed, Corrected: c.Corrected,
		SourceDate: c.Source.Date, SourceKind: c.Source.Kind, SourceNote: c.Source.Note, Demonstration: c.Demonstration,
	}
}

// moment is an instant as exports write it; the zero time where none is stated.
func (l *line) moment(name string) time.Time {
	s := l.text(name)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		l.fail(name, "This is not a day and time: write it as 2027-04-30T12:00:00Z")
	}
	return t.UTC()
}

// number is an amount in JSON; null where it is not known.
func number(n float64) json.RawMessage {
	if n == 0 {
		return json.RawMessage("null")
	}
	b, err := json.Marshal(n)
	if err != nil { // not a number: never stored
		return json.RawMessage("null")
	}
	return b
}
