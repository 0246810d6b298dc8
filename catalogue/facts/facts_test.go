package facts_test

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/capability"
	"jointly/catalogue/facts"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/register"
)

func load(t *testing.T) *facts.Facts {
	t.Helper()
	f, err := facts.Load()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAsManyAsWereSeen(t *testing.T) {
	f := load(t)
	buyers, users := map[string]bool{}, map[string]bool{}
	for _, c := range f.Contracts {
		buyers[c.Council] = true
	}
	for _, u := range f.Uses {
		users[u.Council] = true
	}
	for _, n := range []struct {
		what      string
		got, want int
	}{
		{"contracts", len(f.Contracts), 252}, {"councils with contracts", len(buyers), 127},
		{"uses", len(f.Uses), 635}, {"councils with uses", len(users), 354},
		{"platforms", len(f.Platforms), 136}, {"frameworks", len(f.Frameworks), 41}, {"bodies", len(f.Bodies), 6},
	} {
		if n.got != n.want {
			t.Errorf("%d %s, want %d", n.got, n.what, n.want)
		}
	}
}

func TestEveryFactSaysWhereItWasRead(t *testing.T) {
	f := load(t)
	for _, c := range f.Contracts {
		if c.Source.Text == "" || c.Source.Reference == "" || c.Audience != catalogue.Public || c.Demonstration || c.CapabilityConfirmed {
			t.Errorf("%s %s: %+v", c.Council, c.Ref, c.Source)
		}
	}
	for _, u := range f.Uses {
		if u.Source.Text == "" || !u.Confirmed.IsZero() || u.Advice != "" || u.Demonstration {
			t.Errorf("%s %s: %+v", u.Council, u.Ref, u.Source)
		}
	}
	for _, p := range f.Platforms {
		if p.Evidence == "" && p.Licence != "government platform" {
			t.Errorf("%s has no evidence", p.ID)
		}
	}
}

func TestCouncilsAndCapabilitiesAreThoseOfTheRegisters(t *testing.T) {
	f := load(t)
	reg, err := register.Load()
	if err != nil {
		t.Fatal(err)
	}
	dict, err := capability.Load()
	if err != nil {
		t.Fatal(err)
	}
	council := func(ref, gss string) {
		if _, ok := reg.Council(gss); !ok {
			t.Errorf("%s: unknown council %q", ref, gss)
		}
	}
	known := func(ref string, ids ...string) {
		for _, id := range ids {
			if _, ok := dict.Capability(id); !ok && id != "" {
				t.Errorf("%s: unknown capability %q", ref, id)
			}
		}
	}
	for _, c := range f.Contracts {
		council(c.Ref, c.Council)
		known(c.Ref, c.Capability)
	}
	for _, u := range f.Uses {
		council(u.Ref, u.Council)
		known(u.Ref, u.Capability)
	}
	for _, p := range f.Platforms {
		known(p.ID, p.Capabilities...)
	}
	for _, w := range f.Frameworks {
		known(w.Ref, w.Capabilities...)
	}
}

func TestFrameworksStandAsTheirSourcesSay(t *testing.T) {
	day := catalogue.MustDate("2026-11-23")
	found := map[string]catalogue.Framework{}
	states := map[catalogue.FrameworkState]int{}
	for _, w := range load(t).Frameworks {
		found[w.Ref] = w
		states[w.State(day.First())]++
		if w.Source == "" || w.Checked != day || w.Kept || len(w.Changes) > 0 {
			t.Errorf("%s: %+v", w.Ref, w)
		}
		if w.Known == register.KnownGeneral && (!w.Start.IsZero() || !w.End.IsZero()) {
			t.Errorf("%s has dates without a source", w.Ref)
		}
	}
	for ref, want := range map[string]catalogue.FrameworkState{"RM1557.14": catalogue.FrameworkEnded, "RM1557.15": catalogue.FrameworkUnknown,
		"RM6259": catalogue.FrameworkOpen, "RM6263": catalogue.FrameworkEnded, "1223": catalogue.FrameworkPlanned, "RM6195": catalogue.FrameworkUnknown} {
		if w := found[ref]; w.State(day.First()) != want {
			t.Errorf("%s: %s, want %s", ref, w.State(day.First()), want)
		}
	}
	if w := found["RM1043.9"]; w.End.String() != "2027-07" || w.Latest.String() != "2029" {
		t.Errorf("dates known to the month and the year: %s, %s", w.End, w.Latest)
	}
	if states[catalogue.FrameworkOpen] == 0 || states[catalogue.FrameworkPlanned] == 0 || states[catalogue.FrameworkUnknown] < 20 {
		t.Errorf("states: %v", states)
	}
	if next := found["RM6263"].ReplacedBy; next != found["RM1043.9"].ID || found["RM6100"].ReplacedBy != "" {
		t.Errorf("what takes a place: %q, %q", next, found["RM6100"].ReplacedBy)
	}
}

// fold is a name without case, spaces and punctuation, as names are looked up.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(strings.ReplaceAll(name, "&", "and")))
}

func TestNoNameLeadsToTwoPlatforms(t *testing.T) {
	f := load(t)
	named := map[string]string{}
	for _, p := range f.Platforms {
		for _, name := range append([]string{p.Name}, p.Aliases...) {
			if other, taken := named[fold(name)]; taken && other != p.ID {
				t.Errorf("%q names %s and %s", name, other, p.ID)
			}
			named[fold(name)] = p.ID
		}
	}
	// What a record wrote is a name of its platform, or the record says why it is not.
	for _, u := range f.Uses {
		told := strings.Contains(u.Source.Note, "names no product") || strings.Contains(u.Source.Note, "whole family")
		if id, ok := named[fold(u.WrittenAs)]; (!ok || id != u.Platform) && !told {
			t.Errorf("%s: %q was put under %s without saying why", u.Council, u.WrittenAs, u.Platform)
		}
	}
	for _, c := range f.Contracts {
		if c.Product == "" {
			continue
		}
		first, _, _ := strings.Cut(c.Product, ";")
		if id, ok := named[fold(first)]; ok && id != c.Platform {
			t.Errorf("%s: %q was put under %q, and names %s", c.Ref, c.Product, c.Platform, id)
		}
		if c.Platform == "" {
			t.Errorf("%s: %q is under no platform", c.Ref, c.Product)
		}
	}
}

func TestOneProductIsOnePlatform(t *testing.T) {
	f := load(t)
	named := map[string]string{}
	for _, p := range f.Platforms {
		for _, name := range append([]string{p.Name}, p.Aliases...) {
			named[name] = p.ID
		}
	}
	for _, same := range [][]string{
		{"Agresso", "Business World", "Unit4", "Unit4 ERP"},
		{"Academy", "Capita One Revs & Bens (Academy)", "Capita Academy"},
		{"NEC Revenues & Benefits", "NEC Revenues and Benefits", "iWorld"},
		{"Civica OpenRevenues", "Civica Open Revenues", "Open Revenues"},
		{"NEC Housing", "Northgate Housing"},
		{"Idox Uniform", "Uniform"},
		{"Microsoft 365", "Microsoft Office 365", "Microsoft 365 E5"},
		{"Microsoft Copilot", "Microsoft 365 Copilot"},
		{"Oracle Fusion", "Oracle Cloud", "Oracle cloud ERP"},
		{"Spydus", "Civica Spydus"},
		{"GovService (AchieveService)", "AchieveForms"},
		{"Esri", "Esri GIS", "ArcGIS"},
	} {
		for _, name := range same {
			if named[name] == "" || named[name] != named[same[0]] {
				t.Errorf("%q is under %q, %q under %q", name, named[name], same[0], named[same[0]])
			}
		}
	}
	for _, different := range [][]string{
		{"Idox Uniform", "Idox Acolaid", "Public Access"},
		{"Civica Legal", "Civica OpenRevenues", "Civica Workflow 360"},
		{"Jadu CMS", "Jadu Connect"},
		{"Oracle Fusion", "Oracle E-Business Suite"},
		{"LocalGov Drupal", "Drupal"},
		{"Liquidlogic", "ContrOCC"},
		{"Microsoft 365", "Microsoft Azure", "Microsoft Enterprise Agreement"},
	} {
		seen := map[string]bool{}
		for _, name := range different {
			if named[name] == "" || seen[named[name]] {
				t.Errorf("%q is under %q, as another of %q", name, named[name], different)
			}
			seen[named[name]] = true
		}
	}
}

func TestDatesAndExtensionsStayAsStated(t *testing.T) {
	f := load(t)
	find := func(council, ref string) catalogue.Contract {
		for _, c := range f.Contracts {
			if c.Council == council && c.Ref == ref {
				return c
			}
		}
		t.Fatalf("%s has no %s", council, ref)
		return catalogue.Contract{}
	}
	partial := find("E09000014", "minutes.haringey.gov.uk MId=10539")
	if partial.End.String() != "2027-04" || !strings.Contains(partial.Source.Note, "worked out") {
		t.Errorf("end %s, note %q", partial.End, partial.Source.Note)
	}
	if year := find("E07000122", "publictechnology.net 2017-07-10"); year.End.String() != "2030" {
		t.Errorf("end %s, want 2030", year.End)
	}
	for _, x := range []struct {
		council, ref string
		months       int
		because      string
	}{
		{"E06000018", "ocds-h6vhtk-058879", 24, "2 x 12 months"},
		{"E06000052", "ocds-h6vhtk-05cc35", 60, "to 2036-01-11"},
		{"E06000003", "ocds-h6vhtk-0488a8", 0, "'3 years' is its term"},
		{"E06000031", "democracy.peterborough.gov.uk ieDecisionDetails Id=1950", 0, "may be within the stated end"},
		{"E06000038", "democracy.reading.gov.uk AIId=11439", 0, "'3+3': of what is not said"},
		{"E08000006", "sccdemocracy.salford.gov.uk mgAi ID=27887", 36, "plus 3 x 12 months"},
		{"W06000006", "ocds-h6vhtk-0589da", 12, "one year beyond a stated term"},
		{"E10000028", "moderngov.staffordshire.gov.uk ID=2189", 0, "the extension is the contract"},
		{"E06000047", "ocds-h6vhtk-0583dd", 0, "three terms in a row"},
		{"E09000014", "minutes.haringey.gov.uk ieDecisionDetails ID=3310", 0, "already in the end"},
		{"E07000194", "councilgateway decisions/137283 (lichfielddc ID=782)", 48, "two further two-year periods"},
		{"E06000019", "councillors.herefordshire.gov.uk ieDecisionDetails Id=4916", 0, "'five years' is its term"},
		{"E07000143", "ocds-h6vhtk-05623a", 6, "six months beyond a stated term"},
		{"E09000022", "moderngov.lambeth.gov.uk mgDecisionDetails IId=59817", 24, "2 years to 2025-03-31"},
		{"E07000076", "tdcdemocracy.tendringdc.gov.uk ID=12674", 0, "'6 months' is its term"},
		{"E08000004", "committees.oldham.gov.uk mgAi ID=44188", 60, "a further 5 years"},
		{"E10000012", "ocds-h6vhtk-05461e", 60, "five years beyond a stated term"},
		{"E10000020", "ocds-h6vhtk-03361f", 48, "up to 8 years from the start"},
	} {
		if got := find(x.council, x.ref).ExtensionMonths; got != x.months {
			t.Errorf("%s %s: %d months of extension, want %d: %s", x.council, x.ref, got, x.months, x.because)
		}
	}
}

func TestNoContactDetails(t *testing.T) {
	f := load(t)
	contact := regexp.MustCompile(`@\w|\+44|\b0\d{2,4} \d{3,4} ?\d{3,4}\b|\b(Mr|Mrs|Ms|Dr|Cllr|Councillor) [A-Z]`)
	check := func(ref string, texts ...string) {
		for _, s := range texts {
			if found := contact.FindString(s); found != "" && s != "Information@Work" {
				t.Errorf("%s: %q in %q", ref, found, s)
			}
		}
	}
	source := func(ref string, s catalogue.Source) { check(ref, s.Text, s.Reference, s.Note) }
	for _, c := range f.Contracts {
		check(c.Ref, c.Title, c.Supplier, c.Product, c.Extension, c.Route)
		source(c.Ref, c.Source)
	}
	for _, u := range f.Uses {
		check(u.Ref, u.WrittenAs)
		source(u.Ref, u.Source)
	}
	for _, p := range f.Platforms {
		check(p.ID, append(slices.Clone(p.Aliases), p.Name, p.Supplier, p.Summary, p.Evidence)...)
	}
}

// The facts pass the catalogue's own rules, and importing them again changes nothing.
func TestImport(t *testing.T) {
	ctx := context.Background()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "facts.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	asOf := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	c, err := catalogue.Open(ctx, store, catalogue.Options{Clock: func() time.Time { return asOf }})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []catalogue.Imported{{Created: 252 + 635 + 136 + 41 + 6}, {Unchanged: 252 + 635 + 136 + 41 + 6}} {
		got, err := c.Import(ctx, catalogue.Operator("command"), load(t).Items(), catalogue.ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range got.Errors {
			t.Errorf("%s: %s: %s", load(t).Items()[e.Item].Key(), e.Field, e.Message)
		}
		if got.Created != want.Created || got.Unchanged != want.Unchanged || got.Updated != 0 {
			t.Errorf("import %d: %d created, %d updated, %d unchanged", i+1, got.Created, got.Updated, got.Unchanged)
		}
	}
}
