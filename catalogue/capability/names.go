package capability

import "strings"

// Supplier gives the name that a supplier goes by today: renames and spellings
// are resolved, company forms dropped. An unknown name gets a normalised form,
// the same for every way of writing it.
func (d *Dictionary) Supplier(name string) (canonical string) {
	key := supplierKey(name)
	if canonical, ok := d.suppliers[key]; ok {
		return canonical
	}
	words := strings.Fields(key)
	for i, word := range words {
		words[i] = capitalise(word)
	}
	return strings.Join(words, " ")
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
	for _, t := range tokenise(nil, clip(name)) {
		words = append(words, strings.ToLower(dropApostrophes(clip(name)[t.start:t.end])))
	}
	for i, word := range words {
		if word == "&" {
			words[i] = "and"
		}
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

// capitalise writes a word of a name with a capital, and a word without vowels (BT, MHR) in capitals.
func capitalise(word string) string {
	if !strings.ContainsAny(word, "aeiouy") || len(word) == 0 {
		return strings.ToUpper(word)
	}
	if word == "and" || word == "of" || word == "for" {
		return word
	}
	return strings.ToUpper(word[:1]) + word[1:]
}
