package exchange

import (
	"regexp"
	"strings"
)

// What people write for lengths of time: terms, extensions, notice.

var (
	lengthWords = regexp.MustCompile(`^(?:(?:yes|with|an?|the|option|options|optional|to|extend|renew|for|by|up|of|further|extension|extensions|additional|maximum|max|possible|initial|minimum|at least)\b[ :,–-]*)+`)
	oneLength   = regexp.MustCompile(`^(?:(\d{1,2}) ?[x×*] ?|(` + smallNumber + `) (?:further |optional |additional |separate )?(?:periods?|extensions?|options?) of (?:up to )?|(two|three|four|five|six) (?:further |optional |additional |x )?)?` +
		`(` + smallNumber + `)(?: ?-? ?(months?|mths?|mnths?|m|years?|yrs?|y|weeks?|days?))?` +
		`(?: (?:extensions?|options?|option to extend|available|periods?|each|notice|written|required|minimum|in writing|initial|term|fixed|contract|only|max|maximum))*$`)
	lengthJoins = regexp.MustCompile(` ?(?:\+|&|\bplus\b|\band\b|\bthen\b|\bwith\b) ?`)
)

const smallNumber = `\d{1,3}|one|two|three|four|five|six|nine|twelve|eighteen|twenty four|twenty-four`

// readMonths reads a length of time where it is beyond doubt: '12 months', '2 x 12 months', 'up to 2 years', '1+1 years'.
// The title of the column may say what a bare number counts.
func readMonths(s, title string) (months int, ok bool) {
	all, ok := readLengths(s, title)
	for _, n := range all {
		months += n
	}
	return months, ok && months <= 240
}

// readTerm reads the term of a contract and what it may be extended by: '3 + 1 + 1 years' is three years, and two.
func readTerm(s, title string) (term, extension int, ok bool) {
	all, ok := readLengths(s, title)
	if !ok { // '3 years + 1 + 1'
		head, rest, cut := strings.Cut(s, "+")
		_, unit := lengthIn(plainLength(head))
		if !cut || strings.ContainsAny(strings.ToLower(rest), "abcdefghijklmnopqrstuvwxyz%£") {
			return 0, 0, false
		}
		if all, ok = readLengths(s, unit); !ok {
			return 0, 0, false
		}
	}
	for _, n := range all[1:] {
		extension += n
	}
	return all[0], extension, all[0] > 0 && all[0] <= 600 && extension <= 240
}

// readLengths reads lengths that are added up, each in months. A bare number counts what the next one does, the last what
// the title says.
func readLengths(s, title string) ([]int, bool) {
	parts := lengthJoins.Split(strings.TrimLeft(plainLength(s), "+ "), -1)
	unit := unitOf(title)
	months := make([]int, len(parts))
	for i := len(parts) - 1; i >= 0; i-- {
		n, own := lengthIn(parts[i])
		if own != "" {
			unit = own
		}
		if n < 0 || unit == "" {
			return nil, false
		}
		whole, ok := inMonths(n, unit)
		if !ok {
			return nil, false
		}
		months[i] = whole
	}
	return months, true
}

// plainLength is a length in small letters, without what stands in brackets.
func plainLength(s string) string {
	s = strings.NewReplacer("'", "", "’", "", "\u00a0", " ", "\n", " ").Replace(strings.ToLower(dropBrackets(s)))
	return strings.TrimRight(strings.Join(strings.Fields(s), " "), ".,; ")
}

// lengthIn is how many of which unit a text speaks of; -1 for none. No unit: it does not say.
func lengthIn(s string) (n int, unit string) {
	s = lengthWords.ReplaceAllString(s, "")
	m := oneLength.FindStringSubmatch(s)
	if m == nil {
		return -1, ""
	}
	n = inFigures(m[4])
	for _, times := range m[1:4] {
		if times != "" {
			n *= inFigures(times)
		}
	}
	return n, unitOf(m[5])
}

func inFigures(s string) int {
	for word, n := range map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "nine": 9, "twelve": 12, "eighteen": 18, "twenty four": 24, "twenty-four": 24} {
		if s == word {
			return n
		}
	}
	return number10(s)
}

// unitOf is what a word or a title counts time in: months, years, weeks or days; empty for none of these.
func unitOf(s string) string {
	for _, w := range strings.Fields(plainTitle(s)) {
		switch w {
		case "month", "months", "mth", "mths", "mnth", "mnths", "m":
			return "months"
		case "year", "years", "yr", "yrs", "y":
			return "years"
		case "week", "weeks":
			return "weeks"
		case "day", "days":
			return "days"
		}
	}
	return ""
}

// inMonths is a length in months, where it is a number of them as people count: 30 days, 13 weeks.
func inMonths(n int, unit string) (months int, ok bool) {
	switch unit {
	case "months":
		return n, true
	case "years":
		return n * 12, true
	case "weeks":
		switch {
		case n%13 == 0:
			return n / 13 * 3, true
		case n%4 == 0 && n <= 12:
			return n / 4, true
		}
	case "days":
		switch {
		case n%30 == 0:
			return n / 30, true
		case n == 28:
			return 1, true
		case n == 365:
			return 12, true
		}
	}
	return 0, false
}
