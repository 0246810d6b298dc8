package match

import (
	"cmp"
	"fmt"
	"slices"

	"jointly/catalogue/capability"
)

// Evidence is what one feature says of a pair, in points and in plain words.
type Evidence struct {
	Feature string  `json:"feature"`
	Level   string  `json:"level"`
	Points  float64 `json:"points"`
	Text    string  `json:"text"`
}

// Note is a gate that failed, or one that warns: why, and what would change it.
type Note struct {
	Gate string
	// Veto is false for a warning.
	Veto           bool
	Reason, Remedy string
}

// Explanation is a pair in words.
type Explanation struct {
	Pair
	// Summary is the headline: 'Strong match: 14.2 points (3 needed).'
	Summary string
	// Evidence of every feature that both say something about, in the features'
	// order. Its points add up to the pair's.
	Evidence []Evidence
	// Context speaks of the region and of who would lead; it adds no points.
	Context []string
	// Notes on gates that failed or warn.
	Notes []Note
	// NearMiss says what would make a match of a pair that one gate vetoes;
	// empty when the pair passes or lacks more.
	NearMiss string
}

// Explain puts a pair in words for somebody of the first one's council. The
// numbers are the same from either side.
func (s *Scorer) Explain(you, other *Profile) Explanation {
	a, b := speakers(you, other)
	return s.explain(you, other, a, b)
}

// Describe puts a pair in words for somebody of neither council.
func (s *Scorer) Describe(a, b *Profile) Explanation {
	if byOrder(b, a) < 0 {
		a, b = b, a
	}
	x, y := bystanders(a, b)
	return s.explain(a, b, x, y)
}

func (s *Scorer) explain(a, b *Profile, x, y party) Explanation {
	e := Explanation{Pair: s.Pair(a, b)}
	e.Summary = s.summary(e.Pair)
	t := teller{s, a, b, x, y, e.Pair}
	for f, l := range e.Levels {
		if l == Unknown {
			continue
		}
		feature := Feature(f)
		e.Evidence = append(e.Evidence, Evidence{
			Feature: feature.String(), Level: feature.LevelName(l), Points: s.points[f][l],
			Text: t.say(feature, l),
		})
	}
	e.Context = t.context()
	for _, gate := range AllGates() {
		if e.Failed.Has(gate) || e.Warned.Has(gate) {
			n := t.gate(gate)
			n.Gate, n.Veto = gate.String(), e.Failed.Has(gate)
			e.Notes = append(e.Notes, n)
		}
	}
	e.NearMiss = t.nearMiss()
	return e
}

// clearMargin above the threshold makes a match a strong one.
const clearMargin = 6

func (s *Scorer) summary(p Pair) string {
	needed := figuresOfPoints(s.weights.Threshold)
	switch {
	case !p.Passes():
		return fmt.Sprintf("No match: see what stands in the way. %s points.", figuresOfPoints(p.Points))
	case p.Points >= s.weights.Threshold+clearMargin:
		return fmt.Sprintf("Strong match: %s points (%s needed).", figuresOfPoints(p.Points), needed)
	case p.Points >= s.weights.Threshold:
		return fmt.Sprintf("Match: %s points (%s needed).", figuresOfPoints(p.Points), needed)
	}
	return fmt.Sprintf("No match: %s points (%s needed).", figuresOfPoints(p.Points), needed)
}

func figuresOfPoints(p float64) string { return fmt.Sprintf("%.4g", p) }

// teller knows all that a sentence about a pair may mention.
type teller struct {
	s    *Scorer
	a, b *Profile
	x, y party
	pair Pair
}

// say is the sentence for one feature's level.
func (t teller) say(f Feature, l Level) string {
	switch f {
	case FeatureNeed:
		return t.need(l)
	case FeatureWords:
		return t.words(l)
	case FeatureMeaning:
		return t.meaning(l)
	case FeatureArea:
		if l == levelSame {
			return fmt.Sprintf("Both are listed under %s.", t.s.areaName(t.a.need.Area))
		}
		return fmt.Sprintf("They are listed under different areas: %s and %s.", t.s.areaName(t.a.need.Area), t.s.areaName(t.b.need.Area))
	case FeatureCPV:
		return t.cpv(l)
	case FeaturePurchase:
		if l == purchaseSame {
			return fmt.Sprintf("Both buy %s.", bought(t.a.reading.Purchase))
		}
		return sentence("%s %s, %s %s.", t.x.does("buy", "buys"), bought(t.a.reading.Purchase), t.y.does("buy", "buys"), bought(t.b.reading.Purchase))
	case FeatureBudget:
		return t.budget(l)
	case FeatureWindow:
		return t.window()
	case FeatureEnds:
		apart := monthsText(max(daysBetween(t.a.need.ContractEnd, t.b.need.ContractEnd), daysBetween(t.b.need.ContractEnd, t.a.need.ContractEnd)))
		if t.a.need.ContractEnd.Equal(t.b.need.ContractEnd) {
			return fmt.Sprintf("Both contracts end on %s.", dateText(t.a.need.ContractEnd))
		}
		return sentence("Contracts end %s apart: %s in %s, %s in %s.", apart,
			t.x.ours(), monthText(t.a.need.ContractEnd), t.y.ours(), monthText(t.b.need.ContractEnd))
	case FeatureSupplier:
		if l == levelSame {
			return fmt.Sprintf("Both use %s today.", t.sharedSupplier())
		}
		return sentence("Check: %s %s, %s %s.", t.x.does("use", "uses"), t.a.need.Supplier, t.y.does("use", "uses"), t.b.need.Supplier)
	}
	return ""
}

// context says what ranks and explains but scores nothing.
func (t teller) context() []string {
	var out []string
	if region := t.a.need.Region; region != "" && region == t.b.need.Region {
		out = append(out, fmt.Sprintf("Both are in the same region: %s.", region))
	}
	for _, one := range []struct {
		need  *Need
		party party
	}{{&t.a.need, t.x}, {&t.b.need, t.y}} {
		if one.need.Leads {
			out = append(out, sentence("%s willing to lead.", one.party.does("are", "is")))
		}
	}
	return out
}

func (t teller) need(l Level) string {
	if l == needConflict {
		return sentence("Different needs: %s %s, %s %s.", t.x.does("need", "needs"), t.s.mainNeed(t.a), t.y.does("need", "needs"), t.s.mainNeed(t.b))
	}
	if l == needUnclear {
		return "What is needed is not clear from the words of both: no need is read out of them that would tell."
	}
	tagA, tagB, ok := commonTag(t.a.reading, t.b.reading)
	if !ok {
		return sentence("The needs are related: %s %s, %s %s.", t.x.does("need", "needs"), t.s.mainNeed(t.a), t.y.does("need", "needs"), t.s.mainNeed(t.b))
	}
	name := t.s.tagName(tagA)
	told := tellings(t.x, tagA, t.y, tagB)
	switch l {
	case needTouches:
		return sentence("The needs only touch in %s%s; %s mostly %s, %s mostly %s.", name, told,
			t.x.does("need", "needs"), t.s.mainNeed(t.a), t.y.does("need", "needs"), t.s.mainNeed(t.b))
	case needOverlaps:
		return sentence("The needs overlap in %s%s.", name, told)
	}
	return sentence("Both need %s%s.", name, told)
}

// tellings quotes the words that told on each side.
func tellings(x party, a capability.Tag, y party, b capability.Tag) string {
	const few = 3
	first, other := quoteFew(a.Phrases, few), quoteFew(b.Phrases, few)
	switch {
	case first != "" && other != "":
		return fmt.Sprintf(": %s %s, %s %s", x.does("wrote", "wrote"), first, y.does("wrote", "wrote"), other)
	case first != "":
		return fmt.Sprintf(": %s %s, %s it", x.does("wrote", "wrote"), first, y.does("confirmed", "confirmed"))
	case other != "":
		return fmt.Sprintf(": %s it, %s %s", x.does("confirmed", "confirmed"), y.does("wrote", "wrote"), other)
	}
	return ": both confirmed it"
}

// quoteFew quotes the first distinct phrases as one: 'council tax, NNDR'.
func quoteFew(phrases []string, few int) string {
	var distinct []string
	for _, p := range phrases {
		if !slices.Contains(distinct, p) {
			distinct = append(distinct, p)
		}
	}
	if len(distinct) == 0 {
		return ""
	}
	out := "'" + distinct[0]
	for _, p := range distinct[1:min(few, len(distinct))] {
		out += ", " + p
	}
	return out + "'"
}

// commonTag is the need that both readings tell most of, as each tells it.
func commonTag(a, b capability.Reading) (x, y capability.Tag, ok bool) {
	best := 0.0
	for _, p := range a.Tags {
		for _, q := range b.Tags {
			if p.Capability != q.Capability {
				continue
			}
			weight := p.Weight * q.Weight
			if p.Need != q.Need {
				weight /= 4
			}
			if weight > best {
				x, y, best, ok = p, q, weight, true
			}
		}
	}
	return x, y, ok
}

// mainNeed names what a need is mostly about.
func (s *Scorer) mainNeed(p *Profile) string {
	if tag, ok := p.reading.Best(); ok {
		return s.tagName(tag)
	}
	return "something else"
}

func (s *Scorer) tagName(t capability.Tag) string {
	if n, ok := s.dictionary.Need(t.Need); ok {
		return n.Name
	}
	if c, ok := s.dictionary.Capability(t.Capability); ok && c.Name != "" {
		return c.Name
	}
	return t.Capability
}

func (s *Scorer) areaName(id string) string {
	if a, ok := s.dictionary.Area(id); ok && a.Name != "" {
		return a.Name
	}
	return id
}

func (t teller) words(l Level) string {
	const few = 5
	shared := t.s.sharedWords(t.a, t.b)
	switch {
	case len(shared) == 0:
		return "No words in common."
	case l < wordsMany:
		return fmt.Sprintf("Some words in common: %s.", list(quoted(shared[:min(few, len(shared))])))
	}
	return fmt.Sprintf("Both speak of %s.", list(quoted(shared[:min(few, len(shared))])))
}

func (t teller) meaning(l Level) string {
	switch {
	case l > meaningSome:
		return "The words of both are close in meaning."
	case l == meaningSome:
		return "The words of both are somewhat alike in meaning."
	}
	return "The words of both mean different things."
}

// sharedWords lists the content words of both, the rarest first.
func (s *Scorer) sharedWords(a, b *Profile) []string {
	words := s.dictionary.Read(a.need.Title, a.need.Description).Terms
	in := make(map[string]bool)
	for _, w := range s.dictionary.Read(b.need.Title, b.need.Description).Terms {
		in[w] = true
	}
	words = slices.DeleteFunc(words, func(w string) bool { return !in[w] })
	return s.weights.Words.rarest(words, len(words))
}

func (t teller) cpv(l Level) string {
	if l == cpvOtherKind {
		return fmt.Sprintf("CPV codes stand for different things: %s, and %s.", t.a.cpv.kinds, t.b.cpv.kinds)
	}
	switch digits, p, q := closestCPV(t.a.cpv.telling, t.b.cpv.telling); {
	case l == cpvDiffers:
		return fmt.Sprintf("CPV codes differ: %s and %s.", p, q)
	case p == q:
		return fmt.Sprintf("Both give CPV code %s.", p)
	default:
		return fmt.Sprintf("CPV codes share %d digits: %s and %s.", digits, p, q)
	}
}

// bought names a kind of purchase in a sentence.
func bought(p capability.Purchase) string {
	if p == capability.People {
		return "people's services"
	}
	return string(p)
}

func (t teller) budget(l Level) string {
	small, large := t.a, t.b
	less, more := t.x, t.y
	if small.budget > large.budget {
		small, large, less, more = large, small, more, less
	}
	if small.budget == large.budget {
		return fmt.Sprintf("Budgets are alike: about %s each.", pounds(small.budget))
	}
	amounts := fmt.Sprintf("about %s and %s", pounds(t.a.budget), pounds(t.b.budget))
	if l == Level(len(FeatureBudget.Levels())) {
		return fmt.Sprintf("Budgets are similar: %s.", amounts)
	}
	return sentence("%s budget is %s %s: %s.", more.own(), timesText(large.budget/small.budget), less.ours(), amounts)
}

func (t teller) window() string {
	part, _ := t.a.window.overlap(t.b.window)
	if days, _ := t.pair.Shared.Days(); days == 0 {
		return "The tender windows have no day in common."
	}
	return fmt.Sprintf("Both can tender %s, %.0f%% of the shorter window.", t.pair.Shared.text(), 100*part)
}

// sharedSupplier names what both use: the platform when it is the same.
func (t teller) sharedSupplier() string {
	if t.a.platform != "" && t.a.platform == t.b.platform {
		return t.a.platform
	}
	return cmp.Or(t.a.supplier, t.a.need.Supplier)
}
