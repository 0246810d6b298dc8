package match_test

// Needs as a large catalogue would hold them, for tests of scale: about 2,000 distinct things to buy, each listed by many
// councils in words of their own, in other months and at other prices.

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue/capability"
	"jointly/catalogue/match"
)

// distinctNeeds is how many different things the councils of a large catalogue need between them.
const distinctNeeds = 2000

// kindOfNeed is one thing that councils buy, with what they write about it.
type kindOfNeed struct {
	like       match.Need // a labelled need that it is like; zero where it is made of the dictionary's phrases
	area       string
	capability string
	purchase   capability.Purchase
	cpv        []string
	phrases    []string // the first are written by all who need this
	products   []string
	price      float64
}

// phrasesOf reads what the capability dictionary holds, by need: a capability, or capability/need.
func phrasesOf(t testing.TB, file, kind string) map[string][]string {
	t.Helper()
	f, err := os.Open("../capability/data/" + file)
	must(t, err)
	defer f.Close()
	r := csv.NewReader(bufio.NewReader(f))
	r.Comment, r.FieldsPerRecord = '#', -1
	rows, err := r.ReadAll()
	must(t, err)
	out := map[string][]string{}
	for _, row := range rows[1:] {
		if row[1] != kind || row[2] == "" {
			continue
		}
		need := row[2]
		if row[3] != "" {
			need += "/" + row[3]
		}
		out[need] = append(out[need], strings.Trim(row[0], "~*"))
	}
	return out
}

// kindsOfNeed combines the labelled needs with the dictionary's phrases and products. The same each time.
func kindsOfNeed(t testing.TB) []kindOfNeed {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 11))
	known := slices.Concat(labelled(t, "labelled"), labelled(t, "challenge"), labelled(t, "unseen"))
	phrases, products := phrasesOf(t, "dictionary.csv", "name"), phrasesOf(t, "names.csv", "product")
	var needs []string
	for id, of := range phrases {
		if len(of) >= 4 {
			needs = append(needs, id)
		}
	}
	slices.Sort(needs)
	d := dictionary(t)
	kinds := make([]kindOfNeed, 0, distinctNeeds)
	for _, l := range known {
		kinds = append(kinds, kindOfNeed{like: l.Need, price: (l.Need.BudgetMin + l.Need.BudgetMax) / 2})
	}
	for len(kinds) < distinctNeeds {
		id := needs[len(kinds)%len(needs)]
		of, _, _ := strings.Cut(id, "/")
		c, ok := d.Capability(of)
		if !ok {
			t.Fatalf("the dictionary names the capability %q, which it does not have", of)
		}
		k := kindOfNeed{area: c.Area, capability: of, purchase: c.Purchase, cpv: c.CPV, products: slices.Clone(products[id]), phrases: slices.Clone(phrases[id])}
		if len(k.products) == 0 {
			k.products = slices.Clone(products[of])
		}
		random.Shuffle(len(k.phrases), func(i, j int) { k.phrases[i], k.phrases[j] = k.phrases[j], k.phrases[i] })
		random.Shuffle(len(k.products), func(i, j int) { k.products[i], k.products[j] = k.products[j], k.products[i] })
		k.phrases, k.products = k.phrases[:min(len(k.phrases), 8)], k.products[:min(len(k.products), 4)]
		k.price = math.Round(20_000 * math.Exp(4*random.Float64()))
		kinds = append(kinds, k)
	}
	random.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	return kinds
}

// bigNeeds are n needs drawn from all kinds, some kinds far more often than others, over five years. The first of more
// needs are the same as those of fewer.
func bigNeeds(t testing.TB, n int, council func(int) string) []match.Need {
	t.Helper()
	kinds := kindsOfNeed(t)
	random := rand.New(rand.NewPCG(1, 2))
	needs := make([]match.Need, n)
	for i := range needs {
		k := kinds[int(float64(len(kinds))*math.Pow(random.Float64(), 1.3))]
		needs[i] = k.listed(random, fmt.Sprintf("n%06d", i), council(random.IntN(380)))
	}
	return needs
}

// listed is the need as one council writes it.
func (k kindOfNeed) listed(random *rand.Rand, ref, council string) match.Need {
	n := k.like
	if n.Ref == "" {
		n = k.written(random)
	}
	n.Ref, n.Council, n.Order = ref, council, ""
	n.Regime = match.RegimeOf(council)
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	n.Description += pick(" ", " The present contract ends. ", " We want to buy this with others. ", " To be hosted by the supplier. ", " Several councils of the county may join. ")
	n.Description += pick("", "Migration and training included.", "Officers asked for a mobile app.", "It must meet accessibility rules.", "A framework may be used.", "Five years with two more.")
	n.WindowStart = date("2027-01-01").AddDate(0, random.IntN(60), 0)
	n.WindowEnd = n.WindowStart.AddDate(0, 3+random.IntN(10), -1)
	n.ContractEnd = time.Time{}
	if random.IntN(4) > 0 {
		n.ContractEnd = n.WindowEnd.AddDate(0, random.IntN(12), 0)
	}
	n.ExtensionMonths, n.LeadMonths = 0, 0
	if random.IntN(3) == 0 {
		n.ExtensionMonths, n.LeadMonths = 12*random.IntN(3), 3*random.IntN(4)
	}
	n.BudgetMin, n.BudgetMax = 0, 0
	if random.IntN(5) > 0 {
		price := cmp.Or(k.price, 150_000) * math.Exp(0.7*random.NormFloat64())
		n.BudgetMin, n.BudgetMax = math.Round(price*.8), math.Round(price*1.2)
	}
	return n
}

// written puts a need into words: some of its phrases, now and then a product.
func (k kindOfNeed) written(random *rand.Rand) match.Need {
	own := slices.Clone(k.phrases[2:])
	random.Shuffle(len(own), func(i, j int) { own[i], own[j] = own[j], own[i] })
	title := k.phrases[random.IntN(2)]
	n := match.Need{
		Title:       strings.ToUpper(title[:1]) + title[1:] + []string{"", " system", " replacement", " service", " for the council"}[random.IntN(5)],
		Description: "We need " + k.phrases[0] + " with " + strings.Join(own[:1+random.IntN(min(3, len(own)))], ", ") + ".",
		Area:        k.area, Purchase: k.purchase,
	}
	if random.IntN(8) == 0 {
		n.Area = "" // or another: people pick the wrong one
	}
	if random.IntN(2) == 0 {
		n.CPV = k.cpv
	}
	if random.IntN(3) == 0 {
		n.Capability = k.capability
	}
	if random.IntN(3) == 0 {
		n.Purchase = ""
	}
	if len(k.products) > 0 && random.IntN(2) == 0 {
		n.Platform = k.products[random.IntN(len(k.products))]
		if random.IntN(2) == 0 {
			n.Description += " We run " + n.Platform + " today."
		}
	}
	return n
}
