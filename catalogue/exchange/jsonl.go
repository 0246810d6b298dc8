package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jointly/catalogue"
)

// maxLine is the length of the longest line that is read, in bytes.
const maxLine = 1 << 20

// line is one object of a JSON lines file, read field by field so that every fault has its column.
type line struct {
	file   *File
	row    int
	fields map[string]json.RawMessage
	read   []string
	failed bool
}

// eachLine reads a file of JSON lines; fn gets every object. Blank lines are passed over.
func (f *File) eachLine(r io.Reader, fn func(*line)) error {
	in := bufio.NewReaderSize(io.LimitReader(r, MaxFile+1), 1<<16)
	total, objects := 0, 0
	for row := 1; ; row++ {
		b, n, err := readLine(in)
		total += n
		if total > MaxFile {
			return ErrTooBig
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read: %w", err)
		}
		if row == 1 {
			b = bytes.TrimPrefix(b, []byte("\ufeff"))
		}
		if n > maxLine {
			f.fail(row, "", "This line is longer than 1 MB: shorten its texts")
		} else if len(bytes.TrimSpace(b)) > 0 {
			objects++
			if l := f.object(row, bytes.TrimSpace(b)); l != nil {
				fn(l)
				l.unknown()
			} else if objects == 1 && !looksWhole(b) {
				return nil // not a file of JSON lines: one message is enough
			}
		}
		if err != nil {
			break
		}
	}
	if objects == 0 {
		f.fail(1, "", "The file is empty: it needs one JSON object a line")
	}
	return nil
}

// looksWhole says that a line was meant to be one JSON object, though something in it is wrong. A file laid out over many
// lines begins with a bracket alone.
func looksWhole(line []byte) bool {
	line = bytes.TrimSpace(line)
	return bytes.HasPrefix(line, []byte("{")) && bytes.HasSuffix(line, []byte("}"))
}

// readLine is one line without its end, cut at maxLine, and its full length in bytes.
func readLine(in *bufio.Reader) (text []byte, n int, err error) {
	for {
		part, err := in.ReadSlice('\n')
		n += len(part)
		if len(text) <= maxLine {
			text = append(text, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimRight(text, "\r\n"), n, err
		}
	}
}

func (f *File) object(row int, b []byte) *line {
	if !utf8.Valid(b) {
		f.fail(row, "", "This line has bytes that are not text: save the file as UTF-8 and try again")
		return nil
	}
	l := &line{file: f, row: row}
	if b[0] != '{' {
		f.fail(row, "", "This line is not a JSON object: the file must have one JSON object a line, each starting with {")
		return nil
	}
	if err := json.Unmarshal(b, &l.fields); err != nil {
		f.fail(row, "", "This line is not whole JSON: check its quotes, commas and brackets")
		return nil
	}
	return l
}

func (l *line) fail(column, message string) {
	l.failed = true
	l.file.fail(l.row, column, message)
}

// raw is a field's JSON; nil where it is absent, null or an empty string.
func (l *line) raw(name string) json.RawMessage {
	l.read = append(l.read, name)
	v := bytes.TrimSpace(l.fields[name])
	if len(v) == 0 || string(v) == "null" || string(v) == `""` {
		return nil
	}
	return v
}

func (l *line) text(name string) string {
	v := l.raw(name)
	if v == nil {
		return ""
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		l.fail(name, "Write this as text in quotes")
		return ""
	}
	return cleaned(s, name == "description" || name == "summary" || name == "exit" || name == "source_note")
}

// cleaned is a text of a file without what files carry by accident: control characters, and line ends where a text has
// one line.
func cleaned(s string, lines bool) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && lines, r == 0:
			return r // NUL is told of, not hidden
		case r < ' ', r == 0x7f, r == 0x2028, r == 0x2029:
			return ' '
		}
		return r
	}, s)
	if !lines {
		s = strings.Join(strings.Fields(s), " ")
	}
	return strings.TrimSpace(s)
}

// seen drops NUL and the characters that turn the direction of text.
func seen(r rune) rune {
	if r == 0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
		return -1
	}
	return r
}

func (l *line) required(name string) string {
	s := l.text(name)
	if s == "" && !l.failedOn(name) {
		l.fail(name, "Enter the "+strings.ReplaceAll(name, "_", " ")+": it must not be blank")
	}
	return s
}

func (l *line) failedOn(name string) bool {
	e := l.file.Errors
	return len(e) > 0 && e[len(e)-1].Row == l.row && e[len(e)-1].Column == name
}

func (l *line) texts(name string) []string {
	v := l.raw(name)
	if v == nil {
		return nil
	}
	var all []string
	if json.Unmarshal(v, &all) != nil {
		l.fail(name, `Write this as a list of texts, like ["one", "two"]`)
		return nil
	}
	return slices.DeleteFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// amount reads pounds: a number, or a text such as "£1,250,000.00".
func (l *line) amount(name string) float64 {
	v := l.raw(name)
	if v == nil {
		return 0
	}
	var n float64
	err := json.Unmarshal(v, &n)
	if v[0] == '"' {
		n, err = pounds(v)
	}
	if err != nil {
		l.fail(name, "This is not an amount in pounds: write it as 125000")
	}
	return n
}

// pounds reads an amount in quotes.
func pounds(quoted json.RawMessage) (float64, error) {
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return 0, err
	}
	return poundsIn(strings.NewReplacer("£", "", " ", "", "\u00a0", "").Replace(s))
}

// poundsIn reads an amount without its sign of the pound. A comma only ever sets thousands apart: 1,25 may be a
// continental 1.25.
func poundsIn(s string) (float64, error) {
	whole, pence, _ := strings.Cut(s, ".")
	groups := strings.Split(strings.TrimPrefix(whole, "-"), ",")
	for i, g := range groups {
		if strings.Trim(g, "0123456789") != "" || len(groups) > 1 && (i == 0 && (g == "" || len(g) > 3) || i > 0 && len(g) != 3) {
			return 0, errNotAmount
		}
	}
	if strings.Trim(pence, "0123456789") != "" {
		return 0, errNotAmount
	}
	return strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
}

var errNotAmount = errors.New("not an amount")

func (l *line) months(name string) int {
	v := l.raw(name)
	if v == nil {
		return 0
	}
	n, err := strconv.Atoi(strings.Trim(string(v), `"`))
	if err != nil {
		l.fail(name, "This is not a whole number of months: write it as 12")
	}
	return n
}

func (l *line) yes(name string) bool {
	v := l.raw(name)
	if v == nil {
		return false
	}
	var b bool
	if json.Unmarshal(v, &b) != nil {
		l.fail(name, "Write true or false")
	}
	return b
}

func (l *line) date(name string) catalogue.Date {
	d, err := catalogue.ParseDate(l.text(name))
	if err != nil {
		l.fail(name, "This is not a date: write it as 2027-04-30")
	}
	return d
}

// council reads the code of whose record it is; the reader's own council wins.
func (l *line) council(r *Reader) string {
	code := l.text("council")
	switch {
	case r.inherited(code):
	case r.Council != "":
		if code != "" && code != r.Council {
			l.file.warn(l.row, "council", fmt.Sprintf("The file says %s: taken as %s, which you named", short(code), r.Council))
		}
		return r.Council
	case code == "":
		if !l.failedOn("council") {
			l.fail("council", "Enter the council: its nine-character GSS code, like E08000025")
		}
	case !r.knows(code):
		message := "Unknown council " + short(code) + ": use the nine-character GSS code, like E08000025"
		if c, ok := r.Register.CouncilByName(code); ok {
			message = "Use the GSS code: " + c.Name + " is " + c.GSS
		}
		l.fail("council", message)
	}
	return code
}

// cpv warns about codes that are not in the register and keeps them.
func (l *line) cpv(r *Reader) []string {
	codes := l.texts("cpv")
	for _, code := range codes {
		if _, ok := r.Register.CPV(code); !ok {
			l.file.warn(l.row, "cpv", "CPV code "+short(code)+" is not in the list of codes: kept as it is")
		}
	}
	return codes
}

// capability is a capability of the taxonomy; an unknown one is left blank with a warning.
func (l *line) capability(r *Reader, name, id string) string {
	if id == "" {
		return ""
	}
	if _, ok := r.Dictionary.Capability(id); !ok {
		l.file.warn(l.row, name, "Unknown capability "+short(id)+": left blank")
		return ""
	}
	return id
}

// unknown warns about fields that nothing reads.
func (l *line) unknown() {
	var names []string
	for name := range l.fields {
		if !slices.Contains(l.read, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		l.file.warn(l.row, cut(name), "Unknown field: passed over. Check its spelling")
	}
}

// short is a text as messages quote it.
func short(s string) string { return "'" + cut(s) + "'" }

func cut(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// unique refuses a reference that an earlier row of the file has for the same council.
type unique map[string]int

func (u unique) check(l *line, council, ref string) {
	if ref == "" {
		return
	}
	key := council + "\x00" + ref
	if first, ok := u[key]; ok {
		l.fail("ref", fmt.Sprintf("The same reference as line %d: each record needs its own", first))
		return
	}
	u[key] = l.row
}
