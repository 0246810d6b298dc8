package match_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jointly/catalogue/match"
)

func TestGates(t *testing.T) {
	confirmed := func(n *match.Need) { n.Capability = "revs-bens" }
	tests := []struct {
		name   string
		a, b   func(*match.Need)
		failed match.Gates
		warned match.Gates
	}{
		{name: "alike"},
		{name: "one council's two listings", a: func(n *match.Need) { n.Council = "E07000001" }, b: func(n *match.Need) { n.Council = "E07000001" }, failed: match.GateCouncil},
		{name: "same words, other need", b: func(n *match.Need) { n.Capability = "libraries" }, failed: match.GateNeed},
		{name: "closed", b: func(n *match.Need) { n.Closed = true }, failed: match.GateOpen},
		{name: "one private", b: func(n *match.Need) { n.Private = true }},
		{name: "both private", a: func(n *match.Need) { n.Private = true }, b: func(n *match.Need) { n.Private = true }, failed: match.GateOpen},
		{name: "windows apart", b: func(n *match.Need) {
			n.WindowStart, n.WindowEnd, n.ContractEnd = date("2028-01-01"), date("2028-10-31"), date("2029-03-31")
		}, failed: match.GateWindow},
		{name: "two months shared, to the day", b: func(n *match.Need) { n.WindowStart, n.WindowEnd = date("2027-09-01"), date("2028-02-28") }},
		{name: "a day short of two months", b: func(n *match.Need) { n.WindowStart, n.WindowEnd = date("2027-09-02"), date("2028-02-28") }, failed: match.GateWindow},
		{name: "two months, but under 30% of the shorter", a: func(n *match.Need) { n.WindowStart = date("2027-01-01") },
			b: func(n *match.Need) {
				n.WindowStart, n.WindowEnd, n.ContractEnd = date("2027-09-01"), date("2028-06-30"), date("2028-12-31")
			}, failed: match.GateWindow},
		{name: "lead time closes the window early", b: func(n *match.Need) { n.LeadMonths = 11 }, failed: match.GateWindow},
		{name: "an extension gives it back", b: func(n *match.Need) { n.LeadMonths, n.ExtensionMonths = 11, 12 }},
		{name: "unknown window", b: func(n *match.Need) {
			n.WindowStart, n.WindowEnd, n.ContractEnd = date("0001-01-01"), date("0001-01-01"), date("0001-01-01")
		}},
		{name: "end unknown", b: func(n *match.Need) { n.WindowEnd, n.ContractEnd = date("0001-01-01"), date("0001-01-01") }},
		{name: "end unknown, starts too late all the same", b: func(n *match.Need) {
			n.WindowStart, n.WindowEnd, n.ContractEnd = date("2028-01-01"), date("0001-01-01"), date("0001-01-01")
		}, failed: match.GateWindow},
		{name: "ten times the budget", b: func(n *match.Need) { n.BudgetMin, n.BudgetMax = 5_000_000, 5_000_000 }},
		{name: "over ten times the budget", b: func(n *match.Need) { n.BudgetMin, n.BudgetMax = 5_000_000, 5_000_002 }, failed: match.GateBudget},
		{name: "unknown budget", b: func(n *match.Need) { n.BudgetMin, n.BudgetMax = 0, 0 }},
		{name: "other law", b: func(n *match.Need) { n.Regime = match.Scotland }, warned: match.GateRegime},
	}
	s := scorer(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, b := need("a1", confirmed), need("b22", confirmed)
			if test.a != nil {
				test.a(&a)
			}
			if test.b != nil {
				test.b(&b)
			}
			p := s.Pair(s.Profile(a), s.Profile(b))
			if p.Failed != test.failed || p.Warned != test.warned {
				t.Errorf("failed %s, warned %s; want %s, %s", names(p.Failed), names(p.Warned), names(test.failed), names(test.warned))
			}
			e := s.Explain(s.Profile(a), s.Profile(b))
			want := 0
			for _, g := range match.AllGates() {
				if p.Failed.Has(g) || p.Warned.Has(g) {
					want++
				}
			}
			if len(e.Notes) != want {
				t.Errorf("%d notes, want %d", len(e.Notes), want)
			}
			for _, n := range e.Notes {
				if n.Reason == "" {
					t.Errorf("gate %s gives no reason", n.Gate)
				}
			}
		})
	}
}

// However many words are shared, there is no match without a shared need.
func TestSameWordsOtherNeed(t *testing.T) {
	const boilerplate = "The present contract comes to its end and cannot be extended again. We intend to run a competition with " +
		"other authorities, evaluated on quality and price, with a cloud hosted product, migration, training and support."
	s := scorer(t)
	titles := []string{"Library management system", "Parking permits system", "Electoral management system", "Cemetery records system"}
	var ps []*match.Profile
	for i, title := range titles {
		ps = append(ps, s.Profile(need(strings.Repeat("x", i+1), func(n *match.Need) { n.Title, n.Description, n.Area = title, boilerplate, "other" })))
	}
	for _, p := range allPairs(s, ps) {
		if !p.Failed.Has(match.GateNeed) {
			t.Errorf("%s and %s pass with %v points", p.A, p.B, p.Points)
		}
	}
	if groups := s.Group(ps, allPairs(s, ps), nil); len(groups) > 0 {
		t.Errorf("grouped: %v", groups)
	}
}

// A system and the people, or the stock, for the same service are two needs, though nearly all else is alike.
func TestSameServiceAnotherThingBought(t *testing.T) {
	s := scorer(t)
	for _, test := range []struct{ title, description, otherTitle, otherDescription string }{
		{"Library management system", "Software for loans and reservations at branch libraries", "Supply of library books", "Books for branch libraries"},
		{"Environmental health system", "Software to record food inspections", "Food inspectors", "Qualified officers to carry out food inspections"},
		{"Parking enforcement software", "System to process penalty charge notices", "Parking wardens", "Wardens to patrol car parks and issue penalty charge notices"},
		{"Swimming lessons booking system", "Software for swimming lessons and memberships", "Swimming teachers", "Teachers to give swimming lessons"},
	} {
		a := s.Profile(need("a", func(n *match.Need) { n.Title, n.Description = test.title, test.description }))
		b := s.Profile(need("b", func(n *match.Need) { n.Title, n.Description = test.otherTitle, test.otherDescription }))
		p := s.Pair(a, b)
		if p.Passes() && p.Points >= s.Threshold() {
			t.Errorf("%q and %q match with %v points", test.title, test.otherTitle, p.Points)
		}
		if got := match.FeaturePurchase.LevelName(p.Levels[match.FeaturePurchase]); got != "differs plainly" {
			t.Errorf("%q and %q: what is bought %s", test.title, test.otherTitle, got)
		}
	}
}

// Whatever else two listings have in common: words that say nothing of the need, area, supplier, dates and money.
func TestNoMatchWithoutASharedNeed(t *testing.T) {
	s := scorer(t)
	titles := []string{"Library management system", "Parking permits system", "Electoral management system", "Cemetery records system", "Firewall appliances", "Payroll bureau"}
	words := strings.Fields("contract ends extended competition authorities quality price hosted product migration training support supplier years value frameworks councils joint renewal")
	rapid.Check(t, func(t *rapid.T) {
		pair := rapid.Permutation(titles).Draw(t, "titles")
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 30).Draw(t, "text"), " ")
		of := func(ref, title string) *match.Profile {
			return s.Profile(need(ref, func(n *match.Need) { n.Title, n.Description, n.Area = title, text, "other" }))
		}
		if p := s.Pair(of("a", pair[0]), of("bb", pair[1])); !p.Failed.Has(match.GateNeed) {
			t.Fatalf("%s and %s pass the gate with %v points: %q", pair[0], pair[1], p.Points, text)
		}
	})
}

func names(g match.Gates) string {
	var out []string
	for _, gate := range match.AllGates() {
		if g.Has(gate) {
			out = append(out, gate.String())
		}
	}
	return "[" + strings.Join(out, " ") + "]"
}

func TestTrueWindow(t *testing.T) {
	tests := []struct {
		name   string
		change func(*match.Need)
		end    string
	}{
		{"as stated", func(*match.Need) {}, "2027-10-31"},
		{"the contract ends first", func(n *match.Need) { n.ContractEnd = date("2027-08-31") }, "2027-08-31"},
		{"lead time", func(n *match.Need) { n.LeadMonths = 9 }, "2027-06-30"},
		{"extension", func(n *match.Need) { n.LeadMonths, n.ExtensionMonths = 9, 3 }, "2027-09-30"},
		{"no stated end", func(n *match.Need) { n.WindowEnd = date("0001-01-01") }, "2028-03-31"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := need("a", test.change)
			if got := n.TrueWindow().End.Format("2006-01-02"); got != test.end {
				t.Errorf("closes on %s, want %s", got, test.end)
			}
		})
	}
}

func TestNearMiss(t *testing.T) {
	later := func(n *match.Need) {
		n.Name = "Watford"
		n.WindowStart, n.WindowEnd, n.ContractEnd = date("2028-10-01"), date("2029-03-31"), date("2029-09-30")
	}
	tests := []struct {
		name   string
		change func(*match.Need)
		want   string
	}{
		{"windows apart", later, "Not matched with Watford: their window starts 11 months after yours ends. If you extend to April 2029 it fits. If they start in August 2027 it fits too."},
		{"closed", func(n *match.Need) { n.Name, n.Closed = "Watford", true }, "Not matched with Watford: they are not open to joining."},
		{"budgets apart", func(n *match.Need) { n.Name, n.BudgetMin, n.BudgetMax = "Watford", 7e6, 7e6 },
			"Not matched with Watford: their budget is 14 times yours; at most 10 times fits. Check that both are for the whole term without VAT."},
		{"a match", func(*match.Need) {}, ""},
		{"another need", func(n *match.Need) { n.Capability = "libraries"; later(n) }, ""},
		{"two gates", func(n *match.Need) { later(n); n.Closed = true }, ""},
	}
	s := scorer(t)
	confirmed := func(n *match.Need) { n.Capability = "revs-bens" }
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := s.NearMiss(s.Profile(need("a", confirmed)), s.Profile(need("bb", confirmed, test.change)))
			if got != test.want || ok != (test.want != "") {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}
