package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"jointly/catalogue"
)

// ReturnOut is a row of a file of returns: the figures of one channel.
type ReturnOut struct {
	Council  string                `json:"council"`
	LGSL     int                   `json:"lgsl"`
	Start    catalogue.Date        `json:"period_start"`
	End      catalogue.Date        `json:"period_end"`
	Channel  catalogue.Channel     `json:"channel"`
	Volume   int64                 `json:"volume"`
	Cost     *float64              `json:"cost_gbp"` // null: not stated
	Method   catalogue.CountMethod `json:"method"`
	Audience catalogue.Audience    `json:"audience"`
}

// returnsOut is the rows of a signed return as it stands; none for a draft.
func returnsOut(r *catalogue.Return) []ReturnOut {
	now, _ := r.Current()
	var out []ReturnOut
	for _, l := range now.Lines {
		out = append(out, ReturnOut{Council: r.Council, LGSL: r.LGSL, Start: r.Start, End: r.End, Channel: l.Channel, Volume: l.Volume, Cost: l.Cost,
			Method: l.Method, Audience: now.Audience})
	}
	return out
}

// ReturnTemplate is the rows that a council fills in for a call, with what it has entered so far.
type ReturnTemplate struct {
	Costs bool // the call asks for costs
	rows  [][]any
}

// TemplateFor makes the template of a council's answer: a row for each service and channel.
func TemplateFor(v *catalogue.AnswerView) ReturnTemplate {
	t := ReturnTemplate{Costs: v.Call.Costs}
	for _, p := range v.Services {
		for _, ch := range catalogue.Channels() {
			row := []any{v.Council.GSS, p.Service.LGSL, p.Service.Label, v.Call.Start.String(), v.Call.End.String(), string(ch), nil, nil, nil}
			for _, l := range p.Lines() {
				if l.Channel != ch {
					continue
				}
				row[6], row[8] = l.Volume, string(l.Method)
				if l.Cost != nil {
					row[7] = *l.Cost
				}
			}
			t.rows = append(t.rows, row)
		}
	}
	return t
}

func templateTitles() []string {
	return []string{colCouncil, colLGSL, colService, colStart, colEnd, colChannel, colVolume, colCost, colMethod}
}

// CSV writes the template for a spreadsheet or an editor.
func (t ReturnTemplate) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("template: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(templateTitles()); err != nil {
		return fmt.Errorf("template: %w", err)
	}
	for _, row := range t.rows {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = SafeCell(templateText(v))
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("template: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

func templateText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// XLSX writes the template as a workbook whose cells for method offer the two that there are.
func (t ReturnTemplate) XLSX(w io.Writer) (err error) {
	const sheet = "Return"
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("template: %w", err)
	}
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("template: %w", err)
	}
	titles := templateTitles()
	if err := f.SetSheetRow(sheet, "A1", &titles); err != nil {
		return fmt.Errorf("template: %w", err)
	}
	for n, row := range t.rows {
		if err := f.SetSheetRow(sheet, "A"+strconv.Itoa(n+2), &row); err != nil {
			return fmt.Errorf("template: %w", err)
		}
	}
	last := strconv.Itoa(len(t.rows) + 1)
	methods := excelize.NewDataValidation(true)
	methods.Sqref = "I2:I" + last
	if err := methods.SetDropList([]string{string(catalogue.MethodCounted), string(catalogue.MethodEstimated)}); err != nil {
		return fmt.Errorf("template: %w", err)
	}
	for _, set := range []func() error{
		func() error { return f.SetRowStyle(sheet, 1, 1, head) },
		func() error { return f.SetColWidth(sheet, "A", "I", 14) },
		func() error { return f.SetColWidth(sheet, "C", "C", 44) },
		func() error { return f.AddDataValidation(sheet, methods) },
		func() error {
			return f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
		},
	} {
		if err := set(); err != nil {
			return fmt.Errorf("template: %w", err)
		}
	}
	return f.Write(w)
}

// Text is the rows of a file as CSV that people can mend in a page: its line numbers are those of the table, titles first.
func (x *ReturnRows) Text() string {
	if x.sent != "" {
		return x.sent
	}
	var b strings.Builder
	out := csv.NewWriter(&b)
	for _, line := range x.Lines {
		if err := out.Write(line); err != nil {
			return b.String() // a strings.Builder takes all
		}
	}
	out.Flush()
	return b.String()
}
