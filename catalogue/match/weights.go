package match

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
)

// Weights are what was learned from labelled needs: points for each level of
// each feature, the points from which a pair counts as a match, and the word
// statistics that go with them.
type Weights struct {
	// Version is a hash of everything below; a suggestion that was shown keeps it.
	Version string `json:"version"`
	// Threshold is the points that a match needs.
	Threshold float64        `json:"threshold"`
	Features  []FeatureScale `json:"features"`
	Words     Words          `json:"words"`
	// Common is the direction in which all texts about buying point: it tells nothing.
	Common []int8 `json:"common"`
}

// FeatureScale holds the points of one feature's levels, from the worst up.
type FeatureScale struct {
	Feature string        `json:"feature"`
	Levels  []LevelPoints `json:"levels"`
}

// LevelPoints is what one level scores and the pairs it was learned from.
type LevelPoints struct {
	Level  string  `json:"level"`
	Points float64 `json:"points"`
	// Matches and Others count the labelled pairs at this level.
	Matches int `json:"matches"`
	Others  int `json:"others"`
}

// maxPoints caps what any level can say for or against a match.
const maxPoints = 5

//go:embed weights.json
var embeddedWeights []byte

// LoadWeights reads and checks the weights that come with the program.
func LoadWeights() (*Weights, error) {
	w, err := ParseWeights(embeddedWeights)
	if err != nil {
		return nil, fmt.Errorf("weights.json: %w", err)
	}
	return w, nil
}

// ParseWeights reads weights as Encode writes them, and refuses those that do
// not fit the features or that were changed by hand.
func ParseWeights(data []byte) (*Weights, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var w Weights
	if err := d.Decode(&w); err != nil {
		return nil, fmt.Errorf("read weights: %w", err)
	}
	if err := w.check(); err != nil {
		return nil, err
	}
	if v, err := w.hash(); err != nil {
		return nil, err
	} else if v != w.Version {
		return nil, fmt.Errorf("version is %q but the content's is %q: learn the weights anew", w.Version, v)
	}
	return &w, nil
}

// Encode writes the weights as ParseWeights reads them, with their version set.
func (w *Weights) Encode() ([]byte, error) {
	if err := w.check(); err != nil {
		return nil, err
	}
	v, err := w.hash()
	if err != nil {
		return nil, err
	}
	w.Version = v
	out, err := json.MarshalIndent(w, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write weights: %w", err)
	}
	return append(out, '\n'), nil
}

func (w *Weights) check() error {
	if len(w.Features) != int(featureCount) {
		return fmt.Errorf("%d features, want %d", len(w.Features), featureCount)
	}
	for i, scale := range w.Features {
		f := Feature(i)
		if scale.Feature != f.String() {
			return fmt.Errorf("feature %d is %q, want %q", i+1, scale.Feature, f)
		}
		names := f.Levels()
		if len(scale.Levels) != len(names) {
			return fmt.Errorf("feature %q has %d levels, want %d", f, len(scale.Levels), len(names))
		}
		for j, l := range scale.Levels {
			switch {
			case l.Level != names[j]:
				return fmt.Errorf("feature %q: level %d is %q, want %q", f, j+1, l.Level, names[j])
			case math.IsNaN(l.Points) || math.Abs(l.Points) > maxPoints:
				return fmt.Errorf("feature %q, level %q: %v points, at most %d either way", f, l.Level, l.Points, maxPoints)
			case l.Points != tenths(l.Points):
				return fmt.Errorf("feature %q, level %q: %v points are not in tenths", f, l.Level, l.Points)
			case j > 0 && l.Points < scale.Levels[j-1].Points:
				return fmt.Errorf("feature %q: level %q has fewer points than the level below it", f, l.Level)
			}
		}
	}
	if w.Words.Texts <= 0 || w.Words.MeanLength <= 0 {
		return fmt.Errorf("word statistics of %d texts with a mean length of %v", w.Words.Texts, w.Words.MeanLength)
	}
	if math.IsNaN(w.Threshold) || w.Threshold <= 0 {
		return fmt.Errorf("threshold is %v, want more than 0", w.Threshold)
	}
	return nil
}

// hash covers everything but the version itself. Maps encode in sorted order.
func (w *Weights) hash() (string, error) {
	bare := *w
	bare.Version = ""
	data, err := json.Marshal(bare)
	if err != nil {
		return "", fmt.Errorf("hash weights: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:6]), nil
}

// tenths rounds points to what people are shown.
func tenths(points float64) float64 { return math.Round(points*10) / 10 }
