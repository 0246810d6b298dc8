package capability

import "strings"

const (
	needTells  = 4   // points for the kind of purchase that the strongest need implies
	usually    = 1.5 // points for the kind that the capability implies
	sureEnough = 1   // points below which nothing is said
	clearLead  = 1.15
)

// purchase tells what kind of thing is bought, from the words of the text and
// from the need that was read out of it; empty when they leave it open.
func (d *Dictionary) purchase(tags []Tag, title, description *passage) Purchase {
	var f findings
	f.gather(d, &d.purchases, title, true)
	f.gather(d, &d.purchases, description, false)
	kinds := [...]Purchase{Software, Equipment, People, Goods}
	var points [len(kinds)]float32
	vote := func(p Purchase, n float32) {
		for i, kind := range kinds {
			if kind == p {
				points[i] += n
			}
		}
	}
	for _, h := range f.hits {
		vote(Purchase(d.concepts[h.concept].means), h.points())
	}
	if kind, points := d.thing(title); points > 0 {
		vote(kind, points)
	}
	if len(tags) > 0 {
		c, _ := d.Capability(tags[0].Capability)
		vote(c.Purchase, usually)
		need, _ := d.Need(tags[0].Need)
		vote(need.Purchase, needTells)
	}
	best, second := 0, -1
	for i := 1; i < len(kinds); i++ {
		switch {
		case points[i] > points[best]:
			best, second = i, best
		case second < 0 || points[i] > points[second]:
			second = i
		}
	}
	if points[best] < sureEnough || points[best] < clearLead*points[second] {
		return ""
	}
	return kinds[best]
}

// thing reads the word that a title is built around: the last one of what comes
// before a preposition. "Tree surveyors for parks" are people, "survey software"
// is none.
func (d *Dictionary) thing(title *passage) (Purchase, float32) {
	end := 0
	for end < len(title.tokens) && (end == 0 || !isPreposition(title.tokens[end].norm) && !title.endsClause(end)) {
		end++
	}
	for start := max(0, end-longestThing); start < end; start++ {
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

func isPreposition(word string) bool {
	switch word {
	case "for", "of", "to", "in", "at", "with", "from", "on", "by", "via", "including", "across", "under", "within":
		return true
	}
	return false
}

// endsClause says whether a comma, bracket, colon, dash or stop stands before token i.
func (p *passage) endsClause(i int) bool {
	gap := p.text[p.tokens[i-1].end:p.tokens[i].start]
	return strings.ContainsAny(gap, ",;:.(–") || strings.Contains(gap, " - ")
}
