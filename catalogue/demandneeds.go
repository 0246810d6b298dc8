package catalogue

import (
	"fmt"
	"strings"
	"time"

	"jointly/catalogue/demand"
	"jointly/catalogue/kv"
)

// demandYears is how many financial years ahead the figures tell apart; what starts later is in the totals alone.
const demandYears = 5

// demandSurvey is what the figures are made of on one day.
type demandSurvey struct {
	c     *Catalogue
	today time.Time
	now   time.Time

	councils map[string]*Council
	needs    []demand.Need
	facts    []demand.Fact // what is public otherwise
	rungs    map[string]Rung
	in       map[string]*Intention // those that go on, by ID
	rooms    map[demand.Cell]int
}

// surveyDemand reads every need, and everything public that tells of one.
func (c *Catalogue) surveyDemand(tx kv.Tx) (*demandSurvey, error) {
	s := &demandSurvey{c: c, today: c.Today(), now: c.clock(), councils: map[string]*Council{}, rungs: map[string]Rung{}, in: map[string]*Intention{},
		rooms: map[demand.Cell]int{}}
	for _, r := range c.register.Councils() {
		s.councils[r.GSS] = &Council{Council: r}
	}
	for _, step := range []struct {
		kind Kind
		take func(Item)
	}{{KindCouncil, s.council}, {KindIntention, s.intention}, {KindGroup, s.group}, {KindContract, s.contract}, {KindSignal, s.signal}, {KindInterest, s.interest}} {
		if err := c.each(tx, step.kind, func(item Item) error { step.take(item); return nil }); err != nil {
			return nil, err
		}
	}
	for _, in := range s.in {
		s.need(in, in.Council, s.rungs[in.ID], max(in.Budget.Max, in.Budget.Min))
	}
	s.needs = demand.Private(s.needs, s.facts)
	return s, nil
}

func (s *demandSurvey) council(item Item) {
	c := item.(*Council)
	s.councils[c.GSS] = c
}

func (s *demandSurvey) intention(item Item) {
	in := item.(*Intention)
	if in.Ended(s.today) || in.Confirmed.After(s.now) {
		return
	}
	if in.Visibility == Public {
		capability, _ := in.Capable()
		s.facts = append(s.facts, demand.Fact{Council: in.Council, What: s.what(in.Area, capability)})
	}
	s.in[in.ID], s.rungs[in.ID] = in, Intends
}

// group gives the intentions of its members their rung. The card of a public group tells of those that are in it: the lead
// by name, the others by their number.
func (s *demandSurvey) group(item Item) {
	g := item.(*BuyingGroup)
	if g.Ended(s.today) {
		return
	}
	for _, m := range g.Members {
		if m.State != Accepted {
			continue
		}
		if m.Rung.valid() {
			s.rungs[m.Intention] = m.Rung
		}
		if g.Card == Public {
			s.facts = append(s.facts, demand.Fact{Council: m.Council, What: s.what("", g.Capability)})
		}
	}
}

func (s *demandSurvey) contract(item Item) {
	if k := item.(*Contract); k.Audience == Public && !k.Ended(s.today) {
		s.facts = append(s.facts, demand.Fact{Council: k.Council, What: s.what("", k.Capability)})
	}
}

// signal tells of who publishes it and of those that are named in it. One that has ended told of them all the same.
func (s *demandSurvey) signal(item Item) {
	g := item.(*Signal)
	if !g.IsPublic() {
		return
	}
	told := []string{g.Council}
	for _, n := range g.Named {
		if n.Yes {
			told = append(told, n.Council)
		}
	}
	for _, council := range told {
		s.facts = append(s.facts, demand.Fact{Council: council, What: s.what("", g.Text.Capability)})
	}
}

func (s *demandSurvey) interest(item Item) {
	i := item.(*Interest)
	if in := s.in[i.Intention]; in != nil {
		s.need(in, i.Council, i.Rung, 0)
	}
}

// need adds a council's part in what an intention asks for. Who only watches needs nothing yet.
func (s *demandSurvey) need(in *Intention, council string, rung Rung, value float64) {
	c := s.councils[council]
	if c == nil || rung.step() < Interested.step() {
		return
	}
	capability, _ := in.Capable()
	n := demand.Need{Council: council, What: s.what(in.Area, capability), Place: demand.PlaceOf(c.Nation, c.Region), When: s.when(in.WindowStart)}
	switch rung {
	case Intends:
		n.Of = append(n.Of, demand.Intended)
	case Approved:
		n.Of = append(n.Of, demand.Approved)
	}
	if band := demand.BandOf(value); band != "" {
		n.Of = append(n.Of, band)
	}
	s.needs = append(s.needs, n)
}

// what is the path of a need: its area, and the capability where the area has more than one.
func (s *demandSurvey) what(area, capability string) string {
	known, ok := s.c.dictionary.Capability(capability)
	if !ok {
		return area
	}
	for _, other := range s.c.dictionary.Capabilities() {
		if other.Area == known.Area && other.ID != known.ID {
			return known.Area + "/" + known.ID
		}
	}
	return known.Area
}

// when is the path of the quarter in which buying may start; one whose window is open starts in the present quarter.
func (s *demandSurvey) when(start Date) string {
	day := start.First()
	if day.Before(s.today) {
		day = s.today
	}
	if path := QuarterPath(day); path < QuarterPath(s.today.AddDate(demandYears, 0, 0)) {
		return path
	}
	return ""
}

// QuarterPath is a quarter within its financial year (April to March): 2027/2027-Q1 for April to June 2027.
func QuarterPath(day time.Time) string {
	year, quarter := day.Year(), (int(day.Month())+8)%12/3+1
	if day.Month() < time.April {
		year--
	}
	return fmt.Sprintf("%d/%d-Q%d", year, year, quarter)
}

// over says that a year or quarter has passed.
func (s *demandSurvey) over(when string) bool {
	now := QuarterPath(s.today)
	return when != "" && when < now && !strings.HasPrefix(now, when+"/")
}

// room is how many councils could be behind a cell, as everybody knows: those of the place that buy such a thing, less
// those of which something public tells.
func (s *demandSurvey) room(c demand.Cell) int {
	key := demand.Cell{What: c.What, Place: c.Place}
	if n, ok := s.rooms[key]; ok {
		return n
	}
	told := map[string]bool{}
	for _, f := range s.facts {
		if c.What != "" && (f.What == c.What || strings.HasPrefix(f.What, c.What+"/")) {
			told[f.Council] = true
		}
	}
	tiers := ""
	for _, k := range s.c.dictionary.Capabilities() {
		if c.What == "" || c.What == k.Area || c.What == k.Area+"/"+k.ID {
			tiers += " " + k.Tiers
		}
	}
	n := 0
	for code, council := range s.councils {
		place := demand.PlaceOf(council.Nation, council.Region)
		buys := strings.Contains(tiers, "all") || strings.Contains(tiers, string(council.Tier))
		if buys && !told[code] && (c.Place == "" || place == c.Place || strings.HasPrefix(place, c.Place+"/")) {
			n++
		}
	}
	s.rooms[key] = n
	return n
}
