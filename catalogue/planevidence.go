package catalogue

import (
	"cmp"
	"context"
	"slices"

	"jointly/catalogue/kv"
)

// PlanEvidence is what the plan tells of the evidence, as anybody may know it, whoever asks: who answered calls, and what
// became of examples.
type PlanEvidence struct {
	Calls    []PlanCall   // open, or closed with an answer; those with the latest last day first
	Examples []ExampleRow // that stand, those that most councils do first
}

// PlanCall is who answered a call.
type PlanCall struct {
	Call     *EvidenceCall
	Asked    int
	Signed   int
	ByRegion []CoverRow // as CallView has them
	ByType   []CoverRow
}

// mostPlanCalls is how many calls the plan tells of: a handful of rounds.
const mostPlanCalls = 6

// Doing is how many councils are live or have started.
func (f AdoptionFigures) Doing() int { return f.Live + f.Started }

// PlanEvidence reads what the plan tells of the evidence. Of a store with a real example, invented ones are left out; calls
// stand one by one, each marked, and add up to nothing.
func (c *Catalogue) PlanEvidence(ctx context.Context) (*PlanEvidence, error) {
	v := &PlanEvidence{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*v = PlanEvidence{}
		calls, err := c.callsSeen(tx, Anonymous())
		if err != nil {
			return err
		}
		slices.SortStableFunc(calls, func(a, b *EvidenceCall) int { return b.Until.Last().Compare(a.Until.Last()) })
		for _, x := range calls {
			row, err := c.planCall(tx, x)
			if err != nil {
				return err
			}
			if (x.State == CallOpen || row.Signed > 0) && len(v.Calls) < mostPlanCalls {
				v.Calls = append(v.Calls, row)
			}
		}
		var examples []*Example
		if err := c.each(tx, KindExample, func(item Item) error {
			if x := item.(*Example); x.Stands() {
				examples = append(examples, x)
			}
			return nil
		}); err != nil {
			return err
		}
		examples = realFirst(examples, func(x *Example) bool { return x.Demonstration })
		v.Examples, err = c.exampleRows(tx, Anonymous(), examples...)
		return err
	})
	slices.SortStableFunc(v.Examples, func(a, b ExampleRow) int {
		return cmp.Or(cmp.Compare(b.Figures.Doing(), a.Figures.Doing()), cmp.Compare(b.Figures.Live, a.Figures.Live), cmp.Compare(a.Example.Text.Title, b.Example.Text.Title))
	})
	return v, err
}

// realFirst leaves invented records out where there is a real one.
func realFirst[T any](all []T, invented func(T) bool) []T {
	if slices.ContainsFunc(all, func(x T) bool { return !invented(x) }) {
		return slices.DeleteFunc(all, invented)
	}
	return all
}

// planCall is who answered a call, as anybody may know it.
func (c *Catalogue) planCall(tx kv.Tx, x *EvidenceCall) (PlanCall, error) {
	asked, err := c.askedCouncils(tx, x)
	if err != nil {
		return PlanCall{}, err
	}
	answers, err := c.answersTo(tx, x.ID)
	if err != nil {
		return PlanCall{}, err
	}
	v := &CallView{Call: x}
	if err := v.cover(tx, Anonymous(), asked, answers); err != nil {
		return PlanCall{}, err
	}
	return PlanCall{x, v.Asked, v.Signed, v.ByRegion, v.ByType}, nil
}
