package demand_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jointly/catalogue/demand"
)

// aNeed draws one of a few cells of a real shape.
func aNeed(t *rapid.T, council string) demand.Need {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
	return demand.Need{Council: council, What: pick("what", "finance/ledger", "finance/payments", "hr", ""),
		Place: demand.PlaceOf("England", pick("region", "North West", "North East", "London")), When: pick("when", "2027/2027-Q1", "2027/2027-Q2", "2028/2028-Q1", ""),
		Of: []string{pick("of", demand.Intended, demand.Approved), "value-2"}}
}

// TestFiguresKeepTheRules makes a dozen releases while councils come, go and change.
func TestFiguresKeepTheRules(t *testing.T) {
	rules := demand.Standard()
	rules.Stale = 6
	rapid.Check(t, func(t *rapid.T) {
		needs := map[string]demand.Need{}
		room := rapid.IntRange(10, 80).Draw(t, "room")
		d := demand.Draw{Rules: rules, Chance: demand.Secret([]byte(rapid.String().Draw(t, "key"))), Room: func(demand.Cell) int { return room },
			Over: func(string) bool { return false }}
		var drawn []demand.Drawn
		sets := map[int]map[demand.Cell][]string{} // by release
		last := map[demand.Cell]demand.Drawn{}
		for d.Release = 1; d.Release <= 12; d.Release++ {
			for range rapid.IntRange(0, 15).Draw(t, "changes") {
				council := fmt.Sprintf("c%02d", rapid.IntRange(0, 39).Draw(t, "council"))
				if delete(needs, council); rapid.IntRange(0, 4).Draw(t, "stays") > 0 {
					needs[council] = aNeed(t, council)
				}
			}
			var all []demand.Need
			for _, n := range needs {
				all = append(all, n)
			}
			sets[d.Release] = demand.Behind(all)
			drawn, _ = d.Next(all, drawn)
			figures := demand.Figures(drawn)
			shown := map[demand.Cell]int{}
			for _, f := range figures {
				shown[f.Cell] = f.Least
			}
			for _, f := range figures {
				if !slices.Contains(rules.Steps, f.Least) || f.Least > room/2 {
					t.Errorf("%+v, where %d could be behind it", f, room)
				}
				for _, c := range f.Wider() {
					if shown[c] < f.Least {
						t.Errorf("%+v is shown, and of %+v only %d", f, c, shown[c])
					}
				}
				if behind := sets[f.Since][f.Cell]; len(behind) < f.Least {
					t.Errorf("%+v, with %d behind it", f, len(behind))
				}
			}
			for _, now := range drawn {
				was := last[now.Cell]
				if now.Release != was.Release && changes(was.Councils, now.Councils) < rules.Least() && (was.Release == 0 || d.Release-was.Release < rules.Stale) {
					t.Errorf("%+v is drawn anew, though only %d changed: %+v", now, changes(was.Councils, now.Councils), was)
				}
				last[now.Cell] = now
			}
		}
	})
}

func changes(a, b []string) int {
	n := 0
	for _, x := range a {
		if !slices.Contains(b, x) {
			n++
		}
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			n++
		}
	}
	return n
}

// TestWhatIsPublicIsNotCounted subtracts what can be known anyway.
func TestWhatIsPublicIsNotCounted(t *testing.T) {
	needs := []demand.Need{{Council: "a", What: "finance/ledger"}, {Council: "a", What: "finance"}, {Council: "a", What: "finance/payments"}, {Council: "a", What: "hr"}, {Council: "a"},
		{Council: "b", What: "finance/ledger"}}
	for _, test := range []struct {
		what string
		want []string // of council a, what is left
	}{
		{"finance/ledger", []string{"finance/payments", "hr", ""}}, {"finance", []string{"hr", ""}}, {"hr", []string{"finance/ledger", "finance", "finance/payments", ""}},
		{"", []string{"finance/ledger", "finance", "finance/payments", "hr", ""}},
	} {
		var got []string
		others := 0
		for _, n := range demand.Private(needs, []demand.Fact{{Council: "a", What: test.what}}) {
			if n.Council == "a" {
				got = append(got, n.What)
			} else {
				others++
			}
		}
		if !slices.Equal(got, test.want) || others != 1 {
			t.Errorf("with %q public, %q is left, want %q", test.what, got, test.want)
		}
	}
}

// TestWhatIsOverIsKeptNoLonger: a quarter that has passed is in no figure.
func TestWhatIsOverIsKeptNoLonger(t *testing.T) {
	var needs []demand.Need
	for n := range 20 {
		needs = append(needs, demand.Need{Council: fmt.Sprint("c", n), What: "hr", When: "2027/2027-Q1"})
	}
	d := demand.Draw{Rules: demand.Standard(), Release: 1, Chance: func(int, demand.Cell) (bool, int) { return true, 0 }, Room: func(demand.Cell) int { return 99 },
		Over: func(string) bool { return false }}
	drawn, _ := d.Next(needs, nil)
	if !slices.Contains(demand.Figures(drawn), demand.Figure{Cell: demand.Cell{What: "hr", When: "2027/2027-Q1"}, Least: 20, Since: 1}) {
		t.Fatalf("%+v", drawn)
	}
	d.Release, d.Over = 2, func(when string) bool { return when != "" }
	drawn, _ = d.Next(nil, drawn)
	for _, f := range drawn {
		if f.When != "" {
			t.Errorf("%+v is kept", f)
		}
	}
}

// TestChanceCanGiveAnything is what the attack takes for granted: any cell may be closed, or fall by any number of steps,
// and nobody without the key knows which.
func TestChanceCanGiveAnything(t *testing.T) {
	chance, other := demand.Secret([]byte("a key")), demand.Secret([]byte("another"))
	closed, falls, same := 0, map[int]int{}, 0
	const cells = 20_000
	for n := range cells {
		c := demand.Cell{What: fmt.Sprint("what-", n%200)}
		open, fall := chance(n/200, c)
		if again, fell := chance(n/200, c); again != open || fell != fall {
			t.Fatalf("%+v: another answer when asked again", c)
		}
		if !open {
			closed++
		}
		falls[fall]++
		if o, f := other(n/200, c); o == open && f == fall {
			same++
		}
	}
	if closed < cells/5 || closed > cells/3 || falls[0] < cells*4/5 || falls[1] < cells/12 || falls[2] < cells/100 || falls[3] == 0 {
		t.Errorf("%d closed, falls %v", closed, falls)
	}
	if same > cells*3/4 {
		t.Errorf("another key says the same of %d", same)
	}
}
