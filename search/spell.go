package search

// Spelling: a word that stands nowhere in the index may be meant as one that does, a letter or two away.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"jointly/catalogue/capability"
)

// How long a word must be for its spelling to be doubted, and for two letters of it to be.
const (
	leastLetters  = 4  // of a word that stands alone: beside others, so short a one is too often a word that the index lacks
	mostLetters   = 30 // a longer one is no word
	lettersForTwo = 8
)

// correct looks for the words of a plan that the index does not have, and gives the text with the likeliest words in
// their place; the other candidates become alternatives. It gives the plan as it was where nothing is to be put right.
func (v *view) correct(ctx context.Context, text string, p *plan, understand func(string) capability.Understanding) (*plan, string, error) {
	if name, err := v.meantName(ctx, p); err != nil || name != "" {
		return parse(cmp.Or(name, text), understand), name, err
	}
	corrected := text
	others := map[string][]string{} // by the word put in
	for _, g := range p.groups {
		if !g.spell || common(g.written) || len(g.alternatives) != 1 || len(g.alternatives[0].terms) != 1 {
			continue
		}
		candidates, err := v.candidates(ctx, g.alternatives[0].terms[0].term, len(p.groups) == 1)
		if err != nil {
			return nil, "", err
		}
		if len(candidates) == 0 {
			continue
		}
		corrected = replaceWord(corrected, g.written, candidates[0])
		others[candidates[0]] = candidates[1:]
	}
	if corrected == text {
		return p, "", nil
	}
	better := parse(corrected, understand)
	for i := range better.groups {
		g := &better.groups[i]
		if !g.spell {
			continue
		}
		for n, word := range others[folded(g.written)] {
			if a, ok := asAlternative(word, weightOf(n)); ok {
				g.alternatives = append(g.alternatives, a)
			}
		}
	}
	return better, corrected, nil
}

// meantName is the one council, supplier or platform whose name is written much like a plan of several plain words, of
// which the index lacks some: Suth Norfolk. Empty where there is none, or more than one.
func (v *view) meantName(ctx context.Context, p *plan) (string, error) {
	lacking := false
	for _, g := range p.groups {
		if !g.spell || len(g.alternatives) != 1 || len(g.alternatives[0].terms) != 1 {
			return "", nil
		}
		n, err := v.frequency(ctx, g.alternatives[0].terms[0].term)
		if err != nil {
			return "", err
		}
		lacking = lacking || n == 0
	}
	if !lacking || len(p.groups) < 2 || len(p.not) > 0 {
		return "", nil
	}
	names, err := v.nearNames(ctx, p.text)
	if err != nil || len(names) != 1 {
		return "", err
	}
	return names[0], nil
}

// candidates are the words one letter away from a term that the index does not have, or where there is none and the term
// is long and stands alone, two; the most frequent first. None for a term that it has.
func (v *view) candidates(ctx context.Context, term string, alone bool) ([]string, error) {
	letters := []rune(term)
	if len(letters) < leastLetters || len(letters) == leastLetters && !alone || len(letters) > mostLetters || strings.IndexFunc(term, unicode.IsNumber) >= 0 {
		return nil, nil
	}
	if n, err := v.frequency(ctx, term); err != nil || n > 0 {
		return nil, err
	}
	out, err := v.near(ctx, term, 1)
	if err == nil && len(out) == 0 && alone && len(letters) >= lettersForTwo {
		out, err = v.near(ctx, term, 2)
	}
	return out[:min(len(out), maxCorrections)], err
}

// near are the words that the index has within so many letters of a term, the most frequent first.
func (v *view) near(ctx context.Context, term string, letters int) ([]string, error) {
	first := string([]rune(term)[:1]) // few mistype that one
	near := map[string]uint64{}
	for _, field := range wordFields() {
		words, err := v.fuzzy(field.name, term, letters, first)
		if err != nil {
			return nil, err
		}
		for _, word := range words {
			near[word] = 0
		}
	}
	out := make([]string, 0, len(near))
	for word := range near {
		if strings.IndexFunc(word, unicode.IsNumber) >= 0 {
			continue
		}
		n, err := v.frequency(ctx, word)
		if err != nil {
			return nil, err
		}
		if near[word] = n; n > 0 { // the dictionary keeps words of deleted documents for a while
			out = append(out, word)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(near[b], near[a]), cmp.Compare(a, b))
	})
	return out, nil
}

// maxNear is how many words near another are looked at in a field.
const maxNear = 64

// fuzzy lists terms of a field that begin with a prefix and are at most so many letters away from a term.
func (v *view) fuzzy(field, term string, letters int, prefix string) ([]string, error) {
	words, err := v.snapshot.FieldDictFuzzy(field, term, letters, prefix)
	if err != nil {
		return nil, fmt.Errorf("look for words like another: %w", err)
	}
	var out []string
	for len(out) < maxNear {
		entry, err := words.Next()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("look for words like another: %w", err), words.Close())
		}
		if entry == nil {
			break
		}
		out = append(out, entry.Term)
	}
	return out, words.Close()
}

// frequency is how many documents have a word, counted once for each field that has it.
func (v *view) frequency(ctx context.Context, term string) (n uint64, err error) {
	for _, s := range v.segments {
		f := newFinder(ctx, s)
		for _, field := range wordFields() {
			list, err := f.postings(field.name, term)
			if err != nil {
				return 0, err
			}
			n += list.Count()
		}
	}
	return n, nil
}

// replaceWord puts a word in the place of another where it stands alone.
func replaceWord(text, old, with string) string {
	fields := strings.FieldsFunc(text, unicode.IsSpace)
	for i, f := range fields {
		if strings.Trim(f, `"“”`) == old {
			fields[i] = strings.Replace(f, old, with, 1)
		}
	}
	return strings.Join(fields, " ")
}
