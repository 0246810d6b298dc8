// Package exchange reads and writes the file formats in which councils and others bring records and take them away.
// Readers turn a file into records of the catalogue and a list of what is wrong with which row and column; whether
// anything is stored is the catalogue's business.
package exchange

import (
	"cmp"
	"errors"
	"fmt"

	"jointly/catalogue"
	"jointly/catalogue/capability"
	"jointly/catalogue/register"
)

// Problem is what is wrong with one row of a file, in words that say what to do.
type Problem struct {
	Row     int    `json:"row"`    // line of the file, counted from 1, or spreadsheet row; header included
	Column  string `json:"column"` // field or column name; empty: the whole row or file
	Message string `json:"message"`
}

// File is what a reader made of a file.
type File struct {
	Items    []catalogue.Item
	Rows     []int     // Rows[i] is the row that Items[i] came from
	Errors   []Problem // any of these: the file is refused as a whole
	Warnings []Problem // kept, and worth a look
	Alike    []Alike   // items that look like records that are there under another reference

	titles  map[string]string   // what this file calls the catalogue's fields; nil: as the catalogue does
	columns []map[string]string // titles by item
}

// Alike is a contract of a file and one in the catalogue that looks like the same.
type Alike struct {
	Item  int // index into the file's items
	Other *catalogue.Contract
	Said  Problem // the warning of it, which stands among the file's
	catalogue.Sameness
}

// Report is what an import did: the form in which commands print it.
type Report struct {
	Created   int       `json:"created"`
	Updated   int       `json:"updated"`
	Unchanged int       `json:"unchanged"`
	Errors    []Problem `json:"errors"`
	Warnings  []Problem `json:"warnings"`
}

// Report joins what the reader found with what the catalogue said of the records.
func (f *File) Report(done catalogue.Imported) Report {
	r := Report{Created: done.Created, Updated: done.Updated, Unchanged: done.Unchanged,
		Errors: append([]Problem{}, f.Errors...), Warnings: append([]Problem{}, f.Warnings...)}
	for _, in := range done.Inherited {
		r.Warnings = append(r.Warnings, Problem{Row: f.Rows[in.Item], Column: "council", Message: in.From.OfficialName + " was succeeded by " + in.To.OfficialName + ": " +
			goes(in.Records) + " to " + in.To.OfficialName})
	}
	for _, e := range done.Errors {
		column := e.Field
		if e.Item < len(f.columns) {
			column = cmp.Or(f.columns[e.Item][e.Field], column)
		}
		r.Errors = append(r.Errors, Problem{Row: f.Rows[e.Item], Column: column, Message: e.Message})
	}
	return r
}

// goes says how much of a file goes elsewhere.
func goes(records int) string {
	if records == 1 {
		return "its one record in this file goes"
	}
	return fmt.Sprintf("its %d records in this file go", records)
}

// Append adds what was read of another file, so that all are imported or none.
func (f *File) Append(o *File) {
	for _, a := range o.Alike {
		a.Item += len(f.Items)
		f.Alike = append(f.Alike, a)
	}
	f.Items, f.Rows, f.columns = append(f.Items, o.Items...), append(f.Rows, o.Rows...), append(f.columns, o.columns...)
	f.Errors, f.Warnings = append(f.Errors, o.Errors...), append(f.Warnings, o.Warnings...)
}

func (f *File) add(row int, item catalogue.Item) {
	f.Items = append(f.Items, item)
	f.Rows = append(f.Rows, row)
	f.columns = append(f.columns, f.titles)
}

func (f *File) fail(row int, column, message string) {
	f.Errors = append(f.Errors, Problem{row, column, message})
}

func (f *File) warn(row int, column, message string) {
	f.Warnings = append(f.Warnings, Problem{row, column, message})
}

// Reader reads files against the registers. Council, where set, is whose records they are: it wins over what rows say.
type Reader struct {
	Register   *register.Register
	Dictionary *capability.Dictionary
	Council    string
	KnowsCode  func(code string) bool // codes outside the register that are councils too; may be nil
	// Named finds the code of a council outside the register by its name, empty for none. May be nil.
	Named func(name string) string
	// Successor is the council that took a council's place, empty for none: rows that name the one are not another
	// council's where the other reads them. May be nil.
	Successor func(code string) string
	// Held gives the contracts that the catalogue has of a council, so that those of a file are recognised among them, and
	// keep what the file has no column for. May be nil.
	Held func(council string) []*catalogue.Contract
	// Operator says that whoever runs the service brings the file: what it says of a record's source and confirmation counts.
	Operator bool
}

// MaxFile is the size of the largest file that is read, in bytes.
const MaxFile = 32 << 20

// ErrTooBig says that a file is over MaxFile.
var ErrTooBig = errors.New("the file is larger than 32 MB: split it and import the parts")

func (r *Reader) knows(code string) bool {
	if _, ok := r.Register.Council(code); ok {
		return true
	}
	return r.KnowsCode != nil && r.KnowsCode(code)
}
