package match

import (
	"cmp"
	"slices"
	"strings"

	"jointly/catalogue/capability"
)

// Profile is a need made ready for comparing: read once, compared often. It
// does not change.
type Profile struct {
	need    Need
	reading capability.Reading
	window  Window
	budget  float64

	terms  []term
	self   float64
	rarest []uint64

	cpv      []string
	supplier string
	platform string
}

// rarestTerms is how many of a need's rarest words lead to candidates.
const rarestTerms = 5

// Profile makes a need ready for comparing.
func (s *Scorer) Profile(n Need) *Profile {
	reading := s.dictionary.Read(n.Title, n.Description)
	p := &Profile{need: n, reading: settle(reading, &n), window: n.TrueWindow(), budget: n.budget(), cpv: tellingCPV(n.CPV)}
	p.terms, p.self = s.weights.Words.weigh(reading.Terms)
	for _, word := range s.weights.Words.rarest(reading.Terms, rarestTerms) {
		p.rarest = append(p.rarest, wordID(word))
	}
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

// settle puts what the council said itself above what was read out of its words.
func settle(r capability.Reading, n *Need) capability.Reading {
	if n.Purchase != "" {
		r.Purchase = n.Purchase
	}
	if n.Capability == "" {
		return r
	}
	var tags []capability.Tag
	for _, t := range r.Tags {
		if t.Capability == n.Capability {
			tags = append(tags, t)
		}
	}
	if len(tags) == 0 {
		tags = []capability.Tag{{Capability: n.Capability, Weight: 1}}
	}
	r.Tags = tags
	return r
}

// tellingCPV gives the codes that say what is bought, as eight digits, sorted,
// without the three that everything is advertised under.
func tellingCPV(codes []string) []string {
	var out []string
	for _, code := range codes {
		code, _, _ = strings.Cut(strings.TrimSpace(code), "-")
		switch code {
		case "", "48000000", "72000000", "48440000":
		default:
			if len(code) == 8 {
				out = append(out, code)
			}
		}
	}
	slices.SortFunc(out, cmp.Compare[string])
	return slices.Compact(out)
}

// isNobody reports whether a supplier's name says that there is none.
func isNobody(name string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "", "in-house", "in house", "inhouse", "internal", "none", "n/a", "na", "tbc", "tbd", "unknown", "various", "-":
		return true
	}
	return false
}
