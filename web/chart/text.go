package chart

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file prepares texts for a drawing: SVG wraps nothing by itself, so the server must know how wide a text will be.

// clean takes out of a text what XML forbids or what could turn the reading order round: invalid UTF-8, control
// characters, marks of direction. White space of any kind becomes one space.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == 0xfffe, r == 0xffff:
			return -1
		case unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d: // joiners shape letters
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// textWidth estimates how wide a text is in Arial, in pixels.
func textWidth(s string, size float64, bold bool) float64 {
	sum := 0
	for _, r := range s {
		sum += advance(r, bold)
	}
	return float64(sum) * size / 1000
}

// advance is the width of a character in thousandths of the font's size, as in Arial and the free fonts with the same
// metrics. Beyond Latin letters it errs on the wide side.
func advance(r rune, bold bool) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if r >= utf8.RuneSelf {
		switch {
		case r == '‘' || r == '’':
			if bold {
				return 278
			}
			return 222
		case r == '·':
			return 333
		case r == '£' || r == '–' || r == '€':
			return 556
		case r > 0x24f:
			return 1000
		case unicode.IsUpper(r):
			return 778
		}
		return 611
	}
	if bold {
		return advanceBold(r)
	}
	return advanceRegular(r)
}

func advanceRegular(r rune) int {
	switch r {
	case '\'':
		return 191
	case 'i', 'j', 'l':
		return 222
	case '|':
		return 260
	case ' ', '!', ',', '.', '/', ':', ';', 'I', '[', '\\', ']', 'f', 't':
		return 278
	case '(', ')', '-', '`', 'r', '{', '}':
		return 334
	case '"', '*':
		return 389
	case '^', 'J', 'c', 'k', 's', 'v', 'x', 'y', 'z':
		return 500
	case '+', '<', '=', '>', '~':
		return 584
	case 'F', 'T', 'Z':
		return 611
	case '&', 'A', 'B', 'E', 'K', 'P', 'S', 'V', 'X', 'Y':
		return 667
	case 'C', 'D', 'H', 'N', 'R', 'U', 'w':
		return 722
	case 'G', 'O', 'Q':
		return 778
	case 'M', 'm':
		return 833
	case '%':
		return 889
	case 'W':
		return 944
	case '@':
		return 1015
	}
	return 556
}

func advanceBold(r rune) int {
	switch r {
	case '\'':
		return 238
	case ' ', ',', '.', '/', 'I', '\\', 'i', 'j', 'l', '|':
		return 280
	case '!', '(', ')', '-', ':', ';', '[', ']', '`', 'f', 't':
		return 333
	case '*', 'r', '{', '}':
		return 389
	case '"':
		return 474
	case 'z':
		return 500
	case '+', '<', '=', '>', '^', '~':
		return 584
	case '?', 'F', 'L', 'T', 'Z', 'b', 'd', 'g', 'h', 'n', 'o', 'p', 'q', 'u':
		return 611
	case 'E', 'P', 'S', 'V', 'X', 'Y':
		return 667
	case '&', 'A', 'B', 'C', 'D', 'H', 'K', 'N', 'R', 'U':
		return 722
	case 'G', 'O', 'Q', 'w':
		return 778
	case 'M':
		return 833
	case '%', 'm':
		return 889
	case 'W':
		return 944
	case '@':
		return 975
	}
	return 556
}

// wrap breaks a text into at most so many lines of a width, at spaces where it can. What is left over is cut with an
// ellipsis. It gives no line for an empty text.
func wrap(s string, l lettering, width float64, lines int) []string {
	var out []string
	words := strings.Fields(clean(s))
	for len(words) > 0 {
		if len(out) == lines-1 {
			return append(out, fit(strings.Join(words, " "), l, width))
		}
		n, text := 1, words[0]
		for n < len(words) && textWidth(text+" "+words[n], l.size, l.bold) <= width {
			text += " " + words[n]
			n++
		}
		if n == 1 && textWidth(text, l.size, l.bold) > width {
			head := cut(text, l, width)
			if head != text {
				words[0] = text[len(head):]
				out = append(out, head)
				continue
			}
		}
		out = append(out, text)
		words = words[n:]
	}
	return out
}

// fit gives the text, or as much of it as the width allows with an ellipsis.
func fit(s string, l lettering, width float64) string {
	s = clean(s)
	if textWidth(s, l.size, l.bold) <= width {
		return s
	}
	return strings.TrimRight(cut(s, l, width-textWidth("…", l.size, l.bold)), " ,;:(") + "…"
}

// cut gives the longest beginning that fits, at least one character.
func cut(s string, l lettering, width float64) string {
	sum := 0.0
	for i, r := range s {
		sum += float64(advance(r, l.bold)) * l.size / 1000
		if sum > width && i > 0 {
			return s[:i]
		}
	}
	return s
}

// widest is the width of the widest of some lines.
func widest(lines []string, l lettering) float64 {
	w := 0.0
	for _, s := range lines {
		w = max(w, textWidth(s, l.size, l.bold))
	}
	return w
}
