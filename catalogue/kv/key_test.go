package kv_test

import (
	"bytes"
	"cmp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jointly/catalogue/kv"
)

// part is one part of a key: a string, an ascending or a descending number.
type part struct {
	kind byte // 's', 'u' or 'd', in the order in which kinds sort
	s    string
	n    uint64
}

func build(parts []part) kv.Key {
	var k kv.Key
	for _, p := range parts {
		switch p.kind {
		case 's':
			k = k.Str(p.s)
		case 'u':
			k = k.Uint(p.n)
		case 'd':
			k = k.Desc(p.n)
		}
	}
	return k
}

func compare(a, b []part) int {
	for i := range min(len(a), len(b)) {
		if c := cmp.Compare(strings.IndexByte("sud", a[i].kind), strings.IndexByte("sud", b[i].kind)); c != 0 {
			return c
		}
		c := strings.Compare(a[i].s, b[i].s)
		if c == 0 {
			c = cmp.Compare(a[i].n, b[i].n)
		}
		if a[i].kind == 'd' {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// someParts draws tuples that often share parts, with the bytes that the encoding uses itself.
func someParts() *rapid.Generator[[]part] {
	text := rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune{0, 1, 2, 3, 'a', 'b'}), 0, 4, -1),
		rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 2, 0xfe, 0xff}), 0, 4), func(b []byte) string { return string(b) }),
		rapid.String(),
	)
	number := rapid.OneOf(rapid.Uint64(), rapid.SampledFrom([]uint64{0, 1, 255, 256, 1<<64 - 1}))
	return rapid.SliceOfN(rapid.OneOf(
		rapid.Map(text, func(s string) part { return part{kind: 's', s: s} }),
		rapid.Map(number, func(n uint64) part { return part{kind: 'u', n: n} }),
		rapid.Map(number, func(n uint64) part { return part{kind: 'd', n: n} }),
	), 0, 4)
}

func TestKeysSortAsTheirParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := someParts().Draw(t, "a")
		b := someParts().Draw(t, "b")
		if got, want := bytes.Compare(build(a), build(b)), compare(a, b); got != want {
			t.Fatalf("keys compare %d, parts %d", got, want)
		}
	})
}

func TestKeyIsAPrefixOfExactlyTheKeysThatGoOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := someParts().Draw(t, "a")
		b := someParts().Draw(t, "b")
		if rapid.Bool().Draw(t, "b goes on from a") {
			b = append(a[:len(a):len(a)], b...)
		}
		goesOn := len(b) >= len(a) && compare(a, b[:len(a)]) == 0
		if got := bytes.HasPrefix(build(b), build(a)); got != goesOn {
			t.Fatalf("prefix: %v, parts go on: %v", got, goesOn)
		}
	})
}

func TestStrPrefixMeetsStringsThatBeginSo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune{0, 1, 0xff, 'a'}), 0, 4, -1)
		begin, whole := text.Draw(t, "begin"), text.Draw(t, "whole")
		base := kv.NewKey("name")
		got := bytes.HasPrefix(base.Str(whole).Uint(1), base.StrPrefix(begin))
		if want := strings.HasPrefix(whole, begin); got != want {
			t.Fatalf("met: %v, want %v", got, want)
		}
	})
}

func TestKeysReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := someParts().Draw(t, "parts")
		if got := read(t, kv.ReadKey(build(parts)), parts); compare(got, parts) != 0 {
			t.Fatalf("read %v", got)
		}
	})
}

func read(t *rapid.T, r *kv.KeyReader, like []part) []part {
	var parts []part
	for _, p := range like {
		switch p.kind {
		case 's':
			p.s = r.Str()
		case 'u':
			p.n = r.Uint()
		case 'd':
			p.n = r.Desc()
		}
		parts = append(parts, p)
	}
	if err := r.End(); err != nil {
		t.Fatalf("%v", err)
	}
	return parts
}

func TestReadKeyRefusesOtherKeys(t *testing.T) {
	for name, test := range map[string]struct {
		key  []byte
		read func(*kv.KeyReader)
	}{
		"other kind":        {kv.NewKey("a"), func(r *kv.KeyReader) { r.Uint() }},
		"ascending as desc": {kv.Key{}.Uint(7), func(r *kv.KeyReader) { r.Desc() }},
		"too short":         {kv.NewKey("a"), func(r *kv.KeyReader) { r.Str(); r.Str() }},
		"too long":          {kv.NewKey("a", "b"), func(r *kv.KeyReader) { r.Str() }},
		"number cut off":    {kv.Key{}.Uint(7)[:8], func(r *kv.KeyReader) { r.Uint() }},
		"string cut off":    {kv.NewKey("abc")[:3], func(r *kv.KeyReader) { r.Str() }},
		"not a key":         {[]byte("intention"), func(r *kv.KeyReader) { r.Str() }},
		"after a failure":   {kv.NewKey("a"), func(r *kv.KeyReader) { r.Uint(); r.Str() }},
	} {
		r := kv.ReadKey(test.key)
		test.read(r)
		if r.End() == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestAfterIsTheNextKey(t *testing.T) {
	key := []byte("k")
	if next := kv.After(key); bytes.Compare(next, key) <= 0 || bytes.Compare(next, []byte("k\x00")) > 0 {
		t.Errorf("After(%q) = %q", key, next)
	}
}

func TestKeysGrownFromOneShareNothing(t *testing.T) {
	base := kv.NewKey("change")
	one := base.Uint(1)
	two := base.Uint(2)
	if !bytes.Equal(one, kv.NewKey("change").Uint(1)) || bytes.Equal(one, two) {
		t.Errorf("%x, %x", one, two)
	}
}

// FuzzReadKey: any bytes can be read, and what reads as a key is the one key of its parts.
func FuzzReadKey(f *testing.F) {
	f.Add([]byte(kv.NewKey("intention", "a\x00b").Uint(3).Desc(4)))
	f.Add([]byte{2, 1, 3, 0})
	f.Fuzz(func(t *testing.T, key []byte) {
		var again kv.Key
		r := kv.ReadKey(key)
		for len(again) < len(key) {
			switch key[len(again)] {
			case 2:
				again = again.Str(r.Str())
			case 3:
				again = again.Uint(r.Uint())
			case 4:
				again = again.Desc(r.Desc())
			default:
				return
			}
		}
		if r.End() == nil && !bytes.Equal(again, key) {
			t.Fatalf("%x reads as %x", key, again)
		}
	})
}
