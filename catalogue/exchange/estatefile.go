package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"jointly/catalogue"
)

// estateColumn is one column of a council's register as it is written: of the Transparency Code's guidance and in its
// order, or after them a column of what else the council keeps.
type estateColumn struct {
	name  string
	width float64
	cell  func(*catalogue.Council, *catalogue.Contract) any // string, float64 or catalogue.Date; nil for a blank one
}

func said(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func counted(n float64) any {
	if n == 0 {
		return nil
	}
	return n
}

func dated(d catalogue.Date) any {
	if d.IsZero() {
		return nil
	}
	return d
}

func estateColumns() []estateColumn {
	type k = *catalogue.Contract
	of := func(name string, width float64, cell func(k) any) estateColumn {
		return estateColumn{name, width, func(_ *catalogue.Council, c k) any { return cell(c) }}
	}
	blank := func(names ...string) []estateColumn {
		var out []estateColumn
		for _, name := range names {
			out = append(out, of(name, 14, func(k) any { return nil }))
		}
		return out
	}
	columns := []estateColumn{
		{"OrganisationLabel", 28, func(c *catalogue.Council, _ k) any { return c.OfficialName }},
		{"OrganisationURI", 14, func(c *catalogue.Council, _ k) any { return c.GSS }},
		of("EffectiveDate", 12, func(c k) any { return dated(c.Source.Date) }),
		of("ContractReference", 22, func(c k) any { return said(refOf(c)) }),
		of("OpenContractingID", 26, func(c k) any {
			if strings.HasPrefix(c.Source.Reference, "ocds-") {
				return c.Source.Reference
			}
			return nil
		}),
		of("ContractTitle", 40, func(c k) any { return said(c.Title) }),
	}
	columns = append(columns, blank("ContractType", "OrganisationalUnit", "ServiceCategoryLabel", "ServiceCategoryURI")...)
	columns = append(columns, of("Description", 40, func(c k) any { return said(c.Description) }))
	columns = append(columns, blank("ProcurementCategory", "CPVLabel")...)
	columns = append(columns, of("CPVCode", 20, func(c k) any { return said(strings.Join(c.CPV, "; ")) }))
	columns = append(columns, blank("ProclassLabel", "ProclassCode")...)
	columns = append(columns,
		of("StartDate", 12, func(c k) any { return dated(c.Start) }),
		of("EndDate", 12, func(c k) any {
			if c.End.IsZero() {
				return said(c.EndNote)
			}
			return c.End
		}))
	columns = append(columns, blank("ReviewDate")...)
	columns = append(columns,
		of("LastExtensionDate", 12, func(c k) any {
			if c.ExtensionMonths == 0 {
				return nil
			}
			return dated(c.EndIfExtended())
		}),
		of("ContractValue", 14, func(c k) any { return counted(c.Value) }))
	columns = append(columns, blank("FixedCost", "IrrecoverableVAT")...)
	columns = append(columns, of("SupplierName", 28, func(c k) any { return said(c.Supplier) }))
	columns = append(columns, blank("CompaniesHouseRegistrationNumber", "CharityCommissionNumber", "OtherSupplierID", "SMESupplier", "VCSESupplier",
		"VCSESupplierType", "ContactName", "ContactEmail", "ContactURL")...)
	columns = append(columns, of("ProcessType", 24, func(c k) any { return said(c.Route) }))
	columns = append(columns, blank("TenderDocumentURL", "ContractDocumentURL", "PerformanceInformationURL", "AreaServedLabel", "AreaServedURI")...)
	return append(columns,
		of("Product", 24, func(c k) any { return said(c.Product) }),
		of("NoticeMonths", 10, func(c k) any { return counted(float64(c.NoticeMonths)) }),
		of("BreakDate", 12, func(c k) any { return dated(c.Break) }),
		of("Capability", 18, func(c k) any { return said(c.Capability) }),
		of("WhoCanSee", 12, func(c k) any { return string(c.Audience) }),
		of(fieldExtended, 10, func(c k) any { return counted(float64(c.ExtensionMonths)) }),
		of(fieldExVAT, 10, func(c k) any { return yesOf(c.ExVAT) }),
		of(fieldGuessChecked, 10, func(c k) any { return yesOf(c.CapabilityConfirmed) }),
		of(fieldSaidOfTerms, 24, func(c k) any { return said(c.Extension) }),
		of(fieldSource, 24, func(c k) any { return said(c.Source.Text) }),
		of(fieldSourceKind, 18, func(c k) any { return said(c.Source.Kind) }),
		of(fieldSourceReference, 24, func(c k) any { return said(c.Source.Reference) }),
		of(fieldSourceNote, 24, func(c k) any { return said(c.Source.Note) }),
		of(fieldConfirmed, 20, func(c k) any { return instant(c.Confirmed) }),
		of(fieldCorrected, 20, func(c k) any { return instant(c.Corrected) }))
}

func yesOf(b bool) any {
	if !b {
		return nil
	}
	return "yes"
}

func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// estateContracts is all that a council has and had, as its register lists it.
func estateContracts(e *catalogue.Estate) []*catalogue.Contract {
	out := make([]*catalogue.Contract, 0, len(e.Rows)+len(e.Over))
	for _, rows := range [][]catalogue.EstateRow{e.Rows, e.Over} {
		for _, r := range rows {
			out = append(out, r.Contract)
		}
	}
	return out
}

// EstateCSV writes an estate as a contracts register: the columns of the Transparency Code, a byte order mark, and no
// cell that a spreadsheet would run as a formula. It can be imported again without loss.
func EstateCSV(w io.Writer, e *catalogue.Estate) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("estate: %w", err)
	}
	columns := estateColumns()
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.name
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(row); err != nil {
		return fmt.Errorf("estate: %w", err)
	}
	for _, k := range estateContracts(e) {
		for i, c := range columns {
			row[i] = SafeCell(valueText(c.cell(e.Council, k)))
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("estate: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

func valueText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case catalogue.Date:
		return v.String()
	}
	return ""
}

// EstateXLSX writes the same columns as a workbook, row by row: dates and amounts are such, texts are never formulas.
func EstateXLSX(w io.Writer, e *catalogue.Estate) (err error) {
	const sheet = "Contracts"
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("estate: %w", err)
	}
	head, date, money, err := estateStyles(f)
	if err != nil {
		return err
	}
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("estate: %w", err)
	}
	columns := estateColumns()
	row := make([]any, len(columns))
	for i, c := range columns {
		if err := out.SetColWidth(i+1, i+1, c.width); err != nil {
			return fmt.Errorf("estate: %w", err)
		}
		row[i] = excelize.Cell{StyleID: head, Value: c.name}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("estate: %w", err)
	}
	if err := out.SetRow("A1", row); err != nil {
		return fmt.Errorf("estate: %w", err)
	}
	for n, k := range estateContracts(e) {
		for i, c := range columns {
			row[i] = workbookCell(c.cell(e.Council, k), date, money)
		}
		if err := out.SetRow("A"+strconv.Itoa(n+2), row); err != nil {
			return fmt.Errorf("estate: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("estate: %w", err)
	}
	return f.Write(w)
}

func estateStyles(f *excelize.File) (head, date, money int, err error) {
	iso, pounds := "yyyy-mm-dd", "#,##0.00"
	for style, id := range map[*excelize.Style]*int{
		{Font: &excelize.Font{Bold: true}}: &head,
		{CustomNumFmt: &iso}:               &date,
		{CustomNumFmt: &pounds}:            &money,
	} {
		if *id, err = f.NewStyle(style); err != nil {
			return 0, 0, 0, fmt.Errorf("estate: %w", err)
		}
	}
	return head, date, money, nil
}

// workbookCell is a value with its format; a date that is not known to the day stays the text that it is.
func workbookCell(v any, date, money int) any {
	switch v := v.(type) {
	case float64:
		return excelize.Cell{StyleID: money, Value: v}
	case catalogue.Date:
		if v.Exact() {
			return excelize.Cell{StyleID: date, Value: time.Date(v.Year, v.Month, v.Day, 0, 0, 0, 0, time.UTC)}
		}
		return v.String()
	}
	return v
}
