package search

// Rows: what the index keeps of a document besides its words, stored in it as one field of bytes. Columns are read from
// rows, segment by segment, so that counts always agree with the words that the same snapshot finds.

import (
	"encoding/binary"
	"errors"
	"math"
	"time"
)

// day counts days from 1 January 1970.
type day int32

const (
	never  day = 0             // no end is stated
	closed day = math.MinInt32 // over, whatever the date: withdrawn, abandoned
)

// dayOf is the day of a date at midnight UTC; never for the zero time.
func dayOf(t time.Time) day {
	if t.IsZero() {
		return never
	}
	return day(t.Unix() / (24 * 60 * 60))
}

// ended says that an end lies before a day.
func (d day) ended(today day) bool { return d != never && d < today }

// reached says that a day has come.
func (d day) reached(today day) bool { return d != never && d <= today }

// value is one value of a facet.
type value struct {
	id    string
	label string // how it is shown; empty: as its id
	own   bool   // the document is the thing that the value names, so its label holds for all
}

// row is the part of a document that is not words.
type row struct {
	title  string
	ends   day
	stale  day   // from which it may be out of date; never: it does not get so
	newest int64 // seconds of Unix time: what 'newest first' goes by
	values [nFacets][]value
}

func (r *row) set(f Facet, values ...value) {
	i := f.ordinal()
	for _, v := range values {
		if v.id != "" {
			r.values[i] = append(r.values[i], v)
		}
	}
}

// encode writes a row: numbers as varints, texts with their length before them, the values of each facet as one text,
// so that a whole set of values is recognised without being taken apart.
func (r *row) encode() []byte {
	b := appendText(nil, r.title)
	b = binary.AppendVarint(b, int64(r.ends))
	b = binary.AppendVarint(b, int64(r.stale))
	b = binary.AppendVarint(b, r.newest)
	for _, values := range r.values {
		b = appendText(b, encodeValues(values))
	}
	return b
}

func appendText[T string | []byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func encodeValues(values []value) []byte {
	var b []byte
	for _, v := range values {
		own := byte(0)
		if v.own {
			own = 1
		}
		b = appendText(appendText(append(b, own), v.id), v.label)
	}
	return b
}

var errRow = errors.New("a row of the index is damaged")

// rowBytes is a row as it was stored; its slices lie in what was read.
type rowBytes struct {
	title  []byte
	ends   day
	stale  day
	newest int64
	values [nFacets][]byte
}

func (r *rowBytes) decode(b []byte) error {
	in := rowReader{rest: b}
	r.title = in.text()
	r.ends = day(in.varint())
	r.stale = day(in.varint())
	r.newest = in.varint()
	for f := range r.values {
		r.values[f] = in.text()
	}
	if in.bad || len(in.rest) > 0 {
		return errRow
	}
	return nil
}

func decodeValues(b []byte) ([]value, error) {
	in := rowReader{rest: b}
	var values []value
	for len(in.rest) > 0 {
		own := in.byte()
		values = append(values, value{id: string(in.text()), label: string(in.text()), own: own == 1})
	}
	if in.bad {
		return nil, errRow
	}
	return values, nil
}

// rowReader takes a row apart; once bad, it gives zero values.
type rowReader struct {
	rest []byte
	bad  bool
}

func (in *rowReader) fail() { in.bad, in.rest = true, nil }

func (in *rowReader) byte() byte {
	if len(in.rest) == 0 {
		in.fail()
		return 0
	}
	b := in.rest[0]
	in.rest = in.rest[1:]
	return b
}

func (in *rowReader) uvarint() uint64 {
	n, size := binary.Uvarint(in.rest)
	if size <= 0 {
		in.fail()
		return 0
	}
	in.rest = in.rest[size:]
	return n
}

func (in *rowReader) varint() int64 {
	n, size := binary.Varint(in.rest)
	if size <= 0 {
		in.fail()
		return 0
	}
	in.rest = in.rest[size:]
	return n
}

func (in *rowReader) text() []byte {
	n := in.uvarint()
	if n > uint64(len(in.rest)) {
		in.fail()
		return nil
	}
	s := in.rest[:n]
	in.rest = in.rest[n:]
	return s
}
