package baseline

// Reason is why nothing is said, or why what is said is not of today. It is for the operator.
type Reason string

// The reasons, in the order in which they are asked.
const (
	Few      Reason = "few"       // councils whose part is hidden are fewer than the least, and so are those in all
	LeftOut  Reason = "left out"  // a figure is said, but without parts that are hidden and too few
	Waits    Reason = "waits"     // too few have changed since it was drawn
	Half     Reason = "half"      // one council has more than half of the total
	FewForIt Reason = "quartiles" // too few councils for quartiles
	Same     Reason = "same"      // nothing has changed: never listed
)

// Withheld is what an edition does not say.
type Withheld struct {
	Round
	Measure  Measure `json:"measure"`
	Why      Reason  `json:"why"`
	Councils int     `json:"councils"`          // left out or waiting; with a figure of theirs on the day of the edition
	Changed  int     `json:"changed,omitempty"` // of Waits: councils whose parts have changed, the fewest that a reader cannot see; an earlier figure stands meanwhile
}

// unsaid is what is not said of a measure that was drawn.
func (r Rules) unsaid(t Taken, m Measure, in, out []value) []Withheld {
	w := Withheld{Round: t.Round, Measure: m}
	var all []Withheld
	add := func(why Reason, councils int) {
		w.Why, w.Councils = why, councils
		all = append(all, w)
	}
	switch {
	case len(in) == 0 && len(out) > 0:
		add(Few, len(out))
	case len(out) > 0:
		add(LeftOut, len(out))
	}
	if len(in) == 0 {
		return all
	}
	if m == Contacts && r.total(in) == nil {
		add(Half, len(in))
	}
	if m != Contacts && len(in) < r.Quartiles {
		add(FewForIt, len(in))
	}
	return all
}
