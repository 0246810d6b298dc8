package match

import (
	"cmp"
	"fmt"
	"slices"

	"jointly/catalogue/capability"
)

// Scorer compares needs. It does not change and is safe for concurrent use.
type Scorer struct {
	dictionary *capability.Dictionary
	weights    *Weights
	scales     [featureCount]scale
	points     [featureCount][]float64 // by level; the unknown's is 0
	// mostOfTexts is the most that words and their meaning can add.
	mostOfTexts float64
}

// NewScorer is a scorer with the weights that come with the program.
func NewScorer(d *capability.Dictionary) (*Scorer, error) {
	w, err := LoadWeights()
	if err != nil {
		return nil, err
	}
	return NewScorerWith(d, w)
}

// NewScorerWith is a scorer with other weights, say those just learned.
func NewScorerWith(d *capability.Dictionary, w *Weights) (*Scorer, error) {
	if err := w.check(); err != nil {
		return nil, fmt.Errorf("check weights: %w", err)
	}
	s := &Scorer{dictionary: d, weights: w}
	for i := range s.scales {
		s.scales[i] = Feature(i).scale()
		s.points[i] = []float64{0}
		for _, l := range w.Features[i].Levels {
			s.points[i] = append(s.points[i], l.Points)
		}
	}
	s.mostOfTexts = slices.Max(s.points[FeatureWords]) + slices.Max(s.points[FeatureMeaning])
	return s, nil
}

// Version names the weights and the dictionary: points of another version do
// not compare with these.
func (s *Scorer) Version() string { return s.weights.Version + "." + s.dictionary.Version() }

// Threshold is the points that a match needs.
func (s *Scorer) Threshold() float64 { return s.weights.Threshold }

// Pair is how two needs compare: the same whichever comes first.
type Pair struct {
	// A and B are the refs, A first in order.
	A, B           string
	orderA, orderB string
	// Points are the sum over the levels, in tenths.
	Points float64
	Levels Levels
	// Failed gates veto the pair; Warned ones are for people to weigh.
	Failed, Warned Gates
	// Shared is the window in which both can tender.
	Shared Window
	// Repeats says that one council has listed the same need twice.
	Repeats bool
}

// Passes reports whether no gate failed.
func (p Pair) Passes() bool { return p.Failed == 0 }

// Pair compares two needs.
func (s *Scorer) Pair(a, b *Profile) Pair {
	if byOrder(b, a) < 0 {
		a, b = b, a
	}
	p := Pair{A: a.need.Ref, B: b.need.Ref, orderA: a.order, orderB: b.order, Shared: a.window.Shared(b.window)}
	p.Levels = s.levels(a, b)
	for f, l := range p.Levels {
		p.Points += s.points[f][l]
	}
	p.Points = tenths(p.Points)
	p.Failed, p.Warned = gates(a, b, p.Levels)
	p.Repeats = p.Failed == GateCouncil && p.Levels[FeatureNeed] != needOverlaps && p.Points >= s.weights.Threshold+repeatMargin
	return p
}

// Best orders pairs by points, the highest first, then by the needs' order.
func Best(a, b Pair) int {
	return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(a.orderA, b.orderA), cmp.Compare(a.orderB, b.orderB),
		cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
}

// repeatMargin is how far above a match the points must be before two listings
// of one council are taken for the same need.
const repeatMargin = 5

// levels measures every feature.
func (s *Scorer) levels(a, b *Profile) Levels {
	l := s.plainLevels(a, b, s.compareNeeds(a, b))
	s.compareTexts(a, b, &l)
	return l
}

// compareTexts measures the features that cost most: the words and their meaning.
func (s *Scorer) compareTexts(a, b *Profile, l *Levels) {
	if a.self > 0 && b.self > 0 {
		l[FeatureWords] = s.scales[FeatureWords].level(alike(a.terms, b.terms, a.self, b.self))
	}
	if a.tells && b.tells {
		l[FeatureMeaning] = s.scales[FeatureMeaning].level(a.meaning.close(&b.meaning))
	}
	if l[FeaturePurchase] == purchaseDiffersPlainly { // the words in common tell the service, not what is bought for it
		l[FeatureWords] = min(l[FeatureWords], wordsSome)
		l[FeatureMeaning] = min(l[FeatureMeaning], meaningSome)
	}
}

// plainLevels measures all other features; the need's level is known already.
func (s *Scorer) plainLevels(a, b *Profile, need Level) (l Levels) {
	l[FeatureNeed] = need
	if told(a.need.Area) && told(b.need.Area) {
		l[FeatureArea] = sameOrNot(a.need.Area == b.need.Area)
	}
	l[FeatureCPV] = compareCPV(a.cpv, b.cpv)
	l[FeaturePurchase] = comparePurchases(&a.reading, &b.reading)
	if a.budget > 0 && b.budget > 0 {
		l[FeatureBudget] = s.scales[FeatureBudget].level(min(a.budget, b.budget) / max(a.budget, b.budget))
	}
	if part, ok := a.window.overlap(b.window); ok {
		l[FeatureWindow] = s.scales[FeatureWindow].level(part)
	}
	if !a.need.ContractEnd.IsZero() && !b.need.ContractEnd.IsZero() {
		l[FeatureEnds] = s.scales[FeatureEnds].level(-monthsApart(a.need.ContractEnd, b.need.ContractEnd))
	}
	if a.platform != "" && a.platform == b.platform || a.supplier != "" && a.supplier == b.supplier {
		l[FeatureSupplier] = levelSame
	} else if a.supplier != "" && b.supplier != "" {
		l[FeatureSupplier] = levelDiffers
	}
	return l
}

// compareNeeds is the level of what two readings tell. Where what they share is
// the main thing of neither, say the hosting that both mention, it counts as
// nothing shared. A doubtful reading speaks for a match, not against one.
func (s *Scorer) compareNeeds(a, b *Profile) Level {
	if len(a.reading.Tags) == 0 || len(b.reading.Tags) == 0 {
		return needUnclear
	}
	l := needConflict
	if a.mentions(b.main()) || b.mentions(a.main()) {
		l = s.scales[FeatureNeed].level(capability.Cosine(a.reading, b.reading))
	}
	if l > needTouches && comparePurchases(&a.reading, &b.reading) == purchaseDiffersPlainly {
		l = needTouches // the same function, another thing bought
	}
	if l < needOverlaps && (a.doubtful || b.doubtful) {
		return needUnclear
	}
	return l
}

// comparePurchases is the level of two kinds of purchase. What one calls goods
// another calls equipment, and systems come with equipment; a service that
// people deliver is neither.
func comparePurchases(a, b *capability.Reading) Level {
	thing := func(p capability.Purchase) bool { return p == capability.Equipment || p == capability.Goods }
	either := func(p capability.Purchase) bool { return a.Purchase == p || b.Purchase == p }
	switch {
	case a.Purchase == "" || b.Purchase == "" || a.Purchase != b.Purchase && thing(a.Purchase) && thing(b.Purchase):
		return Unknown
	case a.Purchase == b.Purchase:
		return purchaseSame
	case a.Plain && b.Plain && (either(capability.People) || either(capability.Goods)):
		return purchaseDiffersPlainly
	}
	return purchaseDiffers
}

// told reports whether an area says anything.
func told(area string) bool { return area != "" && area != "other" }

func sameOrNot(same bool) Level {
	if same {
		return levelSame
	}
	return levelDiffers
}
