package exchange

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"jointly/catalogue"
)

// What people write into the cells of a register for dates, amounts and lengths of time.

// saysNothing says that a cell has words for there being no date or amount, or none yet.
func saysNothing(s string) bool {
	switch plainTitle(s) {
	case "", "not applicable", "n a", "na", "none", "nil", "tbc", "tba", "tbd", "to be confirmed", "to be agreed", "to be decided", "to be determined", "unknown", "not known",
		"not stated", "not available", "not recorded", "not specified", "null", "pending", "various", "varies", "variable", "see notes", "as required", "call off", "call off contract", "spot purchase",
		"commercially sensitive", "commercial in confidence", "confidential", "redacted", "withheld", "exempt", "zero":
		return true
	}
	return endless(s) || strings.Trim(s, "-–—.?/ ") == "" || isCellError(s)
}

// endless says that a cell has words for a contract that runs on.
func endless(s string) bool {
	switch plainTitle(s) {
	case "rolling", "rolling contract", "ongoing", "on going", "perpetual", "in perpetuity", "continuous", "continuing", "open", "open ended", "evergreen", "indefinite", "indefinitely", "permanent",
		"number expiry", "rolling annual", "annual rolling", "annually rolling", "monthly rolling", "rolling monthly", "month to month", "rolling 12 months", "12 month rolling",
		"rolling annually", "rolling year", "until terminated", "until further notice", "n a rolling", "rolling programme", "life", "lifetime", "holding over", "annual", "renewed annually":
		return true
	}
	return runsOn.MatchString(plainTitle(s))
}

// runsOn finds the words for it among others: 'rolling contract, 3 months notice'. A plain title has 'number' for 'no'.
var runsOn = regexp.MustCompile(`\b(?:rolling|roll over|rolls over|ongoing|on going|open ended|evergreen|perpetual|perpetuity|indefinite|indefinitely|auto renews?|automatically renews?|automatic renewal|until terminated|until further notice|number (?:fixed |set |stated )?end(?: date)?)\b`)

// isCellError says that a formula of a spreadsheet came to nothing.
func isCellError(s string) bool {
	switch strings.ToUpper(s) {
	case "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!":
		return true
	}
	return false
}

// cellError is what is wrong with a cell, in words for the person whose file it is.
type cellError string

func (e cellError) Error() string { return string(e) }

const (
	errNotDate  = cellError("This is not a date: write it as 30/04/2027 or 2027-04-30")
	errMonth    = cellError("This is not a date: there are 12 months, and the day comes first, as in 30/04/2027")
	errNoSuch   = cellError("This is not a date: that month has no such day")
	errMore     = cellError("Write the date alone, as 30/04/2027, and what goes with it in a column of its own")
	errYears    = cellError("This is a year from April to March, not a date: write the day, as 31/03/2027")
	errNegative = cellError("An amount must not be negative, as one in brackets or with a minus is: enter what the contract is worth")
	errPounds   = cellError("This is not an amount in pounds: write it as 125000")
)

var (
	dayFirst  = regexp.MustCompile(`^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})$`)
	yearFirst = regexp.MustCompile(`^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})$`)
	yearMonth = regexp.MustCompile(`^(\d{4})[/.\-](\d{1,2})$`)
	monthYear = regexp.MustCompile(`^(\d{1,2})[/.\-](\d{4})$`)
	inLetters = regexp.MustCompile(`^(?:(\d{1,2})(?:st|nd|rd|th)?(?: of)? )?([a-z]{3,9}) (\d{4}|\d{2})$`)
	usLetters = regexp.MustCompile(`^([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)? (\d{4})$`)
	clockTime = regexp.MustCompile(`^(.*\d)[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?$`)
	weekday   = regexp.MustCompile(`^(?:mon|tues|wednes|thurs|fri|satur|sun)day,? |^(?:mon|tue|wed|thu|fri|sat|sun),? `)
	justYear  = regexp.MustCompile(`^(?:19|20)\d{2}$`)
	twoYears  = regexp.MustCompile(`^(?:FY ?)?(\d{4}) ?[/\-–] ?(\d{4}|\d{2})$`)
	dateFirst = regexp.MustCompile(`^(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{4}-\d{2}-\d{2})\W+\w`)
	serial    = regexp.MustCompile(`^\d{5}(?:\.\d+)?$`)
)

// readDate reads a date as people write it, the day first; a count of days as spreadsheets store it; a month or a year
// where no more is said. A date that stands for none, such as 31/12/9999, is zero without an error.
func readDate(s string, since1904 bool) (catalogue.Date, error) {
	if m := clockTime.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if serial.MatchString(s) {
		days, _, _ := strings.Cut(s, ".")
		n, err := strconv.Atoi(days)
		if err != nil {
			return catalogue.Date{}, errNotDate
		}
		first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
		if since1904 {
			first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		d := catalogue.DateOf(first.AddDate(0, 0, n))
		return meant(d.Year, int(d.Month), d.Day)
	}
	if justYear.MatchString(s) {
		return meant(number10(s), 0, 0)
	}
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		return meant(year(m[3]), number10(m[2]), number10(m[1]))
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return meant(number10(m[1]), number10(m[2]), number10(m[3]))
	}
	if m := yearMonth.FindStringSubmatch(s); m != nil && number10(m[2]) <= 12 {
		return meant(number10(m[1]), number10(m[2]), 0)
	}
	if m := monthYear.FindStringSubmatch(s); m != nil {
		return meant(number10(m[2]), number10(m[1]), 0)
	}
	if m := twoYears.FindStringSubmatch(s); m != nil && (number10(m[1])+1)%100 == number10(m[2])%100 {
		return catalogue.Date{}, errYears
	}
	if yearMonth.MatchString(s) {
		return catalogue.Date{}, errMonth
	}
	if dateFirst.MatchString(s) {
		return catalogue.Date{}, errMore
	}
	return dateInWords(s)
}

func dateInWords(s string) (catalogue.Date, error) {
	s = strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,.-/\u00a0", r) }), " "))
	s = weekday.ReplaceAllString(s, "")
	if m := inLetters.FindStringSubmatch(s); m != nil {
		if month := monthNamed(m[2]); month > 0 {
			if m[1] == "" {
				return meant(year(m[3]), month, 0)
			}
			return meant(year(m[3]), month, max(number10(m[1]), -1))
		}
	}
	if m := usLetters.FindStringSubmatch(s); m != nil {
		if month := monthNamed(m[1]); month > 0 {
			return meant(year(m[3]), month, number10(m[2]))
		}
	}
	return catalogue.Date{}, errNotDate
}

func monthNamed(s string) int {
	if s == "sept" {
		return 9
	}
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if s == name || s == name[:3] {
			return int(m)
		}
	}
	return 0
}

func number10(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// year takes two digits for a year of this century, but for those that can only be of the last.
func year(s string) int {
	n := number10(s)
	switch {
	case len(s) == 2 && n >= 80:
		return 1900 + n
	case len(s) == 2:
		return 2000 + n
	}
	return n
}

// meant is the date of a year, a month and a day, the last two 0 where they are not said. Years by which systems write
// 'none' are the zero date.
func meant(y, m, d int) (catalogue.Date, error) {
	switch {
	case y > 2100 || y <= 1904 && y >= 0:
		return catalogue.Date{}, nil
	case m > 12:
		return catalogue.Date{}, errMonth
	case m < 0 || d < 0 || m == 0 && d > 0:
		return catalogue.Date{}, errNotDate
	}
	if d > 0 && time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Day() != d || d > 31 {
		return catalogue.Date{}, errNoSuch
	}
	return catalogue.Date{Year: y, Month: time.Month(m), Day: d}, nil
}

var (
	amountWords = regexp.MustCompile(`(?i)^(?:circa|approx(?:imately|\.)?|estimated(?: at)?|est\.?|c\.?|up to|max(?:imum)?(?: of)?|~)?\s*(.*?)\s*(?:(?:excl?\.?|excluding|ex|\+|plus)\s*vat|net)?\.?$`)
	yearly      = regexp.MustCompile(`(?i)^(.*?)\s*(?:p\.?\s?a\.?|per annum|per year|a year|/\s?year|annually|each year|/\s?annum)$`)
	scaled      = regexp.MustCompile(`(?i)^([0-9.,]+)\s*(k|m|mn|mil|million|thousand)$`)
	scientific  = regexp.MustCompile(`^\d+(?:\.\d+)?[Ee]\+?\d{1,2}$|^\d+(?:\.\d+)?[Ee]-\d{1,2}$`)
)

// readAmount reads pounds as people write them; annual says that the cell says so. 0.01 is what publishers write for
// unknown, like 0.
func readAmount(s string) (n float64, annual bool, err error) {
	if m := yearly.FindStringSubmatch(strings.TrimSpace(strings.NewReplacer("(", " ", ")", " ").Replace(s))); m != nil && !strings.HasPrefix(s, "(") {
		s, annual = m[1], true
	}
	s = amountWords.FindStringSubmatch(strings.ReplaceAll(s, "\n", " "))[1]
	s = strings.NewReplacer("£", "", "\u00a0", "", "\u202f", "", "GBP", "", "gbp", "").Replace(s)
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "−") || strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		return 0, annual, errNegative
	}
	if scientific.MatchString(s) { // as workbooks store large and small numbers
		if n, err = strconv.ParseFloat(s, 64); err != nil {
			return 0, annual, errPounds
		}
		return pence(n), annual, nil
	}
	times := 1.0
	if m := scaled.FindStringSubmatch(s); m != nil {
		s, times = m[1], 1000
		if strings.HasPrefix(strings.ToLower(m[2]), "m") {
			times = 1_000_000
		}
	}
	s = strings.TrimSuffix(s, ".")
	if n, err = poundsIn(spaced(s)); err != nil {
		return 0, annual, errPounds
	}
	return pence(n * times), annual, nil
}

var thousands = regexp.MustCompile(`^\d{1,3}(?: \d{3})+(?:\.\d+)?$`)

// spaced takes out the blanks that set thousands apart; others stay, and make it no amount.
func spaced(s string) string {
	if thousands.MatchString(s) {
		return strings.ReplaceAll(s, " ", "")
	}
	return s
}

// pence is an amount without what a spreadsheet's arithmetic adds beyond the pence. 0.01 stands for unknown.
func pence(n float64) float64 {
	if r := math.Round(n*100) / 100; math.Abs(r-n) < 1e-5 {
		n = r
	}
	if n == 0.01 {
		return 0
	}
	return n
}
