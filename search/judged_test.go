package search_test

// Judged queries: what stands in testdata/judged-*.txt, read and held against records. testdata/README.md says how lines
// are written.

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// judged is a query with what it should find.
type judged struct {
	kind, text string
	parts      []gradedPart
}

// gradedPart gives a grade to the records that fit one of its selectors.
type gradedPart struct {
	grade int
	any   []selector
}

// selector fits records of a kind that meet all conditions.
type selector struct {
	written string
	kind    catalogue.Kind
	id      string
	all     []condition
}

type condition struct {
	field string
	ids   []string       // for codes, IDs and capabilities
	words *regexp.Regexp // for names and titles
}

// readJudged reads a file of judged queries.
func readJudged(t testing.TB, name string) []judged {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var out []judged
	for n, line := range strings.Split(string(raw), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		fields := strings.SplitN(line, " | ", 3)
		if len(fields) != 3 {
			t.Fatalf("%s, line %d: want kind | query | judgement", name, n+1)
		}
		j := judged{kind: fields[0], text: fields[1]}
		for _, part := range strings.Split(fields[2], ";") {
			parts, err := parsePart(strings.TrimSpace(part))
			if err != nil {
				t.Fatalf("%s, line %d: %v", name, n+1, err)
			}
			j.parts = append(j.parts, parts...)
		}
		out = append(out, j)
	}
	return out
}

func parsePart(part string) ([]gradedPart, error) {
	head, rest, _ := strings.Cut(part, " ")
	if grade, err := strconv.Atoi(head); err == nil {
		one := gradedPart{grade: grade}
		for _, written := range splitOutside(rest) {
			s, err := parseSelector(written)
			if err != nil {
				return nil, err
			}
			one.any = append(one.any, s)
		}
		return []gradedPart{one}, nil
	}
	var short string
	switch head {
	case "need":
		capability, groups, _ := strings.Cut(rest, " ")
		short = fmt.Sprintf("3 platform[capability=%s];2 contract[capability=%[1]s], intention[capability=%[1]s], group[capability=%[1]s];1 service[capability=%[1]s]", capability)
		if groups != "" {
			short += ";2 intention[group=" + strings.ReplaceAll(groups, " ", ",") + "]"
		}
	case "product":
		short = fmt.Sprintf("3 platform/%s;2 contract[platform=%[1]s]", rest)
	case "supplier":
		short = fmt.Sprintf("3 supplier[supplier=%s];2 platform[supplier=%[1]s];1 contract[supplier=%[1]s], intention[supplier=%[1]s]", rest)
	case "council":
		short = fmt.Sprintf("3 council/%s;1 contract[council=%[1]s], intention[council=%[1]s], group[council=%[1]s]", rest)
	default:
		return nil, fmt.Errorf("%q is no part", part)
	}
	var out []gradedPart
	for _, p := range strings.Split(short, ";") {
		parts, err := parsePart(p)
		if err != nil {
			return nil, err
		}
		out = append(out, parts...)
	}
	return out, nil
}

// splitOutside splits at commas that stand in no brackets.
func splitOutside(s string) []string {
	var out []string
	depth, from := 0, 0
	for i, r := range s {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case r == ',' && depth == 0:
			out, from = append(out, strings.TrimSpace(s[from:i])), i+1
		}
	}
	return append(out, strings.TrimSpace(s[from:]))
}

// conditionField finds where the conditions of a selector begin: values may hold blanks.
var conditionField = regexp.MustCompile(`(?:^| )(capability|council|platform|supplier|name|title|ref|group)=`)

func parseSelector(written string) (selector, error) {
	s := selector{written: written}
	if kind, id, ok := strings.Cut(written, "/"); ok && !strings.Contains(kind, "[") {
		s.kind, s.id = catalogue.Kind(kind), id
		return s, nil
	}
	kind, rest, ok := strings.Cut(strings.TrimSuffix(written, "]"), "[")
	if !ok {
		return s, fmt.Errorf("%q selects nothing", written)
	}
	s.kind = catalogue.Kind(kind)
	at := conditionField.FindAllStringSubmatchIndex(rest, -1)
	for i, m := range at {
		end := len(rest)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		c := condition{field: rest[m[2]:m[3]]}
		value := rest[m[1]:end]
		switch c.field {
		case "supplier", "name", "title":
			var names []string
			for _, v := range strings.Split(value, "|") {
				names = append(names, regexp.QuoteMeta(strings.TrimSpace(v)))
			}
			pattern := `(?i)\b(?:` + strings.Join(names, "|") + `)`
			if c.field == "supplier" {
				pattern = `(?i)^(?:the )?(?:` + strings.Join(names, "|") + `)\b`
			}
			c.words = regexp.MustCompile(pattern)
		default:
			c.ids = strings.Split(value, ",")
		}
		s.all = append(s.all, c)
	}
	if len(s.all) == 0 {
		return s, fmt.Errorf("%q selects nothing", written)
	}
	return s, nil
}

// corpus is the records that queries are judged on.
type corpus struct {
	items  []catalogue.Item
	groups map[string]string // of labelled intentions, by reference
	today  time.Time
}

// grades are the grades of the records that are judged for a query. A selector that fits nothing is a slip in the file.
func (c *corpus) grades(t testing.TB, j judged) map[catalogue.Key]int {
	t.Helper()
	out := map[catalogue.Key]int{}
	for _, p := range j.parts {
		for _, s := range p.any {
			for _, item := range c.items {
				if c.fits(item, s) && !c.ended(item) {
					out[item.Key()] = max(out[item.Key()], p.grade)
				}
			}
		}
	}
	if len(out) == 0 {
		t.Errorf("%q: nothing in the corpus is judged for it", j.text)
	}
	return out
}

func (c *corpus) ended(item catalogue.Item) bool {
	switch it := item.(type) {
	case *catalogue.Contract:
		return it.Ended(c.today)
	case *catalogue.Intention:
		return it.Ended(c.today)
	case *catalogue.BuyingGroup:
		return it.Ended(c.today)
	}
	return false
}

func (c *corpus) fits(item catalogue.Item, s selector) bool {
	key := item.Key()
	if key.Kind != s.kind {
		return false
	}
	if s.id != "" {
		return key.ID == s.id || key.Kind == catalogue.KindIntention && catalogue.MetaOf(item).Ref == s.id
	}
	for _, cond := range s.all {
		if !slices.ContainsFunc(c.values(item, cond.field), func(v string) bool {
			if cond.words != nil {
				return cond.words.MatchString(v)
			}
			return v != "" && slices.Contains(cond.ids, v)
		}) {
			return false
		}
	}
	return true
}

// values are what a record has of a field that selectors speak of.
func (c *corpus) values(item catalogue.Item, field string) []string {
	ref := catalogue.MetaOf(item).Ref
	switch field {
	case "ref":
		return []string{ref}
	case "group":
		return []string{c.groups[ref]}
	}
	var has map[string][]string
	switch it := item.(type) {
	case *catalogue.Platform:
		has = map[string][]string{"capability": it.Capabilities, "supplier": {it.Supplier}, "name": {it.Name}, "title": {it.Name}, "platform": {it.ID}}
	case *catalogue.Contract:
		has = map[string][]string{"capability": {it.Capability}, "council": {it.Council}, "platform": {it.Platform}, "supplier": {it.Supplier}, "title": {it.Title}}
	case *catalogue.Intention:
		has = map[string][]string{"capability": {it.Capability}, "council": {it.Council}, "supplier": {it.CurrentSupplier}, "title": {it.Title}}
	case *catalogue.BuyingGroup:
		has = map[string][]string{"capability": {it.Capability}, "council": {it.Lead}, "title": {it.Title}}
	case *catalogue.Council:
		has = map[string][]string{"council": {it.GSS}, "name": {it.Name}, "title": {it.Name}}
	case *catalogue.Supplier:
		has = map[string][]string{"supplier": {it.Name}, "name": {it.Name}, "title": {it.Name}}
	case *catalogue.Service:
		has = map[string][]string{"capability": {it.Capability}, "title": {it.Label}}
	}
	return has[field]
}

// gain is what showing a record of a grade is worth.
func gain(grade int) float64 { return math.Pow(2, float64(grade)) - 1 }

// ndcg is how near an order of records comes to the best there could be, over the first ten places.
func ndcg(shown []catalogue.Key, grades map[catalogue.Key]int) float64 {
	const places = 10
	var got, best float64
	for i, key := range shown[:min(len(shown), places)] {
		got += gain(grades[key]) / math.Log2(float64(i+2))
	}
	ideal := make([]int, 0, len(grades))
	for _, g := range grades {
		ideal = append(ideal, g)
	}
	slices.Sort(ideal)
	slices.Reverse(ideal)
	for i, g := range ideal[:min(len(ideal), places)] {
		best += gain(g) / math.Log2(float64(i+2))
	}
	return got / best
}

// success says that one of the first three is what was sought, or helps much.
func success(shown []catalogue.Key, grades map[catalogue.Key]int) bool {
	return slices.ContainsFunc(shown[:min(len(shown), 3)], func(k catalogue.Key) bool { return grades[k] >= 2 })
}
