package register

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
	"time"
	"unicode/utf8"
)

// row is one line of a table, read by column name. The first thing wrong with it stays in err, so that a reader can
// take all fields and be checked once.
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

// flag is a field that says y for yes and is blank for no.
func (r *row) flag(column string) bool { return r.oneOf(column, "y", "") == "y" }

func (r *row) integer(column string) int {
	n, err := strconv.Atoi(r.text(column))
	if err != nil {
		r.fail("%s: %w", column, err)
	}
	return n
}

func (r *row) float(column string) float64 {
	n, err := strconv.ParseFloat(r.text(column), 64)
	if err != nil {
		r.fail("%s: %w", column, err)
	}
	return n
}

// date is a day as YYYY-MM-DD, midnight UTC; blank is the zero time.
func (r *row) date(column string) time.Time {
	s := r.text(column)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		r.fail("%s: %w", column, err)
	}
	return t
}
