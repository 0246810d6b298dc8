package catalogue

import (
	"context"

	"jointly/catalogue/kv"
)

// PlanView is what the plan's page shows.
type PlanView struct {
	Findings        []*PlanFinding    // published and, for the operator, drafts; the latest last
	Recommendations []*Recommendation // likewise
	Leads           map[string]*Council
	Figures         *PlanFigures       // nil before the first week, and until the week after real groups have come
	Stages          map[GroupStage]int // groups whose card everybody sees
	Invented        bool               // Stages and Figures are of invented councils: only where there is no group of real ones
}

// PlanView reads the plan.
func (c *Catalogue) PlanView(ctx context.Context, actor Actor) (*PlanView, error) {
	v := &PlanView{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*v = PlanView{Leads: map[string]*Council{}, Stages: map[GroupStage]int{}}
		if err := c.each(tx, KindFinding, func(item Item) error {
			if seen, ok := item.sees(actor); ok {
				v.Findings = append(v.Findings, seen.(*PlanFinding))
			}
			return nil
		}); err != nil {
			return err
		}
		if err := c.each(tx, KindRecommendation, func(item Item) error {
			seen, ok := item.sees(actor)
			if !ok {
				return nil
			}
			r := seen.(*Recommendation)
			v.Recommendations = append(v.Recommendations, r)
			if r.Lead == "" || v.Leads[r.Lead] != nil {
				return nil
			}
			lead, ok, err := c.councilIn(tx, r.Lead)
			if ok {
				v.Leads[r.Lead] = lead
			}
			return err
		}); err != nil {
			return err
		}
		return v.results(c, tx, actor)
	})
	return v, err
}

// results reads what came of buying together: of one world, so that invented councils are never added to real ones.
func (v *PlanView) results(c *Catalogue, tx kv.Tx, actor Actor) error {
	last, err := latestPlanFigures(tx)
	if err != nil {
		return err
	}
	stages := map[bool]map[GroupStage]int{false: {}, true: {}}
	if err := c.each(tx, KindGroup, func(item Item) error {
		if seen, public := item.sees(Anonymous()); public {
			g := seen.(*BuyingGroup)
			stages[g.Demonstration][g.Stage]++
		}
		return nil
	}); err != nil {
		return err
	}
	v.Invented = len(stages[false]) == 0 && (last == nil && len(stages[true]) > 0 || last != nil && last.Demonstration)
	v.Stages = stages[v.Invented]
	if last == nil || last.Demonstration != v.Invented {
		return nil
	}
	seen, _ := last.sees(actor)
	v.Figures = seen.(*PlanFigures)
	for i, f := range last.Figures {
		if !c.ofWorld(f, v.Invented) { // drawn by an earlier version, of both
			v.Figures.Figures[i] = PlanFigure{Name: f.Name}
		}
	}
	return nil
}
