package match_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"jointly/catalogue/match"
)

// What suggestions must reach on needs whose groups are known, below what they
// do reach: a drop under it is a fault, not noise.
const (
	leastBuilt     = 0.90
	leastValidated = 0.87
	leastUnseen    = 0.70
)

func TestSuggestionsAgreeWithKnownGroups(t *testing.T) {
	s := scorer(t)
	check := func(name string, r match.Report, least float64) {
		t.Helper()
		t.Logf("%-27s %s", name, r)
		if r.F < least {
			t.Errorf("%s: pair F is %.2f, want %.2f", name, r.F, least)
		}
	}
	for _, set := range []string{"labelled", "challenge"} {
		check(set+", as built", s.Measure(labelled(t, set)), leastBuilt)
	}
	check("unseen, never learned from", s.Measure(labelled(t, "unseen")), leastUnseen)
	if testing.Short() {
		t.Skip("learning 51 times over is long under the race detector")
	}
	validated, err := match.CrossValidate(lesson(t))
	if err != nil {
		t.Fatal(err)
	}
	check("cross-validated by group", validated, leastValidated)
}

func TestLearn(t *testing.T) {
	w, err := match.Learn(lesson(t))
	if err != nil {
		t.Fatal(err)
	}
	for i, scale := range w.Features {
		last := math.Inf(-1)
		for _, l := range scale.Levels {
			if l.Points < last {
				t.Errorf("%s: %q scores %v, the level below it %v", scale.Feature, l.Level, l.Points, last)
			}
			if l.Points < -5 || l.Points > 5 {
				t.Errorf("%s: %q scores %v", scale.Feature, l.Level, l.Points)
			}
			last = l.Points
		}
		if match.Feature(i) == match.FeatureSupplier && last > 2 {
			t.Errorf("the same supplier scores %v, at most 2 is right: neighbours share one in the data", last)
		}
	}

	without := lesson(t)
	without.Without = []match.Feature{match.FeatureArea}
	w, err = match.Learn(without)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range w.Features[match.FeatureArea].Levels {
		if l.Points != 0 {
			t.Errorf("a feature that was left out scores %v", l.Points)
		}
	}
	if _, err := match.Learn(match.Lesson{Dictionary: dictionary(t)}); err == nil {
		t.Error("learned from nothing")
	}
}

func TestLearnDoesNotDependOnOrder(t *testing.T) {
	l := lesson(t)
	w, err := match.Learn(l)
	if err != nil {
		t.Fatal(err)
	}
	for i, j := 0, len(l.Needs)-1; i < j; i, j = i+1, j-1 {
		l.Needs[i], l.Needs[j] = l.Needs[j], l.Needs[i]
	}
	reversed, err := match.Learn(l)
	if err != nil {
		t.Fatal(err)
	}
	if w.Version != reversed.Version {
		t.Errorf("weights %s, from the same needs in reverse %s", w.Version, reversed.Version)
	}
}

func TestParseWeightsRefuses(t *testing.T) {
	w, err := match.LoadWeights()
	if err != nil {
		t.Fatal(err)
	}
	data, err := w.Encode()
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	tests := []struct{ name, old, new, want string }{
		{"changed by hand", `"threshold": 0.5`, `"threshold": 0.6`, "version"},
		{"a missing feature", `"feature": "area"`, `"feature": "aria"`, `"aria", want "area"`},
		{"too many points", `"points": -`, `"points": -1`, "at most 5"},
		{"no threshold", `"threshold": 0.5`, `"threshold": 0`, "threshold"},
		{"an unknown field", `"threshold"`, `"treshold"`, "treshold"},
		{"no weights at all", good, `{}`, "0 features"},
		{"not JSON", good, `points`, "read weights"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bad := strings.Replace(good, test.old, test.new, 1)
			if bad == good {
				t.Skip("the weights don't say this")
			}
			if _, err := match.ParseWeights([]byte(bad)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error about %s", err, test.want)
			}
		})
	}
}

func TestReadLabelled(t *testing.T) {
	const line = `{"ref":"a","council":"W06000015","title":"T","area":"finance","budget_min":1,"budget_max":2,"window_start":"2027-01-01","window_end":"2027-05-01"}`
	got, err := match.ReadLabelled("s", strings.NewReader(line+"\n"+strings.Replace(line, `"a"`, `"b"`, 1)), strings.NewReader("ref,group\nb,G1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Group == got[1].Group || got[1].Group != "G1" || got[0].Need.Regime != match.Wales || !got[0].Need.WindowEnd.Equal(date("2027-05-01")) {
		t.Errorf("read %+v", got)
	}
	for _, bad := range []struct{ intentions, groups, want string }{
		{line + "\n{", "ref,group\n", "line 2"},
		{`{"ref":"a"}`, "ref,group\n", "council is blank"},
		{strings.Replace(line, "2027-05-01", "soon", 1), "ref,group\n", "soon"},
		{line, "id,group\n", "want ref and group"},
		{line, "", "read groups"},
	} {
		if _, err := match.ReadLabelled("s", strings.NewReader(bad.intentions), strings.NewReader(bad.groups)); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%q with %q: got %v, want an error about %q", bad.intentions, bad.groups, err, bad.want)
		}
	}
}

// Which features carry the result: each is switched off in turn.
func BenchmarkWithoutFeature(b *testing.B) {
	for _, f := range match.Features() {
		b.Run(f.String(), func(b *testing.B) {
			l := lesson(b)
			l.Without = []match.Feature{f}
			var r match.Report
			for b.Loop() {
				var err error
				if r, err = match.CrossValidate(l); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(r.F, "F")
			b.ReportMetric(r.BCubedF, "B-cubed-F")
			b.ReportMetric(r.Exact, "exact")
		})
	}
}

func ExampleScorer_Measure() {
	// A report puts its figures on one line, to be read together.
	fmt.Println(match.Report{Needs: 4, Groups: 1, Precision: 1, Recall: 0.5, F: 0.67})
	// Output: 4 needs in 1 groups: pairs P 1.00 R 0.50 F 0.67; B-cubed P 0.00 R 0.00 F 0.00; exact groups 0.00; hit@3 0.00; precision@3 0.00
}
