package match

import (
	"slices"
	"strings"
)

// Levels of CPV codes, in the order of FeatureCPV.
const (
	cpvOtherKind Level = iota + 1
	cpvDiffers
	cpvTwoDigits
	cpvFourDigits
)

// cpvKinds is a set of the kinds of thing that CPV codes stand for, by division.
type cpvKinds uint8

const (
	cpvSoftware cpvKinds = 1 << iota
	cpvSupplies
	cpvWorks
	cpvServices
)

// String names the kinds of a set.
func (k cpvKinds) String() string {
	var out []string
	for _, kind := range []struct {
		kind cpvKinds
		name string
	}{{cpvSoftware, "software and IT services"}, {cpvSupplies, "supplies"}, {cpvWorks, "works"}, {cpvServices, "other services"}} {
		if k&kind.kind != 0 {
			out = append(out, kind.name)
		}
	}
	return list(out)
}

// cpvCodes are a need's codes made ready for comparing.
type cpvCodes struct {
	// telling codes have eight digits and are sorted; the three under which
	// everything is advertised are left out.
	telling []string
	kinds   cpvKinds
}

func readCPV(codes []string) cpvCodes {
	var c cpvCodes
	for _, code := range codes {
		code, _, _ = strings.Cut(strings.TrimSpace(code), "-")
		if len(code) != 8 || strings.Trim(code, "0123456789") != "" {
			continue
		}
		c.kinds |= kindOfCPV(code)
		switch code {
		case "48000000", "72000000", "48440000":
		default:
			c.telling = append(c.telling, code)
		}
	}
	slices.Sort(c.telling)
	c.telling = slices.Compact(c.telling)
	return c
}

// kindOfCPV goes by division: supplies come before works, services after, and
// software stands among either.
func kindOfCPV(code string) cpvKinds {
	switch division := code[:2]; {
	case division == "48" || division == "72":
		return cpvSoftware
	case division < "45":
		return cpvSupplies
	case division == "45":
		return cpvWorks
	}
	return cpvServices
}

// compareCPV is the level of two needs' codes.
func compareCPV(a, b cpvCodes) Level {
	switch {
	case a.kinds == 0 || b.kinds == 0:
		return Unknown
	case a.kinds&b.kinds == 0:
		return cpvOtherKind
	case len(a.telling) == 0 || len(b.telling) == 0:
		return Unknown
	}
	switch digits, _, _ := closestCPV(a.telling, b.telling); {
	case digits >= 4:
		return cpvFourDigits
	case digits >= 2:
		return cpvTwoDigits
	}
	return cpvDiffers
}

// closestCPV is how many digits the two closest codes share, and which they
// are. Trailing zeros say nothing: 32500000 and 32570000 share three.
func closestCPV(a, b []string) (digits int, x, y string) {
	for _, p := range a {
		for _, q := range b {
			if n := sharedDigits(p, q); n > digits || x == "" {
				digits, x, y = n, p, q
			}
		}
	}
	return digits, x, y
}

func sharedDigits(p, q string) int {
	n, significant := 0, 0
	for n < len(p) && n < len(q) && p[n] == q[n] {
		n++
		if p[n-1] != '0' {
			significant = n
		}
	}
	return max(significant, min(n, 2))
}
