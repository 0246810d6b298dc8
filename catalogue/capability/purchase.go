package capability

import "strings"

const (
	needTells    = 4   // points for the kind of purchase that the strongest need implies
	productTell  = 2   // points for the kind that the capability of a named product implies
	usually      = 1.5 // points for the kind that the capability implies
	openingTells = 4   // points at most for the thing that the description begins with
	peopleTell   = 3   // points for people whose work the description begins with
	sureEnough   = 1   // points below which nothing is said
	clearLead    = 1.15
	plainEnough  = 3   // points, from the words alone, from which a kind is told plainly
	plainLead    = 1.6 // and how many times those of any other kind
)

// kinds of purchase in the order in which one wins over another with as many points.
var kinds = [...]Purchase{Software, Equipment, People, Goods}

// ballot holds points for each of kinds.
type ballot [len(kinds)]float32

func (b *ballot) vote(p Purchase, n float32) {
	for i, kind := range kinds {
		if kind == p {
			b[i] += n
		}
	}
}

// best is the place of the kind with most points, and of the next.
func (b *ballot) best() (best, second int) {
	second = -1
	for i := 1; i < len(b); i++ {
		switch {
		case b[i] > b[best]:
			best, second = i, best
		case second < 0 || b[i] > b[second]:
			second = i
		}
	}
	return best, second
}

// purchase tells what kind of thing is bought, from the words of the text and
// from the need that was read out of it; empty when they leave it open. It is
// plain where the words say so by themselves, not only what is usually bought.
func (d *Dictionary) purchase(tags []Tag, title, description *passage) (kind Purchase, plain bool) {
	var f findings
	f.gather(d, &d.purchases, title, true)
	f.gather(d, &d.purchases, description, false)
	var points ballot
	for _, h := range f.hits {
		points.vote(Purchase(d.concepts[h.concept].means), h.points())
	}
	if kind, n := d.thing(title); n > 0 {
		points.vote(kind, n)
	}
	if kind, n := d.opening(description); n > 0 {
		points.vote(kind, min(n, openingTells))
	}
	if d.peopleWork(description) {
		points.vote(People, peopleTell)
	}
	words := points
	if len(tags) > 0 {
		c, _ := d.Capability(tags[0].Capability)
		points.vote(c.Purchase, usually)
		if d.namesProduct(tags[0]) {
			points.vote(c.Purchase, productTell)
		}
		need, _ := d.Need(tags[0].Need)
		points.vote(need.Purchase, needTells)
	}
	best, second := points.best()
	if points[best] < sureEnough || points[best] < clearLead*points[second] && !(tangible(kinds[best]) && tangible(kinds[second])) {
		return "", false
	}
	for i, n := range words {
		if i != best && !(tangible(kinds[best]) && tangible(kinds[i])) && words[best] < plainLead*n {
			return kinds[best], false
		}
	}
	return kinds[best], words[best] >= plainEnough
}

// tangible kinds shade into each other: what one council calls equipment another calls goods.
func tangible(p Purchase) bool { return p == Equipment || p == Goods }

// namesProduct says whether a product told of the need.
func (d *Dictionary) namesProduct(t Tag) bool {
	for _, c := range t.told {
		if d.concepts[c.target].kind == kindProduct {
			return true
		}
	}
	return false
}

// thing reads the word that a title is built around: the last one of what comes
// before a preposition. "Tree surveyors for parks" are people, "survey software"
// is none. Words that say only that something is bought are looked through: a
// "laptop refresh" is laptops, "supply of library books" is books.
func (d *Dictionary) thing(title *passage) (Purchase, float32) {
	for start := 0; start < len(title.tokens); {
		end := start
		for end < len(title.tokens) && (end == start || !title.turns(end) && !title.endsClause(end)) {
			end++
		}
		if kind, weight := d.thingBefore(title, start, end); weight > 0 {
			return kind, weight
		}
		last := end
		for last > start && onlyBuys(title.tokens[last-1].norm) {
			last--
		}
		if last < end && last > start {
			return d.thingBefore(title, start, last)
		}
		if last > start || end == len(title.tokens) || !title.turns(end) {
			break
		}
		start = end + 1
	}
	return "", 0
}

// opening reads the thing that a description begins with, where it is named as
// such: "software to turn text into", "tablets for presiding officers".
func (d *Dictionary) opening(description *passage) (Purchase, float32) {
	tokens := description.tokens
	for end := 1; end <= min(len(tokens)-1, longestThing); end++ {
		if description.endsClause(end) {
			return "", 0
		}
		if !description.turns(end) && !relates(tokens[end].norm) {
			continue
		}
		kind, weight := d.thingBefore(description, 0, end)
		if kind == People {
			return "", 0 // who may be those who use it
		}
		return kind, weight
	}
	return "", 0
}

// relates finds a word with which it is told what a thing is or does.
func relates(word string) bool {
	switch word {
	case "that", "which", "so", "where", "who", "through":
		return true
	}
	return false
}

// thingBefore reads the thing that ends at token end.
func (d *Dictionary) thingBefore(title *passage, from, end int) (Purchase, float32) {
	for start := max(from, end-longestThing); start < end; start++ {
		found, to := d.things.longest(nil, title, start)
		if to != end || len(found) == 0 {
			continue
		}
		return Purchase(d.concepts[found[0].concept].means), found[0].weight
	}
	return "", 0
}

// longestThing is how many words a thing's name has at most.
const longestThing = 4

// onlyBuys finds words of a title that say only that something is bought.
func onlyBuys(word string) bool {
	switch word {
	case "supply", "provision", "purchase", "purchasing", "hire", "lease", "rental", "procurement", "reprocurement", "replacement",
		"renewal", "refresh", "upgrade", "tender", "retender", "contract", "framework", "requirement", "acquisition", "delivery",
		"new", "re", "successor", "continuation", "expiry", "end":
		return true
	}
	return false
}

// peopleWork says whether a sentence of the description begins with people and
// what they are to do: "nurses on site to test crews", "a team who visit". That
// "officers record visits" tells of those who use what is bought.
func (d *Dictionary) peopleWork(description *passage) bool {
	tokens := description.tokens
	for i := range tokens {
		if !description.endsSentence(i) || getsPeople(tokens[i].norm) {
			continue
		}
		for j := i; j < min(len(tokens), i+peopleWithin); j++ {
			if j > i && (description.endsSentence(j) || isPreposition(tokens[j].norm) && !supplies(tokens[i].norm)) {
				break
			}
			found, end := d.things.longest(nil, description, j)
			if end == j || found[0].kind != kindPerson {
				continue
			}
			if end < len(tokens) && !description.endsSentence(end) && atWork(tokens[end].norm) {
				return true
			}
			if supplies(tokens[i].norm) && (end == len(tokens) || description.endsClause(end) || isPreposition(tokens[end].norm)) {
				return true
			}
		}
	}
	return false
}

// peopleWithin is how many words into a sentence people are looked for.
const peopleWithin = 6

// atWork finds the word after people with which it is told what they are to do.
func atWork(word string) bool {
	switch word {
	case "to", "who", "on", "attending", "available", "working", "providing", "delivering", "visiting", "covering", "supplied", "paid", "based", "deployed":
		return true
	}
	return false
}

// supplies finds a sentence's first word that says that somebody supplies what follows.
func supplies(word string) bool {
	switch word {
	case "supply", "provision", "provide", "pool", "team", "panel", "bank", "appoint", "engage", "cover", "hire", "source":
		return true
	}
	return false
}

// getsPeople finds a sentence's first word that says that people get something to work with.
func getsPeople(word string) bool {
	switch word {
	case "allow", "enable", "let", "help", "give", "ask", "remind", "tell", "require", "get", "support", "assist", "lets", "allows", "enables", "helps", "for", "so", "where":
		return true
	}
	return false
}

func isPreposition(word string) bool {
	switch word {
	case "for", "of", "to", "in", "at", "with", "from", "on", "by", "via", "including", "across", "under", "within", "through":
		return true
	}
	return false
}

// turns says whether token i is a preposition that stands for itself, not in the middle of a set phrase.
func (p *passage) turns(i int) bool {
	if !isPreposition(p.tokens[i].norm) {
		return false
	}
	if i == 0 || i+1 == len(p.tokens) {
		return true
	}
	switch p.tokens[i-1].norm + " " + p.tokens[i].norm + " " + p.tokens[i+1].norm {
	case "home to school", "out of hour", "front of house", "point of sale", "end of life", "state of the", "single sign on", "pay by phone",
		"peer to peer", "direct to home", "business to business", "door to door", "ride on mower", "sign in and", "log in and", "step by step":
		return false
	}
	return p.tokens[i].norm+" "+p.tokens[i+1].norm != "at home"
}

// endsClause says whether a comma, bracket, colon, dash or stop stands before token i.
func (p *passage) endsClause(i int) bool {
	if i >= len(p.tokens) {
		return true
	}
	gap := p.text[p.tokens[i-1].end:p.tokens[i].start]
	return strings.ContainsAny(gap, ",;:.(–") || strings.Contains(gap, " - ")
}
