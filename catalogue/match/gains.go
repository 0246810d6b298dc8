package match

import "math"

// gainTable keeps what pairs of needs, by their numbers, add inside one group.
// Few needs have a square of it, many a map.
type gainTable struct {
	n      int
	square []float64 // NaN: not known
	sparse map[[2]int32]float64
}

// maxSquare is the most needs that have a square.
const maxSquare = 600

func newGainTable(n int) gainTable {
	if n > maxSquare {
		return gainTable{sparse: map[[2]int32]float64{}}
	}
	t := gainTable{n: n, square: make([]float64, n*n)}
	for i := range t.square {
		t.square[i] = math.NaN()
	}
	return t
}

func (t *gainTable) get(i, j int) (gain float64, ok bool) {
	if t.sparse != nil {
		gain, ok = t.sparse[[2]int32{int32(min(i, j)), int32(max(i, j))}]
		return gain, ok
	}
	gain = t.square[i*t.n+j]
	return gain, !math.IsNaN(gain)
}

func (t *gainTable) set(i, j int, gain float64) {
	if t.sparse != nil {
		t.sparse[[2]int32{int32(min(i, j)), int32(max(i, j))}] = gain
		return
	}
	t.square[i*t.n+j], t.square[j*t.n+i] = gain, gain
}
