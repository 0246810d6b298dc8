package exchange_test

import (
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// told says that a warning about a column says something.
func told(f *exchange.File, column, says string) bool {
	return slices.ContainsFunc(f.Warnings, func(p exchange.Problem) bool {
		return p.Row == 2 && p.Column == column && strings.Contains(p.Message, says)
	})
}

func TestTheTermGivesTheEnd(t *testing.T) {
	for written, want := range map[string]struct {
		end       string
		extension int
	}{
		"3 years": {"2027-03-31", 0}, "36 months": {"2027-03-31", 0}, "3 + 1 + 1 years": {"2027-03-31", 24}, "3 years + 1 + 1": {"2027-03-31", 24}, "3 years plus 2 year extension": {"2027-03-31", 24},
		"3 years with an option to extend for 2 years": {"2027-03-31", 24}, "as agreed": {"", 0}, "3": {"", 0}, "": {"", 0},
	} {
		f := registered(t, oneRow("Start", "1/4/2024", "Contract term", written), nil)
		c := contractsOf(f)[0]
		if len(f.Errors) > 0 || c.End.String() != want.end || c.ExtensionMonths != want.extension {
			t.Errorf("%q ends %s, extends %d: %+v", written, c.End, c.ExtensionMonths, f.Errors)
		}
		if want.end != "" && !told(f, "Contract term", "worked out") {
			t.Errorf("%q: nobody is told that the end is worked out: %+v", written, f.Warnings)
		}
		if written != "" && !strings.Contains(c.Extension, written) {
			t.Errorf("%q: the words are lost in %q", written, c.Extension)
		}
	}
	f := registered(t, oneRow("Start", "1/4/2024", "End", "31/3/2026", "Term (years)", "3", "Extension", "12 months"), nil)
	if c := contractsOf(f)[0]; c.End.String() != "2026-03-31" || c.ExtensionMonths != 12 {
		t.Errorf("what is stated gives way to the term: %+v", c)
	}
	f = registered(t, oneRow("Start", "1/4/2024", "End", "rolling", "Term (years)", "1"), nil)
	if c := contractsOf(f)[0]; !c.End.IsZero() || c.EndNote != "rolling" {
		t.Errorf("a rolling contract ends: %+v", c)
	}
}

func TestNoticeAndBreak(t *testing.T) {
	for title, cells := range map[string]map[string]int{
		"Notice period": {"6 months": 6, "3 months' notice": 3, "90 days": 3, "13 weeks": 3, "six months": 6, "1 year": 12, "6": 6, "n/a": 0, "none": 0, "see contract": 0, "17 days": 0, "10 years": 0},
		"Notice (days)": {"90": 3}, "Termination notice": {"3 months written notice": 3}, "NoticeMonths": {"9": 9},
	} {
		for written, want := range cells {
			f := registered(t, oneRow("End", "2028", title, written), nil)
			if c := contractsOf(f)[0]; len(f.Errors) > 0 || c.NoticeMonths != want || strings.Contains(c.Source.Note+c.Extension, written) {
				t.Errorf("%s %q is %d months, want %d; %+v", title, written, c.NoticeMonths, want, f.Errors)
			}
			if silent := want == 0 && written != "n/a" && written != "none" && !told(f, title, "left out"); silent {
				t.Errorf("%q is dropped without a word", written)
			}
		}
	}
	for written, want := range map[string]string{"30/09/2027": "2027-09-30", "Sep-27": "2027-09", "Yes": "", "No": "", "31/03/2040": "", "1/1/2020": ""} {
		f := registered(t, oneRow("Start", "1/4/2024", "End", "31/3/2029", "Break clause", written), nil)
		if c := contractsOf(f)[0]; len(f.Errors) > 0 || c.Break.String() != want {
			t.Errorf("a break on %q is %s; %+v", written, c.Break, f.Errors)
		}
		if report := stored(t, opened(t), f); len(report.Errors) > 0 || want == "" && written != "No" && !told(f, "Break clause", "break date") {
			t.Errorf("%q: %+v", written, report)
		}
	}
	if f := registered(t, oneRow("End", "2029", "Break date", "31/02/2027"), nil); len(f.Errors) != 1 || f.Errors[0].Column != "Break date" {
		t.Errorf("no such day: %+v", f.Errors)
	}
}

func TestWhatAContractIsForAndWhoSeesIt(t *testing.T) {
	for written, want := range map[string]string{"revs-bens": "revs-bens", "Bananas": "", "": ""} {
		f := registered(t, oneRow("End", "2029", "Capability", written), nil)
		if c := contractsOf(f)[0]; len(f.Errors) > 0 || c.Capability != want || c.CapabilityConfirmed != (want != "") || written == "Bananas" && !told(f, "Capability", "Bananas") {
			t.Errorf("%q is for %q, confirmed %v; %+v", written, c.Capability, c.CapabilityConfirmed, f.Warnings)
		}
	}
	for written, want := range map[string]catalogue.Audience{"public": catalogue.Public, "Councils": catalogue.Councils, "own": catalogue.Own, "": ""} {
		if c := contractsOf(registered(t, oneRow("End", "2029", "Who can see it", written), nil))[0]; c.Audience != want {
			t.Errorf("%q is seen by %q", written, c.Audience)
		}
	}
	if f := registered(t, oneRow("End", "2029", "WhoCanSee", "the team"), nil); len(f.Errors) != 1 || f.Errors[0].Column != "WhoCanSee" || !strings.Contains(f.Errors[0].Message, "own") {
		t.Errorf("a word that nobody knows: %+v", f.Errors)
	}
}

func TestAValueWithoutVATIsKnownAsSuch(t *testing.T) {
	for _, c := range []struct {
		title, value string
		want         bool
	}{{"Contract value (ex VAT)", "1000", true}, {"Contract value", "1000 + VAT", true}, {"Contract value", "1000", false}, {"Value excluding VAT", "0", false}, {"Value", "£1,000 (excl. VAT)", true}} {
		if k := contractsOf(registered(t, oneRow("End", "2029", c.title, c.value), nil))[0]; k.ExVAT != c.want {
			t.Errorf("%s %s: without VAT %v", c.title, c.value, k.ExVAT)
		}
	}
}
