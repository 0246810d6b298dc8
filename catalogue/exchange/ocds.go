package exchange

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// OCDS reads notices in OCDS 1.1 into contracts, live tenders and published plans: release packages, record packages,
// single releases, and lines or lists of any of them. Publishers err: what can be read is, with a warning. With a buyer (a
// name, or a council's GSS code) what others published is left out; with the reader's Council alone, what other councils
// published is, and with both the council is whose contracts the buyer's are.
func (r *Reader) OCDS(in io.Reader, buyer string) (*File, error) {
	b, err := readAll(in)
	if err != nil {
		return nil, err
	}
	f := &File{}
	o := &ocdsReading{reader: r, file: f, buyer: buyer, held: r.heldContracts(), strangers: map[string]*stranger{}, byOCID: map[string][]*release{}}
	o.releasesOf(b)
	if len(f.Errors) > 0 {
		f.Items, f.Rows, f.columns = nil, nil, nil
		return f, nil
	}
	for _, ocid := range o.order {
		o.process(ocid, o.byOCID[ocid])
	}
	o.tellStrangers()
	r.compare(f)
	return f, nil
}

// Buyer is who published notices, as they say.
type Buyer struct {
	Name     string
	Council  string // its code; empty where it is no council of the register
	Releases int
}

// Buyers lists the buyers of a file of notices, those with most notices first. What is wrong with the file is told by the
// problems.
func (r *Reader) Buyers(in io.Reader) ([]Buyer, []Problem, error) {
	b, err := readAll(in)
	if err != nil {
		return nil, nil, err
	}
	o := &ocdsReading{reader: r, file: &File{}, byOCID: map[string][]*release{}}
	o.releasesOf(b)
	byName := map[string]*Buyer{}
	for _, ocid := range o.order {
		for _, rel := range o.byOCID[ocid] {
			said := buyerOf(rel.fields)
			name := first(said.name, said.id)
			if name == "" {
				continue // of the buyer of its OCID
			}
			found := byName[foldName(name)]
			if found == nil {
				found = &Buyer{Name: name, Council: r.buyerCouncil(said)}
				byName[foldName(name)] = found
			}
			found.Releases++
		}
	}
	var out []Buyer
	for _, b := range byName {
		out = append(out, *b)
	}
	slices.SortFunc(out, func(a, b Buyer) int { return cmp.Or(cmp.Compare(b.Releases, a.Releases), cmp.Compare(a.Name, b.Name)) })
	return out, o.file.Errors, nil
}

// ocdsReading is a file of notices being read.
type ocdsReading struct {
	reader *Reader
	file   *File
	buyer  string
	held   *held

	byOCID    map[string][]*release
	order     []string             // of OCIDs, as they first come
	strangers map[string]*stranger // buyers that are no council, by name
	left      int                  // releases of councils that were not asked for
	total     int
}

// stranger is a buyer that the register does not know.
type stranger struct {
	row, releases int
	name, id      string
}

const (
	maxReleases = 50_000
	maxOCID     = 120 // characters, so that a reference made from it fits
)

// releasesOf finds the releases of a file, whatever they are wrapped in.
func (o *ocdsReading) releasesOf(b []byte) {
	text := bytes.TrimPrefix(b, []byte("\ufeff"))
	if bytes.HasPrefix(b, []byte{0xff, 0xfe}) || bytes.HasPrefix(b, []byte{0xfe, 0xff}) || looksUTF16(b, 0) || looksUTF16(b, 1) {
		if plain, refused := decoded(b); refused == nil {
			text = []byte(plain)
		}
	}
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		o.file.fail(1, "", "The file is empty: it needs an OCDS release package or record package")
		return
	case bytes.HasPrefix(text, []byte("PK\x03\x04")), bytes.HasPrefix(text, []byte("\x1f\x8b")):
		o.file.fail(1, "", "This file is packed, or a workbook: unpack it and import the JSON in it")
		return
	case text[0] == '<':
		o.file.fail(1, "", "This is a web page or XML, not JSON: download the notices again as OCDS JSON, and check that it is not a sign-in or error page")
		return
	case !looksJSON(text):
		o.file.fail(1, "", "This is not JSON: notices come as OCDS release packages, which begin with {. For a contracts register, use 'jointly import contracts'")
		return
	case !utf8.Valid(text):
		o.file.fail(1, "", "This file has bytes that are not text: save it as UTF-8 and try again")
		return
	}
	w := newWalk(text)
	for {
		v, err := w.value(0)
		switch {
		case errors.Is(err, io.EOF):
			if len(o.order) == 0 && len(o.file.Warnings) == 0 {
				o.file.fail(1, "", "No releases are in this file: it is not an OCDS release or record package")
			}
			return
		case errors.Is(err, errDeep):
			o.file.fail(w.row(), "", "This JSON is nested deeper than any notice: check where the file comes from")
			return
		case err != nil:
			o.file.fail(w.row(), "", "This is not whole JSON from here on: download the file again, it may be cut off")
			return
		}
		o.take(v)
		if len(o.file.Errors) > 0 {
			return
		}
	}
}

// take takes the releases out of a package, a record, or a list of such.
func (o *ocdsReading) take(v any) {
	if list, ok := v.([]any); ok {
		for _, v := range list {
			o.take(v)
		}
		return
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return
	}
	row := rowOf(fields)
	releases, _ := fields["releases"].([]any)
	records, _ := fields["records"].([]any)
	switch compiled := nodeOf(fields["compiledRelease"]); {
	case records != nil:
		o.take(records)
	case len(releases) > 0 && !linked(releases):
		o.take(releases)
	case compiled != nil:
		o.take(map[string]any(compiled))
	case linked(releases) && stringOf(fields["ocid"]) != "":
		o.file.warn(row, "releases", "This record has addresses of its releases, and not what they say: passed over. Import the releases themselves")
	case releases != nil:
		// a package of none
	case stringOf(fields["ocid"]) != "":
		o.release(row, fields)
	case fields["tag"] != nil || fields["tender"] != nil || fields["buyer"] != nil:
		o.file.warn(row, "ocid", "This release has no OCID: passed over")
	default: // what services wrap around their answers
		for _, name := range []string{"results", "data", "items", "packages", "release"} {
			if fields[name] != nil {
				o.take(fields[name])
			}
		}
	}
}

// linked says that a record only says where its releases are.
func linked(releases []any) bool {
	return len(releases) > 0 && !slices.ContainsFunc(releases, func(v any) bool { return nodeOf(v)["ocid"] != nil || nodeOf(v)["tag"] != nil })
}

func (o *ocdsReading) release(row int, fields map[string]any) {
	rel := &release{row: row, fields: fields}
	ocid := rel.ocid()
	if len(ocid) > maxOCID {
		o.file.warn(row, "ocid", short(ocid)+" is too long for an OCID: passed over")
		return
	}
	if o.total++; o.total > maxReleases {
		o.file.fail(row, "", "These are more than 50,000 releases: split the file and import the parts")
		return
	}
	date, err := time.Parse(time.RFC3339, stringOf(fields["date"]))
	if err != nil {
		o.file.warn(row, "date", ocid+": the release has no date that can be read: taken as older than the others of its OCID")
	}
	rel.date = date
	if o.byOCID[ocid] == nil {
		o.order = append(o.order, ocid)
	}
	o.byOCID[ocid] = append(o.byOCID[ocid], rel)
}

// process makes the contracts of an OCID: of each council apart, where its releases name two.
func (o *ocdsReading) process(ocid string, releases []*release) {
	byBuyer := map[string][]*release{}
	var last string // a release that names no buyer is of the one before
	slices.SortStableFunc(releases, func(a, b *release) int { return a.date.Compare(b.date) })
	for _, rel := range releases {
		b := buyerOf(rel.fields)
		code := o.reader.buyerCouncil(b)
		switch {
		case b.name == "" && b.id == "":
			code = last
		case o.buyer != "" && !o.reader.isBuyer(o.buyer, code, b):
			o.left++
			continue
		case o.reader.inherited(code):
		case o.buyer != "" && o.reader.Council != "":
			code = o.reader.Council
		case o.buyer == "" && o.reader.Council != "" && code != "" && code != o.reader.Council:
			o.left++
			continue
		}
		if code == "" {
			o.unknown(rel, b)
			continue
		}
		last = code
		byBuyer[code] = append(byBuyer[code], rel)
	}
	if len(byBuyer) > 1 {
		o.file.warn(releases[0].row, "buyer", ocid+" was published by two councils, "+strings.Join(slices.Sorted(maps.Keys(byBuyer)), " and ")+": kept for each, as each said")
	}
	for _, code := range slices.Sorted(maps.Keys(byBuyer)) {
		mine := byBuyer[code]
		n := &notice{reading: o, council: code, ocid: ocid, row: mine[len(mine)-1].row, date: mine[len(mine)-1].date, release: node(merged(mine))}
		n.tags = node(mine[len(mine)-1].fields).texts("tag")
		n.contracts()
	}
}

// unknown notes a buyer that is no council of the register.
func (o *ocdsReading) unknown(rel *release, b buyer) {
	name := first(b.name, b.id, "no name")
	s := o.strangers[foldName(name)]
	if s == nil {
		s = &stranger{row: rel.row, name: name, id: b.id}
		o.strangers[foldName(name)] = s
	}
	s.releases++
}

// tellStrangers lists the buyers whose releases were not taken.
func (o *ocdsReading) tellStrangers() {
	all := slices.SortedFunc(maps.Values(o.strangers), func(a, b *stranger) int { return strings.Compare(a.name, b.name) })
	for _, s := range all {
		o.file.warn(s.row, "buyer", fmt.Sprintf("%s is not a council of the register: not taken (%s). If it buys for a council, import with --buyer and --council", short(s.name), releases(s.releases)))
	}
	if o.left > 0 {
		o.file.warn(1, "buyer", "Left out, as asked: "+releases(o.left)+" of other buyers")
	}
	if len(o.file.Items) == 0 && len(all) == 0 && o.buyer != "" {
		o.file.warn(1, "buyer", "Nothing in this file was published by "+short(o.buyer)+": check the name")
	}
}

func releases(n int) string {
	if n == 1 {
		return "1 release"
	}
	return fmt.Sprintf("%d releases", n)
}
