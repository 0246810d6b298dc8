package match

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
)

// Words are frozen statistics of how often words occur in what councils write
// about buying ICT. Frozen, because living ones would make one new listing
// move the points of every pair.
type Words struct {
	// Texts is how many texts were counted.
	Texts int `json:"texts"`
	// MeanLength of a text in content words.
	MeanLength float64 `json:"mean_length"`
	// In counts the texts that each word occurs in; a word that is missing
	// occurred in one at most.
	In map[string]int `json:"in"`
}

// BM25's usual constants: how fast repetition stops counting, and how much
// long texts are held back.
const (
	saturation = 1.2
	lengthBias = 0.75
)

// CountWords counts content words over texts, each given as its words with repeats.
func CountWords(texts [][]string) Words {
	w := Words{Texts: len(texts), In: make(map[string]int)}
	total := 0
	for _, text := range texts {
		total += len(text)
		seen := make(map[string]bool, len(text))
		for _, word := range text {
			if !seen[word] {
				seen[word] = true
				w.In[word]++
			}
		}
	}
	for word, n := range w.In {
		if n < 2 {
			delete(w.In, word)
		}
	}
	if len(texts) > 0 {
		w.MeanLength = float64(total) / float64(len(texts))
	}
	return w
}

// rarity is the inverse document frequency of a word, always positive.
func (w *Words) rarity(word string) float64 {
	n := float64(max(1, w.In[word]))
	return math.Log(1 + (float64(w.Texts)-n+0.5)/(n+0.5))
}

// term is a word of a text with what it scores there. Words are kept as hashes:
// they are compared millions of times and never shown from here.
type term struct {
	id     uint64
	weight float64
}

// weigh turns the content words of a text into terms in the order of their
// hashes, with the text's score against itself.
func (w *Words) weigh(words []string) (terms []term, self float64) {
	counts := make(map[string]int, len(words))
	for _, word := range words {
		counts[word]++
	}
	length := float64(len(words)) / max(1, w.MeanLength)
	terms = make([]term, 0, len(counts))
	for word, n := range counts {
		tf := float64(n)
		tf = tf * (saturation + 1) / (tf + saturation*(1-lengthBias+lengthBias*length))
		terms = append(terms, term{id: wordID(word), weight: w.rarity(word) * tf})
	}
	slices.SortFunc(terms, func(a, b term) int { return cmp.Compare(a.id, b.id) })
	for _, t := range terms {
		self += t.weight
	}
	return terms, self
}

// rarest gives the n rarest distinct words, in an order that depends on the words alone.
func (w *Words) rarest(words []string, n int) []string {
	distinct := slices.Clone(words)
	slices.Sort(distinct)
	distinct = slices.Compact(distinct)
	slices.SortStableFunc(distinct, func(a, b string) int { return cmp.Compare(w.In[a], w.In[b]) })
	return distinct[:min(n, len(distinct))]
}

// alike is BM25 both ways, each over its score against itself, averaged: 0
// when no word is shared, 1 for the same text.
func alike(a, b []term, selfA, selfB float64) float64 {
	if selfA == 0 || selfB == 0 {
		return 0
	}
	var ofA, ofB float64
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].id < b[j].id:
			i++
		case a[i].id > b[j].id:
			j++
		default:
			ofA += a[i].weight
			ofB += b[j].weight
			i++
			j++
		}
	}
	return (ofA/selfA + ofB/selfB) / 2
}

func wordID(word string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(word))
	return h.Sum64()
}
