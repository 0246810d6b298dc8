package match

import (
	"cmp"
	"strings"

	"jointly/catalogue/capability"
)

// Profile is a need made ready for comparing: read once, compared often. It
// does not change.
type Profile struct {
	need    Need
	order   string
	mainly  string // the capability that it is mostly about
	reading capability.Reading
	// doubtful readings rest on little: they speak for a match, not against one.
	doubtful bool
	window   Window
	budget   float64

	terms   []term
	self    float64
	meaning meaning
	tells   bool // it has a meaning
	rarest  []string

	cpv      cpvCodes
	supplier string
	platform string
}

// rarestTerms is how many of a need's rarest words lead to candidates.
const rarestTerms = 12

// Profile makes a need ready for comparing.
func (s *Scorer) Profile(n Need) *Profile {
	return s.profile(n, s.dictionary.Read(n.Title, n.Description))
}

// profile makes a need ready whose text has been read.
func (s *Scorer) profile(n Need, reading capability.Reading) *Profile {
	if n.Capability != "" {
		reading = s.dictionary.Confirm(reading, n.Capability)
	}
	if n.Purchase != "" {
		reading.Purchase, reading.Plain = n.Purchase, true
	}
	p := &Profile{need: n, order: cmp.Or(n.Order, n.Ref), reading: reading, window: n.TrueWindow(), budget: n.budget(), cpv: readCPV(n.CPV)}
	p.doubtful = n.Capability == "" && doubtful(reading)
	best, _ := reading.Best()
	p.mainly = best.Capability
	p.terms, p.self = s.weights.Words.weigh(reading.Terms)
	p.rarest = s.weights.Words.rarest(reading.Terms, rarestTerms)
	p.meaning = s.weights.meaningOf(n.Title, reading.Terms)
	p.tells = p.meaning != (meaning{})
	p.reading.Terms = nil // half the memory of a large catalogue, and not needed again
	if !isNobody(n.Supplier) {
		p.supplier = s.dictionary.Supplier(n.Supplier)
	}
	if n.Platform != "" {
		p.platform = n.Platform
		if canonical, _, ok := s.dictionary.Product(n.Platform); ok {
			p.platform = canonical
		}
	}
	return p
}

// Need gives back what the profile was made from.
func (p *Profile) Need() Need { return p.need }

// Ref of the need.
func (p *Profile) Ref() string { return p.need.Ref }

// Reading is what was understood of the need; what the council confirmed
// stands in for what was guessed.
func (p *Profile) Reading() capability.Reading { return p.reading }

// Window in which the council can really tender.
func (p *Profile) Window() Window { return p.window }

// byOrder compares needs for a fixed order.
func byOrder(a, b *Profile) int {
	return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.need.Ref, b.need.Ref))
}

// main is the capability that a need is mostly about.
func (p *Profile) main() string { return p.mainly }

// unsure reports whether the dictionary knows little of a need.
func (p *Profile) unsure() bool { return p.doubtful || len(p.reading.Tags) == 0 }

// mentions reports whether a capability is among those read out of a need.
func (p *Profile) mentions(id string) bool {
	for i := range p.reading.Tags { // asked millions of times: tags are large to copy
		if p.reading.Tags[i].Capability == id {
			return true
		}
	}
	return false
}

// sureReading is the weight from which a reading's main capability is taken
// for sure: about one plain name in the title and another in the text.
const sureReading = 6

// doubtful reports whether the words that tell a need's main capability are
// few or weak.
func doubtful(r capability.Reading) bool {
	best, ok := r.Best()
	weight := 0.0
	for _, t := range r.Tags {
		if t.Capability == best.Capability {
			weight += t.Weight
		}
	}
	return ok && weight < sureReading
}

// isNobody reports whether a supplier's name says that there is none.
func isNobody(name string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "", "in-house", "in house", "inhouse", "internal", "none", "n/a", "na", "tbc", "tbd", "unknown", "various", "-":
		return true
	}
	return false
}
