package web

import (
	"math"
	"net/url"
	"slices"
	"testing"
	"unicode/utf8"

	"jointly/catalogue"
)

func TestDatesAreReadAsTyped(t *testing.T) {
	for _, test := range []struct {
		typed typedDate
		want  string
		wrong string // the part at fault
	}{
		{typedDate{}, "", ""},
		{typedDate{"1", "4", "2027"}, "2027-04-01", ""},
		{typedDate{"31", "Dec", "2027"}, "2027-12-31", ""},
		{typedDate{"", "september", "2027"}, "2027-09", ""},
		{typedDate{"29", "2", "2028"}, "2028-02-29", ""},
		{typedDate{"29", "2", "2027"}, "", "day"},
		{typedDate{"0", "2", "2027"}, "", "day"},
		{typedDate{"first", "2", "2027"}, "", "day"},
		{typedDate{"1", "13", "2027"}, "", "month"},
		{typedDate{"1", "Ma", "2027"}, "", "month"},
		{typedDate{"1", "", "2027"}, "", "month"},
		{typedDate{"1", "4", ""}, "", "year"},
		{typedDate{"1", "4", "27"}, "", "year"},
		{typedDate{"1", "4", "-027"}, "", "year"},
	} {
		date, problem, part := test.typed.read()
		if date.String() != test.want || part != test.wrong || (problem == "") != (test.wrong == "") {
			t.Errorf("%v reads as %q, problem %q with %q; want %q, a problem with %q", test.typed, date, problem, part, test.want, test.wrong)
		}
	}
}

func TestAmountsAreReadAsTyped(t *testing.T) {
	for typed, want := range map[string]float64{
		"": 0, "1150000": 1150000, "£1,150,000": 1150000, " £ 1 150 000.60 ": 1150001, "850k": 850000, "1.2m": 1200000, "£2 million": 2000000, "-5": -5,
	} {
		if got, ok := readAmount(typed); !ok || got != want {
			t.Errorf("%q reads as %v, %v; want %v", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"lots", "1e9", "0x10", "Inf", "NaN", "1.2.3", "£", "m", "12345678901234567890", "1-2"} {
		if got, ok := readAmount(typed); ok && got != 0 || ok && typed != "£" {
			t.Errorf("%q reads as %v, want that it cannot be read", typed, got)
		}
	}
}

func TestCPVCodesAreReadAsTyped(t *testing.T) {
	typed := &typed{Values: url.Values{}}
	if got := readCPV("48440000-4, 72212442;\n 48000000", typed); !slices.Equal(got, []string{"48440000", "72212442", "48000000"}) || typed.wrong != nil {
		t.Errorf("codes read as %v, wrong %v", got, typed.wrong)
	}
	readCPV("4844", typed)
	if typed.err() == nil {
		t.Error("a code of 4 figures passes")
	}
}

func TestErrorsStandInTheOrderOfTheForm(t *testing.T) {
	err := inOrderOf([]string{"title", "window_start", "cpv"}, &catalogue.Error{Kind: catalogue.Invalid,
		Fields: []catalogue.FieldError{{Field: "cpv"}, {Field: "title"}, {Field: "window_start"}}})
	var got []string
	for _, f := range catalogue.FieldsOf(err) {
		got = append(got, f.Field)
	}
	if !slices.Equal(got, []string{"title", "window_start", "cpv"}) {
		t.Errorf("order %v", got)
	}
	if inOrderOf(nil, nil) != nil {
		t.Error("no error becomes one")
	}
}

func FuzzTypedFields(f *testing.F) {
	f.Add("31", "12", "2027", "£1,150,000", "48440000")
	f.Add("", "Sept", "0000", "1.2m", "-")
	f.Fuzz(func(t *testing.T, day, month, year, amount, cpv string) {
		date, problem, _ := typedDate{day, month, year}.read()
		if problem == "" && !date.IsZero() {
			again, err := catalogue.ParseDate(date.String())
			if err != nil || again != date {
				t.Errorf("%q %q %q reads as %v, which is no date: %v", day, month, year, date, err)
			}
		}
		if value, ok := readAmount(amount); ok && (math.IsNaN(value) || math.IsInf(value, 0)) {
			t.Errorf("%q reads as %v", amount, value)
		}
		typed := &typed{Values: url.Values{}}
		for _, code := range readCPV(cpv, typed) {
			if len(code) != 8 {
				t.Errorf("%q gives the code %q", cpv, code)
			}
		}
		for _, w := range typed.wrong {
			if !utf8.ValidString(w.Message) {
				t.Errorf("the message is not text: %q", w.Message)
			}
		}
	})
}
