package match

// Following the catalogue: the engine reads every intention once, then what changes, and answers from memory.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/capability"
)

// Engine holds every intention that councils may see of each other, in memory, and follows the catalogue's feed. What
// it says depends on what is listed, who formed groups and what day it is, not on the order in which that came. Nothing
// of it is kept on disk: a new process reads everything again, so that a restored backup cannot leave it ahead of the
// store. Safe for concurrent use.
type Engine struct {
	catalogue *catalogue.Catalogue
	scorer    *Scorer

	following sync.Mutex // one reads the feed at a time

	mu      sync.RWMutex
	model   *model
	read    bool // the model was read once from nothing
	cursor  uint64
	applied chan struct{} // closed when the cursor moves
}

// NewEngine returns an engine that has read nothing yet: CatchUp or Follow fills it.
func NewEngine(c *catalogue.Catalogue) (*Engine, error) {
	s, err := NewScorer(c.Dictionary())
	if err != nil {
		return nil, fmt.Errorf("match: %w", err)
	}
	return &Engine{catalogue: c, scorer: s, model: newModel(s), applied: make(chan struct{})}, nil
}

// Scorer is what scores pairs: for its version and threshold.
func (e *Engine) Scorer() *Scorer { return e.scorer }

// CatchUp applies the feed up to its present end. After an error the engine answers from what it had read before, and
// the next call goes on from there.
func (e *Engine) CatchUp(ctx context.Context) error {
	e.following.Lock()
	defer e.following.Unlock()
	for {
		more, err := e.step(ctx)
		if err != nil {
			return fmt.Errorf("match: %w", err)
		}
		if !more {
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

// Ready says that everything was read once. Until then nobody is told of matches.
func (e *Engine) Ready() bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.read
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

// pageSize is how many changes are applied at once: readers wait no longer than for these.
const pageSize = 500

// step applies one page of the feed, or reads everything from nothing, and says whether there may be more.
func (e *Engine) step(ctx context.Context) (more bool, err error) {
	if !e.Ready() {
		return true, e.rebuild(ctx)
	}
	changes, err := e.catalogue.Changes(ctx, e.cursor, pageSize)
	if errors.Is(err, catalogue.ErrHorizon) {
		return true, e.rebuild(ctx)
	}
	if err != nil || len(changes) == 0 {
		return false, err
	}
	keys := e.concerned(changes)
	items, err := e.catalogue.Load(ctx, catalogue.Operator("job"), keys)
	if err != nil {
		return false, err
	}
	var intentions []*catalogue.Intention
	for _, item := range items {
		if in, ok := item.(*catalogue.Intention); ok {
			intentions = append(intentions, in)
		}
	}
	made, err := e.listings(ctx, intentions)
	if err != nil {
		return false, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, key := range keys {
		switch key.Kind {
		case catalogue.KindIntention:
			e.model.set(key.ID, made[key.ID])
		case catalogue.KindGroup:
			g, _ := items[i].(*catalogue.BuyingGroup)
			e.model.setPeoples(key.ID, g)
		case catalogue.KindSuggestion:
			told, _ := items[i].(*catalogue.Suggestion)
			e.model.setTold(key.ID, told)
		case catalogue.KindVerdict:
			v, _ := items[i].(*catalogue.Verdict)
			e.model.setVerdict(key.ID, v)
		}
	}
	e.moveTo(changes[len(changes)-1].Seq)
	return true, nil
}

// concerned lists the records that changes are about, of the kinds that the engine follows, each once. A council that is
// not of the register can change its name: its needs are told anew.
func (e *Engine) concerned(changes []catalogue.Change) []catalogue.Key {
	seen := make(map[catalogue.Key]bool, len(changes))
	var keys []catalogue.Key
	add := func(key catalogue.Key) {
		if !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	for _, ch := range changes {
		switch ch.Key.Kind {
		case catalogue.KindIntention, catalogue.KindGroup, catalogue.KindSuggestion, catalogue.KindVerdict:
			add(ch.Key)
		case catalogue.KindCouncil:
			for i := range e.model.nodes {
				if l := e.model.nodes[i].listing; l != nil && l.council() == ch.Key.ID {
					add(catalogue.Key{Kind: catalogue.KindIntention, ID: l.id()})
				}
			}
		}
	}
	return keys
}

// rebuild reads all that it follows into a new model while the old one answers. It reads them by kind: most of the
// feed is about other records.
func (e *Engine) rebuild(ctx context.Context) error {
	seq, err := e.catalogue.Seq(ctx) // first: what is written meanwhile is applied once more
	if err != nil {
		return err
	}
	var intentions []*catalogue.Intention
	err = e.catalogue.Each(ctx, catalogue.Operator("job"), catalogue.KindIntention, func(item catalogue.Item) error {
		intentions = append(intentions, item.(*catalogue.Intention))
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	fresh := newModel(e.scorer)
	for _, kind := range []catalogue.Kind{catalogue.KindGroup, catalogue.KindSuggestion, catalogue.KindVerdict} {
		err = e.catalogue.Each(ctx, catalogue.Operator("job"), kind, func(item catalogue.Item) error {
			switch it := item.(type) {
			case *catalogue.BuyingGroup:
				fresh.setPeoples(it.ID, it)
			case *catalogue.Suggestion:
				fresh.setTold(it.ID, it)
			case *catalogue.Verdict:
				fresh.setVerdict(it.ID, it)
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	if err := e.fill(ctx, fresh, intentions); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.model, e.read = fresh, true
	e.moveTo(seq)
	return nil
}

// fill takes all intentions into a new model and works out its groups. Needs that are alike come beside each other, so
// that what one is compared with is still at hand for the next.
func (e *Engine) fill(ctx context.Context, fresh *model, intentions []*catalogue.Intention) error {
	slices.SortStableFunc(intentions, func(a, b *catalogue.Intention) int {
		one, _ := a.Capable()
		other, _ := b.Capable()
		return cmp.Or(cmp.Compare(one, other), cmp.Compare(a.WindowStart.Year, b.WindowStart.Year), cmp.Compare(a.WindowStart.Month, b.WindowStart.Month))
	})
	made, err := e.listings(ctx, intentions)
	if err != nil {
		return err
	}
	listings := make([]*listing, 0, len(made))
	for _, in := range intentions {
		if l := made[in.ID]; l != nil {
			listings = append(listings, l)
		}
	}
	fresh.fill(listings)
	fresh.regroup(e.catalogue.Today())
	return ctx.Err()
}

// moveTo sets the cursor and wakes those who wait. The caller holds mu.
func (e *Engine) moveTo(seq uint64) {
	e.cursor = seq
	close(e.applied)
	e.applied = make(chan struct{})
}

// listings are intentions as what councils may see of them, by ID; those that are withdrawn or kept to their own
// council are left out.
func (e *Engine) listings(ctx context.Context, intentions []*catalogue.Intention) (map[string]*listing, error) {
	councils := make(map[string]*catalogue.Council)
	for _, in := range intentions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if councils[in.Council] != nil {
			continue
		}
		council, err := e.council(ctx, in)
		if err != nil {
			return nil, err
		}
		councils[in.Council] = council
	}
	ready := make([]*listing, len(intentions))
	inStretches(len(intentions), func(i int) {
		in := intentions[i]
		if seen, shared := sharedWithCouncils(in); shared && in.Withdrawn == "" && ctx.Err() == nil {
			ready[i] = &listing{profile: e.scorer.Profile(needOf(seen, in.Ref, councils[in.Council])), ref: cmp.Or(in.Ref, in.ID),
				windowEnd: in.WindowEnd.Last(), changed: in.Changed}
		}
	})
	made := make(map[string]*listing, len(intentions))
	for i, in := range intentions {
		if ready[i] != nil {
			made[in.ID] = ready[i]
		}
	}
	return made, ctx.Err()
}

// sharedWithCouncils is what every council may see of an intention; false where that is nothing.
func sharedWithCouncils(in *catalogue.Intention) (*catalogue.Intention, bool) {
	seen, ok := catalogue.Through(catalogue.AnyCouncil(), in)
	if !ok {
		return nil, false
	}
	return seen.(*catalogue.Intention), true
}

func (e *Engine) council(ctx context.Context, in *catalogue.Intention) (*catalogue.Council, error) {
	council, err := e.catalogue.Council(ctx, catalogue.Operator("job"), in.Council)
	if err != nil {
		return nil, fmt.Errorf("the council of %s: %w", in.Key(), err)
	}
	return council, nil
}

// needOf is an intention, as somebody sees it, in the matcher's terms; ref is what it was imported with, which orders it
// whatever ID it was given.
func needOf(in *catalogue.Intention, ref string, council *catalogue.Council) Need {
	return Need{
		Ref: in.ID, Order: in.Council + "/" + cmp.Or(ref, in.ID), Council: in.Council, Name: council.Label(),
		Regime: regimeIn(council.Nation), Region: council.Region,
		Title: in.Title, Description: in.Description, Area: in.Area, Capability: in.Capability,
		Purchase: capability.Purchase(in.Purchase), CPV: in.CPV, BudgetMin: in.Budget.Min, BudgetMax: in.Budget.Max,
		WindowStart: in.WindowStart.First(), WindowEnd: in.WindowEnd.Last(), ContractEnd: in.ContractEnd.Last(),
		ExtensionMonths: in.ExtensionMonths, LeadMonths: in.LeadMonths, Supplier: in.CurrentSupplier, Platform: in.CurrentPlatform,
		Leads: in.Role == catalogue.RoleWouldLead,
	}
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
