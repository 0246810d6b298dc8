package capability

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
