package capability

import (
	"slices"
	"strings"
)

// reach is how many words either side of a term its "without" words look.
const reach = 6

// vocabulary numbers the words of the dictionary: a text's words are looked up
// once, and phrases are then compared as numbers.
type vocabulary struct {
	words map[string]int32
	cues  map[string]int32 // beginnings of words that "with" and "without" name
	known [][]int32        // by word number: the cues that begin it
}

// number gives a word its number, a new one if need be.
func (v *vocabulary) number(word string) int32 {
	id, ok := v.words[word]
	if !ok {
		id = int32(len(v.words))
		v.words[word] = id
	}
	return id
}

// cuesOf lists the cues that begin a word.
func (v *vocabulary) cuesOf(word string) []int32 {
	var cues []int32
	for n := 2; n <= len(word) && n <= longestCue; n++ {
		if cue, ok := v.cues[word[:n]]; ok {
			cues = append(cues, cue)
		}
	}
	return cues
}

// longestCue bounds the beginnings of a word that are looked up.
const longestCue = 16

// passage is a text made ready for matching.
type passage struct {
	text     string
	tokens   []token
	ids      []int32   // vocabulary number of each token, -1 if unknown
	cues     [][]int32 // context cues that each token carries
	oneCase  bool      // written without lower case (or, a query, without upper): case tells nothing
	terse    bool      // a query too short to give context
	anywhere cueSet
}

// passage prepares a text. Cues found are added to anywhere.
func (d *Dictionary) passage(text string, anywhere cueSet) passage {
	text = clip(text)
	p := passage{text: text, anywhere: anywhere, oneCase: !strings.ContainsFunc(text, isLower)}
	p.tokens = tokenise(make([]token, 0, len(text)/6+4), text)
	p.ids = make([]int32, len(p.tokens))
	p.cues = make([][]int32, len(p.tokens))
	for i, t := range p.tokens {
		id, ok := d.vocabulary.words[t.norm]
		if ok {
			p.ids[i], p.cues[i] = id, d.vocabulary.known[id]
		} else {
			p.ids[i], p.cues[i] = -1, d.vocabulary.cuesOf(t.norm)
		}
		for _, cue := range p.cues[i] {
			anywhere.add(cue)
		}
	}
	return p
}

func isLower(r rune) bool { return 'a' <= r && r <= 'z' }

// written gives tokens from up to to as they stand in the text.
func (p *passage) written(from, to int) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(p.text[p.tokens[from].start:p.tokens[to-1].end], "")), " ")
}

// endsSentence says whether a sentence ends between token i-1 and token i.
func (p *passage) endsSentence(i int) bool {
	if i == 0 {
		return true
	}
	gap := p.text[p.tokens[i-1].end:p.tokens[i].start]
	return len(gap) > 1 && strings.ContainsAny(gap, ".;!?\n") || strings.Contains(gap, "\n")
}

// entry is one row of the dictionary at the end of its phrase.
type entry struct {
	concept int32
	kind    kind
	weight  float32
	exact   []string // the words as they must be written; nil when case does not matter
	with    []int32  // one of these cues must be somewhere in the text
	without []int32  // none of these may be near
}

// holds says whether the entry counts at tokens from up to to.
func (e *entry) holds(p *passage, from, to int) bool {
	if e.exact != nil && !p.oneCase && !e.cased(p, from) {
		return false
	}
	if e.with != nil && !p.terse && !slices.ContainsFunc(e.with, p.anywhere.has) {
		return false
	}
	for i := max(0, from-reach); e.without != nil && i < min(len(p.cues), to+reach); i++ {
		for _, cue := range p.cues[i] {
			if slices.Contains(e.without, cue) {
				return false
			}
		}
	}
	return true
}

// cased says whether an exact entry stands at token from as it must be written.
func (e *entry) cased(p *passage, from int) bool {
	for i, want := range e.exact {
		t := p.tokens[from+i]
		if got := p.text[t.start:t.end]; got != want && got != want+"s" && got != want+"'s" {
			return false
		}
	}
	return e.exact != nil
}

// cueSet is a set of cue numbers.
type cueSet []uint64

func newCueSet(cues int) cueSet { return make(cueSet, cues/64+1) }

func (s cueSet) add(cue int32)      { s[cue/64] |= 1 << (cue % 64) }
func (s cueSet) has(cue int32) bool { return s[cue/64]&(1<<(cue%64)) != 0 }

// trie finds the longest known phrase at a place in a passage.
type trie struct {
	first   []int32          // by word number: the node after it, 0 for none
	next    map[uint64]int32 // node and word number to node
	entries [][]entry        // by node
}

func newTrie() trie { return trie{next: map[uint64]int32{}, entries: make([][]entry, 1)} }

// add puts an entry at the end of a phrase of word numbers.
func (t *trie) add(words []int32, e entry) {
	node := int32(0)
	for i, word := range words {
		var to int32
		if i == 0 {
			for int(word) >= len(t.first) {
				t.first = append(t.first, 0)
			}
			to = t.first[word]
		} else {
			to = t.next[step(node, word)]
		}
		if to == 0 {
			to = int32(len(t.entries))
			t.entries = append(t.entries, nil)
			if i == 0 {
				t.first[word] = to
			} else {
				t.next[step(node, word)] = to
			}
		}
		node = to
	}
	t.entries[node] = append(t.entries[node], e)
}

func step(node, word int32) uint64 { return uint64(node)<<32 | uint64(uint32(word)) }

// longest appends to dst the entries that hold for the longest phrase that
// starts at token i, and says where it ends (i when there is none).
func (t *trie) longest(dst []*entry, p *passage, i int) ([]*entry, int) {
	end := i
	if p.ids[i] < 0 || int(p.ids[i]) >= len(t.first) {
		return dst, end
	}
	node := t.first[p.ids[i]]
	for j := i + 1; node != 0; j++ {
		mark := len(dst)
		for k := range t.entries[node] {
			if e := &t.entries[node][k]; e.holds(p, i, j) {
				dst = append(dst, e)
			}
		}
		if len(dst) > mark {
			dst = append(dst[:0], dst[mark:]...)
			end = j
		}
		next := int32(0)
		for ; next == 0 && j < len(p.ids); j++ {
			if p.ids[j] >= 0 {
				next = t.next[step(node, p.ids[j])]
			}
			if next != 0 || !isFiller(p.tokens[j].norm) {
				break
			}
		}
		node = next
	}
	return dst, end
}

// isFiller finds words that may stand within a phrase and change nothing: a
// housing IT system is a housing system.
func isFiller(word string) bool {
	switch word {
	case "it", "ict", "software", "information", "integrated", "digital", "corporate", "online":
		return true
	}
	return false
}
