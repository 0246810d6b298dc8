package capability

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is how much of one title, description or query is read, in bytes.
// What comes after adds nothing that the first pages did not say, and the bound
// keeps the time for a hostile text small.
const maxText = 64 << 10

// token is one word of a text.
type token struct {
	start, end int    // where it stands in the text, in bytes
	norm       string // lower case, plural and possessive stripped
}

// clip cuts a text to maxText bytes at the start of a rune.
func clip(text string) string {
	if len(text) <= maxText {
		return text
	}
	cut := maxText
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

// tokenise appends the words of text to dst. Letters and digits make words; "&"
// is the word "and"; everything else, invalid UTF-8 included, separates.
func tokenise(dst []token, text string) []token {
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '&':
			dst = append(dst, token{i, i + 1, "and"})
			i++
		case isWordByte(c) || c >= utf8.RuneSelf:
			t, next := word(text, i)
			if t.norm != "" {
				dst = append(dst, t)
			}
			i = next
		default:
			i++
		}
	}
	return dst
}

// word reads the word that starts at i and says where to go on. Its norm is
// empty when no word stands there.
func word(text string, i int) (token, int) {
	start, plain, apostrophe := i, true, false
	for i < len(text) {
		c := text[i]
		if c < utf8.RuneSelf {
			if isWordByte(c) {
				plain = plain && (c < 'A' || c > 'Z')
				i++
				continue
			}
			if c == '\'' && i > start && i+1 < len(text) && isWordByte(text[i+1]) {
				apostrophe = true
				i++
				continue
			}
			break
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '’' && i > start {
			apostrophe = true
			i += size
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if i == start {
				return token{}, i + size
			}
			break
		}
		plain = false
		i += size
	}
	norm := text[start:i]
	if apostrophe {
		norm = dropApostrophes(norm)
	}
	if !plain {
		norm = strings.ToLower(norm)
	}
	return token{start, i, singular(norm)}, i
}

func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// dropApostrophes makes "children's" "children" and "O'Brien" "OBrien".
func dropApostrophes(word string) string {
	word = strings.ReplaceAll(word, "’", "'")
	if n := len(word); n > 2 && word[n-2] == '\'' && (word[n-1] == 's' || word[n-1] == 'S') {
		word = word[:n-2]
	}
	return strings.ReplaceAll(word, "'", "")
}

// singular strips a plural ending and nothing else: stemming further made "book
// lending" meet "bookings". Words of three letters are left alone (gas, GIS, SMS).
func singular(word string) string {
	n := len(word)
	if n < 4 || word[n-1] != 's' {
		return word
	}
	switch word {
	case "news", "lens", "always", "across", "perhaps", "whereas":
		return word
	case "buses":
		return "bus"
	case "taxis", "apis", "kpis", "wifis":
		return strings.TrimSuffix(word, "s")
	}
	switch word[n-2] {
	case 's', 'u', 'i':
		return word
	case 'e':
		switch stem := word[:n-2]; {
		case n > 4 && strings.HasSuffix(stem, "i"):
			return stem[:len(stem)-1] + "y"
		case strings.HasSuffix(stem, "ch"), strings.HasSuffix(stem, "sh"),
			strings.HasSuffix(stem, "x"), strings.HasSuffix(stem, "ss"):
			return stem
		}
	}
	return word[:n-1]
}

// Terms splits a text into normalised content words for BM25: lower case,
// plurals stripped and nothing else, stop words, single letters and long numbers
// dropped. Only the first 64 KiB are read.
func Terms(text string) []string {
	return contentWords(tokenise(nil, clip(text)), nil)
}

// contentWords appends the tokens that carry meaning to dst.
func contentWords(tokens []token, dst []string) []string {
	for _, t := range tokens {
		if len(t.norm) > 1 && !isStop(t.norm) && !isLongNumber(t.norm) {
			dst = append(dst, t.norm)
		}
	}
	return dst
}

// isLongNumber finds years, amounts and their thousands, and reference numbers; 365, 106 and E5 stay.
func isLongNumber(word string) bool {
	return (len(word) > 3 || word[0] == '0') && strings.Trim(word, "0123456789") == ""
}

// isStop finds words that say nothing about a need, in their normalised form.
func isStop(word string) bool {
	switch word {
	case "a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at",
		"be", "been", "before", "being", "both", "but", "by", "can", "could", "did", "do", "does", "doe",
		"each", "etc", "for", "from", "go", "had", "has", "have", "having", "he", "her", "here", "his", "how",
		"i", "if", "in", "into", "is", "it", "itself", "just", "may", "more", "most", "must", "my",
		"no", "nor", "not", "of", "off", "on", "once", "one", "only", "or", "other", "our", "out", "over", "own",
		"per", "shall", "she", "should", "so", "some", "such", "than", "that", "the", "their", "them", "then",
		"there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "upon", "us",
		"very", "via", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "why",
		"will", "with", "within", "would", "you", "your":
		return true
	}
	return false
}
