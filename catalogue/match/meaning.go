package match

import (
	_ "embed"
	"math"
	"strings"
	"sync"

	"jointly/catalogue/capability"
)

//go:embed vectors/words.txt
var vectorWords string

//go:embed vectors/vectors.bin
var vectorBytes string

// dimensions of a word's vector.
const dimensions = 100

// meaning is the direction in which the words of a text point, as whole
// numbers, so that every machine works out the same. All zero is unknown.
type meaning [dimensions]int8

// meaningLength is what a meaning's length is brought to.
const meaningLength = 127

// vocabulary finds the place of a word in vectors.bin, read once.
var vocabulary = sync.OnceValue(func() map[string]int32 {
	words := strings.Fields(vectorWords)
	places := make(map[string]int32, len(words))
	for i, word := range words {
		places[word] = int32(i)
	}
	return places
})

const (
	titleTwice    = 2     // a word of the title counts as so many of the description
	usualAbove    = 0.001 // words commoner than this in English at large are held back
	firstRank     = 10    // no word is commoner than the tenth
	harmonicSum   = 11    // of the ranks: a word's part of all text is about 1/(rank x 11)
	rarestCounted = 4.5   // words rarer than this in the learned texts count no more
)

// meaningOf weighs up the vectors of a text's words, and takes out what all
// texts about buying have in common.
func (w *Weights) meaningOf(title string, words []string) meaning {
	var sum [dimensions]float64
	add := func(word string, times float64) {
		at, ok := vocabulary()[word]
		if !ok {
			return
		}
		usual := 1 / (float64(at+firstRank) * harmonicSum)
		weight := times * usualAbove / (usualAbove + usual) * min(w.Words.rarity(word), rarestCounted)
		vector := vectorBytes[int(at)*dimensions : (int(at)+1)*dimensions]
		for i := range sum {
			sum[i] += weight * float64(int8(vector[i]))
		}
	}
	for _, word := range words {
		add(word, 1)
	}
	for _, word := range capability.Terms(title) {
		add(word, titleTwice-1)
	}
	return direction(sum, w.Common)
}

// direction brings a sum to length after taking out a direction.
func direction(sum [dimensions]float64, without []int8) meaning {
	if len(without) == dimensions {
		var along, square float64
		for i, x := range without {
			along += sum[i] * float64(x)
			square += float64(x) * float64(x)
		}
		for i, x := range without {
			sum[i] -= along / max(1, square) * float64(x)
		}
	}
	var square float64
	for _, x := range sum {
		square += x * x
	}
	var m meaning
	if square == 0 {
		return m
	}
	for i, x := range sum {
		m[i] = int8(math.Round(x * meaningLength / math.Sqrt(square)))
	}
	return m
}

// close is the cosine of two meanings.
func (m *meaning) close(o *meaning) float64 {
	var sum int32
	for i := range m {
		sum += int32(m[i]) * int32(o[i])
	}
	return float64(sum) / (meaningLength * meaningLength)
}

// commonMeaning is the direction that the meanings of texts have in common.
func commonMeaning(of []meaning) []int8 {
	var sum [dimensions]float64
	for _, m := range of {
		for i, x := range m {
			sum[i] += float64(x)
		}
	}
	m := direction(sum, nil)
	return m[:]
}
