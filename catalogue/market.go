package catalogue

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// Market is who supplies what for one capability, as far as public records and councils tell: the same for every council.
// Only real councils count. Uses count as they were seen, contracts that were let while they run.
type Market struct {
	Capability string
	Councils   int // seen with a supplier or platform
	Unnamed    int // of those, seen with platforms alone whose supplier is not stated
	Suppliers  []MarketShare
	Platforms  []MarketShare
	Old        int // sightings, of a council with a platform, that may be out of date
	Sightings  int // all of them
	Seen       Concentration
	Value      Concentration
	ValueAYear float64       // GBP a year, of the contracts that publish a value with its term
	Stating    int           // how many do
	Running    int           // contracts that run, as councils see them
	Ending     int           // that end within MarketOpens months
	Dates      []Date        // when those end that state it, the soonest first
	Ends       []ContractRow // these contracts, as far as they were asked for

	ending []string // IDs of these contracts, as Dates
}

// MarketShare is one supplier's or platform's part of a market.
type MarketShare struct {
	ID        string // of the supplier or platform; empty where a record names it and it is not known here
	Name      string
	Supplier  string // of a platform; empty for suppliers
	Councils  int
	Share     float64   // of all sightings of a council with a supplier or platform, 0 to 1
	AYear     float64   // GBP a year, published
	ValuePart float64   // of what is published with a supplier or a platform, 0 to 1
	Stated    time.Time // when its supplier proposed it, of a platform that no council has confirmed; zero: otherwise
}

// Concentration is how much of a market few suppliers hold.
type Concentration struct {
	Behind int     // councils that the figures come from
	Two    float64 // share of the largest two, 0 to 1
	HHI    int     // Herfindahl-Hirschman index: squares of the shares in per cent, added up; 10,000 is one supplier alone
}

// Limits of the words for a market. Those of the index are the ones that the Competition and Markets Authority uses.
const (
	HHIConcentrated = 1000
	HHIHigh         = 2000
	FewHold         = 2.0 / 3 // of a market, by the largest two: ask for exit and data return
	EnoughForMarket = 10      // councils that stand behind a measure: fewer say little of some 380
)

// MarketOpens is within how many months a contract's end counts as opening the market soon.
const MarketOpens = 24

// Enough says that so many councils stand behind the figures that they say something of the market.
func (c Concentration) Enough() bool { return c.Behind >= EnoughForMarket }

// FewHold says that one or two suppliers hold the market.
func (m *Market) FewHold() bool {
	return m.Seen.Enough() && m.Seen.Two >= FewHold || m.Value.Enough() && m.Value.Two >= FewHold
}

// UnnamedShare is the part of the sightings, 0 to 1, whose supplier is not stated.
func (m *Market) UnnamedShare() float64 {
	all := m.Unnamed
	for _, s := range m.Suppliers {
		all += s.Councils
	}
	if all == 0 {
		return 0
	}
	return float64(m.Unnamed) / float64(all)
}

// tally collects one market.
type tally struct {
	councils  map[string]bool
	suppliers map[string]*tallied
	platforms map[string]*tallied
	valued    map[string]bool // councils with a published value
	market    Market
	dated     []datedContract
}

// datedContract is a contract that states an end which is to come.
type datedContract struct {
	id  string
	end Date
}

type tallied struct {
	share    MarketShare
	councils map[string]bool
}

func newTally(capability string) *tally {
	return &tally{councils: map[string]bool{}, suppliers: map[string]*tallied{}, platforms: map[string]*tallied{}, valued: map[string]bool{}, market: Market{Capability: capability}}
}

func seenIn(in map[string]*tallied, share MarketShare, council string) *tallied {
	key := cmp.Or(share.ID, nameKey(share.Name))
	t := in[key]
	if t == nil {
		t = &tallied{share, map[string]bool{}}
		in[key] = t
	}
	t.councils[council] = true
	return t
}

// use counts that a council was seen with a platform.
func (t *tally) use(u *Use, p *Platform, today time.Time) {
	t.councils[u.Council] = true
	if known := t.platforms[p.ID]; known == nil || !known.councils[u.Council] {
		if t.market.Sightings++; StaleOn(u, today) {
			t.market.Old++
		}
	}
	seenIn(t.platforms, platformShare(p), u.Council)
	if p.Supplier != "" {
		seenIn(t.suppliers, MarketShare{ID: p.SupplierID, Name: p.Supplier}, u.Council)
	}
}

func platformShare(p *Platform) MarketShare {
	return MarketShare{ID: p.ID, Name: p.Name, Supplier: p.Supplier, Stated: p.ProposedOn()}
}

// contract counts a contract that runs; supplier and platform are nil where they are not known.
func (t *tally) contract(k *Contract, supplier *Supplier, p *Platform, today time.Time) {
	if t.market.Running++; !k.End.IsZero() && !k.Ended(today) && !k.End.Last().After(today.AddDate(0, MarketOpens, 0)) {
		t.market.Ending++
	}
	if !k.End.IsZero() && !k.Ended(today) {
		t.dated = append(t.dated, datedContract{k.ID, k.End})
	}
	aYear := 0.0
	if k.Audience == Public {
		aYear = k.AYear()
	}
	share := MarketShare{Name: k.Supplier}
	if supplier != nil {
		share.ID, share.Name = supplier.ID, supplier.Name
	}
	if share.Name != "" {
		t.councils[k.Council] = true
		of := seenIn(t.suppliers, share, k.Council)
		if of.share.AYear += aYear; aYear > 0 {
			t.market.ValueAYear += aYear
			t.market.Stating++
			t.valued[k.Council] = true
		}
	}
	if p != nil {
		t.councils[k.Council] = true
		seenIn(t.platforms, platformShare(p), k.Council).share.AYear += aYear
	}
}

func (t *tally) done() *Market {
	m := &t.market
	m.Councils = len(t.councils)
	slices.SortFunc(t.dated, func(a, b datedContract) int {
		return cmp.Or(a.end.Last().Compare(b.end.Last()), cmp.Compare(a.id, b.id))
	})
	for _, k := range t.dated {
		m.Dates, m.ending = append(m.Dates, k.end), append(m.ending, k.id)
	}
	behind := map[string]bool{}
	for _, s := range t.suppliers {
		maps.Copy(behind, s.councils)
	}
	m.Unnamed = m.Councils - len(behind)
	m.Suppliers, m.Platforms = shares(t.suppliers, m.Unnamed), shares(t.platforms, 0)
	m.Seen = concentration(m.Suppliers, len(behind), func(s MarketShare) float64 { return s.Share })
	m.Value = concentration(m.Suppliers, len(t.valued), func(s MarketShare) float64 { return s.ValuePart })
	return m
}

// shares lists the parts of a market, the largest first; unnamed are sightings of nobody who is named, which have their share
// too: what is not known is not the others'.
func shares(in map[string]*tallied, unnamed int) []MarketShare {
	places, value := unnamed, 0.0
	for _, t := range in {
		places += len(t.councils)
		value += t.share.AYear
	}
	out := make([]MarketShare, 0, len(in))
	for _, t := range in {
		s := t.share
		s.Councils, s.Share = len(t.councils), float64(len(t.councils))/float64(places)
		if value > 0 {
			s.ValuePart = s.AYear / value
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b MarketShare) int {
		return cmp.Or(cmp.Compare(b.Councils, a.Councils), cmp.Compare(b.AYear, a.AYear), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func concentration(all []MarketShare, behind int, of func(MarketShare) float64) Concentration {
	c := Concentration{Behind: behind}
	parts := make([]float64, len(all))
	index := 0.0
	for i, s := range all {
		parts[i] = of(s)
		index += 1e4 * parts[i] * parts[i]
	}
	slices.SortFunc(parts, func(a, b float64) int { return cmp.Compare(b, a) })
	for _, part := range parts[:min(len(parts), 2)] {
		c.Two += part
	}
	c.HHI = int(index + 0.5)
	return c
}

// marketReader reads what markets are made of, in one transaction.
type marketReader struct {
	c         *Catalogue
	tx        kv.Tx
	tallies   map[string]*tally
	platforms map[string]*Platform
	suppliers map[string]*Supplier
	today     time.Time
}

func (r *marketReader) tally(capability string) *tally {
	t := r.tallies[capability]
	if t == nil {
		t = newTally(capability)
		r.tallies[capability] = t
	}
	return t
}

func (r *marketReader) platform(id string) (out *Platform, err error) {
	err = readOnce(r.platforms, id, &out, func(id string) (*Platform, error) { return load[*Platform](r.c, r.tx, AnyCouncil(), KindPlatform, id) })
	return out, err
}

// uses counts the councils that are seen with a platform; a use that does not say what for counts for what its platform
// is mainly for.
func (r *marketReader) uses() error {
	count := func(item Item) error {
		u, ok := item.(*Use)
		if !ok || r.c.demonstration(u.Council) {
			return nil
		}
		p, err := r.platform(u.Platform)
		if err != nil || p == nil || p.Demonstration {
			return err
		}
		capability := cmp.Or(u.Capability, p.Capabilities[0])
		r.tally(capability).use(u, p, r.today)
		return nil
	}
	return r.c.each(r.tx, KindUse, count)
}

// contracts counts the contracts that run. Which capability they are for is read from the look-up: its keys hold council
// and capability.
func (r *marketReader) contracts() error {
	prefix := indexPrefix("contract.need")
	return scan(r.tx, prefix, func(k, _ []byte) error {
		key := kv.ReadKey(k[len(prefix):])
		council, capability, id := key.Str(), key.Str(), key.Str()
		if r.c.demonstration(council) {
			return nil
		}
		item, err := readItem(r.tx, Key{KindContract, id})
		if err != nil || item == nil {
			return err
		}
		seen, ok := item.sees(AnyCouncil())
		if !ok {
			return nil
		}
		contract := seen.(*Contract)
		if !contract.Runs(r.today) || contract.End.IsZero() && StaleOn(contract, r.today) {
			return nil
		}
		p, err := r.platform(contract.Platform)
		if err != nil {
			return err
		}
		var s *Supplier
		if err := readOnce(r.suppliers, contract.SupplierID, &s, func(id string) (*Supplier, error) { return load[*Supplier](r.c, r.tx, AnyCouncil(), KindSupplier, id) }); err != nil {
			return err
		}
		r.tally(capability).contract(contract, s, p, r.today)
		return nil
	})
}
