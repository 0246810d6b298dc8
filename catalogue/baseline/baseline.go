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
//  6. A figure that was drawn stands in every later edition, until at least 7 councils' parts in it have changed. Councils
//     that join, that returned other figures and that left are three batches: each waits until, for every reader, none or
//     at least 7 of it are hidden. What waits counts as it did before. The hidden parts that stay as they were are none or
//     at least 7 too.
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
	"maps"
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

// Value is one council's part in a figure.
type Value struct {
	Council string  `json:"c"`
	Reach   Reach   `json:"r,omitempty"` // when the figure took it in
	Is      float64 `json:"v"`           // not rounded
}

func (v Value) hidden() bool { return v.Reach != Everybody }

// Taken is what the figure of a measure was drawn from. It is not for the public.
type Taken struct {
	Round
	Measure Measure `json:"m"`
	Edition int     `json:"e"`
	Values  []Value `json:"v"` // by council
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

// Next draws an edition from the parts of its day and from what figures were taken from before: what they are taken from
// now, the figures, and what is not said and why.
func (r Rules) Next(edition int, now map[Round][]Part, before []Taken) (after []Taken, figures []Figure, withheld []Withheld) {
	type cell struct {
		Round
		m Measure
	}
	was, rounds := map[cell]Taken{}, map[Round]bool{}
	for _, t := range before {
		was[cell{t.Round, t.Measure}], rounds[t.Round] = t, true
	}
	for round := range now {
		rounds[round] = true
	}
	measures := Measures()
	for _, round := range slices.SortedFunc(maps.Keys(rounds), Round.Compare) {
		for _, m := range measures {
			values := valuesOf(now[round], m)
			t, drawn := was[cell{round, m}]
			if !drawn && len(values) == 0 {
				continue
			}
			next, waiting := r.next(t, values)
			if !slices.Equal(next, t.Values) {
				t = Taken{round, m, edition, next}
			}
			if len(t.Values) > 0 {
				after = append(after, t)
				figures = r.add(figures, t)
			}
			withheld = append(withheld, r.unsaid(t, Withheld{Round: round, Measure: m}, waiting)...)
		}
	}
	return after, figures, withheld
}

// next is what a figure is taken from now, and how many councils' parts wait.
func (r Rules) next(t Taken, now []Value) (next []Value, waiting int) {
	if len(t.Values) > 0 {
		return r.batches(t.Values, now)
	}
	next = r.admitted(now)
	return next, len(now) - len(next)
}

func valuesOf(parts []Part, m Measure) []Value {
	var out []Value
	for _, p := range parts {
		if v, ok := p.Of(m); ok {
			out = append(out, Value{p.Council, p.Reach, v})
		}
	}
	slices.SortFunc(out, byCouncil)
	return out
}

func byCouncil(a, b Value) int { return cmp.Compare(a.Council, b.Council) }

// admitted is whose parts count in a first figure: not those that are hidden and too few, and nobody's where there would
// be too few in all.
func (r Rules) admitted(values []Value) []Value {
	in := r.enough(values)
	if len(in) < r.Open {
		return nil
	}
	return in
}

// enough leaves out the parts that some reader cannot see and that are too few.
func (r Rules) enough(values []Value) []Value {
	for _, hidden := range slices.Backward(readers()) { // first those that are hidden from everybody
		if n := unseen(values, hidden); n > 0 && n < r.Least {
			values = slices.DeleteFunc(slices.Clone(values), func(v Value) bool { return !v.Reach.known(hidden) })
		}
	}
	return values
}

// unseen is how many parts a reader cannot see.
func unseen(values []Value, hidden Reach) (n int) {
	for _, v := range values {
		if !v.Reach.known(hidden) {
			n++
		}
	}
	return n
}

// batches takes in what has changed, as far as it need not wait. A part that says the same keeps the reach with which it
// was taken in: what was hidden then is in an earlier edition as hidden.
func (r Rules) batches(old, now []Value) (next []Value, waiting int) {
	var joined, left, were, changed, same []Value // were: the parts that changed, as they were
	for _, v := range now {
		at, there := slices.BinarySearchFunc(old, v, byCouncil)
		switch {
		case !there:
			joined = append(joined, v)
		case old[at].Is == v.Is:
			same = append(same, old[at])
		default:
			v.Reach = max(v.Reach, old[at].Reach) // hidden then or now
			changed, were = append(changed, v), append(were, old[at])
		}
	}
	for _, o := range old {
		if _, there := slices.BinarySearchFunc(now, o, byCouncil); !there {
			left = append(left, o)
		}
	}
	joins, leaves, changes := r.enough(joined), r.enough(left), r.enough(changed)
	next = append(slices.Clone(same), joins...)
	stay := slices.Clone(same)
	for _, o := range left {
		if !slices.Contains(leaves, o) {
			next, stay = append(next, o), append(stay, o)
		}
	}
	for i, v := range changed {
		if slices.Contains(changes, v) {
			next = append(next, v)
		} else {
			next, stay = append(next, were[i]), append(stay, were[i])
		}
	}
	n := len(joins) + len(leaves) + len(changes)
	all := len(joined) + len(left) + len(changed)
	if n == 0 {
		return old, all
	}
	if slices.ContainsFunc(append(next, old...), Value.hidden) && (n < r.Least || len(r.enough(stay)) < len(stay)) {
		return old, all
	}
	slices.SortFunc(next, byCouncil)
	if len(next) < r.Open {
		return nil, len(now)
	}
	return next, all - n
}

// add adds the figure of a measure, if there is one.
func (r Rules) add(figures []Figure, t Taken) []Figure {
	f := Figure{Round: t.Round, Measure: t.Measure, Since: t.Edition, N: len(t.Values)}
	if t.Measure == Contacts {
		if f.Total = r.total(t.Values); f.Total == nil {
			return figures
		}
		return append(figures, f)
	}
	f.Median, f.Lower, f.Upper = r.middle(t.Measure, t.Values)
	return append(figures, f)
}

// middle is the median and, where there are enough, the quartiles, as they are published.
func (r Rules) middle(m Measure, in []Value) (median, lower, upper *float64) {
	values := make([]float64, len(in))
	for i, v := range in {
		values[i] = v.Is
	}
	slices.Sort(values)
	median = r.said(m, Quantile(values, 0.5))
	if len(values) >= r.Quartiles {
		lower, upper = r.said(m, Quantile(values, 0.25)), r.said(m, Quantile(values, 0.75))
	}
	return median, lower, upper
}

func (r Rules) said(m Measure, v float64) *float64 {
	if !r.Exact {
		v = m.Round(v)
	}
	return &v
}

// total adds up; nil where one council has more than half, of all or of what a reader cannot see.
func (r Rules) total(in []Value) *float64 {
	sum := 0.0
	for _, hidden := range append(readers(), Everybody) { // the last: of all
		most := 0.0
		sum = 0
		for _, v := range in {
			if !v.Reach.known(hidden) {
				sum, most = sum+v.Is, max(most, v.Is)
			}
		}
		if 2*most > sum {
			return nil
		}
	}
	return r.said(Contacts, sum)
}
