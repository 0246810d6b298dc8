package chart

import (
	"fmt"
	"math"
)

// colour is red, green and blue in one number, 0xRRGGBB; 0 is none (no chart needs pure black).
type colour uint32

const (
	white   colour = 0xffffff
	ink     colour = 0x0b0c0c
	muted   colour = 0x484949 // notes and axis labels
	linkInk colour = 0x1a65a6
	hair    colour = 0xe3e6e7 // quiet guides
	guide   colour = 0xcfd4d6 // guides with a name
	rule    colour = 0xb1b4b6 // stronger guides: the turn of a financial year, a base line
	outline colour = 0xb6c3c7 // round what is pale

	deep   colour = 0x00525a // the product's teal: what a chart is about
	mid    colour = 0x5e97a0 // the same kind of thing, second
	soft   colour = 0xbcd6da // third
	amber  colour = 0xffb81c // a date to act by
	warn   colour = 0x942514 // a threshold
	change colour = 0x8a3a00 // a date that comes from outside
	yellow colour = 0xfdf0c4 // a period that all share
)

// Levels is how many shades there are beyond the pale one: a level runs from 0 to Levels.
const Levels = 4

// Shade gives the level of a value in a heat table or on a map whose largest value is max: 0 for nothing, then 1 to 4
// for each quarter of max.
func Shade(value, max float64) int {
	value, max = amount(value), amount(max)
	if value == 0 {
		return 0
	}
	if value >= max {
		return Levels
	}
	return int(value/max*Levels) + 1
}

// ShadeColours gives a level's background and the text colour that can be read on it, as #rrggbb, for the style sheet
// of a heat table. A level out of range is the nearest one.
func ShadeColours(level int) (fill, text string) {
	f := shade(level)
	return f.hex(), inkOn(f).hex()
}

// shade is a level's colour. Neighbouring levels differ in lightness, so that they print in grey.
func shade(level int) colour {
	switch {
	case level <= 0:
		return 0xedf1f2
	case level == 1:
		return 0xd0e3e6
	case level == 2:
		return 0x8cb8c0
	case level == 3:
		return 0x2a7480
	}
	return deep
}

// inkOn gives the text colour, black or white, that stands out more on a background.
func inkOn(background colour) colour {
	if contrast(white, background) > contrast(ink, background) {
		return white
	}
	return ink
}

// contrast is the ratio that WCAG 2 defines: from 1, the same, to 21, black on white.
func contrast(a, b colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func (c colour) luminance() float64 {
	linear := func(shift uint) float64 {
		v := float64(c>>shift&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}

func (c colour) hex() string { return fmt.Sprintf("#%06x", uint32(c)) }
