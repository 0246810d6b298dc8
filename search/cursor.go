package search

// Cursors: where a page ended. A cursor holds the place in the order, not a count, so that what comes and goes meanwhile
// makes no hit appear twice or never, and deep pages cost what the first one does.

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"

	"jointly/catalogue"
)

// cursorSum is how many bytes of the checksum stand first in a cursor.
const cursorSum = 8

// cursor writes the place after a rank. The checksum covers the query too: a cursor of another search is not taken for
// one of this. It keeps no secret; it says only where to go on.
func (q Query) cursor(r rank) string {
	b := make([]byte, cursorSum)
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(r.number))
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(r.tie))
	b = appendText(appendText(b, r.text), r.id)
	copy(b, q.sum(b[cursorSum:]))
	return base64.RawURLEncoding.EncodeToString(b)
}

// place reads a cursor; nil for the first page.
func (q Query) place() (*rank, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(q.Cursor)
	if err != nil || len(b) < cursorSum+16 || string(b[:cursorSum]) != string(q.sum(b[cursorSum:])) {
		return nil, &catalogue.Error{Kind: catalogue.Invalid, Message: "There is a problem with this search", Fields: []catalogue.FieldError{
			{Field: "cursor", Message: "This page belongs to another search: start again from the first page"}}}
	}
	b = b[cursorSum:]
	r := &rank{
		number: math.Float64frombits(binary.BigEndian.Uint64(b)),
		tie:    math.Float64frombits(binary.BigEndian.Uint64(b[8:])),
	}
	in := rowReader{rest: b[16:]}
	r.text, r.id = string(in.text()), string(in.text())
	return r, nil
}

// sum is the checksum of a place in the results of a query.
func (q Query) sum(place []byte) []byte {
	b := fmt.Appendf(nil, "%q %v %v %s %s %s", q.Text, q.Exact, q.Ended, q.EndsFrom, q.EndsTo, q.Sort)
	for _, f := range Facets() {
		b = fmt.Appendf(b, " %s%q", f, q.Chosen(f))
	}
	sum := sha256.Sum256(append(b, place...))
	return sum[:cursorSum]
}
