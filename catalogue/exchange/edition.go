package exchange

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"jointly/catalogue"
	"jointly/catalogue/baseline"
	"jointly/catalogue/register"
)

// EditionLicence is how an edition may be used: its figures are no council's own.
const (
	EditionLicence    = "Open Government Licence v3.0"
	EditionLicenceURL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
)

// EditionFigure is a figure of an edition as programs read it. What is not said is left out.
type EditionFigure struct {
	LGSL        int      `json:"lgsl"`
	Service     string   `json:"service"`
	PeriodStart string   `json:"period_start"`
	PeriodEnd   string   `json:"period_end"`
	Measure     string   `json:"measure"`           // contacts, rate, share or cost
	Channel     string   `json:"channel,omitempty"` // empty: all
	Unit        string   `json:"unit"`
	Councils    int      `json:"councils"`
	Lower       *float64 `json:"lower_quartile,omitempty"`
	Median      *float64 `json:"median,omitempty"`
	Upper       *float64 `json:"upper_quartile,omitempty"`
	Total       *float64 `json:"total,omitempty"`
	Since       int      `json:"since_edition"`
}

// EditionFile is an edition as programs read it.
type EditionFile struct {
	Number        int             `json:"number"`
	Day           catalogue.Date  `json:"day"`
	Cite          string          `json:"cite"`
	Address       string          `json:"address"`
	Licence       string          `json:"licence"`
	LicenceURL    string          `json:"licence_url"`
	Method        int             `json:"method"`
	Demonstration bool            `json:"demonstration"` // the returns are those of invented councils
	Definitions   []string        `json:"definitions"`
	Figures       []EditionFigure `json:"figures"`
}

// EditionDefinitions say what figures of an edition are; pages say the same.
func EditionDefinitions() []string {
	return []string{
		"Contacts: how often people came about a service through a channel, as councils counted or estimated them for the period, scaled to a year of 365 days. A contact counts once, in the channel where it was made.",
		"Rate: contacts a year for each 1,000 residents (population of 2020).",
		"Share: contacts of a channel among those of all four, in per cent; the digital share is that of the online channel. Of returns that state all four channels.",
		"Cost: pounds a contact, excluding VAT: what a council says that a channel cost for the service, divided by its contacts. Councils count different things in it, so it is given as a range.",
		"Median and quartiles are over councils, each counting once, whatever its size; quartiles by linear interpolation (type 7, as QUARTILE.INC of spreadsheets).",
		"Behind a figure stand at least 7 councils whose return is not seen under their name, or none; where all are public, at least 5. Quartiles from 8 councils. A total only where no council has more than half of it.",
		"Rates, costs and totals are rounded to two significant figures, shares to whole per cent.",
		"A figure is drawn anew once at least 7 councils have joined, changed or left; until then it stands as it was drawn (since_edition).",
	}
}

func editionFigures(e *catalogue.Edition, reg *register.Register) []EditionFigure {
	out := make([]EditionFigure, 0, len(e.Figures))
	for _, f := range e.Figures {
		kind, channel := f.Measure.Parts()
		service, _ := reg.Service(f.LGSL)
		round, _ := e.Round(f.LGSL, f.Start)
		out = append(out, EditionFigure{LGSL: f.LGSL, Service: service.Label, PeriodStart: f.Start, PeriodEnd: round.End.String(), Measure: string(kind), Channel: channel,
			Unit: f.Measure.Unit(), Councils: f.N, Lower: f.Lower, Median: f.Median, Upper: f.Upper, Total: f.Total, Since: f.Since})
	}
	return out
}

// EditionJSON writes an edition; base is how people reach the service.
func EditionJSON(w io.Writer, e *catalogue.Edition, reg *register.Register, base string) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(EditionFile{Number: e.Number, Day: e.Day, Cite: e.Cite(), Address: base + e.Address(), Licence: EditionLicence, LicenceURL: EditionLicenceURL, Method: e.Method,
		Demonstration: e.Demonstration, Definitions: EditionDefinitions(), Figures: editionFigures(e, reg)})
}

// EditionCSV writes the figures of an edition for a spreadsheet.
func EditionCSV(w io.Writer, e *catalogue.Edition, reg *register.Register) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write edition: %w", err)
	}
	number := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'f', -1, 64)
	}
	rows := [][]string{{"edition", "day", "lgsl", "service", "period_start", "period_end", "measure", "channel", "unit", "councils", "lower_quartile", "median", "upper_quartile", "total", "since_edition", "demonstration"}}
	for _, f := range editionFigures(e, reg) {
		channel := f.Channel
		if channel == "" {
			channel = "all"
		}
		rows = append(rows, []string{strconv.Itoa(e.Number), e.Day.String(), strconv.Itoa(f.LGSL), SafeCell(f.Service), f.PeriodStart, f.PeriodEnd, f.Measure, channel, f.Unit,
			strconv.Itoa(f.Councils), number(f.Lower), number(f.Median), number(f.Upper), number(f.Total), strconv.Itoa(f.Since), strconv.FormatBool(e.Demonstration)})
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write edition: %w", err)
	}
	return nil
}

// MeasureWords is what pages call a measure.
func MeasureWords(m baseline.Measure) string {
	kind, channel := m.Parts()
	of := ""
	if channel != "" {
		of = ", " + catalogue.Channel(channel).Words()
	}
	switch kind {
	case baseline.Contacts:
		return "Contacts a year"
	case baseline.Rate:
		return "Contacts per 1,000 residents" + of
	case baseline.Share:
		return "Share of contacts" + of
	case baseline.Cost:
		return "Cost of a contact" + of
	}
	return string(m)
}
