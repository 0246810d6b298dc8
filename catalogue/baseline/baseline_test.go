package baseline_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jointly/catalogue/baseline"
	"jointly/catalogue/register"
)

// slowQuantile finds the same by another way: it takes the smallest away one after the other, and stops a part of the way
// between two.
func slowQuantile(values []float64, p float64) float64 {
	rest := slices.Clone(values)
	take := func() float64 {
		i := 0
		for j, v := range rest {
			if v < rest[i] {
				i = j
			}
		}
		v := rest[i]
		rest = append(rest[:i], rest[i+1:]...)
		return v
	}
	rank := 1 + p*float64(len(values)-1) // from 1 on
	last := take()
	for ; rank >= 2; rank-- {
		last = take()
	}
	if rank == 1 {
		return last
	}
	return last + (rank-1)*(take()-last)
}

func TestQuantiles(t *testing.T) {
	for _, test := range []struct {
		values                []float64
		lower, median, higher float64
	}{ // worked by hand, and by the QUARTILE.INC of spreadsheets
		{[]float64{5}, 5, 5, 5},
		{[]float64{1, 2}, 1.25, 1.5, 1.75},
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8}, 2.75, 4.5, 6.25},
		{[]float64{2, 4, 4, 5, 7, 9, 11, 12, 17}, 4, 7, 11},
		{[]float64{0, 0, 0, 0, 100}, 0, 0, 0},
	} {
		for p, want := range map[float64]float64{0.25: test.lower, 0.5: test.median, 0.75: test.higher} {
			if got := baseline.Quantile(test.values, p); got != want {
				t.Errorf("%v of %v is %v, want %v", p, test.values, got, want)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1000), 1, 60).Draw(t, "values")
		p := rapid.SampledFrom([]float64{0, 0.25, 0.5, 0.75, 1}).Draw(t, "p")
		want := slowQuantile(values, p)
		slices.Sort(values)
		if got := baseline.Quantile(values, p); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v of %v is %v, want %v", p, values, got, want)
		}
	})
}

func TestWhatAReturnSays(t *testing.T) {
	p := baseline.Part{Council: "a", Residents: 250_000, Volume: baseline.Amounts{6_000, 3_000, 750, 250}, Cost: baseline.Amounts{0.4, 4, baseline.None, 0}}
	for measure, want := range map[baseline.Measure]float64{
		baseline.Contacts: 10_000, baseline.Rate: 40, "rate/online": 24, "rate/post": 1,
		baseline.Digital: 60, "share/phone": 30, "share/face_to_face": 7.5, "share/post": 2.5,
		"cost/online": 0.4, "cost/phone": 4, "cost/post": 0,
	} {
		if got, ok := p.Of(measure); !ok || math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v (%t), want %v", measure, got, ok, want)
		}
	}
	if _, ok := p.Of("cost/face_to_face"); ok {
		t.Error("a cost that is not stated is a figure")
	}
	p.Volume[3] = baseline.None
	for _, m := range []baseline.Measure{baseline.Contacts, baseline.Rate, baseline.Digital, "rate/post", "share/post"} {
		if got, ok := p.Of(m); ok {
			t.Errorf("%s is %v though post is not stated", m, got)
		}
	}
	if got, ok := p.Of("rate/online"); !ok || got != 24 {
		t.Error("a channel that is stated says nothing because another is not")
	}
	p.Residents = 0
	if _, ok := p.Of("rate/online"); ok {
		t.Error("a rate without residents")
	}
}

func TestRounding(t *testing.T) {
	for _, test := range []struct {
		m        baseline.Measure
		is, want float64
	}{
		{baseline.Rate, 31.449, 31}, {baseline.Rate, 9.96, 10}, {baseline.Rate, 4.37, 4.4}, {baseline.Rate, 0.237, 0.2}, {baseline.Rate, 1234, 1200}, {baseline.Rate, 0, 0},
		{baseline.Digital, 67.49, 67}, {baseline.Digital, 0.4, 0}, {"cost/phone", 4.368, 4.4}, {"cost/online", 0.17, 0.15}, {"cost/online", 0.56, 0.55}, {"cost/post", 12.6, 13},
		{baseline.Contacts, 1_234_567, 1_200_000},
	} {
		if got := test.m.Round(test.is); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%s %v is said as %v, want %v", test.m, test.is, got, test.want)
		}
	}
}

// TestAnEditionAgreesWithACalculationByHand works every figure of random returns out again, the plain way.
func TestAnEditionAgreesWithACalculationByHand(t *testing.T) {
	round := baseline.Round{LGSL: 528, Start: "2025-04-01"}
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(uint64(rapid.IntRange(0, 1<<30).Draw(t, "seed")), 1))
		var parts []baseline.Part
		for i := range rapid.IntRange(0, 30).Draw(t, "councils") {
			p := baseline.Part{Council: fmt.Sprintf("c%02d", i), Reach: baseline.Reach(random.IntN(3)), Residents: float64(50_000 + random.IntN(400_000)), Volume: baseline.Unstated(), Cost: baseline.Unstated()}
			for ch := range p.Volume {
				if random.IntN(8) > 0 {
					p.Volume[ch] = float64(random.IntN(20_000))
				}
				if random.IntN(2) > 0 {
					p.Cost[ch] = float64(random.IntN(1000)) / 100
				}
			}
			parts = append(parts, p)
		}
		_, figures, _ := baseline.Standard().Next(1, map[baseline.Round][]baseline.Part{round: parts}, nil)
		said := map[baseline.Measure]baseline.Figure{}
		for _, f := range figures {
			said[f.Measure] = f
		}
		for ch, name := range baseline.Channels() {
			var rates, shares, costs []counted
			for _, p := range parts {
				if p.Volume[ch] != baseline.None {
					rates = append(rates, counted{p.Reach, p.Volume[ch] / p.Residents * 1000})
				}
				if !slices.Contains(p.Volume[:], baseline.None) && p.Volume[0]+p.Volume[1]+p.Volume[2]+p.Volume[3] > 0 {
					shares = append(shares, counted{p.Reach, p.Volume[ch] / (p.Volume[0] + p.Volume[1] + p.Volume[2] + p.Volume[3]) * 100})
				}
				if p.Cost[ch] != baseline.None {
					costs = append(costs, counted{p.Reach, p.Cost[ch]})
				}
			}
			for kind, all := range map[baseline.Measure][]counted{baseline.Rate: rates, baseline.Share: shares, baseline.Cost: costs} {
				m := kind.Of(name)
				if what := wrong(said[m], m, publishable(all)); what != "" {
					t.Fatalf("%s: %s", m, what)
				}
			}
		}
	})
}

// counted is one council's figure in the plain calculation.
type counted struct {
	reach baseline.Reach
	is    float64
}

// publishable is the figures that count: rule 2, counted out.
func publishable(all []counted) (out []float64) {
	var public, councils, own []float64
	for _, c := range all {
		switch c.reach {
		case baseline.Everybody:
			public = append(public, c.is)
		case baseline.Councils:
			councils = append(councils, c.is)
		case baseline.Nobody:
			own = append(own, c.is)
		}
	}
	if len(own) < 7 {
		own = nil
	}
	if hidden := slices.Concat(councils, own); len(hidden) >= 7 {
		public = append(public, hidden...)
	}
	if len(public) < 5 {
		return nil
	}
	return public
}

func wrong(f baseline.Figure, m baseline.Measure, values []float64) string {
	if len(values) == 0 {
		if f.N > 0 {
			return fmt.Sprintf("%+v is said though too few are behind it", f)
		}
		return ""
	}
	if f.N != len(values) {
		return fmt.Sprintf("%d councils, want %d", f.N, len(values))
	}
	if want := m.Round(slowQuantile(values, 0.5)); *f.Median != want {
		return fmt.Sprintf("median %v, want %v", *f.Median, want)
	}
	if f.Quartiles() != (len(values) >= 8) {
		return fmt.Sprintf("quartiles of %d councils: %t", len(values), f.Quartiles())
	}
	if f.Quartiles() && (*f.Lower != m.Round(slowQuantile(values, 0.25)) || *f.Upper != m.Round(slowQuantile(values, 0.75))) {
		return fmt.Sprintf("quartiles %v and %v of %v", *f.Lower, *f.Upper, values)
	}
	return ""
}

func shared(n int, volume func(i int) float64) map[baseline.Round][]baseline.Part {
	var out []baseline.Part
	for i := range n {
		out = append(out, baseline.Part{Council: fmt.Sprintf("c%02d", i), Reach: baseline.Councils, Residents: 100_000,
			Volume: baseline.Amounts{volume(i), 100, 10, 0}, Cost: baseline.Unstated()})
	}
	return map[baseline.Round][]baseline.Part{{LGSL: 528, Start: "2025-04-01"}: out}
}

func figure(figures []baseline.Figure, m baseline.Measure) *baseline.Figure {
	for _, f := range figures {
		if f.Measure == m {
			return &f
		}
	}
	return nil
}

func TestOneCouncilWithMoreThanHalfHidesTheTotal(t *testing.T) {
	rules := baseline.Standard()
	_, figures, _ := rules.Next(1, shared(9, func(int) float64 { return 1_000 }), nil)
	if f := figure(figures, baseline.Contacts); f == nil || *f.Total != 10_000 {
		t.Errorf("the total of 9 councils with 1,110 contacts each is said as %+v, want 10,000", f)
	}
	_, figures, withheld := rules.Next(1, shared(9, func(i int) float64 {
		if i == 0 {
			return 100_000
		}
		return 1_000
	}), nil)
	if f := figure(figures, baseline.Contacts); f != nil {
		t.Errorf("a total is said of which one council has more than half: %+v", f)
	}
	if figure(figures, baseline.Rate) == nil {
		t.Error("the median is hidden with the total")
	}
	if !slices.ContainsFunc(withheld, func(w baseline.Withheld) bool { return w.Measure == baseline.Contacts && w.Why == baseline.Half }) {
		t.Errorf("the operator is not told why: %+v", withheld)
	}
}

// TestAFigureStandsUntilSevenHaveChanged: a change by one cannot be subtracted.
func TestAFigureStandsUntilSevenHaveChanged(t *testing.T) {
	rules := baseline.Standard()
	was := func(i int) float64 { return float64(100 * i) }
	taken, first, _ := rules.Next(1, shared(12, was), nil)
	changed := func(n int) map[baseline.Round][]baseline.Part {
		return shared(12, func(i int) float64 {
			if i < n {
				return 5_000
			}
			return was(i)
		})
	}
	for n := 1; n < 7; n++ {
		_, then, withheld := rules.Next(2, changed(n), taken)
		if a, b := figure(first, baseline.Digital), figure(then, baseline.Digital); *a.Median != *b.Median || b.Since != 1 {
			t.Errorf("the figure moved when %d councils changed", n)
		}
		if !slices.ContainsFunc(withheld, func(w baseline.Withheld) bool {
			return w.Measure == baseline.Digital && w.Why == baseline.Waits && w.Councils == n
		}) {
			t.Errorf("the operator is not told that %d wait: %+v", n, withheld)
		}
	}
	_, then, _ := rules.Next(2, changed(7), taken) // five would stay as they were
	if f := figure(then, baseline.Digital); f.Since != 1 {
		t.Error("it moved though fewer than seven stay as they were")
	}
	_, then, _ = rules.Next(2, changed(12), taken)
	if f := figure(then, baseline.Digital); f.Since != 2 || *f.Median < 90 {
		t.Errorf("it did not move when all changed: %+v", f)
	}
	joined, then, _ := rules.Next(2, shared(19, was), taken)
	if f := figure(then, baseline.Digital); f.Since != 2 || f.N != 19 {
		t.Errorf("it did not move when seven joined: %+v", f)
	}
	if _, then, _ = rules.Next(3, shared(25, was), joined); figure(then, baseline.Digital).N != 19 {
		t.Error("it moved when six joined")
	}
}

func TestWhatAShiftWouldMean(t *testing.T) {
	s := baseline.Shift{Volume: baseline.Amounts{4_000, 4_500, 1_500, 0}, Target: 70,
		Cost:     [4]baseline.Range{{Low: 0.1, High: 0.5}, {Low: 2, High: 4}, {Low: 5, High: 10}, {Low: 1, High: 1}},
		Released: baseline.Range{Low: 0, High: 100}}
	got := s.Work()
	// 3,000 move: 2,250 from the phone, 750 from the counter. At most 2,250 x (4 - .1) + 750 x (10 - .1).
	if got.Now != 40 || got.Moved != 3_000 || math.Abs(got.Saved.High-16_200) > 0.01 || got.Saved.Low != 0 {
		t.Errorf("%+v", got)
	}
	s.Released.Low = 50 // half of 2,250 x (2 - .5) + 750 x (5 - .5)
	if got = s.Work(); math.Abs(got.Saved.Low-3_375) > 0.01 {
		t.Errorf("%+v", got)
	}
	s.Cost[0] = baseline.Range{Low: 20, High: 20}
	if got = s.Work(); got.Saved.High >= 0 {
		t.Errorf("a dearer channel saves: %+v", got)
	}
	s.Target = 30
	if got = s.Work(); got.Moved != 0 || got.Saved != (baseline.Range{}) {
		t.Errorf("contacts move back: %+v", got)
	}
	if got = (baseline.Shift{Volume: baseline.Unstated(), Target: 50}).Work(); got != (baseline.Shifted{}) {
		t.Errorf("nothing moves something: %+v", got)
	}
}

func TestNearestNeighbours(t *testing.T) {
	reg, err := register.Load()
	if err != nil {
		t.Fatal(err)
	}
	blackpool, _ := reg.Council("E06000009")
	near := baseline.Nearest(blackpool, reg.Councils(), baseline.StandardWeights(), 15)
	if len(near) != 15 || !slices.IsSortedFunc(near, func(a, b baseline.Neighbour) int { return int(1e9 * (a.Distance - b.Distance)) }) {
		t.Fatalf("%+v", near)
	}
	for _, n := range near {
		c, _ := reg.Council(n.Code)
		if c.Tier != blackpool.Tier || n.Code == blackpool.GSS {
			t.Errorf("%s is a neighbour", c.Name)
		}
		if got := slices.Contains(n.Alike, "same region"); got != (c.Region == blackpool.Region) {
			t.Errorf("%s: 'same region' is %t", c.Name, got)
		}
		if n.Distance < 0 || n.Distance > 1 || len(n.Alike)+len(n.Unlike) != 5 {
			t.Errorf("%s: %+v", c.Name, n)
		}
	}
	if first, _ := reg.Council(near[0].Code); first.Type != blackpool.Type || first.RuralUrban != blackpool.RuralUrban || first.Deprivation != blackpool.Deprivation {
		t.Errorf("the nearest to Blackpool is %+v", first)
	}
	same := blackpool
	same.GSS = "E06999999"
	if got := baseline.Nearest(blackpool, []register.Council{same}, baseline.StandardWeights(), 1); got[0].Distance != 0 {
		t.Errorf("one that is the same in everything is %v away", got[0].Distance)
	}
}
