package match

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// party is one of the two councils as a text speaks of it.
type party struct {
	name   string
	person person
}

type person int

const (
	third  person = iota // by name
	second               // the reader
	others               // the other council, when the reader is one of the two
)

// speakers name two needs' councils to somebody who belongs to the first.
func speakers(you, other *Profile) (party, party) {
	return party{you.need.name(), second}, party{other.need.name(), others}
}

// bystanders name both councils to somebody who belongs to neither.
func bystanders(a, b *Profile) (party, party) {
	return party{a.need.name(), third}, party{b.need.name(), third}
}

// does puts the party before a verb, given as 'use' and 'uses'.
func (p party) does(plural, singular string) string {
	switch p.person {
	case second:
		return "you " + plural
	case others:
		return "they " + plural
	}
	return p.name + " " + singular
}

// own is the possessive.
func (p party) own() string {
	switch p.person {
	case second:
		return "your"
	case others:
		return "their"
	}
	return p.name + "'s"
}

// ours is the possessive that stands alone.
func (p party) ours() string {
	switch p.person {
	case second:
		return "yours"
	case others:
		return "theirs"
	}
	return p.name + "'s"
}

// sentence starts with a capital.
func sentence(format string, args ...any) string {
	s := fmt.Sprintf(format, args...)
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// list joins words as prose does: a, b and c.
func list(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = "'" + w + "'"
	}
	return out
}

// pounds writes an amount as people say it, to three figures.
func pounds(v float64) string {
	switch {
	case v >= 999_500_000:
		return "£" + figures(v/1e9) + " billion"
	case v >= 999_500:
		return "£" + figures(v/1e6) + " million"
	case v >= 1000:
		scale := math.Pow(10, math.Floor(math.Log10(v))-2)
		return "£" + thousands(int(math.Round(v/scale)*scale))
	}
	return fmt.Sprintf("£%.0f", v)
}

// figures writes a number to three figures without needless zeros.
func figures(v float64) string {
	decimals := 2 - int(math.Floor(math.Log10(v)))
	s := strconv.FormatFloat(v, 'f', max(0, decimals), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func dateText(t time.Time) string  { return t.Format("2 January 2006") }
func monthText(t time.Time) string { return t.Format("January 2006") }

// text says when a window is open.
func (w Window) text() string {
	switch {
	case w.Start.IsZero() && w.End.IsZero():
		return "at any time"
	case w.Start.IsZero():
		return "until " + dateText(w.End)
	case w.End.IsZero():
		return "from " + dateText(w.Start)
	case w.Start.Year() == w.End.Year():
		return w.Start.Format("2 January") + " to " + dateText(w.End)
	}
	return dateText(w.Start) + " to " + dateText(w.End)
}

// months says how long a distance in days is.
func monthsText(days int) string {
	switch months := int(math.Round(float64(days) / 30.4375)); months {
	case 0:
		return "less than a month"
	case 1:
		return "a month"
	default:
		return strconv.Itoa(months) + " months"
	}
}

// timesText writes a ratio: '3.2 times', or '14 times' where it is large.
func timesText(ratio float64) string {
	if ratio >= 10 {
		return fmt.Sprintf("%.0f times", ratio)
	}
	return strings.Replace(fmt.Sprintf("%.1f times", ratio), ".0 ", " ", 1)
}
