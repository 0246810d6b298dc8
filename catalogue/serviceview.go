package catalogue

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"jointly/catalogue/kv"
)

// ServicePlan is what is asked about a service, what was found about it, and what councils ask of bodies about what it
// stands on: beside its baseline, its examples and who buys together, the needs of the call of 2015.
type ServicePlan struct {
	Calls    []*EvidenceCall // opened, the latest first
	Findings []*PlanFinding  // that rest on a page of the service, the latest first
	Asks     []*Ask          // that stand, those that most councils ask first
}

// ServicePlan reads it, as an actor may see it; of a service that stands on no known capability there are no asks.
func (c *Catalogue) ServicePlan(ctx context.Context, actor Actor, lgsl int, capability string) (*ServicePlan, error) {
	v := &ServicePlan{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*v = ServicePlan{}
		calls, err := c.callsSeen(tx, actor)
		if err != nil {
			return err
		}
		v.Calls = slices.DeleteFunc(calls, func(x *EvidenceCall) bool { return !x.IsPublic() || !slices.Contains(x.Services, lgsl) })
		if v.Findings, err = listed[*PlanFinding](c, tx, actor, KindFinding, "finding.evidence", string(KindService), strconv.Itoa(lgsl)); err != nil || capability == "" {
			return err
		}
		return c.each(tx, KindAsk, func(item Item) error {
			if a, ok := item.sees(actor); ok && a.(*Ask).Capability == capability && a.(*Ask).Withdrawn == "" {
				v.Asks = append(v.Asks, a.(*Ask))
			}
			return nil
		})
	})
	v.Findings = slices.DeleteFunc(v.Findings, func(f *PlanFinding) bool { return f.State != PlanPublished })
	slices.SortStableFunc(v.Findings, func(a, b *PlanFinding) int { return b.Published.Compare(a.Published) })
	slices.SortStableFunc(v.Asks, func(a, b *Ask) int { return cmp.Or(cmp.Compare(b.Councils, a.Councils), cmp.Compare(a.Title, b.Title)) })
	return v, err
}
