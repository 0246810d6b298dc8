package register

// How a name becomes the words that councils' names are compared by: without case, accents, punctuation, 'the' and
// 'and', and with the usual abbreviations written out.

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestName is how many bytes of a name are worth reading: no body's name is longer.
const longestName = 300

// words is a name as comparable words, joined by single spaces, with the place where each begins.
type words struct {
	text   string
	starts []int
}

func (w words) len() int { return len(w.starts) }

// slice is the words from i up to, not including, j; as many as there are.
func (w words) slice(i, j int) string {
	i = max(i, 0)
	if i >= j || i >= len(w.starts) {
		return ""
	}
	end := len(w.text)
	if j < len(w.starts) {
		end = w.starts[j] - 1
	}
	return w.text[w.starts[i]:end]
}

func (w words) at(i int) string { return w.slice(i, i+1) }

// from is the words from i on.
func (w words) from(i int) words {
	if i >= len(w.starts) {
		return words{}
	}
	rest := words{text: w.text[w.starts[i]:]}
	for _, s := range w.starts[i:] {
		rest.starts = append(rest.starts, s-w.starts[i])
	}
	return rest
}

// readWords gives no words for what cannot be a name: too long, or not UTF-8.
func readWords(name string) words {
	if len(name) > longestName || !utf8.ValidString(name) {
		return words{}
	}
	var list []string
	for _, token := range tokens(name) {
		switch token {
		case "and", "the":
		case "s":
			// A lone s is the end of a word whose apostrophe became a space (King s Lynn), or it stands for south.
			if n := len(list); n > 0 && !isTypeWord(list[n-1]) {
				list[n-1] += "s"
				continue
			}
			list = append(list, "south")
		default:
			list = append(list, strings.Fields(writtenOut(token))...)
		}
	}
	list = withoutCitizens(list)

	var w words
	var b strings.Builder
	for _, token := range list {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		w.starts = append(w.starts, b.Len())
		b.WriteString(token)
	}
	w.text = b.String()
	return w
}

// tokens are the runs of letters and digits in a name, lower-case and without accents. Apostrophes vanish; a full
// stop separates, except between single letters (M.B.C.).
func tokens(name string) []string {
	runes := []rune(folded(name))
	var list []string
	start := -1
	var token []rune
	flush := func() {
		if len(token) > 0 {
			list = append(list, string(token))
		}
		token, start = token[:0], -1
	}
	for i, r := range runes {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if start < 0 {
				start = i
			}
			token = append(token, r)
		case isApostrophe(r):
		case r == '.' && i-start == 2*len(token)-1 && isSingleLetter(runes[i+1:]):
			// Only initials so far, each with its stop, and another one follows.
		default:
			flush()
		}
	}
	flush()
	return list
}

// folded is a name in lower case, with compatibility forms (full-width letters, ligatures) made plain and accents and
// invisible marks taken away.
func folded(name string) string {
	if isASCII(name) {
		return strings.ToLower(name)
	}
	apart := strings.Map(func(r rune) rune {
		if isApostrophe(r) { // before NFKD makes a space of an acute accent
			return '\''
		}
		return r
	}, name)
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Cf) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(apart))
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '`', '´', '‘', '’', 'ʼ', '′':
		return true
	}
	return false
}

// isSingleLetter says whether the text begins with one letter that stands alone.
func isSingleLetter(runes []rune) bool {
	return len(runes) > 0 && unicode.IsLetter(runes[0]) && (len(runes) == 1 || !unicode.IsLetter(runes[1]))
}

// withoutCitizens cuts the corporate style before a council's name: 'The Mayor and Burgesses of the ...', 'The Lord
// Mayor, Aldermen and Citizens of the ...'.
func withoutCitizens(list []string) []string {
	if len(list) == 0 || list[0] != "mayor" && list[0] != "lord" {
		return list
	}
	for i, token := range list[:min(len(list), 6)] {
		if (token == "burgesses" || token == "citizens") && i+1 < len(list) && list[i+1] == "of" {
			return list[i+2:]
		}
	}
	return list
}

// writtenOut is a word in the form that names are compared in: abbreviations of counties, compass points and the like
// in full.
func writtenOut(token string) string {
	switch token {
	case "upon":
		return "on"
	case "saint":
		return "st"
	case "gt":
		return "great"
	case "boro":
		return "borough"
	case "dist":
		return "district"
	case "met":
		return "metropolitan"
	case "cncl":
		return "council"
	case "n":
		return "north"
	case "e":
		return "east"
	case "w":
		return "west"
	case "ne":
		return "north east"
	case "nw":
		return "north west"
	case "se":
		return "south east"
	case "sw":
		return "south west"
	case "beds":
		return "bedfordshire"
	case "berks":
		return "berkshire"
	case "bucks":
		return "buckinghamshire"
	case "cambs":
		return "cambridgeshire"
	case "derbys":
		return "derbyshire"
	case "glos":
		return "gloucestershire"
	case "hants":
		return "hampshire"
	case "herts":
		return "hertfordshire"
	case "lancs":
		return "lancashire"
	case "leics":
		return "leicestershire"
	case "lincs":
		return "lincolnshire"
	case "northants":
		return "northamptonshire"
	case "notts":
		return "nottinghamshire"
	case "oxon":
		return "oxfordshire"
	case "staffs":
		return "staffordshire"
	case "warks":
		return "warwickshire"
	case "wilts":
		return "wiltshire"
	case "worcs":
		return "worcestershire"
	case "yorks":
		return "yorkshire"
	}
	return token
}
