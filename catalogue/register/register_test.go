package register_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue/register"
)

func TestCouncils(t *testing.T) {
	r := load(t)
	councils := r.Councils()
	if len(councils) != 382 {
		t.Errorf("%d councils, want 382", len(councils))
	}
	if !slices.IsSortedFunc(councils, func(a, b register.Council) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	}) {
		t.Error("councils are not in order of their names")
	}

	c, ok := r.Council("E07000128")
	if !ok || c.Name != "Wyre" || c.OfficialName != "Wyre Borough Council" || c.Tier != register.Lower ||
		c.Nation != "England" || c.Region != "North West" || c.County != "Lancashire" || c.Domain != "wyre.gov.uk" ||
		c.ShortCode != "WYR" || c.Hex == nil || c.Population < 100_000 || c.Latitude < 53 || c.Longitude > -2 ||
		!slices.Contains(c.Neighbours, "E06000009") {
		t.Errorf("Wyre is %+v", c)
	}
	if _, ok := r.Council("E07000000"); ok {
		t.Error("a code of no council finds one")
	}
	if c, _ := r.CouncilByShortCode("wyr"); c.Name != "Wyre" {
		t.Errorf("WYR is %s", c.Name)
	}
}

// TestUnknownFactsAreBlank: what the sources do not say is not made up.
func TestUnknownFactsAreBlank(t *testing.T) {
	r := load(t)
	islands := 0
	for _, c := range r.Councils() {
		if (c.Hex == nil) != (c.Tier == register.Upper) {
			t.Errorf("%s, %s: hex %v", c.Name, c.Tier, c.Hex)
		}
		if len(c.Neighbours) == 0 {
			islands++
		}
	}
	if islands != 6 {
		t.Errorf("%d councils without neighbours, want the six of islands", islands)
	}
}

// TestCountiesAreWhereTheirDistrictsAre keeps figures by region from splitting a county.
func TestCountiesAreWhereTheirDistrictsAre(t *testing.T) {
	r := load(t)
	region := map[string]string{}
	for _, c := range r.Councils() {
		if c.Tier == register.Upper {
			region[c.Name] = c.Region
		}
	}
	for _, c := range r.Councils() {
		if c.County != "" && c.Region != region[c.County] {
			t.Errorf("%s is in %s, its county %s in %s", c.Name, c.Region, c.County, region[c.County])
		}
	}
}

func TestReorganisation(t *testing.T) {
	r := load(t)
	woking := r.ReorganisationOf("E07000217")
	if len(woking) != 1 || woking[0].CouncilName != "Woking" || woking[0].Area != "Surrey" ||
		woking[0].SuccessorName != "West Surrey Council" || woking[0].Status != register.StatusDecided ||
		!woking[0].Vesting.Equal(time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)) || woking[0].Source == "" {
		t.Errorf("Woking: %+v", woking)
	}
	if got := r.ReorganisationOf("E06000009"); len(got) != 1 || got[0].Status != register.StatusConsultation || got[0].SuccessorName != "" {
		t.Errorf("Blackpool's successor is not decided: %+v", got)
	}
	if got := r.ReorganisationOf("S12000036"); got != nil {
		t.Errorf("Edinburgh is reorganised: %+v", got)
	}
	total, counted := 0, map[string]bool{}
	for _, o := range r.Reorganisations() {
		if !counted[o.Area] {
			total += len(r.ReorganisationIn(o.Area))
		}
		counted[o.Area] = true
	}
	if all := len(r.Reorganisations()); all != 205 || total != all {
		t.Errorf("%d entries, %d by area, want 205", all, total)
	}
}

func TestServices(t *testing.T) {
	r := load(t)
	if n := len(r.Services()); n != 1133 {
		t.Errorf("%d services, want 1133", n)
	}
	s, ok := r.Service(1)
	if !ok || s.Label != "Home schooling" || !s.GovUK || s.GovUKName == "" || s.Capability != "education-mgmt" ||
		!slices.Equal(s.Tiers, []string{"single", "upper"}) {
		t.Errorf("service 1 is %+v", s)
	}
	if _, ok := r.Service(-1); ok {
		t.Error("a number of no service finds one")
	}
	if i, ok := r.Interaction(8); !ok || i.Name != "Providing information" || len(r.Interactions()) != 33 {
		t.Errorf("interaction 8 is %+v of %d", i, len(r.Interactions()))
	}
	if _, ok := r.Interaction(18); ok {
		t.Error("a number of no interaction finds one")
	}
}

func TestCPV(t *testing.T) {
	r := load(t)
	if n := len(r.CPVs()); n != 1438 {
		t.Errorf("%d codes, want 1438", n)
	}
	for _, code := range []string{"48000000", "48000000-8", " 48000000-8 "} {
		if c, ok := r.CPV(code); !ok || c.Code != "48000000" || c.Level != "division" || c.Parent != "" ||
			c.Name != "Software package and information systems" {
			t.Errorf("CPV(%q) = %+v", code, c)
		}
	}
	for _, code := range []string{"", "-", "-8", "48", "48000000-", "48000000-88", "48000000-x", "4800000", "99999999"} {
		if c, ok := r.CPV(code); ok {
			t.Errorf("CPV(%q) = %+v", code, c)
		}
	}
}

func TestThresholdByDate(t *testing.T) {
	r := load(t)
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Skip(err)
	}
	for _, test := range []struct {
		on   time.Time
		want int
	}{
		{time.Date(2023, 12, 31, 12, 0, 0, 0, london), 0},
		{time.Date(2024, 1, 1, 0, 0, 0, 0, london), 214_904},
		{time.Date(2025, 12, 31, 23, 59, 59, 0, london), 214_904},
		{time.Date(2026, 1, 1, 0, 0, 0, 0, london), 207_720},
		{time.Date(2026, 7, 1, 0, 0, 0, 0, london), 207_720}, // still 30 June in UTC
		{time.Date(2031, 1, 1, 0, 0, 0, 0, london), 207_720},
	} {
		got, ok := r.Threshold("goods-services-sub-central", test.on)
		if got.Value != test.want || ok != (test.want > 0) {
			t.Errorf("on %v: %d, %v, want %d", test.on, got.Value, ok, test.want)
		}
	}
	got, _ := r.Threshold("goods-services-sub-central", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	if got.Unit != "GBP inc VAT" || got.Source == "" || got.Known != register.KnownVerified || got.AppliesTo == "" {
		t.Errorf("the threshold is %+v", got)
	}
	if _, ok := r.Threshold("UK4", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)); ok {
		t.Error("a notice is found as a threshold")
	}
}

func TestRulesByKind(t *testing.T) {
	r := load(t)
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	notices := r.RulesOn(register.Notice, day)
	if len(notices) != 17 || notices[0].Code != "UK1" || notices[1].Code != "UK2" || notices[16].Code != "UK17" {
		t.Errorf("notices: %v", notices)
	}
	if got := r.RulesOn(register.Notice, day.AddDate(-3, 0, 0)); len(got) != 0 {
		t.Errorf("notices before the Act: %v", got)
	}
	if got, ok := r.Rule(register.Period, "standstill", day); !ok || got.Value != 8 || got.Unit != "working days" {
		t.Errorf("standstill: %+v", got)
	}
	if n := len(r.Rules(register.Threshold)) + len(r.Rules(register.Notice)) + len(r.Rules(register.Period)); n != 75 {
		t.Errorf("%d rules, want 75", n)
	}
}

func TestSourcesCoverEveryFile(t *testing.T) {
	covered := map[string]bool{}
	for _, s := range load(t).Sources() {
		covered[s.File] = true
	}
	for _, file := range []string{"councils.csv", "aliases.csv", "reorganisation.csv", "services.csv", "interactions.csv", "cpv.csv", "rules.csv"} {
		if !covered[file] {
			t.Errorf("nothing says where %s is from", file)
		}
	}
}

// TestLoadIsQuick guards the start of every command; the figure is ten times what it takes.
func TestLoadIsQuick(t *testing.T) {
	best := time.Hour
	for range 5 {
		start := time.Now()
		load(t)
		best = min(best, time.Since(start))
	}
	if best > 50*time.Millisecond {
		t.Errorf("Load takes %v", best)
	}
}
