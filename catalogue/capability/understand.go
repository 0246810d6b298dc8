package capability

import (
	"cmp"
	"slices"
	"strings"
)

// maxAlternatives is how many other phrases a recognised one is searched with.
const maxAlternatives = 8

// Understanding is what the dictionary makes of a search.
type Understanding struct {
	// Capabilities that the query means, surest first.
	Capabilities []string
	// Phrases that were recognised, in the query's order.
	Phrases []Phrase
	// Rest are the remaining words as written, without question words.
	Rest []string
}

// Phrase is a part of a query that the dictionary knows. A general word such as
// "software" is one too: it names nothing and has alternatives.
type Phrase struct {
	// Written is the phrase as the reader wrote it.
	Written string
	// Meaning says in words what was understood.
	Meaning string
	// Alternatives are phrases to search for as well (any of them), direct
	// synonyms first; at most eight, without the written one.
	Alternatives []string
	// Capability, Product and Supplier that the phrase names; empty when it names none.
	Capability, Product, Supplier string
	// Need is what it names that is finer than the capability, as in Need.ID; empty where it names the capability.
	Need string
	// Common says that the phrase is a common name, such as 'housing system', and not one of a product or supplier alone.
	Common bool
	// Whole says that it names the whole of the capability or need, and not a part of it.
	Whole bool
}

const (
	maxQuery    = 1000 // bytes of a query that are read
	directFirst = 3    // direct synonyms offered before other names of the same thing
	otherNames  = 3    // other names offered of a thing that was named as a whole
	namesOfPart = 2    // names of the capability offered for a part of it
	wholeName   = 4.5  // weight from which a term names the whole of what it points to
)

// Understand reads a search query, of which the first 1,000 bytes count.
func (d *Dictionary) Understand(query string) Understanding {
	if len(query) > maxQuery {
		query = strings.ToValidUTF8(query[:maxQuery], "")
	}
	p := d.passage(query, newCueSet(len(d.vocabulary.cues)))
	p.oneCase = p.oneCase || query == strings.ToLower(query)
	d.forgive(&p)
	u := d.understand(&p)
	if len(u.Rest) < 2 && !slices.ContainsFunc(u.Phrases, Phrase.named) {
		p.terse = true
		u = d.understand(&p)
	}
	if len(u.Phrases) == 0 && len(u.Rest) == 0 {
		for i := range p.tokens {
			u.Rest = append(u.Rest, p.written(i, i+1))
		}
	}
	return u
}

// named says whether the phrase stands for anything of the catalogue.
func (ph Phrase) named() bool { return ph.Capability != "" || ph.Product != "" || ph.Supplier != "" }

// understand goes through a prepared query.
func (d *Dictionary) understand(p *passage) Understanding {
	var u Understanding
	var f findings
	var found []*entry
	for i := 0; i < len(p.tokens); {
		var end int
		found, end = d.needs.longest(found[:0], p, i)
		found = slices.DeleteFunc(found, func(e *entry) bool { return !d.speaks(e, p, i, end) })
		if len(found) == 0 {
			u.word(d, p, i)
			i++
			continue
		}
		for _, e := range found {
			if d.concepts[e.concept].target >= 0 {
				f.add(e, p, i, end, false, 1)
			}
		}
		u.Phrases = append(u.Phrases, d.phrase(found, p, i, end))
		i = end
	}
	for _, t := range d.tags(f.strong()) {
		if !slices.Contains(u.Capabilities, t.Capability) {
			u.Capabilities = append(u.Capabilities, t.Capability)
		}
	}
	return u
}

// strong marks all hits as told plainly: in a query case and context are rarely given.
func (f *findings) strong() []hit {
	for i := range f.hits {
		f.hits[i].weak = false
	}
	return f.hits
}

// speaks says whether an entry found in a query means something there. Weak
// terms do not; a word that is a term only in capitals must be, unless it is all
// that was asked.
func (d *Dictionary) speaks(e *entry, p *passage, from, to int) bool {
	switch e.kind {
	case kindWeak, kindAside, kindIgnore:
		return false
	}
	if e.exact == nil || !p.oneCase || to-from > 1 {
		return true
	}
	for i, t := range p.tokens {
		if (i < from || i >= to) && !d.questions[t.norm] && !isStop(t.norm) {
			return false
		}
	}
	return true
}

// word takes in a word that no phrase covers: general words for software stand
// for each other, words that only ask are left out, others are kept.
func (u *Understanding) word(d *Dictionary, p *passage, i int) {
	written := p.written(i, i+1)
	if same := generalWords(p.tokens[i].norm); same != nil {
		u.Phrases = append(u.Phrases, Phrase{Written: written, Meaning: "software of any name", Alternatives: same})
		return
	}
	if norm := p.tokens[i].norm; !d.questions[norm] && !isStop(norm) {
		u.Rest = append(u.Rest, written)
	}
}

// generalWords lists the other words for what a councils' officer calls a system.
func generalWords(norm string) []string {
	words := []string{"system", "software", "platform", "solution", "application"}
	i := slices.Index(words, norm)
	if i < 0 {
		return nil
	}
	return slices.Delete(words, i, i+1)
}

// forgive replaces unknown words by what they are typing errors of, where that
// makes a phrase that the dictionary knows.
func (d *Dictionary) forgive(p *passage) {
	for i := range p.tokens {
		if p.ids[i] >= 0 {
			continue
		}
		best, longest, weight := int32(-1), 0, float32(0)
		for _, word := range d.spelling.correct(p.tokens[i].norm) {
			p.ids[i] = d.vocabulary.words[word]
			if n, w := d.covered(p, i); n > longest || n == longest && w > weight {
				best, longest, weight = p.ids[i], n, w
			}
		}
		if p.ids[i] = best; best >= 0 {
			p.cues[i] = d.vocabulary.known[best]
			for _, cue := range p.cues[i] {
				p.anywhere.add(cue)
			}
		}
	}
}

// covered is the length of the longest telling phrase around token i, and the most that one of that length counts.
func (d *Dictionary) covered(p *passage, i int) (longest int, weight float32) {
	var found []*entry
	for from := max(0, i-5); from <= i; from++ {
		var end int
		found, end = d.needs.longest(found[:0], p, from)
		for _, e := range found {
			if end <= i || end-from < longest || e.exact != nil || !d.speaks(e, p, from, end) {
				continue
			}
			if end-from > longest {
				longest, weight = end-from, 0
			}
			weight = max(weight, e.weight)
		}
	}
	return longest, weight
}

// phrase says what the entries found at tokens from up to to mean.
func (d *Dictionary) phrase(found []*entry, p *passage, from, to int) Phrase {
	ph := Phrase{Written: p.written(from, to)}
	found = slices.Clone(found)
	likely := func(e *entry) float32 {
		if e.cased(p, from) {
			return 2 * e.weight
		}
		return e.weight
	}
	slices.SortStableFunc(found, func(a, b *entry) int { return cmp.Compare(likely(b), likely(a)) })
	var meanings []string
	for _, e := range found {
		c := d.concepts[e.concept]
		if c.target >= 0 && ph.Capability == "" {
			ph.Capability = d.capabilities[d.targets[c.target].capability].ID
			ph.Need = d.targets[c.target].need.ID
		}
		if c.kind == kindName && c.target >= 0 {
			ph.Common = true
			ph.Whole = ph.Whole || e.weight >= wholeName
		}
		switch {
		case e.kind == kindProduct && ph.Product == "":
			ph.Product = c.means
		case e.kind == kindSupplier && ph.Supplier == "":
			ph.Supplier = c.means
		}
		if m := d.meaning(e); len(meanings) < 2 && !slices.Contains(meanings, m) {
			meanings = append(meanings, m)
		}
	}
	ph.Meaning = strings.Join(meanings, "; or ")
	ph.Alternatives = d.alternatives(found, d.spelt(p, from, to), ph.Written)
	return ph
}

// meaning says in words what an entry stands for.
func (d *Dictionary) meaning(e *entry) string {
	c := d.concepts[e.concept]
	if e.kind == kindSupplier {
		return c.means + ", a supplier"
	}
	t := d.targets[c.target]
	name := cmp.Or(t.need.Name, d.capabilities[t.capability].Name)
	switch {
	case e.kind == kindProduct:
		return c.means + ", a product for " + name
	case e.weight >= wholeName:
		return name
	}
	return c.means + " (" + name + ")"
}

// spelt gives the normalised words of tokens from up to to, with typing errors put right.
func (d *Dictionary) spelt(p *passage, from, to int) string {
	var words []string
	for i := from; i < to; i++ {
		word := p.tokens[i].norm
		if id, ok := d.vocabulary.words[word]; !ok || id != p.ids[i] {
			for _, known := range d.spelling.correct(word) {
				if d.vocabulary.words[known] == p.ids[i] {
					word = known
				}
			}
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// alternatives lists what to search for beside the phrase as written: the
// phrase without typing errors, terms that mean the same, then other names and
// the main parts of a thing that was named as a whole, or the names of the thing
// of which a part was named.
func (d *Dictionary) alternatives(found []*entry, spelt, written string) []string {
	a := alternatives{taken: []string{normal(written)}}
	for _, e := range found {
		for _, term := range d.concepts[e.concept].terms {
			if normal(term) == spelt {
				a.offer(term, maxAlternatives)
			}
		}
	}
	for _, e := range found {
		c := d.concepts[e.concept]
		limit := min(len(a.list)+directFirst, maxAlternatives)
		a.offer(c.means, limit)
		for _, term := range c.terms {
			a.offer(term, limit)
		}
	}
	for _, e := range found {
		c := d.concepts[e.concept]
		switch {
		case c.target < 0 || c.kind != kindName:
		case e.weight < wholeName:
			d.offerNames(&a, c.target, len(a.list)+namesOfPart)
		default:
			d.offerNames(&a, c.target, len(a.list)+otherNames)
			d.offerParts(&a, c.target)
		}
	}
	for _, e := range found {
		for _, term := range d.concepts[e.concept].terms {
			a.offer(term, maxAlternatives)
		}
	}
	return a.list
}

// offerNames adds what a target is called, acronyms left out: they were offered
// as synonyms where they are.
func (d *Dictionary) offerNames(a *alternatives, target, limit int) {
	for _, i := range d.told[target] {
		if c := d.concepts[i]; c.weight >= wholeName && c.means != strings.ToUpper(c.means) {
			a.offer(c.means, min(limit, maxAlternatives))
		}
	}
}

// offerParts adds the parts of a target that a word alone would not blur:
// phrases and acronyms.
func (d *Dictionary) offerParts(a *alternatives, target int) {
	for _, i := range d.told[target] {
		c := d.concepts[i]
		if c.weight < wholeName && c.weight > 1 && (strings.Contains(c.means, " ") || c.means == strings.ToUpper(c.means)) {
			a.offer(c.means, maxAlternatives)
		}
	}
}

// alternatives gathers phrases none of which holds another.
type alternatives struct {
	list  []string
	taken []string // normalised
}

// offer adds a phrase unless limit is reached or one that it holds is there already.
func (a *alternatives) offer(phrase string, limit int) {
	words := normal(phrase)
	holds := func(taken string) bool { return strings.Contains(" "+words+" ", " "+taken+" ") }
	if len(a.list) < limit && !slices.ContainsFunc(a.taken, holds) {
		a.list = append(a.list, phrase)
		a.taken = append(a.taken, words)
	}
}
