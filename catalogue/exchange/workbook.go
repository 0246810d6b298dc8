package exchange

import (
	"bytes"
	"strings"

	"github.com/xuri/excelize/v2"
)

const damagedWorkbook = "This workbook is damaged or has something in it that cannot be read: open it in Excel, save it again as .xlsx, and use that"

// sheetsOf gives the sheets of a workbook that can be seen; where none can, the hidden ones. Cells come as they are
// stored: a date is a count of days.
func sheetsOf(b []byte) (sheets []table, refused *Problem) {
	defer recovered(&refused)
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
	if err != nil {
		return nil, refusal(1, damagedWorkbook)
	}
	props, err := f.GetWorkbookProps()
	since1904 := err == nil && props.Date1904 != nil && *props.Date1904
	var hidden []table
	for _, name := range f.GetSheetList() {
		t := table{sheet: name, since1904: since1904, walk: func(yield func(int, []string) bool) *Problem { return walkSheet(f, name, yield) }}
		if visible, err := f.GetSheetVisible(name); err == nil && !visible || strings.HasPrefix(name, "_") {
			hidden = append(hidden, t)
			continue
		}
		sheets = append(sheets, t)
	}
	if len(sheets) == 0 {
		sheets = hidden
	}
	if len(sheets) == 0 {
		return nil, refusal(1, emptyFile)
	}
	return sheets, nil
}

func walkSheet(f *excelize.File, name string, yield func(int, []string) bool) *Problem {
	rows, err := f.Rows(name)
	if err != nil {
		return nil // a chart, not a table
	}
	defer rows.Close() // nothing was written
	for row := 1; ; row++ {
		cells, ok, refused := nextRow(rows, row)
		if refused != nil || !ok {
			return refused
		}
		if !yield(row, cells) {
			return nil
		}
	}
}

func nextRow(rows *excelize.Rows, row int) (cells []string, ok bool, refused *Problem) {
	defer recovered(&refused)
	if !rows.Next() {
		if rows.Error() != nil {
			return nil, false, refusal(row, damagedWorkbook)
		}
		return nil, false, nil
	}
	cells, err := rows.Columns()
	if err != nil {
		return nil, false, refusal(row, damagedWorkbook)
	}
	return cells, true, nil
}

// recovered turns a panic of the library into a refusal: it reads files that anybody may have made up.
func recovered(refused **Problem) {
	if p := recover(); p != nil {
		*refused = refusal(1, damagedWorkbook)
	}
}
