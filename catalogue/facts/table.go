package facts

// How the data files are read: strictly, so that a slip in a file is found by the first test and not by a reader.

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jointly/catalogue"
)

// row is one line of a table, read by column name. The first thing wrong with it stays in err.
type row struct {
	columns []string
	fields  []string
	err     error
}

// readTable calls each for every row of a CSV file whose header is exactly columns. Errors name the file and line.
func readTable(data fs.FS, file, columns string, each func(*row) error) error {
	f, err := data.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()

	in := csv.NewReader(f)
	header, err := in.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	names := strings.Split(columns, ",")
	if !slices.Equal(header, names) {
		return fmt.Errorf("%s: columns are %s, want %s", file, strings.Join(header, ","), columns)
	}
	for {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		r := &row{columns: names, fields: fields}
		err = each(r)
		if r.err != nil {
			err = r.err // what each made of an unreadable field says less
		}
		if err != nil {
			line, _ := in.FieldPos(0)
			return fmt.Errorf("%s:%d: %w", file, line, err)
		}
	}
}

func (r *row) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// text is a field that may be blank.
func (r *row) text(column string) string {
	s := r.fields[slices.Index(r.columns, column)]
	if !utf8.ValidString(s) || strings.TrimSpace(s) != s {
		r.fail("%s: %q has stray spaces or bytes", column, s)
	}
	return s
}

// need is a field that must be there.
func (r *row) need(column string) string {
	s := r.text(column)
	if s == "" {
		r.fail("%s is blank", column)
	}
	return s
}

// oneOf is a field that must hold one of the values.
func (r *row) oneOf(column string, values ...string) string {
	s := r.text(column)
	if !slices.Contains(values, s) {
		r.fail("%s: %q is none of %s", column, s, strings.Join(values, ", "))
	}
	return s
}

// list is a field of values with semicolons between them; blank is none.
func (r *row) list(column string) []string {
	s := r.text(column)
	if s == "" {
		return nil
	}
	values := strings.Split(s, ";")
	for i, v := range values {
		if v == "" || slices.Contains(values[:i], v) {
			r.fail("%s: %q has a blank or repeated value", column, s)
		}
	}
	return values
}

// amount is a number that may be blank, which is zero.
func (r *row) amount(column string) float64 {
	s := r.text(column)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		r.fail("%s: %w", column, err)
	}
	return n
}

// date is a date as the record states it: a day, a month, a year, or blank.
func (r *row) date(column string) catalogue.Date {
	d, err := catalogue.ParseDate(r.text(column))
	if err != nil {
		r.fail("%s: %w", column, err)
	}
	return d
}

// source is where the row was read; date names the column with the day it was published or read.
func (r *row) source(date string) catalogue.Source {
	return catalogue.Source{
		Text:      r.need("source"),
		Reference: r.text("reference"),
		Date:      r.date(date),
		Kind:      r.text("kind"),
		Note:      r.text("note"),
	}
}
