package facts

import (
	"io/fs"
	"strconv"

	"jointly/catalogue"
	"jointly/catalogue/table"
)

// row is a line of a table of facts: dates are as exact as the record that was read, and amounts may be left out.
type row struct{ *table.Row }

// readTable calls each for every row of a CSV file, as table.Read does.
func readTable(data fs.FS, file, columns string, each func(row) error) error {
	return table.Read(data, file, columns, func(r *table.Row) error { return each(row{r}) })
}

// amount is a number that may be blank, which is zero.
func (r row) amount(column string) float64 {
	s := r.Text(column)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		r.Fail("%s: %w", column, err)
	}
	return n
}

// date is a date as the record states it: a day, a month, a year, or blank.
func (r row) date(column string) catalogue.Date {
	d, err := catalogue.ParseDate(r.Text(column))
	if err != nil {
		r.Fail("%s: %w", column, err)
	}
	return d
}

// source is where the row was read; date names the column with the day it was published or read.
func (r row) source(date string) catalogue.Source {
	return catalogue.Source{
		Text:      r.Need("source"),
		Reference: r.Text("reference"),
		Date:      r.date(date),
		Kind:      r.Text("kind"),
		Note:      r.Text("note"),
	}
}
