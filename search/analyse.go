package search

// Words: how a text becomes terms. One reading serves documents, queries and highlights, so that what is found, what is
// asked and what is marked agree: lower case, accents folded, plurals stripped (nothing else is: stemming made 'book
// lending' match 'bookings'), stop words dropped but counted, so that a phrase keeps its distances.

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"golang.org/x/text/unicode/norm"
)

// word is one term of a text and where it stands there.
type word struct {
	term       string
	position   int // the first word of a text has 1; stop words count
	start, end int // bytes in the text
}

const (
	// partBreak stands between texts that are indexed as one field; no phrase reaches across it.
	partBreak = "\x1f"
	partGap   = 100

	// maxTerm is the length in bytes beyond which a term is cut: longer ones are not words.
	maxTerm = 64
)

// analyse splits a text into terms.
func analyse(text string) []word {
	words := make([]word, 0, len(text)/6+1)
	var term []byte
	start, position, plain, apostrophe := 0, 0, true, 0
	begin := func(i int) {
		if len(term) == 0 {
			start = i
		}
	}
	flush := func(end int) {
		if len(term) == 0 {
			return
		}
		position++
		if apostrophe > 0 && string(term[apostrophe:]) == "s" {
			term = term[:apostrophe]
		}
		if t := normal(term, plain); t != "" && !isStopWord(t) {
			words = append(words, word{t, position, start, end})
		}
		term, plain, apostrophe = term[:0], true, 0
	}
	for i, r := range text {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			begin(i)
			term = append(term, byte(r))
		case r >= 'A' && r <= 'Z':
			begin(i)
			term = append(term, byte(r)+'a'-'A')
		case isApostrophe(r) && len(term) > 0:
			apostrophe = len(term)
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsNumber(r) || len(term) > 0 && unicode.IsMark(r)):
			begin(i)
			term, plain = utf8.AppendRune(term, r), false
		default:
			flush(i)
			switch r {
			case '&':
				position++ // it stands for 'and'
			case '\x1f':
				position += partGap
			}
		}
	}
	flush(len(text))
	return words
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// normal is the term of one word in lower case; plain says that it is ASCII.
func normal(raw []byte, plain bool) string {
	s := string(raw)
	if !plain {
		var b strings.Builder
		for _, r := range norm.NFKD.String(strings.ToLower(s)) {
			if !unicode.IsMark(r) {
				b.WriteRune(unicode.ToLower(r))
			}
		}
		s = b.String()
	}
	if len(s) > maxTerm {
		s = strings.ToValidUTF8(s[:maxTerm], "")
	}
	return singular(s)
}

// singular strips an English plural, as capability.Terms does; a word that only looks like one is cut the same way
// wherever it stands.
func singular(s string) string {
	n := len(s)
	if n < 4 || s[n-1] != 's' {
		return s
	}
	switch s {
	case "news", "lens", "always", "across", "perhaps", "whereas":
		return s
	case "buses":
		return "bus"
	case "taxis", "apis", "kpis", "wifis":
		return s[:n-1]
	}
	switch {
	case strings.HasSuffix(s, "ss"), strings.HasSuffix(s, "us"), strings.HasSuffix(s, "is"):
		return s
	case strings.HasSuffix(s, "ies") && n > 4:
		return s[:n-3] + "y"
	case strings.HasSuffix(s, "sses"), strings.HasSuffix(s, "shes"), strings.HasSuffix(s, "ches"), strings.HasSuffix(s, "xes"):
		return s[:n-2]
	}
	return s[:n-1]
}

// isStopWord says that a word tells nothing about what is sought. 'it' is not one here: IT support.
func isStopWord(s string) bool {
	switch s {
	case "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "of", "on", "or", "our", "that",
		"the", "their", "this", "to", "we", "with":
		return true
	}
	return false
}

// folded is a whole text as one term: what an exact name is compared by.
func folded(text string) string {
	var b strings.Builder
	for _, w := range analyse(text) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.term)
	}
	return b.String()
}

// analyser hands analyse to bleve.
type analyser struct{}

//nolint:misspell // the name is bleve's
func (analyser) Analyze(text []byte) analysis.TokenStream {
	words := analyse(string(text))
	tokens := make([]analysis.Token, len(words))
	stream := make(analysis.TokenStream, len(words))
	for i, w := range words {
		tokens[i] = analysis.Token{Start: w.start, End: w.end, Term: []byte(w.term), Position: w.position}
		stream[i] = &tokens[i]
	}
	return stream
}
