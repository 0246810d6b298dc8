package register

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// copied is the embedded data with one string replaced by another in one file.
func copied(t *testing.T, file, old, new string) fstest.MapFS {
	t.Helper()
	data := fstest.MapFS{}
	names, err := fs.Glob(embedded, "data/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(embedded, name)
		if err != nil {
			t.Fatal(err)
		}
		name = strings.TrimPrefix(name, "data/")
		if name == file {
			if !strings.Contains(string(content), old) {
				t.Fatalf("%s has no %q", file, old)
			}
			content = []byte(strings.Replace(string(content), old, new, 1))
		}
		data[name] = &fstest.MapFile{Data: content}
	}
	return data
}

func TestLoadRefuses(t *testing.T) {
	for why, test := range map[string]struct{ file, old, new, message string }{
		"a column renamed":          {"councils.csv", "gss,name", "code,name", "councils.csv: columns"},
		"a council twice":           {"councils.csv", "E06000002,", "E06000001,", "E06000001 is there twice"},
		"a short code twice":        {"councils.csv", ",MDB,", ",HPL,", "HPL is there twice"},
		"an unknown tier":           {"councils.csv", "single", "middle", "councils.csv:2: tier"},
		"an unknown type":           {"councils.csv", "Unitary authority", "Unitary", "councils.csv:2: type"},
		"an unknown nation":         {"councils.csv", ",England,", ",Albion,", "councils.csv:2: nation"},
		"an unknown neighbour":      {"councils.csv", "E06000003;E06000004", "E99999999;E06000004", "E99999999"},
		"a neighbour twice":         {"councils.csv", "E06000003;E06000004", "E06000004;E06000004", "repeated"},
		"an unknown county":         {"councils.csv", ",Cambridgeshire,cambridge.", ",Rutlandshire,cambridge.", "unknown county"},
		"a district by itself":      {"councils.csv", ",Cambridgeshire,cambridge.", ",,cambridge.", "has a county"},
		"a hex taken":               {"councils.csv", ",8,17,", ",8,18,", "share a hex"},
		"a latitude in words":       {"councils.csv", "54.66901", "north", "councils.csv:2: latitude"},
		"stray spaces":              {"councils.csv", "Hartlepool,", "Hartlepool ,", "councils.csv:2: name"},
		"no name":                   {"councils.csv", "E06000001,Hartlepool,", "E06000001,,", "councils.csv:2: name is blank"},
		"a domain that is no ASCII": {"councils.csv", "hartlepool.gov.uk", "hаrtlepool.gov.uk", "councils.csv:2: domain"},
		"a row too short":           {"councils.csv", "E06000002,Middlesbrough,", "E06000002,", "councils.csv"},
		"an alias of no council":    {"aliases.csv", "E06000033", "E06999999", "aliases.csv:2: gss"},
		"an alias of two councils":  {"aliases.csv", "Shepway District Council", "Wyre Borough Council", "names two councils"},
		"an alias without a place":  {"aliases.csv", "Shepway District Council", "District Council", "names no place"},
		"a reorganised nobody":      {"reorganisation.csv", "E07000008", "E07999999", "reorganisation.csv:2: gss"},
		"a reorganisation twice":    {"reorganisation.csv", "E10000003", "E07000008", "twice"},
		"a vesting date in words":   {"reorganisation.csv", "2028-04-01", "April 2028", "reorganisation.csv:2: vesting_date"},
		"an unknown status":         {"reorganisation.csv", ",consultation,", ",rumour,", "reorganisation.csv:2: status"},
		"an unknown source":         {"reorganisation.csv", "consultation,consultation", "consultation,hearsay", "hearsay"},
		"a service twice":           {"services.csv", "\n2,", "\n1,", "services.csv:3: lgsl"},
		"a service of no tier":      {"services.csv", "single;upper", "single;top", "services.csv:2: council_tiers"},
		"an interaction twice":      {"interactions.csv", "\n1,", "\n0,", "interactions.csv:3: lgil"},
		"a code too short":          {"cpv.csv", "03000000", "3000000", "cpv.csv:2: cpv"},
		"a code twice":              {"cpv.csv", "09000000", "03000000", "twice"},
		"a code of no parent":       {"cpv.csv", ",30170000\n", ",30170001\n", "30170001"},
		"two thresholds at once":    {"rules.csv", "2025-12-31", "2026-01-01", "two rules at once"},
		"a value without a unit":    {"rules.csv", "214904,GBP inc VAT", "214904,", "rules.csv:2"},
		"a value in words":          {"rules.csv", "214904", "lots", "rules.csv:2: value"},
		"an end before the start":   {"rules.csv", "2025-12-31", "2023-12-31", "ends before"},
		"an unknown kind":           {"rules.csv", "threshold,", "limit,", "rules.csv:2: kind"},
		"a source of no file":       {"sources.csv", "cpv.csv", "cvp.csv", "sources.csv"},
	} {
		t.Run(why, func(t *testing.T) {
			_, err := load(copied(t, test.file, test.old, test.new))
			if err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("load gives %v, want %q", err, test.message)
			}
		})
	}
}

func TestLoadNeedsEveryFile(t *testing.T) {
	for file := range copied(t, "", "", "") {
		data := copied(t, "", "", "")
		delete(data, file)
		if _, err := load(data); err == nil {
			t.Errorf("load is content without %s", file)
		}
	}
}

func TestVersionFollowsTheData(t *testing.T) {
	version := func(data fs.FS) string {
		r, err := load(data)
		if err != nil {
			t.Fatal(err)
		}
		return r.Version()
	}
	same, again := version(copied(t, "", "", "")), version(copied(t, "", "", ""))
	if same != again || same == "" {
		t.Errorf("the same data has the versions %q and %q", same, again)
	}
	for file, change := range map[string][2]string{
		"councils.csv": {"93836", "93837"},
		"rules.csv":    {"214904", "214905"},
		"aliases.csv":  {"short form", "brand"},
	} {
		if version(copied(t, file, change[0], change[1])) == same {
			t.Errorf("a change of %s does not change the version", file)
		}
	}
	r, err := Load()
	if err != nil || r.Version() != same {
		t.Errorf("Load has version %q, %v, want %q", r.Version(), err, same)
	}
}
