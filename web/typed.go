package web

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"jointly/catalogue"
	"jointly/web/view"
)

// typed is what somebody typed into a form, and what of it could not be read. Reading goes on after a fault, so that
// all of them are told at once.
type typed struct {
	url.Values
	wrong []catalogue.FieldError
}

func (t *typed) fault(field, message string) {
	t.wrong = append(t.wrong, catalogue.FieldError{Field: field, Message: message})
}

// text is a line or a text without space around it.
func (t *typed) text(field string) string { return strings.TrimSpace(t.Get(field)) }

// lines is what stands one a line, without blank ones.
func lines(text string) []string {
	var out []string
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// typedDate is a date as it was typed, part by part.
type typedDate struct{ Day, Month, Year string }

func (t *typed) dateParts(field string) typedDate {
	return typedDate{t.text(field + "-day"), t.text(field + "-month"), t.text(field + "-year")}
}

// typedOf is a date as somebody would type it.
func typedOf(d catalogue.Date) typedDate {
	var out typedDate
	if d.Year != 0 {
		out.Year = strconv.Itoa(d.Year)
	}
	if d.Month != 0 {
		out.Month = strconv.Itoa(int(d.Month))
	}
	if d.Day != 0 {
		out.Day = strconv.Itoa(d.Day)
	}
	return out
}

// read is the date, to the day or to the month; the zero Date where nothing was typed. problem says what is wrong with
// it, in words that follow the date's name, and part which part of it.
func (d typedDate) read() (date catalogue.Date, problem, part string) {
	if d == (typedDate{}) {
		return catalogue.Date{}, "", ""
	}
	if d.Month == "" {
		return date, "must include a month", "month"
	}
	month, ok := readMonth(d.Month)
	if !ok {
		return date, "must have a month from 1 to 12", "month"
	}
	if d.Year == "" {
		return date, "must include a year", "year"
	}
	year, err := strconv.ParseUint(d.Year, 10, 16)
	if err != nil || len(d.Year) != 4 || year == 0 {
		return date, "must have a year of 4 figures, such as 2027", "year"
	}
	date = catalogue.Date{Year: int(year), Month: month}
	if d.Day == "" {
		return date, "", ""
	}
	day, err := strconv.ParseUint(d.Day, 10, 8)
	if err != nil || day == 0 || int(day) > date.Last().Day() {
		return catalogue.Date{}, "must be a real date: " + month.String() + " " + d.Year + " has days 1 to " + strconv.Itoa(date.Last().Day()), "day"
	}
	date.Day = int(day)
	return date, "", ""
}

// readMonth reads a month as a number or a name: 4, 04, Apr, April.
func readMonth(s string) (time.Month, bool) {
	if n, err := strconv.ParseUint(s, 10, 8); err == nil {
		return time.Month(n), n >= 1 && n <= 12
	}
	for m := time.January; m <= time.December; m++ {
		if len(s) >= 3 && len(s) <= len(m.String()) && strings.EqualFold(s, m.String()[:len(s)]) {
			return m, true
		}
	}
	return 0, false
}

// date reads a date; name is what the form calls it.
func (t *typed) date(field, name string) catalogue.Date {
	date, problem, _ := t.dateParts(field).read()
	if problem != "" {
		t.fault(field, name+" "+problem)
	}
	return date
}

// dateField is the field of a date with what was typed, and what is wrong with it.
func dateField(field, legend, hint string, d typedDate, wrong error) view.DateInput {
	_, _, part := d.read()
	f := view.DateInput{Name: field, Legend: &view.Legend{Text: legend, Classes: "govuk-fieldset__legend--s"}, Hint: hint,
		Day: d.Day, Month: d.Month, Year: d.Year, Error: fieldError(wrong, field)}
	if part != "" {
		f.ErrorOn = []string{part}
	}
	return f
}

// amount reads pounds: 1150000, £1,150,000, 1,150,000.50, 850k, 1.2m, rounded to the pound as pages show them. Nothing
// typed is 0: not stated. name is what the form calls it.
func (t *typed) amount(field, name string) float64 {
	value, ok := readAmount(t.text(field))
	if !ok {
		t.fault(field, name+" must be an amount in pounds, such as 850,000")
	}
	return value
}

func readAmount(s string) (float64, bool) {
	s = strings.ToLower(strings.NewReplacer("£", "", ",", "", " ", "", "\u00a0", "").Replace(s))
	if s == "" {
		return 0, true
	}
	factor := 1.0
	for _, unit := range []struct {
		suffix string
		factor float64
	}{{"million", 1e6}, {"m", 1e6}, {"k", 1e3}} {
		if rest, ok := strings.CutSuffix(s, unit.suffix); ok {
			s, factor = rest, unit.factor
			break
		}
	}
	if s == "" || strings.Trim(s, "-0123456789.") != "" || len(s) > 18 { // no exponents, no hexadecimal, no infinity
		return 0, false
	}
	value, err := strconv.ParseFloat(s, 64)
	return math.Round(value*factor) + 0, err == nil // + 0: not minus nothing
}

// count reads a whole number of months; nothing typed is 0: not stated. name is what the form calls it.
func (t *typed) count(field, name string) int {
	s := t.text(field)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.fault(field, name+" must be a whole number of months, such as 12")
	}
	return n
}

// poundsTyped is an amount as somebody would type it; empty for none.
func poundsTyped(value float64) string {
	if value == 0 {
		return ""
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

// countTyped is a number as somebody would type it; empty for none.
func countTyped(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// and adds what the catalogue's rules say of what was read, one message a field: of a field that could not be read they
// know nothing.
func (t *typed) and(rules error) error {
	for _, f := range catalogue.FieldsOf(rules) {
		if !slices.ContainsFunc(t.wrong, func(w catalogue.FieldError) bool { return w.Field == f.Field }) {
			t.wrong = append(t.wrong, f)
		}
	}
	return t.err()
}

// err is what could not be read; nil where all could.
func (t *typed) err() error {
	if len(t.wrong) == 0 {
		return nil
	}
	return &catalogue.Error{Kind: catalogue.Invalid, Message: "There is a problem with what you typed", Fields: t.wrong}
}

// inOrderOf puts what is wrong with a form in the order of its fields; what is wrong with none of them goes first.
func inOrderOf(fields []string, err error) error {
	wrong := slices.Clone(catalogue.FieldsOf(err))
	if len(wrong) == 0 {
		return err
	}
	slices.SortStableFunc(wrong, func(a, b catalogue.FieldError) int {
		return cmp.Compare(slices.Index(fields, a.Field), slices.Index(fields, b.Field))
	})
	return &catalogue.Error{Kind: catalogue.Invalid, Message: "There is a problem with what you typed", Fields: wrong, Err: err}
}

// recordID is the ID that a form carries for the record it makes; a new one where it carries none that can be ours.
func recordID(s string) string {
	ours := len(s) == 26
	for _, r := range s {
		ours = ours && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z')
	}
	if !ours {
		return catalogue.NewID()
	}
	return s
}
