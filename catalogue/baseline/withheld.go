package baseline

// Reason is why nothing is said, or why what is said is not of today. It is for the operator.
type Reason string

// The reasons.
const (
	Few          Reason = "few"       // too few councils have returned a figure, or their parts are hidden and too few
	Waits        Reason = "waits"     // a figure is said; some parts wait for others before it takes them in
	Half         Reason = "half"      // one council has more than half of the total
	FewQuartiles Reason = "quartiles" // too few councils for quartiles
)

// Withheld is what an edition does not say.
type Withheld struct {
	Round
	Measure  Measure `json:"measure"`
	Why      Reason  `json:"why"`
	Councils int     `json:"councils"` // whose parts are in no figure, or in it as they were before; of Half and FewQuartiles: behind the figure
}

// unsaid is what is not said of a measure.
func (r Rules) unsaid(t Taken, w Withheld, waiting int) (all []Withheld) {
	add := func(why Reason, councils int) {
		w.Why, w.Councils = why, councils
		all = append(all, w)
	}
	switch n := len(t.Values); {
	case n == 0:
		if waiting > 0 {
			add(Few, waiting)
		}
		return all
	case t.Measure == Contacts && r.total(t.Values) == nil:
		add(Half, n)
	case t.Measure != Contacts && n < r.Quartiles:
		add(FewQuartiles, n)
	}
	if waiting > 0 {
		add(Waits, waiting)
	}
	return all
}
