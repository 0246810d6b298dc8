package search

// Highlights: a passage of a hit's text that says why it was found. Only hits that are shown are read for it, again and
// through the audience's eyes; what is marked are the terms that were looked for.

import (
	"strings"
	"unicode/utf8"
)

// passageLength is about how long a passage is, in bytes.
const passageLength = 220

// span is a piece of a text, in bytes.
type span struct{ start, end int }

// highlight cuts the passage for a document: the part in which most of what was sought stands, running text before
// small facts. Where nothing matched but the title, it is how the text begins.
func (d *document) highlight(p *plan) (where string, fragments []Fragment) {
	var best part
	var bestSpans []span
	bestScore := 0
	weigh := func(parts []part, factor int) {
		for _, pt := range parts {
			spans, groups := p.spans(pt.text)
			if score := groups * factor; score > bestScore {
				best, bestSpans, bestScore = pt, spans, score
			}
		}
	}
	// A passage with two things that were sought says more than a fact with one.
	weigh(d.text, 3)
	weigh(d.names, 2)
	weigh(d.facts, 2)
	if bestScore > 0 {
		return best.name, passage(best.text, bestSpans)
	}
	for _, pt := range d.text {
		return pt.name, passage(pt.text, nil)
	}
	return "", nil
}

// spans finds where a text has what a plan looks for, in order and without overlaps, and how many of its groups.
func (p *plan) spans(text string) (spans []span, groups int) {
	words := analyse(text)
	taken := make([]bool, len(words))
	for _, g := range p.groups {
		if g.aside {
			continue // a general word is not why something was found
		}
		hit := false
		for _, a := range g.alternatives {
			for i := range words {
				if n := a.at(words[i:]); n > 0 {
					hit = true
					for j := i; j < i+n; j++ {
						taken[j] = true
					}
				}
			}
		}
		if hit {
			groups++
		}
	}
	for i, w := range words {
		if !taken[i] {
			continue
		}
		// Neighbours are marked as one piece, with the stop words between them.
		if n := len(spans); n > 0 && taken[i-1] && w.position-words[i-1].position <= 2 && w.start-spans[n-1].end <= 8 {
			spans[n-1].end = w.end
			continue
		}
		spans = append(spans, span{w.start, w.end})
	}
	return spans, groups
}

// at says how many words an alternative takes up where it begins at the first of words; 0 where it does not.
func (a alternative) at(words []word) int {
	n := 0
	for _, t := range a.terms {
		for n < len(words) && words[n].position-words[0].position < t.offset {
			n++
		}
		if n == len(words) || words[n].position-words[0].position != t.offset || words[n].term != t.term {
			return 0
		}
		n++
	}
	return n
}

// passage cuts a text around the densest of its spans and takes it apart into marked and plain pieces.
func passage(text string, spans []span) []Fragment {
	start, end := 0, len(text)
	if len(text) > passageLength {
		start, end = window(text, spans)
	}
	var out []Fragment
	plain := func(s string) {
		if s != "" {
			out = append(out, Fragment{Text: s})
		}
	}
	at, lead := start, ""
	if start > 0 {
		lead = "…"
	}
	for _, s := range spans {
		if s.start < at || s.end > end {
			continue
		}
		plain(lead + text[at:s.start])
		out = append(out, Fragment{Text: text[s.start:s.end], Mark: true})
		at, lead = s.end, ""
	}
	tail := text[at:end]
	if end < len(text) {
		tail += "…"
	}
	plain(lead + tail)
	for i := range out {
		out[i].Text = strings.Join(strings.FieldsFunc(out[i].Text, isBreak), " ")
	}
	return out
}

func isBreak(r rune) bool { return r == '\n' || r == '\r' || r == '\t' || r == '\x1f' }

// window is the passage with most spans in it, from the start of a word to the end of one.
func window(text string, spans []span) (start, end int) {
	most := 0
	for i, s := range spans {
		n := 0
		for _, t := range spans[i:] {
			if t.end <= s.start+passageLength*3/4 {
				n++
			}
		}
		if n > most {
			most, start = n, max(0, s.start-passageLength/4)
		}
	}
	if start > 0 {
		if i := strings.IndexByte(text[start:], ' '); i >= 0 && i < passageLength/4 {
			start += i + 1
		}
		for !utf8.RuneStart(text[start]) {
			start++
		}
	}
	end = min(start+passageLength, len(text))
	if end < len(text) {
		if i := strings.LastIndexByte(text[start:end], ' '); i > passageLength/2 {
			end = start + i
		}
		for !utf8.RuneStart(text[end]) {
			end--
		}
	}
	return start, end
}
