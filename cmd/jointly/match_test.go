package main

// Importing intentions, matching and searching them on the command line, on real input.

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// imported is what `import --format json` prints.
type imported struct {
	Created, Updated, Unchanged int
	Errors, Warnings            []struct {
		Row             int
		Column, Message string
	}
}

// overview is what `match --format json` prints.
type overview struct {
	Groups []struct {
		ID         string
		Intentions []string
		Window     struct{ Start, End string }
		Points     float64
		Reasons    []string
	}
	Pairs []struct {
		A, B     string
		Points   float64
		Evidence []struct {
			Feature, Text string
			Points        float64
		}
	}
}

// answer is what `search --format json` prints.
type answer struct {
	Total int
	Hits  []struct {
		Kind, ID, Ref, Title string
		Score                float64
	}
	Facets map[string][]struct {
		Value string
		Count int
	}
}

func (a answer) refs() []string {
	var out []string
	for _, h := range a.Hits {
		out = append(out, h.Ref)
	}
	return out
}

const devIntentions = "matching/intentions-dev.jsonl"

func TestIntentionsAreImportedOnce(t *testing.T) {
	t.Parallel()
	file, dir := shared(t, devIntentions), t.TempDir()
	if out := done(t, "--data", dir, "import", "intentions", file, "--dry-run"); !strings.Contains(out, "125 would be created") {
		t.Errorf("a dry run says %q", out)
	}
	first := parsed[imported](t, done(t, "--data", dir, "import", "intentions", file, "--format", "json"))
	if first.Created != 125 || first.Updated != 0 || first.Unchanged != 0 || len(first.Errors) != 0 {
		t.Errorf("first: %d created, %d updated, %d unchanged, errors %v; want 125, 0, 0 and none", first.Created, first.Updated, first.Unchanged, first.Errors)
	}
	before := done(t, "--data", dir, "verify")
	second := parsed[imported](t, done(t, "--data", dir, "import", "intentions", file, "--format", "json"))
	if second.Created != 0 || second.Updated != 0 || second.Unchanged != 125 {
		t.Errorf("second: %d created, %d updated, %d unchanged; want 0, 0, 125", second.Created, second.Updated, second.Unchanged)
	}
	if after := done(t, "--data", dir, "verify"); after != before || !strings.Contains(after, "125 records") {
		t.Errorf("after the second import: %q, before: %q", after, before)
	}
	changed := strings.Replace(read(t, file), "Replacement revenues and benefits system", "Another title", 1)
	out := done(t, "--data", dir, "import", "intentions", written(t, "changed.jsonl", changed))
	if !strings.Contains(out, "0 created, 1 updated, 124 unchanged") {
		t.Errorf("one changed line: %q", out)
	}
}

// overviewOf imports intentions into a new catalogue, line by line in that order, and matches them.
func overviewOf(t *testing.T, lines []string) string {
	t.Helper()
	dir := t.TempDir()
	done(t, "--data", dir, "import", "intentions", written(t, "intentions.jsonl", strings.Join(lines, "\n")))
	return done(t, "--data", dir, "--as-of", "2026-11-23", "match", "--format", "json")
}

func TestMatchesDoNotDependOnOrder(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(read(t, shared(t, devIntentions))), "\n")
	want := overviewOf(t, lines)
	slices.Reverse(lines)
	if got := overviewOf(t, lines); got != want {
		t.Error("lines in reverse give other matches")
	}
	for seed := range uint64(3) {
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		if got := overviewOf(t, lines); got != want {
			t.Errorf("lines shuffled with seed %d give other matches", seed)
		}
	}
}

func TestGroupsAreThoseThatPeopleSee(t *testing.T) {
	t.Parallel()
	known := map[string]string{}
	rows, err := csv.NewReader(strings.NewReader(read(t, shared(t, "matching/groups-dev.csv")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		known[row[0]] = row[1]
	}
	got := parsed[overview](t, overviewOf(t, strings.Split(strings.TrimSpace(read(t, shared(t, devIntentions))), "\n")))
	checkGroups(t, got)
	checkPairs(t, got)

	together := map[string]int{}
	for _, g := range got.Groups {
		for _, ref := range g.Intentions {
			together[ref] = len(together) + 1 // its own, until the group's first is known
		}
		for _, ref := range g.Intentions {
			together[ref] = together[g.Intentions[0]]
		}
	}
	refs := slices.Sorted(maps.Keys(known))
	var right, found, wanted float64
	for i, a := range refs {
		for _, b := range refs[:i] {
			same := known[a] != "" && known[a] == known[b]
			matched := together[a] != 0 && together[a] == together[b]
			switch {
			case same && matched:
				right++
				fallthrough
			case matched:
				found++
			}
			if same {
				wanted++
			}
		}
	}
	precision, recall := right/found, right/wanted
	f := 2 * precision * recall / (precision + recall)
	t.Logf("pairs: precision %.2f, recall %.2f, F %.2f", precision, recall, f)
	if !(f >= .70) {
		t.Errorf("pair F is %.2f, want at least .70", f)
	}
}

func checkGroups(t *testing.T, o overview) {
	t.Helper()
	in, ids := map[string]string{}, map[string]bool{}
	for _, g := range o.Groups {
		if len(g.Intentions) < 2 || !slices.IsSorted(g.Intentions) || g.ID == "" || ids[g.ID] || len(g.Reasons) == 0 {
			t.Errorf("group %q of %v with reasons %q: want at least two in order, an ID of its own, and reasons", g.ID, g.Intentions, g.Reasons)
		}
		ids[g.ID] = true
		for _, ref := range g.Intentions {
			if other := in[ref]; other != "" {
				t.Errorf("%s is in groups %s and %s", ref, other, g.ID)
			}
			in[ref] = g.ID
		}
		start, err := time.Parse(time.DateOnly, g.Window.Start)
		end, err2 := time.Parse(time.DateOnly, g.Window.End)
		if err != nil || err2 != nil || end.Before(start) {
			t.Errorf("group %s has the window %s to %s", g.ID, g.Window.Start, g.Window.End)
		}
	}
	if len(o.Groups) == 0 {
		t.Error("no groups")
	}
}

// checkPairs holds pairs to their form: each once, none that is not among the ten best of one of its two, and points
// that are the sum of their evidence.
func checkPairs(t *testing.T, o overview) {
	t.Helper()
	const best = 10
	seen := map[string]bool{}
	points := map[string][]float64{}
	for _, p := range o.Pairs {
		key := min(p.A, p.B) + " " + max(p.A, p.B)
		if p.A == p.B || seen[key] {
			t.Errorf("the pair %s is there twice, or is none", key)
		}
		seen[key] = true
		points[p.A], points[p.B] = append(points[p.A], p.Points), append(points[p.B], p.Points)
		sum := 0.0
		for _, e := range p.Evidence {
			sum += e.Points
			if e.Feature == "" || e.Text == "" {
				t.Errorf("pair %s has evidence without words: %+v", key, e)
			}
		}
		if math.Abs(sum-p.Points) > .051*float64(len(p.Evidence)+1) {
			t.Errorf("pair %s has %.1f points, its evidence %.2f", key, p.Points, sum)
		}
		if p.Points != math.Round(p.Points*10)/10 {
			t.Errorf("pair %s has %v points: not rounded to a tenth", key, p.Points)
		}
	}
	rank := func(ref string, of float64) int {
		n := 0
		for _, other := range points[ref] {
			if other > of {
				n++
			}
		}
		return n
	}
	for _, p := range o.Pairs {
		if rank(p.A, p.Points) >= best && rank(p.B, p.Points) >= best {
			t.Errorf("the pair %s %s is among the ten best of neither", p.A, p.B)
		}
	}
	if len(o.Pairs) == 0 {
		t.Error("no pairs")
	}
}

func TestMatchInWords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if out := done(t, "--data", dir, "match"); !strings.Contains(out, "No groups to suggest") {
		t.Errorf("an empty catalogue: %q", out)
	}
	empty := parsed[overview](t, done(t, "--data", dir, "match", "--format", "json"))
	if empty.Groups == nil || empty.Pairs == nil {
		t.Error("an empty catalogue's lists are null, not empty")
	}
	done(t, "--data", dir, "import", "intentions", shared(t, devIntentions))
	if out := done(t, "--data", dir, "match"); !strings.Contains(out, "Group of ") || !strings.Contains(out, "d001") {
		t.Errorf("match in words: %q", clip(out))
	}
	// By 2035 all of their windows have passed.
	late := parsed[overview](t, done(t, "--data", dir, "--as-of", "2035-01-01", "match", "--format", "json"))
	if len(late.Groups)+len(late.Pairs) > 0 {
		t.Errorf("in 2035 %d groups and %d pairs are still suggested", len(late.Groups), len(late.Pairs))
	}
}

func TestSearchFindsWhatIsMeant(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	done(t, "--data", dir, "import", "intentions", shared(t, devIntentions))
	ask := func(args ...string) answer {
		return parsed[answer](t, done(t, append([]string{"--data", dir, "search", "--format", "json", "--limit", "100"}, args...)...))
	}
	found := ask("revs and bens")
	for _, ref := range []string{"d001", "d002", "d003"} { // 'council tax, business rates', 'Council Tax and NNDR', 'Revs & Bens'
		if !slices.Contains(found.refs(), ref) {
			t.Errorf("'revs and bens' does not find %s: %v", ref, found.refs())
		}
	}
	if found.Total < len(found.Hits) || len(found.Facets["capability"]) == 0 || !slices.IsSortedFunc(found.Facets["kind"], func(a, b struct {
		Value string
		Count int
	}) int {
		return cmp.Compare(b.Count, a.Count)
	}) {
		t.Errorf("total %d of %d hits, facets %v", found.Total, len(found.Hits), found.Facets)
	}
	for _, h := range found.Hits {
		if h.Kind == "" || h.ID == "" || h.Title == "" {
			t.Errorf("a hit lacks something: %+v", h)
		}
	}
	for _, h := range ask("revs and bens", "--kind", "intention").Hits {
		if h.Kind != "intention" {
			t.Errorf("--kind intention finds %s", h.Kind)
		}
	}
	// Intentions are for councils unless their owner says otherwise.
	for _, h := range ask("revs and bens", "--audience", "public").Hits {
		if h.Kind == "intention" {
			t.Errorf("the public finds %s", h.Title)
		}
	}
	if out := done(t, "--data", dir, "search", "revs", "and", "bens"); !strings.HasPrefix(out, fmt.Sprint(found.Total)+" results\n") {
		t.Errorf("in words: %q, want %d results", clip(out), found.Total)
	}
	if out := done(t, "--data", dir, "search", "xyzzyqwv"); out != "0 results\n" {
		t.Errorf("what is nowhere: %q", out)
	}
}

// TestTheDayDecidesWhatHasEnded: what search and matching take as today is what --as-of says.
func TestTheDayDecidesWhatHasEnded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	done(t, "--data", dir, "import", "intentions", written(t, "one.jsonl",
		`{"ref":"1","council":"E08000025","title":"Parking permits","window_start":"2027-04-01","window_end":"2027-09-30"}`))
	for day, want := range map[string]int{"2027-01-01": 1, "2027-09-30": 1, "2027-10-01": 0} {
		got := parsed[answer](t, done(t, "--data", dir, "--as-of", day, "search", "parking permits", "--kind", "intention", "--format", "json"))
		if got.Total != want {
			t.Errorf("on %s %d are found, want %d", day, got.Total, want)
		}
	}
}
