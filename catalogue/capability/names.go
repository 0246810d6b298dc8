package capability

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Supplier gives the name that a supplier goes by today: renames and spellings
// are resolved, company forms and what stands in brackets dropped. An unknown
// name gets a normalised form, the same for every way of writing it.
func (d *Dictionary) Supplier(name string) (canonical string) {
	name = clip(name)
	for _, key := range []string{supplierKey(name), supplierKey(dropBrackets(name))} {
		if canonical, ok := d.suppliers[key]; ok {
			return canonical
		}
	}
	words := strings.Fields(supplierKey(cmp.Or(strings.TrimSpace(dropBrackets(name)), name)))
	for i, word := range words {
		words[i] = capitalise(word)
	}
	return strings.Join(words, " ")
}

// dropBrackets leaves out what a name says in brackets: a country, a trading name, a remark.
func dropBrackets(name string) string {
	var b strings.Builder
	depth := 0
	for _, r := range name {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Product gives the name under which a product is listed, and the capability for
// which it is usually bought.
func (d *Dictionary) Product(name string) (canonical, capability string, ok bool) {
	i, ok := d.products[normal(clip(name))]
	if !ok {
		return "", "", false
	}
	c := d.concepts[i]
	return c.means, d.capabilities[d.targets[c.target].capability].ID, true
}

// supplierKey is a supplier's name without case, punctuation and company form.
func supplierKey(name string) string {
	var words []string
	for _, t := range tokenise(nil, name) {
		word := strings.ToLower(dropApostrophes(name[t.start:t.end]))
		if word == "&" {
			word = "and"
		}
		words = append(words, word)
	}
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	for len(words) > 1 && isCompanyForm(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

func isCompanyForm(word string) bool {
	switch word {
	case "ltd", "limited", "plc", "llp", "inc", "incorporated", "corp", "corporation", "gmbh", "cic", "uk", "gb", "company", "co":
		return true
	}
	return false
}

// capitalise writes a word of a name with a capital, and one without vowels (BT, MHR) in capitals.
func capitalise(word string) string {
	if word == "and" || word == "of" || word == "for" {
		return word
	}
	first, size := utf8.DecodeRuneInString(word)
	if first < utf8.RuneSelf && !strings.ContainsAny(word, "aeiouy") && strings.ToLower(strings.ToUpper(word)) == word {
		return strings.ToUpper(word)
	}
	if upper := unicode.ToUpper(first); unicode.ToLower(upper) == first {
		return string(upper) + word[size:]
	}
	return word
}
