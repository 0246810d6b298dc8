package catalogue

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"jointly/catalogue/capability"
)

// The same contract is told of twice: in a council's register, and in the notice that was published. Which records are
// about one contract is not certain from the records alone, so that the answer says how sure it is, and why.

// Sureness is how sure it is that two records are about the same contract.
type Sureness int

// How sure it is that two records tell of one contract.
const (
	Unlike   Sureness = iota // nothing says so
	Possible                 // worth a look
	Likely                   // supplier, title, and date or value agree
	Certain                  // one names the other
)

func (s Sureness) String() string {
	return [...]string{"unlike", "possible", "likely", "certain"}[s]
}

// Sameness is how sure it is that two contracts are one, and the reasons in words.
type Sameness struct {
	Sure    Sureness
	Reasons []string
}

// ContractTraits is what contracts are compared by, worked out once for each.
type ContractTraits struct {
	contract  *Contract
	ocids     []string
	suppliers []string // as they are called today
	words     []string // of the title, sorted
	ref       string   // the council's own reference, folded; empty where it tells nothing
	said      string   // where another may have written that reference, folded
}

// Suppliers are the present names of the suppliers that the contract names.
func (t *ContractTraits) Suppliers() []string { return t.suppliers }

// OCIDs are the Open Contracting IDs that the contract names.
func (t *ContractTraits) OCIDs() []string { return t.ocids }

var ocidPattern = regexp.MustCompile(`ocds-[0-9a-z]{6}-[0-9A-Za-z-]+`)

// TraitsOf works out what a contract is compared by.
func TraitsOf(d *capability.Dictionary, c *Contract) *ContractTraits {
	t := &ContractTraits{contract: c, words: slices.DeleteFunc(titleWords(c.Title), isSmallWord)}
	t.ocids = ocidPattern.FindAllString(c.Ref+" "+c.Source.Reference, -1)
	slices.Sort(t.ocids)
	t.ocids = slices.Compact(t.ocids)
	for _, name := range SupplierNames(c.Supplier) {
		for _, part := range tradingAs.Split(name, -1) {
			if present := strings.ToLower(d.Supplier(part)); present != "" && !slices.Contains(t.suppliers, present) {
				t.suppliers = append(t.suppliers, present)
			}
		}
	}
	if ref := nameKey(c.Ref); len(ref) >= 5 && strings.ContainsAny(ref, "0123456789") && len(t.ocids) == 0 {
		t.ref = ref
	}
	t.said = nameKey(c.Source.Note + " " + c.Source.Reference)
	return t
}

// SameContract says whether two contracts of one council are the same.
func SameContract(d *capability.Dictionary, a, b *Contract) Sameness {
	return TraitsOf(d, a).Same(TraitsOf(d, b))
}

// Same is SameContract for contracts whose traits are known.
func (t *ContractTraits) Same(o *ContractTraits) Sameness {
	a, b := t.contract, o.contract
	if a.Council != b.Council {
		return Sameness{}
	}
	s := Sameness{}
	because := func(format string, args ...any) { s.Reasons = append(s.Reasons, fmt.Sprintf(format, args...)) }
	supplier, contradicted := t.sameSupplier(o)
	title := titleShare(t.words, o.words)
	ends, starts, worth := near(a.End, b.End), near(a.Start, b.Start), worthAlike(a.Value, b.Value)

	if i := slices.IndexFunc(t.ocids, func(id string) bool { return slices.Contains(o.ocids, id) }); i >= 0 {
		because("both name the notice %s", t.ocids[i])
		s.Sure = Certain
		if contradicted { // one notice may tell of several contracts
			s.Sure = Possible
		}
	}
	if id := referenceIn(t, o); id != "" {
		because("one names the reference of the other, %s", id)
		s.Sure = max(s.Sure, Likely)
		if !contradicted && title >= 0.5 {
			s.Sure = Certain
		}
	}
	if contradicted && s.Sure == Unlike {
		return Sameness{}
	}
	if supplier != "" {
		because("the same supplier, %s", supplier)
	}
	if title >= 0.5 {
		because("titles alike")
	}
	agree := 0
	for _, x := range []struct {
		close closeness
		what  string
	}{{ends, "end dates"}, {starts, "start dates"}, {worth, "values"}} {
		switch x.close {
		case agrees:
			because("%s agree", x.what)
			agree++
		case differs:
			agree--
		}
	}
	s.Sure = max(s.Sure, weighed(supplier != "", title, agree))
	if s.Sure == Unlike {
		return Sameness{}
	}
	return s
}

// weighed is how sure it is from supplier, title, and how many more of dates and value agree than differ.
func weighed(supplier bool, title float64, agree int) Sureness {
	switch {
	case supplier && title >= 0.5 && agree >= 1, supplier && title >= 0.3 && agree >= 2:
		return Likely
	case supplier && title >= 0.5 && agree >= 0, supplier && agree >= 2, title >= 0.8 && agree >= 1:
		return Possible
	}
	return Unlike
}

func (t *ContractTraits) sameSupplier(o *ContractTraits) (name string, contradicted bool) {
	for _, s := range t.suppliers {
		if slices.Contains(o.suppliers, s) {
			return s, false
		}
	}
	return "", len(t.suppliers) > 0 && len(o.suppliers) > 0
}

// referenceIn is the reference of one contract that the other's record names.
func referenceIn(a, b *ContractTraits) string {
	switch {
	case a.ref != "" && strings.Contains(b.said, a.ref):
		return a.contract.Ref
	case b.ref != "" && strings.Contains(a.said, b.ref):
		return b.contract.Ref
	}
	return ""
}

// titleShare is the share of words that two titles have in common, of the shorter one where it has three or more.
func titleShare(a, b []string) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	common := 0
	for _, w := range a {
		if _, ok := slices.BinarySearch(b, w); ok {
			common++
		}
	}
	of := len(a) + len(b) - common
	if shorter := min(len(a), len(b)); shorter >= 3 {
		of = min(of, shorter+shorter/3)
	}
	return float64(common) / float64(of)
}

type closeness int

const (
	unsaid closeness = iota
	agrees
	between
	differs
)

// near compares two dates: within a month they agree, beyond a year they differ.
func near(a, b Date) closeness {
	if a.IsZero() || b.IsZero() {
		return unsaid
	}
	switch days := math.Abs(a.Last().Sub(b.Last()).Hours() / 24); {
	case days <= 31:
		return agrees
	case days > 366:
		return differs
	}
	return between
}

// worthAlike compares two values: one may have been rounded.
func worthAlike(a, b float64) closeness {
	if a == 0 || b == 0 {
		return unsaid
	}
	switch ratio := max(a, b) / min(a, b); {
	case ratio <= 1.05:
		return agrees
	case ratio > 3:
		return differs
	}
	return between
}

func isSmallWord(w string) bool {
	switch w {
	case "the", "of", "and", "for", "a", "an", "to", "in", "on", "with", "provision", "supply", "contract", "agreement", "services", "service", "system", "award", "notice", "framework", "council", "s":
		return true
	}
	return false
}

var (
	tradingAs = regexp.MustCompile(`(?i)\s+(?:t/a|t/as|trading as|formerly(?: known as)?|previously|\(formerly)\s+`)
	nameEnds  = regexp.MustCompile(`[;\n]|\s/\s|\s\|\s`)
	formEnds  = regexp.MustCompile(`(?i)(\b(?:ltd|limited|plc|llp)\.?),\s+`)
)

// SupplierNames are the names in a text that may name several suppliers, with semicolons, slashes or, after a company's
// form, commas between them.
func SupplierNames(s string) []string {
	var names []string
	for _, name := range nameEnds.Split(formEnds.ReplaceAllString(s, "$1;"), -1) {
		if name = strings.TrimFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == ',' }); name != "" {
			names = append(names, name)
		}
	}
	return names
}
