package match

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/capability"
)

// Engine holds every open intention as a need, in memory, and follows the catalogue's feed. It scores only what
// councils may see of each other. Safe for concurrent use.
type Engine struct {
	catalogue *catalogue.Catalogue
	scorer    *Scorer

	mu       sync.RWMutex
	cursor   uint64
	applied  chan struct{} // closed when the cursor moves
	needs    map[string]entry
	private  map[string]entry // kept to their own council: matched for it alone
	blocks   *Blocks
	pairs    map[string]map[string]Pair // both ways round; only pairs that could join needs in a group
	standing map[string]Standing        // groups of people, by ID
	groups   []Group                    // nil: work out again
	groupsOn time.Time
}

// entry is an intention as a need, with what decides whether it still counts.
type entry struct {
	profile   *Profile
	ref       string // as imported; the ID where it has none
	council   string
	windowEnd time.Time
	withdrawn bool
}

func (e entry) open(on time.Time) bool {
	return !e.withdrawn && (e.windowEnd.IsZero() || !e.windowEnd.Before(on))
}

// NewEngine returns an engine that has read nothing yet: CatchUp or Follow fills it.
func NewEngine(c *catalogue.Catalogue) (*Engine, error) {
	s, err := NewScorer(c.Dictionary())
	if err != nil {
		return nil, fmt.Errorf("match: %w", err)
	}
	e := &Engine{catalogue: c, scorer: s, applied: make(chan struct{})}
	e.reset()
	return e, nil
}

func (e *Engine) reset() {
	e.cursor, e.needs, e.private, e.blocks = 0, map[string]entry{}, map[string]entry{}, NewBlocks()
	e.pairs, e.standing, e.groups = map[string]map[string]Pair{}, map[string]Standing{}, nil
}

// Scorer is what scores pairs: for its version and threshold.
func (e *Engine) Scorer() *Scorer { return e.scorer }

// CatchUp applies the feed up to its present end.
func (e *Engine) CatchUp(ctx context.Context) error {
	for {
		n, err := e.step(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
	}
}

// Follow applies changes as they come until ctx ends; it returns ctx's error, or the first of another kind.
func (e *Engine) Follow(ctx context.Context) error {
	for {
		changed := e.catalogue.Changed()
		if err := e.CatchUp(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// Cursor is the sequence number of the last change applied.
func (e *Engine) Cursor() uint64 {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.cursor
}

// Wait waits until a change is applied, at most so long, and says whether it is.
func (e *Engine) Wait(ctx context.Context, seq uint64, atMost time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	for {
		e.mu.RLock()
		cursor, applied := e.cursor, e.applied
		e.mu.RUnlock()
		if cursor >= seq {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-applied:
		}
	}
}

// step applies one page of the feed and says how many changes it had.
func (e *Engine) step(ctx context.Context) (int, error) {
	changes, err := e.catalogue.Changes(ctx, e.Cursor(), 500)
	if errors.Is(err, catalogue.ErrHorizon) {
		e.mu.Lock()
		e.reset()
		e.mu.Unlock()
		return 1, nil
	}
	if err != nil || len(changes) == 0 {
		return 0, err
	}
	keys := make([]catalogue.Key, len(changes))
	for i, ch := range changes {
		keys[i] = ch.Key
	}
	items, err := e.catalogue.Load(ctx, catalogue.Operator("job"), keys)
	if err != nil {
		return 0, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, key := range keys {
		switch key.Kind {
		case catalogue.KindIntention:
			in, _ := items[i].(*catalogue.Intention)
			if err := e.setNeed(ctx, key.ID, in); err != nil {
				return 0, err
			}
		case catalogue.KindGroup:
			g, _ := items[i].(*catalogue.BuyingGroup)
			e.setStanding(key.ID, g)
		}
	}
	e.cursor = changes[len(changes)-1].Seq
	close(e.applied)
	e.applied = make(chan struct{})
	return len(changes), nil
}

// setNeed replaces what is held of an intention; nil takes it out.
func (e *Engine) setNeed(ctx context.Context, id string, in *catalogue.Intention) error {
	if _, ok := e.needs[id]; ok {
		e.blocks.Remove(id)
		for other := range e.pairs[id] {
			delete(e.pairs[other], id)
		}
		delete(e.pairs, id)
		delete(e.needs, id)
		e.groups = nil
	}
	delete(e.private, id)
	if in == nil {
		return nil
	}
	if in.Visibility == catalogue.Own {
		made, err := e.entry(ctx, in, in.Ref)
		e.private[id] = made
		return err
	}
	seen, ok := catalogue.Through(catalogue.AnyCouncil(), in)
	if !ok {
		return nil
	}
	made, err := e.entry(ctx, seen.(*catalogue.Intention), in.Ref)
	if err != nil {
		return err
	}
	e.groups = nil
	e.needs[id] = made
	if made.withdrawn {
		return nil
	}
	for _, other := range e.blocks.Candidates(made.profile) {
		e.link(e.scorer.Pair(made.profile, other))
	}
	e.blocks.Add(made.profile)
	return nil
}

// link keeps a pair that could join two needs.
func (e *Engine) link(p Pair) {
	if !p.Passes() || p.Points <= e.scorer.Threshold() {
		return
	}
	for _, way := range [][2]string{{p.A, p.B}, {p.B, p.A}} {
		if e.pairs[way[0]] == nil {
			e.pairs[way[0]] = map[string]Pair{}
		}
		e.pairs[way[0]][way[1]] = p
	}
}

func (e *Engine) setStanding(id string, g *catalogue.BuyingGroup) {
	delete(e.standing, id)
	e.groups = nil
	if g == nil || g.Stage == catalogue.Abandoned {
		return
	}
	s := Standing{Confirmed: true}
	for _, m := range g.Members {
		if m.State == catalogue.Accepted || m.State == catalogue.Invited {
			s.Refs = append(s.Refs, m.Intention)
		}
	}
	e.standing[id] = s
}

func (e *Engine) entry(ctx context.Context, in *catalogue.Intention, ref string) (entry, error) {
	n, err := e.need(ctx, in, ref)
	if err != nil {
		return entry{}, err
	}
	return entry{profile: e.scorer.Profile(n), ref: cmp.Or(ref, in.ID), council: in.Council, windowEnd: in.WindowEnd.Last(),
		withdrawn: in.Withdrawn != ""}, nil
}

// need is an intention, as somebody sees it, in the matcher's terms; ref is what it was imported with, which orders it
// whatever ID it was given.
func (e *Engine) need(ctx context.Context, in *catalogue.Intention, ref string) (Need, error) {
	council, err := e.catalogue.Council(ctx, catalogue.Operator("job"), in.Council)
	if err != nil {
		return Need{}, fmt.Errorf("match %s: %w", in.Key(), err)
	}
	return Need{
		Ref: in.ID, Order: in.Council + "/" + cmp.Or(ref, in.ID), Council: in.Council, Name: council.Label(), Regime: regimeIn(council.Nation), Region: council.Region,
		Title: in.Title, Description: in.Description, Area: in.Area, Capability: in.Capability,
		Purchase: capability.Purchase(in.Purchase), CPV: in.CPV, BudgetMin: in.Budget.Min, BudgetMax: in.Budget.Max,
		WindowStart: in.WindowStart.First(), WindowEnd: in.WindowEnd.Last(), ContractEnd: in.ContractEnd.Last(),
		ExtensionMonths: in.ExtensionMonths, LeadMonths: in.LeadMonths, Supplier: in.CurrentSupplier, Platform: in.CurrentPlatform,
		Leads: in.Role == catalogue.RoleWouldLead, Private: in.Visibility == catalogue.Own,
	}, nil
}

// regimeIn is the procurement law of a nation, as the register names it.
func regimeIn(nation string) Regime {
	switch nation {
	case "England":
		return England
	case "Wales":
		return Wales
	case "Scotland":
		return Scotland
	case "Northern Ireland":
		return NorthernIreland
	}
	return ""
}

// Partner is one need that an intention matches, or nearly.
type Partner struct {
	Intention string // ID
	Explanation
}

// Matches is what the engine says of one intention, from its own side.
type Matches struct {
	Partners []Partner // those that reach the threshold, best first
	Near     []Partner // what stands in the way, and what would change it
	Group    *Group    // the suggested group that it is in; its Refs are intention IDs; nil: none, or it is in one already
	Joining  []string  // IDs of people's groups that it would fit into, best first
	Compared int       // how many needs were looked at
}

// Limits of what is shown of one intention.
const (
	maxPartners = 10
	maxNear     = 5
)

// Matches finds partners for an intention of the actor's own council. NotFound where the actor may not see it,
// Forbidden where it belongs to another council.
func (e *Engine) Matches(ctx context.Context, actor catalogue.Actor, id string) (Matches, error) {
	in, err := e.catalogue.Intention(ctx, actor, id)
	if err != nil {
		return Matches{}, err
	}
	if !actor.ForCouncil(in.Council) && !actor.IsOperator() {
		return Matches{}, &catalogue.Error{Kind: catalogue.Forbidden, Message: "Matches are shown to the council whose intention it is"}
	}
	if in.Visibility != catalogue.Own {
		if seen, ok := catalogue.Through(catalogue.AnyCouncil(), in); ok {
			in = seen.(*catalogue.Intention)
		}
	}
	return e.matches(ctx, in, in.Visibility != catalogue.Own)
}

// Draft finds partners for an intention that is being written and not stored.
func (e *Engine) Draft(ctx context.Context, in catalogue.Intention) (Matches, error) {
	return e.matches(ctx, &in, false)
}

func (e *Engine) matches(ctx context.Context, in *catalogue.Intention, grouped bool) (Matches, error) {
	n, err := e.need(ctx, in, in.Ref)
	if err != nil {
		return Matches{}, err
	}
	n.Private = false // the gate is that nobody else is told, and nobody is
	you := e.scorer.Profile(n)
	today := e.catalogue.Today()
	var m Matches
	if grouped {
		for _, g := range e.Groups() {
			switch {
			case slices.Contains(g.Refs, in.ID) && !g.Confirmed:
				m.Group = &g
			case slices.Contains(g.Joining, in.ID):
				m.Joining = append(m.Joining, e.standingID(g.Refs)...)
			}
		}
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	for id, other := range e.needs {
		if id == in.ID || other.council == in.Council || !other.open(today) {
			continue
		}
		m.Compared++
		p := e.scorer.Pair(you, other.profile)
		switch {
		case p.Passes() && p.Points >= e.scorer.Threshold():
			m.Partners = append(m.Partners, Partner{Intention: id, Explanation: Explanation{Pair: p}})
		case p.Points >= e.scorer.Threshold():
			m.Near = append(m.Near, Partner{Intention: id, Explanation: Explanation{Pair: p}})
		}
	}
	for _, side := range []struct {
		all  *[]Partner
		most int
	}{{&m.Partners, maxPartners}, {&m.Near, maxNear * 4}} {
		slices.SortFunc(*side.all, func(a, b Partner) int {
			return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(a.Intention, b.Intention))
		})
		*side.all = (*side.all)[:min(len(*side.all), side.most)]
		for i := range *side.all {
			p := &(*side.all)[i]
			p.Explanation = e.scorer.Explain(you, e.needs[p.Intention].profile)
		}
	}
	m.Near = slices.DeleteFunc(m.Near, func(p Partner) bool { return p.NearMiss == "" })
	m.Near = m.Near[:min(len(m.Near), maxNear)]
	return m, nil
}

// standingID finds which of people's groups has these members.
func (e *Engine) standingID(refs []string) []string {
	e.mu.RLock()
	defer e.mu.RUnlock()
	var ids []string
	for id, s := range e.standing {
		own := slices.Clone(s.Refs)
		slices.Sort(own)
		if slices.Equal(own, refs) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Groups is what the engine suggests of all that is open today, people's groups with what would fit into them among it.
// Refs are intention IDs. The caller must not change it.
func (e *Engine) Groups() []Group {
	today := e.catalogue.Today()
	e.mu.RLock()
	groups, on := e.groups, e.groupsOn
	e.mu.RUnlock()
	if groups != nil && on.Equal(today) {
		return groups
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var profiles []*Profile
	for _, n := range e.needs {
		if n.open(today) {
			profiles = append(profiles, n.profile)
		}
	}
	var pairs []Pair
	for id, others := range e.pairs {
		for other, p := range others {
			if id < other && e.needs[id].open(today) && e.needs[other].open(today) {
				pairs = append(pairs, p)
			}
		}
	}
	var standing []Standing
	for _, id := range slices.Sorted(maps.Keys(e.standing)) {
		standing = append(standing, e.standing[id])
	}
	e.groups, e.groupsOn = e.scorer.Group(profiles, pairs, standing), today
	if e.groups == nil {
		e.groups = []Group{}
	}
	return e.groups
}
