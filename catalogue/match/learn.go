package match

import (
	"errors"
	"math"
	"slices"

	"jointly/catalogue/capability"
)

// Lesson is what weights are learned from.
type Lesson struct {
	Dictionary *capability.Dictionary
	// Needs whose groups are known.
	Needs []Labelled
	// Pairs of which councils said whether they match.
	Pairs []LabelledPair
	// Without are features to leave out: all their levels score nothing.
	Without []Feature
}

// read has every text read once, however often the lesson is learned.
func (lesson Lesson) read() Lesson {
	read := func(n *Need, to **capability.Reading) {
		if *to == nil {
			r := lesson.Dictionary.Read(n.Title, n.Description)
			*to = &r
		}
	}
	lesson.Needs, lesson.Pairs = slices.Clone(lesson.Needs), slices.Clone(lesson.Pairs)
	for i := range lesson.Needs {
		read(&lesson.Needs[i].Need, &lesson.Needs[i].reading)
	}
	for i := range lesson.Pairs {
		p := &lesson.Pairs[i]
		read(&p.A, &p.readings[0])
		read(&p.B, &p.readings[1])
	}
	return lesson
}

// Settled before learning: the points that a match needs, and how many pairs
// each level is taken to have shown already, so that a level never seen among
// matches is not held impossible.
const (
	matchThreshold = 1.0
	seenAlready    = 1.0
)

// Learn weighs every level of every feature: points are the base-2 logarithm
// of how much likelier it is among true pairs than among others that pass the
// gates (Fellegi and Sunter). More of a thing is never worth less: where the
// data say so, neighbouring levels are pooled.
func Learn(lesson Lesson) (*Weights, error) {
	if len(lesson.Needs) < 2 && len(lesson.Pairs) == 0 {
		return nil, errors.New("nothing to learn from: fewer than two labelled needs and no pairs")
	}
	lesson = lesson.read()
	texts := lesson.texts()
	w := blank(countTexts(texts))
	w.Common = w.common(texts)
	s, err := NewScorerWith(lesson.Dictionary, w)
	if err != nil {
		return nil, err
	}
	var matches, others [featureCount][]int
	for f := range matches {
		n := len(Feature(f).Levels()) + 1
		matches[f], others[f] = make([]int, n), make([]int, n)
	}
	s.eachPair(lesson, func(p Pair, same bool) {
		if p.Failed != 0 {
			return
		}
		for f, l := range p.Levels {
			if same {
				matches[f][l]++
			} else {
				others[f][l]++
			}
		}
	})
	for f := range w.Features {
		if slices.Contains(lesson.Without, Feature(f)) {
			continue
		}
		points := weigh(Feature(f), matches[f][1:], others[f][1:])
		for l := range points {
			w.Features[f].Levels[l].Points = points[l]
			w.Features[f].Levels[l].Matches = matches[f][l+1]
			w.Features[f].Levels[l].Others = others[f][l+1]
		}
	}
	w.Version, err = w.hash()
	return w, err
}

// text is one that was read: its title, and the content words of all of it.
type text struct {
	title string
	terms []string
}

// texts of the lesson, each once though it stands in several pairs.
func (lesson *Lesson) texts() []text {
	var out []text
	for _, l := range lesson.Needs {
		out = append(out, text{l.Need.Title, l.reading.Terms})
	}
	seen := make(map[[2]string]bool)
	for _, p := range lesson.Pairs {
		for i, n := range []*Need{&p.A, &p.B} {
			if key := [2]string{n.Title, n.Description}; !seen[key] {
				seen[key] = true
				out = append(out, text{n.Title, p.readings[i].Terms})
			}
		}
	}
	return out
}

// countTexts counts words over texts.
func countTexts(texts []text) Words {
	terms := make([][]string, len(texts))
	for i, t := range texts {
		terms[i] = t.terms
	}
	return CountWords(terms)
}

// common is the direction that the meanings of texts have in common.
func (w *Weights) common(texts []text) []int8 {
	all := make([]meaning, len(texts))
	for i, t := range texts {
		all[i] = w.meaningOf(t.title, t.terms)
	}
	return commonMeaning(all)
}

// blank are weights that score nothing.
func blank(words Words) *Weights {
	w := &Weights{Threshold: matchThreshold, Words: words}
	if w.Words.MeanLength == 0 {
		w.Words.MeanLength = 1
	}
	for _, f := range Features() {
		scale := FeatureScale{Feature: f.String()}
		for _, name := range f.Levels() {
			scale.Levels = append(scale.Levels, LevelPoints{Level: name})
		}
		w.Features = append(w.Features, scale)
	}
	return w
}

// weigh gives the points of a feature's levels from the pairs counted at each.
func weigh(f Feature, matches, others []int) []float64 {
	scale := f.scale()
	matched, other := float64(sum(matches)), float64(sum(others))
	// Pools of neighbouring levels, merged while a later one would score less.
	type pool struct {
		matches, others float64
		levels          int
	}
	ratio := func(p pool) float64 {
		n := float64(len(matches))
		return math.Log2((p.matches + seenAlready*float64(p.levels)) / (matched + seenAlready*n) *
			(other + seenAlready*n) / (p.others + seenAlready*float64(p.levels)))
	}
	var pools []pool
	for l := range matches {
		pools = append(pools, pool{float64(matches[l]), float64(others[l]), 1})
		for k := len(pools) - 1; k > 0 && ratio(pools[k]) < ratio(pools[k-1]); k-- {
			pools[k-1].matches += pools[k].matches
			pools[k-1].others += pools[k].others
			pools[k-1].levels += pools[k].levels
			pools = pools[:k]
		}
	}
	var points []float64
	for _, p := range pools {
		for range p.levels {
			points = append(points, tenths(min(scale.most, max(scale.leastOf(len(points)), ratio(p)))))
		}
	}
	return points
}

// eachPair compares all labelled needs of one set with each other, and the
// pairs that were labelled as such.
func (s *Scorer) eachPair(lesson Lesson, visit func(p Pair, same bool)) {
	profiles := s.profiles(lesson.Needs)
	for i := range profiles {
		for j := range i {
			if lesson.Needs[i].Set != lesson.Needs[j].Set {
				continue
			}
			visit(s.Pair(profiles[j], profiles[i]), lesson.Needs[i].Group == lesson.Needs[j].Group)
		}
	}
	for _, p := range lesson.Pairs {
		visit(s.pair(p), p.Match)
	}
}

// pair compares a labelled pair.
func (s *Scorer) pair(p LabelledPair) Pair {
	if p.readings[0] == nil || p.readings[1] == nil {
		return s.Pair(s.Profile(p.A), s.Profile(p.B))
	}
	return s.Pair(s.profile(p.A, *p.readings[0]), s.profile(p.B, *p.readings[1]))
}

func (s *Scorer) profiles(labelled []Labelled) []*Profile {
	out := make([]*Profile, len(labelled))
	for i, l := range labelled {
		if l.reading != nil {
			out[i] = s.profile(l.Need, *l.reading)
		} else {
			out[i] = s.Profile(l.Need)
		}
	}
	return out
}

func sum(counts []int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
