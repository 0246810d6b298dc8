package chart

// TextWidth lets the tests work out where a text ends, as the drawings do.
func TextWidth(s string, size float64, bold bool) float64 { return textWidth(s, size, bold) }

// Contrast is the ratio of two colours, 0xRRGGBB.
func Contrast(a, b uint32) float64 { return contrast(colour(a), colour(b)) }

// Clean is what becomes of a text before it is drawn.
func Clean(s string) string { return clean(s) }
