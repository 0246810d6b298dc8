package catalogue

import (
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// PastEnd is that something runs past the end of its council, and what consent that may need.
type PastEnd struct {
	Reorganisation register.Reorganisation // how sure the end is stands in its status
	Value          float64                 // GBP, whole term; 0: not known
	Together       float64                 // with the council's others of the same supplier or matter, GBP; 0: not added up
	Revenue        register.Rule           // consent to contracts above it was needed in earlier reorganisations
	Capital        register.Rule           // the same for capital
}

// OverRevenue says that what is known of the value reaches past the amount for contracts that are not capital.
func (p PastEnd) OverRevenue() bool { return max(p.Value, p.Together) > float64(p.Revenue.Value) }

// OverCapital says the same of the amount for capital.
func (p PastEnd) OverCapital() bool { return max(p.Value, p.Together) > float64(p.Capital.Value) }

// PastEnd says whether what a council has until a day runs past the council's own end, decided or expected, and what
// follows; value is for the whole term in GBP, 0 where it is not known. A day that is not stated runs past nothing.
func (c *Catalogue) PastEnd(tx kv.Tx, council string, end Date, value float64) (PastEnd, bool, error) {
	rows, err := c.reorganisationOf(tx, council)
	if err != nil || end.IsZero() {
		return PastEnd{}, false, err
	}
	for _, row := range rows {
		if row.Ends() && !end.Last().Before(row.Reorganisation.Vesting) {
			return c.pastEnd(row.Reorganisation, value), true, nil
		}
	}
	return PastEnd{}, false, nil
}

func (c *Catalogue) pastEnd(r register.Reorganisation, value float64) PastEnd {
	note := PastEnd{Reorganisation: r, Value: value}
	note.Revenue, _ = c.register.Threshold("s24-contract-revenue", c.Today())
	note.Capital, _ = c.register.Threshold("s24-contract-capital", c.Today())
	return note
}

// contractPastEnd is PastEnd for a contract, with what counts together with it; nil where it ends before its council
// does, or has ended.
func (c *Catalogue) contractPastEnd(tx kv.Tx, actor Actor, k *Contract) (*PastEnd, error) {
	if k.Ended(c.Today()) {
		return nil, nil
	}
	value := k.paid()
	note, ok, err := c.PastEnd(tx, k.Council, k.End, value)
	if err != nil || !ok {
		return nil, err
	}
	all, err := listed[*Contract](c, tx, actor, KindContract, "contract.council", k.Council)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		if o.ID == k.ID || !o.Ended(c.Today()) && o.countsWith(k) {
			note.Together += o.paid()
		}
	}
	return &note, nil
}

// pastEnds lists what of a council's contracts runs past its end, each without what counts together with it.
func (c *Catalogue) pastEnds(contracts []*Contract, ends []register.Reorganisation) []*PastEnd {
	var out []*PastEnd
	for _, k := range contracts {
		for _, r := range ends {
			if r.Ends() && k.runsPast(r, c.Today()) {
				note := c.pastEnd(r, k.paid())
				out = append(out, &note)
				break
			}
		}
	}
	return out
}

// runsPast says that a contract that has not ended states an end on or after the day that new councils take over.
func (c *Contract) runsPast(r register.Reorganisation, today time.Time) bool {
	return c.Stage == StageAwarded && !c.End.IsZero() && !c.Ended(today) && !c.End.Last().Before(r.Vesting)
}

// paid is what the council pays over the whole term, as far as the record says it.
func (c *Contract) paid() float64 {
	if c.FrameworkCeiling() {
		return 0
	}
	return c.Value
}

// countsWith says that two contracts have one supplier or are on one matter.
func (c *Contract) countsWith(o *Contract) bool {
	return c.Stage == StageAwarded && (c.SupplierID != "" && c.SupplierID == o.SupplierID || c.Capability != "" && c.Capability == o.Capability)
}

// pastEndOf is the end of a council that plans to buy: what is bought is likely to outlast it. nil where no day is named.
func (c *Catalogue) pastEndOf(tx kv.Tx, in *Intention) (*PastEnd, error) {
	if in.Ended(c.Today()) {
		return nil, nil
	}
	rows, err := c.reorganisationOf(tx, in.Council)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.Ends() {
			note := c.pastEnd(row.Reorganisation, in.Budget.Max)
			return &note, nil
		}
	}
	return nil, nil
}
