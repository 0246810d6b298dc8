package exchange

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"jointly/catalogue"
)

// PlanFigure is a figure of the plan as programs read it. What is not shown has no row.
type PlanFigure struct {
	Figure   string   `json:"figure"`             // what is counted, of PlanDefinitions
	Of       string   `json:"of,omitempty"`       // the call, example, stage, region or type that it is of
	Part     string   `json:"part,omitempty"`     // of a call: region or type, and which
	Low      *float64 `json:"low"`                // the figure, or the low end of a range
	High     *float64 `json:"high,omitempty"`     // the high end of a range
	Unit     string   `json:"unit"`               // councils, groups, GBP a year or GBP
	Councils int      `json:"councils,omitempty"` // at least so many are behind it
	Drawn    string   `json:"drawn"`              // the day on which it was drawn

	Demonstration bool `json:"demonstration"` // of invented councils
}

// PlanFile is the figures of the plan as programs read them.
type PlanFile struct {
	Day         catalogue.Date `json:"day"`
	Cite        string         `json:"cite"`
	Address     string         `json:"address"`
	Licence     string         `json:"licence"`
	LicenceURL  string         `json:"licence_url"`
	Definitions []string       `json:"definitions"`
	Figures     []PlanFigure   `json:"figures"`
}

// PlanDefinitions say what the figures of the plan are.
func PlanDefinitions() []string {
	return []string{
		"asked, signed: councils that a call for evidence asks, and those that have signed an answer. Of a region or type signed is at least so many: councils that gave their name, and whole fives of others. Rows that would tell of a council which did not are put together or left out.",
		"live, started, fits: other councils that say of an example that they do it or have started, and councils of the types and nations that it names. Councils that do not give their name are counted in whole fives.",
		"groups-public: groups that buy together and have a public card, as of the day. groups-others: at least so many more, of which nothing public tells.",
		"savings-forecast, savings-actual, one-off: what members of groups state in their ledgers, excluding VAT, in round numbers. A forecast is a range, never a promise. Only where at least seven councils stand behind a figure, none with more than half.",
	}
}

// NewPlanFile gathers the figures of the plan that anybody may know, as of a day; base is how people reach the service.
func NewPlanFile(v *catalogue.PlanView, e *catalogue.PlanEvidence, day catalogue.Date, base string) PlanFile {
	f := PlanFile{Day: day, Cite: "Jointly, the plan for local online services, figures of " + day.Words(), Address: base + "/plan/figures.json", Licence: EditionLicence, LicenceURL: EditionLicenceURL,
		Definitions: PlanDefinitions(), Figures: []PlanFigure{}}
	if v.Figures != nil {
		f.Cite += ", with " + v.Figures.Cite()
	}
	count := func(figure, of, part string, n int, unit string, invented bool) {
		low := float64(n)
		f.Figures = append(f.Figures, PlanFigure{Figure: figure, Of: of, Part: part, Low: &low, Unit: unit, Drawn: day.String(), Demonstration: invented})
	}
	for _, call := range e.Calls {
		rows := []struct {
			part string
			catalogue.CoverRow
		}{{"", catalogue.CoverRow{Asked: call.Asked, Signed: call.Signed}}}
		for _, cover := range []struct {
			what string
			rows []catalogue.CoverRow
		}{{"region: ", call.ByRegion}, {"type: ", call.ByType}} {
			if len(cover.rows) < 2 { // one row says what the call's own says
				continue
			}
			for _, r := range cover.rows {
				rows = append(rows, struct {
					part string
					catalogue.CoverRow
				}{cover.what + r.Name, r})
			}
		}
		for _, r := range rows {
			count("asked", call.Call.Title, r.part, r.Asked, "councils", call.Call.Demonstration)
			count("signed", call.Call.Title, r.part, r.Signed, "councils", call.Call.Demonstration)
		}
	}
	for _, x := range e.Examples {
		title, invented := x.Example.Text.Title, x.Example.Demonstration
		count("live", title, "", x.Figures.Live, "councils", invented)
		count("started", title, "", x.Figures.Started, "councils", invented)
		count("fits", title, "", x.Figures.Of, "councils", invented)
	}
	for _, stage := range catalogue.GroupStages() {
		count("groups-public", string(stage), "", v.Stages[stage], "groups", v.Invented)
		if g, ok := v.Figures.Figure(catalogue.PlanGroups + string(stage)); ok {
			f.Figures = append(f.Figures, PlanFigure{Figure: "groups-others", Of: string(stage), Low: &g.Low, Unit: "groups", Councils: g.Councils, Drawn: g.Drawn.String(), Demonstration: v.Invented})
		}
	}
	for _, name := range []string{catalogue.PlanForecast, catalogue.PlanActual, catalogue.PlanOneOff} {
		unit := "GBP a year"
		if name == catalogue.PlanOneOff {
			unit = "GBP"
		}
		if g, ok := v.Figures.Figure(name); ok {
			f.Figures = append(f.Figures, PlanFigure{Figure: name, Low: &g.Low, High: &g.High, Unit: unit, Councils: g.Councils, Drawn: g.Drawn.String(), Demonstration: v.Invented})
		}
	}
	return f
}

// PlanJSON writes the figures of the plan.
func PlanJSON(w io.Writer, f PlanFile) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(f)
}

// PlanCSV writes the figures of the plan for a spreadsheet, each with how to cite it.
func PlanCSV(w io.Writer, f PlanFile) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	number := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'f', -1, 64)
	}
	rows := [][]string{{"figure", "of", "part", "low", "high", "unit", "councils", "drawn", "demonstration", "cite"}}
	for _, r := range f.Figures {
		councils := ""
		if r.Councils > 0 {
			councils = strconv.Itoa(r.Councils)
		}
		rows = append(rows, []string{r.Figure, SafeCell(r.Of), SafeCell(r.Part), number(r.Low), number(r.High), r.Unit, councils, r.Drawn, strconv.FormatBool(r.Demonstration), f.Cite})
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	return nil
}
