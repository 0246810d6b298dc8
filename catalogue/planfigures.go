package catalogue

import (
	"context"
	"fmt"
	"math"
	"slices"

	"jointly/catalogue/kv"
)

// PlanFigures are what came of buying together, as figures over what councils keep to themselves: frozen once a week,
// numbered, and never changed. Each figure stands on councils that nobody can tell apart; the rules are those of PlanFigure.
type PlanFigures struct {
	Meta
	Number  int          `json:"number"`
	Day     Date         `json:"day"`
	Figures []PlanFigure `json:"figures"`

	Demonstration bool `json:"demonstration,omitempty"` // they are of invented councils: never added to those of real ones
}

// PlanFigure is one figure, in round numbers.
//
//  1. It is shown only where at least seven councils stand behind it, none of them with more than half: whoever is one of
//     them is left with six.
//  2. It is drawn anew only once the parts of seven councils have changed since it was drawn; until then it stands, with
//     the day on which it was drawn. So two figures never differ by what fewer did.
//  3. The low end is rounded down and the high end up, to one figure that is not zero.
type PlanFigure struct {
	Name     string  `json:"name"`
	Councils int     `json:"councils,omitempty"` // behind it, rounded down to a step; 0: the figure is not shown
	Low      float64 `json:"low,omitempty"`      // GBP ex VAT, a year or once; a number of groups for those by stage
	High     float64 `json:"high,omitempty"`     // as Low; 0 for a figure that is not a range
	Drawn    Date    `json:"drawn,omitzero"`
	// Parts is what each council had in it when it was drawn, for the rules and for the operator alone.
	Parts map[string]PlanPart `json:"parts,omitempty"`
}

// PlanPart is one council's part in a figure.
type PlanPart struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// The names of figures of the plan. Those of groups are PlanGroups followed by their stage.
const (
	PlanForecast = "savings-forecast" // what members of groups expect to save a year: a range, never a promise
	PlanActual   = "savings-actual"   // what they save a year by what they pay since
	PlanOneOff   = "one-off"          // what changing costs them once
	PlanGroups   = "groups-"          // groups of which nothing public tells, by stage
)

// leastInPlan is how many councils stand behind a figure of the plan, and how many must have changed before it is drawn
// anew.
const leastInPlan = 7

// Key names the figures.
func (p *PlanFigures) Key() Key { return Key{KindPlanFigures, p.ID} }

func (p *PlanFigures) owner() string { return "" }

func (p *PlanFigures) sees(a Actor) (Item, bool) {
	out := *p
	out.Figures = slices.Clone(p.Figures)
	if !a.IsOperator() {
		for i := range out.Figures {
			out.Figures[i].Parts = nil
		}
	}
	return &out, true
}

func (p *PlanFigures) index(func(string, ...string)) {}

func (p *PlanFigures) validate(v *validation) {
	v.that(p.Number > 0 && p.ID == releaseID(p.Number), "number", "Figures have a number")
	v.that(p.Day.Exact(), "day", "Figures have a day")
}

// Figure is a figure by its name; not ok where it is not shown.
func (p *PlanFigures) Figure(name string) (PlanFigure, bool) {
	if p == nil {
		return PlanFigure{}, false
	}
	i := slices.IndexFunc(p.Figures, func(f PlanFigure) bool { return f.Name == name })
	if i < 0 || p.Figures[i].Councils == 0 {
		return PlanFigure{}, false
	}
	return p.Figures[i], true
}

// Cite is how to name the figures.
func (p *PlanFigures) Cite() string {
	return fmt.Sprintf("Jointly plan figures %d, %s", p.Number, p.Day.Words())
}

// drawn is a figure as it stands now: the one before, unless enough has changed since.
func drawn(name string, parts map[string]PlanPart, total func(map[string]PlanPart) PlanPart, before PlanFigure, today Date) PlanFigure {
	if differing(parts, before.Parts) < leastInPlan || len(parts) < leastInPlan || dominated(parts) {
		before.Name = name
		return before
	}
	sum := total(parts)
	return PlanFigure{Name: name, Councils: stepDown(len(parts)), Low: roundDown(sum.Low), High: roundUp(sum.High), Drawn: today, Parts: parts}
}

// differing counts the councils whose part is not what it was.
func differing(a, b map[string]PlanPart) int {
	n := 0
	for council, part := range a {
		if was, ok := b[council]; !ok || was != part {
			n++
		}
	}
	for council := range b {
		if _, ok := a[council]; !ok {
			n++
		}
	}
	return n
}

// dominated says that one council has more than half of a figure.
func dominated(parts map[string]PlanPart) bool {
	var all, most PlanPart
	for _, p := range parts {
		all.Low, all.High = all.Low+math.Abs(p.Low), all.High+math.Abs(p.High)
		most.Low, most.High = max(most.Low, math.Abs(p.Low)), max(most.High, math.Abs(p.High))
	}
	return 2*most.Low > all.Low || 2*most.High > all.High
}

// stepDown is a number of councils rounded down to a step.
func stepDown(n int) int {
	for _, step := range []int{300, 200, 150, 100, 75, 50, 40, 30, 20, 15, 10, leastInPlan} {
		if n >= step {
			return step
		}
	}
	return 0
}

// roundDown and roundUp leave one figure that is not zero.
func roundDown(x float64) float64 {
	unit := unitOf(x)
	return math.Floor(x/unit) * unit
}

func roundUp(x float64) float64 {
	unit := unitOf(x)
	return math.Ceil(x/unit) * unit
}

func unitOf(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Pow(10, math.Floor(math.Log10(math.Abs(x))))
}

// totalOf adds parts up.
func totalOf(parts map[string]PlanPart) PlanPart {
	var sum PlanPart
	for _, p := range parts {
		sum.Low, sum.High = sum.Low+p.Low, sum.High+p.High
	}
	return sum
}

// planSurvey is what the figures are drawn from: each council's part, by name of figure.
type planSurvey struct {
	parts  map[string]map[string]PlanPart
	groups map[string]int // groups of which nothing public tells, by name of figure
	some   bool           // there is a group
}

func (s *planSurvey) add(name, council string, low, high float64) {
	if s.parts[name] == nil {
		s.parts[name] = map[string]PlanPart{}
	}
	p := s.parts[name][council]
	s.parts[name][council] = PlanPart{p.Low + low, p.High + high}
}

func (s *planSurvey) empty() bool { return len(s.parts) == 0 && len(s.groups) == 0 }

// surveyPlan reads every group and every ledger once, those of real councils and those of invented ones apart.
func (c *Catalogue) surveyPlan(tx kv.Tx) (real, invented *planSurvey, err error) {
	worlds := map[bool]*planSurvey{}
	for _, w := range []bool{false, true} {
		worlds[w] = &planSurvey{parts: map[string]map[string]PlanPart{}, groups: map[string]int{}}
	}
	accepted := map[string][]string{}
	if err := c.each(tx, KindGroup, func(item Item) error {
		g := item.(*BuyingGroup)
		members := slices.DeleteFunc(g.accepted(), func(council string) bool { return c.demonstration(council) != g.Demonstration })
		if g.Stage == Abandoned || len(members) == 0 {
			return nil
		}
		accepted[g.ID] = members
		s := worlds[g.Demonstration]
		s.some = true
		if _, public := g.sees(Anonymous()); public {
			return nil // it counts among those that everybody sees
		}
		name := PlanGroups + string(g.Stage)
		s.groups[name]++
		for _, council := range members {
			s.add(name, council, 1, 1)
		}
		return nil
	}); err != nil {
		return nil, nil, err
	}
	return worlds[false], worlds[true], c.each(tx, KindSaving, func(item Item) error {
		saving := item.(*Saving)
		if !slices.Contains(accepted[saving.Group], saving.Council) {
			return nil
		}
		s := worlds[c.demonstration(saving.Council)]
		if saving.HasForecast() {
			s.add(PlanForecast, saving.Council, saving.Expected().Min, saving.Expected().Max)
		}
		if saving.HasActual() {
			s.add(PlanActual, saving.Council, saving.Saved(), saving.Saved())
		}
		if saving.OneOff > 0 {
			s.add(PlanOneOff, saving.Council, saving.OneOff, saving.OneOff)
		}
		return nil
	})
}

// SettlePlan makes the week's figures of the plan, from seven on Monday morning in London on: one for a week, however
// often it is called, and none before there is a group. Whoever calls holds the lease for jobs. It returns whether it made
// them.
func (c *Catalogue) SettlePlan(ctx context.Context) (made bool, err error) {
	monday, _ := c.weeklyMonday()
	if c.clock().Before(monday) {
		return false, nil
	}
	var next *PlanFigures
	if err := c.view(ctx, func(tx kv.Tx) error {
		next = nil
		week, err := readCounter(tx, metaKey("plan-week"))
		if err != nil || hadWeek(int(week), weekNumber(monday)) {
			return err
		}
		last, err := latestPlanFigures(tx)
		if err != nil {
			return err
		}
		next, err = c.nextPlanFigures(tx, last)
		return err
	}); err != nil || next == nil {
		return false, err
	}
	err = c.write(ctx, Operator("job"), ReleaseFigures, func(w *writer) error {
		n, err := readCounter(w.tx, metaKey("plan-figures"))
		if err != nil {
			return err
		}
		if int(n) != next.Number-1 {
			return conflict("This week's figures of the plan were made already")
		}
		if err := putCounter(w.tx, metaKey("plan-week"), uint64(weekNumber(monday))); err != nil {
			return err
		}
		if err := putCounter(w.tx, metaKey("plan-figures"), uint64(next.Number)); err != nil {
			return err
		}
		return w.put(next)
	})
	if KindOf(err) == Conflict { // somebody else made them meanwhile
		return false, nil
	}
	return err == nil, err
}

// nextPlanFigures are the figures that follow the last (nil: none yet); nil where there is nothing to tell of. Once there is
// a group of real councils, figures are of real councils alone.
func (c *Catalogue) nextPlanFigures(tx kv.Tx, last *PlanFigures) (*PlanFigures, error) {
	s, invented, err := c.surveyPlan(tx)
	if err != nil {
		return nil, err
	}
	next := &PlanFigures{Number: 1, Day: DateOf(c.Today())}
	if next.Demonstration = !s.some && !c.holdsReal(last); next.Demonstration {
		s = invented
	}
	if last == nil && s.empty() {
		return nil, nil
	}
	before := map[string]PlanFigure{}
	if last != nil {
		next.Number = last.Number + 1
		for _, f := range last.Figures {
			if c.ofWorld(f, next.Demonstration) {
				before[f.Name] = f
			}
		}
	}
	next.ID = releaseID(next.Number)
	for _, name := range []string{PlanForecast, PlanActual, PlanOneOff} {
		next.Figures = append(next.Figures, drawn(name, s.parts[name], totalOf, before[name], next.Day))
	}
	for _, stage := range GroupStages() {
		name := PlanGroups + string(stage)
		count := func(map[string]PlanPart) PlanPart { return PlanPart{Low: float64(s.groups[name])} }
		next.Figures = append(next.Figures, drawn(name, s.parts[name], count, before[name], next.Day))
	}
	return next, nil
}

// latestPlanFigures are the last figures, whole; nil before the first.
func latestPlanFigures(tx kv.Tx) (*PlanFigures, error) {
	return lastNumbered[*PlanFigures](tx, metaKey("plan-figures"), KindPlanFigures)
}

// ofWorld says that those behind a figure are real councils alone, or invented ones alone.
func (c *Catalogue) ofWorld(f PlanFigure, invented bool) bool {
	for council := range f.Parts {
		if c.demonstration(council) != invented {
			return false
		}
	}
	return true
}

// holdsReal says that a real council is behind some figure.
func (c *Catalogue) holdsReal(p *PlanFigures) bool {
	return p != nil && slices.ContainsFunc(p.Figures, func(f PlanFigure) bool { return !c.ofWorld(f, true) })
}
