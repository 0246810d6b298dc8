package catalogue_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/demand"
	"jointly/catalogue/register"
)

// unitaries are councils that buy everything, in order of their codes.
func unitaries(c *catalogue.Catalogue, n int) (codes []string) {
	for _, council := range c.Register().Councils() {
		if council.Tier == register.Single && council.Nation == "England" && len(codes) < n {
			codes = append(codes, council.GSS)
		}
	}
	return codes
}

// weekly makes the releases of some weeks from the clock's on.
func (k *clock) weekly(t *testing.T, c *catalogue.Catalogue, weeks int) (last *catalogue.Release) {
	t.Helper()
	for range weeks {
		k.move(7 * 24 * time.Hour)
		if made, err := c.ReleaseDemand(context.Background()); err != nil || !made {
			t.Fatalf("made: %t, %v", made, err)
		}
	}
	return must[*catalogue.Release](t)(c.LatestRelease(context.Background(), catalogue.Anonymous()))
}

// least is what a release says of a cell; 0 for nothing.
func least(r *catalogue.Release, c demand.Cell) int {
	for _, f := range r.Figures {
		if f.Cell == c {
			return f.Least
		}
	}
	return 0
}

func TestOneReleaseAWeek(t *testing.T) {
	ctx := context.Background()
	c, store, k := timed(t)
	monday := func(day, hour int) time.Time { return time.Date(2026, 11, 23+day, hour, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		what string
		now  time.Time
		made bool
	}{
		{"before seven on Monday", monday(0, 6), false}, {"at seven", monday(0, 7), true}, {"an hour later", monday(0, 8), false}, {"on Sunday", monday(6, 12), false},
		{"put back a week", monday(-7, 9), false}, {"down on Monday, on Saturday", monday(12, 9), true}, {"the Monday after", monday(14, 7), true},
	} {
		k.now = test.now
		if made, err := c.ReleaseDemand(ctx); err != nil || made != test.made {
			t.Errorf("%s: made %t, %v", test.what, made, err)
		}
		c = over(t, store, k) // a program that starts anew makes none again
	}
	all, older, err := c.Releases(ctx, catalogue.Anonymous(), 0, 10)
	if err != nil || len(all) != 3 || older || all[0].Number != 3 || all[0].Cite() != "Jointly demand release 3, 7 December 2026" || all[0].Changed != "" || all[2].Changed == "" {
		t.Fatalf("%+v, %v", all, err)
	}
	if next := all[1].NextRelease(); next != catalogue.MustDate("2026-12-07") { // made on a Saturday
		t.Errorf("the next after %s is due on %s", all[1].Day, next)
	}
	if some, older, err := c.Releases(ctx, catalogue.Anonymous(), 3, 1); err != nil || len(some) != 1 || some[0].Number != 2 || !older {
		t.Errorf("before 3: %+v, %t, %v", some, older, err)
	}
	_, err = c.Release(ctx, catalogue.Anonymous(), 4)
	is(t, "a release that is not made", err, catalogue.NotFound)
	whole(t, c)
}

// TestAReleaseIsMadeOnce by several that try at once.
func TestAReleaseIsMadeOnce(t *testing.T) {
	c, _, _ := timed(t)
	var made atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			ok, err := c.ReleaseDemand(context.Background())
			if err != nil {
				t.Error(err)
			}
			if ok {
				made.Add(1)
			}
		})
	}
	all.Wait()
	if n := count(t, c, catalogue.KindRelease); made.Load() != 1 || n != 1 {
		t.Errorf("%d made it, %d releases", made.Load(), n)
	}
	whole(t, c)
}

// TestAFullReleaseIsOneRecord with the longest names that there are, of a market as large as the country.
func TestAFullReleaseIsOneRecord(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: lists 2,400 needs")
	}
	ctx := context.Background()
	c, _, k := timed(t)
	var items []catalogue.Item
	capabilities := c.Dictionary().Capabilities()
	for i, council := range c.Register().Councils() {
		for n := range 6 {
			in := intention(council.GSS, fmt.Sprintf("Need %d of %s", n, council.Name))
			in.ID, in.Capability, in.Visibility = fmt.Sprintf("need-%d-%d", i, n), capabilities[(i%3+n*7)%len(capabilities)].ID, catalogue.Own
			in.WindowStart = catalogue.DateOf(k.read()).AddMonths((i/9 + n) % 6 * 4)
			in.WindowEnd = in.WindowStart.AddMonths(6)
			in.ContractEnd = catalogue.Date{}
			items = append(items, &in)
		}
	}
	imports(t, c, items...)
	last := k.weekly(t, c, 4)
	if len(last.Figures) < 500 {
		t.Errorf("%d figures", len(last.Figures))
	}
	regions := 0
	for _, f := range last.Figures {
		if strings.Count(f.Place, "/") == 2 {
			regions++
		}
	}
	if regions < 20 {
		t.Errorf("%d figures of regions", regions)
	}
	op := must[*catalogue.Release](t)(c.Release(ctx, catalogue.Operator("test"), last.Number))
	t.Logf("%d figures, %d of regions, %d withheld, %d more, %d bytes", len(last.Figures), regions, len(op.Withheld), op.More, len(must[[]byte](t)(json.Marshal(op))))
	whole(t, c)
}

func TestFiguresAreOfWhatIsNotPublic(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	codes := unitaries(c, 50)
	signalled := codes[40:]
	codes = codes[:40]
	for i, code := range codes[:24] {
		in := intention(code, fmt.Sprintf("canary title %d", i))
		in.Visibility = []catalogue.Audience{catalogue.Own, catalogue.Councils}[i%2]
		in.Capability, in.Notes, in.Budget = "revs-bens", "canary notes", catalogue.Money{Min: 300_000, Max: 412_345}
		in.WindowStart, in.WindowEnd = catalogue.MustDate("2027-05"), catalogue.MustDate("2028-12")
		listed(t, c, in)
	}
	for _, code := range codes[24:34] { // enough for a figure, were they counted
		in := intention(code, "Open need")
		in.Visibility, in.Capability, in.WindowStart, in.WindowEnd = catalogue.Public, "hr-payroll", catalogue.MustDate("2027-05"), catalogue.MustDate("2028-12")
		listed(t, c, in)
		in.Visibility = catalogue.Own
		listed(t, c, in) // and once more, hidden: its part is public
	}
	for i, code := range codes[34:] { // public contracts tell of these
		bought := bought(code, fmt.Sprint("k", i), "2028-03-31")
		bought.Capability, bought.Audience = "gis", catalogue.Public
		imports(t, c, bought)
		in := intention(code, "Told by a contract")
		in.Visibility, in.Capability, in.WindowStart, in.WindowEnd = catalogue.Own, "gis", catalogue.MustDate("2027-05"), catalogue.MustDate("2028-12")
		listed(t, c, in)
	}
	for _, code := range signalled { // signals tell of these
		in := intention(code, "Told by a signal")
		in.Visibility, in.Capability, in.WindowStart, in.WindowEnd = catalogue.Councils, "electoral", catalogue.MustDate("2027-05"), catalogue.MustDate("2028-12")
		text := wording("Electoral registration")
		text.Capability = in.Capability
		scene{t, c, new(int)}.published(officer(code, catalogue.RoleLead), catalogue.SignalOf{Intention: listed(t, c, in).ID}, text)
	}
	first := k.weekly(t, c, 1)
	last := k.weekly(t, c, 9)
	for _, cell := range []demand.Cell{{}, {What: "revenues-benefits"}, {What: "revenues-benefits", Place: "England"}, {What: "revenues-benefits", When: "2027/2027-Q1"},
		{What: "revenues-benefits", Of: demand.Intended}, {What: "revenues-benefits", Of: "value-3"}} {
		if n := least(last, cell); n != 20 && n != 15 {
			t.Errorf("%+v says at least %d, and 24 councils are behind it", cell, n)
		}
	}
	for _, f := range last.Figures {
		if strings.HasPrefix(f.What, "hr") || strings.HasPrefix(f.What, "gis") || strings.HasPrefix(f.What, "elections") || f.Of == demand.Approved {
			t.Errorf("%+v is of what is public otherwise, or of nothing", f)
		}
	}
	text := string(must[[]byte](t)(json.Marshal(last)))
	for _, word := range append([]string{"canary", "412", "withheld", codes[0]}, codes...) {
		if strings.Contains(text, word) {
			t.Errorf("a release holds %q", word)
		}
	}
	op := must[*catalogue.Release](t)(c.Release(ctx, catalogue.Operator("test"), last.Number))
	if len(op.Withheld) == 0 {
		t.Error("the operator does not see what was withheld")
	}
	if again := must[*catalogue.Release](t)(c.Release(ctx, catalogue.Anonymous(), first.Number)); !reflect.DeepEqual(again, first) {
		t.Error("the first release is not what it was")
	}
	if _, err := c.Import(ctx, catalogue.Operator("test"), []catalogue.Item{first}, catalogue.ImportOptions{}); err == nil {
		after := must[*catalogue.Release](t)(c.Release(ctx, catalogue.Anonymous(), first.Number))
		if !reflect.DeepEqual(after.Figures, first.Figures) {
			t.Error("a release can be changed")
		}
	}
	whole(t, c)
}

// TestOneCouncilMoreMovesNothing: whatever one council does between two releases, no figure tells.
func TestOneCouncilMoreMovesNothing(t *testing.T) {
	c, _, k := timed(t)
	for i, code := range unitaries(c, 15) { // one short of nothing, at a step, and above
		in := intention(code, "A need")
		in.Visibility, in.Capability, in.WindowStart, in.WindowEnd = catalogue.Own, "revs-bens", catalogue.MustDate("2027-05"), catalogue.MustDate("2028-12")
		if i >= 9 {
			in.Capability = "gis"
		}
		listed(t, c, in)
	}
	before := k.weekly(t, c, 12)
	if least(before, demand.Cell{What: "revenues-benefits"}) != 7 || least(before, demand.Cell{What: "gis"}) != 0 {
		t.Fatalf("%+v", before.Figures)
	}
	for _, capability := range []string{"revs-bens", "gis"} { // to 10, and to 7
		in := intention(unitaries(c, 16)[15], "One more")
		in.Visibility, in.Capability, in.WindowStart, in.WindowEnd = catalogue.Own, capability, catalogue.MustDate("2027-05"), catalogue.MustDate("2028-12")
		listed(t, c, in)
	}
	after := k.weekly(t, c, 1)
	if !reflect.DeepEqual(before.Figures[0], after.Figures[0]) || least(after, demand.Cell{What: "revenues-benefits"}) != 7 {
		t.Errorf("one council more moved %+v to %+v", before.Figures, after.Figures)
	}
}
