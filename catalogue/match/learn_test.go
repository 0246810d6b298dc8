package match_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"jointly/catalogue/match"
)

// floors are what suggestions must reach on needs whose groups are known, about .03 below what they do reach: a drop
// under one is a fault, not noise. Precision counts most: a suggested match must be trusted.
type floors struct{ precision, recall, f, bcubed, exact, hit3 float64 }

func (least floors) hold(t *testing.T, name string, r match.Report) {
	t.Helper()
	t.Logf("%-27s %s", name, r)
	for _, c := range []struct {
		figure     string
		got, least float64
	}{
		{"pair precision", r.Precision, least.precision}, {"pair recall", r.Recall, least.recall}, {"pair F", r.F, least.f},
		{"B-cubed F", r.BCubedF, least.bcubed}, {"exact groups", r.Exact, least.exact}, {"hit@3", r.Hit3, least.hit3},
	} {
		if c.got < c.least {
			t.Errorf("%s: %s is %.3f, want at least %.2f", name, c.figure, c.got, c.least)
		}
	}
}

func TestSuggestionsAgreeWithKnownGroups(t *testing.T) {
	s := scorer(t)
	for set, least := range map[string]floors{
		"labelled":  {0.97, 0.97, 0.97, 0.97, 0.95, 0.97},
		"challenge": {0.95, 0.95, 0.95, 0.95, 0.92, 0.97},
		"fresh":     {0.92, 0.95, 0.93, 0.95, 0.91, 0.97},
		"second":    {0.97, 0.91, 0.94, 0.95, 0.90, 0.97},
		"third":     {0.97, 0.90, 0.93, 0.95, 0.85, 0.97},
		"unseen":    {0.97, 0.97, 0.97, 0.97, 0.97, 0.97},
		"last":      {0.92, 0.87, 0.89, 0.93, 0.85, 0.97},
		"blind":     {0.92, 0.94, 0.93, 0.95, 0.90, 0.97},
		"wide":      {0.91, 0.91, 0.91, 0.94, 0.86, 0.97},
		"sealed":    {0.93, 0.87, 0.90, 0.94, 0.88, 0.97},
		"closing":   {0.95, 0.93, 0.94, 0.96, 0.93, 0.97},
		"stranger":  {0.95, 0.85, 0.90, 0.95, 0.82, 0.97},
	} {
		least.hold(t, set, s.Measure(labelled(t, set)))
	}
	if testing.Short() {
		t.Skip("learning many times over is long under the race detector")
	}
	validated, err := match.CrossValidate(lesson(t), 12)
	if err != nil {
		t.Fatal(err)
	}
	floors{0.95, 0.91, 0.93, 0.95, 0.87, 0.96}.hold(t, "cross-validated by group", validated)
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
		{"changed by hand", `"threshold": 1,`, `"threshold": 6,`, "version"},
		{"a missing feature", `"feature": "area"`, `"feature": "aria"`, `"aria", want "area"`},
		{"too many points", `"points": -`, `"points": -1`, "at most 5"},
		{"no threshold", `"threshold": 1,`, `"threshold": 0,`, "threshold"},
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

// What councils confirmed and turned down teaches as the same labels in a set do.
func TestLearnFromPairs(t *testing.T) {
	inSet := match.Lesson{Dictionary: dictionary(t), Needs: labelled(t, "second")}
	inPairs := match.Lesson{Dictionary: inSet.Dictionary}
	for i, a := range inSet.Needs {
		for _, b := range inSet.Needs[:i] {
			inPairs.Pairs = append(inPairs.Pairs, match.LabelledPair{A: a.Need, B: b.Need, Match: a.Group == b.Group})
		}
	}
	w, err := match.Learn(inSet)
	if err != nil {
		t.Fatal(err)
	}
	fromPairs, err := match.Learn(inPairs)
	if err != nil {
		t.Fatal(err)
	}
	if w.Version != fromPairs.Version {
		t.Error("the same labels teach another thing as pairs than as a set")
	}
	for i := range inPairs.Pairs {
		inPairs.Pairs[i].Match = false
	}
	if rejected, err := match.Learn(inPairs); err != nil || rejected.Version == w.Version {
		t.Errorf("pairs that were turned down teach nothing (%v)", err)
	}
}

func TestReadPairs(t *testing.T) {
	const side = `{"title":"Parking permits","area":"parking-transport","budget_max":2,"window_start":"2027-01-01"}`
	got, err := match.ReadPairs(strings.NewReader(`{"a":` + side + `,"b":` + side + `,"match":true}` + "\n" + `{"a":` + side + `,"b":` + side + `,"match":false}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || !got[0].Match || got[1].Match || got[0].A.Council == got[0].B.Council || got[0].A.Ref == got[0].B.Ref || !got[0].B.WindowStart.Equal(date("2027-01-01")) {
		t.Errorf("read %+v", got)
	}
	for _, bad := range []struct{ line, want string }{
		{`{"a":` + side + `,"b":` + side + `}`, "line 1: match is missing"},
		{`{"a":` + side + `,"b":{},"match":true}`, "b has no title"},
		{`{"a":{"title":"T","window_end":"soon"},"b":` + side + `,"match":true}`, "soon"},
		{"pairs", "line 1"},
	} {
		if _, err := match.ReadPairs(strings.NewReader(bad.line)); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%q: got %v, want an error about %q", bad.line, err, bad.want)
		}
	}
}

func TestEvaluate(t *testing.T) {
	l := match.Lesson{Dictionary: dictionary(t), Needs: labelled(t, "second")}
	for i, n := range l.Needs[1:3] {
		l.Pairs = append(l.Pairs, match.LabelledPair{A: l.Needs[0].Need, B: n.Need, Match: i == 0})
	}
	e, err := match.Evaluate(l, labelled(t, "unseen"))
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Learned) != 1 || e.Learned[0].Set != "second" || len(e.Unseen) != 1 || e.Unseen[0].Set != "unseen" || e.CrossValidated.Needs != len(l.Needs) {
		t.Errorf("sets mixed up: %+v", e)
	}
	if e.Pairs == nil || e.Pairs.Confirmed != 1 || e.Pairs.Rejected != 1 {
		t.Errorf("labelled pairs come out as %+v", e.Pairs)
	}
	if len(e.Without) != len(match.Features()) {
		t.Fatalf("%d features were switched off, want %d", len(e.Without), len(match.Features()))
	}
	if without := e.Without[match.FeatureNeed].Unseen; without.F >= e.Unseen[0].F {
		t.Errorf("without what is needed F is %.2f, with it %.2f", without.F, e.Unseen[0].F)
	}
}

func ExampleScorer_Measure() {
	// A report puts its figures on one line, to be read together.
	fmt.Println(match.Report{Needs: 4, Groups: 1, Precision: 1, Recall: 0.5, F: 0.67})
	// Output: 4 needs in 1 groups: pairs P 1.00 R 0.50 F 0.67; B-cubed P 0.00 R 0.00 F 0.00; exact groups 0.00; hit@3 0.00; precision@3 0.00
}
