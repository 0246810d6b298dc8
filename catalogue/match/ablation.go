package match

import "slices"

// Evaluation says how good matching is: on what it was learned from, on groups
// and sets kept apart, and without each feature in turn.
type Evaluation struct {
	// Weights is the version of the weights that were learned.
	Weights   string  `json:"weights"`
	Threshold float64 `json:"threshold"`
	// Learned are the sets that the weights were learned from, each by itself.
	Learned []SetReport `json:"learned_from"`
	// Unseen are sets never learned from, each by itself.
	Unseen []SetReport `json:"never_learned_from"`
	// CrossValidated leaves out each group of the learned sets in turn.
	CrossValidated Report `json:"cross_validated"`
	// Pairs is how labelled pairs come out; nil where there are none.
	Pairs *PairReport `json:"pairs,omitempty"`
	// Without switches each feature off in turn, learned anew without it.
	Without []Ablation `json:"without"`
}

// SetReport is the report on one labelled set.
type SetReport struct {
	Set string `json:"set"`
	Report
}

// Ablation is what is left without a feature.
type Ablation struct {
	Feature string `json:"feature"`
	// CrossValidated by group in few folds, over the learned sets.
	CrossValidated Report `json:"cross_validated"`
	// Unseen is over all sets never learned from.
	Unseen Report `json:"never_learned_from"`
}

// PairReport counts the labelled pairs and those of them that reach the points
// that a match needs.
type PairReport struct {
	Confirmed        int `json:"confirmed"`
	ConfirmedReached int `json:"confirmed_reached"`
	Rejected         int `json:"rejected"`
	RejectedReached  int `json:"rejected_reached"`
}

// ablationFolds keep the time for switching every feature off bearable.
const ablationFolds = 12

// Evaluate learns a lesson and reports on it and on sets kept apart.
func Evaluate(lesson Lesson, unseen []Labelled) (Evaluation, error) {
	lesson = lesson.read()
	unseen = Lesson{Dictionary: lesson.Dictionary, Needs: unseen}.read().Needs
	s, err := lesson.scorer()
	if err != nil {
		return Evaluation{}, err
	}
	e := Evaluation{Weights: s.weights.Version, Threshold: s.Threshold(), Learned: s.reports(lesson.Needs), Unseen: s.reports(unseen), Pairs: s.measurePairs(lesson.Pairs)}
	if e.CrossValidated, err = CrossValidate(lesson, len(lesson.Needs)); err != nil {
		return Evaluation{}, err
	}
	for _, f := range Features() {
		without := lesson
		without.Without = append(slices.Clone(lesson.Without), f)
		a := Ablation{Feature: f.String()}
		if a.CrossValidated, err = CrossValidate(without, ablationFolds); err != nil {
			return Evaluation{}, err
		}
		s, err := without.scorer()
		if err != nil {
			return Evaluation{}, err
		}
		a.Unseen = s.Measure(unseen)
		e.Without = append(e.Without, a)
	}
	return e, nil
}

// scorer learns the lesson and scores with what was learned.
func (lesson Lesson) scorer() (*Scorer, error) {
	w, err := Learn(lesson)
	if err != nil {
		return nil, err
	}
	return NewScorerWith(lesson.Dictionary, w)
}

// reports measures each set by itself.
func (s *Scorer) reports(labelled []Labelled) []SetReport {
	var out []SetReport
	for _, set := range bySet(labelled) {
		out = append(out, SetReport{set[0].Set, s.Measure(set)})
	}
	return out
}

func (s *Scorer) measurePairs(pairs []LabelledPair) *PairReport {
	if len(pairs) == 0 {
		return nil
	}
	var r PairReport
	for _, p := range pairs {
		scored := s.pair(p)
		reached := scored.Passes() && scored.Points >= s.Threshold()
		count := func(all, those *int) {
			*all++
			if reached {
				*those++
			}
		}
		if p.Match {
			count(&r.Confirmed, &r.ConfirmedReached)
		} else {
			count(&r.Rejected, &r.RejectedReached)
		}
	}
	return &r
}
