package baseline

// Live is the figures of a round over parts that the reader sees under their councils' names: of today, not rounded, and
// nothing in them to protect. Below least councils a figure says too little to stand.
func Live(parts []Part, m Measure, least int) (Figure, bool) {
	values := valuesOf(parts, m)
	if len(values) < max(least, 1) {
		return Figure{}, false
	}
	rules := Standard()
	rules.Exact = true
	f := Figure{Measure: m, N: len(values)}
	f.Median, f.Lower, f.Upper = rules.middle(m, values)
	return f, true
}

// Place is where a value stands among others: how many are below it, and how many there are.
func Place(parts []Part, m Measure, of float64) (below, all int) {
	values := valuesOf(parts, m)
	for _, v := range values {
		if v.Is < of {
			below++
		}
	}
	return below, len(values)
}
