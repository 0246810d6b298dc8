package capability

import "slices"

const (
	shortest   = 5 // letters below which a word is never taken for a typing error
	longEnough = 8 // letters from which a word may have two of them
)

// speller finds the dictionary's word that a mistyped one is meant to be.
type speller struct {
	words  map[byte][]string // by first letter, sorted: few mistype that one
	places map[string]bool   // words that are no typing errors though they look it
}

func newSpeller(vocabulary map[string]int32, places map[string]bool) speller {
	s := speller{words: map[byte][]string{}, places: places}
	for word := range vocabulary {
		if len(word) >= shortest {
			s.words[word[0]] = append(s.words[word[0]], word)
		}
	}
	for _, words := range s.words {
		slices.Sort(words)
	}
	return s
}

// correct gives the words one typing error away from an unknown word: a letter
// too many, missing, wrong, or two swapped. Two errors are forgiven where no word
// is nearer and the word is long enough.
func (s *speller) correct(word string) []string {
	if len(word) < shortest || s.places[word] {
		return nil
	}
	var once, twice []string
	for _, known := range s.words[word[0]] {
		switch d := len(known) - len(word); {
		case d < -2 || d > 2:
		case oneSlip(word, known):
			once = append(once, known)
		case len(word) >= longEnough && len(twice) < 4 && twoSlips(word, known):
			twice = append(twice, known)
		}
	}
	if once != nil {
		return once
	}
	return twice
}

// oneSlip says whether a and b differ by one letter or by two neighbours swapped.
func oneSlip(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	a, b = a[i:], b[i:]
	switch len(a) - len(b) {
	case 0:
		return len(a) > 0 && a[1:] == b[1:] || len(a) > 1 && a[0] == b[1] && a[1] == b[0] && a[2:] == b[2:]
	case 1:
		return a[1:] == b
	case -1:
		return b[1:] == a
	}
	return false
}

// twoSlips says whether one slip at the first difference leaves one more.
func twoSlips(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	a, b = a[i:], b[i:]
	if a == "" || b == "" {
		return len(a)+len(b) <= 2
	}
	return oneSlip(a[1:], b[1:]) || oneSlip(a[1:], b) || oneSlip(a, b[1:]) ||
		len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && oneSlip(a[2:], b[2:])
}
