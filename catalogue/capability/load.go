package capability

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// The taxonomy and the dictionary: facts of the field, in files that a
// procurement person can read and extend.
//
//go:embed data/*.csv
var embedded embed.FS

// Load reads and checks the embedded taxonomy and dictionary. An error names
// the file and the line at fault.
func Load() (*Dictionary, error) { return load(embedded) }

// load reads and checks the files of a folder data.
func load(files fs.FS) (*Dictionary, error) {
	l := loader{
		files: files,
		hash:  sha256.New(),
		d: &Dictionary{
			vocabulary: vocabulary{words: map[string]int32{}, cues: map[string]int32{}},
			needs:      newTrie(), purchases: newTrie(), things: newTrie(),
			questions: map[string]bool{}, products: map[string]int32{}, suppliers: map[string]string{},
		},
		concepts: map[conceptKey]int32{},
		seen:     map[string]string{},
		places:   map[string]bool{},
		usual:    map[string]bool{},
	}
	fmt.Fprintln(l.hash, "way of reading", wayOfReading)
	l.read("areas.csv", l.area, "id", "name")
	l.read("capabilities.csv", l.capability, "id", "name", "area", "underpinning", "tiers", "cpv", "purchase")
	l.read("needs.csv", l.need, "id", "name", "purchase")
	for _, file := range []string{"dictionary.csv", "names.csv"} {
		l.read(file, l.term, "term", "kind", "capability", "need", "means", "weight", "exact", "with", "without")
	}
	if err := errors.Join(l.faults...); err != nil {
		return nil, err
	}
	l.finish()
	return l.d, nil
}

// wayOfReading is part of the version: raise it with any change of the code that
// reads the same text differently.
const wayOfReading = 7

// loader gathers faults, so that whoever edits a file sees many of them at once.
type loader struct {
	files    fs.FS
	hash     hash.Hash
	at       string // file and line that is being read
	d        *Dictionary
	concepts map[conceptKey]int32
	seen     map[string]string // what must be unique, and where it stood first
	places   map[string]bool
	usual    map[string]bool // product names that have their usual meaning
	faults   []error
}

type conceptKey struct {
	target int
	kind   kind
	means  string
}

// maxFaults is how many faults are told at once.
const maxFaults = 20

// read goes through a CSV file with these columns. Lines that start with # are comments.
func (l *loader) read(name string, row func(fields []string) error, columns ...string) {
	data, err := fs.ReadFile(l.files, "data/"+name)
	if err != nil {
		l.faults = append(l.faults, fmt.Errorf("read the dictionary: %w", err))
		return
	}
	fmt.Fprintf(l.hash, "%s %d\n%s", name, len(data), data)
	r := csv.NewReader(strings.NewReader(string(data)))
	r.Comment = '#'
	r.FieldsPerRecord = len(columns)
	r.ReuseRecord = true
	header, err := r.Read()
	if err == nil && !slices.Equal(header, columns) {
		err = fmt.Errorf("columns are %q, want %q", header, columns)
	}
	for err == nil && len(l.faults) < maxFaults {
		var fields []string
		if fields, err = r.Read(); err != nil {
			break
		}
		line, _ := r.FieldPos(0)
		l.at = fmt.Sprintf("%s:%d", name, line)
		if fault := row(fields); fault != nil {
			l.faults = append(l.faults, fmt.Errorf("%s: %w", l.at, fault))
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		l.faults = append(l.faults, fmt.Errorf("%s: %w", name, err))
	}
}

func (l *loader) area(f []string) error {
	if f[0] == "" || f[1] == "" {
		return errors.New("an area needs an id and a name")
	}
	if n := len(l.d.areas); n > 0 && l.d.areas[n-1].ID >= f[0] {
		return fmt.Errorf("area %q is out of order", f[0])
	}
	l.d.areas = append(l.d.areas, Area{ID: f[0], Name: f[1]})
	return nil
}

func (l *loader) capability(f []string) error {
	c := Capability{ID: f[0], Name: f[1], Area: f[2], Underpinning: f[3] == "y", Tiers: f[4], CPV: strings.Fields(f[5]), Purchase: Purchase(f[6])}
	if n := len(l.d.capabilities); n > 0 && l.d.capabilities[n-1].ID >= c.ID {
		return fmt.Errorf("capability %q is out of order", c.ID)
	}
	if c.ID == "" || c.Name == "" || c.Tiers == "" || len(c.CPV) == 0 || f[3] != "y" && f[3] != "n" {
		return errors.New("a capability needs an id, a name, y or n for underpinning, tiers, and CPV codes")
	}
	if c.Purchase != "" && !c.Purchase.known() {
		return fmt.Errorf("unknown kind of purchase %q", c.Purchase)
	}
	if _, ok := l.d.Area(c.Area); !ok {
		return fmt.Errorf("unknown area %q", c.Area)
	}
	l.d.targets = append(l.d.targets, target{capability: len(l.d.capabilities)})
	l.d.capabilities = append(l.d.capabilities, c)
	return nil
}

func (l *loader) need(f []string) error {
	n := Need{ID: f[0], Name: f[1], Purchase: Purchase(f[2])}
	id, rest, _ := strings.Cut(n.ID, "/")
	i, ok := l.d.capabilityIndex(id)
	switch last := len(l.d.targets) - 1; {
	case !ok:
		return fmt.Errorf("need %q: unknown capability %q", n.ID, id)
	case rest == "" || n.Name == "":
		return errors.New("a need needs an id of the form capability/need, and a name")
	case l.d.targets[last].need.ID >= n.ID:
		return fmt.Errorf("need %q is out of order", n.ID)
	case n.Purchase != "" && !n.Purchase.known():
		return fmt.Errorf("unknown kind of purchase %q", n.Purchase)
	}
	l.d.targets = append(l.d.targets, target{capability: i, need: n})
	return nil
}

// row is one checked line of the dictionary.
type row struct {
	term, means   string
	kind          kind
	target        int // -1 for none
	weight        float32
	exact         bool
	with, without []int32
}

// term takes in one line of dictionary.csv or names.csv.
func (l *loader) term(f []string) error {
	r, err := l.parse(f)
	if err != nil {
		return err
	}
	key := fmt.Sprint(normal(r.term), r.exact && !r.kind.tells(), r.kind.group(), r.target, f[6:])
	if r.exact {
		key += r.term
	}
	if first, ok := l.seen[key]; ok {
		return fmt.Errorf("%q stands already at %s", r.term, first)
	}
	l.seen[key] = l.at
	switch r.kind {
	case kindQuestion:
		l.d.questions[normal(r.term)] = true
		return nil
	case kindPlace:
		l.places[normal(r.term)] = true
		return nil
	}
	e := entry{kind: r.kind, weight: r.weight, with: r.with, without: r.without, concept: l.concept(r)}
	if r.exact {
		e.exact = strings.FieldsFunc(r.term, func(c rune) bool { return c == ' ' || c == '-' })
		if len(e.exact) != len(tokenise(nil, r.term)) {
			return fmt.Errorf("%q is exact: want words of letters and digits", r.term)
		}
	}
	in := &l.d.needs
	switch r.kind {
	case kindPurchase:
		in = &l.d.purchases
	case kindThing, kindPerson:
		in = &l.d.things
	}
	for _, spelling := range spellings(r.term, r.exact) {
		in.add(l.numbers(spelling), e)
	}
	switch r.kind {
	case kindProduct:
		return l.product(r, e.concept)
	case kindSupplier:
		return l.supplier(r)
	}
	return nil
}

// parse checks the fields of a line.
func (l *loader) parse(f []string) (row, error) {
	r := row{term: strings.Clone(f[0]), kind: kind(f[1]), means: strings.Clone(cmp.Or(f[4], f[0])), target: -1, exact: f[6] == "y"}
	if r.kind == kindPerson {
		r.means = string(People)
	}
	weight, ok := r.kind.weight()
	id := cmp.Or(f[3], f[2])
	switch r.weight = weight; {
	case !ok:
		return r, fmt.Errorf("unknown kind %q", f[1])
	case normal(r.term) == "":
		return r, errors.New("no term")
	case f[6] != "" && f[6] != "y":
		return r, fmt.Errorf("exact is %q, want y or nothing", f[6])
	case id == "" && r.kind.tells() && r.kind != kindSupplier:
		return r, fmt.Errorf("a %s needs a capability", r.kind)
	case f[3] != "" && !strings.HasPrefix(f[3], f[2]+"/"):
		return r, fmt.Errorf("need %q is not of capability %q", f[3], f[2])
	case (r.kind == kindPurchase || r.kind == kindThing) && !Purchase(r.means).known():
		return r, fmt.Errorf("means is %q, want a kind of purchase", r.means)
	}
	if f[5] != "" {
		w, err := strconv.ParseFloat(f[5], 32)
		if err != nil || !(w > 0 && w <= 10) {
			return r, fmt.Errorf("weight %q is not a number above 0 and up to 10", f[5])
		}
		r.weight = float32(w)
	}
	if id != "" {
		if r.target, ok = l.d.targetIndex(id); !ok {
			return r, fmt.Errorf("unknown capability or need %q", id)
		}
	}
	var err error
	if r.with, err = l.cues(f[7]); err != nil {
		return r, err
	}
	r.without, err = l.cues(f[8])
	return r, err
}

// cues numbers the word beginnings of a "with" or "without" field.
func (l *loader) cues(field string) ([]int32, error) {
	var cues []int32
	for _, cue := range strings.Fields(field) {
		cue = singular(cue) // as the words are that it is held against
		if len(cue) < 2 || len(cue) > longestCue || cue != strings.ToLower(cue) {
			return nil, fmt.Errorf("context word %q: want 2 to %d small letters", cue, longestCue)
		}
		id, ok := l.d.vocabulary.cues[cue]
		if !ok {
			id = int32(len(l.d.vocabulary.cues))
			l.d.vocabulary.cues[strings.Clone(cue)] = id
		}
		cues = append(cues, id)
	}
	return cues, nil
}

// concept finds or makes the concept that a row belongs to.
func (l *loader) concept(r row) int32 {
	key := conceptKey{r.target, r.kind.group(), normal(r.means)}
	i, ok := l.concepts[key]
	if !ok {
		i = int32(len(l.d.concepts))
		l.concepts[key] = i
		l.d.concepts = append(l.d.concepts, concept{target: r.target, kind: r.kind.group(), means: r.means})
	}
	c := &l.d.concepts[i]
	c.weight = max(c.weight, r.weight)
	c.terms = append(c.terms, r.term)
	return i
}

// product records a product's name. Where one name stands for several things,
// the row that asks for no context says what it usually means.
func (l *loader) product(r row, concept int32) error {
	for _, name := range []string{normal(r.term), normal(r.means)} {
		before, ok := l.d.products[name]
		usual := r.with == nil && name == normal(r.term)
		switch {
		case !ok || usual && !l.usual[name]:
			l.d.products[name] = concept
		case usual && l.d.concepts[before].means != r.means:
			return fmt.Errorf("product %q is %q already", r.term, l.d.concepts[before].means)
		}
		l.usual[name] = l.usual[name] || usual
	}
	return nil
}

// supplier records a supplier's name.
func (l *loader) supplier(r row) error {
	for _, name := range []string{r.term, r.means} {
		key := supplierKey(name)
		if before, ok := l.d.suppliers[key]; ok && before != r.means {
			return fmt.Errorf("supplier %q is %q already", name, before)
		}
		l.d.suppliers[key] = r.means
	}
	return nil
}

// numbers turns a term into vocabulary numbers.
func (l *loader) numbers(term string) []int32 {
	var ids []int32
	for _, t := range tokenise(nil, term) {
		ids = append(ids, l.d.vocabulary.number(t.norm))
	}
	return ids
}

// finish works out what depends on all rows.
func (l *loader) finish() {
	d := l.d
	d.version = hex.EncodeToString(l.hash.Sum(nil)[:8])
	d.vocabulary.known = make([][]int32, len(d.vocabulary.words))
	for word, id := range d.vocabulary.words {
		d.vocabulary.known[id] = d.vocabulary.cuesOf(word)
	}
	d.spelling = newSpeller(d.vocabulary.words, l.places)
	d.told = make([][]int32, len(d.targets))
	for i, c := range d.concepts {
		if c.target >= 0 && c.kind == kindName {
			d.told[c.target] = append(d.told[c.target], int32(i))
		}
	}
}

// spellings lists the ways to write a term with hyphens: "e-forms" is also "eforms".
func spellings(term string, exact bool) []string {
	if joined := strings.ReplaceAll(term, "-", ""); joined != term && !exact {
		return []string{term, joined}
	}
	return []string{term}
}

// normal gives the normalised words of a text with single blanks.
func normal(text string) string {
	var b strings.Builder
	for i, t := range tokenise(nil, text) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.norm)
	}
	return b.String()
}
