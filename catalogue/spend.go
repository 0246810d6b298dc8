package catalogue

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// SpendLine is what a council pays one supplier a year, or for one capability.
type SpendLine struct {
	ID        string // of the supplier or the capability; empty where none is stated
	Name      string // the supplier's, as its latest record writes it; empty for capabilities
	Contracts int
	AYear     float64 // of those that state it
	Share     float64 // of the total, 0 to 1
	Unstated  int     // contracts that do not state what they cost a year
}

// Spend is where the money of an estate goes, by one kind of heading: the largest first.
type Spend struct {
	Total float64
	Lines []SpendLine
}

// Largest is the first so many lines that state an amount, and what they add up to as a share of the total.
func (s Spend) Largest(n int) (lines []SpendLine, share float64) {
	for _, l := range s.Lines {
		if len(lines) == n || l.AYear == 0 {
			break
		}
		lines = append(lines, l)
		share += l.Share
	}
	return lines, share
}

// BySupplier adds up an estate by supplier.
func (e *Estate) BySupplier() Spend {
	return e.spend(func(r EstateRow) (string, string) { return cmp.Or(r.SupplierID, r.Supplier), r.Supplier })
}

// ByCapability adds up an estate by capability, confirmed or guessed.
func (e *Estate) ByCapability() Spend {
	return e.spend(func(r EstateRow) (string, string) { return r.Capability, "" })
}

func (e *Estate) spend(of func(EstateRow) (id, name string)) Spend {
	lines := map[string]*SpendLine{}
	var s Spend
	for _, r := range e.Rows {
		id, name := of(r)
		l := lines[id]
		if l == nil {
			l = &SpendLine{ID: id, Name: name}
			lines[id] = l
		}
		l.Contracts++
		y := r.AYear()
		if y == 0 {
			l.Unstated++
		}
		l.AYear += y
		s.Total += y
	}
	for _, id := range slices.Sorted(maps.Keys(lines)) {
		l := *lines[id]
		if s.Total > 0 {
			l.Share = l.AYear / s.Total
		}
		s.Lines = append(s.Lines, l)
	}
	slices.SortStableFunc(s.Lines, func(a, b SpendLine) int {
		return cmp.Or(cmp.Compare(b.AYear, a.AYear), cmp.Compare(b.Contracts, a.Contracts))
	})
	return s
}

// enoughCouncils is how many councils' published values must stand behind a figure: with fewer it would tell what one of
// them pays.
const enoughCouncils = 5

// MostPrices is about how many contracts are read for one capability: then no further council is.
const MostPrices = 500

// Price is what councils pay for one capability a year, from values that public records state with their term.
type Price struct {
	Capability string
	Own        float64 // what the actor's council pays a year
	Councils   int     // others with a published value; below five no figure is given
	Contracts  int
	Median     float64 // GBP a year of one contract; 0: fewer than five councils
	Low, High  float64 // the quartiles: half of the contracts lie between
	Some       bool    // there may be more: MostPrices were read, of councils taken in no order of place or size
}

// Prices compares what the actor's council pays for each capability of its estate with what other councils publish. A
// demonstration council is compared with demonstration councils alone, and they are left out for all others.
func (c *Catalogue) Prices(ctx context.Context, actor Actor) ([]Price, error) {
	var out []Price
	err := c.view(ctx, func(tx kv.Tx) error {
		out = nil
		e := &Estate{}
		if err := c.readEstate(tx, actor, e); err != nil {
			return err
		}
		councils, err := c.comparedWith(tx, e.Council)
		if err != nil {
			return err
		}
		for _, l := range e.ByCapability().Lines {
			if l.ID == "" {
				continue
			}
			p, err := c.price(tx, l.ID, councils)
			if err != nil {
				return err
			}
			p.Own = l.AYear
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

// comparedWith lists the codes of the councils that one is compared with.
func (c *Catalogue) comparedWith(tx kv.Tx, own *Council) ([]string, error) {
	var codes []string
	if !own.Demonstration {
		for _, r := range c.register.Councils() {
			codes = append(codes, r.GSS)
		}
	} else if err := c.each(tx, KindCouncil, func(item Item) error {
		codes = append(codes, item.(*Council).GSS)
		return nil
	}); err != nil {
		return nil, err
	}
	codes = slices.DeleteFunc(codes, func(code string) bool { return code == own.GSS })
	// Where not all are read, those that are must be of all regions and kinds: the order of codes is one of places.
	slices.SortFunc(codes, func(a, b string) int { return strings.Compare(digest(a), digest(b)) })
	return codes, nil
}

// price reads what public records state that councils pay for a capability, through the public's eyes.
func (c *Catalogue) price(tx kv.Tx, capability string, councils []string) (Price, error) {
	p := Price{Capability: capability}
	var values []float64
	for _, code := range councils {
		if len(values) >= MostPrices {
			more, err := lookup(tx, "contract.need", code, capability)
			if err != nil {
				return p, err
			}
			if p.Some = len(more) > 0; p.Some {
				break
			}
			continue
		}
		contracts, err := listed[*Contract](c, tx, Anonymous(), KindContract, "contract.need", code, capability)
		if err != nil {
			return p, err
		}
		before := len(values)
		for _, k := range contracts {
			if y := k.AYear(); y > 0 && k.Stage == StageAwarded {
				values = append(values, y)
			}
		}
		if len(values) > before {
			p.Councils++
		}
	}
	p.Contracts = len(values)
	if p.Councils >= enoughCouncils {
		slices.Sort(values)
		p.Median, p.Low, p.High = quantile(values, 0.5), quantile(values, 0.25), quantile(values, 0.75)
	}
	return p, nil
}

// quantile is the value below which a share of sorted values lies, between two of them where it falls between.
func quantile(sorted []float64, share float64) float64 {
	at := share * float64(len(sorted)-1)
	low := int(at)
	if low+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[low] + (at-float64(low))*(sorted[low+1]-sorted[low])
}
