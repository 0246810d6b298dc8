package main

import "testing"

// comparesPlatforms finds a platform, sets others beside it and keeps what differs, with JavaScript and without.
func comparesPlatforms(t *testing.T, b *browser, s *service) {
	for _, script := range []bool{true, false} {
		tb := b.tab(t, s)
		if !script {
			tb.withoutScript()
		}
		tb.open("/search?q=revs+and+bens&kind=platform")
		tb.follow("NEC Revenues & Benefits")
		tb.follow("Compare them side by side")
		tb.sees("Compare platforms", "Add another", "NEC Revenues & Benefits", "One Revenues & Benefits", "Civica OpenRevenues")
		tb.follow("Remove One Revenues & Benefits")
		tb.follow("One Revenues & Benefits (Academy): add to the comparison")
		tb.fill("", "Add a platform by its name", "moderngov")
		tb.press("Add")
		tb.sees("Four can be compared at once", "Modern.Gov", "Differs", "Exit and data return", "Published contract values")
		tb.follow("Show only what differs")
		tb.sees("Supplier", "Show what is the same as well")
		tb.follow("Remove Civica OpenRevenues")
		if script { // the checker is a script
			for _, width := range []int64{wide, narrow} {
				tb.resize(width)
				checkAccess(tb)
			}
		}
		tb.quiet()
	}
}
