package baseline

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"jointly/catalogue/register"
)

// Weights say how much each difference between two councils counts: the distance of two that differ in it as much as can
// be. They are a judgement, and pages state them.
type Weights struct {
	Type, Population, Rural, Deprivation, Region float64
}

// StandardWeights are those that the service uses.
func StandardWeights() Weights {
	return Weights{Type: 4, Population: 3, Rural: 2, Deprivation: 2, Region: 1}
}

// Neighbour is a council that is like another.
type Neighbour struct {
	Code     string
	Distance float64  // 0 for the same in everything, 1 for as different as can be
	Alike    []string // in what it is alike: 'same type', 'similar population (171,000)'
	Unlike   []string // in what it is not, or what is not known
}

// Nearest lists the councils that are most like one, the nearest first, at most limit. Councils of another tier provide
// other services and are left out; so are those of which type or population is not known.
func Nearest(to register.Council, all []register.Council, w Weights, limit int) []Neighbour {
	var out []Neighbour
	for _, c := range all {
		if c.GSS == to.GSS || c.Tier != to.Tier || c.Type == "" || c.Population == 0 || to.Population == 0 {
			continue
		}
		out = append(out, w.compare(to, c))
	}
	slices.SortFunc(out, func(a, b Neighbour) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Code, b.Code))
	})
	return out[:min(len(out), limit)]
}

// compare measures one difference after the other. One that is not known of either council counts half of its weight: no
// more than an unlike one, no less than a like one.
func (w Weights) compare(to, c register.Council) Neighbour {
	n := Neighbour{Code: c.GSS}
	sum := w.Type + w.Population + w.Rural + w.Deprivation + w.Region
	add := func(weight, apart float64, words string) {
		n.Distance += weight * apart / sum
		if apart <= 0.25 {
			n.Alike = append(n.Alike, words)
		} else {
			n.Unlike = append(n.Unlike, words)
		}
	}
	add(w.Type, flag(c.Type != to.Type), choose(c.Type == to.Type, "same type", strings.ToLower(c.Type[:1])+c.Type[1:]))
	// Four times the residents, or a quarter, is as different as can be.
	apart := min(math.Abs(math.Log2(float64(c.Population)/float64(to.Population)))/2, 1)
	add(w.Population, apart, choose(apart <= 0.25, "similar population", choose(c.Population > to.Population, "more residents", "fewer residents")))
	rural, knows := steps(ruralSteps(), to.RuralUrban, c.RuralUrban)
	add(w.Rural, rural, choose(knows, choose(rural == 0, "as rural or urban", "more or less rural"), "rural or urban not known"))
	deprived, knows := steps(quintiles(), to.Deprivation, c.Deprivation)
	add(w.Deprivation, deprived, choose(knows, choose(deprived <= 0.25, choose(deprived == 0, "same deprivation", "similar deprivation"), "other deprivation"), "deprivation not known"))
	add(w.Region, flag(c.Region != to.Region), choose(c.Region == to.Region, "same region", c.Region))
	return n
}

func ruralSteps() []string {
	return []string{"Urban", "Urban with rural areas", "Rural", "Sparse and rural"}
}

func quintiles() []string {
	out := make([]string, 5)
	for i, nth := range []string{"1st", "2nd", "3rd", "4th", "5th"} {
		out[i] = fmt.Sprintf("%s IMD quintile", nth)
	}
	return out
}

// steps is how far two lie apart on a scale, 0 to 1; a half and false where one is not on it.
func steps(scale []string, a, b string) (float64, bool) {
	i, j := slices.Index(scale, a), slices.Index(scale, b)
	if i < 0 || j < 0 {
		return 0.5, false
	}
	return math.Abs(float64(i-j)) / float64(len(scale)-1), true
}

func flag(differs bool) float64 {
	if differs {
		return 1
	}
	return 0
}

func choose(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}
