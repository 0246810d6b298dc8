// Package baseline works out what may be said to everybody of councils' returns: how people reach a service, by channel,
// as medians and quartiles over councils. It holds no store and no clock: the same returns and the same history give the
// same figures.
//
// # What is published
//
// A figure is about one measure (rate, share or cost of a channel) of one service and period. It says how many councils
// are behind it, their median and their quartiles.
//
//  1. A council counts once, with the figure of its return. Who hid the return counts for whom it is hidden from: a part
//     that councils see is known to councils, and hidden from everybody else.
//  2. Behind a figure stand, for every reader, either none or at least 7 councils whose part that reader cannot see.
//     Seven, because the reader may be one of them and another may make its return public later: five are left. Parts
//     that are fewer are left out, and the figure is of the others. Where everything is public 5 councils are enough.
//  3. Quartiles are said from 8 councils on.
//  4. A total of contacts is said only where no council has more than half of it, nor of the part that a reader cannot see.
//  5. Figures are rounded: two significant digits, shares to whole per cent.
//  6. A figure is drawn anew only once at least 7 councils' parts in it have changed, and of the parts that a reader cannot
//     see none or at least 7. Until then it stands as it was drawn, in every later edition.
//
// # Why nothing can be worked out about fewer than five councils
//
// Medians and quartiles are of the parts taken together: they come out the same if the councils behind them swap their
// parts, so what they say of one council whose part a reader cannot see they say of all of these alike, and by rule 2 those
// are five or more beside the ones that the reader may know. Rule 5 makes that true of rates and costs too: an exact rate,
// multiplied by the residents of each council in turn, gives a whole number of contacts for one council alone, and so says
// whose it is. Rule 6 makes it true of two editions: whatever moved between them moved for seven or more.
//
// Demand figures fall by chance, wait for weeks that chance opens, and are drawn anew after half a year. None of this is
// done here. A step of demand is an edge from below, and chance keeps it one; a median has no edge to protect, and a figure
// that chance moved would be no baseline. That somebody signs is told openly, so there is no week to hide. And a figure
// drawn anew because it is old would let a single change be subtracted: it stands, and says since which edition.
//
// What is protected is which council a figure is of. Where councils are much alike the figures say so of all of them: that
// the middle half has no post is a finding, not a leak.
package baseline

import (
	"cmp"
	"slices"
)

// Method is the version of the rules that Standard gives; an edition names it.
const Method = 1

// Reach is how far a council lets its return be seen under its name.
type Reach uint8

// The reaches, the widest first.
const (
	Everybody Reach = iota
	Councils        // councils that are signed in
	Nobody          // the council alone
)

// readers lists the kinds of readers by the widest reach that is hidden from them: the public, and councils.
func readers() []Reach { return []Reach{Councils, Nobody} }

// Known says that a reader sees parts of a reach; hidden is the widest reach that it does not see.
func (r Reach) known(hidden Reach) bool { return r < hidden }

// Amounts are figures of the channels, in the order of Channels; None: not stated.
type Amounts [4]float64

// None stands for a figure that is not stated, which is not 0.
const None = -1

// Unstated is Amounts of which nothing is stated.
func Unstated() Amounts { return Amounts{None, None, None, None} }

// Part is what one council returned for one service and period.
type Part struct {
	Council   string  `json:"c"`
	Reach     Reach   `json:"r,omitempty"`
	Residents float64 `json:"p,omitempty"` // 0: not known
	Volume    Amounts `json:"v"`           // contacts a year
	Cost      Amounts `json:"g"`           // pounds a contact, ex VAT
}

// Round is one service in one period.
type Round struct {
	LGSL  int    `json:"lgsl"`
	Start string `json:"period_start"` // first day, as 2025-04-01
}

// Compare orders rounds by service and period.
func (r Round) Compare(o Round) int {
	return cmp.Or(cmp.Compare(r.LGSL, o.LGSL), cmp.Compare(r.Start, o.Start))
}

// Figure is what is said of one measure. What is not said is nil.
type Figure struct {
	Round
	Measure Measure  `json:"measure"`
	Since   int      `json:"since"` // number of the edition that it was drawn for
	N       int      `json:"n"`     // councils behind it
	Median  *float64 `json:"median,omitempty"`
	Lower   *float64 `json:"lower_quartile,omitempty"`
	Upper   *float64 `json:"upper_quartile,omitempty"`
	Total   *float64 `json:"total,omitempty"` // of Contacts alone
}

// Quartiles says that both quartiles are said.
func (f Figure) Quartiles() bool { return f.Lower != nil && f.Upper != nil }

// Taken is the parts of a round as they stood on the day of an edition, and which measures still stand as they were drawn
// from them. It is not for the public.
type Taken struct {
	Round
	Edition  int       `json:"edition"`
	Measures []Measure `json:"measures"`
	Parts    []Part    `json:"parts"` // by council
}

// Rules are the numbers of the method.
type Rules struct {
	Least     int  // councils whose part is hidden, behind a figure and behind a change of it
	Open      int  // councils behind a figure of which everything is public
	Quartiles int  // councils from which on quartiles are said
	Exact     bool // without rounding; only tests do so
}

// Standard is the method that the service uses.
func Standard() Rules { return Rules{Least: 7, Open: 5, Quartiles: 8} }

// Next draws an edition from the parts of its day and from what was taken before: what measures stand on now, the figures,
// and what is not said and why. A round of which nobody has returned anything any more is kept as it was.
func (r Rules) Next(edition int, now map[Round][]Part, before []Taken) (after []Taken, figures []Figure, withheld []Withheld) {
	was := map[Round][]Taken{}
	for _, t := range before {
		was[t.Round] = append(was[t.Round], t)
	}
	rounds, measures := map[Round]bool{}, Measures()
	for round := range now {
		rounds[round] = true
	}
	for round := range was {
		rounds[round] = true
	}
	for round := range rounds {
		parts := slices.Clone(now[round])
		slices.SortFunc(parts, func(a, b Part) int { return cmp.Compare(a.Council, b.Council) })
		fresh := Taken{Round: round, Edition: edition, Parts: parts}
		kept := was[round]
		for _, m := range measures {
			i := slices.IndexFunc(kept, func(t Taken) bool { return slices.Contains(t.Measures, m) })
			var old []value
			if i >= 0 {
				old, _ = r.admitted(kept[i].Parts, m)
			}
			next, out := r.admitted(parts, m)
			why, changed := r.stays(old, next)
			switch {
			case i < 0 && len(next) == 0:
				withheld = append(withheld, r.unsaid(fresh, m, next, out)...)
				continue
			case i >= 0 && why == Same:
				figures, withheld = r.add(figures, kept[i], m), append(withheld, r.unsaid(fresh, m, next, out)...)
				continue
			case i >= 0 && why == Waits:
				figures = r.add(figures, kept[i], m)
				withheld = append(withheld, Withheld{Round: round, Measure: m, Why: Waits, Councils: len(next) + len(out), Changed: changed})
				continue
			}
			if i >= 0 {
				kept[i].Measures = slices.DeleteFunc(slices.Clone(kept[i].Measures), func(x Measure) bool { return x == m })
			}
			fresh.Measures = append(fresh.Measures, m)
			figures = r.add(figures, fresh, m)
			withheld = append(withheld, r.unsaid(fresh, m, next, out)...)
		}
		for _, t := range append(kept, fresh) {
			if len(t.Measures) > 0 {
				after = append(after, t)
			}
		}
	}
	slices.SortFunc(after, func(a, b Taken) int { return cmp.Or(a.Compare(b.Round), cmp.Compare(a.Edition, b.Edition)) })
	slices.SortStableFunc(figures, func(a, b Figure) int { return a.Compare(b.Round) }) // measures are in order
	slices.SortStableFunc(withheld, func(a, b Withheld) int { return a.Compare(b.Round) })
	return after, figures, withheld
}

// value is one council's figure of one measure.
type value struct {
	council string
	reach   Reach
	is      float64
}

func valuesOf(parts []Part, m Measure) []value {
	var out []value
	for _, p := range parts {
		if v, ok := p.Of(m); ok {
			out = append(out, value{p.Council, p.Reach, v})
		}
	}
	return out
}

// admitted is whose parts count in a figure, and whose are left out because too few are hidden. None count where there
// would be too few in all.
func (r Rules) admitted(parts []Part, m Measure) (in, out []value) {
	in = valuesOf(parts, m)
	for _, hidden := range slices.Backward(readers()) { // first those that are hidden from everybody
		known := func(v value) bool { return v.reach.known(hidden) }
		n := len(in) - count(in, known)
		if n == 0 || n >= r.Least {
			continue
		}
		out = append(out, slices.DeleteFunc(slices.Clone(in), known)...)
		in = slices.DeleteFunc(in, func(v value) bool { return !known(v) })
	}
	if len(in) < r.Open {
		return nil, append(out, in...)
	}
	return in, out
}

func count(values []value, which func(value) bool) (n int) {
	for _, v := range values {
		if which(v) {
			n++
		}
	}
	return n
}

// stays says why a figure is not drawn anew, and how many councils' parts have changed; "" if it is.
func (r Rules) stays(old, now []value) (Reason, int) {
	was := map[string]value{}
	for _, v := range old {
		was[v.council] = v
	}
	type change struct{ from, to Reach }
	var changes []change
	for _, v := range now {
		o, there := was[v.council]
		delete(was, v.council)
		switch {
		case !there:
			changes = append(changes, change{v.reach, v.reach})
		case o.is != v.is:
			changes = append(changes, change{o.reach, v.reach})
		}
	}
	for _, o := range was {
		changes = append(changes, change{o.reach, o.reach})
	}
	if len(changes) == 0 {
		return Same, 0
	}
	least := r.Least
	if count(old, value.hidden)+count(now, value.hidden) == 0 {
		least = 1 // everybody can work it out
	}
	if len(changes) < least {
		return Waits, len(changes)
	}
	for _, hidden := range readers() {
		n := 0
		for _, c := range changes {
			if !c.from.known(hidden) || !c.to.known(hidden) {
				n++
			}
		}
		if n > 0 && n < r.Least {
			return Waits, n
		}
	}
	return "", len(changes)
}

func (v value) hidden() bool { return v.reach != Everybody }

// add adds the figure of a measure, if there is one.
func (r Rules) add(figures []Figure, t Taken, m Measure) []Figure {
	in, _ := r.admitted(t.Parts, m)
	if len(in) == 0 {
		return figures
	}
	f := Figure{Round: t.Round, Measure: m, Since: t.Edition, N: len(in)}
	if m == Contacts {
		if f.Total = r.total(in); f.Total == nil {
			return figures
		}
		return append(figures, f)
	}
	values := make([]float64, len(in))
	for i, v := range in {
		values[i] = v.is
	}
	slices.Sort(values)
	f.Median = r.said(m, Quantile(values, 0.5))
	if len(values) >= r.Quartiles {
		f.Lower, f.Upper = r.said(m, Quantile(values, 0.25)), r.said(m, Quantile(values, 0.75))
	}
	return append(figures, f)
}

func (r Rules) said(m Measure, v float64) *float64 {
	if !r.Exact {
		v = m.Round(v)
	}
	return &v
}

// total adds up; nil where one council has more than half, of all or of what a reader cannot see.
func (r Rules) total(in []value) *float64 {
	for _, hidden := range append([]Reach{Everybody}, readers()...) {
		sum, most := 0.0, 0.0
		for _, v := range in {
			if !v.reach.known(hidden) {
				sum, most = sum+v.is, max(most, v.is)
			}
		}
		if 2*most > sum {
			return nil
		}
	}
	sum := 0.0
	for _, v := range in {
		sum += v.is
	}
	return r.said(Contacts, sum)
}
