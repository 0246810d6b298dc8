package capability

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

const (
	titleCounts   = 2   // a word of the title counts as so many of the description
	repeatsAtMost = 3   // a term of the description counts so often at most
	asideCounts   = 0.3 // what stands after "integrates with" is not what is bought
	weakAlone     = 2   // so many different weak terms count without a stronger one
	weakAtMost    = 3   // what weak terms add to a capability at most
	faintest      = 0.1 // tags below this part of the strongest capability are dropped
	maxPhrases    = 6   // phrases kept for one tag

	underpinningGives = 0.85 // what many services stand on, beside the service that stands on it
	needsShare        = 0.4  // how much of a finer need is its capability at large
	conceptsTell      = 0.8  // that both say the same of a need, beside that both say something of it
	circumstance      = 0.5  // a part of the capability that the title, naming another, leaves out
)

// Tag is one need read out of a text.
type Tag struct {
	// Capability is the id of one of the 61.
	Capability string
	// Need is the id of something finer ("libraries/book-stock"); empty for the capability at large.
	Need string
	// Weight is comparable within one reading only.
	Weight float64
	// Phrases are the words that told, as the writer wrote them; those that mean alike stand together.
	Phrases []string

	title float64     // what of the weight comes from the title
	told  []component // what each concept gives of the weight
}

// Reading is what the dictionary makes of one text.
type Reading struct {
	// Tags, those of the strongest capability first; within one, what the title tells comes first.
	Tags []Tag
	// Purchase is the kind of thing to be bought, if the text tells.
	Purchase Purchase
	// Plain says that the words tell the purchase, not only what is usually bought for such a need.
	Plain bool
	// Terms are the normalised content words of title and description in their order, with repeats, for BM25.
	Terms []string

	vector []component
}

// component is one dimension of a reading: a target, or behind all targets a
// concept. A vector is sorted by dimension and has length 1.
type component struct {
	target int32
	weight float32
}

// Best is the strongest tag, if the text told anything.
func (r Reading) Best() (Tag, bool) {
	if len(r.Tags) == 0 {
		return Tag{}, false
	}
	return r.Tags[0], true
}

// Read tells what is needed from a title and a description, of each at most 64
// KiB. Words of the title count twice; what comes again counts by the square root.
func (d *Dictionary) Read(title, description string) Reading {
	anywhere := newCueSet(len(d.vocabulary.cues))
	t, desc := d.passage(title, anywhere), d.passage(description, anywhere)
	var f findings
	f.gather(d, &d.needs, &t, true)
	f.gather(d, &d.needs, &desc, false)
	r := Reading{Tags: d.tags(f.hits)}
	r.vector = d.vector(r.Tags)
	r.Purchase, r.Plain = d.purchase(r.Tags, &t, &desc)
	r.Terms = make([]string, 0, len(t.tokens)+len(desc.tokens))
	r.Terms = contentWords(t.tokens, r.Terms)
	r.Terms = contentWords(desc.tokens, r.Terms)
	return r
}

// Confirm gives the reading as it is once somebody has said which capability is
// meant: other capabilities are dropped, and finer needs of this one are kept. An
// unknown capability changes nothing.
func (d *Dictionary) Confirm(r Reading, capability string) Reading {
	if _, ok := d.capabilityIndex(capability); !ok {
		return r
	}
	r.Tags = slices.DeleteFunc(slices.Clone(r.Tags), func(t Tag) bool { return t.Capability != capability })
	if len(r.Tags) == 0 {
		r.Tags = []Tag{{Capability: capability, Weight: 1}}
	}
	r.vector = d.vector(r.Tags)
	return r
}

// Cosine says how alike the needs of two readings of one Dictionary are, from 0
// to 1. It is symmetric; a reading without tags is like nothing.
func Cosine(a, b Reading) float64 {
	var sum float64
	for i, j := 0, 0; i < len(a.vector) && j < len(b.vector); {
		switch x, y := a.vector[i], b.vector[j]; {
		case x.target < y.target:
			i++
		case x.target > y.target:
			j++
		default:
			sum += float64(x.weight) * float64(y.weight)
			i++
			j++
		}
	}
	return min(sum, 1)
}

// hit is one concept found in a text.
type hit struct {
	concept int32
	weak    bool
	weight  float32
	title   float32 // how often, in the title
	body    float32 // and in the description
	phrases []string
}

// points of a hit grow with the square root of how often it was found.
func (h *hit) points() float32 {
	count := titleCounts*h.title + min(h.body, repeatsAtMost)
	return h.weight * float32(math.Sqrt(float64(count)))
}

// findings gathers hits, one for each concept.
type findings struct {
	hits []hit
	at   map[int32]int // concept to place in hits
}

// gather adds what a trie finds in a passage.
func (f *findings) gather(d *Dictionary, t *trie, p *passage, title bool) {
	var found []*entry
	aside := false
	for i := 0; i < len(p.tokens); {
		if aside && p.endsSentence(i) {
			aside = false
		}
		var end int
		if found, end = t.longest(found[:0], p, i); end == i {
			i++
			continue
		}
		for _, e := range found {
			switch {
			case e.kind == kindAside:
				aside = true
			case e.kind == kindIgnore || d.concepts[e.concept].target < 0 && e.kind != kindPurchase:
			case aside:
				f.add(e, p, i, end, title, asideCounts)
			default:
				f.add(e, p, i, end, title, 1)
			}
		}
		i = end
	}
}

func (f *findings) add(e *entry, p *passage, from, to int, title bool, count float32) {
	i, ok := f.at[e.concept]
	if !ok {
		if f.at == nil {
			f.at = map[int32]int{}
		}
		i = len(f.hits)
		f.at[e.concept] = i
		f.hits = append(f.hits, hit{concept: e.concept, weak: true})
	}
	h := &f.hits[i]
	if title {
		h.title += count
	} else {
		h.body += count
	}
	weight, weak := e.weight, e.kind == kindWeak
	if e.exact != nil && p.oneCase {
		weight, weak = min(weight, 1), true // in capitals throughout, SEND may be "send"
	}
	h.weight = max(h.weight, weight)
	h.weak = h.weak && weak
	if len(h.phrases) < maxPhrases {
		h.phrases = append(h.phrases, p.written(from, to))
	}
}

// score is what was found for one capability.
type score struct {
	strong, weak float32
	weakTerms    int
	first        int // where in the text the capability is first told
}

// total is what a capability comes to; weak terms count beside others only.
func (s score) total() float32 {
	if s.strong == 0 && s.weakTerms < weakAlone {
		return 0
	}
	return s.strong + min(s.weak, weakAtMost)
}

// tags weighs hits up.
func (d *Dictionary) tags(hits []hit) []Tag {
	scores := make([]score, len(d.capabilities))
	var best float32
	for i, h := range hits {
		s := &scores[d.targets[d.concepts[h.concept].target].capability]
		if s.strong == 0 && s.weakTerms == 0 {
			s.first = i
		}
		if h.weak {
			s.weak += h.points()
			s.weakTerms++
		} else {
			s.strong += h.points()
		}
	}
	for _, s := range scores {
		best = max(best, s.total())
	}
	if best == 0 {
		return nil
	}
	var tags []Tag
	at := map[int]int{}
	for _, h := range hits {
		target := d.concepts[h.concept].target
		c := d.targets[target].capability
		s := scores[c]
		if s.total() == 0 || s.total() < faintest*best {
			continue
		}
		i, ok := at[target]
		if !ok {
			i = len(tags)
			at[target] = i
			tags = append(tags, Tag{Capability: d.capabilities[c].ID, Need: d.targets[target].need.ID})
		}
		points := h.points()
		if h.weak && s.weak > weakAtMost {
			points *= weakAtMost / s.weak
		}
		tags[i].Weight += float64(points)
		tags[i].told = append(tags[i].told, component{h.concept, points})
		if !h.weak {
			tags[i].title += float64(h.weight * h.title)
		}
		tags[i].note(h.phrases)
	}
	slices.SortFunc(tags, func(a, b Tag) int {
		i, _ := d.capabilityIndex(a.Capability)
		j, _ := d.capabilityIndex(b.Capability)
		return cmp.Or(cmp.Compare(d.rank(scores, j), d.rank(scores, i)),
			cmp.Compare(scores[i].first, scores[j].first), cmp.Compare(i, j),
			cmp.Compare(b.title, a.title), cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Need, b.Need))
	})
	return tags
}

// rank orders capabilities. A CRM for leisure is leisure's: what many services
// stand on gives way to the service that is named beside it.
func (d *Dictionary) rank(scores []score, capability int) float32 {
	if d.capabilities[capability].Underpinning {
		return underpinningGives * scores[capability].total()
	}
	return scores[capability].total()
}

// note keeps phrases for the explanation, each once.
func (t *Tag) note(phrases []string) {
	for _, phrase := range phrases {
		if len(t.Phrases) < maxPhrases && !slices.ContainsFunc(t.Phrases, func(p string) bool { return strings.EqualFold(p, phrase) }) {
			t.Phrases = append(t.Phrases, phrase)
		}
	}
}

// vector makes tags comparable. A finer need is its capability in part, so that
// book stock is a little like a library system. Of a capability and its needs,
// what the title names most is what is bought; the rest tells the circumstances.
func (d *Dictionary) vector(tags []Tag) []component {
	weights := make([]float64, len(tags))
	for i, t := range tags {
		weights[i] = t.Weight
		if slices.ContainsFunc(tags, func(o Tag) bool { return o.Capability == t.Capability && o.title > t.title }) {
			weights[i] *= circumstance
		}
	}
	vector := make([]component, 0, 2*len(tags))
	add := func(target int, weight float64) {
		i := slices.IndexFunc(vector, func(c component) bool { return c.target == int32(target) })
		if i < 0 {
			i = len(vector)
			vector = append(vector, component{target: int32(target)})
		}
		vector[i].weight += float32(weight)
	}
	for i, t := range tags {
		target, _ := d.targetIndex(cmp.Or(t.Need, t.Capability))
		add(target, weights[i])
		for _, c := range t.told {
			add(len(d.targets)+int(c.target), conceptsTell*float64(c.weight)*weights[i]/t.Weight)
		}
		if t.Need != "" {
			add(d.targets[target].capability, needsShare*weights[i])
		}
	}
	var squares float64
	for _, c := range vector {
		squares += float64(c.weight) * float64(c.weight)
	}
	for i := range vector {
		vector[i].weight /= float32(math.Sqrt(squares))
	}
	slices.SortFunc(vector, func(a, b component) int { return cmp.Compare(a.target, b.target) })
	return vector
}
