package catalogue

import (
	"context"

	"jointly/catalogue/kv"
)

// What a need that follows a contract is taken to say until its council says otherwise.
const (
	usualLead  = 6  // months from tender to going live
	tenderFrom = 18 // months before the contract's end from which its successor is usually tendered
)

// Draft is an intention that follows a contract, filled in and not stored, with what was assumed.
type Draft struct {
	Intention Intention
	SuggestedWindow
	ExVAT bool // the budget is known to be without VAT
}

// SuggestedWindow is when the tender for what follows a contract may start, as worked out from the contract's dates.
type SuggestedWindow struct {
	Start, End  Date // zero where no end is stated, or all ends are past
	Lead        int  // months from tender to going live that were reckoned with
	LatestStart Date // the last day to start the tender if the contract is not extended; zero where no end is stated
	IfExtended  Date // the same if it is extended as far as it may; zero where no extension is stated
	Late        bool // no start is left that keeps to the contract's end, extended or not
}

// DraftFrom is the intention that would follow a contract, with the window that SuggestWindow works out. The budget is
// the contract's value.
func (c *Catalogue) DraftFrom(k *Contract) Draft {
	d := Draft{ExVAT: k.ExVAT, SuggestedWindow: c.SuggestWindow(k.End, k.ExtensionMonths, usualLead)}
	in := Intention{Council: k.Council, Title: k.Title, Description: k.Description, FromContract: k.ID, CPV: k.CPV,
		CurrentSupplier: k.Supplier, CurrentPlatform: k.Product, ContractEnd: k.End, ExtensionMonths: k.ExtensionMonths, LeadMonths: usualLead,
		WindowStart: d.Start, WindowEnd: d.End}
	if k.CapabilityConfirmed {
		in.Capability = k.Capability
	}
	if !k.FrameworkCeiling() {
		in.Budget = Money{k.Value, k.Value}
	}
	c.deriveIntention(&in)
	d.Intention = in
	return d
}

// SuggestWindow works out when a tender may start: from 18 months before the contract's end, as far as that is still to
// come, and so that it leaves the months to go live (0: the usual ones) before the end, with the extension where there is
// one.
func (c *Catalogue) SuggestWindow(end Date, extension, lead int) SuggestedWindow {
	w := SuggestedWindow{Lead: lead}
	if lead == 0 {
		w.Lead = usualLead
	}
	if end.IsZero() {
		return w
	}
	extended := end.AddMonths(extension)
	w.LatestStart = end.AddMonths(-w.Lead)
	last := w.LatestStart
	if extension > 0 {
		w.IfExtended = extended.AddMonths(-w.Lead)
		last = w.IfExtended
	}
	today := c.Today()
	if extended.Last().Before(today) {
		w.Late = true
		return w
	}
	if w.Start = end.AddMonths(-tenderFrom); w.Start.Before(DateOf(today)) {
		w.Start = DateOf(today)
	}
	if w.End = last; w.End.Before(w.Start) {
		w.End, w.Late = extended, true // until the contract ends
	}
	return w
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
