package catalogue

import (
	"context"
	"time"

	"jointly/catalogue/kv"
)

// What a need that follows a contract is taken to say until its council says otherwise.
const (
	usualLead  = 6  // months from tender to going live
	tenderFrom = 18 // months before the contract's end from which its successor is usually tendered
)

// Draft is an intention that follows a contract, filled in and not stored, with what was assumed.
type Draft struct {
	Intention   Intention
	LatestStart Date // the last day to start the tender if the contract is not extended; zero where no end is stated
	IfExtended  Date // the same if it is extended as far as it may; zero where no extension is stated
	Late        bool // no start is left that keeps to the contract's end, extended or not
	ExVAT       bool // the budget is known to be without VAT
}

// DraftFrom is the intention that would follow a contract. The tender may start from 18 months before the contract's end,
// as far as that is still to come, and so that it leaves the usual lead time before the end, with the extension where
// there is one. The budget is the contract's value.
func (c *Catalogue) DraftFrom(k *Contract) Draft {
	d := Draft{ExVAT: k.ExVAT}
	in := Intention{Council: k.Council, Title: k.Title, Description: k.Description, FromContract: k.ID, CPV: k.CPV,
		CurrentSupplier: k.Supplier, CurrentPlatform: k.Product, ContractEnd: k.End, ExtensionMonths: k.ExtensionMonths, LeadMonths: usualLead}
	if k.CapabilityConfirmed {
		in.Capability = k.Capability
	}
	if !k.FrameworkCeiling() {
		in.Budget = Money{k.Value, k.Value}
	}
	if !k.End.IsZero() {
		d.LatestStart = k.End.AddMonths(-usualLead)
		if k.ExtensionMonths > 0 {
			d.IfExtended = k.EndIfExtended().AddMonths(-usualLead)
		}
	}
	d.Late = d.window(&in, k, c.Today())
	c.deriveIntention(&in)
	d.Intention = in
	return d
}

// window sets when the tender may start, and says whether it is late for that.
func (d *Draft) window(in *Intention, k *Contract, today time.Time) (late bool) {
	last := d.LatestStart
	if !d.IfExtended.IsZero() {
		last = d.IfExtended
	}
	if last.IsZero() || k.EndIfExtended().Last().Before(today) {
		return !last.IsZero()
	}
	now := DateOf(today)
	if in.WindowStart = k.End.AddMonths(-tenderFrom); in.WindowStart.Before(now) {
		in.WindowStart = now
	}
	if in.WindowEnd = last; in.WindowEnd.Before(in.WindowStart) {
		in.WindowEnd, late = k.EndIfExtended(), true // until the contract ends
	}
	return late
}

// IntentionFrom is the open intention of the actor's council that was made from a contract; nil for none.
func (c *Catalogue) IntentionFrom(ctx context.Context, actor Actor, contract string) (*Intention, error) {
	var out *Intention
	err := c.view(ctx, func(tx kv.Tx) error {
		out = nil
		open, err := c.openIntentions(tx, actor)
		for _, in := range open {
			if in.FromContract == contract {
				out = in
			}
		}
		return err
	})
	return out, err
}

// AlsoNeeding counts the other councils that have an open intention for a capability which the actor may see.
func (c *Catalogue) AlsoNeeding(ctx context.Context, actor Actor, capability string) (int, error) {
	councils := map[string]bool{}
	err := c.view(ctx, func(tx kv.Tx) error {
		clear(councils)
		open, err := listed[*Intention](c, tx, actor, KindIntention, "intention.capability", capability)
		for _, in := range open {
			if !actor.ForCouncil(in.Council) && !in.Ended(c.Today()) {
				councils[in.Council] = true
			}
		}
		return err
	})
	return len(councils), err
}
