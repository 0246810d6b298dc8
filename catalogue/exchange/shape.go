package exchange

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
)

// What a file of contracts is, told from its bytes: names lie.

// table is the cells of a file as text, row by row. Walk may be asked for any number of times.
type table struct {
	sheet     string // of a workbook
	since1904 bool   // how a workbook counts days
	walk      func(yield func(row int, cells []string) bool) *Problem
}

// refusal is a file that cannot be read at all, with what to do.
func refusal(row int, message string) *Problem { return &Problem{Row: row, Message: message} }

const (
	saveAs     = "open it in the program that made it, save it as Excel workbook (.xlsx) or CSV, and use that"
	emptyFile  = "The file is empty: it needs a row of column titles, and rows below it"
	oldExcel   = "This is an old Excel file: open it and save as .xlsx or CSV"
	locked     = "This workbook has a password: open it, take the password off (File, Info, Protect Workbook), save it, and use that"
	notATable  = "This is not a table: "
	tooManyRow = "This is more than 20,000 rows: split the file and use the parts"
	tooManyCol = "This row has more than 200 columns: delete the columns that do not belong to the table"
)

// Limits of a register, beside MaxFile.
const (
	maxRows    = 20_000
	maxColumns = 200
)

// tablesOf gives the tables of a file: one of a text file, one for each sheet of a workbook.
func tablesOf(b []byte) ([]table, *Problem) {
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		if p := notAWorkbook(b); p != nil {
			return nil, p
		}
		return sheetsOf(b)
	case bytes.HasPrefix(b, []byte("PK\x05\x06")):
		return nil, refusal(1, "This zip file is empty: use the file itself, as .xlsx or CSV")
	}
	if p := notText(b); p != nil {
		return nil, p
	}
	text, p := decoded(b)
	if p != nil {
		return nil, p
	}
	return textTables(text), nil
}

// notText says what a file is that has no business here, nil for what may be text.
func notText(b []byte) *Problem {
	if bytes.HasPrefix(b, []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}) {
		if bytes.Contains(b, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e")) {
			return refusal(1, locked)
		}
		return refusal(1, oldExcel)
	}
	for magic, what := range map[string]string{
		"%PDF":          "it is a PDF. Ask for it as a spreadsheet or CSV",
		"{\\rtf":        "it is a text document. Copy the table into a spreadsheet, save that as .xlsx or CSV, and use it",
		"\x1f\x8b":      "it is packed. Unpack it and use the file in it",
		"7z\xbc\xaf":    "it is packed. Unpack it and use the file in it",
		"Rar!":          "it is packed. Unpack it and use the file in it",
		"\x89PNG":       "it is a picture. Ask for it as a spreadsheet or CSV",
		"\xff\xd8\xff":  "it is a picture. Ask for it as a spreadsheet or CSV",
		"\x09\x08\x10":  "it is an old Excel file: open it and save as .xlsx or CSV",
		"SQLite format": "it is a database. Save it as .xlsx or CSV",
	} {
		if bytes.HasPrefix(b, []byte(magic)) {
			return refusal(1, notATable+what)
		}
	}
	head := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(b[:min(len(b), 2000)]), "\ufeff"), " \t\r\n\x00"))
	switch {
	case strings.HasPrefix(head, "<?xml") && strings.Contains(head, "office:spreadsheet"):
		return refusal(1, "This is an Excel XML file: open it in Excel and save as .xlsx or CSV")
	case strings.HasPrefix(head, "<!doctype"), strings.HasPrefix(head, "<html"), strings.HasPrefix(head, "<table"), strings.HasPrefix(head, "<head"),
		strings.HasPrefix(head, "<meta"), strings.HasPrefix(head, "<body"), strings.HasPrefix(head, "mime-version:"):
		return refusal(1, "This is a web page, whatever its name says: open it in Excel and save as .xlsx or CSV; or download it again, as it may be a sign-in or error page")
	case strings.HasPrefix(head, "<?xml"):
		return refusal(1, notATable+"it is an XML file. Save it as .xlsx or CSV")
	}
	return nil
}

// Limits of a workbook, which is a zip file: what little bytes can unpack to.
const (
	maxEntries  = 2_000
	maxUnzipped = 96 << 20
	maxStrings  = 48 << 20 // of the part that holds the texts of cells: it is kept in memory whole
	maxRatio    = 200      // unpacked to packed, where it is much
)

// notAWorkbook says what a zip file is that is no workbook, or one that would unpack to too much.
func notAWorkbook(b []byte) *Problem {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return refusal(1, "This workbook is damaged or cut off: download or save it again, and use that")
	}
	if len(z.File) > maxEntries {
		return refusal(1, "This workbook has too many parts: copy the table into a new workbook, save that, and use it")
	}
	kind := notATable + "it is a zip file. Unpack it and use the file in it, as .xlsx or CSV"
	workbook := false
	var unzipped uint64
	for _, f := range z.File {
		unzipped += f.UncompressedSize64
		name := strings.ToLower(strings.ReplaceAll(f.Name, "\\", "/"))
		switch {
		case f.UncompressedSize64 > maxUnzipped || unzipped > maxUnzipped || unzipped > 8<<20 && unzipped/uint64(len(b)) > maxRatio,
			name == "xl/sharedstrings.xml" && f.UncompressedSize64 > maxStrings:
			return refusal(1, "This workbook unpacks to more than it can hold: copy the table alone into a new workbook, save that, and use it")
		case name == "xl/workbook.xml":
			workbook = true
		case name == "xl/workbook.bin":
			kind = "This is a binary Excel workbook (.xlsb): " + saveAs
		case name == "word/document.xml":
			kind = notATable + "it is a Word document. Copy the table into a spreadsheet, save that as .xlsx or CSV, and use it"
		case name == "ppt/presentation.xml":
			kind = notATable + "it is a presentation. Ask for it as a spreadsheet or CSV"
		case name == "index/document.iwa":
			kind = "This is an Apple Numbers file: export it as Excel (.xlsx) or CSV, and use that"
		case name == "mimetype":
			if openDocument(f) {
				kind = "This is an OpenDocument file: " + saveAs
			}
		}
	}
	if !workbook {
		return refusal(1, kind)
	}
	return nil
}

func openDocument(f *zip.File) bool {
	in, err := f.Open()
	if err != nil {
		return false
	}
	defer in.Close() // read only
	head, err := io.ReadAll(io.LimitReader(in, 100))
	return err == nil && bytes.Contains(head, []byte("opendocument"))
}
