// Package table reads the CSV files that come with the program: strictly, so that a slip in a file is found by the first
// test and not by a reader.
package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Row is one line of a table, read by column name. The first thing wrong with it stays with it and fails the table once
// the line has been read, so that a reader takes all fields without checking each.
type Row struct {
	columns []string
	fields  []string
	err     error
}

// Read calls each for every row of a CSV file whose header is exactly columns. Errors name the file and line.
func Read(data fs.FS, file, columns string, each func(*Row) error) error {
	f, err := data.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()

	in := csv.NewReader(f)
	in.ReuseRecord = true
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
		r := &Row{columns: names, fields: fields}
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

// Err is the first thing wrong with the row so far; nil for none.
func (r *Row) Err() error { return r.err }

// Fail notes what is wrong with the row; the first note stands.
func (r *Row) Fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// Text is a field that may be blank.
func (r *Row) Text(column string) string {
	s := r.fields[slices.Index(r.columns, column)]
	if !utf8.ValidString(s) || strings.TrimSpace(s) != s {
		r.Fail("%s: %q has stray spaces or bytes", column, s)
	}
	return s
}

// Need is a field that must be there.
func (r *Row) Need(column string) string {
	s := r.Text(column)
	if s == "" {
		r.Fail("%s is blank", column)
	}
	return s
}

// OneOf is a field that must hold one of the values.
func (r *Row) OneOf(column string, values ...string) string {
	s := r.Text(column)
	if !slices.Contains(values, s) {
		r.Fail("%s: %q is none of %s", column, s, strings.Join(values, ", "))
	}
	return s
}

// List is a field of values with semicolons between them; blank is none.
func (r *Row) List(column string) []string {
	s := r.Text(column)
	if s == "" {
		return nil
	}
	values := strings.Split(s, ";")
	for i, v := range values {
		if v == "" || slices.Contains(values[:i], v) {
			r.Fail("%s: %q has a blank or repeated value", column, s)
		}
	}
	return values
}

// Flag is a field that says y for yes and is blank for no.
func (r *Row) Flag(column string) bool { return r.OneOf(column, "y", "") == "y" }

// Integer is a whole number, which may not be blank.
func (r *Row) Integer(column string) int {
	n, err := strconv.Atoi(r.Text(column))
	if err != nil {
		r.Fail("%s: %w", column, err)
	}
	return n
}

// Float is a number, which may not be blank.
func (r *Row) Float(column string) float64 {
	n, err := strconv.ParseFloat(r.Text(column), 64)
	if err != nil {
		r.Fail("%s: %w", column, err)
	}
	return n
}

// Date is a day as YYYY-MM-DD, midnight UTC; blank is the zero time.
func (r *Row) Date(column string) time.Time {
	s := r.Text(column)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		r.Fail("%s: %w", column, err)
	}
	return t
}
