// Keys: tuples of strings and numbers, written so that the order of the bytes is the order of the tuples.

package kv

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// Key is a tuple of parts in an encoding that keeps order: keys compare, byte by byte, as their parts do one after the
// other. A key is a byte prefix of exactly the keys that begin with the same parts, so a scan over NewKey("council")
// meets NewKey("council").Str(code) and never NewKey("councils").
//
//	strings  0x02, the bytes with 0x00 written as 0x01 0x01 and 0x01 as 0x01 0x02, then 0x00
//	numbers  0x03, eight bytes, big-endian
//	numbers that descend  0x04, the eight bytes inverted
//
// Where parts of different sort meet in one place, strings come before ascending numbers before descending ones.
type Key []byte

const (
	tagString     = 0x02
	tagUint       = 0x03
	tagDescending = 0x04

	zero    = 0x00 // ends a string, and stands nowhere within one
	escape  = 0x01 // before escaped
	escaped = 0x01 // is added to a byte that would be zero or escape
)

// NewKey returns the key of the given strings.
func NewKey(parts ...string) Key {
	var k Key
	for _, part := range parts {
		k = k.Str(part)
	}
	return k
}

// Str returns k with a string, of any bytes, added.
func (k Key) Str(s string) Key {
	return append(k.StrPrefix(s), zero)
}

// StrPrefix returns k with the beginning of a string added: the prefix of every key that goes on from k with a string
// that begins with s. It is for scans, and is no key to put.
func (k Key) StrPrefix(s string) Key {
	grown := append(k.room(len(s)+2), tagString)
	for i := 0; i < len(s); i++ {
		if s[i] <= escape {
			grown = append(grown, escape, s[i]+escaped)
			continue
		}
		grown = append(grown, s[i])
	}
	return grown
}

// Uint returns k with a number added.
func (k Key) Uint(n uint64) Key {
	return binary.BigEndian.AppendUint64(append(k.room(9), tagUint), n)
}

// Desc returns k with a number added that sorts from high to low, for what is read newest first.
func (k Key) Desc(n uint64) Key {
	return binary.BigEndian.AppendUint64(append(k.room(9), tagDescending), ^n)
}

// room returns a copy of k with space for n more bytes, so that two keys grown from one never share memory.
func (k Key) room(n int) Key {
	return append(make(Key, 0, len(k)+n), k...)
}

// After returns the least key that is greater than key: where the next page of a scan begins.
func After(key []byte) []byte {
	return append(bytes.Clone(key), zero)
}

// KeyReader takes a key apart again, part by part in the order in which it was built. After the first part that is not
// what was asked for, every read returns a zero value; End tells.
type KeyReader struct {
	rest   []byte
	failed bool
}

var errNotKey = errors.New("kv: key has other parts than expected")

// ReadKey returns a reader of key.
func ReadKey(key []byte) *KeyReader {
	return &KeyReader{rest: key}
}

// Str reads a string.
func (r *KeyReader) Str() string {
	if !r.take(tagString) {
		return ""
	}
	written, rest, ended := bytes.Cut(r.rest, []byte{zero})
	if !ended {
		r.failed = true
		return ""
	}
	r.rest = rest
	s := make([]byte, 0, len(written))
	for i := 0; i < len(written); i++ {
		if written[i] == escape {
			if i++; i == len(written) || written[i] > escape+escaped {
				r.failed = true
				return ""
			}
			s = append(s, written[i]-escaped)
			continue
		}
		s = append(s, written[i])
	}
	return string(s)
}

// Uint reads a number written by Uint.
func (r *KeyReader) Uint() uint64 {
	return r.number(tagUint)
}

// Desc reads a number written by Desc.
func (r *KeyReader) Desc() uint64 {
	n := r.number(tagDescending)
	if r.failed {
		return 0
	}
	return ^n
}

// End returns an error unless all parts were read and were what was asked for.
func (r *KeyReader) End() error {
	if r.failed || len(r.rest) > 0 {
		return errNotKey
	}
	return nil
}

func (r *KeyReader) number(tag byte) uint64 {
	if !r.take(tag) {
		return 0
	}
	if len(r.rest) < 8 {
		r.failed = true
		return 0
	}
	n := binary.BigEndian.Uint64(r.rest)
	r.rest = r.rest[8:]
	return n
}

func (r *KeyReader) take(tag byte) bool {
	if r.failed || len(r.rest) == 0 || r.rest[0] != tag {
		r.failed = true
		return false
	}
	r.rest = r.rest[1:]
	return true
}
