package exchange

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Which column of a file is which field of the register. Columns are known by their titles, never by their places.

// Mapping says under which title of a file a field stands, by the field's name. A field with an empty title is not read,
// whatever its column looks like.
type Mapping map[string]string

// Column is a column of a file, and what it was taken for.
type Column struct {
	Name     string   // its title, or where it has none of its own its letter: what a Mapping calls it
	Field    string   // empty: not used
	Note     string   // why it is not used, or what else to know; empty where there is nothing
	Examples []string // the first few different values

	at     int // position in a row, from 0
	points int // how well its title fits the field
}

// How well a title fits: by the field's own name, the published title, or what people write.
const (
	fitsName    = 6
	fitsTitle   = 5
	fitsVariant = 4
	asWords     = 2 // less: only once brackets are left out, or in another order of words
)

// titles are the fields by every title they have.
var titles = sync.OnceValue(func() map[string]fit {
	known := map[string]fit{}
	add := func(title, field string, points int) {
		for i, key := range []string{plainTitle(title), sortedTitle(title)} {
			f := fit{field, points - i*asWords}
			if old, ok := known[key]; !ok || old.points < f.points {
				known[key] = f
			}
		}
	}
	for _, f := range registerFields {
		add(f.Name, f.Name, fitsName)
		add(f.Title, f.Name, fitsTitle)
		for _, v := range f.variants {
			add(v, f.Name, fitsVariant)
		}
	}
	return known
})

type fit struct {
	field  string
	points int
}

// fieldOf is the field that a title names, and how well it fits it.
func fieldOf(title string) (field string, points int) {
	if strings.Contains(title, "000") {
		return "", 0 // amounts in thousands: a person must say what to do with them
	}
	if f, ok := titles()[plainTitle(title)]; ok {
		return f.field, f.points
	}
	bare := plainTitle(dropBrackets(title))
	for _, key := range []string{bare, sortedTitle(title), sortedTitle(bare)} {
		if f, ok := titles()[key]; ok && key != "" {
			return f.field, max(1, f.points-asWords)
		}
	}
	for _, key := range []string{plainTitle(title), bare} {
		if field := spokenOf(strings.Fields(key)); field != "" {
			return field, 1
		}
	}
	return "", 0
}

// spoken is how people speak of a field: all words of a title are in one of the lists, and one of them tells. Blanks stand
// around each word.
type spoken struct{ field, tells, among string }

// spokenOf is the field that a title speaks of in words of its own, such as 'Date Contract Commences'; the better known
// titles come first, so that this says nothing of 'Extension end date'.
func spokenOf(words []string) string {
	if len(words) > 10 {
		return ""
	}
	for i, w := range words {
		words[i] = " " + w + " " // as the lists below have them
	}
	for _, s := range []spoken{
		{fieldStart, " start starts starting commence commences commencing commenced commencement begin begins beginning ", " contract agreement date of the initial current original actual period dd mm yyyy yy on "},
		{fieldEnd, " end ends ending expire expires expiring expired expiry expiration finish finishes ", " contract agreement date of the initial current original actual period dd mm yyyy yy on "},
		{fieldValue, " value worth sum ", " contract agreement total whole life lifetime overall full of the gbp ex excluding vat net estimated approximate approx contracted awarded award over term in pounds agreed "},
		{fieldSupplier, " supplier suppliers contractor contractors provider providers vendor vendors ", " name names of the successful appointed awarded company main lead current contracted trading organisation "},
		{fieldExtension, " extension extensions extend renewal renewals ", " contract option options to possible potential available period periods any provision provisions optional permitted maximum for of and the details if applicable further remaining "},
		{fieldNotice, " notice ", " period of termination contract required months month weeks days for the to terminate in written end "},
		{fieldBreak, " break ", " clause clauses date dates point points option contract next the y n yes number any if applicable of or "},
		{fieldTerm, " term duration length ", " contract of the initial in months month years year period agreement "},
	} {
		tells := func(w string) bool { return strings.Contains(s.tells, w) }
		if slices.ContainsFunc(words, tells) && !slices.ContainsFunc(words, func(w string) bool { return !tells(w) && !strings.Contains(s.among, w) }) {
			return s.field
		}
	}
	return ""
}

// plainTitle is a title as lower-case words: 'ContractReference' and 'Contract ref. no.' alike in what they can be.
func plainTitle(s string) string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, titleWord(string(word)))
			word = word[:0]
		}
	}
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			capital := unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1]))
			if capital {
				flush()
			}
			word = append(word, unicode.ToLower(r))
		case r == '\'' || r == '’':
		case r == '&' || r == '+':
			flush()
			words = append(words, "and")
		default:
			flush()
		}
	}
	flush()
	return strings.Join(words, " ")
}

// titleWord is the one of words that titles use alike.
func titleWord(w string) string {
	switch w {
	case "no", "nr", "num", "nos":
		return "number"
	case "ref":
		return "reference"
	case "organization":
		return "organisation"
	case "dept":
		return "department"
	case "desc":
		return "description"
	case "codes":
		return "code"
	case "dates":
		return "date"
	case "excl", "exc":
		return "ex"
	case "inc", "incl":
		return "including"
	case "est":
		return "estimated"
	case "max":
		return "maximum"
	}
	return w
}

// sortedTitle is a title's words without those that say little, in order of the alphabet.
func sortedTitle(s string) string {
	words := strings.Fields(plainTitle(s))
	words = slices.DeleteFunc(words, func(w string) bool {
		switch w {
		case "the", "of", "a", "and", "or", "for", "gbp", "mandatory", "required", "optional":
			return true
		}
		return false
	})
	slices.Sort(words)
	return strings.Join(words, " ")
}

func dropBrackets(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '(', '[':
			depth++
		case ')', ']':
			depth = max(0, depth-1)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// columnsOf reads a row of titles. Where two columns claim one field, the better match has it, and the other says so.
func columnsOf(cells []string, m Mapping) []Column {
	var all []Column
	names := map[string]bool{}
	for i, cell := range cells {
		name := cut(cellText(cell))
		if name == "" {
			continue
		}
		if names[foldName(name)] {
			name += " (column " + letter(i) + ")"
		}
		names[foldName(name)] = true
		c := Column{Name: name, at: i}
		c.Field, c.points = fieldOf(cellText(cell))
		if strings.Contains(name, "000") {
			c.Note = "Not used: this seems to hold thousands of pounds. Write whole pounds, and give it the title 'Contract value'"
		}
		all = append(all, c)
	}
	best := map[string]int{}
	for i, c := range all {
		if j, ok := best[c.Field]; c.Field != "" && (!ok || c.points > all[j].points) {
			best[c.Field] = i
		}
	}
	for i := range all {
		c := &all[i]
		title, mapped := m[c.Field]
		switch {
		case c.Field == "":
		case mapped && foldName(title) != foldName(c.Name):
			c.Field = "" // somebody said which it is
		case !mapped && best[c.Field] != i:
			c.Note = "Not used: '" + all[best[c.Field]].Name + "' is taken as the " + inWords(c.Field) + ". If this is the one, say so in the mapping"
			c.Field = ""
		}
	}
	return all
}

// letter is what spreadsheets call a column.
func letter(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

func foldName(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// inWords is a field in words, as messages call it.
func inWords(field string) string { return plainTitle(field) }

// placed gives every field of the mapping, and every recognised one that it does not name, the position of its column.
// What the mapping says that the file does not bear out is told of.
func placed(columns []Column, m Mapping, header int) (at map[string]int, names map[string]string, problems []Problem) {
	at, names = map[string]int{}, map[string]string{}
	for _, c := range columns {
		if c.Field != "" {
			at[c.Field], names[c.Field] = c.at, c.Name
		}
	}
	for _, field := range slices.Sorted(maps.Keys(m)) {
		title := m[field]
		if _, ok := registerField(field); !ok {
			problems = append(problems, Problem{header, cut(field), "The mapping names a field that there is none of: the fields are those of the guidance, such as ContractReference and EndDate"})
			continue
		}
		delete(at, field)
		delete(names, field)
		if title == "" {
			continue
		}
		i := slices.IndexFunc(columns, func(c Column) bool { return foldName(c.Name) == foldName(cut(title)) })
		if i < 0 {
			problems = append(problems, Problem{header, cut(title), "The mapping names a column that the file does not have, for the " + inWords(field) + ": use the title as it stands in the file"})
			continue
		}
		at[field], names[field] = columns[i].at, columns[i].Name
	}
	return at, names, problems
}

// header is a row that may be the one with the titles.
type header struct {
	row     int
	cells   []string
	columns []Column
	points  int // of what is recognised in it
}

// maxHead is how many rows with something in them are looked at for the titles.
const maxHead = 30

// headerOf finds the row of titles: the one in which most is recognised. Where nothing is, it is the first of the rows
// with most cells.
func headerOf(t table, m Mapping) (header, *Problem) {
	var best header
	var above []string // the row before
	widest, seen := 0, 0
	p := t.walk(func(row int, cells []string) bool {
		filled := 0
		for _, c := range cells {
			if cellText(c) != "" {
				filled++
			}
		}
		if filled == 0 {
			return true
		}
		seen++
		h := header{row: row, cells: slices.Clone(cells), columns: columnsOf(cells, m)}
		h.points = h.recognised(m)
		if two := joinedTitles(above, cells); two != nil { // titles that stand in two rows, one under the other
			both := header{row: row, cells: two, columns: columnsOf(two, m)}
			if both.points = both.recognised(m); both.points >= max(h.points, best.points)+2 {
				h = both
			}
		}
		above = h.cells
		if cmp.Or(cmp.Compare(h.points, best.points), cmp.Compare(filled, widest)) > 0 || seen == 1 {
			best, widest = h, filled
		}
		return seen < maxHead
	})
	return best, p
}

// joinedTitles are the titles of two rows, 'Contract' over 'Reference' and 'Title'; a blank cell of the first continues the
// one before it, as merged cells do. Nil where the first row is none of titles.
func joinedTitles(above, cells []string) []string {
	joined := make([]string, len(cells))
	group, groups := "", 0
	for i, cell := range cells {
		if i < len(above) && cellText(above[i]) != "" {
			group = cellText(above[i])
			groups++
		}
		joined[i] = strings.TrimSpace(group + " " + cellText(cell))
	}
	if groups < 2 {
		return nil
	}
	return joined
}

// recognised counts the fields found, those that must be there twice.
func (h header) recognised(m Mapping) int {
	n := 0
	at, _, _ := placed(h.columns, m, h.row)
	for field := range at {
		n++
		if f, _ := registerField(field); f.Needed {
			n++
		}
	}
	return n
}

func (c *Column) example(value string) {
	if value = cut(value); value != "" && len(c.Examples) < 3 && !slices.Contains(c.Examples, value) {
		c.Examples = append(c.Examples, value)
	}
}

// cellText is what a cell says: without blanks around it and the marks by which spreadsheets are told that it is text.
func cellText(s string) string {
	s = strings.Trim(s, " \t\r\n\u00a0\ufeff\u200b")
	if inner, ok := strings.CutPrefix(s, `="`); ok && strings.HasSuffix(inner, `"`) {
		s = strings.TrimSuffix(inner, `"`)
	}
	if inner, ok := strings.CutPrefix(s, "'"); ok && strings.IndexAny(inner, "=+-@＝＋－＠0123456789") == 0 {
		s = inner
	}
	return s
}
