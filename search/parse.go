package search

// Queries as people write them: words, "phrases", -not and OR. Everything else is a character like any other: there are
// no patterns to write, and none to abuse.

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"jointly/catalogue"
	"jointly/catalogue/capability"
)

// plan is what is looked for.
type plan struct {
	groups  []group       // a hit has all of them, or failing that some
	not     []alternative // and none of these
	written string        // all of it
	text    string        // the same, folded
	whole   []string      // folded names, of which an exact one comes first
	tags    []string      // capabilities that the query means, surest first

	// subject is the kinds of what is sought where the query names a topic and nothing but suppliers beside it: what is
	// of these kinds and has the topic comes before all else.
	subject []catalogue.Kind
	// prefer is the kinds that come first where the query names them and has no such topic.
	prefer []catalogue.Kind

	understood capability.Understanding
	dropped    []string
	loose      []string // words that a hit need not have, since none has them beside the rest
}

// group is one thing that is sought, in any of several words.
type group struct {
	written      string
	alternatives []alternative // what was written first
	tags         []string      // capabilities of which any means the same
	finer        bool          // it names one thing among several that have the capability
	wholly       bool          // it names the whole of the capability
	usually      []string      // capabilities that the product or supplier that it names is bought for
	names        []string      // folded names of what it names: a product, a supplier
	aside        bool          // a general word, such as system: it counts, but a hit need not have it
	plain        bool          // words that the dictionary does not know
	spell        bool          // one plain word: its spelling may be wrong
}

// alternative is a term, or a phrase of several.
type alternative struct {
	terms  []phraseTerm
	weight float32 // beside what was written, which has 1
	tagged bool    // it means the group only in what has the group's capability
}

// phraseTerm is a term and how far it stands behind the first.
type phraseTerm struct {
	term   string
	offset int
}

// unit is a piece of a query: a word, or what stands in quotes.
type unit struct {
	text   string
	quoted bool
	not    bool
	or     bool // an alternative to the unit before it
}

// weightOf is how much the nth alternative of the dictionary counts. Direct synonyms come first; what follows are names
// of other parts of the same capability.
func weightOf(n int) float32 {
	if n < directSynonyms {
		return 0.9 - 0.04*float32(n)
	}
	return 0.5
}

const directSynonyms = 4

// parse reads a query. understand reads the plain words of it; nil takes them as they are.
func parse(text string, understand func(string) capability.Understanding) *plan {
	units, dropped := split(text)
	p := &plan{written: text, text: folded(text), dropped: dropped}
	for i := 0; i < len(units); {
		u := units[i]
		end := i + 1
		switch {
		case u.not:
			if a, ok := asAlternative(u.text, 1); ok {
				p.not = append(p.not, a)
			}
		case end < len(units) && units[end].or:
			for end < len(units) && units[end].or {
				end++
			}
			p.either(units[i:end], understand)
		case u.quoted || understand == nil:
			p.add(group{written: u.text}, u.text)
		default:
			for end < len(units) && units[end].plain() && (end+1 == len(units) || !units[end+1].or) {
				end++
			}
			p.words(units[i:end], understand)
		}
		i = end
	}
	p.bound()
	if len(p.not) == 0 {
		p.whole = append(p.whole, p.text)
	}
	return p
}

func (u unit) plain() bool { return !u.quoted && !u.not && !u.or }

// words adds a run of plain words as the dictionary understands it.
func (p *plan) words(units []unit, understand func(string) capability.Understanding) {
	texts := make([]string, len(units))
	for i, u := range units {
		texts[i] = u.text
	}
	u := understand(strings.Join(texts, " "))
	p.note(u)
	for _, ph := range u.Phrases {
		p.phrase(group{written: ph.Written}, ph)
	}
	for rest := u.Rest; len(rest) > 0; {
		word, n := whole(units, rest)
		p.add(group{written: word, plain: true, spell: n == 1}, word)
		rest = rest[n:]
	}
}

// whole is the first of the words that the dictionary left, or as many of them as were written in one piece: G-Cloud.
func whole(units []unit, rest []string) (word string, n int) {
	for _, u := range units {
		n := len(analyse(u.text))
		if n > 1 && n <= len(rest) && folded(u.text) == folded(strings.Join(rest[:n], " ")) {
			return u.text, n
		}
	}
	return rest[0], 1
}

// either adds units of which one is enough.
func (p *plan) either(units []unit, understand func(string) capability.Understanding) {
	var g group
	for _, u := range units {
		one := &plan{}
		if u.quoted || understand == nil {
			one.add(group{}, u.text)
		} else {
			one.words([]unit{u}, understand)
			p.note(one.understood)
		}
		for _, part := range one.groups {
			g.alternatives = append(g.alternatives, part.alternatives...)
		}
		g.written = strings.TrimSpace(g.written + " " + u.text)
	}
	if len(g.alternatives) > 0 {
		p.groups = append(p.groups, g)
	}
}

// several says that a hit may have some of what is asked for and not all of it.
func (p *plan) several() bool { return p.required() > 1 }

// wholeNames lists the names of which an exact one comes first: the whole text, and what it names where it names nothing
// else.
func (p *plan) wholeNames() []string {
	names := slices.Clone(p.whole)
	for _, g := range p.groups {
		if !g.aside && p.required() == 1 {
			names = append(names, g.names...)
		}
	}
	return names
}

// phrase adds a part of the query that the dictionary knows.
func (p *plan) phrase(g group, ph capability.Phrase) {
	switch {
	case ph.Common:
		g.tags, g.finer = []string{ph.Capability}, ph.Need != ""
		g.wholly = ph.Whole && ph.Need == "" && ph.Product == ""
	case ph.Capability != "":
		g.usually = []string{ph.Capability}
	default:
		g.aside = ph.Product == "" && ph.Supplier == ""
	}
	for _, name := range []string{ph.Product, ph.Supplier} {
		if name != "" {
			g.names = append(g.names, folded(name))
		}
	}
	p.add(g, append([]string{ph.Written}, ph.Alternatives...)...)
}

// add adds a group with its alternatives, of which the first is what was written.
func (p *plan) add(g group, texts ...string) {
	seen := map[string]bool{}
	for i, t := range texts {
		weight := float32(1)
		if i > 0 {
			weight = weightOf(i - 1)
		}
		if key := folded(t); !seen[key] {
			seen[key] = true
			if a, ok := asAlternative(t, weight); ok {
				// A single word for something (reservations, for a library) means many things elsewhere, and so does one
				// that is another name of a product (APP, Fusion). A direct synonym in capitals does not.
				plain := i > directSynonyms || i > 0 && t == strings.ToLower(t)
				a.tagged = len(a.terms) == 1 && (len(g.tags) > 0 && plain || len(g.usually) > 0 && i > 0)
				g.alternatives = append(g.alternatives, a)
			}
		}
	}
	if len(g.alternatives) > 0 {
		p.groups = append(p.groups, g)
	}
}

// note keeps what was understood of a part of the query.
func (p *plan) note(u capability.Understanding) {
	p.understood.Phrases = append(p.understood.Phrases, u.Phrases...)
	p.understood.Rest = append(p.understood.Rest, u.Rest...)
	for _, c := range u.Capabilities {
		if !slices.Contains(p.tags, c) {
			p.tags = append(p.tags, c)
		}
	}
	p.understood.Capabilities = p.tags
}

// bound keeps the work for a query small: fewer synonyms where there are many groups, fewer groups than could hurt.
func (p *plan) bound() {
	if len(p.groups) > maxWords {
		for _, g := range p.groups[maxWords:] {
			p.dropped = append(p.dropped, g.written)
		}
		p.groups = p.groups[:maxWords]
	}
	p.not = p.not[:min(len(p.not), maxWords)]
	if !slices.ContainsFunc(p.groups, func(g group) bool { return !g.aside }) {
		for i := range p.groups {
			p.groups[i].aside = false // nothing else was said
		}
	}
	for i := range p.groups {
		g := &p.groups[i]
		g.alternatives = g.alternatives[:min(len(g.alternatives), max(1, maxAlternatives/len(p.groups)))]
	}
}

// asAlternative is a text as a term or a phrase; not ok where nothing is left of it.
func asAlternative(text string, weight float32) (alternative, bool) {
	words := analyse(text)
	if len(words) == 0 {
		return alternative{}, false
	}
	a := alternative{weight: weight}
	for _, w := range words[:min(len(words), maxWords)] {
		a.terms = append(a.terms, phraseTerm{w.term, w.position - words[0].position})
	}
	return a, true
}

// split takes a query apart. Only the first maxWords words are kept.
func split(text string) (units []unit, dropped []string) {
	rest := strings.NewReplacer("“", `"`, "”", `"`, "„", `"`).Replace(text)
	left, or := maxWords, false
	for {
		rest = strings.TrimLeftFunc(rest, isSeparator)
		if rest == "" {
			return units, dropped
		}
		var u unit
		if rest[0] == '-' {
			if next, _ := utf8.DecodeRuneInString(rest[1:]); next == '"' || unicode.IsLetter(next) || unicode.IsNumber(next) {
				u.not, rest = true, rest[1:]
			}
		}
		if rest[0] == '"' {
			u.quoted = true
			u.text, rest, _ = strings.Cut(rest[1:], `"`)
		} else {
			end := strings.IndexFunc(rest, func(r rune) bool { return isSeparator(r) || r == '"' })
			if end < 0 {
				end = len(rest)
			}
			u.text, rest = rest[:end], rest[end:]
		}
		if u.text == "OR" && !u.quoted && !u.not {
			or = len(units) > 0 && !units[len(units)-1].not
			continue
		}
		n := len(analyse(u.text))
		if n > left {
			dropped = append(dropped, u.text)
			if left < maxWords {
				continue
			}
			// One long phrase: its beginning is sought.
		}
		left -= min(n, left)
		u.or = or && !u.not
		or = false
		units = append(units, u)
	}
}

// isSeparator says what stands between words; hyphens, dots and apostrophes stand in them.
func isSeparator(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("/:,;|()[]{}<>", r) }
