package match_test

// The overview that the command prints: its form, and that nothing but what is listed decides it.

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"jointly/catalogue"
	"jointly/catalogue/match"
)

func TestOverviewIsTheSameWhateverTheOrder(t *testing.T) {
	needs := labelled(t, "labelled")
	for _, test := range []struct {
		name   string
		change func(in *catalogue.Intention, nth int) // nth of its council
		shared bool                                   // councils have the same references
	}{
		{name: "as imported", change: func(*catalogue.Intention, int) {}},
		{name: "random IDs", change: func(in *catalogue.Intention, _ int) { in.ID = catalogue.NewID() }},
		{name: "random IDs and references that councils share", shared: true, change: func(in *catalogue.Intention, nth int) {
			in.ID, in.Ref = catalogue.NewID(), fmt.Sprint(nth)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			first := ""
			for seed := range uint64(3) {
				nth := make([]int, len(needs))
				of := map[string]int{}
				for i, n := range needs {
					nth[i] = of[n.Need.Council]
					of[n.Need.Council]++
				}
				var items []catalogue.Item
				for _, i := range rand.New(rand.NewPCG(seed, 1)).Perm(len(needs)) {
					in := asIntention(needs[i].Need)
					test.change(&in, nth[i])
					items = append(items, &in)
				}
				w := newWorld(t)
				w.load(t, items...)
				o := w.engine(t).Overview()
				w.checkOverview(t, o)
				if shared := strings.HasPrefix(o.Pairs[0].A, "E0"); shared != test.shared {
					t.Errorf("the council stands before a reference: %v (%s), want %v", shared, o.Pairs[0].A, test.shared)
				}
				text, err := json.MarshalIndent(o, "", " ")
				must(t, err)
				if first == "" {
					first = string(text)
				}
				if first != string(text) {
					t.Fatalf("order %d gives another overview: %s", seed, gocmp.Diff(first, string(text)))
				}
			}
		})
	}
}

func TestOverviewOfTheDemonstration(t *testing.T) {
	w := newWorld(t)
	invented := w.loadDemonstration(t)
	o := w.engine(t).Overview()
	w.checkOverview(t, o)
	text, err := json.Marshal(o)
	must(t, err)
	kept := 0
	for _, in := range invented.Intentions {
		if in.Visibility == catalogue.Own {
			kept++
			if strings.Contains(string(text), `"`+in.Ref+`"`) {
				t.Errorf("%s is kept to its own council, and is in the overview", in.Ref)
			}
		}
	}
	if kept == 0 || len(o.Groups) == 0 {
		t.Errorf("%d intentions are kept to their own councils, %d groups: the test shows nothing", kept, len(o.Groups))
	}
	w.setDay("2040-01-01")
	if o := w.engine(t).Overview(); o.Groups == nil || o.Pairs == nil || len(o.Groups)+len(o.Pairs) > 0 {
		t.Errorf("when all has ended, got %d groups and %d pairs, want none, as empty lists", len(o.Groups), len(o.Pairs))
	}
}

// Above the number of needs up to which every pair is scored, the overview finds the pairs that it finds below it.
func TestOverviewOfManyNeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("explaining a thousand pairs is long under the race detector")
	}
	kinds := []string{"revs-bens", "libraries", "electoral", "parking", "waste"}
	councils := newWorld(t).Register().Councils()
	var items []catalogue.Item
	for i := range 1100 { // in pairs of one capability, each pair in months of its own
		start := date("2027-01-01").AddDate(0, 0, i/10*70)
		in := revenues(councils[i%len(councils)].GSS, func(in *catalogue.Intention) {
			in.Ref, in.Title, in.Description, in.Capability = fmt.Sprintf("m%04d", i), "Software", "", kinds[i/2%5]
			in.WindowStart, in.WindowEnd = catalogue.DateOf(start), catalogue.DateOf(start.AddDate(0, 0, 69))
			in.ContractEnd = catalogue.Date{}
		})
		items = append(items, &in)
	}
	few, many := newWorld(t), newWorld(t)
	few.load(t, items[:900]...)
	many.load(t, items...)
	inFew := few.engine(t).Overview()
	all := many.engine(t).Overview()
	many.checkOverview(t, all)
	if len(inFew.Pairs) < 400 {
		t.Fatalf("%d pairs among 900 needs: the test shows nothing", len(inFew.Pairs))
	}
	known := map[string]bool{}
	for _, p := range all.Pairs {
		known[p.A+" "+p.B] = true
	}
	for _, p := range inFew.Pairs {
		if !known[p.A+" "+p.B] {
			t.Errorf("the pair %s %s (%v points) is lost among 1,100 needs", p.A, p.B, p.Points)
		}
	}
}

// checkOverview holds an overview to its stated form.
func (w *world) checkOverview(t testing.TB, o match.Overview) {
	t.Helper()
	windows := map[string]match.Window{} // by reference, with and without its council
	must(t, w.Each(t.Context(), catalogue.Operator("test"), catalogue.KindIntention, func(item catalogue.Item) error {
		in := item.(*catalogue.Intention)
		window := match.Window{Start: in.WindowStart.First(), End: in.TrueEnd().Last()}
		ref := cmp.Or(in.Ref, in.ID)
		windows[ref], windows[in.Council+"/"+ref] = window, window
		return nil
	}))
	grouped, ids := map[string]bool{}, map[string]bool{}
	for _, g := range o.Groups {
		if len(g.Intentions) < 2 || !slices.IsSorted(g.Intentions) || ids[g.ID] || g.ID == "" || len(g.Reasons) == 0 || g.Points != math.Round(g.Points*10)/10 {
			t.Errorf("group %q of %v with %v points for %q", g.ID, g.Intentions, g.Points, g.Reasons)
		}
		ids[g.ID] = true
		start, end := date(g.Window.Start), date(g.Window.End)
		if end.Before(start) {
			t.Errorf("group %v has the window %v", g.Intentions, g.Window)
		}
		for _, ref := range g.Intentions {
			if of, ok := windows[ref]; !ok || start.Before(of.Start) || end.After(of.End) {
				t.Errorf("group %v has the window %v, its member %s %v", g.Intentions, g.Window, ref, of)
			}
			if grouped[ref] {
				t.Errorf("%s is in two groups", ref)
			}
			grouped[ref] = true
		}
	}
	points, seen := map[string][]float64{}, map[string]bool{}
	for _, p := range o.Pairs {
		if p.A >= p.B || seen[p.A+" "+p.B] {
			t.Errorf("the pair %s %s is out of order, or there twice", p.A, p.B)
		}
		seen[p.A+" "+p.B] = true
		points[p.A], points[p.B] = append(points[p.A], p.Points), append(points[p.B], p.Points)
		var sum float64
		for _, e := range p.Evidence {
			sum += e.Points
			if e.Feature == "" || e.Text == "" {
				t.Errorf("%s %s: evidence without a word: %+v", p.A, p.B, e)
			}
		}
		if math.Abs(sum-p.Points) > 1e-6 || len(p.Evidence) == 0 {
			t.Errorf("%s %s has %v points, its evidence adds up to %v", p.A, p.B, p.Points, sum)
		}
	}
	for _, p := range o.Pairs {
		if better(points[p.A], p.Points) >= 10 && better(points[p.B], p.Points) >= 10 {
			t.Errorf("%s %s is among the ten best of neither", p.A, p.B)
		}
	}
}

// better counts those above a number.
func better(of []float64, than float64) int {
	n := 0
	for _, f := range of {
		if f > than {
			n++
		}
	}
	return n
}
