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
	// Without are features to leave out: all their levels score nothing.
	Without []Feature
}

// Settled before learning: the points that a match needs, and how many pairs
// each level is taken to have shown already, so that a level never seen among
// matches is not held impossible.
const (
	matchThreshold = 0.5
	seenAlready    = 1.0
)

// Learn weighs every level of every feature: points are the base-2 logarithm
// of how much likelier it is among true pairs than among others that pass the
// gates (Fellegi and Sunter). More of a thing is never worth less: where the
// data say so, neighbouring levels are pooled.
func Learn(lesson Lesson) (*Weights, error) {
	if len(lesson.Needs) < 2 {
		return nil, errors.New("nothing to learn from: fewer than two labelled needs")
	}
	w := blank(lesson.words())
	w.Common = lesson.common(w)
	s, err := NewScorerWith(lesson.Dictionary, w)
	if err != nil {
		return nil, err
	}
	var matches, others [featureCount][]int
	for f := range matches {
		n := len(Feature(f).Levels()) + 1
		matches[f], others[f] = make([]int, n), make([]int, n)
	}
	s.eachPair(lesson.Needs, func(p Pair, same bool) {
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

// words counts over the labelled needs.
func (lesson *Lesson) words() Words {
	texts := make([][]string, len(lesson.Needs))
	for i, l := range lesson.Needs {
		texts[i] = lesson.Dictionary.Read(l.Need.Title, l.Need.Description).Terms
	}
	return CountWords(texts)
}

// common is the direction that the meanings of all labelled needs have in common.
func (lesson *Lesson) common(w *Weights) []int8 {
	all := make([]meaning, len(lesson.Needs))
	for i, l := range lesson.Needs {
		all[i] = w.meaningOf(l.Need.Title, lesson.Dictionary.Read(l.Need.Title, l.Need.Description).Terms)
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
			points = append(points, tenths(min(scale.most, max(scale.least, ratio(p)))))
		}
	}
	return points
}

// eachPair compares all labelled needs of one set with each other.
func (s *Scorer) eachPair(labelled []Labelled, visit func(p Pair, same bool)) {
	profiles := make([]*Profile, len(labelled))
	for i, l := range labelled {
		profiles[i] = s.Profile(l.Need)
	}
	for i := range profiles {
		for j := range i {
			if labelled[i].Set != labelled[j].Set {
				continue
			}
			visit(s.Pair(profiles[j], profiles[i]), labelled[i].Group == labelled[j].Group)
		}
	}
}

func sum(counts []int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
