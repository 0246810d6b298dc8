package match_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jointly/catalogue/capability"
	"jointly/catalogue/match"
)

func dictionary(t testing.TB) *capability.Dictionary {
	t.Helper()
	d, err := capability.Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func scorer(t testing.TB) *match.Scorer {
	t.Helper()
	s, err := match.NewScorer(dictionary(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// labelled reads one of the labelled sets in testdata.
func labelled(t testing.TB, name string) []match.Labelled {
	t.Helper()
	intentions, err := os.Open(filepath.Join("testdata", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer intentions.Close()
	groups, err := os.Open(filepath.Join("testdata", name+"-groups.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer groups.Close()
	out, err := match.ReadLabelled(name, intentions, groups)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// manyNeeds are the labelled ones over and over, spread over so many months and at other prices: far fewer distinct needs
// than life has, so more candidates for each.
func manyNeeds(t testing.TB, n, spread int, council func(int) string) []match.Need {
	t.Helper()
	known := slices.Concat(labelled(t, "labelled"), labelled(t, "challenge"), labelled(t, "unseen"))
	random := rand.New(rand.NewPCG(1, 2))
	needs := make([]match.Need, n)
	for i := range needs {
		needs[i] = known[i%len(known)].Need
		needs[i].Ref, needs[i].Council = fmt.Sprintf("n%06d", i), council(random.IntN(380))
		months := random.IntN(spread)
		for _, t := range []*time.Time{&needs[i].WindowStart, &needs[i].WindowEnd, &needs[i].ContractEnd} {
			if !t.IsZero() {
				*t = t.AddDate(0, months, 0)
			}
		}
		scale := math.Exp(random.NormFloat64())
		needs[i].BudgetMin, needs[i].BudgetMax = needs[i].BudgetMin*scale, needs[i].BudgetMax*scale
	}
	return needs
}

// learnedFrom are the sets that weights.json is learned from, as the Makefile has them.
var learnedFrom = []string{"labelled", "challenge", "fresh", "second", "third", "last", "blind", "wide", "sealed", "closing"}

func lesson(t testing.TB) match.Lesson {
	l := match.Lesson{Dictionary: dictionary(t)}
	for _, set := range learnedFrom {
		l.Needs = append(l.Needs, labelled(t, set)...)
	}
	return l
}

// Whoever runs `make learn` gets the weights that come with the program, to the byte.
func TestWeightsAreWhatIsLearned(t *testing.T) {
	w, err := match.Learn(lesson(t))
	if err != nil {
		t.Fatal(err)
	}
	data, err := w.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := match.ParseWeights(data)
	if err != nil {
		t.Fatalf("weights just learned are refused: %v", err)
	}
	if again.Version != w.Version {
		t.Errorf("version %q after reading back, was %q", again.Version, w.Version)
	}
	committed, err := os.ReadFile("weights.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, committed) {
		t.Error("weights.json is not what is learned from the labelled sets: run make learn and build anew")
	}
}

// need makes a need that matches others of its kind; change it to break one thing.
func need(ref string, change ...func(*match.Need)) match.Need {
	n := match.Need{
		Ref: ref, Council: "E0700" + fmt.Sprintf("%04d", len(ref)*1000+int(ref[len(ref)-1])), Name: "Council " + ref, Regime: match.England,
		Title:       "Revenues and benefits system",
		Description: "Council tax, business rates and housing benefit processing with online claims.",
		Area:        "revenues-benefits", BudgetMin: 400_000, BudgetMax: 600_000,
		WindowStart: date("2027-04-01"), WindowEnd: date("2027-10-31"), ContractEnd: date("2028-03-31"), Supplier: "NEC",
	}
	for _, f := range change {
		f(&n)
	}
	return n
}

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}
