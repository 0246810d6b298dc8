// Package chart draws the product's charts as inline SVG, on the server: bars, spreads, columns by quarter, timelines of
// contracts, windows to tender, the hex map of councils and the bar of members' shares.
//
// Each chart is a plain struct with a method Draw. Draw gives two drawings, one for a desktop's width and one for a
// phone's, and the same figures as a table. It never fails: a label that does not fit is wrapped, then cut with an
// ellipsis (its title and the table keep all of it); a value that is not a finite positive number counts as 0; a chart
// without rows gives an empty Drawing, so a page can say instead what to do next.
//
// The drawings hold presentation attributes only, because the content security policy allows no inline style. The
// page's style sheet needs `.jy-chart { max-width: 100%; height: auto }` and shows one of the two.
package chart

import (
	"math"
	"strconv"
	"strings"
)

// About is what every chart says of itself.
type About struct {
	// ID begins the ids inside the drawings, so it must be unique on its page. Other than ASCII letters, digits, '-'
	// and '_' are left out.
	ID string
	// Title names the chart, as its heading does. It is also the caption of the table.
	Title string
	// Desc says in a sentence or two what the picture shows. Draw writes one from the figures where it is empty.
	Desc string
	// Width is that of the place where the wide drawing stands, in CSS pixels. 0 means the whole container, 1100, or
	// 440 for a map. The narrow drawing is 345 wide: a phone of 375 less its margins.
	Width int
}

// Table holds a chart's figures for the table beside it. Every row is as long as Head.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
}

const (
	wideWidth   = 1100
	narrowWidth = 345
)

// frame is the sheet that one drawing is made on: how wide, how large its letters, and whether labels stand above the
// bars (a phone) or beside them.
type frame struct {
	width  float64
	narrow bool
	label  float64 // font sizes, in pixels
	small  float64
}

func (f frame) leading() float64 { return math.Round(f.label * 1.25) }

func (a About) wideFrame() frame {
	w := a.Width
	if w == 0 {
		w = wideWidth
	}
	return frame{width: float64(min(max(w, 480), 1600)), label: 15, small: 13}
}

func narrowFrame() frame { return frame{width: narrowWidth, narrow: true, label: 14, small: 13} }

// or gives the first of two texts that says something.
func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// amount gives what may be drawn of a value: not below 0, and small enough to add up.
func amount(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 1) {
		return 0
	}
	return min(v, 1e15)
}

// number writes a figure as people do: 1,234 or 0.5.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if v >= 100 || v == math.Trunc(v) {
		s = strconv.FormatFloat(v, 'f', 0, 64)
	} else if len(s) > 5 {
		s = strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0"), ".")
	}
	whole, rest, dot := strings.Cut(s, ".")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if dot {
		b.WriteString("." + rest)
	}
	return b.String()
}

// percent writes a share from 0 to 1 as a whole percentage; what is above 0 is never written as 0%.
func percent(share float64) string {
	switch {
	case share > 0 && share < 0.005:
		return "under 1%"
	default:
		return strconv.Itoa(int(math.Round(share*100))) + "%"
	}
}

// count writes a number with its noun: '1 contract', '6 contracts'.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(float64(n)) + " " + noun + "s"
}
