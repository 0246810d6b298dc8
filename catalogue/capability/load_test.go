package capability

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// smallest is a taxonomy and dictionary without a fault.
func smallest() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"areas.csv":        "id,name\nlibraries,Libraries\n",
		"capabilities.csv": "id,name,area,underpinning,tiers,cpv,purchase\nlibraries,Library management,libraries,n,upper,48160000,software\n",
		"needs.csv":        "id,name,purchase\nlibraries/book-stock,Book stock,goods\n",
		"dictionary.csv":   "# comment\nterm,kind,capability,need,means,weight,exact,with,without\nlibrary system,name,libraries,,,,,,\nbook stock,name,libraries,libraries/book-stock,,,,,\n",
		"names.csv":        "term,kind,capability,need,means,weight,exact,with,without\nSpydus,product,libraries,,,,,,\n",
	} {
		files["data/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestLoadNamesFileAndLineOfAFault(t *testing.T) {
	if _, err := load(smallest()); err != nil {
		t.Fatalf("faultless files: %v", err)
	}
	tests := []struct {
		name, file, add, want string
	}{
		{"area out of order", "areas.csv", "ai,Artificial intelligence\n", "areas.csv:3: area \"ai\" is out of order"},
		{"area without a name", "areas.csv", "zoo,\n", "areas.csv:3: an area needs an id and a name"},
		{"capability of no area", "capabilities.csv", "zoo,Zoo,zoo,n,all,48000000,\n", "capabilities.csv:3: unknown area \"zoo\""},
		{"capability without CPV", "capabilities.csv", "zoo,Zoo,libraries,n,all,,\n", "capabilities.csv:3: a capability needs"},
		{"capability bought as what", "capabilities.csv", "zoo,Zoo,libraries,n,all,48000000,animals\n", "capabilities.csv:3: unknown kind of purchase \"animals\""},
		{"need of no capability", "needs.csv", "zoo/lion,Lion,\n", "needs.csv:3: need \"zoo/lion\": unknown capability \"zoo\""},
		{"need without a name", "needs.csv", "libraries/zoo,,\n", "needs.csv:3: a need needs"},
		{"need twice", "needs.csv", "libraries/book-stock,Book stock,goods\n", "needs.csv:3: need \"libraries/book-stock\" is out of order"},
		{"need bought as what", "needs.csv", "libraries/zoo,Zoo,animals\n", "needs.csv:3: unknown kind of purchase \"animals\""},
		{"unknown capability", "dictionary.csv", "lion,name,zoo,,,,,,\n", "dictionary.csv:5: unknown capability or need \"zoo\""},
		{"unknown need", "dictionary.csv", "lion,name,libraries,libraries/zoo,,,,,\n", "dictionary.csv:5: unknown capability or need"},
		{"need of another capability", "dictionary.csv", "lion,name,zoo,libraries/book-stock,,,,,\n", "dictionary.csv:5: need \"libraries/book-stock\" is not of capability \"zoo\""},
		{"unknown kind", "dictionary.csv", "lion,beast,libraries,,,,,,\n", "dictionary.csv:5: unknown kind \"beast\""},
		{"no term", "dictionary.csv", "?,name,libraries,,,,,,\n", "dictionary.csv:5: no term"},
		{"no capability", "dictionary.csv", "lion,name,,,,,,,\n", "dictionary.csv:5: a name needs a capability"},
		{"bad weight", "dictionary.csv", "lion,name,libraries,,,heavy,,,\n", "dictionary.csv:5: weight \"heavy\" is not a number"},
		{"weight not a number", "dictionary.csv", "lion,name,libraries,,,NaN,,,\n", "dictionary.csv:5: weight \"NaN\" is not a number"},
		{"bad exact", "dictionary.csv", "lion,name,libraries,,,,yes,,\n", "dictionary.csv:5: exact is \"yes\""},
		{"bad context", "dictionary.csv", "lion,name,libraries,,,,,Zoo,\n", "dictionary.csv:5: context word \"Zoo\""},
		{"purchase of what", "dictionary.csv", "lion,purchase,,,animals,,,,\n", "dictionary.csv:5: means is \"animals\""},
		{"same term again", "dictionary.csv", "Library Systems,part,libraries,,,,,,\n", "dictionary.csv:5: \"Library Systems\" stands already at dictionary.csv:3"},
		{"fields missing", "dictionary.csv", "lion,name\n", "dictionary.csv: record on line 5: wrong number of fields"},
		{"product with two names", "names.csv", "SPYDUS,product,libraries,libraries/book-stock,Other,,,,\n", "names.csv:3: product \"SPYDUS\" is \"Spydus\" already"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := smallest()
			files["data/"+tt.file].Data = append(files["data/"+tt.file].Data, tt.add...)
			_, err := load(files)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	t.Run("wrong columns", func(t *testing.T) {
		files := smallest()
		files["data/needs.csv"].Data = []byte("id,title,purchase\n")
		if _, err := load(files); err == nil || !strings.Contains(err.Error(), "needs.csv: columns are") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no file", func(t *testing.T) {
		files := smallest()
		delete(files, "data/names.csv")
		if _, err := load(files); err == nil || !strings.Contains(err.Error(), "names.csv") {
			t.Errorf("got %v", err)
		}
	})
}

func TestVersionTellsOfAChange(t *testing.T) {
	version := func(files fs.FS) string {
		d, err := load(files)
		if err != nil {
			t.Fatal(err)
		}
		return d.Version()
	}
	changed := smallest()
	changed["data/dictionary.csv"].Data = append(changed["data/dictionary.csv"].Data, "lending,part,libraries,,,,,,\n"...)
	if version(smallest()) == version(changed) {
		t.Error("a new term left the version as it was")
	}
}
